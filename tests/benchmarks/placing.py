"""Publishing a version of a large text: placing its annotations again, beside one pass of difflib over the same texts.

    python -m tests.benchmarks.placing [--annotations 20000] [--articles 200]

A tenth of the articles is edited. ``ratio`` is placing (with the writing of its rows, in one transaction) to the pass.
Prints one JSON line last, also with the size of the reading page on the wire.
"""

import argparse
import gzip
import json
import random
import time
from difflib import SequenceMatcher

from tests.benchmarks import site

site.set_up()

from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from comments.annotations.placing import place_again  # noqa: E402
from tests.factories import make_consultation, make_document, new_version  # noqa: E402
from tests.factories.annotations import annotate_at_random, article_of  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--annotations", type=int, default=20_000)
    parser.add_argument("--articles", type=int, default=200)
    options = parser.parse_args()
    with site.own_database():
        print(json.dumps(measure(options.annotations, options.articles)))


def measure(annotations: int, articles: int) -> dict:
    chance = random.Random(5)
    bodies = [article_of(chance) for _ in range(articles)]
    document = make_document(make_consultation(), bodies)
    version = document.versions.get()
    annotate_at_random(version, annotations, chance)
    page = Client(headers={"host": "127.0.0.1"}).get(f"/documents/{document.pk}/versions/1/")
    edited = [body.replace("multa", "sanción", 1) if n % 10 == 0 else body for n, body in enumerate(bodies)]
    new = new_version(document, edited)
    began = time.perf_counter()
    with transaction.atomic():
        counts = place_again(version, new)
    placing = time.perf_counter() - began
    began = time.perf_counter()
    for old, after in zip(version.articles.all(), new.articles.all(), strict=True):
        SequenceMatcher(None, old.text, after.text, autojunk=False).get_opcodes()
    one_pass = time.perf_counter() - began
    return {
        "benchmark": "placing",
        "annotations": annotations,
        "articles": articles,
        "seconds": round(placing, 2),
        "seconds_of_difflib": round(one_pass, 2),
        "ratio": round(placing / one_pass, 2),
        "states": counts,
        "page_status": page.status_code,
        "kilobytes": round(len(gzip.compress(page.content, 6)) / 1000, 1),
    }


if __name__ == "__main__":
    main()
