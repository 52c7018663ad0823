"""What an editor does with one part among the others: pure, a list of parts in, the next list out.

An article keeps its identity through every edit; ``origins`` remember of which ones of the version before it was made.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput
from consultations.documents.drafting import Part
from consultations.documents.structure import pieces_of

# A line that an editor writes where a part is to be split.
SPLIT_HERE = re.compile(r"^[ \t]*={3,}[ \t]*$", re.MULTILINE)


def place_of(parts: Sequence[Part], identity: UUID) -> int:
    """Raises InvalidInput where the part is not there (any more)."""
    for place, part in enumerate(parts):
        if part.identity == identity:
            return place
    raise InvalidInput("no_such_article", _("This part is not in the draft any more."))


def added(parts: Sequence[Part], part: Part, after: UUID | None) -> list[Part]:
    """With one more, after the one named, or at the beginning."""
    place = 0 if after is None else place_of(parts, after) + 1
    return [*parts[:place], part, *parts[place:]]


def changed(parts: Sequence[Part], identity: UUID, **fields: str) -> list[Part]:
    """With other words in one part; which it is stays."""
    place = place_of(parts, identity)
    return [*parts[:place], replace(parts[place], **fields), *parts[place + 1 :]]  # type: ignore[arg-type]


def removed(parts: Sequence[Part], identity: UUID) -> list[Part]:
    place = place_of(parts, identity)
    return [*parts[:place], *parts[place + 1 :]]


def moved(parts: Sequence[Part], identity: UUID, by: int) -> list[Part]:
    """One part further down, or with a negative number further up, as far as there is room."""
    place = place_of(parts, identity)
    rest = [*parts[:place], *parts[place + 1 :]]
    target = min(max(place + by, 0), len(rest))
    return [*rest[:target], parts[place], *rest[target:]]


def merged(parts: Sequence[Part], identity: UUID) -> list[Part]:
    """With one part taken into the one above it, which keeps its number and its identity."""
    place = place_of(parts, identity)
    if place == 0:
        raise InvalidInput("nothing_above", _("There is nothing above it to merge it with."))
    above, part = parts[place - 1], parts[place]
    words = [above.body, _as_words(part), part.body]
    origins = tuple(dict.fromkeys([*above.origins, *part.origins]))
    one = replace(above, body="\n\n".join(word for word in words if word), origins=origins)
    return [*parts[: place - 1], one, *parts[place + 1 :]]


def split(parts: Sequence[Part], identity: UUID) -> list[Part]:
    """With one part cut in two or more: at the lines of "===" in it; else where numbers of articles stand in it; else
    after its first paragraph. The first piece stays what it was, the others are new and know where they come from.

    Raises InvalidInput where there is nothing to cut.
    """
    place = place_of(parts, identity)
    part = parts[place]
    pieces = _cut(part)
    if len(pieces) < 2:
        raise InvalidInput(
            "nothing_to_split", _("Write a line with === in the text, where the new part begins."), field="body"
        )
    return [*parts[:place], *pieces, *parts[place + 1 :]]


def _cut(part: Part) -> list[Part]:
    bodies = [body.strip("\n") for body in SPLIT_HERE.split(part.body)]
    if len(bodies) == 1:
        found = pieces_of(part.body, is_markdown=True)
        if len(found) > 1 and found[0].kind == "text" and not found[0].label:
            rest = [_new(part, Part(kind=p.kind, label=p.label, heading=p.heading, body=p.body)) for p in found[1:]]
            return [replace(part, body=found[0].body), *rest]
        bodies = part.body.split("\n\n", 1)
    bodies = [body for body in bodies if body.strip()]
    if not bodies:
        return [part]
    return [replace(part, body=bodies[0]), *(_new(part, _recognised(body)) for body in bodies[1:])]


def _recognised(body: str) -> Part:
    found = pieces_of(body, is_markdown=True)
    if len(found) == 1:
        return Part(kind=found[0].kind, label=found[0].label, heading=found[0].heading, body=found[0].body)
    return Part(kind="text", body=body)


def _new(source: Part, part: Part) -> Part:
    return replace(part, identity=uuid4(), origins=source.origins)


def _as_words(part: Part) -> str:
    return " ".join(word for word in (part.label, part.heading) if word)
