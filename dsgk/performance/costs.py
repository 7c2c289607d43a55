"""Days of officers and money, planned and spent (经费保障)."""

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import check_mapping, check_type, read_label, whole_number
from dsgk.identifiers import check_id
from dsgk.ledger import Ledger
from dsgk.sources import article, cites
from dsgk.tables import column_of


__all__ = ["Amount", "plan_costs", "spent_officer_days"]

Amount = int | str | Decimal | Fraction
"""An exact number: 2, ``"0.5"``, ``"1/3"``, Decimal or Fraction; no float."""


_TEXT = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,15}|/(?!0+$)[0-9]{1,15})?")
_DIGITS = 30  # before or after the point: 1E+999999999 is no amount
_MOST: int = 10**_DIGITS


def _amount(value: object, name: str) -> Fraction:
    """An exact number of 0 or more."""
    number = whole_number(value)
    given = value if number is None else number
    if isinstance(given, bool) or not isinstance(given, (int, str, Decimal, Fraction)):
        msg = (
            f"{name!r} must be an exact number (got {shown(value)} of type "
            f"{type(value).__name__!r}). Write 2, '0.5', '1/3', or a Fraction."
        )
        raise InvalidTypeError(msg, code="amount-type", params={"name": name})
    amount = Fraction(-1)
    if _is_number(given):
        amount = Fraction(given)
    if amount < 0:
        msg = (
            f"{name!r} must be a number of 0 or more, of not more than 30 digits (got "
            f"{shown(value)}). Write '0.5'."
        )
        raise InvalidValueError(msg, code="amount-range", params={"name": name})
    return amount


def _is_number(value: int | str | Decimal | Fraction) -> bool:
    """Whether it can be read in a moment: ``1E+999999999`` cannot."""
    if isinstance(value, str):
        return _TEXT.fullmatch(value) is not None
    if isinstance(value, Decimal):
        _, digits, exponent = value.as_tuple()
        if not isinstance(exponent, int):  # NaN, Infinity
            return False
        return exponent >= -_DIGITS and len(digits) + exponent <= _DIGITS
    return max(value.numerator, value.denominator) < _MOST


def _whole(value: object, name: str) -> int:
    """A whole number of 0 or more: visits are not parted."""
    number = whole_number(value)
    if number is None:
        msg = (
            f"{name!r} must be a whole number (got {shown(value)} of type "
            f"{type(value).__name__!r}). Write an int, such as 120."
        )
        raise InvalidTypeError(msg, code="amount-whole", params={"name": name})
    _amount(number, name)
    return number


def _text(value: object, name: str) -> str:
    return read_label(value, name=name)


_READERS: dict[str, Callable[[object, str], Any]] = {
    "entry": _text,
    "department": _text,
    "tasks": _whole,
}
_SINGLE = (int, str, Decimal, Fraction, float, np.generic)


def _several(values: object, name: str) -> list[Any]:
    """A column of cells; a text is none, else every letter would be a row."""
    if isinstance(values, str):
        msg = (
            f"{name!r} must be a column (got the text {shown(values)}). "
            f"Write [{shown(values)}] for one row."
        )
        raise InvalidTypeError(msg, code="column-type", params={"name": name})
    return list(column_of(values, name=name))


@cites(article(30))
def plan_costs(
    *,
    entry: Sequence[str],
    department: Sequence[str],
    tasks: Sequence[int],
    officers: Amount | Sequence[Amount] = 2,
    days: Amount | Sequence[Amount] = "1/2",
    day_rate: Amount | Sequence[Amount] = 0,
    other_costs: Amount | Sequence[Amount] = 0,
) -> dict[str, list[Any]]:
    """
    Plan the days of officers and the cost of each plan entry (经费测算).

    Exact: a third of a day stays a third of a day until it is added up.

    Args:
        entry: [n texts] Plan entries.
        department: [n texts] Whose officers; an entry of several departments
            has a row for each.
        tasks: [n ints >= 0] Visits that are planned, such as the sum of the
            quotas.
        officers: How many officers a visit takes. One number for all rows, or
            [n] one for each; so with the rest.
        days: How many days a visit takes each of them.
        day_rate: What a day of an officer costs.
        other_costs: What a visit costs besides, such as tests.

    Returns:
        The rows in their order: ``entry``, ``department``, ``tasks``,
        ``officer_days`` and ``cost``, both as Fractions.

    Raises:
        InvalidTypeError: A column is a text, or no column.
        InvalidInput: Columns are of unequal length, or numbers are none: all
            faults at once, with their rows.

    Cites:
        District Opinion, Art. 30 (保障……的经费).

    Examples:
        >>> plan = plan_costs(
        ...     entry=["3"], department=["市场监管局"], tasks=[120], days="0.5",
        ...     day_rate=300, other_costs="80.50",
        ... )
        >>> plan["officer_days"], plan["cost"]
        ([Fraction(120, 1)], [Fraction(45660, 1)])
    """
    n = len(_several(entry, "entry"))
    given: dict[str, Any] = {
        "entry": entry,
        "department": department,
        "tasks": tasks,
        "officers": officers,
        "days": days,
        "day_rate": day_rate,
        "other_costs": other_costs,
    }
    faults: list[Fault] = []
    columns: dict[str, list[Any]] = {}
    for name, value in given.items():
        read = _READERS.get(name, _amount)
        is_single = read is _amount and (value is None or isinstance(value, _SINGLE))
        cells = [value] * n if is_single else _several(value, name)
        if len(cells) != n:
            msg = f"must have {n} rows like 'entry' (got {len(cells)})."
            faults.append(Fault.told("column-length", msg, column=name))
            continue
        columns[name] = cells
        for row, cell in enumerate(cells):
            try:
                cells[row] = read(cell, name)
            except (InvalidTypeError, InvalidValueError) as error:
                faults.append(error.fault.at(row=row, column=name))
    if faults:
        what = "plan of costs"
        raise InvalidInput.of(what, faults)
    spent = [
        tasks * officers * days
        for tasks, officers, days in zip(
            columns["tasks"], columns["officers"], columns["days"], strict=True
        )
    ]
    return {
        "entry": columns["entry"],
        "department": columns["department"],
        "tasks": columns["tasks"],
        "officer_days": spent,
        "cost": [
            own * rate + tasks * other
            for own, rate, tasks, other in zip(
                spent,
                columns["day_rate"],
                columns["tasks"],
                columns["other_costs"],
                strict=True,
            )
        ],
    }


@cites(article(30))
def spent_officer_days(
    ledger: Ledger,
    officers: Mapping[str, int],
    /,
    *,
    on: dt.date,
    days: Amount | Mapping[str, Amount] = "1/2",
) -> dict[str, list[Any]]:
    """
    Say how many days of officers each plan entry took (执法人力投入).

    What a task took is shared by its checks in equal parts, so that a joint
    visit is counted once and nothing is lost: the rows add up to the whole.

    Args:
        ledger: The ledger.
        officers: [task id -> int] How many officers were there; tasks that are
            not named took none.
        on: The day; tasks completed later do not count.
        days: [task id -> days] How many days it took each of them, none where
            a task is not named; or one number for all tasks.

    Returns:
        One row for each plan entry, ``entry`` being None for leads and
        campaigns: ``tasks`` with a completed check of it, and
        ``officer_days`` as a Fraction.

    Raises:
        InvalidTypeError, InvalidValueError: *on* is no date, *days* no number,
            or another argument of another type.
        InvalidInput: A task has no valid id or no number: all faults at once.

    Cites:
        District Opinion, Art. 30.
    """
    check_type(ledger, Ledger, name="ledger")
    people, faults = _of_tasks(officers, "officers")
    took: dict[str, Fraction] = {}
    usual = Fraction()
    if isinstance(days, Mapping):
        took, found = _of_tasks(days, "days")
        faults += found
    else:
        usual = _amount(days, "days")
    if faults:
        what = "officer-days"
        raise InvalidInput.of(what, faults)
    known = ledger.as_of(on)
    known = known.take(~np.isnat(known.days["completed_on"]))
    tasks, entries = known.classes["task_id"], known.classes["entry"]
    sizes = np.bincount(tasks.codes, minlength=len(tasks.categories)).tolist()
    each: list[Fraction] = []
    for task_id, size in zip(tasks.categories, sizes, strict=True):
        each.append(people.get(task_id, 0) * took.get(task_id, usual) / size)
    total: dict[str | None, Fraction] = {}
    of_entry: dict[str | None, set[int]] = {}
    for entry, task in zip(entries.cells(), tasks.codes.tolist(), strict=True):
        total[entry] = total.get(entry, Fraction()) + each[task]
        of_entry.setdefault(entry, set()).add(task)
    names = sorted(total, key=lambda name: (name is None, name or ""))
    return {
        "entry": names,
        "tasks": [len(of_entry[name]) for name in names],
        "officer_days": [total[name] for name in names],
    }


def _of_tasks(given: object, name: str) -> tuple[dict[str, Fraction], list[Fault]]:
    """Numbers by task, and every fault."""
    read: dict[str, Fraction] = {}
    faults = []
    for task_id, value in check_mapping(given, name=name, instead="{'T1': 2}").items():
        try:
            read[check_id(task_id, name=name)] = _amount(value, name)
        except (InvalidTypeError, InvalidValueError) as error:
            faults.append(error.fault.at(column=name))
    return read, faults
