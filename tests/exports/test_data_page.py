import pytest
from django.utils import translation

from consultations.open_data.tables import all_tables
from tests.factories import make_agency, make_consultation, make_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, now_in="voting", title="Plan de arbolado")


def test_the_data_page_links_every_table_and_explains_every_column(client, consultation):
    page = client.get("/consultations/plan-de-arbolado/data/").content.decode()

    for table in all_tables():
        for suffix in ["csv", "json"]:
            assert f'href="/consultations/plan-de-arbolado/data/{table.name}.{suffix}"' in page
        for column in table.columns_for(personal=False):
            assert f"<code>{column.name}</code>" in page
    assert "author_name" not in page


def test_where_data_are_withheld_the_page_says_why_and_until_when_and_gives_no_link(client, consultation):
    make_poll(consultation, question="¿Jacarandás?", results_policy="after_close")

    with translation.override("en"):
        page = client.get("/consultations/plan-de-arbolado/data/", headers={"Accept-Language": "en"}).content.decode()

    assert "¿Jacarandás?: The count is shown after the close" in page
    assert "data/tallies.csv" not in page
    assert "data/ballots.csv" not in page
    assert "data/comments.csv" in page


def test_files_with_names_are_offered_to_those_who_may_have_them(client, agency, consultation):
    client.force_login(agency.owner)
    page = client.get("/consultations/plan-de-arbolado/data/").content.decode()

    assert "data/comments.csv?personal=1" in page
    assert "data/ballots.csv?personal=1" not in page


def test_a_private_consultation_has_no_data_page_for_strangers(client, agency):
    make_consultation(agency, title="Secreta", visibility="private")

    assert client.get("/consultations/secreta/data/").status_code == 404
    client.force_login(agency.owner)
    assert client.get("/consultations/secreta/data/").status_code == 200


def test_the_data_page_costs_the_same_with_many_polls(client, consultation, django_assert_max_num_queries):
    for n in range(6):
        make_poll(consultation, question=f"¿Pregunta {n}?")

    with django_assert_max_num_queries(12):
        client.get("/consultations/plan-de-arbolado/data/")
