"""The servers that tests run on are themselves no pretence."""

import urllib.request

import pytest
import redis

from tests.servers import running_redis


@pytest.mark.parametrize("path", ["/usr/bin:/usr/local/bin:/bin", "/nowhere"], ids=["of the machine", "of the wheel"])
def test_redis_is_real_where_the_machine_has_one_and_where_it_has_none(monkeypatch, path):
    monkeypatch.setenv("PATH", path)
    with running_redis() as url, redis.Redis.from_url(url) as client:
        assert client.publish("a channel that nobody hears", "a word") == 0
        assert client.info("server")["redis_version"] >= "6"


def test_two_sites_answer_side_by_side(two_sites):
    for site in two_sites:
        with urllib.request.urlopen(f"{site.url}/") as answer:
            assert answer.status == 200
    assert two_sites[0].url != two_sites[1].url
