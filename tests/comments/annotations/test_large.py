"""A text of 200 articles with thousands of annotations: its page stays small, and none is lost when they are placed
again. With 20,000, by the clock: ``python -m tests.benchmarks.placing``."""

import gzip
import random

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from comments.annotations.placing import place_again
from tests.factories import make_consultation, make_document, new_version
from tests.factories.annotations import annotate_at_random, article_of

ANNOTATIONS = 4_000


def test_page_and_placing_of_a_large_text(client, db):
    chance = random.Random(5)
    bodies = [article_of(chance) for _ in range(200)]
    document = make_document(make_consultation(), bodies)
    version = document.versions.get()
    address = f"/documents/{document.pk}/versions/1/"
    annotate_at_random(version, 10, chance)
    few = queries_of(client, address)
    annotate_at_random(version, ANNOTATIONS - 10, chance)

    assert queries_of(client, address) == few
    assert few <= 12
    assert len(gzip.compress(client.get(address).content, 6)) < 150_000

    edited = [body.replace("multa", "sanción", 1) if n % 10 == 0 else body for n, body in enumerate(bodies)]
    new = new_version(document, edited)
    with transaction.atomic():
        counts = place_again(version, new)

    assert sum(counts.values()) == ANNOTATIONS
    assert counts["kept"] > 0.9 * ANNOTATIONS


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)
