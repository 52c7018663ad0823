"""The export of a log: right as it comes, and whatever is changed in it, ``verify.py`` names, with exit code 1."""

import base64
import io
import json
import shutil
import subprocess
import sys
import time
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from consultations.clock import database_now
from consultations.models import Phase
from tests.factories import UserFactory, anonymous, choose, fresh, make_consultation, make_poll
from tests.factories.consultations import ProposalFactory
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.ledger import verify as verifier
from voting.ledger.note import Head, SigningKey
from voting.ledger.tree import leaf_hash, root_of
from voting.log.export import write_log
from voting.models import Ballot, Poll
from voting.polls.amending import extend_voting

NAME = "testserver"


def vote_and_close(poll, ballots):
    """``ballots``: (voter, choices) in turn, a fold after every second one; then an extension, and the close."""
    poll = ends(poll, database_now() + timedelta(seconds=3))
    voters = {}
    for place, (name, *labels) in enumerate(ballots):
        if name not in voters:
            voters[name] = UserFactory()
        cast_ballot(poll=poll, voter=voters[name], choices=choose(poll, *labels))
        if place % 2:
            fold(poll.pk)
    editor = fresh(poll.consultation.agency.members.get())
    later = poll.phase.ends_at + timedelta(seconds=0.1)
    extend_voting(poll=poll, actor=editor, ends_at=later, reason="Se cortó la luz.")
    time.sleep(max(0, (later - database_now()).total_seconds()) + 0.01)
    assert close_if_due(fresh_poll(poll)).is_closed


def ends(poll, moment):
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=moment)
    return fresh_poll(poll)


def over(poll):
    """Closed, where nothing was folded before: so the manifest says the end that it has now."""
    assert close_if_due(ends(poll, database_now())).is_closed


def exported(poll, directory, user=anonymous):
    file = io.BytesIO()
    write_log(fresh_poll(poll), file, user=user, address="https://asamblea.example/polls/1/")
    zipfile.ZipFile(file).extractall(directory)
    return directory


def fresh_poll(poll):
    return Poll.objects.select_related("consultation__budget", "phase").get(pk=poll.pk)


BALLOTS = [
    ("rosa", "Ceibo"), ("omar", "Tipa"), ("ines", "Ceibo", "Tipa"), ("rosa", "Lapacho"), ("juan",), ("ana", "Ceibo"),
    ("luz", "Tipa", "Ceibo"), ("omar", "Ceibo"),
]  # fmt: skip


@pytest.fixture(scope="module")
def right(tmp_path_factory, django_db_setup, django_db_blocker):
    """A whole export of a closed poll, with re-votes, a blank ballot, three heads and more, and an extension."""
    directory = tmp_path_factory.mktemp("right")
    with django_db_blocker.unblock(), transaction.atomic():
        poll = make_poll(method="approval", options=["Ceibo", "Tipa", "Lapacho"], max_choices=2)
        vote_and_close(poll, BALLOTS)
        exported(poll, directory)
        transaction.set_rollback(True)
    return directory


def run(directory, *arguments):
    program = [sys.executable, "-I", "verify.py", *map(str, arguments)]
    return subprocess.run(program, cwd=directory, capture_output=True, text=True, check=False)


def lines(directory, name):
    return (directory / name).read_text(encoding="utf-8").splitlines()


def write(directory, name, new):
    (directory / name).write_text("".join(line + "\n" for line in new), encoding="utf-8")


def entry_of(directory, kind, place=0):
    numbers = [n for n, line in enumerate(lines(directory, "entries.jsonl")) if json.loads(line)["kind"] == kind]
    return numbers[place]


def changed_entry(directory, number, **new):
    entries = lines(directory, "entries.jsonl")
    entries[number] = verifier.canonical({**json.loads(entries[number]), **new}).decode()
    write(directory, "entries.jsonl", entries)


def changed_json(directory, name, change):
    data = json.loads((directory / name).read_text(encoding="utf-8"))
    change(data)
    (directory / name).write_text(json.dumps(data), encoding="utf-8")


def resigned(directory, key, count=None):
    """The heads over what now stands there, signed with another key: as many as there were, or ``count``."""
    leaves = [leaf_hash(line.encode()) for line in lines(directory, "entries.jsonl")]
    heads = []
    for line in lines(directory, "heads.jsonl")[:count]:
        old = Head.parse(json.loads(line)["note"].rpartition("\n\n")[0] + "\n")
        size = min(old.size, len(leaves))
        head = Head(old.origin, size, root_of(leaves[:size]), old.at)
        heads.append(json.dumps({"note": key.signed(head.text())}))
    write(directory, "heads.jsonl", heads)


THIEF = SigningKey(NAME, b"thirty-two bytes of another key!")


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
    write(d, "openings.jsonl", map(json.dumps, openings))


def an_opening_changed(d):
    openings = [json.loads(line) for line in lines(d, "openings.jsonl")]
    openings[0]["choices"] = {} if openings[0]["choices"] else {next(iter(openings[1]["choices"])): 1}
    write(d, "openings.jsonl", map(json.dumps, openings))


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
    (d / "keys.json").write_text(json.dumps([{"key": str(THIEF.verifying), "endorsement": ""}]))


def the_text_of_a_head_changed(d):
    heads = [json.loads(line) for line in lines(d, "heads.jsonl")]
    heads[0]["note"] = heads[0]["note"].replace("\ntime 20", "\ntime 19")
    write(d, "heads.jsonl", map(json.dumps, heads))


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
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    tamper(directory)
    answer = run(directory)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("WRONG: ") and len(answer.stderr.splitlines()) == 1
    assert CORPUS[tamper] in answer.stderr


def test_a_whole_log_forged_with_another_key_is_caught_by_whoever_knows_the_right_one(right, tmp_path):
    key = json.loads(lines(right, "entries.jsonl")[0])["key"]
    assert run(right, "--key", key).returncode == 0

    directory = Path(shutil.copytree(right, tmp_path / "export"))
    changed_entry(directory, 0, key=str(THIEF.verifying))
    resigned(directory, THIEF)
    (directory / "keys.json").write_text(json.dumps([{"key": str(THIEF.verifying), "endorsement": ""}]))
    assert run(directory).returncode == 0  # consistent in itself: only a key from elsewhere, or a receipt, tells
    answer = run(directory, "--key", key)
    assert answer.returncode == 1
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


@pytest.mark.django_db
class TestWhatIsInIt:
    def test_a_budget_is_recounted_with_its_ties_and_costs(self, tmp_path):
        consultation = make_consultation(now_in="voting", budget_cents=100_00)
        options = [
            ProposalFactory(consultation=consultation, title=title, cost_cents=cost)
            for title, cost in [("Plaza", 60_00), ("Cine", 70_00), ("Bancos", 40_00), ("Fuente", 40_00)]
        ]
        poll = make_poll(consultation, method="greedy", options=options)
        vote_and_close(poll, [("a", "Plaza"), ("b", "Plaza", "Cine"), ("c", "Bancos"), ("d", "Fuente"), ("e", "Cine")])
        answer = run(exported(poll, tmp_path))
        assert (answer.returncode, answer.stderr) == (0, "")
        assert "Plaza  WON" in answer.stdout

    @pytest.mark.parametrize("sides", [("for", "for", "against"), ("for", "against"), ()])
    def test_for_and_against_is_recounted_a_tie_and_nobody_too(self, tmp_path, sides):
        poll = make_poll()
        for side in sides:
            cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))
        over(poll)
        answer = run(exported(poll, tmp_path))
        assert (answer.returncode, answer.stderr) == (0, "")

    def test_a_row_changed_by_the_owner_of_the_database_is_caught(self, tmp_path):
        poll = make_poll()
        for side in ("for", "against", "for"):
            cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))
        over(poll)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE voting_ballot DISABLE TRIGGER USER")
            cursor.execute("UPDATE voting_ballot SET commitment = %s WHERE id = %s", [b"x" * 32, first_ballot(poll)])
            cursor.execute("ALTER TABLE voting_ballot ENABLE ALWAYS TRIGGER voting_ballot_never_changes")
        answer = run(exported(poll, tmp_path))
        assert answer.returncode == 1
        assert "does not fit the entries" in answer.stderr

    def test_a_log_in_which_the_signing_key_changed_is_right_where_the_old_key_vouched(self, tmp_path, settings):
        poll = make_poll()
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
        poll = ends(poll, database_now() + timedelta(seconds=1))
        fold(poll.pk)
        settings.SIGNING_KEY_BEFORE = settings.SIGNING_KEY
        settings.SIGNING_KEY = base64.b64encode(THIEF.seed).decode()
        time.sleep(1.05)
        assert close_if_due(fresh_poll(poll)).is_closed
        assert run(exported(poll, tmp_path)).returncode == 0

        keys = json.loads((tmp_path / "keys.json").read_text())
        (tmp_path / "keys.json").write_text(json.dumps([{**key, "endorsement": ""} for key in keys]))
        assert "not signed by the key of this log" in run(tmp_path).stderr

    def test_before_the_close_the_operator_alone_gets_it_and_without_a_single_choice(self, tmp_path, client):
        poll = make_poll(results_policy="live")
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
        fold(poll.pk)
        assert client.get(f"/polls/{poll.pk}/log/export.zip").status_code == 403
        call_command("export_log", poll.pk, out=tmp_path / "log.zip", stdout=io.StringIO())
        zipfile.ZipFile(tmp_path / "log.zip").extractall(tmp_path)
        answer = run(tmp_path)
        assert (answer.returncode, answer.stderr) == (0, "")
        assert "NOT CLOSED YET" in answer.stdout
        assert not (tmp_path / "openings.jsonl").exists() and not (tmp_path / "result.json").exists()

    def test_where_auditors_alone_see_ballots_the_export_has_them_for_observers_only(self, tmp_path):
        poll = make_poll(disclosure="auditors")
        observer = UserFactory()
        poll.observers.create(user=observer)
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
        over(poll)
        public, audited = exported(poll, tmp_path / "1"), exported(poll, tmp_path / "2", user=fresh(observer))
        assert not (public / "openings.jsonl").exists()
        assert "the count was NOT done again" in run(public).stdout
        assert "Counted again from the ballots" in run(audited).stdout

    def test_the_page_sends_the_zip_after_the_close(self, client):
        poll = make_poll()
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
        over(poll)
        answer = client.get(f"/polls/{poll.pk}/log/export.zip")
        assert answer["Content-Type"] == "application/zip"
        assert zipfile.ZipFile(io.BytesIO(b"".join(answer))).testzip() is None

    def test_the_command_says_in_one_line_what_it_cannot_do(self, tmp_path):
        with pytest.raises(CommandError, match="no poll 99"):
            call_command("export_log", 99, out=tmp_path / "log.zip")
        with pytest.raises(CommandError, match="has no log"):
            call_command("export_log", make_poll().pk, out=tmp_path / "log.zip")


def first_ballot(poll):
    return Ballot.objects.filter(poll=poll).order_by("leaf__number").first().pk
