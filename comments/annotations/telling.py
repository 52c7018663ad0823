"""Who is told of what became of their annotations in a new version: one notice for each version and person."""

from collections.abc import Iterable

from django.urls import reverse

from accounts.notices.telling import tell
from comments.annotations.models import Placement
from consultations.models import Version

State = Placement.State

# The worst comes last: of a person's annotations it is the one that they are told of.
KINDS = {
    State.TEXT_CHANGED: "annotation_changed",
    State.AMBIGUOUS: "annotation_ambiguous",
    State.ORPHANED: "annotation_orphaned",
}
WORST = list(KINDS)


def tell_of_states(version: Version, found: Iterable[tuple[int | None, State]]) -> None:
    """Tell the authors whose words were changed, or are not found, in ``version``. Who lost nothing hears nothing.

    found: author and state of each annotation that may be told of. A constant number of queries, however many are told.
    """
    worst: dict[int, State] = {}
    for author, state in found:
        if author is None or state not in KINDS:
            continue
        if author not in worst or WORST.index(state) > WORST.index(worst[author]):
            worst[author] = state
    for state, kind in KINDS.items():
        to = [author for author, its in worst.items() if its == state]
        _tell(kind, to, version, key=f"version {version.pk}", url=_own_in(version))


def tell_of_settling(placement: Placement) -> None:
    """Tell the author that an editor has placed their annotation, or has left it where it was made."""
    comment = placement.annotation.comment
    if not _is_in_sight(placement):
        return
    kind = "annotation_placed" if placement.article_id else "annotation_left"
    _tell(
        kind,
        [comment.author_id],
        placement.version,
        key=f"placement {placement.pk} {placement.settled_at}",
        url=f"{comment.get_absolute_url()}#comment-{comment.pk}",
    )


def _is_in_sight(row: Placement) -> bool:
    comment = row.annotation.comment
    return comment.deleted_at is None and comment.hidden_at is None


def _own_in(version: Version) -> str:
    """A person's own annotations, and where they stand in a version."""
    return f"{reverse('comments:annotations')}?version={version.pk}&show=mine"


def _tell(kind: str, to: Iterable[int | None], version: Version, *, key: str, url: str) -> None:
    document = version.document
    tell(
        kind,
        to=to,
        key=key,
        url=url,
        consultation_id=document.consultation_id,
        title=document.title,
        number=version.number,
    )
