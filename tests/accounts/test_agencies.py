"""Agencies and communities: their pages, and who makes new ones."""

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from accounts.agencies import appoint_administrator
from accounts.models import Agency, Membership, Role, User
from tests.factories import UserFactory, fresh, make_agency, make_consultation, member
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db
NEW = "/agencies/new/"
SALUD = {"kind": "agency", "name": "Salud Pública", "owner_email": "beto@salud.gob.ar"}


@pytest.fixture
def administrator(client):
    """Somebody who may create agencies, logged in."""
    person = UserFactory()
    appoint_administrator(person)
    client.force_login(fresh(person))
    return person


def test_anybody_reads_who_the_agencies_are(client):
    make_agency("Obras")

    assert "Obras" in client.get("/agencies/").content.decode()
    assert client.get("/agencies/obras/").status_code == 200
    assert client.get("/agencies/nadie/").status_code == 404


@pytest.mark.parametrize("address", ["/agencies/", "/agencies/obras/"])
def test_agencies_are_only_read(client, address):
    make_agency("Obras")

    assert client.post(address).status_code == 405


def test_an_agencys_page_shows_its_consultations_that_the_reader_may_see(client):
    obras = make_agency("Obras")
    make_consultation(obras, title="Pública")
    make_consultation(obras, title="Reservada", visibility="private")
    make_consultation(make_agency("Salud"), title="De otra")

    def shown() -> set[str]:
        page = client.get("/agencies/obras/").content.decode()
        return {title for title in ("Pública", "Reservada", "De otra") if title in page}

    assert shown() == {"Pública"}
    client.force_login(member(obras, Role.MEMBER))
    assert shown() == {"Pública", "Reservada"}


@pytest.mark.parametrize("role", [Role.EDITOR, Role.MODERATOR])
def test_who_may_open_a_consultation_finds_the_way_on_the_agencys_page(client, role):
    agency = make_agency("Obras")
    client.force_login(member(agency, role))

    page = client.get(agency.get_absolute_url()).content.decode()

    assert ('href="/consultations/new/"' in page) is (role == Role.EDITOR)


def test_only_owners_see_the_way_to_the_members(client):
    agency = make_agency("Obras")
    for person, sees in [(None, False), (member(agency, Role.EDITOR), False), (agency.owner, True)]:
        client.logout()
        if person:
            client.force_login(person)
        assert (b"/agencies/obras/members/" in client.get("/agencies/obras/").content) is sees


def test_an_administrator_makes_an_agency_whose_owner_is_told(client, administrator):
    response = client.post(NEW, SALUD)
    send_what_waits()

    assert response.url == "/agencies/salud-publica/"
    assert "“Salud Pública” is here" in client.get(response.url).text  # an agency or a community
    owner = User.objects.get(email="beto@salud.gob.ar")
    assert owner.has_perm("accounts.manage_members_agency", Agency.objects.get(slug="salud-publica"))
    assert mail.outbox[0].to == ["beto@salud.gob.ar"]
    assert not administrator.has_perm("accounts.manage_members_agency", Agency.objects.get(slug="salud-publica"))


def test_nobody_but_administrators_makes_agencies(client):
    owner = make_agency("Obras").owner
    for person in [None, UserFactory(), owner]:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(NEW).status_code == 403
        assert client.post(NEW, SALUD).status_code == 403
        assert b"/agencies/new/" not in client.get("/agencies/").content
    assert Agency.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": "Obras"}, "name"),
        ({"slug": "obras"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"name": "¿?"}, "slug"),
        ({"slug": "con espacios"}, "slug"),
        ({"kind": "kingdom"}, "kind"),
        ({"owner_email": "nadie"}, "owner_email"),
        ({"name": ""}, "name"),
    ],
)
def test_each_fault_is_shown_at_its_field_and_nothing_is_made(client, administrator, changes, field):
    make_agency("Obras")

    response = client.post(NEW, SALUD | changes)

    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert Agency.objects.count() == 1
    assert not User.objects.filter(email="beto@salud.gob.ar").exists()


def test_a_wrong_address_is_explained_without_the_word_of_programmers(client, administrator):
    response = client.post(NEW, SALUD | {"slug": "salud pública"})

    assert response.context["form"].errors["slug"] == ["Write an address of letters, numbers and hyphens."]


def test_the_command_makes_an_agency_and_its_owner(capsys):
    call_command("create_agency", "Obras Públicas", "obras", "--owner", "Ana@Obras.gob.ar", "--administrator")

    owner = User.objects.get(email="ana@obras.gob.ar")
    assert "/agencies/obras/ owned by ana@obras.gob.ar" in capsys.readouterr().out
    assert Membership.objects.get(user=owner).roles == ["owner"]
    assert owner.has_perm("accounts.add_agency")


@pytest.mark.parametrize(
    ("name", "slug", "owner"),
    [
        ("Obras", "otra", "a@x.org"),
        ("Otra", "obras", "a@x.org"),
        ("Otra", "con espacios", "a@x.org"),
        ("Otra", "otra", "a"),
        ("", "otra", "a@x.org"),
        ("O" * 121, "otra", "a@x.org"),
        ("Otra", "o" * 61, "a@x.org"),
        ("Otra", "otra", f"{'a' * 250}@x.org"),
    ],
)
def test_the_command_refuses_in_one_line_and_leaves_nothing(name, slug, owner):
    make_agency("Obras")
    people = User.objects.count()

    with pytest.raises(CommandError):
        call_command("create_agency", name, slug, "--owner", owner)

    assert (Agency.objects.count(), User.objects.count()) == (1, people)


def test_a_community_owns_a_private_consultation_that_members_of_several_agencies_see(client):
    red = make_agency("Red", community=True)
    obras, salud = make_agency("Obras"), make_agency("Salud")
    ana, beto = member(red, Role.EDITOR, user=member(obras, Role.MEMBER)), member(red, Role.MEMBER)
    consultation = make_consultation(red, visibility="private")
    for person, status in [(ana, 200), (beto, 200), (obras.owner, 404), (salud.owner, 404)]:
        client.force_login(fresh(person))
        assert client.get(consultation.get_absolute_url()).status_code == status


def test_the_agencies_pages_cost_the_same_however_many_there_are(client, django_assert_max_num_queries):
    agency = make_agency("Obras", community=True)
    for n in range(10):
        make_agency(f"Organismo {n}")
        make_consultation(agency, title=f"Consulta {n}")
    client.force_login(agency.owner)

    for address in ["/agencies/", "/agencies/obras/"]:
        with django_assert_max_num_queries(12):
            client.get(address)
