"""What the tests of draws share: keys, a fact, announcements in a line."""

import datetime as dt
import hashlib
import json
from pathlib import Path

from dsgk.draws import Digits, Entropy, Frame, Numbers, Order, Seal, announce
from dsgk.tiers import Base, ExclusionReason, Exclusions, FramePlan


KEY = "f050b4356fceca7e0bd30cb92bc14db1"
ROLL_KEY = "00112233445566778899aabbccddeeff"
SECRET = "f" * 64
NAME = "示例事项"
DAY = dt.date(2026, 4, 1)
BALLS = Numbers("红球", count=6, least=1, most=33)
BLUE = Numbers("蓝球", count=1, least=1, most=16, order=Order.AS_DRAWN)
FACT = Entropy("某公开开奖号码", DAY, [BALLS, BLUE])
VALUES = [[30, 2, 7, 11, 18, 25], [9]]
TEXT = "2.7.11.18.25.30./9./"
SEAL = Seal.of(SECRET, open_by=dt.date(2026, 7, 31))
FRAME = Frame(["S1", "S2", "S3", "S4", "S5", "S6"], ["A", "A", "A", "A", "B", "B"])
QUOTAS = {"A": 2, "B": 1}
TEXTS = {
    "title": "示例抽取",
    "issuer": "示例单位",
    "announced_on": dt.date(2026, 3, 25),
    "entropy": FACT,
    "roll_key": ROLL_KEY,
}
FOLDER = Path(__file__).parent / "vectors"
VECTORS = [
    json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("draw-*.json"))
]
VECTOR_NAMES = [
    vector["note"].replace(":", "").replace(",", "").split(" ")[0] + f"-{number}"
    for number, vector in enumerate(VECTORS, 1)
]


def plan_of(frame, quotas, excluded=()):
    """A frame plan that leaves out pairs of id and code of the reason."""
    reasons = {reason.code: reason for reason in ExclusionReason}
    none = Exclusions([])
    for text, code in excluded:
        none = none.adding([text], reasons[code])
    return FramePlan(
        on=dt.date(2026, 3, 20),
        base=Base.ELIGIBLE,
        frame=frame,
        quotas=quotas,
        exclusions=none,
        registered=frame.sizes,
        empty_tiers=(),
        shortfalls={},
        whitelist_unknown=(),
        fields_lacking=(),
    )


PLAN = plan_of(FRAME, QUOTAS, [("S0", "whitelist"), ("S7", "struck-off")])


def plans_of(vector):
    """The frame plans of a vector."""
    plans = {}
    for name, given in vector["draws"].items():
        columns = zip(*given["rows"], strict=True) if given["rows"] else ([], [])
        plans[name] = plan_of(Frame(*columns), given["quotas"], given["excluded"])
    return plans


def example(**changes):
    """The announcement of the worked example, or one near it."""
    return announce(**{**TEXTS, "draws": {NAME: PLAN}, **changes})


def fact(announced_on):
    """Entropy and roll key of an announcement, the fact on the day after it."""
    entropy = Entropy("某公开号码", announced_on + dt.timedelta(1), [Digits("号码", 8)])
    return {"entropy": entropy, "roll_key": ROLL_KEY}


def chance(text):
    """Roll key and values of such a fact, made of any text."""
    number = int(hashlib.sha256(str(text).encode()).hexdigest(), 16) % 10**8
    return {"roll_key": ROLL_KEY, "entropy": [f"{number:08}"]}
