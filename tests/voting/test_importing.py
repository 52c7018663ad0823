"""A Pabulib file becomes a consultation, whole or not at all."""

import json
import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounts.models import AuditEntry
from consultations.clock import State, active_phase, database_now
from consultations.models import Consultation, Proposal
from tests.factories import anonymous, make_agency
from tests.voting.elections import OWN_FILE, greedy_in_order
from tests.voting.reading import tally_for
from voting.ballots.shapes import commitment_of
from voting.models import Ballot, Leaf, Opening, Outcome, Poll, PollSecret, QueuedBallot, RollEntry, Seal, Tally

pytestmark = pytest.mark.django_db


@pytest.fixture
def villa_serena():
    return make_agency("Villa Serena")


def run(file, agency="villa-serena", **options):
    """What the command prints: (stdout, stderr)."""
    out, err = StringIO(), StringIO()
    call_command("import_pabulib", str(file), agency=agency, stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def imported(file=OWN_FILE, **options) -> Consultation:
    address = run(file, **options)[0].strip().splitlines()[-1]
    return Consultation.objects.get(slug=re.fullmatch(r"/consultations/([\w-]+)/", address)[1])


def project_ids(poll: Poll, option_ids) -> list[str]:
    ids = {str(option.pk): option.proposal.external_id for option in poll.options.select_related("proposal")}
    return [ids[option] for option in option_ids]


def altered(tmp_path, *changes):
    """Our own file with some of its text replaced."""
    text = OWN_FILE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = tmp_path / "altered.pb"
    file.write_text(text, encoding="utf-8")
    return file


def with_ballots(tmp_path, vote_type, header, rows, **meta):
    """Our own projects with other ballots."""
    text = OWN_FILE.read_text(encoding="utf-8").split("VOTES\n")[0]
    text = text.replace("vote_type;approval", f"vote_type;{vote_type}").replace(
        "num_votes;14", f"num_votes;{len(rows)}"
    )
    text = text.replace("max_length;4\n", "".join(f"{key};{value}\n" for key, value in meta.items()))
    file = tmp_path / f"{vote_type}.pb"
    file.write_text(text + "VOTES\n" + "\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


# --- What comes in


def test_the_projects_become_proposals_with_their_cost_category_and_place(villa_serena):
    consultation = imported()

    plaza = consultation.proposals.get(external_id="1")
    assert plaza.title == "Plaza del arroyo"
    assert (plaza.cost_cents, plaza.category, plaza.place) == (4_500_000, "parks, children", "Norte")
    assert (plaza.latitude, plaza.longitude) == (-34.6012, -58.3816)
    assert "Juegos y sombra" in plaza.body
    assert consultation.proposals.count() == 8
    assert consultation.proposals.get(external_id="2").cost_cents == 3_000_050


def test_the_budget_keeps_its_amount_and_currency(villa_serena):
    budget = imported().budget
    assert (budget.amount_cents, budget.currency) == (10_000_000, "ARS")


def test_voting_lasted_from_the_first_midnight_to_the_end_of_the_last_day_here(villa_serena):
    voting, results = imported().phases.order_by("starts_at")
    tz = timezone.get_default_timezone()
    assert (voting.kind, results.kind) == ("voting", "results")
    assert voting.starts_at.astimezone(tz).isoformat() == "2025-03-03T00:00:00-03:00"
    assert voting.ends_at.astimezone(tz).isoformat() == "2025-03-22T00:00:00-03:00"
    assert (results.starts_at, results.ends_at) == (voting.ends_at, None)


def test_the_consultation_is_public_and_in_its_results_phase(villa_serena):
    consultation = imported()
    assert Consultation.objects.visible_to(anonymous).filter(pk=consultation.pk).exists()
    assert active_phase(consultation).kind == "results"
    assert consultation.state_at(database_now()) == State.CLOSED


@pytest.mark.parametrize(
    ("file", "order", "cost"), greedy_in_order(), ids=lambda value: value.stem if hasattr(value, "stem") else None
)
def test_the_winners_are_those_that_were_worked_out_outside_in_the_same_order(villa_serena, file, order, cost):
    poll = imported(file).polls.get()
    assert project_ids(poll, poll.outcome.winners) == order
    assert poll.outcome.explanation["spent"] == round(float(cost) * 100)


def test_equal_votes_and_costs_fall_to_the_lower_number_and_the_order_is_kept(villa_serena):
    poll = imported().polls.get()
    listed = [option.proposal.external_id for option in poll.options.all()]
    assert poll.breaks_ties_as_listed and listed == ["1", "2", "3", "4", "5", "6", "7", "10"]
    assert project_ids(poll, poll.outcome.winners).index("4") < project_ids(poll, poll.outcome.winners).index("10")


def test_anybody_sees_the_final_tally_with_blank_ballots_among_the_voters(villa_serena):
    poll = imported().polls.get()
    tally = tally_for(poll, anonymous)
    assert (tally.voters, tally.blank, tally.is_final) == (14, 1, True)
    assert {option.label.split(";")[0]: option.count for option in tally.options} == {
        "Plaza del arroyo": 8, 'Bicisenda "La Vía"': 7, "Polideportivo": 6, "Biblioteca abierta": 4,
        "Huerta de la escuela": 4, "Luces en la parada": 4, "Puente peatonal": 3, "Mural de la estación": 0,
    }  # fmt: skip


# --- The log


def test_every_ballot_is_in_the_log_with_its_opening_and_number(villa_serena):
    poll = imported().polls.get()
    ballots = Ballot.objects.filter(poll=poll).select_related("opening", "leaf")
    assert [ballot.leaf.number for ballot in ballots.order_by("commitment")] == list(range(1, 15))
    assert all(ballot.revision == 1 for ballot in ballots)
    assert all(
        bytes(ballot.commitment) == commitment_of(bytes(ballot.opening.salt), ballot.opening.choices)
        for ballot in ballots
    )
    assert (Tally.objects.get(poll=poll).number, QueuedBallot.objects.count()) == (14, 0)
    assert Seal.objects.get(poll=poll).number == 15  # the close is an entry too


def test_nothing_links_the_voters_of_the_file_with_their_ballots(villa_serena):
    first, second = imported().polls.get(), imported().polls.get()
    assert not PollSecret.objects.exists()
    assert not RollEntry.objects.exists()
    pseudonyms = [{bytes(b.pseudonym) for b in Ballot.objects.filter(poll=poll)} for poll in (first, second)]
    assert [len(found) for found in pseudonyms] == [14, 14]
    assert not pseudonyms[0] & pseudonyms[1]
    everything = json.dumps(list(Opening.objects.values_list("choices", flat=True))) + str(first.outcome.explanation)
    assert "v01" not in everything


def test_the_log_is_as_closed_as_any_other(villa_serena):
    poll = imported().polls.get()
    assert poll.is_closed
    with pytest.raises(DatabaseError, match="the poll is closed"), transaction.atomic():
        Ballot.objects.create(poll=poll, pseudonym=b"late" * 8, revision=1, commitment=b"x" * 32)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        Leaf.objects.filter(poll=poll).delete()


def test_the_import_is_audited(villa_serena):
    consultation = imported()
    entry = AuditEntry.objects.get(event="voting.election_imported", consultation_id=consultation.pk)
    assert entry.actor is None
    assert entry.details == {"source": "villa_serena.pb", "format": "pabulib", "ballots": 14}


# --- The official outcome


def test_an_official_outcome_that_is_the_same_is_said_to_be(villa_serena):
    consultation = imported()
    poll = consultation.polls.get()
    official = poll.outcome.explanation["official"]
    assert official["agrees"] is True
    assert sorted(project_ids(poll, official["winners"])) == ["1", "10", "2", "4", "7"]


def test_an_official_outcome_that_differs_is_shown_beside_ours(villa_serena, tmp_path):
    file = altered(
        tmp_path, ("3;40000;6;Polideportivo;sport;0", "3;40000;6;Polideportivo;sport;1"), ("rule;greedy", "rule;mes")
    )
    consultation = imported(file)
    poll = consultation.polls.get()
    official = poll.outcome.explanation["official"]
    assert official["agrees"] is False
    assert (official["rule"], "3" in project_ids(poll, official["winners"])) == ("mes", True)
    assert official["spent"] == 9_999_999 + 4_000_000
    assert "`mes`" in consultation.body


def test_a_file_that_names_no_official_winners_claims_none(villa_serena, tmp_path):
    text = OWN_FILE.read_text(encoding="utf-8").replace(";category;selected;", ";category;ignored;")
    file = tmp_path / "unofficial.pb"
    file.write_text(text, encoding="utf-8")
    assert "official" not in imported(file).polls.get().outcome.explanation


# --- Other kinds of ballots


def test_a_ballot_for_one_project_counts_once(villa_serena, tmp_path):
    file = with_ballots(tmp_path, "choose-1", "voter_id;vote", ["a;3", "b;3", "c;1"])
    poll = imported(file).polls.get()
    assert (poll.max_choices, poll.max_points) == (1, 1)
    assert project_ids(poll, poll.outcome.winners)[:2] == ["3", "1"]


def test_points_are_added_up_and_the_poll_says_how_many_one_ballot_could_give(villa_serena, tmp_path):
    file = with_ballots(tmp_path, "cumulative", "voter_id;vote;points", ["a;3,1;5,2", "b;1;2", "c;7;0"])
    poll = imported(file).polls.get()
    assert poll.max_points == 5
    assert project_ids(poll, poll.outcome.winners)[:2] == ["3", "1"]
    tally = tally_for(poll, anonymous)
    by_label = {option.label: option for option in tally.options}
    assert (by_label["Polideportivo"].count, by_label["Plaza del arroyo"].count) == (5, 4)
    assert by_label["Polideportivo"].share == 5 / 15  # of what three voters could have given it
    assert tally.blank == 1  # no points for anything


def test_a_ranking_gives_the_first_place_the_most_points(villa_serena, tmp_path):
    file = with_ballots(tmp_path, "ordinal", "voter_id;vote", ["a;3,1,2", "b;1,2,3", "c;2,1"], max_length=3)
    poll = imported(file).polls.get()
    assert (poll.max_points, poll.max_choices) == (3, 3)
    assert {o.label: o.count for o in tally_for(poll, anonymous).options if o.count} == {
        "Plaza del arroyo": 7, "Polideportivo": 4, 'Bicisenda "La Vía"; primer tramo': 6,
    }  # fmt: skip


def test_fractions_of_a_point_are_refused(villa_serena, tmp_path):
    file = with_ballots(tmp_path, "scoring", "voter_id;vote;points", ["a;3;0.5"])
    with pytest.raises(CommandError, match=r"a .*1/2"):
        run(file)
    assert_nothing_is_left()


# --- What is refused


def assert_nothing_is_left():
    assert not Consultation.objects.exists()
    assert not Proposal.objects.exists()
    assert not Poll.objects.exists()
    assert not AuditEntry.objects.filter(object_type="consultations.consultation").exists()


def test_a_malformed_file_is_refused_with_its_line_and_leaves_nothing_behind(villa_serena, tmp_path):
    file = altered(tmp_path, ("v01;1,2,3;34;F", "v01;1,2,99;34;F"))
    line = file.read_text(encoding="utf-8").splitlines().index("v01;1,2,99;34;F") + 1
    with pytest.raises(CommandError) as refused:
        run(file)
    assert str(refused.value).startswith(f"{file}:{line}: ")
    assert "99" in str(refused.value)
    assert "\n" not in str(refused.value)
    assert_nothing_is_left()


def test_a_fault_half_way_through_writing_leaves_nothing_behind(villa_serena, monkeypatch):
    def fails(*args, **kwargs):
        raise RuntimeError("the power goes")

    monkeypatch.setattr("voting.election_files.importing.conclude", fails)
    with pytest.raises(RuntimeError):
        run(OWN_FILE)
    assert_nothing_is_left()
    assert not Ballot.objects.exists()


def test_a_vote_that_has_not_begun_is_refused(villa_serena, tmp_path):
    file = altered(tmp_path, ("03.03.2025", "03.03.2999"), ("21.03.2025", "21.03.2999"))
    with pytest.raises(CommandError, match="2999-03-03"):
        run(file)
    assert_nothing_is_left()


def test_a_vote_of_this_year_is_over_although_the_year_is_not(villa_serena, tmp_path):
    last_year = timezone.localdate().year - 1
    file = altered(tmp_path, ("03.03.2025", str(last_year)), ("21.03.2025", str(timezone.localdate().year)))
    consultation = imported(file)
    assert active_phase(consultation).kind == "results"
    assert consultation.phases.get(kind="voting").ends_at > database_now() - timedelta(minutes=5)


def test_a_missing_file_a_directory_and_an_unknown_agency_get_one_clear_line_each(villa_serena, tmp_path):
    for file, agency, words in [
        (tmp_path / "nowhere.pb", "villa-serena", "No such file"),
        (tmp_path, "villa-serena", "directory"),
        (OWN_FILE, "elsewhere", "No agency has the address elsewhere"),
    ]:
        with pytest.raises(CommandError, match=words) as refused:
            run(file, agency=agency)
        assert "\n" not in str(refused.value)


# --- The command


def test_the_address_comes_from_the_file_and_is_the_last_line_printed(villa_serena):
    out, err = run(OWN_FILE)
    assert out == "/consultations/villa-serena/\n"
    assert "14" in err and "/consultations/" not in err


def test_the_same_file_again_makes_a_second_consultation_and_says_so(villa_serena):
    run(OWN_FILE)
    out, err = run(OWN_FILE)
    assert out == "/consultations/villa-serena-2/\n"
    assert "villa-serena was taken" in err
    assert Outcome.objects.count() == 2


def test_an_address_that_was_asked_for_is_given_or_refused(villa_serena):
    assert run(OWN_FILE, slug="barrios-2025")[0] == "/consultations/barrios-2025/\n"
    with pytest.raises(CommandError, match="another consultation has this address"):
        run(OWN_FILE, slug="barrios-2025")
    with pytest.raises(CommandError, match="only letters"):
        run(OWN_FILE, slug="barrios 2025")


def test_names_that_are_too_long_for_a_title_are_kept_whole_in_the_text(villa_serena, tmp_path):
    name = "Una plaza muy larga " * 20
    file = altered(tmp_path, ("Plaza del arroyo", name))
    proposal = imported(file).proposals.get(external_id="1")
    assert len(proposal.title) <= 300
    assert proposal.title.endswith("…")
    assert name.strip() in proposal.body
