"""Casting a ballot: the one write of a voter. It appends, and touches no row that another voter touches."""

from functools import partial

import psycopg
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.access import Person, require
from accounts.refusals import InvalidInput, PhaseClosed, Reason, Text
from consultations.clock import NOT_NOW, Act
from voting.ballots import canonical, commitment_of, new_salt, pseudonym_of
from voting.live.folder import wake
from voting.locks import lock_poll_shared, lock_voter
from voting.methods import Choices, InvalidBallot
from voting.models import Ballot, Poll

NO_OPTION = _("That is not one of the options of this vote. Reload the page and choose again.")
POLL_CLOSED = Reason("poll_closed", _("This vote has closed. Your ballot was not received."))


def cast_ballot(*, poll: Poll, voter: Person, choices: Choices) -> Ballot:
    """Append one ballot to the poll's log; an earlier ballot of the same voter no longer stands.

    choices: option id -> value in the shape of ``poll.method`` (chosen: 1). Empty is a blank ballot: it counts for
        turnout and for no option.
    Raises NotPermitted, PhaseClosed or InvalidInput, each with a code and a sentence for the voter.
    Takes the poll's lock shared, then the voter's. Writes nothing about the person. After commit, wakes the folder.
    """
    require(voter, "voting.vote_poll", poll)
    check_choices(poll, choices)
    with transaction.atomic():
        lock_poll_shared(poll.pk)
        key = _key_while_open(poll, choices)
        pseudonym = pseudonym_of(voter.pk, key)  # type: ignore[arg-type]
        lock_voter(pseudonym)
        ballot = _append(poll, pseudonym, choices)
        transaction.on_commit(partial(wake, poll.pk))
    return ballot


def check_choices(poll: Poll, choices: Choices) -> None:
    """Raise InvalidInput, with a sentence for the voter, unless these choices can be counted."""
    try:
        poll.counting.check(choices, poll.counted_options(), poll.limits)
    except InvalidBallot as fault:
        raise InvalidInput(fault.code, _sentence(fault), field="choices") from fault


def _sentence(fault: InvalidBallot) -> Text:
    if fault.code == "too_many_choices":
        allowed = int(fault.details["allowed"])
        return ngettext(
            "Choose at most %(allowed)d option. You chose %(chosen)d.",
            "Choose at most %(allowed)d options. You chose %(chosen)d.",
            allowed,
        ) % {"allowed": allowed, "chosen": int(fault.details["chosen"])}
    return NO_OPTION


def _key_while_open(poll: Poll, choices: Choices) -> bytes:
    """The poll's secret, read after the lock together with whether it is open by the wall clock.

    And whether the choices are still there: until the lock, an editor may have changed the poll, which gives it new
    options. A ballot of the old ones could never be counted, and the poll never be closed.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT secret.key,
                (SELECT count(*) FROM voting_option WHERE poll_id = poll.id AND id = ANY(%s::bigint[]))
            FROM voting_poll poll
            JOIN voting_pollsecret secret ON secret.poll_id = poll.id
            JOIN consultations_phase phase ON phase.id = poll.phase_id
            JOIN consultations_consultation consultation ON consultation.id = poll.consultation_id
            WHERE poll.id = %s AND poll.closed_at IS NULL AND consultation.published_at IS NOT NULL
                AND phase.starts_at <= clock_timestamp()
                AND (phase.ends_at IS NULL OR clock_timestamp() < phase.ends_at)
            """,
            [[int(option) for option in choices], poll.pk],
        )
        row = cursor.fetchone()
    if row is None:
        reason = POLL_CLOSED if poll.is_closed else NOT_NOW[Act.VOTE]
        raise PhaseClosed(reason, page=poll.consultation.get_absolute_url())
    key, known = row
    if known < len(choices):
        raise InvalidInput("unknown_option", NO_OPTION, field="choices")
    return bytes(key)


def _constraint_of(error: IntegrityError) -> str | None:
    cause = error.__cause__
    return cause.diag.constraint_name if isinstance(cause, psycopg.Error) else None


def _append(poll: Poll, pseudonym: bytes, choices: Choices) -> Ballot:
    """Ballot, opening and queue in one statement. The voter's lock is held, so the next revision is ours."""
    salt = new_salt()
    commitment = commitment_of(salt, choices)
    ballot = Ballot(poll=poll, pseudonym=pseudonym, commitment=commitment)
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH ballot AS (
                    INSERT INTO voting_ballot (id, poll_id, pseudonym, revision, commitment)
                    SELECT %(id)s, %(poll)s, %(pseudonym)s, COALESCE(max(revision), 0) + 1, %(commitment)s
                    FROM voting_ballot WHERE poll_id = %(poll)s AND pseudonym = %(pseudonym)s
                    RETURNING id, revision
                ), opening AS (
                    INSERT INTO voting_opening (ballot_id, salt, choices)
                    SELECT id, %(salt)s, %(choices)s::jsonb FROM ballot
                ), queued AS (
                    INSERT INTO voting_queuedballot (ballot_id, poll_id) SELECT id, %(poll)s FROM ballot
                )
                SELECT revision FROM ballot
                """,
                {
                    "id": ballot.pk,
                    "poll": poll.pk,
                    "pseudonym": pseudonym,
                    "commitment": commitment,
                    "salt": salt,
                    "choices": canonical(choices).decode(),
                },
            )
            ballot.revision = cursor.fetchone()[0]
    except IntegrityError as refused:
        if _constraint_of(refused) == "poll_is_open":  # the database's own guard
            raise PhaseClosed(POLL_CLOSED) from None
        raise
    return ballot
