"""The example of staffing visits: what it prints agrees with itself and the law."""

import re

import pytest
from scripts import load, printed_by, table_of

from dsgk.assignments import StaffingProblem


@pytest.fixture(scope="module")
def example():
    return load("staff_visits")


@pytest.fixture(scope="module")
def printed(example):
    """Run the script once; what it prints is read by several tests."""
    return printed_by(example.main)


def test_half_days_hold_all_visits_and_no_more_than_fit(printed, example):
    """A town has more visits on a half-day than the hills."""
    rows = [(int(n), int(most), int(days)) for _, n, most, days in
            table_of(printed, "片区归并")]  # fmt: skip

    assert sum(n for n, _, _ in rows) == len(example.visits())
    assert all(n <= most * days for n, most, days in rows)
    assert len({most for _, most, _ in rows}) == len(rows)


def test_what_is_announced_is_what_is_drawn(printed, example):
    """The digest stands for the chances; nobody is away who has one."""
    told = dict(table_of(printed, "抽取前公示的概率"))
    tasks = example.plan_outings(example.visits(), size=example.AREAS)
    problem = StaffingProblem(tasks, example.people(), **example.kept_away())
    stated = problem.chances(example.fact_on(example.DRAWN_ON), reason="few-subjects")
    drawn = stated.draw(stated.key(example.FACT))

    assert told["公告摘要"] == stated.digest == drawn.stated.digest
    assert told["市监01参加任务03"] == "不参加（回避或轮换）"
    assert told["市监01参加任务01"] == f"{float(stated['任务01']['市监01']):.2%}"
    assert tuple(told["受上限约束者"].split("、")) == stated.capped != ()
    assert 0 < stated.largest_deviation < 1
    by_id = {person.id: person for person in example.people()}
    for task in tasks:
        for seated in drawn.teams[task.id]:
            assert task.area not in by_id[seated.inspector_id].home_areas


def test_teams_are_those_that_the_law_asks_for(printed):
    """Two officers of the market, an expert beside; one of them in charge."""
    rows = table_of(printed, "随机选派执法检查人员")

    for _, _, team, lead in rows:
        people = team.split("、")
        market = [name for name in people if name.startswith("市监")]
        assert len(market) == 2
        assert lead in market
    assert any("专家" in team for _, _, team, _ in rows)
    assert any("消防" in team for _, _, team, _ in rows)


def test_loads_are_the_expected_ones_rounded(printed):
    """Stated before, kept in the draw, and nobody above a capacity of three."""
    rows = table_of(printed, "半天数：期望与抽取")

    assert all(abs(float(expected) - int(load)) < 1 for _, expected, load in rows)
    loads = {name: int(load) for name, _, load in rows}
    assert max(loads["市监04"], loads["市监08"]) <= 3


def test_a_preset_team_has_one_chance(printed):
    """Eight teams of two, one for each visit."""
    rows = table_of(printed, "以检查组为单位抽取")

    assert [chance for _, _, chance in rows] == ["12.50%"] * 3
    assert all(re.fullmatch("第[1-8]组", team) for _, team, _ in rows)


def test_one_is_replaced_by_one_of_a_pool(printed):
    """All of the pool have the same chance, and the one who fell ill is gone."""
    told = dict(table_of(printed, "因病补抽"))
    (team,) = [
        team
        for task, _, team, _ in table_of(printed, "随机选派执法检查人员")
        if task == told["任务"]
    ]

    assert told["原人员"] in team
    assert told["补抽人员"] not in team
    assert told["各人概率"] == f"{1 / int(told['可补抽人数']):.2%}"


def test_the_record_is_right_and_a_forgery_is_found(printed):
    """Anyone who has the lists can tell."""
    true, forged = table_of(printed, "公开核验")

    assert true == ["发布的记录", "0", "—"]
    assert "tasks[0].in_charge" in forged[2].split("、")


def test_what_cannot_be_done_is_explained(printed):
    """Three experts are asked for, and one of three is recused."""
    rows = table_of(printed, "无法选派时")

    assert rows == [["任务99", "3", "2", "1"], ["若下列人员不回避即可多派一人：专家2"]]
