"""Taking a decision back as a slip; locking; marking."""

from datetime import timedelta

import pytest
from django.db import transaction

from accounts.models import AuditEntry, Notice, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from comments.models import Comment, Flag, Mark, ModerationDecision
from comments.moderation.marking import mark
from comments.moderation.moderating import flag, hide, keep, lock, refuse, release, restore, state_of, unlock
from comments.moderation.undoing import A_FEW_MINUTES, undo
from consultations.clock import database_now
from tests.at_once import at_once
from tests.factories import CommentFactory, ProposalFactory, UserFactory, anonymous, make_agency, make_consultation
from tests.factories import member as make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"))


@pytest.fixture
def moderator(consultation):
    return make_member(consultation.agency, Role.MODERATOR)


@pytest.fixture(params=["comment", "proposal"])
def target(request, consultation):
    factory = CommentFactory if request.param == "comment" else ProposalFactory
    return factory(consultation=consultation, author=UserFactory())


def everything_about(target):
    """Its row, and its flags as the queue sees them."""
    flags = list(Flag.objects.order_by("pk").values("answered_at", "answered_by"))
    return type(target).objects.values().get(pk=target.pk), flags


def prepare(target, act, moderator):
    """Bring it to where the act is possible."""
    now = database_now()
    if act is restore:
        hide(target=target, actor=moderator, reason="Insulta.")
    elif act in (release, refuse):
        type(target).objects.filter(pk=target.pk).update(held_at=now)
    else:
        flag(target=target, actor=UserFactory(), ground="insult")
    if act is unlock:
        type(target).objects.filter(pk=target.pk).update(locked_at=now)
    target.refresh_from_db()


@pytest.mark.parametrize("act", [hide, keep, restore, release, refuse, lock, unlock])
def test_undone_all_is_as_it_was_before(target, moderator, act):
    if act in (lock, unlock) and not isinstance(target, Comment):
        target = CommentFactory(consultation=target.consultation, author=target.author)
    prepare(target, act, moderator)
    before = everything_about(target)

    decision = act(target=target, actor=moderator, reason="Por esto.")
    assert everything_about(target) != before
    undo(decision=decision, actor=moderator)

    assert everything_about(target) == before
    decision.refresh_from_db()
    assert decision.undone_at
    assert AuditEntry.objects.filter(event="comments.decision_undone").count() == 1


def test_it_can_be_decided_again_after_undoing(target, moderator):
    undo(decision=hide(target=target, actor=moderator, reason="Insulta."), actor=moderator)
    target.refresh_from_db()
    assert hide(target=target, actor=moderator, reason="Sí, insulta.")


def test_the_author_is_told_of_both(target, moderator):
    undo(decision=hide(target=target, actor=moderator, reason="Insulta."), actor=moderator)
    assert [n.kind for n in Notice.objects.filter(user=target.author).order_by("pk")] == ["hidden", "decision_undone"]


def test_too_late_is_said(target, moderator):
    decision = hide(target=target, actor=moderator, reason="Insulta.")
    ModerationDecision.objects.filter(pk=decision.pk).update(decided_at=database_now() - A_FEW_MINUTES)
    with pytest.raises(Conflict) as refused:
        undo(decision=decision, actor=moderator)
    assert refused.value.code == "too_late"


def test_twice_is_said(target, moderator):
    decision = hide(target=target, actor=moderator, reason="Insulta.")
    undo(decision=decision, actor=moderator)
    with pytest.raises(Conflict) as refused:
        undo(decision=decision, actor=moderator)
    assert refused.value.code == "undone_already"


def test_not_after_somebody_decided_since(target, moderator, consultation):
    decision = hide(target=target, actor=moderator, reason="Insulta.")
    restore(target=target, actor=make_member(consultation.agency, Role.MODERATOR), reason="No insulta.")
    with pytest.raises(Conflict) as refused:
        undo(decision=decision, actor=moderator)
    assert refused.value.code == "decided_since"


def test_only_who_decided_takes_it_back(target, moderator, consultation):
    decision = hide(target=target, actor=moderator, reason="Insulta.")
    colleagues = [make_member(consultation.agency, role) for role in (Role.MODERATOR, Role.OWNER)]
    others = [*colleagues, target.author, anonymous]
    for person in others:
        with pytest.raises(NotPermitted):
            undo(decision=decision, actor=person)


# --- Locking


def test_only_a_conversation_as_a_whole_is_locked(consultation, moderator):
    root = CommentFactory(consultation=consultation, author=UserFactory())
    reply = CommentFactory(consultation=consultation, root=root, answers=root)
    for other in (reply, ProposalFactory(consultation=consultation)):
        with pytest.raises(Conflict) as refused:
            lock(target=other, actor=moderator)
        assert refused.value.code == "no_thread"
    lock(target=root, actor=moderator)
    with pytest.raises(Conflict):
        lock(target=root, actor=moderator)
    unlock(target=root, actor=moderator)
    with pytest.raises(Conflict):
        unlock(target=root, actor=moderator)


def test_locking_answers_no_report(consultation, moderator):
    root = CommentFactory(consultation=consultation, author=UserFactory())
    flag(target=root, actor=UserFactory(), ground="spam")
    lock(target=root, actor=moderator)
    assert Flag.objects.get().answered_at is None


# --- Marks


@pytest.mark.parametrize("value", Mark.values)
def test_a_mark_is_put_on_and_taken_off(target, moderator, value):
    mark(target=target, actor=moderator, mark=value)
    with pytest.raises(Conflict):
        mark(target=target, actor=moderator, mark=value)
    assert type(target).objects.get().mark == value
    mark(target=target, actor=moderator, mark="")
    assert type(target).objects.get().mark == ""


@pytest.mark.parametrize(
    ("value", "public"),
    [("highlighted", True), ("question", True), ("refer", True), ("not_applicable", False), ("alert", False)],
)
def test_the_open_book_has_the_public_marks_and_the_audit_all(client, target, moderator, value, public):
    mark(target=target, actor=moderator, mark=value)
    assert [d.mark for d in ModerationDecision.objects.all()] == ([value] if public else [])
    assert AuditEntry.objects.get(event__endswith="_marked").details == {"old": "", "new": value}

    label = str(Mark(value).label)
    assert (label in client.get(target.get_absolute_url()).content.decode()) == public
    client.force_login(moderator)
    assert label in client.get(target.get_absolute_url()).content.decode()


def test_a_public_mark_that_gives_way_to_an_internal_one_is_in_the_book_without_it(target, moderator):
    mark(target=target, actor=moderator, mark="highlighted")
    mark(target=target, actor=moderator, mark="alert")
    assert [d.mark for d in ModerationDecision.objects.order_by("pk")] == ["highlighted", ""]


def test_moderators_and_editors_mark_and_nobody_else(target, consultation):
    for role in (Role.MODERATOR, Role.EDITOR, Role.OWNER):
        mark(target=target, actor=make_member(consultation.agency, role), mark="question")
        type(target).objects.update(mark="")
    stranger = make_member(make_agency("Salud"), Role.OWNER, Role.MODERATOR)
    others = [make_member(consultation.agency, role) for role in (Role.ANALYST, Role.MEMBER)]
    for person in (stranger, *others, target.author, anonymous):
        with pytest.raises(NotPermitted):
            mark(target=target, actor=person, mark="question")


def test_a_mark_that_does_not_exist_is_refused(target, moderator):
    with pytest.raises(InvalidInput):
        mark(target=target, actor=moderator, mark="best")


# --- Two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("first", "second", "answers"),
    [
        (hide, hide, [["done", "hidden_already"]]),
        (keep, keep, [["done", "nothing_to_answer"]]),
        (hide, keep, [["done", "nothing_to_answer"], ["done", "done"]]),
        (release, refuse, [["done", "not_held"]]),
    ],
)
def test_of_two_moderators_at_once_the_second_is_told(first, second, answers):
    consultation = make_consultation(make_agency("Obras"))
    moderators = [make_member(consultation.agency, Role.MODERATOR) for _ in range(2)]
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    prepare(comment, first, moderators[0])
    copies = [Comment.objects.select_related("consultation").get(pk=comment.pk) for _ in range(2)]

    told = at_once(
        lambda: first(target=copies[0], actor=moderators[0], reason="Por esto."),
        lambda: second(target=copies[1], actor=moderators[1], reason="Por esto."),
    )

    assert told in answers
    comment.refresh_from_db()
    assert ModerationDecision.objects.filter(act=ModerationDecision.objects.first().act).count() == 1
    assert state_of(comment) in ("shown", "hidden")


@pytest.mark.django_db(transaction=True)
def test_undoing_and_deciding_at_once_leave_one_truth():
    consultation = make_consultation(make_agency("Obras"))
    one, other = (make_member(consultation.agency, Role.MODERATOR) for _ in range(2))
    comment = CommentFactory(consultation=consultation, author=UserFactory())
    decision = hide(target=comment, actor=one, reason="Insulta.")
    copy = Comment.objects.select_related("consultation").get(pk=comment.pk)

    told = at_once(
        lambda: undo(decision=decision, actor=one),
        lambda: restore(target=copy, actor=other, reason="No insulta."),
    )

    assert told in (["decided_since", "done"], ["done", "not_hidden"])
    comment.refresh_from_db()
    assert state_of(comment) == "shown"


def test_a_moment_is_kept_to_the_microsecond(consultation, moderator):
    """What was held since a moment is held since that moment again, after undoing."""
    comment = CommentFactory(consultation=consultation, author=UserFactory(), held_at=database_now())
    held_at = Comment.objects.get(pk=comment.pk).held_at
    with transaction.atomic():
        undo(decision=release(target=comment, actor=moderator), actor=moderator)
    assert Comment.objects.get(pk=comment.pk).held_at == held_at
    assert timedelta(0) <= database_now() - held_at
