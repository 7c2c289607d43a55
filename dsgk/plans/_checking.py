"""What is wrong with a plan before it is carried out (计划审查)."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, groupby, product
from operator import attrgetter
from typing import Any, NamedTuple

import attrs

from dsgk.calendars import WorkCalendar
from dsgk.errors import DsgkError, Fault, Faults, Severity
from dsgk.fields import (
    Label,
    Stored,
    Text,
    check_count,
    check_day,
    check_type,
    declared,
    listed,
    several,
    value,
)
from dsgk.inspectors import InspectorRegister
from dsgk.items import InspectionItem, ItemList, Method
from dsgk.kernels.allocation import share_up
from dsgk.plans._entries import (
    Mode,
    PlanEntry,
    PlannedItem,
    Selection,
    Subjects,
    as_items,
    as_names,
    as_subjects,
)
from dsgk.plans._numbers import (
    UNPLANNABLE,
    Demand,
    Numbers,
    Registers,
    check_registers,
    officers_of,
    overload,
    planned_numbers,
)
from dsgk.plans._times import Batch, batch_quotas, check_year
from dsgk.plans._yearly import Plan
from dsgk.sources import PENALTY_LAW_42, RuleProfile, article, cites
from dsgk.tiers import Measure


__all__ = ["Campaign", "PlanFinding", "check_plan", "joint_plan_due"]

PlanFinding = Fault
"""One thing that a check of a plan found: a fault with entries and severity."""


def _departments(given: str | Iterable[str]) -> tuple[str, ...]:
    return as_names((given,) if isinstance(given, str) else given)


@cites(article(4), article(18))
@value("dsgk-campaign/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Campaign(Stored):
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
        InvalidValueError: There is no department or item, or it ends before
            it begins.
    """

    name: Label
    departments: tuple[Label, ...] = attrs.field(converter=_departments)
    items: tuple[PlannedItem, ...] = attrs.field(converter=as_items)
    subjects: Subjects = attrs.field(factory=dict, converter=as_subjects)
    first: dt.date
    last: dt.date
    mechanism: Text = ""

    def __attrs_post_init__(self) -> None:
        """Reject what is no inspection."""
        faults = Faults()
        for column in ("departments", "items"):
            if not getattr(self, column):
                faults.add("campaign-empty", column=column, campaign=self.name)
        if self.last < self.first:
            faults.add("batch-crossed", column="last", first=self.first, last=self.last)
        faults.raise_any()

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Its days, as those of an entry."""
        return (Batch(self.first, self.last),)


@cites(article(14))
def joint_plan_due(
    year: int, /, *, calendar: WorkCalendar, rules: RuleProfile | None = None
) -> dt.date:
    """
    The last day on which the joint plan of a year is in time (3月底前).

    Args:
        year: The year of the plan.
        calendar: If the day of the rules is off, the next working day counts
            (Civil Code, Art. 203, by `WorkCalendar.roll`).
        rules: Whose day it is; the district's by default.

    Raises:
        InvalidValueError: The calendar does not know the day.

    Examples:
        >>> joint_plan_due(2024, calendar=WorkCalendar.china())  # a Sunday
        datetime.date(2024, 4, 1)
    """
    profile = _profile(calendar, rules)
    return calendar.roll(profile.joint_plan_due(check_year(year)))


def _profile(calendar: object, rules: RuleProfile | None) -> RuleProfile:
    """The numbers of the law, after a look at the calendar."""
    check_type(calendar, WorkCalendar, name="calendar")
    if rules is None:
        return RuleProfile()
    check_type(rules, RuleProfile, name="rules")
    return rules


class _Case(NamedTuple):
    """
    One entry with the plan that it stands in.

    Attributes:
        plan: The plan.
        entry: The entry, after all amendments.
        own: Whether the plan is the one that is checked.
        place: What a finding calls the entry.
        visits: Whether its checks are made on site, as far as is said.
        classes: Its subjects, for a comparison with others.
        names: Names of its items.
    """

    plan: Plan
    entry: PlanEntry
    own: bool
    place: str
    visits: bool
    classes: Mapping[str, frozenset[Any]]
    names: frozenset[str]

    @classmethod
    def each_of(cls, plan: Plan, *, own: bool) -> "list[_Case]":
        """Look up once what is compared with all other entries."""
        return [
            cls(
                plan,
                entry,
                own,
                entry.id if own else f"{plan.issuer}/{entry.id}",
                _needs_visit(entry),
                _classes(entry.selection),
                frozenset(item.name for item in entry.items),
            )
            for entry in plan.current
        ]


def _needs_visit(entry: PlanEntry) -> bool:
    return not entry.methods or Method.ON_SITE in entry.methods


def _classes(selection: Selection) -> dict[str, frozenset[Any]]:
    """Accepted values with their types: True and 1 are two values."""
    return {
        field: frozenset((type(one), one) for one in values)
        for field, values in selection.items()
    }


@cites(
    article(4),
    article(8),
    article(9),
    article(10),
    article(12),
    article(13),
    article(14),
    article(15),
    article(16),
    article(17),
    article(18),
    article(19),
    PENALTY_LAW_42,
)
def check_plan(
    plan: Plan,
    /,
    *,
    calendar: WorkCalendar,
    items: ItemList | None = None,
    remit: Iterable[str] | None = None,
    others: Iterable[Plan] = (),
    campaigns: Iterable[Campaign] = (),
    subjects: Registers | None = None,
    inspectors: InspectorRegister | None = None,
    visits_per_day: int = 1,
    on: dt.date | None = None,
    rules: RuleProfile | None = None,
) -> tuple[PlanFinding, ...]:
    """
    Say what is wrong with a plan, after its amendments.

    What is looked at depends on what is given: without *items* nothing is said
    about remit and ceilings, without *inspectors* nothing about staff.

    - Art. 12, 14: contents that are missing, days outside the year, a draft
      or a plan later than its day, reasons, members of the conference.
    - Art. 10, 13: items that are not on the list, not in force, above their
      ceiling; items of the remit that no entry covers.
    - Art. 17, 19: entries of different departments that may be at one subject
      at one time and are not all in the joint plan; one item planned twice.
    - Art. 4, 18: special campaigns beside the random draw; mechanisms that
      inspect without it.
    - Art. 15: batches that do not fit the frequency, have no working day, or
      are more than the inspectors can do (visits counted before merging).
    - Art. 16: ratios that were raised when the time for the checks was over.

    Args:
        plan: The plan.
        calendar: Working days.
        items: The list of items.
        remit: Departments whose items must all be covered; by default the
            issuer of a department's plan, and none for a joint plan.
        others: Other plans of the year, which also cover and may overlap.
        campaigns: Special inspections beside the plan.
        subjects: The register, or one for each lead department; without it
            shares of subjects cannot be turned into visits.
        inspectors: The register of inspectors.
        visits_per_day: [int >= 1] Visits that one team makes on a working day.
        on: The day on which it is asked; a draft is late only after the day.
        rules: The numbers of the law; the district's by default.

    Returns:
        Errors first, then by code and entries; empty when all is well. The
        order of the entries has no influence.

    Raises:
        InvalidValueError: The calendar does not know the year, or
            *visits_per_day* is below 1.
    """
    check_type(plan, Plan, name="plan")
    profile = _profile(calendar, rules)
    if items is not None:
        check_type(items, ItemList, name="items")
    check_registers(subjects, inspectors)
    daily = check_count(visits_per_day, name="visits_per_day", least=1)
    others = several(others, Plan, name="others")
    campaigns = several(campaigns, Campaign, name="campaigns")
    owned = () if plan.is_joint else (plan.issuer,)
    if remit is not None:
        owned = listed(remit, str, name="remit")
    cases = _Case.each_of(plan, own=True)
    beside = [case for other in others for case in _Case.each_of(other, own=False)]
    day = None if on is None else check_day(on, name="on")
    officers = officers_of(inspectors)
    numbers, found = _numbers(plan, subjects, officers)
    found += [
        *_missing(plan),
        *_times(plan, calendar),
        *_over(plan),
        *_joint(plan, calendar, profile, day),
        *_overlaps(cases, beside),
        *_beside_draws(cases, campaigns, items),
    ]
    if items is not None:
        found += _listed(plan, items, numbers)
        found += _uncovered(plan.year, [*cases, *beside], items, owned)
    if officers is not None:
        found += _staff(
            plan,
            officers,
            numbers,
            visits_per_day=daily,
            workdays=calendar.count_workdays,
            rules=profile,
        )
    return tuple(_ordered(found))


def _ordered(found: list[Fault]) -> Iterator[Fault]:
    """Sort by severity, code and entries; of equals alone by the sentence."""
    order = list(Severity)

    def place(fault: Fault) -> tuple[int, str, tuple[str, ...]]:
        """Where a finding stands."""
        return order.index(fault.severity), fault.code, fault.entries

    for _, equal in groupby(sorted(found, key=place), key=place):
        one, *more = equal
        yield from sorted((one, *more), key=str) if more else (one,)


def _numbers(
    plan: Plan, subjects: Registers | None, officers: Mapping[str, int] | None
) -> tuple[dict[str, Numbers], list[Fault]]:
    """How many subjects each entry inspects, and ratios that admit no number."""
    numbers = {}
    found = []
    for entry in plan.current:
        try:
            numbers[entry.id] = planned_numbers(entry, subjects, officers)
        except DsgkError as error:
            if error.code not in UNPLANNABLE:
                raise
            numbers[entry.id] = Numbers(None, None, {})
            found.append(_in_entry(entry, error.fault, 12))
    return numbers, found


def _in_entry(entry: PlanEntry, fault: Fault, number: int) -> Fault:
    """A fault of another room as one of an entry, by an article of its own."""
    return attrs.evolve(fault, entries=(entry.id,), provision=str(article(number)))


# -- contents and time: Art. 12, 14 to 16 ------------------------------------


def _missing(plan: Plan) -> Iterator[Fault]:
    """Contents that an entry lacks."""
    for entry in plan.current:
        contents = {
            "检查对象": entry.object or entry.subjects,
            "频次": entry.frequency,
            "检查重点": entry.focus,
            "检查方式": entry.methods,
            "时间安排": entry.batches,
        }
        joint = {"检查层级": entry.level} if plan.is_joint else {}
        for number, told in ((12, contents), (14, joint)):
            for content, said in told.items():
                if not said:
                    yield Fault.of(
                        "content-missing",
                        entries=[entry.id],
                        provision=str(article(number)),
                        content=content,
                    )


def _times(plan: Plan, calendar: WorkCalendar) -> Iterator[Fault]:
    for entry in plan.current:
        for batch in entry.batches:
            code = ""
            if {batch.first.year, batch.last.year} != {plan.year}:
                code = "window-outside-year"
            elif _needs_visit(entry) and not calendar.count_workdays(
                batch.first, batch.last
            ):
                code = "window-without-workday"
            if code:
                yield Fault.of(
                    code,
                    entries=[entry.id],
                    year=plan.year,
                    first=batch.first,
                    last=batch.last,
                )
        yield from _frequency(entry)


def _frequency(entry: PlanEntry) -> Iterator[Fault]:
    if entry.frequency is None or entry.first is None or entry.last is None:
        return
    n = len(entry.batches)
    cycles = len(entry.frequency.cycles(entry.first, entry.last))
    least = (entry.frequency.low or 0) * cycles
    most = None if entry.frequency.high is None else entry.frequency.high * cycles
    if n < least or (most is not None and n > most):
        yield Fault.of(
            "frequency-unmet",
            entries=[entry.id],
            frequency=str(entry.frequency),
            batches=n,
            first=entry.first,
            last=entry.last,
            least=least,
            most=most,
        )


def _over(plan: Plan) -> Iterator[Fault]:
    """Raises that come too late to be drawn."""
    current = {entry.id: entry for entry in plan.current}
    for amendment in plan.amendments:
        for one in amendment.raises:
            last = current[one.entry].last
            if one.ratio is not None and last is not None and amendment.on > last:
                yield Fault.of(
                    "amendment-over",
                    entries=[one.entry],
                    number=amendment.number,
                    on=amendment.on,
                    last=last,
                )


# -- the joint plan: Art. 8, 9, 14 -------------------------------------------


def _joint(
    plan: Plan, calendar: WorkCalendar, rules: RuleProfile, on: dt.date | None
) -> Iterator[Fault]:
    if plan.conference is None:
        return
    due = joint_plan_due(plan.year, calendar=calendar, rules=rules)
    day = plan.adopted_on or on
    if day is not None and day > due:
        provisional = due > calendar.announced_through
        yield Fault.of("joint-plan-late", due=due, got=day, provisional=provisional)
    members = set(plan.conference.members)
    for entry in plan.current:
        at = [entry.id]
        for name in sorted(set(entry.departments) - members):
            yield Fault.of("department-no-member", entries=at, department=name)
        if len(entry.departments) == 1:
            yield Fault.of("entry-not-joint", entries=at, department=entry.lead)
        if not entry.proposed_for:
            yield Fault.of("proposal-missing", entries=at)
    for name in sorted(members - set(plan.departments)):
        yield Fault.of("member-idle", department=name)


# -- items of the list: Art. 10, 13 ------------------------------------------


def _listed(
    plan: Plan, items: ItemList, numbers: Mapping[str, Numbers]
) -> Iterator[Fault]:
    """Items that must not be drawn."""
    for entry in plan.current:
        # A ceiling is compared with the ratio, or with a number's share.
        is_share = entry.ratio.measure is Measure.SHARE
        share = entry.ratio.target if is_share else numbers[entry.id].share
        first = entry.first or dt.date(plan.year, 1, 1)
        for planned in entry.items:
            known = {
                one.department for one in items if planned.means(one, entry.departments)
            }
            for department in sorted(known) or [planned.department or entry.lead]:
                for fault in items.check(
                    planned.name,
                    on=first,
                    until=entry.last or first,
                    share=share,
                    department=department,
                    category=planned.category,
                    object=planned.object,
                ):
                    if fault.code != "item-not-in-force" or entry.batches:
                        yield _in_entry(entry, fault, 10)


def _uncovered(
    year: int, cases: list[_Case], items: ItemList, departments: Collection[str]
) -> Iterator[Fault]:
    """Items of a remit that no entry of any plan covers."""
    january, december = dt.date(year, 1, 1), dt.date(year, 12, 31)

    def lives(item: InspectionItem) -> bool:
        begins, ends = item.in_force_from, item.repealed_on
        return (begins is None or begins <= december) and (
            ends is None or ends > january
        )

    for item in items:
        if item.department not in departments or not lives(item):
            continue
        if not any(
            planned.means(item, case.entry.departments)
            for case in cases
            for planned in case.entry.items
        ):
            yield Fault.of(
                "item-uncovered",
                item=item.name,
                department=item.department,
                category=item.category,
                object=item.object,
            )


# -- entries beside each other, campaigns: Art. 4, 17 to 19 ------------------


def _may_meet(
    one: Mapping[str, frozenset[Any]],
    times: Iterable[Batch],
    other: Mapping[str, frozenset[Any]],
    windows: Collection[Batch],
) -> bool:
    """Whether two inspections may be of one subject on one day."""
    for field in one.keys() & other.keys():
        if one[field].isdisjoint(other[field]):
            return False
    return any(a.first <= b.last and b.first <= a.last for a in times for b in windows)


def _same_item(
    one: PlannedItem, ones: Collection[str], other: PlannedItem, others: Collection[str]
) -> bool:
    """Whether items of entries of some departments may be one of the list."""
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


def _overlaps(cases: list[_Case], beside: list[_Case]) -> Iterator[Fault]:
    """Entries that repeat an item, or should be joint."""
    own = sorted(cases, key=attrgetter("place"))
    for one, other in chain(combinations(own, 2), product(own, beside)):
        here, there = one.entry, other.entry
        if not _may_meet(one.classes, here.batches, other.classes, there.batches):
            continue
        places = (one.place, other.place)
        if not one.names.isdisjoint(other.names):
            repeated = sorted(
                a.name
                for a in here.items
                for b in there.items
                if _same_item(a, here.departments, b, there.departments)
            )
            if repeated:
                yield Fault.of("entries-repeat", entries=places, items=repeated)
        joint = one.plan.is_joint and other.plan.is_joint
        if here.lead != there.lead and one.visits and other.visits and not joint:
            leads = sorted((here.lead, there.lead))
            yield Fault.of("entries-overlap", entries=places, departments=leads)


def _beside_draws(
    cases: list[_Case], campaigns: Iterable[Campaign], items: ItemList | None
) -> Iterator[Fault]:
    """Inspections beside the random draw; what is on the list can be drawn."""
    drawable = {item.name for case in cases for item in case.entry.items}
    drawable.update(one.name for one in items or ())
    for campaign in campaigns:
        names = sorted({item.name for item in campaign.items} & drawable)
        if campaign.mechanism and names:
            yield Fault.of(
                "mechanism-apart",
                campaign=campaign.name,
                mechanism=campaign.mechanism,
                items=names,
            )
        classes, days = _classes(campaign.subjects), campaign.batches
        for case in cases:
            entry = case.entry
            if any(
                _same_item(a, entry.departments, b, campaign.departments)
                for a in entry.items
                for b in campaign.items
            ) and _may_meet(case.classes, entry.batches, classes, days):
                yield Fault.of(
                    "campaign-beside-draw",
                    entries=[entry.id],
                    campaign=campaign.name,
                    first=campaign.first,
                    last=campaign.last,
                )


# -- staff: Art. 4, 15 -------------------------------------------------------


def _staff(
    plan: Plan,
    officers: Mapping[str, int],
    numbers: Mapping[str, Numbers],
    *,
    visits_per_day: int,
    workdays: Callable[[dt.date, dt.date], int],
    rules: RuleProfile,
) -> Iterator[Fault]:
    """What the officers of each department cannot do."""
    visiting = [entry for entry in plan.current if _needs_visit(entry)]
    for name in sorted({d for entry in visiting for d in entry.departments}):
        number = officers.get(name, 0)
        concerned = [entry for entry in visiting if name in entry.departments]
        if number < rules.min_officers:
            yield Fault.of(
                "officers-too-few",
                entries=sorted(entry.id for entry in concerned),
                department=name,
                officers=number,
                least=rules.min_officers,
            )
            continue
        without = sorted(e.id for e in concerned if e.mode is not Mode.SUBJECTS_ONLY)
        if number == rules.min_officers and without:
            yield Fault.of(
                "officers-without-choice",
                entries=without,
                department=name,
                officers=number,
            )
        demands = [
            demand
            for entry in concerned
            for demand in _demands(entry, name, numbers[entry.id])
        ]
        teams = number // rules.min_officers
        excess = overload(demands, per_day=teams * visits_per_day, workdays=workdays)
        if excess is not None:
            yield Fault.of(
                "capacity-short",
                entries=_inside(concerned, excess.first, excess.last),
                department=name,
                teams=teams,
                **excess._asdict(),
            )


def _inside(entries: Sequence[PlanEntry], first: dt.date, last: dt.date) -> list[str]:
    return sorted(
        entry.id
        for entry in entries
        if any(first <= b.first and b.last <= last for b in entry.batches)
    )


def _demands(entry: PlanEntry, department: str, numbers: Numbers) -> Iterator[Demand]:
    """Visits of a department for each batch, as far as they can be known."""
    if numbers.quota is None:
        return
    quotas = batch_quotas(numbers.quota, tuple(b.part for b in entry.batches))
    for batch, quota in zip(entry.batches, quotas, strict=True):
        visits = share_up(numbers.parts[department], quota)
        yield Demand(batch.first, batch.last, visits)
