"""What scripts of other sites and programs that come again meet: CORS, ETags, and refusals that a program can read."""

import pytest

from tests.api.conftest import problem
from tests.factories import UserFactory, choose, fresh, make_agency, make_consultation, make_poll
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold


@pytest.fixture
def consultation(db):
    return make_consultation(make_agency("Obras"), now_in="voting", title="Plan", budget_cents=1_000_00)


def allowed(answer):
    return answer.headers.get("Access-Control-Allow-Origin")


def test_any_sites_script_may_read_the_api_and_files_and_why_it_is_refused(client, consultation):
    poll = make_poll(consultation, results_policy="after_close")
    api, plan = "/api/v1/", "/consultations/plan/"
    for address, status in (
        (f"{api}polls/{poll.pk}/", 200),
        (f"{api}polls/{poll.pk}/tally/", 403),
        (f"{api}polls/0/", 404),
        (f"{plan}data/ballots.csv", 403),
        (f"{plan}feed.atom", 200),
        (f"{plan}districts.geojson", 200),
    ):
        answer = client.get(address)
        assert (address, answer.status_code, allowed(answer)) == (address, status, "*")
        assert "Cookie" in answer["Vary"]


def test_pages_writing_and_what_is_answered_to_somebody_are_for_no_other_site(client, consultation):
    assert allowed(client.get("/consultations/plan/")) is None
    assert allowed(client.post("/api/v1/comments/", {}, content_type="application/json")) is None
    client.force_login(UserFactory())
    assert allowed(client.get("/api/v1/consultations/")) is None
    assert allowed(client.options("/api/v1/consultations/", headers={"origin": "https://diario.example"})) is None


def test_who_has_an_answer_is_not_sent_it_again_until_it_differs(client, consultation):
    poll = make_poll(consultation, results_policy="live")
    address = f"/api/v1/polls/{poll.pk}/tally/"
    first = client.get(address)
    again = {"if-none-match": first["ETag"]}

    same = client.get(address, headers=again)
    assert (same.status_code, same.content) == (304, b"")
    cast_ballot(poll=poll, voter=fresh(UserFactory()), choices=choose(poll, "for"))
    fold(poll.pk)
    assert client.get(address, headers=again).status_code == 200


def test_pages_have_no_etag_for_each_has_a_token_of_its_own(client, consultation):
    assert not client.get("/consultations/plan/").has_header("ETag")


def test_a_file_that_is_refused_says_why_to_a_program(client, consultation):
    poll = make_poll(consultation)
    for path, status, code in (
        (f"/polls/{poll.pk}/log/export.zip", 403, "log_before_close"),
        (f"/polls/{poll.pk}/election.pb", 409, "no_budget_poll"),
        ("/consultations/nada/feed.atom", 404, "not_found"),
        ("/consultations/nada/districts.geojson", 404, "not_found"),
    ):
        assert problem(client.get(path), status)["code"] == code
        page = client.get(path, headers={"accept": "text/html,*/*;q=0.8"})
        assert (page.status_code, page["Content-Type"]) == (status, "text/html; charset=utf-8")
