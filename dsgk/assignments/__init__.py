"""
Drawing inspectors for the tasks (随机选派执法检查人员).

`tasks` says who is needed where, `bench` turns it into seats, pools and bars,
`shortages` explains why seats stay empty, `draw` fills them.
"""

from dsgk.assignments.draw import Assignment, Fairness, Seated, assign_inspectors
from dsgk.assignments.shortages import Shortage, UnstaffableError
from dsgk.assignments.tasks import PastVisit, Seat, StaffingTask


__all__ = [
    "Assignment",
    "Fairness",
    "PastVisit",
    "Seat",
    "Seated",
    "Shortage",
    "StaffingTask",
    "UnstaffableError",
    "assign_inspectors",
]
