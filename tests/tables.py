"""Tables of chances for tests of kernels, and what must hold of them."""

from fractions import Fraction

import numpy as np
from scipy.optimize import linprog

from dsgk.kernels.chances import UNIT, Demand


def demand_of(rows, n_officers, room=None):
    """Rows as (unit, seats, officers); for each a pool of its own."""
    units = [unit for unit, _, _ in rows]
    return Demand.of(
        units,
        range(len(rows)),
        [seats for _, seats, _ in rows],
        members=[members for _, _, members in rows],
        barred=[],
        room=[len(set(units))] * n_officers if room is None else room,
    )


def random_demand(chance):
    """Some rows of a few units, and what officers have already; None if unlucky."""
    n, n_units = chance.randint(2, 8), chance.randint(1, 7)
    pools = [
        chance.sample(range(n), chance.randint(1, n))
        for _ in range(chance.randint(1, 3))
    ]
    rows = []
    for unit in range(n_units):
        away = {i for i in range(n) if chance.random() < 0.2}
        for pool in sorted(
            chance.sample(range(len(pools)), chance.randint(1, len(pools)))
        ):
            members = [i for i in pools[pool] if i not in away]
            seats = chance.randint(1, 3)
            if len(members) < seats:
                return None
            rows.append((unit, seats, members))
    room = [min(n_units, chance.randint(1, n_units + 2)) for _ in range(n)]
    had = [chance.choice([0, 0, 1, 2]) for _ in range(n)]
    demand = demand_of(rows, n, room)
    if (demand.eligible < demand.seats).any():
        return None
    return (demand, had) if can_be_filled(demand) else None


def matrices(demand):
    """Sums of rows, and of places and officers, as matrices over the entries."""
    n = len(demand.row)
    n_places = int(demand.place.max()) + 1
    by_row = np.zeros((len(demand.seats), n))
    by_row[demand.row, np.arange(n)] = 1
    limited = np.zeros((n_places + len(demand.room), n))
    limited[demand.place, np.arange(n)] = 1
    limited[n_places + demand.officer, np.arange(n)] = 1
    return by_row, limited, np.concatenate((np.ones(n_places), demand.room))


def can_be_filled(demand):
    by_row, limited, most = matrices(demand)
    zero = np.zeros(by_row.shape[1])
    return linprog(zero, limited, most, by_row, demand.seats, bounds=(0, 1)).status == 0


def check_whole(demand, units, most=None):
    """Rows are filled, and nobody has more than their room, or than certainty."""
    assert (units >= 0).all()
    assert (np.bincount(demand.row, units) == demand.seats * UNIT).all()
    assert (demand.in_place(units) <= UNIT).all()
    room = demand.room * UNIT if most is None else most
    assert (demand.loads(units) <= room).all()


def deviation(demand, units, raked):
    """By how many units the entry is off that is furthest from its factors."""

    def exact(factors):
        return [
            Fraction(m) * Fraction(2) ** e
            for m, e in zip(
                factors.mantissa.tolist(), factors.exponent.tolist(), strict=True
            )
        ]

    rows, officers = exact(raked.rows), exact(raked.officers)
    total = {}
    for r, p in zip(demand.row.tolist(), demand.place.tolist(), strict=True):
        total[p] = total.get(p, 0) + rows[r]
    return max(
        abs(UNIT * rows[r] * officers[i] / max(1, officers[i] * total[p]) - u)
        for r, i, p, u in zip(
            demand.row.tolist(),
            demand.officer.tolist(),
            demand.place.tolist(),
            units.tolist(),
            strict=True,
        )
    )
