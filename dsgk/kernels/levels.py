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
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from dsgk.kernels.chances import Demand, equal_chances
from dsgk.kernels.transport import carry


__all__ = ["even_loads"]


def even_loads(demand: Demand) -> list[Fraction]:
    """
    The most equal loads that fill all seats within the capacities.

    Args:
        demand: Which seats there are, and whom they are open to.

    Returns:
        [one fraction per officer] In seats.

    Raises:
        ValueError: No staffing keeps the capacities.

    Examples:
        Two tasks are open to all three, a third to the first one alone:

        >>> demand = Demand.of(
        ...     [0, 1, 2],
        ...     [0, 0, 1],
        ...     [1, 1, 2],
        ...     members=[[0, 1, 2], [0, 3]],
        ...     barred=[],
        ...     capacity=[9, 9, 9, 9],
        ... )
        >>> [str(load) for load in even_loads(demand)]
        ['1', '1', '1', '1']
    """
    network = _network(demand)
    capacity: list[int] = demand.capacity.tolist()
    loads: dict[int, Fraction] = {}
    while len(loads) < len(capacity):
        free = [i for i in range(len(capacity)) if i not in loads]
        rest = sum(network.seats) - sum(loads.values(), Fraction(0))
        bound = _water_level(rest, [capacity[i] for i in free])
        near = free
        while True:
            limits = [
                loads.get(i, min(bound, Fraction(c))) for i, c in enumerate(capacity)
            ]
            missing, reached = _fill(network, limits)
            if not missing:
                break
            near = [i for i in free if reached[i] and capacity[i] >= bound]
            lifted = sum(capacity[i] > bound for i in near)
            if not lifted:
                raise ValueError(_cannot(missing))
            bound += missing / lifted
        loads |= {i: min(bound, Fraction(capacity[i])) for i in near}
    return [loads[i] for i in range(len(capacity))]


class _Network(NamedTuple):
    """Rows first, alike ones as one, then officers, then officers in a task."""

    seats: list[int]  # by row
    tail: list[int]
    head: list[int]
    room: list[int]
    n_nodes: int


def _network(demand: Demand) -> _Network:
    n_officers = len(demand.capacity)
    table = equal_chances(demand).table()
    key = demand.task[table.row] * n_officers + table.officer
    _, place, counts = np.unique(key, return_inverse=True, return_counts=True)
    is_shared = counts[place] > 1
    has_shared = np.zeros(len(demand.seats), np.bool_)
    has_shared[table.row[is_shared]] = True
    numbers: dict[object, int] = {}
    number = np.zeros(len(demand.seats), np.intp)
    first = np.zeros(len(demand.seats), np.bool_)
    for r, p in enumerate(demand.pool.tolist()):
        bars = demand.bar_place[demand.bar_start[r] : demand.bar_start[r + 1]]
        kind = r if has_shared[r] else (p, bars.tobytes())
        first[r] = kind not in numbers
        number[r] = numbers.setdefault(kind, len(numbers))
    n_rows = len(numbers)
    seats = np.zeros(n_rows, np.int64)
    np.add.at(seats, number, demand.seats)
    times = np.bincount(number, minlength=n_rows)
    entry = first[table.row]
    tail = number[table.row[entry]]
    officer, shared = table.officer[entry], is_shared[entry]
    in_task, places = np.unique(place[entry][shared], return_inverse=True)
    head = n_rows + officer
    head[shared] = n_rows + n_officers + places
    officer_of = np.empty(len(in_task), np.intp)
    officer_of[places] = officer[shared]
    return _Network(
        seats.tolist(),
        [
            *tail.tolist(),
            *range(n_rows + n_officers, n_rows + n_officers + len(in_task)),
        ],
        [*head.tolist(), *(n_rows + officer_of).tolist()],
        [*times[tail].tolist(), *([1] * len(in_task))],
        n_rows + n_officers + len(in_task),
    )


def _fill(network: _Network, limits: list[Fraction]) -> tuple[Fraction, list[bool]]:
    """Seats that stay empty under *limits*, and which officers could hold more."""
    scale = math.lcm(*(limit.denominator for limit in limits))
    n_rows = len(network.seats)
    last = network.n_nodes - n_rows
    change = carry(
        network.tail,
        network.head,
        rise=[room * scale for room in network.room],
        fall=[0] * len(network.room),
        supply=[*(n * scale for n in network.seats), *([0] * last)],
        demand=[
            *([0] * n_rows),
            *(int(limit * scale) for limit in limits),
            *([0] * (last - len(limits))),
        ],
    )
    return Fraction(sum(change.stuck), scale), change.reached[n_rows:]


def _water_level(amount: Fraction, depths: list[int]) -> Fraction:
    """Least level with ``sum(min(level, depth)) >= amount``."""
    level, rest = Fraction(0), amount
    deeper = len(depths)
    for depth in sorted(depths):
        if (depth - level) * deeper >= rest:
            return level + rest / deeper
        rest -= (depth - level) * deeper
        level = Fraction(depth)
        deeper -= 1
    raise ValueError(_cannot(rest))


def _cannot(missing: Fraction) -> str:
    return (
        f"'capacity' must leave room for all seats (got {missing} too few). "
        "Find out first whether the seats can be filled."
    )
