"""Chances as near to equal as limits allow."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, strategies as st
from scipy.optimize import LinearConstraint, minimize

from dsgk.kernels import raking
from dsgk.kernels.chances import UNIT, Demand
from dsgk.kernels.raking import _share_out, even_chances, nearest_chances
from dsgk.kernels.transport import EffortError


VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "assign-chances.json").read_text("utf-8")
)


def demand(task, pool, seats, members, *, barred=(), capacity=99):
    n = 1 + max(max(m) for m in members)
    return Demand.of(
        task,
        pool,
        np.broadcast_to(seats, len(task)),
        members=members,
        barred=barred,
        capacity=np.broadcast_to(capacity, n),
    )


def one_pool(n_tasks, n_officers, **how):
    return demand(range(n_tasks), [0] * n_tasks, 1, [range(n_officers)], **how)


def matrix(chances):
    result = np.zeros((len(chances.base), len(chances.demand.capacity)), np.int64)
    table = chances.table()
    result[table.row, table.officer] = table.chance
    return result


def shares(chances):
    return (matrix(chances) / UNIT).round(6).tolist()


class TestNearestChances:
    def test_where_limits_hold_chances_are_equal(self):
        """No adjustment without need."""
        assert nearest_chances(one_pool(4, 3)).is_equal.all()

    def test_who_is_at_the_limit_has_less_and_the_others_stay_equal(self):
        """In every task alike, as nobody is barred."""
        chances = nearest_chances(one_pool(4, 3, capacity=[1, 9, 9]))

        assert shares(chances) == [[0.25, 0.375, 0.375]] * 4
        assert chances.loads()[0] <= UNIT

    def test_the_one_specialist_is_certain_and_has_no_other_seat(self):
        """Nobody sits twice in a task; the second seat is drawn among the rest."""
        chances = nearest_chances(
            demand([0, 0], [0, 1], 1, [[0], [0, 1, 2]], capacity=9)
        )

        assert matrix(chances)[0].tolist() == [UNIT, 0, 0]
        assert shares(chances)[1] == [0, 0.5, 0.5]

    def test_who_is_away_has_no_chance(self):
        """Capacity 0."""
        assert (
            shares(nearest_chances(one_pool(2, 3, capacity=[0, 9, 9])))
            == [[0, 0.5, 0.5]] * 2
        )

    def test_a_single_staffing_is_found_to_the_unit(self):
        """Chances that the limits force to 0 are 0, not nearly 0."""
        chances = nearest_chances(
            demand([0, 1], [0, 1], 1, [[0, 1], [0]], capacity=[1, 1])
        )

        assert matrix(chances).tolist() == [[0, UNIT], [UNIT, 0]]

    @pytest.mark.parametrize("n", [2, 3, 7, 30])
    def test_limits_that_leave_no_room_are_met_to_the_unit(self, n):
        """Alike rows have the same chances, all but the last."""
        chances = nearest_chances(one_pool(n, n, capacity=1))
        rows = matrix(chances)

        assert (rows.sum(axis=0) == UNIT).all()
        assert (rows.sum(axis=1) == UNIT).all()
        assert (rows[:-1] == rows[0]).all()
        assert abs(rows * n - UNIT).max() <= n * n

    @pytest.mark.parametrize("rule", [nearest_chances, even_chances])
    def test_what_cannot_be_staffed_is_refused(self, rule):
        """Too little room in all, or where it is needed."""
        with pytest.raises(ValueError, match="'capacity' must leave room"):
            rule(one_pool(3, 2, capacity=1))
        with pytest.raises(ValueError, match="'capacity' must leave room"):
            rule(demand([0, 0], [0, 0], 1, [[0, 1], [1]], barred=[(0, 1)]))

    def test_easily_split_rows_keep_equal_chances_in_large_tables(self):
        """The rows that are open to everybody make up for them."""
        rows = one_pool(9, 3, barred=[(0, 0), (1, 1)], capacity=[9, 9, 2])
        small, large = nearest_chances(rows), nearest_chances(rows, few=0)

        assert not small.is_equal.any()
        assert large.is_equal.tolist() == [True, True] + [False] * 7
        assert shares(large)[:2] == [[0, 0.5, 0.5], [0.5, 0, 0.5]]
        assert large.loads()[2] <= 2 * UNIT
        assert abs(large.loads()[2] - 2 * UNIT) < 10

    def test_all_rows_are_raked_where_the_open_ones_do_not_suffice(self):
        """A limit comes before a preference."""
        rows = one_pool(3, 3, barred=[(0, 0), (1, 0)], capacity=[9, 9, 0])
        chances = nearest_chances(rows, few=0)

        assert shares(chances) == [[0, 1, 0], [0, 1, 0], [0.5, 0.5, 0]]

    def test_all_rows_are_raked_only_if_they_are_not_too_many(self):
        """What was held back because it is large stays so when others fail."""
        # Rows 0 to 8 are easily split; the last is open to officers 0 and 1
        # alone, who have no room left beside what they have in the others.
        barred = [*((t, 2 + t % 6) for t in range(9)), *((9, i) for i in range(2, 8))]
        rows = demand(
            range(10),
            [0] * 10,
            [1] * 9 + [2],
            [range(8)],
            barred=barred,
            capacity=[1, 1, *[9] * 6],
        )
        every = int(rows.eligible[:9].sum()) - 3 * 7 + 2  # rows 0 to 2 are 6 to 8

        chances = nearest_chances(rows, few=0, most=every)

        assert matrix(chances)[9].tolist() == [UNIT, UNIT, *[0] * 6]
        assert not matrix(chances)[:9, :2].any()
        with pytest.raises(EffortError, match="at most 43 entries that have to be"):
            nearest_chances(rows, few=0, most=every - 1)
        roomy = rows._replace(capacity=np.full(8, 9))
        assert nearest_chances(roomy, few=0, most=0).is_equal.all()

    @pytest.mark.parametrize("rule", [nearest_chances, even_chances])
    def test_what_is_forced_along_many_entries_is_not_followed(self, rule, monkeypatch):
        """One staffing alone is legal; the ways to it grow with the tasks."""
        n = 30
        later = [(t, i) for t in range(n) for i in range(t + 1, n)]
        rows = one_pool(n, n, barred=later, capacity=1)
        monkeypatch.setattr(raking, "SWEEPS", 50)

        assert (matrix(rule(rows)) == np.eye(n) * UNIT).all()
        monkeypatch.setattr(raking, "CARRIED", 0)
        monkeypatch.setattr(raking, "ROUNDS", 2)
        with pytest.raises(EffortError, match="must leave ways for all seats"):
            rule(rows)

    def test_rows_that_are_held_are_let_go_for_what_is_impossible_alone(self):
        """But not for what only takes too much: with more rows it takes more."""
        calls = []

        def too_much(*_):
            calls.append(1)
            raise EffortError

        rows = one_pool(9, 3, barred=[(0, 0), (1, 1)], capacity=[9, 9, 2])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(raking, "_solve", lambda *_, met: too_much(met))
            with pytest.raises(EffortError):
                nearest_chances(rows, few=0)

        assert len(calls) == 1


class TestEvenChances:
    def test_loads_are_equal_where_they_can_be(self):
        """Who is barred from some tasks has better chances in the others."""
        chances = even_chances(one_pool(4, 4, barred=[(0, 0), (1, 0), (2, 1)]))

        assert (chances.loads() == UNIT).all()
        assert not matrix(chances)[0, 0]

    def test_chances_are_near_to_equal_all_the_same(self):
        """Without bars equal loads are equal chances."""
        assert shares(even_chances(one_pool(3, 4))) == [[0.25] * 4] * 3

    def test_equal_loads_in_large_tables_leave_barred_rows_equal(self):
        """The rows that are open to everybody make up for them."""
        rows = one_pool(12, 3, barred=[(0, 0), (1, 0)])
        chances = even_chances(rows, few=0)

        assert chances.is_equal.tolist() == [True, True] + [False] * 10
        assert abs(chances.loads() - 4 * UNIT).max() <= 3

    @pytest.mark.parametrize("few", [0, 60_000])
    @pytest.mark.parametrize("number", range(12))
    def test_what_somebody_has_is_a_row_of_their_own(self, number, few):
        """To the unit as the format says: each a row open to one alone."""
        rng = np.random.default_rng(number)
        n = int(rng.integers(2, 6))
        rows = one_pool(
            int(rng.integers(1, 7)),
            n,
            barred=rng.integers(0, (6, n - 1), (3, 2)),
            capacity=9,
        )
        had = rng.integers(0, 4, n)
        who = np.repeat(np.arange(n), had)
        own = Demand.of(
            [*rows.task, *(len(rows.task) + np.arange(len(who)))],
            [*rows.pool, *(1 + who)],
            [*rows.seats, *([1] * len(who))],
            members=[range(n), *([i] for i in range(n))],
            barred=np.column_stack(
                (
                    np.repeat(rows.task, np.diff(rows.bar_start)),
                    rows.members[0][rows.bar_place],
                )
            ),
            capacity=rows.capacity + had,
        )

        chances = even_chances(rows, had=had, few=few)

        expected = matrix(even_chances(own, few=few))
        assert expected[: len(rows.task)].tolist() == matrix(chances).tolist()

    def test_a_million_that_somebody_has_are_no_more_work(self):
        """They are one entry, and nobody comes up to them."""
        chances = even_chances(one_pool(3, 4), had=[1_000_000, 999_999, 0, 0])

        assert shares(chances) == [[0, 0, 0.5, 0.5]] * 3

    def test_no_seats_are_no_chances(self):
        """A day without tasks."""
        empty = Demand.of([], [], [], members=[[0]], barred=[], capacity=[1])

        assert even_chances(empty).table().row.size == 0


CASES = {
    "one limit": one_pool(4, 3, capacity=[1, 9, 9], barred=[(0, 1)]),
    "two limits": one_pool(5, 4, capacity=[1, 9, 1, 9], barred=[(0, 1), (3, 2)]),
    "all limits": one_pool(4, 4, capacity=1, barred=[(0, 1), (1, 2), (2, 2)]),
    "nested seats": demand(
        [0, 0, 1, 1, 2, 2],
        [0, 1] * 3,
        [2, 2] * 3,
        [[0, 1, 2], [0, 1, 2, 3, 4]],
        barred=[(2, 4)],
        capacity=[3, 3, 3, 2, 3],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_table_has_the_least_relative_entropy(case):
    """The same table, found by a general optimiser."""
    rows = CASES[case]
    chances = nearest_chances(rows)
    table = chances.table()
    got = table.chance / UNIT
    equal = (rows.seats / rows.eligible)[table.row]

    def sums(of):
        return np.equal.outer(np.unique(of), of).astype(float)

    place = rows.task[table.row] * len(rows.capacity) + table.officer
    officers = np.unique(table.officer)
    found = minimize(
        lambda x: (x * np.log(x / equal)).sum(),
        equal,
        jac=lambda x: np.log(x / equal) + 1,
        bounds=[(1e-9, 1)] * len(equal),
        constraints=[
            LinearConstraint(sums(table.row), rows.seats, rows.seats),
            LinearConstraint(sums(place), 0, 1),
            LinearConstraint(sums(table.officer), 0, rows.capacity[officers]),
        ],
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 1000},
    )

    assert not chances.is_equal.any()
    assert np.abs(got - found.x).max() < 1e-4


@given(
    st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(1, 9), st.data()
)
@example([UNIT * 3, 0, 5, 4], 3, None)
def test_rows_of_a_group_add_up_to_what_they_have_together(units, n, data):
    """Each fills its seats, and no entry is beyond certainty or below none."""
    units = np.array(units, np.int64)
    if data is not None and data.draw(st.booleans()):
        units *= 1000  # so that all but the last row can be alike
    units[0] += -units.sum() % n
    rows = np.full((n, len(units)), -1, np.int64)
    for alike, chance in _share_out(units, n):
        rows[alike] = chance

    assert (rows.sum(axis=0) == units).all()
    assert (rows.sum(axis=1) * n == units.sum()).all()
    assert (rows >= 0).all()
    assert (rows <= UNIT).all()
    assert (abs(rows * n - units) <= n * n).all()


def test_where_the_last_row_cannot_take_the_rest_every_row_has_a_part():
    """Three rows, two officers with two units in all each: not 1, 1 and 0."""
    parts = _share_out(np.array([2, 2, 2], np.int64), 3)

    assert len(parts) == 3
    assert sum(chance for _, chance in parts).tolist() == [2, 2, 2]
    assert [chance.max() for _, chance in parts] == [1, 1, 1]


@pytest.mark.parametrize("case", CASES)
def test_a_table_is_legal_after_one_sweep_too(case, monkeypatch):
    """Raking decides how near to equal it is, settling that it is right."""
    monkeypatch.setattr(raking, "SWEEPS", 1)
    rows = CASES[case]
    chances = nearest_chances(rows)
    table = matrix(chances)

    assert (table.sum(axis=1) == rows.seats * UNIT).all()
    assert (table.sum(axis=0) <= rows.capacity * UNIT).all()
    for t in set(rows.task.tolist()):
        assert table[rows.task == t].sum(axis=0).max() <= UNIT


@pytest.mark.parametrize("rule", [nearest_chances, even_chances])
@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["label"])
def test_published_tables_never_change(case, rule):
    """To the unit, on every platform and with every version of NumPy."""
    task, pool, seats = zip(*case["rows"], strict=True)
    rows = Demand.of(
        task,
        pool,
        seats,
        members=case["pools"],
        barred=case["barred"],
        capacity=case["capacity"],
    )
    table = rule(rows).table()

    assert case[rule.__name__] == [
        table.chance[table.row == r].tolist() for r in range(len(task))
    ]
