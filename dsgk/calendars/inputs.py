"""What a calendar is asked for: columns of days, numbers of working days."""

import numpy as np
import numpy.typing as npt

from dsgk.errors import Faults, InvalidTypeError, shown
from dsgk.fields import check_day, holds_days, whole_number
from dsgk.tables import Days, column_of, read_column, read_days


__all__ = ["column", "not_whole", "numbers", "whole"]


def column(starts: object) -> tuple[Days, Faults]:
    """The days of a column, and the faults of rows, which are NaT."""
    raw = np.asarray(column_of(starts, name="starts"))
    if raw.dtype == "datetime64[D]":
        return raw, Faults()
    if holds_days(raw.dtype):
        return read_days(raw, name="starts")
    if raw.dtype == object or not raw.size:
        read, faults = read_column(raw.tolist(), check_day, name="starts")
        days = np.array([*read.categories, None], dtype="datetime64[D]")
        return days[read.codes], faults
    msg = (
        f"'starts' must be an array of datetime64[D] (got {raw.dtype}). Convert it "
        "with numpy.array(…, 'datetime64[D]')."
    )
    raise InvalidTypeError(msg, code="starts-type", params={"dtype": str(raw.dtype)})


def numbers(n: object, limit: int) -> npt.NDArray[np.integer]:
    """
    The numbers *n*, one for each row or, without dimension, one for all.

    Args:
        n: An int or a column of them.
        limit: [int >= 1] Beyond it a single number is as good as the limit.
    """
    if not np.ndim(n):  # type: ignore[arg-type]
        return np.array(max(-limit, min(whole(n), limit)))
    cells = column_of(n, name="n")
    several = np.asarray(cells) if len(cells) else np.zeros(0, np.int64)
    if several.dtype.kind not in "iu" or not np.can_cast(several.dtype, np.int64):
        got = f"an array of {several.dtype}"
        raise not_whole(got)
    return several


def whole(n: object) -> int:
    """The whole number *n*, a NumPy integer included, a bool not."""
    number = whole_number(n)
    if number is None:
        raise not_whole(shown(n))
    return number


def not_whole(got: str) -> InvalidTypeError:
    """The error for a number of working days that is none."""
    msg = f"'n' must be an int, or an array of them (got {got}). Write 20."
    return InvalidTypeError(msg, code="workdays-type", params={"got": got})
