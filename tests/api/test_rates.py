"""How often a visitor may ask the API."""

import pytest
from django.test import Client

from config.rest import VisitorRateThrottle

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("addresses", "statuses"),
    [
        (["2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:1:ffff::3"], [200, 200, 429]),
        (["2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"], [200, 200, 200]),
        (["192.0.2.1", "192.0.2.1", "192.0.2.1"], [200, 200, 429]),
        (["192.0.2.1", "192.0.2.1", "192.0.2.2"], [200, 200, 200]),
    ],
)
def test_who_has_a_network_of_ipv6_counts_once(monkeypatch, addresses, statuses):
    monkeypatch.setattr(VisitorRateThrottle, "THROTTLE_RATES", {"anon": "2/min"})

    answers = [Client(REMOTE_ADDR=address).get("/api/v1/consultations/") for address in addresses]

    assert [answer.status_code for answer in answers] == statuses
