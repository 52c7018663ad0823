"""What the clock says in words."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from accounts.notices.kinds import KINDS
from consultations.announcing import CLOSES_SOON
from consultations.models import Consultation, Phase
from consultations.opening.planning import PHASE_HINTS
from consultations.running.telling import EXTENDED
from consultations.sentences import BEGINS, CLOSES, OPEN_ENDED, next_phase_sentence, state_sentence, steps

BUENOS_AIRES = ZoneInfo("America/Argentina/Buenos_Aires")
NOW = datetime(2026, 11, 24, 12, tzinfo=BUENOS_AIRES)
FRIDAY = datetime(2026, 11, 27, 18, tzinfo=BUENOS_AIRES)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def consultation(*phases: tuple[str, datetime, datetime | None], is_published: bool = True) -> Consultation:
    """One with these phases, in memory: a sentence needs no database."""
    made = Consultation(pk=1, published_at=NOW if is_published else None)
    rows = [Phase(kind=kind, starts_at=starts_at, ends_at=ends_at) for kind, starts_at, ends_at in phases]
    made._prefetched_objects_cache = {"phases": rows}
    return made


def test_an_open_vote_says_when_it_closes_how_far_that_is_and_by_which_clock():
    open_vote = consultation(("voting", NOW - timedelta(days=1), FRIDAY))

    sentence = state_sentence(open_vote, NOW)

    assert sentence.startswith("Voting closes in 3 days, on Friday 27 November")
    assert sentence.endswith(" at 18:00, Buenos Aires time.")


def test_a_card_leaves_the_date_to_the_page():
    open_vote = consultation(("voting", NOW - timedelta(days=1), FRIDAY))

    assert state_sentence(open_vote, NOW, short=True) == "Voting closes in 3 days."


@pytest.mark.parametrize(
    ("phases", "sentence"),
    [
        ([("proposals", NOW, FRIDAY)], "The time for proposals ends in 3 days."),
        ([("information", NOW, FRIDAY)], "The presentation ends in 3 days."),
        ([("discussion", NOW, FRIDAY)], "Discussion closes in 3 days."),
        ([("support", NOW, FRIDAY)], "The time to support proposals ends in 3 days."),
        ([("review", NOW, None)], "The proposals are being reviewed, with no end date yet."),
        ([("costing", FRIDAY, None)], "The costs of the proposals are published in 3 days."),
        ([("discussion", NOW, None)], "Discussion is open, with no closing date yet."),
        ([("voting", FRIDAY, None)], "Voting opens in 3 days."),
        ([("information", FRIDAY, None)], "It opens in 3 days."),
        ([("voting", NOW - timedelta(days=9), NOW - timedelta(days=2))], "It closed 2 days ago."),
        ([("results", NOW - timedelta(days=9), None)], "It is closed."),
        ([], "Its dates are not set yet."),
    ],
)
def test_each_state_has_its_sentence(phases, sentence):
    assert state_sentence(consultation(*phases), NOW, short=True) == sentence


@pytest.mark.parametrize("kind", Phase.Kind)
def test_each_kind_of_phase_is_told_in_words_wherever_phases_are(kind):
    assert kind in BEGINS
    assert kind in PHASE_HINTS
    assert f"{kind}_began" in KINDS
    if Phase(kind=kind).takes_part:
        assert kind in CLOSES
        assert kind in OPEN_ENDED
    told_of = [kinds[kind] for kinds in (CLOSES_SOON, EXTENDED) if kind in kinds]
    assert set(told_of) <= set(KINDS)
    assert bool(told_of) == bool(Phase.ALLOWS[kind] and Phase(kind=kind).takes_part)


def test_between_two_phases_the_sentence_says_what_comes_next():
    gap = consultation(
        ("discussion", NOW - timedelta(days=9), NOW - timedelta(days=1)), ("voting", FRIDAY, FRIDAY + timedelta(days=1))
    )

    assert state_sentence(gap, NOW, short=True) == "Voting opens in 3 days."
    assert next_phase_sentence(gap, NOW, short=True) == "Voting opens in 3 days."


def test_a_draft_has_no_date_to_say():
    assert "Only those who prepare it" in state_sentence(consultation(is_published=False), NOW)


def test_steps_tell_the_phases_that_are_over_the_current_one_and_those_to_come():
    plan = consultation(
        ("information", NOW - timedelta(days=9), NOW - timedelta(days=4)),
        ("discussion", NOW - timedelta(days=4), FRIDAY),
        ("voting", FRIDAY, None),
    )

    assert [(step["title"], step["state"]) for step in steps(plan, NOW)] == [
        ("Information", "done"),
        ("Discussion", "current"),
        ("Voting", "next"),
    ]
    assert "27 November" in steps(plan, NOW)[1]["when"]
    assert "18:00" in steps(plan, NOW)[1]["when"]


def test_the_year_is_said_where_it_is_another_one():
    plan = consultation(("voting", datetime(2031, 3, 1, 9, tzinfo=BUENOS_AIRES), None))

    assert steps(plan, NOW)[0]["when"] == "from 1 March 2031, 9:00"
