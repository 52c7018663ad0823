import doctest
import importlib
import pkgutil

import pytest

import voting.formats
import voting.methods

MODULES = [
    f"{package.__name__}.{module.name}"
    for package in (voting.methods, voting.formats)
    for module in pkgutil.iter_modules(package.__path__)
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_are_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
