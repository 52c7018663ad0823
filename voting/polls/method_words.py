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
    "score": MethodWords(
        how=_(
            "Each person gives every option a mark. The option with the highest total wins; the mean and all "
            "marks are shown."
        ),
        when_to_use=_(
            "For knowing how much people like each option. It does badly among people who calculate: whoever uses "
            "only the ends of the scale counts for more."
        ),
    ),
    "cumulative": MethodWords(
        how=_(
            "Each person has a number of points and spreads them over the options. The option with the most "
            "points wins."
        ),
        when_to_use=_(
            "For few options, where it matters how much people want one. It does badly because it pays to give "
            "all points to one option."
        ),
    ),
    "borda": MethodWords(
        how=_(
            "Each person puts the options in order. A place gives more points the higher it is, and the most "
            "points win."
        ),
        when_to_use=_(
            "For an order that many can live with. It does badly when somebody adds an option that is like "
            "another one: that can change who wins."
        ),
    ),
    "irv": MethodWords(
        how=_(
            "Each person puts the options in order. The last one leaves and its votes go to the next choice, "
            "until one has more than half."
        ),
        when_to_use=_(
            "For one winner among a few options, without a second round. It does badly when the option that would "
            "beat each other one is few people's favourite: it leaves early."
        ),
    ),
    "schulze": MethodWords(
        how=_(
            "Each person puts the options in order. Every option meets every other one; the option that wins "
            "these duels wins."
        ),
        when_to_use=_(
            "For one winner that a majority prefers to each other option. It does badly where it has to be "
            "explained quickly: the table of duels takes patience."
        ),
    ),
    "stv": MethodWords(
        how=_(
            "Each person puts the options in order. Whoever reaches the quota has a seat; votes that are too "
            "many, or for the last one, go to the next choice."
        ),
        when_to_use=_(
            "For several seats, so that each group of voters gets its part. It does badly where a result must be "
            "checked by hand: the count has many stages."
        ),
    ),
    "dhondt": MethodWords(
        how=_(
            "Each person chooses a list. The seats are shared out by the highest averages: votes divided by 1, 2, "
            "3 and so on."
        ),
        when_to_use=_(
            "For seats among lists, as Argentina elects its deputies. It does badly for small lists, which get "
            "fewer seats than their share."
        ),
    ),
    "sainte_lague": MethodWords(
        how=_(
            "Each person chooses a list. The seats are shared out by the highest averages: votes divided by 1, 3, "
            "5 and so on."
        ),
        when_to_use=_(
            "For seats among lists, large and small alike. It does badly where one list should be able to govern "
            "alone: many lists get in."
        ),
    ),
    "hare": MethodWords(
        how=_(
            "Each person chooses a list. Each full quota of votes is a seat; the seats left over go to the "
            "largest remainders."
        ),
        when_to_use=_(
            "For seats among lists in a way that everybody can redo. It does badly because one more seat in all "
            "can cost a list one of its own."
        ),
    ),
    "greedy_no_skip": MethodWords(
        how=_(
            "Each person chooses proposals. The money goes to the proposal with the most votes first, and ends at "
            "the first one that no longer fits."
        ),
        when_to_use=_(
            "For a budget whose rules say so. It does badly with money: what the first dear proposal leaves over "
            "is not spent."
        ),
    ),
    "greedy_threshold": MethodWords(
        how=_(
            "Each person chooses proposals. The money goes to the most voted one first; without a least number of "
            "votes there is none."
        ),
        when_to_use=_(
            "For a budget in which little wanted proposals should not win by being cheap. It does badly for small "
            "districts, which may miss the threshold together."
        ),
    ),
    "greedy_per_cost": MethodWords(
        how=_(
            "Each person chooses proposals. The money goes first to the proposal with the most votes for what it costs."
        ),
        when_to_use=_(
            "For funding many proposals. It does badly for large works: cheap proposals come before them even "
            "with few votes."
        ),
    ),
    "equal_shares": MethodWords(
        how=_(
            "Each person chooses proposals and has an equal share of the money. A proposal is funded when those "
            "who chose it can pay for it with their shares."
        ),
        when_to_use=_(
            "For a budget in which minorities should have their part. It does badly when people choose only one "
            "proposal: their money then stays unused, and a second step has to spend it."
        ),
    ),
    "phragmen": MethodWords(
        how=_(
            "Each person chooses proposals and receives money at the same pace. A proposal is funded as soon as "
            "those who chose it have its cost together."
        ),
        when_to_use=_(
            "For a budget in proportion, with a single pass. It does badly at the end: the first proposal that no "
            "longer fits ends the count."
        ),
    ),
    "cause": MethodWords(
        how=_("Each person can say that they support it, and nothing else."),
        when_to_use=_(
            "For showing how many support something. It does badly as a decision: whoever is against is not heard."
        ),
    ),
    "slider": MethodWords(
        how=_(
            "Each person says of every option how far they are against it or for it. The mean and how the answers "
            "spread are shown."
        ),
        when_to_use=_("For a first sounding of a question. It does badly as a decision: a mean can hide two camps."),
    ),
    "hierarchy": MethodWords(
        how=_("Each person puts the options in order of importance. A place gives more points the higher it is."),
        when_to_use=_(
            "For setting priorities. It does badly when somebody adds an option that is like another one: that "
            "can change the order."
        ),
    ),
}
