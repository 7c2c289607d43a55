"""
Promises of the draw: chances that are kept exactly, in every single outcome.
"""

from collections import Counter
from fractions import Fraction

import numpy as np
import scale
from exact import outcomes
from hypothesis import example, given, strategies as st
from vectors import assign_reference as reference

from dsgk.kernels.rounding import round_flow, round_table
from dsgk.kernels.shake import Shake


UNIT = 12


@st.composite
def tables(draw):
    """
    A table of chances: the average of some legal staffings.

    Every table is one, and the average is sure to be legal.
    """
    n_officers = draw(st.integers(1, 4))
    task, seats = [], []
    for t in range(draw(st.integers(1, 3))):
        free = n_officers
        for _ in range(draw(st.integers(1, 2))):
            n = draw(st.integers(0, min(free, 2)))
            free -= n
            task.append(t)
            seats.append(n)
    staffings = draw(st.sampled_from([1, 2, 3, 4, 6]))
    chance = np.zeros((len(task), n_officers), dtype=np.int64)
    for _ in range(staffings):
        for t in set(task):
            free = draw(st.permutations(range(n_officers)))
            for r in range(len(task)):
                if task[r] == t:
                    chance[r, free[: seats[r]]] += UNIT // staffings
                    free = free[seats[r] :]
    return tuple(task), chance


def entries_of(chance):
    row, officer = np.nonzero(chance)
    return row, officer, chance[row, officer]


def staffing(task, chance, source):
    row, officer, units = entries_of(chance)
    chosen = round_table(
        row,
        officer,
        units,
        task=task,
        n_officers=chance.shape[1],
        unit=UNIT,
        source=source,
    )
    result = np.zeros_like(chance)
    result[row, officer] = chosen
    return result


HALVES = np.array([[6, 6], [6, 6]])
NESTED = np.array([[6, 6, 0], [3, 3, 6]])


@given(tables())
@scale.examples(50)
@example(((0, 1), HALVES))
@example(((0, 0), HALVES))
@example(((0, 0), NESTED))
@example(((0, 1, 2), np.full((3, 4), 3)))
def test_every_chance_is_kept_exactly(case):
    """
    No frequency: all courses that chance can take, with their probabilities.

    One order of rows and officers is enough, since the claim is for each.
    """
    task, chance = case
    courses = outcomes(lambda source: staffing(task, chance, source))

    expected = Counter()
    total = Fraction(0)
    for probability, result in courses:
        total += probability
        for r, i in np.argwhere(result).tolist():
            expected[r, i] += probability

    assert total == 1
    assert {k: v * UNIT for k, v in expected.items()} == {
        (r, i): chance[r, i] for r, i in np.argwhere(chance).tolist()
    }


@given(tables(), st.integers(0, 5))
@example(((0, 0), NESTED), 0)
def test_every_staffing_is_legal_and_even(case, number):
    """
    Seats, teams and loads hold in every outcome, not only on average.
    """
    task, chance = case
    result = staffing(task, chance, Shake("key", str(number)))

    load = Fraction(1, UNIT) * chance.sum(axis=0)
    assert (result.sum(axis=1) * UNIT == chance.sum(axis=1)).all()
    assert (np.abs(result.sum(axis=0) - load) < 1).all()
    assert not result[chance == 0].any()
    assert result[chance == UNIT].all()
    for t in set(task):
        assert (
            result[[r for r, other in enumerate(task) if other == t]].sum(0) <= 1
        ).all()


@given(tables(), st.integers(0, 5))
@example(((0, 0), NESTED), 0)
@example(((0, 1), HALVES), 0)
def test_the_choice_is_that_of_the_definition(case, number):
    """
    A reader of the definition, in any language, draws the same officers.
    """
    task, chance = case
    entries = list(
        zip(*(column.tolist() for column in entries_of(chance)), strict=True)
    )
    words = reference.stream("key", str(number))

    counts = reference.round_table(entries, task, chance.shape[1], UNIT, words)
    got = staffing(task, chance, Shake("key", str(number)))

    assert {pair for pair, times in counts.items() if times} == {
        tuple(pair) for pair in np.argwhere(got).tolist()
    }


@st.composite
def flows(draw):
    """Arcs between a few nodes whose amounts are sums of closed rounds."""
    n = draw(st.integers(2, 5))
    arcs = draw(
        st.lists(
            st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)).filter(
                lambda ends: ends[0] != ends[1]
            ),
            max_size=8,
        )
    )
    amounts = [UNIT * draw(st.integers(-1, 2)) for _ in arcs]
    # Close the rounds: one arc more for each node, to a node of its own.
    for a in range(len(arcs)):
        amounts[a] += draw(st.integers(0, UNIT - 1))
    for node in range(n):
        into = sum(
            x for x, (_, head) in zip(amounts, arcs, strict=True) if head == node
        )
        out = sum(x for x, (tail, _) in zip(amounts, arcs, strict=True) if tail == node)
        if (into - out) % UNIT:
            arcs.append((node, n))
            amounts.append((into - out) % UNIT)
    return arcs, amounts


@given(flows(), st.integers(0, 3))
@example(([(0, 1), (0, 1)], [5, 7]), 0)  # two arcs between the same nodes
@example(([(0, 1), (1, 0)], [5, 5]), 0)
@example(([(0, 1)], [-12]), 0)
def test_any_flow_is_rounded_in_balance(flow, number):
    """
    Families of sets that nest on either side are flows; so are joint seats.
    """
    arcs, amounts = flow
    tail, head = np.array(arcs, np.intp).reshape(-1, 2).T
    got = round_flow(tail, head, amounts, unit=UNIT, source=Shake("k", str(number)))

    n = max(max(ends) for ends in arcs) + 1 if arcs else 0
    change = got * UNIT - np.array(amounts, np.int64)
    assert (np.abs(change) < UNIT).all()
    assert (np.bincount(tail, change, n) == np.bincount(head, change, n)).all()
    triples = [(*ends, x) for ends, x in zip(arcs, amounts, strict=True)]
    words = reference.stream("k", str(number))
    assert reference.round_flow(triples, UNIT, words) == got.tolist()


@given(flows())
@scale.examples(50)
@example(([(0, 1), (0, 1)], [5, 7]))
@example(([(0, 1), (1, 2), (2, 0), (0, 2), (1, 0)], [5, 5, 1, 8, 0]))
def test_any_flow_is_rounded_without_bias(flow):
    """
    The expectation of every single amount is the amount.
    """
    arcs, amounts = flow
    tail, head = np.array(arcs, np.intp).reshape(-1, 2).T
    expected = np.zeros(len(arcs), dtype=object)
    for probability, got in outcomes(
        lambda source: round_flow(tail, head, amounts, unit=UNIT, source=source)
    ):
        expected += probability * got

    assert [Fraction(x, UNIT) for x in amounts] == expected.tolist()
