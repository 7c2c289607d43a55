"""The most equal loads, and chances that have them."""

import random
from fractions import Fraction

import numpy as np
import pytest
import scale
from scipy.optimize import LinearConstraint, linprog, minimize
from tables import check_whole, demand_of, deviation, matrices, random_demand

from dsgk.kernels.chances import UNIT, Demand
from dsgk.kernels.levels import even_chances, even_loads


CASES = scale.of(40, 600)


def least_squares(demand, had):
    """Loads of the least sum of squares, by SciPy."""
    by_row, limited, most = matrices(demand)
    n = by_row.shape[1]
    load = np.zeros((len(had), n))
    load[demand.officer, np.arange(n)] = 1
    start = linprog(np.zeros(n), limited, most, by_row, demand.seats, bounds=(0, 1)).x
    found = minimize(
        lambda x: float(((load @ x + had) ** 2).sum()),
        start,
        jac=lambda x: 2 * load.T @ (load @ x + had),
        method="SLSQP",
        bounds=[(0, 1)] * n,
        constraints=[
            {"type": "eq", "fun": lambda x: by_row @ x - demand.seats},
            {"type": "ineq", "fun": lambda x: most - limited @ x},
        ],
        options={"maxiter": 500, "ftol": 1e-13},
    )
    return load @ found.x + had


@pytest.mark.scaled
@pytest.mark.parametrize("seed", range(4))
def test_loads_are_those_of_least_squares_and_the_table_has_them(seed):
    """In exact fractions, each load rounded down or up to the last unit."""
    chance = random.Random(seed)  # noqa: S311
    done = 0
    while done < CASES // 4:
        made = random_demand(chance)
        if made is None:
            continue
        done += 1
        demand, had = made
        loads = even_loads(demand, had)

        best = least_squares(demand, np.array(had))
        assert max(abs(float(a) - b) for a, b in zip(loads, best, strict=True)) < 2e-4
        units, raked = even_chances(demand, had)
        wanted = [(x - n) * UNIT for x, n in zip(loads, had, strict=True)]
        check_whole(
            demand, units, most=np.array([-(-x // 1) for x in wanted], np.int64)
        )
        off = [x - int(n) for x, n in zip(wanted, demand.loads(units), strict=True)]
        assert all(abs(x) < 1 for x in off)
        assert deviation(demand, units, raked) <= 3


def test_several_levels_come_out_by_cuts_that_seats_cross():
    """Two rows of one unit share an officer; an earlier load lifts another."""
    rows = [
        (0, 1, [0, 1]),
        (0, 1, [1, 2]),
        (1, 2, [0, 1, 2, 3]),
        (2, 1, [0]),
        (3, 1, [0]),
    ]
    demand = demand_of(rows, 4)

    loads = even_loads(demand, [0, 0, 3, 0])

    assert [str(x) for x in loads] == ["3", "2", "3", "1"]
    best = least_squares(demand, np.array([0, 0, 3, 0]))
    assert np.allclose([float(x) for x in loads], best, atol=1e-4)


def test_capacities_hold_down_levels():
    """Who has no room for the common level stays below it."""
    demand = demand_of([(n, 1, [0, 1, 2]) for n in range(6)], 3, room=[1, 6, 6])

    assert even_loads(demand, [0, 0, 0]) == [1, Fraction(5, 2), Fraction(5, 2)]
    with pytest.raises(ValueError, match="got 3 too few"):
        even_loads(
            demand_of([(n, 1, [0, 1, 2]) for n in range(6)], 3, room=[1, 1, 1]),
            [0, 0, 0],
        )


def entropy(demand, units):
    share = (demand.seats / demand.eligible)[demand.row]
    x = units / UNIT
    return float(np.sum(x * np.log(np.maximum(x, 1e-300) / share)))


def test_the_table_is_the_nearest_to_equal_of_those_with_the_loads():
    """Against SciPy."""
    rows = [(0, 2, [0, 1, 2]), (1, 2, [1, 2, 3]), (2, 1, [0, 3]), (3, 2, [0, 1, 2, 3])]
    demand = demand_of(rows, 4)
    units, _ = even_chances(demand, [0, 1, 0, 0])
    by_row, limited, _ = matrices(demand)
    loads = demand.loads(units) / UNIT
    share = (demand.seats / demand.eligible)[demand.row]
    n = len(share)
    found = minimize(
        lambda x: float(np.sum(x * np.log(x / share) - x)),
        np.clip(units / UNIT, 1e-3, 1 - 1e-3),
        jac=lambda x: np.log(x / share),
        method="trust-constr",
        bounds=[(1e-9, 1)] * n,
        constraints=[
            LinearConstraint(by_row, demand.seats, demand.seats),
            LinearConstraint(limited[-4:-1], loads[:-1], loads[:-1]),
        ],
        options={"gtol": 1e-9, "maxiter": 2000},
    )

    assert np.abs(found.x - units / UNIT).max() < 2e-4


@pytest.mark.scaled
@pytest.mark.parametrize("n_rows", scale.of([600, 613], [599, 600, 613, 1300]))
def test_one_with_an_earlier_load_is_levelled_whatever_the_size(n_rows):
    """Half of the tasks barred to three each: all have the same in the end."""
    rng = np.random.default_rng(n_rows)
    n, had = 100, [n_rows // 65, *[0] * 99]
    barred = [
        (r, i)
        for r in range(0, n_rows, 2)
        for i in set(range(n)) - set(rng.choice(n, 3, replace=False).tolist())
    ]
    demand = Demand.of(
        range(n_rows), [0] * n_rows, [2] * n_rows,
        members=[range(n)], barred=barred, room=[n_rows] * n,
    )  # fmt: skip

    units, raked = even_chances(demand, had)

    loads = demand.loads(units) + np.array(had) * UNIT
    assert np.ptp(loads) <= 1
    rows, officers = (
        f.mantissa * 2.0**f.exponent for f in (raked.rows, raked.officers)
    )
    form = np.minimum(1, rows[demand.row] * officers[demand.officer]) * UNIT
    assert np.abs(form - units).max() < 3
