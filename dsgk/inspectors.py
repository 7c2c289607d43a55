"""
The register of inspectors, and recusal (执法检查人员名录库、回避).

One register holds officers, certified or not, and the experts who assist them;
an expert never counts as an officer.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Self

import attrs

from dsgk.documents import canonical_json
from dsgk.errors import FrozenDict, invalid
from dsgk.fields import (
    Coded,
    Id,
    Label,
    Natural,
    Stored,
    Text,
    accepted,
    check_day,
    declared,
    kind_of,
    labels,
    of_type,
    plain_fields,
    read_flag,
    several,
    take,
    value,
)
from dsgk.identifiers import id_faults
from dsgk.sources import (
    CIVIL_SERVANT_LAW_76,
    CIVIL_SERVANT_LAW_77,
    PENALTY_LAW_42,
    PENALTY_LAW_43,
    article,
    cites,
)
from dsgk.tables import (
    Likeness,
    Repair,
    Table,
    read_from,
    read_values,
    usually_named,
)


__all__ = [
    "Inspector",
    "InspectorChange",
    "InspectorRegister",
    "Recusal",
    "RecusalOrigin",
    "RecusalReason",
]

_REGISTER = "inspector register"
_CHANGES = "changes of the inspector register"
_CONDITIONS = {
    "department": kind_of(frozenset[Label]),
    "certified": kind_of(frozenset[bool]),
    "is_expert": kind_of(frozenset[bool]),
}
_LIKENESS = {
    name: Likeness(re.compile(words))
    for name, words in {
        "skills": "专业|特长|技能|岗位大类|^skills$",
        "home_areas": "回避(区|镇|地|片)|(户籍|籍贯|居住)(地|区|镇)|^home_areas$",
        "capacity": "(上限|最多|最大).*(任务|户|数|量|次)|任务(量|数)|^capacity$",
        "is_expert": "专家|^is_expert$",
    }.items()
}


class RecusalReason(Coded):
    """Why an officer must not inspect a subject (回避事由)."""

    OWN_INTEREST = ("own-interest", "涉及本人利害关系")
    """Their own interest is affected."""
    KINSHIP = ("kinship", "涉及亲属的利害关系")
    """The interest of a relative is affected."""
    OTHER_RELATION = ("other-relation", "其他可能影响公正执行公务")
    """Another relation that may affect fairness."""


class RecusalOrigin(Coded):
    """How a recusal came about (回避的提出)."""

    DECLARED = ("declared", "本人申请")
    """By the officer."""
    REQUESTED = ("requested", "利害关系人申请")
    """By the subject or another person concerned."""
    ORDERED = ("ordered", "机关决定")
    """By the authority, without a request."""


@cites(article(25), PENALTY_LAW_42)
@value("dsgk-inspector/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Inspector(Stored):
    """
    A person who may be sent to inspect or to assist (执法检查人员).

    In the register are civil servants of law enforcement, staff qualified for it
    and staff of daily supervision; and experts, who assist.

    Attributes:
        id: Unique in the register.
        department: The department to which the person belongs, or which an
            expert assists.
        certified: Whether the person holds a certificate of law enforcement
            (行政执法资格). Staff without one may be in the register, but do not
            count towards the two officers of a team.
        skills: What the person is qualified for.
        home_areas: Areas with which the person has ties.
        capacity: Most tasks in one assignment; None for no limit.
        is_expert: Whether the person is an expert (专家), and so no officer,
            whatever *certified* says.

    Examples:
        >>> Inspector(id="SJ001", department="市场监管").is_officer
        True
        >>> Inspector(id="ZJ001", department="市场监管", is_expert=True).is_officer
        False
    """

    id: Id
    department: Label
    certified: bool = attrs.field(default=True, metadata={"filled": True})
    skills: frozenset[Label] = attrs.field(default=frozenset(), converter=labels)
    home_areas: frozenset[Label] = attrs.field(default=frozenset(), converter=labels)
    capacity: Natural | None = None
    is_expert: bool = False

    @property
    def is_officer(self) -> bool:
        """Whether the person counts as an officer of a team."""
        return self.certified and not self.is_expert


@cites(PENALTY_LAW_43, CIVIL_SERVANT_LAW_76, CIVIL_SERVANT_LAW_77)
@value("dsgk-recusal/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Recusal(Stored):
    """
    One inspector, officer or expert, must not inspect one subject (回避).

    *reason* and *origin* may be given by their codes or Chinese texts.

    Examples:
        >>> Recusal(inspector_id="SJ001", subject_id="S1", reason=RecusalReason.KINSHIP)
        Recusal(inspector_id='SJ001', subject_id='S1', reason=<RecusalReason.KINSHIP: 'kinship'>, origin=<RecusalOrigin.DECLARED: 'declared'>)
    """  # noqa: E501

    inspector_id: Id
    subject_id: Id
    reason: RecusalReason
    origin: RecusalOrigin = RecusalOrigin.DECLARED


@cites(article(24))
@value("dsgk-inspector-change/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class InspectorChange(Stored):
    """
    One dated change of the register (名录库动态更新).

    Attributes:
        inspector_id: The person who joins, changes or leaves.
        on: First day on which it holds.
        inspector: The person from that day on; None for one who leaves.
        reason: Why, in the words of the register.
    """

    inspector_id: Id
    on: dt.date
    inspector: Inspector | None
    reason: Text = ""

    def __attrs_post_init__(self) -> None:
        """Reject another person than *inspector_id*."""
        own = self.inspector_id
        got = own if self.inspector is None else self.inspector.id
        if got != own:
            code = "change-other-person"
            raise invalid(code, column="inspector", inspector_id=own, got=got)


_FIELDS = {field.name for field in attrs.fields(Inspector)}
_REQUIRED = {"id", "department", "certified"}


def _of_table(default: Any) -> Any:  # noqa: ANN401
    """Make a field that says how a table was read; no part of what a register is."""
    return attrs.field(init=False, eq=False, repr=False, default=default)


def _people(given: Iterable[Inspector]) -> tuple[Inspector, ...]:
    people = several(given, Inspector, name="inspectors")
    id_faults([person.id for person in people]).raise_any(_REGISTER)
    return tuple(sorted(people, key=lambda person: person.id))


@cites(article(24), article(25))
@value("dsgk-inspector-register/1")
@attrs.frozen(field_transformer=declared)
class InspectorRegister(Stored):
    """
    All inspectors, officers and experts (执法检查人员名录库).

    A register is a set: the order of its people has no meaning.

    Attributes:
        inspectors: Sorted by id; given in any order.
        read_from: [field -> column] What `from_table` read each field from;
            empty in a register that was made otherwise, as are the next two.
        not_read: Names of the other columns of the table.
        repairs: Cells that were read as what their fault says to write.

    Raises:
        InvalidInput: Somebody is in it twice, or is no `Inspector`: all faults at
            once, with their rows.

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
    read_from: Mapping[str, str] = _of_table(FrozenDict())
    not_read: tuple[str, ...] = _of_table(())
    repairs: tuple[Repair, ...] = _of_table(())
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
        repair: bool = False,
    ) -> Self:
        """
        Read the register from a table.

        Each argument names the column of a field.  Those of ids, departments and
        certificates must be there, and every column that you name; others may be
        absent, but then no other column may look like them.

        Args:
            table: Anything with ``table[name]``.
            id: Ids, as text.
            department: Departments.
            certified: 是 or 否, in every row: nobody is certified because a
                table is silent.
            skills: A list in each cell, or text such as ``"食品、特种设备"``,
                with any mark between them.
            home_areas: Areas, written likewise.
            capacity: Whole numbers; empty for no limit.
            is_expert: 是 or 否; empty for 否.
            repair: Whether to read cells whose fault has one thing to write
                instead as that; `repairs` of the register lists them.

        Raises:
            InvalidInput: Columns are missing or of unequal length, or cells
                are faulty: all faults at once, with their rows.

        Examples:
            >>> table = {
            ...     "人员编号": ["SJ001", "SJ002"],
            ...     "所属部门": ["市场监管", "市场监管"],
            ...     "执法资格": ["是", "是"],
            ...     "专业": ["食品、特种设备", None],
            ...     "任务上限": [None, 20],
            ... }
            >>> InspectorRegister.from_table(table)["SJ002"]
            Inspector(id='SJ002', department='市场监管', certified=True, skills=frozenset(), home_areas=frozenset(), capacity=20, is_expert=False)
        """  # noqa: E501
        headings = {name: of for name, of in locals().items() if name in _FIELDS}
        optional = usually_named(headings, cls.from_table) - _REQUIRED
        repairs: list[Repair] = []
        people = read_values(
            Inspector,
            table,
            headings,
            optional=optional,
            ids={"id"},
            likeness=_LIKENESS,
            repairs=repairs if read_flag(repair, name="repair") else None,
            what=_REGISTER,
        )
        register = cls(people)
        found, left = read_from(table, headings)
        about = {"read_from": found, "not_read": left, "repairs": tuple(repairs)}
        for name, held in about.items():
            object.__setattr__(register, name, held)
        return register

    def __len__(self) -> int:
        """Number of people."""
        return len(self.inspectors)

    def __iter__(self) -> Iterator[Inspector]:
        """People by id."""
        return iter(self.inspectors)

    def __contains__(self, inspector_id: object) -> bool:
        """Whether somebody in the register has this id."""
        return isinstance(inspector_id, str) and inspector_id in self._by_id

    def __getitem__(self, inspector_id: str) -> Inspector:
        """The person with this id; KeyError if there is none."""
        return self._by_id[inspector_id]

    @property
    def ids(self) -> tuple[str, ...]:
        """All ids, sorted."""
        return tuple(self._by_id)

    @property
    def digest(self) -> str:
        """
        SHA-256 of the register, whatever its order, in lower-case hex.

        Hashed is a line for each person, sorted by id: a JSON object of all
        fields with sorted keys and lists, without white space, in UTF-8, and a
        line feed.

        Examples:
            >>> InspectorRegister([Inspector(id="XF1", department="消防")]).digest[:8]
            '7fe6e279'
        """
        state = hashlib.sha256()
        for person in self.inspectors:
            state.update(canonical_json(plain_fields(person)) + b"\n")
        return state.hexdigest()

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
            department: Accepted departments.
            certified: ``{True}`` or ``{False}``.
            is_expert: ``{True}`` or ``{False}``.
            skills: Skills, all of which the person has.
        """
        asked = {
            "department": department,
            "certified": certified,
            "is_expert": is_expert,
        }
        one_of = {
            name: take(accepted(values, name=name), _CONDITIONS[name], name=name)
            for name, values in asked.items()
            if values is not None
        }
        needed = labels(skills)
        return type(self)(
            person
            for person in self.inspectors
            if needed <= person.skills
            and all(getattr(person, name) in values for name, values in one_of.items())
        )

    @cites(article(24))
    def apply(self, changes: Iterable[InspectorChange], /, *, on: dt.date) -> Self:
        """
        The register as it stands on a day, after dated changes.

        Args:
            changes: In any order; those after *on* are left out.
            on: The day.

        Raises:
            InvalidInput: A person changes twice on one day, or somebody leaves
                who is not there: all faults at once, with their rows.

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
        today = check_day(on, name="on")
        dated, faults = of_type(changes, InspectorChange, name="changes")
        people = dict(self._by_id)
        seen: dict[tuple[str, dt.date], int] = {}
        for row, change in sorted(dated.items(), key=lambda entry: entry[1].on):
            first = seen.setdefault((change.inspector_id, change.on), row)
            about: Any = {"row": row, "id": change.inspector_id, "on": change.on}
            if first != row:
                faults.add("change-twice", first=first, **about)
            elif change.on > today:
                continue
            elif change.inspector is not None:
                people[change.inspector_id] = change.inspector
            elif people.pop(change.inspector_id, None) is None:
                faults.add("change-of-nobody", **about)
        faults.raise_any(_CHANGES)
        return type(self)(people.values())
