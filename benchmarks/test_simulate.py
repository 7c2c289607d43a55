"""
Simulated draws and years, against what a user would write instead.

A single draw stands beside NumPy's `Generator.choice` per stratum, pandas and
polars; many draws beside a loop over `choice`; the years of a policy beside
the random numbers that they use.
"""

import datetime as dt
import time

import numpy as np
import pandas as pd
import polars as pl
import pytest

from dsgk.calendars import Period, Unit
from dsgk.frames import Frame
from dsgk.simulate import (
    Movement,
    Programme,
    Scenario,
    Turnover,
    draw_many,
    draw_rows,
    simulate_policy,
)
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule


SHARES = {"A": 0.65, "B": 0.25, "C": 0.08, "D": 0.02}
RATES = {"A": 0.01, "B": 0.02, "C": 0.10, "D": 0.30}


def frame_of(n):
    rng = np.random.default_rng(1)
    codes = rng.choice(4, n, p=list(SHARES.values()))
    return Frame.from_codes(
        [f"9112022500{k:08}" for k in range(n)], codes, list("ABCD")
    )


def quotas_of(frame, rates=None):
    rates = RATES if rates is None else rates
    return {name: int(rates[name] * size) for name, size in frame.sizes.items()}


@pytest.fixture(scope="module")
def large():
    frame = frame_of(1_000_000)
    return frame, quotas_of(frame)


@pytest.fixture(scope="module")
def rng():
    return np.random.default_rng(2)


def rivals(frame, quotas, rng):
    """One draw from every stratum, as it can be written by other means."""
    codes, k = frame.codes, range(len(frame.names))
    wanted = [quotas[name] for name in frame.names]
    known = [np.flatnonzero(codes == code) for code in k]
    rows = pd.DataFrame({"stratum": codes})
    table = pl.DataFrame({"row": np.arange(len(frame)), "stratum": codes})

    def choice(strata):
        counts = np.zeros(len(frame), dtype=np.int64)
        for here, quota in zip(strata, wanted, strict=True):
            counts[rng.choice(here, quota, replace=False)] += 1
        return counts

    def pandas():
        """One call for each group, since the quotas differ."""
        groups = rows.groupby("stratum")
        return pd.concat([group.sample(wanted[c]) for c, group in groups])

    def polars():
        order = pl.int_range(pl.len()).shuffle().over("stratum")
        quota = pl.col("stratum").replace_strict(k, wanted)
        return table.filter(order < quota)

    return {
        "draw_many": lambda: draw_many(frame, quotas, draws=1, rng=rng),
        "choice": lambda: choice(np.flatnonzero(codes == code) for code in k),
        "choice, rows known": lambda: choice(known),
        "pandas": pandas,
        "polars": polars,
    }


def test_one_draw_in_turn(large, rng, capsys):
    """
    Processor time of one draw from 1,000,000, each rival once in every round.

    Other work on the machine slows all of a round alike, so the ratio is
    taken within it.  `choice` finds the rows of the strata, as `draw_many`
    does; with rows that are known it has next to nothing left to do.
    """
    # What is given back once in a piece, the process keeps; else chance decides
    # which of the rivals has its memory fetched anew in every call.
    piece = np.ones(31 * 2**20, dtype=np.uint8)
    del piece
    functions = rivals(*large, rng)
    times = {name: [] for name in functions}
    for name, function in functions.items():  # warm
        assert len(function()) in {len(large[0]), sum(large[1].values())}, name
    for _ in range(25):
        for name, function in functions.items():
            begun = time.process_time()
            function()
            times[name].append(time.process_time() - begun)
    ours = np.array(times.pop("draw_many"))
    ratios = {name: np.median(ours / np.array(each)) for name, each in times.items()}
    with capsys.disabled():
        print(f"\none draw from 1,000,000: {1000 * np.median(ours):.1f} ms, against")
        for name, ratio in ratios.items():
            print(f"  {name}: × {ratio:.2f}")

    assert ratios["choice"] <= 2
    assert max(ratios["pandas"], ratios["polars"]) < 1


def loop(frame, quotas, draws, rng):
    """Count many draws; the rows of the strata are found once."""
    rows = [np.flatnonzero(frame.codes == k) for k in range(len(frame.names))]
    counts = np.zeros(len(frame), dtype=np.int64)
    for _ in range(draws):
        for name, here in zip(frame.names, rows, strict=True):
            counts[rng.choice(here, quotas[name], replace=False)] += 1
    return counts


@pytest.fixture(scope="module", params=["1-30 %", "3 %", "50 %"])
def middle(request):
    frame = frame_of(60_000)
    rate = {"3 %": 0.03, "50 %": 0.5}.get(request.param)
    rates = None if rate is None else dict.fromkeys("ABCD", rate)
    return request.param, frame, quotas_of(frame, rates)


@pytest.fixture
def timed(benchmark, middle):
    """Put the same rates side by side, and what is drawn beside it."""
    name, frame, quotas = middle
    benchmark.group = f"1,000 draws of {name} from 60,000 in four strata"
    return benchmark, frame, quotas


class TestManyDraws:
    def test_draw_many(self, timed, rng):
        benchmark, frame, quotas = timed
        benchmark(draw_many, frame, quotas, draws=1000, rng=rng)

    def test_draw_rows(self, timed, rng):
        benchmark, frame, quotas = timed
        benchmark(draw_rows, frame, quotas, draws=1000, rng=rng)

    def test_loop_over_choice(self, timed, rng):
        benchmark, frame, quotas = timed
        benchmark(loop, frame, quotas, 1000, rng)


FIRMS, YEARS, REPLICATES = 100_000, 10, 100


@pytest.fixture(scope="module")
def years():
    """Four classes with rests and caps that move, close and join."""
    rng = np.random.default_rng(1)
    register = SubjectRegister.from_columns(
        id=[f"S{k}" for k in range(FIRMS)],
        credit=rng.choice(list(SHARES), FIRMS, p=list(SHARES.values())).tolist(),
    )
    months = {"A": 24, "B": 12, "C": 6}
    policy = TierPolicy(
        TierRule(
            name,
            ratio=Ratio.exactly(f"{round(100 * rate)}%"),
            when={"credit": {name}},
            rest=Period(months[name], Unit.MONTH) if name in months else None,
            yearly_cap=2,
        )
        for name, rate in RATES.items()
    )
    moves = {"A": {"B": 0.05}, "B": {"A": 0.1, "C": 0.05}, "C": {"B": 0.2, "D": 0.1}}
    scenario = Scenario(
        Programme("市场监管", policy),
        movement=Movement("credit", {**moves, "D": {"C": 0.3}}),
        turnover=Turnover(closing=0.05, opening=5000),
    )
    return register, scenario


@pytest.mark.benchmark(
    group="10 years of 100,000 firms, 100 replicates", min_rounds=1, max_time=0
)
class TestYears:
    def test_random_numbers(self, benchmark):
        """For every firm and year one to draw, one to move and one to close."""
        rng = np.random.default_rng(1)

        def numbers():
            for _ in range(REPLICATES):
                for year in range(YEARS):
                    for _ in range(3):
                        rng.random(FIRMS + 5000 * year)

        benchmark(numbers)

    def test_simulate_policy(self, benchmark, years):
        benchmark(
            simulate_policy,
            *years,
            on=dt.date(2026, 1, 1),
            years=YEARS,
            replicates=REPLICATES,
            rng=1,
        )


def test_memory(large, middle, years, peak_mb):
    """Pieces, not everything at once: results included."""
    peaks = {
        "draw_many, one of 1,000,000": peak_mb(
            lambda: draw_many(*large, draws=1, rng=1)
        ),
        "draw_many, 1,000 of 60,000": peak_mb(
            lambda: draw_many(*middle[1:], draws=1000, rng=1)
        ),
        "policy, 2 replicates": peak_mb(
            lambda: simulate_policy(
                *years, on=dt.date(2026, 1, 1), years=YEARS, replicates=2, rng=1
            )
        ),
    }
    print("\nMB: " + ", ".join(f"{name} {peak:.0f}" for name, peak in peaks.items()))

    assert max(peaks.values()) <= 60
