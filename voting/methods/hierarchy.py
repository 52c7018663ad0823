"""DemocracyOS's action *hierarchy*: put the options in order; counted by Borda."""

from typing import ClassVar

from voting.methods.borda import Borda


class Hierarchy(Borda):
    """As ``borda``: place p of n gives n - p + 1 points, what is not ranked gets nothing."""

    code: ClassVar[str] = "hierarchy"
