"""Periods, deadlines, and the calendar of working days."""

import datetime as dt
from collections.abc import Iterable
from typing import Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars._notices import (
    HolidayNotice,
    Law,
    Outlook,
    in_force,
    known_law,
    last_settled,
    made_up_on,
    outlook,
)
from dsgk.errors import Fault, Faults, invalid
from dsgk.fields import (
    Coded,
    Positive,
    Stored,
    check_day,
    check_type,
    check_whole,
    declared,
    several,
    trusted,
    value,
    values_in,
    whole_cell,
)
from dsgk.kernels import workdays as kernel
from dsgk.sources import (
    CIVIL_CODE_201,
    CIVIL_CODE_202,
    CIVIL_CODE_203,
    PENALTY_LAW_85,
    cites,
)
from dsgk.tables import Days, column_of, read_days


__all__ = ["Deadline", "Period", "Unit", "WorkCalendar"]

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_DAYS = np.dtype("datetime64[D]")


class Unit(Coded):
    """Unit of a period (期限单位)."""

    WORKING_DAY = ("working-day", "工作日")
    DAY = ("day", "日")
    MONTH = ("month", "月")
    YEAR = ("year", "年")


@cites(PENALTY_LAW_85)
@value("dsgk-period/1")
@attrs.frozen(field_transformer=declared)
class Period(Stored):
    """
    A length of time that the law sets (期限), always with its unit.

    A bare number of days is ambiguous: the law counts some periods in working
    days (二日、三日、五日、七日的规定是指工作日) and others in calendar days.

    Attributes:
        n: How many.
        unit: Of what; may be given by its code or Chinese text.

    Examples:
        >>> print(Period(20, Unit.WORKING_DAY))
        20 working days
        >>> print(Period(1, Unit.MONTH))
        1 month
    """

    n: Positive
    unit: Unit

    def __str__(self) -> str:
        """Number and unit in English."""
        return f"{self.n} {_named(self.n, self.unit)}"


def _named(n: int, unit: Unit) -> str:
    return unit.code.replace("-", " ") + ("" if n == 1 else "s")


@value("dsgk-deadline/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Deadline(Stored):
    """
    The last day of a period (期限届满日), and how certain it is.

    Attributes:
        start: Day of the event from which the period runs; not counted.
        period: The period.
        date: Last day; if provisional, the expected one.
        provisional: Whether it depends on a day that no notice settles yet.
        earliest, latest: Bounds of the last day, under the assumptions of
            `dsgk.calendars`.  Equal to *date* unless provisional.
    """

    start: dt.date
    period: Period
    date: dt.date
    provisional: bool
    earliest: dt.date
    latest: dt.date


@attrs.frozen(kw_only=True)
class WorkCalendar:
    """
    Which days are worked (工作日历), and the deadlines that follow.

    Make one with `china`.  A day may be given as a date or an aware datetime,
    which counts as its day in Asia/Shanghai.

    Attributes:
        notices: The notices in force, one or more a year, in order; those of
            the package `holidays` have its name and version as source.
        announced_from: First day of the notices.
        announced_through: Last day that the notices settle: 31 December of
            the last announced year, or a few days earlier if the next notice
            can still change a New Year's break.
        known_through: Last day of the calendar.  Days after
            *announced_through* are derived from the law on holidays;
            `deadline` and `add_workdays_array` tell if an answer depends on
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
            notices: Notices to add to those of the package `holidays`.  Unless
                it `amends`, a notice replaces all earlier ones for its year.

        Raises:
            InvalidInput: A notice leaves the year before it unannounced, is for
                a year outside the calendar, amends nothing, or makes up a day
                that is worked anyway: all faults at once.

        Examples:
            >>> WorkCalendar.china().announced_from
            datetime.date(2004, 1, 1)
        """
        if isinstance(notices, HolidayNotice):
            notices = (notices,)
        given = several(notices, HolidayNotice, name="notices")
        return cls._made_of(known_law(), given)

    @classmethod
    def _made_of(cls, law: Law, given: tuple[HolidayNotice, ...]) -> Self:
        notices, named = in_force(given, law)
        first = dt.date(notices[0].year, 1, 1)
        through = last_settled(notices[-1].year)
        # Days that the year after can still change are left out: without its
        # holidays nothing would bound them.
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
            n: [int] Below 0 to count back; 0 gives *start* if it is worked,
                else the next working day.

        Raises:
            InvalidValueError: *start* or the answer is outside the calendar.

        Examples:
            >>> calendar = WorkCalendar.china()
            >>> calendar.add_workdays(dt.date(2024, 9, 30), 1)
            datetime.date(2024, 10, 8)
            >>> calendar.add_workdays(dt.date(2024, 10, 8), -1)
            datetime.date(2024, 9, 30)
        """
        n = check_whole(n, name="n")
        at = self._position(start, "start")
        return self._nth(at, n, start=start)

    @cites(CIVIL_CODE_203)
    def roll(self, day: dt.date, /) -> dt.date:
        """
        The day itself if it is worked, else the next working day (期限顺延).

        A period whose last day is off ends on the day that this returns.

        Examples:
            >>> WorkCalendar.china().roll(dt.date(2026, 10, 1))
            datetime.date(2026, 10, 8)
        """
        at = self._position(day, "day")
        return self._nth(at, 0, start=day)

    def count_workdays(self, first: dt.date, last: dt.date) -> int:
        """
        Working days from *first* to *last*, both included.

        Examples:
            >>> calendar = WorkCalendar.china()
            >>> calendar.count_workdays(dt.date(2026, 10, 1), dt.date(2026, 10, 10))
            3
        """
        start, stop = self._position(first, "first"), self._position(last, "last")
        if stop < start:
            raise invalid("days-reversed", name="last", got=last, since=first)
        return int(self._table.before[stop + 1] - self._table.before[start])

    @cites(CIVIL_CODE_201, CIVIL_CODE_202, CIVIL_CODE_203, PENALTY_LAW_85)
    def deadline(self, start: dt.date, period: Period) -> Deadline:
        """
        The last day of a period that runs from *start* (期限届满日).

        The day of the event is not counted.  A period of months or years ends on
        the corresponding day, or on the last day of a month that lacks it.  If
        a period of days, months or years would end on a day off, it ends on
        the next working day.

        Args:
            start: Day of the event, worked or not.
            period: The period with its unit.

        Raises:
            InvalidValueError: *start* or the latest possible end is outside the
                calendar.

        Examples:
            >>> calendar = WorkCalendar.china()
            >>> done = dt.date(2026, 9, 24)
            >>> print(calendar.deadline(done, Period(20, Unit.WORKING_DAY)).date)
            2026-10-29
            >>> print(calendar.deadline(done, Period(10, Unit.DAY)).date)
            2026-10-08
        """
        check_type(
            period, Period, name="period", instead="Period(20, Unit.WORKING_DAY)"
        )
        at = self._position(start, "start")
        begin = self.announced_from + at * _ONE_DAY
        # Other periods end on the first working day after the day before the
        # nominal end.
        counted = period.unit is Unit.WORKING_DAY
        after, n = (at, period.n) if counted else (self._nominal(begin, period) - 1, 1)
        end = self._nth(after, n, start=begin, period=period)
        earliest = latest = end
        if end > self.announced_through:
            view = self._outlook
            soonest, last = kernel.bounds(**view._asdict(), after=after, n=n)
            if last < 0:
                raise self._lost(begin, period.n, period.unit).error()
            earliest = self.announced_from + soonest * _ONE_DAY
            latest = self.announced_from + last * _ONE_DAY
        return trusted(
            Deadline,
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
            starts: [(m,) datetime64[D]] An array, a list, or a column of
                pandas, polars or Arrow.  Finer units must be at midnight;
                objects may be dates, aware datetimes or texts.  No cell may be
                empty (None, NaT, masked).
            n: [int, or (m,) int array] As for `add_workdays`.

        Returns:
            [(m,) datetime64[D]] The days, and [(m,) bool] whether each depends
            on a day after *announced_through*.

        Raises:
            InvalidInput: Rows without a start or with a time of day; days or
                answers outside the calendar: all faults at once, with their
                rows.

        Examples:
            >>> starts = np.array(["2026-02-13", "2026-09-30"], "datetime64[D]")
            >>> dates, provisional = WorkCalendar.china().add_workdays_array(starts, 1)
            >>> dates.tolist()
            [datetime.date(2026, 2, 14), datetime.date(2026, 10, 8)]
            >>> provisional.tolist()
            [False, False]
        """
        days, faults = _starts(starts)
        # A number beyond the size of the table leads out of it anyway.
        shift = _numbers(n, self._table.size + 1)
        if shift.ndim and shift.shape != days.shape:
            raise invalid(
                "column-length", name="n", length=len(shift), expected=len(days)
            )
        dates = kernel.add_workdays(self._table, days, shift)
        unanswered = np.isnat(dates)
        if faults or unanswered.any():
            self._tell(faults, days, shift, np.flatnonzero(unanswered))
            faults.raise_any("starts")
        furthest = dates
        if (shift < 0).any():
            furthest = np.where(shift < 0, days - np.timedelta64(1, "D"), dates)
        return dates, furthest > np.datetime64(self.announced_through)

    def _tell(
        self,
        faults: Faults,
        days: Days,
        shift: npt.NDArray[np.integer],
        unanswered: npt.NDArray[np.intp],
    ) -> None:
        """Tell why rows have no answer, unless they could not be read."""
        unread = faults.rows("starts")
        rows = unanswered[[row not in unread for row in unanswered.tolist()]]
        first, last = map(np.datetime64, (self.announced_from, self.known_through))
        empty = np.isnat(days[rows])
        known = (first <= days[rows]) & (days[rows] <= last)

        def lost(row: int) -> Fault:
            n = int(shift[row] if shift.ndim else shift)
            return self._lost(days[row].item(), n).at(row=row, column="starts")

        def far(row: int) -> Fault:
            return self._far(days[row].item(), "starts").at(row=row, column="starts")

        faults.add_rows(rows[empty], "cell-empty", column="starts")
        faults.add_rows(rows[known], lost, column="starts")
        faults.add_rows(rows[~empty & ~known], far, column="starts")

    def _position(self, day: dt.date, name: str) -> int:
        day = check_day(day, name=name)
        if not self.announced_from <= day <= self.known_through:
            raise self._far(day, name).error()
        return (day - self.announced_from).days

    def _nominal(self, start: dt.date, period: Period) -> int:
        """Position of the last day of *period*, worked or not."""
        at = (start - self.announced_from).days
        if period.n > self._table.size:  # NumPy has no day for some of these
            return self._table.size
        if period.unit is Unit.DAY:
            return at + period.n
        months = period.n * (12 if period.unit is Unit.YEAR else 1)
        end = kernel.add_months(np.array([start], _DAYS), months)
        return int(end.astype(np.int64)[0]) - self._table.first

    def _nth(
        self, at: int, n: int, *, start: dt.date, period: Period | None = None
    ) -> dt.date:
        """The *n*-th working day from position *at*; the error names *period*."""
        table = self._table
        if at < table.size:
            ahead = n > 0
            index = int(table.before[at + ahead]) + n - ahead
            if 0 <= index < len(table.workdays):
                day: dt.date = table.workdays[index].item()
                return day
        of = (n,) if period is None else (period.n, period.unit)
        raise self._lost(start, *of).error()

    def _far(self, day: dt.date, name: str) -> Fault:
        first, last = self.announced_from, self.known_through
        return Fault.of("day-outside", name=name, got=day, first=first, last=last)

    def _lost(self, start: dt.date, n: int, unit: Unit = Unit.WORKING_DAY) -> Fault:
        first, last, name = self.announced_from, self.known_through, _named(n, unit)
        code = "answer-outside"
        return Fault.of(code, n=n, unit=name, start=start, first=first, last=last)


# -- arguments -----------------------------------------------------------------


def _starts(starts: object) -> tuple[Days, Faults]:
    """The days of a column, and the faults of the rows that are NaT."""
    cells = column_of(starts, name="starts")
    if isinstance(cells, np.ndarray) and cells.dtype == _DAYS:
        return cells, Faults()
    days, faults = read_days(cells, name="starts")
    if "day-column" in faults.counts:
        faults.raise_any("starts")
    return days, faults


def _numbers(n: object, limit: int) -> npt.NDArray[np.integer]:
    """One number for each row; or without dimension one for all, cut to *limit*."""
    if values_in(n) is None:
        return np.array(max(-limit, min(check_whole(n, name="n"), limit)))
    cells = column_of(n, name="n")
    if (
        isinstance(cells, np.ndarray)
        and cells.dtype.kind in "iu"
        and np.can_cast(cells.dtype, np.int64)
    ):
        return cells
    wholes = [whole_cell(cell) for cell in cells]
    if None in wholes:
        raise invalid("count-type", name="n", got=cells[wholes.index(None)])
    return np.array(
        [max(-limit, min(n, limit)) for n in wholes if n is not None], np.int64
    )
