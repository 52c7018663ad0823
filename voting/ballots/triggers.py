"""What the database itself refuses in the ballot log, whoever asks: the SQL that a migration runs.

Plain triggers, each ENABLE ALWAYS: ``session_replication_role = replica`` does not pass them by. They run without a
subtransaction, of which a cast would otherwise pay one for each guard. Whoever owns the tables can still switch them
off: the signed heads are for that, and ``manage.py protect_log`` takes the ownership from the server's role.

A migration holds a copy of this text, as migrations must not change with the code; a test compares the database.
"""

APPEND_ONLY = ("voting_ballot", "voting_leaf", "voting_subtree", "voting_seal", "voting_signingkey", "voting_deviation")
NEVER_CHANGED = ("voting_opening",)  # but deleted, when superseded
# A row may be written again as it is: scrubbing.py does, so that it does not tell which transaction wrote it first.
CHANGED = "FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*)"


def _always(table: str, name: str, when: str, function: str, arguments: str = "") -> str:
    return (
        f"DROP TRIGGER IF EXISTS {name} ON {table};\n"
        f"CREATE TRIGGER {name} {when} ON {table} {arguments} EXECUTE FUNCTION {function}();\n"
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name};\n"
    )


FUNCTIONS = """
CREATE OR REPLACE FUNCTION voting_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Cannot % rows of %', lower(TG_OP), TG_TABLE_NAME USING HINT = 'The ballot log is only added to.';
END $$;

CREATE OR REPLACE FUNCTION voting_guard_ballot() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    is_closed boolean;
BEGIN
    SELECT closed_at IS NOT NULL INTO is_closed FROM voting_poll WHERE id = NEW.poll_id;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no such poll' USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF is_closed THEN
        RAISE EXCEPTION 'the poll is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'poll_is_open';
    END IF;
    IF NEW.revision <> 1 + COALESCE(
        (SELECT max(revision) FROM voting_ballot WHERE poll_id = NEW.poll_id AND pseudonym = NEW.pseudonym), 0
    ) THEN
        RAISE EXCEPTION 'not the next revision' USING ERRCODE = 'check_violation', CONSTRAINT = 'next_revision';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION voting_keep_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Cannot open a closed poll again';
END $$;

CREATE OR REPLACE FUNCTION voting_keep_poll() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM voting_ballot WHERE poll_id = OLD.id) THEN
        RAISE EXCEPTION 'the poll has ballots' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN OLD;
END $$;
"""

TRIGGERS = "".join(
    [
        *(_always(t, f"{t}_never_changes", "BEFORE UPDATE", "voting_refuse", CHANGED) for t in APPEND_ONLY),
        *(_always(t, f"{t}_is_never_deleted", "BEFORE DELETE", "voting_refuse", "FOR EACH ROW") for t in APPEND_ONLY),
        *(_always(t, f"{t}_is_never_emptied", "BEFORE TRUNCATE", "voting_refuse") for t in APPEND_ONLY),
        *(_always(t, f"{t}_never_changes", "BEFORE UPDATE", "voting_refuse", CHANGED) for t in NEVER_CHANGED),
        _always("voting_poll", "voting_poll_with_ballots_stays", "BEFORE DELETE", "voting_keep_poll", "FOR EACH ROW"),
        # A net below the locks of casting.py: no ballot after the close, no revision out of order.
        _always("voting_ballot", "voting_ballot_guard", "BEFORE INSERT", "voting_guard_ballot", "FOR EACH ROW"),
        _always(
            "voting_poll",
            "voting_poll_stays_closed",
            "BEFORE UPDATE",
            "voting_keep_closed",
            "FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL)",
        ),
    ]
)

SQL = FUNCTIONS + TRIGGERS
