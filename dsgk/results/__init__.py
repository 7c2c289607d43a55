"""
Results: what was found, who deals with it, and what follows (检查结果).

`_findings` holds the closed list of results, the conclusions of agencies, the
results of checks and their routes.  `_follow_up` replaces subjects that could
not be inspected, and proposes changes of the register.
"""

from dsgk.results._findings import (
    AgencyConclusion,
    AgencyWork,
    CheckResult,
    Finding,
    Referral,
    ResultCode,
    Route,
    check_agencies,
    log_results,
    route_results,
)
from dsgk.results._follow_up import (
    Consequence,
    Fact,
    Feedback,
    FeedbackRule,
    Proposal,
    Substitutes,
    draw_substitutes,
    inspection_changes,
    propose,
)


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
