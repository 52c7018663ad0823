"""The form in which an official opens and changes a consultation: nothing typed is lost, each fault has its place."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import example, given
from hypothesis import strategies as st

from accounts.models import Role
from consultations.forms import NewConsultationForm
from consultations.models import Consultation, Phase
from tests.consultations.doors import address, as_shown, faults, filled_in, in_days, words
from tests.factories import UserFactory, choose, fresh, make_agency, make_consultation, make_poll, member
from voting.casting import cast_ballot

pytestmark = pytest.mark.django_db
NEW = "/consultations/new/"


@pytest.fixture
def agency():
    return make_agency("Obras")


@pytest.fixture
def editor(client, agency):
    """Somebody who opens consultations for Obras, logged in."""
    person = member(agency, Role.EDITOR)
    client.force_login(person)
    return person


def test_an_editor_opens_a_draft_and_lands_on_its_page(client, agency, editor):
    response = client.post(NEW, filled_in(agency=agency.pk))

    made = Consultation.objects.get()
    assert response.url == address(made)
    assert (made.title, made.slug, made.is_published) == ("¿Qué árboles plantamos?", "que-arboles-plantamos", False)
    assert [phase.kind for phase in made.phases.all()] == ["discussion"]
    assert made.created_by == editor


def test_times_are_those_of_the_site(client, agency, editor):
    year = timezone.localtime().year + 1
    client.post(
        NEW,
        filled_in(
            agency=agency.pk,
            discussion_starts_at=f"{year}-11-20T09:00",
            discussion_ends_at=f"{year}-11-27T18:00",
        ),
    )

    phase = Phase.objects.get()
    assert phase.ends_at.isoformat() == f"{year}-11-27T21:00:00+00:00"
    assert "Buenos Aires" in words(client.get(NEW))


def test_the_form_offers_only_agencies_that_the_person_opens_consultations_for(client, agency, editor):
    salud, cultura = make_agency("Salud"), make_agency("Cultura")
    member(salud, Role.OWNER, user=editor)
    member(cultura, Role.MODERATOR, user=editor)

    form = client.get(NEW).context["form"]

    assert [choice.name for choice in form.fields["agency"].queryset] == ["Obras", "Salud"]
    assert faults(client.post(NEW, filled_in(agency=cultura.pk))).keys() == {"agency"}
    assert not Consultation.objects.exists()


def test_opening_is_refused_with_a_reason_to_who_may_not(client, agency):
    for person, reason in [
        (None, "needs_account"),
        (UserFactory(), "no_agency"),
        (member(agency, Role.MODERATOR), "no_agency"),
    ]:
        client.logout()
        if person:
            client.force_login(person)
        for response in [client.get(NEW), client.post(NEW, filled_in(agency=agency.pk))]:
            assert (response.status_code, response.context["reason"].code) == (403, reason)
    assert not Consultation.objects.exists()


def test_an_empty_form_names_each_field_that_it_needs_and_keeps_the_rest(client, agency, editor):
    response = client.post(NEW, filled_in(agency=agency.pk, title="", summary=" "))

    assert response.status_code == 400
    assert faults(response).keys() == {"title", "summary"}
    assert "Queremos **sombra**." in words(response)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"discussion_ends_at": lambda: in_days(-3)}, "discussion_ends_at"),
        ({"voting_starts_at": lambda: in_days(3), "voting_ends_at": lambda: in_days(9)}, "voting_starts_at"),
        ({"voting_starts_at": lambda: "", "voting_ends_at": lambda: in_days(9)}, "voting_starts_at"),
        ({"discussion_ends_at": lambda: "", "voting_starts_at": lambda: in_days(9)}, "voting_starts_at"),
        ({"discussion_starts_at": lambda: "pasado mañana"}, "discussion_starts_at"),
        ({"discussion_starts_at": lambda: "0001-01-01T00:00"}, "discussion_starts_at"),
        ({"discussion_ends_at": lambda: "9999-12-31T23:59"}, "discussion_ends_at"),
        ({"budget_cents": lambda: "mucho"}, "budget_cents"),
        ({"budget_cents": lambda: "-5"}, "budget_cents"),
        ({"title": lambda: "x" * 141}, "title"),
        ({"visibility": lambda: "secret"}, "visibility"),
        ({"body": lambda: "nul\x00o"}, "body"),
    ],
)
def test_each_fault_is_shown_at_its_field_and_nothing_is_saved(client, agency, editor, changes, field):
    response = client.post(NEW, filled_in(agency=agency.pk, **{name: value() for name, value in changes.items()}))

    assert response.status_code == 400
    assert faults(response).keys() == {field}
    assert f'href="#id_{field}' in response.content.decode()
    assert not Consultation.objects.exists()


def test_overlapping_phases_are_both_named(client, agency, editor):
    response = client.post(NEW, filled_in(agency=agency.pk, voting_starts_at=in_days(3), voting_ends_at=in_days(9)))

    assert "“Voting” starts before “Discussion” ends" in words(response).replace("&quot;", '"')


def test_a_preview_shows_the_text_judges_nothing_and_saves_nothing(client, agency, editor):
    response = client.post(NEW, filled_in(agency=agency.pk, title="", preview="1"))

    assert response.status_code == 200
    assert b"<strong>sombra</strong>" in response.content
    assert faults(response) == {}
    assert "Mil árboles para la avenida." in words(response)
    assert not Consultation.objects.exists()


def test_two_consultations_of_one_title_get_two_addresses_and_none_is_that_of_the_form(client, agency, editor):
    for title in ["New", "Arbolado", "Arbolado", "¿?"]:
        client.post(NEW, filled_in(agency=agency.pk, title=title))

    slugs = list(Consultation.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["new-2", "arbolado", "arbolado-2", "consulta"]


@pytest.mark.parametrize(
    ("language", "amount"), [("es-AR", "1.250.000,50"), ("es-AR", "1250000,50"), ("en", "1,250,000.50")]
)
def test_money_is_read_as_people_write_it(client, agency, editor, language, amount):
    client.post(NEW, filled_in(agency=agency.pk, budget_cents=amount), headers={"accept-language": language})

    assert Consultation.objects.get().budget.amount_cents == 125_000_050


def test_a_private_consultation_is_shared_with_the_agencies_that_are_ticked(client, agency, editor):
    salud = make_agency("Salud")

    client.post(
        NEW,
        filled_in(agency=agency.pk, visibility="private", eligibility="invited", shared_with=[salud.pk]),
    )

    made = Consultation.objects.get()
    assert (made.visibility, made.eligibility, list(made.shared_with.all())) == ("private", "invited", [salud])


# --- Changing one


def opened(client, consultation: Consultation, **changes: object) -> dict[str, object]:
    return as_shown(client.get(address(consultation, "edit/")), **changes)


def test_an_editor_changes_the_text_and_what_was_not_touched_stays_to_the_second(client, agency, editor):
    consultation = make_consultation(agency, title="Plan", budget_cents=5_000_00)
    before = list(consultation.phases.values_list("kind", "starts_at", "ends_at"))

    response = client.post(address(consultation, "edit/"), opened(client, consultation, title="Plan de arbolado"))

    assert response.url == address(consultation)
    consultation = Consultation.objects.get()
    assert consultation.title == "Plan de arbolado"
    assert list(consultation.phases.values_list("kind", "starts_at", "ends_at")) == before
    assert consultation.budget.amount_cents == 5_000_00


def test_changing_is_for_editors_of_its_agency(client, agency):
    consultation = make_consultation(agency, title="Plan")
    for person, status in [
        (None, 403),
        (UserFactory(), 403),
        (make_agency("Otra").owner, 403),
        (member(agency, Role.MODERATOR), 403),
        (member(agency, Role.EDITOR), 200),
        (agency.owner, 200),
    ]:
        client.logout()
        if person:
            client.force_login(person)
        assert client.get(address(consultation, "edit/")).status_code == status
        if status == 403:
            assert client.post(address(consultation, "edit/"), filled_in(version="x")).status_code == 403
    consultation.refresh_from_db()
    assert consultation.title == "Plan"


def test_who_does_not_see_it_does_not_find_its_form(client, agency):
    private = make_consultation(agency, visibility="private")
    client.force_login(UserFactory())

    assert client.get(address(private, "edit/")).status_code == 404


def test_two_editors_at_once_the_second_keeps_the_text_learns_what_differs_and_may_insist(client, agency, editor):
    consultation = make_consultation(agency, title="Plan")
    mine = opened(client, consultation, title="Plan de Ana")
    client.post(address(consultation, "edit/"), opened(client, consultation, title="Plan de Beto"))

    refused = client.post(address(consultation, "edit/"), mine)

    assert refused.status_code == 409
    assert Consultation.objects.get().title == "Plan de Beto"
    assert refused.context["fields_that_differ"] == ["Title"]
    assert 'value="Plan de Ana"' in refused.content.decode()

    insisting = mine | {"version": refused.context["form"]["version"].value()}
    assert client.post(address(consultation, "edit/"), insisting).status_code == 302
    assert Consultation.objects.get().title == "Plan de Ana"


@pytest.mark.parametrize("field", ["body", "summary", "visibility", "eligibility", "budget_cents", "voting_ends_at"])
def test_whatever_somebody_else_changed_is_noticed(client, agency, editor, field):
    changed = {"visibility": "private", "eligibility": "verified", "budget_cents": "7", "voting_ends_at": in_days(40)}
    consultation = make_consultation(agency)
    mine = opened(client, consultation, title="Lo mío")
    theirs = opened(client, consultation, **{field: changed.get(field, "otro texto")})
    assert client.post(address(consultation, "edit/"), theirs).status_code == 302

    assert client.post(address(consultation, "edit/"), mine).status_code == 409


def test_dates_of_a_vote_are_fixed_once_somebody_has_voted_and_the_rest_is_not(client, agency, editor):
    consultation = make_consultation(agency, now_in="voting")
    poll = make_poll(consultation)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))

    later = client.post(address(consultation, "edit/"), opened(client, consultation, voting_ends_at=in_days(30)))
    title = client.post(address(consultation, "edit/"), opened(client, consultation, title="Otro título"))

    assert later.status_code == 409
    assert "its dates are fixed" in words(later)
    assert title.status_code == 302


def test_a_voting_phase_with_a_poll_cannot_be_taken_away(client, agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    make_poll(consultation)

    response = client.post(
        address(consultation, "edit/"), opened(client, consultation, voting_starts_at="", voting_ends_at="")
    )

    assert response.status_code == 409
    assert consultation.phases.filter(kind="voting").exists()


def test_a_published_consultation_keeps_a_text_and_a_phase(client, agency, editor):
    consultation = make_consultation(agency)
    no_phases = {name: "" for name in opened(client, consultation) if name.endswith(("_starts_at", "_ends_at"))}

    without_text = client.post(address(consultation, "edit/"), opened(client, consultation, body=""))
    without_phase = client.post(address(consultation, "edit/"), opened(client, consultation, **no_phases))

    assert faults(without_text).keys() == {"body"}
    assert faults(without_phase).keys() == {"__all__"}
    stored = Consultation.objects.get()
    assert stored.body
    assert stored.phases.exists()


def test_money_is_taken_away_by_emptying_the_field(client, agency, editor):
    consultation = make_consultation(agency, budget_cents=5_000_00)

    client.post(address(consultation, "edit/"), opened(client, consultation, budget_cents=""))

    assert not hasattr(Consultation.objects.get(), "budget")


def test_taking_an_agency_off_the_list_takes_its_members_sight(client, agency, editor):
    salud = make_agency("Salud")
    consultation = make_consultation(agency, visibility="private", shared_with=[salud])
    outsider = salud.owner
    client.force_login(editor)
    client.post(address(consultation, "edit/"), opened(client, consultation, shared_with=[]))

    client.force_login(fresh(outsider))
    assert client.get(address(consultation)).status_code == 404


# --- Whatever is typed

moments = st.one_of(
    st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M")),
    st.text(max_size=20),
    st.sampled_from(["", "2026-11-27", "27/11/2026 18:00", "2026-02-30T10:00", "2026-11-27T18:00:59", "0", "\x00"]),
)


@given(starts=moments, ends=moments)
@example(starts="0001-01-01T00:00", ends="9999-12-31T23:59")
@example(starts="1999-12-31T21:00", ends="2099-12-31T23:00")  # of these years in UTC, of others in Buenos Aires
@example(starts="2026-11-27T18:00+05:00", ends="")
def test_any_dates_give_a_fault_or_moments_in_order_of_the_site(starts, ends):
    form = NewConsultationForm(filled_in(voting_starts_at=starts, voting_ends_at=ends), agencies=_no_agencies())
    form.full_clean()

    if not {"voting_starts_at", "voting_ends_at"} & form.errors.keys():
        for phase in form.phases():
            assert phase.starts_at.tzinfo is not None
            assert 2000 <= phase.starts_at.year <= 2099


def _no_agencies():
    from accounts.models import Agency

    return Agency.objects.none()


def test_a_moment_that_is_shown_and_sent_back_is_the_same_to_the_second(client, agency, editor):
    consultation = make_consultation(agency)
    phase = consultation.phases.get(kind="voting")
    phase.ends_at = phase.ends_at.replace(second=42) + timedelta(hours=1)
    phase.save()

    client.post(address(consultation, "edit/"), opened(client, consultation, title="Otro"))

    assert Phase.objects.get(pk=phase.pk).ends_at == phase.ends_at
