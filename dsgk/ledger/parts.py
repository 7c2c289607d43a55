"""Columns of a ledger put together, asked and filled in."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError, shown
from dsgk.fields import is_empty, values_in, whole_number
from dsgk.ledger.values import (
    CLASSES,
    DAYS,
    FIELDS,
    REQUIRED,
    USUAL_NAMES,
    LedgerRow,
)
from dsgk.tables import Categorical, Column, Table, columns_of


__all__ = [
    "Rows",
    "accepted",
    "filled",
    "listed_rows",
    "named_columns",
    "one_for_each",
    "rewritten",
    "row_number",
    "row_numbers",
    "union",
]

_WHAT = "ledger"

Rows = npt.NDArray[np.intp]
"""Numbers of rows."""


def named_columns(
    table: Table, names: object, /
) -> tuple[dict[str, Column], dict[str, str]]:
    """
    Take the columns of a ledger out of a table.

    Args:
        table: The table.
        names: [field -> column] What the table calls a field; another is
            looked for under its usual name, then under that of the field.

    Returns:
        The columns by field, and what the table calls each field.
    """
    if not isinstance(names, Mapping) or not all(
        isinstance(name, str) for name in names.values()
    ):
        msg = (
            f"'names' must be names of columns by field (got {shown(names)}). "
            "Write {'task_id': '任务编号'}."
        )
        raise InvalidTypeError(msg, code="names-type")
    for field in names:
        if field not in CLASSES and field not in DAYS:
            msg = (
                f"'names' must name fields (got {shown(field)}). There are "
                f"{', '.join(map(repr, FIELDS))}."
            )
            raise InvalidValueError(msg, code="unknown-field", params={"field": field})
    named = set(names.values())
    asked: dict[str, tuple[str, ...]] = {
        field: (names[field],) if field in names else (usual, *({field} - named))
        for field, usual in USUAL_NAMES.items()
    }
    every = [name for either in asked.values() for name in either]
    optional = [name for name in every if name not in named]
    try:
        columns = columns_of(table, every, optional=optional, what=_WHAT)
        there = set(columns)
    except InvalidInput:
        columns = {}
        there = {name for name in every if _is_there(table, name)}
    called = {
        field: next((name for name in either if name in there), either[0])
        for field, either in asked.items()
    }
    twice = [
        Fault.told(
            "column-either",
            f"must not stand beside {either[1]!r}, which is the same field. Say in "
            "'names' which of the two it is.",
            column=either[0],
            params={"field": field},
        )
        for field, either in asked.items()
        if len(there.intersection(either)) > 1
    ]
    if twice:
        raise InvalidInput.of(_WHAT, twice)
    needed = {name for field, name in called.items() if field in REQUIRED} | named
    if not needed <= columns.keys():  # say all that is wrong
        optional = [f for f in FIELDS if f not in names and f not in REQUIRED]
        return columns_of(table, called, optional=optional, what=_WHAT), called
    return {f: columns[n] for f, n in called.items() if n in columns}, called


def _is_there(table: Table, name: str) -> bool:
    try:
        return bool(columns_of(table, [name], optional=[name], what=_WHAT))
    except InvalidInput:  # it is there, and is faulty
        return True


def listed_rows(rows: object) -> list[Any]:
    """Take several rows; one alone is refused."""
    found = values_in(rows)
    if found is None:
        msg = (
            f"'rows' must be several rows of a ledger (got {shown(rows)}). "
            "Write [LedgerRow(…)]."
        )
        raise InvalidTypeError(
            msg, code="ledger-rows", params={"type": type(rows).__name__}
        )
    return list(found)


def row_number(row: object, n: int) -> int:
    """Number of one row; below 0 it counts from the end."""
    k = whole_number(row)
    if k is None:
        msg = (
            f"'row' must be the number of a row (got {shown(row)}). Write "
            "ledger[0], or ledger.where(task_id={'T1'})."
        )
        raise InvalidTypeError(
            msg, code="row-number", params={"type": type(row).__name__}
        )
    if not -n <= k < n:
        msg = f"'row' must be below {n} (got {shown(k)})."
        raise IndexError(msg)
    return k


def filled(column: Categorical[Any], default: object) -> Categorical[Any]:
    """The column with a value where a cell was empty."""
    known = [*column.categories]
    if default not in known:
        known.append(default)
    codes = np.where(column.codes < 0, known.index(default), column.codes)
    return Categorical.of(codes.astype(np.int32), known)


def union(
    one: Categorical[Any], other: Categorical[Any]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], list[Any]]:
    """Codes of two columns by the values of both."""
    place = {value: code for code, value in enumerate(one.categories)}
    codes = [place.setdefault(value, len(place)) for value in other.categories]
    translated = np.array([*codes, -1], dtype=np.int32)  # code -1 is the last
    return one.codes.copy(), translated[other.codes], list(place)


def accepted(field: str, values: object) -> set[Any]:
    """Read the values that rows may have in a column, None for empty cells."""
    if field not in CLASSES:
        listed = ", ".join(map(repr, CLASSES))
        msg = (
            f"{field!r} must be a column of classes (there are {listed}). "
            "Compare days with ledger.days."
        )
        raise InvalidValueError(msg, code="unknown-field", params={"field": field})
    given = values_in(values)
    if given is None:
        msg = f"{field!r} must be a set of values (got {shown(values)}). Write {{…}}."
        raise InvalidTypeError(msg, code="selection-set", params={"value": values})
    read = CLASSES[field]
    return {None if is_empty(v) else read(v, name=field) for v in given}


def row_numbers(rows: object, n: int) -> Rows:
    """Numbers of rows, given as such or as a mask of all *n*."""
    chosen = np.asarray(rows)
    if chosen.dtype == bool and chosen.shape == (n,):
        return np.flatnonzero(chosen)
    if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
        msg = f"'rows' must be numbers of rows (got {shown(rows)}). Write [0, 2]."
        raise InvalidTypeError(msg, code="rows-type")
    chosen = chosen.astype(np.intp)
    ordered = np.sort(chosen)
    wrong = (ordered < 0) | (ordered >= n)
    wrong[1:] |= ordered[1:] == ordered[:-1]
    if wrong.any():
        msg = (
            f"'rows' must be numbers below {n}, each once (got {ordered[wrong][0]}). "
            "Take them from numpy.flatnonzero(ledger.matches(…))."
        )
        raise InvalidValueError(msg, code="rows-range", params={"rows": n})
    return chosen


def one_for_each(
    field: str, given: object, count: int
) -> tuple[list[Any], list[Fault]]:
    """One cell for each row, of one value for all or a column of them."""
    single = (str, dt.date, np.datetime64)
    if isinstance(given, single) or (
        field == "results" and not isinstance(given, (list, np.ndarray))
    ):
        return [given] * count, []
    columns = columns_of({field: given}, [field], what=_WHAT)
    cells = list(columns[field])
    if len(cells) != count:
        msg = (
            f"{field!r} must have one cell for each row (got {len(cells)} for "
            f"{count} rows). Give one value for all, or as many as there are rows."
        )
        return [], [Fault.told("column-length", msg, column=field)]
    return cells, []


def rewritten(field: str, row: LedgerRow, k: int) -> Fault:
    """Say that row *k* states something else already."""
    old = getattr(row, field)
    msg = (
        f"{field!r} must not be stated anew (row says {old!s} already). Correct the "
        "table that the ledger was made of, with the reason on file."
    )
    return Fault.told("rewritten", msg, row=k, column=field, params={"old": old})
