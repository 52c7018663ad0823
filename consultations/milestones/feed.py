"""What the feeds tell of the follow-up: each report, and that something is being carried out."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext

from consultations.feeds.entries import ENTRIES, Entry
from consultations.models import Report


def reports(consultation_ids: Collection[int], now: datetime) -> Iterable[Entry]:
    """The newest reports on milestones. One query."""
    found = Report.objects.filter(
        milestone__commitment__consultation__in=consultation_ids, reported_at__lte=now
    ).select_related("milestone__commitment")
    for report in found.order_by("-pk")[:ENTRIES]:
        commitment = report.milestone.commitment
        facts = {
            "commitment": commitment.title,
            "milestone": report.milestone.title,
            "status": report.get_status_display(),
        }
        yield Entry(
            key=f"report-{report.pk}",
            title=gettext("%(commitment)s: %(milestone)s, %(status)s") % facts,
            path=f"{commitment.get_absolute_url()}#milestone-{report.milestone_id}",
            at=report.reported_at,
            consultation_id=commitment.consultation_id,
            summary=report.body,
        )
