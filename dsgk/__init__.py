"""
The rules of double random, one public inspection (双随机、一公开).

The names that a host system needs on day one; the rest stands in the rooms.
A room is loaded when one of its names is first used, so that importing the
package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING


if TYPE_CHECKING:
    from dsgk import (
        accountability as accountability,
        assignments as assignments,
        calendars as calendars,
        case_leads as case_leads,
        draws as draws,
        errors as errors,
        fairness as fairness,
        frames as frames,
        identifiers as identifiers,
        inspectors as inspectors,
        items as items,
        joint as joint,
        kernels as kernels,
        ledger as ledger,
        performance as performance,
        plans as plans,
        plots as plots,
        publication as publication,
        results as results,
        rounds as rounds,
        simulate as simulate,
        sources as sources,
        subjects as subjects,
        tables as tables,
        testing as testing,
        tiers as tiers,
        verify as verify,
    )
    from dsgk.assignments import (
        Assignment as Assignment,
        AssignmentRecord as AssignmentRecord,
        Fairness as Fairness,
        RedrawRequest as RedrawRequest,
        Seat as Seat,
        Seated as Seated,
        Shortage as Shortage,
        StaffingProblem as StaffingProblem,
        StaffingTask as StaffingTask,
        StatedChances as StatedChances,
        UnstaffableError as UnstaffableError,
        assign_inspectors as assign_inspectors,
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
        Roll as Roll,
        Seal as Seal,
        Slip as Slip,
        announce as announce,
        conduct as conduct,
        draw_subjects as draw_subjects,
    )
    from dsgk.errors import (
        DsgkError as DsgkError,
        Fault as Fault,
        InvalidInput as InvalidInput,
    )
    from dsgk.identifiers import (
        check_id as check_id,
        normal_id as normal_id,
    )
    from dsgk.inspectors import (
        Inspector as Inspector,
        InspectorRegister as InspectorRegister,
        Recusal as Recusal,
        RecusalReason as RecusalReason,
    )
    from dsgk.items import (
        ItemList as ItemList,
        Method as Method,
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
    from dsgk.ledger import (
        Ledger as Ledger,
    )
    from dsgk.plans import (
        Plan as Plan,
        PlanEntry as PlanEntry,
        check_plan as check_plan,
        read_plan as read_plan,
    )
    from dsgk.rounds import (
        Round as Round,
        prepare_round as prepare_round,
    )
    from dsgk.sources import (
        RuleProfile as RuleProfile,
    )
    from dsgk.subjects import (
        Subject as Subject,
        SubjectRegister as SubjectRegister,
    )
    from dsgk.tiers import (
        Base as Base,
        FramePlan as FramePlan,
        Ratio as Ratio,
        TierPolicy as TierPolicy,
        TierRule as TierRule,
    )
    from dsgk.verify import (
        verify_assignment as verify_assignment,
        verify_chain as verify_chain,
        verify_receipt as verify_receipt,
        verify_record as verify_record,
        verify_slip as verify_slip,
    )


_NAMES = {
    "errors": "DsgkError Fault InvalidInput",
    "sources": "RuleProfile",
    "identifiers": "check_id normal_id",
    "calendars": "Deadline HolidayNotice Period Unit WorkCalendar",
    "items": "ItemList Method",
    "subjects": "Subject SubjectRegister",
    "inspectors": "Inspector InspectorRegister Recusal RecusalReason",
    "tiers": "Base FramePlan Ratio TierPolicy TierRule",
    "draws": (
        "Announcement ClosedDraw Digits Draw DrawRecord Entropy Frame Hex\n"
        "Numbers Order Receipt Roll Seal Slip announce conduct draw_subjects"
    ),
    "joint": "Check MergedChecks Visit Window merge_checks",
    "assignments": (
        "Assignment AssignmentRecord Fairness RedrawRequest Seat Seated\n"
        "Shortage StaffingProblem StaffingTask StatedChances UnstaffableError\n"
        "assign_inspectors"
    ),
    "kernels.allocation": "Divisor allocate allocate_optimally",
    "kernels.proportions": (
        "Estimate detection_power estimate_rate sample_size_to_detect"
    ),
    "ledger": "Ledger",
    "plans": "Plan PlanEntry check_plan read_plan",
    "rounds": "Round prepare_round",
    "verify": (
        "verify_assignment verify_chain verify_receipt verify_record verify_slip"
    ),
}
# `help` shows this in place of every page of every class: there is no `__all__`.
__doc__ = f"{__doc__}\nNames by the room that has them:\n\n" + "\n".join(
    f"{room}\n    " + names.replace("\n", "\n    ") for room, names in _NAMES.items()
)
_HOME = {name: home for home, names in _NAMES.items() for name in names.split()}
_ROOMS = frozenset(
    {
        "accountability", "assignments", "calendars", "case_leads", "draws", "errors",
        "fairness", "frames", "identifiers", "inspectors", "items", "joint", "kernels",
        "ledger", "performance", "plans", "plots", "publication", "results", "rounds",
        "simulate", "sources", "subjects", "tables", "testing", "tiers", "verify",
    }
)  # fmt: skip


# Type checkers would take every name for one of ours.
if not TYPE_CHECKING:  # pragma: no branch

    def __getattr__(name: str) -> object:
        """Load the room that is *name*, or that has it."""
        if name in _ROOMS:
            return import_module(f"dsgk.{name}")
        if name not in _HOME:
            msg = f"module 'dsgk' has no attribute {name!r}"
            raise AttributeError(msg)
        value = getattr(import_module(f"dsgk.{_HOME[name]}"), name)
        globals()[name] = value  # found without this function from now on
        return value

    def __dir__() -> list[str]:
        """List what can be had."""
        return sorted([*_HOME, *_ROOMS])
