"""Strategies for frequencies, entries of plans, and plans with amendments."""

import datetime as dt
from collections.abc import Collection
from fractions import Fraction
from typing import Any, NamedTuple

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.identifiers import check_label
from dsgk.items import Method
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Batch,
    Conference,
    Cycle,
    Frequency,
    Mode,
    ModeReason,
    Plan,
    PlanEntry,
    PlannedItem,
    ProposalReason,
    Raise,
    is_raised,
)
from dsgk.testing._columns import ON, Fields, ratios_or, selections
from dsgk.testing._days import days_between
from dsgk.testing._texts import (
    check_int,
    check_pool,
    check_sizes,
    check_strategy,
    ids_or,
)
from dsgk.tiers import Bound, Ratio


_DEPARTMENTS = ("市场监管局", "公安局", "卫生健康委")
_ITEMS = ("食品经营监督检查", "治安检查", "价格检查")
_AREAS = ("上仓镇", "下营镇")
_ALL = Ratio.exactly("100%")
_MODES = (
    (Mode.BOTH, None),
    (Mode.BOTH, None),
    (Mode.SUBJECTS_ONLY, ModeReason.FEW_INSPECTORS),
    (Mode.INSPECTORS_ONLY, ModeReason.APPROVAL),
    (Mode.INSPECTORS_ONLY, ModeReason.CASE_LEAD),
    (Mode.INSPECTORS_ONLY, ModeReason.FEW_SUBJECTS),
)


@st.composite
def _frequencies(draw: st.DrawFn) -> Frequency:
    cycle = draw(st.sampled_from(Cycle))
    times = draw(st.integers(1, 4))
    bounds = [Bound.EXACTLY, Bound.AT_LEAST, Bound.AT_MOST, Bound.BETWEEN]
    bound = draw(st.sampled_from(bounds))
    most = times + draw(st.integers(1, 3)) if bound is Bound.BETWEEN else times
    return Frequency(
        None if bound is Bound.AT_MOST else times,
        None if bound is Bound.AT_LEAST else most,
        cycle,
    )


def frequencies() -> SearchStrategy[Frequency]:
    """Frequencies with bounds of all kinds (抽查频次); shrinks to once a year."""
    return _frequencies()


@st.composite
def _batches(draw: st.DrawFn, year: int) -> tuple[Batch, ...]:
    """Batches without gaps, as a frequency makes them, or any that begin in order."""
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    n = draw(st.sampled_from([1, 2, 4, 12, None]))
    if n is not None:
        return Frequency.exactly(n).batches(first, last)
    days = st.lists(days_between(first, last), min_size=1, max_size=4, unique=True)
    begin = sorted(draw(days))
    weights = [draw(st.integers(1, 3)) for _ in begin]
    return tuple(
        Batch(day, draw(days_between(day, last)), Fraction(weight, sum(weights)))
        for day, weight in zip(begin, weights, strict=True)
    )


class _Parts(NamedTuple):
    """Strategies for the parts of an entry; owners of items are numbers."""

    ids: SearchStrategy[str]
    departments: SearchStrategy[list[str]]
    items: SearchStrategy[list[tuple[str, int]]]
    subjects: SearchStrategy[dict[str, set[Any]]]
    ratios: SearchStrategy[Ratio]
    batches: SearchStrategy[tuple[Batch, ...]]
    territories: SearchStrategy[dict[str, set[str]]]


@st.composite
def _entries(draw: st.DrawFn, parts: _Parts) -> PlanEntry:
    departments = draw(parts.departments)
    lead, *cooperating = departments
    subjects = draw(parts.subjects)
    ratio = draw(parts.ratios)
    mode, reason = draw(st.sampled_from(_MODES))
    if reason is ModeReason.FEW_SUBJECTS:  # nobody is drawn: all are taken
        ratio = _ALL
    # A lead with a territory might reach none of the areas that are selected.
    apart = cooperating if "area" in subjects else departments
    owners = [None, *departments]
    return PlanEntry(
        id=draw(parts.ids),
        title=draw(st.sampled_from(["", "综合抽查"])),
        items=[
            PlannedItem(name, department=owners[owner % len(owners)])
            for name, owner in draw(parts.items)
        ],
        object=draw(st.sampled_from(["", "餐饮服务单位"])),
        subjects=subjects,
        ratio=ratio,
        frequency=draw(_OFTEN),
        focus=draw(st.sampled_from(["", "后厨"])),
        methods=draw(_METHODS),
        by_agency=draw(st.booleans()),
        batches=draw(parts.batches),
        level=draw(st.sampled_from(["", "区级"])),
        mode=mode,
        mode_reason=reason,
        lead=lead,
        cooperating=cooperating,
        territories={n: t for n, t in draw(parts.territories).items() if n in apart},
        proposed_for=draw(_PROPOSED),
    )


_OFTEN = st.none() | frequencies()
_METHODS = st.sets(st.sampled_from(Method))
_PROPOSED = st.sets(st.sampled_from(ProposalReason))


def plan_entries(
    *,
    year: int = ON.year,
    ids: SearchStrategy[str] | None = None,
    departments: Collection[str] = _DEPARTMENTS,
    items: Collection[str] = _ITEMS,
    fields: Fields | None = None,
    ratios: SearchStrategy[Ratio] | None = None,
) -> SearchStrategy[PlanEntry]:
    """
    Entries of annual plans (抽查计划条目), finished or drafts.

    Of one department or joint, drawn on both sides or one, with batches that
    are whole quarters or overlap, with and without territories.

    Args:
        year: [int, 1..9999] The year of the batches.
        ids: Their ids; by default `ids`.
        departments: The departments that lead or cooperate.
        items: The names of items.
        fields: See `subject_columns`: what subjects are selected by.
        ratios: The ratios; by default shares and counts that have a quota for
            every size.
    """
    check_int(year, "year", least=dt.MINYEAR, most=dt.MAXYEAR)
    names = st.sampled_from(check_pool(departments, "departments", check_label))
    areas = st.sets(st.sampled_from(_AREAS), min_size=1)
    item = st.sampled_from(check_pool(items, "items", check_label))
    parts = _Parts(
        ids=ids_or(ids, "ids"),
        departments=st.lists(names, min_size=1, max_size=4, unique=True),
        items=st.lists(st.tuples(item, st.integers(0, 4)), min_size=1, max_size=3),
        subjects=selections(fields=fields, max_size=2),
        ratios=ratios_or(ratios),
        batches=st.just(()) | _batches(year),
        territories=st.dictionaries(names, areas, max_size=2),
    )
    return _entries(parts)


@st.composite
def _plans(
    draw: st.DrawFn,
    entries: SearchStrategy[list[PlanEntry]],
    year: int,
    departments: tuple[str, ...],
    max_amendments: int,
) -> Plan:
    listed = draw(entries)
    convener = draw(st.sampled_from([None, *departments]))
    conference = None
    if convener is not None:
        members = draw(st.sets(st.sampled_from(departments)))
        conference = Conference(convener=convener, members={convener, *members})
    days = days_between(dt.date(year, 1, 1), dt.date(year, 12, 31))
    plan = Plan(
        year=year,
        issuer=draw(st.sampled_from(departments)),
        entries=listed,
        conference=conference,
        adopted_on=draw(st.sampled_from([None, dt.date(year, 3, 31)]) | days),
    )
    since = plan.adopted_on or dt.date(year, 1, 1)
    later = days_between(since, dt.date(year, 12, 31))
    for on in sorted(draw(st.lists(later, max_size=max_amendments))):
        raises = [
            Raise(entry=entry.id, ratio=raised)
            for entry in plan.current
            if (raised := draw(_raised(entry.ratio))) is not None
        ]
        if raises:
            amendment = Amendment(
                number=len(plan.amendments) + 1,
                on=on,
                reason=draw(st.sampled_from(AmendmentReason)),
                grounds="抽查中发现",
                raises=raises,
            )
            plan = plan.amend(amendment)
    return plan


def _raised(ratio: Ratio) -> SearchStrategy[Ratio | None]:
    """Ratios to which a ratio can be raised, and None."""
    possible = (Ratio.at_least("5%"), Ratio.exactly("20%"), Ratio.at_least("50%"), _ALL)
    return st.sampled_from([None, *(new for new in possible if is_raised(ratio, new))])


def plans(
    *,
    year: int = ON.year,
    min_size: int = 0,
    max_size: int = 4,
    max_amendments: int = 2,
    departments: Collection[str] = _DEPARTMENTS,
    entries: SearchStrategy[PlanEntry] | None = None,
) -> SearchStrategy[Plan]:
    """
    Annual plans (抽查计划): of departments, joint ones, drafts, amended ones.

    Shrinks to a draft without entries.

    Args:
        year: [int, 1..9999] The year.
        min_size: [int >= 0] Least number of entries.
        max_size: [int >= *min_size*] Greatest number.
        max_amendments: [int >= 0] Greatest number of amendments.
        departments: Who issues the plan and confers.
        entries: The entries; by default `plan_entries` of these departments.

    Examples:
        >>> from hypothesis import given
        >>> @given(plans())
        ... def test_what_is_stored_is_read(plan):
        ...     assert Plan.from_dict(plan.to_dict()) == plan
        >>> test_what_is_stored_is_read()
    """
    check_int(year, "year", least=dt.MINYEAR, most=dt.MAXYEAR)
    check_sizes(min_size, max_size)
    check_int(max_amendments, "max_amendments", least=0)
    pool = check_pool(departments, "departments", check_label)
    if entries is None:
        entries = plan_entries(year=year, departments=pool)
    check_strategy(entries, "entries")
    listed = st.lists(
        entries, min_size=min_size, max_size=max_size, unique_by=lambda entry: entry.id
    )
    return _plans(listed, year, pool, max_amendments)
