"""Case leads: values, their place in the ledger, and the draw of their inspectors."""

import datetime as dt
import hashlib
import json

import pytest
from hypothesis import given, strategies as st

from dsgk.assignments import PastVisit, Seat, UnstaffableError, assign_inspectors
from dsgk.case_leads import (
    CaseLead,
    CaseLeadKind,
    assign_to_case_leads,
    case_leads_key,
    log_case_leads,
)
from dsgk.errors import DsgkError, InvalidInput
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason
from dsgk.items import Method
from dsgk.ledger import Ledger, Origin
from dsgk.sources import RuleProfile


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


class TestKey:
    def test_it_can_be_made_again_by_anyone(self):
        """With SHA-256 and the list of case leads."""
        text = (
            '{"case_leads":[{"id":"X1","received_on":"2026-04-01","subject_id":"S1"}],'
            '"format":"dsgk-case-leads/1"}'
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        expected = hashlib.sha256(f"{digest}:02-07-11".encode()).hexdigest()[:32]

        assert expected == case_leads_key([case()], entropy="02-07-11")

    @given(st.permutations([case(id=f"X{n}") for n in range(4)]))
    def test_order_has_no_influence(self, cases):
        """Nobody gains by entering one first."""
        assert case_leads_key(cases, entropy="1") == case_leads_key(sorted(
            cases, key=lambda one: one.id
        ), entropy="1")  # fmt: skip

    @pytest.mark.parametrize(
        "other",
        [case(id="X2"), case(subject_id="S2"), case(received_on=DAY.replace(day=2))],
    )
    def test_every_day_has_its_own(self, other):
        """The same officers would come every time otherwise."""
        assert case_leads_key([case()], entropy="1") != case_leads_key(
            [other], entropy="1"
        )
        assert case_leads_key([case()], entropy="1") != case_leads_key(
            [case()], entropy="2"
        )

    def test_entropy_that_is_none_is_refused(self):
        """A key that somebody chose is a draw that somebody chose."""
        for entropy in ("", " 1", None):
            with pytest.raises(InvalidInput):
                case_leads_key([case()], entropy=entropy)


class TestInspectors:
    def test_they_are_drawn_as_for_every_task(self):
        """With the same mechanism and its promises."""
        cases = [case(id="X2"), case()]
        drawn = assign_to_case_leads(cases, OFFICERS, entropy="02-07-11")
        expected = assign_inspectors(
            [case().task(), case(id="X2").task()],
            OFFICERS,
            key=case_leads_key(cases, entropy="02-07-11"),
        )

        assert dict(expected.teams) == dict(drawn.teams)

    def test_recusal_and_rotation_hold_for_case_leads_too(self):
        """Who is barred never comes, whatever the key."""
        recusals = [
            Recusal(inspector_id="SJ0", subject_id="S1", reason=RecusalReason.KINSHIP),
        ]
        history = [PastVisit(subject_id="S1", inspector_id="SJ1", on=DAY)]
        for entropy in "0123456789":
            drawn = assign_to_case_leads(
                [case()], OFFICERS, entropy=entropy, recusals=recusals, history=history
            )
            team = {seated.inspector_id for seated in drawn.teams["X1"]}

            assert len(team) == 2
            assert not team & {"SJ0", "SJ1"}

    def test_who_has_no_room_left_in_the_year_is_not_sent(self):
        """A case lead is drawn at once, within the loads that there are."""
        people = InspectorRegister(
            Inspector(id=f"SJ{n}", department="市场监管局", capacity=3)
            for n in range(4)
        )
        for entropy in "0123456789":
            drawn = assign_to_case_leads(
                [case()],
                people,
                entropy=entropy,
                current_loads={"SJ0": 3, "SJ1": 3, "SJ2": 2},
            )

            assert {s.inspector_id for s in drawn.teams["X1"]} == {"SJ2", "SJ3"}

    def test_seats_may_be_given(self):
        """Some need a specialist, or another number."""
        seats = {"X1": [Seat(department="市场监管局", count=4)]}
        drawn = assign_to_case_leads(
            [case(), case(id="X2")], OFFICERS, entropy="1", seats=seats
        )

        assert [len(drawn.teams[x]) for x in ("X1", "X2")] == [4, 2]
        with pytest.raises(InvalidInput) as caught:
            assign_to_case_leads([case(id="X2")], OFFICERS, entropy="1", seats=seats)
        assert [f.code for f in caught.value.faults] == ["seats-unknown"]

    def test_too_few_officers_are_explained(self):
        """A case lead cannot wait for a better roster in silence."""
        with pytest.raises(UnstaffableError):
            assign_to_case_leads(
                [case()], OFFICERS, entropy="1", rules=RuleProfile(min_officers=7)
            )
