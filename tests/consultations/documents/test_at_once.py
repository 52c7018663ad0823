"""Several people at one draft text at the same moment, each in a connection of their own: nothing is lost."""

import pytest

from accounts.models import Role
from comments.annotations.annotating import annotate
from comments.annotations.models import Placement
from consultations.documents.drafting import Part, create_document, parts_of, start_draft, write_articles
from consultations.documents.publishing import publish_version
from consultations.models import Article, Version
from tests.at_once import at_once
from tests.factories import UserFactory, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agency():
    return make_agency("Ambiente")


@pytest.fixture
def editors(agency):
    return [member(agency, Role.EDITOR) for _ in range(2)]


@pytest.fixture
def document(agency, editors):
    consultation = make_consultation(agency, now_in="discussion")
    parts = [Part(label="Artículo 1", body="El Estado cuida los árboles de la ciudad.")]
    return create_document(consultation=consultation, actor=fresh(editors[0]), title="Arbolado", articles=parts)


def draft(document):
    version = Version.objects.select_related("document__consultation").get(document=document, published_at__isnull=True)
    return version


def publishing(document, editor):
    version, me = draft(document), fresh(editor)
    return lambda: publish_version(version=version, actor=me, known_revision=version.revision)


def test_of_two_editors_who_publish_at_once_one_is_told_and_one_version_is_there(document, editors):
    assert at_once(*(publishing(document, editor) for editor in editors)) == ["done", "version_published"]
    assert document.versions.filter(published_at__isnull=False).count() == 1


def test_two_editors_who_begin_the_next_version_at_once_get_the_same_draft(document, editors):
    publishing(document, editors[0])()
    people = [fresh(editor) for editor in editors]

    assert at_once(*(lambda me=me: start_draft(document=document, actor=me) for me in people)) == ["done", "done"]
    assert document.versions.filter(published_at__isnull=True).count() == 1


def test_of_an_edit_and_a_publishing_at_once_one_is_told_and_no_published_word_changes(document, editors):
    version, me = draft(document), fresh(editors[1])

    def edit():
        write_articles(version=version, actor=me, known_revision=0, articles=[Part(body="Otra cosa.")])

    said = at_once(publishing(document, editors[0]), edit)
    assert said in (["changed_meanwhile", "done"], ["done", "version_published"])
    if said == ["done", "version_published"]:
        assert [part.body for part in parts_of(version)] == ["El Estado cuida los árboles de la ciudad."]


@pytest.mark.parametrize("round_", range(3))
def test_who_annotates_the_old_version_while_the_next_is_published_finds_a_place_in_both(document, editors, round_):
    publishing(document, editors[0])()
    start_draft(document=document, actor=fresh(editors[0]))
    article = Article.objects.select_related("version__document__consultation__agency").get(version__number=1)
    neighbours = [UserFactory() for _ in range(3)]

    def annotating(me):
        return lambda: annotate(
            article=article, actor=me, start=0, end=9, exact="El Estado", purpose="comment", body=f"De {me.pk}."
        )

    deeds = [annotating(neighbour) for neighbour in neighbours]
    assert at_once(publishing(document, editors[0]), *deeds) == ["done"] * 4
    for number in (1, 2):
        assert Placement.objects.filter(version__document=document, version__number=number, state="kept").count() == 3
