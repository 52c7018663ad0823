"""Where the ballots of a simulation come from: a budget that is closed and public, a file, or made up by a model."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person
from accounts.models import User
from accounts.refusals import InvalidInput
from consultations.models import Consultation, District, Feasibility, Proposal
from frontend.formats import number
from voting.ballots.closing import standing_ballots, without
from voting.election_files.elections import POINTS, RANKINGS, budget_election, groups_for
from voting.formats import pabulib
from voting.formats.pabulib import PabulibError
from voting.methods import METHODS
from voting.methods.placed import Placed
from voting.models import Observer, Poll
from voting.results.gate import under_embargo
from voting.simulator import generated
from voting.simulator.bad_files import sentence_of
from voting.simulator.scenarios import Part, Project, Scenario

MOST_PAST = 50  # consultations offered
MOST_IN_A_GENERATED_BUDGET = 300  # projects

MONEY_METHODS = [code for code, method in METHODS.items() if method.money]
NO_PROPOSALS = _("Fewer than two proposals here have a cost yet: choose invented ones.")
NO_AMOUNT = _("Say first how much money there is to allocate.")
NO_LONGER = _("That vote cannot be used: its ballots are not public for you.")


def polls_to_try(user: Person) -> Any:
    """Closed budget polls whose single ballots this person may see: figures on any set of winners tell as much."""
    observed = Observer.objects.filter(poll=OuterRef("pk"), user=user.pk, dismissed_at__isnull=True)
    sees_ballots = Q(disclosure=Poll.Disclosure.PUBLISHED)
    if isinstance(user, User):
        sees_ballots |= Q(Exists(observed))
    polls = Poll.objects.visible_to(user).filter(sees_ballots, closed_at__isnull=False, method__in=MONEY_METHODS)
    return polls.exclude(under_embargo())


def past_budgets(user: Person) -> list[tuple[str, str]]:
    """(slug, title) of consultations with such polls, the newest first: what a form offers."""
    with_polls = Consultation.objects.filter(pk__in=polls_to_try(user).values("consultation"))
    rows = with_polls.order_by("-published_at", "-pk").values_list("slug", "title")
    return list(rows[:MOST_PAST])


# --- A budget that is closed


def of_past(user: Person, slug: str) -> Scenario:
    """All its polls, each a part. Raises InvalidInput where there is none that this person may try."""
    polls = list(
        polls_to_try(user)
        .filter(consultation__slug=slug)
        .select_related("consultation__budget", "district")
        .order_by("pk")
    )
    if not polls:
        raise InvalidInput("no_longer", NO_LONGER, field="past")
    several = len(polls) > 1
    parts = [_part_of(poll, (str(poll.district or poll.question)) if several else "") for poll in polls]
    consultation = polls[0].consultation
    return Scenario(
        parts=parts,
        about=gettext("The ballots of “%(title)s”.") % {"title": consultation.title},
        currency=consultation.budget.currency,
    )


def _part_of(poll: Poll, name: str) -> Part:
    projects = [
        Project(
            str(option.pk),
            str(option),
            option.cost_cents or 0,
            _group_of(option.proposal) if option.proposal else "",
        )
        for option in poll.options.filter(withdrawn_at__isnull=True).select_related("proposal__district")
    ]
    counting, standing = poll.counting, without(standing_ballots(poll.pk), poll.withdrawn_options())
    points = counting.points if isinstance(counting, Placed) else dict
    return Part(name, projects, [(points(choices), int(of)) for choices, of in standing], poll.money_cents or 0)


def _group_of(proposal: Proposal) -> str:
    return str(proposal.district) if proposal.district else ""


# --- A file


def of_file(file: UploadedFile) -> Scenario:
    """Raises InvalidInput with the line and what is wrong there."""
    name = PurePath(file.name or "").name
    try:
        election = pabulib.read(file, only_to_count=True)
    except PabulibError as wrong:
        raise InvalidInput("bad_file", sentence_of(wrong), field="file") from None
    counted = budget_election(PurePath(name), election)
    shape = "points" if counted.kind in (POINTS, RANKINGS) else "approvals"
    groups = {project.id: project.district or project.neighborhood or project.subunit for project in election.projects}
    projects = [
        Project(
            option.id,
            counted.names[option.id] or option.id,
            round(Fraction(option.cost * 100, counted.scale)),
            groups[option.id],
        )
        for option in counted.options
    ]
    amount = round(Fraction((counted.limits.budget or 0) * 100, counted.scale))
    return Scenario(
        parts=[Part("", projects, groups_for(counted, shape, "places"), amount)],
        about=gettext("The ballots of the file %(name)s.") % {"name": name},
        currency=election.meta.get("currency", "")[:3],
    )


# --- Made up


def of_model(consultation: Consultation, wishes: Mapping[str, Any], *, is_invented: bool) -> Scenario:
    """Generated ballots on the consultation's own proposals, or on invented ones.

    wishes: ``model``, ``voters``, ``each``, ``seed``, ``projects`` (how many are invented).
    """
    budget = getattr(consultation, "budget", None)
    if budget is None:
        raise InvalidInput("no_amount", NO_AMOUNT)
    districts = list(consultation.districts.all())
    parts = (_invented if is_invented else _own)(consultation, districts, budget.amount_cents, wishes)
    population = {district.name: district.population or 0 for district in districts}
    voters = _shared_out(wishes["voters"], parts, population)
    made = [
        Part(
            part.name,
            part.projects,
            generated.ballots(
                part.projects,
                model=wishes["model"],
                voters=of_part,
                each=wishes["each"],
                seed=f"{wishes['seed']} {part.name}",
            ),
            part.amount_cents,
        )
        for part, of_part in zip(parts, voters, strict=True)
    ]
    return Scenario(made, _about_model(wishes, is_invented=is_invented), budget.currency)


def _own(
    consultation: Consultation, districts: Iterable[District], amount_cents: int, wishes: Mapping[str, Any]
) -> list[Part]:
    shown = consultation.proposals.filter(pk__in=Proposal.objects.filter(consultation=consultation).shown())
    shown = shown.exclude(feasibility=Feasibility.NOT_FEASIBLE).select_related("district").order_by("pk")
    priced = [(proposal, proposal.cost_cents or proposal.rough_cost_cents or 0) for proposal in shown]
    priced = [(proposal, cost) for proposal, cost in priced if cost]
    if len(priced) < 2:
        raise InvalidInput("no_proposals", NO_PROPOSALS, field="source")
    districts = list(districts)
    if not districts:
        projects = [Project(str(p.pk), p.title, cost, p.category) for p, cost in priced]
        return [Part("", projects, [], amount_cents)]
    parts = [
        Part(
            district.name,
            [Project(str(p.pk), p.title, cost, p.category) for p, cost in priced if p.district_id == district.pk],
            [],
            district.amount_cents,
        )
        for district in districts
    ]
    return [part for part in parts if part.projects]


def _invented(
    consultation: Consultation, districts: Iterable[District], amount_cents: int, wishes: Mapping[str, Any]
) -> list[Part]:
    places: list[tuple[str, int]] = [(each.name, each.amount_cents) for each in districts] or [("", amount_cents)]
    number_each = max(2, wishes["projects"] // len(places))
    name, group = gettext("Proposal {}"), gettext("Neighbourhood {}")
    return [
        Part(
            place,
            [
                Project(f"{at}-{project.id}", project.name, project.cost_cents, project.group)
                for project in generated.invented_projects(
                    number_each, amount, name, group, f"{wishes['seed']} {place}"
                )
            ],
            [],
            amount,
        )
        for at, (place, amount) in enumerate(places)
    ]


def _shared_out(voters: int, parts: list[Part], population: Mapping[str, int]) -> list[int]:
    """Voters by population where all districts say theirs, equally otherwise; none gets no voter at all."""
    likely = [population.get(part.name, 0) for part in parts]
    if not all(likely):
        likely = [1] * len(parts)
    whole = sum(likely)
    return [max(1, voters * of_part // whole) for of_part in likely]


def _about_model(wishes: Mapping[str, Any], *, is_invented: bool) -> str:
    people = ngettext("%(count)s made-up ballot", "%(count)s made-up ballots", wishes["voters"]) % {
        "count": number(wishes["voters"])
    }
    which = gettext("on invented proposals") if is_invented else gettext("on this consultation's proposals")
    each = ngettext("each chooses %(each)s proposal", "each chooses %(each)s proposals", wishes["each"]) % {
        "each": number(wishes["each"])
    }
    if wishes["model"] == generated.NEIGHBOURHOOD:
        how = gettext("lives in one of the neighbourhoods or categories and takes eight of ten from there")
    else:
        how = gettext("all proposals being equally likely")
    return gettext("%(people)s %(which)s: %(each)s, %(how)s. Seed: %(seed)s.") % {
        "people": people, "which": which, "each": each, "how": how, "seed": wishes["seed"],
    }  # fmt: skip
