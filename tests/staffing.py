"""Short names for officers, tasks and recusals, for tests of assignments."""

import datetime as dt

from dsgk.assignments import PastVisit, Seat, StaffingTask, assign_inspectors, chances
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason


KEY = "f050b4356fceca7e0bd30cb92bc14db1"
KEYS = [f"{number:032x}" for number in range(30)]
DAY = dt.date(2026, 3, 2)


def officer(id, department="市场监管", **fields):  # noqa: A002
    return Inspector(id=id, department=department, **fields)


def officers(n, department="市场监管", prefix="P", **fields):
    return [officer(f"{prefix}{k}", department, **fields) for k in range(n)]


def seat(department="市场监管", count=2, **fields):
    return Seat(department=department, count=count, **fields)


def task(number, *seats, subject=None, **fields):
    return StaffingTask(
        id=f"T{number}",
        subject_id=subject or f"S{number}",
        seats=seats or (seat(),),
        **fields,
    )


def kinship(inspector_id, subject_id, **fields):
    return Recusal(
        inspector_id=inspector_id,
        subject_id=subject_id,
        **{"reason": RecusalReason.KINSHIP, **fields},
    )


def visit(inspector_id, subject_id="S1", on=DAY):
    return PastVisit(inspector_id=inspector_id, subject_id=subject_id, on=on)


def assign(tasks, people, **fields):
    return assign_inspectors(tasks, InspectorRegister(people), **{"key": KEY, **fields})


def stated(tasks, people, **fields):
    return chances(tasks, InspectorRegister(people), **fields)


def names(assignment, task_id="T1"):
    return [seated.inspector_id for seated in assignment.teams[task_id]]
