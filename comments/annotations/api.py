"""``/api/v1/annotations/``: W3C Web Annotations, one by one, in paged collections, and taken in from elsewhere."""

import hashlib
import json
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.cache import get_conditional_response, patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from comments import queries
from comments.annotations import reading, web
from comments.annotations.importing import import_annotations
from comments.models import Comment
from consultations.api import asked
from consultations.models import Consultation

LDP = "http://www.w3.org/ns/ldp"
RESOURCE_LINK = f'<{LDP}#Resource>; rel="type", <http://www.w3.org/ns/oa#Annotation>; rel="type"'
CONTAINER_LINK = (
    f'<{LDP}#BasicContainer>; rel="type", <http://www.w3.org/TR/annotation-protocol/>; rel="{LDP}#constrainedBy"'
)


class LinkedDataRenderer(JSONRenderer):
    media_type = "application/ld+json"
    format = "jsonld"


class LinkedDataParser(api_settings.DEFAULT_PARSER_CLASSES[0]):  # type: ignore[name-defined]  # bounded
    media_type = "application/ld+json"


class CollectionQuery(serializers.Serializer[Any]):
    """Which annotations: those made on one version, or on one article of it. Without ``page`` the collection itself."""

    version = serializers.IntegerField(required=False, min_value=1, help_text="Those made on this version (its id).")
    article = serializers.IntegerField(required=False, min_value=1, help_text="Those made on this article (its id).")
    page = serializers.IntegerField(
        required=False, min_value=0, max_value=1_000_000, help_text="A page of 100, from 0."
    )


class WebAnnotationView(APIView):
    """One annotation. What is hidden, held or deleted is not found."""

    renderer_classes = [LinkedDataRenderer, JSONRenderer]
    http_method_names = ["get", "head", "options"]

    @extend_schema(responses={(200, "application/ld+json"): OpenApiTypes.OBJECT})
    def get(self, request: Request, pk: int) -> Response:
        """As a W3C Web Annotation (JSON-LD, profile http://www.w3.org/ns/anno.jsonld)."""
        found = _in_sight(request).filter(pk=pk).first()
        if found is None:
            raise Http404
        data = web.as_web_annotation(found, _base(request))
        return _answer(self, request, data, link=RESOURCE_LINK, allow="GET, HEAD, OPTIONS")


class WebAnnotationsView(APIView):
    """The annotations made on a version or an article, as a paged AnnotationCollection; POST takes in others."""

    renderer_classes = [LinkedDataRenderer, JSONRenderer]
    parser_classes = [LinkedDataParser, *api_settings.DEFAULT_PARSER_CLASSES]  # type: ignore[list-item]
    http_method_names = ["get", "head", "options", "post"]

    @extend_schema(
        operation_id="annotations_list",
        parameters=[CollectionQuery],
        responses={(200, "application/ld+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        """A W3C AnnotationCollection; with ``page`` an AnnotationPage of it."""
        query = asked(request, CollectionQuery)
        rows, label = _asked_rows(request, query)
        total = rows.count()
        page_count = -(-total // web.ON_A_PAGE)
        page = query.pop("page", None)
        address = f"{_base(request)}{request.path}?" + "&".join(f"{name}={value}" for name, value in query.items())
        if page is None:
            data = web.as_collection(address, label, total, page_count)
        elif page >= page_count:
            raise Http404
        else:
            # By number, as the standard has pages; a text has some tens of thousands of annotations, not millions.
            shown = rows.order_by("pk")[page * web.ON_A_PAGE : (page + 1) * web.ON_A_PAGE]
            items = [web.as_web_annotation(row, _base(request), with_context=False) for row in shown]
            data = web.as_page(address, page, page_count, items)
        return _answer(self, request, data, link=CONTAINER_LINK, allow="GET, HEAD, OPTIONS, POST")

    @extend_schema(
        parameters=[CollectionQuery],
        request={"application/ld+json": OpenApiTypes.OBJECT},
        responses={201: OpenApiTypes.OBJECT, 400: OpenApiTypes.OBJECT},
    )
    def post(self, request: Request) -> Response:
        """Take annotations made elsewhere into the published version ``?version=``; for its editors.

        One annotation, a list of them, or an AnnotationPage with its ``items``. Each stands for itself: the answer says
        of each what became of it. 201 if any was taken in, 400 if none was.
        """
        version_id = asked(request, CollectionQuery).get("version")
        version = reading.version_to_read(request.user, version_id).first()
        if version is None:
            raise Http404
        results = import_annotations(version=version, actor=request.user, items=_items(request.data))
        made = [result for result in results if result.pk is not None]
        rows: list[dict[str, Any]] = [
            {"index": result.index, "status": "created", "id": f"{_base(request)}{web.address_of(result.pk)}"}
            if result.pk is not None
            else {"index": result.index, "status": "refused", "code": result.code, "detail": str(result.detail)}
            for result in results
        ]
        answer = Response(
            {"created": len(made), "refused": len(results) - len(made), "items": rows},
            status=status.HTTP_201_CREATED if made else status.HTTP_400_BAD_REQUEST,
        )
        if len(results) == len(made) == 1:
            answer["Location"] = rows[0]["id"]
        return answer


def _items(data: Any) -> list[Any]:
    """One annotation, several, or a page of them."""
    if isinstance(data, list):
        return data
    if not isinstance(data, dict):
        raise ValidationError({"items": ["An annotation, a list of annotations, or an AnnotationPage is expected."]})
    if "items" in data:
        return data["items"] if isinstance(data["items"], list) else [data["items"]]
    first = data.get("first")
    if isinstance(first, dict) and "items" in first:  # a collection with its first page in it
        return first["items"] if isinstance(first["items"], list) else [first["items"]]
    return [data]


def _in_sight(request: Request) -> QuerySet[Comment]:
    """What anybody who sees the consultation sees, with what an annotation says of itself."""
    visible = Consultation.objects.visible_to(request.user).filter(published_at__isnull=False)
    found = Comment.objects.filter(consultation__in=visible.values("pk"), annotation__isnull=False)
    found = found.released().filter(hidden_at__isnull=True, deleted_at__isnull=True)
    return queries.with_quotes(found).select_related("consultation__agency", "annotation__article__version")


def _asked_rows(request: Request, query: dict[str, Any]) -> tuple[QuerySet[Comment], str]:
    rows = _in_sight(request)
    if "article" in query:
        article = reading.article_to_annotate(request.user, query["article"]).first()
        if article is None or query.get("version", article.version_id) != article.version_id:
            raise Http404
        return rows.filter(annotation__article=article), f"{article}, {article.version.document.title}"
    if "version" not in query:
        raise ValidationError({"version": ["Say which version, or which article: ?version=<id> or ?article=<id>."]})
    version = reading.version_to_read(request.user, query["version"]).first()
    if version is None:
        raise Http404
    return rows.filter(annotation__article__version=version), f"{version.document.title}, {version.number}"


def _answer(view: APIView, request: Request, data: dict[str, Any], *, link: str, allow: str) -> Response:
    """With the headers that the Web Annotation Protocol asks for; 304 where the client has it already."""
    etag = f'"{hashlib.sha256(json.dumps(data, sort_keys=True).encode()).hexdigest()[:32]}"'
    is_linked_data = isinstance(request.accepted_renderer, LinkedDataRenderer)
    answer = Response(data, content_type=web.PROFILE if is_linked_data else None)
    unchanged = get_conditional_response(request._request, etag=etag)
    if unchanged is not None:
        answer = Response(status=unchanged.status_code)
    answer["ETag"] = etag
    answer["Link"] = link
    answer["Allow"] = allow
    if "POST" in allow:
        answer["Accept-Post"] = web.PROFILE
    patch_vary_headers(answer, ["Accept"])
    return answer


def _base(request: Request) -> str:
    return request.build_absolute_uri("/").rstrip("/")
