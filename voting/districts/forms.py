"""What an editor says about the votes of all districts at once; and where a voter says where they vote."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from consultations.models import District
from frontend.formats import money, number
from voting.models import Poll
from voting.polls.forms import GROUPS, MONEY_METHODS, PollForm, explained
from voting.polls.method_words import WORDS


class DistrictPollsForm(PollForm):
    """As for one poll, for the methods that share out money. The options are each district's own proposals."""

    options = None  # type: ignore[assignment]
    use_proposals = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        method = self.fields["method"]
        assert isinstance(method, forms.ChoiceField)
        method.choices = [(each.value, explained(each.label, WORDS[each].when_to_use)) for each in MONEY_METHODS]
        method.initial = Poll.Method.GREEDY
        self.fields["question"].help_text = _("The name of the district is put before it.")
        self.fields["question"].max_length = 110  # type: ignore[attr-defined]

    @property
    def groups(self) -> tuple[tuple[Text, tuple[str, ...]], ...]:
        return tuple(group for group in GROUPS if set(group[1]) <= set(MONEY_METHODS))

    def arguments(self) -> dict[str, Any]:
        """What the use case takes."""
        return {name: value for name, value in super().arguments().items() if name != "options"}

    def _options(self, given: dict[str, Any]) -> list[str]:
        return []

    def _check_money(self) -> None:
        """The use case does, for each district."""


class DistrictForm(forms.Form):
    """One of the districts, for good."""

    district = forms.ModelChoiceField(
        queryset=District.objects.none(),
        widget=forms.RadioSelect,
        label=_("My district"),
        empty_label=None,
        error_messages={"required": _("Choose one of the districts.")},
    )

    def __init__(self, *args: Any, districts: list[District], currency: str, counts: dict[int, int], **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["district"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = District.objects.filter(pk__in=[district.pk for district in districts])
        field.choices = [
            (district.pk, format_html('{}<span class="choice-hint">{}</span>', district.name, hint))
            for district in districts
            for hint in [_hint(district, currency, counts.get(district.pk, 0))]
        ]


def _hint(district: District, currency: str, count: int) -> str:
    words = ngettext("%(count)s proposal", "%(count)s proposals", count) % {"count": number(count)}
    return gettext("%(money)s · %(proposals)s") % {"money": money(district.amount_cents, currency), "proposals": words}
