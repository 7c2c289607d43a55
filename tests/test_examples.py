"""The examples in the docstrings are true."""

import doctest
import importlib
import pkgutil

import pytest

import dsgk


MODULES = ["dsgk", *(m.name for m in pkgutil.walk_packages(dsgk.__path__, "dsgk."))]


@pytest.mark.parametrize("name", MODULES)
def test_examples_of(name):
    """A reader who types an example sees what stands below it."""
    module = importlib.import_module(name)

    failed, _ = doctest.testmod(module, optionflags=doctest.ELLIPSIS)

    assert failed == 0
