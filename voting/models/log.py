"""What stands in the sealed log of a poll, and the keys that sign it. Rows of this module are only ever added.

Written by ``voting/log/sealing.py`` and ``signing.py`` alone; ``voting/ballots/triggers.py`` keeps it unchanged.
"""

import json
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from voting.ledger.entries import BALLOT
from voting.ledger.note import VerifyingKey
from voting.ledger.tree import Frontier


class SigningKey(models.Model):
    """The public half of a key of this installation. The newest one signs; the others signed what is older."""

    name = models.CharField(max_length=255)
    public = models.BinaryField(max_length=32, unique=True)
    endorsement = models.TextField(blank=True)  # its predecessor's signature on it, a note; empty for the first
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return str(self.verifying)

    @property
    def verifying(self) -> VerifyingKey:
        return VerifyingKey(self.name, bytes(self.public))


class Leaf(models.Model):
    """One entry of the poll's log, a ballot or a statement, by its number: 0 is the manifest, then as they were sealed.

    Within one seal ballots stand in the order of their commitments, which says nothing about time.
    """

    poll = models.ForeignKey("voting.Poll", on_delete=models.PROTECT, related_name="leaves", db_index=False)
    number = models.PositiveIntegerField()
    ballot = models.OneToOneField("voting.Ballot", null=True, on_delete=models.PROTECT, related_name="leaf")
    statement = models.TextField(blank=True)  # the entry itself: a manifest, an amendment or the close
    hash = models.BinaryField(max_length=32)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "number"], name="one_entry_a_number"),
            models.CheckConstraint(
                condition=Q(ballot__isnull=False, statement="") | Q(ballot__isnull=True) & ~Q(statement=""),
                name="a_ballot_or_a_statement",
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @property
    def kind(self) -> str:
        """What it is: a ballot, or which statement (``voting/ledger/entries.py``)."""
        return str(json.loads(self.statement)["kind"]) if self.statement else BALLOT


class Subtree(models.Model):
    """The hash of a full subtree of the log's tree, of each eighth level, so that a proof need not read all leaves."""

    poll = models.ForeignKey("voting.Poll", on_delete=models.PROTECT, related_name="subtrees", db_index=False)
    level = models.PositiveSmallIntegerField()
    index = models.PositiveIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "level", "index"], name="one_subtree_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.index} of level {self.level}"


class Seal(models.Model):
    """A signed head: the state of the log as of an entry's number. One for each fold that had something to do."""

    poll = models.ForeignKey("voting.Poll", on_delete=models.PROTECT, related_name="seals", db_index=False)
    number = models.PositiveIntegerField()  # of the last entry
    head = models.TextField()  # the signed note
    frontier = models.BinaryField()  # what appending needs of the tree
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+", db_index=False)
    sealed_at = models.DateTimeField()  # to the second, as in the head

    class Meta:
        get_latest_by = "number"
        constraints: ClassVar = [models.UniqueConstraint(fields=["poll", "number"], name="one_seal_a_number")]

    def __str__(self) -> str:
        return f"{self.poll_id} at {self.number}"

    @property
    def size(self) -> int:
        return self.number + 1

    @property
    def tree(self) -> Frontier:
        return Frontier.from_bytes(self.size, bytes(self.frontier))


class TimeStamp(models.Model):
    """That somebody else has seen a head by a certain time. ``stamped_at`` None: their service has not decided yet."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="stamps")
    service = models.CharField(max_length=16)
    data = models.JSONField()  # what proves it, in the service's own form
    stamped_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.service} of {self.seal_id}"
