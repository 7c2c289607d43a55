"""
Holiday notices (节假日安排): of the host, and of the package `holidays`.

The package's data tell which years are announced, so a new year needs nothing
but an update of it.  The assumptions about days that no notice settles are
explained in `dsgk.calendars`; their numbers are here.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Faults
from dsgk.fields import Stored, Title, declared, kind_of, value
from dsgk.kernels.workdays import Choice


__all__ = [
    "HolidayNotice",
    "Law",
    "Outlook",
    "in_force",
    "known_law",
    "last_settled",
    "made_up_on",
    "outlook",
    "year_of_notice",
]

# The package `holidays` still has the long May holiday of 2003, which a notice of
# 21 April 2003 withdrew.  From 2004 on it agrees with other sources.
_TRUSTED_FROM = 2004
_YEARS_AHEAD = 10

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_SWAPS = 2
_REST_WITHIN = 2
_REST_WITHIN_LONG = 5
_WORK_WITHIN = 7
_WORK_WITHIN_LONG = 14
_EXTRA_RESTS = 2
_EXTRA_WORKS = 1
_LABOUR_DAY = (5, 1)
_SWAP = 4  # entries of `holidays`: month, day, month, day[, year]; or month, day, name


_DAYS = kind_of(tuple[dt.date, ...])


def _days(given: Iterable[dt.date]) -> tuple[dt.date, ...]:
    return cast("tuple[dt.date, ...]", _DAYS.convert(given))


@value("dsgk-holiday-notice/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class HolidayNotice(Stored):
    """
    What the State Council arranges for the holidays of a year (节假日安排).

    Attributes:
        year: The year of the notice, which may also name days of the last week
            before.
        days_off: Days off.  Statutory holidays and weekends need not be named.
        make_up_days: Weekend days that are worked (调休上班日).
        source: Number of the document, such as ``"国办发明电〔2025〕7号"``.
        amends: Whether the notice only names changes, such as the one that
            extended the holiday of January 2020.  It may also turn a day off
            back into a working day.

    Raises:
        InvalidInput: No day is named, or one is named twice, is both off and
            worked, is far from the year, or is a weekday to be made up: all
            faults at once.

    Examples:
        >>> notice = HolidayNotice(
        ...     year=2026,
        ...     days_off=(dt.date(2026, 1, 1), "2026-01-02"),
        ...     make_up_days=(dt.date(2026, 1, 4),),
        ...     source="国办发明电〔2025〕7号",
        ... )
    """

    year: int
    days_off: tuple[dt.date, ...] = attrs.field(converter=_days)
    make_up_days: tuple[dt.date, ...] = attrs.field(default=(), converter=_days)
    source: Title
    amends: bool = False

    def __attrs_post_init__(self) -> None:
        """Reject days that no notice could name."""
        faults = Faults()
        if not self.days_off and not self.make_up_days:
            faults.add("notice-empty", column="days_off")
        seen: dict[dt.date, str] = {}
        for column in ("days_off", "make_up_days"):
            for row, day in enumerate(getattr(self, column)):
                code = self._fault_of(day, column, seen.get(day))
                if code:
                    faults.add(code, row=row, column=column, day=day, year=self.year)
                seen.setdefault(day, column)
        faults.raise_any("holiday notice")

    def _fault_of(self, day: dt.date, column: str, seen: str | None) -> str:
        """The code of the fault of a day; empty if it has none."""
        if seen:
            return "notice-day-repeated" if seen == column else "notice-day-both"
        place = (day.year, day.month, day.day)
        if not (self.year - 1, 12, 25) <= place <= (self.year, 12, 31):
            return "notice-day-far"
        is_weekday = day.weekday() < _SATURDAY
        if column == "make_up_days" and is_weekday and not self.amends:
            return "notice-make-up-weekday"
        return ""


def last_settled(year: int) -> dt.date:
    """
    The last day that the notice for *year* settles.

    A New Year's break that bridges to the weekend before takes days of December,
    which are settled by the notice for the new year.
    """
    new_year = dt.date(year + 1, 1, 1)
    days_taken = {6: 1, 0: 2, 1: 3}.get(new_year.weekday(), 0)
    return new_year - (days_taken + 1) * _ONE_DAY


def year_of_notice(day: dt.date) -> int:
    """The year whose notice settles *day*."""
    return day.year + (day > last_settled(day.year))


class Law(NamedTuple):
    """
    The data of the package `holidays`.

    Attributes:
        statutory: Days, and how many statutory holidays fall on each.
        notices: One for each announced year, in order and without a gap.
    """

    statutory: Mapping[dt.date, int]
    notices: tuple[HolidayNotice, ...]


@functools.cache
def known_law() -> Law:
    """Read the package `holidays`, which is slow to import, only when needed."""
    from holidays import country_holidays  # noqa: PLC0415
    from holidays.version import __version__ as version  # noqa: PLC0415

    china = country_holidays("CN")
    special: Mapping[int, Any] = china.special_public_holidays
    arranged = {
        year: rows if isinstance(rows[0], tuple) else (rows,)
        for year, rows in special.items()
    }
    # Every notice so far has exchanged a weekend day.  A row that does not may be
    # a single extra day off, announced before the notice.
    announced = {
        year for year, rows in arranged.items() if any(len(r) >= _SWAP for r in rows)
    }
    first = last = max(announced)
    while first - 1 in announced and first > _TRUSTED_FROM:
        first -= 1

    known = country_holidays("CN", years=range(first, last + 1))
    off: dict[int, list[dt.date]] = defaultdict(list)
    made_up: dict[int, list[dt.date]] = defaultdict(list)
    for by_year, days in ((off, known), (made_up, known.weekend_workdays)):
        for day in sorted(days):
            by_year[year_of_notice(day)].append(day)
    notices = tuple(
        HolidayNotice(
            year=year,
            days_off=off[year],
            make_up_days=made_up[year],
            source=f"holidays {version}",
        )
        for year in range(first, last + 1)
    )

    by_law = country_holidays(
        "CN", years=range(first, last + _YEARS_AHEAD + 1), observed=False
    )
    by_notice = {
        dt.date(year, row[0], row[1]) for year, rows in arranged.items() for row in rows
    }
    statutory = {
        day: len(by_law.get_list(day)) for day in sorted(by_law) if day not in by_notice
    }
    return Law(statutory, notices)


def in_force(
    notices: tuple[HolidayNotice, ...], law: Law
) -> tuple[tuple[HolidayNotice, ...], dict[dt.date, bool]]:
    """The notices in force by year, and whether each day they name is worked."""
    chains: dict[int, list[tuple[int, HolidayNotice]]] = {
        notice.year: [(-1, notice)] for notice in law.notices
    }
    faults = Faults()
    first, last = law.notices[0].year, max(law.statutory).year
    for row, notice in enumerate(notices):
        year = notice.year
        if not first <= year <= last:
            code, known = "notice-year", {"first": first, "last": last}
            faults.add(code, row=row, column="year", got=year, **known)
        elif not notice.amends:
            chains[year] = [(row, notice)]
        elif year in chains:
            chains[year].append((row, notice))
        else:
            faults.add("notice-amends-nothing", row=row, column="amends", year=year)
    worked: dict[dt.date, bool] = {}
    for year in sorted(chains):
        if year > first and year - 1 not in chains:
            row = chains[year][0][0]
            faults.add("notice-gap", row=row, column="year", got=year, before=year - 1)
        for row, notice in chains[year]:
            for code, day in _impossible(notice, worked, law):
                faults.add(code, row=row, column="make_up_days", day=day)
            worked.update(dict.fromkeys(notice.days_off, False))
            worked.update(dict.fromkeys(notice.make_up_days, True))
    faults.raise_any("notices")
    held = (notice for year in sorted(chains) for _, notice in chains[year])
    return tuple(held), worked


def _impossible(
    notice: HolidayNotice, worked: Mapping[dt.date, bool], law: Law
) -> Iterator[tuple[str, dt.date]]:
    """Make-up days that cannot be, given the days known so far; with their codes."""
    for day in notice.make_up_days:
        if day in law.statutory:
            yield "notice-make-up-statutory", day
        elif day.weekday() < _SATURDAY and worked.get(day, True):
            yield "notice-make-up-weekday", day


# -- days that no notice settles -----------------------------------------------

Flags = npt.NDArray[np.bool_]


class _Festival(NamedTuple):
    """Statutory holidays on consecutive days, and the days to make up for them."""

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

    A holiday on a weekend or on another holiday moves to the next weekday after
    the festival (补假).
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
    What notices to come can change, over all days of a calendar.

    Attributes:
        sure: [(days,) bool] Worked unless a notice takes the day off.
        never: [(days,) bool] Off whatever a notice says.
        gains, losses: Days that may become working days, or no longer be any,
            and at most how many of them.
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
    Find what notices to come can change.

    Args:
        first: The day at position 0.
        worked: [(days,) bool] Working days as known today.
        statutory: Statutory holidays, all within these days.
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
        """Add choices from (first position, one past the last, at most how many)."""
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
