"""Every page, as somebody who may see it: axe finds nothing, it fits a phone, it complains of nothing, it is light."""

import pytest
from playwright.sync_api import expect

from accounts.models import Role
from comments.commenting import add_comment
from comments.moderation.moderating import flag, hide
from consultations.milestones.reporting import add_milestone
from consultations.milestones.standing import today
from consultations.milestones.starting import create_pledge
from consultations.running.closing import close_early
from tests.browser.axe import axe
from tests.browser.steps import log_in
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due

WEIGHT = 100_000  # bytes on the wire of a consultation page, first visit
REQUESTS = 12


@pytest.fixture
def world(transactional_db):
    """One consultation in its voting phase with everything on it, a decided budget, and an owner to see it all."""
    agency = make_agency("Obras")
    owner, rosa = member(agency, Role.OWNER, Role.MODERATOR), UserFactory(name="Rosa Ñandubay")
    open_one = make_consultation(agency, now_in="voting", title="Corredor verde", slug="abierta")
    draft = make_consultation(agency, now_in=None, title="Otorrinolaringología pública", slug="borrador", publish=False)
    poll = make_poll(open_one)
    proposal = ProposalFactory(consultation=open_one, author=rosa, title="Bancos de plaza " + "anchísimos " * 12)
    comment = add_comment(consultation=open_one, actor=rosa, body="Una palabra muy larga: " + "a" * 300)
    add_comment(consultation=open_one, actor=rosa, body="|" + " Otorrinolaringología |" * 6 + "\n" + "|-" * 6 + "|")
    reply = add_comment(consultation=open_one, actor=owner, body="Gracias.", answers=comment, is_official=True)
    for number in range(30):
        CommentFactory(consultation=open_one, author=rosa, body=f"{number}. " + "Creo que conviene empezar. " * 8)
    flag(target=comment, actor=rosa, ground="other")
    hide(target=reply, actor=owner, reason="Se repite")
    ended = make_consultation(agency, now_in="discussion", title="Ya cerrada", slug="cerrada")
    close_early(consultation=ended, actor=owner, reason="Porque " + "desoxirribonucleico" * 6, closing_words="Gracias.")
    budget = decided_budget(agency, rosa)
    pledge = create_pledge(consultation=budget.consultation, actor=owner, title="Mil árboles", promised_cents=9_000_00)
    step = add_milestone(pledge=pledge, actor=owner, title="Plantarlos", planned_for=today())
    return {
        "owner": fresh(owner),
        "pages": [
            "/", "/consultations/", "/consultations/?state=closed", "/agencies/", "/agencies/obras/", "/accessibility/",
            "/components/", "/consultations/abierta/", "/consultations/abierta/data/", "/consultations/cerrada/",
            "/consultations/abierta/proposals/", "/consultations/abierta/report/",
            f"/proposals/{proposal.pk}/", f"/comments/{comment.pk}/",
            f"/polls/{poll.pk}/", f"/polls/{budget.pk}/", f"/polls/{budget.pk}/log/", f"/polls/{poll.pk}/check/",
            f"/polls/{poll.pk}/embed/", f"/polls/{budget.pk}/embed/",
            "/consultations/plata/follow-up/", f"/pledges/{pledge.pk}/",
            "/data/", "/legal/terms/", "/moderation/abierta/", "/account/login/", "/account/signup/",
            "/account/login/code/", "/account/password/reset/",
        ],
        "pages_of_owner": [
            "/consultations/new/", "/consultations/new/?recipe=budget", "/consultations/abierta/",
            "/consultations/abierta/edit/", "/consultations/abierta/edit/what/", "/consultations/abierta/edit/when/",
            "/consultations/borrador/edit/", "/consultations/borrador/edit/taking-part/",
            "/consultations/borrador/edit/who/", "/consultations/borrador/edit/when/",
            "/consultations/borrador/edit/money/", "/consultations/borrador/", "/consultations/borrador/delete/",
            f"/comments/{comment.pk}/report/",
            "/desk/", "/consultations/abierta/manage/", "/consultations/abierta/numbers/",
            "/consultations/abierta/history/", "/consultations/abierta/files/", "/consultations/abierta/extend/",
            "/consultations/abierta/close/", "/comments/owed/abierta/", "/consultations/abierta/contributions/",
            "/consultations/abierta/answered/", "/agencies/obras/logo/",
            "/consultations/abierta/proposals/new/", f"/proposals/{proposal.pk}/", "/agencies/obras/members/",
            "/moderation/?consultation=abierta", f"/comments/{comment.pk}/hide/", f"/comments/{comment.pk}/reply/",
            f"/polls/new/?consultation={draft.slug}", f"/polls/{poll.pk}/", f"/polls/{poll.pk}/edit/", "/account/me/",
            "/account/email/", "/account/password/change/", "/account/logout/",
            "/account/verification/", "/agencies/obras/verification/", "/polls/simulator/plata/",
            "/consultations/plata/review/", f"/milestones/{step.pk}/report/", f"/polls/{budget.pk}/deviate/",
            f"/polls/{poll.pk}/paper/",
        ],
    }  # fmt: skip


def decided_budget(agency, rosa):
    consultation = make_consultation(
        agency, now_in="voting", title="Presupuesto", slug="plata", budget_cents=100_000_00
    )
    projects = [
        ProposalFactory(consultation=consultation, author=rosa, title=f"Proyecto {n}", cost_cents=n * 20_000_00)
        for n in range(1, 6)
    ]
    poll = make_poll(consultation, method="greedy", options=projects)
    for n in range(1, 6):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, f"Proyecto {n}", "Proyecto 3"))
    return close_if_due(end(poll))


def look_at(page, addresses, *, with_axe: bool = True) -> list[str]:
    """What is wrong on these pages, page by page. Axe takes two seconds: its rules ask it of a page once."""
    faults = []
    for address in addresses:
        answer = page.goto(address)
        if answer.status != 200:
            faults.append(f"{address}: {answer.status}")
        width, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if width > screen:
            faults.append(f"{address}: {width} pixels wide on a screen of {screen}")
        if page.locator("h1").count() != 1:
            faults.append(f"{address}: {page.locator('h1').count()} headings of the first level")
        try:
            if with_axe:
                axe(page)
        except AssertionError as report:
            faults.append(f"{address}: {report}")
    return faults


def test_nothing_overflows_on_a_desktop(world, page):
    assert look_at(page, world["pages"], with_axe=False) == []
    log_in(page, world["owner"])
    assert look_at(page, world["pages_of_owner"], with_axe=False) == []


def test_axe_finds_nothing_and_nothing_overflows_on_a_phone(world, phone_page):
    assert look_at(phone_page, world["pages"]) == []


def test_the_pages_of_people_with_rights_are_as_sound(world, phone_page, browser_errors):
    log_in(phone_page, world["owner"])
    addresses = [a for a in world["pages_of_owner"] if "/polls/" not in a or not a.endswith("/edit/")]
    assert look_at(phone_page, addresses) == []


IN_THE_DARK = ["/", "/consultations/abierta/", "/consultations/abierta/proposals/", "/components/", "/account/login/"]


def test_in_the_dark_the_contrast_holds(world, page):
    page.emulate_media(color_scheme="dark")
    assert look_at(page, IN_THE_DARK) == []


def test_english_is_complete_on_the_pages_people_open_most(world, page):
    page.goto("/")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"
    page.goto("/consultations/abierta/")
    text = page.locator("body").inner_text()
    for spanish in ("Votar", "Cierra", "Comentarios", "Propuestas", "Debate", "Abierta"):
        assert spanish not in text
    axe(page)


def test_no_figure_is_cut_off_where_three_columns_stand_on_a_phone(phone_page, transactional_db):
    consultation = make_consultation(make_agency("Obras"), now_in="discussion", slug="calles")
    CommentFactory.create_batch(12, consultation=consultation, author=UserFactory())
    log_in(phone_page, consultation.agency.members.get())
    phone_page.goto("/consultations/calles/numbers/")
    assert phone_page.evaluate(
        "[...document.querySelectorAll('.table-frame')].map((f) => f.scrollWidth - f.clientWidth)"
    ) == [0]


def test_the_menu_closes_with_escape_and_by_going_elsewhere(phone_page, transactional_db):
    log_in(phone_page, UserFactory())
    button, first = phone_page.locator(".menu summary"), phone_page.locator(".menu-panel a").first
    button.press("Enter")
    first.focus()
    phone_page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    expect(button).to_be_focused()

    for go_elsewhere in (lambda: phone_page.keyboard.press("Shift+Tab"), lambda: phone_page.mouse.click(10, 700)):
        button.press("Enter")
        expect(first).to_be_visible()
        go_elsewhere()
        expect(first).to_be_hidden()


def test_a_consultation_page_is_light(world, page):
    """First visit, nothing kept: bytes on the wire as the browser counts them."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    received, asked = [], []
    session.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    session.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    page.goto("/consultations/abierta/", wait_until="networkidle")
    assert sum(received) < WEIGHT
    assert len(asked) <= REQUESTS, asked
