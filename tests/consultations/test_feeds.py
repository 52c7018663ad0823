"""Atom feeds: valid, of what anybody may see and nothing else, and cheap to ask again."""

import html
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from comments.commenting import add_comment
from comments.moderation.moderating import hide
from consultations.clock import database_now
from consultations.models import Consultation, Phase
from tests.factories import fresh, make_agency, make_consultation, make_poll
from voting.ballots.closing import close

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ALL = "/consultations/feed.atom"


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def trees(agency):
    return make_consultation(agency, title="Plan de arbolado", now_in="discussion")


def read(client, address):
    answer = client.get(address, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(answer.content)


def titles(feed):
    return [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]


def test_a_feed_is_what_rfc_4287_asks_for(client, trees):
    feed = read(client, f"{trees.get_absolute_url()}feed.atom")

    assert feed.tag == f"{ATOM}feed"
    for one in ("id", "title", "updated"):
        assert len(feed.findall(f"{ATOM}{one}")) == 1
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Obras"
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links["self"] == f"http://testserver{trees.get_absolute_url()}feed.atom"
    assert links["alternate"] == f"http://testserver{trees.get_absolute_url()}"
    entries = feed.findall(f"{ATOM}entry")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)) == len(entries) > 0
    for entry in entries:
        assert entry.findtext(f"{ATOM}id").startswith("tag:testserver,2026:asamblea/entry/")
        assert datetime.fromisoformat(entry.findtext(f"{ATOM}updated")) <= datetime.now(UTC)
        assert entry.findtext(f"{ATOM}title")
        assert entry.findtext(f"{ATOM}summary")
        assert entry.find(f"{ATOM}link").get("href").startswith("http://testserver/")
    newest_first = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert newest_first == sorted(newest_first, reverse=True)


def test_it_tells_of_phases_official_replies_and_outcomes(client, agency):
    made = make_consultation(agency, title="Plan de arbolado", now_in="voting")
    add_comment(consultation=made, actor=fresh(agency.owner), body="Vamos a **plantar**.", is_official=True)
    poll = make_poll(made, question="¿Plantamos?")
    address = f"{made.get_absolute_url()}feed.atom"
    assert not any("outcome" in title for title in titles(read(client, address)))
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now())
    close(poll.pk)

    told = titles(read(client, address))

    assert "Voting in “Plan de arbolado” is open." in told
    assert "Obras answers in “Plan de arbolado”" in told
    assert "The outcome of “¿Plantamos?” in “Plan de arbolado” is known." in told
    assert "“Plan de arbolado” is closed: the time to take part is over." in told


def test_a_title_with_a_character_that_xml_cannot_hold_breaks_no_feed(client, agency):
    odd = make_consultation(agency, title="Plan\x0b de\x1f arbolado", now_in="discussion", slug="plan")
    for address in (ALL, f"/consultations/{odd.slug}/feed.atom"):
        assert "Plan de arbolado" in " ".join(read(client, address).itertext())


def test_what_is_hidden_is_in_no_feed(client, agency, trees):
    answer = add_comment(consultation=trees, actor=fresh(agency.owner), body="Un disparate.", is_official=True)
    assert b"Un disparate." in client.get(ALL).content
    hide(target=answer, actor=fresh(agency.owner), reason="error")

    assert b"Un disparate." not in client.get(ALL).content


def test_drafts_private_and_unlisted_ones_are_in_no_list_whoever_asks(client, agency, trees):
    make_consultation(agency, title="Borrador", publish=False)
    make_consultation(agency, title="Interna", visibility="private", eligibility="invited")
    unlisted = make_consultation(agency, title="Apartada")
    Consultation.objects.filter(pk=unlisted.pk).update(is_unlisted=True)
    client.force_login(fresh(agency.owner))

    for address in (ALL, f"{ALL}?agency=obras"):
        told = " ".join(titles(read(client, address)))
        assert "Plan de arbolado" in told
        for left_out in ("Borrador", "Interna", "Apartada"):
            assert left_out not in told
    assert titles(read(client, f"{unlisted.get_absolute_url()}feed.atom"))


def test_the_feed_of_an_agency_has_its_own_alone(client, trees):
    make_consultation(make_agency("Salud"), title="Vacunas")

    assert "Vacunas" in " ".join(titles(read(client, ALL)))
    assert "Vacunas" not in " ".join(titles(read(client, f"{ALL}?agency=obras")))


def test_a_feed_that_has_not_changed_is_not_sent_again(client, agency, trees):
    first = client.get(ALL)
    again = {"if-none-match": first["ETag"]}
    assert client.get(ALL, headers=again).status_code == 304
    assert client.get(ALL, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert "max-age=300" in first["Cache-Control"]

    add_comment(consultation=trees, actor=fresh(agency.owner), body="Novedad.", is_official=True)
    assert client.get(ALL, headers=again).status_code == 200


def test_pages_name_their_feed(client, trees):
    assert b'href="/consultations/feed.atom"' in client.get("/").content
    assert f'href="{trees.get_absolute_url()}feed.atom"'.encode() in client.get(trees.get_absolute_url()).content
    assert b'href="/consultations/feed.atom?agency=obras"' in client.get("/agencies/obras/").content


def test_a_title_cannot_break_the_feed(client, agency):
    make_consultation(agency, title='<Plan> & "co" ]]>')

    assert any('<Plan> & "co" ]]>' in title for title in titles(read(client, ALL)))


def test_what_people_wrote_is_no_html_to_a_feed_reader(client, agency, trees):
    words = "Si <img src=x onerror=alert(1)> y 3 < 5 & más"
    Consultation.objects.filter(pk=trees.pk).update(summary=words)
    add_comment(consultation=trees, actor=fresh(agency.owner), body="`<b onclick=x>` no va.", is_official=True)

    summaries = [entry.find(f"{ATOM}summary") for entry in read(client, ALL).findall(f"{ATOM}entry")]

    assert {summary.get("type") for summary in summaries} == {"html"}
    assert not [summary.text for summary in summaries if "<" in summary.text]
    assert words in {html.unescape(summary.text) for summary in summaries}
    assert "<b onclick=x> no va." in {html.unescape(summary.text) for summary in summaries}


def test_a_feed_without_entries_is_a_feed(client):
    feed = read(client, ALL)
    assert titles(feed) == []
    assert feed.findtext(f"{ATOM}updated")


def test_the_feed_of_all_costs_the_same_with_many(client, agency, django_assert_max_num_queries):
    for number in range(5):
        make_consultation(agency, title=f"Plan {number}")
    with django_assert_max_num_queries(10):
        client.get(ALL)
