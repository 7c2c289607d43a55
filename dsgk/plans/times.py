"""When an entry of a plan is carried out: batches, and periods as plans write them."""

import datetime as dt
import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, NoReturn

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import check_day, whole_number
from dsgk.kernels.allocation import share_up
from dsgk.plans.arguments import check_year, several, whole, wrong_type
from dsgk.sources import article, cites


__all__ = ["Batch", "batch_quotas", "month_end", "read_window", "spelled"]

_ART_12 = str(article(12))
_ART_15 = str(article(15))
_DECEMBER = 12


@cites(article(12), article(15))
@attrs.frozen
class Batch:
    """
    One of the draws that make up an entry, and when its checks are made (批次).

    Attributes:
        first: First day on which its checks may be made; the draw comes in
            the round in which this day lies.
        last: Last day, included: the checks are due on it.
        part: [0 < Fraction <= 1] Its part of the year's number of subjects.

    Raises:
        InvalidTypeError: A day is no date, or *part* is not a Fraction.
        InvalidValueError: It ends before it begins, or *part* is out of range.

    Cites:
        District Opinion, Art. 12 (时间安排) and 15 (按照规定的时限完成).

    Examples:
        >>> print(Batch(dt.date(2026, 3, 1), dt.date(2026, 6, 30), Fraction(1, 2)))
        2026-03-01 to 2026-06-30, 1/2 of the year
    """

    first: dt.date
    last: dt.date
    part: Fraction = Fraction(1)

    def __attrs_post_init__(self) -> None:
        """Keep days alone, in order, and a part that there can be."""
        for name in ("first", "last"):
            object.__setattr__(self, name, check_day(getattr(self, name), name=name))
        if self.last < self.first:
            msg = (
                f"'last' must not be before 'first' (got {self.first} to {self.last}). "
                "Exchange them if they were mixed up."
            )
            raise InvalidValueError(
                msg,
                code="batch-crossed",
                params={"first": self.first, "last": self.last},
                provision=_ART_12,
            )
        part = self.part
        whole = whole_number(part)
        if whole is not None:
            object.__setattr__(self, "part", Fraction(whole))
        elif not isinstance(part, Fraction):
            msg = (
                f"'part' must be a Fraction (got {shown(part)}). Write Fraction(1, 2)."
            )
            raise InvalidTypeError(
                msg, code="batch-part", params={"type": type(part).__name__}
            )
        if not 0 < self.part <= 1:
            msg = (
                f"'part' must be above 0 and at most 1 (got {shown(self.part)}). "
                "Leave a batch out in which nobody is drawn."
            )
            raise InvalidValueError(
                msg, code="batch-part", params={"part": self.part}, provision=_ART_12
            )

    def __str__(self) -> str:
        """Days and part, the part only if it is not the whole."""
        whole = "" if self.part == 1 else f", {self.part} of the year"
        return f"{self.first} to {self.last}{whole}"


@cites(article(15))
def batch_quotas(quota: int, parts: tuple[Fraction, ...], /) -> tuple[int, ...]:
    """
    Split a year's number of subjects over its batches, exactly.

    After every batch at least its exact part is reached, and less than one
    subject more; the last batch ends at the year's number.

    Args:
        quota: [int >= 0] The year's number.
        parts: [n Fractions that add up to 1] Parts of the batches, in order.

    Returns:
        [n ints >= 0] How many are drawn in each batch; they add up to *quota*.

    Raises:
        InvalidTypeError: *quota* is no whole number, or a part no Fraction.
        InvalidValueError: *quota* is below 0, or the parts do not add up.

    Cites:
        District Opinion, Art. 15.

    Examples:
        >>> batch_quotas(10, (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)))
        (4, 3, 3)
    """
    number = whole(quota, "quota", "40")
    listed = several(parts, "parts", "(Fraction(1, 2), Fraction(1, 2))")
    reached = [0]
    so_far = Fraction(0)
    for part in listed:
        if not isinstance(part, Fraction):
            raise wrong_type(part, "parts", "(Fraction(1, 2), Fraction(1, 2))")
        so_far += part
        reached.append(share_up(so_far, number))
    if number < 0 or (listed and so_far != 1) or any(part < 0 for part in listed):
        msg = (
            f"'quota' must be 0 or more, and 'parts' must add up to 1 (got "
            f"{shown(number)} and {shown(listed)}). Compare them with the plan."
        )
        raise InvalidValueError(
            msg, code="batch-quota", params={"quota": number}, provision=_ART_15
        )
    return tuple(b - a for a, b in pairwise(reached))


# -- periods as plans write them ---------------------------------------------

# Full-width signs stand apart from ASCII by one constant; NFKC would do more
# than is safe: it turns the list number ① into the figure 1.
_SPELLING = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013—―\u2212─~～〜－", "~"),
        **dict.fromkeys(" \t\u00a0\u2002\u2003\u2009\u3000", None),
    }
)


def month_end(year: int, month: int, /) -> dt.date:
    """
    Return the last day of a month.

    Raises:
        ValueError: There is no such month.
    """
    first = dt.date(year, month, 1)
    if month == _DECEMBER:
        return first.replace(day=31)
    return first.replace(month=month + 1) - dt.timedelta(days=1)


def spelled(text: str, /) -> str:
    """Bring digits, signs, dashes and spaces of a cell to one spelling."""
    return text.translate(_SPELLING)


class _Point(NamedTuple):
    """A span that one side of a period names; None is what the other side says."""

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
# 3-6月, 3月1-15日: what the left side leaves to the right one.
_SHORT = re.compile(f"{_YEAR}{_MONTH}(?:月{_DAY})?")
_UNIT = [re.compile("[0-9]{1,2}月份?[底末]?"), re.compile("[0-9]{1,2}[日号]")]
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_WHY = {
    "empty": "it is empty. Write 3月—6月.",
    "crossed": "it ends before it begins. Write the year of each day.",
    "no-day": "it names a day that does not exist. Look it up in the plan.",
    "unread": "it is no period that is known. Write 3月—6月 or 2026-03-01~2026-06-30.",
}


@cites(article(12))
def read_window(text: str, year: int, /) -> tuple[dt.date, dt.date]:
    """
    Read the period of an entry as published plans write it (时间安排).

    Months count in full, a period without a year is in the year of the plan,
    and one that is open at its end (``2026-02-01起``) ends with that year.

    Args:
        text: The cell of the plan.
        year: [int] The year of the plan.

    Returns:
        First and last day, which a `Batch` takes.

    Raises:
        InvalidTypeError: *text* is not a str, or *year* not an int.
        InvalidValueError: *text* is not one period (``params`` holds the text
            and a key for the reason), or *year* is out of range.

    Cites:
        District Opinion, Art. 12.

    Examples:
        >>> first, last = read_window("3月—6月", 2026)
        >>> print(first, last)
        2026-03-01 2026-06-30
        >>> print(Batch(*read_window("2026-02-24~2026-11-30", 2026)))
        2026-02-24 to 2026-11-30
        >>> read_window("适时", 2026)
        Traceback (most recent call last):
        dsgk.errors.InvalidValueError: '适时' cannot be read as one period: it is no period that is known. Write 3月—6月 or 2026-03-01~2026-06-30.
    """  # noqa: E501
    if not isinstance(text, str):
        msg = (
            f"'text' must be a str (got {shown(text)} of type "
            f"{type(text).__name__!r}). "
            "Write Batch(first, last) for two dates."
        )
        raise InvalidTypeError(
            msg, code="window-type", params={"type": type(text).__name__}
        )
    year = check_year(year)
    words = re.sub("起(?=[至到~-])|止$|完成$", "", spelled(text))
    if not words:
        _refuse(text, "empty")
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
    msg = f"{text!r} cannot be read as one period: {_WHY[reason]}"
    raise InvalidValueError(
        msg,
        code="window-unreadable",
        params={"text": text, "reason": reason},
        provision=_ART_12,
    )


def _sides(text: str, words: str) -> tuple[_Point, _Point]:
    """The two sides of a period; both are the same where it names one span."""
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
    # 6月底 is a day to end on, not to begin with, and 3月初 the reverse.
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
    """A left side whose last unit stands on the right: 3-6月, 3月1-15日."""
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
