"""Who gets which answer: one table, address x method x person -> status, run row by row.

``table.tsv`` is the table; an address of the site without a row fails. All rows start from the same world: what a
request changes is undone. What a person may not see is 404, what they may not do is 403, a wrong time is 409, and an
anonymous person is sent to log in (302) where the page is of no use without an account. So is who sends a form that
only members get to (403), whether there is such a page or not: their session has ended, and what they typed is kept.

The same requests count the queries of each page (``budgets.py``): one that costs more than its budget fails, and so
does one that costs less (take what was won into the file) or is missing there. To write the file anew run this with
``WRITE_QUERY_BUDGETS=1``, and read the difference.
"""

import csv
import json
import os
import re
from contextlib import contextmanager, nullcontext
from copy import deepcopy
from http.cookies import SimpleCookie
from operator import attrgetter
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qsl

import pytest
from django.db import connection, reset_queries, transaction
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from tests.access import budgets
from tests.access import world as worlds
from tests.access.world import PEOPLE
from tests.emptying import committed

pytestmark = pytest.mark.django_db

SEEING = {*budgets.PEOPLE, "author"}  # whose pages are drawn too
TABLE = Path(__file__).with_name("table.tsv")


def rows() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8") as lines:
        return list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once for all rows; what a row changes is undone."""
    with committed(django_db_blocker):
        with transaction.atomic():
            built = worlds.build()
        yield built


@pytest.fixture(scope="module")
def cookies(world):
    """Of everybody's session: logged in once, since each row undoes what it changes."""
    found = {"anonymous": SimpleCookie()}
    for name, person in world.people.items():
        if name not in found:
            client = Client()
            client.force_login(person, "accounts.backends.LogInBackend")
            found[name] = client.cookies
    return found


def filled(text: str, world) -> str:
    """``text`` with the world's values in place of names: ``/polls/<public.poll.pk>/``."""
    return re.sub(r"<([\w.]+)>", lambda match: str(attrgetter(match[1])(world)), text)


def answers(row: dict[str, str], world, cookies) -> tuple[dict[str, str], dict[str, str]]:
    """What each person is answered, and with how many queries. Each request is undone before the next.

    Those whose queries are counted come last: what the process remembers, somebody has asked for before.
    """
    statuses, costs = {}, {}
    for name in sorted(PEOPLE, key=lambda name: name in budgets.PEOPLE):
        reset_queries()  # Django keeps the last 9,000
        point = transaction.savepoint()
        client = Client(raise_request_exception=False)
        client.cookies = deepcopy(cookies[name])
        with CaptureQueriesContext(connection) as asked, nullcontext() if name in SEEING else no_templates():
            statuses[name] = str(ask(client, row, world).status_code)
        costs[name] = str(sum("SAVEPOINT" not in query["sql"] for query in asked.captured_queries))
        transaction.savepoint_rollback(point)
    return statuses, {name: costs[name] if row[name] == "200" else "-" for name in budgets.PEOPLE}


@contextmanager
def no_templates():
    """Let pages decide and read as always, and draw nothing: half the time of this file was drawing."""
    with patch.object(Template, "render", return_value=""):
        yield


def ask(client: Client, row: dict[str, str], world):
    """The row's request: what is sent stands in it as a form, or as JSON for the API."""
    sent, call = filled(row["sent"], world), getattr(client, row["method"].lower())
    if sent.startswith("{"):
        return call(filled(row["address"], world), json.loads(sent), content_type="application/json")
    return call(filled(row["address"], world), dict(parse_qsl(sent)))


@pytest.fixture(scope="module")
def costs() -> dict[str, dict[str, str]]:
    """Of the pages that were asked for so far: address -> person -> queries."""
    return {}


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['method']} {row['address']} {row['sent']}")
def test_everybody_gets_the_answer_of_the_table(row, world, cookies, costs):
    statuses, queries = answers(row, world, cookies)
    if budgets.is_page(row):
        costs[row["address"]] = queries
    assert statuses == {name: row[name] for name in PEOPLE}


def test_every_page_costs_what_its_budget_says(costs, world, cookies):
    for row in rows():
        if budgets.is_page(row) and row["address"] not in costs:  # this test was asked for alone
            costs[row["address"]] = answers(row, world, cookies)[1]
    if os.environ.get("WRITE_QUERY_BUDGETS"):
        budgets.write(costs)
    known = budgets.known()
    assert {address: (cost, known.get(address)) for address, cost in costs.items() if known.get(address) != cost} == {}
    assert known.keys() == costs.keys()


def test_no_budget_is_above_twelve():
    def most(line):
        return max(int(cost) for cost in line.values() if cost != "-")

    assert [a for a, line in budgets.known().items() if a not in budgets.NO_PAGES and most(line) > budgets.MOST] == []


def test_every_address_has_a_row():
    named = {row["name"] for row in rows()}
    missing = sorted(set(url_names()) - named)
    assert missing == []


def url_names(patterns=None, namespace: str = ""):
    """The name of each address of ours, with its namespace."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern) and not pattern.callback.__module__.startswith("allauth."):
            yield f"{namespace}{pattern.name}"
