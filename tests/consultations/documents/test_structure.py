"""Pasted words and Markdown become titles, chapters and articles, and no word is lost on the way."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from consultations.documents.structure import Piece, looks_like_markdown, pieces_of
from consultations.documents.texts import canonical

LINES = st.sampled_from(
    [
        *["", "", "TÍTULO II", "CAPÍTULO I - Del objeto", "Sección 1ª", "DISPOSICIONES GENERALES", "De las multas"],
        *["Artículo 1°.- Objeto. La ley rige.", "ARTÍCULO 2º — Nada.", "Art. 3. Todo cambia;", "art. 14 bis.- Goza."],
        *[
            "Artículo 5 de la ley 25.000 no rige.",
            "Artículo único. Se deroga.",
            "## Artículo 9",
            "# La ley",
            "### **x**",
        ],
        *["**Artículo 4.- Objeto.** Rige.", "**Nota.** Sigue", "a) uno;", "1. dos", "- tres", "    sangría", "> cita"],
        *["ANEXO I", "Anexo II: Plano", "VISTO:", "Considerando que sí,", "```", "| a | b |", "|---|---|", "línea"],
        *["Disposiciones transitorias", "_énfasis_ y <b>", "#5 no es título", "=====", "Artículo", "1) [x](y) * z"],
        "Título " + "x" * 400,
        "Artículo 7 bis A.- " + "palabra " * 40,
    ]
)
TEXTS = st.one_of(
    st.lists(LINES, max_size=25).map("\n".join), st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80)
)


def words(text):
    return re.findall(r"[^\W_]+", text)


def kinds(text, **options):
    return [(piece.kind, piece.label, piece.heading) for piece in pieces_of(text, **options)]


@given(TEXTS, st.sampled_from([None, True, False]))
@example("TÍTULO I\n\n\n", None)
@settings(max_examples=120, deadline=None)
def test_all_words_are_in_the_parts_in_their_order(text, is_markdown):
    pieces = pieces_of(text, is_markdown=is_markdown)

    assert [word for p in pieces for part in (p.label, p.heading, p.body) for word in words(part)] == words(text)
    assert all(piece.label or piece.heading or piece.body for piece in pieces)
    assert all(len(piece.label) <= 60 and len(piece.heading) <= 300 and len(piece.body) <= 50_000 for piece in pieces)


@given(TEXTS)
@example(">0")
@settings(max_examples=120, deadline=None)
def test_plain_words_are_read_on_the_page_as_they_were_written(text):
    for piece in pieces_of(text, is_markdown=False):
        plain = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", piece.body)
        assert "".join(canonical(piece.body).split()) == "".join(canonical_of_plain(plain).split())


def canonical_of_plain(words):
    import unicodedata

    return unicodedata.normalize("NFC", words.replace("\x00", "\ufffd"))


@pytest.mark.parametrize(
    ("line", "label", "body"),
    [
        ("Artículo 1°.- Rige.", "Artículo 1°", "Rige."),
        ("ARTÍCULO 2º — Rige.", "ARTÍCULO 2º", "Rige."),
        ("Art. 3. Rige.", "Art. 3", "Rige."),
        ("ART. 3º Rige.", "ART. 3º", "Rige."),
        ("Art. 14 bis.- Rige.", "Art. 14 bis", "Rige."),
        ("Artículo 14 ter A.- Rige.", "Artículo 14 ter A", "Rige."),
        ("Artículo 1o. Rige.", "Artículo 1o", "Rige."),
        ("Artículo 1ero.- Rige.", "Artículo 1ero", "Rige."),
        ("Artículo único.- Rige.", "Artículo único", "Rige."),
        ("ARTÍCULO PRIMERO: Rige.", "ARTÍCULO PRIMERO", "Rige."),
        ("Artículo IV. Rige.", "Artículo IV", "Rige."),
        ("Artículo 5) Rige.", "Artículo 5", "Rige."),
        ("Articulo 6: Rige.", "Articulo 6", "Rige."),
        ("Artículo 7 Rige desde hoy.", "Artículo 7", "Rige desde hoy."),
        ("  Artículo 8.-Rige.", "Artículo 8", "Rige."),
        ("Artículo 1.234.- Rige.", "Artículo 1.234", "Rige."),
        ("**Artículo 9.** Rige.", "Artículo 9", "Rige."),
        ("__Art. 10º.-__ Rige.", "Art. 10º", "Rige."),
    ],
)
def test_an_article_is_known_by_each_way_of_writing_its_number(line, label, body):
    assert pieces_of(line, is_markdown="_" in line or "*" in line) == [Piece("article", label, "", body)]


@pytest.mark.parametrize(
    "line",
    [
        "Artículo 3 de la ley 25.000 no rige.",
        "Artículo 3, inciso b), queda así.",
        "Art. 5 y concordantes.",
        "Artículo por artículo.",
        "Título II de la Constitución dice otra cosa.",
        "Capítulo aparte merece esto.",
        "Anexo al presente va un plano.",
    ],
)
def test_a_sentence_that_only_names_an_article_begins_none(line):
    assert pieces_of(line) == [Piece("text", body=line)]


def test_a_law_as_it_is_pasted_becomes_its_titles_chapters_and_articles():
    text = """PROYECTO DE LEY

    TÍTULO I
    DISPOSICIONES GENERALES
    CAPÍTULO PRIMERO - Del objeto
    Artículo 1°.- Objeto. La ley cuida
    los árboles.
    ARTÍCULO 2º — Alcance. Rige en:
    a) plazas;
    b) veredas.
    SECCIÓN 1ª
    De las multas
    Art. 3: Multas. Son dos.
    Disposiciones transitorias
    Artículo 4. Vigencia. Mañana.
    ANEXO I
    Especies
    Jacarandá, ceibo y tipa."""

    assert kinds(text) == [
        ("text", "", ""),
        ("title", "TÍTULO I", "DISPOSICIONES GENERALES"),
        ("chapter", "CAPÍTULO PRIMERO", "Del objeto"),
        ("article", "Artículo 1°", "Objeto"),
        ("article", "ARTÍCULO 2º", "Alcance"),
        ("section", "SECCIÓN 1ª", "De las multas"),
        ("article", "Art. 3", "Multas"),
        ("title", "", "Disposiciones transitorias"),
        ("article", "Artículo 4", "Vigencia"),
        ("text", "ANEXO I", "Especies"),
    ]
    bodies = [piece.body for piece in pieces_of(text) if piece.kind == "article"]
    assert bodies[:2] == ["La ley cuida los árboles.", "Rige en:\n\na) plazas;\n\nb) veredas."]


def test_a_first_sentence_is_a_heading_only_where_most_articles_have_one():
    few = "Art. 1. Rige. Desde hoy.\nArt. 2. El Estado cuida los árboles.\nArt. 3. La multa es de dos salarios."
    assert {piece.heading for piece in pieces_of(few)} == {""}


def test_numbers_at_the_head_of_a_paragraph_are_words_of_the_text_and_not_a_list():
    body = pieces_of("Art. 1. Se hará:\n1. Esto.\n3. Aquello.")[0].body
    assert canonical(body) == "Se hará:\n\n1. Esto.\n\n3. Aquello."


def test_headings_of_markdown_are_parts_and_its_tables_and_code_stay_whole():
    text = (
        "# Ley\n\n## Introducción\n\nPor qué.\n\n## Artículo 1\n\n| a | b |\n|---|---|\n\n```\nArtículo 2.- No.\n```\n"
    )
    assert kinds(text) == [("title", "", "Ley"), ("text", "", "Introducción"), ("article", "Artículo 1", "")]
    assert "Artículo 2.- No." in pieces_of(text)[-1].body
    assert looks_like_markdown(text)


def test_hostile_texts_are_read_and_lose_no_word():
    for text in ("Artículo " * 20_000, "*" * 100_000, "# " * 50_000, "Título I " * 20_000, "Art. 1.\n" * 20_000,
                 "a\n" * 100_000, "**Art. 1" * 10_000, "1" * 200_000, "Artículo 1" + " " * 100_000,
                 "\n" * 200_000 + "x", "# a" + " " * 100_000 + "x"):  # fmt: skip
        parts = [part for piece in pieces_of(text) for part in (piece.label, piece.heading, piece.body)]
        assert "".join(word for part in parts for word in words(part)) == "".join(words(text))


@pytest.mark.parametrize("marks", ['""', "“”", "«»"])
def test_articles_that_a_law_quotes_of_another_one_stay_inside_its_own(marks):
    text = (
        "Artículo 1º.- Modifícanse los artículos 3 y 4 de la ley 5, que quedarán redactados así:\n"
        f"{marks[0]}Artículo 3°: Uno.\nArtículo 4°: Dos.{marks[1]}.\nArtículo 2º.- De forma."
    )
    found = pieces_of(text)
    assert [piece.label for piece in found] == ["Artículo 1º", "Artículo 2º"]
    assert "Artículo 4°: Dos" in found[0].body


def test_a_quotation_that_is_never_closed_swallows_nothing():
    found = pieces_of('Art. 1.- Dice:\n"Artículo 3°: Uno.\nArt. 2.- De forma.')
    assert [piece.label for piece in found] == ["Art. 1", "Art. 2"]


AMENDS = "Art. 5.- Sustitúyese el artículo 8 de la Ordenanza 1.234 por el siguiente:\n"


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (AMENDS + "Artículo 8.- Uno.\nArt. 6.- De forma.", ["Art. 5", "Art. 6"]),
        (AMENDS + "Artículo 8.- Uno.\nArtículo 9.- Dos.\nArt. 6.- De forma.", ["Art. 5", "Art. 6"]),
        (AMENDS + "Artículo 6.- Uno.\nArtículo 6.- De forma.", ["Art. 5", "Artículo 6"]),
        (AMENDS + "Artículo 8.- Uno.", ["Art. 5"]),
        (AMENDS + "Art. 6.- De forma.", ["Art. 5", "Art. 6"]),
        (AMENDS + "Artículo 8.- Uno.\nTÍTULO II\nFINAL\nArt. 6.- De forma.", ["Art. 5", "TÍTULO II", "Art. 6"]),
        ("Art. 5.- Definiciones. Se entiende por artículos los siguientes:\nArt. 8.- Uno.", ["Art. 5", "Art. 8"]),
    ],
    ids=["one", "several", "of the next number", "the last", "none comes", "a title comes", "announces no amendment"],
)  # fmt: skip
def test_articles_that_a_law_brings_into_another_one_without_marks_stay_inside_its_own(text, labels):
    found = pieces_of(text)
    assert [piece.label for piece in found] == labels
    assert "".join(words(text)) == "".join(
        word for piece in found for part in (piece.label, piece.heading, piece.body) for word in words(part)
    )
