"""Taking away all that we hold about oneself (Ley 25.326, article 14)."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from accounts.models import User
from accounts.own_data.holdings import all_holdings


def own_data(user: User) -> dict[str, Any]:
    """Everything that every room holds about a person, by the names of the holdings.

    How somebody voted is not in it: nothing here can tell.
    """
    held = {holding.name: list(holding.rows(user)) for holding in all_holdings()}
    return {"taken_at": timezone.now(), "person": user.email, **held}


def own_data_file(user: User) -> str:
    """The same as JSON, readable by people too."""
    return json.dumps(own_data(user), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
