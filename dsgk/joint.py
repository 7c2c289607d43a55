"""
Joint inspection (部门联合抽查): the checks of many departments in few visits.

Checks of several departments or draws at one subject become one visit if their
windows allow it (进一次门、查多项事): no subject is visited twice where once would
do.  Checks in writing and online need no visit.
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
        InvalidTypeError: An argument is no text. `merge_checks` checks ids and
            names, for all checks at once.
    """

    subject_id: _Text
    item: _Text
    department: _Text
    window: Window
    method: Method = Method.ON_SITE
    initiates: bool = False

    def __attrs_post_init__(self) -> None:
        """Reject arguments that are no texts, which would fail far from here."""
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
        checks: One or more on-site checks of one subject whose windows share a
            day, sorted by department, item and window.

    Raises:
        InvalidValueError: The checks cannot be made together.
    """

    checks: tuple[Check, ...] = attrs.field(converter=_checks)

    def __attrs_post_init__(self) -> None:
        """Reject checks that cannot be made together."""
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
        """The departments that take part, sorted."""
        return tuple(sorted({check.department for check in self.checks}))

    @property
    def lead(self) -> str:
        """
        The department that leads the visit (牵头部门).

        The department that initiates it.  Of several such departments, or if
        there is none, the one with most checks in this visit; if equal, the
        first by name.
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
    All checks of a list, each in exactly one place.

    Attributes:
        visits: The visits, sorted by subject and day.
        remote: Checks that need no visit (书面检查、网络监测), sorted by subject,
            department, item, method and window.
    """

    visits: tuple[Visit, ...]
    remote: tuple[Check, ...]

    @property
    def visits_apart(self) -> int:
        """Number of visits if each department merged only its own checks."""
        checks = [check for visit in self.visits for check in visit.checks]
        pairs = [(check.subject_id, check.department) for check in checks]
        return len({*pierce(_codes(pairs), *_days(checks)).tolist()})

    @property
    def visits_saved(self) -> int:
        """Number of visits saved because departments go together."""
        return self.visits_apart - len(self.visits)

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Return all checks as columns, for a table of any library.

        Returns:
            One row per check, visits first; ``visit`` is the number of the
            visit from 0. It is None, like ``lead``, for a check without a
            visit.
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
    Merge the checks of all departments into as few visits as possible.

    The number of visits is the least possible for each subject.  Each visit is
    on the earliest last day of the checks not yet visited, and a check belongs
    to the earliest visit that its window allows.  The order of the checks does
    not matter.

    Args:
        checks: [n] The checks of all departments.

    Returns:
        The visits, and separately the checks in writing and online.

    Raises:
        InvalidInput: Ids or names are not valid, or a check comes twice; all
            faults at once, with their rows.

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
    """Sort key of a check; two checks with the same key are one."""
    method, window = _METHODS[check.method], check.window
    names = (check.subject_id, check.department, check.item)
    return *names, method, window.first, window.last


def _codes(values: Sequence[Any]) -> npt.NDArray[np.int64]:
    """Rank of each value among the distinct values."""
    ranks = {value: rank for rank, value in enumerate(sorted(set(values)))}
    return np.fromiter(map(ranks.__getitem__, values), np.int64, count=len(values))


def _days(checks: Sequence[Check]) -> tuple[npt.NDArray[np.int64], ...]:
    """First and last days of all windows, as ordinals."""
    n = len(checks)
    return (
        np.fromiter((c.window.first.toordinal() for c in checks), np.int64, count=n),
        np.fromiter((c.window.last.toordinal() for c in checks), np.int64, count=n),
    )


def _read(checks: Sequence[Check]) -> list[Categorical[str]]:
    """Read the texts of all checks as columns; reject faulty and repeated checks."""
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
        told = {name: getattr(check, name) for name in _TEXTS}
        told |= {"window": str(check.window), "other": doubled[row]}
        return Fault.of("check-doubled", row=row, **told)

    faults.add_rows(doubled, twice)
    faults.raise_any("list of checks")
    return columns
