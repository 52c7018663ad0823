"""Setting a poll up: the use cases and the editors' forms."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry, Role
from accounts.refusals import Conflict, InvalidInput, NotPermitted, PhaseClosed
from comments.moderation.moderating import hide
from consultations.models import Budget, District
from tests.factories import ProposalFactory, UserFactory, anonymous, choose, make_agency, make_consultation, make_poll
from tests.factories import member as make_member
from tests.voting.test_closing import end
from voting.ballots.casting import cast_ballot
from voting.ballots.closing import close_if_due
from voting.models import Poll
from voting.polls.setting_up import change_poll, open_poll

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def consultation():
    return make_consultation(make_agency("Obras"), now_in="discussion")


@pytest.fixture
def editor(client, consultation):
    person = make_member(consultation.agency, Role.EDITOR)
    client.force_login(person)
    return person


def new_url(consultation):
    return f"{reverse('voting:new-poll')}?consultation={consultation.slug}"


def filled(**changes):
    form = {
        "question": "¿Qué plantamos?",
        "method": "single_choice",
        "options": "Jacarandá\nLapacho\r\n\n  Tipa  ",
        "results_policy": "live",
    }
    return {**form, **changes}


def labels(poll):
    return [str(option) for option in poll.options.all()]


# --- Putting a question to the vote


def test_an_editor_puts_a_question_to_the_vote(client, consultation, editor):
    assert client.get(new_url(consultation)).status_code == 200
    answer = client.post(new_url(consultation), filled())

    poll = Poll.objects.get()
    assert answer.url == poll.get_absolute_url()
    assert (poll.question, poll.method, poll.results_policy) == ("¿Qué plantamos?", "single_choice", "live")
    assert labels(poll) == ["Jacarandá", "Lapacho", "Tipa"]
    assert AuditEntry.objects.filter(event="voting.poll_opened", actor=editor).exists()


def test_for_against_and_abstain_need_no_options(client, consultation, editor):
    client.post(new_url(consultation), filled(method="for_against_abstain", options="", max_choices="7"))

    assert labels(Poll.objects.get()) == ["For", "Against", "Abstain"]
    assert Poll.objects.get().max_choices is None


@pytest.mark.parametrize("given", [{"options": "Calzada\nVereda"}, {"options": "", "use_proposals": "on"}])
def test_options_beside_for_against_and_abstain_are_not_lost_without_a_word(client, consultation, editor, given):
    answer = client.post(new_url(consultation), filled(method="for_against_abstain", **given))

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == ["use_proposals" if "use_proposals" in given else "options"]
    assert not Poll.objects.exists()


def test_the_proposals_that_are_shown_can_be_the_options(client, consultation, editor):
    shown = [ProposalFactory(consultation=consultation, title=title) for title in ("Plaza", "Cancha")]
    hidden = ProposalFactory(consultation=consultation, title="PALABROTA")
    hide(target=hidden, actor=make_member(consultation.agency, Role.MODERATOR), reason="Insulta.")

    client.post(new_url(consultation), filled(method="approval", options="", use_proposals="on", max_choices="2"))

    poll = Poll.objects.get()
    assert [option.proposal for option in poll.options.all()] == shown
    assert poll.max_choices == 2


def money(consultation):
    Budget.objects.create(consultation=consultation, amount_cents=900_00)


def test_of_money_only_what_can_be_carried_out_and_has_a_cost_is_put_to_the_vote(client, consultation, editor):
    money(consultation)
    can = [ProposalFactory(consultation=consultation, title=title, cost_cents=100_00) for title in ("Plaza", "Cancha")]
    ProposalFactory(consultation=consultation, title="Teleférico", cost_cents=100_00, feasibility="not_feasible")
    ProposalFactory(consultation=consultation, title="Sin costo")
    client.post(new_url(consultation), filled(method="greedy", options="", use_proposals="on"))

    assert [option.proposal for option in Poll.objects.get().options.all()] == can


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"options": "Plaza\nCancha"}, "options", "What is written here has no cost."),
        ({"options": "", "use_proposals": "on"}, "use_proposals", "Too few proposals have a cost"),
    ],
)
def test_money_goes_to_nothing_without_a_cost(client, consultation, editor, given, field, says):
    money(consultation)
    ProposalFactory(consultation=consultation, title="Plaza", cost_cents=100_00)
    ProposalFactory(consultation=consultation, title="Sin costo")
    answer = client.post(new_url(consultation), filled(method="greedy", **given))

    assert says in answer.context["form"].errors[field][0]
    assert not Poll.objects.exists()


def test_the_money_of_districts_is_not_shared_out_by_one_vote(client, consultation, editor):
    money(consultation)
    north = District.objects.create(consultation=consultation, position=1, name="Norte", amount_cents=900_00)
    for title in ("Plaza", "Cancha"):
        ProposalFactory(consultation=consultation, title=title, cost_cents=100_00, district=north)
    answer = client.post(new_url(consultation), filled(method="greedy", options="", use_proposals="on"))

    assert "set up their votes instead" in answer.context["form"].errors["method"][0]
    assert not Poll.objects.exists()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"question": " "}, "This field is required."),
        ({"method": "eeny_meeny"}, "Select a valid choice."),
        ({"method": "stv", "seats": "3"}, "There must be fewer seats than options."),
        ({"method": "cumulative"}, "Say how many points one person has"),
        ({"method": "cumulative", "max_sum": "5", "max_points": "6"}, "That is more than one person has."),
        ({"results_policy": "never"}, "Select a valid choice."),
        ({"options": "Jacarandá"}, "Give at least two options."),
        ({"options": "Jacarandá\njacarandá "}, "Two options are the same."),
        ({"options": "a" * 301 + "\nb"}, "One option has more than 300 characters."),
        ({"use_proposals": "on"}, "Choose the proposals or write options, not both."),
        ({"method": "approval", "max_choices": "4"}, "Choose a number between 1 and the number of options."),
        ({"method": "approval", "max_choices": "0"}, "greater than or equal to 1"),
        ({"method": "greedy"}, "Say first how much money there is to allocate."),
    ],
)
def test_a_fault_is_shown_at_its_field_and_nothing_typed_is_lost(client, consultation, editor, changes, says):
    answer = client.post(new_url(consultation), filled(**changes))

    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert "field-error" in answer.content.decode()
    assert not Poll.objects.exists()
    if "question" not in changes:
        assert "¿Qué plantamos?" in answer.content.decode()


def test_without_a_voting_phase_the_editor_is_told_to_add_one(client):
    agency = make_agency("Obras")
    consultation = make_consultation(agency, now_in="discussion")
    client.force_login(agency.owner)
    assert "Put a question to the vote" in client.get(consultation.get_absolute_url()).content.decode()
    consultation.phases.filter(kind="voting").delete()

    page = client.get(new_url(consultation)).content.decode()
    assert f"/consultations/{consultation.slug}/edit/when/" in page
    assert 'name="question"' not in page
    assert "Put a question to the vote" not in client.get(consultation.get_absolute_url()).content.decode()
    answer = client.post(new_url(consultation), filled())
    assert answer.status_code == 400
    assert "Add a voting phase with its dates first." in answer.content.decode()
    assert "Lapacho" in answer.content.decode()


def test_each_method_says_what_it_does_badly(client, consultation, editor):
    assert client.get(new_url(consultation)).content.decode().count("does badly") >= 4


def test_the_consultation_page_offers_it_to_editors_and_to_nobody_else(client, consultation, editor):
    address = new_url(consultation)
    assert address in client.get(consultation.get_absolute_url()).content.decode()
    client.force_login(UserFactory())
    assert address not in client.get(consultation.get_absolute_url()).content.decode()


def test_once_voting_is_over_no_further_question_is_offered(client):
    agency = make_agency("Obras")
    client.force_login(agency.owner)
    open_still, over = (
        make_consultation(agency, now_in="voting"),
        make_consultation(agency, now_in="results", title="Otra"),
    )

    assert new_url(open_still) in client.get(open_still.get_absolute_url()).content.decode()
    assert new_url(over) not in client.get(over.get_absolute_url()).content.decode()


@pytest.mark.parametrize("role", [Role.MODERATOR, Role.ANALYST, Role.MEMBER, None])
def test_nobody_else_sets_a_poll_up(client, consultation, role):
    poll = make_poll(consultation)
    client.force_login(make_member(consultation.agency, role) if role else UserFactory())

    for address in (new_url(consultation), f"/polls/{poll.pk}/edit/"):
        assert client.get(address).status_code == 403
        assert client.post(address, filled()).status_code == 403
    assert Poll.objects.count() == 1


def test_a_visitor_is_sent_to_log_in(client, consultation):
    answer = client.get(new_url(consultation))
    assert answer.status_code == 403
    assert "account/login" in answer.content.decode()


def test_a_consultation_that_is_missing_or_not_visible_is_not_found(client, editor):
    private = make_consultation(make_agency("Salud"), visibility="private")
    for address in (reverse("voting:new-poll"), new_url(private), "/polls/999/edit/"):
        assert client.get(address).status_code == 404


# --- Changing it


def test_an_editor_changes_everything_while_nobody_has_voted(client, consultation, editor):
    poll = make_poll(consultation, method="approval", options=["Sí", "No"], max_choices=1)
    page = client.get(f"/polls/{poll.pk}/edit/").content.decode()
    assert "Sí\nNo" in page

    client.post(f"/polls/{poll.pk}/edit/", filled())

    poll.refresh_from_db()
    assert (poll.question, poll.method, poll.max_choices) == ("¿Qué plantamos?", "single_choice", None)
    assert labels(poll) == ["Jacarandá", "Lapacho", "Tipa"]
    assert AuditEntry.objects.get(event="voting.poll_changed").details["old"]["method"] == "approval"


def test_the_form_of_a_poll_over_proposals_shows_that(client, consultation, editor):
    proposals = [ProposalFactory(consultation=consultation) for _ in range(2)]
    poll = make_poll(consultation, method="approval", options=proposals)
    page = client.get(f"/polls/{poll.pk}/edit/").content.decode()

    assert 'name="use_proposals"' in page
    assert "checked" in page.split('name="use_proposals"')[1][:120]


def test_after_the_first_ballot_the_page_says_why_it_is_fixed(client):
    agency = make_agency("Obras")
    poll = make_poll(make_consultation(agency, now_in="voting"))
    cast_ballot(poll=poll, voter=UserFactory(), choices=choose(poll, "for"))
    client.force_login(make_member(agency, Role.EDITOR))

    for answer in (client.get(f"/polls/{poll.pk}/edit/"), client.post(f"/polls/{poll.pk}/edit/", filled())):
        assert answer.status_code == 409
        assert "People have voted already, so the question and its options are fixed." in answer.content.decode()
    with pytest.raises(Conflict):
        change_poll(
            poll=poll, question="¿Otra?", method="for_against_abstain", actor=agency.owner, results_policy="live"
        )


def test_a_closed_poll_without_a_ballot_is_fixed_too():
    agency = make_agency("Obras")
    poll = make_poll(make_consultation(agency, now_in="voting"))
    close_if_due(end(poll))

    with pytest.raises(Conflict) as refused:
        change_poll(
            poll=poll, question="¿Otra?", method="for_against_abstain", actor=agency.owner, results_policy="live"
        )
    assert refused.value.code == "closed"


def test_a_proposal_of_another_consultation_is_no_option(consultation, editor):
    strangers = [ProposalFactory(consultation=make_consultation()) for _ in range(2)]
    with pytest.raises(InvalidInput) as refused:
        open_poll(consultation=consultation, question="¿?", method="approval", actor=editor, options=strangers)
    assert (refused.value.code, refused.value.field) == ("strange_proposal", "options")


def test_money_goes_only_to_what_has_a_cost(consultation, editor):
    Budget.objects.create(consultation=consultation, amount_cents=1_000_000_00)
    dear, cheap = (ProposalFactory(consultation=consultation, cost_cents=cost) for cost in (900_000_00, 100_000_00))
    for options in (["Una plaza", "Un mercado"], [dear, ProposalFactory(consultation=consultation)]):
        with pytest.raises(InvalidInput) as refused:
            open_poll(consultation=consultation, question="¿?", method="greedy", actor=editor, options=options)
        assert (refused.value.code, refused.value.field) == ("option_without_cost", "options")
    assert open_poll(consultation=consultation, question="¿?", method="greedy", actor=editor, options=[dear, cheap])


def test_the_use_cases_ask_who(consultation, editor):
    for person in (UserFactory(), anonymous, make_member(make_agency("Salud"), Role.EDITOR)):
        with pytest.raises(NotPermitted):
            open_poll(consultation=consultation, question="¿?", method="for_against_abstain", actor=person)


@pytest.mark.parametrize("phase", ["results", "over"])
def test_no_question_is_added_once_voting_is_over(phase):
    agency = make_agency("Salud")
    with pytest.raises(PhaseClosed, match="voting_over"):
        open_poll(
            consultation=make_consultation(agency, now_in=phase),
            question="¿Otra más?",
            method="for_against_abstain",
            actor=make_member(agency, Role.EDITOR),
        )
    assert not Poll.objects.exists()


def test_the_ballot_is_previewed_and_nothing_is_kept_by_that(client, consultation, editor):
    typed = filled(method="irv", settings="preview")
    answer = client.post(new_url(consultation), typed)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This is the ballot that people will see" in page
    assert 'class="ballot-place"' in page
    assert typed["question"] in page
    assert not Poll.objects.exists()

    answer = client.post(new_url(consultation), filled(method="stv", seats="9", settings="preview"))
    assert answer.status_code == 400
    assert "There must be fewer seats than options." in answer.content.decode()


def test_the_settings_of_another_method_are_shown_with_what_was_typed_and_no_fault(client, consultation, editor):
    answer = client.post(new_url(consultation), filled(method="stv", question="", settings="1"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "This field is required." not in page
    row = page.partition('name="seats"')[0].rpartition("<div data-methods")[2]
    assert "hidden" not in row.partition(">")[0]


def test_a_change_keeps_what_was_said_about_the_method(client, consultation, editor):
    client.post(new_url(consultation), filled(method="stv", seats="2", use_proposals="", options="A\nB\nC"))
    poll = Poll.objects.get()
    assert (poll.method, poll.rules) == ("stv", {"seats": 2})
    page = client.get(reverse("voting:edit-poll", args=[poll.pk])).content.decode()
    assert 'name="seats" value="2"' in page
