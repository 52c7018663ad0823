"""What an annotation shows beside its comment: the words that it quotes, what for, and where they stand now."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from comments.annotations.models import Annotation, Placement
from comments.annotations.wording import shortened, word_diff
from comments.models import Comment
from consultations.models import Article, Version
from frontend import markup


def annotation_of(comment: Comment) -> Annotation | None:
    """What makes a comment an annotation; None for other comments. No query after ``queries.with_quotes``."""
    if comment.document_id is None or comment.root_id is not None:
        return None
    return comment.annotation if hasattr(comment, "annotation") else None


def quote_html(comment: Comment) -> SafeString | str:
    """The quoted words over a comment, with the wording that it suggests; empty where it is no annotation."""
    annotation = annotation_of(comment)
    if annotation is None:
        return ""
    article = annotation.article
    return format_html(
        '<figure class="quoted"><figcaption><span class="badge purpose for-{}">{}</span> '
        '<a href="{}">{}</a></figcaption>{}</figure>',
        annotation.purpose,
        purpose_name(annotation),
        address_in(annotation, article.version),
        place_name(article),
        words_html(annotation),
    )


def purpose_name(annotation: Annotation) -> str:
    return purpose_names()[Annotation.Purpose(annotation.purpose)]


def purpose_names() -> dict[Annotation.Purpose, str]:
    """What annotations are, as nouns: a purpose's label says what one does."""
    return {
        Annotation.Purpose.COMMENT: pgettext("an annotation", "Comment"),
        Annotation.Purpose.SUGGEST: pgettext("an annotation", "Suggestion"),
        Annotation.Purpose.ASK: pgettext("an annotation", "Question"),
    }


def words_html(annotation: Annotation) -> SafeString:
    """The quoted words; of a suggestion what would go and what would come."""
    if annotation.purpose == Annotation.Purpose.SUGGEST:
        return format_html(
            '<blockquote class="wording">{}</blockquote>', word_diff(annotation.exact, annotation.suggestion)
        )
    return format_html("<blockquote>{}</blockquote>", shortened(annotation.exact))


def says_more(comment: Comment) -> bool:
    """Whether a comment says more than the wording that it suggests, which its quote shows already."""
    annotation = annotation_of(comment)
    return annotation is None or not annotation.suggestion or comment.body != markup.as_text(annotation.suggestion)


def place_name(article: Article) -> str:
    facts = {"article": article.name, "number": article.version.number}
    return gettext("%(article)s, version %(number)s") % facts


def address_in(annotation: Annotation, version: Version) -> str:
    """The annotation on the reading page of a version."""
    page = reverse("consultations:version", args=[version.document_id, version.number])
    return f"{page}?annotation={annotation.pk}#annotation-{annotation.pk}"


@dataclass(frozen=True)
class Standing:
    """Where an annotation stands in one version, as pages say it. now: the words there, empty where it has no place."""

    placement: Placement
    label: str
    is_own: bool
    place: str
    url: str
    before: str
    now: str

    @property
    def difference(self) -> SafeString:
        return word_diff(self.before, self.now)

    @property
    def explanation(self) -> str:
        """What the label means, where neither it nor the words side by side say so."""
        if self.placement.settled_by_id is not None:
            return "" if self.now else gettext("An editor found no place for it in this version.")
        sentences = {
            Placement.State.SHIFTED: _("The text moved; its words are the same."),
            Placement.State.AMBIGUOUS: _(
                "The same words stand in several places, and nobody can tell yet which ones were meant."
            ),
            Placement.State.ORPHANED: _("This version no longer has these words."),
        }
        return str(sentences.get(Placement.State(self.placement.state), ""))

    @property
    def is_changed(self) -> bool:
        return bool(self.now) and self.now != self.before


def standing_of(placement: Placement, annotation: Annotation, version: Version) -> Standing:
    """No query where article and version are there."""
    article = placement.article
    now = article.text[placement.start : placement.end] if article is not None else ""
    return Standing(
        placement=placement,
        label=state_label(placement),
        is_own=annotation.article.version_id == version.pk,
        place=article.name if article is not None else "",
        url=address_in(annotation, version) if article is not None else "",
        before=annotation.exact,
        now=now,
    )


def state_label(placement: Placement) -> str:
    """In a word or two; what an editor settled says so."""
    if placement.settled_by_id is None:
        return str(placement.get_state_display())
    return gettext("placed by an editor") if placement.article_id else gettext("without a place, as an editor found")
