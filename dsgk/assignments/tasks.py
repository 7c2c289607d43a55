"""Who is needed for a task: seats, tasks, and who was there last time."""

import datetime as dt
from collections.abc import Iterable
from typing import TypeAlias

import attrs

from dsgk.assignments.arguments import Field, check_labels, right_type, valid_id
from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import check_day
from dsgk.identifiers import check_label
from dsgk.inspectors import Inspector
from dsgk.sources import PENALTY_LAW_42, article, cites


__all__ = ["Kind", "PastVisit", "Seat", "StaffingTask", "kind_of", "kinds_of"]

_MOST_PLACES = 100

Kind: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], bool, bool]
"""Departments, skills, certified, expert: what makes seats open to the same people."""


def _departments(value: str | Iterable[str]) -> str | frozenset[str]:
    if isinstance(value, str):
        return check_label(value, name="department")
    departments = check_labels(value, name="department")
    if not departments:
        msg = (
            "'department' must name at least one department (got none). "
            "Write its name, or a set of names for a seat open to several."
        )
        raise InvalidValueError(msg, code="seat-without-department")
    return next(iter(departments)) if len(departments) == 1 else departments


def _skills(value: Iterable[str]) -> frozenset[str]:
    return check_labels(value, name="skills")


@cites(article(21), article(25), PENALTY_LAW_42)
@attrs.frozen(kw_only=True, cache_hash=True)
class Seat:
    """
    Places of one kind in a team (席位).

    Attributes:
        department: Whose people may take them; a set for seats open to
            several departments.
        count: [int in 1..100] How many places.
        skills: What each of them must be qualified for.
        certified: Whether they are for certified officers alone. Places that
            are not may go to any staff of the department and do not count
            towards the officers whom the law asks for.
        expert: Whether they are for experts, who assist and never count as
            officers.

    Raises:
        InvalidTypeError: A field has the wrong type, such as a count of 2.0.
        InvalidValueError: A name is not valid, or the count is below 1 or
            above 100.

    Cites:
        Administrative Penalty Law, Art. 42 (certified officers); District
        Opinion, Art. 21 and 25 (experts and agencies assist).

    Examples:
        >>> seat = Seat(department="市场监管", skills={"食品"})
        >>> seat.count, seat.officers
        (2, 2)
        >>> seat.admits(Inspector(id="SJ001", department="市场监管", skills={"食品"}))
        True
        >>> seat.admits(Inspector(id="SJ002", department="市场监管"))
        False
    """

    department: str | frozenset[str] = attrs.field(converter=_departments)
    count: int = attrs.field(default=2)
    skills: frozenset[str] = attrs.field(default=frozenset(), converter=_skills)
    certified: bool = attrs.field(default=True, validator=right_type)
    expert: bool = attrs.field(default=False, validator=right_type)

    @count.validator
    def _a_few(self, field: Field, value: object) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            msg = (
                f"{field.name!r} must be an int (got {shown(value)}). "
                "Write a whole number."
            )
            raise InvalidTypeError(msg, code="seat-count-type", params={"count": value})
        if not 1 <= value <= _MOST_PLACES:
            msg = (
                f"{field.name!r} must be from 1 to {_MOST_PLACES} (got "
                f"{shown(value)}). Leave the seat out where nobody is needed; where "
                "more are, part the visit into several tasks."
            )
            raise InvalidValueError(
                msg, code="seat-count-range", params={"count": value}
            )

    @property
    def departments(self) -> frozenset[str]:
        """The departments as a set, also when there is one."""
        if isinstance(self.department, str):
            return frozenset({self.department})
        return self.department

    @property
    def officers(self) -> int:
        """How many of the places count towards the officers of the team."""
        return self.count if self.certified and not self.expert else 0

    def admits(self, person: Inspector, /) -> bool:
        """Whether *person* may take a place, recusals and tasks apart."""
        return (
            person.department in self.departments
            and self.skills <= person.skills
            and self.expert == person.is_expert
            and (self.expert or person.certified or not self.certified)
        )


def kind_of(seat: Seat, /) -> Kind:
    """Return what *seat* asks for, in a form that can be sorted."""
    return (
        tuple(sorted(seat.departments)),
        tuple(sorted(seat.skills)),
        seat.certified,
        seat.expert,
    )


def kinds_of(seats: Iterable[Seat], /) -> tuple[tuple[Kind, int], ...]:
    """Return how many places of each kind there are, in the order of the kinds."""
    places: dict[Kind, int] = {}
    for seat in seats:
        kind = kind_of(seat)
        places[kind] = places.get(kind, 0) + seat.count
    return tuple(sorted(places.items()))


def _seats(value: Iterable[Seat]) -> tuple[Seat, ...]:
    seats: tuple[object, ...] = ()
    if isinstance(value, Iterable):
        seats = tuple(value)
    right = tuple(seat for seat in seats if isinstance(seat, Seat))
    if not right or len(right) < len(seats):
        msg = (
            f"'seats' must be one or more seats (got {value!r}). "
            "Write (Seat(department='市场监管', count=2),)."
        )
        raise InvalidTypeError(msg, code="task-seats")
    return right


def _agencies(value: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(check_labels(value, name="agencies")))


@cites(article(21))
@attrs.frozen(kw_only=True)
class StaffingTask:
    """
    One visit that needs a team (待选派任务).

    Attributes:
        id: Unique among the tasks, valid by `check_id`.
        subject_id: Whom the visit is to; recusals and rotation look at it.
        seats: Who is needed. In a joint visit each department has seats of
            its own.
        area: Where the visit is, if known.
        batch: Name of the half-day on which it is made together with others
            nearby: tasks of one batch get one team. See `batch_tasks`.
        lead: Department from whose officers the one in charge (主检) is
            drawn; None for all officers of the team.
        agencies: Whoever is entrusted with expert work beside the team
            (委托机构). They are recorded and have no seat.

    Raises:
        InvalidTypeError: A field has the wrong type, or there are no seats.
        InvalidValueError: An id or a name is not valid.

    Cites:
        District Opinion, Art. 21 (qualified agencies may be entrusted).

    Examples:
        >>> task = StaffingTask(
        ...     id="T1",
        ...     subject_id="S1",
        ...     seats=(Seat(department="市场监管"), Seat(department="消防", count=1)),
        ... )
        >>> task.officers
        3
    """

    id: str = attrs.field(validator=valid_id)
    subject_id: str = attrs.field(validator=valid_id)
    seats: tuple[Seat, ...] = attrs.field(converter=_seats)
    area: str | None = attrs.field(default=None)
    batch: str | None = attrs.field(default=None)
    lead: str | None = attrs.field(default=None)
    agencies: tuple[str, ...] = attrs.field(default=(), converter=_agencies)

    @area.validator
    @batch.validator
    @lead.validator
    def _label(self, field: Field, value: str | None) -> None:
        if value is not None:
            check_label(value, name=field.name)

    @property
    def officers(self) -> int:
        """How many certified officers the team has."""
        return sum(seat.officers for seat in self.seats)

    def is_leading(self, seat: Seat, /) -> bool:
        """Whether the officer in charge is drawn among those in *seat*."""
        return bool(seat.officers) and (
            self.lead is None or seat.departments == {self.lead}
        )


def _on(value: dt.date) -> dt.date:
    return check_day(value, name="on")


@attrs.frozen(kw_only=True)
class PastVisit:
    """
    Somebody inspected a subject (既往检查).

    An officer does not inspect a subject again whom they inspected last time.
    Last time is counted for each department by itself: it is the latest day
    on which one of its officers was there.  Staff without a certificate who
    were there without an officer do not make a last time; they keep away
    themselves until an officer has been there after them.

    Attributes:
        subject_id: The subject.
        inspector_id: One of those who were there; they need not stand in
            the register any more.
        on: The day.
        department: As whose officer they were there; None for what the
            register says. Give it for those who have left the register: of
            them nobody knows otherwise whose last time it was, so that their
            visit would not count.

    Raises:
        InvalidTypeError: A field has the wrong type.
        InvalidValueError: An id or a name is not valid.
    """

    subject_id: str = attrs.field(validator=valid_id)
    inspector_id: str = attrs.field(validator=valid_id)
    on: dt.date = attrs.field(converter=_on)
    department: str | None = attrs.field(default=None)

    @department.validator
    def _label(self, field: Field, value: str | None) -> None:
        if value is not None:
            check_label(value, name=field.name)
