"""One check in the ledger, and how the cells of its columns are read."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import Coded, read_label, values_in
from dsgk.identifiers import check_id
from dsgk.items import Method, read_methods


__all__ = [
    "CLASSES",
    "DAYS",
    "FIELDS",
    "ID_FIELDS",
    "REQUIRED",
    "USUAL_NAMES",
    "LedgerRow",
    "Origin",
    "read_codes",
    "read_method",
]

_CODE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_SEPARATORS = re.compile("[;；、，,]")


class Origin(Coded):
    """Why a check is made (任务来源); statistics keep the three apart."""

    RANDOM = ("random", "随机抽查", "双随机抽查", "双随机")
    LEAD = ("lead", "线索核查", "个案线索", "线索")
    CAMPAIGN = ("campaign", "专项检查", "专项")


def read_method(cell: object, /, *, name: str) -> Method:
    """
    Read how a check is made: a `Method`, its value, or its Chinese name.

    Raises:
        InvalidTypeError: It is no text.
        InvalidValueError: It is not exactly one method.
    """
    if isinstance(cell, Method):
        return cell
    for method in Method:
        if isinstance(cell, str) and cell == method.value:
            return method
    methods, _ = read_methods(cell, name=name)  # type: ignore[arg-type]
    if len(methods) != 1:
        msg = (
            f"{name!r} must be one method (got {shown(cell)}). "
            "Write 实地核查, 书面检查 or 网络监测."
        )
        raise InvalidValueError(
            msg, code="method-unclear", params={"name": name, "value": cell}
        )
    return next(iter(methods))


def read_codes(cell: object, /, *, name: str) -> tuple[str, ...]:
    """
    Read the results of a check: codes as a collection, or one text of them.

    Args:
        cell: Such as ``"unreachable;no-activity"``, or a tuple of codes.
        name: What the message calls it.

    Returns:
        The codes, each once, sorted.

    Raises:
        InvalidTypeError: It is no text and no collection of texts.
        InvalidValueError: A code is not in kebab-case.

    Examples:
        >>> read_codes("unreachable; closed", name="results")
        ('closed', 'unreachable')
    """
    parts: list[object]
    if isinstance(cell, str):
        parts = [part.strip() for part in _SEPARATORS.split(cell)]
    else:
        found = values_in(cell)
        given = [cell] if found is None else found
        parts = [part.code if isinstance(part, Coded) else part for part in given]
    codes = []
    for part in parts:
        if not isinstance(part, str):
            msg = (
                f"{name!r} must be codes of results (got {shown(cell)}). "
                "Write 'no-problem', or ('closed', 'unreachable')."
            )
            raise InvalidTypeError(msg, code="results-type", params={"name": name})
        if not _CODE.fullmatch(part):
            msg = (
                f"{name!r} must be codes of results in kebab-case (got {part!r} in "
                f"{cell!r}). Read Chinese results with ResultCode.read(text).code."
            )
            raise InvalidValueError(
                msg, code="results-form", params={"name": name, "value": part}
            )
        codes.append(part)
    if not codes:
        msg = (
            f"{name!r} must name a result (got none). Leave the cell empty (None) "
            "until there is one."
        )
        raise InvalidValueError(msg, code="results-none", params={"name": name})
    return tuple(sorted(set(codes)))


def _read_id(cell: object, /, *, name: str) -> str:
    return check_id(cell, name=name)  # type: ignore[arg-type]


ID_FIELDS = ("task_id", "subject_id", "entry", "replaces")
"""Columns of ids."""

CLASSES: dict[str, Callable[..., Any]] = {
    "task_id": _read_id,
    "subject_id": _read_id,
    "item": read_label,
    "department": read_label,
    "origin": Origin.read,
    "entry": _read_id,
    "basis": read_label,
    "stratum": read_label,
    "method": read_method,
    "results": read_codes,
    "exemption": read_label,
    "replaces": _read_id,
}
"""Columns that are no days, and how a cell of each is read."""

DAYS = ("drawn_on", "due", "completed_on", "entered_on", "published_on")
"""Columns of days, in the order in which they come to pass, `due` apart."""

FIELDS = (*CLASSES, *DAYS)
"""All columns."""

REQUIRED = ("task_id", "subject_id", "item", "department", "drawn_on")
"""Columns in which no cell may be empty."""

USUAL_NAMES = {
    "task_id": "任务编号",
    "subject_id": "统一社会信用代码",
    "item": "抽查事项",
    "department": "检查部门",
    "origin": "任务来源",
    "entry": "计划条目",
    "basis": "任务依据",
    "stratum": "分级",
    "method": "检查方式",
    "results": "检查结果",
    "exemption": "不予公示理由",
    "replaces": "被替补对象",
    "drawn_on": "抽取日期",
    "due": "检查截止日期",
    "completed_on": "检查完成日期",
    "entered_on": "录入日期",
    "published_on": "公示日期",
}
"""What tables usually call the columns."""


@attrs.frozen(kw_only=True)
class LedgerRow:
    """
    One item that one department checks at one subject in one task.

    A plain value: the ledger reads its cells as it reads those of a table.

    Attributes:
        task_id: The task; in a joint task several rows share it.
        subject_id: The subject.
        item: The item, as in the item list.
        department: The department whose check it is.
        origin: Whether it was drawn, follows a lead, or a special campaign.
        entry: The plan entry; None for a lead.
        basis: What it rests on beside the plan: the digest of the
            announcement of its draw, the id of a lead, the name of a campaign.
        stratum: The tier in which the subject was drawn; None for a lead.
        method: How it is made.
        results: Codes of the results; empty until there are some.
        exemption: Why the result is not made public; None where it is.
        replaces: The subject for which this one stands in as a substitute.
        drawn_on: Day of the draw; of a lead, the day on which it came in.
        due: Last day of the window; of a lead, None where it is only to be
            inspected at once.
        completed_on: Day on which the check was completed.
        entered_on: Day on which its result was entered.
        published_on: Day on which its result became public.
    """

    task_id: str
    subject_id: str
    item: str
    department: str
    origin: Origin = Origin.RANDOM
    entry: str | None = None
    basis: str | None = None
    stratum: str | None = None
    method: Method = Method.ON_SITE
    results: tuple[str, ...] = ()
    exemption: str | None = None
    replaces: str | None = None
    drawn_on: dt.date
    due: dt.date | None = None
    completed_on: dt.date | None = None
    entered_on: dt.date | None = None
    published_on: dt.date | None = None
