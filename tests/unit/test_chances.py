"""Who is open to what, and equal chances to the last unit."""

import random
from fractions import Fraction

import numpy as np
import pytest
from tables import check_whole, demand_of, random_demand

from dsgk.kernels.chances import (
    UNIT,
    Demand,
    count_pairs,
    equal_chances,
    equal_units,
    overfull,
)


def test_bars_and_those_without_room_are_left_out():
    """Repeats and officers outside the pools do no harm."""
    columns = {
        "members": [[3, 0, 1], [1, 2]],
        "barred": [[1, 0], [1, 0], [1, 2], [5, 1], [0, 9]],
        "room": [2, 2, 2, 0] + [1] * 6,
    }

    demand = Demand.of([0, 1, 1], [0, 0, 1], [1, 1, 1], **columns)

    assert demand.row.tolist() == [0, 0, 1, 2]
    assert demand.officer.tolist() == [0, 1, 1, 1]
    assert demand.place[2] == demand.place[3] != demand.place[1]
    assert count_pairs([0, 1, 1], [0, 0, 1], **columns) == 4
    nothing = Demand.of([], [], [], members=[], barred=[], room=[])
    assert equal_units(nothing).tolist() == []


def test_a_row_must_be_open_to_as_many_as_it_seats():
    """Whether all can be seated has to be known before."""
    with pytest.raises(ValueError, match="2 seats and 1 officers in row 0"):
        demand_of([(0, 2, [0])], 1)


def test_odd_units_go_round():
    """The page says where they go, so that nobody chooses."""
    demand = demand_of([(n, 1, [0, 1, 2]) for n in range(3)], 3)

    units = equal_units(demand).reshape(3, 3)

    assert (units - UNIT // 3).tolist() == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert demand.loads(units.ravel()).tolist() == [UNIT] * 3


@pytest.mark.parametrize("seed", range(3))
def test_who_is_overfull_is_told_exactly(seed):
    """Not by units, of which the odd ones hide the truth, but by fractions."""
    chance = random.Random(seed)  # noqa: S311
    done = 0
    while done < 60:
        made = random_demand(chance)
        if made is None:
            continue
        done += 1
        demand, _ = made
        loads = [Fraction(0)] * len(demand.room)
        places = [Fraction(0)] * (int(demand.place.max()) + 1)
        for r, i, p in zip(demand.row, demand.officer, demand.place, strict=True):
            share = Fraction(int(demand.seats[r]), int(demand.eligible[r]))
            loads[i] += share
            places[p] += share
        officers, above = overfull(demand)

        assert officers.tolist() == [
            i for i, load in enumerate(loads) if load > int(demand.room[i])
        ]
        assert above.tolist() == [p for p, total in enumerate(places) if total > 1]
        if not officers.size and not above.size:
            units = equal_chances(demand)
            check_whole(demand, units)
            for r in range(len(demand.seats)):
                assert np.ptp(units[demand.row == r]) <= 1


def test_odd_units_are_moved_where_seats_equal_capacity():
    """Two pools of three share one officer whose room is used up exactly."""
    rows = [(0, 1, [0, 1, 2]), (1, 1, [0, 3, 4]), (2, 1, [0, 5, 6])]
    demand = demand_of(rows, 7, room=[1, *[3] * 6])

    units = equal_chances(demand)

    assert overfull(demand)[0].tolist() == []
    assert demand.loads(equal_units(demand))[0] == UNIT
    check_whole(demand, units)
