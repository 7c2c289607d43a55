"""
The most that can flow from where there is too much to where there is room.

Dinic's method on whole numbers of any size, from any flow that stands
already: what is asked for is the *change*, so that an almost right flow is
put right at the cost of the little that is wrong.
"""

from collections.abc import Sequence
from typing import NamedTuple


__all__ = ["Change", "EffortError", "carry"]


class EffortError(ValueError):
    """What is asked for may be possible, but takes more than it is worth."""


class Change(NamedTuple):
    """
    What `carry` moved.

    Attributes:
        along: [one int per arc] Gain of each arc, negative where it lost.
        stuck: [one int per node] Supply that could not leave.
        reached: [one bool per node] Where more could still get from the
            nodes whose supply is stuck: the side of a least cut.
        rounds: [int >= 0] Of how many lengths the paths were.
    """

    along: list[int]
    stuck: list[int]
    reached: list[bool]
    rounds: int


def carry(
    tail: Sequence[int],
    head: Sequence[int],
    *,
    rise: Sequence[int],
    fall: Sequence[int],
    supply: Sequence[int],
    demand: Sequence[int],
    rounds: int | None = None,
) -> Change:
    """
    Carry as much as possible from nodes with supply to nodes with demand.

    Args:
        tail: [one node per arc] Where it starts.
        head: [one node per arc] Where it ends.
        rise: [one int >= 0 per arc] By how much its flow may grow.
        fall: [one int >= 0 per arc] By how much its flow may shrink.
        supply: [one int >= 0 per node] What has to leave it.
        demand: [one int >= 0 per node] What it can take up.
        rounds: [int >= 0, or None] Of how many lengths paths may be at most;
            what could only go along longer ones is stuck.

    Returns:
        The change; it depends on the order of arcs and nodes and on nothing
        else.

    Examples:
        >>> carry(
        ...     [0, 1],
        ...     [2, 2],
        ...     rise=[5, 1],
        ...     fall=[0, 0],
        ...     supply=[3, 4, 0],
        ...     demand=[0, 0, 6],
        ... )
        Change(along=[3, 1], stuck=[0, 3, 0], reached=[False, True, False], rounds=1)
    """
    network = _Network(tail, head, rise, fall, supply, demand)
    done = 0
    while network.find_levels() and done != rounds:
        done += 1
        for start, amount in enumerate(network.left):
            if amount > 0:
                network.push(start)
    along = [r - now for r, now in zip(rise, network.room[::2], strict=True)]
    return Change(along, network.left, [at >= 0 for at in network.level], done)


class _Network:
    """Arcs as pairs of halves: half 2k goes along arc k, half 2k+1 against it."""

    __slots__ = ("halves_of", "left", "level", "open", "room", "to", "tried")

    def __init__(self, *columns: Sequence[int]) -> None:
        tail, head, rise, fall, supply, demand = columns
        self.to = [end for ends in zip(head, tail, strict=True) for end in ends]
        self.room = [way for both in zip(rise, fall, strict=True) for way in both]
        self.halves_of: list[list[int]] = [[] for _ in supply]
        for half, end in enumerate(self.to):
            self.halves_of[end].append(half ^ 1)
        self.left = list(supply)
        self.open = list(demand)
        self.level: list[int] = []
        self.tried: list[int] = []

    def find_levels(self) -> bool:
        """Count arcs with room from where supply is left; is demand reached?"""
        level = [0 if amount > 0 else -1 for amount in self.left]
        front = [node for node, at in enumerate(level) if at == 0]
        for node in front:  # grows while it is read
            for half in self.halves_of[node]:
                if self.room[half] > 0 and level[self.to[half]] < 0:
                    level[self.to[half]] = level[node] + 1
                    front.append(self.to[half])
        self.level = level
        self.tried = [0] * len(level)
        return any(self.open[node] > 0 for node in front)

    def push(self, start: int) -> None:
        """Send what *start* has along halves that lead one level on each."""
        path: list[int] = []
        node = start
        while self.left[start] > 0:
            if self.open[node] > 0:
                self._send(start, path, node)
                path.clear()
                node = start
                continue
            half = self._next_half(node)
            if half >= 0:
                path.append(half)
                node = self.to[half]
            elif path:
                node = self.to[path.pop() ^ 1]
                self.tried[node] += 1
            else:
                return

    def _next_half(self, node: int) -> int:
        halves, level = self.halves_of[node], self.level[node] + 1
        for at in range(self.tried[node], len(halves)):
            half = halves[at]
            if self.room[half] > 0 and self.level[self.to[half]] == level:
                self.tried[node] = at
                return half
        self.tried[node] = len(halves)
        return -1

    def _send(self, start: int, path: list[int], end: int) -> None:
        rooms = [self.room[half] for half in path]
        amount = min([self.left[start], self.open[end], *rooms])
        for half in path:
            self.room[half] -= amount
            self.room[half ^ 1] += amount
        self.left[start] -= amount
        self.open[end] -= amount
