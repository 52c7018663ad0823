"""Roles: a group for each agency and role, which holds object permissions.

Membership rows are the data; the groups follow from them. ``grant`` and ``set_roles`` are the only places that write
guardian's tables and the groups of a person, and each sets exactly what the tables of ``permissions.py`` say.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from guardian.utils import get_group_obj_perms_model

from accounts import audit
from accounts.models import Agency, Membership, Role, User
from accounts.permissions import AGENCY_GRANTS


def role_groups(agency: Agency) -> dict[Role, Group]:
    """The group of each role of an agency; made when missing."""
    names = {role: f"agency {agency.pk} {role.value}" for role in Role}
    found = {group.name: group for group in Group.objects.filter(name__in=names.values())}
    missing = [Group(name=name) for name in names.values() if name not in found]
    if missing:
        Group.objects.bulk_create(missing, ignore_conflicts=True)
        found = {group.name: group for group in Group.objects.filter(name__in=names.values())}
    return {role: found[name] for role, name in names.items()}


def grant(obj: models.Model, grants: Mapping[Group, Iterable[str]]) -> None:
    """Give each group exactly these codenames on ``obj``; groups that are not named keep nothing."""
    table: Any = get_group_obj_perms_model(obj)
    content_type = ContentType.objects.get_for_model(obj)
    permissions = {p.codename: p for p in Permission.objects.filter(content_type=content_type)}
    wanted = {(group.pk, permissions[codename].pk) for group, names in grants.items() for codename in names}
    on_object = (
        {"content_type": content_type, "object_pk": str(obj.pk)}
        if table.objects.is_generic()
        else {"content_object": obj}
    )
    with transaction.atomic():
        held = {(row.group_id, row.permission_id): row.pk for row in table.objects.filter(**on_object)}
        table.objects.filter(pk__in=[pk for key, pk in held.items() if key not in wanted]).delete()
        table.objects.bulk_create(
            [table(group_id=group, permission_id=perm, **on_object) for group, perm in wanted - held.keys()],
            ignore_conflicts=True,
        )


def grant_agency_roles(agency: Agency) -> None:
    """Let the role groups of an agency do what ``AGENCY_GRANTS`` says."""
    grant(agency, {group: AGENCY_GRANTS[role] for role, group in role_groups(agency).items()})


def set_roles(
    *, agency: Agency, user: User, roles: Iterable[Role], actor: User | None, on_behalf_of: Agency | None = None
) -> Membership | None:
    """Give ``user`` exactly these roles in ``agency``; none ends the membership. Records who did it.

    Asks no permission: ``members.py`` does. Takes a lock on the agency's row.
    """
    wanted = [role.value for role in Role if role in set(roles)]
    with transaction.atomic():
        Agency.objects.select_for_update().get(pk=agency.pk)
        before = Membership.objects.filter(agency=agency, user=user).first()
        groups = role_groups(agency)
        user.groups.remove(*[group for role, group in groups.items() if role.value not in wanted])
        user.groups.add(*[group for role, group in groups.items() if role.value in wanted])
        membership = None
        if wanted:
            membership, _ = Membership.objects.update_or_create(
                agency=agency, user=user, defaults={"roles": wanted, "on_behalf_of": on_behalf_of}
            )
        elif before:
            before.delete()
        audit.record(
            "accounts.roles_changed",
            actor=actor,
            on=agency,
            user_id=user.pk,
            old=before.roles if before else [],
            new=wanted,
        )
    return membership
