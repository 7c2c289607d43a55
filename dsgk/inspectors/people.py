"""One inspector, officer or expert, and recusal from one subject."""

import enum
from collections.abc import Iterable
from typing import Any, TypeAlias

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.identifiers import check_id, check_label
from dsgk.sources import (
    CIVIL_SERVANT_LAW_76,
    CIVIL_SERVANT_LAW_77,
    PENALTY_LAW_42,
    PENALTY_LAW_43,
    article,
    cites,
)


__all__ = [
    "Field",
    "Inspector",
    "Recusal",
    "RecusalOrigin",
    "RecusalReason",
    "check_labels",
    "right_type",
    "valid_id",
    "wrong_type",
]

Field: TypeAlias = "attrs.Attribute[Any]"
"""What attrs hands to a validator as the field that it validates."""


class RecusalReason(enum.Enum):
    """Why an officer keeps away from a subject (回避事由)."""

    OWN_INTEREST = "own-interest"
    """An interest of their own is touched (涉及本人利害关系)."""
    KINSHIP = "kinship"
    """An interest of a relative is touched (涉及亲属的利害关系)."""
    OTHER_RELATION = "other-relation"
    """Another relation that may affect fairness (其他可能影响公正执行公务)."""


class RecusalOrigin(enum.Enum):
    """How a recusal came about (回避的提出)."""

    DECLARED = "declared"
    """By the officer (本人申请)."""
    REQUESTED = "requested"
    """By the subject or another person concerned (利害关系人申请)."""
    ORDERED = "ordered"
    """By the authority, without a request (机关决定)."""


def valid_id(_: object, field: Field, value: object) -> None:
    """Refuse a field that is no valid id; a validator of attrs."""
    check_id(value, name=field.name)  # type: ignore[arg-type]  # callers may be untyped


def _valid_label(_: object, field: Field, value: object) -> None:
    check_label(value, name=field.name)  # type: ignore[arg-type]


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


def _skills(value: Iterable[str]) -> frozenset[str]:
    return check_labels(value, name="skills")


def _home_areas(value: Iterable[str]) -> frozenset[str]:
    return check_labels(value, name="home_areas")


@cites(article(25), PENALTY_LAW_42)
@attrs.frozen(kw_only=True)
class Inspector:
    """
    A person who may be sent to inspect, or to assist (执法检查人员).

    Attributes:
        id: Unique in the register, valid by `check_id`.
        department: Whom the person belongs to, or assists.
        certified: Whether an officer holds a certificate of law enforcement
            (行政执法资格). Staff without one have their place in the register,
            but do not count towards the two officers of a team.
        skills: What the person is qualified for.
        home_areas: Areas with which the person has ties.
        capacity: [int >= 0, or None] Most tasks in one assignment; None for
            as many as there are.
        is_expert: Whether this is an expert who assists (专家). An expert is
            no officer, whatever *certified* says.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: An id or a name is not valid, or the capacity is
            below zero.

    Cites:
        District Opinion, Art. 25: civil servants of law enforcement, staff
        qualified for it and staff of daily supervision stand in the register;
        experts assist.
        Administrative Penalty Law, Art. 42: certified officers inspect.

    Examples:
        >>> Inspector(id="SJ001", department="市场监管").is_officer
        True
        >>> Inspector(id="ZJ001", department="市场监管", is_expert=True).is_officer
        False
    """

    id: str = attrs.field(validator=valid_id)
    department: str = attrs.field(validator=_valid_label)
    certified: bool = attrs.field(default=True, validator=right_type)
    skills: frozenset[str] = attrs.field(default=frozenset(), converter=_skills)
    home_areas: frozenset[str] = attrs.field(default=frozenset(), converter=_home_areas)
    capacity: int | None = attrs.field(default=None)
    is_expert: bool = attrs.field(default=False, validator=right_type)

    @capacity.validator
    def _whole_number(self, field: Field, value: object) -> None:
        if value is None:
            return
        if isinstance(value, bool) or not isinstance(value, int):
            raise wrong_type(value, field.name, "int or None")
        if value < 0:
            msg = (
                f"{field.name!r} must be at least 0 (got {value}). "
                "Write 0 for somebody who takes no tasks, None for no limit."
            )
            raise InvalidValueError(
                msg, code="capacity-below-zero", params={"capacity": value}
            )

    @property
    def is_officer(self) -> bool:
        """Whether the person counts as an officer of a team."""
        return self.certified and not self.is_expert


@cites(PENALTY_LAW_43, CIVIL_SERVANT_LAW_76, CIVIL_SERVANT_LAW_77)
@attrs.frozen(kw_only=True)
class Recusal:
    """
    One inspector keeps away from one subject (回避).

    Attributes:
        inspector_id: The inspector, expert or officer.
        subject_id: The subject.
        reason: The ground of law.
        origin: Whether it was declared, requested or ordered.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: An id is not valid.

    Cites:
        Administrative Penalty Law, Art. 43; Civil Servant Law, Art. 76
        (grounds) and 77 (declared, requested or ordered).

    Examples:
        >>> Recusal(inspector_id="SJ001", subject_id="S1", reason=RecusalReason.KINSHIP)
        Recusal(inspector_id='SJ001', subject_id='S1', reason=<RecusalReason.KINSHIP: 'kinship'>, origin=<RecusalOrigin.DECLARED: 'declared'>)
    """  # noqa: E501

    inspector_id: str = attrs.field(validator=valid_id)
    subject_id: str = attrs.field(validator=valid_id)
    reason: RecusalReason = attrs.field(validator=right_type)
    origin: RecusalOrigin = attrs.field(
        default=RecusalOrigin.DECLARED, validator=right_type
    )
