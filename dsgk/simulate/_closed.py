"""
What needs no simulation: answers in closed form.

All for one subject whose chance is the same in every round, which is what a
tier gives to a subject that stays in it: a draw of *q* of *n* has the chance
q/n.  Exact where the chances are exact: a Fraction in, a Fraction out.  A
float counts as the decimal that it prints as where the answer is a number of
rounds.
"""

from collections.abc import Iterable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction

import numpy as np

from dsgk.errors import invalid
from dsgk.fields import check_count, check_mapping, check_type, read_flag
from dsgk.simulate._draw_many import (
    Chance,
    check_chance,
)
from dsgk.simulate._scenarios import Movement
from dsgk.subjects import Value


_DIGITS = 30


def _number(value: Chance, name: str) -> Fraction | float:
    """Return a chance in exact form if it came so."""
    number = check_chance(value, name)
    inexact = isinstance(value, (float, np.floating))
    return float(number) if inexact else number


def chance_never_inspected(chance: Chance, rounds: int) -> Fraction | float:
    """
    Chance that a subject is in none of several draws.

    Its rest has no influence: it begins with the first inspection.

    Args:
        chance: [0 to 1] Chance to be drawn in one round.
        rounds: [int >= 0] Draws.

    Returns:
        [0 to 1] Also the expected share of the tier that is never inspected.

    Examples:
        >>> chance_never_inspected(Fraction(1, 10), 2)
        Fraction(81, 100)
    """
    rounds = check_count(rounds, name="rounds")
    return (1 - _number(chance, "chance")) ** rounds


def chance_seen(
    chance: Chance, rounds: int, *, sensitivity: Chance = 1, rest: int = 1
) -> Fraction | float:
    """
    Chance that a lasting violation is seen within several draws (威慑).

    Args:
        chance: [0 to 1] Chance to be drawn in a round in which the subject is
            eligible.
        rounds: [int >= 0] Draws, from the first in which it violates.
        sensitivity: [0 to 1] Chance that one inspection sees it.
        rest: [int >= 1] Rounds from one inspection to the first in which the
            subject is eligible again; 1 without a rest.

    Returns:
        [0 to 1] For a subject that is eligible in the first round.

    Examples:
        >>> chance_seen(Fraction(1, 2), 2)
        Fraction(3, 4)
        >>> chance_seen(Fraction(1, 2), 2, sensitivity=Fraction(1, 2), rest=2)
        Fraction(3, 8)
    """
    p, seen = _number(chance, "chance"), _number(sensitivity, "sensitivity")
    rounds = check_count(rounds, name="rounds")
    rest = check_count(rest, name="rest", least=1)
    missed: list[Fraction | float] = [Fraction(1)]  # by the rounds that are left
    for left in range(1, rounds + 1):
        again = missed[max(left - rest, 0)]
        missed.append((1 - p) * missed[left - 1] + p * (1 - seen) * again)
    return 1 - missed[rounds]


def rounds_to_see(
    chance: Chance, *, confidence: Chance, sensitivity: Chance = 1
) -> int:
    """
    Least number of draws after which a lasting violation is seen.

    Args:
        chance: [above 0, to 1] Chance to be drawn in a round.
        confidence: [0 to 1] How sure that shall be.
        sensitivity: [above 0, to 1] Chance that one inspection sees it.

    Returns:
        [int >= 0] The least number of rounds, without a rest, exactly: a float
        counts as the decimal that it prints as.

    Raises:
        InvalidTypeError, InvalidValueError: An argument is out of range, or
            no number is enough.

    Examples:
        >>> rounds_to_see(Fraction(1, 10), confidence=Fraction(19, 20))
        29
    """
    seen = check_chance(chance, "chance") * check_chance(sensitivity, "sensitivity")
    wanted = 1 - check_chance(confidence, "confidence")
    if wanted == 1:
        return 0
    if seen == 1:
        return 1
    if seen == 0 or wanted == 0:
        raise invalid(
            "confidence-reach",
            name="confidence",
            got=str(confidence),
            chance=float(seen),
        )
    return _least_power(1 - seen, wanted)


def _least_power(base: Fraction, most: Fraction) -> int:
    """
    Find the least power of a fraction that is not above another one.

    Args:
        base: [above 0, below 1] What is multiplied with itself.
        most: [above 0, below 1] What it has to come down to.

    Returns:
        [int >= 1] The least n for which ``base**n <= most``: by logarithms, of
        as many digits as it takes to tell on which side of n their ratio lies.
    """
    digits = _DIGITS
    while True:
        within = Context(prec=digits, Emin=MIN_EMIN, Emax=MAX_EMAX)
        one, other = (
            within.ln(within.divide(Decimal(f.numerator), Decimal(f.denominator)))
            for f in (most, base)
        )
        if one and other:
            # Each logarithm is off by a few units of the last digit of its
            # argument, which is below 1, and of its own.
            off = sum((1 + 1 / -Fraction(log) for log in (one, other)), Fraction())
            ratio = Fraction(one) / Fraction(other)
            error = ratio * off * Fraction(10) ** (3 - digits)
            near = round(ratio)
            if abs(ratio - near) > error:
                return -(-ratio.numerator // ratio.denominator)
            if error < 1 and _is_power(base, near, most):
                return near
        digits *= 2


def _is_power(base: Fraction, n: int, other: Fraction) -> bool:
    """Whether ``base**n`` is another fraction, multiplied only if it may be."""
    bits = base.denominator.bit_length() - 1
    return n * bits <= other.denominator.bit_length() and base**n == other


def expected_gap(chance: Chance, *, rest: int = 1) -> Fraction | float:
    """
    Rounds from one inspection to the next, in the mean.

    Args:
        chance: [above 0, to 1] Chance to be drawn in a round in which the
            subject is eligible.
        rest: [int >= 1] Rounds from one inspection to the first in which the
            subject is eligible again; 1 without a rest.

    Returns:
        [number >= *rest*] Rounds; years, where there is one draw a year.

    Examples:
        >>> expected_gap(Fraction(1, 100))
        Fraction(100, 1)
        >>> expected_gap(Fraction(1, 10), rest=2)
        Fraction(11, 1)
    """
    p = _number(chance, "chance")
    rest = check_count(rest, name="rest", least=1)
    if not p:
        raise invalid("chance-zero", name="chance")
    return rest - 1 + 1 / p


def expected_visits(
    chances: Iterable[Chance], *, coordinated: bool, merged: bool = True
) -> Fraction | float:
    """
    Visits to a subject in one round in which several departments draw.

    Args:
        chances: [0 to 1 each] Its chance in the draw of each department.
        coordinated: Whether the draws share their key.
        merged: Whether checks of one round at one subject are one visit.

    Returns:
        [number] The expected number: the sum of the chances if nothing is
        merged; else the chance to be drawn by anyone. Under one key that is
        the largest of them: exactly where the departments draw from one list,
        nearly where their lists differ. Under several keys the draws are
        independent.

    Examples:
        >>> chances = [Fraction(1, 10), Fraction(1, 5)]
        >>> expected_visits(chances, coordinated=True)
        Fraction(1, 5)
        >>> expected_visits(chances, coordinated=False)
        Fraction(7, 25)
    """
    check_type(chances, Iterable, name="chances", instead="[0.1, 0.2]")
    together, joined = (
        read_flag(coordinated, name="coordinated"),
        read_flag(merged, name="merged"),
    )
    numbers = [_number(chance, "chance") for chance in chances]
    if not joined:
        return sum(numbers, Fraction(0))
    if together:
        return max(numbers, default=Fraction(0))
    nobody: Fraction | float = Fraction(1)
    for number in numbers:
        nobody *= 1 - number
    return 1 - nobody


def expected_checks(
    chances: Mapping[Value | None, Chance], movement: Movement, years: int
) -> dict[Value | None, tuple[float, ...]]:
    """
    Checks that await a subject in the coming years, by its class today.

    What a change of class means for a firm: compare the sums of two rows.

    Args:
        chances: [class -> 0 to 1] Chance to be drawn in a year in each class
            that the subject can come to.
        movement: How subjects move between classes.
        years: [int >= 0] How many years.

    Returns:
        By class, the chance to be drawn in the first, second, … year.

    Raises:
        InvalidTypeError, InvalidValueError: An argument has another type or
            is out of range, or a class that *movement* names has no chance.

    Examples:
        >>> movement = Movement("credit", {"D": {"C": 0.5}})
        >>> expected_checks({"C": 0.1, "D": 0.5}, movement, 3)
        {'C': (0.1, 0.1, 0.1), 'D': (0.5, 0.3, 0.2)}
    """
    check_mapping(chances, name="chances", instead="{'C': 0.1, 'D': 0.5}")
    check_type(
        movement,
        Movement,
        name="movement",
        instead="Movement('credit', {'D': {'C': 0.5}})",
    )
    years = check_count(years, name="years")
    known = {label: float(check_chance(p, str(label))) for label, p in chances.items()}
    lacking = [label for label in movement.classes if label not in known]
    if lacking:
        raise invalid("chances-lacking", name="chances", got=lacking)
    found: dict[Value | None, tuple[float, ...]] = {}
    for label in known:
        where = dict.fromkeys(known, 0.0) | {label: 1.0}
        row = []
        for _ in range(years):
            row.append(sum(where[one] * known[one] for one in known))
            there = {one: where[one] * movement.stay(one) for one in known}
            for one, leads in movement.moves.items():
                for other, chance in leads.items():
                    there[other] += where[one] * chance
            where = there
        found[label] = tuple(row)
    return found
