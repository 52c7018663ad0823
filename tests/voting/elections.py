"""Where the Pabulib files are that the tests read: our own, always; the shared real ones where they are at hand."""

import json
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OWN_FILE = ROOT / "tests" / "data" / "pabulib" / "villa_serena.pb"
SHARED = Path(os.environ.get("SHARED_DATA") or ROOT.parent / "shared" / "data") / "pabulib"


def shared_files():
    return sorted(SHARED.glob("*.pb"))


def greedy_in_order():
    """(file, winners in the order in which they were funded, what they cost), from outside our own code."""
    known = [(OWN_FILE, ["1", "2", "4", "10", "7"], "99999.99")]
    if shared_files():
        for name, facts in json.loads((SHARED / "EXPECTED.json").read_text())["files"].items():
            greedy = facts["rules"]["greedy_by_score"]
            known.append((SHARED / name, greedy["order"], str(greedy["cost"])))
    return known


def natural(project_id):
    """2 before 10; the lot order of the published recounts."""
    return (0, int(project_id), "") if project_id.isdigit() else (1, 0, project_id)
