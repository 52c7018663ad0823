"""Paper ballots: typed twice by two clerks who do not see each other's, a third look where they differ, then the log.

Nobody counts here: who types sees one ballot at a time, and the sums are those of the log, when the gate shows them.
"""

import random
import secrets
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed, Reason
from consultations.clock import database_now
from consultations.locks import limit_lock_waiting, lock_poll
from voting.ballots.bulk import append_ballots
from voting.ballots.casting import check_choices
from voting.ballots.folding import fold_locked
from voting.ballots.locks import lock_fold
from voting.ledger.entries import PAPER
from voting.log.manifest import in_utc
from voting.log.sealing import Log
from voting.methods import Choices
from voting.models import PaperBatch, PaperDecision, PaperReading, PaperVoter, Poll
from voting.polls.amending import LOCK_WAIT_MS
from voting.rolls.changing import checked_reason, retried

TOO_LATE = Reason("paper_too_late", _("The vote is over, so no paper ballot can go into it any more."))
TOO_EARLY = Reason("paper_too_early", _("The vote has not begun: paper ballots can be typed in once it is open."))
CAST_ALREADY = Reason("batch_cast", _("The ballots of this batch are in the log already."))
READ_TWICE = Reason("ballot_read_twice", _("Two clerks have typed this ballot already. Go on with the next one."))
OWN_READING = Reason("own_reading", _("You typed this ballot yourself, so somebody else has to take the third look."))
NO_DIFFERENCE = Reason("no_difference", _("Nothing is to be decided here: both have read the same, or it is done."))
NO_RULE = Reason(
    "no_paper_rule",
    _("Without a roll nothing here keeps people from voting twice: first say in public how the agency does."),
)
WEIGHTED = Reason("paper_weighted", _("Here ballots count by weight, and paper has none: this vote takes no paper."))
NO_SUCH_BALLOT = _("This batch has no ballot of that number.")
TYPED_ALREADY = _("You have typed this ballot already.")
MOST = 5_000  # ballots of a batch


def add_batch(*, poll: Poll, place: str, ballot_count: int, actor: Person) -> PaperBatch:
    """Announce the ballots of one place: so many, counted as paper, before anybody types one.

    Raises NotPermitted, InvalidInput, PhaseClosed, Conflict where there is no roll and no public rule.
    """
    require(actor, "voting.change_poll", poll)
    require_time(poll)
    if poll.is_weighted:
        raise Conflict(WEIGHTED)
    if poll.electoral_roll_id is None and not poll.paper_rule:
        raise Conflict(NO_RULE)
    place = " ".join(place.split())
    if not place:
        raise InvalidInput("no_place", _("Say where these ballots come from."), field="place")
    if not 1 <= ballot_count <= MOST:
        raise InvalidInput("bad_ballot_count", _("Give a number of ballots from 1 to 5000."), field="ballot_count")
    with transaction.atomic():
        Poll.objects.select_for_update(no_key=True).get(pk=poll.pk)
        number = PaperBatch.objects.filter(poll=poll).count() + 1
        batch = PaperBatch.objects.create(poll=poll, number=number, place=place, ballot_count=ballot_count)
        audit.record(
            "voting.paper_announced",
            actor=actor,
            on=poll,
            consultation_id=poll.consultation_id,
            place=place,
            count=ballot_count,
        )
    return batch


def read_ballot(
    *, batch: PaperBatch, number: int, choices: Choices, actor: Person, is_spoilt: bool = False
) -> PaperReading:
    """Type what one paper says. The second clerk is not told what the first one has typed.

    choices: as ``cast_ballot`` takes them; empty is a blank ballot. is_spoilt: it cannot be counted, whatever it says.
    Raises NotPermitted; InvalidInput for what no ballot may say (then it is spoilt, and is typed so); Conflict.
    """
    require(actor, "voting.enter_paper_poll", batch.poll)
    assert isinstance(actor, User)
    if not 1 <= number <= batch.ballot_count:
        raise InvalidInput("no_such_ballot", NO_SUCH_BALLOT, field="number")
    if not is_spoilt:
        check_choices(batch.poll, choices)
    with transaction.atomic():
        locked = locked_batch(batch)
        others = list(locked.readings.filter(number=number))
        if any(reading.clerk_id == actor.pk for reading in others):
            raise InvalidInput("typed_already", TYPED_ALREADY, field="number")
        if len(others) == 2:
            raise Conflict(READ_TWICE)
        return PaperReading.objects.create(
            batch=locked,
            number=number,
            turn=len(others) + 1,
            clerk=actor,
            choices={} if is_spoilt else dict(choices),
            is_spoilt=is_spoilt,
        )


def decide_ballot(
    *, batch: PaperBatch, number: int, choices: Choices, reason: str, actor: Person, is_spoilt: bool = False
) -> PaperDecision:
    """The third look, of somebody who typed neither: what counts, with their name and their reason.

    Raises NotPermitted, InvalidInput, Conflict where there is no difference.
    """
    require(actor, "voting.enter_paper_poll", batch.poll)
    assert isinstance(actor, User)
    reason = checked_reason(reason)
    if not is_spoilt:
        check_choices(batch.poll, choices)
    with transaction.atomic():
        locked = locked_batch(batch)
        if number not in differences_of(locked):
            raise Conflict(NO_DIFFERENCE)
        if locked.readings.filter(number=number, clerk=actor).exists():
            raise NotPermitted(OWN_READING)
        return PaperDecision.objects.create(
            batch=locked,
            number=number,
            choices={} if is_spoilt else dict(choices),
            is_spoilt=is_spoilt,
            decided_by=actor,
            reason=reason,
        )


def differences_of(batch: PaperBatch) -> list[int]:
    """The ballots that two have read differently and nobody has decided."""
    decided = {decision.number for decision in batch.decisions.all()}
    return [number for number, said in sorted(_said(batch).items()) if len(said) == 2 and said[0] != said[1]
            and number not in decided]  # fmt: skip


def missing_of(batch: PaperBatch) -> list[int]:
    """The ballots that two have not typed yet."""
    said = _said(batch)
    return [number for number in range(1, batch.ballot_count + 1) if len(said.get(number, [])) < 2]


def cast_batch(*, batch: PaperBatch, actor: Person) -> PaperBatch:
    """Put the agreed ballots of a whole batch into the log, as paper, in random order; spoilt ones are told as such.

    Each stands under a pseudonym made for it alone. What was read is deleted: the log and the paper remain.
    Raises NotPermitted; Conflict while something is missing or differs, or where more ballots came than the roll has
    people marked as having voted on paper; PhaseClosed once voting is over. Takes the poll's locks.
    """
    require(actor, "voting.enter_paper_poll", batch.poll)

    def change() -> PaperBatch:
        with transaction.atomic():
            limit_lock_waiting(LOCK_WAIT_MS)
            lock_poll(batch.poll_id)
            lock_fold(batch.poll_id)
            locked = locked_batch(batch)
            missing, differing = missing_of(locked), differences_of(locked)
            if missing or differing:
                raise Conflict(_not_ready(missing, differing))
            poll = Poll.objects.select_related("consultation__budget", "phase", "district", "electoral_roll").get(
                pk=locked.poll_id
            )
            _require_marked(poll, locked)
            _append(poll, locked)
            audit.record("voting.paper_cast", actor=actor, on=poll, consultation_id=poll.consultation_id,
                         place=locked.place, count=locked.ballot_count)  # fmt: skip
            return locked

    return retried(change)


def _append(poll: Poll, batch: PaperBatch) -> None:
    agreed = {number: said[0] for number, said in _said(batch).items()}
    agreed |= {each.number: (each.is_spoilt, each.choices) for each in batch.decisions.all()}
    ballots = [choices for is_spoilt, choices in agreed.values() if not is_spoilt]
    random.SystemRandom().shuffle(ballots)
    append_ballots(poll, [(secrets.token_bytes(32), choices) for choices in ballots], is_paper=True)
    batch.spoilt_count = len(agreed) - len(ballots)
    batch.cast_at = now = database_now()
    log = fold_locked(poll) or Log.of(poll)
    log.state(PAPER, entry_of_batch(batch, now, len(ballots)))
    log.seal()
    batch.save(update_fields=["spoilt_count", "cast_at"])
    batch.readings.all().delete()
    batch.decisions.update(choices={})


def entry_of_batch(batch: PaperBatch, now: datetime, count: int) -> dict[str, Any]:
    """What the log says of it, after its ballots. Not how many are blank: that is a count, and voting goes on."""
    said: dict[str, Any] = {"at": in_utc(now), "batch": batch.number, "place": batch.place, "ballots": count,
            "spoilt": batch.spoilt_count}  # fmt: skip
    return said | ({"rule": batch.poll.paper_rule} if batch.poll.electoral_roll_id is None else {})


def _said(batch: PaperBatch) -> dict[int, list[tuple[bool, dict[str, int]]]]:
    found: dict[int, list[tuple[bool, dict[str, int]]]] = {}
    for reading in sorted(batch.readings.all(), key=lambda reading: reading.turn):  # as it may have been prefetched
        found.setdefault(reading.number, []).append(reading.says())
    return found


def _not_ready(missing: list[int], differing: list[int]) -> Reason:
    if missing:
        return Reason("batch_not_typed", _("Not every ballot of this batch has been typed twice. Type the rest first."))
    return Reason("batch_differs", _("Two have read a ballot differently. Somebody else decides it first."))


def _require_marked(poll: Poll, batch: PaperBatch) -> None:
    """On a roll, no more papers than people who were marked as having voted on one."""
    if poll.electoral_roll_id is None:
        return
    earlier = sum(PaperBatch.objects.filter(poll=poll, cast_at__isnull=False).values_list("ballot_count", flat=True))
    if earlier + batch.ballot_count > PaperVoter.objects.filter(poll=poll).count():
        sentence = _("There are more paper ballots than people marked as having voted on paper. Mark the others first.")
        raise Conflict(Reason("more_papers_than_voters", sentence))


def locked_batch(batch: PaperBatch) -> PaperBatch:
    locked = PaperBatch.objects.select_for_update(of=("self",)).select_related("poll__phase").get(pk=batch.pk)
    if locked.cast_at is not None:
        raise Conflict(CAST_ALREADY)
    require_time(locked.poll)
    return locked


def require_time(poll: Poll) -> None:
    """Raise PhaseClosed before and after the vote."""
    now, phase = database_now(), poll.phase
    if poll.is_closed or (phase.ends_at is not None and phase.ends_at <= now):
        raise PhaseClosed(TOO_LATE)
    if now < phase.starts_at or not poll.consultation.is_published:
        raise PhaseClosed(TOO_EARLY)
