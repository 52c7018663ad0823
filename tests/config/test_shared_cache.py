"""The rates of several processes lie in Redis; nobody is kept out because it is gone."""

import socket

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from redis import Redis

from config import shared_cache
from tests.accounts.test_login import CODE, LOGIN, is_logged_in
from tests.factories import UserFactory
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.fixture
def on(settings, monkeypatch):
    """Let the rates lie in the Redis at an address, of which nothing is known yet."""

    def use(url: str) -> None:
        shared = {"BACKEND": "config.shared_cache.SharedCache", "LOCATION": url}
        settings.CACHES = {**settings.CACHES, "default": shared}

    monkeypatch.setattr(shared_cache, "_away_until", 0.0)
    LocMemCache("while Redis is away", {}).clear()
    return use


@pytest.fixture(params=["refuses", "is silent"])
def redis_that(request):
    """The address of a Redis that is gone, or that takes connections and never says a word."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        if request.param == "is silent":
            listening.listen(128)
        yield f"redis://127.0.0.1:{listening.getsockname()[1]}/0"


def test_without_redis_one_still_logs_in_and_programs_still_read(on, redis_that):
    UserFactory(email="ana@example.org")
    on(redis_that)
    browser = Client()

    assert browser.get("/api/v1/consultations/").status_code == 200
    assert Client().post(CODE, {"email": "ana@example.org"}).status_code == 302
    browser.post(LOGIN, {"login": "ana@example.org", "password": PASSWORD})

    assert is_logged_in(browser)


def test_without_redis_a_process_still_counts_who_guesses(on, redis_that):
    UserFactory(email="ana@example.org")
    on(redis_that)
    for _ in range(5):
        Client().post(LOGIN, {"login": "ana@example.org", "password": "otra cosa"})

    browser = Client()
    browser.post(LOGIN, {"login": "ana@example.org", "password": PASSWORD})

    assert not is_logged_in(browser)


def test_with_redis_what_one_process_counts_the_others_know(on, redis_url):
    on(redis_url)
    cache.set("guesses", [1, 2], 60)

    assert cache.get("guesses") == [1, 2]
    with Redis.from_url(redis_url) as redis:
        assert redis.keys("*guesses")


def test_redis_is_asked_again_when_it_is_back(on, redis_url, monkeypatch):
    on(redis_url)
    cache.set("shared", 1, 60)
    monkeypatch.setattr(shared_cache, "_away_until", float("inf"))
    assert cache.get("shared") is None

    monkeypatch.setattr(shared_cache, "_away_until", 0.0)

    assert cache.get("shared") == 1
