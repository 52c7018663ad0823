"""The Merkle tree of RFC 9162 (2.1): append, prove, verify.

Leaf hash: SHA-256(0x00, entry). Node: SHA-256(0x01, left, right). A tree of n leaves splits at the largest power of two
below n. Appending needs only the *frontier*, the roots of the perfect subtrees that n is made of (at most 64 hashes).
Proofs read whole perfect subtrees through ``Nodes``, of which only every eighth level is kept: so a proof in a log of a
million reads a few hundred hashes, and keeping them costs one in 256.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

EMPTY_ROOT = hashlib.sha256(b"").digest()
STORED_EVERY = 8  # levels

Nodes = Callable[[int, int, int], Sequence[bytes]]
"""(level, first, count) -> hashes of that many perfect subtrees of 2**level leaves, from the one numbered ``first``.
``level`` is a multiple of STORED_EVERY; level 0 are the leaf hashes."""


@dataclass(frozen=True, slots=True)
class Subtree:
    """A perfect subtree that was completed by an append: number ``index`` of those with 2**level leaves."""

    level: int
    index: int
    hash: bytes


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(slots=True)
class Frontier:
    """All that appending needs of a tree: its size, and the roots of its perfect subtrees, the largest first.

    >>> tree = Frontier()
    >>> tree.extend([leaf_hash(b""), leaf_hash(bytes([0]))])
    []
    >>> tree.root().hex()
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125'
    """

    size: int = 0
    hashes: list[bytes] = field(default_factory=list)

    def extend(self, leaves: Iterable[bytes]) -> list[Subtree]:
        """Append leaf hashes; return the completed subtrees of the levels that are kept (not the leaves themselves)."""
        completed = []
        for leaf in leaves:
            hash_, level, index = leaf, 0, self.size
            while index & 1:
                hash_, level, index = node_hash(self.hashes.pop(), hash_), level + 1, index >> 1
                if level % STORED_EVERY == 0:
                    completed.append(Subtree(level, index, hash_))
            self.hashes.append(hash_)
            self.size += 1
        return completed

    def root(self) -> bytes:
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root

    def to_bytes(self) -> bytes:
        return b"".join(self.hashes)

    @classmethod
    def from_bytes(cls, size: int, data: bytes) -> "Frontier":
        """Raises ValueError where ``data`` cannot be the frontier of a tree of that size."""
        hashes = [data[at : at + 32] for at in range(0, len(data), 32)]
        if len(data) % 32 or len(hashes) != size.bit_count():
            raise ValueError(f"{len(data)} bytes are no frontier of {size} leaves")
        return cls(size, hashes)


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes."""
    tree = Frontier()
    tree.extend(leaves)
    return tree.root()


# --- Proofs


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[bytes]:
    """That leaf ``index`` (from 0) is in the tree of ``size`` leaves: the hashes beside its way to the root."""
    if not 0 <= index < size:
        raise ValueError(f"There is no leaf {index} in a tree of {size}")
    beside = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            beside.append((middle, end))
            end = middle
        else:
            beside.append((start, middle))
            start = middle
    return [_root(first, last, nodes) for first, last in reversed(beside)]


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[bytes]:
    """That the tree of ``old`` leaves is the beginning of that of ``new``. Empty for ``old`` 0 and for equal sizes."""
    if not 0 <= old <= new:
        raise ValueError(f"A tree of {old} does not grow into one of {new}")
    if old in (0, new):
        return []
    ranges = []
    start, end, is_whole = 0, new, True  # is_whole: the old tree's root is what the verifier knows already
    while end - start > old - start:
        middle = start + _split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, is_whole = middle, False
    if not is_whole:
        ranges.append((start, end))
    return [_root(first, last, nodes) for first, last in reversed(ranges)]


def _split(count: int) -> int:
    """The largest power of two below ``count`` (2 or more)."""
    return 1 << ((count - 1).bit_length() - 1)


def _root(start: int, end: int, nodes: Nodes) -> bytes:
    """Of the leaves from ``start`` up to ``end``, a range that the recursion of the RFC can come to."""
    count = end - start
    if count & (count - 1) == 0:
        return _perfect(count.bit_length() - 1, start // count, nodes)
    middle = start + _split(count)
    return node_hash(_root(start, middle, nodes), _root(middle, end, nodes))


def _perfect(level: int, index: int, nodes: Nodes) -> bytes:
    above = level % STORED_EVERY
    hashes = list(nodes(level - above, index << above, 1 << above))
    if len(hashes) != 1 << above:
        raise ValueError(f"Subtree {index} of level {level} is not complete")
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]


def nodes_of(leaves: Sequence[bytes]) -> Nodes:
    """``Nodes`` of a tree whose leaf hashes are all at hand."""
    levels: dict[int, dict[int, bytes]] = {}
    for subtree in Frontier().extend(leaves):
        levels.setdefault(subtree.level, {})[subtree.index] = subtree.hash

    def nodes(level: int, first: int, count: int) -> Sequence[bytes]:
        if level == 0:
            return leaves[first : first + count]
        return [levels[level][index] for index in range(first, first + count)]

    return nodes


# --- Verifying


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows that ``leaf`` (its hash) stands at ``index`` in the tree of that size and root.

    RFC 9162, 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    place, last, hash_ = index, size - 1, leaf
    for beside in proof:
        if last == 0 or len(beside) != 32:
            return False
        if place & 1 or place == last:
            hash_ = node_hash(beside, hash_)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            hash_ = node_hash(hash_, beside)
        place, last = place >> 1, last >> 1
    return last == 0 and hash_ == root


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows that the tree of ``new`` leaves begins with that of ``old``. RFC 9162, 2.1.4.2."""
    if not 0 <= old <= new:
        return False
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    if old == new:
        return not proof and old_root == new_root
    if not proof or any(len(hash_) != 32 for hash_ in proof):
        return False
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    of_old = of_new = path[0]
    for hash_ in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            of_old, of_new = node_hash(hash_, of_old), node_hash(hash_, of_new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            of_new = node_hash(of_new, hash_)
        place, last = place >> 1, last >> 1
    return last == 0 and of_old == old_root and of_new == new_root
