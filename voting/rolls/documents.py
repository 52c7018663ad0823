"""Document numbers of Argentina: what a DNI, a CUIL or a CUIT says about whose it is. Pure."""

import re

from stdnum.ar import cuit, dni
from stdnum.exceptions import ValidationError

_BESIDE = re.compile(r"[\s\-/\u2010-\u2015\u2212]")  # dashes of all kinds
_WITH_DECIMALS = re.compile(r"([0-9]{7,})[.,]0{1,2}")  # 33444555.0: what a program writes that took it for a quantity
_IN_THOUSANDS = re.compile(r"[0-9]{1,2}([.,])[0-9]{3}\1[0-9]{3}([.,]0{1,2})?")
_CUIL = re.compile(r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{3}\.?[0-9]{3}\.?[0-9]")
_OF_PERSONS = ("20", "23", "24", "25", "26", "27")  # prefixes whose middle is the person's DNI


def identity_of(text: str) -> str | None:
    """The same text for the same person, whichever way the number is written; None where it is no number.

    >>> identity_of("20-12345678-6"), identity_of("12.345.678"), identity_of("12345678")
    ('dni:12345678', 'dni:12345678', 'dni:12345678')
    >>> identity_of("30-50001091-2"), identity_of("20-12345678-5"), identity_of("hola")
    ('cuit:30500010912', None, None)

    A point is part of the number where it parts thousands, and where nothing but zeros follow: the DNI 1234567 that a
    program has written as a quantity is not that of somebody else, and what may have lost digits is nobody's.

    >>> identity_of("1234567.0"), identity_of("12.345.678,00"), identity_of("12345.67"), identity_of("012345678")
    ('dni:1234567', 'dni:12345678', None, 'dni:12345678')
    """
    digits = _BESIDE.sub("", text).rstrip(".")
    if whole := _WITH_DECIMALS.fullmatch(digits):
        digits = whole[1]
    elif grouped := _IN_THOUSANDS.fullmatch(digits):
        digits = re.sub("[.,]", "", digits.removesuffix(grouped[2] or ""))
    elif _CUIL.fullmatch(digits):
        digits = digits.replace(".", "")
    if re.fullmatch(r"0+[1-9][0-9]{6,7}", digits):  # filled up with zeros, as to the length of a CUIL
        digits = digits.lstrip("0")
    if not re.fullmatch(r"[0-9]{7,8}|[0-9]{11}", digits):
        return None
    try:
        if len(digits) == 11:
            number = cuit.validate(digits)
            return f"dni:{int(number[2:10])}" if number[:2] in _OF_PERSONS else f"cuit:{number}"
        return f"dni:{int(dni.validate(digits))}"
    except ValidationError:
        return None
