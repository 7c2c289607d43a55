"""
A district's year: from the published plan to drawn firms, teams and due dates.

    python docs/examples/district_year.py                  # the plan below
    python docs/examples/district_year.py --plan FILE.csv  # a published one

The plan is real in form; the 60,000 firms and 400 inspectors are made up from a
fixed key, with the published shares of credit classes.
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


PLAN = """\
task_or_field,item,object,ratio_text,period,lead_dept,coop_dept,credit_tier_note
宾馆旅店抽查,取得许可证情况的检查,各类宾馆、旅店,5%,3月—6月,公安局,市场监管局、卫生健康委,
宾馆旅店抽查,卫生情况的检查,各类宾馆、旅店,5%,3月—6月,卫生健康委,同上,
宾馆旅店抽查,消防情况的检查,各类宾馆、旅店,不低于5%,4月—6月,消防救援大队,公安局,
年度报告抽查,年度报告公示信息的检查,各类企业,不低于0.5%,7月—10月,市场监管局,人社局,
劳动用工抽查,劳动保障监察检查,各类用人单位,1%,3月—11月,人社局,市场监管局,递加
食品安全抽查,食品经营监督检查,餐饮服务单位,不低于3%,3月—9月,市场监管局,卫生健康委,递加
食品安全抽查,学校食堂食品安全检查,学校、托幼机构,≥20%,3月—5月,市场监管局,教育局,
药品经营抽查,药品零售监督检查,药店,10-20%,5月—8月,市场监管局,卫生健康委,
特种设备抽查,特种设备使用单位监督检查,特种设备使用单位,10%,4月—6月,市场监管局,,
机动车检验抽查,机动车排放检验情况检查,机动车排放检验单位,50%,5月—9月,生态环境局,市场监管局,
污染防治抽查,污水处理设施检查,污水处理厂(站),100%,1月—12月,生态环境局,,
计量监督抽查,加油机计量监督检查,加油站,60-70家,6月—9月,市场监管局,消防救援大队,
娱乐场所抽查,娱乐场所治安检查,歌舞娱乐场所,不超过总数的20%,6月—8月,公安局,消防救援大队,
公共场所抽查,公共场所卫生监督检查,美容美发场所,不少于2‰,9月—11月,卫生健康委,,
综合抽查,其他抽查事项,各类企业,根据实际情况确定,,市场监管局,,
"""
FIRMS, INSPECTORS, YEAR, TODAY = 60_000, 400, 2026, dt.date(2026, 3, 2)
EVERYBODY = ("各类企业", "各类用人单位", "不特定", "企事业", "辖区从事行业")
CLASSES = "A" * 65 + "B" * 25 + "C" * 8 + "D" * 2  # published shares, per cent
STEPS = {"A": 1, "B": 2, "C": 4, "D": 8}  # 递加: how the ratio grows with the risk
REST = {"A": 24, "B": 12, "C": 6, "D": 0}  # least months between two inspections
CAPS = {"A": 1, "B": 2, "C": 4, "D": 12}  # most visits a year, all departments
REASONS = {"struck-off": "注销", "moved-out": "迁出", "inside-rest": "检查间隔未满"}
REASONS |= {"yearly-cap": "已达年度频次上限"}
MONTH = re.compile(r"(\d+)月|\d-(\d\d)-")
ENTROPY = "02-07-11-18-25-30+09"


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
    """Say what takes its time, on the other stream, so that tables stay clean."""
    print(f"… {what}", file=sys.stderr, flush=True)


def read_plan(text):
    """Read rows, fill 同上, keep with its reason what gives no one ratio."""
    entries, refused, above = [], [], {}
    for n, cells in enumerate(csv.DictReader(io.StringIO(text)), 1):
        row = {k: above.get(k) if v == "同上" else v or "" for k, v in cells.items()}
        above = row
        row["name"] = f"{n:02} {row['item'] or row['task_or_field']}"[:20]
        named = [
            row["lead_dept"] or "市场监管局",
            *re.split("[、，,]", row["coop_dept"]),
        ]
        row["departments"] = [d for d in dict.fromkeys(named) if d and "(" not in d]
        words = row["ratio_text"] or row.get("quantity_or_base", "")
        try:
            row["ratio"] = dsgk.Ratio.parse(words)
        except dsgk.DsgkError as error:
            refused.append((row["name"], words, error.code))
            continue
        months = [int(a or b) for a, b in MONTH.findall(row["period"])] or [1, 12]
        first, last = months[0], months[-1] if len(months) > 1 else months[0]
        end = dt.date(YEAR + last // 12, last % 12 + 1, 1) - dt.timedelta(1)
        row["window"] = dsgk.Window(dt.date(YEAR, first, 1), end)
        entries.append(row)
    return entries, refused


def make_firms(entries):
    """Make the register of subjects (检查对象名录库) with the kinds of the plan."""
    kinds = {row["object"] for row in entries if not for_everybody(row)}
    kinds = [*sorted(kinds), *["其他"] * 12]
    ids = [f"91120225MA{n:08}" for n in range(FIRMS)]
    once = {i: number(i, 10_000) for i in ids if number(f"L{i}", 10) < 3}
    return dsgk.SubjectRegister.from_columns(
        id=ids,
        kind=[kinds[number(f"K{i}", len(kinds))] for i in ids],
        credit=[CLASSES[number(f"C{i}", 100)] for i in ids],
        status=[{0: "注销", 1: "迁出"}.get(number(f"S{i}", 80), "存续") for i in ids],
        last_inspected_on=[
            TODAY - dt.timedelta(1 + once[i] % 1095) if i in once else None for i in ids
        ],
        visits_this_year=[int(number(f"V{i}", 100) == 0) for i in ids],
    )


def for_everybody(row):
    """Whether an entry is for every firm and not for one kind."""
    return not row["object"] or row["object"].startswith(EVERYBODY)


def plan_frame(row, firms):
    """Part the entry's firms into frame and exclusions, class by class."""
    ratio = row["ratio"]
    grows = "递" in row.get("credit_tier_note", "") and ratio.measure.value == "share"
    rules = [
        dsgk.TierRule(
            credit,
            when={"credit": {credit}},
            ratio=dsgk.Ratio.at_least(min(Fraction(1), ratio.target * STEPS[credit]))
            if grows
            else ratio,
            rest=dsgk.Period(REST[credit], dsgk.Unit.MONTH) if REST[credit] else None,
            yearly_cap=CAPS[credit],
        )
        for credit in STEPS
    ]
    own = firms if for_everybody(row) else firms.where(kind={row["object"]})
    return dsgk.TierPolicy(rules).frame(own, on=TODAY)


def checks_of(entries, draws):
    """List the checks at all drawn firms, one for each department of the entry."""
    return [
        dsgk.Check(
            subject_id=firm,
            item=row["name"],
            department=department,
            window=row["window"],
            initiates=department == row["departments"][0],
        )
        for row in entries
        for firm in draws[row["name"]].selected
        for department in row["departments"]
    ]


def staff(visits, officers, key):
    """Draw two officers of every department of a visit (随机选派)."""
    tasks = [
        dsgk.StaffingTask(
            id=f"任务{n:05}",
            subject_id=visit.subject_id,
            seats=tuple(dsgk.Seat(department=d, count=2) for d in visit.departments),
        )
        for n, visit in enumerate(visits, 1)
    ]
    ids = [officer.id for officer in officers]
    kin, last = dsgk.RecusalReason.KINSHIP, TODAY - dt.timedelta(365)
    subjects = [visit.subject_id for visit in visits]
    recusals = [
        dsgk.Recusal(
            inspector_id=i, subject_id=subjects[number(i, len(visits))], reason=kin
        )
        for i in ids
    ]
    history = [
        dsgk.PastVisit(subject_id=s, inspector_id=ids[number(s, len(ids))], on=last)
        for s in dict.fromkeys(subjects[::20])
    ]
    return tasks, dsgk.assign_inspectors(
        tasks, officers, key=key, recusals=recusals, history=history
    )


def main(plan_text):
    """Walk through the year in the order of the regime."""
    entries, refused = read_plan(plan_text)
    if refused:
        table("不能确定单一比例、未列入抽取的条目", "条目 原文 原因", refused)
    progress(f"建立检查对象名录库：{FIRMS} 户")
    firms = make_firms(entries)
    departments = list(dict.fromkeys(d for row in entries for d in row["departments"]))
    officers = dsgk.InspectorRegister(
        dsgk.Inspector(id=f"执法{n:03}", department=departments[n % len(departments)])
        for n in range(INSPECTORS)
    )

    plans = {row["name"]: plan_frame(row, firms) for row in entries}
    frames = {name: plan.frame for name, plan in plans.items()}
    rows = []
    for row, plan in zip(entries, plans.values(), strict=True):
        sizes = len(plan.exclusions), len(plan.frame), sum(plan.quotas.values())
        rows.append(
            (row["name"], row["ratio"].chinese, *sizes, *row["departments"][:1])
        )
    table("年度抽查计划与抽样框", "条目 比例 排除 可抽取 应抽取 牵头部门", rows)
    why = Counter(e.reason for plan in plans.values() for e in plan.exclusions)
    rows = [(REASONS[r.code], r.provision, n) for r, n in why.most_common()]
    table("排除原因（各条目合计）", "原因 依据 次数", rows)

    # First draw: all is announced before the public number exists (Art. 3).
    announcement = dsgk.announce(
        title=f"{YEAR}年度部门联合双随机抽查",
        issuer="区联席会议",
        announced_on=TODAY,
        entropy_source=f"{YEAR}-03-10 公开开奖号码：红球升序，短横线相连，加号后为蓝球",
        draws={name: (plan.frame, plan.quotas) for name, plan in plans.items()},
    )
    progress("抽取检查对象")
    record = dsgk.conduct(announcement, frames, entropy=ENTROPY)
    rows = [
        ("公告摘要", announcement.digest),
        ("公开随机数", ENTROPY),
        ("密钥", record.key),
    ]
    table("抽取检查对象", "内容 值", rows)

    # One visit, many checks (Art. 5 and 19).
    merged = dsgk.merge_checks(checks_of(entries, record.draws))
    most = sorted(merged.visits, key=lambda v: (-len(v.checks), v.subject_id))[:3]
    rows = [
        (
            v.subject_id,
            len(v.checks),
            len(v.departments),
            v.lead,
            v.window.first,
            v.window.last,
        )
        for v in most
    ]
    table("部门联合检查（检查最多的三户）", "企业 检查 部门 牵头 最早 最晚", rows)

    # Second draw: who inspects, with recusal and rotation (Art. 3).
    progress(f"为 {len(merged.visits)} 次检查选派执法人员")
    tasks, assignment = staff(merged.visits, officers, record.key)
    loads = {d: [] for d in departments}
    for officer in officers:
        loads[officer.department].append(assignment.loads[officer.id])
    rows = [(d, len(n), sum(n), min(n), max(n)) for d, n in loads.items()]
    table("随机选派执法人员", "部门 人数 人次 最少 最多", rows)
    team = [seated.inspector_id for seated in assignment.teams[tasks[0].id]]
    print(f"  {tasks[0].id}（{tasks[0].subject_id}）：{'、'.join(team)}")

    # Results are public within 20 working days (Art. 26).
    calendar, days = dsgk.WorkCalendar.china(), dsgk.RuleProfile().publication_workdays
    period, rows = dsgk.Period(days, dsgk.Unit.WORKING_DAY), []
    for done in sorted({visit.window.last for visit in merged.visits}):
        due = calendar.deadline(done, period)
        note = f"待定：{due.earliest} 至 {due.latest}" if due.provisional else "确定"
        rows.append((done, due.date, note))
    table("检查结果公示期限", "检查完成 公示截止 说明", rows)

    # Anyone can check: a firm its own ticket, a citizen the whole record.
    name, draw = next((n, d) for n, d in record.draws.items() if d.selected)
    credit = next(c for c, stratum in draw.strata.items() if stratum.selected)
    firm = draw.strata[credit].selected[0]
    receipt = record.receipt(name, firm, credit)
    rows = [("企业", firm), ("签号", receipt.ticket), ("分界签号", receipt.cut)]
    rows += [("是否抽中", "是" if receipt.drawn else "否"), ("自查", receipt.command)]
    differences = dsgk.verify_record(record.to_dict(), frames)
    table(
        "抽取回执与公开核验", "内容 值", [*rows, ("核验不符", f"{len(differences)} 处")]
    )

    progress("与各自独立抽取比较")
    keys = {name: hashlib.sha256(name.encode()).hexdigest()[:32] for name in plans}
    alone = {
        n: dsgk.draw_subjects(p.frame, p.quotas, key=keys[n]) for n, p in plans.items()
    }
    apart = len(dsgk.merge_checks(checks_of(entries, alone)).visits)
    every, together = sum(len(v.checks) for v in merged.visits), len(merged.visits)
    rows = [("各部门逐项上门", every), ("各自抽取，合并上门", apart)]
    table("上门次数", "做法 次数", [*rows, ("协同抽取，合并上门", together)])
    print(
        f"  协同与合并共节约 {every - together} 次上门（{1 - together / every:.0%}）。"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A district's year of inspection.")
    parser.add_argument("--plan", type=Path, help="CSV of a published plan")
    chosen = parser.parse_args().plan
    main(chosen.read_text(encoding="utf-8-sig") if chosen else PLAN)
