"""Who has no session is answered with a page that was made for another visitor, for as long as settings say."""

import re
from threading import Barrier, Thread

import pytest
from django.core.cache import caches
from django.http import HttpResponse
from django.test import Client

from consultations.models import Consultation
from frontend import visitors
from tests.factories import UserFactory, make_agency, make_consultation, make_poll

TOKEN = re.compile(rb'csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture(autouse=True)
def sharing(settings):
    settings.SHARED_PAGE_SECONDS = 60
    caches["pages"].clear()
    yield
    caches["pages"].clear()


@pytest.fixture
def consultation(db):
    return make_consultation(make_agency("Obras"), now_in="discussion", title="Ideas para la plaza")


def rename(consultation, title):
    Consultation.objects.filter(pk=consultation.pk).update(title=title)


def test_a_second_visitor_costs_no_query(consultation, django_assert_num_queries):
    first = Client().get("/consultations/ideas-para-la-plaza/")
    with django_assert_num_queries(0):
        second = Client().get("/consultations/ideas-para-la-plaza/")
    assert TOKEN.sub(b"", first.content) == TOKEN.sub(b"", second.content)
    assert first["Content-Type"] == second["Content-Type"]
    assert "Cookie" in second["Vary"]
    assert second["Cache-Control"] == "private"


def test_each_visitor_gets_a_token_of_their_own_and_can_send_the_form(consultation):
    pages = []
    for _ in range(3):
        client = Client(enforce_csrf_checks=True)
        page = client.get("/consultations/ideas-para-la-plaza/")
        pages.append((client, TOKEN.findall(page.content)))
    assert all(tokens for _client, tokens in pages)
    assert len({tokens[0] for _client, tokens in pages}) == 3
    for client, tokens in pages:
        sent = {"language": "en", "csrfmiddlewaretoken": tokens[0].decode()}
        assert client.post("/i18n/setlang/", sent).status_code == 302
    client, stranger = pages[0][0], pages[1][1][0].decode()
    assert client.post("/i18n/setlang/", {"language": "en", "csrfmiddlewaretoken": stranger}).status_code == 403


def test_after_its_time_a_page_is_made_anew(consultation, settings):
    settings.SHARED_PAGE_SECONDS = 1
    Client().get("/consultations/ideas-para-la-plaza/")
    rename(consultation, "Ideas para el parque")
    assert "para la plaza" in Client().get("/consultations/ideas-para-la-plaza/").text
    caches["pages"].clear()  # as the clock would
    assert "para el parque" in Client().get("/consultations/ideas-para-la-plaza/").text


def test_who_is_logged_in_is_always_answered_anew_and_leaves_nothing_for_visitors(consultation):
    person = Client()
    person.force_login(UserFactory(name="Delfina Ibarra"))
    assert "Delfina Ibarra" in person.get("/consultations/ideas-para-la-plaza/").text
    assert "Delfina Ibarra" not in Client().get("/consultations/ideas-para-la-plaza/").text
    rename(consultation, "Ideas para el parque")
    assert "para el parque" in person.get("/consultations/ideas-para-la-plaza/").text


def test_a_visitor_with_a_session_or_a_message_is_answered_anew(consultation):
    Client().get("/consultations/ideas-para-la-plaza/")
    rename(consultation, "Ideas para el parque")
    for cookie in ("sessionid", "messages"):
        visitor = Client()
        visitor.cookies[cookie] = "x"
        assert "para el parque" in visitor.get("/consultations/ideas-para-la-plaza/").text


def test_each_language_and_each_host_has_pages_of_its_own(consultation, settings):
    settings.ALLOWED_HOSTS = ["testserver", "otro.example"]
    spanish = Client(headers={"accept-language": "es"}).get("/").text
    english = Client(headers={"accept-language": "en"}).get("/").text
    assert '<html lang="es' in spanish
    assert '<html lang="en' in english
    Client(headers={"host": "otro.example"}).get("/consultations/ideas-para-la-plaza/")
    assert "otro.example" not in Client().get("/consultations/ideas-para-la-plaza/").text


def test_what_is_not_found_is_not_kept(consultation):
    Consultation.objects.update(published_at=None)
    assert Client().get("/consultations/ideas-para-la-plaza/").status_code == 404
    Consultation.objects.update(published_at="2026-01-01T00:00:00Z")
    assert Client().get("/consultations/ideas-para-la-plaza/").status_code == 200


def test_nothing_is_shared_where_the_settings_say_so(consultation, settings):
    settings.SHARED_PAGE_SECONDS = 0
    Client().get("/consultations/ideas-para-la-plaza/")
    rename(consultation, "Ideas para el parque")
    assert "para el parque" in Client().get("/consultations/ideas-para-la-plaza/").text


def test_the_public_pages_are_shared(consultation, django_assert_num_queries):
    poll = make_poll(make_consultation(consultation.agency, now_in="voting"))
    addresses = ["/", "/consultations/", "/consultations/ideas-para-la-plaza/proposals/", f"/polls/{poll.pk}/"]
    for address in [*addresses, "/agencies/", "/agencies/obras/"]:
        assert Client().get(address).status_code == 200
        with django_assert_num_queries(0):
            Client().get(address)


def test_a_crowd_that_comes_at_once_has_the_page_made_once(rf):
    made = []
    crowd = Barrier(8)

    @visitors.shared_by_visitors
    def page(request):
        made.append(request)
        return HttpResponse("hola")

    def come():
        crowd.wait()
        page(rf.get("/"))

    threads = [Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
