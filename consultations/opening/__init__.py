"""What an editor does before the public comes: draft, steps, publishing. Import the use cases from here."""

from consultations.opening.changing import CHANGED_MEANWHILE, change_consultation, version_of
from consultations.opening.deleting import WAS_PUBLISHED, delete_draft
from consultations.opening.drafting import create_consultation
from consultations.opening.phases import PhaseDates
from consultations.opening.publishing import publish_consultation
from consultations.opening.readiness import what_is_missing

__all__ = [
    "CHANGED_MEANWHILE",
    "WAS_PUBLISHED",
    "PhaseDates",
    "change_consultation",
    "create_consultation",
    "delete_draft",
    "publish_consultation",
    "version_of",
    "what_is_missing",
]
