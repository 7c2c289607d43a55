"""The ledger itself: checks in columns, rows on demand."""

import datetime as dt
import functools
import types
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, InvalidInput, shown
from dsgk.fields import check_day
from dsgk.items import Method
from dsgk.ledger.faults import row_faults
from dsgk.ledger.parts import (
    accepted,
    filled,
    listed_rows,
    named_columns,
    one_for_each,
    rewritten,
    row_number,
    row_numbers,
    union,
)
from dsgk.ledger.values import (
    CLASSES,
    DAYS,
    FIELDS,
    ID_FIELDS,
    REQUIRED,
    LedgerRow,
    Origin,
)
from dsgk.sources import article, cites
from dsgk.tables import (
    Categorical,
    Column,
    Days,
    Table,
    columns_of,
    digest_of_columns,
    read_column,
    read_days,
    read_id_column,
)


__all__ = ["LEDGER_FORMAT", "Ledger"]

LEDGER_FORMAT = "dsgk-ledger/2"
"""Name of the text that is hashed; another text would have another name."""

_WHAT = "ledger"
_KEYS = ("task_id", "item", "department", "entry")
"""Columns whose cells together are different in every row."""

_NO_DAY = np.datetime64("NaT", "D")
_DEFAULTS = {"origin": Origin.RANDOM, "method": Method.ON_SITE}
_RECORDED = ("completed_on", "results", "entered_on", "published_on", "exemption")


@cites(article(15))
@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class Ledger:
    """
    Every check that was drawn or ordered, and what became of it (检查台账).

    Made by `from_columns`, `from_table` or `of`.  A check gets its row when it
    is drawn; `record` fills in what happens later and overwrites nothing.
    Checks of leads stand in the same ledger with an origin of their own, so
    that no statistic can mix them with what was drawn.

    Attributes:
        classes: By name, every column that holds no days, as a `Categorical`.
        days: By name, every column of days, [n, datetime64[D]], NaT where
            nothing happened yet.

    Cites:
        District Opinion, Art. 15 (按照规定的要求和时限完成年度抽查计划).

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

    _classes: dict[str, Categorical[Any]]
    _days: dict[str, Days]

    def __init__(self) -> None:
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

        Args:
            task_id: [n ids] Rows of one task share it. What the columns mean
                stands with `LedgerRow`.
            subject_id: [n ids] One subject for each task.
            item: [n labels] Items.
            department: [n labels] Departments.
            drawn_on: [n days] Days of the draws.
            origin: [n cells] Empty is a random check.
            entry: [n ids] Plan entries.
            basis: [n labels] What checks rest on beside the plan.
            stratum: [n labels] Tiers.
            method: [n cells] Empty is on site.
            results: [n cells] Codes, as a collection or a text of them.
            exemption: [n labels] Reasons not to publish.
            replaces: [n ids] Subjects that were replaced.
            due: [n days] Last days of the windows.
            completed_on: [n days] Days on which checks were completed.
            entered_on: [n days] Days on which results were entered.
            published_on: [n days] Days on which results became public.

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
        given = {
            "task_id": task_id,
            "subject_id": subject_id,
            "item": item,
            "department": department,
            "origin": origin,
            "entry": entry,
            "basis": basis,
            "stratum": stratum,
            "method": method,
            "results": results,
            "exemption": exemption,
            "replaces": replaces,
            "drawn_on": drawn_on,
            "due": due,
            "completed_on": completed_on,
            "entered_on": entered_on,
            "published_on": published_on,
        }
        table = {n: c for n, c in given.items() if c is not None or n in REQUIRED}
        columns = columns_of(table, list(table), what=_WHAT)
        return cls._read(columns, {name: name for name in FIELDS})

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
            InvalidTypeError: *table* has no columns by name, or *names* is no
                mapping.
            InvalidValueError: *names* names no field.
            InvalidInput: As in `from_columns`, and columns that are missing,
                or stand there under both names.
        """
        return cls._read(*named_columns(table, names))

    @classmethod
    def of(cls, rows: Iterable[LedgerRow] = (), /) -> Self:
        """
        Make a ledger of rows; of none, an empty one.

        Raises:
            InvalidTypeError: *rows* is one row, or nothing that has rows.
            InvalidInput: As in `from_columns`, and values that are no rows.
        """
        listed = listed_rows(rows)
        faults = [
            Fault.told(
                "row-type",
                f"must be a LedgerRow (got {shown(row)}). Write LedgerRow(…).",
                row=k,
            )
            for k, row in enumerate(listed)
            if not isinstance(row, LedgerRow)
        ]
        if faults:
            raise InvalidInput.of(_WHAT, faults)
        columns: dict[str, Column] = {
            field: [getattr(row, field) for row in listed] for field in FIELDS
        }
        columns["results"] = [
            None if isinstance(codes, tuple) and not codes else codes
            for codes in columns["results"]
        ]
        return cls._read(columns, {name: name for name in FIELDS})

    @classmethod
    def _read(cls, columns: Mapping[str, Column], called: Mapping[str, str]) -> Self:
        n = len(columns["task_id"])
        faults: list[Fault] = []
        classes: dict[str, Categorical[Any]] = {}
        days: dict[str, Days] = {}
        for field in FIELDS:
            found: Iterable[Fault] = ()
            column = columns.get(field)
            if column is None and field in DAYS:
                days[field] = np.full(n, _NO_DAY)
            elif column is None:
                classes[field] = Categorical(np.full(n, -1, dtype=np.int32), ())
            elif field in DAYS:
                days[field], found = read_days(column, name=called[field])
            elif field in ID_FIELDS:
                classes[field], found = read_id_column(column, name=called[field])
            else:
                classes[field], found = read_column(
                    column, CLASSES[field], name=called[field]
                )
            faults += found
        for field, default in _DEFAULTS.items():
            classes[field] = filled(classes[field], default)
        return cls._checked(classes, days, called, faults)

    @classmethod
    def _checked(
        cls,
        classes: dict[str, Categorical[Any]],
        days: dict[str, Days],
        called: Mapping[str, str],
        faults: Iterable[Fault] = (),
    ) -> Self:
        told = {(fault.row, fault.column) for fault in faults}
        all_faults = [*faults, *row_faults(classes, days, called, told)]
        if all_faults:
            all_faults.sort(key=lambda fault: -1 if fault.row is None else fault.row)
            raise InvalidInput.of(_WHAT, all_faults)
        return cls._of(classes, days)

    @classmethod
    def _of(cls, classes: dict[str, Categorical[Any]], days: dict[str, Days]) -> Self:
        for array in (*(column.codes for column in classes.values()), *days.values()):
            array.flags.writeable = False
        ledger = cls.__new__(cls)
        ledger.__attrs_init__(classes, days)
        return ledger

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
        k = row_number(row, len(self))
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
            wanted = accepted(field, values)
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
        chosen = row_numbers(rows, len(self))
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

        Raises:
            InvalidTypeError: *on* is no date.

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
            InvalidTypeError: *more* is one row, or nothing that has rows.
            InvalidInput: A row is faulty by itself (its position counts from 0
                in *more*), or with those that are there: then rows count in
                the ledger as it would be.
        """
        other = more if isinstance(more, Ledger) else Ledger.of(more)
        classes = {}
        for name, column in self._classes.items():
            mine, theirs, values = union(column, other.classes[name])
            classes[name] = Categorical.of(np.concatenate([mine, theirs]), values)
        days = {
            name: np.concatenate([column, other.days[name]])
            for name, column in self._days.items()
        }
        return self._checked(classes, days, {name: name for name in FIELDS})

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
        chosen = row_numbers(rows, len(self))
        given = {
            "completed_on": completed_on,
            "results": results,
            "entered_on": entered_on,
            "published_on": published_on,
            "exemption": exemption,
        }
        classes, days = dict(self._classes), dict(self._days)
        faults: list[Fault] = []
        for field in _RECORDED:
            if given[field] is None:
                continue
            cells, wrong = one_for_each(field, given[field], len(chosen))
            faults += wrong
            if wrong:
                continue
            found: Iterable[Fault]
            if field in DAYS:
                told, found = read_days(cells, name=field)
                stated = days[field][chosen]
                there = ~np.isnat(told)
                different = ~np.isnat(stated) & (told != stated)
                new = days[field].copy()
                new[chosen[there]] = told[there]
                days[field] = new
            else:
                read, found = read_column(cells, CLASSES[field], name=field)
                before, after, values = union(classes[field], read)
                old = before[chosen]
                there, different = after >= 0, (old >= 0) & (after != old)
                before[chosen[there]] = after[there]
                classes[field] = Categorical.of(before, values)
            faults += [
                attrs.evolve(fault, row=int(chosen[fault.row or 0])) for fault in found
            ]
            faults += [
                rewritten(field, self[row], row)
                for row in chosen[there & different].tolist()
            ]
        return self._checked(classes, days, {name: name for name in FIELDS}, faults)

    # -- out -------------------------------------------------------------

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Plain columns, which `from_columns` takes back.

        Returns:
            By field, [n cells] texts and dates, None where a cell is empty;
            origins as codes, several results joined by semicolons.
        """
        columns: dict[str, list[Any]] = {
            name: column.cells() for name, column in self._classes.items()
        }
        columns["origin"] = [origin.code for origin in columns["origin"]]
        columns["method"] = [method.value for method in columns["method"]]
        columns["results"] = [
            None if codes is None else ";".join(codes) for codes in columns["results"]
        ]
        columns |= {name: days.tolist() for name, days in self._days.items()}
        return columns

    @functools.cached_property
    def digest(self) -> str:
        """
        SHA-256 of the ledger as a set of checks, in lower-case hex (摘要).

        Does not depend on the order of the rows; ``docs/reference/digests.md``
        says what is hashed.
        """
        columns = {
            **self._classes,
            **{name: Categorical.of_days(days) for name, days in self._days.items()},
        }
        for name, default in _DEFAULTS.items():
            columns[name] = columns[name].without(default)
        return digest_of_columns(LEDGER_FORMAT, columns, _KEYS)
