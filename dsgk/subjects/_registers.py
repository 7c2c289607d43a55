"""The register of subjects: a million rows in columns, each a `Subject` on demand."""

import datetime as dt
import functools
import inspect
import operator
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeVar

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, Faults, FrozenDict, invalid
from dsgk.fields import (
    check_day,
    check_mapping,
    check_text,
    listed,
    read_flag,
    read_id,
    read_value,
)
from dsgk.identifiers import credit_code_faults
from dsgk.sources import article, cites
from dsgk.subjects._values import (
    FIELDS,
    Addition,
    Change,
    Selection,
    Status,
    Subject,
    Value,
    attribute_name,
    select,
)
from dsgk.tables import (
    Categorical,
    Column,
    Days,
    Repair,
    SetOfRows,
    Table,
    columns_of,
    digest_of_columns,
    read_column,
    read_days,
    read_from,
    read_ids,
    repaired,
)


__all__ = ["SubjectRegister"]

_DIGEST = "dsgk-register/2"
"""Format of the hashed bytes."""

_WHAT = "register of subjects"
_CHANGES = "list of changes"
_CHANGE = "Change(subject_id=…, field=…, value=…, on=…, reason=…)"


class _Usual(str):
    """The usual name of a column, which may be absent."""

    __slots__ = ()


_USUAL = {name: _Usual(field.heading) for name, field in FIELDS.items()}
_LIKENESS = {name: field.likeness for name, field in FIELDS.items() if field.likeness}
_F = TypeVar("_F", bound=Callable[..., Any])


def _takes_fields(defaults: Mapping[str, str | None]) -> Callable[[_F], _F]:
    """Show help and notebooks the fields among the arguments of a function."""

    def mark(function: _F) -> _F:
        signature = inspect.signature(function)
        *own, attributes = signature.parameters.values()
        fields = [
            inspect.Parameter(
                name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=attributes.annotation,
            )
            for name, default in defaults.items()
        ]
        every = [*own[:-1], *fields, own[-1], attributes]
        function.__signature__ = signature.replace(parameters=every)  # type: ignore[attr-defined]
        return function

    return mark


@cites(article(24), article(25))
@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class SubjectRegister(SetOfRows):
    """
    The register of subjects of inspection (检查对象名录库).

    Made by `from_table` or `from_columns`.  Rows keep their order, but nothing
    that is computed from a register depends on it, and two registers are equal
    when their digests are.  An empty cell means not known, still active, never
    inspected, or no visit this year.

    Attributes:
        ids: [n strings] Ids of the subjects.
        read_from: [field -> column] What `from_table` read each field from;
            empty in a register that was made otherwise, as are the next two.
        not_read: Names of the other columns of the table.
        repairs: Cells that were read as what their fault says to write.

    Examples:
        >>> register = SubjectRegister.from_columns(
        ...     id=["S1", "S2"], kind=["药店", "饭店"], credit=["A", "D"]
        ... )
        >>> len(register), register[1].kind, register.where(credit={"D"}).ids
        (2, '饭店', ('S2',))
    """

    FORMAT: ClassVar[str] = "dsgk-subject-register/1"

    ids: tuple[str, ...]
    _columns: dict[str, Categorical[Any]]
    read_from: Mapping[str, str] = FrozenDict()
    not_read: tuple[str, ...] = ()
    repairs: tuple[Repair, ...] = ()

    def __init__(self, *_: object, **_fields: object) -> None:
        msg = (
            "a register must be made of columns. Write "
            "SubjectRegister.from_columns(id=[…], …) or "
            "SubjectRegister.from_table(table)."
        )
        raise TypeError(msg)

    @classmethod
    @_takes_fields(dict.fromkeys(FIELDS))
    def from_columns(
        cls,
        *,
        id: Column | Table,  # noqa: A002  (the field of a subject)
        check_codes: bool = False,
        **attributes: Column | Table | None,
    ) -> Self:
        """
        Make a register of columns: lists, tuples, arrays, columns of tables.

        Every column has n cells and the name of a field of `Subject`, or of a
        further attribute, which holds labels, bools or ints.  Cells of
        *on_promise* may be 1 or 0, 是 or 否; of *status* the usual texts.  With
        *check_codes* every id must be a unified social credit code; leave it out
        if there are equipment or products.

        Raises:
            InvalidInput: All faults of all columns, with their rows.
        """
        given = _in_order(attributes, {})
        table = {name: cells for name, cells in given.items() if cells is not None}
        columns = columns_of({"id": id, **table}, ["id", *table], what=_WHAT)
        return cls._read(columns, {name: name for name in columns}, check_codes)

    @classmethod
    @_takes_fields(_USUAL)
    def from_table(
        cls,
        table: Table,
        /,
        *,
        id: str = "统一社会信用代码",  # noqa: A002  (the field of a subject)
        check_codes: bool = False,
        repair: bool = False,
        **attributes: str | None,
    ) -> Self:
        """
        Make a register of a table: dict, pandas, polars, Arrow, NumPy.

        The table must have one row or more, and a column of ids.  Each argument
        names the column of a field of `Subject` or of a further attribute, such
        as ``food="食品经营"``.  A column that you name must be there, one with its
        usual name may be absent, and None leaves the field out.  Where it is
        absent and another column looks like it (经营状态 for 登记状态), the table is
        refused; `read_from` and `not_read` of the register say what was read.

        With *repair*, cells whose fault has one thing to write instead are
        read as that, and `repairs` of the register lists them.  The table
        stays as it is.

        Raises:
            InvalidInput: Columns are missing or unequal, there is no row, or
                cells are faulty: all faults at once, with their rows; with
                *repair*, those that nobody can repair but who knows the case.

        Examples:
            >>> table = {"统一社会信用代码": ["S1"], "信用等级": ["B"], "食品": ["是"]}
            >>> SubjectRegister.from_table(table, food="食品")[0].credit
            'B'
            >>> table["信用等级"] = ["B "]
            >>> SubjectRegister.from_table(table, repair=True).repairs
            (Repair(row=0, column='信用等级', before='B ', after='B'),)
        """
        given = _in_order(attributes, _USUAL)
        usual = {field for field, name in given.items() if isinstance(name, _Usual)}
        given = {f: check_text(c, name=f) for f, c in given.items() if c is not None}
        names = {"id": id, **given}
        columns = columns_of(
            table, names, optional=usual, likeness=_LIKENESS, what=_WHAT
        )
        if not len(columns["id"]):
            empty = Faults()
            without = "SubjectRegister.from_columns(id=[])"
            empty.add("table-empty", column=id, instead=without)
            empty.raise_any(_WHAT)
        called = {field: names[field] for field in columns}
        repairs: list[Repair] = []
        if read_flag(repair, name="repair"):
            for field, column in columns.items():
                columns[field], done = repaired(
                    column, _reader(field), name=called[field]
                )
                repairs += done
        register = cls._read(columns, called, check_codes)
        found, left = read_from(table, called)
        vars(register).update(read_from=found, not_read=left, repairs=tuple(repairs))
        return register

    @classmethod
    def _read(
        cls,
        columns: Mapping[str, Column],
        called: Mapping[str, str],
        check_codes: bool = False,  # noqa: FBT001, FBT002
    ) -> Self:
        ids, faults = read_ids(columns["id"], name=called["id"])
        if read_flag(check_codes, name="check_codes"):
            faults += _code_faults(columns["id"], faults, called["id"])
        read: dict[str, Categorical[Any]] = {}
        for field, column in columns.items():
            is_day = field in FIELDS and FIELDS[field].is_day
            if is_day and isinstance(column, np.ndarray):
                days, found = read_days(column, name=called[field])
                read[field] = Categorical.of_days(days)
            elif field != "id":
                read[field], found = read_column(
                    column, _reader(field), name=called[field]
                )
            else:
                continue
            faults += found
        faults.raise_any(_WHAT)
        return cls._of(ids, read)

    @classmethod
    def _of(cls, ids: tuple[str, ...], columns: dict[str, Categorical[Any]]) -> Self:
        """Order fields, then attributes by name, and fill empty cells with defaults."""
        empty: Categorical[Any] = Categorical(np.full(len(ids), -1, dtype=np.int32), ())
        given = {"status": empty, **columns}
        ordered = [f for f in FIELDS if f in given] + sorted(given.keys() - {*FIELDS})
        full = {
            name: given[name]
            if name not in FIELDS or FIELDS[name].default is None
            else given[name].filled(FIELDS[name].default)
            for name in ordered
        }
        register = cls.__new__(cls)
        register.__attrs_init__(ids, full)
        _freeze(full)
        return register

    def __getstate__(self) -> dict[str, Any]:
        """What a pickle needs, without what can be derived."""
        fields = attrs.fields(SubjectRegister)
        return {field.name: getattr(self, field.name) for field in fields}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Make the columns read-only again, which a pickle forgets."""
        vars(self).update(state)
        _freeze(self._columns)

    # -- rows ------------------------------------------------------------

    def __len__(self) -> int:
        """Number of subjects, those that left the register included."""
        return len(self.ids)

    def __getitem__(self, row: int, /) -> Subject:
        """The subject of one row."""
        k = operator.index(row)
        cells: dict[str, Any] = {
            n: column.cell(k) for n, column in self._columns.items()
        }
        fields = {name: cells.pop(name) for name in FIELDS if name in cells}
        return Subject(id=self.ids[k], attributes=cells, **fields)

    def __iter__(self) -> Iterator[Subject]:
        """The subjects in the order of the rows."""
        return (self[row] for row in range(len(self)))

    def __contains__(self, subject_id: object) -> bool:
        """Whether a subject with that id has a row."""
        return isinstance(subject_id, str) and subject_id in self._known

    @functools.cached_property
    def _known(self) -> frozenset[str]:
        """The ids, to look up many of them."""
        return frozenset(self.ids)

    def __repr__(self) -> str:
        """Size and fields instead of rows."""
        return f"<SubjectRegister of {len(self)} subjects, {', '.join(self.fields)}>"

    @functools.cached_property
    def classes(self) -> Mapping[str, Categorical[Any]]:
        """By field, then by further attribute, the columns that class subjects."""
        return types.MappingProxyType(
            {
                name: column
                for name, column in self._columns.items()
                if name not in FIELDS or FIELDS[name].is_class
            }
        )

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields and further attributes that the register has."""
        return tuple(self._columns)

    def _array(self, name: str, dtype: str) -> npt.NDArray[Any]:
        """A column as an array, with what an empty cell means in its place."""
        column = self._columns.get(name)
        default = FIELDS[name].default
        if column is None:
            return np.full(len(self), default, dtype=dtype)
        array: npt.NDArray[Any]
        array = np.array([*column.categories, default], dtype=dtype)[column.codes]
        array.flags.writeable = False
        return array

    @functools.cached_property
    def last_inspected_on(self) -> Days:
        """[n, datetime64[D]] Day of the last inspection, NaT if there was none."""
        return self._array("last_inspected_on", "datetime64[D]")

    @functools.cached_property
    def visits_this_year(self) -> npt.NDArray[np.int64]:
        """[n, int64] Visits of all departments in this year."""
        return self._array("visits_this_year", "int64")

    # -- parts -----------------------------------------------------------

    def matches(self, selection: Selection, /) -> npt.NDArray[np.bool_]:
        """
        Which rows have one of the accepted values in every field.

        Args:
            selection: As `select` takes it.

        Returns:
            [n, bool] Whether the row matches; all do if nothing is selected.

        Raises:
            InvalidInput: As for `select`.
            InvalidValueError: The register lacks a field.
        """
        return self._matches(select(selection, name="selection"))

    def _matches(self, selection: Selection) -> npt.NDArray[np.bool_]:
        rows = np.ones(len(self), dtype=bool)
        for field, values in selection.items():
            column = self.classes.get(field)
            if column is None:
                raise invalid("unknown-field", name=field, known=[*self.classes])
            typed = {(type(value), value) for value in values}
            accepted = [(type(v), v) in typed for v in (*column.categories, None)]
            rows &= np.array(accepted)[column.codes]  # code -1 is the last
        return rows

    def where(self, **classes: Collection[Value | Status | None]) -> Self:
        """
        The subjects that have one of the accepted values in every field.

        Args:
            classes: Accepted values by field, as for `select`.

        Returns:
            A register of the same fields, possibly empty.

        Raises:
            InvalidInput: As for `select`.
            InvalidValueError: The register lacks a field.

        Examples:
            >>> register = SubjectRegister.from_columns(
            ...     id=["S1", "S2"], kind=["药店", "饭店"], area=["上仓镇", None]
            ... )
            >>> register.where(kind={"药店"}, area={"上仓镇"}).ids
            ('S1',)
        """
        rows = np.flatnonzero(self._matches(select(classes, name="where")))
        return self._of(
            tuple(map(self.ids.__getitem__, rows.tolist())),
            {name: column.take(rows) for name, column in self._columns.items()},
        )

    # -- changes ---------------------------------------------------------

    @cites(article(24))
    def apply(self, changes: Iterable[Addition | Change], /, *, on: dt.date) -> Self:
        """
        The register as it stands on a day, after the changes up to that day.

        Changes are applied by date, whatever their order in *changes*; keep
        those after *on* for the next time.  Subjects that leave stay as rows
        with their status, which shows who left and why.

        Args:
            changes: Additions and changes, in any order.
            on: The day.

        Returns:
            A new register; subjects that joined come last, sorted by id.

        Raises:
            InvalidInput: A subject is added twice or not known, a change comes
                before its subject, a field is not known, or two changes of one
                field on one day contradict each other: all faults at once,
                with their positions in *changes*.

        Examples:
            >>> register = SubjectRegister.from_columns(id=["S1"], credit=["B"])
            >>> day = dt.date(2025, 3, 1)
            >>> after = register.apply(
            ...     [Change.struck_off("S1", on=day, reason="注销登记")], on=day
            ... )
            >>> after[0].status.value, register[0].status.value
            ('注销', '存续')
        """
        edits = _Edits(self, _due(changes, check_day(on, name="on")))
        edits.faults.raise_any(_CHANGES)
        ids = (*self.ids, *edits.joined)
        return self._of(
            ids,
            {
                name: _patched(self._columns.get(name), len(ids), edits.cells[name])
                for name in {**self._columns, **edits.cells}
            },
        )

    # -- out -------------------------------------------------------------

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Plain columns, which `from_columns` reads.

        Returns:
            By field, [n cells] texts, bools, ints and dates, None for an empty
            cell; only the fields that the register has.

        Examples:
            >>> SubjectRegister.from_columns(id=["S1"], credit=["B"]).to_columns()
            {'id': ['S1'], 'credit': ['B'], 'status': ['存续']}
        """
        columns = {name: column.cells() for name, column in self._columns.items()}
        columns["status"] = self._columns["status"].plain()
        return {"id": list(self.ids), **columns}

    def plain_columns(self) -> dict[str, list[Any]]:
        """Columns of plain JSON values."""
        columns = {name: column.plain() for name, column in self._columns.items()}
        return {"id": list(self.ids), **columns}

    @classmethod
    def of_plain_columns(cls, columns: Mapping[str, list[Any]], /) -> Self:
        """Read the columns of a document, as `from_columns` does."""
        check_mapping(columns, name="columns", instead="{'id': […]}")
        for name in columns.keys() - {"id", *FIELDS}:
            attribute_name(name)
        read = columns_of(columns, {"id": "id", **{n: n for n in columns}}, what=_WHAT)
        return cls._read(read, {name: name for name in read})

    @functools.cached_property
    def digest(self) -> str:
        """
        SHA-256 of the register, whatever its order, in lower-case hex (摘要).

        A column counts only if some cell says more than an empty one would;
        ``docs/reference/digests.md`` says what is hashed.

        Examples:
            >>> one = SubjectRegister.from_columns(id=["S1", "S2"], kind=["甲", None])
            >>> two = SubjectRegister.from_columns(id=["S2", "S1"], kind=[None, "甲"])
            >>> one.digest == two.digest
            True
        """
        columns = {
            name: column.without(FIELDS[name].default) if name in FIELDS else column
            for name, column in self._columns.items()
        }
        columns["id"] = Categorical(np.arange(len(self), dtype=np.int32), self.ids)
        return digest_of_columns(_DIGEST, columns, ["id"])


def _in_order(given: Mapping[str, Any], usual: Mapping[str, Any]) -> dict[str, Any]:
    """What was given for the fields, in their order, then for further attributes."""
    fields = {name: given.get(name, usual.get(name)) for name in FIELDS}
    return fields | {attribute_name(n): given[n] for n in given if n not in FIELDS}


def _reader(field: str) -> Callable[..., Any]:
    """What reads a cell of a field, or of a further attribute."""
    if field == "id":
        return read_id
    return FIELDS[field].kind.cell if field in FIELDS else read_value


def _code_faults(column: Column, faults: Faults, name: str) -> Faults:
    """What is wrong with credit codes, of rows in which nothing else is."""
    if "id-column" in faults.counts:
        return Faults()
    told = faults.rows(name)
    rows = [row for row in range(len(column)) if row not in told]
    found = credit_code_faults([column[row] for row in rows], name=name)
    return found.at_rows(np.array(rows, dtype=np.int64))


def _freeze(columns: Mapping[str, Categorical[Any]]) -> None:
    """Make the columns of a register read-only."""
    for column in columns.values():
        column.codes.flags.writeable = False


def _patched(
    column: Categorical[Any] | None, n: int, cells: Mapping[int, Any]
) -> Categorical[Any]:
    """A column extended to *n* rows, with some cells replaced."""
    if column is not None and len(column) == n and not cells:
        return column
    codes = np.full(n, -1, dtype=np.int32)
    positions: dict[tuple[type, Any], int] = {}
    if column is not None:
        codes[: len(column)] = column.codes
        positions = {(type(v), v): k for k, v in enumerate(column.categories)}
    for row, value in cells.items():
        key = (type(value), value)
        codes[row] = -1 if value is None else positions.setdefault(key, len(positions))
    return Categorical.of(codes, [value for _, value in positions])


def _due(
    changes: Iterable[Addition | Change], on: dt.date
) -> list[tuple[int, Addition | Change]]:
    """The changes up to a day, with their positions."""
    due = []
    faults = Faults()
    for k, change in enumerate(listed(changes, Change, name="changes")):
        if not isinstance(change, (Addition, Change)):
            what = {"name": "changes", "type": "Addition or Change", "instead": _CHANGE}
            faults.add("argument-type", row=k, got=change, **what)
        elif change.on <= on:
            due.append((k, change))
    faults.raise_any(_CHANGES)
    return due


class _Edits:
    """
    The effect of changes on a register of n rows.

    Attributes:
        joined: Additions sorted by id, which become rows n, n + 1, …
        cells: [field -> row -> value] Cells that change.
        faults: What is wrong with the changes.
    """

    def __init__(
        self, register: SubjectRegister, due: list[tuple[int, Addition | Change]]
    ) -> None:
        self.faults = Faults()
        self.cells: dict[str, dict[int, Any]] = {name: {} for name in register.fields}
        self._attributes = register.fields
        touched = {change.subject_id for _, change in due}
        rows = {text: k for k, text in enumerate(register.ids) if text in touched}
        joined: dict[str, Addition] = {}
        for k, change in due:
            if isinstance(change, Addition):
                self._check_addition(change, k, rows, joined)
                joined.setdefault(change.subject_id, change)
        self.joined = {text: joined[text] for text in sorted(joined)}
        for row, (text, addition) in enumerate(self.joined.items(), len(register)):
            rows[text] = row
            self._add(addition.subject, row)
        latest: dict[tuple[str, str], Change] = {}
        for k, change in sorted(due, key=lambda pair: pair[1].on):
            if isinstance(change, Change):
                before = latest.get((change.subject_id, change.field))
                fault = self._fault_of(change, rows, before)
                if fault is not None:
                    self.faults.extend([attrs.evolve(fault, row=k)])
                    continue
                latest[change.subject_id, change.field] = change
                cells = self.cells.setdefault(change.field, {})
                cells[rows[change.subject_id]] = change.value

    def _add(self, subject: Subject, row: int) -> None:
        values = {name: getattr(subject, name) for name in FIELDS}
        for name, value in {**values, **dict(subject.attributes)}.items():
            if name not in FIELDS or value != FIELDS[name].default:
                self.cells.setdefault(name, {})[row] = value

    def _check_addition(
        self,
        addition: Addition,
        k: int,
        rows: Mapping[str, int],
        joined: Mapping[str, Addition],
    ) -> None:
        text = addition.subject_id
        if text in rows or text in joined:
            where = "the register" if text in rows else "the additions"
            self.faults.add("addition-twice", row=k, id=text, where=where)
        for name, _ in addition.subject.attributes:
            if name not in self._attributes:
                self.faults.extend([attrs.evolve(self._unknown(name), row=k)])

    def _fault_of(
        self, change: Change, rows: Mapping[str, int], before: Change | None
    ) -> Fault | None:
        text, field = change.subject_id, change.field
        addition = self.joined.get(text)
        if text not in rows:
            return Fault.of("change-unknown", id=text)
        if addition is not None and change.on < addition.on:
            return Fault.of("change-early", id=text, on=change.on, added=addition.on)
        if field not in FIELDS and field not in self._attributes:
            return self._unknown(field)
        if before is not None and before.on == change.on:
            new, old = change.value, before.value
            if (type(new), new) != (type(old), old):
                about: Any = {"id": text, "field": field, "on": change.on}
                return Fault.of("change-conflict", got=new, other=old, **about)
        return None

    def _unknown(self, name: str) -> Fault:
        known = [*FIELDS, *(name for name in self._attributes if name not in FIELDS)]
        return Fault.of("unknown-field", column=name, known=known)
