"""Ballots as cast, their count and their outcome. The ballot's life is told in ``docs/architecture.md``.

A ballot row never changes; a voter's highest revision stands. Nothing here but ``Observer`` and ``RollEntry`` knows
persons, and an entry is written at the close, when the link to the ballots is destroyed.
"""

import secrets
import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from voting.models.polls import Poll


def _new_secret() -> bytes:
    return secrets.token_bytes(32)


class PollSecret(models.Model):
    """What links voters and ballots while a poll is open. Deleted at the close."""

    poll = models.OneToOneField(Poll, primary_key=True, on_delete=models.CASCADE, related_name="secret")
    key = models.BinaryField(default=_new_secret, editable=False)

    def __str__(self) -> str:
        return f"secret of poll {self.poll_id}"


class Ballot(models.Model):
    """One ballot as cast: who cast it is hidden behind a pseudonym, what it says behind a commitment. No time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # Without an index of its own: the constraint's begins with the poll, and where there are two the planner may read
    # all ballots of the poll to find those of one voter.
    # And without a foreign key in the database: its check would lock the poll's row, the same for every voter. The
    # guard of the table (triggers.py) checks instead, and keeps a poll with ballots.
    poll = models.ForeignKey(
        Poll, on_delete=models.PROTECT, related_name="ballots", db_index=False, db_constraint=False
    )
    pseudonym = models.BinaryField(max_length=32)  # HMAC-SHA256 of the voter under the poll's secret
    revision = models.PositiveIntegerField()  # 1, 2, 3 … of this voter; the highest one stands
    commitment = models.BinaryField(max_length=32)  # SHA-256 of salt and choices
    weight = models.PositiveIntegerField(default=1, db_default=1)  # of the voter's entry on the roll; in the log
    is_paper = models.BooleanField(default=False, db_default=False)  # typed in by clerks (models/paper.py); in the log

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="a_ballot_weighs_1_at_least"),
            models.UniqueConstraint(fields=["poll", "pseudonym", "revision"], name="one_standing_ballot_per_voter"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def as_logged(self) -> tuple[str, bytes, int, bytes, int, bool]:
        """What its entry in the log says: id, pseudonym, revision, commitment, weight, and whether it was on paper."""
        pseudonym, commitment = bytes(self.pseudonym), bytes(self.commitment)
        return str(self.pk), pseudonym, self.revision, commitment, self.weight, self.is_paper


class Opening(models.Model):
    """Salt and choices of a ballot. Deleted when the ballot is superseded; the only part that ever is."""

    # No foreign keys in the database here and in the queue: the statement that writes them writes the ballot too, and
    # ballots are never deleted.
    ballot = models.OneToOneField(
        Ballot, primary_key=True, on_delete=models.PROTECT, related_name="opening", db_constraint=False
    )
    salt = models.BinaryField(max_length=32)
    choices = models.JSONField()  # option id -> value, in the shape of the poll's method
    # Which account cast it, to whoever has the poll's secret: not always the account that the pseudonym leads to now.
    # In no export. Null where nobody's account did: on paper, or from a file.
    account_mark = models.BinaryField(max_length=16, null=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_mark"], condition=Q(account_mark__isnull=False), name="openings_by_account")
        ]

    def __str__(self) -> str:
        return f"opening of {self.ballot_id}"


class QueuedBallot(models.Model):
    """A ballot that waits for the next fold."""

    ballot = models.OneToOneField(
        Ballot, primary_key=True, on_delete=models.PROTECT, related_name="queued", db_constraint=False
    )
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="queue", db_constraint=False)

    def __str__(self) -> str:
        return str(self.ballot_id)


class BallotDraft(models.Model):
    """What somebody has ticked and not cast: it never counts. Gone when they cast, and at the close.

    Under the same mark of the account as the opening, and with no person: so the row that a cast deletes tells no more
    than the ballot that it writes. No time either.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="drafts", db_index=False, db_constraint=False)
    account_mark = models.BinaryField(max_length=16)
    choices = models.JSONField()  # as in an opening, but unchecked: it may still be too much

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "account_mark"], name="one_draft_per_voter")]

    def __str__(self) -> str:
        return str(self.pk)


class Tally(models.Model):
    """The count as of now, kept up by the fold. Not in the log: it must say nothing about single ballots.

    ``shown`` is what people may see of it: the same, or where only auditors see ballots, as it stood when at least ten
    more people had voted than when it was shown before. There the newest such state is ``held`` until ten more have
    voted: so the close, which shows all, is a step of at least ten people as well.
    """

    poll = models.OneToOneField(Poll, primary_key=True, on_delete=models.PROTECT, related_name="tally")
    number = models.PositiveIntegerField()  # of the last ballot that it counts
    counted = models.JSONField()  # in the shape of the poll's method
    shown_number = models.PositiveIntegerField(default=0)
    shown = models.JSONField()
    shown_at = models.DateTimeField()
    held_number = models.PositiveIntegerField(default=0)
    held = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.poll_id} at {self.number}"


class Outcome(models.Model):
    """What the method decided from the final tally, with its explanation."""

    poll = models.OneToOneField(Poll, primary_key=True, on_delete=models.PROTECT, related_name="outcome")
    winners = models.JSONField()  # option ids, in the order in which they won
    ties = models.JSONField(default=list)  # lists of option ids that the votes did not tell apart
    explanation = models.JSONField(default=dict)  # in the shape of the poll's method
    salt = models.BinaryField(max_length=32, default=_new_secret, editable=False)  # of its commitment in the log
    decided_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"outcome of poll {self.poll_id}"


class Observer(models.Model):
    """Somebody accredited to see the single ballots of a poll after its close, where only auditors do.

    A row stays when the accreditation ends: who could see ballots is public for good.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="observers", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="observed_polls")
    accredited_at = models.DateTimeField(default=timezone.now, editable=False)
    dismissed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "user"], condition=Q(dismissed_at__isnull=True), name="accredited_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} observes {self.poll_id}"


class RollEntry(models.Model):
    """That somebody voted in a poll that is closed. Written at the close, in random order; never says what."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="roll", db_index=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="roll_entries")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "user"], name="one_roll_entry_per_person")]

    def __str__(self) -> str:
        return f"{self.user_id} voted in {self.poll_id}"
