"""Creating agencies and communities, and saying who works for them."""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.validators import slug_re
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.letters import tell_member
from accounts.logging_in import person_with
from accounts.models import Agency, AgencyGroupObjectPermission, Membership, Role, User
from accounts.permissions import ADMINISTRATORS
from accounts.refusals import NEEDS_ACCOUNT, NOT_GRANTED, Conflict, InvalidInput, NotPermitted, Reason
from accounts.roles import grant_agency_roles, set_roles

LAST_OWNER = Reason("last_owner", _("An agency needs at least one owner. Make somebody else an owner first."))
NO_MEMBER = Reason(
    "no_member", _("This person is no member any more. Add them again if they are to work for the agency.")
)
NO_AGENCY = Reason(
    "no_agency", _("You cannot open consultations in the name of any agency. Ask its owner to make you an editor.")
)


def create_agency(
    *,
    name: str,
    slug: str,
    owner: User,
    kind: Agency.Kind = Agency.Kind.AGENCY,
    description: str = "",
    actor: Person | None = None,
) -> Agency:
    """Make an agency or a community with its first owner.

    ``actor`` None is the operator at the command line; anybody else must hold ``accounts.add_agency``.
    Raises NotPermitted, or InvalidInput when the address or the name is taken.
    """
    if actor is not None:
        require_adding(actor)
    if slug == "new" or not slug_re.match(slug):  # /agencies/new/ is the form
        raise InvalidInput("bad_slug", _("Write an address of letters, numbers and hyphens."), field="slug")
    if Agency.objects.filter(name=name).exists():
        raise InvalidInput("name_taken", _("Another agency has this name."), field="name")
    if Agency.objects.filter(slug=slug).exists():
        raise InvalidInput("slug_taken", _("Another agency has this address. Choose a different one."), field="slug")
    with transaction.atomic():
        agency = Agency.objects.create(name=name, slug=slug, kind=kind, description=description)
        grant_agency_roles(agency)
        audit.record("accounts.agency_created", actor=actor, on=agency, name=name, kind=str(kind))
        set_roles(agency=agency, user=owner, roles=[Role.OWNER], actor=owner if actor is None else actor)  # type: ignore[arg-type]
        if actor is not None and actor != owner:
            tell_member(agency, owner, actor)
    return agency


def create_agency_for(*, owner_email: str, actor: Person, **agency: Any) -> Agency:
    """``create_agency`` for an owner known by e-mail, who is told. Where it is refused, no account is made."""
    with transaction.atomic():
        return create_agency(owner=person_with(owner_email), actor=actor, **agency)


def require_adding(actor: Person) -> None:
    """Raise NotPermitted unless ``actor`` may create agencies: a permission without an object."""
    if not actor.has_perm("accounts.add_agency"):
        raise NotPermitted(NOT_GRANTED if actor.is_authenticated else NEEDS_ACCOUNT)


def appoint_administrator(user: User) -> None:
    """Let ``user`` create agencies and appoint their owners. At the command line only."""
    group, _made = Group.objects.get_or_create(name=ADMINISTRATORS)
    group.permissions.set(Permission.objects.filter(content_type__app_label="accounts", codename="add_agency"))
    user.groups.add(group)


def add_member(
    *,
    agency: Agency,
    email: str,
    roles: Iterable[Role],
    actor: Person,
    name: str = "",
    on_behalf_of: Agency | None = None,
) -> Membership:
    """Make the person with this e-mail a member, and tell them by e-mail; an account is made if there is none.

    Raises NotPermitted, or InvalidInput without a role or for somebody who is a member already.
    """
    require(actor, "accounts.manage_members_agency", agency)
    roles = list(roles)
    if not roles:
        raise InvalidInput("no_role", _("Choose at least one role."), field="roles")
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)  # of two who add the same person one is told
        user = person_with(email, name)
        if Membership.objects.filter(agency=agency, user=user).exists():
            raise InvalidInput("member_already", _("This person is a member already. Change the roles below."), "email")
        membership = set_roles(agency=agency, user=user, roles=roles, actor=actor, on_behalf_of=on_behalf_of)  # type: ignore[arg-type]
        tell_member(agency, user, actor)
    assert membership is not None
    return membership


def change_roles(*, membership: Membership, roles: Iterable[Role], actor: Person) -> Membership | None:
    """Give a member exactly these roles; none ends the membership.

    Raises NotPermitted, or Conflict when the agency would be left without an owner or the member is gone meanwhile.
    """
    agency = membership.agency
    require(actor, "accounts.manage_members_agency", agency)
    roles = set(roles)
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        if not Membership.objects.filter(pk=membership.pk).exists():  # removed while this request waited
            raise Conflict(NO_MEMBER)
        if Role.OWNER not in roles and not _other_owners(membership).exists():
            raise Conflict(LAST_OWNER)
        return set_roles(
            agency=agency,
            user=membership.user,
            roles=roles,
            actor=actor,  # type: ignore[arg-type]
            on_behalf_of=membership.on_behalf_of,
        )


def agencies_to_open_for(user: Person) -> QuerySet[Agency]:
    """Those in whose name ``user`` may open consultations."""
    if not isinstance(user, User) or not user.is_active:
        return Agency.objects.none()
    granted = AgencyGroupObjectPermission.objects.filter(
        group__user=user.pk, permission__codename="open_consultation_agency"
    )
    return Agency.objects.filter(pk__in=granted.values("content_object"))


def _other_owners(membership: Membership) -> QuerySet[Membership]:
    return Membership.objects.filter(agency=membership.agency, roles__contains=[Role.OWNER.value]).exclude(
        pk=membership.pk
    )
