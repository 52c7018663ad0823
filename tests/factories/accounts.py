from functools import cache

import factory
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import AnonymousUser

from accounts.agencies import create_agency
from accounts.legal import CURRENT
from accounts.models import Agency, Role, User
from accounts.roles import set_roles

PASSWORD = "correct horse battery"
anonymous = AnonymousUser()


@cache
def hashed_password() -> str:
    """PASSWORD as it is stored. Hashed once for all: it is slow on purpose."""
    return make_password(PASSWORD)


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a confirmed e-mail who logs in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Persona {n}")
    email = factory.Sequence(lambda n: f"persona{n}@example.org")
    password = factory.LazyFunction(hashed_password)
    terms_version = CURRENT.number

    @factory.post_generation
    def confirmed(self, create, extracted, **kwargs):
        if create and extracted is not False:
            EmailAddress.objects.create(user=self, email=self.email, verified=True, primary=True)


def make_agency(name: str = "Obras", *, community: bool = False, owner: User | None = None) -> Agency:
    """An agency with an owner: ``agency.owner`` (a fresh instance, that has asked nothing yet)."""
    slug = name.lower().replace(" ", "-")
    kind = Agency.Kind.COMMUNITY if community else Agency.Kind.AGENCY
    owner = owner or UserFactory(name=f"Titular de {name}")
    agency = create_agency(name=name, slug=slug, owner=owner, kind=kind)
    agency.owner = fresh(owner)
    return agency


def member(agency: Agency, *roles: Role, user: User | None = None) -> User:
    """A person with these roles in ``agency``."""
    user = user or UserFactory(name=f"{' y '.join(roles)} de {agency.name}")
    set_roles(agency=agency, user=user, roles=roles, actor=None)
    return fresh(user)


def fresh(user: User) -> User:
    """The same person as the next request would load them: what was granted meanwhile counts."""
    return User.objects.get(pk=user.pk)
