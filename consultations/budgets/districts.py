"""The districts of a budget: their rows, and their sum, which is the budget's amount."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.access import Person
from accounts.refusals import Conflict, InvalidInput
from consultations.budgets.boundaries import plain_name
from consultations.budgets.money import BUDGET_BEGUN_BALLOTS, write_budget
from consultations.models import Budget, Consultation, District

MOST_DISTRICTS = 100
# What people vote on or by. Boundary, population and threshold may change still when ballots are there.
_FIXED = ("name", "amount_cents", "is_for_all", "position")


@dataclass(frozen=True)
class DistrictGiven:
    """A district as an editor gives it. ``pk`` None: a new one. ``boundary`` None: it has none."""

    name: str
    amount_cents: int
    population: int | None = None
    is_for_all: bool = False
    support_threshold: int | None = None
    boundary: Mapping[str, Any] | None = None
    pk: int | None = None


def districts_of(consultation: Consultation) -> Sequence[District]:
    """In their order, without the boundaries, which are long."""
    return list(consultation.districts.defer("boundary"))


def write_districts(
    consultation: Consultation, given: Sequence[DistrictGiven], *, currency: str, rule: str
) -> tuple[list[str], list[str]] | None:
    """Give the consultation exactly these districts, and its budget their sum. None given: it has no districts.

    In a transaction of the caller. Returns what they were and are, in words for the record; None if nothing differs.
    Raises InvalidInput with the field of the row at fault; Conflict for what people have voted on.
    """
    _check(given)
    stored = {district.pk: district for district in District.objects.filter(consultation=consultation)}
    before = [_in_short(district) for district in stored.values()]
    kept = {row.pk for row in given if row.pk in stored}
    is_voted_on = consultation.polls.filter(ballots__isnull=False).exists()
    for district in stored.values():
        if district.pk not in kept:
            _remove(district, len(stored), is_voted_on=is_voted_on)
    after, differs = [], len(kept) < len(stored)
    for position, row in enumerate(given):
        district = stored.get(row.pk or 0) or District(consultation=consultation)
        old = {name: getattr(district, name) for name in _FIXED}
        is_changed = _fill(district, row, position)
        if is_voted_on and (district.pk is None or any(getattr(district, name) != old[name] for name in _FIXED)):
            raise Conflict(BUDGET_BEGUN_BALLOTS)
        if is_changed or district.pk is None:
            district.save()
            differs = True
        after.append(_in_short(district))
    differs = _write_sum(consultation, given, currency, rule, is_voted_on=is_voted_on) or differs
    return (before, after) if differs else None


def write_money(
    consultation: Consultation,
    budget_cents: int | None,
    currency: str,
    districts: Sequence[DistrictGiven] | None,
    rule: str,
) -> tuple[list[str], list[str]] | None:
    """The whole amount, or districts and their sum; None leaves either. Returns as ``write_districts``."""
    changed = None
    if districts is not None:
        changed = write_districts(consultation, districts, currency=currency, rule=rule)
    if not consultation.districts.exists():
        write_budget(consultation, budget_cents, currency)
    return changed


def record_districts(consultation: Consultation, changed: tuple[list[str], list[str]], actor: Person) -> None:
    """In the audit trail, with what ``write_districts`` returned."""
    before, after = changed
    audit.record(
        "consultations.districts_changed",
        actor=actor,
        on=consultation,
        consultation_id=consultation.pk,
        old={"districts": before},
        new={"districts": after},
    )


def district_to_copy(district: District) -> DistrictGiven:
    """For another consultation: all of it but its number."""
    return DistrictGiven(
        name=district.name,
        amount_cents=district.amount_cents,
        population=district.population,
        is_for_all=district.is_for_all,
        support_threshold=district.support_threshold,
        boundary=district.boundary,
    )


def _check(given: Sequence[DistrictGiven]) -> None:
    if len(given) > MOST_DISTRICTS:
        raise InvalidInput("too_many_districts", gettext("At most %(most)s districts.") % {"most": MOST_DISTRICTS})
    seen: dict[str, int] = {}
    for number, row in enumerate(given):
        if plain_name(row.name) in seen:
            raise InvalidInput("district_twice", _("Another district has this name."), field=f"district_{number}_name")
        seen[plain_name(row.name)] = number
    for_all = [number for number, row in enumerate(given) if row.is_for_all]
    if len(for_all) > 1:
        field = f"district_{for_all[1]}_is_for_all"
        raise InvalidInput("two_parts_for_all", _("Only one part can be everybody's."), field=field)


def _remove(district: District, count: int, *, is_voted_on: bool) -> None:
    if is_voted_on:
        raise Conflict(BUDGET_BEGUN_BALLOTS)
    words = {"name": district.name}
    if district.polls.exists():
        sentence = gettext("“%(name)s” has a vote of its own, so it cannot be removed. Take the vote away first.")
        raise InvalidInput("district_with_poll", sentence % words)
    if district.proposals.exists():
        sentence = gettext("There are proposals for “%(name)s”, so it cannot be removed. Give it another name instead.")
        raise InvalidInput("district_with_proposals", sentence % words)
    district.delete()


def _fill(district: District, row: DistrictGiven, position: int) -> bool:
    """Put the given into the row. Returns whether anything differs."""
    new = {
        "name": row.name,
        "amount_cents": row.amount_cents,
        "population": row.population,
        "is_for_all": row.is_for_all,
        "support_threshold": row.support_threshold,
        "boundary": row.boundary,
        "position": position,
    }
    differs = any(getattr(district, name) != value for name, value in new.items())
    for name, value in new.items():
        setattr(district, name, value)
    return differs


def _write_sum(
    consultation: Consultation, given: Sequence[DistrictGiven], currency: str, rule: str, *, is_voted_on: bool
) -> bool:
    if not given:
        return False
    total = sum(row.amount_cents for row in given)
    new = {"amount_cents": total, "currency": currency, "district_rule": rule}
    budget = Budget.objects.filter(consultation=consultation).first()
    if budget and all(getattr(budget, name) == value for name, value in new.items()):
        return False
    if is_voted_on:
        raise Conflict(BUDGET_BEGUN_BALLOTS)
    Budget.objects.update_or_create(consultation=consultation, defaults=new)
    return True


def _in_short(district: District) -> str:
    """For the record: "Norte: 450000.00", everybody's part with a mark."""
    mark = " *" if district.is_for_all else ""
    return f"{district.name}{mark}: {district.amount_cents // 100}.{district.amount_cents % 100:02}"
