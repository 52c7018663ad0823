"""The single values of a Pabulib file: text in, exact values out, or a PabulibError without its line."""

import re
from datetime import date
from fractions import Fraction

Points = int | Fraction

# 18 digits before the point are more than any budget, and keep cents within a 64-bit integer when checked below. The
# exponent is short because "1e999999999" would otherwise take all memory.
_NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,2})?", re.ASCII)
_SPACED = re.compile(r"\d{1,3}(\s\d{3})+([.,]\d{1,2})?")
_COMMA = re.compile(r"(\d+),(\d{1,2})")  # with three digits after it, it may stand between thousands
_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_LARGEST = 10**15


class Unreadable(Exception):
    """A value that cannot be used; the reader adds the line and raises PabulibError."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code
        self.detail = detail


def number(text: str) -> Points:
    """Exactly what is written, as an int where it is whole.

    >>> number("1e6"), number("12.50"), number("3.0")
    (1000000, Fraction(25, 2), 3)
    """
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        raise Unreadable("not_a_number", shown(text))
    value = Fraction(text)
    if abs(value) > _LARGEST:
        raise Unreadable("not_a_number", shown(text))
    return value.numerator if value.denominator == 1 else value


def amount(text: str) -> Points:
    """Money as people write it, too: a comma before one or two decimals, spaces between thousands.

    >>> amount("1 250 000,50"), amount("12,5"), amount("12.125")
    (Fraction(2500001, 2), Fraction(25, 2), Fraction(97, 8))
    """
    text = text.strip()
    if _SPACED.fullmatch(text):
        text = "".join(text.split())
    if found := _COMMA.fullmatch(text):
        text = f"{found[1]}.{found[2]}"
    return number(text)


def whole(text: str) -> int:
    value = number(text)
    if not isinstance(value, int) or value < 0:
        raise Unreadable("not_a_number", shown(text))
    return value


def cents(amount: Points) -> int:
    """An amount of money in cents; one that is finer is refused rather than rounded.

    >>> cents(Fraction("1234.5"))
    123450
    """
    value = Fraction(amount) * 100
    if value.denominator != 1:
        raise Unreadable("finer_than_a_cent", shown(decimal(amount)))
    return int(value)


def decimal(value: Points) -> str:
    """As ``number`` reads it.

    >>> decimal(Fraction(25, 2)), decimal(Fraction(-1, 8)), decimal(3)
    ('12.5', '-0.125', '3')
    """
    sign, value = ("-" if value < 0 else ""), abs(Fraction(value))
    whole, rest = divmod(value, 1)
    digits = ""
    while rest:
        digit, rest = divmod(rest * 10, 1)
        digits += str(digit)
        if len(digits) > 40:
            raise ValueError(f"{value} has no end as a decimal number")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def day(text: str, *, last: bool = False) -> date:
    """``dd.mm.yyyy``, or a year alone: its first day, or its last one.

    >>> day("31.03.2024"), day("2024", last=True)
    (datetime.date(2024, 3, 31), datetime.date(2024, 12, 31))
    """
    text = text.strip()
    try:
        if found := _DAY.fullmatch(text):
            return date(int(found[3]), int(found[2]), int(found[1]))
        if _YEAR.fullmatch(text):
            return date(int(text), 12, 31) if last else date(int(text), 1, 1)
    except ValueError:  # the 31st of February
        pass
    raise Unreadable("not_a_date", shown(text))


def degrees(text: str, largest: int) -> float | None:
    if not text.strip():
        return None
    try:
        value = Fraction(number(text.replace(",", ".")))
    except Unreadable:
        raise Unreadable("not_a_coordinate", shown(text)) from None
    if abs(value) > largest:
        raise Unreadable("not_a_coordinate", shown(text))
    return float(value)


def names(text: str) -> tuple[str, ...]:
    """A list: commas between, spaces around them forgiven.

    >>> names("parks, sport")
    ('parks', 'sport')
    """
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def shown(text: str) -> str:
    """For an error message: quoted and not too long."""
    return repr(text if len(text) <= 40 else text[:39] + "…")
