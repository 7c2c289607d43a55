"""Art. 16 and 32: case leads are inspected at once, outside plan, ratio and cap."""

import datetime as dt

import pytest

from dsgk.assignments import StaffingProblem
from dsgk.calendars import Period, Unit, WorkCalendar
from dsgk.case_leads import CaseLead, CaseLeadKind, log_case_leads
from dsgk.draws import Digits, Entropy
from dsgk.errors import InvalidInput
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.performance import (
    coverage,
    joint_figures,
    plan_completion,
    publication_figures,
    violation_rates,
    visit_figures,
)
from dsgk.plans import ModeReason
from dsgk.results import inspection_changes
from dsgk.sources import article, provisions_of
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule


CALENDAR = WorkCalendar.china()
DAY = dt.date(2026, 4, 1)
ONE = dt.timedelta(1)
DRAWN = Ledger.of([
    LedgerRow(
        task_id="T1", subject_id="S1", item="食品经营检查", department="市场监管局",
        entry="3", stratum="A", drawn_on=DAY, due=DAY + 90 * ONE, completed_on=DAY,
        results=("no-problem",),
    )
])  # fmt: skip


def case(kind="投诉举报", **changes):
    fields = {
        "id": "X1",
        "subject_id": "S1",
        "item": "食品经营检查",
        "department": "市场监管局",
        "received_on": DAY,
    }
    return CaseLead(kind=kind, **{**fields, **changes})


@pytest.mark.parametrize("kind", list(CaseLeadKind), ids=lambda kind: kind.code)
def test_16_every_kind_of_case_lead_is_on_the_list_at_once(kind):
    """对……违法违规个案线索，要立即实施检查: its task exists on the day it comes in."""
    ledger = log_case_leads(DRAWN, [case(kind)])

    assert len(ledger.as_of(DAY - ONE)) == 0
    assert len(ledger.as_of(DAY)) == 2
    assert ledger[1].drawn_on == DAY
    assert ledger[1].origin is Origin.CASE_LEAD


def test_16_a_case_lead_is_outside_the_plan():
    """It has neither plan entry nor tier, and none can be given to it."""
    row = log_case_leads(Ledger.of(), [case()])[0]

    assert (row.entry, row.stratum, row.basis) == (None, None, "complaint")
    with pytest.raises(InvalidInput) as caught:
        DRAWN.extend([
            LedgerRow(
                task_id="X1", subject_id="S1", item="食品经营检查",
                department="市场监管局", origin="case-lead", entry="3", drawn_on=DAY,
            )
        ])  # fmt: skip
    assert [f.provision for f in caught.value.faults] == ["District Opinion, Art. 16"]


def test_16_a_case_lead_is_outside_the_caps():
    """
    A subject at its cap or inside its rest is inspected all the same.

    And the case lead uses up nothing: it does not keep the subject out of draws.
    """
    register = SubjectRegister.from_columns(
        id=["S1", "S2"],
        last_inspected_on=[DAY - ONE, None],
        visits_this_year=[1, 0],
    )
    rule = TierRule(
        "全部", ratio=Ratio.at_least("3%"), rest=Period(1, Unit.YEAR), yearly_cap=1
    )
    frame = TierPolicy([rule]).frame(register, on=DAY)
    excluded = [exclusion.id for exclusion in frame.exclusions]
    ledger = log_case_leads(Ledger.of(), [case(), case(id="X2", subject_id="S2")])
    ledger = ledger.record([0, 1], completed_on=DAY, results="no-problem")

    assert excluded == ["S1"]
    assert [row.subject_id for row in ledger] == ["S1", "S2"]
    assert inspection_changes(ledger, register, on=DAY) == ()


def test_16_the_inspectors_of_a_case_lead_are_drawn_at_random():
    """Another fact, other officers: nobody picks who goes."""
    officers = InspectorRegister(
        Inspector(id=f"SJ{n}", department="市场监管局") for n in range(5)
    )
    stated = StaffingProblem([case().task()], officers).chances(
        Entropy("公开号码", DAY, [Digits("号码", 8)]), reason=ModeReason.CASE_LEAD
    )
    teams = {
        tuple(s.inspector_id for s in stated.draw(stated.key([f"{n:08}"])).teams["X1"])
        for n in range(60)
    }

    assert {len(team) for team in teams} == {2}
    assert len(teams) == 10


def test_16_a_case_lead_counts_in_no_statistic():
    """What complaints find says nothing of those who were drawn."""
    ledger = log_case_leads(DRAWN, [case(), case(id="X2", subject_id="S9")])
    ledger = ledger.record([1], completed_on=DAY, results="corrected")
    sizes = {"A": 10}

    for figures in (plan_completion, joint_figures, visit_figures):
        assert figures(DRAWN, on=DAY) == figures(ledger, on=DAY)
    assert coverage(DRAWN, sizes, on=DAY) == coverage(ledger, sizes, on=DAY)
    assert publication_figures(DRAWN, CALENDAR, on=DAY) == publication_figures(
        ledger, CALENDAR, on=DAY
    )
    assert violation_rates(DRAWN, {"3": sizes}, on=DAY) == violation_rates(
        ledger, {"3": sizes}, on=DAY
    )


def test_32_unlicensed_trade_is_a_case_lead_and_needs_no_register():
    """Who has no licence has no credit code, and can be in no draw."""
    stall = case("无证无照经营", subject_id="河边夜市3号摊")
    row = log_case_leads(DRAWN, [stall])[1]

    assert stall.kind.provision == article(32)
    assert (row.subject_id, row.basis) == ("河边夜市3号摊", "unlicensed-trade")
    assert article(32) in provisions_of(log_case_leads)
    for kind in set(CaseLeadKind) - {CaseLeadKind.UNLICENSED}:
        assert kind.provision == article(16)
