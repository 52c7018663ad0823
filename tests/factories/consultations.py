from datetime import timedelta

import factory

from accounts.models import Agency
from consultations.clock import database_now
from consultations.models import Consultation, Phase, Proposal
from consultations.opening import PhaseDates, create_consultation, publish_consultation
from tests.factories.accounts import fresh, make_agency

# Without those that only budgets have: they are there for who says to stand in one.
ORDER = [kind.value for kind in Phase.Kind if kind not in Phase.OF_BUDGETS]


def phases_around(now_in: str | None, *, hours: float = 24, last: str = "voting") -> list[PhaseDates]:
    """All phases one after the other, ``hours`` long each, so placed that now is in the middle of ``now_in``.

    ``now_in`` None: all of them lie ahead. "over": all of them are past. Phases after ``last`` are left out.
    """
    order = list(Phase.Kind.values) if now_in in Phase.OF_BUDGETS else ORDER
    kinds = order[: order.index(max(last, now_in or last, key=lambda k: order.index(k) if k in order else -1)) + 1]
    length = timedelta(hours=hours)
    place = {None: -0.5, "over": len(kinds) + 0.5}.get(now_in)
    if place is None:
        place = kinds.index(now_in) + 0.5
    start = database_now() - place * length
    return [PhaseDates(kind, start + n * length, start + (n + 1) * length) for n, kind in enumerate(kinds)]


def make_consultation(
    agency: Agency | None = None,
    *,
    now_in: str | None = "discussion",
    publish: bool = True,
    title: str = "Plan de arbolado",
    hours: float = 24,
    **fields,
) -> Consultation:
    """A consultation (published unless said) whose clock stands in the middle of the phase ``now_in``."""
    agency = agency or make_agency(f"Obras {Agency.objects.count() + 1}")
    owner = (
        agency.owner if hasattr(agency, "owner") else agency.members.filter(memberships__roles__contains=["owner"])[0]
    )
    defaults = {"summary": "Qué árboles plantamos y dónde.", "body": "Queremos plantar **mil** árboles."}
    consultation = create_consultation(
        agency=agency,
        title=title,
        actor=fresh(owner),
        phases=phases_around(now_in, hours=hours),
        **{**defaults, **fields},
    )
    if publish:
        publish_consultation(consultation=consultation, actor=fresh(owner))
    return Consultation.objects.get(pk=consultation.pk)


class ProposalFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Proposal

    title = factory.Sequence(lambda n: f"Una plaza en el barrio {n}")
    body = "Con bancos y sombra."
