"""
Chances as near to equal as limits allow.

Of all tables that fill the rows and keep the limits, the one of least relative
entropy to equal chance is taken.  It has a plain form: with a factor for each row
and each officer, the entry of officer *i* in row *r* is

    row[r] * officer[i] / max(1, officer[i] * sum of row[s]),

the sum being over the rows *s* of the unit that are open to the officer, so that
nobody is more than certain.  At equal chance the factor of an officer is 1 unless
their room is used up, when it is at most 1: all others keep equal chances.  At
equal load (`dsgk.kernels.levels`) every load is given, and factors are free.

It is found by scaling rows and officers in turn (raking) and by Newton's method
on the factors of the officers, in binary floating point that only adds,
multiplies and divides, in one order, so that every machine finds the same
factors.  Then entries are cut to whole units of 2**-32, put right exactly
(`dsgk.kernels.chances.put_right`), and rounded to units of 2**-20 by
`dsgk.kernels.rounding.halve` with a stream that is the same for all.
"""

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.chances import UNIT, Demand, put_right
from dsgk.kernels.rounding import halve
from dsgk.kernels.shake import Shake


__all__ = ["Factors", "Raked", "nearest_chances", "rake", "settle"]

EXTRA = 12
"""How many bits more entries have before they are rounded to units."""

_NEAR = 2.0**-32  # of a seat
_SWEEPS = 100
_PASSES = 30
_STEPS = 60
_TRIES = 20
_DAMPING = 2.0**-6
_LEAST = -1000  # of exponents that are told apart in a row
_GREATEST = 60
_SPARE = 10  # bits to round by

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]
_Flags = npt.NDArray[np.bool_]


class Factors(NamedTuple):
    """
    Numbers that may be very large or very small.

    Attributes:
        mantissa: [(n,) float64, 0 or 0.5 <= mantissa < 1]
        exponent: [(n,) int64] Each number is ``mantissa * 2**exponent``.
    """

    mantissa: _Floats
    exponent: _Ints

    @classmethod
    def of(cls, values: npt.ArrayLike, exponent: npt.ArrayLike = 0) -> "Factors":
        """Bring values times ``2**exponent`` into this form."""
        mantissa, more = np.frexp(np.asarray(values, np.float64))
        return cls(mantissa, np.asarray(exponent, np.int64) + more)

    def times(self, values: _Floats) -> "Factors":
        """Multiply each."""
        return Factors.of(self.mantissa * values, self.exponent)


class Raked(NamedTuple):
    """
    A table in its plain form.

    Attributes:
        rows: Factors of the rows.
        officers: Factors of the officers.
        share: [(n,) float64, 0 <= share <= 1] Entries.
    """

    rows: Factors
    officers: Factors
    share: _Floats


class _Sums(NamedTuple):
    """Entries and what they add up to."""

    share: _Floats
    raw: _Floats  # before anybody is more than certain
    is_full: _Flags  # whether somebody is certain in the place of an entry
    row: _Floats
    officer: _Floats


def rake(
    demand: Demand,
    limit: _Floats,
    *,
    met: bool,
    start: Factors | None = None,
    sweeps: int = _SWEEPS,
) -> Raked:
    """
    Find the factors.

    Args:
        demand: Which seats there are, and whom they are open to.
        limit: [(officers,) float64, >= 0] Most seats of each officer.
        met: Whether loads are the limits, so that factors of officers are free;
            otherwise these are at most 1.
        start: Factors of the officers to begin with; 1 if None.
        sweeps: [int >= 0] How often factors are scaled at most.
    """
    officers = Factors.of(np.ones(len(limit))) if start is None else start
    officers = officers.times(np.where(limit > 0, 1.0, 0.0))
    rows = Factors.of(demand.seats / np.maximum(demand.eligible, 1))
    problem = _Problem(demand, limit, met=met)
    for _ in range(sweeps):
        rows, sums = problem.fill(rows, officers)
        off = problem.off(officers, sums)
        if np.abs(off).max(initial=0) <= _NEAR:
            break
        step = problem.newton(off, sums, officers)
        found = problem.along(rows, officers, off, step)
        if found is None:
            quotient = _quotient(limit, demand.officer, sums, sums.officer)
            found = rows, problem.bounded(officers, quotient)
        rows, officers = found
    return Raked(rows, officers, problem.sums(rows, officers).share)


class _Problem:
    """What is the same in all sweeps; rows and officers stand in one vector."""

    def __init__(self, demand: Demand, limit: _Floats, *, met: bool) -> None:
        self.demand, self.limit, self.met = demand, limit, met
        times = np.bincount(demand.place)
        self.shared = np.flatnonzero(times[demand.place] > 1)
        _, self.place = np.unique(demand.place[self.shared], return_inverse=True)
        self.seats = demand.seats.astype(np.float64)

    def fill(self, rows: Factors, officers: Factors) -> tuple[Factors, _Sums]:
        """Scale the rows to their seats."""
        sums = self.sums(rows, officers)
        alone = np.ones(len(sums.share), np.bool_)
        alone[self.shared] = False
        for _ in range(_PASSES):
            answering = sums._replace(is_full=sums.is_full & alone)
            quotient = _quotient(self.seats, self.demand.row, answering, sums.row)
            if np.abs(quotient - 1).max(initial=0) < 2.0**-40:
                break
            rows = rows.times(quotient)
            sums = self.sums(rows, officers)
        return rows, sums

    def sums(self, rows: Factors, officers: Factors) -> _Sums:
        """Write the entries out."""
        row, officer = self.demand.row, self.demand.officer
        raw = rows.mantissa[row] * officers.mantissa[officer]
        exponent = rows.exponent[row] + officers.exponent[officer]
        mantissa, power = raw[self.shared], exponent[self.shared]
        raw = _scaled(raw, exponent)
        share, is_full = np.minimum(raw, 1.0), raw >= 1
        if self.shared.size:
            most = np.full(int(self.place.max()) + 1, _LEAST)
            np.maximum.at(most, self.place, power)
            scaled = _scaled(mantissa, power - most[self.place])
            total = _added(self.place, scaled)
            full = (_scaled(total, most) >= 1)[self.place]
            part = scaled / np.maximum(total, 2.0**_LEAST)[self.place]
            share[self.shared] = np.where(full, part, raw[self.shared])
            is_full[self.shared] = full
        return _Sums(
            share,
            raw,
            is_full,
            _added(row, share, len(self.seats)),
            _added(officer, share, len(self.limit)),
        )

    def off(self, officers: Factors, sums: _Sums) -> _Floats:
        """What rows lack to their seats, and officers to limits that count."""
        lacks = self.limit - sums.officer
        if not self.met:
            lacks = np.where(officers.exponent >= 1, np.minimum(lacks, 0.0), lacks)
        return np.concatenate((self.seats - sums.row, lacks))

    def bounded(self, officers: Factors, quotient: _Floats) -> Factors:
        """Scale the officers, to 1 at most unless loads are met."""
        scaled = officers.times(quotient)
        if self.met:
            return scaled
        above = scaled.exponent >= 1
        return Factors(
            np.where(above, 0.5, scaled.mantissa), np.where(above, 1, scaled.exponent)
        )

    def newton(self, off: _Floats, sums: _Sums, officers: Factors) -> _Floats:
        """A step of Newton's method in the logarithms, by conjugate gradients."""
        row, officer, n_rows = self.demand.row, self.demand.officer, len(self.seats)
        weight = np.where(sums.is_full, 0.0, sums.share)
        both = np.where(sums.is_full, sums.share, 0.0)[self.shared]
        n_places = int(self.place.max(initial=-1)) + 1
        in_shared = _added(
            row[self.shared],
            both * (1 - both),
            n_rows,
        )
        diagonal = np.concatenate(
            (
                _added(row, weight, n_rows) + in_shared,
                _added(officer, weight, len(self.limit)),
            )
        )
        size = float(np.abs(off).max())
        damping = _DAMPING * min(size, 1.0)
        diagonal += damping * np.concatenate((self.seats, np.maximum(self.limit, 1.0)))
        active = np.ones(len(off), np.bool_)
        if not self.met:
            active[n_rows:] = (officers.exponent < 1) | (off[n_rows:] < 0)
        active &= diagonal > 0
        shared_row = row[self.shared]

        def curvature(way: _Floats) -> _Floats:
            moved = weight * (way[:n_rows][row] + way[n_rows:][officer])
            by_row = _added(row, moved, n_rows)
            by_officer = _added(officer, moved, len(self.limit))
            if self.shared.size:
                way_row = way[:n_rows][shared_row]
                mean = _added(self.place, both * way_row, n_places)
                turned = both * (way_row - mean[self.place])
                by_row += _added(shared_row, turned, n_rows)
            bent = np.concatenate((by_row, by_officer))
            bent += damping * way * scale_of
            return np.where(active, bent, 0.0)

        scale_of = np.concatenate((self.seats, np.maximum(self.limit, 1.0)))
        return _conjugate(curvature, np.where(active, off, 0.0), diagonal)

    def along(
        self, rows: Factors, officers: Factors, off: _Floats, step: _Floats
    ) -> tuple[Factors, Factors] | None:
        """Go along a step, but not beyond the best point; None if it leads nowhere."""
        n_rows = len(self.seats)
        length = 1.0
        for _ in range(_TRIES):
            clipped = np.clip(step * length, -1.5, 1.5)
            quotient = (2 + clipped) / (2 - clipped)
            new_officers = self.bounded(officers, quotient[n_rows:])
            new_rows, sums = self.fill(rows.times(quotient[:n_rows]), new_officers)
            new_off = self.off(new_officers, sums)
            moved = np.where(off != 0, clipped, 0.0)
            before, after = _total(off * moved), _total(new_off * moved)
            if after >= -before / 8:
                return new_rows, new_officers
            length *= max(0.1, min(0.7, before / (before - after)))
        return None


def _added(
    at: npt.NDArray[np.integer], values: npt.NDArray[Any], n: int = 0
) -> _Floats:
    """Sums, one entry after another, so that every machine finds the same."""
    return np.bincount(at, values, n).astype(np.float64, copy=False)


def _scaled(mantissa: _Floats, exponent: _Ints) -> _Floats:
    power = np.clip(exponent, _LEAST, _GREATEST).astype(np.int32)
    return np.ldexp(mantissa, power)


def _quotient(
    right: _Floats, at: npt.NDArray[np.int32], sums: _Sums, is_now: _Floats
) -> _Floats:
    """By what to scale rows or officers, given which entries are full."""
    free = _added(at, np.where(sums.is_full, 0.0, sums.share), len(right))
    fixed = is_now - free
    raw = _added(at, sums.raw, len(right))
    quotient = np.divide(right, raw, out=np.ones_like(right), where=raw > 0)
    answers = (fixed < right) & (free > 0)
    np.divide(right - fixed, free, out=quotient, where=answers)
    quotient[is_now == right] = 1.0
    return quotient


def _conjugate(
    curvature: Callable[[_Floats], _Floats], rest: _Floats, diagonal: _Floats
) -> _Floats:
    """Solve a system by conjugate gradients, as far as it goes."""
    scale = np.divide(1.0, diagonal, out=np.zeros_like(rest), where=diagonal > 0)
    step = np.zeros_like(rest)
    way = scale * rest
    size = first = _total(rest * way)
    for _ in range(_STEPS):
        bent = curvature(way)
        along = _total(way * bent)
        if along <= 0 or size <= first * 2.0**-30:
            break
        step = step + way * (size / along)
        rest = rest - bent * (size / along)
        before, size = size, _total(rest * scale * rest)
        way = scale * rest + way * (size / before)
    return step


def _total(values: _Floats) -> float:
    """A sum that does not depend on its order."""
    return math.fsum(values.tolist())


def settle(demand: Demand, share: _Floats, limit: list[Fraction], /) -> _Ints:
    """
    Make whole units of entries, exactly within the limits.

    Args:
        demand: Which seats there are, and whom they are open to.
        share: [(n,) float64] Entries that almost keep the limits.
        limit: [one fraction per officer] Most seats of each.

    Returns:
        [(n,) int64] Units: the entries rounded down or up, but for what was put
        right. Rows are whole; every load is at most the limit rounded up.

    Raises:
        ValueError: No table keeps the limits.
    """
    fine = UNIT << EXTRA
    whole = np.array([math.ceil(load * fine) for load in limit], np.int64)
    # Rounded so that sums along a row are right, and no officer bears it all.
    row, n_rows = demand.row, len(demand.seats)
    starts = np.cumsum(demand.eligible) - demand.eligible
    along = np.cumsum(np.floor(share * (fine << _SPARE)).astype(np.int64))
    first = np.floor(share[starts] * (fine << _SPARE)).astype(np.int64)
    along -= (along[starts] - first)[row]
    along = (along + (1 << _SPARE - 1)) >> _SPARE
    units = np.diff(along, prepend=0)
    units[starts] = along[starts]
    # What a row lacks, or has too much, goes to its greatest entry with room for it.
    missing = demand.seats * fine - _added(row, units, n_rows).astype(np.int64)
    in_place = demand.in_place(units)[demand.place]
    fits = np.where(in_place + missing[row] <= fine, units, -1)
    best = np.flatnonzero(fits == np.maximum.reduceat(fits, starts)[row])
    best = best[np.unique(row[best], return_index=True)[1]]
    best = best[fits[best] >= 0]
    units[best] += missing[row[best]]
    put = put_right(
        demand, units, rise=fine - units, fall=units, limit=whole, certain=fine
    )
    if put.stuck:
        msg = (
            "'room' must leave ways for all seats (got "
            f"{put.stuck / fine:.6g} of a seat that nobody can take). Find out first "
            "whether the seats can be filled."
        )
        raise ValueError(msg)
    rounded = halve(
        put.units,
        row=demand.row,
        officer=demand.officer,
        place=demand.place,
        bits=EXTRA,
        words=lambda bit, n: Shake("dsgk-assign/2", f"units:{bit}").words(n),
    )
    return rounded >> EXTRA


def nearest_chances(demand: Demand, /) -> tuple[_Ints, Raked]:
    """
    The nearest to equal chances that keep the limits.

    Returns:
        [(n,) int64] Units by entry; and their factors.

    Raises:
        ValueError: No table keeps the limits.

    Examples:
        Three tasks, two officers, the second with room for one task:

        >>> demand = Demand.of(
        ...     [0, 1, 2], [0, 0, 0], [1, 1, 1], members=[[0, 1]], barred=[],
        ...     room=[9, 1],
        ... )
        >>> units, raked = nearest_chances(demand)
        >>> (units / UNIT).round(5).tolist()
        [0.66667, 0.33333, 0.66667, 0.33333, 0.66667, 0.33333]
        >>> (raked.officers.mantissa * 2.0**raked.officers.exponent).round(6).tolist()
        [1.0, 0.5]
    """
    raked = rake(demand, demand.room.astype(np.float64), met=False)
    limit = [Fraction(int(n)) for n in demand.room]
    return settle(demand, raked.share, limit), raked
