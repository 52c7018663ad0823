"""What moderators and officials did with a contribution, as small signs beside its words."""

from dataclasses import dataclass

from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from comments.models import Mark
from comments.moderation.kinds import Contribution
from comments.moderation.marks import is_public
from frontend.templatetags.asamblea import icon


@dataclass(frozen=True)
class Badge:
    """``kind``: its class; ``icon``: of ``icons.svg``."""

    kind: str
    icon: str
    label: str


def badges_of(thing: Contribution, *, inside: bool = False) -> list[Badge]:
    """Of what waits, is locked or marked. inside: for officials, with the marks that only they see.

    That something is hidden stands in place of its words, with the reason: it is no badge.
    """
    found = []
    if thing.held_at:
        found.append(Badge("held", "clock", gettext("Waits for a moderator")))
    if getattr(thing, "locked_at", None):
        found.append(Badge("locked", "lock", gettext("Conversation locked")))
    if thing.mark and (inside or is_public(thing.mark)):
        found.append(Badge(f"marked {thing.mark}", "mark", mark_label(thing.mark)))
    return found


def badges_html(thing: Contribution, *, inside: bool = False) -> SafeString | str:
    """The same as ``comments/badges.html`` draws, for cards that are drawn by the hundred. Empty for most."""
    found = badges_of(thing, inside=inside)
    if not found:
        return ""
    rows = ((badge.kind, icon(badge.icon), badge.label) for badge in found)
    return SafeString(
        '<p class="row badges">' + format_html_join("", '<span class="badge {}">{}{}</span>', rows) + "</p>"
    )


def mark_label(mark: str) -> str:
    return str(Mark(mark).label)
