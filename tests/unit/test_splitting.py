"""Halving a pool until the officers left are alike for a row."""

from fractions import Fraction

import numpy as np
import pytest

from dsgk.kernels.chances import Demand, equal_chances
from dsgk.kernels.shake import Shake
from dsgk.kernels.splitting import reach, split


def demand(n_officers, bars, seats=1):
    return Demand.of(
        range(len(bars)),
        [0] * len(bars),
        np.broadcast_to(seats, len(bars)),
        members=[np.arange(n_officers)[::-1]],
        barred=[(t, i) for t, those in enumerate(bars) for i in those],
        capacity=[99] * n_officers,
    )


def drawn(rows, *, leaf=2, key="k", unit=2**30):
    chances = equal_chances(rows, unit=unit)
    return split(
        chances, np.arange(len(rows.task)), leaf=leaf, source=Shake(key, "split")
    )


@pytest.mark.parametrize("leaf", [1, 2, 8, 100])
@pytest.mark.parametrize("seats", [1, 2, 7])
def test_every_seat_goes_to_one_part(leaf, seats):
    """Nothing is lost or doubled, and nobody barred is in the part."""
    bars = [{r % 12, r * r % 12, r * 7 % 12} for r in range(30)]
    got = drawn(demand(12, bars, seats), leaf=leaf)

    count = np.zeros(30, np.int64)
    for part in got.parts:
        count[part.rows] += part.seats
        assert part.seats <= len(part.officers)
        for r in part.rows.tolist():
            assert not bars[r] & set(part.officers.tolist())
    assert (count == seats).all()


def test_a_row_has_every_officer_once_at_most():
    """The parts in which a row has seats do not overlap."""
    got = drawn(demand(12, [{0, 5}, {3}, {11}] * 4, 4), leaf=1)

    for r in range(12):
        there = [p.officers for p in got.parts if r in p.rows.tolist()]
        everybody = np.concatenate(there)
        assert len(everybody) == len(np.unique(everybody))


def test_parts_are_halves_of_halves():
    """The order of the pool is drawn; its parts are those of the order."""
    rows = demand(16, [{0}] * 40)
    order = Shake("k", "split").permutation(16)
    halves = {frozenset((15 - order[a : a + 8]).tolist()) for a in (0, 8)}
    largest = max(drawn(rows).parts, key=lambda part: len(part.rows))

    assert frozenset(largest.officers.tolist()) in halves


def test_who_is_singled_out_is_seated_and_drawn_for_no_more():
    """For the last units; so rare that here units are large."""
    rows = demand(4, [{3}] * 12, 2)
    seen = 0
    for key in range(20):
        got = drawn(rows, unit=10, leaf=1, key=str(key))
        for r, i in zip(got.row.tolist(), got.officer.tolist(), strict=True):
            seen += 1
            mine = [p for p in got.parts if r in p.rows.tolist()]
            assert i != 3
            assert sum(p.seats for p in mine) == 1
            assert not any(i in p.officers for p in mine)

    assert seen


def test_reach_is_not_known_where_parts_can_run_empty():
    """Then the rows are better kept one by one."""
    rows = demand(8, [{0, 1, 2}])
    chances = equal_chances(rows)

    assert reach(chances, np.arange(1), leaf=1) is None
    assert reach(chances, np.arange(1), leaf=8) is not None


def test_reach_is_what_its_definition_says():
    """By hand: pool of 64, leaf 16, rows of two seats and one bar each."""
    chances = equal_chances(demand(64, [{0}, {0}, {5}, {9}], 2))
    got = reach(chances, np.arange(4), leaf=16)

    # Two levels, halves of 32 and 16, less two bars; one row may be singled out.
    share = Fraction(1, 30) + Fraction(1, 14)
    rest = 1 + Fraction(12, 2**30)
    assert got[63] == 2 * share * (6 + 1 + 1) + rest  # officer 0 stands last
    assert got[0] == 2 * share * (6 + 0 + 1) + rest


def test_reach_is_shorter_the_larger_the_leaf():
    """A choice between a little work and a little room."""
    chances = equal_chances(demand(256, [{i} for i in range(50)]))
    far = [max(reach(chances, np.arange(50), leaf=leaf)) for leaf in (16, 32, 64)]

    assert far[0] > far[1] > far[2]


def test_reach_is_longer_for_who_is_barred_in_many_ways():
    """Runs of rows without the officer are shorter."""
    chances = equal_chances(demand(64, [{0, i} for i in range(1, 9)]))
    far = reach(chances, np.arange(8), leaf=16)

    assert far[63] == max(far)  # officer 0 stands last on the circle
    assert far[63] > far[0]
