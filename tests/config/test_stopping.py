"""A server that is told to stop stops, also while a request waits for something that does not come."""

import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress

import pytest
from django.db import connection, transaction

from tests.factories import make_agency, make_consultation
from tests.servers import running_site


@pytest.mark.django_db(transaction=True)
def test_a_server_ends_though_a_request_waits_for_a_lock():
    make_consultation(make_agency(), slug="ideas")
    with running_site() as site:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE consultations_consultation IN ACCESS EXCLUSIVE MODE")
            asking = threading.Thread(target=ask, args=[f"{site.url}/consultations/ideas/"], daemon=True)
            asking.start()
            wait_until_somebody_waits()
            site.process.terminate()
            assert site.process.wait(15) is not None
        asking.join(5)


def ask(url):
    with suppress(urllib.error.URLError, ConnectionError):  # the server went
        urllib.request.urlopen(url, timeout=60)


def wait_until_somebody_waits():
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.1)
    raise AssertionError("No request waits for the lock.")
