"""Items out of the rows of a printed list."""

import re
from fractions import Fraction
from typing import Any

from dsgk.errors import Fault, InvalidTypeError, InvalidValueError
from dsgk.fields import is_empty, read_day, read_label
from dsgk.identifiers import check_label
from dsgk.items.values import InspectionItem, ItemClass, read_methods
from dsgk.tables import Table, columns_of, read_column


__all__ = ["items_of"]


def _read_class(cell: object, /, *, name: str) -> ItemClass:
    try:
        return ItemClass(cell)
    except ValueError:
        msg = (
            f"{name!r} must be '一般检查事项' or '重点检查事项' (got {cell!r}). "
            "Write one of these, or leave the cell empty where it is not known."
        )
        raise InvalidValueError(
            msg, code="item-class", params={"name": name, "value": cell}
        ) from None


def _read_text(cell: object, /, *, name: str) -> str:
    """Read a text that nothing is compared with, as it is printed."""
    if isinstance(cell, str):
        return cell
    return read_label(cell, name=name)  # refuses it


def _read_departments(cell: object, /, *, name: str) -> tuple[str, ...]:
    return tuple(
        check_label(part.strip(), name=name)
        for part in re.split("[、，,；;]", _read_text(cell, name=name))
    )


_READERS: dict[str, Any] = {
    "department": read_label,
    "name": read_label,
    "category": read_label,
    "object": read_label,
    "item_class": _read_class,
    "methods": read_methods,
    "cooperating": _read_departments,
    "bodies": _read_text,
    "legal_basis": _read_text,
    "in_force_from": read_day,
    "repealed_on": read_day,
}
_USUAL = {
    "category": "抽查类别",
    "object": "检查对象",
    "item_class": "事项类别",
    "methods": "检查方式",
    "cooperating": "配合部门",
    "bodies": "检查主体",
    "legal_basis": "检查依据",
    "in_force_from": "施行日期",
    "repealed_on": "废止日期",
}
_GATHERED = ("bodies", "legal_basis")
_IDENTITY = (
    "department",
    "category",
    "name",
    "object",
    "in_force_from",
    "repealed_on",
)


def items_of(
    table: Table,
    names: dict[str, str],
    general_ceiling: Fraction | None,
    *,
    what: str,
) -> tuple[list[InspectionItem], list[Fault]]:
    """
    Read the items of a table, and all faults of its cells.

    Args:
        table: Anything with ``table[name]``.
        names: What the table calls each column.
        general_ceiling: Ceiling of every general item.
        what: What errors call the table.

    Returns:
        The items and no faults, or the faults in the order of the rows.

    Raises:
        InvalidTypeError: *table* has no columns by name.
        InvalidInput: Columns are missing or unequal.
    """
    optional = [call for call, usual in _USUAL.items() if names[call] == usual]
    columns = columns_of(table, names, optional=optional, what=what)
    cells: dict[str, list[Any]] = {}
    faults: list[Fault] = []
    for call, column in columns.items():
        read, more = read_column(column, _READERS[call], name=names[call])
        cells[call] = read.cells()
        faults += more
        if call in {"department", "name"}:
            faults += [
                _empty(names[call], row)
                for row, cell in enumerate(column)
                if is_empty(cell)
            ]
    if not len(columns["name"]):
        msg = (
            "must have one row or more (got none). Check how the table was read or "
            "filtered; ItemList([]) makes a list without items."
        )
        faults.append(Fault.told("table-empty", msg, column=names["name"]))
    items: list[InspectionItem] = []
    if not faults:
        rows = [
            dict(zip(cells, row, strict=True))
            for row in zip(*cells.values(), strict=True)
        ]
        items, faults = _gathered(rows, general_ceiling)
    return items, sorted(faults, key=lambda fault: fault.row or 0)


def _empty(name: str, row: int) -> Fault:
    msg = f"{name!r} must not be empty. Write it into every row of a merged cell."
    return Fault.told("item-empty", msg, row=row, column=name)


def _gathered(
    rows: list[dict[str, Any]], general_ceiling: Fraction | None
) -> tuple[list[InspectionItem], list[Fault]]:
    """Make one item of the rows that differ in body and legal basis alone."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(tuple(map(row.get, _IDENTITY)), []).append(number)
    items = []
    faults = []
    for numbers in groups.values():
        first = rows[numbers[0]]
        for number in numbers[1:]:
            faults += [
                _contradiction(field, number, numbers[0])
                for field, value in rows[number].items()
                if field not in _GATHERED and value != first[field]
            ]
        try:
            items.append(_item(first, [rows[n] for n in numbers], general_ceiling))
        except (InvalidValueError, InvalidTypeError) as error:
            faults.append(error.fault.at(row=numbers[0]))
    return items, faults


def _contradiction(field: str, row: int, other: int) -> Fault:
    msg = (
        f"{field!r} must be the same in all rows of one item (it is not the same here "
        f"as in row {other}). Write it alike, or tell the items apart by their objects."
    )
    return Fault.told(
        "item-contradiction",
        msg,
        row=row,
        column=field,
        params={"field": field, "other": other},
    )


def _item(
    first: dict[str, Any],
    rows: list[dict[str, Any]],
    general_ceiling: Fraction | None,
) -> InspectionItem:
    fields = {field: value for field, value in first.items() if value is not None}
    fields["methods"], fields["by_agency"] = fields.get("methods", ((), False))
    for field in _GATHERED:
        fields[field] = [row[field] for row in rows if row.get(field)]
    if fields.get("item_class") is ItemClass.GENERAL:
        fields["ceiling"] = general_ceiling
    return InspectionItem(**fields)
