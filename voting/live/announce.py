"""The announcement "poll N changed", to the hubs of all processes."""

from consultations.live import announce

GROUP = "tallies"


def announce_soon(poll_id: int) -> None:
    """Say that the poll changed, from any thread of any process; raises nothing. Call it after the commit."""
    announce.announce_soon(GROUP, poll_id)
