"""Pabulib files that we write: what is read again is what was written, in the order that the library wants."""

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.voting.elections import OWN_FILE, shared_files
from voting.formats import pabulib
from voting.formats.pabulib_writer import META_ORDER, write


@pytest.mark.parametrize("path", [OWN_FILE, *shared_files()], ids=lambda path: path.stem)
def test_what_is_written_is_read_again(path):
    with path.open("rb") as lines:
        election = pabulib.read(lines)

    again = pabulib.read("".join(write(election)).encode().splitlines(keepends=True))

    assert (again.votes, again.meta, again.budget) == (election.votes, election.meta, election.budget)
    assert again.vote_columns == election.vote_columns
    assert [replace(project, cells=()) for project in again.projects] == [
        replace(project, cells=()) for project in election.projects
    ]
    assert again.scores() == election.scores()


def test_keys_and_columns_come_in_the_order_of_the_format():
    with OWN_FILE.open("rb") as lines:
        text = "".join(write(pabulib.read(lines)))

    keys = [line.split(";")[0] for line in text[: text.index("PROJECTS")].splitlines()[2:]]
    known = [key for key in keys if key in META_ORDER]
    assert known == sorted(known, key=META_ORDER.index)
    assert keys[: len(known)] == known
    assert "\nproject_id;cost;votes;name;" in text
    assert "\nvoter_id;vote;age;sex\n" in text


LENIENT = """META
key;value
budget;100.125
vote_type;scoring
num_votes;2
date_begin;last spring
PROJECTS
project_id;cost;name;selected;latitude
p1;60.0005;"Park "by" the sea";perhaps;north
p2;50;Pool
VOTES
voter_id;vote;points;age
ana;p1,p2;3,-1;40;left-handed
beto;p2;2
"""


def test_what_has_no_part_in_a_count_may_be_wrong_where_only_a_count_is_wanted():
    election = pabulib.read(LENIENT.encode().splitlines(keepends=True), only_to_count=True)

    assert [vote.projects for vote in election.votes] == [("p1", "p2"), ("p2",)]
    assert election.scores() == {"p1": 3, "p2": 1}
    with pytest.raises(pabulib.PabulibError):
        pabulib.read(LENIENT.encode().splitlines(keepends=True))


def test_amounts_and_names_of_columns_may_be_written_as_people_do_where_only_a_count_is_wanted():
    text = LENIENT.replace("budget;100.125", "budget;1 250,50").replace("p2;50;", "p2;50,5;")
    text = text.replace("project_id;cost", "Project_ID;Cost").replace("scoring", "Scoring")

    election = pabulib.read(text.encode().splitlines(keepends=True), only_to_count=True)

    assert (election.budget, election.projects[1].cost) == (Fraction("1250.5"), Fraction("50.5"))


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("p2;50;Pool", "p2", 10),
        ("p2;50;Pool", "p2;fifty", 10),
        ("beto;p2;2", "beto;p3;2", 14),
        ("beto;p2;2", "beto;p2", 14),
        ("num_votes;2", "num_votes;3", 5),
        ("budget;100.125", "budget;-1", 3),
        ("budget;100.125", "budget;1,000", 3),
        ("num_votes;2", "min_project_score_threshold;many", 5),
        ("p2;50;Pool", 'p2;50;"Pool', 10),
    ],
)
def test_what_has_a_part_in_it_is_refused_all_the_same(old, new, line):
    with pytest.raises(pabulib.PabulibError) as refused:
        pabulib.read(LENIENT.replace(old, new).encode().splitlines(keepends=True), only_to_count=True)

    assert refused.value.line_number == line
