"""Arguments of whatever follows the draw: refused where they are written."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from dsgk.errors import Fault, InvalidInput, InvalidTypeError, shown


__all__ = ["check_mapping", "check_type", "listed", "several"]

_V = TypeVar("_V")


def check_type(value: object, kind: type, /, *, name: str) -> None:
    """
    Refuse an argument that is not of a class.

    Raises:
        InvalidTypeError: It is not.
    """
    if not isinstance(value, kind):
        msg = (
            f"{name!r} must be of type {kind.__name__} (got {shown(value)} of type "
            f"{type(value).__name__!r}). Make one with {kind.__name__}(…)."
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
    if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, Iterable):
        msg = (
            f"{name!r} must hold values of type {kind.__name__} (got {shown(values)}). "
            f"Write [{kind.__name__}(…), …]."
        )
        raise InvalidTypeError(
            msg, code="argument-list", params={"name": name, "type": kind.__name__}
        )
    return tuple(values)


def several(values: Iterable[_V], kind: type[_V], /, *, name: str) -> tuple[_V, ...]:
    """
    Take several values of one class.

    Raises:
        InvalidTypeError: There are not several values to be had.
        InvalidInput: Some are of another class: all of them are told.
    """
    taken = listed(values, kind, name=name)
    faults = []
    for row, value in enumerate(taken):
        if not isinstance(value, kind):
            msg = (
                f"{name!r} must hold values of type {kind.__name__} (got "
                f"{shown(value)} of type {type(value).__name__!r}). Make one with "
                f"{kind.__name__}(…)."
            )
            params = {"name": name, "type": kind.__name__}
            faults.append(Fault("row-type", msg, row=row, column=name, params=params))
    if faults:
        what = f"list {name!r}"
        raise InvalidInput.of(what, faults)
    return taken
