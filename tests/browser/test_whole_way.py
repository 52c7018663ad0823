"""The main job, from the official's first click to the journalist's file, by people with different rights."""

import csv
import io
import json
import re

import pytest
from django.db import connection

from accounts.models import Role
from consultations.clock import database_now
from consultations.models import Consultation, Phase, Proposal
from tests.browser.axe import axe
from tests.browser.conftest import DESKTOP, new_context
from tests.browser.steps import describe_consultation, log_in_by_form, press, vote
from tests.factories import UserFactory, make_agency, make_consultation, make_poll, member
from voting.models import Poll


@pytest.fixture
def agency(transactional_db):
    return make_agency("Ministerio de Obras")


def test_an_agency_opens_a_consultation_citizens_take_part_and_a_journalist_takes_the_results(
    agency, page, another_person, browser, site, browser_errors
):
    editor, rosa = member(agency, Role.EDITOR), UserFactory(name="Rosa")

    log_in_by_form(page, editor)
    describe_consultation(page, title="¿Plantamos jacarandás?", now_in="proposals")
    consultation = Consultation.objects.get()
    assert consultation.published_at is None
    press(page, f"form[action*='{consultation.slug}/publish'] button")
    axe(page)

    log_in_by_form(another_person, rosa)
    another_person.goto(f"/consultations/{consultation.slug}/proposals/new/")
    another_person.fill("input[name=title]", "También tipas")
    another_person.fill("textarea[name=body]", "Crecen **rápido**.")
    press(another_person, "button.button:not(.secondary)")
    assert Proposal.objects.get().author == rosa
    another_person.goto(f"/consultations/{consultation.slug}/")
    another_person.fill("#comments textarea[name=body]", "¿Y quién los riega?")
    press(another_person, "#comments form button.button")
    assert another_person.get_by_text("¿Y quién los riega?").is_visible()

    page.goto(f"/polls/new/?consultation={consultation.slug}")
    page.fill("input[name=question]", "¿Plantamos mil jacarandás?")
    page.check("input[name=method][value=for_against_abstain]")
    page.check("input[name=results_policy][value=live]")
    press(page, "button.button:not(.secondary)")
    now_voting(consultation)

    page.goto(f"/consultations/{consultation.slug}/")
    another_person.goto(f"/consultations/{consultation.slug}/")
    vote(another_person, "A favor")
    page.locator("[data-option] [data-count]").first.get_by_text("1").wait_for(timeout=5_000)
    another_person.reload()
    assert another_person.get_by_text("Sellado con el número 1").is_visible()

    voting_is_over(consultation)
    with new_context(browser, site, browser_errors, viewport=DESKTOP) as nobody:
        journalist = nobody.new_page()
        journalist.goto(f"/polls/{Poll.objects.get().pk}/")
        axe(journalist)
        tallies = journalist.request.get(f"/consultations/{consultation.slug}/data/tallies.csv").text()
        ballots = journalist.request.get(f"/consultations/{consultation.slug}/data/ballots.json").text()
    counted = {row["option"]: row["count"] for row in csv.DictReader(io.StringIO(tallies))}
    recounted = [ballot["choices"] for ballot in json.loads(ballots)["rows"]]
    assert sorted(counted.values()) == ["0", "0", "1"]
    assert len(recounted) == 1
    assert rosa.name not in ballots


def now_voting(consultation: Consultation) -> None:
    """Let the clock reach the voting phase."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE consultations_phase
            SET starts_at = starts_at - interval '48 hours', ends_at = ends_at - interval '48 hours'
            WHERE consultation_id = %s
            """,
            [consultation.pk],
        )


def voting_is_over(consultation: Consultation) -> None:
    Phase.objects.filter(consultation=consultation, kind="voting").update(ends_at=database_now())


class TestWithoutJavaScript:
    @pytest.fixture
    def plain_page(self, browser, site, browser_errors):
        context = new_context(browser, site, browser_errors, viewport=DESKTOP, java_script_enabled=False)
        yield context.new_page()
        context.close()

    def test_the_whole_job_can_be_done(self, agency, plain_page):
        editor = member(agency, Role.EDITOR)
        log_in_by_form(plain_page, editor)
        describe_consultation(plain_page, title="¿Plantamos tipas?", now_in="proposals")
        consultation = Consultation.objects.get()
        press(plain_page, f"form[action*='{consultation.slug}/publish'] button")

        plain_page.goto(f"/consultations/{consultation.slug}/proposals/new/")
        plain_page.fill("input[name=title]", "También ceibos")
        plain_page.fill("textarea[name=body]", "Son nuestros.")
        press(plain_page, "button.button:not(.secondary)")
        plain_page.goto(f"/consultations/{consultation.slug}/")
        plain_page.fill("#comments textarea[name=body]", "¿Cuándo empieza?")
        press(plain_page, "#comments form button.button")
        assert plain_page.get_by_text("¿Cuándo empieza?").is_visible()

        make_poll(consultation)
        now_voting(consultation)
        plain_page.goto(f"/consultations/{consultation.slug}/")
        vote(plain_page, "En contra")
        # The folder may be quicker than the next page: then the vote is sealed already.
        assert plain_page.get_by_text(re.compile("Tu voto cuenta|Sellado con el número")).first.is_visible()
        assert Poll.objects.get().ballots.count() == 1


def test_a_ballot_is_cast_with_the_keyboard_alone(page, transactional_db):
    poll = make_poll(make_consultation(now_in="voting"))
    log_in_by_form(page, UserFactory())
    page.goto(f"/polls/{poll.pk}/")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.type") == "radio":
            break
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert poll.ballots.count() == 1


def test_the_skip_link_is_first_and_leads_to_the_main_part(page, transactional_db):
    page.goto("/")
    page.keyboard.press("Tab")
    target = page.evaluate("document.activeElement.getAttribute('href')")
    page.keyboard.press("Enter")
    assert target.startswith("#")
    assert page.locator(target).evaluate("element => element.matches('main') || !!element.closest('main')")
