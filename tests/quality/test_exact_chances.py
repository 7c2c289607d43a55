"""
The stated chances, held against the frequencies of many draws.

Fixed keys, four thousand in the campaign, so never flaky: how far is the
frequency of the one officer and task that are furthest off, in standard errors?
With some sixty pairs a case, one in some thousand fair draws would pass the
bound by chance; procedures that only look fair pass it by far, which is tested too.
"""

import numpy as np
import pytest
import scale
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from dsgk.kernels.chances import UNIT, Demand
from dsgk.kernels.dealing import deal, plan_lots
from dsgk.kernels.raking import even_chances, nearest_chances
from dsgk.kernels.shake import Shake


pytestmark = pytest.mark.scaled

KEYS = scale.of(500, 4000)
BOUND = 4.5  # standard errors, for the furthest of all pairs


def single_pool(n_officers, seats, *, barred=(), capacity=None):
    return Demand.of(
        range(len(seats)),
        [0] * len(seats),
        seats,
        members=[range(n_officers)],
        barred=barred,
        capacity=[len(seats)] * n_officers if capacity is None else capacity,
    )


CASES = {
    "no bars": single_pool(5, [2] * 6),
    "sparse bars": single_pool(6, [2] * 10, barred=[(0, 0), (3, 1), (3, 2), (7, 5)]),
    "skewed bars": single_pool(
        5, [2] * 8, barred=[(t, 0) for t in range(6)] + [(t, 1) for t in range(2, 6)]
    ),
    "capacities that bind": single_pool(
        5, [2] * 8, barred=[(1, 3), (2, 4)], capacity=[8, 8, 1, 2, 8]
    ),
    # Two departments, 0 to 3 and 4 to 6; the first with a seat for its
    # specialists 0 and 1; every second task is joint.
    "joint and nested seats": Demand.of(
        [0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 5],
        [0, 1, 0, 1, 2, 0, 1, 0, 1, 2, 0, 1, 0, 1, 2],
        [1, 1, 1, 1, 2, 1, 1, 1, 1, 2, 1, 1, 1, 1, 2],
        members=[[0, 1], [0, 1, 2, 3], [4, 5, 6]],
        barred=[(0, 0), (3, 5), (4, 2)],
        capacity=[6] * 7,
    ),
}


def exactly(chances, **how):
    plan = plan_lots(chances, **how)

    def draw(number):
        drawn = deal(chances, plan, source=Shake("quality", str(number)))
        return drawn.row, drawn.officer

    return draw


def seats_and_pairs(demand):
    """Every seat with the officers to whom it is open."""
    table = nearest_chances(demand).table()
    open_ = [table.officer[table.row == r] for r in range(len(demand.task))]
    return [(r, open_[r]) for r in np.repeat(np.arange(len(open_)), demand.seats)]


def by_deck(demand):
    """Seats in random order, each for one of those with the least so far."""
    seats = seats_and_pairs(demand)

    def draw(number):
        source = Shake("deck", str(number))
        load = np.zeros(len(demand.capacity), np.int64)
        taken, row, officer = set(), [], []
        for at in source.permutation(len(seats)):
            r, open_ = seats[at]
            t = demand.task[r]
            free = [i for i in open_.tolist() if (t, i) not in taken]
            least = [i for i in free if load[i] == min(load[j] for j in free)]
            i = least[source.below(len(least))]
            taken.add((t, i))
            load[i] += 1
            row.append(r)
            officer.append(i)
        return np.array(row), np.array(officer)

    return draw


def by_flow(demand):
    """A maximum flow, after the officers and the rows were shuffled."""
    n_rows, n_officers = len(demand.task), len(demand.capacity)
    table = nearest_chances(demand).table()
    total = int(demand.seats.sum())

    def draw(number):
        source = Shake("flow", str(number))
        rows = source.permutation(n_rows)
        people = source.permutation(n_officers)
        sink = n_rows + n_officers + 1
        tail = [np.zeros(n_rows, int), 1 + rows[table.row]]
        head = [1 + rows, 1 + n_rows + people[table.officer]]
        room = [demand.seats, np.ones(len(table.row), int)]
        # Even loads, as the exact draw has them.
        tail.append(1 + n_rows + people)
        head.append(np.full(n_officers, sink))
        room.append(np.full(n_officers, -(-total // n_officers) + 1))
        graph = csr_array(
            (
                np.concatenate(room).astype(np.int32),
                (np.concatenate(tail), np.concatenate(head)),
            ),
            shape=(sink + 1, sink + 1),
        )
        flow = maximum_flow(graph, 0, sink).flow.toarray()
        used = flow[1 + rows[table.row], 1 + n_rows + people[table.officer]] > 0
        return table.row[used], table.officer[used]

    return draw


def furthest(draw, chances, *, keys=KEYS):
    """Furthest frequency, in standard errors, and the loads of every draw."""
    demand = chances.demand
    n_tasks, n_officers = int(demand.task[-1]) + 1, len(demand.capacity)
    table = chances.table()
    stated = np.zeros((n_tasks, n_officers))
    np.add.at(stated, (demand.task[table.row], table.officer), table.chance / UNIT)
    counts = np.zeros((n_tasks, n_officers), np.int64)
    loads = np.zeros((keys, n_officers), np.int64)
    for number in range(keys):
        row, officer = draw(number)
        counts[demand.task[row], officer] += 1
        loads[number] = np.bincount(officer, minlength=n_officers)
    sure = (stated <= 0) | (stated >= 1)
    assert (counts[sure] == keys * stated[sure]).all()
    error = np.sqrt(stated * (1 - stated) * keys, where=~sure, out=np.ones_like(stated))
    return float((np.abs(counts - keys * stated) / error).max()), loads


@pytest.mark.parametrize(
    ("case", "rule"),
    [*((case, nearest_chances) for case in CASES), ("skewed bars", even_chances)],
)
def test_frequencies_are_what_was_stated(case, rule):
    """
    Promise of the record: the draw has exactly these chances.

    And every load is the one to be expected, rounded down or up.
    """
    demand = CASES[case]
    chances = rule(demand)
    off, loads = furthest(exactly(chances), chances)

    expected = chances.loads()
    assert off < BOUND
    assert (loads >= expected // UNIT).all()
    assert (loads <= -(-expected // UNIT)).all()
    assert (loads <= demand.capacity).all()


def test_frequencies_are_what_was_stated_where_pools_are_halved():
    """
    The way of large inputs, on one that is large enough for it.
    """
    demand = single_pool(40, [1] * 400, barred=[(t, t % 7) for t in range(12)])
    chances = nearest_chances(demand)
    assert plan_lots(chances, few=0).split
    off, loads = furthest(exactly(chances, few=0), chances, keys=400)

    expected = chances.loads()
    assert off < BOUND + 1  # of 16,000 pairs
    assert (loads >= expected // UNIT).all()
    assert (loads <= -(-expected // UNIT)).all()


@pytest.mark.parametrize(
    ("procedure", "case"),
    [
        (by_deck, "skewed bars"),
        pytest.param(by_deck, "sparse bars", marks=pytest.mark.campaign),  # is near
        (by_flow, "skewed bars"),
    ],
)
def test_what_only_looks_fair_is_found_out(procedure, case):
    """
    Test of the test: a greedy deck and a shuffled flow are outside.
    """
    demand = CASES[case]
    off, _ = furthest(procedure(demand), nearest_chances(demand))

    assert off > BOUND
