"""What to grant a server's role that must not own the tables: printed, to be run by their owner."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from voting.ballots.triggers import APPEND_ONLY

STATEMENTS = """-- For the owner of the database. The server then connects as {role}, which owns nothing.
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE UPDATE, DELETE, TRUNCATE ON {append_only} FROM {role};
REVOKE UPDATE, TRUNCATE ON voting_opening FROM {role};
ALTER ROLE {role} SET log_min_error_statement = 'panic';
ALTER ROLE {role} SET log_error_verbosity = 'terse';
"""


class Command(BaseCommand):
    help = "Print the SQL that lets a role run the server without being able to change the ballot log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("role", help="the PostgreSQL role that the server connects as")

    def handle(self, *args: Any, **options: Any) -> None:
        role = options["role"]
        if not role.replace("_", "").isalnum() or not role.islower():
            raise CommandError("A role's name of lower-case letters, digits and underscores.")
        self.stdout.write(STATEMENTS.format(role=role, append_only=", ".join(APPEND_ONLY)))
