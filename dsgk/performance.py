"""
Figures for assessment and for the budget (绩效考核、经费保障).

Every figure is a table of plain columns: what was done, published and covered;
how many visits subjects were spared and how evenly the work is spread; how many
subjects violate the law; the days of officers and the money.  *on* is the day
at whose end a figure holds: what happened later does not count.  Case leads
count only in `origin_figures`.

The share of problems found is no mark for a department: it would reward those
who look where problems are, and punish those who prevent them.
"""

import datetime as dt
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.calendars import WorkCalendar
from dsgk.errors import Faults, invalid, shown
from dsgk.fields import (
    MOST,
    Coded,
    Exact,
    check_count,
    check_day,
    check_mapping,
    check_type,
    read_count,
    read_label,
    some,
    take,
)
from dsgk.identifiers import check_id
from dsgk.inspectors import InspectorRegister
from dsgk.items import Method
from dsgk.kernels.proportions import estimate_rate
from dsgk.kernels.rationals import Number, exact
from dsgk.ledger import Ledger, Origin
from dsgk.publication import PublicationState, schedule_publication
from dsgk.results import ResultCode
from dsgk.sources import RuleProfile, article, cites
from dsgk.tables import Categorical, Days, column_of


__all__ = [
    "coverage",
    "joint_figures",
    "load_figures",
    "origin_figures",
    "plan_completion",
    "plan_costs",
    "publication_figures",
    "spent_officer_days",
    "violation_rates",
    "visit_figures",
]

_RULES = RuleProfile()

Tier = str | None
"""Name of a tier; None for what was drawn without one."""

_GROUPS = ("department", "entry", "item", "stratum", "quarter")
"""What figures can be grouped by: columns of the ledger, or the quarter of `due`."""


# -- rows in groups ----------------------------------------------------------


class _Groups(NamedTuple):
    """
    Which group each row is in.

    Attributes:
        names: [k] Names of the groups, sorted; None for rows without one.
        codes: [n ints, 0..k-1] Group of each row.
    """

    names: list[Any]
    codes: npt.NDArray[np.int64]

    def tally(self, rows: npt.NDArray[np.bool_] | None = None) -> list[int]:
        """How many of the rows, by default of all, are in each group."""
        codes = self.codes if rows is None else self.codes[rows]
        counts: list[int] = np.bincount(codes, minlength=len(self.names)).tolist()
        return counts


def _grouped(
    ledger: Ledger, by: object, known: Collection[str] = _GROUPS, /
) -> _Groups:
    if not isinstance(by, str) or by not in known:
        raise invalid("not-in-list", name="by", got=by, known=", ".join(known))
    if by == "quarter":
        return _by_quarter(_quarters(ledger.days["due"]))
    column = ledger.classes[by]
    names: list[Any] = [
        name.label if isinstance(name, Coded) else name for name in column.categories
    ]
    codes = column.codes.astype(np.int64)
    if (codes < 0).any():
        codes = np.where(codes < 0, len(names), codes)
        names.append(None)
    return _Groups(names, codes)


def _quarters(days: Days) -> npt.NDArray[np.int64]:
    """[n] Quarters of days since 1970, such as 4 for the first of 1971."""
    return days.astype("datetime64[M]").astype(np.int64) // 3


def _by_quarter(numbers: npt.NDArray[np.int64]) -> _Groups:
    known, codes = np.unique(numbers, return_inverse=True)
    names = [f"{1970 + quarter // 4}Q{quarter % 4 + 1}" for quarter in known.tolist()]
    return _Groups(names, codes.astype(np.int64))


def distinct(*columns: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """
    Mark the first row of each combination of cells.

    Args:
        columns: [n ints or days] One or more.
    """
    first = np.zeros(len(columns[0]), dtype=bool)
    order = np.lexsort(columns[::-1])
    new = np.ones(len(first), dtype=bool)
    new[1:] = np.any([c[order][1:] != c[order][:-1] for c in columns], axis=0)
    first[order[new]] = True  # the sort is stable
    return first


def _distinct_of(
    rows: npt.NDArray[np.bool_], *columns: npt.NDArray[Any]
) -> npt.NDArray[np.bool_]:
    """The same among the given rows."""
    first = np.zeros(len(rows), dtype=bool)
    first[rows] = distinct(*(column[rows] for column in columns))
    return first


def _share(part: int, whole: int) -> float | None:
    """An observed share; None of nothing."""
    return part / whole if whole else None


def _shares(parts: list[int], wholes: list[int]) -> list[float | None]:
    return list(map(_share, parts, wholes))


def _in_order(names: Collection[Tier]) -> list[Tier]:
    """By name, None last."""
    return sorted(names, key=lambda name: (name is None, name or ""))


def _random_checks(ledger: Ledger, on: dt.date) -> Ledger:
    """The checks that were drawn, as they stood at the end of a day."""
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    return known.take(known.matches(origin={Origin.RANDOM}))


def _sizes_of_tiers(
    sizes: object, drawn: dict[Tier, int], *, name: str, doing: str
) -> tuple[dict[Tier, int], Faults]:
    """
    Read how many subjects each tier has, and tell every fault.

    Args:
        sizes: [tier -> int >= 0] The argument.
        drawn: How many subjects of each tier the ledger has.
        name: What the faults call the argument.
        doing: What was done to those subjects, such as ``"drawn"``.
    """
    read: dict[Tier, int] = {}
    faults = Faults()
    given = check_mapping(sizes, name=name, instead="{'A': 180, 'D': 20}")
    for tier, size in given.items():
        if not isinstance(tier, Tier):
            kind = type(tier).__name__
            faults.add("label-type", column=name, got=tier, got_type=kind)
            continue
        place = f"{name}[{shown(tier)}]"
        read[tier] = MOST  # a fault is told once
        with faults.catch(place):
            read[tier] = check_count(size, name=place)
    for tier, count in drawn.items():
        got = read.get(tier)
        if got is None or got < count:
            told: dict[str, Any] = {"tier": tier, "got": got, "drawn": count}
            faults.add("tier-size", column=name, doing=doing, **told)
    return read, faults


# -- what was done, what is public, who was covered --------------------------


@cites(article(15), article(31))
def plan_completion(
    ledger: Ledger, /, *, on: dt.date, by: str = "department"
) -> dict[str, list[Any]]:
    """
    How many drawn checks were completed, and how many in time (完成率).

    Args:
        ledger: The ledger.
        on: The day.
        by: ``"department"``, ``"entry"``, ``"item"``, ``"stratum"`` or
            ``"quarter"``, that of the last day.

    Returns:
        One row for each group: ``subjects`` drawn, each once; ``drawn``
        checks; ``in_time`` and ``delayed``, those completed; ``open`` and
        ``overdue``, those not completed; ``share_completed``; and
        ``share_in_time`` of the checks whose last day is past, None if there
        are none.
    """
    known = _random_checks(ledger, on)
    day = np.datetime64(check_day(on, name="on"), "D")
    due, completed = known.days["due"], known.days["completed_on"]
    groups = _grouped(known, by)
    done = ~np.isnat(completed)
    in_time = done & (completed <= due)
    past = due < day
    subjects = distinct(groups.codes, known.classes["subject_id"].codes)
    drawn = groups.tally()
    return {
        by: groups.names,
        "subjects": groups.tally(subjects),
        "drawn": drawn,
        "in_time": groups.tally(in_time),
        "delayed": groups.tally(done & ~in_time),
        "open": groups.tally(~done & ~past),
        "overdue": groups.tally(~done & past),
        "share_completed": _shares(groups.tally(done), drawn),
        "share_in_time": _shares(groups.tally(in_time & past), groups.tally(past)),
    }


@cites(article(26), article(31))
def publication_figures(
    ledger: Ledger,
    calendar: WorkCalendar,
    /,
    *,
    on: dt.date,
    by: str = "department",
    rules: RuleProfile = _RULES,
) -> dict[str, list[Any]]:
    """
    How many results are public, and how many in time (公示及时率).

    Args:
        ledger: The ledger.
        calendar: The working days.
        on: The day.
        by: As in `plan_completion`.
        rules: The numbers of the law.

    Returns:
        One row for each group: the number of checks in each state of
        `PublicationState` except ``outside``, under their codes with ``_`` for
        ``-``, and ``share_on_time`` of those that are public or overdue, None
        if there are none.

    Raises:
        InvalidInput: The calendar does not know the days of some rows.
    """
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    known = known.take(~known.matches(origin={Origin.CASE_LEAD}))
    states = schedule_publication(known, calendar, rules=rules).states(on)
    groups = _grouped(known, by)
    place = {state: code for code, state in enumerate(states.categories)}
    counts = {
        state: groups.tally(states.codes == place.get(state, -1))
        for state in PublicationState
        if state is not PublicationState.OUTSIDE
    }
    on_time, late, overdue = (
        counts[state]
        for state in (
            PublicationState.ON_TIME, PublicationState.LATE, PublicationState.OVERDUE
        )
    )  # fmt: skip
    decided = list(map(sum, zip(on_time, late, overdue, strict=True)))
    return {
        by: groups.names,
        **{state.code.replace("-", "_"): counts[state] for state in counts},
        "share_on_time": _shares(on_time, decided),
    }


@cites(article(13), article(31))
def coverage(
    ledger: Ledger, sizes: Mapping[Tier, int] | Mapping[str, int], /, *, on: dt.date
) -> dict[str, list[Any]]:
    """
    How many subjects of each tier were drawn and inspected (覆盖率).

    Args:
        ledger: The ledger, or the part of one entry: ``ledger.where(…)``.
        sizes: [tier -> int >= 0] Subjects of each tier that are registered or
            can be drawn, such as ``frame.sizes``. Tier None: drawn without one.
        on: The day.

    Returns:
        One row for each tier: ``size``, ``drawn`` and ``completed`` subjects,
        each once however often it was drawn, ``share_drawn`` and
        ``share_completed``.

    Raises:
        InvalidInput: A size is no number, missing, or less than was drawn.
    """
    known = _random_checks(ledger, on)
    groups = _grouped(known, "stratum")
    subjects = known.classes["subject_id"].codes
    done = ~np.isnat(known.days["completed_on"])
    of_all, of_done = (
        groups.tally(_distinct_of(rows, groups.codes, subjects))
        for rows in (np.ones(len(known), dtype=bool), done)
    )
    counts = [dict(zip(groups.names, n, strict=True)) for n in (of_all, of_done)]
    of_tier, faults = _sizes_of_tiers(sizes, counts[0], name="sizes", doing="drawn")
    faults.raise_any("coverage")
    tiers = _in_order(of_tier)
    size = [of_tier[tier] for tier in tiers]
    drawn, completed = ([count.get(tier, 0) for tier in tiers] for count in counts)
    return {
        "stratum": tiers,
        "size": size,
        "drawn": drawn,
        "completed": completed,
        "share_drawn": _shares(drawn, size),
        "share_completed": _shares(completed, size),
    }


# -- joint tasks, visits, origins, loads -------------------------------------


@cites(article(9), article(31))
def joint_figures(ledger: Ledger, /, *, on: dt.date) -> dict[str, list[Any]]:
    """
    How many tasks each department takes part in, and how many are joint.

    Returns:
        One row for each department: ``tasks`` in which it has a random check;
        ``joint``, those in which another department has one too; and
        ``share_joint``. A joint task counts once for each department.
    """
    known = _random_checks(ledger, on)
    groups = _grouped(known, "department")
    tasks = known.classes["task_id"].codes
    first = distinct(tasks, groups.codes)
    departments = np.bincount(tasks[first], minlength=1)
    joint = first & (departments[tasks] > 1)
    counts, joint_counts = groups.tally(first), groups.tally(joint)
    return {
        "department": groups.names,
        "tasks": counts,
        "joint": joint_counts,
        "share_joint": _shares(joint_counts, counts),
    }


@cites(article(5), article(17), article(31))
def visit_figures(ledger: Ledger, /, *, on: dt.date) -> dict[str, list[Any]]:
    """
    How many visits subjects had, and how many they were spared (减少上门次数).

    Returns:
        One row for each quarter: random ``checks`` on site; ``visits`` in
        which they are made; ``joint``, those of several departments;
        ``apart``, the visits if each department went alone; and ``saved``, the
        difference. A visit belongs to the quarter in which its first check is
        due.
    """
    known = _random_checks(ledger, on)
    known = known.take(known.matches(method={Method.ON_SITE}))
    column = known.classes["task_id"]
    tasks = column.codes
    of_task = np.full(len(column.categories), np.iinfo(np.int64).max)
    np.minimum.at(of_task, tasks, _quarters(known.days["due"]))
    groups = _by_quarter(of_task[tasks])
    apart = distinct(tasks, known.classes["department"].codes)
    visits = distinct(tasks)
    departments = np.bincount(tasks[apart], minlength=1)
    joint = visits & (departments[tasks] > 1)
    counts, alone = groups.tally(visits), groups.tally(apart)
    return {
        "quarter": groups.names,
        "checks": groups.tally(),
        "visits": counts,
        "joint": groups.tally(joint),
        "apart": alone,
        "saved": [a - b for a, b in zip(alone, counts, strict=True)],
    }


@cites(article(16), article(31))
def origin_figures(
    ledger: Ledger, /, *, on: dt.date, by: str = "department"
) -> dict[str, list[Any]]:
    """
    Where checks come from: draws, case leads, campaigns (检查来源).

    Args:
        ledger: The ledger.
        on: The day.
        by: ``"department"`` or ``"item"``; case leads have no entry or tier.

    Returns:
        One row for each group: ``random``, ``case-lead`` and ``campaign`` checks,
        and ``share_random``.
    """
    check_type(ledger, Ledger, name="ledger")
    known = ledger.as_of(on)
    groups = _grouped(known, by, ("department", "item"))
    counts = {
        origin.code: groups.tally(known.matches(origin={origin})) for origin in Origin
    }
    return {
        by: groups.names,
        **counts,
        "share_random": _shares(counts[Origin.RANDOM.code], groups.tally()),
    }


@cites(article(31))
def load_figures(
    loads: Mapping[str, int], inspectors: InspectorRegister, /
) -> dict[str, list[Any]]:
    """
    How evenly tasks are spread over the officers of a department (任务均衡).

    Args:
        loads: [inspector id -> tasks] Such as ``assignment.loads``, or the
            sums of a year; officers who are not named have none.
        inspectors: The register. Experts are not officers and are left out.

    Returns:
        One row for each department: ``officers``; ``tasks``; ``least``,
        ``most`` and ``mean`` of an officer; and ``to_move``, the tasks that
        would have to change hands for an even spread. It is 0 if no two
        officers differ by more than one.

    Raises:
        InvalidInput: Somebody is not in the register, or a load is no number.
    """
    check_type(inspectors, InspectorRegister, name="inspectors")
    faults = Faults()
    tasks: dict[str, int] = {}
    given = check_mapping(loads, name="loads", instead="assignment.loads")
    for inspector_id, load in given.items():
        place = f"loads[{shown(inspector_id)}]"
        if inspector_id not in inspectors:
            faults.add("load-of-nobody", column="loads", got=inspector_id)
            continue
        with faults.catch(place):
            tasks[inspector_id] = check_count(load, name=place)
    faults.raise_any("loads")
    of_department: dict[str, list[int]] = {}
    for person in inspectors:
        if not person.is_expert:
            own = of_department.setdefault(person.department, [])
            own.append(tasks.get(person.id, 0))
    departments = sorted(of_department)
    rows = [of_department[name] for name in departments]
    return {
        "department": departments,
        "officers": list(map(len, rows)),
        "tasks": list(map(sum, rows)),
        "least": list(map(min, rows)),
        "most": list(map(max, rows)),
        "mean": [sum(row) / len(row) for row in rows],
        "to_move": list(map(_to_move, rows)),
    }


def _to_move(loads: list[int]) -> int:
    """How many tasks exceed an even spread."""
    even, more = divmod(sum(loads), len(loads))
    targets = [even + (place < more) for place in range(len(loads))]
    ordered = sorted(loads, reverse=True)
    return sum(max(0, load - to) for load, to in zip(ordered, targets, strict=True))


# -- how many subjects violate the law ----------------------------------------

_PROBLEMS = tuple(code for code in ResultCode if code.is_problem)
_CODES = some(frozenset[ResultCode])


@cites(article(31))
def violation_rates(
    ledger: Ledger,
    sizes: Mapping[str, Mapping[Tier, int]] | Mapping[str, Mapping[str, int]],
    /,
    *,
    on: dt.date,
    codes: Collection[ResultCode | str] = _PROBLEMS,
    confidence: Number = 0.95,
) -> dict[str, list[Any]]:
    """
    Estimate how many subjects of each plan entry violate the law (违法率推断).

    Tiers are drawn at different ratios, so the raw share of problems found
    says more about the plan than about the subjects: a department that draws
    more of tier D finds more.  The estimate weighs each tier by its size and
    says how sure it is.

    A subject counts as inspected if a check of the entry was completed and
    nothing prevented the inspection; substitutes count like anybody else.
    Subjects that could not be inspected say nothing about violations; they are
    counted apart.

    Args:
        ledger: The ledger; checks of case leads do not count.
        sizes: [entry -> tier -> int] Subjects in the frame of each entry, such
            as ``{"3": frame.sizes}``.
        on: The day.
        codes: The results that count as violations; by default all problems.
        confidence: [0 < number < 1] Of the interval.

    Returns:
        One row for each entry of *sizes*: subjects ``inspected``, those
        ``found`` with a violation, and those ``not_inspected`` though their
        check is completed; the raw ``share_found``; ``unknown_tiers``, in
        which nobody was inspected; and the estimated ``rate`` with ``low`` and
        ``high``, None if a tier is unknown.

    Raises:
        InvalidInput: An entry has no valid id; or a size is no number,
            missing, or less than was inspected.
    """
    counting = {code.code for code in take(codes, _CODES, name="codes")}
    level = _level(confidence)
    of_entry = check_mapping(sizes, name="sizes", instead="{'3': {'A': 180, 'D': 20}}")
    known = _random_checks(ledger, on)
    known = known.take(known.classes["results"].codes >= 0)
    prevented = _has(known, {c.code for c in ResultCode if c.prevents_inspection})
    violating = _has(known, counting)
    subjects, strata = known.classes["subject_id"].codes, known.classes["stratum"]
    faults = Faults()
    entries = []
    for entry in of_entry:
        with faults.catch("sizes"):
            entries.append(check_id(entry, name="sizes"))
    rows_told: list[tuple[Any, ...]] = []
    for entry in sorted(entries):
        rows = known.matches(entry={entry})
        inspected = rows & ~prevented
        drawn, hits = (
            _by_tier(strata, _distinct_of(mask, subjects))
            for mask in (inspected, inspected & violating)
        )
        of_tier, found = _sizes_of_tiers(
            of_entry[entry], drawn, name=f"sizes[{entry!r}]", doing="inspected"
        )
        faults += found
        if faults:
            continue
        n, k = sum(drawn.values()), sum(hits.values())
        told = [tier for tier in _in_order(of_tier) if of_tier[tier]]
        unknown = tuple(tier for tier in told if not drawn.get(tier))
        estimate = None
        if told and not unknown:
            columns = (
                [of.get(tier, 0) for tier in told] for of in (hits, drawn, of_tier)
            )
            estimate = estimate_rate(*columns, confidence=level)
        rest = len(np.unique(subjects[rows])) - n
        bounds = (
            estimate and float(getattr(estimate, name))
            for name in ("rate", "low", "high")
        )
        rows_told.append((entry, n, k, rest, _share(k, n), unknown, *bounds))
    faults.raise_any("violation rates")
    names = (
        "entry", "inspected", "found", "not_inspected", "share_found",
        "unknown_tiers", "rate", "low", "high",
    )  # fmt: skip
    return {name: [row[k] for row in rows_told] for k, name in enumerate(names)}


def _has(ledger: Ledger, codes: Collection[str]) -> npt.NDArray[np.bool_]:
    """Which rows have one of the results."""
    column = ledger.classes["results"]
    wanted = [not {*codes}.isdisjoint(value) for value in column.categories]
    mask: npt.NDArray[np.bool_] = np.array(wanted, dtype=bool)[column.codes]
    return mask


def _level(confidence: Number) -> Fraction:
    """The confidence of the interval, exactly."""
    try:
        level = exact(confidence, "confidence")
    except TypeError:
        kind = type(confidence).__name__
        raise invalid(
            "number-type",
            name="confidence",
            got=confidence,
            got_type=kind,
            instead=None,
        ) from None
    except ValueError:
        level = Fraction(0)
    if not 0 < level < 1:
        raise invalid("confidence", name="confidence", got=confidence)
    return level


def _by_tier(strata: Categorical[str], rows: npt.NDArray[np.bool_]) -> dict[Any, int]:
    """How many of the rows are in each tier; None for those without one."""
    names = (None, *strata.categories)
    counts = np.bincount(strata.codes[rows] + 1, minlength=len(names)).tolist()
    return {name: count for name, count in zip(names, counts, strict=True) if count}


# -- days of officers and money ----------------------------------------------

Amount = int | str | Decimal | Fraction
"""An exact number of 0 or more: 2, ``"0.5"``, ``"1/3"``, Decimal or Fraction."""

_AMOUNT = Exact(least=0, most=10**30)


def _amount(given: object, *, name: str) -> Fraction:
    return take(given, _AMOUNT, name=name)  # type: ignore[no-any-return]


_READERS: dict[str, Callable[..., Any]] = {
    "entry": read_label,
    "department": read_label,
    "tasks": read_count,
}
_SINGLE = (int, str, Decimal, Fraction, float, np.generic, type(None))


@cites(article(30))
def plan_costs(
    *,
    entry: Sequence[str],
    department: Sequence[str],
    tasks: Sequence[int],
    officers: Amount | Sequence[Amount] = 2,
    days: Amount | Sequence[Amount] = "1/2",
    day_rate: Amount | Sequence[Amount] = 0,
    other_costs: Amount | Sequence[Amount] = 0,
) -> dict[str, list[Any]]:
    """
    Plan the days of officers and the cost of each plan entry (经费测算).

    Exact: a third of a day stays a third of a day until it is added up.

    Args:
        entry: [n texts] Plan entries.
        department: [n texts] Whose officers; an entry of several departments
            has a row for each.
        tasks: [n ints >= 0] Planned visits, such as the sum of the quotas.
        officers: Officers needed for a visit. One number for all rows or [n]
            one for each, like the rest.
        days: Days that a visit takes each officer.
        day_rate: Cost of a day of an officer.
        other_costs: Further costs of a visit, such as tests.

    Returns:
        The rows in their order: ``entry``, ``department``, ``tasks``;
        ``officer_days`` and ``cost`` as Fractions.

    Raises:
        InvalidTypeError: A column is a text, or no column.
        InvalidInput: Columns have unequal lengths or cells are no numbers; all
            faults at once, with their rows.

    Examples:
        >>> plan = plan_costs(
        ...     entry=["3"], department=["市场监管局"], tasks=[120], days="0.5",
        ...     day_rate=300, other_costs="80.50",
        ... )
        >>> plan["officer_days"], plan["cost"]
        ([Fraction(120, 1)], [Fraction(45660, 1)])
    """
    n = len(column_of(entry, name="entry"))
    given: dict[str, Any] = {
        "entry": entry,
        "department": department,
        "tasks": tasks,
        "officers": officers,
        "days": days,
        "day_rate": day_rate,
        "other_costs": other_costs,
    }
    faults = Faults()
    columns: dict[str, list[Any]] = {}
    for name, value in given.items():
        read = _READERS.get(name, _amount)
        is_single = read is _amount and isinstance(value, _SINGLE)
        cells = [value] * n if is_single else [*column_of(value, name=name)]
        if len(cells) != n:
            faults.add("column-length", column=name, length=len(cells), expected=n)
            continue
        columns[name] = cells
        for row, cell in enumerate(cells):
            with faults.catch(name, row=row):
                cells[row] = read(cell, name=name)
    faults.raise_any("plan of costs")
    visits = columns["tasks"]
    spent = [
        math.prod(row)
        for row in zip(visits, columns["officers"], columns["days"], strict=True)
    ]
    parts = zip(spent, columns["day_rate"], visits, columns["other_costs"], strict=True)
    return {
        "entry": columns["entry"],
        "department": columns["department"],
        "tasks": visits,
        "officer_days": spent,
        "cost": [own * rate + number * other for own, rate, number, other in parts],
    }


@cites(article(30))
def spent_officer_days(
    ledger: Ledger,
    officers: Mapping[str, int],
    /,
    *,
    on: dt.date,
    days: Amount | Mapping[str, Amount] = "1/2",
) -> dict[str, list[Any]]:
    """
    How many officer-days each plan entry took (执法人力投入).

    The days of a task are divided equally among its checks, so that a joint
    visit counts once: the rows add up to the whole.

    Args:
        ledger: The ledger.
        officers: [task id -> int] Officers who were there; a task that is not
            named took none.
        on: The day; tasks completed later do not count.
        days: [task id -> days] Days that it took each of them, none for a
            task that is not named; or one number for all tasks.

    Returns:
        One row for each plan entry, None for case leads and campaigns:
        ``tasks`` with a completed check, and ``officer_days`` as a Fraction.

    Raises:
        InvalidInput: A task has no valid id or no number: all faults at once.
    """
    check_type(ledger, Ledger, name="ledger")
    faults = Faults()
    people = _of_tasks(officers, "officers", faults)
    took: dict[str, Fraction] = {}
    usual = Fraction()
    if isinstance(days, Mapping):
        took = _of_tasks(days, "days", faults)
    else:
        usual = _amount(days, name="days")
    faults.raise_any("officer-days")
    known = ledger.as_of(on)
    known = known.take(~np.isnat(known.days["completed_on"]))
    tasks, entries = known.classes["task_id"], known.classes["entry"]
    sizes = np.bincount(tasks.codes, minlength=len(tasks.categories)).tolist()
    each = [
        people.get(task_id, Fraction()) * took.get(task_id, usual) / size
        for task_id, size in zip(tasks.categories, sizes, strict=True)
    ]
    total: dict[str | None, Fraction] = {}
    of_entry: dict[str | None, set[int]] = {}
    for entry, task in zip(entries.cells(), tasks.codes.tolist(), strict=True):
        total[entry] = total.get(entry, Fraction()) + each[task]
        of_entry.setdefault(entry, set()).add(task)
    names = _in_order(total)
    return {
        "entry": names,
        "tasks": [len(of_entry[name]) for name in names],
        "officer_days": [total[name] for name in names],
    }


def _of_tasks(given: object, name: str, faults: Faults) -> dict[str, Fraction]:
    """Read numbers by task; tell every fault."""
    read: dict[str, Fraction] = {}
    for task_id, value in check_mapping(given, name=name, instead="{'T1': 2}").items():
        with faults.catch(name):
            read[check_id(task_id, name=name)] = _amount(value, name=name)
    return read
