"""More ways to tamper with an export: files cut, twisted, exchanged, and an operator who has the right key.

Each is named, with exit code 1. The plain ones are in ``test_log_export.py``.
"""

import base64
import json
import shutil
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from tests.factories import UserFactory, choose, fresh, make_poll
from tests.voting import test_log_export as log_export
from tests.voting.rolls.conftest import put_on
from tests.voting.test_budget_amendments import at_the_end
from tests.voting.test_log_export import (
    NAME,
    THIEF,
    changed_json,
    entry_of,
    exported,
    fresh_poll,
    lines,
    over,
    resigned,
    run,
    write,
)  # fmt: skip
from voting.ballots.casting import cast_ballot
from voting.ledger import verify as verifier
from voting.ledger.note import SigningKey
from voting.ledger.tree import leaf_hash, root_of
from voting.log.export import write_log
from voting.models import PaperBatch, Poll
from voting.paper.entering import _append as put_batch_in

right = log_export.right  # a fixture
FILES = ("entries.jsonl", "heads.jsonl", "openings.jsonl", "result.json", "words.json", "keys.json")


def operator():
    """Who has the key that signs."""
    return SigningKey(NAME, base64.b64decode(settings.SIGNING_KEY))


def replaced(d, name, old, new):
    text = (d / name).read_text(encoding="utf-8")
    assert old in text
    (d / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def an_amendment_removed(d):
    entries = lines(d, "entries.jsonl")
    del entries[entry_of(d, "amendment")]
    write(d, "entries.jsonl", entries)


def a_result_with_two_lists_of_winners(d):
    replaced(d, "result.json", "{", '{"winners": ["1"],')


def an_entry_with_a_key_twice(d):
    replaced(d, "entries.jsonl", '{"commitment":', '{"commitment":"' + "0" * 64 + '","commitment":')


def an_opening_with_a_number_twice(d):
    replaced(d, "openings.jsonl", '{"choices":', '{"number":1,"choices":')


def a_tally_that_is_not_a_number(d):
    changed_json(d, "result.json", lambda result: result["tally"].update(voters=float("nan")))


def a_tally_with_a_fraction(d):
    changed_json(d, "result.json", lambda result: result["tally"].update(voters=6.0))


def a_number_of_five_thousand_digits(d):
    replaced(d, "result.json", '"voters": 6', '"voters": ' + "9" * 5000)


def a_file_nested_without_end(d):
    (d / "words.json").write_text("[" * 200_000 + "\n")


def an_opening_for_true(d):
    opening, *others = map(json.loads, lines(d, "openings.jsonl"))
    write(d, "openings.jsonl", map(json.dumps, [{**opening, "number": True}, *others]))


def a_salt_written_otherwise(d):
    opening, *others = map(json.loads, lines(d, "openings.jsonl"))
    write(d, "openings.jsonl", map(json.dumps, [{**opening, "salt": " " + opening["salt"].upper()}, *others]))


def the_openings_left_out(d):
    (d / "openings.jsonl").unlink()


def result_and_openings_left_out(d):
    (d / "openings.jsonl").unlink()
    (d / "result.json").unlink()


def a_question_that_is_not_told(d):
    changed_json(d, "words.json", lambda words: words.update(question=None))


def a_label_of_no_option(d):
    changed_json(d, "words.json", lambda words: words["options"].update({"0": "Nadie"}))


def a_second_key_that_vouches_for_itself(d):
    log_export.a_ballot_changed(d)
    resigned(d, THIEF)
    key = str(THIEF.verifying)
    changed_json(d, "keys.json", lambda keys: keys.append({"key": key, "endorsement": vouched(THIEF, key)}))


def a_second_key_under_the_name_and_id_of_the_first(d):
    log_export.a_ballot_changed(d)
    resigned(d, THIEF)
    own, thiefs = operator().verifying.id, THIEF.verifying.id
    heads = [json.loads(line) for line in lines(d, "heads.jsonl")]
    for head in heads:
        text, _, signature = head["note"].rpartition(" ")
        data = base64.b64decode(signature)
        assert data[:4] == thiefs
        head["note"] = f"{text} {base64.b64encode(own + data[4:]).decode()}\n"
    write(d, "heads.jsonl", map(json.dumps, heads))


def vouched(key, text):
    return key.signed(f"asamblea key rotation\n{text}\n")


def digits_of_another_script_signed_by_the_operator(d):
    head, *others = [json.loads(line) for line in lines(d, "heads.jsonl")]
    text = head["note"].rpartition("\n\n")[0] + "\n"
    log, size, rest = text.split("\n", 2)
    head["note"] = operator().signed("\n".join([log, size.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), rest]))
    write(d, "heads.jsonl", map(json.dumps, [head, *others]))


def a_ballot_replaced_and_all_signed_again_by_the_operator(d):
    """Consistent in itself; the opening tells."""
    standing = json.loads(lines(d, "openings.jsonl")[0])["number"]
    log_export.changed_entry(d, standing, commitment="00" * 32)
    resigned(d, operator())


def a_voters_first_ballot_dropped_by_the_operator(d):
    entries = lines(d, "entries.jsonl")
    revised = next(json.loads(line)["voter"] for line in entries if json.loads(line).get("revision") == 2)
    entries = [line for line in entries if not {"voter": revised, "revision": 1}.items() <= json.loads(line).items()]
    signed_whole(d, entries)


def two_ballots_of_one_revision_by_the_operator(d):
    entries = lines(d, "entries.jsonl")
    twin = {**json.loads(entries[entry_of(d, "ballot")]), "id": "0" * 32}
    signed_whole(d, [*entries[:-1], verifier.canonical(twin).decode(), entries[-1]])


def a_ballot_after_the_close_by_the_operator(d):
    entries = lines(d, "entries.jsonl")
    late = {**json.loads(entries[entry_of(d, "ballot")]), "id": "0" * 32, "voter": "ab" * 32, "revision": 1}
    signed_whole(d, [*entries, verifier.canonical(late).decode()])


def signed_whole(d, entries):
    """One head over all of these entries, with the right key."""
    write(d, "entries.jsonl", entries)
    last = json.loads(lines(d, "heads.jsonl")[-1])["note"].split("\n")
    root = base64.b64encode(root_of([leaf_hash(line.encode()) for line in entries])).decode()
    note = operator().signed("\n".join([last[0], str(len(entries)), root, last[3], ""]))
    write(d, "heads.jsonl", [json.dumps({"note": note})])


CORPUS = {
    an_amendment_removed: "entries are missing",
    a_result_with_two_lists_of_winners: "says the same thing twice: winners",
    an_entry_with_a_key_twice: "says the same thing twice: commitment",
    an_opening_with_a_number_twice: "says the same thing twice: number",
    a_tally_that_is_not_a_number: "not a whole number: NaN",
    a_tally_with_a_fraction: "not a whole number: 6.0",
    a_number_of_five_thousand_digits: "not as they should be",
    a_file_nested_without_end: "not as they should be",
    an_opening_for_true: "An opening is not well formed",
    a_salt_written_otherwise: "An opening is not well formed",
    the_openings_left_out: "openings.jsonl is missing",
    result_and_openings_left_out: "result.json is missing",
    a_question_that_is_not_told: "The question is not told",
    a_label_of_no_option: "a label of an option that is not in the manifest",
    a_second_key_that_vouches_for_itself: "is not signed by the key of this log",
    a_second_key_under_the_name_and_id_of_the_first: "has a wrong signature",
    digits_of_another_script_signed_by_the_operator: "is not a head of a log",
    a_ballot_replaced_and_all_signed_again_by_the_operator: "is not what was cast",
    a_voters_first_ballot_dropped_by_the_operator: "is missing",
    two_ballots_of_one_revision_by_the_operator: "a second ballot of the same revision",
    a_ballot_after_the_close_by_the_operator: "comes after the close",
}


@pytest.mark.parametrize("tamper", CORPUS, ids=lambda tamper: tamper.__name__)
def test_what_was_tampered_with_is_named(right, tmp_path, tamper):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    tamper(directory)
    answer = run(directory)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("WRONG: ") and len(answer.stderr.splitlines()) == 1
    assert CORPUS[tamper] in answer.stderr


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_was_cut_anywhere_is_wrong(right, tmp_path, monkeypatch, capsys, name):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    whole = (right / name).read_bytes()
    line = whole.index(b"\n") + 1  # where a cut leaves whole lines
    monkeypatch.setattr(sys, "argv", ["verify.py", str(directory)])
    for length in {0, 1, line, len(whole) // 2, len(whole) - 2, len(whole) - name.endswith("l")} - {len(whole)}:
        (directory / name).write_bytes(whole[:length])
        assert verifier.main() == 1, length
        assert capsys.readouterr().err.startswith("WRONG: ")


def test_a_module_that_lies_beside_the_verifier_is_not_run(right, tmp_path):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    log_export.a_tally_off_by_one(directory)
    for name in ("json", "hashlib", "base64", "pathlib", "sitecustomize"):
        (directory / f"{name}.py").write_text("print('RIGHT: nothing wrong was found.'); raise SystemExit(0)")
    answer = run(directory)
    assert (answer.returncode, answer.stdout) == (1, "")


def test_a_head_in_the_middle_left_out_takes_nothing_from_the_proof_and_one_that_was_kept_is_checked(right, tmp_path):
    """An export holds a choice of heads; whoever kept another one asks for it."""
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    heads = lines(directory, "heads.jsonl")
    write(directory, "heads.jsonl", [heads[0], *heads[2:]])
    kept = tmp_path / "kept.txt"
    kept.write_text(json.loads(heads[1])["note"])
    answer = run(directory, "--head", kept)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "The head that you kept is of this log" in answer.stdout

    size = json.loads(heads[1])["note"].split("\n")[1]
    forked = json.loads(heads[1])["note"].split("\n")
    forked[2] = base64.b64encode(b"x" * 32).decode()
    kept.write_text(operator().signed("\n".join([forked[0], size, forked[2], forked[3], ""])))
    answer = run(directory, "--head", kept)
    assert answer.returncode == 1
    assert "is not of this log: there are two" in answer.stderr


@pytest.mark.django_db
def test_files_of_another_poll_of_the_same_site_do_not_pass(tmp_path):
    places = []
    for number in (1, 2):
        poll = make_poll(question=f"¿Número {number}?")
        for side in ("for", "against", "for")[:number]:
            cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))
        over(poll)
        places.append(exported(poll, tmp_path / str(number)))
    for place in places:
        assert run(place).returncode == 0
    for name in FILES[:-1]:  # the keys are the same
        directory = Path(shutil.copytree(places[0], tmp_path / "mixed"))
        shutil.copy(places[1] / name, directory / name)
        answer = run(directory)
        assert (answer.returncode, answer.stdout) == (1, ""), name
        shutil.rmtree(directory)


@pytest.mark.django_db
def test_a_draw_that_the_operator_chose_after_the_count_is_wrong(tmp_path):
    """Two options are equal. The operator, who has the key, writes down a draw that favours the other one."""
    poll = make_poll(method="single_choice", options=["Ceibo", "Tipa"])
    for option in ("Ceibo", "Tipa"):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, option))
    over(poll)
    directory = exported(poll, tmp_path / "export")
    assert run(directory).returncode == 0

    def favour_the_other(result):
        options = sorted(result["tally"]["counts"], key=lambda option: option in result["winners"])
        result["winners"] = options[:1]
        result["explanation"]["lots"] = options

    changed_json(directory, "result.json", favour_the_other)
    result = json.loads((directory / "result.json").read_text())
    said = {name: result[name] for name in ("tally", "winners", "ties", "explanation")}
    commitment = sha256(bytes.fromhex(result["salt"]) + verifier.canonical(said)).hexdigest()
    *entries, close = lines(directory, "entries.jsonl")
    signed_whole(directory, [*entries, verifier.canonical({**json.loads(close), "result": commitment}).decode()])
    answer = run(directory)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "The outcome does not follow from the tally by the rules" in answer.stderr


@pytest.mark.django_db
def test_the_zip_holds_plain_names_only_whatever_the_question_is(tmp_path):
    poll = make_poll(question="../../etc/passwd\\..\\x")
    over(poll)
    with (tmp_path / "log.zip").open("wb") as file:
        write_log(fresh_poll(poll), file, user=UserFactory(), address="")
    names = zipfile.ZipFile(tmp_path / "log.zip").namelist()
    assert set(names) == {"verify.py", "README.txt", *FILES}
    assert len(names) == len(set(names))


def assert_named(directory, words, capsys, monkeypatch):
    """In this process: a hundred times as fast as a program each."""
    monkeypatch.setattr(sys, "argv", ["verify.py", str(directory)])
    assert verifier.main() == 1, directory.name
    assert words in (said := capsys.readouterr().err), (directory.name, said)


# --- Weights


def weighted_export(directory):
    """Two ballots of weight 1, two of 3, one of which replaced another; closed and exported."""
    people = [f"w{weight}-{number}@example.org;{weight}" for weight in (1, 3) for number in range(10)]
    poll = put_on(make_poll(), "\n".join(["email;peso", *people]))
    for name, side in (("w1-0", "for"), ("w3-0", "for"), ("w1-1", "against"), ("w3-1", "for")):
        voter = UserFactory(email=f"{name}@example.org")
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, side))
    cast_ballot(poll=poll, voter=fresh(voter), choices=choose(poll, "against"))
    over(poll)
    return exported(poll, directory)


def standing(d):
    return [json.loads(line)["number"] for line in lines(d, "openings.jsonl")]


def weighs(d, number):
    return json.loads(lines(d, "entries.jsonl")[number]).get("weight", 1)


def heavy_ones(d):
    """Standing first: of the two of weight 3 that were cast once, and twice."""
    return [number for number in standing(d) if weighs(d, number) == 3]


def of_one_ballot(d):
    """A voter of weight 3 who voted once."""
    entries = [json.loads(line) for line in lines(d, "entries.jsonl")]
    voters = [entry.get("voter") for entry in entries]
    return next(number for number in heavy_ones(d) if voters.count(entries[number]["voter"]) == 1)


def put_weight(d, number, weight):
    """Written into the entry and signed by the operator; None takes it away."""
    entries = lines(d, "entries.jsonl")
    entry = json.loads(entries[number])
    entry.pop("weight", None)
    entries[number] = verifier.canonical(entry if weight is None else {**entry, "weight": weight}).decode()
    signed_whole(d, entries)


def a_weight_changed(d):
    put_weight(d, of_one_ballot(d), 4)


def a_weight_removed(d):
    put_weight(d, of_one_ballot(d), None)


def a_weight_added(d):
    put_weight(d, next(number for number in standing(d) if weighs(d, number) == 1), 2)


def a_weight_of_a_replaced_ballot_changed(d):
    entries = [json.loads(line) for line in lines(d, "entries.jsonl")]
    ballots = [n for n, entry in enumerate(entries) if entry["kind"] == "ballot" and n not in standing(d)]
    put_weight(d, ballots[0], 30)


def a_weight_of_1_written_down(d):
    put_weight(d, next(number for number in standing(d) if weighs(d, number) == 1), 1)


def a_negative_weight(d):
    put_weight(d, of_one_ballot(d), -3)


def a_weight_that_is_true(d):
    put_weight(d, of_one_ballot(d), True)


def a_manifest_that_knows_no_weights(d):
    manifest, *entries = lines(d, "entries.jsonl")
    manifest = json.loads(manifest)
    del manifest["weighted"]
    signed_whole(d, [verifier.canonical(manifest).decode(), *entries])


def a_tally_whose_weight_is_another(d):
    changed_json(d, "result.json", lambda result: result["tally"].update(weight=9))


def a_tally_whose_weight_is_left_out(d):
    changed_json(d, "result.json", lambda result: result["tally"].pop("weight"))


def a_weight_changed_by_somebody_without_the_key(d):
    log_export.changed_entry(d, of_one_ballot(d), weight=4)


OF_WEIGHTS = {
    a_weight_changed: "not what the ballots add up to (counts)",
    a_weight_removed: "not what the ballots add up to (counts)",
    a_weight_added: "not what the ballots add up to (counts)",
    a_weight_of_a_replaced_ballot_changed: "another weight than the ballot before it of the same voter",
    a_weight_of_1_written_down: "no whole number above 1",
    a_negative_weight: "no whole number above 1",
    a_weight_that_is_true: "no whole number above 1",
    a_manifest_that_knows_no_weights: "by the rules all weigh the same",
    a_tally_whose_weight_is_another: "not what the ballots add up to (weight)",
    a_tally_whose_weight_is_left_out: "not what the ballots add up to (weight)",
    a_weight_changed_by_somebody_without_the_key: "does not fit the entries",
}


@pytest.mark.django_db
def test_a_weight_that_was_tampered_with_is_named(tmp_path, capsys, monkeypatch):
    whole = weighted_export(tmp_path / "whole")
    answer = run(whole)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Counted by weight: together they weigh 8." in answer.stdout
    for tamper, words in OF_WEIGHTS.items():
        directory = Path(shutil.copytree(whole, tmp_path / tamper.__name__))
        tamper(directory)
        assert_named(directory, words, capsys, monkeypatch)


# --- Paper


def paper_export(directory, monkeypatch):
    """One ballot from a screen, and a batch of two on paper and a spoilt one; closed and exported."""
    poll = make_poll()
    Poll.objects.update(paper_rule="Quien vota en papel firma la planilla.")
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    batch = PaperBatch.objects.create(poll=poll, number=1, place="Escuela 4", ballot_count=3)
    for clerk in UserFactory.create_batch(2):
        for number, side in enumerate(("for", "against", None), start=1):
            choices = choose(poll, side) if side else {}
            turn = batch.readings.filter(number=number).count() + 1
            batch.readings.create(number=number, turn=turn, clerk=clerk, choices=choices, is_spoilt=side is None)
    with transaction.atomic():
        put_batch_in(fresh_poll(poll), batch)
    at_the_end(poll, monkeypatch)
    return exported(poll, directory)


def on_paper(d):
    entries = [json.loads(line) for line in lines(d, "entries.jsonl")]
    return [number for number, entry in enumerate(entries) if entry["kind"] == "ballot" and "paper" in entry]


def put_entry(d, number, **changes):
    """Written into the entry and signed by the operator; None takes the name away."""
    entries = lines(d, "entries.jsonl")
    entry = {name: value for name, value in {**json.loads(entries[number]), **changes}.items() if value is not None}
    entries[number] = verifier.canonical(entry).decode()
    signed_whole(d, entries)


def a_paper_ballot_that_says_it_was_cast_on_a_screen(d):
    put_entry(d, on_paper(d)[0], paper=None)


def a_ballot_from_a_screen_that_says_it_was_on_paper(d):
    put_entry(d, next(n for n in standing(d) if n not in on_paper(d)), paper=True)


def a_batch_left_out(d):
    entries = lines(d, "entries.jsonl")
    del entries[entry_of(d, "paper")]
    signed_whole(d, entries)


def a_batch_with_more_ballots_than_came(d):
    put_entry(d, entry_of(d, "paper"), ballots=3)


def a_batch_with_fewer_spoilt_than_none(d):
    put_entry(d, entry_of(d, "paper"), spoilt=-1)


def another_place_written_by_somebody_without_the_key(d):
    log_export.changed_entry(d, entry_of(d, "paper"), place="Escuela 5")


def a_paper_ballot_of_somebody_who_votes_again(d):
    put_entry(d, on_paper(d)[0], revision=2)


OF_PAPER = {
    a_paper_ballot_that_says_it_was_cast_on_a_screen: "tells of 2 paper ballots, and there are 1",
    a_ballot_from_a_screen_that_says_it_was_on_paper: "tells of 2 paper ballots, and there are 3",
    a_batch_left_out: "The log has 2 paper ballots, and its batches say 0",
    a_batch_with_more_ballots_than_came: "tells of 3 paper ballots, and there are 2",
    a_batch_with_fewer_spoilt_than_none: "not well formed",
    another_place_written_by_somebody_without_the_key: "does not fit the entries",
    a_paper_ballot_of_somebody_who_votes_again: "is a paper ballot that is not well formed",
}


@pytest.mark.django_db
def test_paper_that_was_tampered_with_is_named(tmp_path, capsys, monkeypatch):
    whole = paper_export(tmp_path / "whole", monkeypatch)
    answer = run(whole)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "On paper: 2 ballots of Escuela 4, and 1 spoilt ones that were not cast." in answer.stdout
    for tamper, words in OF_PAPER.items():
        directory = Path(shutil.copytree(whole, tmp_path / tamper.__name__))
        tamper(directory)
        assert_named(directory, words, capsys, monkeypatch)
