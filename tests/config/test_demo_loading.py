"""Loading the demonstration into an empty installation."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import User
from comments.models import Comment
from config.demo import building
from config.demo.people import PASSWORD
from config.management.commands import demo_content
from consultations.models import Consultation, Proposal
from voting.models import Poll
from voting.results.tallies import frame

pytestmark = pytest.mark.django_db


def load(**options):
    out = StringIO()
    call_command("demo_content", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def story():
    """What anybody can tell of it, without the ids that the database gave."""
    polls = Poll.objects.order_by("question")
    return {
        "people": list(User.objects.order_by("email").values_list("email", "name", "verification_level")),
        "proposals": list(Proposal.objects.order_by("title", "author__name").values_list("title", "author__name")),
        "comments": list(Comment.objects.order_by("body", "author__name").values_list("body", "author__name")),
        "counts": [list(frame(poll)["counts"].values()) for poll in polls],
        "won": [
            [poll.options.get(pk=option).label for option in poll.outcome.winners]
            for poll in polls.filter(closed_at__isnull=False)
        ],
    }


def test_a_fault_half_way_leaves_nothing_of_a_consultation_and_the_next_run_tells_the_same_story(monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("the power goes")

    with transaction.atomic():
        load()
        first = story()
        transaction.set_rollback(True)
    with monkeypatch.context() as patch:
        patch.setattr(building, "write_comments", fails)
        with pytest.raises(RuntimeError):
            load()
    assert not Consultation.objects.filter(published_at__isnull=False).exists()
    load()
    assert Consultation.objects.count() == len(building.scripts())
    assert story() == first


def test_it_never_runs_in_production_unless_forced(settings, monkeypatch):
    settings.PRODUCTION = True
    with pytest.raises(CommandError, match="passwords are known"):
        load()
    assert not User.objects.exists()
    monkeypatch.setattr(demo_content, "scripts", list)  # its people are enough
    assert PASSWORD in load(force=True)
