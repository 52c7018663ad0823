"""Each file of an export in another form than it came in: twisted, cut, doubled, out of order, with something put in.

Nothing of it may pass for right, end in a traceback, or be named by its Python alone. Nobody here has the signing key,
except where it is said.
"""

import base64
import json
import re
import shutil
import sys
import unicodedata
import warnings
import zipfile
from pathlib import Path

import pytest

from tests.voting.verifying.logs import (
    assert_named,
    changed_json,
    entry_of,
    lines,
    run,
    signed_whole,
    write,
)
from voting.ledger import verify as verifier
from voting.ledger.tree import inclusion_proof, nodes_of

pytestmark = pytest.mark.django_db  # for the export that they change: the tests themselves need no database

FILES = ("entries.jsonl", "heads.jsonl", "openings.jsonl", "result.json", "words.json", "keys.json")
NUMBER = re.compile(rb'": ?\d+')
WAYS = {
    "with a mark of the byte order": lambda whole: b"\xef\xbb\xbf" + whole,
    "in UTF-16": lambda whole: whole.decode().encode("utf-16"),
    "with the line ends of Windows": lambda whole: whole.replace(b"\n", b"\r\n"),
    "with those of an old Macintosh": lambda whole: whole.replace(b"\n", b"\r"),
    "with a zero byte": lambda whole: whole + b"\0",
    "with a blank at the end": lambda whole: whole + b" ",
    "with a blank line": lambda whole: whole + b"\n",
    "with a blank line first": lambda whole: b"\n" + whole,
    "without its last sign": lambda whole: whole[:-1],
    "cut off within a letter": lambda whole: whole[:-2] + b"\xc3\n",
    "with a blank more within": lambda whole: whole.replace(b'":', b'":  ', 1),
    "with a letter written by its number": lambda whole: whole.replace(b'"n', b'"\\u006e', 1),
    "with half a letter": lambda whole: whole.replace(b'"', b'"\\ud800', 1),
    "with a number beyond all": lambda whole: NUMBER.sub(b'":' + b"9" * 5000, whole, count=1),
    "with an endless number": lambda whole: NUMBER.sub(b'":1e999', whole, count=1),
    "with minus nothing": lambda whole: NUMBER.sub(b'":-0', whole, count=1),
    "with what is no number": lambda whole: NUMBER.sub(b'":NaN', whole, count=1),
    "with letters taken apart": lambda whole: unicodedata.normalize("NFD", whole.decode()).encode(),
    "with its first line twice": lambda whole: whole.partition(b"\n")[0] + b"\n" + whole,
    "with its lines turned about": lambda whole: b"".join(reversed(whole.splitlines(keepends=True))),
    "without its last line": lambda whole: b"".join(whole.splitlines(keepends=True)[:-1]),
    "nested without end": lambda whole: b"[" * 200_000 + b"\n",
    "an empty list": lambda whole: b"[]\n",
    "a list of nothing": lambda whole: b"[\n null\n]\n",
    "an empty object": lambda whole: b"{}\n",
    "a text": lambda whole: b'""\n',
}


def verified(directory, monkeypatch, capsys, *arguments):
    monkeypatch.setattr(sys, "argv", ["verify.py", str(directory), *map(str, arguments)])
    return verifier.main(), capsys.readouterr().err


@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_as_it_came_or_wrong(right, tmp_path, monkeypatch, capsys, way):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    files = {name: (right / name).read_bytes() for name in FILES}
    changed = {name: new for name, whole in files.items() if (new := WAYS[way](whole)) != whole}
    assert changed
    for name, new in changed.items():
        (directory / name).write_bytes(new)
        code, said = verified(directory, monkeypatch, capsys)
        assert code == 1, name
        assert said.startswith("WRONG: ") and "not as they should be" not in said, (name, said)
        (directory / name).write_bytes(files[name])


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_file_is_missing(right, tmp_path, monkeypatch, capsys, name):
    for number, put in enumerate((Path.mkdir, lambda path: path.symlink_to("/dev/zero"))):
        directory = Path(shutil.copytree(right, tmp_path / str(number)))
        (directory / name).unlink()
        put(directory / name)
        assert_named(directory, f"{name} is missing.", capsys, monkeypatch)


def in_json(name, change):
    return lambda d: changed_json(d, name, change)


def in_lines(name, change, place=0):
    def tamper(d):
        data = [json.loads(line) for line in lines(d, name)]
        change(data[place])
        write(d, name, map(verifier.written, data))

    return tamper


def first_option(words, label):
    words["options"][next(iter(words["options"]))] = label


def in_note(change):
    return in_lines("heads.jsonl", lambda head: head.update(note=change(head["note"])), place=-1)


def signature_changed(change):
    def on(note):
        text, _, signature = note.rpartition(" ")
        return f"{text} {base64.b64encode(change(base64.b64decode(signature))).decode()}\n"

    return in_note(on)


def plus_the_order(signature):
    """What some programs take for the same signature."""
    number = int.from_bytes(signature[36:], "little") + verifier.ORDER
    return signature[:36] + number.to_bytes(32, "little")


def another_spelling_of_the_signature(note):
    """The bits that base64 has left over."""
    return re.sub("(.)=\n$", lambda last: chr(ord(last[1]) + 1) + "=\n", note)


def signed(kind, **changes):
    """The operator signs it."""

    def tamper(d):
        entries = lines(d, "entries.jsonl")
        place = entry_of(d, kind)
        entry = {name: value for name, value in {**json.loads(entries[place]), **changes}.items() if value != "gone"}
        signed_whole(d, [*entries[:place], verifier.written(entry), *entries[place + 1 :]])

    return tamper


def zipped_with(name, content):
    """Packed again with a second file of that name, and unpacked as people do: the later one stays."""

    def tamper(d):
        archive = d.parent / "export.zip"
        with zipfile.ZipFile(archive, "w") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for path in sorted(d.iterdir()):
                file.write(path, path.name)
            file.writestr(name, content(d))
        shutil.rmtree(d)
        zipfile.ZipFile(archive).extractall(d)

    return tamper


def with_two_winners(d):
    return (d / "result.json").read_bytes().replace(b'"winners": [', b'"winners": [\n  "0",', 1)


JUST = "does not hold just "
CORPUS = {
    "a comment on the result": (in_json("result.json", lambda result: result.update(comment="Ganó otra.")), JUST),
    "a result without ties": (in_json("result.json", lambda result: result.pop("ties")), JUST),
    "a short salt": (in_json("result.json", lambda result: result.update(salt="00")), "not well formed"),
    "a tally that is none": (in_json("result.json", lambda result: result.update(tally=[])), "not well formed"),
    "a count more": (in_json("result.json", lambda r: r["tally"]["counts"].update({"0": 0})), "The tally is not what"),
    "voters that are true": (
        in_json("result.json", lambda r: r["tally"].update(blank=True)),
        "not the one that the log",
    ),
    "a winner twice": (in_json("result.json", lambda r: r.update(winners=r["winners"] * 2)), "does not follow"),
    "a winner in the words": (in_json("words.json", lambda words: words.update(winner="Tipa")), JUST),
    "a label left out": (in_json("words.json", lambda words: words["options"].popitem()), "or lacks one that is"),
    "a label that is a number": (in_json("words.json", lambda words: first_option(words, 7)), "not well formed"),
    "a label that is empty": (in_json("words.json", lambda words: first_option(words, "")), "not that of the manifest"),
    "a label with a sign that nobody sees": (
        in_json("words.json", lambda words: first_option(words, "Ceibo\u200d")),
        "not that of the manifest",
    ),
    "letters of another script": (
        in_json("words.json", lambda words: words.update(question=words["question"].replace("a", "\u0430"))),
        "The question is not that of the manifest",
    ),
    "an owner of the key": (in_json("keys.json", lambda keys: keys[0].update(owner="yo")), JUST),
    "a key that is none": (in_json("keys.json", lambda keys: keys[0].update(key=None)), "A signing key is not well"),
    "an endorsement that is none": (in_json("keys.json", lambda keys: keys[0].update(endorsement=1)), "is no text"),
    "the key left out": (in_json("keys.json", lambda keys: keys.clear()), "keys.json lacks the key of the log"),
    "a voter in an opening": (in_lines("openings.jsonl", lambda opening: opening.update(voter="Rosa")), JUST),
    "a head with a date": (in_lines("heads.jsonl", lambda head: head.update(at="1999")), JUST),
    "a head that is no text": (in_lines("heads.jsonl", lambda head: head.update(note=7)), "is not a signed note"),
    "a head without its end": (in_note(lambda note: note[:-1]), "is not a signed note"),
    "a head with something behind it": (in_note(lambda note: note + "RIGHT\n"), "is not a signed note"),
    "a head with its size filled up": (
        in_note(lambda note: re.sub("\n([0-9]+)\n", r"\n0\1\n", note)),
        "wrong signature",
    ),
    "a signature spelt otherwise": (in_note(another_spelling_of_the_signature), "This is no base64"),
    "a signature plus the order of the group": (signature_changed(plus_the_order), "wrong signature"),
    "a signature cut short": (signature_changed(lambda signature: signature[:-1]), "wrong signature"),
    "a signature of zeros": (signature_changed(lambda signature: signature[:4] + bytes(64)), "wrong signature"),
    "a second result in the zip": (zipped_with("result.json", with_two_winners), "does not follow from the tally"),
    "an empty second file in the zip": (zipped_with("openings.jsonl", lambda d: b""), "The opening of entry"),
    "a second file by another path": (zipped_with("./entries.jsonl", lambda d: b"{}\n"), "Entry 0 is not a manifest"),
    "an election file that belongs to nothing": (
        lambda d: (d / "election.blt").write_text("1 1\n"),
        "election.blt is not what follows",
    ),
    "a manifest that withholds in its own way": (signed("manifest", disclosure="later"), "in a way that nobody knows"),
    "a manifest that draws in its own way": (signed("manifest", lots="mine"), "in a way that nobody knows"),
    "a manifest without options": (signed("manifest", options=None), "options that are not well formed"),
    "a manifest with an option that is none": (signed("manifest", options=[7]), "options that are not well formed"),
    "an amendment of what nobody knows": (signed("amendment", changes={"winners": []}), "in a way that nobody knows"),
    "an amendment without a time": (signed("amendment", at="soon"), "in a way that nobody knows"),
    "an amendment without changes": (signed("amendment", changes=None), "is not well formed"),
    "a ballot without a voter": (signed("ballot", voter="gone"), "Entry 1 is not well formed"),
    "a close at no time": (signed("close", closed_at="x"), "is a close that is not well formed"),
    "a close without a result": (signed("close", result="gone"), "is not well formed"),
}


@pytest.mark.parametrize("name", CORPUS)
def test_what_was_tampered_with_is_named(right, tmp_path, capsys, monkeypatch, name):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    tamper, words = CORPUS[name]
    tamper(directory)
    assert_named(directory, words, capsys, monkeypatch)


def test_an_election_file_without_a_result_is_not_taken_for_checked(right, tmp_path, capsys, monkeypatch):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    close = len(lines(directory, "entries.jsonl")) - 1
    signed_whole(directory, lines(directory, "entries.jsonl")[:close])
    for name in ("result.json", "openings.jsonl"):
        (directory / name).unlink()
    assert verified(directory, monkeypatch, capsys)[0] == 0
    (directory / "election.pb").write_text("META\n")
    assert_named(directory, "election.pb is not what follows", capsys, monkeypatch)


def test_what_lies_beside_an_export_is_named_as_not_checked(right, tmp_path):
    directory = Path(shutil.copytree(right, tmp_path / "export"))
    (directory / "ganadores.csv").write_text("Tipa\n")
    answer = run(directory)
    assert answer.returncode == 0
    assert "Beside the export, of no log and NOT checked: ganadores.csv." in answer.stdout
    assert "Beside the export" not in run(right).stdout


def test_a_receipt_of_a_fork_is_told_even_where_its_own_ballot_is_the_same(right, tmp_path, capsys, monkeypatch):
    """Who signs shows one log to a voter and another to everybody; the ballot is number 1 in both."""
    forked = Path(shutil.copytree(right, tmp_path / "forked"))
    entries = lines(forked, "entries.jsonl")
    entries[2] = verifier.written({**json.loads(entries[2]), "commitment": "00" * 32})
    signed_whole(forked, entries)
    leaves = [verifier.leaf_hash(line.encode()) for line in entries]
    receipt = tmp_path / "receipt.json"
    manifest, ballot = json.loads(entries[0]), json.loads(entries[1])
    for directory in (right, forked):
        own = [verifier.leaf_hash(line.encode()) for line in lines(directory, "entries.jsonl")]
        proof = [base64.b64encode(hash_).decode() for hash_ in inclusion_proof(1, len(own), nodes_of(own))]
        head = json.loads(lines(directory, "heads.jsonl")[-1])["note"]
        receipt.write_text(json.dumps({"number": 1, "ballot": ballot, "head": head, "proof": proof,
                                       "log": manifest["log"], "key": manifest["key"]}))  # fmt: skip
        code, said = verified(right, monkeypatch, capsys, "--receipt", receipt)
        assert (code, said == "") == ((0, True) if directory is right else (1, False)), said
    assert len(leaves) == len(own)
    assert "The head on the receipt is not of this log: there are two." in said


def test_a_receipt_that_is_none_is_told_in_a_sentence(right, tmp_path, capsys, monkeypatch):
    receipt = tmp_path / "receipt.json"
    for content in (b"", b"[]", b"null", b"{}", b"\xff", b"{", b'{"number": NaN}', b'{"number": 1, "ballot": []}'):
        receipt.write_bytes(content)
        code, said = verified(right, monkeypatch, capsys, "--receipt", receipt)
        assert (code, "receipt" in said, "not as they should be" in said) == (1, True, False), (content, said)


def test_a_head_is_the_one_that_was_kept_however_an_editor_has_saved_it(right, tmp_path, capsys, monkeypatch):
    note = json.loads(lines(right, "heads.jsonl")[1])["note"].encode()
    kept = tmp_path / "kept.txt"
    for saved in (note, note.rstrip(), note.replace(b"\n", b"\r\n"), b"\xef\xbb\xbf" + note, b"\n" + note + b"\n"):
        kept.write_bytes(saved)
        assert verified(right, monkeypatch, capsys, "--head", kept) == (0, ""), saved


def test_what_was_mistyped_is_not_held_against_the_log(right, tmp_path, capsys, monkeypatch):
    code, said = verified(right, monkeypatch, capsys, "--key", "testserver+48e67778+AcLT")
    assert (code, said) == (1, "WRONG: A signing key is not well formed.\n")
    code, said = verified(right, monkeypatch, capsys, "--head", tmp_path / "nowhere.txt")
    assert (code, said) == (1, "WRONG: nowhere.txt is missing.\n")
