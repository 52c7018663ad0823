"""The front page and the list: what stands where, in which order, and what a person may not see."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Role
from consultations.clock import State, database_now
from consultations.models import Consultation, ConsultationGroupObjectPermission, Phase
from consultations.opening import PhaseDates, create_consultation, publish_consultation
from tests.consultations.doors import words
from tests.factories import UserFactory, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db


def discussed(agency, title, *, starts, ends):
    """A published consultation with one discussion, ``starts`` and ``ends`` in days from now."""
    now = database_now()
    dates = PhaseDates("discussion", now + timedelta(days=starts), now + timedelta(days=ends))
    made = create_consultation(
        agency=agency, title=title, summary="…", body="…", actor=fresh(agency.owner), phases=[dates]
    )
    return publish_consultation(consultation=made, actor=fresh(agency.owner))


def titles(response) -> list[str]:
    return [card["title"] for card in response.context["cards"]]


def test_the_front_page_shows_what_is_open_soon_and_closed(client):
    for title, now_in in [("Abierta", "discussion"), ("Próxima", None), ("Cerrada", "over")]:
        make_consultation(title=title, now_in=now_in)

    lists = client.get("/").context["lists"]

    assert {state.value: [card["title"] for card in cards] for state, cards in lists.items()} == {
        "open": ["Abierta"],
        "soon": ["Próxima"],
        "closed": ["Cerrada"],
    }


def test_the_front_page_of_an_empty_site_says_so(client):
    response = client.get("/")

    assert response.status_code == 200
    assert response.context["lists"][State.OPEN] == []


def test_each_state_comes_in_the_order_of_its_urgency(client):
    agency = make_agency()
    for title, starts, ends in [
        ("cierra tarde", -1, 9),
        ("cierra pronto", -1, 2),
        ("abre tarde", 9, 12),
        ("abre pronto", 2, 12),
        ("cerró hace mucho", -20, -10),
        ("cerró hace poco", -20, -1),
    ]:
        discussed(agency, title, starts=starts, ends=ends)

    assert titles(client.get("/consultations/")) == [
        "cierra pronto",
        "cierra tarde",
        "abre pronto",
        "abre tarde",
        "cerró hace poco",
        "cerró hace mucho",
    ]


def test_the_list_is_filtered_by_state_and_agency_in_its_address(client):
    obras, salud = make_agency("Obras"), make_agency("Salud")
    make_consultation(obras, title="Obras abierta")
    make_consultation(obras, title="Obras cerrada", now_in="over")
    make_consultation(salud, title="Salud abierta")

    assert titles(client.get("/consultations/?state=open&agency=obras")) == ["Obras abierta"]
    assert set(titles(client.get("/consultations/?agency=obras"))) == {"Obras abierta", "Obras cerrada"}
    assert set(titles(client.get("/consultations/?state=open"))) == {"Obras abierta", "Salud abierta"}


@pytest.mark.parametrize("address", ["?state=nonsense&page=2", "?page=-1", "?page=x", "?agency=nobody", "?page=0"])
def test_a_list_with_a_strange_address_is_still_a_list(client, address):
    make_consultation()

    assert client.get(f"/consultations/{address}").status_code == 200


def test_a_list_where_nothing_fits_offers_all(client):
    response = client.get("/consultations/?state=open")

    assert titles(response) == []
    assert b'href="/consultations/"' in response.content


def test_the_list_has_twenty_a_page_and_keeps_the_filter_on_the_way(client):
    agency = make_agency("Obras")
    for n in range(21):
        make_consultation(agency, title=f"Consulta {n}")

    first = client.get("/consultations/?agency=obras")

    assert len(titles(first)) == 20
    assert b"?agency=obras&amp;page=2" in first.content
    assert len(titles(client.get("/consultations/?agency=obras&page=2"))) == 1


def test_a_private_consultation_is_listed_for_members_and_for_nobody_else(client):
    obras, salud = make_agency("Obras"), make_agency("Salud")
    make_consultation(obras, title="Reservada", visibility="private", shared_with=[salud])
    cases = {
        "nobody": (None, []),
        "a citizen": (UserFactory(), []),
        "a member": (member(obras, Role.MEMBER), ["Reservada"]),
        "a member of an invited agency": (member(salud, Role.MEMBER), ["Reservada"]),
        "an owner of another agency": (make_agency("Cultura").owner, []),
    }

    seen = {}
    for name, (person, _) in cases.items():
        client.logout()
        if person:
            client.force_login(person)
        seen[name] = titles(client.get("/consultations/"))
        in_front = [card["title"] for card in client.get("/").context["lists"][State.OPEN]]
        assert in_front == seen[name]

    assert seen == {name: titles for name, (_, titles) in cases.items()}


def test_a_draft_is_listed_for_who_prepares_it_and_for_nobody_else(client):
    agency = make_agency()
    make_consultation(agency, title="Borrador", publish=False)
    expected = {
        None: [],
        UserFactory(): [],
        member(agency, Role.MODERATOR): [],
        member(agency, Role.EDITOR): ["Borrador"],
        agency.owner: ["Borrador"],
    }

    for person, found in expected.items():
        client.logout()
        if person:
            client.force_login(person)
        assert titles(client.get("/consultations/")) == found


def test_the_filter_offers_only_agencies_that_have_something_to_show(client):
    make_consultation(make_agency("Obras"))
    make_consultation(make_agency("Reservados"), visibility="private")

    assert [agency.name for agency in client.get("/consultations/").context["agencies"]] == ["Obras"]


def test_only_who_may_open_a_consultation_sees_the_button(client):
    agency = make_agency()
    for person, sees in [(member(agency, Role.MODERATOR), False), (member(agency, Role.EDITOR), True)]:
        client.force_login(person)
        assert ("Open a consultation" in words(client.get("/consultations/"))) is sees


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("address", ["/", "/consultations/"])
def test_lists_are_only_read(client, address, method):
    assert getattr(client, method)(address).status_code == 405


@pytest.fixture
def a_thousand_consultations():
    """1,000 consultations of 20 agencies, a third of them private; somebody in 100 groups."""
    agencies = [make_agency(f"Organismo {n}") for n in range(20)]
    person = UserFactory()
    for agency in agencies:
        member(agency, *Role, user=person)
    now = database_now()
    consultations = Consultation.objects.bulk_create(
        Consultation(
            agency=agencies[n % 20],
            slug=f"consulta-{n}",
            title=f"Consulta {n}",
            summary="…",
            visibility="private" if n % 3 == 0 else "public",
            published_at=now,
        )
        for n in range(1000)
    )
    Phase.objects.bulk_create(
        Phase(consultation=c, kind="voting", starts_at=now - timedelta(days=n % 9 - 3), ends_at=now + timedelta(days=6))
        for n, c in enumerate(consultations)
    )
    view = Permission.objects.get(codename="view_consultation")
    ConsultationGroupObjectPermission.objects.bulk_create(
        ConsultationGroupObjectPermission(group=group, permission=view, content_object=c)
        for c in consultations[::3]
        for group in person.groups.filter(name__startswith=f"agency {c.agency_id} ")[:2]
    )
    assert person.groups.count() == 100
    return fresh(person)


def test_lists_cost_the_same_with_a_thousand_consultations_and_a_hundred_groups(
    client, a_thousand_consultations, django_assert_max_num_queries
):
    client.force_login(a_thousand_consultations)
    for address in ["/", "/consultations/", "/consultations/?state=open&page=9", "/consultations/?agency=organismo-3"]:
        with django_assert_max_num_queries(12):
            assert client.get(address).status_code == 200

    assert client.get("/consultations/").context["page"].paginator.count == 1000
    client.logout()
    assert client.get("/consultations/").context["page"].paginator.count == 666


@pytest.mark.parametrize("asked", ["arboles", "Árbol cuántos", "salud avenidas", '"mil árboles"', "PLANTAR"])
def test_a_consultation_is_found_by_words_of_its_title_summary_or_agency(client, asked):
    agency = make_agency("Ministerio de Salud")
    make_consultation(agency, title="Mil árboles para las avenidas", summary="Cuántos plantamos, y dónde.")
    make_consultation(make_agency("Obras"), title="La plaza del Molino", summary="Tres proyectos.")

    page = client.get("/consultations/", {"q": asked})

    assert titles(page) == ["Mil árboles para las avenidas"]
    assert asked.replace('"', "&quot;") in page.text  # stays in its field


def test_words_find_nobody_what_they_may_not_see_and_strange_ones_find_nothing(client):
    make_consultation(title="Secretísima", visibility="private")
    make_consultation(title="A la vista")
    for asked in ("secretísima", "'; drop", "& | !", "á" * 5000):
        assert titles(client.get("/consultations/", {"q": asked})) == []
