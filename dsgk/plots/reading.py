"""What pictures are given, read and checked before anything is drawn."""

import math
from collections.abc import Mapping, Sized
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import invalid
from dsgk.fields import check_mapping, values_in
from dsgk.tables import column_of


__all__ = ["ids_by_name", "mapping_of", "number_of", "numbers_of", "same_length"]

Floats = npt.NDArray[np.float64]

_NUMBERS = (int, float, Fraction, Decimal, np.integer, np.floating)


def same_length(columns: Mapping[str, Sized]) -> None:
    """Reject columns that differ in length or are empty."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1 or not min(lengths.values()):
        told = ", ".join(f"{n} of {name!r}" for name, n in lengths.items())
        raise invalid("plot-lengths", got=told)


def number_of(value: object, name: str, *, most: float = math.inf) -> float:
    """Read a finite number from 0 to *most*."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, _NUMBERS):
        raise invalid("chance-type", name=name, got=value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not 0 <= number <= most or math.isinf(number):
        if math.isinf(most):
            raise invalid("number-finite", name=name, got=value)
        raise invalid("number-range", name=name, got=value, least=0, most=most)
    return number


def numbers_of(values: Any, name: str, *, most: float = math.inf) -> Floats:  # noqa: ANN401
    """Read a column of finite numbers from 0 to *most*."""
    column = column_of(values, name=name)
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "iuf":
        return np.array([number_of(value, name, most=most) for value in column])
    numbers = column.astype(np.float64)
    for value in column[~((numbers >= 0) & (numbers <= most) & (numbers < math.inf))]:
        number_of(value, name, most=most)
    return numbers


def mapping_of(value: object, name: str, example: str) -> Mapping[str, Any]:
    """Read a mapping of names."""
    given = check_mapping(value, name=name, instead=example)
    for key in given:
        if not isinstance(key, str):
            raise invalid("label-type", name=name, got=key, got_type=type(key).__name__)
    return given


def ids_by_name(value: object, name: str) -> dict[str, frozenset[str]]:
    """Read collections of ids; one text is none."""
    given = mapping_of(value, name, "{'消防': draw.selected}")
    read: dict[str, frozenset[str]] = {}
    for key, ids in given.items():
        listed = values_in(ids)
        texts: list[Any] = [None] if listed is None else list(listed)
        if not all(isinstance(text, str) for text in texts):
            raise invalid("plot-ids", name=name, key=key, got=ids)
        read[key] = frozenset(texts)
    return read
