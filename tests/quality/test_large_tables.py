"""
Large draws, on which an earlier method silently broke its promises.

Above 60,000 pairs of a task and an officer rows with few bars once kept equal
chances whatever was asked; rows of many bars bore what these left.
"""

import random
from fractions import Fraction

import pytest
from staffing import kinship, officers, problem_of, task

from dsgk.assignments import Fairness
from dsgk.assignments._stated import MOST_PAIRS
from dsgk.errors import InvalidValueError


UNIT = Fraction(1, 2**20)
TASKS = 1300


def half_barred(share, among=3, **fields):
    """A share of the tasks barred to three of a hundred each."""
    chance = random.Random(7)  # noqa: S311
    recusals = []
    for n in range(int(TASKS * share)):
        open_to = set(chance.sample(range(100), among))
        recusals += [kinship(f"P{k}", f"S{n}") for k in range(100) if k not in open_to]
    return problem_of(
        [task(n) for n in range(TASKS)],
        fields.pop("people", officers(100)),
        recusals=recusals + fields.pop("recusals", []),
        **fields,
    ).chances()


def in_all(stated):
    """Expected loads with those that people have already."""
    had = stated.problem.current_loads
    return [load + had.get(p, 0) for p, load in stated.expected_loads.items()]


def near(load, level):
    return abs(load - Fraction(str(level))) <= UNIT


def test_an_earlier_load_is_levelled_by_all():
    """One with 20 tasks before, 1,300 tasks, equal load: all come to 26.2."""
    stated = half_barred(0.5, current_loads={"P0": 20}, fairness=Fairness.EQUAL_LOAD)

    assert all(near(load, 26.2) for load in in_all(stated))


def test_one_who_is_recused_from_most_tasks_is_levelled_too():
    """99 % of the tasks barred, and one officer recused from 900 of 1,300."""
    stated = half_barred(
        0.99,
        recusals=[kinship("P1", f"S{n}") for n in range(900)],
        current_loads={"P0": 20},
        fairness=Fairness.EQUAL_LOAD,
    )

    assert sum("P1" in stated[task_id] for task_id in stated) < 400
    assert all(near(load, 26.2) for load in in_all(stated))


def test_a_capacity_binds_in_barred_and_open_tasks_alike():
    """A chance under a capacity was .0206 in some tasks, .0009 in others."""
    people = [*officers(1, capacity=14), *officers(100)[1:]]
    few = problem_of(
        [task(n) for n in range(TASKS)],
        people,
        recusals=[kinship(f"P{1 + n % 90}", f"S{n}") for n in range(TASKS // 2)],
    ).chances()

    of_p0 = [few[f"T{n}"]["P0"] for n in range(0, TASKS, 13)]

    assert few.capped == ("P0",)
    assert max(of_p0) < 2 * min(of_p0)
    assert near(few.expected_loads["P0"], 14)


@pytest.mark.parametrize("capacity", [2, 3])
def test_seats_that_equal_capacity_are_equal_and_cap_nobody(capacity):
    """To the last unit: what is odd goes where there is room."""
    tasks = [task(n) for n in range(5 * capacity)]
    stated = problem_of(tasks, officers(10, capacity=capacity)).chances()

    assert stated.is_equal
    assert stated.capped == ()
    assert set(stated.expected_loads.values()) == {capacity}


def test_too_large_a_part_is_refused_with_what_to_do(monkeypatch):
    """Not drawn by another method in silence."""
    assert MOST_PAIRS == 6_000_000
    monkeypatch.setattr("dsgk.assignments._stated.MOST_PAIRS", 99)
    problem = problem_of([task(n) for n in range(10)], officers(10))

    with pytest.raises(InvalidValueError) as caught:
        problem.chances()

    assert caught.value.code == "staffing-size"
    assert caught.value.params["got"] == 100
    assert "by department, by area or by outings" in str(caught.value)
    barred = problem_of(problem.tasks, officers(10), recusals=[kinship("P0", "S0")])
    assert len(barred.chances()) == 10  # 99 pairs are not too many
