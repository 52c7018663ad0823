"""What is written while somebody waits at the screen: it may fail, and it tells of changes to the account."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client

from accounts.models import User
from tests.accounts.test_login import CODE, LOGIN, code_in, is_logged_in, sign_up
from tests.factories import UserFactory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "otra clave bien larga"
CHANGE = {"oldpassword": PASSWORD, "password": NEW, "password1": NEW, "password2": NEW}


@pytest.fixture
def no_mail(settings):
    """A mail server that does not answer."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1


ASKED = {
    "a code": (CODE, {"email": "ana@example.org"}),
    "a code for nobody": (CODE, {"email": "nadie@example.org"}),
    "a new password": ("/account/password/reset/", {"email": "ana@example.org"}),
    "an account": (
        "/account/signup/",
        {"name": "Beto", "email": "beto@example.org", "password1": NEW, "agrees": "on"},
    ),
}


@pytest.mark.parametrize("asked", ASKED)
def test_who_waits_for_an_e_mail_that_cannot_be_sent_reads_what_to_do(client, no_mail, asked):
    UserFactory(email="ana@example.org")

    answer = client.post(*ASKED[asked])

    assert answer.status_code == 503
    assert "Wait a few minutes and try again" in answer.content.decode()


def test_who_signed_up_while_e_mail_failed_logs_in_later_and_is_sent_the_code(client, settings):
    working, settings.EMAIL_BACKEND = settings.EMAIL_BACKEND, "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.ACCOUNT_RATE_LIMITS = "127.0.0.1", 1, False
    sign_up(client)
    settings.EMAIL_BACKEND = working

    later = Client()
    page = later.post(LOGIN, {"login": "ana@example.org", "password": "caballo grapa batería"}).url
    later.post(page, {"code": code_in(mail.outbox[0])})

    assert is_logged_in(later)


def test_another_password_is_told_by_e_mail_and_stands_where_that_fails(client, settings):
    ana = UserFactory(email="ana@example.org")
    client.force_login(ana)

    client.post("/account/password/change/", CHANGE)

    ana.refresh_from_db()
    assert ana.check_password(NEW)
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]
    assert "If it was not you" in mail.outbox[0].body
    assert re.search(r"- time: .* at \d+:\d\d, Buenos Aires time", mail.outbox[0].body)


def test_another_password_stands_where_nobody_can_be_told(client, no_mail):
    ana = UserFactory(email="ana@example.org")
    client.force_login(ana)

    assert client.post("/account/password/change/", CHANGE).status_code == 302

    assert User.objects.get().check_password(NEW)


def test_another_e_mail_is_told_to_the_old_one(client):
    ana = UserFactory(email="ana@example.org")
    EmailAddress.objects.create(user=ana, email="nueva@example.org", verified=True, primary=False)
    client.force_login(ana)

    client.post("/account/email/", {"email": "nueva@example.org", "action_primary": ""})

    ana.refresh_from_db()
    assert ana.email == "nueva@example.org"
    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]
    assert "from ana@example.org to nueva@example.org" in mail.outbox[0].body
