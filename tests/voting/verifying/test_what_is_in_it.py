"""What the export of a log holds, for whom, and that it is counted again as it comes."""

import base64
import io
import time
import zipfile
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from consultations.clock import database_now
from tests.factories import UserFactory, choose, fresh, make_consultation, make_poll
from tests.factories.consultations import ProposalFactory
from tests.voting.verifying.logs import (
    FILES,
    THIEF,
    changed_json,
    ends,
    exported,
    fresh_poll,
    over,
    run,
    vote_and_close,
)
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.log.export import write_log
from voting.models import Ballot

pytestmark = pytest.mark.django_db


def test_a_budget_is_recounted_with_its_ties_and_costs(tmp_path):
    consultation = make_consultation(now_in="voting", budget_cents=100_00)
    options = [
        ProposalFactory(consultation=consultation, title=title, cost_cents=cost)
        for title, cost in [("Plaza", 60_00), ("Cine", 70_00), ("Bancos", 40_00), ("Fuente", 40_00)]
    ]
    poll = make_poll(consultation, method="greedy", options=options)
    vote_and_close(poll, [("a", "Plaza"), ("b", "Plaza", "Cine"), ("c", "Bancos"), ("d", "Fuente"), ("e", "Cine")])
    answer = run(exported(poll, tmp_path))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "Plaza  WON" in answer.stdout
    assert "Winners are those of the count. What an agency decides otherwise after it is in no log." in answer.stdout


@pytest.mark.parametrize("sides", [("for", "for", "against"), ("for", "against"), ()])
def test_for_and_against_is_recounted_a_tie_and_nobody_too(tmp_path, sides):
    poll = make_poll()
    for side in sides:
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))
    over(poll)
    answer = run(exported(poll, tmp_path))
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_row_changed_by_the_owner_of_the_database_is_caught(tmp_path):
    poll = make_poll()
    for side in ("for", "against", "for"):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))
    over(poll)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE voting_ballot DISABLE TRIGGER USER")
        cursor.execute("UPDATE voting_ballot SET commitment = %s WHERE id = %s", [b"x" * 32, first_ballot(poll)])
        cursor.execute("ALTER TABLE voting_ballot ENABLE ALWAYS TRIGGER voting_ballot_never_changes")
    answer = run(exported(poll, tmp_path))
    assert answer.returncode == 1
    assert "does not fit the entries" in answer.stderr


def test_a_log_in_which_the_signing_key_changed_is_right_where_the_old_key_vouched(tmp_path, settings):
    poll = make_poll()
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    poll = ends(poll, database_now() + timedelta(seconds=1))
    fold(poll.pk)
    settings.SIGNING_KEY_BEFORE = settings.SIGNING_KEY
    settings.SIGNING_KEY = base64.b64encode(THIEF.seed).decode()
    time.sleep(1.05)
    assert close_if_due(fresh_poll(poll)).is_closed
    assert run(exported(poll, tmp_path)).returncode == 0

    changed_json(tmp_path, "keys.json", lambda keys: [key.update(endorsement="") for key in keys])
    assert "not signed by the key of this log" in run(tmp_path).stderr


def test_before_the_close_the_operator_alone_gets_it_and_without_a_single_choice(tmp_path, client):
    poll = make_poll(results_policy="live")
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    fold(poll.pk)
    assert client.get(f"/polls/{poll.pk}/log/export.zip").status_code == 403
    call_command("export_log", poll.pk, out=tmp_path / "log.zip", stdout=io.StringIO())
    zipfile.ZipFile(tmp_path / "log.zip").extractall(tmp_path)
    answer = run(tmp_path)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "NOT CLOSED YET" in answer.stdout
    assert not (tmp_path / "openings.jsonl").exists() and not (tmp_path / "result.json").exists()


def test_where_auditors_alone_see_ballots_the_export_has_them_for_observers_only(tmp_path):
    poll = make_poll(disclosure="auditors")
    observer = UserFactory()
    poll.observers.create(user=observer)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    over(poll)
    public, audited = exported(poll, tmp_path / "1"), exported(poll, tmp_path / "2", user=fresh(observer))
    assert not (public / "openings.jsonl").exists()
    assert "the count was NOT done again" in run(public).stdout
    assert "Counted again from the ballots" in run(audited).stdout


def test_the_page_sends_the_zip_after_the_close(client):
    poll = make_poll()
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    over(poll)
    answer = client.get(f"/polls/{poll.pk}/log/export.zip")
    assert answer["Content-Type"] == "application/zip"
    assert zipfile.ZipFile(io.BytesIO(b"".join(answer))).testzip() is None


def test_the_command_says_in_one_line_what_it_cannot_do(tmp_path):
    with pytest.raises(CommandError, match="no poll 99"):
        call_command("export_log", 99, out=tmp_path / "log.zip")
    with pytest.raises(CommandError, match="has no log"):
        call_command("export_log", make_poll().pk, out=tmp_path / "log.zip")


def test_the_zip_holds_plain_names_only_whatever_the_question_is(tmp_path):
    poll = make_poll(question="../../etc/passwd\\..\\x")
    over(poll)
    with (tmp_path / "log.zip").open("wb") as file:
        write_log(fresh_poll(poll), file, user=UserFactory(), address="")
    names = zipfile.ZipFile(tmp_path / "log.zip").namelist()
    assert set(names) == {"verify.py", "README.txt", *FILES}
    assert len(names) == len(set(names))


def first_ballot(poll):
    return Ballot.objects.filter(poll=poll).order_by("leaf__number").first().pk
