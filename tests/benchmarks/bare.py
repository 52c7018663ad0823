"""What a vote costs at least: a Django view behind the same middleware that asks who it is and inserts one row."""

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse

TABLE = "CREATE TABLE bare_vote (id bigserial PRIMARY KEY, voter bigint NOT NULL, choice integer NOT NULL)"


def insert_one_row(request: HttpRequest) -> HttpResponse:
    """Session, CSRF and log-in as for a vote; one INSERT in a transaction; a redirect, as after a vote."""
    if not request.user.is_authenticated:
        return HttpResponse(status=403)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bare_vote (voter, choice) VALUES (%s, %s)", [request.user.pk, int(request.POST["option"])]
        )
    return HttpResponse(status=302, headers={"Location": "/"})


def bare_page(request: HttpRequest) -> HttpResponse:
    """A page that asks who it is, and nothing else."""
    return HttpResponse(f"<!doctype html><title>bare</title><p>{request.user}")
