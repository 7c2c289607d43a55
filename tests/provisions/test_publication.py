"""Art. 26: what is public, where, by when."""

import csv
import datetime as dt
import json

import numpy as np
import pytest

from dsgk.calendars import WorkCalendar
from dsgk.ledger import Ledger, LedgerRow
from dsgk.publication import (
    Channel,
    Exemption,
    exempt,
    public_records,
    publish_by,
    schedule_publication,
)


CALENDAR = WorkCalendar.china()
ONE = dt.timedelta(1)


def done(task="T1", subject="S1", on=dt.date(2026, 4, 1), **changes):
    fields = {
        "item": "价格检查",
        "department": "市场监管局",
        "entry": f"E{task}",
        "stratum": "A",
        "drawn_on": dt.date(2024, 1, 2),
        "due": dt.date(2026, 12, 31),
        "results": ("no-problem",),
    }
    return LedgerRow(
        task_id=task, subject_id=subject, completed_on=on, **{**fields, **changes}
    )


def walked(start, n=20):
    """The n-th working day after a day, one day at a time."""
    day = start
    while n:
        day += ONE
        n -= CALENDAR.is_workday(day)
    return day


@pytest.mark.parametrize(
    ("completed", "due"),
    [
        (dt.date(2026, 3, 2), dt.date(2026, 3, 30)),  # an ordinary month
        (dt.date(2026, 2, 13), dt.date(2026, 3, 19)),  # over the Spring Festival
        (dt.date(2024, 9, 13), dt.date(2024, 10, 17)),  # two breaks, made-up days
        (dt.date(2026, 3, 7), dt.date(2026, 4, 3)),  # completed on a Saturday
    ],
)
def test_26_a_result_is_due_within_twenty_working_days(completed, due):
    """在检查任务完成后的20个工作日内: the day itself is not counted."""
    deadline = publish_by(completed, CALENDAR)

    assert due == deadline.date == walked(completed)
    assert not deadline.provisional


def test_26_due_dates_computed_elsewhere_are_met(facts):
    """Dates computed by another library, one of them with a real off-by-one."""
    with (facts / "deadlines.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert rows
    for row in rows:
        due = publish_by(dt.date.fromisoformat(row["completed"]), CALENDAR).date
        assert row["due"] == due.isoformat()


def test_26_a_result_is_overdue_after_its_last_day_and_not_on_it():
    """Before, on and after the twentieth working day."""
    due = walked(dt.date(2026, 4, 1))
    schedule = schedule_publication(Ledger.of([done()]), CALENDAR)

    assert [bool(schedule.overdue(due + n * ONE)[0]) for n in (-1, 0, 1)] == [
        False, False, True,
    ]  # fmt: skip


def test_26_published_on_the_last_day_is_in_time():
    """Before, on and after."""
    due = walked(dt.date(2026, 4, 1))
    ledger = Ledger.of(
        done(f"T{n}", entered_on=due + n * ONE, published_on=due + n * ONE)
        for n in (-1, 0, 1)
    )
    states = schedule_publication(ledger, CALENDAR).states(due + 9 * ONE)

    assert [state.code for state in states.cells()] == ["on-time", "on-time", "late"]


def test_26_entering_without_publishing_is_not_enough():
    """谁检查、谁录入、谁公开: three steps, each with its day."""
    due = walked(dt.date(2026, 4, 1))
    ledger = Ledger.of([done(entered_on=due)])
    schedule = schedule_publication(ledger, CALENDAR)

    assert schedule.overdue(due + ONE)[0]
    assert not schedule.not_entered(due + ONE)[0]


def test_26_a_year_not_announced_makes_the_day_provisional():
    """A result is late beyond doubt or not at all."""
    through = CALENDAR.announced_through
    settled = CALENDAR.add_workdays(through, -20)
    while publish_by(settled, CALENDAR).provisional:
        settled -= ONE
    first = settled + ONE
    ledger = Ledger.of([
        done("T1", on=settled, due=settled), done("T2", on=first, due=first),
    ])  # fmt: skip
    schedule = schedule_publication(ledger, CALENDAR)

    assert publish_by(settled, CALENDAR).date <= through
    assert publish_by(first, CALENDAR).date > through
    assert schedule.provisional.tolist() == [False, True]
    latest = schedule.latest[1].item()
    assert not schedule.overdue(latest)[1]
    assert schedule.overdue(latest + ONE)[1]


def test_26_a_whole_year_is_reckoned_as_one_day_is():
    """Every day of a year, at once and one by one."""
    days = [dt.date(2025, 1, 1) + n * ONE for n in range(365)]
    ledger = Ledger.of(done(f"T{n}", on=day) for n, day in enumerate(days))
    due = schedule_publication(ledger, CALENDAR).due

    assert due.tolist() == [walked(day) for day in days]
    assert np.all(np.diff(due.astype(int)) >= 0)


def test_26_what_the_law_forbids_to_publish_is_withheld_with_its_reason():
    """除依法依规不适合公开的情形外: no due date, no record, a reason and its law."""
    ledger = exempt(Ledger.of([done(), done("T2")]), [1], Exemption("商业秘密"))
    schedule = schedule_publication(ledger, CALENDAR)
    public = public_records(ledger, on=dt.date(2026, 12, 31))

    assert [row is not None for row in schedule.due.tolist()] == [True, False]
    assert not schedule.overdue(dt.date(2026, 12, 31))[1]
    assert sum(len(record.results) for record in public.records) == 1
    ((exemption, count),) = public.withheld
    assert (count, exemption.reason.label) == (1, "商业秘密")
    assert exemption.basis == "《政府信息公开条例》第十五条"


def test_26_results_gather_under_the_name_of_the_subject():
    """抽查检查结果归集到相关市场主体名下: of all departments, in one place."""
    ledger = Ledger.of([
        done(),
        done("T2", "S2"),
        done("T1", department="公安局", item="治安检查"),
        done("T3", results=("corrected", "pending")),
    ])  # fmt: skip
    records = public_records(ledger, on=dt.date(2026, 4, 1)).records

    assert [(r.subject_id, len(r.results)) for r in records] == [("S1", 3), ("S2", 1)]


def test_26_the_channels_are_those_of_the_instrument():
    """国家企业信用信息公示系统、信用中国（天津）网站和天津市市场主体信用信息公示系统."""
    (record,) = public_records(Ledger.of([done()]), on=dt.date(2026, 4, 1)).records

    assert [channel.label for channel in record.channels] == [
        "国家企业信用信息公示系统",
        "信用中国（天津）网站",
        "天津市市场主体信用信息公示系统",
    ]
    assert Channel.CITY in record.channels


def test_26_nothing_is_public_beyond_what_the_law_names():
    """No tier, task, basis, substitute, officer, and no case lead."""
    case = {"origin": "case-lead", "entry": None, "stratum": None}
    ledger = Ledger.of([
        done("任务7", stratum="高风险", basis="依据乙", replaces="S8"),
        done("举报3", "S9", basis="complaint", **case),
    ])  # fmt: skip
    public = public_records(ledger, on=dt.date(2026, 4, 1))
    text = json.dumps([r.to_dict() for r in public.records], ensure_ascii=False)

    assert len(public.records) == 1
    for hidden in ("任务7", "高风险", "依据乙", "S8", "S9", "举报", "complaint", "E任"):
        assert hidden not in text


def test_26_a_result_is_public_from_the_day_of_the_check():
    """Before, on and after the day on which it was completed."""
    ledger = Ledger.of([done()])
    counts = [
        len(public_records(ledger, on=dt.date(2026, 4, 1) + n * ONE).records)
        for n in (-1, 0, 1)
    ]

    assert counts == [0, 1, 1]
