"""A million checks into visits, against what a user of pandas would write."""

import numpy as np
import pandas as pd
import pytest

from dsgk.kernels.windows import pierce


N = 1_000_000


def district():
    """300,000 subjects, windows of up to four months within a year."""
    rng = np.random.default_rng(1)
    first = rng.integers(0, 365, N)
    return rng.integers(0, 300_000, N), first, first + rng.integers(0, 120, N)


def disjoint():
    """One subject and no two windows that meet: as many visits as rows."""
    first = np.random.default_rng(1).permutation(N) * 2
    return np.zeros(N, np.int64), first, first + 1


def one_round(table):
    """Sort and group by: the days of the first visits alone, not yet an answer."""
    ordered = table.sort_values(["subject", "last"])
    return ordered.groupby("subject")["last"].transform("min")


def rounds(table):
    """Sort and group by, again and again, until every row has its visit."""
    left = table.sort_values(["subject", "last"])
    visits = []
    while len(left):
        day = left.groupby("subject", sort=False)["last"].transform("first")
        met = left["first"] <= day
        visits.append(day[met])
        left = left[~met]
    return pd.concat(visits)


@pytest.mark.benchmark(group="pierce, 1,000,000 rows of 300,000 subjects")
class TestDistrict:
    def test_dsgk(self, benchmark):
        benchmark(pierce, *district())

    def test_pandas_one_round(self, benchmark):
        table = pd.DataFrame(
            dict(zip(("subject", "first", "last"), district(), strict=True))
        )
        benchmark(one_round, table)

    def test_pandas_all_rounds(self, benchmark):
        table = pd.DataFrame(
            dict(zip(("subject", "first", "last"), district(), strict=True))
        )
        found = benchmark(rounds, table)
        pairs = pd.DataFrame(
            {"subject": table["subject"], "day": found}
        ).drop_duplicates()

        assert len(pairs) == pierce(*district()).max() + 1


@pytest.mark.benchmark(group="pierce, 1,000,000 visits to one subject")
class TestDisjoint:
    def test_dsgk(self, benchmark):
        benchmark(pierce, *disjoint())

    def test_pandas_one_round(self, benchmark):
        table = pd.DataFrame(
            dict(zip(("subject", "first", "last"), disjoint(), strict=True))
        )
        benchmark(one_round, table)


def test_memory(peak_mb):
    """A few columns of eight bytes, whatever the windows."""
    columns = disjoint()
    used = peak_mb(lambda: pierce(*columns))
    print(f"\npierce, {N:,} rows: {used:.0f} MB above its input")

    assert used < 100
