"""Whether the inspectors of each department can do what is planned."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

from dsgk.kernels.allocation import share_up
from dsgk.plans.capacity import Demand, overload
from dsgk.plans.entries import Mode, PlanEntry
from dsgk.plans.findings import PlanFinding, Severity, needs_visit
from dsgk.plans.numbers import Numbers
from dsgk.plans.times import batch_quotas
from dsgk.plans.yearly import Plan
from dsgk.sources import PENALTY_LAW_42, RuleProfile, article


__all__ = ["staff"]


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
