"""Validators of the values of this room."""

from collections.abc import Iterable
from typing import Any, TypeAlias

import attrs

from dsgk.errors import InvalidTypeError
from dsgk.identifiers import check_id, check_label


__all__ = ["Field", "check_labels", "right_type", "valid_id", "wrong_type"]

Field: TypeAlias = "attrs.Attribute[Any]"
"""What attrs hands to a validator as the field that it validates."""


def valid_id(_: object, field: Field, value: object) -> None:
    """Refuse a field that is no valid id; a validator of attrs."""
    check_id(value, name=field.name)  # type: ignore[arg-type]  # callers may be untyped


def right_type(_: object, field: Field, value: object) -> None:
    """Refuse a field that is not of its annotated class; a validator of attrs."""
    if not isinstance(value, field.type):  # type: ignore[arg-type]
        raise wrong_type(value, field.name, field.type.__name__)  # type: ignore[union-attr]


def wrong_type(value: object, name: str, kind: str) -> InvalidTypeError:
    """Return the error that says that *name* must be of type *kind*."""
    msg = (
        f"{name!r} must be of type {kind} (got {value!r} of type "
        f"{type(value).__name__!r}). Write the value itself, not a text for it."
    )
    return InvalidTypeError(
        msg, code="field-type", params={"name": name, "type": type(value).__name__}
    )


def check_labels(value: object, /, *, name: str) -> frozenset[str]:
    """
    Return *value* as a set of labels.

    Raises:
        InvalidTypeError: It is a single text, or no collection of texts.
        InvalidValueError: A text is no valid label (see `check_label`).
    """
    if isinstance(value, str) or not isinstance(value, Iterable):
        msg = (
            f"{name!r} must be a set of texts (got {value!r}). "
            f"Write {{{str(value)!r}}} for one."
        )
        raise InvalidTypeError(
            msg, code="labels-type", params={"name": name, "type": type(value).__name__}
        )
    return frozenset(check_label(text, name=name) for text in value)
