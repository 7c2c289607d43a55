"""
Columns of tables: what comes in from dicts, NumPy, pandas, polars and Arrow.

A table is anything with ``table[name]``; none of those libraries is imported.
A column is read by its distinct cells, so that a million rows cost a few
passes in C and every fault of every cell is still told with its row.
Nothing is guessed: what could mean two things is refused with what to write.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import (
    Callable,
    Collection,
    Hashable,
    Iterable,
    Mapping,
    Sequence,
)
from typing import Any, Generic, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.identifiers import check_label, id_faults


__all__ = [
    "Categorical",
    "Column",
    "Days",
    "Table",
    "column_of",
    "columns_of",
    "read_column",
    "read_count",
    "read_day",
    "read_days",
    "read_flag",
    "read_ids",
    "read_label",
    "read_value",
]

Column = list[Any] | npt.NDArray[Any]
"""A column as `columns_of` returns it: a list, or an array of numbers or days."""

Table = Any
"""Whatever has ``table[name]``: dict, structured array, pandas, polars, Arrow."""

Days = npt.NDArray[np.datetime64]
"""Days as an array of datetime64[D]."""

_V = TypeVar("_V", bound=Hashable)

_CHINA = dt.timezone(dt.timedelta(hours=8))  # no summer time since 1991
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SOME_DAY = re.compile(
    r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?:[T ].*)?"
)
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_FIRST_DAY = np.datetime64("0001-01-01", "D")
_LAST_DAY = np.datetime64("9999-12-31", "D")
_DAY_UNITS = frozenset({"D", "h", "m", "s", "ms", "us", "ns"})
_MAX_COUNT = 2**53


@attrs.frozen(eq=False)
class Categorical(Generic[_V]):
    """
    A column by its distinct values.

    Attributes:
        codes: [n, int32] For every row the position of its value in
            *categories*,
            -1 where the cell is empty.
        categories: Distinct values, sorted by type and value.

    Examples:
        >>> column, faults = read_column(["B", "A", None, "B"], read_label, name="risk")
        >>> column.categories, column.codes.tolist(), faults
        (('A', 'B'), [1, 0, -1, 1], [])
        >>> column.cells()
        ['B', 'A', None, 'B']
    """

    codes: npt.NDArray[np.int32]
    categories: tuple[_V, ...]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.codes)

    def cell(self, row: int, /) -> _V | None:
        """Value of one row, None where the cell is empty."""
        code = int(self.codes[row])
        return None if code < 0 else self.categories[code]

    def cells(self) -> list[_V | None]:
        """Values of all rows, None where a cell is empty."""
        table = np.empty(len(self.categories) + 1, dtype=object)
        table[:-1] = self.categories
        table[-1] = None  # code -1 is the last entry
        cells: list[_V | None] = table[self.codes].tolist()
        return cells

    def take(self, rows: npt.NDArray[Any], /) -> "Categorical[_V]":
        """The chosen rows, with the values that still occur in them."""
        return _sorted_categorical(self.codes[rows], self.categories)


def _sorted_categorical(
    codes: npt.NDArray[np.int32], values: Sequence[_V]
) -> Categorical[_V]:
    """Sort the values and drop those that no row has."""
    used = np.zeros(len(values) + 1, dtype=bool)
    used[codes] = True
    order = sorted(
        np.flatnonzero(used[:-1]).tolist(), key=lambda k: _sort_key(values[k])
    )
    new = np.full(len(values) + 1, -1, dtype=np.int32)
    new[order] = np.arange(len(order), dtype=np.int32)
    return Categorical(new[codes], tuple(values[k] for k in order))


def _sort_key(value: object) -> tuple[str, Any]:
    # Text sorts by code point, which is the order of its UTF-8 bytes too.
    return type(value).__name__, getattr(value, "value", value)


# -- tables ------------------------------------------------------------------


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
        local = values.dt.tz_convert(_CHINA).dt.tz_localize(None)
        days: Days = local.to_numpy().astype("datetime64[D]")
        return days
    cells: list[Any] = values.to_numpy(dtype=object, na_value=None).tolist()
    return cells


def _from_numpy(values: npt.NDArray[Any], name: str) -> Column:
    if values.ndim != 1:
        raise _no_column(name, f"array of {values.ndim} dimensions")
    kind = values.dtype.kind
    if isinstance(values, np.ma.MaskedArray):
        if kind == "M":
            return np.asarray(values.filled(np.datetime64("NaT")))
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


# -- cells -------------------------------------------------------------------


def _is_empty(cell: object) -> bool:
    """None, NaN, NaT, pd.NA, a masked cell and the empty text are one thing."""
    if cell is None or cell is np.ma.masked or type(cell).__name__ == "NAType":
        return True
    if isinstance(cell, str):
        return not cell
    return type(cell).__hash__ is not None and bool(cell != cell)  # noqa: PLR0124


def _codes_and_cells(
    column: Column,
) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """Every row's position among the distinct cells, and these."""
    if isinstance(column, np.ndarray):
        values, rows = np.unique(column, return_inverse=True)
        return rows, list(values) if column.dtype.kind == "M" else values.tolist()
    keys: Sequence[Any] = column
    try:
        if len({*map(type, column)} - {type(None)}) > 1:
            # 1, 1.0 and True are equal, and are not the same cell.
            keys = list(zip(map(type, column), column, strict=True))
        distinct = dict(zip(keys, column, strict=True))
    except TypeError:  # a list in a cell is a fault, to be told with its row
        keys = [*map(id, column)]
        distinct = dict(zip(keys, column, strict=True))
    index = {key: i for i, key in enumerate(distinct)}
    codes = np.fromiter(map(index.__getitem__, keys), np.intp, count=len(column))
    return codes, [*distinct.values()]


def read_column(
    column: Column, read: Callable[..., _V], /, *, name: str
) -> tuple[Categorical[_V], list[Fault]]:
    """
    Read a column by its distinct cells.

    Args:
        column: [n cells] As `columns_of` returns it.
        read: Called once for each distinct cell that is not empty, with
            ``name=`` as keyword; returns the value, or raises an
            `InvalidValueError` or `InvalidTypeError`.
        name: What the faults call the column.

    Returns:
        The column by its distinct values, and a fault for each row that could
        not be read. A faulty cell counts as empty.

    Examples:
        >>> column, faults = read_column(["3", 4, "?"], read_count, name="visits")
        >>> column.cells()
        [3, 4, None]
        >>> print(faults[0])
        row 2, column 'visits': 'visits' must be a whole number (got '?'). Write digits alone, such as 3.
    """  # noqa: E501
    codes, cells = _codes_and_cells(column)
    positions: dict[tuple[type, _V], int] = {}  # True and 1 are two values
    errors: dict[int, InvalidValueError | InvalidTypeError] = {}
    new = np.full(len(cells), -1, dtype=np.int32)
    for k, cell in enumerate(cells):
        if _is_empty(cell):
            continue
        try:
            value = read(cell, name=name)
        except (InvalidValueError, InvalidTypeError) as error:
            errors[k] = error
        else:
            new[k] = positions.setdefault((type(value), value), len(positions))
    faults: list[Fault] = []
    if errors:
        faulty = np.zeros(len(cells), dtype=bool)
        faulty[list(errors)] = True
        faults = [
            Fault.from_error(errors[codes[row]], row=row, column=name)
            for row in np.flatnonzero(faulty[codes]).tolist()
        ]
    values = [value for _, value in positions]
    return _sorted_categorical(new[codes], values), faults


def read_ids(column: Column, /, *, name: str) -> tuple[tuple[str, ...], list[Fault]]:
    """
    Read a column of ids: all there, all valid, all different.

    Args:
        column: [n cells] As `columns_of` returns it.
        name: What the faults call the column.

    Returns:
        [n strings] The ids, to be used only if there is no fault; and every
        fault. Numbers are one fault: as numbers, ids have lost their leading
        zeros and their last digits.

    Examples:
        >>> read_ids(["S1", "S2"], name="id")
        (('S1', 'S2'), [])
        >>> print(read_ids(np.array([9.1e17]), name="id")[1][0])
        column 'id': 'id' must be text (got a column of float64). Numbers lose leading zeros and last digits: read the table with this column as text, in pandas with dtype=str.
    """  # noqa: E501
    if isinstance(column, np.ndarray):
        column = list(column)
    kinds = set(map(type, column))
    if kinds and all(issubclass(kind, (int, float, np.generic)) for kind in kinds):
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        msg = (
            f"{name!r} must be text (got a column of {found}). Numbers lose leading "
            "zeros and last digits: read the table with this column as text, in "
            "pandas with dtype=str."
        )
        return (), [Fault("id-type", msg, column=name, params={"type": found})]
    faults = id_faults(column, name=name)
    if faults:
        return (), faults
    return tuple(column if kinds == {str} else map(str, column)), []


def read_label(cell: object, /, *, name: str) -> str:
    """
    Read a cell of text that classes are made of, such as a kind or an area.

    Raises:
        InvalidTypeError: The cell is not text.
        InvalidValueError: The text is no valid label (see `check_label`).
    """
    if not isinstance(cell, str):
        msg = (
            f"{name!r} must be text (got {cell!r} of type {type(cell).__name__!r}). "
            "Read the table with this column as text, in pandas with dtype=str."
        )
        raise InvalidTypeError(
            msg, code="label-type", params={"name": name, "type": type(cell).__name__}
        )
    return str(check_label(cell, name=name))


def read_value(cell: object, /, *, name: str) -> str | bool | int:
    """
    Read a cell of a further attribute: text, a bool or a whole number.

    Raises:
        InvalidTypeError: The cell is none of these.
        InvalidValueError: The text is no valid label (see `check_label`).
    """
    if isinstance(cell, str):
        return read_label(cell, name=name)
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    if isinstance(cell, (int, np.integer)):
        return int(cell)
    msg = (
        f"{name!r} must be text, a bool or an int (got {cell!r} of type "
        f"{type(cell).__name__!r}). Write the class that it stands for, such as 'A'."
    )
    raise InvalidTypeError(
        msg, code="value-type", params={"name": name, "type": type(cell).__name__}
    )


def read_count(cell: object, /, *, name: str) -> int:
    """
    Read a cell that counts something: 3, ``"3"``, or 3.0.

    A float that is a whole number is read, because tables with an empty cell
    turn whole numbers into floats.

    Raises:
        InvalidTypeError: The cell is neither a number nor text.
        InvalidValueError: It is not a whole number of 0 or more.
    """
    if isinstance(cell, (bool, np.bool_)) or not isinstance(
        cell, (int, float, str, np.integer, np.floating)
    ):
        msg = (
            f"{name!r} must be a whole number (got {cell!r} of type "
            f"{type(cell).__name__!r}). Write an int, such as 3."
        )
        raise InvalidTypeError(
            msg, code="count-type", params={"name": name, "type": type(cell).__name__}
        )
    if (isinstance(cell, str) and not _WHOLE.fullmatch(cell)) or (
        isinstance(cell, (float, np.floating)) and not float(cell).is_integer()
    ):
        msg = (
            f"{name!r} must be a whole number (got {cell!r}). Write digits alone, "
            "such as 3."
        )
        raise InvalidValueError(
            msg, code="count-form", params={"name": name, "value": cell}
        )
    count = int(cell)
    if not 0 <= count < _MAX_COUNT:
        msg = (
            f"{name!r} must be 0 or more and below 2**53 (got {cell!r}). "
            "Compare it with the source."
        )
        raise InvalidValueError(
            msg, code="count-range", params={"name": name, "value": cell}
        )
    return count


def read_flag(cell: object, /, *, name: str) -> bool:
    """
    Read a cell that says yes or no: True, 1, ``"是"``; False, 0, ``"否"``.

    Raises:
        InvalidTypeError, InvalidValueError: The cell is none of these.
    """
    if isinstance(cell, str):
        if cell in {"是", "否"}:
            return cell == "是"
    elif isinstance(
        cell, (bool, int, float, np.bool_, np.integer, np.floating)
    ) and cell in {0, 1}:
        return bool(cell)
    msg = (
        f"{name!r} must be True or False, 1 or 0, '是' or '否' (got {cell!r}). "
        "Write one of these, or leave the cell empty where it is not known."
    )
    raise InvalidValueError(msg, code="flag-form", params={"name": name, "value": cell})


def read_day(cell: object, /, *, name: str) -> dt.date:
    """
    Read a cell that is a day: a date, a point in time, or ``"2025-03-01"``.

    An aware point in time is its day in China. A naive one is a day at
    midnight, as table libraries write days; with a time of day it is refused,
    because nobody knows whose time that is.

    Raises:
        InvalidTypeError: The cell is none of these.
        InvalidValueError: The text is not in the form of ISO 8601, the day
            does not exist, or a naive point in time has a time of day.

    Examples:
        >>> read_day("2025-03-01", name="on")
        datetime.date(2025, 3, 1)
        >>> read_day("2025/3/1", name="on")
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: 'on' must be a day as YYYY-MM-DD (got '2025/3/1'). Write '2025-03-01' instead.
    """  # noqa: E501
    if isinstance(cell, str):
        return _day_of_text(cell, name)
    if isinstance(cell, np.datetime64):
        unit = np.datetime_data(cell.dtype)[0]
        if unit in _DAY_UNITS and cell != cell.astype("datetime64[D]"):
            raise _time_of_day(cell, name)
        cell = cell.astype("datetime64[D]").item() if unit in _DAY_UNITS else cell
    if isinstance(cell, dt.datetime):
        if cell.tzinfo is not None:
            return cell.astimezone(_CHINA).date()
        if cell.time() != dt.time() or getattr(cell, "nanosecond", None):
            raise _time_of_day(cell, name)
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    msg = (
        f"{name!r} must be a day (got {cell!r} of type {type(cell).__name__!r}). "
        "Write a date, such as date(2025, 3, 1), or the text '2025-03-01'."
    )
    raise InvalidTypeError(
        msg, code="day-type", params={"name": name, "type": type(cell).__name__}
    )


def _day_of_text(text: str, name: str) -> dt.date:
    advice = "Write a day that exists, such as '2025-03-01'."
    if _ISO_DAY.fullmatch(text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            pass
    elif guess := _SOME_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip()):
        try:
            day = dt.date(*map(int, guess.groups()))
            advice = f"Write {day.isoformat()!r} instead."
        except ValueError:
            pass
    msg = f"{name!r} must be a day as YYYY-MM-DD (got {text!r}). {advice}"
    raise InvalidValueError(msg, code="day-form", params={"name": name, "text": text})


def _time_of_day(cell: object, name: str) -> InvalidValueError:
    msg = (
        f"{name!r} must be a day, or a point in time with its zone (got {cell!s}). "
        "Write the day alone."
    )
    return InvalidValueError(
        msg, code="day-time", params={"name": name, "value": str(cell)}
    )


def read_days(column: Column, /, *, name: str) -> tuple[Days, list[Fault]]:
    """
    Read a column of days, each as `read_day` does.

    Args:
        column: [n cells] As `columns_of` returns it.
        name: What the faults call the column.

    Returns:
        [n, datetime64[D]] The days, NaT where a cell is empty or faulty, and
        a fault for each faulty row.

    Examples:
        >>> days, faults = read_days(["2025-03-01", None], name="last_inspected_on")
        >>> days
        array(['2025-03-01',        'NaT'], dtype='datetime64[D]')
    """
    if not isinstance(column, np.ndarray):
        read, faults = read_column(column, read_day, name=name)
        table = np.array([*read.categories, None], dtype="datetime64[D]")
        found: Days = table[read.codes]
        return found, faults
    if column.dtype.kind != "M" or np.datetime_data(column.dtype)[0] not in _DAY_UNITS:
        msg = (
            f"{name!r} must be a column of days (got a column of {column.dtype}). "
            "Turn the numbers into dates when the table is read."
        )
        empty = np.full(len(column), np.datetime64("NaT"), dtype="datetime64[D]")
        if not len(column) or (column != column).all():  # noqa: PLR0124
            return empty, []
        return empty, [
            Fault("day-type", msg, column=name, params={"type": str(column.dtype)})
        ]
    days: Days = column.astype("datetime64[D]")
    there = ~np.isnat(column)
    timed = there & (days != column)
    outside = there & ((days < _FIRST_DAY) | (days > _LAST_DAY))
    days[timed | outside] = np.datetime64("NaT")
    faults = []
    for row in np.flatnonzero(timed | outside).tolist():
        if timed[row]:
            error = _time_of_day(column[row], name)
        else:
            msg = (
                f"{name!r} must be a day of the years 1 to 9999 (got {column[row]!s}). "
                "Compare it with the source."
            )
            error = InvalidValueError(
                msg, code="day-range", params={"name": name, "value": str(column[row])}
            )
        faults.append(Fault.from_error(error, row=row, column=name))
    return days, faults
