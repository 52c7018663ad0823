"""META and PROJECTS of the file of a budget poll, read from the database."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.timezone import localtime
from django.utils.translation import override

from voting.formats.pabulib import Election, Project
from voting.formats.pabulib_polls import MISSING, HeldPoll, HeldProject, election_of
from voting.formats.pabulib_values import number
from voting.formats.pabulib_writer import Counted
from voting.models import ImportedElection, ImportedVote, Option, Poll
from voting.results.decided import after
from voting.results.outcomes import currency_of

WORDS_OF_A_PROJECT = ("name", "description", "proposer", "category", "beneficiaries", "target", "public_id")

_RESULTS = """
    SELECT choice.key, sum(ballot.weight), sum(ballot.weight * choice.value::bigint)
    FROM voting_opening opening
    JOIN voting_ballot ballot ON ballot.id = opening.ballot_id, jsonb_each_text(opening.choices) choice
    WHERE ballot.poll_id = %s GROUP BY choice.key
"""
_VOTERS = """
    SELECT COALESCE(sum(ballot.weight) FILTER (WHERE opening.choices <> '{}'), 0),
        COALESCE(sum(ballot.weight) FILTER (WHERE opening.choices = '{}'), 0)
    FROM voting_opening opening JOIN voting_ballot ballot ON ballot.id = opening.ballot_id WHERE ballot.poll_id = %s
"""


def head_of_import(poll: Poll, imported: ImportedElection) -> tuple[Election, Counted]:
    """As the file had it; the words of a project that is hidden here meanwhile are left out."""
    meta = dict(imported.meta)
    at = {name: place for place, name in enumerate(imported.project_columns)}
    hidden = {proposal.external_id for proposal in poll.consultation.proposals.all() if not proposal.is_shown}
    election = Election(
        meta=meta,
        vote_type=imported.vote_type,
        budget=number(meta["budget"]),
        max_length=None,
        projects=[
            Project(
                cells[at["project_id"]],
                number(cells[at["cost"]]),
                cells=_without_words(at, cells) if cells[at["project_id"]] in hidden else tuple(cells),
            )
            for cells in imported.projects
        ],
        votes=[],
        project_columns=tuple(imported.project_columns),
        vote_columns=tuple(imported.vote_columns),
    )
    return election, Counted(ImportedVote.objects.filter(poll=poll).count(), {}, {})


def _without_words(at: Mapping[str, int], cells: Sequence[str]) -> tuple[str, ...]:
    hidden = {at[name] for name in WORDS_OF_A_PROJECT if name in at}
    return tuple(MISSING if place in hidden and cell else cell for place, cell in enumerate(cells))


def head_of_poll(poll: Poll) -> tuple[Election, Counted]:
    """A poll that was held here."""
    with connection.cursor() as cursor:
        cursor.execute(_RESULTS, [poll.pk])
        results = {option: (int(votes), int(points)) for option, votes, points in cursor}
        cursor.execute(_VOTERS, [poll.pk])
        voters, blank = cursor.fetchone()
    consultation = poll.consultation
    deviations = list(poll.deviations.all())
    decided = {str(pk) for pk in after(poll.outcome, deviations)}
    with override("en"):  # so that a hidden proposal is told in the language of the comments
        projects = [_held(option, results, decided) for option in _in_order(poll, results)]
    return election_of(
        HeldPoll(
            title=consultation.title,
            agency=consultation.agency.name,
            country=settings.COUNTRY,
            district=poll.district.name if poll.district else "",
            language=settings.LANGUAGE_CODE[:2],
            currency=currency_of(poll),
            begins_on=localtime(poll.phase.starts_at).date(),
            ends_on=localtime(poll.phase.ends_at or poll.closed_at).date(),
            method=poll.method,
            form=", ".join(f"{name} {value}" for name, value in sorted(poll.form.as_json().items())),
            ballot=poll.ballot_kind,
            budget_cents=poll.limits.budget or 0,
            max_choices=poll.max_choices,
            max_points=poll.max_points,
            max_sum=poll.form.max_sum,
            max_cost_cents=poll.money_cents if poll.is_knapsack else None,
            threshold=poll.form.threshold,
            voters=int(voters),
            blank=int(blank),
            projects=projects,
            remarks=(
                f"Held on {settings.SITE_URL.rstrip('/')}{poll.get_absolute_url()}.",
                *(f"Project {each.option_id} {each.kind} by the agency: {each.reason}" for each in deviations),
            ),
        )
    )


def _in_order(poll: Poll, results: Mapping[str, tuple[int, int]]) -> list[Option]:
    """In that of the walk, where the method walks; else the most voted first."""
    walk = {row["option"]: place for place, row in enumerate(poll.outcome.explanation.get("projects", ()))}
    return sorted(
        poll.options.select_related("proposal__district"),
        key=lambda option: (walk.get(str(option.pk), 0), -results.get(str(option.pk), (0, 0))[0]),
    )


def _held(option: Option, results: Mapping[str, tuple[int, int]], winners: Collection[str]) -> HeldProject:
    option_id = str(option.pk)
    votes, points = results.get(option_id, (0, 0))
    words: dict[str, Any] = {}
    shown = option.proposal if option.proposal is not None and option.proposal.is_shown else None
    if shown is not None:
        words = {
            "categories": tuple(shown.category.split(",")),
            "district": shown.district.name if shown.district else "",
            "description": shown.body,
            "latitude": shown.latitude,
            "longitude": shown.longitude,
        }
    return HeldProject(
        id=option_id,
        cost_cents=option.cost_cents or 0,
        votes=votes,
        points=points,
        has_won=option_id in winners,
        name=str(option),
        is_withdrawn=option.withdrawn_at is not None,
        public_id=str(option.proposal_id or ""),
        **words,
    )
