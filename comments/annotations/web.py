"""Annotations as W3C Web Annotations (Web Annotation Data Model and Protocol, 23 February 2017), in JSON-LD.

Positions are code points of the article's canonical text; the target is the article of the version that was annotated,
by its permanent address. A creator is a number, the same in all that is said in one consultation, as in the exports.
"""

from typing import Any

from django.urls import reverse

from comments.annotations.models import Annotation
from comments.models import Comment
from consultations.open_data.pseudonyms import author_number

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
MOTIVATIONS = {
    Annotation.Purpose.COMMENT: "commenting",
    Annotation.Purpose.SUGGEST: "editing",
    Annotation.Purpose.ASK: "questioning",
}
PURPOSES = {motivation: purpose for purpose, motivation in MOTIVATIONS.items()}
ON_A_PAGE = 100


def as_web_annotation(comment: Comment, base: str, *, with_context: bool = True) -> dict[str, Any]:
    """One annotation. base: the site's address without a path. Needs ``queries.with_quotes``; no query."""
    annotation = comment.annotation
    found: dict[str, Any] = {"@context": CONTEXT} if with_context else {}
    found |= {
        "id": f"{base}{address_of(comment.pk)}",
        "type": "Annotation",
        "motivation": MOTIVATIONS[Annotation.Purpose(annotation.purpose)],
        "created": _moment(comment.created_at),
        "body": _bodies(comment, annotation),
        "target": {
            "type": "SpecificResource",
            "source": f"{base}{_article_address(annotation)}",
            "selector": _selectors(annotation),
        },
        "generator": {"id": f"{base}/", "type": "Software", "name": "Asamblea"},
    }
    if comment.edited_at is not None:
        found["modified"] = _moment(comment.edited_at)
    creator = _creator(comment, annotation)
    if creator:
        found["creator"] = creator
    if annotation.source:
        found["canonical"] = annotation.source
    return found


def as_collection(address: str, label: str, total: int, page_count: int) -> dict[str, Any]:
    """A paged collection; its pages are asked for by ``&page=``, from 0. An empty one has none."""
    found: dict[str, Any] = {
        "@context": [CONTEXT, "http://www.w3.org/ns/ldp.jsonld"],
        "id": address,
        "type": ["BasicContainer", "AnnotationCollection"],
        "label": label,
        "total": total,
    }
    if total:
        found["first"] = _page_address(address, 0)
        found["last"] = _page_address(address, page_count - 1)
    return found


def as_page(address: str, page: int, page_count: int, items: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "@context": CONTEXT,
        "id": _page_address(address, page),
        "type": "AnnotationPage",
        "partOf": address,  # the address alone: the W3C's own test schemas take nothing else
        "startIndex": page * ON_A_PAGE,
        "items": items,
    }
    if page + 1 < page_count:
        found["next"] = _page_address(address, page + 1)
    if page:
        found["prev"] = _page_address(address, page - 1)
    return found


def address_of(pk: int) -> str:
    return reverse("api:web-annotation", args=[pk])


def _page_address(address: str, page: int) -> str:
    return f"{address}{'&' if '?' in address else '?'}page={page}"


def _article_address(annotation: Annotation) -> str:
    article = annotation.article
    return reverse(
        "consultations:article", args=[article.version.document_id, article.version.number, article.identity]
    )


def _bodies(comment: Comment, annotation: Annotation) -> list[dict[str, Any]]:
    """What is said, and the other wording that is suggested."""
    said = {
        "type": "TextualBody",
        "value": comment.body,
        "format": "text/markdown",
        "purpose": "commenting" if annotation.purpose != Annotation.Purpose.ASK else "questioning",
    }
    if not annotation.suggestion:
        return [said]
    wording = {"type": "TextualBody", "value": annotation.suggestion, "format": "text/plain", "purpose": "editing"}
    return [wording, said]


def _selectors(annotation: Annotation) -> list[dict[str, Any]]:
    quote: dict[str, Any] = {"type": "TextQuoteSelector", "exact": annotation.exact}
    if annotation.prefix:
        quote["prefix"] = annotation.prefix
    if annotation.suffix:
        quote["suffix"] = annotation.suffix
    return [quote, {"type": "TextPositionSelector", "start": annotation.start, "end": annotation.end}]


def _creator(comment: Comment, annotation: Annotation) -> dict[str, Any]:
    if comment.is_official:
        return {"type": "Organization", "name": comment.consultation.agency.name}
    if annotation.source_creator:
        return {"type": "Person", "name": annotation.source_creator}
    number = author_number(comment.consultation_id, comment.author_id)
    return {"type": "Person", "nickname": number} if number else {}


def _moment(moment: Any) -> str:
    """With its zone, as xsd:dateTime asks."""
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")
