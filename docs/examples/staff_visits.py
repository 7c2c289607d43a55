"""
Forty visits and their teams: stated chances, the draw, a redraw, the check of it all.

    python docs/examples/staff_visits.py

The list of firms is too short to draw from, so all are visited and inspectors alone
are drawn (Art. 4 of the instrument).  People and visits are made up.
"""

import datetime as dt
import unicodedata
from collections import Counter

from dsgk.assignments import (
    AssignmentRecord,
    PastVisit,
    PresetTeam,
    RedrawReason,
    Seat,
    StaffingProblem,
    StaffingTask,
    UnstaffableError,
    plan_outings,
)
from dsgk.draws import Entropy, Numbers
from dsgk.inspectors import Inspector, InspectorRegister, Recusal, RecusalReason
from dsgk.plans import ModeReason
from dsgk.verify import verify_assignment


MARKET, FIRE = "市场监管局", "消防救援大队"
# How many visits a team makes there on a half-day: near each other, or in the hills.
AREAS = {"城区": 4, "上仓镇": 3, "下营镇": 1}
LAST_YEAR = dt.date(2025, 9, 16)
DRAWN_ON = dt.date(2026, 4, 1)
BALLS = [
    Numbers("红球", count=6, least=1, most=33),
    Numbers("蓝球", count=1, least=1, most=16),
]
FACT = [[2, 7, 11, 18, 25, 30], [9]]  # drawn in public after the chances are published
LATER = [[4, 9, 15, 21, 28, 33], [2]]  # the same lottery, a week after that


def table(title, heads, rows):
    """Print aligned columns; Chinese characters are two places wide."""

    def wide(text):
        return sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in text)

    lines = [heads.split(), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(wide, column)) for column in zip(*lines, strict=True)]
    print(f"\n【{title}】")
    for line in lines:
        cells = (c + " " * (w - wide(c)) for c, w in zip(line, widths, strict=True))
        print("  " + "  ".join(cells).rstrip())


def percent(chance):
    """Write a chance as the public reads it; inside it stays exact."""
    return f"{float(chance):.2%}"


def people():
    """Make the register of inspectors (执法检查人员名录库)."""
    market = [
        Inspector(
            id=f"市监{n:02}",
            department=MARKET,
            # Every fifth of them grew up in the area that they keep away from.
            home_areas={list(AREAS)[n % 3]} if n % 5 == 0 else (),
            capacity=3 if n % 4 == 0 else None,
        )
        for n in range(1, 17)
    ]
    fire = [Inspector(id=f"消防{n:02}", department=FIRE) for n in range(1, 9)]
    experts = [
        Inspector(id=f"专家{n}", department=MARKET, skills={"特种设备"}, is_expert=True)
        for n in (1, 2, 3)
    ]
    return InspectorRegister([*market, *fire, *experts])


def visits():
    """Make the visits (检查任务), half of them joint, some with an expert beside."""
    alone = [Seat(department=MARKET, count=2)]
    joint = [*alone, Seat(department=FIRE, count=2)]
    lifts = [*alone, Seat(department=MARKET, count=1, skills={"特种设备"}, expert=True)]
    return [
        StaffingTask(
            id=f"任务{n:02}",
            subject_id=f"企业{n:02}",
            seats=lifts if n % 10 == 3 else joint if n % 2 == 0 else alone,
            area=list(AREAS)[n % 3],
            lead=MARKET,
        )
        for n in range(1, 41)
    ]


def kept_away():
    """Return recusals (回避), and who was there last time (轮换)."""
    recusals = [
        Recusal(
            inspector_id=f"市监{n:02}",
            subject_id=f"企业{3 * n:02}",
            reason=RecusalReason.KINSHIP,
        )
        for n in (1, 2, 7)
    ]
    history = [
        PastVisit(
            inspector_id=f"市监{n % 16 + 1:02}", subject_id=f"企业{n:02}", on=LAST_YEAR
        )
        for n in range(1, 41, 4)
    ]
    return {"recusals": recusals, "history": history, "avoid_home_areas": True}


def plan_half_days(tasks):
    """Put visits of one area together: one team, one half-day (片区归并)."""
    together = plan_outings(tasks, size=AREAS)
    half_days = Counter(area for area, _ in {(t.area, t.outing) for t in together})
    visits_of = Counter(task.area for task in tasks)
    rows = [(area, visits_of[area], AREAS[area], half_days[area]) for area in AREAS]
    table("片区归并", "片区 任务数 每半天最多 半天数", rows)
    return together


def fact_on(day):
    """Say which public fact will make the key, and how it is written."""
    return Entropy("某公开开奖号码", day, BALLS)


def publish(problem):
    """State all chances; their digest is published, and nothing is drawn yet."""
    stated = problem.chances(fact_on(DRAWN_ON), reason=ModeReason.FEW_SUBJECTS)
    somebody = "市监01"
    rows = [
        ("公告摘要", stated.digest),
        ("概率是否全部相等", "是" if stated.is_equal else "否，任务上限所限"),
        ("与等概率的最大差", percent(stated.largest_deviation)),
        ("受上限约束者", "、".join(stated.capped) or "无"),
        (f"{somebody}的期望半天数", f"{float(stated.expected_loads[somebody]):.4f}"),
    ]
    for task in problem.tasks[:3]:
        chance = stated[task.id].get(somebody)
        told = "不参加（回避或轮换）" if chance is None else percent(chance)
        rows.append((f"{somebody}参加{task.id}", told))
    table("抽取前公示的概率", "内容 值", rows)
    return stated


def show_teams(assignment):
    """Print the first teams, and how even the loads are."""
    rows = []
    for task in assignment.tasks[:6]:
        team = "、".join(seated.inspector_id for seated in assignment.teams[task.id])
        rows.append((task.id, task.outing, team, assignment.in_charge[task.id]))
    table("随机选派执法检查人员", "任务 半天 检查组 主检", rows)

    expected = assignment.stated.expected_loads
    rows = [
        (person.id, f"{float(expected[person.id]):.4f}", assignment.loads[person.id])
        for person in assignment.problem.register
        if person.id[-2:] in {"01", "04", "08"} or person.is_expert
    ]
    table("半天数：期望与抽取", "人员 期望 抽取", rows)


def draw_groups(tasks, register, key):
    """Draw preset teams (检查组) as units instead, where officers work in pairs."""
    pairs = [f"市监{n:02}" for n in range(1, 17)]
    groups = [
        PresetTeam(id=f"第{n // 2 + 1}组", members=pairs[n : n + 2])
        for n in range(0, 16, 2)
    ]
    # Visits of two officers alone: a team fits if its members fill all places.
    alone = [task for task in tasks if len(task.seats) == 1]
    drawn = StaffingProblem(alone, register, teams=groups).chances().draw(key)
    rows = [
        (task.id, drawn.presets[task.id], percent(drawn.chances(task.id)["市监01"]))
        for task in drawn.tasks[:3]
    ]
    table("以检查组为单位抽取", "任务 检查组 其中市监01的概率", rows)


def replace_the_ill(record, problem):
    """Redraw one place after somebody fell ill (补抽); everybody else stays."""
    task_id = problem.tasks[0].id
    # Published before a later fact: the key of the draw is known by now.
    request = record.request_redraw(
        task_id,
        record.teams[task_id][0],
        problem=problem,
        reason=RedrawReason.UNAVAILABLE,
        announced_on=DRAWN_ON + dt.timedelta(2),
        entropy=fact_on(DRAWN_ON + dt.timedelta(7)),
    )
    after = record.redraw(request, problem=problem, entropy=LATER)
    (redraw,) = after.redraws
    rows = [("任务", request.unit), ("事由", request.reason.label)]
    rows += [("原人员", request.officer), ("补抽人员", redraw.after)]
    chance = percent(1 / len(request.pool))
    rows += [("可补抽人数", len(request.pool)), ("各人概率", chance)]
    table("因病补抽", "内容 值", [*rows, ("主检", redraw.in_charge)])
    return after


def check(record, stated, problem):
    """Recompute the record, as anyone can who has the lists."""
    document = record.to_dict()  # plain JSON values, to be published
    found = verify_assignment(document, problem, digest=stated.digest)
    document["tasks"][0]["in_charge"] = "消防08"
    forged = verify_assignment(document, problem, digest=stated.digest)
    rows = [("发布的记录", len(found), "—")]
    rows.append(("改动一处的记录", len(forged), "、".join(d.path for d in forged)))
    table("公开核验", "记录 不符 位置", rows)


def try_too_much(register):
    """Ask for what cannot be done: the error says what is missing, and what helps."""
    experts = Seat(department=MARKET, count=3, skills={"特种设备"}, expert=True)
    seats = [Seat(department=MARKET, count=2), experts]
    whom = {"subject_id": "企业99"}
    task = StaffingTask(id="任务99", seats=seats, **whom)
    away = Recusal(inspector_id="专家2", reason=RecusalReason.OWN_INTEREST, **whom)
    try:
        StaffingProblem([task], register, recusals=[away]).chances()
    except UnstaffableError as error:
        (lack,) = error.shortages
        rows = [(lack.tasks[0], lack.seats, lack.capacity, lack.missing)]
        table("无法选派时", "任务 席位 可派 缺", rows)
        helps = [" 并 ".join(bar.inspector_id for bar in way) for way in lack.ways]
        print(f"  若下列人员不回避即可多派一人：{'；'.join(helps)}")


def main():
    """Walk through it in the order of a working week."""
    register, bars = people(), kept_away()
    tasks = plan_half_days(visits())
    problem = StaffingProblem(tasks, register, **bars)
    stated = publish(problem)
    drawn = stated.draw(stated.key(FACT))
    show_teams(drawn)
    draw_groups(visits(), register, drawn.key)
    record = AssignmentRecord.of(drawn, entropy=FACT)
    check(replace_the_ill(record, problem), stated, problem)
    try_too_much(register)


if __name__ == "__main__":
    main()
