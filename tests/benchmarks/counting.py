"""Seconds of CPU and memory of counts, each as a ratio to something in the same run.

    python -m tests.benchmarks.counting [city] [stv] [single] [reference] [--data ../shared/data/pabulib]

city: 60,000 distinct approval ballots over 80 projects, Equal Shares with add-1 run on to the end, from the file to the
outcome. stv: 100,000 ballots, 15 candidates, 5 seats. single: 1,000,000 ballots of one choice, beside the time that
reading them takes. reference: greedy and Equal Shares on the largest real files beside pabutools, which must find the
same winners; needs the environment of ``make oracles``, ``var/oracles/bin/python`` in place of ``python``.
Without a name all that can be run are. Prints one JSON line last.
"""

import argparse
import gc
import itertools
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from voting.election_files.counts import Wishes, count_file
from voting.election_files.elections import FileElection, groups_for, read_file
from voting.methods import METHODS
from voting.methods.equal_shares import EqualShares

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "pabulib"
REAL = ("Poland_Wroclaw_2018.pb", "Poland_Wieliczka_2023_Green_Budget.pb", "France_Toulouse_2019.pb")


def main() -> None:
    parts: dict[str, Callable[[Path], dict]] = {"city": city, "stv": stv, "single": single, "reference": reference}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--data", type=Path, default=DATA)
    options = parser.parse_args()
    possible = [part for part in parts if part != "reference" or find_spec("pabutools")]
    results = {part: parts[part](options.data) for part in options.parts or possible}
    print(json.dumps(results))


# --- Made elections


def city(data: Path, voters: int = 60_000, projects: int = 80) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        file = _made_city(Path(folder) / "city.pb", voters, projects)
        before = _peak_megabytes()
        seconds, election = _timed(lambda: read_file(file))
        say(f"city: read in {seconds:.2f} s")
        counting, (outcome, line) = _timed(
            lambda: count_file(election, "equal_shares", Wishes(completion="add1_run_on"), lambda told: say(told))
        )
    return {
        "voters": voters,
        "distinct_ballots": len(election.ballots),
        "steps": line["explanation"]["steps"],
        "winners": len(outcome.winners),
        "reading_seconds": round(seconds, 2),
        "counting_seconds": round(counting, 2),
        "megabytes": round(_peak_megabytes()),
        "megabytes_before": round(before),
    }


def _made_city(path: Path, voters: int, projects: int) -> Path:
    """Popularity falls off as it does in Warsaw; costs have nothing to do with it; the budget is for two in five."""
    chance = random.Random(5)
    popularity = [1 / (rank + 3) ** 0.7 for rank in range(projects)]
    chance.shuffle(popularity)
    cumulated = list(itertools.accumulate(popularity))
    ballots: set[frozenset[int]] = set()
    while len(ballots) < voters:
        picks = chance.choices(range(1, projects + 1), cum_weights=cumulated, k=chance.choice([1, 3, 5, 5, 8, 10, 10]))
        ballots.add(frozenset(picks))
    costs = [chance.randint(20, 2000) * 1000 for _ in range(projects)]
    votes = (f"{number};{','.join(map(str, sorted(ballot)))}" for number, ballot in enumerate(ballots))
    return _written(path, "approval", int(sum(costs) * 0.38), costs, votes, voters)


def stv(data: Path, voters: int = 100_000, candidates: int = 15, seats: int = 5) -> dict:
    chance = random.Random(7)
    names = range(1, candidates + 1)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "ward.blt"
        with file.open("w") as lines:
            lines.write(f"{candidates} {seats}\n")
            for _ in range(voters):
                order = chance.sample(names, chance.randint(1, candidates))
                lines.write(f"1 {' '.join(map(str, order))} 0\n")
            lines.write("0\n")
        reading, election = _timed(lambda: read_file(file))
        counting, (_, line) = _timed(lambda: count_file(election, "stv", Wishes()))
    return {
        "voters": voters,
        "distinct_ballots": len(election.ballots),
        "stages": len(line["rounds"]),
        "reading_seconds": round(reading, 2),
        "counting_seconds": round(counting, 2),
    }


def single(data: Path, voters: int = 1_000_000, options: int = 30) -> dict:
    chance = random.Random(9)
    choices = chance.choices(range(1, options + 1), weights=range(1, options + 1), k=voters)
    with tempfile.TemporaryDirectory() as folder:
        votes = (f"{number};{choice}" for number, choice in enumerate(choices))
        file = _written(Path(folder) / "single.pb", "choose-1", 1000, [100] * options, votes, voters)
        reading, election = _timed(lambda: read_file(file))
        counting, _ = _timed(lambda: count_file(election, "single_choice", Wishes()))
    return {
        "voters": voters,
        "reading_seconds": round(reading, 2),
        "counting_seconds": round(counting, 4),
        "counted_in_times_the_reading": round((reading + counting) / reading, 3),
    }


def _written(path: Path, vote_type: str, budget: int, costs: list[int], votes, voters: int) -> Path:
    with path.open("w") as lines:
        lines.write(
            f"META\nkey;value\nnum_projects;{len(costs)}\nnum_votes;{voters}\nbudget;{budget}\n"
            f"vote_type;{vote_type}\nrule;greedy\nPROJECTS\nproject_id;cost\n"
        )
        lines.writelines(f"{number};{cost}\n" for number, cost in enumerate(costs, start=1))
        lines.write("VOTES\nvoter_id;vote\n")
        lines.writelines(f"{vote}\n" for vote in votes)
    return path


# --- Beside the reference library


def reference(data: Path) -> dict:
    """Ours from the grouped ballots to the outcome with its explanation; theirs from their profile to the winners, in
    two forms: as it is read, and with equal ballots together (their multi-profile, the faster one)."""
    from pabutools.election import parse_pabulib

    results = {}
    for name in REAL:
        election = read_file(data / name)
        instance, profile = parse_pabulib(str(data / name))
        for form, (method, theirs) in _forms(election, instance).items():
            ours, outcome = _timed(lambda method=method, election=election: _count(method, election), best_of=5)
            row = {"ours_seconds": round(ours, 4)}
            for kind, ballots in (("grouped", profile.as_multiprofile()), ("as read", profile)):
                seconds, found = _timed(lambda theirs=theirs, ballots=ballots: theirs(ballots))
                row |= {
                    f"theirs_seconds, {kind}": round(seconds, 3),
                    f"times faster, {kind}": round(seconds / ours, 1),
                    "same_winners": sorted(project.name for project in found) == sorted(outcome.winners),
                }
            say(f"{name} {form}: {row}")
            results[f"{name} {form}"] = row
    return results


def _forms(election: FileElection, instance) -> dict:
    from pabutools.election import Additive_Cardinal_Sat, Cost_Sat
    from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
    from pabutools.tiebreaking import TieBreakingRule

    approvals = election.kind == "approvals"
    satisfaction = Cost_Sat if approvals else Additive_Cardinal_Sat
    utility = "cost" if approvals else "cardinality"
    score = {option.id: 0 for option in election.options}
    for choices, number in election.ballots:
        for option, points in choices.items():
            score[option] += points * number
    place = {option: number for number, option in enumerate(election.natural_order)}
    ties = TieBreakingRule(lambda _, __, project: (project.cost, -score[project.name], place[project.name]))

    def equal_shares(increment):
        return lambda profile: method_of_equal_shares(
            instance, profile, sat_class=satisfaction, tie_breaking=ties, voter_budget_increment=increment
        )

    return {
        "greedy": (
            METHODS["greedy" if approvals else "greedy_per_cost"],
            lambda profile: greedy_utilitarian_welfare(
                instance, profile, sat_class=satisfaction, tie_breaking=ties, is_sat_additive=True
            ),
        ),
        "plain": (EqualShares(utility, "none", "nothing"), equal_shares(None)),
        "add-1": (EqualShares(utility, "add1", "nothing"), equal_shares(1)),
    }


def _count(method, election: FileElection):
    groups = groups_for(election, "points", "borda")
    return method.count(groups, election.options, election.limits, election.natural_order)


# --- Measuring


def _timed(work: Callable, best_of: int = 1) -> tuple[float, object]:
    seconds = []
    for _ in range(best_of):
        gc.collect()
        started = time.process_time()
        result = work()
        seconds.append(time.process_time() - started)
    return min(seconds), result


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
