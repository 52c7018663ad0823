"""Changing a consultation, published or not: by whom, two at once, and what is fixed because people relied on it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import Role
from accounts.refusals import Conflict
from consultations.clock import database_now
from consultations.models import Consultation, Phase
from consultations.opening import change_consultation, create_consultation
from consultations.opening.planning import EXACT, PLAN, WhenForm
from tests.consultations.doors import address, faults, first_step, in_days, step_of, words
from tests.factories import UserFactory, choose, fresh, make_agency, make_consultation, make_poll, member
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due

pytestmark = pytest.mark.django_db


def save(client, consultation, step, **changes):
    return client.post(address(consultation, f"edit/{step}/"), step_of(client, consultation, step, **changes))


def test_an_editor_changes_the_text_and_what_was_not_touched_stays_to_the_second(client, agency, editor):
    consultation = make_consultation(agency, title="Plan", budget_cents=5_000_00)
    before = list(consultation.phases.values_list("kind", "starts_at", "ends_at"))

    for step, changes in {"what": {"title": "Plan de arbolado"}, "when": {}, "money": {}}.items():
        assert save(client, consultation, step, **changes).url == address(consultation, "edit/")

    consultation = Consultation.objects.get()
    assert consultation.title == "Plan de arbolado"
    assert list(consultation.phases.values_list("kind", "starts_at", "ends_at")) == before
    assert consultation.budget.amount_cents == 5_000_00


@pytest.mark.parametrize("step", ["", "what/", "taking-part/", "who/", "when/", "money/"])
def test_changing_is_for_editors_of_its_agency(client, agency, step):
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
        assert client.get(address(consultation, f"edit/{step}")).status_code == status
        if status == 403 and step:
            assert client.post(address(consultation, f"edit/{step}"), first_step(version="x")).status_code == 403
    consultation.refresh_from_db()
    assert consultation.title == "Plan"


def test_who_does_not_see_it_does_not_find_its_form(client, agency):
    private = make_consultation(agency, visibility="private")
    client.force_login(UserFactory())

    assert client.get(address(private, "edit/what/")).status_code == 404
    assert client.get(address(private, "edit/")).status_code == 404


# --- Two at once


def test_two_editors_at_once_the_second_keeps_the_text_learns_what_differs_and_may_insist(client, agency, editor):
    consultation = make_consultation(agency, title="Plan")
    mine = step_of(client, consultation, "what", title="Plan de Ana")
    save(client, consultation, "what", title="Plan de Beto")

    refused = client.post(address(consultation, "edit/what/"), mine)

    assert refused.status_code == 409
    assert Consultation.objects.get().title == "Plan de Beto"
    assert refused.context["fields_that_differ"] == ["Title"]
    assert 'value="Plan de Ana"' in refused.content.decode()

    insisting = mine | {"version": refused.context["form"]["version"].value()}
    assert client.post(address(consultation, "edit/what/"), insisting).status_code == 302
    assert Consultation.objects.get().title == "Plan de Ana"


@pytest.mark.parametrize(
    ("step", "theirs"),
    [
        ("what", {"body": "otro texto"}),
        ("what", {"summary": "otro resumen"}),
        ("taking-part", {"categories": "Plazas"}),
        ("taking-part", {"question_0_text": "¿Otra pregunta?"}),
        ("taking-part", {"field_0_label": "Otro campo"}),
        ("taking-part", {"is_cause": "on"}),
        ("who", {"visibility": "private"}),
        ("who", {"eligibility": "verified"}),
        ("who", {"is_unlisted": "on"}),
        ("when", {"voting_ends_at": "2031-01-01T10:00", "reason": "Se pidió más tiempo"}),
        ("money", {"budget_cents": "7"}),
    ],
)
def test_whatever_somebody_else_changed_in_the_step_is_noticed(client, agency, editor, step, theirs):
    consultation = make_consultation(agency)
    mine = step_of(client, consultation, step)
    assert save(client, consultation, step, **theirs).status_code == 302

    assert client.post(address(consultation, f"edit/{step}/"), mine).status_code == 409


def test_a_change_in_another_step_is_in_nobodys_way_and_is_not_undone(client, agency, editor):
    consultation = make_consultation(agency)
    mine = step_of(client, consultation, "what", title="Lo mío")
    save(client, consultation, "who", eligibility="verified")

    assert client.post(address(consultation, "edit/what/"), mine).status_code == 302
    stored = Consultation.objects.get()
    assert (stored.title, stored.eligibility) == ("Lo mío", "verified")


def test_a_version_of_another_step_does_not_open_this_one(client, agency, editor):
    consultation = make_consultation(agency)
    of_money = step_of(client, consultation, "money")["version"]
    save(client, consultation, "what", title="Lo de otra")

    refused = save(client, consultation, "what", title="Lo mío", version=of_money)

    assert refused.status_code == 409


# --- What is fixed


@pytest.fixture
def voted(agency):
    """People have voted in it, on money."""
    consultation = make_consultation(agency, now_in="voting", budget_cents=500_00)
    poll = make_poll(consultation)
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    return consultation


def test_dates_of_a_vote_are_fixed_once_somebody_has_voted_and_the_rest_is_not(client, editor, voted):
    page = client.get(address(voted, "edit/when/"))
    later = save(client, voted, "when", voting_ends_at=in_days(30))
    title = save(client, voted, "what", title="Otro título")

    assert page.context["form"].fields["voting_ends_at"].widget.attrs["readonly"]
    assert "readonly" not in page.context["form"].fields["discussion_ends_at"].widget.attrs
    assert "its dates are fixed" in words(page)
    assert later.status_code == 409
    assert "its dates are fixed" in words(later)
    assert title.status_code == 302


def test_money_that_was_voted_on_is_greyed_with_the_reason(client, editor, voted):
    page = client.get(address(voted, "edit/money/"))
    more = save(client, voted, "money", budget_cents="501")

    assert page.context["form"].fields["budget_cents"].widget.attrs["readonly"]
    assert "the amount is fixed" in words(page)
    assert more.status_code == 409
    assert Consultation.objects.get().budget.amount_cents == 500_00


def test_who_may_take_part_is_fixed_once_somebody_has_voted(client, agency, editor, voted):
    page = client.get(address(voted, "edit/who/"))
    other = save(client, voted, "who", eligibility="verified")

    assert [value for value, _label in page.context["form"].fields["eligibility"].choices] == ["registered"]
    assert faults(other) == {"eligibility": ["People have voted, so who sees it and who may take part is fixed."]}
    with pytest.raises(Conflict, match="eligibility_voted"):
        change_consultation(consultation=voted, actor=agency.owner, eligibility="verified")
    assert save(client, voted, "who", is_unlisted="on").status_code == 302


def test_nobody_is_shut_out_of_a_vote_or_let_into_it_once_somebody_has_voted(client, agency, editor, voted):
    salud = make_agency("Salud")
    hidden = save(client, voted, "who", visibility="private")
    shared = save(client, voted, "who", shared_with=[salud.pk])

    assert faults(hidden) == {"visibility": ["People have voted, so who sees it and who may take part is fixed."]}
    assert shared.status_code == 302
    for change in ({"visibility": "private"}, {"shared_with": [salud]}):
        with pytest.raises(Conflict, match="eligibility_voted"):
            change_consultation(consultation=voted, actor=agency.owner, **change)
    stored = Consultation.objects.get()
    assert (stored.visibility, list(stored.shared_with.all())) == ("public", [])


def test_after_the_close_more_people_may_read_it_and_those_who_could_still_can(client, agency, editor, voted):
    salud = make_agency("Salud")
    close_if_due(end(voted.polls.get()))
    change_consultation(consultation=voted, actor=agency.owner, shared_with=[salud])
    with pytest.raises(Conflict, match="eligibility_voted"):
        change_consultation(consultation=voted, actor=agency.owner, visibility="private")
    assert save(client, voted, "who", visibility="private").status_code == 400

    Consultation.objects.update(visibility="private")
    assert save(client, voted, "who", visibility="public").status_code == 302
    assert Consultation.objects.get().visibility == "public"


def test_a_voting_phase_with_a_poll_cannot_be_taken_away(client, agency, editor):
    consultation = make_consultation(agency, now_in="discussion")
    make_poll(consultation)

    response = save(client, consultation, "when", voting_starts_at="", voting_ends_at="")

    assert response.status_code == 409
    assert consultation.phases.filter(kind="voting").exists()


def test_a_published_consultation_keeps_a_text_and_a_phase(client, agency, editor):
    consultation = make_consultation(agency)
    no_phases = {
        name: "" for name in step_of(client, consultation, "when") if name.endswith(("_starts_at", "_ends_at"))
    }

    without_text = save(client, consultation, "what", body="")
    without_phase = save(client, consultation, "when", **no_phases)

    assert faults(without_text).keys() == {"body"}
    assert faults(without_phase).keys() == {"__all__"}
    stored = Consultation.objects.get()
    assert stored.body
    assert stored.phases.exists()


def test_money_is_taken_away_by_emptying_the_field(client, agency, editor):
    consultation = make_consultation(agency, budget_cents=5_000_00)

    save(client, consultation, "money", budget_cents="")

    assert not hasattr(Consultation.objects.get(), "budget")


def test_taking_an_agency_off_the_list_takes_its_members_sight(client, agency, editor):
    salud = make_agency("Salud")
    consultation = make_consultation(agency, visibility="private", shared_with=[salud])
    outsider = salud.owner
    client.force_login(editor)
    save(client, consultation, "who", shared_with=[])

    client.force_login(fresh(outsider))
    assert client.get(address(consultation)).status_code == 404


def test_published_dates_change_only_with_a_reason_that_everybody_reads(client, agency, editor):
    consultation = make_consultation(agency, now_in="information")

    silent = save(client, consultation, "when", voting_ends_at="2031-01-01T10:00")
    assert faults(silent) == {"reason": ["Say why. Everybody reads it beside the new date."]}
    assert not consultation.date_changes.exists()

    said = {"voting_ends_at": "2031-01-01T10:00", "proposals_starts_at": "", "proposals_ends_at": ""}
    save(client, consultation, "when", **said, reason="Lo pidieron los barrios")

    changes = {change.phase_kind: change for change in consultation.date_changes.all()}
    assert changes.keys() == {"voting", "proposals"}
    assert changes["proposals"].is_removal
    assert changes["voting"].changed_by == editor
    client.logout()
    assert "Lo pidieron los barrios" in words(client.get(address(consultation)))


def test_a_phase_that_is_added_and_dates_that_stay_need_no_reason(client, agency, editor):
    consultation = make_consultation(agency)

    assert save(client, consultation, "when").status_code == 302
    assert save(client, consultation, "when", follow_up_starts_at="2031-01-01T10:00").status_code == 302
    assert not consultation.date_changes.exists()


def test_the_dates_of_a_draft_change_without_a_word(agency):
    draft = make_consultation(agency, publish=False)

    change_consultation(consultation=draft, actor=fresh(agency.owner), phases=[])

    assert not draft.date_changes.exists()


# --- Whatever is typed

moments = st.one_of(
    st.datetimes().map(lambda moment: moment.strftime("%Y-%m-%dT%H:%M")),
    st.text(max_size=20),
    st.sampled_from(["", "2026-11-27", "27/11/2026 18:00", "2026-02-30T10:00", "2026-11-27T18:00:59", "0", "\x00"]),
)
anything = st.one_of(st.text(max_size=12), st.integers().map(str))


@pytest.fixture
def form_of_dates(agency):
    """Makes the form of the dates of a draft without phases."""
    draft, now = create_consultation(agency=agency, title="Plan", summary="…", actor=None), database_now()

    def make(**typed):
        form = WhenForm({"version": "x", **typed}, consultation=draft, now=now)
        form.full_clean()
        return form

    return make


one_draft_for_all = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@one_draft_for_all
@given(starts=moments, ends=moments)
@example(starts="0001-01-01T00:00", ends="9999-12-31T23:59")
@example(starts="1999-12-31T21:00", ends="2099-12-31T23:00")  # of these years in UTC, of others in Buenos Aires
@example(starts="2026-11-27T18:00+05:00", ends="")
def test_any_dates_give_a_fault_or_moments_in_order_of_the_site(form_of_dates, starts, ends):
    form = form_of_dates(mode=EXACT, voting_starts_at=starts, voting_ends_at=ends)

    if not form.errors:
        for phase in form.phases():
            assert phase.starts_at.tzinfo is not None
            assert 2000 <= phase.starts_at.year <= 2099


@one_draft_for_all
@given(start=moments, days=anything, more=anything)
@example(start="2099-12-30T09:00", days="7", more="7")
@example(start="2026-11-27T18:00", days="3650", more="3650")
def test_any_plan_gives_a_fault_or_phases_that_a_calendar_holds(form_of_dates, start, days, more):
    typed = {"starts_on": start, "voting_is_there": "on", "voting_days": days}
    form = form_of_dates(mode=PLAN, **typed, results_is_there="on", results_days=more)

    if not form.errors:
        voting, results = form.phases()
        assert 2000 <= voting.starts_at.year <= results.starts_at.year <= 2099
        assert voting.starts_at < voting.ends_at == results.starts_at


def test_a_moment_that_is_shown_and_sent_back_is_the_same_to_the_second(client, agency, editor):
    consultation = make_consultation(agency)
    phase = consultation.phases.get(kind="voting")
    phase.ends_at = phase.ends_at.replace(second=42) + timedelta(hours=1)
    phase.save()

    save(client, consultation, "when", follow_up_starts_at=in_days(90))

    assert Phase.objects.get(pk=phase.pk).ends_at == phase.ends_at
