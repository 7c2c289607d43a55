"""What a draw with unequal chances says about the rate of violations."""

import math
from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from dsgk.kernels.proportions.intervals import Estimate
from dsgk.kernels.proportions.reading import counts, share
from dsgk.kernels.rationals import Number, exact


__all__ = ["estimate_weighted_rate"]

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

    Each violation found stands for as many subjects as its chance says
    (Horvitz and Thompson 1952).  The bounds are those of a plain draw that
    would be as precise (Korn and Graubard 1998), with the variance of Hajek
    for draws of fixed size; what was drawn for certain adds nothing to it.
    They are good, not exact: nobody knows how often two subjects would have
    been drawn together.

    Args:
        found: [(n,) bool or 0 and 1] Whether a violation was found, for each
            subject drawn.
        chances: [n numbers, above 0, at most 1] The chance of each of them
            to be drawn, as `StratumDraw.target_chance` gives it.
        population: [int >= n] Subjects in the frame.
        confidence: [0 to 1, both left out] How sure the bounds are to hold.

    Returns:
        The estimate, at most 1, and its bounds.

    Raises:
        TypeError: *found* or *population* is not a whole number.
        ValueError: A number is out of range, columns differ in length,
            nothing was drawn, or a part of the population could not be.

    Examples:
        >>> estimate = estimate_weighted_rate(
        ...     [1, 0, 0, 1, 0], [1, "1/2", "1/2", "1/10", "1/10"], population=30
        ... )
        >>> round(estimate.rate, 3)
        0.367
    """
    column = np.asarray(found)
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
    """Subjects that a draw with equal chances would need for the same precision."""
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
    # All alike: no variance is seen, so count by the weights alone (Kish).
    return math.fsum(weight) ** 2 / math.fsum(weight**2)


def beta_quantile(level: float, a: float, b: float) -> float:
    """
    Where a beta distribution reaches a level.

    Args:
        level: [0 to 1] The level.
        a: [float >= 0] First parameter; at 0 all chance is at 0.
        b: [float >= 0] Second parameter; at 0 all chance is at 1.

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
