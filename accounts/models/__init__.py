"""The data of this room. One file for what belongs together; import from here."""

from accounts.models.audit import AuditEntry
from accounts.models.checks import IdentityCheck
from accounts.models.consents import Consent
from accounts.models.files import AgencyLogo
from accounts.models.notices import Announcement, Letter, MailChoice, Notice
from accounts.models.people import Agency, AgencyGroupObjectPermission, Membership, Pace, Role, User, UserManager

__all__ = [
    "Agency",
    "AgencyGroupObjectPermission",
    "AgencyLogo",
    "Announcement",
    "AuditEntry",
    "Consent",
    "IdentityCheck",
    "Letter",
    "MailChoice",
    "Membership",
    "Notice",
    "Pace",
    "Role",
    "User",
    "UserManager",
]
