"""The Merkle tree is that of RFC 9162, to the bit, and its proofs prove what they say and nothing else."""

import base64
from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from voting.ledger.tree import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The public vectors of Certificate Transparency: eight entries, and the root after each.
ENTRIES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# Proofs for them, as transparency-dev/merkle publishes them: (index, size) and (old, new).
INCLUSION = {
    (0, 8): [
        "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=",
    ],
    (5, 8): [
        "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
        "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    ],
    (2, 3): ["+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU="],
    (1, 5): [
        "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
        "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=",
        "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms=",
    ],
}
CONSISTENCY = {
    (1, 8): INCLUSION[0, 8],
    (6, 8): [
        "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
        "yoVOoSjtBQtBs1/8G4e46yveRh6eO1WW7Oa51ZdaCuA=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    ],
    (2, 5): ["Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=", "vBoGQ7EuTS18d5GPROD095qDi2z57FtcKD4fTYhZnms="],
    (6, 7): [
        "DrxdNDf74tsVi58Sah0RjjCBgQMdCpSfje3t68VY72o=",
        "sIaT7C5yFZcTBkHoIR5+7cy0wmQTlj7ubB4u0W/7Gl8=",
        "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=",
    ],
}
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def decoded(proof):
    return [base64.b64decode(hash_) for hash_ in proof]


def leaves(count):
    return [leaf_hash(str(n).encode()) for n in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_of_the_public_vectors(size):
    assert root_of(LEAVES[:size]).hex() == ROOTS[size - 1]


def test_the_empty_tree_has_the_hash_of_nothing():
    assert root_of([]) == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_the_inclusion_proofs_of_the_public_vectors(index, size):
    proof = decoded(INCLUSION[index, size])
    assert inclusion_proof(index, size, nodes_of(LEAVES)) == proof
    assert verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("old", "new"), CONSISTENCY)
def test_the_consistency_proofs_of_the_public_vectors(old, new):
    proof = decoded(CONSISTENCY[old, new])
    assert consistency_proof(old, new, nodes_of(LEAVES)) == proof
    assert verify_consistency(old, new, bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), proof)


def corrupted(proof, root):
    """What the published vectors do to a proof: bits changed, hashes added, dropped, swapped, the root put in."""
    for at in range(len(proof)):
        for byte in (0, 15, 31):
            bad = list(proof)
            bad[at] = bad[at][:byte] + bytes([bad[at][byte] ^ 16]) + bad[at][byte + 1 :]
            yield bad
    yield [*proof, b""]
    yield [*proof, bytes(32)]
    yield [*proof, root]
    yield [bytes(32), *proof]
    yield [root, *proof]
    if proof:
        yield proof[:-1]
        yield []


def test_a_proof_with_anything_wrong_in_it_proves_nothing():
    for (index, size), text in INCLUSION.items():
        root, proof = bytes.fromhex(ROOTS[size - 1]), decoded(text)
        for bad in corrupted(proof, root):
            assert not verify_inclusion(LEAVES[index], index, size, bad, root)
        for other, others in ((index - 1, size), (index + 1, size), (index ^ 2, size), (index, size * 2)):
            assert not verify_inclusion(LEAVES[index], other, others, proof, root)
        assert not verify_inclusion(LEAVES[index], index, size, proof, EMPTY_ROOT)
        assert not verify_inclusion(EMPTY_ROOT, index, size, proof, root)
    for (old, new), text in CONSISTENCY.items():
        old_root, new_root, proof = bytes.fromhex(ROOTS[old - 1]), bytes.fromhex(ROOTS[new - 1]), decoded(text)
        for bad in [*corrupted(proof, new_root), [old_root, *proof]]:
            assert not verify_consistency(old, new, old_root, new_root, bad)
        for other_old, other_new in ((old - 1, new), (old + 1, new), (old ^ 2, new), (old, new * 2), (new, old)):
            assert not verify_consistency(other_old, other_new, old_root, new_root, proof)
        assert not verify_consistency(old, new, new_root, old_root, proof)
        assert not verify_consistency(old, new, EMPTY_ROOT, new_root, proof)
        assert not verify_consistency(old, new, old_root, EMPTY_ROOT, proof)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_leaf_is_proven_in_every_tree_and_every_tree_to_be_the_beginning_of_a_later_one(data):
    size = data.draw(st.integers(1, 700))
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(0, size))
    all_leaves = leaves(size + data.draw(st.integers(0, 50)))
    nodes = nodes_of(all_leaves)
    root, old_root = root_of(all_leaves[:size]), root_of(all_leaves[:old])

    proof = inclusion_proof(index, size, nodes)
    assert verify_inclusion(all_leaves[index], index, size, proof, root)
    assert len(proof) <= (size - 1).bit_length()
    other = data.draw(st.integers(0, size - 1))
    assert verify_inclusion(all_leaves[other], index, size, proof, root) == (other == index)

    proof = consistency_proof(old, size, nodes)
    assert verify_consistency(old, size, old_root, root, proof)
    forged = root_of([*all_leaves[: old - 1], leaf_hash(b"forged")]) if old else node_hash(root, root)
    assert not verify_consistency(old, size, forged, root, proof)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 600), st.data())
def test_another_implementation_comes_to_the_same_roots_and_proofs(size, data):
    oracle = InmemoryTree(algorithm="sha256")
    for n in range(size):
        oracle.append_entry(str(n).encode())
    mine = leaves(size)
    assert root_of(mine) == oracle.get_root(size)
    if size:
        index = data.draw(st.integers(0, size - 1))
        theirs = oracle.prove_inclusion(index + 1, size)
        assert inclusion_proof(index, size, nodes_of(mine)) == [bytes(hash_) for hash_ in theirs.path[1:]]


@given(st.lists(st.integers(1, 300), max_size=6))
def test_appending_in_parts_gives_the_same_tree_as_all_at_once(parts):
    all_leaves = leaves(sum(parts))
    tree, at, kept = Frontier(), 0, []
    for part in parts:
        tree = Frontier.from_bytes(tree.size, tree.to_bytes())  # as it lies between two folds
        kept += tree.extend(all_leaves[at : at + part])
        at += part
    at_once = Frontier()
    assert at_once.extend(all_leaves) == kept
    assert (tree.size, tree.root()) == (len(all_leaves), at_once.root())


def test_a_frontier_that_is_not_of_that_size_is_refused():
    with pytest.raises(ValueError, match="no frontier"):
        Frontier.from_bytes(5, bytes(32))
    with pytest.raises(ValueError, match="no frontier"):
        Frontier.from_bytes(1, bytes(31))


def test_there_is_no_proof_of_what_is_not_there():
    for index, size in ((0, 0), (3, 3), (-1, 3)):
        with pytest.raises(ValueError, match="no leaf"):
            inclusion_proof(index, size, nodes_of(leaves(3)))
    with pytest.raises(ValueError, match="does not grow"):
        consistency_proof(3, 2, nodes_of(leaves(3)))
