"""What answers ``user.has_perm``: facts first (no query), then grants (one query an object and request)."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from guardian.core import ObjectPermissionChecker
from guardian.utils import get_group_obj_perms_model

from accounts.access import Person, rule_for
from accounts.models import Membership, Notice, User
from accounts.models.people import WORKING_ROLES
from accounts.prepared import prepared


class LogInBackend(AuthenticationBackend):
    """allauth's. It loads who is logged in with what the header of every page shows of them, in the one query."""

    def get_user(self, user_id: Any) -> User | None:
        person = next(iter(_logged_in(pk=user_id)), None)
        return person if person is not None and self.user_can_authenticate(person) else None


@prepared
def _logged_in(pk: Any) -> models.QuerySet[User]:
    unread = Notice.objects.filter(user=OuterRef("pk"), read_at__isnull=True).order_by().values("user")
    work = Membership.objects.filter(user=OuterRef("pk"), roles__overlap=WORKING_ROLES)
    found: Any = User.objects.filter(pk=pk)
    return found.annotate(unread_count=Coalesce(Subquery(unread.values(count=Count("pk"))), 0), has_work=Exists(work))


class FactsBackend(BaseBackend):
    """Allows what a rule of ``permissions.py`` allows: anyone, the author, a participant."""

    def has_perm(self, user_obj: Person, perm: str, obj: Any = None) -> bool:
        if obj is None or (user_obj.is_authenticated and not user_obj.is_active):
            return False
        rule = rule_for(perm)
        return rule is not None and rule(user_obj, obj) is None


class GroupChecker(ObjectPermissionChecker):
    """guardian's checker for a house where only groups are granted anything: one query instead of two."""

    def get_user_perms(self, obj: models.Model) -> "models.QuerySet[Any]":
        return Permission.objects.none().values_list("codename", flat=True)

    def get_group_perms(self, obj: models.Model) -> Any:
        grants: Any = get_group_obj_perms_model(obj)
        if grants.objects.is_generic():
            return super().get_group_perms(obj)
        return _granted(self.user, grants, thing=obj.pk)


@prepared
def _granted(user: Any, grants: Any, *, thing: Any) -> "models.QuerySet[Any]":
    found = grants.objects.filter(group__user=user.pk, content_object=thing)
    return found.values_list("permission__codename", flat=True).distinct()


class GrantsBackend(BaseBackend):
    """Allows what guardian has stored for the person's groups. Answers are kept for the life of the user instance."""

    def has_perm(self, user_obj: Person, perm: str, obj: Any = None) -> bool:
        if not isinstance(obj, models.Model) or not isinstance(user_obj, User) or not user_obj.is_active:
            return False
        app_label, _, codename = perm.partition(".")
        return app_label == obj._meta.app_label and codename in grants_of(user_obj).get_perms(obj)


def grants_of(user: User) -> GroupChecker:
    """The checker that remembers, for this instance of the user, what was asked already."""
    checker = getattr(user, "_grants", None)
    if checker is None:
        checker = user._grants = GroupChecker(user)  # type: ignore[attr-defined]
    return checker
