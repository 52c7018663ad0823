import json

import pytest
from django.test import Client


class Api:
    """A program that talks JSON to /api/v1/, as somebody or as nobody."""

    def __init__(self, user=None, **client):
        self.client = Client(**client)
        if user is not None:
            self.client.force_login(user)

    def get(self, path, **headers):
        return self.client.get(f"/api/v1/{path}", headers=_named(headers))

    def post(self, path, data, **headers):
        body = data if isinstance(data, bytes | str) else json.dumps(data)
        return self.client.post(f"/api/v1/{path}", body, content_type="application/json", headers=_named(headers))

    def ids(self, path):
        """The ids of all rows of a list, page after page."""
        found = []
        while path:
            answer = self.get(path).json()
            found += [row["id"] for row in answer["results"]]
            path = (answer["next"] or "").partition("/api/v1/")[2]
        return found


def _named(headers):
    return {name.replace("_", "-"): value for name, value in headers.items()}


@pytest.fixture
def api(db):
    """``api()`` is nobody; ``api(user)`` somebody."""
    return Api


def problem(response, status):
    """The problem details of an answer, which must be such, with this status."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert {"type", "title", "detail", "code"} <= set(body)
    return body
