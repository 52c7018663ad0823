"""What can be done through the API: the same use cases as the pages call, with the same refusals."""

import pytest

from comments.models import Comment
from consultations.models import Proposal
from tests.api.conftest import problem
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    choose,
    make_agency,
    make_consultation,
    make_poll,
)
from tests.factories.accounts import PASSWORD  # noqa: F401  (the factory's people log in by force_login)
from voting.models import Ballot


@pytest.fixture
def agency(db):
    return make_agency("Obras")


def test_a_citizen_proposes(api, agency):
    make_consultation(agency, now_in="proposals", title="Ideas")
    author = UserFactory()

    answer = api(author).post("proposals/", {"consultation": "ideas", "title": "Plaza", "body": "Con **sombra**."})

    assert answer.status_code == 201
    proposal = Proposal.objects.get()
    assert (proposal.author, proposal.title, proposal.is_official) == (author, "Plaza", False)
    assert api().get(f"proposals/{proposal.pk}/").json() == answer.json()
    assert answer["Location"] == f"/api/v1/proposals/{proposal.pk}/"


def test_a_citizen_comments_and_answers(api, agency):
    consultation = make_consultation(agency, title="Ideas")
    first = CommentFactory(consultation=consultation)
    author = UserFactory()

    answer = api(author).post("comments/", {"consultation": "ideas", "body": "¿Y agua?", "answers": first.pk})

    assert answer.status_code == 201
    comment = Comment.objects.get(author=author)
    assert (comment.answers, comment.root) == (first, first)
    assert api().get(f"comments/{comment.pk}/").json() == answer.json()


def test_a_citizen_votes_sees_it_and_changes_it(api):
    poll = make_poll()
    voter = api(UserFactory())
    assert problem(voter.get(f"polls/{poll.pk}/ballot/"), 404)["code"] == "no_ballot"

    first = voter.post(f"polls/{poll.pk}/ballot/", {"choices": choose(poll, "for")})
    second = voter.post(f"polls/{poll.pk}/ballot/", {"choices": choose(poll, "against")})

    assert (first.status_code, first.json()["revision"]) == (201, 1)
    receipt = second.json()["receipt"]
    assert second.json() == {"choices": choose(poll, "against"), "revision": 2, "number": None, "receipt": receipt}
    assert voter.client.get(receipt).json()["state"] == "received"
    assert voter.get(f"polls/{poll.pk}/ballot/").json()["choices"] == choose(poll, "against")
    assert problem(api(UserFactory()).get(f"polls/{poll.pk}/ballot/"), 404)["code"] == "no_ballot"


def test_a_blank_ballot_counts(api):
    poll = make_poll()

    assert api(UserFactory()).post(f"polls/{poll.pk}/ballot/", {"choices": {}}).status_code == 201


@pytest.mark.parametrize(
    "choices",
    [{"0": 1}, {"x": 1}, {"for": 1}, {"'; DROP TABLE voting_ballot; --": 1}],
    ids=["no such option", "no number", "a word", "sql"],
)
def test_choices_that_cannot_be_counted_are_refused_at_their_field(api, choices):
    poll = make_poll()

    refused = problem(api(UserFactory()).post(f"polls/{poll.pk}/ballot/", {"choices": choices}), 400)

    assert "choices" in refused["errors"]
    assert not Ballot.objects.exists()


@pytest.mark.parametrize("value", [0, 2, -1, 10**30, "x", None, [1], {"a": 1}, True, 1.5])
def test_no_value_but_one_is_a_choice(api, value):
    poll = make_poll()
    [option] = choose(poll, "for")

    problem(api(UserFactory()).post(f"polls/{poll.pk}/ballot/", {"choices": {option: value}}), 400)
    assert not Ballot.objects.exists()


def test_two_choices_where_one_is_allowed_are_refused(api):
    poll = make_poll()

    refused = api(UserFactory()).post(f"polls/{poll.pk}/ballot/", {"choices": choose(poll, "for", "against")})

    assert problem(refused, 400)["code"] == "too_many_choices"


# --- Who, and when


def writes(agency, now_in):
    """The three things that a participant does, in a consultation whose clock stands there."""
    consultation = make_consultation(agency, now_in=now_in, title="Ideas")
    poll = make_poll(consultation)
    return {
        "propose": ("proposals/", {"consultation": "ideas", "title": "Plaza"}),
        "comment": ("comments/", {"consultation": "ideas", "body": "Hola"}),
        "vote": (f"polls/{poll.pk}/ballot/", {"choices": choose(poll, "for")}),
    }


def test_nobody_writes_without_an_account(api, agency):
    for path, body in writes(agency, "voting").values():
        refused = problem(api().post(path, body), 403)
        assert refused["code"] == "needs_account"
        assert refused["remedy"]["address"] == "/account/login/"


@pytest.mark.parametrize(
    ("now_in", "allowed"),
    [
        (None, set()),
        ("information", set()),
        ("proposals", {"propose", "comment"}),
        ("discussion", {"comment"}),
        ("voting", {"comment", "vote"}),
        ("over", set()),
    ],
)
def test_the_phase_decides_what_is_taken(api, agency, now_in, allowed):
    citizen = api(UserFactory())

    for act, (path, body) in writes(agency, now_in).items():
        answer = citizen.post(path, body)
        if act in allowed:
            assert answer.status_code == 201, answer.content
        else:
            assert problem(answer, 409)["code"].startswith("not_") or answer.json()["code"] == "poll_closed"


def test_only_editors_speak_for_the_agency(api, agency):
    make_consultation(agency, now_in="discussion", title="Ideas")
    body = {"consultation": "ideas", "body": "Respuesta", "is_official": True}

    assert problem(api(UserFactory()).post("comments/", body), 403)["code"] == "not_granted"
    assert api(agency.owner).post("comments/", body).json()["is_official"] is True


def test_a_comment_does_not_stand_in_two_consultations(api, agency):
    make_consultation(agency, title="Ideas")
    elsewhere = ProposalFactory(consultation=make_consultation(agency, now_in="over", title="Otra"))

    body = {"consultation": "ideas", "body": "Hola", "proposal": elsewhere.pk}
    refused = problem(api(UserFactory()).post("comments/", body), 400)

    assert refused["code"] == "strange_proposal"
    assert not Comment.objects.exists()


def test_what_only_the_house_sets_cannot_be_sent(api, agency):
    make_consultation(agency, now_in="proposals", title="Ideas")
    author = UserFactory()
    body = {
        "consultation": "ideas",
        "title": "Plaza",
        "author": agency.owner.pk,
        "external_id": "x",
        "hidden_reason": "x",
        "id": 77,
    }

    assert api(author).post("proposals/", body).status_code == 201
    proposal = Proposal.objects.get()
    assert (proposal.author, proposal.external_id, proposal.hidden_reason) == (author, "", "")


def test_writing_with_a_session_needs_the_csrf_token(api):
    poll = make_poll()
    client = api(UserFactory(), enforce_csrf_checks=True)
    body = {"choices": choose(poll, "for")}

    assert problem(client.post(f"polls/{poll.pk}/ballot/", body), 403)["code"] == "csrf_failed"
    client.client.get("/account/login/")
    assert not Ballot.objects.exists()
