"""The ballot as a form: what its fields are called, what they hold, and what a voter typed that must not be lost.

``option`` (a tick, or one of several), ``place-<id>``, ``points-<id>`` or ``mark-<id>``; ``blank`` for a blank ballot.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import InvalidInput
from frontend.formats import number
from voting.ballots.faults import EQUAL, SKIPPED, TOO_MANY_PLACES, TOO_MANY_POINTS
from voting.methods import Choices
from voting.methods.score import Score
from voting.models import Poll

NOTHING_CHOSEN = _("Choose an option first. If you want to choose none, cast a blank ballot below.")
BLANK_AND_CHOSEN = _("You chose something and asked for a blank ballot. Do one of the two.")
PREFIX = {"places": "place-", "points": "points-", "marks": "mark-"}


def choices_in(poll: Poll, data: QueryDict) -> Choices:
    """What the form says. Raises InvalidInput for nothing at all, which is no ballot, and for what is no number."""
    typed = typed_in(poll, data)
    is_blank = "blank" in data
    if typed and is_blank:
        raise InvalidInput("blank_and_chosen", BLANK_AND_CHOSEN, field="choices")
    if not typed and not is_blank:
        raise InvalidInput("nothing_chosen", NOTHING_CHOSEN, field="choices")
    return numbers_in(typed)


def numbers_in(typed: Mapping[str, str]) -> Choices:
    """What was typed as numbers. Raises InvalidInput."""
    try:
        return {option: int(text) for option, text in typed.items()}
    except ValueError:
        raise InvalidInput("no_number", _("Write whole numbers only."), field="choices") from None


def typed_in(poll: Poll, data: QueryDict) -> dict[str, str]:
    """Option id -> what was typed for it, as it was; without what was left empty, and without 0 points."""
    prefix = PREFIX.get(poll.ballot_kind)
    if prefix is None:
        return dict.fromkeys(data.getlist("option"), "1")
    typed = {name.removeprefix(prefix): str(data[name]).strip() for name in data if name.startswith(prefix)}
    nothing = {"", "0"} if prefix == "points-" else {""}
    return {option: text for option, text in typed.items() if text not in nothing}


def control_of(poll: Poll) -> dict[str, Any]:
    """What the form of a poll needs beside its options: see ``components/vote_form.html``."""
    kind = poll.ballot_kind
    control: dict[str, Any] = {"kind": kind, "allowed": poll.max_choices if kind == "several" else None}
    if poll.method == Poll.Method.CAUSE and len(poll.options.all()) == 1:
        control["press"] = gettext("I support this")
    if kind == "places":
        most = poll.max_choices or len(poll.options.all())
        control |= {
            "places": range(1, most + 1),
            "most": most,
            "may_be_equal": getattr(poll.counting, "may_be_equal", False),
            "words": {"equal": EQUAL, "skipped": SKIPPED, "too_many": TOO_MANY_PLACES},
        }
    elif kind == "points":
        control |= {"sum": poll.form.max_sum, "most": poll.max_points, "words": {"too_many": TOO_MANY_POINTS}}
    elif kind == "marks":
        counting = poll.counting
        assert isinstance(counting, Score)
        control |= {
            "marks": range(counting.lowest, counting.highest + 1, counting.step),
            "ends": _ends(counting),
        }
    return control


def _ends(counting: Score) -> dict[str, Any]:
    is_slider = counting.lowest < 0
    return {
        "lowest": counting.lowest,
        "highest": counting.highest,
        "low": gettext("fully against") if is_slider else gettext("the lowest mark"),
        "high": gettext("fully for") if is_slider else gettext("the highest mark"),
    }


def words_of(poll: Poll, choices: Mapping[str, int], option: str) -> str:
    """What a ballot gives an option, in words: "place 2", "5 points"; empty where a tick says it all."""
    value = choices.get(option)
    kind = poll.ballot_kind
    if value is None or kind in ("one", "several"):
        return ""
    if kind == "places":
        return gettext("place %(place)s") % {"place": number(value)}
    if kind == "points":
        return ngettext("%(points)s point", "%(points)s points", value) % {"points": number(value)}
    return gettext("mark %(mark)s") % {"mark": number(value)}
