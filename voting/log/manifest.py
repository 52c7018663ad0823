"""The rules of a poll as they are frozen at its first ballot: entry 0 of its log."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from voting.ledger.entries import text_hash
from voting.ledger.note import VerifyingKey
from voting.methods.base import plain
from voting.models import Option, Poll

LOTS = "sha256(sha256(root,poll),option)"  # how the draw is made that breaks ties: methods/lots.py


def manifest_of(poll: Poll, log: str, key: VerifyingKey) -> dict[str, Any]:
    """What cannot change any more without an amendment.

    The words of a question or an option stand by their hash: a moderator may have to hide them one day, and the log
    cannot forget. Whoever is given the words can compare.
    """
    return {
        "format": 1,
        "key": str(key),
        "poll": poll.pk,
        "consultation": poll.consultation.slug,
        "question": text_hash(poll.question),
        "method": poll.method,
        "options": [_option(option) for option in poll.options.all()],
        "limits": plain(asdict(poll.limits)),
        "form": plain(asdict(poll.form)),
        "lots": LOTS,
        "opens_at": in_utc(poll.phase.starts_at),
        "closes_at": in_utc(poll.phase.ends_at),
        "disclosure": poll.disclosure,
        "results": {"policy": poll.results_policy, "not_before": in_utc(poll.embargo_until)},
        "binding": poll.is_binding,
        "roll": {"criteria": poll.consultation.eligibility},
    }


def _option(option: Option) -> dict[str, Any]:
    return {
        "id": str(option.pk),
        "kind": option.kind,
        "label": text_hash(option.label),
        "proposal": option.proposal_id,
        "cost": option.cost_cents,
    }


def in_utc(moment: datetime | None) -> str | None:
    """As times stand in the log: ``2026-11-21T20:51:49.000000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ") if moment else None
