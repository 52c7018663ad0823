"""Which Chromium the browser tests drive."""

import functools
import os
import subprocess
import sys
from pathlib import Path

ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium's sandbox refuses root
]
# Debian's. The first draws no windows at all: the tests take a third less time.
SYSTEMS_OWN = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
PLAYWRIGHTS_OWN = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


@functools.cache
def find_chromium() -> str | None:
    """Return the program: of CHROMIUM_PATH, the system's, otherwise Playwright's own; None where there is none."""
    if named := os.environ.get("CHROMIUM_PATH"):
        return named if os.access(named, os.X_OK) else None
    for program in SYSTEMS_OWN:
        if os.access(program, os.X_OK):
            return program
    # In a process apart: Playwright's loop would stay behind in this one.
    answer = subprocess.run([sys.executable, "-c", PLAYWRIGHTS_OWN], check=False, capture_output=True, text=True)
    own = answer.stdout.strip()
    return own if own and Path(own).exists() else None


def browser_is_required() -> bool:
    """Say whether tests without a browser count as failed: CI sets this."""
    return os.environ.get("REQUIRE_BROWSER", "") not in ("", "0")
