"""The rules of a poll as they are frozen at its first ballot: entry 0 of its log."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from consultations.models import Consultation
from voting.ledger.entries import text_hash
from voting.ledger.note import VerifyingKey
from voting.methods.base import plain
from voting.models import Option, Poll

LOTS = "sha256(sha256(root,poll),option)"  # how the draw is made that breaks ties: methods/lots.py
ORDER = "sha256(seed,voter,option)"  # each voter's own order of the options: districts/ordering.py
AS_LISTED = "options"  # no draw: the order of the options in the manifest


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
        "lots": AS_LISTED if poll.breaks_ties_as_listed else LOTS,
        "opens_at": in_utc(poll.phase.starts_at),
        "closes_at": in_utc(poll.phase.ends_at),
        "disclosure": poll.disclosure,
        "results": {"policy": poll.results_policy, "not_before": in_utc(poll.embargo_until)},
        "binding": poll.is_binding,
        "roll": roll_of(poll),
        # Only where ballots may weigh more than 1, so that the bytes of all other manifests stay as they are.
        **({"withdrawn": withdrawn} if (withdrawn := _withdrawn(poll)) else {}),
        **({"weighted": True} if poll.is_weighted else {}),
        **({"district": district_of(poll)} if poll.district else {}),
        **({"order": {"seed": bytes(poll.order_seed).hex(), "by": ORDER}} if poll.order_seed else {}),
    }


def _withdrawn(poll: Poll) -> list[str]:
    """Options that were withdrawn before anybody had voted; the others are in amendments."""
    return [str(option.pk) for option in poll.options.all() if option.withdrawn_at is not None]


def district_of(poll: Poll) -> dict[str, Any]:
    """Whose vote it is; its money is in the limits. by: "chosen" (by each voter, once), "resident" (by the roll) or
    "all": everybody votes in it."""
    assert poll.district is not None
    rule = "all" if poll.district.is_for_all else poll.consultation.budget.district_rule
    return {"name": poll.district.name, "by": rule}


def roll_of(poll: Poll) -> dict[str, Any]:
    """Who votes: what the consultation asks for and, where there is one, the roll by its hash (``docs/rolls.md``).

    ``open_to_any_email``: whoever has several addresses can vote several times, so the vote can be stuffed.
    """
    criteria = poll.consultation.eligibility
    roll = poll.electoral_roll
    if roll is None:
        return {"criteria": criteria, "open_to_any_email": is_open_to_any_email(poll)}
    return {
        "criteria": criteria,
        "open_to_any_email": False,
        "entries": roll.size,
        "sha256": bytes(roll.digest).hex(),
        "takes_numbers": roll.takes_numbers,
    }


def is_open_to_any_email(poll: Poll) -> bool:
    consultation = poll.consultation
    is_registered = consultation.eligibility == Consultation.Eligibility.REGISTERED
    return is_registered and not consultation.is_private and poll.electoral_roll_id is None


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
