"""Checks of a plan before it is carried out (计划审查)."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import combinations, groupby, product
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
    names_once,
    several,
    value,
)
from dsgk.inspectors import InspectorRegister
from dsgk.items import InspectionItem, ItemList, Method
from dsgk.kernels.allocation import share_up
from dsgk.plans._entries import Mode, PlanEntry, PlannedItem, as_items, as_subjects
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
from dsgk.subjects import Accepted, Selection
from dsgk.tiers import Measure


__all__ = ["Campaign", "PlanFinding", "check_plan", "joint_plan_due"]

PlanFinding = Fault
"""One finding of a check of a plan: a fault with entries and severity."""


def _departments(given: str | Iterable[str]) -> tuple[str, ...]:
    return names_once((given,) if isinstance(given, str) else given)


@cites(article(4), article(18))
@value("dsgk-campaign/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Campaign(Stored):
    """
    A special inspection beside the plan (专项检查、全覆盖式排查、巡查).

    There should be none where inspection is by random draw; and a joint mechanism
    of departments should draw its inspections at random if it can.

    Attributes:
        name: What it is called.
        departments: Who inspects; one or more.
        items: What is inspected; texts are taken as names.
        subjects: Who is inspected, as accepted values by field; all if empty.
        first: First day.
        last: Last day.
        mechanism: The joint mechanism behind it, such as ``"综合治理机制"``; may
            be empty.
    """

    name: Label
    departments: tuple[Label, ...] = attrs.field(converter=_departments)
    items: tuple[PlannedItem, ...] = attrs.field(converter=as_items)
    subjects: Accepted = attrs.field(factory=dict, converter=as_subjects)
    first: dt.date
    last: dt.date
    mechanism: Text = ""

    def __attrs_post_init__(self) -> None:
        """Reject a campaign of nobody or nothing, or that ends before it begins."""
        faults = Faults()
        for column in ("departments", "items"):
            if not getattr(self, column):
                faults.add("campaign-empty", column=column, campaign=self.name)
        if self.last < self.first:
            faults.add("batch-crossed", column="last", first=self.first, last=self.last)
        faults.raise_any()

    @property
    def batches(self) -> tuple[Batch, ...]:
        """Its days, in the form of an entry's."""
        return (Batch(self.first, self.last),)


@cites(article(14))
def joint_plan_due(
    year: int, /, *, calendar: WorkCalendar, rules: RuleProfile | None = None
) -> dt.date:
    """
    The last day on which the joint plan of a year is in time (3月底前).

    Args:
        year: The year of the plan.
        calendar: If the day is off, the next working day counts
            (`WorkCalendar.roll`).
        rules: They set the day; the district's by default.

    Examples:
        >>> joint_plan_due(2024, calendar=WorkCalendar.china())  # a Sunday
        datetime.date(2024, 4, 1)
    """
    profile = _profile(calendar, rules)
    return calendar.roll(profile.joint_plan_due(check_year(year)))


def _profile(calendar: object, rules: RuleProfile | None) -> RuleProfile:
    """The rules, by default the district's; checks the calendar too."""
    check_type(calendar, WorkCalendar, name="calendar")
    if rules is None:
        return RuleProfile()
    check_type(rules, RuleProfile, name="rules")
    return rules


class _Case(NamedTuple):
    """
    One entry of a plan, with what is compared with all other entries.

    Attributes:
        plan: The plan.
        entry: The entry, after all amendments.
        place: What a finding calls the entry.
        visits: Whether its checks may be on site.
        classes: Its subjects, as typed values by field.
        names: Names of its items.
    """

    plan: Plan
    entry: PlanEntry
    place: str
    visits: bool
    classes: Mapping[str, frozenset[Any]]
    names: frozenset[str]

    @classmethod
    def each_of(cls, plan: Plan, *, own: bool) -> "list[_Case]":
        """Make one of each entry of a plan; *own* is the one that is checked."""
        return [
            cls(
                plan,
                entry,
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
    """Accepted values with their types, since True equals 1."""
    return {
        field: frozenset((type(one), one) for one in values)
        for field, values in selection.items()
    }


@cites(*map(article, (4, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19)), PENALTY_LAW_42)
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

    What is checked depends on what is given: without *items* neither remit nor
    ceilings, without *inspectors* no staff.

    - Art. 12, 14: missing contents, days outside the year, a late draft or
      plan, reasons, members of the conference.
    - Art. 10, 13: items that are not on the list, not in force or above their
      ceiling; items of the remit that no entry covers.
    - Art. 17, 19: an item planned twice; entries of different departments that
      may meet at a subject and are not both in the joint plan.
    - Art. 4, 18: special campaigns beside the random draw; mechanisms that
      inspect without it.
    - Art. 15: batches that do not fit the frequency, have no working day, or
      ask for more visits than the inspectors can make (before merging).
    - Art. 16: ratios that were raised after the last batch.

    Args:
        plan: The plan.
        calendar: Working days.
        items: The item list.
        remit: Departments whose items must all be covered; by default the
            issuer of a department's plan, and none for a joint plan.
        others: Other plans of the year; their entries count for cover and
            overlap.
        campaigns: Special inspections beside the plan.
        subjects: The register, or one for each lead department, to turn shares
            into numbers of visits.
        inspectors: The register of inspectors.
        visits_per_day: [int >= 1] Visits that one team makes on a working day.
        on: Today, to tell a late draft.
        rules: The numbers of the law; the district's by default.

    Returns:
        Errors first, then by code and entries; empty if all is well.
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
    """Sort by severity, code and entries; equals by their sentences, which is slow."""
    order = list(Severity)

    def place(fault: Fault) -> tuple[int, str, tuple[str, ...]]:
        """What findings are sorted by."""
        return order.index(fault.severity), fault.code, fault.entries

    for _, equal in groupby(sorted(found, key=place), key=place):
        one, *more = equal
        yield from sorted((one, *more), key=str) if more else (one,)


def _numbers(
    plan: Plan, subjects: Registers | None, officers: Mapping[str, int] | None
) -> tuple[dict[str, Numbers], list[Fault]]:
    """How many subjects each entry inspects, and faults of ratios without a number."""
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
    """Turn a fault of another room into a finding about an entry."""
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
            by, at = str(article(number)), [entry.id]
            for content in (content for content, said in told.items() if not said):
                code = "content-missing"
                yield Fault.of(code, entries=at, provision=by, content=content)


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
                days: Any = {"first": batch.first, "last": batch.last}
                yield Fault.of(code, entries=[entry.id], year=plan.year, **days)
        yield from _frequency(entry)


def _frequency(entry: PlanEntry) -> Iterator[Fault]:
    if entry.frequency is None or entry.first is None or entry.last is None:
        return
    n = len(entry.batches)
    cycles = len(entry.frequency.cycles(entry.first, entry.last))
    least = (entry.frequency.low or 0) * cycles
    most = None if entry.frequency.high is None else entry.frequency.high * cycles
    if n < least or (most is not None and n > most):
        bounds: Any = {"least": least, "most": most}
        bounds |= {"first": entry.first, "last": entry.last}
        code, often = "frequency-unmet", str(entry.frequency)
        yield Fault.of(code, entries=[entry.id], frequency=often, batches=n, **bounds)


def _over(plan: Plan) -> Iterator[Fault]:
    """Raises that come too late to be drawn."""
    current = {entry.id: entry for entry in plan.current}
    for amendment in plan.amendments:
        for one in amendment.raises:
            last = current[one.entry].last
            if one.ratio is not None and last is not None and amendment.on > last:
                at: Any = {"number": amendment.number, "on": amendment.on}
                yield Fault.of("amendment-over", entries=[one.entry], last=last, **at)


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
        # What a ceiling limits: the ratio, or the share that its number is.
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
            about: Any = {"department": item.department, "object": item.object}
            about |= {"item": item.name, "category": item.category}
            yield Fault.of("item-uncovered", **about)


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
    """Whether two planned items of some departments may be the same on the list."""
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


def _alike(cases: Iterable[_Case]) -> list[list[_Case]]:
    """Cases that meet the same others, in groups."""
    groups: dict[Any, list[_Case]] = {}
    for case in cases:
        entry = case.entry
        if entry.batches:  # without days, nobody meets anybody
            key = (
                frozenset(case.classes.items()), entry.batches, entry.items,
                frozenset(entry.departments), entry.lead, case.visits,
                case.plan.is_joint,
            )  # fmt: skip
            groups.setdefault(key, []).append(case)
    return [*groups.values()]


def _overlaps(cases: list[_Case], beside: list[_Case]) -> Iterator[Fault]:
    """
    Entries that repeat an item or should be joint.

    One finding for the same items, and one for the same two departments, with
    all entries: a thousand entries have half a million pairs.
    """
    own = _alike(sorted(cases, key=attrgetter("place")))
    pairs = [
        *((group, group) for group in own if len(group) > 1),
        *combinations(own, 2),
        *product(own, _alike(beside)),
    ]
    found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for ones, others in pairs:
        one, other = ones[0], others[0]
        here, there = one.entry, other.entry
        if not _may_meet(one.classes, here.batches, other.classes, there.batches):
            continue
        met = []
        if not one.names.isdisjoint(other.names):
            repeated = sorted(
                a.name
                for a in here.items
                for b in there.items
                if _same_item(a, here.departments, b, there.departments)
            )
            met += [("entries-repeat", tuple(repeated))] if repeated else []
        joint = one.plan.is_joint and other.plan.is_joint
        if here.lead != there.lead and one.visits and other.visits and not joint:
            met.append(("entries-overlap", tuple(sorted((here.lead, there.lead)))))
        for what in met:
            places = found.setdefault(what, {})
            places.update((case.place, None) for case in (*ones, *others))
    for (code, texts), places in found.items():
        if code == "entries-repeat":
            yield Fault.of(code, entries=places, items=[*texts])
        else:
            yield Fault.of(code, entries=places, departments=[*texts])


def _beside_draws(
    cases: list[_Case], campaigns: Iterable[Campaign], items: ItemList | None
) -> Iterator[Fault]:
    """Campaigns for items that are drawn, or that could be."""
    drawable = {item.name for case in cases for item in case.entry.items}
    drawable.update(one.name for one in items or ())
    for campaign in campaigns:
        names = sorted({item.name for item in campaign.items} & drawable)
        if campaign.mechanism and names:
            who: Any = {"campaign": campaign.name, "mechanism": campaign.mechanism}
            yield Fault.of("mechanism-apart", items=names, **who)
        classes, days = _classes(campaign.subjects), campaign.batches
        for case in cases:
            entry = case.entry
            if any(
                _same_item(a, entry.departments, b, campaign.departments)
                for a in entry.items
                for b in campaign.items
            ) and _may_meet(case.classes, entry.batches, classes, days):
                when: Any = {"first": campaign.first, "last": campaign.last}
                code, name = "campaign-beside-draw", campaign.name
                yield Fault.of(code, entries=[entry.id], campaign=name, **when)


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
        number, least = officers.get(name, 0), rules.min_officers
        concerned = [entry for entry in visiting if name in entry.departments]
        of: Any = {"department": name, "officers": number}
        if number < least:
            ids = sorted(entry.id for entry in concerned)
            yield Fault.of("officers-too-few", entries=ids, least=least, **of)
            continue
        without = sorted(e.id for e in concerned if e.mode is not Mode.SUBJECTS_ONLY)
        if number == least and without:
            yield Fault.of("officers-without-choice", entries=without, **of)
        demands = [
            demand
            for entry in concerned
            for demand in _demands(entry, name, numbers[entry.id])
        ]
        teams = number // least
        excess = overload(demands, per_day=teams * visits_per_day, workdays=workdays)
        if excess is not None:
            first, last = excess.first, excess.last
            ids = sorted(
                entry.id
                for entry in concerned
                if any(first <= b.first and b.last <= last for b in entry.batches)
            )
            of = {"department": name, "teams": teams, **excess._asdict()}
            yield Fault.of("capacity-short", entries=ids, **of)


def _demands(entry: PlanEntry, department: str, numbers: Numbers) -> Iterator[Demand]:
    """Visits of a department in each batch; none if their number is not known."""
    if numbers.quota is None:
        return
    quotas = batch_quotas(numbers.quota, tuple(b.part for b in entry.batches))
    for batch, quota in zip(entry.batches, quotas, strict=True):
        visits = share_up(numbers.parts[department], quota)
        yield Demand(batch.first, batch.last, visits)
