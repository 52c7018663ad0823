"""What a file said of an election that was imported, beyond what a poll and its ballots hold. Nothing here is counted.

Only imported polls have rows here: of a ballot that was cast on this site nothing of the kind is known.
"""

from typing import ClassVar

from django.db import models

from voting.models.polls import Poll


class ImportedElection(models.Model):
    """The head of a Pabulib file, as written, so that it can go out again equal in meaning."""

    poll = models.OneToOneField(Poll, primary_key=True, on_delete=models.CASCADE, related_name="imported")
    vote_type = models.CharField(max_length=20)
    meta = models.JSONField()  # pairs of key and value, in the order of the file
    project_columns = models.JSONField()  # names
    projects = models.JSONField()  # a list of cells for each project, in the order of the file
    vote_columns = models.JSONField()  # names of those beyond voter, vote and points

    def __str__(self) -> str:
        return f"file of poll {self.poll_id}"


class ImportedVote(models.Model):
    """A vote of the file. The ballot of the same pseudonym says what was chosen."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="imported_votes", db_index=False)
    pseudonym = models.BinaryField(max_length=32)
    position = models.PositiveIntegerField()
    voter = models.TextField()  # what the file calls them
    about = models.JSONField(default=list)  # cells under the election's vote columns: age, sex, …
    # Pairs of project and points as the file has them, where the ballot says it otherwise: no points for a project,
    # points for all whom a vote does not name. None: the ballot says it all.
    written = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["poll", "position"], name="one_imported_vote_a_position")
        ]

    def __str__(self) -> str:
        return f"vote {self.position} of the file of poll {self.poll_id}"
