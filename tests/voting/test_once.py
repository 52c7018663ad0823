"""A double click, a retry after a lost answer, two tabs: one standing ballot, and a plain answer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.refusals import Conflict
from tests.factories import UserFactory, choose, make_poll
from tests.faults.voting import Crowd
from tests.voting.reading import ballot_url, end, option
from tests.voting.test_casting import at_once
from tests.voting.test_consumers import cookie_of
from voting.ballots.casting import Once, cast_ballot
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.models import Ballot, Poll
from voting.results.tallies import frame, own_ballot

pytestmark = pytest.mark.django_db


@pytest.fixture
def voter():
    return UserFactory()


def post(client, poll, name, **more):
    return client.post(ballot_url(poll), {"option": option(poll, name), **more})


class TestAForm:
    def test_sent_twice_is_one_ballot(self, client, poll, rosa):
        assert [post(client, poll, "for", once="abc").status_code for _ in range(2)] == [302, 302]
        assert Ballot.objects.count() == 1

    def test_sent_again_with_another_choice_is_a_new_ballot_and_back_again_too(self, client, poll, rosa):
        for name in ("for", "against", "for"):
            assert post(client, poll, name, once="abc").status_code == 302
        fold(poll.pk)
        assert Ballot.objects.count() == 3
        assert own_ballot(poll, rosa).choices == choose(poll, "for")

    def test_has_a_token_of_its_own_each_time_it_is_shown(self, client, poll, rosa):
        pages = [client.get(poll.get_absolute_url()).content.decode() for _ in range(2)]
        tokens = {page.split('name="once" value="')[1].split('"')[0] for page in pages}
        assert len(tokens) == 2

    def test_of_two_tabs_the_later_one_stands(self, client, poll, rosa):
        post(client, poll, "for", once="one")
        post(client, poll, "against", once="two")
        assert own_ballot(poll, rosa).choices == choose(poll, "against")


class TestAKey:
    def cast(self, client, poll, name, key="k-1"):
        return client.post(
            f"/api/v1/polls/{poll.pk}/ballot/",
            {"choices": choose(poll, name)},
            "application/json",
            headers={"Idempotency-Key": key},
        )

    def test_sent_again_gets_the_same_answer_and_casts_nothing(self, client, poll, rosa):
        first, again = self.cast(client, poll, "for"), self.cast(client, poll, "for")
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert Ballot.objects.count() == 1

    def test_sent_again_late_does_not_undo_what_was_cast_since(self, client, poll, rosa):
        self.cast(client, poll, "for", key="first")
        self.cast(client, poll, "against", key="second")
        assert self.cast(client, poll, "for", key="first").json()["revision"] == 1
        assert own_ballot(poll, rosa).choices == choose(poll, "against")

    def test_with_other_choices_is_refused(self, client, poll, rosa):
        self.cast(client, poll, "for")
        answer = self.cast(client, poll, "against")
        assert (answer.status_code, answer.json()["code"]) == (409, "key_used")

    def test_of_a_ballot_that_was_replaced_and_sealed_is_refused_with_other_choices_and_known_with_the_same(
        self, client, poll, rosa
    ):
        for name, key in (("for", "first"), ("against", "second")):
            self.cast(client, poll, name, key=key)
        fold(poll.pk)  # the first one's choices are gone now
        again, other = (self.cast(client, poll, name, key="first") for name in ("for", "abstain"))
        assert (again.status_code, again.json()["revision"]) == (201, 1)
        assert (other.status_code, other.json()["code"]) == (409, "key_used")
        assert Ballot.objects.count() == 2

    def test_too_long_is_refused(self, client, poll, rosa):
        assert self.cast(client, poll, "for", key="k" * 256).status_code == 400

    def test_of_another_voter_or_poll_is_another_ballot(self, voter):
        one, other = make_poll(), make_poll(question="¿Y?")
        for poll, person in ((one, voter), (other, voter), (one, UserFactory())):
            cast_ballot(poll=poll, voter=person, choices=choose(poll, "for"), once=Once("same"))
        assert Ballot.objects.count() == 3

    def test_tells_nothing_about_the_voter_in_the_ballots_id(self, poll, voter):
        one = cast_ballot(poll=poll, voter=voter, choices={}, once=Once("a"))
        assert one.pk.version == 4
        with pytest.raises(Conflict):
            cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"), once=Once("a"))


@pytest.mark.django_db(transaction=True)
def test_ten_clicks_at_once_are_one_ballot():
    poll, voter = make_poll(), UserFactory()
    click = lambda: cast_ballot(poll=poll, voter=voter, choices=choose(poll, "for"), once=Once("t", is_form=True))  # noqa: E731
    results = at_once(*[click] * 10)
    assert len({ballot.pk for ballot in results}) == 1
    assert Ballot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
class TestOverHTTP:
    """With real transactions: nothing around the request hides or adds a statement."""

    def cast(self, client, poll, name, key):
        return client.post(
            f"/api/v1/polls/{poll.pk}/ballot/",
            {"choices": choose(poll, name)},
            "application/json",
            headers={"Idempotency-Key": key},
        )

    def test_after_the_close_a_repeated_request_is_refused_and_the_ballot_of_the_first_counts(self, client, poll, rosa):
        assert self.cast(client, poll, "for", "k").status_code == 201
        end(poll)
        late = self.cast(client, poll, "for", "k")  # its time is over, and nobody has closed it
        assert (late.status_code, late.json()["code"]) == (409, "not_voting_now")
        assert close(poll.pk)
        late = self.cast(client, poll, "for", "k")
        assert late.status_code == 409
        assert "not received" not in late.json()["detail"]  # it was, before
        assert Ballot.objects.count() == 1
        assert frame(Poll.objects.get(pk=poll.pk))["counts"][str(option(poll, "for"))] == 1

    def test_the_key_of_another_person_does_not_meet_theirs(self, client, poll, rosa):
        mine = self.cast(client, poll, "for", "k").json()
        client.force_login(UserFactory())
        theirs = self.cast(client, poll, "against", "k")
        assert theirs.status_code == 201
        assert theirs.json()["receipt"] != mine["receipt"]

    def test_a_ballot_whose_answer_was_lost_is_answered_by_another_server_as_the_first_would(self, two_sites):
        one, other = two_sites
        poll, person = make_poll(), UserFactory()
        ((_, cookie),) = cookie_of(person)
        crowd = Crowd(poll, [])
        choices = choose(poll, "for")
        answers = [crowd._post(site.url, cookie, "k", choices) for site in (one, other)]
        assert answers[0] == answers[1]
        assert Ballot.objects.filter(poll=poll).count() == 1

    @pytest.mark.parametrize("by_form", [True, False])
    def test_the_request_of_a_returning_voter_takes_at_most_five_statements(self, client, poll, rosa, by_form):
        """All of them but BEGIN and COMMIT; the promise is twelve."""
        send = self.by_form if by_form else self.cast
        assert send(client, poll, "for", "a").status_code in (201, 302)
        with CaptureQueriesContext(connection) as captured:
            assert send(client, poll, "against", "b").status_code in (201, 302)
        statements = [query["sql"] for query in captured if query["sql"] not in ("BEGIN", "COMMIT")]
        assert statements.pop(0).startswith('SELECT "voting_option"')  # of the test itself
        assert len(statements) <= 5, [sql[:60] + " … " + sql[sql.find(" FROM ") :][:150] for sql in statements]
        assert not [sql for sql in statements if sql.startswith("SAVEPOINT")]
        *_, locks, cast = statements
        assert locks.count("pg_advisory_xact_lock") == 2 and "FROM" not in locks  # the snapshot of the next comes after
        assert "INSERT INTO voting_ballot" in cast and "clock_timestamp()" in cast
        assert not [sql for sql in statements if sql.startswith("UPDATE")]

    def by_form(self, client, poll, name, key):
        return post(client, poll, name, once=key)
