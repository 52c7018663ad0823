"""Pictures of a .docx are not brought in, and the preview says how many and where."""

from io import BytesIO

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.models import Role
from tests.consultations.doors import logged_in, words
from tests.factories import make_agency, make_consultation, make_document, member


@pytest.fixture
def agency(db):
    return make_agency("Ambiente")


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, now_in="discussion")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


def test_an_editor_is_told_how_many_pictures_of_a_docx_were_left_behind_and_where(consultation, editor):
    document = make_document(consultation, published=False)
    client = logged_in(editor)

    page = client.post(f"/documents/{document.pk}/import/", {"text": "", "file": law_with_pictures()})

    text = words(page)
    assert "3 pictures were left behind. They stood in: Artículo 1, Artículo 3 (2)." in text
    assert "\uffff" not in text
    assert page.context["rows"][1].part.body == "Nada."
    merged = client.post(f"/documents/{document.pk}/import/", typed(page) | {"act": "merge:2"})
    assert "3 pictures were left behind. They stood in: Artículo 1, Artículo 2 (2)." in words(merged)


def law_with_pictures():
    """A picture in the line of article 1; in article 3 one before its number, in bold, and one in a line of its own."""
    word = docx.Document()
    first = word.add_paragraph("Artículo 1.- Plano: ")
    first.add_run().add_picture(picture())
    word.add_paragraph("Artículo 2.- Nada.")
    third = word.add_paragraph()
    third.add_run().add_picture(picture())
    third.runs[0].bold = True
    third.add_run("Artículo 3.- Escudo.")
    word.add_picture(picture())
    file = BytesIO()
    word.save(file)
    return SimpleUploadedFile("ley.docx", file.getvalue())


def picture():
    file = BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    file.seek(0)
    return file


def typed(page):
    """The form of a preview as it would be sent."""
    rows = enumerate(page.context["rows"])
    sent = {"revision": page.context["revision"]}
    for n, row in rows:
        part = row.part
        sent |= {f"kind_{n}": part.kind, f"label_{n}": part.label, f"heading_{n}": part.heading, f"body_{n}": part.body}
        sent |= {f"pictures_{n}": row.pictures}
    return sent
