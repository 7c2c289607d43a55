"""Which rows belong together, and which are alike."""

import numpy as np

from dsgk.kernels.bundles import bundles, easily_split, groups_of, single_rows
from dsgk.kernels.chances import Demand, equal_chances


def demand(task, pool, members, *, barred=(), seats=1):
    n = 1 + max(max(m) for m in members)
    return Demand.of(
        task,
        pool,
        np.broadcast_to(seats, len(task)),
        members=members,
        barred=barred,
        capacity=[99] * n,
    )


def test_rows_that_share_an_officer_are_one_bundle():
    """Nobody may sit in two of them."""
    got = bundles(demand([0, 0, 1], [0, 1, 0], [[0, 1], [1, 2]]))

    assert list(got) == [[0, 1], [2]]


def test_rows_are_bound_through_others():
    """The first and the last share nobody, but each shares with the middle."""
    pools = [[0, 1], [2, 3], [1, 2], [4]]
    got = bundles(demand([5] * 4, [0, 1, 3, 2], pools))

    assert sorted(got) == [[0, 1, 3], [2]]


def test_a_pool_twice_in_a_task_is_one_bundle():
    """Two kinds of seats may be open to the same people."""
    assert list(bundles(demand([0, 0], [0, 0], [[0, 1]]))) == [[0, 1]]


def test_rows_of_departments_apart_are_single():
    """Joint teams are drawn department by department."""
    got = single_rows(demand([0, 0, 1, 1], [0, 1, 0, 2], [[0, 1], [2, 3], [1, 4]]))

    assert got.tolist() == [True, True, False, False]


def test_groups_are_numbered_by_their_first_rows():
    """Only of the rows that are asked for; bundles of several are alone."""
    kind = np.array([3, 1, 3, 0, 1, 3])
    single = np.array([True, True, True, True, True, False])
    wanted = np.array([True, False, True, True, True, True])

    group, first, times = groups_of(kind, single, wanted)

    assert group.tolist() == [0, -1, 0, 1, 2, 3]
    assert first.tolist() == [0, 3, 4, 5]
    assert times.tolist() == [2, 1, 1, 1]


def test_single_rows_with_a_few_bars_are_easily_split():
    """Where there are many of them; few are better kept row by row."""
    barred = [(1, 0), *((2, i) for i in range(5)), (3, 0), *((4, i) for i in range(4))]
    rows = demand(
        [0, 1, 2, 3, 3, 4], [0, 0, 0, 0, 1, 0], [range(8), [7, 8, 9]], barred=barred
    )
    kind, single = equal_chances(rows).kind, single_rows(rows)
    entries = 8 + 7 + 3 + 7 + 3 + 4

    few = easily_split(rows, kind, single, few=entries)
    many = easily_split(rows, kind, single, few=entries - 1)

    assert not few.any()
    assert many.tolist() == [False, True, False, False, False, True]
