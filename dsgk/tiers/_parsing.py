"""
A small grammar for the ratios of published plans.

A text is brought to one spelling and cut into words of a closed vocabulary.
Words that frame a ratio without changing it (抽查比例为, 每年, 检查对象总数的) are
dropped; the rest must be one bound, or a lower and an upper one.  Any character
that the vocabulary lacks makes the text unreadable, since it could change the
meaning.
"""

import functools
import re
from fractions import Fraction
from typing import Literal, NamedTuple, NoReturn, TypeAlias


__all__ = ["REASONS", "Reading", "Unreadable", "read_ratio", "read_share"]

_Measure: TypeAlias = Literal["share", "count", "per officer"]
_LONGEST = 500


class Reading(NamedTuple):
    """
    What a text says.

    Attributes:
        measure: What its numbers count.
        low: Lower bound, None if there is none.
        high: Upper bound, None if there is none.
        is_range: Whether two numbers are given; else both bounds are the one
            number.
    """

    measure: _Measure
    low: Fraction | None
    high: Fraction | None
    is_range: bool


class Unreadable(Exception):  # noqa: N818  (says what the text is)
    """
    The text is not one single ratio.

    Attributes:
        reason: One of `REASONS`.
        words: The words that are the reason.
    """

    def __init__(self, reason: str, words: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.words = words


REASONS = {
    "empty": "it is empty. Write a ratio such as 3%.",
    "no-number": "it has no number. Write a ratio such as 3%.",
    "no-unit": "it has a number without a unit. Write 3% for a share, 3户 for a count.",
    "doubtful": "its transcription is marked as doubtful. Look it up in the plan.",
    "levels": "it speaks of levels of administration. Give this register's ratio.",
    "classes": "it speaks of classes of subjects. Write a tier for each class.",
    "batches": "it counts batches. Give the number of subjects.",
    "frequency": "it tells how often to draw. Keep that in the frequency of the plan.",
    "period": "it is for another period than the year. Give the year's ratio.",
    "approximate": "it is approximate. Write 不低于 or 不超过.",
    "strict": "it excludes the number itself. Write 不低于 or 不超过 to include it.",
    "several": "it has several numbers. Write one ratio, and the others apart.",
    "contradictory": "it bounds one number in two ways. Write 不低于3% or 10%-20%.",
    "officers": "it counts officers in another way than 1:5. Write 1:5 or 不低于1:5.",
    "order": "its words make no bound of a number. Write 不低于3% or 不超过5%.",
    "unread": "some of its words are not understood. Write the ratio without them.",
    "too-long": "it is longer than any ratio. Give the cell of the ratio alone.",
    "ratio-range": "it is not between 0% and 100%. Write 5% for five in a hundred.",
    "ratio-count": "it counts no subject for an officer. Write 1:5.",
    "ratio-crossed": "its lower bound is above the upper one. Write 10%-20%.",
}
"""Why a text is not read, and what to do, as terms of `dsgk._messages`."""


class _Quantity(NamedTuple):
    value: Fraction
    unit: str  # %, ‰, share, count, per officer; empty for a bare number


# Full-width signs differ from ASCII by a constant.  NFKC would change too much:
# it turns the list number ① into the figure 1.
_SPELLING = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013—―\u2212─~～〜－", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u3000", " "),
        # Not to a comma, which may group digits.
        **dict.fromkeys("，。、", ";"),
        **dict.fromkeys("【〔[\uff3b", "("),
        **dict.fromkeys("】〕]\uff3d", ")"),
        **dict.fromkeys("≧⩾", "≥"),
        **dict.fromkeys("≦⩽", "≤"),
        "﹪": "%",
        "\u2236": ":",
    }
)

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"\u3007": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_D = "[一二两三四五六七八九]"
_ZERO = "[零\u3007]"
# 0 to 999 in proper spelling: 二零 is not 20.
_CHINESE = f"(?:{_D}百(?:{_ZERO}{_D}|{_D}十{_D}?)?|{_D}?十{_D}?|百|{_D}|{_ZERO})"
_FIGURE = r"[0-9]+(?:\.[0-9]+)?"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9.])"
_STARTS = "(?<![零\u3007一二两三四五六七八九十百千万点0-9.])"
_COUNTER = "[家户个所名人台套件处座间辆艘]"
_COUNTERS = rf"{_COUNTER}(?:\({_COUNTER}\))?"  # 台(套), 家(户)


def _any(*words: str) -> str:
    """Alternatives, the longest first: 不超过 must not be read as 超过."""
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


_NOT = ("不", "不得", "不应", "不能")
_OR = ("", "或", "或者")
_AT_LEAST = _any(
    *(f"{no}{than}于" for no in _NOT for than in "低少小"),
    *(f"{than}于{mark}等于" for than in "大高" for mark in _OR),
    *("至少", "最少", "最低", "≥", ">=", "=>"),
)
_AT_MOST = _any(
    *(f"{no}{than}" for no in _NOT for than in ("高于", "多于", "大于", "超过")),
    *(f"{than}于{mark}等于" for than in "小低" for mark in _OR),
    *("至多", "最多", "最高", "≤", "<=", "=<"),
)
_OFFICERS = (
    "(?:在编在岗|在岗|在编)?的?(?:环境)?(?:行政)?(?:执法检查|执法|检查|监察|监管)人员"
    "(?:数量|人数|总数|数)?(?:与|和|:)"
)
_ACTS = ("检查", "抽查", "监管")
_NOUNS = (
    *("市场主体", "经营主体", "经营者"),
    *(
        whose + noun
        for whose in ("", *(f"{by}{act}" for by in ("", "被") for act in _ACTS))
        for noun in ("对象", "主体", "企业", "单位", "机构")
    ),
    *("项目", "场所", "设备", "产品"),
)
_SUBJECTS = _any(*_NOUNS)
_FRAMING = _any(
    # what the ratio is about
    *("抽查比例", "抽取比例", "检查比例", "抽检比例", "比例", "比率"),
    *("抽查率", "检查率", "抽查面", "覆盖面", "覆盖率"),
    *("抽查", "抽取", "抽检", "抽样", "检查", "核查", "选取", "随机", "确定"),
    *("进行", "实施", "开展", "实现", "按照", "按", "以", "在", "介于", "对", "从"),
    *("为", "是", "占", "达到", "达", "的", "应当", "应", "须", "拟", "控制在"),
    *("保持在", "之间", "=", ":"),
    # hedges that leave the number as it is
    *("原则上", "一般情况下", "根据实际需要", "根据实际情况", "根据工作需要"),
    *("根据工作实际", "根据监管需要", "结合实际", "结合工作实际", "(含)", "(含本数)"),
    # the year of the plan
    *("每年度", "每年", "本年度", "年度", "全年", "年内", "当年", "/年度", "/年"),
    # all subjects of the register
    *("本辖区内", "辖区内", "本辖区", "辖区", "全区", "全市", "全县", "全省", "全旗"),
    *("本区", "本市", "本县", "区域内", "范围内", "在册", "存续", "应检", "应抽"),
    *(library + of for library in ("名录库", "对象库") for of in ("", "中", "内")),
    *("库中", "库内"),
    *_NOUNS,
    *(noun + of for noun in _NOUNS for of in ("中", "数", "数量")),
    *("总数", "总量", "总户数", "总家数", "总体", "户数", "家数", "数量"),
    # between two bounds
    *(",", ";", "(", ")", "且", "并且", "并", "同时", "但"),
)
_TOKENS = "|".join(
    f"(?P<{kind}>{pattern})"
    for kind, pattern in {
        "framing_year": "20[0-9]{2}年度?|年(?=抽查|抽取|检查|抽检)",
        "framing_general": "一般(?=应?(?:不|为|控制在|在|按))",
        "officer_ratio": f"{_STARTS}1:(?P<subjects>[0-9]+)(?![0-9.:%‰])",
        "fraction": (f"{_STARTS}(?P<over>[0-9]+)/(?P<under>[1-9][0-9]*)(?![0-9./%‰])"),
        "percent": f"{_STARTS}(?P<hundredths>{_FIGURE})(?P<sign>[%‰])",
        "parts": (
            f"{_STARTS}(?P<whole>(?!{_ZERO}){_CHINESE}|千|万)分之"
            f"(?P<part>{_CHINESE}(?:点[零\u3007一二三四五六七八九]+)?|{_FIGURE})"
        ),
        "count": f"{_STARTS}(?P<number>{_GROUPED}|[0-9]+|{_CHINESE}){_COUNTERS}",
        "figure": f"{_STARTS}{_FIGURE}(?![0-9.])",
        "least": _AT_LEAST,
        "most": _AT_MOST,
        "or_more": _any("以上", "及以上", "或以上"),
        "or_less": _any("以下", "及以下", "或以下", "以内", "之内"),
        "officers": _OFFICERS,
        "of_all": f"所有|全部(?=的?(?:{_SUBJECTS}))",
        "everybody": _any("全覆盖", "全面覆盖", "全数", "全部"),
        "framing": _FRAMING,
        "to": "-+|至|到",
        "unknown": "[0-9]+|[^0-9]",
    }.items()
)


@functools.cache
def _tokens() -> re.Pattern[str]:
    """Compile the pattern when it is first needed: that takes as long as an import."""
    return re.compile(_TOKENS)


# What remains of a text without its framing.
_LETTERS = {
    **dict.fromkeys(
        ("officer_ratio", "fraction", "percent", "parts", "count", "figure"), "N"
    ),
    "least": "L",
    "most": "M",
    "or_more": "l",
    "or_less": "m",
    "to": "-",
}
_BOUND = re.compile("(?P<before>L*|M*)N(?P<range>-N)?(?P<after>[lm]?)")

# Words that tell why a text is not one ratio.
_MARKERS = {
    reason: re.compile(pattern)
    for reason, pattern in {
        "doubtful": "疑|[?]|待定|待核",
        "levels": "[省市区县]级|上级|下级|各级|各[省市区县]",
        "classes": (
            "风险|信用|[A-Ea-e一二三四甲乙丙丁][类级]|重点|"
            "一般(?!情况下|应?(?:不|为|控制在|在|按))"
        ),
        "batches": "批",
        "frequency": "次",
        "period": (
            "季|半年|每[月周天日旬]|/[月周天日]|月度|周期|(?<![0-9])[二两三四五2-9]年"
        ),
        "approximate": (
            "左右|大约|大概|约|上下|近|余|(?<![最至])多(?!于)|若干|一定|适当|部分"
        ),
    }.items()
}
_STRICT = re.compile("大于|小于|高于|多于|低于|少于|超过|不足|不满|不到|以外|[<>]")


def read_share(text: str, /) -> Fraction | None:
    """
    Read a share alone: ``3%``, ``2‰``, ``0.03``, ``1/3`` or 百分之三.

    Returns:
        The share, whatever its range; None if *text* is something else.

    Examples:
        >>> read_share("３％"), read_share("千分之五"), read_share("1")
        (Fraction(3, 100), Fraction(1, 200), None)
    """
    spelling = _spelled(text)
    unsigned = spelling.removeprefix("-")
    match = _tokens().fullmatch(unsigned) if len(spelling) <= _LONGEST else None
    quantity = match and _quantity(match)
    measure, share = _measured(quantity) if quantity else (None, Fraction(0))
    if measure != "share":
        return None
    return share if unsigned == spelling else -share


def read_ratio(text: str, /) -> Reading:
    """
    Read the ratio in a cell of a plan, whatever its range.

    Raises:
        Unreadable: *text* is not one single ratio.
    """
    spelling = _spelled(text)
    if len(spelling) > _LONGEST:
        _refuse("too-long")
    letters, unknown = "", ""
    quantities: list[_Quantity] = []
    kinds: set[str] = set()
    for match in _tokens().finditer(spelling):
        kind = match.lastgroup or ""
        kinds.add(kind)
        letters += _LETTERS.get(kind, "")
        unknown += match.group() if kind == "unknown" else " "
        quantity = _quantity(match)
        if quantity is not None:
            quantities.append(quantity)
    if not quantities and kinds & {"everybody", "of_all"}:
        letters += "N"
        quantities.append(_Quantity(Fraction(1), "share"))
    if not spelling:
        _refuse("empty")
    if not quantities and not re.search("[0-9]", spelling):
        _refuse("no-number")
    _refuse_words(spelling, unknown)
    reading = _joined(_bounds(letters, quantities))
    if "everybody" in kinds and (reading.measure != "share" or reading.low != 1):
        _refuse("several")
    if "officers" in kinds and reading.measure != "per officer":
        _refuse("officers")
    return reading


def _spelled(text: str) -> str:
    """One spelling: ASCII signs, white space only between two figures."""
    spelling = text.translate(_SPELLING).strip()
    # Without the space, 2 3% would become 23%.
    return re.sub(r"(?<![0-9.])\s+|\s+(?![0-9.])", "", spelling)


def _refuse(reason: str, *words: str) -> NoReturn:
    raise Unreadable(reason, words)


def _refuse_words(spelling: str, unknown: str) -> None:
    """Reject a text with words that could change its meaning."""
    for reason, pattern in _MARKERS.items():
        found = dict.fromkeys(pattern.findall(spelling))
        if found:
            _refuse(reason, *found)
    strict = _STRICT.findall(unknown)
    if strict:
        _refuse("strict", *strict)
    if not unknown.isspace():
        _refuse("unread", *unknown.split())


def _bounds(letters: str, quantities: list[_Quantity]) -> list[Reading]:
    """The bounds of a text, in its order."""
    bounds = []
    remaining = iter(quantities)
    at = 0
    while at < len(letters):
        match = _BOUND.match(letters, at)
        if match is None:
            _refuse("order")
        at = match.end()
        first = next(remaining)
        last = next(remaining) if match["range"] else None
        sides = {letter.upper() for letter in match["before"] + match["after"]}
        bounds.append(_bound(first, last, sides))
    return bounds


def _bound(first: _Quantity, last: _Quantity | None, sides: set[str]) -> Reading:
    """Make one bound of a number or a range and the sides on which it binds."""
    is_range = last is not None
    if len(sides) + is_range > 1:
        _refuse("contradictory")
    if last is None:
        last = first
    elif not first.unit:  # 10-20% is 10%-20%
        first = first._replace(unit=last.unit)
    measure, low = _measured(first)
    other, high = _measured(last)
    if not measure or not other:
        _refuse("no-unit")
    if measure != other:
        _refuse("several")
    if measure == "per officer" and (is_range or "M" in sides):
        _refuse("officers")
    return Reading(
        measure, None if "M" in sides else low, None if "L" in sides else high, is_range
    )


def _joined(bounds: list[Reading]) -> Reading:
    """Join a lower and an upper bound; a single one stays as it is."""
    if len(bounds) == 1:
        return bounds[0]
    match sorted(bounds, key=lambda bound: bound.low is None):
        case [(measure, low, None, False), (other, None, high, False)]:
            if measure == other:
                return Reading(measure, low, high, is_range=True)
    _refuse("several")


def _quantity(match: re.Match[str]) -> _Quantity | None:
    """The quantity that a token means, None if it is another word."""
    kind = match.lastgroup
    if kind == "percent":
        value, unit = Fraction(match["hundredths"]), match["sign"]
    elif kind == "parts":
        value, unit = _number(match["part"]) / _number(match["whole"]), "share"
    elif kind == "fraction":
        value, unit = Fraction(int(match["over"]), int(match["under"])), "share"
    elif kind == "count":
        value, unit = _number(match["number"].replace(",", "")), "count"
    elif kind == "officer_ratio":
        value, unit = Fraction(match["subjects"]), "per officer"
    elif kind == "figure":
        value, unit = Fraction(match.group()), ""
    else:
        return None
    return _Quantity(value, unit)


def _measured(quantity: _Quantity) -> tuple[_Measure | None, Fraction]:
    """The measure and number of a quantity; a bare decimal below 1 is a share."""
    value, unit = quantity
    if unit == "count":
        return "count", value
    if unit == "per officer":
        return "per officer", value
    if not unit and not 0 < value < 1:
        return None, value
    return "share", value / {"%": 100, "‰": 1000}.get(unit, 1)


def _number(text: str) -> Fraction:
    """Read a number such as 三十五, 零点五 or 35."""
    if text[0].isascii():
        return Fraction(text)
    whole, _, decimals = text.partition("点")
    total = digit = 0
    for character in whole:
        if character in _PLACES:
            total += (digit or 1) * _PLACES[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    tail = "".join(str(_DIGITS[c]) for c in decimals)
    return total + digit + Fraction(f"0.{tail}" if tail else 0)
