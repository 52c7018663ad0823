"""After the first ballot a rule changes only in public: with a reason, in the log, on the page. An extension is one."""

import json
from datetime import timedelta

import pytest

from accounts.models import AuditEntry
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from consultations.clock import database_now
from tests.factories import UserFactory, choose, fresh, make_consultation, make_poll
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close, close_if_due
from voting.models import Leaf, Poll, Seal
from voting.polls.amending import extend_voting

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_poll()


@pytest.fixture
def editor(poll):
    return fresh(poll.consultation.agency.members.get())


def later(poll, hours=5):
    return poll.phase.ends_at + timedelta(hours=hours)


def extend(poll, editor, **more):
    return extend_voting(
        **{"poll": poll, "actor": editor, "ends_at": later(poll), "reason": "Se cortó la luz.", **more}
    )


def vote(poll):
    return cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))


def test_an_extension_stands_in_the_log_with_both_ends_and_the_reason_and_is_sealed_at_once(poll, editor):
    vote(poll)
    extend(poll, editor)

    manifest, _, amendment = [leaf.statement and json.loads(leaf.statement) for leaf in Leaf.objects.all()]
    assert amendment["kind"] == "amendment"
    assert amendment["reason"] == "Se cortó la luz."
    assert amendment["changes"]["closes_at"]["from"] == manifest["closes_at"]
    assert amendment["changes"]["closes_at"]["to"] > manifest["closes_at"]
    assert Seal.objects.latest().number == 2
    assert Poll.objects.get(pk=poll.pk).phase.ends_at == later(poll)
    assert AuditEntry.objects.filter(event="voting.voting_extended", actor=editor).exists()


def test_ballots_cast_before_it_are_sealed_before_it(poll, editor):
    for _ in range(3):
        vote(poll)
    extend(poll, editor)
    assert Leaf.objects.get(ballot__isnull=True, number__gt=0).number == 4
    assert not poll.queue.exists()


def test_it_goes_into_the_log_of_every_poll_of_the_phase_that_has_ballots_and_into_no_other(poll, editor):
    voted, untouched = make_poll(poll.consultation, question="¿Y tipas?"), make_poll(poll.consultation, question="¿Y?")
    vote(poll)
    vote(voted)
    extend(poll, editor)
    assert set(Leaf.objects.filter(statement__contains="amendment").values_list("poll", flat=True)) == {
        poll.pk,
        voted.pk,
    }
    assert Poll.objects.get(pk=untouched.pk).phase.ends_at == later(poll)


def test_the_page_tells_it_with_the_reason(client, poll, editor):
    vote(poll)
    extend(poll, editor)
    page = client.get(poll.get_absolute_url()).content.decode()
    assert "Se cortó la luz." in page
    assert "Se movió el final de la votación. Antes: " in page


def test_a_reason_is_needed_and_an_earlier_end_is_refused(poll, editor):
    with pytest.raises(InvalidInput, match="no_reason"):
        extend(poll, editor, reason="  ")
    with pytest.raises(InvalidInput, match="not_later"):
        extend(poll, editor, ends_at=poll.phase.ends_at)


def test_whoever_may_not_change_the_poll_may_not_extend_it(poll):
    with pytest.raises(NotPermitted):
        extend(poll, UserFactory())


def test_what_is_over_cannot_be_extended_closed_or_not(poll, editor):
    ended = end(poll)
    with pytest.raises(Conflict, match="voting_is_over"):
        extend(ended, editor, ends_at=database_now() + timedelta(days=1))
    close(poll.pk)
    with pytest.raises(Conflict, match="voting_is_over"):
        extend(ended, editor, ends_at=database_now() + timedelta(days=1))


def test_the_phase_that_follows_at_once_begins_later_too():
    consultation = make_consultation(now_in="voting", hours=24)
    poll = make_poll(consultation)
    results = consultation.phases.create(
        kind="results", starts_at=poll.phase.ends_at, ends_at=poll.phase.ends_at + timedelta(days=9)
    )
    editor = fresh(consultation.agency.members.get())
    extend(poll, editor)
    results.refresh_from_db()
    assert results.starts_at == later(poll)
    with pytest.raises(InvalidInput, match="phases_overlap"):
        extend(Poll.objects.get(pk=poll.pk), editor, ends_at=results.ends_at + timedelta(days=1))


def test_a_poll_that_was_extended_closes_by_its_new_end(poll, editor):
    vote(poll)
    extend(poll, editor)
    assert close(poll.pk) is False
    assert close_if_due(end(poll)).is_closed


def test_an_editor_extends_on_a_page_and_is_told_what_is_wrong(client, poll, editor):
    vote(poll)
    client.force_login(editor)
    address = f"/polls/{poll.pk}/extend/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"ends_at": "", "reason": "Sí"}).status_code == 400
    when = later(poll).strftime("%Y-%m-%dT%H:%M")
    assert client.post(address, {"ends_at": when, "reason": "Se cortó la luz."}).status_code == 302
    assert Leaf.objects.filter(statement__contains="Se cortó").exists()
