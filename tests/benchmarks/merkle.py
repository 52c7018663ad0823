"""The Merkle tree at a million leaves: built, appended to, proven, verified. Prints one JSON line.

    python -m tests.benchmarks.merkle [--leaves 1000000]

Pure Python on one core, no database. ``verify.py`` rebuilds such a tree once, to check an export.
"""

import argparse
import json
import random
import time

from voting.ledger.tree import (
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    nodes_of,
    verify_consistency,
    verify_inclusion,
)

PROOFS = 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--leaves", type=int, default=1_000_000)
    count = parser.parse_args().leaves
    chance = random.Random(1)

    began = time.perf_counter()
    leaves = [leaf_hash(b"%d" % number) for number in range(count)]
    hashed = time.perf_counter()
    tree = Frontier()
    tree.extend(leaves)
    built = time.perf_counter()
    for number in range(PROOFS):  # a seal each: one leaf, then the root
        tree.extend([leaf_hash(b"more %d" % number)])
        tree.root()
    appended = time.perf_counter()

    nodes = nodes_of(leaves)
    root = Frontier()
    root.extend(leaves)
    top = root.root()
    old = count // 3
    before = Frontier()
    before.extend(leaves[:old])
    old_root = before.root()

    places = [chance.randrange(count) for _ in range(PROOFS)]
    started = time.perf_counter()
    proofs = [inclusion_proof(place, count, nodes) for place in places]
    proven = time.perf_counter()
    assert all(verify_inclusion(leaves[p], p, count, proof, top) for p, proof in zip(places, proofs, strict=True))
    verified = time.perf_counter()
    assert verify_consistency(old, count, old_root, top, consistency_proof(old, count, nodes))
    consistent = time.perf_counter()
    print(
        json.dumps(
            {
                "benchmark": "merkle",
                "leaves": count,
                "hash_seconds": round(hashed - began, 2),
                "build_seconds": round(built - hashed, 2),
                "append_and_root_us": round((appended - built) / PROOFS * 1e6, 1),
                "inclusion_proof_ms": round((proven - started) / PROOFS * 1e3, 3),
                "inclusion_hashes_at_most": max(map(len, proofs)),
                "verify_inclusion_us": round((verified - proven) / PROOFS * 1e6, 1),
                "consistency_prove_and_verify_ms": round((consistent - verified) * 1e3, 2),
            }
        )
    )


if __name__ == "__main__":
    main()
