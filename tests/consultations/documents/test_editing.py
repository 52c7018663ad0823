"""The pages where editors write, import, compare and publish: what they keep, and what they refuse."""

import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Role
from consultations.documents.drafting import Part, create_document, parts_of, start_draft
from consultations.documents.publishing import publish_version
from tests.consultations.doors import logged_in
from tests.factories import fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db

LAW = """TÍTULO I
DISPOSICIONES GENERALES
Artículo 1°.- Objeto. El Estado protege el arbolado público de la ciudad.
Artículo 2°.- Registro. La comuna lleva un registro de cada ejemplar plantado.
Art. 3. Multas. Queda prohibido podar sin permiso de la autoridad de aplicación."""


@pytest.fixture
def agency():
    return make_agency("Ambiente")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def desk(editor):
    return logged_in(editor)


@pytest.fixture
def document(agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    parts = [Part(label=f"Artículo {n}", body=f"Dice {n}. Y sigue {n}.") for n in (1, 2, 3)]
    return create_document(consultation=consultation, actor=fresh(editor), title="Arbolado", articles=parts)


def address(name, document, *rest):
    return reverse(f"consultations:{name}", args=[document.pk, *rest])


def bodies(document):
    return [part.body for part in parts_of(document.versions.last())]


def published(document, editor):
    version = document.versions.last()
    version.document = document
    return publish_version(version=version, actor=fresh(editor), known_revision=version.revision)


def test_a_button_moves_merges_and_deletes_a_part(desk, document):
    first, second, third = parts_of(document.versions.get())
    edit = address("edit-document", document)
    desk.post(edit, {"act": f"down:{first.identity}", "revision": 0})
    assert bodies(document) == [second.body, first.body, third.body]

    desk.post(edit, {"act": f"merge:{third.identity}", "revision": 1})
    assert bodies(document) == [second.body, f"{first.body}\n\nArtículo 3\n\n{third.body}"]

    desk.post(edit, {"act": f"delete:{second.identity}", "revision": 2})
    assert len(bodies(document)) == 1


def test_the_second_editor_of_an_article_is_told_and_sees_both_texts(desk, agency, document):
    part = parts_of(document.versions.get())[0]
    edit = address("edit-article", document, part.identity)
    sent = {"kind": "article", "label": "Artículo 1", "revision": 0}
    logged_in(member(agency, Role.EDITOR)).post(edit, {**sent, "body": "Lo de la otra persona."})
    answer = desk.post(edit, {**sent, "body": "Lo mío, que me costó."})

    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Lo mío, que me costó." in html
    assert "Lo de la otra persona." in html
    assert desk.post(edit, {**sent, "body": "Lo mío, que me costó.", "revision": 1}).status_code == 302
    assert bodies(document)[0] == "Lo mío, que me costó."


def test_a_part_that_somebody_deleted_meanwhile_keeps_the_words_that_were_typed(desk, document):
    part = parts_of(document.versions.get())[0]
    desk.post(address("edit-document", document), {"act": f"delete:{part.identity}", "revision": 0})
    answer = desk.post(
        address("edit-article", document, part.identity), {"kind": "article", "body": "Lo mío.", "revision": 0}
    )

    assert answer.status_code in {400, 409}
    assert "Lo mío." in answer.content.decode()


def test_a_part_is_split_at_the_line_that_the_editor_draws_and_its_pieces_know_where_they_come_from(
    desk, document, editor
):
    published(document, editor)
    start_draft(document=document, actor=fresh(editor))
    part = parts_of(document.versions.last())[0]
    sent = {"kind": "article", "label": "Artículo 1", "body": "Uno.\n\n===\n\nDos.", "revision": 0, "split": "yes"}
    desk.post(address("edit-article", document, part.identity), sent)

    first, second, *_rest = parts_of(document.versions.last())
    assert (first.body, second.body) == ("Uno.", "Dos.")
    assert first.identity == part.identity != second.identity
    assert first.origins == second.origins == (part.identity,)


def test_a_part_is_added_where_the_editor_asks_for_it(desk, document):
    first = parts_of(document.versions.get())[0]
    add = address("add-article", document)
    desk.post(f"{add}?after={first.identity}", {"kind": "article", "body": "Nueva.", "revision": 0})
    desk.post(add, {"kind": "title", "label": "Título I", "revision": 1})

    assert [part.label or part.body for part in parts_of(document.versions.get())][:3] == [
        "Título I",
        "Artículo 1",
        "Nueva.",
    ]


def test_a_pasted_law_is_shown_in_parts_and_saved_only_when_the_editor_says_so(desk, document):
    before = bodies(document)
    answer = desk.post(address("import-text", document), {"text": LAW})

    html = answer.content.decode()
    assert 'value="Artículo 1°"' in html
    assert 'value="Registro"' in html
    assert bodies(document) == before

    desk.post(address("import-text", document), form_of(answer))
    assert [part.label for part in parts_of(document.versions.get())] == [
        "TÍTULO I", "Artículo 1°", "Artículo 2°", "Art. 3",
    ]  # fmt: skip


def form_of(answer):
    """What a browser would send of the preview as it stands."""
    rows = answer.context["rows"]
    fields = {"revision": answer.context["revision"]}
    for n, row in enumerate(rows):
        part = row.part
        fields |= {f"kind_{n}": part.kind, f"label_{n}": part.label, f"heading_{n}": part.heading,
                   f"body_{n}": part.body, f"follows_{n}": row.follows}  # fmt: skip
    return fields


def test_a_text_of_hundreds_of_parts_is_saved_from_its_preview(desk, document):
    law = "\n".join(f"Artículo {n}.- Dice {n} veces que sí." for n in range(1, 301))
    shown = desk.post(address("import-text", document), {"text": law})

    assert desk.post(address("import-text", document), form_of(shown)).status_code == 302
    assert len(bodies(document)) == 300


def test_throwing_a_draft_away_twice_begins_no_new_one(desk, document, editor):
    published(document, editor)
    desk.post(address("edit-document", document), {"act": "begin"})
    for _press in range(2):
        desk.post(address("edit-document", document), {"act": "discard", "revision": 0})

    assert document.versions.get().is_published


def test_the_preview_merges_splits_and_leaves_out_and_saves_nothing_meanwhile(desk, document):
    page = address("import-text", document)
    shown = desk.post(page, {"text": LAW})
    shown = desk.post(page, {**form_of(shown), "act": "merge:3"})
    assert [row.part.label for row in shown.context["rows"]] == ["TÍTULO I", "Artículo 1°", "Artículo 2°"]
    assert "Queda prohibido" in shown.context["rows"][2].part.body

    shown = desk.post(page, {**form_of(shown), "act": "split:2"})
    assert [row.part.label for row in shown.context["rows"]][-1] == "Art. 3"

    shown = desk.post(page, {**form_of(shown), "act": "leave-out:0"})
    assert len(shown.context["rows"]) == 3
    assert len(bodies(document)) == 3
    assert bodies(document)[0].startswith("Dice 1")


def test_an_imported_version_goes_on_with_the_articles_of_the_published_one(desk, document, editor):
    desk.post(address("import-text", document), form_of(desk.post(address("import-text", document), {"text": LAW})))
    old = parts_of(published(document, editor))
    text = (
        LAW.replace("cada ejemplar", "todo árbol").replace("Artículo 2°", "Artículo 3°").replace("Art. 3.", "Art. 2.")
    )
    shown = desk.post(address("import-text", document), {"text": text})
    assert [row.follows for row in shown.context["rows"]] == ["1", "2", "3", "4"]

    fields = {**form_of(shown), "follows_3": ""}
    desk.post(address("import-text", document), fields)
    new = parts_of(document.versions.last())
    assert [part.identity for part in new[:3]] == [part.identity for part in old[:3]]
    assert new[3].identity not in {part.identity for part in old}
    assert new[3].origins == ()


def test_an_earlier_part_that_the_new_text_leaves_behind_is_named(desk, document, editor):
    published(document, editor)
    shown = desk.post(address("import-text", document), {"text": "Artículo 1.- Dice 1. Y sigue 1."})
    assert shown.context["left_behind"] == ["2 · Artículo 2", "3 · Artículo 3"]


def test_an_import_over_a_draft_that_somebody_changed_meanwhile_is_refused_with_its_text(desk, document):
    shown = desk.post(address("import-text", document), {"text": LAW})
    first = parts_of(document.versions.get())[0]
    desk.post(address("edit-document", document), {"act": f"down:{first.identity}", "revision": 0})
    answer = desk.post(address("import-text", document), form_of(shown))

    assert answer.status_code == 409
    assert "Queda prohibido podar" in answer.content.decode()
    assert len(bodies(document)) == 3


@pytest.mark.parametrize(
    "fields",
    [
        {"kind_0": "poem", "body_0": "x"},
        {"kind_0": "article", "body_0": ""},
        {"kind_0": "article", "body_0": "x", "follows_0": "9"},
        {"kind_0": "article", "body_0": "x", "act": "merge:0"},
        {"kind_0": "article", "body_0": "x", "act": "split:9"},
        {"kind_0": "article", "body_0": "x", "act": "split:²"},
        {"kind_0": "article", "body_0": "x" * 50_001},
    ],
)
def test_a_preview_that_cannot_be_saved_says_why_and_keeps_what_was_typed(desk, document, fields):
    answer = desk.post(address("import-text", document), {"revision": 0, **fields})
    assert answer.status_code == 400
    assert len(bodies(document)) == 3


RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="{}"/>'
    "</Relationships>"
)
ANOTHER_TEXT = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>'
    "Otro.</w:t></w:r></w:p></w:body></w:document>"
)


def docx(paragraphs, **parts):
    """A small Word document; ``parts`` replace or add files of its archive."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r>{"<w:rPr><w:b/></w:rPr>" if style == "b" else ""}'
        f'<w:t xml:space="preserve">{words}</w:t></w:r></w:p>'
        for style, words in paragraphs
    )
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{body}</w:body></w:document>",
    } | parts
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return archive.getvalue()


def send(desk, document, name, content):
    return desk.post(address("import-text", document), {"file": SimpleUploadedFile(name, content)})


def test_a_word_document_becomes_its_parts(desk, document):
    content = docx([("b", "TÍTULO I"), ("", "Del objeto"), ("b", "Artículo 1°.- Objeto."), ("", "1. Rige *ya*.")])
    rows = send(desk, document, "ley.docx", content).context["rows"]

    assert [(row.part.kind, row.part.label, row.part.heading) for row in rows] == [
        ("title", "TÍTULO I", "Del objeto"),
        ("article", "Artículo 1°", "Objeto."),
    ]
    assert re.sub(r"\\", "", rows[1].part.body) == "1. Rige *ya*."


def test_a_word_document_is_read_from_the_parts_that_were_looked_at(desk, document):
    """Any other part could unpack to gigabytes, or define entities."""
    content = docx([("", "Uno.")], **{"_rels/.rels": RELATION.format("big.dat"), "big.dat": ANOTHER_TEXT})
    rows = send(desk, document, "ley.docx", content).context["rows"]

    assert [row.part.body for row in rows] == ["Uno."]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("ley.docx", b"PK\x03\x04 nothing"),
        ("ley.docx", docx([("", "x")])[:300]),
        ("ley.docx", docx([], **{"word/document.xml": "<a"})),
        ("ley.docx", docx([], **{"word/document.xml": '<!DOCTYPE a [<!ENTITY b "cc">]><a>&b;</a>'})),
        ("ley.docx", docx([], **{"word/document.xml": b" " * (9 * 1024 * 1024)})),
        ("ley.docx", docx([("", "x")] * 40_000)),  # of a few kilobytes, and half a minute's work
        ("ley.docx", docx([("", "x")], **{"word/vbaProject.bin": b"x"})),
        ("ley.pdf", b"%PDF-1.4"),
        ("ley.txt", b"\x00\x01\x02"),
        ("ley.docx", docx([("", "<w:r>" * 3000 + "</w:r>" * 3000)])),
        ("ley.md", b"x" * (5 * 1024 * 1024 + 1)),
        ("ley.md", b"   \n"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(desk, document, name, content):
    answer = send(desk, document, name, content)
    assert answer.status_code == 400
    assert answer.context["form"].errors
    assert len(bodies(document)) == 3


def test_the_page_before_publishing_says_what_changes_and_publishes_with_a_summary(desk, document, editor):
    published(document, editor)
    start_draft(document=document, actor=fresh(editor))
    part = parts_of(document.versions.last())[0]
    desk.post(
        address("edit-article", document, part.identity),
        {"kind": "article", "label": "Artículo 1", "body": "Dice otra cosa.", "revision": 0},
    )
    page = desk.get(address("publish-version", document)).content.decode()
    assert "1 part changed" in page
    assert "2 parts unchanged" in page

    desk.post(address("publish-version", document), {"revision": 1, "summary": "Por las lluvias."})
    version = document.versions.last()
    assert version.is_published
    assert version.summary == "Por las lluvias."
    assert desk.post(address("publish-version", document), {"revision": 1}).status_code == 302
    assert document.versions.filter(published_at__isnull=False).count() == 2


def test_comparing_shows_what_went_and_what_came_with_a_link_to_each_change(client, desk, document, editor):
    published(document, editor)
    start_draft(document=document, actor=fresh(editor))
    part = parts_of(document.versions.last())[0]
    desk.post(
        address("edit-article", document, part.identity),
        {"kind": "article", "label": "Artículo 1", "body": "Dice <b>otra</b> cosa.", "revision": 0},
    )
    published(document, editor)

    for view in ("", "?view=side"):
        html = client.get(address("compare", document, 1, 2) + view).content.decode()
        assert f'id="change-{part.identity}"' in html
        assert "<del>" in html
        assert "<ins>" in html
        assert "<b>otra" not in html
    assert client.get(address("compare", document, 2, 1)).status_code == 302


def test_a_text_of_three_hundred_parts_comes_through_its_preview(desk, document):
    text = "\n".join(f"Artículo {n}.- Dice {n}." for n in range(1, 301))
    shown = desk.post(address("import-text", document), {"text": text})

    assert desk.post(address("import-text", document), form_of(shown)).status_code == 302
    assert len(bodies(document)) == 300


def test_no_name_of_a_text_or_a_part_turns_the_words_around_it(desk, document):
    consultation = document.consultation
    desk.post(f"/consultations/{consultation.slug}/documents/new/", {"title": "Ley\u202e de árboles\u200b"})
    desk.post(address("add-article", document), {"kind": "article", "label": "Artículo\u202e 9", "revision": 0})

    assert consultation.documents.last().title == "Ley de árboles"
    assert document.versions.last().articles.first().label == "Artículo 9"
