"""
Everything the library raises on purpose.

Imports nothing from *dsgk*, so that every other module may import it.
Messages are English; `code` and `params` are stable, so that a host can show
them in another language.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs


__all__ = [
    "DsgkError",
    "Fault",
    "InvalidInput",
    "InvalidTypeError",
    "InvalidValueError",
    "shown",
]

_FAULTS_SHOWN = 20
_LONGEST_SHOWN = 160
_CUT_TO = 60


def shown(value: object, /) -> str:
    """
    Write a value for a message: its repr, cut where it is long.

    Examples:
        >>> shown("S1 "), len(shown("S1" * 1000))
        ("'S1 '", 61)
    """
    try:
        text = repr(value)
    except ValueError:  # Python writes no int of more than some thousand digits
        return "a number too long to be written"
    return text if len(text) <= _LONGEST_SHOWN else text[:_CUT_TO] + "…"


class DsgkError(Exception):
    """
    Base of every error that the library raises on purpose.

    Attributes:
        code: Stable kebab-case key, part of the public interface; all of
            them stand in ``docs/reference/errors.md``.
        params: What the message was built from, for translation and logs.
        provision: The provision that is broken, as text, if the rule is law.
    """

    code: str = "dsgk-error"

    def __init__(
        self,
        message: str = "",
        *,
        code: str | None = None,
        params: Mapping[str, object] | None = None,
        provision: str | None = None,
    ) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code
        self.params = dict(params or {})
        self.provision = provision


class InvalidValueError(DsgkError, ValueError):
    """A value of the right type breaks a rule."""

    code = "invalid-value"


class InvalidTypeError(DsgkError, TypeError):
    """A value has a type that would make the answer inexact or ambiguous."""

    code = "invalid-type"


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    return dict(params)


@attrs.frozen
class Fault:
    """
    One thing that is wrong with an input.

    Attributes:
        code: Stable kebab-case key.
        message: What was expected, what came, what to write instead.
        row: [int >= 0, or None] Position in the input, counted from 0, such
            that ``column[row]`` is the faulty cell.
        column: Name of the column or field.
        params: What the message was built from.
        provision: The provision that is broken, as text, if the rule is law.
    """

    code: str
    message: str
    row: int | None = attrs.field(default=None, kw_only=True)
    column: str | None = attrs.field(default=None, kw_only=True)
    params: Mapping[str, Any] = attrs.field(
        factory=dict, kw_only=True, converter=_params, hash=False
    )
    provision: str | None = attrs.field(default=None, kw_only=True)

    @classmethod
    def from_error(
        cls, error: DsgkError, *, row: int | None = None, column: str | None = None
    ) -> Self:
        """Keep *error* as a fault of one cell, so that the others are told too."""
        return cls(
            error.code,
            str(error),
            row=row,
            column=column,
            params=error.params,
            provision=error.provision,
        )

    def __str__(self) -> str:
        """Place and message on one line."""
        places = []
        if self.row is not None:
            places.append(f"row {self.row}")
        if self.column is not None:
            places.append(f"column {self.column!r}")
        return ", ".join(places) + ": " + self.message if places else self.message


class InvalidInput(InvalidValueError):  # noqa: N818  (a fixed name of the interface)
    """
    An input has one or more faults; all of them are told at once.

    Attributes:
        faults: Every fault found, in the order of the rows.
    """

    code = "invalid-input"

    def __init__(
        self,
        message: str = "",
        *,
        faults: Iterable[Fault] = (),
        code: str | None = None,
        params: Mapping[str, object] | None = None,
        provision: str | None = None,
    ) -> None:
        super().__init__(message, code=code, params=params, provision=provision)
        self.faults = tuple(faults)

    @classmethod
    def of(cls, what: str, faults: Iterable[Fault]) -> Self:
        """
        Gather *faults* into one error.

        Args:
            what: Name of the input, such as ``"subject register"``.
            faults: One or more.

        Examples:
            >>> print(InvalidInput.of("list", [Fault("empty", "is empty", row=3)]))
            list has 1 fault (rows count from 0)
              row 3: is empty
        """
        faults = tuple(faults)
        head = f"{what} has {len(faults)} fault{'s' if len(faults) > 1 else ''}"
        if any(fault.row is not None for fault in faults):
            head += " (rows count from 0)"
        lines = [head, *(f"  {fault}" for fault in faults[:_FAULTS_SHOWN])]
        if len(faults) > _FAULTS_SHOWN:
            more = len(faults) - _FAULTS_SHOWN
            lines.append(f"  … and {more} more, see `.faults` of this error")
        first = faults[0]
        return cls(
            "\n".join(lines),
            faults=faults,
            params={"what": what, "count": len(faults)},
            provision=first.provision,
        )
