"""
How many to inspect to detect a violation, and what a draw tells of the rate.

Answers are exact wherever they can be.
"""

import heapq
import math
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dsgk.kernels.allocation import allocate, array_of, exact_numbers, integers
from dsgk.kernels.rationals import Number, exact, told


__all__ = [
    "Estimate",
    "detection_power",
    "detection_power_by_risk",
    "detection_power_by_tier",
    "estimate_rate",
    "estimate_weighted_rate",
    "sample_size_to_detect",
    "sample_sizes_to_detect",
    "tier_risks",
]


def share(value: Number, name: str) -> Fraction:
    """Read a number from 0 to 1, exactly."""
    try:
        number = exact(value, name)
    except ValueError:
        number = Fraction(-1)
    if not 0 <= number <= 1:
        got = told(value)
        msg = f"{name!r} must be from 0 to 1 (got {got}). Write 0.95 for 95 %."
        raise ValueError(msg)
    return number


def counts(values: npt.ArrayLike, name: str, *, length: int | None = None) -> list[int]:
    """Read one whole number from 0 to 2**63 - 1, or a column of *length* of them."""
    column = np.atleast_1d(integers(values, name))
    if column.ndim > 1:
        msg = (
            f"{name!r} must be one number or a column of them (got {column.ndim} "
            "dimensions). Write one number for each stratum."
        )
        raise ValueError(msg)
    if length not in {None, len(column)}:
        msg = (
            f"{name!r} must be one number for each of {length} strata (got "
            f"{len(column)}). Give them in the same order as the others."
        )
        raise ValueError(msg)
    numbers: list[int] = column.tolist()
    return numbers


def least(enough: Callable[[int], bool], *, near: int, most: int) -> int:
    """
    Find the least number from 0 to *most* that is enough.

    Args:
        enough: Whether a number is enough, and so every larger one.
        near: [int] Where to start; a good guess saves calls.
        most: [int >= 0] A number that is enough.

    Examples:
        >>> least(lambda n: n * n >= 50, near=3, most=100)
        8
    """
    # *below* is not enough, *above* is.
    below, above, step = -1, most, 1
    while above - below > 1:
        near = min(max(near, below + 1), above - 1)
        if enough(near):
            above, near = near, near - step
        else:
            below, near = near, near + step
        step *= 2
        if not below < near < above:
            near = (below + above) // 2
    return above


def sample_size_to_detect(
    population: int, *, bad: int, confidence: Number, sensitivity: Number = 1
) -> int:
    """
    Find how many to inspect to see a violation with a given confidence.

    Exact: without any approximation, and chances are compared as fractions.

    Args:
        population: [int >= 0] Subjects in the stratum.
        bad: [0..population] How many of them violate the rule.
        confidence: [0 to 1] Chance to see at least one of them; a float counts
            as the decimal that it prints as.
        sensitivity: [0 to 1] Chance that the inspection of a violator shows the
            violation.

    Returns:
        [0..population] The least *n* whose `detection_power` reaches
        *confidence*.

    Raises:
        ValueError: A number is out of range, or even inspecting all subjects
            does not reach the confidence.

    Examples:
        >>> sample_size_to_detect(1000, bad=10, confidence=0.95)
        258
        >>> sample_size_to_detect(1000, bad=10, confidence=0.95, sensitivity=0.8)
        323
    """
    size, wrong = _one(population, "population"), _one(bad, "bad")
    _check_part(wrong, size, "bad")
    goal, seen = share(confidence, "confidence"), share(sensitivity, "sensitivity")
    if goal and not wrong:
        msg = (
            f"'bad' must be at least 1 (got 0, with a confidence of {float(goal)}). "
            "Nobody can see what is not there: say how many violations you want to "
            "be sure to see."
        )
        raise ValueError(msg)
    missing = 1 - goal
    if seen < 1 and (not missing or wrong * _log(1 - seen) > _log(missing) - 1):
        _check_bits(wrong, (1 - seen).denominator.bit_length())
        reached = 1 - (1 - seen) ** wrong
        if reached < goal:
            raise _out_of_reach(goal, reached)

    def enough(n: int) -> bool:
        missed, of = _missed(size, n, wrong, 1 - seen)
        return missed * missing.denominator <= missing.numerator * of

    def nearly(n: int) -> bool:
        return _log_missed(size, n, wrong, float(1 - seen)) <= _log(missing)

    near = least(nearly, near=size // 2, most=size)
    return least(enough, near=near, most=size)


def detection_power(
    population: int, n: int, *, bad: int, sensitivity: Number = 1
) -> Fraction:
    """
    Exact chance that a draw of *n* subjects shows at least one violation.

    Args:
        population: [int >= 0] Subjects in the stratum.
        n: [0..population] How many are drawn with equal chances and inspected.
        bad: [0..population] How many violate the rule.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Examples:
        >>> detection_power(100, 10, bad=1), detection_power(5, 2, bad=2)
        (Fraction(1, 10), Fraction(7, 10))
        >>> detection_power(5, 2, bad=2, sensitivity=0.5)
        Fraction(3, 8)
    """
    size, drawn, wrong = _one(population, "population"), _one(n, "n"), _one(bad, "bad")
    _check_part(drawn, size, "n")
    _check_part(wrong, size, "bad")
    missed, of = _missed(size, drawn, wrong, 1 - share(sensitivity, "sensitivity"))
    return Fraction(of - missed, of)


def detection_power_by_tier(
    sizes: npt.ArrayLike,
    drawn: npt.ArrayLike,
    *,
    bad: npt.ArrayLike,
    sensitivity: Number = 1,
) -> Fraction:
    """
    Exact chance that a tiered draw shows a violation, from the numbers of violators.

    Args:
        sizes: [(k,) integers >= 0] Subjects in each tier.
        drawn: [(k,) integers, at most the size] How many are drawn in each.
        bad: [(k,) integers, at most the size] How many violate the rule.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Examples:
        >>> detection_power_by_tier([10, 4], [1, 2], bad=[1, 1])
        Fraction(11, 20)
    """
    whole = counts(sizes, "sizes")
    takes = counts(drawn, "drawn", length=len(whole))
    wrong = counts(bad, "bad", length=len(whole))
    missed = Fraction(1)
    for size, n, d in zip(whole, takes, wrong, strict=True):
        missed *= 1 - detection_power(size, n, bad=d, sensitivity=sensitivity)
    return 1 - missed


def tier_risks(
    sizes: npt.ArrayLike, relative_risks: Iterable[Number], *, rate: Number
) -> tuple[Fraction, ...]:
    """
    Derive the risk of a violation in each tier from the overall rate.

    Args:
        sizes: [(k,) integers >= 0] Subjects in each tier.
        relative_risks: [k numbers >= 0] How likely subjects of each tier are to
            violate the rule, compared with the others; only proportions matter.
        rate: [0 to 1] Share of all subjects that violate it.

    Returns:
        [k Fractions, 0 to 1] Risks whose mean over all subjects is *rate*.

    Raises:
        ValueError: A number is out of range, columns differ in length, or the
            risk of a tier would be above 1.

    Examples:
        >>> [str(risk) for risk in tier_risks([100, 100, 800], [5, 3, 1], rate=0.1)]
        ['5/16', '3/16', '1/16']
    """
    whole = counts(sizes, "sizes")
    relative = exact_numbers(relative_risks, len(whole), "relative_risks")
    total = sum(n * r for n, r in zip(whole, relative, strict=True))
    if not total:
        msg = (
            "'relative_risks' must be above 0 in a tier that has subjects (got none). "
            "Write 1 for the tier that the others are compared with."
        )
        raise ValueError(msg)
    mean = share(rate, "rate")
    risks = tuple(mean * sum(whole) * r / total for r in relative)
    for tier, (size, risk) in enumerate(zip(whole, risks, strict=True)):
        if size and risk > 1:
            msg = (
                f"'rate' must leave every tier a risk of at most 1 (got {rate}, which "
                f"makes {float(risk):.3g} in tier {tier}). Lower the rate or the "
                "relative risk."
            )
            raise ValueError(msg)
    return risks


def detection_power_by_risk(
    drawn: npt.ArrayLike, risks: Iterable[Number], *, sensitivity: Number = 1
) -> Fraction:
    """
    Exact chance that a tiered draw shows a violation, from the risk of each tier.

    Subjects violate the rule independently of each other.

    Args:
        drawn: [(k,) integers >= 0] How many are inspected in each tier.
        risks: [k numbers, 0 to 1] For example from `tier_risks`.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Examples:
        >>> risks = tier_risks([100, 100, 800], [5, 3, 1], rate=0.1)
        >>> float(detection_power_by_risk([5, 5, 5], risks, sensitivity=0.9))
        0.943005...
    """
    takes = counts(drawn, "drawn")
    missed = Fraction(1)
    for n, unseen in zip(takes, _unseen(risks, len(takes), sensitivity), strict=True):
        missed *= unseen**n
    return 1 - missed


def sample_sizes_to_detect(
    sizes: npt.ArrayLike,
    risks: Iterable[Number],
    *,
    confidence: Number,
    weights: Iterable[Number] | None = None,
    sensitivity: Number = 1,
) -> npt.NDArray[np.int64]:
    """
    Find how many to inspect in each of several tiers to see a violation.

    It is the least total whose division by `allocate` reaches the confidence.

    Args:
        sizes: [(k,) integers >= 0] Subjects in each tier.
        risks: [k numbers, 0 to 1] For example from `tier_risks`.
        confidence: [0 to 1] Chance to see at least one violation.
        weights: [k numbers >= 0, or None] Proportions of the shares; None for
            the sizes.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Returns:
        [(k,) int64] How many to draw in each tier.

    Raises:
        ValueError: A number is out of range, columns differ in length, or even
            inspecting all subjects does not reach the confidence.

    Examples:
        >>> risks = tier_risks([650, 250, 80, 20], [1, 2, 5, 10], rate=0.02)
        >>> sample_sizes_to_detect(
        ...     [650, 250, 80, 20], risks, confidence=0.95, weights=[1, 1, 1, 1]
        ... ).tolist()
        [14, 14, 14, 14]
    """
    whole = counts(sizes, "sizes")
    unseen = _unseen(risks, len(whole), sensitivity)
    goal = share(confidence, "confidence")
    shares = weights
    if weights is not None:
        shares = exact_numbers(weights, len(whole), "weights")
    logs = [_log(each) for each in unseen]
    missing = _log(1 - goal)

    def divide(total: int) -> npt.NDArray[np.int64]:
        return allocate(total, np.array(whole, dtype=np.int64), weights=shares)

    def missed(taken: Iterable[int]) -> Fraction:
        return math.prod(
            (each**n for each, n in zip(unseen, taken, strict=True)), start=Fraction(1)
        )

    def nearly(total: int) -> bool:
        pairs = zip(logs, divide(total).tolist(), strict=True)
        return math.fsum(log * n for log, n in pairs if n) <= missing

    everyone = sum(whole)
    if missed(whole) > 1 - goal:
        raise _out_of_reach(goal, 1 - missed(whole))
    near = least(nearly, near=everyone // 2, most=everyone)
    return divide(
        least(
            lambda total: missed(divide(total).tolist()) <= 1 - goal,
            near=near,
            most=everyone,
        )
    )


_MOST_BITS = 4_000_000
_MOST_BLOCKS = 100_000


def _check_bits(factors: int, bits: int) -> None:
    """Reject a product that has too many digits to be exact."""
    if factors * bits > _MOST_BITS:
        msg = (
            f"the smaller of the number drawn and 'bad' must be at most "
            f"{_MOST_BITS // bits} (got {factors}): the exact answer has too many "
            "digits. Ask for a part of the population."
        )
        raise ValueError(msg)


def _missed(size: int, n: int, bad: int, unseen: Fraction) -> tuple[int, int]:
    """Chance that all violations are missed, as numerator and denominator."""
    few, many = min(n, bad), max(n, bad)  # *n* and *bad* are interchangeable
    if not unseen and few + many > size:
        return 0, 1
    _check_bits(few, size.bit_length() * (10 if unseen else 1))
    of = math.comb(size, few)
    if not unseen:
        return math.comb(size - many, few), of
    # k of the few are among the many, each of them unseen, for all k.
    u, v = unseen.numerator, unseen.denominator
    first = max(0, few + many - size)
    term = math.comb(many, first) * math.comb(size - many, few - first)
    power, total = u**first, 0
    for k in range(first, few + 1):
        total = total * v + term * power
        power *= u
        term = term * (many - k) * (few - k) // ((k + 1) * (size - many - few + k + 1))
    return total, of * v**few


def _log_missed(size: int, n: int, bad: int, unseen: float) -> float:
    """Logarithm of the chance that all violations are missed, approximately."""
    few, many = min(n, bad), max(n, bad)
    if not unseen:
        if few + many > size:
            return -math.inf
        blocks = min(few, _MOST_BLOCKS)  # the middle of each stands for it
        width = few / max(blocks, 1)
        steps = (np.arange(blocks) + 0.5) * width - 0.5
        return float(np.log1p(-many / (size - steps)).sum() * width)
    # Each of the few is among the many with a chance that hardly depends on the
    # others: good enough for a start.
    return few * math.log1p(-(1 - unseen) * many / size) if few else 0.0


def _unseen(
    risks: Iterable[Number], length: int, sensitivity: Number
) -> list[Fraction]:
    seen = share(sensitivity, "sensitivity")
    numbers = exact_numbers(risks, length, "risks")
    for number in numbers:
        share(number, "risks")
    return [1 - seen * number for number in numbers]


def _log(number: Fraction) -> float:
    if not number:
        return -math.inf
    return math.log(number.numerator) - math.log(number.denominator)


def _one(value: int, name: str) -> int:
    (number,) = counts(value, name, length=1)
    return number


def _check_part(part: int, whole: int, name: str) -> None:
    if part > whole:
        msg = (
            f"{name!r} must be at most {whole}, the size of the population (got "
            f"{part})."
        )
        raise ValueError(msg)


def _out_of_reach(goal: Fraction, reached: Fraction) -> ValueError:
    msg = (
        f"'confidence' must be at most {float(reached):.6g}, what the inspection of "
        f"all subjects reaches (got {float(goal)}). Lower it, or inspect more closely."
    )
    return ValueError(msg)


Floats = npt.NDArray[np.float64]
Waves = npt.NDArray[np.complex128]
Steps = tuple[int, ...]
Box = tuple[int, Steps, Steps, float]
"""Minus the bound of its steps, both ends, chance of the tail at the first end."""

# Values of the estimate are rounded outwards to this number of cells for each
# stratum, within limits for all.
_CELLS = 512
_LEAST_LENGTH, _MOST_LENGTH = 2**12, 2**14
_WORK = 2**26  # cells times strata times boxes: about a second
_KEPT = 2**22  # cells of transforms: 32 megabytes
_MOST_SEARCHED = 32  # strata
# Rounding errors: of chances, of sums of waves, of sums of violations.
_SLACK = 1e-9
_NOISE = 1e-12
_ROUND = 1e-6
_FAR = 40  # standard deviations, beyond which chances are 0 as floats
_THETAS, _HALVINGS = 200, 60


class Estimate(NamedTuple):
    """
    An estimated share of a population, with bounds.

    Attributes:
        rate: [0 to 1] The estimate.
        low: [0 to 1] Lower bound.
        high: [0 to 1] Upper bound.
        confidence: [0 to 1] Least chance that the true rate is within the
            bounds.
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

    Strata count by their sizes.  For one stratum the bounds are exact: those of
    Clopper and Pearson with the hypergeometric distribution, so they meet when
    all subjects were inspected.  For several strata they hold however the
    violations are spread.  They are as narrow as possible if the search for the
    worst spread finishes within about a second of processor time, as for small
    strata and mostly for two or three large ones.  Otherwise they are wider, at
    most as wide as Chernoff's inequality allows: for four large strata by a
    hundredth to a sixth of the bound, for eight by about a fifth.  Even if
    nothing was found, the upper bound tells how many violations there may be.

    Args:
        found: [int or (k,) integers] Violations found in each stratum.
        drawn: [int or (k,) integers, at least *found*] Subjects drawn and
            inspected in each stratum.
        sizes: [int or (k,) integers, at least *drawn*] Subjects in each stratum.
        confidence: [0 to 1] How sure the bounds are to hold. Each of them
            fails with at most half of the remaining chance.

    Raises:
        ValueError: A number is out of range, columns differ in length, there
            is no subject, or nobody was drawn from a stratum with subjects.

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
    # Everything is known of strata that were inspected as a whole.
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
    One bound of the interval: the outermost numbers of violations that are still
    likely enough.

    The search starts where the tail is certain.  Each step outwards is one
    violation more (or fewer) in a stratum, and makes the tail less likely.
    Chances of sums are products of waves, the Fourier transforms of the chances
    of the strata.

    Args:
        rows: [one or more] Found, drawn and size of each stratum that was not
            inspected as a whole.
        tail: [0 to 1/2] The chance below which the tail is too unlikely.
        upper: Whether it is the upper bound.
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
        # The ends of the search: none of those not inspected is bad, or all are.
        none = [x for x, _, _ in rows]
        every = [size - n + x for x, n, size in rows]
        self.start = none if upper else every
        self.most = tuple(size - n for _, n, size in rows)
        self.value = sum((Fraction(x * size, n) for x, n, size in rows), Fraction())
        # Sums of cells must not wrap around, and counts of a single stratum must
        # keep cells of their own.
        several = max(_LEAST_LENGTH, _power_of_two(_CELLS * len(rows)))
        exact = _power_of_two(2 * none[0] + 2) if len(rows) == 1 else 0
        self.length = max(min(several, _MOST_LENGTH), exact)
        cells = self.length // len(rows) - 1
        self.values = [
            _cells(Fraction(size, n), self.value, n, cells, up=not upper)
            for _, n, size in rows
        ]
        # Upwards the tail is what was found or less.  Downwards its opposite is
        # counted: less than what was found.
        within = np.zeros(self.length)
        within[: cells + upper] = 1 / self.length
        self.within = np.fft.rfft(within).conj()
        self.within[1:-1] *= 2  # rfft leaves out the other half
        self.known: dict[tuple[int, int, bool], Waves] = {}

    def outermost(self) -> int:
        """The outermost sum of violations that is likely enough."""
        here = sum(self.start)
        if self.least <= 0:
            return here + self.way * sum(self.most)
        bound = self._by_exponentials()
        if len(self.start) > _MOST_SEARCHED:
            return here + self.way * bound
        boxes: list[Box] = [(-bound, (0,) * len(self.start), self.most, 1.0)]
        for _ in range(max(1, _WORK // (self.length * len(self.start)))):
            bound, low, high, likely = boxes[0]
            if sum(low) >= -bound:  # reached, and nothing can lie further out
                break
            heapq.heappop(boxes)
            for half in self._halves(low, high, likely):
                heapq.heappush(boxes, (max(bound, half[0]), *half[1:]))
        return here - self.way * boxes[0][0]

    def _halves(self, low: Steps, high: Steps, likely: float) -> Iterator[Box]:
        """Yield the halves of a box that may hold a likely spread."""
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

        A step in stratum i makes one more subject bad.  It lowers the chance of
        the tail by that of the cases in which this subject is inspected (drawn
        of size) and decides that the tail is missed.  Without the subject the
        chance is at least that of the tail; with it, at most that at the start
        of the box.  So every step costs at least a known part of the tail, and
        the cheapest steps that leave *least* bound the sum.
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
        sum))``, which without replacement is at most that with replacement
        (Hoeffding 1963): a product over the strata whose logarithm is concave in
        the violations.  So every *theta* and every multiplier give a bound, and
        the best ones need not be exact.
        """
        n, size = np.array(self.drawn, float), np.array(self.sizes, float)
        weight, value = size / n, float(self.value)
        start, way = np.array(self.start, float), self.way
        ends = np.sort([start, start + way * np.array(self.most, float)], axis=0)
        # No exponential of the lower bound overflows.
        top = 50 / weight.min() if self.upper else 300 / weight.max()
        theta = np.geomspace(1e-3 / weight.max(), top, _THETAS)[:, None]
        # Kept above -1, so that a stratum with nothing but violations has a
        # logarithm; rounding upwards is safe.
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
        """Chance of the tail at given steps from the start."""
        *some, last = (self.waves(i, self._bad(steps, i)) for i in self.strata)
        product = self.within
        for waves in some:
            product = product * waves
        return self._chance(product, last)

    def waves(self, stratum: int, bad: int, *, marked: bool = False) -> Waves:
        """
        Transform the chances of the cells of a stratum.

        Args:
            stratum: The stratum.
            bad: [0 to its size] Its violations.
            marked: Whether one subject is inspected for certain: upwards another
                bad one, downwards a good one in the place of a bad one.
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
        """For each stratum, the product of the tail and the waves of all others."""
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
        """Chance of the tail for the *others* and one more stratum."""
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
    """Cells of 0, 1, 2, … found, up to *value*."""
    if not value:  # nothing is below 0, and only 0 is not above it
        return np.zeros(0 if up else 1, np.int64)
    last = min(drawn, int(value / weight))
    scale = weight * cells / value
    top, bottom = scale.numerator, scale.denominator
    if up:
        found = [-(-x * top // bottom) for x in range(last + 1)]
        return np.array([cell for cell in found if cell < cells], np.int64)
    return np.array([x * top // bottom for x in range(last + 1)], np.int64)


def _hypergeometric(size: int, bad: int, drawn: int, length: int) -> Floats:
    """Chances that 0, 1, …, *length* - 1 of those drawn are bad."""
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


_TINY = 1e-300
_CLOSE_ENOUGH = 1e-15
_HALVINGS = 60


def estimate_weighted_rate(
    found: npt.ArrayLike,
    chances: Iterable[Number],
    *,
    population: int,
    confidence: Number = 0.95,
) -> Estimate:
    """
    Estimate the rate of violations from a draw with unequal chances.

    Each violation found counts as one over its chance (Horvitz and Thompson
    1952).  The bounds are those of a draw with equal chances that would be as
    precise (Korn and Graubard 1998), with Hajek's variance for draws of fixed
    size, to which subjects drawn for certain add nothing.  They are good but not
    exact, because chances to be drawn together are not known.

    Args:
        found: [(n,) bool or 0 and 1] Whether a violation was found, for each
            subject drawn.
        chances: [n numbers, above 0, at most 1] The chance of each of them
            to be drawn, as in `StratumDraw.target_chance`.
        population: [int >= n] Subjects in the frame.
        confidence: [above 0, below 1] How sure the bounds are to hold.

    Raises:
        ValueError: A number is out of range, columns differ in length, nothing
            was drawn, or a part of the population could not be drawn.

    Examples:
        >>> estimate = estimate_weighted_rate(
        ...     [1, 0, 0, 1, 0], [1, "1/2", "1/2", "1/10", "1/10"], population=30
        ... )
        >>> round(estimate.rate, 3)
        0.367
    """
    column = array_of(found)
    hits = counts(column.astype(np.int8) if column.dtype == bool else column, "found")
    numbers = [exact(chance, "chances") for chance in chances]
    (size,) = counts(population, "population", length=1)
    level = float(share(confidence, "confidence"))
    _check(hits, len(numbers), size, level)
    if not all(0 < number <= 1 for number in numbers):
        msg = (
            "'chances' must be above 0 and at most 1 (got "
            f"{float(min(numbers))} to {float(max(numbers))}). Take them from the draw."
        )
        raise ValueError(msg)
    if min(numbers) == 1 and len(hits) < size:
        msg = (
            f"'chances' must be below 1 for somebody where {len(hits)} of {size} were "
            "drawn (got 1 for all). Of those who could not be drawn nothing is known: "
            "take the chances from the draw, or leave them out of 'population'."
        )
        raise ValueError(msg)
    chance = np.array([float(number) for number in numbers])
    weight = 1 / chance
    hit = np.array(hits, dtype=float)
    rate = min(1.0, math.fsum(weight * hit) / size)
    plain = _plain_size(hit, weight, size, rate)
    low, high = rate, rate
    if plain < math.inf:
        tail = (1 - level) / 2
        low = beta_quantile(tail, rate * plain, (1 - rate) * plain + 1)
        high = beta_quantile(1 - tail, rate * plain + 1, (1 - rate) * plain)
    return Estimate(rate, low, high, level)


def _check(hits: list[int], chances: int, population: int, level: float) -> None:
    if not 1 <= len(hits) <= population or max(hits) > 1 or len(hits) != chances:
        msg = (
            "'found' must be 0 or 1 for each of at least one subject drawn, as many as "
            f"'chances' and at most the population (got {len(hits)} numbers, {chances} "
            f"chances and a population of {population}). Give each subject one row."
        )
        raise ValueError(msg)
    if not 0 < level < 1:
        msg = f"'confidence' must be between 0 and 1 (got {level}). Write 0.95."
        raise ValueError(msg)


def _plain_size(
    hit: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
    size: int,
    rate: float,
) -> float:
    """The size of a draw with equal chances and the same precision."""
    free = 1 - 1 / weight
    if not free.any():
        return math.inf
    drawn = int((free > 0).sum())
    value = weight * hit
    mean = float(free @ value) / math.fsum(free)
    squares = float(free @ (value - mean) ** 2)
    variance = squares * drawn / max(drawn - 1, 1) / size**2
    if variance > 0 and 0 < rate < 1:
        return rate * (1 - rate) / variance
    # Without any variance only the weights count (Kish).
    return math.fsum(weight) ** 2 / math.fsum(weight**2)


def beta_quantile(level: float, a: float, b: float) -> float:
    """
    Quantile of a beta distribution.

    Args:
        level: [0 to 1] The level.
        a: [float >= 0] First parameter; if it is 0, so is the quantile.
        b: [float >= 0] Second parameter; if it is 0, the quantile is 1.

    Examples:
        >>> round(beta_quantile(0.5, 2, 3), 6), beta_quantile(0.5, 0, 1)
        (0.385728, 0.0)
    """
    if a <= 0:
        return 0.0
    if b <= 0:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _beta_share(middle, a, b) < level:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _beta_share(x: float, a: float, b: float) -> float:
    """Share of a beta distribution below *x*, by Lentz's continued fraction."""
    if x > (a + 1) / (a + b + 2):
        return 1 - _beta_share(1 - x, b, a)
    if x <= 0:
        return 0.0
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front += a * math.log(x) + b * math.log1p(-x)
    c, d = 1.0, 1 / max(1 - (a + b) * x / (a + 1), _TINY)
    total, m = d, 0
    while True:
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for step in (even, odd):
            d = 1 / (1 + step * d)
            c = 1 + step / c
            total *= c * d
        if abs(c * d - 1) < _CLOSE_ENOUGH:
            return math.exp(front) * total / a
