"""
Working-day tables and month arithmetic on arrays of days.

Which days are worked is decided by whoever makes the table.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt


__all__ = [
    "WorkdayTable",
    "add_months",
    "add_workdays",
    "bounds",
    "count_workdays",
    "make_table",
]

Days = npt.NDArray[np.datetime64]
Ints = npt.NDArray[np.int64]
Choice = tuple[Ints, int]

_DAY = np.dtype("datetime64[D]")


class WorkdayTable(NamedTuple):
    """
    Consecutive days, and which of them are worked.

    Attributes:
        first: [int] First day, counted from 1970-01-01.
        before: [(days + 1,) int32] Working days before each day, and at the end
            before the day after the last.
        workdays: [(working days,) datetime64[D]] The working days, ascending.
    """

    first: int
    before: npt.NDArray[np.int32]
    workdays: Days

    @property
    def size(self) -> int:
        """Number of days, worked or not."""
        return len(self.before) - 1


def make_table(first: np.datetime64, worked: npt.NDArray[np.bool_]) -> WorkdayTable:
    """
    Make the table of the days from *first* on, with read-only arrays.

    Args:
        first: [datetime64[D]] The first day.
        worked: [(days,) bool] Whether each day is worked.

    Examples:
        >>> worked = np.array([0, 0, 0, 1], bool)
        >>> table = make_table(np.datetime64("2026-09-25"), worked)
        >>> table.before.tolist(), table.workdays.tolist()
        ([0, 0, 0, 0, 1], [datetime.date(2026, 9, 28)])
    """
    before = np.zeros(len(worked) + 1, np.int32)
    np.cumsum(worked, out=before[1:])
    workdays = first.astype(_DAY) + np.flatnonzero(worked)
    before.setflags(write=False)
    workdays.setflags(write=False)
    return WorkdayTable(int(first.astype(_DAY).astype(np.int64)), before, workdays)


def add_workdays(
    table: WorkdayTable, starts: Days, n: int | npt.NDArray[np.integer]
) -> Days:
    """
    The *n*-th working days after *starts*, the starts themselves not counted.

    Args:
        table: The working days.
        starts: [(m,) datetime64[D]] Days, worked or not.
        n: [int, or (m,) int array] Below 0 to count back; 0 gives the start if
            it is worked, else the next working day.

    Returns:
        [(m,) datetime64[D]] NaT if the start is NaT, or the start or the answer
        is outside the table.

    Raises:
        TypeError: *starts* has another unit than days, or *n* is not integral.

    Examples:
        >>> worked = np.array([1, 1, 0, 0, 1, 1], bool)
        >>> table = make_table(np.datetime64("2026-03-05"), worked)
        >>> add_workdays(table, np.array(["2026-03-06"], "datetime64[D]"), 1)
        array(['2026-03-09'], dtype='datetime64[D]')
    """
    _check_days(starts, "starts")
    shift = _integers(n)
    at = starts.astype(np.int64) - table.first
    # NaT is the least int64, which wraps to a huge number: one comparison finds it
    # and the days on either side of the table.
    outside = at.view(np.uint64) >= table.size
    some_outside = bool(outside.any())
    if some_outside:
        at[outside] = 0
    ahead = shift > 0
    # No answer in the table is further away than its size; longer ways are cut, so
    # that the sum cannot overflow.
    way = np.clip(shift, -table.size - 1, table.size + 1) - ahead
    position = table.before[at + ahead] + way
    lost = position.view(np.uint64) >= len(table.workdays)
    if some_outside:
        lost |= outside
    days: Days
    if not lost.any():
        days = table.workdays[position]
        return days
    days = np.full(position.shape, np.datetime64("NaT", "D"), _DAY)
    days[~lost] = table.workdays[position[~lost]]
    return days


def count_workdays(table: WorkdayTable, first: Days, last: Days) -> Ints:
    """
    Working days from *first* to *last*, both included.

    Args:
        table: The working days.
        first: [(m,) datetime64[D]] Days in the table.
        last: [(m,) datetime64[D]] Days in the table, not before *first*.

    Returns:
        [(m,) int64] Numbers of working days.

    Raises:
        TypeError: *first* or *last* has another unit than days.
        ValueError: A day is NaT or outside the table.

    Examples:
        >>> worked = np.array([1, 1, 0, 0, 1, 1], bool)
        >>> table = make_table(np.datetime64("2026-03-05"), worked)
        >>> week = np.array(["2026-03-06", "2026-03-10"], "datetime64[D]")
        >>> count_workdays(table, week[:1], week[1:]).tolist()
        [3]
    """
    positions = []
    for name, days in (("first", first), ("last", last)):
        _check_days(days, name)
        at = days.astype(np.int64) - table.first
        if (at.view(np.uint64) >= table.size).any():
            msg = (
                f"{name!r} must hold days of the table alone (got others). "
                "Take them out first."
            )
            raise ValueError(msg)
        positions.append(at)
    counted = table.before[positions[1] + 1] - table.before[positions[0]]
    return counted.astype(np.int64)


def bounds(
    sure: npt.NDArray[np.bool_],
    never: npt.NDArray[np.bool_],
    *,
    gains: Sequence[Choice],
    losses: Sequence[Choice],
    after: int,
    n: int,
) -> tuple[int, int]:
    """
    Bound the day of the *n*-th working day, when some days may change.

    A choice is a set of days, of which at most a given number change.  There are
    most working days up to any day if every gain takes its first days, and
    fewest if every loss does.  These counts bound the true count on every day,
    and so the day on which it reaches *n*.

    Args:
        sure: [(days,) bool] Days that are worked unless a loss takes them.
        never: [(days,) bool] Days that no gain can take.
        gains: Pairs of (one or more ascending positions, at most how many) for
            days that may become working days.
        losses: The same for working days that may be lost.
        after: [int >= -1] Position after which counting starts.
        n: [int >= 1] The number of the working day.

    Returns:
        Earliest and latest position, -1 if beyond the last day.

    Examples:
        >>> sure = np.array([1, 1, 0, 0, 1, 1], bool)
        >>> gain, loss = (np.array([2, 3]), 1), (np.array([0, 1, 4, 5]), 1)
        >>> bounds(sure, np.zeros(6, bool), gains=[gain], losses=[loss], after=-1, n=3)
        (2, 5)
    """
    # Look a little further than the answer is likely to be, and further only if
    # that was not enough: days behind the answer have no influence.
    size, first = len(sure), after + 1
    span = 2 * n + 64
    while True:
        stop = min(first + span, size)
        most = sure[first:stop].astype(np.int64)
        fewest = most.copy()
        for counts, choices, step in ((most, gains, 1), (fewest, losses, -1)):
            for positions, how_many in choices:
                if positions[0] >= stop or positions[-1] < first:
                    continue
                start = int(np.searchsorted(positions, first))
                taken = positions[start : start + how_many]
                counts[taken[taken < stop] - first] += step
        # Two gains may name the same day, but it is worked only once.
        upper = np.minimum(most.cumsum(), (~never[first:stop]).cumsum())
        latest = np.flatnonzero(fewest.cumsum() >= n)
        if len(latest) or stop == size:
            break
        span *= 4
    earliest = np.flatnonzero(upper >= n)
    soonest, last = (
        first + int(reached[0]) if len(reached) else -1
        for reached in (earliest, latest)
    )
    return soonest, last


def add_months(dates: Days, n: int | npt.NDArray[np.integer]) -> Days:
    """
    The days *n* months after *dates*; the last day of a month that is too short.

    As ``date + relativedelta(months=n)`` of python-dateutil: one month after 31
    January is 28 or 29 February.

    Args:
        dates: [(m,) datetime64[D]] Days; NaT stays NaT.
        n: [int, or (m,) int array] Months, below 0 to go back.

    Returns:
        [(m,) datetime64[D]] New array.

    Raises:
        TypeError: *dates* has another unit than days, or *n* is not integral.

    Examples:
        >>> add_months(np.array(["2024-01-31", "2025-01-31"], "datetime64[D]"), 1)
        array(['2024-02-29', '2025-02-28'], dtype='datetime64[D]')
    """
    _check_days(dates, "dates")
    month = dates.astype("datetime64[M]")
    day_of_month = dates - month.astype(_DAY)
    target = month + _integers(n).astype("timedelta64[M]")
    last = (target + np.timedelta64(1, "M")).astype(_DAY) - np.timedelta64(1, "D")
    moved: Days = np.minimum(target.astype(_DAY) + day_of_month, last)
    return moved


def _check_days(days: Days, name: str) -> None:
    if days.dtype != _DAY:
        msg = (
            f"{name!r} must be an array of datetime64[D] (got {days.dtype}). "
            "Convert it with .astype('datetime64[D]') where no time of day is lost."
        )
        raise TypeError(msg)


def _integers(n: int | npt.NDArray[np.integer]) -> Ints:
    whole = np.asarray(n)
    if whole.dtype.kind not in "iu" or not np.can_cast(whole.dtype, np.int64):
        msg = (
            f"'n' must be a whole number of 64 bits or an array of them (got "
            f"{whole.dtype}). Write an int."
        )
        raise TypeError(msg)
    return whole.astype(np.int64)
