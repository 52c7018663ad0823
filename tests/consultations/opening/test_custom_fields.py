"""What an agency asks of every proposal: how it is asked, and what is kept of the answer."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.refusals import InvalidInput
from consultations.custom_fields import (
    ShownAnswer,
    answers_shown,
    clean_answers,
    fields_for,
    form_fields,
    given_in,
    initial_answers,
)
from consultations.models import Consultation, CustomField
from tests.factories import make_consultation


@pytest.fixture
def consultation(db):
    """Asks who gains (text, required), how many (number), and in which district (choice)."""
    made = make_consultation()
    rows = [
        ("¿Quién gana con esto?", "text", [], True),
        ("¿Cuánta gente?", "number", [], False),
        ("Comuna", "choice", ["Norte", "Sur"], False),
    ]
    for position, (label, kind, choices, is_required) in enumerate(rows):
        CustomField.objects.create(
            consultation=made, position=position, label=label, kind=kind, choices=choices, is_required=is_required
        )
    return Consultation.objects.get(pk=made.pk)


def keys(consultation: Consultation) -> list[str]:
    return [field.key for field in fields_for(consultation)]


def test_each_kind_of_answer_is_kept_as_what_it_is_and_empty_ones_are_not(consultation):
    who, count, district = keys(consultation)

    answers = clean_answers(fields_for(consultation), {who: " Las escuelas ", count: "40", district: ""})

    assert answers == {who: "Las escuelas", count: 40}


@pytest.mark.parametrize(("language", "typed"), [("es-ar", "1.250,5"), ("en", "1,250.5"), ("es-ar", 1250.5)])
def test_a_number_is_read_as_people_write_it_and_a_number_of_the_api_as_it_is(consultation, language, typed):
    who, count, _ = keys(consultation)

    with translation.override(language):
        answers = clean_answers(fields_for(consultation), {who: "Todos", count: typed})

    assert answers[count] == 1250.5


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (0, ""),
        (0, "x" * 2001),
        (0, "nul\x00o"),
        (0, ["a"]),
        (0, True),
        (1, "mucho"),
        (1, "NaN"),
        (1, "Infinity"),
        (1, True),
        (1, [1]),
        (2, "Este"),
        (2, {"a": 1}),
    ],
)
def test_a_wrong_answer_is_refused_with_the_name_of_its_field(consultation, at, value):
    given = {keys(consultation)[0]: "Todos"} | {keys(consultation)[at]: value}

    with pytest.raises(InvalidInput) as refused:
        clean_answers(fields_for(consultation), given)

    assert refused.value.field == f"answer_{keys(consultation)[at]}"
    assert str(refused.value.sentence)


def test_an_answer_to_what_nobody_asks_is_refused(consultation):
    other = CustomField.objects.create(consultation=make_consultation(title="Otra"), position=0, label="Otra cosa")

    with pytest.raises(InvalidInput, match="unknown_field"):
        clean_answers(fields_for(consultation), {keys(consultation)[0]: "Todos", other.key: "Sí"})


def test_what_was_answered_to_a_retired_field_stays_and_is_shown_but_not_asked(consultation):
    who, count, _ = keys(consultation)
    CustomField.objects.filter(pk=count).update(retired_at=timezone.now())
    consultation = Consultation.objects.get(pk=consultation.pk)

    answers = clean_answers(fields_for(consultation), {who: "Todos"}, kept={who: "Nadie", count: 40})

    assert answers == {who: "Todos", count: 40}
    assert f"answer_{count}" not in form_fields(fields_for(consultation))
    assert [shown.value for shown in answers_shown(consultation, answers)] == ["Todos", 40]


def test_an_answer_whose_field_is_gone_is_not_shown(consultation):
    assert answers_shown(consultation, {"999999": "Sí"}) == []


def test_what_a_form_shows_and_sends_back_is_what_was_stored(consultation):
    fields = fields_for(consultation)
    who, count, district = keys(consultation)
    stored = {who: "Las escuelas", count: 1250.5, district: "Sur"}

    initial = initial_answers(fields, stored)
    cleaned = {name: field.clean(initial[name]) for name, field in form_fields(fields).items()}

    assert clean_answers(fields, given_in(fields, cleaned)) == stored


def test_the_fields_of_one_consultation_take_one_query_or_none_where_they_are_read_already(
    consultation, django_assert_num_queries
):
    with django_assert_num_queries(1):
        fields_for(consultation)
    read = Consultation.objects.prefetch_related("custom_fields").get(pk=consultation.pk)
    with django_assert_num_queries(0):
        clean_answers(fields_for(read), {keys(read)[0]: "Todos"})


anything = st.one_of(st.none(), st.text(), st.integers(), st.floats(), st.booleans(), st.lists(st.text()), st.just({}))


@settings(max_examples=120)
@given(value=anything, kind=st.sampled_from(["text", "number", "choice"]), is_required=st.booleans())
def test_whatever_is_given_is_refused_or_kept_as_one_of_the_three_kinds(value, kind, is_required):
    field = CustomField(pk=1, kind=kind, choices=["a", "b"] if kind == "choice" else [], is_required=is_required)
    try:
        answers = clean_answers([field], {"1": value})
    except InvalidInput:
        return
    kept = answers.get("1")
    assert kept is None or isinstance(kept, (int, float) if kind == "number" else str)
    assert kept is not None or not is_required
    assert kind != "choice" or kept in ("a", "b", None)


def test_a_choice_has_two_choices_or_more_and_nothing_else_has_any(consultation):
    for kind, choices in [("choice", ["una"]), ("choice", []), ("text", ["una", "dos"])]:
        with pytest.raises(IntegrityError, match="a_choice_has_two_choices"), transaction.atomic():
            CustomField.objects.create(consultation=consultation, position=9, label="x", kind=kind, choices=choices)


def test_no_choice_is_made_beforehand_also_where_one_has_to_be_made(consultation):
    consultation.custom_fields.filter(kind="choice").update(is_required=True)
    fields = fields_for(Consultation.objects.get())
    who, _count, district = (field.key for field in fields)

    assert form_fields(fields)[f"answer_{district}"].choices[0] == ("", "–")
    with pytest.raises(InvalidInput) as refusal:
        clean_answers(fields, {who: "Todos", district: ""})
    assert refusal.value.code == "required_answer"


@pytest.mark.parametrize(
    ("language", "words"), [("es-ar", ["1.250.000,5", "2026", "-40"]), ("en", ["1,250,000.5", "2026", "-40"])]
)
def test_a_number_is_shown_as_people_write_it_and_a_year_stays_one(language, words):
    with translation.override(language):
        assert [ShownAnswer("", "number", value).words for value in (1250000.5, 2026, -40)] == words


def test_what_is_wrong_with_a_number_is_said_in_our_spanish(consultation):
    who, count, _district = keys(consultation)
    for typed, fault in [("0,12345", "Escribilo con 4 decimales como máximo."), ("9" * 16, "Escribilo con 15 cifras")]:
        with translation.override("es-ar"), pytest.raises(InvalidInput) as refusal:
            clean_answers(fields_for(consultation), {who: "Todos", count: typed})
        assert str(refusal.value.sentence).startswith(fault)
