import pytest
import yaml
from django.core.management import call_command
from openapi_spec_validator import validate

from config.errors import PROBLEM


@pytest.fixture
def schema(client, db):
    return yaml.safe_load(client.get("/api/v1/schema/").content)


def test_the_description_is_made_without_a_warning(tmp_path):
    call_command("spectacular", "--validate", "--fail-on-warn", "--file", str(tmp_path / "schema.yml"))


def test_the_description_is_valid_openapi_3(schema):
    assert schema["openapi"].startswith("3.")
    validate(schema)


def test_every_operation_is_told_and_its_errors_are_problems(schema):
    assert {path for path in schema["paths"] if "post" in schema["paths"][path]} == {
        "/api/v1/proposals/",
        "/api/v1/proposals/{id}/support/",
        "/api/v1/proposals/{id}/withdraw/",
        "/api/v1/proposals/{id}/co-authors/",
        "/api/v1/proposals/{id}/invitation/",
        "/api/v1/annotations/",
        "/api/v1/comments/",
        "/api/v1/comments/{id}/react/",
        "/api/v1/polls/{id}/ballot/",
    }
    for operations in schema["paths"].values():
        for operation in operations.values():
            assert PROBLEM in operation["responses"]["default"]["content"]


def test_a_real_answer_has_the_fields_that_are_told(client, schema):
    from tests.factories import CommentFactory, make_consultation, make_poll

    consultation = make_consultation(now_in="voting")
    CommentFactory(consultation=consultation)
    poll = make_poll(consultation)
    told = {
        "consultations/": "Consultation",
        "agencies/": "Agency",
        "comments/": "Comment",
        "polls/": "Poll",
    }
    for path, name in told.items():
        [row] = client.get(f"/api/v1/{path}").json()["results"]
        assert set(row) == set(schema["components"]["schemas"][name]["properties"])
    tally = client.get(f"/api/v1/polls/{poll.pk}/tally/").json()
    rarely = {"weight", "spoilt"}  # told where it is not 1 for all; where there is paper
    always = set(schema["components"]["schemas"]["Tally"]["properties"]) - rarely
    assert set(tally) == always == set(schema["components"]["schemas"]["Tally"]["required"])


def test_what_a_delete_answers_is_told(schema):
    deletes = {path: of["delete"] for path, of in schema["paths"].items() if "delete" in of}

    assert {path: set(delete["responses"]) - {"default"} for path, delete in deletes.items()} == {
        "/api/v1/comments/{id}/": {"200"},
        "/api/v1/proposals/{id}/support/": {"200"},
        "/api/v1/proposals/{id}/co-authors/{invitation_id}/": {"204"},
    }


def test_every_list_of_what_belongs_to_consultations_takes_one_and_says_so(schema):
    lists = {path for path, of in schema["paths"].items() if "Paginated" in str(of.get("get", {}).get("responses"))}
    told = {
        path
        for path in lists
        if "consultation" in {parameter["name"] for parameter in schema["paths"][path]["get"]["parameters"]}
    }

    assert {"/api/v1/pledges/", "/api/v1/proposals/", "/api/v1/polls/"} <= told
    assert lists - told <= {"/api/v1/agencies/", "/api/v1/consultations/", "/api/v1/documents/"}


def test_the_human_page_has_no_script_or_style_of_its_own(client, db):
    page = client.get("/api/v1/docs/").content.decode()

    assert page.count("<script") == page.count("<script src=")
    assert "<style" not in page
    assert 'src="/api/v1/docs/?script="' in page
    assert client.get("/api/v1/docs/?script=")["Content-Type"].startswith("application/javascript")
