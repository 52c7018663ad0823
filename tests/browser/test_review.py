"""A reviewer gives an opinion with the keyboard alone; a citizen reads it on a phone, with its reason and cost."""

from datetime import timedelta

import pytest

from accounts.models import Role
from consultations.milestones.reporting import add_milestone, report
from consultations.milestones.standing import today
from consultations.milestones.starting import create_pledge
from consultations.models import Budget, District, Proposal
from consultations.review.assigning import assign
from tests.browser.axe import axe
from tests.browser.steps import log_in
from tests.factories import ProposalFactory, UserFactory, make_agency, make_consultation, member


@pytest.fixture
def world(transactional_db):
    """A budget in its review, with two squares assigned to Lía."""
    agency = make_agency("Obras")
    consultation = make_consultation(agency, now_in="review", title="Presupuesto", slug="pp")
    Budget.objects.create(consultation=consultation, amount_cents=1_000_000_00)
    north = District.objects.create(consultation=consultation, position=1, name="Norte", amount_cents=1_000_000_00)
    fields = {"consultation": consultation, "district": north, "author": UserFactory(name="Rosa"), "support_count": 8}
    sauce, molino = (ProposalFactory(**fields, title=f"Plaza del {name}") for name in ("Sauce", "Molino"))
    lia = member(agency, Role.MEMBER, user=UserFactory(name="Lía"))
    assign(consultation=consultation, actor=agency.owner, reviewer_id=lia.pk, proposals=[sauce, molino])
    goal = create_pledge(consultation=consultation, actor=agency.owner, title="Mil árboles", promised_cents=100)
    step = add_milestone(pledge=goal, actor=agency.owner, title="Plantar", planned_for=today() - timedelta(days=1))
    report(milestone=step, actor=agency.owner, status="in_progress", body="Hay hoyos.", spent_cents=50)
    return {"lia": lia, "molino": molino, "goal": goal}


def test_a_reviewer_gives_an_opinion_with_the_keyboard_and_a_citizen_reads_it(world, page, phone_page):
    log_in(page, world["lia"])
    page.goto("/reviews/")
    axe(page)
    page.keyboard.press("j")  # from the first, on which the focus is, to the second
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == "Plaza del Molino"
    axe(page)
    page.locator("input[name=feasibility]").first.focus()
    page.keyboard.press("ArrowDown")
    for typed in ("La bomba que piden es demasiado grande.", "1.250.000,50", "Espacios Verdes"):
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#waiting").is_visible()  # one more waits
    assert Proposal.objects.get(pk=world["molino"].pk).cost_cents == 1_250_000_50

    page.goto("/consultations/pp/review/")
    axe(page)

    page_of_it = f"/proposals/{world['molino'].pk}/"
    phone_page.goto(page_of_it)
    review = phone_page.locator("section:has(#review)").inner_text().replace("\xa0", " ")
    for said in ("Viable con cambios", "$ 1.250.000,50", "La bomba que piden es demasiado grande.", "Espacios Verdes"):
        assert said in review
    for address in (page_of_it, "/consultations/pp/follow-up/", f"/pledges/{world['goal'].pk}/"):
        phone_page.goto(address)
        axe(phone_page)
        assert phone_page.evaluate("document.documentElement.scrollWidth") <= 360
