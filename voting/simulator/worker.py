"""The process that counts a simulation: scenario in, winners out, both as JSON. Knows no Django.

A process of its own, so that a count which takes too long or too much memory ends without harm to the server.
"""

import json
import resource
import sys
from fractions import Fraction
from typing import Any

from voting.methods import METHODS, Method
from voting.methods.base import Limits, Option
from voting.methods.equal_shares import EqualShares
from voting.methods.money import shares

MEMORY = 1536 * 1024 * 1024  # bytes of address space; numpy alone reserves a few hundred million

FORMS: dict[str, Method] = {
    "equal_shares": EqualShares("cost", "add1", "greedy"),
    "equal_shares_run_on": EqualShares("cost", "add1_run_on", "greedy"),
    "equal_shares_alone": EqualShares("cost", "none", "nothing"),
}
"""Forms that have a name of their own in a simulation; all others are methods as they are."""


def counted(parts: list[dict[str, Any]], code: str, threshold: int) -> list[dict[str, Any]]:
    """For each part: who won, in order, the votes of all, and how far the outcome reaches its voters."""
    method = FORMS.get(code) or METHODS[code]
    found = []
    for part in parts:
        groups = [
            ({option: Fraction(value) for option, value in choices.items()}, Fraction(weight))
            for choices, weight in part["ballots"]
        ]
        whole = [({o: _whole(v) for o, v in choices.items()}, _whole(weight)) for choices, weight in groups]
        ballots = [(dict.fromkeys(choices, 1), weight) for choices, weight in whole] if code == "phragmen" else whole
        options = [Option(option, cost=cost) for option, cost in part["costs"].items()]
        limits = Limits(budget=part["amount"], threshold=threshold)
        outcome = method.count(ballots, options, limits, [option.id for option in options])
        reach = shares(whole, outcome.winners)
        voters = sum(weight for _, weight in whole)
        found.append(
            {
                "winners": list(outcome.winners),
                "voters": float(voters),
                "with_winner": float(voters * (1 - reach["without_winner"])),
                "winners_in_all": float(voters * reach["winners_per_voter"]),
            }
        )
    return found


def _whole(value: Fraction) -> int | Fraction:
    return value.numerator if value.denominator == 1 else value


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    asked = json.load(sys.stdin)
    answer = {code: counted(asked["parts"], code, asked["threshold"]) for code in asked["methods"]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
