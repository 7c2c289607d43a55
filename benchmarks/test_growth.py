"""
Twice the input takes at most twice the time, and a bit.

Each case once was quadratic, exponential, or computed with a number of any
size before it looked at it.  What is refused is refused at once.
"""

import datetime as dt
import random
from decimal import Decimal
from fractions import Fraction
from time import process_time

import pytest

from dsgk.calendars import WorkCalendar
from dsgk.draws import Digits, Entropy, Frame, Roll, announce, conduct
from dsgk.errors import DsgkError, Fault
from dsgk.fields import labels
from dsgk.identifiers import check_id, check_label, normal_id
from dsgk.inspectors import InspectorRegister
from dsgk.kernels.proportions import sample_size_to_detect
from dsgk.plans import Batch, Plan, PlanEntry, check_plan, read_window
from dsgk.simulate import chance_never_inspected, chance_seen
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule
from dsgk.verify import verify_receipt, verify_record


CALENDAR = WorkCalendar.china()
KEY = "00112233445566778899aabbccddeeff"
DAY = dt.date(2026, 4, 1)
FACT = Entropy("某公开号码", DAY, [Digits("号码", 8)])
TEXTS = {"title": "示例", "issuer": "示例单位", "announced_on": dt.date(2026, 3, 25),
         "entropy": FACT, "roll_key": KEY}  # fmt: skip


def refused(call, *args, **kwargs):
    """Run a call that may be refused, with an error of ours that can be shown."""
    try:
        return call(*args, **kwargs)
    except DsgkError as error:
        return str(error), error.chinese, error.fault.to_dict()


def drawn(n, strata):
    frame = Frame([f"S{k}" for k in range(n)], [f"T{k % strata}" for k in range(n)])
    quotas = dict.fromkeys(frame.names, 1)
    announced = announce(**TEXTS, draws={"甲": (frame, quotas)})
    record = conduct(announced, {"甲": frame}, roll_key=KEY, entropy=["12345678"])
    return frame, announced, record


def verified(n):
    frame, _, record = drawn(n, n)
    return lambda: verify_record(record.to_dict(), {"甲": frame}, roll_key=KEY)


def with_faults(n):
    frame, _, record = drawn(n, n)
    document = record.to_dict()
    for draw in document["draws"]:
        for stratum in draw["strata"]:
            stratum["cut"] = "0" * 32
    return lambda: verify_record(document, {"甲": frame}, roll_key=KEY)


def receipts(n):
    frame, _, record = drawn(n, 4)
    roll = Roll.of(frame, name="甲", key=KEY)
    made = [record.receipt("甲", text, roll=roll) for text in frame.ids]
    return lambda: [
        verify_receipt(receipt, record, id=text)
        for text, receipt in zip(frame.ids, made, strict=True)
    ]


def bad_strata(n):
    ids, names = [f"S{k}" for k in range(n)], [f"T{k} " for k in range(n)]
    return lambda: refused(Frame, ids, names)


def entries(n):
    made = [
        PlanEntry(
            id=str(k),
            items=["甲"],
            subjects={"kind": {"药店"}},
            ratio="3%",
            lead="甲局",
            batches=Batch(DAY, DAY),
        )
        for k in range(n)
    ]
    plan = Plan(year=2026, issuer="区", entries=made)
    return lambda: check_plan(plan, calendar=CALENDAR)


def rules(n):
    made = [TierRule(f"R{k}", ratio="3%", when={f"a{k}": {"甲"}}) for k in range(n)]
    return lambda: refused(TierPolicy, [*made, TierRule("其他", ratio="3%")])


def nested(n):
    value = []
    for _ in range(n):
        value = [value]
    return value


def register(n):
    chance = random.Random(n)
    ids = [f"91120225{k:010d}" for k in range(n)]
    chance.shuffle(ids)
    made = SubjectRegister.from_columns(id=ids, credit=["A"] * n)
    return lambda: made.digest


CASES = {
    "check_id of combining marks": (
        40_000, lambda n: lambda: refused(check_id, "a" + "\u0301\u0316" * n)),
    "normal_id of combining marks": (
        40_000, lambda n: lambda: refused(normal_id, "a" + "\u0301\u0316" * n)),
    "check_label of combining marks": (
        40_000, lambda n: lambda: refused(check_label, "a" + "\u0301\u0316" * n)),
    "verify_record, strata": (1000, verified),
    "verify_record, faults": (1000, with_faults),
    "Frame of bad strata": (10_000, bad_strata),
    "TierPolicy, attributes": (12, rules),
    "check_plan, entries that overlap": (500, entries),
    "sample_size_to_detect, bad": (
        10**7, lambda n: lambda: sample_size_to_detect(
            10**9, bad=n, confidence=Fraction(19, 20))),
    "SubjectRegister.digest": (50_000, register),
    "lists nested deep": (10_000, lambda n: lambda: refused(labels, nested(n))),
    "a document nested deep": (
        10_000, lambda n: lambda: refused(Plan.from_dict, {"entries": nested(n)})),
    "read_window": (
        40_000, lambda n: lambda: refused(read_window, "3月" + "3.1-" * n, 2026)),
    "Ratio of a small Decimal": (
        10**6, lambda n: lambda: refused(Ratio.at_least, Decimal(f"1e-{n}"))),
    "chance_seen of a small Decimal": (
        10**6, lambda n: lambda: refused(chance_seen, Decimal(f"1e-{n}"), 3)),
    "chance_seen, rounds": (5000, lambda n: lambda: refused(chance_seen, "1/3", 10**n)),
    "chance_never_inspected, rounds": (
        5000, lambda n: lambda: refused(chance_never_inspected, "1/3", 10**n)),
    "a text for a list": (10**6, lambda n: lambda: refused(labels, "a" * n)),
    "a text for inspectors": (
        10**6, lambda n: lambda: refused(InspectorRegister, "a" * n)),
    "a long number in a message": (
        5000, lambda n: lambda: repr(Fault.of("count-form", name="x", got=10**n))),
    "a million faults": (
        10**5, lambda n: lambda: refused(SubjectRegister.from_columns, id=["S1 "] * n)),
    "receipts": (300, receipts),
}  # fmt: skip


def seconds(call):
    start = process_time()
    call()
    return process_time() - start


@pytest.mark.parametrize(("n", "make"), CASES.values(), ids=CASES)
def test_twice_the_input_takes_twice_the_time(n, make):
    once, twice = (min(seconds(make(size)) for _ in range(3)) for size in (n, 2 * n))
    print(f"\n{n:,}: {once:.3f} s; {2 * n:,}: {twice:.3f} s")

    assert twice < max(2.6 * once, 0.1)
