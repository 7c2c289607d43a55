"""
Drawing inspectors for the tasks (随机选派执法检查人员).

`problem` is all that a draw depends on but the key, `chances` tells everybody
theirs before anything is drawn, `draw` fills the seats, `shortages` explains why
seats stay empty, `redraw` replaces one person, `record` is the document.
"""

from dsgk.assignments.chances import StatedChances, Statement
from dsgk.assignments.draw import Assignment, Seated, assign_inspectors
from dsgk.assignments.problem import (
    Fairness,
    PastVisit,
    PresetTeam,
    Seat,
    StaffingProblem,
    StaffingTask,
    plan_outings,
)
from dsgk.assignments.record import AssignmentRecord, StaffedTask
from dsgk.assignments.redraw import Redraw, RedrawReason, RedrawRequest
from dsgk.assignments.shortages import Shortage, UnstaffableError


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
