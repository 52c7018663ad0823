"""Annotating: a comment on a range of words of a published version, a suggestion of other words, or a question."""

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.refusals import InvalidInput
from comments.annotations.models import Annotation, Placement
from comments.annotations.placing import place_made
from comments.commenting import MAX_LENGTH, add_comment
from comments.models import Comment
from consultations.clock import Act, require_phase
from consultations.models import Article
from frontend import markup
from frontend.typed import tidied

CONTEXT = 64  # code points before and after the quote; Annotation.prefix and suffix hold as many

Purpose = Annotation.Purpose


def annotate(
    *,
    article: Article,
    actor: Person,
    start: int,
    end: int,
    exact: str,
    purpose: str,
    body: str,
    suggestion: str = "",
    is_official: bool = False,
) -> Comment:
    """Annotate the words ``exact``, which stand at ``start`` to ``end`` (excluded) of the article's canonical text.

    purpose: of ``Annotation.Purpose``. suggestion: for SUGGEST the wording put in their place, empty to strike them;
        of other purposes it is left aside. A suggestion of words needs no reason: then ``body`` is those words.
    Where a newer version is out already, it is placed there at once: who wrote while an editor published loses nothing.
    Raises what ``add_comment`` raises; InvalidInput for words that do not stand there, a position outside the text, a
    version that is not published, a purpose that there is not, a suggestion that changes nothing.
    Locks the document shared, so that no version is published between reading which is the latest and the commit.
    """
    version = article.version
    document = version.document
    consultation = document.consultation
    if is_official:
        require(actor, "consultations.reply_consultation", consultation)
    else:
        require(actor, "consultations.comment_consultation", consultation)
        require_phase(consultation, Act.COMMENT)
    quote = quoted(article, start, end, exact)
    quote.purpose, quote.suggestion = _checked_purpose(purpose), ""
    if quote.purpose == Purpose.SUGGEST:
        quote.suggestion = checked_suggestion(suggestion, quote.exact)
        body = (body.strip() and body) or markup.as_text(quote.suggestion)
    with transaction.atomic():
        lock_against_publishing(document.pk)
        comment = add_comment(
            consultation=consultation,
            document=document,
            annotation=quote,
            actor=actor,
            body=body,
            is_official=is_official,
        )
        keep_place(quote)
        place_made([quote])
    return comment


def quoted(article: Article, start: int, end: int, exact: str) -> Annotation:
    """An annotation of these words, not saved. Raises InvalidInput where they cannot be annotated."""
    if not article.version.is_published:
        raise InvalidInput("not_published", _("This version is not published: nobody can annotate it yet."))
    if not 0 <= start < end <= len(article.text):
        raise InvalidInput("outside_the_text", _("The article has no such place. Choose the words again."), "start")
    exact = exact.replace("\r\n", "\n")  # forms send line breaks so
    if article.text[start:end] != exact:
        raise InvalidInput("words_not_there", _("These words do not stand there. Choose them again."), "exact")
    if not exact.strip():
        raise InvalidInput("no_words", _("Choose at least a word."), "exact")
    return Annotation(
        article=article,
        start=start,
        end=end,
        exact=exact,
        prefix=article.text[max(0, start - CONTEXT) : start],
        suffix=article.text[end : end + CONTEXT],
    )


def checked_suggestion(suggestion: str, exact: str) -> str:
    """Other words for ``exact``, tidied. Raises InvalidInput for the same words, and for too many."""
    suggestion = tidied(suggestion)
    if suggestion == exact.strip():
        raise InvalidInput("same_words", _("These are the words that stand there. Write yours."), "suggestion")
    if len(suggestion) > MAX_LENGTH:
        raise InvalidInput("too_long", _("Your wording has more than 5,000 characters."), "suggestion")
    return suggestion


def keep_place(annotation: Annotation) -> None:
    """Write where an annotation stands in the version that it was made on."""
    Placement.objects.create(
        annotation=annotation,
        version=annotation.article.version,
        state=Placement.State.KEPT,
        article=annotation.article,
        start=annotation.start,
        end=annotation.end,
    )


def _checked_purpose(purpose: str) -> str:
    if purpose not in Purpose.values:
        raise InvalidInput("strange_purpose", _("Comment, suggest other wording, or ask."), "purpose")
    return purpose


def lock_against_publishing(document_id: int) -> None:
    """Wait for whoever publishes a version, and let them wait for us; other annotators pass."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM consultations_document WHERE id = %s FOR SHARE", [document_id])
