"""The boundaries of districts, as GeoJSON (RFC 7946): reading a file, and whether a place lies inside.

A district's boundary is a Polygon or a MultiPolygon in degrees of longitude and latitude (WGS 84).
"""

import json
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext

MOST_BYTES = 2_000_000
MOST_POINTS = 20_000
DECIMALS = 6  # a tenth of a metre
# What mapping offices call the name of a feature; the first one that is there counts.
NAMES = ("name", "nombre", "nam", "fna", "distrito", "district", "barrio", "comuna")

Point = tuple[float, float]  # longitude, latitude
Geometry = dict[str, Any]


class BoundaryFault(ValueError):
    """Why a file cannot be taken, in a sentence that says where in it."""


def plain_name(name: str) -> str:
    """As names are compared: without accents, capitals and double spaces."""
    letters = unicodedata.normalize("NFKD", name)
    return " ".join("".join(letter for letter in letters if not unicodedata.combining(letter)).casefold().split())


def read_boundaries(text: str, names: Sequence[str]) -> dict[str, Geometry]:
    """The boundary of each district that the file has one for, by the district's own name.

    Raises BoundaryFault for what is no FeatureCollection, a feature that fits no district or two that fit one, a shape
    that is no closed polygon in degrees, and for more points than ``MOST_POINTS`` in all.
    """
    if len(text.encode()) > MOST_BYTES:
        raise BoundaryFault(
            gettext("The boundaries are too long: at most %(most)s MB.") % {"most": MOST_BYTES // 10**6}
        )
    known = {plain_name(name): name for name in names}
    found: dict[str, Geometry] = {}
    points = 0
    for number, feature in enumerate(_features(text), start=1):
        name = _name_of(feature, number)
        if plain_name(name) not in known:
            raise _fault(number, name, gettext("No district has this name. Add it first, or correct the name."))
        district = known[plain_name(name)]
        if district in found:
            raise _fault(number, name, gettext("Another feature has this name already. Make one MultiPolygon of them."))
        found[district] = _geometry(feature.get("geometry"), number, name)
        points += sum(len(ring) for ring in rings_of(found[district]))
        if points > MOST_POINTS:
            sentence = gettext("The boundaries have too many points: at most %(most)s in all. Simplify them first.")
            raise BoundaryFault(sentence % {"most": MOST_POINTS})
    return found


def rings_of(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    """Outer rings and holes alike."""
    for polygon in _polygons(geometry):
        yield from polygon


def is_inside(geometry: Mapping[str, Any], longitude: float, latitude: float) -> bool:
    """Whether a place lies in it; in a hole it does not. On the line itself either answer may come."""
    return any(
        _in_ring(polygon[0], longitude, latitude)
        and not any(_in_ring(hole, longitude, latitude) for hole in polygon[1:])
        for polygon in _polygons(geometry)
        if polygon
    )


def outline(geometry: Mapping[str, Any], tolerance: float) -> Geometry:
    """The same with fewer points, for drawing: those nearer than ``tolerance`` degrees to the last one kept go."""
    thinned = [[_thinned(ring, tolerance) for ring in polygon] for polygon in _polygons(geometry)]
    return {"type": "MultiPolygon", "coordinates": thinned}


def _polygons(geometry: Mapping[str, Any]) -> Sequence[Any]:
    return geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]


def _thinned(ring: Sequence[Sequence[float]], tolerance: float) -> list[Sequence[float]]:
    kept = [ring[0]]
    for point in ring[1:-1]:
        if math.dist(point, kept[-1]) >= tolerance:
            kept.append(point)
    kept.append(ring[0])
    return kept if len(kept) >= 4 else list(ring)  # a small island stays as it is


def _in_ring(ring: Sequence[Sequence[float]], x: float, y: float) -> bool:
    """By how often a line to the east crosses the ring."""
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


# --- Reading what was sent


def _fault(number: int, name: str, sentence: str) -> BoundaryFault:
    where = gettext("Feature %(number)s (“%(name)s”)") if name else gettext("Feature %(number)s")
    return BoundaryFault(f"{where % {'number': number, 'name': name[:60]}}: {sentence}")


def _features(text: str) -> list[Any]:
    try:
        read = json.loads(text.lstrip("\ufeff"))
    except json.JSONDecodeError as fault:
        place = {"line": fault.lineno, "column": fault.colno}
        sentence = gettext("This is no GeoJSON: it breaks off or goes wrong in line %(line)s, character %(column)s.")
        raise BoundaryFault(sentence % place) from fault
    except RecursionError as fault:
        raise BoundaryFault(gettext("This is no GeoJSON: its parts are nested too deep.")) from fault
    kind = read.get("type") if isinstance(read, dict) else None
    if kind == "Feature":
        return [read]
    if kind != "FeatureCollection" or not isinstance(read.get("features"), list):
        raise BoundaryFault(gettext("This is no FeatureCollection: export the districts as GeoJSON, with their names."))
    if not read["features"]:
        raise BoundaryFault(gettext("There is no feature in it."))
    return read["features"]


def _name_of(feature: Any, number: int) -> str:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _fault(number, "", gettext("It is no feature with properties and a geometry."))
    properties = feature.get("properties")
    by_key = {str(key).casefold(): value for key, value in properties.items()} if isinstance(properties, dict) else {}
    for key in NAMES:
        if isinstance(by_key.get(key), str) and by_key[key].strip():
            return by_key[key].strip()
    raise _fault(number, "", gettext("It has no name. Put the district's name into its property “name”."))


def _geometry(geometry: Any, number: int, name: str) -> Geometry:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    coordinates = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if kind not in ("Polygon", "MultiPolygon"):
        sentence = gettext("A boundary is a Polygon or a MultiPolygon, and this is: %(kind)s.")
        raise _fault(number, name, sentence % {"kind": str(kind)[:30] if kind else gettext("nothing")})
    polygons = coordinates if kind == "MultiPolygon" else [coordinates]
    if not isinstance(polygons, list) or not polygons:
        raise _fault(number, name, gettext("It has no coordinates."))
    read = [_polygon(polygon, number, name) for polygon in polygons]
    return {"type": kind, "coordinates": read if kind == "MultiPolygon" else read[0]}


def _polygon(polygon: Any, number: int, name: str) -> list[list[Point]]:
    if not isinstance(polygon, list) or not polygon:
        raise _fault(number, name, gettext("It has no coordinates."))
    rings = []
    for ring in polygon:
        if not isinstance(ring, list) or len(ring) > MOST_POINTS:
            raise _fault(number, name, gettext("A ring of it is no list of points, or has too many."))
        points = [_point(point, number, name) for point in ring]
        if len(points) < 4 or points[0] != points[-1]:
            sentence = gettext(
                "A ring of it is not closed: it needs four points at least, the last one like the first."
            )
            raise _fault(number, name, sentence)
        rings.append(points)
    return rings


def _point(point: Any, number: int, name: str) -> Point:
    is_pair = isinstance(point, list) and len(point) >= 2
    if not is_pair or not all(isinstance(part, int | float) and not isinstance(part, bool) for part in point[:2]):
        raise _fault(number, name, gettext("A point of it is no pair of numbers."))
    longitude, latitude = point[0], point[1]
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):  # not a number is neither
        sentence = gettext(
            "%(longitude)s, %(latitude)s is no longitude and latitude. Export it in degrees (WGS 84, EPSG:4326)."
        )
        shown = {"longitude": str(longitude)[:20], "latitude": str(latitude)[:20]}
        raise _fault(number, name, sentence % shown)
    return round(float(longitude), DECIMALS), round(float(latitude), DECIMALS)
