"""Strategies for any class of values, inferred from the fields it declares."""

import datetime as dt
import enum
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, TypeVar

import attrs
from hypothesis import reject, strategies as st
from hypothesis.errors import InvalidArgument
from hypothesis.strategies import SearchStrategy

from dsgk.assignments import (
    Assignment,
    AssignmentRecord,
    Seat,
    StaffingProblem,
    StaffingTask,
    StatedChances,
    Statement,
)
from dsgk.calendars import HolidayNotice, Period, WorkCalendar
from dsgk.draws import (
    AnnouncedDraw,
    Announcement,
    ClosedDraw,
    DrawRecord,
    Entropy,
    Numbers,
    Receipt,
    Roll,
    Slip,
)
from dsgk.errors import DsgkError
from dsgk.fields import Id, Kind, Label, Note, Stored, Text, Title, Whole, kind_of
from dsgk.frames import Frame
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.joint import Check, MergedChecks, Window, merge_checks
from dsgk.ledger import Ledger, LedgerRow
from dsgk.plans import Frequency, Plan, PlanEntry
from dsgk.rounds import EntryRound
from dsgk.subjects import Selection, Subject, SubjectRegister
from dsgk.testing._announced import announced_draws, conducted_draws, facts
from dsgk.testing._checks import check_lists, checks, windows
from dsgk.testing._columns import (
    ON,
    frames,
    frames_with_quotas,
    ratios_or,
    selections,
    subject_registers,
    subjects,
    tier_policies,
)
from dsgk.testing._days import holiday_notices, periods, work_calendars
from dsgk.testing._plan_tables import frequencies, plan_entries, plans
from dsgk.testing._staffed import assignment_records
from dsgk.testing._staffing import (
    inspector_registers,
    inspectors,
    seats,
    staffing_problems,
    staffing_tasks,
)
from dsgk.testing._texts import (
    accepts,
    check_strategy,
    check_type,
    derived,
    first_of,
    ids,
    keys,
    labels,
    lists_of,
    prose,
)
from dsgk.tiers import Exclusions, FramePlan, Ratio, TierPolicy


_T = TypeVar("_T")
_MOST = 3  # of several values
_TRIES = 10  # until the fields go together
_FIRST, _LAST = dt.date(2019, 1, 1), dt.date(2035, 12, 31)


@st.composite
def _frame_plans(draw: st.DrawFn) -> FramePlan:
    return draw(tier_policies()).frame(draw(subject_registers()), on=ON)


@st.composite
def _receipts(draw: st.DrawFn) -> Receipt:
    record, frames, key = draw(conducted_draws(max_size=1))
    ((name, frame),) = frames.items()
    asked = record if draw(st.booleans()) else record.announcement
    id_ = draw(st.sampled_from(["不在名册", *frame.ids]))
    return asked.receipt(name, id_, roll=Roll.of(frame, name=name, key=key))


@st.composite
def _slips(draw: st.DrawFn) -> Slip:
    few = frames_with_quotas(min_size=1, max_size=4)
    records = first_of(conducted_draws(max_size=1, draws=few))
    record = draw(records.filter(lambda r: r.outcome and any(_selected(r))))
    return record.slip(*draw(st.sampled_from(list(_selected(record)))))


def _selected(record: DrawRecord) -> Iterator[tuple[str, str]]:
    return ((name, id_) for name, d in record.draws.items() for id_ in d.selected)


@st.composite
def _ledger_rows(draw: st.DrawFn) -> LedgerRow:
    day = draw(st.dates(_FIRST, _LAST))
    done: dict[str, Any] = {}
    if draw(st.booleans()):
        on = day + dt.timedelta(draw(st.integers(0, 60)))
        results = (draw(st.sampled_from(["no-problem", "corrected"])),)
        done = {"completed_on": on, "entered_on": on, "results": results}
    few = st.sampled_from("012")
    return LedgerRow(
        task_id=draw(few),
        subject_id=draw(ids()),
        item=draw(labels()),
        department=draw(labels()),
        entry=draw(few),
        stratum=draw(few),
        drawn_on=day,
        due=day + dt.timedelta(90),
        **done,
    )


def _ledgers() -> SearchStrategy[Ledger]:
    apart = (lambda row: row.task_id, lambda row: row.subject_id)
    rows = st.lists(_ledger_rows(), max_size=4, unique_by=apart)
    return derived(rows, Ledger.of)


@st.composite
def _assignments(draw: st.DrawFn) -> Assignment:
    problems = staffing_problems(max_size=_MOST, staffable=True)
    return draw(problems).chances().draw(draw(keys()))


# Classes whose fields do not say what belongs together.
_MADE: Mapping[Any, Callable[[], SearchStrategy[Any]]] = {
    AnnouncedDraw: lambda: derived(values(Announcement), lambda a: a.draws[0]),
    Announcement: lambda: first_of(announced_draws()),
    Assignment: _assignments,
    AssignmentRecord: assignment_records,
    Check: checks,
    ClosedDraw: lambda: derived(
        values(DrawRecord).filter(lambda r: r.outcome is not None), DrawRecord.closed
    ),
    DrawRecord: lambda: first_of(conducted_draws()),
    Entropy: lambda: first_of(facts()),
    EntryRound: lambda: values(
        EntryRound,
        drawn_before=st.lists(ids(), max_size=_MOST),
        reached=st.dictionaries(labels(), st.frozensets(ids()), max_size=2),
    ),
    Exclusions: lambda: derived(_frame_plans(), lambda plan: plan.exclusions),
    Frame: frames,
    FramePlan: _frame_plans,
    Frequency: frequencies,
    HolidayNotice: holiday_notices,
    Inspector: inspectors,
    InspectorRegister: inspector_registers,
    Ledger: _ledgers,
    LedgerRow: _ledger_rows,
    MergedChecks: lambda: derived(check_lists(), merge_checks),
    Numbers: lambda: values(
        Numbers,
        count=st.integers(1, 7),
        least=st.integers(0, 9),
        most=st.integers(16, 80),
    ),
    Period: periods,
    Plan: plans,
    PlanEntry: plan_entries,
    Receipt: _receipts,
    Ratio: lambda: ratios_or(None),
    Seat: seats,
    Slip: _slips,
    StaffingProblem: staffing_problems,
    StaffingTask: staffing_tasks,
    StatedChances: lambda: derived(_assignments(), lambda made: made.stated),
    Statement: lambda: derived(assignment_records(), lambda r: r.statement),
    Subject: subjects,
    SubjectRegister: subject_registers,
    TierPolicy: tier_policies,
    Window: windows,
    WorkCalendar: work_calendars,
}
_CELLS = st.none() | st.booleans() | st.integers(0, 9) | labels()
_BY_TYPE: Mapping[Any, SearchStrategy[Any]] = {
    Any: _CELLS,
    bool: st.booleans(),
    int: st.integers(0, 9),
    float: st.floats(0, 1),
    Decimal: st.decimals(0, 9, places=2),
    dt.date: st.dates(_FIRST, _LAST),
    Fraction: st.fractions(0, 9, max_denominator=100),
    str: st.text(st.characters(codec="utf-8")),
    types.NoneType: st.none(),
    Selection: selections(),
}
_BY_KIND: Mapping[Kind, SearchStrategy[Any]] = {
    kind_of(Id): st.one_of(*[st.sampled_from("01")] * 4, ids()),  # often the same
    kind_of(Label): st.one_of(*[st.sampled_from("01")] * 2, labels()),
    kind_of(Note): st.just("") | labels(),
    kind_of(Text): _BY_TYPE[str],
    kind_of(Title): prose(),
}


def _several(annotation: Any, least: int = 0) -> SearchStrategy[list[Any]]:  # noqa: ANN401
    """Lists of values with different ids, if they have ids."""
    elements = _of(annotation)
    return lists_of(
        elements,
        min_size=least,
        max_size=_MOST,
        unique_by=lambda entry: getattr(entry, "id", None) or object(),
    )


def _of_kind(kind: Kind, annotation: Any) -> SearchStrategy[Any]:  # noqa: ANN401
    """Values of a type that a kind of field takes."""
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    if isinstance(kind, Whole):
        small = st.integers(max(kind.least, 0), min(kind.most, max(kind.least, 0) + 9))
        return small | st.integers(kind.least, kind.most)
    about = kind.schema()
    if "enum" in about:
        return st.sampled_from(about["enum"])
    if "pattern" in about:
        return st.from_regex(about["pattern"], fullmatch=True)
    if "minItems" in about:
        return _several(typing.get_args(annotation)[0], about["minItems"])
    some = ids() | prose() if annotation is str else _of(annotation)
    return some.filter(accepts(kind.convert))


def _of(annotation: Any) -> SearchStrategy[Any]:  # noqa: ANN401, PLR0911
    """Values that a field takes, by its annotation; see `kind_of`."""
    if annotation in _BY_TYPE:
        return _BY_TYPE[annotation]
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Annotated:
        return _of_kind(kind_of(annotation), parts[0])
    if origin in {types.UnionType, typing.Union}:
        return st.one_of(
            [
                _of(part)
                for part in sorted(parts, key=lambda part: part is not types.NoneType)
            ]
        )
    if origin is tuple and parts[-1] is not ...:
        return st.tuples(*map(_of, parts))
    if origin is tuple:
        return _several(parts[0])
    if origin is frozenset:
        return st.frozensets(_of(parts[0]), max_size=_MOST)
    if origin is Mapping:
        return st.dictionaries(_of(parts[0]), _of(parts[1]), max_size=_MOST)
    return values(annotation)


@st.composite
def _built(
    draw: st.DrawFn, cls: type[_T], fields: SearchStrategy[dict[str, Any]]
) -> _T:
    for _ in range(_TRIES):
        given = {name: st.just(value) for name, value in draw(fields).items()}
        try:
            return draw(st.builds(cls, **given))  # printed as the call
        except DsgkError:  # fields that do not go together
            continue
    return reject()


def values(cls: type[_T], /, **fields: SearchStrategy[Any]) -> SearchStrategy[_T]:
    """
    Values of any class of `dsgk` that declares its fields.

    Uses the strategy of the class if there is one.  Shrinks to the least value
    of every required field, and no other.

    Args:
        cls: The class, or a closed list.
        **fields: Strategies by field, in place of the usual ones.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.case_leads import CaseLead
        >>> @given(values(CaseLead, department=st.just("公安局")))
        ... def test_what_is_stored_is_read(case):
        ...     assert CaseLead.from_dict(case.to_dict()) == case
        >>> test_what_is_stored_is_read()
    """
    check_type(type, cls, "cls")
    if cls in _MADE and not fields:
        return _MADE[cls]()
    if issubclass(cls, enum.Enum):
        return st.sampled_from(cls)
    declared = getattr(cls, "__attrs_attrs__", None)
    if declared is None or not issubclass(cls, Stored):
        msg = f"Cannot infer values of cls={cls!r}, which declares no fields"
        raise InvalidArgument(msg)
    known = {str(field.alias): field for field in declared if field.init}
    for name, strategy in fields.items():
        check_strategy(strategy, name)
        if name not in known:
            msg = f"Cannot have {name}={strategy!r}, since fields are {[*known]}"
            raise InvalidArgument(msg)
    every = {
        name: fields[name] if name in fields else _of(field.type)
        for name, field in known.items()
    }
    optional = {
        name: every.pop(name)
        for name, field in known.items()
        if field.default is not attrs.NOTHING and name not in fields
    }
    return _built(cls, st.fixed_dictionaries(every, optional=optional))
