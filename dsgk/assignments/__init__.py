"""
Drawing inspectors for the tasks (随机选派执法检查人员).

`tasks`, `teams` and `batches` say who is needed where, `checks` refuses what is
faulty, `bench` turns it into seats, pools and bars, `shortages` explains why
seats stay empty, `parts` finds chances, `stated` tells everybody theirs, `draw`
fills the seats, `outcome` is what comes out, `redraw` replaces one person,
`records` are documents.
"""

from dsgk.assignments.batches import batch_tasks
from dsgk.assignments.draw import assign_inspectors
from dsgk.assignments.outcome import Assignment, Redraw, RedrawReason, Seated
from dsgk.assignments.parts import Fairness
from dsgk.assignments.records import AssignmentRecord
from dsgk.assignments.redraw import redraw_seat
from dsgk.assignments.shortages import Shortage, UnstaffableError
from dsgk.assignments.stated import DrawMethod, StatedChances, chances
from dsgk.assignments.tasks import PastVisit, Seat, StaffingTask
from dsgk.assignments.teams import PresetTeam


__all__ = [
    "Assignment",
    "AssignmentRecord",
    "DrawMethod",
    "Fairness",
    "PastVisit",
    "PresetTeam",
    "Redraw",
    "RedrawReason",
    "Seat",
    "Seated",
    "Shortage",
    "StaffingTask",
    "StatedChances",
    "UnstaffableError",
    "assign_inspectors",
    "batch_tasks",
    "chances",
    "redraw_seat",
]
