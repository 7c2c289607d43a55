"""Promises of an allocation, against one unit after another and brute force."""

import itertools
import math
from fractions import Fraction

import scale
from hypothesis import assume, example, given, strategies as st

from dsgk.kernels.allocation import (
    Divisor,
    allocate,
    allocate_by_power,
    allocate_optimally,
    allocate_within,
)


divisors = st.sampled_from(Divisor)
small = st.lists(st.integers(0, 12), min_size=1, max_size=5)
large = st.lists(st.integers(0, 10**9), min_size=1, max_size=6)
INFINITE = (1, Fraction(0))


def square_of(divisor, n):
    """The divisor, squared, as its definition says."""
    return {
        Divisor.ADAMS: Fraction(n) ** 2,
        Divisor.HUNTINGTON_HILL: Fraction(n * (n + 1)),
        Divisor.WEBSTER: (n + Fraction(1, 2)) ** 2,
        Divisor.JEFFERSON: Fraction(n + 1) ** 2,
    }[divisor]


def priority(weight, n, divisor):
    """Squared, so that it is a fraction; the first unit may be beyond all."""
    square = square_of(divisor, n)
    return (0, Fraction(weight) ** 2 / square) if square else INFINITE


def one_by_one(total, weights, low, high, divisor):
    """Give one unit after another to the highest priority, the first of equals."""
    counts = list(low)
    while sum(counts) < total:
        open_ = [i for i, n in enumerate(counts) if n < high[i]]
        best = max(open_, key=lambda i: (priority(weights[i], counts[i], divisor), -i))
        counts[best] += 1
    return counts


@st.composite
def bounded(draw, sizes=small):
    """Sizes with bounds that can be met, and a total within them."""
    size = draw(sizes)
    high = [draw(st.integers(0, n)) for n in size]
    low = [draw(st.integers(0, n)) for n in high]
    return draw(st.integers(sum(low), sum(high))), size, low, high


@given(bounded(), divisors)
@example((8, [4, 5], [0, 0], [4, 5]), Divisor.JEFFERSON)
def test_is_what_giving_one_unit_after_another_gives(case, divisor):
    """The definition, step by step, in fractions."""
    total, sizes, low, high = case
    got = allocate(total, sizes, at_least=low, at_most=high, divisor=divisor)

    assert one_by_one(total, sizes, low, high, divisor) == got.tolist()


@given(
    st.lists(st.integers(50, 70), min_size=2, max_size=3),
    st.lists(st.integers(1, 4), min_size=3, max_size=3),
    divisors,
    st.data(),
)
def test_weights_that_are_small_beside_the_sizes(sizes, weights, divisor, data):
    """Claims to one more are then nearly equal, and must not be taken for equal."""
    total = data.draw(st.integers(0, sum(sizes)))
    weights = weights[: len(sizes)]
    got = allocate(total, sizes, weights=weights, divisor=divisor)

    assert one_by_one(total, weights, [0] * len(sizes), sizes, divisor) == got.tolist()


@given(large, divisors, st.data())
def test_no_unit_that_was_not_given_had_a_better_claim(sizes, divisor, data):
    """The same in the large, where it cannot be done step by step."""
    total = data.draw(st.integers(0, sum(sizes)))
    got = allocate(total, sizes, divisor=divisor).tolist()
    given_last = [
        (*priority(size, n - 1, divisor), -i)
        for i, (size, n) in enumerate(zip(sizes, got, strict=True))
        if n
    ]
    next_ = [
        (*priority(size, n, divisor), -i)
        for i, (size, n) in enumerate(zip(sizes, got, strict=True))
        if n < size
    ]

    assert total == sum(got)
    assert all(n <= size for n, size in zip(got, sizes, strict=True))
    if given_last and next_:
        assert min(given_last) > max(next_)


@given(bounded(large), divisors)
def test_a_larger_total_takes_nothing_away(case, divisor):
    """No Alabama paradox, and every step is one unit."""
    total, sizes, low, high = case
    assume(total < sum(high))
    bounds = {"at_least": low, "at_most": high, "divisor": divisor}
    less = allocate(total, sizes, **bounds)
    more = allocate(total + 1, sizes, **bounds)

    assert [0] * (len(sizes) - 1) + [1] == sorted((more - less).tolist())


@given(small, st.integers(2, 10**6))
def test_the_unit_of_the_sizes_does_not_matter(sizes, scale):
    """Shares are proportions."""
    total = sum(sizes) // 2
    weights = [scale * n for n in sizes]

    assert (
        allocate(total, sizes).tolist()
        == allocate(total, sizes, weights=weights).tolist()
    )


@given(
    bounded(st.lists(st.integers(0, 6), min_size=1, max_size=4)),
    st.lists(st.fractions(0, 4, max_denominator=5), min_size=4, max_size=4),
)
@example((6, [6, 6], [1, 1], [6, 6]), [Fraction(1), Fraction(1)] * 2)
@example((5, [2, 4], [1, 1], [2, 4]), [Fraction(5), Fraction(6)] * 2)
def test_no_other_numbers_give_a_smaller_variance(case, spreads):
    """Neyman's optimum in whole numbers: every admissible allocation tried."""
    total, sizes, low, high = case
    spreads = spreads[: len(sizes)]
    low = [max(n, min(1, h)) for n, h in zip(low, high, strict=True)]
    assume(sum(low) <= total)

    def variance(counts):
        if any(
            s and n and not c for c, n, s in zip(counts, sizes, spreads, strict=True)
        ):
            return math.inf
        return sum(
            Fraction((size * spread) ** 2) * (Fraction(1, n) - Fraction(1, size))
            for n, size, spread in zip(counts, sizes, spreads, strict=True)
            if size and spread
        )

    got = allocate_optimally(total, sizes, spreads, at_least=low, at_most=high)
    ranges = [range(n, h + 1) for n, h in zip(low, high, strict=True)]
    every = [c for c in itertools.product(*ranges) if sum(c) == total]

    assert tuple(got.tolist()) in every
    assert min(map(variance, every)) == variance(got.tolist())


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9))), st.data())
@scale.examples(300)
def test_the_optimum_is_that_of_no_other_divisor(strata, data):
    """Steps of the variance are told apart only by the product n (n + 1)."""
    strata = strata[:3]
    sizes, spreads = [n for n, _ in strata], [s for _, s in strata]
    total = data.draw(st.integers(len(sizes), sum(sizes)))

    def variance(counts):
        claims = zip(sizes, spreads, counts, strict=True)
        return sum(Fraction((size * spread) ** 2, n) for size, spread, n in claims)

    ranges = [range(1, size + 1) for size in sizes]
    every = [c for c in itertools.product(*ranges) if sum(c) == total]
    got = allocate_optimally(total, sizes, spreads).tolist()

    assert min(map(variance, every)) == variance(got)


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=4),
    st.fractions(0, 1, max_denominator=4),
    divisors,
    st.data(),
)
def test_powers_are_compared_as_exactly_as_sizes(sizes, power, divisor, data):
    """One unit after another again, with both sides raised to whole powers."""
    total = data.draw(st.integers(0, sum(sizes)))
    a, b = power.numerator, power.denominator

    def claim(i, n):
        square = square_of(divisor, n)
        return (0, Fraction(sizes[i]) ** (2 * a) / square**b) if square else INFINITE

    counts = [0] * len(sizes)
    for _ in range(total):
        open_ = [i for i, n in enumerate(counts) if n < sizes[i]]
        counts[max(open_, key=lambda i: (claim(i, counts[i]), -i))] += 1

    assert counts == allocate_by_power(total, sizes, power, divisor=divisor).tolist()


@scale.examples(50)
@given(
    st.lists(st.integers(0, 8), min_size=1, max_size=4),
    st.lists(st.fractions(0, 3, max_denominator=4), min_size=5, max_size=5),
    st.fractions(0, 40, max_denominator=3),
    divisors,
)
def test_the_staff_carries_one_total_and_not_the_next(sizes, costs, budget, divisor):
    """The greatest total that fits, by trying them all."""
    costs = costs[: len(sizes)]

    def cost(counts):
        return sum(c * n for c, n in zip(costs, counts.tolist(), strict=True))

    every = [allocate(t, sizes, divisor=divisor) for t in range(sum(sizes) + 1)]
    fitting = [counts for counts in every if cost(counts) <= budget]
    got = allocate_within(budget, sizes, costs, divisor=divisor)

    assert fitting[-1].tolist() == got.tolist()
