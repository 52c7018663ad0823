"""The tables of voting: polls (``polls.py``), their ballots and count (``ballots.py``) and the sealed log (``log.py``);
electoral rolls (``rolls.py``) and paper (``paper.py``); what files said (``imported.py``), and what stands beside an
outcome (``outcomes.py``)."""

from voting.models.ballots import (
    Ballot,
    BallotDraft,
    Observer,
    Opening,
    Outcome,
    PollSecret,
    QueuedBallot,
    RollEntry,
    Tally,
)
from voting.models.imported import ImportedElection, ImportedVote
from voting.models.log import Leaf, Seal, SigningKey, Subtree, TimeStamp
from voting.models.outcomes import Deviation, OtherOutcomes
from voting.models.paper import PaperBatch, PaperClerk, PaperDecision, PaperReading, PaperVoter
from voting.models.polls import Option, Poll
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
