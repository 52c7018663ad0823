"""What the API shows, to whom, and at what cost."""

import pytest

from accounts.models import Agency, Role
from comments.moderation.moderating import hide
from consultations.open_data.pseudonyms import author_number
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    choose,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from voting.ballots.casting import cast_ballot
from voting.ballots.folding import fold


@pytest.fixture
def agency(db):
    return make_agency("Obras")


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, now_in="voting", title="Plan de arbolado", budget_cents=1_000_000_00)


@pytest.fixture
def secret(agency):
    """A private consultation with one of everything."""
    consultation = make_consultation(agency, now_in="voting", title="Secreta", visibility="private")
    consultation.proposal = ProposalFactory(consultation=consultation)
    consultation.comment = CommentFactory(consultation=consultation)
    consultation.poll = make_poll(consultation)
    return consultation


def test_the_root_names_what_there_is(api):
    rooms = {"agencies", "consultations", "documents", "proposals", "comments", "pledges", "moderation", "polls"}
    assert set(api().get("").json()) == rooms


def test_an_agency_is_found_by_its_slug(api, agency):
    row = api().get("agencies/obras/").json()

    assert (row["id"], row["slug"], row["kind"]) == (agency.pk, "obras", "agency")
    assert api().get("agencies/").json()["results"] == [row]


def test_a_consultation_says_its_state_and_phases(api, consultation):
    row = api().get("consultations/plan-de-arbolado/").json()

    assert row["id"] == consultation.pk
    assert row["agency"] == "obras"
    assert row["state"] == "open"
    assert [phase["kind"] for phase in row["phases"]] == ["information", "proposals", "discussion", "voting"]
    assert row["budget"] == {"amount_cents": 1_000_000_00, "currency": "ARS", "district_rule": "chosen"}
    assert row["districts"] == []
    assert api().get("consultations/").json()["results"] == [row]


def test_consultations_are_filtered_by_agency_and_state(api, agency, consultation):
    closed = make_consultation(make_agency("Salud"), now_in="over", title="Vieja")

    assert api().ids("consultations/?state=closed") == [closed.pk]
    assert api().ids("consultations/?state=open") == [consultation.pk]
    assert api().ids("consultations/?agency=salud") == [closed.pk]
    assert api().ids("consultations/?agency=salud&state=open") == []


def test_lists_are_filtered_by_consultation_and_place(api, agency, consultation):
    other = make_consultation(agency, title="Otra")
    proposals = [ProposalFactory(consultation=c) for c in (consultation, other)]
    comments = [CommentFactory(consultation=consultation), CommentFactory(consultation=other, proposal=proposals[1])]
    reply = CommentFactory(consultation=consultation, root=comments[0], answers=comments[0])
    poll = make_poll(consultation)

    assert api().ids("proposals/?consultation=otra") == [proposals[1].pk]
    assert api().ids("comments/?consultation=otra") == [comments[1].pk]
    assert api().ids(f"comments/?proposal={proposals[1].pk}") == [comments[1].pk]
    assert api().ids(f"comments/?root={comments[0].pk}") == [reply.pk]
    assert api().ids("polls/?consultation=plan-de-arbolado") == [poll.pk]
    assert api().ids("polls/?consultation=otra") == []


def test_an_author_is_the_number_of_the_exports_and_never_a_name(api, consultation):
    author = UserFactory(name="Rosa Paz", email="rosa@example.org")
    ProposalFactory(consultation=consultation, author=author)
    comment = CommentFactory(consultation=consultation, author=author)

    row = api().get(f"comments/{comment.pk}/")

    assert row.json()["author"] == author_number(consultation.pk, author.pk)
    for path in ["comments/", "proposals/", f"comments/{comment.pk}/"]:
        answer = api(UserFactory(name="Ana")).get(path).content.decode()
        assert "Rosa" not in answer and "rosa@" not in answer


def test_what_is_hidden_shows_the_reason_and_no_word_of_it_even_to_moderators(api, agency, consultation):
    proposal = ProposalFactory(
        consultation=consultation, title="SECRETO", body="SECRETO", category="SECRETO", place="SECRETO", latitude=-34.5
    )
    comment = CommentFactory(consultation=consultation, body="SECRETO")
    poll = make_poll(consultation, method="approval", options=[proposal, ProposalFactory(consultation=consultation)])
    for target in (proposal, comment):
        hide(target=target, actor=member(agency, Role.MODERATOR), reason="Datos personales")

    for path in [
        "comments/",
        f"comments/{comment.pk}/",
        "proposals/",
        f"proposals/{proposal.pk}/",
        f"polls/{poll.pk}/",
    ]:
        answer = api(agency.owner).get(path).content.decode()
        assert "SECRETO" not in answer and "-34.5" not in answer
    assert api().get(f"comments/{comment.pk}/").json()["hidden_reason"] == "Datos personales"


# --- Private consultations


def addresses(consultation):
    return [
        f"consultations/{consultation.slug}/",
        f"proposals/{consultation.proposal.pk}/",
        f"comments/{consultation.comment.pk}/",
        f"polls/{consultation.poll.pk}/",
        f"polls/{consultation.poll.pk}/tally/",
        f"polls/{consultation.poll.pk}/ballot/",
    ]


def test_a_private_consultation_is_the_same_as_none_to_strangers(api, secret):
    nowhere = [
        path.replace("secreta", "ninguna").replace(f"/{pk}/", "/987654321/")
        for path, pk in zip(
            addresses(secret),
            [0, secret.proposal.pk, secret.comment.pk, *[secret.poll.pk] * 3],
            strict=True,
        )
    ]
    for person in [None, UserFactory(), make_agency("Salud").owner]:
        for path, missing in zip(addresses(secret), nowhere, strict=True):
            hidden, absent = api(person).get(path), api(person).get(missing)
            assert (hidden.status_code, hidden.content) == (404, absent.content)
        for word in ["consultations", "proposals", "comments", "polls"]:
            assert api(person).ids(f"{word}/") == []
        for word in ["proposals", "comments", "polls"]:
            assert api(person).get(f"{word}/?consultation=secreta").content == (
                api(person).get(f"{word}/?consultation=ninguna").content
            )


def test_its_members_see_a_private_consultation(api, agency, secret):
    somebody = member(agency, Role.MEMBER)

    for path in addresses(secret)[:-1]:
        assert api(somebody).get(path).status_code == 200
    assert api(somebody).ids("comments/?consultation=secreta") == [secret.comment.pk]


@pytest.mark.parametrize("word", ["proposals", "comments", "polls"])
def test_writing_into_a_private_consultation_is_the_same_as_into_none(api, secret, word):
    bodies = [
        {"consultation": slug, "title": "Hola", "body": "Hola", "choices": {}} for slug in ("secreta", "inexiste")
    ]
    path = f"polls/{secret.poll.pk}/ballot/" if word == "polls" else f"{word}/"
    answers = [api(UserFactory()).post(path, body) for body in bodies]

    assert answers[0].status_code == answers[1].status_code == (404 if word == "polls" else 400)
    assert answers[0].content.replace(b"secreta", b"inexiste") == answers[1].content


def test_a_draft_is_seen_by_its_editors_only(api, agency):
    make_consultation(agency, title="Borrador", publish=False)

    assert api().get("consultations/borrador/").status_code == 404
    assert api(member(agency, Role.MEMBER)).get("consultations/borrador/").status_code == 404
    assert api(member(agency, Role.EDITOR)).get("consultations/borrador/").json()["state"] == "draft"


# --- Pages


def test_pages_lead_through_a_whole_list_newest_first(api, consultation):
    comments = CommentFactory.create_batch(7, consultation=consultation)
    first = api().get("comments/?page_size=3").json()
    late = CommentFactory(consultation=consultation)  # comes while somebody pages: nothing is skipped or twice

    assert len(first["results"]) == 3
    rest = api().ids(first["next"].partition("/api/v1/")[2])
    assert [row["id"] for row in first["results"]] + rest == [comment.pk for comment in reversed(comments)]
    assert api().ids("comments/?page_size=3")[0] == late.pk


def test_a_page_has_at_most_200_rows(api, consultation):
    CommentFactory.create_batch(201, consultation=consultation)

    assert len(api().get("comments/?page_size=100000000000").json()["results"]) == 200
    assert len(api().get("comments/").json()["results"]) == 50
    for odd in ["0", "-1", "x", ""]:
        assert len(api().get(f"comments/?page_size={odd}").json()["results"]) == 50


@pytest.mark.parametrize("word", ["agencies", "consultations", "proposals", "comments", "polls"])
def test_a_list_costs_the_same_with_many_rows(api, django_assert_max_num_queries, word):
    reader = UserFactory()
    for n in range(8):
        agency = make_agency(f"Organismo {n}")
        member(agency, Role.MEMBER, user=reader)
        private = make_consultation(agency, now_in="voting", title=f"Consulta {n}", visibility="private")
        author = UserFactory()
        proposals = [ProposalFactory(consultation=private, author=author) for _ in range(2)]
        CommentFactory(consultation=private, author=author, proposal=proposals[0])
        make_poll(private, method="approval", options=proposals, results_policy="after_voting")
    client = api(reader)

    with django_assert_max_num_queries(6):  # session, user, rows, what hangs on them
        answer = client.get(f"{word}/")
    assert len(answer.json()["results"]) >= 8
    assert Agency.objects.count() == 8


# --- Polls and their counts


def test_a_poll_shows_question_options_and_times_and_no_count(api, consultation):
    poll = make_poll(consultation)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    fold(poll.pk)

    row = api().get(f"polls/{poll.pk}/").json()

    assert [option["kind"] for option in row["options"]] == ["for", "against", "abstain"]
    assert row["closes_at"] and row["closed_at"] is None and row["outcome"] is None
    assert not {"count", "counts", "tally", "voters", "number"} & set(row)


def test_a_live_tally_is_everybodys(api, consultation):
    poll = make_poll(consultation)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    fold(poll.pk)

    tally = api().get(f"polls/{poll.pk}/tally/").json()

    assert (tally["number"], tally["voters"], tally["final"]) == (1, 1, False)
    assert sorted(tally["counts"].values()) == [0, 0, 1]


def test_what_can_be_read_can_be_asked_for_by_its_head_alone(client, consultation):
    poll = make_poll(consultation)
    for path in ("signing-keys/", f"polls/{poll.pk}/log/", f"polls/{poll.pk}/", "consultations/", "schema/"):
        assert (path, client.head(f"/api/v1/{path}").status_code) == (path, 200)
