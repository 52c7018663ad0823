"""Small elections with many ties, the same ones each time."""

from random import Random

from voting.methods import Option


def budget_election(seed, points=1):
    """(options, groups, budget): few costs, few voters, so that ties and narrow misses are the rule."""
    random = Random(seed)
    ids = [str(number) for number in range(1, random.randint(2, 7))]
    options = [Option(project, cost=random.choice([1, 2, 2, 3, 4, 5, 6]) * 10) for project in ids]
    ballots = []
    for _ in range(random.randint(1, 9)):
        chosen = random.sample(ids, random.randint(1, len(ids)))
        ballots.append(({project: random.randint(1, points) for project in chosen}, 1))
    budget = random.randint(1, sum(option.cost for option in options) // 10) * 10
    return options, ballots, budget


def rankings(seed, complete=False):
    """(candidates, groups of strict rankings): few voters, so that ties are common."""
    random = Random(seed)
    ids = [str(number) for number in range(1, random.randint(3, 7))]
    groups = []
    for _ in range(random.randint(1, 12)):
        size = len(ids) if complete else random.randint(1, len(ids))
        order = random.sample(ids, size)
        groups.append(({option: place for place, option in enumerate(order, start=1)}, random.randint(1, 3)))
    return ids, groups
