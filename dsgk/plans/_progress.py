"""Progress of a plan: what is done, due and late (计划执行进度)."""

import datetime as dt
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.fields import check_day
from dsgk.ledger import Ledger, Origin, joint_codes
from dsgk.plans._entries import Mode, ModeReason, PlanEntry
from dsgk.plans._times import Batch, batch_quotas
from dsgk.sources import article, cites
from dsgk.tables import Days


__all__ = ["Progress", "Tally", "UndrawnBatch", "progress_of"]

_REPLACED, _DONE, _DUE, _LATE = range(4)
_UNDRAWN = frozenset({ModeReason.APPROVAL, ModeReason.CASE_LEAD})


class Tally(NamedTuple):
    """
    Number of subjects drawn, each counted once, by what became of them.

    Attributes:
        drawn: All: done, due, late and replaced.
        done: All their checks are completed.
        done_late: Of those done, the subjects with a check after its last day.
        due: Checks are open, none of them late.
        late: A check is open after its last day.
        replaced: A substitute is inspected instead, and counted itself.
    """

    drawn: int = 0
    done: int = 0
    done_late: int = 0
    due: int = 0
    late: int = 0
    replaced: int = 0

    @property
    def completion(self) -> Fraction | None:
        """Share of the subjects not replaced that are done; None without any."""
        owed = self.drawn - self.replaced
        return Fraction(self.done, owed) if owed else None


class UndrawnBatch(NamedTuple):
    """A batch that has begun without a draw."""

    entry: str
    batch: Batch


@cites(article(15))
@attrs.frozen(kw_only=True)
class Progress:
    """
    Progress of a plan at the end of a day (计划执行进度).

    Attributes:
        on: The day.
        total: All subjects of the plan, also those drawn for several entries,
            once.
        entries: By entry, in the order of the plan.
        departments: By department, sorted by name.
        quarters: [1..4] By the quarter in which checks are due.
        undrawn: Batches that have begun and have no check in the ledger,
            except those known to draw nobody. A check belongs to the batch
            that ends on its due day, or else to those that contain that day;
            of several, to those that begin by the end of the quarter of its
            draw.
        unplanned: Entries of random checks that the plan lacks.
    """

    on: dt.date
    total: Tally
    entries: dict[str, Tally]
    departments: dict[str, Tally]
    quarters: dict[int, Tally]
    undrawn: tuple[UndrawnBatch, ...]
    unplanned: tuple[str, ...]

    def to_columns(self) -> dict[str, list[Any]]:
        """
        All tallies as columns, one row each.

        ``scope`` is plan, entry, department or quarter, and ``name`` which one.
        """
        rows = [
            ("plan", "", self.total),
            *(("entry", name, tally) for name, tally in self.entries.items()),
            *(("department", name, tally) for name, tally in self.departments.items()),
            *(("quarter", str(n), tally) for n, tally in self.quarters.items()),
        ]
        columns: dict[str, list[Any]] = {
            "scope": [scope for scope, _, _ in rows],
            "name": [name for _, name, _ in rows],
        }
        for k, field in enumerate(Tally._fields):
            columns[field] = [tally[k] for _, _, tally in rows]
        return columns


def progress_of(
    entries: Sequence[PlanEntry],
    ledger: Ledger,
    /,
    *,
    year: int,
    on: dt.date,
    number: Callable[[PlanEntry], int | None],
) -> Progress:
    """
    Count what has become of the random checks of entries that are due in a year.

    *number* gives the number of subjects that an entry inspects in the year, or
    None if it is not known; only called for entries with a batch without checks.
    """
    day = check_day(on, name="on")
    drawn = ledger.as_of(day).where(origin={Origin.RANDOM})
    due = drawn.days["due"]
    drawn = drawn.take(due.astype("datetime64[Y]").astype(int) + 1970 == year)
    ids = [entry.id for entry in entries]
    known = set(ids)
    named = drawn.classes["entry"].categories
    unplanned = tuple(name for name in named if name not in known)
    mine = drawn.take(~drawn.matches(entry=set(unplanned)))
    states, delays = _states(mine, day)
    subjects = mine.classes["subject_id"].codes

    def tallies(groups: npt.NDArray[Any], names: Sequence[Any]) -> dict[Any, Tally]:
        """One tally for each group."""
        return {
            name: _tally(states[rows], delays[rows], subjects[rows])
            for k, name in enumerate(names)
            for rows in [groups == k]
        }

    department = mine.classes["department"]
    entry = mine.classes["entry"]
    months = mine.days["due"].astype("datetime64[M]").astype(int) % 12
    by_entry = tallies(entry.codes, entry.categories)
    return Progress(
        on=day,
        total=_tally(states, delays, subjects),
        entries={name: by_entry.get(name, Tally()) for name in ids},
        departments=tallies(department.codes, department.categories),
        quarters=tallies(months // 3, (1, 2, 3, 4)),
        undrawn=tuple(
            UndrawnBatch(entry.id, batch)
            for entry in entries
            for batch in _undrawn(entry, mine, day, number)
        ),
        unplanned=unplanned,
    )


def _states(
    ledger: Ledger, day: dt.date
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """The state of every check, and whether it was made after its last day."""
    due, completed = ledger.days["due"], ledger.days["completed_on"]
    states = np.full(len(ledger), _DUE)
    states[due < np.datetime64(day, "D")] = _LATE
    states[~np.isnat(completed)] = _DONE
    replaced = ledger.classes["replaces"]
    subject = ledger.classes["subject_id"]
    place = {name: code for code, name in enumerate(subject.categories)}
    # The code of a replaced subject among the subjects, -1 for none.
    codes = np.array([*(place.get(n, -1) for n in replaced.categories), -1])
    entry = ledger.classes["entry"].codes
    pairs = joint_codes(
        np.concatenate([entry, entry]),
        np.concatenate([subject.codes, codes[replaced.codes]]),
    )
    own, gone = np.split(pairs, 2)
    gone = gone[codes[replaced.codes] >= 0]
    states[np.isin(own, gone)] = _REPLACED
    return states, (completed > due) & (states == _DONE)


def _tally(
    states: npt.NDArray[np.int64],
    delays: npt.NDArray[np.bool_],
    subjects: npt.NDArray[Any],
) -> Tally:
    """Count subjects by the worst state of their checks."""
    _, codes = np.unique(subjects, return_inverse=True)
    n = int(codes.max(initial=-1)) + 1
    worst = np.full(n, _REPLACED)
    np.maximum.at(worst, codes, states)
    delayed = np.zeros(n, dtype=bool)
    delayed[codes[delays]] = True
    counts = np.bincount(worst, minlength=4).tolist()
    return Tally(
        drawn=n,
        done=counts[_DONE],
        done_late=int(np.count_nonzero(delayed & (worst == _DONE))),
        due=counts[_DUE],
        late=counts[_LATE],
        replaced=counts[_REPLACED],
    )


def _undrawn(
    entry: PlanEntry,
    ledger: Ledger,
    day: dt.date,
    number: Callable[[PlanEntry], int | None],
) -> list[Batch]:
    """Batches of an entry that have begun and still need a draw."""
    if entry.mode is Mode.INSPECTORS_ONLY and entry.mode_reason in _UNDRAWN:
        return []  # no subjects are drawn for it
    rows = ledger.matches(entry={entry.id})
    drawn = _drawn(entry, ledger.days["due"][rows], ledger.days["drawn_on"][rows])
    missing = [b for b in entry.batches if b.first <= day and b not in drawn]
    year = number(entry) if missing else None
    if year is None:
        return missing
    first = rows & ledger.matches(replaces={None})
    before = len(np.unique(ledger.classes["subject_id"].codes[first]))
    parts = tuple(batch.part for batch in entry.batches)
    owed = zip(entry.batches, batch_quotas(year, parts), strict=True)
    reached = 0
    open_batches = []
    for batch, quota in owed:
        reached += quota
        if batch in missing and quota and reached > before:
            open_batches.append(batch)
    return open_batches


def _drawn(entry: PlanEntry, due: Days, drawn_on: Days) -> set[Batch]:
    """The batches to which checks belong."""
    _, rows = np.unique(joint_codes(due, drawn_on), return_index=True)
    drawn: set[Batch] = set()
    for last, day in zip(due[rows].tolist(), drawn_on[rows].tolist(), strict=True):
        fits = [b for b in entry.batches if b.last == last] or [
            b for b in entry.batches if b.first <= last <= b.last
        ]
        if not entry.takes_all:  # else one draw is of all its batches
            fits = [b for b in fits if _quarter(b.first) <= _quarter(day)] or fits[:1]
        drawn.update(fits)
    return drawn


def _quarter(day: dt.date) -> tuple[int, int]:
    return day.year, (day.month - 1) // 3
