"""The methods in words: how each counts, for voters; when to use it and what it does badly, for who sets up a poll."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from voting.models import Poll


@dataclass(frozen=True)
class MethodWords:
    how: Text
    when_to_use: Text


WORDS: dict[str, MethodWords] = {
    Poll.Method.FOR_AGAINST_ABSTAIN: MethodWords(
        how=_("Each person is for, against, or abstains. More votes for than against carry it; a tie decides nothing."),
        when_to_use=_(
            "For one question that can be answered with yes or no. It does badly when there are more than two ways "
            "out: people then vote against a proposal because they prefer a third one."
        ),
    ),
    Poll.Method.SINGLE_CHOICE: MethodWords(
        how=_(
            "Each person chooses one option. The option with the most votes wins; a lot that anybody can draw again "
            "decides between equals."
        ),
        when_to_use=_(
            "For two options, or where everybody surely has one favourite. It does badly with three or more: two "
            "that are alike take votes from each other, and one that most people dislike can win."
        ),
    ),
    Poll.Method.APPROVAL: MethodWords(
        how=_(
            "Each person chooses all the options that they approve of. The option with the most votes wins; a lot that "
            "anybody can draw again decides between equals."
        ),
        when_to_use=_(
            "For three or more options of which one is to win. Options that are alike do not harm each other. It does "
            "badly where it matters how much people like something: it only knows yes or no for each option."
        ),
    ),
    Poll.Method.GREEDY: MethodWords(
        how=_(
            "Each person chooses proposals. The money goes to the proposal with the most votes first; one that no "
            "longer fits is skipped, and the cheaper one comes first between equals."
        ),
        when_to_use=_(
            "For sharing out a budget among proposals with a cost. Everybody understands it. It does badly for "
            "minorities: the largest group can win all the money, and dear proposals crowd out many cheap ones."
        ),
    ),
}
