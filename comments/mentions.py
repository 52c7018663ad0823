"""Naming people: "@Ana Gómez" in what somebody types becomes ``@[1]`` in what is stored, with a row that says who.

So a new name shows everywhere, a name that somebody else takes later misleads nobody, and exports name nobody.
"""

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from accounts.models import User
from comments.models import Comment
from consultations.models import Proposal
from frontend import markup

MARK = re.compile(r"@\[(\d{1,2})\]")
MOST_MENTIONS = 10  # in one comment; the names after them stay words
PARTICIPANTS = 200  # comments, the latest ones: whose authors may be mentioned


def participants_of(root: Comment, proposal: Proposal | None) -> list[User]:
    """Who may be mentioned in a thread: those whose words in it everybody reads, and the proposal's author. By name.

    Nobody else, so that no name is given away: not whose words are held, hidden or deleted, nor the official who wrote
    a proposal that the agency signs. Two queries.
    """
    return _those_who_said(Comment.objects.filter(Q(root=root.pk) | Q(pk=root.pk)), proposal)


def neighbours_of(comment: Comment) -> list[User]:
    """The same for what begins a thread: those who speak in the same place, in whichever thread. Two queries."""
    place = {name: getattr(comment, f"{name}_id") for name in ("consultation", "proposal", "question", "document")}
    return _those_who_said(Comment.objects.filter(**place), comment.proposal)


def _those_who_said(comments: QuerySet[Comment], proposal: Proposal | None) -> list[User]:
    shown = comments.filter(author__isnull=False, held_at__isnull=True, hidden_at__isnull=True, deleted_at__isnull=True)
    ids: set[int | None] = set(shown.order_by("-pk").values_list("author", flat=True)[:PARTICIPANTS])
    if proposal and not proposal.is_official:
        ids.add(proposal.author_id)
    found = User.objects.filter(pk__in=[pk for pk in ids if pk is not None], is_active=True).exclude(name="")
    return sorted(found, key=lambda user: (user.name.casefold(), user.pk))


def mentionable(people: Sequence[User], besides: Any) -> list[User]:
    """Whom a form offers: those whose name is one person's alone, without who writes."""
    found = Counter(user.name.casefold() for user in people)
    return [user for user in people if found[user.name.casefold()] == 1 and user != besides]


def with_marks(text: str, people: Sequence[User]) -> tuple[str, list[User]]:
    """Replace "@name" of one of ``people`` by its mark; gives the text, and who is meant by mark 1, 2 and so on.

    The longest name wins: "@Ana Gómez" is not Ana. Capitals do not matter. Of two with the same name, neither is
    meant: it stays a word.
    """
    found = Counter(user.name.casefold() for user in people)
    named = {user.name.casefold(): user for user in people if found[user.name.casefold()] == 1}
    if not named or "@" not in text:
        return text, []
    names = "|".join(re.escape(user.name) for user in sorted(named.values(), key=lambda user: -len(user.name)))
    meant: list[User] = []

    def mark(found: re.Match[str]) -> str:
        user = named.get(found[1].casefold())
        if user is None:  # re takes the Turkish i without its dot for one with it
            return found[0]
        if user not in meant:
            if len(meant) == MOST_MENTIONS:
                return found[0]
            meant.append(user)
        return f"@[{meant.index(user) + 1}]"

    # Not in the middle of an address (ana@example.org), and not the beginning of a longer word.
    return re.sub(rf"(?<![\w@.])@({names})(?!\w)", mark, text, flags=re.IGNORECASE), meant


def with_names(text: str, names: dict[int, str], sign: str = "@") -> str:
    """Replace each mark by the name of today: ``names`` by position. A mark of nobody stays as it was typed."""

    def name(found: re.Match[str]) -> str:
        return f"{sign}{names[int(found[1])]}" if int(found[1]) in names else found[0]

    return MARK.sub(name, text)


def in_markdown(comment: Any) -> str:
    """What a comment says, to be rendered, with the people in it by their names of today. Needs ``mentioned``."""
    if not comment.mentioned:
        return str(comment.body)
    names = names_in(comment.mentioned, nobody=gettext("Former account"))
    return with_names(comment.body, {position: markup.as_text(name) for position, name in names.items()})


def names_in(mentioned: Sequence[dict[str, Any]], nobody: str) -> dict[int, str]:
    """Position -> name, from the annotation ``mentioned``; ``nobody`` for an account that was erased."""
    return {found["position"]: found["name"] or nobody for found in mentioned}
