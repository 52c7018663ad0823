"""The reply report: the page, the document and the table, and what is never in them."""

import csv
import io
import re

import docx
import pytest

from accounts.models import Role
from comments.dispositions import report_docx
from comments.dispositions.exports import DISPOSITIONS
from comments.dispositions.giving import give_disposition
from comments.moderation.moderating import hide
from consultations.clock import database_now
from tests.comments.dispositions.making import annotate
from tests.exports.reading import copied, download
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation, member
from tests.factories.documents import make_document, new_version

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    """Four contributions, three of them answered, and three that are out of sight."""
    found = make_consultation(make_agency("Obras"), now_in="over")
    found.editor = member(found.agency, Role.EDITOR)
    document = make_document(found)
    ana = UserFactory(name="Ana")
    found.comment = CommentFactory(consultation=found, author=ana, body="Falta **sombra**.")
    found.remark = annotate(document.versions.get().articles.first(), ana, body="No se entiende.")
    found.proposal = ProposalFactory(consultation=found, author=ana, title="Un vivero", body="Con plantines.")
    found.open = CommentFactory(consultation=found, author=UserFactory(), body="=1+1 y nada más.")
    changed = new_version(document, ["Otro texto."]).articles.get()
    give(found, [found.remark], "taken", "Lo reescribimos.", article=changed)
    give(found, [found.comment], "not_taken", "No hay dinero.")
    give(found, [found.proposal], "already_covered", "Ya está en el plan.")
    hidden = CommentFactory(consultation=found, author=ana, body="PALABROTA")
    give(found, [hidden], "out_of_scope", "REPITE LA PALABROTA")
    hide(target=hidden, actor=member(found.agency, Role.MODERATOR), reason="Insulta.")
    CommentFactory(consultation=found, author=ana, body="EN ESPERA", held_at=database_now())
    ProposalFactory(consultation=found, author=ana, title="RETIRADA", withdrawn_at=database_now())
    return found


def give(consultation, contributions, kind, reason, **more):
    give_disposition(contributions=contributions, actor=consultation.editor, kind=kind, reason=reason, **more)


NEVER = ("PALABROTA", "EN ESPERA", "RETIRADA")


def page(client, consultation, **asked):
    return client.get(f"/consultations/{consultation.slug}/report/", asked).content.decode()


def said(html):
    return re.findall(r'<tr id="([a-z]+)-\d+">', html)


def test_anybody_reads_each_contribution_with_what_became_of_it(client, consultation):
    html = page(client, consultation)

    assert said(html) == ["comment", "annotation", "proposal", "comment"]
    for words in ("Falta <strong>sombra</strong>.", "No hay dinero.", "Un vivero", "Ya está en el plan.", "Ana"):
        assert words in html
    assert consultation.remark.annotation.exact in html
    assert "Artículo 1, version 2 of" in html
    assert "Obras received 4 contributions, 1 without an answer yet." in html


def test_nothing_that_is_out_of_sight_is_in_it_but_its_number(client, consultation):
    html = page(client, consultation)
    for words in NEVER:
        assert words not in html
    assert "Besides, 2 were hidden by a moderator or taken back" in html


def test_the_totals_are_a_table_too(client, consultation):
    html = page(client, consultation)
    (table,) = re.findall(r'<table class="table"><thead>.*?</table>', html, re.S)
    rows = re.findall(
        r"<th scope=\"row\">(.*?)</th><td class=\"number\">(\d+)</td><td class=\"number\">(.*?)</td>", table
    )
    assert rows == [
        ("Taken", "1", "25.0%"), ("Taken in part", "0", "0.0%"), ("Not taken", "1", "25.0%"),
        ("Out of scope", "0", "0.0%"), ("Already covered", "1", "25.0%"), ("Without an answer", "1", "25.0%"),
    ]  # fmt: skip


def test_it_is_filtered_and_goes_on_page_by_page(client, consultation):
    assert said(page(client, consultation, fate="not_taken")) == ["comment"]
    assert said(page(client, consultation, kind="proposal", fate="already_covered")) == ["proposal"]
    assert said(page(client, consultation, q="vivero")) == ["proposal"]
    for _ in range(60):
        CommentFactory(consultation=consultation, author=UserFactory())
    first = page(client, consultation)
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = client.get(f"/consultations/{consultation.slug}/report/{following}").content.decode()
    assert (len(said(first)), len(said(second))) == (50, 14)


def test_it_costs_twelve_queries_at_most(client, consultation, django_assert_max_num_queries):
    client.force_login(UserFactory())
    with django_assert_max_num_queries(12):
        page(client, consultation, q="a")


def test_a_private_one_is_for_those_who_see_the_consultation(client):
    consultation = make_consultation(make_agency("Obras"), visibility="private")
    client.force_login(UserFactory())
    for ending in ("report/", "report.docx", "report.csv"):
        assert client.get(f"/consultations/{consultation.slug}/{ending}").status_code == 404


def test_without_contributions_it_says_so(client):
    html = page(client, make_consultation(make_agency("Obras")))
    assert "Nobody has contributed yet" in html


# --- The document


def test_the_document_has_the_totals_and_a_row_for_each_contribution(client, consultation):
    answer = client.get(f"/consultations/{consultation.slug}/report.docx")
    totals, table = docx.Document(io.BytesIO(answer.content)).tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]

    assert answer["Content-Disposition"] == f'attachment; filename="{consultation.slug}-report.docx"'
    assert [cell.text for cell in totals.rows[1].cells][:2] == ["Taken", "1"]
    assert len(rows) == 5
    assert rows[1][0].startswith(f"Comment {consultation.comment.pk}")
    assert rows[1][2:] == ["Falta sombra.", "Not taken\nNo hay dinero."]
    assert consultation.remark.annotation.exact in rows[2][1]
    assert rows[2][3].startswith("Taken\nLo reescribimos.\nSee the change: Artículo 1, version 2")
    assert rows[4][3] == "Without an answer"
    for words in NEVER:
        assert words not in str(rows)


def test_signs_that_xml_does_not_know_do_not_break_the_document(consultation):
    CommentFactory(consultation=consultation, author=UserFactory(), body="Una \x0b rareza\x1f.")
    table = docx.Document(io.BytesIO(report_docx.document_of(consultation))).tables[1]
    assert "rareza" in table.rows[-1].cells[2].text


# --- The table


def table_of(consultation, *, personal=False):
    columns = DISPOSITIONS.columns_for(personal=personal)
    lines = copied(DISPOSITIONS.extract(consultation, consultation.editor).rows, columns).decode()
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in csv.reader(io.StringIO(lines))]


def test_the_table_has_every_contribution_with_its_answer(consultation):
    comment, remark, proposal, unanswered = table_of(consultation)

    assert (comment["kind"], comment["number"]) == ("comment", str(consultation.comment.pk))
    assert (comment["disposition"], comment["reason"]) == ("not_taken", "No hay dinero.")
    assert (remark["kind"], remark["version"], remark["article"]) == ("annotation", "1", "Artículo 1")
    assert (remark["quote"], remark["change_version"]) == (consultation.remark.annotation.exact, "2")
    assert (proposal["title"], proposal["text"]) == ("Un vivero", "Con plantines.")
    assert comment["author"] == remark["author"] != unanswered["author"]
    assert unanswered["disposition"] == ""
    assert "author_name" not in comment


def test_what_a_spreadsheet_would_run_is_not_in_the_table(consultation):
    assert table_of(consultation)[3]["text"] == "'=1+1 y nada más."


def test_the_table_says_no_word_that_is_out_of_sight(consultation):
    assert not any(words in str(table_of(consultation)) for words in NEVER)


def test_names_are_for_those_who_may_export_them(consultation):
    assert table_of(consultation, personal=True)[0]["author_name"] == "Ana"


@pytest.mark.django_db(transaction=True)
def test_the_table_comes_at_the_address_of_the_report(consultation):
    answer = download(f"/consultations/{consultation.slug}/report.csv")
    assert answer.status_code == 200
    assert "No hay dinero." in answer.body.decode()
    assert answer["Content-Disposition"] == f'attachment; filename="{consultation.slug}-dispositions.csv"'


def test_a_character_that_documents_cannot_hold_breaks_no_report(client, consultation):
    type(consultation).objects.filter(pk=consultation.pk).update(title="Un\x0b título")
    type(consultation.agency).objects.filter(pk=consultation.agency.pk).update(name="Obras\x01")

    answer = client.get(f"/consultations/{consultation.slug}/report.docx")

    assert docx.Document(io.BytesIO(answer.content)).core_properties.title.endswith("Un título")
