"""A version to take along, in three forms, with what people annotated or without."""

import io
import re

import docx
import pytest
from django.urls import reverse

from comments.annotations.annotating import annotate
from consultations.documents.drafting import Part, create_document
from consultations.documents.publishing import publish_version
from consultations.documents.structure import pieces_of
from tests.factories import UserFactory, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db

PARTS = [
    Part("title", "TÍTULO I", "Del objeto"),
    Part("article", "Artículo 1", "Objeto", "La ley **cuida** los árboles & las plazas.\n\n- Uno\n- Dos <b>"),
    Part("article", "Artículo 2", "", "Segundo\x0bpárrafo."),
]


@pytest.fixture
def document():
    agency = make_agency("Ambiente")
    editor = member(agency, "editor")
    consultation = make_consultation(agency, now_in="discussion")
    found = create_document(consultation=consultation, actor=fresh(editor), title="Árboles: v/1", articles=PARTS)
    publish_version(version=found.versions.get(), actor=fresh(editor), known_revision=0)
    return found


@pytest.fixture
def annotation(document):
    article = document.versions.get().articles.get(label="Artículo 1")
    return annotate(
        article=article,
        actor=UserFactory(name="Ana Ruiz"),
        start=0,
        end=6,
        exact="La ley",
        purpose="suggest",
        body="Mejor *así*. <script>",
        suggestion="Esta ley",
    )


def get(client, document, suffix, query=""):
    return client.get(reverse("consultations:download", args=[document.pk, 1, suffix]) + query)


def test_the_markdown_comes_back_in_as_the_same_articles(client, document):
    text = get(client, document, "md").content.decode()
    found = [(piece.kind, piece.label, piece.heading) for piece in pieces_of(text, is_markdown=True)]

    assert found[1:] == [
        ("title", "TÍTULO I", "Del objeto"),
        ("article", "Artículo 1", "Objeto"),
        ("article", "Artículo 2", ""),
    ]
    assert "La ley **cuida**" in text
    assert reverse("consultations:version", args=[document.pk, 1]) in text


def test_the_word_document_has_its_headings_paragraphs_and_bold_words(client, document):
    written = docx.Document(io.BytesIO(get(client, document, "docx").content))
    words = [paragraph.text for paragraph in written.paragraphs]

    assert words[2:] == ["TÍTULO I Del objeto", "Artículo 1 Objeto", "La ley cuida los árboles & las plazas.", "Uno",
                         "Dos <b>", "Artículo 2", "Segundopárrafo."]  # fmt: skip
    assert [run.text for paragraph in written.paragraphs for run in paragraph.runs if run.bold] == ["cuida"]
    assert written.paragraphs[5].style.name == "List Bullet"


@pytest.mark.parametrize("suffix", ["md", "html", "docx"])
def test_annotations_come_along_only_where_they_are_asked_for(client, document, annotation, suffix):
    def words(query):
        content = get(client, document, suffix, query).content
        if suffix != "docx":
            return content.decode()
        return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)

    assert "Ana Ruiz" not in words("")
    told = words("?annotations=1")
    assert "Ana Ruiz" in told
    assert "“La ley”" in told
    assert "“Esta ley”" in told


def test_the_page_that_is_saved_runs_nothing_and_loads_nothing(client, document, annotation):
    html = get(client, document, "html", "?annotations=1").content.decode()

    assert "<script" not in html
    assert not re.search(r"<(link|img|iframe)", html)
    answer = get(client, document, "html")
    assert answer["Content-Disposition"].startswith("attachment")


def test_a_held_annotation_is_in_no_file(client, document, annotation):
    annotation.held_at = annotation.created_at
    annotation.save(update_fields=["held_at"])
    assert "Ana Ruiz" not in get(client, document, "md", "?annotations=1").content.decode()


def test_another_form_is_not_found(client, document):
    assert get(client, document, "exe").status_code == 404
