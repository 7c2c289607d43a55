"""What pictures are given, read and checked before anything is drawn."""

import math
from collections.abc import Iterable, Mapping, Sized
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.tables import column_of


__all__ = ["ids_by_name", "mapping_of", "number_of", "numbers_of", "same_length"]

Floats = npt.NDArray[np.float64]

_NUMBERS = (int, float, Fraction, Decimal, np.integer, np.floating)


def same_length(columns: Mapping[str, Sized]) -> None:
    """
    Refuse columns that differ in length or are empty.

    Raises:
        InvalidValueError: Columns do.
    """
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1 or not min(lengths.values()):
        told = ", ".join(f"{n} of {name!r}" for name, n in lengths.items())
        msg = (
            f"columns of a picture must have one length, 1 or more (got {told}). "
            "Give each value its partner."
        )
        raise InvalidValueError(msg, code="plot-lengths", params={"lengths": lengths})


def number_of(value: object, name: str, *, most: float = math.inf) -> float:
    """
    Read a finite number from 0 to *most*.

    Raises:
        InvalidTypeError: *value* is no number.
        InvalidValueError: It is out of range.
    """
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, _NUMBERS):
        msg = (
            f"{name!r} must be a number (got {shown(value)}). Write it without quotes."
        )
        raise InvalidTypeError(
            msg, code="plot-number-type", params={"type": type(value).__name__}
        )
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not 0 <= number <= most or math.isinf(number):
        range_ = "0 or more, and finite" if math.isinf(most) else f"from 0 to {most:g}"
        msg = f"{name!r} must be {range_} (got {shown(value)}). Correct the figure."
        raise InvalidValueError(
            msg, code="plot-number-range", params={"name": name, "most": most}
        )
    return number


def numbers_of(values: Any, name: str, *, most: float = math.inf) -> Floats:  # noqa: ANN401
    """
    Read a column of finite numbers from 0 to *most*.

    Raises:
        InvalidTypeError: *values* is no column, or one of them no number.
        InvalidValueError: One is out of range.
    """
    column = column_of(values, name=name)
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "iuf":
        return np.array([number_of(value, name, most=most) for value in column])
    numbers = column.astype(np.float64)
    for value in column[~((numbers >= 0) & (numbers <= most) & (numbers < math.inf))]:
        number_of(value, name, most=most)
    return numbers


def mapping_of(value: object, name: str, example: str) -> Mapping[str, Any]:
    """
    Read a mapping of names.

    Raises:
        InvalidTypeError: *value* is no mapping, or one of its names no text.
    """
    if not isinstance(value, Mapping) or not all(isinstance(k, str) for k in value):
        msg = f"{name!r} must map names to data (got {shown(value)}). Write {example}."
        raise InvalidTypeError(
            msg, code="plot-mapping", params={"type": type(value).__name__}
        )
    return value


def ids_by_name(value: object, name: str) -> dict[str, frozenset[str]]:
    """
    Read collections of ids; one text is none.

    Raises:
        InvalidTypeError: *value* is no mapping to collections of ids.
    """
    given = mapping_of(value, name, "{'消防': draw.selected}")
    read: dict[str, frozenset[str]] = {}
    for key, ids in given.items():
        listed = [ids] if isinstance(ids, (str, bytes)) else ids
        texts = list(listed) if isinstance(listed, Iterable) else [listed]
        if listed is not ids or not all(isinstance(text, str) for text in texts):
            msg = (
                f"{name!r} must have the ids of {key!r} (got {shown(ids)}). "
                "Write {'消防': draw.selected}."
            )
            raise InvalidTypeError(
                msg, code="plot-ids", params={"type": type(ids).__name__}
            )
        read[key] = frozenset(texts)
    return read
