"""Fair draws to compare with, many at a time."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt


__all__ = ["Rows", "chunks", "repeated_pairs", "subsets"]

Rows = npt.NDArray[np.int64]

_DENSE = 8  # above one in so many, ordering all rows is quicker than avoiding repeats


def subsets(rng: np.random.Generator, n_draws: int, size: int, quota: int) -> Rows:
    """
    Draw *quota* of *size* rows, all alike, many times.

    Args:
        rng: Where the chance comes from.
        n_draws: [int >= 0] How many times.
        size: [int >= 0] Rows to draw from.
        quota: [0..size] Rows to draw.

    Returns:
        [(n_draws, quota) int64] Positions, ascending in each draw.
    """
    if not quota or not n_draws:
        return np.zeros((n_draws, quota), dtype=np.int64)
    if quota * _DENSE > size:
        order = rng.random((n_draws, size)).argsort(axis=1)
        return np.sort(order[:, :quota], axis=1)
    drawn = np.sort(rng.integers(0, size, (n_draws, quota)), axis=1)
    left = np.arange(n_draws)
    while left.size:
        # A row that came before is drawn again, as one would by hand.
        rows = drawn[left]
        again = np.zeros(rows.shape, dtype=bool)
        again[:, 1:] = rows[:, 1:] == rows[:, :-1]
        some = again.any(axis=1)
        left, rows, again = left[some], rows[some], again[some]
        rows[again] = rng.integers(0, size, int(again.sum()))
        drawn[left] = np.sort(rows, axis=1)
    return drawn


def chunks(repetitions: int, cells: int, most: int = 4_000_000) -> Iterator[int]:
    """Split *repetitions* so that no part needs more than *most* cells, if it can."""
    part = max(1, most // max(cells, 1))
    while repetitions > 0:
        yield min(part, repetitions)
        repetitions -= part


def repeated_pairs(keys: Rows) -> npt.NDArray[np.float64]:
    """
    Count, in each row, the pairs of equal keys.

    Args:
        keys: [(n, m) int64] Keys, in any order.

    Examples:
        >>> repeated_pairs(np.array([[5, 5, 2, 5], [1, 2, 3, 4]])).tolist()
        [3.0, 0.0]
    """
    ordered = np.sort(keys, axis=1)
    pairs = np.zeros(len(keys))
    for lag in range(1, keys.shape[1]):
        equal = (ordered[:, lag:] == ordered[:, :-lag]).sum(axis=1)
        if not equal.any():
            break
        pairs += equal
    return pairs
