"""Which ballots may weigh more than others: none yet.

A ballot's weight would stand beside it in the log, so that anybody can count again; and where few people have the same
weight, it would name them. Until the log can carry weights without that, a roll takes a weight of 1 only, and says so.
"""

from decimal import Decimal

METHODS_WITH_WEIGHTS: frozenset[str] = frozenset()  # of Poll.Method


def is_counted(weight: Decimal) -> bool:
    return weight == 1
