"""The page of open data leads to the data of everything that the reader may see and find."""

import pytest
from django.urls import reverse

from consultations.models import Consultation
from tests.factories import make_agency, make_consultation

pytestmark = pytest.mark.django_db


def catalogue(client):
    return client.get(reverse("consultations:catalogue")).content.decode()


def test_a_public_consultation_is_there_with_the_way_to_its_data(client):
    consultation = make_consultation(title="La plaza del Molino")

    page = catalogue(client)
    assert "La plaza del Molino" in page
    assert reverse("consultations:data", args=[consultation.slug]) in page


def test_what_is_private_a_draft_or_unlisted_is_not(client):
    agency = make_agency()
    make_consultation(agency, title="Interna", visibility="private")
    make_consultation(agency, title="Borrador", publish=False)
    unlisted = make_consultation(agency, title="Sin listar")
    Consultation.objects.filter(pk=unlisted.pk).update(is_unlisted=True)

    page = catalogue(client)
    assert not any(title in page for title in ("Interna", "Borrador", "Sin listar"))


def test_members_find_their_private_ones(client):
    agency = make_agency()
    make_consultation(agency, title="Interna", visibility="private")
    client.force_login(agency.owner)

    assert "Interna" in catalogue(client)


def test_the_header_leads_there(client):
    assert f'href="{reverse("consultations:catalogue")}"' in client.get("/").content.decode()
