"""What simulations are given: counts, chances, yes and no, luck, a progress bar."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

import numpy as np

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import whole_number
from dsgk.kernels.rationals import exact


__all__ = [
    "Chance",
    "Rng",
    "check_chance",
    "check_count",
    "check_flag",
    "check_number",
    "check_progress",
    "check_size",
    "generator",
]

Chance = int | float | Fraction | Decimal

Rng = (
    int
    | np.random.Generator
    | np.random.SeedSequence
    | np.random.BitGenerator
    | np.random.RandomState
    | None
)
"""What `numpy.random.default_rng` takes (SPEC 7)."""

_MOST_CELLS = 2**30  # eight gigabytes


def check_number(value: object, name: str) -> Fraction | None:
    """
    Read a number as it is written, one of NumPy's included.

    Args:
        value: [number] The number; a float counts as the decimal that it
            prints as.
        name: What the message calls it.

    Returns:
        The number; None for one that is not finite.

    Raises:
        InvalidTypeError: *value* is no number.
    """
    try:
        if not isinstance(value, str):
            return exact(value, name)  # type: ignore[arg-type]
    except ValueError:
        return None
    except TypeError:
        pass
    msg = f"{name!r} must be a number (got {shown(value)}). Write 0.05 for 5 %."
    raise InvalidTypeError(msg, code="chance-type", params={"name": name})


def check_chance(value: object, name: str) -> Fraction:
    """
    Return a chance, exactly, or say what is wrong with it.

    Raises:
        InvalidTypeError: *value* is no number.
        InvalidValueError: It is not from 0 to 1.
    """
    number = check_number(value, name)
    if number is None or not 0 <= number <= 1:
        msg = f"{name!r} must be from 0 to 1 (got {shown(value)}). Write 0.05 for 5 %."
        raise InvalidValueError(
            msg, code="chance-range", params={"name": name, "value": value}
        )
    return number


def check_count(
    value: object, name: str, *, least: int, most: int | None = None
) -> int:
    """
    Return a whole number that is neither too small nor too large.

    Raises:
        InvalidTypeError: *value* is no whole number.
        InvalidValueError: It is out of range.
    """
    number = whole_number(value)
    if number is None:
        msg = f"{name!r} must be an int (got {shown(value)}). Write {name}=2."
        raise InvalidTypeError(
            msg, code="simulated-number-type", params={"name": name, "value": value}
        )
    if number < least:
        msg = (
            f"{name!r} must be at least {least} (got {shown(number)}). Write {name}=2."
        )
        raise InvalidValueError(
            msg,
            code="simulated-number-range",
            params={"name": name, "value": number, "least": least},
        )
    if most is not None and number > most:
        msg = f"{name!r} must be at most {most} (got {shown(number)}). Ask for fewer."
        raise InvalidValueError(
            msg,
            code="simulated-number-most",
            params={"name": name, "value": number, "most": most},
        )
    return number


def check_size(cells: int, what: str) -> None:
    """Refuse a result that no memory holds, before it is made."""
    if cells > _MOST_CELLS:
        msg = (
            f"{what!r} must be few enough for a result of {_MOST_CELLS} numbers "
            f"(got {shown(cells)}). Ask for fewer, in several calls."
        )
        raise InvalidValueError(
            msg, code="simulated-size", params={"name": what, "cells": cells}
        )


def check_flag(value: object, name: str) -> bool:
    """
    Return yes or no, NumPy's included.

    Raises:
        InvalidTypeError: *value* is neither.
    """
    if not isinstance(value, (bool, np.bool_)):
        msg = f"{name!r} must be True or False (got {shown(value)}). Write {name}=True."
        raise InvalidTypeError(
            msg, code="simulated-flag", params={"name": name, "value": value}
        )
    return bool(value)


def check_progress(function: object) -> Callable[[int], object]:
    """
    Return what hears of the progress; one that does not listen for None.

    Raises:
        InvalidTypeError: *function* cannot be called.
    """
    if function is None:
        return int
    if not callable(function):
        msg = (
            f"'progress' must be a function (got {shown(function)}). Write "
            "progress=tqdm(total=100).update."
        )
        raise InvalidTypeError(msg, code="progress-type")
    return function


def generator(rng: Rng) -> np.random.Generator:
    """
    Make a generator of what NumPy makes one of.

    Raises:
        InvalidTypeError: NumPy makes none of it.
        InvalidValueError: A seed is negative.
    """
    if isinstance(rng, np.random.RandomState):  # by itself from NumPy 2.2 on
        return np.random.Generator(rng._bit_generator)  # noqa: SLF001
    try:
        return np.random.default_rng(rng)
    except TypeError:
        msg = (
            f"'rng' must be a seed or a generator of NumPy (got {shown(rng)}). "
            "Write rng=1."
        )
        raise InvalidTypeError(msg, code="rng-type") from None
    except ValueError:
        msg = f"'rng' must not be negative (got {shown(rng)}). Write rng=1."
        raise InvalidValueError(msg, code="rng-range") from None
