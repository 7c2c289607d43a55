"""Case leads: values, their place in the ledger, and the draw of their inspectors."""

import datetime as dt
import json

import pytest

from dsgk.assignments import AssignmentRecord, Seat, StaffingProblem
from dsgk.case_leads import (
    CaseLead,
    CaseLeadKind,
    log_case_leads,
)
from dsgk.draws import Digits, Entropy
from dsgk.errors import DsgkError, InvalidInput
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import Method
from dsgk.ledger import Ledger, Origin
from dsgk.plans import ModeReason
from dsgk.sources import RuleProfile
from dsgk.verify import verify_assignment


DAY = dt.date(2026, 4, 1)
OFFICERS = InspectorRegister(
    Inspector(id=f"SJ{n}", department="市场监管局") for n in range(6)
)


def case(**changes):
    fields = {
        "id": "X1",
        "kind": "投诉举报",
        "subject_id": "S1",
        "item": "食品经营检查",
        "department": "市场监管局",
        "received_on": DAY,
    }
    return CaseLead(**{**fields, **changes})


def test_a_case_lead_keeps_what_it_is_given():
    """As values, in any of their spellings."""
    one = case(
        kind="无照经营", due=DAY, method=Method.ONLINE, subject_id="河边夜市3号摊"
    )

    assert one.kind is CaseLeadKind.UNLICENSED
    assert str(one.kind.provision) == "District Opinion, Art. 32"
    assert str(case().kind.provision) == "District Opinion, Art. 16"
    assert one.row.due == DAY
    assert one.row.method is Method.ONLINE
    assert one.row.basis == "unlicensed-trade"
    assert one.row.subject_id == "河边夜市3号摊"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": " X1"}, "id-padded"),
        ({"kind": "抽查"}, "not-in-list"),
        ({"subject_id": ""}, "id-empty"),
        ({"item": "食品 "}, "label-form"),
        ({"department": None}, "label-type"),
        ({"received_on": "2026年"}, "day-form"),
        ({"received_on": None}, "day-type"),
        ({"due": DAY - dt.timedelta(1)}, "case-lead-due"),
        ({"due": 20260402}, "day-type"),
        ({"method": "看看"}, "not-in-list"),
    ],
)
def test_a_faulty_case_lead_is_refused(changes, code):
    """It would be a check at nobody, or of nothing."""
    with pytest.raises(DsgkError) as caught:
        case(**changes)

    assert caught.value.code == code


def test_all_faults_of_a_case_lead_are_told_at_once():
    """Whoever enters case leads sees the whole form."""
    with pytest.raises(InvalidInput) as caught:
        case(id=" X1", kind="抽查", item=3, due="2026/4/2")

    assert [(f.column, f.code) for f in caught.value.faults] == [
        ("id", "id-padded"),
        ("kind", "not-in-list"),
        ("item", "label-type"),
        ("due", "day-form"),
    ]


def test_a_day_before_the_first_is_told_in_both_languages():
    """A host shows either."""
    with pytest.raises(DsgkError) as caught:
        case(due=DAY - dt.timedelta(1))

    assert caught.value.chinese == (
        "'due'不能早于收到线索之日（实际为2026-03-31，收到日为2026-04-01）。"
        "只要求立即检查的，请不填。"
    )
    assert caught.value.params["id"] == "X1"


@pytest.mark.parametrize("changes", [{}, {"due": "2026-05-01", "method": "online"}])
def test_a_case_lead_is_stored_and_read_again(changes):
    """Years later it still says what came in."""
    document = json.loads(json.dumps(case(**changes).to_dict()))

    assert CaseLead.from_dict(document) == case(**changes)
    assert document["format"] == "dsgk-case-lead/1"


def test_a_list_of_case_leads_is_checked_as_a_whole():
    """All faults at once, by their place."""
    with pytest.raises(InvalidInput) as caught:
        log_case_leads(Ledger.of(), [case(), case(id="X2"), case(), case()])
    assert [(f.row, f.code, f.params["first"]) for f in caught.value.faults] == [
        (2, "id-duplicate", 0),
        (3, "id-duplicate", 0),
    ]
    with pytest.raises(InvalidInput) as caught:
        log_case_leads(Ledger.of(), [case(), "X2"])
    assert [(f.row, f.code) for f in caught.value.faults] == [(1, "argument-type")]
    with pytest.raises(InvalidInput) as caught:
        log_case_leads(Ledger.of(), [case(), "X2", case()])
    assert [(f.row, f.code) for f in caught.value.faults] == [
        (1, "argument-type"), (2, "id-duplicate"),
    ]  # fmt: skip


def test_a_case_lead_joins_the_ledger_once():
    """A second entry of one complaint would be a second inspection."""
    ledger = log_case_leads(Ledger.of(), [case(id="X2"), case()])

    assert [row.task_id for row in ledger] == ["X1", "X2"]
    assert {row.origin for row in ledger} == {Origin.CASE_LEAD}
    with pytest.raises(InvalidInput) as caught:
        log_case_leads(ledger, [case(id="X3"), case()])
    assert [(f.row, f.code) for f in caught.value.faults] == [(0, "case-lead-known")]


def test_its_task_asks_for_the_officers_of_the_law():
    """Two certified ones, or as many as another district's rules say."""
    (seat,) = case().task().seats
    (three,) = case().task(rules=RuleProfile(min_officers=3)).seats
    own = (Seat(department="市场监管局", count=1), Seat(department="公安局", count=1))

    assert (seat.department, seat.officers) == ("市场监管局", 2)
    assert three.officers == 3
    assert case().task(own).seats == own
    assert case().task().id == "X1"
    assert case().task().subject_id == "S1"


def test_its_inspectors_are_drawn_of_a_published_statement():
    """The subject is given, which is the reason; no key can be chosen."""
    problem = StaffingProblem([case().task()], OFFICERS)
    fact = Entropy("公开号码", DAY, [Digits("号码", 8)])
    stated = problem.chances(fact, reason=ModeReason.CASE_LEAD)

    drawn = stated.draw(stated.key(["02071118"]))
    record = AssignmentRecord.of(drawn, entropy=["02071118"])

    assert len(drawn.teams["X1"]) == 2
    assert record.statement.reason is ModeReason.CASE_LEAD
    assert verify_assignment(record, problem, digest=stated.digest) == ()
