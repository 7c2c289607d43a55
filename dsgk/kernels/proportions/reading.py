"""Reading numbers exactly, and finding the least number that will do."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dsgk.kernels.allocation import integers
from dsgk.kernels.rationals import Number, exact


__all__ = ["counts", "least", "share"]


def share(value: Number, name: str) -> Fraction:
    """
    Read a number from 0 to 1.

    Raises:
        TypeError: *value* is of a type that holds no number.
        ValueError: It is none.
    """
    try:
        number = exact(value, name)
    except ValueError:
        number = Fraction(-1)
    if not 0 <= number <= 1:
        msg = f"{name!r} must be from 0 to 1 (got {value}). Write 0.95 for 95 %."
        raise ValueError(msg)
    return number


def counts(values: npt.ArrayLike, name: str, *, length: int | None = None) -> list[int]:
    """
    Read one whole number, or a column of them, none below 0.

    Args:
        values: [int or (k,) integers, 0 <= number < 2**63] The numbers.
        name: What the message calls them.
        length: How many there have to be, if that is known.

    Raises:
        TypeError: They are not whole numbers.
        ValueError: One is out of range, or there are more or fewer.
    """
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
        enough: Whether a number is; if one is, every larger one is.
        near: [int] Where to begin; the nearer, the fewer questions.
        most: [int >= 0] A number that is known to be enough.

    Examples:
        >>> least(lambda n: n * n >= 50, near=3, most=100)
        8
    """
    # below: known not to be enough; above: known to be.
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
