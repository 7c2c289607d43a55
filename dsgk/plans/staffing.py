"""How many subjects entries inspect, and whether the inspectors can do it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from dsgk.errors import InvalidValueError
from dsgk.inspectors import InspectorRegister
from dsgk.kernels.allocation import share_up
from dsgk.plans.capacity import Demand, overload
from dsgk.plans.entries import Mode, PlanEntry
from dsgk.plans.findings import PlanFinding, Severity, needs_visit
from dsgk.plans.times import batch_quotas
from dsgk.plans.yearly import Plan
from dsgk.sources import PENALTY_LAW_42, RuleProfile, article
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Measure, Ratio


__all__ = ["Numbers", "lead_officers", "officers_of", "planned_numbers", "staff"]

_MANY = 2**53  # subjects, where their number is not known


class Numbers(NamedTuple):
    """
    How many subjects an entry has and inspects, None where that is not known.

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
        """Share of the subjects that is inspected."""
        if not self.size or self.quota is None:
            return None
        return Fraction(self.quota, self.size)


def officers_of(inspectors: InspectorRegister, /) -> dict[str, int]:
    """
    Certified officers of each department.

    Args:
        inspectors: The register; experts do not count.
    """
    officers: dict[str, int] = {}
    for person in inspectors:
        if person.is_officer:
            officers[person.department] = officers.get(person.department, 0) + 1
    return officers


def lead_officers(
    entry: PlanEntry, ratios: Iterable[Ratio], officers: Mapping[str, int] | None, /
) -> int | None:
    """
    Officers of the lead of an entry, by whom ratios are counted.

    Args:
        entry: The entry.
        ratios: Its ratio, or those of its tiers.
        officers: Officers of each department; None where they are not known.

    Raises:
        InvalidValueError: A ratio is counted by officers, and the lead has
            none: nobody would ever be drawn.
    """
    if officers is None:
        return None
    number = officers.get(entry.lead, 0)
    counted = [one for one in ratios if one.measure is Measure.PER_OFFICER]
    if counted and not number:
        msg = (
            f"the lead must have officers for the ratio {str(counted[0])!r} (got none "
            f"of {entry.lead!r} for {entry.id!r}). Add them to the register of "
            "inspectors, or plan a share of the subjects."
        )
        raise InvalidValueError(
            msg,
            code="officers-none",
            params={"id": entry.id, "department": entry.lead},
            provision=str(article(12)),
        )
    return number


def _size(register: SubjectRegister, entry: PlanEntry, department: str) -> int:
    """Registered subjects of a department's part of an entry."""
    rows = register.matches(entry.selection)
    areas = entry.territories.get(department)
    if areas is not None:
        rows = rows & register.matches({"area": areas})
    status = register.classes["status"]
    active = np.array([*(value.is_registered for value in status.categories), False])
    return int(np.count_nonzero(rows & active[status.codes]))


def planned_numbers(
    entry: PlanEntry,
    subjects: SubjectRegister | Mapping[str, SubjectRegister] | None,
    officers: Mapping[str, int] | None,
    /,
) -> Numbers:
    """
    How many subjects an entry has and inspects.

    Args:
        entry: The entry.
        subjects: The register, or one for each lead department.
        officers: Officers of each department.

    Raises:
        InvalidValueError: The ratio admits no whole number of these subjects,
            or is counted by officers that the lead does not have; or the
            register lacks a field of the entry.
    """
    register = (
        subjects
        if isinstance(subjects, SubjectRegister) or subjects is None
        else subjects.get(entry.lead)
    )
    parts = dict.fromkeys(entry.departments, Fraction(1))
    size = None
    if register is not None:
        size = _size(register, entry, entry.lead)
        for name in entry.territories:
            inside = _size(register, entry, name)
            parts[name] = Fraction(inside, size) if size else Fraction(0)
    own = lead_officers(entry, [entry.ratio], officers)
    measure = entry.ratio.measure
    lacking = (measure is Measure.SHARE and size is None) or (
        measure is Measure.PER_OFFICER and own is None
    )
    quota = None
    if not lacking:
        quota = entry.ratio.quota(_MANY if size is None else size, officers=own)
    return Numbers(size, quota, parts)


def staff(
    plan: Plan,
    officers: Mapping[str, int],
    numbers: Mapping[str, Numbers],
    /,
    *,
    visits_per_day: int,
    workdays: Callable[[dt.date, dt.date], int],
    rules: RuleProfile,
) -> Iterator[PlanFinding]:
    """
    What the officers of each department cannot do.

    Args:
        plan: The plan.
        officers: Certified officers of each department.
        numbers: By entry, how many subjects it inspects.
        visits_per_day: [int >= 1] Visits of one team on a working day.
        workdays: Working days from a first to a last day, both included.
        rules: The numbers of the law.
    """
    visiting = [entry for entry in plan.current if needs_visit(entry)]
    for name in sorted({d for entry in visiting for d in entry.departments}):
        number = officers.get(name, 0)
        concerned = [entry for entry in visiting if name in entry.departments]
        if number < rules.min_officers:
            yield PlanFinding(
                f"a department must have {rules.min_officers} certified officers "
                f"to inspect (got {number} of {name!r}). Train or borrow some.",
                code="officers-too-few",
                severity=Severity.ERROR,
                provision=PENALTY_LAW_42,
                entries=tuple(sorted(entry.id for entry in concerned)),
                params={"department": name, "officers": number},
            )
            continue
        without = sorted(e.id for e in concerned if e.mode is not Mode.SUBJECTS_ONLY)
        if number == rules.min_officers and without:
            yield PlanFinding(
                f"inspectors must be more than one team to be drawn at random "
                f"(got {number} officers of {name!r}). Plan Mode.SUBJECTS_ONLY "
                "for few inspectors, or add officers.",
                code="officers-without-choice",
                severity=Severity.WARNING,
                provision=article(4),
                entries=tuple(without),
                params={"department": name, "officers": number},
            )
        demands = [
            demand
            for entry in concerned
            for demand in _demands(entry, name, numbers[entry.id])
        ]
        teams = number // rules.min_officers
        excess = overload(demands, per_day=teams * visits_per_day, workdays=workdays)
        if excess is not None:
            yield PlanFinding(
                f"a department must be able to make its visits (got "
                f"{excess.visits} of {name!r} from {excess.first} to "
                f"{excess.last}, where {teams} teams can make {excess.possible}). "
                "Give them more time, or merge visits.",
                code="capacity-short",
                severity=Severity.WARNING,
                provision=article(15),
                entries=_inside(concerned, excess.first, excess.last),
                params={"department": name, "teams": teams, **excess._asdict()},
            )


def _inside(
    entries: Iterable[PlanEntry], first: dt.date, last: dt.date
) -> tuple[str, ...]:
    return tuple(
        sorted(
            entry.id
            for entry in entries
            if any(first <= b.first and b.last <= last for b in entry.batches)
        )
    )


def _demands(entry: PlanEntry, department: str, numbers: Numbers) -> Iterator[Demand]:
    """Visits of a department for each batch, as far as they can be known."""
    if numbers.quota is None:
        return
    quotas = batch_quotas(numbers.quota, tuple(b.part for b in entry.batches))
    for batch, quota in zip(entry.batches, quotas, strict=True):
        visits = share_up(numbers.parts[department], quota)
        yield Demand(batch.first, batch.last, visits)
