"""What the manual for developers names is there: paths in docs/adding.md and docs/architecture.md."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("accounts", "comments", "config", "consultations", "docs", "frontend", "tests", "voting")
PATH = re.compile(rf"`((?:{'|'.join(ROOMS)})/[\w./-]*)`")


@pytest.mark.parametrize("page", ["adding.md", "architecture.md"])
def test_every_path_that_it_names_exists(page):
    named = set(PATH.findall((ROOT / "docs" / page).read_text(encoding="utf-8")))
    assert named
    assert {path for path in named if not (ROOT / path).exists()} == set()
