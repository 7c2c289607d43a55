"""What a calendar is asked for: days, columns of days, numbers."""

import contextlib
import datetime as dt
import operator
from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from dsgk.errors import DsgkError, Fault, InvalidTypeError, InvalidValueError


__all__ = ["Days", "as_day", "column", "not_whole", "whole"]

Days = npt.NDArray[np.datetime64]

# China has had one time zone, and no summer time since 1991: the offset is
# exact for every day that a calendar knows, and needs no time zone database.
_SHANGHAI = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")

_DAYS = np.dtype("datetime64[D]")
_COARSE = frozenset({"Y", "M", "W", "generic"})


def as_day(value: object, name: str) -> dt.date:
    """The day that *value* stands for."""
    if type(value) is dt.date:
        return value
    if isinstance(value, dt.datetime) and value == value:  # noqa: PLR0124  (NaT differs)
        if value.utcoffset() is None:
            msg = (
                f"{name!r} must be a date or an aware datetime (got the naive "
                f"{value!r}). Write its .date() where it is a day in China, or give "
                "it its time zone."
            )
            raise InvalidTypeError(
                msg, code="datetime-naive", params={"name": name, "value": value}
            )
        try:
            return value.astimezone(_SHANGHAI).date()
        except OverflowError:  # at either end of time, far from any calendar
            return value.date()
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return dt.date(value.year, value.month, value.day)
    msg = f"{name!r} must be a date (got {value!r}). Write date(2026, 3, 17)."
    raise InvalidTypeError(msg, code="day-type", params={"name": name, "value": value})


def column(starts: object) -> tuple[Days, list[Fault]]:
    """The days of a column, and the faults of rows, which are NaT."""
    raw = np.asarray(starts)
    if raw.ndim != 1:
        msg = (
            f"'starts' must be a column (got the shape {raw.shape}). Write an array "
            "of one dimension."
        )
        raise InvalidValueError(msg, code="starts-shape", params={"shape": raw.shape})
    faults: list[Fault] = []
    if raw.dtype.kind == "M":
        unit, step = np.datetime_data(raw.dtype)
        days = raw.astype(_DAYS, copy=False)
        if unit == "D" and step == 1:
            return days, faults
        if unit not in _COARSE and unit != "D":
            days = days.copy()
            timed = (days != raw) & ~np.isnat(raw)
            for row in np.flatnonzero(timed).tolist():
                msg = (
                    f"'starts' must hold whole days (got {raw[row]}). Convert times "
                    "to days in Asia/Shanghai first."
                )
                faults.append(Fault("start-with-time", msg, row=row, column="starts"))
            days[timed] = np.datetime64("NaT")
            return days, faults
    elif raw.dtype == object or not raw.size:
        days = np.full(raw.shape, np.datetime64("NaT"), _DAYS)
        for row, value in enumerate(raw.tolist()):
            try:
                days[row] = as_day(value, "starts")
            except DsgkError as error:
                faults.append(Fault.from_error(error, row=row, column="starts"))
        return days, faults
    msg = (
        f"'starts' must be an array of datetime64[D] (got {raw.dtype}). Convert it "
        "with numpy.array(…, 'datetime64[D]')."
    )
    raise InvalidTypeError(msg, code="starts-type", params={"dtype": str(raw.dtype)})


def whole(n: object) -> int:
    """The whole number *n*, a NumPy integer included, a bool not."""
    if isinstance(n, SupportsIndex) and not isinstance(n, bool):
        # An array has the method as well, and refuses when it is called.
        with contextlib.suppress(TypeError):
            return operator.index(n)
    raise not_whole(repr(n))


def not_whole(got: str) -> InvalidTypeError:
    """The error for a number of working days that is none."""
    msg = f"'n' must be an int, or an array of them (got {got}). Write 20."
    return InvalidTypeError(msg, code="workdays-type", params={"got": got})
