"""Reads the rows of a printed plan as entries, and tells which cannot be read."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

import attrs

from dsgk.errors import (
    DsgkError,
    Fault,
    Faults,
    shown,
)
from dsgk.fields import check_mapping, faults_of, is_empty
from dsgk.identifiers import normal_id
from dsgk.items import read_methods
from dsgk.plans._entries import PlanEntry, ProposalReason
from dsgk.plans._times import Batch, Frequency, check_year, read_window
from dsgk.sources import article
from dsgk.tables import Table, columns_of
from dsgk.tiers import Ratio


__all__ = ["USUAL_NAMES", "ReadRows", "Selections", "read_rows"]

Selections = Mapping[str, Mapping[str, Collection[Any]]]
"""Accepted values by field, for the words of a plan about its subjects."""

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
"""What tables usually call the columns; only that of the items must be there."""

_CELL_OF = {"id": "number", "title": "task", "subjects": "object", "batches": "period"}


class ReadRows(NamedTuple):
    """
    The rows of a table: every one is an entry or has a fault.

    Attributes:
        entries: The entries, in the order of their rows.
        rows: [for each entry, int >= 0] Its row.
        faults: All faults of the other rows.
    """

    entries: tuple[PlanEntry, ...]
    rows: tuple[int, ...]
    faults: tuple[Fault, ...]


@attrs.define
class _Row:
    """The cells of one row, and the faults found in them."""

    number: int
    cells: Mapping[str, str]
    called: Mapping[str, str]
    faults: list[Fault] = attrs.field(factory=list)

    def text(self, field: str) -> str:
        """The text of a cell, perhaps empty."""
        return self.cells.get(field, "")

    def read(self, field: str, read: Callable[[str], Any]) -> Any:  # noqa: ANN401
        """Read a cell; None if it is empty or faulty."""
        if not self.text(field):
            return None
        try:
            return read(self.text(field))
        except DsgkError as error:
            self.refuse(error, field)
            return None

    def refuse(self, error: DsgkError, field: str = "") -> None:
        """Keep the faults of an error, at a cell or at that of the entry's field."""
        for fault in faults_of(error):
            root = re.split(r"[.\[]", fault.column or "")[0]
            cell = field or _CELL_OF.get(root, root)
            column = self.called.get(cell, self.called["item"])
            self.faults.append(fault.at(row=self.number, column=column))

    def lacks(self, field: str) -> None:
        """Keep the fault of an empty cell."""
        column, by = self.called[field], str(article(12))
        fault = Fault.of("cell-empty", row=self.number, column=column, provision=by)
        self.faults.append(fault)


def _filled(columns: Mapping[str, Any], n: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows as texts, with 同上 replaced by the cell above."""
    above: dict[str, str] = {}
    for row in range(n):
        cells = {}
        for field, column in columns.items():
            cell = column[row]
            try:
                text = "" if is_empty(cell) else str(cell).strip()
            except Exception:  # noqa: BLE001  (no reader takes such a cell)
                text = shown(cell)
            if _ABOVE.fullmatch(text):
                text = above.get(field, text)
            cells[field] = text
        above = cells
        yield row, cells


def _parted(text: str, marks: str) -> tuple[str, ...]:
    """The parts of a cell between separators, each once."""
    parts = (part.strip() for part in re.split(f"[{marks}]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def _names(text: str) -> tuple[str, ...]:
    """Departments in a cell."""
    return _parted(text, "、，,；;\n")


def _items(text: str) -> tuple[str, ...]:
    """Items in a cell; 、 may be part of a name."""
    return _parted(text, "；;\n")


def read_rows(
    table: Table,
    /,
    *,
    year: int,
    names: Mapping[str, str],
    lead: str | None,
    selections: Selections,
) -> ReadRows:
    """Read the rows of a printed plan, as `read_plan` explains."""
    check_mapping(names, name="names", instead="{'item': '抽查事项'}")
    check_mapping(selections, name="selections", instead="{'各类企业': {}}")
    unknown = Faults()
    for field in names:
        if field not in USUAL_NAMES:
            known = ", ".join(USUAL_NAMES)
            unknown.add("not-in-list", name="names", got=field, known=known)
    unknown.raise_any()
    called = {**USUAL_NAMES, **names}
    optional = [f for f in called if f not in names and f != "item"]
    columns = columns_of(table, called, optional=optional, what="plan")
    year = check_year(year)
    entries = []
    rows = []
    faults: list[Fault] = []
    ids: dict[str, int] = {}
    for number, cells in _filled(columns, len(columns["item"])):
        row = _Row(number, cells, called)
        entry = _entry(row, year, lead, selections)
        if entry is None:
            faults += row.faults
            continue
        if ids.setdefault(entry.id, number) != number:
            entry = attrs.evolve(entry, id=f"{entry.id} ({number})")
        entries.append(entry)
        rows.append(number)
    return ReadRows(tuple(entries), tuple(rows), tuple(faults))


def _entry(
    row: _Row, year: int, lead: str | None, selections: Selections
) -> PlanEntry | None:
    items = _items(row.text("item")) or _items(row.text("task"))
    measure = "ratio" if row.text("ratio") else "count"
    ratio = row.read(measure, Ratio.parse)
    if not row.text(measure):
        row.lacks("ratio")
    frequency = row.read("frequency", Frequency.parse)
    window = row.read("period", lambda text: read_window(text, year))
    methods, by_agency = row.read("methods", read_methods) or (frozenset(), False)
    proposed = row.read("proposed_for", _proposals) or frozenset()
    leads = _names(row.text("lead")) or (() if lead is None else (lead,))
    if not leads:
        row.lacks("lead")
    if not items:
        row.lacks("item")
    if row.faults:
        return None
    words = row.text("object")
    try:
        return PlanEntry(
            # The number of the row in the plan, or its position.
            id=normal_id(row.text("number") or str(row.number + 1)),
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
    except DsgkError as error:
        row.refuse(error)
        return None


def _proposals(text: str) -> frozenset[ProposalReason]:
    return frozenset(ProposalReason.read(name) for name in _names(text))


def _note(row: _Row) -> str:
    """The remarks, and the number of subjects if there is a ratio as well."""
    count = row.text("count") if row.text("ratio") else ""
    told = [row.text("note"), count and f"{row.called['count']}：{count}"]
    return "；".join(filter(None, told))


def _batches(window: Any, frequency: Frequency | None) -> tuple[Batch, ...]:  # noqa: ANN401
    if window is None:
        return ()
    return (Batch(*window),) if frequency is None else frequency.batches(*window)
