"""Who may do what with agencies. The whole policy of this room.

=============================  =======================================  ==========================
permission                     lets you                                 who
=============================  =======================================  ==========================
accounts.view_agency           see an agency and its public page        anyone
accounts.manage_members_agency add members and change their roles       owner
accounts.open_consultation_…   open consultations in its name           owner, editor
accounts.change_agency         give it a logo                           owner
accounts.verify_people_agency  record whose identity was seen           owner, administrator; no community's
accounts.add_agency            create agencies, appoint first owners    administrator (no object)
=============================  =======================================  ==========================
"""

from accounts.access import Person, Rule
from accounts.models import Agency, Role
from accounts.refusals import NEEDS_ACCOUNT, NOT_GRANTED, Reason

ADMINISTRATORS = "administrators"  # the group that holds accounts.add_agency

# Codenames on an agency that each role's group is granted.
AGENCY_GRANTS: dict[Role, set[str]] = {
    Role.OWNER: {"manage_members_agency", "change_agency", "open_consultation_agency"},
    Role.EDITOR: {"open_consultation_agency"},
    Role.MODERATOR: set(),
    Role.ANALYST: set(),
    Role.MEMBER: set(),
}


def anyone(user: Person, agency: Agency) -> Reason | None:
    return None


def verifier(user: Person, agency: Agency) -> Reason | None:
    """An owner of the agency, or an administrator. A community has no desk where people show their papers."""
    if not user.is_authenticated:
        return NEEDS_ACCOUNT
    may = user.has_perm("accounts.manage_members_agency", agency) or user.has_perm("accounts.add_agency")
    return None if may and not agency.is_community else NOT_GRANTED


RULES: dict[str, Rule] = {
    "accounts.view_agency": anyone,
    "accounts.verify_people_agency": verifier,
}
