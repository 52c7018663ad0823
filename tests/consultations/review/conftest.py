from types import SimpleNamespace

import pytest

from accounts.models import Role
from consultations.models import Budget, District
from consultations.review.assigning import assign
from tests.factories import ProposalFactory, UserFactory, fresh, make_agency, make_consultation, member


@pytest.fixture
def world(db):
    """A budget of two districts; an editor, a lawyer and an engineer of the agency; and Rosa, who proposed a square."""
    agency = make_agency("Obras")
    consultation = make_consultation(agency, now_in="discussion", slug="pp")
    Budget.objects.create(consultation=consultation, amount_cents=1_000_000_00)
    north, south = (
        District.objects.create(consultation=consultation, position=n, name=name, amount_cents=500_000_00)
        for n, name in enumerate(["Norte", "Sur"], start=1)
    )
    rosa = UserFactory(name="Rosa")
    return SimpleNamespace(
        agency=agency,
        consultation=consultation,
        north=north,
        south=south,
        editor=member(agency, Role.EDITOR),
        lawyer=member(agency, Role.MEMBER, user=UserFactory(name="Lía, abogada")),
        engineer=member(agency, Role.ANALYST, user=UserFactory(name="Ernesto, ingeniero")),
        rosa=rosa,
        square=ProposalFactory(consultation=consultation, district=north, author=rosa, title="Plaza del Sauce"),
    )


@pytest.fixture
def assigned(world):
    """The same, with the lawyer on the square."""
    assign(consultation=world.consultation, actor=world.editor, reviewer_id=world.lawyer.pk, proposals=[world.square])
    world.lawyer, world.rosa = fresh(world.lawyer), fresh(world.rosa)
    return world
