"""
Sizes to detect, power, estimates of a rate: exact where an answer can be.

`detection` says how many to inspect, `intervals` what was seen tells of all,
`weighting` the same for draws with unequal chances.
"""

from dsgk.kernels.proportions.detection import (
    detection_power,
    detection_power_by_risk,
    detection_power_by_tier,
    sample_size_to_detect,
    sample_sizes_to_detect,
    tier_risks,
)
from dsgk.kernels.proportions.intervals import Estimate, estimate_rate
from dsgk.kernels.proportions.weighting import estimate_weighted_rate


__all__ = [
    "Estimate",
    "detection_power",
    "detection_power_by_risk",
    "detection_power_by_tier",
    "estimate_rate",
    "estimate_weighted_rate",
    "sample_size_to_detect",
    "sample_sizes_to_detect",
    "tier_risks",
]
