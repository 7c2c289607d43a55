"""Sizes are looked at before anything is computed with them."""

from decimal import Decimal

import pytest

from dsgk.kernels.proportions import detection_power, sample_size_to_detect
from dsgk.kernels.rationals import exact
from dsgk.simulate import Movement, chance_never_inspected, chance_seen, expected_checks


@pytest.mark.parametrize(
    "number", [Decimal("1e-10000000"), Decimal("1e10000000"), "1e5000", "1" * 2000]
)
def test_a_number_of_a_million_digits_is_refused(number):
    with pytest.raises(ValueError, match="at most 1000 digits"):
        exact(number, "x")


def test_a_short_number_is_read():
    assert exact("1e3", "x") == exact(Decimal(1000), "x") == 1000


@pytest.mark.parametrize(
    "call",
    [
        lambda: chance_seen(0.5, 10**5000),
        lambda: chance_seen(exact("1/3", "x") ** 1000, 1000),
        lambda: chance_never_inspected(0.5, 10**9),
        lambda: expected_checks({"C": 0.1}, Movement("credit", {}), 10**9),
        lambda: detection_power(10**12, 10**6, bad=10**6),
        lambda: sample_size_to_detect(10**9, bad=10**8, confidence=1, sensitivity=0.5),
    ],
    ids=range(6),
)
def test_what_would_take_for_ever_is_refused(call):
    with pytest.raises(ValueError, match="must be"):
        call()


def test_a_large_population_is_no_obstacle():
    assert sample_size_to_detect(10**9, bad=2 * 10**7, confidence=0.95) == 149
    assert detection_power(10, 6, bad=5) == 1
