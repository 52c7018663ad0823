"""Owners look after members: on the page, by e-mail, and never without an owner left."""

import pytest
from django.core import mail
from django.db import transaction

from accounts.agencies import add_member, change_roles
from accounts.models import AuditEntry, Membership, Role, User
from accounts.permissions import AGENCY_GRANTS
from accounts.refusals import Conflict, NotPermitted
from consultations.permissions import CONSULTATION_GRANTS
from tests.factories import UserFactory, fresh, make_agency, make_consultation, member
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db
MEMBERS, ADD = "/agencies/obras/members/", "/agencies/obras/members/add/"


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def owner(client, agency):
    """The owner of Obras, logged in."""
    client.force_login(agency.owner)
    return agency.owner


def roles_of(agency, user) -> list[str]:
    membership = Membership.objects.filter(agency=agency, user=user).first()
    return membership.roles if membership else []


def address_of(agency, user, rest: str = "") -> str:
    return f"{MEMBERS}{Membership.objects.get(agency=agency, user=user).pk}/{rest}"


def test_an_owner_sees_who_works_for_the_agency_and_what_each_role_means(client, agency, owner):
    member(agency, Role.EDITOR, Role.ANALYST, user=UserFactory(name="Ana Pérez"))

    page = client.get(MEMBERS).content.decode()

    assert "Ana Pérez" in page
    assert "Editor, Analyst" in page
    assert "Hides and restores what people write" in page


def test_only_owners_of_the_agency_look_after_its_members(client, agency):
    ana = member(agency, Role.MEMBER)
    for person in [None, UserFactory(), make_agency("Otra").owner, *(member(agency, r) for r in list(Role)[1:])]:
        client.logout()
        if person:
            client.force_login(person)
        answers = [
            client.get(MEMBERS),
            client.post(ADD, {"email": "x@example.org", "roles": ["owner"]}),
            client.get(address_of(agency, ana)),
            client.post(address_of(agency, ana), {"roles": ["owner"]}),
            client.post(address_of(agency, ana, "remove/")),
        ]
        assert [answer.status_code for answer in answers] == [403] * 5
    assert roles_of(agency, ana) == ["member"]
    assert not User.objects.filter(email="x@example.org").exists()


def test_somebody_new_gets_an_account_the_roles_and_an_e_mail_in_their_language(client, agency, owner):
    response = client.post(ADD, {"email": "Ana@Obras.gob.ar", "name": "Ana Pérez", "roles": ["editor", "analyst"]})
    send_what_waits()

    ana = User.objects.get(email="ana@obras.gob.ar")
    assert response.url == MEMBERS
    assert (ana.name, ana.has_usable_password()) == ("Ana Pérez", False)
    assert roles_of(agency, ana) == ["editor", "analyst"]
    (letter,) = mail.outbox
    assert letter.to == ["ana@obras.gob.ar"]
    html = letter.alternatives[0][0]
    for said in (letter.body, html):
        assert "http://testserver/account/login/code/" in said
        assert "http://testserver/agencies/obras/" in said
        assert "Analista" in said


def test_the_e_mail_is_in_the_language_of_who_gets_it(client, agency, owner):
    UserFactory(email="jo@example.org", language="en")

    client.post(ADD, {"email": "jo@example.org", "roles": ["editor"]}, headers={"accept-language": "es-AR"})
    send_what_waits()

    assert mail.outbox[0].subject == "You work with Obras now"
    assert "Hello" in mail.outbox[0].body


def test_who_is_removed_before_the_e_mail_leaves_gets_none(client, agency, owner):
    client.post(ADD, {"email": "ana@example.org", "roles": ["editor"]})
    client.post(address_of(agency, User.objects.get(email="ana@example.org"), "remove/"))
    send_what_waits()

    assert mail.outbox == []


def test_an_e_mail_waits_in_the_transaction_of_the_membership(client, agency, owner):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        add_member(agency=agency, actor=owner, email="ana@example.org", roles=[Role.EDITOR])
        raise ZeroDivisionError

    send_what_waits()
    assert mail.outbox == []


def test_who_has_an_account_already_keeps_it(client, agency, owner):
    ana = UserFactory(email="ana@example.org", name="Ana Pérez")

    client.post(ADD, {"email": "ANA@example.org", "name": "Otro nombre", "roles": ["editor"]})

    ana.refresh_from_db()
    assert ana.name == "Ana Pérez"
    assert roles_of(agency, ana) == ["editor"]


def test_who_is_known_by_a_second_confirmed_address_is_the_same_person(client, agency, owner):
    ana = UserFactory(email="ana@example.org")
    ana.emailaddress_set.create(email="ana@obras.gob.ar", verified=True)

    client.post(ADD, {"email": "ana@obras.gob.ar", "roles": ["editor"]})

    assert roles_of(agency, ana) == ["editor"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "ana@example.org"}, "roles"),
        ({"email": "ana@example.org", "roles": ["king"]}, "roles"),
        ({"email": "no es un correo", "roles": ["editor"]}, "email"),
        ({"email": "titular@example.org", "roles": ["editor"]}, "email"),
        ({}, "email"),
    ],
)
def test_each_fault_is_shown_at_its_field_and_nobody_is_added(client, agency, owner, typed, field):
    User.objects.filter(pk=owner.pk).update(email="titular@example.org")

    response = client.post(ADD, typed)

    assert response.status_code == 400
    assert field in response.context["form"].errors
    assert Membership.objects.count() == 1


def test_in_a_community_a_member_comes_from_an_agency(client, agency):
    community = make_agency("Red", community=True)
    client.force_login(community.owner)

    client.post("/agencies/red/members/add/", {"email": "ana@x.org", "roles": ["editor"], "on_behalf_of": agency.pk})

    assert community.memberships.get(user__email="ana@x.org").on_behalf_of == agency
    assert "Obras" in client.get("/agencies/red/").content.decode()


def test_changing_roles_gives_and_takes_exactly_what_the_tables_say(client, agency, owner):
    consultation = make_consultation(agency)
    ana = member(agency, Role.MEMBER)

    for role in [*Role, Role.MEMBER]:
        assert client.post(address_of(agency, ana), {"roles": [role.value]}).status_code == 302
        held = fresh(ana)
        for grants, app, obj in [
            (AGENCY_GRANTS, "accounts", agency),
            (CONSULTATION_GRANTS, "consultations", consultation),
        ]:
            every = set().union(*grants.values()) - {"view_consultation"}
            assert {name for name in every if held.has_perm(f"{app}.{name}", obj)} == grants[role] - {
                "view_consultation"
            }


def test_a_member_without_a_role_is_none_so_the_form_asks_for_one(client, agency, owner):
    ana = member(agency, Role.EDITOR)

    assert client.post(address_of(agency, ana), {}).status_code == 400
    assert roles_of(agency, ana) == ["editor"]


def test_who_is_removed_loses_sight_of_what_is_private_at_once(client, agency, owner):
    consultation = make_consultation(agency, visibility="private")
    ana = member(agency, Role.EDITOR)

    client.post(address_of(agency, ana, "remove/"))

    client.force_login(fresh(ana))
    assert client.get(consultation.get_absolute_url()).status_code == 404
    assert roles_of(agency, ana) == []


def test_removing_is_by_post(client, agency, owner):
    ana = member(agency, Role.EDITOR)

    assert client.get(address_of(agency, ana, "remove/")).status_code == 405
    assert client.get(ADD).status_code == 405


def test_the_last_owner_cannot_leave_and_learns_why(client, agency, owner):
    for response in [
        client.post(address_of(agency, owner), {"roles": ["editor"]}),
        client.post(address_of(agency, owner, "remove/")),
    ]:
        assert response.status_code == 409
        assert "Make somebody else an owner first" in response.content.decode()
    assert roles_of(agency, owner) == ["owner"]


def test_an_owner_who_steps_down_lands_on_the_agencys_page(client, agency, owner):
    member(agency, Role.OWNER)

    response = client.post(address_of(agency, owner), {"roles": ["editor"]})

    assert response.url == "/agencies/obras/"


def test_a_member_of_another_agency_is_not_found_here(client, agency, owner):
    salud = make_agency("Salud")
    stranger = salud.memberships.get()

    assert client.get(f"{MEMBERS}{stranger.pk}/").status_code == 404
    assert client.post(f"{MEMBERS}{stranger.pk}/remove/").status_code == 404
    assert salud.memberships.count() == 1


def test_each_change_is_in_the_audit_trail_with_old_and_new(client, agency, owner):
    ana = member(agency, Role.EDITOR)

    client.post(address_of(agency, ana), {"roles": ["moderator"]})

    entry = AuditEntry.objects.first()
    assert (entry.event, entry.actor) == ("accounts.roles_changed", owner)
    assert entry.details == {"user_id": ana.pk, "old": ["editor"], "new": ["moderator"]}


def test_a_change_that_fails_half_way_leaves_neither_the_roles_nor_the_record(agency, monkeypatch):
    ana = member(agency, Role.EDITOR)
    before = AuditEntry.objects.count()

    def fail(*args, **details):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("accounts.audit.AuditEntry.objects.create", fail)
    with pytest.raises(RuntimeError):
        change_roles(membership=agency.memberships.get(user=ana), roles=[Role.OWNER], actor=fresh(agency.owner))

    assert roles_of(agency, ana) == ["editor"]
    assert not fresh(ana).has_perm("accounts.manage_members_agency", agency)
    assert AuditEntry.objects.count() == before


def test_the_use_cases_ask_for_themselves_whoever_calls_them(agency):
    editor = member(agency, Role.EDITOR)

    with pytest.raises(NotPermitted):
        add_member(agency=agency, email="x@example.org", roles=[Role.OWNER], actor=editor)
    with pytest.raises(NotPermitted):
        change_roles(membership=agency.memberships.get(user=editor), roles=[Role.OWNER], actor=editor)
    with pytest.raises(Conflict):
        change_roles(membership=agency.memberships.get(user=agency.owner), roles=[], actor=fresh(agency.owner))


def test_the_members_page_costs_the_same_however_many_there_are(client, agency, owner, django_assert_max_num_queries):
    for _ in range(20):
        member(agency, Role.MEMBER)

    with django_assert_max_num_queries(12):
        client.get(MEMBERS)
