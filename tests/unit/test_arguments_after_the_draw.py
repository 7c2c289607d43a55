"""Whatever a host hands over by mistake, it is told what and what to write instead."""

import datetime as dt
import importlib
import inspect
import math
from pathlib import Path

import numpy as np
import pytest
from drawing import ROLL_KEY, chance, fact

from dsgk import accountability, case_leads, performance, publication, results
from dsgk.assignments import Seat
from dsgk.calendars import Period, Unit, WorkCalendar
from dsgk.draws import Roll, announce, conduct
from dsgk.errors import DsgkError
from dsgk.frames import Frame
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason
from dsgk.items import InspectionItem, ItemList
from dsgk.ledger import Ledger, LedgerRow
from dsgk.sources import RuleProfile, article
from dsgk.subjects import SubjectRegister


DRAWN, DONE, DUE = dt.date(2026, 3, 10), dt.date(2026, 4, 1), dt.date(2026, 6, 30)
OFFICE, ITEM = "市场监管局", "价格检查"
CALENDAR, RULES = WorkCalendar.china(), RuleProfile()
CHECK = {"item": ITEM, "department": OFFICE}
FRAME = Frame([f"S{n}" for n in range(6)], ["A"] * 6)
ROLL = Roll.of(FRAME, name="3", key=ROLL_KEY)
ANNOUNCEMENT = announce(
    title="抽取", issuer="区联席会议", announced_on=DRAWN, **fact(DRAWN),
    draws={"3": (FRAME, {"A": 2})},
)  # fmt: skip
RECORD = conduct(ANNOUNCEMENT, {"3": FRAME}, **chance("02-07"))
LEDGER = Ledger.of(
    LedgerRow(
        task_id=f"T{subject}", subject_id=subject, entry="3", stratum="A",
        drawn_on=DRAWN, due=DUE, completed_on=DONE, results=("pending",), **CHECK,
    )
    for subject in RECORD.draws["3"].selected
)  # fmt: skip
TASK, SUBJECT = LEDGER[0].task_id, LEDGER[0].subject_id
REGISTER = SubjectRegister.from_columns(id=list(FRAME.ids), credit=["A"] * 6)
OFFICERS = InspectorRegister(
    Inspector(id=f"SJ{n}", department=OFFICE) for n in range(4)
)
ITEMS = ItemList([InspectionItem(department=OFFICE, name=ITEM, by_agency=True)])
CASE = case_leads.CaseLead(
    id="X1", kind="举报", subject_id="S9", received_on=DONE, **CHECK
)
CONCLUSION = results.AgencyConclusion(
    agency="某检测公司", qualification="CMA1", work="检验", item=ITEM,
    concluded_on=DONE, document="报告1",
)  # fmt: skip
RESULT = results.CheckResult(
    task_id=TASK, completed_on=DONE, findings=results.Finding(code="pending"), **CHECK
)
RULE = results.FeedbackRule(
    name="发现问题", consequence="信用风险分类", when={"pending"}, field="credit",
    moves={"A": "B"},
)  # fmt: skip
REFERRALS = results.route_results([RESULT])
FACT = results.Fact(SUBJECT, "pending", TASK, ITEM)
SCHEDULE = publication.schedule_publication(LEDGER, CALENDAR)
DOCUMENT = {"title": "2026年度抽查计划"}
PUBLICATION = publication.Publication.of(
    "抽查计划", DOCUMENT, title="计划", published_on=DRAWN, channels=["政府网站"]
)
INCIDENT = accountability.Incident(subject_id=SUBJECT, happened_on=DUE, **CHECK)
REPORT = accountability.ReportedFact(
    provision=article(28, 8), on=DUE, document="文", words="事实", subject_id=SUBJECT
)
RECUSAL = Recusal(
    inspector_id="SJ0", subject_id=SUBJECT, reason=RecusalReason.KINSHIP
)  # fmt: skip
EVIDENCE = accountability.not_carried_out(LEDGER, on=DUE + dt.timedelta(9))
WITHIN = {results.Route.OWN_PENALTY: Period(7, Unit.WORKING_DAY)}
TEAMS = {TASK: ["SJ0", "SJ1"]}
RECEIPT = RECORD.receipt("3", SUBJECT, roll=ROLL)
ON, REPORTS = {"on": DUE}, {"reports": [REPORT]}
SENT = {"calendar": CALENDAR, "within": WITHIN}
ROWS = {"entry": ["3"], "department": [OFFICE], "tasks": [3]}
SEATS = {"X1": [Seat(department=OFFICE, count=2)]}

CASES = [
    (CASE.task, [SEATS["X1"]], {"rules": RULES}),
    (case_leads.log_case_leads, [LEDGER, [CASE]], {}),
    (results.check_agencies, [[CONCLUSION]],
     {"items": ITEMS, "inspectors": OFFICERS}),
    (results.log_results, [LEDGER, [RESULT]], {}),
    (results.route_results, [[RESULT]], {}),
    (REFERRALS[0].done, [], {"on": DUE, "document": "文"}),
    (results.draw_substitutes, [LEDGER, RECORD.draws], {"on": DUE, "due": DUE}),
    (results.propose, [LEDGER, REGISTER, [RULE]], {**ON, "used": [FACT]}),
    (results.inspection_changes, [LEDGER, REGISTER], ON),
    (publication.publish_by, [DONE, CALENDAR], {"rules": RULES}),
    (publication.schedule_publication, [LEDGER, CALENDAR], {"rules": RULES}),
    (SCHEDULE.states, [DUE], {}),
    (SCHEDULE.overdue, [DUE], {}),
    (SCHEDULE.not_entered, [DUE], {}),
    (publication.public_records, [LEDGER], {**ON, "channels": ["政府网站"]}),
    (publication.Publication.of, ["抽查计划", DOCUMENT],
     {"title": "计划", "published_on": DRAWN, "channels": ["政府网站"]}),
    (PUBLICATION.shows, [DOCUMENT], {}),
    (publication.Publication.from_dict, [PUBLICATION.to_dict()], {}),
    (publication.check_publications, [[PUBLICATION]], {"records": [RECORD]}),
    (publication.exempt, [LEDGER, [0], publication.Exemption("商业秘密")], {}),
    (accountability.evidence_columns, [EVIDENCE], {}),
    (accountability.not_on_the_task, [INCIDENT, LEDGER],
     {"receipts": [RECEIPT], "records": [RECORD], **REPORTS}),
    (accountability.prevented_by_subject, [INCIDENT, LEDGER], REPORTS),
    (accountability.beyond_technical_means, [[REPORT]], {}),
    (accountability.no_causal_link, [[REPORT]], {}),
    (accountability.dealt_with_before, [INCIDENT, LEDGER],
     {"referrals": REFERRALS, **REPORTS}),
    (accountability.false_agency_report, [INCIDENT, LEDGER],
     {"results": [RESULT], **REPORTS}),
    (accountability.other_exemptions, [[REPORT]], {}),
    (accountability.exemption_evidence, [INCIDENT, LEDGER],
     {"receipts": [RECEIPT], "records": [RECORD], "referrals": REFERRALS,
      "results": [RESULT], **REPORTS}),
    (accountability.not_carried_out, [LEDGER], ON | REPORTS),
    (accountability.not_as_required, [LEDGER], ON | REPORTS),
    (accountability.procedure_breached, [LEDGER],
     {**ON, "teams": TEAMS, "inspectors": OFFICERS, "recusals": [RECUSAL],
      "rules": RULES, **REPORTS}),
    (accountability.exceeded_powers, [LEDGER],
     {**ON, "items": ITEMS, "plans": [], "records": [RECORD], **REPORTS}),
    (accountability.unlawful_coercion, [[REPORT]], {}),
    (accountability.not_penalised, [LEDGER, REFERRALS], ON | SENT | REPORTS),
    (accountability.not_sent_to_judiciary, [LEDGER, REFERRALS], ON | SENT | REPORTS),
    (accountability.not_published, [LEDGER],
     {**ON, "calendar": CALENDAR, "rules": RULES, **REPORTS}),
    (accountability.other_grounds, [[REPORT]], {}),
    (accountability.liability_evidence, [LEDGER],
     {**ON, **SENT, "referrals": REFERRALS, "teams": TEAMS, "inspectors": OFFICERS,
      "recusals": [RECUSAL], "items": ITEMS, "plans": [], "records": [RECORD],
      "rules": RULES, **REPORTS}),
    (performance.plan_completion, [LEDGER], {**ON, "by": "item"}),
    (performance.publication_figures, [LEDGER, CALENDAR],
     {**ON, "by": "item", "rules": RULES}),
    (performance.coverage, [LEDGER, {"A": 6}], ON),
    (performance.violation_rates, [LEDGER, {"3": {"A": 6}}],
     {**ON, "codes": {"pending"}, "confidence": 0.95}),
    (performance.joint_figures, [LEDGER], ON),
    (performance.visit_figures, [LEDGER], ON),
    (performance.origin_figures, [LEDGER], {**ON, "by": "item"}),
    (performance.load_figures, [{"SJ0": 3}, OFFICERS], {}),
    (performance.plan_costs, [], ROWS | {"officers": 2, "days": "1/2"}),
    (performance.spent_officer_days, [LEDGER, {TASK: 2}], {**ON, "days": "1/2"}),
]  # fmt: skip
OTHERS = [
    object(), b"x", -1, 2.5, math.nan, math.inf, np.float64(2.5), "?", "A" * 5000,
    [None], ["?"], [[]], [math.nan], {"?": None}, {5: 5}, {None: "?"},
    {"A": math.nan}, {"3": "?"}, {"SJ0": 10**400}, {"SJ0": -1}, {TASK: None},
    np.array([[1.5]]), np.datetime64("NaT"), dt.datetime(2026, 5, 1),  # noqa: DTZ001
]  # fmt: skip
# What is right all the same: a text for a text, a document, an id that nobody has.
RIGHT = [
    ("entropy", "?"), ("entropy", "A" * 5000), ("document", "?"),
    ("document", "A" * 5000), ("title", "?"), ("title", "A" * 5000),
    ("entry", ["?"]), ("department", ["?"]),
    *((f"Publication.{place}", document)
      for place in ("of-1", "shows-0")
      for document in ({"?": None}, {"3": "?"}, {"SJ0": -1}, {TASK: None})),
]  # fmt: skip


ROOMS = [accountability, case_leads, performance, publication, results]
# A new function may have its right call beside its test.
for path in Path(__file__).parents[1].glob("provisions/test_*.py"):
    tests = importlib.import_module(f"provisions.{path.stem}")
    CASES += getattr(tests, "CALLS", [])
PLACES = [
    pytest.param(function, args, kwargs, k, id=f"{function.__qualname__}-{k}")
    for function, args, kwargs in CASES
    for k in (*range(len(args)), *kwargs)
]


def outcome(function, args, kwargs):
    """The code with which a call is refused; None where it is accepted."""
    try:
        function(*args, **kwargs)
    except DsgkError as error:
        return error.code
    return None


def test_no_function_is_left_out():
    """A new one gets its line above, or in `CALLS` beside its test."""
    public = [getattr(room, name) for room in ROOMS for name in room.__all__]

    assert {*filter(inspect.isfunction, public)} <= {function for function, *_ in CASES}


@pytest.mark.parametrize(("function", "args", "kwargs"), CASES)
def test_the_right_call_is_accepted(function, args, kwargs):
    """Else the test below would show nothing."""
    assert outcome(function, args, kwargs) is None


@pytest.mark.parametrize(("function", "args", "kwargs", "place"), PLACES)
def test_an_argument_of_another_kind_is_told_with_a_code(function, args, kwargs, place):
    """A host shows the code in its own language; a traceback helps nobody."""
    for other in OTHERS:
        positional, named = list(args), dict(kwargs)
        (named if place in named else positional)[place] = other
        code = outcome(function, positional, named)

        assert code not in {"dsgk-error", "invalid-value", "invalid-type"}
        if code is None:
            name = f"{function.__qualname__}-{place}"
            assert any(
                where in {place, name} and repr(value) == repr(other)
                for where, value in RIGHT
            ), other
