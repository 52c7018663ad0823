"""Whatever happens in whatever order, workers dying at any point: each fact once, no empty e-mail, nothing lost."""

import re
from collections import Counter
from contextlib import nullcontext, suppress
from unittest.mock import patch

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Letter, Notice, Pace
from accounts.notices import composing, reading, sending
from accounts.notices.tasks import do_round
from tests.accounts.notices.telling import MONDAY, Killed, MailServer, at, told
from tests.factories import UserFactory, make_consultation

pytestmark = pytest.mark.django_db

FAULTS = [None, None, None, "down", "hangs up", "dies before", "dies after", "dies composing"]
ACTS = st.one_of(
    st.tuples(st.just("fact"), st.integers(0, 1), st.sampled_from(["reply", "reply", "official_reply"])),
    st.tuples(st.just("read"), st.integers(0, 30), st.none()),
    st.tuples(st.just("pass"), st.sampled_from([0.2, 3, 25]), st.none()),
    st.tuples(st.just("work"), st.sampled_from(FAULTS), st.none()),
)


@given(acts=st.lists(ACTS, max_size=20), pace=st.sampled_from([Pace.EACH, Pace.DAILY, Pace.WEEKLY]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_fact_is_told_once_by_e_mail_or_was_read_before(mail_server, acts, pace):
    with transaction.atomic():
        _act_out(acts, pace)
        transaction.set_rollback(True)


def _act_out(acts, pace):
    mail.outbox.clear()
    MailServer.faults.clear()
    sending.rest.end()
    ana = UserFactory(mail_pace=pace)
    places = [make_consultation(title="Plan de arbolado"), make_consultation(title="Ferias")]
    hours, names, read_before_told = 0.0, [], set()
    for act, what, kind in acts:
        if act == "fact":
            names.append(f"Persona{len(names)}x")
            told(ana, names[-1], at(hours=hours), about=places[what], kind=kind)
        elif act == "read" and what < len(names):
            if names[what] not in _told(mail.outbox):
                read_before_told.add(names[what])
            reading.mark_read(ana, Notice.objects.get(user=ana, key__endswith=f" {names[what]}"))
        elif act == "pass":
            hours += what
        elif act == "work":
            _work(at(hours=hours), what)
    for _ in range(10):  # the worker runs again, and time passes: longer than any period and any pause
        hours += 36
        _work(at(hours=hours), None)

    letters = {letter.extra_headers["Message-ID"]: letter for letter in mail.outbox}  # a double is known by its id
    times = Counter(name for letter in letters.values() for name in _told([letter]))
    assert all(_told([letter]) for letter in letters.values())
    assert set(times.values()) <= {1}
    assert set(times) == set(names) - read_before_told
    assert not Notice.objects.filter(mailed_at__isnull=True).exists()
    assert not Letter.objects.filter(sent_at__isnull=True, dropped_at__isnull=True).exists()


def _work(now, fault):
    """A worker that runs until it has nothing to do, or until it dies."""
    sending.rest.end()
    MailServer.faults[:] = [] if fault in (None, "dies composing") else [fault]
    dying = patch.object(composing, "_mark", side_effect=Killed) if fault == "dies composing" else nullcontext()
    with dying, suppress(Killed):
        while do_round(now):
            pass
    MailServer.faults.clear()


def _told(letters):
    return set(re.findall(r"Persona\d+x", " ".join(letter.body for letter in letters)))


def test_the_moments_of_this_file_begin_on_a_monday():
    assert MONDAY.weekday() == 0
