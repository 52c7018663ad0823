"""Saying something: who may, when, and what happens to the same words sent twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed, TooFast
from comments.commenting import SaidAlready, add_comment
from comments.mentions import mentionable, participants_of
from comments.models import Comment
from comments.moderation.moderating import hide
from tests.factories import CommentFactory, ProposalFactory, UserFactory, anonymous, make_agency, make_consultation
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"), now_in="discussion")


def say(consultation, body="Falta sombra.", actor=None, **where):
    return add_comment(consultation=consultation, actor=actor or UserFactory(), body=body, **where)


# --- When


@pytest.mark.parametrize("phase", ["proposals", "discussion", "voting", "follow_up"])
def test_people_comment_while_the_phase_allows_it(phase):
    assert say(make_consultation(now_in=phase)).body == "Falta sombra."


@pytest.mark.parametrize("phase", [None, "information", "results", "over"])
def test_nobody_comments_before_or_after(phase):
    with pytest.raises(PhaseClosed) as refused:
        say(make_consultation(now_in=phase))

    assert refused.value.code == "not_commenting_now"
    assert not Comment.objects.exists()


def test_a_draft_takes_no_comment_from_those_who_prepare_it():
    agency = make_agency("Obras")
    draft = make_consultation(agency, publish=False)

    with pytest.raises(PhaseClosed):
        say(draft, actor=agency.owner)


def test_the_agency_replies_officially_at_any_time_and_it_is_recorded():
    agency = make_agency("Obras")
    said = say(make_consultation(agency, now_in="results"), actor=agency.owner, is_official=True)

    assert said.is_official
    assert AuditEntry.objects.get(event="comments.official_reply_made").object_id == str(said.pk)


# --- Who


def test_whoever_is_not_logged_in_is_told_to_log_in(consultation):
    with pytest.raises(NotPermitted) as refused:
        say(consultation, actor=anonymous)

    assert refused.value.reason.remedy.url_name == "account_login"


def test_only_verified_people_comment_where_that_is_asked():
    strict = make_consultation(eligibility="verified")
    with pytest.raises(NotPermitted) as refused:
        say(strict)

    assert refused.value.code == "not_verified"
    assert say(strict, actor=UserFactory(verification_level=2))


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST, Role.MEMBER])
def test_who_may_not_speak_for_the_agency_makes_no_official_reply(consultation, role):
    with pytest.raises(NotPermitted):
        say(consultation, actor=make_member(consultation.agency, role), is_official=True)


# --- What and where


@pytest.mark.parametrize("nothing", ["", "   ", "\n\t", "\x00"])
def test_an_empty_comment_is_refused_at_its_field(consultation, nothing):
    with pytest.raises(InvalidInput) as refused:
        say(consultation, nothing)

    assert (refused.value.code, refused.value.field) == ("empty", "body")


def test_five_thousand_characters_are_the_most_however_the_browser_ends_its_lines(consultation):
    assert say(consultation, "\r\n".join(["a"] * 2_500))
    with pytest.raises(InvalidInput) as refused:
        say(consultation, "a" * 5_001)
    assert refused.value.code == "too_long"


def test_a_reply_to_a_reply_belongs_to_the_same_thread(consultation):
    root = say(consultation)
    reply = say(consultation, "Sí.", answers=root)
    again = say(consultation, "No.", answers=reply)

    assert (again.root_id, again.answers_id) == (root.pk, reply.pk)


def test_what_is_answered_stands_in_the_same_place(consultation):
    proposal = ProposalFactory(consultation=consultation)
    elsewhere = say(consultation, proposal=proposal)

    with pytest.raises(InvalidInput) as refused:
        say(consultation, answers=elsewhere)
    assert refused.value.code == "strange_answer"


def test_a_proposal_of_another_consultation_is_refused(consultation):
    stranger = ProposalFactory(consultation=make_consultation())

    with pytest.raises(InvalidInput) as refused:
        say(consultation, proposal=stranger)
    assert refused.value.code == "strange_proposal"


def test_nobody_answers_what_a_moderator_has_hidden(consultation):
    hidden = say(consultation)
    hide(target=hidden, actor=consultation.agency.members.get(), reason="Insulta.")

    with pytest.raises(Conflict) as refused:
        say(consultation, "¿Por qué?", answers=hidden)
    assert refused.value.code == "hidden"


def test_nobody_comments_on_a_hidden_proposal(consultation):
    proposal = ProposalFactory(consultation=consultation)
    hide(target=proposal, actor=consultation.agency.members.get(), reason="Publicidad.")

    with pytest.raises(Conflict) as refused:
        say(consultation, proposal=proposal)
    assert refused.value.code == "hidden_proposal"


# --- Twice, and too fast


def test_a_button_pressed_twice_is_one_comment(consultation):
    ana = UserFactory()
    first = say(consultation, "Falta sombra.\n", actor=ana)

    with pytest.raises(SaidAlready) as refused:
        say(consultation, "  Falta sombra.", actor=ana)

    assert refused.value.comment == first
    assert Comment.objects.count() == 1


def test_the_same_words_are_welcome_from_another_person_in_another_place_and_later(consultation):
    ana = UserFactory()
    first = say(consultation, actor=ana)

    say(consultation, actor=UserFactory())
    say(consultation, actor=ana, answers=first)
    say(consultation, actor=ana, proposal=ProposalFactory(consultation=consultation))
    Comment.objects.update(created_at=timezone.now() - timedelta(seconds=61))
    say(consultation, actor=ana)

    assert Comment.objects.count() == 5


def test_the_eleventh_comment_within_a_minute_waits(consultation):
    ana = UserFactory()
    for n in range(10):
        say(consultation, f"Idea {n}", actor=ana)

    with pytest.raises(TooFast) as refused:
        say(consultation, "Idea 10", actor=ana)
    assert refused.value.status == 429

    assert say(consultation, "Idea 10", actor=UserFactory())  # the limit is each person's own
    Comment.objects.order_by("pk").filter(body="Idea 0").update(created_at=timezone.now() - timedelta(seconds=61))
    assert say(consultation, "Idea 10", actor=ana)


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_are_one_comment():
    consultation, ana = make_consultation(), UserFactory()

    def send(_):
        try:
            return add_comment(consultation=consultation, actor=ana, body="Falta sombra.")
        except SaidAlready as refused:
            return refused.comment
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(send, range(8)))

    assert len({comment.pk for comment in said}) == 1
    assert Comment.objects.count() == 1


# --- What the database refuses


def test_a_comment_without_words_cannot_be_stored(consultation):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError, match="a_comment_says_something"):
        CommentFactory(consultation=consultation, body="")


def test_only_those_whose_words_everybody_reads_can_be_mentioned(consultation):
    root = CommentFactory(consultation=consultation, author=UserFactory(name="Bruno"))
    now, hider = root.created_at, UserFactory()
    for name, facts in [
        ("Retenida", {"held_at": now}),
        ("Oculta", {"hidden_at": now, "hidden_by": hider, "hidden_reason": "x"}),
        ("Borrada", {"deleted_at": now, "body": ""}),
        ("Gómez", {}),
        ("gómez", {}),
    ]:
        CommentFactory(consultation=consultation, root=root, answers=root, author=UserFactory(name=name), **facts)
    official = ProposalFactory(consultation=consultation, author=UserFactory(name="Funcionaria"), is_official=True)

    people = participants_of(root, official)
    assert [person.name for person in people] == ["Bruno", "Gómez", "gómez"]
    assert [person.name for person in mentionable(people, None)] == ["Bruno"]
