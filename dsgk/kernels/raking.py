"""
Chances as near to equal as limits allow.

Of all tables that fill the rows and keep the limits, the one of least
relative entropy to equal chance is taken.  It is found by raking: rows,
officers in a task and loads are scaled in turn until all are right.  The
arithmetic is IEEE binary64 with one order of summation, so that every
platform finds the same last digit; integers of 1/2**30 are then settled
exactly.

Normative:

- *Raking.*  Entries stand row by row, in the order of the pool.  An entry is
  ``a[row] * u[row] * f[officer] * g[place]``, multiplied from left to right,
  with *a* = seats / eligible, a *place* being an officer in a task.  All
  factors are 1 at first.  One sweep sets ``u = u * (seats / sum)`` by row, then
  ``g = min(1, g * (1 / sum))`` by place, then ``f = min(1, f * (limit / sum))``
  by officer, sums being those of the entries as they then stand, added up in
  the order of the entries; a factor whose sum is 0 stays.  Where loads are to
  be met and not only kept within, f has no bound of 1.  Sweeps end when no
  quotient in parentheses that moved a factor was off 1 by more than 2**-36, or
  after `SWEEPS`, or when more than `EFFORT` entries have been scaled.
- *Settling.*  Entries are scaled down, by place, by officer and by row in
  turn, wherever a sum is above its limit, then by ``1 - 2**-32``, and cut to
  whole units, so that no limit is passed.  Rows then deal out what they lack,
  one after another: on and on round the row's entries, beginning behind the
  officer of the same pool who was dealt the last unit before, everybody with
  room gets an equal part, rounded up, as far as their room and what is left
  go.  What cannot be dealt is carried along the fewest entries to where there
  is room (`dsgk.kernels.transport.carry`, arcs in the order of the entries).
"""

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.chances import UNIT, Chances, Demand, Table, equal_chances, fits
from dsgk.kernels.levels import even_loads
from dsgk.kernels.transport import carry


__all__ = ["EFFORT", "SWEEPS", "even_chances", "nearest_chances"]

SWEEPS = 1000
EFFORT = 100_000_000

_NEAR = 2.0**-36
_WILD = 2.0**500  # factors grow without end where no staffing keeps the limits
_SHRINK = 1 - 2.0**-32

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]
_Floats = npt.NDArray[np.float64]


def nearest_chances(demand: Demand) -> Chances:
    """
    Equal chances, or the nearest to them that keep the limits.

    Raises:
        ValueError: No staffing keeps the limits.

    Examples:
        Three tasks, two officers, the second with room for one task:

        >>> demand = Demand.of(
        ...     [0, 1, 2],
        ...     [0, 0, 0],
        ...     [1, 1, 1],
        ...     members=[[0, 1]],
        ...     barred=[],
        ...     capacity=[9, 1],
        ... )
        >>> table = nearest_chances(demand).table()
        >>> [float(x) for x in (table.chance / UNIT).round(6)]
        [0.666667, 0.333333, 0.666667, 0.333333, 0.666667, 0.333333]
    """
    equal = equal_chances(demand)
    if fits(equal):
        return equal
    return _adjust(equal, demand.capacity.astype(np.float64), None)


def even_chances(demand: Demand) -> Chances:
    """
    The most equal loads, and chances as near to equal as these allow.

    Raises:
        ValueError: No staffing keeps the limits.

    Examples:
        An officer who is barred from half of the tasks carries the same load:

        >>> demand = Demand.of(
        ...     [0, 1],
        ...     [0, 0],
        ...     [1, 1],
        ...     members=[[0, 1]],
        ...     barred=[[1, 0]],
        ...     capacity=[9, 9],
        ... )
        >>> (even_chances(demand).loads() / UNIT).tolist()
        [1.0, 1.0]
    """
    loads = even_loads(demand)
    # Rounded up, so that the rows can be filled; it is a matter of one unit.
    units = np.array([math.ceil(load * UNIT) for load in loads], np.int64)
    return _adjust(equal_chances(demand), np.array(loads, np.float64), units)


class _Sparse(NamedTuple):
    """Entries of all rows, and what each of them counts towards."""

    row: _Places
    officer: _Places
    place: _Places
    seats: _Ints  # by row
    limit: _Ints  # by officer, in units


def _adjust(equal: Chances, limit: _Floats, met: _Ints | None) -> Chances:
    """Keep loads within *limit*, or meet it, which is *met* in units."""
    demand, table = equal.demand, equal.table()
    key = demand.task[table.row] * len(demand.capacity) + table.officer
    _, place = np.unique(key, return_inverse=True)
    units = demand.capacity * UNIT if met is None else met
    entries = _Sparse(table.row, table.officer, place, demand.seats, units)
    share = _rake(entries, demand.seats / demand.eligible, limit, met=met is not None)
    chance = _settle(entries, share, demand.pool)
    return equal.with_table(Table(table.row, table.officer, chance))


def _rake(entries: _Sparse, equal: _Floats, limit: _Floats, *, met: bool) -> _Floats:
    """Scale rows, places and loads in turn until all are right."""
    row, officer, place, seats, _ = entries
    u, g, f = (
        np.ones(len(seats)),
        np.ones(place.max(initial=0) + 1),
        np.ones(len(limit)),
    )
    share = equal[row]
    for _ in range(min(SWEEPS, EFFORT // max(len(row), 1) + 1)):
        off = _scale(u, seats, np.bincount(row, share, len(u)), capped=False)
        share = equal[row] * u[row] * f[officer] * g[place]
        off = max(off, _scale(g, 1.0, np.bincount(place, share, len(g)), capped=True))
        share = equal[row] * u[row] * f[officer] * g[place]
        off = max(
            off, _scale(f, limit, np.bincount(officer, share, len(f)), capped=not met)
        )
        share = equal[row] * u[row] * f[officer] * g[place]
        if off <= _NEAR or u.max() > _WILD:
            break
    return share


def _scale(
    factor: _Floats,
    right: npt.NDArray[Any] | float,
    is_now: npt.NDArray[Any],
    *,
    capped: bool,
) -> float:
    """Scale *factor* in place; by how much was the worst sum off?"""
    quotient = np.ones_like(factor)
    np.divide(right, is_now, out=quotient, where=is_now > 0)
    scaled = factor * quotient
    if capped:
        np.minimum(scaled, 1.0, out=scaled)
    moved = scaled != factor
    factor[:] = scaled
    return float(np.abs(quotient[moved] - 1).max(initial=0.0))


def _settle(entries: _Sparse, share: _Floats, pool: _Places) -> _Ints:
    """Whole units that fill every row and pass no limit."""
    row, officer, place, seats, limit = entries
    for at, right in ((place, 1.0), (officer, limit / UNIT), (row, seats)):
        total = np.bincount(at, share, np.size(right) if np.ndim(right) else 0)
        down = np.ones_like(total)
        np.divide(right, total, out=down, where=total > right)
        share = share * down[at]
    chance = np.floor(share * (UNIT * _SHRINK)).astype(np.int64)
    missing = seats * UNIT
    np.subtract.at(missing, row, chance)
    room = limit.copy()
    np.subtract.at(room, officer, chance)
    place_room = np.full(int(place.max(initial=-1)) + 1, UNIT, np.int64)
    np.subtract.at(place_room, place, chance)
    starts = np.searchsorted(row, np.arange(len(seats) + 1))
    stands: dict[int, int] = {}
    for r in np.flatnonzero(missing).tolist():
        a, b = starts[r], starts[r + 1]
        mine = officer[a:b]
        behind = np.flatnonzero(mine == stands.get(int(pool[r]), -1))
        turn = np.roll(np.arange(b - a), -int(behind[0]) - 1 if behind.size else 0)
        while missing[r]:
            most = np.minimum(room[mine], place_room[place[a:b]])[turn]
            n = np.count_nonzero(most)
            if not n:
                break
            most = np.minimum(most, -(-missing[r] // n))
            given = np.diff(np.minimum(np.cumsum(most), missing[r]), prepend=0)
            chance[a + turn] += given
            room[mine[turn]] -= given
            place_room[place[a + turn]] -= given
            missing[r] -= given.sum()
            stands[int(pool[r])] = int(mine[turn[np.flatnonzero(given)[-1]]])
    if missing.any():
        chance += _carry(entries, chance, missing, room)
    return chance


def _carry(entries: _Sparse, chance: _Ints, missing: _Ints, room: _Ints) -> _Ints:
    """Gain of every entry when rows get what they miss along the fewest entries."""
    row, officer, place, seats, limit = entries
    n_rows, n_places = len(seats), int(place.max()) + 1
    in_place = np.zeros(n_places, np.int64)
    np.add.at(in_place, place, chance)
    officer_of = np.empty(n_places, np.intp)
    officer_of[place] = officer
    change = carry(
        np.concatenate((row, n_rows + np.arange(n_places))).tolist(),
        np.concatenate((n_rows + place, n_rows + n_places + officer_of)).tolist(),
        rise=np.concatenate((UNIT - chance, UNIT - in_place)).tolist(),
        fall=np.concatenate((chance, in_place)).tolist(),
        supply=np.concatenate((missing, np.zeros(n_places + len(limit), int))).tolist(),
        demand=np.concatenate((np.zeros(n_rows + n_places, int), room)).tolist(),
    )
    if any(change.stuck):
        msg = (
            "'capacity' must leave room for all seats (got "
            f"{Fraction(sum(change.stuck), UNIT)} of a seat that nobody can take). "
            "Find out first whether the seats can be filled."
        )
        raise ValueError(msg)
    return np.array(change.along[: len(row)], np.int64)
