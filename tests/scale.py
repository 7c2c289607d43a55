"""
How much of a long search a run does.

The run that everybody makes does a part of each search, enough to reach every
branch; the campaign, ``pytest -m campaign``, does all of it.
"""

import os

import pytest
from hypothesis import HealthCheck, settings


EVERY_RUN, CAMPAIGN, FULL = range(3)
SIZES = {"ci": CAMPAIGN, "full": FULL}

_size = EVERY_RUN


def set_up(config):
    """Choose the size of this run, before any module of tests is imported."""
    global _size  # noqa: PLW0603
    chosen = config.option.markexpr
    if "campaign" in chosen and "not campaign" not in chosen:
        name = os.environ.get("DSGK_CAMPAIGN", "ci")
        if name not in SIZES:
            msg = f"DSGK_CAMPAIGN must be one of {', '.join(SIZES)} (got {name!r})"
            raise pytest.UsageError(msg)
        _size = SIZES[name]
    settings.register_profile(
        "dsgk",
        max_examples=of(15, 100, 10_000),
        derandomize=_size < FULL,  # only the full campaign looks for what is new
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("dsgk")


def is_campaign():
    return _size > EVERY_RUN


def of(every_run, campaign, full=None):
    """The number for this run; *full* is that of the campaign if it is not given."""
    return (every_run, campaign, campaign if full is None else full)[_size]


def examples(campaign):
    """Settings of a property that is worth *campaign* examples there, a part here."""
    return settings(max_examples=of(max(1, campaign // 5), campaign))
