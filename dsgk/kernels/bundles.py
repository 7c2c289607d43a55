"""
Which rows of a task belong together, and which rows of all tasks are alike.

Rows of a task whose pools share an officer, directly or through other rows,
are a *bundle*: nobody may sit in two of them.  A row that shares with none is
a bundle by itself, and may be drawn together with all others of its kind.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.chances import Demand


__all__ = [
    "BARS",
    "FEW",
    "Groups",
    "bundles",
    "easily_split",
    "groups_of",
    "single_rows",
]

FEW = 60_000
BARS = 4

_Places = npt.NDArray[np.intp]


def bundles(demand: Demand) -> Iterator[list[int]]:
    """
    Take the rows of each task apart into bundles.

    Yields:
        Rows of one bundle, ascending; task by task.

    Examples:
        >>> demand = Demand.of(
        ...     [0, 0, 0],
        ...     [0, 1, 2],
        ...     [1, 1, 1],
        ...     members=[[0, 1], [2, 3], [1, 4]],
        ...     barred=[],
        ...     capacity=[9] * 5,
        ... )
        >>> list(bundles(demand))
        [[1], [0, 2]]
    """
    pools: list[int] = demand.pool.tolist()
    new = np.diff(demand.task, prepend=-1, append=-1) != 0
    stops: list[int] = np.flatnonzero(new).tolist()
    sets = [frozenset(circle.tolist()) for circle in demand.members]
    known: dict[tuple[int, ...], list[list[int]]] = {}
    for a, b in pairwise(stops):
        in_task = tuple(pools[a:b])
        if in_task not in known:
            parts: list[list[int]] = []
            for k, p in enumerate(in_task):
                apart = [
                    part
                    for part in parts
                    if all(sets[p].isdisjoint(sets[in_task[j]]) for j in part)
                ]
                joined = [j for part in parts if part not in apart for j in part]
                parts = [*apart, [*sorted(joined), k]]
            known[in_task] = parts
        for part in known[in_task]:
            yield [a + j for j in part]


class Groups(NamedTuple):
    """
    Rows that are alike, the rows of larger bundles being alone.

    Attributes:
        group: [(rows,) intp] Number of the group, counted from 0 in the order
            of the first rows; -1 for rows that are not asked for.
        first: [(groups,) intp] First row.
        times: [(groups,) intp] How many rows.
    """

    group: _Places
    first: _Places
    times: _Places


def groups_of(
    kind: _Places, single: npt.NDArray[np.bool_], wanted: npt.NDArray[np.bool_]
) -> Groups:
    """
    Gather the wanted rows of one kind, bundles of several rows left alone.

    Args:
        kind: [(rows,) intp] Alike rows have the same number.
        single: [(rows,) bool] Which rows are bundles by themselves.
        wanted: [(rows,) bool] Of which rows.

    Examples:
        >>> groups_of(
        ...     np.array([0, 0, 1, 0]), np.array([1, 1, 1, 0], bool), np.ones(4, bool)
        ... )
        Groups(group=array([0, 0, 1, 2]), first=array([0, 2, 3]), times=array([2, 1, 1]))
    """  # noqa: E501
    rows = np.flatnonzero(wanted)
    label = np.where(single, kind, len(kind) + np.arange(len(kind)))[rows]
    _, first, group, times = np.unique(
        label, return_index=True, return_inverse=True, return_counts=True
    )
    order = np.argsort(first)
    number = np.empty_like(order)
    number[order] = np.arange(len(order))
    result = np.full(len(kind), -1, np.intp)
    result[rows] = number[group]
    return Groups(result, rows[first[order]], times[order])


def single_rows(demand: Demand) -> npt.NDArray[np.bool_]:
    """[(rows,) bool] Which rows are bundles by themselves."""
    single = np.ones(len(demand.task), np.bool_)
    for rows in bundles(demand):
        if len(rows) > 1:
            single[rows] = False
    return single


def easily_split(
    demand: Demand, kind: _Places, single: npt.NDArray[np.bool_], *, few: int
) -> npt.NDArray[np.bool_]:
    """
    Tell which rows may be drawn to parts of their pool (`dsgk.kernels.splitting`).

    Where the groups of all rows have more than *few* eligible officers in
    all, these are the rows that are bundles by themselves and have 1 to
    `BARS` bars; otherwise there are none.
    """
    groups = groups_of(kind, single, np.ones_like(single))
    n_bars = np.diff(demand.bar_start)
    if demand.eligible[groups.first].sum() <= few:
        return np.zeros_like(single)
    return single & (n_bars > 0) & (n_bars <= BARS)
