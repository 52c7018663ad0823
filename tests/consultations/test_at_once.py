"""Two editors at once, in two connections."""

from collections.abc import Callable

import pytest

from consultations.models import Consultation
from consultations.opening import change_consultation, create_consultation, version_of
from tests.at_once import at_once
from tests.factories import fresh, make_agency, make_consultation

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_editors_who_save_at_once_one_is_told():
    agency = make_agency("Obras")
    consultation = make_consultation(agency)
    version = version_of(consultation)

    def save(title: str) -> Callable[[], object]:
        mine, me = Consultation.objects.get(pk=consultation.pk), fresh(agency.owner)
        return lambda: change_consultation(consultation=mine, actor=me, title=title, known_version=version)

    assert at_once(save("de Ana"), save("de Beto")) == ["changed_meanwhile", "done"]


def test_two_consultations_of_one_title_opened_at_once_get_two_addresses():
    agency = make_agency("Obras")

    def open_one() -> Callable[[], object]:
        me = fresh(agency.owner)
        return lambda: create_consultation(agency=agency, title="Plan", summary="…", actor=me)

    assert at_once(open_one(), open_one()) == ["done", "done"]
    assert set(Consultation.objects.values_list("slug", flat=True)) == {"plan", "plan-2"}
