"""
Verification: recompute a published record, report every difference (公开核验).

For anyone who has the record and what it was drawn from: a citizen, an auditor,
a court.  `draws` verifies draws of subjects and the chain of an issuer's
announcements, `assignments` verifies draws of inspectors; slips and receipts need
no list and are checked in `dsgk.draws`.
"""

from dsgk.draws import verify_receipt, verify_slip
from dsgk.verify._assignments import verify_assignment
from dsgk.verify._draws import Difference, verify_chain, verify_record, verify_roll


__all__ = [
    "Difference",
    "verify_assignment",
    "verify_chain",
    "verify_receipt",
    "verify_record",
    "verify_roll",
    "verify_slip",
]
