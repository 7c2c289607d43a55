"""
Drawing inspectors for the tasks (随机选派执法检查人员).

`problem` is all that a draw depends on but the key, `chances` tells everybody
theirs before anything is drawn, `draw` fills the seats, `shortages` explains why
seats stay empty, `redraw` replaces one person, `record` is the document.
"""

from dsgk.assignments._draw import Assignment, Seated, assign_inspectors
from dsgk.assignments._problem import (
    Fairness,
    PastVisit,
    PresetTeam,
    Seat,
    StaffingProblem,
    StaffingTask,
    plan_outings,
)
from dsgk.assignments._record import (
    AssignmentRecord,
    StaffedTask,
    problem_faults as problem_faults,
    staffed as staffed,
)
from dsgk.assignments._redraw import (
    Redraw,
    RedrawReason,
    RedrawRequest,
    Vacancy as Vacancy,
)
from dsgk.assignments._shortages import Shortage, UnstaffableError
from dsgk.assignments._stated import StatedChances, Statement


__all__ = [
    "Assignment",
    "AssignmentRecord",
    "Fairness",
    "PastVisit",
    "PresetTeam",
    "Redraw",
    "RedrawReason",
    "RedrawRequest",
    "Seat",
    "Seated",
    "Shortage",
    "StaffedTask",
    "StaffingProblem",
    "StaffingTask",
    "StatedChances",
    "Statement",
    "UnstaffableError",
    "assign_inspectors",
    "plan_outings",
]
