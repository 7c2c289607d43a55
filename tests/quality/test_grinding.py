"""
Nobody gets a second draw out of one fact by writing it in another way.

With the fact as free text, 232 spellings of seven lottery numbers made each of
twenty firms the winner in turn, and every record verified.
"""

import datetime as dt
import itertools

import pytest
import scale
from drawing import FRAME, NAME, QUOTAS, ROLL_KEY

from dsgk.draws import Digits, Entropy, Hex, Numbers, Order, announce, conduct
from dsgk.errors import DsgkError
from dsgk.verify import verify_record


DAY = dt.date(2026, 4, 1)
AS_DRAWN = Order.AS_DRAWN
BEACON = "6f1c0d2e9a8b7c6d5e4f3a2b1c0d9e8f" * 4
BLOCK = "00000000000000000002a7c4c1e48d76c5a37902165a270156b7a8d72728a054"
# Ten real public sources, with values of the kind that they publish.
SOURCES = {
    "双色球": (
        [
            Numbers("红球", count=6, least=1, most=33),
            Numbers("蓝球", count=1, least=1, most=16),
        ],
        [[30, 2, 7, 11, 18, 25], [9]],
    ),
    "大乐透": (
        [
            Numbers("前区", count=5, least=1, most=35),
            Numbers("后区", count=2, least=1, most=12),
        ],
        [[35, 1, 9, 22, 10], [12, 3]],
    ),
    "七乐彩": (
        [
            Numbers("基本号", count=7, least=1, most=30),
            Numbers("特别号", count=1, least=1, most=30),
        ],
        [[30, 5, 8, 11, 2, 19, 27], [1]],
    ),
    "福彩3D与排列5": (
        [
            Numbers("福彩3D", count=3, least=0, most=9, order=AS_DRAWN),
            Numbers("排列5", count=5, least=0, most=9, order=AS_DRAWN),
        ],
        [[0, 7, 7], [9, 0, 1, 0, 3]],
    ),
    "七星彩与3D": (
        [
            Numbers("前六位", count=6, least=0, most=9, order=AS_DRAWN),
            Numbers("末位", count=1, least=0, most=14, order=AS_DRAWN),
            Numbers("福彩3D", count=3, least=0, most=9, order=AS_DRAWN),
        ],
        [[1, 0, 0, 9, 5, 2], [14], [0, 0, 4]],
    ),
    "沪深收盘指数": (
        [
            Digits("上证综指（百分之一点，无小数点）", 6),
            Digits("深证成指（百分之一点）", 7),
        ],
        ["301245", "0988807"],
    ),
    "NIST 随机信标": ([Hex("outputValue", 128)], [BEACON]),
    "drand": ([Hex("randomness", 64)], [BEACON[:64]]),
    "比特币区块": ([Digits("区块高度", 7), Hex("区块散列", 64)], ["0840123", BLOCK]),
    "智利大学信标与以太坊区块": (
        [Hex("outputValue", 128), Hex("区块散列", 64)],
        [BEACON[::-1], BLOCK[::-1]],
    ),
}
INVISIBLE = "\u200b\u200d\ufeff\u2060\u034f\ufe0f\u3164\u2800\u00ad\u180b\u115f"
BETWEEN = ("", " ", "-", ",", "、", ";", "|", "_", ".", ". ", "\t", "，", "·")
JOINTS = ("/", "", "+", " + ", "|", ";", "//", "\n", "—", ":")


def wide(text):
    """Full-width letters and digits, as Chinese pages print them."""
    return "".join(chr(ord(c) + 0xFEE0) if c.isalnum() else c for c in text)


def spellings(text):
    """Ways in which people, programs and pages write the same fact."""
    groups = [group.removesuffix(".").split(".") for group in text.split("/")[:-1]]
    found = {text.upper(), wide(text), text[::-1], f"0x{text}", text + "/"}
    found |= {text.removesuffix("/"), text.rstrip("./"), text.replace(".", "..", 1)}
    for one, other in itertools.product(BETWEEN, JOINTS):
        for width in (1, 2, 3):
            written = [
                one.join(part.zfill(width) for part in group) for group in groups
            ]
            found |= {other.join(written), other.join(written) + other}
        found.add(other.join(one.join(reversed(group)) for group in groups))
    for character in (*INVISIBLE, " ", "\n", ".", "+"):
        places = range(0, len(text) + 1, max(1, len(text) // 20))
        found |= {text[:at] + character + text[at:] for at in places}
    return sorted(found - {text})


@pytest.fixture(scope="module")
def frames():
    return {NAME: FRAME}


@pytest.mark.scaled
@pytest.mark.parametrize("source", SOURCES)
def test_one_spelling_alone_is_drawn_by_and_verified(source, frames):
    """`conduct` refuses every other, and so does whoever checks the record."""
    form, values = SOURCES[source]
    fact = Entropy(source, DAY, form)
    announcement = announce(
        title="示例抽取",
        issuer="示例单位",
        announced_on=DAY - dt.timedelta(7),
        entropy=fact,
        draws={NAME: (FRAME, QUOTAS)},
        roll_key=ROLL_KEY,
    )
    right = fact.text(values)
    others = spellings(right)
    record = conduct(announcement, frames, roll_key=ROLL_KEY, entropy=values)
    document = record.to_dict()

    assert len(others) >= 200
    assert verify_record(document, frames, roll_key=ROLL_KEY) == ()
    for text in others:
        with pytest.raises(DsgkError):
            announcement.key(text)
    for text in others[:: scale.of(20, 1)]:
        with pytest.raises(DsgkError):
            conduct(announcement, frames, roll_key=ROLL_KEY, entropy=text)
        told = verify_record(document | {"entropy": text}, frames, roll_key=ROLL_KEY)
        assert told, text


def test_the_values_of_one_fact_are_one_draw():
    """However the numbers came: as they fell, sorted, in upper case."""
    for form, values in SOURCES.values():
        fact = Entropy("x", DAY, form)
        other = [
            value.upper()
            if isinstance(value, str)
            else value
            if group.order is AS_DRAWN
            else value[::-1]
            for group, value in zip(form, values, strict=True)
        ]

        assert fact.text(values) == fact.text(other)
