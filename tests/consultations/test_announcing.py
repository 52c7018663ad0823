"""What the clock brings is told once to those who follow, by whoever comes first, and never when it is old."""

from datetime import timedelta

import pytest

from accounts.models import Announcement, Notice
from consultations import following
from consultations.announcing import announce_phases
from consultations.clock import database_now
from consultations.models import Consultation, Phase
from tests.factories import UserFactory, make_consultation, make_poll
from voting.ballots.closing import close
from voting.feed import outcomes
from voting.models import Poll
from voting.results.announcing import announce_outcomes

pytestmark = pytest.mark.django_db


@pytest.fixture
def trees():
    """Phases of ten days each; a moment in the middle of the discussion is now. Ana follows it."""
    made = make_consultation(title="Plan de arbolado", hours=240, now_in="discussion")
    Phase.objects.create(consultation=made, kind="results", starts_at=phase(made, "voting").ends_at)
    Consultation.objects.filter(pk=made.pk).update(published_at=made.phases.all()[0].starts_at)
    following.follow(consultation=made, actor=UserFactory(name="Ana"))
    return Consultation.objects.get(pk=made.pk)


def phase(consultation, kind) -> Phase:
    return consultation.phases.get(kind=kind)


def kinds():
    return list(Notice.objects.order_by("pk").values_list("kind", flat=True))


def test_that_a_phase_begins_is_told_once_however_many_workers_there_are(trees):
    begins = phase(trees, "voting").starts_at
    announce_phases(begins - timedelta(minutes=1))
    before = kinds()
    for _ in range(3):
        announce_phases(begins + timedelta(minutes=1))

    assert [kind for kind in kinds() if kind not in before] == ["voting_began"]


def test_who_follows_later_is_not_told_what_had_been_announced(trees):
    begins = phase(trees, "voting").starts_at
    announce_phases(begins)
    late = UserFactory()
    following.follow(consultation=trees, actor=late)
    announce_phases(begins + timedelta(minutes=1))

    assert not late.notices.exists()


def test_a_worker_that_comes_five_days_late_says_nothing_old(trees):
    announce_phases(phase(trees, "voting").starts_at + timedelta(days=5))

    assert kinds() == []


def test_a_long_phase_says_three_days_before_its_end_that_it_closes_and_once(trees):
    ends = phase(trees, "discussion").ends_at
    announce_phases(ends - timedelta(days=3, minutes=1))
    assert kinds() == []
    announce_phases(ends - timedelta(days=3))
    announce_phases(ends - timedelta(days=1))

    assert kinds() == ["discussion_closes_soon"]
    assert Notice.objects.get().stale_at == ends


@pytest.mark.parametrize(("days", "said"), [(2, []), (5, ["discussion_closes_soon"])])
def test_a_short_phase_says_it_a_day_before_and_a_very_short_one_not_at_all(days, said):
    made = make_consultation(hours=24 * days, now_in="discussion")
    following.follow(consultation=made, actor=UserFactory())
    ends = phase(made, "discussion").ends_at

    announce_phases(ends - timedelta(days=1, minutes=1))
    assert kinds() == []
    announce_phases(ends - timedelta(hours=23))
    assert kinds() == said


def test_a_phase_that_is_extended_says_it_again_with_its_new_end(trees):
    discussion = phase(trees, "discussion")
    announce_phases(discussion.ends_at - timedelta(days=2))
    for later in trees.phases.filter(starts_at__gte=discussion.ends_at).order_by("-starts_at"):
        Phase.objects.filter(pk=later.pk).update(
            starts_at=later.starts_at + timedelta(days=20),
            ends_at=later.ends_at and later.ends_at + timedelta(days=20),
        )
    Phase.objects.filter(pk=discussion.pk).update(ends_at=discussion.ends_at + timedelta(days=20))
    announce_phases(discussion.ends_at + timedelta(days=18))

    assert kinds() == ["discussion_closes_soon"] * 2


def test_the_end_is_told_where_nobody_can_take_part_any_more():
    made = make_consultation(hours=240, now_in="voting")
    following.follow(consultation=made, actor=UserFactory())
    announce_phases(phase(made, "voting").ends_at)

    assert kinds() == ["consultation_closed"]


def test_where_another_phase_begins_at_the_same_moment_only_that_is_told(trees):
    announce_phases(phase(trees, "voting").ends_at)

    assert kinds() == ["results_began"]


def test_a_draft_tells_nothing_and_what_had_begun_when_it_was_published_is_no_news():
    made = make_consultation(now_in="discussion", hours=20)
    following.follow(consultation=made, actor=UserFactory())
    announce_phases(database_now())
    assert "discussion_began" not in kinds()

    Consultation.objects.filter(pk=made.pk).update(published_at=None)
    announce_phases(phase(made, "voting").starts_at)
    assert "voting_began" not in kinds()


def test_a_fact_and_its_telling_stand_or_fall_together(trees, monkeypatch):
    def fail(*args, **facts):
        raise ZeroDivisionError

    monkeypatch.setattr("consultations.announcing.tell", fail)
    with pytest.raises(ZeroDivisionError):
        announce_phases(phase(trees, "voting").starts_at)

    assert not Announcement.objects.exists()


def test_the_outcome_of_a_vote_is_told_once_and_without_a_count():
    made = make_consultation(now_in="voting", title="Plan de arbolado")
    poll = make_poll(made, question="¿Plantamos?")
    following.follow(consultation=made, actor=UserFactory())
    announce_outcomes(database_now())
    assert kinds() == []

    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now())
    assert close(poll.pk)
    for _ in range(2):
        announce_outcomes(database_now())
    notice = Notice.objects.get()
    assert (notice.kind, notice.facts) == ("outcome", {"question": "¿Plantamos?", "title": "Plan de arbolado"})

    Poll.objects.filter(pk=poll.pk).update(closed_at=database_now() - timedelta(days=5))
    Announcement.objects.all().delete()
    Notice.objects.all().delete()
    announce_outcomes(database_now())
    assert kinds() == []


def test_the_outcome_of_a_vote_under_embargo_is_told_when_that_ends_long_after_the_close():
    made = make_consultation(now_in="voting", title="Plan de arbolado")
    until = database_now() + timedelta(days=9)
    poll = make_poll(made, question="¿Plantamos?", results_policy="embargo", embargo_until=until)
    following.follow(consultation=made, actor=UserFactory())
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now())
    assert close(poll.pk)
    announce_outcomes(database_now())
    assert kinds() == []

    ended = database_now()
    Poll.objects.filter(pk=poll.pk).update(closed_at=ended - timedelta(days=5), embargo_until=ended)
    announce_outcomes(database_now())
    assert kinds() == ["outcome"]
    [entry] = outcomes([made.pk], database_now())
    assert entry.at == ended
