"""One entry of a plan: who is inspected for what, how many, how, when, by whom."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import attrs

from dsgk.errors import InvalidValueError
from dsgk.fields import Coded
from dsgk.identifiers import check_id, check_label
from dsgk.items import InspectionItem, Method
from dsgk.plans.arguments import several, wrong_type
from dsgk.plans.frequencies import Frequency
from dsgk.plans.times import Batch, batch_quotas
from dsgk.sources import article, cites
from dsgk.subjects import Status
from dsgk.subjects.values import Value, select
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

_ART_4 = str(article(4))
_ART_9 = str(article(9))
_ART_12 = str(article(12))
_ART_15 = str(article(15))
_ART_20 = str(article(20))


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


_REASONS_OF = {
    Mode.BOTH: frozenset({None}),
    Mode.SUBJECTS_ONLY: frozenset({ModeReason.FEW_INSPECTORS}),
    Mode.INSPECTORS_ONLY: frozenset(
        {ModeReason.FEW_SUBJECTS, ModeReason.APPROVAL, ModeReason.CASE_LEAD}
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
@attrs.frozen
class PlannedItem:
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

    Raises:
        InvalidTypeError, InvalidValueError: A text is no valid label.

    Cites:
        District Opinion, Art. 12 (抽查事项).
    """

    name: str
    department: str | None = attrs.field(default=None, kw_only=True)
    category: str | None = attrs.field(default=None, kw_only=True)
    object: str | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Refuse what no list could have."""
        check_label(self.name, name="item")
        for field in ("department", "category", "object"):
            if getattr(self, field) is not None:
                check_label(getattr(self, field), name=field)

    def means(self, item: InspectionItem, departments: Collection[str], /) -> bool:
        """
        Whether an item of the list is meant.

        Args:
            item: The item of the list.
            departments: The departments of the entry.
        """
        if not isinstance(item, InspectionItem):
            raise wrong_type(item, "item", "InspectionItem(…)")
        own: tuple[str | None, ...] = (self.department,)
        if self.department is None:
            own = several(departments, "departments", "['市场监管局']")
        return (
            item.name == self.name
            and item.department in own
            and self.category in {None, item.category}
            and self.object in {None, item.object}
        )


def as_items(items: str | Iterable[PlannedItem | str]) -> tuple[PlannedItem, ...]:
    """Take items or their names; a converter of attrs."""
    given = (items,) if isinstance(items, (str, PlannedItem)) else items
    listed: dict[PlannedItem, None] = {}
    for item in several(given, "items", "['价格检查']"):
        if not isinstance(item, PlannedItem | str):
            raise wrong_type(item, "items", "'价格检查' or PlannedItem('价格检查')")
        listed[item if isinstance(item, PlannedItem) else PlannedItem(item)] = None
    return tuple(listed)


def as_subjects(
    when: Mapping[str, Collection[Value | Status | None]],
) -> dict[str, frozenset[Value | Status | None]]:
    """Check which subjects are meant; a converter of attrs."""
    return select(when, name="subjects")


def _methods(methods: Iterable[Method]) -> frozenset[Method]:
    found = several(methods, "methods", "{Method.ON_SITE}")
    for method in found:
        if not isinstance(method, Method):
            raise wrong_type(method, "methods", "{Method.ON_SITE}")
    return frozenset(found)


def _labels(texts: Iterable[str]) -> tuple[str, ...]:
    listed = several(texts, "cooperating", "('公安局',)")
    return tuple(dict.fromkeys(check_label(t, name="cooperating") for t in listed))


def _territories(
    areas: Mapping[str, Collection[str]],
) -> dict[str, frozenset[str]]:
    if not isinstance(areas, Mapping):
        raise wrong_type(areas, "territories", "{'海关': {'上仓镇'}}")
    return {
        check_label(name, name="territories"): frozenset(
            check_label(area, name="area")
            for area in several(named, "territories", "{'海关': {'上仓镇'}}")
        )
        for name, named in areas.items()
    }


def _mode(value: object) -> Mode:
    return Mode.read(value, name="mode")


def _mode_reason(value: object) -> ModeReason | None:
    return None if value is None else ModeReason.read(value, name="mode_reason")


def _proposed(
    reasons: Iterable[ProposalReason | str],
) -> frozenset[ProposalReason]:
    listed = several(reasons, "proposed_for", "{ProposalReason.RISK}")
    return frozenset(
        ProposalReason.read(reason, name="proposed_for") for reason in listed
    )


def as_batches(batches: Batch | Iterable[Batch]) -> tuple[Batch, ...]:
    """Take one batch or several; a converter of attrs."""
    given = (batches,) if isinstance(batches, Batch) else batches
    listed = several(given, "batches", "(Batch(first, last),)")
    for batch in listed:
        if not isinstance(batch, Batch):
            raise wrong_type(batch, "batches", "Batch(first, last)")
    return listed


@cites(article(4), article(9), article(12), article(14), article(15), article(20))
@attrs.frozen(kw_only=True)
class PlanEntry:
    """
    One entry of an annual plan (抽查计划条目), with the contents of Art. 12.

    Only what an entry cannot be without must be given; what Art. 12 asks for
    beyond that may be empty while the plan is drafted, and `check_plan` says
    what is missing.

    Attributes:
        id: Unique in its plan; valid by `check_id`. It is the name of the
            draw and stands in the ledger.
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
        mode: What is drawn at random; its code or Chinese text will do, so
            with the reasons too.
        mode_reason: Why only one side is; given if and only if one is.
        lead: The department that leads it (牵头部门).
        cooperating: Departments that take part (配合部门), each once.
        territories: For departments that are not organised by district, the
            areas in which they take part, by department.
        proposed_for: What it was proposed for, in the joint plan.
        note: Anything else that the plan says.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: A mode or reason is none of its list; there is no
            item; a one-sided mode lacks its
            reason; nobody is drawn and not all are taken; the lead cooperates
            with itself; a territory is of another department or empty;
            batches are out of order, begin on one day, or do not add up.
        InvalidInput: *subjects* names no field or no value.

    Cites:
        District Opinion, Art. 4 (可以只进行检查对象或执法检查人员的随机抽取), 9, 12
        (检查对象、抽查事项、抽查比例和频次、检查重点、检查方式和时间安排), 14, 15, 20
        (按照职责分工和监管地域).

    Examples:
        >>> entry = PlanEntry(
        ...     id="3", items=["食品经营监督检查"], object="餐饮服务单位",
        ...     subjects={"kind": {"餐饮"}}, ratio=Ratio.parse("不低于3%"),
        ...     frequency=Frequency.parse("2次/年"), focus="后厨",
        ...     methods={Method.ON_SITE}, lead="市场监管局",
        ...     cooperating=["卫生健康委"],
        ...     batches=Frequency.parse("2次/年").batches(
        ...         dt.date(2026, 3, 1), dt.date(2026, 10, 31)
        ...     ),
        ... )
        >>> entry.departments, entry.quotas(500)
        (('市场监管局', '卫生健康委'), (8, 7))
    """

    id: str
    title: str = ""
    items: tuple[PlannedItem, ...] = attrs.field(converter=as_items)
    object: str = ""
    subjects: dict[str, frozenset[Value | Status | None]] = attrs.field(
        factory=dict, converter=as_subjects, hash=False
    )
    ratio: Ratio
    frequency: Frequency | None = None
    focus: str = ""
    methods: frozenset[Method] = attrs.field(default=frozenset(), converter=_methods)
    by_agency: bool = False
    batches: tuple[Batch, ...] = attrs.field(default=(), converter=as_batches)
    level: str = ""
    mode: Mode = attrs.field(default=Mode.BOTH, converter=_mode)
    mode_reason: ModeReason | None = attrs.field(default=None, converter=_mode_reason)
    lead: str
    cooperating: tuple[str, ...] = attrs.field(default=(), converter=_labels)
    territories: dict[str, frozenset[str]] = attrs.field(
        factory=dict, converter=_territories, hash=False
    )
    proposed_for: frozenset[ProposalReason] = attrs.field(
        default=frozenset(), converter=_proposed
    )
    note: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what could not be carried out."""
        check_id(self.id, name="id")
        check_label(self.lead, name="lead")
        for name, kind, instead in _FIELDS:
            if not isinstance(getattr(self, name), kind):
                raise wrong_type(getattr(self, name), name, instead)
        if not self.items:
            msg = f"'items' must name an item (got none for {self.id!r}). Write one."
            raise self._refused(msg, code="entry-items", provision=_ART_12)
        self._check_mode()
        self._check_departments()
        self._check_batches()

    def _refused(
        self,
        msg: str,
        *,
        code: str,
        provision: str,
        **params: Any,  # noqa: ANN401
    ) -> InvalidValueError:
        return InvalidValueError(
            msg, code=code, params={"id": self.id, **params}, provision=provision
        )

    def _check_mode(self) -> None:
        if self.mode_reason is ModeReason.FEW_SUBJECTS and not self.takes_all:
            msg = (
                f"'ratio' must be 100% where no subjects are drawn (got {self.ratio} "
                f"for {self.id!r}): nobody may choose them. Draw them, or take all."
            )
            raise self._refused(
                msg, code="mode-ratio", provision=_ART_4, ratio=str(self.ratio)
            )
        allowed = _REASONS_OF[self.mode]
        if self.mode_reason in allowed:
            return
        named = ", ".join(sorted(f"ModeReason.{r.name}" for r in allowed if r))
        told = self.mode_reason and self.mode_reason.label
        msg = (
            f"'mode_reason' must be a reason for {self.mode.label} "
            f"(got {told!r} for {self.id!r}). Write {named or 'none'}."
        )
        raise self._refused(
            msg,
            code="mode-reason",
            provision=_ART_4,
            mode=self.mode.code,
            reason=self.mode_reason and self.mode_reason.code,
        )

    def _check_departments(self) -> None:
        if self.lead in self.cooperating:
            msg = (
                f"'cooperating' must not name the lead (got {self.lead!r} for "
                f"{self.id!r}). Name each department once."
            )
            raise self._refused(
                msg, code="department-twice", provision=_ART_9, department=self.lead
            )
        for item in self.items:
            if item.department is not None and item.department not in self.departments:
                msg = (
                    f"'items' must be of departments of the entry (got "
                    f"{item.department!r} for {item.name!r} in {self.id!r}). "
                    "Name it as lead or cooperating, or leave it out of the item."
                )
                raise self._refused(
                    msg,
                    code="item-department",
                    provision=_ART_9,
                    department=item.department,
                )
        for name, areas in self.territories.items():
            if name not in self.departments or not areas:
                msg = (
                    f"'territories' must give departments of the entry one area or "
                    f"more (got {name!r} with {len(areas)} in {self.id!r}). "
                    "Leave out who takes part everywhere."
                )
                raise self._refused(
                    msg, code="territory", provision=_ART_20, department=name
                )
        if not self.selection.get("area", {None}):
            msg = (
                f"'territories' must meet the areas of 'subjects' (got none in common "
                f"for the lead {self.lead!r} of {self.id!r}). Correct one of them."
            )
            raise self._refused(
                msg, code="territory", provision=_ART_20, department=self.lead
            )

    def _check_batches(self) -> None:
        first = [batch.first for batch in self.batches]
        if first != sorted(set(first)):
            msg = (
                f"'batches' must begin one after the other (got {first} for "
                f"{self.id!r}). Put them in order; join those of one day."
            )
            raise self._refused(
                msg, code="batches-order", provision=_ART_15, first=first
            )
        total = sum(batch.part for batch in self.batches)
        if self.batches and total != 1:
            msg = (
                f"'batches' must have parts that add up to 1 (got {total} for "
                f"{self.id!r}). Write Fraction(1, {len(self.batches)}) for each."
            )
            raise self._refused(msg, code="batches-sum", provision=_ART_15, total=total)

    @property
    def departments(self) -> tuple[str, ...]:
        """The lead, then those that cooperate; each once."""
        return (self.lead, *self.cooperating)

    @property
    def selection(self) -> dict[str, frozenset[Value | Status | None]]:
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

        Cites:
            District Opinion, Art. 15.
        """
        parts = tuple(batch.part for batch in self.batches)
        return batch_quotas(self.ratio.quota(size, officers=officers), parts)


_FIELDS: tuple[tuple[str, Any, str], ...] = (
    ("title", str, "'宾馆旅店抽查'"),
    ("object", str, "'餐饮服务单位'"),
    ("ratio", Ratio, "Ratio.parse('不低于3%')"),
    ("frequency", Frequency | None, "Frequency.parse('2次/年')"),
    ("focus", str, "'后厨'"),
    ("by_agency", bool, "True or False"),
    ("level", str, "'区级'"),
    ("note", str, "a text"),
)
