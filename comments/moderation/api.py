"""The open book of moderation, for programs."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Role
from comments.models import Appeal, ModerationDecision
from consultations.api import ChoiceOrNone, OfConsultation, asked, of_asked_consultation
from consultations.models import Consultation


class AppealSerializer(serializers.ModelSerializer[Appeal]):
    outcome = ChoiceOrNone(Appeal.Outcome.choices, help_text="Empty: nobody has answered it yet.")
    role = ChoiceOrNone(Role.choices, help_text="Of whoever answered; empty before.")

    class Meta:
        model = Appeal
        fields = ["made_at", "outcome", "answer", "answered_at", "role", "is_by_same_person"]


class ModerationDecisionSerializer(serializers.ModelSerializer[ModerationDecision]):
    consultation = serializers.SlugRelatedField[Consultation](slug_field="slug", read_only=True)
    text_sha256 = serializers.CharField(
        source="text_hash",
        read_only=True,
        help_text="Of a secret salt, a line feed and the text that was removed. Empty where none was.",
    )
    appeal = AppealSerializer(read_only=True, allow_null=True, default=None)

    class Meta:
        model = ModerationDecision
        fields = [
            "id",
            "consultation",
            "decided_at",
            "act",
            "role",
            "subject",
            "subject_number",
            "ground",
            "reason",
            "mark",
            "text_sha256",
            "undone_at",
            "appeal",
        ]


class ModerationViewSet(viewsets.ReadOnlyModelViewSet[ModerationDecision]):
    """Every act of moderation in consultations that the person may see: by role, without names or texts."""

    queryset = ModerationDecision.objects.none()
    serializer_class = ModerationDecisionSerializer
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[ModerationDecision]:
        visible = Consultation.objects.visible_to(self.request.user)
        rows = ModerationDecision.objects.filter(consultation__in=visible.values("pk"))
        if self.action == "list":
            rows = of_asked_consultation(rows, asked(self.request, OfConsultation))
        return rows.select_related("consultation", "appeal")

    @extend_schema(parameters=[OfConsultation])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)
