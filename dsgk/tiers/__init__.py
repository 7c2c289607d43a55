"""
Differentiated supervision (差异化监管): which tier a subject belongs to by risk,
credit and promise, and how many subjects the tier's ratio asks for.
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
