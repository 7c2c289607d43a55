"""
What a tiered draw says about the rate of violations, with bounds that hold.

The interval of `estimate_rate` holds all numbers of violations that would not
have been too unlikely to give what was found: test inversion, for several
strata after Wendell and Schmee (1996).  How likely it is depends on how the
violations are spread over the strata, which nobody knows; so the bounds are
taken over every spread.

Spreads are looked for in boxes.  A box is left out where a bound proves that
nothing in it goes further out, and halved where it does not (branch and bound);
what stops the search early leaves an interval that is too wide, never one that
is too narrow.
"""

import heapq
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.proportions.reading import counts, share
from dsgk.kernels.rationals import Number


__all__ = ["Estimate", "estimate_rate"]

Floats = npt.NDArray[np.float64]
Waves = npt.NDArray[np.complex128]
Steps = tuple[int, ...]
Box = tuple[int, Steps, Steps, float]
"""Minus the bound of its steps, both ends, chance of the tail at the first."""

# Values of the estimate are rounded outwards to cells, so many for each stratum
# (and a few at most for all).
_CELLS = 512
_LEAST_LENGTH, _MOST_LENGTH = 2**12, 2**14
_WORK = 2**26  # cells times strata times boxes: about a second
_KEPT = 2**22  # cells of transforms: 32 megabytes
_MOST_SEARCHED = 32  # strata
# Rounding errors: of chances, of sums of waves, of sums of violations.
_SLACK = 1e-9
_NOISE = 1e-12
_ROUND = 1e-6
_FAR = 40  # standard deviations, beyond which no float sees anything
_THETAS, _HALVINGS = 200, 60


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
    takes where the search for the worst spread ends within its effort: for small
    strata, and mostly for two or three large ones.  Where it does not, after about
    a second of processor time, they are wider and never narrower, by Chernoff's
    inequality at most: for four large strata by a hundredth to a sixth of the
    bound, for eight by about a fifth.  None found does not mean that there are
    none: the upper bound says how many there may be.

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
    search = sorted(row for row in rows if row[1] < row[2])
    low, high = known, known
    if search:
        tail = float((1 - level) / 2)
        low += _Bound(search, tail, upper=False).outermost()
        high += _Bound(search, tail, upper=True).outermost()
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

    The search goes in steps outwards, violations more (or fewer) in each
    stratum than at the start, where the tail is certain.  Every step makes it
    less likely.  Chances of sums are products of waves, the Fourier transforms
    of the chances of the strata.

    Args:
        rows: [one or more] Found, drawn and size of each stratum that is not
            known whole.
        tail: [0 to 1/2] The chance that is too little.
        upper: Whether the upper bound is looked for, else the lower.
    """

    def __init__(
        self, rows: list[tuple[int, int, int]], tail: float, *, upper: bool
    ) -> None:
        self.drawn = [n for _, n, _ in rows]
        self.sizes = [size for _, _, size in rows]
        self.strata = range(len(rows))
        self.least = tail * (1 - _SLACK) - _NOISE
        self.upper = upper
        self.way = 1 if upper else -1
        # Of those not inspected none is bad, or all are: the ends of the search.
        none = [x for x, _, _ in rows]
        every = [size - n + x for x, n, size in rows]
        self.start = none if upper else every
        self.most = tuple(size - n for _, n, size in rows)
        self.value = sum((Fraction(x * size, n) for x, n, size in rows), Fraction())
        # No sum of cells comes round to the beginning, and counts of a single
        # stratum stay apart.
        several = max(_LEAST_LENGTH, _power_of_two(_CELLS * len(rows)))
        exact = _power_of_two(2 * none[0] + 2) if len(rows) == 1 else 0
        self.length = max(min(several, _MOST_LENGTH), exact)
        cells = self.length // len(rows) - 1
        self.values = [
            _cells(Fraction(size, n), self.value, n, cells, up=not upper)
            for _, n, size in rows
        ]
        # Upwards: as much as was found, or less.  Downwards the contrary is
        # counted: less than was found.
        within = np.zeros(self.length)
        within[: cells + upper] = 1 / self.length
        self.within = np.fft.rfft(within).conj()
        self.within[1:-1] *= 2  # rfft leaves out the other half of the circle
        self.known: dict[tuple[int, int, bool], Waves] = {}

    def outermost(self) -> int:
        """Violations in all strata, as far out as they are likely enough."""
        here = sum(self.start)
        if self.least <= 0:
            return here + self.way * sum(self.most)
        bound = self._by_exponentials()
        if len(self.start) > _MOST_SEARCHED:
            return here + self.way * bound
        boxes: list[Box] = [(-bound, (0,) * len(self.start), self.most, 1.0)]
        for _ in range(max(1, _WORK // (self.length * len(self.start)))):
            bound, low, high, likely = boxes[0]
            if sum(low) >= -bound:  # there is such a spread, and none further out
                break
            heapq.heappop(boxes)
            for half in self._halves(low, high, likely):
                heapq.heappush(boxes, (max(bound, half[0]), *half[1:]))
        return here - self.way * boxes[0][0]

    def _halves(self, low: Steps, high: Steps, likely: float) -> Iterator[Box]:
        """Yield those halves of a box in which a spread may be likely enough."""
        i = max(self.strata, key=lambda i: high[i] - low[i])
        middle = (low[i] + high[i]) // 2
        yield self._box(low, _set(high, i, middle), likely)
        low = _set(low, i, middle + 1)
        likely = self.tail(low)
        if likely >= self.least:
            yield self._box(low, high, likely)

    def _box(self, low: Steps, high: Steps, likely: float) -> Box:
        """
        Bound the sum of the steps in a box.

        A step in stratum i takes from the tail what the subject that becomes
        bad decides: it is inspected (drawn of size), and with it the tail is
        missed and without it not.  The chance without it is at least that of
        the tail; with it, at most that at the beginning of the box.  So every
        step takes at least a known part of the tail, and there is room for as
        many as leave *least*, the cheapest first.
        """
        end = self.tail(high)
        if end >= self.least:
            return -sum(high), high, high, end
        room = math.log(likely / self.least)
        costs = []
        for i, others in zip(self.strata, self._others(low), strict=True):
            if low[i] == high[i]:
                continue
            still = self._chance(others, self.waves(i, self._bad(low, i), marked=True))
            part = max(0.0, 1 - _NOISE - still / self.least)
            cost = -math.log1p(-part * self.drawn[i] / self.sizes[i])
            costs.append((cost, high[i] - low[i]))
        steps = float(sum(low))
        for cost, width in sorted(costs):
            taken = width if cost * width <= room else room / cost
            steps += taken
            room -= cost * taken
        return -min(math.floor(steps + _ROUND), sum(high)), low, high, likely

    def _by_exponentials(self) -> int:
        """
        Bound the sum of the steps by Chernoff's inequality.

        The chance of the tail is at most the mean of ``exp(theta * (value -
        sum))``, which for draws without replacement is at most that for draws
        with (Hoeffding 1963): a product over the strata, whose logarithm is
        concave in the violations.  So every *theta* and every multiplier give
        a bound, and the best of them need not be known exactly.
        """
        n, size = np.array(self.drawn, float), np.array(self.sizes, float)
        weight, value = size / n, float(self.value)
        start, way = np.array(self.start, float), self.way
        ends = np.sort([start, start + way * np.array(self.most, float)], axis=0)
        # No exponential of the lower bound overflows.
        top = 50 / weight.min() if self.upper else 300 / weight.max()
        theta = np.geomspace(1e-3 / weight.max(), top, _THETAS)[:, None]
        # A little above -1, so that a stratum of nothing but violations has a
        # logarithm; upwards is outwards.
        change = np.maximum(np.expm1(-way * theta * weight), _NOISE - 1)

        def spread(multiplier: Floats) -> tuple[Floats, Floats]:
            bad = np.clip(-size / change - way * multiplier * n, *ends)
            logs = (n * np.log1p(bad / size * change)).sum(axis=1, keepdims=True)
            return bad, logs + way * theta * value - math.log(self.least)

        above = (way * (-size / change - start) / n).max(axis=1, keepdims=True)
        below = np.zeros_like(above)
        for _ in range(_HALVINGS):
            middle = (below + above) / 2
            enough = spread(middle)[1] >= 0
            above = np.where(enough, middle, above)
            below = np.where(enough, below, middle)
        bad, room = spread(above)
        steps = (way * (bad - start)).sum(axis=1, keepdims=True) + above * room
        best = float(steps.min())
        return min(math.floor(best * (1 + _SLACK) + _ROUND), sum(self.most))

    def tail(self, steps: Steps) -> float:
        """Chance of the tail so many steps from the start."""
        *some, last = (self.waves(i, self._bad(steps, i)) for i in self.strata)
        product = self.within
        for waves in some:
            product = product * waves
        return self._chance(product, last)

    def waves(self, stratum: int, bad: int, *, marked: bool = False) -> Waves:
        """
        Transform of the chances of the cells that *bad* violations give.

        Args:
            stratum: Of which stratum.
            bad: [0 to its size] Its violations.
            marked: Whether one subject more is inspected for certain: upwards
                one that is bad, downwards one that is not, in the place of one
                of the *bad*.
        """
        known = self.known.get((stratum, bad, marked))
        if known is None:
            cells = self.values[stratum]
            shift = int(marked and self.upper)
            chances = _hypergeometric(
                self.sizes[stratum] - marked,
                bad - (marked and not self.upper),
                self.drawn[stratum] - marked,
                len(cells),
            )
            counts = np.zeros(self.length)
            np.add.at(counts, cells[shift:], chances[: len(cells) - shift])
            if len(self.known) >= _KEPT // self.length:
                self.known.clear()
            known = self.known[stratum, bad, marked] = np.fft.rfft(counts)
        return known

    def _bad(self, steps: Steps, stratum: int) -> int:
        return self.start[stratum] + self.way * steps[stratum]

    def _others(self, steps: Steps) -> list[Waves]:
        """Product of the tail and the waves of all strata but one, for each."""
        each = [self.waves(i, self._bad(steps, i)) for i in self.strata]
        before = [self.within]
        for waves in each[:-1]:
            before.append(before[-1] * waves)
        after = each[-1]
        for i in reversed(self.strata[:-1]):
            before[i] = before[i] * after
            if i:
                after = after * each[i]
        return before

    def _chance(self, others: Waves, waves: Waves) -> float:
        """Chance of the tail, for the *others* and one more stratum."""
        within = float(others.real @ waves.real) - float(others.imag @ waves.imag)
        return within if self.upper else 1 - within


def _set(steps: Steps, stratum: int, number: int) -> Steps:
    return (*steps[:stratum], number, *steps[stratum + 1 :])


def _power_of_two(number: int) -> int:
    """Least power of two that is not below *number*."""
    return 1 << (number - 1).bit_length()


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
