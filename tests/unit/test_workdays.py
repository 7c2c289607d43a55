"""Tests of the arithmetic on arrays of days."""

import datetime as dt

import numpy as np
import pytest
from dateutil.relativedelta import relativedelta

from dsgk.kernels.workdays import add_months


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
