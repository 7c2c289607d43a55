"""Whatever can be wrong with what is given for an assignment, told at once."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dsgk.assignments.tasks import PastVisit, Seat, StaffingTask, kinds_of
from dsgk.assignments.teams import PresetTeam
from dsgk.errors import Fault, InvalidInput, InvalidValueError, shown
from dsgk.fields import check_type, of_type
from dsgk.identifiers import duplicates
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.sources import PENALTY_LAW_42, PENALTY_LAW_43, RuleProfile, cites


__all__ = ["Given", "check_key", "checked"]

_KEY = re.compile("[0-9a-f]{32}")
_MOST_TASKS = 1_000_000  # what nobody comes to; sums of units stay exact


class Given(NamedTuple):
    """What is left when everything is right."""

    tasks: tuple[StaffingTask, ...]
    teams: tuple[PresetTeam, ...]
    recusals: tuple[Recusal, ...]
    history: tuple[PastVisit, ...]
    loads: Mapping[str, int]


def checked(
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    *,
    teams: Iterable[PresetTeam],
    recusals: Iterable[Recusal],
    history: Iterable[PastVisit],
    current_loads: Mapping[str, int],
    rules: RuleProfile,
) -> Given:
    """
    Check everything that is given.

    Raises:
        InvalidTypeError: An argument as a whole has the wrong type.
        InvalidInput: All faults of the tables at once.
    """
    check_type(register, InspectorRegister, name="register")
    check_type(rules, RuleProfile, name="rules")
    visited, of_tasks = of_type(tasks, StaffingTask, name="tasks")
    together, of_teams = of_type(teams, PresetTeam, name="teams")
    barring, of_recusals = of_type(recusals, Recusal, name="recusals")
    visits, of_history = of_type(history, PastVisit, name="history")
    of_loads = _load_faults(current_loads, register)
    of_tasks += _task_faults(visited, register, rules)
    of_tasks += _batch_faults(visited)
    of_teams += _team_faults(together, register)
    of_recusals += _recusal_faults(barring, register)
    of_history += _history_faults(visits)
    tables = (of_tasks, of_teams, of_recusals, of_history, of_loads)
    if any(tables):
        what = "assignment"
        raise InvalidInput.of(what, [f for t in tables for f in sorted(t, key=_row)])
    return Given(
        tuple(visited.values()),
        tuple(together.values()),
        tuple(barring.values()),
        tuple(visits.values()),
        dict(current_loads),
    )


def check_key(key: object, /) -> None:
    """Refuse what is no key."""
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        msg = (
            f"'key' must be 32 lower-case hex characters (got {key!r}). "
            "Take it from the announcement and the entropy."
        )
        raise InvalidValueError(msg, code="key-form", params={"key": key})


def _row(fault: Fault) -> int:
    return fault.row or 0


@cites(PENALTY_LAW_42)
def _task_faults(
    tasks: Mapping[int, StaffingTask], register: InspectorRegister, rules: RuleProfile
) -> list[Fault]:
    departments = {person.department for person in register}
    there = ", ".join(map(repr, sorted(departments))) or "none"
    s = "s" if rules.min_officers > 1 else ""
    # What is wrong with one is wrong with all that ask for the same.
    known: dict[tuple[tuple[Seat, ...], str | None], tuple[list[str], int, bool]] = {}
    faults = []
    for row, task in tasks.items():
        alike = (task.seats, task.lead)
        if alike not in known:
            names = {name for seat in task.seats for name in seat.departments}
            has_lead = task.lead is None or any(
                seat.officers and seat.departments == {task.lead} for seat in task.seats
            )
            known[alike] = (sorted(names - departments), task.officers, has_lead)
        unknown, officers, has_lead = known[alike]
        for name in unknown:
            msg = (
                f"'department' must be one of the register (task {task.id!r} asks for "
                f"{name!r}, there are {there}). "
                "Write the name as the register does, or add its inspectors."
            )
            faults.append(
                Fault.told(
                    "department-unknown",
                    msg,
                    row=row,
                    column="tasks.seats",
                    params={"task_id": task.id, "department": name},
                )
            )
        if officers < rules.min_officers:
            msg = (
                f"'seats' must give a team of at least {rules.min_officers} certified "
                f"officer{s} (task {task.id!r} has {officers}; experts and seats "
                "for uncertified staff do not count). Raise a count, or give other "
                "'rules' where the law allows it."
            )
            faults.append(
                Fault.told(
                    "team-too-small",
                    msg,
                    row=row,
                    column="tasks.seats",
                    params={
                        "task_id": task.id,
                        "officers": officers,
                        "least": rules.min_officers,
                    },
                    provision=str(PENALTY_LAW_42),
                )
            )
        if not has_lead:
            msg = (
                f"'lead' must be a department with officers' seats of its own (task "
                f"{task.id!r} names {task.lead!r}). A seat that is open to several "
                "departments leaves open whether it will have one: give the "
                "department a seat, or leave 'lead' out to draw among all officers."
            )
            faults.append(
                Fault.told(
                    "lead-without-seat",
                    msg,
                    row=row,
                    column="tasks.lead",
                    params={"task_id": task.id, "lead": task.lead},
                )
            )
    return faults + _repeats(tasks, "tasks", "Number the tasks anew")


def _repeats(
    values: Mapping[int, StaffingTask] | Mapping[int, PresetTeam],
    name: str,
    advice: str,
) -> list[Fault]:
    rows = list(values)
    ids = [value.id for value in values.values()]
    return [
        Fault.told(
            "id-duplicate",
            f"'id' must be unique among the {name} (got {ids[repeat]!r} here and in "
            f"row {rows[first]}). {advice}, or keep one of them.",
            row=rows[repeat],
            column=f"{name}.id",
            params={"text": ids[repeat], "first": rows[first]},
        )
        for repeat, first in duplicates(ids)
    ]


def _batch_faults(tasks: Mapping[int, StaffingTask]) -> list[Fault]:
    """Tasks of one batch get one team, so they have to ask for the same."""
    first_row: dict[str, int] = {}
    faults = []
    for row, task in tasks.items():
        if task.batch is None:
            continue
        first = tasks[first_row.setdefault(task.batch, row)]
        differ = [
            name
            for name, differs in (
                ("seats", kinds_of(task.seats) != kinds_of(first.seats)),
                ("area", task.area != first.area),
                ("lead", task.lead != first.lead),
            )
            if differs
        ]
        if differ:
            msg = (
                f"'batch' must hold tasks that one team can make (in {task.batch!r} "
                f"tasks {first.id!r} and {task.id!r} differ in "
                f"{' and '.join(map(repr, differ))}). Put them into separate batches."
            )
            params = {"batch": task.batch, "task_id": task.id, "first": first.id}
            faults.append(
                Fault.told(
                    "batch-differs", msg, row=row, column="tasks.batch", params=params
                )
            )
    return faults


def _team_faults(
    teams: Mapping[int, PresetTeam], register: InspectorRegister
) -> list[Fault]:
    faults = _repeats(teams, "teams", "Name the teams anew")
    team_of: dict[str, str] = {}
    for row, team in teams.items():
        for member in team.members:
            other = team_of.setdefault(member, team.id)
            params = {"team_id": team.id, "inspector_id": member, "other": other}
            if member not in register:
                msg = (
                    f"'members' must stand in the register (team {team.id!r} names "
                    f"{member!r}). Correct the id, or leave the member out."
                )
                faults.append(
                    Fault.told(
                        "member-unknown",
                        msg,
                        row=row,
                        column="teams.members",
                        params=params,
                    )
                )
            elif other != team.id:
                msg = (
                    f"'members' must be in one team only ({member!r} is in {other!r} "
                    f"and in {team.id!r}). Teams that share somebody use up each "
                    "other, so that no stated chance could be kept: take the member "
                    "out of one team, or draw single inspectors."
                )
                faults.append(
                    Fault.told(
                        "member-of-two-teams",
                        msg,
                        row=row,
                        column="teams.members",
                        params=params,
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
                Fault.told(
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
    first_row: dict[tuple[str, str, dt.date], int] = {}
    faults = []
    for row, visit in visits.items():
        one = (visit.subject_id, visit.inspector_id, visit.on)
        first = first_row.setdefault(one, row)
        if first != row:
            msg = (
                f"'history' must tell once who was where on a day (got "
                f"{visit.inspector_id!r} at {visit.subject_id!r} on {visit.on} here "
                f"and in row {first}). Keep one of the rows."
            )
            params = {"inspector_id": visit.inspector_id, "first": first}
            faults.append(
                Fault.told(
                    "officer-twice", msg, row=row, column="history", params=params
                )
            )
    return faults


def _load_faults(
    loads: Mapping[str, object], register: InspectorRegister
) -> list[Fault]:
    check_type(loads, Mapping, name="current_loads")
    faults = []
    for row, (name, load) in enumerate(loads.items()):
        params = {"inspector_id": name, "load": load}
        column = "current_loads"
        if name not in register:
            msg = (
                f"'current_loads' must be of people in the register (got "
                f"{shown(name)}). Correct the id, or leave out who has left."
            )
            faults.append(
                Fault.told("load-of-nobody", msg, row=row, column=column, params=params)
            )
        elif (
            isinstance(load, bool)
            or not isinstance(load, int)
            or not 0 <= load <= _MOST_TASKS
        ):
            msg = (
                f"'current_loads' must be whole numbers from 0 to {_MOST_TASKS} (got "
                f"{shown(load)} for {name!r}). Count the tasks that the person has "
                "already."
            )
            faults.append(
                Fault.told("load-form", msg, row=row, column=column, params=params)
            )
    return faults
