"""The follow-up: what won becomes a pledge once, reports are only added, overdue is the clock's word."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, transaction

from accounts.models import Notice, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.commenting import add_comment
from comments.moderation.moderating import hide
from consultations.clock import database_now
from consultations.milestones import winners
from consultations.milestones.following import follow
from consultations.milestones.queries import Filter, board_of
from consultations.milestones.reporting import add_milestone, report
from consultations.milestones.standing import today
from consultations.milestones.starting import create_pledge, start_follow_up
from consultations.models import Budget, Consultation, District, Phase, Pledge, Report, Status
from tests.consultations.doors import words
from tests.exports.reading import rows_of
from tests.factories import (
    ProposalFactory,
    UserFactory,
    anonymous,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from tests.factories.files import picture
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due


@pytest.fixture
def world(db, monkeypatch):
    """A budget in which Rosa's square has won 900 pesos of Norte, as the rooms above say; and an editor."""
    agency = make_agency("Obras")
    consultation = make_consultation(agency, now_in="follow_up", slug="pp")
    Budget.objects.create(consultation=consultation, amount_cents=1_000_00)
    north = District.objects.create(consultation=consultation, position=1, name="Norte", amount_cents=1_000_00)
    rosa = UserFactory(name="Rosa")
    square = ProposalFactory(consultation=consultation, district=north, author=rosa, title="Plaza del Sauce")
    monkeypatch.setattr(winners, "_sources", [lambda asked: [(square.pk, 900_00)] if asked == consultation else []])
    return SimpleNamespace(
        consultation=Consultation.objects.get(pk=consultation.pk),
        square=square,
        rosa=rosa,
        north=north,
        editor=member(agency, Role.EDITOR),
        moderator=member(agency, Role.MODERATOR),
    )


@pytest.fixture
def square(world):
    """The square's pledge."""
    (pledge,) = start_follow_up(consultation=world.consultation, actor=world.editor)
    return pledge


def whole(world):
    return board_of(world.consultation, Filter(), database_now(), None).page[0].whole


def test_what_won_becomes_a_pledge_once_and_its_author_is_told(world):
    for person in (world.rosa, world.moderator):
        with pytest.raises(NotPermitted):
            start_follow_up(consultation=world.consultation, actor=person)
    (made,) = start_follow_up(consultation=world.consultation, actor=world.editor)
    assert (made.title, made.promised_cents, made.district) == ("Plaza del Sauce", 900_00, world.north)
    assert start_follow_up(consultation=world.consultation, actor=world.editor) == []
    assert Pledge.objects.count() == 1
    assert Notice.objects.get(user=world.rosa).kind == "pledge_made"


def test_before_anything_has_won_there_is_nothing_to_start(world, monkeypatch):
    monkeypatch.setattr(winners, "_sources", [])
    with pytest.raises(Conflict) as refused:
        start_follow_up(consultation=world.consultation, actor=world.editor)
    assert refused.value.code == "no_winners"


def test_the_winners_of_a_vote_are_those_of_the_count_and_only_once_everybody_sees_it(db):
    budget = make_consultation(now_in="voting", budget_cents=100_00)
    projects = [ProposalFactory(consultation=budget, title=title, cost_cents=80_00) for title in ("Plaza", "Cancha")]
    poll = make_poll(budget, method="greedy", options=projects, results_policy="after_close")
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "Cancha"))
    assert winners.winners_of(budget) == {}
    close_if_due(end(poll))
    assert list(winners.winners_of(budget).items()) == [(budget.proposals.get(title="Cancha").pk, 80_00)]


def test_a_report_is_kept_as_it_was_given_and_told_to_who_follows(world, square):
    ana = UserFactory()
    follow(pledge=square, actor=ana)
    step = add_milestone(pledge=square, actor=world.editor, title="Licitación", planned_for=today())
    report(milestone=step, actor=world.editor, status="in_progress", body="Se publicó.", spent_cents=100_00)
    report(milestone=step, actor=world.editor, status="done", body="Se adjudicó.")

    found = whole(world)
    assert (found.status, found.spent_cents, found.done_count, found.count) == (Status.DONE, 100_00, 1, 1)
    assert Notice.objects.filter(user=ana, kind="milestone_reported").count() == 2
    assert Notice.objects.filter(user=world.rosa, kind="milestone_reported").count() == 2
    for deed in (lambda: Report.objects.update(body="Otra"), lambda: Report.objects.all().delete()):
        with pytest.raises(ProgrammingError), transaction.atomic():
            deed()


def test_only_editors_report_and_never_without_words(world, square):
    step = add_milestone(pledge=square, actor=world.editor, title="Licitación")
    for person in (world.rosa, world.moderator):
        with pytest.raises(NotPermitted):
            add_milestone(pledge=square, actor=person, title="Obra")
        with pytest.raises(NotPermitted):
            report(milestone=step, actor=person, status="done", body="Listo.")
    for given, code in (
        ({"status": "done", "body": " "}, "no_body"),
        ({"status": "overdue", "body": "Tarde."}, "no_status"),  # nobody says so: the clock does
        ({"status": "done", "body": "Listo.", "photo": picture()}, "no_alt"),
    ):
        with pytest.raises(InvalidInput) as refused:
            report(milestone=step, actor=world.editor, **given)
        assert refused.value.code == code


def test_overdue_is_the_day_after_and_ends_with_the_work_or_with_a_date_moved_in_public(client, world, square):
    day = timedelta(days=1)
    late = add_milestone(pledge=square, actor=world.editor, title="Obra", planned_for=today() - day)
    add_milestone(pledge=square, actor=world.editor, title="Inauguración", planned_for=today())
    assert (whole(world).overdue_count, whole(world).is_late) == (1, True)
    page = f"/pledges/{square.pk}/"
    assert "1 is overdue." in words(client.get(page))

    report(milestone=late, actor=world.editor, status="in_progress", body="Llovió.", planned_for=today() + day)
    assert whole(world).overdue_count == 0
    moved = f"It was planned for {_short(today() - day)}, now for {_short(today() + day)}."
    assert moved in words(client.get(page))
    report(milestone=late, actor=world.editor, status="delayed", body="Falta hormigón.")
    assert whole(world).is_late
    report(milestone=late, actor=world.editor, status="cancelled", body="No se hace.")
    assert (whole(world).is_late, whole(world).count) == (False, 1)


def _short(day) -> str:
    return f"{day.day} {day:%b} {day.year}"


def test_everybody_reads_the_board_by_district_and_status(client, world, square):
    south = District.objects.create(consultation=world.consultation, position=2, name="Sur", amount_cents=1)
    goal = create_pledge(
        consultation=world.consultation, actor=world.editor, title="Mil árboles", promised_cents=100_00, district=south
    )
    step = add_milestone(pledge=goal, actor=world.editor, title="Plantar")
    report(milestone=step, actor=world.editor, status="done", body="Ya.", spent_cents=50_00)

    address = "/consultations/pp/follow-up/"
    board = words(client.get(address))
    assert "1 of 2 pledges are kept." in board
    assert "ARS 50 spent of ARS 1,000 promised" in board
    assert "Norte1ARS 900ARS 000" in board.replace("\xa0", " ")
    for query, is_there in (("status=done", True), ("status=planned", False), (f"district={south.pk}", True)):
        found = words(client.get(f"{address}?{query}"))
        assert ("Plantar" in found, "Plaza del Sauce" in found) == (is_there, not is_there)
    assert "See what becomes of it" in words(client.get("/consultations/pp/"))
    found = client.get("/api/v1/pledges/?consultation=pp").json()["results"]
    (row,) = [row for row in found if row["title"] == "Mil árboles"]
    assert (row["milestones"][0]["status"], row["milestones"][0]["is_overdue"]) == ("done", False)
    feed = client.get(f"{address}feed.atom").content.decode()
    assert "Mil árboles: Plantar, Done" in feed


def test_an_official_reports_with_a_photo_and_everybody_sees_it_without_its_place(
    client, world, square, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    step = add_milestone(pledge=square, actor=world.editor, title="Obra")
    client.force_login(world.editor)
    early = {"status": "planned", "body": "Todavía ni un peso.", "spent_cents": "0"}
    assert client.post(f"/milestones/{step.pk}/report/", early).status_code == 302
    assert client.post(f"/milestones/{step.pk}/report/", {**early, "spent_cents": "-1"}).status_code == 400
    assert Report.objects.get().spent_cents == 0
    sent = {"status": "in_progress", "body": "Hay cimientos.", "spent_cents": "300.50", "alt": "Los cimientos"}
    assert client.post(f"/milestones/{step.pk}/report/", {**sent, "photo": picture()}).status_code == 302
    client.logout()
    page = client.get(f"/pledges/{square.pk}/")
    assert 'alt="Los cimientos"' in page.content.decode()
    assert "ARS 300.50 spent of ARS 900 promised" in words(page)
    photo = client.get(Report.objects.latest("pk").photo_url)
    assert (photo.status_code, photo["Content-Type"]) == (200, "image/webp")


def test_the_page_of_the_proposal_tells_the_whole_way(client, world, square):
    step = add_milestone(pledge=square, actor=world.editor, title="Licitación", planned_for=today())
    report(milestone=step, actor=world.editor, status="done", body="Se adjudicó.", spent_cents=200_00)
    page = words(client.get(f"/proposals/{world.square.pk}/"))
    for said in ("From the idea to the works", "Rosa, ", "Licitación: Done", "ARS 200 spent of ARS 900"):
        assert said in page


def test_what_people_saw_stands_beside_the_milestones_and_moderators_hide_it_as_ever(client, world, square):
    ana = UserFactory(name="Ana")
    Pledge.objects.update(created_at=database_now())
    said = add_comment(
        consultation=world.consultation, proposal=world.square, actor=ana, body="Pasé ayer: no hay nada."
    )
    page = f"/pledges/{square.pk}/"
    assert "Pasé ayer: no hay nada." in words(client.get(page))
    hide(target=said, actor=fresh(world.moderator), ground="spam")
    assert "Pasé ayer: no hay nada." not in words(client.get(page))


def test_what_a_moderator_hides_is_not_read_in_the_follow_up_either(client, world, square):
    step = add_milestone(pledge=square, actor=world.editor, title="Obra")
    report(milestone=step, actor=world.editor, status="done", body="Ya.")
    hide(target=world.square, actor=fresh(world.moderator), reason="Nombra a un vecino.")
    page, board = f"/pledges/{square.pk}/", "/consultations/pp/follow-up/"
    for address in (page, board, f"{board}?q=sauce", f"{board}feed.atom", "/api/v1/pledges/?consultation=pp"):
        assert "Plaza del Sauce" not in client.get(address).content.decode(), address
    assert f"Proposal {world.square.pk}, hidden by a moderator" in words(client.get(board))
    assert [row["title"] for row in rows_of(world.consultation, "pledges", anonymous)] == [""]


def test_following_one_pledge_begins_and_ends_with_a_button(client, world, square):
    ana = UserFactory()
    client.force_login(ana)
    page = f"/pledges/{square.pk}/"
    client.post(f"{page}follow/")
    assert "1 person follows it" in words(client.get(page))
    client.post(f"{page}stop-following/")
    assert not square.follows.exists()


def test_a_private_consultation_shows_its_follow_up_to_nobody_else(client, world, square):
    Consultation.objects.update(visibility="private")
    for address in (
        f"/pledges/{square.pk}/",
        "/consultations/pp/follow-up/",
        "/consultations/pp/follow-up/feed.atom",
    ):
        assert client.get(address).status_code == 404


def test_any_consultation_is_followed_up_without_a_budget(client, db):
    plan = make_consultation(now_in="over", slug="plan")
    assert not Phase.objects.filter(consultation=plan, kind="follow_up").exists()
    owner = fresh(plan.agency.members.get())
    goal = create_pledge(consultation=plan, actor=owner, title="Meta 1", promised_cents=1_00)
    add_milestone(pledge=goal, actor=owner, title="Ley")
    assert "Meta 1" in words(client.get("/consultations/plan/follow-up/"))
    assert client.get(goal.get_absolute_url()).status_code == 200
