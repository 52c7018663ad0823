"""The ballot of a poll that nobody has made yet, as voters would see it: made for a moment, and taken back."""

from typing import Any

from django.db import transaction

from accounts.access import Person
from accounts.forms import attempt
from consultations.models import Consultation
from voting.polls.ballot_forms import control_of
from voting.polls.forms import PollForm
from voting.polls.setting_up import open_poll


def preview_of(form: PollForm, consultation: Consultation, actor: Person) -> dict[str, Any] | None:
    """What the template of a ballot asks for; None where the form has faults, which it then shows. Keeps nothing."""
    if not form.is_valid():
        return None
    with transaction.atomic():
        poll = attempt(form, open_poll, consultation=consultation, actor=actor, **form.arguments())
        shown = None
        if poll:
            options = [{"id": option.pk, "label": str(option), "value": ""} for option in poll.options.all()]
            kind = poll.ballot_kind
            shown = {
                "question": poll.question,
                "options": options,
                "control": control_of(poll),
                "is_multiple": kind == "several",
            }
        transaction.set_rollback(True)
    return shown
