"""
From a printed plan to the draws of its four quarters, and how far it has come.

    python docs/examples/plan_to_draw.py

A year in about a hundred lines: read, check, amend, draw, record, follow.
"""

import datetime as dt
import hashlib

from dsgk.calendars import WorkCalendar
from dsgk.draws import Digits, Entropy, conduct
from dsgk.inspectors import Inspector, InspectorRegister
from dsgk.plans import (
    Amendment,
    AmendmentReason,
    Conference,
    Raise,
    check_plan,
    read_plan,
)
from dsgk.rounds import prepare_round, quarter_window
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule


YEAR, FIRMS = 2026, 6_000
DEPARTMENTS = ["市场监管局", "公安局", "卫生健康委", "消防救援大队"]
# A host makes a new one for each announcement: secrets.token_hex(16).
ROLL_KEYS = {quarter: f"{quarter:032x}" for quarter in (1, 2, 3, 4)}
PLAN = """\
序号 抽查事项 检查对象 抽查比例 抽查频次 检查时间 检查重点 检查方式 牵头部门 配合部门 检查层级 提议依据
1 宾馆卫生检查 宾馆 不低于10% 1次/年 4月—6月 布草 现场检查 卫生健康委 市场监管局 区级 成员单位提议
2 宾馆消防检查 宾馆 不低于10% 1次/年 4月—9月 疏散通道 现场检查 消防救援大队 公安局 区级 监管风险
3 食品经营检查 餐饮 8% 4次/年 1月—12月 后厨 现场检查 市场监管局 卫生健康委 区级 大数据监测
4 加油机检查 加油站 60-70家 2次/年 4月—11月 计量 现场检查 市场监管局 公安局 区级 成员单位提议
5 药品零售检查 药店 100% 每季度 1月—12月 处方药 现场检查 市场监管局 卫生健康委 区级 监管风险
6 综合检查 各类企业 根据实际情况确定 1次 全年 其他 书面检查 市场监管局 公安局 区级 其他
"""  # noqa: E501


def number(label, below):
    """Return a fixed number, so that the district is the same for every reader."""
    return int.from_bytes(hashlib.sha256(label.encode()).digest()[:8]) % below


def make_firms():
    """Make the register of subjects."""
    kinds = ["宾馆", "餐饮", "餐饮", "加油站", "药店"]
    ids = [f"91120225MA{k:08}" for k in range(FIRMS)]
    return SubjectRegister.from_columns(
        id=ids,
        kind=[kinds[number("K" + i, 5)] for i in ids],
        credit=["AAAAAABBBC"[number("C" + i, 10)] for i in ids],
    )


def main():
    """Walk through the year."""
    calendar, firms = WorkCalendar.china(), make_firms()
    officers = InspectorRegister(
        Inspector(id=f"执法{n:03}", department=DEPARTMENTS[n % 4]) for n in range(80)
    )
    columns = zip(*(line.split() for line in PLAN.splitlines()), strict=True)
    reading = read_plan(
        {name: cells for name, *cells in columns},
        year=YEAR,
        issuer="区联席会议",
        conference=Conference(convener="市场监管局", members=DEPARTMENTS),
        adopted_on=dt.date(YEAR, 1, 5),
    )
    plan = reading.plan
    print("未列入计划：", *reading.faults, sep="\n  ")
    findings = check_plan(
        plan, calendar=calendar, subjects=firms, inspectors=officers, visits_per_day=4
    )
    print("审查发现：", *findings, sep="\n  ")

    # Differentiated supervision of restaurants: the share grows with the risk.
    tiers = {
        "3": TierPolicy(
            TierRule(c, ratio=Ratio.at_least(share), when={"credit": {c}})
            for c, share in (("A", "4%"), ("B", "10%"), ("C", "30%"))
        )
    }
    ledger = announcement = None
    for quarter in (1, 2, 3, 4):
        first = quarter_window(YEAR, quarter).first
        if quarter == 3:
            plan = plan.amend(
                Amendment(
                    number=1,
                    on=dt.date(YEAR, 6, 22),
                    reason=AmendmentReason.GENERAL_PROBLEM,
                    grounds="加油机普遍超差",
                    raises=[Raise(entry="4", ratio=Ratio.parse("100-120家"))],
                )
            )
        ready = prepare_round(
            plan,
            firms,
            quarter=quarter,
            on=first - dt.timedelta(days=7),
            tiers=tiers,
            ledger=ledger,
        )
        announcement = ready.announce(
            title=f"{YEAR}年第{quarter}季度统一抽取",
            issuer="区联席会议",
            announced_on=first - dt.timedelta(days=7),
            entropy=Entropy("公开号码", first, [Digits("号码", 8)]),
            roll_key=ROLL_KEYS[quarter],
            previous=announcement,
        )
        record = conduct(
            announcement,
            ready.draw_plans,
            roll_key=ROLL_KEYS[quarter],
            entropy=[f"0207111{quarter}"],
        )
        merged = ready.merge(record)
        rows = ready.ledger(record, drawn_on=first, prefix=f"{YEAR}Q{quarter}-")
        ledger = rows if ledger is None else ledger.extend(rows)
        print(f"\n第{quarter}季度（{ready.draw_days(calendar)} 抽取）")
        for name, quotas in ready.quotas.items():
            item = plan.entry(name).items[0].name
            print(f"  {name} {item}：{sum(quotas.values())} 户 {quotas}")
        print(f"  上门 {len(merged.visits)} 次，联合检查节约 {merged.visits_saved} 次")

    done = ledger.days["due"] < ledger.days["due"].max()
    ledger = ledger.record(
        done, completed_on=ledger.days["due"][done], results={"no-problem"}
    )
    progress = plan.progress(ledger, on=dt.date(YEAR, 12, 31))
    print("\n条目  抽取  完成  未到期  逾期")
    for name, tally in progress.entries.items():
        print(f"{name:>4}{tally.drawn:6}{tally.done:6}{tally.due:8}{tally.late:6}")
    total = progress.total
    print(
        f"合计{total.drawn:6}{total.done:6}{total.due:8}{total.late:6}（每户只计一次）"
    )


if __name__ == "__main__":
    main()
