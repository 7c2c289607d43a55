"""
Halving a pool until the officers left are alike for a row.

A row from which somebody is barred is open to all others of its pool with the
same chance.  Most of the pool does not notice the bar: if the seat goes to
the other half, the row is open to that half without exception.  So the seats
of a barred row are first drawn to a half of the pool, then to a half of this,
until nobody barred is left; then the row is like all others that came to the
same part, and they are dealt together.  Parts of at most *leaf* officers are
not halved any more; what gets there is few, and is kept row by row.

Every step keeps every expectation exactly.  Seats are drawn systematically:
the counts to either side are surely the expected ones rounded down or up, so
the loads to be expected shift by little, and by no more than `reach` says,
however chance falls.

Normative:

- *Last units.*  A chance of ``base`` or ``base + 1`` units is not quite equal.
  With ``p = left * (e - 1) / (unit * (e - n))``, *left* being the units left
  over of the row, one of the officers with a unit more is *singled out*: takes
  one seat, the others being drawn for without him or her; otherwise nobody is.
  This gives the others ``base / unit`` and those with a unit more exactly one
  unit more, on average over whom of them it is.  Let K be the integer part of
  the least ``1/p`` of the rows of the pool, and ``u = below(K)``: rows number
  *j* with ``j % K == u`` say ``chance(p * K)`` in turn, and if yes, the
  singled-out is number ``below(left)`` of those with a unit more, counted along
  the circle from where the units left over begin.
- *Order.*  The members of the pool stand in an order that is drawn first of
  all, as a permutation of the circle's places.
- *Halving.*  A part is places lo up to hi of the order; its left half ends at
  ``(lo + hi) // 2``.  Of *y* seats of a row with *e* eligible officers in a part,
  *e1* of them in its left half, ``y * e1 // e`` go left, and one more with
  chance ``a / e``, ``a = y * e1 % e``; the others go right.  Rows with the same
  part, y, e1 and e decide together: in the order of their bars, then of their
  numbers, number *j* of them sends one more left if ``(u + j * a) % e < a``,
  where ``u = below(e)``.  Parts are halved level by level; on a level, the
  groups follow each other by lo, y, e1, e.
"""

from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.chances import Chances
from dsgk.kernels.shake import Shake


__all__ = ["Part", "Split", "reach", "split"]

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]


class Part(NamedTuple):
    """
    Rows that are alike for some officers of a pool.

    Attributes:
        rows: [(k,) intp] The rows.
        seats: [int >= 1] How many seats each of them has here.
        officers: [(m,) intp] To whom they are open, with equal chances.
    """

    rows: _Places
    seats: int
    officers: _Places


class Split(NamedTuple):
    """
    Where the seats of the rows went.

    Attributes:
        parts: Seats that are still to be drawn.
        row: [(k,) intp] Rows in which somebody was singled out …
        officer: [(k,) intp] … and who.
    """

    parts: list[Part]
    row: _Places
    officer: _Places


def split(chances: Chances, rows: _Places, *, leaf: int, source: Shake) -> Split:
    """
    Draw the seats of barred rows to parts of their pool.

    Args:
        chances: Equal chances.
        rows: [(k,) intp, ascending, k >= 1] Rows of one pool.
        leaf: [int >= 1] Parts of at most so many officers are not halved.
        source: Of all chance.

    Examples:
        Six rows, each open to all but one of eight:

        >>> from dsgk.kernels.chances import Demand, equal_chances
        >>> demand = Demand.of(
        ...     range(6),
        ...     [0] * 6,
        ...     [1] * 6,
        ...     members=[range(8)],
        ...     barred=[(t, t) for t in range(6)],
        ...     capacity=[9] * 8,
        ... )
        >>> drawn = split(
        ...     equal_chances(demand), np.arange(6), leaf=2, source=Shake("k", "split")
        ... )
        >>> for part in drawn.parts:
        ...     print(part.rows, sorted(part.officers.tolist()))
        [3] [0, 2, 4, 5]
        [0 5] [1, 3, 6, 7]
        [4] [2, 5]
        [2] [5]
        [1] [7]
    """
    demand = chances.demand
    circle = demand.members[demand.pool[rows[0]]]
    size = len(circle)
    order = source.permutation(size)
    at = np.empty_like(order)
    at[order] = np.arange(size)
    people = circle[order]
    out, out_place = _single_out(chances, rows, source)

    starts, counts = demand.bar_start[rows], np.diff(demand.bar_start)[rows]
    bars = np.repeat(starts - np.cumsum(counts) + counts, counts)
    bars += np.arange(len(bars))
    number = np.append(np.repeat(np.arange(len(rows)), counts), out)
    # Sorted, so that a row's bars in a range of the order are a slice.
    key = number * size + at[np.append(demand.bar_place[bars], out_place)]
    key.sort()
    seats = demand.seats[rows].copy()
    seats[out] -= 1
    todo = _Seats(
        np.arange(len(rows)), seats, np.zeros_like(rows), np.full_like(rows, size)
    )
    todo = todo.at(seats > 0)
    rank = _ranks(key, size, len(rows))
    parts: list[Part] = []
    while len(todo.row):
        first, last = (
            np.searchsorted(key, todo.row * size + x) for x in (todo.lo, todo.hi)
        )
        whole = first == last
        for lo, hi, y, alike in _alike(todo.at(whole)):
            parts.append(Part(rows[alike], y, people[lo:hi]))
        small = ~whole & (todo.hi - todo.lo <= leaf)
        for i in np.flatnonzero(small).tolist():
            lo, hi = int(todo.lo[i]), int(todo.hi[i])
            mine = np.delete(people[lo:hi], key[first[i] : last[i]] % size - lo)
            parts.append(Part(rows[todo.row[i : i + 1]], int(todo.seats[i]), mine))
        todo = _halve(todo.at(~whole & ~small), key, rank, size, source)
    return Split(parts, rows[out], circle[out_place])


class _Seats(NamedTuple):
    """Seats of rows in parts, one level at a time."""

    row: _Places
    seats: _Ints
    lo: _Places
    hi: _Places

    def at(self, wanted: npt.NDArray[Any]) -> "_Seats":
        return _Seats(*(column[wanted] for column in self))


def _single_out(
    chances: Chances, rows: _Places, source: Shake
) -> tuple[_Places, _Places]:
    """Numbers of rows in which somebody is singled out, and their places."""
    demand, unit = chances.demand, chances.unit
    eligible, seats = demand.eligible[rows], demand.seats[rows]
    left = seats * unit - chances.base[rows] * eligible
    odd = np.flatnonzero(left)
    if not odd.size:
        return odd, odd
    over: list[int] = (left * (eligible - 1)).tolist()
    under: list[int] = (unit * (eligible - seats)).tolist()
    every = min(under[j] // over[j] for j in odd.tolist())
    numbers, places = [], []
    for j in range(source.below(every), len(rows), every):
        if over[j] and source.chance(over[j] * every, under[j]):
            r = int(rows[j])
            barred = demand.bar_place[demand.bar_start[r] : demand.bar_start[r + 1]]
            n = len(demand.members[demand.pool[r]])
            more = (chances.first[r] + np.arange(chances.length[r])) % n
            more = more[~np.isin(more, barred)]
            numbers.append(j)
            places.append(int(more[source.below(int(left[j]))]))
    return np.array(numbers, np.intp), np.array(places, np.intp)


def _ranks(key: _Places, size: int, n_rows: int) -> _Places:
    """Place of every row in the order of their bars, then of their numbers."""
    stops = np.searchsorted(key, np.arange(n_rows + 1) * size).tolist()
    flat = (key % size).tolist()
    order = sorted(range(n_rows), key=lambda j: flat[stops[j] : stops[j + 1]])
    rank = np.empty(n_rows, np.intp)
    rank[order] = np.arange(n_rows)
    return rank


def _alike(whole: _Seats) -> list[tuple[int, int, int, _Places]]:
    """Part, seats and rows of those with as many seats in the same part."""
    order = np.lexsort((whole.row, whole.seats, whole.lo))
    row, seats, lo, hi = whole.at(order)
    new = (np.diff(lo, prepend=-1) != 0) | (np.diff(seats, prepend=-1) != 0)
    stops = np.append(np.flatnonzero(new), len(row)).tolist()
    return [
        (int(lo[a]), int(hi[a]), int(seats[a]), row[a:b]) for a, b in pairwise(stops)
    ]


def _halve(
    todo: _Seats, key: _Places, rank: _Places, size: int, source: Shake
) -> _Seats:
    """Draw seats to the left or the right half of their part."""
    mid = (todo.lo + todo.hi) // 2
    first, cut, last = (
        np.searchsorted(key, todo.row * size + x) for x in (todo.lo, mid, todo.hi)
    )
    eligible = todo.hi - todo.lo - (last - first)
    in_left = mid - todo.lo - (cut - first)
    order = np.lexsort((rank[todo.row], eligible, in_left, todo.seats, todo.lo))
    row, seats, lo, hi = todo.at(order)
    mid, eligible, in_left = mid[order], eligible[order], in_left[order]
    new = np.zeros(len(row), np.bool_)
    for column in (lo, seats, in_left, eligible):
        new |= np.diff(column, prepend=-1) != 0
    starts = np.flatnonzero(new)
    group = np.cumsum(new) - 1
    offset = source.below_each(eligible[starts])[group]
    j = np.arange(len(row)) - starts[group]
    sure, a = np.divmod(seats * in_left, eligible)
    left = sure + ((offset + j * a) % eligible < a)
    return _Seats(
        np.concatenate((row, row)),
        np.concatenate((left, seats - left)),
        np.concatenate((lo, mid)),
        np.concatenate((mid, hi)),
    ).at(np.concatenate((left, seats - left)) > 0)


def reach(chances: Chances, rows: _Places, *, leaf: int) -> list[Fraction] | None:
    """
    By how much `split` may shift what an officer has to expect, at the most.

    What goes to an officer from rows that decide together differs from the
    expectation by less than one seat for every run of them in which nobody
    bars the officer, shared with the others of that half.  The runs are one
    more than the different sets of bars with the officer in them.  Rows that
    decide together have as many seats and as many bars in either half.

    Normative: with *singles* = rows / K rounded up (no row having units left
    over: 0), *b* = most bars of a row + 1, *sets* = number of different sets of
    bars of the rows with the officer in them, it is ``seats * share * ((b + 1) *
    (b + 2) // 2 + sets + singles) + singles + 3 * rows / unit``, *seats* being the
    most of a row, and *share* the sum over all levels of ``1 / (half - b)``.  The
    largest part of a level is half of the one before, rounded up, the smallest
    rounded down, of the pool at first; levels go on while the largest is above
    *leaf*; *half* is half the smallest rounded down, but no less than half the
    leaf rounded up.

    Args:
        chances: Equal chances.
        rows: [(k,) intp, k >= 1] Rows of one pool.
        leaf: [int >= 1] As for `split`.

    Returns:
        [one fraction per member] By the places of the pool's circle, in
        seats; None where parts could have no officer left.
    """
    demand = chances.demand
    size = len(demand.members[demand.pool[rows[0]]])
    bars = {
        tuple(demand.bar_place[demand.bar_start[r] : demand.bar_start[r + 1]].tolist())
        for r in rows.tolist()
    }
    eligible, seats = demand.eligible[rows], demand.seats[rows]
    left = seats * chances.unit - chances.base[rows] * eligible
    odd = left > 0
    every = (chances.unit * (eligible - seats))[odd] // (left * (eligible - 1))[odd]
    singles = -(-len(rows) // int(every.min())) if odd.any() else 0
    # Who is singled out is barred too.
    most_bars = max(map(len, bars)) + 1
    share, largest, smallest = Fraction(0), size, size
    while largest > leaf:
        in_half = max(smallest // 2, -(-leaf // 2)) - most_bars
        if in_half < 1:
            return None
        share += Fraction(1, in_half)
        largest, smallest = -(-largest // 2), smallest // 2
    sets = np.bincount([b for those in bars for b in those], minlength=size)
    runs = (most_bars + 1) * (most_bars + 2) // 2 + singles
    per_run = int(seats.max()) * share
    rest = singles + Fraction(3 * len(rows), chances.unit)
    bound = {n: per_run * (runs + n) + rest for n in set(sets.tolist())}
    return [bound[n] for n in sets.tolist()]
