"""Writing a draft text and publishing a version of it: who may, two at once, and what stays for good."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, transaction

from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted
from consultations.documents import drafting, publishing
from consultations.documents.drafting import Part, create_document, parts_of, start_draft, write_articles
from consultations.documents.publishing import publish_version
from consultations.following import follow
from consultations.models import Article, Document, Version
from tests.factories import UserFactory, anonymous, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db

TWO = (Part(label="Artículo 1", body="Uno *y* dos."), Part(label="Artículo 2", body="Tres."))


@pytest.fixture
def agency():
    return make_agency("Ambiente")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def consultation(agency):
    return make_consultation(agency, now_in="discussion")


@pytest.fixture
def draft(consultation, editor):
    document = create_document(consultation=consultation, actor=fresh(editor), title="Arbolado", articles=TWO)
    return document.versions.get()


def publish(version, editor):
    return publish_version(version=version, actor=fresh(editor), known_revision=version.revision)


def test_a_written_article_carries_its_canonical_text_and_its_marked_html(draft):
    first = draft.articles.first()

    assert first.text == "Uno y dos."
    assert '<p data-start="0" data-end="10">' in first.html
    assert [article.position for article in draft.articles.all()] == [1, 2]


def test_an_edit_replaces_the_articles_and_counts_one_revision(draft, editor):
    first, second = parts_of(draft)
    saved = write_articles(
        version=draft, actor=fresh(editor), known_revision=0, articles=[second, replace(first, body="Otro.")]
    )

    assert saved.revision == 1
    assert [article.identity for article in draft.articles.all()] == [second.identity, first.identity]
    assert draft.articles.last().text == "Otro."


def test_the_second_of_two_editors_is_told_and_overwrites_nothing(draft, editor):
    write_articles(version=draft, actor=fresh(editor), known_revision=0, articles=[Part(body="La primera.")])

    with pytest.raises(Conflict) as refusal:
        write_articles(version=draft, actor=fresh(editor), known_revision=0, articles=[Part(body="La segunda.")])

    assert refusal.value.code == "changed_meanwhile"
    assert draft.articles.get().body == "La primera."


def test_the_next_version_begins_as_a_copy_that_remembers_where_each_article_comes_from(draft, editor):
    published = publish(draft, editor)
    following = start_draft(document=draft.document, actor=fresh(editor))

    assert following.number == 2
    old, new = parts_of(published), parts_of(following)
    assert [part.identity for part in new] == [part.identity for part in old]
    assert [part.origins for part in new] == [(part.identity,) for part in old]
    assert start_draft(document=draft.document, actor=fresh(editor)) == following


def test_only_an_editor_of_the_agency_writes_and_publishes(draft, consultation):
    for stranger in (anonymous, UserFactory(), make_agency("Otra").owner):
        with pytest.raises(NotPermitted):
            create_document(consultation=consultation, actor=stranger, title="Otro")
        with pytest.raises(NotPermitted):
            write_articles(version=draft, actor=stranger, known_revision=0, articles=TWO)
        with pytest.raises(NotPermitted):
            publish_version(version=draft, actor=stranger, known_revision=0)
        with pytest.raises(NotPermitted):
            start_draft(document=draft.document, actor=stranger)


def test_a_published_version_is_refused_to_every_edit_with_a_clear_word(draft, editor):
    published = publish(draft, editor)

    for attempt in (
        lambda: publish(published, editor),
        lambda: write_articles(version=published, actor=fresh(editor), known_revision=0, articles=TWO),
        lambda: drafting.discard_draft(version=published, actor=fresh(editor), known_revision=0),
    ):
        with pytest.raises(Conflict) as refusal:
            attempt()
        assert refusal.value.code == "version_published"


def test_the_database_itself_lets_nobody_touch_a_published_version(draft, editor):
    published = publish(draft, editor)
    article = published.articles.first()

    for attempt in (
        lambda: Article.objects.filter(pk=article.pk).update(body="Otro"),
        lambda: Article.objects.filter(pk=article.pk).delete(),
        lambda: Article.objects.create(version=published, position=9, body="Más"),
        lambda: Version.objects.filter(pk=published.pk).update(summary="Otra"),
        lambda: Version.objects.filter(pk=published.pk).update(published_at=None, published_by=None),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attempt()


def test_an_article_cannot_be_carried_from_a_draft_into_a_published_version(draft, editor):
    published = publish(draft, editor)
    other = start_draft(document=draft.document, actor=fresh(editor)).articles.first()

    with pytest.raises(DatabaseError), transaction.atomic():
        Article.objects.filter(pk=other.pk).update(version=published, position=9)


def test_an_empty_version_is_not_published(draft, editor):
    saved = write_articles(version=draft, actor=fresh(editor), known_revision=0, articles=[])

    with pytest.raises(InvalidInput):
        publish(saved, editor)


def test_what_places_annotations_runs_in_the_same_transaction_and_its_fault_undoes_all(draft, editor, monkeypatch):
    publish(draft, editor)
    following = start_draft(document=draft.document, actor=fresh(editor))

    def fails(old, new):
        raise RuntimeError("placing broke")

    monkeypatch.setattr(publishing, "_placers", [publishing.Placer(lambda old, new: {}, fails)])
    with pytest.raises(RuntimeError):
        publish(following, editor)

    following.refresh_from_db()
    assert not following.is_published
    assert AuditEntry.objects.filter(event="consultations.version_published").count() == 1


def test_placers_are_asked_with_both_versions_and_their_counts_are_added(draft, editor, monkeypatch):
    first = publish(draft, editor)
    following = start_draft(document=draft.document, actor=fresh(editor))
    asked = []

    def counts(old, new):
        asked.append((old, new))
        return {"kept": 2, "orphaned": 1}

    monkeypatch.setattr(publishing, "_placers", [publishing.Placer(counts, counts)] * 2)

    assert publishing.landing_of(first, following) == {"kept": 4, "orphaned": 2}
    publish(following, editor)
    assert asked == [(first, following)] * 4


def test_those_who_follow_are_told_once_and_the_editor_is_not(draft, editor, consultation):
    neighbour = UserFactory()
    follow(consultation=consultation, actor=neighbour)
    follow(consultation=consultation, actor=fresh(editor))
    publish(draft, editor)

    notice = neighbour.notices.get(kind="version_published")
    assert notice.url == draft.document.get_absolute_url()
    assert not editor.notices.filter(kind="version_published").exists()


def test_a_draft_thrown_away_leaves_the_published_version_and_the_last_one_takes_its_document_along(draft, editor):
    publish(draft, editor)
    following = start_draft(document=draft.document, actor=fresh(editor))
    drafting.discard_draft(version=following, actor=fresh(editor), known_revision=0)
    assert draft.document.versions.get() == draft

    other = create_document(consultation=draft.document.consultation, actor=fresh(editor), title="Otro")
    drafting.discard_draft(version=other.versions.get(), actor=fresh(editor), known_revision=0)
    assert not Document.objects.filter(pk=other.pk).exists()


def test_who_goes_on_with_a_text_that_was_thrown_away_is_told(draft, editor):
    other = create_document(consultation=draft.document.consultation, actor=fresh(editor), title="Otro")
    version = other.versions.get()
    drafting.discard_draft(version=version, actor=fresh(editor), known_revision=0)
    for act in (
        lambda: start_draft(document=other, actor=fresh(editor)),
        lambda: drafting.rename_document(document=other, actor=fresh(editor), title="Así"),
        lambda: drafting.discard_draft(version=version, actor=fresh(editor), known_revision=0),
    ):
        other.pk = other.pk or version.document_id  # deleting took it
        with pytest.raises(Conflict, match="document_gone"):
            act()


@pytest.mark.parametrize(
    "articles",
    [
        [Part(kind="poem", body="x")],
        [Part()],
        [Part(body="x" * 50_001)],
        [Part(label="x" * 61)],
        [Part(heading="x" * 301)],
        [Part(label="\x00 ", body="\n")],
        [TWO[0], TWO[0]],
    ],
)
def test_articles_that_cannot_be_kept_are_refused_and_nothing_is_written(draft, editor, articles):
    with pytest.raises(InvalidInput):
        write_articles(version=draft, actor=fresh(editor), known_revision=0, articles=articles)
    assert draft.articles.count() == 2
    assert Version.objects.get(pk=draft.pk).revision == 0


def test_signs_that_no_database_takes_are_left_out(draft, editor):
    write_articles(
        version=draft, actor=fresh(editor), known_revision=0, articles=[Part(body="U\x00no\r\n\r\nDos\ud800")]
    )
    assert draft.articles.get().text == "Uno\n\nDos"
