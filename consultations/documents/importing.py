"""A whole text brought in from elsewhere: the rows of the preview, what an editor corrects in them, and saving them."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput
from consultations.documents import editing
from consultations.documents.drafting import (
    CHANGED_MEANWHILE,
    MOST_ARTICLES,
    MOST_CHARACTERS,
    Part,
    parts_of,
    start_draft,
    write_articles,
)
from consultations.documents.matching import Passage, matches, number_of
from consultations.documents.publishing import last_published
from consultations.documents.reading_files import TOO_LONG, Given, letters_in
from consultations.documents.structure import Piece, articles_inside, pieces_of
from consultations.models import Article, Document, Version
from consultations.models.document import article_name
from frontend.typed import NOT_KEPT

NO_DRAFT = -1  # the revision of a draft that is not begun yet; also what no number reads as


@dataclass(frozen=True)
class Row:
    """A part as the preview shows it. ``follows``: the numbers of the earlier parts it goes on with, "3" or "3, 4".
    ``pictures``: how many stood in it that were left behind."""

    part: Part
    follows: str = ""
    pictures: int = 0


def read(document: Document, given: Given) -> list[Row]:
    """The parts of a text, each with the part of the last published version that it seems to go on with.

    Raises InvalidInput where there are no words in it, or too many.
    """
    text = NOT_KEPT.sub("", given.text.replace("\f", "\n"))
    if len(text) > MOST_CHARACTERS:
        raise InvalidInput("text_too_long", TOO_LONG, field="text")
    pieces = pieces_of(text, is_markdown=given.is_markdown)
    if not pieces:
        raise InvalidInput("no_words", _("There are no words in it."), field="text")
    if len(pieces) > MOST_ARTICLES:
        raise InvalidInput("text_too_long", TOO_LONG, field="text")
    earlier = earlier_parts(document)
    found = matches(
        [Passage(part.kind, part.label, part.heading, part.body) for part in earlier],
        [Passage(piece.kind, piece.label, piece.heading, piece.body) for piece in pieces],
    )
    pictures = _homes(given.pictures, pieces)
    return [
        Row(
            Part(piece.kind, piece.label, piece.heading, piece.body),
            ", ".join(str(n + 1) for n in goes_on),
            pictures[n],
        )
        for n, (piece, goes_on) in enumerate(zip(pieces, found, strict=True))
    ]


def _homes(pictures: Sequence[int], pieces: Sequence[Piece]) -> Counter[int]:
    """How many pictures stood in which piece. Finding pieces loses and moves no word, so letters can be counted."""
    ends = list(accumulate(letters_in(piece.label + piece.heading + piece.body) for piece in pieces))
    return Counter(min(bisect_left(ends, letters), len(pieces) - 1) for letters in pictures)


def earlier_parts(document: Document) -> list[Part]:
    """Those of the last published version, which the rows are counted by from 1; none before anything is published."""
    last = last_published(document)
    return parts_of(last) if last else []


def rows_of(posted: Mapping[str, str]) -> list[Row]:
    """The rows as they were sent: ``kind_0``, ``label_0``, … in their order."""
    found = []
    for n in range(MOST_ARTICLES + 1):
        if f"kind_{n}" not in posted:
            break
        kind, label, heading, body, follows = (
            posted.get(f"{name}_{n}", "") for name in ("kind", "label", "heading", "body", "follows")
        )
        part = Part(kind, label.strip(), heading.strip(), body.replace("\r\n", "\n"))
        found.append(Row(part, follows.strip(), _whole(posted.get(f"pictures_{n}", ""))))
    return found


def corrected(rows: Sequence[Row], act: str, number: int) -> list[Row]:
    """With row ``number`` merged into the one above, split, or left out. Raises InvalidInput."""
    if not 0 <= number < len(rows) or act not in {"merge", "split", "leave-out"}:
        raise InvalidInput("no_such_act", _("Choose one of the buttons."))
    identity = rows[number].part.identity
    parts = [row.part for row in rows]
    if act == "merge":
        after = editing.merged(parts, identity)
    elif act == "split":
        after = editing.split(parts, identity)
    else:
        after = editing.removed(parts, identity)
    known = {row.part.identity: row for row in rows}
    if act == "merge":
        above, merged = rows[number - 1], rows[number]
        follows = ", ".join(dict.fromkeys(_numbers(f"{above.follows},{merged.follows}")))
        known[above.part.identity] = replace(above, follows=follows, pictures=above.pictures + merged.pictures)
    new = Row(rows[number].part, rows[number].follows if act == "split" else "")
    return [replace(known.get(part.identity, new), part=part) for part in after]


def save(*, document: Document, actor: Person, known_revision: int, rows: Sequence[Row]) -> Version:
    """Make the rows the draft. ``known_revision``: of the draft that the editor knew, or NO_DRAFT.

    Raises NotPermitted, Conflict and InvalidInput as ``write_articles``; and for a number that no earlier part has.
    """
    require(actor, "consultations.change_consultation", document.consultation)
    parts = _with_identities(rows, [part.identity for part in earlier_parts(document)])
    with transaction.atomic():
        draft = document.versions.filter(published_at__isnull=True).first()
        if (draft is None) != (known_revision == NO_DRAFT):
            raise Conflict(CHANGED_MEANWHILE)
        if draft is None:
            draft = start_draft(document=document, actor=actor)
            known_revision = 0
        draft.document = document
        return write_articles(version=draft, actor=actor, known_revision=known_revision, articles=parts)


def left_behind(rows: Sequence[Row], earlier: Sequence[Part]) -> list[str]:
    """The earlier parts that no row goes on with, by number and name: with this text they are gone."""
    named = {number for row in rows for number in _numbers(row.follows)}
    return [name_of(n, part) for n, part in enumerate(earlier, start=1) if str(n) not in named]


def doubts(rows: Sequence[Row]) -> list[str]:
    """What an editor should look at before saving."""
    counts = Counter(
        number_of(row.part.label) for row in rows if row.part.kind == Article.Kind.ARTICLE and row.part.label
    )
    twice = [row.part.label for row in rows if row.part.label and counts.get(number_of(row.part.label), 0) > 1]
    found = []
    if twice:
        found.append(gettext("The same number stands twice: %(labels)s.") % {"labels": ", ".join(dict.fromkeys(twice))})
    empty = [row.part.label for row in rows if row.part.kind == Article.Kind.ARTICLE and not row.part.body.strip()]
    if empty:
        found.append(gettext("Without any text: %(labels)s.") % {"labels": ", ".join(empty[:20])})
    quoted = [(label, row) for row in rows for label in articles_inside(row.part.body)]
    if quoted:
        names = ", ".join(f"{label} ({_called(row)})" for label, row in quoted[:20])
        found.append(
            gettext(
                "These articles stay inside the one that brings them in, as words of another law: %(names)s."
                " Split it where one of them is an article of this text."
            )
            % {"names": names}
        )
    return found


def pictures_left(rows: Sequence[Row]) -> str:
    """How many pictures were left behind, and where they stood; empty where there were none."""
    homes = [(row, row.pictures) for row in rows if row.pictures]
    if not homes:
        return ""
    number = sum(count for _row, count in homes)
    places = ", ".join(_called(row) if count == 1 else f"{_called(row)} ({count})" for row, count in homes[:20])
    sentence = ngettext(
        "A draft text is words: one picture was left behind. It stood in: %(places)s.",
        "A draft text is words: %(number)s pictures were left behind. They stood in: %(places)s.",
        number,
    )
    return sentence % {"number": number, "places": places}


def _called(row: Row) -> str:
    return article_name(row.part.label, row.part.heading)


def name_of(number: int, part: Part) -> str:
    words = " ".join(word for word in (part.label, part.heading) if word) or part.body[:40]
    return f"{number} · {words}"


def _with_identities(rows: Sequence[Row], earlier: Sequence[UUID]) -> list[Part]:
    """Each row with the identity of the first earlier part that it names, if no row above has it already."""
    taken: set[UUID] = set()
    parts = []
    for place, row in enumerate(rows, start=1):
        origins = []
        for number in _numbers(row.follows):
            if not 1 <= int(number) <= len(earlier):
                sentence = gettext("Part %(place)s: there is no earlier part with the number %(number)s.")
                raise InvalidInput("no_such_article", sentence % {"place": place, "number": number})
            origins.append(earlier[int(number) - 1])
        identity = origins[0] if origins and origins[0] not in taken else uuid4()
        taken.add(identity)
        parts.append(replace(row.part, identity=identity, origins=tuple(dict.fromkeys(origins))))
    return parts


def _whole(words: str) -> int:
    return min(int(words), MOST_ARTICLES) if words.isascii() and words.isdigit() and len(words) < 9 else 0


def _numbers(words: str) -> list[str]:
    return [str(int(number)) for number in re.findall(r"\d{1,6}", words)]
