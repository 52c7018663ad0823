"""What the people of the demonstration say: threads from the scripts, and one that is put together of many voices."""

import random
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any, Generic, TypeVar

from accounts.models import User
from comments.dispositions.giving import give_disposition
from comments.models import Comment, Ground, Reaction
from comments.moderation.appealing import appeal
from comments.moderation.marking import mark
from comments.moderation.moderating import flag, hide
from consultations.clock import Act
from consultations.models import Consultation, Phase, Proposal

T = TypeVar("T")

VOICES = Path(__file__).parent / "voices.toml"
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Thread:
    """A comment and what was answered. ``told``: as the script has it, with what others did with it."""

    text: str
    replies: list[str]
    official: str = ""
    told: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return 1 + len(self.replies) + bool(self.official)


@dataclass(frozen=True)
class Scene:
    """Where a conversation takes place, between when and when, and who is there."""

    consultation: Consultation
    proposal: Proposal | None
    people: list[User]
    official: User  # who speaks for the agency
    starts_at: datetime
    ends_at: datetime
    now: datetime
    chance: random.Random


def write_comments(
    consultation: Consultation,
    told: dict[str, Any],
    people: list[User],
    now: datetime,
    *,
    proposal: Proposal | None = None,
) -> None:
    """The threads of ``told["comments"]``, and as many voices more as make ``told["voices"]`` comments in all."""
    chance = random.Random(f"{consultation.slug} {told['title']}")
    threads = [
        Thread(said["text"], said.get("replies", []), said.get("official", ""), said)
        for said in told.get("comments", [])
    ]
    if "voices" in told:
        for thread in together(told["voices"] - sum(map(len, threads)), chance):
            threads.insert(chance.randrange(len(threads) + 1), thread)
    if not threads:
        return
    starts_at, ends_at = _when_received(consultation, proposal, now)
    official = User.objects.get(pk=str(consultation.created_by_id))
    scene = Scene(consultation, proposal, people, official, starts_at, ends_at, now, chance)
    _write(scene, _in_order(scene, threads))


def _write(scene: Scene, threads: list[tuple[datetime, Thread]]) -> None:
    speakers = [_speakers(scene, thread) for _, thread in threads]
    roots = Comment.objects.bulk_create(
        _comment(scene, author=first, body=thread.text, created_at=moment)
        for (moment, thread), (first, *_) in zip(threads, speakers, strict=True)
    )
    replies = [
        reply
        for (_, thread), root, (_, *others) in zip(threads, roots, speakers, strict=True)
        for reply in _replies(scene, thread, root, others)
    ]
    replies.sort(key=lambda reply: reply.created_at)  # their ids tell the order on the page
    Comment.objects.bulk_create(replies)
    _react(scene, [*roots, *replies])
    for (_, thread), root in zip(threads, roots, strict=True):
        _moderate(scene, thread, root)


def _react(scene: Scene, comments: list[Comment]) -> None:
    """A few people say what they think of each comment; with most of them, most agree."""
    chance = random.Random(f"{scene.consultation.slug} {comments[0].body}")  # its own, so that it changes nothing else
    reactions = []
    for comment in comments:
        others = [person for person in scene.people if person.pk != comment.author_id]
        share = chance.choice([0.95, 0.8, 0.45])
        for person in chance.sample(others, min(chance.randrange(9), len(others))):
            value = 1 if chance.random() < share else -1
            reactions.append(Reaction(comment=comment, user=person, value=value))
            comment.agree_count += value == 1
            comment.disagree_count += value == -1
    Reaction.objects.bulk_create(reactions)
    Comment.objects.bulk_update(comments, ["agree_count", "disagree_count"], batch_size=500)


def _replies(scene: Scene, thread: Thread, root: Comment, authors: list[User]) -> list[Comment]:
    said = [(author, text, False) for author, text in zip(authors, thread.replies, strict=True)]
    if thread.official:
        said.append((scene.official, thread.official, True))
    moments = _moments(root, len(said), scene.ends_at if root.created_at < scene.ends_at else scene.now, scene.chance)
    return [
        _comment(scene, author=author, body=text, is_official=is_official, created_at=moment, root=root, answers=root)
        for (author, text, is_official), moment in zip(said, moments, strict=True)
    ]


def _comment(scene: Scene, **fields: Any) -> Comment:
    return Comment(consultation=scene.consultation, proposal=scene.proposal, **fields)


def _speakers(scene: Scene, thread: Thread) -> list[User]:
    """Who begins it (``by``, where the script says), and who answers: nobody twice."""
    by = thread.told.get("by")
    first = next(p for p in scene.people if p.email == by) if by else scene.chance.choice(scene.people)
    others = [person for person in scene.people if person != first]
    return [first, *scene.chance.sample(others, len(thread.replies))]


def _in_order(scene: Scene, threads: list[Thread]) -> list[tuple[datetime, Thread]]:
    """The threads with the moment at which each begins: ``days_ago``, or somewhere within the scene's time."""
    span = scene.ends_at - scene.starts_at
    anywhere = [scene.starts_at + span * scene.chance.random() for thread in threads if "days_ago" not in thread.told]
    left = iter(sorted(anywhere))
    moments = [
        scene.now - timedelta(days=thread.told["days_ago"], hours=3) if "days_ago" in thread.told else next(left)
        for thread in threads
    ]
    return sorted(zip(moments, threads, strict=True), key=lambda pair: pair[0])


def _when_received(consultation: Consultation, proposal: Proposal | None, now: datetime) -> tuple[datetime, datetime]:
    """From the first moment at which comments were received to the last one before the follow-up, or to now."""
    phases = [phase for phase in consultation.phases.all() if Act.COMMENT in phase.allows and phase.starts_at < now]
    before = [phase for phase in phases if phase.kind != Phase.Kind.FOLLOW_UP] or phases
    starts_at = max(before[0].starts_at, proposal.created_at if proposal else before[0].starts_at)
    return starts_at, min(now, before[-1].ends_at or now) - AN_HOUR / 4


def _moments(root: Comment, count: int, end: datetime, chance: random.Random) -> list[datetime]:
    """When ``count`` people answer, one after the other: mostly soon, and never after ``end``."""
    gaps = [timedelta(minutes=15) + AN_HOUR * chance.expovariate(1 / 14) for _ in range(count)]
    room = (end - root.created_at) / sum(gaps, AN_HOUR)
    return [root.created_at + gap * min(1, room) for gap in accumulate(gaps)]


def _moderate(scene: Scene, thread: Thread, root: Comment) -> None:
    reports = thread.told.get("reports", [])
    for reporter, (ground, explanation) in zip(scene.chance.sample(scene.people, len(reports)), reports, strict=True):
        flag(target=root, actor=reporter, ground=ground, explanation=explanation)
    if "hidden" in thread.told:
        moderator = User.objects.get(email=thread.told["moderator"])
        decision = hide(
            target=root, actor=moderator, reason=thread.told["hidden"], ground=thread.told.get("ground", Ground.OTHER)
        )
        if "appeal" in thread.told:
            assert root.author is not None
            appeal(decision=decision, actor=root.author, words=thread.told["appeal"])
    if "disposition" in thread.told:
        kind, reason = thread.told["disposition"]
        give_disposition(contributions=[root], actor=scene.official, kind=kind, reason=reason)
    if "mark" in thread.told:
        mark(target=root, actor=scene.official, mark=thread.told["mark"])


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
