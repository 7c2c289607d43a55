"""
Differentiated supervision (差异化监管): from risk, credit and promise to a
tier, and from its ratio to a number of subjects.
"""

from dsgk.tiers.exclusions import Exclusion, ExclusionReason, Exclusions
from dsgk.tiers.policies import Base, FramePlan, TierPolicy, TierRule
from dsgk.tiers.ratios import Bound, Measure, Ratio


__all__ = [
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
]
