"""
Differentiated supervision (差异化监管): from risk, credit and promise to a
tier, and from its ratio to a number of subjects.
"""

from dsgk.tiers.ratios import Bound, Measure, Ratio


__all__ = ["Bound", "Measure", "Ratio"]
