"""
What the benchmarks share.

Run with ``pytest benchmarks``.  Every group holds our function and what it is
held against, so that one run gives the ratio: it stands in parentheses behind
each figure, 1.0 for the fastest of the group.
"""

import gc
import tracemalloc

import pytest


def pytest_xdist_auto_num_workers():
    """None: what is measured runs alone."""
    return 0


@pytest.fixture
def peak_mb():
    """Return a function: peak growth in MB while a call runs, result kept alive."""

    def measure(function, /):
        gc.collect()
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            result = function()
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        del result
        return (peak - before) / 1e6

    return measure
