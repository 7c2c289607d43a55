"""
Drawing officers for all seats, with the stated chances exactly, at any size.

Rows that are alike are drawn as one *lot*: first how often every officer is
in it, by dependent rounding, then in which of its rows, from a shuffled deck.
Rows from which somebody is barred are mostly not alike.  Where they are few,
each is a lot of its own.  Where they are many, their seats are first drawn to
parts of the pool in which nobody is barred (`dsgk.kernels.splitting`); this
shifts a little what an officer has to expect, and the largest lot that is
open to the whole pool takes up the shift.

Why it is right.  Within a lot the rows are interchangeable: they are put in
an order that is drawn, so every row gets an officer with the same chance,
which is the expected number of times divided by the number of rows.  The
number of times has exactly its expectation and is, with all the lots, part of
one flow in which every load is rounded down or up.  Splitting keeps every
expectation row by row; the shift that the largest open lot takes up is zero
on average, and which lot that is has been settled before anything was drawn.

Normative:

- *Lots.*  Bundles (`dsgk.kernels.bundles`) whose rows have the same chances, in
  the same order, make one lot for each row of the bundle.  Lots are numbered
  in the order of their first rows.
- *Split rows.*  Rows that may be split easily and have equal chances are
  split, pool by pool, where the pool has a lot of single rows open to all its
  members that is sure to take up the shift: the lot of the most rows, of these
  the first; the leaf is the least power of 2 from `LEAF` on, and less than half
  of the pool, whose `reach` is within what the chances of that lot leave on
  either side.  Parts
  are lots, numbered behind the others, in the order of the pools, then as they
  come.  A part's officers have ``seats * rows * unit // officers`` units each;
  as many of them as units are left over, counted round from number
  ``below(officers)``, one more.
- *Rounding.*  `dsgk.kernels.rounding.round_table` of all lots, bundles being
  tasks.
- *Dealing.*  Lot by lot, bundles of several lots together: a lot of one row
  has its officers.  Otherwise the officers of every lot, by number, each as
  often as it came out, are put in an order that is drawn, the bundle's rows
  in another, and given out in these orders, seat by seat of each row.  Where
  an officer comes to sit in a bundle twice, the later seat changes with seat
  number ``below(seats of the lot)``, drawn again until neither bundle has an
  officer twice for it; after `TRIES` in vain the lots are rounded once more,
  row by row, in units of 1/rows.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.bundles import FEW, bundles, easily_split
from dsgk.kernels.chances import Chances
from dsgk.kernels.rounding import round_table
from dsgk.kernels.shake import Shake
from dsgk.kernels.splitting import reach, split


__all__ = ["LEAF", "TRIES", "Plan", "Staffed", "deal", "plan_lots"]

LEAF = 16
TRIES = 1000

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]


class Plan(NamedTuple):
    """
    How the seats will be drawn; settled before anything is.

    Attributes:
        lots: [one (k,) intp per lot] Its rows, ascending.
        bundle: [one int per lot] Lots of the same bundles have the same number.
        split: [one tuple per pool that has rows to split] Their numbers, the
            leaf, and the lot that takes up the shift.
        entries: [int] How many entries will be rounded at least: about ten
            microseconds each.
    """

    lots: list[_Places]
    bundle: list[int]
    split: list[tuple[_Places, int, int]]
    entries: int


class Staffed(NamedTuple):
    """
    Who sits where.

    Attributes:
        row: [(n,) intp, ascending] Row of each seat.
        officer: [(n,) intp] Who has it; ascending in each row.
        alone: [(rows,) bool] Whether the row was drawn by itself, and not
            with others that are alike.
    """

    row: _Places
    officer: _Places
    alone: npt.NDArray[np.bool_]


def plan_lots(chances: Chances, *, few: int = FEW) -> Plan:
    """
    Settle which rows are drawn together, and which are split.

    Args:
        chances: Of all rows.
        few: [int >= 0] Up to so many entries nothing is split.

    Examples:
        >>> from dsgk.kernels.chances import Demand, equal_chances
        >>> demand = Demand.of(
        ...     range(4),
        ...     [0] * 4,
        ...     [2] * 4,
        ...     members=[range(3)],
        ...     barred=[(1, 0)],
        ...     capacity=[9] * 3,
        ... )
        >>> [lot.tolist() for lot in plan_lots(equal_chances(demand)).lots]
        [[0, 2, 3], [1]]
    """
    demand = chances.demand
    kinds: list[int] = chances.kind.tolist()
    single = np.ones(len(kinds), np.bool_)
    # Bundles by the kinds of their rows; for each of them the rows of each lot.
    found: dict[tuple[int, ...], list[list[int]]] = {}
    for rows in bundles(demand):
        single[rows] = len(rows) == 1
        lots = found.setdefault(tuple(kinds[r] for r in rows), [[] for _ in rows])
        for lot, r in zip(lots, rows, strict=True):
            lot.append(r)
    may = easily_split(demand, chances.kind, single, few=few) & chances.is_equal
    splits: list[tuple[_Places, int, int]] = []
    for p in np.unique(demand.pool[may]).tolist():
        barred = np.flatnonzero(may & (demand.pool == p))
        open_ = [
            lots[0]
            for lots in found.values()
            if len(lots) == 1
            and demand.pool[lots[0][0]] == p
            and demand.bar_start[lots[0][0]] == demand.bar_start[lots[0][0] + 1]
        ]
        widest = max(open_, key=len, default=[])
        leaf = _leaf(chances, barred, widest)
        if leaf:
            splits.append((barred, widest[0], leaf))
            for k in np.unique(chances.kind[barred]).tolist():
                del found[k,]
    numbered = sorted((lot, b) for b, lots in enumerate(found.values()) for lot in lots)
    number = {lot[0]: n for n, (lot, _) in enumerate(numbered)}
    return Plan(
        [np.array(lot, np.intp) for lot, _ in numbered],
        [b for _, b in numbered],
        [(barred, leaf, number[first]) for barred, first, leaf in splits],
        int(demand.eligible[[lot[0] for lot, _ in numbered]].sum()),
    )


def _leaf(chances: Chances, rows: _Places, widest: list[int]) -> int:
    """Smallest leaf whose shift the lot is sure to take up, 0 if there is none."""
    if not widest:
        return 0
    chance = chances.table(widest[:1]).chance
    room = np.minimum(chance, chances.unit - chance) * len(widest)
    leaf = LEAF
    while 2 * leaf < len(chance):
        far = reach(chances, rows, leaf=leaf)
        if far is not None and all(
            x * chances.unit < r for x, r in zip(far, room.tolist(), strict=True)
        ):
            return leaf
        leaf *= 2
    return 0


def deal(chances: Chances, plan: Plan, *, source: Shake) -> Staffed:
    """
    Draw officers for all seats, with exactly these chances.

    Args:
        chances: Of all rows.
        plan: Made of them by `plan_lots`.
        source: Of all chance.

    Returns:
        Every row has its seats, nobody sits twice in a task, and every load is
        the one to be expected rounded down or up.

    Examples:
        >>> from dsgk.kernels.chances import Demand, equal_chances
        >>> demand = Demand.of(
        ...     range(3),
        ...     [0] * 3,
        ...     [2] * 3,
        ...     members=[range(4)],
        ...     barred=[(0, 1)],
        ...     capacity=[9] * 4,
        ... )
        >>> chances = equal_chances(demand)
        >>> seats = deal(chances, plan_lots(chances), source=Shake("k", "deal"))
        >>> seats.row.tolist(), seats.officer.tolist(), seats.alone.tolist()
        ([0, 0, 1, 1, 2, 2], [0, 2, 1, 2, 0, 3], [True, False, False])
    """
    rows, seats, bundles = list(plan.lots), [], list(plan.bundle)
    demand = chances.demand
    lot, officer, chance = chances.table([lot[0] for lot in rows])
    first = np.array([lot[0] for lot in rows], np.intp)
    lot = np.searchsorted(first, lot)
    amount = chance * np.array([len(lot) for lot in rows], np.int64)[lot]
    columns = [(lot, officer, amount)]
    seats = demand.seats[first].tolist()
    out: list[tuple[_Places, _Places]] = []
    for barred, leaf, widest in plan.split:
        drawn = split(chances, barred, leaf=leaf, source=source)
        shift = chances.loads(barred)
        np.subtract.at(shift, drawn.officer, chances.unit)
        out.append((drawn.row, drawn.officer))
        for part in drawn.parts:
            n = len(part.officers)
            base, left = divmod(part.seats * len(part.rows) * chances.unit, n)
            units = np.full(n, base)
            units[(source.below(n) + np.arange(left)) % n] += 1
            shift[part.officers] -= units
            columns.append((np.full(n, len(rows)), part.officers, units))
            rows.append(part.rows)
            seats.append(part.seats)
            bundles.append(len(plan.lots) + len(rows))
        a, b = np.searchsorted(lot, [widest, widest + 1])
        amount[a:b] += shift[officer[a:b]]
    lot, officer, amount = (np.concatenate(c) for c in zip(*columns, strict=True))
    times = round_table(
        lot,
        officer,
        amount,
        task=bundles,
        n_officers=len(demand.capacity),
        unit=chances.unit,
        source=source,
    )
    order = np.lexsort((officer, lot))
    lot, officer, times = lot[order], officer[order], times[order]
    out += _deal_lots(rows, seats, bundles, (lot, officer, times), source)
    row, officer = (np.concatenate(c) for c in zip(*out, strict=True))
    alone = np.zeros(len(demand.task), np.bool_)
    alone[[lot[0] for lot in plan.lots if len(lot) == 1]] = True
    order = np.lexsort((officer, row))
    return Staffed(row[order], officer[order], alone)


def _deal_lots(
    rows: list[_Places],
    seats: list[int],
    bundles: list[int],
    came_out: tuple[_Places, _Places, _Ints],
    source: Shake,
) -> list[tuple[_Places, _Places]]:
    """Rows and officers, from how often every officer is in every lot."""
    lot, officer, times = came_out
    sizes = np.array([len(r) for r in rows], np.intp)
    first = np.array([r[0] for r in rows], np.intp)
    at_once = (sizes[lot] == 1) & (times > 0)
    out = [(first[lot[at_once]], officer[at_once])]
    starts = np.searchsorted(lot, np.arange(len(rows) + 1))
    together: dict[int, list[int]] = {}
    for n in np.flatnonzero(sizes > 1).tolist():
        together.setdefault(bundles[n], []).append(n)
    for lots in together.values():
        cards = [
            (officer[starts[n] : starts[n + 1]], times[starts[n] : starts[n + 1]])
            for n in lots
        ]
        order = source.permutation(len(rows[lots[0]]))
        dealt = _shuffle(cards, [seats[n] for n in lots], source)
        for n, team in zip(lots, dealt, strict=True):
            out.append((np.repeat(rows[n][order], seats[n]), team.ravel()))
    return out


def _shuffle(
    cards: list[tuple[_Places, _Ints]], seats: list[int], source: Shake
) -> list[_Places]:
    """One (rows, seats) array of officers per lot, nobody twice in a row of all."""
    decks = [np.repeat(officer, times) for officer, times in cards]
    decks = [deck[source.permutation(len(deck))] for deck in decks]
    stops = np.cumsum([0, *seats]).tolist()
    teams = np.hstack([d.reshape(-1, n) for d, n in zip(decks, seats, strict=True)])
    in_order = np.sort(teams, axis=1)
    twice = np.flatnonzero((in_order[:, 1:] == in_order[:, :-1]).any(axis=1))
    lot_of = np.repeat(np.arange(len(seats)), seats).tolist()
    for t in twice.tolist():
        for column in range(1, stops[-1]):
            if teams[t, column] in teams[t, :column]:
                lot = slice(stops[lot_of[column]], stops[lot_of[column] + 1])
                if not _swap(teams, (t, column), lot, source):
                    return _round_rows(cards, seats, len(teams), source)
    return [teams[:, a:b] for a, b in pairwise(stops)]


def _swap(teams: _Places, seat: tuple[int, int], lot: slice, source: Shake) -> bool:
    """Change *seat* with one of the same lot, so that nobody sits twice for it."""
    row, width = seat[0], lot.stop - lot.start
    mine = teams[seat]
    for _ in range(TRIES):
        other, column = divmod(source.below(len(teams) * width), width)
        theirs = teams[other, lot.start + column]
        if theirs not in teams[row] and mine not in teams[other]:
            teams[seat], teams[other, lot.start + column] = theirs, mine
            return True
    return False


def _round_rows(
    cards: list[tuple[_Places, _Ints]], seats: list[int], n_rows: int, source: Shake
) -> list[_Places]:
    """Give out the cards row by row, where shuffling them does not succeed."""
    row, officer, times = [], [], []
    for n, (people, count) in enumerate(cards):
        row.append(n * n_rows + np.repeat(np.arange(n_rows), len(people)))
        officer.append(np.tile(people, n_rows))
        times.append(np.tile(count, n_rows))
    rows, officers = np.concatenate(row), np.concatenate(officer)
    chosen = round_table(
        rows,
        officers,
        np.concatenate(times),
        task=np.tile(np.arange(n_rows), len(cards)),
        n_officers=int(officers.max()) + 1,
        unit=n_rows,
        source=source,
    )
    dealt = officers[chosen > 0]
    stops = np.cumsum([0, *(n * n_rows for n in seats)]).tolist()
    return [
        dealt[a:b].reshape(n_rows, n)
        for (a, b), n in zip(pairwise(stops), seats, strict=True)
    ]
