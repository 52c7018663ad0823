"""A version is published while people annotate the one before: whoever comes first, nothing is lost."""

import pytest

from comments.models import Annotation, Placement
from consultations.documents.drafting import start_draft
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
