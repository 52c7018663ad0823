"""A budget poll as a Pabulib file, once its single ballots are public. Of an imported one: the file that it came from.

The head is made at once, the votes are read as they are sent (``read``) or printed (``lines``). Equal in meaning to
what came in; in the shape that ``pabulib-checker`` accepts (``docs/counting.md``).
"""

import json
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.database import async_connection_parameters
from accounts.refusals import Conflict, Reason
from consultations.models import Consultation
from consultations.open_data.copying import Statement
from consultations.open_data.streaming import stream_lines
from voting.election_files.export_heads import head_of_import, head_of_poll
from voting.formats.pabulib import Election, Vote
from voting.formats.pabulib_values import number
from voting.formats.pabulib_writer import Counted, head, vote_lines
from voting.models import ImportedElection, Poll
from voting.results.gate import CountWithheld, ballots_withheld

NO_BUDGET = Reason("no_budget_poll", _("Only votes on a budget can be taken away in this format."))
TOO_HEAVY = Reason("too_heavy", _("The ballots weigh too much to be written one in a line."))
MOST_LINES = 1_000_000  # a ballot of weight 7 stands in seven lines

_LINES = r"COPY ({select}) TO STDOUT WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')"
_OF_IMPORT = """
    SELECT json_build_array(vote.voter, opening.choices, vote.about, vote.written, 1)::text
    FROM voting_importedvote vote
    JOIN voting_ballot ballot ON ballot.poll_id = vote.poll_id AND ballot.pseudonym = vote.pseudonym
    JOIN voting_opening opening ON opening.ballot_id = ballot.id
    WHERE vote.poll_id = %s ORDER BY vote.position
"""
# In the order of what they say: it tells nothing of when they were cast.
_OF_POLL = """
    SELECT json_build_array(
        row_number() OVER (ORDER BY opening.choices, ballot.id)::text, opening.choices, '[]'::json, NULL, ballot.weight
    )::text
    FROM voting_opening opening JOIN voting_ballot ballot ON ballot.id = opening.ballot_id
    WHERE ballot.poll_id = %s AND opening.choices <> '{}'
"""


@dataclass(frozen=True)
class PabulibFile:
    """A file that may be read: everything was asked and decided."""

    filename: str
    head: str
    statement: Statement
    line: Callable[[bytes], str]

    def lines(self) -> Iterator[str]:
        yield self.head
        sql, params = self.statement
        with connection.cursor() as cursor, cursor.copy(sql, params) as copy:
            for row in copy:
                yield self.line(bytes(row))

    def read(self) -> AsyncIterator[bytes]:
        def first(at: datetime) -> bytes:
            return self.head.encode()

        return stream_lines(async_connection_parameters(), self.statement, first, lambda row: self.line(row).encode())


def budget_polls(consultation: Consultation) -> list[Poll]:
    polls = consultation.polls.select_related("phase", "consultation__budget", "consultation__agency", "district")
    return [poll for poll in polls.order_by("pk") if poll.shares_money]


def export_pabulib(*, poll: Poll, reader: Person) -> PabulibFile:
    """The poll as a file, for somebody who may see the poll itself.

    Raises CountWithheld before single ballots may be seen by ``reader``: before the close, during an embargo, and ever
    after where only observers see them. Raises Conflict for a poll without a budget, or with weights beyond measure.
    """
    if not poll.shares_money:
        raise Conflict(NO_BUDGET)
    withheld = ballots_withheld(poll, reader)
    if withheld:
        raise CountWithheld(withheld)
    imported = ImportedElection.objects.filter(poll=poll).first()
    if imported is not None:
        election, counted, select = *head_of_import(poll, imported), _OF_IMPORT
    else:
        election, counted, select = *head_of_poll(poll), _OF_POLL
    if counted.num_votes > MOST_LINES and poll.is_weighted:
        raise Conflict(TOO_HEAVY)
    return PabulibFile(
        filename=f"{poll.consultation.slug}-{poll.pk}.pb",
        head="".join(head(election, counted)),
        statement=(_LINES.format(select=select), [poll.pk]),
        line=_line_writer(poll, election, counted),
    )


def _line_writer(poll: Poll, election: Election, counted: Counted) -> Callable[[bytes], str]:
    """A row of the database -> the line, or lines, of a vote."""
    is_import = bool(election.project_columns)
    name_of = _names_in_file(poll) if is_import else None
    direction = 1 if poll.ballot_kind == "places" else -1  # the best first

    def line(row: bytes) -> str:
        voter, choices, about, written, weight = json.loads(row)
        if written is not None:
            given = [(project, number(points)) for project, points in written]
        else:
            best_first = sorted(choices, key=lambda option: (direction * choices[option], int(option)))
            given = [(name_of[option] if name_of else option, choices[option]) for option in best_first]
        projects, points = tuple(project for project, _ in given), tuple(points for _, points in given)
        return "".join(vote_lines(election, Vote(voter, projects, points, weight, tuple(about))))

    return line


def _names_in_file(poll: Poll) -> dict[str, str]:
    rows: Any = poll.options.values_list("pk", "proposal__external_id")
    return {str(pk): external_id for pk, external_id in rows}
