"""The register of all inspectors, read from tables and kept current."""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Any, Self

import attrs

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.identifiers import duplicates
from dsgk.inspectors.people import (
    Field,
    Inspector,
    check_labels,
    right_type,
    valid_id,
    wrong_type,
)
from dsgk.sources import article, cites
from dsgk.tables.cells import (
    Categorical,
    check_day,
    read_column,
    read_count,
    read_flag,
    read_ids,
    read_label,
)
from dsgk.tables.columns import Table, columns_of


__all__ = ["InspectorChange", "InspectorRegister"]

_SEPARATORS = re.compile("[、，,；;]")
_REGISTER = "inspector register"
_CHANGES = "changes of the inspector register"


def _on(value: dt.date) -> dt.date:
    return check_day(value, name="on")


@cites(article(24))
@attrs.frozen(kw_only=True)
class InspectorChange:
    """
    One dated change of the register (名录库动态更新).

    Attributes:
        inspector_id: Whom it is about.
        on: First day on which it holds.
        inspector: The person as from that day, new or changed; None if the
            person leaves the register.
        reason: Why, in the words of the register.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: An id is not valid, or *inspector* is another
            person than *inspector_id*.
    """

    inspector_id: str = attrs.field(validator=valid_id)
    on: dt.date = attrs.field(converter=_on)
    inspector: Inspector | None = attrs.field()
    reason: str = attrs.field(default="", validator=right_type)

    @inspector.validator
    def _same_person(self, field: Field, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, Inspector):
            raise wrong_type(value, field.name, "Inspector or None")
        if value.id != self.inspector_id:
            msg = (
                f"'inspector' must be the person {self.inspector_id!r} "
                f"(got {value.id!r}). A new id is one person leaving and "
                "another one coming."
            )
            raise InvalidValueError(
                msg,
                code="change-other-person",
                params={"inspector_id": self.inspector_id, "got": value.id},
            )


def _people(value: Iterable[object]) -> tuple[Inspector, ...]:
    people = tuple(value)
    right = [person for person in people if isinstance(person, Inspector)]
    if len(right) < len(people):
        faults = [
            Fault.from_error(wrong_type(person, "inspectors", "Inspector"), row=row)
            for row, person in enumerate(people)
            if not isinstance(person, Inspector)
        ]
    else:
        ids = [person.id for person in right]
        faults = [_twice(ids[row], row, first) for row, first in duplicates(ids)]
    if faults:
        raise InvalidInput.of(_REGISTER, faults)
    return tuple(sorted(right, key=lambda person: person.id))


def _twice(text: str, row: int, first: int) -> Fault:
    msg = (
        f"'id' must be unique (got {text!r} here and in row {first}). "
        "Keep one of the rows."
    )
    params = {"text": text, "first": first}
    return Fault("id-duplicate", msg, row=row, column="id", params=params)


@cites(article(24), article(25))
@attrs.frozen
class InspectorRegister:
    """
    All inspectors, officers and experts (执法检查人员名录库).

    A register is a set: the order in which it is given has no meaning.

    Args:
        inspectors: In any order.

    Attributes:
        inspectors: In the order of their ids.

    Raises:
        InvalidInput: Somebody stands in it twice, or something else than an
            `Inspector`; all faults at once, with their rows.

    Cites:
        District Opinion, Art. 24 (kept current) and 25 (who stands in it).

    Examples:
        >>> register = InspectorRegister([
        ...     Inspector(id="SJ002", department="市场监管", certified=False),
        ...     Inspector(id="SJ001", department="市场监管", skills={"食品"}),
        ...     Inspector(id="ZJ001", department="市场监管", is_expert=True),
        ... ])
        >>> len(register), register.ids
        (3, ('SJ001', 'SJ002', 'ZJ001'))
        >>> register["SJ001"].skills
        frozenset({'食品'})
        >>> [person.id for person in register.where(certified={True}, is_expert={False})]
        ['SJ001']
    """  # noqa: E501

    inspectors: tuple[Inspector, ...] = attrs.field(converter=_people)
    _by_id: dict[str, Inspector] = attrs.field(init=False, eq=False, repr=False)

    @_by_id.default
    def _index(self) -> dict[str, Inspector]:
        return {person.id: person for person in self.inspectors}

    @classmethod
    def from_table(
        cls,
        table: Table,
        *,
        id: str = "人员编号",  # noqa: A002  (the name of the field)
        department: str = "所属部门",
        certified: str = "执法资格",
        skills: str = "专业",
        home_areas: str = "回避区域",
        capacity: str = "任务上限",
        is_expert: str = "专家",
    ) -> Self:
        """
        Read the register from anything with ``table[name]``.

        Args:
            table: A dict of lists, NumPy, pandas, polars or Arrow table.
            id: Name of its column of ids, as text.
            department: Name of its column of departments.
            certified: Name of its column 是/否. Without the column everybody
                is certified; in the column no cell may be empty.
            skills: Name of its column of skills: a list in each cell, or text
                such as ``"食品、特种设备"``.
            home_areas: Name of its column of areas, written likewise.
            capacity: Name of its column of whole numbers; empty for no limit.
            is_expert: Name of its column 是/否; empty for 否.

        Raises:
            InvalidTypeError: *table* has no columns by name.
            InvalidInput: Columns are missing or of unequal length, or cells
                are faulty; all faults at once, with their rows. The columns
                of ids and departments must be there, and every other one that
                is asked for by a name of its own.

        Examples:
            >>> table = {
            ...     "人员编号": ["SJ001", "SJ002"],
            ...     "所属部门": ["市场监管", "市场监管"],
            ...     "专业": ["食品、特种设备", None],
            ...     "任务上限": [None, 20],
            ... }
            >>> InspectorRegister.from_table(table)["SJ002"]
            Inspector(id='SJ002', department='市场监管', certified=True, skills=frozenset(), home_areas=frozenset(), capacity=20, is_expert=False)
        """  # noqa: E501
        names = {
            "id": id,
            "department": department,
            "certified": certified,
            "skills": skills,
            "home_areas": home_areas,
            "capacity": capacity,
            "is_expert": is_expert,
        }
        optional = {call for call, name in _OPTIONAL.items() if names[call] == name}
        columns = columns_of(table, names, optional=optional, what=_REGISTER)
        ids, faults = read_ids(columns.pop("id"), name=id)
        fields: dict[str, list[Any]] = {}
        for call, column in columns.items():
            cells: Categorical[Any]
            cells, more = read_column(column, _READERS[call], name=names[call])
            faulty = {fault.row for fault in more}
            faults += more
            fields[call] = cells.cells()
            if call in _FILLED:
                faults += [
                    _unfilled(names[call], row)
                    for row, value in enumerate(fields[call])
                    if value is None and row not in faulty
                ]
        if faults:
            faults.sort(key=_row)
            raise InvalidInput.of(_REGISTER, faults)
        rows = zip(*fields.values(), strict=True)
        return cls(
            Inspector(
                id=person,
                **{
                    call: value
                    for call, value in zip(fields, row, strict=True)
                    if value is not None
                },
            )
            for person, row in zip(ids, rows, strict=True)
        )

    def __len__(self) -> int:
        """Number of people."""
        return len(self.inspectors)

    def __iter__(self) -> Iterator[Inspector]:
        """People in the order of their ids."""
        return iter(self.inspectors)

    def __contains__(self, inspector_id: object) -> bool:
        """Whether somebody with this id stands in the register."""
        return inspector_id in self._by_id

    def __getitem__(self, inspector_id: str) -> Inspector:
        """The person with this id; KeyError if there is none."""
        return self._by_id[inspector_id]

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, in order."""
        return tuple(self._by_id)

    @property
    def digest(self) -> str:
        """
        Lower-case hex SHA-256 of the register, independent of its order.

        One line for each person in the order of their ids: a JSON object of
        the seven fields with sorted keys, no white space and sorted lists, in
        UTF-8, ended by a line feed.

        Examples:
            >>> InspectorRegister([Inspector(id="XF1", department="消防")]).digest[:8]
            '7fe6e279'
        """
        lines = []
        for person in self.inspectors:
            row = attrs.asdict(person, recurse=False)
            for field in ("skills", "home_areas"):
                row[field] = sorted(row[field])
            lines.append(
                json.dumps(
                    row, ensure_ascii=False, sort_keys=True, separators=(",", ":")
                )
            )
        text = "".join(f"{line}\n" for line in lines)
        return hashlib.sha256(text.encode()).hexdigest()

    def where(
        self,
        *,
        department: Collection[str] | None = None,
        certified: Collection[bool] | None = None,
        is_expert: Collection[bool] | None = None,
        skills: Collection[str] = (),
    ) -> Self:
        """
        The part of the register that meets all conditions.

        Args:
            department: Departments, one of which the person belongs to.
            certified: ``{True}`` or ``{False}``.
            is_expert: ``{True}`` or ``{False}``.
            skills: Skills, all of which the person has.

        Raises:
            InvalidTypeError: A condition is a single value, not a set.
        """
        needed = check_labels(skills, name="skills")
        one_of = {
            "department": department,
            "certified": certified,
            "is_expert": is_expert,
        }
        for name, values in one_of.items():
            if isinstance(values, (str, bool)):
                msg = (
                    f"{name!r} must be a set of values (got {values!r}). "
                    f"Write {{{values!r}}} for one."
                )
                raise InvalidTypeError(
                    msg, code="condition-type", params={"name": name}
                )
        return type(self)(
            person
            for person in self.inspectors
            if needed <= person.skills
            and all(
                values is None or getattr(person, name) in values
                for name, values in one_of.items()
            )
        )

    @cites(article(24))
    def apply(self, changes: Iterable[InspectorChange], /, *, on: dt.date) -> Self:
        """
        The register as it stands on a day, after dated changes.

        Args:
            changes: In any order; those that hold only after *on* are left
                out.
            on: The day.

        Raises:
            InvalidInput: Two changes of one person on one day, or somebody
                leaves who is not there; all faults at once, with their rows.

        Cites:
            District Opinion, Art. 24: registers are kept current.

        Examples:
            >>> register = InspectorRegister([Inspector(id="A", department="消防")])
            >>> leaves = InspectorChange(
            ...     inspector_id="A", on=dt.date(2026, 3, 1), inspector=None, reason="退休"
            ... )
            >>> len(register.apply([leaves], on=dt.date(2026, 2, 28)))
            1
            >>> len(register.apply([leaves], on=dt.date(2026, 3, 1)))
            0
        """  # noqa: E501
        today = _on(on)
        dated: list[tuple[dt.date, int, InspectorChange]] = []
        faults = []
        for row, change in enumerate(changes):
            if isinstance(change, InspectorChange):
                dated.append((change.on, row, change))
            else:
                error = wrong_type(change, "changes", "InspectorChange")
                faults.append(Fault.from_error(error, row=row))
        people = dict(self._by_id)
        seen: dict[tuple[str, dt.date], int] = {}
        for day, row, change in sorted(dated, key=lambda entry: entry[:2]):
            first = seen.setdefault((change.inspector_id, day), row)
            if first != row:
                faults.append(_changed_twice(change, row, first))
            elif day > today:
                continue
            elif change.inspector is not None:
                people[change.inspector_id] = change.inspector
            elif people.pop(change.inspector_id, None) is None:
                faults.append(_nobody(change, row))
        if faults:
            faults.sort(key=_row)
            raise InvalidInput.of(_CHANGES, faults)
        return type(self)(people.values())


def _row(fault: Fault) -> int:
    return -1 if fault.row is None else fault.row


def _changed_twice(change: InspectorChange, row: int, first: int) -> Fault:
    msg = (
        f"'changes' must hold one change of {change.inspector_id!r} on {change.on} "
        f"(got another in row {first}). Keep the one that is right."
    )
    params = {"inspector_id": change.inspector_id, "first": first}
    return Fault("change-twice", msg, row=row, params=params)


def _nobody(change: InspectorChange, row: int) -> Fault:
    msg = (
        "'changes' must let only those leave who are there (got "
        f"{change.inspector_id!r} on {change.on}). Check the id."
    )
    params = {"inspector_id": change.inspector_id}
    return Fault("change-of-nobody", msg, row=row, params=params)


def _read_labels(cell: object, /, *, name: str) -> tuple[str, ...]:
    """Read a cell of several labels: a list, or text with 、 between them."""
    parts = _SEPARATORS.split(cell) if isinstance(cell, str) else cell
    return tuple(sorted(check_labels(parts, name=name)))


_OPTIONAL = {
    "certified": "执法资格",
    "skills": "专业",
    "home_areas": "回避区域",
    "capacity": "任务上限",
    "is_expert": "专家",
}
_FILLED = {"department", "certified"}
_READERS = {
    "department": read_label,
    "certified": read_flag,
    "skills": _read_labels,
    "home_areas": _read_labels,
    "capacity": read_count,
    "is_expert": read_flag,
}


def _unfilled(name: str, row: int) -> Fault:
    msg = f"{name!r} must be filled (got an empty cell). Write what is known."
    return Fault("cell-empty", msg, row=row, column=name, params={"name": name})
