"""Joint tasks, visits saved, where checks come from, how work is spread."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np

from dsgk.errors import Fault, InvalidInput, shown
from dsgk.fields import check_mapping, check_type, whole_number
from dsgk.inspectors import InspectorRegister
from dsgk.items import Method
from dsgk.ledger import Ledger, Origin
from dsgk.performance.groups import (
    MOST,
    by_quarter,
    check_by,
    distinct,
    grouped,
    quarters,
    share,
)
from dsgk.performance.progress import random_checks
from dsgk.sources import article, cites


__all__ = ["joint_figures", "load_figures", "origin_figures", "visit_figures"]


@cites(article(9), article(31))
def joint_figures(ledger: Ledger, /, *, on: dt.date) -> dict[str, list[Any]]:
    """
    In how many tasks each department takes part, and how many are joint.

    Args:
        ledger: The ledger.
        on: The day; tasks drawn later do not count.

    Returns:
        One row for each department: ``tasks`` of draws in which it has a
        check, ``joint`` those in which another one has, too, and
        ``share_joint``. A joint task counts once for every department in it.

    Raises:
        InvalidTypeError: *on* is no date, or *ledger* none.

    Cites:
        District Opinion, Art. 9 (参加区级部门联合抽查) and 31 (绩效考核).
    """
    known = random_checks(ledger, on)
    groups = grouped(known, "department")
    tasks = known.classes["task_id"].codes
    first = distinct(tasks, groups.codes)
    departments = np.bincount(tasks[first], minlength=1)
    joint = first & (departments[tasks] > 1)
    counts, joint_counts = groups.tally(first), groups.tally(joint)
    return {
        "department": groups.names,
        "tasks": counts,
        "joint": joint_counts,
        "share_joint": list(map(share, joint_counts, counts)),
    }


@cites(article(5), article(17), article(31))
def visit_figures(ledger: Ledger, /, *, on: dt.date) -> dict[str, list[Any]]:
    """
    How many visits subjects had, and how many they were spared (减少上门次数).

    Args:
        ledger: The ledger.
        on: The day; tasks drawn later do not count.

    Returns:
        One row for each quarter of the last days: ``checks`` on site of draws,
        ``visits`` in which they are made, ``joint`` those of several
        departments, ``apart`` what it would have been if every department
        went by itself, and ``saved`` the difference. A visit belongs to the
        quarter in which the first of its checks is due.

    Raises:
        InvalidTypeError: *on* is no date, or *ledger* none.

    Cites:
        District Opinion, Art. 5 (一次多查), 17 (避免多头检查和重复检查) and 31.
    """
    known = random_checks(ledger, on)
    known = known.take(known.matches(method={Method.ON_SITE}))
    column = known.classes["task_id"]
    tasks = column.codes
    of_row = quarters(known.days["due"])
    of_task = np.full(len(column.categories), np.iinfo(np.int64).max)
    np.minimum.at(of_task, tasks, of_row)
    groups = by_quarter(of_task[tasks])
    apart = distinct(tasks, known.classes["department"].codes)
    visits = distinct(tasks)
    departments = np.bincount(tasks[apart], minlength=1)
    joint = visits & (departments[tasks] > 1)
    counts, alone = groups.tally(visits), groups.tally(apart)
    return {
        "quarter": groups.names,
        "checks": groups.tally(np.ones(len(known), dtype=bool)),
        "visits": counts,
        "joint": groups.tally(joint),
        "apart": alone,
        "saved": [a - b for a, b in zip(alone, counts, strict=True)],
    }


@cites(article(16), article(31))
def origin_figures(
    ledger: Ledger, /, *, on: dt.date, by: str = "department"
) -> dict[str, list[Any]]:
    """
    Where checks come from: draws, leads, campaigns (检查来源).

    The only figure in which leads stand beside what was drawn.

    Args:
        ledger: The ledger.
        on: The day; what came later does not count.
        by: ``"department"`` or ``"item"``; leads have neither plan entry nor
            tier.

    Returns:
        One row for each group: ``random``, ``lead`` and ``campaign`` checks,
        and ``share_random``.

    Raises:
        InvalidTypeError: *on* is no date, or *ledger* none.
        InvalidValueError: *by* is unknown.

    Cites:
        District Opinion, Art. 16 (个案线索) and 31.
    """
    check_by(by, ("department", "item"))
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    groups = grouped(known, by)
    counts = {
        origin.code: groups.tally(known.matches(origin={origin})) for origin in Origin
    }
    every = groups.tally(np.ones(len(known), dtype=bool))
    return {
        by: groups.names,
        **counts,
        "share_random": list(map(share, counts[Origin.RANDOM.code], every)),
    }


@cites(article(31))
def load_figures(
    loads: Mapping[str, int], inspectors: InspectorRegister, /
) -> dict[str, list[Any]]:
    """
    How evenly tasks are spread over the officers of a department (任务均衡).

    Args:
        loads: [inspector id -> tasks] Such as ``assignment.loads``, or the
            sums of a year; who is not named has none.
        inspectors: The register. Experts are no officers and are left out.

    Returns:
        One row for each department: ``officers``, ``tasks``, ``least``,
        ``most`` and ``mean``, and ``to_move``, the tasks that would have to
        change hands to be even, exactly 0 where no two officers differ by
        more than one.

    Raises:
        InvalidTypeError: *loads* is no mapping, or *inspectors* no register.
        InvalidInput: Somebody is not in the register, or a number is none.

    Cites:
        District Opinion, Art. 31 (监管执法队伍建设).
    """
    check_type(inspectors, InspectorRegister, name="inspectors")
    faults = []
    tasks: dict[str, int] = {}
    given = check_mapping(loads, name="loads", instead="assignment.loads")
    for inspector_id, load in given.items():
        number = whole_number(load)
        if inspector_id not in inspectors:
            msg = (
                "'loads' must be of people in the register (got "
                f"{shown(inspector_id)}). Give the register with which the tasks "
                "were assigned."
            )
            faults.append(Fault.told("load-of-nobody", msg, column="loads"))
        elif number is None or not 0 <= number < MOST:
            msg = (
                f"'loads' must be whole numbers of 0 or more and below 2**53 (got "
                f"{shown(load)} for {inspector_id!r}). Count the tasks."
            )
            faults.append(Fault.told("load-type", msg, column="loads"))
        else:
            tasks[inspector_id] = number
    if faults:
        what = "loads"
        raise InvalidInput.of(what, faults)
    of_department: dict[str, list[int]] = {}
    for person in inspectors:
        if not person.is_expert:
            of_department.setdefault(person.department, []).append(
                tasks.get(person.id, 0)
            )
    departments = sorted(of_department)
    rows = [of_department[name] for name in departments]
    return {
        "department": departments,
        "officers": list(map(len, rows)),
        "tasks": list(map(sum, rows)),
        "least": list(map(min, rows)),
        "most": list(map(max, rows)),
        "mean": [sum(row) / len(row) for row in rows],
        "to_move": list(map(_to_move, rows)),
    }


def _to_move(loads: list[int]) -> int:
    """Tasks above what an even spread lets the busiest have."""
    even, more = divmod(sum(loads), len(loads))
    targets = [even + (place < more) for place in range(len(loads))]
    ordered = sorted(loads, reverse=True)
    return sum(max(0, load - to) for load, to in zip(ordered, targets, strict=True))
