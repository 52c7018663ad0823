"""Numbers that a word processor writes by itself: a legal office does not type "Artículo 1" a hundred times."""

import io

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from accounts.refusals import InvalidInput
from consultations.documents.reading_files import read_upload, with_notes_apart
from consultations.documents.structure import pieces_of

CHAPTER, ARTICLE, ITEM = 0, 1, 2
LAW = ((CHAPTER, "upperRoman", "CAPÍTULO %1"), (ARTICLE, "decimal", "Artículo %2°.-"), (ITEM, "lowerLetter", "%3)"))


def levels(*rows, extra=""):
    return "".join(
        f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/>{extra if at == ARTICLE else ""}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for at, shape, text in rows
    )


class Paper:
    """A .docx with lists of its own, written line by line."""

    def __init__(self):
        self.word = docx.Document()
        self.numbering = self.word.part.numbering_part.element

    def define(self, number, inside, *, override=""):
        """A definition and a list that uses it, both with this number."""
        shape = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">{inside}</w:abstractNum>')
        first = self.numbering.find("{*}num")
        first.addprevious(shape) if first is not None else self.numbering.append(shape)
        self.use(number, number, override)

    def use(self, number, shape, override=""):
        self.numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{shape}"/>{override}</w:num>')
        )

    def line(self, words, number=None, level=0, style=None):
        paragraph = self.word.add_paragraph(words, style=style)
        if number is not None:
            paragraph._p.get_or_add_pPr().append(named(number, level))

    def read(self):
        file = io.BytesIO()
        self.word.save(file)
        return read_upload(SimpleUploadedFile("ley.docx", file.getvalue())).text

    def pieces(self):
        return [(piece.kind, piece.label, piece.body) for piece in pieces_of(self.read(), is_markdown=True)]


def named(number, level):
    return parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


@pytest.fixture
def paper():
    return Paper()


def test_numbered_articles_and_items_become_the_structure_they_show(paper):
    paper.define(90, levels(*LAW, extra='<w:lvlRestart w:val="0"/>'))
    for words, level in (
        ("Del arbolado", CHAPTER), ("Rige en toda la ciudad, y comprende:", ARTICLE), ("los árboles;", ITEM),
        ("los jardines.", ITEM),
        ("De las multas", CHAPTER), ("La multa es de diez módulos;", ARTICLE), ("si reincide, veinte.", ITEM),
    ):  # fmt: skip
        paper.line(words, 90, level)

    assert paper.pieces() == [
        ("chapter", "CAPÍTULO I", ""),
        ("article", "Artículo 1°", "Rige en toda la ciudad, y comprende:\n\na) los árboles;\n\nb) los jardines."),
        ("chapter", "CAPÍTULO II", ""),
        ("article", "Artículo 2°", "La multa es de diez módulos;\n\na) si reincide, veinte."),
    ]


def test_a_number_that_comes_with_the_style_of_a_heading_is_read_too(paper):
    bound = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:pStyle w:val="Heading1"/><w:lvlText w:val="Artículo %1."/>'
    paper.define(91, f"{bound}</w:lvl>")
    properties = paper.word.styles["Heading 1"].element.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:numId w:val="91"/></w:numPr>'))
    for heading, words in (("Objeto", "Cuidar."), ("Alcance", "Toda la ciudad.")):
        paper.line(heading, style="Heading 1")
        paper.line(words)

    assert paper.pieces() == [("article", "Artículo 1", "Cuidar."), ("article", "Artículo 2", "Toda la ciudad.")]


def test_a_list_that_begins_anew_does_and_one_that_goes_on_does(paper):
    paper.define(92, levels((0, "decimal", "Artículo %1.")))
    paper.use(93, 92)
    paper.use(94, 92, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="7"/></w:lvlOverride>')
    for number, words in ((92, "Uno."), (93, "Dos."), (94, "Siete."), (94, "Ocho.")):
        paper.line(words, number)

    assert [label for _, label, _ in paper.pieces()] == ["Artículo 1", "Artículo 2", "Artículo 7", "Artículo 8"]


def test_bullets_stay_a_list_and_what_has_no_number_gets_none(paper):
    paper.define(95, levels((0, "bullet", "•")))
    paper.line("Sin número.")
    paper.line("tilos", 95)
    paper.line("jacarandás", 95)
    paper.line("Tampoco.", 0)

    assert paper.read().strip() == "Sin número.\n\n- tilos\n- jacarandás\n\nTampoco."


def test_styles_that_build_on_one_another_in_a_ring_are_read_to_an_end(paper):
    paper.define(96, levels((0, "decimal", "%1)")))
    for name, base in (("Heading 2", "Heading3"), ("Heading 3", "Heading2")):
        paper.word.styles[name].element.find("{*}basedOn").set(
            "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val", base
        )
    paper.line("En ronda", style="Heading 2")
    assert "En ronda" in paper.read()


def test_a_numbering_that_is_no_xml_is_refused_with_a_sentence(paper, monkeypatch):
    paper.define(97, levels((0, "decimal", "%1)")))
    monkeypatch.setattr("consultations.documents.numbering.parse_xml", lambda xml: parse_xml(b"<broken"))
    with pytest.raises(InvalidInput, match="docx_broken"):
        paper.read()


def test_footnotes_are_a_part_of_their_own_and_their_numbers_stay_where_they_were():
    """The HTML is what mammoth makes of a .docx with a footnote; python-docx writes none."""
    html = (
        '<p>Artículo 1°.- La tasa es de diez.<sup><a href="#footnote-2" id="footnote-ref-2">[1]</a></sup></p>'
        "<p>Artículo 2°.- De forma.</p>"
        '<ol><li id="footnote-2"><p>Según la ley 10. <a href="#footnote-ref-2">↑</a></p></li></ol>'
    )
    with translation.override("es-ar"):
        apart = with_notes_apart(html)
    assert apart == (
        "<p>Artículo 1°.- La tasa es de diez.<sup>[1]</sup></p><p>Artículo 2°.- De forma.</p>"
        '<h6>Notas</h6><ol><li id="footnote-2"><p>Según la ley 10.</p></li></ol>'
    )
