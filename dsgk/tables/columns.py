"""Columns by name out of every kind of table, and what is wrong with them."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, InvalidInput, InvalidTypeError


__all__ = ["CHINA", "Column", "Table", "column_of", "columns_of"]

Column = list[Any] | npt.NDArray[Any]
"""A column as `columns_of` returns it: a list, or an array of numbers or days."""

Table = Any
"""Whatever has ``table[name]``: dict, structured array, pandas, polars, Arrow."""

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""China's one zone, without summer time since 1991."""


def columns_of(
    table: Table,
    names: Mapping[str, str] | Iterable[str],
    /,
    *,
    optional: Collection[str] = (),
    what: str = "table",
) -> dict[str, Column]:
    """
    Take named columns out of anything that has ``table[name]``.

    A dict of lists, tuples or arrays, a structured NumPy array, a pandas or
    polars DataFrame, an Arrow table: the same cells come out of each.
    Categorical and dictionary-encoded columns come out as their values, nulls
    of every kind as None, NaN or NaT.

    Args:
        table: The table.
        names: Columns to take, or what to call each column to its name in
            the table.
        optional: Those of *names* that may be absent; they are then absent
            from what is returned, too.
        what: What the error calls the table.

    Returns:
        Every column under its name, or under what to call it, all of one
        length.

    Raises:
        InvalidTypeError: *table* has no columns by name.
        InvalidInput: Columns are missing, appear twice, are no columns or
            differ in length; one error tells all.

    Examples:
        >>> columns_of({"编号": ["S1", "S2"], "等级": ["A", "B"]}, {"id": "编号"})
        {'id': ['S1', 'S2']}
        >>> columns_of({"编号": ["S1", "S2"]}, ["编号", "等级"])
        Traceback (most recent call last):
        dsgk.errors.InvalidInput: table has 1 fault
          column '等级': must be a column of the table (there are '编号'). Give the name that it has there.
    """  # noqa: E501
    wanted = dict(names) if isinstance(names, Mapping) else {n: n for n in names}
    known = _names_in(table, what)
    faults: list[Fault] = []
    columns: dict[str, Column] = {}
    for call, name in wanted.items():
        if known is not None and known.count(name) > 1:
            msg = (
                f"must appear once in the table (got it {known.count(name)} times). "
                "Rename or drop the others."
            )
            faults.append(Fault("column-duplicate", msg, column=name))
            continue
        if known is not None and name not in known:
            if call not in optional:
                faults.append(_missing(name, known))
            continue
        try:
            values = table[name]
        except (LookupError, ValueError):
            if call not in optional:
                faults.append(_missing(name, known))
            continue
        try:
            columns[call] = column_of(values, name=name)
        except InvalidTypeError as error:
            faults.append(Fault.from_error(error, column=name))
    faults += _length_faults({wanted[call]: c for call, c in columns.items()})
    if faults:
        raise InvalidInput.of(what, faults)
    return columns


def _names_in(table: Table, what: str) -> list[Any] | None:
    """Names of the columns in order, None if the table cannot tell them."""
    names: Any = None
    if isinstance(table, Mapping):
        names = table
    elif isinstance(table, np.ndarray):
        names = table.dtype.names
    elif _package(table) == "pyarrow" and hasattr(table, "schema"):
        names = table.schema.names
    elif hasattr(table, "__getitem__") and not type(table).__name__.startswith("Lazy"):
        names = getattr(table, "columns", None)
        if names is None and not isinstance(table, (str, bytes, Sequence)):
            return None
    if names is None:
        msg = (
            f"{what!r} must have columns by name (got {type(table).__name__!r}). "
            "Write {'id': [...], ...}, or give a DataFrame or an Arrow table; "
            "turn rows into columns by {name: [row[name] for row in rows]} and "
            "collect a lazy frame first."
        )
        raise InvalidTypeError(
            msg, code="table-type", params={"type": type(table).__name__}
        )
    return list(names)


def _missing(name: str, known: list[Any] | None) -> Fault:
    there = (
        f" (there are {', '.join(map(repr, known))})"
        if known
        else " (there are none)"
        if known is not None
        else ""
    )
    return Fault(
        "column-missing",
        f"must be a column of the table{there}. Give the name that it has there.",
        column=name,
        params={"name": name, "columns": known},
    )


def _length_faults(columns: Mapping[str, Column]) -> list[Fault]:
    """One fault for each column that is not as long as most are."""
    lengths = {name: len(column) for name, column in columns.items()}
    counts = sorted(set(lengths.values()))
    if len(counts) <= 1:
        return []
    sizes = list(lengths.values())
    usual = max(counts, key=lambda n: (sizes.count(n), n))
    return [
        Fault(
            "column-length",
            f"must have {usual} rows like the other columns (got {length}). "
            "Give one cell for every row, None where it is empty.",
            column=name,
            params={"length": length, "expected": usual},
        )
        for name, length in lengths.items()
        if length != usual
    ]


def column_of(values: Table, /, *, name: str) -> Column:
    """
    Bring one column to a list, or to an array of bool, int, float or days.

    Args:
        values: List, tuple, range, array, or a column of pandas, polars or
            Arrow.
        name: What the message calls it.

    Raises:
        InvalidTypeError: *values* is no column: a text, a generator, a set, a
            mapping, a single value, an array of bytes or of two dimensions.

    Examples:
        >>> column_of(("A", None), name="credit")
        ['A', None]
    """
    if isinstance(values, list):
        return values
    package = _package(values)
    if package == "pandas" and hasattr(values, "to_numpy"):
        return _from_pandas(values, name)
    if isinstance(values, np.ndarray):
        return _from_numpy(values, name)
    if package == "polars" and hasattr(values, "to_list"):
        cells = values.to_list()
    elif package == "pyarrow" and hasattr(values, "to_pylist"):
        cells = values.to_pylist()
    elif hasattr(values, "__array__"):
        return _from_numpy(np.asarray(values), name)
    elif isinstance(values, Sequence) and not isinstance(values, (str, bytes)):
        cells = values
    else:
        raise _no_column(name, type(values).__name__)
    return list(cells)


def _package(value: object) -> str:
    return type(value).__module__.partition(".")[0]


def _from_pandas(values: Table, name: str) -> Column:
    if len(values.shape) > 1:  # two columns of one name
        raise _no_column(name, "table of two dimensions")
    dtype = values.dtype
    if isinstance(dtype, np.dtype) and dtype.kind != "O":
        return _from_numpy(values.to_numpy(), name)
    if getattr(dtype, "tz", None) is not None and hasattr(values, "dt"):
        local = values.dt.tz_convert(CHINA).dt.tz_localize(None)
        days: npt.NDArray[np.datetime64] = local.to_numpy().astype("datetime64[D]")
        return days
    cells: list[Any] = values.to_numpy(dtype=object, na_value=None).tolist()
    return cells


def _from_numpy(values: npt.NDArray[Any], name: str) -> Column:
    if values.ndim != 1:
        raise _no_column(name, f"array of {values.ndim} dimensions")
    kind = values.dtype.kind
    if isinstance(values, np.ma.MaskedArray):
        if kind == "M":
            return np.asarray(values.filled(np.datetime64("NaT", "D")))
        if kind in "biufOUT":
            masked: list[Any] = values.tolist()
            return masked
    if kind in "biufM":
        return values
    if kind in "OUT":
        cells: list[Any] = values.tolist()
        return cells
    raise _no_column(name, f"array of {values.dtype}")


def _no_column(name: str, kind: str) -> InvalidTypeError:
    msg = (
        f"{name!r} must be a column of cells (got {kind}). Write a list, a tuple, "
        "an array of one dimension or a column of a table; list(...) makes one "
        "of a generator, .decode() text of bytes."
    )
    return InvalidTypeError(
        msg, code="column-type", params={"name": name, "type": kind}
    )
