"""
The register of subjects of inspection (检查对象名录库).

`values` holds one subject, its dated changes, and which classes of subjects
are meant; `registers` the register itself.
"""

from dsgk.subjects._registers import SubjectRegister
from dsgk.subjects._values import (
    FIELDS,
    Accepted,
    Addition,
    Change,
    Field,
    Selection,
    Status,
    Subject,
    Value,
    attribute_name,
    read_field,
    select,
)


__all__ = [
    "FIELDS",
    "Accepted",
    "Addition",
    "Change",
    "Field",
    "Selection",
    "Status",
    "Subject",
    "SubjectRegister",
    "Value",
    "attribute_name",
    "read_field",
    "select",
]
