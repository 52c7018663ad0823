"""Questions and custom fields: added, ordered, removed by buttons that save, without losing what people answered."""

import pytest

from accounts.models import Role
from accounts.refusals import Conflict, InvalidInput
from comments.models import Comment
from consultations.models import Consultation, CustomField, Question
from consultations.opening import change_consultation
from consultations.opening.asked import FieldGiven, QuestionGiven
from tests.consultations.doors import address, faults, step_of, words
from tests.factories import ProposalFactory, UserFactory, make_consultation, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def consultation(agency):
    """Asks two questions, and two things of each proposal."""
    return make_consultation(
        agency,
        now_in="proposals",
        questions=[QuestionGiven("¿Dónde?"), QuestionGiven("¿Cuándo?")],
        custom_fields=[FieldGiven("Comuna", "choice", choices=("Norte", "Sur")), FieldGiven("¿A quién le sirve?")],
    )


@pytest.fixture
def comuna(consultation):
    return consultation.custom_fields.get(label="Comuna")


def press(client, consultation, **changes):
    return client.post(
        address(consultation, "edit/taking-part/"), step_of(client, consultation, "taking-part", **changes)
    )


def texts(consultation):
    return [question.text for question in Question.objects.filter(consultation=consultation)]


def labels(consultation):
    asked = CustomField.objects.filter(consultation=consultation, retired_at__isnull=True)
    return [field.label for field in asked]


# --- Questions


def test_the_row_at_the_end_becomes_a_question_and_there_is_another_one_to_fill_in(client, consultation, editor):
    response = press(client, consultation, question_2_text="¿Cuánto?", do="add:question:0")

    assert texts(consultation) == ["¿Dónde?", "¿Cuándo?", "¿Cuánto?"]
    assert response.url == address(consultation, "edit/taking-part/") + "#new-question"
    rows = list(client.get(response.url).context["form"].question_list())
    assert [row.is_new for row in rows] == [False, False, False, True]


def test_questions_are_changed_ordered_and_removed(client, consultation, editor):
    first = Question.objects.get(text="¿Dónde?").pk

    press(
        client,
        consultation,
        question_0_text="¿En qué calle?",
        question_0_details="Con **número**.",
        do="down:question:0",
    )
    assert texts(consultation) == ["¿Cuándo?", "¿En qué calle?"]
    assert Question.objects.get(text="¿En qué calle?").pk == first

    press(client, consultation, do="up:question:1")
    assert texts(consultation) == ["¿En qué calle?", "¿Cuándo?"]

    press(client, consultation, do="remove:question:0")
    assert texts(consultation) == ["¿Cuándo?"]


@pytest.mark.parametrize(
    "do", ["up:question:0", "down:question:9", "remove:question:77", "up:question:-1", "x", "a:b:c"]
)
def test_a_button_that_can_do_nothing_does_nothing(client, consultation, editor, do):
    assert press(client, consultation, do=do).status_code == 302
    assert texts(consultation) == ["¿Dónde?", "¿Cuándo?"]


def test_an_emptied_question_is_asked_about_rather_than_removed(client, consultation, editor):
    response = press(client, consultation, question_0_text="")

    assert faults(response) == {"question_0_text": ["Write the question, or remove it with its button."]}
    assert texts(consultation) == ["¿Dónde?", "¿Cuándo?"]


def test_a_question_that_people_answered_stays_has_no_button_to_remove_it_and_says_why(client, consultation, editor):
    where = Question.objects.get(text="¿Dónde?")
    Comment.objects.create(consultation=consultation, question=where, author=UserFactory(), body="En la plaza.")

    page = client.get(address(consultation, "edit/taking-part/"))
    response = press(client, consultation, do="remove:question:0")

    assert b'value="remove:question:0"' not in page.content
    assert b'value="remove:question:1"' in page.content
    assert "People have answered this question" in words(page)
    assert response.status_code == 409
    assert texts(consultation) == ["¿Dónde?", "¿Cuándo?"]


# --- Custom fields


def test_a_custom_field_is_added_changed_and_ordered(client, consultation, editor):
    press(
        client,
        consultation,
        field_0_label="Barrio",
        field_2_label="¿Cuánta gente?",
        field_2_kind="number",
        field_2_is_required="on",
        do="up:field:1",
    )

    assert labels(consultation) == ["¿A quién le sirve?", "Barrio", "¿Cuánta gente?"]
    added = CustomField.objects.get(label="¿Cuánta gente?")
    assert (added.kind, added.is_required, added.choices) == ("number", True, [])


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"field_2_help_text": "Sin pregunta"}, "field_2_label"),
        ({"field_2_label": "¿Cuál?", "field_2_kind": "choice", "field_2_choices": "una\nuna\n"}, "field_2_choices"),
        ({"field_2_label": "¿Cuál?", "field_2_kind": "choice", "field_2_choices": "x" * 121}, "field_2_choices"),
        ({"field_2_label": "¿Cuál?", "field_2_kind": "color"}, "field_2_kind"),
        ({"field_2_label": "x" * 121}, "field_2_label"),
        ({"field_rows": "muchas"}, "field_rows"),
        ({"question_rows": "9999"}, "question_rows"),
    ],
)
def test_a_fault_of_a_row_is_shown_at_its_field_and_nothing_is_saved(client, consultation, editor, changes, field):
    response = press(client, consultation, question_0_text="¿Cambiada?", **changes)

    assert response.status_code == 400
    assert field in faults(response)
    assert texts(consultation) == ["¿Dónde?", "¿Cuándo?"]
    assert labels(consultation) == ["Comuna", "¿A quién le sirve?"]


def test_what_nobody_answered_is_removed_and_what_somebody_did_is_retired_and_can_be_asked_again(
    client, consultation, editor, comuna
):
    ProposalFactory(consultation=consultation, answers={comuna.key: "Sur"})

    press(client, consultation, do="remove:field:1")
    assert not CustomField.objects.filter(label="¿A quién le sirve?").exists()

    press(client, consultation, do="remove:field:0")
    assert labels(consultation) == []
    page = client.get(address(consultation, "edit/taking-part/"))
    assert "No longer asked" in words(page)

    press(client, consultation, question_0_text="¿Otra?")  # saving something else leaves it retired
    assert CustomField.objects.get(pk=comuna.pk).is_retired

    press(client, consultation, do=f"restore:field:{comuna.pk}")
    assert labels(consultation) == ["Comuna"]
    assert CustomField.objects.get(pk=comuna.pk).choices == ["Norte", "Sur"]


def test_the_kind_of_an_answered_field_and_the_choices_in_use_are_fixed(client, consultation, agency, editor, comuna):
    ProposalFactory(consultation=consultation, answers={comuna.key: "Sur"})

    kind = press(client, consultation, field_0_kind="text")
    assert faults(kind) == {"field_0_kind": ["Proposals have answered this, so its kind of answer is fixed."]}

    without_sur = press(client, consultation, field_0_choices="Norte\nEste")
    assert without_sur.status_code == 409
    assert "Proposals have chosen “Sur”" in words(without_sur)

    assert press(client, consultation, field_0_choices="Sur\nEste").status_code == 302
    assert CustomField.objects.get(pk=comuna.pk).choices == ["Sur", "Este"]

    with pytest.raises(Conflict, match="field_answered"):
        given = FieldGiven("Comuna", "text", pk=comuna.pk)
        change_consultation(consultation=consultation, actor=editor, custom_fields=[given])
    with pytest.raises(InvalidInput, match="few_choices"):
        given = FieldGiven("Otra", "choice", choices=("una",))
        change_consultation(consultation=consultation, actor=editor, custom_fields=[given])


def test_a_row_of_another_consultation_is_not_taken_over(client, consultation, agency, editor):
    foreign = make_consultation(agency, title="Otra", questions=[QuestionGiven("¿De otra?")])
    theirs = foreign.questions.get()

    press(client, consultation, question_2_text="¿Mía?", question_2_id=theirs.pk)

    theirs.refresh_from_db()
    assert (theirs.text, theirs.consultation) == ("¿De otra?", foreign)
    assert texts(consultation) == ["¿Dónde?", "¿Cuándo?", "¿Mía?"]


# --- Switches


def test_switches_and_categories_are_saved(client, consultation, editor):
    typed = "Plazas\n\n Veredas \nPlazas\nplazas"
    asked = step_of(client, consultation, "taking-part", categories=typed, pre_moderates="on")
    del asked["receives_supports"]

    client.post(address(consultation, "edit/taking-part/"), asked | {"is_cause": "on"})

    stored = Consultation.objects.get()
    assert stored.categories == ["Plazas", "Veredas"]
    assert (stored.receives_supports, stored.is_cause, stored.pre_moderates) == (False, True, True)


def test_what_is_about_proposals_is_folded_away_where_none_are_received(client, agency, editor):
    discussion = make_consultation(agency)
    discussion.phases.filter(kind="proposals").delete()

    assert "It has no phase for proposals" in words(client.get(address(discussion, "edit/taking-part/")))


# --- What an editor writes is shown as text


def test_html_in_questions_and_fields_is_text(client, agency):
    client.force_login(member(agency, Role.EDITOR))
    evil = "<script>alert(1)</script>"
    made = make_consultation(
        agency,
        publish=False,
        questions=[QuestionGiven(evil, evil)],
        custom_fields=[FieldGiven(evil)],
        categories=[evil],
    )

    for page in ["edit/", "edit/taking-part/", ""]:
        assert b"<script>alert(1)" not in client.get(address(made, page)).content
