"""How an outcome came about, for its page: sentences, a chart, and the table that says the same. One shape for all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext

from frontend.figures import share
from frontend.formats import number

Names = Mapping[str, str]  # option id -> label


@dataclass(frozen=True)
class Row:
    """``cells`` in the order of the table's heads, the first head being that of ``name``. is_marked: it won, or is the
    sum."""

    name: str
    cells: Sequence[str]
    is_marked: bool = False


@dataclass(frozen=True)
class Table:
    caption: str
    heads: Sequence[str]
    rows: Sequence[Row]
    words: Sequence[str] = ()  # those heads whose columns hold words, not numbers
    folds: bool = True  # a card a row on a phone; False for what is read across (duels)

    @property
    def columns(self) -> list[tuple[str, str]]:
        """The heads after the first, each with what its column holds: "words" or "number"."""
        return [(head, "words" if head in self.words else "number") for head in self.heads[1:]]

    @property
    def labelled(self) -> list[dict[str, Any]]:
        """The rows with the head of each cell beside it, and what it holds."""
        return [
            {
                "name": row.name,
                "is_marked": row.is_marked,
                "cells": [(*column, cell) for column, cell in zip(self.columns, row.cells, strict=True)],
            }
            for row in self.rows
        ]


@dataclass(frozen=True)
class Bar:
    label: str
    figure: str
    percent: float  # of the longest there could be
    is_below: bool = False  # zero: then it is drawn in another pattern


@dataclass(frozen=True)
class Section:
    """One heading of the result."""

    title: str
    sentences: Sequence[str] = ()
    bars: Sequence[Bar] = ()
    bars_caption: str = ""
    tables: Sequence[Table] = ()
    steps: Sequence[str] = field(default=())  # what happened, one after another


def votes(amount: Any) -> str:
    """A number of an explanation, which may stand there as text ("5/3", "0.05877"): with up to five decimals."""
    exact = exact_of(amount)
    if exact.denominator == 1:
        return number(exact.numerator)
    decimal = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.00001")).normalize()
    return number(decimal, max(0, -int(decimal.as_tuple().exponent)))


def rounded(mean: Any) -> str:
    return "–" if mean is None else number(round(float(exact_of(mean)), 2), 2)


def exact_of(amount: Any) -> Fraction:
    return Fraction(str(amount))


def bars(amounts: Mapping[str, Any], names: Names, most: Any = None) -> list[Bar]:
    """One for each option, on an axis from zero to ``most``; without it, to the largest."""
    exact = {option: exact_of(amount) for option, amount in amounts.items()}
    top = exact_of(most) if most is not None else max(exact.values(), default=Fraction(0))
    return [
        Bar(names[option], votes(amount), max(0.0, min(100.0, float(100 * amount / top) if top > 0 else 0.0)))
        for option, amount in exact.items()
    ]


def in_quotes(name: str) -> str:
    # Translators: the quotation marks of the language.
    return gettext("“%(name)s”") % {"name": name}


def listed(options: Iterable[str], names: Names) -> str:
    """ "“Plaza”, “Cancha” and “Pileta”"."""
    quoted = [in_quotes(names[option]) for option in options]
    if len(quoted) < 2:
        return "".join(quoted)
    return gettext("%(some)s and %(last)s") % {"some": ", ".join(quoted[:-1]), "last": quoted[-1]}


def share_of(part: Any, whole: Any) -> float | None:
    """In per cent with one decimal, as everywhere."""
    whole_votes = exact_of(whole)
    if not whole_votes:
        return None
    scale = 100_000
    return share(int(exact_of(part) * scale), int(whole_votes * scale))
