"""
What chance every officer has in every row, before anything is drawn.

A *row* is one kind of places of one unit (a task, or an outing of several):
a number of seats, and the officers whom they are open to.  Chances are whole
numbers of units of 1/2**20 (`UNIT` is certainty), and the sum of a row is exactly
its seats.

- *Equal chance.*  A row with *n* seats that is open to *e* officers gives each of
  them ``n * UNIT // e``.  The units left over go one each to officers who follow
  each other in the row, the last one followed by the first: from number ``s % e``
  on, *s* being how many units all rows before had left over.
- *Nearest to equal*, where equal chances would give an officer more than their
  room, or more than one seat of a unit, and *equal load*: see
  `dsgk.kernels.raking`.

Officers are numbers here; their order is the business of the caller.
"""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from dsgk.kernels.transport import carry


__all__ = [
    "BITS",
    "UNIT",
    "Demand",
    "Put",
    "count_pairs",
    "equal_chances",
    "equal_units",
    "overfull",
    "put_right",
]

BITS = 20
UNIT = 1 << BITS

_Ints = npt.NDArray[np.int64]
_Numbers = npt.NDArray[np.int32]
_Places = npt.NDArray[np.intp]
_Flags = npt.NDArray[np.bool_]


class Demand(NamedTuple):
    """
    Which seats there are, and whom they are open to, entry by entry.

    Attributes:
        unit: [(rows,) intp, ascending] Unit of each row.
        seats: [(rows,) int64, >= 1] Seats of each row.
        eligible: [(rows,) int64, >= seats] To how many officers each row is open.
        row: [(n,) int32, ascending] Row of each entry.
        officer: [(n,) int32, ascending in each row] Officer of each entry.
        place: [(n,) intp] The officer's place in the unit: entries of one officer
            in rows of one unit have the same number; from 0 without gaps.
        room: [(officers,) int64, >= 0] Most units of each officer.
    """

    unit: _Places
    seats: _Ints
    eligible: _Ints
    row: _Numbers
    officer: _Numbers
    place: _Places
    room: _Ints

    @classmethod
    def of(
        cls,
        unit: npt.ArrayLike,
        pool: npt.ArrayLike,
        seats: npt.ArrayLike,
        *,
        members: Sequence[npt.ArrayLike],
        barred: npt.ArrayLike,
        room: npt.ArrayLike,
    ) -> Self:
        """
        Write out to whom each row is open.

        Args:
            unit: [(rows,) integers >= 0, ascending] Unit of each row.
            pool: [(rows,) integers] Pool of each row.
            seats: [(rows,) integers >= 1] Seats of each row.
            members: [one (k,) array of integers per pool] Officers of the
                pool, each once.
            barred: [(n, 2) integers] Pairs of unit and officer, in any order;
                repeats and officers outside the pools do no harm.
            room: [(officers,) integers >= 0] Most units of each officer; who
                has no room is open to nothing.

        Raises:
            ValueError: A row is open to fewer officers than it has seats.

        Examples:
            >>> demand = Demand.of(
            ...     [0, 1],
            ...     [0, 0],
            ...     [1, 1],
            ...     members=[[2, 0, 1]],
            ...     barred=[[1, 0]],
            ...     room=[2, 2, 2],
            ... )
            >>> demand.row.tolist(), demand.officer.tolist()
            ([0, 0, 0, 1, 1], [0, 1, 2, 1, 2])
        """
        units, pools = np.asarray(unit, np.intp), np.asarray(pool, np.intp)
        limits = np.asarray(room, np.int64)
        lists = _with_room(members, limits)
        sizes = np.array([len(m) for m in lists], np.int64)
        row, officer = np.zeros(0, np.int32), np.zeros(0, np.int32)
        if len(pools):
            row = np.repeat(np.arange(len(pools), dtype=np.int32), sizes[pools])
            officer = np.concatenate([lists[p] for p in pools.tolist()])
            is_open = np.ones(len(row), np.bool_)
            is_open[_barred(units, pools, lists, np.asarray(barred, np.intp))] = False
            row, officer = row[is_open], officer[is_open]
        demand = cls(
            units,
            np.asarray(seats, np.int64),
            np.bincount(row, minlength=len(units)),
            row,
            officer,
            _places(units, row, officer, len(limits)),
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

    def loads(self, units: _Ints, /) -> _Ints:
        """[(officers,) int64] Sum of the units of each officer."""
        return _sums(self.officer, units, len(self.room))

    def in_place(self, units: _Ints, /) -> _Ints:
        """[(places,) int64] Sum of the units in each place."""
        return _sums(self.place, units, int(self.place.max(initial=-1)) + 1)


def count_pairs(
    unit: npt.ArrayLike,
    pool: npt.ArrayLike,
    *,
    members: Sequence[npt.ArrayLike],
    barred: npt.ArrayLike,
    room: npt.ArrayLike,
) -> int:
    """
    Count the entries of `Demand.of` before they are written out.

    Examples:
        >>> count_pairs(
        ...     [0, 1], [0, 0], members=[[2, 0, 1]], barred=[[1, 0]], room=[2, 2, 2]
        ... )
        5
    """
    units, pools = np.asarray(unit, np.intp), np.asarray(pool, np.intp)
    lists = _with_room(members, np.asarray(room, np.int64))
    sizes = np.array([len(m) for m in lists], np.int64)
    kept_out = _barred(units, pools, lists, np.asarray(barred, np.intp))
    return int(sizes[pools].sum()) - len(kept_out)


def _with_room(members: Sequence[npt.ArrayLike], room: _Ints) -> list[_Numbers]:
    lists = [np.sort(np.asarray(m, np.int32)) for m in members]
    return [m[room[m] > 0] for m in lists]


def _barred(
    unit: _Places, pool: _Places, members: list[_Numbers], barred: _Places
) -> _Places:
    """Find the entries of those who are barred, before any are left out."""
    pairs = np.unique(barred.reshape(-1, 2), axis=0)
    first = np.searchsorted(unit, pairs[:, 0], "left")
    times = np.searchsorted(unit, pairs[:, 0], "right") - first
    # Row numbers first, first + 1, … for each pair.
    ends = np.cumsum(times)
    row = np.arange(int(times.sum())) - np.repeat(ends - times, times)
    row += np.repeat(first, times)
    officer = np.repeat(pairs[:, 1], times)
    sizes = np.array([len(m) for m in members], np.int64)
    begins = np.cumsum(sizes) - sizes
    width = 1 + max(
        int(officer.max(initial=0)), *(int(m.max(initial=0)) for m in members)
    )
    key = np.concatenate([m + p * width for p, m in enumerate(members)])
    wanted = pool[row] * width + officer
    at = np.searchsorted(key, wanted)
    found = np.append(key, -1)[at] == wanted
    starts = np.cumsum(sizes[pool]) - sizes[pool]
    entries: _Places = (starts[row] + at - begins[pool[row]])[found]
    return entries


def _places(
    unit: _Places, row: _Numbers, officer: _Numbers, n_officers: int
) -> _Places:
    """Number the places; only units of several rows can have an officer twice."""
    several = np.bincount(unit)[unit][row] > 1 if len(unit) else row > 0
    alone = len(row) - int(several.sum())
    place = np.empty(len(row), np.intp)
    place[~several] = np.arange(alone)
    key = unit[row[several]] * n_officers + officer[several]
    place[several] = alone + np.unique(key, return_inverse=True)[1]
    return place


def _sums(at: npt.NDArray[np.integer], units: _Ints, n: int) -> _Ints:
    """Exact sums; those of 2**31 entries of 2**22 units would fit."""
    return np.bincount(at, units, n).astype(np.int64)


def equal_units(demand: Demand, /) -> _Ints:
    """
    Give all to whom a row is open the same chance, to the last unit.

    Returns:
        [(n,) int64] Units, by entry.

    Examples:
        >>> demand = Demand.of(
        ...     [0, 1], [0, 0], [1, 2], members=[[0, 1, 2]], barred=[], room=[9] * 3
        ... )
        >>> (equal_units(demand) - UNIT * np.repeat([1, 2], 3) // 3).tolist()
        [1, 0, 0, 0, 1, 1]
    """
    base, left = np.divmod(demand.seats * UNIT, demand.eligible)
    first = (np.cumsum(left) - left) % demand.eligible
    start = np.cumsum(demand.eligible) - demand.eligible
    at = np.arange(len(demand.row)) - start[demand.row]
    more = (at - first[demand.row]) % demand.eligible[demand.row] < left[demand.row]
    units: _Ints = base[demand.row] + more
    return units


def overfull(demand: Demand, /) -> tuple[_Places, _Places]:
    """
    Find where equal chances, to the last fraction, would pass a limit.

    Returns:
        [(k,) intp] Officers who would have more than their room; and [(m,) intp]
        places that would be more than certain.
    """
    units = equal_units(demand)
    n_places = int(demand.place.max(initial=-1)) + 1
    one = np.full(n_places, 1, np.int64)
    return (
        _above(demand, demand.officer, demand.loads(units), demand.room),
        _above(demand, demand.place, demand.in_place(units), one),
    )


def _above(
    demand: Demand, at: npt.NDArray[np.integer], units: _Ints, limit: _Ints
) -> _Places:
    """Whose equal chances add up to more than their limit."""
    above = units - limit * UNIT
    entries = np.bincount(at, minlength=len(limit))
    close = (np.abs(above) <= entries) & (entries > 1)
    # Only there the odd units hide the truth: of each share, how many there are.
    mine = np.flatnonzero(close[at])
    share = np.stack((demand.seats, demand.eligible))[:, demand.row[mine]]
    shares, times = np.unique(np.stack((at[mine], *share)), axis=1, return_counts=True)
    exact = dict.fromkeys(np.flatnonzero(close).tolist(), Fraction(0))
    for (one, seats, eligible), n in zip(
        shares.T.tolist(), times.tolist(), strict=True
    ):
        exact[one] += Fraction(seats * n, eligible)
    is_above = above > 0
    for one, total in exact.items():
        is_above[one] = total > int(limit[one])
    return np.flatnonzero(is_above)


def equal_chances(demand: Demand, /) -> _Ints:
    """
    Equal chances whose odd units pass no limit.

    Args:
        demand: One that nothing overfills (`overfull`).

    Returns:
        [(n,) int64] `equal_units`, from which as few as can be are moved to where
        there is room for them, all staying within one unit of each other in a row.

    Examples:
        >>> demand = Demand.of(
        ...     [0, 1], [0, 1], [1, 1], members=[[0, 1, 2], [0, 3, 4]], barred=[],
        ...     room=[1, 1, 1, 1, 1],
        ... )
        >>> equal_chances(demand).tolist()
        [349526, 349525, 349525, 349525, 349526, 349525]
    """
    units = equal_units(demand)
    odd = units - (demand.seats * UNIT // demand.eligible)[demand.row]
    put = put_right(
        demand, units, rise=1 - odd, fall=odd, limit=demand.room * UNIT, certain=UNIT
    )
    return put.units


class Put(NamedTuple):
    """
    A table that was put right as far as it can be.

    Attributes:
        units: [(n,) int64] Its entries.
        stuck: [int >= 0] Units that nobody can take.
        rows: [(rows,) bool] If some are stuck: rows that have to do with it, no
            unit of which can go to anybody with room.
        officers: [(officers,) bool] Likewise.
        places: [(n,) bool] Likewise, for the place of each entry.
    """

    units: _Ints
    stuck: int
    rows: _Flags
    officers: _Flags
    places: _Flags


def put_right(
    demand: Demand,
    units: _Ints,
    /,
    *,
    rise: _Ints,
    fall: _Ints,
    limit: _Ints,
    certain: int,
) -> Put:
    """
    Carry units from where limits are passed, or rows lack some, to where room is.

    Args:
        demand: Which seats there are, and whom they are open to.
        units: [(n,) int64] An almost right table, no row of which has too many.
        rise: [(n,) int64, >= 0] By how much each entry may grow.
        fall: [(n,) int64, >= 0] By how much it may shrink.
        limit: [(officers,) int64] Most units of each officer.
        certain: [int] Units of certainty, which are the most of each place.
    """
    missing = demand.seats * certain - _sums(demand.row, units, len(demand.seats))
    in_place = demand.in_place(units)
    over = np.maximum(in_place - certain, 0)
    n_rows, n_officers = len(missing), len(limit)
    shared = np.flatnonzero(np.bincount(demand.place) > 1)
    node = np.empty(len(in_place), np.int32)
    node[demand.place] = n_rows + demand.officer
    officer_of = node[shared].copy()
    node[shared] = n_rows + n_officers + np.arange(len(shared))
    kept = (in_place - over)[shared]
    # What is too much in a place has not come to its officer.
    left = limit - demand.loads(units)
    np.add.at(left, officer_of - n_rows, over[shared])
    change = carry(
        np.concatenate((demand.row, node[shared])),
        np.concatenate((node[demand.place], officer_of)),
        rise=np.concatenate((rise, certain - kept)),
        fall=np.concatenate((fall, kept)),
        supply=np.concatenate((missing, np.maximum(-left, 0), over[shared])),
        demand=np.concatenate(
            (np.zeros(n_rows, np.int64), np.maximum(left, 0), np.zeros_like(kept))
        ),
    )
    return Put(
        units + change.along[: len(units)],
        int(change.stuck.sum()),
        change.reached[:n_rows],
        change.reached[n_rows : n_rows + n_officers],
        change.reached[node[demand.place]],
    )
