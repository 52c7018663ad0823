"""What changed, word by word: always true to both texts, short, and given up before it becomes long in the making."""

from hypothesis import given
from hypothesis import strategies as st

from consultations import differences as room
from consultations.differences import differences

WORDS = st.lists(st.sampled_from(["la", "ley", "rige", "de", ".", "\n\n", "plaza", "ñandú", "2º"]), max_size=40)
texts = st.text(st.sampled_from("ab ñ.\n"), max_size=60) | st.text(max_size=80) | WORDS.map(" ".join)


def together(pieces, *kinds) -> str:
    return "".join(piece.text for piece in pieces if piece.kind in kinds)


def kinds_and_texts(old, new):
    return [(piece.kind, piece.text) for piece in differences(old, new)]


@given(texts, texts)
def test_the_pieces_make_up_both_texts(old, new):
    pieces = differences(old, new)

    assert together(pieces, "same", "removed") == old
    assert together(pieces, "same", "added") == new
    assert all(piece.text for piece in pieces)


@given(texts)
def test_a_text_differs_in_nothing_from_itself(text):
    assert [piece.kind for piece in differences(text, text)] == (["same"] if text else [])


def test_neighbouring_words_are_one_change():
    assert kinds_and_texts("una plaza chica con juegos", "dos plazas grandes con juegos") == [
        ("removed", "una plaza chica"),
        ("added", "dos plazas grandes"),
        ("same", " con juegos"),
    ]


def test_a_few_words_left_over_between_two_changes_are_read_as_changed():
    pieces = differences("El jefe de la oficina zonal decide.", "La asamblea general de vecinos decide.")
    assert [piece.kind for piece in pieces] == ["removed", "added", "same"]


def test_two_long_texts_that_share_little_are_compared_word_by_word():
    old, new = (" ".join(f"{word}{n}" for n in range(4_000)) for word in "ab")
    assert kinds_and_texts(f"La {old}", f"La {new}") == [("same", "La "), ("removed", old), ("added", new)]


def test_texts_too_long_for_that_are_given_whole(monkeypatch):
    monkeypatch.setattr(room, "LARGEST_TABLE", 10)
    assert kinds_and_texts("una plaza chica", "una plaza") == [
        ("removed", "una plaza chica"),
        ("added", "una plaza"),
    ]
