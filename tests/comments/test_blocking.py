"""Blocking an account in one consultation: what it refuses, what it never refuses, and what the person is told."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.access import why_not
from accounts.models import AuditEntry, Notice, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.commenting import add_comment
from comments.moderation.appealing import appeal
from comments.moderation.blocking import block, unblock
from comments.moderation.moderating import flag
from consultations.clock import database_now
from consultations.models import Block, Consultation
from consultations.proposals.proposing import change_proposal, make_proposal
from frontend.formats import when
from tests.consultations.doors import logged_in, words
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    anonymous,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
)
from tests.factories import member as make_member
from voting.ballots.casting import cast_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"), now_in="proposals")


@pytest.fixture
def moderator(consultation):
    return make_member(consultation.agency, Role.MODERATOR)


@pytest.fixture
def ana():
    return UserFactory(name="Ana")


def blocked(consultation, moderator, person, **fields):
    return block(consultation=consultation, user=person, actor=moderator, reason="Insulta a otros.", **fields)


def test_who_is_blocked_writes_nothing_there_and_reads_why(consultation, moderator, ana):
    own = make_proposal(consultation=consultation, actor=ana, title="Una plaza")
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    blocked(consultation, moderator, ana)
    deeds = [
        lambda: add_comment(consultation=consultation, actor=fresh(ana), body="Hola."),
        lambda: make_proposal(consultation=consultation, actor=fresh(ana), title="Otra"),
        lambda: change_proposal(proposal=own, actor=fresh(ana), title="Otra"),
        lambda: flag(target=comment, actor=fresh(ana), ground="spam"),
    ]
    for deed in deeds:
        with pytest.raises(NotPermitted) as refused:
            deed()
        assert refused.value.code == "blocked"
        assert "Insulta a otros." in str(refused.value.sentence)


def test_who_is_blocked_reads_why_once_on_a_page_however_much_it_keeps_from_them(client, consultation, moderator, ana):
    Consultation.objects.update(is_cause=True)
    proposal = ProposalFactory(consultation=consultation)
    blocked(consultation, moderator, ana)
    client.force_login(fresh(ana))
    for page in (consultation, proposal):
        said = client.get(page.get_absolute_url(), headers={"accept-language": "en"}).text
        assert said.count("Insulta a otros.") == 1
        assert "You cannot comment here: the reason stands further up on this page." in said
        assert "You cannot support here: " in said


def test_who_is_blocked_still_votes_and_reads(client, ana):
    poll = make_poll()
    moderator = make_member(poll.consultation.agency, Role.MODERATOR)
    blocked(poll.consultation, moderator, ana)

    assert cast_ballot(poll=poll, voter=fresh(ana), choices=choose(poll, "for"))
    client.force_login(ana)
    page = client.get(poll.consultation.get_absolute_url())
    assert page.status_code == 200
    assert "Insulta a otros." in page.content.decode()


def test_a_block_holds_in_its_consultation_alone(consultation, moderator, ana):
    blocked(consultation, moderator, ana)
    other = make_consultation(consultation.agency, title="Otra", slug="otra")
    assert add_comment(consultation=other, actor=fresh(ana), body="Hola.")


def test_a_block_ends_by_itself_and_says_when(consultation, moderator, ana, settings):
    settings.LANGUAGE_CODE = "en"
    blocked(consultation, moderator, ana, until=database_now() + timedelta(days=3))
    told = str(why_not(fresh(ana), "consultations.comment_consultation", consultation).sentence)
    assert "The block ends on " in told

    Block.objects.update(blocked_at=database_now() - timedelta(days=2), until=database_now() - timedelta(seconds=1))
    assert add_comment(consultation=consultation, actor=fresh(ana), body="Hola de nuevo.")
    assert blocked(consultation, moderator, ana)


def test_the_person_is_told_when_it_begins_and_when_it_is_lifted(consultation, moderator, ana):
    blocked(consultation, moderator, ana)
    unblock(consultation=consultation, user=ana, actor=moderator)

    assert [notice.kind for notice in Notice.objects.filter(user=ana).order_by("pk")] == ["blocked", "unblocked"]
    assert [entry.event for entry in AuditEntry.objects.filter(object_id=str(ana.pk)).order_by("pk")] == [
        "comments.account_blocked",
        "comments.account_unblocked",
    ]
    assert add_comment(consultation=consultation, actor=fresh(ana), body="Gracias.")


def test_until_when_stands_in_the_notice_and_in_the_decision_it_leads_to(consultation, moderator, ana):
    until = database_now() + timedelta(days=7)
    block(consultation=consultation, user=ana, actor=moderator, reason="Repite publicidad.", until=until)
    client = logged_in(ana)

    with override("en"):
        moment = when(until)
    assert f"blocked your account from writing there. The block ends {moment}." in words(
        client.get("/account/notices/")
    )
    decision = client.get(Notice.objects.get(user=ana).get_absolute_url()).url
    assert f"Until when{moment}" in words(client.get(decision))
    refused = client.get(f"/consultations/{consultation.slug}/proposals/new/")
    assert refused.status_code == 403 and b'href="/account/notices/">Go to my notices' in refused.content


def test_blocking_twice_and_lifting_what_is_not_there_are_told(consultation, moderator, ana):
    with pytest.raises(Conflict):
        unblock(consultation=consultation, user=ana, actor=moderator)
    blocked(consultation, moderator, ana)
    with pytest.raises(Conflict):
        blocked(consultation, moderator, ana)


def test_a_block_ends_later_than_now(consultation, moderator, ana):
    with pytest.raises(InvalidInput) as refused:
        blocked(consultation, moderator, ana, until=database_now())
    assert refused.value.field == "until"


def test_only_moderators_and_owners_of_the_agency_block(consultation, ana):
    stranger = make_member(make_agency("Salud"), Role.OWNER, Role.MODERATOR)
    others = [make_member(consultation.agency, role) for role in (Role.EDITOR, Role.ANALYST, Role.MEMBER)]
    for person in (stranger, *others, ana, anonymous):
        with pytest.raises(NotPermitted):
            blocked(consultation, person, ana)
    assert blocked(consultation, make_member(consultation.agency, Role.OWNER), ana)


def test_a_moderator_is_not_blocked_by_another(consultation, moderator):
    with pytest.raises(Conflict):
        blocked(consultation, moderator, make_member(consultation.agency, Role.MODERATOR))


def test_the_database_holds_one_standing_block(consultation, moderator, ana):
    blocked(consultation, moderator, ana)
    with pytest.raises(IntegrityError, match="one_block_per_consultation_and_person"), transaction.atomic():
        Block.objects.create(consultation=consultation, user=ana, blocked_by=moderator, reason="Otra vez.")


def test_a_consultation_page_asks_no_query_more_about_blocks(
    client, consultation, moderator, ana, django_assert_num_queries
):
    client.force_login(ana)
    client.get(consultation.get_absolute_url())
    with django_assert_num_queries(12, exact=False) as counted:
        client.get(consultation.get_absolute_url())
    blocked(consultation, moderator, ana)
    with django_assert_num_queries(len(counted)):
        client.get(consultation.get_absolute_url())


def test_who_answers_the_appeal_of_a_blocked_account_sees_whose_it_is_and_what_it_wrote(client, consultation, ana):
    owner, moderator = consultation.agency.members.get(), make_member(consultation.agency, Role.MODERATOR)
    CommentFactory(consultation=consultation, author=ana, body="Son todos unos chorros.")
    decision = blocked(consultation, moderator, ana)
    appeal(decision=decision, actor=fresh(ana), words="Estaba enojada.")

    def read(person, address):
        client.force_login(fresh(person))
        return client.get(address, headers={"accept-language": "en"}).text

    assert "An account: Ana" in read(owner, "/moderation/")
    page = read(owner, decision.get_absolute_url())
    assert "Son todos unos chorros." in page
    assert "only moderators see whose it is" in page
    own = read(ana, decision.get_absolute_url())
    assert consultation.title in own.partition("<h1>")[2]  # a phone has no room for all crumbs
    assert "only moderators see whose it is" not in own
