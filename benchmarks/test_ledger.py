"""
The ledger of a large year, beside what one would write with pandas.

A million checks of half a million visits.  Reading includes what keeps the
ledger true: every id and every day checked, no check twice, tasks of one
subject; pandas is given the same rules.
"""

import numpy as np
import pandas as pd
import pytest

from dsgk.calendars import WorkCalendar
from dsgk.ledger import Ledger
from dsgk.performance import plan_completion, publication_figures
from dsgk.publication import schedule_publication


ROWS = 1_000_000
CALENDAR = WorkCalendar.china()
ON = np.datetime64("2025-12-31").item()


@pytest.fixture(scope="module")
def columns():
    rng = np.random.default_rng(20)
    drawn = np.datetime64("2025-01-06") + rng.integers(0, 180, ROWS // 2).repeat(2)
    completed = drawn + rng.integers(0, 90, ROWS)
    published = completed + rng.integers(0, 60, ROWS)
    missing = rng.random(ROWS) < 0.1
    completed[missing] = published[missing] = np.datetime64("NaT")
    results = np.where(missing, None, "no-problem").tolist()
    return {
        "task_id": [f"T{n // 2:07}" for n in range(ROWS)],
        "subject_id": [f"91120225MA{n // 2:08}" for n in range(ROWS)],
        "item": ["食品经营监督检查", "消防情况的检查"] * (ROWS // 2),
        "department": ["市场监管局", "消防救援大队"] * (ROWS // 2),
        "entry": ["3", "4"] * (ROWS // 2),
        "stratum": ["A"] * ROWS,
        "drawn_on": drawn,
        "due": drawn + 60,
        "completed_on": completed,
        "results": results,
        "entered_on": published,
        "published_on": published,
    }


@pytest.fixture(scope="module")
def ledger(columns):
    return Ledger.from_columns(**columns)


@pytest.fixture(scope="module")
def table(columns):
    return pd.DataFrame(columns)


def read_with_pandas(columns):
    """Read the same columns and check the same rules."""
    table = pd.DataFrame(columns)
    ids = table["task_id"].str.strip().eq(table["task_id"])
    ids &= table["subject_id"].str.strip().eq(table["subject_id"])
    early = table["completed_on"] < table["drawn_on"]
    early |= table["entered_on"] < table["completed_on"]
    early |= table["published_on"] < table["entered_on"]
    doubled = table.duplicated(["task_id", "item", "department", "entry"])
    doubled |= table.duplicated(
        ["entry", "subject_id", "item", "department", "drawn_on"]
    )
    subjects = table.groupby("task_id")["subject_id"].transform("first")
    assert ids.all()
    assert not (early | doubled | (subjects != table["subject_id"])).any()
    return table


@pytest.mark.benchmark(group="read a million checks")
def test_ledger(benchmark, columns):
    made = benchmark.pedantic(lambda: Ledger.from_columns(**columns), rounds=2)

    assert len(made) == ROWS


@pytest.mark.benchmark(group="read a million checks")
def test_pandas(benchmark, columns):
    made = benchmark.pedantic(read_with_pandas, (columns,), rounds=2)

    assert len(made) == ROWS


@pytest.mark.benchmark(group="due dates of a million checks")
def test_schedule_publication(benchmark, ledger):
    schedule = benchmark.pedantic(
        schedule_publication, (ledger, CALENDAR), rounds=5, warmup_rounds=1
    )

    assert np.isnat(schedule.due).sum() == np.isnat(ledger.days["completed_on"]).sum()


@pytest.mark.benchmark(group="due dates of a million checks")
def test_numpy_busday_offset(benchmark, ledger):
    every = np.arange("2025-01-01", "2027-01-01", dtype="datetime64[D]")
    off = [day for day in every.tolist() if not CALENDAR.is_workday(day)]
    calendar = np.busdaycalendar(weekmask="1111111", holidays=off)
    completed = ledger.days["completed_on"]
    there = ~np.isnat(completed)

    def offset():
        due = np.full(len(completed), np.datetime64("NaT", "D"))
        due[there] = np.busday_offset(
            completed[there], 20, roll="backward", busdaycal=calendar
        )
        return due

    due = benchmark.pedantic(offset, rounds=3, warmup_rounds=1)

    expected = schedule_publication(ledger, CALENDAR).due
    assert np.array_equal(due, expected, equal_nan=True)


@pytest.mark.benchmark(group="completion by department")
def test_plan_completion(benchmark, ledger):
    figures = benchmark.pedantic(
        lambda: plan_completion(ledger, on=ON), rounds=3, warmup_rounds=1
    )

    assert sum(figures["drawn"]) == ROWS


@pytest.mark.benchmark(group="completion by department")
def test_pandas_group_by(benchmark, table, ledger):
    def figures():
        done = table["completed_on"].notna()
        in_time = done & (table["completed_on"] <= table["due"])
        past = table["due"] < pd.Timestamp(ON)
        groups = table.assign(
            in_time=in_time, delayed=done & ~in_time, open=~done & ~past,
            overdue=~done & past,
        ).groupby("department")  # fmt: skip
        sums = groups[["in_time", "delayed", "open", "overdue"]].sum()
        return sums.assign(subjects=groups["subject_id"].nunique())

    sums = benchmark.pedantic(figures, rounds=3, warmup_rounds=1)

    expected = plan_completion(ledger, on=ON)
    for name in sums:
        assert expected[name] == sums[name].tolist()


@pytest.mark.benchmark(group="publication by department")
def test_publication_figures(benchmark, ledger):
    figures = benchmark.pedantic(
        lambda: publication_figures(ledger, CALENDAR, on=ON), rounds=3, warmup_rounds=1
    )

    assert sum(figures["overdue"]) >= 0


def test_memory_of_a_million_checks(columns, peak_mb):
    """Twelve columns of codes and days; a row as an object would be a hundred times."""
    peak = peak_mb(lambda: Ledger.from_columns(**columns))
    print(f"peak {peak:.0f} MB")

    assert peak < 1500
