"""
The register of inspectors, and recusal (执法检查人员名录库、回避).

Officers, certified or not, and the experts who assist them stand in one
register and are never taken for each other.  `people` holds one person and
what keeps them away from a subject, `register` all of them.
"""

from dsgk.inspectors.people import Inspector, Recusal, RecusalOrigin, RecusalReason
from dsgk.inspectors.register import InspectorChange, InspectorRegister


__all__ = [
    "Inspector",
    "InspectorChange",
    "InspectorRegister",
    "Recusal",
    "RecusalOrigin",
    "RecusalReason",
]
