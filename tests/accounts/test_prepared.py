"""Queries that are made SQL once: each call still answers for its own reader and its own values."""

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Membership, User
from accounts.prepared import as_column, one_of, prepared
from tests.factories import UserFactory, make_agency, member

pytestmark = pytest.mark.django_db


def make_user(name, **fields):
    return UserFactory(name=name, **fields)


def test_a_prepared_query_answers_each_call_with_its_own_values():
    @prepared
    def named(*, name) -> QuerySet[User]:
        return User.objects.filter(name=name)

    vera, bruno = make_user("Vera"), make_user("Bruno")

    assert named(name="Vera") == [vera]
    assert named(name="Bruno") == [bruno]
    assert named(name="' OR true --") == []


def test_it_is_made_once_and_its_rows_are_read_anew():
    made = []

    @prepared
    def all_named(*, name) -> QuerySet[User]:
        made.append(name)
        return User.objects.filter(name=name).order_by("pk")

    first = make_user("Vera")
    assert all_named(name="Vera") == [first]
    second = make_user("Vera")

    assert all_named(name="Vera") == [first, second]
    assert len(made) == 1


def test_each_reader_is_answered_for_themselves():
    @prepared
    def seen_by(user, *, ids) -> QuerySet[User]:
        found = User.objects.filter(pk__in=one_of(ids))
        return (
            found.filter(pk=user.pk).annotate(asked_for=as_column(user.pk)) if user.is_authenticated else found.none()
        )

    vera, bruno = make_user("Vera"), make_user("Bruno")
    both = [vera.pk, bruno.pk]

    assert [(found, found.asked_for) for found in seen_by(vera, ids=both)] == [(vera, vera.pk)]
    assert [(found, found.asked_for) for found in seen_by(bruno, ids=both)] == [(bruno, bruno.pk)]
    assert seen_by(vera, ids=[]) == []


def test_who_is_blocked_from_the_site_counts_as_another_reader():
    forms = []

    @prepared
    def seen_by(user) -> QuerySet[User]:
        forms.append(user.is_active)
        return User.objects.filter(pk=user.pk)

    away = make_user("Vera", is_active=False)
    seen_by(make_user("Bruno"))

    assert seen_by(away) == [away]
    assert forms == [True, False]


def test_a_query_that_would_ask_its_reader_for_more_than_the_key_is_refused():
    @prepared
    def by_name(user) -> QuerySet[User]:
        return User.objects.filter(name=user.name)

    with pytest.raises(AttributeError):
        by_name(make_user("Vera"))


def test_a_query_that_would_keep_the_moment_in_which_it_was_made_is_refused():
    @prepared
    def new_ones() -> QuerySet[User]:
        return User.objects.filter(date_joined__gt=timezone.now())

    with pytest.raises(ValueError, match="give it by name"):
        new_ones()


def test_nothing_is_no_value():
    @prepared
    def named(*, name) -> QuerySet[User]:
        return User.objects.filter(name=name)

    with pytest.raises(ValueError, match="equal to nothing"):
        named(name=None)


def test_related_rows_and_prefetched_ones_come_along(django_assert_num_queries):
    @prepared
    def work_of(user) -> QuerySet[Membership]:
        return Membership.objects.filter(user=user.pk).select_related("agency").prefetch_related("user__groups")

    vera = member(make_agency("Obras"), "editor")
    work_of(vera)

    with django_assert_num_queries(3):
        (found,) = work_of(vera)
        assert found.agency.name == "Obras"
        assert list(found.user.groups.all())


def test_rows_that_point_at_the_found_ones_come_in_one_query_each_with_its_own(django_assert_num_queries):
    @prepared
    def named(*, name) -> QuerySet[User]:
        return User.objects.filter(name=name).order_by("pk").prefetch_related("memberships")

    works, idle = member(make_agency("Obras"), "editor", user=make_user("Vera")), make_user("Vera")
    elsewhere = make_agency("Salud").owner
    named(name="Vera")

    with django_assert_num_queries(2):
        first, second = named(name="Vera")
        assert [first, second] == [works, idle]
        (membership,) = first.memberships.all()
        assert membership.user is first
        assert list(second.memberships.all()) == []
    assert not first.memberships.filter(user=elsewhere).exists()
    assert first.memberships.exclude(pk=None).count() == 1  # a filter goes on from one's own, not from all
