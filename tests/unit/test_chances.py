"""What chance everybody has, before anything is drawn."""

from fractions import Fraction

import numpy as np
import pytest

from dsgk.kernels.chances import UNIT, Demand, equal_chances, fits
from dsgk.kernels.raking import nearest_chances


def demand(task, pool, seats, members, *, barred=(), capacity=99):
    n = 1 + max((max(m) for m in members if m), default=-1)
    return Demand.of(
        task,
        pool,
        seats,
        members=members,
        barred=barred,
        capacity=np.broadcast_to(capacity, n),
    )


def matrix(chances):
    n_rows, n_officers = len(chances.base), len(chances.demand.capacity)
    result = np.zeros((n_rows, n_officers), np.int64)
    table = chances.table()
    result[table.row, table.officer] = table.chance
    return result.tolist()


class TestDemand:
    def test_bars_of_a_task_reach_all_its_rows(self):
        """Who is barred from a task is barred from every seat of it."""
        got = demand(
            [0, 0, 1],
            [0, 1, 0],
            [1, 1, 1],
            [[3, 1, 0], [1, 2]],
            barred=[(0, 1), (0, 1)],
        )

        assert got.bar_start.tolist() == [0, 1, 2, 2]
        assert got.bar_place.tolist() == [1, 0]
        assert got.eligible.tolist() == [2, 1, 3]

    def test_bars_that_concern_nobody_do_no_harm(self):
        """Recusals come for the whole register, not for the seats of the day."""
        plain = demand([0, 2], [0, 0], [1, 1], [[0, 1]])
        got = demand([0, 2], [0, 0], [1, 1], [[0, 1], [2]], barred=[(1, 0), (2, 2)])

        assert plain.bar_start.tolist() == got.bar_start.tolist()
        assert plain.eligible.tolist() == got.eligible.tolist()

    def test_bars_are_told_in_the_order_of_the_circle(self):
        """They are passed by on a walk round the pool."""
        got = demand([0], [0], [1], [[4, 2, 0, 1, 3]], barred=[(0, 1), (0, 4), (0, 2)])

        assert got.bar_place.tolist() == [0, 1, 3]

    def test_no_seats_are_no_demand(self):
        """A day without tasks has a table without rows."""
        empty = Demand.of([], [], [], members=[], barred=[], capacity=[])
        chances = equal_chances(empty)

        assert fits(chances)
        assert chances.table().row.size == 0
        assert chances.loads().size == 0
        assert chances.deviation() == 0

    def test_more_seats_than_officers_are_refused(self):
        """There is no table of chances for them; who is short must be told first."""
        with pytest.raises(ValueError, match="got 2 seats and 1 officers in row 1"):
            demand([0, 1], [0, 0], [2, 2], [[0, 1]], barred=[(1, 0)])


class TestEqualChances:
    def test_all_to_whom_a_seat_is_open_have_the_same_chance(self):
        """Seats over the number of eligible, where units allow."""
        chances = equal_chances(demand([0], [0], [1], [[0, 1, 2, 3]], barred=[(0, 2)]))

        assert 3 * (UNIT // 3) + 1 == UNIT
        assert matrix(chances) == [[UNIT // 3 + 1, UNIT // 3, 0, UNIT // 3]]

    def test_units_left_over_go_round_the_pool(self):
        """Kind after kind goes on where the last one stopped, past the barred."""
        chances = equal_chances(
            demand(
                [0, 1, 2, 3], [0] * 4, [1] * 4, [[2, 0, 1]], barred=[(1, 0), (2, 2)]
            ),
            unit=11,
        )

        # Circle 2, 0, 1: the first kind stops behind 0, the second begins
        # with 1, the third with 0 and there is nothing left over on the way.
        assert matrix(chances) == [[4, 3, 4], [0, 6, 5], [6, 5, 0], [4, 3, 4]]

    def test_alike_rows_have_the_same_chances(self):
        """Same pool, seats and bars: nobody can prefer one task to the other."""
        chances = equal_chances(
            demand([0, 1, 2, 3], [0] * 4, [2, 1, 2, 1], [[0, 1, 2]], barred=[(3, 0)])
        )
        rows = matrix(chances)

        assert rows[0] == rows[2]
        assert chances.kind.tolist() == [0, 1, 0, 2]

    def test_rows_add_up_to_their_seats(self):
        """To the last unit."""
        chances = equal_chances(
            demand([0, 1, 2], [0] * 3, [1, 2, 3], [range(7)], barred=[(1, 3), (2, 6)])
        )

        assert [sum(row) for row in matrix(chances)] == [UNIT, 2 * UNIT, 3 * UNIT]

    def test_loads_are_the_sums_of_the_table(self):
        """They are found without writing the table out."""
        chances = equal_chances(
            demand(
                [0, 0, 1, 1, 2],
                [0, 1, 0, 1, 0],
                [1, 2, 1, 1, 2],
                [[3, 1, 4, 0, 2], [2, 3, 5]],
                barred=[(0, 3), (1, 4), (1, 2), (2, 0)],
            ),
            unit=101,
        )
        table = np.array(matrix(chances))

        assert table.sum(axis=0).tolist() == chances.loads().tolist()
        assert table[[0, 3]].sum(axis=0).tolist() == chances.loads([0, 3]).tolist()
        assert not chances.loads([]).any()

    def test_a_part_of_the_table_is_that_part(self):
        """One task's chances are found without writing the others out."""
        chances = equal_chances(
            demand([0, 1, 2], [0] * 3, [1] * 3, [[0, 1, 2]], barred=[(2, 0)])
        )
        table = chances.table([1, 2])
        whole = np.array(matrix(chances))

        assert table.row.tolist() == [1, 1, 1, 2, 2]
        assert whole[table.row, table.officer].tolist() == table.chance.tolist()

    @pytest.mark.parametrize(
        ("n", "officers", "expected"),
        [
            (1, 4, Fraction(0)),
            (1, 3, Fraction(2, 3 * UNIT)),  # one of three has the unit left over
            (2, 3, Fraction(2, 3 * UNIT)),
            (1, 5, Fraction(4, 5 * UNIT)),
        ],
    )
    def test_the_deviation_is_a_part_of_a_unit(self, n, officers, expected):
        """How far from equal the published table is at the most."""
        got = equal_chances(demand([0], [0], [n], [range(officers)])).deviation()

        assert expected == got


class TestFits:
    def test_a_load_at_the_capacity_fits(self):
        """A capacity may be used up."""
        assert fits(
            equal_chances(demand([0, 1], [0] * 2, [1] * 2, [[0, 1]], capacity=1))
        )

    def test_a_load_above_the_capacity_does_not_fit(self):
        """By a single unit."""
        table = demand([0, 1, 2], [0] * 3, [1] * 3, [[0, 1, 2]], capacity=1)

        assert not fits(equal_chances(table))

    def test_more_than_one_seat_of_a_task_does_not_fit(self):
        """An only specialist has the specialist's seat, and no chance for more."""
        two = demand([0, 0], [0, 1], [1, 1], [[0], [0, 1]])

        assert not fits(equal_chances(two))

    def test_joint_seats_without_a_common_officer_fit(self):
        """Even if the chances of the task add up to more than one."""
        assert fits(equal_chances(demand([0, 0], [0, 1], [1, 1], [[0], [1, 2]])))

    def test_no_capacity_is_no_room(self):
        """Who is away has capacity 0."""
        assert not fits(equal_chances(demand([0], [0], [1], [[0, 1]], capacity=[0, 9])))


def test_chances_that_are_not_equal_are_told_like_equal_ones():
    """Table, loads and deviation do not depend on how they are kept."""
    chances = nearest_chances(
        demand([0, 1, 2], [0] * 3, [1] * 3, [[0, 1, 2]], capacity=[9, 9, 0])
    )
    rows = np.array(matrix(chances))

    assert not chances.is_equal.any()
    assert rows.tolist() == [[UNIT // 2, UNIT // 2, 0]] * 3
    assert rows.sum(axis=0).tolist() == chances.loads().tolist()
    assert rows[1:].sum(axis=0).tolist() == chances.loads([1, 2]).tolist()
    assert Fraction(1, 3) == chances.deviation()
    assert chances.table([1]).row.tolist() == [1, 1, 1]
