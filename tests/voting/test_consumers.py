"""Watching a poll: who gets frames, who is refused and how it is told, and that a vote arrives."""

import asyncio
import time
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Agency, Role, User
from accounts.roles import set_roles
from consultations.clock import database_now
from consultations.live import hub, sockets
from consultations.models import Consultation, Phase
from tests.factories import UserFactory, choose, fresh, make_agency, make_consultation, make_poll, member
from tests.voting.live.browser import Browser, end_session, session_of
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close
from voting.live import start, watching
from voting.models import Poll

pytestmark = pytest.mark.django_db(transaction=True)
Policy = Poll.ResultsPolicy


@pytest.fixture(autouse=True)
async def running_parts():
    """The announcer and the folder of a server process, on the loop of the test."""
    yield
    await start.stop()
    await asyncio.get_running_loop().shutdown_default_executor()  # no fold goes on while the tables are emptied


def in_thread(call):
    """Run what uses the database in a thread of its own, as a request would, and give the connection back."""

    def run(*args, **kwargs):
        try:
            return call(*args, **kwargs)
        finally:
            connection.close()

    return sync_to_async(run, thread_sensitive=False)


def cookie_of(user, origin=None):
    return [("cookie", f"other=1; sessionid={session_of(user)}"), *([("origin", origin)] if origin else [])]


@in_thread
def a_poll(policy=Policy.LIVE, *, visibility="public"):
    consultation = make_consultation(make_agency("Obras"), now_in="voting", visibility=visibility)
    return make_poll(consultation, results_policy=policy)


@in_thread
def somebody(origin=None):
    user = UserFactory()
    return user, cookie_of(user, origin)


@in_thread
def somebody_of(poll):
    user = member(Agency.objects.get(consultations__polls=poll), Role.MEMBER)
    return user, cookie_of(user)


@in_thread
def vote(poll, user, *choices):
    cast_ballot(poll=Poll.objects.get(pk=poll.pk), voter=fresh(user), choices=choose(poll, *choices))


@in_thread
def time_passes(poll):
    """The voting phase of the poll ends."""
    Phase.objects.filter(pk=poll.phase_id).update(ends_at=database_now())


def watch(poll, headers=()):
    return Browser(f"/ws/polls/{poll.pk}/", headers)


def counted(number):
    return lambda frame: frame["number"] >= number


class TestWhatIsSeen:
    async def test_anybody_gets_the_tally_on_connecting_and_a_new_one_after_a_vote(self):
        poll = await a_poll()
        voter, _ = await somebody()
        async with watch(poll) as browser:
            before = await browser.frame()
            assert (before["poll"], before["number"], before["voters"], before["final"]) == (poll.pk, 0, 0, False)

            await vote(poll, voter, "for")
            after = await browser.frame(counted(1))

        assert (after["voters"], sorted(after["counts"].values())) == (1, [0, 0, 1])

    async def test_two_browsers_side_by_side_see_the_same(self):
        poll = await a_poll()
        voter, _ = await somebody()
        async with watch(poll) as one, watch(poll) as other:
            await one.frame()
            await other.frame()
            await vote(poll, voter, "against")

            assert await one.frame(counted(1)) == await other.frame(counted(1))

    async def test_a_burst_of_votes_comes_as_few_frames_of_which_the_last_counts_all(self):
        poll = await a_poll()
        voters = [(await somebody())[0] for _ in range(12)]
        async with watch(poll) as browser:
            await browser.frame()
            began = time.monotonic()
            await asyncio.gather(*(vote(poll, voter, "for") for voter in voters))
            last = await browser.frame(counted(12))
            took = time.monotonic() - began

            assert last["voters"] == 12
            assert len(browser.frames) <= 2 + took * 4

    async def test_a_vote_shows_only_in_its_own_poll(self):
        poll = await a_poll()
        other = await in_thread(make_poll)(poll.consultation)
        voter, _ = await somebody()
        async with watch(poll) as browser, watch(other) as other_browser:
            await browser.frame()
            await other_browser.frame()
            await vote(poll, voter, "for")
            await browser.frame(counted(1))
            await asyncio.sleep(0.4)

            assert len(other_browser.frames) == 1

    async def test_the_close_arrives_as_a_final_tally_though_nobody_asked_for_it(self):
        poll = await a_poll()
        voter, _ = await somebody()
        async with watch(poll) as browser:
            await vote(poll, voter, "for")
            await browser.frame(counted(1))
            await time_passes(poll)

            assert (await browser.frame(lambda frame: frame["final"]))["voters"] == 1

    async def test_a_ballot_left_behind_by_a_process_that_died_is_counted_by_another(self):
        poll = await a_poll()
        voter, _ = await somebody()
        await vote(poll, voter, "for")  # nothing runs here yet that it could wake

        async with watch(poll) as browser:
            assert (await browser.frame(counted(1)))["voters"] == 1

    async def test_when_all_have_left_nothing_is_kept(self):
        poll = await a_poll()
        async with watch(poll) as browser:
            await browser.frame()
            assert poll.pk in start.ensure_running().hubs
        assert len(start.ensure_running().hubs) == 0


class TestWhoIsRefused:
    """After the accept, so that the browser sees why."""

    @pytest.mark.parametrize("path", ["/ws/polls/999999/", "/ws/polls/x/", "/ws/", "/ws/polls/1/more/"])
    async def test_what_does_not_exist(self, path):
        async with Browser(path) as browser:
            await browser.until(lambda browser: browser.closed_with == 4404)

    async def test_a_private_poll_does_not_exist_for_strangers_and_is_live_for_its_members(self):
        poll = await a_poll(visibility="private")
        _, stranger = await somebody()
        _, insider = await somebody_of(poll)
        async with watch(poll) as nobody, watch(poll, stranger) as outside, watch(poll, insider) as inside:
            await nobody.until(lambda browser: browser.closed_with == 4404)
            await outside.until(lambda browser: browser.closed_with == 4404)
            await inside.frame()

        assert nobody.frames == outside.frames == []

    async def test_a_member_watched_through_another_site_is_nobody(self):
        poll = await a_poll(visibility="private")
        _, insider = await somebody_of(poll)
        for origin, code in [("https://evil.example", 4404), ("http://testserver", None)]:
            async with watch(poll, [*insider, ("origin", origin)]) as browser:
                await browser.until(lambda browser: browser.frames or browser.closed_with)
                assert browser.closed_with == code

    async def test_a_count_that_waits_for_the_close_is_shown_to_nobody_before(self):
        poll = await a_poll(Policy.AFTER_CLOSE)
        voter, cookie = await somebody()
        _, insider = await somebody_of(poll)
        await vote(poll, voter, "for")
        for headers in ((), cookie, insider):
            async with watch(poll, headers) as browser:
                await browser.until(lambda browser: browser.closed_with == 4403)
                assert browser.frames == []

        await time_passes(poll)
        await in_thread(close)(poll.pk)
        await asyncio.sleep(sockets.PUBLIC_FOR)
        async with watch(poll) as browser:
            assert (await browser.frame())["final"]

    async def test_a_count_for_those_who_voted_is_shown_to_them_alone(self):
        poll = await a_poll(Policy.AFTER_VOTING)
        voter, cookie = await somebody()
        _, other_cookie = await somebody()
        await vote(poll, voter, "for")
        async with watch(poll, cookie) as has_voted, watch(poll, other_cookie) as has_not, watch(poll) as unknown:
            assert (await has_voted.frame(counted(1)))["voters"] == 1
            await has_not.until(lambda browser: browser.closed_with == 4403)
            await unknown.until(lambda browser: browser.closed_with == 4403)

        assert has_not.frames == unknown.frames == []

    async def test_a_session_that_ended_counts_for_nothing(self):
        poll = await a_poll(visibility="private")
        user, insider = await somebody_of(poll)
        await in_thread(lambda: User.objects.filter(pk=user.pk).update(is_active=False))()
        async with watch(poll, insider) as browser:
            await browser.until(lambda browser: browser.closed_with == 4404)

    async def test_who_talks_is_let_go_and_a_few_words_are_ignored(self):
        poll = await a_poll()
        async with watch(poll) as browser:
            for _ in range(sockets.MESSAGES_IGNORED - 1):
                browser.say("hola")
            await browser.frame()
            assert browser.closed_with is None

            browser.say("hola")
            await browser.until(lambda browser: browser.closed_with == 1008)

    async def test_while_the_database_does_not_answer_one_is_asked_to_come_later(self, monkeypatch):
        poll = await a_poll()

        async def down(*args):
            raise OperationalError("the database is down")

        monkeypatch.setattr(watching, "admit", down)
        async with watch(poll) as browser:
            await browser.until(lambda browser: browser.closed_with == 1013)


class TestRightsTakenAway:
    @pytest.fixture(autouse=True)
    def asked_often(self, monkeypatch):
        monkeypatch.setattr(hub, "ADMISSION_INTERVAL", 0.3)

    async def test_a_member_who_is_one_no_longer_is_let_go_while_watching(self):
        poll = await a_poll(visibility="private")
        user, leaving = await somebody_of(poll)
        _, staying = await somebody_of(poll)
        async with watch(poll, leaving) as browser, watch(poll, staying) as other:
            await browser.frame()
            await other.frame()
            agency = await in_thread(Agency.objects.get)(consultations__polls=poll)
            await in_thread(set_roles)(agency=agency, user=user, roles=[], actor=None)

            await browser.until(lambda browser: browser.closed_with == 4403)
            await asyncio.sleep(0.7)
            assert other.closed_with is None

    async def test_who_logs_out_watches_no_longer_in_another_tab_and_goes_on_elsewhere(self):
        poll = await a_poll(visibility="private")
        user, here = await somebody_of(poll)
        at_home = await in_thread(cookie_of)(user)
        async with watch(poll, here) as other_tab, watch(poll, at_home) as home:
            await other_tab.frame()
            await home.frame()
            await in_thread(end_session)(here)

            await other_tab.until(lambda browser: browser.closed_with == 4403)
            await asyncio.sleep(0.7)
            assert home.closed_with is None

    async def test_a_count_for_those_who_voted_goes_with_their_session_until_everybody_sees_it(self):
        poll = await a_poll(Policy.AFTER_VOTING)
        (ana, anas), (rosa, rosas) = await somebody(), await somebody()
        await vote(poll, ana, "for")
        await vote(poll, rosa, "for")
        async with watch(poll, anas) as one, watch(poll, rosas) as other:
            await one.frame()
            await other.frame()
            await in_thread(end_session)(anas)
            await one.until(lambda browser: browser.closed_with == 4403)
            assert other.closed_with is None

            await time_passes(poll)
            await other.frame(lambda frame: frame["final"])
            await in_thread(end_session)(rosas)
            await asyncio.sleep(0.7)
            assert other.closed_with is None

    async def test_a_poll_that_is_made_private_lets_the_public_go(self):
        poll = await a_poll()
        async with watch(poll) as browser:
            await browser.frame()
            await in_thread(Consultation.objects.filter(polls=poll).update)(visibility="private")

            await browser.until(lambda browser: browser.closed_with == 4403)

    @pytest.mark.parametrize("visibility", ["public", "private"])
    async def test_a_count_put_under_embargo_is_in_no_frame_though_rights_are_asked_again_later(
        self, visibility, monkeypatch
    ):
        monkeypatch.setattr(hub, "ADMISSION_INTERVAL", 3_600.0)
        poll = await a_poll(visibility=visibility)
        person, cookie = await somebody_of(poll)
        async with watch(poll, cookie if visibility == "private" else ()) as browser:
            await browser.frame()
            until = await in_thread(database_now)() + timedelta(days=9)
            polls = Poll.objects.filter(pk=poll.pk)
            await in_thread(polls.update)(results_policy=Policy.EMBARGO, embargo_until=until)
            await vote(poll, person, "for")

            await browser.until(lambda browser: browser.closed_with == 4403)
        assert [frame["voters"] for frame in browser.frames] == [0]


async def test_who_comes_just_after_a_count_was_put_under_embargo_sees_none():
    """That everybody may watch is taken as known for two seconds: here somebody watched just before."""
    poll = await a_poll()
    async with watch(poll) as earlier:
        await earlier.frame()
    until = await in_thread(database_now)() + timedelta(days=9)
    polls = Poll.objects.filter(pk=poll.pk)
    await in_thread(polls.update)(results_policy=Policy.EMBARGO, embargo_until=until)
    async with watch(poll) as browser:
        await browser.until(lambda browser: browser.closed_with == 4403)
    assert browser.frames == []


async def test_watching_a_public_poll_asks_for_no_session_and_no_user(monkeypatch):
    poll = await a_poll()
    _, cookie = await somebody()
    monkeypatch.setattr(watching, "enter", None)  # what would look them up
    async with watch(poll, cookie) as browser:
        await browser.frame()


async def test_to_ask_again_costs_the_same_for_one_viewer_and_for_twenty():
    poll = await a_poll(Policy.AFTER_VOTING, visibility="private")
    sessions = [await in_thread(session_of)((await somebody_of(poll))[0]) for _ in range(20)]

    @in_thread
    def queries_for(some):
        with CaptureQueriesContext(connection) as captured:
            watching._admit(poll.pk, some)
        return len(captured)

    assert await queries_for(sessions) == await queries_for(sessions[:1]) <= 7
