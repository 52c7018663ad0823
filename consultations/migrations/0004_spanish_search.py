"""What ``consultations/spanish.py`` names: a text search without accents and endings, and an immutable function.

Both extensions are "trusted": the owner of a database may create them without being a superuser. The function names the
schema of ``unaccent``, because ANALYZE and REINDEX run with an empty search path.
"""

from django.contrib.postgres.operations import TrigramExtension, UnaccentExtension
from django.db import migrations

CONFIGURATION = """
CREATE TEXT SEARCH CONFIGURATION spanish_without_accents (COPY = spanish);
ALTER TEXT SEARCH CONFIGURATION spanish_without_accents
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
"""
FUNCTION = """
DO $do$
DECLARE
    place text := (
        SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
        WHERE extname = 'unaccent'
    );
BEGIN
    EXECUTE format(
        $f$
        CREATE FUNCTION without_accents(text) RETURNS text
            LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS
            $body$ BEGIN RETURN lower(%1$s.unaccent('%1$s.unaccent'::regdictionary, $1)); END $body$
        $f$,
        place
    );
END $do$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("consultations", "0003_block"),
    ]

    operations = [
        UnaccentExtension(),
        TrigramExtension(),
        migrations.RunSQL(CONFIGURATION, "DROP TEXT SEARCH CONFIGURATION spanish_without_accents"),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION without_accents(text)"),
    ]
