"""How many queries each page costs, in one file: ``query_budgets.tsv``. Growing one shows in review.

A page that costs more than its budget fails, and so does one that costs less (take what was won into the file), one
without a line, and a budget above ``MOST``. To write the file anew run this with ``WRITE_QUERY_BUDGETS=1``, and read
the difference.
"""

import csv
import os
from pathlib import Path

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.access.test_table import ask, rows, world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("query_budgets.tsv")
PEOPLE = ("anonymous", "citizen", "moderator", "owner")
MOST = 12
# No page: a file with all that each table holds about a person.
NO_PAGES = {"/account/data/own-data.json"}


def pages() -> list[dict[str, str]]:
    """The rows of the access table that ask for a page that at least one of these people is shown."""
    return [row for row in rows() if row["method"] == "GET" and any(row[person] == "200" for person in PEOPLE)]


def budgets() -> dict[str, dict[str, str]]:
    if not FILE.exists():
        return {}
    with FILE.open(encoding="utf-8") as lines:
        return {line["address"]: line for line in csv.DictReader(lines, delimiter="\t")}


def cost(row, person, world) -> str:  # noqa: F811
    """The number of queries, savepoints apart; "-" where the page is not shown to this person."""
    if row[person] != "200":
        return "-"
    point = transaction.savepoint()
    client = Client()
    if person != "anonymous":
        client.force_login(world.people[person])
    ContentType.objects.clear_cache()  # remembered by the process: a first reader pays for it, so does each here
    ask(client, row, world)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        ask(client, row, world)
    transaction.savepoint_rollback(point)
    return str(sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries))


@pytest.fixture(scope="module")
def costs(world):  # noqa: F811
    return {row["address"]: {person: cost(row, person, world) for person in PEOPLE} for row in pages()}


def test_every_page_costs_what_its_budget_says(costs):
    if os.environ.get("WRITE_QUERY_BUDGETS"):
        lines = ["\t".join(["address", *PEOPLE]), *("\t".join([a, *c.values()]) for a, c in sorted(costs.items()))]
        FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    known = {address: {person: line[person] for person in PEOPLE} for address, line in budgets().items()}
    differing = {address: (cost, known.get(address)) for address, cost in costs.items() if known.get(address) != cost}
    assert differing == {}
    assert known.keys() == costs.keys()


def test_no_budget_is_above_twelve():
    above = {
        address: line
        for address, line in budgets().items()
        if address not in NO_PAGES and any(line[person] != "-" and int(line[person]) > MOST for person in PEOPLE)
    }
    assert above == {}
