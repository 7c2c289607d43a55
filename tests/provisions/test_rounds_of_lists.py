"""
From the lists of a province to the ledger: planned, drawn together, followed.

388 printed rows of the item list are 293 items of 16 departments, whose plans
and the joint plan of 83 items are drawn in one round.
"""

import datetime as dt
from collections import Counter
from fractions import Fraction

import pytest
from drawing import ROLL_KEY, chance, fact
from province import columns, entries_by_department, item_list

from dsgk.draws import conduct
from dsgk.items import Method
from dsgk.ledger import Ledger
from dsgk.plans import Batch, Conference, Frequency, Plan, PlanEntry
from dsgk.rounds import prepare_round
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio
from dsgk.verify import verify_record


YEAR = 2026
MARCH, JUNE = dt.date(YEAR, 3, 2), dt.date(YEAR, 6, 30)
AUGUST, NOVEMBER = dt.date(YEAR, 8, 3), dt.date(YEAR, 11, 30)
HALVES = (
    Batch(MARCH, JUNE, Fraction(1, 2)),
    Batch(AUGUST, NOVEMBER, Fraction(1, 2)),
)


def department_plans(listed):
    """The plan of every department, with an entry for each item of the list."""
    return [
        Plan(
            year=YEAR,
            issuer=department,
            entries=[
                PlanEntry(
                    ratio=Ratio.at_least("20%"),
                    frequency=Frequency.exactly(2),
                    batches=HALVES,
                    **fields,
                )
                for fields in entries
            ],
        )
        for department, entries in entries_by_department(listed).items()
    ]


def joint_plan(table):
    """The district's joint plan, an entry for each joint item."""
    rows = len(table["item"])
    return Plan.from_table(
        {**table, "抽查比例": ["不低于10%"] * rows, "检查时间": ["3月—11月"] * rows},
        year=YEAR,
        issuer="联席会议",
        names={
            "task": "field",
            "item": "item",
            "object": "object",
            "lead": "initiating_dept",
            "cooperating": "cooperating_dept",
        },
        conference=Conference(convener="市场监管部门", members={"市场监管部门"}),
    )


@pytest.fixture
def plans(facts):
    """All plans of the province."""
    joint = columns(facts / "province_joint_items.csv")
    return [*department_plans(item_list(facts)), joint_plan(joint)]


def register_of(plans):
    """Firms of every kind that a plan names, one to nine of each."""
    kinds = {e.object: None for one in plans for e in one.entries}
    ids = [
        (f"S{k:03}-{n}", kind) for k, kind in enumerate(kinds) for n in range(k % 9 + 1)
    ]
    return SubjectRegister.from_columns(
        id=[name for name, _ in ids], kind=[kind for _, kind in ids]
    )


def draw(made, on, prefix):
    """Draw a round on a day."""
    announcement = made.announce(
        title=f"{prefix}统一抽取",
        issuer="联席会议",
        announced_on=on - dt.timedelta(7),
        **fact(on - dt.timedelta(7)),
    )
    record = conduct(announcement, made.draw_plans, **chance("02-07-11-18-25-30+09"))
    return record, made.ledger(record, drawn_on=on, prefix=prefix)


def rows_of(part, number):
    """How many rows so many drawn subjects of an entry have."""
    entry = part.entry
    pairs = {
        (item.name, department)
        for item in entry.items
        for department in entry.departments
        if item.department in {None, department}
    }
    return number * len(pairs)


def test_the_lists_of_a_province_go_from_the_plan_to_the_ledger(plans):
    """No entry, no subject and no check is lost or doubled on the way."""
    register = register_of(plans)
    sizes = Counter(subject.kind for subject in register)
    entries = {e.id: e for one in plans for e in one.entries}
    spring = prepare_round(plans, register, quarter=1, on=dt.date(YEAR, 2, 20))
    record, ledger = draw(spring, MARCH, "春")
    year = {
        name: -(-sizes[one.object] // (5 if one.batches == HALVES else 10))
        for name, one in entries.items()
    }
    drawn = {
        name: -(-year[name] // 2) if one.batches == HALVES else year[name]
        for name, one in entries.items()
    }

    assert [len(one.entries) for one in plans][-1] == 83
    assert len(entries) == 293 + 83
    assert spring.parts.keys() == entries.keys()
    assert {n: sum(q.values()) for n, q in spring.quotas.items()} == drawn
    assert verify_record(record, spring.draw_plans, roll_key=ROLL_KEY) == ()

    # Every check of every entry has its row, and its place in one task.
    by_entry = Counter(row.entry for row in ledger)
    assert by_entry == {n: rows_of(spring.parts[n], k) for n, k in drawn.items()}
    merged = spring.merge(record)
    on_site = [row for row in ledger if row.method is Method.ON_SITE]
    assert len({row.task_id for row in on_site}) == len(merged.visits)
    assert len({row.task_id for row in ledger}) == (
        len(merged.visits) + len(merged.remote)
    )
    # However many entries draw a firm: their windows meet, so it is visited once.
    assert len(merged.visits) == len({row.subject_id for row in on_site})
    departments = {visit.subject_id: set(visit.departments) for visit in merged.visits}
    for row in on_site:
        assert row.department in departments[row.subject_id]
    assert Ledger.from_table(ledger.to_columns()).digest == ledger.digest

    autumn = prepare_round(
        plans, register, quarter=3, on=dt.date(YEAR, 7, 20), ledger=ledger
    )
    _, more = draw(autumn, AUGUST, "秋")
    ledger = ledger.extend(more)
    left = {
        n: year[n] - drawn[n] for n, one in entries.items() if one.batches == HALVES
    }

    assert {n: sum(q.values()) for n, q in autumn.quotas.items()} == left
    for one in plans:
        progress = one.progress(ledger, on=NOVEMBER, subjects=register)
        tallies = {name: tally.drawn for name, tally in progress.entries.items()}
        assert tallies == {entry.id: year[entry.id] for entry in one.entries}
        assert progress.undrawn == ()
