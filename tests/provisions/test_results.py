"""Art. 21, 22 and 27: agencies, routes, feedback."""

import datetime as dt

import attrs
import pytest

from dsgk.assignments import Seat, StaffingTask, UnstaffableError, assign_inspectors
from dsgk.calendars import Period, Unit
from dsgk.errors import InvalidValueError
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import InspectionItem, ItemList
from dsgk.ledger import Ledger, LedgerRow
from dsgk.results import (
    AgencyConclusion,
    CheckResult,
    Consequence,
    FeedbackRule,
    Finding,
    Route,
    check_agencies,
    inspection_changes,
    log_results,
    propose,
    route_results,
)
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule


DAY = dt.date(2026, 4, 1)
ONE = dt.timedelta(1)
OFFICE, ITEM = "市场监管局", "食品抽检"


def row(task="T1", subject="S1", **changes):
    fields = {
        "item": ITEM,
        "department": OFFICE,
        "entry": "3",
        "stratum": "A",
        "drawn_on": DAY,
        "due": DAY + 90 * ONE,
    }
    return LedgerRow(task_id=task, subject_id=subject, **{**fields, **changes})


def result(*findings, task="T1"):
    return CheckResult(
        task_id=task,
        item=ITEM,
        department=OFFICE,
        completed_on=DAY,
        findings=findings,
    )


def conclusion(**changes):
    fields = {
        "agency": "某检测公司",
        "qualification": "CMA 2026001",
        "work": "检验检测",
        "item": ITEM,
        "concluded_on": DAY,
        "document": "检验报告2026-1",
    }
    return AgencyConclusion(**{**fields, **changes})


ITEMS = ItemList([
    InspectionItem(department=OFFICE, name=ITEM, by_agency=True),
    InspectionItem(department=OFFICE, name="价格检查"),
])  # fmt: skip
PEOPLE = InspectorRegister([
    Inspector(id="SJ1", department=OFFICE),
    Inspector(id="ZJ1", department=OFFICE, is_expert=True),
])  # fmt: skip


def test_21_a_qualified_agency_may_be_entrusted_or_its_conclusion_used():
    """可以委托有资质的机构开展……工作，或依法采用相关机构作出的鉴定结论."""
    both = [conclusion(), conclusion(work="鉴定结论", entrusted=False)]
    findings = [Finding(code="corrected", conclusion=used) for used in both]
    ledger = log_results(Ledger.of([row()]), [result(*findings)])

    assert check_agencies(both, items=ITEMS, inspectors=PEOPLE) == ()
    assert ledger[0].results == ("corrected",)


def test_21_an_agency_takes_part_only_where_the_item_list_allows_it():
    """专业机构核查 is a method of some items, not of all."""
    (fault,) = check_agencies(
        [conclusion(item="价格检查")], items=ITEMS, inspectors=PEOPLE
    )

    assert (fault.code, fault.provision) == ("agency-item", "District Opinion, Art. 21")


def test_21_an_agency_is_never_an_officer():
    """It fills no officer's seat, and no officer passes for an agency."""
    (fault,) = check_agencies(
        [conclusion(agency="SJ1")], items=ITEMS, inspectors=PEOPLE
    )
    task = StaffingTask(
        id="T1", subject_id="S1", seats=(Seat(department=OFFICE, count=2),)
    )

    assert fault.code == "agency-officer"
    assert check_agencies(
        [conclusion(agency="ZJ1")], items=ITEMS, inspectors=PEOPLE
    ) == ()  # fmt: skip
    with pytest.raises(UnstaffableError):
        assign_inspectors([task], PEOPLE, key="0" * 32)


def test_22_a_violation_is_penalised_by_the_department_that_found_it():
    """对抽查中发现的违法违规行为，依法进行惩处."""
    (referral,) = route_results([result(Finding(code="corrected"))])

    assert (referral.route, referral.to) == (Route.OWN_PENALTY, OFFICE)
    assert (referral.since, referral.done_on) == (DAY, None)


def test_22_what_others_are_competent_for_is_transferred():
    """发现不属于本部门管辖的违法违规线索，依法移交、转办相关部门."""
    finding = Finding(code="other-rules", competent={"税务局", "消防救援大队"})

    assert [(r.route, r.to) for r in route_results([result(finding)])] == [
        (Route.TRANSFER, "消防救援大队"),
        (Route.TRANSFER, "税务局"),
    ]


def test_22_a_suspected_crime_goes_to_the_judiciary():
    """涉嫌犯罪的，依法及时移送司法机关."""
    finding = Finding(code="pending", suspected_crime=True)
    routes = [referral.route for referral in route_results([result(finding)])]

    assert Route.JUDICIARY in routes
    assert Route.JUDICIARY not in [
        r.route for r in route_results([result(Finding(code="pending"))])
    ]


def test_22_several_routes_at_once_hide_none():
    """Penalty, transfer and judiciary for one finding, besides those of others."""
    findings = (
        Finding(code="pending", competent={OFFICE, "税务局"}, suspected_crime=True),
        Finding(code="food-drug-rules"),
        Finding(code="no-activity"),
    )

    assert [
        (r.code.code, r.route.code) for r in route_results([result(*findings)])
    ] == [
        ("pending", "own-penalty"),
        ("pending", "transfer"),
        ("pending", "judiciary"),
        ("food-drug-rules", "own-penalty"),
    ]


def test_22_a_referral_is_done_on_a_day_from_the_check_on():
    """Before the check nothing could be sent; on the day and after it could."""
    (referral,) = route_results([result(Finding(code="corrected"))])

    with pytest.raises(InvalidValueError):
        referral.done(on=DAY - ONE, document="文")
    assert referral.done(on=DAY, document="文").done_on == DAY
    assert referral.done(on=DAY + ONE, document="文").done_on == DAY + ONE


REGISTER = SubjectRegister.from_columns(id=["S1"], credit=["A"], 黑名单=[False])


def rules():
    return [
        FeedbackRule(
            name="不配合检查", consequence="信用风险分类", when={"不配合检查情节严重"},
            field="credit", moves={"A": "C", "B": "C", "C": "D"},
        ),
        FeedbackRule(
            name="列入名单", consequence="黑名单",
            when={"公示信息隐瞒真实情况弄虚作假"}, field="黑名单", moves={False: True},
        ),
        FeedbackRule(
            name="联合激励", consequence="联合奖惩", when={"未发现问题"}, times=2,
            field="credit", moves={"B": "A"},
        ),
    ]  # fmt: skip


def completed(task, *codes, subject="S1", on=DAY, **changes):
    return row(task, subject, completed_on=on, results=codes, **changes)


def test_27_results_are_proposed_and_never_applied():
    """The register stays as it is until somebody decides."""
    ledger = Ledger.of([completed("T1", "false-disclosure", "not-cooperating")])
    before = REGISTER.digest
    proposals = propose(ledger, REGISTER, rules(), on=DAY).proposals

    assert [(p.consequence, p.change.field, p.change.value) for p in proposals] == [
        (Consequence.CREDIT, "credit", "C"),
        (Consequence.BLACKLIST, "黑名单", True),
    ]
    assert REGISTER.digest == before
    after = REGISTER.apply([p.change for p in proposals], on=DAY)
    assert (after[0].credit, dict(after[0].attributes)) == ("C", {"黑名单": True})


def test_27_every_proposal_names_the_finding_that_causes_it():
    """Whoever decides sees the facts, not the outcome alone."""
    ledger = Ledger.of([completed("T1", "not-cooperating")])
    (proposal,) = propose(ledger, REGISTER, rules(), on=DAY).proposals
    (fact,) = proposal.facts

    assert (fact.subject_id, fact.task_id, fact.code) == (
        "S1", "T1", "not-cooperating",
    )  # fmt: skip
    assert "不配合检查情节严重" in proposal.change.reason


def test_27_a_fact_counts_once():
    """
    Nobody is lowered twice for one fact.

    Not when the round is repeated, not when another department of the same
    visit enters the same fact later; a second fact counts again.
    """
    ledger = Ledger.of([
        completed("T1", "not-cooperating"),
        completed("T1", "not-cooperating", department="公安局", on=DAY + ONE),
        completed("T2", "not-cooperating", entry="4", on=DAY + 2 * ONE),
    ])  # fmt: skip
    register, used, classes = REGISTER, frozenset(), []
    for days in (0, 0, 1, 1, 2, 2):
        feedback = propose(ledger, register, rules(), on=DAY + days * ONE, used=used)
        used |= feedback.used
        register = register.apply(
            [p.change for p in feedback.proposals], on=DAY + days * ONE
        )
        classes.append(register[0].credit)

    assert classes == ["C", "C", "C", "C", "D", "D"]


def test_27_results_of_a_later_day_do_not_count_yet():
    """Before, on and after the day on which the check was completed."""
    ledger = Ledger.of([completed("T1", "not-cooperating", on=DAY + ONE)])
    counts = [
        len(propose(ledger, REGISTER, rules(), on=DAY + n * ONE).proposals)
        for n in range(3)
    ]

    assert counts == [0, 1, 1]


def test_27_good_results_may_raise_a_class():
    """联合奖惩 is incentive as well as punishment; one result is not enough."""
    better = REGISTER.apply([], on=DAY)
    lower = SubjectRegister.from_columns(id=["S1"], credit=["B"], 黑名单=[False])
    one = Ledger.of([completed("T1", "no-problem")])
    two = one.extend([completed("T2", "no-problem", entry="4")])

    assert propose(one, lower, rules(), on=DAY).proposals == ()
    (proposal,) = propose(two, lower, rules(), on=DAY).proposals
    assert (proposal.consequence, proposal.change.value) == (Consequence.JOINT, "A")
    assert propose(two, better, rules(), on=DAY).proposals == ()


def test_27_visits_of_a_year_end_with_the_year():
    """
    年度频次上限: before, on and after the turn of the year.

    A subject at its cap can be drawn again from 1 January on; its rest, which
    runs from the last inspection, goes on.
    """
    new_year = dt.date(2027, 1, 1)
    last = new_year - 90 * ONE
    ledger = Ledger.of([completed("T1", "no-problem", on=last)])
    capped = TierRule("全部", ratio=Ratio.at_least("3%"), yearly_cap=1)
    resting = attrs.evolve(capped, rest=Period(6, Unit.MONTH), yearly_cap=None)
    register, drawable = SubjectRegister.from_columns(id=["S1", "S2"]), []
    for day in (last, new_year - ONE, new_year, new_year + ONE):
        changes = inspection_changes(ledger, register, on=day)
        register = register.apply(changes, on=day)
        drawable.append([
            len(TierPolicy([rule]).frame(register, on=day).frame)
            for rule in (capped, resting)
        ])  # fmt: skip

    assert drawable == [[1, 1], [1, 1], [2, 1], [2, 1]]
    assert register[0].last_inspected_on == last
