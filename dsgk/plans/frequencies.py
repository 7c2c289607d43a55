"""How often an entry of a plan is drawn in its year (抽查频次)."""

import datetime as dt
import enum
import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Self

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import whole_number
from dsgk.plans.times import Batch, month_end, spelled
from dsgk.sources import article, cites
from dsgk.tiers import Bound


__all__ = ["Cycle", "Frequency"]

_ART_12 = str(article(12))
_ONE_DAY = dt.timedelta(days=1)
_MOST = 366


class Cycle(enum.Enum):
    """What a frequency is counted by; the value is how many there are in a year."""

    YEAR = 1
    HALF_YEAR = 2
    QUARTER = 4
    MONTH = 12
    WEEK = 52
    DAY = 365


_CHINESE = {
    Cycle.YEAR: "年",
    Cycle.HALF_YEAR: "半年",
    Cycle.QUARTER: "季度",
    Cycle.MONTH: "月",
    Cycle.WEEK: "周",
    Cycle.DAY: "天",
}
_CYCLES = {text: cycle for cycle, text in _CHINESE.items()} | {
    "年度": Cycle.YEAR,
    "季": Cycle.QUARTER,
    "月度": Cycle.MONTH,
    "星期": Cycle.WEEK,
    "日": Cycle.DAY,
}
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
# Words that say why a text is no frequency of one year, the first that fits.
_WHY = {
    "empty": ("", "it is empty. Write 1次/年."),
    "longer": (
        "[两二三四五2-9]年",
        "it is counted over several years. Keep that as the rest of a tier.",
    ),
    "approximate": (
        "左右|约|若干|不定期|适时",
        "it is approximate. Write 不少于2次/年.",
    ),
    "strict": (
        "(?<![不得应能])(?:大于|小于|高于|多于|低于|少于|超过)|[<>](?!=)",
        "it excludes the number itself. Write 不少于 or 不超过 if it is included.",
    ),
    "unread": ("", "its words are no frequency that is known. Write 2次/年 or 每月."),
}


def _times(value: object) -> int | None:
    if value is None:
        return None
    number = whole_number(value)
    if number is None:
        msg = (
            f"'times' must be an int (got {shown(value)}). Write Frequency.exactly(2)."
        )
        raise InvalidTypeError(
            msg, code="frequency-type", params={"type": type(value).__name__}
        )
    if not 1 <= number <= _MOST:
        msg = (
            f"'times' must be 1 to {_MOST} (got {shown(number)}). "
            "Leave out of the plan what is not drawn."
        )
        raise InvalidValueError(
            msg, code="frequency-range", params={"times": number}, provision=_ART_12
        )
    return number


@cites(article(12), article(13))
@attrs.frozen(repr=False)
class Frequency:
    """
    How often an entry is drawn in its year (抽查频次).

    Every draw is one batch of the entry; together the batches make the year's
    ratio.  ``str()`` gives a text that `parse` reads back, which is also the
    plain form to store.

    Attributes:
        low: [int >= 1, or None] Least draws in a cycle; None for "at most".
        high: [int >= *low*, or None] Most draws in a cycle; None for
            "at least".
        cycle: What it is counted by.

    Raises:
        InvalidTypeError: A number is not an int, or *cycle* is no `Cycle`.
        InvalidValueError: A number is out of range, bounds cross, or both are
            missing.

    Cites:
        District Opinion, Art. 12 (抽查比例和频次) and 13 (合理确定抽查比例和频次).

    Examples:
        >>> Frequency.exactly(2), Frequency.parse("不少于2次/年")
        (Frequency.parse('2次/年'), Frequency.parse('≥2次/年'))
    """

    low: int | None = attrs.field(converter=_times)
    high: int | None = attrs.field(converter=_times)
    cycle: Cycle = Cycle.YEAR

    def __attrs_post_init__(self) -> None:
        """Refuse what no plan can mean."""
        if not isinstance(self.cycle, Cycle):
            msg = (
                f"'cycle' must be a Cycle (got {shown(self.cycle)}). Write Cycle.YEAR."
            )
            raise InvalidTypeError(
                msg, code="frequency-type", params={"type": type(self.cycle).__name__}
            )
        if self.low is None and self.high is None:
            msg = "'low' or 'high' must be a number (got None twice). Write 1."
            raise InvalidValueError(msg, code="frequency-bounds", provision=_ART_12)
        if self.low is not None and self.high is not None and self.low > self.high:
            msg = (
                f"'low' must not be above 'high' (got {self.low} and {self.high}). "
                "Exchange them if they were mixed up."
            )
            raise InvalidValueError(
                msg,
                code="frequency-bounds",
                params={"low": self.low, "high": self.high},
                provision=_ART_12,
            )

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

        A number without a cycle counts the draws of the year; a cycle without
        a number is one draw in each. 以上, 以下 and 以内 include the number.

        Args:
            text: The cell of the plan.

        Raises:
            InvalidTypeError: *text* is not a str.
            InvalidValueError: *text* is not one frequency; ``params`` holds
                the text and a key for the reason.

        Cites:
            District Opinion, Art. 12.

        Examples:
            >>> [str(Frequency.parse(t)) for t in ("1次", ">=1", "每周", "每半年2次")]
            ['1次/年', '≥1次/年', '1次/周', '2次/半年']
            >>> Frequency.parse("每两年1次")
            Traceback (most recent call last):
            dsgk.errors.InvalidValueError: '每两年1次' cannot be read as one frequency: it is counted over several years. Keep that as the rest of a tier.
        """  # noqa: E501
        if not isinstance(text, str):
            msg = (
                f"'text' must be a str (got {shown(text)} of type "
                f"{type(text).__name__!r}). "
                "Write Frequency.exactly(2) for a number."
            )
            raise InvalidTypeError(
                msg, code="frequency-type", params={"type": type(text).__name__}
            )
        words = _FRAMING.sub("", spelled(text))
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
        Least and most draws in a whole year, None where there is no bound.

        Examples:
            >>> Frequency.parse("每月").yearly, Frequency.at_least(2).yearly
            ((12, 12), (2, None))
        """
        n = self.cycle.value
        return (self.low or 0) * n, None if self.high is None else self.high * n

    def batches(self, first: dt.date, last: dt.date, /) -> tuple[Batch, ...]:
        """
        Divide a period into the batches that the frequency asks for.

        Each cycle (a calendar month, a week from Monday on, …) of the period
        gets the least number of draws, one if there is only a most.  Within a
        cycle, whole months are divided by months, other spans by days; all
        batches have equal parts.

        Args:
            first: First day.
            last: Last day, included.

        Returns:
            Batches without gaps, in order.

        Raises:
            InvalidTypeError: A day is no date.
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
                msg = (
                    f"a draw must have a day at least (got {self} from {begin} to "
                    f"{end}). Write a longer period, or a lower frequency."
                )
                raise InvalidValueError(
                    msg,
                    code="frequency-span",
                    params={"frequency": str(self), "first": begin, "last": end},
                    provision=_ART_12,
                )
            spans += pieces
        part = Fraction(1, len(spans))
        return tuple(Batch(begin, end, part) for begin, end in spans)

    def cycles(
        self, first: dt.date, last: dt.date, /
    ) -> tuple[tuple[dt.date, dt.date], ...]:
        """
        First and last days of the cycles that a period touches, cut to it.

        Args:
            first: First day.
            last: Last day, included.
        """
        return tuple(_cycles(first, last, self.cycle))

    def __str__(self) -> str:
        """Short form that `parse` reads back: ``2次/年``, ``≥1次/月``."""
        mark = "≥" if self.high is None else "≤" if self.low is None else ""
        number = str(self.low or self.high)
        if self.bound is Bound.BETWEEN:
            number += f"-{self.high}"
        return f"{mark}{number}次/{_CHINESE[self.cycle]}"

    def __repr__(self) -> str:
        """The call that reads it."""
        return f"Frequency.parse({str(self)!r})"


def _number(text: str) -> int:
    return _DIGITS.get(text) or int(text)


def _unreadable(text: str, words: str) -> InvalidValueError:
    reason = "unread"
    if not spelled(text):
        reason = "empty"
    for name, (marks, _) in _WHY.items():
        if marks and re.search(marks, words):
            reason = name
            break
    msg = f"{text!r} cannot be read as one frequency: {_WHY[reason][1]}"
    return InvalidValueError(
        msg,
        code="frequency-unreadable",
        params={"text": text, "reason": reason},
        provision=_ART_12,
    )


_MONTHS = {Cycle.MONTH: 1, Cycle.QUARTER: 3, Cycle.HALF_YEAR: 6}


def _cycles(
    first: dt.date, last: dt.date, cycle: Cycle
) -> Iterator[tuple[dt.date, dt.date]]:
    """The cycles that a period touches, cut to its days; a year is not cut."""
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
    """Last day of the month so many months later."""
    number = day.year * 12 + day.month - 1 + months
    return month_end(number // 12, number % 12 + 1)


def _pieces(
    first: dt.date, last: dt.date, n: int
) -> list[tuple[dt.date, dt.date]] | None:
    """Divide a span into *n* without gaps, whole months by months."""
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
