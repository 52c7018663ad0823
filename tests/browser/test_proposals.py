"""A proposal's way in a browser: kept while one writes, compared with what is there, sent, supported with one press."""

import pytest

from consultations.models import Proposal, ProposalDraft
from tests.browser.axe import axe
from tests.browser.steps import log_in, press
from tests.factories import ProposalFactory, UserFactory, make_agency, make_consultation


@pytest.fixture
def call(transactional_db):
    consultation = make_consultation(make_agency("Obras"), now_in="proposals", slug="ideas")
    ProposalFactory(consultation=consultation, author=UserFactory(), title="Árboles en la avenida Mitre")
    return consultation


@pytest.fixture(params=["page", "phone_page"])
def screen(request, call):
    return request.getfixturevalue(request.param)


def test_what_one_writes_is_kept_and_the_likely_double_is_shown_before_it_is_sent(screen, call):
    log_in(screen, UserFactory())
    screen.goto("/consultations/ideas/proposals/new/")
    screen.fill("[name=title]", "Mas arboles para la avenida Mitre")
    screen.wait_for_url("**/proposals/drafts/**", timeout=20_000)
    assert ProposalDraft.objects.get().title == "Mas arboles para la avenida Mitre"

    screen.fill("[name=body]", "Hace falta **sombra**.")
    axe(screen)
    with screen.expect_navigation():
        screen.locator("button[name=send]").click()
    axe(screen)
    assert screen.get_by_role("link", name="Árboles en la avenida Mitre").is_visible()
    press(screen, "form[method=post]:not(.support form) button")

    assert screen.locator("h1").inner_text() == "Mas arboles para la avenida Mitre"
    axe(screen)


def test_one_press_supports_without_another_page(screen, call):
    log_in(screen, UserFactory())
    screen.goto("/consultations/ideas/proposals/")
    screen.locator(".card .support button").click()
    screen.locator(".card .support .is-pressed").wait_for()

    assert screen.locator(".card .support strong").inner_text() == "1"
    assert Proposal.objects.get().support_count == 1
    axe(screen)
    screen.locator(".card .support .is-pressed").click()
    screen.locator(".card .support button:not(.is-pressed)").wait_for()
    assert Proposal.objects.get().support_count == 0
