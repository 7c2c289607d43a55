"""Art. 28 and 29: for each item, what the records show, and what they do not."""

import datetime as dt

import pytest
from drawing import ROLL_KEY, chance, fact

from dsgk.accountability import (
    Incident,
    ReportedFact,
    beyond_technical_means,
    dealt_with_before,
    exceeded_powers,
    exemption_evidence,
    false_agency_report,
    liability_evidence,
    no_causal_link,
    not_as_required,
    not_carried_out,
    not_on_the_task,
    not_penalised,
    not_published,
    not_sent_to_judiciary,
    other_exemptions,
    other_grounds,
    prevented_by_subject,
    procedure_breached,
    unlawful_coercion,
)
from dsgk.calendars import WorkCalendar
from dsgk.draws import Roll, announce, conduct
from dsgk.errors import InvalidValueError
from dsgk.frames import Frame
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason
from dsgk.items import InspectionItem, ItemList
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.plans import Batch, Plan, PlanEntry, PlannedItem
from dsgk.results import AgencyConclusion, CheckResult, Finding, route_results
from dsgk.sources import RuleProfile, article, provisions_of
from dsgk.tiers import Ratio


CALENDAR = WorkCalendar.china()
DRAWN, DONE, DUE = dt.date(2026, 3, 10), dt.date(2026, 4, 1), dt.date(2026, 6, 30)
ONE = dt.timedelta(1)
OFFICE, ITEM = "市场监管局", "价格检查"
DAYS = (-1, 0, 1)


def row(task="T1", subject="S1", **changes):
    fields = {
        "item": ITEM,
        "department": OFFICE,
        "entry": f"E{task}",
        "stratum": "A",
        "drawn_on": DRAWN,
        "due": DUE,
    }
    return LedgerRow(task_id=task, subject_id=subject, **{**fields, **changes})


def lead(**changes):
    plain = {"origin": Origin.CASE_LEAD, "entry": None, "stratum": None, "due": None}
    return row("X1", "S97", **{**plain, **changes})


def report(number, item, **changes):
    fields = {"on": DUE, "document": "调查报告〔2026〕1号", "words": "所述事实"}
    return ReportedFact(provision=article(number, item), **{**fields, **changes})


def codes(evidence):
    return [one.code for one in evidence]


def test_28_1_a_task_not_carried_out_is_one_past_its_last_day():
    """不执行抽查任务: before, on and after the last day of the window."""
    ledger = Ledger.of([row()])
    found = [not_carried_out(ledger, on=DUE + n * ONE) for n in DAYS]

    assert [codes(evidence) for evidence in found] == [[], [], ["not-carried-out"]]
    (one,) = found[2]
    assert one.shown_by == (ledger[0],)
    assert (one.department, one.on, one.params["days"]) == (OFFICE, DUE, 1)
    assert one.missing == ()


def test_28_1_a_task_delayed_is_one_completed_after_its_last_day():
    """拖延执行抽查任务: before, on and after the last day of the window."""
    ledger = Ledger.of(row(f"T{n}", completed_on=DUE + n * ONE) for n in DAYS)
    found = not_carried_out(ledger, on=DUE + 9 * ONE)

    assert [(one.code, one.task_id) for one in found] == [("delayed", "T1")]
    assert codes(not_carried_out(ledger, on=DUE)) == []
    assert found[0].provision == article(28, 1)


def test_28_1_a_lead_is_open_from_the_day_after_it_came_in():
    """要立即实施检查: before, on and after that day, or after a last day of its own."""
    at_once = Ledger.of([lead()])
    with_day = Ledger.of([lead(due=DUE)])

    assert [codes(not_carried_out(at_once, on=DRAWN + n * ONE)) for n in DAYS] == [
        [], [], ["case-lead-open"],
    ]  # fmt: skip
    assert [codes(not_carried_out(with_day, on=DUE + n * ONE)) for n in DAYS] == [
        [], [], ["not-carried-out"],
    ]  # fmt: skip
    done = at_once.record([0], completed_on=DRAWN + ONE)
    assert codes(not_carried_out(done, on=DUE)) == []


def test_28_2_a_check_without_a_result_is_not_made_as_required():
    """未按要求进行抽查，造成不良后果: consequences are missing until reported."""
    ledger = Ledger.of([row(completed_on=DONE), row("T2", completed_on=DONE,
                                                    results=("closed",))])  # fmt: skip
    found = [not_as_required(ledger, on=DONE + n * ONE) for n in DAYS]
    harm = report(28, 2, task_id="T1")
    (settled,) = not_as_required(ledger, on=DUE, reports=[harm])

    assert [codes(evidence) for evidence in found] == [[], ["no-result"], ["no-result"]]
    assert found[1][0].missing == ("harmful consequences (不良后果)",)
    assert found[1][0].provision == article(28, 2)
    assert settled.missing == ()
    assert settled.shown_by == (ledger[0], harm)


@pytest.mark.parametrize(("officers", "expected"), [
    (1, ["too-few-officers"]), (2, []), (3, []),
])  # fmt: skip
def test_28_3_two_certified_officers_are_the_statutory_procedure(officers, expected):
    """违反法定检查程序: below, at and above the number of the law."""
    people = InspectorRegister([
        *(Inspector(id=f"SJ{n}", department=OFFICE) for n in range(3)),
        Inspector(id="ZJ1", department=OFFICE, is_expert=True),
        Inspector(id="WZ1", department=OFFICE, certified=False),
    ])  # fmt: skip
    team = [*(f"SJ{n}" for n in range(officers)), "ZJ1", "WZ1"]
    ledger = Ledger.of([row(completed_on=DONE)])
    found = procedure_breached(ledger, on=DONE, teams={"T1": team}, inspectors=people)
    three = procedure_breached(
        ledger, on=DONE, teams={"T1": team}, inspectors=people,
        rules=RuleProfile(min_officers=3),
    )  # fmt: skip

    assert codes(found) == expected
    assert codes(three) == (["too-few-officers"] if officers < 3 else [])
    assert codes(procedure_breached(
        ledger, on=DONE - ONE, teams={"T1": team}, inspectors=people
    )) == []  # fmt: skip


def test_28_3_a_recused_officer_violates_the_procedure():
    """回避: the record names the task, not the one to blame."""
    people = InspectorRegister(
        Inspector(id=f"SJ{n}", department=OFFICE) for n in range(3)
    )
    recusals = [
        Recusal(inspector_id="SJ0", subject_id=subject, reason=RecusalReason.KINSHIP)
        for subject in ("S1", "S9")
    ]
    ledger = Ledger.of([row(completed_on=DONE)])

    def found(*team):
        return procedure_breached(
            ledger, on=DONE, teams={"T1": team}, inspectors=people, recusals=recusals
        )

    assert codes(found("SJ1", "SJ2")) == []
    (one,) = found("SJ0", "SJ1")
    assert (one.code, one.params) == ("recusal-ignored", {"recused": 1})
    assert one.provision == article(28, 3)
    assert "SJ0" not in one.message


def test_28_4_an_item_off_the_list_exceeds_the_powers():
    """超越法定职权: before, on and after the day of repeal."""
    items = ItemList([
        InspectionItem(department=OFFICE, name=ITEM, repealed_on=DRAWN),
        InspectionItem(department="公安局", name="治安检查"),
    ])  # fmt: skip
    ledger = Ledger.of([
        *(row(f"T{n}", drawn_on=DRAWN + n * ONE) for n in DAYS),
        row("T5", item="治安检查"),
        row("T6", item="治安检查", department="公安局"),
        row("T7", origin=Origin.CAMPAIGN),
    ])  # fmt: skip
    found = exceeded_powers(ledger, on=DUE, items=items)

    assert [(one.code, one.task_id) for one in found] == [
        ("item-not-listed", "T0"),
        ("item-not-listed", "T1"),
        ("item-not-listed", "T5"),
    ]


def test_28_4_one_name_for_several_objects_is_told_apart_by_the_plan():
    """
    Before, on and after the day on which the item for hotels is repealed.

    The list has the name for restaurants, too, for which it stays in force.
    Without the plan the record leaves open which of the two was inspected.
    """
    items = ItemList([
        InspectionItem(department=OFFICE, name=ITEM, object="宾馆", repealed_on=DRAWN),
        InspectionItem(department=OFFICE, name=ITEM, object="餐饮"),
    ])  # fmt: skip
    plan = Plan(
        year=2026,
        issuer="区联席会议",
        entries=[
            PlanEntry(
                id=kind,
                items=[PlannedItem(ITEM, object=kind)],
                ratio=Ratio.at_least("3%"),
                lead=OFFICE,
                batches=[Batch(DRAWN, DUE)],
            )
            for kind in ("宾馆", "餐饮")
        ],
    )

    def found(kind, *plans):
        rows = [
            row(f"T{n}", entry=kind, drawn_on=DRAWN + n * ONE, due=DUE) for n in DAYS
        ]
        evidence = exceeded_powers(Ledger.of(rows), on=DUE, items=items, plans=plans)
        return [(one.task_id, len(one.missing)) for one in evidence]

    assert found("宾馆", plan) == [("T0", 0), ("T1", 0)]
    assert found("餐饮", plan) == []
    assert found("宾馆") == found("餐饮") == [("T0", 1), ("T1", 1)]


FRAME = Frame([f"S{n}" for n in range(6)], ["A"] * 6)
ROLL = Roll.of(FRAME, name="3", key=ROLL_KEY)


def conducted():
    announcement = announce(
        title="抽取", issuer="区联席会议", announced_on=DRAWN,
        **fact(DRAWN), draws={"3": (FRAME, {"A": 2})},
    )  # fmt: skip
    return conduct(announcement, {"3": FRAME}, **chance("02-07"))


def test_28_4_inspecting_who_was_not_drawn_abuses_the_powers():
    """滥用法定职权: the draw record shows who was drawn."""
    record = conducted()
    drawn = record.draws["3"].selected
    ledger = Ledger.of(
        row(f"T{s}", s, entry="3", basis=record.announcement.digest) for s in FRAME.ids
    )
    found = exceeded_powers(ledger, on=DUE, records=[record])

    assert {one.subject_id for one in found} == set(FRAME.ids) - set(drawn)
    assert set(codes(found)) == {"not-drawn"}
    assert {one.provision for one in found} == {article(28, 4)}


def test_28_5_unlawful_coercion_is_shown_by_reports_alone():
    """违法实施行政强制措施: no ledger shows it."""
    fact = report(28, 5)
    (one,) = unlawful_coercion([fact, report(28, 6)])

    assert (one.provision, one.shown_by) == (article(28, 5), (fact,))
    assert unlawful_coercion([]) == ()


def referrals(*, competent=(), crime=False):
    return route_results([
        CheckResult(
            task_id="T1", item=ITEM, department=OFFICE, completed_on=DONE,
            findings=Finding(
                code="pending", competent=competent, suspected_crime=crime
            ),
        )
    ])  # fmt: skip


FOUND = Ledger.of([row(completed_on=DONE, results=("pending",))])


def test_28_6_a_violation_not_penalised_is_one_still_open():
    """发现违法违规行为，未及时惩处: before, on and after the day it was found."""
    (own,) = referrals()
    found = [not_penalised(FOUND, [own], on=DONE + n * ONE) for n in DAYS]

    assert [codes(evidence) for evidence in found] == [[], [], ["referral-open"]]
    assert found[2][0].shown_by == (own,)
    done = own.done(on=DONE + ONE, document="处罚决定")
    assert [codes(not_penalised(FOUND, [done], on=DONE + n * ONE)) for n in (1, 2)] == [
        [], [],
    ]  # fmt: skip


def test_28_6_a_lead_not_transferred_leaves_a_violation_unpunished():
    """What another department is competent for must reach it."""
    (transfer,) = referrals(competent={"税务局"})
    (one,) = not_penalised(FOUND, [transfer], on=DUE)

    assert (one.provision, one.subject_id) == (article(28, 6), "S1")
    assert "税务局" in one.message


def test_28_7_a_suspected_crime_must_reach_the_judiciary():
    """未依法移送司法机关: before, on and after the day it was found."""
    sent = referrals(crime=True)
    found = [not_sent_to_judiciary(FOUND, sent, on=DONE + n * ONE) for n in DAYS]
    done = [one.done(on=DUE, document="移送书") for one in sent]

    assert [codes(evidence) for evidence in found] == [[], [], ["referral-open"]]
    assert found[2][0].provision == article(28, 7)
    assert [codes(not_sent_to_judiciary(FOUND, done, on=DUE + n * ONE))
            for n in DAYS] == [["referral-open"], [], []]  # fmt: skip
    assert not_sent_to_judiciary(FOUND, referrals(), on=DUE) == ()


def test_28_8_a_result_not_published_in_time():
    """未依法及时公示: before, on and after the twentieth working day."""
    due = CALENDAR.add_workdays(DONE, 20)

    def found(n, *reports):
        return not_published(
            FOUND, on=due + n * ONE, calendar=CALENDAR, reports=reports
        )

    assert [codes(found(n)) for n in DAYS] == [[], [], ["not-published"]]
    assert found(1)[0].missing == ("harmful consequences (不良后果)",)
    assert found(1)[0].provision == article(28, 8)
    (harmed,) = found(1, report(28, 8, subject_id="S1"))
    assert harmed.missing == ()
    (shorter,) = not_published(
        FOUND, on=due, calendar=CALENDAR, rules=RuleProfile(publication_workdays=19)
    )
    assert shorter.code == "not-published"


def test_28_8_a_result_published_late():
    """Before, on and after the twentieth working day; exempt ones owe nothing."""
    due = CALENDAR.add_workdays(DONE, 20)
    ledger = Ledger.of([
        *(row(f"T{n}", completed_on=DONE, results=("closed",),
              entered_on=DONE, published_on=due + n * ONE) for n in DAYS),
        row("T9", completed_on=DONE, results=("closed",), exemption="privacy"),
    ])  # fmt: skip
    found = not_published(ledger, on=due + 9 * ONE, calendar=CALENDAR)

    assert [(one.code, one.task_id) for one in found] == [("published-late", "T1")]


def test_28_9_other_grounds_are_shown_by_reports_alone():
    """其他依法依规应当追究责任的: the law is named by whoever reports."""
    fact = report(28, 9)
    (one,) = other_grounds([fact])

    assert (one.provision, one.shown_by) == (article(28, 9), (fact,))


INCIDENT = Incident(subject_id="S1", item=ITEM, department=OFFICE, happened_on=DUE)


def test_29_1_a_receipt_proves_that_a_subject_was_not_drawn():
    """未被抽查的监管对象: ticket above the cut, for anyone to compute."""
    record = conducted()
    receipts = {s: record.receipt("3", s, roll=ROLL) for s in FRAME.ids}
    found = {
        s: not_on_the_task(
            Incident(subject_id=s, item=ITEM, department=OFFICE, happened_on=DUE),
            Ledger.of(),
            receipts=[receipt],
            records=[record],
        )
        for s, receipt in receipts.items()
    }

    assert {s for s, evidence in found.items() if evidence} == {
        s for s, receipt in receipts.items() if not receipt.drawn
    }
    for s, evidence in found.items():
        for one in evidence:
            assert one.shown_by == (receipts[s],)
            assert receipts[s].ticket > receipts[s].cut
            assert one.missing == ()
            assert one.provision == article(29, 1)


def test_29_1_who_was_inspected_on_another_ground_is_not_exempt():
    """A substitute or a lead was on a task, though not drawn."""
    record = conducted()
    receipt = next(
        r for s in FRAME.ids if not (r := record.receipt("3", s, roll=ROLL)).drawn
    )
    incident = Incident(
        subject_id=receipt.id, item=ITEM, department=OFFICE, happened_on=DUE
    )
    stand_in = Ledger.of([row("T1", receipt.id, replaces="S99")])

    assert (
        not_on_the_task(incident, stand_in, receipts=[receipt], records=[record]) == ()
    )


def test_29_1_the_item_was_not_on_the_task():
    """不在检查任务内的检查事项: before, on and after the day of the draw."""
    ledger = Ledger.of([row(item="广告检查"), row(item="计量检查")])
    found = [
        not_on_the_task(
            Incident(
                subject_id="S1", item=ITEM, department=OFFICE,
                happened_on=DRAWN + n * ONE,
            ),
            ledger,
        )
        for n in DAYS
    ]  # fmt: skip

    assert [codes(evidence) for evidence in found] == [
        [], ["item-not-on-task"], ["item-not-on-task"],
    ]  # fmt: skip
    assert found[1][0].shown_by == tuple(ledger)
    assert found[1][0].on == DRAWN
    assert "广告检查、计量检查" in found[1][0].message
    assert not_on_the_task(INCIDENT, Ledger.of([row()])) == ()


def test_29_1_who_is_late_with_other_checks_has_not_done_the_duty():
    """按照……抽查计划安排，履行抽查职责: before, on and after a last day."""
    record = conducted()
    receipt = next(
        r for s in FRAME.ids if not (r := record.receipt("3", s, roll=ROLL)).drawn
    )
    late = Ledger.of([
        row("T9", "S99"),
        row("T8", "S98", department="公安局", due=DRAWN),
        lead(due=DRAWN),
    ])  # fmt: skip
    missing = []
    for n in DAYS:
        incident = Incident(
            subject_id=receipt.id, item=ITEM, department=OFFICE,
            happened_on=DUE + n * ONE,
        )  # fmt: skip
        (one,) = not_on_the_task(incident, late, receipts=[receipt], records=[record])
        missing.append(len(one.missing))

    assert missing == [0, 0, 1]


@pytest.mark.parametrize("code", ["unreachable", "closed", "not-cooperating"])
def test_29_2_an_inspection_that_the_subject_prevented(code):
    """由于检查对象的原因……无法实施行政检查: before, on and after the last day."""
    for n in DAYS:
        ledger = Ledger.of([row(completed_on=DUE + n * ONE, results=(code,))])
        incident = Incident(
            subject_id="S1", item=ITEM, department=OFFICE, happened_on=DUE + 9 * ONE
        )
        (one,) = prevented_by_subject(incident, ledger)

        assert one.shown_by == (ledger[0],)
        assert one.provision == article(29, 2)
        assert bool(one.missing) == (n > 0)


def test_29_2_a_check_that_was_made_exempts_nobody():
    """Nor one that found nothing of the activity, nor one that is open."""
    for results in (("no-problem",), ("corrected",), ("no-activity",), ()):
        ledger = Ledger.of([row(completed_on=DONE, results=results)])

        assert prevented_by_subject(INCIDENT, ledger) == ()


def on_ground(item, ledger, *reports, incident=INCIDENT):
    """The evidence of one ground among all that is listed for an incident."""
    found = exemption_evidence(incident, ledger, reports=reports)
    return [one for one in found if one.provision == article(29, item)]


def test_29_3_limits_of_technical_means_are_shown_by_who_knows_them():
    """
    因现有专业技术手段限制，不能发现所存在问题的.

    That a check found nothing does not show that nothing could be found: it
    takes the report of somebody who knows the means, about this subject.
    """
    checked = Ledger.of([row(completed_on=DONE, results=("no-problem",))])
    limits = report(
        29, 3, subject_id="S1", document="检测院说明〔2026〕5号",
        words="现有方法不能检出该添加物",
    )  # fmt: skip
    other = report(29, 3, subject_id="S2")
    (one,) = on_ground(3, checked, limits, other)

    assert on_ground(3, checked) == on_ground(3, checked, other) == []
    assert (one.shown_by, one.subject_id, one.missing) == ((limits,), "S1", ())
    assert "检测院说明〔2026〕5号" in one.message
    assert beyond_technical_means([limits, other, report(29, 4)]) == (
        one, *beyond_technical_means([other]),
    )  # fmt: skip


def test_29_4_no_causal_link_is_shown_by_the_inquiry_into_the_accident():
    """
    检查对象发生事故，性质上与执法检查人员的抽查不存在因果关系的.

    Neither a check that found violations nor one that was never made says
    what caused an accident; the inquiry does, whatever the ledger holds.
    """
    inquiry = report(
        29, 4, subject_id="S1", on=DUE + ONE, document="事故调查报告〔2026〕3号",
        words="事故由外部施工挖断管线引起",
    )  # fmt: skip
    cause = report(29, 3, subject_id="S1", words="另一事实")
    for ledger in (Ledger.of(), Ledger.of([row()]), FOUND):
        (one,) = on_ground(4, ledger, inquiry, cause)

        assert on_ground(4, ledger, cause) == []
        assert (one.shown_by, one.on, one.missing) == ((inquiry,), DUE + ONE, ())
    assert no_causal_link([inquiry, cause]) == (one,)


def test_29_7_other_cases_name_the_law_on_which_they_rest():
    """
    其他依法依规不应当追究责任的: every one of them is listed, in its order.

    What another department has done is left aside, and what no document shows
    is a rumour and no fact.
    """
    facts = [
        report(29, 7, department=OFFICE, document=law, words="主动纠正，未造成后果")
        for law in ("《行政执法监督条例》第三十条", "《容错纠错办法》第五条")
    ]
    other = report(29, 7, department="公安局")
    found = on_ground(7, Ledger.of(), *facts, other)

    assert [one.shown_by for one in found] == [(fact,) for fact in facts]
    assert [one.department for one in found] == [OFFICE, OFFICE]
    assert found == list(other_exemptions([*facts, report(29, 3)]))
    with pytest.raises(InvalidValueError):
        report(29, 7, document="")


def test_29_5_a_violation_dealt_with_before():
    """已经依法查处: before, on and after the day of the penalty."""
    (own,) = referrals()
    own = own.done(on=DUE, document="处罚决定")
    found = [
        dealt_with_before(
            Incident(
                subject_id="S1", item=ITEM, department=OFFICE, happened_on=DUE + n * ONE
            ),
            FOUND,
            referrals=[own],
        )
        for n in DAYS
    ]

    assert [codes(evidence) for evidence in found] == [[], ["penalised"], ["penalised"]]
    assert found[1][0].shown_by == (FOUND[0], own)
    assert found[1][0].missing
    assert found[1][0].provision == article(29, 5)
    relapse = report(29, 5, subject_id="S1")
    (one,) = dealt_with_before(
        INCIDENT, FOUND, referrals=[own, *referrals(crime=True)], reports=[relapse]
    )
    assert one.missing == ()


def test_29_5_a_correction_that_was_ordered():
    """Before, on and after the day of the check."""
    ledger = Ledger.of([row(completed_on=DONE, results=("corrected",))])
    found = [
        codes(
            dealt_with_before(
                Incident(
                    subject_id="S1", item=ITEM, department=OFFICE,
                    happened_on=DONE + n * ONE,
                ),
                ledger,
            )
        )
        for n in DAYS
    ]  # fmt: skip

    assert found == [[], ["correction-ordered"], ["correction-ordered"]]


def test_29_6_a_false_report_of_an_entrusted_agency():
    """专业机构出具虚假报告: entrusted ones; the falsity is missing until reported."""
    used = [
        AgencyConclusion(
            agency="某检测公司", qualification="CMA1", work="检验检测", item=ITEM,
            concluded_on=DONE, document=f"报告{n}", entrusted=entrusted,
        )
        for n, entrusted in enumerate((True, False))
    ]  # fmt: skip
    result = CheckResult(
        task_id="T1", item=ITEM, department=OFFICE, completed_on=DONE,
        findings=[
            *(Finding(code="corrected", conclusion=one) for one in used),
            Finding(code="pending"),
        ],
    )  # fmt: skip
    (one,) = false_agency_report(INCIDENT, FOUND, results=[result])
    (shown,) = false_agency_report(
        INCIDENT, FOUND, results=[result], reports=[report(29, 6, task_id="T1")]
    )

    assert one.shown_by == (FOUND[0], used[0])
    assert one.missing
    assert one.provision == article(29, 6)
    assert shown.missing == ()


def test_28_and_29_every_item_has_its_function():
    """Nine grounds and seven exemptions, each cited where it is carried out."""
    liability = (
        not_carried_out, not_as_required, procedure_breached, exceeded_powers,
        unlawful_coercion, not_penalised, not_sent_to_judiciary, not_published,
        other_grounds,
    )  # fmt: skip
    exemption = (
        not_on_the_task, prevented_by_subject, beyond_technical_means, no_causal_link,
        dealt_with_before, false_agency_report, other_exemptions,
    )  # fmt: skip

    for number, functions in ((28, liability), (29, exemption)):
        for item, function in enumerate(functions, 1):
            assert provisions_of(function) == (article(number, item),)
    assert provisions_of(liability_evidence) == (article(28),)
    assert provisions_of(exemption_evidence) == (article(29),)


def test_28_and_29_no_inspector_is_named():
    """Evidence is about departments and tasks; people judge people."""
    people = InspectorRegister([Inspector(id="张三", department=OFFICE)])
    ledger = Ledger.of([row(completed_on=DONE)])
    found = liability_evidence(
        ledger, on=DUE + 90 * ONE, calendar=CALENDAR, teams={"T1": ["张三"]},
        inspectors=people,
        recusals=[Recusal(
            inspector_id="张三", subject_id="S1", reason=RecusalReason.KINSHIP
        )],
    )  # fmt: skip

    assert len(found) == 4
    assert not any("张三" in one.message for one in found)
