"""The pages of consultations and proposals, through the door."""

import pytest
from django.urls import reverse

from consultations.models import Consultation
from tests.factories import make_consultation

pytestmark = pytest.mark.django_db


def page_of(consultation: Consultation) -> str:
    return reverse("consultations:consultation", args=[consultation.slug])


def words(response) -> str:
    """The page's text, with its blanks made one."""
    return " ".join(response.content.decode().split())


def test_the_front_page_shows_what_is_open_soon_and_closed_each_under_its_heading(client):
    for title, now_in in [("Abierta", "discussion"), ("Próxima", None), ("Cerrada", "over")]:
        make_consultation(title=title, now_in=now_in)

    lists = client.get("/").context["lists"]

    assert {state.value: [card["title"] for card in cards] for state, cards in lists.items()} == {
        "open": ["Abierta"],
        "soon": ["Próxima"],
        "closed": ["Cerrada"],
    }
