"""The phase clock: which phase it is, what it allows, and the same answer in Python and in SQL."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.refusals import PhaseClosed
from consultations.clock import Act, State, active_phase, database_now, is_allowed, require_phase
from consultations.models import Consultation, Phase
from tests.factories import make_agency, make_consultation

pytestmark = pytest.mark.django_db
P, S, C, V = Act.PROPOSE, Act.SUPPORT, Act.COMMENT, Act.VOTE


@pytest.mark.parametrize(
    ("now_in", "allowed"),
    [
        (None, set()),
        ("information", set()),
        ("proposals", {P, S, C}),
        ("support", {S, C}),
        ("discussion", {S, C}),
        ("review", {C}),
        ("costing", {C}),
        ("voting", {V, C}),
        ("results", set()),
        ("follow_up", {C}),
        ("over", set()),
    ],
)
def test_each_phase_allows_exactly_what_the_table_says(now_in, allowed):
    consultation = make_consultation(now_in=now_in)

    assert {act for act in Act if is_allowed(consultation, act)} == allowed
    for act in Act:
        if act in allowed:
            require_phase(consultation, act)
        else:
            with pytest.raises(PhaseClosed):
                require_phase(consultation, act)


def test_a_draft_allows_nothing_whatever_its_phases_say():
    consultation = make_consultation(now_in="voting", publish=False)

    assert not any(is_allowed(consultation, act) for act in Act)


def test_a_phase_begins_at_its_start_and_is_over_at_its_end():
    phase = Phase(
        kind="voting",
        starts_at=datetime(2026, 11, 1, 12, tzinfo=UTC),
        ends_at=datetime(2026, 11, 2, 12, tzinfo=UTC),
    )
    instant = timedelta(microseconds=1)

    assert not phase.is_active_at(phase.starts_at - instant)
    assert phase.is_active_at(phase.starts_at)
    assert phase.is_active_at(phase.ends_at - instant)
    assert not phase.is_active_at(phase.ends_at)


def test_between_two_phases_none_is_active():
    consultation = make_consultation(now_in="discussion")
    consultation.phases.filter(kind="discussion").delete()

    assert active_phase(consultation) is None
    assert not is_allowed(consultation, Act.COMMENT)


def test_the_clock_is_the_databases_and_runs_inside_a_transaction():
    first, second = database_now(), database_now()

    assert connection.in_atomic_block
    assert first < second
    assert first.tzinfo is not None


def phase_plans() -> st.SearchStrategy[list[tuple[str, int, int | None]]]:
    """Phases that do not overlap, at whole hours around now; the last one may have no end."""

    def laid_out(pieces: list[tuple[int, int]], kinds: list[str], start: int, endless: bool) -> list:
        plan, at = [], start
        for kind, (gap, length) in zip(kinds, pieces, strict=False):
            plan.append((kind, at + gap, at + gap + length))
            at += gap + length
        if endless and plan:
            plan[-1] = (*plan[-1][:2], None)
        return plan

    pieces = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 4)), max_size=6)
    return st.builds(laid_out, pieces, st.permutations(Phase.Kind.values), st.integers(-14, 4), st.booleans())


@pytest.fixture
def agency():
    return make_agency()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(plan=phase_plans(), is_published=st.booleans())
def test_a_list_finds_a_consultation_in_the_state_that_its_page_shows(agency, plan, is_published):
    now = database_now()
    consultation = Consultation.objects.create(
        agency=agency, slug=f"c-{Consultation.objects.count()}", published_at=now if is_published else None
    )
    # Half an hour off, so that no boundary falls on now.
    for kind, starts, ends in plan:
        starts_at = now + timedelta(hours=starts + 0.5)
        ends_at = None if ends is None else now + timedelta(hours=ends + 0.5)
        Phase.objects.create(consultation=consultation, kind=kind, starts_at=starts_at, ends_at=ends_at)

    stated = consultation.state_at(now)

    everything = Consultation.objects.filter(pk=consultation.pk).with_times()
    assert [state for state in State if everything.in_state(state, now).exists()] == [stated]
    rank = {State.DRAFT: 0, State.OPEN: 1, State.SOON: 2, State.CLOSED: 3}
    assert everything.by_urgency(now).get().rank == rank[stated]
