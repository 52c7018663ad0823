"""Draft texts in the API and in the open data: published versions, whole, and nothing of a draft."""

import csv
import io
import json

import pytest

from tests.exports.reading import download
from tests.factories import make_agency, make_consultation, make_document, new_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def document():
    found = make_document(make_consultation(make_agency("Ambiente"), slug="arbolado", now_in="discussion"))
    new_version(found, ["Una sola frase."])
    new_version(found, ["Secreto."], published=False)
    return found


def test_a_document_lists_its_published_versions_and_each_is_whole(client, document):
    listed = client.get("/api/v1/documents/?consultation=arbolado").json()["results"]
    assert [version["number"] for version in listed[0]["versions"]] == [1, 2]

    whole = client.get(f"/api/v1/documents/{document.pk}/versions/2/").json()
    article = document.versions.get(number=2).articles.get()
    assert [row["text"] for row in whole["articles"]] == ["Una sola frase."]
    assert whole["articles"][0]["origins"] == [str(article.identity)]


def test_a_document_of_which_nothing_is_published_is_in_no_list(client, document):
    hidden = make_document(document.consultation, published=False)
    assert hidden.pk not in {row["id"] for row in client.get("/api/v1/documents/").json()["results"]}


@pytest.mark.parametrize("number", ["3", "0", "99999"])
def test_a_version_that_is_not_published_is_not_found(client, document, number):
    assert client.get(f"/api/v1/documents/{document.pk}/versions/{number}/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_tables_carry_every_published_article_with_where_it_comes_from(document):
    rows = list(csv.DictReader(io.StringIO(download("/consultations/arbolado/data/text_articles.csv").body.decode())))

    assert {row["version"] for row in rows} == {"1", "2"}
    assert json.loads(rows[-1]["origins"]) == [rows[0]["identity"]]
    assert "Secreto." not in {row["body"] for row in rows}

    versions = json.loads(download("/consultations/arbolado/data/text_versions.json").body)
    assert [row["version"] for row in versions["rows"]] == [1, 2]
