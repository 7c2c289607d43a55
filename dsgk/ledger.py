"""
The ledger of checks (检查台账): what was drawn, done, entered and published.

Plans, publication, accountability and assessment all read it, so that one
statement about a check is made once.
"""

import datetime as dt
import functools
import re
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, NamedTuple, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, Faults, InvalidInput, invalid, shown
from dsgk.fields import (
    Coded,
    Id,
    Kind,
    Label,
    Stored,
    check_day,
    check_mapping,
    declared,
    is_empty,
    read_member,
    several,
    value,
    values_in,
    whole_number,
)
from dsgk.items import Method, read_methods
from dsgk.sources import article, cites
from dsgk.tables import (
    Categorical,
    Column,
    Days,
    StoredColumns,
    Table,
    array_of,
    columns_of,
    digest_of_columns,
    known_columns,
    read_column,
    read_days,
    read_id_column,
)


__all__ = [
    "Ledger",
    "LedgerRow",
    "Origin",
    "joint_codes",
]

_CODE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_SEPARATORS = re.compile("[;；、，,]")


class Origin(Coded):
    """Why a check is made (任务来源); statistics keep the three apart."""

    RANDOM = ("random", "随机抽查", "双随机抽查", "双随机")
    CASE_LEAD = ("case-lead", "线索核查", "个案线索", "线索")
    CAMPAIGN = ("campaign", "专项检查", "专项")


class _OneMethod(Kind):
    """A `Method`, or the words of a table for exactly one."""

    def convert(self, given: Any, /) -> Method:  # noqa: ANN401
        if not isinstance(given, str):
            return read_member(Method, given)
        for method in Method:
            if given in method.texts:
                return method
        methods, _ = read_methods(given)
        if len(methods) != 1:
            raise invalid("method-unclear", name="value", got=given)
        return next(iter(methods))

    def plain(self, held: Method, /) -> str:
        return held.code

    def schema(self) -> dict[str, Any]:
        return {"enum": [method.code for method in Method]}


class Results(Kind):
    """
    Codes of the results of a check, each once, sorted.

    Examples:
        >>> Results().cell("unreachable; closed", name="results")
        ('closed', 'unreachable')
    """

    def convert(self, given: Any, /) -> tuple[str, ...]:  # noqa: ANN401
        """Take codes, or none where there is no result yet."""
        is_none = not isinstance(given, str) and (*(values_in(given) or (0,)),) == ()
        return () if is_none else self.cell(given, name="value")

    def cell(self, given: Any, /, *, name: str) -> tuple[str, ...]:  # noqa: ANN401
        """Take codes as a collection, or one text of them; one or more."""
        parts: list[object]
        if isinstance(given, str):
            parts = [part.strip() for part in _SEPARATORS.split(given)]
        else:
            found = values_in(given)
            listed = [given] if found is None else found
            parts = [part.code if isinstance(part, Coded) else part for part in listed]
        codes = []
        for part in parts:
            if not isinstance(part, str):
                raise invalid("results-type", name=name, got=given)
            if not _CODE.fullmatch(part):
                raise invalid("results-form", name=name, part=part, got=given)
            codes.append(part)
        if not codes:
            raise invalid("results-none", name=name)
        return tuple(sorted(set(codes)))

    def plain(self, held: tuple[str, ...], /) -> list[str]:
        """Give a list of the codes."""
        return list(held)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the list."""
        code = {"type": "string", "pattern": f"^{_CODE.pattern}$"}
        return {"type": "array", "items": code}


def _as_given(
    cls: type, fields: "list[attrs.Attribute[Any]]"
) -> "list[attrs.Attribute[Any]]":
    """Keep what is given: the ledger reads whole columns, not cells one by one."""
    return [field.evolve(converter=None) for field in declared(cls, fields)]


def _called(heading: str) -> dict[str, str]:
    """What tables usually call the column of a field."""
    return {"heading": heading}


@attrs.frozen(kw_only=True, field_transformer=_as_given)
class LedgerRow(Stored):
    """
    One item that one department checks at one subject in one task.

    A plain value: the ledger reads its cells as it reads those of a table.

    Attributes:
        task_id: The task; in a joint task several rows share it.
        subject_id: The subject.
        item: The item, as in the item list.
        department: The department whose check it is.
        origin: Draw, case lead or special campaign.
        entry: The plan entry; None for a case lead.
        basis: What it rests on beside the plan: the digest of the
            announcement of its draw, the kind of a case lead, the name of a campaign.
        stratum: The tier in which the subject was drawn; None for a case lead.
        method: How it is made.
        results: Codes of the results; empty until there are some.
        exemption: Why the result is not made public; None where it is.
        replaces: The subject for which this one stands in as a substitute.
        drawn_on: Day of the draw; of a case lead, the day on which it came in.
        due: Last day of the window; of a case lead, None where it is only to be
            inspected at once.
        completed_on: Day on which the check was completed.
        entered_on: Day on which its result was entered.
        published_on: Day on which its result became public.
    """

    FORMAT: ClassVar[str] = "dsgk-ledger-row/1"

    task_id: Id = attrs.field(metadata=_called("任务编号"))
    subject_id: Id = attrs.field(metadata=_called("统一社会信用代码"))
    item: Label = attrs.field(metadata=_called("抽查事项"))
    department: Label = attrs.field(metadata=_called("检查部门"))
    origin: Origin = attrs.field(default=Origin.RANDOM, metadata=_called("任务来源"))
    entry: Id | None = attrs.field(default=None, metadata=_called("计划条目"))
    basis: Label | None = attrs.field(default=None, metadata=_called("任务依据"))
    stratum: Label | None = attrs.field(default=None, metadata=_called("分级"))
    method: Annotated[Method, _OneMethod()] = attrs.field(
        default=Method.ON_SITE, metadata=_called("检查方式")
    )
    results: Annotated[tuple[str, ...], Results()] = attrs.field(
        default=(), metadata=_called("检查结果")
    )
    exemption: Label | None = attrs.field(
        default=None, metadata=_called("不予公示理由")
    )
    replaces: Id | None = attrs.field(default=None, metadata=_called("被替补对象"))
    drawn_on: dt.date = attrs.field(metadata=_called("抽取日期"))
    due: dt.date | None = attrs.field(default=None, metadata=_called("检查截止日期"))
    completed_on: dt.date | None = attrs.field(
        default=None, metadata=_called("检查完成日期")
    )
    entered_on: dt.date | None = attrs.field(default=None, metadata=_called("录入日期"))
    published_on: dt.date | None = attrs.field(
        default=None, metadata=_called("公示日期")
    )

    @classmethod
    def _of_fields(cls, document: Mapping[str, Any], form: str = "") -> Self:
        read = _Read._of_fields(document, form)  # noqa: SLF001
        return cls(**{name: getattr(read, name) for name in COLUMNS})


@attrs.frozen
class _Facts:
    """
    What a ledger knows of one of its columns; made of a field of `LedgerRow`.

    Attributes:
        name: Name of the field.
        heading: What tables usually call it.
        kind: How a cell is read and stored.
        default: What an empty cell means.
        is_required: Whether no cell may be empty.
        is_day: Whether it holds days.
        is_id: Whether it holds ids.
    """

    name: str
    heading: str
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
            heading=field.metadata["heading"],
            kind=field.metadata["kind"],
            default=None if is_required else field.default or None,
            is_required=is_required,
            is_day=field.type in {dt.date, dt.date | None},
            is_id=field.type in {Id, Id | None},
        )


COLUMNS: Final[Mapping[str, _Facts]] = {
    field.name: _Facts.of(field) for field in attrs.fields(LedgerRow)
}
"""All columns, those of days last."""

DAYS = tuple(name for name, column in COLUMNS.items() if column.is_day)
"""Columns of days, in the order in which they come to pass, `due` apart."""

_Read: type[Stored] = value(LedgerRow.FORMAT)(
    attrs.make_class(
        LedgerRow.__name__,
        {
            field.name: attrs.field(default=field.default, type=field.type)
            for field in attrs.fields(LedgerRow)
        },
        bases=(Stored,),
        kw_only=True,
        frozen=True,
        field_transformer=declared,
    )
)
"""A row whose cells are read, as they are in a document."""


_DIGEST = "dsgk-ledger/2"
"""Name of the bytes that are hashed; other bytes would have another name."""
_KEYS = ("task_id", "item", "department", "entry")
"""Columns whose cells together are different in every row."""

_WHAT = "ledger"
_NO_DAY = np.datetime64("NaT", "D")
_OWN_NAMES = {name: name for name in COLUMNS}

Mask = npt.NDArray[np.bool_]


@cites(article(15))
@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class Ledger(StoredColumns):
    """
    Every check that was drawn or ordered, and what became of it (检查台账).

    Made by `from_columns`, `from_table` or `of`.  A check gets its row when it
    is drawn; `record` fills in what happens later and overwrites nothing.
    Checks of case leads stand in the same ledger with an origin of their own, so
    that no statistic can mix them with what was drawn.

    Attributes:
        classes: By name, every column that holds no days, as a `Categorical`.
        days: By name, every column of days, [n, datetime64[D]], NaT where
            nothing happened yet.

    Examples:
        >>> ledger = Ledger.of([
        ...     LedgerRow(
        ...         task_id="T1", subject_id="S1", item="价格检查",
        ...         department="市场监管局", entry="3", stratum="A",
        ...         drawn_on=dt.date(2026, 3, 10), due=dt.date(2026, 6, 30),
        ...     )
        ... ])
        >>> done = ledger.record(
        ...     [0], completed_on=dt.date(2026, 4, 1), results="no-problem"
        ... )
        >>> done[0].results, ledger[0].results
        (('no-problem',), ())
    """

    FORMAT: ClassVar[str] = "dsgk-check-ledger/1"

    _classes: dict[str, Categorical[Any]]
    _days: dict[str, Days]

    def __init__(self, *_: object, **_fields: object) -> None:
        msg = (
            "a ledger must be made of columns or rows. Write "
            "Ledger.from_columns(task_id=[…], …), Ledger.from_table(table) or "
            "Ledger.of([LedgerRow(…), …])."
        )
        raise TypeError(msg)

    # -- in --------------------------------------------------------------

    @classmethod
    def from_columns(
        cls,
        *,
        task_id: Column | Table,
        subject_id: Column | Table,
        item: Column | Table,
        department: Column | Table,
        drawn_on: Column | Table,
        origin: Column | Table | None = None,
        entry: Column | Table | None = None,
        basis: Column | Table | None = None,
        stratum: Column | Table | None = None,
        method: Column | Table | None = None,
        results: Column | Table | None = None,
        exemption: Column | Table | None = None,
        replaces: Column | Table | None = None,
        due: Column | Table | None = None,
        completed_on: Column | Table | None = None,
        entered_on: Column | Table | None = None,
        published_on: Column | Table | None = None,
    ) -> Self:
        """
        Make a ledger of columns: lists, tuples, arrays, columns of tables.

        Every column has n cells; what they hold stands with `LedgerRow`.  An
        empty *origin* is a random check, an empty *method* on site; *results*
        are codes, as a collection or a text of them.

        Raises:
            InvalidInput: All faults of all columns, with their rows: cells
                that cannot be read, gaps, days out of order, checks that
                stand there twice, tasks of two subjects.

        Examples:
            >>> ledger = Ledger.from_columns(
            ...     task_id=["T1"], subject_id=["S1"], item=["价格检查"],
            ...     department=["市场监管局"], entry=["3"],
            ...     drawn_on=["2026-03-10"], due=["2026-02-28"],
            ... )
            Traceback (most recent call last):
            dsgk.errors.InvalidInput: ledger has 1 fault (rows count from 0)
              row 0, column 'due': 'due' must not be before 'drawn_on' (got 2026-02-28, drawn on 2026-03-10). Exchange the days if they were mixed up.
        """  # noqa: E501
        table = {
            name: cells
            for name, cells in locals().items()
            if name in COLUMNS and (cells is not None or COLUMNS[name].is_required)
        }
        return cls._read(columns_of(table, [*table], what=_WHAT), _OWN_NAMES)

    @classmethod
    def from_table(
        cls, table: Table, /, *, names: Mapping[str, str] = types.MappingProxyType({})
    ) -> Self:
        """
        Make a ledger of a table: dict, pandas, polars, Arrow, NumPy.

        Args:
            table: Anything with ``table[name]``.
            names: [field -> column] What the table calls a field, where it is
                neither the usual name, such as 任务编号 or 统一社会信用代码, nor
                that of the field, as `to_columns` has it. Columns that you
                name must be there, and those of task, subject, item,
                department and day of the draw; the others may be absent.

        Raises:
            InvalidInput: As in `from_columns`, and columns that are missing,
                or stand there under both names.
        """
        return cls._read(*_named_columns(table, names))

    @classmethod
    def of(cls, rows: Iterable[LedgerRow] = (), /) -> Self:
        """
        Make a ledger of rows; of none, an empty one.

        Raises:
            InvalidInput: As in `from_columns`, and values that are no rows.
        """
        checks = several(rows, LedgerRow, name="rows")
        columns: dict[str, Column] = {
            field: [getattr(row, field) for row in checks] for field in COLUMNS
        }
        columns["results"] = [
            None if isinstance(codes, tuple) and not codes else codes
            for codes in columns["results"]
        ]
        return cls._read(columns, _OWN_NAMES)

    @classmethod
    def _read(cls, columns: Mapping[str, Column], called: Mapping[str, str]) -> Self:
        n = len(columns["task_id"])
        faults = Faults()
        classes: dict[str, Categorical[Any]] = {}
        days: dict[str, Days] = {}
        for field, about in COLUMNS.items():
            cells = columns.get(field)
            if about.is_day:
                days[field] = np.full(n, _NO_DAY)
                if cells is not None:
                    days[field], found = read_days(cells, name=called[field])
                    faults += found
                continue
            read: Categorical[Any] = Categorical(np.full(n, -1, dtype=np.int32), ())
            if cells is not None:
                if about.is_id:
                    read, found = read_id_column(cells, name=called[field])
                else:
                    read, found = read_column(
                        cells, about.kind.cell, name=called[field]
                    )
                faults += found
            default = about.default
            classes[field] = read if default is None else read.filled(default)
        return cls._checked(classes, days, called, faults)

    @classmethod
    def _checked(
        cls,
        classes: dict[str, Categorical[Any]],
        days: dict[str, Days],
        called: Mapping[str, str],
        faults: Faults,
    ) -> Self:
        faults += _row_faults(_View(classes, days), called, faults)
        faults.raise_any(_WHAT)
        return cls._of(classes, days)

    @classmethod
    def _of(cls, classes: dict[str, Categorical[Any]], days: dict[str, Days]) -> Self:
        ledger = cls.__new__(cls)
        ledger.__attrs_init__(classes, days)
        ledger.__setstate__({})
        return ledger

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle needs, without what follows from it."""
        return {"_classes": self._classes, "_days": self._days}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Let nobody write into the columns, also when they come out of a pickle."""
        vars(self).update(state)
        columns = (column.codes for column in self._classes.values())
        for array in (*columns, *self._days.values()):
            array.flags.writeable = False

    # -- rows ------------------------------------------------------------

    def __len__(self) -> int:
        """Number of checks."""
        return len(self._days["drawn_on"])

    def __getitem__(self, row: int, /) -> LedgerRow:
        """
        The check of one row; IndexError if there is none.

        Raises:
            InvalidTypeError: *row* is no whole number.
        """
        k, n = whole_number(row), len(self)
        if k is None:
            kind = type(row).__name__
            raise invalid("count-type", name="row", got=row, got_type=kind)
        if not -n <= k < n:
            msg = f"'row' must be below {n} (got {shown(k)})."
            raise IndexError(msg)
        cells: dict[str, Any] = {
            name: column.cell(k) for name, column in self._classes.items()
        }
        cells["results"] = cells["results"] or ()
        cells |= {name: days[k].item() for name, days in self._days.items()}
        return LedgerRow(**cells)

    def __iter__(self) -> Iterator[LedgerRow]:
        """The checks, in the order of the rows."""
        return (self[row] for row in range(len(self)))

    def __eq__(self, other: object) -> bool:
        """Whether both say the same of the same checks."""
        if not isinstance(other, Ledger):
            return NotImplemented
        return self is other or (
            len(self) == len(other) and self.digest == other.digest
        )

    def __hash__(self) -> int:
        """Equal ledgers have equal hashes."""
        return hash(self.digest)

    def __repr__(self) -> str:
        """Numbers instead of rows, of which there may be millions."""
        tasks = len(self._classes["task_id"].categories)
        return f"<Ledger of {len(self)} checks in {tasks} tasks>"

    @property
    def classes(self) -> Mapping[str, Categorical[Any]]:
        """By name, every column that holds no days."""
        return types.MappingProxyType(self._classes)

    @property
    def days(self) -> Mapping[str, Days]:
        """By name, every column of days."""
        return types.MappingProxyType(self._days)

    # -- parts -----------------------------------------------------------

    def matches(self, **classes: Collection[object]) -> npt.NDArray[np.bool_]:
        """
        Which rows have one of the accepted values in every column.

        Args:
            classes: Accepted values by name of a column that holds no days;
                None stands for empty cells. `results` matches rows that have
                one of the codes among theirs.

        Returns:
            [n, bool] Whether the row matches; all do if nothing is asked.

        Raises:
            InvalidTypeError: A value stands alone, instead of in a set.
            InvalidValueError: There is no such column, or a value is none of
                it.

        Examples:
            >>> Ledger.of().matches(origin={"random"}).tolist()
            []
        """
        rows = np.ones(len(self), dtype=bool)
        for field, values in classes.items():
            wanted = _accepted(field, values)
            column = self._classes[field]
            if field == "results":
                codes = {code for value in wanted if value for code in value}
                fits = [not codes.isdisjoint(value) for value in column.categories]
            else:
                fits = [value in wanted for value in column.categories]
            rows &= np.array([*fits, None in wanted])[column.codes]
        return rows

    def where(self, **classes: Collection[object]) -> Self:
        """The checks that match, as `matches` says, in the order of the rows."""
        return self.take(self.matches(**classes))

    def take(self, rows: npt.NDArray[Any], /) -> Self:
        """
        The chosen checks.

        Args:
            rows: [m ints, or n bools] Numbers of rows, each once, or which of
                them.

        Raises:
            InvalidTypeError, InvalidValueError: *rows* are neither, or not
                there.
        """
        chosen = _row_numbers(rows, len(self))
        if len(chosen) == len(self) and (np.diff(chosen) > 0).all():
            return self
        return self._of(
            {name: column.take(chosen) for name, column in self._classes.items()},
            {name: days[chosen] for name, days in self._days.items()},
        )

    def as_of(self, on: dt.date, /) -> Self:
        """
        The ledger as it stood at the end of a day.

        Checks that were drawn later are not in it, and what happened later is
        empty.  Every figure "on a day" is the figure of this ledger.

        Args:
            on: The day.

        Examples:
            >>> ledger = Ledger.from_columns(
            ...     task_id=["T1"], subject_id=["S1"], item=["价格检查"],
            ...     department=["市场监管局"], entry=["3"],
            ...     drawn_on=["2026-03-10"], due=["2026-06-30"],
            ...     completed_on=["2026-04-01"], results=["no-problem"],
            ... )
            >>> ledger.as_of(dt.date(2026, 3, 31))[0].results
            ()
        """
        day = np.datetime64(check_day(on, name="on"), "D")
        ledger = self.take(self._days["drawn_on"] <= day)
        days = {
            name: column if name == "due" else np.where(column <= day, column, _NO_DAY)
            for name, column in ledger.days.items()
        }
        results = ledger.classes["results"]
        codes = np.where(np.isnat(days["completed_on"]), -1, results.codes)
        known = Categorical.of(codes.astype(np.int32), results.categories)
        return self._of({**ledger.classes, "results": known}, days)

    # -- changes ---------------------------------------------------------

    def extend(self, more: "Iterable[LedgerRow] | Ledger", /) -> Self:
        """
        The ledger with further checks behind its own.

        Args:
            more: Rows, or another ledger.

        Raises:
            InvalidInput: A row is faulty by itself (its position counts from 0
                in *more*), or with those that are there: then rows count in
                the ledger as it would be.
        """
        other = more if isinstance(more, Ledger) else Ledger.of(more)
        classes = {}
        for name, column in self._classes.items():
            mine, theirs, values = _union(column, other.classes[name])
            classes[name] = Categorical.of(np.concatenate([mine, theirs]), values)
        days = {
            name: np.concatenate([column, other.days[name]])
            for name, column in self._days.items()
        }
        return self._checked(classes, days, _OWN_NAMES, Faults())

    def record(
        self,
        rows: Sequence[int] | npt.NDArray[Any],
        /,
        *,
        completed_on: object = None,
        results: object = None,
        entered_on: object = None,
        published_on: object = None,
        exemption: object = None,
    ) -> Self:
        """
        The ledger with what happened to some of its checks.

        Only empty cells are filled.  What was stated before may be stated
        again; a different statement is refused, because a ledger that can be
        rewritten proves nothing.

        Args:
            rows: [m ints, or n bools] Numbers of rows, each once, or which of
                them.
            completed_on: A day, or [m days] one for each row, None where
                there is none. So with the next ones.
            results: Codes of a result (text, tuple or set), or a list of such.
            entered_on: A day, or [m days].
            published_on: A day, or [m days].
            exemption: A reason not to publish, or [m reasons].

        Raises:
            InvalidInput: A row does not exist or comes twice, a column has
                another length, a cell cannot be read, says something else
                than before, or makes the row faulty: all faults at once.
        """
        named = locals()
        given = {name: named[name] for name in _RECORDED if named[name] is not None}
        chosen = _row_numbers(rows, len(self))
        classes, days = dict(self._classes), dict(self._days)
        faults = Faults()
        for field, stated in given.items():
            cells = _one_for_each(field, stated, len(chosen), faults)
            if cells is None:
                continue
            if field in DAYS:
                told, found = read_days(cells, name=field)
                old = days[field][chosen]
                there = ~np.isnat(told)
                different = ~np.isnat(old) & (told != old)
                new = days[field].copy()
                new[chosen[there]] = told[there]
                days[field] = new
            else:
                read, found = read_column(cells, COLUMNS[field].kind.cell, name=field)
                before, after, values = _union(classes[field], read)
                codes = before[chosen]
                there, different = after >= 0, (codes >= 0) & (after != codes)
                before[chosen[there]] = after[there]
                classes[field] = Categorical.of(before, values)
            faults += found.at_rows(chosen)
            faults.add_rows(
                np.sort(chosen[there & different]).tolist(),
                functools.partial(self._rewritten, field),
                column=field,
            )
        return self._checked(classes, days, _OWN_NAMES, faults)

    def _rewritten(self, field: str, row: int) -> Fault:
        old = getattr(self[row], field)
        return Fault.of("rewritten", row=row, column=field, old=old)

    # -- out -------------------------------------------------------------

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Plain columns, which `from_columns` takes back.

        Returns:
            By field, [n cells] texts and dates, None where a cell is empty;
            origins as codes, several results joined by semicolons.
        """
        columns = self.plain_columns()
        columns["results"] = [codes and ";".join(codes) for codes in columns["results"]]
        return {**columns, **{name: days.tolist() for name, days in self._days.items()}}

    def plain_columns(self) -> dict[str, list[Any]]:
        """Columns of plain JSON values."""
        return {name: column.plain() for name, column in self._categorical.items()}

    @classmethod
    def of_plain_columns(cls, columns: Mapping[str, list[Any]], /) -> Self:
        """Read the columns of a document; faults as of `from_columns`."""
        optional = [name for name, about in COLUMNS.items() if not about.is_required]
        given = known_columns(columns, _OWN_NAMES, optional=optional, what=_WHAT)
        if "results" in given:  # lists cannot be told apart by their hashes
            codes = [tuple(c) if isinstance(c, list) else c for c in given["results"]]
            given["results"] = codes
        return cls._read(given, _OWN_NAMES)

    @functools.cached_property
    def _categorical(self) -> dict[str, Categorical[Any]]:
        days = {name: Categorical.of_days(days) for name, days in self._days.items()}
        return {**self._classes, **days}

    @functools.cached_property
    def digest(self) -> str:
        """
        SHA-256 of the ledger as a set of checks, in lower-case hex (摘要).

        Does not depend on the order of the rows; ``docs/reference/digests.md``
        says what is hashed.
        """
        columns = {
            name: column.without(COLUMNS[name].default)
            for name, column in self._categorical.items()
        }
        return digest_of_columns(_DIGEST, columns, _KEYS)


# -- arguments ---------------------------------------------------------------

_RECORDED = ("completed_on", "results", "entered_on", "published_on", "exemption")


def _named_columns(
    table: Table, names: Mapping[str, str]
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
    check_mapping(names, name="names", instead="{'task_id': '任务编号'}")
    for field, name in names.items():
        if field not in COLUMNS:
            raise invalid("unknown-field", name=field, known=[*COLUMNS])
        if not isinstance(name, str):
            kind = type(name).__name__
            raise invalid(
                "text-type", name=f"names[{field!r}]", got=name, got_type=kind
            )
    named = set(names.values())
    asked: dict[str, tuple[str, ...]] = {
        field: (names[field],)
        if field in names
        else (about.heading, *({field} - named))
        for field, about in COLUMNS.items()
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
    twice = Faults()
    for either in asked.values():
        if len(there.intersection(either)) > 1:
            twice.add("column-either", column=either[0], other=either[1])
    twice.raise_any(_WHAT)
    required = {called[name] for name, about in COLUMNS.items() if about.is_required}
    if not required | named <= columns.keys():  # say all that is wrong
        absent = [f for f, c in COLUMNS.items() if f not in names and not c.is_required]
        return columns_of(table, called, optional=absent, what=_WHAT), called
    return {f: columns[n] for f, n in called.items() if n in columns}, called


def _is_there(table: Table, name: str) -> bool:
    try:
        return bool(columns_of(table, [name], optional=[name], what=_WHAT))
    except InvalidInput:  # it is there, and is faulty
        return True


def _union(
    one: Categorical[Any], other: Categorical[Any]
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], list[Any]]:
    """Codes of two columns by the values of both."""
    place = {value: code for code, value in enumerate(one.categories)}
    codes = [place.setdefault(value, len(place)) for value in other.categories]
    translated = np.array([*codes, -1], dtype=np.int32)  # code -1 is the last
    return one.codes.copy(), translated[other.codes], list(place)


def _accepted(field: str, values: object) -> set[Any]:
    """Read the values that rows may have in a column, None for empty cells."""
    if field not in COLUMNS or field in DAYS:
        known = [name for name in COLUMNS if name not in DAYS]
        raise invalid("unknown-field", name=field, known=known)
    given = values_in(values)
    if given is None:
        raise invalid("selection-set", name=field, got=values)
    read = COLUMNS[field].kind.cell
    return {None if is_empty(cell) else read(cell, name=field) for cell in given}


def _row_numbers(rows: object, n: int) -> npt.NDArray[np.intp]:
    """Numbers of rows, given as such or as a mask of all *n*."""
    chosen = array_of(rows)
    if chosen.dtype == bool and chosen.shape == (n,):
        return np.flatnonzero(chosen)
    if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
        raise invalid("rows-type", name="rows", got=rows)
    chosen = chosen.astype(np.intp)
    ordered = np.sort(chosen)
    wrong = (ordered < 0) | (ordered >= n)
    wrong[1:] |= ordered[1:] == ordered[:-1]
    if wrong.any():
        raise invalid("rows-range", name="rows", rows=n, got=int(ordered[wrong][0]))
    return chosen


def _one_for_each(
    field: str, given: object, count: int, faults: Faults
) -> list[Any] | None:
    """One cell for each row, of one value for all or a column of them."""
    single = (str, dt.date, np.datetime64)
    if isinstance(given, single) or (
        field == "results" and not isinstance(given, (list, np.ndarray))
    ):
        return [given] * count
    cells = list(columns_of({field: given}, [field], what=_WHAT)[field])
    if len(cells) == count:
        return cells
    faults.add("column-length", column=field, expected=count, length=len(cells))
    return None


# -- what rows cannot say: gaps, days out of order, doubles ------------------


class _View(NamedTuple):
    """The columns under short names, for the rules below."""

    classes: Mapping[str, Categorical[Any]]
    days: Mapping[str, Days]

    def has(self, name: str) -> Mask:
        """Rows in which a cell is not empty."""
        if name in self.days:
            return ~np.isnat(self.days[name])
        return self.classes[name].codes >= 0

    def of(self, origin: Origin) -> Mask:
        """Rows of an origin."""
        column = self.classes["origin"]
        wanted = [*(value is origin for value in column.categories), False]
        return np.array(wanted)[column.codes]

    def cell(self, name: str, row: int) -> object:
        """What a message shows of a cell."""
        if name in self.days:
            return self.days[name][row].item()
        cell = self.classes[name].cell(row)
        return cell.code if isinstance(cell, Origin) else cell

    def cells(self, names: Iterable[str], row: int) -> dict[str, Any]:
        """What a message shows of a row."""
        return {name: self.cell(name, row) for name in names}


def _before(view: _View, later: str, earlier: str) -> Mask:
    return view.days[later] < view.days[earlier]  # False where one is NaT


def _itself(view: _View) -> Mask:
    """Rows in which a subject replaces itself."""
    one, other = view.classes["replaces"], view.classes["subject_id"]
    place = {value: code for code, value in enumerate(other.categories)}
    translated = [*(place.get(value, -2) for value in one.categories), -2]
    same: Mask = np.array(translated)[one.codes] == other.codes
    return same


class _Rule(NamedTuple):
    """One thing that a row must not say by itself: code, columns, which rows do."""

    code: str
    shown: tuple[str, ...]
    broken: Callable[[_View], Mask]


_RULES = (
    _Rule(
        "due-missing",
        ("due", "origin"),
        lambda v: ~v.has("due") & ~v.of(Origin.CASE_LEAD),
    ),
    _Rule(
        "plan-entry-missing",
        ("entry", "subject_id", "origin"),
        lambda v: ~v.has("entry") & v.of(Origin.RANDOM),
    ),
    _Rule(
        "case-lead-planned",
        ("entry", "stratum"),
        lambda v: v.of(Origin.CASE_LEAD) & (v.has("entry") | v.has("stratum")),
    ),
    _Rule(
        "due-before-draw",
        ("due", "drawn_on"),
        lambda v: _before(v, "due", "drawn_on"),
    ),
    _Rule(
        "completed-before-draw",
        ("completed_on", "drawn_on"),
        lambda v: _before(v, "completed_on", "drawn_on"),
    ),
    _Rule(
        "results-early",
        ("results", "completed_on"),
        lambda v: v.has("results") & ~v.has("completed_on"),
    ),
    _Rule(
        "entered-before-completed",
        ("entered_on", "completed_on"),
        lambda v: (
            _before(v, "entered_on", "completed_on")
            | (v.has("entered_on") & ~v.has("completed_on"))
        ),
    ),
    _Rule(
        "entered-nothing",
        ("entered_on",),
        lambda v: v.has("entered_on") & ~v.has("results"),
    ),
    _Rule(
        "published-before-entered",
        ("published_on", "entered_on"),
        lambda v: (
            _before(v, "published_on", "entered_on")
            | (v.has("published_on") & ~v.has("entered_on"))
        ),
    ),
    _Rule(
        "published-exempt",
        ("exemption", "published_on"),
        lambda v: v.has("exemption") & v.has("published_on"),
    ),
    _Rule(
        "replaces-undrawn",
        ("replaces", "origin"),
        lambda v: v.has("replaces") & ~v.of(Origin.RANDOM),
    ),
    _Rule("replaces-itself", ("replaces",), _itself),
)
"""The first of the columns is that of the fault."""


def _row_faults(view: _View, called: Mapping[str, str], unread: Faults) -> Faults:
    """
    Everything that is wrong with rows whose cells have been read.

    Args:
        view: The columns.
        called: What the table calls each column.
        unread: Faults of cells that could not be read: they count as empty,
            and are not told again.
    """
    faults = Faults()
    whole = {fault.column for fault in unread if fault.row is None}
    readable: dict[str, Mask] = {}
    for name in COLUMNS:
        mask = np.full(len(view.days[DAYS[0]]), called[name] not in whole)
        mask[[*unread.rows(called[name])]] = False
        readable[name] = mask

    def tell(code: str, names: Sequence[str], broken: Mask) -> None:
        for name in names:
            broken = broken & readable[name]
        column = called[names[0]]
        faults.add_rows(
            np.flatnonzero(broken).tolist(),
            lambda row: Fault.of(
                code, row=row, column=column, **view.cells(names, row)
            ),
            column=column,
        )

    for name, about in COLUMNS.items():
        if about.is_required:
            tell("cell-empty", [name], ~view.has(name))
    for rule in _RULES:
        tell(rule.code, rule.shown, rule.broken(view))
    if not unread:
        faults += _double_faults(view, called)
    return faults


def joint_codes(*columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """
    One code per row for the cells of several columns together.

    Args:
        columns: [n ints >= -1, or days] One or more.

    Returns:
        [n] Equal where all columns are, from 0 on without gaps.
    """
    _, codes = np.unique(columns[0], return_inverse=True)
    for column in columns[1:]:
        values, ranks = np.unique(column, return_inverse=True)
        # Both factors are at most n, so the product fits for any table.
        _, codes = np.unique(
            codes.astype(np.int64) * len(values) + ranks, return_inverse=True
        )
    joint: npt.NDArray[np.int64] = codes.astype(np.int64)
    return joint


def _repeats(rows: npt.NDArray[np.intp], *columns: npt.NDArray[Any]) -> dict[int, int]:
    """Rows to the earlier row with the same cells, among the *rows*."""
    if not len(rows):
        return {}
    codes = joint_codes(*(column[rows] for column in columns))
    _, first = np.unique(codes, return_index=True)
    earlier = first[codes]
    again = np.flatnonzero(earlier != np.arange(len(rows)))
    return dict(zip(rows[again].tolist(), rows[earlier[again]].tolist(), strict=True))


def _double_faults(view: _View, called: Mapping[str, str]) -> Faults:
    """The same check twice, in a task or a draw; tasks of two subjects."""
    faults = Faults()
    codes = {name: column.codes for name, column in view.classes.items()}
    every = np.arange(len(codes["task_id"]))
    random = np.flatnonzero(view.of(Origin.RANDOM))
    stand_ins = np.flatnonzero(view.has("replaces"))
    drawn = [codes[n] for n in ("entry", "item", "department")]

    def tell(code: str, names: Sequence[str], firsts: Mapping[int, int]) -> None:
        column = called[names[0]]
        faults.add_rows(
            firsts,
            lambda row: Fault.of(
                code,
                row=row,
                column=column,
                first=firsts[row],
                other=view.cell("subject_id", firsts[row]),
                **view.cells(names, row),
            ),
            column=column,
        )

    doubled = _repeats(every, codes["task_id"], *drawn)
    tell("ledger-doubled", ("task_id", "item", "department"), doubled)
    twice = _repeats(random, codes["subject_id"], *drawn, view.days["drawn_on"])
    twice = {row: first for row, first in twice.items() if row not in doubled}
    tell("drawn-twice", ("subject_id", "item", "entry", "drawn_on"), twice)
    replaced = _repeats(stand_ins, codes["replaces"], *drawn, codes["basis"])
    tell("replaced-twice", ("replaces", "item", "entry"), replaced)
    _, opening, tasks = np.unique(
        codes["task_id"], return_index=True, return_inverse=True
    )
    firsts = opening[tasks] if len(every) else every
    wrong = np.flatnonzero(codes["subject_id"] != codes["subject_id"][firsts])
    others = dict(zip(wrong.tolist(), firsts[wrong].tolist(), strict=True))
    tell("task-subjects", ("task_id", "subject_id"), others)
    return faults
