"""What holds for every answer, whatever room it comes from."""

import pytest
from django.test import Client

from tests.factories import UserFactory, make_agency, make_consultation


@pytest.fixture
def consultation(db):
    return make_consultation(make_agency("Obras"), title="Ideas")


@pytest.mark.parametrize(
    "address",
    [
        "/consultations/?agency=%00",
        "/consultations/ideas/proposals/?category=a%00b",
        "/polls/new/?consultation=%00",
        "/moderation/?consultation=%00",
        "/api/v1/consultations/%00/",
        "/api/v1/agencies/%00/",
    ],
)
def test_an_address_with_a_nul_is_not_found(consultation, address):
    assert Client().get(address).status_code == 404


@pytest.mark.parametrize(
    "address", ["/", "/consultations/ideas/", "/account/me/", "/api/v1/consultations/", "/nothing/", "/polls/99/"]
)
def test_no_shared_cache_may_keep_what_a_person_sees(client, consultation, address):
    client.force_login(UserFactory())
    assert "private" in client.get(address)["Cache-Control"]


def test_an_answer_that_says_itself_how_it_is_kept_keeps_that(client, consultation):
    assert "no-store" in client.get("/account/login/")["Cache-Control"]
    assert client.get("/consultations/ideas/data/proposals.csv")["Cache-Control"] == "private, no-cache"


def test_whoever_opens_the_address_that_a_form_sends_to_is_told_so_in_words(consultation):
    answer = Client().get("/consultations/ideas/follow/", headers={"Accept-Language": "es"})

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "Acá no hay nada para leer" in answer.content.decode()
    assert Client().post("/consultations/").content == b""  # nothing that anybody reads
