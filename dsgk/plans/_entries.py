"""One entry of a plan: who is inspected for what, how many, how, when, by whom."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any

import attrs

from dsgk.errors import Fault, Faults, FrozenDict
from dsgk.fields import (
    Coded,
    Id,
    Kind,
    Label,
    Stored,
    Text,
    Value,
    check_type,
    declared,
    kind_of,
    several,
    value,
)
from dsgk.items import InspectionItem, Method
from dsgk.plans._times import Batch, Frequency, batch_quotas
from dsgk.sources import article, cites
from dsgk.subjects import Status, select
from dsgk.tiers import Measure, Ratio


__all__ = [
    "Mode",
    "ModeReason",
    "PlanEntry",
    "PlannedItem",
    "ProposalReason",
    "Selection",
    "Subjects",
    "as_batches",
    "as_items",
    "as_subjects",
]

Selection = Mapping[str, frozenset[str | bool | int | Status | None]]
"""Accepted values by field of the register."""


class Mode(Coded):
    """What is drawn at random (抽查方式：双随机或单随机)."""

    BOTH = ("both", "双随机")
    SUBJECTS_ONLY = ("subjects-only", "只随机抽取检查对象")
    INSPECTORS_ONLY = ("inspectors-only", "只随机选派执法检查人员")


class ModeReason(Coded):
    """Why only one side is drawn at random (单随机的理由)."""

    FEW_INSPECTORS = ("few-inspectors", "执法检查人员数量限制")
    FEW_SUBJECTS = ("few-subjects", "检查对象数量限制")
    APPROVAL = ("approval", "行政审批过程中的检查")
    CASE_LEAD = ("case-lead", "个案线索")


_REASONS_OF: dict[Mode, tuple[ModeReason | None, ...]] = {
    Mode.BOTH: (None,),
    Mode.SUBJECTS_ONLY: (ModeReason.FEW_INSPECTORS,),
    Mode.INSPECTORS_ONLY: (
        ModeReason.FEW_SUBJECTS,
        ModeReason.APPROVAL,
        ModeReason.CASE_LEAD,
    ),
}


class ProposalReason(Coded):
    """What an entry of the joint plan was proposed for (提议依据)."""

    MEMBER = ("member", "成员单位提议")
    RISK = ("risk", "监管风险")
    INCIDENT = ("incident", "重大问题事故")
    MONITORING = ("monitoring", "大数据监测")
    OTHER = ("other", "其他")


@cites(article(12))
@value("dsgk-planned-item/1")
@attrs.frozen(field_transformer=declared)
class PlannedItem(Stored):
    """
    An item of the item list, as an entry names it (抽查事项).

    Lists use one name for several objects and departments; what is left out
    (None) means every item of the name.

    Attributes:
        name: The item.
        department: Whose item it is, and whose check; None for every
            department of the entry.
        category: The group in which the list has it.
        object: What the list says is inspected.
    """

    name: Label
    department: Label | None = attrs.field(default=None, kw_only=True)
    category: Label | None = attrs.field(default=None, kw_only=True)
    object: Label | None = attrs.field(default=None, kw_only=True)

    def means(self, item: InspectionItem, departments: Collection[str], /) -> bool:
        """Whether an item of the list is meant, in an entry of some departments."""
        check_type(item, InspectionItem, name="item")
        own: Collection[str | None] = (self.department,)
        if self.department is None:
            own = several(departments, str, name="departments")
        return (
            item.name == self.name
            and item.department in own
            and self.category in {None, item.category}
            and self.object in {None, item.object}
        )


# -- what fields take --------------------------------------------------------


class _Subjects(Kind):
    """Which subjects are meant, as `SubjectRegister.where` takes them."""

    def convert(self, given: Any, /) -> Selection:  # noqa: ANN401
        return FrozenDict(select(given, name="subjects"))

    def plain(self, held: Selection, /) -> dict[str, list[Any]]:
        return {
            field: sorted(
                (getattr(accepted, "value", accepted) for accepted in values),
                key=lambda plain: (type(plain).__name__, plain),
            )
            for field, values in held.items()
        }

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "array"}}


Subjects = Annotated[Selection, _Subjects()]
"""The subjects of a plan's entry: all if empty."""


@attrs.frozen
class _Item(Value):
    """An item, or its name."""

    def convert(self, given: Any, /) -> PlannedItem:  # noqa: ANN401
        item: PlannedItem
        item = PlannedItem(given) if isinstance(given, str) else super().convert(given)
        return item


_SUBJECTS = kind_of(Subjects)
_ITEMS = kind_of(tuple[Annotated[PlannedItem, _Item(PlannedItem)], ...])
_BATCHES = kind_of(tuple[Batch, ...])
_METHODS = kind_of(frozenset[Method])
_REASONS = kind_of(frozenset[ProposalReason])
_NAMES = kind_of(tuple[Label, ...])
_AREAS = kind_of(Mapping[Label, frozenset[Label]])


def as_items(
    given: str | PlannedItem | Iterable[PlannedItem | str],
) -> tuple[PlannedItem, ...]:
    """Take items or their names, each once; a converter of attrs."""
    is_one = isinstance(given, (str, PlannedItem))
    return tuple(dict.fromkeys(_ITEMS.convert((given,) if is_one else given)))


def as_subjects(
    given: Mapping[str, Collection[str | bool | int | Status | None]],
) -> Selection:
    """Take the subjects that are meant; a converter of attrs."""
    subjects: Selection = _SUBJECTS.convert(given)
    return subjects


def as_batches(given: Batch | Iterable[Batch]) -> tuple[Batch, ...]:
    """Take one batch or several; a converter of attrs."""
    return tuple(_BATCHES.convert((given,) if isinstance(given, Batch) else given))


def as_names(given: Iterable[str]) -> tuple[str, ...]:
    """Take names of departments, each once; a converter of attrs."""
    return tuple(dict.fromkeys(_NAMES.convert(given)))


def _methods(given: Iterable[Method]) -> frozenset[Method]:
    return frozenset(_METHODS.convert(given))


def _proposed(given: Iterable[ProposalReason]) -> frozenset[ProposalReason]:
    return frozenset(_REASONS.convert(given))


def _territories(
    given: Mapping[str, Collection[str]],
) -> Mapping[str, frozenset[str]]:
    areas: Mapping[str, frozenset[str]] = _AREAS.convert(given)
    return areas


@cites(article(4), article(9), article(12), article(14), article(15), article(20))
@value("dsgk-plan-entry/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class PlanEntry(Stored):
    """
    One entry of an annual plan (抽查计划条目), with the contents of Art. 12.

    Only what an entry cannot be without must be given; what Art. 12 asks for
    beyond that may be empty while the plan is drafted, and `check_plan` says
    what is missing.

    Attributes:
        id: Unique in its plan. It is the name of the draw and stands in the
            ledger.
        title: Its heading in the plan (抽查任务), for people.
        items: One or more items (抽查事项); texts are taken as names.
        object: The words of the plan for its subjects (检查对象).
        subjects: The subjects, as accepted values by field of the register,
            as `SubjectRegister.where` takes them; all if empty.
        ratio: How many of them are inspected in the year (抽查比例).
        frequency: How often they are drawn (抽查频次); None if not said.
        focus: What is looked at in particular (检查重点).
        methods: How it is checked (检查方式).
        by_agency: Whether a qualified agency takes part.
        batches: When it is carried out (时间安排), in order. Their parts add
            up to the year; a subject drawn in one leaves the base of the next.
        level: Level that draws and inspects, such as ``"区级"`` (检查层级).
        mode: What is drawn at random.
        mode_reason: Why only one side is; given if and only if one is.
        lead: The department that leads it (牵头部门).
        cooperating: Departments that take part (配合部门), each once.
        territories: For departments that are not organised by district, the
            areas in which they take part, by department.
        proposed_for: What it was proposed for, in the joint plan.
        note: Anything else that the plan says.

    Raises:
        InvalidInput, InvalidValueError: There is no item; a one-sided mode
            lacks its reason; nobody is drawn and not all are taken; the lead
            cooperates with itself; a territory is of another department,
            empty, or apart from the subjects; batches are out of order, begin
            on one day, or do not add up: all faults at once.

    Examples:
        >>> twice = Frequency.parse("2次/年")
        >>> entry = PlanEntry(
        ...     id="3", items=["食品经营监督检查"], object="餐饮服务单位",
        ...     subjects={"kind": {"餐饮"}}, ratio=Ratio.parse("不低于3%"),
        ...     frequency=twice, focus="后厨", methods={Method.ON_SITE},
        ...     lead="市场监管局", cooperating=["卫生健康委"],
        ...     batches=twice.batches(dt.date(2026, 3, 1), dt.date(2026, 10, 31)),
        ... )
        >>> entry.departments, entry.quotas(500)
        (('市场监管局', '卫生健康委'), (8, 7))
    """

    id: Id
    title: Text = ""
    items: tuple[PlannedItem, ...] = attrs.field(converter=as_items)
    object: Text = ""
    subjects: Subjects = attrs.field(factory=dict, converter=as_subjects)
    ratio: Ratio
    frequency: Frequency | None = None
    focus: Text = ""
    methods: frozenset[Method] = attrs.field(default=frozenset(), converter=_methods)
    by_agency: bool = False
    batches: tuple[Batch, ...] = attrs.field(default=(), converter=as_batches)
    level: Text = ""
    mode: Mode = Mode.BOTH
    mode_reason: ModeReason | None = None
    lead: Label
    cooperating: tuple[Label, ...] = attrs.field(default=(), converter=as_names)
    territories: Mapping[Label, frozenset[Label]] = attrs.field(
        factory=dict, converter=_territories
    )
    proposed_for: frozenset[ProposalReason] = attrs.field(
        default=frozenset(), converter=_proposed
    )
    note: Text = ""

    def __attrs_post_init__(self) -> None:
        """Reject what could not be carried out, all of it at once."""
        found = [*self._of_mode(), *self._of_departments(), *self._of_batches()]
        if found:
            Faults(found).raise_any()

    def _of_mode(self) -> Iterator[Fault]:
        if self.mode_reason is ModeReason.FEW_SUBJECTS and not self.takes_all:
            yield Fault.of(
                "mode-ratio", column="ratio", ratio=str(self.ratio), id=self.id
            )
        allowed = _REASONS_OF[self.mode]
        if self.mode_reason not in allowed:
            yield Fault.of(
                "mode-reason",
                column="mode_reason",
                mode=self.mode,
                got=self.mode_reason,
                id=self.id,
                known=[reason for reason in allowed if reason],
            )

    def _of_departments(self) -> Iterator[Fault]:
        if not self.items:
            yield Fault.of("entry-items", column="items", id=self.id)
        departments = self.departments
        if self.lead in self.cooperating:
            yield Fault.of(
                "department-twice", column="cooperating", got=self.lead, id=self.id
            )
        for item in self.items:
            if item.department is not None and item.department not in departments:
                yield Fault.of(
                    "item-department",
                    column="items",
                    department=item.department,
                    item=item.name,
                    id=self.id,
                )
        met = {name: len(areas) for name, areas in self.territories.items()}
        if not self.selection.get("area", True):
            met[self.lead] = 0  # none of them is an area of the subjects
        for name, areas in met.items():
            if name not in departments or not areas:
                yield Fault.of(
                    "territory",
                    column="territories",
                    department=name,
                    areas=areas,
                    id=self.id,
                )

    def _of_batches(self) -> Iterator[Fault]:
        batches = self.batches
        if any(one.first >= other.first for one, other in pairwise(batches)):
            first = [batch.first for batch in batches]
            yield Fault.of("batches-order", column="batches", got=first, id=self.id)
        total = sum(batch.part for batch in batches)
        if batches and total != 1:
            yield Fault.of(
                "batches-sum",
                column="batches",
                got=total,
                id=self.id,
                number=len(batches),
            )

    @property
    def departments(self) -> tuple[str, ...]:
        """The lead, then those that cooperate; each once."""
        return (self.lead, *self.cooperating)

    @property
    def selection(self) -> Selection:
        """
        Which subjects can be drawn: `subjects` within the territory of the lead.

        Examples:
            >>> entry = PlanEntry(
            ...     id="4", items=["进口商品检查"], ratio=Ratio.at_least("3%"),
            ...     lead="海关", territories={"海关": {"上仓镇"}},
            ... )
            >>> entry.selection
            {'area': frozenset({'上仓镇'})}
        """
        territory = self.territories.get(self.lead)
        if territory is None:
            return self.subjects
        areas = self.subjects.get("area", territory) & territory
        return {**self.subjects, "area": areas}

    @property
    def first(self) -> dt.date | None:
        """First day of the first batch, None while no time is fixed."""
        return self.batches[0].first if self.batches else None

    @property
    def last(self) -> dt.date | None:
        """Latest day on which a batch ends, None while no time is fixed."""
        return max((batch.last for batch in self.batches), default=None)

    @property
    def takes_all(self) -> bool:
        """
        Whether everybody is inspected in the year (全覆盖).

        Then there is one draw for all batches, and it fixes their order.
        """
        return self.ratio.measure is Measure.SHARE and self.ratio.target == 1

    @cites(article(15))
    def quotas(self, size: int, /, *, officers: int | None = None) -> tuple[int, ...]:
        """
        How many subjects each batch inspects, of so many in the register.

        Args:
            size: [int >= 0] Subjects of the entry in the register.
            officers: [int >= 0] Officers of the lead, where the ratio is
                counted by them.

        Returns:
            [int >= 0 for each batch] They add up to the year's number.
        """
        parts = tuple(batch.part for batch in self.batches)
        return batch_quotas(self.ratio.quota(size, officers=officers), parts)
