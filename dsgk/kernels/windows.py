"""
The fewest visits that meet all windows.

A window has a first and a last day.  A visit is one day at one subject and meets
every window of the subject that contains the day.  Always visiting on the earliest
last day of the windows not met yet takes the fewest visits.  A window belongs to
the earliest visit that meets it.
"""

from typing import Any

import numpy as np
import numpy.typing as npt


__all__ = ["pierce"]

_INT64_MAX = 2**63 - 1


def pierce(
    subject_codes: npt.ArrayLike, first: npt.ArrayLike, last: npt.ArrayLike, /
) -> npt.NDArray[np.int64]:
    """
    Give every window a visit, with as few visits per subject as possible.

    The windows of one visit have a day in common, and the order of the rows has
    no influence.  Takes O(n log n), without a loop over rows, subjects or visits.

    Args:
        subject_codes: [(n,) int] The subject of each row.
        first: [(n,) int or datetime64] First day of its window; units finer
            than a day, as in pandas, must be at midnight.
        last: [(n,) int or datetime64, >= *first*] Last day of its window.

    Returns:
        [(n,) int64] Number of the row's visit, counted from 0 by subject code
        and then by day.

    Raises:
        TypeError: A column holds neither integers nor whole days.
        ValueError: The columns differ in length or are no columns, a window
            ends before it starts, or a day is NaT or has an hour.

    Examples:
        >>> pierce([7, 7, 7, 3], [1, 4, 2, 9], [5, 8, 3, 9]).tolist()
        [1, 2, 1, 0]
    """
    codes, first, last = _columns(subject_codes, first, last)
    n = len(codes)
    if not n:
        return np.zeros(0, np.int64)
    starts, ends = _keys(codes, first, last)
    order = np.argsort(starts)
    starts = starts[order]
    # Rows are sorted by subject and start.  A visit at a row's start is on the
    # earliest end of all rows from it on; later subjects have greater keys, so they
    # do not change this minimum.
    days = np.minimum.accumulate(ends[order][::-1])[::-1]
    # The next visit begins with the first row that starts after that day.
    following = np.searchsorted(starts, days, side="right")
    # Chains run on from one subject to the next, but beginning at every subject
    # saves rounds.
    heads = _reachable(following, _subject_starts(codes[order]))
    visits = np.empty(n, np.int64)
    visits[order] = np.cumsum(heads) - 1
    return visits


def _columns(
    subject_codes: npt.ArrayLike, first: npt.ArrayLike, last: npt.ArrayLike
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The columns as integers; rejects what would corrupt the answer."""
    codes, first, last = (np.asarray(c) for c in (subject_codes, first, last))
    shapes = [column.shape for column in (codes, first, last)]
    if codes.ndim != 1 or len(set(shapes)) > 1:
        msg = (
            f"the columns must have one dimension and one length (got {shapes}). "
            "Give each row one value in each column."
        )
        raise ValueError(msg)
    if not len(codes):
        return (np.zeros(0, np.int64),) * 3
    given = first, last
    kinds = first.dtype.kind, last.dtype.kind
    if kinds == ("M", "M"):
        first, last = _ordinals(first, "first"), _ordinals(last, "last")
    elif "M" in kinds:
        msg = (
            f"'first' and 'last' must be of one kind (got {first.dtype}, {last.dtype})"
            ". Write both as days or both as integers."
        )
        raise TypeError(msg)
    codes = _integers(codes, "subject_codes")
    first, last = _integers(first, "first"), _integers(last, "last")
    if (last < first).any():
        row = int(np.argmax(last < first))
        msg = (
            f"'last' must not be before 'first' (got {given[0][row]} to "
            f"{given[1][row]} in row {row}). Exchange them if they were mixed up."
        )
        raise ValueError(msg)
    return codes, first, last


def _ordinals(days: npt.NDArray[Any], name: str) -> npt.NDArray[np.int64]:
    if np.datetime_data(days.dtype)[0] in {"Y", "M", "W"}:  # not one day
        msg = f"{name!r} must be days (got {days.dtype}). Write datetime64[D]."
        raise TypeError(msg)
    if np.isnat(days).any():
        row = int(np.argmax(np.isnat(days)))
        msg = (
            f"{name!r} must be a day (got NaT in row {row}). Give every row both days."
        )
        raise ValueError(msg)
    whole = days.astype("datetime64[D]", copy=False)
    if whole is not days and (whole != days).any():
        row = int(np.argmax(whole != days))
        msg = (
            f"{name!r} must be a day (got {days[row]} in row {row}). Write the day "
            f"that is meant, {whole[row]} or another."
        )
        raise ValueError(msg)
    return whole.astype(np.int64)


def _integers(column: npt.NDArray[Any], name: str) -> npt.NDArray[np.int64]:
    if not np.can_cast(column.dtype, np.int64):
        msg = (
            f"{name!r} must be integers (got an array of {column.dtype}). Write "
            "np.unique(ids, return_inverse=True)[1] for ids, and datetime64[D] for "
            "days."
        )
        raise TypeError(msg)
    return column.astype(np.int64, copy=False)


def _keys(
    codes: npt.NDArray[np.int64],
    first: npt.NDArray[np.int64],
    last: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """One integer for each subject and day, sorted by subject, then by day."""
    lowest, earliest = int(codes.min()), int(first.min())
    days = int(last.max()) - earliest + 1
    if (int(codes.max()) - lowest + 1) * days > _INT64_MAX:
        codes = np.unique(codes, return_inverse=True)[1]
        both = np.concatenate((first, last))
        first, last = np.unique(both, return_inverse=True)[1].reshape(2, -1)
        lowest, earliest = 0, 0
        days = len(both)
    base = (codes - lowest) * days - earliest
    return base + first, base + last


def _subject_starts(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    starts = np.ones(len(codes), np.bool_)
    np.not_equal(codes[1:], codes[:-1], out=starts[1:])
    return starts


def _reachable(
    following: npt.NDArray[np.intp], marks: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """
    Mark every row that a chain from a marked row leads to.

    Jumps double in length, so a million visits of a subject take twenty rounds.
    """
    n = len(following)
    jump = np.append(following, n)
    reached = np.append(marks, True)  # the end counts as reached
    while True:
        new = jump[np.flatnonzero(reached)]
        new = new[~reached[new]]
        if not len(new):
            return reached[:n]
        reached[new] = True
        jump = jump[jump]
