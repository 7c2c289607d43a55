"""Profiles of the property tests, and where the published data stand."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings


settings.register_profile(
    "dev", max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("ci", settings.get_profile("ci"), max_examples=100)
# What runs again on the built wheel: the package is the same, only its way in is not.
settings.register_profile("quick", settings.get_profile("ci"), max_examples=20)
settings.register_profile(
    "nightly",
    max_examples=10_000,
    derandomize=False,  # under CI a new profile would inherit True
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev")
)

_SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture
def shared():
    """Folder of published plans and vectors; tests skip where it is absent."""
    if not _SHARED.is_dir():
        pytest.skip("the folder of published data is not here")
    return _SHARED
