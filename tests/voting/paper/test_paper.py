"""Paper ballots, from the announced batch to the log: two clerks who do not see each other's, and a third look."""

import json
import re

import pytest
from django.test import Client

from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed
from tests.factories import UserFactory, choose, fresh, make_poll
from tests.voting.reading import ballot_url, end
from tests.voting.rolls.conftest import again, put_on
from tests.voting.test_budget_amendments import at_the_end
from tests.voting.test_log_export import exported, lines, run
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.models import Ballot, EligibleVoter, PaperReading, RollEntry, Tally
from voting.paper.appointing import appoint_clerk, dismiss_clerk, mark_paper_voter, state_rule
from voting.paper.entering import add_batch, cast_batch, decide_ballot, read_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def poll(in_english):
    return make_poll(method="approval", options=["Ceibo", "Tipa", "Lapacho"], max_choices=2)


def editor_of(poll):
    return fresh(poll.consultation.agency.members.first())


def clerks(poll, *names):
    people = [UserFactory(name=name) for name in names]
    for person in people:
        appoint_clerk(poll=poll, email=person.email, actor=editor_of(poll))
    return [fresh(person) for person in people]


def test_two_clerks_type_a_third_decides_and_the_batch_is_in_the_log_as_paper(poll, tmp_path, monkeypatch):
    editor, (ana, luis, eva) = editor_of(poll), clerks(poll, "Ana", "Luis", "Eva")
    with pytest.raises(Conflict, match="no_paper_rule"):
        add_batch(poll=poll, place="Escuela 4", ballot_count=4, actor=editor)
    state_rule(poll=poll, rule="Cada votante muestra el DNI y firma una lista.", actor=editor)
    batch = add_batch(poll=poll, place="Escuela 4", ballot_count=4, actor=editor)
    browser = Client()
    browser.force_login(ana)
    url = f"/polls/{poll.pk}/paper/1/type/"
    ceibo, tipa = (str(poll.options.get(label=name).pk) for name in ("Ceibo", "Tipa"))
    assert browser.post(url, {"number": "1", "option": [ceibo]}).status_code == 302
    assert browser.post(url, {"number": "1", "option": [ceibo]}).status_code == 400  # not twice by one
    assert browser.post(url, {"number": "2", "option": [ceibo, tipa]}).status_code == 302
    browser.force_login(luis)
    page = browser.get(url).content.decode()
    assert " checked" not in page  # the second does not see the first
    luis_reads(batch, luis, {ceibo: 1}, {ceibo: 1})
    for person in (ana, luis):
        read_ballot(batch=batch, number=3, choices={}, actor=person)
        read_ballot(batch=batch, number=4, choices={}, is_spoilt=True, actor=person)
    with pytest.raises(InvalidInput, match="too_many_choices"):
        read_ballot(batch=batch, number=4, choices=choose(poll, "Ceibo", "Tipa", "Lapacho"), actor=eva)
    with pytest.raises(Conflict, match="ballot_read_twice"):
        read_ballot(batch=batch, number=1, choices={}, actor=eva)
    with pytest.raises(Conflict, match="batch_differs"):
        cast_batch(batch=batch, actor=ana)
    with pytest.raises(NotPermitted, match="own_reading"):
        decide_ballot(batch=batch, number=2, choices={ceibo: 1}, reason="Se ve", actor=ana)
    assert not Tally.objects.exists() and not Ballot.objects.exists()

    browser.force_login(eva)
    page = browser.get(f"/polls/{poll.pk}/paper/1/decide/").content.decode()
    assert "Ana" in page and "Luis" in page
    sent = {"number": "2", "option": [ceibo, tipa], "reason": "La segunda cruz se ve."}
    assert browser.post(f"/polls/{poll.pk}/paper/1/decide/", sent).status_code == 302
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "Ceibo"))
    assert browser.post(f"/polls/{poll.pk}/paper/1/cast/").status_code == 302
    assert Ballot.objects.filter(is_paper=True).count() == 3
    assert not PaperReading.objects.exists()
    with pytest.raises(Conflict, match="batch_cast"):
        cast_batch(batch=batch, actor=ana)
    page = Client().get(f"/polls/{poll.pk}/paper/").content.decode()
    assert "In the log: 3. Spoilt, and not counted: 1." in page and "lank" not in page
    assert "Ballot 2 was decided by Eva: La segunda cruz se ve." in page

    at_the_end(poll, monkeypatch)
    page = Client().get(f"/polls/{poll.pk}/").content.decode()
    assert re.search(r"Spoilt, on paper</dt><dd>1<", page)
    assert Client().get(f"/api/v1/polls/{poll.pk}/tally/").json()["spoilt"] == 1
    directory = exported(poll, tmp_path)
    answer = run(directory)
    assert answer.returncode == 0, answer.stderr
    assert "On paper: 3 ballots of Escuela 4, and 1 spoilt ones that were not cast." in answer.stdout
    assert sum("paper" in json.loads(line) for line in lines(directory, "entries.jsonl")) == 3
    counts = json.loads((directory / "result.json").read_text())["tally"]["counts"]
    assert counts == {ceibo: 3, tipa: 1, str(poll.options.get(label="Lapacho").pk): 0}


def luis_reads(batch, luis, *ballots):
    for number, choices in enumerate(ballots, start=1):
        read_ballot(batch=batch, number=number, choices=choices, actor=luis)


def test_on_a_roll_nobody_votes_on_paper_and_online(client):
    poll = put_on(make_poll(), "email;dni\nana@example.org;\nluz@example.org;\n;12345678")
    [clerk] = clerks(poll, "Clara")
    ana, luz = (fresh(UserFactory(email=f"{name}@example.org")) for name in ("ana", "luz"))
    entries = {entry.email: entry for entry in EligibleVoter.objects.all()}
    with pytest.raises(NotPermitted):
        mark_paper_voter(poll=poll, entry=entries[ana.email], actor=editor_of(poll))
    client.force_login(clerk)
    assert client.post(f"/polls/{poll.pk}/paper/", {"act": "mark", "person": ana.email}).status_code == 302
    with pytest.raises(Conflict, match="voted_on_paper"):
        cast_ballot(poll=again(poll), voter=ana, choices=choose(poll, "for"))
    client.force_login(ana)
    answer = client.post(ballot_url(poll), {"option": poll.options.first().pk})
    assert answer.status_code == 409 and "You took a paper ballot" in answer.content.decode()

    cast_ballot(poll=again(poll), voter=luz, choices=choose(poll, "for"))
    with pytest.raises(Conflict, match="voted_online"):
        mark_paper_voter(poll=poll, entry=entries[luz.email], actor=clerk)
    batch = add_batch(poll=again(poll), place="Plaza", ballot_count=2, actor=editor_of(poll))
    [other] = clerks(poll, "Omar")
    for number in (1, 2):
        for person in (clerk, other):
            read_ballot(batch=batch, number=number, choices=choose(poll, "against"), actor=person)
    with pytest.raises(Conflict, match="more_papers_than_voters"):
        cast_batch(batch=batch, actor=clerk)
    mark_paper_voter(poll=poll, entry=entries[None], actor=clerk)
    cast_batch(batch=batch, actor=clerk)
    end(poll)
    assert close_if_due(again(poll)).is_closed
    assert set(RollEntry.objects.values_list("user", flat=True)) == {ana.pk, luz.pk}
    assert Tally.objects.get(poll=poll).counted["voters"] == 3


def test_paper_comes_from_clerks_alone_and_not_after_the_close(poll):
    editor, [ana] = editor_of(poll), clerks(poll, "Ana")
    state_rule(poll=poll, rule="Una lista.", actor=editor)
    batch = add_batch(poll=poll, place="Club", ballot_count=1, actor=editor)
    for stranger in (editor, UserFactory()):
        with pytest.raises(NotPermitted):
            read_ballot(batch=batch, number=1, choices={}, actor=stranger)
    with pytest.raises(NotPermitted):
        add_batch(poll=poll, place="Club", ballot_count=1, actor=ana)
    dismiss_clerk(clerk=poll.clerks.get(), actor=editor)
    with pytest.raises(NotPermitted):
        read_ballot(batch=batch, number=1, choices={}, actor=fresh(ana))
    appoint_clerk(poll=poll, email=ana.email, actor=editor)
    end(poll)
    with pytest.raises(PhaseClosed, match="paper_too_late"):
        read_ballot(batch=batch, number=1, choices={}, actor=fresh(ana))
