"""The calendar of working days itself."""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars.inputs import column, numbers, whole
from dsgk.calendars.notices import (
    HolidayNotice,
    Law,
    in_force,
    known_law,
    last_settled,
)
from dsgk.calendars.outlook import Outlook, made_up_on, outlook
from dsgk.calendars.periods import Deadline, Period, Unit
from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
)
from dsgk.fields import check_day
from dsgk.kernels import workdays as kernel
from dsgk.sources import (
    CIVIL_CODE_201,
    CIVIL_CODE_202,
    CIVIL_CODE_203,
    PENALTY_LAW_85,
    cites,
)
from dsgk.tables import Days


__all__ = ["WorkCalendar"]

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_DAYS = np.dtype("datetime64[D]")


@attrs.frozen(kw_only=True)
class WorkCalendar:
    """
    Which days are worked (工作日历), and what follows from it.

    Make one with `china`.  A day may be given as a date or as an aware
    datetime, which counts as its day in Asia/Shanghai.

    Attributes:
        notices: The notices that made it, one or more a year, in order; those
            of the package `holidays` have its name and version as source.
        announced_from: First day of the notices.
        announced_through: Last day that the notices settle: 31 December of
            the last announced year, or a few days earlier where the next
            notice can still move the days of a New Year's break.
        known_through: Last day of which anything is known.  Days after
            *announced_through* are foretold from the law on holidays;
            `deadline` and `add_workdays_array` say where an answer depends on
            them.

    Examples:
        >>> calendar = WorkCalendar.china()
        >>> calendar.is_workday(dt.date(2026, 10, 10))  # a Saturday, made up
        True
        >>> calendar.add_workdays(dt.date(2026, 2, 13), 20)
        datetime.date(2026, 3, 19)
    """

    notices: tuple[HolidayNotice, ...] = attrs.field(repr=False)
    announced_from: dt.date
    announced_through: dt.date
    known_through: dt.date
    _table: kernel.WorkdayTable = attrs.field(eq=False, repr=False)
    _outlook: Outlook = attrs.field(eq=False, repr=False)

    @classmethod
    def china(cls, *, notices: Iterable[HolidayNotice] = ()) -> Self:
        """
        Make the calendar of mainland China.

        Args:
            notices: Notices to add to those of the package `holidays`.  A
                notice supersedes all earlier ones for its year, those of the
                package included, unless it `amends`.

        Raises:
            InvalidTypeError: *notices* holds something else.
            InvalidInput: A notice leaves a year before it unannounced, is for
                a year outside the calendar, amends nothing, or makes up a day
                that is worked anyway.  All faults are told at once.

        Examples:
            >>> WorkCalendar.china().announced_from
            datetime.date(2004, 1, 1)
        """
        if isinstance(notices, HolidayNotice):
            notices = (notices,)
        given = tuple(notices)
        for notice in given:
            if not isinstance(notice, HolidayNotice):
                msg = (
                    f"'notices' must hold holiday notices (got {notice!r}). Write "
                    "HolidayNotice(year=…, days_off=…, make_up_days=…, source=…)."
                )
                raise InvalidTypeError(
                    msg, code="notices-type", params={"notice": notice}
                )
        return cls._made_of(known_law(), given)

    @classmethod
    def _made_of(cls, law: Law, given: tuple[HolidayNotice, ...]) -> Self:
        notices, named = in_force(given, law)
        first = dt.date(notices[0].year, 1, 1)
        through = last_settled(notices[-1].year)
        # What the year after can still move lies outside: its holidays are not
        # known, so nothing would bound it.
        last = last_settled(max(law.statutory).year)
        size = (last - first).days + 1
        ordinals = first.toordinal() + np.arange(size)
        worked = (ordinals - 1) % 7 < _SATURDAY  # day 1 of the calendar is a Monday
        guessed = (day for day in made_up_on(law.statutory) if day > through)
        off = dict.fromkeys((*law.statutory, *guessed), False)
        for day, is_worked in (off | named).items():
            if first <= day <= last:
                worked[(day - first).days] = is_worked
        return cls(
            notices=notices,
            announced_from=first,
            announced_through=through,
            known_through=last,
            table=kernel.make_table(np.datetime64(first), worked),
            outlook=outlook(
                first, worked, statutory=law.statutory, settled_through=through
            ),
        )

    def is_workday(self, day: dt.date, /) -> bool:
        """
        Whether *day* is worked (工作日), make-up days included.

        Raises:
            InvalidTypeError: *day* is no date, or a naive datetime.
            InvalidValueError: The calendar does not know the day.

        Examples:
            >>> WorkCalendar.china().is_workday(dt.date(2026, 10, 7))
            False
        """
        at = self._position(day, "day")
        return bool(self._table.before[at] < self._table.before[at + 1])

    @cites(CIVIL_CODE_201)
    def add_workdays(self, start: dt.date, n: int) -> dt.date:
        """
        The *n*-th working day after *start*, *start* itself not counted.

        Args:
            start: Day of the event, worked or not.
            n: [int] Below 0 to count back.  0 for *start* itself where it is
                worked, else for the next working day.

        Raises:
            InvalidTypeError: *start* is no date, or a naive datetime; *n* is
                not an int.
            InvalidValueError: The calendar does not know *start*, or the
                answer.

        Cites:
            Civil Code, Art. 201 (开始的当日不计入，自下一日开始计算).

        Examples:
            >>> calendar = WorkCalendar.china()
            >>> calendar.add_workdays(dt.date(2024, 9, 30), 1)
            datetime.date(2024, 10, 8)
            >>> calendar.add_workdays(dt.date(2024, 10, 8), -1)
            datetime.date(2024, 9, 30)
        """
        n = whole(n)
        at = self._position(start, "start")
        return self._nth(at, n, start=start, what=f"{n} working days")

    @cites(CIVIL_CODE_203)
    def roll(self, day: dt.date, /) -> dt.date:
        """
        The day on which a period ends whose last day is *day* (期限顺延).

        Args:
            day: Last day of a period as counted.

        Returns:
            *day* where it is worked, else the next working day.

        Raises:
            InvalidTypeError: *day* is no date, or a naive datetime.
            InvalidValueError: The calendar does not know the day, or the next
                working day.

        Cites:
            Civil Code, Art. 203 (以法定休假日结束的次日为期间的最后一日).

        Examples:
            >>> WorkCalendar.china().roll(dt.date(2026, 10, 1))
            datetime.date(2026, 10, 8)
        """
        at = self._position(day, "day")
        return self._nth(at, 0, start=day, what="the next working day")

    def count_workdays(self, first: dt.date, last: dt.date) -> int:
        """
        Working days from *first* to *last*, both included.

        Raises:
            InvalidTypeError: A day is no date, or a naive datetime.
            InvalidValueError: The calendar does not know a day, or *last*
                comes before *first*.

        Examples:
            >>> calendar = WorkCalendar.china()
            >>> calendar.count_workdays(dt.date(2026, 10, 1), dt.date(2026, 10, 10))
            3
        """
        start, stop = self._position(first, "first"), self._position(last, "last")
        if stop < start:
            msg = (
                f"'last' must not come before 'first' (got {first} to {last}). "
                "Exchange them."
            )
            raise InvalidValueError(
                msg, code="days-reversed", params={"first": first, "last": last}
            )
        return int(self._table.before[stop + 1] - self._table.before[start])

    @cites(CIVIL_CODE_201, CIVIL_CODE_202, CIVIL_CODE_203, PENALTY_LAW_85)
    def deadline(self, start: dt.date, period: Period) -> Deadline:
        """
        The last day of a period that runs from *start* (期限届满日).

        The day of the event is not counted.  A period of working days ends on
        the last of them.  A period of days ends so many days later, a period
        of months or years on the corresponding day, or on the last day of a
        month that lacks it; if that day is off, it ends on the next working
        day.

        Args:
            start: Day of the event, worked or not.
            period: The period with its unit.

        Returns:
            The last day, and how certain it is.

        Raises:
            InvalidTypeError: *start* is no date, or a naive datetime; *period*
                is no `Period`.
            InvalidValueError: The calendar does not know *start*, or not all
                days up to the latest possible end.

        Cites:
            Civil Code, Art. 201, 202 (没有对应日的，月末日为期间的最后一日) and 203.
            Administrative Penalty Law, Art. 85.

        Examples:
            >>> calendar = WorkCalendar.china()
            >>> done = dt.date(2026, 9, 24)
            >>> print(calendar.deadline(done, Period(20, Unit.WORKING_DAY)).date)
            2026-10-29
            >>> print(calendar.deadline(done, Period(10, Unit.DAY)).date)
            2026-10-08
        """
        if not isinstance(period, Period):
            msg = (
                f"'period' must be a Period (got {period!r}). Write "
                "Period(20, Unit.WORKING_DAY)."
            )
            raise InvalidTypeError(msg, code="period-type", params={"period": period})
        at = self._position(start, "start")
        begin = self.announced_from + at * _ONE_DAY
        # The end of other periods rolls to the first working day after the
        # day before.
        counted = period.unit is Unit.WORKING_DAY
        after, n = (at, period.n) if counted else (self._nominal(begin, period) - 1, 1)
        end = self._nth(after, n, start=begin, what=str(period))
        earliest = latest = end
        if end > self.announced_through:
            view = self._outlook
            soonest, last = kernel.bounds(
                view.sure,
                view.never,
                gains=view.gains,
                losses=view.losses,
                after=after,
                n=n,
            )
            if last < 0:
                raise self._lost(begin, str(period))
            earliest = self.announced_from + soonest * _ONE_DAY
            latest = self.announced_from + last * _ONE_DAY
        return Deadline(
            start=begin,
            period=period,
            date=end,
            provisional=end > self.announced_through,
            earliest=earliest,
            latest=latest,
        )

    @cites(CIVIL_CODE_201)
    def add_workdays_array(
        self, starts: object, n: int | npt.NDArray[np.integer]
    ) -> tuple[Days, npt.NDArray[np.bool_]]:
        """
        `add_workdays` for a column of days.

        Args:
            starts: [(m,) datetime64[D]] Days: an array, a list, or a column
                of pandas, polars or Arrow.  Other units are taken where they
                are midnights, and dates and aware datetimes as objects.
                There must be no gap (None, NaT, masked): whoever has a row
                without a start decides what it means.
            n: [int, or (m,) int array] Numbers of working days, as in
                `add_workdays`.

        Returns:
            [(m,) datetime64[D]] The days, and [(m,) bool] whether each is
            provisional: whether a day counted on the way lies past
            *announced_through*.

        Raises:
            InvalidTypeError: *starts* is no column or holds no days, or *n*
                is no whole number or column of them.
            InvalidValueError: *n* has another length.
            InvalidInput: Rows have no start, a time of day, a day that the
                calendar does not know, or such an answer.  All faults are
                told at once, with their rows.

        Cites:
            Civil Code, Art. 201 (开始的当日不计入，自下一日开始计算).

        Examples:
            >>> starts = np.array(["2026-02-13", "2026-09-30"], "datetime64[D]")
            >>> dates, provisional = WorkCalendar.china().add_workdays_array(starts, 1)
            >>> dates.tolist()
            [datetime.date(2026, 2, 14), datetime.date(2026, 10, 8)]
            >>> provisional.tolist()
            [False, False]
        """
        days, faults = column(starts)
        # A number beyond the size of the table leads out of it as well.
        shift = numbers(n, self._table.size + 1)
        if shift.ndim and shift.shape != days.shape:
            msg = (
                f"'n' must have one number for each start (got {shift.shape} for "
                f"{days.shape}). Give one int for all, or as many as there are rows."
            )
            raise InvalidValueError(
                msg,
                code="workdays-length",
                params={"n": shift.shape, "starts": days.shape},
            )
        dates = kernel.add_workdays(self._table, days, shift)
        if faults or np.isnat(dates).any():
            faults += self._unanswered(
                days, shift, dates, told={fault.row for fault in faults}
            )
            error = InvalidInput.of("starts", sorted(faults, key=lambda f: f.row or 0))
            raise error
        furthest = dates
        if (shift < 0).any():
            furthest = np.where(shift < 0, days - np.timedelta64(1, "D"), dates)
        return dates, furthest > np.datetime64(self.announced_through)

    def _unanswered(
        self,
        days: Days,
        shift: npt.NDArray[np.integer],
        dates: Days,
        *,
        told: set[int | None],
    ) -> Iterator[Fault]:
        """Why rows have no answer, those with a fault already left out."""
        for row in np.flatnonzero(np.isnat(dates)).tolist():
            if row in told:
                continue
            day = days[row]
            if np.isnat(day):
                msg = (
                    "'starts' must have a day in every row (got NaT). Take the row "
                    "out, or give it a start."
                )
                yield Fault.told("start-missing", msg, row=row, column="starts")
                continue
            n = int(shift[row] if shift.ndim else shift)
            error = (
                self._lost(day, f"{n} working days")
                if self._knows(day)
                else self._far(day, "starts")
            )
            yield error.fault.at(row=row, column="starts")

    def _knows(self, day: np.datetime64) -> bool:
        first, last = self.announced_from, self.known_through
        return bool(np.datetime64(first) <= day <= np.datetime64(last))

    def _position(self, day: dt.date, name: str) -> int:
        day = check_day(day, name=name)
        if not self.announced_from <= day <= self.known_through:
            raise self._far(day, name)
        return (day - self.announced_from).days

    def _nominal(self, start: dt.date, period: Period) -> int:
        """Position of the last day of *period* before it rolls."""
        at = (start - self.announced_from).days
        if period.n > self._table.size:  # NumPy has no day for some of these
            return self._table.size
        if period.unit is Unit.DAY:
            return at + period.n
        months = period.n * _MONTHS[period.unit]
        end = kernel.add_months(np.array([start], _DAYS), months)
        return int(end.astype(np.int64)[0]) - self._table.first

    def _nth(self, at: int, n: int, *, start: dt.date, what: str) -> dt.date:
        """The *n*-th working day from position *at*; *what* was asked for."""
        table = self._table
        if at < table.size:
            ahead = n > 0
            index = int(table.before[at + ahead]) + n - ahead
            if 0 <= index < len(table.workdays):
                day: dt.date = table.workdays[index].item()
                return day
        raise self._lost(start, what)

    def _far(self, day: object, name: str) -> InvalidValueError:
        msg = (
            f"{name!r} must be a day from {self.announced_from} to "
            f"{self.known_through} (got {day}). Days before are not kept; for days "
            "after, update the package 'holidays'."
        )
        return InvalidValueError(
            msg, code="day-outside", params={"name": name, "day": day}
        )

    def _lost(self, start: object, what: str) -> InvalidValueError:
        msg = (
            f"{what} from {start} must lead to a day from {self.announced_from} to "
            f"{self.known_through} (got one outside). Days before are not kept; for "
            "days after, update the package 'holidays'."
        )
        return InvalidValueError(
            msg, code="answer-outside", params={"start": start, "what": what}
        )
