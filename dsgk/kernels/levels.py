"""
The most equal loads that are possible.

Loads are compared from the largest down: the largest is as small as can be,
then the next largest, and so on (leximin).  Exactly one vector of loads is the
best in this sense, and it also has the least sum of squares.  It is found in exact
fractions, by dividing: if all could be on one level, they are.  Otherwise
whoever is on the near side of a least cut has more than that and the others
have less, and what crosses the cut is certain, so that each side is levelled
by itself.
"""

from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.chances import Demand, Put, put_right
from dsgk.kernels.raking import Factors, Raked, rake, settle


__all__ = ["even_chances", "even_loads"]

_SWEEPS = 30  # to guess at a flow, which is then put right exactly
_FINE = 1 << 20
_APART = 40  # bits between the factors of two levels

_Ints = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


class _Side(NamedTuple):
    """
    What is on one side of all cuts so far, numbered anew.

    Sinks are who takes the seats of the rows: an officer, or a place whose
    officer is on another side, which then takes one seat.

    Attributes:
        demand: Rows and entries; a sink stands for an officer.
        officer: [one int per sink] Officer, or -1.
        held: [one int per sink] What the sink has already, on whatever side.
    """

    demand: Demand
    officer: list[int]
    held: list[int]


def even_loads(demand: Demand, had: npt.ArrayLike, /) -> list[Fraction]:
    """
    The most equal loads that fill all seats within the room.

    Args:
        demand: Which seats there are, and whom they are open to.
        had: [(officers,) integers >= 0] Units that everybody has already, beside
            their room.

    Returns:
        [one fraction per officer] Units in all, those already had included.

    Raises:
        ValueError: The seats cannot be filled within the room.

    Examples:
        One task is open to officers 0 and 1, two to 1 and 2:

        >>> demand = Demand.of(
        ...     [0, 1, 2], [0, 1, 1], [1, 1, 1], members=[[0, 1], [1, 2]], barred=[],
        ...     room=[9, 9, 9],
        ... )
        >>> [str(load) for load in even_loads(demand, [0, 0, 0])]
        ['1', '1', '1']
        >>> [str(load) for load in even_loads(demand, [3, 0, 0])]
        ['3', '3/2', '3/2']
    """
    already = np.asarray(had, np.int64)
    most = (demand.room + already).tolist()
    loads = [Fraction(n) for n in already.tolist()]
    sides = [_Side(demand, list(range(len(most))), already.tolist())]
    while sides:
        side = sides.pop()
        sinks = list(zip(side.officer, side.held, strict=True))
        basins = [(held, most[i]) for i, held in sinks if i >= 0]
        certain = sum(1 - held for i, held in sinks if i < 0)
        level = _water_level(int(side.demand.seats.sum()) - certain, basins)
        room = [
            _depth(level, held, most[i]) if i >= 0 else Fraction(1 - held)
            for i, held in sinks
        ]
        put = _fill(side.demand, room, level.denominator)
        if put.stuck:
            sides += _divided(side, put)
        else:
            for (i, held), depth in zip(sinks, room, strict=True):
                if i >= 0:
                    loads[i] = held + depth
    return loads


def _fill(demand: Demand, room: list[Fraction], denominator: int) -> Put:
    """Fill the seats within *room* as far as they can be, or find a least cut."""
    scale = denominator * _FINE
    limit = np.array([int(depth * scale) for depth in room], np.int64)
    guess = rake(demand, limit / scale, met=True, sweeps=_SWEEPS).share
    units = np.floor(guess * scale).astype(np.int64)
    return put_right(
        demand, units, rise=scale - units, fall=units, limit=limit, certain=scale
    )


def _divided(side: _Side, put: Put) -> tuple[_Side, _Side]:
    """Part what is on the near side of a least cut from the rest."""
    demand = side.demand
    row, sink, place = demand.row, demand.officer, demand.place
    from_near, ends_near = put.rows[row], put.officers[sink]
    # What crosses the cut is used up, and nothing comes back.
    crossing = np.flatnonzero(from_near & ~put.places)
    far = ~from_near & ~put.places & ~ends_near
    near = from_near & put.places
    seats = demand.seats - np.bincount(row[crossing], minlength=len(demand.seats))
    # Places of far officers that near rows fill are sinks of their own there.
    ends = near & ~ends_near
    places, first, own = np.unique(place[ends], return_index=True, return_inverse=True)
    held, officer = list(side.held), list(side.officer)
    for k in [*crossing.tolist(), *np.flatnonzero(ends)[first].tolist()]:
        held[sink[k]] += 1
    new_sink = sink.copy()
    new_sink[ends] = len(held) + own
    whole = _Side(
        demand._replace(officer=new_sink, seats=seats),
        officer + [-1] * len(places),
        held + [0] * len(places),
    )
    is_near = np.concatenate((put.officers, np.ones(len(places), np.bool_)))
    return (
        _only(whole, put.rows, is_near, near),
        _only(whole, ~put.rows, ~is_near, far),
    )


def _only(side: _Side, rows: _Flags, sinks: _Flags, those: _Flags) -> _Side:
    """Take some of the rows, sinks and entries, and number them anew."""
    demand = side.demand
    row = (np.cumsum(rows) - 1)[demand.row[those]].astype(np.int32)
    here = np.flatnonzero(sinks)
    part = Demand(
        demand.unit[rows],
        demand.seats[rows],
        np.bincount(row, minlength=int(rows.sum())),
        row,
        (np.cumsum(sinks) - 1)[demand.officer[those]].astype(np.int32),
        np.unique(demand.place[those], return_inverse=True)[1],
        here,  # never looked at
    )
    return _Side(
        part,
        [side.officer[k] for k in here.tolist()],
        [side.held[k] for k in here.tolist()],
    )


def _depth(level: Fraction, ground: int, brim: int) -> Fraction:
    """How much is above *ground* when water stands at *level*, up to *brim*."""
    return max(min(level, Fraction(brim)) - ground, Fraction(0))


def _water_level(amount: int, basins: list[tuple[int, int]]) -> Fraction:
    """Least level at which the basins, from ground to brim, hold *amount*."""
    # At a ground one basin more begins to fill, at a brim one less goes on.
    bends = sorted(
        (height, step)
        for ground, brim in basins
        if ground < brim
        for height, step in ((ground, 1), (brim, -1))
    )
    level, filling, rest = 0, 0, amount
    for height, step in bends:
        if (height - level) * filling >= rest:
            break
        rest -= (height - level) * filling
        level = height
        filling += step
    if rest and not filling:
        msg = (
            f"'room' must leave ways for all seats (got {rest} too few). "
            "Find out first whether the seats can be filled."
        )
        raise ValueError(msg)
    return level + Fraction(rest, max(filling, 1))


def even_chances(demand: Demand, had: npt.ArrayLike, /) -> tuple[_Ints, Raked]:
    """
    The most equal loads, and chances as near to equal as these allow.

    Args:
        demand: Which seats there are, and whom they are open to.
        had: [(officers,) integers >= 0] Units that everybody has already, beside
            their room.

    Returns:
        [(n,) int64] Units by entry; and their factors.

    Raises:
        ValueError: No table keeps the limits.

    Examples:
        An officer who is barred from half of the tasks carries the same load:

        >>> demand = Demand.of(
        ...     [0, 1], [0, 0], [1, 1], members=[[0, 1]], barred=[[1, 0]], room=[9, 9]
        ... )
        >>> from dsgk.kernels.chances import UNIT
        >>> units, _ = even_chances(demand, [0, 0])
        >>> (demand.loads(units) / UNIT).tolist()
        [1.0, 1.0]
    """
    already = np.asarray(had, np.int64)
    loads = even_loads(demand, already)
    limit = [load - n for load, n in zip(loads, already.tolist(), strict=True)]
    # Who has less is preferred wherever they can come, but for their room.
    rank = {load: n for n, load in enumerate(sorted(set(loads)))}
    start = Factors.of(np.ones(len(loads)), [-_APART * rank[load] for load in loads])
    depth = np.array([float(load) for load in limit])
    raked = rake(demand, depth, met=True, start=start)
    return settle(demand, raked.share, limit), raked
