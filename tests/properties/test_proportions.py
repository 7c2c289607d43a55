"""Promises of sizes, power and estimates, against counting every case."""

import itertools
import math
from fractions import Fraction
from unittest import mock

import pytest
import scale
from hypothesis import assume, example, given, strategies as st

from dsgk.kernels import proportions
from dsgk.kernels.allocation import allocate
from dsgk.kernels.proportions import (
    detection_power,
    detection_power_by_risk,
    estimate_rate,
    least,
    sample_size_to_detect,
    sample_sizes_to_detect,
)


shares = st.fractions(0, 1, max_denominator=40)


def chances(size, bad, drawn):
    """Chance of each number found, by counting draws."""
    return [
        Fraction(
            math.comb(bad, x) * math.comb(size - bad, drawn - x),
            math.comb(size, drawn),
        )
        for x in range(drawn + 1)
    ]


@st.composite
def populations(draw, most=40):
    size = draw(st.integers(1, most))
    return size, draw(st.integers(0, size)), draw(st.integers(0, size))


@given(populations(), shares)
@example((20, 1, 19), Fraction(19, 20))
def test_power_is_one_minus_the_chance_that_every_violation_is_missed(
    case, sensitivity
):
    """Sum over how many of the drawn are bad."""
    size, bad, n = case
    missed = sum(
        p * (1 - sensitivity) ** x for x, p in enumerate(chances(size, bad, n))
    )

    assert 1 - missed == detection_power(size, n, bad=bad, sensitivity=sensitivity)


@given(
    populations(),
    shares,
    st.sampled_from([Fraction(1), Fraction(4, 5), Fraction(1, 3)]),
)
@example((10, 1, 0), Fraction(9, 10), Fraction(1))
def test_the_size_is_enough_and_one_less_is_not(case, confidence, sensitivity):
    """The definition, also where chance and confidence are equal."""
    size, bad, _ = case
    assume(1 - (1 - sensitivity) ** bad >= confidence)
    n = sample_size_to_detect(
        size, bad=bad, confidence=confidence, sensitivity=sensitivity
    )

    assert detection_power(size, n, bad=bad, sensitivity=sensitivity) >= confidence
    if n:
        assert (
            detection_power(size, n - 1, bad=bad, sensitivity=sensitivity) < confidence
        )


@given(
    st.lists(st.tuples(st.integers(0, 9), shares), min_size=1, max_size=4),
    shares,
    st.integers(1, 5),
)
def test_tiers_of_risk_take_the_least_total_that_is_enough(tiers, confidence, weight):
    """By trying every total."""
    sizes, risks = zip(*tiers, strict=True)
    assume(detection_power_by_risk(sizes, risks) >= confidence)
    weights = [weight, *[1] * (len(sizes) - 1)]
    got = sample_sizes_to_detect(sizes, risks, confidence=confidence, weights=weights)

    assert detection_power_by_risk(got, risks) >= confidence
    assert all(n <= size for n, size in zip(got, sizes, strict=True))
    if got.sum():
        fewer = allocate(int(got.sum()) - 1, sizes, weights=weights)
        assert detection_power_by_risk(fewer, risks) < confidence


@given(st.integers(0, 300), st.integers(-5, 400), st.integers(0, 300))
def test_the_least_is_found_from_wherever_one_begins(answer, near, more):
    """A bad guess costs questions, never the answer."""
    assert answer == least(lambda n: n >= answer, near=near, most=answer + more)


@given(
    populations(25),
    st.sampled_from([Fraction(8, 10), Fraction(9, 10), Fraction(95, 100)]),
)
@example((40, 0, 39), Fraction(95, 100))  # a tail of 1/40 exactly is not too little
def test_one_stratum_has_the_bounds_of_clopper_and_pearson(case, confidence):
    """All numbers of violations under which neither tail is too unlikely."""
    size, bad, drawn = case
    assume(drawn)
    tail = (1 - confidence) / 2
    found = min(bad, drawn)
    kept = []
    for number in range(found, size - drawn + found + 1):
        chance = chances(size, number, drawn)
        kept += [number] * (min(sum(chance[: found + 1]), sum(chance[found:])) >= tail)
    estimate = estimate_rate(found, drawn, size, confidence=confidence)

    assert (kept[0] / size, kept[-1] / size) == (estimate.low, estimate.high)


@st.composite
def strata(draw):
    """Found, drawn and sizes of two or three small strata."""
    rows = []
    for _ in range(draw(st.integers(2, 3))):
        size = draw(st.integers(1, 7))
        drawn = draw(st.integers(1, min(size, 3)))
        rows.append((draw(st.integers(0, drawn)), drawn, size))
    return tuple(zip(*rows, strict=True))


def bounds_over_all_spreads(found, drawn, sizes, tail):
    """Try every number of violations in every stratum."""
    weights = [Fraction(size, n) for size, n in zip(sizes, drawn, strict=True)]

    def value(counts):
        return sum(w * x for w, x in zip(weights, counts, strict=True))

    seen = value(found)
    outcomes = list(itertools.product(*[range(n + 1) for n in drawn]))
    kept_low, kept_high = [], []
    ranges = [
        range(x, size - n + x + 1)
        for x, n, size in zip(found, drawn, sizes, strict=True)
    ]
    for spread in itertools.product(*ranges):
        each = [chances(s, b, n) for s, b, n in zip(sizes, spread, drawn, strict=True)]
        less = more = Fraction(0)
        for outcome in outcomes:
            chance = math.prod(p[x] for p, x in zip(each, outcome, strict=True))
            less += chance * (value(outcome) <= seen)
            more += chance * (value(outcome) >= seen)
        kept_high += [sum(spread)] * (less >= tail)
        kept_low += [sum(spread)] * (more >= tail)
    return min(kept_low), max(kept_high)


@scale.examples(40)
@given(strata(), st.sampled_from([Fraction(8, 10), Fraction(9, 10), Fraction(95, 100)]))
@example(((3, 0), (3, 3), (7, 6)), Fraction(8, 10))
@example(((0, 0, 0), (1, 3, 1), (2, 7, 3)), Fraction(95, 100))
def test_bounds_hold_for_every_spread_and_are_no_wider(case, confidence):
    """Wendell and Schmee's bounds, by trying every spread in fractions."""
    found, drawn, sizes = case
    estimate = estimate_rate(found, drawn, sizes, confidence=confidence)
    total = sum(sizes)
    low, high = bounds_over_all_spreads(found, drawn, sizes, (1 - confidence) / 2)

    assert (low / total, high / total) == (estimate.low, estimate.high)


@pytest.mark.parametrize("constant", ["_WORK", "_MOST_SEARCHED"])
@scale.examples(40)
@given(case=strata(), confidence=st.sampled_from([Fraction(8, 10), Fraction(95, 100)]))
def test_bounds_without_a_search_hold_as_well(constant, case, confidence):
    """What stops the search makes the interval wider, and never narrower."""
    found, drawn, sizes = case
    total = sum(sizes)
    with mock.patch.object(proportions, constant, 0):
        estimate = estimate_rate(found, drawn, sizes, confidence=confidence)
    low, high = bounds_over_all_spreads(found, drawn, sizes, (1 - confidence) / 2)

    assert round(estimate.low * total) <= low
    assert high <= round(estimate.high * total)


@scale.examples(30)
@given(
    st.lists(
        st.tuples(st.integers(1, 50), st.integers(1, 6), st.integers(0, 6)),
        min_size=2,
        max_size=2,
    ),
    st.sampled_from([Fraction(8, 10), Fraction(9, 10), Fraction(95, 100)]),
)
@example([(48, 6, 3), (94, 5, 0)], Fraction(9, 10))
@example([(54, 4, 1), (119, 3, 3)], Fraction(8, 10))
@example([(66, 2, 2), (70, 4, 0)], Fraction(8, 10))
def test_two_strata_reach_as_far_as_their_frontier(rows, confidence):
    """The most for one stratum at every number of the other, in fractions."""
    sizes = [size for size, _, _ in rows]
    drawn = [min(n, size) for size, n, _ in rows]
    found = [min(x, n) for (_, _, x), n in zip(rows, drawn, strict=True)]
    weights = [Fraction(size, n) for size, n in zip(sizes, drawn, strict=True)]
    value = sum(w * x for w, x in zip(weights, found, strict=True))
    tail = (1 - confidence) / 2
    some, others = (
        {bad: chances(size, bad, n) for bad in range(x, size - n + x + 1)}
        for size, n, x in zip(sizes, drawn, found, strict=True)
    )
    inside = [
        (x, y)
        for x in range(drawn[0] + 1)
        for y in range(drawn[1] + 1)
        if weights[0] * x + weights[1] * y <= value
    ]
    best, b = 0, max(others)
    for a in some:  # the more in the one, the fewer in the other
        while b in others and sum(some[a][x] * others[b][y] for x, y in inside) < tail:
            b -= 1
        if b in others:
            best = max(best, a + b)
    estimate = estimate_rate(found, drawn, sizes, confidence=confidence)

    assert best == round(estimate.high * sum(sizes))


@given(strata())
def test_the_order_of_the_strata_does_not_matter(case):
    """The same draw, written down from the other end."""
    forwards = estimate_rate(*case)

    assert forwards == estimate_rate(*(column[::-1] for column in case))


@given(strata())
def test_good_and_bad_change_places(case):
    """Counting those without a violation gives the same bounds, reflected."""
    found, drawn, sizes = case
    good = [n - x for x, n in zip(found, drawn, strict=True)]
    one, other = estimate_rate(found, drawn, sizes), estimate_rate(good, drawn, sizes)
    total = sum(sizes)

    assert round(one.low * total) == total - round(other.high * total)
    assert round(one.high * total) == total - round(other.low * total)
