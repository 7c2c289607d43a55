"""What is wrong with a plan before it is carried out (计划审查)."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from dsgk.calendars import WorkCalendar
from dsgk.errors import InvalidValueError, shown
from dsgk.fields import check_day
from dsgk.inspectors import InspectorRegister
from dsgk.items import ItemList
from dsgk.plans.arguments import check_year, several, whole, wrong_type
from dsgk.plans.coverage import beside_draws, listed, overlaps, uncovered
from dsgk.plans.entries import PlanEntry
from dsgk.plans.findings import Campaign, Case, PlanFinding, Severity, needs_visit
from dsgk.plans.numbers import (
    UNPLANNABLE,
    Numbers,
    check_registers,
    officers_of,
    planned_numbers,
)
from dsgk.plans.staffing import staff
from dsgk.plans.yearly import Plan
from dsgk.sources import PENALTY_LAW_42, RuleProfile, article, cites
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Measure


__all__ = ["check_plan", "joint_plan_due"]

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING


@cites(article(14))
def joint_plan_due(
    year: int, /, *, calendar: WorkCalendar, rules: RuleProfile | None = None
) -> dt.date:
    """
    The last day on which the joint plan of a year is in time (3月底前).

    Args:
        year: [int] The year of the plan.
        calendar: If the day of the rules is off, the next working day counts.
        rules: Whose day it is; the district's by default.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: The calendar does not know the day.

    Cites:
        District Opinion, Art. 14; Civil Code, Art. 203 by `WorkCalendar.roll`.

    Examples:
        >>> joint_plan_due(2024, calendar=WorkCalendar.china())  # a Sunday
        datetime.date(2024, 4, 1)
    """
    profile = _profile(calendar, rules)
    return calendar.roll(profile.joint_plan_due(check_year(year)))


def _profile(calendar: object, rules: object) -> RuleProfile:
    """The numbers of the law, after a look at the calendar."""
    if not isinstance(calendar, WorkCalendar):
        raise wrong_type(calendar, "calendar", "WorkCalendar.china()")
    if not isinstance(rules, RuleProfile | None):
        raise wrong_type(rules, "rules", "RuleProfile(…)")
    return RuleProfile() if rules is None else rules


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
    subjects: SubjectRegister | Mapping[str, SubjectRegister] | None = None,
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
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: The calendar does not know the year, or
            *visits_per_day* is below 1.

    Cites:
        District Opinion, Art. 4, 8-10, 12-19; Administrative Penalty
        Law, Art. 42.
    """
    if not isinstance(plan, Plan):
        raise wrong_type(plan, "plan", "Plan(…)")
    profile = _profile(calendar, rules)
    _check_types(items, subjects, inspectors)
    daily = _visits(visits_per_day)
    others = _plans(others)
    campaigns = several(campaigns, "campaigns", "[Campaign(…), …]")
    owned = None if remit is None else several(remit, "remit", "{'市场监管局'}")
    cases = [Case(plan, entry, own=True) for entry in plan.current]
    beside = [Case(o, entry, own=False) for o in others for entry in o.current]
    day = None if on is None else check_day(on, name="on")
    officers = None if inspectors is None else officers_of(inspectors)
    numbers, found = _numbers(plan, subjects, officers)
    found += [
        *_missing(plan),
        *_times(plan, calendar),
        *_over(plan),
        *_joint(plan, calendar, profile, day),
        *overlaps(cases, beside),
        *beside_draws(plan, campaigns, items),
    ]
    if items is not None:
        owed = () if plan.is_joint else (plan.issuer,)
        shares = {e.id: _share(e, numbers[e.id]) for e in plan.current}
        found += listed(plan, items, shares)
        found += uncovered(
            plan.year, [*cases, *beside], items, owed if owned is None else owned
        )
    if officers is not None:
        found += staff(
            plan,
            officers,
            numbers,
            visits_per_day=daily,
            workdays=calendar.count_workdays,
            rules=profile,
        )
    order = list(Severity)
    found.sort(key=lambda f: (order.index(f.severity), f.code, f.entries, f.message))
    return tuple(found)


def _plans(others: Iterable[Plan]) -> tuple[Plan, ...]:
    listed = several(others, "others", "[Plan(…), …]")
    for other in listed:
        if not isinstance(other, Plan):
            raise wrong_type(other, "others", "[Plan(…), …]")
    return listed


def _check_types(items: object, subjects: object, inspectors: object) -> None:
    """Refuse what is none of the things that a plan is checked against."""
    if not isinstance(items, ItemList | None):
        raise wrong_type(items, "items", "ItemList([InspectionItem(…), …])")
    check_registers({} if subjects is None else subjects, inspectors)


def _visits(visits_per_day: object) -> int:
    """Refuse what is no number of visits."""
    number = whole(visits_per_day, "visits_per_day", "4")
    if number < 1:
        msg = f"'visits_per_day' must be 1 or more (got {shown(number)}). Write 4."
        raise InvalidValueError(
            msg, code="visits-range", params={"visits_per_day": number}
        )
    return number


def _numbers(
    plan: Plan,
    subjects: SubjectRegister | Mapping[str, SubjectRegister] | None,
    officers: Mapping[str, int] | None,
) -> tuple[dict[str, Numbers], list[PlanFinding]]:
    """How many subjects each entry inspects, and ratios that admit no number."""
    numbers = {}
    found = []
    for entry in plan.current:
        try:
            numbers[entry.id] = planned_numbers(entry, subjects, officers)
        except InvalidValueError as error:
            if error.code not in UNPLANNABLE:
                raise
            numbers[entry.id] = Numbers(None, None, {})
            found.append(
                PlanFinding(
                    str(error),
                    code=error.code,
                    severity=_ERROR,
                    provision=article(12),
                    entries=(entry.id,),
                    params=dict(error.params),
                )
            )
    return numbers, found


def _share(entry: PlanEntry, numbers: Numbers) -> Fraction | None:
    """What a ceiling is compared with: the ratio, or a number's share."""
    share = entry.ratio.measure is Measure.SHARE
    return entry.ratio.target if share else numbers.share


# -- contents and time -------------------------------------------------------


def _missing(plan: Plan) -> Iterator[PlanFinding]:
    """Contents of Art. 12 and 14 that an entry lacks."""
    for entry in plan.current:
        contents = {
            "检查对象": entry.object or entry.subjects,
            "频次": entry.frequency,
            "检查重点": entry.focus,
            "检查方式": entry.methods,
            "时间安排": entry.batches,
        }
        joint = {"检查层级": entry.level} if plan.is_joint else {}
        for provision, told in ((article(12), contents), (article(14), joint)):
            for name, value in told.items():
                if not value:
                    yield PlanFinding(
                        f"an entry must say its {name} (got none). Add it.",
                        code="content-missing",
                        severity=_ERROR,
                        provision=provision,
                        entries=(entry.id,),
                        params={"content": name},
                    )


def _times(plan: Plan, calendar: WorkCalendar) -> Iterator[PlanFinding]:
    for entry in plan.current:
        for batch in entry.batches:
            if {batch.first.year, batch.last.year} != {plan.year}:
                yield PlanFinding(
                    f"a batch must be in {plan.year} (got {batch}). Correct the "
                    "days, or put it into the plan of the other year.",
                    code="window-outside-year",
                    severity=_ERROR,
                    provision=article(12),
                    entries=(entry.id,),
                    params={"first": batch.first, "last": batch.last},
                )
            elif needs_visit(entry) and not calendar.count_workdays(
                batch.first, batch.last
            ):
                yield PlanFinding(
                    f"a batch must have a working day (got {batch}). "
                    "Give it more days.",
                    code="window-without-workday",
                    severity=_WARNING,
                    provision=article(15),
                    entries=(entry.id,),
                    params={"first": batch.first, "last": batch.last},
                )
        yield from _frequency(entry)


def _frequency(entry: PlanEntry) -> Iterator[PlanFinding]:
    if entry.frequency is None or entry.first is None or entry.last is None:
        return
    n = len(entry.batches)
    cycles = len(entry.frequency.cycles(entry.first, entry.last))
    least = (entry.frequency.low or 0) * cycles
    most = None if entry.frequency.high is None else entry.frequency.high * cycles
    if n < least or (most is not None and n > most):
        yield PlanFinding(
            f"an entry must have as many batches as its frequency "
            f"{entry.frequency} asks for (got {n} from {entry.first} to "
            f"{entry.last}). Divide it by Frequency.batches.",
            code="frequency-unmet",
            severity=_ERROR,
            provision=article(15),
            entries=(entry.id,),
            params={"batches": n, "least": least, "most": most},
        )


def _over(plan: Plan) -> Iterator[PlanFinding]:
    """Raises by Art. 16 that come too late to be drawn."""
    current = {entry.id: entry for entry in plan.current}
    for amendment in plan.amendments:
        for one in amendment.raises:
            last = current[one.entry].last
            if one.ratio is None or last is None or amendment.on <= last:
                continue
            yield PlanFinding(
                f"a raise must come while a batch can still be made (got the "
                f"amendment {amendment.number} of {amendment.on}, all batches of the "
                f"entry were over on {last}). Name batches in the raise: those of "
                "the plan with smaller parts, and one more.",
                code="amendment-over",
                severity=_ERROR,
                provision=article(16),
                entries=(one.entry,),
                params={"number": amendment.number, "on": amendment.on, "last": last},
            )


# -- the joint plan ----------------------------------------------------------


def _joint(
    plan: Plan, calendar: WorkCalendar, rules: RuleProfile, on: dt.date | None
) -> Iterator[PlanFinding]:
    if plan.conference is None:
        return
    due = joint_plan_due(plan.year, calendar=calendar, rules=rules)
    day = plan.adopted_on or on
    if day is not None and day > due:
        yield PlanFinding(
            f"the joint plan must be made by {due} (got {day}). "
            "Adopt it at once, and say why it is late.",
            code="joint-plan-late",
            severity=_ERROR,
            provision=article(14),
            params={
                "due": due,
                "day": day,
                "provisional": due > calendar.announced_through,
            },
        )
    members = set(plan.conference.members)
    for entry in plan.current:
        for name in sorted(set(entry.departments) - members):
            yield PlanFinding(
                f"a department of a joint entry must be a member of the joint "
                f"conference (got {name!r}). Invite it, or correct its name.",
                code="department-no-member",
                severity=_WARNING,
                provision=article(8),
                entries=(entry.id,),
                params={"department": name},
            )
        if len(entry.departments) == 1:
            yield PlanFinding(
                f"a joint entry must have departments that take part (got "
                f"{entry.lead!r} alone). Name them, or leave it to its own plan.",
                code="entry-not-joint",
                severity=_WARNING,
                provision=article(14),
                entries=(entry.id,),
                params={"department": entry.lead},
            )
        if not entry.proposed_for:
            yield PlanFinding(
                "a joint entry must say what it was proposed for (got none). "
                "Write ProposalReason.MEMBER or another.",
                code="proposal-missing",
                severity=_WARNING,
                provision=article(14),
                entries=(entry.id,),
            )
    for name in sorted(members - set(plan.departments)):
        yield PlanFinding(
            f"a member of the joint conference must take part in joint "
            f"inspection (got no entry of {name!r}). Ask for its proposals.",
            code="member-idle",
            severity=_WARNING,
            provision=article(9),
            params={"department": name},
        )
