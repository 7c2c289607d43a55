"""
Chances as near to equal as limits allow.

Of all tables that fill the rows and keep the limits, the one of least
relative entropy to equal chance is taken.  It is found by raking: rows,
officers in a task and loads are scaled in turn until all are right.  The
arithmetic is IEEE binary64 with one order of summation, so that every
platform finds the same last digit; whole units are then settled exactly.

Normative:

- *Groups.*  Alike rows are raked together (`dsgk.kernels.bundles`), as one row
  with the seats of all.  Rows that can be split easily keep their equal
  chances, and the limits of the others are what these leave; unless the
  limits then cannot be kept, when all rows are raked.
- *Raking.*  Entries stand row by row, in the order of the pool.  An entry is
  ``a[row] * u[row] * f[officer] * g[place]``, multiplied from left to right,
  with *a* = seats / eligible, a *place* being an officer in a task.  All
  factors are 1 at first.  One sweep sets ``u = u * (seats / sum)`` by row, then
  ``g = min(1, g * (most / sum))`` by place, *most* being the rows of the group,
  then ``f = min(1, f * (limit / sum))`` by officer, sums being those of the
  entries as they then stand, added up in the order of the entries; a factor
  whose sum is 0 stays.  Where loads are to be met and not only kept within, as
  they are where the limits of all officers who share rows, directly or through
  others, add up to the seats, f has no bound of 1.  Sweeps end when no quotient
  in parentheses that moved a factor was off 1 by more than 2**-36, or after
  `SWEEPS`, or when more than `EFFORT` entries have been scaled.
- *Settling.*  Entries are scaled down, by place, by officer and by row in
  turn, wherever a sum is above its limit, then by ``1 - 2**-32``, and cut to
  whole units, so that no limit is passed.  Rows then deal out what they lack,
  one after another: on and on round the row's entries, beginning behind the
  officer of the same pool who was dealt the last unit before, everybody with
  room gets an equal part, rounded up, as far as their room and what is left
  go.  What cannot be dealt is carried along the fewest entries to where there
  is room (`dsgk.kernels.transport.carry`, arcs in the order of the entries), in
  `ROUNDS` rounds, or as many more as look at `CARRIED` entries and places.
- *Forced chances.*  Where the sweeps end for another reason than that all is
  near, the entries that no other table within the limits could change are left
  as they were settled, and the others are raked and settled once more without
  them.
- *Rows of a group.*  Of *n* rows that have Y units for an officer together, all
  but the last have the same chances: ``Y // n``, and one unit more for as many
  officers as the row lacks, those with the greatest ``Y % n`` first, of equals
  the first in the pool, if they have n units or more; the last row has what
  is left of Y.  Where this passes a limit of the last row, the ``Y % n`` units
  of every officer go round the rows instead, each officer beginning where
  the one before stopped.
"""

import math
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.bundles import FEW, Groups, easily_split, groups_of, single_rows
from dsgk.kernels.chances import UNIT, Chances, Demand, Table, equal_chances, fits
from dsgk.kernels.components import strong_components
from dsgk.kernels.levels import Pairs, even_loads
from dsgk.kernels.transport import EffortError, carry


__all__ = ["CARRIED", "EFFORT", "ROUNDS", "SWEEPS", "even_chances", "nearest_chances"]

SWEEPS = 1000
EFFORT = 100_000_000
ROUNDS = 5
CARRIED = 8_000_000

_NEAR = 2.0**-36
_WILD = 2.0**500  # factors grow without end where no staffing keeps the limits
_SHRINK = 1 - 2.0**-32

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]
_Floats = npt.NDArray[np.float64]


def nearest_chances(
    demand: Demand, *, few: int = FEW, most: int | None = None
) -> Chances:
    """
    Equal chances, or the nearest to them that keep the limits.

    Args:
        demand: Which seats there are, and whom they are open to.
        few: [int >= 0] As for `dsgk.kernels.dealing.plan_lots`.
        most: [int >= 0, or None] Most entries that may be raked.

    Raises:
        ValueError: No staffing keeps the limits.
        EffortError: It takes more than *most* or `CARRIED` to find one.

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
    return equal if fits(equal) else _adjust(equal, few, most, had=None)


def even_chances(
    demand: Demand,
    *,
    had: npt.ArrayLike | None = None,
    few: int = FEW,
    most: int | None = None,
) -> Chances:
    """
    The most equal loads, and chances as near to equal as these allow.

    Args:
        demand: Which seats there are, and whom they are open to.
        had: [(officers,) integers in 0..2**20, or None] Seats that officers
            have already, beside their capacities. Each is raked as a row of
            its own that is open to this officer alone.
        few: [int >= 0] As for `dsgk.kernels.dealing.plan_lots`.
        most: [int >= 0, or None] Most entries that may be raked.

    Raises:
        ValueError: No staffing keeps the limits.
        EffortError: It takes more than *most* or `CARRIED` to find one.

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
    none_ = np.zeros(len(demand.capacity), np.int64)
    already = none_ if had is None else np.asarray(had, np.int64)
    return _adjust(equal_chances(demand), few, most, had=already)


def _adjust(
    equal: Chances, few: int, most: int | None, *, had: _Ints | None
) -> Chances:
    """Keep loads within the capacities or, if what is *had* counts, make them even."""
    demand = equal.demand
    single = single_rows(demand)
    rows_had = 0 if had is None else int(np.count_nonzero(had))
    fixed = easily_split(demand, equal.kind, single, few=few - rows_had)
    if fixed.any():
        try:
            return _adjust_rows(equal, groups_of(equal.kind, single, ~fixed), most, had)
        except EffortError:
            raise  # with more rows it would take still more
        except ValueError:
            pass  # the other rows cannot keep the limits alone
    every = np.ones_like(fixed)
    return _adjust_rows(equal, groups_of(equal.kind, single, every), most, had)


def _adjust_rows(
    equal: Chances, groups: Groups, effort: int | None, had: _Ints | None
) -> Chances:
    demand = equal.demand
    if effort is not None and demand.eligible[groups.first].sum() > effort:
        msg = f"'demand' must have at most {effort} entries that have to be raked."
        raise EffortError(msg)
    table = equal.table(groups.first)
    row = np.searchsorted(groups.first, table.row)
    _, place = np.unique(
        demand.task[table.row] * len(demand.capacity) + table.officer,
        return_inverse=True,
    )
    most = np.zeros(int(place.max(initial=-1)) + 1, np.int64)
    most[place] = groups.times[row]
    seats = demand.seats[groups.first] * groups.times
    pairs = Pairs(row, table.officer, place, seats, most)
    held = equal.loads(np.flatnonzero(groups.group < 0))
    room = demand.capacity * UNIT - held
    if (room < 0).any():
        msg = "'capacity' must leave room for the rows that keep equal chances."
        raise ValueError(msg)
    officer, pool = table.officer, demand.pool[groups.first]
    share = seats / demand.eligible[groups.first]
    if had is None:
        limit = room / UNIT
    else:
        already = [Fraction(x, UNIT) for x in held.tolist()]
        loads = even_loads(
            pairs,
            [x + n for x, n in zip(already, had.tolist(), strict=True)],
            (demand.capacity + had).tolist(),
        )
        left = [load - x for load, x in zip(loads, already, strict=True)]
        limit = np.array(left, np.float64)
        # Rounded up, so that the rows can be filled; it is a matter of one unit.
        room = np.array([math.ceil(x * UNIT) for x in left], np.int64)
        # What somebody has is certain, and raked all the same.
        who = np.flatnonzero(had)
        behind, n = np.arange(len(who)), had[who]
        officer = np.concatenate((officer, who))
        row = np.concatenate((row, len(seats) + behind))
        place = np.concatenate((place, len(most) + behind))
        pool = np.concatenate((pool, len(demand.members) + behind))
        share, seats, most = (np.concatenate((x, n)) for x in (share, seats, most))
    problem = _Problem(
        row, officer, place, share[row], seats * UNIT, most * UNIT, room, limit
    )
    together = _solve(problem, pool, met=had is not None)
    return _with_rows(equal, groups, pairs, together[: len(pairs.row)])


class _Problem(NamedTuple):
    """Entries, and what their sums have to be."""

    row: _Places
    officer: _Places
    place: _Places
    equal: _Floats  # by entry
    fill: _Ints  # by row, in units: met exactly
    most: _Ints  # by place, in units: not passed
    room: _Ints  # by officer, in units: not passed
    limit: _Floats  # by officer: not passed, or met


def _solve(problem: _Problem, pool: _Places, *, met: bool) -> _Ints:
    full = np.ones(len(problem.room), np.bool_) if met else _is_full(problem)
    share, is_near = _rake(problem, full)
    chance = _settle(problem, share, pool)
    if is_near:
        return chance
    # Chances that the limits force are approached ever more slowly. They are
    # right once they are settled, and the others are raked without them.
    free = _is_free(problem, chance, met=met)
    if free.all():
        return chance
    rest = problem._replace(
        fill=problem.fill.copy(),
        most=problem.most.copy(),
        room=problem.room.copy(),
        limit=problem.limit.copy(),
    )
    forced = np.where(free, 0, chance)
    np.subtract.at(rest.fill, problem.row, forced)
    np.subtract.at(rest.most, problem.place, forced)
    np.subtract.at(rest.room, problem.officer, forced)
    np.subtract.at(rest.limit, problem.officer, forced / UNIT)
    rest = rest._replace(
        row=problem.row[free],
        officer=problem.officer[free],
        place=problem.place[free],
        equal=problem.equal[free],
    )
    share, _ = _rake(rest, full)
    chance[free] = _settle(rest, share, pool)
    return chance


def _is_full(problem: _Problem) -> npt.NDArray[np.bool_]:
    """Whose limits are all needed, with those of all whom they share rows with."""
    row, officers, n_rows = problem.row, problem.officer, len(problem.fill)
    component = strong_components(
        np.concatenate((row, n_rows + officers)).tolist(),
        np.concatenate((n_rows + officers, row)).tolist(),
        n_rows + len(problem.room),
    )
    left = np.zeros(int(component.max(initial=-1)) + 1, np.int64)
    np.add.at(left, component[n_rows:], problem.room)
    np.subtract.at(left, component[:n_rows], problem.fill)
    full: npt.NDArray[np.bool_] = left[component[n_rows:]] == 0
    return full


def _is_free(problem: _Problem, chance: _Ints, *, met: bool) -> npt.NDArray[np.bool_]:
    """Which entries differ in some other table that keeps the limits."""
    row, officer, place, _, fill, most, room, _ = problem
    n_rows, n_places, n_officers = len(fill), len(most), len(room)
    officer_of = np.empty(n_places, np.intp)
    officer_of[place] = officer
    in_place, load = np.zeros_like(most), np.zeros_like(room)
    np.add.at(in_place, place, chance)
    np.add.at(load, officer, chance)
    # Loads that are met cannot change; they are right to one unit each.
    none_ = n_officers if met else 0
    places, officers = n_rows + place, n_rows + n_places + np.arange(n_officers)
    held_by = n_rows + n_places + officer_of
    sink = np.full(n_officers, n_rows + n_places + n_officers)
    could_rise = np.full(n_officers, not met) & (load < room)
    could_fall = np.full(n_officers, not met) & (load > 0)
    arcs = [
        (row, places, np.ones(len(row), np.bool_)),
        (places, row, chance > none_),
        (n_rows + np.arange(n_places), held_by, in_place < most - none_),
        (held_by, n_rows + np.arange(n_places), in_place > none_),
        (officers, sink, could_rise),
        (sink, officers, could_fall),
    ]
    component = strong_components(
        np.concatenate([tail[is_open] for tail, _, is_open in arcs]).tolist(),
        np.concatenate([head[is_open] for _, head, is_open in arcs]).tolist(),
        n_rows + n_places + n_officers + 1,
    )
    free: npt.NDArray[np.bool_] = component[row] == component[places]
    return free


def _rake(problem: _Problem, full: npt.NDArray[np.bool_]) -> tuple[_Floats, bool]:
    """Scale rows, places and loads in turn until all are right."""
    row, officer, place, equal, fill, most, _, limit = problem
    u, g, f = np.ones(len(fill)), np.ones(len(most)), np.ones(len(limit))
    share, off = equal, math.inf
    for _ in range(min(SWEEPS, EFFORT // max(len(row), 1) + 1)):
        off = _scale(u, fill / UNIT, np.bincount(row, share, len(u)), free=True)
        share = equal * u[row] * f[officer] * g[place]
        in_place = np.bincount(place, share, len(g))
        off = max(off, _scale(g, most / UNIT, in_place, free=False))
        share = equal * u[row] * f[officer] * g[place]
        load = np.bincount(officer, share, len(f))
        off = max(off, _scale(f, limit, load, free=full))
        share = equal * u[row] * f[officer] * g[place]
        if off <= _NEAR or max(u.max(initial=0), f.max(initial=0)) > _WILD:
            break
    return share, off <= _NEAR


def _scale(
    factor: _Floats,
    right: _Floats,
    is_now: npt.NDArray[Any],
    *,
    free: npt.NDArray[np.bool_] | bool,
) -> float:
    """Scale *factor* in place; by how much was the worst sum off?"""
    quotient = np.ones_like(factor)
    np.divide(right, is_now, out=quotient, where=is_now > 0)
    scaled = factor * quotient
    scaled = np.where(free, scaled, np.minimum(scaled, 1.0))
    moved = scaled != factor
    factor[:] = scaled
    return float(np.abs(quotient[moved] - 1).max(initial=0.0))


def _settle(problem: _Problem, share: _Floats, pool: _Places) -> _Ints:
    """Whole units that fill every row and pass no limit."""
    row, officer, place, _, fill, most, limit, _ = problem
    for at, right in ((place, most), (officer, limit), (row, fill)):
        total = np.bincount(at, share, len(right))
        down = np.ones(len(right))
        np.divide(right / UNIT, total, out=down, where=total > right / UNIT)
        share = share * down[at]
    chance = np.floor(share * (UNIT * _SHRINK)).astype(np.int64)
    missing, place_room, room = fill.copy(), most.copy(), limit.copy()
    np.subtract.at(missing, row, chance)
    np.subtract.at(place_room, place, chance)
    np.subtract.at(room, officer, chance)
    starts = np.searchsorted(row, np.arange(len(fill) + 1)).tolist()
    stands: dict[int, int] = {}
    for r in np.flatnonzero(missing).tolist():
        at = np.arange(starts[r], starts[r + 1])
        behind = np.flatnonzero(officer[at] == stands.get(int(pool[r]), -1))
        turn = np.roll(at, -int(behind[0]) - 1) if behind.size else at
        while missing[r]:
            free = np.minimum(room[officer[turn]], place_room[place[turn]])
            if not free.any():
                break
            part = -(-missing[r] // np.count_nonzero(free))
            given = np.cumsum(np.minimum(free, part))
            given = np.diff(np.minimum(given, missing[r]), prepend=0)
            chance[turn] += given
            room[officer[turn]] -= given
            place_room[place[turn]] -= given
            missing[r] -= given.sum()
            stands[int(pool[r])] = int(officer[turn[np.flatnonzero(given)[-1]]])
    if missing.any():
        chance += _carry(problem, chance, missing, room)
    return chance


def _carry(problem: _Problem, chance: _Ints, missing: _Ints, room: _Ints) -> _Ints:
    """Gain of every entry when rows get what they miss along the fewest entries."""
    row, officer, place, _, fill, most, _, _ = problem
    n_rows, n_places = len(fill), len(most)
    officer_of = np.zeros(n_places, np.intp)
    officer_of[place] = officer
    in_place = np.zeros_like(most)
    np.add.at(in_place, place, chance)
    rounds = max(ROUNDS, CARRIED // (len(row) + n_places))
    change = carry(
        np.concatenate((row, n_rows + np.arange(n_places))).tolist(),
        np.concatenate((n_rows + place, n_rows + n_places + officer_of)).tolist(),
        rise=np.concatenate((most[place] - chance, most - in_place)).tolist(),
        fall=np.concatenate((chance, in_place)).tolist(),
        supply=[*missing.tolist(), *([0] * (n_places + len(room)))],
        demand=[*([0] * (n_rows + n_places)), *room.tolist()],
        rounds=rounds,
    )
    stuck = Fraction(sum(change.stuck), UNIT)
    if stuck and change.rounds == rounds:
        msg = (
            f"'capacity' must leave ways for all seats (after {rounds} rounds {stuck})."
        )
        raise EffortError(msg)
    if stuck:
        msg = (
            f"'capacity' must leave room for all seats (got {stuck} of a seat that "
            "nobody can take). Find out first whether the seats can be filled."
        )
        raise ValueError(msg)
    return np.array(change.along[: len(row)], np.int64)


def _with_rows(
    equal: Chances, groups: Groups, pairs: Pairs, together: _Ints
) -> Chances:
    """Share out what the rows of each group have together."""
    kind = equal.kind.copy()
    n_kinds = int(kind.max(initial=-1)) + 1
    by_group = np.argsort(groups.group, kind="stable")
    by_group = by_group[np.count_nonzero(groups.group < 0) :]
    stops = np.cumsum(groups.times)
    starts = np.searchsorted(pairs.row, np.arange(len(stops) + 1))
    columns = [equal.adjusted]  # which is empty
    for g, n in enumerate(groups.times.tolist()):
        rows = by_group[stops[g] - n : stops[g]]
        a, b = starts[g], starts[g + 1]
        for alike, chance in _share_out(together[a:b], n):
            kind[rows[alike]] = n_kinds
            columns.append(Table(np.full(b - a, n_kinds), pairs.officer[a:b], chance))
            n_kinds += 1
    table = Table(*(np.concatenate(column) for column in zip(*columns, strict=True)))
    return equal.with_table(kind, table)


def _share_out(units: _Ints, n: int) -> list[tuple[slice, _Ints]]:
    """Rows of a group that have the same chances, and these."""
    if n == 1:
        return [(slice(0, 1), units)]
    each, over = np.divmod(units, n)
    first = np.argsort(-over, kind="stable")
    first = first[(over[first] > 0) & (each[first] >= n)][: over.sum() // n]
    chance = each.copy()
    chance[first] += 1
    last = units - (n - 1) * chance
    if (last == chance).all():
        return [(slice(0, n), chance)]
    if chance.sum() == last.sum() and last.min() >= 0 and last.max() <= UNIT:
        return [(slice(0, n - 1), chance), (slice(n - 1, n), last)]
    turn = np.arange(over.sum()) % n
    more = np.zeros((n, len(units)), np.int64)
    more[turn, np.repeat(np.arange(len(units)), over)] = 1
    return [(slice(j, j + 1), each + more[j]) for j in range(n)]
