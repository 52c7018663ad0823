"""Calling a consultation answered: an act of its own, which the close does not do by itself.

Closing early and the closing words stay possible at any time. What needs every contribution to have its disposition is
the word "answered", because it says so.
"""

from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, Reason
from consultations.clock import State, database_now
from consultations.models import Consultation
from consultations.running.answered import Answers, answers_of, desk_of
from consultations.running.telling import tell_answered
from frontend.formats import number

NOT_CLOSED_YET = Reason(
    "not_closed", _("It is not closed yet. It is called answered once the time to take part is over.")
)
NO_WORDS = Reason(
    "no_closing_words", _("Say first what came of it: write the closing words, or give the report's address.")
)
ANSWERED_ALREADY = Reason("answered_already", _("This consultation is called answered already."))
NOT_ANSWERED = Reason("not_answered", _("This consultation is not called answered."))
TO_THE_DESK = _("Answer the contributions")


def answer_consultation(*, consultation: Consultation, actor: Person) -> Consultation:
    """Say in public that every contribution has its answer. Who follows is told.

    Raises NotPermitted; Conflict before the close, without closing words or report, while a contribution lacks its
    disposition, or the second time. Locks the consultation's row, so that no disposition changes meanwhile.
    """
    require(actor, "consultations.publish_consultation", consultation)
    assert isinstance(actor, User)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        now = database_now()
        missing = what_is_missing(locked, answers_of(locked))
        if locked.state_at(now) != State.CLOSED:
            raise Conflict(NOT_CLOSED_YET, page=locked.get_absolute_url())
        if locked.is_answered_at(now):
            raise Conflict(ANSWERED_ALREADY, page=locked.get_absolute_url())
        if missing:
            is_owed = missing[0] is not NO_WORDS
            raise Conflict(
                missing[0],
                page=desk_of(locked) if is_owed else locked.get_absolute_url(),
                page_label=TO_THE_DESK if is_owed else "",
            )
        _set(consultation, actor, "consultations.consultation_answered", answered_at=now, answered_by=actor)
        tell_answered(locked, actor)
    return consultation


def take_back_answer(*, consultation: Consultation, actor: Person) -> Consultation:
    """It was called answered too soon. Raises NotPermitted, Conflict where it is not."""
    require(actor, "consultations.publish_consultation", consultation)
    with transaction.atomic():
        locked = Consultation.objects.select_for_update().get(pk=consultation.pk)
        if not locked.is_answered_at(database_now()):
            raise Conflict(NOT_ANSWERED, page=locked.get_absolute_url())
        _set(consultation, actor, "consultations.answer_taken_back", answered_at=None, answered_by=None)
    return consultation


def what_is_missing(consultation: Consultation, answers: Answers) -> list[Reason]:
    """What keeps a closed consultation from being called answered: first what it owes people."""
    missing = []
    if answers.lacking:
        missing.append(Reason("contributions_lack_answers", _lacking(answers)))
    if not consultation.closing_words and not consultation.report_url:
        missing.append(NO_WORDS)
    return missing


def _lacking(answers: Answers) -> str:
    if not answers.given:
        return gettext("No contribution has its answer yet.")
    sentence = ngettext(
        "One contribution of %(total)s lacks its answer.",
        "%(lacking)s contributions of %(total)s lack their answer.",
        answers.lacking,
    )
    return sentence % {"lacking": number(answers.lacking), "total": number(answers.total)}


def _set(consultation: Consultation, actor: Person, event: str, **fields: object) -> None:
    for name, value in fields.items():
        setattr(consultation, name, value)
    consultation.save(update_fields=list(fields))
    audit.record(event, actor=actor, on=consultation, consultation_id=consultation.pk)
