"""Errors have one shape, RFC 9457, on the wire and at every address under /api/."""

import json
from base64 import b64encode

import pytest
from django.db import OperationalError
from django.test import Client, override_settings
from rest_framework.throttling import SimpleRateThrottle

from tests.api.conftest import problem
from tests.factories import CommentFactory, UserFactory, make_agency, make_consultation, make_poll


@pytest.fixture
def consultation(db):
    return make_consultation(make_agency("Obras"), now_in="discussion", title="Ideas")


def test_what_is_wrong_stands_at_its_field(api, consultation):
    refused = problem(api(UserFactory()).post("comments/", {"consultation": "ninguna", "proposal": "x"}), 400)

    assert refused["code"] == "invalid"
    assert set(refused["errors"]) == {"consultation", "proposal", "body"}


@pytest.mark.parametrize(
    "body",
    ["{", "", "[]", "null", "3", '"x"', '{"body": "\\ud800"}', '{"body": "\\u0000"}', '{"body": NaN}', b"\xff\xfe"],
)
def test_a_body_that_is_no_object_is_refused(api, consultation, body):
    problem(api(UserFactory()).post("comments/", body), 400)


def test_where_a_body_breaks_and_what_a_field_takes_is_told_in_the_readers_language(api, consultation):
    def told(body):
        asked = {"content_type": "application/json", "headers": {"Accept-Language": "es-AR"}}
        return problem(api(UserFactory()).client.post("/api/v1/comments/", body, **asked), 400)

    assert told('{"body":\n "Sí", }')["detail"].startswith("Lo que mandaste no es JSON: se corta en el renglón 2")
    assert told(b"\xff\xfe")["detail"] == "Lo que mandaste no es JSON."
    too_long = told(json.dumps({"consultation": consultation.pk, "body": "x" * 6_000}))
    assert too_long["errors"]["body"] == ["Como máximo 5000 caracteres."]


def test_a_body_that_is_nested_too_deeply_is_refused(api, consultation):
    problem(api(UserFactory()).post("comments/", "[" * 100_000), 400)


@pytest.mark.parametrize("body", ['{"choices": {"%s": 1}, "choices": {}}', '{"choices": {"%s": 2, "%s": 1}}'])
def test_a_ballot_that_names_something_twice_is_refused_and_not_counted_by_its_last_word(api, db, body):
    poll = make_poll()
    body = body.replace("%s", str(poll.options.first().pk))
    refused = problem(api(UserFactory()).post(f"polls/{poll.pk}/ballot/", body), 400)
    assert refused["code"] == "parse_error"
    assert "está dos veces en el mismo objeto" in refused["detail"]
    assert not poll.ballots.exists()


def test_a_body_that_is_too_large_is_refused(api, consultation):
    body = '{"body": "' + "x" * 300_000 + '"}'

    assert problem(api(UserFactory()).post("comments/", body), 413)["code"] == "too_large"


def test_a_body_that_django_would_not_read_at_all_is_refused_in_the_same_shape(api, consultation):
    """Somebody in a browser: their CSRF token is looked for in the body where no header has it."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(UserFactory())
    client.cookies["csrftoken"] = token = "a" * 32
    body = '{"body": "' + "x" * 3_000_000 + '"}'

    answer = client.post("/api/v1/comments/", body, content_type="application/json", headers={"X-CSRFToken": token})

    assert problem(answer, 413)["code"] == "too_large"


def test_how_much_is_taken_is_told_in_the_readers_language(api, consultation):
    answer = api(UserFactory()).client.post(
        "/api/v1/comments/",
        '"' + "x" * 300_000 + '"',
        content_type="application/json",
        headers={"Accept-Language": "es-AR"},
    )
    assert problem(answer, 413)["detail"] == "Un pedido tiene acá 256 KB como máximo."


def test_another_media_type_is_refused(api, consultation):
    client = api(UserFactory()).client

    answer = client.post("/api/v1/comments/", "<x/>", content_type="application/xml")

    assert problem(answer, 415)["code"] == "unsupported_media_type"


def test_a_method_that_is_not_there_is_refused_and_the_others_named(api, consultation):
    answer = api(UserFactory()).client.delete("/api/v1/consultations/ideas/")

    told = problem(answer, 405)
    assert told["code"] == "method_not_allowed"
    assert "DELETE" in told["title"] and "{" not in told["title"]
    assert "GET" in answer["Allow"]


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing/", "/api/v1/polls/x/", "/api/v2/polls/", "/api/v1/%00/"])
def test_an_unknown_address_is_a_problem_too(db, path):
    assert problem(Client().get(path), 404)["code"] == "not_found"
    assert problem(Client().post(path, {}), 404)["code"] == "not_found"


def test_an_address_without_its_last_slash_leads_on(db):
    assert Client().get("/api/v1/comments")["Location"] == "/api/v1/comments/"


@pytest.mark.parametrize("pk", ["0", "99999999999999999999999999", "1%27%20OR%201=1"])
@pytest.mark.parametrize("word", ["proposals", "comments", "polls"])
def test_an_id_that_cannot_be_is_not_found(api, consultation, word, pk):
    problem(api().get(f"{word}/{pk}/"), 404)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "cD14",  # p=x
        "cD0xO0RST1A=",  # p=1;DROP
        "bz05OTk5OTk5OTk5OTk5OTk5OTk5OQ==",  # o=99999999999999999999
        "cD3CsQ==",  # p=±
        "%00",
    ],
)
def test_a_cursor_that_somebody_made_up_is_not_found(api, consultation, cursor):
    CommentFactory(consultation=consultation)

    assert api().get(f"comments/?cursor={cursor}").status_code in {404, 200}


def test_a_cursor_beyond_all_rows_is_an_empty_page(api, consultation):
    CommentFactory(consultation=consultation)
    after_a_number_too_large = "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5"

    assert api().get(f"comments/?cursor={after_a_number_too_large}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["consultations/?state=x", "comments/?proposal=x", "comments/?consultation=%27--", "comments/?root=1.5"],
)
def test_a_filter_that_cannot_be_meant_is_refused(api, consultation, query):
    problem(api().get(query), 400)


def test_a_cursor_with_thousands_of_digits_is_not_found(api, consultation):
    cursor = b64encode(b"p=" + b"9" * 5_000).decode()

    problem(api().get(f"comments/?cursor={cursor}"), 404)


def test_a_consultation_whose_name_no_database_can_hold_is_refused_at_its_field(api, consultation):
    refused = problem(api(UserFactory()).post("comments/", {"consultation": "ideas\0", "body": "Hola."}), 400)

    assert list(refused["errors"]) == ["consultation"]


def test_a_filter_by_a_number_too_large_finds_nothing(api, consultation):
    CommentFactory(consultation=consultation)

    assert api().ids("comments/?proposal=99999999999999999999999") == []


def test_sentences_are_in_the_readers_language_and_codes_are_not(api, consultation):
    poll = make_poll(make_consultation(now_in="voting"), results_policy="after_close")

    english = problem(api().get(f"polls/{poll.pk}/tally/", accept_language="en"), 403)
    spanish = api().get("nothing/", accept_language="es-AR")

    assert english["detail"].startswith("The count is shown after the close")
    assert (spanish.json()["detail"], spanish.json()["code"]) == ("No encontrado.", "not_found")


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(consultation, monkeypatch):
    monkeypatch.setattr("comments.api.CommentViewSet.get_queryset", lambda self: 1 / 0)
    answer = Client(raise_request_exception=False).get("/api/v1/comments/")

    assert problem(answer, 500)["code"] == "error"
    assert "division" not in answer.content.decode()


@pytest.mark.parametrize("person", ["anon", "user"])
def test_who_asks_too_often_is_told_when_to_come_again(api, consultation, monkeypatch, person):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "2/min"})
    client = api(UserFactory() if person == "user" else None)

    assert [client.get("comments/").status_code for _ in range(2)] == [200, 200]
    answer = client.get("comments/")

    assert problem(answer, 429)["code"] == "throttled"
    assert 0 < int(answer["Retry-After"]) <= 60


@override_settings(NUM_PROXIES=0)
def test_a_forged_forwarding_header_does_not_escape_the_throttle(api, consultation, monkeypatch):
    monkeypatch.setattr(SimpleRateThrottle, "THROTTLE_RATES", {"anon": "2/min", "user": "2/min"})

    statuses = [api().get("comments/", x_forwarded_for=f"10.0.0.{n}").status_code for n in range(3)]

    assert statuses == [200, 200, 429]


def no_database(*args, **kwargs):
    raise OperationalError("connection refused")


@pytest.mark.parametrize(
    ("language", "title"), [("es-AR", "Ahora no podemos responder"), ("en", "We cannot answer right now")]
)
def test_while_the_database_is_away_api_and_pages_say_when_to_come_again(monkeypatch, language, title):
    """Of a logged-in person, too: nothing that draws the answer asks the database who it is."""
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.ensure_connection", no_database)
    client = Client(raise_request_exception=False, headers={"accept-language": language})
    client.cookies["sessionid"] = "x" * 32

    told = client.get("/api/v1/comments/")
    assert problem(told, 503) == problem(told, 503) | {"code": "unavailable", "title": title}
    assert told["Retry-After"] == "30"

    page = client.get("/consultations/?state=open")
    assert (page.status_code, page["Retry-After"]) == (503, "30")
    assert f"<h1>{title}</h1>" in page.content.decode()
    assert 'href="/consultations/?state=open"' in page.content.decode()


@pytest.mark.django_db
def test_a_fault_of_ours_on_a_page_is_no_absence_of_the_database(monkeypatch):
    monkeypatch.setattr("consultations.querysets.ConsultationQuerySet.visible_to", lambda *args: 1 / 0)
    assert Client(raise_request_exception=False).get("/consultations/").status_code == 500


def test_what_comes_too_fast_says_when_the_next_may_come(api, consultation):
    author = UserFactory()
    CommentFactory.create_batch(10, consultation=consultation, author=author)
    said = {"consultation": consultation.slug, "body": "Uno más."}
    answer = api(author).post("comments/", said)

    assert problem(answer, 429)["code"] == "too_fast"
    assert 0 < int(answer["Retry-After"]) <= 3600


def test_too_many_attempts_at_a_door_say_how_long_to_wait(client, db):
    for _ in range(21):
        answer = client.post("/account/password/reset/", {"email": "ana@example.org"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert "un minuto" in answer.content.decode()
