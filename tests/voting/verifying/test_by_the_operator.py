"""More ways to change an export: files cut, twisted, exchanged, and an operator who has the right key.

Each is named, with exit code 1. The plain ones are in ``test_by_anybody.py``.
"""

import base64
import io
import json
import shutil
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.factories import UserFactory, choose, make_poll
from tests.voting.verifying.logs import (
    FILES,
    THIEF,
    assert_named_by_program,
    changed_entry,
    changed_json,
    entry_of,
    exported,
    lines,
    operator,
    over,
    replaced,
    resigned,
    run,
    signed_whole,
    write,
)
from tests.voting.verifying.test_by_anybody import a_ballot_changed, a_tally_off_by_one
from voting.ballots.casting import cast_ballot
from voting.ledger import verify as verifier
from voting.ledger.tree import inclusion_proof, nodes_of

pytestmark = pytest.mark.django_db  # for the export that they change: most need no database themselves


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
    write(d, "openings.jsonl", map(verifier.written, [{**opening, "number": True}, *others]))


def a_salt_written_otherwise(d):
    opening, *others = map(json.loads, lines(d, "openings.jsonl"))
    write(d, "openings.jsonl", map(verifier.written, [{**opening, "salt": " " + opening["salt"].upper()}, *others]))


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
    a_ballot_changed(d)
    resigned(d, THIEF)
    key = str(THIEF.verifying)
    changed_json(d, "keys.json", lambda keys: keys.append({"key": key, "endorsement": vouched(THIEF, key)}))


def a_second_key_under_the_name_and_id_of_the_first(d):
    a_ballot_changed(d)
    resigned(d, THIEF)
    own, thiefs = operator().verifying.id, THIEF.verifying.id
    heads = [json.loads(line) for line in lines(d, "heads.jsonl")]
    for head in heads:
        text, _, signature = head["note"].rpartition(" ")
        data = base64.b64decode(signature)
        assert data[:4] == thiefs
        head["note"] = f"{text} {base64.b64encode(own + data[4:]).decode()}\n"
    write(d, "heads.jsonl", map(verifier.written, heads))


def vouched(key, text):
    return key.signed(f"asamblea key rotation\n{text}\n")


def digits_of_another_script_signed_by_the_operator(d):
    head, *others = [json.loads(line) for line in lines(d, "heads.jsonl")]
    text = head["note"].rpartition("\n\n")[0] + "\n"
    log, size, rest = text.split("\n", 2)
    head["note"] = operator().signed("\n".join([log, size.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")), rest]))
    write(d, "heads.jsonl", map(verifier.written, [head, *others]))


def a_ballot_replaced_and_all_signed_again_by_the_operator(d):
    """Consistent in itself; the opening tells."""
    standing = json.loads(lines(d, "openings.jsonl")[0])["number"]
    changed_entry(d, standing, commitment="00" * 32)
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


def amended(d, **changed):
    """The amendment of the export with these fields changed, and all signed again by the operator."""
    entries = lines(d, "entries.jsonl")
    place = entry_of(d, "amendment")
    amendment = json.loads(entries[place])
    for name, value in changed.items():
        (amendment if name == "at" else amendment["changes"]["closes_at"])[name] = value
    entries[place] = verifier.canonical(amendment).decode()
    signed_whole(d, entries)


def an_end_moved_forward_by_the_operator(d):
    amended(d, to="2001-01-01T00:00:00.000000Z")


def a_vote_opened_again_after_its_end_by_the_operator(d):
    amended(d, at="2099-01-01T00:00:00.000000Z")


CORPUS = {
    an_amendment_removed: "entries are missing",
    a_result_with_two_lists_of_winners: "says the same thing twice: winners",
    an_entry_with_a_key_twice: "says the same thing twice: commitment",
    an_opening_with_a_number_twice: "says the same thing twice: number",
    a_tally_that_is_not_a_number: "not a whole number: NaN",
    a_tally_with_a_fraction: "not a whole number: 6.0",
    a_number_of_five_thousand_digits: "a number of 5000 digits",
    a_file_nested_without_end: "words.json is not JSON",
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
    an_end_moved_forward_by_the_operator: "ends the voting earlier, or opens it again",
    a_vote_opened_again_after_its_end_by_the_operator: "ends the voting earlier, or opens it again",
}


@pytest.mark.parametrize("tamper", CORPUS, ids=lambda tamper: tamper.__name__)
def test_what_was_tampered_with_is_named(right, tmp_path, tamper):
    assert_named_by_program(right, tmp_path, tamper, CORPUS[tamper])


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
    a_tally_off_by_one(directory)
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


def test_a_statement_is_no_ballot_whatever_a_receipt_says(right, tmp_path):
    entry = lines(right, "entries.jsonl")
    whole = json.loads(lines(right, "heads.jsonl")[0])["note"]
    size = verifier.parse_head(whole.rpartition("\n\n")[0] + "\n", "")["size"]
    leaves = [verifier.leaf_hash(line.encode()) for line in entry[:size]]
    proof = [base64.b64encode(hash_).decode() for hash_ in inclusion_proof(0, size, nodes_of(leaves))]
    manifest = json.loads(entry[0])
    receipt = {
        "number": 0,
        "ballot": manifest,
        "head": whole,
        "proof": proof,
        "log": manifest["log"],
        "key": manifest["key"],
    }
    (tmp_path / "receipt.json").write_text(json.dumps(receipt))
    shutil.copy(right / "verify.py", tmp_path)
    answer = run(tmp_path, "--receipt", "receipt.json")
    assert (answer.returncode, answer.stdout) == (1, "")
    assert "does not lead to its signed head" in answer.stderr


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_it_is_told_on_any_terminal_and_nothing_moves_its_cursor(right, tmp_path, monkeypatch, encoding):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    entries = lines(directory, "entries.jsonl")
    place = entry_of(directory, "amendment")
    amendment = {**json.loads(entries[place]), "reason": "Ñandú \x1b[2J\nRIGHT 🗳️"}
    entries[place] = verifier.canonical(amendment).decode()
    close = len(entries) - 1
    signed_whole(directory, entries[:close])
    for name in ("result.json", "openings.jsonl"):
        (directory / name).unlink()
    said = io.BytesIO()
    monkeypatch.setattr(sys, "argv", ["verify.py", str(directory)])
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(said, encoding=encoding))
    assert verifier.main() == 0
    sys.stdout.flush()
    [told] = [line for line in said.getvalue().splitlines() if b"Amended" in line]
    assert b"\x1b" not in told
    assert told.endswith(b"RIGHT \\U0001f5f3\\ufe0f")
