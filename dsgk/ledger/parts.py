"""Columns of a ledger put together, asked and filled in."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, InvalidTypeError, InvalidValueError
from dsgk.ledger.values import CLASSES, LedgerRow
from dsgk.tables import Categorical, columns_of, is_empty


__all__ = [
    "Rows",
    "accepted",
    "filled",
    "one_for_each",
    "rewritten",
    "row_numbers",
    "union",
]

Rows = npt.NDArray[np.intp]
"""Numbers of rows."""


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
    if isinstance(values, (str, Mapping)) or not isinstance(values, Collection):
        msg = f"{field!r} must be a set of values (got {values!r}). Write {{…}}."
        raise InvalidTypeError(msg, code="selection-set", params={"value": values})
    read = CLASSES[field]
    return {None if is_empty(v) else read(v, name=field) for v in values}


def row_numbers(rows: object, n: int) -> Rows:
    """Numbers of rows, given as such or as a mask of all *n*."""
    chosen = np.asarray(rows)
    if chosen.dtype == bool and chosen.shape == (n,):
        return np.flatnonzero(chosen)
    if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
        msg = f"'rows' must be numbers of rows (got {rows!r}). Write [0, 2]."
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
    columns = columns_of({field: given}, [field], what="ledger")
    cells = list(columns[field])
    if len(cells) != count:
        msg = (
            f"{field!r} must have one cell for each row (got {len(cells)} for "
            f"{count} rows). Give one value for all, or as many as there are rows."
        )
        return [], [Fault("column-length", msg, column=field)]
    return cells, []


def rewritten(field: str, row: LedgerRow, k: int) -> Fault:
    """Say that row *k* states something else already."""
    old = getattr(row, field)
    msg = (
        f"{field!r} must not be stated anew (row says {old!s} already). Correct the "
        "table that the ledger was made of, with the reason on file."
    )
    return Fault("rewritten", msg, row=k, column=field, params={"old": old})
