"""The card and the page of a poll: what each person sees before, while and after, and how a ballot is received."""

import pytest
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.urls import reverse

from accounts.models import AuditEntry, Role, User
from tests.factories import (
    UserFactory,
    choose,
    make_agency,
    make_consultation,
    make_poll,
)
from tests.factories import member as make_member
from tests.voting.reading import ballot_url, end, on_both_pages, option, page_of
from voting.ballots import closing
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold
from voting.models import Ballot, Poll
from voting.results.tallies import own_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


# --- Before, while and after


def test_before_the_phase_the_card_shows_the_options_and_when_it_opens(client, rosa):
    poll = make_poll(make_consultation(now_in="discussion"), method="single_choice", options=["Plaza", "Cancha"])
    for page in on_both_pages(client, poll):
        assert "Not open yet" in page
        assert "Opens in" in page
        assert "Plaza" in page
        assert ballot_url(poll) not in page


def test_while_it_is_open_a_voter_is_shown_the_ballot_and_until_when(client, poll, rosa):
    for page in on_both_pages(client, poll):
        assert ballot_url(poll) in page
        assert page.count('type="radio"') == 3
        assert "Nothing counts until you press" in page
        assert "Closes in" in page


def test_the_four_states_of_a_vote_follow_each_other(client, poll, rosa):
    def state():
        [card] = [
            word
            for word in ("vote empty", "vote counts", "vote sealed", "vote closed")
            if word in page_of(client, poll)
        ]
        return card

    assert state() == "vote empty"
    client.post(ballot_url(poll), {"option": option(poll, "for")})
    assert state() == "vote counts"
    fold(poll.pk)
    assert state() == "vote sealed"
    assert "Sealed with number 1" in page_of(client, poll)
    end(poll)
    assert state() == "vote closed"


def test_the_voter_sees_their_own_vote_and_nobody_else_does(client, poll, rosa):
    client.post(ballot_url(poll), {"option": option(poll, "against")})
    assert 'aria-label="Your vote"' in page_of(client, poll)
    assert f'value="{option(poll, "against")}" checked' in page_of(client, poll)

    client.force_login(UserFactory())
    assert 'aria-label="Your vote"' not in page_of(client, poll)
    client.logout()
    assert 'aria-label="Your vote"' not in page_of(client, poll)


def test_whoever_comes_first_after_the_time_finds_it_closed_with_its_outcome(client, poll):
    for n in range(3):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for" if n else "against"))
    end(poll)

    for page in on_both_pages(client, poll):
        assert "More people were for than against: 66.7% for, 33.3% against." in page
        assert "Final tally" in page
        assert ballot_url(poll) not in page
    assert Poll.objects.get().is_closed


def test_where_the_close_is_held_up_the_page_says_that_it_is_being_counted(client, poll, monkeypatch):
    def busy(poll_id, attempts):
        raise OperationalError("canceling statement due to lock timeout")

    monkeypatch.setattr(closing, "close", busy)
    end(poll)

    for page in on_both_pages(client, poll):
        assert "the last ballots are being counted" in page
        assert ballot_url(poll) not in page


def test_a_poll_in_a_draft_is_seen_by_its_editors_only(client, rosa):
    agency = make_agency("Obras")
    poll = make_poll(make_consultation(agency, now_in="voting", publish=False))
    assert client.get(poll.get_absolute_url()).status_code == 404
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 404

    client.force_login(agency.owner)
    assert "Not open yet" in page_of(client, poll)
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 409


# --- Who


def test_a_visitor_reads_the_options_and_is_shown_the_way_in_and_back(client, poll):
    own, consultation = on_both_pages(client, poll)
    for page, address in ((own, poll.get_absolute_url()), (consultation, poll.consultation.get_absolute_url())):
        assert f"{reverse('account_login')}?next={address.replace('/', '%2F')}%23poll-{poll.pk}" in page
        assert ballot_url(poll) not in page


def test_a_visitor_who_votes_all_the_same_is_sent_to_log_in_and_back_to_the_poll(client, poll):
    answer = client.post(ballot_url(poll), {"option": option(poll, "for")})

    assert answer.status_code == 403
    assert f"next={ballot_url(poll).replace('/', '%2F')}" in answer.content.decode()
    assert client.get(ballot_url(poll)).url == poll.get_absolute_url()
    assert not Ballot.objects.exists()


def test_only_verified_people_vote_where_that_is_asked_and_the_others_are_told(client, rosa):
    poll = make_poll(make_consultation(now_in="voting", eligibility="verified"))
    for page in on_both_pages(client, poll):
        assert "Only people whose identity is verified take part here." in page
        assert ballot_url(poll) not in page
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 403

    client.force_login(UserFactory(verification_level=2))
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 302


def test_a_private_poll_is_not_found_by_others(client, rosa):
    agency = make_agency("Obras")
    poll = make_poll(make_consultation(agency, now_in="voting", visibility="private"))
    for address in (poll.get_absolute_url(), ballot_url(poll), f"/polls/{poll.pk}/edit/"):
        assert client.get(address).status_code == 404
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 404

    client.force_login(make_member(agency, Role.MEMBER))
    assert client.post(ballot_url(poll), {"option": option(poll, "for")}).status_code == 302


# --- The count


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("after_close", "The count is shown after the close, to everybody at the same time."),
        ("after_voting", "You see the count once you have voted."),
    ],
)
def test_a_count_that_is_withheld_is_not_in_the_page_for_the_owner_neither(client, policy, says):
    poll = make_poll(results_policy=policy)
    for _ in range(3):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    fold(poll.pk)
    client.force_login(poll.consultation.agency.members.get())

    for page in on_both_pages(client, poll):
        assert says in page
        assert "live-tally" not in page
        assert "data-count" not in page


def test_after_voting_the_count_is_shown_to_who_has_voted(client, rosa):
    poll = make_poll(results_policy="after_voting")
    client.post(ballot_url(poll), {"option": option(poll, "for")})
    fold(poll.pk)

    for page in on_both_pages(client, poll):
        assert f'src="/ws/polls/{poll.pk}/"' in page
    client.force_login(UserFactory())
    assert "live-tally" not in page_of(client, poll)


def test_a_live_count_moves_for_everybody_and_a_final_one_for_nobody(client, poll):
    for page in on_both_pages(client, poll):
        assert f'<live-tally poll="{poll.pk}" src="/ws/polls/{poll.pk}/"' in page
    end(poll)
    assert "<live-tally" not in page_of(client, poll)


# --- The ballot


def test_a_ballot_from_the_consultation_leads_back_to_it(client, poll, rosa):
    page = page_of(client, poll, poll.consultation)
    address = f"{ballot_url(poll)}?next={poll.consultation.get_absolute_url().replace('/', '%2F')}"
    assert f'action="{address}"' in page

    answer = client.post(address, {"option": option(poll, "for")}, follow=True)

    assert answer.redirect_chain == [(f"{poll.consultation.get_absolute_url()}#poll-{poll.pk}", 302)]
    assert (
        "Received. It will be sealed within seconds, and you can change it until the close." in answer.content.decode()
    )


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org/", "javascript:alert(1)"])
def test_a_ballot_leads_nowhere_else(client, poll, rosa, elsewhere):
    answer = client.post(f"{ballot_url(poll)}?next={elsewhere}", {"option": option(poll, "for")})
    assert answer.url == f"{poll.get_absolute_url()}#poll-{poll.pk}"


def test_a_vote_is_changed_by_voting_again(client, poll, rosa):
    client.post(ballot_url(poll), {"option": option(poll, "for")})
    client.post(ballot_url(poll), {"option": option(poll, "against")})

    assert own_ballot(poll, rosa).choices == choose(poll, "against")
    assert "Change my vote" in page_of(client, poll)


def test_casting_writes_nothing_about_the_person(client, poll, rosa):
    def traces():
        return (
            list(User.objects.order_by("pk").values()),
            list(Session.objects.order_by("pk").values()),
            list(AuditEntry.objects.order_by("pk").values()),
        )

    page_of(client, poll)
    before = traces()
    answer = client.post(ballot_url(poll), {"option": option(poll, "for")})

    assert traces() == before
    assert Ballot.objects.count() == 1
    assert "sessionid" not in answer.cookies


def approval():
    return make_poll(method="approval", options=["Jacarandá", "Lapacho", "Tipa"], max_choices=2)


def test_several_options_are_chosen_where_the_method_allows_it(client, rosa):
    poll = approval()
    assert page_of(client, poll).count('type="checkbox"') == 3
    client.post(ballot_url(poll), {"option": [option(poll, "Jacarandá"), option(poll, "Tipa")]})

    assert own_ballot(poll, rosa).choices == choose(poll, "Jacarandá", "Tipa")


def test_a_blank_ballot_is_cast_by_its_own_button_and_shown_as_one(client, poll, rosa):
    client.post(ballot_url(poll), {"blank": "1"})

    assert own_ballot(poll, rosa).choices == {}
    assert "Blank ballot" in page_of(client, poll)


def refused(client, poll, data):
    answer = client.post(ballot_url(poll), data)
    assert answer.status_code == 400
    assert not Ballot.objects.exists()
    return answer.content.decode()


def test_nothing_chosen_is_no_ballot(client, poll, rosa):
    assert "Choose an option first." in refused(client, poll, {})


def test_too_many_choices_are_refused_at_their_place_and_kept(client, rosa):
    poll = approval()
    page = refused(client, poll, {"option": [o.pk for o in poll.options.all()]})

    assert "Choose at most 2 options. You chose 3." in page
    assert 'id="vote-error"' in page
    assert page.count(" checked") == 3


def test_two_options_of_one_choice_are_refused(client, poll, rosa):
    page = refused(client, poll, {"option": [option(poll, "for"), option(poll, "against")]})
    assert "Choose at most 1 option. You chose 2." in page


@pytest.mark.parametrize("strange", ["999999", "0", "-1", "x", "", " 1", "1.0", "\x00", "á" * 500, "9" * 400])
def test_what_is_no_option_is_refused(client, poll, rosa, strange):
    assert "That is not one of the options of this vote." in refused(client, poll, {"option": strange})


def test_an_option_of_another_poll_is_refused(client, poll, rosa):
    refused(client, poll, {"option": option(make_poll(), "for")})


def test_something_chosen_and_blank_is_asked_again(client, poll, rosa):
    assert "Do one of the two." in refused(client, poll, {"option": option(poll, "for"), "blank": "1"})


def test_a_ballot_for_a_poll_that_closed_meanwhile_is_answered_plainly(client, poll, rosa):
    end(poll)
    answer = client.post(ballot_url(poll), {"option": option(poll, "for")})

    assert answer.status_code == 409
    assert not Ballot.objects.exists()


def test_a_poll_that_does_not_exist_is_not_found(client, rosa):
    for poll_id in (999, 10**30):
        assert client.get(f"/polls/{poll_id}/").status_code == 404
        assert client.post(f"/polls/{poll_id}/ballot/", {"option": "1"}).status_code == 404


def test_before_voting_opens_there_is_no_count_and_nothing_live(client):
    poll = make_poll(make_consultation(now_in="discussion"))
    for page in on_both_pages(client, poll):
        assert "live-tally" not in page
        assert "data-count" not in page
