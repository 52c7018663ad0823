"""Agreeing and disagreeing: one word a person, counted exactly, and what is best by it."""

from decimal import Decimal, getcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed
from comments.models import Comment, Reaction
from comments.moderation.moderating import hide
from comments.reacting import react
from comments.revising import delete_comment
from tests.at_once import at_once
from tests.factories import CommentFactory, UserFactory, anonymous, make_agency, make_consultation

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"), now_in="discussion")


@pytest.fixture
def said(consultation):
    return CommentFactory(consultation=consultation, author=UserFactory(name="Bruno"))


def counts(comment):
    found = Comment.objects.get(pk=comment.pk)
    rows = list(Reaction.objects.filter(comment=comment).values_list("value", flat=True))
    assert (found.agree_count, found.disagree_count) == (rows.count(1), rows.count(-1))
    return found.agree_count, found.disagree_count


def test_a_person_agrees_changes_their_mind_and_takes_it_back(said):
    ana = UserFactory()
    seen = []
    for value in (1, 1, -1, 0, 0, -1):
        react(comment=said, actor=ana, value=value)
        seen.append(counts(said))

    assert seen == [(1, 0), (1, 0), (0, 1), (0, 0), (0, 0), (0, 1)]


def test_each_person_counts_once(said):
    for _ in range(3):
        react(comment=said, actor=UserFactory(), value=1)
    react(comment=said, actor=UserFactory(), value=-1)

    assert counts(said) == (3, 1)


def test_nobody_agrees_with_themselves(said):
    with pytest.raises(Conflict) as refused:
        react(comment=said, actor=said.author, value=1)

    assert refused.value.code == "own_comment"
    assert counts(said) == (0, 0)


def test_a_reaction_needs_a_right_and_a_time(said):
    with pytest.raises(NotPermitted):
        react(comment=said, actor=anonymous, value=1)
    late = CommentFactory(consultation=make_consultation(now_in="over"), author=UserFactory())
    with pytest.raises(PhaseClosed):
        react(comment=late, actor=UserFactory(), value=1)
    with pytest.raises(InvalidInput):
        react(comment=said, actor=UserFactory(), value=5)


def test_what_is_out_of_sight_is_not_reacted_to(said, consultation):
    hide(target=said, actor=consultation.agency.members.get(), reason="Insulta.")
    with pytest.raises(Conflict) as refused:
        react(comment=said, actor=UserFactory(), value=1)
    assert refused.value.code == "hidden"

    gone = CommentFactory(consultation=consultation, author=UserFactory())
    delete_comment(comment=gone, actor=gone.author)
    with pytest.raises(Conflict) as refused:
        react(comment=gone, actor=UserFactory(), value=1)
    assert refused.value.code == "deleted"


@pytest.mark.django_db(transaction=True)
def test_counts_are_exact_when_many_press_at_once(said):
    people = [UserFactory() for _ in range(6)]
    react(comment=said, actor=people[0], value=-1)
    deeds = [lambda p=person: react(comment=said, actor=p, value=1) for person in people]
    deeds += [lambda: react(comment=said, actor=people[0], value=1)] * 2

    assert at_once(*deeds) == ["done"] * 8
    assert counts(said) == (6, 0)


# --- What is best


def wilson(agree, disagree):
    """Wilson's lower bound, another way: the smaller share q for which (p - q)² = z²·q(1 - q)/n, by halving."""
    getcontext().prec = 40
    n = agree + disagree
    if not agree:
        return 0.0
    p, z = Decimal(agree) / n, Decimal("1.959963984540054")
    low, high = Decimal(0), p
    for _ in range(90):
        q = (low + high) / 2
        if (p - q) ** 2 > z * z * q * (1 - q) / n:
            low = q
        else:
            high = q
    return float(low)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 100_000), st.integers(0, 100_000))
def test_the_database_computes_wilsons_lower_bound(said, agree, disagree):
    Comment.objects.filter(pk=said.pk).update(agree_count=agree, disagree_count=disagree)
    floor = Comment.objects.get(pk=said.pk).agree_floor

    assert floor == pytest.approx(wilson(agree, disagree) if agree + disagree else 0.0, abs=1e-9)
    assert 0 <= floor <= 1
    assert floor <= (agree / (agree + disagree) if agree + disagree else 0)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 5_000), st.integers(0, 5_000))
def test_one_more_who_agrees_lifts_it_and_one_more_who_disagrees_never_does(said, agree, disagree):
    def floor(agree, disagree):
        Comment.objects.filter(pk=said.pk).update(agree_count=agree, disagree_count=disagree)
        return Comment.objects.get(pk=said.pk).agree_floor

    now = floor(agree, disagree)
    assert floor(agree + 1, disagree) > now
    assert floor(agree, disagree + 1) <= now


def test_nine_of_ten_are_better_than_one_of_one(consultation):
    few, many = (CommentFactory(consultation=consultation, author=UserFactory()) for _ in range(2))
    Comment.objects.filter(pk=few.pk).update(agree_count=1)
    Comment.objects.filter(pk=many.pk).update(agree_count=9, disagree_count=1)

    assert list(Comment.objects.order_by("-agree_floor")) == [many, few]
