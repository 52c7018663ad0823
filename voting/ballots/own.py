"""Which ballots are an account's own, while a poll is open: by the mark that its casts left beside the openings.

Not by the pseudonym: that is of an entry of the roll, which may come to another account. Who has it now may cast in its
place, and learns nothing of what was chosen before. The marks lead nowhere once the poll's secret is gone.
"""

from collections.abc import Iterable

from voting.models import Opening


def marks_that_voted(marks: Iterable[bytes]) -> set[bytes]:
    """Those of these marks under which a ballot stands."""
    cast = Opening.objects.filter(account_mark__in=list(marks)).values_list("account_mark", flat=True)
    return {bytes(mark) for mark in cast if mark is not None}
