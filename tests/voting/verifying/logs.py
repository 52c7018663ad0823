"""Logs exported as anybody gets them, ways to change what is in one, and ``verify.py`` as a program on it."""

import base64
import io
import json
import shutil
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from consultations.clock import database_now
from consultations.models import Phase
from tests.factories import UserFactory, anonymous, choose, fresh
from voting.ballots import closing
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.ledger import verify as verifier
from voting.ledger.note import Head, SigningKey
from voting.ledger.tree import leaf_hash, root_of
from voting.log.export import write_log
from voting.models import Poll
from voting.polls.amending import extend_voting

NAME = "testserver"
THIEF = SigningKey(NAME, b"thirty-two bytes of another key!")
FILES = ("entries.jsonl", "heads.jsonl", "openings.jsonl", "result.json", "words.json", "keys.json")
BALLOTS = [
    ("rosa", "Ceibo"), ("omar", "Tipa"), ("ines", "Ceibo", "Tipa"), ("rosa", "Lapacho"), ("juan",), ("ana", "Ceibo"),
    ("luz", "Tipa", "Ceibo"), ("omar", "Ceibo"),
]  # fmt: skip


def vote_and_close(poll, ballots):
    """``ballots``: (voter, choices) in turn, a fold after every second one; then an extension, and the close."""
    poll = ends(poll, database_now() + timedelta(hours=1))
    voters = {}
    for place, (name, *labels) in enumerate(ballots):
        if name not in voters:
            voters[name] = UserFactory()
        cast_ballot(poll=poll, voter=voters[name], choices=choose(poll, *labels))
        if place % 2:
            fold(poll.pk)
    editor = fresh(poll.consultation.agency.members.get())
    later = poll.phase.ends_at + timedelta(hours=1)
    extend_voting(poll=poll, actor=editor, ends_at=later, reason="Se cortó la luz.")
    at_the_end(poll)


def at_the_end(poll):
    """Close it at its own time, which is frozen in its rules."""
    moment = fresh_poll(poll).phase.ends_at + timedelta(seconds=1)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(closing, "database_now", lambda: moment)
        assert closing.close(poll.pk)


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


def run(directory, *arguments):
    program = [sys.executable, "-I", "verify.py", *map(str, arguments)]
    return subprocess.run(program, cwd=directory, capture_output=True, text=True, check=False)


def lines(directory, name):
    return (directory / name).read_text(encoding="utf-8").splitlines()


def standing(d):
    return [json.loads(line)["number"] for line in lines(d, "openings.jsonl")]


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
    (directory / name).write_text(verifier.written(data, indent=1) + "\n", encoding="utf-8")


def resigned(directory, key, count=None):
    """The heads over what now stands there, signed with another key: as many as there were, or ``count``."""
    leaves = [leaf_hash(line.encode()) for line in lines(directory, "entries.jsonl")]
    heads = []
    for line in lines(directory, "heads.jsonl")[:count]:
        old = Head.parse(json.loads(line)["note"].rpartition("\n\n")[0] + "\n")
        size = min(old.size, len(leaves))
        head = Head(old.origin, size, root_of(leaves[:size]), old.at)
        heads.append(verifier.written({"note": key.signed(head.text())}))
    write(directory, "heads.jsonl", heads)


def replaced(d, name, old, new):
    text = (d / name).read_text(encoding="utf-8")
    assert old in text
    (d / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def operator():
    """Who has the key that signs."""
    return SigningKey(NAME, base64.b64decode(settings.SIGNING_KEY))


def signed_whole(d, entries):
    """One head over all of these entries, with the right key."""
    write(d, "entries.jsonl", entries)
    last = json.loads(lines(d, "heads.jsonl")[-1])["note"].split("\n")
    root = base64.b64encode(root_of([leaf_hash(line.encode()) for line in entries])).decode()
    note = operator().signed("\n".join([last[0], str(len(entries)), root, last[3], ""]))
    write(d, "heads.jsonl", [verifier.written({"note": note})])


def assert_named(directory, words, capsys, monkeypatch):
    """In this process: a hundred times as fast as a program each."""
    monkeypatch.setattr(sys, "argv", ["verify.py", str(directory)])
    assert verifier.main() == 1, directory.name
    assert words in (said := capsys.readouterr().err), (directory.name, said)


def assert_named_by_program(right, tmp_path, tamper, words):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    tamper(directory)
    answer = run(directory)
    assert (answer.returncode, answer.stdout) == (1, "")
    assert answer.stderr.startswith("WRONG: ") and len(answer.stderr.splitlines()) == 1
    assert words in answer.stderr
