"""
Whether all seats can be filled, and if not, why not.

A *seat* belongs to a task and is open to the officers of one *pool*, except
those barred from its task.  An officer holds one seat at most in a task, and
no more seats than their capacity.  The most seats that can be held at once
are a maximum flow in which an officer enters a task through an edge of
capacity one.

Properties on which callers may rely:

- *Complete.*  `Staffing.fill` fills as many seats as can be filled at all,
  whatever the random numbers are.
- *Explained.*  The *capacity* of a set of seats is the sum, over all
  officers, of the lesser of their capacity and the number of tasks in which
  a seat of the set is open to them.  By the theorem of the maximum flow and
  the minimum cut, the number of seats that stay empty is the greatest excess
  of seats over capacity that any set has.  `Staffing.shortfalls` returns the
  one smallest set with that excess, split into parts that share no scarce
  officer.  It does not depend on the random numbers.

Pools are lists and bars are exceptions to them, so that 100,000 tasks and
5,000 officers need no table of pairs.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.shake import Shake


__all__ = ["Shortfall", "Staffing"]

_EMPTY = -1
_TRIES = 8


class Shortfall(NamedTuple):
    """
    Seats that compete for too few officers.

    Attributes:
        seats: [(m,) intp] Ascending.
        officers: [(k,) intp] All to whom one of the seats is open, ascending.
        missing: [int >= 1] How many of the seats stay empty at least; the
            capacity of the officers for these seats is ``m - missing``.
    """

    seats: npt.NDArray[np.intp]
    officers: npt.NDArray[np.intp]
    missing: int


class Staffing:
    """
    Seats, pools, bars and capacities, and who holds which seat.

    Args:
        task: [(n,) integers, ascending from 0 without gaps] Task of each seat.
        pool: [(n,) integers] Pool of each seat.
        members: [one (k,) array of integers per pool] Officers of the pool,
            each once.
        barred: [(m, 2) integers] Pairs of task and officer, in any order;
            repeats do no harm.
        capacity: [(officers,) integers >= 0] Most seats of each officer.

    Examples:
        >>> two = Staffing([0, 0, 1], [0, 0, 0], [[0, 1]], [[1, 0]], [1, 2])
        >>> two.fill(Shake("k", "seats"))
        >>> two.holders.tolist()
        [1, 0, 1]
        >>> one = Staffing([0, 0, 1], [0, 0, 0], [[0, 1]], [[1, 1]], [1, 2])
        >>> one.fill(Shake("k", "seats"))
        >>> [(s.seats.tolist(), s.officers.tolist(), s.missing) for s in one.shortfalls()]
        [([0, 1, 2], [0, 1], 1)]
    """  # noqa: E501

    __slots__ = (
        "_bars",
        "_capacity",
        "_closed",
        "_first",
        "_held",
        "_holder",
        "_is_member",
        "_live",
        "_members",
        "_open",
        "_pool",
        "_room",
        "_short",
        "_task",
    )

    def __init__(
        self,
        task: npt.ArrayLike,
        pool: npt.ArrayLike,
        members: Sequence[npt.ArrayLike],
        barred: npt.ArrayLike,
        capacity: npt.ArrayLike,
    ) -> None:
        # A search touches single cells, where lists are faster than arrays.
        tasks = np.asarray(task, dtype=np.intp)
        self._task: list[int] = tasks.tolist()
        self._pool: list[int] = np.asarray(pool, dtype=np.intp).tolist()
        self._members: list[list[int]] = [
            np.asarray(m, dtype=np.intp).tolist() for m in members
        ]
        self._is_member = [frozenset(m) for m in self._members]
        self._capacity: list[int] = np.asarray(capacity, dtype=np.int64).tolist()
        # Seats of task t are those from _first[t] up to _first[t + 1].
        n_tasks = self._task[-1] + 1 if self._task else 0
        self._first: list[int] = np.searchsorted(tasks, np.arange(n_tasks + 1)).tolist()
        self._bars: dict[int, set[int]] = {}
        pairs: list[list[int]] = np.asarray(barred, np.intp).reshape(-1, 2).tolist()
        for t, officer in pairs:
            self._bars.setdefault(t, set()).add(officer)
        self._holder = [_EMPTY] * len(self._task)
        self._held: list[list[int]] = [[] for _ in self._capacity]
        self._room = self._capacity.copy()
        # Officers with room, per pool; those who have none left are taken out
        # when they are met.
        self._live = [m.copy() for m in self._members]
        # What a search in vain has reached leads nowhere and never will again:
        # seats that are short, and officers through whom none gets free.
        self._short = [False] * len(self._task)
        self._closed = [False] * len(self._capacity)
        self._open = [m.copy() for m in self._members]

    @property
    def holders(self) -> npt.NDArray[np.intp]:
        """[(n,) intp] Officer in each seat, -1 where it is empty."""
        return np.array(self._holder, dtype=np.intp)

    @property
    def missing(self) -> int:
        """How many seats are empty."""
        return self._holder.count(_EMPTY)

    def fill(self, source: Shake, /) -> None:
        """
        Fill as many of the empty seats as can be filled.

        The seats come in random order.  Each is given to one of the officers
        who are open to it, have room and are not on its task, drawn at random;
        if there is none, others move on until one gets free.  Chance keeps the
        searches short; it gives nobody a chance that could be stated.

        Args:
            source: The random numbers.
        """
        for seat in source.permutation(len(self._task)).tolist():
            if self._holder[seat] != _EMPTY or self._short[seat]:
                continue
            officer = self._draw(seat, source)
            if officer == _EMPTY:
                self._reroute(seat)
            else:
                self._take(seat, officer)

    def _draw(self, seat: int, source: Shake) -> int:
        """One of those with room who may take *seat*, all alike; -1 if none."""
        live, room = self._live[self._pool[seat]], self._room
        tries = 0
        while live and tries < _TRIES:
            at = source.below(len(live))
            officer = live[at]
            if not room[officer]:
                live[at] = live[-1]
                live.pop()
            elif self._may(seat, officer):
                return officer
            else:
                tries += 1
        fit = [o for o in live if room[o] and self._may(seat, o)]
        return fit[source.below(len(fit))] if fit else _EMPTY

    def _may(self, seat: int, officer: int) -> bool:
        """Whether a member of the seat's pool may enter its task."""
        t = self._task[seat]
        return officer not in self._holder[
            self._first[t] : self._first[t + 1]
        ] and officer not in self._bars.get(t, ())

    def _take(self, seat: int, officer: int) -> None:
        self._holder[seat] = officer
        self._held[officer].append(seat)
        self._room[officer] -= 1

    def _with_room(self, seat: int) -> int:
        """Someone with room who may take *seat*; -1 if there is none."""
        live = self._live[self._pool[seat]]
        for at in range(len(live) - 1, -1, -1):
            officer = live[at]
            if not self._room[officer]:
                live[at] = live[-1]
                live.pop()
            elif self._may(seat, officer):
                return officer
        return _EMPTY

    def _reroute(self, start: int) -> None:
        """
        Fill *start* by moving others; if that cannot be, close what was reached.

        A breadth-first search for an augmenting path.  Its nodes are seats
        that want an officer; `wanted_by[s]` is the seat to which the holder of
        *s* would go.
        """
        wanted_by = {start: _EMPTY}
        wanting = [start]
        unreached: dict[int, list[int]] = {}
        reached: set[int] = set()
        for seat in wanting:  # grows while it is walked
            for leaving in self._held_by_candidates(seat, unreached, reached):
                if leaving in wanted_by or self._short[leaving]:
                    continue
                wanted_by[leaving] = seat
                officer = self._with_room(leaving)
                if officer != _EMPTY:
                    self._move(leaving, officer, wanted_by)
                    return
                wanting.append(leaving)
        for seat in wanting:
            self._short[seat] = True
        for officer in reached:
            self._closed[officer] = True
        for pool, officers in unreached.items():
            self._open[pool] = officers

    def _held_by_candidates(
        self, seat: int, unreached: dict[int, list[int]], reached: set[int]
    ) -> Iterable[int]:
        """Yield the seats whose holders could come to *seat*."""
        t, pool = self._task[seat], self._pool[seat]
        first, last = self._first[t], self._first[t + 1]
        team = self._holder[first:last]
        # Who is on the task may change seats in it, and in no other way.
        for other in range(first, last):
            if self._holder[other] in self._is_member[pool]:
                yield other
        bars = self._bars.get(t, ())
        still_unreached = []
        coming = []
        for officer in unreached.get(pool, self._open[pool]):
            if officer in reached or self._closed[officer]:
                continue
            if officer in bars or officer in team:
                still_unreached.append(officer)
            else:
                coming.append(officer)
        unreached[pool] = still_unreached
        reached.update(coming)
        for officer in coming:
            yield from self._held[officer]

    def _move(self, seat: int, officer: int, wanted_by: dict[int, int]) -> None:
        """Give *seat* to *officer*, and each holder the seat that wanted them."""
        self._room[officer] -= 1
        while seat != _EMPTY:
            before = self._holder[seat]
            self._holder[seat] = officer
            self._held[officer].append(seat)
            if before != _EMPTY:
                self._held[before].remove(seat)
            seat, officer = wanted_by[seat], before

    def shortfalls(self) -> list[Shortfall]:
        """
        Why seats stayed empty, after `fill`.

        Returns:
            Shortages that have no seat in common, by their first seat; their
            ``missing`` add up to the number of empty seats.  None of them can
            spare a seat: without it, one less would be missing.
        """
        demands = self._short_demands()
        by_pool: dict[int, list[int]] = {}
        for number, (_, pool, _) in enumerate(demands):
            by_pool.setdefault(pool, []).append(number)
        scarce = self._scarce(demands)
        groups = _Groups(len(self._capacity) + len(demands))
        self._join_by_scarce(groups, demands, by_pool, scarce)
        self._join_within_tasks(groups, demands)
        parts: dict[int, list[int]] = {}
        for number in range(len(demands)):
            root = groups.root(len(self._capacity) + number)
            parts.setdefault(root, []).append(number)
        return [self._part([demands[d] for d in part]) for part in parts.values()]

    def decisive_bars(
        self, kept_out: Sequence[npt.ArrayLike] = ()
    ) -> npt.NDArray[np.intp]:
        """
        Bars without which one seat more could be filled, after `fill`.

        Args:
            kept_out: [one (k,) array of integers per pool, or nothing]
                Officers whom a bar keeps out of the whole pool; none of its
                members.

        Returns:
            [(k, 2) intp] Pairs of a short seat and an officer who would be
            open to it, ascending.  Each bar counts by itself: lifting two
            need not fill two seats.
        """
        spare = self._spare()
        barred_from_pool = [set(np.asarray(o, np.intp).tolist()) for o in kept_out]
        none: set[int] = set()
        pairs = []
        for seat, is_short in enumerate(self._short):
            if is_short:
                pool = self._pool[seat]
                out = barred_from_pool[pool] if barred_from_pool else none
                bars = self._bars.get(self._task[seat], none)
                would_be = out | (bars & self._is_member[pool])
                pairs += [(seat, officer) for officer in would_be if spare[officer]]
        return np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2)

    def _short_demands(self) -> list[tuple[int, int, list[int]]]:
        """Short seats by task and pool: seats of one task and pool are alike."""
        demands: dict[tuple[int, int], list[int]] = {}
        for seat, is_short in enumerate(self._short):
            if is_short:
                demands.setdefault((self._task[seat], self._pool[seat]), []).append(
                    seat
                )
        return [(task, pool, seats) for (task, pool), seats in demands.items()]

    def _scarce(self, demands: list[tuple[int, int, list[int]]]) -> list[bool]:
        """
        Officers who have room for some, but not for all of the short tasks.

        Only they tie tasks to each other: anybody else is worth the same to
        each task, whatever the others get.
        """
        pools_of: dict[int, list[int]] = {}
        for task, pool, _ in demands:
            pools_of.setdefault(task, []).append(pool)
        tasks_alike: dict[tuple[int, ...], list[int]] = {}
        for task, pools in pools_of.items():
            tasks_alike.setdefault(tuple(pools), []).append(task)
        wanted = [0] * len(self._capacity)
        for alike, tasks in tasks_alike.items():
            open_to = frozenset().union(*(self._is_member[p] for p in alike))
            for officer in open_to:
                wanted[officer] += len(tasks)
            for task in tasks:
                for officer in self._bars.get(task, ()):
                    wanted[officer] -= officer in open_to
        return [
            0 < most < seats for most, seats in zip(self._capacity, wanted, strict=True)
        ]

    def _join_by_scarce(
        self,
        groups: "_Groups",
        demands: list[tuple[int, int, list[int]]],
        by_pool: dict[int, list[int]],
        scarce: list[bool],
    ) -> None:
        """
        Join demands with the scarce officers open to them.

        `joined` are officers of the pool known to be in one group, `apart` the
        others: a demand need only meet one of the first and all of the last,
        so that the work is in proportion to the bars, not to the pairs.
        """
        for pool, numbers in by_pool.items():
            joined: list[int] = []
            apart = [o for o in self._members[pool] if scarce[o]]
            for number in numbers:
                bars = self._bars.get(demands[number][0], ())
                fresh = [o for o in apart if o not in bars]
                anchor = next((o for o in joined if o not in bars), None)
                for officer in fresh:
                    groups.join(len(scarce) + number, officer)
                if anchor is not None:
                    groups.join(len(scarce) + number, anchor)
                if anchor is not None or not joined:
                    joined += fresh
                    apart = [o for o in apart if o in bars]

    def _join_within_tasks(
        self, groups: "_Groups", demands: list[tuple[int, int, list[int]]]
    ) -> None:
        """Join demands of one task that could be met by the same officer."""
        common: dict[tuple[int, int], list[int]] = {}
        by_task: dict[int, list[int]] = {}
        for number, (task, pool, _) in enumerate(demands):
            for other in by_task.setdefault(task, []):
                pools = (demands[other][1], pool)
                if pools not in common:
                    both = self._is_member[pools[0]] & self._is_member[pools[1]]
                    common[pools] = [o for o in both if self._capacity[o]]
                bars = self._bars.get(task, ())
                if any(o not in bars for o in common[pools]):
                    officers = len(self._capacity)
                    groups.join(officers + other, officers + number)
            by_task[task].append(number)

    def _part(self, demands: list[tuple[int, int, list[int]]]) -> Shortfall:
        seats = sorted(seat for _, _, seats in demands for seat in seats)
        barred_from_all: dict[int, set[int]] = {}
        for task, pool, _ in demands:
            bars = self._bars.get(task, set())
            barred_from_all[pool] = barred_from_all.get(pool, bars) & bars
        officers: set[int] = set()
        for pool, bars in barred_from_all.items():
            officers |= self._is_member[pool] - bars
        return Shortfall(
            seats=np.array(seats, dtype=np.intp),
            officers=np.array(sorted(officers), dtype=np.intp),
            missing=sum(self._holder[seat] == _EMPTY for seat in seats),
        )

    def _spare(self) -> list[bool]:
        """Officers who could take one seat more, after others have moved."""
        spare = [room > 0 for room in self._room]
        found = [officer for officer, has_room in enumerate(spare) if has_room]
        pools_of: list[list[int]] = [[] for _ in self._capacity]
        for pool, members in enumerate(self._members):
            for officer in members:
                pools_of[officer].append(pool)
        unmet: list[list[int]] = [[] for _ in self._members]
        for seat, pool in enumerate(self._pool):
            unmet[pool].append(seat)
        met = [False] * len(self._task)  # its holder could leave it
        for officer in found:  # grows while it is walked
            for pool in pools_of[officer]:
                open_seats = [seat for seat in unmet[pool] if not met[seat]]
                meeting = [seat for seat in open_seats if self._may(seat, officer)]
                while meeting:
                    seat = meeting.pop()
                    if met[seat]:
                        continue
                    met[seat] = True
                    holder = self._holder[seat]
                    if not spare[holder]:
                        spare[holder] = True
                        found.append(holder)
                    t = self._task[seat]
                    meeting += [
                        other
                        for other in range(self._first[t], self._first[t + 1])
                        if holder in self._is_member[self._pool[other]]
                    ]
                unmet[pool] = [seat for seat in open_seats if not met[seat]]
        return spare


class _Groups:
    """Which numbers belong together, found by joining pairs."""

    def __init__(self, n: int) -> None:
        self._parent = list(range(n))

    def root(self, node: int) -> int:
        parent = self._parent
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def join(self, one: int, other: int) -> None:
        one, other = self.root(one), self.root(other)
        # The lower number stays the root, so the outcome has one form.
        self._parent[max(one, other)] = min(one, other)
