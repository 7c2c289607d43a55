"""The example of a district's year runs, on its own plan and on published ones."""

import re
import subprocess

import pytest
import scale
from scripts import load, printed_by, table_of

import dsgk


@pytest.fixture(scope="module")
def example():
    return load("district_year")


@pytest.fixture(scope="module")
def printed(example):
    """Run the script once; what it prints is read by several tests."""
    return printed_by(example.main, example.PLAN)


def test_the_built_in_plan_has_twelve_entries_and_one_that_is_refused(example):
    """A row that gives no ratio is told, not guessed."""
    plan, refused = example.plan_of(example.PLAN)

    assert len(plan.entries) >= 12
    assert refused == [("综合抽查", "根据实际情况确定")]


def test_chances_are_stated_before_the_draw_and_it_can_be_verified(printed):
    """Their digest is what is published."""
    assert re.search(r"概率表摘要 [0-9a-f]{64}，公开核验 0 处不符", printed)
    assert re.search(r"事先公布的入选概率 \d+\.\d{4}%，全年 \d+ 次任务", printed)


def test_the_published_record_is_right(printed):
    """The last step is the check that anyone can make."""
    rows = dict(table_of(printed, "抽取回执与公开核验"))

    assert rows["公开核验"] == "0 处不符"
    assert rows["是否抽中"] == "是"
    assert rows["签号"] <= rows["分界签号"]


def test_the_shell_line_prints_the_ticket(printed):
    """What a firm types gives what the record says."""
    rows = dict(table_of(printed, "抽取回执与公开核验"))
    out = subprocess.run(  # noqa: S602
        rows["自查"], shell=True, capture_output=True, text=True, check=True
    )

    assert out.stdout.split()[0] == rows["签号"]


def test_coordination_and_merging_save_visits(printed):
    """Separate visits, then merging alone, then one key for all."""
    counts = [int(n) for _, n in table_of(printed, "上门次数")[:3]]

    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[1] > counts[2] > 0


def test_loads_within_a_department_are_even(printed):
    """Two officers of one department differ by one visit at most."""
    for row in table_of(printed, "随机选派执法人员")[:6]:
        people, visits, least, most = map(int, row[1:])
        assert (least, most) == (visits // people, -(-visits // people))


def test_results_after_the_announced_year_are_marked(printed):
    """December's results are due in a year that may not be announced yet."""
    known = dsgk.WorkCalendar.china().announced_through.isoformat()
    rows = table_of(printed, "检查结果公示期限")

    assert len(rows) == 6
    assert [note.startswith("待定") for _, _, note in rows] == [
        due > known for _, due, _ in rows
    ]


@pytest.mark.scaled
def test_it_runs_on_published_plans(example, facts, monkeypatch):
    """The real input: rows of six published plans, in their own columns."""
    text = (facts / "published_plans.csv").read_text(encoding="utf-8")
    plan, refused = example.plan_of(text)
    monkeypatch.setattr(example, "FIRMS", scale.of(20_000, 60_000))
    printed = printed_by(example.main, text)

    assert (len(plan.entries), len(refused)) == (36, 6)
    assert re.search(r"公开核验\s+0 处不符", printed)
