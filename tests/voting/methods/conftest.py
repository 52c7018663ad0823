import numpy  # noqa: F401 - loaded when first needed, which would take the time of the test that needs it first

from tests.voting.elections import SHARED

# The published elections lie beside this repository, not in it.
collect_ignore = [] if SHARED.exists() else ["test_published.py"]
