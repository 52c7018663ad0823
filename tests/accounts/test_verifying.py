"""Officials record whose identity they have seen: who may, what it opens, what is kept, and taking a mistake back."""

import pytest

from accounts.agencies import appoint_administrator
from accounts.models import AuditEntry, IdentityCheck, Role, User
from accounts.own_data.erasing import erase_account
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from accounts.verifying import record_check, take_back_check
from comments.commenting import add_comment
from tests.consultations.doors import logged_in, words
from tests.factories import UserFactory, anonymous, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def rosa():
    return UserFactory(name="Rosa", email="rosa@example.org")


def record(agency, person="rosa@example.org", actor=None, kind="identity"):
    return record_check(agency=agency, email=person, kind=kind, actor=actor or fresh(agency.owner))


def test_who_was_verified_takes_part_where_it_is_asked_and_is_told(agency, rosa):
    strict = make_consultation(agency, eligibility="verified", now_in="discussion")
    with pytest.raises(NotPermitted) as refusal:
        add_comment(consultation=strict, actor=rosa, body="Hola.")
    assert refusal.value.reason.remedy.url_name == "accounts:verification"

    check = record(agency, " Rosa@Example.org ")

    assert (check.user, check.agency, check.checked_by) == (rosa, agency, agency.owner)
    assert add_comment(consultation=strict, actor=fresh(rosa), body="Hola.")
    assert rosa.notices.get().kind == "identity_verified"
    entry = AuditEntry.objects.get(event="accounts.identity_checked")
    assert (entry.actor, entry.details) == (agency.owner, {"user_id": rosa.pk, "kind": "identity"})


def test_owners_of_agencies_and_administrators_verify_and_nobody_else(agency, rosa):
    administrator = UserFactory()
    appoint_administrator(administrator)
    community = make_agency("Red", community=True)
    others = [member(agency, role) for role in (Role.EDITOR, Role.MODERATOR, Role.ANALYST, Role.MEMBER)]
    for person in [anonymous, UserFactory(), fresh(make_agency("Salud").owner), *others]:
        with pytest.raises(NotPermitted):
            record(agency, actor=person)
    with pytest.raises(NotPermitted):
        record(community)
    assert not IdentityCheck.objects.exists()
    assert record(agency, actor=fresh(administrator))


def test_nobody_verifies_themselves(agency):
    with pytest.raises(NotPermitted) as refusal:
        record(agency, agency.owner.email)
    assert refusal.value.code == "own_identity"
    assert not IdentityCheck.objects.exists()


def test_residence_is_another_thing_than_identity_and_each_is_recorded_once(agency, rosa):
    record(agency, kind="residence")
    assert fresh(rosa).verification_level == User.Verification.EMAIL
    record(agency)
    with pytest.raises(InvalidInput) as refusal:
        record(agency)
    assert refusal.value.field == "email"


def test_the_answer_does_not_tell_which_addresses_have_an_account(agency, rosa):
    browser = logged_in(fresh(agency.owner))
    known, unknown = (
        browser.post("/agencies/obras/verification/", {"email": email, "kind": "identity"}, follow=True)
        for email in (rosa.email, "nadie@example.org")
    )
    assert known.status_code == unknown.status_code == 200
    assert "It is recorded, and the person has been told." in words(known)
    assert "It is recorded, and the person has been told." in words(unknown)


def test_a_mistake_is_taken_back_once(agency, rosa):
    check = record(agency)
    with pytest.raises(NotPermitted):
        take_back_check(check=check, actor=fresh(make_agency("Salud").owner))
    take_back_check(check=check, actor=fresh(agency.owner))
    assert fresh(rosa).verification_level == User.Verification.EMAIL
    with pytest.raises(Conflict):
        take_back_check(check=check, actor=fresh(agency.owner))
    assert record(agency)  # and it can be done again, rightly


def test_a_person_reads_how_they_stand_and_where_to_go(agency, rosa):
    page = logged_in(rosa).get("/account/verification/?next=/consultations/")
    assert "Your identity is not verified yet." in words(page)
    assert "rosa@example.org" in words(page) and "Obras" in words(page)
    assert 'href="/consultations/"' in page.content.decode()
    record(agency)
    assert "Identity: verified by Obras" in words(logged_in(fresh(rosa)).get("/account/verification/"))


def test_an_address_of_another_site_is_no_way_back(rosa):
    page = logged_in(rosa).get("/account/verification/?next=https://example.com/").content.decode()
    assert 'href="https://example.com' not in page


def test_the_end_of_an_account_is_the_end_of_its_checks(agency, rosa):
    record(agency)
    erase_account(user=fresh(rosa), email=rosa.email, with_texts=False)
    assert not IdentityCheck.objects.exists()
    assert fresh(rosa).verification_level == User.Verification.EMAIL
