"""The step of money: districts with amounts of their own, their sum, and their boundaries from a GeoJSON file."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput
from consultations.budgets.boundaries import BoundaryFault, is_inside, read_boundaries
from consultations.budgets.districts import DistrictGiven
from consultations.clock import database_now
from consultations.models import Consultation, District
from consultations.opening import change_consultation
from consultations.opening.copying import contents_of
from tests.consultations.doors import address, faults, logged_in, step_of, words
from tests.factories import ProposalFactory, fresh, make_agency, make_consultation, make_poll, member

pytestmark = pytest.mark.django_db


def square(west, south, side=1.0, kind="Polygon"):
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": kind, "coordinates": [ring] if kind == "Polygon" else [[ring]]}


def collection(*features):
    rows = [{"type": "Feature", "properties": {"Nombre": name}, "geometry": shape} for name, shape in features]
    return json.dumps({"type": "FeatureCollection", "features": rows}, indent=1)


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def editor(agency):
    return member(agency, Role.EDITOR)


@pytest.fixture
def draft(agency):
    return make_consultation(agency, publish=False, budget_cents=500, title="Presupuesto")


@pytest.fixture
def door(editor):
    return logged_in(editor)


def send(door, consultation, **changes):
    """Change some fields of the step and leave it by its main button."""
    return door.post(address(consultation, "edit/money/"), step_of(door, consultation, "money", **changes))


def two_districts(**more):
    return {
        "district_0_name": "Ñandubay",
        "district_0_amount_cents": "1,250.50",
        "district_0_population": "12,000",
        "district_0_support_threshold": "40",
        "district_1_name": "Toda la ciudad",
        "district_1_amount_cents": "750",
        "district_1_is_for_all": "on",
        "district_rule": "resident",
        **more,
    }


def stored(consultation):
    rows = District.objects.filter(consultation=consultation)
    return [(row.name, row.amount_cents, row.population, row.support_threshold, row.is_for_all) for row in rows]


def given(*districts, **changes):
    return [
        DistrictGiven(name=d.name, amount_cents=d.amount_cents, pk=d.pk, boundary=d.boundary, **changes)
        for d in districts
    ]


def test_the_budget_is_the_sum_of_its_districts_and_the_record_says_what_changed(door, draft):
    response = send(door, draft, **two_districts(do="add:0"))

    assert response.url == address(draft, "edit/money/#new-district")
    assert stored(draft) == [("Ñandubay", 1_250_50, 12_000, 40, False), ("Toda la ciudad", 750_00, None, None, True)]
    found = Consultation.objects.get(pk=draft.pk)
    assert (found.budget.amount_cents, found.budget.district_rule) == (2_000_50, "resident")
    entry = AuditEntry.objects.get(event="consultations.districts_changed")
    assert entry.details["old"]["districts"] == []
    assert entry.details["new"]["districts"] == ["Ñandubay: 1250.50", "Toda la ciudad *: 750.00"]
    page = words(door.get(address(draft, "edit/money/")))
    assert "2,000.50" in page

    send(door, draft, do="up:1")
    assert [row[0] for row in stored(draft)] == ["Toda la ciudad", "Ñandubay"]
    send(door, draft, do="remove:0")
    assert Consultation.objects.get(pk=draft.pk).budget.amount_cents == 1_250_50
    send(door, draft)  # nothing changed: no entry
    assert AuditEntry.objects.filter(event="consultations.districts_changed").count() == 3


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"district_1_name": "nandubay"}, "district_1_name", "Another district"),
        ({"district_0_is_for_all": "on"}, "district_1_is_for_all", "Only one part"),
        ({"district_0_name": ""}, "district_0_name", "Write the name"),
        ({"district_0_amount_cents": ""}, "district_0_amount_cents", "how much money"),
        ({"budget_cents": "9"}, "budget_cents", "The districts come to ARS\N{NO-BREAK SPACE}2,000.50 together."),
        ({"district_0_amount_cents": "mucho"}, "district_0_amount_cents", ""),
        ({"district_0_population": "-1"}, "district_0_population", ""),
    ],
)
def test_a_row_that_cannot_be_is_refused_at_its_field_and_nothing_is_saved(door, draft, changes, field, said):
    response = send(door, draft, **two_districts(**changes))

    assert response.status_code == 400
    assert said in faults(response)[field][0]
    assert stored(draft) == []
    assert Consultation.objects.get(pk=draft.pk).budget.amount_cents == 500


def test_boundaries_come_from_a_file_or_pasted_and_fit_by_name(door, draft):
    text = collection(("ÑANDUBAY ", square(-60, -35)), ("Toda la ciudad", square(-62, -36, 3, "MultiPolygon")))
    file = SimpleUploadedFile("barrios.geojson", text.encode(), content_type="application/geo+json")
    send(door, draft, **two_districts(boundary_file=file))

    first, second = District.objects.filter(consultation=draft)
    assert is_inside(first.boundary, -59.5, -34.5)
    assert not is_inside(first.boundary, -61.5, -34.5)
    assert is_inside(second.boundary, -61.5, -34.5)
    moved = collection(("Ñandubay", square(10, 10)))
    send(door, draft, boundary_text=moved)
    assert is_inside(District.objects.get(pk=first.pk).boundary, 10.5, 10.5)
    assert District.objects.get(pk=second.pk).boundary == second.boundary
    send(door, draft, do="unbound:0")
    assert District.objects.get(pk=first.pk).boundary is None


HOLED = {"type": "Polygon", "coordinates": [*square(0, 0, 4)["coordinates"], *square(1, 1, 1)["coordinates"]]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"type": "FeatureCollection",\n "features": [', "line 2"),
        ("[" * 90_000, "GeoJSON"),
        ('{"type": "Topology"}', "no FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "no feature"),
        (collection(("Sur", square(0, 0))), "Feature 1 (“Sur”): No district has this name"),
        (collection(("Norte", square(0, 0)), ("NORTE", square(0, 0))), "Feature 2 (“NORTE”): Another feature"),
        (collection(("Norte", square(5_540_000, 6_170_000, 900))), "no longitude and latitude"),
        (collection(("Norte", {"type": "Point", "coordinates": [0, 0]})), "this is: Point"),
        (collection(("Norte", None)), "this is: nothing"),
        (collection(("Norte", {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]})), "not closed"),
        (collection(("Norte", {"type": "Polygon", "coordinates": [[["a", 0]]]})), "no pair of numbers"),
        (collection(("Norte", square(0, 0))).replace("0,", "NaN,", 1), "no longitude"),
        (collection(("Norte", {"type": "MultiPolygon", "coordinates": square(0, 0)["coordinates"] * 4_001})), ""),
        (collection(("", square(0, 0))), "has no name"),
        ('{"type": "Feature", "properties": null, "geometry": null}', "has no name"),
    ],
)
def test_a_file_that_cannot_be_is_refused_with_the_place_of_its_fault(text, said):
    with translation.override("en"), pytest.raises(BoundaryFault) as refused:
        read_boundaries(text, ["Norte"])

    assert said in str(refused.value)


def test_too_many_points_are_refused_and_a_hole_is_outside():
    ring = [[n / 1000, 0] for n in range(20_001)] + [[0, 0]]
    with translation.override("en"), pytest.raises(BoundaryFault, match="too many"):
        read_boundaries(collection(("Norte", {"type": "Polygon", "coordinates": [ring]})), ["Norte"])

    shape = read_boundaries(collection(("Norte", HOLED)), ["Norte"])["Norte"]
    assert is_inside(shape, 3.5, 3.5)
    assert not is_inside(shape, 1.5, 1.5)


def test_a_district_in_use_stays_and_what_was_voted_on_is_fixed_but_its_boundary_is_not(agency, editor, draft, door):
    send(door, draft, **two_districts())
    north, whole = District.objects.filter(consultation=draft)
    ProposalFactory(consultation=draft, district=north)

    def change(*rows):
        change_consultation(consultation=draft, districts=rows, actor=fresh(editor))

    with pytest.raises(InvalidInput, match="district_with_proposals"):
        change(*given(whole))
    assert "There are proposals for “Ñandubay”" in str(faults(send(door, draft, do="remove:0")))
    assert District.objects.filter(consultation=draft).count() == 2

    other = make_consultation(agency, title="Otro", now_in="voting", budget_cents=500)
    change_consultation(consultation=other, districts=[DistrictGiven("Sur", 500)], actor=fresh(editor))
    south = District.objects.get(consultation=other)
    poll = make_poll(other)
    from voting.models import Poll

    Poll.objects.filter(pk=poll.pk).update(district=south)
    with pytest.raises(InvalidInput, match="district_with_poll"):
        change_consultation(consultation=other, districts=[], actor=fresh(editor))
    from tests.factories import UserFactory, choose
    from voting.ballots.casting import cast_ballot

    cast_ballot(poll=poll, voter=fresh(UserFactory()), choices=choose(poll, *[o.label for o in poll.options.all()][:1]))
    for rows in (
        [DistrictGiven("Sur", 400, pk=south.pk)],
        [DistrictGiven("Sud", 500, pk=south.pk)],
        [*given(south), DistrictGiven("Este", 100)],
        [],
    ):
        with pytest.raises(Conflict, match="budget_voted_on"):
            change_consultation(consultation=other, districts=rows, actor=fresh(editor))
    bound = DistrictGiven("Sur", 500, pk=south.pk, boundary=square(0, 0), population=7)
    change_consultation(consultation=other, districts=[bound], actor=fresh(editor))
    assert District.objects.get(pk=south.pk).population == 7


def test_a_copy_has_the_districts_and_no_proposals(agency, editor, draft, door):
    send(door, draft, **two_districts(boundary_text=collection(("Ñandubay", square(0, 0)))))

    door.post(
        f"/consultations/new/?copy={draft.slug}",
        {"agency": agency.pk, "title": "El próximo", "summary": "Otra vez.", "body": "Texto."},
    )

    made = Consultation.objects.get(title="El próximo")
    assert stored(made) == stored(draft)
    assert made.districts.first().boundary == draft.districts.first().boundary
    assert (made.budget.amount_cents, made.budget.district_rule) == (2_000_50, "resident")
    assert contents_of(made, database_now())["districts"][0].pk is None
