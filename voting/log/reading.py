"""Reading a poll's log: its head, its heads so far, and proofs of what is in it. What it says of ballots is public."""

from collections.abc import Sequence
from dataclasses import dataclass

from voting.ledger.note import Head, VerifyingKey, opened
from voting.ledger.tree import Nodes, consistency_proof, inclusion_proof
from voting.models import Leaf, Poll, Seal, SigningKey, Subtree

MOST_CHECKPOINTS = 10_000  # of a poll, in an export


@dataclass(frozen=True)
class Inclusion:
    """That an entry is in the log of that size."""

    number: int
    size: int
    leaf_hash: bytes
    proof: Sequence[bytes]


def last_seal(poll: Poll) -> Seal | None:
    return Seal.objects.filter(poll=poll).order_by("-number").first()


def head_of(seal: Seal) -> Head:
    """What its head says, its signature checked."""
    text, _ = opened(seal.head, keys())
    return Head.parse(text)


def keys() -> list[VerifyingKey]:
    """All public keys of this installation, the newest one last."""
    return [row.verifying for row in SigningKey.objects.all()]


def nodes_of(poll: Poll) -> Nodes:
    """What proofs are made of: whole ranges, one query each."""

    def nodes(level: int, first: int, count: int) -> Sequence[bytes]:
        end = first + count - 1
        leaves = Leaf.objects.filter(poll=poll, number__range=(first, end)).order_by("number")
        subtrees = Subtree.objects.filter(poll=poll, level=level, index__range=(first, end)).order_by("index")
        hashes = (subtrees if level else leaves).values_list("hash", flat=True)
        return [bytes(hash_) for hash_ in hashes]

    return nodes


def inclusion(poll: Poll, number: int, size: int) -> Inclusion:
    """Raises ValueError where there is no such entry in a log of that size."""
    nodes = nodes_of(poll)
    proof = inclusion_proof(number, size, nodes)
    return Inclusion(number, size, nodes(0, number, 1)[0], proof)


def consistency(poll: Poll, old: int, new: int) -> list[bytes]:
    """Raises ValueError where the log was never of one of these sizes."""
    return consistency_proof(old, new, nodes_of(poll))


def statements_of(poll: Poll) -> list[Leaf]:
    """The entries that are no ballots: manifest, amendments, close."""
    return list(Leaf.objects.filter(poll=poll, ballot__isnull=True).order_by("number"))


def checkpoints_of(poll: Poll, most: int = MOST_CHECKPOINTS) -> list[Seal]:
    """The seals of a poll, the last one always among them; where there are too many, evenly spread ones.

    Those that somebody else has stamped come before the others.
    """
    numbers = list(Seal.objects.filter(poll=poll).order_by("number").values_list("number", flat=True))
    if len(numbers) > most:
        chosen = {numbers[-1 - place * (len(numbers) - 1) // (most - 1)] for place in range(most)}
        stamped = Seal.objects.filter(poll=poll, stamps__isnull=False).order_by("-number")
        kept = list(stamped.values_list("number", flat=True).distinct()[: most // 2])
        others = sorted(chosen - {*kept, numbers[-1]}, reverse=True)[: most - len({*kept, numbers[-1]})]
        numbers = sorted({*kept, *others, numbers[-1]})
    return list(Seal.objects.filter(poll=poll, number__in=numbers).order_by("number"))
