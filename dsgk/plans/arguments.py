"""Arguments of plans and rounds: what they must be, and how a wrong one is told."""

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import values_in, whole_number


__all__ = ["check_year", "several", "whole", "wrong_type"]

_T = TypeVar("_T")


def wrong_type(value: object, name: str, instead: str) -> InvalidTypeError:
    """Return the error that says what to write for an argument or a field."""
    msg = (
        f"{name!r} must be of another type (got {shown(value)} of type "
        f"{type(value).__name__!r}). Write {instead}."
    )
    return InvalidTypeError(
        msg, code="plan-type", params={"name": name, "type": type(value).__name__}
    )


def several(values: Iterable[_T], name: str, instead: str) -> tuple[_T, ...]:
    """Take several values of a field; a text or one value alone is refused."""
    found = values_in(values)
    if found is None:
        raise wrong_type(values, name, instead)
    return tuple(found)


def whole(value: object, name: str, instead: str) -> int:
    """Take a whole number, NumPy's included."""
    number = whole_number(value)
    if number is None:
        raise wrong_type(value, name, instead)
    return number


def check_year(value: object, /) -> int:
    """Take a year of the calendar, NumPy's integers included."""
    year = whole(value, "year", "2026")
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        msg = f"'year' must be a year of the calendar (got {shown(year)}). Write 2026."
        raise InvalidValueError(msg, code="plan-year", params={"year": year})
    return year
