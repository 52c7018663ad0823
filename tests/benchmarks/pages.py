"""Queries and milliseconds of the pages that people open most, beside an empty page in the same run.

    python -m tests.benchmarks.pages [--requests 60] [--shared] [--only consultation_2000_comments thread_2000_replies]

The list of 1,000 consultations (as seen by nobody in particular, and by somebody in 100 groups), the page of one with a
poll, 500 proposals and 20 or 2,000 comments, a single thread of 2,000 replies, and lists of 500 and of 5,000 proposals.
One client, one request after the other, against daphne. ``ratio`` is a page's median time to that of the bare page
(same server and middleware, no query but session and account); ``cpu_ms`` what a request takes of its processor,
which stays much the same on a busy machine (the database's share is not in it). Each page is made anew, of pieces that
are kept (frontend/kept.py); with --shared visitors share one for a second, as they do in production
(frontend/visitors.py). Prints one JSON line last.
"""

import argparse
import json
import os
import sys

from tests.benchmarks import load, site

site.set_up()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from accounts.models import Agency, User  # noqa: E402
from comments.models import Comment  # noqa: E402
from consultations.models import Consultation, Phase, Proposal  # noqa: E402
from consultations.permissions import grant_consultation  # noqa: E402
from tests.factories import UserFactory, make_agency, make_consultation, make_poll, member, phases_around  # noqa: E402

LISTS = {
    "": "",
    "_last_page": "?page=209",
    "_supports": "?sort=supports",
    "_comments": "?sort=comments",
    "_random": "?sort=random&seed=abc",
    "_search": "?q=propuestas+1234",
}
BODY = "Creo que *conviene* empezar por las veredas de la calle 9, que están rotas. " * 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=60)
    parser.add_argument("--shared", action="store_true")
    parser.add_argument("--only", nargs="+", metavar="PAGE", default=[], help="names of pages; all where none is given")
    options = parser.parse_args()
    os.environ["SHARED_PAGE_SECONDS"] = "1" if options.shared else "0"
    with site.own_database():
        print(json.dumps(measure(options.requests, options.only)))


def measure(requests: int, only: list[str]) -> dict:
    say("making 1,000 consultations, 500 proposals and 2,000 comments")
    reader = fill()
    small, large, many = talked_about(20), talked_about(2000), talked_about(100, proposals=5_000)
    pages = {
        "bare": "/bare/page/",
        "front": "/",
        "list_of_1000": "/consultations/",
        "consultation_20_comments": f"/consultations/{small.slug}/",
        "consultation_2000_comments": f"/consultations/{large.slug}/",
        "thread_2000_replies": f"/comments/{answered(large, 2000).pk}/",
        "proposals_500": f"/consultations/{large.slug}/proposals/",
        **{f"proposals_5000{name}": f"/consultations/{many.slug}/proposals/{query}" for name, query in LISTS.items()},
    }
    if only:
        pages = {name: pages[name] for name in ["bare", *only]}
    result: dict = {"benchmark": "pages", "requests": requests, "pages": {}}
    for person, user in (("anonymous", None), ("in_100_groups", reader)):
        cookies = site.session_cookies(user) if user else None
        queries = {name: count_queries(path, user) for name, path in pages.items()}
        with site.server() as (port,):
            for name, path in pages.items():
                say(f"{name} as {person}")
                request = load.request_bytes("GET", path, cookies=cookies, gzip=True)
                load.run(port, [request] * 5, workers=1)
                began = site.cpu_seconds(port)
                report = load.run(port, [request] * requests, workers=1)
                cpu_seconds = site.cpu_seconds(port) - began
                assert set(report.statuses) == {200}, (path, report.statuses)
                result["pages"][f"{name} {person}"] = {
                    "queries": queries[name],
                    "cpu_ms": round(1000 * cpu_seconds / requests, 1),
                    "ms_p50": round(report.quantile(0.5), 1),
                    "ms_p95": round(report.quantile(0.95), 1),
                    "kilobytes": round(report.received_bytes / requests / 1000, 1),
                }
        bare = result["pages"][f"bare {person}"]["ms_p50"]
        for name in pages:
            page = result["pages"][f"{name} {person}"]
            page["ratio"] = round(page["ms_p50"] / bare, 2)
    return result


def fill() -> User:
    """A thousand published consultations of ten agencies, every tenth private; a reader who sees 100 of those."""
    reader = UserFactory(name="Lectora")
    agencies = [make_agency(f"Agencia {n}") for n in range(100)]
    for agency in agencies:
        member(agency, "member", user=reader)
    now = phases_around("voting")[0].starts_at
    made = Consultation.objects.bulk_create(
        [
            Consultation(
                agency=agencies[n % 100],
                slug=f"consulta-{n}",
                title=f"Consulta número {n}",
                summary="Una pregunta al barrio.",
                body="Texto.",
                visibility="private" if n % 10 == 0 else "public",
                published_at=now,
            )
            for n in range(1000)
        ]
    )
    Phase.objects.bulk_create(
        Phase(consultation=consultation, kind=p.kind, starts_at=p.starts_at, ends_at=p.ends_at)
        for n, consultation in enumerate(made)
        for p in phases_around([None, "information", "discussion", "voting", "over"][n % 5])
    )
    for consultation in made[::10]:
        grant_consultation(consultation)
    return User.objects.get(pk=reader.pk)


def talked_about(comments: int, proposals: int = 500) -> Consultation:
    """A consultation with a poll, so many proposals and this many comments, four in five of them replies."""
    agency = Agency.objects.first()
    consultation = make_consultation(agency, now_in="voting", title=f"Con {comments} comentarios")
    make_poll(consultation)
    people = User.objects.bulk_create(
        [User(email=f"v{comments}-{n}@example.org", name=f"Vecina {n}", password="!") for n in range(100)]
    )
    Proposal.objects.bulk_create(
        Proposal(consultation=consultation, author=people[n % 100], title=f"Propuesta {n}", body="Porque **sí**.")
        for n in range(proposals)
    )
    roots = Comment.objects.bulk_create(
        Comment(consultation=consultation, author=people[n % 100], body=f"{n}. {BODY}") for n in range(comments // 5)
    )
    replies = []
    for n in range(comments - len(roots)):
        root = roots[n % len(roots)]
        text = f"Respuesta {n}. {BODY}"
        replies.append(Comment(consultation=consultation, author=people[n % 100], root=root, answers=root, body=text))
    Comment.objects.bulk_create(replies)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return consultation


def answered(consultation: Consultation, replies: int) -> Comment:
    """A comment on one of its proposals, with this many replies."""
    people = list(User.objects.filter(email__startswith="v2000-"))
    proposal = consultation.proposals.first()
    place = {"consultation": consultation, "proposal": proposal}
    root = Comment.objects.create(**place, author=people[0], body="¿Quién cuida la plaza?")
    Comment.objects.bulk_create(
        Comment(**place, author=people[n % 100], root=root, answers=root, body=f"Respuesta {n}. {BODY}")
        for n in range(replies)
    )
    return root


def count_queries(path: str, user: User | None) -> int:
    client = Client(headers={"host": "127.0.0.1"})
    if user:
        client.force_login(user)
    client.get(path)
    with override_settings(SHARED_PAGE_SECONDS=0), CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
