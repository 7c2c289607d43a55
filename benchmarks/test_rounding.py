"""
Stating chances and drawing with exactly these, against SciPy's maximum flow.

The flow is on the graph of all pairs and gives one staffing, with no chances
at all; it is what a user would write otherwise.  Teams of two, 30 % of the
visits joint, five bars for each officer.  *few bars*: capacities do not bind;
*tight*: they are exactly what one hidden staffing uses; *even*: loads are as
equal as can be; *60 % barred*: of the tasks, one officer each.  The largest
graph has 80 million edges and is run by ``pytest benchmarks -m campaign`` alone.
"""

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from dsgk.kernels.chances import UNIT, Demand
from dsgk.kernels.dealing import deal, plan_lots
from dsgk.kernels.raking import even_chances, nearest_chances
from dsgk.kernels.rounding import round_table
from dsgk.kernels.shake import Shake


SIZES = [(1_000, 100), (10_000, 500), (100_000, 5_000)]
CASES = ["few bars", "tight", "even", "60 % barred"]
DEPARTMENTS = 6


def district(n_tasks, n_officers, case):
    rng = np.random.default_rng(1)
    members = [np.arange(d, n_officers, DEPARTMENTS) for d in range(DEPARTMENTS)]
    lead = rng.integers(0, DEPARTMENTS, n_tasks)
    other = (lead + rng.integers(1, DEPARTMENTS, n_tasks)) % DEPARTMENTS
    joint = rng.random(n_tasks) < 0.3
    task = np.repeat(np.arange(n_tasks), 1 + joint)
    pool = np.column_stack((lead, other))[np.column_stack((joint | True, joint))]
    barred = np.column_stack(
        (rng.integers(0, n_tasks, n_officers * 5), np.repeat(np.arange(n_officers), 5))
    )
    if case == "60 % barred":
        some = np.flatnonzero(rng.random(n_tasks) < 0.6)
        pick = rng.integers(0, n_officers // DEPARTMENTS, len(some))
        officer = pick * DEPARTMENTS + lead[some]
        barred = np.concatenate((barred, np.column_stack((some, officer))))
    demand = Demand.of(
        task,
        pool,
        np.full(len(task), 2),
        members=members,
        barred=barred,
        capacity=np.full(n_officers, n_tasks),
    )
    if case == "tight":
        hidden = draw(demand, "few bars", "hidden")
        loads = np.bincount(hidden.officer, minlength=n_officers)
        demand = demand._replace(capacity=loads)
    return demand


def draw(demand, case, label="benchmark"):
    chances = (even_chances if case == "even" else nearest_chances)(demand)
    return deal(chances, plan_lots(chances), source=Shake("key", label))


def full_flow(demand):
    """Source, rows, officers, sink."""
    n_rows, n_officers = len(demand.task), len(demand.capacity)
    tails, heads = [np.zeros(n_rows, int)], [1 + np.arange(n_rows)]
    for r in range(n_rows):
        bars = demand.bar_place[demand.bar_start[r] : demand.bar_start[r + 1]]
        officers = np.delete(demand.members[demand.pool[r]], bars)
        tails.append(np.full(len(officers), 1 + r))
        heads.append(1 + n_rows + officers)
    sink = 1 + n_rows + n_officers
    tails.append(1 + n_rows + np.arange(n_officers))
    heads.append(np.full(n_officers, sink))
    tail, head = np.concatenate(tails), np.concatenate(heads)
    room = np.ones(len(tail), np.int32)
    room[:n_rows] = demand.seats
    room[len(room) - n_officers :] = demand.capacity
    graph = csr_array((room, (tail, head)), shape=(sink + 1, sink + 1))
    return maximum_flow(graph, 0, sink).flow_value


@pytest.mark.parametrize(("n_tasks", "n_officers"), SIZES)
@pytest.mark.parametrize("case", CASES)
def test_chances_and_draw(benchmark, n_tasks, n_officers, case):
    """Ours: exact at every size."""
    benchmark.group = f"draw {n_tasks:,} tasks, {case}"
    demand = district(n_tasks, n_officers, case)

    drawn = benchmark.pedantic(draw, (demand, case), rounds=3)

    loads = np.bincount(drawn.officer, minlength=n_officers)
    assert len(drawn.officer) == demand.seats.sum()
    assert (loads <= demand.capacity).all()


@pytest.mark.parametrize(
    ("n_tasks", "n_officers"),
    [*SIZES[:2], pytest.param(*SIZES[2], marks=pytest.mark.campaign)],
)
@pytest.mark.parametrize("case", ["few bars", "tight"])
def test_full_maximum_flow(benchmark, n_tasks, n_officers, case):
    """Theirs: build and solve."""
    benchmark.group = f"draw {n_tasks:,} tasks, {case}"
    demand = district(n_tasks, n_officers, case)

    value = benchmark.pedantic(full_flow, (demand,), rounds=1)

    assert value == demand.seats.sum()


def test_memory_of_the_largest_draw(peak_mb):
    """At most 500 MB are allowed."""
    for case in CASES:
        demand = district(*SIZES[2], case)
        used = peak_mb(lambda demand=demand, case=case: draw(demand, case))
        print(f"\n{case}: {used:.0f} MB", end="")

        assert used < 500


@pytest.mark.parametrize("n_rows", [100, 1000, 5000])
def test_rounding_of_a_table_of_pairs(benchmark, n_rows):
    """By the entry: growth has to be close to linear."""
    benchmark.group = "round a table"
    n_officers = 60
    row = np.repeat(np.arange(n_rows), n_officers - 10)
    open_ = [(np.arange(n_officers - 10) + 7 * r) % n_officers for r in range(n_rows)]
    officer = np.concatenate(open_)
    chance = np.full(len(row), 2 * UNIT // 50)
    chance[:: n_officers - 10] += 2 * UNIT % 50

    chosen = benchmark.pedantic(
        round_table,
        (row, officer, chance),
        {
            "task": np.arange(n_rows),
            "n_officers": n_officers,
            "unit": UNIT,
            "source": Shake("key", "round"),
        },
        rounds=2,
    )

    assert chosen.sum() == 2 * n_rows
