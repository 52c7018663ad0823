"""How much one account may send, and what it is told: when it may send the next one."""

from datetime import timedelta

import pytest

from accounts.refusals import TooFast
from comments.commenting import add_comment
from comments.models import Comment, Flag
from comments.moderation.moderating import flag
from consultations.clock import database_now
from consultations.models import Proposal
from consultations.proposals.proposing import make_proposal
from tests.factories import CommentFactory, ProposalFactory, UserFactory, make_agency, make_consultation
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"), now_in="proposals")


@pytest.fixture
def ana():
    return UserFactory(name="Ana")


def sent(rows):
    """They were sent the given times ago."""
    return [database_now() - ago for ago in rows]


DEEDS = {
    "comment": (
        60,
        200,
        lambda c, who: add_comment(consultation=c, actor=who, body=f"Otra cosa, a las {database_now()}."),
    ),
    "proposal": (5, 20, lambda c, who: make_proposal(consultation=c, actor=who, title="Otra")),
    "flag": (20, 60, lambda c, who: flag(target=CommentFactory(consultation=c), actor=who, ground="spam")),
}


def sent_before(what, consultation, who, moments):
    if what == "comment":
        Comment.objects.bulk_create(
            Comment(consultation=consultation, author=who, body=f"{n}", created_at=at) for n, at in enumerate(moments)
        )
    elif what == "proposal":
        for at in moments:
            ProposalFactory(consultation=consultation, author=who, created_at=at)
    else:
        for at in moments:
            comment = CommentFactory(consultation=consultation)
            Flag.objects.create(comment=comment, reporter=who, ground="spam", created_at=at)


@pytest.mark.parametrize("what", DEEDS)
def test_the_hour_and_the_day_have_an_end_that_is_said(consultation, ana, what, settings):
    settings.LANGUAGE_CODE = "en"
    by_hour, by_day, deed = DEEDS[what]
    now = database_now()
    in_the_hour = [now - timedelta(minutes=50) + timedelta(seconds=n) for n in range(by_hour)]
    sent_before(what, consultation, ana, in_the_hour)
    with pytest.raises(TooFast) as refused:
        deed(consultation, ana)
    assert refused.value.status == 429
    assert abs(refused.value.until - (now + timedelta(minutes=10))) < timedelta(minutes=1)
    assert f"{by_hour}" in str(refused.value.sentence)
    assert "You can send the next one on " in str(refused.value.sentence)

    # An hour later the hour is free, and the day is not if it is full.
    for model in (Comment, Proposal, Flag):
        for row in model.objects.all():
            model.objects.filter(pk=row.pk).update(created_at=row.created_at - timedelta(hours=1))
    assert deed(consultation, ana)
    more = by_day - by_hour - 1
    sent_before(what, consultation, ana, [now - timedelta(hours=2)] * more)
    with pytest.raises(TooFast) as refused:
        deed(consultation, ana)
    assert refused.value.until > now + timedelta(hours=12)


def test_one_account_is_not_slowed_by_another(consultation, ana):
    sent_before("proposal", consultation, UserFactory(), [database_now()] * 20)
    assert make_proposal(consultation=consultation, actor=ana, title="Una plaza")


def test_an_official_answers_more_than_sixty_in_an_hour(consultation):
    editor = make_member(consultation.agency, "editor")
    sent_before("comment", consultation, editor, [database_now() - timedelta(minutes=30)] * 100)
    assert add_comment(consultation=consultation, actor=editor, body="Gracias.", is_official=True)


def test_the_page_answers_in_words_and_the_api_with_the_time(client, consultation, ana):
    sent_before("proposal", consultation, ana, [database_now() - timedelta(minutes=1)] * 5)
    client.force_login(ana)
    sent = {"consultation": consultation.slug, "title": "Otra", "body": "Sí"}
    answer = client.post("/api/v1/proposals/", sent, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (429, "too_fast")
    assert "until" in answer.json()
    page = client.post(f"/consultations/{consultation.slug}/proposals/new/", {"title": "Otra", "body": "Sí"})
    assert page.status_code == 429
    assert "Enviaste 5 propuestas en una hora." in page.content.decode()
