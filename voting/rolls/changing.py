"""Changing an electoral roll: in public, and from the first ballot on by an amendment in each poll's log."""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db import OperationalError, connection, transaction
from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.models import User
from accounts.notices.telling import tell
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.locks import limit_lock_waiting, lock_poll
from consultations.models import Consultation, Phase
from voting.ballots.locks import lock_fold
from voting.models import ElectoralRoll, EligibleVoter, Poll, RollChange
from voting.polls.amending import ATTEMPTS, LOCK_WAIT_MS, amend
from voting.rolls.eligible import accounts_of
from voting.rolls.weights import rare_ones
from voting.rolls.words import rare_weight

OVER = Reason("voting_over", _("Voting is over, so the roll stays as it is."))
VOTED_WITHOUT = Reason(
    "voted_without_roll", _("People have voted here already without a roll, so it is too late for one.")
)
LONGEST_REASON = 300
Result = TypeVar("Result")


@dataclass(frozen=True)
class Locked:
    """A roll that nobody else changes and in whose polls nobody casts until the transaction ends."""

    roll: ElectoralRoll
    open_polls: list[Poll]
    now: datetime
    is_new: bool

    @property
    def has_ballots(self) -> bool:
        return any(poll.ballots.exists() for poll in self.open_polls)


def retried(change: Callable[[], Result]) -> Result:
    """Step back and try again where a cast or a fold holds a lock for long."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return change()
        except OperationalError:
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.1)
    raise AssertionError


@contextmanager
def locked_roll(consultation: Consultation) -> Iterator[Locked]:
    """The roll of a consultation, made where there is none yet. Raises Conflict where it is too late."""
    with transaction.atomic():
        limit_lock_waiting(LOCK_WAIT_MS)
        for poll_id in consultation.polls.order_by("pk").values_list("pk", flat=True):
            lock_poll(poll_id)
            lock_fold(poll_id)
        # Against a poll that is being opened: it takes over the roll, or waits until there is one.
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)
        polls = list(consultation.polls.select_related("consultation__budget", "phase").order_by("pk"))
        now = database_now()
        if _is_over(consultation, now):
            raise Conflict(OVER)
        roll, is_new = ElectoralRoll.objects.get_or_create(consultation=consultation)
        open_polls = [poll for poll in polls if not poll.is_closed]
        if is_new:
            if any(poll.ballots.exists() for poll in polls):
                raise Conflict(VOTED_WITHOUT)
            Poll.objects.filter(pk__in=[poll.pk for poll in open_polls]).update(electoral_roll=roll)
            for poll in open_polls:
                poll.electoral_roll = roll
        yield Locked(roll, open_polls, now, is_new)


def _is_over(consultation: Consultation, now: datetime) -> bool:
    voting = consultation.phases.filter(kind=Phase.Kind.VOTING).first()
    return voting is not None and voting.ends_at is not None and voting.ends_at <= now


def record(locked: Locked, kind: str, count: int, reason: str, actor: Person | None) -> RollChange:
    """Write what was done: new size and hash, the public list, the audit, and an amendment where people have voted.

    The polls' logs are told the new state; what was queued is folded under the old one, which their manifests may name.
    """
    roll = locked.roll
    size, digest = state_of(roll)
    entry = {"added": 0, "removed": 0, "entries": size, "sha256": digest.hex()}
    entry["removed" if kind == RollChange.Kind.REMOVED else "added"] = count
    for poll in locked.open_polls:
        amend(poll, {"roll": entry}, reason, locked.now)
    roll.size, roll.digest = size, digest
    # Fixed by the first ballot, like all that the manifest says: loading.py lets no weight come later.
    if not locked.has_ballots:
        roll.is_weighted = any(weight != 1 for weight in weights_of(roll))
    roll.save(update_fields=["size", "digest", "is_weighted"])
    change = RollChange.objects.create(
        roll=roll,
        kind=kind,
        count=count,
        reason=reason,
        actor=actor if isinstance(actor, User) else None,
        made_at=locked.now,
        size=size,
        digest=digest,
    )
    audit.record(
        "voting.roll_changed",
        actor=actor if isinstance(actor, User) else None,
        on=roll,
        consultation_id=roll.consultation_id,
        what=kind,
        count=count,
        reason=reason,
    )
    return change


def state_of(roll: ElectoralRoll) -> tuple[int, bytes]:
    """How many are on the roll, and its hash as ``docs/rolls.md`` tells it."""
    entries = EligibleVoter.objects.filter(roll=roll, removed_at__isnull=True).order_by("fingerprint")
    size, digest = 0, hashlib.sha256(b"asamblea roll 1\n")
    for fingerprint, weight, district in entries.values_list("fingerprint", "weight", "district").iterator(10_000):
        digest.update(line_of(bytes(fingerprint), weight, district))
        size += 1
    return size, digest.digest()


def line_of(fingerprint: bytes, weight: int, district: str) -> bytes:
    """One entry in the roll's hash.

    >>> line_of(bytes(2), 3, "Norte")
    b'0000 3 Norte\\n'
    """
    return f"{fingerprint.hex()} {weight} {district}\n".encode()


def weights_of(roll: ElectoralRoll) -> dict[int, int]:
    """Weight -> how many people on the roll have it."""
    entries = EligibleVoter.objects.filter(roll=roll, removed_at__isnull=True).order_by("weight")
    return dict(entries.values_list("weight").annotate(count=Count("pk")))


def remove_voters(
    *, roll: ElectoralRoll, fingerprints: list[bytes], emails: list[str], reason: str, actor: Person
) -> int:
    """Take people off the roll, by e-mail or fingerprint, and return how many. A ballot that one has cast stays, and
    those who have an account are told.

    Raises NotPermitted, InvalidInput without a reason, where nobody of them is on the roll, or where so few with their
    weight would be left that it names them; Conflict after voting.
    """
    require(actor, "consultations.change_consultation", roll.consultation)
    reason = checked_reason(reason)

    def change() -> int:
        with locked_roll(roll.consultation) as locked, connection.cursor() as cursor:
            cursor.execute(
                """
                UPDATE voting_eligiblevoter SET removed_at = %s, code = NULL
                WHERE roll_id = %s AND removed_at IS NULL AND (fingerprint = ANY(%s) OR email = ANY(%s))
                RETURNING id
                """,
                [locked.now, locked.roll.pk, fingerprints, emails],
            )
            entries = [row[0] for row in cursor]
            if not entries:
                raise InvalidInput("nobody_there", _("Nobody of these is on the roll."), field="people")
            _require_enough_left(locked.roll)
            change = record(locked, RollChange.Kind.REMOVED, len(entries), reason, actor)
            if roll.consultation.is_published:
                _tell(roll.consultation, entries, change)
            return len(entries)

    return retried(change)


def _tell(consultation: Consultation, entries: list[int], change: RollChange) -> None:
    """Nobody learns at the ballot box that they are off the roll, or never that another votes in their place."""
    tell(
        "taken_off_roll",
        to=accounts_of(entries),
        key=f"roll change {change.pk}",
        url=reverse("voting:roll", args=[consultation.slug]),
        consultation_id=consultation.pk,
        title=consultation.title,
        reason=change.reason,
    )


def _require_enough_left(roll: ElectoralRoll) -> None:
    for rare in rare_ones(weights_of(roll)):
        cure = _("Remove all who have that weight, or first add others who have it.")
        raise InvalidInput("rare_weight", f"{rare_weight(*rare)} {cure}", field="people")


def set_takes_numbers(*, roll: ElectoralRoll, takes_numbers: bool, actor: Person) -> None:
    """Say whether a document number alone is enough. Fixed once people vote: it is one of the rules.

    Raises NotPermitted or Conflict.
    """
    require(actor, "consultations.change_consultation", roll.consultation)

    def change() -> None:
        with locked_roll(roll.consultation) as locked:
            if locked.has_ballots:
                raise Conflict(Reason("roll_rules_fixed", _("People have voted, so this rule is fixed.")))
            ElectoralRoll.objects.filter(pk=roll.pk).update(takes_numbers=takes_numbers)
            audit.record(
                "voting.roll_rule_changed",
                actor=actor if isinstance(actor, User) else None,
                on=roll,
                consultation_id=roll.consultation_id,
                takes_numbers=takes_numbers,
            )

    retried(change)
    roll.takes_numbers = takes_numbers


def checked_reason(reason: str) -> str:
    """One line. Raises InvalidInput where there is none."""
    reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise InvalidInput("no_reason", _("Say why: the reason is published."), field="reason")
    return reason
