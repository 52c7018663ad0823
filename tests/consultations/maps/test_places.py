"""Where proposals are: typed, checked against the district, and on a map with the list's own filters."""

import json

import pytest
from django.utils.http import urlencode

from accounts.models import Role
from accounts.refusals import InvalidInput
from config.maps import tiles_from
from consultations.models import District, Proposal
from consultations.proposals.proposing import change_proposal, make_proposal
from tests.consultations.doors import address, faults, logged_in, words
from tests.factories import ProposalFactory, UserFactory, fresh, make_agency, make_consultation, member

pytestmark = pytest.mark.django_db
IDEA = {"title": "Una plaza", "body": "Con sombra.", "place": "Mitre y Alsina"}


def square(west, south, side=1.0):
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.fixture
def budget():
    found = make_consultation(make_agency("Obras"), now_in="proposals", budget_cents=900_00, title="Presupuesto")
    for n, (name, west) in enumerate([("Norte", -60), ("Sur", -50)]):
        District.objects.create(
            consultation=found, position=n, name=name, amount_cents=450_00, boundary=square(west, -35)
        )
    return found


@pytest.fixture
def north(budget):
    return budget.districts.get(name="Norte")


@pytest.fixture
def door():
    return logged_in(UserFactory())


def new(consultation):
    return address(consultation, "proposals/new/")


def idea(north, **changes):
    return {**IDEA, "district": north.pk, "latitude": "-34.5", "longitude": "−59,5", **changes}


def places(client, consultation, **query):
    answer = client.get(address(consultation, f"proposals/places.json?{urlencode(query)}")).json()
    return [point[3] for point in answer["points"]]


def test_an_idea_has_its_district_a_rough_cost_and_a_place(door, budget, north):
    door.post(new(budget), idea(north, rough_cost_cents="1,500"))

    made = Proposal.objects.get()
    assert (made.district, made.rough_cost_cents, made.latitude, made.longitude) == (north, 150_000, -34.5, -59.5)
    page = words(door.get(made.get_absolute_url()))
    assert "Norte" in page
    assert "Its author thinks that it would cost" in page
    assert "1,500" in page
    assert "-34.50000, -59.50000" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"district": ""}, "district"),
        ({"district": "0"}, "district"),
        ({"longitude": ""}, "longitude"),
        ({"latitude": "-95"}, "latitude"),
        ({"latitude": "acá"}, "latitude"),
        ({"latitude": "nan"}, "latitude"),
        ({"rough_cost_cents": "-1"}, "rough_cost_cents"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(door, budget, north, changes, field):
    response = door.post(new(budget), idea(north, **changes))

    assert (response.status_code, list(faults(response))) == (400, [field])
    assert not Proposal.objects.exists()


def test_a_place_outside_the_district_is_asked_about_and_the_author_may_go_on(door, budget, north):
    response = door.post(new(budget), idea(north, longitude="-49.5"))
    assert "lies outside “Norte”" in str(faults(response)["outside"])
    key = response.context["form"].fields["outside"].widget.attrs["value"]
    page = response.content.decode()
    assert f'value="{key}"' in page
    assert "The place is right, although it lies outside “Norte”</span>" in page
    assert "Place on the map: This place lies outside “Norte”" in page

    elsewhere = door.post(new(budget), idea(north, longitude="-49.9", outside=key))
    assert "outside" in faults(elsewhere)  # another place is another question
    door.post(new(budget), idea(north, longitude="-49.5", outside=key))

    assert Proposal.objects.get().longitude == -49.5
    District.objects.update(boundary=None)
    door.post(new(budget), idea(north, title="Otra cosa muy distinta", longitude="-49.5"))
    assert Proposal.objects.count() == 2  # where no boundary is known, nothing is asked


def test_a_change_of_place_and_district_stays_readable(door, budget, north):
    door.post(new(budget), idea(north))
    made = Proposal.objects.get()
    form = door.get(f"{made.get_absolute_url()}edit/").context["form"]
    assert (form["district"].value(), form["latitude"].value()) == (north.pk, -34.5)

    south = budget.districts.get(name="Sur")
    door.post(f"{made.get_absolute_url()}edit/", idea(south, longitude="-49.5", version="1"))

    made.refresh_from_db()
    assert (made.district, made.longitude) == (south, -49.5)
    history = words(door.get(f"{made.get_absolute_url()}history/"))
    assert "Norte" in history
    assert "Sur" in history


def test_the_use_cases_refuse_what_the_form_does_not_offer(budget, north):
    ana, other = fresh(UserFactory()), make_consultation(budget.agency, now_in="proposals", title="Otra")

    for consultation, facts, code in [
        (other, {"district": north}, "unknown_district"),
        (budget, {}, "no_district"),
        (budget, {"district": north, "cost_cents": 5}, "cost_of_agency"),
        (budget, {"district": north, "latitude": 5.0}, "half_a_place"),
        (budget, {"district": north, "latitude": 500.0, "longitude": 1.0}, "no_such_place"),
    ]:
        with pytest.raises(InvalidInput, match=code):
            make_proposal(consultation=consultation, actor=ana, **IDEA, **facts)
    made = make_proposal(consultation=budget, actor=ana, **IDEA, district=north)
    with pytest.raises(InvalidInput, match="cost_of_agency"):
        change_proposal(proposal=made, actor=ana, cost_cents=5)


def test_the_map_shows_what_the_list_shows_and_every_view_is_a_link(door, client, budget, north):
    south, owner = budget.districts.get(name="Sur"), UserFactory()
    where = {"consultation": budget, "latitude": -34.5, "longitude": -59.5}
    ProposalFactory(title="Bancos", district=north, category="Plazas", **where)
    ProposalFactory(title="Luces", district=south, feasibility="feasible", **where)
    ProposalFactory(title="Sin lugar", consultation=budget, district=north)
    hidden = {"hidden_at": budget.published_at, "hidden_by": owner, "hidden_reason": "Datos."}
    ProposalFactory(title="Oculta", district=north, **where, **hidden)
    merged = ProposalFactory(title="Unida", district=north, merged_into=Proposal.objects.get(title="Luces"), **where)

    assert places(client, budget) == ["Luces", "Bancos"]
    for query, expected in [
        ({"district": north.pk}, ["Bancos"]),
        ({"feasibility": "feasible"}, ["Luces"]),
        ({"feasibility": "unknown"}, ["Bancos"]),
        ({"q": "luces"}, ["Luces"]),
        ({"category": "Plazas", "district": south.pk}, []),
        ({"district": "x", "feasibility": "y"}, ["Luces", "Bancos"]),  # what is not understood is left out
    ]:
        assert places(client, budget, **query) == expected
        listed = client.get(address(budget, f"proposals/?{urlencode(query)}")).context["page"].object_list
        assert [card.title for card in listed if card.latitude and not card.is_hidden] == expected
        assert merged not in listed

    cards = words(client.get(address(budget, "proposals/?q=bancos")))
    assert "Norte" in cards.partition("Bancos")[2]  # a card says whose it would be
    assert "Write a proposal" in cards  # a visitor too: they log in to send it
    page = client.get(address(budget, f"proposals/?view=map&district={north.pk}&page=1"))
    assert page.context["places_url"] == address(budget, f"proposals/places.json?district={north.pk}")
    assert f'<option value="{north.pk}" selected>' in page.content.decode()
    for path in ("proposals/places.json", "districts.geojson"):
        private = make_consultation(budget.agency, visibility="private", budget_cents=5, title=f"Interna {path[:5]}")
        assert client.get(address(private, path)).status_code == 404


def test_a_thousand_places_stay_light_and_take_as_many_queries_as_one(
    client, budget, north, django_assert_max_num_queries
):
    Proposal.objects.bulk_create(
        ProposalFactory.build(
            consultation=budget,
            title=f"Una plaza con juegos y sombra en la esquina {n}",
            district=north,
            latitude=-34.5 + n / 3e3,
            longitude=-59.5,
            cost_cents=1_250_000_00,
        )
        for n in range(1_000)
    )

    with django_assert_max_num_queries(5):
        points = client.get(address(budget, "proposals/places.json"))
    assert len(points.json()["points"]) == 1_000
    assert len(points.content) < 150_000
    with django_assert_max_num_queries(12):
        page = client.get(address(budget, "proposals/?view=map"))
    assert len(page.content) < 150_000


def test_boundaries_are_given_whole_and_for_drawing_with_fewer_points(client, budget, north):
    ring = [[-60 + n / 10_000, -35] for n in range(10_000)] + [[-59, -34], [-60, -34], [-60, -35]]
    District.objects.filter(pk=north.pk).update(boundary={"type": "Polygon", "coordinates": [ring]})

    whole, drawn = (client.get(address(budget, f"districts.geojson{query}")) for query in ("", "?outline=1"))

    assert whole["content-type"] == "application/geo+json"
    assert [feature["properties"]["name"] for feature in whole.json()["features"]] == ["Norte", "Sur"]
    assert len(json.dumps(whole.json())) > 100_000
    assert len(drawn.content) < 20_000
    assert drawn.json()["features"][0]["geometry"]["coordinates"][0][0][0] == ring[0]


def test_tiles_come_from_where_the_setting_says_and_from_nowhere_else():
    ign = "https://wms.ign.gob.ar/geoserver/gwc/service/tms/1.0.0/capabaseargenmap@EPSG%3A3857@png/{z}/{x}/{-y}.png"
    assert tiles_from("") == []
    assert tiles_from(ign) == ["https://wms.ign.gob.ar"]
    assert tiles_from("https://{s}.tile.example.org/{z}/{x}/{y}.png") == ["https://*.tile.example.org"]
    with pytest.raises(SystemExit):
        tiles_from("https://tile.example.org/")


def test_an_official_gives_the_cost_of_the_agencys_own(budget, north):
    door = logged_in(member(budget.agency, Role.EDITOR))

    door.post(new(budget), idea(north, is_official="on", cost_cents="700"))
    door.post(new(budget), idea(north, title="Otra cosa muy distinta", cost_cents="700"))

    assert [proposal.cost_cents for proposal in Proposal.objects.order_by("pk")] == [700_00, None]
