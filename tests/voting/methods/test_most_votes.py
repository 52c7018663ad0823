"""For, against or abstain; single choice; approval: who wins, and what happens between equals."""

import pytest

from voting.methods import METHODS, Limits, Option

OPTIONS = [Option("plaza"), Option("bikes"), Option("market")]
SIDES = [Option("yes", "for"), Option("no", "against"), Option("neither", "abstain")]


def outcome(code, counts, options, lots=(), blank=0):
    tally = {"counts": counts, "voters": sum(counts.values()) + blank, "blank": blank}
    return METHODS[code].outcome(tally, options, Limits(), lots)


@pytest.mark.parametrize(
    ("counts", "winners", "ties", "decided_by", "margin"),
    [
        ({"yes": 3, "no": 2, "neither": 0}, ("yes",), (), "votes", 1),
        ({"yes": 2, "no": 3, "neither": 9}, ("no",), (), "votes", -1),
        ({"yes": 2, "no": 2, "neither": 9}, (), (("yes", "no"),), "nothing", 0),
        ({"yes": 0, "no": 0, "neither": 9}, (), (), "no_votes", 0),
    ],
)
def test_the_side_with_more_votes_wins_and_abstentions_take_no_side(counts, winners, ties, decided_by, margin):
    decided = outcome("for_against_abstain", counts, SIDES, blank=4)

    assert (decided.winners, decided.ties) == (winners, ties)
    assert decided.explanation == {
        "for": counts["yes"],
        "against": counts["no"],
        "abstain": counts["neither"],
        "margin": margin,
        "voters": sum(counts.values()) + 4,
        "blank": 4,
        "decided_by": decided_by,
    }


def test_no_lot_decides_between_for_and_against():
    decided = outcome("for_against_abstain", {"yes": 2, "no": 2, "neither": 0}, SIDES, lots=["no", "yes", "neither"])

    assert decided.winners == ()


def test_a_question_of_for_and_against_needs_its_three_sides():
    with pytest.raises(ValueError, match="one option each"):
        outcome("for_against_abstain", {"yes": 1, "no": 0}, SIDES[:2])


@pytest.mark.parametrize("code", ["single_choice", "approval"])
class TestMostVotes:
    def test_the_most_votes_win_and_all_are_ranked(self, code):
        decided = outcome(code, {"plaza": 3, "bikes": 5, "market": 3}, OPTIONS)

        assert (decided.winners, decided.ties) == (("bikes",), ())
        assert decided.explanation["decided_by"] == "votes"
        assert [(row["place"], row["option"], row["votes"]) for row in decided.explanation["ranking"]] == [
            (1, "bikes", 5),
            (2, "plaza", 3),
            (2, "market", 3),
        ]

    def test_a_tie_without_a_lot_is_named_and_left_standing(self, code):
        decided = outcome(code, {"plaza": 3, "bikes": 3, "market": 1}, OPTIONS)

        assert (decided.winners, decided.ties) == ((), (("plaza", "bikes"),))
        assert decided.explanation["decided_by"] == "nothing"

    def test_a_lot_decides_between_equals_and_the_tie_is_still_named(self, code):
        decided = outcome(code, {"plaza": 3, "bikes": 3, "market": 1}, OPTIONS, lots=["market", "bikes", "plaza"])

        assert (decided.winners, decided.ties) == (("bikes",), (("bikes", "plaza"),))
        assert decided.explanation["decided_by"] == "lot"

    def test_where_nobody_chose_anything_nobody_wins(self, code):
        decided = outcome(
            code, {"plaza": 0, "bikes": 0, "market": 0}, OPTIONS, lots=["bikes", "plaza", "market"], blank=2
        )

        assert (decided.winners, decided.ties, decided.explanation["decided_by"]) == ((), (), "no_votes")
