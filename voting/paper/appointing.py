"""Who types paper ballots into a poll, who has voted on paper, and by which rule where there is no roll."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.logging_in import person_with
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.locks import limit_lock_waiting, lock_poll
from voting.ballots.shapes import pseudonym_of
from voting.districts.where import place_now, voted_elsewhere
from voting.models import Ballot, EligibleVoter, PaperClerk, PaperVoter, Poll, PollSecret
from voting.paper.entering import require_time
from voting.polls.amending import LOCK_WAIT_MS
from voting.rolls.changing import retried
from voting.rolls.eligible import name_of_entry

VOTED_ONLINE = Reason("voted_online", _("This person has voted online already, so they get no paper ballot."))
NO_ROLL_TO_MARK = Reason("no_roll_to_mark", _("This vote has no roll to mark anybody on. Load one before it opens."))


def appoint_clerk(*, poll: Poll, email: str, actor: Person) -> PaperClerk:
    """Let the person with this e-mail type paper ballots of this poll. Their name is public; they see no count."""
    require(actor, "voting.change_poll", poll)
    try:
        with transaction.atomic():
            clerk = PaperClerk.objects.create(poll=poll, user=person_with(email))
            audit.record("voting.clerk_appointed", actor=actor, on=poll, consultation_id=poll.consultation_id,
                         user_id=clerk.user_id)  # fmt: skip
    except IntegrityError:
        raise InvalidInput("clerk_already", _("This person types ballots here already."), field="email") from None
    return clerk


def dismiss_clerk(*, clerk: PaperClerk, actor: Person) -> None:
    """End it. Twice is once."""
    require(actor, "voting.change_poll", clerk.poll)
    with transaction.atomic():
        if PaperClerk.objects.filter(pk=clerk.pk, dismissed_at__isnull=True).update(dismissed_at=timezone.now()):
            audit.record("voting.clerk_dismissed", actor=actor, on=clerk.poll,
                         consultation_id=clerk.poll.consultation_id, user_id=clerk.user_id)  # fmt: skip


def state_rule(*, poll: Poll, rule: str, actor: Person) -> None:
    """How the agency keeps people from voting twice where there is no roll: in its own words, in public."""
    require(actor, "voting.change_poll", poll)
    rule = " ".join(rule.split())[:300]
    if not rule:
        raise InvalidInput("no_rule", _("Say it in a sentence: it is published."), field="rule")
    with transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(paper_rule=rule)
        audit.record("voting.paper_rule_stated", actor=actor, on=poll, consultation_id=poll.consultation_id,
                     rule=rule)  # fmt: skip
    poll.paper_rule = rule


def mark_paper_voter(*, poll: Poll, entry: EligibleVoter, actor: Person) -> PaperVoter:
    """Somebody on the roll takes a paper ballot: from now on they cannot vote online. Twice is once.

    Raises NotPermitted; PhaseClosed before and after the vote; Conflict where they have voted online, here or in
    another district, or live in another one.
    Takes the poll's lock: no ballot of theirs is under way.
    """
    require(actor, "voting.enter_paper_poll", poll)
    if poll.electoral_roll_id is None or entry.roll_id != poll.electoral_roll_id:
        raise Conflict(NO_ROLL_TO_MARK)

    def change() -> PaperVoter:
        with transaction.atomic():
            limit_lock_waiting(LOCK_WAIT_MS)
            lock_poll(poll.pk)
            require_time(Poll.objects.select_related("phase", "consultation").get(pk=poll.pk))
            _require_may(poll, entry)
            return PaperVoter.objects.get_or_create(poll=poll, entry=entry)[0]

    return retried(change)


def _require_may(poll: Poll, entry: EligibleVoter) -> None:
    name = name_of_entry(entry.pk)
    secret = PollSecret.objects.filter(poll=poll, poll__closed_at__isnull=True).first()
    if secret is None:
        raise Conflict(NO_ROLL_TO_MARK)
    if Ballot.objects.filter(poll=poll, pseudonym=pseudonym_of(name, bytes(secret.key))).exists():
        raise Conflict(VOTED_ONLINE)
    if not poll.is_of_one_district:
        return
    place = place_now(poll, name, entry.pk)
    others = PaperVoter.objects.filter(entry=entry, poll__district__is_for_all=False).exclude(poll=poll)
    if place is None or place.pk != poll.district_id or others.exists():
        raise InvalidInput("other_district", _("This person votes in another district."), field="person")
    if voted_elsewhere(poll, name) is not None:
        raise Conflict(VOTED_ONLINE)
