"""The way to the mail server: retried, never in the way of others, at least once."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction

from accounts.models import Letter, Notice, Pace
from accounts.notices import sending, unsubscribing
from accounts.notices.tasks import do_round
from accounts.notices.telling import tell
from tests.accounts.notices.telling import Killed, at, told
from tests.factories import UserFactory
from tests.outbox import send_what_waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def bruno():
    return UserFactory(name="Bruno", email="bruno@example.org", mail_pace=Pace.EACH)


@pytest.fixture(autouse=True)
def at_once(ana):
    unsubscribing.choose_pace(ana, Pace.EACH)


def test_a_mail_server_that_is_down_costs_nothing_but_time(ana, trees, mail_server):
    told(ana, "Clara", at(), about=trees)
    mail_server += ["down", "down"]

    send_what_waits(at())
    send_what_waits(at(hours=1))
    assert (mail.outbox, Letter.objects.get().attempts) == ([], 0)

    send_what_waits(at(hours=2))
    assert len(mail.outbox) == 1


def test_a_server_that_is_down_is_left_alone_longer_and_longer():
    rest = sending.Rest()
    waits = []
    for _ in range(7):
        rest.begin()
        waits.append(round(rest.until - sending.time.monotonic()))
    assert waits == [30, 60, 120, 240, 480, 600, 600]
    rest.end()
    assert not rest.is_on()


def test_a_letter_that_the_server_hangs_up_on_is_tried_again_later_and_the_others_go(ana, bruno, trees, mail_server):
    told(ana, "Clara", at(), about=trees)
    told(bruno, "Darío", at(), about=trees)
    mail_server += ["hangs up"]

    send_what_waits(at())
    assert len(mail.outbox) == 1

    send_what_waits(at(hours=0.05))
    assert len(mail.outbox) == 1
    send_what_waits(at(hours=0.1))
    assert {letter.to[0] for letter in mail.outbox} == {"ana@example.org", "bruno@example.org"}


def test_an_address_that_there_is_not_is_given_up_at_once(ana, trees, mail_server, caplog):
    told(ana, "Clara", at(), about=trees)
    mail_server += ["refused"]

    with caplog.at_level(logging.CRITICAL):
        send_what_waits(at())

    assert Letter.objects.get().dropped_because == "SMTPRecipientsRefused"


def test_a_letter_that_cannot_be_made_keeps_nobody_from_theirs_and_is_given_up_in_the_end(
    ana, bruno, trees, monkeypatch, caplog
):
    told(ana, "Clara", at(), about=trees)
    told(bruno, "Darío", at(), about=trees)
    made = sending.mail_of

    def mail_of(letter, now):
        if letter.user_id == ana.pk:
            raise ZeroDivisionError
        return made(letter, now)

    monkeypatch.setattr(sending, "mail_of", mail_of)
    for day in range(10):
        with caplog.at_level(logging.CRITICAL):
            send_what_waits(at(days=day))

    assert [letter.to for letter in mail.outbox] == [["bruno@example.org"]]
    poison = Letter.objects.get(user=ana)
    assert (poison.attempts, poison.dropped_because) == (len(sending.PAUSES), "ZeroDivisionError")


def test_a_notice_that_cannot_be_put_into_words_does_not_keep_the_others_of_its_digest(ana, trees, caplog):
    Notice.objects.filter(pk=told(ana, "Bruno", at(), about=trees).pk).update(facts={})
    told(ana, "Clara", at(), about=trees)

    with caplog.at_level(logging.CRITICAL):
        send_what_waits(at())

    assert "Clara answered" in mail.outbox[0].body
    assert "There is something new for you." in mail.outbox[0].body


def test_a_worker_that_dies_before_the_server_has_the_letter_loses_nothing(ana, trees, mail_server):
    told(ana, "Clara", at(), about=trees)
    mail_server += ["dies before"]
    with pytest.raises(Killed):
        send_what_waits(at())

    send_what_waits(at(hours=0.05))  # another worker, while the dead one's claim still holds
    assert mail.outbox == []
    send_what_waits(at(hours=0.1))
    assert len(mail.outbox) == 1


def test_a_worker_that_dies_after_it_sends_twice_under_one_message_id(ana, trees, mail_server):
    told(ana, "Clara", at(), about=trees)
    mail_server += ["dies after"]
    with pytest.raises(Killed):
        send_what_waits(at())
    send_what_waits(at(hours=1))

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert second.extra_headers["Message-ID"].endswith("@testserver>")


def test_a_claimed_letter_is_nobody_else_s_until_its_time_is_over(ana, trees):
    told(ana, "Clara", at(), about=trees)
    Letter.objects.create(user=ana, kind="notices", try_at=at())

    assert sending.claim(at()) is not None
    assert sending.claim(at()) is None
    assert sending.claim(at() + timedelta(minutes=5)) is not None


def test_nothing_is_told_of_a_deed_that_was_not_done(ana, trees):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell("mention", to=[ana.pk], key="a", url="/", name="Clara", title="x")
        raise ZeroDivisionError

    send_what_waits(at())
    assert (mail.outbox, Notice.objects.count()) == ([], 0)


def test_the_same_fact_told_twice_is_one(ana, trees):
    for _ in range(2):
        with transaction.atomic():
            tell("mention", to=[ana.pk, ana.pk, None], key="a", url="/", name="Clara", title="x")
    assert ana.notices.count() == 1


def test_what_one_room_cannot_announce_does_not_keep_the_letters(ana, trees, monkeypatch, caplog):
    def fail(now):
        raise ZeroDivisionError

    monkeypatch.setattr("accounts.notices.tasks._announcers", [fail])
    told(ana, "Clara", at(), about=trees)
    with caplog.at_level(logging.CRITICAL):
        while do_round(at()):
            pass
    assert len(mail.outbox) == 1
