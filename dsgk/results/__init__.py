"""
Results: what was found, where it goes, who stands in, what follows (检查结果).

`codes` is the closed list of results, `findings` brings results into the
ledger and routes violations, `agencies` keeps what qualified agencies
concluded, `substitutes` takes the next in order where a subject could not be
inspected, `feedback` proposes what the registers should learn.
"""

from dsgk.results.agencies import AgencyConclusion, AgencyWork, check_agencies
from dsgk.results.codes import ResultCode
from dsgk.results.feedback import (
    Consequence,
    Fact,
    Feedback,
    FeedbackRule,
    Proposal,
    inspection_changes,
    propose,
)
from dsgk.results.findings import (
    CheckResult,
    Finding,
    Referral,
    Route,
    log_results,
    route_results,
)
from dsgk.results.substitutes import Substitutes, draw_substitutes


__all__ = [
    "AgencyConclusion",
    "AgencyWork",
    "CheckResult",
    "Consequence",
    "Fact",
    "Feedback",
    "FeedbackRule",
    "Finding",
    "Proposal",
    "Referral",
    "ResultCode",
    "Route",
    "Substitutes",
    "check_agencies",
    "draw_substitutes",
    "inspection_changes",
    "log_results",
    "propose",
    "route_results",
]
