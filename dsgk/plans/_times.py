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
from typing import Annotated, Any, NamedTuple, Self

import attrs

from dsgk._cells import HEDGES, Reading, chinese, read_quantities, refuse, spelled
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
    "read_windows",
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


class _Point(NamedTuple):
    """One side of a period; None is taken from the other side."""

    year: int | None
    first: tuple[int | None, int]  # month, day
    last: tuple[int | None, int | None]  # month, day; None for the end of the month
    is_day: bool = False  # something can be done before it, the day included


_YEAR = "(?:(?P<year>[0-9]{4}|次|翌)年)?"
_MONTH = "(?P<month>[0-9]{1,2})"
_DAY = "(?P<day>[0-9]{1,2})"
_POINTS = [
    re.compile(pattern)
    for pattern in (
        f"(?P<year>[0-9]{{4}})([-./]){_MONTH}\\2{_DAY}",
        f"(?P<year>[0-9]{{4}})[-./]{_MONTH}",
        f"{_YEAR}{_MONTH}月份?(?:{_DAY}[日号]|(?P<end>[底末])|(?P<begin>初))?",
        f"{_YEAR}{_MONTH}月份?(?P<ten>上中|中下|[上中下])旬",
        f"{_MONTH}\\.{_DAY}",
        f"{_DAY}[日号]",
        f"{_YEAR}第?(?P<quarter>[一二三四1-4])季度?",
        f"{_YEAR}(?P<half>[上下])半年",
        f"{_YEAR}(?P<whole>全年|年度|年内)",
        "(?P<year>[0-9]{4})年度?(?:全年)?(?P<whole>)",
        "(?:(?P<year>[0-9]{4})|[本今])?年(?P<december>[底末])",
    )
]
# Left sides that take their unit from the right: 3-6月, 3月1-15日.
_SHORT = re.compile(f"{_YEAR}{_MONTH}(?:月{_DAY})?")
_UNIT = [re.compile("[0-9]{1,2}月份?[底末]?"), re.compile("[0-9]{1,2}[日号]")]
_TENS = {"上": (1, 10), "中": (11, 20), "下": (21, None), "上中": (1, 20)}
_TENS |= {"中下": (11, None)}
# What one part of a list leaves to a later one: 3、6月, 一、三季度.
_LISTED = [
    (re.compile(short), re.compile(full), unit)
    for short, full, unit in (
        ("[0-9]{1,2}(?:[-至到][0-9]{1,2})?", ".*月份?", "月"),
        ("第?[一二三四1-4]", ".*季度?", "季度"),
        ("[上下]", "[上下]半年", "半年"),
    )
]
_ABOUT = (
    "每年(?=[0-9第上下])|(?:检查|抽查|抽检)(?:时间|时限|期限)?:?|时间:?|拟?于|在|"
) + "|".join(HEDGES)
_DONE = (
    "完成(?:检查|抽查)?(?:任务|工作)?|(?:开展|进行|实施|集中)(?:检查|抽查)?|期间|止"
    "|(?<=[月年])内|(?<=[月年日底末度旬])各?(?:抽查|检查|开展)?[一1]次"
)
_AROUND = re.compile(f"^(?:{_ABOUT})+|(?:{_DONE})+$")
_NTH = "[一两二三四五六七八九十1-9]"
_PARTS = re.compile(
    f"[,;()]|(?<=分{_NTH}批):|(?<=分{_NTH}批次):|和|及|与|(?=第{_NTH}批)|(?=每)"
)
_BATCH = re.compile(f"第(?P<number>{_NTH})批次?:?(?:于|在)?(?P<rest>.*)")
_OFTEN = re.compile("(?!.*批)(?:每|.*次(?!年))")
_BATCHES = re.compile("分?(?P<count>[两二三四五六七八九十2-9])个?批次?:?")
_MANY = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"两": 2}
_MANY |= {str(n): n for n in range(1, 10)}
# 一二月 is not February.
_CHINESE_FIGURE = re.compile(
    "(?<![一二三四五六七八九十])(?:[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[月日号])"
)
_UNTIL = re.compile("(?:截至|截止到?|不晚于)(?P<to>.+)|(?P<before>.+?)(?:之前|以前|前)")

Window = tuple[dt.date, dt.date]


@cites(article(12))
def read_window(text: str, year: int, /) -> Window:
    """
    Read the period of an entry as published plans write it (时间安排).

    Months count in full, and the default year is that of the plan.  An open
    period (``2026-02-01起``) ends with that year, and one that has only an end
    (``11月10日前完成``) begins with it and ends that day.

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
        dsgk.errors.InvalidValueError: '适时' cannot be read as one period: some of its words are not understood. Write it without them. The words are '适时'.
    """  # noqa: E501
    windows, frequency = read_windows(text, year)
    if frequency is not None or len(windows) > 1:
        refuse("window", text, "several")
    return windows[0]


def read_windows(
    text: str, year: int, /
) -> tuple[tuple[Window, ...], "Frequency | None"]:
    """
    Read every period that a cell states, and how often it says.

    Batches that have an end alone begin after the one before.

    Args:
        text: The cell of the plan, such as 3-6月、9-11月, or 每月.
        year: [int] The year of the plan.

    Returns:
        The periods, one or more, in order and apart; and the frequency, if
        the cell states one.

    Raises:
        InvalidValueError: As by `read_window`.
    """
    fault = text_fault(text, name="text")
    if fault:
        raise fault.error()
    year = check_year(year)
    words = re.sub("起(?=[-至到])", "", spelled("window", text))
    words = _CHINESE_FIGURE.sub(lambda match: str(chinese(match[0])), words)
    parts = _parts(words)
    often = [part for part in parts if _OFTEN.match(part)]
    number = [match for part in parts if (match := _BATCHES.fullmatch(part))]
    periods = [p for p in parts if not _OFTEN.match(p) and not _BATCHES.fullmatch(p)]
    named = [match for part in periods if (match := _BATCH.fullmatch(part))]
    if len(often) > 1 or len(number) > 1:
        refuse("window", text, "several", parts)
    try:
        frequency = Frequency.parse(often[0]) if often else None
    except DsgkError:
        refuse("window", text, "unread", often)
    windows = _windows(text, periods, year)
    if not windows and frequency is not None:
        windows = [(dt.date(year, 1, 1), dt.date(year, _DECEMBER, 31))]
    if not windows:
        refuse("window", text, "unread", parts)
    n = len(windows)
    in_order = [_MANY[match["number"]] for match in named] == [*range(1, n + 1)]
    if (named and not in_order) or (number and _MANY[number[0]["count"]] != n):
        refuse("window", text, "batches", parts)
    return tuple(windows), frequency


def _windows(text: str, periods: list[str], year: int) -> list[Window]:
    """The periods of a cell, which follow each other."""
    windows: list[Window] = []
    for period in periods:
        match = _BATCH.fullmatch(period)
        words = (match and _AROUND.sub("", match["rest"])) or period
        window = _window(text, words, year, windows)
        if window in windows:  # 全年(1-12月)
            continue
        if windows and window[0] <= windows[-1][1]:
            refuse("window", text, "several", periods)
        windows.append(window)
        if re.match("[0-9]{4}", words):  # holds for the next ones
            year = int(words[:4])
    return windows


def _parts(words: str) -> list[str]:
    """The things that a cell lists, each with the unit that a later one has."""
    parts = [_AROUND.sub("", part) for part in _PARTS.split(words)]
    parts = [part for part in parts if part]
    for k, part in enumerate(parts[:-1]):
        for short, full, unit in _LISTED:
            if short.fullmatch(part) and any(map(full.fullmatch, parts[k + 1 :])):
                parts[k] = part + unit
    return parts


def _window(text: str, words: str, year: int, before: list[Window]) -> Window:
    """One period; one that has an end alone begins after those before."""
    if match := re.fullmatch("(.+?)(?:起|开始|以后)", words):
        begin = _point(match[1])
        first, _ = _days(text, words, begin, begin, year)
        first, last = max(first, dt.date(year, 1, 1)), dt.date(year, _DECEMBER, 31)
    elif (match := _UNTIL.fullmatch(words)) and (
        end := _point(match["to"] or match["before"])
    ):
        if not end.is_day:
            refuse("window", text, "unread", [words])
        january = _Point(end.year, (1, 1), (1, None))
        first, last = _days(text, words, january, end, year)
        if before:
            first = before[-1][1] + _ONE_DAY
    else:
        first, last = _days(text, words, *_sides(text, words), year)
    if last < first:
        refuse("window", text, "crossed", [words])
    return first, last


def _sides(text: str, words: str) -> tuple[_Point, _Point]:
    """The two sides of a period, which are equal if it names one span."""
    whole = _point(words)
    if whole is not None:
        return whole, whole
    found = set()
    for match in re.finditer("[-至到]+", words):
        ends = words[match.end() :]
        until = _UNTIL.fullmatch(ends)
        right = _point(until["before"] or "" if until else ends)
        if until and right and not right.is_day:
            right = None
        left = _point(words[: match.start()])
        if left is None and right is not None:
            left = _short(words[: match.start()], ends)
        if left is not None and right is not None:
            found.add((left, right))
    if len(found) != 1:
        refuse("window", text, "unread", [words])
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
        closing = 3 * _MANY[named["quarter"]]
        return _Point(year, (closing - 2, 1), (closing, None))
    if "half" in named:
        opening = 1 if named["half"] == "上" else 7
        return _Point(year, (opening, 1), (opening + 5, None))
    if "december" in named:
        return _Point(year, (None, 1), (_DECEMBER, None), is_day=True)
    month = int(named["month"]) if "month" in named else None
    if "day" in named or "ten" in named:
        first, last = _TENS.get(named.get("ten", ""), (int(named.get("day", 0)),) * 2)
        return _Point(year, (month, first), (month, last), is_day="day" in named)
    if month is None:
        return _Point(year, (1, 1), (_DECEMBER, None))
    # 6月底 can only end a period, 3月初 only begin one.
    return _Point(
        year,
        (None if "end" in named else month, 1),
        (month, _NO_DAY if "begin" in named else None),
        is_day="end" in named,
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


def _days(
    text: str, words: str, left: _Point | None, right: _Point | None, year: int
) -> Window:
    if left is None or right is None:
        refuse("window", text, "unread", [words])
    begins = year if left.year is None else left.year
    ends = begins if right.year is None else right.year
    first_month, first_day = left.first
    last_month, last_day = right.last
    if begins == _NEXT or first_month is None or last_day == _NO_DAY:
        refuse("window", text, "unread", [words])
    if ends == _NEXT:
        ends = begins + 1
    month = first_month if last_month is None else last_month
    try:
        first = dt.date(begins, first_month, first_day)
        if last_day is not None:
            return first, dt.date(ends, month, last_day)
        return first, month_end(ends, month)
    except ValueError:
        refuse("window", text, "no-day", [words])


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
        fault = text_fault(text, name="text")
        if fault:
            raise fault.error()
        one, *more = read_quantities("frequency", text, bare="times")
        if more or one.measure != "times":
            refuse("frequency", text, "several" if more else "unread")
        return cls.of(one)

    @classmethod
    def of(cls, times: Reading, /) -> Self:
        """Make it of what a cell states."""
        check_type(times, Reading, name="times", instead="Frequency.parse(text)")
        low, high = (None if n is None else int(n) for n in (times.low, times.high))
        return cls(low, high, Cycle.read(times.cycle or "年"))

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
