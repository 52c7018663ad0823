"""The ballot of a budget: many projects, looked through a part at a time, and nothing that is chosen lost with it.

What is chosen and not on the part that is shown stands above it, as fields of the same form: so the form holds the
whole ballot always, with or without scripts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.http import urlencode

from voting.districts.where import plain_name

PART = 60  # projects at a time: a page of a thousand would be too much for a telephone
FEW = 12  # up to so many there is nothing to search
MAP = "map"  # in the address: the map is open

Row = Mapping[str, Any]  # as ``cards.Card.options``


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: words, a category, which part of what was found, from 1; and whether on the map too."""

    words: str = ""
    category: str = ""
    part: int = 1
    with_map: bool = False

    @classmethod
    def of(cls, data: Mapping[str, str]) -> "Asked":
        part = data.get("part", "")
        return cls(
            words=" ".join(data.get("q", "").split())[:100],
            category=data.get("category", "")[:100],
            part=int(part) if part.isdecimal() and len(part) < 5 else 1,
            with_map=data.get("view", "") == MAP,
        )

    @property
    def query(self) -> str:
        """What is looked for, without the part: for the map, which shows all that was found."""
        return urlencode({name: value for name, value in (("q", self.words), ("category", self.category)) if value})


@dataclass(frozen=True)
class BudgetBallot:
    """One part of a ballot, in the voter's own order."""

    asked: Asked
    rows: list[Row]
    elsewhere: list[Row]  # chosen, and not among the rows
    found_count: int
    count: int
    part: int
    part_count: int
    categories: list[str]
    spent_cents: int  # by all that is chosen
    chosen_count: int
    has_draft: bool  # what is shown was kept and not cast
    has_places: bool  # something on the ballot stands on the map

    @property
    def is_searchable(self) -> bool:
        return self.count > FEW

    @property
    def first(self) -> int:
        """The place of the first row among those found."""
        return (self.part - 1) * PART + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0


def part_of(rows: Sequence[Row], asked: Asked, *, has_draft: bool) -> BudgetBallot:
    """rows: all of the ballot, in the order in which the person sees it, with what they chose."""
    found = found_of(rows, asked)
    part_count = max(1, -(-len(found) // PART))
    part = min(max(asked.part, 1), part_count)
    shown = found[(part - 1) * PART : part * PART]
    ids = {row["id"] for row in shown}
    chosen = [row for row in rows if row["is_chosen"]]
    return BudgetBallot(
        asked=asked,
        rows=shown,
        elsewhere=[row for row in chosen if row["id"] not in ids],
        found_count=len(found),
        count=len(rows),
        part=part,
        part_count=part_count,
        categories=sorted({row["category"] for row in rows if row["category"]}),
        spent_cents=sum(row["cost_cents"] or 0 for row in chosen),
        chosen_count=len(chosen),
        has_draft=has_draft,
        has_places=any(row["place"] for row in rows),
    )


def found_of(rows: Sequence[Row], asked: Asked) -> list[Row]:
    """What the list shows, in all its parts, and the map at once."""
    return [row for row in rows if _is_found(row, asked)]


def _is_found(row: Row, asked: Asked) -> bool:
    """Each word anywhere in the title, place or category, accents or not."""
    if asked.category and row["category"] != asked.category:
        return False
    text = plain_name(f"{row['label']} {row['description']}")
    return all(word in text for word in plain_name(asked.words).split())
