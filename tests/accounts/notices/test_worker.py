"""``manage.py worker``: what it does of itself, and what is left of a worker that was killed."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from accounts.models import Pace
from accounts.notices import unsubscribing
from accounts.notices.tasks import database_now, empty_outbox, tidy_queue
from tests.accounts.notices.telling import told

pytestmark = pytest.mark.django_db(transaction=True)  # it closes its connections, as a process of its own does


def test_the_worker_sends_what_was_told(ana, trees):
    unsubscribing.choose_pace(ana, Pace.EACH)
    told(ana, "Bruno", database_now(), about=trees)

    call_command("worker", once=True)

    assert [letter.to for letter in mail.outbox] == [["ana@example.org"]]
    assert not DBTaskResult.objects.exclude(status="SUCCESSFUL").exists()


def test_a_task_that_was_lost_with_its_worker_is_not_missed(ana, trees):
    unsubscribing.choose_pace(ana, Pace.EACH)
    told(ana, "Bruno", database_now(), about=trees)
    DBTaskResult.objects.update(status="RUNNING")  # killed: django-tasks leaves it so for ever

    call_command("worker", once=True)

    assert len(mail.outbox) == 1


def test_the_queue_forgets_what_was_done_a_day_ago_and_what_died():
    for _ in range(3):
        empty_outbox.enqueue()
    done, died, _waiting = DBTaskResult.objects.all()
    yesterday = database_now() - timedelta(hours=25)
    DBTaskResult.objects.update(enqueued_at=yesterday)
    DBTaskResult.objects.filter(pk=done.pk).update(status="SUCCESSFUL")
    DBTaskResult.objects.filter(pk=died.pk).update(status="RUNNING")

    tidy_queue(database_now())

    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["READY"]
