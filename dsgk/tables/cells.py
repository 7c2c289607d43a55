"""Cells of columns: ids, labels, days, counts, yes and no, and what is empty."""

import contextlib
import datetime as dt
import operator
import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, InvalidTypeError, InvalidValueError, shown
from dsgk.identifiers import check_id, check_label, id_faults, plain
from dsgk.tables.columns import CHINA, Column


__all__ = [
    "Categorical",
    "Days",
    "check_day",
    "holds_days",
    "is_empty",
    "read_column",
    "read_count",
    "read_day",
    "read_days",
    "read_flag",
    "read_id_column",
    "read_ids",
    "read_label",
    "read_value",
    "whole_number",
]

Days = npt.NDArray[np.datetime64]
"""Days as an array of datetime64[D]."""

_V = TypeVar("_V", bound=Hashable)

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SOME_DAY = re.compile(
    r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?:[T ].*)?"
)
_WHOLE = re.compile(r"0|[1-9][0-9]*")
_FIRST_DAY = np.datetime64("0001-01-01", "D")
_LAST_DAY = np.datetime64("9999-12-31", "D")
_DAY_UNITS = frozenset({"D", "h", "m", "s", "ms", "us", "ns"})
_LIMIT = 2**53
_LIMIT_DIGITS = len(str(_LIMIT))


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

    @classmethod
    def of(
        cls, codes: npt.NDArray[np.int32], values: Sequence[_V], /
    ) -> "Categorical[_V]":
        """
        Make a column of codes whose *values* may come in any order.

        Args:
            codes: [n, int32] Positions in *values*, -1 for an empty cell.
            values: Distinct values; those that no row has are left out.
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


def is_empty(cell: object) -> bool:
    """Whether a cell is empty: None, NaN, NaT, pd.NA, masked, or the empty text."""
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
        if is_empty(cell):
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
    return Categorical.of(new[codes], values), faults


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
    return tuple(column if kinds == {str} else map(plain, column)), []


def read_id_column(
    column: Column, /, *, name: str
) -> tuple[Categorical[str], list[Fault]]:
    """
    Read a column of ids that may repeat, such as the subject of each check.

    Args:
        column: [n cells] As `columns_of` returns it.
        name: What the faults call the column.

    Returns:
        The column by its distinct ids, and a fault for each row that has none
        that is valid; an empty cell is no fault.

    Examples:
        >>> read_id_column(["S1", None, "S1"], name="subject_id")[0].cells()
        ['S1', None, 'S1']
    """
    codes, cells = _codes_and_cells(column)
    if set(map(type, cells)) - {str, type(None)}:
        return read_column(column, check_id, name=name)
    there = np.fromiter(map(bool, cells), dtype=bool, count=len(cells))
    ids = list(filter(None, cells))
    if id_faults(ids, name=name):
        return read_column(column, check_id, name=name)
    new = np.full(len(cells), -1, dtype=np.int32)
    new[there] = np.arange(len(ids), dtype=np.int32)
    return Categorical.of(new[codes], ids), []


def read_label(cell: object, /, *, name: str) -> str:
    """
    Read a cell of text that classes are made of, such as a kind or an area.

    Raises:
        InvalidTypeError: The cell is not text.
        InvalidValueError: The text is no valid label (see `check_label`).
    """
    if not isinstance(cell, str):
        msg = (
            f"{name!r} must be text (got {shown(cell)} of type "
            f"{type(cell).__name__!r}). Read the table with this column as text, in "
            "pandas with dtype=str."
        )
        raise InvalidTypeError(
            msg, code="label-type", params={"name": name, "type": type(cell).__name__}
        )
    return check_label(cell, name=name)


def read_value(cell: object, /, *, name: str) -> str | bool | int:
    """
    Read a cell of a further attribute: text, a bool or a whole number.

    A float that is a whole number is read as that number, because tables with
    an empty cell turn whole numbers into floats.

    Raises:
        InvalidTypeError: The cell is none of these.
        InvalidValueError: The text is no valid label (see `check_label`), or
            the number is not between -2**53 and 2**53: other programs read
            one beyond as another.
    """
    if isinstance(cell, str):
        return read_label(cell, name=name)
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    if isinstance(cell, (int, np.integer)) or (
        isinstance(cell, (float, np.floating)) and float(cell).is_integer()
    ):
        number = int(cell)
        if abs(number) < _LIMIT:
            return number
        msg = (
            f"{name!r} must be between -2**53 and 2**53 (got {shown(cell)}). "
            "Read long numbers, such as codes, as text."
        )
        raise InvalidValueError(
            msg, code="value-range", params={"name": name, "value": cell}
        )
    msg = (
        f"{name!r} must be text, a bool or an int (got {shown(cell)} of type "
        f"{type(cell).__name__!r}). Write the class that it stands for, such as 'A'."
    )
    raise InvalidTypeError(
        msg, code="value-type", params={"name": name, "type": type(cell).__name__}
    )


def read_count(cell: object, /, *, name: str) -> int:
    """
    Read a cell that counts something: 3, ``"3"``, or 3.0.

    A float that is a whole number is read, as by `read_value`.

    Raises:
        InvalidTypeError: The cell is neither a number nor text.
        InvalidValueError: It is not a whole number of 0 or more.
    """
    if isinstance(cell, (bool, np.bool_)) or not isinstance(
        cell, (int, float, str, np.integer, np.floating)
    ):
        msg = (
            f"{name!r} must be a whole number (got {shown(cell)} of type "
            f"{type(cell).__name__!r}). Write an int, such as 3."
        )
        raise InvalidTypeError(
            msg, code="count-type", params={"name": name, "type": type(cell).__name__}
        )
    if (isinstance(cell, str) and not _WHOLE.fullmatch(cell)) or (
        isinstance(cell, (float, np.floating)) and not float(cell).is_integer()
    ):
        msg = (
            f"{name!r} must be a whole number (got {shown(cell)}). Write digits "
            "alone, such as 3."
        )
        raise InvalidValueError(
            msg, code="count-form", params={"name": name, "value": cell}
        )
    is_long = isinstance(cell, str) and len(cell) > _LIMIT_DIGITS
    count = _LIMIT if is_long else int(cell)
    if not 0 <= count < _LIMIT:
        msg = (
            f"{name!r} must be 0 or more and below 2**53 (got {shown(cell)}). "
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
        f"{name!r} must be True or False, 1 or 0, '是' or '否' (got {shown(cell)}). "
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
        is_fine = holds_days(cell.dtype)
        if is_fine and cell != cell.astype("datetime64[D]"):
            raise _time_of_day(cell, name)
        day = cell.astype("datetime64[D]").item() if is_fine else None
        cell = day if isinstance(day, dt.date) else cell  # NumPy knows more years
    if isinstance(cell, dt.datetime):
        if cell.utcoffset() is not None:
            with contextlib.suppress(OverflowError):  # at either end of time
                cell = cell.astimezone(CHINA)
        elif cell.time() != dt.time() or getattr(cell, "nanosecond", None):
            raise _time_of_day(cell, name)
    if isinstance(cell, dt.date):
        return dt.date(cell.year, cell.month, cell.day)
    msg = (
        f"{name!r} must be a day (got {shown(cell)} of type "
        f"{type(cell).__name__!r}). Write a date, such as date(2025, 3, 1), or the "
        "text '2025-03-01'."
    )
    raise InvalidTypeError(
        msg, code="day-type", params={"name": name, "type": type(cell).__name__}
    )


def holds_days(dtype: np.dtype[Any], /) -> bool:
    """Whether an array holds days or points in time, not weeks, months or years."""
    if dtype.kind != "M":
        return False
    unit, step = np.datetime_data(dtype)
    return unit in _DAY_UNITS and (unit, step > 1) != ("D", True)


def check_day(day: object, /, *, name: str) -> dt.date:
    """
    Return a day that is an argument, not a cell: a date or an aware datetime.

    Args:
        day: The day; an aware datetime is its day in China.
        name: What the message calls it.

    Raises:
        InvalidTypeError: *day* is something else, or a naive datetime.

    Examples:
        >>> check_day(dt.datetime(2025, 3, 1, 20, tzinfo=dt.timezone.utc), name="on")
        datetime.date(2025, 3, 2)
    """
    if type(day) is dt.date:  # almost every call
        return day
    if not isinstance(day, dt.date) or is_empty(day):
        msg = f"{name!r} must be a date (got {shown(day)}). Write date(2025, 3, 1)."
        raise InvalidTypeError(
            msg, code="day-type", params={"name": name, "value": day}
        )
    if isinstance(day, dt.datetime) and day.utcoffset() is None:
        msg = (
            f"{name!r} must be a date or an aware datetime (got the naive {day!r}). "
            "Write its .date() where it is a day in China, or give it its time zone."
        )
        raise InvalidTypeError(
            msg, code="datetime-naive", params={"name": name, "value": day}
        )
    return read_day(day, name=name)


def whole_number(value: object, /) -> int | None:
    """
    Return the int that an argument is, NumPy's integers included, else None.

    A bool is no number here, and a float is none even where it is whole.

    Examples:
        >>> whole_number(np.int64(20)), whole_number(True), whole_number(20.0)
        (20, None, None)
    """
    if isinstance(value, (bool, np.bool_)):  # an index to old NumPy
        return None
    try:
        return operator.index(value)  # type: ignore[arg-type]
    except TypeError:
        return None


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
            with contextlib.suppress(ValueError, OverflowError):
                moment = dt.datetime.fromisoformat(guess.string)
                day = moment.astimezone(CHINA).date() if moment.tzinfo else day
            advice = f"Write {day.isoformat()!r} instead."
        except ValueError:
            pass
    msg = f"{name!r} must be a day as YYYY-MM-DD (got {shown(text)}). {advice}"
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
    if not holds_days(column.dtype):
        msg = (
            f"{name!r} must be a column of days (got a column of {column.dtype}). "
            "Turn the numbers into dates when the table is read."
        )
        empty = np.full(len(column), np.datetime64("NaT", "D"), dtype="datetime64[D]")
        if not len(column) or (column != column).all():  # noqa: PLR0124
            return empty, []
        return empty, [
            Fault("day-type", msg, column=name, params={"type": str(column.dtype)})
        ]
    days: Days = column.astype("datetime64[D]")
    there = ~np.isnat(column)
    timed = there & (days != column)
    outside = there & ((days < _FIRST_DAY) | (days > _LAST_DAY))
    days[timed | outside] = np.datetime64("NaT", "D")
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
