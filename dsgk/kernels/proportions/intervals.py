"""
What a tiered draw says about the rate of violations, with bounds that hold.

The interval of `estimate_rate` holds all numbers of violations that would not
have been too unlikely to give what was found: test inversion, for several
strata after Wendell and Schmee (1996).  How likely it is depends on how the
violations are spread over the strata, which nobody knows; so the spread that
makes it most likely is looked for, and the bounds hold whatever the true one.
Where there are few spreads all are tried; where there are many, the search climbs
from several sides, and the tests hold it against trying them all.
"""

import itertools
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.proportions.reading import counts, share
from dsgk.kernels.rationals import Number


__all__ = ["Estimate", "estimate_rate"]

Floats = npt.NDArray[np.float64]
Waves = npt.NDArray[np.complex128]

# Values of the estimate are rounded outwards to cells; so many for all strata.
_LENGTH = 2**14
_TRIED = 2000
_BEGINS = 4
_FINE = 4
_KEPT = 400  # transforms, an eighth of a megabyte each
# Rounding errors of a sum of chances, against the bounds.
_SLACK = 1e-9
_FAR = 40  # standard deviations, beyond which no float sees anything


class Estimate(NamedTuple):
    """
    An estimated share of a population, with bounds.

    Attributes:
        rate: [0 to 1] The estimate.
        low: [0 to 1] Lower bound.
        high: [0 to 1] Upper bound.
        confidence: [0 to 1] Chance that the true rate is within the bounds,
            at least.
    """

    rate: float
    low: float
    high: float
    confidence: float


def estimate_rate(
    found: npt.ArrayLike,
    drawn: npt.ArrayLike,
    sizes: npt.ArrayLike,
    *,
    confidence: Number = 0.95,
) -> Estimate:
    """
    Estimate the rate of violations in all strata from a tiered draw.

    The estimate weighs each stratum by its size.  The bounds are exact for
    one stratum (Clopper and Pearson's, with the hypergeometric distribution,
    so that nothing is left open when all were inspected).  For several strata
    they hold however the violations are spread, and are no wider than that
    takes; where the strata have more than some thousand ways to spread them, a
    search stands for trying them all, about half a second for four strata and
    some seconds for eight.  None found does not mean that there are none: the
    upper bound says how many there may be.

    Args:
        found: [int or (k,) integers] Violations found in each stratum.
        drawn: [int or (k,) integers, at least *found*] Subjects drawn and
            inspected in each stratum.
        sizes: [int or (k,) integers, at least *drawn*] Subjects in each stratum.
        confidence: [0 to 1] How sure the bounds are to hold; each side alone
            fails with at most half of the rest.

    Returns:
        Rate and bounds, rounded to floats once, at the end.

    Raises:
        TypeError: A count is not a whole number.
        ValueError: A number is out of range, columns differ in length, there
            is no subject at all, or a stratum has subjects of which none was
            drawn, about which nothing can be said.

    Examples:
        >>> estimate_rate(0, 100, 1000)
        Estimate(rate=0.0, low=0.0, high=0.034, confidence=0.95)
        >>> rate, low, high, _ = estimate_rate(
        ...     [1, 3, 6, 9], [65, 75, 80, 60], [6500, 1500, 400, 100]
        ... )
        >>> f"{rate:.1%} ({low:.1%} to {high:.1%})"
        '2.4% (0.5% to 7.2%)'
    """
    whole = counts(sizes, "sizes")
    takes = counts(drawn, "drawn", length=len(whole))
    hits = counts(found, "found", length=len(whole))
    for stratum, (x, n, size) in enumerate(zip(hits, takes, whole, strict=True)):
        _check_stratum(stratum, x, n, size)
    everyone = sum(whole)
    if not everyone:
        msg = "'sizes' must have a subject (got none). There is no rate of nobody."
        raise ValueError(msg)
    level = share(confidence, "confidence")
    rows = [row for row in zip(hits, takes, whole, strict=True) if row[2]]
    rate = sum((Fraction(x * size, n) for x, n, size in rows), Fraction()) / everyone
    # Of a stratum that was inspected as a whole nothing is open.
    known = sum(x for x, n, size in rows if n == size)
    search = [row for row in rows if row[1] < row[2]]
    tail = float((1 - level) / 2)
    low = known + sum(_Bound(search, tail, upper=False).outermost())
    high = known + sum(_Bound(search, tail, upper=True).outermost())
    return Estimate(float(rate), low / everyone, high / everyone, float(level))


def _check_stratum(stratum: int, found: int, drawn: int, size: int) -> None:
    if not found <= drawn <= size:
        msg = (
            "'found' must be at most 'drawn', and 'drawn' at most 'sizes' (got "
            f"{found}, {drawn} and {size} in stratum {stratum}). Look for columns "
            "that were exchanged."
        )
        raise ValueError(msg)
    if size and not drawn:
        msg = (
            f"'drawn' must be at least 1 in every stratum that has subjects (got 0 "
            f"of {size} in stratum {stratum}). Join the stratum to one like it, or "
            "leave it out and say so."
        )
        raise ValueError(msg)


class _Bound:
    """
    One side of the interval: the outermost violations that are not too unlikely.

    Chances of sums are products of waves, the Fourier transforms of the
    chances of the strata.

    Args:
        rows: Found, drawn and size of each stratum that is not known whole.
        tail: [0 to 1/2] The chance that is too little.
        upper: Whether the upper bound is looked for, else the lower.
    """

    def __init__(
        self, rows: list[tuple[int, int, int]], tail: float, *, upper: bool
    ) -> None:
        self.drawn = [n for _, n, _ in rows]
        self.sizes = [size for _, _, size in rows]
        self.strata = range(len(rows))
        self.least = tail * (1 - _SLACK)
        self.upper = upper
        # Of those not inspected none is bad, or all are: the ends of the search.
        none = [x for x, _, _ in rows]
        every = [size - n + x for x, n, size in rows]
        self.start, self.end = (none, every) if upper else (every, none)
        value = sum((Fraction(x * size, n) for x, n, size in rows), Fraction())
        # No sum of cells comes round to the beginning, and counts of a single
        # stratum stay apart.
        exact = 2 * max(none, default=0) if len(rows) == 1 else 0
        self.length = max(_LENGTH, 1 << exact.bit_length())
        cells = self.length // max(len(rows), 1) - 1
        self.values = [
            _cells(Fraction(size, n), value, n, cells, up=not upper)
            for _, n, size in rows
        ]
        # Upwards: as much as was found, or less.  Downwards the contrary is
        # counted: less than was found.
        within = np.zeros(self.length)
        within[: cells + upper] = 1 / self.length
        self.within = np.fft.rfft(within).conj()
        self.within[1:-1] *= 2  # rfft leaves out the other half of the circle
        self.known: dict[tuple[int, int], Waves] = {}

    def waves(self, stratum: int, bad: int) -> Waves:
        """Transform of the chances of the cells that *bad* violations give."""
        known = self.known.get((stratum, bad))
        if known is None:
            cells = self.values[stratum]
            chances = np.zeros(self.length)
            np.add.at(
                chances,
                cells,
                _hypergeometric(
                    self.sizes[stratum], bad, self.drawn[stratum], len(cells)
                ),
            )
            if len(self.known) >= _KEPT:
                self.known.clear()
            known = self.known[stratum, bad] = np.fft.rfft(chances)
        return known

    def without(self, bad: list[int], *left_out: int) -> Waves:
        """Product of the waves of all strata but some, and of the tail."""
        product = self.within
        for stratum in self.strata:
            if stratum not in left_out:
                product = product * self.waves(stratum, bad[stratum])
        return product

    def chance(self, others: Waves, stratum: int, bad: int) -> float:
        """Chance of the tail, for the *others* and one more stratum."""
        waves = self.waves(stratum, bad)
        within = float(others.real @ waves.real) - float(others.imag @ waves.imag)
        return within if self.upper else 1 - within

    def outermost(self) -> list[int]:
        """Violations in each stratum, with the outermost sum that is likely enough."""
        n_spreads = math.prod(self._room(self.start, i) + 1 for i in self.strata)
        several = len(self.strata) > 1  # of one stratum the search misses nothing
        return self._tried() if several and n_spreads <= _TRIED else self._found()

    def _reached(self, bad: Sequence[int]) -> int:
        return -sum(bad) if self.upper else sum(bad)

    def _tried(self) -> list[int]:
        """Try every spread, the outermost first."""
        ranges = [
            range(min(ends), max(ends) + 1)
            for ends in zip(self.start, self.end, strict=True)
        ]
        return next(  # at the latest the start, where the tail is certain
            bad
            for bad in map(list, sorted(itertools.product(*ranges), key=self._reached))
            if self.chance(self.without(bad, 0), 0, bad[0]) >= self.least
        )

    def _found(self) -> list[int]:
        """
        Search where there are too many spreads to try.

        From the end at which the tail is certain outwards, the cheapest
        stratum first; then violations are exchanged between strata as long as
        that makes the tail likelier and so makes room for more.  There can be
        several peaks, most of them with the violations in few strata.  So every
        pair of strata is tried on its own, and the best of them are where the
        search for all begins.
        """
        begins = []
        for pair in itertools.permutations(self.strata, 2):
            rest = [i for i in self.strata if i not in pair]
            alone = self._outwards(self.start, pair[:1] if self.upper else rest)
            begins.append(self._climb(alone, pair))
        begins = [self.start, *sorted(begins, key=self._reached)[:_BEGINS]]
        ends = [self._climb(bad, self.strata) for bad in begins]
        return min(ends, key=self._reached)

    def _climb(self, bad: list[int], strata: Sequence[int]) -> list[int]:
        pairs = [{i: -1, j: 1} for i, j in itertools.permutations(strata, 2)]
        triples = [
            {i: -way, j: 2 * way, k: -way}
            for i, k in itertools.combinations(strata, 2)
            for j in strata
            for way in (1, -1)
            if j not in {i, k}
        ]
        before: list[int] = []
        while before != bad:
            before = bad = self._outwards(bad, strata)
            for move in pairs + triples:
                bad = self._exchange(bad, move)
        return bad

    def _room(self, bad: list[int], stratum: int) -> int:
        return abs(self.end[stratum] - bad[stratum])

    def _moved(self, bad: list[int], stratum: int, step: int) -> int:
        return bad[stratum] + (step if self.upper else -step)

    def _outwards(self, bad: list[int], strata: Iterable[int]) -> list[int]:
        """Go as far as the tail is likely enough, in large steps first."""
        bad = list(bad)
        step = 1 << max((self._room(bad, i) for i in strata), default=0).bit_length()
        while step:
            best, chance = -1, self.least
            for i in strata:
                if step <= self._room(bad, i):
                    others = self.without(bad, i)
                    here = self.chance(others, i, self._moved(bad, i, step))
                    if here >= chance:
                        best, chance = i, here
            if best < 0:
                step //= 2
            else:
                bad[best] = self._moved(bad, best, step)
        return bad

    def _exchange(self, bad: list[int], move: dict[int, int]) -> list[int]:
        """Make a move between strata as often as it makes the tail likelier."""
        *some, last = move
        others = self.without(bad, *move)

        def tail(there: list[int]) -> float:
            product = others
            for stratum in some:
                product = product * self.waves(stratum, there[stratum])
            return self.chance(product, last, there[last])

        likely = tail(bad)
        most = min(
            (self._room(bad, i) if by > 0 else abs(bad[i] - self.start[i])) // abs(by)
            for i, by in move.items()
        )
        if len(move) > 2:  # noqa: PLR2004  (for steps between counts, not for ways)
            most = min(most, _FINE)
        step = most  # all the way, then by powers of two
        while step:
            there = list(bad)
            for i, by in move.items():
                there[i] = self._moved(bad, i, step * by)
            here = tail(there)
            if here > likely + _SLACK:
                bad, likely = there, here
                most -= step
                step = min(step, most)
            else:
                step = 1 << (step - 1).bit_length() >> 1
        return bad


def _cells(
    weight: Fraction, value: Fraction, drawn: int, cells: int, *, up: bool
) -> npt.NDArray[np.int64]:
    """Cells of 0, 1, 2, … found, as far as they do not pass *value*."""
    if not value:  # only nothing is no more than nothing, and nothing is less
        return np.zeros(0 if up else 1, np.int64)
    last = min(drawn, int(value / weight))
    scale = weight * cells / value
    top, bottom = scale.numerator, scale.denominator
    if up:
        found = [-(-x * top // bottom) for x in range(last + 1)]
        return np.array([cell for cell in found if cell < cells], np.int64)
    return np.array([x * top // bottom for x in range(last + 1)], np.int64)


def _hypergeometric(size: int, bad: int, drawn: int, length: int) -> Floats:
    """Chances that 0, 1, …, *length* - 1 of *drawn* are bad."""
    first, last = max(0, drawn - (size - bad)), min(drawn, bad)
    mode = (drawn + 1) * (bad + 1) // (size + 2)
    share = bad / size
    far = _FAR * (1 + int((drawn * share * (1 - share)) ** 0.5))
    first, last = max(first, mode - far), min(last, mode + far)
    k = np.arange(first, last, dtype=float)
    ratios = (bad - k) * (drawn - k) / ((k + 1) * (size - bad - drawn + k + 1))
    logs = np.concatenate(([0.0], np.log(ratios).cumsum()))
    chances = np.exp(logs - logs.max())
    chances /= chances.sum()
    wanted = np.zeros(length)
    stop = min(last + 1, length)
    if first < stop:
        wanted[first:stop] = chances[: stop - first]
    return wanted
