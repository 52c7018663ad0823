"""What e-mails say, and how: headers, both languages, and nothing that a name or a title could smuggle in."""

from email import message_from_bytes, policy

import pytest
from django.core import mail
from django.urls import resolve

from accounts.models import Letter, Pace
from accounts.notices import unsubscribing
from accounts.notices.mails import blocks_of, mail_from_text
from tests.accounts.notices.telling import at, told
from tests.factories import UserFactory, make_consultation
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(ana):
    unsubscribing.choose_pace(ana, Pace.EACH)


def as_it_is_sent(letter):
    """The e-mail as its program reads it."""
    return message_from_bytes(letter.message().as_bytes(), policy=policy.default)


def test_an_e_mail_has_text_html_and_the_headers_by_which_one_leaves(ana, trees):
    told(ana, "Bruno", at(), about=trees)
    send_what_waits(at())

    letter = as_it_is_sent(mail.outbox[0])
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = letter["List-Unsubscribe"].strip(" <>")
    assert resolve(address.removeprefix("http://testserver")).view_name == "accounts:unsubscribe"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["To"] == "ana@example.org"
    for part in ("plain", "html"):
        said = letter.get_body((part,)).get_content()
        assert "Bruno answered your comment in “Plan de arbolado”." in said
        assert address in said
        assert "http://testserver/account/notices/settings/" in said


def test_an_e_mail_speaks_the_language_of_who_gets_it(trees):
    told(UserFactory(language="es-ar", mail_pace=Pace.EACH), "Bruno", at(), about=trees)
    send_what_waits(at())

    assert mail.outbox[0].subject == "Bruno respondió tu comentario en «Plan de arbolado»."
    assert "No quiero más correos sobre esta consulta" in mail.outbox[0].body
    assert '<html lang="es-AR">' in mail.outbox[0].alternatives[0][0]


HOSTILE = [
    "Ana\r\nBcc: todos@example.org",
    "Ana\nContent-Type: text/html",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "%(title)s %s {{ settings.SECRET_KEY }}",
    "[a](javascript:alert(1)) \u202e\u2028",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_name_or_a_title_becomes_a_header_or_markup(ana, name):
    told(ana, name, at(), about=make_consultation(title=f"Plan {name}"[:140]))
    send_what_waits(at())

    letter = as_it_is_sent(mail.outbox[0])
    assert letter["Bcc"] is None
    assert letter.get_content_type() == "multipart/alternative"
    html = letter.get_body(("html",)).get_content()
    for smuggled in ("<script", "<img", 'href="javascript'):
        assert smuggled not in html.lower()
    assert "\n" not in mail.outbox[0].subject


def test_an_e_mail_loads_nothing_from_anywhere(ana, trees):
    told(ana, "Bruno", at(), about=trees)
    send_what_waits(at())

    html = mail.outbox[0].alternatives[0][0]
    for loads in ("<img", "src=", "url(", "@import", "<link", "<script", " style=", "http-equiv"):
        assert loads not in html


def test_a_title_without_end_does_not_make_a_subject_without_end(ana):
    told(ana, "Ñ" * 80, at(), about=make_consultation(title="x" * 140))
    send_what_waits(at())

    assert len(mail.outbox[0].subject) == 120


def test_html_is_made_of_text():
    blocks = blocks_of(
        "Hello:\n\nThis is your code.\nIt works once.\n\nK7D-2QX\n\n- one\n- two\n\nHere:\nhttp://x.org/a"
    )
    assert [block["kind"] for block in blocks] == ["text", "text", "code", "list", "link"]
    assert blocks[1]["text"] == "This is your code. It works once."
    html = mail_from_text("x", "A <b>\n\nhttp://x.org/?a=1&b=2", "a@example.org").alternatives[0][0]
    assert "A &lt;b&gt;" in html
    assert 'href="http://x.org/?a=1&amp;b=2"' in html


def test_a_log_in_code_is_sent_at_once_and_stands_large_in_its_html(client):
    UserFactory(email="bruno@example.org")
    client.post("/account/login/code/", {"email": "bruno@example.org"})

    assert not Letter.objects.exists()
    html = mail.outbox[0].alternatives[0][0]
    assert '<p class="code">' in html
    code = html.split('<p class="code">')[1].split("<")[0]
    assert code in mail.outbox[0].body
