"""
From chances to a random choice that has exactly these chances.

A table says how likely each officer is in each row, in whole numbers of units;
certainty is a power of two.  The draw *halves* it: bit by bit, from the lowest
one, every entry that has the bit gains or loses it, until all are certain or
nothing (the dependent rounding of Doerr, *STACS* 2006, carried over to rings).

Why it is right: lower bits are gone, and rows are whole, so every row has an even
number of odd entries.  Odd entries get a mate in their row and a mate in their
column; going from mate to mate alternately runs round a ring, in which neighbours
do opposite things.  So each row keeps its sum, a pair of one officer keeps their
load, and an officer who is paired with another one moves by one bit, as their own
load has that bit.  Whether a ring's first entry gains is one fair bit, so nobody's
expectation moves.  In the end every entry has its chance exactly, and every load,
and what an officer has in a unit, is the expected number rounded down or up.

Normative, with `halve`:

- *Order.*  Odd entries stand in the order of ``word >> 1``, each having taken
  the next word in the order of the table; equal ones keep the order of the table.
- *Mates.*  In this order first with second, third with fourth, and so on: within
  each row; on the other side within each officer in each unit, then of those left
  within each officer, then of those left among all.
- *Move.*  The entry of a ring that stands first in the order gains if its word is
  odd, else it loses; mates do the opposite.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt


__all__ = ["halve"]

_Ints = npt.NDArray[np.int64]
_Numbers = npt.NDArray[np.int32]
_Flags = npt.NDArray[np.bool_]


def halve(
    units: npt.ArrayLike,
    *,
    row: npt.ArrayLike,
    officer: npt.ArrayLike,
    place: npt.ArrayLike,
    bits: int,
    words: Callable[[int, int], npt.NDArray[np.uint64]],
) -> _Ints:
    """
    Round every entry to a multiple of ``2**bits`` without bias.

    Args:
        units: [(n,) integers >= 0] The table, row by row, in a row by officer.
        row: [(n,) integers >= 0, ascending] Row of each entry; the sum of a row
            is a multiple of ``2**bits``.
        officer: [(n,) integers >= 0] Officer of each entry, once in a row.
        place: [(n,) integers >= 0] The same number for entries of one officer in
            rows of one unit.
        bits: [int >= 0] How many bits go.
        words: Given the number of a bit and how many, returns so many fair words
            of 64 bits: the stream of this bit.

    Returns:
        [(n,) int64] Each entry rounded down or up to a multiple of ``2**bits``,
        and so is each row, each officer, and each place, whose expectations stay.

    Raises:
        ValueError: A row is no multiple of ``2**bits``.

    Examples:
        Two rows that two officers share half and half, once each:

        >>> from dsgk.kernels.shake import Shake
        >>> halve(
        ...     [1, 1, 1, 1],
        ...     row=[0, 0, 1, 1],
        ...     officer=[0, 1, 0, 1],
        ...     place=[0, 1, 2, 3],
        ...     bits=1,
        ...     words=lambda bit, n: Shake("k", f"{bit}").words(n),
        ... ).tolist()
        [2, 0, 0, 2]
    """
    rows, officers = np.asarray(row, np.int32), np.asarray(officer, np.int32)
    places = np.asarray(place, np.intp)
    left = np.array(units, np.int64)
    shared = np.bincount(places)[places] > 1 if len(places) else np.zeros(0, np.bool_)
    for bit in range(bits):
        odd = np.flatnonzero(left >> bit & 1)
        if odd.size:
            word = words(bit, len(odd))
            order = np.argsort(word >> np.uint64(1), kind="stable").astype(np.int32)
            rank = np.empty_like(order)
            rank[order] = np.arange(len(order), dtype=np.int32)
            across, single = _mates(rows[odd], rank)
            if single.size:
                r = int(rows[odd[order[single[0]]]])
                msg = (
                    f"'units' of a row must add up to a multiple of {1 << bits} (row "
                    f"{r} does not)."
                )
                raise ValueError(msg)
            along = _column_mates(officers[odd[order]], places[odd], shared[odd], rank)
            up = _gains(across, along, (word[order] & np.uint64(1)).astype(np.bool_))
            left[odd[order]] += np.where(up, 1 << bit, -(1 << bit))
    return left


def _mates(group: npt.NDArray[np.integer], rank: _Numbers) -> tuple[_Numbers, _Numbers]:
    """
    Pair neighbours within each group, in the order of their ranks.

    Returns:
        [(m,) int32] By rank, the rank of the mate, -1 where there is none (*m* is
        one more than the greatest rank); and the ranks of those who are left over
        of their groups.
    """
    mate = np.full(int(rank.max(initial=-1)) + 1, -1, np.int32)
    width = len(mate).bit_length()
    key = group.astype(np.int64) << width | rank
    key.sort()
    ranks = (key & (1 << width) - 1).astype(np.int32)
    key >>= width
    at = np.arange(len(key))
    begins = np.concatenate(([True], key[1:] != key[:-1]))[: len(key)]
    is_first = (at - np.maximum.accumulate(np.where(begins, at, 0))) % 2 == 0
    first = np.flatnonzero(is_first[:-1] & ~begins[1:])
    one, other = ranks[first], ranks[first + 1]
    mate[one], mate[other] = other, one
    is_first[first] = False
    return mate, ranks[is_first]


def _column_mates(
    by_rank: _Numbers, place: npt.NDArray[np.intp], shared: _Flags, rank: _Numbers
) -> _Numbers:
    """
    Mates within places, of those left within officers, of those left among all.

    Args:
        by_rank: [(m,) int32] Officer of each entry, by rank.
        place: [(m,) intp] Place of each, in the order of the table, as are the next.
        shared: [(m,) bool] Whether other entries have the same place.
        rank: [(m,) int32] Rank of each.
    """
    mate = np.full(len(rank), -1, np.int32)
    rest = rank
    if shared.any():
        found, single = _mates(place[shared], rank[shared])
        mate[: len(found)] = found
        rest = np.concatenate((rank[~shared], single))
    found, single = _mates(by_rank[rest], rest)
    mate[: len(found)] = np.where(found < 0, mate[: len(found)], found)
    single.sort()
    mate[single[::2]], mate[single[1::2]] = single[1::2], single[::2]
    return mate


def _gains(across: _Numbers, along: _Numbers, coin: _Flags) -> _Flags:
    """
    Whether each entry gains, by rank.

    Going on by two mates at a time visits every other entry of a ring.  The least
    rank met so tells the halves of a ring apart, and the lesser of both is the
    ring's first entry; it is found by doubling the way.
    """
    ahead = along.take(across)
    least = np.minimum(np.arange(len(ahead), dtype=np.int32), ahead)
    while True:
        ahead = ahead.take(ahead)
        found = np.minimum(least, least.take(ahead))
        if np.array_equal(found, least):
            break
        least = found
    other = least.take(across)
    gains: _Flags = coin.take(np.minimum(least, other)) == (least < other)
    return gains
