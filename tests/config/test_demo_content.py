"""The demonstration: all of it is there, and stays current when it is loaded again. See also test_demo_loading.py."""

from datetime import timedelta
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.models import Agency, Membership, Role, User
from comments.models import Annotation, Comment, Disposition, Flag, ModerationDecision, Placement
from config.demo import building
from config.demo.people import CITIZEN_COUNT, DEMO_LOGINS, EAGER, PASSWORD, SILENT, citizens
from config.management.commands.demo import refuse_older_tables
from consultations.clock import State, active_phase, database_now
from consultations.models import Consultation, Pledge
from tests.emptying import committed
from tests.factories import anonymous
from tests.voting.reading import tally_for
from voting.models import Ballot, Poll
from voting.results.gate import count_withheld, has_voted

pytestmark = pytest.mark.django_db


def load(**options):
    out, err = StringIO(), StringIO()
    call_command("demo_content", stdout=out, stderr=err, **options)
    return out.getvalue()


@pytest.fixture(scope="module")
def villa_serena(django_db_setup, django_db_blocker):
    """Loaded once for all tests of this file."""
    with committed(django_db_blocker):
        yield load()


def consultation(slug):
    return Consultation.objects.get(slug=slug)


def rows():
    """How many rows each table has."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


# --- What is there


def test_three_agencies_and_a_community_of_members_from_each(villa_serena):
    assert Agency.objects.filter(kind="agency").count() == 3
    community = Agency.objects.get(kind="community")
    sent_by = set(community.memberships.values_list("on_behalf_of__slug", flat=True))
    assert sent_by == {"obras", "movilidad", "participacion"}


def test_there_is_somebody_with_every_role_and_an_administrator(villa_serena):
    roles = {role for membership in Membership.objects.all() for role in membership.roles}
    assert roles == set(Role.values)
    assert User.objects.get(email="nadia@villaserena.example").has_perm("accounts.add_agency")


def test_consultations_stand_in_every_state(villa_serena):
    now = database_now()
    states = [c.state_at(now) for c in Consultation.objects.all()]
    assert len(states) >= 6
    assert set(states) == set(State)
    assert {active_phase(c, now).kind for c in Consultation.objects.all() if active_phase(c, now)} >= {
        "proposals", "discussion", "voting", "results", "follow_up",
    }  # fmt: skip


def test_one_consultation_is_answered_with_every_kind_of_disposition(villa_serena):
    found = consultation("plaza-del-molino")
    assert found.is_answered_at(database_now())
    assert set(Disposition.objects.filter(comment__consultation=found).values_list("kind", flat=True)) == set(
        Disposition.Kind.values
    )


def test_a_vote_is_open_now_and_its_count_is_live(villa_serena):
    poll = consultation("colectivos-electricos").polls.get(method="for_against_abstain")
    tally = tally_for(poll, anonymous)
    assert active_phase(poll.consultation).kind == "voting"
    assert tally.voters > 400
    assert sum(option.count for option in tally.options) + tally.blank == tally.voters
    assert tally.number > tally.voters  # some thought again


def test_every_method_and_every_way_of_showing_results_is_in_use(villa_serena):
    assert set(Poll.objects.values_list("method", flat=True)) >= {
        "for_against_abstain", "single_choice", "approval", "greedy",
    }  # fmt: skip
    assert set(Poll.objects.values_list("results_policy", flat=True)) == set(Poll.ResultsPolicy.values) - {
        "embargo"  # needs a date of its own, which a script that is loaded on any day does not have
    }


def test_the_private_consultation_is_only_for_the_community(villa_serena):
    private = Consultation.objects.filter(visibility="private")
    assert private.get().agency.is_community
    assert not Consultation.objects.visible_to(anonymous).filter(pk__in=private).exists()
    assert (
        Consultation.objects.visible_to(User.objects.get(email="elena@obras.example")).filter(pk__in=private).exists()
    )
    assert not Consultation.objects.visible_to(User.objects.get(email=EAGER)).filter(pk__in=private).exists()


def test_the_budget_has_40_proposals_3000_ballots_and_winners_that_fit_the_money(villa_serena):
    budget = consultation("presupuesto-participativo")
    poll = budget.polls.get()
    assert budget.proposals.count() == 40
    assert Ballot.objects.filter(poll=poll).count() == 3_000
    assert poll.is_closed and active_phase(budget).kind == "results"
    explanation = poll.outcome.explanation
    won = [row for row in explanation["projects"] if row["selected"]]
    assert sum(row["cost"] for row in won) == explanation["spent"] <= budget.budget.amount_cents
    assert any(row["votes"] > won[-1]["votes"] and not row["selected"] for row in explanation["projects"])


def test_a_thread_has_300_comments_with_official_replies_a_hidden_one_and_reports_that_wait(villa_serena):
    thread = Comment.objects.filter(consultation=consultation("codigo-de-convivencia"), document__isnull=True)
    assert thread.count() == 300
    assert thread.filter(is_official=True).count() >= 5
    assert ModerationDecision.objects.get(comment=thread.get(hidden_at__isnull=False)).act == "hidden"
    assert Flag.objects.filter(comment__in=thread, answered_at__isnull=True).values("comment").distinct().count() >= 3
    assert thread.values("body").distinct().count() > 270


def test_no_comment_comes_before_what_it_answers_or_after_now(villa_serena):
    now = database_now()
    for comment in Comment.objects.select_related("root", "proposal"):
        assert comment.created_at <= now
        assert comment.root is None or comment.root.created_at < comment.created_at
        assert comment.proposal is None or comment.proposal.created_at <= comment.created_at


def test_names_and_addresses_of_citizens_are_all_different_and_belong_to_nobody():
    people = citizens()
    assert len({person.email for person in people}) == len({person.name for person in people}) == CITIZEN_COUNT
    assert all(person.email.endswith(".example") for person in people)


# --- Trying it out


@pytest.mark.parametrize("email", [email for email, _ in DEMO_LOGINS])
def test_everybody_who_is_printed_logs_in_with_the_password_that_is_printed(villa_serena, client, email):
    assert email in villa_serena and PASSWORD in villa_serena
    answer = client.post(reverse("account_login"), {"login": email, "password": PASSWORD})
    assert answer.status_code == 302
    assert int(client.session["_auth_user_id"]) == User.objects.get(email=email).pk


def test_one_citizen_has_voted_and_another_can(villa_serena):
    poll = consultation("colectivos-electricos").polls.get(method="for_against_abstain")
    eager, silent = User.objects.get(email=EAGER), User.objects.get(email=SILENT)
    assert has_voted(poll, eager) and not has_voted(poll, silent)
    assert silent.has_perm("voting.vote_poll", poll)
    assert EmailAddress.objects.get(user=silent).verified
    for closed in Poll.objects.filter(closed_at__isnull=False):
        assert has_voted(closed, eager) and not has_voted(closed, silent)


def test_the_count_that_is_withheld_is_withheld_from_everybody(villa_serena):
    poll = consultation("ferias-de-barrio").polls.get()
    for person in (anonymous, User.objects.get(email="ana@obras.example"), User.objects.get(email=EAGER)):
        assert count_withheld(poll, person)


@pytest.mark.parametrize("slug", [script["slug"] for script in building.scripts() if not script.get("draft")])
def test_every_page_opens(villa_serena, client, slug):
    client.force_login(User.objects.get(email="bruno@movilidad.example"))
    assert client.get(f"/consultations/{slug}/").status_code == 200


# --- Again and again


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE voting_opening DROP COLUMN account_mark",
        "ALTER TABLE voting_ballotdraft ADD COLUMN pseudonym bytea",
    ],
)
def test_a_database_of_an_older_version_is_named_with_the_cure(db, change):
    refuse_older_tables()
    with connection.cursor() as cursor:
        cursor.execute(change)
    with pytest.raises(CommandError, match="make clean"):
        refuse_older_tables()


def test_loading_again_changes_nothing_and_costs_next_to_nothing(villa_serena, django_assert_max_num_queries):
    before = rows()
    with django_assert_max_num_queries(5):
        assert load() == villa_serena
    assert rows() == before


def test_what_is_missing_is_made_and_what_is_there_is_left_alone(villa_serena):
    changed = consultation("bibliotecas-de-noche")
    changed.title = "Otro título"
    changed.save()
    Consultation.objects.filter(slug="ciclovias").delete()
    load()
    assert consultation("bibliotecas-de-noche").title == "Otro título"
    assert Consultation.objects.filter(slug="ciclovias").count() == 1


# --- Another day


def script_of(slug):
    return next(script for script in building.scripts() if script["slug"] == slug)


def kept_current(slug, days):
    """Whether the dates move when it is loaded again so many days later; and the phase that is then active."""
    later = database_now() + timedelta(days=days)
    moved = building.keep_current(script_of(slug), consultation(slug), later)
    return moved, active_phase(consultation(slug), later)


def test_a_vote_that_is_still_open_keeps_its_dates(villa_serena):
    assert kept_current("colectivos-electricos", days=3)[0] is False


def test_a_vote_whose_time_went_by_unseen_is_open_again(villa_serena):
    moved, phase = kept_current("colectivos-electricos", days=60)
    assert (moved, phase.kind) == (True, "voting")


def test_what_opens_soon_goes_on_opening_soon(villa_serena):
    assert kept_current("bibliotecas-de-noche", days=30) == (True, None)


def test_a_vote_that_was_closed_stays_closed(villa_serena):
    Poll.objects.filter(consultation__slug="colectivos-electricos").update(closed_at=database_now())
    assert kept_current("colectivos-electricos", days=60)[0] is False


def test_dates_that_somebody_changed_stay_as_they_are(villa_serena):
    phase = consultation("plan-de-arbolado").phases.get(kind="information")
    phase.starts_at -= timedelta(days=1)
    phase.save()
    assert kept_current("plan-de-arbolado", days=60)[0] is False


def test_the_draft_text_has_annotations_of_each_kind_and_fate(villa_serena):
    placed = Placement.objects.filter(version__number=2)
    assert set(placed.values_list("state", flat=True)) >= {"kept", "text_changed", "orphaned"}
    assert set(Annotation.objects.values_list("purpose", flat=True)) == {"comment", "suggest", "ask"}
    answered = Disposition.objects.filter(comment__annotation__isnull=False)
    assert answered.filter(article__version__number=2).count() == 4


def test_what_the_young_decided_is_followed_up_and_one_step_of_it_is_late(villa_serena, client):
    found = Pledge.objects.filter(consultation__slug="presupuesto-joven")
    assert found.exists()
    assert not found.filter(proposal__isnull=True).exists()  # the script names what won, and nothing else
    page = client.get("/consultations/presupuesto-joven/follow-up/", headers={"accept-language": "en"})
    assert "1 is late." in " ".join(page.content.decode().split())
