"""
A district's year: from the published plan to drawn firms, teams and due dates.

    python docs/examples/district_year.py                  # the plan below
    python docs/examples/district_year.py --plan FILE.csv  # a published one

The 60,000 firms and 400 inspectors are made up, with published shares of classes.
"""

import argparse
import csv
import datetime as dt
import hashlib
import io
import re
import sys
import unicodedata
from collections import Counter
from fractions import Fraction
from pathlib import Path

import dsgk
from dsgk.assignments import PastVisit
from dsgk.tiers import Measure


PLAN = """\
task_or_field,item,object,ratio_text,period,lead_dept,coop_dept,credit_tier_note
宾馆旅店抽查,取得许可证情况的检查,各类宾馆、旅店,5%,3月—6月,公安局,市场监管局、卫生健康委,
宾馆旅店抽查,卫生情况的检查,各类宾馆、旅店,5%,3月—6月,卫生健康委,市场监管局,
宾馆旅店抽查,消防情况的检查,各类宾馆、旅店,不低于5%,4月—6月,消防救援大队,公安局,
年度报告抽查,年度报告公示信息的检查,各类企业,不低于0.5%,7月—10月,市场监管局,人社局,
劳动用工抽查,劳动保障监察检查,各类用人单位,1%,3月—11月,人社局,市场监管局,递加
食品安全抽查,食品经营监督检查,餐饮服务单位,不低于3%,3月—9月,市场监管局,卫生健康委,递加
食品安全抽查,学校食堂食品安全检查,学校、托幼机构,≥20%,3月—5月,市场监管局,卫生健康委,
药品经营抽查,药品零售监督检查,药店,10-20%,5月—8月,市场监管局,卫生健康委,
特种设备抽查,特种设备使用单位监督检查,特种设备使用单位,10%,4月—6月,市场监管局,,
污染防治抽查,污水处理设施检查,污水处理厂(站),100%,1月—12月,生态环境局,,
计量监督抽查,加油机计量监督检查,加油站,60-70家,6月—9月,市场监管局,消防救援大队,
娱乐场所抽查,娱乐场所治安检查,歌舞娱乐场所,不超过总数的20%,6月—8月,公安局,消防救援大队,
综合抽查,其他抽查事项,各类企业,根据实际情况确定,,市场监管局,,
"""
# What the columns of a published plan are called, by field.
NAMES = {"task": "task_or_field", "item": "item", "object": "object"}
NAMES |= {"ratio": "ratio_text", "count": "quantity_or_base", "period": "period"}
NAMES |= {"lead": "lead_dept", "cooperating": "coop_dept", "note": "credit_tier_note"}
FIRMS, INSPECTORS, YEAR, TODAY = 60_000, 400, 2026, dt.date(2026, 1, 5)
EVERYBODY = ("各类企业", "各类用人单位", "不特定", "企事业", "机关")
CLASSES = "A" * 65 + "B" * 25 + "C" * 8 + "D" * 2  # published shares, per cent
# Class, step of a ratio that grows with the risk (递加), months of rest, yearly cap.
TIERS = (("A", 1, 24, 1), ("B", 2, 12, 2), ("C", 4, 6, 4), ("D", 8, 1, 12))
REASONS = {"struck-off": "注销", "moved-out": "迁出", "inside-rest": "检查间隔未满"}
REASONS |= {"yearly-cap": "已达年度频次上限"}
RED = dsgk.Numbers("红球", count=6, least=1, most=33)
BLUE = dsgk.Numbers("蓝球", count=1, least=1, most=16)
FACT = dsgk.Entropy("公开开奖号码", dt.date(YEAR, 1, 8), [RED, BLUE])
NEXT_FACT = dsgk.Entropy("公开开奖号码", dt.date(YEAR, 1, 11), [RED, BLUE])
SECRET = hashlib.sha256(b"of a host: secrets.token_hex(32)").hexdigest()
ROLL_KEY = SECRET[:32]  # of a host: secrets.token_hex(16), and no part of the other


def number(label, below):
    """Return a fixed number, so that the district is the same for every reader."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8]) % below


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


def progress(what):
    """Say what takes its time; tables stay clean, since it goes elsewhere."""
    print(f"… {what}", file=sys.stderr, flush=True)


def plan_of(text):
    """Read the plan; whatever its year was, it is carried out in this one."""
    rows = list(csv.DictReader(io.StringIO(text)))
    columns = {name: [row.get(name) or "" for row in rows] for name in NAMES.values()}
    for row, object_ in enumerate(columns["object"]):
        columns["object"][row] = object_ or rows[row]["item"]
        period = re.sub(r"\b20\d\d", str(YEAR), columns["period"][row])
        columns["period"][row] = period or "全年"
    everybody = {o: {} for o in columns["object"] if o.startswith(EVERYBODY)}
    names = {"names": NAMES, "selections": everybody}  # other words are kinds
    reading = dsgk.read_plan(columns, year=YEAR, issuer="市场监管局", **names)
    tasks = columns["task_or_field"]
    return reading.plan, [(tasks[f.row], f.params["text"]) for f in reading.faults]


def make_firms(plan):
    """Make the register of subjects (检查对象名录库) with the kinds of the plan."""
    named = {k for entry in plan.entries for k in entry.subjects.get("kind", ())}
    kinds = [*sorted(named), *["其他"] * 12]
    ids = [f"91120225MA{n:08}" for n in range(FIRMS)]
    ago = {i: dt.timedelta(number(f"D{i}", 1095)) for i in ids if i[-1] in "147"}
    return dsgk.SubjectRegister.from_columns(
        id=ids,
        kind=[kinds[number(f"K{i}", len(kinds))] for i in ids],
        credit=[CLASSES[number(f"C{i}", 100)] for i in ids],
        status=[{0: "注销", 1: "迁出"}.get(number(f"S{i}", 80), "存续") for i in ids],
        last_inspected_on=[TODAY - ago[i] if i in ago else None for i in ids],
        visits_this_year=[int(number(f"V{i}", 100) == 0) for i in ids],
    )


def tiers_of(entry):
    """Make the tiers of an entry; where its note says so, the ratio grows."""
    grows = "递" in entry.note and entry.ratio.measure is Measure.SHARE
    shares = {c: min(Fraction(1), entry.ratio.target * n) for c, n, _, _ in TIERS}
    return dsgk.TierPolicy(
        dsgk.TierRule(
            credit,
            when={"credit": {credit}},
            ratio=dsgk.Ratio.at_least(shares[credit]) if grows else entry.ratio,
            rest=dsgk.Period(months, dsgk.Unit.MONTH),
            yearly_cap=cap,
        )
        for credit, _, months, cap in TIERS
    )


def draw_apart(year):
    """Count checks and visits, had every entry drawn with a key of its own."""
    checks = []
    for name, part in year.parts.items():
        key = hashlib.sha256(name.encode()).hexdigest()[:32]
        drawn = dsgk.draw_subjects(part.frame, part.quotas, key=key).selected
        for k, firm in enumerate(drawn):
            batch = part.batches[k * len(part.batches) // len(drawn)]
            what = {"item": name, "window": dsgk.Window(batch.first, batch.last)}
            checks += [
                dsgk.Check(subject_id=firm, department=department, **what)
                for department in part.entry.departments
            ]
    return len(checks), len(dsgk.merge_checks(checks).visits)


def draw_firms(plan):
    """First draw: all is announced before the public number exists (Art. 3)."""
    progress(f"建立检查对象名录库：{FIRMS} 户")
    firms = make_firms(plan)
    tiers = {entry.id: tiers_of(entry) for entry in plan.entries}
    window = dsgk.Window(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31))
    year = dsgk.prepare_round(plan, firms, on=TODAY, window=window, tiers=tiers)
    rows, reasons = [], Counter()
    for name, part in year.parts.items():
        sizes = len(part.exclusions), len(part.frame), sum(part.quotas.values())
        item, entry = str(part.entry.items[0].name)[:16], part.entry
        rows.append((name, item, entry.ratio.chinese, *sizes, entry.lead))
        reasons.update({r: n for r, n in part.exclusions.counts.items() if n})
    table("年度抽查计划与抽样框", "序号 事项 比例 排除 可抽取 应抽取 牵头部门", rows)
    rows = [(REASONS[r.code], r.provision, n) for r, n in reasons.most_common()]
    table("排除原因（各条目合计）", "原因 依据 户次", rows)
    who = {"title": f"{YEAR}年度部门联合双随机抽查", "issuer": "区联席会议"}
    who["seal"] = dsgk.Seal.of(SECRET, open_by=dt.date(YEAR, 12, 31))
    given = {"announced_on": TODAY, "entropy": FACT, "roll_key": ROLL_KEY}
    announcement = year.announce(**who, **given)
    progress("抽取检查对象")
    given = {"entropy": [[30, 2, 7, 11, 18, 25], [9]], "secret": SECRET}
    record = dsgk.conduct(announcement, year.draw_plans, roll_key=ROLL_KEY, **given)
    rows = [("公告摘要", announcement.digest), ("公开随机数", record.entropy)]
    rows.append(("封存结果的根", record.closed().outcome.root))
    table("抽取检查对象（封存）", "内容 值", rows)
    return year, record


def send_inspectors(plan, merged, record):
    """Second draw: two officers of each department, recusal, rotation (Art. 3)."""
    departments = list(dict.fromkeys(d for e in plan.entries for d in e.departments))
    officers = dsgk.InspectorRegister(
        dsgk.Inspector(id=f"执法{n:03}", department=departments[n % len(departments)])
        for n in range(INSPECTORS)
    )
    tasks, recusals, history = [], [], []
    for n, visit in enumerate(merged.visits, 1):
        seats = [dsgk.Seat(department=d, count=2) for d in visit.departments]
        whom = {"subject_id": visit.subject_id}
        tasks.append(dsgk.StaffingTask(id=f"任务{n:05}", seats=seats, **whom))
        somebody = {"inspector_id": f"执法{number(f'W{n}', INSPECTORS):03}", **whom}
        if n % 20 == 1:
            recusals.append(dsgk.Recusal(reason=dsgk.RecusalReason.KINSHIP, **somebody))
        elif n % 20 == 2:
            history.append(PastVisit(on=TODAY - dt.timedelta(365 + n), **somebody))
    progress(f"为 {len(tasks)} 次检查选派执法人员")
    problem = dsgk.StaffingProblem(tasks, officers, recusals=recusals, history=history)
    stated = problem.chances(NEXT_FACT, draw=record)  # published before that fact
    entropy = [[1, 9, 12, 20, 28, 31], [4]]
    assignment = stated.draw(stated.key(entropy))
    document = dsgk.AssignmentRecord.of(assignment, entropy=entropy).to_dict()
    wrong = dsgk.verify_assignment(document, problem, draw=record)
    loads = {}
    for officer in officers:
        loads.setdefault(officer.department, []).append(assignment.loads[officer.id])
    rows = [(d, len(n), sum(n), min(n), max(n)) for d, n in loads.items()]
    table("随机选派执法人员", "部门 人数 人次 最少 最多", rows)
    print(f"  概率表摘要 {stated.digest}，公开核验 {len(wrong)} 处不符")
    team = [seated.inspector_id for seated in assignment.teams[tasks[0].id]]
    print(f"  {tasks[0].id}（{tasks[0].subject_id}）：{'、'.join(team)}")
    chance, load = float(stated[tasks[0].id][team[0]]), assignment.loads[team[0]]
    print(f"  {team[0]}：事先公布的入选概率 {chance:.4%}，全年 {load} 次任务")


def make_public(year, record, merged):
    """Results are public within 20 working days (Art. 26); anyone checks the draw."""
    days, rows = dsgk.RuleProfile().publication_workdays, []
    period = dsgk.Period(days, dsgk.Unit.WORKING_DAY)
    calendar = dsgk.WorkCalendar.china()
    for done in sorted({visit.window.last for visit in merged.visits})[-6:]:
        due = calendar.deadline(done, period)
        note = f"待定：{due.earliest} 至 {due.latest}" if due.provisional else "确定"
        rows.append((done, due.date, note))
    table("检查结果公示期限", "检查完成 公示截止 说明", rows)
    name, draw = next((n, d) for n, d in record.draws.items() if d.selected)
    firm, plan, closed = draw.selected[0], year.draw_plans[name], record.closed()
    slip = record.slip(name, firm)  # the firm checks it at its door
    wrong = dsgk.verify_slip(slip, closed, id=firm)
    rows = [("上门凭条", slip), ("企业当场核验", f"{len(wrong)} 处不符")]
    roll = dsgk.Roll.of(plan, name=name, key=ROLL_KEY)
    receipt, left = (
        record.receipt(name, who, roll=roll) for who in (firm, plan.exclusions[0].id)
    )
    rows += [("签号", receipt.ticket), ("分界签号", receipt.cut)]
    rows += [("是否抽中", "是" if receipt.drawn else "否")]
    rows += [("自查", record.command(firm)), ("不列入者的回执", left)]
    wrong = dsgk.verify_receipt(left, record, id=left.id)
    rows.append(("该回执的核验", f"{len(wrong)} 处不符"))
    given = {"roll_key": ROLL_KEY, "closed": closed}
    wrong = dsgk.verify_record(record.to_dict(), year.draw_plans, **given)
    rows.append(("公开核验", f"{len(wrong)} 处不符"))
    table("抽取回执与公开核验", "内容 值", rows)
    print(f"\n{year.explain(firm, record)}")


def main(text):
    """Walk through the year in the order of the regime."""
    plan, refused = plan_of(text)
    if refused:
        table("比例不能确定、未列入抽取的条目", "任务 原文", refused)
    year, record = draw_firms(plan)
    merged = year.merge(record)
    send_inspectors(plan, merged, record)
    make_public(year, record, merged)
    progress("与各自独立抽取比较")
    every, apart = draw_apart(year)
    together = len(merged.visits)
    joint = sum(len(visit.departments) > 1 for visit in merged.visits)
    rows = [("各部门逐项上门", every), ("各自抽取，合并上门", apart)]
    table("上门次数", "做法 次数", [*rows, ("协同抽取，合并上门", together)])
    saved = f"{every - together} 次上门（{1 - together / every:.0%}）"
    print(f"  联合检查 {joint} 次；协同与合并共节约 {saved}。")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A district's year of inspection.")
    parser.add_argument("--plan", type=Path, help="CSV of a published plan")
    chosen = parser.parse_args().plan
    main(chosen.read_text(encoding="utf-8-sig") if chosen else PLAN)
