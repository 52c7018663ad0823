"""Document numbers of Argentina: what a DNI, a CUIL or a CUIT says about whose it is. Pure."""

import re

from stdnum.ar import cuit, dni
from stdnum.exceptions import ValidationError

_OF_PERSONS = ("20", "23", "24", "25", "26", "27")  # prefixes whose middle is the person's DNI


def identity_of(text: str) -> str | None:
    """The same text for the same person, whichever way the number is written; None where it is no number.

    >>> identity_of("20-12345678-6"), identity_of("12.345.678"), identity_of("12345678")
    ('dni:12345678', 'dni:12345678', 'dni:12345678')
    >>> identity_of("30-50001091-2"), identity_of("20-12345678-5"), identity_of("hola")
    ('cuit:30500010912', None, None)
    """
    digits = re.sub(r"[\s.\-/]", "", text)
    if not re.fullmatch(r"[0-9]{7,8}|[0-9]{11}", digits):
        return None
    try:
        if len(digits) == 11:
            number = cuit.validate(digits)
            return f"dni:{int(number[2:10])}" if number[:2] in _OF_PERSONS else f"cuit:{number}"
        return f"dni:{int(dni.validate(digits))}"
    except ValidationError:
        return None
