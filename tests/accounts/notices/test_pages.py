"""Notices on the site: the bell, the list, what opening does, and the settings."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Notice, Pace
from accounts.notices.mails import opening
from comments.commenting import add_comment
from consultations import following
from tests.accounts.notices.telling import told
from tests.factories import UserFactory, make_consultation

pytestmark = pytest.mark.django_db
LIST, SETTINGS = "/account/notices/", "/account/notices/settings/"


@pytest.fixture
def her(client, ana):
    """Her browser."""
    client.force_login(ana)
    return client


@pytest.fixture
def client_of():
    def browser(person):
        made = Client(headers={"accept-language": "en"})
        if person:
            made.force_login(person)
        return made

    return browser


def test_the_bell_counts_what_is_unread_without_a_query_of_its_own(her, ana, trees):
    with CaptureQueriesContext(connection) as before:
        assert b"bell-count" not in her.get("/account/me/").content
    told(ana, "Bruno", about=trees)
    told(ana, "Clara", about=trees)
    with CaptureQueriesContext(connection) as after:
        assert b'<span class="bell-count" aria-hidden="true">2</span>' in her.get("/account/me/").content
    assert len(after) == len(before)


def test_the_list_is_the_person_s_own_and_marks_what_is_new(her, ana, trees):
    told(ana, "Bruno", about=trees)
    told(UserFactory(), "Clara", about=trees)

    page = her.get(LIST).content.decode()

    assert "Bruno answered your comment in “Plan de arbolado”." in page
    assert "notice-line unread" in page
    assert "Clara" not in page


def test_opening_a_notice_marks_it_read_and_leads_on(her, ana, trees):
    notice, other = told(ana, "Bruno", about=trees), told(ana, "Clara", about=trees)

    assert her.get(notice.get_absolute_url()).url == trees.get_absolute_url()
    assert list(ana.notices.unread()) == [other]


def test_from_an_e_mail_it_leads_on_without_an_account_and_counts_only_for_its_person(her, ana, trees, client_of):
    notice = told(ana, "Bruno", about=trees)

    for stranger in (client_of(None), client_of(UserFactory())):
        assert stranger.get(opening(notice)).url == trees.get_absolute_url()
        assert stranger.get(notice.get_absolute_url()).status_code in (403, 404)
    assert ana.notices.unread().count() == 1

    her.get(opening(notice))
    assert ana.notices.unread().count() == 0


def test_all_are_marked_read_at_once_and_nobody_else_s(her, ana, trees):
    told(ana, "Bruno", about=trees)
    told(UserFactory(), "Clara", about=trees)

    her.post("/account/notices/read/")

    assert Notice.objects.unread().count() == 1


def test_what_was_hidden_meanwhile_is_told_without_a_word_of_it(her, ana):
    inner = make_consultation(title="Plan interno", visibility="private", eligibility="invited")
    told(ana, "Bruno", about=inner)

    page = her.get(LIST).content.decode()

    assert "is not shown any more" in page
    assert "Plan interno" not in page
    assert "Bruno" not in page


def test_a_page_of_notices_costs_the_same_with_one_and_with_twenty(her, ana, trees):
    answer = add_comment(consultation=trees, actor=UserFactory(), body="Sí.")

    def queries():
        with CaptureQueriesContext(connection) as made:
            her.get(LIST)
        return len(made)

    told(ana, "Persona", about=trees)
    Notice.objects.update(url=answer.get_absolute_url())
    one = queries()
    for number in range(25):
        told(ana, f"Persona {number}", about=trees)
    Notice.objects.update(url=answer.get_absolute_url())
    assert queries() == one <= 12


def test_the_settings_keep_the_choice_for_all_and_for_each(her, ana, trees):
    following.follow(consultation=trees, actor=ana)
    assert "Plan de arbolado" in her.get(SETTINGS).content.decode()

    her.post(SETTINGS, {"pace": "weekly"})
    her.post(f"/consultations/{trees.slug}/mail/", {"pace": "each"})

    ana.refresh_from_db()
    assert ana.mail_pace == Pace.WEEKLY
    assert '<option value="each" selected>' in her.get(SETTINGS).content.decode()


def test_a_person_is_never_counted_anothers_notices(client, ana, trees):
    told(ana, "Bruno", about=trees)
    client.force_login(UserFactory())
    assert b"bell-count" not in client.get("/account/me/").content
