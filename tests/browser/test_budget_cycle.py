"""A participatory budget from the official's first click to the last milestone, by five people, with a real vote.

Projects and ballots are those of a Pabulib file: what wins, and for how much, is known from outside our code. Nobody
types an address: each begins on the front page and goes on by what the pages offer.
"""

import os
import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from accounts.models import Role
from consultations.clock import database_now
from consultations.models import Consultation, Feasibility, Phase, Proposal
from consultations.proposals.supporting import support
from frontend.formats import money
from tests.browser.axe import axe
from tests.browser.conftest import PHONE, new_context
from tests.browser.steps import log_in
from tests.factories import ProposalFactory, UserFactory, make_agency, member
from tests.voting.elections import greedy_in_order
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_due_polls
from voting.districts.choosing import choose_district
from voting.formats import pabulib
from voting.models import Ballot, BallotDraft, Poll

TITLE = "Presupuesto participativo 2027"
SMALL = "Netherlands_Assen_2024.pb"  # 14 projects, 84 ballots


class Person:
    """Somebody at a browser of their own, who knows the site's front page and nothing else."""

    def __init__(self, page: Page, user=None):
        self.page, self.user = page, user
        if user:
            log_in(page, user)

    def to_consultation(self) -> Page:
        self.page.goto("/")
        self.press("link", TITLE)
        return self.page

    def press(self, role: str, name, *, exact: bool = True) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("main").get_by_role(role, name=name, exact=exact).first.click()

    def look(self, picture: str) -> None:
        """As axe does; and nothing hangs out at the side."""
        axe(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        if place := os.environ.get("PICTURES"):
            self.page.screenshot(path=f"{place}/{picture}.png", full_page=True)


@pytest.fixture
def election():
    """A small real vote where it is at hand, our own file elsewhere; with what wins, by the count of others."""
    known = greedy_in_order()
    path, winners, cost = next((row for row in known if row[0].name == SMALL), known[0])
    with path.open("rb") as file:
        return pabulib.read(file), winners, round(float(cost) * 100)


def test_a_budget_from_the_first_click_to_the_last_milestone(
    election, page, browser, site, browser_errors, transactional_db
):
    file, winners, cost = election
    agency = make_agency("Municipio")
    phones = [new_context(browser, site, browser_errors, viewport=PHONE, is_mobile=True) for _ in range(3)]
    author, neighbour = UserFactory(name="Rosa Autora"), UserFactory(name="Nélida Vecina")
    desk = new_context(browser, site, browser_errors, viewport={"width": 1280, "height": 800})
    try:
        editor = Person(page, member(agency, Role.EDITOR))
        reviewer = Person(desk.new_page(), member(agency, Role.MEMBER, user=UserFactory(name="Irma Ingeniera")))
        rosa, nelida = Person(phones[0].new_page(), author), Person(phones[1].new_page(), neighbour)
        visitor = Person(phones[2].new_page())

        visitor.names = {project.id: project.name for project in file.projects}
        idea = next(project for project in file.projects if project.id == winners[0])
        consultation = the_editor_opens_it(editor, file)
        move_to(consultation, "proposals")
        a_citizen_sends_an_idea(rosa, idea, file)
        others_send_theirs(consultation, file, idea)
        move_to(consultation, "support")
        a_neighbour_supports_it_to_its_threshold(nelida, idea)
        move_to(consultation, "review")
        the_editor_merges_a_double_and_assigns_a_reviewer(editor, idea, reviewer)
        the_reviewer_gives_an_opinion(reviewer, idea)
        move_to(consultation, "costing")
        the_editor_sets_up_the_votes(editor)
        move_to(consultation, "voting")
        poll = Poll.objects.get(district__name=file.meta["unit"])
        everybody_votes(poll, file, rosa, nelida)
        move_to(consultation, "results")
        close_due_polls()
        anybody_reads_what_won_and_what_the_others_lacked(visitor, poll, winners, cost)
        move_to(consultation, "follow_up")
        the_editor_starts_the_follow_up(editor, idea, winners)
        a_citizen_follows_and_tells_what_she_saw(nelida, idea)
        anybody_reads_the_board(visitor, idea, winners, cost, poll)
    finally:
        for context in (*phones, desk):
            context.close()


def move_to(consultation: Consultation, kind: str) -> None:
    """Time passes: all dates move together, so that this phase began an hour ago."""
    passed = consultation.phases.get(kind=kind).starts_at - database_now() + timedelta(hours=1)
    Phase.objects.filter(consultation=consultation).update(
        starts_at=F("starts_at") - passed, ends_at=F("ends_at") - passed
    )


# --- Ideas


def the_editor_opens_it(editor: Person, file) -> Consultation:
    page = editor.page
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Consultas").click()
    editor.press("link", "Abrir una consulta")
    editor.press("link", "Presupuesto participativo")
    page.get_by_label("Título").fill(TITLE)
    page.get_by_label("Resumen").fill("Proponé qué hacemos en tu barrio, y votá qué se hace.")
    editor.press("button", "Guardar el borrador y seguir")
    for _ in range(3):
        editor.press("button", "Guardar y seguir")
    page.get_by_label("Moneda").select_option(file.meta["currency"])
    for number, (name, cents) in enumerate([(file.meta["unit"], file.budget_cents), ("Las Afueras", 5_000_00)]):
        page.locator(f"[name=district_{number}_name]").fill(name)
        page.locator(f"[name=district_{number}_amount_cents]").fill(f"{cents / 100:.2f}".replace(".", ","))
        page.locator(f"[name=district_{number}_support_threshold]").fill("2")
    editor.look("money")
    editor.press("button", "Guardar y seguir")
    editor.press("link", "Reemplazá los renglones del texto que empiezan con ✎: son notas para vos.")
    page.get_by_label("Texto").fill("## La plata\n\nPara **obras chicas** en los barrios.")
    editor.press("button", "Guardar y revisar")
    editor.press("button", "Publicarla para todo el mundo")
    editor.look("published")
    return Consultation.objects.get()


def a_citizen_sends_an_idea(rosa: Person, idea, file) -> None:
    page = rosa.to_consultation()
    rosa.press("link", "Escribir una propuesta")
    page.get_by_label("Título").fill(idea.name)
    page.get_by_label("Qué y por qué").fill("Para que **todos** lo aprovechen.")
    page.get_by_label("Distrito").select_option(file.meta["unit"])
    page.locator("[name=place]").fill("Plaza del centro")
    page.locator("[name=rough_cost_cents]").fill("6000")
    page.get_by_label("¿A quién le serviría?").fill("A unas dos mil personas.")
    rosa.look("idea")
    rosa.press("button", "Publicar mi propuesta")
    expect(page.get_by_text("Tu propuesta está publicada.")).to_be_visible()


def others_send_theirs(consultation: Consultation, file, idea) -> None:
    """The rest of the file, costed by the agency; one that says the same as the idea; one of the other district."""
    district, other = consultation.districts.all()
    for project in file.projects:
        if project.id != idea.id:
            costed = {"cost_cents": round(float(project.cost) * 100), "feasibility": Feasibility.FEASIBLE}
            ProposalFactory(consultation=consultation, district=district, title=project.name, **costed)
    costed = {"cost_cents": 2_000_00, "feasibility": Feasibility.FEASIBLE}
    ProposalFactory(consultation=consultation, district=other, title="Garita", **costed)
    double = UserFactory(name="Dora Doble")
    ProposalFactory(consultation=consultation, district=district, title=f"Otra vez: {idea.name}", author=double)


def a_neighbour_supports_it_to_its_threshold(nelida: Person, idea) -> None:
    for title in (idea.name, f"Otra vez: {idea.name}"):
        support(place=Proposal.objects.get(title=title), actor=UserFactory())
    page = nelida.to_consultation()
    nelida.press("link", "Apoyar propuestas")
    nelida.press("link", idea.name)
    progress = page.locator(".support-large")
    progress.get_by_role("button", name="Apoyar").click()
    expect(progress.get_by_role("button", name="La apoyás")).to_be_visible()
    expect(page.locator(".threshold")).to_contain_text("Ya tiene los 2 apoyos")
    nelida.look("supported")


# --- Review


def the_editor_merges_a_double_and_assigns_a_reviewer(editor: Person, idea, reviewer: Person) -> None:
    page = editor.to_consultation()
    editor.press("link", re.compile("^Ver las"))
    editor.press("link", "Unir propuestas")
    page.get_by_role("checkbox", name=re.compile(f"^{re.escape(idea.name)}")).check()
    page.get_by_role("checkbox", name=f"Otra vez: {idea.name}").check()
    editor.look("merge-choose")
    editor.press("button", "Seguir con las elegidas")
    page.get_by_role("radio", name=re.compile(f"^{re.escape(idea.name)}")).check()
    page.locator("[name=reason]").fill("Piden lo mismo, en la misma plaza.")
    editor.look("merge")
    editor.press("button", "Unir 2 propuestas")
    assert Proposal.objects.get(title=idea.name).support_count == 3

    editor.to_consultation()
    editor.press("link", "Gestionar")
    editor.press("link", "Evaluación de las propuestas")
    page.get_by_role("checkbox", name=idea.name, exact=True).check()
    page.locator("#assign-to").select_option(reviewer.user.name)
    editor.press("button", "Asignar y avisarle a la persona")
    editor.look("assigned")


def the_reviewer_gives_an_opinion(reviewer: Person, idea) -> None:
    page = reviewer.to_consultation()
    reviewer.press("link", "Lo que tengo para evaluar")
    reviewer.press("link", idea.name)
    page.locator("[name=feasibility][value=feasible]").check()
    page.locator("[name=reason]").fill("La plaza tiene electricidad y lugar.")
    page.locator("[name=cost_cents]").fill(f"{float(idea.cost):.2f}".replace(".", ","))
    page.get_by_label("Área que lo llevaría adelante").fill("Cultura")
    reviewer.look("opinion")
    reviewer.press("button", "Dar el dictamen")
    expect(page.get_by_text("Nada espera tu dictamen")).to_be_visible()
    found = Proposal.objects.get(title=idea.name)
    assert (found.feasibility, found.cost_cents) == (Feasibility.FEASIBLE, round(float(idea.cost) * 100))


# --- The vote


def the_editor_sets_up_the_votes(editor: Person) -> None:
    page = editor.to_consultation()
    editor.press("link", "Armar las votaciones de los distritos")
    page.locator("[name=question]").fill("¿Qué hacemos en 2027?")
    editor.look("set-up")
    editor.press("button", "Armar 2 votaciones")
    assert Poll.objects.count() == 2


def everybody_votes(poll: Poll, file, rosa: Person, nelida: Person) -> None:
    """Two with their phones, one of them after a draft; all the others by the same use case."""
    names = {project.id: project.name for project in file.projects}
    shortest = sorted((vote for vote in file.votes if vote.projects), key=lambda vote: len(vote.projects))
    at_hand = shortest[:2]
    for person, vote in zip((rosa, nelida), at_hand, strict=True):
        vote_by_phone(person, poll, [names[project] for project in vote.projects], keeps_it_first=person is nelida)
    options = {option.label: str(option.pk) for option in poll.options.all()}
    for vote in file.votes:
        if vote not in at_hand:
            voter = UserFactory()
            choose_district(consultation=poll.consultation, district=poll.district, user=voter)
            cast_ballot(poll=poll, voter=voter, choices={options[names[project]]: 1 for project in vote.projects})
    assert Ballot.objects.filter(poll=poll).count() == len(file.votes)
    assert not BallotDraft.objects.exists()


def vote_by_phone(person: Person, poll: Poll, names: list[str], *, keeps_it_first: bool) -> None:
    page = person.to_consultation()
    person.press("link", "Elegir mi distrito")
    page.get_by_role("radio", name=poll.district.name).check()
    person.look("district")
    person.press("button", "Este es mi distrito, y queda así")
    to_ballot(person)
    for name in names:
        page.get_by_role("checkbox", name=name).check()
    if keeps_it_first:
        expect(page.locator("[data-said]")).to_contain_text("Guardado para después")
        person.to_consultation()
        to_ballot(person)
        expect(page.get_by_role("checkbox", name=names[0])).to_be_checked()
    person.look("ballot")
    person.press("button", "Votar")
    expect(page.locator(".vote-state")).to_contain_text(re.compile("Tu voto cuenta|Sellado con el número"))


def to_ballot(person: Person) -> None:
    if not person.page.locator("form#ballot").count():
        person.press("link", re.compile("^Elegí entre"))


def anybody_reads_what_won_and_what_the_others_lacked(visitor: Person, poll: Poll, winners, cost) -> None:
    poll.refresh_from_db()
    ids = {name: project for project, name in visitor.names.items()}
    found = [ids[poll.options.get(pk=pk).label] for pk in poll.outcome.winners]
    assert sorted(found) == sorted(winners)
    by_lot = [row for row in poll.outcome.explanation["projects"] if row["broken_by"] == "lot"]
    assert found == winners or by_lot
    assert poll.outcome.explanation["spent"] == cost

    page = visitor.to_consultation()
    visitor.look("over")
    visitor.press("link", re.compile("Ver el resultado completo|Sobre esta votación"))
    won, lost = page.locator("section[aria-labelledby=allocation] table").all()
    assert won.locator("tbody tr th").all_inner_texts() == [visitor.names[project] for project in found]
    expect(page.locator("section[aria-labelledby=allocation]")).to_contain_text(written(cost, poll))
    assert all(lost.locator("tbody td[data-label='Por qué']").all_inner_texts())
    visitor.look("results")


def written(cents: int, poll: Poll) -> str:
    with translation.override("es-ar"):
        return money(cents, poll.consultation.budget.currency)


# --- What becomes of it


def the_editor_starts_the_follow_up(editor: Person, idea, winners) -> None:
    page = editor.to_consultation()
    editor.press("link", "Qué se hizo con lo decidido")
    editor.press("button", "Empezar con lo que ganó")
    expect(page.locator("article.card")).to_have_count(len(winners))  # none of the other district, where nobody voted
    editor.press("link", idea.name)
    yesterday = timezone.localdate() - timedelta(days=1)
    for title in ("Se compran los equipos", "Se estrena"):
        editor.press("link", "Agregar un hito")
        page.get_by_label("Qué hay que hacer").fill(title)
        page.get_by_label("Para cuándo").fill(yesterday.isoformat())
        editor.press("button", re.compile("."))
    editor.press("link", re.compile("^Informar"))
    page.locator("[name=status][value=done]").check()
    page.get_by_label("Qué pasó").fill("Se compraron a tres talleres del barrio.")
    page.locator("[name=spent_cents]").fill("950,50")
    editor.look("report")
    editor.press("button", "Publicar el informe y avisarles a quienes lo siguen")
    editor.look("pledge")


def a_citizen_follows_and_tells_what_she_saw(nelida: Person, idea) -> None:
    page = nelida.to_consultation()
    nelida.press("link", "Qué se hizo con lo decidido")
    nelida.press("link", idea.name)
    nelida.press("button", "Seguirlo")
    page.locator("#testimonies textarea").fill("Vi el escenario: suena bien.")
    nelida.press("button", "Publicar lo que vi")
    expect(page.get_by_text("Vi el escenario: suena bien.")).to_be_visible()
    nelida.look("testimony")


def anybody_reads_the_board(visitor: Person, idea, winners, cost, poll) -> None:
    page = visitor.to_consultation()
    visitor.press("link", "Qué se hizo con lo decidido")
    main = page.get_by_role("main")
    expect(main).to_contain_text(written(cost, poll))
    expect(main).to_contain_text(written(950_50, poll))
    expect(main).to_contain_text("1 va con atraso")
    visitor.look("board")
    visitor.press("link", idea.name)
    visitor.press("link", re.compile("^La propuesta"))
    expect(page.locator("ol.trail > li")).to_have_count(5)
    visitor.look("trail")
