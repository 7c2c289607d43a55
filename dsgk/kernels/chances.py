"""
What chance every officer has for every seat, before anything is drawn.

A *row* is one kind of seats of one task: a number of seats, and the pool of
officers whom they are open to.  Those barred from the task have no chance in
it.  Chances are integers in units of 1/2**30 (`UNIT` is certainty), and the
sum of a row is exactly its seats.

Normative:

- *Equal chance.*  A row with *n* seats and *e* eligible officers gives each
  of them ``n * UNIT // e``.  The units left over go one each to the officers
  who come next on the circle of the pool's members, in the order of the
  pool, those barred being passed by.  Rows of one kind, that is of the same
  pool, seats and bars, have the same chances.  The first kind of a pool begins
  with the pool's first member, every other one, in the order of their first
  rows, where the kind before it stopped.
- *Nearest to equal.*  Where equal chances would give an officer more than
  their capacity, or more than one seat of a task, the table is the one of
  least relative entropy to equal chance that keeps these limits.  It has a
  plain form: the chance of officer *i* in row *r* is ``u[r] * f[i] * g``,
  where a factor ``f[i]`` is below one only for officers who are at their
  capacity, and *g* only for an officer who is certain to be in the task.  All
  who are not at a limit keep equal chances in every row.  How it is computed,
  and how it becomes integers, says `dsgk.kernels.raking`.
- *Equal load.*  The loads are the most equal that are possible: the largest
  is as small as can be, then the next largest, and so on.  The table is the
  one of least relative entropy to equal chance among those with these loads.

Officers and members are numbers here; that their order says nothing of the
people is the caller's business, such as an order by the digests of their ids.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt


__all__ = ["UNIT", "Chances", "Demand", "Table", "equal_chances", "fits"]

UNIT = 1 << 30

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]


class Demand(NamedTuple):
    """
    Which seats there are, and whom they are open to.

    Attributes:
        task: [(rows,) intp, ascending] Task of each row.
        pool: [(rows,) intp] Pool of each row.
        seats: [(rows,) int64, >= 1] Seats of each row.
        members: [one (k,) intp per pool] Officers of each pool, in the order
            in which they stand on its circle.
        bar_start: [(rows + 1,) intp] The bars of row *r* stand from
            ``bar_start[r]`` up to ``bar_start[r + 1]``.
        bar_place: [(bars,) intp] Places on the pool's circle of those who are
            barred from the row, ascending in each row.
        capacity: [(officers,) int64, >= 0] Most seats of each officer.
    """

    task: _Places
    pool: _Places
    seats: _Ints
    members: tuple[_Places, ...]
    bar_start: _Places
    bar_place: _Places
    capacity: _Ints

    @classmethod
    def of(
        cls,
        task: npt.ArrayLike,
        pool: npt.ArrayLike,
        seats: npt.ArrayLike,
        *,
        members: Sequence[npt.ArrayLike],
        barred: npt.ArrayLike,
        capacity: npt.ArrayLike,
    ) -> Self:
        """
        Find for every row who of its pool is barred.

        Args:
            task: [(rows,) integers >= 0, ascending] Task of each row.
            pool: [(rows,) integers] Pool of each row.
            seats: [(rows,) integers >= 1] Seats of each row.
            members: [one (k,) array of integers per pool] Officers of the
                pool, each once.
            barred: [(n, 2) integers] Pairs of task and officer, in any order;
                repeats and officers outside the pools do no harm.
            capacity: [(officers,) integers >= 0] Most seats of each officer.

        Raises:
            ValueError: A row is open to fewer officers than it has seats.

        Examples:
            >>> demand = Demand.of(
            ...     [0, 1],
            ...     [0, 0],
            ...     [1, 1],
            ...     members=[[2, 0, 1]],
            ...     barred=[[1, 0]],
            ...     capacity=[2, 2, 2],
            ... )
            >>> demand.bar_start.tolist(), demand.bar_place.tolist()
            ([0, 0, 1], [1])
        """
        tasks, pools = np.asarray(task, np.intp), np.asarray(pool, np.intp)
        circles = tuple(np.asarray(m, np.intp) for m in members)
        limits = np.asarray(capacity, np.int64)
        row, officer = _bars_of_rows(tasks, np.asarray(barred, np.intp).reshape(-1, 2))
        # A member is found by pool and officer in one sorted list.
        sizes = np.array([len(c) for c in circles], np.intp)
        place = np.concatenate([np.arange(n) for n in sizes] or [np.zeros(0, np.intp)])
        key = np.repeat(np.arange(len(sizes)), sizes) * len(limits)
        key += np.concatenate(circles or (np.zeros(0, np.intp),))
        order = np.argsort(key)
        key = np.append(key[order], -1)
        wanted = pools[row] * len(limits) + officer
        at = np.searchsorted(key[:-1], wanted)
        found = key[at] == wanted
        row, at = row[found], place[order[at[found]]]
        by_row = np.lexsort((at, row))
        demand = cls(
            tasks,
            pools,
            np.asarray(seats, np.int64),
            circles,
            np.searchsorted(row[by_row], np.arange(len(tasks) + 1)),
            at[by_row],
            limits,
        )
        short = np.flatnonzero(demand.eligible < demand.seats)
        if short.size:
            r = int(short[0])
            msg = (
                "'seats' must be at most the eligible officers of the row (got "
                f"{int(demand.seats[r])} seats and {int(demand.eligible[r])} officers "
                f"in row {r}). Find out first whether the seats can be filled."
            )
            raise ValueError(msg)
        return demand

    @property
    def eligible(self) -> _Ints:
        """[(rows,) int64] How many officers each row is open to."""
        sizes = np.array([len(circle) for circle in self.members], np.int64)
        return sizes[self.pool] - np.diff(self.bar_start)


def _bars_of_rows(task: _Places, barred: _Places) -> tuple[_Places, _Places]:
    """Pairs of row and officer from pairs of task and officer, each once."""
    pairs = np.unique(barred, axis=0)
    first = np.searchsorted(task, pairs[:, 0], "left")
    rows = np.searchsorted(task, pairs[:, 0], "right") - first
    # Row numbers first, first + 1, … for each pair.
    ends = np.cumsum(rows)
    step = np.arange(ends[-1] if len(ends) else 0) - np.repeat(ends - rows, rows)
    return np.repeat(first, rows) + step, np.repeat(pairs[:, 1], rows)


class Table(NamedTuple):
    """
    Chances entry by entry.

    Attributes:
        row: [(n,) intp, ascending] Row of each entry.
        officer: [(n,) intp] Officer of each entry, in the order of the pool.
        chance: [(n,) int64, 0 <= chance <= UNIT] In units.
    """

    row: _Places
    officer: _Places
    chance: _Ints


class Chances:
    """
    The chance of every officer in every row.

    Equal chances are kept as a few numbers per row: the chance of a member
    who is not barred is ``base[row]``, and one unit more from place
    ``first[row]`` of the pool's circle on, for ``length[row]`` places. Other
    chances are kept entry by entry in *adjusted*, which then rules, by kind.

    Attributes:
        demand: What the chances are for.
        unit: [int >= 1] How many units make certainty.
        kind: [(rows,) intp] Rows with the same number have the same chances.
        base: [(rows,) int64] Units of everybody, at equal chance.
        first: [(rows,) int64] First place with a unit more.
        length: [(rows,) int64] How many places the units left over reach,
            those barred among them included.
        adjusted: [Table] Chances that are not equal, by kind instead of row.
    """

    __slots__ = ("adjusted", "base", "demand", "first", "kind", "length", "unit")

    def __init__(
        self,
        demand: Demand,
        *,
        unit: int,
        kind: _Places,
        base: _Ints,
        first: _Ints,
        length: _Ints,
        adjusted: Table,
    ) -> None:
        self.demand = demand
        self.unit = unit
        self.kind = kind
        self.base = base
        self.first = first
        self.length = length
        self.adjusted = adjusted

    def with_table(self, kind: _Places, adjusted: Table) -> "Chances":
        """Give the kinds that stand in *adjusted* the chances that stand there."""
        return Chances(
            self.demand,
            unit=self.unit,
            kind=kind,
            base=self.base,
            first=self.first,
            length=self.length,
            adjusted=adjusted,
        )

    @property
    def is_equal(self) -> npt.NDArray[np.bool_]:
        """[(rows,) bool] Whether all who are eligible have the same chance."""
        return ~np.isin(self.kind, self.adjusted.row)

    def table(self, rows: npt.ArrayLike | None = None) -> Table:
        """
        Write the chances out entry by entry.

        Args:
            rows: [(k,) integers, ascending, or None] Of which rows; all if
                None.
        """
        wanted = (
            np.arange(len(self.base)) if rows is None else np.asarray(rows, np.intp)
        )
        equal = self.is_equal[wanted]
        compact, other = self._equal_table(wanted[equal]), wanted[~equal]
        if not other.size:
            return compact
        kind = self.kind[other]
        starts = np.searchsorted(self.adjusted.row, kind)
        counts = np.searchsorted(self.adjusted.row, kind, "right") - starts
        entry = np.repeat(starts - np.cumsum(counts) + counts, counts)
        entry += np.arange(len(entry))
        row = np.concatenate((compact.row, np.repeat(other, counts)))
        order = np.argsort(row, kind="stable")
        return Table(
            row[order],
            np.concatenate((compact.officer, self.adjusted.officer[entry]))[order],
            np.concatenate((compact.chance, self.adjusted.chance[entry]))[order],
        )

    def _equal_table(self, wanted: _Places) -> Table:
        demand = self.demand
        sizes = np.array([len(c) for c in demand.members], np.intp)
        pools = demand.pool[wanted]
        counts = sizes[pools]
        starts = np.cumsum(counts) - counts
        row = np.repeat(np.arange(len(wanted)), counts)
        place = np.arange(len(row)) - starts[row]
        circles = np.concatenate(demand.members or (np.zeros(0, np.intp),))
        officer = circles[(np.cumsum(sizes) - sizes)[pools][row] + place]
        r = wanted[row]
        more = (place - self.first[r]) % counts[row] < self.length[r]
        chance = self.base[r] + more
        barred = np.zeros(len(row), np.bool_)
        for k, (a, b) in enumerate(
            zip(demand.bar_start[wanted], demand.bar_start[wanted + 1], strict=True)
        ):
            barred[starts[k] + demand.bar_place[a:b]] = True
        open_ = ~barred
        return Table(r[open_], officer[open_], chance[open_])

    def loads(self, rows: npt.ArrayLike | None = None) -> _Ints:
        """
        Tell what every officer has to expect.

        Args:
            rows: [(k,) integers, ascending, or None] From which rows; all if
                None.

        Returns:
            [(officers,) int64] In units.
        """
        demand = self.demand
        loads = np.zeros(len(demand.capacity), np.int64)
        counted = np.full(len(self.base), rows is None)
        if rows is not None:
            counted[np.asarray(rows, np.intp)] = True
        kind, officer, chance = self.adjusted
        times = np.bincount(self.kind[counted], minlength=int(kind.max(initial=-1)) + 1)
        np.add.at(loads, officer, chance * times[kind])
        counted &= self.is_equal
        bar_row = np.repeat(np.arange(len(self.base)), np.diff(demand.bar_start))
        for p, circle in enumerate(demand.members):
            n = len(circle)
            mine = counted & (demand.pool == p)
            first, length = self.first[mine], self.length[mine]
            # Differences along the circle, unrolled once.
            steps = np.zeros(2 * n + 1, np.int64)
            np.add.at(steps, first, 1)
            np.subtract.at(steps, first + length, 1)
            more = np.cumsum(steps[:-1]).reshape(2, n).sum(axis=0)
            units = more + int(self.base[mine].sum())
            bars = np.flatnonzero(mine[bar_row])
            place, r = demand.bar_place[bars], bar_row[bars]
            lost = self.base[r] + ((place - self.first[r]) % n < self.length[r])
            np.subtract.at(units, place, lost)
            loads[circle] += units
        return loads

    def deviation(self) -> Fraction:
        """Largest difference between a chance and the equal chance."""
        eligible, seats = self.demand.eligible, self.demand.seats
        left = seats * self.unit - self.base * eligible
        parts = np.where(left > 0, np.maximum(left, eligible - left), 0)
        parts[~self.is_equal] = 0
        kind, _, chance = self.adjusted
        row = np.zeros(int(self.kind.max(initial=-1)) + 1, np.intp)
        row[self.kind] = np.arange(len(self.kind))
        r = row[kind]
        np.maximum.at(parts, r, np.abs(chance * eligible[r] - seats[r] * self.unit))
        pairs = np.unique(np.stack((parts, eligible)), axis=1).T.tolist()
        return max(
            (Fraction(part, e * self.unit) for part, e in pairs), default=Fraction(0)
        )


def equal_chances(demand: Demand, *, unit: int = UNIT) -> Chances:
    """
    Give all who are eligible for a row the same chance, to the last unit.

    Args:
        demand: Which seats there are, and whom they are open to.
        unit: [int >= 1] How many units make certainty.

    Examples:
        >>> demand = Demand.of(
        ...     [0, 1], [0, 0], [1, 2], members=[[0, 1, 2]], barred=[], capacity=[9] * 3
        ... )
        >>> equal_chances(demand, unit=10).table().chance.tolist()
        [4, 3, 3, 6, 7, 7]
        >>> equal_chances(demand).deviation() < Fraction(1, UNIT)
        True
    """
    base, left = np.divmod(demand.seats * unit, demand.eligible)
    first, length, kind = np.zeros_like(base), left.copy(), np.zeros(len(base), np.intp)
    bars, places = demand.bar_start.tolist(), demand.bar_place.tolist()
    stands = [0] * len(demand.members)
    kinds: dict[object, tuple[int, int, int]] = {}
    rows = zip(demand.pool.tolist(), demand.seats.tolist(), left.tolist(), strict=True)
    for r, (p, seats, need) in enumerate(rows):
        barred = places[bars[r] : bars[r + 1]]
        known = kinds.get((p, seats, *barred))
        if known is None:
            at, n, reach = stands[p], len(demand.members[p]), need
            for far in sorted((b - at) % n for b in barred):
                if far >= reach:
                    break
                reach += 1
            stands[p] = (at + reach) % n
            known = kinds[p, seats, *barred] = (len(kinds), at, reach)
        kind[r], first[r], length[r] = known
    none_ = np.zeros(0, np.intp)
    return Chances(
        demand,
        unit=unit,
        kind=kind,
        base=base,
        first=first,
        length=length,
        adjusted=Table(none_, none_, np.zeros(0, np.int64)),
    )


def fits(chances: Chances) -> bool:
    """Whether nobody passes their capacity or one seat of a task."""
    demand = chances.demand
    if (chances.loads() > demand.capacity * chances.unit).any():
        return False
    most = chances.base + (chances.length > 0)
    starts = np.flatnonzero(np.diff(demand.task, prepend=-1))
    in_task = np.add.reduceat(most, starts) if len(most) else most
    suspect = np.isin(demand.task, demand.task[starts[in_task > chances.unit]])
    row, officer, chance = chances.table(np.flatnonzero(suspect))
    key = demand.task[row] * len(demand.capacity) + officer
    _, place = np.unique(key, return_inverse=True)
    sums = np.zeros(int(place.max(initial=-1)) + 1, np.int64)
    np.add.at(sums, place, chance)
    return not (sums > chances.unit).any()
