"""Dated changes that keep a register of subjects current (动态更新)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Self

import attrs

from dsgk.errors import (
    Fault,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
    shown,
)
from dsgk.fields import check_day, is_empty
from dsgk.identifiers import check_id
from dsgk.sources import article, cites
from dsgk.subjects.values import FIELDS, Status, Subject, attribute_name, read_field


__all__ = ["Addition", "Change", "Edits", "edits_of"]


def _day(value: object) -> dt.date:
    return check_day(value, name="on")


def _reason(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        msg = (
            f"'reason' must be a text (got {value!r}). "
            "Write which document or fact the change rests on."
        )
        raise InvalidTypeError(msg, code="change-reason", params={"value": value})
    return value


@cites(article(24))
@attrs.frozen(kw_only=True)
class Addition:
    """
    A subject that joins the register (新增).

    Attributes:
        subject: The subject as it stands on that day.
        on: Day from which the register has it.
        reason: The fact or the document that the addition rests on.

    Raises:
        InvalidTypeError: A value has another type.

    Cites:
        District Opinion, Art. 24 (进行动态更新和维护).
    """

    subject: Subject = attrs.field()
    on: dt.date = attrs.field(converter=_day)
    reason: str = attrs.field(converter=_reason)

    @subject.validator
    def _is_subject(self, _: "attrs.Attribute[object]", value: object) -> None:
        if not isinstance(value, Subject):
            msg = (
                f"'subject' must be a Subject (got {value!r}). Write Subject(id='S1')."
            )
            raise InvalidTypeError(msg, code="addition-subject")

    @property
    def subject_id(self) -> str:
        """Id of the subject."""
        return self.subject.id


@cites(article(24))
@attrs.frozen(kw_only=True)
class Change:
    """
    One field of one subject gets another value (变更).

    Attributes:
        subject_id: The subject.
        field: A field of `Subject`, or the name of a further attribute.
        value: The new value, None where it is no longer known.
        on: First day on which the new value holds.
        reason: The fact or the document that the change rests on.

    Raises:
        InvalidTypeError, InvalidValueError: A value has another type, or is
            none of its field.

    Cites:
        District Opinion, Art. 24 (进行动态更新和维护).

    Examples:
        >>> on = dt.date(2025, 3, 1)
        >>> Change(
        ...     subject_id="S1", field="credit", value="D", on=on, reason="列入异常名录"
        ... ).value
        'D'
        >>> Change.struck_off("S1", on=on, reason="注销登记").value
        <Status.STRUCK_OFF: '注销'>
    """

    subject_id: str = attrs.field(converter=check_id)
    field: str
    value: Any
    on: dt.date = attrs.field(converter=_day)
    reason: str = attrs.field(converter=_reason)

    def __attrs_post_init__(self) -> None:
        """Read the value as a cell of its field."""
        if self.field == "id":
            msg = (
                "'field' must not be 'id': a subject with another id is another "
                "subject. Strike the one off and add the other."
            )
            raise InvalidValueError(msg, code="change-id")
        if self.field not in FIELDS:
            attribute_name(self.field)
        if is_empty(self.value) and self.field in {"status", "visits_this_year"}:
            msg = (
                f"'value' must be given for {self.field!r} (got {self.value!r}). "
                "Write Status.ACTIVE, or the number of visits."
            )
            raise InvalidValueError(
                msg, code="change-value", params={"field": self.field}
            )
        object.__setattr__(self, "value", read_field(self.field, self.value))

    @classmethod
    def struck_off(cls, subject_id: str, /, *, on: dt.date, reason: str) -> Self:
        """The subject ceased to exist (注销); it stays in the register as such."""
        return cls._of_status(subject_id, Status.STRUCK_OFF, on, reason)

    @classmethod
    def moved_out(cls, subject_id: str, /, *, on: dt.date, reason: str) -> Self:
        """The subject moved to another district (迁出)."""
        return cls._of_status(subject_id, Status.MOVED_OUT, on, reason)

    @classmethod
    def _of_status(
        cls, subject_id: str, status: Status, on: dt.date, reason: str
    ) -> Self:
        return cls(
            subject_id=subject_id, field="status", value=status, on=on, reason=reason
        )


Edits = dict[str, dict[int, Any]]
"""New values by field, then by row."""


def edits_of(
    changes: Iterable[Addition | Change],
    ids: Sequence[str],
    attributes: Collection[str],
    /,
    *,
    on: dt.date,
) -> tuple[tuple[Subject, ...], Edits]:
    """
    Work out what the changes that are due on a day amount to.

    Args:
        changes: In any order; those of a later day are left alone.
        ids: [n strings] Ids of the register.
        attributes: Further attributes that the register has.
        on: The day.

    Returns:
        Subjects to append, by their ids, as rows n, n + 1 and so on; and the
        cells that change afterwards.

    Raises:
        InvalidInput: Every fault of every change that is due.
    """
    due = _due(changes, on)
    touched = {change.subject_id for _, change in due}
    rows = {text: row for row, text in enumerate(ids) if text in touched}
    faults: list[Fault] = []
    joined: dict[str, Addition] = {}
    for k, change in due:
        if isinstance(change, Addition):
            faults += _addition_faults(change, k, rows, joined, attributes)
            joined.setdefault(change.subject_id, change)
    rows |= {text: row for row, text in enumerate(sorted(joined), len(ids))}
    latest: dict[tuple[str, str], Change] = {}
    edits: Edits = {}
    for k, change in sorted(due, key=lambda pair: pair[1].on):
        if isinstance(change, Addition):
            continue
        place = (change.subject_id, change.field)
        found = _change_faults(
            change,
            k,
            rows=rows,
            joined=joined.get(change.subject_id),
            before=latest.get(place),
            attributes=attributes,
        )
        faults += found
        if not found:
            latest[place] = change
            edits.setdefault(change.field, {})[rows[change.subject_id]] = change.value
    if faults:
        faults.sort(key=lambda fault: fault.row or 0)
        what = "list of changes"
        raise InvalidInput.of(what, faults)
    return tuple(joined[text].subject for text in sorted(joined)), edits


def _due(
    changes: Iterable[Addition | Change], on: dt.date
) -> list[tuple[int, Addition | Change]]:
    listed: list[Any] = list(changes)
    faults = [
        Fault.told(
            "change-type",
            f"must be an Addition or a Change (got {shown(change)}). Write "
            "Change(subject_id=…, field=…, value=…, on=…, reason=…).",
            row=k,
        )
        for k, change in enumerate(listed)
        if not isinstance(change, (Addition, Change))
    ]
    if faults:
        what = "list of changes"
        raise InvalidInput.of(what, faults)
    return [(k, change) for k, change in enumerate(listed) if change.on <= on]


def _addition_faults(
    addition: Addition,
    k: int,
    rows: Mapping[str, int],
    joined: Mapping[str, Addition],
    attributes: Collection[str],
) -> list[Fault]:
    faults = []
    text = addition.subject_id
    if text in rows or text in joined:
        where = "in the register" if text in rows else "among the additions"
        msg = (
            f"must add a subject that is not there yet (got {text!r}, which is "
            f"{where}). Drop it, or change the status of one that came back."
        )
        faults.append(Fault.told("addition-twice", msg, row=k, params={"id": text}))
    faults += [
        _unknown_attribute(name, k, attributes)
        for name, _ in addition.subject.attributes
        if name not in attributes
    ]
    return faults


def _change_faults(
    change: Change,
    k: int,
    *,
    rows: Mapping[str, int],
    joined: Addition | None,
    before: Change | None,
    attributes: Collection[str],
) -> list[Fault]:
    if change.subject_id not in rows:
        msg = (
            f"must change a subject of the register (got {change.subject_id!r}). "
            "Add it first, or correct the id."
        )
        return [
            Fault.told("change-unknown", msg, row=k, params={"id": change.subject_id})
        ]
    if joined is not None and change.on < joined.on:
        msg = (
            f"must not come before its subject (got {change.on} for "
            f"{change.subject_id!r}, added on {joined.on}). Add the subject as it "
            "stands on that day."
        )
        return [
            Fault.told("change-early", msg, row=k, params={"id": change.subject_id})
        ]
    if change.field not in FIELDS and change.field not in attributes:
        return [_unknown_attribute(change.field, k, attributes)]
    if before is not None and before.on == change.on:
        new, old = change.value, before.value
        if (type(new), new) != (type(old), old):
            msg = (
                f"must not contradict another change (got {new!r} for "
                f"{change.field!r} of {change.subject_id!r} on {change.on}, and "
                f"{old!r}). Keep the one that holds."
            )
            params = {"id": change.subject_id, "field": change.field}
            return [Fault.told("change-conflict", msg, row=k, params=params)]
    return []


def _unknown_attribute(name: str, k: int, attributes: Collection[str]) -> Fault:
    listed = ", ".join(map(repr, [*FIELDS, *sorted(attributes)]))
    msg = (
        f"must name a field of the register (got {name!r}). There are {listed}; "
        "give the column when the register is made."
    )
    return Fault.told("unknown-field", msg, row=k, column=name, params={"field": name})
