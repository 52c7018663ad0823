"""What a downloaded version tells of its annotations (``consultations/documents/downloads.py``)."""

from uuid import UUID

from accounts.access import Person
from comments import mentions
from comments.annotations.cards import purpose_name
from comments.annotations.reading import in_sight
from comments.cards import author_name
from comments.models import Comment
from comments.queries import with_mentioned
from consultations.documents.downloads import Note
from consultations.models import Version
from frontend.markup import plain


def notes_in(version: Version, user: Person) -> dict[UUID, list[Note]]:
    """By article, in reading order: those that everybody sees, where they stand in this version. Two queries."""
    places = in_sight(version).filter(article__isnull=False).order_by("article__position", "start", "end", "pk")
    rows = list(places.values_list("article__identity", "annotation_id"))
    said = Comment.objects.filter(pk__in=[pk for _identity, pk in rows]).select_related("author", "annotation")
    comments = {comment.pk: comment for comment in with_mentioned(said)}
    found: dict[UUID, list[Note]] = {}
    for identity, pk in rows:
        found.setdefault(identity, []).append(_note(comments[pk]))
    return found


def _note(comment: Comment) -> Note:
    return Note(
        exact=comment.annotation.exact,
        author=author_name(comment),
        purpose=str(purpose_name(comment.annotation)),
        body=plain(mentions.in_markdown(comment)),
        suggestion=comment.annotation.suggestion,
    )
