"""Budgets by districts in the demonstration: supports, what the review found, and the votes of each district."""

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import cycle
from typing import Any

from accounts.models import User
from config.demo.people import SILENT
from consultations.budgets.districts import DistrictGiven
from consultations.clock import database_now
from consultations.models import Consultation, District, DistrictChoice, Proposal, Support
from consultations.review.assigning import assign
from consultations.review.opining import give_opinion
from voting.ballots.bulk import append_ballots
from voting.ballots.folding import fold
from voting.ballots.shapes import account_mark, pseudonym_of
from voting.districts.setting_up import proposals_of, question_of
from voting.methods import Choices
from voting.methods.rules import Rules
from voting.models import Poll, PollSecret
from voting.polls.setting_up import open_poll

Script = dict[str, Any]


def districts_of(script: Script) -> list[DistrictGiven]:
    """``boundary``: corners as [latitude, longitude], which GeoJSON wants the other way round and closed."""
    return [
        DistrictGiven(
            name=told["name"],
            amount_cents=told["amount"] * 100,
            population=told.get("population"),
            is_for_all=told.get("for_all", False),
            support_threshold=told.get("threshold"),
            boundary=_polygon(told["boundary"]) if "boundary" in told else None,
        )
        for told in script.get("districts", [])
    ]


def _polygon(corners: Sequence[tuple[float, float]]) -> dict[str, Any]:
    ring = [[longitude, latitude] for latitude, longitude in [*corners, corners[0]]]
    return {"type": "Polygon", "coordinates": [ring]}


def support_and_review(consultation: Consultation, script: Script, proposals: Sequence[Proposal]) -> None:
    """``supports``: how many; ``finding``: feasibility, reason and office, by the consultation's editor."""
    people = list(User.objects.filter(email__endswith="@vecinos.example").order_by("pk"))
    chance = random.Random(f"{consultation.slug} supports")
    told_of = [(proposal, told) for proposal, told in zip(proposals, script.get("proposals", []), strict=True)]
    Support.objects.bulk_create(
        Support(consultation=consultation, proposal=proposal, user=person)
        for proposal, told in told_of
        for person in chance.sample(people, told.get("supports", 0))
    )
    reviewed = [(proposal, told) for proposal, told in told_of if "finding" in told]
    if not reviewed:
        return
    editor = User.objects.get(email=script["editor"])
    chosen = [proposal for proposal, _told in reviewed]
    assign(consultation=consultation, actor=editor, reviewer_id=editor.pk, proposals=chosen)
    editor = User.objects.get(pk=editor.pk)  # as the next request would load them: they may review now
    for proposal, told in reviewed:
        feasibility, reason, office = told["finding"]
        cost = told["cost"] * 100 if "cost" in told else None
        give_opinion(
            proposal=Proposal.objects.get(pk=proposal.pk),
            actor=editor,
            feasibility=feasibility,
            reason=reason,
            cost_cents=cost,
            office=office,
        )


def hold_district_polls(consultation: Consultation, script: Script, people: Sequence[User]) -> None:
    """One vote for each district, open now: all but SILENT have chosen where they vote, in turn."""
    told = script.get("district_polls")
    if told is None:
        return
    districts = list(District.objects.filter(consultation=consultation))
    voters = [person for person in people if person.email != SILENT][: told["voters"]]
    homes = dict(zip(voters, cycle([each for each in districts if not each.is_for_all])))
    day = (database_now() - timedelta(days=1)).date()
    DistrictChoice.objects.bulk_create(
        DistrictChoice(consultation=consultation, voter=str(person.pk), user=person, district=home, chosen_on=day)
        for person, home in homes.items()
    )
    for district in districts:
        poll = open_poll(
            consultation=consultation,
            question=question_of(told["question"], district),
            method=told["method"],
            options=proposals_of(district),
            results_policy=told["results"],
            rules=Rules.read(told["rules"]),
            district=district,
            actor=None,
        )
        here = [person for person in voters if district.is_for_all or homes[person] == district]
        _cast(poll, here)


def _cast(poll: Poll, voters: Sequence[User]) -> None:
    """Each chooses at random until the next project would cost more than there is."""
    chance = random.Random(poll.question)
    key = bytes(PollSecret.objects.get(poll=poll).key)
    accounts = {pseudonym_of(person.pk, key): account_mark(person.pk, key) for person in voters}
    append_ballots(poll, [(pseudonym, _choices(poll, chance)) for pseudonym in accounts], accounts=accounts)
    fold(poll.pk)


def _choices(poll: Poll, chance: random.Random) -> Choices:
    left, chosen = poll.money_cents or 0, {}
    options = list(poll.options.all())
    for option in chance.sample(options, len(options)):
        cost = option.cost_cents or 0
        if cost > left:
            break
        chosen[str(option.pk)] = 1
        left -= cost
    return chosen
