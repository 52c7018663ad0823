"""Numbers, money and dates in words, in the reader's language. ``templatetags/asamblea.py`` makes filters of them."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, get_format, number_format, time_format
from django.utils.translation import get_language, gettext, ngettext

MINUS = "\N{MINUS SIGN}"
NO_BREAK = "\N{NO-BREAK SPACE}"

# In English "$" would be read as the US dollar: there only what is unmistakable is a sign, the rest is its ISO code.
SIGNS = {"es": {"ARS": "$", "EUR": "€", "PLN": "zł"}, "en": {"EUR": "€", "GBP": "£"}}

# What no XML document can hold, be it escaped: Atom, .docx.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def in_xml(words: str) -> str:
    """Without the characters that XML has no place for."""
    return NOT_IN_XML.sub("", words)


def number(value: int | float | Decimal, decimals: int = 0) -> str:
    """4211 as 4.211 (es-AR) or 4,211 (en); below zero with a minus sign, which a hyphen is not."""
    return number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True).replace("-", MINUS)


def percent(value: float | Decimal | None, decimals: int = 1) -> str:
    """47.6 as 47,6 % (es-AR) or 47.6% (en). ``None``, a share of nothing, is a dash."""
    if value is None:
        return "–"
    # Translators: how a percentage is written; the space in Spanish is a no-break space.
    return gettext("{number}%").format(number=number(value, decimals))


def money(cents: int, currency: str = "ARS") -> str:
    """125000050 as "$ 1.250.000,50" (es-AR) or "ARS 1,250,000.50" (en). Round amounts lose their cents.

    Without a currency the amount stands alone.
    """
    amount = number(Decimal(abs(cents)) / 100, 2 if cents % 100 else 0)
    return f"{MINUS if cents < 0 else ''}{money_sign(currency)}{amount}"


def money_sign(currency: str) -> str:
    """What stands before an amount, with its space; scripts are given it too (``money.js``)."""
    language = (get_language() or "es").split("-")[0]
    sign = SIGNS.get(language, {}).get(currency, currency)
    return sign if not sign or (language == "en" and sign != currency) else f"{sign}{NO_BREAK}"


def when(moment: datetime) -> str:
    """A moment in words, with its place: "el viernes 27 de noviembre a las 18:00, hora de Buenos Aires"."""
    local = timezone.localtime(moment)
    # "At" takes the singular at one o'clock in Spanish (a la 1:30), so the hour chooses the form.
    sentence = ngettext("%(day)s at %(time)s, %(place)s time", "%(day)s at %(time)s, %(place)s time", local.hour)
    return sentence % {"day": day(moment), "time": time_format(local, "G:i"), "place": place_of_the_clock()}


def in_full_minutes(moment: datetime) -> datetime:
    """The next full minute: who is told to come again at 18:05, and comes then, is not too early by seconds."""
    return moment + timedelta(seconds=-(moment.timestamp() % 60) % 60)


def day(moment: datetime) -> str:
    """A day in words: "el viernes 27 de noviembre"; with its year unless that is the present one."""
    local = timezone.localtime(moment)
    weekday = date_format(local, "l")
    if get_language() != "en":  # Spanish writes the days of the week small, Django's catalogue does not
        weekday = weekday.lower()
    words = {"weekday": weekday, "day": local.day, "month": date_format(local, "F"), "year": local.year}
    if local.year == timezone.localtime().year:
        return gettext("on %(weekday)s %(day)s %(month)s") % words
    return gettext("on %(weekday)s %(day)s %(month)s %(year)s") % words


def without_thousands(typed: str) -> str:
    """A number as people write it ("1.250.000,50" in Spanish) as Django's fields read it: "1250000,50".

    Theirs leave the separators in, since we have them written into no page but by ``number``. One point that does not
    stand before three digits is taken for a decimal point: "2.5" means two and a half.
    """
    separator = get_format("THOUSAND_SEPARATOR")
    whole, comma, decimals = typed.partition(get_format("DECIMAL_SEPARATOR"))
    groups = whole.split(separator)
    if not comma and len(groups) == 2 and len(groups[1].strip()) != 3:
        return typed
    return "".join(groups) + comma + decimals


def place_of_the_clock() -> str:
    """The city that names the current time zone: "Buenos Aires" for America/Argentina/Buenos_Aires."""
    return timezone.get_current_timezone_name().rsplit("/", 1)[-1].replace("_", " ")


def minute(moment: datetime) -> str:
    """A moment in figures: "27/11/2026 18:00"."""
    return _minute(timezone.localtime(moment).replace(second=0, microsecond=0, tzinfo=None), get_language())


@lru_cache(maxsize=4096)
def _minute(local: datetime, language: str | None) -> str:
    return date_format(local, "SHORT_DATETIME_FORMAT")


def ago(moment: datetime, now: datetime | None = None) -> str:
    """How far away a moment is, in its largest unit: "hace 2 segundos", "en 3 días", "ahora"."""
    distance = moment - (now or timezone.now())
    if abs(distance) < timedelta(seconds=1):
        return gettext("now")
    length = span(abs(distance))
    return (gettext("in %s") if distance > timedelta(0) else gettext("%s ago")) % length


def span(length: timedelta) -> str:
    """A length of time in its largest unit, rounded down: "3 días"."""
    seconds = int(length.total_seconds())
    days = seconds // 86_400
    if days >= 365:
        return _counted(days // 365, ngettext("%s year", "%s years", days // 365))
    if days >= 60:
        return _counted(days // 30, ngettext("%s month", "%s months", days // 30))
    if days >= 1:
        return _counted(days, ngettext("%s day", "%s days", days))
    if seconds >= 3_600:
        return _counted(seconds // 3_600, ngettext("%s hour", "%s hours", seconds // 3_600))
    if seconds >= 60:
        return _counted(seconds // 60, ngettext("%s minute", "%s minutes", seconds // 60))
    return _counted(max(seconds, 1), ngettext("%s second", "%s seconds", max(seconds, 1)))


def _counted(count: int, words: str) -> str:
    return words % number(count)
