"""Two versions out of the tables: origins over the versions between, and how few queries it takes."""

import uuid

import pytest

from consultations.documents.comparing import changes_of, in_runs, summary_of
from tests.factories import make_agency, make_consultation, make_document, new_version

pytestmark = pytest.mark.django_db

A, B, C = (uuid.UUID(int=n) for n in (1, 2, 3))


def part(identity, body, *origins):
    return {"identity": identity, "body": body, "origins": list(origins)}


@pytest.fixture
def versions():
    """One article; then split in two; then the first half edited, and something new."""
    document = make_document(make_consultation(make_agency("Obras")), [part(A, "Uno. Dos.")])
    new_version(document, [part(A, "Uno.", A), part(B, "Dos.", A)])
    new_version(document, [part(A, "Uno y medio.", A), part(B, "Dos.", B), part(C, "Tres.")])
    return list(document.versions.all())


def test_over_two_versions_a_split_is_still_a_split(versions, django_assert_num_queries):
    first, second, third = versions

    with django_assert_num_queries(2):
        assert [change.state for change in changes_of(first, second)] == ["split"]
    with django_assert_num_queries(3):
        assert [change.state for change in changes_of(first, third)] == ["split", "added"]
    assert [change.state for change in changes_of(second, third)] == ["changed", "same", "added"]


def test_what_stayed_is_gathered_and_counted_in_words(versions):
    changes = changes_of(*versions[1:])
    assert [run.change and run.change.state for run in in_runs(changes)] == ["changed", None, "added"]
    assert len(summary_of(changes)) == 3
