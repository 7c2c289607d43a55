"""
The ledger of checks (检查台账): what was drawn, done, entered and published.

Plans, publication, accountability and assessment all read it, so that one
statement about a check is made once.  `values` holds one row and how its cells
are read, `log` the ledger itself and what its rows cannot say.
"""

from dsgk.ledger.log import Ledger, joint_codes
from dsgk.ledger.values import LedgerRow, Origin


__all__ = ["Ledger", "LedgerRow", "Origin", "joint_codes"]
