"""Taking in annotations that were made elsewhere, as W3C Web Annotations, into a published version.

What each needs: a target with a TextQuoteSelector, or a TextPositionSelector; the words must stand in the version in
one place. Who is said to have made it is kept as a name, and is nobody's account here.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation, ValidationError
from django.core.validators import URLValidator
from django.db import connection, transaction
from django.urls import Resolver404, resolve
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import InvalidInput, Text
from comments.annotations.annotating import checked_suggestion, keep_place, lock_against_publishing, quoted
from comments.annotations.models import Annotation
from comments.annotations.placing import place_made
from comments.annotations.web import PURPOSES
from comments.commenting import checked
from comments.live import announce_soon
from comments.models import Comment
from consultations.clock import database_now
from consultations.models import Article, Version
from frontend import markup
from frontend.typed import NOT_KEPT, one_line

MAY_IMPORT = "consultations.change_consultation"
MOST = 1_000
MOST_PLACES = 500  # of the same words, that a prefix and a suffix tell from each other
_OF_TEXT = ("TextQuoteSelector", "TextPositionSelector")
Purpose = Annotation.Purpose


@dataclass(frozen=True)
class Result:
    """What became of one: the annotation, or why not."""

    index: int
    quote: Annotation | None = None
    code: str = ""
    detail: Text = ""

    @property
    def pk(self) -> int | None:
        return self.quote.pk if self.quote else None


def import_annotations(*, version: Version, actor: Person, items: Sequence[Any]) -> list[Result]:
    """Take in what can be taken in, each by itself; the results come in the order of the items.

    Raises NotPermitted, and InvalidInput for a version that is not published, or for more than ``MOST`` items. Locks
    importing into the document, so that the same sent twice at once is taken in once; then the document, as
    ``annotate`` does.
    """
    require(actor, MAY_IMPORT, version.document.consultation)
    if not version.is_published:
        raise InvalidInput("not_published", _("This version is not published: nobody can annotate it yet."))
    if len(items) > MOST:
        raise InvalidInput("too_many", _("At most 1,000 annotations at a time."))
    articles = list(version.articles.defer("body", "html"))
    for article in articles:
        article.version = version
    with transaction.atomic():
        _lock_against_importing(version.document_id)
        lock_against_publishing(version.document_id)
        results = [_import(index, item, version, articles) for index, item in enumerate(items)]
        made = [result.quote for result in results if result.quote is not None]
        place_made(made)
        if made:
            audit.record(
                "comments.annotations_imported",
                actor=actor,
                on=version.document,
                consultation_id=version.document.consultation_id,
                version=version.number,
                count=len(made),
            )
            consultation_id = version.document.consultation_id
            transaction.on_commit(lambda: announce_soon(consultation_id))
    return results


def _lock_against_importing(document_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('comments.import', %s))", [document_id])


def _import(index: int, item: Any, version: Version, articles: Sequence[Article]) -> Result:
    try:
        with transaction.atomic():
            return Result(index, _take_in(_fit_for_the_database(item), version, articles))
    except InvalidInput as refusal:
        return Result(index, code=refusal.code, detail=refusal.sentence)


def _fit_for_the_database(value: Any) -> Any:
    """The same without the characters that no text here may have, in normal form C as the texts are. JSON can say
    them, and names may have them too."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", NOT_KEPT.sub("", value))
    if isinstance(value, Mapping):
        return {name: _fit_for_the_database(each) for name, each in value.items()}
    return [_fit_for_the_database(each) for each in value] if isinstance(value, list) else value


def _take_in(item: Any, version: Version, articles: Sequence[Article]) -> Annotation:
    if not isinstance(item, Mapping) or "Annotation" not in _list(item.get("type")):
        raise InvalidInput("no_annotation", _("This is no Web Annotation: its type is not Annotation."), "type")
    source = _source_of(item)
    document = version.document
    if source and Annotation.objects.filter(source=source, article__version__document=document).exists():
        raise InvalidInput("imported_already", _("This annotation was imported already."), "id")
    quote = _target(item, articles)
    quote.source, quote.source_creator = source, _creator_of(item)
    said, suggestion, quote.purpose = _bodies(item)
    if quote.purpose == Purpose.SUGGEST:
        quote.suggestion = checked_suggestion(suggestion, quote.exact)
        said = said or markup.as_text(quote.suggestion)
    now = database_now()
    quote.comment = Comment.objects.create(
        consultation=document.consultation, document=document, body=checked(said), created_at=now
    )
    quote.save(force_insert=True)
    keep_place(quote)
    return quote


def _source_of(item: Mapping[str, Any]) -> str:
    found = item.get("canonical") or item.get("id") or ""
    if not isinstance(found, str) or not found.startswith(("http://", "https://")):
        return ""
    try:
        URLValidator()(found)
    except ValidationError:
        return ""
    return found if len(found) <= 500 else ""


def _creator_of(item: Mapping[str, Any]) -> str:
    creator = next(iter(_list(item.get("creator"))), "")
    if isinstance(creator, Mapping):
        creator = creator.get("name") or creator.get("nickname") or ""
    return one_line(str(next(iter(_list(creator)), "")))[:200]


def _bodies(item: Mapping[str, Any]) -> tuple[str, str, str]:
    """What it says, the wording that it suggests, and what for."""
    motivation = next((PURPOSES[one] for one in _words(item.get("motivation")) if one in PURPOSES), Purpose.COMMENT)
    if isinstance(item.get("bodyValue"), str):
        return item["bodyValue"], "", Purpose.COMMENT if motivation == Purpose.SUGGEST else motivation
    said: list[str] = []
    wordings: list[str] = []
    for body in _list(item.get("body")):
        if not isinstance(body, Mapping) or not isinstance(body.get("value"), str):
            continue
        is_wording = "editing" in _list(body.get("purpose")) or (
            motivation == Purpose.SUGGEST and "purpose" not in body
        )
        text = _without_tags(body["value"]) if body.get("format") == "text/html" else body["value"]
        (wordings if is_wording else said).append(text)
    if wordings:
        return "\n\n".join(said), wordings[0], Purpose.SUGGEST
    if motivation == Purpose.SUGGEST:  # strikes the words, and says why
        return "\n\n".join(said), "", motivation
    return "\n\n".join(said), "", motivation


def _without_tags(html: str) -> str:
    try:
        return strip_tags(html)
    except SuspiciousOperation:
        raise InvalidInput("strange_html", _("Its HTML cannot be read."), "body") from None


def _target(item: Mapping[str, Any], articles: Sequence[Article]) -> Annotation:
    """The words that it is about, found in the version. Raises InvalidInput where they are not one place."""
    targets = _list(item.get("target"))
    if len(targets) > 1:
        raise InvalidInput("several_targets", _("It is about several places: send one annotation for each."), "target")
    target = next(iter(targets), None)
    if not isinstance(target, Mapping):
        raise InvalidInput("no_selector", _("It does not say which words it is about: it has no selector."), "target")
    within = _articles_of(target.get("source"), articles)
    selectors = list(_selectors(target))
    quote = next((one for one in selectors if one.get("type") == "TextQuoteSelector"), None)
    position = next((one for one in selectors if one.get("type") == "TextPositionSelector"), None)
    if quote is not None and isinstance(quote.get("exact"), str) and quote["exact"].strip():
        return _by_quote(quote, position, within)
    if position is not None and len(within) == 1:
        start, end = position.get("start"), position.get("end")
        if type(start) is int and type(end) is int and 0 <= start < end <= len(within[0].text):
            return quoted(within[0], start, end, within[0].text[start:end])
        raise InvalidInput("outside_the_text", _("The article has no such place. Choose the words again."), "target")
    raise InvalidInput("no_selector", _("It does not say which words it is about: it has no selector."), "target")


def _selectors(target: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Those that say words or positions. Of one that another refines: the finest, if what it refines is no text; words
    within words are more than we can follow, and the whole of them was not meant."""
    for one in _list(target.get("selector")):
        while isinstance(one, Mapping) and one.get("refinedBy") is not None:
            one = None if one.get("type") in _OF_TEXT else next(iter(_list(one["refinedBy"])), None)
        if isinstance(one, Mapping):
            yield one


@dataclass(frozen=True)
class _Place:
    """Where words that were quoted elsewhere stand in an article."""

    article: Article
    start: int
    end: int

    def stands_between(self, prefix: str, suffix: str, *, in_the_article: bool = False) -> bool:
        """Whether prefix and suffix stand around it. in_the_article: as far as the article's text goes; whoever quotes
        from a whole page has the heading before it in the prefix, and the next article in the suffix."""
        # White space differs from page to page; a stretch of it is one space in most texts, and never longer than two.
        before = _plain(self.article.text[max(0, self.start - 2 * len(prefix) - 2) : self.start])
        after = _plain(self.article.text[self.end : self.end + 2 * len(suffix) + 2])
        prefix, suffix = _plain(prefix), _plain(suffix)
        if in_the_article:
            prefix, suffix = prefix[max(0, len(prefix) - len(before)) :], suffix[: len(after)]
        return before.endswith(prefix) and after.startswith(suffix)


def _by_quote(quote: Mapping[str, Any], position: Mapping[str, Any] | None, within: Sequence[Article]) -> Annotation:
    exact = quote["exact"]
    start = position.get("start") if position else None
    prefix, suffix = str(quote.get("prefix") or ""), str(quote.get("suffix") or "")
    if len(within) == 1 and type(start) is int and start >= 0:
        place = _Place(within[0], start, start + len(exact))
        # A position that is against the context may have been counted in another form of the text.
        if within[0].text.startswith(exact, start) and place.stands_between(prefix, suffix):
            return quoted(within[0], start, place.end, exact)
    found = _places(within, exact)
    if not found:
        raise InvalidInput("words_not_there", _("The words that it quotes do not stand in this version."), "target")
    if 1 < len(found) <= MOST_PLACES:
        whole = [place for place in found if place.stands_between(prefix, suffix)]
        found = whole or [place for place in found if place.stands_between(prefix, suffix, in_the_article=True)]
    if len(found) != 1:
        raise InvalidInput("words_in_several_places", _("The words that it quotes stand in several places."), "target")
    place = found[0]
    return quoted(place.article, place.start, place.end, place.article.text[place.start : place.end])


def _places(within: Sequence[Article], words: str) -> list[_Place]:
    """Where the words stand as they are; if nowhere, where they do with other white space between them."""
    as_they_are, words_alone = re.escape(words), r"\s+".join(map(re.escape, words.split()))
    for pattern in map(re.compile, (as_they_are, words_alone)):
        places = (_Place(article, *place) for article in within for place in _spans(pattern, article.text))
        if found := list(islice(places, MOST_PLACES + 1)):
            return found
    return []


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Those that overlap, too."""
    one = pattern.search(text)
    while one:
        yield one.span()
        one = pattern.search(text, one.start() + 1)


def _plain(words: str) -> str:
    return " ".join(words.split())


def _articles_of(source: Any, articles: Sequence[Article]) -> Sequence[Article]:
    """The article that a source names by one of our addresses; else any: the words say which."""
    if isinstance(source, Mapping):
        source = source.get("id")
    try:
        match = resolve(urlsplit(str(source)).path)
    except (Resolver404, ValueError):
        return articles
    if match.view_name != "consultations:article":
        return articles
    version = articles[0].version if articles else None
    asked = (match.kwargs["pk"], match.kwargs["number"])
    if version is None or asked != (version.document_id, version.number):
        raise InvalidInput("strange_article", _("That article belongs to another version."), "target")
    found = [article for article in articles if article.identity == match.kwargs["identity"]]
    if not found:
        raise InvalidInput("strange_article", _("That article belongs to another version."), "target")
    return found


def _words(value: Any) -> list[str]:
    return [one for one in _list(value) if isinstance(one, str)]


def _list(value: Any) -> list[Any]:
    """JSON-LD says one value or several alike."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
