"""
Deadlines of a million subjects, beside what NumPy offers for it.

NumPy's business days know weekends of every week and a list of holidays.
China's make-up days make some weekends worked, so the only way to have it
right is a week without weekend and every day off in the list.
"""

import datetime as dt

import holidays
import numpy as np
import pytest

from dsgk.calendars import Period, Unit, WorkCalendar


ROWS = 1_000_000
DAYS = 20
CALENDAR = WorkCalendar.china()


@pytest.fixture(scope="module")
def starts():
    first = np.datetime64("2007-01-01")
    days = np.random.default_rng(20).integers(0, 7000, ROWS)
    return (first + days).astype("datetime64[D]")


@pytest.fixture(scope="module")
def busdays():
    every = np.arange("2007-01-01", "2027-01-01", dtype="datetime64[D]")
    off = [day for day in every.tolist() if not CALENDAR.is_workday(day)]
    return np.busdaycalendar(weekmask="1111111", holidays=off)


@pytest.mark.benchmark(group="a million deadlines")
def test_add_workdays_array(benchmark, starts):
    dates, _ = benchmark.pedantic(
        CALENDAR.add_workdays_array, (starts, DAYS), rounds=15, warmup_rounds=2
    )

    assert len(dates) == ROWS


@pytest.mark.benchmark(group="a million deadlines")
def test_numpy_busday_offset(benchmark, starts, busdays):
    dates = benchmark.pedantic(
        np.busday_offset,
        (starts, DAYS),
        {"roll": "backward", "busdaycal": busdays},
        rounds=3,
        warmup_rounds=1,
    )

    assert dates.tolist() == CALENDAR.add_workdays_array(starts, DAYS)[0].tolist()


@pytest.mark.benchmark(group="one deadline")
def test_deadline(benchmark):
    due = benchmark(
        CALENDAR.deadline, dt.date(2026, 2, 13), Period(20, Unit.WORKING_DAY)
    )

    assert due.date == dt.date(2026, 3, 19)


@pytest.mark.benchmark(group="one deadline")
def test_provisional_deadline(benchmark):
    start = CALENDAR.announced_through + dt.timedelta(days=20)
    due = benchmark(CALENDAR.deadline, start, Period(DAYS, Unit.WORKING_DAY))

    assert due.provisional


@pytest.mark.benchmark(group="one deadline")
def test_holidays_loop(benchmark):
    china = holidays.country_holidays("CN", years=range(2025, 2028))
    due = benchmark(china.get_nth_working_day, dt.date(2026, 2, 13), DAYS)

    assert due == dt.date(2026, 3, 19)


def test_memory_of_a_million_deadlines(starts, peak_mb):
    """The answer is 9 MB; beside it stand two columns of 8 MB for a time."""
    assert peak_mb(lambda: CALENDAR.add_workdays_array(starts, DAYS)) < 30
