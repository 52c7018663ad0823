"""How ballots become an outcome. Pure: no Django, no database, no clock, no float.

One method a file, each a class behind ``base.Method``; ``METHODS`` finds it by the code that a poll stores. The same
code counts live, at the close, in a test against an oracle and on a file from outside. A new method is one file and one
line here: what its ballots may hold (``check``), what is kept while they come in (``empty_tally``, ``add``,
``subtract``) and what that decides (``outcome``). Where a number for each option is enough, start from
``counting.CountingMethod``; a method that needs whole rankings keeps them grouped in a tally of its own shape.
"""

from voting.methods.apportionment import Dhondt, Hare, SainteLague
from voting.methods.approval import Approval
from voting.methods.base import Choices, InvalidBallot, Limits, Method, Option, Outcome, Tally
from voting.methods.borda import Borda
from voting.methods.cause import Cause
from voting.methods.cumulative import Cumulative
from voting.methods.equal_shares import EqualShares
from voting.methods.for_against_abstain import ForAgainstAbstain
from voting.methods.greedy import Greedy
from voting.methods.greedy_no_skip import GreedyNoSkip
from voting.methods.greedy_per_cost import GreedyPerCost
from voting.methods.greedy_threshold import GreedyThreshold
from voting.methods.hierarchy import Hierarchy
from voting.methods.irv import InstantRunoff
from voting.methods.phragmen import Phragmen
from voting.methods.schulze import Schulze
from voting.methods.score import Score, Slider
from voting.methods.single_choice import SingleChoice
from voting.methods.stv import ScottishSTV

METHODS: dict[str, Method] = {
    method.code: method
    for method in (
        ForAgainstAbstain(),
        SingleChoice(),
        Approval(),
        Score(),
        Cumulative(),
        Borda(),
        InstantRunoff(),
        Schulze(),
        ScottishSTV(),
        Dhondt(),
        SainteLague(),
        Hare(),
        Greedy(),
        GreedyNoSkip(),
        GreedyThreshold(),
        GreedyPerCost(),
        EqualShares(),
        Phragmen(),
        Cause(),
        Slider(),
        Hierarchy(),
    )
}

__all__ = ["METHODS", "Choices", "InvalidBallot", "Limits", "Method", "Option", "Outcome", "Tally"]
