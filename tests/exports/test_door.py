"""The door to the files: who gets which, and what a refusal looks like to a program and to a browser."""

import csv
import io
import json
from datetime import datetime

import pytest

from accounts.models import AuditEntry, Role
from consultations.open_data.tables import all_tables
from tests.api.conftest import problem
from tests.exports.reading import download
from tests.factories import CommentFactory, UserFactory, make_agency, make_consultation, make_poll, member


@pytest.fixture
def agency(db):
    return make_agency("Obras")


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, now_in="voting", title="Plan")


def test_no_file_of_a_private_consultation_differs_from_one_of_none(client, agency):
    make_consultation(agency, now_in="voting", title="Secreta", visibility="private")
    for person in [None, UserFactory(), make_agency("Salud").owner]:
        if person:
            client.force_login(person)
        for table in [*(table.name for table in all_tables()), "nothing"]:
            for suffix in ["csv", "json", "csv?personal=1"]:
                hidden, absent = (client.get(f"/consultations/{s}/data/{table}.{suffix}") for s in ("secreta", "nada"))
                assert hidden.status_code == absent.status_code == 404
                assert hidden.content == absent.content


def test_a_program_is_refused_with_problem_details_and_a_browser_with_a_page(client, consultation):
    make_poll(consultation, results_policy="after_close")
    path = "/consultations/plan/data/tallies.csv"

    refusal = problem(client.get(path), 403)
    assert refusal["code"] == "after_close"
    assert datetime.fromisoformat(refusal["until"]) == consultation.phases.get(kind="voting").ends_at
    page = client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 403
    assert page["Content-Type"].startswith("text/html")


def test_an_unknown_table_or_form_is_not_found(client, consultation):
    assert problem(client.get("/consultations/plan/data/secrets.csv"), 404)["code"] == "not_found"
    assert client.get("/consultations/plan/data/comments.xlsx").status_code == 404
    assert client.post("/consultations/plan/data/comments.csv").status_code == 405


def test_any_site_may_fetch_public_files_and_no_others(client, agency, consultation):
    make_consultation(agency, title="Secreta", visibility="private")
    client.force_login(agency.owner)

    def allowed(path):
        return client.head(path).headers.get("Access-Control-Allow-Origin")

    assert allowed("/consultations/plan/data/comments.json") == "*"
    assert allowed("/consultations/secreta/data/comments.json") is None
    assert allowed("/consultations/plan/data/comments.json?personal=1") is None


def test_whoever_asks_for_the_head_alone_is_not_told_that_a_file_is_empty(client, consultation):
    for suffix in ("csv", "json"):
        answer = client.head(f"/consultations/plan/data/comments.{suffix}")
        assert answer.status_code == 200
        assert answer.headers.get("Content-Length") is None


@pytest.mark.parametrize("role", list(Role))
def test_names_go_to_owners_and_analysts_and_to_nobody_else(client, agency, consultation, role):
    client.force_login(member(agency, role))

    answer = client.head("/consultations/plan/data/comments.csv?personal=1")

    assert answer.status_code == (200 if role in {Role.OWNER, Role.ANALYST} else 403)


@pytest.mark.django_db(transaction=True)
def test_a_file_with_names_has_them_is_kept_by_nobody_and_is_recorded(client, agency, consultation):
    CommentFactory(consultation=consultation, author=UserFactory(name="Rosa Paz", email="rosa@example.org"))
    analyst = member(agency, Role.ANALYST)
    client.force_login(analyst)
    client.head("/consultations/plan/data/comments.csv?personal=1")  # takes nothing, so there is nothing to record

    file = download("/consultations/plan/data/comments.csv?personal=1", analyst)

    [row] = csv.DictReader(io.StringIO(file.body.decode(), newline=""))
    assert row["author_name"] == "Rosa Paz"
    assert b"rosa@" not in file.body
    assert file["Content-Disposition"] == 'attachment; filename="plan-comments-personal.csv"'
    assert file["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(event="consultations.personal_data_exported")
    assert (entry.actor, entry.consultation_id, entry.details["table"]) == (analyst, consultation.pk, "comments")


def test_a_refused_file_with_names_is_not_recorded_as_taken(client, agency, consultation):
    client.force_login(member(agency, Role.MEMBER))

    client.get("/consultations/plan/data/comments.csv?personal=1")

    assert not AuditEntry.objects.filter(event="consultations.personal_data_exported").exists()


@pytest.mark.django_db(transaction=True)
def test_json_tells_what_is_held_back_and_until_when(consultation):
    make_poll(consultation, question="¿En vivo?")
    later = make_poll(consultation, question="¿Al final?", results_policy="after_close")

    data = json.loads(download("/consultations/plan/data/tallies.json", accept_language="en").body)

    assert {row["poll"] for row in data["rows"]} != {later.pk}
    [withheld] = data["meta"]["withheld"]
    assert (withheld["id"], withheld["code"]) == (later.pk, "after_close")
    assert withheld["until"] == later.phase.ends_at.isoformat()
    assert data["meta"]["licence"] == "CC-BY-4.0"
    assert data["meta"]["source"] == "http://testserver/consultations/plan/data/"
    assert data["meta"]["columns"][0]["meaning"] == "Number of the vote."
