"""Whether the inspectors of a department can make the visits that are planned."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np


__all__ = ["Demand", "Overload", "overload"]


class Demand(NamedTuple):
    """Visits that must be made within a window."""

    first: dt.date
    last: dt.date
    visits: int


class Overload(NamedTuple):
    """A window in which more visits must be made than can be."""

    first: dt.date
    last: dt.date
    visits: int
    possible: int


def overload(
    demands: Sequence[Demand],
    *,
    per_day: int,
    workdays: Callable[[dt.date, dt.date], int],
) -> Overload | None:
    """
    Find the window in which most visits cannot be made.

    Visits of one day's work, each with a window, can all be made if and only
    if no window holds more of them than it has room for; and it is enough to
    look at windows that begin where one of theirs does and end where one does.

    Args:
        demands: [n] In any order.
        per_day: [int >= 0] Visits that can be made on one working day.
        workdays: Working days from a first to a last day, both included.

    Returns:
        The window with the greatest excess, of equals the one that begins,
        then the one that ends first; None if all visits can be made.

    Examples:
        >>> day = dt.date(2026, 3, 2)
        >>> overload(
        ...     [Demand(day, day, 3), Demand(day, day, 1)],
        ...     per_day=3, workdays=lambda first, last: 1,
        ... ).visits
        4
    """
    if not demands:
        return None
    firsts = sorted({demand.first for demand in demands})
    lasts = sorted({demand.last for demand in demands})
    row = {day: k for k, day in enumerate(firsts)}
    column = {day: k for k, day in enumerate(lasts)}
    inside = np.zeros((len(firsts), len(lasts)), dtype=np.int64)
    for demand in demands:
        inside[row[demand.first], column[demand.last]] += demand.visits
    # Windows that begin on a day or later and end on a day or earlier.
    inside = inside[::-1].cumsum(axis=0)[::-1].cumsum(axis=1)
    origin = firsts[0]
    until = np.array([workdays(origin, day) for day in lasts])
    before = np.array([workdays(origin, day) - workdays(day, day) for day in firsts])
    room = per_day * np.maximum(until[None, :] - before[:, None], 0)
    excess = inside - room
    worst = int(np.argmax(excess))
    k, j = divmod(worst, len(lasts))
    if excess[k, j] <= 0:
        return None
    return Overload(firsts[k], lasts[j], int(inside[k, j]), int(room[k, j]))
