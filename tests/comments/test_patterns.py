"""Patterns: what is counted, what is not, and that nobody is named or touched."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Role
from comments.models import Comment, Flag
from comments.moderation.alike import alike
from comments.moderation.patterns import patterns_in
from consultations.clock import database_now
from tests.factories import CommentFactory, UserFactory, make_agency, make_consultation
from tests.factories import member as make_member

TEXT = "No queremos que cierren la plaza de nuestro barrio, porque es de todos los vecinos."


@pytest.fixture
def consultation(db):
    return make_consultation(make_agency("Obras"))


def write(consultation, *, joined=timedelta(days=90), ago=timedelta(0), body=None, author=None):
    now = database_now()
    author = author or UserFactory(name="Vecina Secreta", date_joined=now - ago - joined)
    made = CommentFactory(consultation=consultation, author=author, created_at=now - ago)
    if body:
        Comment.objects.filter(pk=made.pk).update(body=body)
    return made


def kinds(consultation):
    return [pattern.kind for pattern in patterns_in(consultation)]


def test_five_new_accounts_within_an_hour_are_a_pattern_and_four_are_not(consultation):
    for minutes in (5, 15, 25, 35):
        write(consultation, joined=timedelta(minutes=3), ago=timedelta(minutes=minutes))
    assert kinds(consultation) == []
    write(consultation, joined=timedelta(minutes=3), ago=timedelta(minutes=45))
    (found,) = patterns_in(consultation)
    assert (found.kind, found.accounts, len(found.targets)) == ("new_accounts", 5, 5)


def test_old_accounts_and_new_ones_far_apart_are_none(consultation):
    for hours in range(8):
        write(consultation, ago=timedelta(minutes=hours))
        write(consultation, joined=timedelta(hours=1), ago=timedelta(hours=2 * hours))
    assert kinds(consultation) == []


def test_one_new_account_that_writes_a_lot_is_none(consultation):
    author = UserFactory(date_joined=database_now())
    for minutes in range(8):
        write(consultation, author=author, ago=timedelta(minutes=minutes))
    assert kinds(consultation) == []


def test_the_same_text_by_three_accounts_is_a_pattern_however_it_is_dressed(consultation):
    write(consultation, body=TEXT)
    write(consultation, body=TEXT.upper() + "!!!", ago=timedelta(days=2))
    assert kinds(consultation) == []
    write(consultation, body="**" + TEXT.replace("barrio", "querido barrio") + "**", ago=timedelta(days=1))
    (found,) = patterns_in(consultation)
    assert (found.kind, found.accounts) == ("same_text", 3)


def test_one_person_who_repeats_themselves_and_short_words_are_none(consultation):
    author = UserFactory()
    for n in range(4):
        write(consultation, body=TEXT, author=author, ago=timedelta(minutes=n))
        write(consultation, body="Estoy de acuerdo.")
    assert kinds(consultation) == []


def test_five_reports_on_one_author_within_an_hour_are_a_pattern(consultation):
    author = UserFactory()
    comments = [write(consultation, author=author) for _ in range(5)]
    for comment in comments[:4]:
        Flag.objects.create(comment=comment, reporter=UserFactory(), ground="spam")
    assert kinds(consultation) == []
    Flag.objects.create(comment=comments[0], reporter=UserFactory(), ground="insult")
    (found,) = patterns_in(consultation)
    assert (found.kind, found.accounts, len(found.targets)) == ("flags_at_once", 5, 4)


def test_who_is_mentioned_is_shown_by_name_and_not_by_a_mark(client, consultation):
    for number in range(3):
        comment = write(consultation, body=f"@[1], {TEXT} ({number})")
        comment.mentions.create(position=1, user=UserFactory(name="Rosa Quiroga"))
    client.force_login(make_member(consultation.agency, Role.MODERATOR))
    page = client.get(f"/moderation/{consultation.slug}/patterns/").content.decode()
    assert "@Rosa Quiroga, No queremos" in page and "@[1]" not in page


def test_what_is_older_than_two_weeks_is_not_looked_at(consultation):
    for _ in range(5):
        write(consultation, joined=timedelta(minutes=3), ago=timedelta(days=15), body=TEXT)
    assert kinds(consultation) == []


def test_the_page_links_the_contributions_names_nobody_and_changes_nothing(client, consultation, settings):
    settings.LANGUAGE_CODE = "en"
    comments = [write(consultation, body=TEXT) for _ in range(3)]
    before = list(Comment.objects.order_by("pk").values())
    client.force_login(make_member(consultation.agency, Role.MODERATOR))
    page = client.get(f"/moderation/{consultation.slug}/patterns/").content.decode()
    assert "3 accounts wrote the same or nearly the same" in page
    assert all(comment.get_absolute_url() in page for comment in comments)
    assert "Secreta" not in page
    assert list(Comment.objects.order_by("pk").values()) == before


def test_a_thousand_contributions_cost_as_many_queries_as_three(client, consultation, django_assert_max_num_queries):
    client.force_login(make_member(consultation.agency, Role.MODERATOR))
    author = UserFactory()
    Comment.objects.bulk_create(
        Comment(consultation=consultation, author=author, body=f"{TEXT} {n} {n + 1} {n + 2}") for n in range(1_000)
    )
    with django_assert_max_num_queries(12):
        client.get(f"/moderation/{consultation.slug}/patterns/")


@given(st.lists(st.text(alphabet="abc ", min_size=0, max_size=60), max_size=12))
def test_groups_are_disjoint_and_equal_texts_are_together(texts):
    keyed = dict(enumerate(texts))
    groups = alike(keyed)
    members = [key for group in groups for key in group]
    assert len(members) == len(set(members))
    assert all(len(group) > 1 for group in groups)
    for one, other in ((a, b) for a in keyed for b in keyed if a < b):
        if keyed[one] == keyed[other] and len(keyed[one].split()) >= 5:
            assert any({one, other} <= group for group in groups)
