"""``wrong_clock/`` is no test: a server that is started with it has another time."""

collect_ignore = ["wrong_clock"]
