"""Consultations, for programs, and what the interfaces of all rooms share. What a person may not see is not found."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model, Prefetch, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from consultations.clock import State, database_now
from consultations.models import Budget, Consultation, District, Phase
from consultations.open_data.pseudonyms import author_number

# --- What the rooms above share


class OfConsultation(serializers.Serializer[Any]):
    """The query of a list whose rows belong to consultations."""

    consultation = serializers.SlugField(required=False, help_text="Only what belongs to this consultation (its slug).")


def asked(request: Request, query: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """What the query string asks for. Raises ValidationError (400) for what cannot be meant."""
    serializer = query(data=request.query_params)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def of_asked_consultation(rows: QuerySet[Any], query: dict[str, Any]) -> QuerySet[Any]:
    """Those of the consultation that ``query`` names. Where it names none: a list of all there is names nothing of a
    consultation that stands in no list."""
    if "consultation" in query:
        return rows.filter(consultation__slug=query["consultation"])
    return rows.filter(consultation__is_unlisted=False)


@extend_schema_field(OpenApiTypes.STR)
class VisibleConsultation(serializers.SlugRelatedField[Consultation]):
    """The slug of a consultation that the person may see. Of another one it says the same as of none."""

    def __init__(self, **kwargs: Any):
        super().__init__(slug_field="slug", **kwargs)

    def get_queryset(self) -> QuerySet[Consultation]:
        return Consultation.objects.visible_to(self.context["request"].user)

    def to_internal_value(self, data: Any) -> Consultation:
        if "\0" in str(data):  # PostgreSQL has no such text, and fails when asked for it
            self.fail("does_not_exist", slug_name=self.slug_field, value=data)
        return super().to_internal_value(data)


class ChoiceOrNone(serializers.ChoiceField):
    """A choice that somebody else makes, by a use case; "" where nobody has yet. DRF would not tell of the ""."""

    def __init__(self, choices: Any, **kwargs: Any):
        super().__init__(choices, **{"read_only": True, "allow_blank": True, **kwargs})


# What became of a contribution, as comments/dispositions/ says it.
DISPOSITIONS = ("taken", "taken_in_part", "not_taken", "out_of_scope", "already_covered")


class DispositionSerializer(serializers.Serializer[Any]):
    """What the agency did with a contribution, and why."""

    kind = serializers.ChoiceField(choices=DISPOSITIONS, read_only=True)
    reason = serializers.CharField(read_only=True, help_text="Public.")
    article = serializers.IntegerField(
        source="article_id", read_only=True, allow_null=True, help_text="The article whose change answers it."
    )
    given_at = serializers.DateTimeField(read_only=True)


class ContributionSerializer(serializers.ModelSerializer[Any]):
    """What somebody wrote: an author as a number, and no text where a moderator has hidden it."""

    hidden_texts: tuple[str, ...] = ("body",)

    disposition = serializers.SerializerMethodField(
        help_text="What the agency did with it; null: nothing yet, or it is not in sight."
    )

    consultation = serializers.SlugRelatedField[Consultation](slug_field="slug", read_only=True)
    author = serializers.SerializerMethodField(
        help_text="Number of the author, the same in the whole consultation and in its exports. Null if erased."
    )

    def get_author(self, contribution: Any) -> str | None:
        return author_number(contribution.consultation_id, contribution.author_id)

    @extend_schema_field(DispositionSerializer(allow_null=True))
    def get_disposition(self, contribution: Any) -> dict[str, Any] | None:
        gone = (getattr(contribution, name, None) for name in ("hidden_at", "withdrawn_at", "deleted_at"))
        found = None if any(gone) else getattr(contribution, "disposition", None)
        return DispositionSerializer(found).data if found else None

    def to_representation(self, contribution: Any) -> dict[str, Any]:
        data = super().to_representation(contribution)
        if contribution.is_hidden:
            data |= {name: "" if isinstance(data[name], str) else None for name in self.hidden_texts}
        return data


class AnswersWithRow(mixins.CreateModelMixin, ABC):
    """Creates by a use case, and answers with the row as a GET shows it."""

    queryset: QuerySet[Any]
    row_serializer: type[serializers.BaseSerializer[Any]]
    get_serializer: Callable[..., serializers.BaseSerializer[Any]]
    get_serializer_context: Callable[[], dict[str, Any]]

    @abstractmethod
    def make(self, actor: Any, **data: Any) -> Model:
        """Call the use case with what was sent."""

    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        row = self.make(request.user, **serializer.validated_data)
        data = self.row_serializer(row, context=self.get_serializer_context()).data
        return Response(data, status=status.HTTP_201_CREATED, headers={"Location": f"{request.path}{row.pk}/"})


# --- Consultations


class PhaseSerializer(serializers.ModelSerializer[Phase]):
    class Meta:
        model = Phase
        fields = ["kind", "starts_at", "ends_at"]


class BudgetSerializer(serializers.ModelSerializer[Budget]):
    class Meta:
        model = Budget
        fields = ["amount_cents", "currency", "district_rule"]


class DistrictSerializer(serializers.ModelSerializer[District]):
    """Part of a budget. Its boundary is in the open-data table “districts”."""

    class Meta:
        model = District
        fields = ["id", "name", "amount_cents", "population", "is_for_all", "support_threshold"]


class ConsultationSerializer(serializers.ModelSerializer[Consultation]):
    agency = serializers.SlugRelatedField[Any](slug_field="slug", read_only=True)
    state = serializers.SerializerMethodField(help_text="Now, by its phases.")
    is_answered = serializers.SerializerMethodField(
        help_text="Whether it is closed, and the agency has said what became of every contribution."
    )
    phases = PhaseSerializer(many=True, read_only=True)
    budget = BudgetSerializer(read_only=True, allow_null=True, default=None)
    districts = DistrictSerializer(many=True, read_only=True)

    class Meta:
        model = Consultation
        fields = [
            "id",
            "slug",
            "agency",
            "title",
            "summary",
            "body",
            "visibility",
            "eligibility",
            "state",
            "phases",
            "budget",
            "districts",
            "published_at",
            "is_answered",
            "answered_at",
        ]

    @extend_schema_field(serializers.ChoiceField(choices=[state.value for state in State]))
    def get_state(self, consultation: Consultation) -> str:
        return consultation.state_at(self.context["now"]).value

    def get_is_answered(self, consultation: Consultation) -> bool:
        return consultation.is_answered_at(self.context["now"])


class ConsultationQuery(serializers.Serializer[Any]):
    agency = serializers.SlugField(required=False, help_text="Only those of this agency (its slug).")
    state = serializers.ChoiceField(
        choices=[state.value for state in State], required=False, help_text="Only those in this state now."
    )


class ConsultationViewSet(viewsets.ReadOnlyModelViewSet[Consultation]):
    """Consultations: the public ones, and those that the person was granted sight of."""

    queryset = Consultation.objects.none()
    serializer_class = ConsultationSerializer
    lookup_field = "slug"

    def get_queryset(self) -> QuerySet[Consultation]:
        rows = Consultation.objects.visible_to(self.request.user)
        districts = Prefetch("districts", District.objects.defer("boundary"))  # which is long
        rows = rows.select_related("agency", "budget").prefetch_related("phases", districts)
        if self.action != "list":
            return rows
        rows = rows.listed()
        query = asked(self.request, ConsultationQuery)
        if "agency" in query:
            rows = rows.filter(agency__slug=query["agency"])
        if "state" in query:
            rows = rows.with_times().in_state(State(query["state"]), self.now)
        return rows

    @property
    def now(self) -> datetime:
        """One time for the whole answer."""
        if not hasattr(self, "_now"):
            self._now = database_now()
        return self._now

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "now": self.now}

    @extend_schema(parameters=[ConsultationQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)
