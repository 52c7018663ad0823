"""Numbers as people write them, in their language."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from consultations.forms import MoneyField, WholeNumberField


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("es-ar", "10.000", 10_000),  # Django alone reads this as ten
        ("es-ar", "1.250.000", 1_250_000),
        ("es-ar", "4211", 4_211),
        ("en", "10,000", 10_000),
        ("en", "10.0", 10),
    ],
)
def test_a_whole_number_may_have_a_separator_of_thousands(language, typed, number):
    with translation.override(language):
        assert WholeNumberField().clean(typed) == number


@pytest.mark.parametrize("typed", ["1,5", "2.5", "diez", "1e3"])
def test_what_is_no_whole_number_is_refused(typed):
    with translation.override("es-ar"), pytest.raises(ValidationError):
        WholeNumberField().clean(typed)


@pytest.mark.parametrize("typed", ["$ 1.250.000,50", "$1250000,5", "\N{NO-BREAK SPACE}$\N{NO-BREAK SPACE}1.250.000,50"])
def test_an_amount_may_be_written_as_the_site_writes_it(typed):
    with translation.override("es-ar"):
        assert MoneyField().clean(typed) == 1_250_000_50


@pytest.mark.parametrize("typed", ["mucho", "$ $ 5", "5 $ 5"])
def test_what_is_no_amount_is_refused(typed):
    with translation.override("es-ar"), pytest.raises(ValidationError):
        MoneyField(required=False).clean(typed)


@pytest.mark.parametrize(
    ("language", "cents", "shown"),
    [("es-ar", 10_000_000_00, "10.000.000"), ("es-ar", 1_250_50, "1.250,50"), ("en", 1_250_05, "1,250.05")],
)
def test_an_amount_is_shown_as_people_write_it_and_sent_back_it_is_no_change(language, cents, shown):
    with translation.override(language):
        assert MoneyField().prepare_value(cents) == shown
        assert not MoneyField().has_changed(cents, shown)
        assert MoneyField().clean(shown) == cents
        assert MoneyField().has_changed(cents, "7")
