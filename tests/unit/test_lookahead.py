"""Drawing seat by seat with a witness, on cases that can be done by hand."""

import numpy as np
import pytest

from dsgk.kernels.chances import Demand
from dsgk.kernels.flows import Staffing
from dsgk.kernels.lookahead import look_ahead, pool_at
from dsgk.kernels.shake import Shake


KEYS = [f"{number:032x}" for number in range(40)]


def demand(task, pool, members, barred, capacity):
    return Demand.of(
        task,
        pool,
        [1] * len(task),
        members=members,
        barred=barred,
        capacity=capacity,
    )


def looked(columns, holders, key=KEYS[0], loads=None):
    return look_ahead(demand(*columns), holders, source=Shake(key, "look"), loads=loads)


def pools(columns, result):
    _, pool, members, _, _ = columns
    return [
        pool_at(bits, members[p]).tolist()
        for bits, p in zip(result.pools, pool, strict=True)
    ]


def test_no_seats_are_drawn_from_nobody():
    """An empty part is no special case."""
    result = looked(([], [], [[0]], [], [1]), [])

    assert (result.holders.tolist(), result.pools) == ([], ())


@pytest.mark.parametrize("key", KEYS)
def test_all_with_room_are_in_the_pool_but_those_barred_and_team_mates(key):
    """Where nobody is short of room, a seat is open to all it is open to."""
    columns = ([0, 0, 1], [0, 1, 0], [[0, 1, 2, 3], [4, 5]], [[0, 1], [1, 9]], [3] * 10)

    told = pools(columns, looked(columns, [0, 4, 0], key))

    assert told == [[0, 2, 3], [4, 5], [0, 1, 2, 3]]


@pytest.mark.parametrize("key", KEYS)
def test_whoever_has_no_room_comes_by_a_swap_or_not_at_all(key):
    """Two tasks, two officers with one seat each: the second has no choice."""
    columns = ([0, 1], [0, 0], [[0, 1]], [], [1, 1])

    result = looked(columns, [0, 1], key)

    assert sorted(result.holders.tolist()) == [0, 1]
    assert sorted(map(len, pools(columns, result))) == [1, 2]


@pytest.mark.parametrize("key", KEYS)
def test_nobody_swaps_into_a_task_they_are_barred_from(key):
    """Officer 0 may not go to task 1, so officer 1 cannot leave it to them."""
    columns = ([0, 1], [0, 0], [[0, 1]], [[1, 0]], [1, 1])

    result = looked(columns, [0, 1], key)

    assert result.holders.tolist() == [0, 1]
    assert pools(columns, result) == [[0], [1]]


@pytest.mark.parametrize("key", KEYS)
def test_nobody_swaps_into_a_seat_of_another_circle(key):
    """The skilled seat of task 1 is not open to officer 0."""
    columns = ([0, 1], [0, 1], [[0, 1], [1]], [], [1, 1])

    result = looked(columns, [0, 1], key)

    assert result.holders.tolist() == [0, 1]


@pytest.mark.parametrize("key", KEYS)
def test_nobody_swaps_into_a_task_in_which_they_sit(key):
    """Officer 0 has the other seat of task 1 already."""
    columns = ([0, 1, 1], [0, 0, 0], [[0, 1]], [], [2, 1])

    result = looked(columns, [0, 0, 1], key)

    assert pools(columns, result)[0] == [0]
    assert sorted(result.holders[1:].tolist()) == [0, 1]


def test_seats_of_one_task_are_swapped_within_it_alone():
    """
    Room does not matter: who has a seat of the task that the holder cannot
    take stays there, who has one that the holder can take may change.
    """
    columns = ([0, 0], [0, 1], [[0, 1], [0, 1]], [], [5, 5])
    skilled = ([0, 0], [0, 1], [[0, 1], [1]], [], [5, 5])

    for key in KEYS:
        result = looked(columns, [0, 1], key)
        drawn = result.holders.tolist()
        first, second = pools(columns, result)
        assert sorted(drawn) == [0, 1]
        assert sorted(map(len, (first, second))) == [1, 2]
        assert looked(skilled, [0, 1], key).holders.tolist() == [0, 1]
    assert {tuple(looked(columns, [0, 1], key).holders) for key in KEYS} == {
        (0, 1),
        (1, 0),
    }


def test_even_loads_narrow_the_pool_to_those_with_the_fewest():
    """What somebody has elsewhere counts, and what was drawn before."""
    columns = ([0, 1, 2], [0, 0, 0], [[0, 1, 2]], [], [9] * 3)

    drawn = [looked(columns, [0, 0, 0], key, loads=[0, 1, 5]) for key in KEYS]

    assert {tuple(sorted(result.holders.tolist())) for result in drawn} == {(0, 0, 1)}
    for result in drawn:
        assert sorted(map(len, pools(columns, result))) == [1, 1, 2]


def test_each_of_a_pool_comes_as_often():
    """The draw of a seat is uniform, over fixed keys."""
    columns = ([0], [0], [[0, 1, 2, 3]], [[0, 2]], [1] * 4)

    seen = np.bincount(
        [looked(columns, [3], k).holders[0] for k in map(str, range(600))]
    )

    assert seen[2] == 0
    assert all(150 < n < 250 for n in seen[[0, 1, 3]])


@pytest.mark.parametrize("number", range(60))
def test_the_end_is_complete_and_legal_whatever_chance_decides(number):
    """Random problems, tight and ample; every seat goes to one of its pool."""
    rng = np.random.default_rng(number)
    n = int(rng.integers(2, 9))
    members = [np.flatnonzero(rng.random(n) < 0.7).tolist() for _ in range(3)]
    task = np.sort(rng.integers(0, 6, 10)).tolist()
    pool = rng.integers(0, 3, 10).tolist()
    order = sorted(range(10), key=lambda k: (task[k], pool[k]))
    task, pool = [task[k] for k in order], [pool[k] for k in order]
    barred = rng.integers(0, (6, n), (4, 2)).tolist()
    capacity = rng.integers(1, 5, n)
    names = np.unique(task).tolist()
    inside = [[names.index(t), o] for t, o in barred if t in names]
    staffing = Staffing(
        np.unique(task, return_inverse=True)[1], pool, members, inside, capacity
    )
    staffing.fill(Shake("k", str(number)))
    if staffing.missing:
        return
    columns = (task, pool, members, barred, capacity)

    result = looked(columns, staffing.holders, key=str(number))

    drawn = result.holders.tolist()
    assert all(o in p for o, p in zip(drawn, pools(columns, result), strict=True))
    assert (np.bincount(drawn, minlength=n) <= capacity).all()
    seated = list(zip(task, drawn, strict=True))
    assert len(set(seated)) == len(seated)
    assert not set(seated) & set(map(tuple, barred))
    for o, p in zip(drawn, pool, strict=True):
        assert o in members[p]
