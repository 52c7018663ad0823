"""The use cases behind the form, for whoever calls them; and what the database itself refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from consultations.clock import database_now
from consultations.models import Consultation, Phase, Proposal
from consultations.opening import (
    PhaseDates,
    change_consultation,
    create_consultation,
    publish_consultation,
    version_of,
)
from tests.factories import UserFactory, anonymous, choose, fresh, make_agency, make_consultation, make_poll, member
from voting.ballots.casting import cast_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


def dates(kind: str, starts: float, ends: float | None) -> PhaseDates:
    """A phase, in days from now."""
    now = database_now()
    return PhaseDates(kind, now + timedelta(days=starts), None if ends is None else now + timedelta(days=ends))


def open_one(agency, actor, **fields):
    return create_consultation(agency=agency, title="Plan", summary="…", actor=actor, **fields)


def test_each_use_case_asks_for_itself(agency):
    consultation, draft = make_consultation(agency, title="Plan"), make_consultation(agency, publish=False)
    for person in [anonymous, UserFactory(), member(agency, Role.MODERATOR), make_agency("Otra").owner]:
        with pytest.raises(NotPermitted):
            open_one(agency, person)
        with pytest.raises(NotPermitted):
            change_consultation(consultation=consultation, actor=person, title="Otro")
        with pytest.raises(NotPermitted):
            publish_consultation(consultation=draft, actor=person)
    assert set(Consultation.objects.values_list("title", flat=True)) == {"Plan", "Plan de arbolado"}


@pytest.mark.parametrize(
    ("plan", "code", "field"),
    [
        ([("voting", 1, 3), ("voting", 5, 6)], "phase_twice", "phases"),
        ([("voting", 3, 3)], "phase_ends_early", "voting_ends_at"),
        ([("voting", 3, 1)], "phase_ends_early", "voting_ends_at"),
        ([("discussion", 1, 3), ("voting", 2.9, 6)], "phases_overlap", "voting_starts_at"),
        ([("voting", 2.9, 6), ("discussion", 1, None)], "phases_overlap", "voting_starts_at"),
    ],
)
def test_phases_that_cannot_be_are_refused_with_their_place(agency, plan, code, field):
    with pytest.raises(InvalidInput) as refused:
        open_one(agency, agency.owner, phases=[dates(*phase) for phase in plan])

    assert (refused.value.code, refused.value.field) == (code, field)
    assert not Consultation.objects.exists()


def test_a_phase_may_begin_at_the_moment_in_which_another_ends(agency):
    end = database_now() + timedelta(days=3)

    made = open_one(
        agency,
        agency.owner,
        phases=[PhaseDates("discussion", end - timedelta(days=2), end), PhaseDates("voting", end, None)],
    )

    assert made.phases.count() == 2


def test_all_phases_may_move_at_once_even_over_each_others_old_places(agency):
    consultation = make_consultation(agency, now_in="information")
    moved = [
        PhaseDates(phase.kind, phase.starts_at + timedelta(days=1), phase.ends_at + timedelta(days=1))
        for phase in consultation.phases.all()
    ]

    change_consultation(consultation=consultation, actor=fresh(agency.owner), phases=moved, reason="Feriado")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    assert [p.starts_at for p in Phase.objects.filter(consultation=consultation)] == [p.starts_at for p in moved]


@pytest.mark.parametrize(
    ("constraint", "starts", "ends"), [("phases_do_not_overlap", 0.5, 2), ("a_phase_ends_after_it_starts", 9, 8)]
)
def test_the_database_refuses_phases_that_overlap_or_end_before_they_start(agency, constraint, starts, ends):
    consultation = open_one(agency, agency.owner, phases=[dates("discussion", 0, 1)])
    wrong = dates("voting", starts, ends)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Phase.objects.create(consultation=consultation, kind="voting", starts_at=wrong.starts_at, ends_at=wrong.ends_at)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_a_second_phase_of_a_kind_and_a_hidden_proposal_without_a_reason(agency):
    consultation = open_one(agency, agency.owner, phases=[dates("discussion", 0, 1)])

    with pytest.raises(IntegrityError, match="one_phase_of_a_kind"), transaction.atomic():
        Phase.objects.create(consultation=consultation, kind="discussion", starts_at=dates("", 5, None).starts_at)
    with pytest.raises(IntegrityError, match="a_hidden_proposal"), transaction.atomic():
        Proposal.objects.create(consultation=consultation, title="x", hidden_at=database_now())


def test_none_leaves_what_it_stands_for_and_zero_takes_the_money_away(agency):
    consultation = make_consultation(agency, budget_cents=500)
    phases = consultation.phases.count()

    change_consultation(consultation=consultation, actor=fresh(agency.owner), title="Otro")
    stored = Consultation.objects.get()
    assert (stored.title, stored.budget.amount_cents, stored.phases.count()) == ("Otro", 500, phases)

    change_consultation(consultation=stored, actor=fresh(agency.owner), budget_cents=0)
    assert not hasattr(Consultation.objects.get(), "budget")


def test_money_that_was_voted_on_stays_as_it_was(agency):
    consultation = make_consultation(agency, now_in="voting", budget_cents=500)
    poll = make_poll(consultation)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))

    for cents in [501, 0]:
        with pytest.raises(Conflict) as refused:
            change_consultation(consultation=consultation, actor=fresh(agency.owner), budget_cents=cents)
        assert refused.value.code == "budget_voted_on"
    change_consultation(consultation=consultation, actor=fresh(agency.owner), budget_cents=500, title="Otro")
    assert Consultation.objects.get().budget.amount_cents == 500


def test_a_refused_change_leaves_everything_as_it_was(agency):
    consultation = make_consultation(agency, title="Plan")
    version = version_of(consultation)

    with pytest.raises(Conflict):
        change_consultation(
            consultation=consultation, actor=fresh(agency.owner), title="Otro", known_version="of yesterday"
        )
    with pytest.raises(InvalidInput):
        change_consultation(consultation=consultation, actor=fresh(agency.owner), title="Otro", phases=[])

    assert version_of(consultation) == version


def test_what_was_done_is_recorded_with_what_was_there_before(agency):
    consultation = make_consultation(agency, title="Plan")

    change_consultation(consultation=consultation, actor=fresh(agency.owner), title="Plan B")

    events = list(AuditEntry.objects.filter(consultation_id=consultation.pk).order_by("pk"))
    assert [entry.event for entry in events] == [
        "consultations.consultation_created",
        "consultations.consultation_published",
        "consultations.consultation_changed",
    ]
    assert events[-1].details["old"] == {"title": "Plan"}
    assert events[-1].actor == agency.owner
