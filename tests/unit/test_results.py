"""Results: the closed list, routes, agencies, substitutes, feedback."""

import datetime as dt
import json

import attrs
import numpy as np
import pytest
from drawing import chance, fact

from dsgk.draws import DrawRecord, announce, conduct, draw_subjects
from dsgk.errors import DsgkError, InvalidInput, InvalidTypeError, InvalidValueError
from dsgk.frames import Frame
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import InspectionItem, ItemList, Method
from dsgk.ledger import Ledger, LedgerRow
from dsgk.results import (
    AgencyConclusion,
    AgencyWork,
    CheckResult,
    Consequence,
    Fact,
    FeedbackRule,
    Finding,
    Referral,
    ResultCode,
    Route,
    Substitutes,
    check_agencies,
    draw_substitutes,
    inspection_changes,
    log_results,
    propose,
    route_results,
)
from dsgk.subjects import SubjectRegister


DRAWN, DONE, DUE = dt.date(2026, 3, 10), dt.date(2026, 4, 1), dt.date(2026, 6, 30)
ONE = dt.timedelta(1)
ITEM, OFFICE, POLICE = "价格检查", "市场监管局", "公安局"


def row(task="T1", subject="S1", **changes):
    fields = {
        "item": ITEM,
        "department": OFFICE,
        "entry": "3",
        "stratum": "A",
        "drawn_on": DRAWN,
        "due": DUE,
    }
    return LedgerRow(task_id=task, subject_id=subject, **{**fields, **changes})


def result(*codes, task="T1", **changes):
    fields = {"item": ITEM, "department": OFFICE, "completed_on": DONE}
    findings = [Finding(code=code) for code in codes] or Finding(code="no-problem")
    return CheckResult(task_id=task, **{**fields, "findings": findings, **changes})


class TestCodes:
    def test_every_result_of_a_real_system_is_known(self, facts):
        """The list that offices choose from is read as it stands there."""
        labels = (facts / "result_labels.txt").read_text(encoding="utf-8")
        read = [ResultCode.read(text) for text in labels.splitlines()]

        assert len(read) == len(set(read))

    def test_who_refuses_is_not_replaced(self):
        """That would reward refusing."""
        replaced = {code.code for code in ResultCode if code.may_be_replaced}
        prevented = {code.code for code in ResultCode if code.prevents_inspection}

        assert replaced >= {
            "unreachable", "closed", "no-activity", "struck-off", "revoked",
            "annulled", "moved-out",
        }  # fmt: skip
        assert prevented - replaced == {"not-cooperating"}
        assert replaced - prevented == {"no-activity"}

    def test_problems_are_what_states_a_violation(self):
        """And nothing that states its absence."""
        others = {code.code for code in ResultCode if not code.is_problem}

        assert others >= {
            "no-problem", "no-activity", "closed", "struck-off", "revoked", "annulled",
            "moved-out",
        }  # fmt: skip


class TestFindings:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"code": "?"}, "not-in-list"),
            ({"competent": "税务局"}, "argument-list"),
            ({"suspected_crime": 2}, "flag-form"),
            ({"details": None}, "text-type"),
            ({"conclusion": "报告"}, "argument-type"),
            ({"code": "closed", "suspected_crime": True}, "finding-route"),
            ({"code": "no-problem", "competent": {"税务局"}}, "finding-route"),
        ],
    )
    def test_a_faulty_finding_is_refused(self, changes, code):
        """It would take no route, or a wrong one."""
        with pytest.raises(DsgkError) as caught:
            Finding(**{"code": "pending", **changes})

        assert caught.value.code == code
        if code == "finding-route":
            assert caught.value.provision == "District Opinion, Art. 22"

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"findings": ()}, "list-empty"),
            ({"findings": "no-problem"}, "argument-list"),
            ({"findings": None}, "argument-list"),
            ({"task": " T1"}, "id-padded"),
            ({"item": ""}, "label-form"),
            ({"department": "局 "}, "label-form"),
            ({"completed_on": None}, "day-type"),
            ({"entered_on": "2026/4/1"}, "day-form"),
        ],
    )
    def test_a_faulty_result_is_refused(self, changes, code):
        """Before it comes near the ledger."""
        with pytest.raises(DsgkError) as caught:
            result(**changes)

        assert caught.value.code == code

    def test_nothing_found_stands_alone(self):
        """A result cannot say that there was nothing and something."""
        with pytest.raises(InvalidValueError, match="发现问题待后续处理") as caught:
            result("no-problem", "pending")

        assert caught.value.code == "findings-contradict"
        assert caught.value.params["codes"] == ["no-problem", "pending"]
        assert caught.value.chinese == (
            "'findings'不能互相矛盾（实际为'未发现问题'与'发现问题待后续处理'并存）。"
            "请去掉不成立的一项。"
        )
        assert result("pending", "corrected", "pending").codes == {
            ResultCode.PENDING,
            ResultCode.CORRECTED,
        }


class TestLogging:
    LEDGER = Ledger.of([row(), row("T2", "S2"), row("T2", "S2", department=POLICE)])

    def test_results_find_their_checks(self):
        """In any order, all findings of a check together."""
        ledger = log_results(
            self.LEDGER,
            [
                result("corrected", "pending", task="T2", department=POLICE),
                result("unreachable", entered_on=DUE),
            ],
        )

        assert [r.results for r in ledger] == [
            ("unreachable",), (), ("corrected", "pending"),
        ]  # fmt: skip
        assert [r.completed_on for r in ledger] == [DONE, None, DONE]
        assert [r.entered_on for r in ledger] == [DUE, None, None]

    def test_an_entry_tells_two_checks_apart(self):
        """Where two entries of the plan ask for the same check."""
        ledger = self.LEDGER.extend([row(entry="4")])

        assert [
            r.results
            for r in log_results(ledger, [result(entry="4"), result(entry="3")])
        ] == [("no-problem",), (), (), ("no-problem",)]
        with pytest.raises(InvalidInput) as caught:
            log_results(ledger, [result()])
        assert [f.code for f in caught.value.faults] == ["result-unclear"]

    def test_results_that_fit_nowhere_are_told_at_once(self):
        """None is dropped in silence."""
        with pytest.raises(InvalidInput) as caught:
            log_results(
                self.LEDGER,
                [
                    result(),
                    result(task="T9"),
                    "T1",
                    result("closed"),
                    result(entry="9"),
                ],
            )

        assert [(f.row, f.code) for f in caught.value.faults] == [
            (1, "result-unknown"),
            (2, "argument-type"),
            (3, "result-twice"),
            (4, "result-unknown"),
        ]

    def test_a_second_result_does_not_overwrite_the_first(self):
        """What was stated before stays."""
        ledger = log_results(self.LEDGER, [result()])

        assert log_results(ledger, [result()]).digest == ledger.digest
        with pytest.raises(InvalidInput) as caught:
            log_results(ledger, [result("corrected")])
        assert [(f.row, f.code) for f in caught.value.faults] == [(0, "rewritten")]


class TestReferrals:
    def test_own_department_comes_first_the_others_by_name(self):
        """The order depends on nothing else."""
        finding = Finding(code="pending", competent={"税务局", OFFICE, POLICE})

        assert [(r.route, r.to) for r in route_results([result(findings=finding)])] == [
            (Route.OWN_PENALTY, OFFICE),
            (Route.TRANSFER, POLICE),
            (Route.TRANSFER, "税务局"),
        ]

    def test_no_route_hides_another(self):
        """A crime goes to the judiciary besides; what is no violation nowhere."""
        findings = [
            Finding(code="no-activity"),
            Finding(code="pending", competent={POLICE}, suspected_crime=True),
            Finding(code="corrected"),
        ]

        routed = route_results([result(findings=findings)])
        assert [(r.code.code, r.route, r.to) for r in routed] == [
            ("pending", Route.TRANSFER, POLICE),
            ("pending", Route.JUDICIARY, "司法机关"),
            ("corrected", Route.OWN_PENALTY, OFFICE),
        ]

    def test_it_is_done_once_on_a_day(self):
        """With the document that shows it."""
        (referral,) = route_results([result("corrected")])
        done = referral.done(on=DONE, document="市监罚〔2026〕1号")

        assert (done.done_on, done.document) == (DONE, "市监罚〔2026〕1号")
        assert done == done.done(on=DONE, document="市监罚〔2026〕1号")
        assert referral.done_on is None
        for wrong in (
            lambda: referral.done(on=DONE - dt.timedelta(1), document="文"),
            lambda: done.done(on=DUE, document="文"),
            lambda: referral.done(on=DONE, document=""),
        ):
            with pytest.raises(InvalidValueError):
                wrong()
        with pytest.raises(InvalidTypeError):
            referral.done(on=None, document="文")


def conclusion(**changes):
    fields = {
        "agency": "某检测公司",
        "qualification": "CMA 2026001",
        "work": "检验",
        "item": "食品抽检",
        "concluded_on": DONE,
        "document": "报告2026-1",
    }
    return AgencyConclusion(**{**fields, **changes})


class TestAgencies:
    @pytest.mark.parametrize(
        "changes",
        [
            {"agency": ""}, {"qualification": None}, {"work": "执法"}, {"item": " "},
            {"document": ""}, {"concluded_on": "2026"}, {"entrusted": "也许"},
        ],
    )  # fmt: skip
    def test_a_conclusion_needs_an_agency_a_qualification_and_a_report(self, changes):
        """Otherwise nobody could be asked about it."""
        with pytest.raises(DsgkError):
            conclusion(**changes)

    def test_faults_come_with_their_place(self):
        """All of them at once."""
        items = ItemList([
            InspectionItem(department=OFFICE, name="食品抽检", by_agency=True),
            InspectionItem(department=OFFICE, name=ITEM),
        ])  # fmt: skip
        people = InspectorRegister([
            Inspector(id="SJ1", department=OFFICE),
            Inspector(id="ZJ1", department=OFFICE, is_expert=True),
        ])  # fmt: skip
        faults = check_agencies(
            [
                conclusion(),
                conclusion(item=ITEM, agency="SJ1"),
                conclusion(item="无此事项"),
                conclusion(agency="ZJ1"),
            ],
            items=items,
            inspectors=people,
        )

        assert [(f.row, f.code) for f in faults] == [
            (1, "agency-item"),
            (1, "agency-officer"),
            (2, "agency-item"),
        ]
        assert {f.provision for f in faults} == {"District Opinion, Art. 21"}
        assert conclusion().work is AgencyWork.TESTING
        assert conclusion().entrusted


KEY = "0" * 32


class TestSubstitutes:
    FRAME = Frame([f"S{n}" for n in range(8)], ["A"] * 6 + ["B"] * 2)
    DRAW = draw_subjects(FRAME, {"A": 2, "B": 1}, key=KEY)

    def ledger(self, outcomes, draw=None, **changes):
        """Every drawn subject with its results."""
        draw = draw or self.DRAW
        rows = [
            row(
                f"T{subject}",
                subject,
                stratum=name,
                results=outcomes.get(subject, ()),
                completed_on=DONE if subject in outcomes else None,
                **changes,
            )
            for name, layer in draw.strata.items()
            for subject in layer.selected
        ]
        return Ledger.of(rows)

    def test_the_next_in_order_stands_in(self):
        """Nobody chooses whom."""
        first, second = self.DRAW.strata["A"].selected
        ledger = self.ledger({first: ("unreachable",), second: ("no-problem",)})
        found = draw_substitutes(ledger, {"3": self.DRAW}, on=DONE)
        (stand_in,) = self.DRAW.strata["A"].reserves(1)

        assert [
            row(
                f"T{first}/{stand_in}",
                stand_in,
                replaces=first,
                drawn_on=DONE,
                due=DUE,
            )
        ] == list(found.rows)
        assert found.unfilled == ()
        assert len(ledger.extend(found.rows)) == 4

    def test_who_waits_longest_gets_the_first(self):
        """By the day of the result, then by id: no order of rows has influence."""
        first, second = sorted(self.DRAW.strata["A"].selected)
        ledger = self.ledger({first: ("closed",), second: ("closed",)})
        later = Ledger.of(
            attrs.evolve(r, completed_on=DUE) if r.subject_id == first else r
            for r in ledger
        )
        spare = self.DRAW.strata["A"].reserves(2)

        for known, order in ((ledger, (first, second)), (later, (second, first))):
            for rows in (known, Ledger.of(list(known)[::-1])):
                found = draw_substitutes(rows, {"3": self.DRAW}, on=DUE)
                assert dict(zip(order, spare, strict=True)) == {
                    r.replaces: r.subject_id for r in found.rows
                }

    def test_a_substitute_may_be_replaced_in_turn(self):
        """The chain goes on as long as there are reserves."""
        first = self.DRAW.strata["A"].selected[0]
        ledger = self.ledger({first: ("unreachable",)})
        seen = []
        for _ in range(9):
            found = draw_substitutes(ledger, {"3": self.DRAW}, on=DONE)
            if not found.rows:
                break
            seen += [r.subject_id for r in found.rows]
            ledger = ledger.extend(found.rows)
            ledger = ledger.record(
                [len(ledger) - 1], completed_on=DONE, results="closed"
            )

        assert tuple(seen) == self.DRAW.strata["A"].reserves(9)
        assert found.unfilled == (("3", seen[-1]),)

    def test_a_published_record_gives_the_reserves_that_it_lists(self):
        """Beyond them the frame is needed, and the error says so."""
        frame = Frame([f"S{n}" for n in range(4)], ["A"] * 4)
        announcement = announce(
            title="示例", issuer="单位", announced_on=DRAWN, **fact(DRAWN),
            draws={"3": (frame, {"A": 1})},
        )  # fmt: skip
        record = conduct(announcement, {"3": frame}, **chance("1"))
        read = DrawRecord.from_dict(record.to_dict()).draws
        ledger = self.ledger(
            {record.draws["3"].selected[0]: ("closed",)}, record.draws["3"]
        )
        found = draw_substitutes(ledger, read, on=DONE)
        ledger = ledger.extend(found.rows)
        ledger = ledger.record([1], completed_on=DONE, results="closed")

        assert [r.subject_id for r in found.rows] == list(
            record.draws["3"].strata["A"].published_reserves
        )
        assert len(draw_substitutes(ledger, record.draws, on=DONE).rows) == 1
        with pytest.raises(InvalidValueError) as caught:
            draw_substitutes(ledger, read, on=DONE)
        assert caught.value.code == "reserves-unpublished"

    def test_substitutes_are_stored_and_read_again(self):
        """Whoever was unfilled is told too."""
        first, *_ = self.DRAW.strata["A"].selected
        found = draw_substitutes(
            self.ledger({first: ("closed",)}), {"3": self.DRAW}, on=DONE
        )
        kept = attrs.evolve(found, unfilled=[("3", first)])
        document = json.loads(json.dumps(kept.to_dict()))

        assert len(kept.rows) == 1
        assert Substitutes.from_dict(document) == kept

    @pytest.mark.parametrize(
        "outcome", [("no-problem",), ("not-cooperating",), ("corrected",), ()]
    )
    def test_others_are_not_replaced(self, outcome):
        """Who was inspected, who refused, and what has no result yet."""
        first = self.DRAW.strata["A"].selected[0]

        assert not draw_substitutes(
            self.ledger({first: outcome}), {"3": self.DRAW}, on=DUE
        ).rows

    def test_all_checks_of_an_entry_must_have_failed(self):
        """If one department got in, the subject was inspected."""
        first = self.DRAW.strata["A"].selected[0]
        ledger = self.ledger({first: ("closed",)})
        both = ledger.extend([row(f"T{first}", first, department=POLICE)])
        police = list(both).index(row(f"T{first}", first, department=POLICE))
        failed = both.record([police], completed_on=DUE, results="unreachable")
        got_in = both.record([police], completed_on=DUE, results="no-problem")

        assert draw_substitutes(both, {"3": self.DRAW}, on=DUE).rows == ()
        assert draw_substitutes(got_in, {"3": self.DRAW}, on=DUE).rows == ()
        assert draw_substitutes(failed, {"3": self.DRAW}, on=DONE).rows == ()
        found = draw_substitutes(failed, {"3": self.DRAW}, on=DUE).rows
        assert [r.department for r in found] == [POLICE, OFFICE]
        assert len({r.task_id for r in found}) == 1

    def test_other_draws_and_strata_are_left_alone(self):
        """A batch has a draw of its own."""
        first = self.DRAW.strata["A"].selected[0]
        ledger = self.ledger({first: ("closed",)})
        elsewhere = draw_subjects(
            Frame(["S9", first], ["A", "A"]), {"A": 1}, key="1" * 32
        )
        other_tier = draw_subjects(Frame([first], ["Z"]), {"Z": 1}, key=KEY)

        assert draw_substitutes(ledger, {"4": self.DRAW}, on=DUE).rows == ()
        assert draw_substitutes(ledger, {"3": other_tier}, on=DUE).rows == ()
        if first not in elsewhere.selected:
            assert draw_substitutes(ledger, {"3": elsewhere}, on=DUE).rows == ()

    def test_a_reserve_that_another_batch_drew_is_passed_over(self):
        """No subject is inspected twice for one entry."""
        first = self.DRAW.strata["A"].selected[0]
        next_one, after = self.DRAW.strata["A"].reserves(2)
        ledger = self.ledger({first: ("closed",)})
        ledger = ledger.extend([row("T9", next_one, basis="第二批")])
        found = draw_substitutes(ledger, {"3": self.DRAW}, on=DONE)

        assert [r.subject_id for r in found.rows] == [after]

    def test_the_last_day_is_that_of_the_first_or_a_new_one(self):
        """Never before the day on which the substitute is taken."""
        first = self.DRAW.strata["A"].selected[0]
        ledger = self.ledger({first: ("closed",)})
        after = DUE + dt.timedelta(10)
        dues = [
            draw_substitutes(ledger, {"3": self.DRAW}, on=on, due=due).rows[0].due
            for on, due in ((DONE, None), (after, None), (DONE, after))
        ]

        assert dues == [DUE, after, after]

    @pytest.mark.parametrize("name", ["draws", "parts"])
    @pytest.mark.parametrize(
        ("value", "code"),
        [
            ({"3": "S1"}, "argument-type"),
            (["3"], "argument-mapping"),
            (None, "argument-mapping"),
        ],
    )
    def test_what_is_no_draw_is_refused(self, name, value, code):
        """A list of names is no draw."""
        values = {"draws": {}, "parts": {}, name: value}
        with pytest.raises(InvalidTypeError) as caught:
            draw_substitutes(Ledger.of(), values.pop("draws"), on=DONE, **values)

        assert caught.value.code == code


def rule(**changes):
    fields = {
        "name": "发现问题",
        "consequence": "信用风险分类",
        "when": {"corrected"},
        "field": "credit",
        "moves": {"A": "B", "B": "C", None: "B"},
    }
    return FeedbackRule(**{**fields, **changes})


REGISTER = SubjectRegister.from_columns(
    id=["S1", "S2", "S3"], credit=["A", "D", None], 黑名单=[False, None, None]
)


def done(task, subject, *codes, on=DONE, **changes):
    return row(task, subject, completed_on=on, results=tuple(sorted(codes)), **changes)


class TestFeedback:
    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"name": ""}, "label-form"),
            ({"consequence": "奖金"}, "not-in-list"),
            ({"when": ()}, "list-empty"),
            ({"when": "corrected"}, "argument-list"),
            ({"when": None}, "argument-list"),
            ({"when": {"?"}}, "not-in-list"),
            ({"field": "status"}, "attribute-name"),
            ({"moves": {}}, "list-empty"),
            ({"moves": ["A"]}, "row-length"),
            ({"moves": {"A": "A"}}, "rule-moves"),
            ({"moves": {"A": None}}, "rule-moves"),
            ({"moves": [("A", "B"), ("A", "C")]}, "rule-moves"),
            ({"times": 0}, "count-range"),
            ({"times": 2.5}, "count-form"),
            ({"field": ["credit"]}, "label-type"),
            ({"times": "1"}, "count-type"),
            ({"times": True}, "count-type"),
        ],
    )
    def test_a_faulty_rule_is_refused(self, changes, code):
        """It would change what no result may change."""
        with pytest.raises(DsgkError) as caught:
            rule(**changes)

        assert caught.value.code == code

    def test_a_proposal_names_its_facts(self):
        """And carries the change that the host may apply."""
        ledger = Ledger.of(
            [
                done("T1", "S1", "corrected", "other-rules"),
                done("T2", "S2", "corrected"),
            ]
        )
        feedback = propose(ledger, REGISTER, [rule()], on=DONE)
        (proposal,) = feedback.proposals

        assert proposal.consequence is Consequence.CREDIT
        assert (proposal.old, proposal.change.value) == ("A", "B")
        assert proposal.facts == (Fact("S1", "corrected", "T1", ITEM),)
        assert proposal.change.reason == "信用风险分类：发现问题（发现问题已责令改正）"
        assert feedback.used == set(proposal.facts)
        after = REGISTER.apply([proposal.change], on=DONE)
        assert [subject.credit for subject in after] == ["B", "D", None]
        assert REGISTER[0].credit == "A"

    def test_other_fields_and_unknown_values_may_move(self):
        """A blacklist is an attribute of the register like any other."""
        ledger = Ledger.of(
            [done("T1", "S1", "corrected"), done("T3", "S3", "corrected")]
        )
        black = rule(
            consequence="黑名单",
            field="黑名单",
            moves={False: True, None: True},
            name="列入",
        )
        feedback = propose(ledger, REGISTER, [rule(), black], on=DONE)

        assert [(p.change.subject_id, p.change.field, p.old) for p in
                feedback.proposals] == [
            ("S1", "credit", "A"), ("S1", "黑名单", False),
            ("S3", "credit", None), ("S3", "黑名单", None),
        ]  # fmt: skip

    def test_true_is_not_one(self):
        """Values of different types are different values."""
        register = SubjectRegister.from_columns(id=["S1"], 次数=[1])
        moving = rule(field="次数", moves={True: False})
        ledger = Ledger.of([done("T1", "S1", "corrected")])

        assert propose(ledger, register, [moving], on=DONE).proposals == ()

    def test_it_may_take_several_facts(self):
        """One clean check is not yet a record."""
        clean = rule(when={"no-problem"}, moves={"A": "AA"}, times=np.int64(2))
        ledger = Ledger.of([done("T1", "S1", "no-problem")])
        more = ledger.extend([done("T5", "S1", "no-problem", item="广告检查")])

        assert propose(ledger, REGISTER, [clean], on=DONE).proposals == ()
        (proposal,) = propose(more, REGISTER, [clean], on=DONE).proposals
        assert len(proposal.facts) == 2

    def test_the_first_rule_wins_and_uses_up_the_others_facts(self):
        """One round changes a field once."""
        worst = rule(name="拒绝", when={"not-cooperating"}, moves={"A": "D"})
        ledger = Ledger.of([done("T1", "S1", "corrected", "not-cooperating")])
        feedback = propose(ledger, REGISTER, [worst, rule()], on=DONE)
        (proposal,) = feedback.proposals

        assert (proposal.rule, proposal.change.value) == ("拒绝", "D")
        assert len(proposal.facts) == 2
        assert (
            propose(
                ledger, REGISTER, [worst, rule()], on=DONE, used=feedback.used
            ).proposals
            == ()
        )

    def test_results_of_a_later_day_do_not_count(self):
        """Nor subjects that no register has; those are told."""
        ledger = Ledger.of([
            done("T1", "S1", "corrected", on=DUE),
            done("X1", "摊贩", "corrected", origin="case-lead", entry=None,
                 stratum=None),
        ])  # fmt: skip
        feedback = propose(ledger, REGISTER, [rule()], on=DONE)

        assert feedback.proposals == ()
        assert feedback.unregistered == ("摊贩",)
        with pytest.raises(InvalidInput) as caught:
            propose(ledger, REGISTER, [rule(), "C"], on=DONE)
        assert [(f.row, f.code) for f in caught.value.faults] == [(1, "argument-type")]


class TestInspectionChanges:
    REGISTER = SubjectRegister.from_columns(
        id=["S1", "S2", "S3", "S4", "S5"],
        last_inspected_on=["2025-01-01", "2026-05-01", None, None, None],
        visits_this_year=[0, 3, 0, 0, 0],
    )

    def test_the_register_learns_of_inspections(self):
        """What rests and caps are counted by."""
        ledger = Ledger.of([
            done("T1", "S1", "no-problem"),
            done("T1", "S1", "corrected", item="广告检查", on=DUE),
            done("T2", "S2", "no-problem"),
            done("T3", "S3", "unreachable"),
            done("T4", "S4", "no-problem", method=Method.WRITTEN),
            row("T5", "S5"),
            done("X1", "S5", "pending", origin="case-lead", entry=None, stratum=None),
        ])  # fmt: skip
        changes = inspection_changes(ledger, self.REGISTER, on=DUE)

        assert [(c.subject_id, c.field, c.value) for c in changes] == [
            ("S1", "last_inspected_on", DUE),
            ("S1", "visits_this_year", 1),
            ("S3", "visits_this_year", 1),
            ("S4", "last_inspected_on", DONE),
        ]
        assert {c.on for c in changes} == {DUE}
        after = self.REGISTER.apply(changes, on=DUE)
        assert inspection_changes(ledger, after, on=DUE) == ()

    def test_visits_of_another_year_do_not_count_for_this(self):
        """The cap is one of a year."""
        ledger = Ledger.of([done("T1", "S1", "no-problem")])
        changes = inspection_changes(ledger, self.REGISTER, on=dt.date(2027, 1, 5))

        assert [(c.subject_id, c.field, c.value) for c in changes] == [
            ("S1", "last_inspected_on", DONE),
            ("S2", "visits_this_year", 0),
        ]

    def test_a_number_without_an_inspection_of_the_year_is_of_an_earlier_one(self):
        """Else whoever was never found at home would be at the cap for ever."""
        register = SubjectRegister.from_columns(
            id=["S1", "S2", "S3"],
            last_inspected_on=[None, "2025-12-31", "2026-01-01"],
            visits_this_year=[2, 2, 2],
        )
        ledger = Ledger.of([
            done("T1", "S1", "unreachable"), done("T2", "S2", "no-problem"),
            done("T3", "S3", "no-problem"),
        ])  # fmt: skip
        changes = inspection_changes(ledger, register, on=DUE)
        counts = {
            c.subject_id: c.value for c in changes if c.field == "visits_this_year"
        }

        assert counts == {"S1": 1, "S2": 1}  # of S3 another level knows more
        after = register.apply(changes, on=DUE)
        assert inspection_changes(ledger, after, on=DUE) == ()


def test_a_referral_is_a_plain_value():
    """A host stores it, as texts if it likes, and makes it again."""
    (referral,) = route_results([result("corrected")])
    plain = attrs.asdict(referral)
    stored = {**plain, "code": "发现问题已责令改正", "route": "own-penalty"}

    assert Referral(**plain) == Referral(**stored) == referral
    done = referral.done(on=DONE, document="处罚决定")
    assert Referral(**attrs.asdict(done)) == done


@pytest.mark.parametrize(("changes", "code"), [
    ({"task_id": None}, "id-type"),
    ({"to": ""}, "label-form"),
    ({"code": "corrected?"}, "not-in-list"),
    ({"route": None}, "not-in-list"),
    ({"since": "2026"}, "day-form"),
    ({"done_on": 20260401}, "day-type"),
    ({"done_on": DONE - ONE}, "referral-day"),
    ({"document": None}, "label-type"),
])  # fmt: skip
def test_a_referral_that_no_check_gave_is_refused(changes, code):
    """Its days are compared later, where nobody would know whose fault it is."""
    (referral,) = route_results([result("corrected")])
    with pytest.raises(DsgkError) as caught:
        Referral(**attrs.asdict(referral) | changes)

    assert caught.value.code == code


def test_a_fact_that_no_ledger_has_is_refused():
    """Given back as used it would hold nothing back."""
    with pytest.raises(InvalidTypeError) as caught:
        Fact("S1", "corrected", None)

    assert (caught.value.code, caught.value.fault.column) == ("text-type", "task_id")


def test_all_faults_of_a_result_are_told_at_once():
    """Those of its findings too, each with its place."""
    with pytest.raises(InvalidInput) as caught:
        CheckResult(
            task_id="", item=ITEM, department=OFFICE, completed_on="2026-04-01",
            findings=[Finding(code="pending"), "?"],
        )  # fmt: skip

    assert [(f.column, f.code) for f in caught.value.faults] == [
        ("task_id", "id-empty"),
        ("findings[1]", "argument-type"),
    ]


CONCLUSION = conclusion(item=ITEM)
FINDING = Finding(code="pending", competent={POLICE, OFFICE}, conclusion=CONCLUSION)
LEDGER = Ledger.of([
    done("T1", "S1", "corrected"), done("T3", "S3", "corrected"),
    done("X1", "摊贩", "pending", origin="case-lead", entry=None, stratum=None),
])  # fmt: skip
RULES = [
    rule(
        moves={None: True, False: True}, field="黑名单", when={"corrected", "pending"}
    ),
    rule(),
]


@pytest.mark.parametrize(
    "kept",
    [
        CONCLUSION,
        FINDING,
        result(findings=[FINDING, Finding(code="corrected")], entry="3"),
        *route_results([result("corrected", entered_on=DUE)]),
        *RULES,
        Fact("S1", "corrected", "T1"),
        propose(LEDGER, REGISTER, RULES, on=DUE),
        *propose(LEDGER, REGISTER, RULES, on=DUE).proposals[:1],
    ],
)
def test_what_a_host_keeps_is_stored_and_read_again(kept):
    """Next year's round needs the facts that this year's used up."""
    document = json.loads(json.dumps(kept.to_dict()))

    assert type(kept).from_dict(document) == kept
    assert type(kept).from_dict(document).to_dict() == document


def test_the_order_of_moves_has_no_meaning():
    """A rule is what it does."""
    assert rule(moves={"A": "B", "B": "C"}) == rule(moves=[("B", "C"), ("A", "B")])
