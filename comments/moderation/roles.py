"""In which role somebody moderates: what the open book says in place of a name."""

from accounts.models import Membership, Role, User
from consultations.models import Consultation

IN_ORDER = (Role.MODERATOR, Role.OWNER, Role.EDITOR)


def role_of(actor: User, consultation: Consultation) -> Role:
    """The role in which ``actor`` may act here; the one closest to moderating where there are several. One query."""
    membership = Membership.objects.filter(user=actor, agency=consultation.agency_id).first()
    held = membership.roles if membership else []
    return next((role for role in IN_ORDER if role.value in held), Role.MODERATOR)


def others_who_moderate(actor: User, consultation: Consultation) -> list[User]:
    """Everybody else whom a group of theirs lets moderate here."""
    groups = consultation.consultationgroupobjectpermission_set.filter(permission__codename="moderate_consultation")
    people = User.objects.filter(groups__in=groups.values("group"), is_active=True).exclude(pk=actor.pk)
    return list(people.distinct())
