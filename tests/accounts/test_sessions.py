"""Who is logged in by which session, asked for many at once."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.own_data.erasing import erase_account
from accounts.sessions import SessionStore, people_of
from tests.factories import UserFactory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


def log_in(user):
    client = Client()
    client.force_login(user)
    return client


def key_of(client):
    return client.cookies["sessionid"].value


def log_out(user, key):
    SessionStore(key).flush()


def expire(user, key):
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - timedelta(seconds=1))


def change_password(user, key):
    user.set_password("otra-clave-larga")
    user.save()


def suspend(user, key):
    User.objects.filter(pk=user.pk).update(is_active=False)


def erase(user, key):
    erase_account(user=user, email=user.email, with_texts=True)


@pytest.mark.parametrize("end", [log_out, expire, change_password, suspend, erase])
def test_a_session_that_is_over_is_nobodys_and_django_says_the_same(end):
    ana, rosa = UserFactory(), UserFactory()
    hers, others = log_in(ana), log_in(rosa)
    assert people_of([key_of(hers), key_of(others)]) == {key_of(hers): ana, key_of(others): rosa}
    end(ana, key_of(hers))
    assert people_of([key_of(hers), key_of(others)]) == {key_of(others): rosa}
    request = HttpRequest()
    request.session = SessionStore(key_of(hers))
    assert not get_user(request).is_authenticated


def test_two_sessions_of_one_person_are_two_and_what_is_no_session_is_nobodys():
    ana = UserFactory()
    one, other = key_of(log_in(ana)), key_of(log_in(ana))
    unknown = SessionStore()
    unknown["seen"] = True
    unknown.save()
    assert people_of([one, other, None, "x" * 32, unknown.session_key]) == {one: ana, other: ana}


def test_many_cost_two_queries(django_assert_num_queries):
    keys = [key_of(log_in(UserFactory())) for _ in range(5)]
    with django_assert_num_queries(2):
        assert len(people_of(keys)) == 5


def test_a_session_names_nobody_by_e_mail_so_that_none_is_left_of_an_erased_account():
    ana, phone = UserFactory(email="ana@example.org"), Client()
    phone.post("/account/login/", {"login": "ana@example.org", "password": PASSWORD})
    assert phone.get("/account/me/").status_code == 200

    erase_account(user=ana, email="ana@example.org", with_texts=True)

    assert "ana@example.org" not in str([session.get_decoded() for session in Session.objects.all()])


@pytest.mark.django_db(transaction=True)  # it closes its connections, as a process of its own does
def test_the_worker_deletes_sessions_that_are_over():
    over, going_on = (key_of(log_in(UserFactory())) for _ in range(2))
    expire(None, over)

    call_command("worker", once=True)

    assert list(Session.objects.values_list("pk", flat=True)) == [going_on]
