"""A head is signed as C2SP checkpoints are, so that other people's tools read it, and no other text passes for it."""

from datetime import UTC, datetime

import pytest

from voting.ledger.note import BadNote, Head, SigningKey, VerifyingKey, opened

# The published example of Go's golang.org/x/mod/sumdb/note.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
QUOTATION = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
KEY = SigningKey("asamblea.example", bytes(range(32)))
HEAD = Head("asamblea.example/polls/12", 4212, bytes(32), datetime(2026, 11, 21, 20, 51, 49, tzinfo=UTC))


def test_a_note_signed_by_another_implementation_opens():
    text, key = opened(QUOTATION, [VerifyingKey.parse(PETER)])
    assert text.startswith("If you think")
    assert str(key) == PETER


def test_a_head_comes_back_as_it_was_signed():
    text, key = opened(KEY.signed(HEAD.text()), [VerifyingKey.parse(PETER), KEY.verifying])
    assert key == KEY.verifying
    assert Head.parse(text) == HEAD


def test_the_public_key_reads_back_as_it_is_published():
    assert VerifyingKey.parse(str(KEY.verifying)) == KEY.verifying


def test_the_secret_seed_is_not_shown_in_a_traceback():
    assert KEY.seed.hex() not in repr(KEY) and str(KEY.seed) not in repr(KEY)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("4212", "4213"),
        lambda note: note.replace("polls/12", "polls/13"),
        lambda note: note.replace("20:51", "20:52"),
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("— ", "- "),
        lambda note: note[:-3] + "A=\n",
        lambda note: note.rstrip("\n"),
        lambda note: note + "more\n",
    ],
)
def test_a_head_that_was_changed_does_not_open(change):
    with pytest.raises(BadNote):
        opened(change(KEY.signed(HEAD.text())), [KEY.verifying])


def test_a_head_signed_with_another_key_of_the_same_name_does_not_open():
    forged = SigningKey("asamblea.example", bytes(32)).signed(HEAD.text())
    with pytest.raises(BadNote, match="known key"):
        opened(forged, [KEY.verifying])


@pytest.mark.parametrize("text", ["a\n\nb\n", "a", "a\x00\n"])
def test_a_text_that_would_read_differently_once_signed_is_not_signed(text):
    with pytest.raises(BadNote):
        KEY.signed(text)


@pytest.mark.parametrize("text", ["", "x\n1\n", "x\n01\nAAAA\ntime x\n", "x\n1\n" + "A" * 43 + "=\ntime yesterday\n"])
def test_what_is_no_head_is_refused(text):
    with pytest.raises(BadNote):
        Head.parse(text)


@pytest.mark.parametrize("text", ["", "a+00000000+AAAA", PETER.replace("c74f20a3", "c74f20a4")])
def test_what_is_no_key_is_refused(text):
    with pytest.raises(BadNote):
        VerifyingKey.parse(text)
