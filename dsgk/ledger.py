"""
The ledger of checks (检查台账): what was drawn, done, entered and published.

Plans, publication, accountability and assessment all read it, so that
everything about a check is stated once.
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

from dsgk.errors import Faults, InvalidInput, invalid, shown
from dsgk.fields import (
    Coded,
    Id,
    Kind,
    Label,
    Member,
    Stored,
    accepted,
    check_day,
    check_mapping,
    check_whole,
    declared,
    is_empty,
    several,
    value,
    values_in,
)
from dsgk.items import Method, read_methods
from dsgk.sources import article, cites
from dsgk.tables import (
    Categorical,
    Column,
    Days,
    Heading,
    SetOfRows,
    Table,
    array_of,
    called,
    columns_of,
    digest_of_columns,
    known_columns,
    look_alikes,
    read_column,
    read_days,
    read_id_column,
)


__all__ = ["Ledger", "LedgerRow", "Origin", "joint_codes"]

_CODE = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
_SEPARATORS = re.compile("[;；、，,]")


class Origin(Coded):
    """Why a check is made (任务来源); statistics never mix the three."""

    RANDOM = ("random", "随机抽查", "双随机抽查", "双随机")
    CASE_LEAD = ("case-lead", "线索核查", "个案线索", "线索")
    CAMPAIGN = ("campaign", "专项检查", "专项")


class _OneMethod(Member):
    """A `Method`, or the words of a table for exactly one."""

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        if not isinstance(given, str):
            return super().convert(given)
        for method in Method:
            if given in method.texts:
                return method
        methods, _ = read_methods(given)
        if len(methods) != 1:
            raise invalid("method-unclear", name="value", got=given)
        return next(iter(methods))


class Results(Kind):
    """
    Codes of the results of a check, each once, sorted.

    Examples:
        >>> Results().cell("unreachable; closed", name="results")
        ('closed', 'unreachable')
    """

    def convert(self, given: Any, /) -> tuple[str, ...]:  # noqa: ANN401
        """Take codes; none if there is no result yet."""
        is_none = not isinstance(given, str) and (*(values_in(given) or (0,)),) == ()
        return () if is_none else self.cell(given, name="value")

    def cell(self, given: Any, /, *, name: str) -> tuple[str, ...]:  # noqa: ANN401
        """Take one code or more: a collection, or a text with separators."""
        parts = _SEPARATORS.split(given) if isinstance(given, str) else values_in(given)
        codes = set()
        for part in [given] if parts is None else parts:
            code = part.code if isinstance(part, Coded) else part
            if not isinstance(code, str):
                raise invalid("results-type", name=name, got=given)
            code = code.strip() if isinstance(given, str) else code
            if not _CODE.fullmatch(code):
                raise invalid("results-form", name=name, part=code, got=given)
            codes.add(code)
        if not codes:
            raise invalid("results-none", name=name)
        return tuple(sorted(codes))

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
    """Leave fields as given: the ledger reads whole columns, not single cells."""
    return [field.evolve(converter=None) for field in declared(cls, fields)]


@attrs.frozen(kw_only=True, field_transformer=_as_given)
class LedgerRow(Stored):
    """
    One item that one department checks at one subject in one task.

    Nothing is checked until the row is put into a ledger, which reads its
    fields like the cells of a table.

    Attributes:
        task_id: The task; in a joint task several rows share it.
        subject_id: The subject.
        item: The item, as in the item list.
        department: The department whose check it is.
        origin: Whether it was drawn, follows a case lead, or a special campaign.
        entry: The plan entry; None for a case lead.
        basis: What it is based on besides the plan: the digest of the
            announcement of its draw, the kind of a case lead, the name of a campaign.
        stratum: The tier in which the subject was drawn; None for a case lead.
        method: How it is made.
        results: Codes of the results; empty until there are some.
        exemption: Why the result is not made public; None if it is.
        replaces: The drawn subject in whose place this one is inspected.
        drawn_on: Day of the draw; of a case lead, the day on which it came in.
        due: Last day of the window; of a case lead, None where it is only to be
            inspected at once.
        completed_on: Day on which the check was completed.
        entered_on: Day on which its result was entered.
        published_on: Day on which its result became public.
    """

    FORMAT: ClassVar[str] = "dsgk-ledger-row/1"

    task_id: Id = attrs.field(metadata=called("任务编号"))
    subject_id: Id = attrs.field(metadata=called("统一社会信用代码"))
    item: Label = attrs.field(metadata=called("抽查事项"))
    department: Label = attrs.field(metadata=called("检查部门"))
    origin: Origin = attrs.field(
        default=Origin.RANDOM, metadata=called("任务来源", "来源|^origin$")
    )
    entry: Id | None = attrs.field(
        default=None, metadata=called("计划条目", "计划(条目|编号|序号)|^entry$")
    )
    basis: Label | None = attrs.field(
        default=None, metadata=called("任务依据", "(任务|检查)依据|^basis$")
    )
    stratum: Label | None = attrs.field(
        default=None, metadata=called("分级", "分[级层]|^stratum$")
    )
    method: Annotated[Method, _OneMethod(Method)] = attrs.field(
        default=Method.ON_SITE,
        metadata=called("检查方式", "(检|抽)查(方式|方法|形式)|^method$"),
    )
    results: Annotated[tuple[str, ...], Results()] = attrs.field(
        default=(), metadata=called("检查结果", "结果|^results$")
    )
    exemption: Label | None = attrs.field(
        default=None,
        metadata=called("不予公示理由", "(不予|不|免于)公[示开]|^exemption$"),
    )
    replaces: Id | None = attrs.field(
        default=None, metadata=called("被替补对象", "替[补换代]|递补|^replaces$")
    )
    drawn_on: dt.date = attrs.field(metadata=called("抽取日期"))
    due: dt.date | None = attrs.field(
        default=None, metadata=called("检查截止日期", "截止|到期|期限|^due$")
    )
    completed_on: dt.date | None = attrs.field(
        default=None,
        metadata=called("检查完成日期", "(完成|办结|检查)(日期|时间)|^completed_on$"),
    )
    entered_on: dt.date | None = attrs.field(
        default=None, metadata=called("录入日期", "录入(日期|时间)|^entered_on$")
    )
    published_on: dt.date | None = attrs.field(
        default=None, metadata=called("公示日期", "公[示开](日期|时间)|^published_on$")
    )

    @classmethod
    def _of_fields(cls, document: Mapping[str, Any], form: str = "") -> Self:
        read = _Read._of_fields(document, form)  # noqa: SLF001
        return cls(**{name: getattr(read, name) for name in COLUMNS})


COLUMNS: Final[Mapping[str, Heading]] = {
    field.name: Heading.of(field) for field in attrs.fields(LedgerRow)
}
"""All columns, those of days last."""

_LIKENESS = {name: about.likeness for name, about in COLUMNS.items() if about.likeness}

DAYS = tuple(name for name, column in COLUMNS.items() if column.is_day)
"""Columns of days, by time except for `due`."""

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
"""A row that checks its fields, to read documents."""


_DIGEST = "dsgk-ledger/2"
"""Format of the hashed bytes."""
_KEYS = ("task_id", "item", "department", "entry")
"""Columns whose cells together tell every row from the others."""

_WHAT = "ledger"
_NO_DAY = np.datetime64("NaT", "D")
_OWN_NAMES = {name: name for name in COLUMNS}

Mask = npt.NDArray[np.bool_]


@cites(article(15))
@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class Ledger(SetOfRows):
    """
    Every check that was drawn or ordered, and what became of it (检查台账).

    Made by `from_columns`, `from_table` or `of`.  A check gets its row when it
    is drawn; `record` fills in what happens later and overwrites nothing.
    Checks of case leads stand in the same ledger with an origin of their own, so
    that no statistic can mix them with what was drawn.

    Attributes:
        classes: By name, the columns other than days, as `Categorical`.
        days: By name, the columns of days, [n, datetime64[D]], NaT where
            nothing has happened yet.

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

        Every column has n cells, as `LedgerRow` describes them.  An empty
        *origin* means a random check, an empty *method* a check on site;
        *results* are codes, as a collection or as one text.

        Raises:
            InvalidInput: Cells that cannot be read, gaps, days out of order,
                checks listed twice, tasks of two subjects: all faults at once,
                with their rows.

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
            names: [field -> column] Names that are neither the usual one, such
                as 任务编号 or 统一社会信用代码, nor that of the field. Columns
                that you name must be there, and those of task, subject, item,
                department and day of the draw; others may be absent.

        Raises:
            InvalidInput: As for `from_columns`, and columns that are missing
                or there under both names.
        """
        return cls._read(*_named_columns(table, names))

    @classmethod
    def of(cls, rows: Iterable[LedgerRow] = (), /) -> Self:
        """
        Make a ledger of rows; without rows, an empty one.

        Raises:
            InvalidInput: As for `from_columns`, and values that are no rows.
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
                name, cell = called[field], about.kind.cell
                read, found = (
                    read_id_column(cells, name=name)
                    if about.is_id
                    else read_column(cells, cell, name=name)
                )
                faults += found
            classes[field] = read.filled(about.default) if about.default else read
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
        """What a pickle needs, without what can be derived."""
        return {"_classes": self._classes, "_days": self._days}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Make the columns read-only, also after a pickle."""
        vars(self).update(state)
        columns = (column.codes for column in self._classes.values())
        for array in (*columns, *self._days.values()):
            array.flags.writeable = False

    # -- rows ------------------------------------------------------------

    def __len__(self) -> int:
        """Number of checks."""
        return len(self._days["drawn_on"])

    def __getitem__(self, row: int, /) -> LedgerRow:
        """The check of one row; IndexError if there is none."""
        k, n = check_whole(row, name="row"), len(self)
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

    def __repr__(self) -> str:
        """Numbers instead of rows."""
        tasks = len(self._classes["task_id"].categories)
        return f"<Ledger of {len(self)} checks in {tasks} tasks>"

    @property
    def classes(self) -> Mapping[str, Categorical[Any]]:
        """By name, the columns other than days."""
        return types.MappingProxyType(self._classes)

    @property
    def days(self) -> Mapping[str, Days]:
        """By name, the columns of days."""
        return types.MappingProxyType(self._days)

    # -- parts -----------------------------------------------------------

    def matches(self, **classes: Collection[object]) -> npt.NDArray[np.bool_]:
        """
        Which rows have one of the accepted values in every column.

        Args:
            classes: Accepted values by column, other than days; None stands for
                empty cells. `results` matches rows with any of the codes.

        Returns:
            [n, bool] Whether the row matches; all do if nothing is asked.

        Raises:
            InvalidTypeError: A value is given alone, not in a set.
            InvalidValueError: There is no such column, or no such value.

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
        """The checks that `matches` finds, in the order of the rows."""
        return self.take(self.matches(**classes))

    def take(self, rows: npt.NDArray[Any], /) -> Self:
        """
        The chosen checks.

        Args:
            rows: [m ints, or n bools] Numbers of rows, each once; or for each
                row whether it is chosen.
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

        It lacks checks that were drawn later, and cells of what happened later
        are empty.  Every figure "on a day" is the figure of this ledger.

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
        The ledger followed by further checks.

        Raises:
            InvalidInput: A row of *more* is faulty by itself, with its position
                in *more*; or together with others, with its position in the
                extended ledger.
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

        Only empty cells are filled.  A statement may be repeated but not
        changed: a ledger that can be rewritten proves nothing.

        Args:
            rows: [m ints, or n bools] As for `take`.
            completed_on: A day, or [m days], None where there is none.
            results: Codes of a result (text, tuple or set), or a list of such.
            entered_on: A day, or [m days].
            published_on: A day, or [m days].
            exemption: A reason not to publish, or [m reasons].

        Raises:
            InvalidInput: A row does not exist or is given twice, a column has
                another length, a cell cannot be read, differs from what was
                stated, or makes the row faulty: all faults at once.
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
            changed = np.sort(chosen[there & different])
            cell = functools.partial(self._cell, field)
            faults.add_rows(changed, "rewritten", column=field, old=cell)
        return self._checked(classes, days, _OWN_NAMES, faults)

    def _cell(self, field: str, row: int) -> object:
        return getattr(self[row], field)

    # -- out -------------------------------------------------------------

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Plain columns, which `from_columns` reads.

        Returns:
            By field, [n cells] texts and dates, None for an empty cell;
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
        """Read the columns of a document, as `from_columns` does."""
        optional = [name for name, about in COLUMNS.items() if not about.is_required]
        given = known_columns(columns, _OWN_NAMES, optional=optional, what=_WHAT)
        if "results" in given:  # lists have no hashes
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
        SHA-256 of the ledger, whatever its order, in lower-case hex (摘要).

        ``docs/reference/digests.md`` says what is hashed.
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

    Fields that *names* lacks are looked for under their usual name, then under
    that of the field.

    Returns:
        The columns by field, and what the table calls each field.
    """
    check_mapping(names, name="names", instead="{'task_id': '任务编号'}")
    for field, name in names.items():
        if field not in COLUMNS:
            raise invalid("unknown-field", name=field, known=[*COLUMNS])
        if not isinstance(name, str):
            raise invalid("text-type", name=f"names[{field!r}]", got=name)
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
    unasked = {field: like for field, like in _LIKENESS.items() if field not in names}
    Faults(look_alikes(table, called, unasked)).raise_any(_WHAT)
    required = {called[name] for name, about in COLUMNS.items() if about.is_required}
    if not required | named <= columns.keys():  # tell all faults
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
    """The codes of two columns for the values of both, and these values."""
    place = {value: code for code, value in enumerate(one.categories)}
    codes = [place.setdefault(value, len(place)) for value in other.categories]
    translated = np.array([*codes, -1], dtype=np.int32)  # code -1 is the last
    return one.codes.copy(), translated[other.codes], list(place)


def _accepted(field: str, values: object) -> set[Any]:
    """The values that rows may have in a column, None for empty cells."""
    if field not in COLUMNS or field in DAYS:
        known = [name for name in COLUMNS if name not in DAYS]
        raise invalid("unknown-field", name=field, known=known)
    read = COLUMNS[field].kind.cell
    return {
        None if is_empty(cell) else read(cell, name=field)
        for cell in accepted(values, name=field)
    }


def _row_numbers(rows: object, n: int) -> npt.NDArray[np.intp]:
    """Numbers of rows, given as such or as a mask of *n* rows."""
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
    """A cell for each row, from one value for all or from a column."""
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


# -- gaps, days out of order, checks listed twice ----------------------------


class _View(NamedTuple):
    """The columns, as the rules below ask for them."""

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


def _before(view: _View, later: str, earlier: str) -> Mask:
    return view.days[later] < view.days[earlier]  # False where one is NaT


def _too_early(view: _View, later: str, earlier: str) -> Mask:
    """Rows in which *later* comes before *earlier*, or without it."""
    return _before(view, later, earlier) | (view.has(later) & ~view.has(earlier))


def _itself(view: _View) -> Mask:
    """Rows in which a subject would replace itself."""
    one, other = view.classes["replaces"], view.classes["subject_id"]
    place = {value: code for code, value in enumerate(other.categories)}
    translated = [*(place.get(value, -2) for value in one.categories), -2]
    same: Mask = np.array(translated)[one.codes] == other.codes
    return same


_RULES: Mapping[str, tuple[str, Callable[[_View], Mask]]] = {
    "due-missing": ("due origin", lambda v: ~v.has("due") & ~v.of(Origin.CASE_LEAD)),
    "plan-entry-missing": (
        "entry subject_id origin",
        lambda v: ~v.has("entry") & v.of(Origin.RANDOM),
    ),
    "case-lead-planned": (
        "entry stratum",
        lambda v: v.of(Origin.CASE_LEAD) & (v.has("entry") | v.has("stratum")),
    ),
    "due-before-draw": ("due drawn_on", lambda v: _before(v, "due", "drawn_on")),
    "completed-before-draw": (
        "completed_on drawn_on",
        lambda v: _before(v, "completed_on", "drawn_on"),
    ),
    "results-early": (
        "results completed_on",
        lambda v: v.has("results") & ~v.has("completed_on"),
    ),
    "entered-before-completed": (
        "entered_on completed_on",
        lambda v: _too_early(v, "entered_on", "completed_on"),
    ),
    "entered-nothing": (
        "entered_on",
        lambda v: v.has("entered_on") & ~v.has("results"),
    ),
    "published-before-entered": (
        "published_on entered_on",
        lambda v: _too_early(v, "published_on", "entered_on"),
    ),
    "published-exempt": (
        "exemption published_on",
        lambda v: v.has("exemption") & v.has("published_on"),
    ),
    "replaces-undrawn": (
        "replaces origin",
        lambda v: v.has("replaces") & ~v.of(Origin.RANDOM),
    ),
    "replaces-itself": ("replaces", _itself),
}
"""By code, the columns it shows, that of the fault first; and the faulty rows."""


def _row_faults(view: _View, called: Mapping[str, str], unread: Faults) -> Faults:
    """
    The faults of rows whose cells have been read.

    Args:
        view: The columns.
        called: What the table calls each column.
        unread: Faults of cells that could not be read and are not told again.
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
        cells = {name: functools.partial(view.cell, name) for name in names}
        column, rows = called[names[0]], np.flatnonzero(broken)
        faults.add_rows(rows, code, column=column, **cells)

    for name, about in COLUMNS.items():
        if about.is_required:
            tell("cell-empty", [name], ~view.has(name))
    for code, (names, broken) in _RULES.items():
        tell(code, names.split(), broken(view))
    if not unread:
        faults += _double_faults(view, called)
    return faults


def joint_codes(*columns: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """
    Number the distinct combinations of cells in several columns.

    Args:
        columns: [n ints >= -1, or days] One or more.

    Returns:
        [n] Equal for rows that are equal in all columns; from 0, without gaps.
    """
    _, codes = np.unique(columns[0], return_inverse=True)
    for column in columns[1:]:
        values, ranks = np.unique(column, return_inverse=True)
        # Both factors are at most n, so the product cannot overflow.
        _, codes = np.unique(
            codes.astype(np.int64) * len(values) + ranks, return_inverse=True
        )
    joint: npt.NDArray[np.int64] = codes.astype(np.int64)
    return joint


def _repeats(rows: npt.NDArray[np.intp], *columns: npt.NDArray[Any]) -> dict[int, int]:
    """For each of *rows* that repeats an earlier one, that one."""
    if not len(rows):
        return {}
    codes = joint_codes(*(column[rows] for column in columns))
    _, first = np.unique(codes, return_index=True)
    earlier = first[codes]
    again = np.flatnonzero(earlier != np.arange(len(rows)))
    return dict(zip(rows[again].tolist(), rows[earlier[again]].tolist(), strict=True))


def _double_faults(view: _View, called: Mapping[str, str]) -> Faults:
    """Checks that are in a task or a draw twice; tasks of two subjects."""
    faults = Faults()
    codes = {name: column.codes for name, column in view.classes.items()}
    every = np.arange(len(codes["task_id"]))
    random = np.flatnonzero(view.of(Origin.RANDOM))
    stand_ins = np.flatnonzero(view.has("replaces"))
    drawn = [codes[n] for n in ("entry", "item", "department")]

    def tell(code: str, names: Sequence[str], firsts: Mapping[int, int]) -> None:
        faults.add_rows(
            firsts,
            code,
            column=called[names[0]],
            first=firsts.__getitem__,
            other=lambda row: view.cell("subject_id", firsts[row]),
            **{name: functools.partial(view.cell, name) for name in names},
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
