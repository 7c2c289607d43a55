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
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import check_day
from dsgk.identifiers import check_label, id_faults
from dsgk.items import Method
from dsgk.kernels.windows import pierce
from dsgk.sources import article, cites


__all__ = ["Check", "MergedChecks", "Method", "Visit", "Window", "merge_checks"]

_CHECKS = "list of checks"


@attrs.frozen
class Window:
    """
    The days on which a check may be made (检查时段).

    Attributes:
        first: First day; an aware datetime is its day in China.
        last: Last day, included.

    Raises:
        InvalidTypeError: A day is no date, or a naive datetime.
        InvalidValueError: The window ends before it starts.
    """

    first: dt.date
    last: dt.date

    def __attrs_post_init__(self) -> None:
        """Keep days alone, in order."""
        for name in ("first", "last"):
            day = getattr(self, name)
            if type(day) is not dt.date:
                object.__setattr__(self, name, check_day(day, name=name))
        if self.last < self.first:
            msg = (
                f"'last' must not be before 'first' (got {self.first} to {self.last}). "
                "Exchange them if they were mixed up."
            )
            raise InvalidValueError(
                msg,
                code="window-crossed",
                params={"first": self.first, "last": self.last},
            )

    def __str__(self) -> str:
        """Both days: ``2026-03-01 to 2026-06-30``."""
        return f"{self.first} to {self.last}"


@attrs.frozen(kw_only=True)
class Check:
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
        InvalidTypeError: A field has the wrong type.  Texts are checked by
            `merge_checks`, for all checks at once.
    """

    subject_id: str
    item: str
    department: str
    window: Window
    method: Method = Method.ON_SITE
    initiates: bool = False

    def __attrs_post_init__(self) -> None:
        """Refuse other types, which would fail far from here."""
        fields = (
            self.subject_id,
            self.item,
            self.department,
            self.window,
            self.method,
            self.initiates,
        )
        if not all(map(isinstance, fields, _CHECK_TYPES)):
            msg = (
                "a check must be made of three texts, a Window, a Method and a bool "
                f"(got {self!r}). Write Check(subject_id='S1', item='…', "
                "department='…', window=Window(first, last))."
            )
            raise InvalidTypeError(msg, code="check-type")


_CHECK_TYPES = (str, str, str, Window, Method, bool)


def _checks(checks: Iterable[Check]) -> tuple[Check, ...]:
    return tuple(checks)


@cites(article(5), article(17), article(19))
@attrs.frozen
class Visit:
    """
    Checks that are made together at one subject (联合检查).

    Attributes:
        checks: One or more on-site checks of one subject whose windows have a
            day in common, by department, item and window.

    Raises:
        InvalidValueError: The checks cannot be made together.

    Cites:
        District Opinion, Art. 5 (一次多查), 17 and 19 (实施联合检查).
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
            msg = (
                "'checks' must be on-site checks of one subject with a day in common "
                f"(got {len(checks)} that are not). Write merge_checks(checks)."
            )
            raise InvalidValueError(
                msg,
                code="visit-impossible",
                params={"count": len(checks)},
                provision=str(article(19)),
            )

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


@attrs.frozen(kw_only=True)
class MergedChecks:
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
            "method": [check.method.value for _, _, check in rows],
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
        InvalidTypeError: *checks* is no list.
        InvalidInput: Ids or names are not valid, or a check stands in the list
            twice; all faults at once, with their rows.

    Cites:
        District Opinion, Art. 5, 17 (避免多头检查和重复检查), 19 (名单有重合的，实施
        联合检查) and 21.

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
    if not isinstance(checks, Iterable):
        msg = (
            f"'checks' must be a list of checks (got {shown(checks)}). "
            "Write [Check(…), …]."
        )
        raise InvalidTypeError(
            msg, code="checks-type", params={"type": type(checks).__name__}
        )
    rows = tuple(checks)
    faults = _faults(rows)
    if faults:
        raise InvalidInput.of(_CHECKS, faults)
    on_site = [check for check in rows if check.method is Method.ON_SITE]
    remote = [check for check in rows if check.method is not Method.ON_SITE]
    numbers = _visit_numbers(on_site, [check.subject_id for check in on_site])
    order = np.lexsort(
        (
            *_days(on_site)[::-1],
            _codes([check.item for check in on_site]),
            _codes([check.department for check in on_site]),
            numbers,
        )
    )
    ordered = [on_site[row] for row in order.tolist()]
    starts = np.flatnonzero(np.diff(numbers[order], prepend=-1)).tolist()
    return MergedChecks(
        visits=tuple(
            Visit(ordered[start:end])
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


def _faults(checks: Sequence[Check]) -> list[Fault]:
    """Say what is wrong with a list of checks, by row."""
    faults: list[Fault] = []
    for row, check in enumerate(checks):
        if not isinstance(check, Check):
            msg = f"'checks' must be checks (got {shown(check)}). Write Check(…)."
            faults.append(Fault.told("check-type", msg, row=row))
    if faults:
        return faults  # what is no check has no fields to look at
    for field in ("subject_id", "item", "department"):
        values = [getattr(check, field) for check in checks]
        wrong = _wrong_texts(field, set(values))
        if wrong:
            faults += [
                attrs.evolve(wrong[value], row=row)
                for row, value in enumerate(values)
                if value in wrong
            ]
    seen: dict[tuple[Any, ...], int] = {}
    for row, check in enumerate(checks):
        other = seen.setdefault(_place(check), row)
        if other != row:
            faults.append(_doubled(check, row, other))
    return sorted(faults, key=lambda fault: fault.row or 0)


def _wrong_texts(field: str, values: set[str]) -> dict[str, Fault]:
    """The faults of a column, by its distinct texts."""
    distinct = sorted(values)
    if field == "subject_id":
        found = id_faults(distinct, name=field)
        return {distinct[fault.row]: fault for fault in found if fault.row is not None}
    wrong = {}
    for text in distinct:
        try:
            check_label(text, name=field)
        except InvalidValueError as error:
            wrong[text] = error.fault.at(column=field)
    return wrong


def _doubled(check: Check, row: int, other: int) -> Fault:
    msg = (
        f"'checks' must list a check once (got {check.item!r} of {check.department!r} "
        f"at {check.subject_id!r}, {check.window}, here and in row {other}). "
        "Keep one of the rows."
    )
    return Fault.told(
        "check-doubled",
        msg,
        row=row,
        params={"subject_id": check.subject_id, "other": other},
        provision=str(article(17)),
    )
