"""A server that is told to stop stops, whatever its threads wait for."""

import os
import sys
import threading

# For what a request has begun in the database, which commits or is rolled back as a whole.
GRACE = 5.0  # seconds


def stop_with_the_server() -> None:
    """End the process at most ``GRACE`` seconds after daphne was told to stop.

    Daphne waits for every request, and Python for every thread. One that waits for a lock, or for the loop that ends,
    kept both waiting until a supervisor killed the server; to its answer nobody listens any more. Elsewhere than under
    daphne this does nothing.
    """
    if "daphne.server" not in sys.modules:
        return
    from twisted.internet import reactor

    reactor.addSystemEventTrigger("before", "shutdown", _start_countdown)  # type: ignore[arg-type]


def _start_countdown() -> None:
    countdown = threading.Timer(GRACE, os._exit, [0])
    countdown.daemon = True
    countdown.start()
