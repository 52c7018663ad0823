"""The polls of the demonstration, with ballots that were cast by its citizens: real rows, counted by the real fold."""

import random
import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import cycle
from typing import Any

from accounts.models import User
from config.demo.people import EAGER, SILENT
from consultations.models import Consultation, Proposal
from voting.ballots.bulk import append_ballots
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.ballots.shapes import account_mark, pseudonym_of
from voting.methods import Choices
from voting.methods.rules import Rules
from voting.models import Poll, PollSecret
from voting.polls.setting_up import open_poll
from voting.rolls.eligible import voters_named
from voting.rolls.loading import load, stage


def hold_poll(
    consultation: Consultation,
    told: dict[str, Any],
    script: dict[str, Any],
    proposals: list[Proposal],
    people: list[User],
    now: datetime,
) -> Poll:
    """Open a poll; where people could vote by now, cast their ballots and count them; close it when it is over."""
    poll = open_poll(
        consultation=consultation,
        question=told["question"],
        method=told["method"],
        options=proposals if told.get("proposals") else told.get("options", []),
        results_policy=told["results"],
        max_choices=told.get("at_most"),
        rules=Rules.read(told.get("rules", {})),
        actor=None,  # some of these votes are over, and only the operator opens one then
    )
    Poll.objects.filter(pk=poll.pk).update(created_at=consultation.published_at)
    if poll.phase.starts_at > now:
        return poll
    weights = [p["weight"] for p in script["proposals"]] if told.get("proposals") else told["weights"]
    chance = random.Random(f"{consultation.slug} {told['question']}")
    voters = _voters(told, people, chance)
    accounts = _accounts(poll, voters)
    append_ballots(poll, _ballots(poll, told, weights, accounts, chance), accounts=accounts)
    fold(poll.pk)
    for voter in chance.sample(voters, told.get("think_again", 0)):
        option = chance.choice(list(poll.options.all()))
        cast_ballot(poll=poll, voter=voter, choices={str(option.pk): 1})
    fold(poll.pk)
    return close_if_due(poll)


def load_roll(consultation: Consultation, told: dict[str, Any], people: list[User]) -> None:
    """``people`` by their e-mail, and ``by_document`` more whom only a letter reaches. The numbers are made up."""
    lines = [f"{person.email};;{place}" for person, place in zip(people, cycle(told["districts"]))]
    lines += [f";{90_000_000 + n};{place}" for n, place in zip(range(told["by_document"]), cycle(told["districts"]))]
    content = "\n".join(["email;documento;distrito", *lines])
    load(upload=stage(consultation=consultation, content=content, actor=None), actor=None)


def _voters(told: dict[str, Any], people: list[User], chance: random.Random) -> list[User]:
    """As many of ``people`` as the script says; those whom it names as ``absent``, and SILENT, are never among them."""
    away = {SILENT, *told.get("absent", [])}
    present = [person for person in people if person.email not in away]
    if told["voters"] == "all":
        return present
    eager = [person for person in present if person.email == EAGER]
    others = [person for person in present if person.email != EAGER]
    return [*eager, *chance.sample(others, told["voters"] - len(eager))]


def _accounts(poll: Poll, voters: Sequence[User]) -> dict[bytes, bytes]:
    """Of each voter, under the poll's own secret: the pseudonym and the mark of the account."""
    key = bytes(PollSecret.objects.get(poll=poll).key)
    names = {user_id: name for name, user_id in voters_named(poll)}
    return {pseudonym_of(names[voter.pk], key): account_mark(voter.pk, key) for voter in voters}


def _ballots(
    poll: Poll, told: dict[str, Any], weights: list[int], pseudonyms: Iterable[bytes], chance: random.Random
) -> Iterator[tuple[bytes, Choices]]:
    """``pseudonyms`` of voters, and ``strangers`` more, of whom nobody knows who they were."""
    options = [str(option.pk) for option in poll.options.all()]
    fewest, most = told.get("chosen", [1, 1])

    def choices() -> Choices:
        if chance.random() < told.get("blank", 0.02):
            return {}
        # Weighted and without repetition: the largest of random ** (1 / weight).
        ranked = sorted(options, key=lambda option: -(chance.random() ** (1 / weight[option])))
        chosen = ranked[: chance.randint(fewest, most)]
        if poll.gives_places:
            return {option: place for place, option in enumerate(chosen, start=1)}
        return dict.fromkeys(chosen, 1)

    weight = dict(zip(options, weights, strict=True))
    for pseudonym in pseudonyms:
        yield pseudonym, choices()
    for _ in range(told.get("strangers", 0)):
        yield secrets.token_bytes(32), choices()
