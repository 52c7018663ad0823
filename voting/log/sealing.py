"""Appending to a poll's log: entries get numbers and hashes, the tree grows, its head is signed.

Everything here runs inside a transaction that holds the poll's fold lock: one writer of a log at a time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from consultations.clock import database_now
from voting.ledger import entries
from voting.ledger.note import Head
from voting.ledger.tree import Frontier, Subtree, leaf_hash
from voting.log.manifest import manifest_of
from voting.log.signing import host, signer
from voting.models import Poll, Seal

Entry = tuple[bytes, UUID | None]  # its bytes, and whose ballot it is; None for a statement


@dataclass
class Log:
    """The end of a poll's log."""

    poll: Poll
    origin: str
    tree: Frontier

    @classmethod
    def of(cls, poll: Poll) -> "Log":
        """As it is sealed. One that has nothing in it yet is given its manifest: the rules are frozen by that."""
        last = Seal.objects.filter(poll=poll).order_by("-number").first()
        if last is not None:
            return cls(poll, last.head.partition("\n")[0], last.tree)
        log = cls(poll, origin_of(poll), Frontier())
        log.state(entries.MANIFEST, manifest_of(poll, log.origin, signer()[0].verifying))
        return log

    @property
    def number(self) -> int:
        """Of the last entry."""
        return self.tree.size - 1

    def state(self, kind: str, body: Mapping[str, Any]) -> int:
        """Append a statement; return its number."""
        self._append([(entries.statement_entry(kind, self.origin, body), None)])
        return self.number

    def append_ballots(self, ballots: Iterable[tuple[UUID, bytes, int, bytes, int, bool]]) -> None:
        """Append ballots in this order: of each its id, pseudonym, revision, commitment, weight, whether on paper."""
        self._append(
            (entries.ballot_entry(str(pk), voter, revision, commitment, weight, is_paper), pk)
            for pk, voter, revision, commitment, weight, is_paper in ballots
        )

    def seal(self) -> Seal:
        """Sign the head."""
        at = database_now().replace(microsecond=0)
        key, row = signer()
        head = key.signed(Head(self.origin, self.tree.size, self.tree.root(), at).text())
        return Seal.objects.create(
            poll=self.poll,
            number=self.number,
            head=head,
            frontier=self.tree.to_bytes(),
            key=row,
            sealed_at=at,
        )

    def _append(self, added: Iterable[Entry]) -> None:
        """One statement for the leaves, however many they are, and one for the subtrees that they complete."""
        added = list(added)
        first = self.tree.size
        hashes = [leaf_hash(entry) for entry, _ in added]
        statements = ["" if ballot else entry.decode() for entry, ballot in added]
        completed = self.tree.extend(hashes)
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO voting_leaf (poll_id, number, ballot_id, statement, hash)
                SELECT %s, %s + place - 1, ballot, statement, hash
                FROM unnest(%s::uuid[], %s::text[], %s::bytea[]) WITH ORDINALITY AS new (ballot, statement, hash, place)
                """,
                [self.poll.pk, first, [ballot for _, ballot in added], statements, hashes],
            )
            if completed:
                cursor.executemany(
                    "INSERT INTO voting_subtree (poll_id, level, index, hash) VALUES (%s, %s, %s, %s)",
                    [_row(self.poll.pk, subtree) for subtree in completed],
                )


def origin_of(poll: Poll) -> str:
    """The name of the poll's log, which its heads begin with."""
    return f"{host()}/polls/{poll.pk}"


def _row(poll_id: int, subtree: Subtree) -> tuple[int, int, int, bytes]:
    return poll_id, subtree.level, subtree.index, subtree.hash
