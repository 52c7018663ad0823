"""PrefLib files: what is read, and what is refused."""

import pytest

from voting.formats import preflib
from voting.formats.bad_file import BadFile
from voting.formats.ranked_election import Ballots, Candidate

TOI = """# FILE NAME: small.toi
# TITLE: Small: a test
# DATA TYPE: toi
# NUMBER ALTERNATIVES: 4
# NUMBER VOTERS: 9
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Ana
# ALTERNATIVE NAME 2: Beto
# ALTERNATIVE NAME 3: Carla
# ALTERNATIVE NAME 4: Dino
5: 1,{2,3}
3: {1,2,3,4}
1: 4
"""
CAT = """# DATA TYPE: cat
# NUMBER ALTERNATIVES: 3
# NUMBER CATEGORIES: 2
# CATEGORY NAME 1: Yes
# CATEGORY NAME 2: No
4: {1,3},2
2: {},{1,2,3}
1: 2
"""
OLD = """3
1,Ana
2,Beto
3,Carla
5,5,2
3,1,{2,3}
2,3
"""


def read(text, kind=""):
    return preflib.read(text.encode().splitlines(keepends=True), kind)


def test_equal_ranks_are_kept():
    election = read(TOI)

    assert election.title == "Small: a test"
    assert election.candidates[0] == Candidate("1", "Ana")
    assert election.ballots == [
        Ballots((("1",), ("2", "3")), 5),
        Ballots((("1", "2", "3", "4"),), 3),
        Ballots((("4",),), 1),
    ]


def test_categories_keep_their_places_even_empty_ones():
    election = read(CAT)

    assert election.categories == ("Yes", "No")
    assert election.ballots == [
        Ballots((("1", "3"), ("2",)), 4),
        Ballots(((), ("1", "2", "3")), 2),
        Ballots((("2",),), 1),
    ]


def test_files_from_before_2022_are_read_too():
    election = read(OLD, "toi")

    assert [candidate.name for candidate in election.candidates] == ["Ana", "Beto", "Carla"]
    assert election.ballots == [Ballots((("1",), ("2", "3")), 3), Ballots((("3",),), 2)]


@pytest.mark.parametrize("text", [TOI.replace("\n", "\r\n"), "\ufeff" + TOI, TOI.replace("1,{2,3}", "1, {2, 3}")])
def test_small_differences_in_writing_change_nothing(text):
    assert read(text).ballots == read(TOI).ballots


def test_a_file_whose_lines_end_as_on_old_macs_arrives_as_a_single_line_and_is_read():
    assert preflib.read([TOI.replace("\n", "\r").encode()], "toi") == read(TOI)


@pytest.mark.parametrize(("text", "kind"), [(TOI, "toi"), (CAT, "cat")])
def test_what_is_written_is_read_again(text, kind):
    election = read(text)
    again = preflib.read(list(preflib.write(election)))

    assert (again.ballots, again.candidates, again.categories) == (
        election.ballots,
        election.candidates,
        election.categories,
    )
    assert preflib.data_type(again) == kind


@pytest.mark.parametrize(
    ("lines", "kind"),
    [(["1: 1,2", "1: 2,1"], "soc"), (["1: 1"], "soi"), (["1: {1,2}"], "toc"), (["1: {1,2}", "1: 1"], "toi")],
)
def test_the_most_restrictive_type_is_written(lines, kind):
    election = read("\n".join(["# DATA TYPE: toi", "# NUMBER ALTERNATIVES: 2", *lines]))

    assert preflib.data_type(election) == kind


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "the file is empty"),
        ("hello\n", 1, "expected a header"),
        (TOI.replace("toi", "wmd"), 11, "'wmd' is not one of the kinds of file that can be counted"),
        (TOI.replace("1,{2,3}", "1,{2,9}"), 11, "there is no alternative '9'"),
        (TOI.replace("1,{2,3}", "1,{2,1}"), 11, "the order names alternative 1 twice"),
        (TOI.replace("1,{2,3}", "1,{2,3"), 11, "this order cannot be read"),
        (TOI.replace("5: 1", "five: 1"), 11, "expected a count and an order"),
        (TOI.replace("VOTERS: 9", "VOTERS: 10"), 13, "NUMBER VOTERS is 10, but the file holds 9"),
        (TOI.replace("ORDERS: 3", "ORDERS: 4"), 13, "NUMBER UNIQUE ORDERS is 4, but the file holds 3"),
        (TOI.replace("toi", "soi"), 11, "equal ranks in a file of strict orders (soi)"),
        (TOI.replace("toi", "toc"), 11, "3 of 4 alternatives in a file of complete orders (toc)"),
        (TOI.replace("ALTERNATIVES: 4", "ALTERNATIVES: 3"), 11, "alternative 4 has a name, but there are only 3"),
        (CAT.replace("4: {1,3},2", "4: 1,3,2"), 6, "3 categories where there are 2"),
        ("# TITLE: x\n1: 1\n", 2, "no header says how many alternatives there are"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text, line, sentence):
    with pytest.raises(BadFile) as refused:
        read(text)

    assert refused.value.line_number == line
    assert sentence in refused.value.sentence
