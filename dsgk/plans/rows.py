"""Entries out of the rows of a printed plan, and rows that cannot be read."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import attrs

from dsgk.errors import Fault, InvalidTypeError, InvalidValueError, shown
from dsgk.fields import is_empty
from dsgk.identifiers import normal_id
from dsgk.items import read_methods
from dsgk.plans.arguments import wrong_type
from dsgk.plans.entries import PlanEntry, ProposalReason
from dsgk.plans.frequencies import Frequency
from dsgk.plans.times import Batch, read_window
from dsgk.sources import article
from dsgk.tables import Table, columns_of
from dsgk.tiers import Ratio


__all__ = ["USUAL_NAMES", "ReadRows", "read_rows"]

_ERRORS = (InvalidTypeError, InvalidValueError)
_ART_12 = str(article(12))
_ABOVE = re.compile('同上|[〃″"]|同前')

USUAL_NAMES = {
    "number": "序号",
    "task": "抽查任务",
    "item": "抽查事项",
    "object": "检查对象",
    "ratio": "抽查比例",
    "count": "抽查数量",
    "frequency": "抽查频次",
    "period": "检查时间",
    "focus": "检查重点",
    "methods": "检查方式",
    "lead": "牵头部门",
    "cooperating": "配合部门",
    "level": "检查层级",
    "proposed_for": "提议依据",
    "note": "备注",
}
"""What tables usually call the columns; all but item or task may be absent."""


@attrs.frozen(kw_only=True)
class ReadRows:
    """
    What the rows of a table say.

    Every row is an entry or has a fault, and none is both.

    Attributes:
        entries: The entries that could be read, in the order of their rows.
        rows: [for each entry, int >= 0] Its row.
        faults: For each other row, everything that kept it from being read.
    """

    entries: tuple[PlanEntry, ...]
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]


class _Row:
    """The cells of one row, and the faults that reading them finds."""

    def __init__(
        self, number: int, cells: Mapping[str, str], called: Mapping[str, str]
    ) -> None:
        self.number = number
        self.cells = cells
        self.called = called
        self.faults: list[Fault] = []

    def text(self, field: str) -> str:
        """What stands in a cell; empty if nothing does."""
        return self.cells.get(field, "")

    def read(self, field: str, read: Callable[[str], Any]) -> Any:  # noqa: ANN401
        """Read a cell that is not empty; None if it is, or after a fault."""
        if not self.text(field):
            return None
        try:
            return read(self.text(field))
        except _ERRORS as error:
            self.refuse(error, field)
            return None

    def refuse(self, error: InvalidTypeError | InvalidValueError, field: str) -> None:
        """Keep why the row is no entry."""
        column = self.called.get(field)
        self.faults.append(error.fault.at(row=self.number, column=column))


def _filled(columns: Mapping[str, Any], n: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows as texts, with what stands above in the place of 同上."""
    above: dict[str, str] = {}
    for row in range(n):
        cells = {}
        for field, column in columns.items():
            cell = column[row]
            text = "" if is_empty(cell) else str(cell).strip()
            if _ABOVE.fullmatch(text):
                text = above.get(field, text)
            cells[field] = text
        above = cells
        yield row, cells


def _names(text: str) -> tuple[str, ...]:
    """Departments of a cell."""
    parts = (part.strip() for part in re.split("[、，,；;\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _items(text: str) -> tuple[str, ...]:
    """Items of a cell; 、 may stand within a name."""
    parts = (part.strip() for part in re.split("[；;\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def read_rows(
    table: Table,
    /,
    *,
    year: int,
    names: Mapping[str, str],
    lead: str | None,
    selections: Mapping[str, Mapping[str, Collection[Any]]],
    what: str,
) -> ReadRows:
    """
    Read the rows of a printed plan.

    Args:
        table: Anything with ``table[name]``.
        year: [int] Year of the plan.
        names: [field -> column] What the table calls a field, where it is not
            the usual name.
        lead: Whose entries rows without a lead are.
        selections: [words -> accepted values by field] Which subjects the
            words of the plan mean; other words are taken as a kind.
        what: What errors call the table.

    Returns:
        Entries and faults.

    Raises:
        InvalidTypeError: *table* has no columns by name, or an argument has
            the wrong type.
        InvalidValueError: *names* names no field.
        InvalidInput: Columns are missing or unequal.
    """
    if not isinstance(names, Mapping):
        raise wrong_type(names, "names", "{'item': '抽查事项'}")
    if not isinstance(selections, Mapping):
        raise wrong_type(selections, "selections", "{'各类企业': {}}")
    for field in names:
        if field not in USUAL_NAMES:
            listed = ", ".join(map(repr, USUAL_NAMES))
            msg = f"'names' must name fields (got {shown(field)}). There are {listed}."
            raise InvalidValueError(msg, code="unknown-field", params={"field": field})
    called = {**USUAL_NAMES, **names}
    optional = [f for f in called if f not in names and f != "item"]
    columns = columns_of(table, called, optional=optional, what=what)
    n = len(columns["item"])
    entries = []
    rows = []
    faults: list[Fault] = []
    ids: dict[str, int] = {}
    for number, cells in _filled(columns, n):
        row = _Row(number, cells, called)
        entry = _entry(row, year, lead, selections)
        if entry is not None and ids.setdefault(entry.id, number) != number:
            entry = attrs.evolve(entry, id=f"{entry.id} ({number})")
        if entry is None:
            faults += row.faults
        else:
            entries.append(entry)
            rows.append(number)
    return ReadRows(entries=tuple(entries), rows=tuple(rows), faults=tuple(faults))


def _entry(
    row: _Row,
    year: int,
    lead: str | None,
    selections: Mapping[str, Mapping[str, Collection[Any]]],
) -> PlanEntry | None:
    items = _items(row.text("item")) or _items(row.text("task"))
    ratio = row.read("ratio", Ratio.parse)
    if not row.text("ratio"):
        ratio = row.read("count", Ratio.parse)
        if not row.text("count"):
            _lacks(row, "ratio", "a ratio or a number of subjects")
    frequency = row.read("frequency", Frequency.parse)
    window = row.read("period", lambda text: read_window(text, year))
    methods, by_agency = row.read("methods", read_methods) or (frozenset(), False)
    proposed = row.read("proposed_for", _proposals) or frozenset()
    leads = _names(row.text("lead")) or (() if lead is None else (lead,))
    if not leads:
        _lacks(row, "lead", "a department")
    if not items:
        _lacks(row, "item", "an item")
    if row.faults:
        return None
    words = row.text("object")
    try:
        return PlanEntry(
            id=_id(row),
            title=row.text("task"),
            items=items,
            object=words,
            subjects=selections.get(words, {"kind": {words}} if words else {}),
            ratio=ratio,
            frequency=frequency,
            focus=row.text("focus"),
            methods=methods,
            by_agency=by_agency,
            batches=_batches(window, frequency),
            level=row.text("level"),
            lead=leads[0],
            cooperating=[
                name
                for name in (*leads[1:], *_names(row.text("cooperating")))
                if name != leads[0]
            ],
            proposed_for=proposed,
            note=_note(row),
        )
    except _ERRORS as error:
        row.refuse(error, "item")
        return None


def _lacks(row: _Row, field: str, needed: str) -> None:
    msg = f"{row.called[field]!r} must name {needed} (got an empty cell). Add it."
    error = InvalidValueError(
        msg, code="cell-empty", params={"name": field}, provision=_ART_12
    )
    row.refuse(error, field)


def _id(row: _Row) -> str:
    """The number of the row in the plan, or its position."""
    return normal_id(row.text("number") or str(row.number + 1))


def _proposals(text: str) -> frozenset[ProposalReason]:
    return frozenset(
        ProposalReason.read(name, name="proposed_for") for name in _names(text)
    )


def _note(row: _Row) -> str:
    """The remarks, and the number that stands beside a ratio."""
    count = row.text("count") if row.text("ratio") else ""
    told = [row.text("note"), count and f"{row.called['count']}：{count}"]
    return "；".join(filter(None, told))


def _batches(window: Any, frequency: Frequency | None) -> tuple[Batch, ...]:  # noqa: ANN401
    if window is None:
        return ()
    return (Batch(*window),) if frequency is None else frequency.batches(*window)
