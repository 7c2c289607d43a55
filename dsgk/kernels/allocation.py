"""
Exact shares of whole numbers, and exact divisions of a total among strata.

``ceil(0.07 * 100)`` is 8 in binary floating point; here it is 7, at any size.

Every allocation gives one unit after another to the stratum whose next unit has
the highest priority: its weight over a divisor of the units it has (Balinski and
Young 1982).  So a larger total never takes a unit away (no Alabama paradox), and
Neyman's optimum in whole numbers is one such allocation (Wright 2012).
Priorities are compared as exact fractions, and of equal ones the earlier stratum
comes first.  Floating point only finds a good start.
"""

import enum
import heapq
import math
from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.kernels.rationals import Number, exact, told


__all__ = [
    "Divisor",
    "allocate",
    "allocate_by_power",
    "allocate_optimally",
    "allocate_within",
    "share_down",
    "share_up",
]

Bounds = tuple[list[int], list[int]]
Counts = npt.NDArray[np.int64]

_CLOSE = 8  # this near the total, single steps are quicker than halving
_POWER_PARTS = 100
_SHOWN = 5
_SLACK = 1e-9  # far more than floats are off
_MANY = 20
_TOO_LARGE = 2**63


class Divisor(enum.Enum):
    """
    How the priority of a stratum falls with the units it has.

    After *n* units the priority is the weight over the divisor below.  From top
    to bottom, the divisors favour small strata less.
    """

    ADAMS = "adams"
    """``n``: no stratum gets two before every one has one; favours small strata."""
    HUNTINGTON_HILL = "huntington-hill"
    """``sqrt(n (n + 1))``: the same for the first, and then close to Webster."""
    WEBSTER = "webster"
    """``n + 1/2``: rounds shares to the nearest; favours neither side."""
    JEFFERSON = "jefferson"
    """``n + 1``: rounds shares down; favours large strata."""


# Four times the square of the divisor: a whole number.
_SQUARES: dict[Divisor, Callable[[Any], Any]] = {
    Divisor.ADAMS: lambda n: 4 * n * n,
    Divisor.HUNTINGTON_HILL: lambda n: 4 * n * (n + 1),
    Divisor.WEBSTER: lambda n: (2 * n + 1) ** 2,
    Divisor.JEFFERSON: lambda n: 4 * (n + 1) ** 2,
}
# What is added to an exact share before it is rounded down.
_SHIFTS = {
    Divisor.ADAMS: 1.0,
    Divisor.HUNTINGTON_HILL: 0.5,
    Divisor.WEBSTER: 0.5,
    Divisor.JEFFERSON: 0.0,
}


def share_up(share: Fraction, size: int, /) -> int:
    """
    Return ``ceil(share * size)``, exactly.

    Examples:
        >>> share_up(Fraction("0.07"), 100), share_up(Fraction("0.03"), 16)
        (7, 1)
    """
    return -(-share.numerator * size // share.denominator)


def share_down(share: Fraction, size: int, /) -> int:
    """
    Return ``floor(share * size)``, exactly.

    Examples:
        >>> share_down(Fraction("0.29"), 100), share_down(Fraction("0.05"), 16)
        (29, 0)
    """
    return share.numerator * size // share.denominator


def allocate(
    total: int,
    sizes: npt.ArrayLike,
    *,
    at_least: npt.ArrayLike = 0,
    at_most: npt.ArrayLike | None = None,
    divisor: Divisor = Divisor.WEBSTER,
    weights: Iterable[Number] | None = None,
) -> Counts:
    """
    Divide a total among strata in proportion to their sizes.

    No stratum gets more than its size, a larger total never takes a unit away,
    and of equal claims the earlier stratum comes first.

    Args:
        total: [int >= 0] How many to draw in all.
        sizes: [(k,) integers, 0 <= size < 2**63] Subjects in each stratum.
        at_least: [int or (k,) integers >= 0] Least number for each stratum, or
            all if it has fewer; its size takes a stratum whole (全部抽取).
        at_most: [int or (k,) integers >= 0, or None] Greatest number for each
            stratum; None for its size.
        divisor: How fractions are rounded.
        weights: [k numbers >= 0, or None] Proportions of the shares, if not the
            sizes; a float counts as the decimal that it prints as.

    Returns:
        [(k,) int64] Numbers whose sum is *total*.

    Raises:
        TypeError: A size or bound is not a whole number.
        ValueError: A number is negative, columns differ in length, or the
            bounds cannot be met.

    Examples:
        >>> allocate(10, [47000, 16000, 15900, 12000, 6000, 0, 3100]).tolist()
        [4, 2, 2, 1, 1, 0, 0]
        >>> allocate(10, [65, 25, 8, 2], at_least=[0, 0, 0, 2]).tolist()
        [5, 2, 1, 2]
    """
    whole = _sizes(sizes)
    bounds = _bounds(total, whole, at_least, at_most)
    shares = whole if weights is None else _weights(weights, len(whole))
    return _divide(total, whole, shares, bounds, divisor)


def allocate_optimally(
    total: int,
    sizes: npt.ArrayLike,
    spreads: Iterable[Number],
    *,
    at_least: npt.ArrayLike = 1,
    at_most: npt.ArrayLike | None = None,
) -> Counts:
    """
    Divide a total so that the estimate for all strata is the most precise.

    This is the optimum of Neyman's problem in whole numbers: no other numbers
    within the bounds give the stratified mean a smaller variance,
    ``sum(size**2 * spread**2 * (1/n - 1/size))``.  Some strata may be taken
    whole.  Strata without spread share, by size, what is left when all others
    are at their bounds.

    Args:
        total: [int >= 0] How many to draw in all.
        sizes: [(k,) integers, 0 <= size < 2**63] Subjects in each stratum.
        spreads: [k numbers >= 0] Standard deviation in each stratum, such as
            ``sqrt(p * (1 - p))`` for a rate *p*.
        at_least: [int or (k,) integers >= 0] As for `allocate`.  Below 1 a
            stratum may be left out, and then nothing is known about it.
        at_most: [int or (k,) integers >= 0, or None] As for `allocate`.

    Returns:
        [(k,) int64] Numbers whose sum is *total*.

    Examples:
        >>> allocate_optimally(60, [6500, 2500, 800, 200], [1, 2, 3, 5]).tolist()
        [26, 20, 10, 4]
    """
    whole = _sizes(sizes)
    bounds = _bounds(total, whole, at_least, at_most)
    spread = _weights(spreads, len(whole), name="spreads")
    shares = [size * each for size, each in zip(whole, spread, strict=True)]
    return _divide(total, whole, shares, bounds, Divisor.HUNTINGTON_HILL)


def allocate_by_power(
    total: int,
    sizes: npt.ArrayLike,
    power: Number,
    *,
    at_least: npt.ArrayLike = 0,
    at_most: npt.ArrayLike | None = None,
    divisor: Divisor = Divisor.WEBSTER,
) -> Counts:
    """
    Divide a total in proportion to a power of the sizes (Bankier 1988).

    Power 0 gives all strata equal numbers, power 1 numbers in proportion.  In
    between, 1/2 goes by the square roots: good figures both for each tier and
    for all together.

    Args:
        total: [int >= 0] How many to draw in all.
        sizes: [(k,) integers, 0 <= size < 2**63] Subjects in each stratum.
        power: [0 to 1] Such as ``"1/2"``, in at most 100 parts.
        at_least: [int or (k,) integers >= 0] As for `allocate`.
        at_most: [int or (k,) integers >= 0, or None] As for `allocate`.
        divisor: How fractions are rounded.

    Returns:
        [(k,) int64] Numbers whose sum is *total*.

    Examples:
        >>> allocate_by_power(100, [6500, 2500, 800, 200], "1/2").tolist()
        [47, 29, 16, 8]
    """
    whole = _sizes(sizes)
    bounds = _bounds(total, whole, at_least, at_most)
    share = exact(power, "power")
    if not 0 <= share <= 1 or share.denominator > _POWER_PARTS:
        msg = (
            f"'power' must be from 0 to 1, a fraction of at most {_POWER_PARTS} "
            f"parts (got {told(power)}). Write '1/2' for square roots."
        )
        raise ValueError(msg)
    near = [float(size) ** float(share) for size in whole]
    powers = [size**share.numerator for size in whole]
    return _fill(total, powers, bounds, divisor, near=near, root=share.denominator)


def allocate_within(
    budget: Number,
    sizes: npt.ArrayLike,
    costs: Iterable[Number],
    *,
    at_least: npt.ArrayLike = 0,
    at_most: npt.ArrayLike | None = None,
    divisor: Divisor = Divisor.WEBSTER,
    weights: Iterable[Number] | None = None,
) -> Counts:
    """
    Divide the largest total that a budget pays for.

    Costs may be counted in officer-days or anything else.  Since a larger total
    never takes a unit away, there is a largest one: what is left of the budget
    does not pay for the unit that comes next.

    Args:
        budget: [number >= 0] Such as officers times days; a float counts as the
            decimal that it prints as, here and below.
        sizes: [(k,) integers, 0 <= size < 2**63] Subjects in each stratum.
        costs: [k numbers >= 0] What one unit of each stratum costs; 1/5 if one
            officer inspects five subjects (1:5).
        at_least: [int or (k,) integers >= 0] As for `allocate`.
        at_most: [int or (k,) integers >= 0, or None] As for `allocate`.
        divisor: How fractions are rounded.
        weights: [k numbers >= 0, or None] As for `allocate`.

    Returns:
        [(k,) int64] Numbers; ``sum()`` gives the total.

    Raises:
        ValueError: As for `allocate`, or the budget does not pay for the least
            numbers.

    Examples:
        >>> allocate_within(8, [650, 250, 80, 20], ["1/5"] * 4).tolist()
        [26, 10, 3, 1]
        >>> allocate_within(30, [650, 250, 80, 20], [0.5, 0.5, 1, 3]).tolist()
        [33, 13, 4, 1]
    """
    whole = _sizes(sizes)
    shares = whole if weights is None else _weights(weights, len(whole))
    prices = exact_numbers(costs, len(whole), "costs")
    (limit,) = exact_numbers([budget], 1, "budget")
    bounds = _limits(whole, at_least, at_most)

    def divide(total: int) -> tuple[Counts, Fraction]:
        counts = _divide(total, whole, shares, bounds, divisor)
        pairs = zip(prices, counts.tolist(), strict=True)
        return counts, sum((price * n for price, n in pairs), Fraction())

    total, beyond = sum(bounds[0]), sum(bounds[1]) + 1
    best, cost = divide(total)
    if cost > limit:
        msg = (
            f"'budget' must cover the least numbers, which cost {cost} (got {limit}). "
            "Lower 'at_least', or add staff."
        )
        raise ValueError(msg)
    while beyond - total > 1:
        middle = (total + beyond) // 2
        counts, cost = divide(middle)
        if cost <= limit:
            total, best = middle, counts
        else:
            beyond = middle
    return best


def _divide(
    total: int, sizes: list[int], weights: list[int], bounds: Bounds, divisor: Divisor
) -> Counts:
    """Divide by weights; strata of weight 0 get what the others cannot take."""
    low, high = bounds
    full = [h if w else n for w, n, h in zip(weights, low, high, strict=True)]
    if sum(full) < total:
        weights, low = sizes, full
    else:
        high = full
    scale = max(weights, default=0) or 1
    near = [weight / scale for weight in weights]
    return _fill(total, weights, (low, high), divisor, near=near)


def _fill(
    total: int,
    weights: list[int],
    bounds: Bounds,
    divisor: Divisor,
    *,
    near: list[float],
    root: int = 1,
) -> Counts:
    """
    Give units by priority, ``weight**(1/root) / divisor``, within bounds.

    Starts from counts computed in floating point with weights *near* the true
    ones, and moves single units until no missing unit has a higher priority than
    a given one.  That end does not depend on the start.
    """
    if not isinstance(divisor, Divisor):
        msg = (
            f"'divisor' must be a Divisor (got {told(divisor)}). Write "
            "Divisor.WEBSTER, or leave it out."
        )
        raise TypeError(msg)
    square = _SQUARES[divisor]
    low, high = bounds
    # Different fractions with denominators up to the largest differ by at least
    # one over its square: that many digits keep their order in whole numbers.
    digits = 2 * (square(max(high, default=0)) ** root).bit_length()
    endless = max(weights, default=0) ** 2 << digits

    def priority(stratum: int, units: int) -> int:
        below: int = square(units) ** root
        claim: int = weights[stratum] ** 2 << digits
        return claim // below if below else endless

    counts = _guess(total, near, bounds, divisor)
    missing = total - sum(counts)
    gaining, losing = _movable(counts, missing, near, bounds, divisor)
    gains = [(-priority(i, counts[i]), i, counts[i]) for i in gaining]
    losses = [(priority(i, counts[i] - 1), -i, counts[i]) for i in losing]
    heapq.heapify(gains)
    heapq.heapify(losses)
    while True:
        for heap in (gains, losses):  # drop entries that have been moved since
            while heap and heap[0][2] != counts[abs(heap[0][1])]:
                heapq.heappop(heap)
        better = (
            not missing
            and gains
            and losses
            and gains[0][:2] < (-losses[0][0], -losses[0][1])
        )
        if missing > 0 or better:
            i, step = gains[0][1], 1
        elif missing < 0:
            i, step = -losses[0][1], -1
        else:
            return np.array(counts, dtype=np.int64)
        counts[i] += step
        missing -= step
        if counts[i] < high[i]:
            heapq.heappush(gains, (-priority(i, counts[i]), i, counts[i]))
        if counts[i] > low[i]:
            heapq.heappush(losses, (priority(i, counts[i] - 1), -i, counts[i]))


def _guess(
    total: int, near: list[float], bounds: Bounds, divisor: Divisor
) -> list[int]:
    """Find counts near *total* by halving the interval of a common scale."""
    low, high = bounds
    weight, shift = np.array(near), _SHIFTS[divisor]
    least, most = np.array(low, dtype=float), np.array(high, dtype=float)

    def at(scale: float) -> npt.NDArray[np.float64]:
        return np.clip(np.floor(weight * scale + shift), least, most)

    claims = weight > 0
    below = 0.0
    above = float((2 * (most[claims] + 1) / weight[claims]).max(initial=1.0))
    while below < (middle := (below + above) / 2) < above:
        rest = total - at(middle).sum()
        if rest >= 0:
            below = middle
            if rest <= _CLOSE:
                break
        else:
            above = middle
    # Beyond 2**53 a float may have been rounded past the bounds.
    pairs = zip(at(below).tolist(), low, high, strict=True)
    return [min(max(int(count), n), h) for count, n, h in pairs]


def _movable(
    counts: list[int], missing: int, near: list[float], bounds: Bounds, divisor: Divisor
) -> tuple[list[int], list[int]]:
    """
    Find the strata that may still gain or lose a unit.

    No unit is gained below the least priority given or needed for the total, and
    none is lost above the greatest priority not given.
    """
    least, most = bounds
    given, weight = np.array(counts, dtype=np.int64), np.array(near)
    units = given.astype(float)
    square = _SQUARES[divisor]
    open_, filled = given < np.array(most), given > np.array(least)
    with np.errstate(divide="ignore", invalid="ignore"):
        gain = np.where(open_, weight / np.sqrt(square(units)), -np.inf)
        loss = np.where(filled, weight / np.sqrt(square(units - 1)), np.inf)
    floor, ceiling = loss.min(initial=np.inf), gain.max(initial=-np.inf)
    if missing > 0:
        needed = np.sort(gain)[-missing:] if missing <= gain.size else [-np.inf]
        floor = min(floor, needed[0])
    if missing < 0:
        needed = np.sort(loss)[:-missing] if -missing <= loss.size else [np.inf]
        ceiling = max(ceiling, needed[-1])
    gaining = np.flatnonzero(open_ & (gain >= floor * (1 - _SLACK)))
    losing = np.flatnonzero(filled & (loss <= ceiling * (1 + _SLACK)))
    return gaining.tolist(), losing.tolist()


def _sizes(sizes: npt.ArrayLike) -> list[int]:
    column = integers(sizes, "sizes")
    if column.ndim != 1:
        msg = f"'sizes' must be a column (got {column.ndim} dimensions)."
        raise ValueError(msg)
    whole: list[int] = column.tolist()
    return whole


def array_of(values: npt.ArrayLike) -> npt.NDArray[Any]:
    """Make an array; one of a single object where NumPy makes none of the values."""
    try:
        return np.asarray(values)
    except ValueError:  # rows of different lengths, or nested too deep
        alone = np.empty(1, dtype=object)
        alone[0] = values
        return alone


def integers(values: npt.ArrayLike, name: str) -> npt.NDArray[np.integer]:
    """Read whole numbers from 0 to 2**63 - 1, in an array of any shape."""
    column = array_of(values)
    if not column.size:
        column = column.astype(np.int64)
    if column.dtype.kind not in "iu":
        strange = [n for n in column.ravel().tolist() if type(n) is not int]
        if strange:
            msg = (
                f"{name!r} must be whole numbers (got {told(strange[0])}). Count "
                "subjects, and write 3."
            )
            raise TypeError(msg)
    if column.size and not 0 <= int(column.min()) <= int(column.max()) < _TOO_LARGE:
        msg = (
            f"{name!r} must be from 0 to 2**63 - 1 (got {told(int(column.min()))} "
            f"to {told(int(column.max()))}). Count subjects."
        )
        raise ValueError(msg)
    return column.astype(np.int64)


def _limits(
    sizes: list[int], at_least: npt.ArrayLike, at_most: npt.ArrayLike | None
) -> Bounds:
    """Least and greatest number of each stratum, at most its size."""
    size = np.array(sizes, dtype=np.int64)
    limits = []
    if at_least is None:
        msg = "'at_least' must be whole numbers (got None). Write 0."
        raise TypeError(msg)
    for name, bound in (("at_least", at_least), ("at_most", at_most)):
        given = size if bound is None else integers(bound, name)
        if given.ndim and given.shape != size.shape:
            msg = (
                f"{name!r} must be one number or one for each of {len(sizes)} strata "
                f"(got {given.size}). Give them in the order of 'sizes'."
            )
            raise ValueError(msg)
        limits.append(np.minimum(given, size).tolist())
    low, high = limits
    crossed = [
        f"stratum {i}: {n} > {h}"
        for i, (n, h) in enumerate(zip(low, high, strict=True))
        if n > h
    ]
    if crossed:
        shown = ", ".join(crossed[:_SHOWN]) + (", …" if len(crossed) > _SHOWN else "")
        msg = (
            f"'at_least' must not be above 'at_most' in any stratum (got {shown}). "
            "Lower the one or raise the other."
        )
        raise ValueError(msg)
    return low, high


def _bounds(
    total: int, sizes: list[int], at_least: npt.ArrayLike, at_most: npt.ArrayLike | None
) -> Bounds:
    """The limits, if *total* is possible within them."""
    if isinstance(total, bool) or not isinstance(total, (int, np.integer)):
        msg = f"'total' must be a whole number (got {told(total)}). Write an int."
        raise TypeError(msg)
    low, high = _limits(sizes, at_least, at_most)
    least, most = sum(low), sum(high)
    if not least <= total <= most:
        limit, which = (least, "least") if total < least else (most, "greatest")
        msg = (
            f"'total' must be from {least} to {most}, what the bounds of "
            f"{len(sizes)} strata add up to (got {told(int(total))}). The {which} "
            f"numbers are {_few(low if total < least else high)}: change them, or "
            f"write {limit}."
        )
        raise ValueError(msg)
    return low, high


def _few(numbers: list[int]) -> str:
    if len(numbers) <= _MANY:
        return str(numbers)
    return f"[{', '.join(map(str, numbers[:_MANY]))}, …]"


def exact_numbers(values: Iterable[Number], count: int, name: str) -> list[Fraction]:
    """Read exact numbers that are not negative."""
    numbers = [exact(value, name) for value in values]
    if len(numbers) != count:
        msg = (
            f"{name!r} must have one number for each of {count} strata (got "
            f"{len(numbers)}). Give them in the order of 'sizes'."
        )
        raise ValueError(msg)
    if any(number < 0 for number in numbers):
        msg = f"{name!r} must not be negative (got {float(min(numbers))})."
        raise ValueError(msg)
    return numbers


def _weights(values: Iterable[Number], count: int, name: str = "weights") -> list[int]:
    """Whole numbers in the proportions of *values*."""
    exact = exact_numbers(values, count, name)
    scale = math.lcm(*(number.denominator for number in exact))
    return [number.numerator * (scale // number.denominator) for number in exact]
