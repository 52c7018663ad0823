"""Several people at once, each in a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from accounts.refusals import Refusal


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Do them at the same moment; what was refused is in the answer by its code, what worked as "done"."""
    start = Barrier(len(deeds))

    def do(deed: Callable[[], object]) -> str:
        try:
            start.wait(10)
            deed()
            return "done"
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(do, deeds))
