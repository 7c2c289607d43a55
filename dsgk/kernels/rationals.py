"""Exact numbers, read as they are written."""

import re
from decimal import Decimal
from fractions import Fraction

import numpy as np


__all__ = ["Number", "exact", "told"]

Number = int | float | Fraction | Decimal | str
_LONGEST_TOLD = 60


def told(value: object) -> str:
    """Write a value for a message, whatever it is, cut where it is long."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001  (a message must not fail on what came)
        return f"<{type(value).__name__}>"
    return text if len(text) <= _LONGEST_TOLD else text[:_LONGEST_TOLD] + "…"


_MOST_DIGITS = 1000
_POWER = re.compile(r"[eE][+-]?0*([1-9][0-9]*)")


def _is_long(value: object) -> bool:
    """Whether a decimal or a text has more digits than a fraction should be made of."""
    if isinstance(value, Decimal):
        digits = len(value.as_tuple().digits)
        return value.is_finite() and max(digits, abs(value.adjusted())) > _MOST_DIGITS
    if not isinstance(value, str):
        return False
    if len(value) > _MOST_DIGITS:
        return True
    power = _POWER.search(value)
    return power is not None and int(power[1]) > _MOST_DIGITS


def exact(value: Number, name: str) -> Fraction:
    """
    Read a number as it is written: 0.9 is nine tenths.

    A binary float is a little off what was typed, which matters if a chance must
    be exactly 0.9, or sixty officers must suffice for three hundred subjects at
    0.2 each.  So a float counts as the decimal that it prints as.

    Raises:
        TypeError: *value* is of a type that holds no number.
        ValueError: *value* is no finite number, or has more than 1000 digits.

    Examples:
        >>> exact(0.9, "confidence"), exact("95/100", "confidence")
        (Fraction(9, 10), Fraction(19, 20))
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool) or not isinstance(
        value, (int, float, Fraction, Decimal, str)
    ):
        msg = f"{name!r} must be a number (got {told(value)}). Write 0.5 or '1/2'."
        raise TypeError(msg)
    if _is_long(value):
        msg = f"{name!r} must have at most {_MOST_DIGITS} digits. Round it."
        raise ValueError(msg)
    try:
        return Fraction(repr(value) if isinstance(value, float) else value)
    except (ValueError, OverflowError, ZeroDivisionError):
        msg = f"{name!r} must be finite (got {told(value)}). Write 0.5 or '1/2'."
        raise ValueError(msg) from None
