"""The most equal loads that are possible."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, example, given, strategies as st
from scipy.optimize import LinearConstraint, minimize
from vectors.chances_reference import even_loads as all_sets, most_taken

from dsgk.kernels import levels as module
from dsgk.kernels.levels import Pairs, even_loads
from dsgk.kernels.transport import EffortError


def pairs_of(rows, *, shared=()):
    """From seats and officers of each row; rows in *shared* are one task."""
    place, triples = {}, []
    for r, (_, officers) in enumerate(rows):
        for i in officers:
            key = (-1 if r in shared else r, i)
            triples.append((r, i, place.setdefault(key, len(place))))
    row, officer, number = np.array(triples, np.intp).reshape(-1, 3).T
    return Pairs(
        row,
        officer,
        number,
        np.array([seats for seats, _ in rows], np.int64),
        np.ones(len(place), np.int64),
    )


def levels(rows, held, capacity, **how):
    held = [Fraction(x) for x in held]
    return even_loads(pairs_of(rows, **how), held, capacity)


def test_open_seats_are_shared_alike():
    """Fractions of a seat are exact."""
    got = levels([(1, [0, 1, 2]), (1, [0, 1, 2])], [0] * 3, [9] * 3)

    assert got == [Fraction(2, 3)] * 3


def test_those_with_more_to_do_than_others_can_take_off_stay_above():
    """Departments do not help each other out."""
    got = levels([(1, [0]), (1, [0, 1]), (1, [2, 3]), (1, [0])], [0] * 4, [9] * 4)

    assert got == [2, 1, Fraction(1, 2), Fraction(1, 2)]


def test_a_low_capacity_raises_the_others():
    """Who can take little takes that."""
    got = levels([(1, [0, 1, 2])] * 5, [0] * 3, [1, 9, 9])

    assert got == [1, 2, 2]


def test_what_is_held_already_counts():
    """The others catch up first."""
    got = levels([(1, [0, 1, 2])] * 2, [1, 0, Fraction(1, 2)], [9] * 3)

    assert got == [Fraction(7, 6)] * 3
    assert levels([(1, [0, 1])], [3, 0], [9, 9]) == [3, 1]


def test_nobody_sits_twice_in_a_task():
    """Two seats of a task open to the same officer cannot both be theirs."""
    got = levels([(1, [0]), (1, [0, 1])], [0, 0], [9, 9], shared={0, 1})

    assert got == [1, 1]


def test_no_seats_leave_everybody_as_they_are():
    """Nothing to share out."""
    assert levels([], [2, 0], [9, 0]) == [2, 0]
    assert levels([(0, [0, 1])], [2, 0], [9, 0]) == [2, 0]


@pytest.mark.parametrize(
    ("rows", "capacity"),
    [
        ([(1, [0, 1])] * 3, [1, 1]),  # too little room in all
        ([(1, [0])] * 2 + [(1, [1])], [1, 9]),  # too little where it is needed
        ([(2, [0])], [9]),  # one officer for two seats of a row
    ],
)
def test_seats_that_cannot_be_filled_are_told(rows, capacity):
    """Levels exist only where a staffing exists."""
    with pytest.raises(ValueError, match="'capacity' must leave room for all seats"):
        levels(rows, [0] * len(capacity), capacity)


def exclusive(n):
    """Officer k alone has k tasks; one more is open to everybody."""
    rows = [(1, [k]) for k in range(n) for _ in range(k)]
    return [*rows, (1, list(range(n)))], [0] * n, [9 * n] * n


def test_many_levels_are_found_by_dividing(monkeypatch):
    """Not one after another, each by looking at everything again."""
    monkeypatch.setattr(module, "EFFORT", 60_000)

    assert levels(*exclusive(60)) == [1, *range(1, 60)]


def test_levels_that_take_too_much_are_not_found(monkeypatch):
    """Rather than after minutes; whoever asks draws in another way."""
    monkeypatch.setattr(module, "EFFORT", 100)

    with pytest.raises(EffortError, match="'pairs' must be levelled when 100 were"):
        levels(*exclusive(60))


def test_a_place_that_is_full_is_full_for_all_rows_of_its_task():
    """
    Officer 0 has one seat of the task at most, whoever of its two rows has it,
    and is the only one for the rest.
    """
    rows = [(1, [0, 1]), (1, [0, 1, 2]), (1, [0]), (1, [0])]

    got = levels(rows, [0, 0, 0], [9, 9, 9], shared={0, 1})

    assert got == [2, 1, 1]


@st.composite
def cases(draw):
    n = draw(st.integers(1, 4))
    officers = st.sets(st.integers(0, n - 1), min_size=1).map(sorted)
    rows = draw(st.lists(officers.map(lambda those: (1, those)), max_size=6))
    capacity = draw(st.lists(st.integers(0, 6), min_size=n, max_size=n))
    held = draw(st.lists(st.sampled_from([0, 0, 0, 1, 2]), min_size=n, max_size=n))
    return rows, held, [c + h for c, h in zip(capacity, held, strict=True)]


@given(cases())
@example(([(1, [0, 1]), (1, [1, 2]), (1, [2])], [0, 0, 0], [9, 9, 9]))
def test_loads_have_the_least_sum_of_squares(case):
    """The same loads, found by a general optimiser."""
    rows, held, capacity = case
    try:
        got = np.array(levels(*case), np.float64)
    except ValueError:
        assume(False)  # noqa: FBT003
    assume(rows)
    pairs, base = pairs_of(rows), np.array(held, np.float64)
    to_rows = np.equal.outer(np.arange(len(rows)), pairs.row).astype(float)
    to_loads = np.equal.outer(np.arange(len(held)), pairs.officer).astype(float)
    found = minimize(
        lambda x: ((to_loads @ x + base) ** 2).sum(),
        np.full(len(pairs.row), 0.5),
        bounds=[(0, 1)] * len(pairs.row),
        constraints=[
            LinearConstraint(to_rows, pairs.seats, pairs.seats),
            LinearConstraint(to_loads, -np.inf, np.array(capacity) - base),
        ],
        method="SLSQP",
        options={"ftol": 1e-12, "maxiter": 500},
    )

    assert abs(got.sum() - base.sum() - len(rows)) < 1e-9
    assert (got**2).sum() < found.fun + 1e-5


@st.composite
def problems(draw):
    """Rows that share tasks, rows that stand for several, and what is held."""
    n = draw(st.integers(2, 5))
    triples, seats, most, place = [], [], [], {}
    for t in range(draw(st.integers(1, 5))):
        times = draw(st.sampled_from([1, 1, 3]))
        for _ in range(draw(st.integers(1, 3)) if times == 1 else 1):
            officers = draw(st.sets(st.integers(0, n - 1), min_size=1))
            for i in sorted(officers):
                number = place.setdefault((t, i), len(place))
                most += [times] * (number == len(most))
                triples.append((len(seats), i, number))
            seats.append(draw(st.integers(0, min(2, len(officers)))) * times)
    column = {"min_size": n, "max_size": n}
    held = draw(st.lists(st.sampled_from([0, 0, 1, 2, 5]), **column))
    capacity = draw(st.lists(st.sampled_from([0, 1, 2, 9, 9, 9]), **column))
    return problem(triples, seats, most, held, capacity)


def problem(triples, seats, most, held, capacity):
    row, officer, number = np.array(triples, np.intp).T
    return Pairs(row, officer, number, np.array(seats), np.array(most)), held, capacity


# An empty place, open to rows on the far side, of an officer on the near one.
EMPTY = problem(
    [(0, 0, 0), (0, 1, 1), (1, 0, 0), (1, 2, 2), (2, 0, 3), (3, 1, 4)],
    [0, 1, 1, 0],
    [1, 1, 1, 1, 1],
    [5, 0, 0],
    [9, 9, 9],
)
# A place that a row of the near side fills, so that no row of the far one may.
FULL = problem(
    [(0, 0, 0), (0, 2, 1), (1, 0, 0), (1, 1, 2)],
    [1, 2],
    [1, 1, 1],
    [1, 5, 2],
    [9, 1, 2],
)
# A place that is divided off first, and then filled by a row across a cut.
FILLED_LATER = problem(
    [(0, 1, 0), (0, 2, 1), (0, 3, 2), (1, 0, 3), (1, 1, 0)],
    [2, 1],
    [1, 1, 1, 1],
    [2, 0, 5, 5],
    [2, 9, 2, 2],
)


@given(problems())
@example(EMPTY)
@example(FULL)
@example(FILLED_LATER)
def test_levels_are_those_of_all_sets_of_officers(case):
    """Exactly, and told to be impossible where they are."""
    pairs, held, capacity = case
    entries = list(zip(*(column.tolist() for column in pairs[:3]), strict=True))
    fill, most = pairs.seats.tolist(), dict(enumerate(pairs.most.tolist()))
    everybody = range(len(held))
    total = most_taken(entries, fill, most, capacity, everybody)

    if total < sum(fill):
        with pytest.raises(ValueError, match="'capacity' must leave room"):
            even_loads(pairs, list(map(Fraction, held)), sums(held, capacity))
    else:
        got = even_loads(pairs, list(map(Fraction, held)), sums(held, capacity))
        assert all_sets(entries, fill, most, held, capacity) == got


def sums(held, capacity):
    return [h + c for h, c in zip(held, capacity, strict=True)]
