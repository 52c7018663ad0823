"""How tests read exports: through the door with a real stream, or inside the test's own transaction."""

import csv
import io

from asgiref.sync import async_to_sync
from django.db import connection
from django.test import AsyncClient

from consultations.open_data.copying import Format, copy_statement
from consultations.open_data.tables import table_named


def download(path, user=None, **headers):
    """The response to a GET, with its body read, over the asynchronous stack as a server would run it.

    Needs committed data: ``pytest.mark.django_db(transaction=True)``.
    """
    client = AsyncClient()
    if user is not None:
        client.force_login(user)

    async def get():
        response = await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        if response.streaming:
            response.body = b"".join([chunk async for chunk in response])
        else:
            response.body = response.content
        return response

    return async_to_sync(get)()


def copied(queryset, columns, file_format=Format.CSV):
    """The lines that PostgreSQL sends for these rows, over the connection of the test."""
    statement, params = copy_statement(queryset, columns, file_format)
    with connection.cursor() as cursor, cursor.copy(statement, params) as copy:
        return b"".join(bytes(row) for row in copy)


def rows_of(consultation, table_name, user):
    """The rows of a table as ``user`` gets them, read back from CSV as dictionaries."""
    table = table_named(table_name)
    columns = table.columns_for(personal=False)
    lines = copied(table.extract(consultation, user).rows, columns).decode()
    return list(csv.DictReader(io.StringIO(lines, newline=""), fieldnames=[column.name for column in columns]))
