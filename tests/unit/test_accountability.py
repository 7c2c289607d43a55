"""Evidence: what the records show, what they leave open, nothing lost."""

import datetime as dt
import json
import pickle

import attrs
import pytest
from drawing import ROLL_KEY, chance, fact

import dsgk.accountability
from dsgk.accountability import (
    Evidence,
    Incident,
    ReportedFact,
    evidence_columns,
    exceeded_powers,
    exemption_evidence,
    liability_evidence,
    not_as_required,
    not_carried_out,
    not_penalised,
    not_published,
    not_sent_to_judiciary,
    procedure_breached,
)
from dsgk.calendars import Period, Unit, WorkCalendar
from dsgk.draws import Roll, announce, conduct
from dsgk.errors import (
    DsgkError,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
)
from dsgk.frames import Frame
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import InspectionItem, ItemList
from dsgk.ledger import Ledger, LedgerRow
from dsgk.plans import Batch, Plan, PlanEntry, PlannedItem
from dsgk.results import (
    AgencyConclusion,
    CheckResult,
    Finding,
    Route,
    draw_substitutes,
    route_results,
)
from dsgk.sources import CIVIL_CODE_201, article
from dsgk.tiers import Ratio


CALENDAR = WorkCalendar.china()
DRAWN, DONE, DUE = dt.date(2026, 3, 10), dt.date(2026, 4, 1), dt.date(2026, 6, 30)
ONE = dt.timedelta(1)
OFFICE, ITEM = "市场监管局", "价格检查"
FRAME = Frame([f"S{n}" for n in range(6)], ["A"] * 6)
ROLL = Roll.of(FRAME, name="3", key=ROLL_KEY)


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


def report(number, item, **changes):
    fields = {"on": DUE, "document": f"文{number}-{item}", "words": "所述事实"}
    return ReportedFact(provision=article(number, item), **{**fields, **changes})


def conducted():
    announcement = announce(
        title="抽取",
        issuer="区联席会议",
        announced_on=DRAWN,
        **fact(DRAWN),
        draws={"3": (FRAME, {"A": 2})},
    )
    return conduct(announcement, {"3": FRAME}, **chance("02-07"))


class TestReports:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"provision": "28(2)"}, "report-provision"),
            ({"provision": article(28)}, "report-provision"),
            ({"provision": article(26)}, "report-provision"),
            ({"provision": CIVIL_CODE_201}, "report-provision"),
            ({"on": "2026"}, "day-form"),
            ({"document": ""}, "label-form"),
            ({"words": None}, "label-type"),
            ({"subject_id": " S1"}, "id-padded"),
            ({"task_id": ""}, "id-empty"),
            ({"department": "局 "}, "label-form"),
        ],
    )
    def test_a_fact_needs_a_ground_a_day_and_a_document(self, changes, code):
        """Without a document it is a rumour."""
        fact = report(28, 2, subject_id="S1", task_id="T1", department=OFFICE)
        with pytest.raises(DsgkError) as caught:
            attrs.evolve(fact, **changes)

        assert caught.value.code == code

    def test_every_reported_fact_is_listed(self):
        """On its ground, whatever the ledger says: nothing is lost."""
        reports = [report(28, k, subject_id="S9") for k in range(1, 10)]
        reports += [report(29, k, subject_id="S1") for k in range(1, 8)]
        found = liability_evidence(
            Ledger.of([row()]), on=DRAWN, calendar=CALENDAR, reports=reports
        )
        incident = Incident(
            subject_id="S1", item=ITEM, department=OFFICE, happened_on=DUE
        )
        freed = exemption_evidence(incident, Ledger.of([row()]), reports=reports)

        assert [str(e.provision) for e in found] == [
            f"District Opinion, Art. 28({k})" for k in range(1, 10)
        ]
        assert [str(e.provision) for e in freed] == [
            f"District Opinion, Art. 29({k})" for k in range(1, 8)
        ]
        assert {e.code for e in (*found, *freed)} == {"reported"}
        assert all(e.shown_by == (reports[k],) for k, e in enumerate((*found, *freed)))

    def test_a_report_joins_the_evidence_that_it_is_about(self):
        """By task; by subject where it names no task; once in each."""
        ledger = Ledger.of([row("T1"), row("T2"), row("T3", "S3")])
        by_task = report(28, 1, task_id="T1", subject_id="S3")
        by_subject = report(28, 1, subject_id="S3")
        found = not_carried_out(ledger, on=DUE + ONE, reports=[by_task, by_subject])

        assert [e.shown_by[1:] for e in found] == [(by_task,), (), (by_subject,)]

    def test_what_is_no_report_is_refused(self):
        """A text is no fact with a day and a document."""
        with pytest.raises(InvalidInput) as caught:
            not_carried_out(
                Ledger.of(), on=DUE, reports=[report(28, 1), "有人说", None]
            )

        assert [(f.row, f.code) for f in caught.value.faults] == [
            (1, "argument-type"), (2, "argument-type"),
        ]  # fmt: skip

    def test_columns_go_to_a_table(self):
        """For whoever decides."""
        at = f" ({ITEM} of {OFFICE}, task T1)"
        ledger = Ledger.of([row()])
        found = not_carried_out(ledger, on=DUE + ONE, reports=[report(28, 1)])

        assert evidence_columns(found) == {
            "provision": ["District Opinion, Art. 28(1)"] * 2,
            "code": ["not-carried-out", "reported"],
            "department": [OFFICE, None],
            "subject_id": ["S1", None],
            "task_id": ["T1", None],
            "item": [ITEM, None],
            "on": [DUE, DUE],
            "message": [
                f"a check was due on {DUE} and is still open{at}",
                "所述事实 (文28-1)",
            ],
            "missing": ["", ""],
            "chinese": [
                f"检查应于{DUE}前完成，尚未完成（{OFFICE}的{ITEM}，任务T1）",
                "所述事实（文28-1）",
            ],
            "missing_chinese": ["", ""],
        }

    def test_all_faults_of_a_reported_fact_are_told_at_once(self):
        """Whoever reports it sees the whole form."""
        with pytest.raises(InvalidInput) as caught:
            ReportedFact(provision="28(2)", on="2026", document="", words="事实")

        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("provision", "report-provision"),
            ("on", "day-form"),
            ("document", "label-form"),
        ]
        assert "article(28, 2)" in caught.value.faults[0].chinese

    def test_what_is_missing_is_told_in_chinese_too(self):
        """Those who decide read Chinese."""
        ledger = Ledger.of([row(completed_on=DONE)])
        found = not_as_required(ledger, on=DUE, reports=[report(28, 2, task_id="T9")])

        assert [e.chinese for e in found] == [
            f"检查于{DONE}完成，没有任何结果（{OFFICE}的{ITEM}，任务T1）",
            "所述事实（文28-2）",
        ]
        assert [e.missing_chinese for e in found] == [("不良后果",), ()]
        assert evidence_columns(found)["missing"] == [
            "harmful consequences (不良后果)",
            "",
        ]

    def test_evidence_is_stored_and_read_again(self):
        """Whoever is heard a year later sees the same."""
        fact = report(28, 6, subject_id="S1", words="2026-01-01")
        (referral, *_) = TestReferrals.REFERRALS
        conclusion = AgencyConclusion(
            agency="某公司", qualification="CMA1", work="审计", item=ITEM,
            concluded_on=DONE, document="报告",
        )  # fmt: skip
        (late,) = not_penalised(TestReferrals.LEDGER, [referral], on=DUE)
        every = attrs.evolve(
            late, shown_by=(referral, fact, conclusion, ("SJ1", "SJ2"))
        )
        incident = TestExemption().incident()
        ledger = Ledger.of([row(completed_on=DONE)])
        (no_result,) = not_as_required(ledger, on=DUE)
        for kept in (late, every, no_result, fact, incident):
            document = json.loads(json.dumps(kept.to_dict()))

            assert type(kept).from_dict(document) == kept
            assert type(kept).from_dict(document).to_dict() == document
            assert type(kept).schema()["required"] == [*document]
        properties = Evidence.schema()["properties"]
        assert str(late.provision) in properties["provision"]["enum"]
        assert late.code in properties["code"]["enum"]
        again = pickle.loads(pickle.dumps(late))  # noqa: S301
        assert (again, again.message) == (late, late.message)
        with pytest.raises(TypeError):
            late.params["days"] = 1

    @pytest.mark.parametrize(("changes", "place", "code"), [
        ({"code": "guilty"}, "code", "not-in-list"),
        ({"shown_by": [{"format": "?"}]}, "shown_by[0].format", "format-unknown"),
        ({"shown_by": [{}]}, "shown_by[0].format", "format-unknown"),
        ({"shown_by": [["SJ1"], "T1"]}, "shown_by[1]", "argument-mapping"),
        ({"shown_by": "T1"}, "shown_by", "argument-list"),
        ({"lacking": ["time"]}, "lacking[0]", "not-in-list"),
        ({"params": None}, "params", "argument-mapping"),
    ])  # fmt: skip
    def test_evidence_that_nobody_can_read_is_refused(self, changes, place, code):
        """It would be listed, and say nothing."""
        fact = report(28, 6, subject_id="S1")
        (told,) = not_penalised(Ledger.of(), [], on=DUE, reports=[fact])
        with pytest.raises(InvalidInput) as caught:
            Evidence.from_dict(told.to_dict() | changes)

        assert [(f.column, f.code) for f in caught.value.faults] == [(place, code)]

    def test_the_documentation_says_that_it_is_no_verdict(self):
        """Whoever opens the module reads it first."""
        assert "Nothing here is a verdict on a person" in dsgk.accountability.__doc__
        assert "no verdict" in Evidence.__doc__
        for function in (liability_evidence, exemption_evidence):
            assert "never a verdict on a person" in function.__doc__


class TestPowers:
    def test_a_subject_that_was_not_drawn_is_told(self):
        """The record knows who was drawn, and who stands in for whom."""
        record = conducted()
        digest = record.announcement.digest
        draw = record.draws["3"]
        first, second = draw.selected
        other = next(s for s in FRAME.ids if s not in draw.selected)
        rows = [
            row("T1", first, entry="3", basis=digest, completed_on=DONE,
                results=("closed",)),
            row("T2", second, entry="3", basis=digest),
        ]  # fmt: skip
        ledger = Ledger.of(rows)
        ledger = ledger.extend(draw_substitutes(ledger, record.draws, on=DONE).rows)
        ledger = ledger.record([2], completed_on=DONE, results="unreachable")
        ledger = ledger.extend(draw_substitutes(ledger, record.draws, on=DUE).rows)
        legal = exceeded_powers(ledger, on=DUE, records=[record])
        stranger = row("T9", other, entry="3", basis=digest, drawn_on=DUE)
        chosen = exceeded_powers(Ledger.of([*rows, stranger]), on=DUE, records=[record])
        elsewhere = row("T9", other, entry="3", basis="另一公告", drawn_on=DUE)

        assert len(ledger) == 4
        assert legal == ()
        assert [(e.code, e.subject_id) for e in chosen] == [("not-drawn", other)]
        assert chosen[0].params == {"announcement": digest}
        assert exceeded_powers(
            Ledger.of([*rows, elsewhere]), on=DUE, records=[record]
        ) == ()  # fmt: skip

    def test_a_ring_of_substitutes_leads_to_nobody(self):
        """Two who stand in for each other were not drawn."""
        record = conducted()
        digest = record.announcement.digest
        one, other = [s for s in FRAME.ids if s not in record.draws["3"].selected][:2]
        ring = Ledger.of([
            row("T1", one, entry="3", basis=digest, replaces=other),
            row("T2", other, entry="3", basis=digest, replaces=one),
        ])  # fmt: skip

        assert len(exceeded_powers(ring, on=DUE, records=[record])) == 2

    def test_an_item_is_looked_up_once_for_a_day(self):
        """Every check of it is told."""
        items = ItemList([InspectionItem(department=OFFICE, name="广告检查")])
        ledger = Ledger.of(
            [row("T1"), row("T2", "S2", entry="ET1"), row("T3", item="广告检查")]
        )
        found = exceeded_powers(ledger, on=DUE, items=items)

        assert [e.task_id for e in found] == ["T1", "T2"]
        assert exceeded_powers(ledger, on=DUE) == ()

    @pytest.mark.parametrize(("planned", "expected"), [
        (PlannedItem(ITEM, object="餐饮"), []),
        (PlannedItem(ITEM, category="价格"), [0]),
        (PlannedItem(ITEM, object="学校"), [0]),
        (PlannedItem(ITEM), [1]),
        (PlannedItem(ITEM, object="餐饮", department="公安局"), [1]),
        (PlannedItem("广告检查", object="餐饮"), [1]),
    ])  # fmt: skip
    def test_only_what_the_entry_says_of_the_item_tells_objects_apart(
        self, planned, expected
    ):
        """A version that follows another of the same item is the same item."""
        kept = {"department": OFFICE, "name": ITEM, "object": "餐饮"}
        items = ItemList([
            InspectionItem(**kept, repealed_on=DRAWN),
            InspectionItem(**kept, in_force_from=DRAWN),
            InspectionItem(
                department=OFFICE, name=ITEM, category="价格", repealed_on=DRAWN
            ),
        ])  # fmt: skip
        entry = PlanEntry(
            id="E1",
            items=[planned],
            ratio=Ratio.at_least("3%"),
            lead=OFFICE,
            cooperating=["公安局"],
            batches=[Batch(DRAWN, DUE)],
        )
        plan = Plan(year=2026, issuer="区联席会议", entries=[entry])
        ledger = Ledger.of([row("T1", entry="E1")])
        found = liability_evidence(
            ledger, on=DUE, calendar=CALENDAR, items=items, plans=[plan]
        )

        assert [len(one.missing) for one in found] == expected


class TestProcedure:
    def test_one_look_at_each_task(self):
        """A joint task has several checks and one team."""
        people = InspectorRegister([Inspector(id="SJ1", department=OFFICE)])
        ledger = Ledger.of([
            row("T1", completed_on=DONE),
            row("T1", item="广告检查", completed_on=DONE, entry="4"),
            row("T2", "S2", completed_on=DONE),
            row("T3", "S3"),
        ])  # fmt: skip
        found = procedure_breached(
            ledger, on=DUE, teams={"T1": ["SJ1", "ZJ9", "SJ1"], "T3": []},
            inspectors=people,
        )  # fmt: skip

        assert [(e.code, e.task_id) for e in found] == [("too-few-officers", "T1")]
        assert found[0].provision == article(28, 3)
        assert found[0].params == {"officers": 1, "least": 2}
        assert found[0].shown_by[1] == ("SJ1", "ZJ9")

    def test_teams_are_held_against_the_register(self):
        """Who counts as an officer stands there and nowhere else."""
        ledger = Ledger.of([row(completed_on=DONE)])
        with pytest.raises(InvalidTypeError) as caught:
            liability_evidence(ledger, on=DUE, calendar=CALENDAR, teams={"T1": ["X"]})

        assert caught.value.code == "inspectors-missing"
        people = InspectorRegister(
            Inspector(id=i, department=OFFICE) for i in ("SJ1", "SJ2")
        )
        found = liability_evidence(
            ledger, on=DONE - ONE, calendar=CALENDAR, teams={"T1": ["SJ1", "SJ2"]},
            inspectors=people,
        )  # fmt: skip
        later = procedure_breached(
            ledger, on=DUE, teams={"T1": ["SJ1", "SJ2"]}, inspectors=people
        )
        at_end = liability_evidence(
            ledger, on=DONE, calendar=CALENDAR, teams={"T1": ["SJ1", "SJ2"]},
            inspectors=people,
        )  # fmt: skip
        assert (found, later) == ((), ())
        assert [e.code for e in at_end] == ["no-result"]


class TestReferrals:
    LEDGER = Ledger.of([row(completed_on=DONE, results=("pending",))])
    REFERRALS = route_results([
        CheckResult(
            task_id="T1", item=ITEM, department=OFFICE, completed_on=DONE,
            findings=Finding(
                code="pending", competent={OFFICE, "税务局"}, suspected_crime=True
            ),
        )
    ])  # fmt: skip

    def test_a_period_of_the_host_is_counted_by_the_calendar(self):
        """Late is what is past the last day, done or not."""
        within = {"依法惩处": Period(7, Unit.WORKING_DAY)}  # as `Route.read` reads
        last = CALENDAR.add_workdays(DONE, 7)
        own, transfer, _ = self.REFERRALS
        in_time = own.done(on=last, document="文")
        late = own.done(on=last + ONE, document="文")

        def found(referral, on):
            return [
                (e.code, e.on, e.params["days"])
                for e in not_penalised(
                    self.LEDGER, [referral], on=on, calendar=CALENDAR, within=within
                )
            ]

        assert found(own, last) == []
        assert found(own, last + ONE) == [
            ("referral-open", last, (last + ONE - DONE).days)
        ]
        assert found(in_time, DUE) == []
        assert found(late, last) == []
        assert found(late, DUE) == [("referral-late", last, (last + ONE - DONE).days)]
        assert found(transfer, DONE) == []
        assert [code for code, _, _ in found(transfer, DONE + ONE)] == ["referral-open"]
        assert found(transfer.done(on=DUE, document="文"), DUE) == []
        assert found(own, DONE - ONE) == []

    def test_the_judiciary_has_a_ground_of_its_own(self):
        """One omission is not told on two grounds."""
        both = (
            not_penalised(self.LEDGER, self.REFERRALS, on=DUE),
            not_sent_to_judiciary(self.LEDGER, self.REFERRALS, on=DUE),
        )

        assert [[e.shown_by[0].route for e in found] for found in both] == [
            [Route.OWN_PENALTY, Route.TRANSFER],
            [Route.JUDICIARY],
        ]
        assert {e.subject_id for found in both for e in found} == {"S1"}

    def test_periods_need_a_calendar(self):
        """Working days cannot be counted without one."""
        with pytest.raises(InvalidTypeError) as caught:
            not_penalised(
                self.LEDGER, self.REFERRALS, on=DUE,
                within={Route.TRANSFER: Period(7, Unit.DAY)},
            )  # fmt: skip

        assert caught.value.code == "calendar-missing"

    def test_a_referral_of_an_unknown_task_is_told_too(self):
        """Its subject is not known, and that is all."""
        found = not_penalised(Ledger.of(), self.REFERRALS, on=DUE)

        assert [e.subject_id for e in found] == [None, None]


class TestPublication:
    def test_days_are_counted_from_the_last_one(self):
        """To the day on which it became public, or on which it is looked at."""
        due = CALENDAR.add_workdays(DONE, 20)
        ledger = Ledger.of([
            row("T1", completed_on=DONE, results=("closed",)),
            row("T2", completed_on=DONE, results=("closed",),
                entered_on=due, published_on=due + 3 * ONE),
        ])  # fmt: skip
        found = not_published(ledger, on=due + 5 * ONE, calendar=CALENDAR)

        assert [(e.code, e.params["days"], e.on) for e in found] == [
            ("not-published", 5, due),
            ("published-late", 3, due),
        ]
        assert f"public by {due} (" in found[0].message
        assert (
            f"public by {due} and was published on {due + 3 * ONE}" in found[1].message
        )


class TestExemption:
    def incident(self, **changes):
        fields = {
            "subject_id": "S1", "item": ITEM, "department": OFFICE, "happened_on": DUE,
        }  # fmt: skip
        return Incident(**{**fields, **changes})

    @pytest.mark.parametrize(
        "changes",
        [{"subject_id": ""}, {"item": None}, {"department": " "}, {"happened_on": 1}],
    )
    def test_an_incident_is_at_a_subject_on_a_day(self, changes):
        """Otherwise nothing could be held against it."""
        with pytest.raises(DsgkError):
            self.incident(**changes)

    def test_a_receipt_of_somebody_else_is_refused(self):
        """It would prove nothing."""
        record = conducted()
        receipt = record.receipt("3", "S0", roll=ROLL)
        with pytest.raises(InvalidValueError) as caught:
            exemption_evidence(self.incident(), Ledger.of(), receipts=[receipt])

        assert caught.value.code == "receipt-other"

    def test_a_receipt_of_another_record_is_refused(self):
        """It may be right, and says nothing of the draw that was published."""
        record = conducted()
        stranger = attrs.evolve(record.receipt("3", "S1", roll=ROLL), digest="0" * 64)
        with pytest.raises(InvalidValueError) as caught:
            exemption_evidence(
                self.incident(), Ledger.of(), receipts=[stranger], records=[record]
            )

        assert caught.value.code == "receipt-unknown"

    def test_a_receipt_without_its_record_is_refused(self):
        """Anybody can write that somebody was not drawn."""
        receipt = conducted().receipt("3", "S1", roll=ROLL)
        with pytest.raises(InvalidValueError) as caught:
            exemption_evidence(self.incident(), Ledger.of(), receipts=[receipt])

        assert caught.value.code == "receipt-unknown"

    def test_other_departments_and_later_days_do_not_count(self):
        """What the police did says nothing of the market office."""
        ledger = Ledger.of([
            row("T1", item="广告检查", department="公安局"),
            row("T2", item="广告检查", drawn_on=DUE + ONE, due=DUE + ONE),
        ])  # fmt: skip

        assert exemption_evidence(self.incident(), ledger) == ()

    def test_reports_about_others_are_left_aside(self):
        """A year's list of reports may be given."""
        reports = [
            report(29, 4, subject_id="S2"),
            report(29, 4, department="公安局"),
            report(29, 4, department=OFFICE),
        ]
        found = exemption_evidence(self.incident(), Ledger.of(), reports=reports)

        assert [e.shown_by for e in found] == [(reports[2],)]

    def test_results_of_other_departments_used_no_agency_of_this_one(self):
        """Only what the check of the department rested on."""
        ledger = Ledger.of([
            row(completed_on=DONE),
            row(completed_on=DONE, department="公安局"),
        ])  # fmt: skip
        plain = CheckResult(
            task_id="T1", item=ITEM, department=OFFICE, completed_on=DONE,
            findings=Finding(code="pending", conclusion=AgencyConclusion(
                agency="某公司", qualification="CMA1", work="审计", item=ITEM,
                concluded_on=DONE, document="报告",
            )),
        )  # fmt: skip
        others = attrs.evolve(plain, department="公安局")
        elsewhere = attrs.evolve(plain, task_id="T9")

        found = exemption_evidence(
            self.incident(), ledger, results=[others, plain, elsewhere]
        )
        assert [e.shown_by[0] for e in found] == [ledger[0]]
