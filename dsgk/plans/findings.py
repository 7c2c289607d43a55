"""What a check of a plan finds, and inspections that stand beside the plan."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

import attrs

from dsgk.errors import InvalidValueError, Severity
from dsgk.fields import check_day
from dsgk.identifiers import check_label
from dsgk.items import Method
from dsgk.plans.arguments import several, wrong_type
from dsgk.plans.entries import PlanEntry, PlannedItem, as_items, as_subjects
from dsgk.plans.times import Batch
from dsgk.plans.yearly import Plan
from dsgk.sources import Provision, article, cites
from dsgk.subjects import Status
from dsgk.subjects.values import Selection, Value


__all__ = [
    "Campaign",
    "Case",
    "PlanFinding",
    "Severity",
    "may_meet",
    "needs_visit",
    "same_item",
]


@attrs.frozen
class PlanFinding:
    """
    One thing that a check of a plan found.

    Attributes:
        message: What should be, what is, what to do.
        code: Stable kebab-case key.
        severity: Whether a provision is broken, or may be.
        provision: The provision.
        entries: The entries concerned, by id; those of another plan as
            ``issuer/id``.
        params: What the message was built from.
    """

    message: str
    code: str = attrs.field(kw_only=True)
    severity: Severity = attrs.field(kw_only=True)
    provision: Provision = attrs.field(kw_only=True)
    entries: tuple[str, ...] = attrs.field(default=(), kw_only=True)
    params: dict[str, Any] = attrs.field(factory=dict, kw_only=True, hash=False)

    def __str__(self) -> str:
        """Place, message and provision on one line."""
        place = ", ".join(self.entries)
        head = f"{place}: " if place else ""
        return f"{head}{self.message} [{self.provision}]"


def _departments(names: str | Iterable[str]) -> tuple[str, ...]:
    given = (names,) if isinstance(names, str) else names
    listed = several(given, "departments", "['市场监管局']")
    return tuple(
        dict.fromkeys(check_label(name, name="departments") for name in listed)
    )


@cites(article(4), article(18))
@attrs.frozen(kw_only=True)
class Campaign:
    """
    A special inspection beside the plan (专项检查、全覆盖式排查、巡查).

    Where inspection is by random draw there should be none; and a joint
    mechanism of departments whose inspections can be drawn at random should
    have them drawn.

    Attributes:
        name: What it is called.
        departments: Who inspects; one or more.
        items: What is inspected; texts are taken as names.
        subjects: Whom, as accepted values by field of the register; all if
            empty.
        first: First day.
        last: Last day.
        mechanism: The joint mechanism under which it is made, such as
            ``"综合治理机制"``; empty if there is none.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: A name is no label, or there is no department or
            item, or it ends before it begins.
        InvalidInput: *subjects* names no field or no value.

    Cites:
        District Opinion, Art. 4 (原则上不再部署专项检查和全覆盖式排查、巡查) and 18
        (各类联席会议机制、综合治理机制、联合执法机制等).
    """

    name: str
    departments: tuple[str, ...] = attrs.field(converter=_departments)
    items: tuple[PlannedItem, ...] = attrs.field(converter=as_items)
    subjects: dict[str, frozenset[Value | Status | None]] = attrs.field(
        factory=dict, converter=as_subjects, hash=False
    )
    first: dt.date
    last: dt.date
    mechanism: str = ""

    def __attrs_post_init__(self) -> None:
        """Refuse what is no inspection."""
        check_label(self.name, name="name")
        if not isinstance(self.mechanism, str):
            raise wrong_type(self.mechanism, "mechanism", "'综合治理机制'")
        for name in ("first", "last"):
            object.__setattr__(self, name, check_day(getattr(self, name), name=name))
        if not self.departments or not self.items or self.last < self.first:
            msg = (
                "'campaign' must have departments, items and days in order (got "
                f"{len(self.departments)}, {len(self.items)}, {self.first} to "
                f"{self.last} for {self.name!r}). Correct it."
            )
            raise InvalidValueError(
                msg, code="campaign-empty", params={"name": self.name}
            )

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Its days, as those of an entry."""
        return (Batch(self.first, self.last),)


@attrs.frozen
class Case:
    """
    One entry with the plan that it stands in.

    Attributes:
        plan: The plan.
        entry: The entry, after all amendments.
        own: Whether the plan is the one that is checked.
    """

    plan: Plan
    entry: PlanEntry
    own: bool

    @property
    def place(self) -> str:
        """What a finding calls the entry."""
        return self.entry.id if self.own else f"{self.plan.issuer}/{self.entry.id}"


def may_meet(
    one: Selection,
    times: Iterable[Batch],
    other: Selection,
    windows: Collection[Batch],
    /,
) -> bool:
    """
    Whether two inspections may be of one subject on one day.

    Args:
        one: The subjects of one, by field.
        times: When it is made.
        other: The subjects of the other.
        windows: When that is made.
    """
    for field in one.keys() & other.keys():
        here, there = ({(type(v), v) for v in s[field]} for s in (one, other))
        if here.isdisjoint(there):
            return False
    return any(a.first <= b.last and b.first <= a.last for a in times for b in windows)


def same_item(
    one: PlannedItem,
    ones: Collection[str],
    other: PlannedItem,
    others: Collection[str],
    /,
) -> bool:
    """
    Whether two items may be one of the list.

    Args:
        one: An item.
        ones: The departments of its entry.
        other: Another item.
        others: The departments of its entry.
    """
    here = set(ones) if one.department is None else {one.department}
    there = set(others) if other.department is None else {other.department}
    return (
        one.name == other.name
        and not here.isdisjoint(there)
        and all(
            None in pair or len(pair) == 1
            for pair in ({one.category, other.category}, {one.object, other.object})
        )
    )


def needs_visit(entry: PlanEntry, /) -> bool:
    """Whether checks of an entry are made on site, as far as is said."""
    return not entry.methods or Method.ON_SITE in entry.methods
