"""Fields that the forms of this room share: moments, money, what Markdown can do. The steps of an official are in
``opening/forms.py``, the forms of proposals in ``proposals/forms.py``."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from accounts.refusals import Text
from frontend.formats import without_thousands

CURRENCIES: list[tuple[str, Text]] = [
    ("ARS", _("Argentine pesos (ARS)")),
    ("USD", _("US dollars (USD)")),
    ("EUR", _("Euros (EUR)")),
]
MARKDOWN_HINT = _("An empty line begins a paragraph. ## heading, - list, **bold**, [words](https://address).")


def validate_year(moment: datetime) -> None:
    """Refuse a slip of the fingers. The year is that of the site's own zone, as it was written."""
    if not 2000 <= moment.year <= 2099:
        raise ValidationError(_("Choose a year between 2000 and 2099."))


def to_the_minute(moment: datetime) -> datetime:
    """As a form shows it."""
    return moment.replace(second=0, microsecond=0)


class MomentField(forms.DateTimeField):
    """A date and time in the site's time zone, to the minute."""

    is_optional = False  # not said at each of twelve fields: the section says which may stay empty

    default_validators = [validate_year]
    default_error_messages = {"invalid": _("Write the date and time as 27/11/2026 18:00.")}

    def __init__(self, **options: Any):
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M"]  # the last: a browser without the picker
        super().__init__(required=False, widget=widget, input_formats=formats, **options)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(initial and to_the_minute(initial), data)


class NumberField(forms.DecimalField):
    """A number as people write it in their language, with a separator of thousands or without."""

    def __init__(self, **options: Any):
        super().__init__(localize=True, max_digits=15, **options)
        self.widget.attrs["inputmode"] = "decimal"

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as DecimalField's own
        return super().to_python(without_thousands(value) if isinstance(value, str) else value)


class WholeNumberField(forms.IntegerField):
    """A whole number as people write it. Django's own reads "10.000" as ten, and a browser's field for numbers too."""

    widget = forms.TextInput

    def __init__(self, **options: Any):
        super().__init__(**options)
        self.widget.attrs["inputmode"] = "numeric"

    def to_python(self, value: Any) -> int | None:
        return super().to_python(without_thousands(value) if isinstance(value, str) else value)


class MoneyField(NumberField):
    """An amount as people write it ("1.250.000,50" in Spanish, after "$" or without it), as a number of cents; zero
    only where it may be."""

    def __init__(self, *, may_be_nothing: bool = False, **options: Any):
        least = Decimal(0) if may_be_nothing else Decimal("0.01")
        super().__init__(min_value=least, decimal_places=2, **options)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]  # as DecimalField's own
        return super().to_python(value.strip().removeprefix("$") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        """As people write it there too: nobody counts the noughts of 10000000."""
        if not isinstance(value, int):
            return value
        return number_format(Decimal(value) / 100, 2 if value % 100 else 0, force_grouping=True)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(Decimal(initial) / 100 if isinstance(initial, int) else initial, data)

    def clean(self, value: Any) -> int | None:
        amount = super().clean(value)
        return None if amount is None else int(amount * 100)
