"""What the agency decides otherwise than the count: in public, beside it, and only ever added to."""

import re
import secrets

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction
from django.urls import reverse

from accounts.models import AuditEntry
from tests.exports.reading import rows_of
from tests.factories import ProposalFactory, anonymous, choose, make_agency, make_consultation, make_poll, member
from tests.voting.reading import page_of
from tests.voting.test_closing import end
from voting.ballots.bulk import append_ballots
from voting.ballots.closing import close_if_due
from voting.methods.rules import Rules
from voting.models import Deviation, OtherOutcomes, Poll
from voting.results import other_methods
from voting.results.decided import decided_winners, winners_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def obras():
    return make_agency("Obras")


def open_budget(obras, method="greedy", **fields):
    """Three want the dear fountain; two the bench and the lamp, which together cost less than their shares."""
    consultation = make_consultation(agency=obras, now_in="voting", budget_cents=1_000_00)
    trees = [
        ProposalFactory(consultation=consultation, title=title, cost_cents=cost)
        for title, cost in (("Fuente", 900_00), ("Banco", 200_00), ("Farol", 150_00))
    ]
    poll = make_poll(consultation, method=method, options=trees, **fields)
    wanted = [["Fuente"], ["Fuente"], ["Fuente"], ["Banco", "Farol"], ["Banco", "Farol"]]
    append_ballots(poll, [(secrets.token_bytes(32), choose(poll, *names)) for names in wanted])
    return poll


def closed(poll):
    end(poll)
    close_if_due(Poll.objects.get(pk=poll.pk))
    return Poll.objects.select_related("consultation", "outcome").get(pk=poll.pk)


def decide(client, poll, name, reason="No hay agua en esa plaza."):
    option = {str(option): option.pk for option in poll.options.all()}[name]
    return client.post(reverse("voting:deviate", args=[poll.pk]), {"option": option, "reason": reason})


def names(poll, ids):
    labels = {option.pk: str(option) for option in poll.options.all()}
    return [labels[pk] for pk in ids]


def words(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace(" .", ".")


def test_a_winner_is_left_out_and_another_taken_in_beside_what_the_count_said(client, obras):
    poll = closed(open_budget(obras))
    client.force_login(member(obras, "editor"))
    assert decide(client, poll, "Fuente").status_code == 302
    assert decide(client, poll, "Farol", "En su lugar.").status_code == 302

    page = words(client.get(poll.get_absolute_url()).content.decode())
    assert "1 of 3 proposals won, for ARS 900 of ARS 1,000" in page  # the count stays as it was
    assert "After the count and what the agency decided, 1 proposal goes ahead, for ARS 150 of ARS 1,000." in page
    assert "This was decided after the close, so it is not in the sealed log" in page
    log = words(client.get(f"/polls/{poll.pk}/log/").content.decode())
    assert "Where the agency decides otherwise after it, that is not in the log" in log
    assert "Fuente. Won by the count, and does not go ahead. Reason: No hay agua en esa plaza." in page
    assert "Farol. Did not win by the count, and goes ahead. Reason: En su lugar." in page
    assert names(poll, decided_winners(poll)) == ["Farol"]
    assert [cents for _, cents in winners_of(poll.consultation)] == [150_00]
    entry = AuditEntry.objects.filter(event="voting.outcome_deviated").latest("pk")
    assert (entry.details["kind"], entry.details["reason"]) == ("added", "En su lugar.")


def test_whether_the_agency_has_bound_itself_is_said_to_voters_and_beside_what_it_decides_otherwise(client, obras):
    advice, bound = "it does not bind it", "The agency has bound itself to the outcome"
    poll = open_budget(obras)
    page = words(page_of(client, poll))
    assert advice in page and bound not in page
    poll = open_budget(obras, is_binding=True, results_policy="after_close")
    for place in (poll, poll.consultation):
        page = words(page_of(client, poll, place))
        assert bound in page and advice not in page
    poll = closed(poll)
    client.force_login(member(obras, "editor"))
    decide(client, poll, "Fuente")
    assert "The agency had bound itself to the outcome." in words(page_of(client, poll))


def test_api_open_data_pabulib_and_the_proposals_page_say_it_too(client, obras, capsys):
    poll = closed(open_budget(obras))
    client.force_login(member(obras, "owner"))
    decide(client, poll, "Fuente")
    fuente = poll.options.get(label="Fuente")
    client.logout()

    outcome = client.get(f"/api/v1/polls/{poll.pk}/").json()["outcome"]
    assert (outcome["winners"], outcome["decided"]) == ([str(fuente.pk)], [])
    assert outcome["deviations"][0]["kind"] == "excluded"
    (row,) = rows_of(poll.consultation, "polls", anonymous)
    assert "No hay agua en esa plaza." in row["deviations"]
    page = client.get(fuente.proposal.get_absolute_url()).content.decode()
    assert "Winner" not in page and "3 votes · Won by the count, and does not go ahead" in page
    assert f'<a href="{poll.get_absolute_url()}">Why<' in page
    loser = poll.options.get(label="Banco").proposal
    assert "2 votes · Did not win" in client.get(loser.get_absolute_url()).content.decode()
    call_command("export_pabulib", poll.consultation.slug)
    file = capsys.readouterr().out
    assert f"Project {fuente.pk} excluded by the agency: No hay agua en esa plaza." in file
    assert "\nrule;unknown\n" in file


def test_a_decision_is_taken_back_by_another_one_and_both_stay(client, obras):
    poll = closed(open_budget(obras))
    client.force_login(member(obras, "editor"))
    decide(client, poll, "Fuente")
    decide(client, poll, "Fuente", "Ahora hay agua.")

    decide(client, poll, "Farol", "Sobra plata.")
    decide(client, poll, "Farol", "No sobraba.")

    assert names(poll, decided_winners(poll)) == ["Fuente"]
    assert poll.deviations.count() == 4
    page = words(page_of(client, poll))
    assert "Fuente. Won by the count, left out before, and goes ahead after all. Reason: Ahora hay agua." in page
    assert "Farol. Taken in before without having won by the count, and does not go ahead after all. Reason:" in page
    for change in ("update", "delete"):
        with pytest.raises(DatabaseError, match=f"Cannot {change}"), transaction.atomic():
            rows = Deviation.objects.filter(poll=poll)
            rows.update(reason="Otra") if change == "update" else rows.delete()


def test_more_than_there_was_is_said_to_be_more(client, obras):
    poll = closed(open_budget(obras))
    client.force_login(member(obras, "editor"))
    decide(client, poll, "Banco")
    assert "That is ARS 100 more than there was to share out." in words(page_of(client, poll))


def test_not_before_everybody_sees_the_outcome_nor_without_a_reason_nor_by_anybody(client, obras):
    poll = open_budget(obras)
    client.force_login(member(obras, "owner"))
    assert decide(client, poll, "Fuente").status_code == 409
    poll = closed(poll)
    assert decide(client, poll, "Fuente", "  ").status_code == 400
    client.force_login(member(obras, "moderator"))
    assert decide(client, poll, "Fuente").status_code == 403
    assert "deviate" not in page_of(client, poll)
    assert not Deviation.objects.exists()


# --- What would differ


def test_the_page_says_what_would_differ_under_the_other_methods(client, obras):
    poll = closed(open_budget(obras))
    page = words(page_of(client, poll))

    shares = page.partition("Budget: equal shares")[2]
    assert "2 ARS 350 “Farol” and “Banco” would win. “Fuente” would not." in shares
    assert "Nothing: the same proposals win." in page.partition("Budget: most votes first, to the first")[2][:80]
    assert OtherOutcomes.objects.get(poll=poll).winners.keys() == {
        "greedy_no_skip", "greedy_per_cost", "equal_shares", "phragmen",
    }  # fmt: skip


def test_the_polls_own_least_number_of_votes_holds_under_the_other_methods_too(client, obras):
    poll = closed(open_budget(obras, method="greedy_threshold", rules=Rules(threshold=3)))
    page = words(page_of(client, poll))
    assert "1 ARS 900 Nothing: the same proposals win." in page.partition("Budget: equal shares")[2]
    assert "holds under them too, except under “Proposals that fit the budget, most votes first”" in page


def test_of_many_ballots_the_worker_counts_it_and_never_before_the_gate_opens(client, obras, monkeypatch):
    from datetime import timedelta

    from django.utils import timezone

    monkeypatch.setattr(other_methods, "MOST_AT_ONCE", 1)
    hidden = closed(open_budget(obras, results_policy="embargo", embargo_until=timezone.now() + timedelta(days=3)))
    poll = closed(open_budget(obras))
    assert "What would differ" not in page_of(client, poll)
    for _ in range(3):
        other_methods.count_those_waiting(timezone.now())
    assert "What would differ" in page_of(client, poll)
    assert not OtherOutcomes.objects.filter(poll=hidden).exists()
    assert "would differ" not in page_of(client, hidden)
