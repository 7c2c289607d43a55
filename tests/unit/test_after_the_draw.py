"""The example of what follows a draw: its tables agree with each other and the law."""

import re

import pytest
from scripts import load, printed_by, table_of


@pytest.fixture(scope="module")
def printed():
    """Run the script once; what it prints is read by several tests."""
    return printed_by(load("after_the_draw").main)


def totals(printed, title):
    """Numbers of a table of two columns, by what stands before them."""
    rows = table_of(printed, title)
    return {row[0]: int(row[1]) for row in rows if len(row) == 2}


def test_case_leads_stand_apart_from_what_was_drawn(printed):
    """Art. 16 and 32: two officers each, and no part of any figure of draws."""
    cases = table_of(printed, "线索核查")
    origins = table_of(printed, "检查来源")
    completion = table_of(printed, "计划完成")

    assert [provision for _, provision, _, _ in cases] == [
        "District Opinion, Art. 16", "District Opinion, Art. 32",
    ]  # fmt: skip
    assert all(len(set(team.split("、"))) == 2 for *_, team in cases)
    assert sum(int(row[2]) for row in origins) == len(cases)
    assert [row[1] for row in origins] == [row[2] for row in completion]


def test_a_check_may_have_several_findings_and_take_several_routes(printed):
    """Art. 22: what is pending goes to three places at once."""
    found, routes = totals(printed, "检查结果"), totals(printed, "处置去向")
    problems = sum(found.values()) - found["未发现问题"]

    assert found["发现问题已责令改正"] == found["未按规定公示应当公示的信息"] > 0
    assert routes["依法惩处"] == problems
    assert routes["移交转办"] == routes["移送司法机关"] == found["发现问题待后续处理"]


def test_substitutes_are_of_the_same_class(printed):
    """One for each subject that could not be found; nobody chooses them."""
    (count,) = re.findall(r"递补 (\d+) 户", printed)
    rows = table_of(printed, "递补")

    assert 0 < int(count) <= totals(printed, "检查结果")[
        "通过登记的住所（经营场所）无法联系"
    ]  # fmt: skip
    assert all(gone != stand_in for gone, stand_in, _ in rows)
    assert {tier for *_, tier in rows} <= set("ABCD")


def test_every_check_is_in_one_state_of_publication(printed):
    """Art. 26: those of the figures are those of the list, case leads apart."""
    states = totals(printed, "公示情况")
    figures = [list(map(int, row[1:7])) for row in table_of(printed, "公示及时率")]
    names = [
        "检查未完成",
        "依法不予公示",
        "期限内",
        "逾期未公示",
        "按期公示",
        "逾期公示",
    ]

    assert [states[name] for name in names] == [
        sum(n) for n in zip(*figures, strict=True)
    ]
    assert min(states.values()) > 0
    assert states["线索核查，另行处理"] == 2


def test_one_record_gathers_what_a_joint_visit_found(printed):
    """Art. 26: several departments, one day, one subject, no person."""
    rows = table_of(printed, "归集到")

    assert len({department for department, _, _ in rows}) == len(rows) == 2
    assert len({day for _, day, _ in rows}) == 1
    assert not any("执法" in cell for row in rows for cell in row)


def test_proposals_are_decided_and_no_fact_counts_twice(printed):
    """Art. 27: all but those to class D are taken; asked again, nothing is left."""
    moves = table_of(printed, "结果运用建议")[:-1]
    taken = sum(int(count) for _, _, new, count in moves if new != "D")

    assert f"采纳 {taken} 项" in printed
    assert "同一事实再次建议 0 项" in printed
    assert all(old < new for _, old, new, _ in moves)


def test_evidence_is_a_list_and_no_verdict(printed):
    """Art. 28 and 29: what was late, a lone officer, a receipt and what it lacks."""
    grounds = {row[0][-5:]: row[1] for row in table_of(printed, "经办的")}
    (proof,) = table_of(printed, "发生事故")[:-1]
    ticket, cut = re.findall(r"签号 ([0-9a-f]{12})…", printed)

    assert grounds == {"28(1)": "not-carried-out", "28(3)": "too-few-officers"}
    assert "不是结论" in printed
    assert proof[:2] == ["District Opinion, Art. 29(1)", "not-drawn"]
    overdue = {row[0]: row[6] for row in table_of(printed, "计划完成")}
    assert proof[2].startswith(f"that it did its duty: {overdue['市场监管局']} of")
    assert ticket > cut


def test_the_figures_of_the_year_fit_together(printed):
    """Art. 31: nothing is lost between the tables."""
    for _, firms, drawn, *states, _, _ in table_of(printed, "计划完成"):
        assert int(firms) <= int(drawn) == sum(map(int, states))
    for _, size, drawn, done, share, _ in table_of(printed, "覆盖率"):
        assert int(done) <= int(drawn) <= int(size)
        assert float(share) == pytest.approx(int(drawn) / int(size), rel=0.01)
    for row in table_of(printed, "违法率推断"):
        rate, low, high = map(float, row[6:])
        assert low < rate < high
    states = totals(printed, "公示情况")
    undone = sum(int(row[6]) for row in table_of(printed, "计划完成"))
    assert undone == states["检查未完成"]
