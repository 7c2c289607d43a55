"""How many subjects entries inspect in a year, and whether the officers suffice."""

import datetime as dt
import types
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from dsgk.errors import invalid
from dsgk.fields import check_mapping, check_type
from dsgk.inspectors import InspectorRegister
from dsgk.plans._entries import PlanEntry
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Measure, Ratio, TierPolicy


__all__ = [
    "NO_TIERS",
    "UNPLANNABLE",
    "Demand",
    "Numbers",
    "Overload",
    "Registers",
    "check_registers",
    "lead_officers",
    "officers_of",
    "overload",
    "planned_numbers",
]

Registers = SubjectRegister | Mapping[str, SubjectRegister]
"""A register of subjects, or one for each lead department."""

UNPLANNABLE = frozenset({"ratio-unmet", "officers-none"})
"""Codes of errors of a ratio that admits no number."""

NO_TIERS: Mapping[str, TierPolicy] = types.MappingProxyType({})
_MANY = 2**53  # subjects, where their number is not known


class Numbers(NamedTuple):
    """
    How many subjects an entry has and inspects; None if that is not known.

    Attributes:
        size: [int >= 0, or None] Registered subjects.
        quota: [int >= 0, or None] How many of them are inspected in the year.
        parts: By department, its part of the subjects.
    """

    size: int | None
    quota: int | None
    parts: Mapping[str, Fraction]

    @property
    def share(self) -> Fraction | None:
        """Share of the subjects that are inspected."""
        if not self.size or self.quota is None:
            return None
        return Fraction(self.quota, self.size)


def check_registers(
    registers: object,
    inspectors: object,
    tiers: object = NO_TIERS,
    /,
    *,
    name: str = "subjects",
) -> None:
    """Reject arguments that are neither None nor registers, or no policies."""
    if registers is not None:
        each = registers.values() if isinstance(registers, Mapping) else (registers,)
        for register in each:
            check_type(register, SubjectRegister, name=name)
    if inspectors is not None:
        check_type(inspectors, InspectorRegister, name="inspectors")
    policies = check_mapping(tiers, name="tiers", instead="{'3': TierPolicy([…])}")
    for policy in policies.values():
        check_type(policy, TierPolicy, name="tiers")


def officers_of(inspectors: InspectorRegister | None, /) -> Counter[str] | None:
    """Certified officers of each department; experts do not count."""
    if inspectors is None:
        return None
    return Counter(person.department for person in inspectors if person.is_officer)


def lead_officers(
    entry: PlanEntry, ratios: Iterable[Ratio], officers: Mapping[str, int] | None, /
) -> int | None:
    """
    Officers of the lead of an entry; None if that is not known.

    Raises:
        InvalidValueError: A ratio is counted by officers and the lead has none,
            so that nobody would ever be drawn.
    """
    if officers is None:
        return None
    number = officers.get(entry.lead, 0)
    for ratio in ratios:
        if ratio.measure is Measure.PER_OFFICER and not number:
            code, text, lead = "officers-none", str(ratio), entry.lead
            raise invalid(code, ratio=text, department=lead, id=entry.id)
    return number


def planned_numbers(
    entry: PlanEntry,
    subjects: Registers | None,
    officers: Mapping[str, int] | None,
    tiers: TierPolicy | None = None,
    /,
) -> Numbers:
    """
    How many subjects an entry has and inspects, by its tiers if it has some.

    Raises:
        InvalidInput: The register lacks a field of the tiers.
        InvalidValueError: A ratio admits no number (`UNPLANNABLE`), or the
            register lacks a field of the entry.
    """
    register = subjects.get(entry.lead) if isinstance(subjects, Mapping) else subjects
    parts = dict.fromkeys(entry.departments, Fraction(1))
    policy = tiers if entry.ratio.measure is Measure.SHARE else None
    ratios = [rule.ratio for rule in policy.rules] if policy else [entry.ratio]
    size = None
    sizes: Sequence[int | None] = [None] * len(ratios)
    if register is not None:
        status = register.classes["status"]
        active = np.array([*(one.is_registered for one in status.categories), False])
        rows = register.matches(entry.selection) & active[status.codes]
        size = int(np.count_nonzero(rows))
        sizes = [size]
        if policy is not None:
            codes = policy.classify(register)[rows]
            sizes = np.bincount(codes[codes >= 0], minlength=len(ratios)).tolist()
        for name, areas in entry.territories.items():
            inside = np.count_nonzero(rows & register.matches({"area": areas}))
            parts[name] = Fraction(int(inside), size) if size else Fraction(0)
    own = lead_officers(entry, ratios, officers)
    numbers = [_number(r, n, own) for r, n in zip(ratios, sizes, strict=True)]
    known = [number for number in numbers if number is not None]
    return Numbers(size, sum(known) if len(known) == len(numbers) else None, parts)


def _number(ratio: Ratio, size: int | None, officers: int | None) -> int | None:
    """How many subjects a ratio asks for; None if that is not known."""
    if (ratio.measure is Measure.SHARE and size is None) or (
        ratio.measure is Measure.PER_OFFICER and officers is None
    ):
        return None
    return ratio.quota(_MANY if size is None else size, officers=officers)


class Demand(NamedTuple):
    """Visits that must be made within a window."""

    first: dt.date
    last: dt.date
    visits: int


class Overload(NamedTuple):
    """A window in which more visits must be made than are possible."""

    first: dt.date
    last: dt.date
    visits: int
    possible: int


def overload(
    demands: Sequence[Demand],
    *,
    per_day: int,
    workdays: Callable[[dt.date, dt.date], int],
) -> Overload | None:
    """
    Find the window with the greatest number of visits that cannot be made.

    All visits can be made if and only if no window contains more of their
    windows than it has room for.  It is enough to look at windows that begin
    with one of theirs and end with one of theirs.

    Args:
        demands: [n] In any order.
        per_day: [int >= 0] Visits that can be made on one working day.
        workdays: Working days from a first to a last day, both included.

    Returns:
        The window, of equals the earliest; None if all visits can be made.

    Examples:
        >>> day = dt.date(2026, 3, 2)
        >>> overload(
        ...     [Demand(day, day, 3), Demand(day, day, 1)],
        ...     per_day=3, workdays=lambda first, last: 1,
        ... ).visits
        4
    """
    if not demands:
        return None
    firsts = sorted({demand.first for demand in demands})
    lasts = sorted({demand.last for demand in demands})
    row = {day: k for k, day in enumerate(firsts)}
    column = {day: k for k, day in enumerate(lasts)}
    inside = np.zeros((len(firsts), len(lasts)), dtype=np.int64)
    for demand in demands:
        inside[row[demand.first], column[demand.last]] += demand.visits
    # Windows that begin on a day or later and end on a day or earlier.
    inside = inside[::-1].cumsum(axis=0)[::-1].cumsum(axis=1)
    origin = firsts[0]
    until = np.array([workdays(origin, day) for day in lasts])
    before = np.array([workdays(origin, day) - workdays(day, day) for day in firsts])
    room = per_day * np.maximum(until[None, :] - before[:, None], 0)
    excess = inside - room
    worst = int(np.argmax(excess))
    k, j = divmod(worst, len(lasts))
    if excess[k, j] <= 0:
        return None
    return Overload(firsts[k], lasts[j], int(inside[k, j]), int(room[k, j]))
