"""Art. 30 and 31: funds and assessment, counted and never a reward for problems."""

import datetime as dt
from fractions import Fraction

import dsgk.case_leads
import dsgk.ledger
import dsgk.publication
import dsgk.results
from dsgk.calendars import WorkCalendar
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.ledger import Ledger, LedgerRow
from dsgk.performance import (
    coverage,
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
from dsgk.sources import article, provisions_of


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


def test_30_officer_days_and_costs_of_an_entry_are_planned():
    """保障……的经费: tasks, officers, days and money of every plan entry."""
    plan = plan_costs(
        entry=["食品抽查", "食品抽查"], department=[OFFICE, POLICE], tasks=[30, 30],
        officers=[2, 1], days="1/3", day_rate=400, other_costs=[150, 0],
    )  # fmt: skip

    assert plan["officer_days"] == [Fraction(20), Fraction(10)]
    assert plan["cost"] == [Fraction(12500), Fraction(4000)]


def test_30_what_was_spent_adds_up():
    """A joint visit is paid once, shared by the entries that asked for it."""
    ledger = Ledger.of([
        row("T1", "S1", completed_on=DONE),
        row("T1", "S1", department=POLICE, entry="4", completed_on=DONE),
        row("T2", "S2", completed_on=DONE + ONE),
    ])  # fmt: skip
    totals = [
        sum(spent_officer_days(
            ledger, {"T1": 4, "T2": 2}, on=DONE + n * ONE, days="1/2"
        )["officer_days"])
        for n in (-1, 0, 1)
    ]  # fmt: skip

    assert totals == [0, 2, 3]


def test_31_completion_turns_on_the_last_day():
    """纳入政府绩效考核: open before and on the last day, overdue after it."""
    ledger = Ledger.of([row("T1", "S1"), row("T2", "S2", completed_on=DUE)])
    figures = [plan_completion(ledger, on=DUE + n * ONE) for n in (-1, 0, 1)]

    assert [(f["open"], f["overdue"]) for f in figures] == [
        ([2], [0]), ([1], [0]), ([0], [1]),
    ]  # fmt: skip
    assert [f["share_in_time"] for f in figures] == [[None], [None], [0.5]]


def test_31_publication_turns_on_the_twentieth_working_day():
    """Before, on and after it."""
    due = CALENDAR.add_workdays(DONE, 20)
    ledger = Ledger.of([row("T1", "S1", completed_on=DONE, results=("closed",))])
    figures = [
        publication_figures(ledger, CALENDAR, on=due + n * ONE) for n in (-1, 0, 1)
    ]

    assert [(f["open"], f["overdue"]) for f in figures] == [
        ([1], [0]), ([1], [0]), ([0], [1]),
    ]  # fmt: skip


def test_31_coverage_counts_a_subject_once():
    """Two draws of one subject cover one subject."""
    ledger = Ledger.of([
        row("T1", "S1"), row("T2", "S1", entry="4"), row("T3", "S2"),
    ])  # fmt: skip

    assert coverage(ledger, {"A": 4}, on=DRAWN)["share_drawn"] == [0.5]
    assert coverage(ledger, {"A": 4}, on=DRAWN - ONE)["share_drawn"] == [0.0]


def test_31_joint_tasks_and_visits_saved_are_told():
    """One visit for three departments spares the subject two."""
    ledger = Ledger.of([
        row("T1", "S1", department=name, entry=name)
        for name in (OFFICE, POLICE, "消防救援大队")
    ] + [row("T2", "S2")])  # fmt: skip

    assert visit_figures(ledger, on=DRAWN)["saved"] == [2]
    assert joint_figures(ledger, on=DRAWN)["share_joint"] == [1.0, 0.5, 1.0]


def test_31_load_is_balanced_within_a_department():
    """Nobody is assessed by tasks that others did not get."""
    people = InspectorRegister(
        Inspector(id=f"SJ{n}", department=OFFICE) for n in range(4)
    )
    loads = [
        load_figures({"SJ0": first, "SJ1": 2, "SJ2": 2, "SJ3": 2}, people)["to_move"]
        for first in (2, 3, 4, 6)
    ]

    assert loads == [[0], [0], [1], [3]]


def test_31_finding_problems_is_no_merit():
    """
    The estimate does not depend on how a department spreads its draws.

    Tier A is clean, tier D is not.  Who draws twice as many of D finds a higher
    share of problems; the estimated rate of the district is the same.
    """
    sizes = {"3": {"A": 90, "D": 10}}

    def ledger(clean, dirty):
        rows = [
            row(f"A{n}", f"A{n}", completed_on=DONE, results=("no-problem",))
            for n in range(clean)
        ]
        rows += [
            row(f"D{n}", f"D{n}", stratum="D", completed_on=DONE,
                results=("corrected",))
            for n in range(dirty)
        ]  # fmt: skip
        return violation_rates(Ledger.of(rows), sizes, on=DONE)

    few, many = ledger(18, 2), ledger(9, 9)
    assert (few["share_found"], many["share_found"]) == ([0.1], [0.5])
    assert few["rate"] == many["rate"] == [0.1]
    for table in (few, many):
        assert table["low"][0] <= 0.1 <= table["high"][0]


def test_31_every_figure_cites_its_article():
    """So that an assessment can name its basis."""
    for figures in (
        plan_completion, publication_figures, coverage, joint_figures, visit_figures,
        load_figures, violation_rates,
    ):  # fmt: skip
        assert article(31) in provisions_of(figures)
    for figures in (plan_costs, spent_officer_days):
        assert provisions_of(figures) == (article(30),)


def test_every_function_after_the_draw_names_what_it_carries_out():
    """The table of provisions is made of these citations."""
    expected = {
        dsgk.case_leads.CaseLeadKind: (16, 32),
        dsgk.case_leads.CaseLead: (16, 32),
        dsgk.case_leads.log_case_leads: (16, 32),
        dsgk.case_leads.CaseLead.task: (3, 16),
        dsgk.results.AgencyConclusion: (21,),
        dsgk.results.check_agencies: (21,),
        dsgk.results.Finding: (22,),
        dsgk.results.log_results: (22,),
        dsgk.results.route_results: (22,),
        dsgk.results.draw_substitutes: (3, 15, 20),
        dsgk.results.FeedbackRule: (27,),
        dsgk.results.propose: (27,),
        dsgk.results.inspection_changes: (24, 27),
        dsgk.publication.publish_by: (26,),
        dsgk.publication.schedule_publication: (26,),
        dsgk.publication.exempt: (26,),
        dsgk.publication.public_records: (3, 26),
        dsgk.publication.check_publications: (3, 10, 12),
        origin_figures: (16, 31),
        joint_figures: (9, 31),
        visit_figures: (5, 17, 31),
        coverage: (13, 31),
        plan_completion: (15, 31),
        publication_figures: (26, 31),
        dsgk.ledger.Ledger: (15,),
    }

    for function, numbers in expected.items():
        assert provisions_of(function) == tuple(map(article, numbers)), function
