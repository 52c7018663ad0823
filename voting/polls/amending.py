"""Changing the rules of a poll that has ballots: in public, with a reason, and written into its log.

Only what cannot hurt who has voted may change: the vote may end later.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import pairwise
from typing import Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.clock import database_now
from consultations.locks import limit_lock_waiting, lock_poll
from consultations.models import Phase
from voting.ballots.folding import fold_locked
from voting.ballots.locks import lock_fold
from voting.ledger.entries import AMENDMENT
from voting.live.announce import announce_soon
from voting.log.manifest import in_utc
from voting.log.sealing import Log
from voting.models import Poll, Seal

OVER = Reason("voting_is_over", _("Voting is over, so it cannot be extended any more."))
LOCK_WAIT_MS = 300
ATTEMPTS = 20


def extend_voting(*, poll: Poll, ends_at: datetime, reason: str, actor: Person) -> Phase:
    """Let the voting phase of ``poll`` end later, with all the polls in it.

    Each poll that has ballots gets an amendment in its log, sealed at once: old end, new end, reason, when. The phase
    that begins where this one ended begins later too.
    Raises NotPermitted, Conflict once the time is over, or InvalidInput. Takes the locks of all polls of the phase.
    """
    require(actor, "voting.change_poll", poll)
    reason = " ".join(reason.split())
    if not reason:
        raise InvalidInput("no_reason", _("Say why: the reason is published in the log."), field="reason")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _extend_once(poll, ends_at, reason, actor)
        except OperationalError:  # a cast or a fold holds a lock for long: step back, so that others can go on
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.1)
    raise AssertionError


@transaction.atomic
def _extend_once(poll: Poll, ends_at: datetime, reason: str, actor: Person) -> Phase:
    limit_lock_waiting(LOCK_WAIT_MS)
    ids = list(Poll.objects.filter(phase=poll.phase_id).order_by("pk").values_list("pk", flat=True))
    for poll_id in ids:
        lock_poll(poll_id)
        lock_fold(poll_id)
    phases = list(
        Phase.objects.filter(consultation=poll.consultation_id).order_by("starts_at").select_for_update(no_key=True)
    )
    phase = next(phase for phase in phases if phase.pk == poll.phase_id)
    now = database_now()
    old = phase.ends_at
    if old is None or old <= now or Poll.objects.filter(pk__in=ids, closed_at__isnull=False).exists():
        raise Conflict(OVER)
    if ends_at <= old:
        raise InvalidInput("not_later", _("The new end must be later than the present one."), field="ends_at")
    for each in Poll.objects.filter(pk__in=ids).select_related("consultation__budget", "phase").order_by("pk"):
        amend(each, {"closes_at": {"from": in_utc(old), "to": in_utc(ends_at)}}, reason, now)
    _move_end(phases, phase, ends_at)
    audit.record(
        "voting.voting_extended",
        actor=actor,
        on=poll,
        consultation_id=poll.consultation_id,
        old=str(old),
        new=str(ends_at),
        reason=reason,
    )
    return phase


def amend(poll: Poll, changes: Mapping[str, Any], reason: str, now: datetime) -> Seal | None:
    """None where nobody has voted: the rules are not frozen yet. What is queued is folded under the old ones."""
    if not poll.ballots.exists():
        return None
    log = fold_locked(poll) or Log.of(poll)
    log.state(AMENDMENT, {"at": in_utc(now), "changes": changes, "reason": reason})
    transaction.on_commit(partial(announce_soon, poll.pk))
    return log.seal()


def _move_end(phases: Sequence[Phase], phase: Phase, ends_at: datetime) -> None:
    """With the beginning of the phase that followed at once; another one that is in the way is a fault."""
    following = next((later for earlier, later in pairwise(phases) if earlier.pk == phase.pk), None)
    follows_at_once = following is not None and following.starts_at == phase.ends_at
    if following is not None and follows_at_once and (following.ends_at is None or ends_at < following.ends_at):
        following.starts_at = ends_at
        following.save(update_fields=["starts_at"])
    if following is not None and following.starts_at < ends_at:
        raise InvalidInput("phases_overlap", _("The next phase would begin before. Move it first."), field="ends_at")
    phase.ends_at = ends_at
    phase.save(update_fields=["ends_at"])
