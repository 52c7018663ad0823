"""The close of a poll: last fold, who voted, outcome, and the end of the link between voters and ballots.

Done once, by whoever comes first after the time is over: a request, the folder's loop, ``manage.py fold``.
"""

import json
import logging
import random
import time
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import OperationalError, connection, transaction

from accounts.models import User
from consultations.clock import database_now
from consultations.locks import limit_lock_waiting, lock_poll
from voting.ballots.folding import fold_locked, show_all
from voting.ballots.locks import lock_fold, take_long
from voting.ballots.shapes import account_mark
from voting.ledger.entries import CLOSE, commitment_of
from voting.ledger.verify import Tree
from voting.live.announce import announce_soon
from voting.log.manifest import in_utc
from voting.log.sealing import Log
from voting.methods import Option
from voting.methods.lots import draw, seed_of
from voting.models import BallotDraft, Leaf, Opening, Outcome, PaperVoter, Poll, PollSecret, RollEntry, Tally
from voting.rolls.eligible import accounts_of

logger = logging.getLogger(__name__)

LOCK_WAIT_MS = 300  # casts stall no longer than this behind a waiting close
ATTEMPTS = 20


def close_if_due(poll: Poll) -> Poll:
    """Close ``poll`` if its time is over and nobody has; return it as it is now. May be called by anybody, often."""
    if not poll.consultation.is_published:
        return poll
    if poll.closed_at is None and poll.phase.ends_at is not None and poll.phase.ends_at <= database_now():
        try:
            close(poll.pk, attempts=1)  # somebody waits for a page
        except OperationalError:  # something holds its lock for long: the folder's loop comes again
            logger.warning("poll %s could not be closed by a reader", poll.pk)
        poll.refresh_from_db(fields=["closed_at"])
    return poll


def close_those_due(polls: Iterable[Poll]) -> list[Poll]:
    """``close_if_due`` for many: asks the time once. The polls come with their phase."""
    polls = list(polls)
    if any(poll.closed_at is None for poll in polls):
        now = database_now()
        for poll in polls:
            if poll.phase.ends_at is not None and poll.phase.ends_at <= now:
                close_if_due(poll)
    return polls


def close_due_polls() -> list[int]:
    """Close every poll whose time is over; return their ids."""
    return [poll_id for poll_id in Poll.objects.due(database_now()).values_list("pk", flat=True) if close(poll_id)]


def close(poll_id: int, *, attempts: int = ATTEMPTS) -> bool:
    """Close a poll whose time is over. True if this call closed it.

    Never call it where the poll's lock is held shared: it would wait for itself. Tries again when a cast or a fold
    holds it up longer than LOCK_WAIT_MS; raises OperationalError after so many ``attempts``.
    """
    for attempt in range(1, attempts + 1):
        try:
            return _close_once(poll_id)
        except OperationalError:
            if attempt == attempts:
                raise
            time.sleep(random.uniform(0.05, 0.2))
    return False


def _close_once(poll_id: int) -> bool:
    with transaction.atomic():
        limit_lock_waiting(LOCK_WAIT_MS)
        lock_poll(poll_id)
        lock_fold(poll_id)
        # With the phase's row, which an editor who moves its dates locks too.
        polls = Poll.objects.select_for_update(of=("phase",), no_key=True)
        poll = polls.select_related("phase", "consultation__budget").get(pk=poll_id)
        now = database_now()
        # Read again under the lock: somebody may have closed or extended it meanwhile.
        if poll.closed_at is not None or poll.phase.ends_at is None or now < poll.phase.ends_at:
            return False
        if not poll.consultation.is_published:  # a draft's dates are not yet its own: they may still be put right
            return False
        log = fold_locked(poll) or Log.of(poll)
        _mark_voters(poll)
        conclude(poll, log, now)
        transaction.on_commit(partial(announce_soon, poll_id))
    logger.info("poll %s closed", poll_id)
    return True


def _mark_voters(poll: Poll) -> None:
    """Write who voted, in random order and in bulk, so that no row tells when or what."""
    secret = PollSecret.objects.filter(poll=poll).first()
    if secret is None:
        return
    key = bytes(secret.key)
    cast = Opening.objects.filter(ballot__poll=poll).values_list("account_mark", flat=True)
    marks = {bytes(mark) for mark in cast if mark is not None}
    accounts = User.objects.values_list("pk", flat=True).iterator(chunk_size=10_000) if marks else ()
    voters = [user_id for user_id in accounts if account_mark(user_id, key) in marks]
    on_paper = PaperVoter.objects.filter(poll=poll).values_list("entry", flat=True)
    voters = list({*voters, *accounts_of(list(on_paper))})
    random.SystemRandom().shuffle(voters)
    RollEntry.objects.bulk_create([RollEntry(poll=poll, user_id=pk) for pk in voters], batch_size=5_000)


def conclude(poll: Poll, log: Log, now: datetime, **notes: Any) -> Outcome:
    """The last steps of a close, after the last fold: outcome, end of the link between voters and ballots, closed.

    The log's last entry commits to the result without telling it: an embargo may last longer than the vote.
    ``notes`` as for ``decide``. The caller's transaction holds the poll's lock and the fold's.
    """
    take_long()
    show_all(poll.pk)
    outcome = decide(poll, log.tree.root(), **notes)
    commitment = commitment_of(bytes(outcome.salt), result_of(poll, outcome))
    log.state(CLOSE, {"closed_at": in_utc(now), "result": commitment.hex()})
    log.seal()
    BallotDraft.objects.filter(poll=poll).delete()
    PollSecret.objects.filter(poll=poll).delete()
    Poll.objects.filter(pk=poll.pk).update(closed_at=now)
    return outcome


def decide(poll: Poll, root: bytes, **notes: Any) -> Outcome:
    """Work out and keep the outcome. The method is told the lots, should the votes not decide.

    root: of the log's tree as it stands before its last entry, the close: the seed of the lots.
    notes: kept in the explanation too, under their names.
    A method that decides from whole ballots is given the openings of all that stand, equal ones together.
    Money on which nobody chose anything is not shared out, whatever the method would do with what is left.
    """
    withdrawn, counting = poll.withdrawn_options(), poll.counting
    options = poll.counted_options()
    running = [option for option in options if option.id not in withdrawn]
    listed = [option.id for option in running]
    order = listed if poll.breaks_ties_as_listed else lots(poll.pk, root, listed)
    tally = final_tally(poll, options)
    if poll.shares_money and not any(_tally_without(tally, withdrawn)["counts"].values()):
        # By their own rules most methods would give the money to whatever is cheapest, and nobody asked for it.
        explanation = {"voters": tally["voters"], "blank": tally["blank"], "decided_by": "no_votes", **notes}
        return Outcome.objects.create(poll=poll, winners=[], ties=[], explanation=explanation)
    if counting.needs_ballots:
        data = counting.count(without(standing_ballots(poll.pk), withdrawn), running, poll.limits, order).as_json()
    else:
        data = counting.outcome(_tally_without(tally, withdrawn), running, poll.limits, order).as_json()
    # A method that counts whole ballots takes one of weight 3 for three, and for blank one that chose nothing but what
    # was withdrawn: people are told as people, and as the tally tells them.
    told = data["explanation"]
    named = tally if "weight" in tally else told
    people: dict[str, Any] = {
        name: tally[name] for name in ("voters", "blank", "weight") if name in named and name in tally
    }
    explanation = {**told, **people, **notes}
    return Outcome.objects.create(poll=poll, winners=data["winners"], ties=data["ties"], explanation=explanation)


def without(groups: list[tuple[dict[str, int], int]], withdrawn: Collection[str]) -> list[tuple[dict[str, int], int]]:
    """The ballots with what they say of options that can still win."""
    if not withdrawn:
        return groups
    return [
        ({option: value for option, value in choices.items() if option not in withdrawn}, count)
        for choices, count in groups
    ]


def _tally_without(tally: dict[str, Any], withdrawn: Collection[str]) -> dict[str, Any]:
    if not withdrawn:
        return tally
    return {**tally, "counts": {option: n for option, n in tally["counts"].items() if option not in withdrawn}}


def final_tally(poll: Poll, options: Sequence[Option]) -> dict[str, Any]:
    """What the last fold has counted; the empty tally where nobody voted."""
    tally = Tally.objects.filter(poll=poll).first()
    return tally.counted if tally else poll.counting.running_tally(options)


def standing_ballots(poll_id: int) -> list[tuple[dict[str, int], int]]:
    """The choices of the ballots that count, equal ones together, with the sum of their weights (where none weighs more
    than 1: how many there are), in an order that tells nothing.

    After the last fold: openings of ballots that were replaced are gone by then.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT choices::text, sum(ballot.weight) FROM voting_opening opening"
            " JOIN voting_ballot ballot ON ballot.id = opening.ballot_id"
            " WHERE ballot.poll_id = %s GROUP BY choices ORDER BY 1",
            [poll_id],
        )
        return [(json.loads(choices), weight) for choices, weight in cursor]


def result_of(poll: Poll, outcome: Outcome) -> dict[str, Any]:
    """What the log's last entry commits to, and the export gives once it may be seen."""
    return {
        "tally": final_tally(poll, poll.counted_options()),
        "winners": outcome.winners,
        "ties": outcome.ties,
        "explanation": outcome.explanation,
    }


def order_of_lots(poll: Poll) -> list[str]:
    """The draw with which the outcome of a closed poll was decided, made again from its log."""
    withdrawn = poll.withdrawn_options()
    listed = [option.id for option in poll.counted_options() if option.id not in withdrawn]
    if poll.breaks_ties_as_listed:
        return listed
    tree = Tree()
    hashes = Leaf.objects.filter(poll=poll).order_by("number").values_list("hash", flat=True)
    *before_the_close, _close = hashes
    for each in before_the_close:
        tree.append(bytes(each))
    return lots(poll.pk, tree.root(), listed)


def lots(poll_id: int, root: bytes, option_ids: Iterable[str]) -> list[str]:
    """The draw that breaks ties, the same for everybody who computes it, and known to nobody before the last ballot."""
    return list(draw(seed_of(root, str(poll_id)), option_ids))
