"""A ballot is appended, once, by somebody who may, while the poll is open; and nothing says who cast it."""

import threading

import pytest
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.db.utils import IntegrityError, ProgrammingError

from accounts.models import AuditEntry, Role
from accounts.refusals import InvalidInput, NotPermitted, PhaseClosed
from comments.models import Comment
from consultations.models import Phase
from tests.factories import UserFactory, anonymous, choose, fresh, make_agency, make_consultation, make_poll, member
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.models import Ballot, Leaf, Opening, Poll, QueuedBallot, RollEntry
from voting.polls.setting_up import change_poll
from voting.results.tallies import frame, own_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_poll()


@pytest.fixture
def voter():
    return UserFactory(name="Rosa")


def counts(poll: Poll) -> dict[str, int]:
    """By label or kind, as of the newest seal."""
    shown = frame(poll)["counts"]
    return {option.kind or option.label: shown[str(option.pk)] for option in poll.options.all()}


def test_a_second_ballot_replaces_the_first_and_both_stay_in_the_log(poll, voter):
    cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
    cast_ballot(poll=poll, voter=voter, choices=choose(poll, "against"))
    fold(poll.pk)

    assert counts(poll) == {"for": 0, "against": 1, "abstain": 0}
    assert poll.ballots.count() == 2
    assert sorted(poll.ballots.values_list("revision", flat=True)) == [1, 2]


def test_only_the_standing_ballot_can_be_opened(poll, voter):
    first = cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
    fold(poll.pk)
    second = cast_ballot(poll=poll, voter=voter, choices=choose(poll, "against"))
    fold(poll.pk)

    assert not Opening.objects.filter(ballot=first).exists()
    assert Opening.objects.filter(ballot=second).exists()


def test_a_voter_sees_their_own_ballot_first_received_then_sealed_with_its_number(poll, voter):
    cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
    assert own_ballot(poll, voter).number is None

    fold(poll.pk)
    assert own_ballot(poll, voter).number == 1
    assert own_ballot(poll, voter).choices == choose(poll, "for")
    assert own_ballot(poll, UserFactory()) is None
    assert own_ballot(poll, anonymous) is None


def test_a_blank_ballot_counts_for_turnout_and_for_no_option(poll, voter):
    cast_ballot(poll=poll, voter=voter, choices={})
    fold(poll.pk)

    shown = frame(poll)
    assert (shown["voters"], shown["blank"]) == (1, 1)
    assert set(shown["counts"].values()) == {0}


@pytest.mark.parametrize("choices", [{"999999": 1}, {"x": 1}, {"for": 1}, {"": 1}])
def test_a_choice_that_is_no_option_is_refused_and_nothing_is_written(poll, voter, choices):
    with pytest.raises(InvalidInput, match="unknown_option"):
        cast_ballot(poll=poll, voter=voter, choices=choices)
    assert not Ballot.objects.exists()


def test_an_option_of_another_poll_is_refused(poll, voter):
    other = make_poll(question="¿Y bancos?")
    with pytest.raises(InvalidInput, match="unknown_option"):
        cast_ballot(poll=poll, voter=voter, choices=choose(other, "for"))


def test_an_option_that_an_editor_has_replaced_meanwhile_is_refused_and_the_poll_can_be_counted(poll, voter):
    as_read_before = Poll.objects.prefetch_related("options").get(pk=poll.pk)
    editor = fresh(poll.consultation.agency.members.get())
    new = {"question": "¿Plantamos tipas?", "method": "for_against_abstain", "results_policy": "live"}
    change_poll(poll=poll, actor=editor, **new)

    with pytest.raises(InvalidInput) as refused:
        cast_ballot(poll=as_read_before, voter=voter, choices=choose(as_read_before, "for"))
    cast_ballot(poll=as_read_before, voter=voter, choices={})
    fold(poll.pk)

    assert refused.value.code == "unknown_option"
    assert (frame(poll)["voters"], frame(poll)["blank"]) == (1, 1)


def test_two_sides_at_once_or_a_double_value_are_refused(poll, voter):
    with pytest.raises(InvalidInput, match="too_many_choices"):
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for", "against"))
    with pytest.raises(InvalidInput, match="wrong_value"):
        cast_ballot(poll=poll, voter=voter, choices=dict.fromkeys(choose(poll, "for"), 2))


def test_approval_keeps_to_the_number_of_choices_that_the_poll_allows(voter):
    poll = make_poll(method="approval", options=["Ceibo", "Tipa", "Lapacho"], max_choices=2)
    with pytest.raises(InvalidInput) as refused:
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "Ceibo", "Tipa", "Lapacho"))
    assert "2" in str(refused.value.sentence)
    assert "3" in str(refused.value.sentence)

    cast_ballot(poll=poll, voter=voter, choices=choose(poll, "Ceibo", "Tipa"))
    fold(poll.pk)
    assert counts(poll) == {"Ceibo": 1, "Tipa": 1, "Lapacho": 0}


class TestWhoMayVote:
    def test_somebody_who_is_not_logged_in_may_not(self, poll):
        with pytest.raises(NotPermitted) as refused:
            cast_ballot(poll=poll, voter=anonymous, choices=choose(poll, "for"))
        assert refused.value.code == "needs_account"
        assert refused.value.reason.remedy.url_name == "account_login"

    def test_a_stranger_may_not_vote_in_a_private_consultation_and_a_member_may(self, voter):
        agency = make_agency("Salud")
        poll = make_poll(make_consultation(agency, now_in="voting", visibility="private"))

        with pytest.raises(NotPermitted, match="not_visible"):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        cast_ballot(poll=poll, voter=member(agency, Role.MEMBER), choices=choose(poll, "for"))
        assert poll.ballots.count() == 1

    def test_a_verified_identity_is_asked_for_where_the_consultation_wants_one(self, voter):
        poll = make_poll(make_consultation(now_in="voting", eligibility="verified"))
        with pytest.raises(NotPermitted, match="not_verified"):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))

        verified = UserFactory(verification_level=2)
        cast_ballot(poll=poll, voter=verified, choices=choose(poll, "for"))
        assert poll.ballots.count() == 1

    def test_only_invited_people_vote_where_the_consultation_says_so(self, voter):
        agency = make_agency("Salud")
        poll = make_poll(make_consultation(agency, now_in="voting", eligibility="invited"))
        with pytest.raises(NotPermitted, match="not_invited"):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        cast_ballot(poll=poll, voter=member(agency, Role.ANALYST), choices=choose(poll, "for"))
        assert poll.ballots.count() == 1

    def test_an_account_that_was_switched_off_may_not(self, poll, voter):
        voter.is_active = False
        voter.save()
        with pytest.raises(NotPermitted):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))


class TestWhen:
    @pytest.mark.parametrize("phase", [None, "information", "proposals", "discussion", "results"])
    def test_outside_the_voting_phase_a_ballot_is_refused_with_the_time_as_the_reason(self, voter, phase):
        poll = make_poll(make_consultation(now_in=phase))
        with pytest.raises(PhaseClosed, match="not_voting_now"):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        assert not Ballot.objects.exists()

    def test_a_closed_poll_says_that_it_has_closed(self, poll, voter):
        end_now(poll)
        close(poll.pk)
        poll.refresh_from_db()
        with pytest.raises(PhaseClosed, match="poll_closed"):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))

    def test_a_stale_page_of_a_poll_closed_meanwhile_is_refused_by_the_wall_clock(self, poll, voter):
        end_now(poll)  # the poll in hand still says that it is open
        with pytest.raises(PhaseClosed):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        assert not Ballot.objects.exists()


def end_now(poll: Poll) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE consultations_phase SET ends_at = clock_timestamp() WHERE id = %s", [poll.phase_id])


class TestSecrecy:
    def test_casting_writes_nothing_about_the_person(self, poll, voter):
        before = rows_about_people()
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        assert rows_about_people() == before

    def test_no_row_of_the_log_holds_the_voter_or_a_time(self, poll, voter):
        ballot = cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        fields = {field.name for model in (Ballot, Opening, QueuedBallot, Leaf) for field in model._meta.fields}
        assert not fields & {"user", "voter", "created_at", "cast_at", "at"}
        assert str(voter.pk).encode() not in bytes(ballot.pseudonym)

    def test_the_same_voter_has_another_pseudonym_in_another_poll(self, poll, voter):
        other = make_poll(question="¿Y bancos?")
        here = cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        there = cast_ballot(poll=other, voter=voter, choices=choose(other, "for"))
        assert bytes(here.pseudonym) != bytes(there.pseudonym)


def rows_about_people() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (AuditEntry, Session, RollEntry, Comment))


class TestTheDatabaseItselfRefuses:
    def test_changing_or_deleting_a_ballot(self, poll, voter):
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        for statement in ("UPDATE voting_ballot SET revision = 9", "DELETE FROM voting_ballot"):
            with pytest.raises(ProgrammingError, match="Cannot"), savepoint(), connection.cursor() as cursor:
                cursor.execute(statement)
        assert Ballot.objects.count() == 1

    @pytest.mark.parametrize("table", ["voting_ballot", "voting_leaf", "voting_seal"])
    def test_emptying_the_log(self, poll, voter, table):
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        fold(poll.pk)
        with pytest.raises(ProgrammingError, match="Cannot truncate"), savepoint(), connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE")

    @pytest.mark.parametrize("table", ["voting_leaf", "voting_seal"])
    def test_changing_what_was_sealed(self, poll, voter, table):
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        fold(poll.pk)
        with pytest.raises(ProgrammingError, match="Cannot"), savepoint(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {table} SET number = 7")

    def test_changing_what_a_ballot_says(self, poll, voter):
        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        with pytest.raises(ProgrammingError, match="Cannot"), savepoint():
            Opening.objects.update(choices={})

    def test_a_revision_out_of_order(self, poll, voter):
        ballot = cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
        for revision in (1, 3):
            with pytest.raises(IntegrityError), savepoint():
                Ballot.objects.create(poll=poll, pseudonym=ballot.pseudonym, revision=revision, commitment=b"x" * 32)

    def test_a_ballot_after_the_close(self, poll):
        Poll.objects.filter(pk=poll.pk).update(closed_at=poll.created_at)
        with pytest.raises(IntegrityError, match="the poll is closed"), savepoint():
            Ballot.objects.create(poll=poll, pseudonym=b"p" * 32, revision=1, commitment=b"x" * 32)

    def test_opening_a_closed_poll_again(self, poll):
        Poll.objects.filter(pk=poll.pk).update(closed_at=poll.created_at)
        with pytest.raises(ProgrammingError, match="Cannot"), savepoint():
            Poll.objects.filter(pk=poll.pk).update(closed_at=None)


def savepoint():
    from django.db import transaction

    return transaction.atomic()


def at_once(*calls) -> list[object]:
    """Run the calls in threads that start together, each on a connection of its own; what each gave or raised."""
    start = threading.Barrier(len(calls))
    results: list[object] = [None] * len(calls)

    def run(place, call):
        start.wait()
        try:
            results[place] = call()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not [thread for thread in threads if thread.is_alive()]
    return results


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_sixteen_people_are_all_counted_while_somebody_folds(self):
        poll = make_poll()
        voters = UserFactory.create_batch(16)
        sides = ["for", "against", "abstain", "for"]

        def cast(n):
            return lambda: [
                cast_ballot(poll=poll, voter=voters[n], choices=choose(poll, sides[(n + again) % 4]))
                for again in range(4)
            ]

        def folds():
            for _ in range(20):
                fold(poll.pk)

        results = at_once(*(cast(n) for n in range(16)), folds, folds)
        fold(poll.pk)

        assert [r for r in results if isinstance(r, Exception)] == []
        assert frame(poll)["number"] == 64
        assert counts(poll) == recount(poll)
        assert frame(poll)["voters"] == 16
        assert list(poll.leaves.values_list("number", flat=True)) == list(range(65))  # 0 is the manifest
        assert not poll.queue.exists()

    def test_one_person_voting_ten_times_at_once_has_one_standing_ballot(self):
        poll = make_poll()
        voter = UserFactory()
        results = at_once(*[lambda: cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))] * 10)
        fold(poll.pk)

        assert [r for r in results if isinstance(r, Exception)] == []
        assert counts(poll) == {"for": 1, "against": 0, "abstain": 0}
        assert sorted(poll.ballots.values_list("revision", flat=True)) == list(range(1, 11))
        assert Opening.objects.count() == 1

    def test_every_ballot_that_was_acknowledged_around_the_close_is_in_the_final_tally(self):
        poll = make_poll()
        voters = UserFactory.create_batch(12)
        Phase.objects.filter(pk=poll.phase_id).update(ends_at=in_a_moment(0.15))

        def keep_casting(voter):
            def run():
                accepted = 0
                while True:
                    try:
                        cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"))
                        accepted += 1
                    except PhaseClosed:
                        return accepted

            return run

        def close_in_time():
            while Poll.objects.get(pk=poll.pk).closed_at is None:
                close(poll.pk)

        results = at_once(*(keep_casting(voter) for voter in voters), close_in_time, close_in_time)
        poll.refresh_from_db()

        accepted = results[:12]
        assert [r for r in results if isinstance(r, Exception)] == []
        assert Ballot.objects.filter(poll=poll).count() == sum(accepted) == frame(poll)["number"]
        assert counts(poll) == recount(poll)
        assert counts(poll)["for"] == sum(1 for number in accepted if number)


def in_a_moment(seconds: float):
    from datetime import timedelta

    from consultations.clock import database_now

    return database_now() + timedelta(seconds=seconds)


def recount(poll: Poll) -> dict[str, int]:
    """Count the openings of the highest revisions afresh, without the fold's arithmetic."""
    standing: dict[bytes, Ballot] = {}
    for ballot in poll.ballots.order_by("revision"):
        standing[bytes(ballot.pseudonym)] = ballot
    chosen = [str(key) for ballot in standing.values() for key in ballot.opening.choices]
    return {option.kind or option.label: chosen.count(str(option.pk)) for option in poll.options.all()}


def test_each_fold_seals_up_to_its_last_ballot_and_the_tally_names_that_number(poll):
    for number, side in enumerate(["for", "for", "against"], start=1):
        cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, side))
        assert fold(poll.pk).number == number == frame(poll)["number"] == frame(poll)["voters"]
    assert fold(poll.pk) is None
