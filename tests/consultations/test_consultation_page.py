"""A consultation's page: who sees it, what it says one can do now, and what a draft lacks."""

import pytest

from accounts.models import Role
from tests.consultations.doors import address, words
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    choose,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold

pytestmark = pytest.mark.django_db


def logged_in(client, person):
    client.logout()
    if person:
        client.force_login(person)
    return client


def test_anybody_reads_a_public_consultation(client):
    consultation = make_consultation(title="Plan de arbolado", body="Queremos **mil** árboles.")

    response = client.get(address(consultation))

    assert response.status_code == 200
    assert b"<strong>mil</strong>" in response.content
    assert response.content.count(b"<h1") == 1
    assert consultation.agency.name in words(response)


def test_what_does_not_exist_is_not_found(client):
    assert client.get("/consultations/nada/").status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_a_consultation_page_is_only_read(client, method):
    assert getattr(client, method)(address(make_consultation())).status_code == 405


def test_a_private_consultation_is_found_only_by_those_it_is_for(client):
    obras, salud = make_agency("Obras"), make_agency("Salud")
    consultation = make_consultation(obras, visibility="private", shared_with=[salud])
    for person, status in [
        (None, 404),
        (UserFactory(), 404),
        (make_agency("Cultura").owner, 404),
        (member(obras, Role.MEMBER), 200),
        (member(salud, Role.ANALYST), 200),
    ]:
        for rest in ["", "proposals/"]:
            assert logged_in(client, person).get(address(consultation, rest)).status_code == status
    assert "Private" in words(client.get(address(consultation)))


def test_a_draft_is_found_only_by_those_who_prepare_it(client):
    agency = make_agency()
    draft = make_consultation(agency, publish=False)
    for person, status in [
        (None, 404),
        (UserFactory(), 404),
        (member(agency, Role.MODERATOR), 404),
        (member(agency, Role.EDITOR), 200),
        (agency.owner, 200),
    ]:
        assert logged_in(client, person).get(address(draft)).status_code == status


def test_a_draft_is_drawn_as_somebody_without_an_account_will_see_it_in_each_phase(client):
    agency = make_agency()
    draft = make_consultation(agency, publish=False, now_in=None)
    client.force_login(agency.owner)

    proposing = client.get(address(draft))
    voting = client.get(address(draft, "?phase=voting"))

    assert "“Proposals” begins" in words(proposing)
    assert "Log in or create an account" in words(proposing)
    assert "The time for proposals ends" in words(proposing)
    assert "Voting closes" in words(voting)
    assert address(draft, "edit/").encode() in proposing.content  # the way back
    assert address(draft, "manage/").encode() not in proposing.content  # nothing that only officials see
    draft.refresh_from_db()
    assert not draft.is_published


def test_the_preview_of_a_draft_without_phases_or_of_no_such_phase_is_shown(client):
    agency = make_agency()
    empty = make_consultation(agency, publish=False, body="")
    empty.phases.all().delete()
    client.force_login(agency.owner)

    for rest in ["", "?phase=voting", "?phase=nada"]:
        assert client.get(address(empty, rest)).status_code == 200


def test_publishing_shows_a_draft_to_everybody_at_once(client):
    agency = make_agency()
    draft = make_consultation(agency, publish=False)
    client.force_login(member(agency, Role.EDITOR))

    response = client.post(address(draft, "publish/"))

    assert response.url == address(draft)
    assert logged_in(client, None).get(address(draft)).status_code == 200


def test_publishing_what_is_not_ready_says_what_is_missing_and_publishes_nothing(client):
    agency = make_agency()
    draft = make_consultation(agency, publish=False, body=" ")
    client.force_login(agency.owner)

    response = client.post(address(draft, "publish/"), follow=True)

    assert "Write the text that explains" in words(response)
    draft.refresh_from_db()
    assert not draft.is_published


def test_publishing_twice_is_a_conflict(client):
    agency = make_agency()
    consultation = make_consultation(agency)
    client.force_login(agency.owner)

    assert client.post(address(consultation, "publish/")).status_code == 409


def test_publishing_is_for_editors_of_the_agency_and_by_post(client):
    agency = make_agency()
    draft, published = make_consultation(agency, publish=False), make_consultation(agency)
    for person, of_draft, of_published in [
        (None, 404, 403),
        (UserFactory(), 404, 403),
        (make_agency("Otra").owner, 404, 403),
        (member(agency, Role.MODERATOR), 404, 403),
    ]:
        assert logged_in(client, person).post(address(draft, "publish/")).status_code == of_draft
        assert client.post(address(published, "publish/")).status_code == of_published
    assert client.get(address(published, "publish/")).status_code == 405


@pytest.mark.parametrize(
    ("now_in", "can"),
    [
        (None, []),
        ("information", []),
        ("proposals", ["propose", "comment"]),
        ("support", ["support", "comment"]),
        ("discussion", ["comment"]),
        ("review", ["comment"]),
        ("voting", ["vote", "comment"]),
        ("results", []),
        ("follow_up", ["comment"]),
        ("over", []),
    ],
)
def test_the_page_says_what_one_can_do_in_each_phase(client, now_in, can):
    consultation = make_consultation(now_in=now_in)
    make_poll(consultation)
    client.force_login(UserFactory())

    acts = client.get(address(consultation)).context["acts"]

    assert (acts.can, acts.hindered) == (can, {})


def test_who_is_not_logged_in_learns_that_this_would_help_and_only_where_the_clock_allows_it(client):
    voting, over = make_consultation(now_in="voting"), make_consultation(now_in="over")
    make_poll(voting)

    acts = client.get(address(voting)).context["acts"]

    assert acts.can == []
    assert {reason.code: acts for reason, acts in acts.hindered.items()} == {"needs_account": ["vote", "comment"]}
    assert f"/account/login/?next=/consultations/{voting.slug}/".encode() in client.get(
        address(voting)
    ).content.replace(b"%2F", b"/")
    assert client.get(address(over)).context["acts"].hindered == {}


def test_a_voting_phase_without_a_poll_does_not_send_anybody_to_vote(client):
    consultation = make_consultation(now_in="voting")
    client.force_login(UserFactory())

    assert client.get(address(consultation)).context["acts"].can == ["comment"]


@pytest.mark.parametrize(("eligibility", "code"), [("verified", "not_verified"), ("invited", "not_invited")])
def test_who_may_not_take_part_learns_why(client, eligibility, code):
    consultation = make_consultation(now_in="voting", eligibility=eligibility)
    client.force_login(UserFactory())

    assert [reason.code for reason in client.get(address(consultation)).context["acts"].hindered] == [code]


def test_only_editors_see_the_way_to_change_it(client):
    agency = make_agency()
    consultation = make_consultation(agency)
    for person, sees in [
        (None, False),
        (UserFactory(), False),
        (member(agency, Role.MODERATOR), False),
        (member(agency, Role.EDITOR), True),
    ]:
        response = logged_in(client, person).get(address(consultation))
        assert (address(consultation, "edit/").encode() in response.content) is sees


def test_the_page_shows_the_first_proposals_without_the_hidden_ones_and_the_money(client):
    agency = make_agency()
    consultation = make_consultation(agency, now_in="proposals", budget_cents=100_000_000)
    for n in range(6):
        ProposalFactory(consultation=consultation, title=f"Plaza {n}", cost_cents=10_000_00)
    ProposalFactory(
        consultation=consultation,
        title="Insulto",
        cost_cents=10_000_00,
        hidden_at=consultation.published_at,
        hidden_by=agency.owner,
        hidden_reason="Agravia a una vecina",
    )

    response = client.get(address(consultation))

    assert response.context["proposal_figures"] == {"count": 6, "cost_cents": 60_000_00}
    assert [proposal.title for proposal in response.context["proposals"]] == [f"Plaza {n}" for n in (5, 4, 3)]
    assert "Insulto" not in words(response)
    assert "1,000,000" in words(response)


def test_a_consultation_page_costs_at_most_twelve_queries(client, django_assert_max_num_queries):
    agency = make_agency()
    consultation = make_consultation(agency, now_in="voting", budget_cents=100, visibility="private")
    voter = member(agency, Role.MEMBER)
    for _ in range(30):
        ProposalFactory(consultation=consultation, author=UserFactory())
        CommentFactory(consultation=consultation, author=UserFactory())
    for poll in [make_poll(consultation), make_poll(consultation, results_policy="after_voting")]:
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        fold(poll.pk)
    for person in [voter, agency.owner]:
        logged_in(client, person)
        with django_assert_max_num_queries(12):
            client.get(address(consultation))
        with django_assert_max_num_queries(12):
            client.get(address(consultation, "proposals/"))
