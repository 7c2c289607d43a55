"""
What the cells of a printed plan say: one spelling, one vocabulary, one rule.

Ratio, frequency, period, methods and names stand in one table and are written
by one hand.  A cell is brought to one spelling and cut into the words of a
closed vocabulary; hedges and other words that frame a number without changing
it (原则上, 抽查比例为, 检查对象总数的) are dropped.  A word that is not in the
vocabulary makes the cell unreadable and is named: it could change the meaning.
"""

import functools
import re
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple, NoReturn

import numpy as np

from dsgk.errors import DsgkError, invalid


__all__ = [
    "HEDGES",
    "MOST_CELL_PLACES",
    "MOST_DIGITS",
    "MOST_PLACES",
    "MOST_TEXT",
    "Reading",
    "chinese",
    "number_text",
    "read_names",
    "read_quantities",
    "read_share",
    "refuse",
    "spelled",
    "tokens",
    "unreadable",
]

MOST_DIGITS = 1000
"""Decimals beyond this power of ten measure nothing, and are slow to expand."""

MOST_TEXT = 500
"""Characters of a cell; longer texts are not looked at."""
MOST_PLACES = 6
"""Decimals of a number in a plan; 0.070000000000000007 is the text of a float."""
MOST_CELL_PLACES = 4
"""Decimals of a float in a cell that is a share."""
_MOST_COUNT = 10**15  # of subjects
_MOST_TIMES = 366  # in a cycle

_REASONS = {
    "empty": "it is empty. Write a text such as 3%, 2次/年 or 3月—6月.",
    "no-number": "it has no number. Write a text such as 3% or 2次/年.",
    "no-unit": "it has a number without a unit. Write 3% for a share, 3户 for a count.",
    "digits": "it has more digits than a plan writes. Round it as the plan does.",
    "doubtful": "its transcription is marked as doubtful. Look it up in the plan.",
    "levels": "it speaks of levels of administration. Give this register's ratio.",
    "classes": "it speaks of classes of subjects. Write a tier for each class.",
    "batches": "it counts batches. Give the number of subjects.",
    "frequency": "it tells how often to draw. Keep that in the frequency of the plan.",
    "sizes": "it has a number for each size. Write a tier for each.",
    "longer": "it is counted over several years. Keep that as the rest of a tier.",
    "period": "it is for another period than the year. Give the number of the year.",
    "approximate": "it is approximate. Write 不低于 or 不超过.",
    "strict": "it excludes the number itself. Write 不低于 or 不超过 to include it.",
    "several": "it says several things. Write one of them, and the others apart.",
    "contradictory": "it bounds one number in two ways. Write 不低于3% or 10%-20%.",
    "officers": "it counts officers in another way than 1:5. Write 1:5 or 不低于1:5.",
    "order": "its words make no bound of a number. Write 不低于3% or 不超过5%.",
    "unread": "some of its words are not understood. Write it without them.",
    "too-long": "it is too long. Give the words of one cell alone.",
    "ratio-range": "it is not between 0% and 100%. Write 5% for five in a hundred.",
    "ratio-count": "it counts no subject for an officer. Write 1:5.",
    "ratio-crossed": "its lower bound is above the upper one. Write 10%-20%.",
    "times-range": "it is not a number from 1 to 366. Write 2次/年 or 每月.",
    "crossed": "it ends before it begins. Write the earlier day first.",
    "no-day": "it names a day that does not exist. Compare it with the plan.",
}
"""Why a text is not read, and what to do, as terms of `dsgk._messages`."""
_CODES = {
    "ratio": "ratio-unreadable",
    "frequency": "frequency-unreadable",
    "window": "window-unreadable",
}


def unreadable(
    what: str, text: str, reason: str, words: Iterable[str] = ()
) -> DsgkError:
    """Make the error of a text that is no ratio, frequency or window."""
    return invalid(
        _CODES[what],
        text=text,
        reason=reason,
        why=_REASONS[reason],
        words=tuple(words) or None,
    )


def refuse(what: str, text: str, reason: str, words: Iterable[str] = ()) -> NoReturn:
    """
    Raise the error of a text that is no ratio, frequency or window.

    Raises:
        InvalidValueError: Always.
    """
    raise unreadable(what, text, reason, words)


# -- one spelling ------------------------------------------------------------

# Full-width signs differ from ASCII by a constant.  NFKC would change too much:
# it turns the list number ① into the figure 1.
_SPELLING = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013—―\u2212─~～〜－", "-"),
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u3000\ufeff", " "),
        # Not to a comma, which may group digits.
        **dict.fromkeys("，。、｡､", ";"),
        **dict.fromkeys("【〔[\uff3b", "("),
        **dict.fromkeys("】〕]\uff3d", ")"),
        **dict.fromkeys("≧⩾", "≥"),
        **dict.fromkeys("≦⩽", "≤"),
        **dict.fromkeys("\u2044\u2215", "/"),
        "﹪": "%",
        "\u2236": ":",
    }
)


def spelled(what: str, text: str, /) -> str:
    """
    Bring a cell to one spelling: ASCII signs, white space only between two figures.

    Raises:
        InvalidValueError: *text* is empty, or longer than any cell.
    """
    if len(text) > MOST_TEXT:
        refuse(what, text, "too-long")
    spelling = text.translate(_SPELLING).strip()
    # Without the space, 2 3% would become 23%.
    spelling = re.sub(r"(?<![0-9.])\s+|\s+(?![0-9.])", "", spelling)
    spelling = spelling.rstrip(".;")
    if not spelling:
        refuse(what, text, "empty")
    return spelling


def tokens(
    vocabulary: re.Pattern[str], spelling: str, /
) -> tuple[list[re.Match[str]], list[str]]:
    """
    Cut a text into words, and tell those that the vocabulary does not have.

    Args:
        vocabulary: Matches at every place, with ``unknown`` as its last group.
        spelling: The text.
    """
    found, unknown = [], ""
    for match in vocabulary.finditer(spelling):
        is_unknown = match.lastgroup == "unknown"
        unknown += match.group() if is_unknown else " "
        if not is_unknown:
            found.append(match)
    return found, unknown.split()


def number_text(cell: object, /) -> str | None:
    """
    Write a number of any container as a plan does, None if there is none.

    A float is its shortest decimal; 1.0 and ``Decimal("1.00")`` are 1.

    Examples:
        >>> number_text(1.0), number_text(Decimal("0.050")), number_text(np.float32(0.1))
        ('1', '0.05', '0.1')
        >>> number_text(True), number_text("1"), number_text(float("inf"))
        (None, None, None)
    """  # noqa: E501
    if isinstance(cell, (bool, np.bool_)):
        return None
    if isinstance(cell, (int, np.integer)):
        return str(int(cell)) if abs(int(cell)) < 10**MOST_TEXT else None
    if isinstance(cell, (float, np.floating)) and np.isfinite(cell):
        return str(np.format_float_positional(cell, trim="-"))
    if (
        isinstance(cell, Decimal)
        and cell.is_finite()
        and abs(cell.adjusted()) < MOST_DIGITS
    ):
        text = f"{cell:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return None


_APART = re.compile(
    r"[、，,；;/|+&·•\\\uff0f\uff5c\uff0b\uff06\n\r\t]|(?<=[\u4e00-\u9fff)）])\s+(?=[\u4e00-\u9fff])"
)
# 住房和城乡建设局 is one name, 公安局和税务局 are two.
_DEPARTMENT = "[局厅委办署部院关站队处所科股门构心]"
_DEPARTMENTS = re.compile(
    f"(?<={_DEPARTMENT})(?:和|及|与|以及|会同|联合)(?=.*{_DEPARTMENT})"
)
# 药品和医疗器械 are two, and 人力资源和社会保障 is one; so is 太和镇.
_ALIKE = re.compile(
    "(?<=[\u4e00-\u9fff]{2})(?<!住房|资源|文化|工业|发展|规划)"
    "(?:以及|和(?![平谐顺兴睦])|及|与)(?=[\u4e00-\u9fff]{2})"
)
# What stands for others that are not named, or says when and whether.
_UNNAMED = re.compile(
    "等(?:相关|有关|其他)?(?:部门|单位|机构|领域|专业|类)?$|^除.*外$|除外|不含|不包括|^不"
    "|根据.*(?:需要|情况)|视情|必要时|待定|疑|[?？]|或|牵头|配合|协办"
    f"|{_DEPARTMENT}[-—\u2013\uff0d].*{_DEPARTMENT}"
    "|^[(（]?(?:[两二三四五多各几]|有关|相关|其他)个?(?:部门|单位|专业)[)）]?$"
)
# What stands for 市住建委 in 市、区住建委.
_LEVEL = re.compile(f"^[省市区县乡镇州盟旗](?:[级区县]|$)(?!.*{_DEPARTMENT})")


def read_names(
    text: str, /, *, name: str = "value", departments: bool = False
) -> tuple[str, ...]:
    """
    Part the names that stand in one cell, each once.

    They are parted by any mark, a line break, or a space between Chinese
    words; the space of a Latin name stays.

    Args:
        text: The cell.
        name: What the message calls it.
        departments: Whether they are departments, in whose names 和 often
            stands: it parts after an ending such as 局.

    Raises:
        InvalidValueError: A part stands for names that are not written (等,
            市、区住建委), or says more than a name.

    Examples:
        >>> read_names("市场监管局 公安局/税务局、Port Authority")
        ('市场监管局', '公安局', '税务局', 'Port Authority')
        >>> read_names("住房和城乡建设局和公安局", departments=True)
        ('住房和城乡建设局', '公安局')
    """
    also = _DEPARTMENTS if departments else _ALIKE
    given = [part.strip() for part in _APART.split(text)]
    words = [part for part in given if len(part) > MOST_TEXT]  # not looked at
    parts = [] if words else [one.strip() for part in given for one in also.split(part)]
    words += [
        part
        for part in parts
        if _UNNAMED.search(part) or (departments and _LEVEL.search(part))
    ]
    names = tuple(dict.fromkeys(filter(None, parts)))
    if words or not names:
        raise invalid("names-unwritten", name=name, got=words or [text], text=text)
    return names


# -- the vocabulary of numbers -----------------------------------------------


def _any(*lists: str) -> str:
    """Alternatives, the longest first: 不超过 must not be read as 超过."""
    words = {re.escape(word) for words in lists for word in words.split()}
    return "|".join(sorted(words, key=lambda word: (-len(word), word)))


_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")}
_DIGITS |= {"\u3007": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_D = "[一二两三四五六七八九]"
_ZERO = "[零\u3007]"
# 0 to 999 in proper spelling: 二零 is not 20.
_CHINESE = f"(?:{_D}百(?:{_ZERO}{_D}|{_D}十{_D}?)?|{_D}?十{_D}?|百|{_D}|{_ZERO})"
_FIGURE = r"[0-9]+(?:\.[0-9]+)?"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{3})+(?![0-9.])"
_WHOLE = rf"(?:{_GROUPED}|[0-9]+(?:\.0+)?|{_CHINESE})"
_STARTS = "(?<![零\u3007一二两三四五六七八九十百千万点0-9.])"
_COUNTER = "[家户个所名人台套件处座间辆艘]"
_COUNTERS = rf"{_COUNTER}(?:\({_COUNTER}\))?"  # 台(套), 家(户)

# What a frequency is counted by, longest first.
_CYCLES = ("半年", "年度", "年", "季度", "季", "月", "周", "星期", "天", "日")
_CYCLE = f"(?:{'|'.join(_CYCLES)})"
_ONE = "[一1]"
# 一季度 and 1月 are days of the calendar.
_EACH = f"(?:/?每(?:{_ONE}?个?)|/(?:{_ONE}?个?)|{{}}{_ONE}(?:个|(?=年|周|天|半年)))"

_NOT = ("不", "不得", "不应", "不能")
_OR = ("", "或", "或者")
_AT_LEAST = _any(
    *(f"{no}{than}于" for no in _NOT for than in "低少小"),
    *(f"{than}于{mark}等于" for than in "大高多" for mark in _OR),
    "至少 最少 最低 ≥ >= =>",
)
_AT_MOST = _any(
    *(f"{no}{than}" for no in _NOT for than in ("高于", "多于", "大于", "超过", "超")),
    *(f"{than}于{mark}等于" for than in "小低少" for mark in _OR),
    "至多 最多 最高 ≤ <= =<",
)
HEDGES = (
    *("原则上", "一般情况下", "通常情况下", "通常"),
    *(
        on + actual + need
        for on in ("根据", "结合", "按照")
        for actual in ("", "实际", "工作", "监管", "工作实际", "监管工作", "监管实际")
        for need in ("需要", "情况", "")
        if actual + need
    ),
    *("根据实际工作需要", "根据实际监管需要", "结合实际工作", "结合本地实际"),
    *("依法", "按规定", "按要求"),
)
"""Words that leave a number, a period or a method as it is."""
# 一般 may be the class of an item or of a firm as well.
_GENERALLY = (
    f"一般(?=应?(?:不|为|控制在|在|按|每|至[少多]|最[多少]|[≥≤=<>])|{_WHOLE}次)"
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
    # what the number is about
    *(act + of for act in (*_ACTS, "抽取", "抽检", "") for of in ("比例", "频次")),
    "比率 频率 次数 抽查率 检查率 抽查面 覆盖面 覆盖率",
    "抽查 抽取 抽检 抽样 检查 核查 选取 随机 确定 进行 实施 开展 实现 完成",
    "按照 按 以 在 介于 之间 对 从 为 是 占 达到 达 的 应当 应 须 拟",
    "控制在 保持在 = : (含) (含本数) 且 并且 并 同时 但",
    *HEDGES,
    # the year of the plan
    "本年度 年度 全年 年内 当年 本年 度内 内 共 共计",
    # all subjects of the register
    "本辖区内 辖区内 本辖区 辖区 全区 全市 全县 全省 全旗 本区 本市 本县",
    "区域内 范围内 在册 存续 应检 应抽 库中 库内",
    *(library + of for library in ("名录库", "对象库") for of in ("", "中", "内")),
    *(noun + of for noun in _NOUNS for of in ("", "中", "数", "数量")),
    "总数 总量 总户数 总家数 总体 户数 家数 数量",
)
_TOKENS = "|".join(
    f"(?P<{kind}>{pattern})"
    for kind, pattern in {
        "framing_base": f"(?:抽查)?基数(?:为|:)?[0-9]+{_COUNTER}?",
        "framing_year": "20[0-9]{2}年度?|年(?=抽查|抽取|检查|抽检)",
        # The item that a row is about; two of them are two ratios.
        "item": (
            "(?:一般|重点)(?:检查|抽查)?事项"
            f"(?=的?(?:年度|每年)?(?:抽查|检查)?(?:比例)?,?(?:{_any(*HEDGES)}|一般)?"
            f"(?:{_AT_LEAST}|{_AT_MOST}))"
        ),
        "framing_general": _GENERALLY,
        "officer_ratio": f"{_STARTS}1:(?P<subjects>[0-9]+)(?![0-9.:%‰])",
        "fraction": (f"{_STARTS}(?P<over>[0-9]+)/(?P<under>[1-9][0-9]*)(?![0-9./%‰])"),
        "percent": f"{_STARTS}(?P<hundredths>{_FIGURE})(?P<sign>[%‰])",
        "parts": (
            f"{_STARTS}(?P<whole>(?!{_ZERO}){_CHINESE}|千|万)分之"
            f"(?P<part>{_CHINESE}(?:点[零\u3007一二三四五六七八九]+)?|{_FIGURE})"
        ),
        "longer": f"(?:每|/|{_STARTS})(?:[二两三四五六七八九十]|[2-9]|[1-9][0-9])个?年",
        "cycle": (
            f"{_EACH.format(_STARTS)}(?P<each>{_CYCLE})"
            f"|{_STARTS}(?P<of>{_CYCLE})"
            f"(?=(?:抽查|检查)?(?:{_AT_LEAST}|{_AT_MOST})?{_WHOLE}次)"
        ),
        "times": f"{_STARTS}(?P<often>{_WHOLE})次(?!数)",
        "count": f"{_STARTS}(?P<number>{_WHOLE}){_COUNTERS}",
        "left": (  # 一至两次
            f"{_STARTS}(?P<from>{_CHINESE})(?=(?:-+|至|到){_WHOLE}(?:次|{_COUNTER}))"
        ),
        "figure": f"{_STARTS}{_FIGURE}(?![0-9.])",
        "least": _AT_LEAST,
        "most": _AT_MOST,
        "or_more": _any("以上 及以上 或以上"),
        "or_less": _any("以下 及以下 或以下 以内 之内"),
        "officers": _OFFICERS,
        "of_all": f"所有|全部(?=的?(?:{_SUBJECTS}))",
        "everybody": _any("全覆盖 全面覆盖 全数 全部"),
        "framing": _FRAMING,
        "to": "-+|至|到",
        "apart": "[,;()/]",  # between two bounds, or two things that are said
        "unknown": r"[0-9]+|[^0-9]",
    }.items()
)


@functools.cache
def _vocabulary() -> re.Pattern[str]:
    """Compile the pattern when it is first needed: that takes as long as an import."""
    return re.compile(_TOKENS, re.DOTALL)


# Where the digits of a number stand, and what it counts.
_UNITS: dict[str, tuple[str | int, str]] = {
    "count": ("number", "count"),
    "times": ("often", "times"),
    "officer_ratio": ("subjects", "per officer"),
    **dict.fromkeys(("left", "figure"), (0, "")),
}
_NUMBERS = {*_UNITS, "fraction", "percent", "parts"}
_SAYING = _NUMBERS | {"cycle", "everybody", "of_all"}
# What remains of a text without its framing.
_LETTERS = dict.fromkeys(_NUMBERS, "N") | {"least": "L", "most": "M", "to": "-"}
_LETTERS |= {"or_more": "l", "or_less": "m"}
_BOUND = re.compile("(?P<before>L*|M*)N(?P<range>-N)?(?P<after>[lm]?)")

# Words that tell why a text is more, or less, than numbers.
_MARKERS = {
    reason: re.compile(pattern)
    for reason, pattern in {
        "doubtful": "疑|[?]|待定|待核",
        "levels": "[省市区县]级|上级|下级|各级|各[省市区县]",
        "classes": (
            "风险|信用|[守失]信|警示|[A-Ea-e一二三四甲乙丙丁][类级]|重点|一般"
            "|(?<!其)[高中低](?!于)"
        ),
        "batches": "批",
        "approximate": (
            "左右|大约|大概|约|上下|近|余|(?<![最至])多(?!于)|若干|一定|适当|部分"
            "|不定期|适时|视情"
        ),
        "frequency": "次",
        "period": "季|半年|每[月周天日旬]|/[月周天日]|月度|周期",
    }.items()
}
_SIZES = re.compile(f"{_COUNTER}[及或]?以[下上]的")
_STRICT = re.compile("大于|小于|高于|多于|低于|少于|超过|不足|不满|不到|以外|[<>]")


# -- numbers that a cell states ----------------------------------------------


class Reading(NamedTuple):
    """
    One number that a cell states, with its bounds.

    Attributes:
        measure: What it counts: ``share``, ``count``, ``per officer`` or
            ``times``.
        low: Lower bound, None if there is none.
        high: Upper bound, None if there is none.
        is_range: Whether two numbers are given; else both bounds are the one
            number.
        cycle: Within what so many times are counted, such as 年 or 季度; empty
            where the cell does not say, and for other measures.
    """

    measure: str
    low: Fraction | None
    high: Fraction | None
    is_range: bool
    cycle: str = ""

    @property
    def is_exact(self) -> bool:
        """Whether it is one number without a bound."""
        return not self.is_range and self.low == self.high

    @property
    def ratio(self) -> dict[str, Any]:
        """The fields of the `dsgk.tiers.Ratio` that it states."""
        if self.low is None:
            bound = "at most"
        elif self.high is None:
            bound = "at least"
        elif self.is_range and (self.low != self.high or self.measure == "share"):
            bound = "between"
        else:
            bound = "exactly"
        return {"bound": bound, **dict(zip(self._fields[:3], self[:3], strict=True))}


class _Quantity(NamedTuple):
    value: Fraction
    unit: str  # a measure, or % or ‰; empty for a bare number


class _Cell:
    """The words of a cell, and the numbers that are made of them."""

    def __init__(self, what: str, text: str, bare: str) -> None:
        self.what, self.text, self.bare = what, text, bare
        self.spelling = spelled(what, text)
        self.words, self.unknown = tokens(_vocabulary(), self.spelling)
        self.kinds = [word.lastgroup or "" for word in self.words]

    def refuse(self, reason: str, *words: str) -> NoReturn:
        refuse(self.what, self.text, reason, words)

    def readings(self) -> list[Reading]:
        """Everything that the cell states, one reading for each measure."""
        self._refuse_words()
        every = self._joined(self._counted(*self._bounds()))
        shares = [one.low for one in every if one.measure == "share"]
        if "everybody" in self.kinds and shares != [1]:
            self.refuse("several")
        if "officers" in self.kinds and every[0].measure != "per officer":
            self.refuse("officers")
        for one in every:
            self._check(one)
        return every

    def _refuse_words(self) -> None:
        """Reject a cell with words that could change its meaning."""
        kinds, rest = set(self.kinds), " ".join(self.unknown)
        if "longer" in kinds:
            self.refuse("longer" if self.what == "frequency" else "period")
        for reason, pattern in _MARKERS.items():
            if found := dict.fromkeys(pattern.findall(rest)):
                self.refuse(reason, *found)
        if _SIZES.search(self.spelling):
            self.refuse("sizes")
        if self.kinds.count("item") > 1:
            self.refuse("classes", *(w[0] for w in self.words if w["item"]))
        if not kinds & _SAYING and not re.search("[0-9]", rest):
            self.refuse("no-number", *self.unknown)
        if strict := _STRICT.findall(rest):
            self.refuse("strict", *strict)
        if self.unknown:
            self.refuse("unread", *self.unknown)

    def _bounds(
        self,
    ) -> tuple[list[tuple[int, Reading]], list[tuple[int, re.Match[str]]]]:
        """The numbers with their bounds, and the cycles, each with its clause."""
        letters, clause = "", 0
        quantities: list[tuple[int, _Quantity]] = []
        cycles: list[tuple[int, re.Match[str]]] = []
        # Everybody is a number where no other tells how many.
        is_everybody = not (_NUMBERS - {"times"}) & {*self.kinds}
        for word, kind in zip(self.words, self.kinds, strict=True):
            clause += kind == "apart"
            letters += _LETTERS.get(kind, "")
            if kind == "cycle":
                cycles.append((clause, word))
            elif kind in _NUMBERS:
                quantities.append((clause, self.quantity(word)))
            elif is_everybody and kind in {"everybody", "of_all"}:
                letters, is_everybody = letters + "N", False
                quantities.append((clause, _Quantity(Fraction(1), "share")))
        bounds = []
        remaining = iter(quantities)
        at = 0
        while at < len(letters):
            match = _BOUND.match(letters, at)
            if match is None:
                self.refuse("order")
            at = match.end()
            clause, first = next(remaining)
            last = next(remaining)[1] if match["range"] else None
            sides = {letter.upper() for letter in match["before"] + match["after"]}
            bounds.append((clause, self._bound(first, last, sides)))
        return bounds, cycles

    def quantity(self, word: re.Match[str]) -> _Quantity:
        """The quantity that a word means."""
        kind = word.lastgroup
        _, _, places = word[0].rstrip("%‰").partition(".")
        if len(places) > MOST_PLACES:
            self.refuse("digits", word[0])
        if kind == "parts":
            return _Quantity(chinese(word["part"]) / chinese(word["whole"]), "share")
        if kind == "fraction":
            return _Quantity(Fraction(int(word["over"]), int(word["under"])), "share")
        if kind == "percent":
            return _Quantity(Fraction(word["hundredths"]), word["sign"])
        number, unit = _UNITS[kind or ""]
        return _Quantity(chinese(word[number]), unit)

    def _bound(
        self, first: _Quantity, last: _Quantity | None, sides: set[str]
    ) -> Reading:
        """Make one bound of a number or a range and the sides on which it binds."""
        is_range = last is not None
        if len(sides) + is_range > 1:
            self.refuse("contradictory")
        if last is None:
            last = first
        elif not first.unit:  # 10-20% is 10%-20%
            first = first._replace(unit=last.unit)
        measure, low = self.measured(first)
        other, high = self.measured(last)
        if measure != other:
            self.refuse("several")
        if measure == "per officer" and (is_range or "M" in sides):
            self.refuse("officers")
        bounds = (None if "M" in sides else low, None if "L" in sides else high)
        return Reading(measure, *bounds, is_range)

    def measured(self, quantity: _Quantity) -> tuple[str, Fraction]:
        """The measure and number of a quantity; a bare decimal below 1 is a share."""
        value, unit = quantity
        if unit in {"%", "‰"}:
            return "share", value / (100 if unit == "%" else 1000)
        if not unit and self.bare == "%" and value >= 1:
            return "share", value / 100
        if not unit and self.bare in {"", "share"} and 0 < value < 1:
            return "share", value
        if not unit and value.denominator == 1 and (self.bare != "share" or value <= 1):
            unit = self.bare.strip("%")
        if not unit:
            self.refuse("no-unit")
        return unit, value

    def _counted(
        self, placed: list[tuple[int, Reading]], cycles: list[tuple[int, re.Match[str]]]
    ) -> list[Reading]:
        """The numbers, each with the cycle within which it is counted."""
        clauses = [clause for clause, _ in placed]
        found = [reading for _, reading in placed]
        for clause, word in cycles:
            cycle = word["each"] or word["of"]
            is_year = cycle.startswith("年")
            own = [k for k, at in enumerate(clauses) if at == clause] or [
                k for k, one in enumerate(found) if one.measure == "times"
            ]
            at = next((k for k in own if found[k].measure == "times"), None)
            if at is not None:
                known = found[at].cycle
                if not known or known.startswith("年"):
                    found[at] = found[at]._replace(cycle=cycle)
                elif not is_year and known != cycle:
                    self.refuse("several")
            elif not is_year and own:
                self.refuse("period", cycle)
            elif not is_year or (self.what == "frequency" and not found):
                if not word[0].startswith("每"):  # 1个月 alone is a time
                    self.refuse("no-number", word[0])
                once = Fraction(1)
                found.append(Reading("times", once, once, is_range=False, cycle=cycle))
                clauses.append(-1)
        return found

    def _joined(self, found: list[Reading]) -> list[Reading]:
        """Join a lower and an upper bound of a measure; a single one stays as it is."""
        every = []
        for measure in dict.fromkeys(reading.measure for reading in found):
            own = [reading for reading in found if reading.measure == measure]
            match sorted(own, key=lambda one: one.low is None):
                case [one]:
                    every.append(one)
                case [(_, low, None, False, cycle), (_, None, high, False, other)]:
                    if cycle and other and cycle != other:
                        self.refuse("several")
                    every.append(Reading(measure, low, high, True, cycle or other))  # noqa: FBT003
                case _:
                    self.refuse("several")
        if not every:
            self.refuse("no-number")
        return every

    def _check(self, one: Reading) -> None:
        """Reject numbers that no plan can mean."""
        given = [number for number in (one.low, one.high) if number is not None]
        if one.measure == "share" and not 0 <= given[0] <= given[-1] <= 1:
            self.refuse("ratio-crossed" if given[-1] < given[0] <= 1 else "ratio-range")
        if one.measure == "per officer" and not given[0]:
            self.refuse("ratio-count")
        if one.measure == "times" and not 1 <= min(given) <= max(given) <= _MOST_TIMES:
            self.refuse("times-range")
        if given[0] > given[-1]:
            self.refuse("ratio-crossed")
        if given[-1] > _MOST_COUNT:
            self.refuse("digits")


def read_quantities(what: str, text: str, /, *, bare: str = "") -> list[Reading]:
    """
    Read every number that a cell states: a ratio, its count, a frequency.

    Args:
        what: ``"ratio"`` or ``"frequency"``, which names the error.
        text: The cell.
        bare: What a whole number without a unit counts; empty if that is not
            known. As a ``share``, 0 and 1 are none and all; with ``%`` any
            number from 1 on is so many in a hundred.

    Returns:
        One reading for each measure, one or more, in the order of the cell.

    Raises:
        InvalidValueError: *text* says something that is not understood, or
            states one measure twice.

    Examples:
        >>> share, times = read_quantities("ratio", "抽查比例不低于3%;抽查2次/年")
        >>> share.measure, share.low, times.low, times.cycle
        ('share', Fraction(3, 100), Fraction(2, 1), '年')
    """
    return _Cell(what, text, bare).readings()


def read_share(text: str, /) -> Fraction | None:
    """
    Read a share alone: ``3%``, ``2‰``, ``0.03``, ``1/3`` or 百分之三.

    Returns:
        The share, whatever its range; None if *text* is something else.

    Raises:
        InvalidValueError: *text* has more digits than a plan writes.

    Examples:
        >>> read_share("３％"), read_share("千分之五"), read_share("1")
        (Fraction(3, 100), Fraction(1, 200), None)
    """
    if not text.strip() or len(text) > MOST_TEXT:
        return None
    cell = _Cell("ratio", text, "")
    unsigned = cell.spelling.removeprefix("-")
    word = _vocabulary().fullmatch(unsigned)
    if word is None or word.lastgroup not in {"fraction", "percent", "parts", "figure"}:
        return None
    quantity = cell.quantity(word)
    if not quantity.unit and not 0 < quantity.value < 1:
        return None
    share = cell.measured(quantity)[1]
    return share if unsigned == cell.spelling else -share


def chinese(text: str, /) -> Fraction:
    """
    Read a number such as 三十五, 零点五, 1,200 or 35.

    Examples:
        >>> chinese("二十五"), chinese("1,200")
        (Fraction(25, 1), Fraction(1200, 1))
    """
    if text[0].isascii():
        return Fraction(text.replace(",", ""))
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
