"""How often a person wants e-mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import explained
from accounts.models import Pace
from accounts.refusals import Text

PACE_HINTS: dict[str, Text] = {
    Pace.EACH: _("A message for each thing, within a minute."),
    Pace.DAILY: _("One message a morning for each consultation in which something happened. None when nothing did."),
    Pace.WEEKLY: _("The same, on Monday mornings."),
    Pace.NEVER: _("Everything stands in your notices, on the site."),
}


class PaceForm(forms.Form):
    pace = forms.ChoiceField(
        label=_("E-mail about what is new"),
        widget=forms.RadioSelect,
        choices=[(pace.value, explained(pace.label, PACE_HINTS[pace])) for pace in Pace],
        help_text=_("When an agency answers you or a moderator decides about your text we write at once."),
        error_messages={"required": _("Choose how often you want e-mail.")},
    )
