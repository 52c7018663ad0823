"""Writing a draft text: the document itself, and the one version of it that is not published yet.

Every write of articles goes through ``write_articles``: the only place where a body becomes its text and its HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput, Reason
from consultations.documents.texts import marked
from consultations.models import Article, Consultation, Document, Version
from frontend.typed import as_lines, as_name

MOST_DOCUMENTS = 20
MOST_ARTICLES = 1_000
MOST_CHARACTERS = 2_000_000  # of all bodies together: four times the longest constitution
LONGEST_BODY = 50_000

CHANGED_MEANWHILE = Reason(
    "changed_meanwhile",
    _(
        "This draft was changed while you were writing, by somebody else or in another window. Nothing is saved yet: "
        "look at what it says now."
    ),
)
IS_GONE = Reason("document_gone", _("This text was thrown away meanwhile."))
IS_PUBLISHED = Reason(
    "version_published", _("This version is published and stays as it is. Begin the next one and change that.")
)


@dataclass(frozen=True)
class Part:
    """An article as an editor gives it. ``identity``, ``origins``: as in ``Article``."""

    kind: str = Article.Kind.ARTICLE
    label: str = ""
    heading: str = ""
    body: str = ""
    identity: UUID = field(default_factory=uuid4)
    origins: Sequence[UUID] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.label or self.heading or self.body)


def create_document(
    *, consultation: Consultation, actor: Person, title: str, articles: Sequence[Part] = ()
) -> Document:
    """A new document with its first version as a draft, which editors alone see.

    Raises NotPermitted; InvalidInput for a title or articles that cannot be saved.
    """
    require(actor, "consultations.change_consultation", consultation)
    title = _checked_title(title)
    with transaction.atomic():
        Consultation.objects.select_for_update(no_key=True).get(pk=consultation.pk)  # two documents at once
        documents = consultation.documents.aggregate(last=Max("position"))
        position = (documents["last"] or 0) + 1
        if position > MOST_DOCUMENTS:
            raise InvalidInput("too_many_documents", _("A consultation carries at most 20 documents."))
        document = Document.objects.create(consultation=consultation, position=position, title=title)
        version = Version.objects.create(document=document, number=1)
        _write(version, articles)
        _record("consultations.document_created", document, actor, title=title)
    return document


def rename_document(*, document: Document, actor: Person, title: str) -> Document:
    """Call it otherwise, for all its versions."""
    require(actor, "consultations.change_consultation", document.consultation)
    with transaction.atomic():
        old = locked_document(document, no_key=True).title
        document.title = _checked_title(title)
        if document.title != old:
            document.save(update_fields=["title"])
            _record("consultations.document_renamed", document, actor, title=document.title, old=old)
    return document


def start_draft(*, document: Document, actor: Person) -> Version:
    """The version that is being written: the one there is, or the next, begun as a copy of the last published one."""
    require(actor, "consultations.change_consultation", document.consultation)
    with transaction.atomic():
        locked_document(document)
        draft = document.versions.filter(published_at__isnull=True).first()
        if draft is not None:
            return draft
        last = document.versions.last()
        draft = Version.objects.create(document=document, number=last.number + 1 if last else 1)
        if last is not None:
            _write(draft, [replace(part, origins=(part.identity,)) for part in parts_of(last)], like=last)
        _record("consultations.version_begun", document, actor, number=draft.number)
    return draft


def write_articles(
    *, version: Version, actor: Person, known_revision: int, articles: Sequence[Part], summary: str | None = None
) -> Version:
    """Save the whole of a draft version. ``known_revision``: what ``version.revision`` was when the editor began.

    Returns the version as it is stored now. Raises NotPermitted; Conflict where it is published, or was changed since
    ``known_revision``; InvalidInput for articles that cannot be saved.
    """
    require(actor, "consultations.change_consultation", version.document.consultation)
    with transaction.atomic():
        locked = locked_draft(version, known_revision)
        if summary is not None:
            locked.summary = as_lines(summary)
        _write(locked, articles, like=locked)
        locked.revision += 1
        locked.save(update_fields=["summary", "revision"])
        _record("consultations.version_changed", version.document, actor, number=locked.number, count=len(articles))
    return locked


def discard_draft(*, version: Version, actor: Person, known_revision: int) -> None:
    """Throw the draft version away. Its document goes with it where nothing of it was ever published."""
    document = version.document
    require(actor, "consultations.change_consultation", document.consultation)
    with transaction.atomic():
        locked_document(document)
        locked = locked_draft(version, known_revision)
        _record("consultations.version_discarded", document, actor, number=locked.number)
        locked.delete()
        if not document.versions.exists():
            document.delete()


def locked_document(document: Document, *, no_key: bool = False) -> Document:
    """The row as stored, locked. Raises Conflict where another editor has thrown the text away."""
    found = Document.objects.select_for_update(no_key=no_key).filter(pk=document.pk).first()
    if found is None:
        raise Conflict(IS_GONE, page=document.consultation.get_absolute_url())
    return found


def locked_draft(version: Version, known_revision: int) -> Version:
    """The row as stored, locked. Raises Conflict where it is not the draft that the editor knows."""
    locked = (
        Version.objects.select_for_update(of=("self",)).select_related("document__consultation").filter(pk=version.pk)
    )
    found = locked.first()
    if found is None:
        raise Conflict(CHANGED_MEANWHILE, page=version.document.get_absolute_url())
    if found.is_published:
        raise Conflict(IS_PUBLISHED, page=version.document.get_absolute_url())
    if found.revision != known_revision:
        raise Conflict(CHANGED_MEANWHILE)
    return found


def parts_of(version: Version) -> list[Part]:
    """A version's articles in the form in which they are given."""
    return [part_of(article) for article in version.articles.defer("text", "html")]


def part_of(article: Article) -> Part:
    return Part(
        kind=article.kind,
        label=article.label,
        heading=article.heading,
        body=article.body,
        identity=article.identity,
        origins=tuple(article.origins),
    )


def _write(version: Version, parts: Sequence[Part], like: Version | None = None) -> None:
    """Replace the articles of a draft version. Bodies that ``like`` has already are not read anew."""
    parts = [_checked(part, number) for number, part in enumerate(parts, start=1)]
    _check_all(parts)
    known = {} if like is None else {body: rest for body, *rest in like.articles.values_list("body", "text", "html")}
    rows = []
    for position, part in enumerate(parts, start=1):
        text, html = known.get(part.body) or _read(part.body)
        rows.append(
            Article(
                version=version,
                position=position,
                identity=part.identity,
                origins=list(part.origins),
                kind=part.kind,
                label=part.label,
                heading=part.heading,
                body=part.body,
                text=text,
                html=html,
            )
        )
    version.articles.all().delete()
    Article.objects.bulk_create(rows)


def _read(body: str) -> tuple[str, str]:
    found = marked(body)
    return found.text, found.html


def _checked(part: Part, number: int) -> Part:
    part = replace(part, label=as_name(part.label), heading=as_name(part.heading), body=as_lines(part.body).strip("\n"))
    where = {"number": number, "label": part.label or part.heading}
    if part.kind not in Article.Kind.values:
        raise InvalidInput("no_such_kind", _("Choose one of the kinds."), field="kind")
    if part.is_empty:
        raise InvalidInput(
            "empty_article", gettext("Part %(number)s is empty. Write it, or delete it.") % where, "body"
        )
    for name, longest in (("label", 60), ("heading", 300), ("body", LONGEST_BODY)):
        if len(getattr(part, name)) > longest:
            sentence = gettext("Part %(number)s (%(label)s) is too long: at most %(longest)s characters. Split it.")
            raise InvalidInput("article_too_long", sentence % {**where, "longest": longest}, field=name)
    return part


def _check_all(parts: Sequence[Part]) -> None:
    if len(parts) > MOST_ARTICLES or sum(len(part.body) for part in parts) > MOST_CHARACTERS:
        raise InvalidInput("text_too_long", _("This text is too long for one document. Make two of it."), field="body")
    if len({part.identity for part in parts}) < len(parts):
        raise InvalidInput("article_twice", _("Two parts go on with the same earlier article. Choose one of them."))


def _checked_title(title: str) -> str:
    title = as_name(title)
    if not title:
        raise InvalidInput("no_title", _("Give the document a title."), field="title")
    if len(title) > 200:
        raise InvalidInput("title_too_long", _("Give it a shorter title: at most 200 characters."), field="title")
    return title


def _record(event: str, document: Document, actor: Person, **details: str | int) -> None:
    audit.record(
        event,
        actor=actor,
        on=document,
        consultation_id=document.consultation_id,
        document=document.title,
        **details,
    )
