"""Casting a ballot: the one write of a voter. It appends, and touches no row that another voter touches."""

import hmac
import uuid
from functools import partial
from typing import NamedTuple

import psycopg
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.refusals import Conflict, InvalidInput, PhaseClosed, Reason
from consultations.clock import NOT_NOW, Act
from voting.ballots import pipeline
from voting.ballots.faults import NO_OPTION, sentence_of
from voting.ballots.locks import poll_lock_shared, voter_lock
from voting.ballots.shapes import canonical, commitment_of, new_salt, pseudonym_of
from voting.districts.where import place_now, voted_elsewhere, voted_there
from voting.live.folder import wake
from voting.methods import Choices, InvalidBallot
from voting.models import Ballot, Opening, Poll
from voting.polls.amounts import money_now
from voting.rolls.eligible import entry_of, name_of_voter

POLL_CLOSED = Reason(
    "poll_closed", _("This vote has closed. Nothing was received just now; what was received before counts.")
)
ROLL_LOADED = Reason("roll_loaded", _("Who may vote was changed a moment ago. Reload the page and vote again."))
DISTRICT_CHANGED = Reason(
    "district_changed", _("The district in which you vote was changed a moment ago. Reload the page to see where.")
)
VOTED_ON_PAPER = Reason("voted_on_paper", _("You took a paper ballot in this vote, and nobody votes twice."))
MONEY_CHANGED = Reason(
    "money_changed",
    _("How much money there is was changed a moment ago. Reload the page and look at your choice."),
)
KEY_USED = Reason("key_used", _("This Idempotency-Key came with other choices before. Each ballot needs its own."))
LONGEST_KEY = 255


class Once(NamedTuple):
    """What makes a repeated request known as the same.

    From a program (``Idempotency-Key``): the same key is the same ballot, whatever was cast since; other choices under
    it are refused. From a form: its token, by which a double click is one ballot; whoever goes back in the browser and
    sends the form again means it, so it counts only twice in a row and with the same choices.
    """

    key: str
    is_form: bool = False


def cast_ballot(*, poll: Poll, voter: Person, choices: Choices, once: Once | None = None) -> Ballot:
    """Append one ballot to the poll's log; an earlier ballot of the same voter no longer stands.

    choices: option id -> value in the shape of ``poll.method`` (chosen: 1). Empty is a blank ballot: it counts for
        turnout and for no option.
    once: where it was cast already, that ballot is returned.
    Raises NotPermitted, PhaseClosed, InvalidInput or Conflict, each with a code and a sentence for the voter.
    Takes the poll's lock shared, then the voter's. Writes nothing about the person. After commit, wakes the folder.
    """
    require(voter, "voting.vote_poll", poll)
    entry = entry_of(poll, voter)
    name = name_of_voter(poll, voter, entry)
    assert name is not None
    check_choices(poll, choices)
    with transaction.atomic():
        key, weight = key_while_open(poll, choices, entry)
        _require_district(poll, name, entry)
        _require_same_money(poll)
        cast = _Cast(poll, pseudonym_of(name, key), choices, weight)
        ballot = _append_once(cast, key, once)
        transaction.on_commit(partial(wake, poll.pk))
    return ballot


def check_choices(poll: Poll, choices: Choices) -> None:
    """Raise InvalidInput, with a sentence for the voter, unless these choices can be counted."""
    try:
        poll.counting.check(choices, poll.counted_options(), poll.ballot_limits)
    except InvalidBallot as fault:
        raise InvalidInput(fault.code, sentence_of(fault, poll), field="choices") from fault


_OPEN_POLL = """
    SELECT secret.key, poll.electoral_roll_id,
        (SELECT count(*) FROM voting_option WHERE poll_id = poll.id AND id = ANY(%s::bigint[])),
        (SELECT label FROM voting_option WHERE poll_id = poll.id AND id = ANY(%s::bigint[]) AND withdrawn_at IS NOT NULL
            LIMIT 1),
        (SELECT weight FROM voting_eligiblevoter WHERE id = %s),
        EXISTS (SELECT FROM voting_papervoter WHERE poll_id = poll.id AND entry_id = %s)
    FROM voting_poll poll
    JOIN voting_pollsecret secret ON secret.poll_id = poll.id
    JOIN consultations_phase phase ON phase.id = poll.phase_id
    JOIN consultations_consultation consultation ON consultation.id = poll.consultation_id
    WHERE poll.id = %s AND poll.closed_at IS NULL AND consultation.published_at IS NOT NULL
        AND phase.starts_at <= clock_timestamp()
        AND (phase.ends_at IS NULL OR clock_timestamp() < phase.ends_at)
"""


def key_while_open(poll: Poll, choices: Choices, entry: int | None) -> tuple[bytes, int]:
    """Take the poll's lock, shared; then read its secret together with whether it is open by the wall clock, and what
    the voter's ballot weighs, by their entry on the roll: nobody changes a roll without the lock.

    And whether the choices are still there: until the lock, an editor may have changed the poll, which gives it new
    options. A ballot of the old ones could never be counted, and the poll never be closed.
    """
    options = [int(option) for option in choices]
    _locked, row = pipeline.run(poll_lock_shared(poll.pk), (_OPEN_POLL, [options, options, entry, entry, poll.pk]))
    if row is None:
        reason = POLL_CLOSED if poll.is_closed else NOT_NOW[Act.VOTE]
        raise PhaseClosed(reason, page=poll.consultation.get_absolute_url())
    key, roll, known, withdrawn, weight, is_on_paper = row
    if roll != poll.electoral_roll_id:  # it was loaded while we looked: who votes is another question now
        raise Conflict(ROLL_LOADED)
    if known < len(choices):
        raise InvalidInput("unknown_option", NO_OPTION, field="choices")
    if is_on_paper:  # whoever marks somebody so takes the lock too
        raise Conflict(VOTED_ON_PAPER)
    if withdrawn is not None:
        sentence = gettext("“%(option)s” was withdrawn and can no longer win. Take it off your ballot.")
        raise InvalidInput("withdrawn_option", sentence % {"option": withdrawn}, field="choices")
    return bytes(key), 1 if weight is None else weight


def _require_district(poll: Poll, name: str, entry: int | None) -> None:
    """Under the poll's lock, without which no roll is changed: is this still the voter's district, and their first?"""
    if not poll.is_of_one_district:
        return
    if getattr(place_now(poll, name, entry), "pk", None) != poll.district_id:
        raise Conflict(DISTRICT_CHANGED)
    elsewhere = voted_elsewhere(poll, name)
    if elsewhere is not None:
        raise Conflict(voted_there(elsewhere))


def _require_same_money(poll: Poll) -> None:
    """Under the poll's lock, without which no amount is changed: what the ballot was checked against still holds."""
    if poll.is_knapsack and money_now(poll) != poll.money_cents:
        raise Conflict(MONEY_CHANGED)


class _Cast(NamedTuple):
    """What a voter hands in."""

    poll: Poll
    pseudonym: bytes
    choices: Choices
    weight: int


class _Appended(NamedTuple):
    """A ballot of the voter: just cast, or found because it was cast before."""

    ballot: Ballot
    is_new: bool
    is_newest: bool


def _append_once(cast: _Cast, key: bytes, once: Once | None) -> Ballot:
    if once is None:
        return _append(cast, uuid.uuid4()).ballot
    digest = hmac.digest(key, cast.pseudonym + once.key.encode(), "sha256")
    found = _append(cast, uuid.UUID(bytes=digest[:16], version=4))
    if found.is_new:
        return found.ballot
    opening = Opening.objects.filter(pk=found.ballot.pk).first()
    is_same = opening is None or opening.choices == dict(cast.choices)
    if once.is_form and not (is_same and found.is_newest):
        return _append(cast, uuid.uuid4()).ballot
    if not is_same:
        raise Conflict(KEY_USED)
    return found.ballot


# Ballot, opening and queue in one statement, after the voter's lock: so the next revision is ours. Where the ballot is
# there already nothing is appended, and its revision is told.
_APPEND = """
    WITH ballot AS (
        INSERT INTO voting_ballot (id, poll_id, pseudonym, revision, commitment, weight)
        SELECT %(id)s, %(poll)s, %(pseudonym)s, COALESCE(max(revision), 0) + 1, %(commitment)s, %(weight)s
        FROM voting_ballot WHERE poll_id = %(poll)s AND pseudonym = %(pseudonym)s
        HAVING count(*) FILTER (WHERE id = %(id)s) = 0
        RETURNING id, revision
    ), opening AS (
        INSERT INTO voting_opening (ballot_id, salt, choices) SELECT id, %(salt)s, %(choices)s::jsonb FROM ballot
    ), queued AS (
        INSERT INTO voting_queuedballot (ballot_id, poll_id) SELECT id, %(poll)s FROM ballot
    )
    SELECT revision, true, true FROM ballot
    UNION ALL
    SELECT revision, false, revision = (
        SELECT max(revision) FROM voting_ballot WHERE poll_id = %(poll)s AND pseudonym = %(pseudonym)s
    )
    FROM voting_ballot WHERE id = %(id)s
"""


def _drop_draft(cast: _Cast) -> pipeline.Statement:
    """What was kept for later is cast now."""
    where = {"poll": cast.poll.pk, "pseudonym": cast.pseudonym}
    return "DELETE FROM voting_ballotdraft WHERE poll_id = %(poll)s AND pseudonym = %(pseudonym)s", where


def _append(cast: _Cast, ballot_id: uuid.UUID) -> _Appended:
    salt = new_salt()
    ballot = Ballot(
        id=ballot_id,
        poll=cast.poll,
        pseudonym=cast.pseudonym,
        commitment=commitment_of(salt, cast.choices),
        weight=cast.weight,
    )
    arguments = {
        "id": ballot_id,
        "poll": cast.poll.pk,
        "pseudonym": cast.pseudonym,
        "weight": cast.weight,
        "commitment": ballot.commitment,
        "salt": salt,
        "choices": canonical(cast.choices).decode(),
    }
    try:
        _locked, row, *_ = pipeline.run(voter_lock(cast.pseudonym), (_APPEND, arguments), _drop_draft(cast))
    except IntegrityError as refused:
        if _constraint_of(refused) == "poll_is_open":  # the database's own guard
            raise PhaseClosed(POLL_CLOSED) from None
        raise
    assert row is not None
    ballot.revision = row[0]
    return _Appended(ballot, is_new=row[1], is_newest=row[2])


def _constraint_of(error: IntegrityError) -> str | None:
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
