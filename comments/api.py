"""Comments, for programs."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from comments.commenting import MAX_LENGTH, add_comment
from comments.models import Comment
from comments.reacting import react
from comments.revising import delete_comment, edit_comment
from consultations.api import (
    DISPOSITIONS,
    AnswersWithRow,
    ContributionSerializer,
    OfConsultation,
    VisibleConsultation,
    asked,
)
from consultations.models import Consultation, Proposal, Question
from consultations.open_data.pseudonyms import author_number


class CommentSerializer(ContributionSerializer):
    mentions = serializers.SerializerMethodField(
        help_text="Numbers of the persons whom @[1], @[2] … in the body mean, in that order; null for an erased one."
    )

    class Meta:
        model = Comment
        fields = [
            "id",
            "consultation",
            "proposal",
            "question",
            "root",
            "answers",
            "author",
            "is_official",
            "body",
            "mentions",
            "disposition",
            "agree_count",
            "disagree_count",
            "created_at",
            "edited_at",
            "deleted_at",
            "hidden_at",
            "hidden_reason",
        ]

    def get_mentions(self, comment: Comment) -> list[str | None]:
        found = [] if comment.is_hidden else comment.mentions.all()
        return [author_number(comment.consultation_id, mention.user_id) for mention in found]


class VisibleRow(serializers.PrimaryKeyRelatedField[Any]):
    """The id of a row that the person may see. Of another one it says the same as of none."""

    def __init__(self, model: Any = None, **kwargs: Any):
        self.model = model
        super().__init__(queryset=model.objects.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.context["request"].user)


class VisibleQuestion(serializers.PrimaryKeyRelatedField[Question]):
    """The id of a question of a consultation that the person may see."""

    def __init__(self, **kwargs: Any):
        super().__init__(queryset=Question.objects.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Question]:
        consultations = Consultation.objects.visible_to(self.context["request"].user)
        return Question.objects.filter(consultation__in=consultations.values("pk"))


class NewCommentSerializer(serializers.Serializer[Any]):
    """A comment on a consultation, a ``proposal`` or a ``question`` of it, or in answer to a comment of that place."""

    consultation = VisibleConsultation()
    proposal = VisibleRow(model=Proposal, required=False, allow_null=True)
    question = VisibleQuestion(required=False, allow_null=True)
    answers = VisibleRow(model=Comment, required=False, allow_null=True)
    body = serializers.CharField(max_length=MAX_LENGTH, help_text="Markdown.")
    is_official = serializers.BooleanField(default=False, help_text="The agency speaks; for those who may.")


class CorrectionSerializer(serializers.Serializer[Any]):
    """One's own comment in other words, within 15 minutes."""

    body = serializers.CharField(max_length=MAX_LENGTH, help_text="Markdown.")


class ReactionSerializer(serializers.Serializer[Any]):
    """What the person thinks of a comment."""

    value = serializers.ChoiceField(choices=[1, -1, 0], help_text="1 agrees, -1 disagrees, 0 takes it back.")


class CommentQuery(OfConsultation):
    proposal = serializers.IntegerField(required=False, help_text="Only those on this proposal (its id).")
    question = serializers.IntegerField(required=False, help_text="Only those on this question of the agency (its id).")
    disposition = serializers.ChoiceField(
        choices=DISPOSITIONS, required=False, help_text="Only those with which the agency did this."
    )
    root = serializers.IntegerField(  # type: ignore[assignment]  # shadows an attribute that DRF has and we do not use
        required=False, help_text="Only the replies in this thread (id of its first one)."
    )


PLACES = {"consultation", "proposal", "question", "root"}  # of which somebody knows already who asks for one


class CommentViewSet(AnswersWithRow, viewsets.ReadOnlyModelViewSet[Comment]):
    """Comments in consultations that the person may see. POST adds one, while the phase allows.

    PATCH corrects one's own for 15 minutes, DELETE takes its words away; POST to ``react/`` agrees or disagrees.
    """

    queryset = Comment.objects.none()
    row_serializer = CommentSerializer
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Comment]:
        rows = Comment.objects.visible_to(self.request.user)
        rows = rows.select_related("consultation", "disposition").prefetch_related("mentions")
        if self.action != "list":
            return rows
        query = asked(self.request, CommentQuery)
        if not PLACES & query.keys():  # a list of all there is names nothing of what is in no list
            rows = rows.filter(consultation__is_unlisted=False)
        columns = {
            "consultation": "consultation__slug",
            "proposal": "proposal_id",
            "question": "question_id",
            "root": "root_id",
            "disposition": "disposition__kind",
        }
        if "disposition" in query:  # of what is out of sight none is told
            rows = rows.filter(hidden_at__isnull=True, deleted_at__isnull=True)
        return rows.filter(**{columns[name]: value for name, value in query.items()})

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return NewCommentSerializer if self.action == "create" else CommentSerializer

    def shown(self, comment: Comment) -> Response:
        """A comment as a GET shows it."""
        return Response(
            CommentSerializer(self.get_queryset().get(pk=comment.pk), context=self.get_serializer_context()).data
        )

    def make(self, actor: Any, **data: Any) -> Comment:
        return add_comment(actor=actor, **data)

    @extend_schema(parameters=[CommentQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={201: CommentSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)

    @extend_schema(request=CorrectionSerializer, responses={200: CommentSerializer})
    def partial_update(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        correction = CorrectionSerializer(data=request.data)
        correction.is_valid(raise_exception=True)
        return self.shown(edit_comment(comment=self.get_object(), actor=request.user, **correction.validated_data))

    @extend_schema(responses={200: CommentSerializer})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The comment's place stays, so the answer is what is left of it."""
        return self.shown(delete_comment(comment=self.get_object(), actor=request.user))

    @extend_schema(request=ReactionSerializer, responses={200: CommentSerializer})
    @action(detail=True, methods=["post"])
    def react(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        reaction = ReactionSerializer(data=request.data)
        reaction.is_valid(raise_exception=True)
        return self.shown(react(comment=self.get_object(), actor=request.user, **reaction.validated_data))
