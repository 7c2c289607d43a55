"""
Promises of the draw at any size: alike rows together, barred rows split.
"""

from fractions import Fraction

import numpy as np
import pytest
import scale
from exact import outcomes
from hypothesis import assume, event, example, given, strategies as st
from vectors import assign_reference as reference, chances_reference as tables

from dsgk.kernels.chances import UNIT, Demand, equal_chances, fits
from dsgk.kernels.dealing import Plan, deal, plan_lots
from dsgk.kernels.raking import even_chances, nearest_chances
from dsgk.kernels.shake import Shake
from dsgk.kernels.splitting import reach, split


def one_pool(n_officers, bars, seats=1, *, n_open=0):
    """A barred task for each set of *bars*, then *n_open* open ones."""
    n = len(bars) + n_open
    return Demand.of(
        range(n),
        [0] * n,
        np.broadcast_to(seats, n),
        members=[range(n_officers)],
        barred=[(t, i) for t, barred in enumerate(bars) for i in barred],
        capacity=[n * 9] * n_officers,
    )


def matrix(table, n_rows, n_officers):
    chance = np.zeros((n_rows, n_officers), dtype=np.int64)
    chance[table.row, table.officer] = table.chance
    return chance


def expected_after(drawn, n_rows, n_officers):
    """What every row gives every officer once seats are drawn to parts."""
    share = np.zeros((n_rows, n_officers), dtype=object)
    share[drawn.row, drawn.officer] += 1
    for part in drawn.parts:
        share[np.ix_(part.rows, part.officers)] += Fraction(
            part.seats, len(part.officers)
        )
    return share


@st.composite
def barred_pools(draw):
    n_officers = draw(st.integers(2, 5))
    seats = draw(st.integers(1, min(2, n_officers - 1)))
    bars = draw(
        st.lists(
            st.sets(
                st.integers(0, n_officers - 1), min_size=1, max_size=n_officers - seats
            ),
            min_size=1,
            max_size=3,
        )
    )
    unit = draw(st.sampled_from([10, 12, 16, 60]))
    leaf = draw(st.integers(1, 2))
    return one_pool(n_officers, bars, seats), unit, leaf


@given(barred_pools())
@scale.examples(60)
@example((one_pool(4, [{0}, {3}]), 10, 1))
@example((one_pool(5, [{0}, {0}, {2}], 2), 12, 1))
@example((one_pool(4, [{1, 2}, {1}], 2), 16, 2))
def test_splitting_keeps_every_chance_exactly(case):
    """
    Halving a pool, and singling out for the last units, shift nothing.
    """
    demand, unit, leaf = case
    chances = equal_chances(demand, unit=unit)
    n_rows, n_officers = len(demand.task), len(demand.capacity)
    rows = np.arange(n_rows)

    mean = np.zeros((n_rows, n_officers), dtype=object)
    total = Fraction(0)
    for probability, drawn in outcomes(
        lambda source: split(chances, rows, leaf=leaf, source=source)
    ):
        total += probability
        mean += probability * expected_after(drawn, n_rows, n_officers)

    assert total == 1
    assert (matrix(chances.table(), n_rows, n_officers) == mean * unit).all()


def shift(chances, drawn):
    """By how much what everybody has to expect has shifted, in seats."""
    after = expected_after(drawn, len(chances.base), len(chances.demand.capacity))
    loads = [Fraction(x, chances.unit) for x in chances.loads().tolist()]
    return abs(after.sum(axis=0) - loads)


@given(
    st.integers(7, 9),
    st.lists(st.sets(st.integers(0, 6), min_size=1, max_size=1), min_size=1, max_size=6)
    | st.lists(
        st.sets(st.integers(0, 6), min_size=2, max_size=2), min_size=1, max_size=3
    ),
)
@scale.examples(40)
@example(8, [{0}, {1}, {2}, {3}, {4}])
def test_one_halving_never_shifts_loads_by_more_than_its_reach(n_officers, bars):
    """
    The open rows are sure to take up the shift, in every single course.

    The unit leaves no units over, so that nobody is singled out.
    """
    chances = equal_chances(one_pool(n_officers, bars), unit=2520)
    rows, leaf = np.arange(len(bars)), n_officers - 1
    bound = reach(chances, rows, leaf=leaf)
    assume(bound is not None)

    for _, drawn in outcomes(
        lambda source: split(chances, rows, leaf=leaf, source=source)
    ):
        assert (shift(chances, drawn) <= bound).all()


@given(
    st.lists(st.sets(st.integers(0, 39), min_size=1, max_size=3), min_size=1),
    st.integers(1, 3),
    st.sampled_from([8, 16, 20]),
    st.integers(0, 99),
)
def test_many_halvings_never_shift_loads_by_more_than_their_reach(
    bars, seats, leaf, key
):
    """
    With the real unit, for some courses of many.
    """
    chances = equal_chances(one_pool(40, bars, seats))
    rows = np.arange(len(bars))
    bound = reach(chances, rows, leaf=leaf)
    assume(bound is not None)
    drawn = split(chances, rows, leaf=leaf, source=Shake("reach", str(key)))

    assert (shift(chances, drawn) <= bound).all()


def staffing(chances, plan, source):
    drawn = deal(chances, plan, source=source)
    result = np.zeros((len(chances.base), len(chances.demand.capacity)), dtype=object)
    np.add.at(result, (drawn.row, drawn.officer), 1)
    return result


@pytest.mark.parametrize("unit", [12, 16])
@pytest.mark.parametrize(
    ("n_officers", "bars"), [(3, [{0}]), (3, [{0}, {0}]), (3, [{0}, {2}]), (4, [{1}])]
)
def test_split_rows_and_the_lot_that_takes_up_the_shift_are_exact(
    n_officers, bars, unit
):
    """
    Every chance of a barred row, and every sum of the open ones, to the unit.

    The rows of a large lot are interchangeable: that is another test.
    """
    n_open = 2 * n_officers
    demand = one_pool(n_officers, bars, n_open=n_open)
    chances = equal_chances(demand, unit=unit)
    split_rows, rest = np.arange(len(bars)), np.arange(len(bars), len(bars) + n_open)
    plan = Plan([rest], [0], [(split_rows, 1, 0)], n_officers)

    mean = np.zeros((len(demand.task), n_officers), dtype=object)
    for probability, result in outcomes(
        lambda source: staffing(chances, plan, source), ordered_up_to=2
    ):
        loads = result.sum(axis=0)
        assert (abs(loads * unit - chances.loads()) < unit).all()
        assert (result.sum(axis=1) == 1).all()
        mean += probability * result

    stated = matrix(chances.table(), *mean.shape)
    assert (stated[split_rows] == mean[split_rows] * unit).all()
    assert (stated[rest].sum(axis=0) == mean[rest].sum(axis=0) * unit).all()


@given(st.sampled_from([(2, 1, 3), (3, 1, 2), (2, 1, 2)]), st.sampled_from([10, 12]))
@scale.examples(6)
def test_rows_of_a_lot_have_the_same_exact_chances(case, unit):
    """
    A shuffled deck is as good as a table of its own for every row.
    """
    n_rows, seats, n_officers = case
    demand = one_pool(n_officers, [], seats, n_open=n_rows)
    chances = equal_chances(demand, unit=unit)
    plan = plan_lots(chances)

    mean = np.zeros((n_rows, n_officers), dtype=object)
    for probability, result in outcomes(
        lambda source: staffing(chances, plan, source), ordered_up_to=3
    ):
        mean += probability * result

    assert (matrix(chances.table(), n_rows, n_officers) == mean * unit).all()


@st.composite
def demands(draw):
    """Several pools that may overlap, joint and nested seats, bars, capacities."""
    n_officers = draw(st.integers(2, 8))
    officers = st.integers(0, n_officers - 1)
    members = draw(
        st.lists(
            st.lists(officers, min_size=2, max_size=n_officers, unique=True),
            min_size=1,
            max_size=3,
        )
    )
    task, pool, seats = [], [], []
    for t in range(draw(st.integers(1, 8))):
        for p in draw(
            st.sets(st.integers(0, len(members) - 1), min_size=1, max_size=2)
        ):
            task.append(t)
            pool.append(p)
            seats.append(draw(st.integers(1, 2)))
    barred = draw(st.lists(st.tuples(st.integers(0, 7), officers), max_size=6))
    free = st.just([99] * n_officers)
    capacity = draw(
        free | st.lists(st.integers(0, 6), min_size=n_officers, max_size=n_officers)
    )
    try:
        return Demand.of(
            task, pool, seats, members=members, barred=barred, capacity=capacity
        )
    except ValueError:
        assume(False)  # noqa: FBT003
        raise


@given(demands(), st.sampled_from([nearest_chances, even_chances]), st.integers(0, 9))
@example(
    Demand.of(
        [0, 0, 1, 1, 2, 2],
        [0, 1] * 3,
        [1] * 6,
        members=[[0], [0, 1]],
        barred=[],
        capacity=[9, 9],
    ),
    nearest_chances,
    0,
)
def test_every_staffing_is_legal_and_even(demand, rule, number):
    """
    Seats, pools, bars, teams, capacities and loads, whatever the key.
    """
    try:
        chances = rule(demand)
    except ValueError:
        assume(False)  # noqa: FBT003
    table = chances.table()
    stated = matrix(table, len(demand.task), len(demand.capacity))
    got = staffing(chances, plan_lots(chances), Shake("key", str(number)))

    loads = stated.sum(axis=0)
    assert (stated.sum(axis=1) == demand.seats * UNIT).all()
    assert (loads <= demand.capacity * UNIT).all()
    assert (got.sum(axis=1) == demand.seats).all()
    assert not got[stated == 0].any()
    assert (abs(got.sum(axis=0) * UNIT - loads) < UNIT).all()
    for t in set(demand.task.tolist()):
        in_task = demand.task == t
        assert (stated[in_task].sum(axis=0) <= UNIT).all()
        assert (got[in_task].sum(axis=0) <= 1).all()
    if rule is nearest_chances and chances.is_equal.all():
        assert fits(chances)


def reference_rows(demand):
    rows = []
    barred = {}
    for r, (task, p) in enumerate(
        zip(demand.task.tolist(), demand.pool.tolist(), strict=True)
    ):
        bars = demand.bar_place[demand.bar_start[r] : demand.bar_start[r + 1]]
        circle = demand.members[p].tolist()
        barred = {circle[b] for b in bars.tolist()}
        rows.append(reference.Row(task, p, circle, int(demand.seats[r]), barred))
    return rows


def compare(demand, unit, few, key):
    rows = reference_rows(demand)
    chances = equal_chances(demand, unit=unit)
    stated = reference.equal_chances(rows, unit)
    table = chances.table()
    words = reference.stream("key", str(key))
    teams = reference.deal(rows, stated, len(demand.capacity), unit, few, words)
    drawn = deal(chances, plan_lots(chances, few=few), source=Shake("key", str(key)))

    assert [(r, i, c) for r, (row, _) in enumerate(stated) for i, c in row.items()] == (
        list(zip(*(column.tolist() for column in table), strict=True))
    )
    assert teams == [
        drawn.officer[drawn.row == r].tolist() for r in range(len(demand.task))
    ]


@given(demands(), st.sampled_from([UNIT, 1000]), st.integers(0, 9))
def test_small_draws_are_those_of_the_definition(demand, unit, key):
    """
    A reader of the definition, in any language, draws the same officers.
    """
    if fits(equal_chances(demand, unit=unit)):
        compare(demand, unit, 60_000, key)


@given(
    st.lists(st.sets(st.integers(0, 39), max_size=5), min_size=1, max_size=12),
    st.integers(1, 2),
    st.sampled_from([UNIT, 1000]),
    st.integers(0, 9),
)
@scale.examples(20)
@example([{1}, {2}, {1, 2}, {5, 6, 7, 8, 9}, {0}, {39}], 2, 1000, 0)
def test_split_draws_are_those_of_the_definition(bars, seats, unit, key):
    """
    Halving, singling out and taking up the shift included.
    """
    demand = one_pool(40, bars, seats, n_open=150)

    compare(demand, unit, 0, key)


@given(demands())
@example(one_pool(3, [{0}, {1}], n_open=4)._replace(capacity=np.array([2, 3, 2])))
@example(one_pool(4, [{0}, {1}], 2, n_open=40)._replace(capacity=np.full(4, 21)))
def test_tables_are_those_of_the_definition(demand):
    """
    The same last digit in plain Python numbers, added one by one.
    """
    try:
        chances = nearest_chances(demand)
    except ValueError:
        return
    if not chances.is_equal.any():
        event("compared")
        expected = tables.nearest_chances(
            reference_rows(demand), demand.capacity.tolist()
        )
        assert entries(expected) == as_entries(chances)


@given(demands(), st.data())
def test_tables_of_equal_loads_are_those_of_the_definition(demand, data):
    """
    Levels by trying all sets of officers, the rest as above.
    """
    n = len(demand.capacity)
    had = data.draw(st.lists(st.sampled_from([0, 0, 1, 3]), min_size=n, max_size=n))
    try:
        chances = even_chances(demand, had=had)
    except ValueError:
        return
    event("compared")
    expected = tables.even_chances(
        reference_rows(demand), demand.capacity.tolist(), had
    )

    assert entries(expected) == as_entries(chances)


def entries(expected):
    return [(r, i, c) for r, row in enumerate(expected) for i, c in row.items()]


def as_entries(chances):
    table = chances.table()
    return list(zip(*(column.tolist() for column in table), strict=True))
