"""How static files are collected: with hashed names, compressed."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What comes with Leaflet and draws, edits or projects.
_LEAFLET_REST = [
    "draw", "leaflet-src.*", "leaflet.forms.js", "leaflet.extras.*", "leaflet_django.css", "proj4*.js",
    "Control.MiniMap.*",
]  # fmt: skip


class StaticFiles(StaticFilesConfig):
    """Collects no files that no page of ours uses: compressing them takes longer than all the rest."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "redoc", "rest_framework", *_LEAFLET_REST]


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Hashes the names in the ``import`` lines of our modules too, and compresses only what is new."""

    support_js_module_import_aggregation = True

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        # The hash in the name says the content: what has been compressed is as it would be again.
        yield from super().compress_files(path for path in paths if not Path(self.path(f"{path}.gz")).exists())
