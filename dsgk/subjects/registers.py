"""The register of subjects: a million rows in columns, subjects on demand."""

import datetime as dt
import functools
import operator
import types
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import Fault, Faults, InvalidInput, InvalidValueError
from dsgk.fields import check_day, read_count, read_value
from dsgk.identifiers import credit_code_faults
from dsgk.sources import article, cites
from dsgk.subjects.changes import Addition, Change, edits_of
from dsgk.subjects.digests import Counts, digest_of
from dsgk.subjects.parts import freeze, in_order, patched, subject_of
from dsgk.subjects.values import (
    CLASSES,
    FIELDS,
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
    Table,
    columns_of,
    read_column,
    read_days,
    read_ids,
)


__all__ = ["SubjectRegister"]

_WHAT = "register of subjects"
_NOT_KNOWN = np.datetime64("NaT", "D")


class _Usual(str):
    """The usual name of a column, taken if the table has it."""

    __slots__ = ()


@cites(article(24), article(25))
@attrs.frozen(init=False, eq=False, repr=False, slots=False)
class SubjectRegister:
    """
    The register of subjects of inspection (检查对象名录库).

    Made by `from_table` or `from_columns`.  Rows keep the order in which they
    came; nothing that is computed from a register depends on it, and two
    registers are equal when their digests are.  An empty cell means what is
    least: not known, still active, never inspected, no visit this year.

    Attributes:
        ids: [n strings] Ids of the subjects.

    Cites:
        District Opinion, Art. 24 (建立健全本领域检查对象名录库) and 25.

    Examples:
        >>> register = SubjectRegister.from_columns(
        ...     id=["S1", "S2"], kind=["药店", "饭店"], credit=["A", "D"]
        ... )
        >>> len(register), register[1].kind, register.where(credit={"D"}).ids
        (2, '饭店', ('S2',))
    """

    ids: tuple[str, ...]
    _classes: dict[str, Categorical[Any]]
    _last: Days | None
    _visits: Counts | None

    def __init__(self) -> None:
        msg = (
            "a register must be made of columns. Write "
            "SubjectRegister.from_columns(id=[…], …) or "
            "SubjectRegister.from_table(table)."
        )
        raise TypeError(msg)

    @classmethod
    def from_columns(
        cls,
        *,
        id: Column | Table,  # noqa: A002  (the field of a subject)
        kind: Column | Table | None = None,
        area: Column | Table | None = None,
        risk: Column | Table | None = None,
        credit: Column | Table | None = None,
        on_promise: Column | Table | None = None,
        status: Column | Table | None = None,
        last_inspected_on: Column | Table | None = None,
        visits_this_year: Column | Table | None = None,
        check_codes: bool = False,
        **attributes: Column | Table | None,
    ) -> Self:
        """
        Make a register of columns: lists, tuples, arrays, columns of tables.

        Args:
            id: [n strings] Valid by `check_id`, each once.
            kind: [n labels] Texts, valid by `check_label`, such as 药店.
            area: [n labels] Where the subject is, such as a town.
            risk: [n labels] Class of risk (风险等级).
            credit: [n labels] Class of credit (信用等级).
            on_promise: [n cells] True or False, 1 or 0, 是 or 否.
            status: [n cells] `Status` or its usual texts; empty is active.
            last_inspected_on: [n days] Empty where there was no inspection.
            visits_this_year: [n ints >= 0] Visits of all departments in this
                year; empty is none.
            check_codes: Whether every id must be a unified social credit
                code; leave it out where equipment or products are among them.
            attributes: [n labels, bools or ints each] Further columns.

        Raises:
            InvalidInput: All faults of all columns, with their rows.
            InvalidTypeError, InvalidValueError: An attribute cannot be called
                that.

        Cites:
            District Opinion, Art. 24 and 25.
        """
        given = {
            "kind": kind,
            "area": area,
            "risk": risk,
            "credit": credit,
            "on_promise": on_promise,
            "status": status,
            "last_inspected_on": last_inspected_on,
            "visits_this_year": visits_this_year,
            **{attribute_name(name): values for name, values in attributes.items()},
        }
        table = {name: values for name, values in given.items() if values is not None}
        columns = columns_of({"id": id, **table}, ["id", *table], what=_WHAT)
        return cls._read(columns, {name: name for name in columns}, check_codes)

    @classmethod
    def from_table(
        cls,
        table: Table,
        /,
        *,
        id: str = "统一社会信用代码",  # noqa: A002  (the field of a subject)
        kind: str | None = _Usual("检查对象类型"),
        area: str | None = _Usual("所属区域"),
        risk: str | None = _Usual("风险等级"),
        credit: str | None = _Usual("信用等级"),
        on_promise: str | None = _Usual("告知承诺"),
        status: str | None = _Usual("登记状态"),
        last_inspected_on: str | None = _Usual("上次检查日期"),
        visits_this_year: str | None = _Usual("本年检查次数"),
        check_codes: bool = False,
        **attributes: str,
    ) -> Self:
        """
        Make a register of a table: dict, pandas, polars, Arrow, NumPy.

        Args:
            table: Anything with ``table[name]``, with one row or more.
            id: Column of the ids.
            kind: Column of the kinds. For this and the next seven: the usual
                name is left out where the table does not have it, a name that
                you give must be there, None leaves the field out.
            area: Column of the areas.
            risk: Column of the classes of risk.
            credit: Column of the classes of credit.
            on_promise: Column of yes and no.
            status: Column of the status.
            last_inspected_on: Column of the days of the last inspection.
            visits_this_year: Column of the numbers of visits.
            check_codes: As in `from_columns`.
            attributes: Further columns, such as ``food="食品经营"``.

        Raises:
            InvalidTypeError: *table* has no columns by name.
            InvalidInput: Columns are missing or unequal, there is no row, or
                cells are faulty: all of them at once, with their rows.

        Cites:
            District Opinion, Art. 24 and 25.

        Examples:
            >>> table = {"统一社会信用代码": ["S1"], "信用等级": ["B"], "食品": ["是"]}
            >>> SubjectRegister.from_table(table, food="食品")[0].credit
            'B'
        """
        given = {
            "kind": kind,
            "area": area,
            "risk": risk,
            "credit": credit,
            "on_promise": on_promise,
            "status": status,
            "last_inspected_on": last_inspected_on,
            "visits_this_year": visits_this_year,
            **{attribute_name(name): column for name, column in attributes.items()},
        }
        usual = {field for field, name in given.items() if isinstance(name, _Usual)}
        names = {"id": id, **{f: str(c) for f, c in given.items() if c is not None}}
        columns = columns_of(table, names, optional=usual, what=_WHAT)
        if not len(columns["id"]):
            msg = (
                "must have one row or more (got none). Check how the table was read "
                "or filtered; from_columns takes a register without subjects."
            )
            raise InvalidInput.of(_WHAT, [Fault.told("table-empty", msg, column=id)])
        return cls._read(columns, {f: names[f] for f in columns}, check_codes)

    @classmethod
    def _read(
        cls,
        columns: Mapping[str, Column],
        called: Mapping[str, str],
        check_codes: bool,  # noqa: FBT001
    ) -> Self:
        ids, faults = read_ids(columns["id"], name=called["id"])
        if check_codes:
            faults += credit_code_faults(ids, name=called["id"])
        n = len(columns["id"])
        classes: dict[str, Categorical[Any]] = {}
        last = visits = None
        for field, column in columns.items():
            found = Faults()
            if field == "last_inspected_on":
                last, found = read_days(column, name=called[field])
            elif field == "visits_this_year":
                read, found = read_column(column, read_count, name=called[field])
                visits = np.array([*read.categories, 0], dtype=np.int64)[read.codes]
            elif field != "id":
                reader = CLASSES.get(field, read_value)
                classes[field], found = read_column(column, reader, name=called[field])
            faults += found
        if faults:
            raise InvalidInput.of(_WHAT, faults)
        return cls._of(ids, in_order(classes, n), last, visits)

    @classmethod
    def _of(
        cls,
        ids: tuple[str, ...],
        classes: dict[str, Categorical[Any]],
        last: Days | None,
        visits: Counts | None,
    ) -> Self:
        freeze(classes, last, visits)
        register = cls.__new__(cls)
        register.__attrs_init__(ids, classes, last, visits)
        return register

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        """Come out of a pickle read-only again, which NumPy's arrays do not."""
        vars(self).update(state)
        freeze(self._classes, self._last, self._visits)

    # -- rows ------------------------------------------------------------

    def __len__(self) -> int:
        """Number of subjects, those that left the register included."""
        return len(self.ids)

    def __getitem__(self, row: int, /) -> Subject:
        """The subject of one row."""
        k = operator.index(row)
        cells = {name: column.cell(k) for name, column in self._classes.items()}
        return subject_of(
            self.ids[k],
            cells,
            None if self._last is None else self._last[k].item(),
            0 if self._visits is None else int(self._visits[k]),
        )

    def __iter__(self) -> Iterator[Subject]:
        """The subjects, in the order of the rows."""
        return (self[row] for row in range(len(self)))

    def __contains__(self, subject_id: object) -> bool:
        """Whether a subject with that id has a row."""
        return subject_id in self._known

    @functools.cached_property
    def _known(self) -> frozenset[str]:
        """The ids, for who asks for many of them."""
        return frozenset(self.ids)

    def __eq__(self, other: object) -> bool:
        """Whether both say the same of the same subjects."""
        if not isinstance(other, SubjectRegister):
            return NotImplemented
        return self is other or (
            len(self) == len(other) and self.digest == other.digest
        )

    def __hash__(self) -> int:
        """Equal registers have equal hashes."""
        return hash(self.digest)

    def __repr__(self) -> str:
        """Size and fields instead of rows, of which there may be millions."""
        return f"<SubjectRegister of {len(self)} subjects, {', '.join(self.fields)}>"

    @property
    def classes(self) -> Mapping[str, Categorical[Any]]:
        """
        By field, the columns by which subjects are classed.

        `kind`, `area`, `risk`, `credit` and `on_promise` where they were
        given, `status` always, then the further attributes by name.
        """
        return types.MappingProxyType(self._classes)

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields and further attributes that the register has."""
        there = set(self._classes)
        if self._last is not None:
            there.add("last_inspected_on")
        if self._visits is not None:
            there.add("visits_this_year")
        known = [name for name in FIELDS if name in there]
        return (*known, *(name for name in self._classes if name not in FIELDS))

    @property
    def last_inspected_on(self) -> Days:
        """[n, datetime64[D]] Day of the last inspection, NaT for none."""
        if self._last is None:
            return np.full(len(self), _NOT_KNOWN)
        return self._last

    @property
    def visits_this_year(self) -> Counts:
        """[n, int64] Visits of all departments in this year."""
        if self._visits is None:
            return np.zeros(len(self), dtype=np.int64)
        return self._visits

    # -- parts -----------------------------------------------------------

    def matches(self, selection: Selection, /) -> npt.NDArray[np.bool_]:
        """
        Which rows have one of the accepted values in every field.

        Args:
            selection: As `select` returns it.

        Returns:
            [n, bool] Whether the row matches; all do if nothing is selected.

        Raises:
            InvalidValueError: The register lacks a field; the message lists
                those that it has.
        """
        rows = np.ones(len(self), dtype=bool)
        for field, values in selection.items():
            if field not in self._classes:
                listed = ", ".join(map(repr, self._classes))
                msg = (
                    f"{field!r} must be a field of the register (there are {listed}). "
                    "Give its column when the register is made."
                )
                raise InvalidValueError(
                    msg, code="unknown-field", params={"field": field}
                )
            column = self._classes[field]
            typed = {(type(value), value) for value in values}
            accepted = [(type(v), v) in typed for v in (*column.categories, None)]
            rows &= np.array(accepted)[column.codes]  # code -1 is the last
        return rows

    def where(self, **classes: Collection[Value | Status | None]) -> Self:
        """
        The subjects that have one of the accepted values in every field.

        Args:
            classes: Accepted values by field; None stands for subjects whose
                value is not known.

        Returns:
            A register of the same fields; without rows if no subject matches.

        Raises:
            InvalidInput: A set is empty or a single value, or a value is none
                of its field.
            InvalidValueError: The register lacks a field.

        Examples:
            >>> register = SubjectRegister.from_columns(
            ...     id=["S1", "S2"], kind=["药店", "饭店"], area=["上仓镇", None]
            ... )
            >>> register.where(kind={"药店"}, area={"上仓镇"}).ids
            ('S1',)
        """
        rows = np.flatnonzero(self.matches(select(classes, name="where")))
        return self._of(
            tuple(map(self.ids.__getitem__, rows.tolist())),
            {name: column.take(rows) for name, column in self._classes.items()},
            None if self._last is None else self._last[rows],
            None if self._visits is None else self._visits[rows],
        )

    # -- changes ---------------------------------------------------------

    @cites(article(24))
    def apply(self, changes: Iterable[Addition | Change], /, *, on: dt.date) -> Self:
        """
        The register as it stands on a day, after the changes up to that day.

        Later changes of a field come after earlier ones, whatever their order
        in *changes*.  Those of a day after *on* are not applied yet: keep
        them for the next time.  Subjects that leave stay as rows with their
        status, so that who left and why can be told.

        Args:
            changes: Additions and changes, in any order.
            on: The day.

        Returns:
            A new register; subjects that joined come last, by their ids.

        Raises:
            InvalidTypeError: *on* is no date, or something is no change.
            InvalidInput: A subject is added twice or not known, a change
                comes before its subject, a field is not known, or two changes
                of one field of one subject on one day contradict each other:
                all faults at once, each with its position in *changes*.

        Cites:
            District Opinion, Art. 24 (进行动态更新和维护).

        Examples:
            >>> register = SubjectRegister.from_columns(id=["S1"], credit=["B"])
            >>> day = dt.date(2025, 3, 1)
            >>> after = register.apply(
            ...     [Change.struck_off("S1", on=day, reason="注销登记")], on=day
            ... )
            >>> after[0].status.value, register[0].status.value
            ('注销', '存续')
        """
        day = check_day(on, name="on")
        attributes = [name for name in self._classes if name not in FIELDS]
        added, edits = edits_of(changes, self.ids, attributes, on=day)
        n = len(self)
        ids = (*self.ids, *(subject.id for subject in added))
        cells: dict[str, dict[int, Any]] = {}
        for row, subject in enumerate(added, n):
            for field in FIELDS:
                value = getattr(subject, field)
                if value is not None and (field, value) != ("visits_this_year", 0):
                    cells.setdefault(field, {})[row] = value
            for name, value in subject.attributes:
                cells.setdefault(name, {})[row] = value
        for field, values in edits.items():
            cells.setdefault(field, {}).update(values)
        classes = {
            name: patched(self._classes.get(name), len(ids), cells.get(name, {}))
            for name in {**self._classes, **cells}
            if name not in {"last_inspected_on", "visits_this_year"}
        }
        last, visits = self._last, self._visits
        if last is not None or "last_inspected_on" in cells:
            last = np.full(len(ids), _NOT_KNOWN)
            last[:n] = self.last_inspected_on
            for row, value in cells.get("last_inspected_on", {}).items():
                last[row] = np.datetime64(value, "D")
        if visits is not None or "visits_this_year" in cells:
            visits = np.zeros(len(ids), dtype=np.int64)
            visits[:n] = self.visits_this_year
            for row, value in cells.get("visits_this_year", {}).items():
                visits[row] = value
        return self._of(ids, in_order(classes, len(ids)), last, visits)

    # -- out -------------------------------------------------------------

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Plain columns, which `from_columns` takes back.

        Returns:
            By field, [n cells] texts, bools, ints and dates, None where a
            cell is empty; only the fields that the register has.

        Examples:
            >>> SubjectRegister.from_columns(id=["S1"], credit=["B"]).to_columns()
            {'id': ['S1'], 'credit': ['B'], 'status': ['存续']}
        """
        columns: dict[str, list[Any]] = {"id": list(self.ids)}
        for field in self.fields:
            if field == "last_inspected_on":
                columns[field] = self.last_inspected_on.tolist()
            elif field == "visits_this_year":
                columns[field] = self.visits_this_year.tolist()
            else:
                columns[field] = self._classes[field].cells()
        columns["status"] = [status.value for status in columns["status"]]
        return columns

    @functools.cached_property
    def digest(self) -> str:
        """
        SHA-256 of the register as a set, in lower-case hex (摘要).

        Depends neither on the order of the rows nor on whether an empty
        column was given; `digest_of` says what is hashed.

        Examples:
            >>> one = SubjectRegister.from_columns(id=["S1", "S2"], kind=["甲", None])
            >>> two = SubjectRegister.from_columns(id=["S2", "S1"], kind=[None, "甲"])
            >>> one.digest == two.digest
            True
        """
        return digest_of(
            self.ids, self._classes, self.last_inspected_on, self.visits_this_year
        )
