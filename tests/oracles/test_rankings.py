"""Against pref-voting and stvpoll (GPL-3): ranked methods on thousands of small elections with ties.

Where they differ, and why: docs/counting.md, "Against other programs".
"""

from pref_voting.iterative_methods import instant_runoff_put
from pref_voting.margin_based_methods import beat_path
from pref_voting.profiles import Profile
from pref_voting.profiles_with_ties import ProfileWithTies
from stvpoll.scottish_stv import calculate_scottish_stv

from tests.oracles.elections import rankings
from voting.methods import METHODS, Limits, Option
from voting.methods.irv import InstantRunoff

SEEDS = range(1000)


def outcome(method, ids, groups, seats=1):
    return method.count(groups, [Option(option) for option in ids], Limits(seats=seats), ids)


def complete_profile(ids, groups):
    orders = [[int(option) - 1 for option in sorted(choices, key=choices.get)] for choices, _ in groups]
    return Profile(orders, [number for _, number in groups])


def test_the_winner_of_an_instant_runoff_is_one_that_some_order_of_ties_gives():
    for seed in SEEDS:
        ids, groups = rankings(seed, complete=True)

        possible = {str(number + 1) for number in instant_runoff_put(complete_profile(ids, groups))}

        for batch in (False, True):
            found = outcome(InstantRunoff(batch=batch), ids, groups)
            assert set(found.winners) <= possible, seed
            assert found.ties or len(possible) == 1 or any(row["tied"] for row in found.explanation["rounds"]), seed


def test_schulze_winners():
    for seed in SEEDS:
        ids, groups = rankings(seed)
        profile = ProfileWithTies(
            [{int(option): place for option, place in choices.items()} for choices, _ in groups],
            [number for _, number in groups],
            candidates=[int(option) for option in ids],
        )
        profile.use_extended_strict_preference()  # what is ranked beats what is not

        best = outcome(METHODS["schulze"], ids, groups).explanation["ranking"][0]

        # pref-voting measures a path by margins, Schulze's paper and we by winning votes: so only the Condorcet winner,
        # and paths on complete ballots, where the two are the same, can be compared.
        winner = profile.condorcet_winner()
        if winner is not None:
            assert best == [str(winner)], seed
    for seed in SEEDS:
        ids, groups = rankings(seed, complete=True)

        best = outcome(METHODS["schulze"], ids, groups).explanation["ranking"][0]

        assert sorted(best) == [str(number + 1) for number in beat_path(complete_profile(ids, groups))], seed


def test_borda_points():
    """Theirs give the last place nothing, ours one point: of each ballot one more."""
    for seed in SEEDS:
        ids, groups = rankings(seed, complete=True)
        voters = sum(number for _, number in groups)

        rows = outcome(METHODS["borda"], ids, groups).explanation["ranking"]

        theirs = complete_profile(ids, groups).borda_scores()
        assert {row["option"]: row["votes"] for row in rows} == {
            str(number + 1): points + voters for number, points in theirs.items()
        }, seed


def test_scottish_stv_elects_the_same_people():
    """One thing differs: where two surpluses wait at once, stvpoll still gives votes to the one that waits. The Order
    gives them to *continuing* candidates, and who is elected no longer is one. Those elections are left out."""
    compared = 0
    for seed in SEEDS:
        ids, groups = rankings(seed)
        seats = 1 + seed % (len(ids) - 1)
        ballots = [(tuple(sorted(choices, key=choices.get)), number) for choices, number in groups]

        theirs = calculate_scottish_stv(tuple(ids), ballots, seats, random_shuffle=False)
        found = outcome(METHODS["stv"], ids, groups, seats)

        assert found.explanation["quota"] == theirs.quota, seed
        if not _two_surpluses_wait(found.explanation):
            compared += 1
            assert sorted(found.winners) == sorted(theirs), seed
    assert compared > len(SEEDS) // 2


def _two_surpluses_wait(explanation):
    """Or one waits while somebody else is elected with the bare quota: that one too still gets votes there."""
    waiting = 0
    for stage in explanation["stages"]:
        waiting += sum(stage["votes"][option] >= explanation["quota"] for option in stage["elected"])
        waiting -= stage["kind"] == "surplus"
        if waiting > 1:
            return True
    return False
