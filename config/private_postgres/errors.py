"""The one thing that can go wrong here."""


class PrivatePostgresError(Exception):
    """The private PostgreSQL cannot be had. The message is one line for the person at the keyboard."""
