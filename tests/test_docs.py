"""What the manuals name is there: paths in docs/adding.md and docs/architecture.md, and commands in all of them."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("accounts", "comments", "config", "consultations", "docs", "frontend", "tests", "voting")
PATH = re.compile(rf"`((?:{'|'.join(ROOMS)})/[\w./-]*)`")


@pytest.mark.parametrize("page", ["adding.md", "architecture.md"])
def test_every_path_that_it_names_exists(page):
    named = set(PATH.findall((ROOT / "docs" / page).read_text(encoding="utf-8")))
    assert named
    assert {path for path in named if not (ROOT / path).exists()} == set()


def test_every_command_that_a_manual_names_exists():
    pages = [ROOT / ".env.example", *ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]
    named = {name for page in pages for name in re.findall(r"manage\.py (\w+)", page.read_text(encoding="utf-8"))}
    assert {"migrate", "worker", "protect_log"} <= named
    assert named <= set(get_commands())
