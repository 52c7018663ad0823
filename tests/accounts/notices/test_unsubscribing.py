"""Leaving with one press, without logging in (RFC 8058): what it stops, what it says, how it is undone."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import MailChoice, Pace
from accounts.notices import unsubscribing
from tests.accounts.notices.telling import at, told
from tests.factories import make_consultation
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def mail_program():
    """No cookies, and CSRF is checked as on the real site."""
    return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})


@pytest.fixture
def address(ana, trees):
    """As the header of an e-mail has it."""
    unsubscribing.choose_pace(ana, Pace.EACH)
    told(ana, "Bruno", at(), about=trees)
    send_what_waits(at())
    header = mail.outbox.pop().extra_headers["List-Unsubscribe"]
    return header.strip("<>").removeprefix("http://testserver")


def test_one_post_stops_the_e_mails_about_this_consultation_and_no_others(ana, trees, address, mail_program):
    answer = mail_program.post(address, ONE_CLICK)

    assert answer.status_code == 200  # never a redirect
    assert "Done: we do not write to you about it any more" in answer.content.decode()
    told(ana, "Clara", at(hours=1), about=trees)
    told(ana, "Obras", at(hours=1), about=trees, kind="official_reply")
    told(ana, "Darío", at(hours=1), about=make_consultation(title="Ferias"))
    send_what_waits(at(hours=1))
    assert [letter.subject for letter in mail.outbox] == ["Darío answered your comment in “Ferias”."]
    assert ana.notices.unread().count() == 4  # on the site they are all told


def test_looking_at_the_page_stops_nothing(ana, address, mail_program):
    assert b"No more e-mail about this consultation?" in mail_program.get(address).content
    assert not MailChoice.objects.exists()


def test_it_can_be_undone_there_and_then(ana, trees, address, mail_program):
    mail_program.post(address, ONE_CLICK)
    answer = mail_program.post(address, {"back_to": ""})

    assert "Undone" in answer.content.decode()
    assert unsubscribing.pace_of(ana, trees.pk) == Pace.EACH
    assert not MailChoice.objects.exists()


def test_undoing_brings_back_what_was_chosen_for_this_consultation(ana, trees, address, mail_program):
    unsubscribing.choose_pace(ana, Pace.WEEKLY, trees.pk)
    page = mail_program.post(address, ONE_CLICK).content.decode()
    assert 'name="back_to" value="weekly"' in page


def test_an_e_mail_about_no_consultation_stops_all(ana, mail_program):
    mail_program.post(unsubscribing.address(ana, None), ONE_CLICK)

    ana.refresh_from_db()
    assert ana.mail_pace == Pace.NEVER


@pytest.mark.parametrize("spoil", [lambda token: token[:-1], lambda token: "x" + token, lambda token: "forged"])
def test_a_token_that_is_not_ours_stops_nothing(ana, trees, mail_program, spoil):
    token = unsubscribing.address(ana, trees.pk).split("/")[-2]
    answer = mail_program.post(f"/account/notices/unsubscribe/{spoil(token)}/", ONE_CLICK)

    assert answer.status_code == 404
    assert not MailChoice.objects.exists()


def test_the_page_tells_nothing_of_a_consultation_that_the_person_has_lost(ana, mail_program):
    inner = make_consultation(title="Plan interno", visibility="private", eligibility="invited")
    page = mail_program.get(unsubscribing.address(ana, inner.pk)).content.decode()
    assert "Plan interno" not in page


def test_an_undo_that_names_no_pace_is_refused(ana, trees, address, mail_program):
    assert mail_program.post(address, {"back_to": "hourly"}).status_code == 400
