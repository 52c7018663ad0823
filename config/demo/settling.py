"""People and agencies of the demonstration: each is made once, and left alone ever after."""

import random
from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.agencies import appoint_administrator, create_agency
from accounts.legal import CURRENT
from accounts.models import Agency, IdentityCheck, Role, User
from accounts.roles import set_roles
from config.demo.people import AGENCIES, CITIZENS, PASSWORD, STAFF, DemoPerson, citizens

VERIFIES = "participacion"  # the agency at whose desk people show who they are


@transaction.atomic
def settle() -> None:
    """Make whoever and whatever is missing."""
    staff = _make_people([*STAFF, *CITIZENS], make_password(PASSWORD))  # hashed once: a hash takes its time on purpose
    # Nobody can log in as one of these: they are there to propose, to comment and to vote.
    _make_people(citizens(), make_password(None))
    agencies = {agency.slug: agency for agency in Agency.objects.filter(slug__in=[a.slug for a in AGENCIES])}
    for demo_agency in AGENCIES:
        if demo_agency.slug not in agencies:
            owner = next(p for p in STAFF if Role.OWNER in p.works_for.get(demo_agency.slug, []))
            agencies[demo_agency.slug] = create_agency(
                name=demo_agency.name,
                slug=demo_agency.slug,
                kind=demo_agency.kind,
                description=demo_agency.description,
                owner=staff[owner.email],
            )
            _employ(agencies[demo_agency.slug], agencies, staff)
    _verify_some(agencies[VERIFIES], staff)
    for person in STAFF:
        if person.is_administrator:
            appoint_administrator(staff[person.email])


def _make_people(people: list[DemoPerson], password: str) -> dict[str, User]:
    """E-mail -> account, for all of them. A known address keeps the account that it has."""
    known = set(User.objects.filter(email__in=[p.email for p in people]).values_list("email", flat=True))
    User.objects.bulk_create(
        User(
            terms_version=CURRENT.number,
            email=person.email,
            name=person.name,
            password=password,
        )
        for person in people
        if person.email not in known
    )
    accounts = {user.email: user for user in User.objects.filter(email__in=[p.email for p in people])}
    _confirm(user for user in accounts.values() if user.email not in known)
    return accounts


def _confirm(users: Iterable[User]) -> None:
    EmailAddress.objects.bulk_create(
        [EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users]
    )


def _verify_some(agency: Agency, staff: dict[str, User]) -> None:
    """About half of the people have shown their papers at the agency's desk, once."""
    if agency.identity_checks.exists():
        return
    owner = next(p for p in STAFF if Role.OWNER in p.works_for.get(agency.slug, []))
    people = [user for user in User.objects.order_by("pk") if user.pk != staff[owner.email].pk]
    verified = random.Random(2).sample(people, len(people) // 2)
    IdentityCheck.objects.bulk_create(
        IdentityCheck(user=user, agency=agency, kind=IdentityCheck.Kind.IDENTITY, checked_by=staff[owner.email])
        for user in verified
    )
    User.objects.filter(pk__in=[user.pk for user in verified]).update(verification_level=User.Verification.IDENTITY)


def _employ(agency: Agency, agencies: dict[str, Agency], staff: dict[str, User]) -> None:
    for person in STAFF:
        roles = person.works_for.get(agency.slug)
        if roles:
            sent_by = agencies[person.sent_by] if agency.is_community else None
            set_roles(agency=agency, user=staff[person.email], roles=roles, actor=None, on_behalf_of=sent_by)
