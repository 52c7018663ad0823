"""Whatever is done to a file: it is read, or refused with a line that the file has. Nothing else ever comes out."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.voting.elections import OWN_FILE
from voting.formats import pabulib
from voting.formats.pabulib import SENTENCES, PabulibError

ORIGINAL = OWN_FILE.read_bytes()
LINES = ORIGINAL.splitlines(keepends=True)
PIECES = [b";", b'"', b",", b"\n", b"\r", b"\r\n", b"\0", b"\xff", b"\xc3", b"META\n", b"PROJECTS\n", b"VOTES\n"]
PIECES += [b"-1", b"1e9", b"1e999", b"nan", b"inf", "١".encode(), b"", b" ", b"0", "\ufeff".encode(), b"\x1c", b"_"]


@st.composite
def mutated(draw):
    data = ORIGINAL
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 30)))
        data = data[:start] + draw(st.sampled_from(PIECES) | st.binary(max_size=5)) + data[end:]
    return data


@st.composite
def with_a_cell_replaced(draw):
    lines = list(LINES)
    number = draw(st.integers(0, len(lines) - 1))
    cells = lines[number].split(b";")
    cells[draw(st.integers(0, len(cells) - 1))] = draw(
        st.sampled_from(PIECES) | st.text('a1;,"é\n', max_size=8).map(str.encode)
    )
    lines[number] = b";".join(cells)
    return b"".join(lines)


shuffled = st.permutations(LINES).map(b"".join)
shortened = st.integers(0, len(ORIGINAL)).map(lambda end: ORIGINAL[:end])
repeated = st.lists(st.sampled_from(LINES), max_size=40).map(b"".join)


@settings(max_examples=120)
@given(mutated() | with_a_cell_replaced() | shuffled | shortened | repeated | st.binary(max_size=200))
@example(b"META\nkey;value\nPROJECTS\n")
@example(b"META\nMETA\n")
@example(b"PROJECTS\nVOTES\n")
def test_a_broken_file_is_read_or_refused_with_its_line(data):
    lines = data.splitlines(keepends=True) if b"\r" not in data else data.split(b"\n")
    try:
        election = pabulib.read(lines)
    except PabulibError as error:
        assert error.code in SENTENCES
        assert 1 <= error.line_number <= max(len(lines), 1)
        assert str(error)
    else:
        assert election.budget_cents > 0
        assert set(election.scores()) == {project.id for project in election.projects}


cells = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.tuples(cells, st.integers(0, 10**12)), min_size=1, max_size=5), cells)
def test_any_text_survives_quoting(projects, description):
    def quoted(text):
        return '"' + text.replace('"', '""') + '"'

    text = "META\nkey;value\n" + "".join(
        f"{key};{value}\n"
        for key, value in {
            "description": quoted("x" + description), "country": "Argentina", "unit": "u", "instance": "1",
            "num_projects": len(projects), "num_votes": 0, "budget": 1, "vote_type": "approval", "rule": "greedy",
            "date_begin": 2025, "date_end": 2025,
        }.items()
    )  # fmt: skip
    text += "PROJECTS\nproject_id;cost;name\n"
    text += "".join(
        f"{number};{cents // 100}.{cents % 100:02};{quoted(name)}\n" for number, (name, cents) in enumerate(projects)
    )
    election = pabulib.read((text + "VOTES\nvoter_id;vote\n").encode().splitlines(keepends=True))

    assert election.meta["description"] == ("x" + description).strip()
    assert [(project.name, project.cost_cents) for project in election.projects] == [
        (name.strip(), cents) for name, cents in projects
    ]
