"""The map's outside: Leaflet's files out of the package that brings them, and whose tiles may be shown."""

from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from config.errors import refuse_to_start


def leaflet_files() -> Path:
    """The directory of Leaflet's script and style. The package is not imported: the rest of it is not used."""
    found = find_spec("leaflet")
    if found is None or not found.submodule_search_locations:
        refuse_to_start("django-leaflet", "is not installed: install what requirements.lock names.")
    return Path(found.submodule_search_locations[0], "static", "leaflet")


def tiles_from(address: str) -> list[str]:
    """Where tiles are fetched from, as a Content-Security-Policy names it; nothing where there are none."""
    if not address:
        return []
    parts = urlsplit(address.replace("{s}", "*"))
    has_gaps = all(gap in address for gap in ("{z}", "{x}")) and ("{y}" in address or "{-y}" in address)
    if parts.scheme not in ("https", "http") or not parts.netloc or not has_gaps:
        refuse_to_start("MAP_TILES", "must be an address with {z}, {x} and {y} (or {-y}) in it.")
    return [f"{parts.scheme}://{parts.netloc}"]
