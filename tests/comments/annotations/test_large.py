"""A text of 200 articles with 20,000 annotations: its page stays small, and they are placed again in seconds."""

import gzip
import random
import time
from difflib import SequenceMatcher

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from comments.annotations.placing import place_again
from comments.models import Annotation, Comment, Placement
from tests.factories import UserFactory, make_consultation, make_document, new_version
from tests.factories.documents import ARTICLES

WORDS = sorted(set(" ".join(ARTICLES).lower().replace(".", "").split()))
ANNOTATIONS = 20_000


def article_of(chance):
    return "\n\n".join(
        " ".join(f"{' '.join(chance.choices(WORDS, k=14)).capitalize()}." for _ in range(3)) for _ in range(2)
    )


def annotate_at_random(version, count, chance):
    articles = [article for article in version.articles.all() if article.text]
    people = [UserFactory().pk for _ in range(50)]
    document = version.document
    comments = Comment.objects.bulk_create(
        Comment(consultation=document.consultation, document=document, author_id=chance.choice(people), body="Sí.")
        for _ in range(count)
    )
    quotes = [quote_of(comment, chance.choice(articles), chance) for comment in comments]
    Annotation.objects.bulk_create(quotes, batch_size=2_000)
    Placement.objects.bulk_create(
        (
            Placement(annotation=q, version=version, state="kept", article=q.article, start=q.start, end=q.end)
            for q in quotes
        ),
        batch_size=2_000,
    )


def quote_of(comment, article, chance):
    start = chance.randrange(len(article.text) - 40)
    end = start + chance.randrange(5, 40)
    return Annotation(comment=comment, article=article, start=start, end=end, exact=article.text[start:end])


@pytest.fixture
def chance():
    return random.Random(5)


def test_page_and_placing_of_a_large_text(client, db, chance):
    bodies = [article_of(chance) for _ in range(200)]
    document = make_document(make_consultation(), bodies)
    version = document.versions.get()
    address = f"/documents/{document.pk}/versions/1/"
    annotate_at_random(version, 10, chance)
    few = queries_of(client, address)
    annotate_at_random(version, ANNOTATIONS - 10, chance)

    assert queries_of(client, address) == few
    assert few <= 12
    page = client.get(address).content
    assert len(gzip.compress(page, 6)) < 150_000

    edited = [body.replace("multa", "sanción", 1) if n % 10 == 0 else body for n, body in enumerate(bodies)]
    new = new_version(document, edited)
    started = time.perf_counter()
    with transaction.atomic():
        counts = place_again(version, new)
    placing = time.perf_counter() - started
    started = time.perf_counter()
    for old, after in zip(version.articles.all(), new.articles.all(), strict=True):
        SequenceMatcher(None, old.text, after.text, autojunk=False).get_opcodes()
    one_pass = time.perf_counter() - started

    assert sum(counts.values()) == ANNOTATIONS
    assert counts["kept"] > 0.9 * ANNOTATIONS
    print(f"placing {placing:.1f} s, one pass of difflib {one_pass:.1f} s, page {len(gzip.compress(page, 6))} bytes")


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)
