import pytest
import yaml
from django.core.management import call_command
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from accounts.models import Role
from comments.moderation.appealing import appeal
from comments.moderation.moderating import hide
from config.errors import PROBLEM
from consultations.milestones.starting import create_pledge
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
    member,
)


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


def with_nulls(told):
    """OpenAPI 3.0 as JSON Schema: "nullable" beside whatever else is said."""
    if isinstance(told, list):
        return [with_nulls(part) for part in told]
    if not isinstance(told, dict):
        return told
    said = {name: with_nulls(part) for name, part in told.items() if name != "nullable"}
    return {"anyOf": [said, {"type": "null"}]} if told.get("nullable") is True else said


def test_real_answers_are_what_is_told_of_them(client, schema):
    """Rows as bare as they can be: what is empty, or null, is where a client breaks that trusts the description."""
    agency = make_agency("Obras")
    consultation = make_consultation(agency, now_in="voting", budget_cents=1_000_00)
    make_poll(consultation)
    author, moderator = UserFactory(), member(agency, Role.MODERATOR)
    ProposalFactory(consultation=consultation)
    decision = hide(target=CommentFactory(consultation=consultation, author=author), actor=moderator, reason="Insulta")
    appeal(decision=decision, actor=fresh(author), words="No insulté.")
    create_pledge(consultation=consultation, actor=fresh(agency.owner), title="Árboles")

    for name in ("agencies", "comments", "consultations", "moderation", "pledges", "polls", "proposals"):
        answer = client.get(f"/api/v1/{name}/").json()
        assert answer["results"]
        told = schema["paths"][f"/api/v1/{name}/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        faults = Draft202012Validator(with_nulls({**told, "components": schema["components"]})).iter_errors(answer)
        assert [f"{name} {list(fault.path)}: {fault.message}" for fault in faults] == []


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
    assert lists - told <= {"/api/v1/agencies/", "/api/v1/consultations/"}


def test_the_human_page_has_no_script_or_style_of_its_own(client, db):
    page = client.get("/api/v1/docs/").content.decode()

    assert page.count("<script") == page.count("<script src=")
    assert "<style" not in page
    assert 'src="/api/v1/docs/?script="' in page
    assert client.get("/api/v1/docs/?script=")["Content-Type"].startswith("application/javascript")
