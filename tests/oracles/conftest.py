"""Other people's counting. It weighs a gigabyte, so it has an environment of its own: ``make oracles``."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("pabutools") else ["test_*.py"]
