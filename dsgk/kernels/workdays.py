"""
Working-day tables and month arithmetic on arrays of days.

Knows days and a table, no law and no calendar: whoever makes the table says
which days are worked.
"""

import numpy as np
import numpy.typing as npt


__all__ = ["add_months"]

Days = npt.NDArray[np.datetime64]


def _check_days(days: Days, name: str) -> None:
    if days.dtype != np.dtype("datetime64[D]"):
        msg = (
            f"{name!r} must be an array of datetime64[D] (got {days.dtype}). "
            "Convert it with .astype('datetime64[D]') where no time of day is lost."
        )
        raise TypeError(msg)


def add_months(dates: Days, n: int | npt.NDArray[np.integer]) -> Days:
    """
    The days *n* months after *dates*, in a shorter month its last day.

    The same days as ``date + relativedelta(months=n)`` of python-dateutil: 31
    January and one month is 28 or 29 February.

    Args:
        dates: [shape s, datetime64[D]] Days; NaT stays NaT.
        n: [int, or int array that broadcasts with *dates*] Months, below 0
            to go back.

    Returns:
        [broadcast shape, datetime64[D]] New array.

    Raises:
        TypeError: *dates* has another unit than days, or *n* is not integral.

    Examples:
        >>> add_months(np.array(["2024-01-31", "2025-01-31"], "datetime64[D]"), 1)
        array(['2024-02-29', '2025-02-28'], dtype='datetime64[D]')
    """
    _check_days(dates, "dates")
    shift = np.asarray(n)
    if not np.issubdtype(shift.dtype, np.integer):
        msg = (
            f"'n' must be a whole number of months or an array of them (got "
            f"{shift.dtype}). Write an int."
        )
        raise TypeError(msg)
    month = dates.astype("datetime64[M]")
    day_of_month = dates - month.astype("datetime64[D]")
    target = month + shift.astype("timedelta64[M]")
    one = np.timedelta64(1, "D")
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]") - one
    moved: Days = np.minimum(target.astype("datetime64[D]") + day_of_month, last)
    return moved
