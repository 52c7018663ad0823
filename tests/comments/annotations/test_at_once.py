"""A version is published while people annotate the one before: whoever comes first, nothing is lost."""

from contextlib import suppress
from threading import Barrier, BrokenBarrierError, Event

import pytest

from comments.annotations import annotating, importing, placing
from comments.annotations.settling import place_of_words, settle
from comments.models import Annotation, Placement
from consultations.documents.drafting import parts_of, start_draft, write_articles
from consultations.documents.publishing import publish_version
from consultations.models import Consultation
from tests.at_once import at_once
from tests.comments.annotations.conftest import annotation_of
from tests.factories import UserFactory, fresh, make_agency, make_consultation, make_document

PEOPLE = 5


@pytest.mark.parametrize("attempt", range(3))
def test_who_annotates_while_a_version_is_published_stands_in_both(transactional_db, attempt):
    agency = make_agency("Obras")
    consultation = make_consultation(agency, now_in="discussion")
    document = make_document(consultation)
    first = document.versions.get()
    editor = fresh(agency.owner)
    draft = start_draft(document=document, actor=editor)
    people = [UserFactory() for _ in range(PEOPLE)]

    def publish():
        publish_version(version=draft, actor=editor, known_revision=draft.revision)

    def annotate(person):
        return lambda: annotation_of(first, person, "diez salarios", body=f"Nota de {person.pk}.")

    assert at_once(publish, *(annotate(person) for person in people)) == ["done"] * (PEOPLE + 1)

    assert Consultation.objects.get().documents.get().versions.filter(published_at__isnull=False).count() == 2
    assert Annotation.objects.count() == PEOPLE
    for annotation in Annotation.objects.all():
        states = list(annotation.placements.order_by("version__number").values_list("version__number", "state"))
        assert states == [(1, "kept"), (2, "kept")]
    assert Placement.objects.count() == 2 * PEOPLE


def test_settling_and_publishing_at_once_leaves_the_chosen_place_in_the_new_version_or_says_that_there_is_one(
    transactional_db,
):
    """Whoever is first: the place that an editor chose is never in the old version alone."""
    agency = make_agency("Obras")
    document = make_document(make_consultation(agency, now_in="discussion"))
    first = document.versions.get()
    editor = fresh(agency.owner)
    annotation_of(first, UserFactory(), "diez salarios", body="¿Diez?")
    second = publish(document, editor, [part for part in parts_of(first) if "diez salarios" not in part.body])
    orphan = Placement.objects.get(version=second)
    draft = start_draft(document=document, actor=editor)

    outcomes = at_once(
        lambda: publish_version(version=draft, actor=editor, known_revision=draft.revision),
        lambda: settle(placement=orphan, actor=editor, place=place_of_words(second, second.articles.first().text)),
    )

    third = Placement.objects.get(version__number=3)
    assert outcomes in (["done", "done"], ["done", "newer_version"])
    assert (third.article is not None) == (outcomes == ["done", "done"])


def publish(document, editor, parts):
    draft = start_draft(document=document, actor=editor)
    draft = write_articles(version=draft, actor=editor, known_revision=draft.revision, articles=parts)
    return publish_version(version=draft, actor=editor, known_revision=draft.revision)


def test_what_is_taken_in_while_a_version_is_published_stands_in_both(transactional_db, monkeypatch):
    """The import has looked for newer versions, and waits before its commit for whoever publishes one."""
    agency = make_agency("Obras")
    document = make_document(make_consultation(agency, now_in="discussion"))
    first = document.versions.get()
    editor = fresh(agency.owner)
    draft = start_draft(document=document, actor=editor)
    looked, published = Event(), Event()
    selector = {"type": "TextQuoteSelector", "exact": "diez salarios"}
    item = {"type": "Annotation", "bodyValue": "Visto.", "target": {"selector": selector}}

    def place_made(annotations):
        placing.place_made(annotations)
        looked.set()
        published.wait(2)  # it cannot be published before we are done

    monkeypatch.setattr(importing, "place_made", place_made)

    def publish():
        looked.wait(10)
        publish_version(version=draft, actor=editor, known_revision=draft.revision)
        published.set()

    def take_in():
        importing.import_annotations(version=first, actor=editor, items=[item])

    assert at_once(publish, take_in) == ["done"] * 2
    assert list(Annotation.objects.get().placements.order_by("version__number").values_list("state", flat=True)) == [
        "kept",
        "kept",
    ]


def test_the_same_taken_in_twice_at_once_is_one(transactional_db, monkeypatch):
    """Two requests, each of which has looked before the other has written, would make two of it."""
    agency = make_agency("Obras")
    document = make_document(make_consultation(agency, now_in="discussion"))
    first = document.versions.get()
    editor = fresh(agency.owner)
    selector = {"type": "TextQuoteSelector", "exact": "diez salarios"}
    item = {
        "type": "Annotation",
        "id": "https://otra.example/1",
        "bodyValue": "Visto.",
        "target": {"selector": selector},
    }
    both_wrote = Barrier(2)

    def keep_place(annotation):
        annotating.keep_place(annotation)
        with suppress(BrokenBarrierError):
            both_wrote.wait(1)

    monkeypatch.setattr(importing, "keep_place", keep_place)
    answers = []

    def take_in():
        answers.extend(importing.import_annotations(version=first, actor=editor, items=[item]))

    at_once(take_in, take_in)

    assert sorted(answer.code for answer in answers) == ["", "imported_already"]
    assert Annotation.objects.count() == 1
