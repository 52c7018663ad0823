"""Which earlier article each part of an imported text goes on with."""

import pytest

from consultations.documents.matching import Passage, matches, number_of

TREES = "El Estado protege el arbolado público y lleva un registro de cada ejemplar plantado en la vía pública."
FINES = "La multa por podar sin permiso es de diez salarios mínimos y se paga en la tesorería de la comuna."
PARKS = "Las plazas quedan abiertas de sol a sol, y ninguna empresa puede cerrarlas para una actividad privada."


def law(*articles):
    """Each (number, words)."""
    return [Passage("article", f"Artículo {number}", "", words) for number, words in articles]


def test_the_same_words_go_on_whatever_number_they_have_now():
    old, new = law((1, TREES), (2, FINES)), law((1, PARKS), (2, TREES), (3, FINES))
    assert matches(old, new) == [(), (0,), (1,)]


def test_an_edited_article_with_its_number_goes_on():
    assert matches(law((1, TREES)), law((1, TREES.replace("cada ejemplar", "todo árbol")))) == [(0,)]


def test_an_edited_article_with_another_number_goes_on_by_likeness():
    assert matches(law((1, TREES), (2, FINES)), law((9, FINES.replace("diez", "veinte")), (1, TREES))) == [(1,), (0,)]


def test_a_rewritten_article_goes_on_by_its_number_where_nothing_is_more_like_it():
    assert matches(law((1, TREES), (2, FINES)), law((1, TREES), (2, PARKS))) == [(0,), (1,)]


def test_a_new_article_is_new():
    assert matches(law((1, TREES)), law((1, TREES), (2, PARKS))) == [(0,), ()]


def test_boilerplate_goes_on_with_its_own_number():
    old = law((1, "De forma."), (2, TREES), (3, "De forma."))
    assert matches(old, law((1, "De forma."), (2, TREES), (3, "De forma."))) == [(0,), (1,), (2,)]


def test_a_part_split_off_remembers_its_source_and_a_part_taken_in_is_remembered():
    one = [Passage("article", "Artículo 1", "", f"{TREES} {FINES}")]
    two = law((1, TREES), (2, FINES))

    assert matches(one, two) == [(0,), (0,)]
    assert matches(two, one) == [(0, 1)]


def test_an_article_and_a_heading_are_never_the_same():
    assert matches([Passage("title", "Título I", "Plazas", "")], [Passage("article", "Título I", "Plazas", "")]) == [()]


@pytest.mark.parametrize("label", ["ARTÍCULO 14º Bis", "Art. 14 bis", "artículo 14 BIS", "Artículo 14o bis"])
def test_a_number_is_compared_and_not_how_it_is_written(label):
    assert number_of(label) == "art 14 bis"


def test_a_long_law_with_many_edits_is_matched_whole():
    """Renumbered by an article that comes first, every tenth one edited, one gone."""
    old = [(n, f"{TREES} Inciso {n}: rige en la comuna {n * 7} desde el año {1900 + n}.") for n in range(1, 121)]
    new = [(1, PARKS)] + [(n + 1, words.replace("registro", "padrón") if n % 10 == 0 else words) for n, words in old]
    del new[50]
    expected = [(), *((n,) for n in range(120) if n != 49)]

    assert matches(law(*old), law(*new)) == expected
