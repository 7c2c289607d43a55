"""
The ledger of checks (检查台账): what was drawn, done, entered and published.

Plans, publication, accountability and assessment all read it, so that one
statement about a check is made once.  `values` holds one row and how its cells
are read, `faults` what rows cannot say, `log` the ledger itself.
"""

from dsgk.ledger.log import Ledger
from dsgk.ledger.values import LedgerRow, Origin


__all__ = ["Ledger", "LedgerRow", "Origin"]
