"""The steps in which an official prepares and changes a consultation: saved on leaving, each fault in its place."""

import pytest
from django.utils import timezone

from consultations.clock import database_now
from consultations.models import Consultation, Phase
from consultations.opening import create_consultation
from consultations.opening.planning import EXACT, PLAN
from consultations.opening.recipes import default_start, phases_from
from tests.consultations.doors import address, faults, in_days, step_of, words
from tests.factories import make_agency, make_consultation, make_poll

pytestmark = pytest.mark.django_db
STEPS = ("what", "taking-part", "who", "when", "money")


@pytest.fixture
def draft(agency):
    """Information for a week, then proposals for two, then a discussion without an end; not published."""
    plan = [("information", 7), ("proposals", 14), ("discussion", None)]
    return create_consultation(
        agency=agency,
        title="Plan",
        summary="Qué árboles plantamos y dónde.",
        body="Queremos plantar **mil** árboles.",
        phases=phases_from(plan, default_start(database_now())),
        actor=None,
    )


def save(client, consultation, step, **changes):
    """Change some fields of a step and leave it by its main button."""
    return client.post(address(consultation, f"edit/{step}/"), step_of(client, consultation, step, **changes))


# --- Going from one to the next


def test_each_step_leads_to_the_next_one_and_the_last_to_looking_over(client, draft, editor):
    way, step = [], "what"
    while step:
        response = save(client, draft, step)
        assert response.status_code == 302
        step = response.url.partition("/edit/")[2].strip("/")
        way.append(step)

    assert way == ["taking-part", "who", "when", ""]


def test_money_is_a_step_only_where_there_is_some(client, agency, editor):
    rich = make_consultation(agency, publish=False, budget_cents=500)

    assert save(client, rich, "when").url == address(rich, "edit/money/")
    assert save(client, rich, "money").url == address(rich, "edit/")


@pytest.mark.parametrize("step", STEPS)
def test_a_step_left_for_any_other_is_saved(client, draft, editor, step):
    response = save(client, draft, step, go="who")

    assert response.url == address(draft, "edit/who/")


def test_what_was_typed_is_there_when_one_comes_back(client, draft, editor):
    save(client, draft, "what", title="Otro título", go="when")

    assert 'value="Otro título"' in client.get(address(draft, "edit/what/")).content.decode()


def test_there_is_no_step_of_another_name(client, draft, editor):
    assert client.get(address(draft, "edit/review/")).status_code == 404
    assert client.get(address(draft, "edit/nada/")).status_code == 404


@pytest.mark.parametrize("step", ["", *(f"{step}/" for step in STEPS)])
def test_a_step_takes_at_most_twelve_queries_whatever_there_is(
    client, agency, editor, django_assert_max_num_queries, step
):
    from consultations.opening.asked import FieldGiven, QuestionGiven

    full = make_consultation(
        agency,
        budget_cents=500,
        shared_with=[make_agency("Salud")],
        questions=[QuestionGiven(f"¿{n}?") for n in range(9)],
        custom_fields=[FieldGiven(f"Campo {n}") for n in range(9)],
    )
    make_poll(full)

    with django_assert_max_num_queries(12):
        assert client.get(address(full, f"edit/{step}")).status_code == 200


# --- What is typed


@pytest.mark.parametrize(
    ("step", "changes", "field"),
    [
        ("when", {"discussion_ends_at": lambda: in_days(-30)}, "discussion_ends_at"),
        ("when", {"voting_starts_at": lambda: in_days(0.2)}, "voting_starts_at"),
        ("when", {"voting_starts_at": lambda: ""}, "voting_starts_at"),
        ("when", {"discussion_ends_at": lambda: ""}, "voting_starts_at"),
        ("when", {"discussion_starts_at": lambda: "pasado mañana"}, "discussion_starts_at"),
        ("when", {"discussion_starts_at": lambda: "0001-01-01T00:00"}, "discussion_starts_at"),
        ("when", {"voting_ends_at": lambda: "9999-12-31T23:59"}, "voting_ends_at"),
        ("money", {"budget_cents": lambda: "mucho"}, "budget_cents"),
        ("money", {"budget_cents": lambda: "-5"}, "budget_cents"),
        ("what", {"title": lambda: "x" * 141}, "title"),
        ("what", {"title": lambda: ""}, "title"),
        ("what", {"body": lambda: "nul\x00o"}, "body"),
        ("who", {"visibility": lambda: "secret"}, "visibility"),
        ("who", {"shared_with": lambda: ["0"]}, "shared_with"),
        ("taking-part", {"categories": lambda: "x" * 121}, "categories"),
    ],
)
def test_each_fault_is_shown_at_its_field_and_nothing_is_saved(client, agency, editor, step, changes, field):
    draft = make_consultation(agency, publish=False, title="Plan")
    if step == "when":
        Phase.objects.filter(consultation=draft, kind="proposals").delete()  # with a gap: dates, not days
    before = list(Phase.objects.values_list("kind", "starts_at", "ends_at"))

    response = save(client, draft, step, **{name: value() for name, value in changes.items()})

    assert response.status_code == 400
    assert faults(response).keys() == {field}
    assert f'href="#id_{field}' in response.content.decode()
    assert list(Phase.objects.values_list("kind", "starts_at", "ends_at")) == before
    assert Consultation.objects.get().title == "Plan"


def test_overlapping_phases_are_both_named(client, agency, editor):
    published = make_consultation(agency, now_in="information")

    response = save(client, published, "when", voting_starts_at=in_days(2.4))

    assert "“Voting” starts before “Discussion” ends" in words(response).replace("&quot;", '"')


def test_kinds_of_phase_that_only_budgets_have_are_asked_about_where_there_is_money(client, agency, draft, editor):
    rich = make_consultation(agency, publish=False, budget_cents=500)

    for kind in ("support", "review", "costing"):
        assert f"{kind}_is_there" not in client.get(address(draft, "edit/when/")).context["form"].fields
        assert f"{kind}_starts_at" in client.get(address(rich, "edit/when/")).context["form"].fields
    save(client, draft, "when", support_is_there="on", support_days="5")
    assert not draft.phases.filter(kind="support").exists()


def test_times_are_those_of_the_site(client, draft, editor):
    year = timezone.localtime().year + 1
    changes = {f"{kind}_{end}": "" for kind in Phase.Kind for end in ("starts_at", "ends_at")} | {
        "discussion_starts_at": f"{year}-11-20T09:00",
        "discussion_ends_at": f"{year}-11-27T18:00",
    }
    shown = step_of(client, draft, "when") | {"mode": EXACT} | changes

    client.post(address(draft, "edit/when/"), shown)

    assert Phase.objects.get().ends_at.isoformat() == f"{year}-11-27T21:00:00+00:00"
    assert "Buenos Aires" in words(client.get(address(draft, "edit/when/")))


def test_a_preview_of_the_text_shows_it_judges_nothing_and_saves_nothing(client, draft, editor):
    response = save(client, draft, "what", title="", body="Con **sombra**.", preview="1")

    assert response.status_code == 200
    assert b"<strong>sombra</strong>" in response.content
    assert faults(response) == {}
    assert Consultation.objects.get().title == "Plan"


@pytest.mark.parametrize(
    ("language", "amount"), [("es-AR", "1.250.000,50"), ("es-AR", "1250000,50"), ("en", "1,250,000.50")]
)
def test_money_is_read_as_people_write_it(client, draft, editor, language, amount):
    shown = step_of(client, draft, "money", budget_cents=amount)

    client.post(address(draft, "edit/money/"), shown, headers={"accept-language": language})

    assert Consultation.objects.get().budget.amount_cents == 125_000_050


def test_a_private_consultation_is_shared_with_the_agencies_that_are_ticked(client, draft, editor):
    salud = make_agency("Salud")

    save(client, draft, "who", visibility="private", eligibility="invited", shared_with=[salud.pk], is_unlisted="on")

    made = Consultation.objects.get()
    assert (made.visibility, made.eligibility, list(made.shared_with.all())) == ("private", "invited", [salud])
    assert made.is_unlisted


# --- A plan in days


def local(moment):
    return f"{timezone.localtime(moment):%d.%m. %H:%M}" if moment else ""


def plan(client, draft, **changes):
    shown = step_of(client, draft, "when")
    ticks = {name for name in shown if name.endswith("_is_there")}
    return {name: value for name, value in shown.items() if name not in ticks} | changes


def test_phases_follow_one_another_by_their_days_from_the_start(client, draft, editor):
    typed = plan(
        client,
        draft,
        starts_on="2031-11-03T09:00",
        discussion_is_there="on",
        discussion_days="14",
        voting_is_there="on",
        voting_days="7",
        results_is_there="on",
        results_days="",
    )

    client.post(address(draft, "edit/when/"), typed)

    shown = [(phase.kind, local(phase.starts_at), local(phase.ends_at)) for phase in Phase.objects.all()]
    assert shown == [
        ("discussion", "03.11. 09:00", "17.11. 09:00"),
        ("voting", "17.11. 09:00", "24.11. 09:00"),
        ("results", "24.11. 09:00", ""),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_on": ""}, "starts_on"),
        ({"starts_on": "mañana"}, "starts_on"),
        ({"starts_on": "2099-12-30T09:00"}, "starts_on"),
        ({"discussion_days": ""}, "discussion_days"),
        ({"discussion_days": "0"}, "discussion_days"),
        ({"discussion_days": "3651"}, "discussion_days"),
        ({"discussion_days": "muchos"}, "discussion_days"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_at_its_field(client, draft, editor, changes, field):
    typed = {"starts_on": "2031-11-03T09:00", "discussion_is_there": "on", "discussion_days": "14"}

    response = client.post(
        address(draft, "edit/when/"), plan(client, draft, **typed, voting_is_there="on", voting_days="7") | changes
    )

    assert (response.status_code, faults(response).keys()) == (400, {field})


def test_dates_with_gaps_are_shown_as_dates_and_a_plan_can_be_turned_into_dates_and_back(client, draft, editor):
    assert client.get(address(draft, "edit/when/")).context["form"].is_exact is False
    assert client.get(address(draft, f"edit/when/?mode={EXACT}")).context["form"].is_exact is True
    assert save(client, draft, "when", go=EXACT).url == address(draft, f"edit/when/?mode={EXACT}")
    assert save(client, draft, "when", go=PLAN).url == address(draft, f"edit/when/?mode={PLAN}")

    Phase.objects.filter(consultation=draft, kind="proposals").delete()
    assert client.get(address(draft, "edit/when/")).context["form"].is_exact is True


def test_what_is_published_has_dates_whatever_is_asked(client, agency, editor):
    published = make_consultation(agency)

    assert client.get(address(published, f"edit/when/?mode={PLAN}")).context["form"].is_exact is True


def test_a_step_left_for_cover_and_files_is_saved_and_the_way_back_is_there(client, draft, editor):
    response = save(client, draft, "what", title="Otro título", go="files")

    assert response.url == address(draft, "files/")
    assert Consultation.objects.get(pk=draft.pk).title == "Otro título"
    assert f'href="{address(draft, "edit/")}"' in client.get(response.url).content.decode()


# --- Whose session ends while they type


def test_what_was_typed_after_the_session_ended_waits_until_its_author_has_logged_in_again(client, draft, editor):
    asked = step_of(client, draft, "what", summary="Escrito en media hora.")
    client.logout()

    refused = client.post(address(draft, "edit/what/"), asked | {"go": "review"})
    client.force_login(editor)
    again = client.get(address(draft, "edit/what/"))

    assert (refused.status_code, refused.context["is_kept"]) == (403, True)
    assert "Create my account" not in refused.content.decode()
    form = again.context["form"]
    assert (again.status_code, form["summary"].value()) == (200, "Escrito en media hora.")
    assert (form.is_bound, form.errors) == (True, {})
    assert Consultation.objects.get().summary == draft.summary
    client.post(address(draft, "edit/what/"), asked)
    assert Consultation.objects.get().summary == "Escrito en media hora."
    assert not client.get(address(draft, "edit/what/")).context["form"].is_bound


def test_the_longest_text_that_a_step_takes_waits_too_and_nothing_without_bounds(client, draft, editor):
    asked = step_of(client, draft, "what")
    client.logout()
    kept = {
        length: client.post(address(draft, "edit/what/"), asked | {"body": "á" * length}).context["is_kept"]
        for length in (50_000, 100_000)
    }
    assert kept == {50_000: True, 100_000: False}


def test_rows_and_ticks_wait_too_and_no_button_is_pressed_twice(client, draft, editor):
    first, second = make_agency("Movilidad"), make_agency("Cultura")
    asked = step_of(client, draft, "taking-part", question_0_text="¿Dónde?", do="add:question:0")
    who = step_of(client, draft, "who", visibility="private")
    client.logout()

    client.post(address(draft, "edit/taking-part/"), asked)
    client.force_login(editor)
    form = client.get(address(draft, "edit/taking-part/")).context["form"]
    client.logout()
    client.post(address(draft, "edit/who/"), who | {"shared_with": [first.pk, second.pk]})
    client.force_login(editor)
    shared = client.get(address(draft, "edit/who/")).context["form"]

    assert form["question_0_text"].value() == "¿Dónde?"
    assert not form.deed.verb
    assert shared["shared_with"].value() == [str(first.pk), str(second.pk)]


def test_who_is_not_logged_in_learns_nothing_of_a_draft_by_sending_its_form(client, draft):
    answers = [client.post(f"/consultations/{slug}/edit/what/", {"title": "x"}) for slug in (draft.slug, "no-hay")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert client.get(address(draft, "edit/what/")).status_code == 404


def test_a_first_step_waits_too(client, agency, editor):
    page = "/consultations/new/?recipe=questions"
    client.logout()

    refused = client.post(page, {"agency": agency.pk, "title": "¿Qué plaza?", "summary": "", "body": ""})
    client.force_login(editor)

    assert refused.context["is_kept"]
    assert client.get(page).context["form"]["title"].value() == "¿Qué plaza?"
    assert not Consultation.objects.exists()
