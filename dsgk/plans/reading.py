"""Plans out of printed tables, with what could not be read (年度抽查计划表)."""

import datetime as dt
import types
from collections.abc import Collection, Mapping
from typing import Any

import attrs

from dsgk.errors import Fault
from dsgk.plans.rows import read_rows
from dsgk.plans.yearly import Conference, Plan
from dsgk.sources import article, cites
from dsgk.tables import Table


__all__ = ["PlanReading", "read_plan"]


@attrs.frozen(kw_only=True)
class PlanReading:
    """
    A plan as far as it could be read, and the rest.

    Every row of the table is an entry or has a fault, and none is both.

    Attributes:
        plan: The plan of what could be read.
        rows: [for each entry, int >= 0] The row that it stands in.
        faults: Everything that kept the other rows from being read, by row.
    """

    plan: Plan
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]


@cites(article(11), article(12))
def read_plan(
    table: Table,
    /,
    *,
    year: int,
    issuer: str,
    names: Mapping[str, str] = types.MappingProxyType({}),
    selections: Mapping[str, Mapping[str, Collection[Any]]] = types.MappingProxyType(
        {}
    ),
    conference: Conference | None = None,
    adopted_on: dt.date | None = None,
) -> PlanReading:
    """
    Read a printed plan row by row (读取年度抽查计划表).

    A cell with 同上 says what stands above it. The ratio is read from its
    column, or where that is empty from the number of subjects (抽查数量); the
    period is divided into the batches that the frequency asks for. Items are
    parted by semicolons, departments by 、 or commas; the first lead leads.
    Nothing is guessed: a row with a cell that is not understood is no entry.

    Args:
        table: Anything with ``table[name]``.
        year: [int] The year, for periods without one.
        issuer: Who makes the plan; in the plan of a department also the lead
            of rows that name none.
        names: [field -> column] What the table calls a field, where it is not
            the usual name: number 序号, task 抽查任务, item 抽查事项, object
            检查对象, ratio 抽查比例, count 抽查数量, frequency 抽查频次, period
            检查时间, focus 检查重点, methods 检查方式, lead 牵头部门, cooperating
            配合部门, level 检查层级, proposed_for 提议依据, note 备注. Columns
            that you name must be there, and that of the items; the others may
            be absent.
        selections: [words -> accepted values by field] Which subjects the
            words of the plan mean, such as ``{"各类企业": {}}`` for all. Words
            that are not in it are taken as a kind of the register.
        conference: The joint conference of a joint plan.
        adopted_on: Day on which it was adopted.

    Returns:
        The plan of the rows that could be read, and why the others could not.
        Entries have the number of their row as id, or its position from 1 on;
        a number that comes again has the position behind it.

    Raises:
        InvalidTypeError: *table* has no columns by name, or an argument has
            the wrong type.
        InvalidValueError: *names* names no field.
        InvalidInput: Columns are missing or unequal.

    Cites:
        District Opinion, Art. 11 and 12.

    Examples:
        >>> reading = read_plan(
        ...     {
        ...         "抽查事项": ["宾馆卫生检查", "宾馆消防检查", "其他检查"],
        ...         "抽查比例": ["5%", "同上", "根据实际情况确定"],
        ...         "检查时间": ["3月—6月", "同上", "全年"],
        ...     },
        ...     year=2026, issuer="市场监管局",
        ... )
        >>> [(entry.id, str(entry.ratio)) for entry in reading.plan.entries]
        [('1', '5%'), ('2', '5%')]
        >>> [(fault.row, fault.params["reason"]) for fault in reading.faults]
        [(2, 'no-number')]
    """
    read = read_rows(
        table,
        year=year,
        names=names,
        lead=issuer if conference is None else None,
        selections=selections,
        what="plan",
    )
    plan = Plan(
        year=year,
        issuer=issuer,
        entries=read.entries,
        conference=conference,
        adopted_on=adopted_on,
    )
    return PlanReading(plan=plan, rows=read.rows, faults=read.faults)
