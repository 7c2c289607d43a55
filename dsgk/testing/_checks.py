"""Strategies for windows and the checks of several departments."""

import datetime as dt
import operator
from collections.abc import Collection

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.identifiers import check_id, check_label
from dsgk.joint import Check, Method, Window
from dsgk.testing._days import days_between
from dsgk.testing._texts import (
    check_interval,
    check_members,
    check_pool,
    check_sizes,
    check_strategy,
    check_type,
    derived,
)


_MIN_DAY = dt.date(2026, 1, 1)
_MAX_DAY = dt.date(2027, 3, 31)
_QUARTERS = ((1, 3, 31), (4, 6, 30), (7, 9, 30), (10, 12, 31))
_NEAR = dt.timedelta(3)

_SUBJECT_IDS = ("S1", "S2", "S10")
_ITEMS = ("消防情况的检查", "治安安全情况的检查", "食品经营监督检查")
_DEPARTMENTS = ("公安", "市场监管", "消防")


def _quarters(low: dt.date, high: dt.date) -> list[tuple[dt.date, dt.date]]:
    """First and last days of the quarters within the bounds, of three years."""
    quarters = (
        (dt.date(year, first, 1), dt.date(year, last, day))
        for year in range(low.year, min(high.year, low.year + 2) + 1)
        for first, last, day in _QUARTERS
    )
    return [(first, last) for first, last in quarters if low <= first and last <= high]


def windows(
    *, min_value: dt.date = _MIN_DAY, max_value: dt.date = _MAX_DAY
) -> SearchStrategy[Window]:
    """
    Windows (检查时段): whole quarters, single days, across the end of a year.

    Two of them often share one day, or miss each other by one.  Shrinks to the
    first day.

    Args:
        min_value: Earliest possible day.
        max_value: Latest possible day.
    """
    check_type(dt.date, min_value, "min_value")
    check_type(dt.date, max_value, "max_value")
    check_interval(min_value, max_value, "min_value", "max_value")
    near = min_value + min(_NEAR, max_value - min_value)  # so few that many touch
    few = st.tuples(days_between(min_value, near))
    single = st.tuples(days_between(min_value, max_value))
    spans = [st.tuples(few, few), st.tuples(single, single)]
    quarters = _quarters(min_value, max_value)
    if quarters:
        quarter = st.sampled_from(quarters)
        spans.insert(1, st.tuples(quarter, quarter))
    days = st.one_of(spans).map(lambda both: [day for span in both for day in span])
    return derived(days, lambda days: Window(min(days), max(days)))


def checks(
    *,
    subject_ids: Collection[str] = _SUBJECT_IDS,
    items: Collection[str] = _ITEMS,
    departments: Collection[str] = _DEPARTMENTS,
    methods: Collection[Method] = (Method.ON_SITE, Method.WRITTEN, Method.ONLINE),
    windows: SearchStrategy[Window] | None = None,
) -> SearchStrategy[Check]:
    """
    Checks of one item by one department at one subject (检查).

    Args:
        subject_ids: The subjects.
        items: The items.
        departments: The departments.
        methods: The methods; half of the checks have the first.
        windows: The windows; by default `windows`.
    """
    ways = check_members(methods, "methods", Method)
    if windows is None:
        windows = _usual_windows()
    check_strategy(windows, "windows")
    return st.builds(
        Check,
        subject_id=st.sampled_from(check_pool(subject_ids, "subject_ids", check_id)),
        item=st.sampled_from(check_pool(items, "items", check_label)),
        department=st.sampled_from(check_pool(departments, "departments", check_label)),
        window=windows,
        method=st.just(ways[0]) | st.sampled_from(ways),
        initiates=st.booleans(),
    )


def _usual_windows() -> SearchStrategy[Window]:
    return windows()


_PLACE = operator.attrgetter("subject_id", "item", "department", "window", "method")


def check_lists(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    elements: SearchStrategy[Check] | None = None,
) -> SearchStrategy[list[Check]]:
    """
    Lists of different checks, for `merge_checks`.

    Args:
        min_size: [int >= 0] Least number of checks.
        max_size: [int >= *min_size*, or None] Greatest number; None for any.
        elements: The checks; by default `checks`.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.joint import merge_checks
        >>> @given(check_lists())
        ... def test_going_together_costs_no_visit(checks):
        ...     assert merge_checks(checks).visits_saved >= 0
        >>> test_going_together_costs_no_visit()
    """
    check_sizes(min_size, max_size)
    if elements is None:
        elements = checks()
    check_strategy(elements, "elements")
    place = operator.attrgetter(
        *["subject_id", "item", "department", "window", "method"]
    )
    return st.lists(elements, min_size=min_size, max_size=max_size, unique_by=place)
