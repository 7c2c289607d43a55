"""Allocation and sizes to detect, against what a user would write."""

import heapq
from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from dsgk.kernels.allocation import allocate, allocate_optimally
from dsgk.kernels.proportions import estimate_rate, sample_size_to_detect


rng = np.random.default_rng(1)
STREETS = rng.integers(0, 10**9, 100_000)
TIERS = [39000, 15000, 4800, 1200]


def one_by_one(total, sizes):
    """Webster by a heap of fractions, a unit at a time: exact, and slow."""
    counts = [0] * len(sizes)
    heap = [(-Fraction(2 * size), i) for i, size in enumerate(sizes) if size]
    heapq.heapify(heap)
    for _ in range(total):
        _, i = heap[0]
        counts[i] += 1
        heapq.heapreplace(heap, (-Fraction(2 * sizes[i], 2 * counts[i] + 1), i))
    return counts


def largest_remainder(total, sizes):
    """Hamilton in floats: fast, and takes a unit away when the total grows."""
    shares = total * sizes / sizes.sum()
    counts = np.floor(shares).astype(np.int64)
    rest = total - counts.sum()
    counts[np.argsort(counts - shares, kind="stable")[:rest]] += 1
    return counts


@pytest.mark.benchmark(group="allocate 1,500 among 4 tiers")
class TestTiers:
    def test_dsgk(self, benchmark):
        assert benchmark(allocate, 1500, TIERS).sum() == 1500

    def test_heap_of_fractions(self, benchmark):
        assert benchmark(one_by_one, 1500, TIERS) == allocate(1500, TIERS).tolist()

    def test_largest_remainder_in_floats(self, benchmark):
        assert benchmark(largest_remainder, 1500, np.array(TIERS)).sum() == 1500


@pytest.mark.benchmark(group="allocate 1,000,000,000 among 100,000 strata")
class TestStreets:
    def test_dsgk(self, benchmark):
        assert benchmark(allocate, 10**9, STREETS).sum() == 10**9

    def test_dsgk_optimum(self, benchmark):
        spreads = rng.random(len(STREETS))
        assert benchmark(allocate_optimally, 10**9, STREETS, spreads).sum() == 10**9

    def test_largest_remainder_in_floats(self, benchmark):
        assert benchmark(largest_remainder, 10**9, STREETS).sum() == 10**9


@pytest.mark.benchmark(group="allocate 200,000 among 100,000 strata")
class TestFewEach:
    def test_dsgk(self, benchmark):
        benchmark(allocate, 200_000, STREETS)

    def test_heap_of_fractions(self, benchmark):
        sizes = STREETS.tolist()
        got = benchmark.pedantic(one_by_one, (200_000, sizes), rounds=1)

        assert got == allocate(200_000, STREETS).tolist()


def by_bisection(population, bad, confidence):
    """Nearly what scipy gives, by halving."""
    low, high = 0, population
    while high - low > 1:
        middle = (low + high) // 2
        if stats.hypergeom.pmf(0, population, bad, middle) <= 1 - confidence:
            high = middle
        else:
            low = middle
    return high


@pytest.mark.benchmark(group="size to detect 1 % of 60,000")
class TestSize:
    def test_dsgk(self, benchmark):
        assert benchmark(sample_size_to_detect, 60_000, bad=600, confidence=0.95) == 298

    def test_scipy_by_bisection(self, benchmark):
        assert benchmark(by_bisection, 60_000, 600, 0.95) == 298


@pytest.mark.benchmark(group="estimate of a rate, four tiers")
def test_estimate(benchmark):
    benchmark(estimate_rate, [3, 5, 12, 40], [390, 300, 480, 360], TIERS)
