"""The corpus of hostile HTML and Markdown, sent through every door where people write, does nothing in a real browser.

What complains on the console fails through the fixture: a breach of the Content-Security-Policy does.
"""

from urllib.parse import urlsplit

import pytest
from django.core import mail

from accounts.models import User
from comments.commenting import add_comment
from consultations.clock import database_now
from consultations.models import CustomField, Proposal
from tests.browser.steps import log_in, press
from tests.factories import CommentFactory, UserFactory, make_agency, make_consultation
from tests.frontend.test_markup import HOSTILE
from tests.outbox import send_what_waits

TYPED = [text for text in HOSTILE if text.isprintable() or ("\x00" not in text and "\x01" not in text)]
ALL_AT_ONCE = "\n\n".join(TYPED)
IN_ONE_LINE = "<img src=x onerror=alert(1)><script>alert(1)</script> [x](javascript:alert(1))"


class Watch:
    """What a page does that it should not: windows that open, requests to elsewhere."""

    def __init__(self, page):
        self.page = page
        self.dialogs, self.requests = [], []
        page.on("dialog", self.note)
        page.on("request", lambda request: self.requests.append(request.url))

    def note(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def check(self):
        """Nothing ran, nothing was asked of others, and nothing stands there that would on a touch."""
        self.page.wait_for_load_state("networkidle")
        ours = {urlsplit(self.page.url).hostname, None}
        assert self.dialogs == []
        assert [url for url in self.requests if urlsplit(url).hostname not in ours] == []
        assert self.page.evaluate(LIVE) == []


# Handlers, and addresses that run or embed, wherever they are on the page.
LIVE = """
[...document.querySelectorAll("*")].flatMap((element) => [
  ...[...element.attributes].filter(({ name }) => name.startsWith("on")).map(({ name }) => name),
  ...["href", "src", "action", "formaction", "data"].map((name) => element.getAttribute(name) || "")
    .filter((value) => /^\\s*(javascript|vbscript|data):/i.test(value)),
  ...(element.matches("iframe, object, embed, base, main script:not([src]), math") ? [element.tagName] : []),
])
"""


@pytest.fixture
def watch(page):
    return Watch(page)


@pytest.fixture
def rosa(transactional_db):
    return UserFactory(name="Rosa", email="rosa@example.org", language="en")


def test_in_a_comment(rosa, page, watch):
    consultation = make_consultation(make_agency("Obras"), now_in="discussion")
    root = CommentFactory(consultation=consultation, author=rosa, body="Faltan bancos.")
    others = UserFactory(name="Bruno")
    for text in HOSTILE:
        CommentFactory(consultation=consultation, root=root, answers=root, author=others, body=text.replace("\x00", ""))
    log_in(page, rosa)
    page.goto(consultation.get_absolute_url())
    page.locator("textarea[name=body]").fill(ALL_AT_ONCE)
    press(page, "form[action*='/comments/'] .buttons button")
    assert page.locator(".comment", has_text="evil.example").first.is_visible()
    watch.check()
    page.goto(f"/comments/{root.pk}/")
    assert page.locator(".comment").count() > len(HOSTILE)
    watch.check()


def test_in_a_proposal_and_its_custom_field(rosa, page, watch):
    call = make_consultation(make_agency("Obras"), now_in="proposals", slug="ideas", title=IN_ONE_LINE)
    field = CustomField.objects.create(consultation=call, position=0, label=IN_ONE_LINE, kind="text")
    log_in(page, rosa)
    page.goto("/consultations/ideas/proposals/new/")
    page.fill("[name=title]", IN_ONE_LINE)
    page.fill("[name=body]", ALL_AT_ONCE)
    page.fill(f"[name={field.form_name}]", ALL_AT_ONCE)
    watch.check()
    with page.expect_navigation():
        page.locator("button[name=send]").click()
    watch.check()
    if not Proposal.objects.exists():  # likely doubles are shown first
        press(page, "form[method=post]:not(.support form) button")
    made = Proposal.objects.get()
    assert made.title == IN_ONE_LINE
    for address in (made.get_absolute_url(), "/consultations/ideas/", "/consultations/ideas/proposals/", "/"):
        page.goto(address)
        assert page.get_by_text("onerror=alert(1)").first.is_visible()
        watch.check()


def test_in_an_e_mail(rosa, page, watch):
    consultation = make_consultation(make_agency("Obras"), now_in="discussion", title=IN_ONE_LINE)
    root = add_comment(consultation=consultation, actor=rosa, body="Faltan bancos.")
    User.objects.filter(pk=rosa.pk).update(mail_pace="each")
    add_comment(consultation=consultation, actor=UserFactory(name=IN_ONE_LINE[:80]), body="Sí.", answers=root)
    send_what_waits(database_now())
    (letter,) = [letter for letter in mail.outbox if letter.to == ["rosa@example.org"]]
    assert "\n" not in letter.subject
    page.set_content(letter.alternatives[0][0])  # no policy holds here, as in a mail program that has none
    assert page.get_by_text("onerror=alert(1)").first.is_visible()
    watch.check()
