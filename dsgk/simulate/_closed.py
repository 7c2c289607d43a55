"""
Answers in closed form, without simulation.

They hold for a subject whose chance is the same in every round, as in a tier:
a draw of *q* out of *n* has the chance q/n.  Exact chances give exact answers:
a Fraction in, a Fraction out.
"""

import math
from collections.abc import Iterable, Mapping
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction

import numpy as np

from dsgk.errors import invalid
from dsgk.fields import (
    check_count,
    check_mapping,
    check_type,
    listed,
    read_flag,
)
from dsgk.simulate._draw_many import Chance, check_chance
from dsgk.simulate._scenarios import Movement
from dsgk.subjects import Value


_DIGITS = 30
_MOST_ROUNDS = 10_000
_MOST_BITS = 100_000  # of a denominator


def _number(value: Chance, name: str) -> Fraction | float:
    """Return a chance, exact unless it was a float."""
    number = check_chance(value, name)
    inexact = isinstance(value, (float, np.floating))
    return float(number) if inexact else number


def _rounds(rounds: object, *numbers: Fraction | float, name: str = "rounds") -> int:
    """Check how many rounds: so many that the exact answer can be written."""
    exact = [number for number in numbers if isinstance(number, Fraction)]
    bits = sum(number.denominator.bit_length() for number in exact)
    most = min(_MOST_ROUNDS, _MOST_BITS // max(bits, 1))
    return check_count(rounds, name=name, most=most)


def chance_never_inspected(chance: Chance, rounds: int) -> Fraction | float:
    """
    Chance that a subject is never drawn in several draws.

    A rest has no influence: it begins with the first inspection.

    Args:
        chance: [0 to 1] Chance to be drawn in one round.
        rounds: [int, 0 to 10,000] Draws; fewer where the chance is a fraction
            of many digits.

    Returns:
        [0 to 1] Also the expected share of a tier that is never inspected.

    Examples:
        >>> chance_never_inspected(Fraction(1, 10), 2)
        Fraction(81, 100)
    """
    p = _number(chance, "chance")
    return (1 - p) ** _rounds(rounds, p)


def chance_seen(
    chance: Chance, rounds: int, *, sensitivity: Chance = 1, rest: int = 1
) -> Fraction | float:
    """
    Chance that a lasting violation is seen within several draws (威慑).

    Args:
        chance: [0 to 1] Chance to be drawn in a round in which the subject is
            eligible.
        rounds: [int, 0 to 10,000] Draws since the violation began; fewer
            where the chances are fractions of many digits.
        sensitivity: [0 to 1] Chance that one inspection sees it.
        rest: [int >= 1] Rounds until an inspected subject is eligible again; 1
            without a rest.

    Returns:
        [0 to 1] For a subject that is eligible in the first round.

    Examples:
        >>> chance_seen(Fraction(1, 2), 2)
        Fraction(3, 4)
        >>> chance_seen(Fraction(1, 2), 2, sensitivity=Fraction(1, 2), rest=2)
        Fraction(3, 8)
    """
    p, seen = _number(chance, "chance"), _number(sensitivity, "sensitivity")
    rounds = _rounds(rounds, p, seen)
    rest = check_count(rest, name="rest", least=1)
    missed: list[Fraction | float] = [Fraction(1)]  # by the rounds left
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
        confidence: [0 to 1] Chance that it is seen by then.
        sensitivity: [above 0, to 1] Chance that one inspection sees it.

    Returns:
        [int >= 0] Exact, without a rest; a float counts as the decimal that it
        prints as.

    Raises:
        InvalidValueError: An argument is out of range, or no number is enough.

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
        got = str(confidence)
        raise invalid(
            "confidence-reach", name="confidence", got=got, chance=float(seen)
        )
    return _least_power(1 - seen, wanted)


def _least_power(base: Fraction, most: Fraction) -> int:
    """
    Find the least n with ``base**n <= most``.

    Uses logarithms with as many digits as it takes to round their ratio.

    Args:
        base: [above 0, below 1] A fraction.
        most: [above 0, below 1] Another one.
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
    """Whether ``base**n`` equals *other*; multiplied only if it may be."""
    bits = base.denominator.bit_length() - 1
    return n * bits <= other.denominator.bit_length() and base**n == other


def expected_gap(chance: Chance, *, rest: int = 1) -> Fraction | float:
    """
    Mean number of rounds from one inspection to the next.

    Args:
        chance: [above 0, to 1] Chance to be drawn in a round in which the
            subject is eligible.
        rest: [int >= 1] Rounds until an inspected subject is eligible again; 1
            without a rest.

    Returns:
        [number >= *rest*] Rounds; years if there is one draw a year.

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
    Expected visits to a subject in a round in which several departments draw.

    Args:
        chances: [0 to 1 each] Its chance in the draw of each department.
        coordinated: Whether the draws share their key.
        merged: Whether checks of one subject in one round are one visit.

    Returns:
        [number] The sum of the chances if nothing is merged; otherwise the
        chance to be drawn by anyone. With one key that is the largest chance,
        exactly if all departments draw from one list and nearly if their lists
        differ. With several keys the draws are independent.

    Examples:
        >>> chances = [Fraction(1, 10), Fraction(1, 5)]
        >>> expected_visits(chances, coordinated=True)
        Fraction(1, 5)
        >>> expected_visits(chances, coordinated=False)
        Fraction(7, 25)
    """
    check_type(chances, Iterable, name="chances", instead="[0.1, 0.2]")
    together = read_flag(coordinated, name="coordinated")
    joined = read_flag(merged, name="merged")
    given = listed(chances, Fraction, name="chances")
    numbers = [_number(chance, "chance") for chance in given]
    if not joined:
        return sum(numbers, Fraction(0))
    if together:
        return max(numbers, default=Fraction(0))
    return 1 - math.prod((1 - number for number in numbers), start=Fraction(1))


def expected_checks(
    chances: Mapping[Value | None, Chance], movement: Movement, years: int
) -> dict[Value | None, tuple[float, ...]]:
    """
    Expected checks of a subject in the coming years, by its class today.

    Compare the sums of two rows to see what a change of class means.

    Args:
        chances: [class -> 0 to 1] Chance to be drawn in a year, for each class
            that the subject can reach.
        movement: How subjects move between classes.
        years: [int, 0 to 10,000] How many years.

    Returns:
        [class -> chances] To be drawn in the first, second, … year.

    Raises:
        InvalidValueError: A number is out of range, or a class that *movement*
            names has no chance.

    Examples:
        >>> movement = Movement("credit", {"D": {"C": 0.5}})
        >>> expected_checks({"C": 0.1, "D": 0.5}, movement, 3)
        {'C': (0.1, 0.1, 0.1), 'D': (0.5, 0.3, 0.2)}
    """
    check_mapping(chances, name="chances", instead="{'C': 0.1, 'D': 0.5}")
    instead = "Movement('credit', {'D': {'C': 0.5}})"
    check_type(movement, Movement, name="movement", instead=instead)
    years = _rounds(years, name="years")
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
            for one, row_of in movement.moves.items():
                for other, chance in row_of.items():
                    there[other] += where[one] * chance
            where = there
        found[label] = tuple(row)
    return found
