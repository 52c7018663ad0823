"""What a letter says, as an e-mail: text and HTML, in the language of who gets it. Made when it is sent.

Whatever the person has read meanwhile on the site, may not see any more, or is stale, is not in it.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import ngettext

from accounts.models import Letter, Notice, Pace, User
from accounts.notices import sight, unsubscribing
from accounts.notices.kinds import sentence_of

LONGEST_SUBJECT = 120


Writer = Callable[[Letter, datetime], EmailMultiAlternatives]
_WRITERS: dict[str, Writer] = {}


def register_writer(kind: str, write: Writer) -> None:
    """A room above says how its kind of letter is written, when it is sent. May raise NothingToSay."""
    _WRITERS[kind] = write


class NothingToSay(Exception):
    """There is no reason any more to send this letter."""


def mail_of(letter: Letter, now: datetime) -> EmailMultiAlternatives:
    """The message. Raises NothingToSay."""
    if letter.kind in _WRITERS:
        mail = _WRITERS[letter.kind](letter, now)
        mail.extra_headers |= {"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"}
        return mail
    person = User.objects.filter(pk=letter.user_id or 0, is_active=True).first()
    if person is None:
        raise NothingToSay("no active account")
    with translation.override(person.language):
        if letter.kind == Letter.Kind.MEMBER:
            from accounts.letters import member_letter

            subject, text = member_letter(letter, person)
            mail = mail_from_text(subject, text, person.email)
        else:
            mail = notices_mail(letter, person, now)
    mail.extra_headers |= {"Message-ID": message_id(letter), "Auto-Submitted": "auto-generated"}
    return mail


def notices_mail(letter: Letter, person: User, now: datetime) -> EmailMultiAlternatives:
    """A digest, or what comes as it comes. Only to an address that is confirmed."""
    if not EmailAddress.objects.filter(user=person, email=person.email, verified=True).exists():
        raise NothingToSay("address not confirmed")
    if unsubscribing.pace_of(person, letter.consultation_id) == Pace.NEVER:
        raise NothingToSay("unsubscribed")
    notices = still_to_tell(letter, person, now)
    if not notices:
        raise NothingToSay("nothing left to tell")
    place = sight.place_of(person, letter.consultation_id)
    sentences = [sentence_of(notice.kind, notice.facts) for notice in notices]
    unsubscribe = settings.SITE_URL + unsubscribing.address(person, letter.consultation_id)
    context = {
        "place": place,
        "place_url": settings.SITE_URL + place.path if place else "",
        "lines": [
            {"sentence": sentence, "url": settings.SITE_URL + opening(notice), "at": notice.created_at}
            for sentence, notice in zip(sentences, notices, strict=True)
        ],
        "unsubscribe_url": unsubscribe,
        "settings_url": settings.SITE_URL + reverse("accounts:notice-settings"),
    }
    mail = written(_subject(sentences, place), "mail/notices", context, person.email)
    mail.extra_headers |= {
        "List-Unsubscribe": f"<{unsubscribe}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return mail


def still_to_tell(letter: Letter, person: User, now: datetime) -> list[Notice]:
    found = [
        notice
        for notice in letter.notices.unread().order_by("created_at", "pk")
        if notice.stale_at is None or notice.stale_at > now
    ]
    unseen = sight.unseen(person, found)
    return [notice for notice in found if notice.pk not in unseen]


def opening(notice: Notice) -> str:
    """The address in an e-mail: its signature leads on whoever holds it; it marks read only for its person."""
    return f"{notice.get_absolute_url()}?s={unsubscribing.signature_of(notice)}"


def _subject(sentences: list[str], place: sight.Place | None) -> str:
    if len(sentences) == 1:
        return sentences[0]
    count = len(sentences)
    if place is None:
        return ngettext("%(count)s thing is new", "%(count)s things are new", count) % {"count": count}
    words = ngettext("%(count)s thing is new in “%(title)s”", "%(count)s things are new in “%(title)s”", count)
    return words % {"count": count, "title": place.title}


def written(subject: str, template: str, context: dict[str, Any], to: str) -> EmailMultiAlternatives:
    """A message from ``template``.txt and ``template``.html."""
    subject = " ".join(subject.split())  # a header is one line: whatever a title holds, nothing follows it
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1]}…"
    context = {**context, "subject": subject, "site_url": settings.SITE_URL, "site_host": host()}
    mail = EmailMultiAlternatives(subject, render_to_string(f"{template}.txt", context).strip() + "\n", None, [to])
    mail.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    mail.extra_headers["Content-Language"] = translation.get_language() or settings.LANGUAGE_CODE
    return mail


def mail_from_text(subject: str, text: str, to: str) -> EmailMultiAlternatives:
    """A message whose HTML is made of its text, which is written once."""
    return written(subject, "mail/plain", {"text": text, "blocks": blocks_of(text)}, to)


def blocks_of(text: str) -> list[dict[str, Any]]:
    """The paragraphs of a text: kind "code" and "link" where one is nothing else, "list" of lines with a hyphen."""
    return [_block([line.strip() for line in part.splitlines()]) for part in re.split(r"\n\s*\n", text.strip())]


def _block(lines: list[str]) -> dict[str, Any]:
    if len(lines) == 1 and re.fullmatch(r"[A-Z0-9]{3,}(-[A-Z0-9]{3,})*", lines[0]):
        return {"kind": "code", "code": lines[0]}
    if all(line.startswith("- ") for line in lines):
        return {"kind": "list", "items_": [line[2:] for line in lines]}
    if re.fullmatch(r"https?://\S+", lines[-1]):
        return {"kind": "link", "text": " ".join(lines[:-1]), "url": lines[-1]}
    return {"kind": "text", "text": " ".join(lines)}


def message_id(letter: Letter) -> str:
    """The same at each attempt, so that a letter that was sent twice is known as one."""
    mark = hashlib.sha256(f"{letter.pk} {letter.created_at.isoformat()}".encode()).hexdigest()[:16]
    return f"<letter-{letter.pk}-{mark}@{host()}>"


def host() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"
