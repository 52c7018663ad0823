"""Draft texts for programs, to read: published versions only, and of documents in sight."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from consultations.api import OfConsultation, asked, of_asked_consultation
from consultations.models import Article, Consultation, Document, Version


class TextVersionSerializer(serializers.ModelSerializer[Version]):
    class Meta:
        model = Version
        fields = ["number", "summary", "published_at"]


class DocumentSerializer(serializers.ModelSerializer[Document]):
    consultation = serializers.SlugRelatedField[Consultation](slug_field="slug", read_only=True)
    versions = TextVersionSerializer(many=True, read_only=True, help_text="The published ones, the oldest first.")

    class Meta:
        model = Document
        fields = ["id", "consultation", "title", "versions"]


class ArticleSerializer(serializers.ModelSerializer[Article]):
    identity = serializers.UUIDField(help_text="The same from version to version.")
    origins = serializers.ListField(
        child=serializers.UUIDField(), help_text="Identities in the version before of which it was made."
    )
    text = serializers.CharField(
        help_text="What positions are counted on, in Unicode code points. What it is made of: docs/texts.md."
    )

    class Meta:
        model = Article
        fields = ["id", "position", "identity", "origins", "kind", "label", "heading", "body", "text"]


class WholeTextVersionSerializer(TextVersionSerializer):
    articles = ArticleSerializer(many=True, read_only=True)

    class Meta(TextVersionSerializer.Meta):
        fields = [*TextVersionSerializer.Meta.fields, "articles"]


class DocumentViewSet(viewsets.ReadOnlyModelViewSet[Document]):
    """Draft texts of consultations that the person may see, with their published versions."""

    queryset = Document.objects.none()
    serializer_class = DocumentSerializer

    def get_queryset(self) -> QuerySet[Document]:
        published = Version.objects.filter(published_at__isnull=False).order_by("number")
        visible = Consultation.objects.visible_to(self.request.user)
        rows = Document.objects.filter(consultation__in=visible.values("pk"), pk__in=published.values("document"))
        rows = rows.select_related("consultation").prefetch_related(Prefetch("versions", published)).order_by("pk")
        if self.action != "list":
            return rows
        return of_asked_consultation(rows, asked(self.request, OfConsultation))

    @extend_schema(parameters=[OfConsultation])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().list(request, *args, **kwargs)

    @extend_schema(responses=WholeTextVersionSerializer)
    @action(detail=True, url_path=r"versions/(?P<number>[0-9]{1,5})")
    def version(self, request: Request, number: str, **kwargs: Any) -> Response:
        """One published version, whole: its articles in order. It never changes."""
        versions = Version.objects.filter(document=self.get_object(), published_at__isnull=False)
        found = get_object_or_404(versions.prefetch_related("articles"), number=int(number))
        return Response(WholeTextVersionSerializer(found).data)
