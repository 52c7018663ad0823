"""What is wrong with a list, or with one line of it, in words."""

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from frontend.formats import number

_FILE = {
    "empty": _("There is nothing in this list."),
    "workbook": _("This is a workbook of a spreadsheet. Save the sheet as CSV there, and upload that."),
    "not_csv": _("This is no list that we can read. Save it as CSV, in UTF-8, and upload that."),
    "column_twice": _("Two columns have a heading of the same meaning. Leave one of them."),
    "no_column": _("The first line must name the columns, and one of them must be “email” or “documento”."),
}
_LINE = {
    "bad_email": _("The e-mail is none."),
    "bad_document": _("The document number is none: a DNI has 7 or 8 digits, a CUIL 11 and a check digit."),
    "shortened_document": _(
        "The spreadsheet has written the number short, as 2.03E+10, and its last digits are lost. Format the column as "
        "text there, and fill it in again from where the numbers came."
    ),
    "error_of_spreadsheet": _(
        "The spreadsheet has written an error (#N/A) or that the column is too narrow (###) where a text belongs."
    ),
    "total": _("It is a line of totals, and nobody’s. Leave it out."),
    "nobody": _("It has neither an e-mail nor a document number."),
    "twice": _("The same person is in an earlier line."),
    "formula": _("A cell begins like a formula (=, +, - or @)."),
    "control_character": _("A cell has characters that are no text."),
    "line_break": _(
        "A cell goes on in the next lines, so their people are not read. Look for a quotation mark too many."
    ),
    "too_long": _("A cell is too long."),
    "too_many_cells": _("It has more cells than the first line has headings."),
    "number_in_reference": _("The reference looks like a document number, which we do not keep. Use another one."),
    "bad_weight": _("The weight is no whole number from 1 to 1,000,000, written without points or commas."),
    "fraction_weight": _("The weight is no whole number: write 3 and 2 for 1.5 and 1."),
    "weight_differs": _("This person is on the roll with another weight."),
    "weight_fixed": _("This person was on the roll with another weight, and people have voted: it stays as it was."),
    "weights_too_late": _("Its weight is not 1. People have voted already by rules that say that all weigh the same."),
    "unreadable_rest": _("From here on the list cannot be read: a quotation mark is not closed, or it is too long."),
}


def unreadable(code: str) -> str:
    return str(_FILE[code])


def fault_of_line(code: str) -> str:
    """code: a word; behind ``rare_weight`` stand the weight and how many people would have it."""
    name, *numbers = code.split()
    if name == "rare_weight":
        return rare_weight(*map(int, numbers))
    return str(_LINE[name])


def rare_weight(weight: int, people: int) -> str:
    sentence = ngettext(
        "Only %(people)s person would have a weight of %(weight)s: it would name them in the log.",
        "Only %(people)s people would have a weight of %(weight)s: it would name them in the log.",
        people,
    )
    return sentence % {"people": number(people), "weight": number(weight)}


def encoding_words(encoding: str) -> str:
    """A sentence for what is not UTF-8, in which letters with accents may have come out wrong; otherwise nothing."""
    if encoding == "utf-8":
        return ""
    return gettext("The list was not in UTF-8 and was read as %(encoding)s. Check the letters with accents.") % {
        "encoding": encoding.upper()
    }
