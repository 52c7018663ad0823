"""Keeping what a voter has ticked so far, from the first tick on: so that a ballot is not lost with a page.

Written under the mark of the account and by the ballot's locks, and like the cast it writes nothing about the person.
A draft never counts. It goes when its voter casts, in that transaction, and with all others at the close.
"""

import json

from django.db import transaction

from accounts.access import Person, require
from accounts.models import User
from accounts.refusals import InvalidInput
from voting.ballots import pipeline
from voting.ballots.casting import key_while_open
from voting.ballots.faults import NO_OPTION
from voting.ballots.locks import voter_lock
from voting.ballots.shapes import account_mark, pseudonym_of
from voting.methods import Choices
from voting.models import BallotDraft, Poll
from voting.rolls.eligible import entry_of, name_of_voter

LARGEST = 100_000  # of a number in it

# What stands already is no draft: a slow request of before the cast must not bring it back.
_KEEP = """
    INSERT INTO voting_ballotdraft (id, poll_id, account_mark, choices)
    SELECT gen_random_uuid(), %(poll)s, %(mark)s, %(choices)s::jsonb
    WHERE %(choices)s::jsonb IS DISTINCT FROM (
        SELECT opening.choices FROM voting_opening opening JOIN voting_ballot ballot ON ballot.id = opening.ballot_id
        WHERE opening.account_mark = %(mark)s ORDER BY ballot.revision DESC LIMIT 1
    )
    ON CONFLICT (poll_id, account_mark) DO UPDATE SET choices = excluded.choices
    RETURNING 1
"""
_DROP = "DELETE FROM voting_ballotdraft WHERE poll_id = %(poll)s AND account_mark = %(mark)s"


def keep_draft(*, poll: Poll, voter: Person, choices: Choices) -> bool:
    """Keep these choices for later; True if there is a draft now. Choosing nothing, or what was cast, leaves none.

    Not checked by the method: one may choose too much for a while. Raises NotPermitted, PhaseClosed or InvalidInput for
    what is not on the ballot.
    """
    require(voter, "voting.vote_poll", poll)
    entry = entry_of(poll, voter)
    name = name_of_voter(poll, voter, entry)
    assert name is not None and isinstance(voter, User)
    known = {option.id for option in poll.counted_options()}
    if not known.issuperset(choices) or any(abs(value) > LARGEST for value in choices.values()):
        raise InvalidInput("unknown_option", NO_OPTION, field="choices")
    with transaction.atomic():
        key = key_while_open(poll, voter, choices, entry)
        names = {"poll": poll.pk, "mark": account_mark(voter.pk, key), "choices": json.dumps(dict(choices))}
        _locked, kept = pipeline.run(voter_lock(pseudonym_of(name, key)), (_KEEP if choices else _DROP, names))
        if choices and kept is None:
            pipeline.run((_DROP, names))
        return kept is not None


def draft_of(poll: Poll, user: Person) -> dict[str, int] | None:
    """What the user has kept in an open poll that was read with its secret, for their eyes only."""
    secret = getattr(poll, "secret", None)
    if secret is None or poll.is_closed or not isinstance(user, User):
        return None
    drafts = BallotDraft.objects.filter(poll=poll, account_mark=account_mark(user.pk, bytes(secret.key)))
    return drafts.values_list("choices", flat=True).first()
