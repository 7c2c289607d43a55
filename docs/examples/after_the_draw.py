"""
After the draw: case leads, results, substitutes, publication, evidence, figures.

    python docs/examples/after_the_draw.py

The 3,000 firms are made up; what is found there has the shares of published draws.
"""

import datetime as dt
import hashlib
import unicodedata
from collections import Counter

import dsgk
from dsgk import performance as figures, results
from dsgk.accountability import Incident, exemption_evidence, liability_evidence
from dsgk.case_leads import CaseLead, log_case_leads
from dsgk.plans import Batch, ModeReason
from dsgk.publication import (
    Exemption,
    exempt,
    public_records,
    schedule_publication,
)


CALENDAR, ROLL_KEY = dsgk.WorkCalendar.china(), "00112233445566778899aabbccddeeff"
MARKET, FIRE = DEPARTMENTS = ("市场监管局", "消防救援大队")
DRAWN, DUE = dt.date(2026, 4, 1), dt.date(2026, 6, 30)
TODAY, YEAR_END = dt.date(2026, 7, 10), dt.date(2026, 12, 31)
CLASSES = "A" * 65 + "B" * 25 + "C" * 8 + "D" * 2  # published shares, per cent
SHARES = {"A": "3%", "B": "6%", "C": "20%", "D": "50%"}  # drawn of each class
FOUND = ["no-problem"] * 84 + ["unreachable"] * 8 + ["corrected"] * 5 + ["pending"] * 2
FOUND += ["not-cooperating"]  # of a hundred visits, as in published draws
FOOD, CHECK = "食品经营检查", ("task_id", "item", "department", "entry")
RESTAURANTS, ALL = {"kind": {"餐饮"}}, {"kind": {"餐饮", "宾馆"}}
ENTRIES = [{"id": "1", "items": [FOOD], "subjects": RESTAURANTS, "lead": MARKET}]
ENTRIES += [{"id": "2", "items": ["消防安全检查"], "subjects": ALL, "lead": FIRE}]
TO = {"consequence": "信用风险分类", "field": "credit"}
# Name of the rule, which results, from which class to which (Art. 27).
LOWERED = [("拒绝检查", {"not-cooperating"}, {"A": "D", "B": "D", "C": "D"})]
LOWERED += [("发现问题", {"corrected", "pending"}, {"A": "B", "B": "C", "C": "D"})]


def number(label, below):
    """Return a fixed number, so that the district is the same for every reader."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8]) % below


def fact_on(day):
    """Eight digits that nobody knows before this day."""
    return dsgk.Entropy("公开号码", day, [dsgk.Digits("号码", 8)])


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


def draw(firms, officers):
    """Both draws of a quarter, and the ledger of what is to be done (Art. 3)."""
    more = {"ratio": dsgk.Ratio.at_least("5%"), "batches": [Batch(DRAWN, DUE)]}
    entries = [dsgk.PlanEntry(**entry, **more) for entry in ENTRIES]
    plan = dsgk.Plan(year=2026, issuer="区联席会议", entries=entries)
    policy = dsgk.TierPolicy(
        dsgk.TierRule(c, ratio=dsgk.Ratio.at_least(share), when={"credit": {c}})
        for c, share in SHARES.items()
    )
    tiers = dict.fromkeys(["1", "2"], policy)
    ready = dsgk.prepare_round(plan, firms, on=DRAWN, quarter=2, tiers=tiers)
    who = {"title": "2026年第二季度抽取", "issuer": "区联席会议"}
    who |= {"announced_on": dt.date(2026, 3, 25), "roll_key": ROLL_KEY}
    who["entropy"] = fact_on(dt.date(2026, 4, 1))
    given = {"roll_key": ROLL_KEY, "entropy": ["02071118"]}
    record = dsgk.conduct(ready.announce(**who), ready.draw_plans, **given)
    ledger = ready.ledger(record, drawn_on=DRAWN, prefix="任务")
    visits = {}
    for row in ledger:
        visits.setdefault((row.task_id, row.subject_id), set()).add(row.department)
    seats = {d: dsgk.Seat(department=d, count=2) for d in DEPARTMENTS}
    tasks = [
        dsgk.StaffingTask(id=n, subject_id=firm, seats=[seats[d] for d in sorted(of)])
        for (n, firm), of in visits.items()
    ]
    rows = [(e.id, e.lead, len(record.draws[e.id].selected)) for e in entries]
    table("第二季度抽取", "条目 部门 抽取户数", rows)
    print(f"  检查 {len(ledger)} 项，上门 {len(tasks)} 次")
    stated = dsgk.StaffingProblem(tasks, officers).chances(
        fact_on(dt.date(2026, 4, 2)), draw=record
    )
    return ready, record, ledger, stated.draw(stated.key(["30180511"]))


def follow_case_leads(ledger, officers, loads):
    """A complaint and a stall without licence: at once, outside plan and ratio."""
    came = [("投诉举报", "91120225MA00000007"), ("无证无照经营", "河边夜市3号摊")]
    what = {"item": FOOD, "department": MARKET, "received_on": dt.date(2026, 4, 8)}
    cases = [
        CaseLead(id=f"线索{n}", kind=kind, subject_id=subject, **what)
        for n, (kind, subject) in enumerate(came, 1)
    ]
    tasks = [case.task() for case in cases]
    stated = dsgk.StaffingProblem(tasks, officers, current_loads=loads).chances(
        fact_on(dt.date(2026, 4, 9)), reason=ModeReason.CASE_LEAD
    )
    drawn = stated.draw(stated.key(["03081207"]))
    teams = {n: "、".join(s.inspector_id for s in t) for n, t in drawn.teams.items()}
    rows = [(x.kind.label, x.kind.provision, x.subject_id, teams[x.id]) for x in cases]
    table("线索核查（不占抽查比例）", "来源 依据 对象 随机选派", rows)
    return log_case_leads(ledger, cases), drawn.teams


def inspect(ledger, on, *, days):
    """Make the open checks; one visit in sixty is forgotten (Art. 21, 22)."""
    made = []
    for row in ledger:
        if row.completed_on or number(f"F{row.task_id}", 60) == 0:
            continue
        # The whole visit finds the same, so that a firm is gone for everybody.
        codes, more = [FOUND[number(f"R{row.subject_id}", 100)]], {}
        if codes == ["corrected"]:
            codes.append("未按规定公示应当公示的信息")
        elif codes == ["pending"]:
            more = {"competent": {row.department, "税务局"}, "suspected_crime": True}
        found = [results.Finding(code=code, **more) for code in codes]
        of = {name: getattr(row, name) for name in CHECK}
        day = on + dt.timedelta(number(f"T{row.task_id}", days))
        made.append(results.CheckResult(completed_on=day, findings=found, **of))
    return results.log_results(ledger, made), made


def make_public(ledger):
    """Enter and publish within 20 working days, most of the time (Art. 26)."""
    done = [k for k, row in enumerate(ledger) if row.completed_on]
    ledger = exempt(ledger, done[:1], Exemption("商业秘密"))
    days = {}
    for k in done[1:]:
        took = 3 + number(f"P{ledger[k].task_id}", 20)  # 21 is late, 22 forgotten
        day = CALENDAR.add_workdays(ledger[k].completed_on, took)
        if took < 22 and day <= TODAY:
            days[k] = day
    when = list(days.values())
    ledger = ledger.record(list(days), entered_on=when, published_on=when)
    states = schedule_publication(ledger, CALENDAR).states(TODAY).cells()
    rows = Counter(state.label for state in states).most_common()
    table(f"公示情况（{TODAY}）", "状态 项数", rows)
    records = public_records(ledger, on=TODAY).records
    shown = max(records, key=lambda record: sum(len(c.results) for c in record.results))
    rows = [(c.department, c.inspected_on, "、".join(c.results)) for c in shown.results]
    table(f"归集到 {shown.subject_id} 名下", "部门 检查日期 结果", rows)
    return ledger


def learn(ledger, firms):
    """Propose what the register should learn; the district decides (Art. 27)."""
    rules = [results.FeedbackRule(name=n, when=w, moves=m, **TO) for n, w, m in LOWERED]
    feedback = results.propose(ledger, firms, rules, on=TODAY)
    moves = Counter((p.rule, p.old, p.change.value) for p in feedback.proposals)
    rows = [(*move, count) for move, count in sorted(moves.items())]
    table("结果运用建议", "规则 原等级 建议等级 户数", rows)
    decided = [p.change for p in feedback.proposals if p.change.value != "D"]
    inspected = results.inspection_changes(ledger, firms, on=TODAY)
    firms = firms.apply([*decided, *inspected], on=TODAY)
    again = results.propose(ledger, firms, rules, on=TODAY, used=feedback.used)
    print(f"  采纳 {len(decided)} 项，降为 D 的先听证", end="；")
    print(f"同一事实再次建议 {len(again.proposals)} 项")


def answer(official, teams, ledger, sent, officers):
    """List what bears on the tasks of one official; nobody is judged (Art. 28)."""
    own = {task: people for task, people in teams.items() if official in people}
    mine = ledger.where(task_id=set(own))
    own[min(r.task_id for r in mine if r.completed_on)] = [official]  # one was ill
    known = {"referrals": [r for r in sent if r.task_id in own], "inspectors": officers}
    evidence = liability_evidence(mine, on=TODAY, calendar=CALENDAR, teams=own, **known)
    counts = Counter((e.provision, e.code, "、".join(e.missing)) for e in evidence)
    rows = [(*what, n) for what, n in sorted(counts.items(), key=str)]
    title = f"{official} 经办的 {len(own)} 次任务：事实清单，不是结论"
    table(title, "条款 事实 尚缺 件数", rows)


def excuse(ready, record, ledger):
    """An accident at a firm that was not drawn: its receipt proves it (Art. 29)."""
    drawn = set(record.draws["1"].selected)
    firm = next(one for one in ready.frames["1"].ids if one not in drawn)
    roll = dsgk.Roll.of(ready.draw_plans["1"], name="1", key=ROLL_KEY)
    receipt = record.receipt("1", firm, roll=roll)
    incident = Incident(
        subject_id=firm, item=FOOD, department=MARKET, happened_on=TODAY
    )
    proofs = exemption_evidence(incident, ledger, receipts=[receipt], records=[record])
    rows = [(p.provision, p.code, "、".join(p.missing)) for p in proofs]
    table(f"{firm} 于 {TODAY} 发生事故：免责事实", "条款 事实 尚缺", rows)
    print(f"  签号 {receipt.ticket[:12]}… 大于分界签号 {receipt.cut[:12]}…：未抽中")


def assess(ledger, ready, teams):
    """Figures of the year, each a table of plain columns (Art. 30, 31)."""

    def show(title, heads, columns):
        rows = zip(*columns.values(), strict=True)
        cells = [[f"{c:.3}" if isinstance(c, float) else c for c in r] for r in rows]
        table(title, heads, cells)

    heads = "部门 户数 检查 按期 延期 未到期 逾期 完成率 按期率"
    show("计划完成", heads, figures.plan_completion(ledger, on=YEAR_END))
    heads = "部门 未完成 不予公示 期限内 逾期未公示 按期 迟延 及时率"
    show("公示及时率", heads, figures.publication_figures(ledger, CALENDAR, on=TODAY))
    sizes = {entry: frame.sizes for entry, frame in ready.frames.items()}
    first = figures.coverage(ledger.where(entry={"1"}), sizes["1"], on=YEAR_END)
    show("覆盖率（条目1）", "等级 户数 抽取 完成 抽取率 完成率", first)
    heads = "条目 检查户 问题户 未能检查 问题占比 未知等级 推断 下限 上限"
    show("违法率推断", heads, figures.violation_rates(ledger, sizes, on=YEAR_END))
    origins = figures.origin_figures(ledger, on=YEAR_END)
    show("检查来源", "部门 随机 线索 专项 随机占比", origins)
    people = {task: len(team) for task, team in teams.items()}
    spent = figures.spent_officer_days(ledger, people, on=YEAR_END)
    show("执法人力", "条目 任务 人日", spent)


def main():
    """Walk through what follows a draw, in the order of the regime."""
    ids = [f"91120225MA{n:08}" for n in range(3_000)]
    firms = dsgk.SubjectRegister.from_columns(
        id=ids,
        kind=[("餐饮", "餐饮", "宾馆", "其他")[number(f"K{i}", 4)] for i in ids],
        credit=[CLASSES[number(f"C{i}", 100)] for i in ids],
    )
    officers = dsgk.InspectorRegister(
        dsgk.Inspector(id=f"执法{n:02}", department=DEPARTMENTS[n % 2])
        for n in range(36)
    )
    ready, record, ledger, assignment = draw(firms, officers)
    ledger, of_cases = follow_case_leads(ledger, officers, assignment.loads)
    ledger, made = inspect(ledger, dt.date(2026, 4, 9), days=70)
    stand_ins = results.draw_substitutes(ledger, record.draws, on=dt.date(2026, 6, 18))
    ledger, more = inspect(ledger.extend(stand_ins.rows), dt.date(2026, 6, 22), days=8)
    found = Counter(one.code.label for done in made + more for one in done.findings)
    table("检查结果（一项检查可有多项）", "结果 项数", found.most_common())
    rows = dict.fromkeys((r.replaces, r.subject_id, r.stratum) for r in stand_ins.rows)
    table(f"递补 {len(rows)} 户，按签号顺序", "无法检查 递补 等级", list(rows)[:3])
    sent = results.route_results(made + more)
    table("处置去向", "去向 件数", Counter(r.route.label for r in sent).most_common())
    late = {r.task_id for r in sent if number(f"D{r.task_id}", 5) == 0}
    sent = [r if r.task_id in late else r.done(on=r.since, document="文") for r in sent]
    ledger = make_public(ledger)
    learn(ledger, firms)
    seated = {**assignment.teams, **of_cases}
    teams = {task: [s.inspector_id for s in team] for task, team in seated.items()}
    # The team of a visit goes to whoever stands in; then to one who has open tasks.
    teams |= {r.task_id: teams[r.task_id.split("/")[0]] for r in stand_ins.rows}
    task = next(row.task_id for row in ledger if row.completed_on is None)
    answer(teams[task][0], teams, ledger, sent, officers)
    excuse(ready, record, ledger)
    assess(ledger, ready, teams)


if __name__ == "__main__":
    main()
