"""What the people of the demonstration say: threads from the scripts, and one that is put together of many voices."""

import random
import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from comments.models import Comment
from comments.moderating import flag, hide
from consultations.clock import Act
from consultations.models import Consultation, Phase, Proposal

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
    official = consultation.created_by
    moments = sorted(start + (end - start) * chance.random() for _ in threads)
    place = {"consultation": consultation, "proposal": proposal}
    roots = Comment.objects.bulk_create(
        [
            Comment(**place, author=chance.choice(people), body=thread.text, created_at=moment)
            for thread, moment in zip(threads, moments, strict=True)
        ]
    )
    replies = []
    for thread, root in zip(threads, roots, strict=True):
        answers = {"root": root, "answers": root}
        said = [
            Comment(**place, **answers, author=chance.choice(people), body=text, created_at=_later(root, end, chance))
            for text in thread.replies
        ]
        if thread.official:
            moment = _later(root, end, chance)
            said.append(
                Comment(**place, **answers, author=official, is_official=True, body=thread.official, created_at=moment)
            )
        replies += said
    replies.sort(key=lambda reply: reply.created_at)  # their ids tell the order on the page
    Comment.objects.bulk_create(replies)
    for thread, root in zip(threads, roots, strict=True):
        _moderate(thread, root, people, chance)


def _when_received(consultation: Consultation, proposal: Proposal | None, now: datetime) -> tuple[datetime, datetime]:
    """From the first moment at which comments were received to the last one, or to now."""
    phases = [p for p in consultation.phases.all() if Act.COMMENT in p.allows and p.starts_at < now]
    begins = max(phases[0].starts_at, proposal.created_at if proposal else phases[0].starts_at)
    last = [p for p in phases if p.kind != Phase.Kind.FOLLOW_UP or len(phases) == 1][-1]
    return begins, min(now, last.ends_at or now) - AN_HOUR / 4


def _later(root: Comment, end: datetime, chance: random.Random) -> datetime:
    """Soon after, mostly."""
    return min(end, root.created_at + timedelta(minutes=15) + AN_HOUR * chance.expovariate(1 / 20))


def _moderate(thread: Thread, root: Comment, people: list[User], chance: random.Random) -> None:
    told = thread.told or {}
    reporters = chance.sample(people, len(told.get("reports", [])))
    for reporter, (ground, explanation) in zip(reporters, told.get("reports", []), strict=True):
        flag(target=root, actor=reporter, ground=ground, explanation=explanation)
    if "hidden" in told:
        hide(target=root, actor=User.objects.get(email=told["moderator"]), reason=told["hidden"])


def together(count: int, chance: random.Random) -> list[Thread]:
    """``count`` comments in threads, put together of what people say about each matter in ``voices.toml``.

    No two are the same; how many answers a thread has differs as it does in life: most have few, some have many.
    """
    voices = tomllib.loads(VOICES.read_text(encoding="utf-8"))
    threads: list[Thread] = []
    said: set[str] = set()
    left = count
    while left > 0:
        matter = voices["matters"][chance.randrange(len(voices["matters"]))]
        text = _new(said, lambda: _opening(matter, chance))  # noqa: B023 (called at once)
        number = min(left - 1, chance.choices(range(9), weights=[30, 20, 14, 11, 8, 6, 5, 3, 3])[0])
        replies = [_new(said, lambda: _answer(matter, voices, chance)) for _ in range(number)]  # noqa: B023
        threads.append(Thread(text, replies))
        left -= 1 + number
    return threads


def _opening(matter: dict[str, Any], chance: random.Random) -> str:
    parts = [chance.choice(matter["says"])]
    if chance.random() < 0.75:
        parts.append(chance.choice(matter["because"]))
    text = " ".join(parts)
    return f"{text}\n\n{chance.choice(matter['asks'])}" if chance.random() < 0.55 else text


def _answer(matter: dict[str, Any], voices: dict[str, Any], chance: random.Random) -> str:
    side = chance.choice(["agree", "agree", "doubt"])
    first = chance.choice(voices[f"{side}_openings"])
    return f"{first} {chance.choice(matter[side])}".strip()


def _new(said: set[str], make: Any) -> str:
    """What nobody has said yet, word for word."""
    for _ in range(200):
        text = str(make())
        if text not in said:
            said.add(text)
            return text
    raise RuntimeError("voices.toml does not hold enough different words")
