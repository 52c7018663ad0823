"""A budget as a Pabulib file: equal in meaning to what came in, and never before single ballots are public."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from consultations.models import Proposal
from tests.factories import ProposalFactory, UserFactory, make_agency, make_consultation, make_poll, member
from tests.voting.elections import OWN_FILE, shared_files
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.formats import pabulib
from voting.models import ImportedVote, Poll

pytestmark = pytest.mark.django_db

SMALL = [OWN_FILE, *(file for file in shared_files() if file.stat().st_size < 200_000)]


@pytest.fixture
def villa_serena():
    return make_agency("Villa Serena")


def imported(file) -> Poll:
    out = StringIO()
    call_command("import_pabulib", str(file), agency="villa-serena", stdout=out, stderr=StringIO())
    slug = re.fullmatch(r"/consultations/([\w-]+)/", out.getvalue().strip().splitlines()[-1])[1]
    return Poll.objects.get(consultation__slug=slug)


def exported(poll, wanted=None) -> str:
    out = StringIO()
    call_command("export_pabulib", poll.consultation.slug, stdout=out, poll=wanted)
    return out.getvalue()


def read(text):
    return pabulib.read(text.encode().splitlines(keepends=True))


def said(vote, vote_type):
    """What a vote says: approvals and points have no order."""
    chosen = list(zip(vote.projects, vote.points, strict=True)) if vote.points is not None else list(vote.projects)
    return vote.voter_id, chosen if vote_type == "ordinal" else sorted(chosen), vote.about


def held(method="greedy", **fields) -> Poll:
    """Rosa chooses both, Juan the second, Ana nothing; the close has come."""
    consultation = make_consultation(now_in="voting", budget_cents=1_000_00)
    trees = [
        ProposalFactory(
            consultation=consultation, title=title, body="Con sombra.", cost_cents=cost, category="verde, agua"
        )
        for title, cost in (("Ceibo", 600_50), ("Tipa;\nla vieja", 500_00))
    ]
    poll = make_poll(consultation, method=method, options=trees, **fields)
    first, second = (str(option.pk) for option in poll.options.all())
    for choices in ({first: 1, second: 1}, {second: 1}, {}):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choices)
    end(poll)
    return close_if_due(Poll.objects.get(pk=poll.pk))


# --- What goes out


@pytest.mark.parametrize("file", SMALL, ids=lambda file: file.stem)
def test_what_came_in_goes_out_again_to_the_last_cell(villa_serena, file):
    with file.open("rb") as lines:
        before = pabulib.read(lines)
    after = read(exported(imported(file)))

    assert dict(after.meta) == dict(before.meta)
    assert (after.vote_type, after.budget, after.vote_columns) == (before.vote_type, before.budget, before.vote_columns)
    columns = [after.project_columns.index(name) for name in before.project_columns]
    assert [[of.cells[at] for at in columns] for of in after.projects] == [list(of.cells) for of in before.projects]
    assert [said(vote, after.vote_type) for vote in after.votes] == [said(v, before.vote_type) for v in before.votes]


def test_points_that_a_ballot_does_not_hold_are_kept_beside_it(villa_serena, tmp_path):
    """None for a project, and those that a project gets by default."""
    text = OWN_FILE.read_text(encoding="utf-8").split("VOTES\n")[0]
    text = text.replace("vote_type;approval", "vote_type;scoring").replace("num_votes;14", "num_votes;2")
    text = text.replace("max_length;4\n", "default_score;2\n")
    file = tmp_path / "scores.pb"
    file.write_text(f"{text}VOTES\nvoter_id;vote;points;sex\nana;3,1;5,0;F\nbeto;2;1;M\n", encoding="utf-8")
    poll = imported(file)

    assert [said(vote, "scoring") for vote in read(exported(poll)).votes] == [
        ("ana", [("1", 0), ("3", 5)], ("F",)),
        ("beto", [("2", 1)], ("M",)),
    ]
    points = {
        option.proposal.external_id: poll.tally.counted["counts"][str(option.pk)] for option in poll.options.all()
    }
    assert (points["3"], points["1"], points["2"], points["4"]) == (7, 2, 3, 4)


def test_a_vote_held_here_goes_out_with_what_the_format_asks_for():
    poll = held(max_choices=2)
    ceibo, tipa = (str(option.pk) for option in poll.options.all())
    election = read(exported(poll))

    assert [(project.id, project.name, project.selected) for project in election.projects] == [
        (tipa, "Tipa; la vieja", 1), (ceibo, "Ceibo", 0),
    ]  # fmt: skip
    assert [project.vote_count for project in election.projects] == [2, 1]
    assert election.projects[0].categories == ("verde", "agua")
    assert sorted(vote.projects for vote in election.votes) == [(ceibo, tipa), (tipa,)]
    assert sorted(vote.voter_id for vote in election.votes) == ["1", "2"]
    assert (election.meta["rule"], election.meta["country"], election.meta["max_length"]) == (
        "greedy",
        "Argentina",
        "2",
    )
    assert "Blank ballots, which are not listed here: 1." in election.meta["comment"]
    assert not ImportedVote.objects.exists()


def test_the_words_of_a_hidden_proposal_do_not_go_out(villa_serena):
    editor = member(villa_serena, "moderator")
    for poll in (imported(OWN_FILE), held()):
        proposal: Proposal = poll.options.first().proposal
        Proposal.objects.filter(pk=proposal.pk).update(
            hidden_at="2026-01-01T00:00:00Z", hidden_by=editor, hidden_reason="Insultos"
        )
        file = exported(poll)

        assert proposal.title not in file
        assert len(read(file).projects) == poll.options.count()


# --- Who may have it, and when


def addresses(poll):
    return reverse("voting:export-pabulib", args=[poll.pk]), reverse("api:poll-pabulib", args=[poll.pk])


async def _body(answer):
    return b"".join([chunk async for chunk in answer.streaming_content])


@pytest.mark.django_db(transaction=True)
async def test_page_and_api_stream_what_the_command_prints(async_client):
    from asgiref.sync import sync_to_async

    poll = await sync_to_async(held)()
    printed = await sync_to_async(exported)(poll)
    for address in addresses(poll):
        answer = await async_client.get(address)
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == f'attachment; filename="{poll.consultation.slug}-{poll.pk}.pb"'
        assert (await _body(answer)).decode() == printed


def test_before_the_close_it_goes_to_nobody(client):
    agency = make_agency("Obras")
    consultation = make_consultation(agency=agency, now_in="voting", budget_cents=1_000_00)
    tree = ProposalFactory(consultation=consultation, cost_cents=100_00)
    other = ProposalFactory(consultation=consultation, cost_cents=200_00)
    poll = make_poll(consultation, method="greedy", options=[tree, other], results_policy="live")
    for person in (UserFactory(), member(agency, "owner")):
        client.force_login(person)
        assert [client.get(address).status_code for address in addresses(poll)] == [403, 403]
    with pytest.raises(CommandError, match=str(poll.question)):
        exported(poll)
    assert "election.pb" not in client.get(poll.get_absolute_url()).content.decode()


def test_where_only_observers_see_ballots_the_public_and_the_operator_do_not_get_them(client):
    poll = held(disclosure="auditors")

    assert [client.get(address).status_code for address in addresses(poll)] == [403, 403]
    assert "election.pb" not in client.get(poll.get_absolute_url()).content.decode()
    with pytest.raises(CommandError, match="veedoras"):
        exported(poll)


def test_a_vote_without_money_has_no_such_file(client):
    poll = make_poll()
    assert [client.get(address).status_code for address in addresses(poll)] == [409, 409]


def test_of_several_votes_the_command_wants_to_know_which():
    poll = held()
    other = make_poll(
        poll.consultation, method="greedy", options=list(poll.consultation.proposals.all()), question="¿Y?"
    )
    with pytest.raises(CommandError, match=rf"(?s)--poll {poll.pk}.*--poll {other.pk}"):
        exported(poll)

    assert read(exported(poll, poll.pk)).votes
    with pytest.raises(CommandError, match="no budget vote 1"):
        exported(poll, 1)
