"""
Joint inspection (部门联合抽查): the checks of many departments in few visits.

What several departments, or several draws, want to check at one subject is
done in one visit wherever the windows allow it (进一次门、查多项事): no subject is
visited twice where once would do.  Checks in writing and online need no visit.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Annotated, Any

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, Faults, invalid
from dsgk.fields import (
    Kind,
    Stored,
    declared,
    listed,
    read_label,
    several,
    text_fault,
    trusted,
    value,
)
from dsgk.items import Method
from dsgk.kernels.windows import pierce
from dsgk.sources import article, cites
from dsgk.tables import Categorical, read_column, read_id_column, require


__all__ = ["Check", "MergedChecks", "Method", "Visit", "Window", "merge_checks"]

_Text = Annotated[str, Kind()]


@value("dsgk-window/1")
@attrs.frozen(field_transformer=declared)
class Window(Stored):
    """
    The days on which a check may be made (检查时段).

    Attributes:
        first: First day.
        last: Last day, included.

    Raises:
        InvalidValueError: The window ends before it starts.
    """

    first: dt.date
    last: dt.date

    def __attrs_post_init__(self) -> None:
        """Keep the days in order."""
        if self.last < self.first:
            raise invalid(
                "days-reversed", column="last", got=self.last, since=self.first
            )

    def __str__(self) -> str:
        """Both days: ``2026-03-01 to 2026-06-30``."""
        return f"{self.first} to {self.last}"


@value("dsgk-check/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Check(Stored):
    """
    One item that one department checks at one subject (检查).

    Attributes:
        subject_id: The subject.
        item: Name of the item, as in the item list.
        department: The department whose check it is.
        window: The days on which it may be made.
        method: How it is made.
        initiates: Whether the department initiates the joint inspection of
            this item (发起部门).

    Raises:
        InvalidTypeError: A text is none.  Whether texts are valid is checked by
            `merge_checks`, for all checks at once.
    """

    subject_id: _Text
    item: _Text
    department: _Text
    window: Window
    method: Method = Method.ON_SITE
    initiates: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse what is no text, which would fail far from here."""
        if type(self.subject_id) is type(self.item) is type(self.department) is str:
            return
        faults = Faults()
        for name in _TEXTS:
            fault = text_fault(getattr(self, name), name=name)
            if fault:
                faults += [fault.at(column=name)]
        faults.raise_any()


_TEXTS = ("subject_id", "item", "department")


def _checks(given: Iterable[Check]) -> tuple[Check, ...]:
    return several(given, Check, name="checks")


@cites(article(5), article(17), article(19))
@value("dsgk-visit/1")
@attrs.frozen(field_transformer=declared)
class Visit(Stored):
    """
    Checks that are made together at one subject (联合检查、一次多查).

    Attributes:
        checks: One or more on-site checks of one subject whose windows have a
            day in common, by department, item and window.

    Raises:
        InvalidValueError: The checks cannot be made together.
    """

    checks: tuple[Check, ...] = attrs.field(converter=_checks)

    def __attrs_post_init__(self) -> None:
        """Refuse a visit that could not be made."""
        checks = self.checks
        windows = [check.window for check in checks]
        if (
            not checks
            or len({check.subject_id for check in checks}) > 1
            or {check.method for check in checks} != {Method.ON_SITE}
            or max(w.first for w in windows) > min(w.last for w in windows)
        ):
            raise invalid("visit-impossible", column="checks", count=len(checks))

    @property
    def subject_id(self) -> str:
        """The subject that is visited."""
        return self.checks[0].subject_id

    @property
    def departments(self) -> tuple[str, ...]:
        """Every department that takes part, once, by name."""
        return tuple(sorted({check.department for check in self.checks}))

    @property
    def lead(self) -> str:
        """
        The department that leads the visit (牵头部门).

        An initiating department; were there several, or none, the one of them
        with the most checks in this visit; of equals the first by name.
        """
        initiating = {check.department for check in self.checks if check.initiates}
        counts = Counter(check.department for check in self.checks)
        candidates = initiating or set(counts)
        return min(candidates, key=lambda name: (-counts[name], name))

    @property
    def window(self) -> Window:
        """The days on which all its checks may be made."""
        return Window(
            max(check.window.first for check in self.checks),
            min(check.window.last for check in self.checks),
        )


@value("dsgk-merged-checks/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class MergedChecks(Stored):
    """
    Every check of a list in exactly one place.

    Attributes:
        visits: The visits, by subject and day.
        remote: Checks that need no visit (书面检查、网络监测), by subject,
            department, item, method and window.
    """

    visits: tuple[Visit, ...]
    remote: tuple[Check, ...]

    @property
    def visits_apart(self) -> int:
        """Visits that would be made if every department merged its own checks alone."""
        checks = [check for visit in self.visits for check in visit.checks]
        pairs = [(check.subject_id, check.department) for check in checks]
        return len({*_visit_numbers(checks, pairs).tolist()})

    @property
    def visits_saved(self) -> int:
        """Visits that subjects are spared because departments go together."""
        return self.visits_apart - len(self.visits)

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Return all checks as columns, for a table of any library.

        Returns:
            One row per check, visits first; ``visit`` counts them from 0 and
            is None, like ``lead``, for a check that needs no visit.
        """
        rows: list[tuple[int | None, str | None, Check]] = [
            (number, visit.lead, check)
            for number, visit in enumerate(self.visits)
            for check in visit.checks
        ]
        rows += [(None, None, check) for check in self.remote]
        return {
            "visit": [number for number, _, _ in rows],
            "lead": [lead for _, lead, _ in rows],
            "subject_id": [check.subject_id for _, _, check in rows],
            "department": [check.department for _, _, check in rows],
            "item": [check.item for _, _, check in rows],
            "method": [check.method.code for _, _, check in rows],
            "first": [check.window.first for _, _, check in rows],
            "last": [check.window.last for _, _, check in rows],
            "initiates": [check.initiates for _, _, check in rows],
        }


@cites(article(5), article(17), article(19), article(21))
def merge_checks(checks: Iterable[Check], /) -> MergedChecks:
    """
    Merge the checks of all departments into as few visits as there can be.

    The number of visits is the least possible for every subject.  A check
    belongs to the earliest visit that its window allows, where visits are on
    the earliest last day of what is not visited yet.  The result depends on
    the checks alone, not on their order.

    Args:
        checks: [n] The drawn lists of several departments, put together.

    Returns:
        The visits, and the checks in writing and online apart.

    Raises:
        InvalidInput: Ids or names are not valid, or a check stands in the list
            twice; all faults at once, with their rows.

    Examples:
        >>> first_half = Window(dt.date(2026, 3, 1), dt.date(2026, 6, 30))
        >>> summer = Window(dt.date(2026, 6, 1), dt.date(2026, 8, 31))
        >>> merged = merge_checks([
        ...     Check(
        ...         subject_id="S1", item="消防情况的检查",
        ...         department="消防救援机构", window=summer,
        ...     ),
        ...     Check(
        ...         subject_id="S1", item="治安安全情况的检查",
        ...         department="公安部门", window=first_half, initiates=True,
        ...     ),
        ... ])
        >>> (visit,) = merged.visits
        >>> print(visit.lead, visit.window)
        公安部门 2026-06-01 to 2026-06-30
        >>> merged.visits_saved
        1
    """
    rows = listed(checks, Check, name="checks")
    if not set(map(type, rows)) <= {Check}:
        rows = several(rows, Check, name="checks")
    columns = _read(rows)
    chosen = np.fromiter(
        (check.method is Method.ON_SITE for check in rows), bool, count=len(rows)
    )
    on_site = [rows[row] for row in np.flatnonzero(chosen).tolist()]
    remote = [rows[row] for row in np.flatnonzero(~chosen).tolist()]
    subjects, items, departments = (column.codes[chosen] for column in columns)
    days = _days(on_site)
    numbers = pierce(subjects.astype(np.int64), *days)
    order = np.lexsort((*days[::-1], items, departments, numbers))
    ordered = [on_site[row] for row in order.tolist()]
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1)).tolist()
    return trusted(
        MergedChecks,
        visits=tuple(
            trusted(Visit, checks=tuple(ordered[start:end]))
            for start, end in pairwise([*starts, len(ordered)])
        ),
        remote=tuple(sorted(remote, key=_place)),
    )


_METHODS = {method: rank for rank, method in enumerate(Method)}


def _place(check: Check) -> tuple[Any, ...]:
    """Order of checks; two that share it are one check."""
    return (
        check.subject_id,
        check.department,
        check.item,
        _METHODS[check.method],
        check.window.first,
        check.window.last,
    )


def _codes(values: Sequence[Any]) -> npt.NDArray[np.int64]:
    """Rank of every value among the distinct ones, texts by code point."""
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return np.fromiter(map(ranks.__getitem__, values), np.int64, count=len(values))


def _days(checks: Sequence[Check]) -> tuple[npt.NDArray[np.int64], ...]:
    """First and last days of all windows, as ordinals."""
    n = len(checks)
    return (
        np.fromiter((c.window.first.toordinal() for c in checks), np.int64, count=n),
        np.fromiter((c.window.last.toordinal() for c in checks), np.int64, count=n),
    )


def _visit_numbers(
    checks: Sequence[Check], whose: Sequence[Any]
) -> npt.NDArray[np.int64]:
    return pierce(_codes(whose), *_days(checks))


def _read(checks: Sequence[Check]) -> list[Categorical[str]]:
    """The texts of all checks as columns; every fault of them and repeats are told."""
    faults = Faults()
    columns = []
    for name in _TEXTS:
        cells = [getattr(check, name) for check in checks]
        if name == "subject_id":
            column, found = read_id_column(cells, name=name)
        else:
            column, found = read_column(cells, read_label, name=name)
        require(column, found, name=name)
        faults += found
        columns.append(column)
    seen: dict[tuple[Any, ...], int] = {}
    doubled = {
        row: first
        for row, check in enumerate(checks)
        if (first := seen.setdefault(_place(check), row)) != row
    }

    def twice(row: int) -> Fault:
        check = checks[row]
        return Fault.of(
            "check-doubled",
            row=row,
            item=check.item,
            department=check.department,
            subject_id=check.subject_id,
            window=str(check.window),
            other=doubled[row],
        )

    faults.add_rows(doubled, twice)
    faults.raise_any("list of checks")
    return columns
