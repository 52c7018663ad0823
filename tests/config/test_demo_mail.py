"""The e-mails of a demonstration, on a page; and that there is no such page where it is none."""

import pytest
from django.core.mail import EmailMultiAlternatives, get_connection

from config.demo import mailbox

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_letter(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    letter = EmailMultiAlternatives(
        "Tu código", "Tu código: ABC", None, ["ana@example.org"], headers={"List-Unsubscribe": "<http://x/>"}
    )
    letter.attach_alternative("<html><head></head><body>Tu código: ABC</body></html>", "text/html")
    get_connection("config.demo.mailbox.Mailbox").send_messages([letter])


def test_each_e_mail_stands_on_a_page_with_its_text_and_as_it_looks(client):
    (letter,) = mailbox.letters()
    assert "Tu código" in client.get("/demo/mail/").content.decode()
    page = client.get(f"/demo/mail/{letter.name}/").content.decode()
    assert "Tu código: ABC" in page
    assert "&lt;http://x/&gt;" in page
    shown = client.get(f"/demo/mail/{letter.name}/html/")
    assert "Tu código: ABC" in shown.content.decode()
    assert "script-src 'none'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"


@pytest.mark.parametrize("turn_off", [{"PRODUCTION": True}, {"DEMO_MAILBOX": False}])
def test_there_is_no_such_page_in_production_or_where_e_mail_leaves(client, settings, turn_off):
    (letter,) = mailbox.letters()
    for name, value in turn_off.items():
        setattr(settings, name, value)

    for address in ("/demo/mail/", f"/demo/mail/{letter.name}/", f"/demo/mail/{letter.name}/html/"):
        assert client.get(address).status_code == 404


def test_only_names_of_e_mails_are_files(client):
    for name in ("..", "0", "1.eml", "x"):
        assert client.get(f"/demo/mail/{name}/").status_code == 404


def test_only_so_many_are_kept(settings, monkeypatch):
    monkeypatch.setattr(mailbox, "KEPT", 2)
    box = get_connection("config.demo.mailbox.Mailbox")
    for number in range(4):
        box.send_messages([EmailMultiAlternatives(f"{number}", "x", None, ["ana@example.org"])])
    assert [letter.subject for letter in mailbox.letters()] == ["3", "2"]
