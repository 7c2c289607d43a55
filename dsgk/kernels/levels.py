"""
The most equal loads that are possible.

Loads are compared from the largest down: the largest is as small as can be,
then the next largest, and so on.  Exactly one vector of loads is the best in
this sense, and it also has the least sum of squares.  It is found in exact
fractions, by dividing: if all could be on one level, they are.  Otherwise
whoever is on the near side of a least cut has more than that and the others
have less, and what crosses the cut is certain, so that each side is levelled
by itself.
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.components import strong_components
from dsgk.kernels.transport import EffortError, carry


__all__ = ["EFFORT", "Pairs", "even_loads"]

EFFORT = 10_000_000
"""Most pairs that are looked at, in all rounds, to level those who share rows."""

_Flags = npt.NDArray[np.bool_]


class Pairs(NamedTuple):
    """
    Who may have seats of what.

    Attributes:
        row: [(n,) intp, ascending] Row of each pair; a row may stand for
            several alike ones.
        officer: [(n,) intp] Officer of each pair.
        place: [(n,) intp] Number of the officer's place in a task, the same
            in all rows of the task, without gaps.
        seats: [(rows,) int64] Seats of each row in all.
        most: [(places,) int64] Most seats in each place.
    """

    row: npt.NDArray[np.intp]
    officer: npt.NDArray[np.intp]
    place: npt.NDArray[np.intp]
    seats: npt.NDArray[np.int64]
    most: npt.NDArray[np.int64]


def even_loads(
    pairs: Pairs, held: Sequence[Fraction], capacity: Sequence[int]
) -> list[Fraction]:
    """
    The most equal loads that fill all seats within the capacities.

    Args:
        pairs: Who may have seats of what.
        held: [one fraction >= 0 per officer] What everybody has already.
        capacity: [one int >= 0 per officer] Most seats, those held included.

    Returns:
        [one fraction per officer] Seats in all, those held included.

    Raises:
        ValueError: The seats cannot be filled within the capacities.
        EffortError: It takes more than `EFFORT` to find out.

    Examples:
        One task is open to officers 0 and 1, two to 1 and 2:

        >>> pairs = Pairs(*map(np.array, ([0, 0, 1, 1], [0, 1, 1, 2], range(4))),
        ...               seats=np.array([1, 2]), most=np.array([1, 1, 2, 2]))
        >>> [str(x) for x in even_loads(pairs, [Fraction(0)] * 3, [9, 9, 9])]
        ['1', '1', '1']
        >>> [str(x) for x in even_loads(pairs, [Fraction(0)] * 3, [9, 9, 1])]
        ['1', '1', '1']
    """
    loads = list(held)
    for part, officers in _parts(pairs, len(capacity)):
        levelled = _level(
            part, [held[i] for i in officers], [capacity[i] for i in officers]
        )
        for i, load in zip(officers, levelled, strict=True):
            loads[i] = load
    return loads


def _parts(pairs: Pairs, n_officers: int) -> Iterator[tuple[Pairs, list[int]]]:
    """Rows that share officers, directly or through others, and these officers."""
    n_rows = len(pairs.seats)
    ends = pairs.row, n_rows + pairs.officer
    component = strong_components(
        np.concatenate(ends).tolist(),
        np.concatenate(ends[::-1]).tolist(),
        n_rows + n_officers,
    )
    for number in dict.fromkeys(component[:n_rows].tolist()):
        rows = np.flatnonzero(component[:n_rows] == number)
        officers = np.flatnonzero(component[n_rows:] == number)
        mine = component[pairs.row] == number
        places, place = np.unique(pairs.place[mine], return_inverse=True)
        part = Pairs(
            np.searchsorted(rows, pairs.row[mine]),
            np.searchsorted(officers, pairs.officer[mine]),
            place,
            pairs.seats[rows],
            pairs.most[places],
        )
        yield part, officers.tolist()


class _Side(NamedTuple):
    """
    Pairs on one side of all cuts so far, rows and places numbered anew.

    Sinks are who takes the seats of the rows: an officer, or a place whose
    officer is on another side, which then takes a certain number of seats.

    Attributes:
        pairs: Who may have seats of what; a sink stands for an officer.
        officer: [one int per sink] Officer, or -1.
        held: [one fraction per sink] What an officer has already, on whatever
            side.
        certain: [one int per sink] How many seats a place takes.
    """

    pairs: Pairs
    officer: list[int]
    held: list[Fraction]
    certain: list[int]


def _level(pairs: Pairs, held: list[Fraction], capacity: list[int]) -> list[Fraction]:
    loads = list(held)
    n = len(capacity)
    sides = [_Side(pairs, list(range(n)), held, [0] * n)]
    left = EFFORT
    while sides:
        side = sides.pop()
        basins = [
            (ground, capacity[i])
            for i, ground in zip(side.officer, side.held, strict=True)
            if i >= 0
        ]
        amount = Fraction(int(side.pairs.seats.sum()) - sum(side.certain))
        level = _water_level(amount, basins)
        room = [
            _depth(level, ground, capacity[i]) if i >= 0 else Fraction(certain)
            for i, ground, certain in zip(*side[1:], strict=True)
        ]
        missing, reached, effort = _fill(side.pairs, room, left)
        left -= effort
        if not missing:
            for i, ground, depth in zip(side.officer, side.held, room, strict=True):
                if i >= 0:
                    loads[i] = ground + depth
        elif left <= 0:
            msg = (
                f"'pairs' must be levelled when {EFFORT} were looked at (not all are)."
            )
            raise EffortError(msg)
        else:
            sides += _divided(side, *reached)
    return loads


def _divided(
    side: _Side, near_row: _Flags, near_sink: _Flags, near_place: _Flags
) -> tuple[_Side, _Side]:
    """Part what is on the near side of a least cut from the rest."""
    row, sink, place, seats, most = side.pairs
    from_near, to_near, ends_near = near_row[row], near_place[place], near_sink[sink]
    # What crosses the cut is used up, and nothing comes back.
    crossing = np.flatnonzero(from_near & ~to_near)
    full = np.zeros(len(most), np.bool_)
    full[place[crossing]] = True
    far = ~from_near & ~to_near & ~ends_near & ~full[place]
    near = from_near & to_near
    left = seats.copy()
    np.subtract.at(left, row[crossing], most[place[crossing]])
    # Whoever of the near rows has them, places of far officers are full: on the
    # near side they are sinks of their own.
    ends = near & ~ends_near
    places, first, own = np.unique(place[ends], return_index=True, return_inverse=True)
    held, certain = list(side.held), list(side.certain)
    for k in [*crossing.tolist(), *np.flatnonzero(ends)[first].tolist()]:
        taken = int(most[place[k]])
        if side.officer[sink[k]] >= 0:
            held[sink[k]] += taken
        else:
            certain[sink[k]] -= taken
    new_sink, new_place = sink.copy(), place.copy()
    new_sink[ends] = len(held) + own
    new_place[ends] = len(most) + np.arange(len(own))
    pairs = Pairs(
        row, new_sink, new_place, left, np.concatenate((most, most[places][own]))
    )
    n = len(places)
    whole = _Side(
        pairs,
        [*side.officer, *([-1] * n)],
        [*held, *([Fraction(0)] * n)],
        [*certain, *most[places].tolist()],
    )
    is_near = np.concatenate((near_sink, np.ones(n, np.bool_)))
    return _only(whole, near_row, is_near, near), _only(whole, ~near_row, ~is_near, far)


def _only(side: _Side, rows: _Flags, sinks: _Flags, those: _Flags) -> _Side:
    """Take some of the rows, sinks and pairs, and number them anew."""
    row, sink, place, seats, most = side.pairs
    places, place = np.unique(place[those], return_inverse=True)
    pairs = Pairs(
        (np.cumsum(rows) - 1)[row[those]],
        (np.cumsum(sinks) - 1)[sink[those]],
        place,
        seats[rows],
        most[places],
    )
    here = np.flatnonzero(sinks).tolist()
    return _Side(
        pairs,
        [side.officer[k] for k in here],
        [side.held[k] for k in here],
        [side.certain[k] for k in here],
    )


def _depth(level: Fraction, ground: Fraction, brim: int) -> Fraction:
    """How much is above *ground* when water stands at *level*, up to *brim*."""
    return max(min(level, Fraction(brim)) - ground, Fraction(0))


def _water_level(amount: Fraction, basins: list[tuple[Fraction, int]]) -> Fraction:
    """Least level at which the basins, from ground to brim, hold *amount*."""
    # At a ground one basin more begins to fill, at a brim one less goes on.
    bends = sorted(
        (height, step)
        for ground, brim in basins
        if ground < brim
        for height, step in ((ground, 1), (Fraction(brim), -1))
    )
    level, filling, rest = Fraction(0), 0, amount
    for height, step in bends:
        if (height - level) * filling >= rest:
            break
        rest -= (height - level) * filling
        level = height
        filling += step
    if rest and not filling:
        msg = (
            f"'capacity' must leave room for all seats (got {rest} too few). "
            "Find out first whether the seats can be filled."
        )
        raise ValueError(msg)
    return level + rest / max(filling, 1)


def _fill(
    pairs: Pairs, room: list[Fraction], most_effort: int
) -> tuple[Fraction, tuple[_Flags, _Flags, _Flags], int]:
    """Seats that stay empty within *room*, the near side of a cut, and the effort."""
    scale = math.lcm(*(x.denominator for x in room))
    n_rows, n_officers = len(pairs.seats), len(room)
    times = np.bincount(pairs.place)
    shared = np.flatnonzero(times > 1)
    node = np.full(len(times), -1, np.intp)
    node[shared] = n_rows + n_officers + np.arange(len(shared))
    officer_of = np.empty(len(times), np.intp)
    officer_of[pairs.place] = n_rows + pairs.officer
    node = np.where(node < 0, officer_of, node)
    most = [int(x) * scale for x in [*pairs.most[pairs.place], *pairs.most[shared]]]
    change = carry(
        [*pairs.row.tolist(), *node[shared].tolist()],
        [*node[pairs.place].tolist(), *officer_of[shared].tolist()],
        rise=most,
        fall=[0] * len(most),
        supply=[
            *(int(n) * scale for n in pairs.seats),
            *([0] * (n_officers + len(shared))),
        ],
        demand=[
            *([0] * n_rows),
            *(int(x * scale) for x in room),
            *([0] * len(shared)),
        ],
        rounds=most_effort // max(len(most), 1) + 1,
    )
    reached = np.array(change.reached, np.bool_)
    near = reached[:n_rows], reached[n_rows : n_rows + n_officers], reached[node]
    effort = change.rounds * len(most) + 1
    return Fraction(sum(change.stuck), scale), near, effort
