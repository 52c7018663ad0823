"""During an embargo every page is the same whoever wins: so none tells a count, a winner or an order by votes.

The same vote is held twice, with the same people and other choices, and every address is asked for after each. What is
compared is all that a page says, be it a number, a word or what comes first.
"""

import re
import secrets
from datetime import timedelta
from itertools import zip_longest

import pytest
from django.db import transaction

from accounts.models import Role
from consultations.clock import database_now
from tests.factories import member
from tests.voting.districts.conftest import make_budget, set_up
from tests.voting.test_closing import end
from tests.voting.test_embargo import addresses, as_text
from voting.ballots.bulk import append_ballots
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.models import Option

pytestmark = pytest.mark.django_db

# How many choose which options, by place; () is blank. Of the two that fit the money another one wins each time.
VOTES = {
    "one": {(0,): 4, (0, 1): 3, (2,): 1, (): 2},
    "other": {(2,): 5, (2, 1): 2, (0,): 2, (): 1},
}


def hold(poll, votes, *, closes):
    options = [str(pk) for pk in Option.objects.filter(poll=poll).order_by("position").values_list("pk", flat=True)]
    ballots = [
        dict.fromkeys((options[at] for at in places), 1) for places, count in votes.items() for _ in range(count)
    ]
    append_ballots(poll, [(secrets.token_bytes(32), choices) for choices in ballots])
    fold(poll.pk)
    if closes:
        assert close_if_due(end(poll)).is_closed


def said(client, poll, paths):
    """Of each address the status, and the answer without what each vote has of its own: hashes and times."""
    answers = []
    for path in paths:
        answer = client.get(path.replace("BALLOT", str(poll.ballots.first().pk)))
        body = b"".join(answer) if answer.streaming else answer.content
        told = re.sub(r"[A-Za-z0-9+/=_-]{16,}|[0-9a-f]{4}( [0-9a-f]{4}){3}", "#", as_text(body))
        told = re.sub(r"\d+:\d\d(:\d\d)?(\.\d+)?|ahora|hace \d+ \w+|\d+ seconds? ago", "#", told)
        answers.append((answer.status_code, told))
    return answers


def differences(path, one, other):
    """Where two answers differ, in their first few lines."""
    lines = zip_longest(one[1].splitlines(), other[1].splitlines())
    return None if one == other else (path, one[0], other[0], [pair for pair in lines if pair[0] != pair[1]][:3])


def where_a_vote_is_told(poll):
    """Its pages and files, those of its consultation and their proposals, the lists of all, the API; no forms."""
    rooms = r"/(polls/(?!rolls|new)|consultations/|proposals/|desk/|feed|api/v1/(polls|consultations|proposals)/|$)"
    forms = r"/(edit|new|documents|files|photos|co-authors|invitation|remove|receipts|merge|split|support)\b"
    paths = addresses(poll)[0]
    return [path for path in paths if re.match(rooms, path) and not re.search(forms, path)]


def embargo():
    return {"results_policy": "embargo", "embargo_until": database_now() + timedelta(days=90)}


def held_back():
    """Of ten people, the first step, nothing is shown yet."""
    return {"results_policy": "live", "disclosure": "auditors"}


@pytest.mark.parametrize(
    ("rules", "closes"),
    [(embargo, False), (embargo, True), (held_back, False)],
    ids=["embargo, open", "embargo, closed", "for auditors"],
)
def test_every_address_says_the_same_whoever_wins(client, rules, closes):
    budget = make_budget()
    poll = set_up(budget, **rules())["Centro"]
    paths = where_a_vote_is_told(poll)
    owner = member(budget.agency, Role.OWNER)
    told = []
    for votes in VOTES.values():
        before = transaction.savepoint()
        hold(poll, votes, closes=closes)
        client.logout()
        answers = said(client, poll, paths)
        client.force_login(owner)
        told.append(answers + said(client, poll, paths))
        transaction.savepoint_rollback(before)
    assert sum(status == 200 for status, _ in told[0]) > 60
    assert [differing for at in zip(paths * 2, *told, strict=True) if (differing := differences(*at))] == []


def test_this_test_would_see_it_after_the_embargo(client):
    budget = make_budget()
    poll = set_up(budget, results_policy="after_close")["Centro"]
    told = []
    for votes in VOTES.values():
        before = transaction.savepoint()
        hold(poll, votes, closes=True)
        told.append(said(client, poll, [f"/consultations/{budget.slug}/", f"/polls/{poll.pk}/"]))
        transaction.savepoint_rollback(before)
    assert all(one != other for one, other in zip(*told, strict=True))
