"""The ballots of a closed poll as an election file, and the command that counts it to the same outcome.

For methods that ``verify.py`` does not work out again itself: ``manage.py count`` of any copy of this software does.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from voting.ballots.closing import final_tally, order_of_lots, standing_ballots
from voting.formats import blt
from voting.formats.pabulib import Election, Project, Vote
from voting.formats.pabulib_writer import write as write_pabulib
from voting.formats.ranked_election import Ballots, Candidate, RankedElection
from voting.methods.base import weight_of
from voting.methods.rankings import ranking_of
from voting.methods.rules import PLACES, POINTS
from voting.models import Option, Outcome, Poll

MOST_LINES = 1_000_000  # of a budget's file, which says a ballot of weight 7 in seven lines
COMMENT = """{command}

counts {file} to the same winners, with the software whose address stands in README.txt. Lots: the draw of this poll.
"""


def recounts_by_command(poll: Poll) -> bool:
    """Whether the outcome is beyond ``verify.py``, and a file of the ballots can be made."""
    if not poll.counting.needs_ballots:
        return False
    if not poll.shares_money:
        return True
    tally = final_tally(poll, poll.counted_options())
    withdrawn = poll.withdrawn_options()
    is_chosen = any(count for option, count in tally["counts"].items() if option not in withdrawn)
    return is_chosen and weight_of(tally) <= MOST_LINES


def file_name(poll: Poll) -> str:
    return "election.pb" if poll.shares_money else "election.blt"


def election_file(poll: Poll) -> Iterator[str]:
    """The lines of the file. Options have their ids in a budget, and their places on the ballot, from 1, otherwise."""
    return write_pabulib(_budget(poll)) if poll.shares_money else blt.write(_ranked(poll))


def command_of(poll: Poll, outcome: Outcome) -> str:
    """What counts the file again."""
    form, options = poll.form, list(poll.options.all())
    words = ["python", "manage.py", "count", file_name(poll), "--method", poll.method]
    if poll.method == Poll.Method.EQUAL_SHARES:
        words += ["--utility", form.utility, "--completion", form.completion, "--then", form.then]
        words += ["--comparison"] if form.comparison else []
    if poll.method == Poll.Method.BORDA:
        words += ["--unranked", form.unranked]
    if poll.shares_money and form.ballot == PLACES:
        words += ["--scoring", "places"]
    return " ".join([*words, "--lots", ",".join(_ids(poll, options, order_of_lots(poll)))])


def explanation_of(poll: Poll, outcome: Outcome) -> str:
    return COMMENT.format(command=command_of(poll, outcome), file=file_name(poll))


def _ids(poll: Poll, options: Sequence[Option], order: Sequence[str]) -> list[str]:
    """The options as the file calls them."""
    if poll.shares_money:
        return list(order)
    number = {str(option.pk): str(place) for place, option in enumerate(options, start=1)}
    return [number[option] for option in order]


def _ranked(poll: Poll) -> RankedElection:
    options = list(poll.options.all())
    number = {str(option.pk): str(place) for place, option in enumerate(options, start=1)}
    ballots = [
        Ballots(tuple(tuple(number[option] for option in rank) for rank in ranking_of(choices)), count)
        for choices, count in standing_ballots(poll.pk)
    ]
    return RankedElection(
        candidates=[Candidate(number[str(option.pk)], str(option)) for option in options],
        ballots=ballots,
        seats=poll.form.seats,
        title=poll.question,
    )


def _budget(poll: Poll) -> Election:
    kind = poll.ballot_kind
    vote_type = {"places": "ordinal", "points": "cumulative"}.get(kind, "approval")
    votes = []
    withdrawn = poll.withdrawn_options()
    for choices, count in standing_ballots(poll.pk):
        projects = sorted(choices.keys() - withdrawn, key=lambda option: (choices[option], option))
        points = tuple(choices[project] for project in projects) if kind == "points" else None
        votes.append((tuple(projects), points, count))
    budget = poll.limits.budget or 0
    day = poll.phase.starts_at.strftime("%d.%m.%Y")
    last = (poll.phase.ends_at or poll.phase.starts_at).strftime("%d.%m.%Y")
    meta = {
        "description": poll.question,
        "country": "-",
        "unit": poll.consultation.title,
        "instance": str(poll.phase.starts_at.year),
        "rule": poll.method,
        "date_begin": day,
        "date_end": last,
        **({"max_length": str(poll.max_choices)} if poll.max_choices else {}),
        **({"max_sum_points": str(poll.form.max_sum)} if poll.form.ballot == POINTS else {}),
    }
    return Election(
        meta=meta,
        vote_type=vote_type,
        budget=Fraction(budget, 100),
        max_length=poll.max_choices,
        projects=[
            Project(str(option.pk), Fraction(option.cost_cents or 0, 100), name=str(option))
            for option in poll.options.all()
            if option.withdrawn_at is None
        ],
        votes=[Vote(str(number), *vote) for number, vote in enumerate(votes, start=1)],
    )
