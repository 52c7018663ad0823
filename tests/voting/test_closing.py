"""The close: once, by whoever comes first; who voted is marked, the outcome decided, the link destroyed."""

from datetime import timedelta

import pytest
from django.db import connection

from accounts.refusals import Conflict
from consultations.clock import database_now
from consultations.models import Phase
from consultations.opening import PhaseDates, change_consultation
from tests.factories import UserFactory, choose, make_consultation, make_poll
from tests.factories.consultations import ProposalFactory
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close, close_due_polls, close_if_due, lots
from voting.models import Outcome, Poll, PollSecret, RollEntry
from voting.results.gate import has_voted
from voting.results.tallies import frame, own_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_poll()


def end(poll: Poll) -> Poll:
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now())
    return Poll.objects.select_related("consultation", "phase").get(pk=poll.pk)


def test_a_poll_whose_time_is_not_over_stays_open(poll):
    assert close(poll.pk) is False
    assert close_if_due(poll).is_closed is False
    assert close_due_polls() == []


def test_ballots_still_in_the_queue_are_in_the_final_tally(poll):
    rosa, omar = UserFactory(), UserFactory()
    cast_ballot(poll=poll, voter=rosa, choices=choose(poll, "for"))
    cast_ballot(poll=poll, voter=omar, choices=choose(poll, "for"))
    poll = close_if_due(end(poll))

    assert poll.is_closed
    assert frame(poll) | {"counts": None, "sealed_at": None} == {
        "poll": poll.pk,
        "number": 2,
        "voters": 2,
        "blank": 0,
        "counts": None,
        "sealed_at": None,
        "final": True,
    }
    assert poll.outcome.winners == [str(poll.options.get(kind="for").pk)]


def test_closing_twice_changes_nothing(poll):
    poll = close_if_due(end(poll))
    closed_at, outcome = poll.closed_at, Outcome.objects.get(poll=poll).decided_at
    assert close(poll.pk) is False
    poll.refresh_from_db()
    assert (poll.closed_at, Outcome.objects.get(poll=poll).decided_at) == (closed_at, outcome)


def test_who_voted_is_known_after_the_close_and_what_they_voted_is_not(poll):
    rosa, omar, inés = UserFactory(), UserFactory(), UserFactory()
    for voter in (rosa, omar):
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
    assert not RollEntry.objects.exists()
    poll = close_if_due(end(poll))

    assert set(RollEntry.objects.values_list("user", flat=True)) == {rosa.pk, omar.pk}
    assert has_voted(poll, rosa)
    assert not has_voted(poll, inés)
    assert not PollSecret.objects.filter(poll=poll).exists()
    assert own_ballot(poll, rosa) is None


def test_no_row_of_the_roll_was_written_by_the_transaction_of_a_ballot(poll):
    for _ in range(5):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    close_if_due(end(poll))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM voting_rollentry r JOIN voting_ballot b ON r.xmax = b.xmin")
        assert cursor.fetchone()[0] == 0


def test_an_extension_that_came_before_the_close_holds(poll):
    ended = end(poll)
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now() + timedelta(hours=1))
    assert close(ended.pk) is False
    assert cast_ballot(poll=poll, voter=UserFactory(), choices={}).revision == 1


def test_a_poll_without_a_single_ballot_closes_without_a_winner(poll):
    poll = close_if_due(end(poll))
    assert poll.outcome.winners == []
    assert frame(poll)["voters"] == 0


def test_a_tie_is_named_and_not_hidden(poll):
    for side in ("for", "against"):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))
    poll = close_if_due(end(poll))
    assert poll.outcome.winners == []
    assert {len(tie) for tie in poll.outcome.ties} == {2}


def test_due_polls_are_found_and_closed_drafts_are_not():
    over, open_still = make_poll(make_consultation(now_in="over")), make_poll()
    draft = make_poll(make_consultation(now_in="over", publish=False))
    assert close_due_polls() == [over.pk]
    assert [Poll.objects.get(pk=p.pk).is_closed for p in (over, open_still, draft)] == [True, False, False]


def test_an_editor_who_looks_at_a_draft_whose_dates_are_past_does_not_close_its_polls(client):
    consultation = make_consultation(now_in="over", publish=False)
    poll = make_poll(consultation)
    client.force_login(consultation.agency.members.get())
    data = f"/consultations/{consultation.slug}/data/"
    for address in (f"/polls/{poll.pk}/", f"/api/v1/polls/{poll.pk}/tally/", f"{data}tallies.csv", data):
        assert client.get(address).status_code == 200
    assert close(poll.pk) is False
    assert not Poll.objects.get(pk=poll.pk).is_closed


def test_the_dates_of_a_closed_poll_cannot_be_moved_even_if_nobody_voted(poll):
    close_if_due(end(poll))
    begun = poll.phase.starts_at
    later = [PhaseDates("voting", begun, database_now() + timedelta(days=9))]
    with pytest.raises(Conflict) as refused:
        change_consultation(consultation=poll.consultation, actor=poll.consultation.agency.members.get(), phases=later)
    assert refused.value.code == "voting_begun"


def test_a_budget_is_decided_by_votes_skipping_what_does_not_fit():
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    plaza, dear, bench = (
        ProposalFactory(consultation=consultation, title=title, cost_cents=cost)
        for title, cost in [("Plaza", 60_00), ("Anfiteatro", 70_00), ("Bancos", 40_00)]
    )
    poll = make_poll(consultation, method="greedy", options=[plaza, dear, bench])
    for titles in [("Plaza",), ("Plaza", "Anfiteatro"), ("Plaza", "Anfiteatro"), ("Bancos",)]:
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, *titles))
    poll = close_if_due(end(poll))
    titles = {str(option.pk): option.label for option in poll.options.all()}
    assert [titles[winner] for winner in poll.outcome.winners] == ["Plaza", "Bancos"]


def test_the_lot_is_the_same_for_everybody_and_another_one_for_each_poll():
    options = [str(n) for n in range(20)]
    root = bytes(32)
    assert lots(7, root, options) == lots(7, root, list(reversed(options)))
    assert lots(7, root, options) != lots(8, root, options)
    assert lots(7, root, options) != lots(7, bytes(31) + b"1", options)  # one ballot more, and it is another one
    assert sorted(lots(7, root, options)) == sorted(options)
