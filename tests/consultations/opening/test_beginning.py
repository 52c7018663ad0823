"""How a draft begins: from a recipe or from an earlier consultation, with the first step; nothing typed is lost."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.agencies import create_agency
from accounts.models import Agency, Role
from comments.commenting import add_comment
from consultations.clock import database_now
from consultations.models import Article, Consultation, CustomField, Phase
from consultations.opening import publish_consultation
from consultations.opening.asked import FieldGiven, QuestionGiven
from consultations.opening.recipes import GUIDANCE, RECIPES, default_start, phases_from
from tests.consultations.doors import address, as_shown, faults, first_step, words
from tests.factories import (
    ProposalFactory,
    UserFactory,
    fresh,
    make_agency,
    make_consultation,
    make_document,
    member,
    new_version,
)

NEW = "/consultations/new/"
BY_QUESTIONS = f"{NEW}?recipe=questions"


def test_the_first_page_offers_every_recipe_with_when_to_use_it(client, editor):
    page = words(client.get(NEW))

    for recipe in RECIPES.values():
        assert str(recipe.name) in page
        assert str(recipe.when) in page


def test_choosing_nothing_is_said(client, editor):
    response = client.post(NEW, first_step())

    assert response.status_code == 400
    assert "Choose how to begin." in words(response)


@pytest.mark.parametrize("code", RECIPES)
def test_a_recipe_gives_a_whole_draft_and_says_what_is_still_to_be_written(client, agency, editor, code):
    recipe = RECIPES[code]
    asked = as_shown(client.get(f"{NEW}?recipe={code}"), title="Una consulta", summary="De qué se trata.")

    response = client.post(f"{NEW}?recipe={code}", asked)

    made = Consultation.objects.get()
    assert response.url == address(made, "edit/taking-part/")
    assert (made.recipe, made.created_by, made.is_published) == (code, editor, False)
    assert (made.visibility, made.eligibility) == (recipe.visibility, recipe.eligibility)
    assert [phase.kind for phase in made.phases.all()] == [kind for kind, _days in recipe.plan]
    assert [question.text for question in made.questions.all()] == [str(text) for text in recipe.questions]
    assert [field.label for field in made.custom_fields.all()] == [str(label) for label, _help in recipe.custom_fields]
    assert GUIDANCE in made.body
    assert "begin with ✎" in words(client.get(address(made, "edit/")))


@pytest.mark.parametrize("code", RECIPES)
def test_whatever_the_recipe_once_the_notes_are_replaced_it_can_be_published(client, agency, editor, code):
    client.post(f"{NEW}?recipe={code}", first_step(agency=agency.pk))
    made = Consultation.objects.get()
    if RECIPES[code].has_money:
        page = client.get(address(made, "edit/money/"))
        client.post(address(made, "edit/money/"), as_shown(page, budget_cents="5000000"))

    if RECIPES[code].needs_text:
        make_document(made)

    publish_consultation(consultation=made, actor=fresh(editor))

    assert made.is_published


def test_a_draft_of_a_budget_needs_its_money_and_one_of_questions_its_questions(client, agency, editor):
    client.post(f"{NEW}?recipe=budget", first_step(agency=agency.pk))
    assert "Say how much money" in words(client.get(address(Consultation.objects.get(), "edit/")))

    client.post(BY_QUESTIONS, first_step(agency=agency.pk))
    made = Consultation.objects.latest("pk")
    made.questions.all().delete()
    assert "Write at least one question" in words(client.get(address(made, "edit/")))


def test_the_phases_begin_on_a_monday_morning_with_days_to_prepare_and_follow_one_another():
    for day in range(7):
        now = datetime(2026, 10, 5 + day, 23, 30, tzinfo=UTC)
        start = timezone.localtime(default_start(now))
        assert (start.weekday(), start.hour, start.minute) == (0, 9, 0)
        assert timedelta(days=2) < start - now < timedelta(days=10)

    for recipe in RECIPES.values():
        phases = phases_from(recipe.plan, default_start(datetime(2026, 10, 5, tzinfo=UTC)))
        assert [phase.starts_at for phase in phases[1:]] == [phase.ends_at for phase in phases[:-1]]


def test_a_length_in_days_keeps_the_hour_where_clocks_are_changed():
    with timezone.override("Europe/Madrid"):
        start = datetime(2026, 10, 19, 7, tzinfo=UTC)  # nine o'clock; clocks go back on the 25th
        phases = phases_from([("discussion", 14), ("results", None)], start)

        assert timezone.localtime(phases[0].ends_at).hour == 9


def test_the_form_offers_only_agencies_that_the_person_opens_consultations_for(client, agency, editor):
    salud, cultura = make_agency("Salud"), make_agency("Cultura")
    member(salud, Role.OWNER, user=editor)
    member(cultura, Role.MODERATOR, user=editor)

    form = client.get(BY_QUESTIONS).context["form"]

    assert [choice.name for choice in form.fields["agency"].queryset] == ["Obras", "Salud"]
    assert faults(client.post(BY_QUESTIONS, first_step(agency=cultura.pk))).keys() == {"agency"}
    assert not Consultation.objects.exists()


def test_an_internal_consultation_is_opened_in_the_name_of_a_community_where_there_is_one(client, agency, editor):
    create_agency(name="Datos", slug="datos", owner=editor, kind=Agency.Kind.COMMUNITY)

    form = client.get(f"{NEW}?recipe=internal").context["form"]

    assert form.initial["agency"] == Agency.objects.get(slug="datos").pk


def test_opening_is_refused_with_a_reason_to_who_may_not(client, agency):
    for person, reason in [
        (None, "needs_account"),
        (UserFactory(), "no_agency"),
        (member(agency, Role.MODERATOR), "no_agency"),
    ]:
        client.logout()
        if person:
            client.force_login(person)
        answers = [client.get(NEW), client.get(BY_QUESTIONS), client.post(BY_QUESTIONS, first_step(agency=agency.pk))]
        for response in answers:
            assert (response.status_code, response.context["reason"].code) == (403, reason)
    assert not Consultation.objects.exists()


def test_an_empty_form_names_each_field_that_it_needs_and_keeps_the_rest(client, agency, editor):
    response = client.post(BY_QUESTIONS, first_step(agency=agency.pk, title="", summary=" "))

    assert response.status_code == 400
    assert faults(response).keys() == {"title", "summary"}
    assert "Queremos **sombra**." in words(response)


@pytest.mark.parametrize(("field", "value"), [("title", "x" * 141), ("body", "nul\x00o"), ("agency", "99999999999999")])
def test_each_fault_is_shown_at_its_field_and_nothing_is_saved(client, agency, editor, field, value):
    response = client.post(BY_QUESTIONS, first_step(**{"agency": agency.pk, field: value}))

    assert response.status_code == 400
    assert faults(response).keys() == {field}
    assert f'href="#id_{field}' in response.content.decode()
    assert not Consultation.objects.exists()


def test_a_preview_shows_the_text_judges_nothing_and_saves_nothing(client, agency, editor):
    response = client.post(BY_QUESTIONS, first_step(agency=agency.pk, title="", preview="1"))

    assert response.status_code == 200
    assert b"<strong>sombra</strong>" in response.content
    assert faults(response) == {}
    assert "Mil árboles para la avenida." in words(response)
    assert not Consultation.objects.exists()


def test_two_consultations_of_one_title_get_two_addresses_and_none_is_that_of_the_form(client, agency, editor):
    for title in ["New", "Arbolado", "Arbolado", "¿?"]:
        client.post(BY_QUESTIONS, first_step(agency=agency.pk, title=title))

    slugs = list(Consultation.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["new-2", "arbolado", "arbolado-2", "consulta"]


# --- Copying


@pytest.fixture
def last_year(agency):
    """A consultation of last year with everything in it, and what people wrote."""
    source = make_consultation(
        agency,
        title="Arbolado 2025",
        now_in="proposals",
        visibility="public",
        eligibility="verified",
        budget_cents=500_00,
        categories=["Plazas", "Veredas"],
        receives_supports=False,
        pre_moderates=True,
        questions=[QuestionGiven("¿Dónde falta sombra?", "Con **mapa**.")],
        custom_fields=[
            FieldGiven("Comuna", "choice", choices=("Norte", "Sur"), is_required=True),
            FieldGiven("Vieja"),
        ],
        shared_with=[make_agency("Ambiente")],
        recipe="proposals",
        slug="arbolado-2025",
    )
    CustomField.objects.filter(label="Vieja").update(retired_at=timezone.now())
    rosa = UserFactory(verification_level=2)
    add_comment(consultation=source, actor=rosa, body="Faltan tipas.")
    ProposalFactory(consultation=source, author=rosa)
    return source


def test_a_copy_takes_the_shape_and_nothing_that_people_wrote(client, agency, editor, last_year):
    way = f"{NEW}?copy={last_year.slug}"
    client.post(way, as_shown(client.get(way), title="Arbolado 2026"))

    made = Consultation.objects.latest("pk")
    assert (made.copied_from, made.recipe, made.title, made.body) == (
        last_year,
        "proposals",
        "Arbolado 2026",
        last_year.body,
    )
    assert (made.eligibility, made.categories) == ("verified", ["Plazas", "Veredas"])
    assert (made.receives_supports, made.pre_moderates) == (False, True)
    assert [(row.text, row.details) for row in made.questions.all()] == [("¿Dónde falta sombra?", "Con **mapa**.")]
    assert [(row.label, row.choices, row.is_required) for row in made.custom_fields.all()] == [
        ("Comuna", ["Norte", "Sur"], True)
    ]
    assert [agency.name for agency in made.shared_with.all()] == ["Ambiente"]
    assert made.budget.amount_cents == 500_00
    assert not made.is_published
    assert not made.proposals.exists()
    assert not made.comments.exists()
    assert Consultation.objects.get(pk=last_year.pk).questions.count() == 1


def test_a_copy_takes_each_text_as_last_published_for_a_draft_of_its_own(client, agency, editor, last_year):
    document = make_document(last_year, ["Uno.", "Dos."], title="Ordenanza")
    new_version(document, ["Uno.", "Dos, cambiado."])
    new_version(document, ["Nadie lo leyó."], published=False)
    make_document(last_year, title="Sin publicar", published=False)
    way = f"{NEW}?copy={last_year.slug}"
    client.post(way, as_shown(client.get(way), title="Arbolado 2026"))

    copied = Consultation.objects.latest("pk").documents.get()
    version = copied.versions.get()
    assert (copied.title, version.number, version.is_published) == ("Ordenanza", 1, False)
    assert [article.body for article in version.articles.all()] == ["Uno.", "Dos, cambiado."]
    assert not set(version.articles.values_list("identity")) & set(
        Article.objects.filter(version__document=document).values_list("identity")
    )


def test_the_phases_of_a_copy_keep_their_lengths_and_hours_and_lie_ahead(client, agency, editor, last_year):
    way = f"{NEW}?copy={last_year.slug}"
    client.post(way, as_shown(client.get(way)))

    old, new = (list(Phase.objects.filter(consultation=one)) for one in (last_year, Consultation.objects.latest("pk")))
    assert [phase.kind for phase in new] == [phase.kind for phase in old]
    assert [p.ends_at - p.starts_at for p in new] == [p.ends_at - p.starts_at for p in old]
    hours_of = [[timezone.localtime(phase.starts_at).time() for phase in phases] for phases in (old, new)]
    assert hours_of[0] == hours_of[1]
    assert timezone.localdate(new[0].starts_at) == timezone.localdate(default_start(database_now()))


def test_only_consultations_of_ones_own_agencies_are_offered_and_copied(client, agency, editor):
    foreign = make_consultation(make_agency("Salud"), title="De otra parte")

    assert "De otra parte" not in words(client.get(NEW))
    assert client.post(f"{NEW}?copy={foreign.slug}", first_step(agency=agency.pk)).status_code == 400
    assert Consultation.objects.count() == 1
