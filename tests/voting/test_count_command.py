"""``manage.py count``: what it prints, for whom it says no, and that it leaves the database alone."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.voting.elections import OWN_FILE

BLT = """3 2
5 1 2 0
4 2 1 0
3 3 2 0
0
"Ana"
"Beto"
"Carla"
"Vecinos"
"""
SOI = """# FILE NAME: small.soi
# TITLE: Small
# DATA TYPE: soi
# NUMBER ALTERNATIVES: 3
# NUMBER VOTERS: 9
# NUMBER UNIQUE ORDERS: 3
# ALTERNATIVE NAME 1: Ana
# ALTERNATIVE NAME 2: Beto
# ALTERNATIVE NAME 3: Carla
4: 1,2
3: 2
2: 3,2
"""
PB = OWN_FILE.read_text()
BY_SEX = """META
key;value
budget;100
vote_type;approval
rule;greedy-threshold
min_project_score_threshold;1
PROJECTS
project_id;cost
park;60
pool;60
VOTES
voter_id;vote;sex
a;pool;F
b;pool;F
c;park;M
d;park;M
e;park;M
f;;
"""


@pytest.fixture
def written(tmp_path):
    def write(text, name="file.blt"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


@pytest.fixture
def count(capsys):
    """Returns the exit code, the lines of output and those of errors. Without the database: a query would fail."""

    def run(*arguments):
        code = 0
        try:
            call_command("count", *map(str, arguments))
        except SystemExit as ended:
            code = ended.code
        printed = capsys.readouterr()
        return code, printed.out.splitlines(), printed.err.splitlines()

    return run


def test_one_line_of_json_for_each_file_with_the_winners_as_the_file_calls_them(count, written):
    code, lines, errors = count(OWN_FILE, written(BLT), "--json")

    budget, council = (json.loads(line) for line in lines)
    assert (code, errors) == (0, [])
    assert budget["file"] == str(OWN_FILE)
    assert (budget["method"], budget["winners"]) == ("greedy", ["1", "2", "4", "10", "7"])
    assert (budget["total_cost"], budget["same_as_official"]) == (99999.99, True)
    assert (council["method"], council["winners"], council["total_cost"]) == ("stv", ["1", "2"], None)
    assert council["names"] == {"1": "Ana", "2": "Beto", "3": "Carla"}
    for line in (budget, council):
        assert {"file", "method", "winners", "total_cost", "rounds", "ties", "explanation"} <= line.keys()
        assert line["rounds"]


def test_a_person_reads_names_and_costs(count):
    code, lines, _ = count(OWN_FILE)

    assert code == 0
    assert lines[0].endswith("villa_serena.pb: greedy, 14 voters")
    assert lines[1] == "  5 winners for 99999.99 of 100000"
    assert lines[2].startswith("  1  ")


def test_a_person_reads_whether_the_file_says_that_the_same_won(count, written):
    text = OWN_FILE.read_text()
    selected = text.replace(";selected", ";was_selected")
    assert text != selected
    assert "  the file says the same" in count(OWN_FILE)[1]
    assert not any("the file says" in line for line in count(written(selected, "a.pb"))[1])
    assert any(
        line.startswith("  the file says otherwise: ") for line in count(OWN_FILE, "--method", "greedy_no_skip")[1]
    )


def test_one_is_one_winner_of_one_voter(count, written):
    assert count(written('2 1\n1 1 0\n0\n"A"\n"B"\n"T"\n'))[1][0].endswith("stv, 1 voter")
    compared = count(written('2 1\n1 1 0\n0\n"A"\n"B"\n"T"\n'), "--compare", "irv,borda")[1]
    assert compared[1].startswith("  irv: 1 winner; ")


@pytest.mark.parametrize(
    ("arguments", "winners", "total_cost"),
    [
        (["--method", "greedy_no_skip"], ["1", "2"], 75000.5),
        (["--method", "equal_shares"], [], None),
        (["--method", "equal_shares", "--completion", "add1", "--then", "greedy"], [], None),
        (["--method", "phragmen"], [], None),
        (["--method", "approval"], ["1"], None),
    ],
)
def test_a_budget_is_counted_by_the_method_that_was_asked_for(count, arguments, winners, total_cost):
    code, lines, _ = count(OWN_FILE, "--json", *arguments)

    line = json.loads(lines[0])
    assert (code, line["method"]) == (0, arguments[1])
    assert line["winners"]
    if total_cost or winners:
        assert (line["winners"], line["total_cost"]) == (winners, total_cost)


@pytest.mark.parametrize(
    ("method", "winners"),
    [("irv", ["2"]), ("schulze", ["2"]), ("borda", ["2"]), ("single_choice", ["1"]), ("approval", ["2"])],
)
def test_rankings_are_counted_by_the_method_that_was_asked_for(count, written, method, winners):
    code, lines, _ = count(written(SOI, "small.soi"), "--method", method, "--json")

    assert (code, json.loads(lines[0])["winners"]) == (0, winners)


def test_methods_are_set_side_by_side(count):
    code, lines, _ = count(OWN_FILE, "--compare", "greedy,equal_shares", "--json")

    line = json.loads(lines[0])
    assert code == 0
    assert [row["method"] for row in line["compare"]] == ["greedy", "equal_shares"]
    assert set(line["compare"][0]) == {
        *("method", "winners", "total_cost", "without_winner", "winners_per_voter", "not_in_all")
    }


def test_the_seats_of_a_file_may_be_overruled(count, written):
    _, lines, _ = count(written(BLT), "--seats", "1", "--json")

    assert json.loads(lines[0])["winners"] == ["2"]


@pytest.mark.parametrize(
    ("text", "name", "place"),
    [
        (BLT.replace("4 2 1 0", "4 2 9 0"), "bad.blt", ":3: there is no candidate '9'"),
        (BLT.replace("4 2 1 0", "4 2 2 0"), "bad.blt", ":3: the ballot names candidate 2 twice"),
        (BLT.replace("4 2 1 0", "4 2 1"), "bad.blt", ":3: the ballot does not end with 0"),
        (SOI.replace("4: 1,2", "4: 1,7"), "bad.soi", ":10: there is no alternative '7'"),
        (SOI.replace("VOTERS: 9", "VOTERS: 8"), "bad.soi", ":12: NUMBER VOTERS is 8, but the file holds 9"),
        (PB.replace("vote_type;approval", "vote_type;shouting"), "bad.pb", ": vote_type 'shouting' is not known"),
        (b"META\nkey;value\n\xff", "bad.pb", ":3: not UTF-8"),
        ("", "bad.pb", ": the file is empty"),
        ("whatever", "bad.txt", ": its name must end with one of .pb, .blt"),
    ],
)
def test_a_bad_file_is_told_in_one_line_with_its_place_and_does_not_stop_the_others(count, written, text, name, place):
    bad = written(text, name)

    code, lines, errors = count(bad, OWN_FILE, "--json")

    assert (code, len(lines), len(errors)) == (2, 1, 1)
    assert errors[0].startswith(str(bad))
    assert place in errors[0]


def test_a_file_that_is_not_there_is_told_too(count):
    code, lines, errors = count("/nowhere/at/all.pb")

    assert (code, lines, len(errors)) == (2, [], 1)
    assert "No such file" in errors[0]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--method", "stv"], "stv: rankings are needed, the file holds approvals"),
        (["--method", "single_choice"], "single_choice: one choice a ballot is needed"),
    ],
)
def test_ballots_that_a_method_cannot_read_are_told(count, arguments, sentence):
    code, lines, errors = count(OWN_FILE, *arguments)

    assert (code, lines, len(errors)) == (2, [], 1)
    assert sentence in errors[0]


def test_rankings_have_no_budget_to_share_out(count, written):
    code, _, errors = count(written(BLT), "--method", "greedy")

    assert code == 2
    assert "shares out a budget, and the file has none" in errors[0]


def test_votes_beyond_the_limits_of_the_file_are_counted_and_told(count, written):
    text = PB.replace("max_length;4", "max_length;2\nmin_length;2")

    code, lines, _ = count(written(text, "a.pb"), "--json")

    line = json.loads(lines[0])
    assert (code, line["same_as_official"]) == (0, True)
    assert "votes that break the file's own max_length, counted as they are: " in line["note"]
    assert "min_length" in line["note"]


def test_the_rule_of_a_file_is_followed_however_it_is_written_and_its_threshold_too(count, written):
    text = PB.replace("rule;greedy", "rule; Greedy-Threshold\nmin_project_score_threshold;1000")

    code, lines, _ = count(written(text, "a.pb"), "--json")

    assert (code, json.loads(lines[0])["method"], json.loads(lines[0])["winners"]) == (0, "greedy_threshold", [])


def test_groups_of_voters_are_counted_apart_and_joined(count, written):
    text = BY_SEX

    code, lines, _ = count(written(text, "a.pb"), "--by", "sex", "--json")
    line = json.loads(lines[0])
    assert (code, line["by"], line["winners"], line["voters"]) == (0, "sex", ["park"], 6)
    assert [(row["group"], row["winners"], row["voters"]) for row in line["groups"]] == [
        ("", [], 1),
        ("F", ["pool"], 2),
        ("M", ["park"], 3),
    ]
    assert line["groups"][1]["rounds"][0]["option"] == "pool"

    weighed = json.loads(count(written(text, "a.pb"), "--by", "sex", "--weights", "F=2,=0", "--json")[1][0])
    assert weighed["winners"] == ["pool"]
    assert weighed["rounds"][0]["votes"] == 4
    assert any("sex F, 2 voters alone:" in row for row in count(written(text, "a.pb"), "--by", "sex")[1])


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--by", "colour"], "the votes have no column 'colour'; they have sex"),
        (["--by", "sex", "--weights", "X=2"], "no such group: X"),
    ],
)
def test_groups_that_are_not_there_are_told(count, written, arguments, sentence):
    code, lines, errors = count(written(BY_SEX, "a.pb"), *arguments)

    assert (code, lines, len(errors)) == (2, [], 1)
    assert sentence in errors[0]


def test_groups_go_with_one_method_and_a_file_that_tells_them(count, written):
    assert "only Pabulib files tell groups" in count(written(BLT), "--by", "sex")[2][0]
    for arguments in (["--compare", "greedy,equal_shares", "--by", "sex"], ["--weights", "F=2"]):
        with pytest.raises(CommandError, match="--by goes with one method"):
            call_command("count", str(OWN_FILE), *arguments)


def test_a_rule_that_names_no_method_is_not_guessed(count, written):
    code, _, errors = count(written(PB.replace("rule;greedy", "rule;unknown"), "a.pb"))

    assert code == 2
    assert "the rule 'unknown' names no method; choose one with --method" in errors[0]


@pytest.mark.parametrize("arguments", [["--method", "shouting"], ["--compare", "greedy,shouting"], ["--seats", "0"]])
def test_what_does_not_exist_cannot_be_asked_for(arguments):
    with pytest.raises(CommandError):
        call_command("count", str(OWN_FILE), *arguments)


def test_a_lot_can_be_drawn_from_a_text_and_is_the_same_for_everybody(count, written):
    tied = written(SOI.replace("VOTERS: 9", "VOTERS: 8").replace("4: 1,2", "3: 1,2"), "tied.soi")
    winners = set()
    for seed in ("Villa Serena, 3 May", "Villa Serena, 4 May", "5 May", "6 May", "7 May"):
        lines = [count(tied, "--method", "single_choice", "--json", "--seed", seed)[1] for _ in range(2)]
        assert lines[0] == lines[1]
        line = json.loads(lines[0][0])
        assert line["ties"] == [{"options": line["ties"][0]["options"], "broken_by": "lot", "round": None}]
        assert sorted(line["ties"][0]["options"]) == ["1", "2"]
        winners.update(line["winners"])

    assert winners == {"1", "2"}


def test_long_counts_say_how_they_are_getting_on(count, monkeypatch):
    monkeypatch.setattr("voting.management.commands.count.QUIET_FOR", -1)

    _, lines, errors = count(OWN_FILE, "--json")

    assert len(lines) == 1
    assert errors == [f"{Path(OWN_FILE).name} (1 of 1): reading"]
