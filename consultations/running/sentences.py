"""What was changed about dates, in words that stand on the consultation's page."""

from datetime import datetime

from django.utils.translation import gettext

from consultations.models import DateChange
from frontend.formats import when


def said(change: DateChange) -> str:
    """“Discussion: extended until Friday 27 November at 18:00, Buenos Aires time.” Without the reason."""
    words = {"phase": change.get_phase_kind_display(), "old": _moment(change.old_ends_at)}
    if change.is_removal:
        return gettext("“%(phase)s” will not take place.") % words
    words |= {"end": _moment(change.new_ends_at)}
    if change.is_move:
        assert change.new_starts_at is not None
        words |= {"start": when(change.new_starts_at)}
        return gettext("“%(phase)s” was moved: it starts %(start)s.") % words
    if change.is_early_end:
        return gettext("“%(phase)s” was ended early, %(end)s.") % words
    return gettext("“%(phase)s” was extended: it ends %(end)s.") % words


def _moment(moment: datetime | None) -> str:
    return when(moment) if moment else ""
