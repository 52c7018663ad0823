"""Whoever has the closed database, as its owner would, does not match voters and ballots better than by chance."""

import json
import random
import statistics
import time
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.db import connection, connections, transaction
from django.test import Client

from accounts.legal import CURRENT
from accounts.models import Role, User
from accounts.notices.tasks import do_round
from accounts.notices.telling import tell
from consultations.clock import database_now
from tests.emptying import committed
from tests.factories import UserFactory, make_poll, member
from tests.voting.districts.conftest import choose_url, make_budget, set_up
from tests.voting.drafts.test_drafts import draft_url
from tests.voting.reading import ballot_url, end, option
from tests.voting.rolls.conftest import put_on
from voting.ballots import scrubbing
from voting.ballots.closing import close
from voting.ballots.folding import fold
from voting.ballots.scrubbing import scrub_closed_polls
from voting.models import Ballot, ElectoralRoll, EligibleVoter, Poll, PollSecret, RollEntry
from voting.rolls.inviting import print_letters

VOTERS = 40
NUMBERS = range(20_000_001, 20_000_001 + VOTERS)  # of documents


def reference_of(number):
    return f"A-{number % 1000}"


def hold_a_vote(*, with_roll=False, in_district=False):
    """Each voter logs in, ticks something that is kept, votes at once, and every second one changes their vote; then
    the close. Who cast which.

    In the moment before their e-mail is confirmed, they agree to the terms and read what they were told: an agency has
    made their accounts, all at once.

    with_roll: each first takes their entry on an electoral roll, at the second try, by document number or by the code
    of a letter.
    in_district: each first chooses their district, likewise.
    """
    budget = make_budget() if in_district else None
    poll = set_up(budget)["Centro"] if budget else make_poll()
    if with_roll:
        poll = put_on(poll, "\n".join(["dni;referencia", *(f"{number};{reference_of(number)}" for number in NUMBERS)]))
        ElectoralRoll.objects.update(takes_numbers=True)
        letters = print_letters(roll=poll.electoral_roll, actor=member(poll.consultation.agency, Role.EDITOR))
        codes = {letter.reference: letter.code for letter in letters}
    options = [option.pk for option in poll.options.all()]
    people = UserFactory.create_batch(VOTERS, terms_version=0)
    EmailAddress.objects.update(verified=False)
    random.Random(3).shuffle(people)
    numbers = random.Random(5).sample(NUMBERS, VOTERS)  # nobody votes in the order of the roll
    with transaction.atomic():
        tell("voting_began", to=[person.pk for person in people], key="began", url="/", title="Plaza")
    truth = {}
    for place, person in enumerate(people):
        browser = Client()
        browser.force_login(person)
        EmailAddress.objects.filter(user=person).update(verified=True)  # as the first log-in by a code does
        assert browser.post("/account/terms/", {"version": CURRENT.number, "agrees": "on"}).status_code == 302
        assert browser.post("/account/notices/read/").status_code == 302
        if with_roll:
            assert browser.post("/polls/claim/", {"code": "2222-2222-2222-2222"}).status_code == 400
            code = codes[reference_of(numbers[place])] if place % 2 else str(numbers[place])
            assert browser.post("/polls/claim/", {"code": code}).status_code == 302
        if budget:
            assert browser.post(choose_url(budget), {"district": poll.district_id}).status_code == 302
        before = set(Ballot.objects.values_list("pk", flat=True))
        for _ in range(1 + place % 2):
            assert browser.post(draft_url(poll), {"option": random.choice(options)}).status_code == 302
            answer = browser.post(ballot_url(poll), {"option": random.choice(options)})
            assert answer.status_code == 302
        for pk in set(Ballot.objects.values_list("pk", flat=True)) - before:
            truth[str(pk)] = person.pk
        if place % 3 == 0:
            fold(poll.pk)
    end(poll)
    assert close(poll.pk)
    do_round(database_now())  # what the worker tells people of the close, and of all before
    return poll, truth


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def scrub(poll):
    """Scrub, when no transaction from before goes on anywhere on the server: other tests run beside this one."""
    for _ in range(240):
        if done := scrub_closed_polls():
            assert poll.pk in done
            return
        time.sleep(0.25)
    raise AssertionError("never scrubbed")


BALLOT_ORDERS = {
    "written": "SELECT id::text, xmin::text::bigint FROM voting_ballot",
    "locked": "SELECT id::text, xmax::text::bigint FROM voting_ballot",
    "on disk": "SELECT id::text, row_number() OVER (ORDER BY ctid) FROM voting_ballot",
    "openings written": "SELECT ballot_id::text, xmin::text::bigint FROM voting_opening",
    "openings on disk": "SELECT ballot_id::text, row_number() OVER (ORDER BY ctid) FROM voting_opening",
    "leaves written": "SELECT ballot_id::text, xmin::text::bigint FROM voting_leaf WHERE ballot_id IS NOT NULL",
    "by id": "SELECT id::text, row_number() OVER (ORDER BY id) FROM voting_ballot",
    "numbers in the log": "SELECT ballot_id::text, number FROM voting_leaf WHERE ballot_id IS NOT NULL",
}
PEOPLE = """
    SELECT conrelid::regclass::text, attname FROM pg_constraint
    JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1]
    WHERE contype = 'f' AND confrelid = 'accounts_user'::regclass
"""


def people_orders():
    """Every table that names persons, whichever there are: by when each row was written, where it lies, each column."""
    for table, person in [("accounts_user", "id"), *rows(PEOPLE)]:
        columns = rows(f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attnum > 0")
        types = dict(
            rows(f"SELECT column_name, data_type FROM information_schema.columns WHERE table_name = '{table}'")
        )
        orders = {
            "written": "xmin::text::bigint",
            "locked": "xmax::text::bigint",
            "on disk": "row_number() OVER (ORDER BY ctid)",
        }
        for (column,) in columns:
            if "timestamp" in types.get(column, ""):
                orders[column] = f'COALESCE(extract(epoch FROM "{column}") * 1000000, 0)::bigint'
            elif types.get(column) in ("bigint", "integer", "uuid"):
                orders[column] = f'rank() OVER (ORDER BY "{column}")'
        for name, order in orders.items():
            yield f"{table} {name}", rows(f"SELECT {person}, {order} FROM {table} WHERE {person} IS NOT NULL")


def session_orders():
    """Sessions know their person only decoded, which the owner of the database can do."""
    person = {session.session_key: int(session.get_decoded()["_auth_user_id"]) for session in Session.objects.all()}
    for name, column in (
        ("sessions written", "xmin::text::bigint"),
        ("sessions on disk", "row_number() OVER (ORDER BY ctid)"),
        ("sessions expire", "extract(epoch FROM expire_date)::bigint"),
    ):
        yield name, [(person[key], value) for key, value in rows(f"SELECT session_key, {column} FROM django_session")]


def matched(ballots, people, truth):
    """How many ballots fall to their voter by the nearest place in both orders, and by the nearest value."""
    voters = set(truth.values())
    people = [(person, value) for person, value in people if person in voters]
    if len({value for _, value in people}) < 2 or len({value for _, value in ballots}) < 2:
        return 0  # all alike: it orders nobody
    in_order = [person for person, _ in sorted(people, key=lambda row: row[1])]
    ballots = sorted(ballots, key=lambda row: row[1])
    by_place = sum(
        in_order[place * len(in_order) // len(ballots)] == truth[ballot] for place, (ballot, _) in enumerate(ballots)
    )
    by_value = sum(min(people, key=lambda row: abs(row[1] - value))[0] == truth[ballot] for ballot, value in ballots)
    return max(by_place, by_value)


def best_guesses(truth):
    of_people = [*people_orders(), *session_orders()]
    return {
        (one, other): matched(rows(sql), people, truth)
        for one, sql in BALLOT_ORDERS.items()
        for other, people in of_people
    }


@pytest.fixture(
    scope="class",
    params=[{}, {"with_roll": True}, {"in_district": True}],
    ids=["plain", "with a roll", "in a district"],
)
def closed(request, django_db_setup, django_db_blocker):
    """A closed and scrubbed poll, and who cast which ballot, which only the test knows."""
    with committed(django_db_blocker):
        poll, truth = hold_a_vote(**request.param)
        scrub(poll)
        yield poll, truth


class TestAClosedPoll:
    """Held three times, for all tests of the class: they only read."""

    def test_no_order_of_rows_matches_voters_and_ballots_better_than_chance(self, closed):
        _, truth = closed
        guesses = best_guesses(truth)
        assert len({person for _, person in guesses}) > 50  # all tables that name somebody, found in the catalogue
        # By chance each ballot meets its voter once in VOTERS times: 1.5 of 60. Beyond 12: once in 10 million.
        assert {pair: number for pair, number in guesses.items() if number > 12} == {}
        assert statistics.mean(guesses.values()) < 4

    def test_nothing_kept_about_a_person_names_a_ballot_or_its_pseudonym(self, closed):
        ballots = Ballot.objects.all()
        names = {str(ballot.pk) for ballot in ballots} | {bytes(ballot.pseudonym).hex() for ballot in ballots}
        tables = [row[0] for row in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
        assert {"accounts_auditentry", "django_session", "voting_rollentry"} <= set(tables)
        for table in tables:
            if table in {"voting_ballot", "voting_leaf", "voting_opening"}:
                continue
            text = json.dumps(rows(f'SELECT row_to_json(t)::text FROM "{table}" t'))
            assert not [name for name in names if name in text], table
        for session in Session.objects.all():
            assert not [name for name in names if name in str(session.get_decoded())]

    def test_no_table_of_the_log_has_a_column_of_a_person_or_of_when_a_ballot_was_cast(self, closed):
        columns = rows(
            "SELECT table_name, column_name, data_type FROM information_schema.columns "
            "WHERE table_name IN ('voting_ballot', 'voting_opening', 'voting_leaf', 'voting_queuedballot')"
        )
        assert not [row for row in columns if "time" in row[2] or row[1] in {"user_id", "voter_id", "session_key"}]

    def test_the_secret_is_gone_and_the_roll_says_who_voted_and_no_more(self, closed):
        poll, truth = closed
        assert not PollSecret.objects.filter(poll=poll).exists()
        assert set(RollEntry.objects.values_list("user", flat=True)) == set(truth.values())
        assert {field.name for field in RollEntry._meta.fields} <= {"id", "poll", "user"}
        assert Poll.objects.get(pk=poll.pk).scrubbed_at is not None


def test_the_measure_is_sharp_before_the_scrub_it_finds_most_voters(transactional_db):
    _, truth = hold_a_vote()
    assert max(best_guesses(truth).values()) > len(truth) / 2


def raw_rows(table):
    """What the table's file holds, deleted rows too."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")  # what is in memory only is written down
    return b"".join(bytes(row[0]) for row in rows(f"SELECT pg_read_binary_file(pg_relation_filepath('{table}'))"))


def test_neither_secret_nor_superseded_salt_is_left_in_the_files_of_the_database(transactional_db):
    poll = make_poll()
    voter = UserFactory()
    browser = Client()
    browser.force_login(voter)
    for name in ("for", "against"):
        browser.post(draft_url(poll), {"option": option(poll, "abstain")})
        browser.post(ballot_url(poll), {"option": option(poll, name)})
    key = bytes(PollSecret.objects.get(poll=poll).key)
    salt = bytes(Ballot.objects.get(revision=1).opening.salt)
    mark = bytes(Ballot.objects.get(revision=1).opening.account_mark)
    assert mark in raw_rows("voting_ballotdraft")  # until the scrub
    fold(poll.pk)
    end(poll)
    close(poll.pk)
    scrub(poll)
    assert mark not in raw_rows("voting_ballotdraft")
    for table in ("voting_pollsecret", "voting_opening"):
        raw = raw_rows(table)
        assert key not in raw and salt not in raw


def test_nor_among_the_samples_from_which_the_database_plans(transactional_db):
    """Nobody's query is needed to have them taken: the autovacuum does it, and whoever restores a dump."""
    poll, other = make_poll(), make_poll(question="¿Y?")  # of one row alone there is no sample
    key = bytes(PollSecret.objects.get(poll=poll).key)
    rows_of = "SELECT histogram_bounds::text FROM pg_stats WHERE tablename = 'voting_pollsecret' AND attname = 'key'"
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voting_pollsecret ALTER COLUMN key SET STATISTICS -1; ANALYZE voting_pollsecret")
    assert key.hex() in str(rows(rows_of)) and key in raw_rows("pg_statistic")
    for each in (poll, other):
        end(each)
        close(each.pk)
    scrub(poll)
    assert rows(rows_of) == []
    assert key not in raw_rows("pg_statistic")
    with connection.cursor() as cursor:
        make_poll(question="¿Y ahora?"), make_poll(question="¿Y después?")
        cursor.execute("ANALYZE voting_pollsecret")
    assert rows(rows_of) == []


@pytest.fixture
def closed_poll(transactional_db):
    poll = make_poll()
    end(poll)
    close(poll.pk)
    return poll


@pytest.fixture
def from_before():
    """A connection with a transaction that reads and has a number."""
    other = reading_from_now_on()
    yield other
    other.close()


def reading_from_now_on():
    other = connections.create_connection("default")
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT 1; SELECT pg_current_xact_id()")
    return other


def test_an_open_transaction_from_before_holds_the_scrub_back_and_it_is_tried_again(closed_poll, from_before):
    assert scrub_closed_polls() == []
    assert Poll.objects.get(pk=closed_poll.pk).scrubbed_at is None
    from_before.close()
    scrub(closed_poll)
    assert scrub_closed_polls() == []


def test_whoever_begins_to_read_in_the_midst_of_the_scrub_is_waited_for_too(transactional_db, monkeypatch):
    """PostgreSQL keeps for them what is given up while they read: the samples, which only the scrub gives up."""
    poll, other = make_poll(), make_poll(question="¿Y?")
    key = bytes(PollSecret.objects.get(poll=poll).key)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE voting_pollsecret ALTER COLUMN key SET STATISTICS -1; ANALYZE voting_pollsecret")
    for each in (poll, other):
        end(each)
        close(each.pk)
    has_ended, readers = scrubbing._has_ended, []

    def and_somebody_comes(cursor):
        if readers:
            readers.pop().close()
            return has_ended(cursor)
        ended = has_ended(cursor)
        readers.append(reading_from_now_on())
        return ended

    monkeypatch.setattr(scrubbing, "_has_ended", and_somebody_comes)
    scrub(poll)
    assert not readers
    assert key not in raw_rows("pg_statistic")


def test_a_transaction_from_before_that_ends_soon_is_waited_for(closed_poll, from_before, monkeypatch):
    """On a busy site there is nearly always one: the scrub would never find the moment without any."""

    def sleep(seconds):
        from_before.close()
        time.sleep(seconds)

    monkeypatch.setattr(scrubbing, "time", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(scrubbing, "LOOKS", 5_000)  # other tests' transactions may last
    assert scrub_closed_polls() == [closed_poll.pk]


@pytest.mark.django_db
class TestLoggingIn:
    def test_says_the_day_and_not_the_second(self, client):
        person = UserFactory()
        client.force_login(person)
        assert User.objects.get(pk=person.pk).last_login is None
        expires = Session.objects.get().expire_date
        assert (expires.hour, expires.minute, expires.second, expires.microsecond) == (0, 0, 0, 0)

    def test_by_allauth_too(self, client):
        session = client.session
        session["account_authentication_methods"] = [{"method": "password", "at": 1_700_000_123.45}]
        session.save()
        [method] = Session.objects.get().get_decoded()["account_authentication_methods"]
        assert method["at"] % 86_400 == 0


@pytest.mark.django_db
def test_whoever_reads_a_weight_in_the_log_is_left_with_ten_people_at_least():
    """A list with a weight that three share: their lines are refused, and the log never holds it."""
    groups = (("a", 12, 1), ("b", 10, 2), ("c", 3, 7))
    people = [f"{name}{place}@example.org;{weight}" for name, count, weight in groups for place in range(count)]
    poll = put_on(make_poll(), "\n".join(["email;peso", *people]))
    for name in ("a0", "b0", "c0"):
        voter = UserFactory(email=f"{name}@example.org")
        browser = Client()
        browser.force_login(voter)
        browser.post(ballot_url(poll), {"option": option(poll, "for")})
    end(poll)
    assert close(poll.pk)
    in_the_log = Ballot.objects.filter(poll=poll).values_list("weight", flat=True)
    assert sorted(in_the_log) == [1, 2]
    for weight in in_the_log:
        assert EligibleVoter.objects.filter(roll=poll.electoral_roll, weight=weight).count() >= 10
