"""The tables of voting: polls and their ballots (``polls.py``), and the sealed log (``log.py``)."""

from voting.models.log import Leaf, Seal, SigningKey, Subtree, TimeStamp
from voting.models.polls import (
    Ballot,
    Observer,
    Opening,
    Option,
    Outcome,
    Poll,
    PollSecret,
    QueuedBallot,
    RollEntry,
    Tally,
)

__all__ = [
    "Ballot",
    "Leaf",
    "Observer",
    "Opening",
    "Option",
    "Outcome",
    "Poll",
    "PollSecret",
    "QueuedBallot",
    "RollEntry",
    "Seal",
    "SigningKey",
    "Subtree",
    "Tally",
    "TimeStamp",
]
