"""
The register of subjects of inspection (检查对象名录库).

`_values` holds one subject, its dated changes and the selection of classes of
subjects; `_registers` the register itself.
"""

from dsgk.subjects._registers import SubjectRegister
from dsgk.subjects._values import (
    FIELDS,
    Accepted,
    Addition,
    Change,
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
    "Selection",
    "Status",
    "Subject",
    "SubjectRegister",
    "Value",
    "attribute_name",
    "read_field",
    "select",
]
