"""Somebody else's annotation, and an article of another consultation that everybody may read: through the doors, each
is refused with a clear answer, and nothing is lost or moved."""

import json

import pytest

from accounts.models import Role
from accounts.refusals import InvalidInput
from comments.dispositions.giving import give_disposition
from comments.models import Annotation, Disposition, Placement
from tests.comments.annotations.test_inbox import publish
from tests.consultations.doors import logged_in
from tests.factories import UserFactory, make_agency, make_consultation, make_document, member, new_version
from tests.factories.documents import ARTICLES


@pytest.fixture
def elsewhere(db):
    """Version 2 of another public consultation's text, with the same words."""
    document = make_document(make_consultation(make_agency("Otra"), slug="ajena"))
    return new_version(document)


@pytest.fixture
def orphan(document, first, ana, note):
    found = note(first, ana, "diez salarios", body="Es poco.")
    return found.placements.get(version=publish(document, [*ARTICLES[:2], "Queda prohibido podar."]))


def as_it_was(annotation):
    annotation.refresh_from_db()
    annotation.comment.refresh_from_db()
    return (annotation.exact, annotation.comment.body, annotation.comment.deleted_at) == (
        "diez salarios",
        "Es poco.",
        None,
    )


@pytest.mark.parametrize("role", [None, Role.EDITOR, Role.MODERATOR])
def test_nobody_but_its_author_corrects_or_deletes_an_annotation(orphan, consultation, role):
    person = UserFactory() if role is None else member(consultation.agency, role)
    client, annotation = logged_in(person), orphan.annotation
    json_of = {"content_type": "application/json"}
    answers = [
        client.post(f"/comments/{annotation.pk}/edit/", {"body": "Es mucho."}),
        client.post(f"/comments/{annotation.pk}/delete/"),
        client.patch(f"/api/v1/comments/{annotation.pk}/", {"body": "Es mucho."}, **json_of),
        client.delete(f"/api/v1/comments/{annotation.pk}/"),
        client.delete(f"/api/v1/annotations/{annotation.pk}/"),
        client.put(f"/api/v1/annotations/{annotation.pk}/", {"bodyValue": "Es mucho."}, **json_of),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403, 403, 405, 405]
    assert as_it_was(annotation)


def test_an_editor_of_another_agency_settles_nothing_here_by_either_inbox(orphan, elsewhere, document):
    client = logged_in(member(elsewhere.document.consultation.agency, Role.EDITOR))

    for own in (document, elsewhere.document):
        answer = client.post(f"/documents/{own.pk}/inbox/{orphan.pk}/", {"leave": "1"})
        assert answer.status_code == (403 if own == document else 404)

    orphan.refresh_from_db()
    assert orphan.settled_at is None


def test_no_annotation_is_placed_in_an_article_of_another_public_consultation(orphan, elsewhere, editor, document):
    client, strange = logged_in(editor), elsewhere.articles.last()
    inbox = f"/documents/{document.pk}/inbox/{orphan.pk}/"

    by_place = client.post(inbox, {"place": f"{strange.pk}:3:9"})
    by_article = client.post(inbox, {"article": str(strange.pk), "words": "diez salarios"})

    assert [by_place.status_code, by_article.status_code] == [404, 404]
    orphan.refresh_from_db()
    assert (orphan.article, orphan.settled_at) == (None, None)
    assert as_it_was(orphan.annotation)


def test_nothing_is_taken_in_on_an_article_of_another_public_consultation(first, elsewhere, editor):
    strange = elsewhere.articles.last()
    source = f"https://testserver/documents/{elsewhere.document_id}/versions/2/article/{strange.identity}/"
    item = {
        "type": "Annotation",
        "bodyValue": "Visto.",
        "target": {"source": source, "selector": {"type": "TextQuoteSelector", "exact": "diez salarios"}},
    }

    answer = logged_in(editor).post(
        f"/api/v1/annotations/?version={first.pk}", json.dumps(item), content_type="application/ld+json"
    )

    assert answer.json()["items"][0]["code"] == "strange_article"
    assert not Annotation.objects.exists()


def test_an_annotation_on_an_article_belongs_to_the_consultation_of_that_article_whatever_the_address_says(
    first, elsewhere, ana
):
    """Nobody brings words of one consultation into another by naming both."""
    strange = elsewhere.articles.last()
    start = strange.text.index("diez salarios")
    place = f"article={strange.pk}&start={start}&end={start + 13}&version={first.pk}&purpose=comment"

    logged_in(ana).post(f"/annotations/new/?{place}", {"exact": "diez salarios", "body": "Ahí."})

    said = Annotation.objects.get()
    assert said.comment.consultation == elsewhere.document.consultation
    assert not Placement.objects.filter(version=first).exists()
    page = logged_in(ana).get(f"/annotations/?version={first.pk}")
    assert "Ahí." not in page.content.decode()


def test_no_change_of_another_public_consultation_answers_a_contribution(orphan, elsewhere, editor):
    with pytest.raises(InvalidInput) as refused:
        give_disposition(
            contributions=[orphan.annotation.comment], actor=editor, kind="taken", reason="Sí.",
            article=elsewhere.articles.last(),
        )  # fmt: skip

    assert refused.value.field == "article"
    assert not Disposition.objects.exists()
