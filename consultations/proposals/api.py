"""Proposals, for programs. What is hidden or withdrawn has no text; who supports is told to nobody."""

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from consultations.api import (
    DISPOSITIONS,
    AnswersWithRow,
    ChoiceOrNone,
    ContributionSerializer,
    OfConsultation,
    VisibleConsultation,
    asked,
    of_asked_consultation,
)
from consultations.custom_fields import answers_shown
from consultations.models import CoAuthor, Feasibility, Proposal, ProposalVersion, Succession
from consultations.open_data.pseudonyms import author_number
from consultations.proposals import co_authoring, supporting
from consultations.proposals.proposing import LONGEST_WORDS, change_proposal, make_proposal, withdraw_proposal
from consultations.proposals.trail import with_trail
from consultations.spanish import SEARCH


class TrailSerializer(serializers.Serializer[Any]):
    """A step of the trail, as ``trail.with_trail`` finds it."""

    proposal = serializers.IntegerField(source="pk", help_text="Number of the proposal at the other end.")
    kind = serializers.ChoiceField(choices=Succession.Kind.values)
    reason = serializers.CharField()
    supports_then = serializers.IntegerField(source="supports", help_text="Of the one that was merged or split.")


class ProposalSerializer(ContributionSerializer):
    hidden_texts = ("title", "body", "category", "place", "latitude", "longitude", "answers", "withdrawn_words")

    answers = serializers.SerializerMethodField(help_text="What the agency asked besides: question and answer.")
    feasibility = ChoiceOrNone(Feasibility.choices, help_text="What the review found; empty: nothing yet.")
    co_authors = serializers.SerializerMethodField(help_text="Numbers of those who sign it with the author.")

    went_to = serializers.SerializerMethodField(help_text="What it was merged or split into.")
    came_from = serializers.SerializerMethodField(help_text="What was merged or split into it.")

    @extend_schema_field(TrailSerializer(many=True))
    def get_went_to(self, proposal: Any) -> Any:
        return TrailSerializer(getattr(proposal, "went_to", []), many=True).data  # a new one has none

    @extend_schema_field(TrailSerializer(many=True))
    def get_came_from(self, proposal: Any) -> Any:
        return TrailSerializer(getattr(proposal, "came_from", []), many=True).data

    @extend_schema_field({"type": "object", "additionalProperties": True, "nullable": True})
    def get_answers(self, proposal: Proposal) -> dict[str, Any]:
        shown = answers_shown(proposal.consultation, proposal.answers)
        return {answer.label: answer.value for answer in shown}

    def get_co_authors(self, proposal: Proposal) -> list[str | None]:
        return [author_number(proposal.consultation_id, signer["id"]) for signer in proposal.co_signers]

    def to_representation(self, proposal: Proposal) -> dict[str, Any]:
        data = super().to_representation(proposal)
        if proposal.is_withdrawn:
            gone = [name for name in self.hidden_texts if name != "withdrawn_words"]
            data |= {name: "" if isinstance(data[name], str) else None for name in gone}
        return data

    class Meta:
        model = Proposal
        fields = [
            "id",
            "consultation",
            "author",
            "is_official",
            "title",
            "body",
            "category",
            "district",
            "rough_cost_cents",
            "cost_cents",
            "feasibility",
            "place",
            "latitude",
            "longitude",
            "answers",
            "support_count",
            "co_authors",
            "disposition",
            "created_at",
            "edited_at",
            "merged_into",
            "went_to",
            "came_from",
            "withdrawn_at",
            "withdrawn_words",
            "hidden_at",
            "hidden_reason",
        ]


# What an author gives. The cost is the agency's to say: of its own proposals only.
GIVEN = ["title", "body", "category", "district", "rough_cost_cents", "cost_cents", "place", "latitude", "longitude"]


class ChangedProposalSerializer(serializers.ModelSerializer[Proposal]):
    """What an author changes. What is left out stays as it is; but ``answers`` are given whole."""

    answers = serializers.DictField(
        required=False, help_text="Number of what the agency asks besides, and the answer: a text or a number."
    )
    known_version = serializers.IntegerField(
        required=False, help_text="Number of the version that you began from: 409 if there is a newer one."
    )

    class Meta:
        model = Proposal
        fields = [*GIVEN, "answers", "known_version"]


class NewProposalSerializer(ChangedProposalSerializer):
    """A proposal to put forward. ``is_official``: in the agency's name, for those who may."""

    consultation = VisibleConsultation()

    class Meta:
        model = Proposal
        fields = ["consultation", "is_official", *GIVEN, "answers"]


class ProposalQuery(OfConsultation):
    q = serializers.CharField(
        required=False, max_length=200, help_text="Words; accents, capitals and Spanish endings make no difference."
    )
    category = serializers.CharField(required=False, help_text="Only those of this category.")
    disposition = serializers.ChoiceField(
        choices=DISPOSITIONS, required=False, help_text="Only those with which the agency did this."
    )


class VersionSerializer(serializers.ModelSerializer[ProposalVersion]):
    author = serializers.SerializerMethodField(help_text="Number of the person who wrote this version.")

    class Meta:
        model = ProposalVersion
        fields = ["number", "author", "created_at", *GIVEN]

    def get_author(self, version: ProposalVersion) -> str | None:
        return author_number(version.proposal.consultation_id, version.author_id)


class SupportSerializer(serializers.Serializer[Any]):
    support_count = serializers.IntegerField(read_only=True)
    is_supported = serializers.BooleanField(read_only=True, help_text="By you.")


class WithdrawalSerializer(serializers.Serializer[Any]):
    words = serializers.CharField(
        required=False, allow_blank=True, max_length=LONGEST_WORDS, help_text="Why; everybody can read it."
    )


class InvitationSerializer(serializers.ModelSerializer[CoAuthor]):
    """Somebody who was asked to sign. Whether the address has an account is not told."""

    class Meta:
        model = CoAuthor
        fields = ["id", "email", "invited_at", "accepted_at", "declined_at"]
        read_only_fields = ["id", "invited_at", "accepted_at", "declined_at"]


class AnswerSerializer(serializers.Serializer[Any]):
    accept = serializers.BooleanField(help_text="true: sign it too; false: decline, for good.")


class ProposalViewSet(AnswersWithRow, viewsets.ReadOnlyModelViewSet[Proposal]):
    """Proposals in consultations that the person may see. POST puts one forward, while the phase allows."""

    queryset = Proposal.objects.none()
    row_serializer = ProposalSerializer
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Proposal]:
        rows: Any = with_trail(Proposal.objects.visible_to(self.request.user).with_signers())
        rows = rows.select_related("consultation", "disposition")
        rows = rows.prefetch_related("consultation__phases", "consultation__custom_fields")
        if self.action != "list":
            return rows
        query = asked(self.request, ProposalQuery)
        rows = of_asked_consultation(rows, query)
        if query.get("q") or query.get("category"):  # what has no text is found by none
            rows = rows.shown()
        if query.get("q"):
            rows = rows.filter(search=SearchQuery(query["q"], config=SEARCH, search_type="websearch"))
        if query.get("disposition"):
            rows = rows.shown().filter(disposition__kind=query["disposition"])
        return rows.filter(category=query["category"]) if query.get("category") else rows

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return NewProposalSerializer if self.action == "create" else ProposalSerializer

    def make(self, actor: Any, **data: Any) -> Proposal:
        return make_proposal(actor=actor, **data)

    @extend_schema(parameters=[ProposalQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={201: ProposalSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    @extend_schema(request=ChangedProposalSerializer, responses=ProposalSerializer)
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Change one's proposal, while proposals are received. Its old text stays readable."""
        changed = change_proposal(
            proposal=self.get_object(), actor=request.user, **_given(request, ChangedProposalSerializer, partial=True)
        )
        return Response(self._row(changed.pk))

    @extend_schema(request=WithdrawalSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        """Take one's proposal back, for good, unless it is voted on."""
        given = _given(request, WithdrawalSerializer)
        withdrawn = withdraw_proposal(proposal=self.get_object(), actor=request.user, **given)
        return Response(self._row(withdrawn.pk))

    @extend_schema(request=None, responses=SupportSerializer)
    @action(detail=True, methods=["post"])
    def support(self, request: Request, pk: str) -> Response:
        """Support it. Again changes nothing."""
        supporting.support(place=self.get_object(), actor=request.user)
        return self._supports(is_supported=True)

    @extend_schema(request=None, responses={200: SupportSerializer})  # of a DELETE it would say 204
    @support.mapping.delete
    def take_back_support(self, request: Request, pk: str) -> Response:
        """Support it no more. Again changes nothing."""
        supporting.take_back_support(place=self.get_object(), actor=request.user)
        return self._supports(is_supported=False)

    @extend_schema(responses=VersionSerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None)
    def versions(self, request: Request, pk: str) -> Response:
        """What it said before, newest first; empty where it was never changed, or is out of sight."""
        proposal = self.get_object()
        rows = proposal.versions.select_related("proposal") if proposal.is_shown else ProposalVersion.objects.none()
        return Response(VersionSerializer(rows, many=True).data)

    @extend_schema(responses=InvitationSerializer(many=True))
    @action(detail=True, methods=["get"], url_path="co-authors", pagination_class=None)
    def co_authors(self, request: Request, pk: str) -> Response:
        """Who was asked to sign, for the author."""
        proposal = self.get_object()
        co_authoring.require_inviting(proposal, request.user)
        return Response(InvitationSerializer(proposal.co_authors.all(), many=True).data)

    @extend_schema(request=InvitationSerializer, responses={201: InvitationSerializer})
    @co_authors.mapping.post
    def invite_co_author(self, request: Request, pk: str) -> Response:
        """Ask somebody, by e-mail, to sign too."""
        given = _given(request, InvitationSerializer)
        made = co_authoring.invite_co_author(proposal=self.get_object(), actor=request.user, **given)
        return Response(InvitationSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={204: OpenApiResponse(description="The name is off.")})
    @action(detail=True, methods=["delete"], url_path="co-authors/(?P<invitation_id>[0-9]{1,18})")
    def remove_co_author(self, request: Request, pk: str, invitation_id: str) -> Response:
        """Take a name off: one's own or, as the author, another's."""
        proposal = self.get_object()
        invitation = get_object_or_404(proposal.co_authors, pk=invitation_id)
        invitation.proposal = proposal
        co_authoring.remove_co_author(invitation=invitation, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=AnswerSerializer, responses=ProposalSerializer)
    @action(detail=True, methods=["post"])
    def invitation(self, request: Request, pk: str) -> Response:
        """Answer an invitation to sign."""
        accepts = _given(request, AnswerSerializer)["accept"]
        proposal = self.get_object()
        answer = co_authoring.accept_invitation if accepts else co_authoring.decline_invitation
        answer(proposal=proposal, actor=request.user)
        return Response(self._row(proposal.pk))

    def _row(self, pk: int) -> Any:
        """As a GET shows it now."""
        return ProposalSerializer(self.get_queryset().get(pk=pk), context=self.get_serializer_context()).data

    def _supports(self, *, is_supported: bool) -> Response:
        count = Proposal.objects.values_list("support_count", flat=True).get(pk=self.kwargs["pk"])
        return Response({"support_count": count, "is_supported": is_supported})


def _given(request: Request, shape: type[serializers.BaseSerializer[Any]], *, partial: bool = False) -> dict[str, Any]:
    serializer = shape(data=request.data, partial=partial)
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data
