"""What simulations are given: chances, sizes, luck, a progress bar."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

import attrs
import numpy as np

from dsgk.errors import invalid
from dsgk.fields import Kind, kind_of
from dsgk.kernels.rationals import exact


__all__ = [
    "Chance",
    "Rng",
    "Share",
    "check_chance",
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
_EXACT = kind_of(Fraction)


def check_number(value: object, name: str) -> Fraction | None:
    """
    Read a number as it is written, one of NumPy's included.

    Args:
        value: [number] A float counts as the decimal that it prints as.
        name: What the message calls it.

    Returns:
        The number; None for one that is not finite.
    """
    try:
        if not isinstance(value, str):
            return exact(value, name)  # type: ignore[arg-type]
    except ValueError:
        return None
    except TypeError:
        pass
    raise invalid("chance-type", name=name, got=value)


def check_chance(value: object, name: str = "value") -> Fraction:
    """Return a chance from 0 to 1, exactly, as `check_number` reads it."""
    number = check_number(value, name)
    if number is None or not 0 <= number <= 1:
        raise invalid("chance-range", name=name, got=value)
    return number


@attrs.frozen
class _Share(Kind):
    """A chance, kept exactly; in a document the text of its fraction."""

    def convert(self, given: Chance | str, /) -> Fraction:
        """Check it."""
        if isinstance(given, str) and not given.endswith("%"):  # of a document
            given = _EXACT.convert(given)
        return check_chance(given)

    def plain(self, held: Fraction, /) -> str:
        """Write it exactly."""
        return str(held)

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the text."""
        return _EXACT.schema()


Share = Annotated[Chance, _Share()]
"""A chance from 0 to 1; a float counts as the decimal that it prints as."""


def check_size(cells: int, what: str) -> None:
    """Reject a result that no memory holds, before it is made."""
    if cells > _MOST_CELLS:
        raise invalid("simulated-size", name=what, got=cells, most=_MOST_CELLS)


def check_progress(function: object) -> Callable[[int], object]:
    """Return what hears of the progress; one that does not listen for None."""
    if function is None:
        return int
    if not callable(function):
        raise invalid("progress-type", name="progress", got=function)
    return function


def generator(rng: Rng) -> np.random.Generator:
    """Make a generator of what NumPy makes one of."""
    if isinstance(rng, np.random.RandomState):  # by itself from NumPy 2.2 on
        return np.random.Generator(rng._bit_generator)  # noqa: SLF001
    try:
        return np.random.default_rng(rng)
    except TypeError:
        raise invalid("rng-type", name="rng", got=rng) from None
    except ValueError:
        raise invalid("rng-range", name="rng", got=rng) from None
