"""
Differentiated supervision (差异化监管): from risk, credit and promise to a
tier, and from its ratio to a number of subjects.
"""

from dsgk.tiers._policies import (
    LEFT,
    Base,
    Exclusion,
    ExclusionReason,
    Exclusions,
    FramePlan,
    TierPolicy,
    TierRule,
    covering,
)
from dsgk.tiers._ratios import Bound, Measure, Ratio


__all__ = [
    "LEFT",
    "Base",
    "Bound",
    "Exclusion",
    "ExclusionReason",
    "Exclusions",
    "FramePlan",
    "Measure",
    "Ratio",
    "TierPolicy",
    "TierRule",
    "covering",
]
