"""The size of the run, and where facts of published documents stand."""

from pathlib import Path

import pytest
import scale


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    scale.set_up(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """The campaign has all searches: properties, and what is marked as scaled."""
    for item in items if scale.is_campaign() else ():
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property or item.get_closest_marker("scaled"):
            item.add_marker("campaign")


@pytest.fixture
def facts():
    """Folder of facts of published documents."""
    return Path(__file__).parent / "data"
