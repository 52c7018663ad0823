"""How many queries each page costs, in one file: ``query_budgets.tsv``. Growing one shows in review.

Counted while ``test_table.py`` asks for the pages anyhow.
"""

import csv
from pathlib import Path

FILE = Path(__file__).with_name("query_budgets.tsv")
PEOPLE = ("anonymous", "citizen", "moderator", "owner")
MOST = 12
# No page: a file with all that each table holds about a person.
NO_PAGES = {"/account/data/own-data.json"}


def is_page(row: dict[str, str]) -> bool:
    """Whether a row of the access table asks for a page that at least one of these people is shown."""
    return row["method"] == "GET" and any(row[person] == "200" for person in PEOPLE)


def known() -> dict[str, dict[str, str]]:
    """Address -> person -> queries, "-" where the page is not shown to this person."""
    if not FILE.exists():
        return {}
    with FILE.open(encoding="utf-8") as lines:
        return {
            line["address"]: {person: line[person] for person in PEOPLE}
            for line in csv.DictReader(lines, delimiter="\t")
        }


def write(costs: dict[str, dict[str, str]]) -> None:
    lines = ["\t".join(["address", *PEOPLE]), *("\t".join([a, *c.values()]) for a, c in sorted(costs.items()))]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")
