"""Who may do what to which object: one question, ``user.has_perm("app.verb_model", obj)``, and why not.

The answer comes from two places: what was granted (guardian; ``roles.py`` grants) and what follows from facts (a
rule in the ``permissions.py`` of the room that the permission belongs to). Nothing else in the product decides.
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models

from accounts.models import User
from accounts.refusals import NEEDS_ACCOUNT, NOT_GRANTED, NotPermitted, Reason

Person = User | AnonymousUser
# None: allowed. Otherwise: why not.
Rule = Callable[[Person, Any], Reason | None]


def rule_for(permission: str) -> Rule | None:
    """The rule of facts for ``permission`` ("app.codename"), from the ``RULES`` of that app's ``permissions.py``."""
    app_label, _, _ = permission.partition(".")
    rules: dict[str, Rule] = getattr(import_module(f"{app_label}.permissions"), "RULES", {})
    return rules.get(permission)


def why_not(user: Person, permission: str, obj: models.Model) -> Reason | None:
    """None if ``user`` may; otherwise the reason, with what would help."""
    if user.has_perm(permission, obj):
        return None
    rule = rule_for(permission)
    reason = rule(user, obj) if rule else None
    if reason:
        return reason
    return NOT_GRANTED if user.is_authenticated else NEEDS_ACCOUNT


def require(user: Person, permission: str, obj: models.Model) -> None:
    """Raise NotPermitted, with the reason, unless ``user`` may."""
    reason = why_not(user, permission, obj)
    if reason:
        raise NotPermitted(reason)


def granted_on(permission: str, parent: str) -> Rule:
    """A rule that asks ``permission`` of another object: the one at the end of ``parent``, "proposal.consultation"."""

    def rule(user: Person, obj: Any) -> Reason | None:
        for name in parent.split("."):
            obj = getattr(obj, name)
        return why_not(user, permission, obj)

    return rule
