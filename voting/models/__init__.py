"""The tables of voting: polls and their ballots (``polls.py``), the sealed log (``log.py``), and electoral rolls
(``rolls.py``), and what
files said (``imported.py``), and what stands beside an outcome (``outcomes.py``)."""

from voting.models.imported import ImportedElection, ImportedVote
from voting.models.log import Leaf, Seal, SigningKey, Subtree, TimeStamp
from voting.models.outcomes import Deviation, OtherOutcomes
from voting.models.paper import PaperBatch, PaperClerk, PaperDecision, PaperReading, PaperVoter
from voting.models.polls import (
    Ballot,
    BallotDraft,
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
from voting.models.rolls import ElectoralRoll, EligibleVoter, RollAttempt, RollChange, RollUpload, StagedVoter

__all__ = [
    "Ballot",
    "BallotDraft",
    "Deviation",
    "ElectoralRoll",
    "EligibleVoter",
    "ImportedElection",
    "ImportedVote",
    "Leaf",
    "Observer",
    "Opening",
    "Option",
    "OtherOutcomes",
    "Outcome",
    "PaperBatch",
    "PaperClerk",
    "PaperDecision",
    "PaperReading",
    "PaperVoter",
    "Poll",
    "PollSecret",
    "QueuedBallot",
    "RollAttempt",
    "RollChange",
    "RollEntry",
    "RollUpload",
    "Seal",
    "SigningKey",
    "StagedVoter",
    "Subtree",
    "Tally",
    "TimeStamp",
]
