"""Outcomes in words where ballots weigh more than 1: of weight, not of people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from frontend.figures import share
from frontend.formats import number, percent
from voting.models import Poll


def whole_of(explanation: Mapping[str, Any]) -> int:
    """What shares are of: the weight of all ballots, or where each weighs 1, all who voted."""
    return explanation.get("weight", explanation["voters"])


def weight_words(poll: Poll) -> str:
    """What the numbers of a weighted poll count; otherwise nothing."""
    if not poll.is_weighted:
        return ""
    return gettext(
        "Counted by weight: each ballot counts as often as the roll says for its voter, and so do the figures of votes "
        "and people in the result. The number of voters, the turnout and a quorum are of people."
    )


def weighed_sides(explanation: Mapping[str, Any]) -> str:
    """For and against, decided by the votes."""
    if "needed" in explanation:
        words = {"for": number(explanation["for"]), "needed": number(explanation["needed"])}
        if explanation["for"] >= explanation["needed"]:
            return gettext("It is carried: a weight of %(for)s was for it, and %(needed)s were needed.") % words
        return gettext("It is not carried: a weight of %(for)s was for it, and %(needed)s were needed.") % words
    whole = whole_of(explanation)
    shares = {side: percent(share(explanation[side], whole)) for side in ("for", "against")}
    if explanation["margin"] > 0:
        return gettext("By weight, more was for than against: %(for)s for, %(against)s against.") % shares
    return gettext("By weight, more was against than for: %(against)s against, %(for)s for.") % shares


def weighed_winner(words: Mapping[str, str]) -> str:
    """Of the option with the most votes. words: winner, votes, share."""
    return gettext("“%(winner)s” won by weight, with %(votes)s: %(share)s of the weight of all who voted.") % words
