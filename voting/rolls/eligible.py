"""Whose entry is it: which line of a roll belongs to an account. Read, never locked, never written by a cast.

A ballot's pseudonym comes from the entry, not from the account: whoever moves an e-mail from one account to another
changes the same ballot, and casts no second one.
"""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from accounts.access import Person
from accounts.models import User
from voting.models import Poll

# An entry that an account took over is that account's alone. Another is whoever's who has its e-mail confirmed.
_ENTRY = """
    SELECT entry.id FROM voting_eligiblevoter entry
    WHERE entry.roll_id = {roll} AND entry.removed_at IS NULL AND (
        entry.user_id = {user}
        OR entry.user_id IS NULL AND entry.email = ANY(
            ARRAY(SELECT lower(email) FROM account_emailaddress WHERE user_id = {user} AND verified)
        )
    )
    ORDER BY entry.user_id NULLS LAST, entry.id LIMIT 1
"""
ENTRY_OF_ROW = _ENTRY.format(roll="voting_poll.electoral_roll_id", user="%s")
ENTRY_OF_POLL = _ENTRY.format(roll="poll.electoral_roll_id", user="%s")  # inside a query that calls the poll so


def entry_of(poll: Poll, user: Person) -> int | None:
    """The id of the user's entry on the poll's roll. No query where it was read with the poll, for this user."""
    if not isinstance(user, User) or poll.electoral_roll_id is None:
        return None
    if poll.known_entry is not None and poll.known_entry[0] == user.pk:
        return poll.known_entry[1]
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY.format(roll="%s", user="%s"), [poll.electoral_roll_id, user.pk, user.pk])
        row = cursor.fetchone()
    return row[0] if row else None


def with_entry(polls: Any, user: Person) -> Any:
    """A query of polls that reads the user's entry along, for ``remember_entries``."""
    key = user.pk if user.is_authenticated else 0
    return polls.annotate(entry_id=RawSQL(ENTRY_OF_ROW, [key, key]))  # noqa: S611


def remember_entry(poll: Poll, user: Person) -> Poll:
    """Keep what ``with_entry`` has read: for this one user, and as long as this instance lives."""
    if isinstance(user, User) and hasattr(poll, "entry_id"):
        poll.known_entry = (user.pk, poll.entry_id)
    return poll


def voter_name(poll: Poll, user: Person) -> str | None:
    """What the pseudonym in this poll is made from; None where the user cannot have one."""
    return name_of_voter(poll, user, entry_of(poll, user))


def name_of_voter(poll: Poll, user: Person, entry: int | None) -> str | None:
    """The same for whoever has asked for the entry already."""
    if not isinstance(user, User):
        return None
    if poll.electoral_roll_id is None:
        return str(user.pk)
    return None if entry is None else name_of_entry(entry)


def name_of_entry(entry_id: int) -> str:
    """Never the same text as an account's number."""
    return f"entry {entry_id}"


def entries_of(user: User) -> dict[int, int]:
    """The user's entry on each roll, by the roll's id. One query."""
    with connection.cursor() as cursor:
        one = _ENTRY.format(roll="roll.id", user="%s")
        cursor.execute(f"SELECT roll.id, ({one}) FROM voting_electoralroll roll", [user.pk, user.pk])  # noqa: S608
        return {roll: entry for roll, entry in cursor.fetchall() if entry is not None}


def accounts_of(entries: list[int]) -> list[int]:
    """The accounts of these entries, of those that have one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT COALESCE(entry.user_id, address.user_id) FROM voting_eligiblevoter entry
            LEFT JOIN account_emailaddress address ON address.verified AND lower(address.email) = entry.email
            WHERE entry.id = ANY(%s) AND (entry.user_id IS NOT NULL OR address.user_id IS NOT NULL)
            """,
            [entries],
        )
        return [row[0] for row in cursor]


def voters_named(poll: Poll) -> Iterator[tuple[str, int]]:
    """Who may vote: the name behind a pseudonym, and the account. Of a roll, those entries that have one."""
    if poll.electoral_roll_id is None:
        for pk in User.objects.values_list("pk", flat=True).iterator(chunk_size=10_000):
            yield str(pk), pk
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT DISTINCT ON (entry.id) entry.id, COALESCE(entry.user_id, address.user_id)
            FROM voting_eligiblevoter entry
            LEFT JOIN account_emailaddress address ON address.verified AND lower(address.email) = entry.email
            WHERE entry.roll_id = %s AND entry.removed_at IS NULL
                AND (entry.user_id IS NOT NULL OR address.user_id IS NOT NULL)
            """,
            [poll.electoral_roll_id],
        )
        for entry_id, user_id in cursor.fetchall():
            yield name_of_entry(entry_id), user_id
