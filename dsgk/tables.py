"""
Columns of any kind of table, read by their distinct cells.

Whatever has ``table[name]`` will do, with no dependency: a dict of lists, a
structured NumPy array, a pandas or polars DataFrame, an Arrow table.
"""

import abc
import datetime as dt
import enum
import functools
import hashlib
import json
import re
import types
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import (
    DsgkError,
    Fault,
    Faults,
    FrozenDict,
    InvalidInput,
    faults_of,
    invalid,
    shown,
    shown_key,
)
from dsgk.fields import (
    CHINA,
    Id,
    Kind,
    Natural,
    Stored,
    Text,
    check_mapping,
    day_in,
    declared,
    holds_days,
    is_empty,
    read_day,
    read_id,
    text_fault,
    value,
)
from dsgk.identifiers import id_faults, plain


__all__ = [
    "Categorical",
    "Column",
    "Days",
    "Heading",
    "Likeness",
    "Repair",
    "SetOfRows",
    "StoredColumns",
    "Table",
    "called",
    "column_of",
    "columns_of",
    "digest_of_columns",
    "known_columns",
    "length_faults",
    "look_alikes",
    "read_column",
    "read_days",
    "read_from",
    "read_id_column",
    "read_ids",
    "read_values",
    "repaired",
    "require",
    "usually_named",
]

Column = list[Any] | npt.NDArray[Any]
"""A column as `columns_of` returns it: a list, or an array of numbers or days."""

Table = Any
"""Anything with ``table[name]``: dict, structured array, pandas, polars, Arrow."""

Days = npt.NDArray[np.datetime64]
"""Days as an array of datetime64[D]."""

_V = TypeVar("_V", bound=Hashable)
_S = TypeVar("_S", bound=Stored)

_LONGEST_NAME = 64  # of a column that is compared with the usual names
_MOST_REPAIRS = 4  # of one cell: padded, then full width, then a word for nothing
_LOOKED_AT = 1000  # rows of a column of another name
# Floats that are another number, with other digits, once they are Python's.
_SHORT_FLOATS = {
    "Float32",
    "Float16",
    "float",
    "halffloat",
    "float[pyarrow]",
    "halffloat[pyarrow]",
}
_FIRST_DAY = np.datetime64("0001-01-01", "D")
_LAST_DAY = np.datetime64("9999-12-31", "D")


def columns_of(
    table: Table,
    names: Mapping[str, str] | Iterable[str],
    /,
    *,
    optional: Collection[str] = (),
    likeness: Mapping[str, "Likeness"] = types.MappingProxyType({}),
    what: str = "table",
) -> dict[str, Column]:
    """
    Take named columns out of a table.

    Every kind of table gives the same cells.  Categorical and
    dictionary-encoded columns come out as their values, nulls of every kind as
    None, NaN or NaT.

    Args:
        table: Anything with ``table[name]``.
        names: Columns to take; or a mapping from new names to names in the
            table.
        optional: Those of *names* that may be absent.
        likeness: How to know those of *optional* by another name: a table in
            which such a column stands instead is refused.
        what: What the error calls the table.

    Returns:
        Columns of one length, by their new names; without those absent.

    Raises:
        InvalidInput: Columns are missing, appear twice, are no columns or
            differ in length: all faults at once.

    Examples:
        >>> columns_of({"编号": ["S1", "S2"], "等级": ["A", "B"]}, {"id": "编号"})
        {'id': ['S1', 'S2']}
        >>> columns_of({"编号": ["S1", "S2"]}, ["编号", "等级"])
        Traceback (most recent call last):
        dsgk.errors.InvalidInput: table has 1 fault
          column '等级': '等级' must be a column of the table. Give its name in the table: there are '编号'.
    """  # noqa: E501
    wanted = dict(names) if isinstance(names, Mapping) else {n: n for n in names}
    known = _names_in(table, what)
    counts = Counter(known)
    faults = Faults()
    columns: dict[str, Column] = {}
    for call, name in wanted.items():
        wrong = text_fault(name, name=call)
        if wrong is not None:
            faults.extend([wrong.at(column=call)])
            continue
        if known is not None and counts[name] != 1:
            if counts[name]:
                faults.add("column-duplicate", column=name, count=counts[name])
            elif call not in optional:
                faults.add("column-missing", column=name, columns=known)
            continue
        try:
            values = table[name]
        except (LookupError, ValueError, TypeError):
            if call not in optional:
                faults.add("column-missing", column=name, columns=known)
            continue
        with faults.catch(name):
            columns[call] = column_of(values, name=name)
    faults.extend(length_faults({wanted[call]: c for call, c in columns.items()}))
    unasked = {call: like for call, like in likeness.items() if call in optional}
    faults += look_alikes(table, wanted, unasked)
    faults.raise_any(what)
    return columns


def look_alikes(
    table: Table, called: Mapping[str, Any], likeness: Mapping[str, "Likeness"], /
) -> list[Fault]:
    """
    Tell columns that nobody reads, though they look like one that is absent.

    Args:
        table: The table.
        called: [field -> column] What is read, if it is there.
        likeness: By field, how its column is known by another name.
    """
    known = (likeness and _names_in(table, "table")) or []
    there = set(known)
    read = {name for name in called.values() if isinstance(name, str)}
    absent = read - there
    others = [name for name in dict.fromkeys(known) if name not in read]
    return [
        Fault.of("column-unread", column=other, field=field, heading=name)
        for field, name in called.items()
        if field in likeness and name in absent
        for other in others
        if likeness[field].is_like(table, other)
    ]


@attrs.frozen
class Likeness:
    """
    How a column is known that goes by another name than the usual one.

    Attributes:
        words: What its name holds, and that of no other column does.
        values: Texts that only such a column holds; all its cells are among
            them.
    """

    words: "re.Pattern[str]"
    values: Collection[str] = frozenset()

    def is_like(self, table: Table, name: object, /) -> bool:
        """Whether a column of the table is such a column."""
        if not isinstance(name, str) or len(name) > _LONGEST_NAME:
            return False
        folded = "".join(unicodedata.normalize("NFKC", name).split()).casefold()
        if self.words.search(folded):
            return True
        return bool(self.values) and self._holds_values(table[name], name)

    def _holds_values(self, cells: Table, name: str) -> bool:
        try:
            column = column_of(cells[:_LOOKED_AT], name=name)
        except (DsgkError, TypeError):
            return False
        texts = {cell for cell in column if isinstance(cell, str) and cell}
        return bool(texts) and texts <= {*self.values}


def read_from(
    table: Table, called: Mapping[str, str], /
) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """
    Say which columns of a table were read, and which were not.

    Args:
        table: The table.
        called: [field -> column] What was looked for.

    Returns:
        Of *called*, what the table has; and the names of its other columns.
    """
    names = _names_in(table, "table")
    if names is None:
        return FrozenDict(called), ()
    there, known = set(names), set(called.values())
    found = {field: name for field, name in called.items() if name in there}
    return FrozenDict(found), tuple(str(name) for name in names if name not in known)


def _names_in(table: Table, what: str) -> list[str] | None:
    """Names of the columns in order; None if the table cannot list them."""
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
        raise invalid("table-type", what=what, type=type(table).__name__)
    return [name for name in names if isinstance(name, str)]


def usually_named(names: Mapping[str, object], read: Callable[..., Any], /) -> set[str]:
    """Fields whose columns have their usual names, the defaults of a function."""
    usual = read.__kwdefaults__ or {}
    return {
        field
        for field, name in names.items()
        if isinstance(name, str) and name == usual.get(field)
    }


def length_faults(columns: Mapping[str, Column]) -> list[Fault]:
    """Tell each column that is not as long as most of the others."""
    lengths = {name: len(column) for name, column in columns.items()}
    counts = sorted(set(lengths.values()))
    if len(counts) <= 1:
        return []
    sizes = list(lengths.values())
    usual = max(counts, key=lambda n: (sizes.count(n), n))
    return [
        Fault.of("column-length", column=name, length=length, expected=usual)
        for name, length in lengths.items()
        if length != usual
    ]


def column_of(values: Table, /, *, name: str) -> Column:
    """
    Turn one column into a list, or an array of bool, int, float or days.

    Args:
        values: List, tuple, range, array, or a column of pandas, polars or
            Arrow.
        name: What the message calls it.

    Raises:
        InvalidTypeError: It is no column: a text, a generator, a set, a
            mapping, a single value, an array of bytes or of two dimensions.

    Examples:
        >>> column_of(("A", None), name="credit")
        ['A', None]
    """
    if isinstance(values, list):
        return values
    package = _package(values)
    if package == "pandas" and hasattr(values, "shape"):  # a Timestamp has none
        return _from_pandas(values, name)
    if isinstance(values, np.ndarray):
        return _from_numpy(values, name)
    if package == "polars" and hasattr(values, "to_list"):
        is_short = str(values.dtype) in _SHORT_FLOATS
        cells = values.to_numpy() if is_short else values.to_list()
    elif package == "pyarrow" and hasattr(values, "to_pylist"):
        is_short = str(values.type) in _SHORT_FLOATS
        cells = np.asarray(values) if is_short else values.to_pylist()
    elif hasattr(values, "__array__"):
        return _from_numpy(np.asarray(values), name)
    elif isinstance(values, Sequence) and not isinstance(values, (str, bytes)):
        cells = values
    else:
        instead = f"[{shown(values)}]" if isinstance(values, str) else None
        raise _no_column(name, type(values).__name__, instead)
    return cells if isinstance(cells, np.ndarray) else list(cells)


def array_of(values: object, /) -> "npt.NDArray[Any]":
    """Make the array of what was given; an empty one of objects if it is none."""
    try:
        return np.asarray(values)
    except (TypeError, ValueError):  # rows of different lengths, or nested too deep
        return np.empty((0, 0), dtype=object)


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
    if str(dtype) in _SHORT_FLOATS:
        return _from_numpy(values.to_numpy(dtype=np.float32, na_value=np.nan), name)
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


def _no_column(name: str, kind: str, instead: str | None = None) -> DsgkError:
    return invalid("column-type", name=name, type=kind, instead=instead)


@attrs.frozen(eq=False)
class Categorical(Generic[_V]):
    """
    A column by its distinct values.

    Attributes:
        codes: [n, int32] Position of each row's value in *categories*, -1 for
            an empty cell.
        categories: Distinct values, sorted by type and value.

    Examples:
        >>> from dsgk.fields import read_label
        >>> column, faults = read_column(["B", "A", None, "B"], read_label, name="risk")
        >>> column.categories, column.codes.tolist(), faults
        (('A', 'B'), [1, 0, -1, 1], <Faults: none>)
        >>> column.cells()
        ['B', 'A', None, 'B']
    """

    codes: npt.NDArray[np.int32]
    categories: tuple[_V, ...]

    def __len__(self) -> int:
        """Number of rows."""
        return len(self.codes)

    def cell(self, row: int, /) -> _V | None:
        """Value of one row, None for an empty cell."""
        code = int(self.codes[row])
        return None if code < 0 else self.categories[code]

    def cells(self) -> list[_V | None]:
        """Values of all rows, None for an empty cell."""
        table = np.empty(len(self.categories) + 1, dtype=object)
        table[:-1] = self.categories
        table[-1] = None  # code -1 is the last entry
        cells: list[_V | None] = table[self.codes].tolist()
        return cells

    def take(self, rows: npt.NDArray[Any], /) -> "Categorical[_V]":
        """The chosen rows, with only the values that occur in them."""
        codes = self.codes[rows]
        used = np.zeros(len(self.categories) + 1, dtype=bool)
        used[codes] = True  # code -1 is the last entry
        kept = np.flatnonzero(used[:-1])  # sorted as the categories are
        if len(kept) == len(self.categories):
            return Categorical(codes, self.categories)
        new = np.full(len(used), -1, dtype=np.int32)
        new[kept] = np.arange(len(kept), dtype=np.int32)
        values = tuple(map(self.categories.__getitem__, kept.tolist()))
        return Categorical(new[codes], values)

    def filled(self, default: _V, /) -> "Categorical[_V]":
        """The column with a default in its empty cells."""
        known = [*dict.fromkeys([*self.categories, default])]
        codes = np.where(self.codes < 0, known.index(default), self.codes)
        return Categorical.of(codes.astype(np.int32), known)

    def without(self, default: object, /) -> "Categorical[_V]":
        """The column with empty cells in place of a default."""
        if default not in self.categories:
            return self
        at = self.categories.index(default)
        codes = np.where(self.codes == at, -1, self.codes)
        return Categorical.of(codes.astype(np.int32), self.categories)

    def plain(self) -> list[Any]:
        """Values of all rows as plain JSON values, None for an empty cell."""
        values: Any = tuple(map(_plain_cell, self.categories))
        return Categorical(self.codes, values).cells()

    @classmethod
    def of_days(cls, days: Days, /) -> "Categorical[dt.date]":
        """Make a column of an array of days, where NaT is an empty cell."""
        distinct, codes = np.unique(days, return_inverse=True)
        there = int((~np.isnat(distinct)).sum())  # NaT is the last
        codes = np.where(codes < there, codes, -1)
        return Categorical(
            np.asarray(codes, np.int32), tuple(distinct[:there].tolist())
        )

    @classmethod
    def of(
        cls, codes: npt.NDArray[np.int32], values: Sequence[_V], /
    ) -> "Categorical[_V]":
        """
        Make a column of codes and values in any order.

        Args:
            codes: [n, int32] Positions in *values*, -1 for an empty cell.
            values: Distinct values; unused ones are dropped.
        """
        used = np.zeros(len(values) + 1, dtype=bool)
        used[codes] = True  # code -1 is the last entry
        key: Callable[[int], Any] = values.__getitem__
        if not set(map(type, values)) <= {str}:
            key = lambda k: _sort_key(values[k])  # noqa: E731
        order = sorted(np.flatnonzero(used[:-1]).tolist(), key=key)
        new = np.full(len(values) + 1, -1, dtype=np.int32)
        new[order] = np.arange(len(order), dtype=np.int32)
        return cls(new[codes], tuple(map(values.__getitem__, order)))


def _sort_key(value: object) -> tuple[str, Any]:
    # Text sorts by code point, which is the order of its UTF-8 bytes too.
    return type(value).__name__, getattr(value, "value", value)


def _codes_and_cells(column: Column) -> tuple[npt.NDArray[np.intp], list[Any]]:
    """The distinct cells, and each row's position among them."""
    if isinstance(column, np.ndarray):
        if column.dtype == np.int64 and len(column):
            # Numbers close together can be marked instead of sorted.
            low, high = int(column.min()), int(column.max())
            if high - low < len(column):
                there = np.bincount(column - low) > 0
                cells = (np.flatnonzero(there) + low).tolist()
                return (np.cumsum(there) - 1)[column - low], cells
        values, rows = np.unique(column, return_inverse=True)
        return rows, list(values) if column.dtype.kind == "M" else values.tolist()
    keys: Sequence[Any] = column
    try:
        if len({*map(type, column)} - {type(None)}) > 1:
            # 1, 1.0 and True are equal, and are not the same cell.
            keys = list(zip(map(type, column), column, strict=True))
        distinct = dict(zip(keys, column, strict=True))
    except Exception:  # noqa: BLE001  a list in a cell is a fault, told with its row
        keys = [*map(id, column)]
        distinct = dict(zip(keys, column, strict=True))
    index = {key: i for i, key in enumerate(distinct)}
    codes = np.fromiter(map(index.__getitem__, keys), np.intp, count=len(column))
    return codes, [*distinct.values()]


def read_column(
    column: Column, read: Callable[..., _V], /, *, name: str
) -> tuple[Categorical[_V], Faults]:
    """
    Read a column by its distinct cells.

    Args:
        column: [n cells] As `columns_of` returns it.
        read: Called as ``read(cell, name=name)`` once for each distinct cell
            that is not empty; returns the value, or raises a `DsgkError`.
        name: What the faults call the column.

    Returns:
        The column, in which faulty cells are empty, and the faults by row.

    Examples:
        >>> from dsgk.fields import read_count
        >>> column, faults = read_column(["3", 4, "?"], read_count, name="visits")
        >>> column.cells()
        [3, 4, None]
        >>> print(*faults)
        row 2, column 'visits': 'visits' must be a whole number (got '?'). Write digits alone, such as 3.
    """  # noqa: E501
    codes, cells = _codes_and_cells(column)
    positions: dict[tuple[type, _V], int] = {}  # True and 1 are two values
    faulty: dict[str, npt.NDArray[np.bool_]] = {}
    new = np.full(len(cells), -1, dtype=np.int32)
    for k, cell in enumerate(cells):
        if is_empty(cell):
            continue
        try:
            value = read(cell, name=name)
        except DsgkError as error:
            code = error.code
            if isinstance(error, InvalidInput):
                code = error.faults[0].code
            faulty.setdefault(code, np.zeros(len(cells), dtype=bool))[k] = True
        else:
            new[k] = positions.setdefault((type(value), value), len(positions))

    def broken(row: int) -> Fault:
        try:  # once more, since a million errors would take too much memory
            read(cells[codes[row]], name=name)
        except DsgkError as error:
            fault, *_ = faults_of(error)
        return fault.at(row=row, column=name)

    faults = Faults()
    for cells_at in faulty.values():
        faults.add_rows(np.flatnonzero(cells_at[codes]), broken, column=name)
    values = [value for _, value in positions]
    return Categorical.of(new[codes], values), faults


def read_ids(column: Column, /, *, name: str) -> tuple[tuple[str, ...], Faults]:
    """
    Read a column of ids: none missing, all valid and different.

    Args:
        column: [n cells] As `columns_of` returns it.
        name: What the faults call the column.

    Returns:
        [n strings] The ids, empty if there is a fault; and the faults. A column
        of numbers is one fault: leading zeros and last digits are lost.

    Examples:
        >>> read_ids(["S1", "S2"], name="id")
        (('S1', 'S2'), <Faults: none>)
        >>> print(*read_ids(np.array([9.1e17]), name="id")[1])
        column 'id': 'id' must be text (got a column of float64). Numbers lose leading zeros and last digits: read the table with this column as text, in pandas with dtype=str.
    """  # noqa: E501
    if isinstance(column, np.ndarray):
        column = list(column)
    kinds = set(map(type, column))
    if kinds and all(issubclass(kind, (int, float, np.generic)) for kind in kinds):
        found = ", ".join(sorted(kind.__name__ for kind in kinds))
        return (), Faults([Fault.of("id-column", column=name, type=found)])
    faults = id_faults(column, name=name)
    if faults:
        return (), faults
    return tuple(column if kinds == {str} else map(plain, column)), faults


def read_id_column(
    column: Column, /, *, name: str, words: bool = True
) -> tuple[Categorical[str], Faults]:
    """
    Read a column of ids that may repeat, such as the subject of each check.

    Args:
        column: [n cells] As `columns_of` returns it.
        name: What the faults call the column.
        words: Whether 无 is no id.

    Returns:
        The column, and a fault for each invalid id; empty cells are allowed.

    Examples:
        >>> read_id_column(["S1", None, "S1"], name="subject_id")[0].cells()
        ['S1', None, 'S1']
    """
    read = functools.partial(read_id, words=words)
    codes, cells = _codes_and_cells(column)
    if set(map(type, cells)) - {str, type(None)}:
        return read_column(column, read, name=name)
    there = np.fromiter(map(bool, cells), dtype=bool, count=len(cells))
    ids = list(filter(None, cells))
    if id_faults(ids, name=name, words=words):
        return read_column(column, read, name=name)
    new = np.full(len(cells), -1, dtype=np.int32)
    new[there] = np.arange(len(ids), dtype=np.int32)
    return Categorical.of(new[codes], ids), Faults()


def read_days(column: Column, /, *, name: str) -> tuple[Days, Faults]:
    """
    Read a column of days, as `read_day` reads each.

    Args:
        column: [n cells] As `columns_of` returns it.
        name: What the faults call the column.

    Returns:
        [n, datetime64[D]] The days, NaT for an empty or faulty cell; and the
        faults.

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
    faults = Faults()
    if not holds_days(column.dtype):
        empty = np.full(len(column), np.datetime64("NaT", "D"), dtype="datetime64[D]")
        if len(column) and not (column != column).all():  # noqa: PLR0124
            faults.add("day-column", column=name, type=str(column.dtype))
        return empty, faults
    days: Days = column.astype("datetime64[D]")
    there = ~np.isnat(column)
    timed = there & (days != column)
    outside = there & ~timed & ((days < _FIRST_DAY) | (days > _LAST_DAY))
    days[timed | outside] = np.datetime64("NaT", "D")

    def text(row: int) -> str:
        return str(column[row])

    faults.add_rows(
        np.flatnonzero(timed),
        "day-time",
        column=name,
        value=text,
        instead=lambda k: day_in(text(k)),
    )
    faults.add_rows(np.flatnonzero(outside), "day-range", column=name, value=text)
    return days, faults


def require(column: Categorical[Any], faults: Faults, /, *, name: str) -> None:
    """
    Add the empty cells of a column that must have none to its faults.

    Args:
        column: As `read_column` returns it.
        faults: Those of the column; rows that have one are not told again.
        name: What the faults call the column.
    """
    unread = faults.rows(name)
    empty = np.flatnonzero(column.codes < 0).tolist()
    rows = [row for row in empty if row not in unread]
    faults.add_rows(rows, "cell-empty", column=name)


@attrs.frozen
class _Given(Kind):
    """A cell as it came; what is no plain JSON value, as a text."""

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        is_plain = given is None or isinstance(given, (str, bool, int, float))
        return given if is_plain else str(given)


@value("dsgk-repair/1")
@attrs.frozen(field_transformer=declared)
class Repair(Stored):
    """
    One cell of a table that was read as another.

    Attributes:
        row: Position in the table, counted from 0.
        column: Name of the column.
        before: What stands in the cell.
        after: What was read instead; the empty text where it holds nothing.
    """

    row: Natural
    column: Text
    before: Annotated[Any, _Given()]
    after: Annotated[Any, _Given()]


def repaired(
    column: Column, read: Callable[..., object], /, *, name: str
) -> tuple[Column, list[Repair]]:
    """
    Write into a column what its faults say to write instead.

    Args:
        column: [n cells] As `columns_of` returns it; is not changed.
        read: Reads a cell, as of `read_column`.
        name: What the faults call the column.

    Returns:
        The column with every cell repaired for which there is only one thing
        to write, and the repairs by row. Other faults stay for who reads it.

    Examples:
        >>> repaired(["2025/3/1", "3.1"], read_day, name="on")
        (['2025-03-01', '3.1'], [Repair(row=0, column='on', before='2025/3/1', after='2025-03-01')])
    """  # noqa: E501
    codes, cells = _codes_and_cells(column)
    mended = [_mended(cell, read, name) for cell in cells]
    changed = [after is not before for before, after in zip(cells, mended, strict=True)]
    if not any(changed):
        return column, []
    after = [mended[code] for code in codes.tolist()]
    return after, [
        Repair(row, name, cells[codes[row]], after[row])
        for row in np.flatnonzero(np.array(changed)[codes]).tolist()
    ]


def _mended(cell: object, read: Callable[..., object], name: str) -> object:
    """A cell as its faults say to write it; as it is where they do not say."""
    mended = cell
    for _ in range(_MOST_REPAIRS):
        if is_empty(mended):
            return mended
        try:
            read(mended, name=name)
        except DsgkError as error:
            fault, *others = faults_of(error)
            is_of_a_part = fault.column != name and fault.column is not None
            if others or is_of_a_part or fault.instead is None:
                return cell
            mended = fault.instead
        else:
            return mended
    return cell


def read_values(
    cls: type[_S],
    table: Table,
    headings: Mapping[str, str],
    /,
    *,
    optional: Collection[str] = (),
    ids: Collection[str] = (),
    likeness: Mapping[str, Likeness] = types.MappingProxyType({}),
    repairs: list[Repair] | None = None,
    what: str = "table",
) -> list[_S]:
    """
    Read the rows of a table as values of a class.

    Args:
        cls: A class with `declared` fields. Cells of a field with a default may
            be empty, unless its metadata has ``filled``.
        table: Anything with ``table[name]``.
        headings: Name of the column of each field.
        optional: Fields whose column may be absent.
        ids: Fields of ids that differ from row to row.
        likeness: As of `columns_of`.
        repairs: Takes the repairs, where cells are to be repaired.
        what: What the error calls the table.

    Raises:
        InvalidInput: Columns are missing or of unequal length, or cells are
            faulty: all faults at once, with their rows.
    """
    fields = {field.name: field for field in attrs.fields(cls)}  # type: ignore[arg-type]
    faults = Faults()
    columns = columns_of(
        table, headings, optional=optional, likeness=likeness, what=what
    )
    cells: dict[str, Sequence[Any]] = {}
    for name, column in columns.items():
        heading, field = headings[name], fields[name]
        kind = field.metadata["kind"]
        if repairs is not None:
            column, done = repaired(column, kind.cell, name=heading)  # noqa: PLW2901
            repairs += done
        if name in ids:
            cells[name], found = read_ids(column, name=heading)
            faults += found
            continue
        read, found = read_column(column, kind.cell, name=heading)
        cells[name] = read.cells()
        if field.default is attrs.NOTHING or field.metadata.get("filled"):
            require(read, found, name=heading)
        faults += found
    faults.raise_any(what)
    values = []
    for row, entries in enumerate(zip(*cells.values(), strict=True)):
        given = dict(zip(cells, entries, strict=True))
        with faults.catch(row=row):
            values.append(cls(**{k: v for k, v in given.items() if v is not None}))
    faults.raise_any(what)
    return values


# -- fields that are columns -------------------------------------------------


def called(
    heading: str,
    words: str = "",
    /,
    *,
    is_class: bool = True,
    values: Collection[str] = (),
) -> dict[str, Any]:
    """
    Make a field a column of a table; metadata for attrs.

    Args:
        heading: What tables usually call it.
        words: Pattern of what else they call it; empty if it must be there.
        is_class: Whether rows are classed by it.
        values: See `Likeness`.
    """
    likeness = Likeness(re.compile(words), frozenset(values)) if words else None
    return {"heading": heading, "is_class": is_class, "likeness": likeness}


@attrs.frozen
class Heading:
    """
    What a table knows of one of its columns, from the declaration of its field.

    Attributes:
        name: Name of the field.
        heading: What tables usually call it.
        is_class: Whether rows are classed by it.
        likeness: How it is known by another name; None if it must be there.
        kind: How a cell is read and stored.
        default: What an empty cell means; None if nothing.
        is_required: Whether no cell may be empty.
        is_day: Whether it holds days.
        is_id: Whether it holds ids.
    """

    name: str
    heading: str
    is_class: bool
    likeness: Likeness | None
    kind: Kind
    default: Any
    is_required: bool
    is_day: bool
    is_id: bool

    @classmethod
    def of(cls, field: "attrs.Attribute[Any]", /) -> Self:
        """Take it from the declaration of the field."""
        is_required = field.default is attrs.NOTHING
        return cls(
            name=field.name,
            default=None if is_required else field.default,
            is_required=is_required,
            is_day=field.type in {dt.date, dt.date | None},
            is_id=field.type in {Id, Id | None},
            **field.metadata,
        )

    def take(self, cell: object, /) -> Any:  # noqa: ANN401
        """Read a cell, which may be empty."""
        return self.default if is_empty(cell) else self.kind.cell(cell, name="value")


# -- documents and digests ---------------------------------------------------


def _plain_cell(cell: object) -> object:
    """A cell as a plain JSON value: days as YYYY-MM-DD, members as their codes."""
    if isinstance(cell, enum.Enum):
        return cell.value
    if isinstance(cell, tuple):
        return [_plain_cell(part) for part in cell]
    return cell.isoformat() if isinstance(cell, dt.date) else cell


@attrs.frozen
class _Cells(Kind):
    """A column in a document."""

    def convert(self, given: Any, /) -> list[Any]:  # noqa: ANN401
        if not isinstance(given, list):
            raise invalid("column-type", name="value", type=type(given).__name__)
        return given

    def schema(self) -> dict[str, Any]:
        return {"type": "array"}


@value()
@attrs.frozen(field_transformer=declared)
class _Columns(Stored):
    columns: Mapping[str, Annotated[list[Any], _Cells()]]


class StoredColumns:
    """
    Base of tables that a host can store as a document and read back.

    Attributes:
        FORMAT: Name of the format, which stands in the document.
    """

    __slots__ = ()
    FORMAT: ClassVar[str] = ""

    @abc.abstractmethod
    def plain_columns(self) -> dict[str, list[Any]]:
        """Give the columns, with plain JSON values as cells."""

    @classmethod
    @abc.abstractmethod
    def of_plain_columns(cls, columns: Mapping[str, list[Any]], /) -> Self:
        """Read the columns of a document, and check their cells."""

    def to_dict(self) -> dict[str, Any]:
        """Give the table as a document of plain JSON values."""
        return {"format": self.FORMAT, "columns": self.plain_columns()}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read a document that `to_dict` made.

        Raises:
            InvalidInput: It is in another format, keys or columns are missing
                or unknown, or cells are faulty.
        """
        check_mapping(document, name="document", instead=f"{cls.__name__}.to_dict()")
        given = _Columns._of_fields(document, form=cls.FORMAT)  # noqa: SLF001
        return cls.of_plain_columns(given.columns)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """JSON Schema (2020-12) of the document."""
        about = _Columns.schema()
        about["properties"]["format"] = {"const": cls.FORMAT}
        return {**about, "title": cls.__name__}


class SetOfRows(StoredColumns):
    """Base of tables whose rows have no order: equal if their digests are."""

    __slots__ = ()

    @property
    @abc.abstractmethod
    def digest(self) -> str:
        """SHA-256 of the rows, in lower-case hex."""

    @abc.abstractmethod
    def __len__(self) -> int:
        """Number of rows."""

    def __eq__(self, other: object) -> bool:
        """Whether both hold the same rows."""
        if not isinstance(other, type(self)):
            return NotImplemented
        return self is other or (
            len(self) == len(other) and self.digest == other.digest
        )

    def __hash__(self) -> int:
        """Equal tables have equal hashes."""
        return hash(self.digest)


def known_columns(
    columns: Mapping[str, list[Any]],
    names: Mapping[str, str],
    /,
    *,
    optional: Collection[str] = (),
    what: str,
) -> dict[str, Column]:
    """Take columns as `columns_of` does, and reject unknown ones."""
    check_mapping(columns, name="columns", instead="{'id': […]}")
    faults = Faults()
    known = dict.fromkeys(names.values())
    for name, got in columns.items():
        if name not in known:
            place = shown_key(name)
            faults.add("key-unknown", column=place, got=got, known=[*known])
    faults.raise_any(what)
    return columns_of(columns, names, optional=optional, what=what)


_SHORT_LINE = 64  # bytes


def digest_of_columns(
    form: str, columns: Mapping[str, Categorical[Any]], keys: Sequence[str], /
) -> str:
    """
    SHA-256 of a table, whatever the order of its rows and columns, as hex.

    ``docs/reference/digests.md`` says what is hashed.

    Args:
        form: Name of the format of the hashed bytes.
        columns: [n rows each] By name; one without any value counts as absent.
        keys: Columns whose cells together tell every row from the others.

    Examples:
        >>> kind = Categorical.of(np.array([0, -1], np.int32), ["甲"])
        >>> ids = Categorical(np.array([0, 1], np.int32), ("S2", "S1"))
        >>> digest_of_columns("form/1", {"id": ids, "kind": kind}, ["id"])[:8]
        '6889f707'
    """
    n = len(columns[keys[0]])
    state = hashlib.sha256(_json_line([form, n]))
    numbered: dict[str, tuple[bytes, npt.NDArray[np.uint32]]] = {}
    for name in [*keys, *sorted(columns.keys() - {*keys})]:
        column = columns[name]
        if column.categories:
            lines, places = _in_order([*map(_json_text, column.categories)])
            head = _json_line([name, len(column.categories)])
            numbered[name] = (head + lines, np.append(places, np.uint32(0)))
    sorters = [numbered[k][1][columns[k].codes] for k in keys if k in numbered]
    rows = np.lexsort(sorters[::-1]) if sorters else np.arange(n)
    for name, (lines, places) in numbered.items():
        state.update(lines)
        numbers = places[columns[name].codes[rows]]  # code -1 is the last
        state.update(numbers.astype(">u4").tobytes())
    return state.hexdigest()


def _json_text(cell: object) -> str:
    if isinstance(cell, str):
        return encode_basestring(cell)
    return json.dumps(_plain_cell(cell), ensure_ascii=False, separators=(",", ":"))


def _json_line(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"{text}\n".encode()


def _in_order(texts: Sequence[str]) -> tuple[bytes, npt.NDArray[np.uint32]]:
    """
    Sort texts by their UTF-8 bytes.

    Args:
        texts: [k strings] Distinct, without line feeds; one or more.

    Returns:
        The sorted texts, each ended by a line feed; and [k] the place of each
        text among them, counted from 1.
    """
    joined = np.frombuffer(("\n".join(texts) + "\n").encode(), np.uint8)
    lengths = np.diff(np.flatnonzero(joined == ord("\n")) + 1, prepend=0)
    width = -(-int(lengths.max()) // 8) * 8
    if width > _SHORT_LINE:
        # Texts sort by code point, which is the order of their UTF-8 bytes.
        order = np.array(sorted(range(len(texts)), key=texts.__getitem__))
        lines = "".join(f"{texts[k]}\n" for k in order.tolist()).encode()
    else:
        # Eight bytes are one number; a text that ends sorts before one that goes on.
        table = np.zeros((len(texts), width), dtype=np.uint8)
        there = np.arange(width) < lengths[:, np.newaxis]
        table[there] = joined
        words = table.view(">u8").astype(np.uint64)
        words = words[:, (words != words[0]).any(axis=0)]
        order = np.lexsort(words.T[::-1]) if words.size else np.zeros(1, np.intp)
        lines = table[order][there[order]].tobytes()
    places = np.empty(len(texts), dtype=np.uint32)
    places[order] = np.arange(1, len(texts) + 1)
    return lines, places
