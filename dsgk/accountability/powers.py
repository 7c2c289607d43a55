"""Powers exceeded or abused: items off the list, subjects not drawn (超越职权)."""

import datetime as dt
from collections.abc import Iterable, Mapping

from dsgk.accountability.evidence import (
    Evidence,
    ReportedFact,
    of_row,
    with_reports,
)
from dsgk.draws import DrawRecord
from dsgk.fields import check_type, several
from dsgk.items import ItemList
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.plans import Plan, PlanEntry
from dsgk.sources import article, cites


__all__ = ["exceeded_powers"]

_OBJECT = "which of several objects of the item was inspected (检查对象)"


@cites(article(28, 4))
def exceeded_powers(
    ledger: Ledger,
    /,
    *,
    on: dt.date,
    items: ItemList | None = None,
    plans: Iterable[Plan] = (),
    records: Iterable[DrawRecord] = (),
    reports: Iterable[ReportedFact] = (),
) -> tuple[Evidence, ...]:
    """
    Powers exceeded or abused (超越或者滥用法定职权).

    Lists use one name for several objects and categories, and a row of the
    ledger has the name alone.  Its plan entry says which of them is meant;
    where it does not, or is not given, and some of them were in force and
    others not, missing is which of them was inspected.

    Args:
        ledger: The ledger.
        on: The day on which it is looked at.
        items: The item list; its names of departments are those of the
            ledger. None where it is not looked at.
        plans: The plans of whose entries the checks are.
        records: Draw records, whose draws are called like the plan entries.
        reports: Facts reported on this ground.

    Returns:
        Evidence for each random check whose item was not on the list of the
        department on the day of the draw (``item-not-listed``), and for each
        whose basis is one of the *records* and whose subject was neither drawn
        in it nor stands in for one (``not-drawn``).

    Raises:
        InvalidTypeError, InvalidInput: An argument is of another type.

    Cites:
        District Opinion, Art. 28 (四).
    """
    check_type(ledger, Ledger, name="ledger")
    if items is not None:
        check_type(items, ItemList, name="items")
    known = ledger.as_of(on)
    known = known.take(known.matches(origin={Origin.RANDOM}))
    entries = {
        entry.id: entry
        for plan in several(plans, Plan, name="plans")
        for entry in plan.entries
    }
    found = []
    drawn = {
        (record.announcement.digest, name): frozenset(draw.selected)
        for record in several(records, DrawRecord, name="records")
        for name, draw in record.draws.items()
    }
    before = {(r.basis, r.entry, r.subject_id): r.replaces for r in known if r.replaces}
    listed: dict[tuple[str, str, str | None, dt.date], set[bool]] = {}
    for row in known:
        if items is not None:
            place = (row.item, row.department, row.entry, row.drawn_on)
            if place not in listed:
                listed[place] = _in_force(row, items, entries.get(row.entry or ""))
            if False in listed[place]:
                found.append(
                    of_row(
                        row,
                        article(28, 4),
                        "item-not-listed",
                        f"the item was not on the department's list on {row.drawn_on}",
                        on=row.drawn_on,
                        missing=[_OBJECT] if True in listed[place] else (),
                    )
                )
        selected = drawn.get((row.basis or "", row.entry or ""))
        if selected is not None and _root(row, before) not in selected:
            found.append(
                of_row(
                    row,
                    article(28, 4),
                    "not-drawn",
                    "the subject was not drawn in the draw that the check names",
                    on=row.drawn_on,
                    params={"announcement": row.basis},
                )
            )
    return with_reports(found, reports, article(28, 4))


def _in_force(row: LedgerRow, items: ItemList, entry: PlanEntry | None) -> set[bool]:
    """Whether each item that a check can be of was in force; False for no item."""
    meant = items.find(row.item, department=row.department)
    planned = [
        one
        for one in (() if entry is None else entry.items)
        if one.name == row.item and one.department in {None, row.department}
    ]
    if planned:
        meant = tuple(
            item
            for item in meant
            if any(one.means(item, (row.department,)) for one in planned)
        )
    versions: dict[tuple[str, ...], bool] = {item.key: False for item in meant}
    for item in meant:
        versions[item.key] |= item.is_in_force(row.drawn_on)
    return set(versions.values()) or {False}


def _root(
    row: LedgerRow, before: Mapping[tuple[str | None, str | None, str], str | None]
) -> str | None:
    """The subject that was drawn, behind however many substitutes."""
    subject: str | None = row.subject_id
    seen: set[str] = set()
    while subject is not None and subject not in seen:
        seen.add(subject)
        following = before.get((row.basis, row.entry, subject))
        if following is None:
            return subject
        subject = following
    return None
