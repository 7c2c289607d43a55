"""Chances as near to equal as limits allow."""

import random

import numpy as np
import pytest
import scale
from scipy.optimize import LinearConstraint, minimize
from tables import check_whole, demand_of, deviation, matrices, random_demand

from dsgk.kernels import raking
from dsgk.kernels.chances import UNIT, Demand, overfull
from dsgk.kernels.raking import nearest_chances


CASES = scale.of(40, 400)


def optimum(demand):
    """The table of least relative entropy, by SciPy."""
    by_row, limited, most = matrices(demand)
    share = (demand.seats / demand.eligible)[demand.row]
    found = minimize(
        lambda x: float(np.sum(x * np.log(np.maximum(x, 1e-300) / share) - x)),
        share,
        jac=lambda x: np.log(np.maximum(x, 1e-12) / share),
        method="trust-constr",
        bounds=[(1e-12, 1)] * len(share),
        constraints=[
            LinearConstraint(by_row, demand.seats, demand.seats),
            LinearConstraint(limited, -np.inf, most),
        ],
        options={"gtol": 1e-10, "xtol": 1e-12, "maxiter": 3000},
    )
    return found.x


@pytest.mark.scaled
@pytest.mark.parametrize("seed", range(4))
def test_the_table_has_its_plain_form_within_three_units(seed):
    """Factors say all; who has room left has the factor 1."""
    chance = random.Random(seed)  # noqa: S311
    done = 0
    while done < CASES // 4:
        made = random_demand(chance)
        if made is None or not any(part.size for part in overfull(made[0])):
            continue
        done += 1
        demand, _ = made
        units, raked = nearest_chances(demand)

        check_whole(demand, units)
        assert deviation(demand, units, raked) <= 3
        left = demand.room * UNIT - demand.loads(units)
        factor = raked.officers.mantissa * 2.0**raked.officers.exponent
        assert (factor <= 1).all()
        assert (factor[left > len(demand.seats)] == 1).all()


def test_the_table_is_the_convex_optimum():
    """Bars, two rows of a unit that share officers, a capacity, a certain one."""
    rows = [
        (0, 1, [0, 1, 2]),
        (0, 1, [0, 1, 2, 3, 4]),
        (1, 2, [0, 2, 3, 4]),
        (2, 2, [0, 1, 3]),
        (3, 2, [1, 2, 3, 4]),
    ]
    demand = demand_of(rows, 5, room=[1, 2, 4, 4, 4])

    units, _ = nearest_chances(demand)

    assert np.abs(units / UNIT - optimum(demand)).max() < 1e-5


def test_what_the_limits_force_is_certain_or_nothing():
    """Officer 0 is needed where nobody else can go; a chain of such follows."""
    rows = [(0, 1, [0]), (1, 1, [0, 1]), (2, 1, [1, 2]), (3, 2, [2, 3, 4])]
    demand = demand_of(rows, 5, room=[1, 1, 1, 4, 4])

    units, _ = nearest_chances(demand)

    assert (units / UNIT).tolist() == [1, 0, 1, 0, 1, 0, 1, 1]


def test_limits_that_nobody_can_keep_are_refused():
    """Three seats for room for two."""
    demand = demand_of([(n, 1, [0, 1]) for n in range(3)], 2, room=[1, 1])

    with pytest.raises(ValueError, match=r"got 1 of a seat that nobody can take"):
        nearest_chances(demand)


@pytest.mark.scaled
@pytest.mark.parametrize("n_rows", scale.of([600, 613], [599, 600, 613, 2000]))
def test_a_third_of_the_officers_at_their_capacity(n_rows):
    """Below, at and above the 60,000 pairs at which the table once changed."""
    rng = np.random.default_rng(n_rows)
    n = 100
    barred = [(r, i) for r in range(n_rows) for i in rng.choice(n, 2, replace=False)]
    mean = 2 * n_rows / n
    demand = Demand.of(
        range(n_rows),
        [0] * n_rows,
        [2] * n_rows,
        members=[range(n)],
        barred=barred,
        room=[int(mean * 0.8)] * 33 + [n_rows] * 67,
    )

    units, raked = nearest_chances(demand)

    check_whole(demand, units)
    rows, officers = (
        f.mantissa * 2.0**f.exponent for f in (raked.rows, raked.officers)
    )
    form = np.minimum(1, rows[demand.row] * officers[demand.officer]) * UNIT
    assert np.abs(form - units).max() < 3
    # The conditions of the convex optimum (Karush, Kuhn and Tucker).
    assert (officers[33:] == 1).all()
    assert (officers[:33] < 1).all()
    assert (demand.loads(units)[:33] >= demand.room[:33] * UNIT - 1).all()


def test_steps_that_are_too_few_are_taken_again(monkeypatch):
    """The system of each step need not be solved; the next one goes on from there."""
    chance = random.Random(3)  # noqa: S311
    made = filter(None, (random_demand(chance) for _ in range(300)))
    demand = next(d for d, _ in made if any(part.size for part in overfull(d)))
    units, _ = nearest_chances(demand)
    monkeypatch.setattr(raking, "_STEPS", 1)

    again, _ = nearest_chances(demand)

    assert np.abs(again - units).max() <= 3
