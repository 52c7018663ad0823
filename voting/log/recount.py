"""The ballots of a closed poll as an election file, and the command that counts it to the same outcome.

For methods that ``verify.py`` does not work out again itself: ``manage.py count`` of any copy of this software does.
The files are made by ``verify.py``, so that it can tell whether they follow from the log.
"""

import json
from collections.abc import Mapping
from typing import Any

from voting.ballots.closing import order_of_lots, standing_ballots
from voting.ledger import verify as verifier
from voting.ledger.entries import AMENDMENT
from voting.log.reading import statements_of
from voting.models import Poll


def files_of(poll: Poll, words: Mapping[str, Any]) -> dict[str, str]:
    """Name -> text; empty where ``verify.py`` decides itself, or no file can be made. words: those of ``words.json``.

    Options have their ids in a budget, and their places on the ballot, from 1, otherwise.
    """
    if not poll.counting.needs_ballots:
        return {}
    statements = [(leaf.number, json.loads(leaf.statement)) for leaf in statements_of(poll)]
    manifest = statements[0][1]
    amendments = [(number, each) for number, each in statements if each["kind"] == AMENDMENT]
    rules = verifier.amended(manifest, [each for _, each in amendments])
    end = verifier.last_end(manifest, amendments)
    files: dict[str, str] = verifier.recount_files(rules, words, standing_ballots(poll.pk), order_of_lots(poll), end)
    return files
