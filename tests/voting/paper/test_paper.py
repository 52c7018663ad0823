"""Paper ballots, from the announced batch to the log: two clerks who do not see each other's, and a third look."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed
from consultations.opening import delete_draft
from tests.exports.reading import rows_of
from tests.factories import UserFactory, anonymous, choose, fresh, make_agency, make_consultation, make_poll, member
from tests.voting.reading import ballot_url, end
from tests.voting.rolls.conftest import again, put_on
from tests.voting.verifying.logs import at_the_end, exported, lines, run
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.models import Ballot, EligibleVoter, PaperReading, RollEntry, Tally
from voting.paper.appointing import appoint_clerk, dismiss_clerk, mark_paper_voter, state_rule
from voting.paper.entering import add_batch, cast_batch, decide_ballot, differences_of, read_ballot

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


def test_two_clerks_type_a_third_decides_and_the_batch_is_in_the_log_as_paper(poll, tmp_path):
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

    at_the_end(poll)
    page = Client().get(f"/polls/{poll.pk}/").content.decode()
    assert re.search(r"Spoilt, on paper</dt><dd>1<", page)
    assert Client().get(f"/api/v1/polls/{poll.pk}/tally/").json()["spoilt"] == 1
    assert {row["spoilt"] for row in rows_of(poll.consultation, "tallies", anonymous)} == {"1"}
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


def test_each_clerk_may_bring_a_file_and_its_faults_are_told_by_line(poll):
    editor, (ana, luis) = editor_of(poll), clerks(poll, "Ana", "Luis")
    state_rule(poll=poll, rule="Cada votante firma una lista.", actor=editor)
    batch = add_batch(poll=poll, place="Escuela 4", ballot_count=4, actor=editor)
    first, second, third = (str(pk) for pk in poll.options.values_list("pk", flat=True))

    def send(person, text):
        browser = Client(headers={"accept-language": "en"})
        browser.force_login(person)
        file = SimpleUploadedFile("papers.csv", text.encode("cp1252"), content_type="text/csv")
        return browser.post(f"/polls/{poll.pk}/paper/1/type/", {"act": "file", "file": file})

    wrong = "boleta;opción\n1;1\n9;1\n2;7\n3\n1;2\n4;1 2 3\n"
    answer = send(ana, wrong)
    page = answer.content.decode()
    assert answer.status_code == 400 and not PaperReading.objects.exists()
    for line in (3, 4, 5, 6, 7):
        assert f"Line {line}: " in page
    assert "Line 2: " not in page and "no ballot of that number" in page
    assert send(ana, "").status_code == 400
    assert send(UserFactory(), "1;1").status_code == 403
    assert send(ana, "boleta;opción\n1;1 2\n2;en blanco\n3\tnulo\n4,3\n").status_code == 302
    assert send(ana, "1;1").status_code == 400  # not twice by one
    assert send(luis, "1;2,1\r\n2;blank\r\n3;spoilt\r\n4;2\r\n").status_code == 302
    said = {reading.number: reading.choices for reading in PaperReading.objects.filter(clerk=luis)}
    assert said == {1: {first: 1, second: 1}, 2: {}, 3: {}, 4: {second: 1}}
    assert differences_of(batch) == [4]
    assert third in PaperReading.objects.get(clerk=ana, number=4).choices


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


def test_nobody_is_marked_as_having_voted_on_paper_while_there_is_no_vote():
    """Else somebody could be kept from voting before anybody could; and a draft that names them could not go."""
    agency = make_agency("Obras")
    announced = make_consultation(agency, now_in="discussion")
    draft = make_consultation(agency, now_in="voting", publish=False)
    for consultation in (announced, draft):
        poll = put_on(make_poll(consultation), "email\nana@example.org\n")
        clerk = member(agency, Role.EDITOR)
        appoint_clerk(poll=poll, email=clerk.email, actor=agency.owner)
        with pytest.raises(PhaseClosed, match="paper_too_early"):
            mark_paper_voter(poll=poll, entry=EligibleVoter.objects.get(roll=poll.electoral_roll), actor=fresh(clerk))
    delete_draft(consultation=draft, actor=fresh(agency.owner))
