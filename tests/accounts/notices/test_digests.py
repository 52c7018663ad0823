"""Digests with a frozen clock: one a consultation and period, each fact once, never empty."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from accounts.models import Letter, Notice, Pace
from accounts.notices import reading, unsubscribing
from accounts.notices.composing import compose_for
from accounts.notices.paces import period_end
from comments.commenting import add_comment
from comments.moderation.moderating import hide
from consultations.models import Consultation
from tests.accounts.notices.telling import MONDAY, at, told
from tests.factories import UserFactory, fresh, make_agency, make_consultation, member
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db


def subjects():
    return [letter.subject for letter in mail.outbox]


def test_the_facts_of_a_day_come_together_the_next_morning_and_once(ana, trees):
    told(ana, "Bruno", at(hours=1), about=trees)
    told(ana, "Clara", at(hours=2), about=trees)

    send_what_waits(at(hours=22))
    assert mail.outbox == []

    send_what_waits(at(hours=23))  # eight in the morning
    assert subjects() == ["2 things are new in “Plan de arbolado”"]
    assert "Bruno answered" in mail.outbox[0].body
    assert "Clara answered" in mail.outbox[0].body

    send_what_waits(at(hours=23.1))
    send_what_waits(at(days=3))
    assert len(mail.outbox) == 1


def test_each_consultation_has_a_digest_of_its_own(ana, trees):
    told(ana, "Bruno", at(hours=1), about=trees)
    told(ana, "Clara", at(hours=2), about=make_consultation(title="Ferias"))

    send_what_waits(at(days=1))

    assert sorted(subjects()) == [
        "Bruno answered your comment in “Plan de arbolado”.",
        "Clara answered your comment in “Ferias”.",
    ]


def test_what_was_read_on_the_site_is_not_told_again_and_nothing_else_is_no_e_mail(ana, trees):
    read = told(ana, "Bruno", at(hours=1), about=trees)
    reading.mark_read(ana, read)
    send_what_waits(at(days=1))
    assert mail.outbox == []

    told(ana, "Clara", at(days=1, hours=1), about=trees)
    reading.mark_read(ana, told(ana, "Darío", at(days=1, hours=2), about=trees))
    send_what_waits(at(days=2))
    assert "Clara" in mail.outbox[0].body
    assert "Darío" not in mail.outbox[0].body


def test_what_was_read_after_the_digest_was_written_and_before_it_left_is_not_in_it(ana, trees):
    told(ana, "Bruno", at(hours=1), about=trees)
    assert compose_for(ana.pk, trees.pk, at(days=1))
    reading.mark_read(ana)

    send_what_waits(at(days=1))

    assert mail.outbox == []
    assert Letter.objects.get().dropped_because == "nothing left to tell"


def test_weekly_comes_on_monday_mornings(ana, trees):
    unsubscribing.choose_pace(ana, Pace.WEEKLY)
    told(ana, "Bruno", at(days=1), about=trees)

    send_what_waits(at(days=6, hours=22))
    assert mail.outbox == []
    send_what_waits(at(days=6, hours=23))
    assert len(mail.outbox) == 1


def test_as_it_comes_comes_at_once(ana, trees):
    unsubscribing.choose_pace(ana, Pace.EACH)
    told(ana, "Bruno", at(hours=1), about=trees)

    send_what_waits(at(hours=1))

    assert subjects() == ["Bruno answered your comment in “Plan de arbolado”."]


def test_an_official_reply_does_not_wait_for_the_digest(ana, trees):
    told(ana, "Bruno", at(hours=1), about=trees)
    told(ana, "Obras", at(hours=1), about=trees, kind="official_reply")

    send_what_waits(at(hours=1))
    assert subjects() == ["Obras answered you in “Plan de arbolado”."]

    send_what_waits(at(days=1))
    assert subjects()[1:] == ["Bruno answered your comment in “Plan de arbolado”."]


def test_never_is_never_and_changing_ones_mind_brings_nothing_old(ana, trees):
    unsubscribing.choose_pace(ana, Pace.NEVER)
    told(ana, "Bruno", at(hours=1), about=trees)
    told(ana, "Obras", at(hours=1), about=trees, kind="official_reply")
    send_what_waits(at(days=1))
    unsubscribing.choose_pace(ana, Pace.DAILY)
    send_what_waits(at(days=2))

    assert mail.outbox == []
    assert ana.notices.unread().count() == 2


def test_a_choice_for_one_consultation_goes_before_the_choice_for_all(ana, trees):
    fairs = make_consultation(title="Ferias")
    unsubscribing.choose_pace(ana, Pace.NEVER)
    unsubscribing.choose_pace(ana, Pace.EACH, fairs.pk)
    told(ana, "Bruno", at(hours=1), about=trees)
    told(ana, "Clara", at(hours=1), about=fairs)

    send_what_waits(at(hours=1))

    assert subjects() == ["Clara answered your comment in “Ferias”."]


def test_a_fact_that_was_committed_late_goes_with_the_next_digest(ana, trees):
    told(ana, "Bruno", at(hours=1), about=trees)
    send_what_waits(at(days=1))
    told(ana, "Clara", at(hours=2), about=trees)

    send_what_waits(at(days=1, hours=1))
    assert len(mail.outbox) == 1
    send_what_waits(at(days=2))
    assert "Clara" in mail.outbox[1].body


def test_a_worker_that_slept_for_days_writes_one_digest_not_one_a_day(ana, trees):
    for day in range(4):
        told(ana, f"Persona {day}", at(days=day, hours=1), about=trees)

    send_what_waits(at(days=5))

    assert subjects() == ["4 things are new in “Plan de arbolado”"]


def test_stale_news_is_not_told_by_e_mail(ana, trees):
    told(ana, "Bruno", at(hours=1), about=trees, stale_at=at(hours=5))

    send_what_waits(at(days=1))

    assert mail.outbox == []
    assert ana.notices.unread().count() == 1


def test_a_comment_that_was_hidden_meanwhile_is_not_in_the_digest(ana):
    agency = make_agency("Obras")
    trees = make_consultation(agency, title="Plan de arbolado", now_in="discussion")
    answer = add_comment(consultation=trees, actor=UserFactory(name="Bruno"), body="Una barbaridad.")
    notice = told(ana, "Bruno", at(hours=1), about=trees)
    Notice.objects.filter(pk=notice.pk).update(url=answer.get_absolute_url())
    hide(target=answer, actor=fresh(agency.owner), reason="insulta")

    send_what_waits(at(days=1))

    assert [letter.body for letter in mail.outbox if letter.to == [ana.email]] == []


def test_a_private_consultation_that_one_has_lost_is_not_in_the_digest(ana):
    agency = make_agency("Obras")
    member(agency, "member", user=ana)
    inner = make_consultation(agency, title="Plan interno", visibility="private", eligibility="invited")
    told(ana, "Bruno", at(hours=1), about=inner)
    told(ana, "Clara", at(days=1, hours=1), about=inner)
    send_what_waits(at(days=1))
    assert len(mail.outbox) == 1

    agency.memberships.get(user=ana).delete()
    ana.groups.clear()
    send_what_waits(at(days=2))
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("lacking", ["confirmed", "active", "there"])
def test_who_is_not_confirmed_not_active_or_gone_gets_no_e_mail(trees, lacking):
    person = UserFactory(confirmed=lacking != "confirmed", is_active=lacking != "active")
    told(person, "Bruno", at(hours=1), about=trees)
    if lacking == "there":
        Consultation.objects.filter(created_by=person).update(created_by=None)
        person.delete()

    send_what_waits(at(days=1))

    assert mail.outbox == []


@pytest.mark.parametrize(
    ("pace", "now", "end"),
    [
        ("daily", datetime(2026, 11, 4, 10, 59, tzinfo=UTC), datetime(2026, 11, 3, 11, tzinfo=UTC)),
        ("daily", datetime(2026, 11, 4, 11, 0, tzinfo=UTC), datetime(2026, 11, 4, 11, tzinfo=UTC)),
        ("daily", datetime(2026, 11, 5, 1, 30, tzinfo=UTC), datetime(2026, 11, 4, 11, tzinfo=UTC)),
        ("weekly", MONDAY, datetime(2026, 11, 2, 11, tzinfo=UTC)),
        ("weekly", MONDAY - timedelta(hours=2), datetime(2026, 10, 26, 11, tzinfo=UTC)),
        ("each", MONDAY, None),
    ],
)
def test_a_period_ends_at_eight_in_the_site_s_zone(pace, now, end):
    assert period_end(pace, now) == end
