"""Time stamps by others, as they lie in an export: each is of the head beside it, and openssl says who signed it."""

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509

from tests.factories import make_poll
from tests.voting.authority import FakeBfa, openssl, serving, stamped
from tests.voting.verifying.logs import (
    BALLOTS,
    assert_named,
    exported,
    fresh_poll,
    lines,
    run,
    vote_and_close,
    write,
)
from voting.ledger import verify as verifier
from voting.log.stamping import stamp_heads
from voting.timestamping.bfa import Bfa
from voting.timestamping.rfc3161 import Rfc3161

pytestmark = pytest.mark.django_db  # for the export that they change: most need no database themselves

DOCS = Path(__file__).parents[3] / "docs" / "log-format.md"


def heads(d):
    return [json.loads(line) for line in lines(d, "heads.jsonl")]


def put(d, new):
    write(d, "heads.jsonl", map(verifier.written, new))


@pytest.fixture(scope="module")
def with_stamps(right, authority, tmp_path_factory):
    """The first two heads have each a stamp of the authority, the last one a receipt of the block chain."""
    directory = Path(shutil.copytree(right, tmp_path_factory.mktemp("stamps") / "export"))
    first, second, *others, last = heads(directory)
    for head in (first, second):
        (authority / "note").write_text(head["note"])
        openssl(authority, "ts", "-query", "-data", "note", "-sha256", "-cert", "-out", "q.tsq")
        token = base64.b64encode(stamped(authority, (authority / "q.tsq").read_bytes())).decode()
        head["stamps"] = [{"service": "rfc3161", "token": token}]
    last["stamps"] = [bfa_stamp(sha256(last["note"].encode()).hexdigest())]
    put(directory, [first, second, *others, last])
    return directory


def bfa_stamp(hash_, version="1x", block="4212"):
    receipt = f"{version}-{hash_}-9f86d081-0x60303ae2-{block}"
    return {"service": "bfa", "rd": base64.b64encode(receipt.encode()).decode(), "is_permanent": True}


def changed_stamp(place, change):
    """A way to tamper: the stamp of that head, and its token, as ``change`` makes them."""

    def tamper(d):
        new = heads(d)
        new[place]["stamps"] = [change(new[place]["stamps"][0])]
        put(d, new)

    return tamper


def changed_token(change):
    def on(stamp):
        token = change(base64.b64decode(stamp["token"]))
        return {**stamp, "token": base64.b64encode(token).decode()}

    return changed_stamp(0, on)


def exchanged(d):
    new = heads(d)
    new[0]["stamps"], new[1]["stamps"] = new[1]["stamps"], new[0]["stamps"]
    put(d, new)


def moved_to_a_later_head(d):
    new = heads(d)
    new[2]["stamps"] = new[0].pop("stamps")
    put(d, new)


def of_another_hash(token):
    info = token.index(IMPRINT) + len(IMPRINT)
    return token[:info] + bytes(32) + token[info + 32 :]


def in_another_algorithm(token):
    return token.replace(IMPRINT, IMPRINT.replace(b"\x02\x01\x05", b"\x02\x02\x05"))


IMPRINT = bytes.fromhex("060960864801650304020105000420")  # SHA-256, and that 32 bytes of it follow
TIME_STAMP = bytes.fromhex("060b2a864886f70d0109100104")
NOT_ONE, OTHERS = "A time stamp of head 1 cannot be read as one.", "is not of this head, but of something else."
CORPUS = {
    "exchanged": (exchanged, "A time stamp of head 1 " + OTHERS),
    "moved": (moved_to_a_later_head, "A time stamp of head 3 " + OTHERS),
    "no base64": (changed_stamp(0, lambda stamp: {**stamp, "token": "*"}), "This is no base64: *."),
    "no text": (changed_stamp(0, lambda stamp: {**stamp, "token": 7}), "This is no base64: 7."),
    "empty": (changed_token(lambda token: b""), NOT_ONE),
    "nonsense": (changed_token(lambda token: b"nonsense"), NOT_ONE),
    "cut off": (changed_token(lambda token: token[:-1]), NOT_ONE),
    "something behind it": (changed_token(lambda token: token + b"\0"), NOT_ONE),
    "endless": (changed_token(lambda token: b"\x30\x80" * 9000), NOT_ONE),
    "of a million parts": (changed_token(lambda token: b"\x05\0" * 1_000_000), NOT_ONE),
    "of a size beyond all": (changed_token(lambda token: b"\x30\xff" + b"\xff" * 127), NOT_ONE),
    "refused": (changed_token(lambda token: token.replace(b"\x02\x01\x00", b"\x02\x01\x02", 1)), NOT_ONE),
    "of something signed that is no time": (
        changed_token(lambda token: token.replace(TIME_STAMP, TIME_STAMP[:-1] + b"\x05", 1)),
        NOT_ONE,
    ),
    "of another hash": (changed_token(of_another_hash), "A time stamp of head 1 " + OTHERS),
    "of another algorithm": (changed_token(in_another_algorithm), NOT_ONE),
    "without a time": (changed_token(lambda token: re.sub(rb"20\d{12}Z", b"20261399999999Z", token)), NOT_ONE),
    "of a service that nobody knows": (changed_stamp(0, lambda stamp: {**stamp, "service": "mine"}), NOT_ONE),
    "with more to it": (changed_stamp(0, lambda stamp: {**stamp, "at": "1999"}), "does not hold just service token"),
    "no object": (changed_stamp(0, lambda stamp: "yes"), NOT_ONE),
    "a block for another head": (changed_stamp(-1, lambda stamp: bfa_stamp("00" * 32)), OTHERS),
    "a block that has no number": (changed_stamp(-1, lambda stamp: {**stamp, "rd": "MXgtMQ=="}), "cannot be read"),
    "a receipt that waits": (changed_stamp(-1, lambda stamp: bfa_stamp("00" * 32, version="0x")), "cannot be read"),
}


def test_stamps_are_of_their_heads_and_it_is_told_what_they_say_and_what_was_not_checked(with_stamps):
    answer = run(with_stamps)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Time stamps by others: 3, each of the head beside which it stands." in answer.stdout
    assert re.search(
        r"The first says 20..-..-..T..:..:..Z, the last block 4212 of Blockchain Federal Argentina\.", answer.stdout
    )
    assert "Who signed them was NOT checked here." in answer.stdout


def test_an_export_without_stamps_says_nothing_of_them(right, tmp_path):
    assert "stamp" not in run(right).stdout
    assert "There is no time stamp of an authority to write." in run(right, "--stamps", tmp_path / "stamps").stdout
    assert not (tmp_path / "stamps").exists()


@pytest.mark.parametrize("name", CORPUS)
def test_a_stamp_that_was_tampered_with_is_named(with_stamps, tmp_path, capsys, monkeypatch, name):
    directory = Path(shutil.copytree(with_stamps, tmp_path / "export"))
    tamper, words = CORPUS[name]
    tamper(directory)
    assert heads(directory) != heads(with_stamps)
    assert_named(directory, words, capsys, monkeypatch)


def test_a_stamp_that_is_no_list_is_named(with_stamps, tmp_path, capsys, monkeypatch):
    for stamps in ({}, "yes", None, 7):
        directory = Path(shutil.copytree(with_stamps, tmp_path / str(stamps)))
        first, *others = heads(directory)
        put(directory, [{**first, "stamps": stamps}, *others])
        assert_named(directory, "Head 1 has time stamps that are no list.", capsys, monkeypatch)


def documented():
    """The commands of the docs, as they stand there."""
    text = DOCS.read_text(encoding="utf-8")
    [block] = [block for block in re.findall(r"(?:^    .+\n)+", text, re.MULTILINE) if "openssl" in block]
    return "".join(line.removeprefix("    ") + "\n" for line in block.splitlines())


def as_documented(directory, authority):
    root = f"cp '{authority / 'ca.pem'}' root.pem"
    script = documented().replace("\ncd stamps\n", f"\ncd stamps\n{root}\n")
    assert root in script
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        ["sh", "-e", "-c", script], cwd=directory, capture_output=True, text=True, check=False, env=environment
    )


def test_openssl_checks_a_stamp_from_an_export_by_the_commands_of_the_docs(tmp_path, authority):
    """From the vote to the end: stamped by an authority, exported, unpacked, and checked as the docs tell."""
    poll = make_poll(method="approval", options=["Ceibo", "Tipa", "Lapacho"], max_choices=2)
    vote_and_close(poll, BALLOTS)
    root = x509.load_pem_x509_certificate((authority / "ca.pem").read_bytes())
    with serving(lambda path, body: stamped(authority, body)) as url:
        assert len(stamp_heads(Rfc3161(url, [root])).stamped) == 1
    directory = exported(fresh_poll(poll), tmp_path / "export")
    answer = as_documented(directory, authority)
    assert answer.returncode == 0, answer.stderr
    assert "Verification: OK" in answer.stdout + answer.stderr
    assert "openssl ts -verify -data 1.txt -in 1.tsr -CAfile root.pem" in answer.stdout  # the program tells the same


def test_a_receipt_of_a_block_from_the_vote_to_the_export_is_of_its_head(tmp_path):
    poll = make_poll(method="approval", options=["Ceibo", "Tipa", "Lapacho"], max_choices=2)
    vote_and_close(poll, BALLOTS)
    chain = FakeBfa()
    with serving(chain) as url:
        stamp_heads(Bfa(url))
        chain.block()
        assert len(stamp_heads(Bfa(url)).stamped) == 0  # it was asked for already, and now has its time
    answer = run(exported(fresh_poll(poll), tmp_path / "export"))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "block 4212 of Blockchain Federal Argentina" in answer.stdout


def test_a_time_that_was_forged_is_for_openssl_to_find(with_stamps, tmp_path, authority):
    """What our own program says it does not check: that is why it says so."""
    directory = Path(shutil.copytree(with_stamps, tmp_path / "export"))
    changed_token(lambda token: re.sub(rb"20\d\d(\d{10}Z)", rb"2001\1", token, count=1))(directory)
    answer = run(directory)
    assert answer.returncode == 0
    assert "The first says 2001-" in answer.stdout
    answer = as_documented(directory, authority)
    assert answer.returncode != 0
    assert "Verification: OK" not in answer.stdout + answer.stderr


def test_whatever_bytes_come_as_a_token_they_are_a_stamp_or_a_sentence(with_stamps):
    [head] = heads(with_stamps)[:1]
    token = base64.b64decode(head["stamps"][0]["token"])
    for place in range(len(token)):
        changed = token[:place] + bytes([token[place] ^ 1 << place % 8]) + token[place + 1 :]
        stamps = [{"service": "rfc3161", "token": base64.b64encode(changed).decode()}]
        try:
            verifier.check_stamps([{"note": head["note"], "stamps": stamps}])
        except verifier.Wrong as wrong:
            assert str(wrong).startswith("A time stamp of head 1 ")
