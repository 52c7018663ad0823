"""Numbers, money and dates in words, in both languages."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from frontend import formats

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)


@pytest.fixture
def spanish():
    with translation.override("es-ar"):
        yield


@pytest.fixture
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def buenos_aires(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with timezone.override("America/Argentina/Buenos_Aires"):
        yield


@pytest.mark.parametrize(
    ("cents", "currency", "words"),
    [
        (125_000_050, "ARS", "$ 1.250.000,50"),
        (125_000_000, "ARS", "$ 1.250.000"),
        (5, "ARS", "$ 0,05"),
        (0, "ARS", "$ 0"),
        (-5_000, "ARS", "−$ 50"),
        (100_000, "EUR", "€ 1.000"),
        (100_000, "PLN", "zł 1.000"),
        (100_000, "UYU", "UYU 1.000"),
        (100_000, "", "1.000"),
    ],
)
def test_money_in_spanish(spanish, cents, currency, words):
    assert formats.money(cents, currency).replace("\N{NO-BREAK SPACE}", " ") == words


@pytest.mark.parametrize(
    ("cents", "currency", "words"),
    [
        (125_000_050, "ARS", "ARS 1,250,000.50"),
        (100_000, "EUR", "€1,000"),
        (100_000, "PLN", "PLN 1,000"),
        (-5_000, "ARS", "−ARS 50"),
    ],
)
def test_money_in_english_where_a_dollar_sign_would_mean_another_country(english, cents, currency, words):
    assert formats.money(cents, currency).replace("\N{NO-BREAK SPACE}", " ") == words


def test_large_amounts_keep_every_cent(spanish):
    assert formats.money(9_007_199_254_740_993_01, "ARS").endswith("9.007.199.254.740.993,01")


def test_a_share_has_one_decimal_and_the_share_of_nothing_is_a_dash(spanish):
    assert formats.percent(47.6) == "47,6\N{NO-BREAK SPACE}%"
    assert formats.percent(100.0) == "100,0\N{NO-BREAK SPACE}%"
    assert formats.percent(None) == "–"


def test_a_share_in_english(english):
    assert formats.percent(47.6) == "47.6%"


def test_a_moment_says_its_weekday_its_time_and_its_place(spanish, buenos_aires):
    moment = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
    assert formats.when(moment) == "el viernes 27 de noviembre a las 18:00, hora de Buenos Aires"


def test_at_one_o_clock_spanish_takes_the_singular(spanish, buenos_aires):
    assert formats.when(datetime(2026, 11, 27, 4, 30, tzinfo=UTC)) == (
        "el viernes 27 de noviembre a la 1:30, hora de Buenos Aires"
    )


def test_a_moment_in_english(english, buenos_aires):
    moment = datetime(2026, 11, 27, 21, 0, tzinfo=UTC)
    assert formats.when(moment) == "on Friday 27 November at 18:00, Buenos Aires time"


def test_a_moment_in_figures_in_spanish(spanish, buenos_aires):
    assert formats.minute(datetime(2026, 11, 10, 21, 5, tzinfo=UTC)) == "10/11/2026 18:05"


def test_in_english_no_figure_is_taken_for_a_month(english, buenos_aires):
    assert formats.minute(datetime(2026, 11, 10, 21, 5, tzinfo=UTC)) == "10 Nov 2026, 18:05"
    assert date_format(date(2026, 11, 10), "SHORT_DATE_FORMAT") == "10 Nov 2026"


def test_a_day_of_another_year_says_its_year(spanish, buenos_aires):
    assert formats.day(datetime(2027, 1, 1, 2, 0, tzinfo=UTC)) == "el jueves 31 de diciembre"
    assert formats.day(datetime(2027, 1, 1, 4, 0, tzinfo=UTC)) == "el viernes 1 de enero de 2027"


@pytest.mark.parametrize(
    ("distance", "words"),
    [
        (timedelta(0), "ahora"),
        (timedelta(seconds=-2), "hace 2 segundos"),
        (timedelta(minutes=-1), "hace 1 minuto"),
        (timedelta(hours=-5), "hace 5 horas"),
        (timedelta(days=3, hours=2), "en 3 días"),
        (timedelta(days=59), "en 59 días"),
        (timedelta(days=-90), "hace 3 meses"),
        (timedelta(days=-800), "hace 2 años"),
    ],
)
def test_how_far_away_in_the_largest_unit(spanish, distance, words):
    assert formats.ago(NOW + distance, now=NOW) == words


def test_how_far_away_in_english(english):
    assert formats.ago(NOW + timedelta(days=1), now=NOW) == "in 1 day"
    assert formats.ago(NOW - timedelta(days=2), now=NOW) == "2 days ago"


def test_below_zero_a_number_has_a_minus_sign_and_no_hyphen(spanish):
    assert formats.number(-1234.5, 1) == "−1.234,5"
    assert formats.percent(-1.2) == "−1,2\N{NO-BREAK SPACE}%"
