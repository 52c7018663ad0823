"""On PYTHONPATH of a server, it sets every clock of the day that Python code sees by the seconds in CLOCK_OFFSET_FILE.

The file is read each time, so a test may set the clock while the server runs. ``time.time`` and its kin are replaced,
and the methods of ``datetime`` in the very type, where C keeps them, so that no module escapes that took it before.
Left as they are: clocks that only measure (``monotonic``), as on a machine whose clock is set, and what libraries in C
ask of the system themselves (the certificates of TLS, which nothing here uses).
"""

import ctypes
import datetime
import gc
import os
import time

FILE = os.environ.get("CLOCK_OFFSET_FILE")


def _set_clock() -> None:
    right, right_ns = time.time, time.time_ns
    local, universal, text = time.localtime, time.gmtime, time.strftime
    kinds = datetime.datetime, datetime.date
    seen = [0.0]

    def offset() -> float:
        with open(FILE) as file:
            seen[0] = float(file.read() or seen[0])  # empty while it is being written
        return seen[0]

    # They take whatever comes with it: some keep one as an attribute of a class, which makes it a method.
    def wrong(*_: object) -> float:
        return right() + offset()

    time.time = wrong
    time.time_ns = lambda *_: right_ns() + int(offset() * 1_000_000_000)
    time.localtime = lambda seconds=None: local(wrong() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: universal(wrong() if seconds is None else seconds)
    time.strftime = lambda form, when=None: text(form, time.localtime() if when is None else when)
    methods = {
        "now": lambda cls, tz=None: cls.fromtimestamp(wrong(), tz),
        "utcnow": lambda cls: cls.fromtimestamp(wrong(), datetime.UTC).replace(tzinfo=None),
        "today": lambda cls: cls.fromtimestamp(wrong()),
    }
    for kind in kinds:
        [names] = [each for each in gc.get_referents(kind.__dict__) if isinstance(each, dict)]
        for name, method in methods.items():
            if name in names or kind is datetime.datetime:
                names[name] = classmethod(method)
        ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))


if FILE:
    _set_clock()
