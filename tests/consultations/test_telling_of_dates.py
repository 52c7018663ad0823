"""Those who follow learn once of new dates, of an early close and of the closing words; no digest names an old date."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import translation

from accounts.models import Notice, Role
from consultations import following
from consultations.announcing import announce_phases
from consultations.clock import database_now
from consultations.models import Consultation, Phase
from consultations.opening import change_consultation
from consultations.opening.phases import PhaseDates
from consultations.running.closing import close_early, write_closing_words
from consultations.running.dates import extend_phase
from frontend.formats import when
from tests.factories import UserFactory, fresh, make_agency, make_consultation, member
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def trees(agency, editor):
    """Phases of ten days; the discussion is on. Ana follows, and so does the editor."""
    made = make_consultation(agency, title="Plan de arbolado", hours=240, now_in="discussion")
    following.follow(consultation=made, actor=UserFactory(name="Ana", email="ana@example.org", language="en"))
    following.follow(consultation=made, actor=editor)
    return Consultation.objects.get(pk=made.pk)


def told() -> list[tuple[str, str]]:
    return list(Notice.objects.order_by("pk").values_list("user__name", "kind"))


def extend(consultation, editor, by=A_DAY):
    old = consultation.phases.get(kind="discussion").ends_at
    return extend_phase(
        consultation=consultation,
        kind="discussion",
        ends_at=old + by,
        reason="Llovió.",
        move_later=True,
        actor=fresh(editor),
    )[0]


def test_an_extension_is_told_with_its_new_end_to_the_others_who_follow(trees, editor):
    change = extend(trees, editor)
    assert told() == [("Ana", "discussion_extended")]
    assert Notice.objects.get().facts["ends_at"] == change.new_ends_at.isoformat()


def test_the_digest_of_an_extension_does_not_name_the_dates_that_it_replaces(trees, editor):
    announce_phases(trees.phases.get(kind="discussion").ends_at - 2 * A_DAY)
    first, second = extend(trees, editor), extend(trees, editor)
    assert [kind for name, kind in told() if name == "Ana"] == [
        "discussion_closes_soon",
        "discussion_extended",
        "discussion_extended",
    ]

    send_what_waits(database_now() + 2 * A_DAY)

    (letter,) = [letter for letter in mail.outbox if letter.to == ["ana@example.org"]]
    assert when(second.new_ends_at) in letter.body
    assert when(first.new_ends_at) not in letter.body and when(first.old_ends_at) not in letter.body


def test_other_new_dates_are_told_without_one(trees, editor):
    dates = [PhaseDates(p.kind, p.starts_at, p.ends_at) for p in trees.phases.all()]
    dates[-1] = PhaseDates(dates[-1].kind, dates[-1].starts_at + A_DAY, dates[-1].ends_at)
    change_consultation(consultation=trees, actor=fresh(editor), phases=dates, reason="Hay feriado.")
    assert told() == [("Ana", "dates_changed")]


def test_an_early_close_is_told_once_and_the_clock_does_not_say_it_again(trees, editor):
    announce_phases(trees.phases.get(kind="discussion").ends_at - 2 * A_DAY)
    Notice.objects.filter(user=editor).delete()
    close_early(consultation=trees, actor=fresh(editor), reason="Se juntó todo.", closing_words="Gracias.")
    announce_phases(database_now())
    assert told() == [("Ana", "discussion_closes_soon"), ("Ana", "closed_early")]

    send_what_waits(database_now() + 2 * A_DAY)
    (letter,) = mail.outbox
    assert "was closed before its time. Reason: Se juntó todo." in letter.body
    assert "closes" not in letter.body


def test_closing_words_are_told_the_first_time_and_not_when_they_are_mended(agency, editor):
    over = make_consultation(agency, now_in="over")
    following.follow(consultation=over, actor=UserFactory(name="Ana"))
    for said in ("Se plantaron mil.", "Se plantaron mil árboles."):
        write_closing_words(consultation=over, actor=fresh(editor), closing_words=said)
    assert told() == [("Ana", "closing_words")]


def test_words_said_with_the_close_are_not_told_again(trees, editor):
    close_early(consultation=trees, actor=fresh(editor), reason="Se juntó todo.", closing_words="Gracias.")
    closed = Consultation.objects.get(pk=trees.pk)
    write_closing_words(consultation=closed, actor=fresh(editor), closing_words="Muchas gracias.")
    assert told() == [("Ana", "closed_early")]


def test_a_reopened_consultation_does_not_say_in_a_digest_that_it_is_closed(trees, editor):
    Phase.objects.filter(consultation=trees, kind="voting").delete()
    now = database_now()
    Phase.objects.filter(consultation=trees, kind="discussion").update(ends_at=now)
    announce_phases(now)
    assert ("Ana", "consultation_closed") in told()
    extend(trees, editor, by=5 * A_DAY)

    send_what_waits(now + 2 * A_DAY)
    bodies = "".join(letter.body for letter in mail.outbox if letter.to == ["ana@example.org"])
    assert "more time to discuss" in bodies and "is closed" not in bodies
