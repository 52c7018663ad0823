"""What templates write: ``{% load asamblea %}``. Formats of numbers, money and dates; Markdown; fields; icons.

``{{ cents|money:"ARS" }}``  ``{{ count|number }}``  ``{{ share|percent }}``  ``{{ moment|when }}``
``{{ moment|day }}``  ``{{ moment|ago }}``  ``{{ text|markdown }}``  ``{{ text|plain }}``
``{% icon "check" %}``  ``{% field form.title %}``  ``{% error_summary form %}``  ``{% comment_words as words %}``
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.forms import BaseForm, BoundField
from django.template import Context
from django.templatetags.static import static
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from frontend import comment_words, fields, figures, formats, markup
from frontend.icons import icon_html
from frontend.kept import Facts, drawn

register = template.Library()

register.filter("markdown", markup.render)
register.filter("document", markup.render_document)
register.filter("plain", markup.plain)
register.simple_tag(comment_words.comment_words)


@register.filter
def number(value: int | float | Decimal | None, decimals: int = 0) -> str:
    return "" if value is None else formats.number(value, decimals)


@register.simple_tag(takes_context=True)
def told_once(context: Context, sentence: object) -> str:
    """A reason the first time that a page gives it; whoever meets the same one again is sent back to it."""
    told = context["request"].__dict__.setdefault("told_on_this_page", set())
    if str(sentence) in told:
        return gettext("the reason stands further up on this page.")
    told.add(str(sentence))
    return str(sentence)


@register.filter
def coordinate(degrees: float | None) -> str:
    """As maps write them everywhere: with a point, whatever the language."""
    return "" if degrees is None else f"{degrees:.5f}"


@register.filter
def percent(value: float | Decimal | None, decimals: int = 1) -> str:
    return formats.percent(value, decimals)


@register.filter
def money(cents: int | None, currency: str = "ARS") -> str:
    return "" if cents is None else formats.money(cents, currency)


@register.filter
def money_sign(currency: str) -> str:
    return formats.money_sign(currency)


@register.filter
def from_top(percent: int) -> str:
    """Where a bar of this height begins in a drawing that is 100 high: SVG counts from its top."""
    return str(100 - percent)


@register.filter
def when(moment: datetime | None) -> str:
    return "" if moment is None else formats.when(moment)


@register.filter
def day(moment: datetime | None) -> str:
    return "" if moment is None else formats.day(moment)


@register.filter
def ago(moment: datetime | None) -> str:
    return "" if moment is None else formats.ago(moment)


@register.simple_tag
def static_if_there(name: str) -> str:
    """As ``static``, for pages that are drawn when something failed: "" where the collected files do not have it."""
    try:
        return static(name)
    except ValueError:
        return ""


@register.simple_tag
def source_url() -> str:
    """Where the code that runs here can be had, as its licence asks; empty where the operator has not said."""
    return getattr(settings, "SOURCE_URL", "")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A picture from ``icons.svg``, decorative: the word always stands beside it."""
    return icon_html(name)


@register.inclusion_tag("components/field.html")
def field(bound: BoundField, label: str = "", hint: str = "") -> dict[str, Any]:
    """One field of a form with label, hint and error tied to it. ``label`` and ``hint`` replace the form's own."""
    return fields.context(bound, label=label, hint=hint)


@register.inclusion_tag("components/error_summary.html")
def error_summary(form: BaseForm, takes_focus: bool = True) -> dict[str, Any]:
    """What is wrong with a form, at its top, each fault linked to its field. Nothing where nothing is wrong.

    takes_focus: the page opens there, so that who hears it learns at once; off for a second form on one page.
    """
    return {"faults": fields.faults(form), "takes_focus": takes_focus}


@register.simple_tag
def same_for_all(template_name: str) -> SafeString:
    """A piece that shows the same on every page, drawn once for each language."""
    return drawn(template_name)


@register.simple_tag(name="tally")
def tally_html(tally: dict[str, Any], poll_id: int | None = None) -> SafeString:
    """The count of one poll, as ``components/tally.html`` says. Ask the results gate before you show it."""
    facts = {**tally, "options": tuple(Facts(option) for option in tally["options"])}
    return drawn(
        "components/tally.html",
        tally=Facts(facts),
        figures=figures.tally_figures(tally, poll_id),
        poll_id=poll_id,
        sealed_ago=formats.ago(tally["sealed_at"]) if tally["sealed_at"] else "",
    )


@register.simple_tag
def money_figures(total_cents: int, allocated_cents: int) -> figures.MoneyFigures:
    return figures.money_figures(total_cents, allocated_cents)


@register.simple_tag
def points_left(options: Iterable[dict[str, Any]], total: int | None) -> int | None:
    return figures.points_left((option.get("value") for option in options), total)
