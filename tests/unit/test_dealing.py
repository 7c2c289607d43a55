"""Drawing officers for all seats, alike rows together."""

import json
from pathlib import Path

import numpy as np
import pytest

from dsgk.kernels import dealing
from dsgk.kernels.chances import UNIT, Demand, equal_chances
from dsgk.kernels.dealing import deal, plan_lots
from dsgk.kernels.raking import nearest_chances
from dsgk.kernels.shake import Shake


VECTORS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "assign-dealing.json").read_text("utf-8")
)


def demand(task, pool, seats, members, *, barred=(), capacity=999):
    n = 1 + max(max(m) for m in members)
    return Demand.of(
        task,
        pool,
        np.broadcast_to(seats, len(task)),
        members=members,
        barred=barred,
        capacity=np.broadcast_to(capacity, n),
    )


def one_pool(n_tasks, n_officers, *, seats=1, **how):
    return demand(range(n_tasks), [0] * n_tasks, seats, [range(n_officers)], **how)


def lots(chances, **how):
    return [lot.tolist() for lot in plan_lots(chances, **how).lots]


def drawn(chances, *, key="k", **how):
    return deal(chances, plan_lots(chances, **how), source=Shake(key, "deal"))


def check(chances, staffed):
    """Seats, teams, bars and loads."""
    rows = chances.demand
    size = len(rows.task), len(rows.capacity)
    stated, got = np.zeros(size, np.int64), np.zeros(size, np.int64)
    table = chances.table()
    stated[table.row, table.officer] = table.chance
    np.add.at(got, (staffed.row, staffed.officer), 1)
    expected = chances.loads()
    assert (got.sum(axis=1) == rows.seats).all()
    assert not got[stated == 0].any()
    assert (np.abs(got.sum(axis=0) * UNIT - expected) < UNIT).all()
    for t in set(rows.task.tolist()):
        assert got[rows.task == t].sum(axis=0).max() <= 1


class TestPlan:
    def test_rows_with_the_same_chances_are_one_lot(self):
        """Whoever is barred makes a row a lot of its own."""
        chances = equal_chances(one_pool(5, 3, barred=[(1, 0), (3, 0), (4, 1)]))

        assert lots(chances) == [[0, 2], [1, 3], [4]]

    def test_bundles_are_drawn_together(self):
        """One lot for each of their rows; a bar parts the whole bundle."""
        pools = [[0, 1, 2, 3], [0, 1], [4, 5]]
        chances = equal_chances(
            demand(
                [0, 0, 0, 1, 1, 2, 2], [1, 0, 2] + [1, 0] * 2, 1, pools, barred=[(2, 3)]
            )
        )
        plan = plan_lots(chances)

        assert [lot.tolist() for lot in plan.lots] == [[0, 3], [1, 4], [2], [5], [6]]
        assert plan.bundle[0] == plan.bundle[1]
        assert plan.bundle[3] == plan.bundle[4]
        assert len(set(plan.bundle)) == 3

    def test_rows_that_are_not_equal_are_lots_where_they_are_alike(self):
        """All but the last of a kind, which has what is left of the units."""
        chances = nearest_chances(one_pool(7, 3, capacity=[9, 9, 1]))

        assert lots(chances) == [[0, 1, 2, 3, 4, 5], [6]]

    def test_few_entries_are_not_split(self):
        """A table of pairs is simpler where it is small."""
        chances = equal_chances(one_pool(400, 64, barred=[(0, 1), (1, 2)]))
        entries = 64 + 63 + 63
        few, many = (plan_lots(chances, few=n) for n in (entries, entries - 1))

        assert few.entries == entries
        assert not few.split
        assert many.entries == 64
        ((rows, leaf, lot),) = many.split
        assert rows.tolist() == [0, 1]
        assert leaf == 16
        assert many.lots[lot].tolist() == list(range(2, 400))

    def test_rows_are_not_split_without_a_lot_that_takes_up_the_shift(self):
        """No lot at all, or one that is too small to be sure."""
        alone = equal_chances(one_pool(3, 64, barred=[(0, 1), (1, 2), (2, 3)]))
        small = equal_chances(one_pool(40, 64, barred=[(0, 1), (1, 2)]))

        assert not plan_lots(alone, few=0).split
        assert not plan_lots(small, few=0).split

    def test_the_lot_that_takes_up_the_shift_is_open_to_the_whole_pool(self):
        """Not that of another pool, nor one with bars of its own, though larger."""
        task, first, other = range(2000), range(64), range(64, 128)
        pool = [0] * 1100 + [1] * 900
        barred = [(0, 1), *((t, i) for t in range(1, 601) for i in range(5))]
        chances = equal_chances(demand(task, pool, 1, [first, other], barred=barred))
        plan = plan_lots(chances, few=0)
        ((rows, _, lot),) = plan.split

        assert rows.tolist() == [0]
        assert plan.lots[lot].tolist() == list(range(601, 1100))

    def test_a_larger_leaf_is_tried_where_the_lot_is_small(self):
        """More work for less shift."""
        chances = equal_chances(one_pool(250, 256, barred=[(0, 1), (1, 2)], seats=2))

        assert [leaf for _, leaf, _ in plan_lots(chances, few=0).split] == [32]


class TestDeal:
    @pytest.mark.parametrize("few", [0, 60_000])
    @pytest.mark.parametrize("seats", [1, 2, 3])
    def test_seats_teams_bars_and_loads_are_right(self, few, seats):
        """With rows that are split and without."""
        bars = [(t, t * t % 64) for t in range(30)] + [(t, t % 64) for t in range(9)]
        chances = equal_chances(one_pool(500, 64, seats=seats, barred=bars))
        assert bool(plan_lots(chances, few=few).split) == (few == 0)

        check(chances, drawn(chances, few=few))

    def test_those_who_are_singled_out_sit(self):
        """Where units are large, last units are not rare."""
        rows = one_pool(200, 40, barred=[(t, t) for t in range(20)])
        for key in range(20):
            chances = equal_chances(rows, unit=1000)
            staffed = drawn(chances, few=0, key=str(key))
            loads = np.bincount(staffed.officer, minlength=40) * 1000

            assert (np.abs(loads - chances.loads()) < 1000).all()

    def test_joint_and_nested_seats(self):
        """Nobody sits in two seats of a task, although shuffled decks meet."""
        pools = [[0, 1, 2, 3, 4], [0, 1, 2], [5, 6, 7]]
        task = np.repeat(np.arange(60), 3)
        chances = equal_chances(demand(task, [1, 0, 2] * 60, [1, 1, 2] * 60, pools))
        staffed = drawn(chances)

        check(chances, staffed)
        assert not staffed.alone.any()

    def test_a_deck_that_cannot_be_shuffled_is_rounded(self):
        """Everybody is in every task but one: exchanges alone get stuck."""
        chances = equal_chances(one_pool(5, 5, seats=4))
        for key in range(30):
            check(chances, drawn(chances, key=str(key)))

    def test_rounding_takes_over_when_exchanges_fail(self, monkeypatch):
        """At once, if none is tried."""
        monkeypatch.setattr(dealing, "TRIES", 0)
        pools = [[0, 1, 2, 3], [0, 1]]
        nested = demand(np.repeat(np.arange(9), 2), [1, 0] * 9, 1, pools)
        for key in range(10):
            for rows in (one_pool(6, 4, seats=3), nested):
                chances = equal_chances(rows)
                check(chances, drawn(chances, key=str(key)))

    def test_rows_drawn_by_themselves_are_told(self):
        """The record says which method drew a row."""
        chances = equal_chances(one_pool(4, 3, barred=[(2, 0)]))

        assert drawn(chances).alone.tolist() == [False, False, True, False]

    def test_no_seats(self):
        """A day without tasks."""
        empty = Demand.of([], [], [], members=[[0]], barred=[], capacity=[1])

        assert drawn(equal_chances(empty)).row.size == 0

    def test_colleagues_change(self):
        """In a lot, everybody meets everybody: no fixed pairs."""
        staffed = drawn(equal_chances(one_pool(300, 6, seats=2)))
        teams = staffed.officer.reshape(-1, 2)

        assert len(np.unique(teams, axis=0)) == 15


@pytest.mark.parametrize("case", VECTORS, ids=lambda case: case["label"])
def test_published_draws_never_change(case):
    """Vectors are append-only: a changed draw would be another format."""
    task, pool, seats = zip(*case["rows"], strict=True)
    rows = Demand.of(
        task,
        pool,
        seats,
        members=case["pools"],
        barred=case["barred"],
        capacity=[999] * case["n_officers"],
    )
    chances = equal_chances(rows, unit=case["unit"])
    plan = plan_lots(chances, few=case["few"])
    staffed = deal(chances, plan, source=Shake(case["key"], case["label"]))
    table = chances.table()

    assert bool(plan.split) == case["label"].startswith("halves")
    assert case["chances"] in (
        None,
        [table.chance[table.row == r].tolist() for r in range(len(task))],
    )
    assert case["teams"] == [
        staffed.officer[staffed.row == r].tolist() for r in range(len(task))
    ]
