"""
The register of subjects of inspection (检查对象名录库).

`values` holds one subject and what may be said of it, `changes` the dated
changes that keep a register current, `registers` the register itself.
"""

from dsgk.subjects.changes import Addition, Change
from dsgk.subjects.registers import SubjectRegister
from dsgk.subjects.values import Status, Subject, select


__all__ = ["Addition", "Change", "Status", "Subject", "SubjectRegister", "select"]
