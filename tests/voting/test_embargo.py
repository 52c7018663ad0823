"""During an embargo no address, socket or export tells a count, to nobody; nor a winner, nor an order by votes."""

import io
import re
import secrets
import zipfile
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import get_resolver

from accounts.agencies import appoint_administrator
from accounts.models import Role
from accounts.refusals import InvalidInput
from comments.models import Comment
from config.routing import websockets
from consultations.clock import database_now
from consultations.opening.steps import STEPS
from tests.exports.reading import rows_of
from tests.factories import (
    ProposalFactory,
    UserFactory,
    anonymous,
    choose,
    fresh,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from tests.voting.live.browser import session_of
from tests.voting.test_closing import end
from voting.ballots.bulk import append_ballots
from voting.ballots.closing import close_if_due
from voting.ballots.folding import fold
from voting.live import watching
from voting.models import Option, Poll
from voting.results.gate import count_withheld, is_public_count

pytestmark = pytest.mark.django_db

COUNTS = {"Tipa": 217, "Ceibo": 139, "Lapacho": 0}  # the winner is not the first on the ballot
SHARES = r"(?<![\d:])(?:60[.,]9|39[.,]0)"  # the seconds of a time may be 39.0…


@pytest.fixture
def agency():
    return make_agency("Obras")


def cast(poll):
    append_ballots(
        poll,
        [(secrets.token_bytes(32), choose(poll, name)) for name, number in COUNTS.items() for _ in range(number)],
    )
    fold(poll.pk)


@pytest.fixture(params=["open", "closed"])
def embargoed(request, agency):
    until = database_now() + timedelta(days=90)
    consultation = make_consultation(agency, now_in="voting")
    poll = make_poll(
        consultation,
        method="single_choice",
        options=["Ceibo", "Tipa", "Lapacho"],
        results_policy="embargo",
        embargo_until=until,
    )
    cast(poll)
    if request.param == "closed":
        close_if_due(end(poll))
    return Poll.objects.select_related("consultation", "phase").get(pk=poll.pk)


def people(agency):
    administrator = UserFactory()
    appoint_administrator(administrator)
    return {
        "anonymous": anonymous,
        "citizen": UserFactory(),
        "administrator": fresh(administrator),
        **{role.value: member(agency, role) for role in Role},
    }


# Addresses that no row of a vote can answer: letters, log-in, texts of law, pictures and papers by their digest.
NOT_OF_A_VOTE = {
    "consultations:draft", "consultations:send-draft", "consultations:delete-draft",
    "consultations:cover", "consultations:cover-card", "consultations:attachment", "accounts:logo",
    "consultations:report-photo",
    "accounts:legal", "accounts:legal-version", "accounts:unsubscribe", "account_reset_password_from_key",
    "demo:letter", "demo:letter-html",
    # Paper of one batch, for appointed clerks alone, one ballot at a time and before it is in any count.
    "voting:type-paper", "voting:decide-paper", "voting:cast-paper",
    # Draft texts and what is annotated in them: they know of no vote.
    "consultations:version", "consultations:article", "consultations:edit-article", "consultations:compare",
    "consultations:download", "api:document-version", "comments:settle-placement",
}  # fmt: skip
WORDS_OF_DOCX = "word/document.xml"
# Those of somebody's invitation: they only take, and answer with a redirect.
ONLY_TAKE = {"consultations:remove-co-author", "api:proposal-remove-co-author"}


def addresses(poll):
    """Every address that names a poll, what is around it, or nothing at all; and the names of the others."""
    proposal = ProposalFactory(consultation=poll.consultation)
    comment = Comment.objects.create(consultation=poll.consultation, author=UserFactory(), body="¿Y los plátanos?")
    ballot = poll.ballots.order_by("leaf__number").first()  # one whose number is by chance that of a count is no leak
    things = {
        "poll_id": [poll.pk],
        "slug": [poll.consultation.slug],
        "comment_id": [comment.pk],
        "ballot_id": [ballot.pk if ballot else "BALLOT"],
        "step": [step.code for step in STEPS],
        "table": ["polls", "tallies", "ballots"],
        "suffix": ["csv", "json"],
    }
    found, unwalked = set(), set()

    def walk(patterns, prefix, namespace):
        for each in patterns:
            route = prefix + str(each.pattern).lstrip("^").replace("\\Z", "").replace("$", "")
            if hasattr(each, "url_patterns"):
                walk(each.url_patterns, route, namespace + (f"{each.namespace}:" if each.namespace else ""))
                continue
            route = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"<\1>", route)
            here = {**things, "pk": [proposal.pk if "proposals/" in route else poll.pk]}
            if "agencies/" in route:
                here["slug"] = [poll.consultation.agency.slug]
            if "comments/" in route or "moderation/" in route:
                here["pk"] = [comment.pk]
            paths = [route]
            for name in re.findall(r"<(?:\w+:)?(\w+)>", route):
                paths = [
                    re.sub(rf"<(?:\w+:)?{name}>", str(thing), path) for path in paths for thing in here.get(name, [])
                ]
            found.update("/" + path for path in paths)
            if not paths:
                unwalked.add(f"{namespace}{each.name}")

    walk(get_resolver().url_patterns, "", "")
    return sorted(found), unwalked


def test_no_address_is_left_out_but_those_that_are_not_of_a_vote(embargoed):
    """A new address with a new kind of name in it fails here, until somebody says what to put there."""
    assert addresses(embargoed)[1] == NOT_OF_A_VOTE | ONLY_TAKE


def test_no_socket_is_left_out():
    assert [str(route.pattern) for route in websockets.routes] == [
        "ws/polls/<int:poll_id>/",
        "ws/consultations/<int:consultation_id>/comments/",  # frames of the thread alone: comments/live
        "",
    ]


def test_every_address_in_each_role(client, agency, embargoed):
    paths, _ = addresses(embargoed)
    assert f"/polls/{embargoed.pk}/" in paths
    assert f"/api/v1/polls/{embargoed.pk}/tally/" in paths
    assert f"/consultations/{embargoed.consultation.slug}/data/tallies.csv" in paths
    assert len(paths) > 40
    told = []
    seen = 0
    for name, person in people(agency).items():
        client.logout()
        if person is not anonymous:
            client.force_login(person)
        for path in paths:
            answer = client.get(path)
            body = b"".join(answer) if answer.streaming else answer.content
            seen += answer.status_code == 200
            if given := gives_away(as_text(body)):
                told.append((name, path, given))
    assert seen > 200
    assert told == []


def as_text(body):
    """What an answer says; of an archive all the files in it but the program that checks it."""
    if not body.startswith(b"PK"):
        return body.decode(errors="replace")
    with zipfile.ZipFile(io.BytesIO(body)) as files:
        if WORDS_OF_DOCX in files.namelist():  # beside it lie the widths and sizes of the program's own styles
            return re.sub(r"<[^>]+>", " ", files.read(WORDS_OF_DOCX).decode())
        named = [name for name in files.namelist() if name != "verify.py"]
        return "\n".join(files.read(name).decode(errors="replace") for name in named)


def gives_away(text):
    """What in it tells of the count."""
    text = re.sub(r"[A-Za-z0-9+/=_-]{20,}", "", text)  # hashes, tokens and keys hold any digits
    text = re.sub(r"(?i)(persona|barrio|número) ?\d+", "", text)  # the factories number people and titles
    # Not within a word: a random seed in an address may hold any digits too.
    numbers = r"(?<![\w.,#/-])(?:217|139|78)(?![\w:])"
    found = re.finditer(f"{numbers}|{SHARES}|Ganó", text)
    return [text[max(0, each.start() - 40) : each.end() + 40] for each in found]


def test_this_test_would_see_it_once_the_embargo_is_over(client, embargoed):
    close_if_due(end(embargoed)) if not embargoed.is_closed else None
    Poll.objects.filter(pk=embargoed.pk).update(embargo_until=database_now())
    for path in (f"/polls/{embargoed.pk}/", f"/api/v1/polls/{embargoed.pk}/tally/", f"/api/v1/polls/{embargoed.pk}/"):
        assert gives_away(client.get(path).content.decode()), path
    assert [row["count"] for row in rows_of(embargoed.consultation, "tallies", anonymous)] == ["139", "217", "0"]


def test_whoever_casts_is_told_no_count(client, embargoed):
    if embargoed.is_closed:
        return
    client.force_login(UserFactory())
    choices = choose(embargoed, "Ceibo")
    api, page = f"/api/v1/polls/{embargoed.pk}/ballot/", f"/polls/{embargoed.pk}/ballot/"
    answers = [client.post(api, {"choices": choices}, "application/json")]
    answers.append(client.post(page, {"option": next(iter(choices))}, follow=True))
    answers.append(client.post(page, {"option": "0"}, follow=True))
    assert [answer.status_code for answer in answers][:2] == [201, 200]
    assert not [answer for answer in answers if gives_away(answer.content.decode())]


def test_the_socket_lets_nobody_watch(agency, embargoed):
    keys = [session_of(person) for person in people(agency).values() if person.is_authenticated]
    assert watching._admit(embargoed.pk, [None, *keys]) == set()


def test_the_api_says_neither_outcome_nor_order_and_how_many_voted(client, embargoed):
    told = client.get(f"/api/v1/polls/{embargoed.pk}/").json()
    assert told["outcome"] is None
    assert told["turnout"] == sum(COUNTS.values())
    order = list(Option.objects.filter(poll=embargoed).order_by("position").values_list("pk", flat=True))
    assert [option["id"] for option in told["options"]] == order


def test_the_refusal_says_until_when(client, embargoed):
    problem = client.get(f"/api/v1/polls/{embargoed.pk}/tally/").json()
    assert problem["code"] == "embargo"
    assert problem["until"] == embargoed.embargo_until.isoformat()


def test_the_exported_tables_tell_neither_counts_nor_ballots_nor_an_outcome_to_anybody(agency, embargoed):
    for person in people(agency).values():
        [row] = rows_of(embargoed.consultation, "polls", person)
        assert (row["winners"], row["ties"], row["explanation"]) == ("", "", "")
        assert rows_of(embargoed.consultation, "tallies", person) == []
        assert rows_of(embargoed.consultation, "ballots", person) == []


def test_the_page_of_the_vote_says_how_many_voted_and_from_when_the_count_is_seen(client, embargoed):
    page = client.get(embargoed.get_absolute_url()).content.decode()
    assert "Votaron 356 personas." in page
    assert "embargo" in page


def test_after_its_end_everybody_sees_it_and_before_the_close_nobody_does(embargoed):
    Poll.objects.filter(pk=embargoed.pk).update(embargo_until=database_now())
    poll = Poll.objects.select_related("phase").get(pk=embargoed.pk)
    assert (count_withheld(poll, anonymous) is None) == poll.is_closed == is_public_count(poll)


def test_an_embargo_needs_an_end_and_nothing_else_has_one(agency):
    for fields in ({"results_policy": "embargo"}, {"results_policy": "live", "embargo_until": database_now()}):
        with pytest.raises(InvalidInput, match="embargo_end"):
            make_poll(make_consultation(agency, now_in="voting"), **fields)


@pytest.mark.parametrize("policy", ["live", "after_voting"])
def test_a_binding_vote_shows_no_count_before_its_close_and_the_database_holds_that(agency, policy):
    with pytest.raises(InvalidInput, match="binding_and_early"):
        make_poll(make_consultation(agency, now_in="voting"), results_policy=policy, is_binding=True)
    poll = make_poll(make_consultation(agency, now_in="voting"), results_policy=policy)
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=poll.pk).update(is_binding=True)


def test_where_auditors_alone_see_ballots_the_shown_count_moves_by_ten_people(client, agency):
    poll = make_poll(make_consultation(agency, now_in="voting"), results_policy="live", disclosure="auditors")

    def shown_after(number):
        append_ballots(poll, [(secrets.token_bytes(32), choose(poll, "for")) for _ in range(number)])
        fold(poll.pk)
        return client.get(f"/api/v1/polls/{poll.pk}/tally/").json()["voters"]

    assert [shown_after(number) for number in (9, 1, 5, 4, 1, 30, 9)] == [0, 0, 0, 0, 10, 20, 20]
    assert client.get(f"/api/v1/polls/{poll.pk}/").json()["turnout"] == 59


def test_there_the_close_is_a_step_of_ten_people_too_and_does_not_tell_what_the_last_one_chose(client, agency):
    poll = make_poll(make_consultation(agency, now_in="voting"), results_policy="live", disclosure="auditors")
    shown = []
    for number, side in [(10, "for"), (10, "for"), (10, "for"), (1, "against")]:
        append_ballots(poll, [(secrets.token_bytes(32), choose(poll, side)) for _ in range(number)])
        fold(poll.pk)
        shown.append(client.get(f"/api/v1/polls/{poll.pk}/tally/").json()["voters"])
    close_if_due(end(poll))
    final = client.get(f"/api/v1/polls/{poll.pk}/tally/").json()

    assert (shown, final["voters"], final["final"]) == ([0, 10, 20, 20], 31, True)
