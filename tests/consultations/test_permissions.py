"""Who may do what with a consultation: exactly what the table says, said both ways."""

import pytest

from accounts.access import why_not
from accounts.models import Role, User
from accounts.verifying import record_check, take_back_check
from consultations.models import Consultation, ConsultationGroupObjectPermission
from consultations.permissions import CONSULTATION_GRANTS, DRAFT_ROLES
from tests.factories import ProposalFactory, UserFactory, anonymous, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db
EVERY = set().union(*CONSULTATION_GRANTS.values())
TAKING_PART = ["propose", "comment", "vote"]


def granted(consultation, agency, role) -> set[str]:
    rows = ConsultationGroupObjectPermission.objects.filter(
        content_object=consultation, group__name=f"agency {agency.pk} {role.value}"
    )
    return set(rows.values_list("permission__codename", flat=True))


def may(user, name, obj) -> bool:
    return why_not(fresh(user) if isinstance(user, User) else user, f"consultations.{name}", obj) is None


@pytest.mark.parametrize("role", Role)
def test_a_role_is_granted_exactly_its_line_of_the_table_and_loses_it_with_the_role(role):
    agency = make_agency()
    consultation = make_consultation(agency, visibility="private")
    person = member(agency, role)

    assert granted(consultation, agency, role) == CONSULTATION_GRANTS[role]
    assert {name for name in EVERY if may(person, name, consultation)} == CONSULTATION_GRANTS[role]

    person.groups.clear()
    assert {name for name in EVERY if may(person, name, consultation)} == set()


@pytest.mark.parametrize("role", Role)
def test_on_a_draft_only_owners_and_editors_are_granted_anything(role):
    agency, guest = make_agency(), make_agency("Invitada")
    draft = make_consultation(agency, publish=False, visibility="private", shared_with=[guest])

    assert granted(draft, agency, role) == (CONSULTATION_GRANTS[role] if role in DRAFT_ROLES else set())
    assert granted(draft, guest, role) == set()


@pytest.mark.parametrize("role", Role)
def test_members_of_an_invited_agency_see_and_take_part_and_nothing_more(role):
    guest = make_agency("Invitada")
    consultation = make_consultation(visibility="private", shared_with=[guest])

    assert granted(consultation, guest, role) == {"view_consultation", "take_part_consultation"}


# What keeps each of them from taking part; None where nothing does. They are those of the test below, in its order.
WHO = ["nobody", "citizen", "verified", "resident", "from_elsewhere", "member", "guest"]
HINDERED = {
    "registered": ["needs_account", None, None, None, None, None, None],
    "verified": ["needs_account", "not_verified", None, "not_verified", "not_verified", "not_verified", "not_verified"],
    "resident": ["needs_account", "not_resident", "not_resident", None, "not_resident", "not_resident", "not_resident"],
    "invited": ["needs_account", "not_invited", "not_invited", "not_invited", "not_invited", None, None],
}


def living_in(agency):
    return record_check(agency=agency, email=UserFactory().email, kind="residence", actor=fresh(agency.owner)).user


@pytest.mark.parametrize("eligibility", HINDERED)
def test_who_takes_part_depends_on_eligibility_and_every_refusal_says_why(eligibility):
    agency, guest = make_agency(), make_agency("Invitada")
    consultation = make_consultation(agency, eligibility=eligibility, shared_with=[guest])
    people = [
        anonymous,
        UserFactory(),
        UserFactory(verification_level=User.Verification.IDENTITY),
        living_in(agency),
        living_in(guest),
        member(agency, Role.MEMBER),
        member(guest, Role.ANALYST),
    ]

    for act in TAKING_PART:
        found = [why_not(person, f"consultations.{act}_consultation", consultation) for person in people]
        expected = dict(zip(WHO, HINDERED[eligibility], strict=True))
        assert {name: reason and reason.code for name, reason in zip(WHO, found, strict=True)} == expected


def test_who_lives_there_no_more_takes_no_part():
    agency = make_agency()
    consultation = make_consultation(agency, eligibility="resident")
    neighbour = living_in(agency)
    take_back_check(check=neighbour.identity_checks.get(), actor=fresh(agency.owner))

    assert not may(neighbour, "vote_consultation", consultation)


def test_nobody_takes_part_in_what_they_do_not_see():
    private = make_consultation(visibility="private")

    for act in TAKING_PART:
        assert not may(UserFactory(), f"{act}_consultation", private)


def test_who_is_not_active_any_more_may_nothing():
    agency = make_agency()
    consultation = make_consultation(agency)
    person = member(agency, Role.OWNER)
    User.objects.filter(pk=person.pk).update(is_active=False)

    assert {name for name in EVERY - {"view_consultation"} if may(person, name, consultation)} == set()


def test_a_proposal_is_changed_by_its_author_and_the_agencys_by_who_speaks_for_it():
    agency = make_agency()
    consultation = make_consultation(agency, now_in="proposals")
    ana, beto, editor = UserFactory(), UserFactory(), member(agency, Role.EDITOR)
    own = ProposalFactory(consultation=consultation, author=ana)
    official = ProposalFactory(consultation=consultation, author=editor, is_official=True)

    for person, changes_own, changes_official in [
        (anonymous, False, False),
        (ana, True, False),
        (beto, False, False),
        (editor, False, True),
        (member(agency, Role.MODERATOR), False, False),
    ]:
        assert may(person, "change_proposal", own) is changes_own
        assert may(person, "change_proposal", official) is changes_official


@pytest.mark.parametrize("visibility", ["public", "private"])
@pytest.mark.parametrize("publish", [True, False])
def test_who_of_many_sees_a_consultation_is_what_each_of_them_sees(visibility, publish):
    agency, guest = make_agency(), make_agency("Invitada")
    consultation = make_consultation(agency, visibility=visibility, shared_with=[guest], publish=publish)
    people = [UserFactory(), *(member(agency, role) for role in Role), *(member(guest, role) for role in Role)]
    only_it = Consultation.objects.filter(pk=consultation.pk)

    one_by_one = {person.pk for person in people if only_it.visible_to(person).exists()}
    assert only_it.seen_by_which({person.pk for person in people}) == one_by_one
