"""Comments, for programs."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from comments.commenting import MAX_LENGTH, add_comment
from comments.models import Comment
from consultations.api import AnswersWithRow, ContributionSerializer, OfConsultation, VisibleConsultation, asked
from consultations.models import Proposal


class CommentSerializer(ContributionSerializer):
    class Meta:
        model = Comment
        fields = [
            "id",
            "consultation",
            "proposal",
            "root",
            "answers",
            "author",
            "is_official",
            "body",
            "created_at",
            "hidden_at",
            "hidden_reason",
        ]


class VisibleRow(serializers.PrimaryKeyRelatedField[Any]):
    """The id of a row that the person may see. Of another one it says the same as of none."""

    def __init__(self, model: Any = None, **kwargs: Any):
        self.model = model
        super().__init__(queryset=model.objects.none(), **kwargs)

    def get_queryset(self) -> QuerySet[Any]:
        return self.model.objects.visible_to(self.context["request"].user)


class NewCommentSerializer(serializers.Serializer[Any]):
    """A comment on a consultation, on a ``proposal`` of it, or in answer to a comment of the same place."""

    consultation = VisibleConsultation()
    proposal = VisibleRow(model=Proposal, required=False, allow_null=True)
    answers = VisibleRow(model=Comment, required=False, allow_null=True)
    body = serializers.CharField(max_length=MAX_LENGTH, help_text="Markdown.")
    is_official = serializers.BooleanField(default=False, help_text="The agency speaks; for those who may.")


class CommentQuery(OfConsultation):
    proposal = serializers.IntegerField(required=False, help_text="Only those on this proposal (its id).")
    root = serializers.IntegerField(  # type: ignore[assignment]  # shadows an attribute that DRF has and we do not use
        required=False, help_text="Only the replies in this thread (id of its first one)."
    )


class CommentViewSet(AnswersWithRow, viewsets.ReadOnlyModelViewSet[Comment]):
    """Comments in consultations that the person may see. POST adds one, while the phase allows."""

    queryset = Comment.objects.none()
    row_serializer = CommentSerializer
    lookup_value_regex = "[0-9]+"

    def get_queryset(self) -> QuerySet[Comment]:
        rows = Comment.objects.visible_to(self.request.user).select_related("consultation")
        if self.action != "list":
            return rows
        query = asked(self.request, CommentQuery)
        if not query:  # a list of all there is names nothing of what is in no list
            return rows.filter(consultation__is_unlisted=False)
        columns = {"consultation": "consultation__slug", "proposal": "proposal_id", "root": "root_id"}
        return rows.filter(**{columns[name]: value for name, value in query.items()})

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return NewCommentSerializer if self.action == "create" else CommentSerializer

    def make(self, actor: Any, **data: Any) -> Comment:
        return add_comment(actor=actor, **data)

    @extend_schema(parameters=[CommentQuery])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses={201: CommentSerializer})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().create(request, *args, **kwargs)
