"""Signing up and logging in, end to end: by password, and by a code sent by e-mail."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import get_hasher
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts.agencies import add_member
from accounts.models import Role, User
from tests.factories import UserFactory, make_agency
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
SIGNUP, LOGIN, CODE = "/account/signup/", "/account/login/", "/account/login/code/"


def code_in(letter) -> str:
    """The code stands on a line of its own."""
    return re.search(r"^\s*([A-Z0-9]{3,}(?:-[A-Z0-9]{3,})*)\s*$", letter.body, re.MULTILINE)[1]


def is_logged_in(client: Client) -> bool:
    return client.get("/account/me/").status_code == 200


def sign_up(client: Client, email: str = "ana@example.org", password: str = "caballo grapa batería"):
    return client.post(SIGNUP, {"name": "Ana Pérez", "email": email, "password1": password, "agrees": "on"})


def test_who_signs_up_confirms_the_e_mail_by_a_code_and_is_logged_in(client):
    response = sign_up(client)
    assert not is_logged_in(client)

    client.post(response.url, {"code": code_in(mail.outbox[0])})

    assert mail.outbox[0].to == ["ana@example.org"]
    assert is_logged_in(client)
    person = User.objects.get()
    assert (person.name, person.email) == ("Ana Pérez", "ana@example.org")
    assert EmailAddress.objects.get(user=person).verified


@pytest.mark.parametrize(("reads", "kept"), [("en-GB,en", "en"), ("es-AR,es", "es-ar"), ("fr", "es-ar")])
def test_we_write_to_who_signs_up_in_the_language_in_which_they_read(reads, kept):
    sign_up(Client(headers={"accept-language": reads}))
    assert User.objects.get().language == kept


def test_a_wrong_code_logs_nobody_in(client):
    response = sign_up(client)

    client.post(response.url, {"code": "ZZZZZZ"})

    assert not is_logged_in(client)
    assert not EmailAddress.objects.get().verified


def test_a_weak_password_is_refused_and_what_was_typed_stays(client):
    response = sign_up(client, password="12345")

    assert response.status_code == 200
    assert "password1" in response.context["form"].errors
    assert b"ana@example.org" in response.content
    assert not User.objects.exists()


def test_who_has_a_password_logs_in_with_it(client):
    person = UserFactory(email="ana@example.org")

    client.post(LOGIN, {"login": "Ana@Example.org", "password": PASSWORD})

    assert is_logged_in(client)
    assert client.get("/account/me/").context["user"] == person


def test_a_wrong_password_logs_nobody_in(client):
    UserFactory(email="ana@example.org")

    client.post(LOGIN, {"login": "ana@example.org", "password": "otra cosa"})

    assert not is_logged_in(client)


def test_who_guesses_wrong_too_often_reads_when_to_try_again_and_can_then(client, monkeypatch):
    UserFactory(email="ana@example.org")
    right, wrong = ({"login": "ana@example.org", "password": word} for word in (PASSWORD, "otra cosa"))
    started = time.time()
    for _ in range(5):
        client.post(LOGIN, wrong)

    page = client.post(LOGIN, right).content.decode()

    assert not is_logged_in(client)
    said = re.search(r"You can try again on \w+ [\w ]+ at (\d+):(\d\d), Buenos Aires time", page)
    until = timezone.localtime().replace(hour=int(said[1]), minute=int(said[2]), second=0, microsecond=0)
    assert 300 <= until.timestamp() - started < 360 + (time.time() - started)
    monkeypatch.setattr("time.time", lambda: until.timestamp())
    client.post(LOGIN, right)
    monkeypatch.undo()
    assert is_logged_in(client)


def test_who_has_not_confirmed_the_e_mail_is_sent_a_code_before_getting_in(client):
    UserFactory(email="ana@example.org", confirmed=False)

    response = client.post(LOGIN, {"login": "ana@example.org", "password": PASSWORD})
    assert not is_logged_in(client)
    client.post(response.url, {"code": code_in(mail.outbox[0])})

    assert is_logged_in(client)


def test_a_code_by_e_mail_logs_in_without_a_password(client):
    UserFactory(email="ana@example.org")

    response = client.post(CODE, {"email": "ana@example.org"})
    client.post(response.url, {"code": code_in(mail.outbox[0])})

    assert is_logged_in(client)


def test_a_wrong_login_code_logs_nobody_in_and_three_of_them_end_it(client):
    UserFactory(email="ana@example.org")
    response = client.post(CODE, {"email": "ana@example.org"})

    for _ in range(3):
        end = client.post(response.url, {"code": "ZZZZZZ"})
    assert "That code was wrong three times" in client.get(end.url).content.decode()
    client.post(response.url, {"code": code_in(mail.outbox[0])})

    assert not is_logged_in(client)


def test_who_asks_for_codes_too_often_is_told_to_wait_a_minute(client):
    for _ in range(3):
        Client().post(CODE, {"email": "ana@example.org"})
    assert "Wait a minute" in client.post(CODE, {"email": "ana@example.org"}).content.decode()


@pytest.mark.parametrize("begin", [sign_up, lambda client: client.post(CODE, {"email": "ana@example.org"})])
def test_who_lost_the_code_is_sent_another_which_works(client, settings, begin):
    settings.ACCOUNT_RATE_LIMITS = False  # one letter in ten seconds
    if begin is not sign_up:
        UserFactory(email="ana@example.org")
    page = begin(client).url
    assert "Send another code" in client.get(page).content.decode()

    client.post(page, {"action": "resend"})
    client.post(page, {"code": code_in(mail.outbox[1])})

    assert code_in(mail.outbox[0]) != code_in(mail.outbox[1])
    assert is_logged_in(client)


def test_a_code_is_good_only_in_the_browser_that_asked_for_it(client):
    UserFactory(email="ana@example.org")
    response = client.post(CODE, {"email": "ana@example.org"})
    stranger = Client()

    stranger.post(response.url, {"code": code_in(mail.outbox[0])})

    assert not is_logged_in(stranger)


def test_asking_for_a_code_does_not_tell_whether_there_is_an_account(client):
    UserFactory(email="ana@example.org")

    known = client.post(CODE, {"email": "ana@example.org"})
    unknown = Client().post(CODE, {"email": "nadie@example.org"})

    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_signing_up_again_does_not_tell_that_there_is_an_account(client):
    UserFactory(email="ana@example.org")

    again = sign_up(client)
    new = sign_up(Client(), email="beto@example.org")

    assert (again.status_code, again.url) == (new.status_code, new.url)
    assert User.objects.filter(email="ana@example.org").count() == 1


def test_signing_up_again_takes_the_time_of_a_new_account(client, monkeypatch):
    """Most of it goes into the hash of the password: ten times the rest."""
    UserFactory(email="ana@example.org")
    hashed = []
    hasher = type(get_hasher())
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda *given, **named: hashed.append(1) or encode(*given, **named))

    sign_up(client)
    again = len(hashed)
    sign_up(Client(), email="beto@example.org")

    assert again == len(hashed) - again == 1


def test_who_was_added_as_a_member_logs_in_by_code_which_confirms_the_e_mail(client):
    agency = make_agency("Obras")
    add_member(agency=agency, email="Nueva@Obras.gob.ar", roles=[Role.EDITOR], actor=agency.owner)

    response = client.post(CODE, {"email": "nueva@obras.gob.ar"})
    client.post(response.url, {"code": code_in(mail.outbox[-1])})

    assert is_logged_in(client)
    assert EmailAddress.objects.get(email="nueva@obras.gob.ar").verified
    assert client.get("/consultations/new/").status_code == 200


def test_a_password_that_a_stranger_set_beforehand_opens_nothing_once_the_owner_of_the_e_mail_logs_in(client):
    sign_up(Client(), email="ana@example.org", password="contraseña de otro")
    stranger = Client()

    response = client.post(CODE, {"email": "ana@example.org"})
    client.post(response.url, {"code": code_in(mail.outbox[-1])})
    stranger.post(LOGIN, {"login": "ana@example.org", "password": "contraseña de otro"})

    assert is_logged_in(client)
    assert not is_logged_in(stranger)


def test_a_stranger_who_waits_to_confirm_the_e_mail_does_not_get_in_when_its_owner_does(client):
    stranger = Client()
    waiting = sign_up(stranger, email="ana@example.org", password="contraseña de otro").url

    response = client.post(CODE, {"email": "ana@example.org"})
    client.post(response.url, {"code": code_in(mail.outbox[-1])})
    stranger.get(waiting)
    stranger.post(waiting, {"code": "ZZZZZZ"})
    stranger.post(LOGIN, {"login": "ana@example.org", "password": "contraseña de otro"})

    assert is_logged_in(client)
    assert not is_logged_in(stranger)


def test_a_stranger_who_waits_does_not_get_in_when_the_owner_of_the_e_mail_chooses_a_password(client, settings):
    settings.ACCOUNT_RATE_LIMITS = False  # one letter in ten seconds
    stranger = Client()
    waiting = sign_up(stranger, email="ana@example.org", password="contraseña de otro").url

    client.post("/account/password/reset/", {"email": "ana@example.org"})
    link = re.search(r"http://testserver(/account/password/reset/key/\S+)", mail.outbox[-1].body)[1]
    page = client.get(link, follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "clave de su dueña", "password2": "clave de su dueña"})
    client.post(LOGIN, {"login": "ana@example.org", "password": "clave de su dueña"})
    if not is_logged_in(client):
        client.post("/account/confirm-email/", {"code": code_in(mail.outbox[-1])})
    assert is_logged_in(client)
    stranger.get(waiting)
    stranger.post(waiting, {"code": "ZZZZZZ"})
    stranger.post(LOGIN, {"login": "ana@example.org", "password": "contraseña de otro"})

    assert not is_logged_in(stranger)


def test_a_code_leaves_the_password_of_somebody_who_had_confirmed_the_e_mail(client):
    person = UserFactory(email="ana@example.org")

    response = client.post(CODE, {"email": "ana@example.org"})
    client.post(response.url, {"code": code_in(mail.outbox[0])})

    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_nobody_logs_in_to_an_account_without_a_password_by_an_empty_one(client):
    agency = make_agency("Obras")
    add_member(agency=agency, email="nueva@obras.gob.ar", roles=[Role.EDITOR], actor=agency.owner)

    client.post(LOGIN, {"login": "nueva@obras.gob.ar", "password": ""})

    assert not is_logged_in(client)


def test_logging_out_is_by_post(client):
    client.force_login(UserFactory())

    client.get("/account/logout/")
    assert is_logged_in(client)
    client.post("/account/logout/")
    assert not is_logged_in(client)


def test_after_logging_in_one_is_back_where_one_was_and_never_elsewhere(client):
    UserFactory(email="ana@example.org")

    there = client.post(f"{LOGIN}?next=/consultations/", {"login": "ana@example.org", "password": PASSWORD})
    client.post("/account/logout/")
    elsewhere = client.post(f"{LOGIN}?next=https://evil.example/", {"login": "ana@example.org", "password": PASSWORD})

    assert (there.url, elsewhere.url) == ("/consultations/", "/")


def test_somebody_who_is_not_active_does_not_get_in(client):
    UserFactory(email="ana@example.org", is_active=False)

    client.post(LOGIN, {"login": "ana@example.org", "password": PASSWORD})

    assert not is_logged_in(client)
