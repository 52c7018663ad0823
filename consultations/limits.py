"""How much one account may send within a time: enough for anybody who writes, too little for who floods."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Reason, TooFast
from consultations.clock import database_now
from frontend.formats import in_full_minutes, number, when

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True)
class Limit:
    """At most ``most`` within ``within``. ``sentence``: what is said then; {most} and {when} are filled in."""

    most: int
    within: timedelta
    sentence: "_StrPromise"


HOUR, DAY = timedelta(hours=1), timedelta(days=1)

PROPOSALS = (
    Limit(5, HOUR, _("You have sent {most} proposals within an hour. You can send the next one {when}.")),
    Limit(20, DAY, _("You have sent {most} proposals within a day. You can send the next one {when}.")),
)


def require_pace(rows: QuerySet[Any], limits: Sequence[Limit]) -> None:
    """Raise TooFast if one more row now would be more than a limit allows. One query, and the clock.

    rows: all that the account has sent. Lock the account's row before, or two at once are not two.
    """
    most = max(limit.most for limit in limits)
    moments = list(rows.order_by("-pk").values_list("created_at", flat=True)[:most])
    now = database_now()
    for limit in sorted(limits, key=lambda limit: limit.within, reverse=True):
        if len(moments) >= limit.most and moments[limit.most - 1] > now - limit.within:
            until = moments[limit.most - 1] + limit.within
            words = format_lazy(limit.sentence, most=number(limit.most), when=when(in_full_minutes(until)))
            raise TooFast(Reason("too_fast", words), until)
