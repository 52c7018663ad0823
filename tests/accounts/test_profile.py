"""One's own account: name and language."""

import pytest
from allauth.account.models import EmailAddress

from accounts.models import Role
from tests.factories import UserFactory, make_agency, member

pytestmark = pytest.mark.django_db
ME, LANGUAGE = "/account/me/", "/i18n/setlang/"


@pytest.fixture
def ana(client):
    person = UserFactory(name="Ana", language="es-ar")
    client.force_login(person)
    return person


def test_a_person_changes_name_and_language_which_the_site_speaks_from_then_on(client, ana):
    client.post(ME, {"name": " Ana Pérez ", "language": "en"}, headers={"accept-language": "es-AR"})

    ana.refresh_from_db()
    assert (ana.name, ana.language) == ("Ana Pérez", "en")
    assert '<html lang="en">' in client.get("/", headers={"accept-language": "es-AR"}).content.decode()


def test_a_name_is_one_line_of_what_can_be_seen(client, ana):
    client.post(ME, {"name": "Ana\u202e\r\nBcc: \u200bz@z.example", "language": "en"})

    ana.refresh_from_db()
    assert ana.name == "Ana Bcc: z@z.example"


@pytest.mark.parametrize(
    "typed",
    [{"name": "", "language": "en"}, {"name": "\u200b\u2060", "language": "en"}, {"name": "Ana", "language": "fr"}, {}],
)
def test_a_fault_changes_nothing(client, ana, typed):
    assert client.post(ME, typed).status_code == 400
    ana.refresh_from_db()
    assert (ana.name, ana.language) == ("Ana", "es-ar")


def test_it_shows_for_whom_one_works_and_the_way_to_e_mail_and_password(client, ana):
    member(make_agency("Obras"), Role.EDITOR, user=ana)

    page = client.get(ME).content.decode()

    assert "/agencies/obras/" in page
    assert "/account/email/" in page
    assert "/account/password/change/" in page


@pytest.mark.parametrize(
    ("role", "opens", "moderates"),
    [(Role.OWNER, True, True), (Role.EDITOR, True, False), (Role.MODERATOR, False, True), (Role.MEMBER, False, False)],
)
def test_it_leads_to_ones_work(client, ana, role, opens, moderates):
    member(make_agency("Obras"), role, user=ana)

    page = client.get(ME).content.decode()

    assert ('href="/consultations/new/"' in page) is opens
    assert ('href="/moderation/"' in page) is moderates


def test_who_is_not_logged_in_is_told_to(client):
    for response in [client.get(ME), client.post(ME, {"name": "X", "language": "en"})]:
        assert (response.status_code, response.context["reason"].code) == (403, "needs_account")


def test_switching_the_language_is_remembered_for_e_mails(client, ana):
    response = client.post(LANGUAGE, {"language": "en", "next": "/agencies/"})

    ana.refresh_from_db()
    assert (ana.language, response.url) == ("en", "/agencies/")


def test_switching_works_without_an_account_and_a_strange_language_changes_nothing(client):
    client.post(LANGUAGE, {"language": "es-ar", "next": "/"})
    assert '<html lang="es-AR">' in client.get("/").content.decode()

    client.post(LANGUAGE, {"language": "tlh", "next": "/"})
    assert '<html lang="es-AR">' in client.get("/").content.decode()


def test_a_strange_language_is_not_remembered_and_switching_is_by_post(client, ana):
    client.post(LANGUAGE, {"language": "tlh", "next": "/"})

    ana.refresh_from_db()
    assert ana.language == "es-ar"
    assert client.get(LANGUAGE).status_code == 405


def test_at_the_only_address_nothing_is_offered_that_cannot_be_done(client):
    ana = UserFactory(email="ana@example.org")
    EmailAddress.objects.filter(user=ana).delete()
    EmailAddress.objects.create(user=ana, email=ana.email, primary=True, verified=True)
    client.force_login(ana, "accounts.backends.LogInBackend")
    assert offered(client) == set()

    EmailAddress.objects.create(user=ana, email="otra@example.org", verified=True)
    assert offered(client) == {"action_primary", "action_send", "action_remove"}


def offered(client):
    page = client.get("/account/email/").content.decode()
    return {name for name in ("action_primary", "action_send", "action_remove") if f'name="{name}"' in page}
