"""Strategies for periods, days, holiday notices and calendars."""

import datetime as dt
import functools
from collections.abc import Collection, Iterable
from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy
from hypothesis.vendor.pretty import RepresentationPrinter, for_type_by_name

from dsgk.calendars import (
    HolidayNotice,
    Period,
    Unit,
    WorkCalendar,
    known_law,
    last_settled,
    outlook,
    year_of_notice,
)
from dsgk.kernels.workdays import Choice
from dsgk.testing._texts import (
    check_int,
    check_interval,
    check_members,
    check_sizes,
    check_type,
    named,
)


_ONE_DAY = dt.timedelta(days=1)
_USUAL_PERIODS = (1, 3, 5, 7, 15, 20, 60)


def periods(
    *, units: Collection[Unit] = tuple(Unit), max_value: int = 60
) -> SearchStrategy[Period]:
    """
    Periods with their units (期限); shrinks to one working day.

    Args:
        units: What they are counted in.
        max_value: [int >= 1] The greatest number.
    """
    members = check_members(units, "units", Unit)
    check_int(max_value, "max_value", least=1)
    usual = [n for n in _USUAL_PERIODS if n <= max_value]
    numbers = st.sampled_from(usual) | st.integers(1, max_value)
    return st.builds(Period, numbers, st.sampled_from(members))


def _around(days: Iterable[dt.date]) -> set[dt.date]:
    return {day + k * _ONE_DAY for day in days for k in (-1, 0, 1)}


@st.composite
def days_between(draw: st.DrawFn, first: dt.date, last: dt.date) -> dt.date:
    """Any day of a span, by one choice: the earliest shrinks best."""
    return first + draw(st.integers(0, (last - first).days)) * _ONE_DAY


def days(
    *,
    calendar: WorkCalendar | None = None,
    min_value: dt.date | None = None,
    max_value: dt.date | None = None,
) -> SearchStrategy[dt.date]:
    """
    Days that a calendar knows, often those on which programs go wrong.

    Make-up days, first and last days off, ends of years, the days around the
    last announced one, and provisional days after it.  Shrinks to the first
    day.

    Args:
        calendar: The calendar; by default that of mainland China.
        min_value: The first day; by default the first that the calendar
            knows.
        max_value: The last day; by default the last that the calendar knows,
            from which no period can be counted.
    """
    known = WorkCalendar.china() if calendar is None else calendar
    check_type(WorkCalendar, known, "calendar")
    low = known.announced_from if min_value is None else min_value
    high = known.known_through if max_value is None else max_value
    for name, bound in (("min_value", low), ("max_value", high)):
        check_type(dt.date, bound, name)
        if not known.announced_from <= bound <= known.known_through:
            msg = (
                f"Cannot have {name}={bound!r}, which the calendar does not know "
                f"({known.announced_from} to {known.known_through})"
            )
            raise InvalidArgument(msg)
    check_interval(low, high, "min_value", "max_value")
    through = known.announced_through
    ends = (dt.date(year, 12, 31) for year in range(low.year, high.year + 1))
    notable = (
        {day for notice in known.notices for day in notice.make_up_days},
        _around(day for notice in known.notices for day in notice.days_off),
        _around(ends),
        {through + k * _ONE_DAY for k in range(-30, 61)},
    )
    inside = (sorted(d for d in some if low <= d <= high) for some in notable)
    return st.one_of(
        days_between(low, high), *(st.sampled_from(some) for some in inside if some)
    )


class _Open(NamedTuple):
    """
    What a notice for a year must and may have.

    Attributes:
        by_law: Statutory holidays, which every first notice has.
        rests, works: Days off and worked weekend days that it may add.
    """

    by_law: tuple[dt.date, ...]
    rests: tuple[SearchStrategy[set[dt.date]], ...]
    works: tuple[SearchStrategy[set[dt.date]], ...]


@functools.cache
def _open_days(year: int, *, amends: bool) -> _Open:
    first, end = dt.date(year - 1, 1, 1), dt.date(year + 1, 1, 1)
    statutory = {
        day: count for day, count in known_law().statutory.items() if first <= day < end
    }
    view = outlook(
        first,
        np.zeros((end - first).days, dtype=bool),
        statutory=statutory,
        settled_through=last_settled(year - 1),
    )

    def own(choices: tuple[Choice, ...]) -> list[tuple[list[dt.date], int]]:
        """Choices in the year: one for each festival, the last for anything else."""
        dated = (
            ([first + int(k) * _ONE_DAY for k in positions], at_most)
            for positions, at_most in choices
        )
        inside = (
            ([day for day in some if year_of_notice(day) == year], at_most)
            for some, at_most in dated
        )
        return [(some, at_most) for some, at_most in inside if some]

    rests, works = own(view.losses), own(view.gains)
    if amends:  # one decision, and only what it changes
        return _Open((), _subsets(rests[-1:], min_size=1), _subsets(works[-1:]))
    by_law = tuple(day for day in statutory if day.year == year)
    return _Open(by_law, _subsets(rests), _subsets(works))


def _subsets(
    choices: Iterable[tuple[list[dt.date], int]], *, min_size: int = 0
) -> tuple[SearchStrategy[set[dt.date]], ...]:
    return tuple(
        st.sets(st.sampled_from(some), min_size=min_size, max_size=at_most)
        for some, at_most in choices
    )


@st.composite
def _holiday_notices(draw: st.DrawFn, year: int, *, amends: bool) -> HolidayNotice:
    by_law, rests, works = _open_days(year, amends=amends)
    number = draw(st.integers(1, 99))
    return HolidayNotice(
        year=year,
        days_off=tuple(sorted({*by_law}.union(*map(draw, rests)))),
        make_up_days=tuple(sorted(set[dt.date]().union(*map(draw, works)))),
        source=f"国办发明电〔{year - 1}〕{number}号",
        amends=amends,
    )


def _last_announced() -> int:
    return known_law().notices[-1].year


def holiday_notices(
    *, year: int | None = None, amends: bool = False
) -> SearchStrategy[HolidayNotice]:
    """
    Holiday notices as the State Council might issue them (节假日安排).

    They keep the limits that `dsgk.calendars` assumes for future notices, so
    that provisional deadlines stay within their bounds.  Shrinks to the
    statutory holidays.

    Args:
        year: The year; by default the first that is not announced yet, or the
            last announced one if *amends*.
        amends: Whether the notice names only changes of an announced year.

    Examples:
        >>> from hypothesis import given
        >>> @given(holiday_notices())
        ... def test_a_calendar_takes_the_notice(notice):
        ...     calendar = WorkCalendar.china(notices=[notice])
        ...     assert not any(map(calendar.is_workday, notice.days_off))
        ...     assert all(map(calendar.is_workday, notice.make_up_days))
        >>> test_a_calendar_takes_the_notice()
    """
    check_type(bool, amends, "amends")
    law = known_law()
    if year is None:
        year = _last_announced() + (not amends)
    check_int(year, "year", least=law.notices[0].year, most=max(law.statutory).year)
    return _holiday_notices(year, amends=amends)


_china = named("WorkCalendar.china", WorkCalendar.china)


def _as_repr(value: object, printer: RepresentationPrinter, _: object) -> None:
    printer.text(repr(value))


# Hypothesis prints all fields of an attrs class, here twenty years of notices, and
# warns about the length; where warnings are errors, that would hide the failure.
for_type_by_name(WorkCalendar.__module__, WorkCalendar.__name__, _as_repr)


@st.composite
def _work_calendars(draw: st.DrawFn, min_size: int, max_size: int) -> WorkCalendar:
    first = _last_announced() + 1
    end = first + draw(st.integers(min_size, max_size))
    notices = [draw(_holiday_notices(year, amends=False)) for year in range(first, end)]
    if draw(st.booleans()):
        notices.append(draw(_holiday_notices(end - 1, amends=True)))
    return draw(st.builds(_china, notices=st.just(notices)))


def work_calendars(
    *, min_size: int = 0, max_size: int = 2
) -> SearchStrategy[WorkCalendar]:
    """
    Calendars of mainland China as they may be in a few years (工作日历).

    Today's calendar with notices for further years, perhaps with one that
    amends the last.  Shrinks to today's calendar.

    Args:
        min_size: [int >= 0] Least number of announced years beyond those of
            the package `holidays`.
        max_size: [int >= *min_size*] Greatest number; as many as the years
            whose statutory holidays are known.
    """
    law = known_law()
    ahead = max(law.statutory).year - _last_announced()
    check_sizes(min_size, max_size, most=ahead)
    return _work_calendars(min_size, max_size)
