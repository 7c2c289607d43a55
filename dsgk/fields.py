"""
How a value declares its fields: conversion, faults, storage, schema.

A field is declared once, by the annotation of an attrs class::

    @value("dsgk-inspector/1")
    @attrs.frozen(kw_only=True, field_transformer=declared)
    class Inspector(Stored):
        id: Id
        certified: bool = True
        skills: frozenset[Label] = attrs.field(default=frozenset(), converter=labels)
        capacity: Natural | None = None

From the annotation follow the *kind* of the field and with it: conversion of
what is written (a text where one is unambiguous, such as an ISO day or the
code of a closed list), all faults of the value at once, ``to_dict`` and
``from_dict``, and the JSON Schema of the document.  ``__attrs_post_init__``
holds relations between fields only.  Where a field takes more than it holds, the class
names a converter of its own, whose argument type checkers read.
"""

import contextlib
import datetime as dt
import enum
import functools
import itertools
import json
import operator
import re
import types
import typing
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, ClassVar, Self, TypeVar, cast

import attrs
import numpy as np

from dsgk._cells import MOST_DIGITS, number_text, read_names
from dsgk.errors import (
    DsgkError,
    Fault,
    Faults,
    FrozenDict,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    faults_of,
    invalid,
    placed,
    shown,
    shown_key,
)
from dsgk.identifiers import check_id, check_label, is_nothing, latin_grade


__all__ = [
    "CHINA",
    "MOST",
    "Coded",
    "Exact",
    "Id",
    "Kind",
    "Label",
    "Member",
    "Natural",
    "Note",
    "Positive",
    "Share",
    "Stored",
    "Text",
    "Title",
    "Value",
    "Whole",
    "accepted",
    "check_count",
    "check_day",
    "check_mapping",
    "check_text",
    "check_type",
    "check_whole",
    "day_in",
    "declared",
    "faults_of",
    "is_empty",
    "kind_of",
    "labels",
    "listed",
    "names_once",
    "of_type",
    "placed",
    "plain_fields",
    "read_count",
    "read_day",
    "read_flag",
    "read_id",
    "read_label",
    "read_value",
    "several",
    "some",
    "take",
    "text_fault",
    "trusted",
    "value",
    "values_in",
    "whole_cell",
    "whole_number",
]

_V = TypeVar("_V")
_C = TypeVar("_C", bound=type)

CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""The one time zone of China, without summer time since 1991."""

MOST = 2**53 - 1
"""The largest whole number that every reader of JSON keeps exactly."""

_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SOME_DAY = re.compile(
    r"([0-9]{4})[-/.年]?([0-9]{1,2})[-/.月]?([0-9]{1,2})日?(?:[T ].*)?"
)
_LONGEST_NUMBER = 64
_LONGEST_DAY = 64  # a day with its time and zone
_SOME_COUNT = re.compile(
    r"(\d{1,15}|\d{1,3}(?:,\d{3}){1,4})(?:\.0*)?\s*[次家户个人]?", re.ASCII
)
_DIGITS = re.compile(r"0|[1-9][0-9]*")
_SURROGATE = re.compile("[\ud800-\udfff]")
_YES = frozenset({"是", "有", "对", "yes", "y", "true", "t", "1", "1.0", "√", "✓", "✔"})
_NO = frozenset(
    {"否", "没有", "不是", "no", "n", "false", "f", "0", "0.0", "×", "✗", "✘"}
)
_DAY_UNITS = frozenset({"D", "h", "m", "s", "ms", "us", "ns"})


# -- one cell or argument ----------------------------------------------------


def is_empty(cell: object) -> bool:
    """Whether a cell is empty: None, NaN, NaT, pd.NA, masked, or the empty text."""
    if isinstance(cell, str):
        return not cell
    if cell is None or cell is np.ma.masked or type(cell).__name__ == "NAType":
        return True
    if isinstance(cell, Decimal):  # of which one kind cannot be compared
        return cell.is_nan()
    try:
        return type(cell).__hash__ is not None and bool(cell != cell)  # noqa: PLR0124
    except Exception:  # noqa: BLE001  (no reader takes such a cell)
        return False


def read_id(cell: object, /, *, name: str = "value", words: bool = True) -> str:
    """Read a cell that holds an id (see `check_id`), which `is_nothing` is not."""
    if isinstance(cell, str) and is_nothing(cell, words=words):
        raise invalid("id-nothing", name=name, text=cell)
    return check_id(cast("str", cell), name=name)


def read_label(cell: object, /, *, name: str = "value") -> str:
    """
    Read a cell that names a class, such as a kind or an area (see `check_label`).

    A class in letters that only look like Latin ones is refused.
    """
    if not isinstance(cell, str):
        raise invalid("label-type", name=name, got=cell)
    label = check_label(cell, name=name)
    grade = latin_grade(label)
    if grade:
        raise invalid("label-lookalike", name=name, text=label, instead=grade)
    return label


def _something(cell: object, name: str, *, words: bool = True) -> None:
    """Reject a text that only says that a cell holds nothing, such as nan or 无."""
    if isinstance(cell, str) and is_nothing(cell, words=words):
        raise invalid("cell-nothing", name=name, text=cell, instead="")


def whole_cell(cell: object, /) -> int | None:
    """
    Return the int that a cell is, whatever its container made of it, else None.

    Examples:
        >>> [whole_cell(n) for n in (3, 3.0, Decimal("3.00"), np.float32(3), 3.5, "3")]
        [3, 3, 3, 3, None, None]
    """
    number = whole_number(cell)
    if number is None and isinstance(cell, (float, np.floating, Decimal)):
        text = number_text(cell)
        number = None if text is None or "." in text else int(text)
    return number


def read_value(cell: object, /, *, name: str = "value") -> str | bool | int:
    """
    Read a cell of a further attribute: a label, a bool or a whole number.

    The text 无 is a label, that of who has none; nan and its like are refused.

    Whole floats and Decimals are read as ints.  Numbers beyond 2**53 are rejected,
    because other programs would read them as their neighbours.
    """
    if isinstance(cell, str):
        _something(cell, name, words=False)
        return read_label(cell, name=name)
    if isinstance(cell, (bool, np.bool_)):
        return bool(cell)
    number = whole_cell(cell)
    if number is None:
        raise invalid("value-type", name=name, got=cell)
    if abs(number) > MOST:
        raise invalid("value-range", name=name, got=cell)
    return number


def read_count(
    cell: object, /, *, name: str = "value", least: int = 0, most: int = MOST
) -> int:
    """Read a cell that counts something: 3, ``"3"``, 3.0, or a Decimal of 3."""
    if isinstance(cell, str) and _DIGITS.fullmatch(cell):
        # Python reads no text of more than some thousand digits.
        number: int | None = int(cell) if len(cell) <= len(str(most)) else most + 1
    else:
        number = whole_cell(cell)
    if number is None:
        _something(cell, name)
        if isinstance(cell, (str, float, np.floating, Decimal)):
            raise invalid("count-form", name=name, got=cell, instead=_count_in(cell))
        raise invalid("count-type", name=name, got=cell)
    if number < least:
        raise invalid("count-range", name=name, got=cell, least=least)
    if number > most:
        raise invalid("count-most", name=name, got=cell, most=most)
    return number


def _count_in(cell: object) -> int | None:
    """The count that a text must mean: １２, 3.0, 3次, 1,200."""
    if not isinstance(cell, str) or len(cell) > _LONGEST_NUMBER:
        return None
    found = _SOME_COUNT.fullmatch(unicodedata.normalize("NFKC", cell).strip())
    return int(found[1].replace(",", "")) if found else None


def check_count(
    number: object, /, *, name: str = "value", least: int = 0, most: int = MOST
) -> int:
    """
    Return an argument that counts something: as `read_count`, but no text.

    Examples:
        >>> check_count(np.int8(4), name="visits_per_day", least=1)
        4
    """
    if isinstance(number, str):
        raise invalid("count-type", name=name, got=number)
    return read_count(number, name=name, least=least, most=most)


def check_whole(number: object, /, *, name: str, least: int | None = None) -> int:
    """Return an argument that is an int, NumPy's included; no float, no bool."""
    whole = whole_number(number)
    if whole is None:
        raise invalid("count-type", name=name, got=number)
    if least is not None and whole < least:
        raise invalid("count-range", name=name, got=whole, least=least)
    return whole


def read_flag(cell: object, /, *, name: str = "value") -> bool:
    """Read a cell that says yes or no: True, 1, ``"是"``; False, 0, ``"否"``."""
    if isinstance(cell, str):
        if cell in {"是", "否"}:
            return cell == "是"
    elif isinstance(cell, (bool, np.bool_)) or (
        isinstance(cell, (int, float, Decimal, np.integer, np.floating))
        and whole_cell(cell) in {0, 1}
    ):
        return bool(cell)
    _something(cell, name, words=False)
    raise invalid("flag-form", name=name, got=cell, instead=_flag_in(cell))


def _flag_in(cell: object) -> str | None:
    """The answer that a text must mean."""
    if not isinstance(cell, str) or len(cell) > _LONGEST_NUMBER:
        return None
    text = unicodedata.normalize("NFKC", cell).strip().casefold()
    return "是" if text in _YES else "否" if text in _NO else None


def read_day(cell: object, /, *, name: str = "value") -> dt.date:
    """
    Read a cell that is a day: a date, a point in time, or ``"2025-03-01"``.

    A point in time with a zone becomes its day in China.  Without one it must
    be midnight, which is how table libraries write days; any other hour is
    rejected, because nobody knows in which zone it was.

    Examples:
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
    raise invalid("day-type", name=name, got=cell)


def holds_days(dtype: "np.dtype[Any]", /) -> bool:
    """Whether an array holds days or points in time, not weeks, months or years."""
    if dtype.kind != "M":
        return False
    unit, step = np.datetime_data(dtype)
    return unit in _DAY_UNITS and (unit, step > 1) != ("D", True)


def check_day(day: object, /, *, name: str = "value") -> dt.date:
    """
    Return the day of an argument: a date, or the day in China of an aware datetime.

    Examples:
        >>> check_day(dt.datetime(2025, 3, 1, 20, tzinfo=dt.timezone.utc), name="on")
        datetime.date(2025, 3, 2)
    """
    if type(day) is dt.date:  # almost every call
        return day
    if not isinstance(day, dt.date) or is_empty(day):
        instead = "a date, such as date(2025, 3, 1)"
        raise invalid("day-type", name=name, got=day, instead=instead)
    if isinstance(day, dt.datetime) and day.utcoffset() is None:
        raise invalid("datetime-naive", name=name, got=day)
    return read_day(day, name=name)


def whole_number(value: object, /) -> int | None:
    """
    Return an int, NumPy's included; None for anything else, bools and floats too.

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
    instead = None
    if _ISO_DAY.fullmatch(text):
        with contextlib.suppress(ValueError):
            return dt.date.fromisoformat(text)
    elif len(text) <= _LONGEST_DAY and (
        guess := _SOME_DAY.fullmatch(unicodedata.normalize("NFKC", text).strip())
    ):
        with contextlib.suppress(ValueError):
            day = dt.date(*map(int, guess.groups()))
            with contextlib.suppress(ValueError, OverflowError):
                moment = dt.datetime.fromisoformat(guess.string)
                day = moment.astimezone(CHINA).date() if moment.tzinfo else day
            instead = day.isoformat()
    _something(text, name)
    raise invalid("day-form", name=name, text=text, instead=instead)


def _time_of_day(cell: object, name: str) -> DsgkError:
    text = str(cell)
    return invalid("day-time", name=name, value=text, instead=day_in(text))


def day_in(text: str, /) -> str | None:
    """The day of a point in time as Python and NumPy write it; None if beyond."""
    return text[:10] if _ISO_DAY.match(text) else None


def text_fault(text: object, /, *, name: str) -> Fault | None:
    """Tell what is wrong with a free text: another type, or a lone surrogate."""
    if not isinstance(text, str):
        return Fault.of("text-type", name=name, got=text)
    if text.isascii():
        return None
    surrogate = _SURROGATE.search(text)
    if surrogate is None:
        return None
    return Fault.of(
        "text-surrogate", name=name, got=text, character=f"U+{ord(surrogate[0]):04X}"
    )


def check_text(text: object, /, *, name: str = "value") -> str:
    """
    Return an argument that is a free text, such as a name to look for.

    Raises:
        InvalidTypeError: *text* is no text.
        InvalidValueError: It has a lone surrogate.
    """
    if type(text) is str and (text.isascii() or not _SURROGATE.search(text)):
        return text
    fault = text_fault(text, name=name)
    if fault:
        raise fault.error()
    return str.__str__(cast("str", text))


# -- arguments as a whole ----------------------------------------------------


def check_type(
    value: object, kind: type, /, *, name: str, instead: str | None = None
) -> None:
    """
    Reject an argument that is not of a class.

    Args:
        value: The argument.
        kind: The class.
        name: What the message calls the argument.
        instead: What to write; by default a call of the class.
    """
    if not isinstance(value, kind):
        of = kind.__name__
        raise invalid("argument-type", name=name, type=of, got=value, instead=instead)


def check_mapping(value: object, /, *, name: str, instead: str) -> Mapping[Any, Any]:
    """Return an argument that is a mapping; reject any other."""
    if not isinstance(value, Mapping):
        raise invalid("argument-mapping", name=name, got=value, instead=instead)
    return value


def values_in(values: object, /) -> Iterator[Any] | None:
    """
    Go through several values; None for a single one.

    A text or a mapping counts as one value, though Python could go through it;
    so does an array without dimensions.
    """
    if isinstance(values, (tuple, list, frozenset)):  # almost always
        return iter(values)
    if isinstance(values, (str, bytes, Mapping)):
        return None
    try:
        return iter(cast("Iterable[Any]", values))
    except TypeError:  # an array without dimensions says it can
        return None


def accepted(values: object, /, *, name: str) -> tuple[Any, ...]:
    """Take the values that a condition accepts in a field; not one alone."""
    found = values_in(values)
    if found is None:
        is_one = values is None or isinstance(values, (str, int, enum.Enum))
        instead = f"{{{shown(values)}}}" if is_one else None
        raise invalid("selection-set", name=name, got=values, instead=instead)
    return tuple(found)


def listed(values: object, kind: type, /, *, name: str) -> tuple[Any, ...]:
    """
    Take several values; reject one alone, a text or a mapping.

    Args:
        values: The argument.
        kind: What the message says each of them should be; not checked.
        name: What the message calls the argument.
    """
    return _listed(values, kind.__name__, name)


def _listed(
    values: object, kind: str, name: str, *, as_set: bool = False
) -> tuple[Any, ...]:
    found = values_in(values)
    if found is not None:
        return tuple(found)
    instead = "{…}" if as_set else None
    if isinstance(values, str) and kind == "str":
        instead = f"{{{shown(values)}}}" if as_set else f"[{shown(values)}]"
    raise invalid("argument-list", name=name, type=kind, got=values, instead=instead)


def of_type(
    values: object, kind: type[_V], /, *, name: str
) -> tuple[dict[int, _V], Faults]:
    """
    Take several values of a class, or their fields as mappings.

    Returns:
        The values by row, and the faults of the other rows.
    """
    right: dict[int, _V] = {}
    faults = Faults()
    entries = listed(values, kind, name=name)
    others = []
    for row, entry in enumerate(entries):
        if isinstance(entry, kind):
            right[row] = entry
        elif isinstance(entry, Mapping) and issubclass(kind, Stored):
            with faults.catch(row=row):
                right[row] = kind._of_fields(entry)  # noqa: SLF001
        else:
            others.append(row)

    of, got = kind.__name__, entries.__getitem__
    faults.add_rows(others, "argument-type", column=name, type=of, got=got)
    return right, faults


def several(values: object, kind: type[_V], /, *, name: str) -> tuple[_V, ...]:
    """Take several values of a class, or their fields as mappings."""
    right, faults = of_type(values, kind, name=name)
    faults.raise_any(f"list {name!r}")
    return tuple(right.values())


# -- closed lists ------------------------------------------------------------


class Coded(enum.Enum):
    """
    Base of a closed list, with members ``(code, label, *other texts)``.

    Attributes:
        label: The Chinese term, for people.
        texts: Code, label and all other texts that mean the member.

    Examples:
        >>> class Answer(Coded):
        ...     YES = ("yes", "是", "对")
        ...     NO = ("no", "否")
        >>> Answer.read("对"), Answer.YES.code, Answer.YES.label
        (<Answer.YES: 'yes'>, 'yes', '是')
        >>> Answer.read("也许", name="answer")
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: 'answer' must be one of a closed list (got '也许'). Write one of: yes (是), no (否).
    """  # noqa: E501

    label: str
    texts: tuple[str, ...]

    def __new__(cls, code: str, *_: object) -> Self:
        """Make a member whose value is its code, so that it pickles as that."""
        member = object.__new__(cls)
        member._value_ = code
        return member

    def __init__(self, code: str, label: str, *others: str) -> None:
        self.label = label
        self.texts = (code, label, *others)

    @property
    def code(self) -> str:
        """Stable key, for tables and documents."""
        return str(self._value_)

    @classmethod
    def read(cls, cell: object, /, *, name: str = "value") -> Self:
        """
        Read a member: itself or one of its texts, full-width signs allowed.

        Raises:
            InvalidValueError: It is not on the list; the message shows the list.
        """
        return read_member(cls, cell, name=name)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


@functools.cache
def _members(kind: type[enum.Enum]) -> Mapping[str, Any]:
    return {
        _folded(text): member
        for member in kind
        for text in getattr(member, "texts", (member.value, member.name))
    }


@functools.cache
def _listing(kind: type[enum.Enum]) -> str:
    return ", ".join(
        f"{member.value} ({member.label})"
        if isinstance(member, Coded)
        else member.value
        for member in kind
    )


_E = TypeVar("_E", bound=enum.Enum)


def read_member(kind: type[_E], cell: object, /, *, name: str = "value") -> _E:
    """Read a member of a closed list: itself or one of its texts."""
    if isinstance(cell, kind):
        return cell
    if isinstance(cell, str):
        known = _members(kind)
        member = known.get(cell)
        if member is None and len(cell) <= 4 * max(map(len, known)):
            member = known.get(_folded(cell))
        if member is not None:
            return cast("_E", member)
    raise invalid("not-in-list", name=name, got=cell, known=_listing(kind))


# -- kinds -------------------------------------------------------------------


@attrs.frozen
class Kind:
    """
    What a field holds: how it is converted, stored and described.

    `Kind` itself takes any value as it is; the others build on it.
    """

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        """
        Take a value of the field, or the text or plain JSON value of one.

        Raises:
            DsgkError: It is neither. The class adds the name of its field.
        """
        return given

    def cell(self, given: Any, /, *, name: str) -> Any:  # noqa: ANN401, ARG002
        """Take a cell that is not empty: also digits as text, 是, or 甲、乙."""
        return self.convert(given)

    def plain(self, held: Any, /) -> Any:  # noqa: ANN401
        """Turn a value of the field into a plain JSON value."""
        return held

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the plain value."""
        return {}


@attrs.frozen
class _Checked(Kind):
    """A value that a function checks, and that is plain already."""

    check: Callable[[Any], Any]
    about: dict[str, Any] = attrs.field(hash=False)

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        return self.check(given)

    def schema(self) -> dict[str, Any]:
        return dict(self.about)


def _read_title(given: object, /) -> str:
    text = check_text(given)
    if not text.strip():
        raise invalid("text-empty", name="value", got=text)
    return text


def _read_note(given: object, /) -> str:
    return "" if isinstance(given, str) and not given else read_label(given)


def _read_bool(given: object, /) -> bool:
    return given if isinstance(given, bool) else read_flag(given)


_TEXT = _Checked(check_text, {"type": "string"})
_FLAG = _Checked(_read_bool, {"type": "boolean"})


@attrs.frozen
class _Named(_Checked):
    """A text by which things are told apart; in a cell, nan is none."""

    is_id: bool = attrs.field(kw_only=True)

    def cell(self, given: Any, /, *, name: str) -> str:  # noqa: ANN401
        if self.is_id:
            return read_id(given, name=name)
        _something(given, name)
        return read_label(given, name=name)


_SOME_TEXT = {"type": "string", "minLength": 1}
Id = Annotated[str, _Named(check_id, _SOME_TEXT, is_id=True)]
"""A text that `dsgk.check_id` accepts."""
Label = Annotated[str, _Named(read_label, _SOME_TEXT, is_id=False)]
"""A text that names a class; see `dsgk.identifiers.check_label`."""
Note = Annotated[str, _Checked(_read_note, {"type": "string"})]
"""A label, or the empty text."""
Text = Annotated[str, _TEXT]
"""Any text that can be written as UTF-8; may be empty."""
Title = Annotated[str, _Checked(_read_title, {"type": "string", "minLength": 1})]
"""A text that is not blank."""


@attrs.frozen
class Whole(Kind):
    """A whole number from *least* to *most*."""

    least: int = -MOST
    most: int = MOST

    def convert(self, given: Any, /) -> int:  # noqa: ANN401
        """Take an int, or a float that is whole; no text."""
        if type(given) is int and self.least <= given <= self.most:  # almost every one
            return given
        return check_count(given, least=self.least, most=self.most)

    def cell(self, given: Any, /, *, name: str) -> int:  # noqa: ANN401
        """Take a number, or its digits as text."""
        return read_count(given, name=name, least=self.least, most=self.most)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the number."""
        return {"type": "integer", "minimum": self.least, "maximum": self.most}


Natural = Annotated[int, Whole(least=0)]
"""A whole number of 0 or more."""
Positive = Annotated[int, Whole(least=1)]
"""A whole number of 1 or more."""


@attrs.frozen
class _Day(Kind):
    def convert(self, given: Any, /) -> dt.date:  # noqa: ANN401
        if type(given) is dt.date:
            return given
        return read_day(given) if isinstance(given, str) else check_day(given)

    def cell(self, given: Any, /, *, name: str) -> dt.date:  # noqa: ANN401
        return read_day(given, name=name)

    def plain(self, held: dt.date, /) -> str:
        return held.isoformat()

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


@attrs.frozen
class Exact(Kind):
    """A fraction from *least* to *most*, or the text ``"1/4"``, ``"25%"``."""

    least: int | None = None
    most: int | None = None

    def convert(self, given: Any, /) -> Fraction:  # noqa: ANN401
        """Take a Fraction, an int, a finite Decimal, or a text; no float."""
        number = given if type(given) is Fraction else _exact(given)
        if number is None:
            code = "number-form" if isinstance(given, str) else "number-type"
            raise invalid(code, name="value", got=given)
        least, most = self.least, self.most
        if (least is not None and number < least) or (
            most is not None and number > most
        ):
            raise invalid(
                "number-range", name="value", got=number, least=least, most=most
            )
        return number

    def plain(self, held: Fraction, /) -> str:
        """Write it in lowest terms."""
        return str(held)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the text."""
        return {"type": "string", "pattern": "^-?[0-9]+(/[0-9]+)?$"}


def _exact(given: object) -> Fraction | None:
    """The exact number, None if it is none."""
    if isinstance(given, str):
        text, percent = (given[:-1], 100) if given.endswith("%") else (given, 1)
        if len(text) <= _LONGEST_NUMBER and "e" not in text.lower():
            with contextlib.suppress(ValueError, ZeroDivisionError):
                return Fraction(text) / percent
        return None
    if isinstance(given, Fraction) or (
        isinstance(given, Decimal)
        and given.is_finite()
        and abs(given.adjusted()) < MOST_DIGITS
    ):
        return Fraction(given)
    number = whole_number(given)
    return None if number is None else Fraction(number)


Share = Annotated[Fraction, Exact(least=0, most=1)]
"""An exact number from 0 to 1."""


@attrs.frozen
class Member(Kind):
    """A member of a closed list, read as the list reads its texts."""

    members: type[enum.Enum]

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        """Take a member, or one of its texts."""
        if type(given) is self.members:
            return given
        if issubclass(self.members, Coded):
            return self.members.read(given)
        return read_member(self.members, given)

    def plain(self, held: enum.Enum, /) -> Any:  # noqa: ANN401
        """Give its code."""
        return held.value

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the codes."""
        return {"enum": [member.value for member in self.members]}


@attrs.frozen
class Value(Kind):
    """A value of the class *of*, also as its document, or as text if it has `parse`."""

    of: type

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        """Take a value, its document, or its text."""
        if type(given) is self.of:  # almost every one
            return given
        parse = getattr(self.of, "parse", None)
        if isinstance(given, str) and parse is not None:
            return parse(given)
        if isinstance(given, Mapping) and issubclass(self.of, Stored):
            return self.of._of_fields(given)  # noqa: SLF001
        if isinstance(given, Mapping) and hasattr(self.of, "from_dict"):
            return self.of.from_dict(given)
        check_type(given, self.of, name="value")
        return given

    def plain(self, held: Any, /) -> Any:  # noqa: ANN401
        """Give its fields, its document, or its text."""
        if isinstance(held, Stored):
            return plain_fields(held)
        return held.to_dict() if hasattr(held, "to_dict") else str(held)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of its fields."""
        if issubclass(self.of, Stored):
            return self.of._fields_schema()  # noqa: SLF001
        if hasattr(self.of, "schema"):
            return {k: v for k, v in self.of.schema().items() if k != "$schema"}
        return {"type": "object" if hasattr(self.of, "to_dict") else "string"}


@attrs.frozen
class _Several(Kind):
    """Several values of one kind, in order or as a set."""

    inner: Kind
    as_set: bool
    least: int = 0

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        kind = _called(self.inner)
        every = _listed(given, kind, "value", as_set=self.as_set)
        if len(every) < self.least:
            raise invalid("list-empty", name="value", got=given, type=kind)
        try:
            return (frozenset if self.as_set else tuple)(map(self.inner.convert, every))
        except DsgkError:
            if isinstance(given, AbstractSet):  # whose order differs from run to run
                every = tuple(sorted(every, key=shown))
            places = enumerate(every)
            return _converted((f"[{k}]", self.inner, one) for k, one in places)

    def cell(self, given: Any, /, *, name: str) -> Any:  # noqa: ANN401
        _something(given, name)
        is_text = isinstance(given, str)
        return self.convert(read_names(given, name=name) if is_text else given)

    def plain(self, held: Any, /) -> list[Any]:  # noqa: ANN401
        is_plain = type(self.inner).plain is Kind.plain
        plain = [*held] if is_plain else [*map(self.inner.plain, held)]
        return sorted(plain, key=_order) if self.as_set else plain

    def schema(self) -> dict[str, Any]:
        about: dict[str, Any] = {"type": "array", "items": self.inner.schema()}
        if self.least:
            about["minItems"] = self.least
        return {**about, "uniqueItems": True} if self.as_set else about


def _order(plain: object) -> tuple[str, Any]:
    is_nested = isinstance(plain, (dict, list))
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True) if is_nested else plain
    return type(plain).__name__, text


def _converted(entries: Iterable[tuple[str, Kind, Any]], what: str = "") -> list[Any]:
    """Convert values, each with its place and kind; all faults at once."""
    faults = Faults()
    found = []
    for place, kind, entry in entries:
        with faults.catch(place):
            found.append(kind.convert(entry))
    faults.raise_any("" if len(faults) == 1 else what)
    return found


@attrs.frozen
class _Row(Kind):
    """A fixed number of values, each of its own kind."""

    kinds: tuple[Kind, ...]

    def convert(self, given: Any, /) -> tuple[Any, ...]:  # noqa: ANN401
        entries = tuple(values_in(given) or ())
        if len(entries) != len(self.kinds):
            raise invalid("row-length", name="value", got=given, count=len(self.kinds))
        places = (f"[{k}]" for k in itertools.count())
        return tuple(_converted(zip(places, self.kinds, entries, strict=False)))

    def plain(self, held: Any, /) -> list[Any]:  # noqa: ANN401
        return [kind.plain(entry) for kind, entry in zip(self.kinds, held, strict=True)]

    def schema(self) -> dict[str, Any]:
        kinds = [kind.schema() for kind in self.kinds]
        return {"type": "array", "prefixItems": kinds, "items": False}


def _called(kind: Kind) -> str:
    of = getattr(kind, "of", getattr(kind, "members", None))
    return of.__name__ if of else "str" if isinstance(kind, _Checked) else "value"


@attrs.frozen
class _Table(Kind):
    """Values by key."""

    key: Kind
    inner: Kind

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        check_mapping(given, name="value", instead="{…: …}")
        key, of = self.key.convert, self.inner.convert
        try:
            return FrozenDict({key(name): of(entry) for name, entry in given.items()})
        except DsgkError:
            return _converted(
                (f"[{shown(name):.40}]", kind, one)
                for name, entry in given.items()
                for kind, one in ((self.key, name), (self.inner, entry))
            )

    def plain(self, held: Any, /) -> dict[str, Any]:  # noqa: ANN401
        return {
            self.key.plain(key): self.inner.plain(entry) for key, entry in held.items()
        }

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": self.inner.schema()}


@attrs.frozen
class _Optional(Kind):
    inner: Kind

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        return None if given is None else self.inner.convert(given)

    def cell(self, given: Any, /, *, name: str) -> Any:  # noqa: ANN401
        return self.inner.cell(given, name=name)

    def plain(self, held: Any, /) -> Any:  # noqa: ANN401
        return None if held is None else self.inner.plain(held)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [self.inner.schema(), {"type": "null"}]}


_BY_TYPE: Mapping[Any, Kind] = {
    str: _TEXT,
    bool: _FLAG,
    int: Whole(),
    dt.date: _Day(),
    Fraction: Exact(),
    Any: Kind(),
}


def kind_of(annotation: Any, /) -> Kind:  # noqa: ANN401, PLR0911
    """
    Find the kind of a field by its annotation.

    Args:
        annotation: A type, ``Annotated[type, kind]``, ``tuple[X, ...]``,
            ``tuple[X, Y]``, ``frozenset[X]``, ``Mapping[K, V]``, or
            ``X | None`` of these.
    """
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return next(part for part in parts[1:] if isinstance(part, Kind))
    if origin in {types.UnionType, typing.Union}:
        (inner,) = (part for part in parts if part is not types.NoneType)
        return _Optional(kind_of(inner))
    if origin is tuple and parts[-1] is not ...:
        return _Row(tuple(map(kind_of, parts)))
    if origin is tuple or origin is frozenset:
        return _Several(kind_of(parts[0]), as_set=origin is frozenset)
    if origin is Mapping:
        return _Table(kind_of(parts[0]), kind_of(parts[1]))
    if annotation in _BY_TYPE:
        return _BY_TYPE[annotation]
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return Member(annotation)
    if isinstance(annotation, type):
        return Value(annotation)
    msg = f"no kind of field for the annotation {annotation!r}"
    raise TypeError(msg)


def some(annotation: Any, /) -> Kind:  # noqa: ANN401
    """Make the kind of a ``tuple[X, ...]`` or ``frozenset[X]`` that is not empty."""
    return attrs.evolve(cast("_Several", kind_of(annotation)), least=1)


def take(given: object, kind: Kind, /, *, name: str) -> Any:  # noqa: ANN401
    """Convert an argument as a field of the kind, or tell all its faults."""
    return _converted([(name, kind, given)], name)[0]


def labels(given: Iterable[str]) -> frozenset[str]:
    """Take a set of labels; a converter of attrs."""
    return cast("frozenset[str]", _LABELS.convert(given))


def names_once(given: Iterable[str]) -> tuple[str, ...]:
    """Take labels in order, each once; a converter of attrs."""
    return tuple(dict.fromkeys(_NAMES.convert(given)))


_LABELS = kind_of(frozenset[Label])
_NAMES = kind_of(tuple[Label, ...])


# -- classes -----------------------------------------------------------------


def _direct(kind: Kind) -> Callable[[Any], Any] | None:
    """The function that converts, with no call in between; None if none is needed."""
    if type(kind) is Kind:
        return None
    if not isinstance(kind, _Optional):
        return cast("Callable[[Any], Any]", getattr(kind, "check", kind.convert))
    inner = _direct(kind.inner)
    return inner and (lambda given: None if given is None else inner(given))


def declared(
    _cls: type, fields: "list[attrs.Attribute[Any]]"
) -> "list[attrs.Attribute[Any]]":
    """Give each field of an attrs class the kind and converter of its annotation."""
    made = []
    for field in fields:
        if not field.init:  # derived from the others
            made.append(field)
            continue
        kind = kind_of(field.type)
        metadata = {**field.metadata, "kind": kind}
        converter = field.converter or _direct(kind)
        made.append(field.evolve(metadata=metadata, converter=converter))
    return made


def _given_fields(cls: type) -> "dict[str, attrs.Attribute[Any]]":
    """The fields that are arguments, under the names of these."""
    return {str(field.alias): field for field in attrs.fields(cls) if field.init}


_fields = cast(
    "Callable[[type], dict[str, attrs.Attribute[Any]]]", functools.cache(_given_fields)
)


def _all_faults(
    cls: type, args: tuple[Any, ...], kwargs: dict[str, Any], *, partly: bool = False
) -> Faults:
    """Everything that is wrong with the single arguments of a class."""
    faults = Faults()
    fields = _fields(cls)
    by_place = [name for name, field in fields.items() if not field.kw_only]
    given = dict(zip(by_place, args, strict=False)) | kwargs
    for extra in args[len(by_place) :]:
        faults.add("argument-position", kind=cls.__name__, got=extra, known=[*fields])
    for name in given:
        if name not in fields:
            kind = cls.__name__
            faults.add("argument-unknown", name=name, kind=kind, known=[*fields])
    for name, field in fields.items():
        if name not in given:
            if field.default is attrs.NOTHING and not partly:
                faults.add("argument-missing", name=name, kind=cls.__name__)
            continue
        with faults.catch(name):
            cast("Callable[[Any], Any]", field.converter or Kind().convert)(given[name])
    return faults


def value(form: str = "", /) -> Callable[[_C], _C]:
    """
    Let a class tell all its faults at once, and name its format.

    Stands above ``@attrs.frozen(…, field_transformer=declared)``.  Valid
    arguments cost nothing: fields are gone through one by one only after an
    error.

    Args:
        form: Name of the format of its document, such as ``"dsgk-seat/1"``.
    """

    def finish(cls: _C) -> _C:
        build = cls.__init__  # type: ignore[misc]

        @functools.wraps(build)
        def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401, N807
            try:
                build(self, *args, **kwargs)
            except (InvalidValueError, InvalidTypeError, TypeError):
                faults = _all_faults(cls, args, kwargs)
                if not faults:
                    raise  # a relation between fields
            else:
                return
            faults.raise_any("" if len(faults) == 1 else cls.__name__)

        cls.__init__ = __init__  # type: ignore[misc]
        if form:
            cls.FORMAT = form  # type: ignore[attr-defined]
        return cls

    return finish


def _plainer(kind: Kind) -> Callable[[Any], Any] | None:
    """What makes a value plain; None where it is."""
    if not isinstance(kind, _Optional):
        return None if type(kind).plain is Kind.plain else kind.plain
    inner = _plainer(kind.inner)
    return inner and (lambda held: None if held is None else inner(held))


@functools.cache
def _plain(cls: Any) -> list[tuple[str, str, Callable[[Any], Any] | None]]:  # noqa: ANN401
    """The key of each field, its attribute, and what makes it plain."""
    return [
        (key, field.name, _plainer(field.metadata["kind"]))
        for key, field in _fields(cls).items()
    ]


def trusted(cls: type[_V], /, **held: object) -> _V:
    """
    Make a value of fields that are known to be valid, without checking them.

    Args:
        cls: An attrs class.
        held: Every field, by its name.
    """
    made = object.__new__(cls)
    for name, value in held.items():
        object.__setattr__(made, name, value)
    return made


def plain_fields(held: Any, /) -> dict[str, Any]:  # noqa: ANN401
    """Give the fields of a value as plain JSON values, without the format."""
    cls: Any = type(held)
    return {
        key: plain(getattr(held, name)) if plain else getattr(held, name)
        for key, name, plain in _plain(cls)
    }


class Stored:
    """
    Base of values that a host can store as a document and read back.

    Attributes:
        FORMAT: Name of the format, which stands in the document.
    """

    __slots__ = ()
    FORMAT: ClassVar[str] = ""

    def to_dict(self) -> dict[str, Any]:
        """Give the value as a document of plain JSON values."""
        form = {"format": self.FORMAT} if self.FORMAT else {}
        return {**form, **plain_fields(self)}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read a document that `to_dict` made.

        Raises:
            InvalidInput: It is in another format, keys are missing or unknown,
                or values are faulty: all faults at once.
        """
        check_mapping(document, name="document", instead=f"{cls.__name__}.to_dict()")
        try:
            return cls._of_fields(document, form=cls.FORMAT)
        except InvalidInput:
            raise
        except DsgkError as error:
            what = f"document of {cls.__name__}"
            raise InvalidInput.of(what, [error.fault]) from None

    @classmethod
    def _of_fields(cls, document: Mapping[str, Any], form: str = "") -> Self:
        fields = _fields(cls)
        given = {name: document[name] for name in fields if name in document}
        told = document.get("format", form)
        is_form = not form or (isinstance(told, str) and told == form)
        if is_form and len(given) == len(fields) == len(document) - bool(form):
            return cls(**given)
        keys = ["format", *fields] if form else [*fields]
        known = {*keys}
        faults = Faults()
        if not is_form:
            faults.add("format-unknown", column="format", expected=form, got=told)
        faults += (Fault.of("key-missing", column=k) for k in keys if k not in document)
        for key in document:
            if key not in known:
                place, got = shown_key(key), document[key]
                faults.add("key-unknown", column=place, got=got, known=keys)
        faults += _all_faults(cls, (), given, partly=True)
        what = f"document of {cls.__name__}"
        raise InvalidInput.of(what, faults)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """JSON Schema (2020-12) of the document."""
        about = cls._fields_schema()
        if cls.FORMAT:
            form = {"format": {"const": cls.FORMAT}}
            about["properties"] = form | about["properties"]
            about["required"] = ["format", *about["required"]]
        return {"$schema": "https://json-schema.org/draft/2020-12/schema", **about}

    @classmethod
    def _fields_schema(cls) -> dict[str, Any]:
        kinds = {name: field.metadata["kind"] for name, field in _fields(cls).items()}
        return {
            "title": cls.__name__,
            "type": "object",
            "properties": {name: kind.schema() for name, kind in kinds.items()},
            "required": [*kinds],
            "additionalProperties": False,
        }
