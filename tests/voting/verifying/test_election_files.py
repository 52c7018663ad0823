"""The election file in an export, which ``verify.py`` cannot decide itself, follows from the log to the letter."""

import shutil

import pytest

from tests.factories import ProposalFactory, UserFactory, make_consultation, make_poll
from tests.voting.verifying.logs import assert_named, changed_json, exported, fresh_poll, over, run
from voting.ballots.casting import cast_ballot
from voting.ledger import verify as verifier

pytestmark = pytest.mark.django_db

TREES = ["Ceibo", "Tipa", "Lapacho"]


def cast(poll, *ballots):
    ids = {str(option): str(option.pk) for option in poll.options.all()}
    for ballot in ballots:
        cast_ballot(poll=poll, voter=UserFactory(), choices={ids[name]: value for name, value in ballot.items()})


@pytest.fixture
def ranked(tmp_path):
    poll = make_poll(method="irv", options=TREES)
    cast(poll, {"Ceibo": 1, "Tipa": 2}, {"Ceibo": 1, "Lapacho": 2}, {"Tipa": 1}, {"Lapacho": 1, "Tipa": 2}, {})
    over(poll)
    return exported(poll, tmp_path / "right")


def replaced(name, old, new):
    def change(d):
        text = (d / name).read_text(encoding="utf-8")
        assert old in text
        (d / name).write_text(text.replace(old, new), encoding="utf-8")

    return change


TAMPERED = {
    "a favourite kept and the places after it exchanged": (
        replaced("election.blt", "1 1 2 0", "1 1 3 0"),
        "election.blt",
    ),
    "ballots added": (replaced("election.blt", "1 3 2 0", "9 3 2 0"), "election.blt"),
    "names exchanged": (replaced("election.blt", '"Ceibo"\n"Tipa"', '"Tipa"\n"Ceibo"'), "election.blt"),
    "more seats": (replaced("election.blt", "3 1\n", "3 2\n"), "election.blt"),
    "another method": (replaced("RECOUNT.txt", "irv", "borda"), "RECOUNT.txt"),
    "another command": (lambda d: (d / "RECOUNT.txt").write_text("RIGHT: nothing wrong was found.\n"), "RECOUNT.txt"),
    "no ballots": (lambda d: (d / "election.blt").unlink(), "election.blt is missing"),
    "no command": (lambda d: (d / "RECOUNT.txt").unlink(), "RECOUNT.txt is missing"),
    "a second file": (lambda d: (d / "election.pb").write_text("META\n"), "election.pb"),
}


def test_what_was_changed_in_them_is_named(ranked, tmp_path, capsys, monkeypatch):
    assert "NOT worked out again" in run(ranked).stdout
    for place, (tamper, words) in enumerate(TAMPERED.values()):
        directory = shutil.copytree(ranked, tmp_path / str(place))
        tamper(directory)
        assert_named(directory, words, capsys, monkeypatch)


def test_the_draw_in_the_command_is_that_of_the_log(ranked, capsys, monkeypatch):
    text = (ranked / "RECOUNT.txt").read_text()
    lots = text.partition("--lots ")[2].partition("\n")[0]
    (ranked / "RECOUNT.txt").write_text(text.replace(lots, ",".join(reversed(lots.split(",")))))
    assert_named(ranked, "RECOUNT.txt", capsys, monkeypatch)


def test_a_budgets_file_is_compared_too_its_costs_and_its_money(tmp_path, capsys, monkeypatch):
    consultation = make_consultation(now_in="voting", budget_cents=1_000_50)
    trees = [ProposalFactory(consultation=consultation, title=tree, cost_cents=400_25) for tree in TREES]
    poll = make_poll(consultation, method="equal_shares", options=trees)
    cast(poll, {"Ceibo": 1, "Tipa": 1}, {"Ceibo": 1}, {"Lapacho": 1}, {})
    over(poll)
    right = exported(poll, tmp_path / "right")
    assert run(right).returncode == 0
    changes = ("budget;1000.50", "budget;2000.50"), ("400.25;2;Ceibo", "4.25;2;Ceibo"), ("Lapacho", "Tipa")
    for place, (old, new) in enumerate(changes):
        directory = shutil.copytree(right, tmp_path / str(place))
        replaced("election.pb", old, new)(directory)
        assert_named(directory, "election.pb", capsys, monkeypatch)


def test_a_hidden_option_has_no_name_in_it(tmp_path):
    consultation = make_consultation(now_in="voting")
    trees = [ProposalFactory(consultation=consultation, title=tree) for tree in TREES]
    poll = make_poll(consultation, method="borda", options=trees)
    cast(poll, {"Ceibo": 1, "Tipa": 2}, {"Tipa": 1})
    over(poll)
    type(trees[0]).objects.filter(pk=trees[0].pk).update(
        hidden_at=poll.created_at, hidden_by=UserFactory(), hidden_reason="spam"
    )
    right = exported(poll, tmp_path / "right")
    assert run(right).returncode == 0
    option = poll.options.get(proposal=trees[0])
    text = (right / "election.blt").read_text(encoding="utf-8")
    assert f'"option {option.pk}"' in text
    assert "Ceibo" not in text


def test_where_nobody_voted_the_export_is_right_as_well(tmp_path):
    poll = make_poll(method="irv", options=TREES)
    over(poll)
    right = exported(fresh_poll(poll), tmp_path / "right")
    answer = run(right)
    assert answer.returncode == 0, answer.stderr


def test_labels_left_out_do_not_let_names_be_exchanged(ranked, capsys, monkeypatch):
    changed_json(ranked, "words.json", lambda words: words["options"].update(dict.fromkeys(words["options"])))
    assert_named(ranked, "election.blt", capsys, monkeypatch)
    assert verifier.label_of({"id": "7"}, {"options": {"7": None}}) == "option 7"
