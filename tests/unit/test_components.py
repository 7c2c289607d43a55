"""Which nodes of a directed graph can reach each other."""

import numpy as np
from hypothesis import example, given, strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dsgk.kernels.components import strong_components


def partition(numbers):
    """The sets of equal numbers, however they are numbered."""
    return {frozenset(np.flatnonzero(numbers == x).tolist()) for x in set(numbers)}


@given(
    st.integers(1, 8).flatmap(
        lambda n: st.tuples(
            st.just(n),
            st.lists(
                st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), max_size=20
            ),
        )
    )
)
@example((1, []))
@example((5, [(0, 1), (1, 2), (2, 0), (2, 3), (3, 4), (4, 3)]))
@example((4, [(0, 1), (1, 2), (0, 2), (2, 3), (3, 1)]))
def test_nodes_on_a_common_round_have_the_same_number(graph):
    """As scipy finds them."""
    n, arcs = graph
    tail, head = np.array(arcs, np.intp).reshape(-1, 2).T
    got = strong_components(tail.tolist(), head.tolist(), n)
    matrix = coo_array((np.ones(len(tail)), (tail, head)), shape=(n, n))
    _, expected = connected_components(matrix.tocsr(), connection="strong")

    assert partition(expected) == partition(got)


def test_long_ways_need_no_deep_recursion():
    """A register has thousands of officers."""
    n = 20_000
    ring = strong_components(range(n), [*range(1, n), 0], n)
    line = strong_components(range(n - 1), range(1, n), n)

    assert len(set(ring.tolist())) == 1
    assert len(set(line.tolist())) == n


def test_no_nodes_have_no_numbers():
    """An empty graph."""
    assert strong_components([], [], 0).size == 0
