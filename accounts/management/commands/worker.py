"""``manage.py worker``: sends what people are told, until a signal ends it. There may be several."""

import os
import signal
import threading
from argparse import ArgumentParser
from datetime import UTC, datetime, timedelta
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import OperationalError, close_old_connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from accounts.notices.tasks import database_now, empty_outbox, tidy_queue
from accounts.sessions import forget_expired

LOOK_EVERY = 1.0  # seconds
ROUND_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=1)


class Command(BaseCommand):
    help = "Sends notices by e-mail, announces what the clock brings, tidies up, until a signal. There may be several."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is to do now, then end: for a timer")
        parser.add_argument("--beside", type=int, metavar="PID", help="end when this process does")

    def handle(self, *, once: bool, beside: int | None, **options: Any) -> None:
        loop = Loop(beside)
        for signal_number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signal_number, loop.end)
        loop.run(once)


class Loop:
    """django-tasks' worker, a batch at a time, with the timetable that it lacks in between."""

    def __init__(self, beside: int | None = None) -> None:
        self.beside = beside
        self.ended = threading.Event()
        self.next_round = self.next_tidying = datetime.min.replace(tzinfo=UTC)
        self.worker = Worker(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )

    def run(self, once: bool = False) -> None:
        while not self.ended.is_set():
            try:
                self.keep_timetable(at_once=once)
                self.worker.run()
            except OperationalError as error:  # the database is away: it comes back, and so do we
                if once:
                    raise
                os.write(2, f"worker: {error}\n".encode())
                self.ended.wait(5)
            finally:
                close_old_connections()
            if once or self.is_alone():
                return
            self.ended.wait(LOOK_EVERY)

    def keep_timetable(self, *, at_once: bool = False) -> None:
        """A round a minute, though nobody asked for one; of several workers the first puts it."""
        now = database_now()
        if at_once or self.next_round <= now:
            recent = DBTaskResult.objects.filter(task_path=empty_outbox.module_path, status="READY")
            if not recent.exists():
                empty_outbox.enqueue()
            self.next_round = now + ROUND_EVERY
        if self.next_tidying <= now:
            tidy_queue(now)
            forget_expired(now)
            self.next_tidying = now + TIDY_EVERY

    def is_alone(self) -> bool:
        return self.beside is not None and os.getppid() != self.beside

    def end(self, signal_number: int, frame: FrameType | None) -> None:
        """Finish the task at hand, begin no other. A second signal ends it at once."""
        if self.ended.is_set():
            raise SystemExit(128 + signal_number)
        self.worker.running = False
        self.ended.set()
