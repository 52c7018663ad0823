"""Proposals: who puts them forward and when, how they are listed, and what a hidden one still shows."""

import pytest

from accounts.models import AuditEntry, Role
from comments.moderation.moderating import hide
from consultations.models import Proposal
from tests.consultations.doors import address, faults, words
from tests.factories import (
    ProposalFactory,
    UserFactory,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold

pytestmark = pytest.mark.django_db
PLAZA = {"title": "Una plaza", "body": "Con **sombra**.", "category": "", "place": "Barrio Norte"}
PHASES = [None, "information", "proposals", "discussion", "voting", "results", "follow_up", "over"]


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def open_call(agency):
    """A consultation that receives proposals now."""
    return make_consultation(agency, now_in="proposals")


@pytest.fixture
def ana(client):
    """A citizen, logged in."""
    person = UserFactory(name="Ana Pérez")
    client.force_login(person)
    return person


def new(consultation) -> str:
    return address(consultation, "proposals/new/")


def edit(proposal) -> str:
    return f"/proposals/{proposal.pk}/edit/"


def test_a_citizen_proposes_and_lands_on_the_proposal(client, open_call, ana):
    response = client.post(new(open_call), PLAZA)

    made = Proposal.objects.get()
    assert response.url == f"/proposals/{made.pk}/"
    assert (made.title, made.author, made.is_official) == ("Una plaza", ana, False)
    page = client.get(response.url)
    assert b"<strong>sombra</strong>" in page.content
    assert "Ana Pérez" in words(page)


@pytest.mark.parametrize("now_in", PHASES)
def test_a_citizen_proposes_in_the_proposals_phase_and_at_no_other_time(client, agency, ana, now_in):
    consultation = make_consultation(agency, now_in=now_in)

    answers = [client.get(new(consultation)).status_code, client.post(new(consultation), PLAZA).status_code]

    assert answers == ([200, 302] if now_in == "proposals" else [409, 409])
    assert Proposal.objects.exists() is (now_in == "proposals")


def test_who_comes_too_late_is_led_to_the_consultation_whose_steps_say_when(client, agency, ana):
    consultation = make_consultation(agency=agency, now_in="discussion")

    response = client.get(new(consultation))

    assert f'href="{consultation.get_absolute_url()}"' in response.content.decode()


def test_who_may_not_propose_learns_why(client, agency):
    verified = make_consultation(agency, now_in="proposals", eligibility="verified")
    private = make_consultation(agency, now_in="proposals", visibility="private")
    for person, consultation, status, code in [
        (None, verified, 403, "needs_account"),
        (UserFactory(), verified, 403, "not_verified"),
        (UserFactory(), private, 404, None),
    ]:
        client.logout()
        if person:
            client.force_login(person)
        for response in [client.get(new(consultation)), client.post(new(consultation), PLAZA)]:
            assert response.status_code == status
            if code:
                assert response.context["reason"].code == code
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("now_in", PHASES)
def test_the_agency_proposes_in_its_own_name_at_any_time(client, agency, now_in):
    consultation = make_consultation(agency, now_in=now_in)
    client.force_login(member(agency, Role.EDITOR))

    response = client.post(new(consultation), PLAZA | {"is_official": "on"})

    made = Proposal.objects.get()
    assert made.is_official
    assert "Obras" in words(client.get(response.url))


def test_an_editor_who_speaks_for_himself_is_bound_by_the_clock_like_anybody(client, agency):
    consultation = make_consultation(agency, now_in="discussion")
    client.force_login(member(agency, Role.EDITOR))

    response = client.post(new(consultation), PLAZA)

    assert response.status_code == 409
    assert "Una plaza" in response.content.decode()
    assert not Proposal.objects.exists()


def test_a_citizen_cannot_speak_for_the_agency(client, open_call, ana):
    client.post(new(open_call), PLAZA | {"is_official": "on"})

    assert not Proposal.objects.get().is_official
    assert b"is_official" not in client.get(new(open_call)).content


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": ""}, "title"), ({"title": "x" * 141}, "title"), ({"body": " "}, "body"), ({"place": "\x00"}, "place")],
)
def test_each_fault_is_shown_at_its_field_and_nothing_is_lost(client, open_call, ana, changes, field):
    response = client.post(new(open_call), PLAZA | changes)

    assert (response.status_code, faults(response).keys()) == (400, {field})
    assert 'value="Barrio Norte"' in response.content.decode() or field == "place"
    assert not Proposal.objects.exists()


def test_a_cost_is_asked_where_there_is_money_and_nowhere_else(client, agency, open_call, ana):
    budget = make_consultation(agency, now_in="proposals", budget_cents=100_000_00)

    client.post(new(budget), PLAZA | {"rough_cost_cents": "1,250.50", "cost_cents": "7"})

    made = Proposal.objects.get()
    assert (made.rough_cost_cents, made.cost_cents) == (125_050, None)  # what it costs is for the agency to say
    assert b"cost_cents" not in client.get(new(open_call)).content


# --- Changing one


def test_its_author_changes_a_proposal_and_the_audit_trail_keeps_the_old_text(client, open_call, ana):
    proposal = ProposalFactory(consultation=open_call, author=ana, title="Una plasa")

    response = client.post(edit(proposal), PLAZA)

    assert response.url == f"/proposals/{proposal.pk}/"
    proposal.refresh_from_db()
    assert proposal.title == "Una plaza"
    assert AuditEntry.objects.first().details["old"]["title"] == "Una plasa"


def test_nobody_else_changes_it(client, agency, open_call):
    proposal = ProposalFactory(consultation=open_call, author=UserFactory(), title="Una plaza")
    for person in [None, UserFactory(), member(agency, Role.MODERATOR), agency.owner]:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(edit(proposal)).status_code == 403
        assert client.post(edit(proposal), PLAZA | {"title": "Otra"}).status_code == 403
        assert edit(proposal).encode() not in client.get(f"/proposals/{proposal.pk}/").content
    proposal.refresh_from_db()
    assert proposal.title == "Una plaza"


@pytest.mark.parametrize("now_in", ["discussion", "voting", "results"])
def test_after_its_phase_a_citizens_proposal_stays_as_it_is_and_the_agencys_does_not(client, agency, ana, now_in):
    consultation = make_consultation(agency, now_in=now_in)
    own = ProposalFactory(consultation=consultation, author=ana)
    official = ProposalFactory(consultation=consultation, author=agency.owner, is_official=True)

    assert client.post(edit(own), PLAZA).status_code == 409
    client.force_login(member(agency, Role.EDITOR))
    assert client.post(edit(official), PLAZA).status_code == 302


def test_what_is_put_to_the_vote_does_not_change(client, agency):
    consultation = make_consultation(agency, now_in="proposals")
    chosen = [ProposalFactory(consultation=consultation, is_official=True) for _ in range(2)]
    make_poll(consultation, method="approval", options=chosen)
    client.force_login(agency.owner)

    assert client.get(edit(chosen[0])).status_code == 409
    assert client.post(edit(chosen[0]), PLAZA).status_code == 409


# --- Reading


def test_a_hidden_proposal_shows_the_public_reason_and_nothing_of_its_text(client, agency, open_call, ana):
    proposal = ProposalFactory(consultation=open_call, author=ana, title="Insulto", body="Grosería", category="Ofensa")
    hide(target=proposal, actor=fresh(agency.owner), reason="Agravia a una vecina")

    for place in [f"/proposals/{proposal.pk}/", address(open_call, "proposals/")]:
        page = words(client.get(place))
        assert "Agravia a una vecina" in page
        for word in ["Insulto", "Grosería", "Ofensa"]:
            assert word not in page
    assert client.get(address(open_call, "proposals/?category=Ofensa")).context["page"].paginator.count == 0
    assert client.get(edit(proposal)).status_code == 409


@pytest.mark.parametrize(("policy", "is_shown"), [("live", True), ("after_close", False)])
def test_a_proposal_that_is_voted_on_shows_its_votes_when_the_gate_lets_them_through(client, agency, policy, is_shown):
    consultation = make_consultation(agency, now_in="voting")
    plaza, cancha = (ProposalFactory(consultation=consultation, title=title) for title in ("Plaza", "Cancha"))
    poll = make_poll(consultation, method="approval", options=[plaza, cancha], results_policy=policy)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "Plaza"))
    fold(poll.pk)

    assert ("1 vote" in words(client.get(f"/proposals/{plaza.pk}/"))) is is_shown


def test_proposals_of_what_one_may_not_see_are_not_found(client, agency):
    private = make_consultation(agency, visibility="private")
    proposal = ProposalFactory(consultation=private)
    for person, status in [(None, 404), (UserFactory(), 404), (member(agency, Role.MEMBER), 200)]:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(f"/proposals/{proposal.pk}/").status_code == status
    assert client.get("/proposals/999999/").status_code == 404


def test_proposals_are_listed_newest_first_by_category_or_by_cost(client, agency):
    consultation = make_consultation(agency, now_in="voting", budget_cents=100_000_00)
    for title, category, cost in [("A", "Parques", 5), ("B", "Calles", 9), ("C", "Parques", 7), ("D", "", None)]:
        ProposalFactory(consultation=consultation, title=title, category=category, cost_cents=cost)

    def listed(asked: str) -> list[str]:
        return [found.title for found in client.get(address(consultation, f"proposals/{asked}")).context["page"]]

    assert listed("") == ["D", "C", "B", "A"]
    assert listed("?category=Parques") == ["C", "A"]
    assert listed("?sort=cost") == ["B", "C", "A", "D"]
    assert listed("?category=Parques&sort=cost") == ["C", "A"]
    assert client.get(address(consultation, "proposals/")).context["categories"] == ["Calles", "Parques"]


def test_the_list_has_24_a_page_and_costs_the_same_however_many_there_are(
    client, open_call, ana, django_assert_max_num_queries
):
    for _ in range(50):
        ProposalFactory(consultation=open_call, author=UserFactory())

    with django_assert_max_num_queries(12):
        page = client.get(address(open_call, "proposals/?page=2")).context["page"]
    with django_assert_max_num_queries(12):
        client.get(f"/proposals/{Proposal.objects.first().pk}/")

    assert (len(page), page.paginator.num_pages) == (24, 3)


@pytest.mark.parametrize("rest", ["", "proposals/"])
def test_reading_is_by_get(client, open_call, rest):
    assert client.post(address(open_call, rest)).status_code == 405
    assert client.post(f"/proposals/{ProposalFactory(consultation=open_call).pk}/").status_code == 405
