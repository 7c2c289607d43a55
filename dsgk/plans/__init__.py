"""
Annual plans before the draw: entries, amendments, checks, progress (抽查计划).

`_times` holds when and how often an entry is drawn, `_entries` one entry,
`_amendments` what may change and what "raise" means, `_yearly` the plan,
`_reading` plans from printed tables, `_checking` the faults of a plan, `_numbers`
how many subjects it inspects, `_progress` what is done, due and late.
"""

from dsgk.errors import Severity
from dsgk.plans._amendments import Amendment, AmendmentReason, Raise, is_raised
from dsgk.plans._checking import Campaign, PlanFinding, check_plan, joint_plan_due
from dsgk.plans._entries import Mode, ModeReason, PlanEntry, PlannedItem, ProposalReason
from dsgk.plans._numbers import (
    NO_TIERS as NO_TIERS,
    Registers as Registers,
    check_registers as check_registers,
    lead_officers as lead_officers,
    officers_of as officers_of,
)
from dsgk.plans._progress import Progress, Tally, UndrawnBatch
from dsgk.plans._times import (
    Batch,
    Cycle,
    Frequency,
    batch_quotas,
    check_year as check_year,
    month_end as month_end,
    read_window,
)
from dsgk.plans._yearly import Conference, Plan, PlanReading, read_plan


__all__ = [
    "Amendment",
    "AmendmentReason",
    "Batch",
    "Campaign",
    "Conference",
    "Cycle",
    "Frequency",
    "Mode",
    "ModeReason",
    "Plan",
    "PlanEntry",
    "PlanFinding",
    "PlanReading",
    "PlannedItem",
    "Progress",
    "ProposalReason",
    "Raise",
    "Severity",
    "Tally",
    "UndrawnBatch",
    "batch_quotas",
    "check_plan",
    "is_raised",
    "joint_plan_due",
    "read_plan",
    "read_window",
]
