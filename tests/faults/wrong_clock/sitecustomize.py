"""On PYTHONPATH of a server, it sets the clock that Python sees by CLOCK_OFFSET seconds."""

import os
import time
from datetime import timedelta

if "CLOCK_OFFSET" in os.environ:
    from django.utils import timezone

    OFFSET = float(os.environ["CLOCK_OFFSET"])
    _time, _now = time.time, timezone.now
    time.time = lambda *_: _time() + OFFSET  # some keep it as an attribute of a class, which makes it a method
    timezone.now = lambda: _now() + timedelta(seconds=OFFSET)
