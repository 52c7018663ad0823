"""What is wrong with a Pabulib file, for the officials who sent it. Operators read ``PabulibError.sentence``."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from voting.formats.pabulib_election import PabulibError

# code of PabulibError -> sentence
SENTENCES = {
    "empty_file": _("the file is empty."),
    "bad_encoding": _("this is not text in UTF-8."),
    "bad_character": _("a character that no text can hold."),
    "bad_csv": _("this is no table with semicolons between its columns."),
    "unexpected_text": _("META, PROJECTS or VOTES should begin here."),
    "duplicate_section": _("the section %(detail)s is there twice."),
    "missing_section": _("the section %(detail)s is missing."),
    "missing_header": _("the section %(detail)s has no row with the names of its columns."),
    "missing_column": _("the column %(detail)s is missing."),
    "duplicate_column": _("the column %(detail)s is there twice."),
    "wrong_column_count": _("this row does not have as many cells as there are columns."),
    "missing_key": _("META does not say “%(detail)s”."),
    "duplicate_key": _("META says “%(detail)s” twice."),
    "unknown_vote_type": _("we do not know the kind of vote %(detail)s."),
    "missing_id": _("%(detail)s is empty."),
    "duplicate_project": _("the project %(detail)s is there twice."),
    "duplicate_voter": _("the voter %(detail)s is there twice."),
    "unknown_project": _("the vote names the project %(detail)s, which is not on the list."),
    "repeated_project": _("the vote names the project %(detail)s twice."),
    "too_many_projects": _("the vote names more projects than the file allows."),
    "wrong_points_count": _("the vote does not give points to each project that it names."),
    "not_a_number": _("%(detail)s is not a number that can be used here."),
    "not_a_date": _("%(detail)s is not a date like 27.11.2026, or a year."),
    "dates_reversed": _("the vote ends before it begins: %(detail)s."),
    "not_a_coordinate": _("%(detail)s is not a place in degrees."),
    "negative_cost": _("a cost is below zero: %(detail)s."),
    "budget_not_positive": _("there must be some money to share out, not %(detail)s."),
    "finer_than_a_cent": _("%(detail)s is finer than a cent."),
    "wrong_num_projects": _("the file does not have as many projects as it announces."),
    "wrong_num_votes": _("the file does not have as many votes as it announces."),
}


def sentence_of(wrong: PabulibError) -> str:
    """The line, and what is wrong there, in the reader's language."""
    fault = str(SENTENCES[wrong.code]) % {"detail": wrong.detail}
    return gettext("Line %(line)s: %(fault)s") % {"line": wrong.line_number, "fault": fault}
