"""Rows that share inspectors with each other, and the chances of each such part."""

import enum
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.assignments.bench import Bench
from dsgk.kernels.bundles import groups_of, single_rows
from dsgk.kernels.chances import UNIT, Chances, Demand, equal_chances, fits
from dsgk.kernels.dealing import Plan, plan_lots
from dsgk.kernels.raking import even_chances, nearest_chances


__all__ = ["ENTRIES", "Fairness", "Part", "line", "part_lines", "parts_of"]

ENTRIES = 1_000_000
"""Most entries of all tables that are raked or rounded, some 40 microseconds each."""

_Places = npt.NDArray[np.intp]


class Fairness(enum.Enum):
    """
    What is made equal between inspectors (公平取向).

    Both at once cannot be had: who is barred from half of the tasks has half
    the load under equal chances.
    """

    EQUAL_CHANCE = "equal-chance"
    """Each seat is drawn among all to whom it is open, all alike."""
    EQUAL_LOAD = "equal-load"
    """Expected loads are as equal as can be, and chances under this condition."""


class Part(NamedTuple):
    """
    Rows that share inspectors with each other and with no others.

    Attributes:
        rows: [(k,) intp] Rows of the bench, ascending.
        drawn: [(n,) intp] Positions in the bench of those who are open to
            them and have room, in the order of the digests of their ids; the
            kernels know them by their place here.
        demand: The rows as the kernels see them.
        chances: Their chances; None where they are not stated.
        plan: How they are drawn; None where chances are not stated.
        is_equal: Whether chances are equal, to the last unit.
        capped: [(m,) intp] Who would pass their capacity by equal chances.
    """

    rows: _Places
    drawn: _Places
    demand: Demand
    chances: Chances | None
    plan: Plan | None
    is_equal: bool
    capped: _Places


def parts_of(bench: Bench, fairness: Fairness) -> Iterator[Part]:
    """Part the rows, and state chances as long as that is no undue effort."""
    left = ENTRIES
    n_drawn = len(bench.drawn)
    has_room = bench.capacity > 0
    digests = [hashlib.sha256(one.id.encode()).digest() for one in bench.drawn]
    order = sorted(range(n_drawn), key=digests.__getitem__)
    members = [m[has_room[m]] for m in bench.members]
    part_of = _components(members, n_drawn)[bench.pool]
    _, first, part_of = np.unique(part_of, return_index=True, return_inverse=True)
    for number in np.argsort(first).tolist():
        rows = np.flatnonzero(part_of == number)
        pools, pool = np.unique(bench.pool[rows], return_inverse=True)
        there = np.zeros(n_drawn, np.bool_)
        there[np.concatenate([members[p] for p in pools])] = True
        drawn = np.array([one for one in order if there[one]], np.intp)
        place = np.full(n_drawn, -1, np.intp)
        place[drawn] = np.arange(len(drawn))
        barred = bench.barred[there[bench.barred[:, 1]]]
        demand = Demand.of(
            bench.unit[rows],
            pool,
            bench.seats[rows],
            members=[np.sort(place[members[p]]) for p in pools],
            barred=np.column_stack((barred[:, 0], place[barred[:, 1]])),
            capacity=bench.capacity[drawn],
        )
        part, effort = _stated(rows, drawn, demand, fairness, bench.loads[drawn], left)
        left -= effort
        yield part


def _components(members: Sequence[_Places], n_drawn: int) -> _Places:
    """Give pools that share somebody, directly or through others, one number."""
    number = list(range(len(members)))
    pool_of = np.full(n_drawn, -1, np.intp)
    for pool, mine in enumerate(members):
        known = np.unique(pool_of[mine])
        joined = {number[p] for p in known.tolist() if p >= 0}
        number = [pool if n in joined else n for n in number]
        pool_of[mine] = pool
    return np.array(number, np.intp)


def _stated(  # noqa: PLR0917
    rows: _Places,
    drawn: _Places,
    demand: Demand,
    fairness: Fairness,
    loads: npt.NDArray[np.int64],
    left: int,
) -> tuple[Part, int]:
    """State the chances of a part, and tell how many entries that took of *left*."""
    equal = equal_chances(demand)
    capped = np.flatnonzero(equal.loads() > demand.capacity * UNIT)
    stated: Chances | None = None
    effort, is_equal = 0, False
    if fairness is Fairness.EQUAL_CHANCE and fits(equal):
        stated, is_equal = equal, True
    else:
        # Limits that cannot be kept by whoever is not fixed, or not without too
        # much effort, are no fault of the input: everything can be staffed.
        with suppress(ValueError):
            stated = (
                nearest_chances(demand, most=left)
                if fairness is Fairness.EQUAL_CHANCE
                else even_chances(demand, had=loads, most=left)
            )
            effort = _effort(equal, stated)
    if stated is not None:
        plan = plan_lots(stated)
        effort = max(effort, plan.entries)
        if effort <= left:
            return Part(rows, drawn, demand, stated, plan, is_equal, capped), effort
    return Part(rows, drawn, demand, None, None, is_equal=False, capped=capped), 0


def _effort(equal: Chances, stated: Chances) -> int:
    """How many entries were raked."""
    demand = equal.demand
    groups = groups_of(equal.kind, single_rows(demand), ~stated.is_equal)
    return int(demand.eligible[groups.first].sum())


def part_lines(
    bench: Bench, part: Part, witness: _Places, fairness: Fairness
) -> Iterator[str]:
    """
    Write the table of a part (``docs/reference/assign-format.md``, section 6).

    Args:
        bench: Who is behind the numbers.
        part: The part.
        witness: [(places,) intp] A complete staffing of the whole bench.
        fairness: What is made equal: loads decide where they are, and stand in
            the table for that reason.
    """
    demand, stated = part.demand, part.chances
    ids = [bench.drawn[one].id for one in part.drawn.tolist()]
    for circle in demand.members:
        yield line("pool", *(ids[one] for one in circle.tolist()))
    how = [""] * len(demand.task)
    if stated is None:
        yield line("room", *demand.capacity.tolist())
        if fairness is Fairness.EQUAL_LOAD:
            yield line("load", *bench.loads[part.drawn].tolist())
        stops = np.cumsum(bench.seats)[part.rows].tolist()
        held: list[int] = witness.tolist()
        for row, (stop, seats) in enumerate(
            zip(stops, demand.seats.tolist(), strict=True)
        ):
            how[row] = line(*(bench.drawn[one].id for one in held[stop - seats : stop]))
    else:
        explicit = _explicit(stated)
        for units in dict.fromkeys(explicit.values()):
            yield line("chances", units)
        number = {u: n for n, u in enumerate(dict.fromkeys(explicit.values()))}
        parts = np.stack((stated.base, stated.first, stated.length), axis=1).tolist()
        for row, kind in enumerate(stated.kind.tolist()):
            if kind in explicit:
                how[row] = str(number[explicit[kind]])
            else:
                how[row] = line(*parts[row])
    starts, bars = demand.bar_start.tolist(), demand.bar_place.tolist()
    rows = np.stack((demand.task, demand.pool, demand.seats), axis=1).tolist()
    for row, (unit, pool, seats) in enumerate(rows):
        barred = " ".join(map(str, bars[starts[row] : starts[row + 1]]))
        yield line("row", bench.units[unit][0].id, pool, seats, barred, how[row])


def _explicit(stated: Chances) -> dict[int, str]:
    """Chances that are not equal, by kind, in the order of the first rows."""
    kinds, first = np.unique(stated.adjusted.row, return_index=True)
    units: list[int] = stated.adjusted.chance.tolist()
    stops = pairwise([*first.tolist(), len(units)])
    written = {
        kind: " ".join(map(str, units[a:b]))
        for kind, (a, b) in zip(kinds.tolist(), stops, strict=True)
    }
    order = dict.fromkeys(stated.kind.tolist())
    return {kind: written[kind] for kind in order if kind in written}


def line(*cells: object) -> str:
    """Write cells as one line."""
    return "\t".join(map(str, cells))
