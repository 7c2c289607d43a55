"""
A host system as a type checker sees it.

Not meant to be run: mypy checks that the fixed names exist and what they give.
"""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from typing import assert_type

import numpy as np
import numpy.typing as npt

from dsgk import (
    Announcement,
    Assignment,
    Base,
    Check,
    Deadline,
    Digits,
    Draw,
    DrawRecord,
    DsgkError,
    Entropy,
    Fairness,
    Fault,
    Frame,
    FramePlan,
    Hex,
    HolidayNotice,
    Inspector,
    InspectorRegister,
    InvalidInput,
    MergedChecks,
    Method,
    Period,
    Ratio,
    Receipt,
    Recusal,
    RecusalReason,
    Roll,
    RuleProfile,
    Seal,
    Seat,
    Seated,
    Shortage,
    Slip,
    StaffingTask,
    Subject,
    SubjectRegister,
    TierPolicy,
    TierRule,
    Unit,
    UnstaffableError,
    Visit,
    Window,
    WorkCalendar,
    announce,
    assign_inspectors,
    check_id,
    conduct,
    draw_subjects,
    merge_checks,
    normal_id,
    verify_chain,
    verify_receipt,
    verify_record,
    verify_slip,
)
from dsgk.kernels.tickets import PartialDraw, tickets
from dsgk.kernels.windows import pierce


def ratios() -> None:
    """Ratios are exact and quotas whole."""
    assert_type(Ratio.at_least("3%"), Ratio)
    assert_type(Ratio.at_most(Fraction(1, 20)), Ratio)
    assert_type(Ratio.between("10%", "20%"), Ratio)
    assert_type(Ratio.count_between(60, 70), Ratio)
    assert_type(Ratio.parse("不低于3%"), Ratio)
    assert_type(Ratio.exactly("10%").quota(16), int)


def days(today: dt.date, starts: npt.NDArray[np.datetime64]) -> None:
    """Deadlines come one by one and a million at a time."""
    notice = HolidayNotice(
        year=2027, days_off=(dt.date(2027, 1, 1),), make_up_days=(), source="x"
    )
    cal = WorkCalendar.china(notices=(notice,))
    assert_type(cal.is_workday(today), bool)
    assert_type(cal.add_workdays(today, 20), dt.date)
    assert_type(cal.count_workdays(today, today), int)
    assert_type(cal.roll(today), dt.date)
    assert_type(cal.announced_through, dt.date)
    deadline = cal.deadline(today, Period(20, Unit.WORKING_DAY))
    assert_type(deadline, Deadline)
    assert_type(deadline.earliest, dt.date)
    assert_type(deadline.provisional, bool)
    _, provisional = cal.add_workdays_array(starts, 20)
    assert_type(provisional, npt.NDArray[np.bool_])


def subjects(table: Mapping[str, list[str]], today: dt.date) -> FramePlan:
    """A register comes out of a table and goes into a frame."""
    register = SubjectRegister.from_table(table)
    assert_type(register[0], Subject)
    assert_type(register.where(kind={"药店"}), SubjectRegister)
    assert_type(register.digest, str)
    assert_type(len(register), int)
    policy = TierPolicy(
        [
            TierRule(
                "A",
                ratio=Ratio.at_most("1%"),
                when={"credit": {"A"}},
                rest=Period(24, Unit.MONTH),
                yearly_cap=1,
            ),
            TierRule("D", ratio=Ratio.exactly("100%"), when={"credit": {"D"}}),
        ]
    )
    plan = policy.frame(register, on=today, base=Base.REGISTERED)
    assert_type(plan.frame, Frame)
    return plan


def draws(plan: FramePlan, today: dt.date) -> DrawRecord:
    """Announced, conducted, published, verified."""
    announcement = announce(
        title="x",
        issuer="y",
        announced_on=today,
        entropy=Entropy("z", today, [Digits("n", 8), Hex("b", 64)]),
        draws={"d": plan},
        roll_key="0" * 32,
        seal=Seal.of("0" * 64, open_by=today),
    )
    assert_type(announcement, Announcement)
    assert_type(announcement.canonical, bytes)
    assert_type(announcement.key(["02071118", "f" * 64]), str)
    roll = Roll.of(plan, name="d", key="0" * 32)
    record = conduct(
        announcement,
        frames={"d": plan},
        roll_key=roll.key,
        entropy=["02071118", "f" * 64],
        secret="0" * 64,
    )
    receipt = record.receipt("d", "S1", roll=roll)
    assert_type(receipt, Receipt)
    assert_type(verify_receipt(receipt, record, id="S1"), tuple[Fault, ...])
    slip = record.slip("d", "S1")
    assert_type(slip, Slip)
    assert_type(verify_slip(slip, record.closed(), id="S1"), tuple[Fault, ...])
    found = verify_record(record.to_dict(), {}, roll_key=roll.key)
    assert_type(found, tuple[Fault, ...])
    assert_type(verify_chain([announcement], [record], on=today), tuple[Fault, ...])
    draw = draw_subjects(plan.frame, plan.quotas, key=record.key)
    assert_type(draw, Draw)
    assert_type(draw.selected, tuple[str, ...])
    assert_type(draw.strata["A"].reserves(3), tuple[str, ...])
    assert_type(tickets(["S1"], record.key), npt.NDArray[np.uint64])
    part = PartialDraw.of(["S1"], ["A"], {"A": 1}, record.key)
    assert_type(part.merge(part), PartialDraw)
    return DrawRecord.from_dict(record.to_dict())


def visits(first: dt.date, last: dt.date) -> MergedChecks:
    """One visit, many checks."""
    check = Check(
        subject_id="S1",
        item="x",
        department="y",
        window=Window(first, last),
        method=Method.ON_SITE,
        initiates=True,
    )
    merged = merge_checks([check])
    assert_type(merged.visits, tuple[Visit, ...])
    assert_type(merged.visits[0].lead, str)
    numbers = pierce(np.array([0]), np.array([1]), np.array([2]))
    assert_type(numbers, npt.NDArray[np.intp])
    return merged


def staff() -> Assignment:
    """A team is drawn, or it is said why there is none."""
    register = InspectorRegister([Inspector(id="A", department="y")])
    task = StaffingTask(id="T", subject_id="S1", seats=(Seat(department="y", count=2),))
    recusal = Recusal(inspector_id="A", subject_id="S1", reason=RecusalReason.KINSHIP)
    try:
        assignment = assign_inspectors(
            [task],
            register,
            key="0" * 32,
            recusals=[recusal],
            fairness=Fairness.EQUAL_CHANCE,
            rules=RuleProfile(min_officers=2),
        )
    except UnstaffableError as error:
        assert_type(error.shortages, tuple[Shortage, ...])
        raise
    assert_type(assignment.teams["T"], tuple[Seated, ...])
    assert_type(assignment.loads["A"], int)
    return assignment


def ids(text: str) -> str:
    """Refused or returned as it is."""
    try:
        return check_id(text)
    except InvalidInput:
        raise
    except DsgkError as error:
        assert_type(error.code, str)
        return normal_id(text)
