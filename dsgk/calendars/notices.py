"""
Holiday notices (节假日安排): those of the host, and those that `holidays` knows.

Whether a year is announced is read from the data of that package, so that an
update of it is all that a new year needs.
"""

import datetime as dt
import functools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from dsgk.errors import Fault, InvalidInput, InvalidTypeError
from dsgk.fields import whole_number


__all__ = [
    "HolidayNotice",
    "Law",
    "in_force",
    "known_law",
    "last_settled",
    "year_of_notice",
]

# The package `holidays` still has the long May holiday of 2003, which the
# notice of 21 April 2003 withdrew.  From 2004 on its days agree with those of
# other sources.
_TRUSTED_FROM = 2004
_YEARS_AHEAD = 10

_ONE_DAY = dt.timedelta(days=1)
_SATURDAY = 5
_SWAP = 4  # entries of `holidays`: month, day, month, day[, year]; or month, day, name


def _tuple(days: object) -> tuple[dt.date, ...]:
    if isinstance(days, str) or not isinstance(days, Iterable):
        msg = (
            f"'days_off' and 'make_up_days' must be sequences of dates (got {days!r}). "
            "Write a tuple, such as (date(2027, 1, 1),)."
        )
        raise InvalidTypeError(msg, code="notice-days-type", params={"days": days})
    return tuple(days)


@attrs.frozen(kw_only=True)
class HolidayNotice:
    """
    What the State Council arranges for the holidays of a year (节假日安排).

    Attributes:
        year: [int] The year that the notice is for.  It may name days of the
            last week of the year before.
        days_off: Days off.  Statutory holidays and weekends are off whether
            they are named or not.
        make_up_days: Weekend days that are worked (调休上班日).
        source: Number of the document, such as ``"国办发明电〔2025〕7号"``.
        amends: Whether the notice names only what changes and leaves the rest
            of its year as it was, such as the one that extended the holiday
            of January 2020.  It may then also make a day worked again that
            the notice before had off.

    Raises:
        InvalidTypeError: *days_off* or *make_up_days* is no sequence.
        InvalidInput: A day is no date, is named twice, is off and worked, is
            far from the year, or is a weekday to be made up; or the year or
            the source is missing.  All faults are told at once.

    Examples:
        >>> notice = HolidayNotice(
        ...     year=2026,
        ...     days_off=(dt.date(2026, 1, 1), dt.date(2026, 1, 2)),
        ...     make_up_days=(dt.date(2026, 1, 4),),
        ...     source="国办发明电〔2025〕7号",
        ... )
    """

    year: int
    days_off: tuple[dt.date, ...] = attrs.field(converter=_tuple)
    make_up_days: tuple[dt.date, ...] = attrs.field(default=(), converter=_tuple)
    source: str
    amends: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse a notice that no State Council would issue."""
        year = whole_number(self.year)
        object.__setattr__(self, "year", self.year if year is None else year)
        faults = [*self._head_faults(), *self._day_faults()]
        if faults:
            error = InvalidInput.of(f"holiday notice for {self.year}", faults)
            raise error

    def _head_faults(self) -> Iterator[Fault]:
        if whole_number(self.year) is None:
            msg = f"'year' must be an int (got {self.year!r}). Write 2027."
            yield Fault.told("notice-year-type", msg, column="year")
        source: object = self.source
        if not isinstance(source, str) or not source:
            msg = (
                f"'source' must be a text that is not empty (got {source!r}). "
                "Write the number of the document."
            )
            yield Fault.told("notice-source", msg, column="source")
        if not self.days_off and not self.make_up_days:
            msg = "'days_off' must not be empty (got none). Write what the notice has."
            yield Fault.told("notice-empty", msg, column="days_off")

    def _day_faults(self) -> Iterator[Fault]:
        seen: dict[dt.date, str] = {}
        for column in ("days_off", "make_up_days"):
            for row, day in enumerate(getattr(self, column)):
                if isinstance(day, dt.datetime) or not isinstance(day, dt.date):
                    msg = f"must be a date (got {day!r}). Write date(2027, 1, 1)."
                    yield Fault.told("notice-day-type", msg, row=row, column=column)
                    continue
                params = {"day": day}
                if day in seen and seen[day] == column:
                    msg = f"must name {day} once (got it twice). Take one out."
                    yield Fault.told(
                        "notice-day-repeated",
                        msg,
                        row=row,
                        column=column,
                        params=params,
                    )
                elif day in seen:
                    msg = (
                        f"must not name {day}, which stands in 'days_off' (got it in "
                        "both). Take it out of one of them."
                    )
                    yield Fault.told(
                        "notice-day-both", msg, row=row, column=column, params=params
                    )
                elif not _is_near(day, self.year):
                    msg = (
                        f"must lie in {self.year} or the last week before it (got "
                        f"{day}). Write it in the notice for its own year."
                    )
                    yield Fault.told(
                        "notice-day-far", msg, row=row, column=column, params=params
                    )
                elif (
                    column == "make_up_days"
                    and not self.amends
                    and day.weekday() < _SATURDAY
                ):
                    msg = (
                        f"must be a Saturday or a Sunday (got {day}, a weekday that is "
                        "worked anyway). Write it in 'days_off', or take it out."
                    )
                    yield Fault.told(
                        "notice-make-up-weekday",
                        msg,
                        row=row,
                        column=column,
                        params=params,
                    )
                seen.setdefault(day, column)


def _is_near(day: dt.date, year: object) -> bool:
    if not isinstance(year, int):  # told already
        return True
    return (year - 1, 12, 25) <= (day.year, day.month, day.day) <= (year, 12, 31)


def last_settled(year: int) -> dt.date:
    """
    The last day that the notice for *year* settles.

    A New Year's break that needs a bridge to the weekend before it takes days
    of December, and stands in the notice for the year that begins.
    """
    new_year = dt.date(year + 1, 1, 1)
    days_taken = {6: 1, 0: 2, 1: 3}.get(new_year.weekday(), 0)
    return new_year - (days_taken + 1) * _ONE_DAY


def year_of_notice(day: dt.date) -> int:
    """The year whose notice settles *day*."""
    return day.year + (day > last_settled(day.year))


class Law(NamedTuple):
    """
    What the package `holidays` knows.

    Attributes:
        statutory: Statutory holidays, and how many of them fall on each day.
        notices: The announced years without a gap, in order.
    """

    statutory: Mapping[dt.date, int]
    notices: tuple[HolidayNotice, ...]


@functools.cache
def known_law() -> Law:
    """Read the package `holidays`, once and not before a calendar is made."""
    # Slow to import, and not every host makes a calendar.
    from holidays import country_holidays  # noqa: PLC0415
    from holidays.version import __version__ as version  # noqa: PLC0415

    china = country_holidays("CN")
    special: Mapping[int, Any] = china.special_public_holidays
    arranged = {
        year: rows if isinstance(rows[0], tuple) else (rows,)
        for year, rows in special.items()
    }
    # No notice has come without a weekend day that is worked in exchange for
    # another; a single extra day off, in contrast, can be announced early.
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
    """
    The notices that hold, by year, and what they say of each day they name.

    Raises:
        InvalidInput: Notices do not fit what is known; all faults are told.
    """
    chains: dict[int, list[tuple[int, HolidayNotice]]] = {
        notice.year: [(-1, notice)] for notice in law.notices
    }
    faults: list[Fault] = []
    first, last = law.notices[0].year, max(law.statutory).year
    for row, notice in enumerate(notices):
        if not first <= notice.year <= last:
            msg = (
                f"'year' must be from {first} to {last} (got {notice.year}). For later "
                "years, update the package 'holidays'."
            )
            faults.append(Fault.told("notice-year", msg, row=row, column="year"))
        elif not notice.amends:
            chains[notice.year] = [(row, notice)]
        elif notice.year in chains:
            chains[notice.year].append((row, notice))
        else:
            msg = (
                f"a notice that amends must follow the notice for {notice.year} (got "
                "none before it). Give that one first."
            )
            faults.append(
                Fault.told("notice-amends-nothing", msg, row=row, column="amends")
            )
    worked: dict[dt.date, bool] = {}
    for year in sorted(chains):
        if year > first and year - 1 not in chains:
            msg = (
                f"'year' must follow a year that is announced (got {year} without "
                f"{year - 1}). Add the notice for {year - 1}."
            )
            faults.append(
                Fault.told("notice-gap", msg, row=chains[year][0][0], column="year")
            )
        for row, notice in chains[year]:
            faults += _impossible(notice, row, worked, law)
            worked.update(dict.fromkeys(notice.days_off, False))
            worked.update(dict.fromkeys(notice.make_up_days, True))
    if faults:
        error = InvalidInput.of("notices", sorted(faults, key=lambda f: f.row or 0))
        raise error
    held = (notice for year in sorted(chains) for _, notice in chains[year])
    return tuple(held), worked


def _impossible(
    notice: HolidayNotice, row: int, worked: Mapping[dt.date, bool], law: Law
) -> Iterator[Fault]:
    """Make-up days that the days known so far rule out."""
    for day in notice.make_up_days:
        where: dict[str, Any] = {
            "row": row,
            "column": "make_up_days",
            "params": {"day": day},
        }
        if day in law.statutory:
            msg = f"must not name the statutory holiday {day}. Compare the notice."
            yield Fault.told("notice-make-up-statutory", msg, **where)
        elif day.weekday() < _SATURDAY and worked.get(day, True):
            msg = (
                f"must name days that are off till now (got {day}, a weekday that is "
                "worked anyway). Write it in 'days_off', or take it out."
            )
            yield Fault.told("notice-make-up-weekday", msg, **where)
