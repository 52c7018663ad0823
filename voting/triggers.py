"""What the database itself refuses in the ballot log, whoever asks.

The owner of the database can still switch triggers off: signed seals are for that.
"""

import pgtrigger


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to change, delete or empty a table. ``name`` is the table's noun, for their names."""
    return [
        pgtrigger.Protect(name=f"{name}_never_changes", operation=pgtrigger.Update | pgtrigger.Delete),
        pgtrigger.Trigger(
            name=f"{name}_is_never_emptied",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func="RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;",
        ),
    ]


# A net below the locks of casting.py: no ballot after the close, no revision out of order.
BALLOT_GUARD = pgtrigger.Trigger(
    name="ballot_guard",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        IF EXISTS (SELECT 1 FROM voting_poll WHERE id = NEW.poll_id AND closed_at IS NOT NULL) THEN
            RAISE EXCEPTION 'the poll is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_is_open';
        END IF;
        IF NEW.revision <> 1 + COALESCE(
            (SELECT max(revision) FROM voting_ballot WHERE poll_id = NEW.poll_id AND pseudonym = NEW.pseudonym), 0
        ) THEN
            RAISE EXCEPTION 'not the next revision' USING ERRCODE = 'check_violation', CONSTRAINT = 'next_revision';
        END IF;
        RETURN NEW;
    """,
)

OPENING_NEVER_CHANGES = pgtrigger.Protect(name="opening_never_changes", operation=pgtrigger.Update)

POLL_STAYS_CLOSED = pgtrigger.Protect(
    name="poll_stays_closed",
    operation=pgtrigger.Update,
    condition=pgtrigger.Q(old__closed_at__isnull=False, new__closed_at__isnull=True),
)
