"""
The most that can flow from where there is too much to where there is room.

A push-relabel method on whole numbers that works on all arcs at once, from any
flow that stands already: what is asked for is the *change*, so that an almost
right flow is put right at the cost of the little that is wrong.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt


__all__ = ["Change", "carry"]

_Ints = npt.NDArray[np.int64]
_Nodes = npt.NDArray[np.int32]


class Change(NamedTuple):
    """
    What `carry` moved.

    Attributes:
        along: [(arcs,) int64] Gain of each arc, negative where it lost.
        stuck: [(nodes,) int64] Supply that cannot go on from where it is now.
        reached: [(nodes,) bool] From which nodes no more can get to where there
            is room, if some is stuck: the greatest source side of a least cut.
    """

    along: _Ints
    stuck: _Ints
    reached: npt.NDArray[np.bool_]


def carry(
    tail: npt.ArrayLike,
    head: npt.ArrayLike,
    *,
    rise: npt.ArrayLike,
    fall: npt.ArrayLike,
    supply: npt.ArrayLike,
    demand: npt.ArrayLike,
) -> Change:
    """
    Carry as much as possible from nodes with supply to nodes with demand.

    Args:
        tail: [(arcs,) integers] Node where each arc starts.
        head: [(arcs,) integers] Node where it ends.
        rise: [(arcs,) integers >= 0] By how much its flow may grow.
        fall: [(arcs,) integers >= 0] By how much its flow may shrink.
        supply: [(nodes,) integers >= 0] What has to leave a node.
        demand: [(nodes,) integers >= 0] What it can take up.

    Returns:
        The change; it depends on the order of arcs and nodes and on nothing
        else.

    Examples:
        >>> change = carry(
        ...     [0, 1],
        ...     [2, 2],
        ...     rise=[5, 1],
        ...     fall=[0, 0],
        ...     supply=[3, 4, 0],
        ...     demand=[0, 0, 6],
        ... )
        >>> change.along.tolist(), change.stuck.tolist(), change.reached.tolist()
        ([3, 1], [0, 3, 0], [False, True, False])
    """
    tails, heads = np.asarray(tail, np.int32), np.asarray(head, np.int32)
    excess, open_ = np.array(supply, np.int64), np.array(demand, np.int64)
    # Halves of arcs: first all that go along, then all that go against.
    n = len(tails)
    frm, to = np.concatenate((tails, heads)), np.concatenate((heads, tails))
    room = np.concatenate((np.asarray(rise, np.int64), np.asarray(fall, np.int64)))
    absorbed = np.minimum(excess, open_)
    excess, open_ = excess - absorbed, open_ - absorbed
    while True:
        level = _levels(frm, to, room, open_, excess > 0)
        if not (excess[level >= 0] > 0).any():
            break
        for at in range(int(level[excess > 0].max()), 0, -1):
            live = (level == at) & (excess > 0)
            half = np.flatnonzero(live[frm])
            half = half[(level[to[half]] == at - 1) & (room[half] > 0)]
            half = half[np.argsort(frm[half], kind="stable")]
            amount = _shares(frm[half], room[half], excess)
            half, amount = half[amount > 0], amount[amount > 0]
            room[half] -= amount
            room[np.where(half < n, half + n, half - n)] += amount
            np.subtract.at(excess, frm[half], amount)
            np.add.at(excess, to[half], amount)
        absorbed = np.minimum(excess, open_)
        excess, open_ = excess - absorbed, open_ - absorbed
    return Change(np.asarray(rise, np.int64) - room[:n], excess, level < 0)


def _levels(
    frm: _Nodes, to: _Nodes, room: _Ints, open_: _Ints, wanted: npt.NDArray[np.bool_]
) -> _Nodes:
    """
    How many arcs with room lead to the next demand, -1 where none do.

    No further than to the last node that is wanted.
    """
    level = np.where(open_ > 0, 0, -1).astype(np.int32)
    half = np.flatnonzero(room > 0)
    at = 0
    while (level[wanted] < 0).any():
        ahead = level[to[half]] == at
        level_of = level[frm[half]]
        found = frm[half[ahead & (level_of < 0)]]
        if not found.size:
            break
        at += 1
        level[found] = at
        half = half[level_of < 0]
    return level


def _shares(node: _Nodes, room: _Ints, excess: _Ints) -> _Ints:
    """What goes along each half: as much as fits, in order, node by node."""
    before = np.cumsum(room) - room
    begins = np.concatenate(([True], node[1:] != node[:-1]))[: len(node)]
    before -= np.maximum.accumulate(np.where(begins, before, 0))
    share: _Ints = np.clip(excess[node] - before, 0, room)
    return share
