"""What each table says, and to whom: over the database's own answer, without the stream."""

import json
from datetime import timedelta

import pytest
from django.test import override_settings

from accounts.models import Role
from accounts.refusals import NotPermitted
from comments.moderation.moderating import hide
from consultations.clock import database_now
from consultations.models import CustomField, Phase
from consultations.open_data.pseudonyms import author_number
from consultations.open_data.tables import Type, all_tables, table_named
from tests.exports.reading import copied, rows_of
from tests.factories import (
    CommentFactory,
    ProposalFactory,
    UserFactory,
    anonymous,
    choose,
    make_agency,
    make_consultation,
    make_poll,
    member,
)
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close
from voting.ballots.folding import fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, now_in="voting")


def end_voting(consultation):
    now = database_now()
    Phase.objects.filter(consultation=consultation, kind="voting").update(
        starts_at=now - timedelta(hours=2), ends_at=now - timedelta(seconds=1)
    )


def vote(poll, *names, voter=None):
    return cast_ballot(poll=poll, voter=voter or UserFactory(), choices=choose(poll, *names))


# --- Every table


def test_every_table_can_be_read_and_its_columns_are_explained(consultation):
    for table in all_tables():
        assert rows_of(consultation, table.name, anonymous) == []
        assert all(str(column.meaning).endswith(".") for column in table.columns)
        assert len({column.name for column in table.columns}) == len(table.columns)


def test_the_tables_of_all_rooms_are_there():
    names = {table.name for table in all_tables()}
    ours = {"date_changes", "questions", "districts", "proposals", "comments", "dispositions", "moderation"}
    texts = {"text_versions", "text_articles", "annotations", "placements"}
    follow_up = {"reviews", "pledges", "milestones", "milestone_reports"}
    assert names == ours | texts | follow_up | {"polls", "tallies", "ballots"}


def test_rows_of_other_consultations_stay_there(agency, consultation):
    other = make_consultation(agency, now_in="voting", title="Otra")
    proposal = ProposalFactory(consultation=other)
    CommentFactory(consultation=other, proposal=proposal)
    poll = make_poll(other)
    vote(poll, "for")
    fold(poll.pk)

    assert [rows_of(consultation, table.name, anonymous) for table in all_tables()] == [[]] * len(all_tables())


# --- Proposals and comments


@pytest.mark.parametrize("name", ["proposals", "comments"])
def test_of_what_is_hidden_stays_the_row_with_the_reason_and_no_word_of_it(agency, consultation, name):
    moderator = member(agency, Role.MODERATOR)
    proposal = ProposalFactory(
        consultation=consultation, title="SECRETO", body="SECRETO", category="SECRETO", place="SECRETO", latitude=-34.5
    )
    comment = CommentFactory(consultation=consultation, body="SECRETO")
    hide(target=proposal, actor=moderator, reason="Datos personales")
    hide(target=comment, actor=moderator, reason="Datos personales")

    [row] = rows_of(consultation, name, agency.owner)

    assert row["hidden_reason"] == "Datos personales"
    assert row["hidden_at"].endswith("Z")
    assert row["body"] == ""
    assert "SECRETO" not in str(row) and "-34.5" not in str(row)


def test_the_label_of_an_option_is_hidden_with_its_proposal(agency, consultation):
    proposals = [ProposalFactory(consultation=consultation, title=title) for title in ("SECRETO", "Plaza")]
    make_poll(consultation, method="approval", options=proposals)
    hide(target=proposals[0], actor=agency.owner, reason="Insulta")

    assert [row["label"] for row in rows_of(consultation, "tallies", anonymous)] == ["", "Plaza"]
    assert "SECRETO" not in str(rows_of(consultation, "polls", anonymous))


def test_an_author_is_the_same_number_in_all_files_and_another_one_elsewhere(agency, consultation):
    author = UserFactory(name="Rosa Paz")
    other = make_consultation(agency, now_in="voting", title="Otra")
    CommentFactory.create_batch(2, consultation=consultation, author=author)
    CommentFactory(consultation=consultation, author=UserFactory())
    CommentFactory(consultation=consultation, author=None)
    ProposalFactory(consultation=consultation, author=author)
    ProposalFactory(consultation=other, author=author)

    [proposal] = rows_of(consultation, "proposals", anonymous)
    comments = rows_of(consultation, "comments", anonymous)
    [elsewhere] = rows_of(other, "proposals", anonymous)

    assert [row["author"] == proposal["author"] for row in comments] == [True, True, False, False]
    assert comments[-1]["author"] == ""
    assert elsewhere["author"] != proposal["author"]
    assert proposal["author"] == author_number(consultation.pk, author.pk)


def test_author_numbers_cannot_be_worked_out_without_the_secret():
    number = author_number(1, 1)
    with override_settings(SECRET_KEY="another"):
        assert author_number(1, 1) != number


def test_names_are_only_in_the_personal_columns_and_e_mails_in_none(agency, consultation):
    author = UserFactory(name="Rosa Paz", email="rosa@example.org")
    CommentFactory(consultation=consultation, author=author)
    comments = table_named("comments")
    rows = comments.extract(consultation, agency.owner).rows

    assert b"Rosa" not in copied(rows, comments.columns_for(personal=False))
    assert b"Rosa Paz" in copied(rows, comments.columns_for(personal=True))
    assert b"rosa@" not in copied(rows, comments.columns_for(personal=True))


# --- Tallies


def test_a_tally_is_that_of_the_last_seal(consultation):
    poll = make_poll(consultation)
    assert [row["count"] for row in rows_of(consultation, "tallies", anonymous)] == ["0", "0", "0"]

    vote(poll, "for")
    vote(poll, "against")
    vote(poll)
    fold(poll.pk)
    vote(poll, "against")  # waits for the next fold

    rows = rows_of(consultation, "tallies", anonymous)
    assert [(row["label"], row["count"]) for row in rows] == [("for", "1"), ("against", "1"), ("abstain", "0")]
    assert {(row["voters"], row["blank"], row["number"], row["is_final"]) for row in rows} == {("3", "1", "3", "false")}


def test_each_poll_of_a_consultation_passes_the_gate_for_itself(agency, consultation):
    live = make_poll(consultation, question="¿En vivo?")
    after_close = make_poll(consultation, question="¿Al final?", results_policy="after_close")
    after_voting = make_poll(consultation, question="¿Después de votar?", results_policy="after_voting")
    voter = UserFactory()
    vote(after_voting, "for", voter=voter)

    def seen_by(person):
        return {int(row["poll"]) for row in rows_of(consultation, "tallies", person)}

    assert seen_by(anonymous) == seen_by(agency.owner) == {live.pk}
    assert seen_by(voter) == {live.pk, after_voting.pk}
    withheld = table_named("tallies").extract(consultation, voter).withheld
    assert [(part.id, part.reason.code, part.until) for part in withheld] == [
        (after_close.pk, "after_close", after_close.phase.ends_at)
    ]


def test_tallies_that_are_all_withheld_are_refused_with_the_reason(agency, consultation):
    make_poll(consultation, results_policy="after_close")
    extract = table_named("tallies").extract(consultation, agency.owner)

    with pytest.raises(NotPermitted) as refused:
        extract.require_something()
    assert refused.value.code == "after_close"


def test_a_vote_whose_time_is_over_is_closed_by_whoever_asks_for_its_tally(consultation):
    poll = make_poll(consultation, results_policy="after_close")
    vote(poll, "for")
    end_voting(consultation)

    rows = rows_of(consultation, "tallies", anonymous)

    assert [row["count"] for row in rows] == ["1", "0", "0"]
    assert {row["is_final"] for row in rows} == {"true"}


# --- Ballots


@pytest.mark.parametrize("policy", ["live", "after_voting", "after_close"])
def test_no_ballot_is_shown_to_anybody_before_the_close(agency, consultation, policy):
    poll = make_poll(consultation, results_policy=policy)
    voter = UserFactory()
    vote(poll, "for", voter=voter)
    fold(poll.pk)

    for person in [anonymous, voter, agency.owner, member(agency, Role.ANALYST)]:
        extract = table_named("ballots").extract(consultation, person)
        assert not extract.rows.exists()
        with pytest.raises(NotPermitted):
            extract.require_something()


def test_whoever_adds_up_the_standing_ballots_gets_the_final_tally(consultation):
    poll = make_poll(consultation)
    changes_mind = UserFactory()
    vote(poll, "for", voter=changes_mind)
    vote(poll, "for")
    fold(poll.pk)
    vote(poll, "against", voter=changes_mind)
    vote(poll)
    end_voting(consultation)
    close(poll.pk)

    ballots = rows_of(consultation, "ballots", anonymous)
    tally = {row["option"]: int(row["count"]) for row in rows_of(consultation, "tallies", anonymous)}

    recount = dict.fromkeys(tally, 0)
    for ballot in ballots:
        for option, value in json.loads(ballot["choices"] or "{}").items():
            recount[option] += value
    assert recount == tally
    assert [ballot["number"] for ballot in ballots] == ["1", "2", "3", "4"]
    assert sorted((b["revision"], b["stands"], b["choices"] == "") for b in ballots) == [
        ("1", "false", True),
        ("1", "true", False),
        ("1", "true", False),
        ("2", "true", False),
    ]


def test_nothing_in_a_ballot_leads_to_the_voter(consultation):
    poll = make_poll(consultation)
    ballot = vote(poll, "for")
    end_voting(consultation)
    close(poll.pk)

    table = table_named("ballots")
    line = copied(table.extract(consultation, anonymous).rows, table.columns)

    assert bytes(ballot.pseudonym).hex().encode() not in line
    assert not table.has_personal_columns
    assert not any(column.type == Type.DATETIME for column in table.columns)


# --- Polls


def test_the_outcome_appears_with_the_close(consultation):
    poll = make_poll(consultation)
    vote(poll, "for")
    fold(poll.pk)
    [before] = rows_of(consultation, "polls", anonymous)

    end_voting(consultation)
    close(poll.pk)
    [after] = rows_of(consultation, "polls", anonymous)

    assert (before["winners"], before["explanation"], before["closed_at"]) == ("", "", "")
    options = json.loads(after["options"])
    assert [option["label"] for option in options] == ["for", "against", "abstain"]
    assert json.loads(after["winners"]) == [str(options[0]["id"])]


def test_of_two_questions_that_read_the_same_both_answers_are_there(consultation):
    """The first is asked no more: an agency that wants another kind of answer asks anew."""
    first, other, again = (
        CustomField.objects.create(consultation=consultation, position=at, label=label, kind="text")
        for at, label in enumerate(["Vecinos", "Zona", "Vecinos"])
    )
    ProposalFactory(consultation=consultation, answers={first.key: "muchos", other.key: "Sur", again.key: 12})

    [row] = rows_of(consultation, "proposals", anonymous)

    assert json.loads(row["answers"]) == {"Vecinos": "muchos", "Zona": "Sur", "Vecinos (2)": 12}
