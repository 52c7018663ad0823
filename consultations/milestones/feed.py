"""What the feeds tell of the follow-up: each report, and that something is being carried out."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.utils.translation import gettext

from consultations.feeds.entries import ENTRIES, Entry
from consultations.models import Report


def reports(consultation_ids: Collection[int], now: datetime) -> Iterable[Entry]:
    """The newest reports on milestones. One query."""
    found = Report.objects.filter(
        milestone__pledge__consultation__in=consultation_ids, reported_at__lte=now
    ).select_related("milestone__pledge__proposal")
    for report in found.order_by("-pk")[:ENTRIES]:
        pledge = report.milestone.pledge
        facts = {
            "pledge": pledge.shown_title,
            "milestone": report.milestone.title,
            "status": report.get_status_display(),
        }
        yield Entry(
            key=f"report-{report.pk}",
            title=gettext("%(pledge)s: %(milestone)s, %(status)s") % facts,
            path=f"{pledge.get_absolute_url()}#milestone-{report.milestone_id}",
            at=report.reported_at,
            consultation_id=pledge.consultation_id,
            summary=report.body,
        )
