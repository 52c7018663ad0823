"""The follow-up for programs, to read."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from consultations.api import OfConsultation, asked, of_asked_consultation
from consultations.milestones.queries import visible_pledges
from consultations.milestones.standing import step_of, today, with_standing
from consultations.models import Consultation, Milestone, Pledge, Report, Status


class ReportSerializer(serializers.ModelSerializer[Report]):
    photo = serializers.CharField(source="photo_url", read_only=True, help_text="Its address; empty if there is none.")

    class Meta:
        model = Report
        fields = ["id", "status", "body", "spent_cents", "old_planned_for", "new_planned_for", "reported_at", "photo"]


class MilestoneSerializer(serializers.ModelSerializer[Milestone]):
    status = serializers.SerializerMethodField(help_text="As the newest report says.")
    is_overdue = serializers.SerializerMethodField(help_text="By the clock, from the day after planned_for.")
    reports = ReportSerializer(many=True, read_only=True, help_text="The oldest first.")

    class Meta:
        model = Milestone
        fields = ["id", "title", "planned_for", "status", "is_overdue", "reports"]

    @extend_schema_field(serializers.ChoiceField(choices=Status.values))
    def get_status(self, milestone: Milestone) -> str:
        return step_of(milestone, self.context["today"]).status.value

    def get_is_overdue(self, milestone: Milestone) -> bool:
        return step_of(milestone, self.context["today"]).is_overdue


class PledgeSerializer(serializers.ModelSerializer[Pledge]):
    consultation = serializers.SlugRelatedField[Consultation](slug_field="slug", read_only=True)
    title = serializers.CharField(source="shown_title", read_only=True)
    milestones = MilestoneSerializer(many=True, read_only=True)

    class Meta:
        model = Pledge
        fields = [
            "id", "consultation", "proposal", "district", "title", "body", "promised_cents", "created_at", "milestones",
        ]  # fmt: skip


class PledgeViewSet(viewsets.ReadOnlyModelViewSet[Pledge]):
    """What was decided and is to be carried out, with its milestones and every report on them."""

    queryset = Pledge.objects.none()
    serializer_class = PledgeSerializer

    def get_queryset(self) -> QuerySet[Pledge]:
        steps = with_standing(Milestone.objects.prefetch_related("reports"))
        rows = visible_pledges(self.request.user).select_related("consultation", "proposal").order_by("pk")
        rows = rows.prefetch_related(Prefetch("milestones", steps))
        if self.action != "list":
            return rows
        return of_asked_consultation(rows, asked(self.request, OfConsultation))

    @extend_schema(parameters=[OfConsultation])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @cached_property
    def today(self) -> date:
        """One day for the whole answer."""
        return today()

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "today": self.today}
