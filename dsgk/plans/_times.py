"""
When and how often an entry of a plan is drawn (时间安排、抽查频次).

Batches, the periods and frequencies of published plans, and how a frequency
divides a period into batches.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Any, NamedTuple, NoReturn, Self

import attrs

from dsgk.errors import DsgkError, invalid
from dsgk.fields import (
    Coded,
    Exact,
    Stored,
    Whole,
    check_count,
    check_type,
    declared,
    listed,
    text_fault,
    value,
)
from dsgk.kernels.allocation import share_up
from dsgk.sources import article, cites
from dsgk.tiers import Bound


__all__ = [
    "Batch",
    "Cycle",
    "Frequency",
    "batch_quotas",
    "check_year",
    "month_end",
    "read_window",
]

_ONE_DAY = dt.timedelta(days=1)
_DECEMBER = 12


def check_year(year: object, /) -> int:
    """Return a year from 1 to 9999."""
    return check_count(year, name="year", least=dt.MINYEAR, most=dt.MAXYEAR)


def month_end(year: int, month: int, /) -> dt.date:
    """Return the last day of a month; ValueError if there is no such month."""
    return dt.date(year, month, calendar.monthrange(year, month)[1])


# -- batches -----------------------------------------------------------------


class _Part(Exact):
    """A part of the year's number, above 0 and at most 1."""

    def convert(self, given: Any, /) -> Fraction:  # noqa: ANN401
        part = super().convert(given)
        if not 0 < part <= 1:
            raise invalid("batch-part", name="value", got=part)
        return part


@cites(article(12), article(15))
@value("dsgk-batch/1")
@attrs.frozen(field_transformer=declared)
class Batch(Stored):
    """
    One of the draws of an entry, and when its checks are made (批次).

    Attributes:
        first: First day on which its checks may be made; it is drawn in the
            round of this day.
        last: Last day, on which the checks are due.
        part: [0 < Fraction <= 1] Its part of the year's number of subjects.

    Examples:
        >>> print(Batch(dt.date(2026, 3, 1), dt.date(2026, 6, 30), Fraction(1, 2)))
        2026-03-01 to 2026-06-30, 1/2 of the year
    """

    first: dt.date
    last: dt.date
    part: Annotated[Fraction, _Part()] = Fraction(1)

    def __attrs_post_init__(self) -> None:
        """Reject days in the wrong order."""
        first, last = self.first, self.last
        if last < first:
            raise invalid("batch-crossed", column="last", first=first, last=last)

    def __str__(self) -> str:
        """Days, and the part unless it is 1."""
        whole = "" if self.part == 1 else f", {self.part} of the year"
        return f"{self.first} to {self.last}{whole}"


@cites(article(15))
def batch_quotas(quota: int, parts: Iterable[Fraction], /) -> tuple[int, ...]:
    """
    Divide a year's number of subjects among its batches.

    After each batch the number reached is the exact part, rounded up.

    Args:
        quota: [int >= 0] The year's number.
        parts: [n Fractions that add up to 1] Parts of the batches, in order.

    Returns:
        [n ints >= 0] How many are drawn in each batch; they add up to *quota*.

    Examples:
        >>> batch_quotas(10, (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)))
        (4, 3, 3)
    """
    number = check_count(quota, name="quota")
    given = listed(parts, Fraction, name="parts")
    reached = [0]
    so_far = Fraction(0)
    for part in given:
        check_type(part, Fraction, name="parts")
        so_far += part
        reached.append(share_up(so_far, number))
    if (given and so_far != 1) or any(part < 0 for part in given):
        raise invalid("batch-quota", name="parts", quota=number, got=given)
    return tuple(b - a for a, b in pairwise(reached))


# -- periods as plans write them ---------------------------------------------

# Full-width signs differ from ASCII by a constant.  NFKC would change too much:
# it turns the list number ① into the figure 1.
_SPELLING = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013—―\u2212─~～〜－", "~"),
        **dict.fromkeys(" \t\u00a0\u2002\u2003\u2009\u3000", None),
    }
)
_LONGEST = 100  # characters of a period


def _spelled(text: str) -> str:
    """One spelling of digits, signs, dashes and spaces."""
    fault = text_fault(text, name="text")
    if fault:
        raise fault.error()
    return text.translate(_SPELLING)


class _Point(NamedTuple):
    """One side of a period; None is taken from the other side."""

    year: int | None
    first: tuple[int | None, int]  # month, day
    last: tuple[int | None, int | None]  # month, day; None for the end of the month


_YEAR = "(?:(?P<year>[0-9]{4}|次|翌)年)?"
_MONTH = "(?P<month>[0-9]{1,2})"
_DAY = "(?P<day>[0-9]{1,2})"
_POINTS = [
    re.compile(pattern)
    for pattern in (
        f"(?P<year>[0-9]{{4}})([-./]){_MONTH}\\2{_DAY}",
        f"(?P<year>[0-9]{{4}})[-./]{_MONTH}",
        f"{_YEAR}{_MONTH}月份?(?:{_DAY}[日号]|(?P<end>[底末])|(?P<begin>初))?",
        f"{_MONTH}\\.{_DAY}",
        f"{_DAY}[日号]",
        f"{_YEAR}第?(?P<quarter>[一二三四1-4])季度?",
        f"{_YEAR}(?P<half>[上下])半年",
        f"{_YEAR}(?P<whole>全年|年度|年内)",
        "(?P<year>[0-9]{4})年度?(?:全年)?(?P<whole>)",
        "(?P<december>年[底末])",
    )
]
# Left sides that take their unit from the right: 3-6月, 3月1-15日.
_SHORT = re.compile(f"{_YEAR}{_MONTH}(?:月{_DAY})?")
_UNIT = [re.compile("[0-9]{1,2}月份?[底末]?"), re.compile("[0-9]{1,2}[日号]")]
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WINDOWS = {
    "empty": "it is empty",
    "crossed": "it ends before it begins",
    "no-day": "it names a day that does not exist",
    "unread": "its words are no period that is known",
}
"""Why a text is not one period."""


@cites(article(12))
def read_window(text: str, year: int, /) -> tuple[dt.date, dt.date]:
    """
    Read the period of an entry as published plans write it (时间安排).

    Months count in full, the default year is that of the plan, and an open
    period (``2026-02-01起``) ends with that year.

    Returns:
        First and last day, as arguments of `Batch`.

    Raises:
        InvalidValueError: *text* is not one period; ``params`` has a key for the
            reason.

    Examples:
        >>> print(Batch(*read_window("2026-02-24~2026-11-30", 2026)))
        2026-02-24 to 2026-11-30
        >>> read_window("适时", 2026)
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: '适时' cannot be read as one period: its words are no period that is known. Write 3月—6月 or 2026-03-01~2026-06-30.
    """  # noqa: E501
    words = re.sub("起(?=[至到~-])|止$|完成$", "", _spelled(text))
    year = check_year(year)
    if not words or len(words) > _LONGEST:
        _refuse(text, "unread" if words else "empty")
    if match := re.fullmatch("(.+?)(?:起|开始|以后)", words):
        begin = _point(match[1])
        if begin is None:
            _refuse(text, "unread")
        first, _ = _days(text, begin, begin, year)
        first, last = max(first, dt.date(year, 1, 1)), dt.date(year, _DECEMBER, 31)
    elif (match := re.fullmatch("(.+[底末])(?:之?前|以前)", words)) and (
        end := _point(match[1])
    ):
        january = _Point(end.year, (1, 1), (1, None))
        first, last = _days(text, january, end, year)
    else:
        first, last = _days(text, *_sides(text, words), year)
    if last < first:
        _refuse(text, "crossed")
    return first, last


def _refuse(text: str, reason: str) -> NoReturn:
    raise invalid("window-unreadable", text=text, reason=reason, why=_WINDOWS[reason])


def _sides(text: str, words: str) -> tuple[_Point, _Point]:
    """The two sides of a period, which are equal if it names one span."""
    whole = _point(words)
    if whole is not None:
        return whole, whole
    found = set()
    for match in re.finditer("[-~至到]+", words):
        right = _point(words[match.end() :])
        left = _point(words[: match.start()])
        if left is None and right is not None:
            left = _short(words[: match.start()], words[match.end() :])
        if left is not None and right is not None:
            found.add((left, right))
    if len(found) != 1:
        _refuse(text, "unread")
    return found.pop()


def _point(words: str) -> _Point | None:
    for pattern in _POINTS:
        match = pattern.fullmatch(words)
        if match:
            return _point_of({k: v for k, v in match.groupdict().items() if v})
    return None


def _point_of(named: dict[str, str]) -> _Point:
    year = _year_of(named)
    if "quarter" in named:
        closing = 3 * _QUARTERS[named["quarter"]]
        return _Point(year, (closing - 2, 1), (closing, None))
    if "half" in named:
        opening = 1 if named["half"] == "上" else 7
        return _Point(year, (opening, 1), (opening + 5, None))
    if "december" in named:
        return _Point(year, (None, 1), (_DECEMBER, None))
    month = int(named["month"]) if "month" in named else None
    if "day" in named:
        day = int(named["day"])
        return _Point(year, (month, day), (month, day))
    if month is None:
        return _Point(year, (1, 1), (_DECEMBER, None))
    # 6月底 can only end a period, 3月初 only begin one.
    return _Point(
        year,
        (None if "end" in named else month, 1),
        (month, _NO_DAY if "begin" in named else None),
    )


_NEXT = 0  # 次年, as a year
_NO_DAY = 0  # of a side that can only begin


def _year_of(named: Mapping[str, str | None]) -> int | None:
    year = named.get("year")
    if year is None:
        return None
    return int(year) if year.isdecimal() else _NEXT


def _short(words: str, right: str) -> _Point | None:
    """A left side that takes its unit from the right: 3-6月, 3月1-15日."""
    match = _SHORT.fullmatch(words)
    if match is None or not _UNIT[match["day"] is not None].fullmatch(right):
        return None
    side = int(match["month"]), int(match["day"] or 1)
    return _Point(_year_of(match.groupdict()), side, side)


def _days(text: str, left: _Point, right: _Point, year: int) -> tuple[dt.date, dt.date]:
    begins = year if left.year is None else left.year
    ends = begins if right.year is None else right.year
    first_month, first_day = left.first
    last_month, last_day = right.last
    if begins == _NEXT or first_month is None or last_day == _NO_DAY:
        _refuse(text, "unread")
    if ends == _NEXT:
        ends = begins + 1
    month = first_month if last_month is None else last_month
    try:
        first = dt.date(begins, first_month, first_day)
        if last_day is not None:
            return first, dt.date(ends, month, last_day)
        return first, month_end(ends, month)
    except ValueError:
        _refuse(text, "no-day")


# -- frequencies -------------------------------------------------------------


class Cycle(Coded):
    """The unit of time of a frequency."""

    YEAR = ("year", "年", "年度")
    HALF_YEAR = ("half-year", "半年")
    QUARTER = ("quarter", "季度", "季")
    MONTH = ("month", "月", "月度")
    WEEK = ("week", "周", "星期")
    DAY = ("day", "天", "日")

    @property
    def per_year(self) -> int:
        """How many there are in a whole year."""
        return _PER_YEAR[self]


_PER_YEAR = dict(zip(Cycle, (1, 2, 4, 12, 52, 365), strict=True))
_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF_YEAR: 6}
_CYCLES = {text: cycle for cycle in Cycle for text in cycle.texts[1:]}
_DIGITS = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}

_FRAMING = re.compile(
    "抽查频次|检查频次|抽取频次|频次|抽查|检查|抽取|开展|实施|进行|原则上|应当|为|:"
    "|[本全]?年度?内|[本全]年度?|当年"
)
_NUMBER = "[1-9][0-9]{0,2}|[一二两三四五六七八九十]"
_LEAST = ">=|=>|≥|≧|⩾|(?:不少于|不低于|不得少于|不得低于|至少|最少)"
_MOST_WORDS = "<=|=<|≤|≦|⩽|(?:不多于|不超过|不得多于|不得超过|不高于|至多|最多)"
_EVERY = "(?:每[一1]?个?|[一1]个?)"
_CYCLE = f"(?P<cycle>{'|'.join(sorted(_CYCLES, key=len, reverse=True))})"
_COUNT = (
    f"(?:(?P<least>{_LEAST})|(?P<most>{_MOST_WORDS})|=)?"
    f"(?P<low>{_NUMBER})(?:[-~至到](?P<high>{_NUMBER}))?次?"
    "(?:(?P<or_more>[及或]?以上)|(?P<or_less>[及或]?以下|以内))?"
)
_FORMS = [
    re.compile(form)
    for form in (
        _COUNT,
        f"{_EVERY}?{_CYCLE}{_COUNT}",
        f"{_COUNT}(?:/|{_EVERY}){_CYCLE}",
        f"每[一1]?个?{_CYCLE}",
    )
]
# Why a text is not one frequency: the first reason whose pattern is found.
_FREQUENCIES = {
    "empty": ("^$", "it is empty", "Write 1次/年."),
    "longer": (
        "[两二三四五2-9]年",
        "it is counted over several years",
        "Keep that as the rest of a tier.",
    ),
    "approximate": (
        "左右|约|若干|不定期|适时",
        "it is approximate",
        "Write 不少于2次/年.",
    ),
    "strict": (
        "(?<![不得应能])(?:大于|小于|高于|多于|低于|少于|超过)|[<>](?!=)",
        "it excludes the number itself",
        "Write 不少于 or 不超过 if it is included.",
    ),
    "unread": ("", "its words are no frequency that is known", "Write 2次/年 or 每月."),
}
_Times = Annotated[int, Whole(least=1, most=366)]


@cites(article(12), article(13))
@value()
@attrs.frozen(repr=False, field_transformer=declared)
class Frequency:
    """
    How often an entry is drawn in its year (抽查频次).

    Every draw is one batch of the entry; together they make the year's ratio.
    `parse` reads what ``str()`` writes, which is the form to store.

    Attributes:
        low: [1..366, or None] Least draws in a cycle; None for "at most".
        high: [*low*..366, or None] Most draws in a cycle; None for "at least".
        cycle: The unit of time.

    Examples:
        >>> Frequency.exactly(2), Frequency.parse("不少于2次/年")
        (Frequency.parse('2次/年'), Frequency.parse('≥2次/年'))
    """

    low: _Times | None
    high: _Times | None
    cycle: Cycle = Cycle.YEAR

    def __attrs_post_init__(self) -> None:
        """Reject missing or crossed bounds."""
        given = [bound for bound in (self.low, self.high) if bound is not None]
        if not given or given[0] > given[-1]:
            code, low, high = "frequency-bounds", self.low, self.high
            raise invalid(code, column="low", low=low, high=high)

    @classmethod
    def exactly(cls, times: int, cycle: Cycle = Cycle.YEAR, /) -> Self:
        """So many draws in every cycle (2次/年)."""
        return cls(times, times, cycle)

    @classmethod
    def at_least(cls, times: int, cycle: Cycle = Cycle.YEAR, /) -> Self:
        """So many draws or more (不少于2次/年)."""
        return cls(times, None, cycle)

    @classmethod
    def at_most(cls, times: int, cycle: Cycle = Cycle.YEAR, /) -> Self:
        """So many draws or fewer (不超过2次/年)."""
        return cls(None, times, cycle)

    @classmethod
    def parse(cls, text: str, /) -> Self:
        """
        Read a frequency as published plans write it.

        A number alone counts draws of the year, a cycle alone means one draw in
        each. 以上, 以下 and 以内 include the number.

        Raises:
            InvalidValueError: *text* is not one frequency; ``params`` has a key
                for the reason.

        Examples:
            >>> [str(Frequency.parse(t)) for t in ("1次", ">=1", "每周", "每半年2次")]
            ['1次/年', '≥1次/年', '1次/周', '2次/半年']
            >>> Frequency.parse("每两年1次")
            Traceback (most recent call last):
            dsgk.errors.InvalidValueError: '每两年1次' cannot be read as one frequency: it is counted over several years. Keep that as the rest of a tier.
        """  # noqa: E501
        words = _FRAMING.sub("", _spelled(text))
        for form in _FORMS:
            match = form.fullmatch(words)
            if match is not None:
                return cls._of(text, match.groupdict())
        raise _unreadable(text, words)

    @classmethod
    def _of(cls, text: str, named: dict[str, str | None]) -> Self:
        cycle = _CYCLES[named.get("cycle") or "年"]
        low = _number(named.get("low") or "1")
        high = _number(named.get("high") or str(low))
        lower = bool(named.get("least") or named.get("or_more"))
        upper = bool(named.get("most") or named.get("or_less"))
        if lower + upper + bool(named.get("high")) > 1:
            raise _unreadable(text, "")
        return cls(None if upper else low, None if lower else high, cycle)

    @property
    def bound(self) -> Bound:
        """On which side it binds."""
        if self.high is None:
            return Bound.AT_LEAST
        if self.low is None:
            return Bound.AT_MOST
        return Bound.EXACTLY if self.low == self.high else Bound.BETWEEN

    @property
    def yearly(self) -> tuple[int, int | None]:
        """
        Least and most draws in a whole year; None for no upper bound.

        Examples:
            >>> Frequency.parse("每月").yearly, Frequency.at_least(2).yearly
            ((12, 12), (2, None))
        """
        n = self.cycle.per_year
        return (self.low or 0) * n, None if self.high is None else self.high * n

    def batches(self, first: dt.date, last: dt.date, /) -> tuple[Batch, ...]:
        """
        Divide a period into the batches that the frequency asks for.

        Each cycle (a calendar month, a week from Monday, …) gets the least
        number of draws, or one if there is only an upper bound.  Within a cycle,
        whole months are divided by months, other spans by days.  Batches have
        equal parts and no gaps between them.

        Raises:
            InvalidValueError: *last* is before *first*, or a cycle has fewer
                days than draws.

        Examples:
            >>> twice = Frequency.exactly(2)
            >>> for b in twice.batches(dt.date(2026, 3, 1), dt.date(2026, 12, 31)):
            ...     print(b)
            2026-03-01 to 2026-07-31, 1/2 of the year
            2026-08-01 to 2026-12-31, 1/2 of the year
        """
        whole = Batch(first, last)
        spans: list[tuple[dt.date, dt.date]] = []
        for begin, end in self.cycles(whole.first, whole.last):
            pieces = _pieces(begin, end, self.low or 1)
            if pieces is None:
                text = str(self)
                raise invalid("frequency-span", frequency=text, first=begin, last=end)
            spans += pieces
        part = Fraction(1, len(spans))
        return tuple(Batch(begin, end, part) for begin, end in spans)

    def cycles(
        self, first: dt.date, last: dt.date, /
    ) -> tuple[tuple[dt.date, dt.date], ...]:
        """First and last days of the cycles in a period; the outer ones may be cut."""
        return tuple(_cycles(first, last, self.cycle))

    def __str__(self) -> str:
        """Short form that `parse` reads back: ``2次/年``, ``≥1次/月``."""
        mark = "≥" if self.high is None else "≤" if self.low is None else ""
        number = str(self.low or self.high)
        if self.bound is Bound.BETWEEN:
            number += f"-{self.high}"
        return f"{mark}{number}次/{self.cycle.label}"

    def __repr__(self) -> str:
        """The call that reads it."""
        return f"Frequency.parse({str(self)!r})"


def _number(text: str) -> int:
    return _DIGITS.get(text) or int(text)


def _unreadable(text: str, words: str) -> DsgkError:
    words = words or ("…" if _spelled(text) else "")
    reason, why, hint = next(
        (reason, why, hint)
        for reason, (marks, why, hint) in _FREQUENCIES.items()
        if re.search(marks, words)
    )
    return invalid("frequency-unreadable", text=text, reason=reason, why=why, hint=hint)


def _cycles(
    first: dt.date, last: dt.date, cycle: Cycle
) -> Iterator[tuple[dt.date, dt.date]]:
    """The cycles in a period, the outer ones cut; a year is never divided."""
    if cycle is Cycle.YEAR:
        yield first, last
        return
    begin = first
    while begin <= last:
        if cycle is Cycle.DAY:
            end = begin
        elif cycle is Cycle.WEEK:
            end = begin + (6 - begin.weekday()) * _ONE_DAY
        else:
            end = _month_end(begin, -begin.month % _MONTHS[cycle])
        end = min(end, last)
        yield begin, end
        begin = end + _ONE_DAY


def _month_end(day: dt.date, months: int) -> dt.date:
    """Last day of the month that is *months* later."""
    number = day.year * 12 + day.month - 1 + months
    return month_end(number // 12, number % 12 + 1)


def _pieces(
    first: dt.date, last: dt.date, n: int
) -> list[tuple[dt.date, dt.date]] | None:
    """Divide a span into *n*, whole months by months; None if it is too short."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if first.day == 1 and last == _month_end(last, 0) and n <= months:
        starts = [
            _month_end(first, k * months // n - 1) + _ONE_DAY if k else first
            for k in range(n)
        ]
    else:
        days = (last - first).days + 1
        if n > days:
            return None
        starts = [first + (k * days // n) * _ONE_DAY for k in range(n)]
    ends = [*(start - _ONE_DAY for start in starts[1:]), last]
    return list(zip(starts, ends, strict=True))
