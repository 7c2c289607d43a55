"""One entry of a plan: who is inspected, for what, how many, how, when, by whom."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any, cast

import attrs

from dsgk.errors import Fault, Faults, FrozenDict
from dsgk.fields import (
    Coded,
    Id,
    Label,
    Stored,
    Text,
    Value,
    check_type,
    declared,
    kind_of,
    names_once,
    several,
    value,
)
from dsgk.items import InspectionItem, Method, as_methods
from dsgk.plans._times import Batch, Frequency, batch_quotas
from dsgk.sources import article, cites
from dsgk.subjects import Accepted, Selection, Status, select
from dsgk.tiers import Measure, Ratio


__all__ = [
    "Mode",
    "ModeReason",
    "PlanEntry",
    "PlannedItem",
    "ProposalReason",
    "as_batches",
    "as_items",
    "as_subjects",
]


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

    Lists may use one name for several departments, categories and objects; None
    means all of them.

    Attributes:
        name: The item.
        department: Whose item and check it is; None for every department of the
            entry.
        category: The group of the list to which it belongs.
        object: What the list says is inspected.
    """

    name: Label
    department: Label | None = attrs.field(default=None, kw_only=True)
    category: Label | None = attrs.field(default=None, kw_only=True)
    object: Label | None = attrs.field(default=None, kw_only=True)

    def means(self, item: InspectionItem, departments: Collection[str], /) -> bool:
        """Whether an entry of these departments means an item of the list."""
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


@attrs.frozen
class _Item(Value):
    """An item, or its name."""

    def convert(self, given: Any, /) -> PlannedItem:  # noqa: ANN401
        named = isinstance(given, str)
        return (
            PlannedItem(given) if named else cast("PlannedItem", super().convert(given))
        )


_ITEMS = kind_of(tuple[Annotated[PlannedItem, _Item(PlannedItem)], ...])
_BATCHES = kind_of(tuple[Batch, ...])
_REASONS = kind_of(frozenset[ProposalReason])
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
    """Take accepted values by field of the register; a converter of attrs."""
    return FrozenDict(select(given, name="subjects"))


def as_batches(given: Batch | Iterable[Batch]) -> tuple[Batch, ...]:
    """Take one batch or several; a converter of attrs."""
    return tuple(_BATCHES.convert((given,) if isinstance(given, Batch) else given))


def _proposed(given: Iterable[ProposalReason]) -> frozenset[ProposalReason]:
    return frozenset(_REASONS.convert(given))


def _territories(given: Mapping[str, Collection[str]]) -> Mapping[str, frozenset[str]]:
    return cast("Mapping[str, frozenset[str]]", _AREAS.convert(given))


@cites(article(4), article(9), article(12), article(14), article(15), article(20))
@value("dsgk-plan-entry/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class PlanEntry(Stored):
    """
    One entry of an annual plan (抽查计划条目), with the contents of Art. 12.

    Contents that Art. 12 asks for may be empty while the plan is drafted;
    `check_plan` says what is missing.

    Attributes:
        id: Unique in its plan; the name of its draw, also in the ledger.
        title: Its heading in the plan (抽查任务), for people.
        items: One or more items (抽查事项); texts are taken as names.
        object: The plan's words for its subjects (检查对象).
        subjects: The subjects, as accepted values by field of the register; all
            if empty.
        ratio: How many of them are inspected in the year (抽查比例).
        frequency: How often they are drawn (抽查频次); None if not said.
        focus: What deserves special attention (检查重点).
        methods: How it is checked (检查方式).
        by_agency: Whether a qualified agency takes part.
        batches: When it is carried out (时间安排), in order. Their parts add
            up to 1; a subject drawn in one is not drawn again in the next.
        level: Level that draws and inspects, such as ``"区级"`` (检查层级).
        mode: What is drawn at random.
        mode_reason: Why only one side is drawn; only if that is so.
        lead: The department that leads it (牵头部门).
        cooperating: Departments that take part (配合部门), each once.
        territories: By department that is not organised by district, the areas
            in which it takes part.
        proposed_for: What it was proposed for, in the joint plan.
        note: Anything else that the plan says.

    Raises:
        InvalidInput, InvalidValueError: There is no item; a one-sided mode has
            no reason; subjects are neither drawn nor all taken; the lead
            cooperates with itself; a territory is of another department,
            empty, or outside the subjects; batches are out of order, begin on
            the same day, or do not add up: all faults at once.

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
    subjects: Accepted = attrs.field(factory=dict, converter=as_subjects)
    ratio: Ratio
    frequency: Frequency | None = None
    focus: Text = ""
    methods: frozenset[Method] = attrs.field(default=frozenset(), converter=as_methods)
    by_agency: bool = False
    batches: tuple[Batch, ...] = attrs.field(default=(), converter=as_batches)
    level: Text = ""
    mode: Mode = Mode.BOTH
    mode_reason: ModeReason | None = None
    lead: Label
    cooperating: tuple[Label, ...] = attrs.field(default=(), converter=names_once)
    territories: Mapping[Label, frozenset[Label]] = attrs.field(
        factory=dict, converter=_territories
    )
    proposed_for: frozenset[ProposalReason] = attrs.field(
        default=frozenset(), converter=_proposed
    )
    note: Text = ""

    def __attrs_post_init__(self) -> None:
        """Reject what could not be carried out."""
        found = [*self._of_mode(), *self._of_departments(), *self._of_batches()]
        if found:
            Faults(found).raise_any()

    def _of_mode(self) -> Iterator[Fault]:
        reason, allowed = self.mode_reason, _REASONS_OF[self.mode]
        if reason is ModeReason.FEW_SUBJECTS and not self.takes_all:
            yield self._fault("mode-ratio", "ratio", ratio=str(self.ratio))
        if reason not in allowed:
            about = {"known": [one for one in allowed if one], "mode": self.mode}
            yield self._fault("mode-reason", "mode_reason", got=reason, **about)

    def _of_departments(self) -> Iterator[Fault]:
        departments = self.departments
        if not self.items:
            yield self._fault("entry-items", "items")
        if self.lead in self.cooperating:
            yield self._fault("department-twice", "cooperating", got=self.lead)
        for item in self.items:
            name = item.department
            if name is not None and name not in departments:
                about = {"department": name, "item": item.name}
                yield self._fault("item-department", "items", **about)
        met = {name: len(areas) for name, areas in self.territories.items()}
        if not self.selection.get("area", True):
            met[self.lead] = 0  # none of them is an area of the subjects
        for name, areas in met.items():
            if name not in departments or not areas:
                code, column = "territory", "territories"
                yield self._fault(code, column, department=name, areas=areas)

    def _of_batches(self) -> Iterator[Fault]:
        batches = self.batches
        if any(one.first >= other.first for one, other in pairwise(batches)):
            first = [batch.first for batch in batches]
            yield self._fault("batches-order", "batches", got=first)
        total = sum(batch.part for batch in batches)
        if batches and total != 1:
            yield self._fault("batches-sum", "batches", got=total, number=len(batches))

    def _fault(self, code: str, column: str, **params: Any) -> Fault:  # noqa: ANN401
        return Fault.of(code, column=column, id=self.id, **params)

    @property
    def departments(self) -> tuple[str, ...]:
        """The lead, then those that cooperate."""
        return (self.lead, *self.cooperating)

    @property
    def selection(self) -> Selection:
        """
        The subjects that can be drawn: `subjects` in the territory of the lead.

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
        """First day of the first batch; None without batches."""
        return self.batches[0].first if self.batches else None

    @property
    def last(self) -> dt.date | None:
        """Latest day on which a batch ends; None without batches."""
        return max((batch.last for batch in self.batches), default=None)

    @property
    def takes_all(self) -> bool:
        """
        Whether everybody is inspected in the year (全覆盖).

        Then a single draw fixes in which batch each subject is inspected.
        """
        return self.ratio.measure is Measure.SHARE and self.ratio.target == 1

    @cites(article(15))
    def quotas(self, size: int, /, *, officers: int | None = None) -> tuple[int, ...]:
        """
        How many subjects each batch inspects.

        Args:
            size: [int >= 0] Subjects of the entry in the register.
            officers: [int >= 0] Officers of the lead, if the ratio is counted
                by them.

        Returns:
            [int >= 0 for each batch] They add up to the year's number.
        """
        parts = tuple(batch.part for batch in self.batches)
        return batch_quotas(self.ratio.quota(size, officers=officers), parts)
