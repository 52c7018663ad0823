"""Whatever is changed in an exported log, ``verify.py`` names it, with exit code 1."""

import json
import shutil
from pathlib import Path

import pytest

from tests.voting.verifying.logs import (
    THIEF,
    assert_named_by_program,
    changed_entry,
    changed_json,
    entry_of,
    lines,
    resigned,
    run,
    write,
)
from voting.ledger import verify as verifier

pytestmark = pytest.mark.django_db  # for the export that they change: the tests themselves need no database


def a_ballot_changed(d):
    changed_entry(d, entry_of(d, "ballot"), commitment="00" * 32)


def a_ballot_dropped(d):
    entries = lines(d, "entries.jsonl")
    del entries[entry_of(d, "ballot", 2)]
    write(d, "entries.jsonl", entries)


def a_ballot_added(d):
    entries = lines(d, "entries.jsonl")
    ballot = json.loads(entries[entry_of(d, "ballot")])
    new = {**ballot, "id": "0" * 32, "voter": "ab" * 32, "revision": 1}
    entries.insert(3, verifier.canonical(new).decode())
    write(d, "entries.jsonl", entries)


def a_ballot_added_at_the_end(d):
    entries = lines(d, "entries.jsonl")
    ballot = json.loads(entries[entry_of(d, "ballot")])
    entries.insert(-1, verifier.canonical({**ballot, "id": "0" * 32, "voter": "ab" * 32, "revision": 1}).decode())
    write(d, "entries.jsonl", entries)


def two_ballots_swapped(d):
    entries = lines(d, "entries.jsonl")
    entries[1], entries[4] = entries[4], entries[1]
    write(d, "entries.jsonl", entries)


def two_openings_exchanged(d):
    openings = [json.loads(line) for line in lines(d, "openings.jsonl")]
    openings[0]["number"], openings[1]["number"] = openings[1]["number"], openings[0]["number"]
    write(d, "openings.jsonl", map(verifier.written, openings))


def an_opening_changed(d):
    openings = [json.loads(line) for line in lines(d, "openings.jsonl")]
    openings[0]["choices"] = {} if openings[0]["choices"] else {next(iter(openings[1]["choices"])): 1}
    write(d, "openings.jsonl", map(verifier.written, openings))


def an_opening_dropped(d):
    write(d, "openings.jsonl", lines(d, "openings.jsonl")[1:])


def an_opening_twice(d):
    write(d, "openings.jsonl", [*lines(d, "openings.jsonl"), lines(d, "openings.jsonl")[0]])


def a_head_signed_again_with_another_key(d):
    heads = lines(d, "heads.jsonl")
    resigned(d, THIEF)
    write(d, "heads.jsonl", [*heads[:-1], lines(d, "heads.jsonl")[-1]])


def every_head_signed_again_and_the_key_listed(d):
    a_ballot_changed(d)
    resigned(d, THIEF)
    changed_json(d, "keys.json", lambda keys: keys[0].update(key=str(THIEF.verifying)))


def the_text_of_a_head_changed(d):
    heads = [json.loads(line) for line in lines(d, "heads.jsonl")]
    heads[0]["note"] = heads[0]["note"].replace("\ntime 20", "\ntime 19")
    write(d, "heads.jsonl", map(verifier.written, heads))


def an_old_head_in_the_last_ones_place(d):
    heads = lines(d, "heads.jsonl")
    write(d, "heads.jsonl", [*heads[:-1], heads[0]])


def the_last_head_left_out(d):
    write(d, "heads.jsonl", lines(d, "heads.jsonl")[:-1])


def the_end_cut_off(d):
    write(d, "heads.jsonl", lines(d, "heads.jsonl")[:2])
    size = verifier.parse_head(json.loads(lines(d, "heads.jsonl")[-1])["note"].rpartition("\n\n")[0] + "\n", "")["size"]
    write(d, "entries.jsonl", lines(d, "entries.jsonl")[:size])


def a_tally_off_by_one(d):
    def change(result):
        option = next(iter(result["tally"]["counts"]))
        result["tally"]["counts"][option] += 1

    changed_json(d, "result.json", change)


def another_winner(d):
    def change(result):
        result["winners"] = [option for option in result["tally"]["counts"] if option not in result["winners"]][:1]

    changed_json(d, "result.json", change)


def an_explanation_changed(d):
    changed_json(d, "result.json", lambda result: result["explanation"].update(decided_by="lot"))


def a_manifest_altered(d):
    changed_entry(d, 0, method="single_choice")


def the_question_altered(d):
    changed_json(d, "words.json", lambda words: words.update(question="¿Talamos los árboles?"))


def two_labels_exchanged(d):
    def change(words):
        first, second, *_ = words["options"]
        words["options"][first], words["options"][second] = words["options"][second], words["options"][first]

    changed_json(d, "words.json", change)


def a_reason_rewritten(d):
    changed_entry(d, entry_of(d, "amendment"), reason="Porque sí.")


def a_file_left_out(d):
    (d / "entries.jsonl").unlink()


def the_openings_left_empty(d):
    write(d, "openings.jsonl", [])


CORPUS = {
    a_ballot_changed: "Head 1 does not fit the entries",
    a_ballot_dropped: "entries are missing",
    a_ballot_added: "an old head was put in its place, or entries were added",
    a_ballot_added_at_the_end: "an old head was put in its place, or entries were added",
    two_ballots_swapped: "does not fit the entries",
    two_openings_exchanged: "is not what was cast",
    an_opening_changed: "is not what was cast",
    an_opening_dropped: "The opening of entry",
    an_opening_twice: "has two openings",
    a_head_signed_again_with_another_key: "is not signed by the key of this log",
    every_head_signed_again_and_the_key_listed: "is not signed by the key of this log",
    the_text_of_a_head_changed: "has a wrong signature",
    an_old_head_in_the_last_ones_place: "an old head was put in its place",
    the_last_head_left_out: "under no signed head",
    the_end_cut_off: "its end was cut off",
    a_tally_off_by_one: "The tally is not what the ballots add up to",
    another_winner: "The outcome does not follow from the tally",
    an_explanation_changed: "not the one that the log was closed with",
    a_manifest_altered: "Head 1 does not fit the entries",
    the_question_altered: "The question is not that of the manifest",
    two_labels_exchanged: "label is not that of the manifest",
    a_reason_rewritten: "does not fit the entries",
    a_file_left_out: "entries.jsonl is missing",
    the_openings_left_empty: "The opening of entry",
}


def test_the_export_as_it_comes_is_right_and_its_headline_numbers_are_told(right):
    answer = run(right)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "8 ballots by 6 voters, 1 amendments, closed" in answer.stdout
    assert "         4  Ceibo  WON" in answer.stdout
    assert "Counted again from the ballots: tally and outcome are right." in answer.stdout
    assert answer.stdout.endswith("RIGHT: nothing wrong was found.\n")


@pytest.mark.parametrize("tamper", CORPUS, ids=lambda tamper: tamper.__name__)
def test_what_was_tampered_with_is_named(right, tmp_path, tamper):
    assert_named_by_program(right, tmp_path, tamper, CORPUS[tamper])


def test_a_whole_log_forged_with_another_key_is_caught_by_whoever_knows_the_right_one(right, tmp_path):
    key = json.loads(lines(right, "entries.jsonl")[0])["key"]
    assert run(right, "--key", key).returncode == 0

    directory = Path(shutil.copytree(right, tmp_path / "export"))
    changed_entry(directory, 0, key=str(THIEF.verifying))
    resigned(directory, THIEF)
    changed_json(directory, "keys.json", lambda keys: keys[0].update(key=str(THIEF.verifying)))
    assert run(directory).returncode == 0  # consistent in itself: only a key from elsewhere, or a receipt, tells
    answer = run(directory, "--key", key)
    assert answer.returncode == 1
    assert "not signed with the key that you gave" in answer.stderr


def test_a_forged_log_that_lists_the_right_key_beside_its_own_does_not_pass_for_signed_with_it(right, tmp_path):
    key = json.loads(lines(right, "entries.jsonl")[0])["key"]
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    changed_entry(directory, 0, key=str(THIEF.verifying))
    resigned(directory, THIEF)
    vouches = THIEF.signed(f"asamblea key rotation\n{key}\n")
    for endorsement in ("", vouches):
        own, rights = {"key": str(THIEF.verifying), "endorsement": ""}, {"key": key, "endorsement": endorsement}
        changed_json(directory, "keys.json", lambda keys, both=(own, rights): keys.__setitem__(slice(None), both))
        answer = run(directory, "--key", key)
        assert (answer.returncode, answer.stdout) == (1, "")
        assert "not signed with the key that you gave" in answer.stderr


def test_it_reads_what_nobody_meant_as_wrong_and_not_as_a_crash(right, tmp_path):
    for name in ("entries.jsonl", "heads.jsonl", "openings.jsonl", "result.json", "words.json"):
        for content in (b"", b"[]", b"null\n", b"{", b"\xff\xfe", b'{"kind":"manifest"}\n'):
            directory = Path(shutil.copytree(right, tmp_path / "export"))
            (directory / name).write_bytes(content)
            answer = run(directory)
            assert answer.returncode == 1, (name, content)
            assert answer.stderr.startswith("WRONG: "), (name, content)
            shutil.rmtree(directory)
