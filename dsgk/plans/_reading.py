"""Reads the rows of a printed plan as entries, and tells which cannot be read."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

import attrs
import numpy as np

from dsgk._cells import (
    MOST_CELL_PLACES,
    Reading,
    number_text,
    read_names,
    read_quantities,
    refuse,
    unreadable,
)
from dsgk.errors import DsgkError, Fault, Faults, invalid
from dsgk.fields import check_mapping, faults_of, is_empty, read_day, text_fault
from dsgk.identifiers import normal_id
from dsgk.items import read_methods
from dsgk.plans._entries import PlanEntry, ProposalReason
from dsgk.plans._times import Batch, Cycle, Frequency, Window, check_year, read_windows
from dsgk.sources import article
from dsgk.tables import Table, columns_of
from dsgk.tiers import Ratio


__all__ = ["USUAL_NAMES", "ReadRows", "Selections", "read_rows"]

Selections = Mapping[str, Mapping[str, Collection[Any]]]
"""Accepted values by field, for the words of a plan about its subjects."""

_ABOVE = re.compile('同上|[〃″"]|同前')
_NOTHING = re.compile("[-—\u2013/\uff0f]+|无|不涉及")

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
    given: Mapping[str, str | DsgkError]
    called: Mapping[str, str]
    faults: list[Fault] = attrs.field(factory=list)
    cells: dict[str, str] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Keep the faults of cells that hold no text."""
        for field, cell in self.given.items():
            if isinstance(cell, str):
                self.cells[field] = cell
            else:
                self.refuse(cell, field)

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

    def lacks(self, field: str, instead: str = "") -> None:
        """Keep the fault of an empty cell, unless it has one already."""
        column, by = self.called[field], str(article(12))
        told = {fault.column for fault in self.faults}
        if told.isdisjoint({column, self.called.get(instead, column)}):
            fault = Fault.of("cell-empty", row=self.number, column=column, provision=by)
            self.faults.append(fault)


def _written(field: str, cell: object) -> str | DsgkError:
    """A cell as it would be written, whatever the container; or why it is none."""
    if is_empty(cell):
        return ""
    number = number_text(cell)
    if number is None:
        fault = text_fault(cell, name=field)
        if isinstance(cell, str):
            text = cell.strip()
            return fault.error() if fault else "" if _NOTHING.fullmatch(text) else text
        try:
            return read_day(cell, name=field).isoformat()
        except DsgkError as error:
            return fault.error() if fault and error.code == "day-type" else error
    is_float = isinstance(cell, (float, np.floating))
    places = len(number.partition(".")[2])
    if field == "ratio" and is_float and places > MOST_CELL_PLACES:
        return unreadable("ratio", number, "digits")
    return number


def _filled(
    columns: Mapping[str, Any], n: int
) -> Iterator[tuple[int, dict[str, str | DsgkError]]]:
    """Rows as texts, with 同上 replaced by the cell above."""
    above: dict[str, str | DsgkError] = {}
    for row in range(n):
        cells = {
            field: _written(field, column[row]) for field, column in columns.items()
        }
        for field, text in cells.items():
            if isinstance(text, str) and _ABOVE.fullmatch(text):
                cells[field] = above.get(field, text)
        above = cells
        yield row, cells


def _items(text: str) -> tuple[str, ...]:
    """Items in a cell; 、 may be part of a name."""
    parts = map(str.strip, re.split("[；;\n]", text))
    return tuple(dict.fromkeys(filter(None, parts)))


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
    ids: set[str] = set()
    for number, cells in _filled(columns, len(columns["item"])):
        row = _Row(number, cells, called)
        entry = _entry(row, year, lead, selections, ids)
        if entry is None:
            faults += row.faults
            continue
        entries.append(entry)
        rows.append(number)
    return ReadRows(tuple(entries), tuple(rows), tuple(faults))


def _number(row: _Row, ids: set[str]) -> str:
    """The number of the row in the plan, or its position; each once."""
    number = normal_id(row.text("number") or str(row.number + 1))
    while number in ids:
        number = f"{number} ({row.number})"
    return number


def _ratio(row: _Row) -> tuple[Ratio | None, str, Frequency | None]:
    """The ratio of a row, the number that stands beside it, and how often it says."""
    field = "ratio" if row.text("ratio") else "count"
    if not row.text(field):
        row.lacks("ratio", "count")
    bare = "share" if field == "ratio" else "count"
    if field == "ratio" and (unit := re.search("[%\uff05数]", row.called[field])):
        # Under 抽查比例/数量 a bare 1 may be all, or one.
        bare = "" if unit[0] == "数" else "%"

    def read(text: str) -> dict[str, Reading]:
        found = {one.measure: one for one in read_quantities("ratio", text, bare=bare)}
        measures = found.keys() - {"times"}
        if not measures:
            refuse("ratio", text, "frequency")
        is_share = measures == {"share", "count"} and found["count"].is_exact
        if len(measures) > 1 and not is_share:
            refuse("ratio", text, "several")
        return found

    found = row.read(field, read) or {}
    times = found.pop("times", None)
    count = found.pop("count") if "share" in found and "count" in found else None
    beside = row.text("count") if field == "ratio" and count is None else ""
    if count is not None:
        beside = str(Ratio(**count.ratio))
    ratio = next((Ratio(**one.ratio) for one in found.values()), None)
    return ratio, beside, times and Frequency.of(times)


def _frequency(
    row: _Row, said: Mapping[str, Frequency | None]
) -> tuple[Frequency | None, str]:
    """How often the cells of a row say, as one, and the cell that says it first."""
    told = [(field, often) for field, often in said.items() if often is not None]
    for field, often in told[1:]:
        one = told[0][1]
        if often.yearly != one.yearly:
            row.refuse(
                invalid("cells-differ", name=field, got=str(often), other=str(one)),
                field,
            )
    return (told[0][1], told[0][0]) if told else (None, "")


def _batches(
    row: _Row, windows: tuple[Window, ...], frequency: Frequency | None, field: str
) -> tuple[Batch, ...]:
    """The batches of an entry: so many in its period, or one in each of its periods."""
    n = len(windows)
    spans = windows
    if frequency and (n == 1 or frequency.cycle is not Cycle.YEAR):
        try:
            batches = [b for window in windows for b in frequency.batches(*window)]
        except DsgkError as error:
            row.refuse(error, "period")
            return ()
        spans = tuple((batch.first, batch.last) for batch in batches)
    elif frequency and n and not (frequency.low or 1) <= n <= (frequency.high or n):
        row.refuse(
            invalid(
                "frequency-unmet",
                frequency=str(frequency),
                batches=n,
                first=windows[0][0],
                last=windows[-1][1],
            ),
            field,
        )
    return tuple(Batch(*span, Fraction(1, len(spans))) for span in spans)


def _entry(
    row: _Row, year: int, lead: str | None, selections: Selections, ids: set[str]
) -> PlanEntry | None:
    items = _items(row.text("item")) or _items(row.text("task"))
    ratio, beside, in_ratio = _ratio(row)
    windows, in_period = row.read("period", lambda text: read_windows(text, year)) or (
        (),
        None,
    )
    often = row.read("frequency", Frequency.parse)
    frequency, field = _frequency(
        row, {"frequency": often, "ratio": in_ratio, "period": in_period}
    )
    batches = _batches(row, windows, frequency, field)
    methods, by_agency = row.read("methods", read_methods) or (frozenset(), False)
    proposed = row.read("proposed_for", _proposals) or frozenset()
    leads: tuple[str, ...] = row.read("lead", _departments) or ()
    leads = leads or (() if lead is None else (lead,))
    cooperating = row.read("cooperating", _departments) or ()
    if not leads:
        row.lacks("lead")
    if not items:
        row.lacks("item", "task")
    if row.faults or ratio is None:
        return None
    words = row.text("object")
    try:
        entry = PlanEntry(
            id=_number(row, ids),
            title=row.text("task"),
            items=items,
            object=words,
            subjects=selections.get(words, {"kind": {words}} if words else {}),
            ratio=ratio,
            frequency=frequency,
            focus=row.text("focus"),
            methods=methods,
            by_agency=by_agency,
            batches=batches,
            level=row.text("level"),
            lead=leads[0],
            cooperating=[n for n in (*leads[1:], *cooperating) if n != leads[0]],
            proposed_for=proposed,
            note=_note(row, beside),
        )
    except DsgkError as error:
        row.refuse(error)
        return None
    ids.add(entry.id)
    return entry


def _departments(text: str) -> tuple[str, ...]:
    return read_names(text, departments=True)


def _proposals(text: str) -> frozenset[ProposalReason]:
    return frozenset(ProposalReason.read(name) for name in read_names(text))


def _note(row: _Row, beside: str) -> str:
    """The remarks, and the number of subjects if there is a ratio as well."""
    told = [row.text("note"), beside and f"{row.called['count']}：{beside}"]
    return "；".join(filter(None, told))
