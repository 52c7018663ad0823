"""Polls, ballots and tallies, for programs. Every count passes the results gate."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import require
from accounts.refusals import InvalidInput
from consultations.api import OfConsultation, asked, of_asked_consultation
from consultations.models import Consultation, District
from voting.ballots.casting import LONGEST_KEY, Once, cast_ballot
from voting.ballots.closing import close_if_due
from voting.election_files.exporting import export_pabulib
from voting.election_files.pages import answer_with, budget_poll_or_404
from voting.models import Deviation, Option, Outcome, Poll
from voting.polls.queries import poll_to_cast_in
from voting.results.decided import after
from voting.results.gate import is_public_count, require_count
from voting.results.tallies import OwnBallot, frame, own_ballot


class OptionSerializer(serializers.ModelSerializer[Option]):
    label = serializers.SerializerMethodField(  # type: ignore[assignment]  # a field of that name
        help_text="Empty where the proposal behind it is hidden."
    )

    class Meta:
        model = Option
        fields = ["id", "label", "kind", "proposal", "withdrawn_at"]
        extra_kwargs = {  # as DRF has it
            "withdrawn_at": {"help_text": "Of a budget: since when it cannot win, nor be chosen. Null: it stands."}
        }

    def get_label(self, option: Option) -> str:
        return "" if option.proposal and option.proposal.is_hidden else str(option)


class DeviationSerializer(serializers.ModelSerializer[Deviation]):
    """What the agency decided otherwise than the count."""

    class Meta:
        model = Deviation
        fields = ["option", "kind", "reason", "decided_at"]
        read_only_fields = fields


class OutcomeSerializer(serializers.ModelSerializer[Outcome]):
    deviations = DeviationSerializer(source="poll.deviations", many=True, read_only=True)
    decided = serializers.SerializerMethodField(help_text="Options that go ahead: the winners, after the deviations.")

    class Meta:
        model = Outcome
        fields = ["winners", "ties", "explanation", "decided_at", "deviations", "decided"]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_decided(self, outcome: Outcome) -> list[str]:
        return [str(pk) for pk in after(outcome, list(outcome.poll.deviations.all()))]


class PollSerializer(serializers.ModelSerializer[Poll]):
    """A question with its options. Its count is at ``tally/``, once it may be seen."""

    consultation = serializers.SlugRelatedField[Consultation](slug_field="slug", read_only=True)
    district = serializers.SlugRelatedField[District](
        slug_field="name",
        read_only=True,
        allow_null=True,
        help_text="Whose money it allocates; null where it is all of the budget.",
    )
    options = OptionSerializer(many=True, read_only=True)
    opens_at = serializers.DateTimeField(source="phase.starts_at", read_only=True)
    closes_at = serializers.DateTimeField(source="phase.ends_at", read_only=True, allow_null=True)
    outcome = serializers.SerializerMethodField(help_text="Null before the close, and during an embargo.")
    turnout = serializers.SerializerMethodField(help_text="People who have voted, as far as counted. Never withheld.")

    class Meta:
        model = Poll
        fields = [
            "id",
            "consultation",
            "question",
            "district",
            "method",
            "max_choices",
            "max_points",
            "rules",
            "results_policy",
            "options",
            "opens_at",
            "closes_at",
            "closed_at",
            "outcome",
            "turnout",
            "disclosure",
            "is_binding",
            "embargo_until",
        ]

    @extend_schema_field(OutcomeSerializer(allow_null=True))
    def get_outcome(self, poll: Poll) -> dict[str, Any] | None:
        outcome = getattr(poll, "outcome", None)
        if outcome is None or not is_public_count(poll):
            return None
        return OutcomeSerializer(outcome).data

    def get_turnout(self, poll: Poll) -> int:
        tally = getattr(poll, "tally", None)
        return tally.counted["voters"] if tally else 0


class TallySerializer(serializers.Serializer[Any]):
    """The count as of ballot ``number``: what the live socket sends, too."""

    poll = serializers.IntegerField()
    number = serializers.IntegerField(help_text="The count includes the ballots up to this number.")
    voters = serializers.IntegerField(help_text="Standing ballots, blank ones included.")
    weight = serializers.IntegerField(
        required=False, help_text="What these ballots weigh together; absent where each weighs 1. Shares are of it."
    )
    blank = serializers.IntegerField()
    spoilt = serializers.IntegerField(
        required=False, help_text="Paper ballots that could not be counted; absent where none came in on paper."
    )
    counts = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Option id to what the standing ballots give it, each as often as it weighs: how many chose it; where"
        " points or marks are given, their sum; of rankings, how many have it first.",
    )
    sealed_at = serializers.DateTimeField(allow_null=True)
    final = serializers.BooleanField()


class ChoicesSerializer(serializers.Serializer[Any]):
    choices = serializers.DictField(
        child=serializers.IntegerField(),
        help_text="Option id to value: 1 for chosen, a place (1 is the favourite), points or a mark, as the method"
        " has it (docs/log-format.md). Empty is a blank ballot.",
    )


class OwnBallotSerializer(ChoicesSerializer):
    """The person's own ballot, for their eyes only."""

    revision = serializers.IntegerField(help_text="1 for the first ballot, one more for each change.")
    number = serializers.IntegerField(allow_null=True, help_text="Its place in the log; null until it is sealed.")
    receipt = serializers.SerializerMethodField(help_text="Address of the receipt, for the voter alone.")

    def get_receipt(self, own: OwnBallot) -> str:
        return reverse("voting:receipt-file", args=[self.context["poll"].pk, own.id])


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    location=OpenApiParameter.HEADER,
    description="Up to 255 characters of your choosing, new for each ballot. The same key again is the same ballot.",
)


def _once(request: Request) -> Once | None:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        raise InvalidInput("long_key", _("An Idempotency-Key has at most 255 characters."))
    return Once(key) if key else None


class PollViewSet(viewsets.ReadOnlyModelViewSet[Poll]):
    """Polls in consultations that the person may see."""

    queryset = Poll.objects.none()
    serializer_class = PollSerializer
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Poll]:
        rows = Poll.objects.visible_to(self.request.user).select_related(
            "consultation", "phase", "outcome", "tally", "district"
        )
        if self.action in ("list", "retrieve"):
            options = Prefetch("options", Option.objects.select_related("proposal"))
            rows = rows.prefetch_related(options, "deviations")
        if self.action != "list":
            return rows
        return of_asked_consultation(rows, asked(self.request, OfConsultation))

    @extend_schema(parameters=[OfConsultation])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=TallySerializer)
    @action(detail=True)
    def tally(self, request: Request, pk: str) -> Response:
        """The count, where the poll's policy shows it to the person now. Otherwise 403, with ``until`` when."""
        poll = close_if_due(self.get_object())
        require_count(poll, request.user)
        return Response(frame(poll))

    @extend_schema(responses={(200, "text/plain"): OpenApiTypes.STR})
    @action(detail=True, url_name="pabulib")
    def pabulib(self, request: Request, pk: str) -> HttpResponseBase:
        """The budget with its ballots as a Pabulib file (https://pabulib.org/format), once single ballots are public.
        403 before, and ever after where only observers see them; 409 for a poll without a budget."""
        poll = close_if_due(budget_poll_or_404(request.user, int(pk)))
        return answer_with(export_pabulib(poll=poll, reader=request.user), request)

    @extend_schema(responses=OwnBallotSerializer)
    @action(detail=True)
    def ballot(self, request: Request, pk: str) -> Response:
        """The person's own ballot. 404 before voting, and after the close, when nothing links them any more."""
        poll = self.get_object()
        require(request.user, "voting.vote_poll", poll)
        own = own_ballot(poll, request.user)
        if own is None:
            raise NotFound(_("You have no ballot here."), code="no_ballot")
        return Response(OwnBallotSerializer(own, context={"poll": poll}).data)

    @extend_schema(request=ChoicesSerializer, responses={201: OwnBallotSerializer}, parameters=[IDEMPOTENCY_KEY])
    @ballot.mapping.post
    def cast_ballot(self, request: Request, pk: str) -> Response:
        """Cast a ballot, or replace the one that was cast before. Safe to send again under the same Idempotency-Key."""
        poll = poll_to_cast_in(request.user, int(pk))
        serializer = ChoicesSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        choices = serializer.validated_data["choices"]
        cast = cast_ballot(poll=poll, voter=request.user, choices=choices, once=_once(request))
        # Not read back: should the poll close this very moment, nobody could say any more whose ballot this is.
        own = OwnBallot(id=cast.pk, choices=choices, revision=cast.revision, number=None)
        return Response(OwnBallotSerializer(own, context={"poll": poll}).data, status=201)
