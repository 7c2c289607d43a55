"""
Verification: recompute a published record, report every difference (公开核验).

For anyone who has the record and what it was drawn from: a citizen, an auditor,
a court.  `draws` verifies draws of subjects, `assignments` those of inspectors.
"""

from dsgk.verify.assignments import Standing, verify_assignment
from dsgk.verify.draws import Difference, verify_record


__all__ = ["Difference", "Standing", "verify_assignment", "verify_record"]
