"""Leads: values, their place in the ledger, and the draw of their inspectors."""

import datetime as dt
import hashlib
import json

import pytest
from hypothesis import given, strategies as st

from dsgk.assignments import PastVisit, Seat, UnstaffableError, assign_inspectors
from dsgk.errors import DsgkError, InvalidInput
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason
from dsgk.items import Method
from dsgk.leads import (
    Lead,
    LeadKind,
    assign_to_leads,
    leads_key,
    leads_of,
    log_leads,
)
from dsgk.ledger import Ledger, Origin
from dsgk.sources import RuleProfile


DAY = dt.date(2026, 4, 1)
OFFICERS = InspectorRegister(
    Inspector(id=f"SJ{n}", department="市场监管局") for n in range(6)
)


def lead(**changes):
    fields = {
        "id": "X1",
        "kind": "投诉举报",
        "subject_id": "S1",
        "item": "食品经营检查",
        "department": "市场监管局",
        "received_on": DAY,
    }
    return Lead(**{**fields, **changes})


def test_a_lead_keeps_what_it_is_given():
    """As values, in any of their spellings."""
    one = lead(
        kind="无照经营", due=DAY, method=Method.ONLINE, subject_id="河边夜市3号摊"
    )

    assert one.kind is LeadKind.UNLICENSED
    assert str(one.kind.provision) == "District Opinion, Art. 32"
    assert str(lead().kind.provision) == "District Opinion, Art. 16"
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
        ({"due": DAY - dt.timedelta(1)}, "lead-due"),
        ({"due": 20260402}, "day-type"),
        ({"method": "看看"}, "not-in-list"),
    ],
)
def test_a_faulty_lead_is_refused(changes, code):
    """It would be a check at nobody, or of nothing."""
    with pytest.raises(DsgkError) as caught:
        lead(**changes)

    assert caught.value.code == code


def test_all_faults_of_a_lead_are_told_at_once():
    """Whoever enters leads sees the whole form."""
    with pytest.raises(InvalidInput) as caught:
        lead(id=" X1", kind="抽查", item=3, due="2026/4/2")

    assert [(f.column, f.code) for f in caught.value.faults] == [
        ("id", "id-padded"),
        ("kind", "not-in-list"),
        ("item", "label-type"),
        ("due", "day-form"),
    ]


def test_a_day_before_the_first_is_told_in_both_languages():
    """A host shows either."""
    with pytest.raises(DsgkError) as caught:
        lead(due=DAY - dt.timedelta(1))

    assert caught.value.chinese == (
        "'due'不能早于收到线索之日（实际为2026-03-31，收到日为2026-04-01）。"
        "只要求立即检查的，请不填。"
    )
    assert caught.value.params["id"] == "X1"


@pytest.mark.parametrize("changes", [{}, {"due": "2026-05-01", "method": "online"}])
def test_a_lead_is_stored_and_read_again(changes):
    """Years later it still says what came in."""
    document = json.loads(json.dumps(lead(**changes).to_dict()))

    assert Lead.from_dict(document) == lead(**changes)
    assert document["format"] == "dsgk-lead/1"


def test_a_list_of_leads_is_checked_as_a_whole():
    """All faults at once, by their place."""
    assert leads_of([lead(id="X2"), lead()]) == (lead(), lead(id="X2"))
    with pytest.raises(InvalidInput) as caught:
        leads_of([lead(), lead(id="X2"), lead(), lead()])
    assert [(f.row, f.code, f.params["first"]) for f in caught.value.faults] == [
        (2, "id-duplicate", 0),
        (3, "id-duplicate", 0),
    ]
    with pytest.raises(InvalidInput) as caught:
        leads_of([lead(), "X2"])
    assert [(f.row, f.code) for f in caught.value.faults] == [(1, "argument-type")]
    with pytest.raises(InvalidInput) as caught:
        leads_of([lead(), "X2", lead()])
    assert [(f.row, f.code) for f in caught.value.faults] == [
        (1, "argument-type"), (2, "id-duplicate"),
    ]  # fmt: skip


def test_a_lead_joins_the_ledger_once():
    """A second entry of one complaint would be a second inspection."""
    ledger = log_leads(Ledger.of(), [lead(id="X2"), lead()])

    assert [row.task_id for row in ledger] == ["X1", "X2"]
    assert {row.origin for row in ledger} == {Origin.LEAD}
    with pytest.raises(InvalidInput) as caught:
        log_leads(ledger, [lead(id="X3"), lead()])
    assert [(f.row, f.code) for f in caught.value.faults] == [(0, "lead-known")]


def test_its_task_asks_for_the_officers_of_the_law():
    """Two certified ones, or as many as another district's rules say."""
    (seat,) = lead().task().seats
    (three,) = lead().task(rules=RuleProfile(min_officers=3)).seats
    own = (Seat(department="市场监管局", count=1), Seat(department="公安局", count=1))

    assert (seat.department, seat.officers) == ("市场监管局", 2)
    assert three.officers == 3
    assert lead().task(own).seats == own
    assert lead().task().id == "X1"
    assert lead().task().subject_id == "S1"


class TestKey:
    def test_it_can_be_made_again_by_anyone(self):
        """With SHA-256 and the list of leads."""
        text = (
            '{"format":"dsgk-leads/1","leads":[{"id":"X1","received_on":"2026-04-01",'
            '"subject_id":"S1"}]}'
        )
        digest = hashlib.sha256(text.encode()).hexdigest()
        expected = hashlib.sha256(f"{digest}:02-07-11".encode()).hexdigest()[:32]

        assert expected == leads_key([lead()], entropy="02-07-11")

    @given(st.permutations([lead(id=f"X{n}") for n in range(4)]))
    def test_order_has_no_influence(self, leads):
        """Nobody gains by entering a lead first."""
        assert leads_key(leads, entropy="1") == leads_key(sorted(
            leads, key=lambda one: one.id
        ), entropy="1")  # fmt: skip

    @pytest.mark.parametrize(
        "other",
        [lead(id="X2"), lead(subject_id="S2"), lead(received_on=DAY.replace(day=2))],
    )
    def test_every_day_has_its_own(self, other):
        """The same officers would come every time otherwise."""
        assert leads_key([lead()], entropy="1") != leads_key([other], entropy="1")
        assert leads_key([lead()], entropy="1") != leads_key([lead()], entropy="2")

    def test_entropy_that_is_none_is_refused(self):
        """A key that somebody chose is a draw that somebody chose."""
        for entropy in ("", " 1", None):
            with pytest.raises(InvalidInput):
                leads_key([lead()], entropy=entropy)


class TestInspectors:
    def test_they_are_drawn_as_for_every_task(self):
        """With the same mechanism and its promises."""
        leads = [lead(id="X2"), lead()]
        drawn = assign_to_leads(leads, OFFICERS, entropy="02-07-11")
        expected = assign_inspectors(
            [lead().task(), lead(id="X2").task()],
            OFFICERS,
            key=leads_key(leads, entropy="02-07-11"),
        )

        assert dict(expected.teams) == dict(drawn.teams)

    def test_recusal_and_rotation_hold_for_leads_too(self):
        """Who is barred never comes, whatever the key."""
        recusals = [
            Recusal(inspector_id="SJ0", subject_id="S1", reason=RecusalReason.KINSHIP),
        ]
        history = [PastVisit(subject_id="S1", inspector_id="SJ1", on=DAY)]
        for entropy in "0123456789":
            drawn = assign_to_leads(
                [lead()], OFFICERS, entropy=entropy, recusals=recusals, history=history
            )
            team = {seated.inspector_id for seated in drawn.teams["X1"]}

            assert len(team) == 2
            assert not team & {"SJ0", "SJ1"}

    def test_who_has_no_room_left_in_the_year_is_not_sent(self):
        """A lead is drawn at once, within the loads that there are."""
        people = InspectorRegister(
            Inspector(id=f"SJ{n}", department="市场监管局", capacity=3)
            for n in range(4)
        )
        for entropy in "0123456789":
            drawn = assign_to_leads(
                [lead()],
                people,
                entropy=entropy,
                current_loads={"SJ0": 3, "SJ1": 3, "SJ2": 2},
            )

            assert {s.inspector_id for s in drawn.teams["X1"]} == {"SJ2", "SJ3"}

    def test_seats_may_be_given(self):
        """Some leads need a specialist, or another number."""
        seats = {"X1": [Seat(department="市场监管局", count=4)]}
        drawn = assign_to_leads(
            [lead(), lead(id="X2")], OFFICERS, entropy="1", seats=seats
        )

        assert [len(drawn.teams[x]) for x in ("X1", "X2")] == [4, 2]
        with pytest.raises(InvalidInput) as caught:
            assign_to_leads([lead(id="X2")], OFFICERS, entropy="1", seats=seats)
        assert [f.code for f in caught.value.faults] == ["seats-unknown"]

    def test_too_few_officers_are_explained(self):
        """A lead cannot wait for a better roster in silence."""
        with pytest.raises(UnstaffableError):
            assign_to_leads(
                [lead()], OFFICERS, entropy="1", rules=RuleProfile(min_officers=7)
            )
