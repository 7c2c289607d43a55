"""
Errors, and the faults that they tell.

Code that finds a fault names its code and the values; the sentence is made
from them by the templates of `dsgk._messages`, in English and in Chinese.  So
whatever a sentence shows stands in `params`, and a host can store a fault,
translate it or log it.  Of a million bad rows the first thousand are told in
full, the others are counted by code.
"""

import contextlib
import datetime as dt
import enum
import itertools
import math
import string
from collections import Counter
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
    Set as AbstractSet,
)
from fractions import Fraction
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

import attrs
import numpy as np
import numpy.typing as npt

from dsgk._messages import MESSAGES, TERMS


__all__ = [
    "DsgkError",
    "Fault",
    "Faults",
    "FrozenDict",
    "InvalidInput",
    "InvalidTypeError",
    "InvalidValueError",
    "Severity",
    "faults_of",
    "invalid",
    "shown",
]

FAULTS_KEPT = 1000
"""How many faults of one input are told in full; the others are only counted."""

_K = TypeVar("_K")
_V = TypeVar("_V")

_FAULTS_SHOWN = 20
_LONGEST_SHOWN = 160
_LARGEST_SHOWN = 10**160
_CUT_TO = 60
_MOST_LISTED = 20
_DEEPEST_PLAIN = 8
_LONGEST_PLAIN = 1000


class Severity(enum.Enum):
    """How much a fault matters."""

    ERROR = "error"
    """A rule is broken."""
    WARNING = "warning"
    """A rule may be broken: a person has to look."""


# -- values in sentences -----------------------------------------------------


def shown(value: object, /) -> str:
    """
    Write a value for a message: its repr, cut where it is long.

    Examples:
        >>> shown("S1 "), len(shown("S1" * 1000))
        ("'S1 '", 61)
    """
    if isinstance(value, (str, list, tuple)) and len(value) > _LONGEST_SHOWN:
        value = value[:_LONGEST_SHOWN]
    elif isinstance(value, dict) and len(value) > _LONGEST_SHOWN:
        value = dict(itertools.islice(value.items(), _LONGEST_SHOWN))
    try:
        text = repr(value)
    except ValueError:  # Python writes no int of more than some thousand digits
        return "a number too long to be written"
    except RecursionError:
        return "a value nested too deep to be written"
    except Exception:  # noqa: BLE001  (whatever somebody else's class raises)
        return f"a {type(value).__name__} that cannot be written"
    return text if len(text) <= _LONGEST_SHOWN else text[:_CUT_TO] + "…"


def shown_key(key: object, /) -> str:
    """
    Write a key of a mapping as part of a path: a short text stays as it is.

    Examples:
        >>> shown_key("S1"), shown_key(5)
        ('S1', '5')
    """
    if isinstance(key, str) and len(key) <= _LONGEST_SHOWN:
        return key
    return shown(key)


def _is_short(number: Fraction) -> bool:
    return max(abs(number.numerator), number.denominator) < _LARGEST_SHOWN


def _written(value: object, none: str = "none", *, inside: bool = False) -> str:
    """Write a parameter as sentences show it: a list entry by entry."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, Fraction) and _is_short(value):
        return str(value)
    if isinstance(value, enum.Enum):
        return repr(getattr(value, "label", value.value))
    if isinstance(value, (tuple, list, AbstractSet)) and not inside:
        if not value:
            return none
        ordered = sorted(value, key=shown) if isinstance(value, AbstractSet) else value
        listed = [_written(entry, inside=True) for entry in ordered[:_MOST_LISTED]]
        more = len(ordered) - len(listed)
        return ", ".join(listed) + (f" … (+{more})" if more else "")
    return shown(value)


class _Sentences(string.Formatter):
    """
    Fills templates.

    A field such as ``{name}`` shows a value as Python writes it, several with
    commas between; ``{kind:s}`` shows a text without quotes, ``{count:row}``
    counts ("1 row", "2 rows"), ``{what:t}`` is a term that has a translation.
    """

    def __init__(self, terms: Mapping[str, str], none: str) -> None:
        self._terms = terms
        self._none = none

    def format_field(self, value: object, format_spec: str) -> str:
        """Write one value."""
        if format_spec in {"s", "t"}:
            text = value if isinstance(value, str) else _written(value)
            if format_spec == "t" and text in self._terms:
                return self._terms[text]
            return text if len(text) <= _LONGEST_SHOWN else text[:_CUT_TO] + "…"
        if format_spec:
            many = "" if value == 1 else "s"
            return f"{_written(value)} {format_spec}{many}"
        return _written(value, self._none)


_ENGLISH = _Sentences({}, "none")
_CHINESE = _Sentences(TERMS, "无")


def _sentence(
    fill: _Sentences, rule: str, remedies: Sequence[str], params: Mapping[str, Any]
) -> str:
    """The rule, then the first remedy whose values are all known."""
    known = {name for name, value in params.items() if value is not None}
    for remedy in remedies:
        if {field for _, field, _, _ in fill.parse(remedy) if field} <= known:
            rule = f"{rule} {remedy}" if fill is _ENGLISH else rule + remedy
            break
    return fill.vformat(rule, (), params)


# -- faults ------------------------------------------------------------------


class FrozenDict(dict[_K, _V]):
    """A dict that cannot be changed, so it can be hashed and shared."""

    __slots__ = ()

    def _refuse(self, *_args: object, **_kwargs: object) -> NoReturn:
        msg = "a frozen dict cannot be changed. Change dict(…) of it."
        raise TypeError(msg)

    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __hash__(self) -> int:  # type: ignore[override]
        """Hash of the items, whatever their order."""
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle as the class and its items."""
        return type(self), (dict(self),)


def _params(params: Mapping[str, Any]) -> FrozenDict[str, Any]:
    return FrozenDict(params)


def _sized(value: object) -> Any:  # noqa: ANN401
    """A parameter as a plain JSON value; a long one as sentences show it."""
    holds = isinstance(value, (str, tuple, list, Mapping, AbstractSet))
    is_long = holds and len(cast("Collection[Any]", value)) > _LONGEST_PLAIN
    plain = None if is_long else _plain(value)
    if is_long or len(repr(plain)) > _LONGEST_PLAIN:
        return _written(value)
    return plain


def _plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401, PLR0911
    """A parameter as a plain JSON value; what is nested too deeply, as text."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):  # a lone surrogate has no UTF-8
        return value.encode(errors="backslashreplace").decode()
    if isinstance(value, int) and abs(value) < 2**53:
        return int(value)
    if isinstance(value, enum.Enum):
        return value.value
    if depth > _DEEPEST_PLAIN:
        return shown(value)
    if isinstance(value, Mapping):
        return {
            _plain(shown_key(key)): _plain(entry, depth + 1)
            for key, entry in value.items()
        }
    if isinstance(value, AbstractSet):
        value = sorted(value, key=shown)
    if isinstance(value, (tuple, list)):
        return [_plain(entry, depth + 1) for entry in value]
    return _written(value)


@attrs.frozen
class Later:
    """
    A value of a sentence that takes time, made when the sentence is asked for.

    Attributes:
        make: Makes it; can be pickled.
    """

    make: Callable[[], Any]


@attrs.frozen(kw_only=True, repr=False)
class Fault:
    """
    One thing that is wrong with an input, a document or a plan.

    Attributes:
        code: Stable kebab-case key; all of them stand in
            ``docs/reference/errors.md``.
        params: Every value that the sentence shows.
        row: [int >= 0, or None] Position in the input, counted from 0, such
            that ``column[row]`` is the faulty cell.
        column: Name of the column, field or argument, or the path in a
            document, such as ``draws[0].name``.
        provision: The provision that is broken, as text, if the rule is law.
        severity: Whether a rule is broken, or may be.
        entries: Entries of a plan that are concerned, by id; those of another
            plan as ``issuer/id``.
    """

    FORMAT: ClassVar[str] = "dsgk-fault/1"

    code: str
    params: Mapping[str, Any] = attrs.field(factory=dict, converter=_params, hash=False)
    row: int | None = None
    column: str | None = None
    provision: str | None = None
    severity: Severity = Severity.ERROR
    entries: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        code: str,
        /,
        *,
        row: int | None = None,
        column: str | None = None,
        provision: str | None = None,
        entries: Iterable[str] = (),
        **params: Any,  # noqa: ANN401  (what a sentence can show)
    ) -> Self:
        """
        Make a fault by the code and the values of its sentence.

        Args:
            code: A key of `dsgk._messages.MESSAGES`.
            row: See `Fault`.
            column: See `Fault`; ``{name}`` in the sentence, if *params* has none.
            provision: Which provision is broken, where the code has several.
            entries: See `Fault`.
            **params: Values of the sentence; ``{got_type}`` follows from *got*.
        """
        message = MESSAGES[code]
        if "{got_type}" in message.rule:
            params.setdefault("got_type", type(params["got"]).__name__)
        if column is not None:
            params.setdefault("name", column)
        return cls(
            code=code,
            params=params,
            row=row,
            column=column,
            provision=provision or message.provision,
            severity=Severity(message.severity),
            entries=tuple(entries),
        )

    def at(self, *, row: int | None = None, column: str | None = None) -> Self:
        """The same fault at another place, which the sentence then names."""
        params = dict(self.params)
        if column is not None:
            params["name"] = column
        return attrs.evolve(
            self,
            params=params,
            row=self.row if row is None else row,
            column=self.column if column is None else column,
        )

    @property
    def message(self) -> str:
        """What was expected, what came, what to write instead, in English."""
        message = MESSAGES[self.code]
        return _sentence(_ENGLISH, message.rule, message.remedies, self.params)

    @property
    def chinese(self) -> str:
        """The same in Chinese."""
        message = MESSAGES[self.code]
        return _sentence(
            _CHINESE, message.chinese, message.chinese_remedies, self.params
        )

    @property
    def instead(self) -> Any:  # noqa: ANN401  (what a cell or a document can hold)
        """What to write instead; None where there is more than one choice."""
        return self.params.get("instead")

    @property
    def path(self) -> str:
        """Where in a document, such as ``draws[0].strata[1].cut``."""
        return self.column or ""

    @property
    def expected(self) -> Any:  # noqa: ANN401
        """What the document must hold there; None where only a rule says it."""
        return self.params.get("expected")

    @property
    def got(self) -> Any:  # noqa: ANN401
        """What stands there; None if nothing does."""
        return self.params.get("got")

    def error(self) -> "InvalidValueError | InvalidTypeError":
        """The fault as an exception."""
        is_type = MESSAGES[self.code].is_type
        return (InvalidTypeError if is_type else InvalidValueError)(self)

    def to_dict(self) -> dict[str, Any]:
        """Code, place and values as plain JSON values, with both sentences."""
        return {
            "format": self.FORMAT,
            "code": self.code,
            "params": {name: _sized(value) for name, value in self.params.items()},
            "row": None if self.row is None else int(self.row),
            "column": _sized(self.column),
            "provision": self.provision,
            "severity": self.severity.value,
            "entries": list(self.entries),
            "message": self.message,
            "chinese": self.chinese,
        }

    def __str__(self) -> str:
        """Place and sentence on one line."""
        places = [*self.entries]
        if self.row is not None:
            places.append(f"row {self.row}")
        if self.column is not None:
            places.append(f"column {shown(self.column)}")
        head = ", ".join(places)
        return f"{head}: {self.message}" if head else self.message

    def __repr__(self) -> str:
        """Code and line."""
        return f"<Fault {self.code}: {self}>"


class _Rows(AbstractSet[int]):
    """A set of rows that takes one byte for each row up to the last."""

    def __init__(self) -> None:
        self._mask = bytearray()

    @classmethod
    def _from_iterable(cls, rows: Iterable[Any]) -> AbstractSet[Any]:
        return frozenset(rows)

    def mark(self, rows: "int | npt.NDArray[np.int64]") -> None:
        last = int(rows.max()) if isinstance(rows, np.ndarray) else rows
        self._mask.extend(bytes(max(0, last + 1 - len(self._mask))))
        np.frombuffer(self._mask, np.uint8)[rows] = 1

    def array(self) -> "npt.NDArray[np.int64]":
        return np.flatnonzero(np.frombuffer(self._mask, np.uint8))

    def __contains__(self, row: object) -> bool:
        return isinstance(row, int) and row < len(self._mask) and self._mask[row] > 0

    def __iter__(self) -> Iterator[int]:
        return iter(self.array().tolist())

    def __len__(self) -> int:
        return self._mask.count(1)


def _place(fault: Fault) -> int:
    return -1 if fault.row is None else fault.row


class Faults:
    """
    The faults of one input, collected in bounded memory.

    Attributes:
        counts: How many there are of each code.
    """

    def __init__(self, found: "Iterable[Fault] | Faults" = ()) -> None:
        self.counts: Counter[str] = Counter()
        self._kept: list[Fault] = []
        self._last: float = math.inf  # faults of later rows are only counted
        self._rows: dict[str | None, _Rows] = {}
        if found:
            self.extend(found)

    def __bool__(self) -> bool:
        """Whether anything was found."""
        return bool(self.counts)

    def __len__(self) -> int:
        """Number of faults, told in full or not."""
        return self.counts.total()

    def __iter__(self) -> Iterator[Fault]:
        """The faults told in full: of the whole input first, then by row."""
        self._sort()
        return iter(self._kept.copy())

    def _sort(self) -> None:
        self._kept.sort(key=_place)
        del self._kept[FAULTS_KEPT:]
        if len(self._kept) == FAULTS_KEPT:
            self._last = _place(self._kept[-1])

    def _keep(self, faults: Iterable[Fault]) -> None:
        self._kept += faults
        if len(self._kept) > 2 * FAULTS_KEPT:
            self._sort()

    def _mark(
        self, column: str | None, rows: "int | npt.NDArray[np.int64] | None"
    ) -> None:
        if rows is not None:
            self._rows.setdefault(column, _Rows()).mark(rows)

    def add(
        self,
        code: str,
        /,
        *,
        row: int | None = None,
        column: str | None = None,
        **params: Any,  # noqa: ANN401  (as `Fault.of` takes them)
    ) -> None:
        """Add one fault; arguments as for `Fault.of`."""
        self.counts[code] += 1
        self._mark(column, row)
        if (-1 if row is None else row) < self._last:
            self._keep([Fault.of(code, row=row, column=column, **params)])

    def extend(self, found: "Iterable[Fault] | Faults", /) -> None:
        """Add further faults."""
        if isinstance(found, Faults):
            self.counts.update(found.counts)
            for column, rows in found._rows.items():  # noqa: SLF001
                self._mark(column, rows.array())
            self._keep(found._kept)  # noqa: SLF001
            return
        for fault in found:
            self.counts[fault.code] += 1
            self._mark(fault.column, fault.row)
            if _place(fault) < self._last:
                self._keep([fault])

    def __iadd__(self, found: "Iterable[Fault] | Faults") -> Self:
        """Add further faults."""
        self.extend(found)
        return self

    def __repr__(self) -> str:
        """How many there are of each code."""
        told = ", ".join(f"{code}: {n}" for code, n in sorted(self.counts.items()))
        return f"<Faults: {told or 'none'}>"

    def add_rows(
        self,
        rows: "Iterable[int] | npt.NDArray[np.integer[Any]]",
        fault: str | Callable[[int], Fault],
        /,
        *,
        column: str | None = None,
        **params: Any,  # noqa: ANN401  (as `Fault.of` takes them)
    ) -> None:
        """
        Add a fault of one code for each of many rows.

        Args:
            rows: [m ints] Ascending.
            fault: The code, or what makes the fault of a row; only the first
                thousand are made.
            column: The column of the faults.
            **params: Values of the sentence; a function gives that of its row.
        """
        given = rows if isinstance(rows, np.ndarray) else list(rows)
        numbers = np.asarray(given, dtype=np.int64)
        if not len(numbers):
            return

        def of(row: int) -> Fault:
            if not isinstance(fault, str):
                return fault(row)
            own = {k: v(row) if callable(v) else v for k, v in params.items()}
            return Fault.of(fault, row=row, column=column, **own)

        told = [of(row) for row in numbers[:FAULTS_KEPT].tolist()]
        self.counts[told[0].code] += len(numbers)
        self._mark(column, numbers)
        self._keep(told)

    @contextlib.contextmanager
    def catch(self, place: str = "", /, *, row: int | None = None) -> Iterator[None]:
        """
        Tell the faults of an error in place of raising it.

        Args:
            place: Name of the value that is read inside, such as ``seats[0]``.
            row: Its row.
        """
        try:
            yield
        except DsgkError as error:
            if len(self) < FAULTS_KEPT:
                found = placed(error, place) if place else faults_of(error)
                self.extend(found.at(row=row))
            else:
                one = [error.code]
                counts = error.counts if isinstance(error, InvalidInput) else one
                self.counts.update(counts)

    def rows(self, column: str | None, /) -> AbstractSet[int]:
        """Rows in which a column has a fault."""
        return self._rows.get(column, frozenset())

    def all_rows(self) -> list[int]:
        """Rows in which any column has a fault, ascending."""
        marked = _Rows()
        for rows in self._rows.values():
            marked.mark(rows.array())
        return list(marked)

    def each(self, change: Callable[[Fault], Fault], /) -> "Faults":
        """The same faults, changed; those that are only counted, too."""
        made = Faults(map(change, self))
        made.counts = self.counts.copy()
        return made

    def at(self, *, row: int | None = None, column: str | None = None) -> "Faults":
        """The same faults at another place, as `Fault.at`."""
        return self.each(lambda fault: fault.at(row=row, column=column))

    def at_rows(self, rows: "npt.NDArray[np.integer[Any]]", /) -> "Faults":
        """The same faults for an input whose row ``rows[k]`` was row *k* here."""
        moved = self.each(
            lambda fault: (
                fault
                if fault.row is None
                else attrs.evolve(fault, row=int(rows[fault.row]))
            )
        )
        for column, found in self._rows.items():
            moved._mark(column, rows[found.array()].astype(np.int64))  # noqa: SLF001
        return moved

    def raise_any(self, what: str = "", /) -> None:
        """
        Raise what was found, if anything was.

        Args:
            what: Name of the input; without it a single fault is raised as
                `Fault.error` gives it.
        """
        if not self:
            return
        if len(self) == 1 and not what:
            raise self._kept[0].error()
        raise InvalidInput.of(what or "input", self)


# -- errors ------------------------------------------------------------------


class DsgkError(Exception):
    """
    Base of every error that the library raises on purpose.

    Args:
        given: The fault, or its code and the arguments of `Fault.of`.
    """

    def __init__(self, given: Fault | tuple[str, dict[str, Any]]) -> None:
        super().__init__(given)
        self._given = given

    @property
    def fault(self) -> Fault:
        """Code, values, place and provision."""
        if isinstance(self._given, tuple):
            code, params = self._given
            made = {  # late, since most errors are never shown
                name: value.make() if isinstance(value, Later) else value
                for name, value in params.items()
            }
            self._given = Fault.of(code, **made)
        return self._given

    @property
    def code(self) -> str:
        """Stable kebab-case key."""
        return self._given[0] if isinstance(self._given, tuple) else self._given.code

    @property
    def params(self) -> Mapping[str, Any]:
        """Every value that the sentence shows."""
        return self.fault.params

    @property
    def provision(self) -> str | None:
        """The provision that is broken, as text, if the rule is law."""
        return self.fault.provision

    @property
    def chinese(self) -> str:
        """The sentence in Chinese."""
        return self.fault.chinese

    def __str__(self) -> str:
        """The sentence in English."""
        return self.fault.message

    def __repr__(self) -> str:
        """Class and sentence."""
        return f"{type(self).__name__}({str(self)!r})"


class InvalidValueError(DsgkError, ValueError):
    """A value of the right type breaks a rule."""


class InvalidTypeError(DsgkError, TypeError):
    """A value has a type that would make the answer inexact or ambiguous."""


def invalid(code: str, /, **params: Any) -> InvalidValueError | InvalidTypeError:  # noqa: ANN401
    """Make the error of one broken rule; arguments as for `Fault.of`."""
    kind = InvalidTypeError if MESSAGES[code].is_type else InvalidValueError
    return kind((code, params))


class InvalidInput(InvalidValueError):  # noqa: N818  (a fixed name of the interface)
    """
    An input has one or more faults; all of them are told at once.

    Attributes:
        faults: The first thousand faults, by row.
        counts: How many there are of each code, told in full or not.
        rows: Every row that has a fault, ascending, told in full or not.
    """

    def __init__(
        self,
        fault: Fault,
        faults: Iterable[Fault],
        counts: Mapping[str, int],
        rows: Iterable[int],
    ) -> None:
        super().__init__(fault)
        self.faults = tuple(faults)
        self.counts = dict(counts)
        self.rows = tuple(rows)
        self.args = (fault, self.faults, self.counts, self.rows)

    @classmethod
    def of(cls, what: str, faults: Iterable[Fault] | Faults, /) -> Self:
        """
        Gather one or more faults of an input into one error.

        Examples:
            >>> print(InvalidInput.of("list", [Fault.of("cell-empty", row=3, column="id")]))
            list has 1 fault (rows count from 0)
              row 3, column 'id': 'id' must be filled (got an empty cell). Write what is known; repeat the value of a merged cell in each of its rows.
        """  # noqa: E501
        found = faults if isinstance(faults, Faults) else Faults(faults)
        told = tuple(found)
        provision = told[0].provision
        head = Fault.of(
            "invalid-input", what=what, count=len(found), provision=provision
        )
        return cls(head, told, found.counts, found.all_rows())

    def _lines(self, head: str, told: Collection[str], more: str) -> str:
        lines = [head, *(f"  {line}" for line in told)]
        left = sum(self.counts.values()) - len(told)
        if left:
            counts = ", ".join(
                f"{code}: {n}" for code, n in sorted(self.counts.items())
            )
            lines.append(more.format(left, counts))
        return "\n".join(lines)

    def __str__(self) -> str:
        """The first faults, a line each, and how many more there are."""
        told = [str(fault) for fault in self.faults[:_FAULTS_SHOWN]]
        head = self.fault.message
        if any(fault.row is not None for fault in self.faults):
            head += " (rows count from 0)"
        more = "  … and {} more, see `.faults` and `.counts` of this error ({})"
        return self._lines(head, told, more)

    @property
    def chinese(self) -> str:
        """The same in Chinese."""
        told = [
            (f"第{fault.row}行：" if fault.row is not None else "") + fault.chinese
            for fault in self.faults[:_FAULTS_SHOWN]
        ]
        return self._lines(self.fault.chinese, told, "  ……另有{}处（{}）")


def faults_of(error: DsgkError, /) -> Faults:
    """Give the faults that an error tells, one or more."""
    if not isinstance(error, InvalidInput):
        return Faults([error.fault])
    faults = Faults(error.faults)
    faults.counts = Counter(error.counts)  # those that are only counted, too
    return faults


def placed(error: DsgkError, place: str, /) -> Faults:
    """Give the faults of an error with the place of the value that they are in."""

    def inside(fault: Fault) -> Fault:
        inner = fault.column or ""
        if inner == place:  # told by a function that knows its argument
            return fault
        joint = "." if inner and not inner.startswith("[") else ""
        return fault.at(column=f"{place}{joint}{inner}")

    return faults_of(error).each(inside)
