"""
Promises about working days and deadlines, held against day-by-day walks.

The walks ask another library for each day, or use no table at all.
"""

import datetime as dt
import itertools

import chinese_calendar
import numpy as np
import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import assume, example, given, strategies as st

from dsgk.calendars import HolidayNotice, Period, Unit, WorkCalendar
from dsgk.calendars._notices import Law, known_law
from dsgk.kernels.workdays import (
    add_workdays,
    bounds,
    count_workdays,
    make_table,
)


D = dt.date
ONE_DAY = dt.timedelta(days=1)
CALENDAR = WorkCalendar.china()
LAW = known_law()


def known_until(year, *notices):
    """The calendar as it was before the notice for the year after *year*."""
    kept = tuple(notice for notice in LAW.notices if notice.year <= year)
    return WorkCalendar._made_of(Law(LAW.statutory, kept), notices)


UNTIL_2026 = known_until(2026)

announced = st.dates(D(2007, 1, 1), D(2026, 12, 31))
known = st.dates(CALENDAR.announced_from, CALENDAR.known_through)
early = st.dates(D(2005, 1, 1), D(2033, 12, 31))
counts = st.integers(1, 90)
units = st.sampled_from(Unit)
periods = st.builds(Period, st.integers(1, 40), units)


def walk(start, n, is_workday=chinese_calendar.is_workday):
    """Count *n* working days on the fingers."""
    step = ONE_DAY if n > 0 else -ONE_DAY
    day = start
    for _ in range(abs(n)):
        day += step
        while not is_workday(day):
            day += step
    if not n:
        while not is_workday(day):
            day += ONE_DAY
    return day


class TestWalks:
    @given(announced, st.integers(-90, 90))
    @example(D(2015, 9, 2), 1)
    @example(D(2020, 1, 23), 5)
    @example(D(2018, 12, 28), 1)
    @example(D(2026, 10, 11), -1)
    @example(D(2026, 10, 4), 0)
    def test_counts_as_on_the_fingers(self, start, n):
        """
        Forwards, backwards and from days off.
        """
        assume(D(2007, 6, 1) <= start <= D(2026, 6, 1))

        assert walk(start, n) == CALENDAR.add_workdays(start, n)

    @given(announced, st.integers(0, 500))
    def test_counts_between_days_as_on_the_fingers(self, first, length):
        last = min(first + length * ONE_DAY, D(2026, 12, 31))
        days = [first + i * ONE_DAY for i in range((last - first).days + 1)]

        expected = sum(map(chinese_calendar.is_workday, days))

        assert expected == CALENDAR.count_workdays(first, last)

    @given(st.dates(D(2007, 1, 1), D(2023, 1, 1)), periods)
    @example(D(2020, 1, 31), Period(1, Unit.MONTH))
    @example(D(2012, 2, 29), Period(1, Unit.YEAR))
    @example(D(2019, 9, 30), Period(1, Unit.DAY))
    def test_ends_where_the_law_says(self, start, period):
        """
        Civil Code, Art. 201 to 203, with months as dateutil has them.
        """
        assume(period.unit is not Unit.YEAR or period.n <= 3)
        if period.unit is Unit.WORKING_DAY:
            expected = walk(start, period.n)
        else:
            name = {Unit.DAY: "days", Unit.MONTH: "months", Unit.YEAR: "years"}
            nominal = start + relativedelta(**{name[period.unit]: period.n})
            expected = walk(nominal, 0)
        due = CALENDAR.deadline(start, period)

        assert (expected, False) == (due.date, due.provisional)
        assert expected == due.earliest == due.latest


class TestLaws:
    @given(early, counts)
    def test_counting_undoes_adding(self, start, n):
        """
        Both ends included, but not the start.
        """
        due = CALENDAR.add_workdays(start, n)

        assert n == CALENDAR.count_workdays(start + ONE_DAY, due)

    @given(early, counts)
    def test_counting_undoes_adding_backwards(self, start, n):
        day = CALENDAR.add_workdays(start, -n)

        assert n == CALENDAR.count_workdays(day, start - ONE_DAY)

    @given(early, counts)
    def test_backwards_mirrors_forwards_from_a_working_day(self, start, n):
        start = CALENDAR.roll(start)

        assert start == CALENDAR.add_workdays(CALENDAR.add_workdays(start, n), -n)
        assert start == CALENDAR.add_workdays(CALENDAR.add_workdays(start, -n), n)

    @given(early, counts, counts)
    def test_steps_add_up(self, start, one, two):
        assert CALENDAR.add_workdays(start, one + two) == CALENDAR.add_workdays(
            CALENDAR.add_workdays(start, one), two
        )

    @given(early, st.integers(-90, 90))
    def test_every_answer_is_a_working_day(self, start, n):
        assert CALENDAR.is_workday(CALENDAR.add_workdays(start, n))

    @given(early)
    def test_rolling_twice_is_rolling_once(self, day):
        rolled = CALENDAR.roll(day)

        assert day <= rolled
        assert rolled == CALENDAR.roll(rolled)
        assert rolled == CALENDAR.add_workdays(day, 0)

    @given(st.dates(D(2005, 1, 1), D(2030, 1, 1)), st.integers(0, 30), periods)
    def test_a_later_start_never_ends_earlier(self, start, later, periods):
        assume(periods.unit is not Unit.YEAR or periods.n <= 3)
        one = UNTIL_2026.deadline(start, periods)
        two = UNTIL_2026.deadline(start + later * ONE_DAY, periods)

        assert one.date <= two.date
        assert one.earliest <= two.earliest
        assert one.latest <= two.latest

    @given(st.lists(st.tuples(early, st.integers(-90, 90)), max_size=20))
    def test_a_column_is_its_rows(self, rows):
        """
        Dates and flags, whatever stands in the other rows.
        """
        starts = np.array([start for start, _ in rows], "datetime64[D]")
        shifts = np.array([n for _, n in rows], np.int64)
        dates, provisional = UNTIL_2026.add_workdays_array(starts, shifts)

        assert [UNTIL_2026.add_workdays(*row) for row in rows] == dates.tolist()
        for (start, n), flag in zip(rows, provisional.tolist(), strict=True):
            if n > 0:
                due = UNTIL_2026.deadline(start, Period(n, Unit.WORKING_DAY))
                assert due.provisional == flag


class TestBounds:
    @pytest.mark.parametrize("year", [notice.year for notice in LAW.notices[1:]])
    def test_every_notice_so_far_stays_within_them(self, year):
        """
        Had the year not been announced, each deadline that ends in it would
        have been foretold truly: those that begin before it included.
        """
        before, after = known_until(year - 1), known_until(year)
        first, last = before.announced_through + ONE_DAY, after.announced_through
        start = first - 40 * ONE_DAY
        while start < last:
            for period in (
                Period(1, Unit.WORKING_DAY),
                Period(20, Unit.WORKING_DAY),
                Period(60, Unit.WORKING_DAY),
                Period(15, Unit.DAY),
            ):
                true = after.deadline(start, period)
                if true.provisional:
                    continue
                foretold = before.deadline(start, period)

                assert foretold.earliest <= true.date <= foretold.latest
                if not foretold.provisional:
                    assert true.date == foretold.date
            start += 2 * ONE_DAY

    @given(st.dates(D(2026, 10, 1), D(2033, 3, 31)), periods)
    def test_the_foretold_date_lies_within_them(self, start, period):
        assume(period.unit is not Unit.YEAR or period.n <= 2)
        due = UNTIL_2026.deadline(start, period)

        assert due.earliest <= due.date <= due.latest
        assert due.provisional == (due.date > UNTIL_2026.announced_through)
        if not due.provisional:
            assert due.earliest == due.date == due.latest

    @given(st.data(), st.dates(D(2026, 12, 1), D(2027, 10, 1)), periods)
    def test_no_notice_that_keeps_the_assumptions_gets_past_them(
        self, data, start, period
    ):
        """
        Whatever the notice for 2027 says within them, the deadline is kept.
        """
        assume(period.unit in (Unit.WORKING_DAY, Unit.DAY))
        notice = data.draw(notices_for_2027())
        true = known_until(2026, notice).deadline(start, period)
        foretold = UNTIL_2026.deadline(start, period)

        assert not true.provisional
        assert foretold.earliest <= true.date <= foretold.latest

    def test_twenty_working_days_are_bounded_to_a_fortnight_on_average(self):
        """
        Bounds that hold but say nothing would be no help.
        """
        starts = [D(2026, 12, 31) + i * ONE_DAY for i in range(365)]
        dues = [UNTIL_2026.deadline(s, Period(20, Unit.WORKING_DAY)) for s in starts]
        widths = [(due.latest - due.earliest).days for due in dues]

        assert sum(widths) / len(widths) < 11
        assert max(widths) <= 28


@st.composite
def notices_for_2027(draw):
    """
    A notice within the assumptions that the module states, made day by day.

    The statutory holidays of 2027: New Year on Friday, Spring Festival from
    Friday to Monday, Tomb-Sweeping on Monday, Labour Day on Saturday and
    Sunday, Dragon Boat and Mid-Autumn on Wednesdays, National Day from Friday
    to Sunday.
    """
    festivals = [  # first, last, fallen on a weekend, off within, worked within
        (D(2027, 1, 1), D(2027, 1, 1), 0, 2, 7),
        (D(2027, 2, 5), D(2027, 2, 8), 2, 5, 14),
        (D(2027, 4, 5), D(2027, 4, 5), 0, 2, 7),
        (D(2027, 5, 1), D(2027, 5, 2), 2, 5, 14),
        (D(2027, 6, 9), D(2027, 6, 9), 0, 2, 7),
        (D(2027, 9, 15), D(2027, 9, 15), 0, 2, 7),
        (D(2027, 10, 1), D(2027, 10, 3), 2, 5, 14),
    ]
    year = [D(2027, 1, 1) + i * ONE_DAY for i in range(365)]
    plain = [day for day in year if day not in LAW.statutory]

    def pick(days, at_most):
        if not days:
            return set()
        return draw(st.sets(st.sampled_from(days), max_size=at_most))

    off = {day for day in LAW.statutory if day.year == 2027}
    worked = set()
    for first, last, fallen, rest, work in festivals:
        near = [
            d for d in plain if first - rest * ONE_DAY <= d <= last + rest * ONE_DAY
        ]
        far = [d for d in plain if first - work * ONE_DAY <= d <= last + work * ONE_DAY]
        off |= pick([d for d in near if d.weekday() < 5], fallen + 2)
        worked |= pick([d for d in far if d.weekday() >= 5], 2)
    off |= pick([d for d in plain if d.weekday() < 5], 2)
    worked |= pick([d for d in plain if d.weekday() >= 5], 1)
    return HolidayNotice(
        year=2027,
        days_off=tuple(sorted(off)),
        make_up_days=tuple(sorted(worked)),
        source="made up by a test",
    )


def test_the_festivals_of_2027_are_as_this_file_has_them():
    days = sorted(day for day in LAW.statutory if day.year == 2027)
    spans = ((1, 1, 1), (2, 5, 8), (4, 5, 5), (5, 1, 2), (6, 9, 9), (9, 15, 15))
    expected = [
        D(2027, month, day)
        for month, first, last in (*spans, (10, 1, 3))
        for day in range(first, last + 1)
    ]

    assert expected == days


flags = st.lists(st.booleans(), min_size=1, max_size=30)


class TestKernel:
    @given(flags, st.integers(-3, 33), st.integers(-40, 40))
    def test_is_a_walk_over_the_table_or_no_answer(self, worked, at, n):
        first = D(2026, 3, 5)
        table = make_table(np.datetime64(first), np.array(worked, bool))
        days = {first + i * ONE_DAY: flag for i, flag in enumerate(worked)}
        start = first + at * ONE_DAY
        try:
            expected = [walk(start, n, days.__getitem__) if start in days else None]
        except KeyError:
            expected = [None]
        found = add_workdays(table, np.array([start], "datetime64[D]"), n)

        assert expected == found.tolist()

    @given(flags, st.data())
    def test_counting_is_a_sum(self, worked, data):
        first = data.draw(st.integers(0, len(worked) - 1))
        last = data.draw(st.integers(first, len(worked) - 1))
        start = np.datetime64("2026-03-05")
        table = make_table(start, np.array(worked, bool))
        days = start + np.arange(len(worked)).astype("timedelta64[D]")

        assert [sum(worked[first : last + 1])] == count_workdays(
            table, days[[first]], days[[last]]
        ).tolist()

    @given(st.data())
    def test_bounds_hold_for_every_choice_and_are_met_where_choices_are_apart(
        self, data
    ):
        """
        All outcomes of at most one gain and one loss, one by one.
        """
        size = data.draw(st.integers(1, 12))
        position = st.integers(0, size - 1)
        sure = np.array(
            data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
        )
        open_days = np.flatnonzero(~sure).tolist()
        gain = sorted(d for d in data.draw(st.sets(position)) if d in open_days)
        loss = sorted(d for d in data.draw(st.sets(position)) if d not in open_days)
        at_most = data.draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
        after = data.draw(st.integers(-1, size - 1))
        n = data.draw(st.integers(1, 6))
        earliest, latest = bounds(
            sure,
            np.zeros(size, bool),
            gains=[(np.array(gain, np.int64), at_most[0])] if gain else [],
            losses=[(np.array(loss, np.int64), at_most[1])] if loss else [],
            after=after,
            n=n,
        )
        ends = set()
        for gained in up_to(gain, at_most[0]):
            for lost in up_to(loss, at_most[1]):
                days = set(np.flatnonzero(sure).tolist()) - set(lost) | set(gained)
                rest = sorted(day for day in days if day > after)
                ends.add(rest[n - 1] if n <= len(rest) else size)

        assert min(ends) == (size if earliest < 0 else earliest)
        assert max(ends) == (size if latest < 0 else latest)


def up_to(days, at_most):
    return itertools.chain.from_iterable(
        itertools.combinations(days, k) for k in range(at_most + 1)
    )
