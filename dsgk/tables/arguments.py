"""Arguments as a whole: what is none of its kind is refused where it is written."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar, cast

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, shown


__all__ = ["check_mapping", "check_type", "listed", "of_type", "several", "values_in"]

_V = TypeVar("_V")


def check_type(
    value: object, kind: type, /, *, name: str, instead: str | None = None
) -> None:
    """
    Refuse an argument that is not of a class.

    Args:
        value: The argument.
        kind: The class.
        name: What the message calls the argument.
        instead: What to write; by default how one of the class is made.

    Raises:
        InvalidTypeError: It is not.
    """
    if not isinstance(value, kind):
        msg = (
            f"{name!r} must be of type {kind.__name__} (got {shown(value)} of type "
            f"{type(value).__name__!r}). Write {instead or f'{kind.__name__}(…)'}."
        )
        raise InvalidTypeError(
            msg, code="argument-type", params={"name": name, "type": kind.__name__}
        )


def check_mapping(value: object, /, *, name: str, instead: str) -> Mapping[Any, Any]:
    """
    Return an argument that is a mapping.

    Raises:
        InvalidTypeError: It is no mapping.
    """
    if not isinstance(value, Mapping):
        msg = (
            f"{name!r} must be a mapping (got {shown(value)} of type "
            f"{type(value).__name__!r}). Write {instead}."
        )
        raise InvalidTypeError(
            msg, code="argument-mapping", params={"name": name, "instead": instead}
        )
    return value


def values_in(values: object, /) -> Iterator[Any] | None:
    """
    Go through several values; None where it is one alone.

    A text, a mapping and an array without dimensions are one, though Python
    could go through the first two.
    """
    if isinstance(values, (str, bytes, Mapping)):
        return None
    try:
        return iter(cast("Iterable[Any]", values))
    except TypeError:  # an array without dimensions says it can
        return None


def listed(values: object, kind: type, /, *, name: str) -> tuple[Any, ...]:
    """
    Take several values; one alone, a text or a mapping is refused.

    Args:
        values: The argument.
        kind: The class of each of them; not looked at, but named.
        name: What the message calls the argument.

    Raises:
        InvalidTypeError: There are not several values to be had.
    """
    found = values_in(values)
    if found is None:
        msg = (
            f"{name!r} must hold values of type {kind.__name__} (got {shown(values)}). "
            f"Write [{kind.__name__}(…), …]."
        )
        raise InvalidTypeError(
            msg, code="argument-list", params={"name": name, "type": kind.__name__}
        )
    return tuple(found)


def of_type(
    values: Iterable[object], kind: type[_V], /, *, name: str
) -> tuple[dict[int, _V], list[Fault]]:
    """
    Take several values of one class by row, and the faults of those of another.

    Raises:
        InvalidTypeError: There are not several values to be had.
    """
    right: dict[int, _V] = {}
    faults = []
    for row, value in enumerate(listed(values, kind, name=name)):
        if isinstance(value, kind):
            right[row] = value
            continue
        msg = (
            f"{name!r} must hold values of type {kind.__name__} (got "
            f"{shown(value)} of type {type(value).__name__!r}). Write "
            f"{kind.__name__}(…)."
        )
        params = {"name": name, "type": kind.__name__}
        faults.append(Fault("row-type", msg, row=row, column=name, params=params))
    return right, faults


def several(values: Iterable[_V], kind: type[_V], /, *, name: str) -> tuple[_V, ...]:
    """
    Take several values of one class.

    Raises:
        InvalidTypeError: There are not several values to be had.
        InvalidInput: Some are of another class: all of them are told.
    """
    right, faults = of_type(values, kind, name=name)
    if faults:
        what = f"list {name!r}"
        raise InvalidInput.of(what, faults)
    return tuple(right.values())
