"""What the people of the demonstration say: threads from the scripts, and one that is put together of many voices."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, TypeVar

from accounts.models import User
from comments.models import Comment
from comments.moderating import flag, hide
from consultations.clock import Act
from consultations.models import Consultation, Phase, Proposal

T = TypeVar("T")

VOICES = Path(__file__).parent / "voices.toml"
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Thread:
    """A comment and what was answered. ``told``: as the script has it, with what moderators and reporters did."""

    text: str
    replies: list[str]
    official: str = ""
    told: dict[str, Any] | None = None


def write_comments(
    consultation: Consultation,
    told: dict[str, Any],
    people: list[User],
    now: datetime,
    *,
    proposal: Proposal | None = None,
) -> None:
    """The threads of ``told["comments"]``, among them those of ``told["voices"]``: how many more to put together."""
    chance = random.Random(f"{consultation.slug} {told['title']}")
    threads = [
        Thread(said["text"], said.get("replies", []), said.get("official", ""), said)
        for said in told.get("comments", [])
    ]
    if "voices" in told:
        for thread in together(told["voices"] - sum(1 + len(t.replies) + bool(t.official) for t in threads), chance):
            threads.insert(chance.randrange(len(threads) + 1), thread)
    if threads:
        _write(threads, consultation, proposal, people, now, chance)


def _write(
    threads: list[Thread],
    consultation: Consultation,
    proposal: Proposal | None,
    people: list[User],
    now: datetime,
    chance: random.Random,
) -> None:
    start, end = _when_received(consultation, proposal, now)
    official = User.objects.get(pk=str(consultation.created_by_id))
    threads, moments = _in_order(threads, start, end, now, chance)
    place = {"consultation": consultation, "proposal": proposal}
    speakers = [_speakers(thread, people, chance) for thread in threads]
    roots = Comment.objects.bulk_create(
        [
            Comment(**place, author=author, body=thread.text, created_at=moment)
            for thread, moment, (author, *_) in zip(threads, moments, speakers, strict=True)
        ]
    )
    replies = []
    for thread, root, (_, *others) in zip(threads, roots, speakers, strict=True):
        said = [(text, author, False) for text, author in zip(thread.replies, others, strict=True)]
        if thread.official:
            said.append((thread.official, official, True))
        for (text, author, is_official), moment in zip(
            said, _moments(root, len(said), now if root.created_at > end else end, chance), strict=True
        ):
            replies.append(
                Comment(
                    **place,
                    root=root,
                    answers=root,
                    author=author,
                    is_official=is_official,
                    body=text,
                    created_at=moment,
                )
            )
    replies.sort(key=lambda reply: reply.created_at)  # their ids tell the order on the page
    Comment.objects.bulk_create(replies)
    for thread, root in zip(threads, roots, strict=True):
        _moderate(thread, root, people, chance)


def _speakers(thread: Thread, people: list[User], chance: random.Random) -> list[User]:
    """Who begins it (``by``, where the script says), and who answers: nobody twice."""
    by = (thread.told or {}).get("by")
    first = next(person for person in people if person.email == by) if by else chance.choice(people)
    return [first, *chance.sample([person for person in people if person != first], len(thread.replies))]


def _in_order(
    threads: list[Thread], start: datetime, end: datetime, now: datetime, chance: random.Random
) -> tuple[list[Thread], list[datetime]]:
    """The threads with the moment at which each begins: ``days_ago``, or somewhere between ``start`` and ``end``."""
    told = [(thread.told or {}).get("days_ago") for thread in threads]
    anywhere = iter(sorted(start + (end - start) * chance.random() for days in told if days is None))
    moments = [next(anywhere) if days is None else now - timedelta(days=days, hours=3) for days in told]
    order = sorted(range(len(threads)), key=moments.__getitem__)
    return [threads[n] for n in order], [moments[n] for n in order]


def _when_received(consultation: Consultation, proposal: Proposal | None, now: datetime) -> tuple[datetime, datetime]:
    """From the first moment at which comments were received to the last one, or to now."""
    phases = [p for p in consultation.phases.all() if Act.COMMENT in p.allows and p.starts_at < now]
    begins = max(phases[0].starts_at, proposal.created_at if proposal else phases[0].starts_at)
    last = [p for p in phases if p.kind != Phase.Kind.FOLLOW_UP or len(phases) == 1][-1]
    return begins, min(now, last.ends_at or now) - AN_HOUR / 4


def _moments(root: Comment, count: int, end: datetime, chance: random.Random) -> list[datetime]:
    """When ``count`` people answer, one after the other: mostly soon, and never after ``end``."""
    gaps = [timedelta(minutes=15) + AN_HOUR * chance.expovariate(1 / 14) for _ in range(count)]
    room = (end - root.created_at) / sum(gaps, AN_HOUR)
    return [root.created_at + gap * min(1, room) for gap in accumulate(gaps)]


def _moderate(thread: Thread, root: Comment, people: list[User], chance: random.Random) -> None:
    told = thread.told or {}
    reporters = chance.sample(people, len(told.get("reports", [])))
    for reporter, (ground, explanation) in zip(reporters, told.get("reports", []), strict=True):
        flag(target=root, actor=reporter, ground=ground, explanation=explanation)
    if "hidden" in told:
        hide(target=root, actor=User.objects.get(email=told["moderator"]), reason=told["hidden"])


def together(count: int, chance: random.Random) -> list[Thread]:
    """``count`` comments in threads, put together of what people say about each matter in ``voices.toml``.

    How many answers a thread has differs as it does in life: most have few, some have many.
    """
    voices = tomllib.loads(VOICES.read_text(encoding="utf-8"))
    openings = {side: Bag(voices[f"{side}_openings"], chance) for side in ("agree", "doubt")}
    matters = Bag([{name: Bag(lines, chance) for name, lines in m.items()} for m in voices["matters"]], chance)
    threads: list[Thread] = []
    left = count
    while left > 0:
        matter = matters.draw()
        number = min(left - 1, chance.choices(range(9), weights=[30, 20, 14, 11, 8, 6, 5, 3, 3])[0])
        sides = chance.choices(["agree", "doubt"], weights=[3, 2], k=number)
        replies = [f"{openings[side].draw()} {matter[side].draw()}".strip() for side in sides]
        threads.append(Thread(_opening(matter, chance), replies))
        left -= 1 + number
    return threads


class Bag(Generic[T]):
    """Draws what was drawn longest ago, or nearly: nothing comes again soon."""

    def __init__(self, items: Sequence[T], chance: random.Random) -> None:
        self.items = chance.sample(items, len(items))
        self.chance = chance

    def draw(self) -> T:
        item = self.items.pop(self.chance.randrange((len(self.items) + 1) // 2))
        self.items.append(item)
        return item


def _opening(matter: dict[str, Bag[str]], chance: random.Random) -> str:
    parts = [matter["says"].draw()]
    if chance.random() < 0.75:
        parts.append(matter["because"].draw())
    text = " ".join(parts)
    return f"{text}\n\n{matter['asks'].draw()}" if chance.random() < 0.55 else text
