"""Items of the list, and entries beside each other: Art. 4, 10, 13, 17 to 19."""

import datetime as dt
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import combinations

from dsgk.items import InspectionItem, ItemList
from dsgk.plans.arguments import wrong_type
from dsgk.plans.findings import (
    Campaign,
    Case,
    PlanFinding,
    Severity,
    may_meet,
    needs_visit,
    same_item,
)
from dsgk.plans.yearly import Plan
from dsgk.sources import article


__all__ = ["beside_draws", "listed", "overlaps", "uncovered"]

_ERROR = Severity.ERROR
_WARNING = Severity.WARNING


# -- items -------------------------------------------------------------------


def listed(
    plan: Plan, items: ItemList, shares: Mapping[str, Fraction | None], /
) -> Iterator[PlanFinding]:
    """
    Items that must not be drawn, by Art. 10.

    Args:
        plan: The plan.
        items: The list.
        shares: By entry, the share of its subjects that is drawn, as far as
            it is known.
    """
    for entry in plan.current:
        for planned in entry.items:
            known = {
                one.department for one in items if planned.means(one, entry.departments)
            }
            first = entry.first or dt.date(plan.year, 1, 1)
            for department in sorted(known) or [planned.department or entry.lead]:
                for fault in items.check(
                    planned.name,
                    on=first,
                    until=entry.last or first,
                    share=shares[entry.id],
                    department=department,
                    category=planned.category,
                    object=planned.object,
                ):
                    if fault.code == "item-not-in-force" and not entry.batches:
                        continue  # no time is fixed yet
                    yield PlanFinding(
                        fault.message,
                        code=fault.code,
                        severity=_ERROR,
                        provision=article(10),
                        entries=(entry.id,),
                        params=dict(fault.params),
                    )


def uncovered(
    year: int, cases: list[Case], items: ItemList, departments: tuple[str, ...], /
) -> Iterator[PlanFinding]:
    """
    Items of a remit that no entry covers, by Art. 13.

    Args:
        year: The year of the plan.
        cases: Entries of all plans.
        items: The list.
        departments: Whose items must all be covered.
    """
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
            yield PlanFinding(
                f"a plan must cover every item of the remit (got no entry for "
                f"{item.name!r} of {item.department!r}, category "
                f"{item.category!r}, object {item.object!r}). Add one.",
                code="item-uncovered",
                severity=_ERROR,
                provision=article(13),
                params={
                    "department": item.department,
                    "category": item.category,
                    "item": item.name,
                    "object": item.object,
                },
            )


# -- entries beside each other, campaigns ------------------------------------


def overlaps(cases: list[Case], beside: list[Case], /) -> Iterator[PlanFinding]:
    """
    Entries that repeat an item, or should be joint, by Art. 17 and 19.

    Args:
        cases: Entries of the plan.
        beside: Entries of other plans.
    """
    pairs = [*combinations(cases, 2), *((a, b) for a in cases for b in beside)]
    for one, other in pairs:
        here, there = one.entry, other.entry
        if not may_meet(here.selection, here.batches, there.selection, there.batches):
            continue
        own, *rest = sorted((one, other), key=lambda case: (not case.own, case.place))
        places = (own.place, *(case.place for case in rest))
        repeated = sorted(
            a.name
            for a in here.items
            for b in there.items
            if same_item(a, here.departments, b, there.departments)
        )
        if repeated:
            yield PlanFinding(
                f"an item must not be planned twice for the same subjects and "
                f"days (got {', '.join(map(repr, repeated))}). Join the entries, "
                "or part their subjects.",
                code="entries-repeat",
                severity=_WARNING,
                provision=article(17),
                entries=places,
                params={"items": tuple(repeated)},
            )
        joint = one.plan.is_joint and other.plan.is_joint
        visits = needs_visit(here) and needs_visit(there)
        if here.lead != there.lead and visits and not joint:
            leads = sorted((here.lead, there.lead))
            yield PlanFinding(
                f"departments must inspect jointly whom they visit at the same "
                f"time (got {leads[0]!r} and {leads[1]!r}). Put both entries "
                "into the joint plan, or part their subjects or days.",
                code="entries-overlap",
                severity=_WARNING,
                provision=article(19),
                entries=places,
                params={"departments": tuple(leads)},
            )


def beside_draws(
    plan: Plan, campaigns: tuple[Campaign, ...], items: ItemList | None, /
) -> Iterator[PlanFinding]:
    """
    Inspections beside the random draw, by Art. 4 and 18.

    Args:
        plan: The plan.
        campaigns: The inspections.
        items: The list: what stands on it can be drawn at random.
    """
    for campaign in campaigns:
        if not isinstance(campaign, Campaign):
            raise wrong_type(campaign, "campaigns", "[Campaign(…), …]")
        drawable = {item.name for entry in plan.current for item in entry.items}
        drawable.update(one.name for one in items or ())
        names = sorted({item.name for item in campaign.items} & drawable)
        if campaign.mechanism and names:
            yield PlanFinding(
                f"a joint mechanism must have its inspections drawn at random "
                f"(got {campaign.name!r} of {campaign.mechanism!r} for "
                f"{', '.join(map(repr, names))}). Plan it as a joint entry.",
                code="mechanism-apart",
                severity=_ERROR,
                provision=article(18),
                params={"campaign": campaign.name, "items": tuple(names)},
            )
        for entry in plan.current:
            shared = any(
                same_item(a, entry.departments, b, campaign.departments)
                for a in entry.items
                for b in campaign.items
            )
            if shared and may_meet(
                entry.selection, entry.batches, campaign.subjects, campaign.batches
            ):
                yield PlanFinding(
                    f"a special campaign must not stand beside a random draw of "
                    f"the same item and days (got {campaign.name!r}, "
                    f"{campaign.first} to {campaign.last}). Give it up, or say on "
                    "what law it rests.",
                    code="campaign-beside-draw",
                    severity=_WARNING,
                    provision=article(4),
                    entries=(entry.id,),
                    params={"campaign": campaign.name},
                )
