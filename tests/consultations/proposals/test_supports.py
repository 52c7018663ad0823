"""Supports: one a person, counted exactly, taken back with one press; own ones, phases and blocks."""

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Conflict, NotPermitted, PhaseClosed
from comments.moderation.moderating import hide
from consultations.models import Consultation, Proposal, Support
from consultations.proposals.supporting import support, take_back_support
from tests.at_once import at_once
from tests.consultations.doors import address, words
from tests.factories import ProposalFactory, UserFactory, fresh, make_agency, make_consultation


@pytest.fixture
def agency(db):
    return make_agency("Obras")


@pytest.fixture
def plaza(agency):
    return ProposalFactory(consultation=make_consultation(agency, now_in="proposals"), author=UserFactory())


def count(proposal) -> int:
    return Proposal.objects.get(pk=proposal.pk).support_count


def test_a_support_counts_once_and_can_be_taken_back(plaza):
    ana = UserFactory()

    assert [support(place=plaza, actor=ana), support(place=plaza, actor=ana), count(plaza)] == [True, False, 1]
    assert [take_back_support(place=plaza, actor=ana), take_back_support(place=plaza, actor=ana)] == [True, False]
    assert count(plaza) == 0
    events = AuditEntry.objects.filter(event__contains="support").order_by("pk").values_list("event", flat=True)
    assert list(events) == ["consultations.proposal_supported", "consultations.proposal_support_taken_back"]


def test_nobody_supports_their_own(plaza):
    with pytest.raises(NotPermitted) as refused:
        support(place=plaza, actor=plaza.author)
    assert refused.value.code == "own_proposal"


@pytest.mark.parametrize("now_in", [None, "information", "voting", "results", "follow_up", "over"])
def test_at_the_wrong_time_there_are_no_supports(agency, now_in):
    proposal = ProposalFactory(consultation=make_consultation(agency, now_in=now_in))
    for deed in (support, take_back_support):
        with pytest.raises(PhaseClosed):
            deed(place=proposal, actor=UserFactory())


def test_where_the_agency_wants_none_there_are_none(client, plaza):
    Consultation.objects.update(receives_supports=False)
    with pytest.raises(NotPermitted):
        support(place=Proposal.objects.get(), actor=UserFactory())
    client.force_login(UserFactory())
    assert "/support/" not in client.get(plaza.get_absolute_url()).content.decode()


def test_what_is_hidden_gets_no_support(agency, plaza):
    hide(target=plaza, actor=fresh(agency.owner), reason="Agravia a una vecina")
    with pytest.raises(Conflict):
        support(place=Proposal.objects.get(), actor=UserFactory())


def test_one_press_supports_another_takes_it_back_and_the_page_says_so(client, plaza):
    client.force_login(UserFactory())
    page = plaza.get_absolute_url()

    landed = client.post(f"{page}support/", {"next": f"{page}#proposal"})
    assert landed.url == f"{page}#proposal"
    assert "1 support" in words(client.get(page))
    client.post(f"{page}support/take-back/", {"next": "https://elsewhere.example/"})
    assert "0 supports" in words(client.get(page))


def test_who_is_sent_to_log_in_comes_back_to_the_button(client, plaza):
    asked = f"{plaza.get_absolute_url()}support/"
    refused = client.get(asked)

    assert (refused.status_code, refused.context["next"]) == (403, asked)
    client.force_login(UserFactory())
    assert client.get(asked).status_code == 200


def test_an_erased_account_takes_its_supports_out_of_the_count(plaza):
    ana = UserFactory()
    support(place=plaza, actor=ana)
    ana.emailaddress_set.all().delete()
    AuditEntry.objects.all().delete()
    ana.delete()
    assert count(plaza) == 0


def test_who_supports_is_on_no_page_and_in_no_file(client, plaza):
    support(place=plaza, actor=UserFactory(name="Rosa Ñandubay", email="rosa@example.org"))
    consultation = plaza.consultation
    for page in [
        plaza.get_absolute_url(),
        address(consultation, "proposals/"),
        f"/api/v1/proposals/{plaza.pk}/",
    ]:
        assert "Rosa" not in client.get(page).content.decode()


@pytest.mark.parametrize("now_in", ["proposals", "discussion"])
def test_a_cause_is_supported_with_one_press_and_shows_how_many(client, agency, now_in):
    cause = make_consultation(agency, now_in=now_in)
    Consultation.objects.update(is_cause=True)
    client.force_login(UserFactory())
    assert "0 supports" in words(client.get(address(cause)))

    client.post(address(cause, "support/"))

    assert "1 support" in words(client.get(address(cause)))
    client.post(address(cause, "support/take-back/"))
    assert "0 supports" in words(client.get(address(cause)))


def test_what_is_no_cause_gets_no_support(client, agency):
    consultation = make_consultation(agency, now_in="discussion")
    client.force_login(UserFactory())
    assert client.post(address(consultation, "support/")).status_code == 403
    assert not Support.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_twenty_presses_at_once_count_exactly():
    plaza = ProposalFactory(consultation=make_consultation(now_in="proposals"))
    people = [UserFactory() for _ in range(8)]

    def press(person, deed):
        return lambda: deed(place=Proposal.objects.get(pk=plaza.pk), actor=fresh(person))

    # Each twice at the same moment: the second changes nothing.
    assert at_once(*[press(person, support) for person in people for _ in range(2)]) == ["done"] * 16
    assert count(plaza) == 8
    at_once(*[press(person, take_back_support) for person in people[:5]], *[press(people[7], support)])
    assert count(plaza) == Support.objects.filter(proposal=plaza).count() == 3
