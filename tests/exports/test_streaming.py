import csv
import gzip
import io
import json

import pytest

from tests.exports.reading import download
from tests.factories import CommentFactory, UserFactory, make_consultation

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def consultation():
    return make_consultation(title="Plan de arbolado")


def test_csv_has_a_head_and_one_row_per_comment(consultation):
    author = UserFactory()
    CommentFactory(consultation=consultation, author=author, body='¿Y los «árboles»?\nSí, "todos".')

    response = download("/consultations/plan-de-arbolado/data/comments.csv")

    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert response["Content-Disposition"] == 'attachment; filename="plan-de-arbolado-comments.csv"'
    [row] = csv.DictReader(io.StringIO(response.body.decode(), newline=""))
    assert row["body"] == '¿Y los «árboles»?\nSí, "todos".'
    assert row["is_official"] == "false"


def test_json_says_what_it_is_and_has_the_same_rows(consultation):
    CommentFactory(consultation=consultation, body="Sí")
    CommentFactory(consultation=consultation, body="=1+1")

    response = download("/consultations/plan-de-arbolado/data/comments.json")

    data = json.loads(response.body)
    assert response["Content-Type"] == "application/json"
    assert [row["body"] for row in data["rows"]] == ["Sí", "=1+1"]
    assert data["meta"]["table"] == "comments"
    assert list(data["rows"][0]) == [column["name"] for column in data["meta"]["columns"]]


def test_a_table_without_rows_is_a_whole_file(consultation):
    assert json.loads(download("/consultations/plan-de-arbolado/data/comments.json").body)["rows"] == []
    assert download("/consultations/plan-de-arbolado/data/comments.csv").body.count(b"\r\n") == 1


def test_what_is_compressed_is_one_gzip_file(consultation):
    CommentFactory.create_batch(3, consultation=consultation)
    path = "/consultations/plan-de-arbolado/data/comments.csv"

    response = download(path, accept_encoding="gzip")

    assert response["Content-Encoding"] == "gzip"
    assert gzip.decompress(response.body) == download(path).body
    assert response.body.count(b"\x1f\x8b\x08") == 1
