"""Figures: every number counted by hand on a small ledger."""

import datetime as dt
import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, strategies as st

from dsgk.calendars import WorkCalendar
from dsgk.errors import (
    DsgkError,
    InvalidInput,
    InvalidTypeError,
    InvalidValueError,
)
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.items import Method
from dsgk.kernels.proportions import estimate_rate
from dsgk.ledger import Ledger, LedgerRow, Origin
from dsgk.performance import (
    coverage,
    distinct,
    joint_figures,
    load_figures,
    origin_figures,
    plan_completion,
    plan_costs,
    publication_figures,
    spent_officer_days,
    violation_rates,
    visit_figures,
)
from dsgk.sources import RuleProfile


CALENDAR = WorkCalendar.china()
DRAWN, DONE, DUE = dt.date(2026, 3, 10), dt.date(2026, 4, 1), dt.date(2026, 6, 30)
ONE = dt.timedelta(1)
OFFICE, POLICE = "市场监管局", "公安局"


def row(task, subject, **changes):
    fields = {
        "item": "价格检查",
        "department": OFFICE,
        "entry": "3",
        "stratum": "A",
        "drawn_on": DRAWN,
        "due": DUE,
    }
    return LedgerRow(task_id=task, subject_id=subject, **{**fields, **changes})


LEDGER = Ledger.of([
    row("T1", "S1", completed_on=DONE, results=("no-problem",)),
    row("T1", "S1", department=POLICE, entry="4", due=DRAWN + ONE,
        completed_on=DONE, results=("corrected",)),
    row("T2", "S2", stratum="B", completed_on=DONE, results=("unreachable",)),
    row("T3", "S3"),
    row("T4", "S4", department=POLICE, entry="4", due=DRAWN),
    row("T5", "S1", entry="5", method=Method.ONLINE, drawn_on=DONE,
        due=dt.date(2026, 9, 1)),
    row("X1", "S1", origin="case-lead", entry=None, stratum=None, completed_on=DONE,
        results=("pending",)),
    row("C1", "S9", origin="campaign", entry=None, completed_on=DONE,
        results=("no-problem",), entered_on=DONE, published_on=DONE),
])  # fmt: skip


class TestCompletion:
    def test_checks_are_counted_by_department(self):
        """Of what was drawn alone."""
        assert plan_completion(LEDGER, on=DONE) == {
            "department": [POLICE, OFFICE],
            "subjects": [2, 3],
            "drawn": [2, 4],
            "in_time": [0, 2],
            "delayed": [1, 0],
            "open": [0, 2],
            "overdue": [1, 0],
            "share_completed": [0.5, 0.5],
            "share_in_time": [0.0, None],
        }

    def test_a_day_before_tells_what_stood_then(self):
        """The last day of a window is not late yet."""
        on = plan_completion(LEDGER, on=DRAWN)
        after = plan_completion(LEDGER, on=DRAWN + ONE)

        assert (on["drawn"], on["overdue"], on["share_in_time"]) == (
            [2, 3], [0, 0], [None, None],
        )  # fmt: skip
        assert (after["overdue"], after["share_in_time"]) == ([1, 0], [0.0, None])
        assert plan_completion(LEDGER, on=DRAWN - ONE)["drawn"] == []

    @pytest.mark.parametrize(
        ("by", "names", "drawn"),
        [
            ("entry", ["3", "4", "5"], [3, 2, 1]),
            ("item", ["价格检查"], [6]),
            ("stratum", ["A", "B"], [5, 1]),
            ("quarter", ["2026Q1", "2026Q2", "2026Q3"], [2, 3, 1]),
        ],
    )
    def test_groups_may_be_of_many_kinds(self, by, names, drawn):
        """Every check is in one of them."""
        table = plan_completion(LEDGER, on=DONE, by=by)

        assert (table[by], table["drawn"]) == (names, drawn)
        assert next(iter(table)) == by

    def test_checks_without_a_tier_have_a_row_of_their_own(self):
        """Nothing is lost by a gap."""
        table = plan_completion(
            Ledger.of([row("T1", "S1", stratum=None), row("T2", "S2")]),
            on=DONE, by="stratum",
        )  # fmt: skip

        assert (table["stratum"], table["drawn"]) == (["A", None], [1, 1])

    def test_an_unknown_group_is_refused(self):
        """The message lists those that there are."""
        with pytest.raises(InvalidValueError, match="quarter"):
            plan_completion(LEDGER, on=DONE, by="month")


class TestPublication:
    def test_states_are_counted(self):
        """Case leads owe nothing under Art. 26; campaigns do."""
        due = CALENDAR.add_workdays(DONE, 20)
        table = publication_figures(LEDGER, CALENDAR, on=due + ONE)

        assert table == {
            "department": [POLICE, OFFICE],
            "not_completed": [1, 2],
            "exempt": [0, 0],
            "open": [0, 0],
            "overdue": [1, 2],
            "on_time": [0, 1],
            "late": [0, 0],
            "share_on_time": [0.0, 1 / 3],
        }
        assert publication_figures(LEDGER, CALENDAR, on=due)["share_on_time"] == [
            None, 1.0,
        ]  # fmt: skip

    def test_other_rules_have_other_numbers(self):
        """Another district is another value."""
        table = publication_figures(
            LEDGER, CALENDAR, on=DONE + 14 * ONE, by="quarter",
            rules=RuleProfile(publication_workdays=5),
        )  # fmt: skip

        assert table["quarter"] == ["2026Q1", "2026Q2", "2026Q3"]
        assert sum(table["overdue"]) == 3


class TestCoverage:
    def test_subjects_count_once(self):
        """However often they were drawn."""
        assert coverage(LEDGER, {"A": 6, "B": 4, "C": 0}, on=DONE) == {
            "stratum": ["A", "B", "C"],
            "size": [6, 4, 0],
            "drawn": [3, 1, 0],
            "completed": [1, 1, 0],
            "share_drawn": [0.5, 0.25, None],
            "share_completed": [1 / 6, 0.25, None],
        }

    def test_sizes_must_fit_the_ledger(self):
        """More cannot be drawn than there are."""
        with pytest.raises(InvalidInput) as caught:
            coverage(LEDGER, {"A": 2}, on=DONE)

        assert [(f.code, f.params["tier"], f.params["drawn"]) for f in
                caught.value.faults] == [
            ("tier-size", "A", 3), ("tier-size", "B", 1),
        ]  # fmt: skip

    def test_sizes_of_any_kind_of_integer_come_back_as_python_ints(self):
        """``frame.sizes`` of a host may hold NumPy's; JSON takes none of them."""
        sizes = {"A": np.int64(10), "B": np.uint8(5)}
        table = coverage(LEDGER, sizes, on=DONE)

        assert table == coverage(LEDGER, {"A": 10, "B": 5}, on=DONE)
        assert {type(cell) for column in table.values() for cell in column} <= {
            str, int, float,
        }  # fmt: skip

    def test_what_was_drawn_without_a_tier_has_a_size_of_its_own(self):
        """It stands last, under no name."""
        ledger = LEDGER.extend([row("T9", "S9", stratum=None, entry="9")])
        table = coverage(ledger, {None: 4, "A": 10, "B": 5}, on=DONE)

        assert (table["stratum"], table["drawn"][-1]) == (["A", "B", None], 1)

    @pytest.mark.parametrize(("sizes", "codes"), [
        ({"A": "10", "B": 5}, ["count-type"]),
        ({"A": 10.5, "B": True}, ["count-form", "count-type"]),
        ({"A": math.nan, "B": -1}, ["count-form", "count-range"]),
        ({"A": 2**53, "B": 10**400}, ["count-most", "count-most"]),
        ({"A": 10, "B": 5, 3: 1}, ["label-type"]),
        ({"A": 1, 3: 1}, ["label-type", "tier-size", "tier-size"]),
    ])  # fmt: skip
    def test_faulty_sizes_are_told_at_once(self, sizes, codes):
        """A text compares with no number."""
        with pytest.raises(InvalidInput) as caught:
            coverage(LEDGER, sizes, on=DONE)

        assert [f.code for f in caught.value.faults] == codes


class TestVisits:
    def test_joint_tasks_count_for_every_department(self):
        """And once for each."""
        assert joint_figures(LEDGER, on=DONE) == {
            "department": [POLICE, OFFICE],
            "tasks": [2, 4],
            "joint": [1, 1],
            "share_joint": [0.5, 0.25],
        }

    def test_visits_are_tasks_on_site(self):
        """A joint visit in the quarter in which its first check is due."""
        assert visit_figures(LEDGER, on=DONE) == {
            "quarter": ["2026Q1", "2026Q2"],
            "checks": [3, 2],
            "visits": [2, 2],
            "joint": [1, 0],
            "apart": [3, 2],
            "saved": [1, 0],
        }
        assert visit_figures(Ledger.of(), on=DONE)["visits"] == []

    def test_case_leads_stand_beside_draws_once(self):
        """In this figure alone."""
        table = origin_figures(LEDGER, on=DONE)

        assert table == {
            "department": [POLICE, OFFICE],
            "random": [2, 4],
            "case-lead": [0, 1],
            "campaign": [0, 1],
            "share_random": [1.0, 4 / 6],
        }
        assert origin_figures(LEDGER, on=DONE, by="item")["case-lead"] == [1]
        with pytest.raises(InvalidValueError):
            origin_figures(LEDGER, on=DONE, by="entry")


class TestLoads:
    PEOPLE = InspectorRegister([
        *(Inspector(id=f"SJ{n}", department=OFFICE) for n in range(3)),
        Inspector(id="GA1", department=POLICE, certified=False),
        Inspector(id="ZJ1", department=OFFICE, is_expert=True),
    ])  # fmt: skip

    def test_officers_are_compared_within_their_department(self):
        """Who has no task counts; who is an expert does not."""
        loads = {"SJ0": 5, "SJ1": 2, "ZJ1": 9}

        assert load_figures(loads, self.PEOPLE) == {
            "department": [POLICE, OFFICE],
            "officers": [1, 3],
            "tasks": [0, 7],
            "least": [0, 0],
            "most": [0, 5],
            "mean": [0.0, 7 / 3],
            "to_move": [0, 2],
        }

    @given(st.lists(st.integers(0, 9), min_size=3, max_size=3))
    def test_nothing_is_to_be_moved_if_and_only_if_loads_are_even(self, loads):
        """Even is what no hand-over could improve."""
        table = load_figures(dict(zip(["SJ0", "SJ1", "SJ2"], loads, strict=True)),
                             self.PEOPLE)  # fmt: skip
        to_move = table["to_move"][1]

        assert (to_move == 0) == (max(loads) - min(loads) <= 1)
        moved = sorted(loads)
        for _ in range(to_move):
            moved[0] += 1
            moved[-1] -= 1
            moved.sort()
        assert max(moved) - min(moved) <= 1

    def test_faulty_loads_are_told_at_once(self):
        """A load of nobody would be lost."""
        with pytest.raises(InvalidInput) as caught:
            load_figures({"XX": 1, "SJ0": -1, "SJ1": 1.5, "SJ2": True}, self.PEOPLE)

        assert [f.code for f in caught.value.faults] == [
            "load-of-nobody", "count-range", "count-form", "count-type",
        ]  # fmt: skip

    def test_loads_may_be_sums_of_numpy(self):
        """The sums of a year come out of tables, and go into JSON."""
        loads = dict(zip(["SJ0", "SJ1"], np.array([2, 3]), strict=True))
        table = load_figures(loads, self.PEOPLE)

        assert table == load_figures({"SJ0": 2, "SJ1": 3}, self.PEOPLE)
        assert {type(cell) for cell in table["most"]} == {int}


SIZES = {"3": {"A": 4, "B": 2}}


class TestRates:
    def ledger(self, *outcomes):
        """One subject for each pair of tier and results."""
        return Ledger.of(
            row(f"T{n}", f"S{n}", stratum=tier, completed_on=DONE, results=codes)
            for n, (tier, codes) in enumerate(outcomes)
        )

    def test_tiers_are_weighed_by_their_size(self):
        """A department that draws more of a bad tier does not look worse."""
        ledger = self.ledger(
            ("A", ("no-problem",)), ("A", ("corrected", "pending")),
            ("B", ("corrected",)), ("B", ("no-activity",)), ("A", ("closed",)),
        )  # fmt: skip
        expected = estimate_rate([1, 1], [2, 2], [4, 2])
        table = violation_rates(ledger, SIZES, on=DONE)

        assert table == {
            "entry": ["3"],
            "inspected": [4],
            "found": [2],
            "not_inspected": [1],
            "share_found": [0.5],
            "unknown_tiers": [()],
            "rate": [expected.rate],
            "low": [expected.low],
            "high": [expected.high],
        }

    def test_of_a_tier_that_nobody_saw_nothing_is_said(self):
        """None is not zero."""
        table = violation_rates(
            self.ledger(("A", ("corrected",)), ("B", ("unreachable",))),
            SIZES, on=DONE,
        )  # fmt: skip

        assert table["unknown_tiers"] == [("B",)]
        assert (table["rate"], table["low"], table["high"]) == ([None], [None], [None])
        assert table["share_found"] == [1.0]
        empty = violation_rates(Ledger.of(), {"3": {"A": 0}, "4": {}}, on=DONE)
        assert empty["rate"] == [None, None]

    def test_a_subject_counts_once_over_items_and_departments(self):
        """Two checks of one subject are one subject."""
        rows = [
            row("T1", "S1", completed_on=DONE, results=("no-problem",)),
            row("T1", "S1", item="广告检查", completed_on=DONE, results=("corrected",)),
            row("T1", "S1", department=POLICE, completed_on=DONE,
                results=("not-cooperating",)),
            row("T2", "S2"),
        ]  # fmt: skip
        table = violation_rates(Ledger.of(rows), {"3": {"A": 3}}, on=DONE)

        assert (table["inspected"], table["found"], table["not_inspected"]) == (
            [1], [1], [0],
        )  # fmt: skip
        expected = estimate_rate(1, 1, 3)
        assert table["high"] == [expected.high]

    def test_what_counts_may_be_chosen(self):
        """And how sure the interval is to be."""
        ledger = self.ledger(("A", ("corrected",)), ("A", ("not-disclosed",)))
        narrow = violation_rates(
            ledger, {"3": {"A": 4}}, on=DONE, codes={"未按规定公示年度报告"},
            confidence=0.5,
        )  # fmt: skip
        expected = estimate_rate(1, 2, 4, confidence=0.5)

        assert narrow["found"] == [1]
        assert (narrow["low"], narrow["high"]) == ([expected.low], [expected.high])

    def test_sizes_must_fit(self):
        """A tier that is not there cannot be weighed; nor a check without one."""
        ledger = self.ledger(("A", ("corrected",)), ("C", ("closed",)),
                             (None, ("pending",)))  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            violation_rates(ledger, {"3": {"A": 0, "C": 1}, "4": {}}, on=DONE)

        assert "'A'为0，其中已检查1户" in caught.value.chinese

        assert [f.code for f in caught.value.faults] == ["tier-size", "tier-size"]

    @pytest.mark.parametrize(("changes", "code"), [
        ({"codes": "corrected"}, "argument-list"),
        ({"codes": ()}, "list-empty"),
        ({"codes": {"?"}}, "not-in-list"),
        ({"confidence": 95}, "confidence"),
        ({"confidence": 0}, "confidence"),
        ({"confidence": 1.0}, "confidence"),
        ({"confidence": math.nan}, "confidence"),
        ({"confidence": "much"}, "confidence"),
        ({"confidence": None}, "number-type"),
        ({"confidence": True}, "number-type"),
    ])  # fmt: skip
    def test_what_counts_and_how_sure_is_told(self, changes, code):
        """A letter is no result, and 95 is not 95 %."""
        with pytest.raises(DsgkError) as caught:
            violation_rates(LEDGER, SIZES, on=DONE, **changes)

        assert caught.value.code == code

    @pytest.mark.parametrize(("sizes", "codes"), [
        ({"3": {"A": "4", "B": 2}}, ["count-type"]),
        ({"3": {"A": 4, "B": 2}, 4: {"A": 1}}, ["id-type"]),
        ({"3": {"A": 2**60, "B": 2, 5: 1}}, ["count-most", "label-type"]),
    ])  # fmt: skip
    def test_faulty_sizes_are_told_at_once(self, sizes, codes):
        """With the entry of which they are."""
        with pytest.raises(InvalidInput) as caught:
            violation_rates(LEDGER, sizes, on=DONE)

        assert [f.code for f in caught.value.faults] == codes

    def test_sizes_are_those_of_entries(self):
        """The sizes of one frame are the most likely slip."""
        with pytest.raises(InvalidTypeError) as caught:
            violation_rates(LEDGER, {"A": 4, "B": 2}, on=DONE)

        assert caught.value.code == "argument-mapping"
        assert "sizes['A']" in str(caught.value)


class TestCosts:
    def test_columns_may_come_out_of_tables(self):
        """NumPy's integers are whole numbers; Python's come back."""
        plan = plan_costs(
            entry=np.array(["3", "4"]), department=(OFFICE, POLICE),
            tasks=np.array([3, 10]), officers=np.int64(2), day_rate=np.array([300, 1]),
        )  # fmt: skip

        assert (plan["entry"], plan["tasks"], plan["cost"]) == (
            ["3", "4"], [3, 10], [900, 10],
        )  # fmt: skip
        assert {type(cell) for cell in plan["tasks"]} == {int}
        spent = spent_officer_days(LEDGER, {"T2": np.int16(2)}, on=DONE)
        assert spent == spent_officer_days(LEDGER, {"T2": 2}, on=DONE)

    @pytest.mark.parametrize(("amount", "code"), [
        (Decimal("1E+999999999"), "number-type"),
        (Decimal("1E-999999999"), "number-type"),
        (Decimal("NaN"), "number-type"),
        ("1e999999999", "number-form"),
        ("1/0", "number-form"),
        ("1/00", "number-form"),
        (10**30 + 1, "number-range"),
        (Fraction(-1, 2), "number-range"),
        (np.float64(2.0), "number-type"),
        (np.True_, "number-type"),
        (None, "number-type"),
    ])  # fmt: skip
    def test_what_is_no_amount_is_told_in_no_time(self, amount, code):
        """A text of ten characters may stand for a number that fills the memory."""
        with pytest.raises(InvalidInput) as caught:
            plan_costs(entry=["3"], department=[OFFICE], tasks=[1], days=amount)

        assert [f.code for f in caught.value.faults] == [code]

    @pytest.mark.parametrize("amount", [
        0, "00", "0.5", "1/3", Decimal("0.000"), Decimal("1E+3"), Fraction(10**29),
    ])  # fmt: skip
    def test_exact_amounts_of_every_form_are_read(self, amount):
        """As they are written."""
        plan = plan_costs(
            entry=["3"], department=[OFFICE], tasks=[1], officers=1, days=amount
        )

        assert plan["officer_days"] == [Fraction(amount)]

    def test_days_and_money_are_exact(self):
        """A third of a day stays a third of a day."""
        plan = plan_costs(
            entry=["3", "4"], department=[OFFICE, POLICE], tasks=[3, 10],
            officers=[2, 3], days=["1/3", Decimal("0.5")], day_rate=300,
            other_costs=[Fraction(1, 2), "0.1"],
        )  # fmt: skip

        assert plan == {
            "entry": ["3", "4"],
            "department": [OFFICE, POLICE],
            "tasks": [3, 10],
            "officer_days": [Fraction(2), Fraction(15)],
            "cost": [Fraction(1203, 2), Fraction(4501)],
        }

    def test_two_officers_and_half_a_day_unless_told(self):
        """The least that the law lets go, at no cost that is not given."""
        plan = plan_costs(entry=["3"], department=[OFFICE], tasks=[7])

        assert (plan["officer_days"], plan["cost"]) == ([7], [0])
        spent = spent_officer_days(LEDGER, {"T2": 2}, on=DONE)
        assert spent["officer_days"] == [1, 0, 0]

    def test_all_faults_come_at_once(self):
        """With their rows."""
        with pytest.raises(InvalidInput) as caught:
            plan_costs(
                entry=["3", "4"], department=[OFFICE], tasks=[-1, True],
                officers=["两名", 2], days=0.5, day_rate=[1], other_costs="1/0",
            )  # fmt: skip

        assert [(f.row, f.column, f.code) for f in caught.value.faults] == [
            (None, "department", "column-length"),
            (None, "day_rate", "column-length"),
            (0, "tasks", "count-range"),
            (0, "officers", "number-form"),
            (0, "days", "number-type"),
            (0, "other_costs", "number-form"),
            (1, "tasks", "count-type"),
            (1, "days", "number-type"),
            (1, "other_costs", "number-form"),
        ]

    def test_a_joint_visit_is_counted_once(self):
        """Its checks share what it took; the rows add up to the whole."""
        spent = spent_officer_days(
            LEDGER, {"T1": 4, "T2": 2, "X1": 2}, on=DONE, days={"T1": "1/2", "X1": 1}
        )

        assert spent == {
            "entry": ["3", "4", None],
            "tasks": [2, 1, 2],
            "officer_days": [Fraction(1), Fraction(1), Fraction(2)],
        }
        assert sum(spent_officer_days(LEDGER, {"T1": 4}, on=DONE)["officer_days"]) == 2
        assert spent_officer_days(LEDGER, {"T1": 4}, on=DRAWN)["entry"] == []
        with pytest.raises(InvalidInput) as caught:
            spent_officer_days(
                LEDGER, {"T1": 2.0, 5: 1}, on=DONE, days={"T1": "-1", "T2": "1"}
            )
        assert [(f.column, f.code) for f in caught.value.faults] == [
            ("officers", "number-type"), ("officers", "id-type"),
            ("days", "number-range"),
        ]  # fmt: skip
        with pytest.raises(InvalidValueError):
            spent_officer_days(LEDGER, {"T1": 2}, on=DONE, days="-1")


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 2)), max_size=15))
def test_the_first_of_each_combination_is_marked(rows):
    """What everything that counts once is counted by."""
    columns = [np.array([r[k] for r in rows], dtype=np.int64) for k in range(2)]
    marked = distinct(*columns).tolist()

    assert marked == [r not in rows[:k] for k, r in enumerate(rows)]


def test_origins_are_the_three_that_figures_know():
    """A fourth would have to be counted somewhere."""
    assert [origin.code for origin in Origin] == ["random", "case-lead", "campaign"]
