"""What the database refuses in the ballot log: the text of ``voting/ballots/triggers.py`` as it was made."""

from django.db import migrations

SQL = r"""
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
DROP TRIGGER IF EXISTS voting_ballot_never_changes ON voting_ballot;
CREATE TRIGGER voting_ballot_never_changes BEFORE UPDATE ON voting_ballot FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_ballot ENABLE ALWAYS TRIGGER voting_ballot_never_changes;
DROP TRIGGER IF EXISTS voting_leaf_never_changes ON voting_leaf;
CREATE TRIGGER voting_leaf_never_changes BEFORE UPDATE ON voting_leaf FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_leaf ENABLE ALWAYS TRIGGER voting_leaf_never_changes;
DROP TRIGGER IF EXISTS voting_subtree_never_changes ON voting_subtree;
CREATE TRIGGER voting_subtree_never_changes BEFORE UPDATE ON voting_subtree FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_subtree ENABLE ALWAYS TRIGGER voting_subtree_never_changes;
DROP TRIGGER IF EXISTS voting_seal_never_changes ON voting_seal;
CREATE TRIGGER voting_seal_never_changes BEFORE UPDATE ON voting_seal FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_seal ENABLE ALWAYS TRIGGER voting_seal_never_changes;
DROP TRIGGER IF EXISTS voting_signingkey_never_changes ON voting_signingkey;
CREATE TRIGGER voting_signingkey_never_changes BEFORE UPDATE ON voting_signingkey FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_signingkey ENABLE ALWAYS TRIGGER voting_signingkey_never_changes;
DROP TRIGGER IF EXISTS voting_deviation_never_changes ON voting_deviation;
CREATE TRIGGER voting_deviation_never_changes BEFORE UPDATE ON voting_deviation FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_deviation ENABLE ALWAYS TRIGGER voting_deviation_never_changes;
DROP TRIGGER IF EXISTS voting_ballot_is_never_deleted ON voting_ballot;
CREATE TRIGGER voting_ballot_is_never_deleted BEFORE DELETE ON voting_ballot FOR EACH ROW EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_ballot ENABLE ALWAYS TRIGGER voting_ballot_is_never_deleted;
DROP TRIGGER IF EXISTS voting_leaf_is_never_deleted ON voting_leaf;
CREATE TRIGGER voting_leaf_is_never_deleted BEFORE DELETE ON voting_leaf FOR EACH ROW EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_leaf ENABLE ALWAYS TRIGGER voting_leaf_is_never_deleted;
DROP TRIGGER IF EXISTS voting_subtree_is_never_deleted ON voting_subtree;
CREATE TRIGGER voting_subtree_is_never_deleted BEFORE DELETE ON voting_subtree FOR EACH ROW EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_subtree ENABLE ALWAYS TRIGGER voting_subtree_is_never_deleted;
DROP TRIGGER IF EXISTS voting_seal_is_never_deleted ON voting_seal;
CREATE TRIGGER voting_seal_is_never_deleted BEFORE DELETE ON voting_seal FOR EACH ROW EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_seal ENABLE ALWAYS TRIGGER voting_seal_is_never_deleted;
DROP TRIGGER IF EXISTS voting_signingkey_is_never_deleted ON voting_signingkey;
CREATE TRIGGER voting_signingkey_is_never_deleted BEFORE DELETE ON voting_signingkey FOR EACH ROW EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_signingkey ENABLE ALWAYS TRIGGER voting_signingkey_is_never_deleted;
DROP TRIGGER IF EXISTS voting_deviation_is_never_deleted ON voting_deviation;
CREATE TRIGGER voting_deviation_is_never_deleted BEFORE DELETE ON voting_deviation FOR EACH ROW EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_deviation ENABLE ALWAYS TRIGGER voting_deviation_is_never_deleted;
DROP TRIGGER IF EXISTS voting_ballot_is_never_emptied ON voting_ballot;
CREATE TRIGGER voting_ballot_is_never_emptied BEFORE TRUNCATE ON voting_ballot  EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_ballot ENABLE ALWAYS TRIGGER voting_ballot_is_never_emptied;
DROP TRIGGER IF EXISTS voting_leaf_is_never_emptied ON voting_leaf;
CREATE TRIGGER voting_leaf_is_never_emptied BEFORE TRUNCATE ON voting_leaf  EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_leaf ENABLE ALWAYS TRIGGER voting_leaf_is_never_emptied;
DROP TRIGGER IF EXISTS voting_subtree_is_never_emptied ON voting_subtree;
CREATE TRIGGER voting_subtree_is_never_emptied BEFORE TRUNCATE ON voting_subtree  EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_subtree ENABLE ALWAYS TRIGGER voting_subtree_is_never_emptied;
DROP TRIGGER IF EXISTS voting_seal_is_never_emptied ON voting_seal;
CREATE TRIGGER voting_seal_is_never_emptied BEFORE TRUNCATE ON voting_seal  EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_seal ENABLE ALWAYS TRIGGER voting_seal_is_never_emptied;
DROP TRIGGER IF EXISTS voting_signingkey_is_never_emptied ON voting_signingkey;
CREATE TRIGGER voting_signingkey_is_never_emptied BEFORE TRUNCATE ON voting_signingkey  EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_signingkey ENABLE ALWAYS TRIGGER voting_signingkey_is_never_emptied;
DROP TRIGGER IF EXISTS voting_deviation_is_never_emptied ON voting_deviation;
CREATE TRIGGER voting_deviation_is_never_emptied BEFORE TRUNCATE ON voting_deviation  EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_deviation ENABLE ALWAYS TRIGGER voting_deviation_is_never_emptied;
DROP TRIGGER IF EXISTS voting_opening_never_changes ON voting_opening;
CREATE TRIGGER voting_opening_never_changes BEFORE UPDATE ON voting_opening FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION voting_refuse();
ALTER TABLE voting_opening ENABLE ALWAYS TRIGGER voting_opening_never_changes;
DROP TRIGGER IF EXISTS voting_poll_with_ballots_stays ON voting_poll;
CREATE TRIGGER voting_poll_with_ballots_stays BEFORE DELETE ON voting_poll FOR EACH ROW EXECUTE FUNCTION voting_keep_poll();
ALTER TABLE voting_poll ENABLE ALWAYS TRIGGER voting_poll_with_ballots_stays;
DROP TRIGGER IF EXISTS voting_ballot_guard ON voting_ballot;
CREATE TRIGGER voting_ballot_guard BEFORE INSERT ON voting_ballot FOR EACH ROW EXECUTE FUNCTION voting_guard_ballot();
ALTER TABLE voting_ballot ENABLE ALWAYS TRIGGER voting_ballot_guard;
DROP TRIGGER IF EXISTS voting_poll_stays_closed ON voting_poll;
CREATE TRIGGER voting_poll_stays_closed BEFORE UPDATE ON voting_poll FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL) EXECUTE FUNCTION voting_keep_closed();
ALTER TABLE voting_poll ENABLE ALWAYS TRIGGER voting_poll_stays_closed;
"""


class Migration(migrations.Migration):
    dependencies = [("voting", "0001_initial")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
