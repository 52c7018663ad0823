"""What changed, word by word: always true to both texts, and never longer in the making than a person waits."""

import time

from hypothesis import given
from hypothesis import strategies as st

from consultations.proposals.differences import differences

texts = st.text(st.sampled_from("ab ñ.\n"), max_size=60) | st.text(max_size=80)


def joined(pieces, *kinds) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


@given(texts, texts)
def test_the_pieces_make_up_both_texts(old, new):
    pieces = differences(old, new)

    assert joined(pieces, "same", "removed") == old
    assert joined(pieces, "same", "added") == new
    assert all(piece.text for piece in pieces)


@given(texts)
def test_a_text_differs_in_nothing_from_itself(text):
    assert [piece.kind for piece in differences(text, text)] == (["same"] if text else [])


def test_neighbouring_words_are_one_change():
    assert [(p.kind, p.text) for p in differences("una plaza chica con juegos", "dos plazas grandes con juegos")] == [
        ("removed", "una plaza chica"),
        ("added", "dos plazas grandes"),
        ("same", " con juegos"),
    ]


def test_texts_that_have_nothing_in_common_are_compared_in_a_moment():
    begun = time.monotonic()
    differences("a b " * 2500, "b c " * 2500)
    assert time.monotonic() - begun < 3
