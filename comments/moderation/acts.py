"""What moderators do about a contribution: the address word of each act, its use case, its form and its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from comments.models import ModerationDecision
from comments.moderation import moderating
from comments.moderation.forms import DecisionForm, RemovalForm

Act = ModerationDecision.Act


@dataclass(frozen=True)
class Deed:
    """``title`` and ``button`` of its page, and what is said when it is ``done``."""

    act: str
    use_case: Callable[..., ModerationDecision]
    form: type[DecisionForm]
    title: Text
    button: Text
    done: Text


DEEDS: dict[str, Deed] = {
    "hide": Deed(
        Act.HIDDEN,
        moderating.hide,
        RemovalForm,
        _("Hide this from everybody"),
        _("Hide it and publish the reason"),
        _("It is hidden. Its place and your reason stay in sight."),
    ),
    "restore": Deed(
        Act.RESTORED,
        moderating.restore,
        DecisionForm,
        _("Show this again"),
        _("Show it again and publish the reason"),
        _("It is shown again."),
    ),
    "keep": Deed(
        Act.KEPT,
        moderating.keep,
        DecisionForm,
        _("Keep this as it is"),
        _("Keep it and publish the reason"),
        _("It stays as it is. Its reports are answered."),
    ),
    "release": Deed(
        Act.RELEASED,
        moderating.release,
        DecisionForm,
        _("Publish this"),
        _("Publish it"),
        _("It is published."),
    ),
    "refuse": Deed(
        Act.REFUSED,
        moderating.refuse,
        RemovalForm,
        _("Do not publish this"),
        _("Do not publish it, and publish the reason"),
        _("It is not published. Its place and your reason are in sight."),
    ),
    "lock": Deed(
        Act.LOCKED,
        moderating.lock,
        DecisionForm,
        _("Lock this conversation"),
        _("Lock it and publish the reason"),
        _("The conversation is locked: nobody answers in it any more."),
    ),
    "unlock": Deed(
        Act.UNLOCKED,
        moderating.unlock,
        DecisionForm,
        _("Open this conversation again"),
        _("Open it again"),
        _("The conversation is open again."),
    ),
}


def arguments_of(form: DecisionForm) -> dict[str, Any]:
    """What the form gives to the use case."""
    return {name: form.cleaned_data[name] for name in ("reason", "ground") if name in form.cleaned_data}
