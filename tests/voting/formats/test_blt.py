"""BLT files: what is read, with all the liberties that writers take, and what is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voting.formats import blt
from voting.formats.bad_file import BadFile
from voting.formats.ranked_election import Ballots, Candidate, RankedElection

PLAIN = """4 2
-2
3 1 3 4 0
1 2=4 1 0
2 0
0
"Adam"
"Basil"
"Charlotte"
"Donald"
"The title"
"""
READ = RankedElection(
    candidates=[Candidate("1", "Adam"), Candidate("2", "Basil"), Candidate("3", "Charlotte"), Candidate("4", "Donald")],
    ballots=[Ballots((("1",), ("3",), ("4",)), 3), Ballots((("2", "4"), ("1",)), 1), Ballots((), 2)],
    seats=2,
    title="The title",
    withdrawn=frozenset({"2"}),
)


def read(text):
    return blt.read((text if isinstance(text, bytes) else text.encode()).splitlines(keepends=True))


@pytest.mark.parametrize(
    "text",
    [
        PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace("\n", "\r\n"),
        PLAIN.replace("3 1 3 4 0", "(b17) 3 1 3 4 0 # counted twice"),
        PLAIN.replace("3 1 3 4 0", "1 1 3 4 0\n2 1 3 4 0").replace("1 1 3 4 0\n2", "3", 1),
        PLAIN.replace("1 2=4 1 0", "1 2=4 - 1 0"),
        PLAIN.replace("1 2=4 1 0", "1 2=4 0 1 0"),
        "# a comment\n\n" + PLAIN.replace("4 2\n", "4 2\n\n  \n"),
        PLAIN.replace('"The title"\n', "The title"),
        PLAIN.replace('"Adam"\n"Basil"\n', '"Adam" "Basil"\n'),
        PLAIN.replace('"Adam"', "Adam"),
        PLAIN + '"a source"\n"a comment"\n',
        PLAIN.replace("2 0\n", "2\t0\n").replace("3 1 3 4 0", "3\t1\t3\t4\t0"),
    ],
)
def test_the_same_election_in_the_hands_of_different_writers(text):
    assert read(text) == READ


def test_names_may_stand_in_parts_as_in_the_files_of_councils():
    parts = PLAIN.replace('"Adam"', '"Adam" "SMITH" "The Party (P)"').replace('"Basil"', '"Basil" "JONES" ""')
    parts = parts.replace('"Charlotte"', '"Charlotte" "X" "Y"').replace('"Donald"', '"Donald" "Z"')

    names = [candidate.name for candidate in read(parts).candidates]

    assert names == ["Adam SMITH The Party (P)", "Basil JONES", "Charlotte X Y", "Donald Z"]
    assert read(parts).title == "The title"


def test_what_is_missing_or_odd_stays_as_it_is():
    assert read("2 1\n1.5 2 0\n0\n") == RankedElection(
        [Candidate("1", ""), Candidate("2", "")], [Ballots((("2",),), Fraction(3, 2))], seats=1
    )
    assert read('1 1\n0\n"Ana ""La Lista"" Paz # 1"\n').candidates == [Candidate("1", 'Ana "La Lista" Paz # 1')]
    assert read('1 1\n0\n"Peña"\n'.encode("cp1252")).candidates == [Candidate("1", "Peña")]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        ("", 1, "the file is empty"),
        ("whatever\n", 1, "expected the numbers of candidates and seats"),
        ("3 0\n", 1, "3 candidates for 0 seats cannot be counted"),
        ("3 1\n1 4 0\n0\n", 2, "there is no candidate '4'; they are numbered from 1 to 3"),
        ("3 1\n1 2 1 2 0\n0\n", 2, "the ballot names candidate 2 twice"),
        ("3 1\n1 2=2 0\n0\n", 2, "the ballot names candidate 2 twice"),
        ("3 1\n1 2 3\n0\n", 2, "the ballot does not end with 0"),
        ("3 1\nx 2 3 0\n0\n", 2, "expected a ballot, which begins with its weight"),
        ("3 1\n1 2 3 0\n", 2, "the line 0 after the last ballot is missing"),
        ("3 1\n-5\n0\n", 2, "there is no candidate '5'"),
        ("3 1\n-1 2\n0\n", 2, "each with a minus sign"),
        ("3 1\n1 2 0\n-1\n0\n", 3, "withdrawn candidates are told before the first ballot"),
        ("3 1\n1 2 ² 0\n0\n", 2, "there is no candidate"),
        ("3 1\n1 2\0 0\n0\n", 2, "NUL"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_its_line(text, line, sentence):
    with pytest.raises(BadFile) as refused:
        read(text)

    assert refused.value.line_number == line
    assert sentence in refused.value.sentence
    assert str(refused.value).startswith(f"line {line}: ")


names = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\0", exclude_categories=["Cc", "Zl", "Zp"])).map(
    str.strip
)


@given(st.data(), st.integers(1, 5), st.integers(1, 3), names)
def test_what_is_written_is_read_again(data, size, seats, title):
    ids = [str(number) for number in range(1, size + 1)]
    orders = st.permutations(ids).flatmap(lambda order: st.integers(0, size).map(lambda end: order[:end]))
    rankings = orders.map(lambda order: tuple((option,) for option in order))
    weights = st.integers(1, 9) | st.just(Fraction(5, 4))
    election = RankedElection(
        candidates=[Candidate(option, data.draw(names)) for option in ids],
        ballots=[Ballots(*ballot) for ballot in data.draw(st.lists(st.tuples(rankings, weights)))],
        seats=seats,
        title=title,
        withdrawn=frozenset(data.draw(st.sets(st.sampled_from(ids)))),
    )

    assert blt.read(list(blt.write(election))) == election


def test_equal_ranks_are_written_too():
    assert "".join(blt.write(READ)) == PLAIN


def test_a_file_whose_lines_end_as_on_old_macs_arrives_as_a_single_line_and_is_read():
    assert blt.read([PLAIN.replace("\n", "\r").encode()]) == blt.read(PLAIN.splitlines())
    with pytest.raises(BadFile, match="line 3: "):
        blt.read([PLAIN.replace("3 1 3 4 0", "3 1 9 4 0").replace("\n", "\r").encode()])
