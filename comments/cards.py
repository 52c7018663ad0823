"""What a comment shows to one reader, worked out before the template draws it.

A page draws fifty of them: what is the same for all (the reader's rights, the time, the words of the buttons) is found
once, so that a card costs a tenth of a millisecond and not one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from accounts.access import Person
from comments import mentions
from comments.annotations.cards import annotation_of, quote_html, says_more
from comments.dispositions.fates import fate_html
from comments.models import Comment
from comments.moderation.badges import badges_html
from comments.queries import Count, Thread
from comments.revising import EDIT_WINDOW
from comments.rights import Rights
from consultations.models import Consultation
from frontend import markup
from frontend.formats import ago, day, minute, number
from frontend.kept import drawn


@dataclass(frozen=True, slots=True)
class Card:
    """What ``components/comment.html`` shows. Its addresses begin with ``url``: ``{{ card.url }}reply/``.

    lock: what a moderator can do to the conversation that it began: "lock", "unlock", or nothing.
    quote: of an annotation, the words that it is about. fate: what the agency did with it, and why.
    note: why there is no text; then there is none. answers: whom it answers, with ``answers_url``, empty for none.
    agree, disagree: how many, as text, empty for nobody. own_reaction: what the reader said, 1, -1 or 0.
    signs: what moderators and officials did with it (``moderation/badges.py``).
    """

    id: str
    url: str
    author: str
    agency: str = ""
    moment: str = ""
    moment_in_full: str = ""
    ago: str = ""
    edited: str = ""
    answers: str = ""
    answers_url: str = ""
    quote: SafeString | str = ""
    body: SafeString | str = ""
    note: str = ""
    agree: str = ""
    disagree: str = ""
    own_reaction: int = 0
    is_marked: bool = False
    is_hidden: bool = False
    signs: SafeString | str = ""
    may_react: bool = False
    may_reply: bool = False
    may_report: bool = False
    may_hide: bool = False
    may_mark: bool = False
    lock: str = ""
    fate: SafeString | str = ""
    answer_url: str = ""
    may_restore: bool = False
    may_edit: bool = False
    may_delete: bool = False

    @property
    def has_more(self) -> bool:
        """Whether there is anything in the menu of what is done less often."""
        return bool(
            self.may_reply or self.may_report or self.may_mark or self.may_edit or self.may_delete or self.answer_url
        )

    @property
    def html(self) -> SafeString:
        """It, drawn: once for all readers who see the same and may do the same."""
        return drawn("components/comment.html", card=self)


@dataclass(frozen=True, slots=True)
class ThreadCards:
    """A thread as the page shows it."""

    root: Card
    replies: list[Card]
    other_count: Count


class Cards:
    """Makes the cards of one page for one reader.

    is_open: whether one may answer here now. marked: the comment that the page was opened for. is_quoted: they stand
    above a form, with nothing to do but read.
    """

    def __init__(
        self,
        reader: Person,
        consultation: Consultation,
        rights: Rights,
        *,
        is_open: bool = False,
        is_quoted: bool = False,
        marked: Comment | None = None,
    ) -> None:
        self._reader_id = reader.pk
        self._agency = consultation.agency.name
        self._consultation_id = consultation.pk
        self._rights = rights
        self._is_open = is_open
        self._is_quoted = is_quoted
        self._marked_id = marked.pk if marked else None
        self._now = timezone.now()
        self._base = reverse("comments:comment", args=[0]).removesuffix("0/")
        self._desk = reverse("comments:contributions", args=[consultation.slug])
        self._agos: dict[int, str] = {}

    def of_threads(self, threads: Iterable[Thread]) -> list[ThreadCards]:
        found = []
        for thread in threads:
            is_locked = thread.root.locked_at is not None
            replies = [self.of(reply, is_locked=is_locked) for reply in thread.replies]
            found.append(ThreadCards(self.of(thread.root, is_locked=is_locked), replies, thread.other_count))
        return found

    def of(self, comment: Comment, *, is_locked: bool = False) -> Card:
        """One card. Takes what ``queries.to_show`` gives; is_locked: nobody answers in its thread any more."""
        url = f"{self._base}{comment.pk}/"
        local = timezone.localtime(comment.created_at)
        facts: dict[str, Any] = {
            "id": str(comment.pk),
            "url": url,
            "author": author_name(comment),
            "agency": self._agency if comment.is_official else "",
            "moment": local.isoformat(timespec="seconds"),
            "moment_in_full": minute(comment.created_at),
            "ago": self._ago(comment.created_at),
            "is_marked": comment.pk == self._marked_id,
        }
        note = _why_no_text(comment)
        if note:
            facts |= {"note": note, "is_hidden": True}
            facts["may_restore"] = comment.is_hidden and self._rights.may_moderate and not self._is_quoted
        else:
            facts |= self._text_of(comment)
            if not self._is_quoted:
                facts |= self._acts_on(comment, is_locked)
        return Card(**facts)

    def live(self, place: str, root: Comment | None = None) -> dict[str, Any]:
        """What ``comments/live_thread.html`` shows: where new comments come from, and cards with blanks for them."""
        acts: dict[str, Any] = {
            "may_react": self._rights.refusal is None,
            "may_reply": self._is_open,
            "may_report": self._rights.is_participant,
            "may_hide": self._rights.may_moderate,
        }
        moment = f"{self._now:%Y-%m-%dT%H}:00:00+00:00"  # the script writes the true one; so the blank can be kept
        blank = Card(id="0", url=f"{self._base}0/", author="–", moment=moment, ago=ago(self._now, self._now), **acts)
        return {
            "src": f"/ws/consultations/{self._consultation_id}/comments/",
            "place": place,
            "since": self._now.isoformat(timespec="milliseconds"),
            "root": str(root.pk) if root else "",
            "citizen": blank,
            "official": replace(blank, agency=self._agency),
        }

    def _text_of(self, comment: Any) -> dict[str, Any]:
        answers = comment.answers_id if comment.answers_id != comment.root_id else None
        return {
            "quote": quote_html(comment),
            "body": body_of(comment) if says_more(comment) else "",
            "edited": _edited(comment),
            "answers": _in_answer_to(comment) if answers else "",
            "answers_url": f"{self._base}{answers}/#comment-{answers}" if answers else "",
            "agree": number(comment.agree_count) if comment.agree_count else "",
            "disagree": number(comment.disagree_count) if comment.disagree_count else "",
            "own_reaction": comment.own_reaction or 0,
            "fate": fate_html(getattr(comment, "fate", None), self._agency),
            "signs": badges_html(comment, inside=self._rights.is_official),
        }

    def _acts_on(self, comment: Comment, is_locked: bool) -> dict[str, Any]:
        is_own = comment.author_id is not None and comment.author_id == self._reader_id
        is_held = comment.held_at is not None
        rights = self._rights
        may_take_part = rights.refusal is None and not is_held
        return {
            "may_react": may_take_part and not is_own,
            "may_reply": self._is_open and not is_locked and not is_held,
            "may_report": rights.is_participant and not is_own,
            "may_hide": rights.may_moderate and not is_held,
            "may_mark": rights.is_official,
            "lock": _lock_of(comment) if rights.may_moderate and not is_held else "",
            "answer_url": self._answer_url(comment),
            "may_edit": is_own and self._now < comment.created_at + EDIT_WINDOW and rights.may_write,
            "may_delete": is_own,
        }

    def _answer_url(self, comment: Comment) -> str:
        """Where an official says what became of it; empty for others, and for what needs no disposition."""
        is_owed = comment.root_id is None and comment.proposal_id is None and not comment.is_official
        if not self._rights.may_reply_officially or not is_owed or comment.held_at is not None:
            return ""
        return f"{self._desk}?one=comment-{comment.pk}"

    def _ago(self, moment: datetime) -> str:
        """Comments of the same minute say the same; those of the last one are of now."""
        minute = int((self._now - moment).total_seconds()) // 60
        if minute not in self._agos:
            self._agos[minute] = ago(moment, self._now if minute else moment)
        return self._agos[minute]


def _lock_of(comment: Comment) -> str:
    if comment.root_id is not None:
        return ""
    return "unlock" if comment.locked_at else "lock"


def author_name(comment: Comment) -> str:
    """Never the e-mail address. Of what was made elsewhere, whoever is said to have made it."""
    annotation = annotation_of(comment) if comment.author_id is None else None
    if annotation is not None and (annotation.source or annotation.source_creator):
        return annotation.source_creator or gettext("Made elsewhere")
    return _name_of(comment.author.name if comment.author else None, comment.is_official)


def _name_of(name: str | None, is_official: bool) -> str:
    """name: None where there is no account, empty where its person gave none. Nothing for the agency itself."""
    if name is None:
        return "" if is_official else gettext("Former account")
    return name or gettext("Without a name")


def body_of(comment: Any) -> SafeString:
    """What a comment says, as HTML, with the people in it by their names of today. Needs ``queries.to_show``."""
    return markup.render(mentions.in_markdown(comment))


def _why_no_text(comment: Comment) -> str:
    if comment.deleted_at is not None:
        return gettext("Whoever wrote this comment deleted it %(day)s.") % {"day": day(comment.deleted_at)}
    if comment.hidden_at is None:
        return ""
    facts = {"day": day(comment.hidden_at), "hidden_reason": comment.hidden_reason}
    return gettext("Hidden by a moderator %(day)s. Reason: %(hidden_reason)s") % facts


def _edited(comment: Any) -> str:
    if comment.edited_at is None:
        return ""
    return gettext("edited after it was answered") if comment.was_answered_before_edit else gettext("edited")


def _in_answer_to(comment: Any) -> str:
    name = _name_of(comment.answered_name, comment.is_answer_to_agency)
    if not name:
        return gettext("In answer to the agency")
    return gettext("In answer to %(answered_name)s") % {"answered_name": name}
