"""Two people change the members of an agency at once, in two connections."""

from collections.abc import Callable

import pytest

from accounts.agencies import add_member, change_roles
from accounts.models import Membership, Role, User
from accounts.refusals import Conflict
from tests.at_once import at_once
from tests.factories import fresh, make_agency, member

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_owners_who_step_down_at_once_one_stays():
    agency = make_agency("Obras")
    other = member(agency, Role.OWNER)
    owners = [fresh(agency.owner), other]
    memberships = [Membership.objects.get(agency=agency, user=owner) for owner in owners]

    answers = at_once(
        *(
            lambda owner=owner, membership=membership: change_roles(membership=membership, roles=[], actor=owner)
            for owner, membership in zip(owners, memberships, strict=True)
        )
    )

    assert answers == ["done", "last_owner"]
    assert Membership.objects.filter(agency=agency, roles__contains=["owner"]).count() == 1


def test_somebody_new_who_is_added_twice_at_once_is_one_person_with_one_membership():
    agency = make_agency("Obras")

    def add() -> Callable[[], object]:
        me = fresh(agency.owner)
        return lambda: add_member(agency=agency, email="ana@example.org", roles=[Role.EDITOR], actor=me)

    assert at_once(add(), add()) == ["done", "member_already"]
    assert User.objects.filter(email="ana@example.org").count() == 1
    assert agency.memberships.filter(user__email="ana@example.org").count() == 1


def test_an_owner_who_is_removed_while_a_request_of_theirs_waits_stays_removed():
    agency = make_agency("Obras")
    other = member(agency, Role.OWNER)
    waiting = Membership.objects.get(agency=agency, user=other)  # as their request has read it
    assert other.has_perm("accounts.manage_members_agency", agency)
    change_roles(membership=Membership.objects.get(pk=waiting.pk), roles=[], actor=fresh(agency.owner))

    with pytest.raises(Conflict):
        change_roles(membership=waiting, roles=[Role.OWNER], actor=other)

    assert not Membership.objects.filter(agency=agency, user=other).exists()
    assert not fresh(other).has_perm("accounts.manage_members_agency", agency)
