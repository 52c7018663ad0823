"""Casting a ballot: the one write of a voter. It appends, and touches no row that another voter touches."""

import hmac
import uuid
from contextlib import nullcontext
from functools import partial
from typing import Any, NamedTuple

import psycopg
from django.db import transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import Conflict, InvalidInput, PhaseClosed, Reason
from consultations.clock import NOT_NOW, Act
from voting.ballots import pipeline
from voting.ballots.faults import NO_OPTION, sentence_of
from voting.ballots.locks import locks_of_a_cast, poll_lock_shared
from voting.ballots.shapes import account_mark, canonical, commitment_of, new_salt, pseudonym_of
from voting.districts.where import place_now, voted_elsewhere, voted_there
from voting.live.folder import wake
from voting.methods import Choices, InvalidBallot
from voting.models import Ballot, Poll
from voting.polls.amounts import money_now
from voting.rolls.eligible import entry_of, name_of_voter

POLL_CLOSED = Reason(
    "poll_closed", _("This vote has closed. Nothing was received just now; what was received before counts.")
)
ROLL_LOADED = Reason("roll_loaded", _("Who may vote was changed a moment ago. Reload the page and vote again."))
DISTRICT_CHANGED = Reason(
    "district_changed", _("The district in which you vote was changed a moment ago. Reload the page to see where.")
)
VOTED_BEFORE = Reason(
    "voted_with_another_entry",
    _(
        "You voted here from another place on the roll, before you came to this one. That ballot stands, and nobody "
        "votes twice."
    ),
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
    assert name is not None and isinstance(voter, User)
    check_choices(poll, choices)
    key = _secret_of(poll)
    cast = _Cast(poll, voter, pseudonym_of(name, key), account_mark(voter.pk, key), choices, entry)
    with transaction.atomic() if poll.is_of_one_district or poll.is_knapsack else nullcontext():
        ballot = _append_once(cast, key, once)  # a transaction of its own, unless more is asked before it may stand
        _require_district(poll, voter, name, entry)
        _require_same_money(poll)
        transaction.on_commit(partial(wake, poll.pk))
    return ballot


def check_choices(poll: Poll, choices: Choices) -> None:
    """Raise InvalidInput, with a sentence for the voter, unless these choices can be counted."""
    try:
        poll.counting.check(choices, poll.counted_options(), poll.ballot_limits)
    except InvalidBallot as fault:
        raise InvalidInput(fault.code, sentence_of(fault, poll), field="choices") from fault


# What is asked under the poll's lock, and of the options and the voter's entry with it: until the lock, an editor may
# have changed the poll, which gives it new options. A ballot of the old ones could never be counted, and the poll never
# be closed. Nobody changes a roll, or marks somebody as having voted on paper, without the lock either; so the entry is
# asked for again (its weight is null where it is no longer the voter's).
_OPEN_POLL = """
    SELECT secret.key, poll.electoral_roll_id AS roll,
        (SELECT count(*) FROM voting_option WHERE poll_id = poll.id AND id = ANY(%(options)s::bigint[])) AS known,
        (SELECT label FROM voting_option
            WHERE poll_id = poll.id AND id = ANY(%(options)s::bigint[]) AND withdrawn_at IS NOT NULL
            LIMIT 1) AS withdrawn,
        (SELECT weight FROM voting_eligiblevoter entry
            WHERE id = %(entry)s::bigint AND removed_at IS NULL AND (user_id = %(account)s::bigint
                OR user_id IS NULL AND EXISTS (
                    SELECT FROM account_emailaddress address
                    WHERE address.user_id = %(account)s::bigint AND verified AND lower(address.email) = entry.email
                ))) AS weight,
        EXISTS (SELECT FROM voting_papervoter WHERE poll_id = poll.id AND entry_id = %(entry)s::bigint) AS is_on_paper
    FROM voting_poll poll
    JOIN voting_pollsecret secret ON secret.poll_id = poll.id
    JOIN consultations_phase phase ON phase.id = poll.phase_id
    JOIN consultations_consultation consultation ON consultation.id = poll.consultation_id
    WHERE poll.id = %(poll)s AND poll.closed_at IS NULL AND consultation.published_at IS NOT NULL
        AND phase.starts_at <= clock_timestamp()
        AND (phase.ends_at IS NULL OR clock_timestamp() < phase.ends_at)
"""


def key_while_open(poll: Poll, voter: User, choices: Choices, entry: int | None) -> bytes:
    """Take the poll's lock, shared; then read its secret together with whether it is open by the wall clock."""
    _locked, row = pipeline.run(poll_lock_shared(poll.pk), (_OPEN_POLL, _asked(poll, voter, choices, entry)))
    _require_open(poll, choices, entry, row)
    assert row is not None
    return bytes(row[0])


def _asked(poll: Poll, voter: User, choices: Choices, entry: int | None) -> dict[str, Any]:
    return {"poll": poll.pk, "account": voter.pk, "options": [int(option) for option in choices], "entry": entry}


def _require_open(poll: Poll, choices: Choices, entry: int | None, row: tuple[Any, ...] | None) -> None:
    """Refuse what ``_OPEN_POLL`` found no ballot for."""
    if row is None:
        raise _too_late(poll)
    _key, roll, known, withdrawn, weight, is_on_paper = row[:6]
    # It was loaded while we looked, or the entry removed or given to somebody else: who votes is another question now.
    if roll != poll.electoral_roll_id or (entry is not None and weight is None):
        raise Conflict(ROLL_LOADED)
    if known < len(choices):
        raise InvalidInput("unknown_option", NO_OPTION, field="choices")
    if is_on_paper:
        raise Conflict(VOTED_ON_PAPER)
    if withdrawn is not None:
        sentence = gettext("“%(option)s” was withdrawn and can no longer win. Take it off your ballot.")
        raise InvalidInput("withdrawn_option", sentence % {"option": withdrawn}, field="choices")


def _too_late(poll: Poll) -> PhaseClosed:
    reason = POLL_CLOSED if poll.is_closed else NOT_NOW[Act.VOTE]
    return PhaseClosed(reason, page=poll.consultation.get_absolute_url())


def _secret_of(poll: Poll) -> bytes:
    """Read before the locks, so that the voter's lock and all after it go in one round trip. It never changes, and its
    end is the close: ``_APPEND`` finds no open poll then."""
    if poll.known_secret is not None:
        return poll.known_secret
    secret = getattr(poll, "secret", None)
    if secret is None:
        raise _too_late(poll)
    return bytes(secret.key)


def _require_district(poll: Poll, voter: User, name: str, entry: int | None) -> None:
    """Under the poll's lock, without which no roll is changed: is this still the voter's district, and their first?"""
    if not poll.is_of_one_district:
        return
    if getattr(place_now(poll, name, entry), "pk", None) != poll.district_id:
        raise Conflict(DISTRICT_CHANGED)
    elsewhere = voted_elsewhere(poll, name, voter.pk)
    if elsewhere is not None:
        raise Conflict(voted_there(elsewhere))


def _require_same_money(poll: Poll) -> None:
    """Under the poll's lock, without which no amount is changed: what the ballot was checked against still holds."""
    if poll.is_knapsack and money_now(poll) != poll.money_cents:
        raise Conflict(MONEY_CHANGED)


class _Cast(NamedTuple):
    """What a voter hands in. ``entry``: theirs on the roll, which says what it weighs."""

    poll: Poll
    voter: User
    pseudonym: bytes
    mark: bytes  # of the account
    choices: Choices
    entry: int | None


class _Appended(NamedTuple):
    """A ballot of the voter: just cast, or found because it was cast before; ``has_clash``: with other choices."""

    ballot: Ballot
    is_new: bool
    is_newest: bool
    has_clash: bool


def _append_once(cast: _Cast, key: bytes, once: Once | None) -> Ballot:
    if once is None:
        return _append(cast, uuid.uuid4()).ballot
    found = _append(cast, _id_of(cast, key, once))
    if found.has_clash and not once.is_form:
        raise Conflict(KEY_USED)
    if found.has_clash or (not (found.is_new or found.is_newest) and once.is_form):
        return _append(cast, uuid.uuid4()).ballot
    return found.ballot


def _id_of(cast: _Cast, key: bytes, once: Once) -> uuid.UUID:
    """Its first half (HALF) says under which key it came and the second one with which choices: of a ballot that was
    replaced nothing else tells. To nobody but us, and to nobody after the close, when the secret is gone."""
    first = cast.pseudonym + cast.mark + once.key.encode()
    halves = (hmac.digest(key, message, "sha256")[:8] for message in (first, first + b"\0" + canonical(cast.choices)))
    return uuid.UUID(bytes=b"".join(halves), version=4)


HALF = "left(%s::text, 18)"


# In one statement, after both locks: is the poll open, and if so ballot, opening and queue. The next revision is ours.
# Where the ballot is there already nothing is appended, and its revision is told. What was kept for later goes.
_APPEND = f"""
    WITH open_poll AS ({_OPEN_POLL}), last AS (
        SELECT COALESCE(max(revision), 0) AS revision, max(revision) FILTER (WHERE id = %(id)s) AS same,
            COALESCE(bool_or(id <> %(id)s AND {HALF % "id"} = {HALF % "%(id)s"}), false) AS has_clash
        FROM voting_ballot WHERE poll_id = %(poll)s AND pseudonym = %(pseudonym)s
    ), elsewhere AS (
        SELECT EXISTS (
            SELECT FROM voting_opening opening JOIN voting_ballot other ON other.id = opening.ballot_id
            WHERE opening.account_mark = %(mark)s AND other.pseudonym <> %(pseudonym)s
        ) AS voted
    ), ballot AS (
        INSERT INTO voting_ballot (id, poll_id, pseudonym, revision, commitment, weight)
        SELECT %(id)s, %(poll)s, %(pseudonym)s, last.revision + 1, %(commitment)s, COALESCE(open_poll.weight, 1)
        FROM open_poll, last, elsewhere
        WHERE last.same IS NULL AND NOT last.has_clash AND NOT elsewhere.voted
            AND open_poll.roll IS NOT DISTINCT FROM %(roll)s::bigint AND NOT open_poll.is_on_paper
            AND (%(entry)s::bigint IS NULL OR open_poll.weight IS NOT NULL)
            AND open_poll.known = cardinality(%(options)s::bigint[]) AND open_poll.withdrawn IS NULL
        RETURNING id, revision, weight
    ), opening AS (
        INSERT INTO voting_opening (ballot_id, salt, choices, account_mark)
        SELECT id, %(salt)s, %(choices)s::jsonb, %(mark)s FROM ballot
    ), queued AS (
        INSERT INTO voting_queuedballot (ballot_id, poll_id) SELECT id, %(poll)s FROM ballot
    ), draft AS (
        DELETE FROM voting_ballotdraft WHERE poll_id = %(poll)s AND account_mark = %(mark)s
            AND EXISTS (SELECT FROM ballot)
    )
    SELECT open_poll.*, ballot.revision, last.same, last.revision, last.has_clash, elsewhere.voted
    FROM open_poll, elsewhere, last LEFT JOIN ballot ON true
"""  # noqa: S608


def _append(cast: _Cast, ballot_id: uuid.UUID) -> _Appended:
    poll, salt = cast.poll, new_salt()
    commitment = commitment_of(salt, cast.choices)
    arguments = {
        **_asked(poll, cast.voter, cast.choices, cast.entry),
        "id": ballot_id,
        "pseudonym": cast.pseudonym,
        "mark": cast.mark,
        "roll": poll.electoral_roll_id,
        "commitment": commitment,
        "salt": salt,
        "choices": canonical(cast.choices).decode(),
    }
    try:
        _locked, row = pipeline.run(locks_of_a_cast(poll.pk, cast.pseudonym), (_APPEND, arguments))
    except IntegrityError as refused:
        if _constraint_of(refused) == "poll_is_open":  # the database's own guard
            raise PhaseClosed(POLL_CLOSED) from None
        raise
    _require_open(poll, cast.choices, cast.entry, row)
    assert row is not None
    appended, same, last, has_clash, has_voted_elsewhere = row[6:]
    if has_voted_elsewhere:
        raise Conflict(VOTED_BEFORE)
    ballot = Ballot(
        id=ballot_id,
        poll=poll,
        pseudonym=cast.pseudonym,
        revision=appended or same,
        commitment=commitment,
        weight=row[4] or 1,
    )
    return _Appended(ballot, appended is not None, same == last, has_clash)


def _constraint_of(error: IntegrityError) -> str | None:
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None
