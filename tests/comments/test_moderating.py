"""What moderators decide: the table of all transitions, who may, and what is left behind."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from accounts import audit
from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.models import Comment, Flag, ModerationDecision
from comments.moderation.moderating import flag, hide, keep, refuse, release, restore, state_of
from consultations.clock import database_now
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    anonymous,
    fresh,
    make_agency,
    make_consultation,
)
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db

DECIDE = {"hide": hide, "restore": restore, "keep": keep, "release": release, "refuse": refuse}


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def moderator(consultation):
    return make_member(consultation.agency, Role.MODERATOR)


@pytest.fixture(params=["comment", "proposal"])
def target(request, consultation):
    """Everything here holds for comments and for proposals."""
    factory = CommentFactory if request.param == "comment" else ProposalFactory
    return factory(consultation=consultation, author=UserFactory())


# From which state, flagged or not, by which act, to which state. None: refused with this code.
TRANSITIONS = [
    ("shown", False, "hide", "hidden", None),
    ("shown", True, "hide", "hidden", None),
    ("shown", False, "restore", "shown", "not_hidden"),
    ("shown", True, "restore", "shown", "not_hidden"),
    ("shown", False, "keep", "shown", "nothing_to_answer"),
    ("shown", True, "keep", "shown", None),
    ("shown", False, "release", "shown", "not_held"),
    ("shown", True, "release", "shown", "not_held"),
    ("shown", False, "refuse", "shown", "not_held"),
    ("shown", True, "refuse", "shown", "not_held"),
    ("hidden", False, "hide", "hidden", "hidden_already"),
    ("hidden", False, "restore", "shown", None),
    ("hidden", False, "keep", "hidden", "nothing_to_answer"),
    ("hidden", False, "release", "hidden", "not_held"),
    ("hidden", False, "refuse", "hidden", "not_held"),
    ("held", False, "hide", "held", "still_held"),
    ("held", False, "restore", "held", "still_held"),
    ("held", False, "keep", "held", "still_held"),
    ("held", False, "release", "shown", None),
    ("held", False, "refuse", "hidden", None),
    *[("gone", flagged, act, "gone", "gone") for act in DECIDE for flagged in (False, True)],
]


def bring(target, state, moderator):
    """Put the contribution into a state."""
    if state == "hidden":
        hide(target=target, actor=moderator, reason="Insulta.")
    now = database_now()
    if state == "held":
        type(target).objects.filter(pk=target.pk).update(held_at=now)
    if state == "gone":
        taken_back = {"deleted_at": now, "body": ""} if isinstance(target, Comment) else {"withdrawn_at": now}
        type(target).objects.filter(pk=target.pk).update(**taken_back)
    target.refresh_from_db()


@pytest.mark.parametrize(("state", "flagged", "act", "becomes", "refusal"), TRANSITIONS)
def test_every_transition(target, moderator, state, flagged, act, becomes, refusal):
    if flagged:
        flag(target=target, actor=UserFactory(), ground="spam")
    bring(target, state, moderator)
    decisions = ModerationDecision.objects.count()

    if refusal is None:
        DECIDE[act](target=target, actor=moderator, reason="Por esto.")
    else:
        with pytest.raises(Conflict) as refused:
            DECIDE[act](target=target, actor=moderator, reason="Por esto.")
        assert refused.value.code == refusal

    assert state_of(target) == becomes
    target.refresh_from_db()
    assert state_of(target) == becomes
    assert ModerationDecision.objects.count() == decisions + (refusal is None)


def test_the_table_of_transitions_is_whole():
    named = {(state, act) for state, _, act, _, _ in TRANSITIONS}
    assert named == {(state, act) for state in ("shown", "hidden", "held", "gone") for act in DECIDE}


def test_a_decision_answers_the_flags_and_stands_in_the_open_book_and_the_audit_trail(target, moderator):
    made = flag(target=target, actor=UserFactory(), ground="insult")
    decision = hide(target=target, actor=moderator, reason="Insulta a una vecina.")

    made.refresh_from_db()
    assert (made.answered_by, made.answered_at) == (moderator, decision.decided_at)
    assert (decision.act, decision.reason, decision.moderator) == ("hidden", "Insulta a una vecina.", moderator)
    entry = AuditEntry.objects.get(event__endswith="_hidden")
    assert entry.details == {"old": "shown", "reason": "Insulta a una vecina.", "ground": "other"}


def test_the_second_moderator_is_told_although_their_page_is_old(target, moderator):
    stale = type(target).objects.get(pk=target.pk)
    hide(target=target, actor=moderator, reason="Insulta.")

    with pytest.raises(Conflict):
        hide(target=stale, actor=moderator, reason="Insulta.")


def test_keeping_what_was_restored_meanwhile_does_not_hide_it_again(target, moderator):
    hide(target=target, actor=moderator, reason="Insulta.")
    stale = type(target).objects.get(pk=target.pk)
    restore(target=target, actor=moderator, reason="Nos equivocamos.")
    flag(target=target, actor=UserFactory(), ground="spam")

    keep(target=stale, actor=moderator, reason="Está bien así.")

    target.refresh_from_db()
    assert not target.is_hidden


def test_if_the_record_fails_nothing_is_hidden(target, moderator, monkeypatch):
    def fail(*args, **kwargs):
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(audit, "record", fail)
    with pytest.raises(DatabaseError), transaction.atomic():
        hide(target=target, actor=moderator, reason="Insulta.")

    target.refresh_from_db()
    assert not target.is_hidden
    assert not ModerationDecision.objects.exists()


@pytest.mark.parametrize("role", [Role.OWNER, Role.MODERATOR])
def test_owners_and_moderators_decide(target, consultation, role):
    assert hide(target=target, actor=make_member(consultation.agency, role), reason="Insulta.")


@pytest.mark.parametrize("role", [Role.EDITOR, Role.ANALYST, Role.MEMBER])
def test_other_roles_do_not(target, consultation, role):
    for decide in DECIDE.values():
        with pytest.raises(NotPermitted):
            decide(target=target, actor=make_member(consultation.agency, role), reason="Insulta.")


def test_a_moderator_of_another_agency_its_author_and_a_stranger_do_not(target):
    stranger = make_member(make_agency("Salud"), Role.MODERATOR)
    for person in (stranger, fresh(target.author), UserFactory(), anonymous):
        with pytest.raises(NotPermitted):
            hide(target=target, actor=person, reason="Insulta.")


@pytest.mark.parametrize(("reason", "code"), [("", "no_reason"), (" \n", "no_reason"), ("a" * 301, "long_reason")])
def test_a_decision_needs_a_reason_that_fits(target, moderator, reason, code):
    with pytest.raises(InvalidInput) as refused:
        hide(target=target, actor=moderator, reason=reason)
    assert (refused.value.code, refused.value.field) == (code, "reason")


# --- Flags


def test_a_person_reports_a_thing_once(target):
    ana = UserFactory()
    flag(target=target, actor=ana, ground="spam", explanation=" Tres veces. ")

    with pytest.raises(Conflict) as refused:
        flag(target=target, actor=ana, ground="insult")

    assert refused.value.code == "flagged_already"
    assert Flag.objects.get().explanation == "Tres veces."


def test_what_is_hidden_needs_no_report(target, moderator):
    hide(target=target, actor=moderator, reason="Insulta.")
    with pytest.raises(Conflict):
        flag(target=target, actor=UserFactory(), ground="spam")


def test_a_report_needs_one_of_the_grounds_and_an_account(target):
    with pytest.raises(InvalidInput):
        flag(target=target, actor=UserFactory(), ground="because")
    with pytest.raises(NotPermitted):
        flag(target=target, actor=anonymous, ground="spam")


# --- What the database refuses


def test_a_hidden_comment_without_a_moderator_or_a_reason_cannot_be_stored(consultation, moderator):
    comment = CommentFactory(consultation=consultation)
    for fields in ({"hidden_reason": "Insulta."}, {"hidden_by": moderator}):
        with pytest.raises(IntegrityError, match="a_hidden_comment_has_a_moderator_and_a_reason"), transaction.atomic():
            Comment.objects.filter(pk=comment.pk).update(**fields)


def test_a_flag_on_two_things_cannot_be_stored(consultation):
    comment, proposal = CommentFactory(consultation=consultation), ProposalFactory(consultation=consultation)
    with pytest.raises(IntegrityError, match="a_flag_is_on_one_thing"):
        Flag.objects.create(comment=comment, proposal=proposal, reporter=UserFactory(), ground="spam")
