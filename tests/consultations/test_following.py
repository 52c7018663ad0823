"""Following a consultation: by the button, by taking part, never by voting."""

import pytest

from accounts.refusals import NotPermitted
from comments.commenting import add_comment
from consultations import following
from consultations.models import Follow
from consultations.proposals.proposing import make_proposal
from tests.factories import UserFactory, anonymous, choose, make_consultation, make_poll
from voting.ballots.casting import cast_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return UserFactory(name="Ana")


def follows(person, consultation) -> bool:
    return person.pk in following.followers(consultation)


def test_the_button_follows_and_stops_and_the_page_says_which(client, ana):
    trees = make_consultation()
    page = trees.get_absolute_url()
    client.force_login(ana)
    assert f"{page}follow/" in client.get(page).content.decode()

    client.post(f"{page}follow/")
    client.post(f"{page}follow/")
    assert follows(ana, trees)
    assert f"{page}stop-following/" in client.get(page).content.decode()

    client.post(f"{page}stop-following/")
    assert not follows(ana, trees)


def test_who_comments_or_proposes_follows_and_the_page_says_why(client, ana):
    trees = make_consultation(now_in="proposals")
    bruno = UserFactory()
    add_comment(consultation=trees, actor=ana, body="Sí.")
    make_proposal(consultation=trees, actor=bruno, title="Una plaza", body="Con bancos.")

    assert set(following.followers(trees)) == {ana.pk, bruno.pk}
    client.force_login(ana)
    assert "because you took part" in client.get(trees.get_absolute_url()).content.decode()


def test_who_has_stopped_is_left_alone_when_they_take_part_again(ana):
    trees = make_consultation()
    add_comment(consultation=trees, actor=ana, body="Sí.")
    following.stop_following(consultation=trees, actor=ana)
    add_comment(consultation=trees, actor=ana, body="Y algo más.")

    assert not follows(ana, trees)


def test_voting_leaves_no_trace_in_who_follows(ana):
    trees = make_consultation(now_in="voting")
    poll = make_poll(trees)
    cast_ballot(poll=poll, voter=ana, choices=choose(poll, "for"))

    assert not Follow.objects.exists()


def test_nobody_follows_without_an_account_or_what_they_may_not_see(ana):
    inner = make_consultation(visibility="private", eligibility="invited")
    for person, consultation in ((anonymous, make_consultation()), (ana, inner)):
        with pytest.raises(NotPermitted):
            following.follow(consultation=consultation, actor=person)


def test_an_account_that_is_closed_is_told_nothing(ana):
    trees = make_consultation()
    following.follow(consultation=trees, actor=ana)
    ana.is_active = False
    ana.save()

    assert list(following.followers(trees)) == []
