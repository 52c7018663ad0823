"""What became of what won: pledges with milestones and dated reports, as a script tells them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from consultations.milestones.reporting import add_milestone
from consultations.milestones.starting import create_pledge, start_follow_up
from consultations.models import Consultation, Pledge, Report


def follow_up(consultation: Consultation, script: dict[str, Any], now: datetime) -> None:
    """``pledges``: for a title that won, or a goal by itself, its ``milestones``; days count from today.

    What won is followed up only where the script tells of it.
    """
    if "pledges" not in script:
        return
    editor = User.objects.get(email=script["editor"])
    if consultation.polls.filter(outcome__isnull=False).exists():
        start_follow_up(consultation=consultation, actor=editor)
    for told in script["pledges"]:
        pledge = Pledge.objects.filter(consultation=consultation, title=told["title"]).first()
        if pledge is None:
            pledge = create_pledge(
                consultation=consultation, actor=editor, title=told["title"], body=told.get("body", "")
            )
        for step in told["milestones"]:
            _write(pledge, step, editor, now)


def _write(pledge: Pledge, told: dict[str, Any], editor: User, now: datetime) -> None:
    planned = timezone.localdate(now) + timedelta(days=told["planned"])
    milestone = add_milestone(pledge=pledge, actor=editor, title=told["title"], planned_for=planned)
    for days, status, body, *spent in told.get("reports", []):
        Report.objects.create(
            milestone=milestone,
            status=status,
            body=body,
            spent_cents=spent[0] * 100 if spent else None,
            reported_by=editor,
            reported_at=now + timedelta(days=days),
        )
