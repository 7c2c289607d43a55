"""
Registers and tiers of a million subjects, beside what a user would write.

The peers read the same columns with pandas: the classes as categoricals, the
days parsed, ids looked at for repeats; tiers by `numpy.select`.  They check
nothing else and keep no reasons.
"""

import datetime as dt
import hashlib

import numpy as np
import pandas as pd
import pytest

from dsgk.calendars import Period, Unit
from dsgk.subjects import Change, SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule


N = 1_000_000
DAY = dt.date(2025, 6, 20)
POLICY = TierPolicy([
    TierRule("D", ratio=Ratio.exactly("30%"), when={"credit": {"D"}}, yearly_cap=4),
    TierRule("C", ratio=Ratio.exactly("10%"), when={"credit": {"C"}}, yearly_cap=2),
    TierRule(
        "B", ratio=Ratio.exactly("2%"), when={"credit": {"B"}},
        rest=Period(12, Unit.MONTH), yearly_cap=2,
    ),
    TierRule(
        "其他", ratio=Ratio.exactly("1%"), rest=Period(24, Unit.MONTH), yearly_cap=1
    ),
])  # fmt: skip


@pytest.fixture(scope="module")
def columns():
    """Eight columns with the published shares of the credit classes."""
    rng = np.random.default_rng(20250620)

    def pick(cells, shares=None):
        return [cells[k] for k in rng.choice(len(cells), N, p=shares)]

    days = [(dt.date(2023, 1, 1) + dt.timedelta(k)).isoformat() for k in range(900)]
    return {
        "id": [f"91120225{k:010d}" for k in range(N)],
        "kind": pick(["药店", "饭店", "超市", "工厂"]),
        "area": pick([f"第{k}镇" for k in range(27)]),
        "credit": pick(["A", "B", "C", "D"], [0.65, 0.25, 0.08, 0.02]),
        "on_promise": pick(["是", "否"]),
        "status": pick(["存续", "注销"], [0.95, 0.05]),
        "last_inspected_on": pick(["", *days]),
        "visits_this_year": pick([0, 1, 2, 3]),
    }


@pytest.fixture(scope="module")
def register(columns):
    return SubjectRegister.from_columns(**columns)


def table_of(columns):
    """What a user would write with pandas."""
    table = pd.DataFrame(columns)
    for field in ("kind", "area", "credit", "on_promise", "status"):
        table[field] = table[field].astype("category")
    table["last_inspected_on"] = pd.to_datetime(table["last_inspected_on"])
    if table["id"].duplicated().any():
        raise ValueError
    return table


@pytest.mark.benchmark(group="a register of 1,000,000 rows and 8 columns")
class TestReading:
    def test_ours(self, benchmark, columns):
        read = benchmark.pedantic(
            SubjectRegister.from_columns, kwargs=columns, rounds=3
        )

        assert len(read) == N

    def test_pandas(self, benchmark, columns):
        assert len(benchmark.pedantic(table_of, [columns], rounds=3)) == N


@pytest.mark.benchmark(group="the digest of 1,000,000 subjects")
class TestDigest:
    def test_ours(self, benchmark, columns):
        def fresh():
            return (SubjectRegister.from_columns(**columns),), {}

        digest = benchmark.pedantic(lambda r: r.digest, setup=fresh, rounds=3)

        assert len(digest) == 64

    def test_of_ids_in_any_order(self, benchmark, columns):
        order = np.random.default_rng(1).permutation(N).tolist()
        mixed = {f: [*map(cells.__getitem__, order)] for f, cells in columns.items()}

        def fresh():
            return (SubjectRegister.from_columns(**mixed),), {}

        digest = benchmark.pedantic(lambda r: r.digest, setup=fresh, rounds=3)

        assert len(digest) == 64

    def test_the_bare_loop_over_the_ids(self, benchmark, columns):
        """The floor of any draw; the digest takes three times as long at most."""
        key = "f050b4356fceca7e0bd30cb92bc14db1"

        def loop():
            for text in columns["id"]:
                hashlib.sha256(f"{key}:{text}".encode()).digest()

        benchmark.pedantic(loop, rounds=3)


@pytest.mark.benchmark(group="the frame of 1,000,000 subjects by four rules")
class TestFrame:
    def test_ours(self, benchmark, register):
        plan = benchmark.pedantic(
            POLICY.frame, [register], {"on": DAY}, rounds=3, warmup_rounds=1
        )

        assert len(plan.frame) + len(plan.exclusions) == N

    def test_pandas(self, benchmark, columns):
        table = table_of(columns)

        def frame():
            credit = table["credit"]
            tier = np.select(
                [credit == "D", credit == "C", credit == "B"], ["D", "C", "B"], "其他"
            )
            cap = pd.Series(tier).map({"D": 4, "C": 2, "B": 2, "其他": 1})
            months = pd.Series(tier).map({"D": 0, "C": 0, "B": 12, "其他": 24})
            on = pd.Timestamp(DAY)
            limit = {m: on - pd.DateOffset(months=m) for m in (12, 24)}
            last = table["last_inspected_on"]
            resting = ((months == 12) & (last > limit[12])) | (
                (months == 24) & (last > limit[24])
            )
            out = resting | (table["visits_this_year"] >= cap)
            out |= table["status"] == "注销"
            return table.loc[~out, ["id"]].assign(stratum=tier[~out])

        assert len(benchmark.pedantic(frame, rounds=3, warmup_rounds=1)) < N


@pytest.mark.benchmark(group="10,000 changes of 1,000,000 subjects")
class TestApply:
    def test_ours(self, benchmark, register):
        changes = [
            Change.struck_off(register.ids[k], on=DAY, reason="注销登记")
            for k in range(0, N, 100)
        ]
        after = benchmark.pedantic(register.apply, [changes], {"on": DAY}, rounds=3)

        assert len(after) == N


def test_a_register_needs_little_more_than_its_ids(columns, peak_mb):
    """Classes as codes, days and counts as arrays: 60 bytes a row beside the ids."""
    peak = peak_mb(lambda: SubjectRegister.from_columns(**columns))
    print(f"\nregister of 1,000,000 rows: {peak:.0f} MB at the peak")

    assert peak < 120
