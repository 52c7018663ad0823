"""An OpenDocument text, as LibreOffice writes it, becomes the parts of a draft; what is no text of it stays outside."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.refusals import InvalidInput
from consultations.documents.reading_files import read_upload
from consultations.documents.structure import pieces_of

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"), ("style", "style"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
        ("fo", "xsl-fo-compatible"), ("svg", "svg-compatible"),
    ]
)  # fmt: skip
NUMBERED = """
<text:list-style style:name="L1">
  <text:list-level-style-number text:level="1" style:num-prefix="Artículo "
    style:num-suffix="°.-" style:num-format="1"/>
  <text:list-level-style-number text:level="2" style:num-suffix=")" style:num-format="a"/>
</text:list-style>
<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>
<style:style style:name="T1" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>
"""


def odt(body, *, styles="", parts=()):
    """``styles``: automatic ones. parts: others, or other ones, by their names without ".xml"."""
    content = (
        f"<office:document-content {NAMESPACES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>"
    )
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        for name, part in ({"content": content} | dict(parts)).items():
            written.writestr(f"{name}.xml", part)
    return archive.getvalue()


def read(body, **more):
    return read_upload(SimpleUploadedFile("ley.odt", odt(body, **more)))


def test_its_headings_and_paragraphs_become_parts():
    given = read(
        '<text:h text:outline-level="1">TÍTULO I</text:h><text:p>Del objeto</text:p>'
        '<text:p>Artículo 1°.- <text:span text:style-name="T1">Objeto</text:span>. Rige<text:s text:c="3"/>ya.</text:p>'
        "<text:p>Artículo 2°.- Uno.<text:line-break/>Dos.</text:p>",
        styles=NUMBERED,
    )

    pieces = pieces_of(given.text, is_markdown=given.is_markdown)

    assert [(piece.kind, piece.label, piece.heading) for piece in pieces] == [
        ("title", "TÍTULO I", "Del objeto"),
        ("article", "Artículo 1°", ""),
        ("article", "Artículo 2°", ""),
    ]
    assert pieces[1].body == "**Objeto**. Rige ya."


def test_numbers_that_are_counted_by_themselves_are_words_and_bullets_stay_bullets():
    given = read(
        '<text:list text:style-name="L1"><text:list-item><text:p>Uno.</text:p>'
        "<text:list><text:list-item><text:p>inciso;</text:p></text:list-item>"
        "<text:list-item><text:p>otro.</text:p></text:list-item></text:list></text:list-item></text:list>"
        "<text:p>Suelto.</text:p>"
        '<text:list text:style-name="L1" text:continue-numbering="true"><text:list-item><text:p>Dos.</text:p>'
        "<text:list><text:list-item><text:p>de nuevo.</text:p></text:list-item></text:list>"
        "</text:list-item></text:list>"
        '<text:list text:style-name="L2"><text:list-item><text:p>Punto.</text:p></text:list-item></text:list>',
        styles=NUMBERED,
    )

    lines = [line.replace("\\", "") for line in given.text.split("\n") if line.strip()]

    assert lines == [
        "Artículo 1°.- Uno.", "a) inciso;", "b) otro.", "Suelto.", "Artículo 2°.- Dos.", "a) de nuevo.", "- Punto.",
    ]  # fmt: skip


def test_the_numbers_of_headings_that_the_text_counts_are_words():
    styles = (
        f"<office:document-styles {NAMESPACES}><office:styles><text:outline-style>"
        '<text:outline-level-style text:level="1" style:num-prefix="CAPÍTULO " style:num-format="I"/>'
        '<text:outline-level-style text:level="2" style:num-format=""/>'
        "</text:outline-style></office:styles></office:document-styles>"
    )
    given = read(
        '<text:h text:outline-level="1">Objeto</text:h><text:h text:outline-level="2">Sin número</text:h>'
        '<text:h text:outline-level="1">Multas</text:h>',
        parts={"styles": styles},
    )

    assert " ".join(given.text.split()) == "# CAPÍTULO I Objeto ## Sin número # CAPÍTULO II Multas"


def test_what_was_deleted_and_comments_and_indexes_are_no_part_of_it():
    given = read(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Borrado.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        "<text:table-of-content><text:index-body><text:p>Índice.</text:p></text:index-body></text:table-of-content>"
        "<text:p>Queda.<office:annotation><text:p>Nota interna.</text:p></office:annotation></text:p>"
    )

    assert given.text.strip() == "Queda."


def test_tables_pictures_and_notes():
    given = read(
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Zona</text:p></table:table-cell>"
        "<table:table-cell><text:p>Multa</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>Norte</text:p></table:table-cell><table:table-cell>"
        "<text:p>10</text:p></table:table-cell></table:table-row></table:table>"
        "<text:p>Rige<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Desde marzo.</text:p>"
        "</text:note-body></text:note> ya.<draw:frame><draw:image/><svg:title>Foto</svg:title></draw:frame></text:p>"
    )

    assert "| Zona | Multa |" in given.text
    assert "| Norte | 10 |" in given.text
    assert len(given.pictures) == 1
    assert "Foto" not in given.text
    plain = given.text.replace("\\", "")
    assert "Rige[1] ya." in plain
    assert "[1] Desde marzo." in plain


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (odt("", parts={"content": "<a"}), "docx_broken"),
        (odt("", parts={"content": '<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'}), "docx_broken"),
        (odt("", parts={"content": " " * (9 * 1024 * 1024)}), "docx_broken"),
        (odt("<text:section>" * 5_000 + "</text:section>" * 5_000 + "<text:p>x</text:p>"), "docx_broken"),
        (odt("<text:p>x</text:p>" * 70_000), "text_too_long"),
        (odt("").replace(b"mimetype", b"mimetypo"), "content_differs"),
    ],
)
def test_what_cannot_be_read_is_refused(content, code):
    with pytest.raises(InvalidInput) as refused:
        read_upload(SimpleUploadedFile("ley.odt", content))
    assert refused.value.code == code
