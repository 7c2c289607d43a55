"""
Drawing one seat after another without ever getting stuck.

For inputs that are too large for a table of chances.  A complete staffing, the
*witness*, is at hand at all times: seats are drawn in random order, and each
may only go to somebody to whom the witness can be changed at once: one officer
moves at most.  Who could come only if several moved in turn is not in the pool;
that narrows pools and leaves no seat empty, since the holder by the witness is
always in them.  So every seat can be filled to the end, whatever chance decides.
How likely somebody comes to a seat before anything is drawn is not known; the
*pool* of every seat, out of which it was drawn with equal chances, is told instead.

Normative:

- *Order.*  The seats come in the order of a permutation of their numbers.
- *Pool.*  When the turn of a seat has come, its pool are those members of its
  circle who are not barred from its task and have no drawn seat in it, and who
  - are its holder by the witness; or
  - have a seat of the same task that the holder could take instead (the
    holder is on its circle); or, where they have none there,
  - have room, that is fewer seats by the witness than their capacity; or
  - have a seat that is not drawn yet and that the holder could take instead:
    the holder is on its circle, not barred from its task and has no seat there.
  With *loads*, only those of them remain who have the least number of
  *loads* and drawn seats together.
- *Draw.*  The seat goes to number ``below(size of the pool)`` of its pool, in
  the order of the circle.
- *Witness.*  If that is not the holder, then the holder takes the other seat of
  the same task; or, where there is none and the one drawn has no room, the
  seat of the lowest number of those that the holder could take; or none.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.chances import Demand
from dsgk.kernels.shake import Shake


__all__ = ["Looked", "look_ahead", "pool_at"]

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]
_Flags = npt.NDArray[np.bool_]


class Looked(NamedTuple):
    """
    Who sits where, and out of whom every seat was drawn.

    Attributes:
        holders: [(n,) intp] Officer in each seat.
        pools: [one bytes per seat] One bit for each member of the seat's
            circle, the first one highest; set for those of the pool.
    """

    holders: _Places
    pools: tuple[bytes, ...]


def pool_at(bits: bytes, members: npt.ArrayLike, /) -> _Places:
    """Return the officers of a pool, from its bits and its circle."""
    circle = np.asarray(members, np.intp)
    flags = np.unpackbits(np.frombuffer(bits, np.uint8), count=len(circle))
    return circle[flags.astype(np.bool_)]


def look_ahead(
    demand: Demand,
    holders: npt.ArrayLike,
    *,
    source: Shake,
    loads: npt.ArrayLike | None = None,
) -> Looked:
    """
    Draw all seats, beginning with a complete and legal staffing.

    Args:
        demand: Which seats there are, and whom they are open to; the seats of
            a row follow each other.
        holders: [(seats,) integers] The witness.
        source: Asked for one permutation and one number for each seat.
        loads: [(officers,) integers >= 0, or None] Seats elsewhere, if loads
            are to be even.

    Returns:
        A complete and legal staffing, and the pools.

    Examples:
        Whoever goes to the first task, the other one is left for the second:

        >>> demand = Demand.of(
        ...     [0, 1], [0, 0], [1, 1], members=[[0, 1]], barred=[], capacity=[1, 1]
        ... )
        >>> looked = look_ahead(demand, [0, 1], source=Shake("k", "two"))
        >>> looked.holders.tolist()
        [1, 0]
        >>> [pool_at(bits, [0, 1]).tolist() for bits in looked.pools]
        [[0, 1], [0]]
    """
    state = _State(demand, np.asarray(holders, np.intp), loads)
    pools = [b""] * len(state.holder)
    for seat in source.permutation(len(pools)).tolist():
        circle = demand.members[state.pool[seat]]
        flags = state.candidates(seat, circle)
        pools[seat] = np.packbits(flags).tobytes()
        chosen = np.flatnonzero(flags)
        state.give(seat, int(circle[chosen[source.below(len(chosen))]]))
    return Looked(np.array(state.holder, np.intp), tuple(pools))


class _State:
    """The witness, and which of its seats have been drawn."""

    def __init__(
        self, demand: Demand, holders: _Places, loads: npt.ArrayLike | None
    ) -> None:
        n_rows, n_officers = len(demand.task), len(demand.capacity)
        row = np.repeat(np.arange(n_rows), demand.seats)
        tasks = demand.task[row]
        self.holder: list[int] = holders.tolist()
        self.pool: list[int] = demand.pool[row].tolist()
        # Seats of the task of seat s are those from first[s] up to last[s].
        self.first: list[int] = np.searchsorted(tasks, tasks).tolist()
        self.last: list[int] = np.searchsorted(tasks, tasks, "right").tolist()
        self.place = np.full((len(demand.members), n_officers), -1, np.intp)
        for number, circle in enumerate(demand.members):
            self.place[number, circle] = np.arange(len(circle))
        bars = np.split(demand.bar_place, demand.bar_start[1:-1])
        self.barred = [bars[r] for r in row.tolist()]
        # Tasks, by their first seats, that are closed to an officer.
        self.closed_to: list[set[int]] = [set() for _ in range(n_officers)]
        for r, first in enumerate(np.searchsorted(tasks, demand.task).tolist()):
            for officer in demand.members[demand.pool[r]][bars[r]].tolist():
                self.closed_to[officer].add(first)
        self.drawn = [False] * len(self.holder)
        self.held: list[set[int]] = [set() for _ in range(n_officers)]
        self.undrawn = np.zeros((n_officers, len(demand.members)), np.int64)
        for seat, officer in enumerate(self.holder):
            self.held[officer].add(seat)
            self.undrawn[officer, self.pool[seat]] += 1
        self.room = demand.capacity.copy()
        self.room -= [len(held) for held in self.held]
        self.loads = None if loads is None else np.array(loads, np.int64)

    def candidates(self, seat: int, circle: _Places) -> _Flags:
        """Whom of the circle the seat may go to."""
        place = self.place[self.pool[seat]]
        holder, first = self.holder[seat], self.first[seat]
        flags: _Flags = self.room[circle] > 0
        if not flags.all():
            flags |= self._can_swap(holder)[circle]
        flags[self.barred[seat]] = False
        for other in range(first, self.last[seat]):
            mate = self.holder[other]
            if place[mate] >= 0:
                flags[place[mate]] = (
                    not self.drawn[other] and self.place[self.pool[other], holder] >= 0
                )
        flags[place[holder]] = True
        if self.loads is not None:
            loads = self.loads[circle]
            flags &= loads == loads[flags].min()
        return flags

    def _can_swap(self, holder: int) -> _Flags:
        """Who has a seat of another task, not drawn yet, that *holder* could take."""
        of_holder = self.place[:, holder] >= 0
        seats = self.undrawn @ of_holder
        firsts = {self.first[seat] for seat in self.held[holder]}
        for first in firsts | self.closed_to[holder]:
            for other in range(first, self.last[first]):
                if not self.drawn[other] and of_holder[self.pool[other]]:
                    seats[self.holder[other]] -= 1
        return np.asarray(seats > 0)

    def give(self, seat: int, officer: int) -> None:
        """Draw *officer* for *seat* and change the witness."""
        holder = self.holder[seat]
        if officer != holder:
            mine = range(self.first[seat], self.last[seat])
            own = next((s for s in mine if self.holder[s] == officer), -1)
            if own < 0 and not self.room[officer]:
                own = min(s for s in self.held[officer] if self._could(holder, s))
            self._put(seat, officer)
            if own >= 0:
                self._put(own, holder)
        self.drawn[seat] = True
        self.undrawn[officer, self.pool[seat]] -= 1
        if self.loads is not None:
            self.loads[officer] += 1

    def _could(self, holder: int, seat: int) -> bool:
        """Whether *holder* could take *seat* of another task."""
        first = self.first[seat]
        return (
            not self.drawn[seat]
            and bool(self.place[self.pool[seat], holder] >= 0)
            and first not in self.closed_to[holder]
            and all(self.holder[s] != holder for s in range(first, self.last[seat]))
        )

    def _put(self, seat: int, officer: int) -> None:
        """Let *officer* hold *seat* instead of whoever holds it."""
        before = self.holder[seat]
        self.holder[seat] = officer
        for one, change in ((before, 1), (officer, -1)):
            self.room[one] += change
            self.undrawn[one, self.pool[seat]] -= change
        self.held[before].discard(seat)
        self.held[officer].add(seat)
