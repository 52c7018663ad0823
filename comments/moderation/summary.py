"""What waits for a moderator, in numbers: for the officials' desk."""

from dataclasses import dataclass

from accounts.access import Person
from comments.moderation.queue import counts_of, moderated_by, waiting_in
from consultations.models import Consultation


@dataclass(frozen=True)
class Summary:
    """Of one consultation: reported contributions, held ones, appeals."""

    consultation: Consultation
    flags: int
    held: int
    appeals: int

    @property
    def total(self) -> int:
        return self.flags + self.held + self.appeals


def moderation_summary(user: Person) -> list[Summary]:
    """For each consultation that the person moderates and in which something waits. Two queries."""
    consultations = moderated_by(user)
    waiting = waiting_in(consultations)
    found = []
    for consultation in consultations:
        counts = counts_of(row for row in waiting if row.consultation_id == consultation.pk)
        if any(counts.values()):
            found.append(Summary(consultation, **counts))
    return found
