"""
What may become of the days that no notice settles.

Carries out the assumptions that stand in the docstring of `dsgk.calendars`;
their numbers stand here, once.
"""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.calendars.notices import last_settled, year_of_notice
from dsgk.kernels.workdays import Choice


__all__ = ["Outlook", "made_up_on", "outlook"]

_SWAPS = 2
_REST_WITHIN = 2
_REST_WITHIN_LONG = 5
_WORK_WITHIN = 7
_WORK_WITHIN_LONG = 14
_EXTRA_RESTS = 2
_EXTRA_WORKS = 1

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_LABOUR_DAY = (5, 1)

Flags = npt.NDArray[np.bool_]


class _Festival(NamedTuple):
    """Statutory holidays on consecutive days, and how many days to make up."""

    first: dt.date
    last: dt.date
    made_up: int

    @property
    def is_long(self) -> bool:
        return self.first != self.last or (
            (self.first.month, self.first.day) == _LABOUR_DAY
        )


def _festivals(statutory: Mapping[dt.date, int]) -> list[_Festival]:
    festivals: list[_Festival] = []
    for day in sorted(statutory):
        made_up = statutory[day] - (day.weekday() < _SATURDAY)
        first = day
        if festivals and day - festivals[-1].last == _ONE_DAY:
            before = festivals.pop()
            first, made_up = before.first, before.made_up + made_up
        festivals.append(_Festival(first, day, made_up))
    return festivals


def made_up_on(statutory: Mapping[dt.date, int]) -> set[dt.date]:
    """
    Weekdays on which festivals are made up, unless a notice says otherwise.

    A holiday that falls on a weekend, or on another holiday, moves to the next
    weekday after the festival (补假).

    Args:
        statutory: Statutory holidays, and how many of them fall on each day.
    """
    taken: set[dt.date] = set()
    for festival in _festivals(statutory):
        day = festival.last
        for _ in range(festival.made_up):
            day += _ONE_DAY
            while day.weekday() >= _SATURDAY or day in statutory or day in taken:
                day += _ONE_DAY
            taken.add(day)
    return taken


class Outlook(NamedTuple):
    """
    Days that no notice settles, as arrays over all days of a calendar.

    Attributes:
        sure: [(days,) bool] Worked unless a notice makes the day off.
        never: [(days,) bool] Off whatever a notice says.
        gains, losses: Days that may become working days, or cease to be, and
            how many of them at most.
    """

    sure: Flags
    never: Flags
    gains: tuple[Choice, ...]
    losses: tuple[Choice, ...]


def outlook(
    first: dt.date,
    worked: Flags,
    *,
    statutory: Mapping[dt.date, int],
    settled_through: dt.date,
) -> Outlook:
    """
    Say what notices to come can change.

    Args:
        first: The day at position 0.
        worked: [(days,) bool] Working days as far as they are known.
        statutory: Statutory holidays, all of them within the days.
        settled_through: Last day that a notice settles.
    """
    size = len(worked)
    days = first.toordinal() + np.arange(size)
    by_law = np.zeros(size, bool)
    by_law[[(day - first).days for day in statutory]] = True
    weekend = (days - 1) % 7 >= _SATURDAY  # day 1 of the calendar is a Monday
    still_open = days > settled_through.toordinal()
    may_rest = still_open & ~weekend & ~by_law
    may_work = still_open & weekend & ~by_law

    gains: list[Choice] = []
    losses: list[Choice] = []

    def choose(rests: tuple[int, int, int], works: tuple[int, int, int]) -> None:
        """Take down (first position, one past the last, how many at most)."""
        for choices, candidates, (start, stop, at_most) in (
            (losses, may_rest, rests),
            (gains, may_work, works),
        ):
            positions = start + np.flatnonzero(candidates[start:stop])
            if len(positions):
                choices.append((positions, at_most))

    for festival in _festivals(statutory):
        start = (festival.first - first).days
        stop = (festival.last - first).days + 1
        rest = _REST_WITHIN_LONG if festival.is_long else _REST_WITHIN
        work = _WORK_WITHIN_LONG if festival.is_long else _WORK_WITHIN
        choose(
            (start - rest, stop + rest, festival.made_up + _SWAPS),
            (start - work, stop + work, _SWAPS),
        )
    start = (settled_through - first).days + 1
    while start < size:
        year = year_of_notice(first + start * _ONE_DAY)
        stop = (last_settled(year) - first).days + 1
        choose((start, stop, _EXTRA_RESTS), (start, stop, _EXTRA_WORKS))
        start = stop
    return Outlook(
        sure=np.where(still_open, may_rest, worked),
        never=np.where(still_open, by_law, ~worked),
        gains=tuple(gains),
        losses=tuple(losses),
    )
