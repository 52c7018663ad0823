"""Trying two methods: on made-up ballots, on those of an earlier budget, on a file. Nothing is kept or told early."""

import re
import secrets
import sys
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from consultations.models import District, Proposal
from tests.factories import ProposalFactory, choose, make_agency, make_consultation, make_poll, member
from tests.voting.districts.conftest import make_budget, set_up
from tests.voting.elections import OWN_FILE
from tests.voting.test_closing import end
from voting.ballots.bulk import append_ballots
from voting.ballots.closing import close_if_due
from voting.formats import pabulib_election
from voting.models import Poll
from voting.simulator import bad_files, counting, scenarios

pytestmark = pytest.mark.django_db

WISHES = {"first": "greedy", "second": "equal_shares_alone", "voters": "60", "each": "2", "seed": "7", "projects": "8"}


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def obras():
    return make_agency("Obras")


@pytest.fixture
def desk(client, obras):
    """The simulator of a draft with three proposals, as its editor uses it."""
    consultation = make_consultation(agency=obras, now_in=None, budget_cents=1_000_00)
    for title, cost in (("Ceibo", 600_00), ("Tipa", 500_00), ("Lapacho", 300_00)):
        ProposalFactory(consultation=consultation, title=title, cost_cents=cost)
    client.force_login(member(obras, "editor"))
    return reverse("voting:simulator", args=[consultation.slug])


def closed_budget(obras, **fields):
    """Two districts of opinion: three want the dear one, two the cheap ones."""
    past = make_consultation(agency=obras, now_in="voting", budget_cents=1_000_00, title="Presupuesto del año pasado")
    trees = [
        ProposalFactory(consultation=past, title=title, cost_cents=cost)
        for title, cost in (("Fuente", 900_00), ("Banco", 200_00), ("Farol", 150_00))
    ]
    poll = make_poll(past, method="greedy", options=trees, **fields)
    wanted = [["Fuente"], ["Fuente"], ["Fuente"], ["Banco", "Farol"], ["Banco", "Farol"]]
    append_ballots(poll, [(secrets.token_bytes(32), choose(poll, *names)) for names in wanted])
    return poll


def closed(poll):
    end(poll)
    return close_if_due(Poll.objects.get(pk=poll.pk))


def tried(client, desk, status=200, **fields):
    """What the page answers, as words."""
    answer = client.post(desk, {**WISHES, **fields})
    assert answer.status_code == status
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return unescape(words).partition("Skip to the content")[2]


def test_made_up_ballots_on_the_drafts_own_proposals_are_the_same_for_the_same_seed(client, desk):
    once, again, other = (tried(client, desk, source="own", seed=seed) for seed in ("7", "7", "8"))

    assert "Ceibo" in once and "60 made-up ballots on this consultation's proposals" in once
    assert "Past ballots are not future ballots" in once
    assert without_token(once) == without_token(again) != without_token(other)
    assert not Poll.objects.exists()


def without_token(page):
    return page.partition("Try something else")[0]


def test_the_ballots_of_an_earlier_budget_are_counted_by_both_methods(client, desk, obras):
    poll = closed(closed_budget(obras))
    page = tried(client, desk, source="past", past=poll.consultation.slug)

    assert "Proposals that win 1 2" in page  # greedy takes the fountain; shares pay for bench and lamp
    assert "Voters with at least one winner among their choices 60.0% 40.0%" in page
    assert "Money left ARS 100 ARS 650" in page
    assert "Winners for each voter, on average 0.60 0.80" in page


def test_a_district_that_is_part_and_group_is_named_once(client, desk, obras):
    budget = make_budget(agency=obras)
    polls = set_up(budget).values()
    for poll in polls:
        append_ballots(poll, [(secrets.token_bytes(32), {str(poll.options.first().pk): 1})])
    for poll in polls:
        closed(poll)
    page = tried(client, desk, source="past", past=budget.slug)

    assert "Centro 1 Centro ARS" in page


def test_what_if_there_were_more_money(client, desk, obras):
    poll = closed(closed_budget(obras))
    page = tried(client, desk, source="past", past=poll.consultation.slug, part_0="", amount_0="1,500")
    assert "Proposals that win 3 3" in page
    elsewhere = tried(client, desk, source="past", past=poll.consultation.slug, part_0="Norte", amount_0="1,500")
    assert "Proposals that win 1 2" in elsewhere  # an amount of another scenario says nothing of this one


def test_a_file_is_counted_and_a_bad_one_told_with_its_line(client, desk):
    file = SimpleUploadedFile("villa.pb", OWN_FILE.read_bytes())
    page = tried(client, desk, source="file", file=file)
    assert "Polideportivo" in page and "The ballots of the file villa.pb." in page

    bad = SimpleUploadedFile("villa.pb", OWN_FILE.read_bytes().replace(b"v01;1,2,3", b"v01;1,2,99"))
    told = tried(client, desk, 400, source="file", file=bad)
    assert "Line 30: the vote names the project '99', which is not on the list." in told
    assert "Choose a file." in tried(client, desk, 400, source="file")


def test_every_fault_of_a_file_has_a_sentence_in_both_languages():
    assert bad_files.SENTENCES.keys() == pabulib_election.SENTENCES.keys()
    for code in bad_files.SENTENCES:
        wrong = pabulib_election.PabulibError(7, code, "100 % 7")
        with translation.override("es-ar"):
            spanish = bad_files.sentence_of(wrong)
        assert spanish.startswith("Línea 7: ") and spanish != bad_files.sentence_of(wrong)
        assert "%(" not in spanish


def test_each_district_has_its_own_money_and_those_with_nothing_are_named(client, desk):
    consultation = Proposal.objects.first().consultation
    for position, (name, amount) in enumerate((("Norte", 600_00), ("Sur", 100_00)), 1):
        district = District.objects.create(
            consultation=consultation, position=position, name=name, amount_cents=amount, population=1000
        )
        titles = ["Ceibo", "Tipa"] if name == "Norte" else ["Lapacho"]
        Proposal.objects.filter(consultation=consultation, title__in=titles).update(district=district)
    page = tried(client, desk, source="own")

    assert "Districts or neighbourhoods with nothing Sur Sur" in page
    assert re.search(r"Norte ARS 600 1, and ARS (0|100) left", page)


# --- What may not be tried


def test_ballots_that_are_not_public_are_neither_offered_nor_taken(client, desk, obras):
    still_open, for_auditors = closed_budget(obras), closed(closed_budget(obras, disclosure="auditors"))
    assert "last year" not in client.get(desk).content.decode()
    assert "del año pasado" not in client.get(desk).content.decode()
    closed(closed_budget(obras))  # so that there is something to choose from at all
    for poll in (still_open, for_auditors):
        page = tried(client, desk, 400, source="past", past=poll.consultation.slug)
        assert "is not one of the available choices" in page


def test_only_who_may_change_the_consultation_gets_in_and_only_where_there_is_money(client, desk, obras):
    client.force_login(member(obras, "moderator"))
    assert client.get(desk).status_code in (403, 404)
    client.force_login(member(obras, "owner"))
    without_money = make_consultation(agency=obras)
    assert client.get(reverse("voting:simulator", args=[without_money.slug])).status_code == 409


def test_what_is_too_large_or_takes_too_long_is_refused_in_words(client, desk, monkeypatch):
    monkeypatch.setattr(counting, "SECONDS", 0.001)
    assert "longer than 20 seconds" in tried(client, desk, 400, source="invented")
    monkeypatch.setattr(scenarios, "MOST_PROJECTS", 3)
    assert "more than can be counted" in tried(client, desk, 400, source="invented")


def test_a_count_that_the_system_ends_is_refused_in_words_too(client, desk, monkeypatch):
    run = counting.subprocess.run
    ends_itself = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    monkeypatch.setattr(counting.subprocess, "run", lambda _, **options: run(ends_itself, **options))
    assert "more than can be counted" in tried(client, desk, 400, source="invented")
