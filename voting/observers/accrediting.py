"""Accrediting somebody to observe a poll, and ending it."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.logging_in import person_with
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, NotPermitted, Reason
from voting.models import Observer, Poll

OWN_ACCREDITATION = Reason(
    "own_accreditation", _("Nobody accredits themselves. Ask another editor of the agency to do it.")
)
NONE_NEEDED = Reason(
    "no_observers_needed", _("This vote needs no observers: everybody sees its single ballots after the close.")
)
ENDED_ALREADY = Reason("accreditation_ended", _("Somebody has ended this accreditation already."))
ACCREDITED_ALREADY = _("This person is an observer of this vote already.")


def accredit_observer(*, poll: Poll, email: str, name: str, actor: Person) -> Observer:
    """Let the person with this e-mail see single ballots after the close. They are told; everybody reads their name.

    Who has no account yet gets one by this name, as a new member does. Raises NotPermitted, also for oneself; Conflict
    where everybody sees the ballots; InvalidInput for an observer.
    """
    require(actor, "voting.change_poll", poll)
    assert isinstance(actor, User)
    if poll.disclosure != Poll.Disclosure.AUDITORS:
        raise Conflict(NONE_NEEDED)
    try:
        with transaction.atomic():
            user = person_with(email, name)
            if user.pk == actor.pk:
                raise NotPermitted(OWN_ACCREDITATION)
            observer = Observer.objects.create(poll=poll, user=user)
            _record("voting.observer_accredited", observer, actor)
            tell(
                "observer_accredited",
                to=[user.pk],
                key=f"observer {observer.pk}",
                url=f"/polls/{poll.pk}/observers/",
                consultation_id=poll.consultation_id,
                question=poll.question,
                title=poll.consultation.title,
            )
    except IntegrityError:  # the constraint, whoever of two came first
        raise InvalidInput("observer_already", ACCREDITED_ALREADY, field="email") from None
    return observer


def dismiss_observer(*, observer: Observer, actor: Person) -> None:
    """End an accreditation. That it stood, and until when, stays for everybody to read.

    Raises NotPermitted; Conflict where it has ended already.
    """
    require(actor, "voting.change_poll", observer.poll)
    with transaction.atomic():
        standing = Observer.objects.filter(pk=observer.pk, dismissed_at__isnull=True)
        if not standing.update(dismissed_at=timezone.now()):
            raise Conflict(ENDED_ALREADY)
        _record("voting.observer_dismissed", observer, actor)


def _record(event: str, observer: Observer, actor: Person) -> None:
    poll = observer.poll
    audit.record(event, actor=actor, on=poll, consultation_id=poll.consultation_id, user_id=observer.user_id)
