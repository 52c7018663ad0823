"""What methods share that need whole ballots, not one number for each option."""

import json
from collections.abc import Sequence

from voting.methods.base import Choices, Groups, Limits, Method, Option, Outcome, Tally, count_voter
from voting.methods.counting import has_counted


class GroupedMethod(Method):
    """Keeps the ballots, equal ones together, beside one number for each option that may be shown while voting runs.

    A running tally is without the ballots: it shows the same numbers, and decides nothing.

    >>> from voting.methods import METHODS
    >>> stv = METHODS["stv"]
    >>> tally = stv.empty_tally([Option("a"), Option("b")])
    >>> stv.add(tally, {"b": 1, "a": 2})
    >>> tally
    {'counts': {'a': 0, 'b': 1}, 'voters': 1, 'blank': 0, 'ballots': {'{"a":2,"b":1}': 1}}
    """

    needs_ballots = True

    def shown(self, choices: Choices) -> Choices:
        """What a ballot adds to the number of each option: for rankings, one for the favourite alone."""
        return choices

    def empty_tally(self, options: Sequence[Option]) -> Tally:
        return {"counts": {option.id: 0 for option in options}, "voters": 0, "blank": 0, "ballots": {}}

    def running_tally(self, options: Sequence[Option]) -> Tally:
        return {key: value for key, value in self.empty_tally(options).items() if key != "ballots"}

    def add(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        counts = tally["counts"]
        unknown = choices.keys() - counts.keys()
        if unknown:
            raise ValueError(f"Not in this tally: {sorted(unknown)}")
        if "ballots" in tally:
            key = _key(choices)
            tally["ballots"][key] = tally["ballots"].get(key, 0) + weight
        for option, value in self.shown(choices).items():
            counts[option] += value * weight
        count_voter(tally, choices, weight)

    def subtract(self, tally: Tally, choices: Choices, weight: int = 1) -> None:
        self._require_counted(tally, choices, weight)
        if "ballots" in tally:
            key = _key(choices)
            tally["ballots"][key] -= weight
            if not tally["ballots"][key]:
                del tally["ballots"][key]
        for option, value in self.shown(choices).items():
            tally["counts"][option] -= value * weight
        count_voter(tally, choices, weight, by=-1)

    def _require_counted(self, tally: Tally, choices: Choices, weight: int) -> None:
        counts = tally["counts"]
        if "ballots" in tally:
            is_known = tally["ballots"].get(_key(choices), 0) >= weight
        else:
            is_known = choices.keys() <= counts.keys()
        is_known = is_known and has_counted(tally, choices, weight)
        if not is_known or any(counts[option] < of * weight for option, of in self.shown(choices).items()):
            raise ValueError(f"This ballot was never counted: {dict(choices)}")

    def outcome(self, tally: Tally, options: Sequence[Option], limits: Limits, lots: Sequence[str] = ()) -> Outcome:
        return self.count(groups_of(tally), options, limits, lots)


def groups_of(tally: Tally) -> Groups:
    """The ballots of a tally, in an order that does not depend on how they came or were stored."""
    return [(json.loads(key), count) for key, count in sorted(tally["ballots"].items())]


def _key(choices: Choices) -> str:
    return json.dumps(dict(choices), sort_keys=True, separators=(",", ":"))
