"""A Pabulib election becomes a consultation in its results phase: the budget, the projects, the ballots, who won."""

import hmac
import json
import re
import secrets
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import audit
from accounts.models import Agency
from accounts.refusals import InvalidInput
from consultations.clock import database_now
from consultations.locks import lock_poll
from consultations.models import Consultation, Phase, Proposal
from consultations.opening import PhaseDates, create_consultation, publish_consultation
from voting.ballots.bulk import append_ballots, copy_rows
from voting.ballots.closing import conclude
from voting.ballots.folding import fold_locked
from voting.ballots.locks import lock_fold
from voting.election_files import imported_text
from voting.formats.pabulib import Election, Points, Vote
from voting.formats.pabulib_values import decimal
from voting.log.sealing import Log
from voting.methods import Choices
from voting.models import ImportedElection, Option, Outcome, Poll
from voting.polls.setting_up import open_poll

EARLIEST_YEAR = 1900
MOST_POINTS = 1_000_000
EXTERNAL_ID_LENGTH = 60

Tell = Callable[[str], None]


def import_election(
    *, election: Election, agency: Agency, slug: str, source: str, tell: Tell = lambda sentence: None
) -> Consultation:
    """Make a published consultation of ``election``: its poll closed, its winners those of the greedy method.

    slug: wanted; a number is put behind it when it is taken. source: the file's name, kept in the audit entry. tell: is
        given a sentence at each step, for an operator. Acts as the operator. One transaction.
    Equal votes and equal costs: the natural order of the project ids (2 before 10) stands for the lot. Points
    (cumulative, scoring) are counted as they are; a ranking gives ``max_length`` minus place. Where the file says which
    projects won officially, the outcome's explanation has it under ``official``. What the file says beyond that is kept
    too (``models/imported.py``), so that ``exporting.py`` can write it again.
    Raises InvalidInput for what the file may say but no consultation can hold: fractions of a point, a future date.
    """
    _check(election)
    now = database_now()
    with transaction.atomic():
        consultation = create_consultation(
            agency=agency,
            slug=slug,
            title=imported_text.title(election),
            summary=imported_text.summary(election),
            body=imported_text.body(election),
            phases=_phases(election, now),
            budget_cents=election.budget_cents,
            currency=imported_text.currency(election),
            actor=None,
        )
        tell(f"Writing {len(election.projects)} proposals…")
        proposals = _write_proposals(consultation, election)
        poll = _open_poll(consultation, election, proposals)
        lock_poll(poll.pk)
        lock_fold(poll.pk)
        option_of = _options_by_project(poll)
        tell(f"Writing {len(election.votes)} ballots…")
        key = secrets.token_bytes(32)  # of pseudonyms that nobody can make again: it is kept nowhere
        append_ballots(poll, _ballots(poll, election, option_of, key))
        _keep_file(poll, election, key)
        tell("Counting…")
        log = fold_locked(poll) or Log.of(poll)
        outcome = conclude(poll, log, now, **_official(election, option_of))
        _compare_with_official(outcome)
        consultation.body += imported_text.comparison(election, outcome)
        consultation.save(update_fields=["body"])
        publish_consultation(consultation=consultation, actor=None)
        audit.record(
            "voting.election_imported",
            actor=None,
            on=consultation,
            consultation_id=consultation.pk,
            source=source,
            format="pabulib",
            ballots=len(election.votes),
        )
    return consultation


def natural_key(project_id: str) -> list[tuple[int, int, str]]:
    """Sorts digits by their value and the rest by its letters.

    >>> sorted(["P10", "P2", "3", "20"], key=natural_key)
    ['3', '20', 'P2', 'P10']
    """
    parts = re.findall(r"[0-9]+|[^0-9]+", project_id)
    return [(0, int(part), "") if part[0] in "0123456789" else (1, 0, part) for part in parts]


def _check(election: Election) -> None:
    for project in election.projects:
        if len(project.id) > EXTERNAL_ID_LENGTH:
            raise InvalidInput("long_id", _("The project id %(id)s… is too long.") % {"id": project.id[:20]})
    if election.begins_on.year < EARLIEST_YEAR or election.begins_on >= timezone.localdate():
        raise InvalidInput(
            "bad_dates",
            _("A vote that begins on %(day)s cannot be imported.") % {"day": election.begins_on.isoformat()},
        )
    for vote in election.votes:
        for points in vote.points or ():
            if not isinstance(points, int) or not 0 <= points <= MOST_POINTS:
                raise InvalidInput(
                    "bad_points",
                    _("Voter %(voter)s gives %(points)s points: only whole numbers from 0 to %(most)d can be counted.")
                    % {"voter": vote.voter_id, "points": points, "most": MOST_POINTS},
                )


def _phases(election: Election, now: datetime) -> list[PhaseDates]:
    """Voting from the first day's midnight to the last one's end, here; results ever after.

    Where a file gives only the year, and it is this one, the vote is over although the year is not.
    """
    starts_at = _midnight(election.begins_on)
    ends_at = now if election.ends_on >= timezone.localdate() else _midnight(election.ends_on + timedelta(days=1))
    return [PhaseDates(Phase.Kind.VOTING, starts_at, ends_at), PhaseDates(Phase.Kind.RESULTS, ends_at, None)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


def _write_proposals(consultation: Consultation, election: Election) -> list[Proposal]:
    """In the order of the file. Nobody here is their author; who proposed them outside stands in the text."""
    return Proposal.objects.bulk_create(
        [
            Proposal(
                consultation=consultation,
                title=imported_text.proposal_title(project),
                body=imported_text.proposal_body(project),
                category=imported_text.cut(", ".join(project.categories), 120),
                place=imported_text.cut(project.neighborhood or project.district or project.subunit, 200),
                cost_cents=project.cost_cents,
                latitude=project.latitude,
                longitude=project.longitude,
                external_id=project.id,
            )
            for project in election.projects
        ]
    )


def _open_poll(consultation: Consultation, election: Election, proposals: list[Proposal]) -> Poll:
    in_order: list[str | Proposal] = [*sorted(proposals, key=lambda proposal: natural_key(proposal.external_id))]
    poll = open_poll(
        consultation=consultation,
        question=imported_text.question(),
        method=Poll.Method.GREEDY,
        options=in_order,
        max_choices=_max_choices(election),
        actor=None,
    )
    poll.max_points = _max_points(election)
    poll.breaks_ties_as_listed = True
    poll.save(update_fields=["max_points", "breaks_ties_as_listed"])
    return poll


def _max_choices(election: Election) -> int | None:
    allowed = 1 if election.vote_type == "choose-1" else election.max_length
    return min(allowed, len(election.projects)) if allowed else None


def _max_points(election: Election) -> int:
    """The most that a ballot gives to one project: for a ranking the first place, for points the highest found."""
    if election.vote_type == "ordinal":
        return _first_place(election)
    return max((int(points) for vote in election.votes for points in vote.points or ()), default=1) or 1


def _first_place(election: Election) -> int:
    return election.max_length or len(election.projects)


def _options_by_project(poll: Poll) -> dict[str, str]:
    rows = Option.objects.filter(poll=poll).values_list("proposal__external_id", "pk")
    return {external_id: str(pk) for external_id, pk in rows}


def _ballots(poll: Poll, election: Election, option_of: dict[str, str], key: bytes) -> Iterator[tuple[bytes, Choices]]:
    """Each vote under its pseudonym."""
    options, limits = poll.counted_options(), poll.limits
    checked: dict[tuple[object, ...], Choices] = {}  # few of many thousand ballots differ
    for vote in election.votes:
        choices = checked.get(vote[1:3])
        if choices is None:
            choices = checked[vote[1:3]] = _choices(vote, election, option_of)
            poll.counting.check(choices, options, limits)
        yield _pseudonym(vote, key), choices


def _pseudonym(vote: Vote, key: bytes) -> bytes:
    return hmac.digest(key, vote.voter_id.encode(), "sha256")


def _choices(vote: Vote, election: Election, option_of: dict[str, str]) -> Choices:
    if vote.points is not None:
        given: dict[str, Points] = dict.fromkeys(option_of, _default_score(election))
        given.update(zip(vote.projects, vote.points, strict=True))
        return {option_of[project]: int(points) for project, points in given.items() if points}
    if election.vote_type == "ordinal":
        first = _first_place(election)
        return {option_of[project]: first - place for place, project in enumerate(vote.projects)}
    return {option_of[project]: 1 for project in vote.projects}


def _default_score(election: Election) -> int:
    """What a vote gives to projects that it does not name."""
    text = election.meta.get("default_score", "").strip()
    return int(text) if election.vote_type == "scoring" and re.fullmatch(r"[0-9]{1,6}", text) else 0


def _keep_file(poll: Poll, election: Election, key: bytes) -> None:
    """What the file says beyond what is counted."""
    ImportedElection.objects.create(
        poll=poll,
        vote_type=election.vote_type,
        meta=[list(pair) for pair in election.meta.items()],
        project_columns=election.project_columns,
        projects=[project.cells for project in election.projects],
        vote_columns=election.vote_columns,
    )
    copy_rows(
        "voting_importedvote (poll_id, pseudonym, position, voter, about, written)",
        (
            (
                poll.pk, _pseudonym(vote, key), position, vote.voter_id,
                json.dumps(vote.about, ensure_ascii=False), _written(vote, election),
            )
            for position, vote in enumerate(election.votes, start=1)
        ),
    )  # fmt: skip


def _written(vote: Vote, election: Election) -> str | None:
    """The vote as the file has it, where its ballot says it otherwise."""
    if vote.points is None or (all(vote.points) and not _default_score(election)):
        return None
    return json.dumps([[project, decimal(points)] for project, points in zip(vote.projects, vote.points, strict=True)])


def _official(election: Election, option_of: dict[str, str]) -> dict[str, object]:
    """What the file says of the outcome, as a note for the explanation; nothing where it says nothing."""
    if all(project.selected is None for project in election.projects):
        return {}
    won = [project for project in election.projects if project.selected == 1]
    return {
        "official": {
            "rule": election.meta["rule"],
            "winners": [option_of[project.id] for project in won],
            "spent": sum(project.cost_cents for project in won),
        }
    }


def _compare_with_official(outcome: Outcome) -> None:
    official = outcome.explanation.get("official")
    if official is not None:
        here, there = set(outcome.winners), set(official["winners"])
        official["agrees"] = here == there
        outcome.save(update_fields=["explanation"])
