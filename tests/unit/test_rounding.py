"""The halving draw: exact chances, whole rows, loads rounded down or up."""

import random

import numpy as np
import pytest
import scale
from tables import demand_of, random_demand

from dsgk.kernels.chances import BITS, UNIT, equal_units
from dsgk.kernels.rounding import halve
from dsgk.kernels.shake import Shake


TIMES = scale.of(400, 6000)


def drawn(demand, units, key):
    return halve(
        units,
        row=demand.row,
        officer=demand.officer,
        place=demand.place,
        bits=BITS,
        words=lambda bit, n: Shake(key, f"seats:0:{bit}").words(n),
    )


@pytest.mark.parametrize("seed", range(4))
def test_rows_loads_and_places_are_kept_whatever_the_key(seed):
    """Every sum of the table ends as its floor or its ceiling."""
    chance = random.Random(seed)  # noqa: S311
    done = 0
    while done < 25:
        made = random_demand(chance)
        if made is None:
            continue
        demand, _ = made
        units = equal_units(demand)
        if (demand.in_place(units) > UNIT).any():
            continue
        done += 1
        chosen = drawn(demand, units, f"{seed}-{done}")

        assert set(chosen.tolist()) <= {0, UNIT}
        assert (np.bincount(demand.row, chosen) == demand.seats * UNIT).all()
        for sums in (demand.loads, demand.in_place):
            assert (np.abs(sums(chosen) - sums(units)) < UNIT).all()
        assert (chosen[units == 0] == 0).all()
        assert (chosen[units == UNIT] == UNIT).all()


def test_everybody_has_exactly_the_chance_of_the_table():
    """Over fixed keys, in standard errors; the furthest of all entries."""
    demand = demand_of([(0, 1, [0, 1, 2]), (0, 1, [1, 2, 3]), (1, 2, [0, 1, 3])], 4)
    units = np.array([600_000, 300_000, UNIT - 900_000, 200_000, 300_000])
    units = np.append(units, UNIT - 500_000)
    units = np.append(
        units, [UNIT - 100_000, 400_000, 2 * UNIT - (UNIT - 100_000) - 400_000]
    )
    times = sum(drawn(demand, units, str(n)) for n in range(TIMES)) / UNIT
    share = units / UNIT
    off = np.abs(times / TIMES - share) / np.sqrt(share * (1 - share) / TIMES + 1e-30)

    assert off.max() < 4


def test_nothing_is_asked_of_chance_where_all_is_certain():
    """Nobody reads a stream in vain."""

    def no_words(*_):
        raise AssertionError

    empty = halve([], row=[], officer=[], place=[], bits=20, words=no_words)
    whole = halve(
        [8, 0, 8], row=[0, 0, 1], officer=[0, 1, 0], place=[0, 1, 2], bits=3,
        words=no_words,
    )  # fmt: skip

    assert empty.tolist() == []
    assert whole.tolist() == [8, 0, 8]


def test_a_row_that_is_not_whole_is_refused():
    """There would be nobody to pair with."""
    with pytest.raises(ValueError, match="row 1 does not"):
        halve(
            [1, 1, 1],
            row=[0, 0, 1],
            officer=[0, 1, 0],
            place=[0, 1, 2],
            bits=1,
            words=lambda bit, n: Shake("k", str(bit)).words(n),
        )


def test_equal_words_keep_the_order_of_the_table():
    """As the format has it; nobody will ever see it happen."""
    halves = [1, 1, 1, 1]

    chosen = halve(
        halves,
        row=[0, 0, 0, 0],
        officer=[0, 1, 2, 3],
        place=[0, 1, 2, 3],
        bits=1,
        words=lambda *_: np.array([6, 7, 6, 6], np.uint64),
    )

    # Mates 0-1 and 2-3 in the row, and, of officers with one each, the same again:
    # two rings, of which the first entries, 0 and 2, have even words.
    assert chosen.tolist() == [0, 2, 0, 2]
