"""How many to inspect to be sure to see something, exactly."""

import math
from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dsgk.kernels.allocation import allocate
from dsgk.kernels.proportions.reading import counts, least, share
from dsgk.kernels.rationals import Number, exact


__all__ = [
    "detection_power",
    "detection_power_by_risk",
    "detection_power_by_tier",
    "sample_size_to_detect",
    "sample_sizes_to_detect",
    "tier_risks",
]


def sample_size_to_detect(
    population: int, *, bad: int, confidence: Number, sensitivity: Number = 1
) -> int:
    """
    Least number to inspect so that a violation is seen with a given confidence.

    Exact: no normal, binomial or other approximation, and chances are
    compared as fractions.

    Args:
        population: [int >= 0] Subjects in the stratum.
        bad: [0..population] How many of them violate the rule.
        confidence: [0 to 1] Chance to see at least one of them; a float is
            read as the decimal that it prints as.
        sensitivity: [0 to 1] Chance that an inspection of one of them sees it.

    Returns:
        [0..population] The least *n* whose `detection_power` is not below
        *confidence*.

    Raises:
        TypeError: *population* or *bad* is not a whole number.
        ValueError: A number is out of range, or not even the inspection of
            all subjects reaches the confidence: with what it reaches.

    Examples:
        >>> sample_size_to_detect(1000, bad=10, confidence=0.95)
        258
        >>> sample_size_to_detect(1000, bad=10, confidence=0.95, sensitivity=0.8)
        323
    """
    size, wrong = _one(population, "population"), _one(bad, "bad")
    _check_part(wrong, size, "bad")
    goal, seen = share(confidence, "confidence"), share(sensitivity, "sensitivity")
    reached = 1 - (1 - seen) ** wrong
    if goal and not wrong:
        msg = (
            f"'bad' must be at least 1 (got 0, with a confidence of {float(goal)}). "
            "Nobody can see what is not there: say how many violations you want to "
            "be sure to see."
        )
        raise ValueError(msg)
    if reached < goal:
        raise _out_of_reach(goal, reached)
    missing = 1 - goal

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
    Chance that a draw of *n* sees at least one violation.

    Args:
        population: [int >= 0] Subjects in the stratum.
        n: [0..population] How many are drawn, all alike, and inspected.
        bad: [0..population] How many violate the rule.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Returns:
        [Fraction, 0 to 1] The chance, exactly.

    Raises:
        TypeError: A count is not a whole number.
        ValueError: A number is out of range.

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
    Chance that a tiered draw sees a violation, from how many each tier has.

    Args:
        sizes: [(k,) integers >= 0] Subjects in each tier.
        drawn: [(k,) integers, at most the size] How many are drawn in each.
        bad: [(k,) integers, at most the size] How many violate the rule.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Returns:
        [Fraction, 0 to 1] The chance, exactly.

    Raises:
        TypeError: A count is not a whole number.
        ValueError: A number is out of range, or columns differ in length.

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
    Chance of a violation in each tier, from the rate of all and relative risks.

    Args:
        sizes: [(k,) integers >= 0] Subjects in each tier.
        relative_risks: [k numbers >= 0] How many times as likely a subject of
            the tier violates the rule; only their proportions matter.
        rate: [0 to 1] Share of all subjects that violate it.

    Returns:
        [k Fractions, 0 to 1] Risks whose mean over all subjects is *rate*.

    Raises:
        TypeError: A size is not a whole number.
        ValueError: A number is out of range, columns differ in length, or the
            risk of a tier would be above 1: with the tier and the risk.

    Examples:
        >>> [str(risk) for risk in tier_risks([100, 100, 800], [5, 3, 1], rate=0.1)]
        ['5/16', '3/16', '1/16']
    """
    whole = counts(sizes, "sizes")
    relative = _numbers(relative_risks, "relative_risks", len(whole))
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
    Chance that a tiered draw sees a violation, from the risk of each tier.

    Every subject violates the rule with the risk of its tier, whatever the
    others do.

    Args:
        drawn: [(k,) integers >= 0] How many are inspected in each tier.
        risks: [k numbers, 0 to 1] Such as `tier_risks` gives.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Returns:
        [Fraction, 0 to 1] The chance, exactly.

    Raises:
        TypeError: A count is not a whole number.
        ValueError: A number is out of range, or columns differ in length.

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
    Fewest inspections over tiers of different risk that see a violation.

    The total is divided by `dsgk.kernels.allocation.allocate`; the answer is
    the least total whose division reaches the confidence.

    Args:
        sizes: [(k,) integers >= 0] Subjects in each tier.
        risks: [k numbers, 0 to 1] Such as `tier_risks` gives.
        confidence: [0 to 1] Chance to see at least one violation.
        weights: [k numbers >= 0, or None] What the shares of the tiers are in
            proportion to; None for the sizes.
        sensitivity: [0 to 1] As for `sample_size_to_detect`.

    Returns:
        [(k,) int64] How many to draw in each tier.

    Raises:
        TypeError: A size is not a whole number.
        ValueError: A number is out of range, columns differ in length, or not
            even the inspection of all reaches the confidence.

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
    shares = None if weights is None else _numbers(weights, "weights", len(whole))
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


def _missed(size: int, n: int, bad: int, unseen: Fraction) -> tuple[int, int]:
    """Chance that all violations are missed, as whole numbers (this, of that)."""
    few, many = min(n, bad), max(n, bad)  # the two have the same part in it
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
    """Logarithm of the chance that all violations are missed, nearly."""
    few, many = min(n, bad), max(n, bad)
    if not unseen:
        if few + many > size:
            return -math.inf
        steps = np.arange(few, dtype=float)
        return float(np.log1p(-many / (size - steps)).sum())
    # Of the few, taken one by one, each is among the many with a chance that
    # hardly depends on the others: near enough to begin with.
    return few * math.log1p(-(1 - unseen) * many / size) if few else 0.0


def _unseen(
    risks: Iterable[Number], length: int, sensitivity: Number
) -> list[Fraction]:
    seen = share(sensitivity, "sensitivity")
    numbers = _numbers(risks, "risks", length)
    for number in numbers:
        share(number, "risks")
    return [1 - seen * number for number in numbers]


def _numbers(values: Iterable[Number], name: str, length: int) -> list[Fraction]:
    numbers = [exact(value, name) for value in values]
    if len(numbers) != length:
        msg = (
            f"{name!r} must be one number for each of {length} tiers (got "
            f"{len(numbers)}). Give them in the order of the sizes."
        )
        raise ValueError(msg)
    if min(numbers, default=0) < 0:
        msg = f"{name!r} must not be negative (got {float(min(numbers))})."
        raise ValueError(msg)
    return numbers


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
