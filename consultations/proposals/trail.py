"""The trail of merges and splits, brought with the proposal by the query that fetches it."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, OuterRef, QuerySet, TextField, Value, When
from django.db.models.functions import JSONObject

from consultations.models import Proposal, Succession


def with_trail(proposals: "QuerySet[Proposal]") -> "QuerySet[Proposal]":
    """With ``went_to`` and ``came_from``: dicts of pk, title, author, kind, reason, supports. Of a hidden or withdrawn
    one the title is a dash."""
    steps = Succession.objects.filter(undone_at__isnull=True).order_by("pk")
    return proposals.annotate(
        went_to=ArraySubquery(steps.filter(source=OuterRef("pk")).values(row=_row("result"))),
        came_from=ArraySubquery(steps.filter(result=OuterRef("pk")).values(row=_row("source"))),
    )


def _row(end: str) -> JSONObject:
    in_sight = {f"{end}__hidden_at__isnull": True, f"{end}__withdrawn_at__isnull": True}
    return JSONObject(
        pk=f"{end}_id",
        title=Case(When(**in_sight, then=F(f"{end}__title")), default=Value("—"), output_field=TextField()),
        author=Case(When(**in_sight, then=F(f"{end}__author__name")), default=Value(""), output_field=TextField()),
        kind="kind",
        reason="reason",
        supports="supports_then",
    )
