"""
The most equal loads that are possible.

Loads are compared from the largest down: the largest is as small as can be,
then the next largest, and so on.  Exactly one vector of loads is the best in
this sense, and it also has the least sum of squares.  It is found in exact
fractions, level by level: the least bound that all seats can be filled under
is met by everybody on the near side of a least cut, and the others are
levelled further under it.
"""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.components import strong_components
from dsgk.kernels.transport import carry


__all__ = ["Pairs", "even_loads"]


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


def _level(pairs: Pairs, held: list[Fraction], capacity: list[int]) -> list[Fraction]:
    officers = range(len(capacity))
    loads: dict[int, Fraction] = {}
    total = Fraction(int(pairs.seats.sum()))
    while len(loads) < len(capacity):
        free = [i for i in officers if i not in loads]
        taken = sum((loads[i] - held[i] for i in loads), Fraction(0))
        bound = _water_level(total - taken, [(held[i], capacity[i]) for i in free])
        near = free
        while True:
            room = [
                loads[i] - held[i]
                if i in loads
                else _depth(bound, held[i], capacity[i])
                for i in officers
            ]
            missing, reached = _fill(pairs, room)
            if not missing:
                break
            near = [i for i in free if reached[i]]
            bound = _water_level(
                sum((room[i] for i in near), missing),
                [(held[i], capacity[i]) for i in near],
            )
        loads |= {i: held[i] + _depth(bound, held[i], capacity[i]) for i in near}
    return [loads[i] for i in officers]


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


def _fill(pairs: Pairs, room: list[Fraction]) -> tuple[Fraction, list[bool]]:
    """Seats that stay empty within *room*, and which officers could hold more."""
    scale = math.lcm(*(x.denominator for x in room))
    n_rows, n_officers = len(pairs.seats), len(room)
    times = np.bincount(pairs.place)
    shared = np.flatnonzero(times > 1)
    node = np.full(len(times), -1, np.intp)
    node[shared] = n_rows + n_officers + np.arange(len(shared))
    officer_of = np.empty(len(times), np.intp)
    officer_of[pairs.place] = n_rows + pairs.officer
    head = np.where(times[pairs.place] > 1, node[pairs.place], n_rows + pairs.officer)
    most = [int(x) * scale for x in [*pairs.most[pairs.place], *pairs.most[shared]]]
    change = carry(
        [*pairs.row.tolist(), *node[shared].tolist()],
        [*head.tolist(), *officer_of[shared].tolist()],
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
    )
    reached = change.reached[n_rows : n_rows + n_officers]
    return Fraction(sum(change.stuck), scale), reached
