"""The most that flows from too much to room."""

import numpy as np
import pytest
from hypothesis import given, strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from dsgk.kernels.transport import carry


@st.composite
def networks(draw):
    n = draw(st.integers(1, 6))
    node, amount = st.integers(0, n - 1), st.integers(0, 5)
    arcs = draw(st.lists(st.tuples(node, node, amount, amount), max_size=12))
    arcs = [arc for arc in arcs if arc[0] != arc[1]]
    column = st.lists(amount, min_size=n, max_size=n)
    return arcs, draw(column), draw(column)


def carried(arcs, supply, demand):
    tail, head, rise, fall = zip(*arcs, strict=True) if arcs else ((), (), (), ())
    return carry(tail, head, rise=rise, fall=fall, supply=supply, demand=demand)


def most(arcs, supply, demand):
    """Maximum flow by scipy, with a node before all supply and one behind."""
    n = len(supply)
    room = np.zeros((n + 2, n + 2), np.int32)
    room[n, :n] = supply
    room[:n, n + 1] = demand
    for tail, head, rise, fall in arcs:
        room[tail, head] += rise
        room[head, tail] += fall
    return maximum_flow(csr_array(room), n, n + 1).flow_value


@given(networks())
def test_as_much_is_carried_as_can_be(network):
    """What is missing in the end is missing for good."""
    arcs, supply, demand = network
    change = carried(arcs, supply, demand)

    assert sum(supply) - sum(change.stuck) == most(arcs, supply, demand)


@given(networks())
def test_the_change_keeps_all_limits(network):
    """Arcs within their room, nodes in balance."""
    arcs, supply, demand = network
    change = carried(arcs, supply, demand)

    came = [s - stuck for s, stuck in zip(supply, change.stuck, strict=True)]
    for (tail, head, rise, fall), gain in zip(arcs, change.along, strict=True):
        assert -fall <= gain <= rise
        came[tail] -= gain
        came[head] += gain
    assert all(0 <= stuck <= s for stuck, s in zip(change.stuck, supply, strict=True))
    assert all(0 <= x <= d for x, d in zip(came, demand, strict=True))


@given(networks())
def test_what_is_reached_has_no_way_out(network):
    """The cut that proves that no more can be carried."""
    arcs, supply, demand = network
    change = carried(arcs, supply, demand)
    came = [s - stuck for s, stuck in zip(supply, change.stuck, strict=True)]
    for (tail, head, rise, fall), gain in zip(arcs, change.along, strict=True):
        came[tail] -= gain
        came[head] += gain
        reached = change.reached[tail], change.reached[head]
        assert reached != (True, False) or gain == rise
        assert reached != (False, True) or gain == -fall

    for node, stuck in enumerate(change.stuck):
        assert change.reached[node] or not stuck
        assert not change.reached[node] or came[node] == demand[node]


def test_a_long_way_round_is_found():
    """The first way takes the place of the second, which must be undone."""
    change = carry(
        [0, 0, 1, 1],
        [2, 3, 2, 3],
        rise=[1, 0, 1, 1],
        fall=[0, 1, 0, 0],
        supply=[1, 1, 0, 0],
        demand=[0, 0, 1, 1],
    )

    assert change.stuck[:2] == [0, 0]


@pytest.mark.parametrize("big", [2**80])
def test_amounts_may_be_of_any_size(big):
    """Fractions are carried as whole numbers of small parts."""
    change = carry([0], [1], rise=[big], fall=[0], supply=[big + 1, 0], demand=[0, big])

    assert [big] == change.along
    assert change.stuck == [1, 0]


def test_what_could_only_go_along_longer_paths_is_stuck():
    """One unit has room at once, the other after it has displaced the first."""
    network = {
        "tail": [0, 0, 1],
        "head": [2, 3, 2],
        "rise": [1, 1, 1],
        "fall": [0, 0, 0],
        "supply": [1, 1, 0, 0],
        "demand": [0, 0, 1, 1],
    }

    assert carry(**network) == ([0, 1, 1], [0, 0, 0, 0], [False] * 4, 2)
    short = carry(**network, rounds=1)
    assert (short.along, short.stuck, short.rounds) == ([1, 0, 0], [0, 1, 0, 0], 1)
    none_ = carry(**network, rounds=0)
    assert (none_.along, none_.stuck, none_.rounds) == ([0] * 3, [1, 1, 0, 0], 0)
