"""Tests of the arithmetic on arrays of days."""

import datetime as dt

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta

from dsgk.kernels.workdays import (
    add_months,
    add_workdays,
    bounds,
    count_workdays,
    make_table,
)


def days(*texts):
    return np.array(texts, "datetime64[D]")


class TestAddMonths:
    def test_is_what_relativedelta_gives_for_every_day_of_a_leap_cycle(self):
        """
        Four years and the turn of a century hold every length of month.
        """
        for first, last in (("1899-01-01", "1901-01-01"), ("2023-01-01", "2028-01-01")):
            dates = np.arange(first, last, dtype="datetime64[D]")
            for n in (-25, -12, -1, 0, 1, 2, 11, 12, 13, 24, 37):
                expected = [day + relativedelta(months=n) for day in dates.tolist()]

                assert expected == add_months(dates, n).tolist()

    @pytest.mark.parametrize(
        ("start", "n", "expected"),
        [
            ("2025-01-31", 1, "2025-02-28"),
            ("2024-01-31", 1, "2024-02-29"),
            ("2024-02-29", 12, "2025-02-28"),
            ("2024-03-31", -1, "2024-02-29"),
            ("2024-12-31", 2, "2025-02-28"),
            ("2025-08-31", 1, "2025-09-30"),
            ("2025-02-28", 1, "2025-03-28"),
        ],
    )
    def test_a_day_that_the_month_lacks_becomes_its_last(self, start, n, expected):
        """
        Civil Code, Art. 202: without a corresponding day, the last of the month.
        """
        assert days(expected).tolist() == add_months(days(start), n).tolist()

    def test_every_row_has_its_own_number_of_months(self):
        moved = add_months(days("2025-01-31", "2025-01-31"), np.array([1, -2]))

        assert days("2025-02-28", "2024-11-30").tolist() == moved.tolist()
        assert np.dtype("datetime64[D]") == moved.dtype

    def test_no_day_stays_no_day(self):
        """
        A column may have gaps, such as subjects that were never inspected.
        """
        moved = add_months(days("NaT", "2025-01-31"), 1)

        assert np.isnat(moved).tolist() == [True, False]

    def test_an_empty_column_is_a_column(self):
        assert len(add_months(days(), 3)) == 0

    def test_the_input_is_not_changed(self):
        dates = days("2025-01-31")

        add_months(dates, 1)

        assert days("2025-01-31").tolist() == dates.tolist()

    @pytest.mark.parametrize("unit", ["M", "s", "ns"])
    def test_other_units_are_refused(self, unit):
        """
        A month is no day, and a time of day would be cut off in silence.
        """
        with pytest.raises(TypeError, match=r"'dates' must be .*datetime64\[D\]"):
            add_months(np.array(["2025-01"], f"datetime64[{unit}]"), 1)

    def test_parts_of_a_month_are_refused(self):
        with pytest.raises(TypeError, match="'n' must be a whole number"):
            add_months(days("2025-01-31"), np.array(1.5))

    def test_dates_of_the_standard_library_come_back(self):
        assert [dt.date(2026, 4, 30)] == add_months(days("2026-03-31"), 1).tolist()


WEEKS = make_table(
    np.datetime64("2026-03-05"),  # a Thursday
    np.array([1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0], bool),
)


class TestMakeTable:
    def test_holds_prefix_sums_and_the_working_days(self):
        assert WEEKS.before.tolist() == [0, 1, 2, 2, 2, 3, 4, 5, 6, 7, 7, 7]
        assert len(WEEKS.workdays) == 7
        assert WEEKS.workdays[2].item() == dt.date(2026, 3, 9)
        assert WEEKS.size == 11

    def test_cannot_be_changed_by_those_who_share_it(self):
        with pytest.raises(ValueError, match="read-only"):
            WEEKS.before[0] = 1
        with pytest.raises(ValueError, match="read-only"):
            WEEKS.workdays[0] = WEEKS.workdays[1]


class TestAddWorkdays:
    @pytest.mark.parametrize(
        ("start", "n", "expected"),
        [
            ("2026-03-05", 1, "2026-03-06"),
            ("2026-03-06", 1, "2026-03-09"),
            ("2026-03-07", 1, "2026-03-09"),
            ("2026-03-07", 0, "2026-03-09"),
            ("2026-03-09", 0, "2026-03-09"),
            ("2026-03-09", -1, "2026-03-06"),
            ("2026-03-07", -1, "2026-03-06"),
            ("2026-03-07", -2, "2026-03-05"),
            ("2026-03-05", 6, "2026-03-13"),
        ],
    )
    def test_counts_from_the_day_beside_the_start(self, start, n, expected):
        found = add_workdays(WEEKS, days(start, start), n)

        assert days(expected, expected).tolist() == found.tolist()

    @pytest.mark.parametrize(
        ("start", "n"),
        [
            ("NaT", 1),
            ("2026-03-04", 1),  # the day before the table
            ("2026-03-16", -1),  # the day after it
            ("0001-01-01", 1),
            ("2026-03-05", -1),
            ("2026-03-05", 7),
            ("2026-03-14", 0),
            ("2026-03-05", 2**62),
            ("2026-03-05", -(2**62)),
        ],
    )
    def test_has_no_answer_outside_the_table(self, start, n):
        """
        NumPy would count from the other end, or say that every day is worked.
        """
        found = add_workdays(WEEKS, days("2026-03-09", start), np.array([1, n]))

        assert [dt.date(2026, 3, 10), None] == found.tolist()

    def test_where_every_day_is_worked_the_table_ends_with_its_days(self):
        """
        The longest way within a table is one less than its days.
        """
        table = make_table(np.datetime64("2026-03-05"), np.ones(11, bool))
        ends = days("2026-03-05", "2026-03-05", "2026-03-15", "2026-03-15")
        found = add_workdays(table, ends, np.array([10, 11, -10, -11]))

        assert [dt.date(2026, 3, 15), None, dt.date(2026, 3, 5), None] == found.tolist()

    def test_a_table_without_working_days_has_no_answer(self):
        table = make_table(np.datetime64("2026-03-07"), np.zeros(2, bool))

        assert np.isnat(add_workdays(table, days("2026-03-07"), 0)).all()

    def test_is_what_numpy_gives_with_all_days_off_as_holidays(self):
        """
        Where both have an answer: NumPy takes days past its list for worked.
        """
        starts = WEEKS.workdays.repeat(7)
        shifts = np.tile(np.arange(7), 7)
        off = np.setdiff1d(
            np.arange("2026-03-05", "2026-03-16", dtype="datetime64[D]"), WEEKS.workdays
        )
        expected = np.busday_offset(starts, shifts, weekmask="1111111", holidays=off)
        found = add_workdays(WEEKS, starts, shifts)
        known = ~np.isnat(found)

        assert known.sum() == 28
        assert expected[known].tolist() == found[known].tolist()

    def test_refuses_other_units_and_parts_of_days(self):
        with pytest.raises(TypeError, match="'starts' must be"):
            add_workdays(WEEKS, np.array(["2026-03"], "datetime64[M]"), 1)
        for n in (np.array([0.5]), np.array([1], np.uint64), np.array([True])):
            with pytest.raises(TypeError, match="'n' must be a whole number"):
                add_workdays(WEEKS, days("2026-03-09"), n)


class TestCountWorkdays:
    @pytest.mark.parametrize("name", ["first", "last"])
    def test_refuses_other_units(self, name):
        """
        A month is a number too, and would count as that many days.
        """
        given = {"first": days("2026-03-06"), "last": days("2026-03-10")}
        given[name] = np.array(["2026-03"], "datetime64[M]")

        with pytest.raises(TypeError, match=f"'{name}' must be an array"):
            count_workdays(WEEKS, **given)

    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            ("2026-03-06", "2026-03-10", 3),
            ("2026-03-07", "2026-03-08", 0),
            ("2026-03-09", "2026-03-09", 1),
            ("2026-03-05", "2026-03-15", 7),
        ],
    )
    def test_counts_both_ends(self, first, last, expected):
        assert count_workdays(WEEKS, days(first), days(last)).tolist() == [expected]

    @pytest.mark.parametrize("day", ["2026-03-04", "2026-03-16", "NaT"])
    def test_refuses_days_outside_the_table(self, day):
        for first, last in ((day, "2026-03-09"), ("2026-03-09", day)):
            with pytest.raises(ValueError, match="days of the table alone"):
                count_workdays(WEEKS, days(first), days(last))


class TestBounds:
    SURE = np.array([1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0], bool)
    NEVER = np.zeros(11, bool)

    def bounds(self, *, gains=(), losses=(), after=-1, n=3, never=NEVER):
        return bounds(self.SURE, never, gains=gains, losses=losses, after=after, n=n)

    def test_without_choices_there_is_one_day(self):
        assert self.bounds() == (4, 4)

    def test_gains_and_losses_move_either_end(self):
        gain, loss = (np.array([2, 3]), 1), (np.array([0, 1]), 2)

        assert self.bounds(gains=[gain]) == (2, 4)
        assert self.bounds(losses=[loss]) == (4, 6)

    def test_choices_before_the_start_are_over(self):
        """
        A choice may have been made of days that are not counted.
        """
        choice = (np.array([2, 3]), 1)

        assert self.bounds(gains=[choice], after=2, n=2) == (4, 5)
        assert self.bounds(gains=[choice], after=3, n=2) == (5, 5)

    def test_no_day_is_gained_twice(self):
        """
        Two gains may be of the same days; both days may then be worked, but
        the first is not worked twice.
        """
        gain = (np.array([2, 3]), 1)

        assert self.bounds(gains=[gain, gain], n=4) == (3, 5)

    def test_days_that_nothing_can_gain_are_never_counted(self):
        never = np.array([0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0], bool)
        gain = (np.array([4, 5]), 2)

        assert self.bounds(gains=[gain], never=never) == (4, 4)

    def test_a_long_time_without_work_is_waited_out(self):
        sure = np.zeros(400, bool)
        sure[[0, 300, 399]] = True
        never = np.zeros(400, bool)
        loss = (np.array([300]), 1)

        assert bounds(sure, never, gains=[], losses=[], after=0, n=1) == (300, 300)
        assert bounds(sure, never, gains=[], losses=[loss], after=0, n=1) == (300, 399)
        assert bounds(sure, never, gains=[], losses=[], after=0, n=3) == (-1, -1)

    def test_choices_far_ahead_have_no_say(self):
        """
        At whatever day the search stops, a choice may go on beyond it.
        """
        sure, never = np.ones(400, bool), np.zeros(400, bool)
        for far in range(40, 200):
            loss = (np.array([10, far]), 2)

            found = bounds(sure, never, gains=[], losses=[loss], after=-1, n=3)
            assert found == (2, 2)

    def test_an_end_past_the_last_day_is_unknown(self):
        loss = (np.array([8]), 1)

        assert self.bounds(losses=[loss], n=7) == (8, -1)
        assert self.bounds(n=8) == (-1, -1)
