"""Tests of the calendar: which days are worked, and when a period ends."""

import csv
import datetime as dt
import pickle
import subprocess
import sys
from decimal import Decimal
from zoneinfo import ZoneInfo

import chinese_calendar
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from holidays.countries.china import ChinaStaticHolidays

from dsgk.calendars import HolidayNotice, Period, Unit, WorkCalendar
from dsgk.calendars._notices import (
    Law,
    known_law,
    last_settled,
    made_up_on,
    year_of_notice,
)
from dsgk.errors import (
    DsgkError,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
)
from dsgk.fields import faults_of
from dsgk.sources import CIVIL_CODE_201, CIVIL_CODE_203, provisions_of


D = dt.date
ONE_DAY = dt.timedelta(days=1)
CALENDAR = WorkCalendar.china()


def known_until(year, *notices):
    """
    The calendar as it was before the notice for the year after *year*.

    Ten years ahead of 2026, whatever the installed package knows by now.
    """
    law = known_law()
    statutory = {day: n for day, n in law.statutory.items() if day.year <= 2036}
    kept = tuple(notice for notice in law.notices if notice.year <= year)
    return WorkCalendar._made_of(Law(statutory, kept), notices)


UNTIL_2026 = known_until(2026)


def notice(year=2027, off=(), made_up=(), **rest):
    """A notice of the given days, with New Year's Day."""
    return HolidayNotice(
        year=year,
        days_off=off or (D(year, 1, 1),),
        make_up_days=made_up,
        source=rest.pop("source", "国办发明电〔年份〕1号"),
        **rest,
    )


def every_day(first, last):
    return [first + i * ONE_DAY for i in range((last - first).days + 1)]


def codes(error):
    return [fault.code for fault in error.value.faults]


@pytest.fixture
def package():
    """The package's table of special holidays, read anew before and after."""
    known_law.cache_clear()
    yield ChinaStaticHolidays.special_public_holidays
    known_law.cache_clear()


class TestAnnouncedDays:
    def test_every_day_is_worked_as_another_library_says(self):
        """
        The days come from one library and are checked against another, which
        lacks one day: 31 December 2005 stands in the notice for 2006.
        """
        differing = [
            day
            for day in every_day(D(2004, 1, 1), last_day_of_chinese_calendar())
            if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)
        ]

        assert [D(2005, 12, 31)] == differing
        assert CALENDAR.is_workday(D(2005, 12, 31))

    def test_the_last_announced_year_is_read_from_the_package(self, record_property):
        """
        Neither library may lag behind the other unseen.
        """
        last = CALENDAR.announced_through

        record_property("announced_through", str(last))
        assert last_settled(last.year) == last
        assert last.year >= last_day_of_chinese_calendar().year

    def test_the_first_announced_day_is_the_first_that_can_be_trusted(self):
        """
        `holidays` still has the long May holiday of 2003, which was withdrawn.
        """
        assert CALENDAR.announced_from == D(2004, 1, 1)

    @pytest.mark.parametrize(
        ("day", "worked"),
        [
            (D(2026, 10, 10), True),  # Saturday, made up
            (D(2026, 9, 20), True),  # Sunday, made up eleven days ahead
            (D(2026, 10, 7), False),  # Wednesday, off in exchange
            (D(2026, 10, 11), False),  # plain Sunday
            (D(2019, 5, 2), False),  # off by the notice that amended the year
            (D(2020, 1, 31), False),  # extended holiday
            (D(2015, 9, 3), False),  # one day off, decreed in May
            (D(2012, 6, 22), False),  # made up before the festival
            (D(2018, 12, 29), True),  # stands in the notice for 2019
            (D(2018, 12, 31), False),
        ],
    )
    def test_days_that_others_get_wrong(self, day, worked):
        assert worked == CALENDAR.is_workday(day)

    def test_the_answer_is_a_plain_bool(self):
        assert CALENDAR.is_workday(D(2026, 3, 17)) is True


def last_day_of_chinese_calendar():
    return D(max(chinese_calendar.constants.holidays).year, 12, 31)


class TestUpdatesOfThePackage:
    def test_a_year_with_a_swap_is_announced(self, package, monkeypatch):
        """
        All that a new year needs is an update of the package.
        """
        year = max(package) + 1
        monkeypatch.setitem(package, year, (2, 11, 2, 14))

        assert WorkCalendar.china().announced_through.year == year

    def test_a_single_extra_day_off_does_not_announce_a_year(
        self, package, monkeypatch
    ):
        """
        Such a day can be decreed half a year before the notice.
        """
        year = max(package) + 1
        monkeypatch.setitem(package, year, ((9, 3, "胜利日"),))

        assert WorkCalendar.china().announced_through.year == year - 1

    def test_years_behind_a_gap_are_not_trusted(self, package, monkeypatch):
        monkeypatch.delitem(package, 2010)

        assert WorkCalendar.china().announced_from == D(2011, 1, 1)

    def test_the_package_is_named_as_source(self):
        assert CALENDAR.notices[0].source.startswith("holidays 0.")

    def test_nothing_is_loaded_before_a_calendar_is_made(self):
        """
        Importing the library stays quick for those who draw and never count.
        """
        code = (
            "import sys, dsgk.calendars; "
            "print(sorted({'holidays', 'dateutil', 'zoneinfo'} & set(sys.modules)))"
        )
        done = subprocess.run(  # noqa: S603  (our own code)
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )

        assert done.stdout == "[]\n"


class TestStatutoryHolidays:
    @pytest.mark.parametrize(
        ("first", "last", "days"),
        [(2004, 2007, 10), (2008, 2024, 11), (2025, 2036, 13)],
    )
    def test_every_year_has_the_number_that_the_law_had(self, first, last, days):
        """
        Amended in 2007 and 2024; those of 2013 left the number as it was.
        """
        statutory = known_law().statutory
        for year in range(first, last + 1):
            assert days == sum(n for day, n in statutory.items() if day.year == year)

    def test_one_day_can_hold_two_festivals(self):
        assert known_law().statutory[D(2020, 10, 1)] == 2

    @pytest.mark.parametrize(
        ("year", "made_up"),
        [
            # Spring Festival from Friday to Monday, Labour Day on a weekend,
            # National Day from Friday to Sunday.
            (2027, ["02-09", "02-10", "05-03", "05-04", "10-04", "10-05"]),
            # New Year on Saturday, Dragon Boat on Sunday, National Day from
            # Sunday, and Mid-Autumn on 3 October.
            (2028, ["01-03", "05-29", "10-04", "10-05"]),
        ],
    )
    def test_weekends_and_coinciding_festivals_are_made_up(self, year, made_up):
        days = sorted(d for d in made_up_on(known_law().statutory) if d.year == year)

        assert [D.fromisoformat(f"{year}-{day}") for day in made_up] == days

    def test_what_is_made_up_finds_a_weekday_of_its_own(self):
        """
        Two festivals on Wednesday 1 October 2031, and the third is a Friday.
        Then two that are made up side by side, around a third.
        """
        made_up = made_up_on(known_law().statutory)
        weekend = {D(2026, 3, 7): 1, D(2026, 3, 8): 1}
        beside = {D(2026, 3, 10): 2, D(2026, 3, 12): 2}

        assert D(2031, 10, 6) in made_up
        assert D(2031, 10, 4) not in made_up
        assert made_up_on(weekend | beside) == {
            D(2026, 3, 9),
            D(2026, 3, 11),
            D(2026, 3, 13),
            D(2026, 3, 16),
        }

    def test_years_to_come_are_foretold_from_the_law(self):
        """
        Off are the statutory holidays, what is made up for them, and weekends.
        """
        off = {*known_law().statutory, *made_up_on(known_law().statutory)}
        for day in every_day(D(2027, 1, 1), D(2036, 12, 31)):
            expected = day.weekday() < 5 and day not in off

            assert expected == UNTIL_2026.is_workday(day), day


class TestTurnOfTheYear:
    @pytest.mark.parametrize(
        ("year", "last"),
        [
            (2026, D(2026, 12, 31)),  # 1 January is a Friday
            (2028, D(2028, 12, 29)),  # Monday
            (2029, D(2029, 12, 28)),  # Tuesday
            (2030, D(2030, 12, 31)),  # Tuesday is over: Wednesday follows 2030
            (2022, D(2022, 12, 30)),  # Sunday
            (2025, D(2025, 12, 31)),  # Thursday
            (2027, D(2027, 12, 31)),  # Saturday
        ],
    )
    def test_the_next_notice_can_move_the_last_days_of_december(self, year, last):
        """
        On 28 December 2007 nobody knew that the 29th would be worked and the
        31st off: the notice for 2008 said so.
        """
        if year == 2030:
            assert D(2031, 1, 1).weekday() == 2

        assert last == last_settled(year)

    def test_days_of_december_belong_to_the_notice_that_names_them(self):
        assert year_of_notice(D(2007, 12, 28)) == 2007
        assert year_of_notice(D(2007, 12, 29)) == 2008
        assert D(2007, 12, 29) in CALENDAR.notices[4].make_up_days
        assert CALENDAR.notices[4].year == 2008

    def test_what_the_next_notice_can_move_is_not_settled(self):
        calendar = known_until(2007)
        due = calendar.deadline(D(2007, 12, 28), Period(1, Unit.WORKING_DAY))

        assert calendar.announced_through == D(2007, 12, 28)
        assert due.provisional
        assert due.date == D(2007, 12, 31)
        assert due.earliest == D(2007, 12, 29)  # as it came


class TestAddWorkdays:
    @pytest.mark.parametrize(
        ("start", "n", "expected"),
        [
            (D(2026, 3, 17), 1, D(2026, 3, 18)),
            (D(2026, 3, 20), 1, D(2026, 3, 23)),  # over a weekend
            (D(2026, 10, 9), 1, D(2026, 10, 10)),  # to a Saturday, made up
            (D(2026, 10, 10), 1, D(2026, 10, 12)),
            (D(2026, 9, 30), 1, D(2026, 10, 8)),  # over the golden week
            (D(2026, 10, 4), 1, D(2026, 10, 8)),  # from a day off
            (D(2026, 10, 4), 0, D(2026, 10, 8)),
            (D(2026, 10, 8), 0, D(2026, 10, 8)),
            (D(2026, 10, 8), -1, D(2026, 9, 30)),
            (D(2026, 10, 4), -1, D(2026, 9, 30)),
            (D(2026, 10, 12), -1, D(2026, 10, 10)),
            (D(2004, 1, 1), 1, D(2004, 1, 2)),
        ],
    )
    def test_start_is_not_counted(self, start, n, expected):
        """
        Civil Code, Art. 201.
        """
        assert expected == CALENDAR.add_workdays(start, n)

    @pytest.mark.parametrize(
        ("start", "due"),
        [
            ("2019-09-12", "2019-10-16"),
            ("2020-01-15", "2020-02-19"),
            ("2020-03-17", "2020-04-15"),
            ("2021-02-03", "2021-03-08"),
            ("2022-09-29", "2022-11-01"),
            ("2023-04-20", "2023-05-19"),
            ("2023-09-28", "2023-11-01"),
            ("2024-02-08", "2024-03-13"),
            ("2024-09-13", "2024-10-17"),
            ("2025-01-20", "2025-02-21"),
            ("2025-04-30", "2025-06-03"),
            ("2025-09-26", "2025-10-30"),
            ("2026-02-13", "2026-03-19"),
        ],
    )
    def test_twenty_working_days_as_computed_elsewhere(self, start, due):
        """
        Each counted off by one in a system in use, which counts the start.
        """
        assert D.fromisoformat(due) == CALENDAR.add_workdays(D.fromisoformat(start), 20)

    def test_deadlines_computed_elsewhere_agree(self, facts):
        with (facts / "deadlines.csv").open(encoding="utf-8") as f:
            rows = list(csv.DictReader(f))
        assert len(rows) == 13

        for row in rows:
            start = D.fromisoformat(row["completed"])
            due = CALENDAR.deadline(start, Period(20, Unit.WORKING_DAY))

            assert row["due"] == str(due.date)
            assert not due.provisional

    @pytest.mark.parametrize("n", [np.int64(5), np.uint8(5), np.array(5)])
    def test_whole_numbers_of_numpy_are_numbers(self, n):
        assert CALENDAR.add_workdays(D(2026, 3, 17), n) == D(2026, 3, 24)

    @pytest.mark.parametrize(
        "n", [True, 1.0, "1", None, np.array([1]), np.float64(1)], ids=repr
    )
    def test_anything_else_is_no_number_of_days(self, n):
        """
        True would count as 1, and 0.5 of a working day is no law.
        """
        with pytest.raises(
            InvalidTypeError, match="'n' must be a whole number"
        ) as error:
            CALENDAR.add_workdays(D(2026, 3, 17), n)

        assert error.value.code == "count-type"

    @pytest.mark.parametrize(
        ("start", "n"),
        [
            (D(2004, 1, 1), -1),
            (D(2026, 3, 17), 10_000),
            (D(2026, 3, 17), -10_000),
            (D(2026, 3, 17), 10**30),
            (D(2026, 3, 17), -(10**30)),
        ],
    )
    def test_an_answer_outside_the_calendar_is_an_error(self, start, n):
        with pytest.raises(InvalidValueError, match="must lead to a day") as error:
            CALENDAR.add_workdays(start, n)

        assert error.value.code == "answer-outside"
        assert f"{n} working days from {start}" in str(error.value)
        assert (error.value.params["start"], error.value.params["n"]) == (start, n)
        assert f"自{start}起{n}个工作日" in error.value.chinese

    def test_cites_the_law(self):
        assert provisions_of(WorkCalendar.add_workdays) == (CIVIL_CODE_201,)
        assert provisions_of(WorkCalendar.roll) == (CIVIL_CODE_203,)


class TestCountWorkdays:
    @pytest.mark.parametrize(
        ("first", "last", "expected"),
        [
            (D(2026, 10, 1), D(2026, 10, 10), 3),
            (D(2026, 10, 8), D(2026, 10, 8), 1),
            (D(2026, 10, 7), D(2026, 10, 7), 0),
            (D(2004, 1, 1), D(2004, 1, 2), 1),
        ],
    )
    def test_both_ends_are_counted(self, first, last, expected):
        assert expected == CALENDAR.count_workdays(first, last)

    def test_days_in_reverse_are_refused(self):
        """
        Nought would hide two columns that were exchanged.
        """
        with pytest.raises(InvalidValueError, match="must not be before") as error:
            CALENDAR.count_workdays(D(2026, 3, 18), D(2026, 3, 17))

        assert error.value.code == "days-reversed"
        assert error.value.params["since"] == D(2026, 3, 18)

    def test_the_last_day_that_is_known_can_be_counted(self):
        last = CALENDAR.known_through

        assert int(CALENDAR.is_workday(last)) == CALENDAR.count_workdays(last, last)


class TestRoll:
    @pytest.mark.parametrize(
        ("day", "expected"),
        [
            (D(2026, 10, 1), D(2026, 10, 8)),  # over the golden week
            (D(2026, 10, 10), D(2026, 10, 10)),  # a Saturday that is worked
            (D(2026, 10, 11), D(2026, 10, 12)),
            (D(2026, 3, 31), D(2026, 3, 31)),  # a Tuesday: the joint plan is due
            (D(2024, 3, 31), D(2024, 4, 1)),  # a Sunday
        ],
    )
    def test_a_day_off_moves_to_the_next_working_day(self, day, expected):
        """
        Civil Code, Art. 203.
        """
        assert expected == CALENDAR.roll(day)

    def test_the_end_of_the_calendar_is_an_error(self):
        """
        The last day is off, and what follows is unknown.
        """
        law = known_law()
        short = Law(
            {d: n for d, n in law.statutory.items() if d.year <= 2027},
            tuple(n for n in law.notices if n.year <= 2026),
        )
        off = notice(2027, off=(D(2027, 1, 1), D(2027, 12, 31)))
        calendar = WorkCalendar._made_of(short, (off,))
        assert calendar.known_through == D(2027, 12, 31)

        with pytest.raises(InvalidValueError, match="0 working days from 2027-12-31"):
            calendar.roll(D(2027, 12, 31))


class TestDeadline:
    @pytest.mark.parametrize(
        ("start", "n", "unit", "expected"),
        [
            (D(2026, 9, 24), 20, Unit.WORKING_DAY, D(2026, 10, 29)),
            (D(2026, 10, 9), 1, Unit.WORKING_DAY, D(2026, 10, 10)),
            (D(2026, 9, 24), 10, Unit.DAY, D(2026, 10, 8)),  # 4 October is off
            (D(2026, 9, 30), 10, Unit.DAY, D(2026, 10, 10)),  # Saturday, worked
            (D(2026, 3, 2), 15, Unit.DAY, D(2026, 3, 17)),
            (D(2026, 1, 31), 1, Unit.MONTH, D(2026, 2, 28)),  # Saturday, worked
            (D(2025, 1, 31), 1, Unit.MONTH, D(2025, 2, 28)),
            (D(2024, 1, 31), 1, Unit.MONTH, D(2024, 2, 29)),
            (D(2026, 7, 1), 3, Unit.MONTH, D(2026, 10, 8)),
            (D(2026, 2, 17), 1, Unit.MONTH, D(2026, 3, 17)),
            (D(2024, 2, 29), 1, Unit.YEAR, D(2025, 2, 28)),
            (D(2024, 5, 1), 2, Unit.YEAR, D(2026, 5, 6)),
        ],
    )
    def test_ends_as_its_unit_says(self, start, n, unit, expected):
        """
        Civil Code, Art. 201 to 203: the first day is not counted, a month ends
        on the corresponding day, a day off moves.
        """
        due = CALENDAR.deadline(start, Period(n, unit))

        assert expected == due.date
        assert (start, Period(n, unit)) == (due.start, due.period)
        assert not due.provisional
        assert due.earliest == due.date == due.latest

    def test_the_last_settled_day_is_not_provisional_and_the_next_is(self):
        n = UNTIL_2026.count_workdays(D(2026, 12, 2), D(2026, 12, 31))
        last = UNTIL_2026.deadline(D(2026, 12, 1), Period(n, Unit.WORKING_DAY))
        after = UNTIL_2026.deadline(D(2026, 12, 1), Period(n + 1, Unit.WORKING_DAY))

        assert (last.date, last.provisional) == (D(2026, 12, 31), False)
        assert (after.date, after.provisional) == (D(2027, 1, 4), True)

    def test_a_notice_to_come_bounds_the_date(self):
        """
        20 working days from 20 January 2027 pass the Spring Festival.  As
        foretold, 5 to 10 February are off.  Earliest: two weekend days are
        worked for it and one more by decree.  Latest: two more weekdays are
        off for it and two by decree.
        """
        due = UNTIL_2026.deadline(D(2027, 1, 20), Period(20, Unit.WORKING_DAY))

        assert due.provisional
        assert due.date == D(2027, 2, 23)
        assert due.earliest == D(2027, 2, 16)
        assert due.latest == D(2027, 3, 1)

    def test_days_far_from_every_festival_move_by_decree_alone(self):
        due = UNTIL_2026.deadline(D(2027, 7, 1), Period(10, Unit.DAY))

        assert due.date == D(2027, 7, 12)  # the 11th is a Sunday
        assert due.earliest == D(2027, 7, 11)
        assert due.latest == D(2027, 7, 14)

    def test_a_statutory_holiday_is_off_in_every_case(self):
        due = UNTIL_2026.deadline(D(2026, 12, 30), Period(2, Unit.DAY))

        assert due.date == D(2027, 1, 4)
        assert due.earliest == D(2027, 1, 2)

    @pytest.mark.parametrize(
        ("start", "n", "earliest", "latest"),
        [
            # Two days after Tomb-Sweeping Day, five after the Spring Festival:
            # no weekday is off for it any more.
            (D(2027, 4, 7), 1, D(2027, 4, 8), D(2027, 4, 12)),
            (D(2028, 2, 2), 1, D(2028, 2, 3), D(2028, 2, 7)),
            # A week after New Year, two after the Spring Festival: no weekend
            # day is worked for it any more.
            (D(2027, 1, 8), 2, D(2027, 1, 11), D(2027, 1, 14)),
            (D(2028, 2, 11), 2, D(2028, 2, 14), D(2028, 2, 17)),
            # But on the last of these days it has: one of them, and a decree.
            (D(2027, 4, 6), 1, D(2027, 4, 7), D(2027, 4, 12)),
            (D(2027, 5, 15), 7, D(2027, 5, 22), D(2027, 5, 27)),
            # Only weekend days become working days: here the 9th, by decree.
            (D(2027, 1, 7), 3, D(2027, 1, 11), D(2027, 1, 14)),
            # 31 December is settled and cannot be taken away.
            (D(2026, 12, 30), 2, D(2027, 1, 2), D(2027, 1, 6)),
        ],
    )
    def test_a_festival_has_its_say_on_the_days_around_it_alone(
        self, start, n, earliest, latest
    ):
        """
        What remains is a decree: a weekend day worked, two weekdays off.
        """
        due = UNTIL_2026.deadline(start, Period(n, Unit.WORKING_DAY))

        assert (earliest, latest) == (due.earliest, due.latest)

    def test_days_off_that_are_settled_are_not_worked_again(self):
        """
        27 December is a plain Sunday; 2 and 3 January may both be worked.
        """
        due = UNTIL_2026.deadline(D(2026, 12, 26), Period(6, Unit.WORKING_DAY))

        assert due.earliest == D(2027, 1, 3)

    @pytest.mark.parametrize(
        "period", [20, "20", dt.timedelta(days=20), None], ids=repr
    )
    def test_a_bare_number_is_no_period(self, period):
        """
        Penalty Law, Art. 85: whether days are working days is law.
        """
        with pytest.raises(InvalidTypeError, match="must be of type Period") as error:
            CALENDAR.deadline(D(2026, 3, 17), period)

        assert error.value.code == "argument-type"

    @pytest.mark.parametrize("unit", list(Unit))
    @pytest.mark.parametrize("n", [4_000, 10**15])
    def test_an_end_outside_the_calendar_is_an_error(self, unit, n):
        with pytest.raises(InvalidValueError) as error:
            UNTIL_2026.deadline(D(2026, 3, 17), Period(n, unit))

        assert error.value.code == "answer-outside"
        assert error.value.params["start"] == D(2026, 3, 17)

    def test_a_latest_end_outside_the_calendar_is_an_error(self):
        """
        The date is known, but nobody can say how late it may come.
        """
        last = UNTIL_2026.add_workdays(UNTIL_2026.known_through, -1)
        start = UNTIL_2026.add_workdays(last, -1)
        assert last == UNTIL_2026.add_workdays(start, 1)

        with pytest.raises(InvalidValueError, match="1 working day from"):
            UNTIL_2026.deadline(start, Period(1, Unit.WORKING_DAY))


class TestPeriod:
    @pytest.mark.parametrize("n", [1.5, True, "20", None])
    def test_takes_whole_numbers_alone(self, n):
        with pytest.raises(DsgkError, match="'n' must be a whole number") as error:
            Period(n, Unit.DAY)

        assert error.value.code == ("count-form" if n == 1.5 else "count-type")

    def test_takes_the_whole_numbers_of_numpy(self):
        """
        They are kept as ints, so that a stored period has no trace of them.
        """
        period = Period(np.int64(20), Unit.DAY)

        assert period == Period(20, Unit.DAY)
        assert type(period.n) is int

    @pytest.mark.parametrize("n", [0, -1])
    def test_is_at_least_one(self, n):
        with pytest.raises(InvalidValueError, match="1 or more") as error:
            Period(n, Unit.DAY)

        assert error.value.code == "count-range"
        assert error.value.params["got"] == n

    def test_a_unit_is_written_by_its_code_or_in_chinese(self):
        assert Period(20, "working-day") == Period(20, "工作日")
        assert Period(1, "月").unit is Unit.MONTH

    def test_tells_all_its_faults_at_once(self):
        with pytest.raises(InvalidInput, match="Period has 2 faults") as error:
            Period(0, "week")

        assert codes(error) == ["count-range", "not-in-list"]

    def test_is_stored(self):
        period = Period(20, Unit.WORKING_DAY)

        document = period.to_dict()

        assert document == {"format": "dsgk-period/1", "n": 20, "unit": "working-day"}
        assert Period.from_dict(document) == period

    @pytest.mark.parametrize(
        ("n", "unit", "expected"),
        [
            (1, Unit.WORKING_DAY, "1 working day"),
            (2, Unit.DAY, "2 days"),
            (24, Unit.MONTH, "24 months"),
            (1, Unit.YEAR, "1 year"),
        ],
    )
    def test_reads_as_english(self, n, unit, expected):
        assert expected == str(Period(n, unit))


SHANGHAI = ZoneInfo("Asia/Shanghai")
TOKYO = ZoneInfo("Asia/Tokyo")


class TestDays:
    @pytest.mark.parametrize(
        ("moment", "day"),
        [
            (dt.datetime(2026, 10, 9, 23, 30, tzinfo=SHANGHAI), D(2026, 10, 9)),
            (dt.datetime(2026, 10, 9, 15, 59, tzinfo=dt.UTC), D(2026, 10, 9)),
            (dt.datetime(2026, 10, 9, 16, 0, tzinfo=dt.UTC), D(2026, 10, 10)),
            (dt.datetime(2026, 10, 10, 0, 30, tzinfo=TOKYO), D(2026, 10, 9)),
            (pd.Timestamp("2026-10-09T16:00Z"), D(2026, 10, 10)),
        ],
    )
    def test_an_aware_datetime_is_its_day_in_shanghai(self, moment, day):
        """
        A server in UTC is a day behind for eight hours of each day.
        """
        assert CALENDAR.is_workday(day) == CALENDAR.is_workday(moment)
        assert CALENDAR.add_workdays(day, 1) == CALENDAR.add_workdays(moment, 1)
        due = CALENDAR.deadline(moment, Period(1, Unit.DAY))
        assert day == due.start
        assert type(due.start) is dt.date

    @pytest.mark.parametrize(
        "moment",
        [dt.datetime(2026, 10, 9), pd.Timestamp("2026-10-09")],  # noqa: DTZ001
    )
    def test_a_naive_datetime_is_refused(self, moment):
        """
        It is a date to Python, and nobody knows whose day it is.
        """
        with pytest.raises(InvalidTypeError, match=r"'day' must be .* aware") as error:
            CALENDAR.is_workday(moment)

        assert error.value.code == "datetime-naive"
        assert error.value.params == {"name": "day", "got": moment}

    @pytest.mark.parametrize(
        "day",
        [
            "2026-10-09",
            20261009,
            None,
            np.datetime64("2026-10-09"),
            pd.NaT,
            float("nan"),
        ],
    )
    def test_anything_else_is_no_day(self, day):
        with pytest.raises(InvalidTypeError, match="'first' must be a day") as error:
            CALENDAR.count_workdays(day, D(2026, 10, 9))

        assert error.value.code == "day-type"
        assert error.value.params["name"] == "first"

    def test_a_subclass_of_date_is_a_day(self):
        class Day(dt.date):
            pass

        due = CALENDAR.deadline(Day(2026, 10, 9), Period(1, Unit.DAY))

        assert type(due.start) is dt.date

    @pytest.mark.parametrize(
        "day",
        [
            D(2003, 12, 31),
            D(2003, 5, 6),
            CALENDAR.known_through + ONE_DAY,
            D.min,
            D.max,
            dt.datetime.min.replace(tzinfo=TOKYO),
            dt.datetime.max.replace(tzinfo=dt.UTC),
        ],
    )
    def test_a_day_outside_the_calendar_is_an_error(self, day):
        """
        Others take every unknown weekday for a working day.
        """
        with pytest.raises(InvalidValueError, match="must be a day from 2004") as error:
            CALENDAR.is_workday(day)

        assert error.value.code == "day-outside"
        assert "update the package 'holidays'" in str(error.value)
        assert error.value.params["name"] == "day"

    def test_the_first_and_the_last_day_are_known(self):
        assert not CALENDAR.is_workday(D(2004, 1, 1))
        assert CALENDAR.known_through.year == CALENDAR.announced_through.year + 10
        assert isinstance(CALENDAR.is_workday(CALENDAR.known_through), bool)

    @pytest.mark.parametrize(
        ("year", "through"), [(2033, D(2033, 12, 30)), (2034, D(2034, 12, 29))]
    )
    def test_what_the_year_after_can_move_is_not_known(self, year, through):
        """
        1 January 2034 is a Sunday: the days before it are its notice's to move.
        """
        law = known_law()
        statutory = {d: k for d, k in law.statutory.items() if d.year <= year}
        calendar = WorkCalendar._made_of(law._replace(statutory=statutory), ())

        assert through == calendar.known_through
        with pytest.raises(InvalidValueError, match="must be a day from"):
            calendar.is_workday(D(year, 12, 31))


def column(*texts, unit="D"):
    return np.array(texts, f"datetime64[{unit}]")


class TestArrays:
    def test_gives_what_single_days_give(self):
        starts = column("2026-02-13", "2026-10-04", "2026-10-08")
        dates, provisional = CALENDAR.add_workdays_array(starts, np.array([20, 0, -1]))

        assert [D(2026, 3, 19), D(2026, 10, 8), D(2026, 9, 30)] == dates.tolist()
        assert provisional.tolist() == [False] * 3
        assert np.dtype("datetime64[D]") == dates.dtype
        assert np.dtype(bool) == provisional.dtype

    @pytest.mark.parametrize(
        ("start", "n", "expected"),
        [
            ("2026-12-30", 1, False),
            ("2026-12-31", 1, True),
            ("2026-12-31", 0, False),
            ("2027-01-01", 0, True),
            ("2027-01-01", -1, False),  # 31 December is settled
            ("2027-01-02", -1, True),  # 1 January is not
            ("2027-01-04", -1, True),
            ("2026-12-31", -1, False),
        ],
    )
    def test_a_day_counted_on_the_way_makes_it_provisional(self, start, n, expected):
        _, one = UNTIL_2026.add_workdays_array(column(start), n)
        _, each = UNTIL_2026.add_workdays_array(column(start, start), np.array([n, n]))

        assert [expected] == one.tolist()
        assert [expected, expected] == each.tolist()

    def test_rows_that_count_back_leave_the_flags_of_others(self):
        starts = column("2027-01-01", "2027-01-01", "2027-01-01")
        _, provisional = UNTIL_2026.add_workdays_array(starts, np.array([-1, 0, 1]))

        assert provisional.tolist() == [False, True, True]

    @pytest.mark.parametrize(
        "starts",
        [
            [D(2026, 2, 13), D(2026, 10, 4)],
            [dt.datetime(2026, 2, 12, 16, tzinfo=dt.UTC), D(2026, 10, 4)],
            column("2026-02-13", "2026-10-04", unit="ns"),
            column("2026-02-13", "2026-10-04", unit="s"),
            column("2026-02-13", "2026-10-04").astype(">M8[D]"),
            pd.Series(column("2026-02-13", "2026-10-04", unit="us")),
            pd.Series([D(2026, 2, 13), D(2026, 10, 4)]),
            pd.Series(
                column("2026-02-13T00:00", "2026-10-04T00:00", unit="s")
            ).dt.tz_localize("Asia/Shanghai"),
            pl.Series([D(2026, 2, 13), D(2026, 10, 4)]),
            pa.array([D(2026, 2, 13), D(2026, 10, 4)]),
        ],
        ids=str,
    )
    def test_every_kind_of_column_of_days_is_read(self, starts):
        """
        What databases and data frames give, where it is exact.
        """
        dates, _ = CALENDAR.add_workdays_array(starts, 1)

        assert [D(2026, 2, 14), D(2026, 10, 8)] == dates.tolist()

    @pytest.mark.parametrize("starts", [[], column(), column(unit="ns"), np.array([])])
    def test_no_rows_give_no_rows(self, starts):
        dates, provisional = CALENDAR.add_workdays_array(starts, 20)

        assert dates.shape == provisional.shape == (0,)
        assert np.dtype("datetime64[D]") == dates.dtype

    @pytest.mark.parametrize(
        "starts",
        [
            column("2026-02", unit="M"),
            column("2026", unit="Y"),
            column("2026-02-12", unit="W"),
            column("2026-02-12", unit="7D"),
        ],
        ids=repr,
    )
    def test_a_column_of_something_else_is_refused(self, starts):
        """
        A month is no day: one fault, not one for every row.
        """
        with pytest.raises(InvalidInput, match="starts has 1 fault") as error:
            CALENDAR.add_workdays_array(starts, 1)

        assert codes(error) == ["day-column"]
        assert error.value.faults[0].params["type"] == str(starts.dtype)

    @pytest.mark.parametrize(
        "starts",
        [
            np.datetime64("2026-02-13"),
            column("2026-02-13").reshape(1, 1),
            "2026-02-13",
            (day for day in [D(2026, 2, 13)]),
        ],
        ids=["scalar", "table", "text", "generator"],
    )
    def test_starts_are_one_column(self, starts):
        with pytest.raises(InvalidTypeError, match="must be a column") as error:
            CALENDAR.add_workdays_array(starts, 1)

        assert error.value.code == "column-type"

    @pytest.mark.parametrize(
        "n",
        [
            1.0,
            True,
            "1",
            np.array([1.5]),
            np.array([True]),
            ["1"],
            [None],
        ],
    )
    def test_numbers_are_whole(self, n):
        with pytest.raises(
            InvalidTypeError, match="'n' must be a whole number"
        ) as error:
            CALENDAR.add_workdays_array(column("2026-02-13"), n)

        assert error.value.code == "count-type"

    @pytest.mark.parametrize(
        "n",
        [
            [1, 2],
            (1, 2.0),
            np.array([1.0, 2.0]),
            np.array([1, 2], np.uint64),
            [Decimal("1.0"), 2],
            pd.Series([1, 2]),
            pd.Series([1, 2], dtype="Float32"),
            pl.Series([1, 2]),
            pa.array([1, 2]),
            pa.array([Decimal("1.0"), Decimal("2.0")]),
        ],
    )
    def test_numbers_may_stand_in_every_kind_of_column(self, n):
        """
        As the starts do.
        """
        dates, _ = CALENDAR.add_workdays_array(column("2026-02-13", "2026-02-13"), n)

        assert [D(2026, 2, 14), D(2026, 2, 24)] == dates.tolist()

    @pytest.mark.parametrize("n", [[], np.array([]), np.array([], int), 20])
    def test_no_rows_need_no_numbers(self, n):
        """
        An empty list is a list of floats to NumPy.
        """
        dates, _ = CALENDAR.add_workdays_array([], n)

        assert dates.tolist() == []

    @pytest.mark.parametrize("n", [np.array([1, 2, 3]), [2**70], np.array([1])])
    def test_there_is_one_number_or_one_for_each(self, n):
        with pytest.raises(InvalidValueError, match="must have 2 rows") as error:
            CALENDAR.add_workdays_array(column("2026-02-13", "2026-02-14"), n)

        assert error.value.code == "column-length"
        assert error.value.params["expected"] == 2

    def test_all_faults_are_told_with_their_rows(self):
        starts = column("2026-02-13", "NaT", "2003-12-31", "2026-02-13", "2099-01-01")
        with pytest.raises(InvalidInput, match="starts has 4 faults") as error:
            CALENDAR.add_workdays_array(starts, np.array([1, 1, 1, 9_999, 1]))

        faults = error.value.faults
        assert [(fault.row, fault.code) for fault in faults] == [
            (1, "cell-empty"),
            (2, "day-outside"),
            (3, "answer-outside"),
            (4, "day-outside"),
        ]
        assert {fault.column for fault in faults} == {"starts"}
        assert "9999 working days from 2026-02-13" in faults[2].message

    @pytest.mark.parametrize(
        "starts",
        [
            np.ma.array(column("2026-02-13", "2026-02-14"), mask=[False, True]),
            pl.Series([D(2026, 2, 13), None]),
            pa.chunked_array([[D(2026, 2, 13)], [None]], pa.date32()),
            pd.Series([pd.Timestamp("2026-02-13T00:00Z"), pd.NaT]),
            [D(2026, 2, 13), pd.NaT],
        ],
        ids=lambda starts: type(starts).__module__,
    )
    def test_a_gap_is_told_whatever_it_is_written_as(self, starts):
        """
        Under a mask stands some day, which is nobody's start.
        """
        with pytest.raises(InvalidInput) as error:
            CALENDAR.add_workdays_array(starts, 1)

        assert [(f.row, f.code) for f in error.value.faults] == [(1, "cell-empty")]

    def test_a_gap_among_the_numbers_is_refused(self):
        """
        Under a mask stands some number.
        """
        shift = np.ma.array([1, 2], mask=[False, True])
        with pytest.raises(InvalidTypeError, match="'n' must be a whole number"):
            CALENDAR.add_workdays_array(column("2026-02-13", "2026-02-14"), shift)

    def test_rows_are_told_in_their_order_whatever_is_wrong_with_them(self):
        starts = column("NaT", "2026-02-13T08:30", "2003-01-01", unit="s")
        with pytest.raises(InvalidInput) as error:
            CALENDAR.add_workdays_array(starts, 1)

        assert [fault.row for fault in error.value.faults] == [0, 1, 2]

    def test_the_ends_of_the_calendar_are_starts_without_an_answer(self):
        """
        The day is known, the answer is not: the remedy differs.
        """
        ends = np.array([CALENDAR.announced_from, CALENDAR.known_through], "M8[D]")
        with pytest.raises(InvalidInput) as error:
            CALENDAR.add_workdays_array(ends, np.array([-1, 1]))

        assert codes(error) == ["answer-outside"] * 2

    @pytest.mark.parametrize("n", [10**30, -(10**30), 2**63, 9_999, -9_999])
    def test_a_number_beyond_all_days_is_a_fault_of_every_row(self, n):
        with pytest.raises(InvalidInput) as error:
            CALENDAR.add_workdays_array(column("2026-02-13", "2026-02-14"), n)

        assert codes(error) == ["answer-outside"] * 2

    def test_times_of_day_are_faults_beside_the_others(self):
        """
        Cutting them off would pick the day of some time zone in silence.
        """
        starts = column("2026-02-13T00:00", "2026-02-13T08:30", "NaT", unit="s")
        with pytest.raises(InvalidInput) as error:
            CALENDAR.add_workdays_array(starts, 1)

        assert [(fault.row, fault.code) for fault in error.value.faults] == [
            (1, "day-time"),
            (2, "cell-empty"),
        ]
        assert "2026-02-13T08:30" in error.value.faults[0].message

    def test_objects_that_are_no_days_are_faults(self):
        naive = dt.datetime(2026, 2, 13)  # noqa: DTZ001
        starts = [D(2026, 2, 13), 20260213, None, naive, "2026-02-13", "2026/2/13"]
        with pytest.raises(InvalidInput) as error:
            CALENDAR.add_workdays_array(starts, 1)

        assert [(fault.row, fault.code) for fault in error.value.faults] == [
            (1, "day-type"),
            (2, "cell-empty"),
            (5, "day-form"),
        ]

    def test_the_input_is_not_changed(self):
        starts = column("2026-02-13T00:00", "2026-02-14T00:00", unit="s")
        before = starts.copy()
        CALENDAR.add_workdays_array(starts, 1)

        assert before.tolist() == starts.tolist()


class TestHolidayNotice:
    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"off": (D(2027, 1, 1), D(2027, 1, 1))}, ["notice-day-repeated"]),
            (
                {"made_up": (D(2027, 2, 20), D(2027, 2, 20))},
                ["notice-day-repeated"],
            ),
            (
                {"off": (D(2027, 2, 20),), "made_up": (D(2027, 2, 20),)},
                ["notice-day-both"],
            ),
            ({"made_up": (D(2027, 2, 19),)}, ["notice-make-up-weekday"]),
            ({"off": (D(2026, 12, 24),)}, ["notice-day-far"]),
            ({"off": (D(2028, 1, 1),)}, ["notice-day-far"]),
            (
                {
                    "off": (D(2027, 1, 1), D(2026, 1, 2)),
                    "made_up": (D(2027, 1, 1), D(2027, 1, 4), D(2027, 1, 9)),
                },
                ["notice-day-both", "notice-day-far", "notice-make-up-weekday"],
            ),
            ({"off": ("2027-13-01",)}, ["day-form"]),
            ({"source": ""}, ["text-empty"]),
            ({"source": None}, ["text-type"]),
            ({"year": 2027.5, "off": (D(2027, 1, 1),)}, ["count-form"]),
            ({"year": True, "off": (D(1, 1, 1),)}, ["count-type"]),
            (
                {"off": (D(2027, 1, 1), 5, None), "year": "2027", "source": ""},
                ["count-type", "day-type", "day-type", "text-empty"],
            ),
        ],
    )
    def test_all_faults_are_told_at_once(self, change, expected):
        """
        Those of each field, and then those between them.
        """
        with pytest.raises(DsgkError) as error:
            notice(**change)

        assert expected == [fault.code for fault in faults_of(error.value)]

    def test_days_may_be_written_as_texts(self):
        """
        And a notice is stored and read again.
        """
        kept = notice(off=("2027-01-01",))

        assert kept.days_off == (D(2027, 1, 1),)
        assert HolidayNotice.from_dict(kept.to_dict()) == kept

    def test_faults_say_where(self):
        with pytest.raises(InvalidInput) as error:
            notice(off=(D(2027, 1, 1), D(2026, 1, 2)), made_up=(D(2027, 1, 4),))

        assert [(fault.row, fault.column) for fault in error.value.faults] == [
            (0, "make_up_days"),
            (1, "days_off"),
        ]
        assert [D(2027, 1, 4), D(2026, 1, 2)] == [
            fault.params["day"] for fault in error.value.faults
        ]

    def test_a_notice_without_days_is_none(self):
        with pytest.raises(InvalidInput) as error:
            HolidayNotice(year=2027, days_off=(), source="x")

        assert codes(error) == ["notice-empty"]

    def test_the_year_may_come_out_of_an_array(self):
        kept = HolidayNotice(year=np.int64(2027), days_off=[D(2027, 1, 1)], source="x")

        assert (int, 2027) == (type(kept.year), kept.year)

    def test_make_up_days_alone_are_something(self):
        kept = HolidayNotice(
            year=2027, days_off=(), make_up_days=[D(2027, 1, 9)], source="x"
        )

        assert kept.make_up_days == (D(2027, 1, 9),)

    @pytest.mark.parametrize("days", ["2027-01-01", D(2027, 1, 1), 5])
    def test_days_are_sequences(self, days):
        with pytest.raises(InvalidTypeError, match="must hold several values") as error:
            HolidayNotice(year=2027, days_off=days, source="x")

        assert error.value.code == "argument-list"

    def test_names_days_of_the_week_before_its_year(self):
        """
        As the notices for 2007, 2008, 2012 and 2019 did.
        """
        kept = notice(
            2028, off=(D(2027, 12, 25), D(2028, 12, 31)), made_up=(D(2027, 12, 26),)
        )

        assert kept.days_off[0] == D(2027, 12, 25)

    def test_is_a_value(self):
        assert notice() == notice()
        assert hash(notice()) == hash(notice())


class TestNoticesOfTheHost:
    def test_a_notice_announces_its_year(self):
        calendar = known_until(
            2026,
            notice(
                off=(D(2027, 1, 1), D(2027, 2, 4), D(2027, 2, 5)),
                made_up=(D(2027, 2, 20),),
            ),
        )

        assert calendar.announced_through == D(2027, 12, 31)
        assert not calendar.is_workday(D(2027, 2, 4))
        assert calendar.is_workday(D(2027, 2, 20))
        assert calendar.is_workday(D(2027, 2, 9))  # foretold off, not so named
        assert not calendar.is_workday(D(2027, 10, 1))  # law, named or not
        assert not calendar.deadline(D(2027, 1, 4), Period(9, Unit.DAY)).provisional
        assert calendar.known_through == UNTIL_2026.known_through

    def test_a_later_notice_supersedes_the_earlier(self):
        first = notice(off=(D(2027, 2, 4),), made_up=(D(2027, 2, 20),))
        second = notice(off=(D(2027, 2, 9),), made_up=(D(2027, 2, 21),))
        calendar = known_until(2026, first, second)

        assert calendar.is_workday(D(2027, 2, 4))
        assert not calendar.is_workday(D(2027, 2, 20))
        assert not calendar.is_workday(D(2027, 2, 9))
        assert calendar.is_workday(D(2027, 2, 21))
        assert second == calendar.notices[-1]
        assert first not in calendar.notices

    def test_a_notice_supersedes_the_package(self):
        calendar = known_until(2026, notice(2026, off=(D(2026, 1, 2),)))

        assert calendar.is_workday(D(2026, 10, 6))
        assert not calendar.is_workday(D(2026, 10, 10))
        assert not calendar.is_workday(D(2026, 1, 2))
        assert calendar.is_workday(D(2025, 10, 11))  # the year before stays
        assert len(UNTIL_2026.notices) == len(calendar.notices)

    def test_superseding_a_year_leaves_december_to_the_next(self):
        """
        29 and 31 December 2018 stand in the notice for 2019.
        """
        calendar = known_until(2026, notice(2018, off=(D(2018, 1, 1),)))

        assert calendar.is_workday(D(2018, 12, 29))
        assert not calendar.is_workday(D(2018, 12, 31))
        assert calendar.is_workday(D(2018, 10, 4))

    def test_an_amendment_leaves_the_rest_as_it_was(self):
        """
        As in September 2015, May 2019 and January 2020.
        """
        change = notice(
            2026, off=(D(2026, 9, 3),), made_up=(D(2026, 9, 6),), amends=True
        )
        calendar = known_until(2026, change)

        assert not calendar.is_workday(D(2026, 9, 3))
        assert calendar.is_workday(D(2026, 9, 6))
        assert calendar.is_workday(D(2026, 10, 10))
        assert change == calendar.notices[-1]
        assert UNTIL_2026.notices[-1] == calendar.notices[-2]

    def test_an_amendment_can_withdraw(self):
        """
        As in May 2003: days off are worked after all, and weekends are off.
        """
        calendar = known_until(
            2026,
            notice(
                2026, off=(D(2026, 10, 10),), made_up=(D(2026, 10, 7),), amends=True
            ),
        )

        assert calendar.is_workday(D(2026, 10, 7))
        assert not calendar.is_workday(D(2026, 10, 10))

    def test_an_amendment_follows_a_notice_of_the_host(self):
        whole, change = notice(), notice(off=(D(2027, 7, 1),), amends=True)
        calendar = known_until(2026, whole, change)

        assert (whole, change) == calendar.notices[-2:]

    def test_a_notice_supersedes_amendments_before_it(self):
        change = notice(2026, off=(D(2026, 7, 1),), amends=True)
        calendar = known_until(2026, change, notice(2026))

        assert calendar.is_workday(D(2026, 7, 1))
        assert change not in calendar.notices

    def test_the_later_year_has_the_last_word_on_december(self):
        calendar = known_until(
            2026,
            notice(off=(D(2026, 12, 30), D(2026, 12, 31)), made_up=(D(2026, 12, 27),)),
        )

        assert not calendar.is_workday(D(2026, 12, 31))
        assert calendar.is_workday(D(2026, 12, 27))

    def test_notices_can_be_added_for_ten_years(self):
        calendar = known_until(2026, *map(notice, range(2027, 2037)))

        assert calendar.announced_through == D(2036, 12, 31) == calendar.known_through

    def test_days_before_the_calendar_are_left_out(self):
        given = notice(2004, off=(D(2003, 12, 31), D(2004, 1, 1)))
        calendar = known_until(2026, given)

        assert calendar.announced_from == D(2004, 1, 1)
        assert calendar.is_workday(D(2004, 1, 2))

    def test_order_of_years_does_not_matter(self):
        one, two = notice(2027), notice(2028)

        assert known_until(2026, one, two) == known_until(2026, two, one)

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ([notice(2028)], [(0, "notice-gap", "year")]),
            ([notice(2003)], [(0, "notice-year", "year")]),
            ([notice(2036)], [(0, "notice-gap", "year")]),
            ([notice(2037)], [(0, "notice-year", "year")]),
            ([notice(2027, amends=True)], [(0, "notice-amends-nothing", "amends")]),
            (
                [notice(2027, made_up=(D(2027, 2, 6),))],
                [(0, "notice-make-up-statutory", "make_up_days")],
            ),
            (
                [notice(2026, made_up=(D(2026, 7, 1),), amends=True)],
                [(0, "notice-make-up-weekday", "make_up_days")],
            ),
            (
                [
                    notice(2027, made_up=(D(2027, 2, 6), D(2027, 2, 7))),
                    notice(2037),
                    notice(2030),
                    notice(2028, amends=True),
                ],
                [
                    (0, "notice-make-up-statutory", "make_up_days"),
                    (0, "notice-make-up-statutory", "make_up_days"),
                    (1, "notice-year", "year"),
                    (2, "notice-gap", "year"),
                    (3, "notice-amends-nothing", "amends"),
                ],
            ),
        ],
    )
    def test_all_faults_of_all_notices_are_told(self, given, expected):
        with pytest.raises(InvalidInput, match="notices has") as error:
            known_until(2026, *given)

        assert expected == [
            (fault.row, fault.code, fault.column) for fault in error.value.faults
        ]

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ("2027", "argument-list"),
            ([D(2027, 1, 1)], "argument-type"),
            ([None], "argument-type"),
        ],
    )
    def test_notices_are_notices(self, given, code):
        with pytest.raises(DsgkError) as error:
            WorkCalendar.china(notices=given)

        assert code in {fault.code for fault in faults_of(error.value)}

    def test_one_notice_needs_no_tuple(self):
        year = CALENDAR.announced_through.year + 1
        one = notice(year)

        assert WorkCalendar.china(notices=(one,)) == WorkCalendar.china(notices=one)
        assert WorkCalendar.china(notices=one).notices[-1] == one

    def test_every_year_of_the_package_may_be_given_again(self):
        """
        What it holds are notices like any other.
        """
        assert WorkCalendar.china(notices=CALENDAR.notices) == CALENDAR


class TestValue:
    def test_calendars_with_the_same_notices_are_equal(self):
        assert WorkCalendar.china() == CALENDAR
        assert hash(CALENDAR) == hash(WorkCalendar.china())
        assert known_until(2026, notice()) != UNTIL_2026

    def test_survives_pickling(self):
        again = pickle.loads(pickle.dumps(CALENDAR))  # noqa: S301

        assert again == CALENDAR
        assert again.add_workdays(D(2026, 2, 13), 20) == D(2026, 3, 19)

    def test_shows_what_it_knows_on_one_line(self):
        assert repr(UNTIL_2026) == (
            "WorkCalendar(announced_from=datetime.date(2004, 1, 1), "
            "announced_through=datetime.date(2026, 12, 31), "
            f"known_through={UNTIL_2026.known_through!r})"
        )
