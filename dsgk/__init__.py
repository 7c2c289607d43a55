"""
The rules of double random, one public inspection (双随机、一公开).

The names that a host system needs on day one; the rest stands in the modules.
A module is loaded when one of its names is first used, so that importing the
package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from dsgk.assignments import (
        Assignment as Assignment,
        AssignmentRecord as AssignmentRecord,
        Fairness as Fairness,
        PastVisit as PastVisit,
        PresetTeam as PresetTeam,
        Redraw as Redraw,
        RedrawReason as RedrawReason,
        RedrawRequest as RedrawRequest,
        Seat as Seat,
        Seated as Seated,
        Shortage as Shortage,
        StaffingProblem as StaffingProblem,
        StaffingTask as StaffingTask,
        StatedChances as StatedChances,
        UnstaffableError as UnstaffableError,
        assign_inspectors as assign_inspectors,
        plan_outings as plan_outings,
    )
    from dsgk.calendars import (
        Deadline as Deadline,
        HolidayNotice as HolidayNotice,
        Period as Period,
        Unit as Unit,
        WorkCalendar as WorkCalendar,
    )
    from dsgk.draws import (
        Announcement as Announcement,
        ClosedDraw as ClosedDraw,
        Digits as Digits,
        Draw as Draw,
        DrawRecord as DrawRecord,
        Entropy as Entropy,
        Frame as Frame,
        Hex as Hex,
        Numbers as Numbers,
        Order as Order,
        Receipt as Receipt,
        ReceiptStatus as ReceiptStatus,
        Roll as Roll,
        Seal as Seal,
        Slip as Slip,
        Supersession as Supersession,
        announce as announce,
        conduct as conduct,
        draw_subjects as draw_subjects,
    )
    from dsgk.errors import (
        DsgkError as DsgkError,
        Fault as Fault,
        InvalidInput as InvalidInput,
        InvalidTypeError as InvalidTypeError,
        InvalidValueError as InvalidValueError,
    )
    from dsgk.identifiers import (
        check_credit_code as check_credit_code,
        check_id as check_id,
        normal_id as normal_id,
    )
    from dsgk.inspectors import (
        Inspector as Inspector,
        InspectorChange as InspectorChange,
        InspectorRegister as InspectorRegister,
        Recusal as Recusal,
        RecusalOrigin as RecusalOrigin,
        RecusalReason as RecusalReason,
    )
    from dsgk.items import (
        InspectionItem as InspectionItem,
        ItemClass as ItemClass,
        ItemList as ItemList,
        Method as Method,
        read_methods as read_methods,
    )
    from dsgk.joint import (
        Check as Check,
        MergedChecks as MergedChecks,
        Visit as Visit,
        Window as Window,
        merge_checks as merge_checks,
    )
    from dsgk.kernels.allocation import (
        Divisor as Divisor,
        allocate as allocate,
        allocate_optimally as allocate_optimally,
    )
    from dsgk.kernels.proportions import (
        Estimate as Estimate,
        detection_power as detection_power,
        estimate_rate as estimate_rate,
        sample_size_to_detect as sample_size_to_detect,
    )
    from dsgk.leads import (
        Lead as Lead,
        LeadKind as LeadKind,
    )
    from dsgk.ledger import (
        Ledger as Ledger,
        LedgerRow as LedgerRow,
        Origin as Origin,
    )
    from dsgk.plans import (
        Amendment as Amendment,
        AmendmentReason as AmendmentReason,
        Batch as Batch,
        Conference as Conference,
        Frequency as Frequency,
        Mode as Mode,
        ModeReason as ModeReason,
        Plan as Plan,
        PlanEntry as PlanEntry,
        PlanFinding as PlanFinding,
        Raise as Raise,
        check_plan as check_plan,
        read_plan as read_plan,
    )
    from dsgk.publication import (
        publish_by as publish_by,
        schedule_publication as schedule_publication,
    )
    from dsgk.rounds import (
        Round as Round,
        prepare_round as prepare_round,
    )
    from dsgk.sources import (
        Provision as Provision,
        RuleProfile as RuleProfile,
    )
    from dsgk.subjects import (
        Addition as Addition,
        Change as Change,
        Status as Status,
        Subject as Subject,
        SubjectRegister as SubjectRegister,
    )
    from dsgk.tiers import (
        Base as Base,
        Exclusion as Exclusion,
        ExclusionReason as ExclusionReason,
        Exclusions as Exclusions,
        FramePlan as FramePlan,
        Ratio as Ratio,
        TierPolicy as TierPolicy,
        TierRule as TierRule,
    )
    from dsgk.verify import (
        Difference as Difference,
        verify_assignment as verify_assignment,
        verify_chain as verify_chain,
        verify_receipt as verify_receipt,
        verify_record as verify_record,
        verify_slip as verify_slip,
    )


_HOMES = {
    "errors": (
        "DsgkError",
        "Fault",
        "InvalidInput",
        "InvalidTypeError",
        "InvalidValueError",
    ),
    "sources": (
        "Provision",
        "RuleProfile",
    ),
    "identifiers": (
        "check_credit_code",
        "check_id",
        "normal_id",
    ),
    "calendars": (
        "Deadline",
        "HolidayNotice",
        "Period",
        "Unit",
        "WorkCalendar",
    ),
    "items": (
        "InspectionItem",
        "ItemClass",
        "ItemList",
        "Method",
        "read_methods",
    ),
    "subjects": (
        "Addition",
        "Change",
        "Status",
        "Subject",
        "SubjectRegister",
    ),
    "inspectors": (
        "Inspector",
        "InspectorChange",
        "InspectorRegister",
        "Recusal",
        "RecusalOrigin",
        "RecusalReason",
    ),
    "tiers": (
        "Base",
        "Exclusion",
        "ExclusionReason",
        "Exclusions",
        "FramePlan",
        "Ratio",
        "TierPolicy",
        "TierRule",
    ),
    "draws": (
        "Announcement",
        "ClosedDraw",
        "Digits",
        "Draw",
        "DrawRecord",
        "Entropy",
        "Frame",
        "Hex",
        "Numbers",
        "Order",
        "Receipt",
        "ReceiptStatus",
        "Roll",
        "Seal",
        "Slip",
        "Supersession",
        "announce",
        "conduct",
        "draw_subjects",
    ),
    "joint": (
        "Check",
        "MergedChecks",
        "Visit",
        "Window",
        "merge_checks",
    ),
    "assignments": (
        "Assignment",
        "AssignmentRecord",
        "Fairness",
        "PastVisit",
        "PresetTeam",
        "Redraw",
        "RedrawReason",
        "RedrawRequest",
        "Seat",
        "Seated",
        "Shortage",
        "StaffingProblem",
        "StaffingTask",
        "StatedChances",
        "UnstaffableError",
        "assign_inspectors",
        "plan_outings",
    ),
    "kernels.allocation": ("Divisor", "allocate", "allocate_optimally"),
    "kernels.proportions": (
        "Estimate",
        "detection_power",
        "estimate_rate",
        "sample_size_to_detect",
    ),
    "ledger": ("Ledger", "LedgerRow", "Origin"),
    "plans": (
        "Amendment",
        "AmendmentReason",
        "Batch",
        "Conference",
        "Frequency",
        "Mode",
        "ModeReason",
        "Plan",
        "PlanEntry",
        "PlanFinding",
        "Raise",
        "check_plan",
        "read_plan",
    ),
    "rounds": ("Round", "prepare_round"),
    "leads": ("Lead", "LeadKind"),
    "publication": ("publish_by", "schedule_publication"),
    "verify": (
        "Difference",
        "verify_assignment",
        "verify_chain",
        "verify_receipt",
        "verify_record",
        "verify_slip",
    ),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}
_MODULES = frozenset(
    {
        "accountability", "assignments", "calendars", "draws", "errors", "fairness",
        "frames", "identifiers", "inspectors", "items", "joint", "kernels", "leads",
        "ledger", "performance", "plans", "plots", "publication", "results", "rounds",
        "simulate", "sources", "subjects", "tables", "testing", "tiers", "verify",
    }
)  # fmt: skip

__all__ = [*_HOME]  # noqa: PLE0604  (type checkers read the imports above)


def __getattr__(name: str) -> object:
    """Load the module that has *name*."""
    if name in _MODULES:
        return import_module(f"dsgk.{name}")
    if name not in _HOME:
        msg = f"module 'dsgk' has no attribute {name!r}"
        raise AttributeError(msg)
    value: object = getattr(import_module(f"dsgk.{_HOME[name]}"), name)
    globals()[name] = value  # found without this function from now on
    return value


def __dir__() -> list[str]:
    """List what can be had."""
    return sorted({*globals(), *__all__, *_MODULES})
