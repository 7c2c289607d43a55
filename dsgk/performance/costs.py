"""Days of officers and money, planned and spent (经费保障)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.ledger import Ledger
from dsgk.sources import article, cites


__all__ = ["Amount", "plan_costs", "spent_officer_days"]

Amount = int | str | Decimal | Fraction
"""An exact number: 2, ``"0.5"``, ``"1/3"``, Decimal or Fraction; no float."""


def _amount(value: object, name: str) -> Fraction:
    """An exact number of 0 or more."""
    if isinstance(value, bool) or not isinstance(value, (int, str, Decimal, Fraction)):
        msg = (
            f"{name!r} must be an exact number (got {value!r} of type "
            f"{type(value).__name__!r}). Write 2, '0.5', '1/3', or a Fraction."
        )
        raise InvalidTypeError(msg, code="amount-type", params={"name": name})
    try:
        amount = Fraction(value)
    except (ValueError, ZeroDivisionError, OverflowError):
        amount = Fraction(-1)
    if amount < 0:
        msg = f"{name!r} must be a number of 0 or more (got {value!r}). Write '0.5'."
        raise InvalidValueError(msg, code="amount-range", params={"name": name})
    return amount


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
        InvalidTypeError: A column is a text.
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
    for name, column in (("entry", entry), ("department", department)):
        if isinstance(column, str):  # else every letter would be a row
            msg = (
                f"{name!r} must be a column (got the text {column!r}). "
                f"Write [{column!r}] for one row."
            )
            raise InvalidTypeError(msg, code="column-type", params={"name": name})
    n = len(entry)
    given: dict[str, Any] = {
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
        single = name not in {"department", "tasks"} and isinstance(
            value, (int, str, Decimal, Fraction, float)
        )
        cells = [value] * n if single else list(value)
        if len(cells) != n:
            msg = f"must have {n} rows like 'entry' (got {len(cells)})."
            faults.append(Fault("column-length", msg, column=name))
            continue
        columns[name] = cells
        if name == "department":
            continue
        for row, cell in enumerate(cells):
            try:
                columns[name][row] = _amount(cell, name)
            except (InvalidTypeError, InvalidValueError) as error:
                faults.append(Fault.from_error(error, row=row, column=name))
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
        "entry": list(entry),
        "department": columns["department"],
        "tasks": list(tasks),
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
        days: [task id -> days] How many days it took each of them, or one
            number for all tasks.

    Returns:
        One row for each plan entry, ``entry`` being None for leads and
        campaigns: ``tasks`` with a completed check of it, and
        ``officer_days`` as a Fraction.

    Raises:
        InvalidTypeError, InvalidValueError: A number is none.

    Cites:
        District Opinion, Art. 30.
    """
    known = ledger.as_of(on)
    known = known.take(~np.isnat(known.days["completed_on"]))
    tasks, entries = known.classes["task_id"], known.classes["entry"]
    sizes = np.bincount(tasks.codes, minlength=len(tasks.categories)).tolist()
    each = []
    for task_id, size in zip(tasks.categories, sizes, strict=True):
        took = days.get(task_id, 0) if isinstance(days, Mapping) else days
        people = _amount(officers.get(task_id, 0), "officers")
        each.append(people * _amount(took, "days") / size)
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
