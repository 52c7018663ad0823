"""Which texts are the same or nearly so. Pure: no Django, no database."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

SHINGLE = 3  # words
NEARLY = 0.6  # share of shingles that two texts have in common
FEWEST_WORDS = 5  # "Estoy de acuerdo" is said by many who never met
IN_MANY = 50  # a shingle in more texts than these is a phrase of the language, or a copy that equality finds


def words_of(text: str) -> list[str]:
    """Its words in small letters, without accents, signs and Markdown.

    >>> words_of("¡Más  **ÁRBOLES**, ya!")
    ['mas', 'arboles', 'ya']
    """
    plain = unicodedata.normalize("NFD", text.lower())
    return re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def alike(texts: Mapping[int, str]) -> list[set[int]]:
    """Groups of keys whose texts are the same or nearly so, each of two or more, the largest first.

    Nearly: of the runs of three words that occur in either, at least 60 % occur in both. Chains count: where A is like
    B and B like C, all three are one group. Texts of fewer than five words are never alike.

    >>> alike({1: "No al cierre de la plaza del barrio", 2: "NO al cierre de la plaza del barrio!!!", 3: "Sí"})
    [{1, 2}]
    >>> alike({1: "De acuerdo", 2: "De acuerdo"})
    []
    """
    runs: dict[int, frozenset[tuple[str, ...]]] = {}
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for key, text in texts.items():
        words = words_of(text)
        if len(words) >= FEWEST_WORDS:
            same[tuple(words)].append(key)
    leaders = {keys[0]: said for said, keys in same.items()}
    for key, said in leaders.items():
        runs[key] = frozenset(said[n : n + SHINGLE] for n in range(len(said) - SHINGLE + 1))

    parent = {key: key for key in leaders}
    for one, other in _pairs(runs):
        if len(runs[one] & runs[other]) >= NEARLY * len(runs[one] | runs[other]):
            parent[_top(parent, one)] = _top(parent, other)
    groups: dict[int, set[int]] = defaultdict(set)
    for keys in same.values():
        groups[_top(parent, keys[0])].update(keys)
    return sorted((group for group in groups.values() if len(group) > 1), key=lambda g: (-len(g), min(g)))


def _pairs(runs: Mapping[int, frozenset[tuple[str, ...]]]) -> set[tuple[int, int]]:
    """The pairs that share a run of words."""
    holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for key, found in runs.items():
        for run in found:
            holders[run].append(key)
    return {pair for keys in holders.values() if len(keys) <= IN_MANY for pair in combinations(keys, 2)}


def _top(parent: dict[int, int], key: int) -> int:
    while parent[key] != key:
        key = parent[key]
    return key
