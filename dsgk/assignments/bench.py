"""From tasks and registers to seats, pools and bars, every fault told at once."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from dsgk.assignments.tasks import PastVisit, Seat, StaffingTask
from dsgk.errors import Fault, InvalidInput, InvalidTypeError
from dsgk.identifiers import duplicates
from dsgk.inspectors.people import Inspector, Recusal
from dsgk.inspectors.register import InspectorRegister
from dsgk.kernels.flows import Staffing
from dsgk.sources import (
    PENALTY_LAW_42,
    PENALTY_LAW_43,
    RuleProfile,
    article,
    cites,
)


__all__ = ["Bar", "Bench", "last_visits", "prepare"]

_V = TypeVar("_V")


class Bar(NamedTuple):
    """Why one inspector keeps away from one subject."""

    recusals: tuple[Recusal, ...] = ()
    past_visit: PastVisit | None = None


class Bench(NamedTuple):
    """
    Everything that a draw needs, in columns and in one order.

    A *place* is one unit of a seat's count; people and tasks are positions in
    *people* and *tasks*, pools are positions in *members*.

    Attributes:
        tasks: In the order of their ids.
        people: In the order of their ids.
        bars: For each subject, the people who keep away from it.
        seats: The seats of every team that some task asks for, one team after
            another.
        task: [(n,) intp] Task of each place, ascending.
        seat: [(n,) intp] Seat of each place, as a position in *seats*.
        pool: [(n,) intp] Pool of each place, ascending within a task.
        members: [one (k,) intp array per pool] People of the pool, ascending.
        barred: [(m, 2) intp] Pairs of task and person.
        capacity: [(people,) int64] Most places of each person.
    """

    tasks: tuple[StaffingTask, ...]
    people: tuple[Inspector, ...]
    bars: Mapping[str, Mapping[int, Bar]]
    seats: tuple[Seat, ...]
    task: npt.NDArray[np.intp]
    seat: npt.NDArray[np.intp]
    pool: npt.NDArray[np.intp]
    members: tuple[npt.NDArray[np.intp], ...]
    barred: npt.NDArray[np.intp]
    capacity: npt.NDArray[np.int64]

    def staffing(self) -> Staffing:
        """Return the places, all of them empty."""
        return Staffing(self.task, self.pool, self.members, self.barred, self.capacity)


def prepare(
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    *,
    recusals: Iterable[Recusal],
    history: Iterable[PastVisit],
    rules: RuleProfile,
) -> Bench:
    """
    Check everything that is given and bring it into one order.

    Args:
        tasks: In any order.
        register: Who can be sent.
        recusals: Of people in the register; subjects need have no task.
        history: Past visits, of whomever and to whatever subject.
        rules: The numbers of the law.

    Raises:
        InvalidTypeError: An argument as a whole has the wrong type.
        InvalidInput: All faults of tasks, recusals and history at once.
    """
    _refuse_other(register, InspectorRegister, "register")
    _refuse_other(rules, RuleProfile, "rules")
    given, of_tasks = _of_type(tasks, StaffingTask, "tasks")
    team_number: dict[tuple[Seat, ...], int] = {}
    team_of = {
        row: team_number.setdefault(task.seats, len(team_number))
        for row, task in given.items()
    }
    teams = list(team_number)
    barring, of_recusals = _of_type(recusals, Recusal, "recusals")
    visits, of_history = _of_type(history, PastVisit, "history")
    of_tasks += _task_faults(given, team_of, teams, register, rules)
    of_recusals += _recusal_faults(barring, register)
    of_history += _history_faults(visits)
    tables = (of_tasks, of_recusals, of_history)
    if any(tables):
        what = "assignment"
        raise InvalidInput.of(what, [f for t in tables for f in sorted(t, key=_row)])
    rows = sorted(given, key=lambda row: given[row].id)
    ordered = tuple(given[row] for row in rows)
    people = register.inspectors
    bars = _bars(
        barring.values(),
        last_visits(visits.values(), register),
        {person.id: number for number, person in enumerate(people)},
    )
    task, seat, pool, members = _places([team_of[row] for row in rows], teams, people)
    barred = [
        (number, person)
        for number, one in enumerate(ordered)
        for person in bars.get(one.subject_id, ())
    ]
    capacity = [
        len(ordered) if person.capacity is None else person.capacity
        for person in people
    ]
    return Bench(
        tasks=ordered,
        people=people,
        bars=bars,
        seats=tuple(seat for team in teams for seat in team),
        task=task,
        seat=seat,
        pool=pool,
        members=members,
        barred=np.array(barred, dtype=np.intp).reshape(-1, 2),
        capacity=np.array(capacity, dtype=np.int64),
    )


def _refuse_other(value: object, kind: type, name: str) -> None:
    if not isinstance(value, kind):
        msg = (
            f"{name!r} must be of type {kind.__name__} (got {value!r} of type "
            f"{type(value).__name__!r}). Make one with {kind.__name__}(…)."
        )
        raise InvalidTypeError(
            msg, code="argument-type", params={"name": name, "type": kind.__name__}
        )


def _row(fault: Fault) -> int:
    return fault.row or 0


def _of_type(
    values: Iterable[object], kind: type[_V], name: str
) -> tuple[dict[int, _V], list[Fault]]:
    """Values by row, and faults for those of another type."""
    if not isinstance(values, Iterable):
        msg = (
            f"{name!r} must hold values of type {kind.__name__} (got {values!r}). "
            f"Write [{kind.__name__}(…), …]."
        )
        raise InvalidTypeError(
            msg, code="argument-type", params={"name": name, "type": kind.__name__}
        )
    right = {}
    faults = []
    for row, value in enumerate(values):
        if isinstance(value, kind):
            right[row] = value
        else:
            msg = (
                f"{name!r} must hold values of type {kind.__name__} (got {value!r} "
                f"of type {type(value).__name__!r}). Make one with {kind.__name__}(…)."
            )
            params = {"name": name, "type": kind.__name__}
            faults.append(Fault("row-type", msg, row=row, column=name, params=params))
    return right, faults


@cites(PENALTY_LAW_42)
def _task_faults(
    tasks: Mapping[int, StaffingTask],
    team_of: Mapping[int, int],
    teams: Sequence[tuple[Seat, ...]],
    register: InspectorRegister,
    rules: RuleProfile,
) -> list[Fault]:
    departments = {person.department for person in register}
    unknown = [
        sorted({name for seat in team for name in seat.departments} - departments)
        for team in teams
    ]
    officers = [sum(seat.officers for seat in team) for team in teams]
    faults = []
    for row, task in tasks.items():
        team = team_of[row]
        for name in unknown[team]:
            msg = (
                f"'department' must be one of the register (task {task.id!r} asks for "
                f"{name!r}, there are {', '.join(map(repr, sorted(departments)))}). "
                "Write the name as the register does, or add its inspectors."
            )
            faults.append(
                Fault(
                    "department-unknown",
                    msg,
                    row=row,
                    column="tasks.seats",
                    params={"task_id": task.id, "department": name},
                )
            )
        if officers[team] < rules.min_officers:
            msg = (
                f"'seats' must give a team of at least {rules.min_officers} certified "
                f"officers (task {task.id!r} has {officers[team]}; experts and seats "
                "for uncertified staff do not count). Raise a count, or give other "
                "'rules' where the law allows it."
            )
            faults.append(
                Fault(
                    "team-too-small",
                    msg,
                    row=row,
                    column="tasks.seats",
                    params={
                        "task_id": task.id,
                        "officers": officers[team],
                        "least": rules.min_officers,
                    },
                    provision=str(PENALTY_LAW_42),
                )
            )
    rows = list(tasks)
    ids = [task.id for task in tasks.values()]
    for repeat, first in duplicates(ids):
        msg = (
            f"'id' must be unique among the tasks (got {ids[repeat]!r} here and in "
            f"row {rows[first]}). Number the tasks anew, or keep one of them."
        )
        params = {"text": ids[repeat], "first": rows[first]}
        faults.append(
            Fault(
                "id-duplicate", msg, row=rows[repeat], column="tasks.id", params=params
            )
        )
    return faults


@cites(PENALTY_LAW_43)
def _recusal_faults(
    recusals: Mapping[int, Recusal], register: InspectorRegister
) -> list[Fault]:
    faults = []
    for row, recusal in recusals.items():
        if recusal.inspector_id not in register:
            msg = (
                "'inspector_id' of a recusal must stand in the register (got "
                f"{recusal.inspector_id!r}). Correct the id: a recusal of nobody "
                "keeps nobody away. Leave it out if the person has left."
            )
            faults.append(
                Fault(
                    "recusal-of-nobody",
                    msg,
                    row=row,
                    column="recusals.inspector_id",
                    params={"inspector_id": recusal.inspector_id},
                    provision=str(PENALTY_LAW_43),
                )
            )
    return faults


def _history_faults(visits: Mapping[int, PastVisit]) -> list[Fault]:
    first_row: dict[PastVisit, int] = {}
    faults = []
    for row, visit in visits.items():
        first = first_row.setdefault(visit, row)
        if first != row:
            msg = (
                f"'history' must hold an officer once in a team (got "
                f"{visit.inspector_id!r} at {visit.subject_id!r} on {visit.on} here "
                f"and in row {first}). Keep one of the rows."
            )
            params = {"inspector_id": visit.inspector_id, "first": first}
            faults.append(
                Fault("officer-twice", msg, row=row, column="history", params=params)
            )
    return faults


@cites(article(3))
def last_visits(
    history: Iterable[PastVisit], register: InspectorRegister
) -> dict[tuple[str, str], PastVisit]:
    """
    Who was there last time, each department by itself (轮换).

    Args:
        history: Past visits.
        register: Who is an officer of which department.

    Returns:
        Past visits by subject and inspector. Experts are not among them, nor
        people who have left the register.
    """
    latest: dict[tuple[str, str], dt.date] = {}
    of_officers = []
    for visit in history:
        if visit.inspector_id not in register:
            continue
        person = register[visit.inspector_id]
        if not person.is_expert:
            place = (visit.subject_id, person.department)
            of_officers.append((place, visit))
            latest[place] = max(latest.get(place, visit.on), visit.on)
    return {
        (visit.subject_id, visit.inspector_id): visit
        for place, visit in of_officers
        if visit.on == latest[place]
    }


def _bars(
    recusals: Iterable[Recusal],
    visits: Mapping[tuple[str, str], PastVisit],
    number_of: Mapping[str, int],
) -> dict[str, dict[int, Bar]]:
    bars: dict[str, dict[int, Bar]] = {}
    for recusal in sorted(set(recusals), key=_recusal_order):
        of_subject = bars.setdefault(recusal.subject_id, {})
        person = number_of[recusal.inspector_id]
        before = of_subject.get(person, Bar()).recusals
        of_subject[person] = Bar(recusals=(*before, recusal))
    for (subject_id, inspector_id), visit in sorted(visits.items()):
        of_subject = bars.setdefault(subject_id, {})
        person = number_of[inspector_id]
        before = of_subject.get(person, Bar()).recusals
        of_subject[person] = Bar(recusals=before, past_visit=visit)
    return bars


def _recusal_order(recusal: Recusal) -> tuple[str, ...]:
    return (
        recusal.subject_id,
        recusal.inspector_id,
        recusal.reason.value,
        recusal.origin.value,
    )


_Kind = tuple[tuple[str, ...], tuple[str, ...], bool, bool]
_Column = npt.NDArray[np.intp]


def _kind(seat: Seat) -> _Kind:
    """What makes seats open to the same people, in a form that can be sorted."""
    return (
        tuple(sorted(seat.departments)),
        tuple(sorted(seat.skills)),
        seat.certified,
        seat.expert,
    )


def _places(
    team_of: Sequence[int],
    teams: Sequence[tuple[Seat, ...]],
    people: Sequence[Inspector],
) -> tuple[_Column, _Column, _Column, tuple[_Column, ...]]:
    """
    Columns with one row for each place, and the people of each pool.

    Pools are numbered by what they ask for and places of a task ordered by
    pool, so that neither the order of the tasks nor that of their seats has
    any influence.
    """
    one_of_kind = {_kind(seat): seat for team in teams for seat in team}
    number_of = {kind: number for number, kind in enumerate(sorted(one_of_kind))}
    members = tuple(
        np.array(
            [
                number
                for number, person in enumerate(people)
                if one_of_kind[kind].admits(person)
            ],
            dtype=np.intp,
        )
        for kind in number_of
    )
    rows_of: list[list[tuple[int, int]]] = []
    first = 0
    for team in teams:
        kinds = sorted(
            (number_of[_kind(seat)], seat.count, number)
            for number, seat in enumerate(team, first)
        )
        rows_of.append(
            [(pool, number) for pool, count, number in kinds for _ in range(count)]
        )
        first += len(team)
    rows = [row for team in team_of for row in rows_of[team]]
    pool, seat = np.array(rows, dtype=np.intp).reshape(-1, 2).T.copy()
    sizes = np.array([len(rows_of[team]) for team in team_of], dtype=np.intp)
    return np.repeat(np.arange(len(team_of)), sizes), seat, pool, members
