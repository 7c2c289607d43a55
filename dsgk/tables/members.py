"""Closed lists: members with a code, a Chinese label, and the texts read as them."""

import enum
import functools
import unicodedata
from collections.abc import Mapping
from typing import Self

from dsgk.errors import InvalidValueError, shown


__all__ = ["Coded"]


class Coded(enum.Enum):
    """
    Base of a closed list: each member is written ``(code, label, *others)``.

    Attributes:
        label: The Chinese term, as it is shown and printed.
        texts: Code, label and the other texts that stand for the member.

    Examples:
        >>> class Answer(Coded):
        ...     YES = ("yes", "是", "对")
        ...     NO = ("no", "否")
        >>> Answer.read("对"), Answer.YES.code, Answer.YES.label
        (<Answer.YES: 'yes'>, 'yes', '是')
        >>> Answer.read("也许", name="answer")
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: 'answer' must be one of a closed list (got '也许'). Write one of: yes (是), no (否).
    """  # noqa: E501

    label: str
    texts: tuple[str, ...]

    def __new__(cls, code: str, label: str, *others: str) -> Self:
        """Make a member whose value is its code, so that it pickles as that."""
        member = object.__new__(cls)
        member._value_ = code
        member.label = label
        member.texts = (code, label, *others)
        return member

    @property
    def code(self) -> str:
        """Stable kebab-case key, as it stands in tables and documents."""
        return str(self._value_)

    @classmethod
    def read(cls, cell: object, /, *, name: str = "value") -> Self:
        """
        Read a member: itself, its code, its label or another of its texts.

        Args:
            cell: What stands in a table; brackets and commas may be
                full-width or not.
            name: What the message calls it.

        Raises:
            InvalidValueError: It is none of the list; the message shows it.
        """
        if isinstance(cell, cls):
            return cell
        if isinstance(cell, str):
            code = _codes(cls).get(_plain(cell))
            if code is not None:
                return cls._value2member_map_[code]  # type: ignore[return-value]
        listed = ", ".join(f"{member.code} ({member.label})" for member in cls)
        msg = (
            f"{name!r} must be one of a closed list (got {shown(cell)}). "
            f"Write one of: {listed}."
        )
        raise InvalidValueError(
            msg, code="not-in-list", params={"name": name, "value": cell}
        )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


@functools.cache
def _codes(kind: type[Coded]) -> Mapping[str, str]:
    return {_plain(text): member.code for member in kind for text in member.texts}
