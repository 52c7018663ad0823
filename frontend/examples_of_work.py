"""Made-up content for the page of all components: what officials, moderators and people who follow see."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext


def context(now: datetime) -> dict[str, Any]:
    return {
        "notices": _notices(now),
        "tasks": _tasks(now),
        "guide": _guide(),
        "attachments": _attachments(),
        "queue_item": _queue_item(now),
        "grounds": [("spam", gettext("It is advertising, or repeats itself")), ("other", gettext("Other"))],
        "marks": [("", gettext("None")), ("highlighted", gettext("Highlighted"))],
        "supported": {"pk": 0, "title": "", "support_count": 311, "comment_count": 12, "is_supported": True}
        | {"is_own": False, "is_shown": True},
        "not_supported": {"pk": 0, "title": "", "support_count": 1, "comment_count": 0, "is_supported": False}
        | {"is_own": False, "is_shown": True},
        "supports": {"is_shown": True, "is_open": True, "reason": None},
    }


def _notices(now: datetime) -> list[dict[str, Any]]:
    """As lines of ``accounts/notices`` are."""
    closes = gettext("“%(title)s” closes in two days.") % {"title": gettext("How should the avenue be?")}
    answered = gettext("%(agency)s answered your comment.") % {"agency": gettext("City of Example")}
    return [
        {"sentence": answered, "url": "#main", "is_read": False, "at": now - timedelta(minutes=12)},
        {"sentence": closes, "url": "#main", "is_read": True, "at": now - timedelta(days=1)},
    ]


def _tasks(now: datetime) -> list[dict[str, Any]]:
    """As ``consultations/desk/tasks.py`` makes them."""
    about = {"title": gettext("How should the avenue be?")}
    return [
        {"icon": "flag", "sentence": gettext("Reports to answer"), "is_urgent": True, "since": now - timedelta(hours=5)}
        | {"consultation": about},
        {"icon": "speech", "sentence": gettext("Replies that people wait for"), "is_urgent": False}
        | {"consultation": about},
    ]


def _guide() -> list[dict[str, Any]]:
    """As ``StepShown`` in consultations/opening/steps.py."""
    titles = [gettext("What"), gettext("Taking part"), gettext("Who"), gettext("When"), gettext("Look over")]
    return [
        {"number": number, "is_current": number == 2, "is_lacking": number == 4, "step": {"title": title}}
        for number, title in enumerate(titles, start=1)
    ]


def _attachments() -> list[dict[str, Any]]:
    kind = {"label": "PDF"}
    return [
        {"title": gettext("Draft of the avenue, with plans"), "url": "#main", "is_picture": False}
        | {"kind": kind, "suffix": "pdf", "size_bytes": 2_400_000},
    ]


def _queue_item(now: datetime) -> SimpleNamespace:
    """As ``comments/moderation/queue.py`` makes them. Its buttons lead nowhere: there is no comment 0."""
    target = SimpleNamespace(
        pk=0,
        author=SimpleNamespace(name="Mario R."),
        author_id=0,
        body=gettext("I buy gold and dollars, write to me!!!"),
        created_at=now - timedelta(days=2),
        get_absolute_url="#main",
        is_official=False,
        held_at=None,
        locked_at=None,
        mark="alert",
        root_id=None,
    )
    told = {"explanation": gettext("It is everywhere."), "created_at": now - timedelta(minutes=12)}
    return SimpleNamespace(
        target=target,
        kind=SimpleNamespace(name="comment"),
        anchor="queue-example",
        what="flags",
        flags=[told, told],
        grounds=[(gettext("It is advertising, or repeats itself"), 2)],
        explanations=[told],
        likely_ground="spam",
        consultation={"title": gettext("How should the avenue be?"), "get_absolute_url": "#main"},
    )
