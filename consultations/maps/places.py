"""What the map draws: the places of proposals, and the boundaries of districts. Both as JSON, apart from the page, so
that a thousand proposals make no page heavy."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from accounts.access import Person
from consultations.budgets.boundaries import Geometry, is_inside, outline, rings_of
from consultations.models import Consultation, District
from consultations.proposals import listing

DRAWN_STEPS = 700  # a boundary is drawn as finely as a screen of so many pixels shows it
LONGEST_TITLE = 80
MOST_POINTS = 5_000

Row = Sequence[Any]


def places(consultation: Consultation, asked: listing.Asked, user: Person) -> list[Row]:
    """Of the proposals that the list would show, those with a place: id, latitude, longitude, title, cost, district.

    In one query, and the newest first.
    """
    found = listing.asked_for(consultation, asked, user).shown().filter(latitude__isnull=False)
    rows = found.order_by("-pk").values_list("pk", "latitude", "longitude", "title", "cost_cents", "rough_cost_cents")
    return [
        [pk, round(lat or 0, 5), round(lng or 0, 5), _short(title), rough if cost is None else cost]
        for pk, lat, lng, title, cost, rough in rows[:MOST_POINTS]
    ]


def boundaries(consultation: Consultation, *, is_outline: bool) -> dict[str, Any]:
    """The districts that have one, as a FeatureCollection. ``is_outline``: with no more points than a screen shows."""
    districts = consultation.districts.filter(boundary__isnull=False)
    drawn: list[tuple[District, Geometry]] = [(district, district.boundary or {}) for district in districts]
    step = _extent([boundary for _district, boundary in drawn]) / DRAWN_STEPS
    features = [
        {
            "type": "Feature",
            "id": district.pk,
            "properties": {"name": district.name, "is_for_all": district.is_for_all},
            "geometry": outline(boundary, step) if is_outline else boundary,
        }
        for district, boundary in drawn
    ]
    return {"type": "FeatureCollection", "features": features}


def map_of(consultation: Consultation) -> dict[str, Any]:
    """What ``components/map.html`` needs for a map of this consultation."""
    url = reverse("consultations:district-boundaries", args=[consultation.slug])
    return {"boundaries_url": f"{url}?outline=1", "tiles": settings.MAP_TILES, "credit": settings.MAP_TILES_CREDIT}


def lies_outside(district: District | None, latitude: float | None, longitude: float | None) -> bool:
    """Whether a place is known not to be in the district. Where either is not known, it is not known."""
    if district is None or district.boundary is None or latitude is None or longitude is None:
        return False
    return not is_inside(district.boundary, longitude, latitude)


def _extent(boundaries: Sequence[Geometry]) -> float:
    points: list[Sequence[float]] = [point for shape in boundaries for ring in rings_of(shape) for point in ring]
    if not points:
        return 0
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return max(max(longitudes) - min(longitudes), max(latitudes) - min(latitudes))


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rstrip()}…"
