"""Comments that appear while one reads: who hears of them, who does not, and what it costs."""

import asyncio
import json
import time

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from comments import live, watching
from comments.commenting import add_comment
from comments.models import Comment
from comments.moderation.moderating import hide
from comments.revising import delete_comment, edit_comment
from consultations.live import hub
from consultations.models import Consultation
from tests.comments.annotations.conftest import annotation_of
from tests.factories import UserFactory, make_agency, make_consultation, make_document, member
from tests.voting.live.browser import Browser, end_session, session_of
from voting.live import start

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
async def running_parts():
    """What a server process runs beside its requests, on the loop of the test."""
    yield
    await live.stop()
    await start.stop()
    await asyncio.get_running_loop().shutdown_default_executor()


def in_thread(call):
    """Run what uses the database in a thread of its own, as a request would, and give the connection back."""

    def run(*args, **kwargs):
        try:
            return call(*args, **kwargs)
        finally:
            connection.close()

    return sync_to_async(run, thread_sensitive=False)


@in_thread
def a_consultation(**facts):
    return make_consultation(make_agency("Obras"), now_in="discussion", **facts)


@in_thread
def say(consultation, body, **where):
    consultation = Consultation.objects.get(pk=consultation.pk)
    author = member(consultation.agency, "member") if consultation.is_private else UserFactory(name="Ana")
    return add_comment(consultation=consultation, actor=author, body=body, **where)


@in_thread
def an_annotation(body):
    document = make_document(make_consultation(make_agency("Obras"), now_in="discussion"))
    article = document.versions.get().articles.last()
    return article, annotation_of(document.versions.get(), UserFactory(name="Ana"), article.text[:2], body=body).comment


@in_thread
def cookie_of_somebody(consultation=None):
    user = member(Consultation.objects.get(pk=consultation.pk).agency, "member") if consultation else UserFactory()
    return [("cookie", f"sessionid={session_of(user)}")]


@in_thread
def hide_it(comment):
    moderator = member(
        Consultation.objects.select_related("agency").get(pk=comment.consultation_id).agency, "moderator"
    )
    hide(target=Comment.objects.select_related("consultation").get(pk=comment.pk), actor=moderator, ground="insult")


def address(consultation):
    return f"/ws/consultations/{consultation.pk}/comments/"


def bodies(frame):
    return [comment["body"].strip() for comment in frame["comments"]]


async def test_a_comment_and_an_answer_reach_whoever_reads():
    consultation = await a_consultation()
    async with Browser(address(consultation)) as reader:
        await reader.frame(lambda frame: frame["comments"] == [])
        root = await say(consultation, "Falta **sombra**.")
        await reader.frame(lambda frame: bodies(frame) == ["<p>Falta <strong>sombra</strong>.</p>"])
        await say(consultation, "Es cierto.", answers=root)
        frame = await reader.frame(lambda frame: len(frame["comments"]) == 2)

    assert [(found["root"], found["author"]) for found in frame["comments"]] == [(None, "Ana"), (root.pk, "Ana")]
    assert {found["place"] for found in frame["comments"]} == {f"consultation-{consultation.pk}"}


async def test_an_announcement_costs_one_fetch_however_many_read(monkeypatch):
    consultation = await a_consultation()
    fetched = []
    original = watching.fetch

    async def fetch(consultation_id):
        fetched.append(consultation_id)
        return await original(consultation_id)

    monkeypatch.setattr(watching, "fetch", fetch)
    readers = [Browser(address(consultation)) for _ in range(30)]
    for reader in readers:
        await reader.__aenter__()
    for reader in readers:
        await reader.frame()
    before = len(fetched)
    await say(consultation, "Uno.")
    for reader in readers:
        await reader.frame(lambda frame: bodies(frame) == ["<p>Uno.</p>"])
    for reader in readers:
        await reader.__aexit__()

    assert before == 1
    assert len(fetched) == 2


async def test_what_is_held_is_not_announced():
    consultation = await a_consultation(pre_moderates=True)
    async with Browser(address(consultation)) as reader:
        await reader.frame()
        held = await say(consultation, "Espero a que me lean.")
        await asyncio.sleep(1.5)

        assert held.held_at
        assert all(frame["comments"] == [] for frame in reader.frames)


async def test_no_frame_holds_what_is_hidden_held_or_deleted():
    consultation = await a_consultation()
    kept = await say(consultation, "Se queda.")
    for out_of_sight in ("Palabra-oculta", "Palabra-retenida", "Palabra-borrada"):
        said = await say(consultation, out_of_sight, answers=kept)
        if out_of_sight == "Palabra-oculta":
            await hide_it(said)
        elif out_of_sight == "Palabra-retenida":
            await in_thread(Comment.objects.filter(pk=said.pk).update)(held_at=said.created_at)
        else:
            await in_thread(delete_comment)(comment=said, actor=said.author)
    async with Browser(address(consultation)) as reader:
        await reader.frame(lambda frame: bodies(frame) == ["<p>Se queda.</p>"])
        last = await say(consultation, "Recién dicho.")
        await reader.frame(lambda frame: "<p>Recién dicho.</p>" in bodies(frame))
        await hide_it(last)
        frame = await reader.frame(lambda frame: bodies(frame) == ["<p>Se queda.</p>"])

    assert [found["id"] for found in frame["comments"]] == [kept.pk]
    assert "Palabra" not in json.dumps(reader.frames)


async def test_of_an_annotation_that_went_a_frame_says_where_it_stood_and_no_word_of_it():
    article, said = await an_annotation("Palabra-oculta")
    async with Browser(address(said.consultation)) as reader:
        await reader.frame(lambda frame: frame["gone"] == [] and len(frame["comments"]) == 1)
        await hide_it(said)
        frame = await reader.frame(lambda frame: frame["gone"])

    assert frame["comments"] == []
    (gone,) = frame["gone"]
    assert gone["id"] == said.pk
    assert gone["places"] == {str(article.version_id): [article.pk, 0, 2]}
    assert "Palabra" not in json.dumps(frame)


async def test_what_is_edited_or_deleted_is_so_in_the_next_frame():
    consultation = await a_consultation()
    async with Browser(address(consultation)) as reader:
        said = await say(consultation, "Con herrores.")
        await reader.frame(lambda frame: bodies(frame) == ["<p>Con herrores.</p>"])
        await in_thread(edit_comment)(comment=said, actor=said.author, body="Con errores.")
        await reader.frame(lambda frame: bodies(frame) == ["<p>Con errores.</p>"])
        await in_thread(delete_comment)(comment=said, actor=said.author)
        await reader.frame(lambda frame: frame["comments"] == [])


async def test_only_those_who_may_read_a_private_consultation_read_along():
    consultation = await a_consultation(visibility="private")
    stranger, insider = await cookie_of_somebody(), await cookie_of_somebody(consultation)
    await say(consultation, "Entre nosotros.")
    async with Browser(address(consultation)) as anybody, Browser(address(consultation), stranger) as outside:
        await anybody.until(lambda browser: browser.closed_with == 4404)
        await outside.until(lambda browser: browser.closed_with == 4404)
    async with Browser(address(consultation), insider) as inside:
        await inside.frame(lambda frame: bodies(frame) == ["<p>Entre nosotros.</p>"])

    assert anybody.frames == outside.frames == []


async def test_who_logs_out_in_one_tab_reads_along_no_longer_in_the_other(monkeypatch):
    monkeypatch.setattr(hub, "ADMISSION_INTERVAL", 0.3)
    consultation = await a_consultation(visibility="private")
    leaving, staying = await cookie_of_somebody(consultation), await cookie_of_somebody(consultation)
    async with Browser(address(consultation), leaving) as other_tab, Browser(address(consultation), staying) as other:
        await other_tab.frame()
        await other.frame()
        await in_thread(end_session)(leaving)
        await other_tab.until(lambda browser: browser.closed_with == 4403)
        await say(consultation, "Entre nosotros.")
        await other.frame(lambda frame: bodies(frame) == ["<p>Entre nosotros.</p>"])

    assert [bodies(frame) for frame in other_tab.frames] == [[]]


async def test_a_consultation_that_there_is_not_is_not_found():
    async with Browser("/ws/consultations/999999/comments/") as reader:
        await reader.until(lambda browser: browser.closed_with == 4404)


async def test_a_frame_holds_the_newest_ten_and_no_text_that_is_too_long():
    consultation = await a_consultation()
    author = await in_thread(UserFactory)(name="Ana")
    await in_thread(Comment.objects.bulk_create)(
        Comment(consultation=consultation, author=author, body=f"{n} {'largo ' * 800}") for n in range(12)
    )
    began = time.monotonic()
    async with Browser(address(consultation)) as reader:
        frame = await reader.frame()

    assert time.monotonic() - began < 10
    assert len(frame["comments"]) == 10
    assert bodies(frame) == [""] * 10
