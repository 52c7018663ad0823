"""One consultation of the demonstration: from its file to rows. What a person does goes through the use cases; what
many people did, long ago, is written in bulk with its dates."""

import random
import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Agency, User
from config.demo.annotating import annotate_first_version, answer_annotations
from config.demo.budgeting import districts_of, hold_district_polls, support_and_review
from config.demo.drafting import publish_second_version, write_first_version
from config.demo.following_up import follow_up
from config.demo.furnishing import furnish
from config.demo.people import SILENT, citizens
from config.demo.talking import write_comments
from config.demo.voting import hold_poll, load_roll
from consultations.clock import active_phase
from consultations.models import Consultation, Phase, Proposal
from consultations.opening import PhaseDates, create_consultation, publish_consultation
from consultations.opening.asked import FieldGiven, QuestionGiven

FOLDER = Path(__file__).parent / "consultations"
BOUNDARY = time(18)  # the hour at which phases begin and end

Script = dict[str, Any]


def scripts() -> list[Script]:
    """What each file tells; its name is the consultation's address."""
    return [
        {"slug": path.stem, **tomllib.loads(path.read_text(encoding="utf-8"))} for path in sorted(FOLDER.glob("*.toml"))
    ]


def dates_of(script: Script, now: datetime) -> list[PhaseDates]:
    """The phases, which the script gives in days from today; "open" is no end."""

    def boundary(days: int) -> datetime:
        day = timezone.localdate(now) + timedelta(days=days)
        return datetime.combine(day, BOUNDARY, tzinfo=timezone.get_default_timezone())

    return [
        PhaseDates(kind, boundary(first), None if last == "open" else boundary(last))
        for kind, first, last in script["phases"]
    ]


@transaction.atomic
def build(script: Script, now: datetime) -> Consultation:
    """Everything about one consultation, or nothing."""
    chance = random.Random(script["slug"])
    consultation = create_consultation(
        agency=Agency.objects.get(slug=script["agency"]),
        actor=_fresh(script["editor"]),
        slug=script["slug"],
        title=script["title"],
        summary=script["summary"],
        body=script["body"],
        visibility=script.get("visibility", Consultation.Visibility.PUBLIC),
        eligibility=script.get("eligibility", Consultation.Eligibility.REGISTERED),
        shared_with=Agency.objects.filter(slug__in=script.get("shared_with", [])),
        phases=dates_of(script, now),
        budget_cents=script["budget"] * 100 if "budget" in script else None,
        districts=districts_of(script),
        recipe=script.get("recipe", ""),
        categories=script.get("categories", []),
        questions=[QuestionGiven(text) for text in script.get("questions", [])],
        custom_fields=[FieldGiven(told["label"], help_text=told["help"]) for told in script.get("custom_fields", [])],
    )
    if script.get("draft"):
        return consultation
    write_first_version(consultation, script)
    publish_consultation(consultation=consultation, actor=_fresh(script["editor"]))
    consultation.published_at = min(now, consultation.phases.all()[0].starts_at) - timedelta(days=2)
    consultation.created_at = consultation.published_at - timedelta(days=9)
    consultation.save(update_fields=["published_at", "created_at"])

    people = _participants(consultation)
    proposals = _write_proposals(consultation, script, people, now, chance)
    support_and_review(consultation, script, proposals)
    speakers = [person for person in people if person.email != SILENT]
    write_comments(consultation, script, speakers, now)
    for proposal, told in zip(proposals, script.get("proposals", []), strict=True):
        write_comments(consultation, told, speakers, now, proposal=proposal)
    if "roll" in script:
        load_roll(consultation, script["roll"], people)
    for poll in script.get("polls", []):
        hold_poll(consultation, poll, script, proposals, people, now)
    hold_district_polls(Consultation.objects.get(pk=consultation.pk), script, people)
    annotated = annotate_first_version(consultation, script, speakers, now)
    publish_second_version(Consultation.objects.get(pk=consultation.pk), script)
    answer_annotations(consultation, script, annotated)
    furnish(consultation, script)
    follow_up(Consultation.objects.get(pk=consultation.pk), script, now)
    return consultation


def keep_current(script: Script, consultation: Consultation, now: datetime) -> bool:
    """Move the dates along when the demonstration has grown old: what was open is open again. True if they moved.

    Only where they are as they were written, a whole number of days ago, and where no poll has been closed by the time
    that went by: that is for ever.
    """
    dates = {phase.kind: phase for phase in dates_of(script, now)}
    phases = list(consultation.phases.all())
    active = active_phase(consultation, now)
    meant = next(
        (d.kind for d in dates.values() if d.starts_at <= now and (d.ends_at is None or now < d.ends_at)), None
    )
    if meant == (active.kind if active else None) or {phase.kind for phase in phases} != dates.keys():
        return False
    shifts = {dates[phase.kind].starts_at - phase.starts_at for phase in phases}
    if len(shifts) > 1 or consultation.polls.filter(closed_at__isnull=False).exists():
        return False
    for phase in phases:
        phase.starts_at, phase.ends_at = dates[phase.kind].starts_at, dates[phase.kind].ends_at
    Phase.objects.bulk_update(phases, ["starts_at", "ends_at"])
    return True


def _participants(consultation: Consultation) -> list[User]:
    """Who comments and votes: the citizens; where only invited people may, the members."""
    if consultation.eligibility == Consultation.Eligibility.INVITED:
        return list(consultation.agency.members.order_by("pk"))
    return list(User.objects.filter(email__in=[person.email for person in citizens()]).order_by("pk"))


def _fresh(email: str) -> User:
    """As the next request would load them: what was granted meanwhile counts."""
    return User.objects.get(email=email)


def _write_proposals(
    consultation: Consultation, script: Script, people: list[User], now: datetime, chance: random.Random
) -> list[Proposal]:
    """In the order of the file, which is that of time: spread over the phase in which they were received."""
    told = script.get("proposals", [])
    phase = consultation.phases.filter(kind=Phase.Kind.PROPOSALS).first()
    if not told or phase is None:
        return []
    span = min(now, phase.ends_at or now) - phase.starts_at
    moments = sorted(phase.starts_at + span * chance.random() for _ in told)
    authors = chance.sample(people, len(told))
    districts = {district.name: district for district in consultation.districts.all()}
    return Proposal.objects.bulk_create(
        [
            Proposal(
                consultation=consultation,
                author=author,
                is_official=proposal.get("official", False),
                title=proposal["title"],
                body=proposal["body"],
                category=proposal.get("category", ""),
                place=proposal.get("place", ""),
                district=districts.get(proposal.get("district")),
                rough_cost_cents=proposal["rough_cost"] * 100 if "rough_cost" in proposal else None,
                cost_cents=proposal["cost"] * 100 if "cost" in proposal else None,
                latitude=proposal.get("at", [None, None])[0],
                longitude=proposal.get("at", [None, None])[1],
                created_at=moment,
            )
            for proposal, author, moment in zip(told, authors, moments, strict=True)
        ]
    )
