"""An event loop whose clock jumps to the next timer when nothing else is to be done: hours pass in milliseconds."""

import asyncio
import heapq


class JumpingLoop(asyncio.SelectorEventLoop):
    def __init__(self):
        self._now = 0.0
        super().__init__()

    def time(self):
        return self._now

    def _run_once(self):
        while self._scheduled and self._scheduled[0]._cancelled:
            heapq.heappop(self._scheduled)._scheduled = False
            self._timer_cancelled_count -= 1
        if not self._ready and self._scheduled:
            self._now = max(self._now, self._scheduled[0].when())
        super()._run_once()


def run(story):
    """Run the coroutine to its end on a clock of its own."""
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        return runner.run(story)


def now():
    return asyncio.get_running_loop().time()
