"""How the database compares Spanish texts: without accents, and in searches without endings.

``SEARCH`` and ``without_accents`` are made by the migrations. Words of other languages are found too, endings and all.
"""

from django.db.models import Func, TextField

SEARCH = "spanish_without_accents"  # a text search configuration
LONGEST_SEARCH = 200  # characters


class WithoutAccents(Func):
    """A text in small letters without accents. The database's own function is not immutable, so indexes refuse it."""

    function = "without_accents"
    arity = 1
    output_field = TextField()
