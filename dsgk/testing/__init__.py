"""
Hypothesis strategies for whoever tests a host system (测试策略).

Plain functions that return strategies, as in `hypothesis.extra`.  `values`
makes any class of values; the others make values that belong together.  Every
option is keyword-only; a wrong one raises Hypothesis' `InvalidArgument` at the
call.  The library accepts whatever the strategies make: a policy takes a
register with the same fields, a draw takes a frame with its quotas, and
`dsgk.verify` takes a record.  Cases at which systems often go wrong are
frequent.  A failing example shrinks to the least one and is printed as the
code that makes it.

Needs Hypothesis, the extra `testing`: ``pip install 'dsgk[testing]'``.  See
``docs/how-to/test-your-adapter.md``.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401  (what all modules here need)
except ModuleNotFoundError as error:
    msg = (
        "dsgk.testing needs Hypothesis, which is not installed. "
        "Install it with: pip install 'dsgk[testing]'"
    )
    raise ModuleNotFoundError(msg, name="hypothesis") from error

from dsgk.assignments import StaffingProblem
from dsgk.testing._announced import (
    AnnouncedCase,
    ConductedCase,
    announced_draws,
    conducted_draws,
    facts,
)
from dsgk.testing._checks import check_lists, checks, windows
from dsgk.testing._columns import (
    ON,
    frames,
    frames_with_quotas,
    quotas,
    ratios,
    selections,
    subject_columns,
    subject_registers,
    subjects,
    tier_policies,
    weights,
)
from dsgk.testing._days import days, holiday_notices, periods, work_calendars
from dsgk.testing._inferred import values
from dsgk.testing._plan_tables import frequencies, plan_entries, plans
from dsgk.testing._staffed import assignment_records, conducted_assignments
from dsgk.testing._staffing import (
    inspector_registers,
    inspectors,
    seats,
    staffing_problems,
    staffing_tasks,
)
from dsgk.testing._texts import credit_codes, entropies, id_lists, ids, keys, labels


__all__ = [
    "ON",
    "AnnouncedCase",
    "ConductedCase",
    "StaffingProblem",
    "announced_draws",
    "assignment_records",
    "check_lists",
    "checks",
    "conducted_assignments",
    "conducted_draws",
    "credit_codes",
    "days",
    "entropies",
    "facts",
    "frames",
    "frames_with_quotas",
    "frequencies",
    "holiday_notices",
    "id_lists",
    "ids",
    "inspector_registers",
    "inspectors",
    "keys",
    "labels",
    "periods",
    "plan_entries",
    "plans",
    "quotas",
    "ratios",
    "seats",
    "selections",
    "staffing_problems",
    "staffing_tasks",
    "subject_columns",
    "subject_registers",
    "subjects",
    "tier_policies",
    "values",
    "weights",
    "windows",
    "work_calendars",
]
