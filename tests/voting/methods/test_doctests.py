import doctest
import importlib
import pkgutil

import pytest

import voting.formats
import voting.methods
from voting.methods import METHODS
from voting.polls.method_words import WORDS

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (voting.methods, voting.formats)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_each_method_has_words_for_those_who_vote_and_those_who_choose_it():
    assert set(WORDS) == set(METHODS)
    assert len({str(words.when_to_use) for words in WORDS.values()}) == len(METHODS)
