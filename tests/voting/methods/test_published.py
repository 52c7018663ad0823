"""Real elections come out as they were published, and as others have counted them: to the last figure."""

import json
from fractions import Fraction

import pytest

from tests.voting.elections import SHARED
from voting.election_files.counts import Wishes, compare, count_file
from voting.election_files.elections import read_file

DATA = SHARED.parent

FORMS = {
    "greedy_by_score": ("greedy", Wishes()),
    "greedy_no_skip_by_score": ("greedy_no_skip", Wishes()),
    "greedy_by_score_per_cost": ("greedy_per_cost", Wishes()),
    "greedy_cost_sat": ("greedy", Wishes()),
    "mes_plain": ("equal_shares", Wishes()),
    "mes_add1": ("equal_shares", Wishes(completion="add1")),
    "mes_add1_greedy": ("equal_shares", Wishes(completion="add1", then="greedy")),
    "mes_add1_stop_when_exhaustive": ("equal_shares", Wishes(completion="add1")),
    "mes_add1_until_overspend": ("equal_shares", Wishes(completion="add1_run_on")),
    "mes_add1_until_overspend_then_votes": ("equal_shares", Wishes(completion="add1_run_on", then="greedy")),
    "phragmen": ("phragmen", Wishes()),
}


def expected(kind):
    return json.loads((DATA / kind / "EXPECTED.json").read_text())


def rules():
    for name, facts in expected("pabulib")["files"].items():
        for rule, result in facts["rules"].items():
            yield pytest.param(name, rule, result, id=f"{name.removesuffix('.pb')}-{rule}")


def counted(kind, name, code, wishes=Wishes()):  # noqa: B008 - frozen
    return count_file(read_file(DATA / kind / name), code, wishes)[1]


@pytest.fixture(scope="module")
def wieliczka():
    return counted("pabulib", "Poland_Wieliczka_2023_Green_Budget.pb", "official")


@pytest.mark.parametrize(("name", "rule", "result"), rules())
def test_budgets_give_the_winners_and_the_cost_that_others_found(name, rule, result):
    code, wishes = FORMS[rule]

    line = counted("pabulib", name, code, wishes)

    assert sorted(line["winners"]) == sorted(result["winners"])
    assert (len(line["winners"]), line["total_cost"]) == (result["n"], result["cost"])
    if result.get("order") and rule != "phragmen":
        assert line["winners"] == result["order"]


@pytest.mark.parametrize("name", expected("pabulib")["files"])
def test_the_official_rule_gives_the_official_winners(name):
    official = expected("pabulib")["files"][name]["official"]

    line = counted("pabulib", name, "official")

    if official["has_selected_column"]:
        assert sorted(line["winners"]) == sorted(line["official"]) == sorted(official["winners"])
        assert (line["total_cost"], line["same_as_official"]) == (official["cost"], True)
    else:
        assert "official" not in line


class TestWieliczka:
    facts = expected("pabulib")["published_facts"]["Poland_Wieliczka_2023_Green_Budget.pb"]

    def test_the_published_number_of_winners_and_their_cost(self, wieliczka):
        assert (len(wieliczka["winners"]), wieliczka["total_cost"]) == (self.facts["winners"], self.facts["cost"])
        assert wieliczka["explanation"]["endowment"] == round(self.facts["final_endowment_recomputed"], 2)
        assert wieliczka["explanation"]["steps"] == 164

    def test_what_the_supporters_of_losing_projects_had_left_and_where_the_rest_went(self, wieliczka):
        losers = {row["option"]: row for row in wieliczka["explanation"]["losers"]}
        for project, figures in self.facts["explanations_recomputed"].items():
            row = losers[project]
            assert (row["cost"], row["supporters"]) == (figures["cost"], figures["supporters"])
            assert row["left"] == figures["money_left_when_dropped"]
            assert row["lacking"] == pytest.approx(row["cost"] - row["left"])
            if "initial_money" in figures:
                assert row["started_with"] == figures["initial_money"]
            paid = {entry["option"]: entry["paid"] for entry in row["spent_on"]}
            for others, amount in figures.get("spent_by_supporters_on", {}).items():
                if not others.startswith("published"):
                    # The sum of whole złoty, each rounded half upwards: to the cent it is 22,734.80.
                    assert sum(int(paid[other] + 0.5) for other in others.split("+")) == amount

    def test_how_many_voters_prefer_which_outcome(self, wieliczka):
        comparison = wieliczka["explanation"]["comparison"]
        stated = self.facts["comparison_step"]
        assert comparison["prefer_equal_shares"] == stated["prefer_equal_shares"]
        assert comparison["prefer_greedy"] == stated["prefer_greedy"]

    def test_how_far_the_outcomes_reach_and_what_only_one_of_them_funds(self):
        path = DATA / "pabulib" / "Poland_Wieliczka_2023_Green_Budget.pb"
        election = read_file(path)
        shares, greedy = compare(election, ["equal_shares", "greedy"], Wishes(completion="add1_run_on"))["compare"]

        for row, name in ((shares, "equal_shares"), (greedy, "greedy")):
            assert row["without_winner"] == self.facts["voters_without_any_winner"][name]
            assert row["winners_per_voter"] == self.facts["average_winners_per_voter"][name]
        votes = {option.id: 0 for option in election.options}
        for choices, number in election.ballots:
            for option in choices:
                votes[option] += number
        for row, name in ((shares, "only_equal_shares"), (greedy, "only_greedy")):
            only = row["not_in_all"]
            assert {"projects": len(only), "votes": sum(votes[option] for option in only)} == {
                key: self.facts[name][key] for key in ("projects", "votes")
            }


@pytest.mark.parametrize("name", ["edinburgh_2022_ward9.blt", "glasgow_2022_linn_by_election.blt"])
def test_scottish_wards_come_out_cell_by_cell(name):
    facts = expected("ranked")["files"][name]
    line = counted("ranked", name, "stv")
    short = {option: full.split(' "')[0] for option, full in line["names"].items()}

    assert (line["explanation"]["quota"], line["explanation"]["valid"]) == (facts["quota"], facts["valid_ballots"])
    elected = [
        {"name": short[option], "stage": stage["stage"]} for stage in line["rounds"] for option in stage["elected"]
    ]
    assert elected == facts["computed"]["elected"]
    assert [short[option] for option in line["winners"]] == [row["name"] for row in elected]
    table = [
        {**{short[option]: votes for option, votes in stage["votes"].items()}, "_nt": stage["not_transferable"]}
        for stage in line["rounds"]
    ]
    assert table == facts["computed"]["stages"]
    for stage in line["rounds"]:
        cells = [Fraction(str(votes)) for votes in stage["votes"].values()]
        lost = Fraction(str(stage["not_transferable"])) + Fraction(str(stage["cut_off"]))
        assert sum(cells) + lost == facts["valid_ballots"]


class TestBurlington:
    name = "burlington_2009.toi"

    @pytest.mark.parametrize(("batch", "table"), [(False, "rounds_one_at_a_time"), (True, "rounds_batch_elimination")])
    def test_instant_runoff_round_by_round(self, batch, table):
        facts = expected("ranked")["files"][self.name]["irv"]
        line = counted("ranked", self.name, "irv", Wishes(batch=batch))
        names = line["names"]

        assert [names[option] for option in line["winners"]] == [facts["winner"]]
        assert [
            {"tally": {names[option]: votes for option, votes in row["votes"].items()}, "exhausted": row["exhausted"]}
            for row in line["rounds"]
        ] == facts[table]

    def test_schulze_and_the_duels(self):
        facts = expected("ranked")["files"][self.name]
        line = counted("ranked", self.name, "schulze")
        names = line["names"]

        assert [names[option] for option in line["winners"]] == facts["schulze_winner"]
        assert names[line["explanation"]["condorcet_winner"]] == facts["condorcet_winner"]
        assert [names[option] for option in names] == facts["pairwise"]["order"]
        assert [[line["explanation"]["pairwise"][one].get(other, 0) for other in names] for one in names] == facts[
            "pairwise"
        ]["matrix_row_over_column"]

    def test_first_preferences_alone(self):
        line = counted("ranked", self.name, "single_choice")

        assert [line["names"][option] for option in line["winners"]] == [
            expected("ranked")["files"][self.name]["plurality_winner"]
        ]
