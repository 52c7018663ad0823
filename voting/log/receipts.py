"""What a voter takes home: where their ballot stands, and proof of it. Never what it says.

A receipt is found by the random id of the ballot, which its voter alone is given. ``verify.py --receipt`` checks the
file without us.
"""

import base64
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import segno

from voting.ledger.entries import ballot_data
from voting.log import reading as log
from voting.log.sealing import origin_of
from voting.log.signing import private_key
from voting.models import Ballot, Leaf, Poll, Seal
from voting.polls.amendments import Amendment, amendments_of

FINGERPRINT = 16  # hexadecimal digits of the entry's hash, to compare by eye


@dataclass(frozen=True)
class Receipt:
    """Where a ballot stands. ``number``, ``seal`` and ``fingerprint`` are empty until it is sealed.

    ``is_counted``: whether no later ballot took its place. None before the close: whoever asks to see somebody's
    receipt while they can still vote again must not learn that they did.
    """

    poll: Poll
    ballot: Ballot
    number: int | None
    seal: Seal | None
    fingerprint: str
    amendments: list[Amendment]
    is_counted: bool | None


def receipt_of(poll: Poll, ballot_id: UUID) -> Receipt | None:
    """None where this poll has no such ballot."""
    ballot = Ballot.objects.filter(poll=poll, pk=ballot_id).select_related("leaf").first()
    if ballot is None:
        return None
    leaf: Leaf | None = getattr(ballot, "leaf", None)
    return Receipt(
        poll=poll,
        ballot=ballot,
        number=leaf.number if leaf else None,
        seal=log.last_seal(poll) if leaf else None,
        fingerprint=fingerprint_of(leaf) if leaf else "",
        amendments=amendments_of(poll),
        is_counted=_stands(ballot) if poll.is_closed else None,
    )


def _stands(ballot: Ballot) -> bool:
    later = Ballot.objects.filter(poll=ballot.poll_id, pseudonym=ballot.pseudonym, revision__gt=ballot.revision)
    return not later.exists()


def fingerprint_of(leaf: Leaf) -> str:
    """The first digits of an entry's hash, in groups of four."""
    digits = bytes(leaf.hash).hex()[:FINGERPRINT]
    return " ".join(digits[at : at + 4] for at in range(0, FINGERPRINT, 4))


def file_of(receipt: Receipt, address: str) -> dict[str, Any]:
    """The receipt as a file: with the proof that leads from the ballot to a signed head, once it is sealed."""
    ballot, seal = receipt.ballot, receipt.seal
    proof: list[str] = []
    if receipt.number is not None and seal is not None:
        hashes = log.inclusion(receipt.poll, receipt.number, seal.size).proof
        proof = [base64.b64encode(hash_).decode() for hash_ in hashes]
    return {
        "format": 1,
        "address": address,
        "log": seal.head.partition("\n")[0] if seal else origin_of(receipt.poll),
        "key": str(seal.key if seal else private_key().verifying),
        "state": "received" if receipt.number is None else "sealed",
        "number": receipt.number,
        "ballot": ballot_data(*ballot.as_logged()),
        "head": seal.head if seal else None,
        "proof": proof,
        "amendments": [{"number": each.number, "reason": each.reason} for each in receipt.amendments],
    }


def qr_code(text: str) -> str:
    """As an address of data that an <img> shows."""
    return str(segno.make(text, error="m").svg_data_uri(scale=4, border=2))


def entry_numbered(poll: Poll, number: int) -> Leaf | None:
    return Leaf.objects.filter(poll=poll, number=number).first()
