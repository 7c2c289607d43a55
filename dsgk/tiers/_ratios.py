"""
Ratios (抽查比例): the exact share or number of subjects to be drawn.

"At least 3 %" and "at most 5 %" are different rules, and 3 % of 16 is 1, not
0: a ratio keeps what the plan says, and becomes a whole number only when the
size of the stratum is known.
"""

import re
from decimal import Decimal
from fractions import Fraction
from typing import Self, cast

import attrs

from dsgk._cells import MOST_PLACES, number_text, read_quantities, read_share, refuse
from dsgk.errors import invalid, shown
from dsgk.fields import (
    Coded,
    check_type,
    check_whole,
    declared,
    read_flag,
    value,
)
from dsgk.kernels.allocation import share_down, share_up
from dsgk.sources import article, cites


__all__ = ["Bound", "Measure", "Ratio"]


class Bound(Coded):
    """On which side a ratio binds."""

    AT_LEAST = ("at least", "不低于")
    AT_MOST = ("at most", "不超过")
    EXACTLY = ("exactly", "等于")
    BETWEEN = ("between", "介于")


class Measure(Coded):
    """What the numbers of a ratio count."""

    SHARE = ("share", "比例")
    COUNT = ("count", "数量")
    PER_OFFICER = ("per officer", "与执法人员之比")


_LARGEST_WRITTEN = 10**160


@cites(article(13))
@value()
@attrs.frozen(kw_only=True, repr=False, field_transformer=declared)
class Ratio:
    """
    How many subjects of a stratum are to be drawn (抽查比例).

    Make it by a named constructor, or read it from a plan by `Ratio.parse`.
    Ratios are equal if they mean the same, such as ``"3%"``, ``"0.03"`` and
    ``Fraction(3, 100)``.  `Ratio.parse` reads what ``str()`` writes, which is
    the form to store.

    Attributes:
        bound: On which side it binds.
        measure: Whether the numbers are shares, subjects, or subjects per
            officer.
        low: [Fraction >= 0, or None] Lower bound; None for "at most". An exact
            ratio has its number as both bounds.
        high: [Fraction >= 0, or None] Upper bound; None for "at least".

    Raises:
        InvalidTypeError: A share is a float, a bool, or no number at all.
        InvalidValueError: A share is not from 0 to 100 %, a count is negative,
            bounds cross, or the text can be read in two ways.

    Examples:
        >>> Ratio.at_least("3%").quota(16)
        1
        >>> Ratio.at_most("5%").quota(16)
        0
        >>> Ratio.parse("根据实际需要，一般不超过 10%/年")
        Ratio.at_most('10%')
    """

    bound: Bound
    measure: Measure = Measure.SHARE
    low: Fraction | None = None
    high: Fraction | None = None

    def __attrs_post_init__(self) -> None:
        """Reject what no plan can mean."""
        low, high = self.low, self.high
        named = _bound_of(low, high, is_range=self.bound is Bound.BETWEEN)
        is_empty = low is None and high is None
        is_torn = named is Bound.EXACTLY and low != high
        if self.bound is not named or is_empty or is_torn:
            raise invalid("ratio-bounds", bound=self.bound.value, low=low, high=high)
        for number in (low, high):
            if number is not None:
                self._check_number(number)
        if low is not None and high is not None and low > high:
            raise invalid("ratio-crossed", low=self._text(low), high=self._text(high))

    def _check_number(self, number: Fraction) -> None:
        if self.measure is Measure.SHARE:
            if not 0 <= number <= 1:
                raise invalid("ratio-range", name="ratio", got=_share_text(number))
            return
        least = 1 if self.measure is Measure.PER_OFFICER else 0
        if number < least or number.denominator != 1:
            raise invalid("ratio-count", name="ratio", got=number, least=least)

    @classmethod
    def at_least(cls, share: str | Fraction | Decimal, /) -> Self:
        """
        A share that must be reached (不低于).

        Args:
            share: [0 % to 100 %] Such as ``"3%"``, ``"2‰"`` or ``"0.03"``.
        """
        return cls(bound=Bound.AT_LEAST, low=_share(share))

    @classmethod
    def at_most(cls, share: str | Fraction | Decimal, /) -> Self:
        """A share that must not be exceeded (不超过), given as for `at_least`."""
        return cls(bound=Bound.AT_MOST, high=_share(share))

    @classmethod
    def exactly(cls, share: str | Fraction | Decimal, /) -> Self:
        """A share that a plan states without a bound, given as for `at_least`."""
        exact = _share(share)
        return cls(bound=Bound.EXACTLY, low=exact, high=exact)

    @classmethod
    def between(
        cls, low: str | Fraction | Decimal, high: str | Fraction | Decimal, /
    ) -> Self:
        """A share between two bounds, given as for `at_least`."""
        return cls(bound=Bound.BETWEEN, low=_share(low), high=_share(high))

    @classmethod
    def count_between(cls, low: int | None, high: int | None, /) -> Self:
        """
        A number of subjects, whatever the size of the stratum (60-70家).

        Args:
            low: [int >= 0, or None] Lower bound; None for "at most".
            high: [int >= *low*, or None] Upper bound; None for "at least". The
                same number twice means exactly that number.

        Examples:
            >>> Ratio.count_between(60, 70).quota(1000)
            60
            >>> Ratio.count_between(60, 70).quota(40)
            40
        """
        least = None if low is None else Fraction(check_whole(low, name="low"))
        most = None if high is None else Fraction(check_whole(high, name="high"))
        bound = _bound_of(least, most, is_range=least != most)
        return cls(bound=bound, measure=Measure.COUNT, low=least, high=most)

    @classmethod
    def per_officer(cls, subjects: int, /, *, at_least: bool = False) -> Self:
        """
        A number of subjects for every officer (执法人员与检查对象 1:5).

        Args:
            subjects: [int >= 1] Subjects for one officer.
            at_least: Whether more may be drawn (不低于1:5).

        Examples:
            >>> Ratio.per_officer(5).quota(11259, officers=8)
            40
        """
        low = Fraction(check_whole(subjects, name="subjects"))
        high = None if read_flag(at_least, name="at_least") else low
        bound = _bound_of(low, high, is_range=False)
        return cls(bound=bound, measure=Measure.PER_OFFICER, low=low, high=high)

    @classmethod
    def parse(cls, text: str, /) -> Self:
        """
        Read a ratio as published plans write it.

        以上, 以下 and 以内 include the number (民法典第一千二百五十九条); ``1:5`` means
        one officer to five subjects.  A text that is not one single ratio is
        rejected: several numbers, numbers for other classes or levels, "about",
        "more than", a frequency, a period other than the year, a doubtful
        transcription, words that are not understood.

        Raises:
            InvalidValueError: *text* is not one single ratio; ``params`` has a
                key for the reason and the words concerned.

        Examples:
            >>> Ratio.parse("不低于３％"), Ratio.parse("10-20%"), Ratio.parse("60-70家")
            (Ratio.at_least('3%'), Ratio.between('10%', '20%'), Ratio.count_between(60, 70))
            >>> Ratio.parse("市级2% 区级10%")
            Traceback (most recent call last):
            dsgk.errors.InvalidValueError: '市级2% 区级10%' cannot be read as one ratio: it speaks of levels of administration. Give this register's ratio. The words are '市级', '区级'.
        """  # noqa: E501
        check_type(text, str, name="text", instead="Ratio.exactly('3%')")
        one, *more = read_quantities("ratio", text)
        if any(reading.measure == "times" for reading in (one, *more)):
            refuse("ratio", text, "frequency")
        if more:
            refuse("ratio", text, "several")
        return cls(**one.ratio)

    @property
    def target(self) -> Fraction:
        """
        The number that the quota aims at: the lower bound if there is one.

        `measure` says what it counts.
        """
        return cast("Fraction", self.high if self.low is None else self.low)

    def quota(self, size: int, /, *, officers: int | None = None) -> int:
        """
        The number to draw from a stratum (抽取数量).

        "At least" and "exactly" round up ("3 %" in a plan is a floor), "at most"
        rounds down, "between" takes the least whole number within both bounds.
        Counts are cut to the size of the stratum.

        Args:
            size: [int >= 0] Subjects in the stratum.
            officers: [int >= 0] Officers; only for a ratio of subjects per
                officer.

        Returns:
            [int in 0..size] The quota.

        Raises:
            InvalidValueError: No whole number lies within the bounds, or the
                number of officers is missing.

        Examples:
            >>> Ratio.exactly("7%").quota(100)
            7
            >>> Ratio.between("10%", "12%").quota(5)
            Traceback (most recent call last):
            dsgk.errors.InvalidValueError: '10%-12%' of 5 subjects must be a whole number, but none lies between 1/2 and 3/5. Draw 0 or 1 by another ratio, or join the stratum to a larger one.
        """  # noqa: E501
        size = check_whole(size, name="size", least=0)
        if self.measure is Measure.COUNT:
            return min(int(self.target), size)
        if self.measure is Measure.PER_OFFICER:
            if officers is None:
                ratio = str(self)
                raise invalid("ratio-officers", name="officers", ratio=ratio, size=size)
            number = check_whole(officers, name="officers", least=0)
            return min(int(self.target) * number, size)
        if self.bound is Bound.AT_MOST:
            return share_down(self.target, size)
        quota = share_up(self.target, size)
        if self.bound is Bound.BETWEEN:
            high = cast("Fraction", self.high)
            if quota > share_down(high, size):
                bounds = {"low": self.target * size, "high": high * size}
                near = {"fewer": quota - 1, "more": quota}
                raise invalid(
                    "ratio-unmet", ratio=str(self), size=size, **bounds, **near
                )
        return quota

    def _text(self, number: Fraction) -> str:
        if self.measure is Measure.SHARE:
            return _share_text(number)
        if self.measure is Measure.COUNT:
            return f"{_number_text(number)}户"
        return f"1:{_number_text(number)}"

    def _write(self, at_least: str, at_most: str, to: str) -> str:
        target = self._text(self.target)
        if self.bound is Bound.AT_LEAST:
            return at_least + target
        if self.bound is Bound.AT_MOST:
            return at_most + target
        if self.bound is Bound.EXACTLY:
            return target
        low = str(self.low) if self.measure is Measure.COUNT else target
        return low + to + self._text(cast("Fraction", self.high))

    def __str__(self) -> str:
        """Short form that `parse` reads back: ``≥3%``, ``10%-20%``, ``≤30户``."""
        return self._write("≥", "≤", "-")

    @property
    def chinese(self) -> str:
        """
        The form for a Chinese document, which `parse` reads back too.

        Examples:
            >>> Ratio.at_least("3%").chinese, Ratio.count_between(60, 70).chinese
            ('不低于3%', '60至70户')
        """
        least = "不少于" if self.measure is Measure.COUNT else "不低于"
        return self._write(least, "不超过", "至")

    def __repr__(self) -> str:
        """The call that makes it."""
        low, high = self.low, self.high
        if self.measure is Measure.PER_OFFICER:
            more = ", at_least=True" if high is None else ""
            return f"Ratio.per_officer({low}{more})"
        if self.measure is Measure.COUNT:
            return f"Ratio.count_between({low}, {high})"
        shares = [repr(_share_text(n)) for n in (low, high) if n is not None]
        if self.bound is Bound.EXACTLY:
            del shares[0]
        name = self.bound.value.replace(" ", "_")
        return f"Ratio.{name}({', '.join(shares)})"


def _bound_of(low: Fraction | None, high: Fraction | None, *, is_range: bool) -> Bound:
    """On which side two numbers bind."""
    if low is None or high is None:
        return Bound.AT_LEAST if high is None else Bound.AT_MOST
    return Bound.BETWEEN if is_range else Bound.EXACTLY


def _share(given: object) -> Fraction:
    """The exact share that a caller means."""
    if isinstance(given, Fraction):
        return given
    if isinstance(given, Decimal):
        return _decimal_share(given)
    text = given if isinstance(given, str) else None
    if isinstance(given, int) and not isinstance(given, bool):
        if not given:
            return Fraction(0)
        text = _number_text(Fraction(given))
    if text is None:
        instead = "3%"
        if isinstance(given, float) and 0 <= given <= 1:
            given = float(given)
            instead = _share_text(Fraction(repr(given)))
        raise invalid("number-type", name="ratio", got=given, instead=instead)
    share = read_share(text)
    if share is not None:
        return share
    if isinstance(given, int) or re.fullmatch(r"\d+(\.\d+)?", text):
        count = text if text.isdecimal() else None
        raise invalid("ratio-ambiguous", name="ratio", got=text, count=count)
    raise invalid("ratio-text", name="ratio", got=text)


def _decimal_share(given: Decimal) -> Fraction:
    """The share that a Decimal is, with no more digits than a plan writes."""
    text = number_text(given)
    if text is None:
        raise invalid("ratio-text", name="ratio", got=str(given))
    if len(text.partition(".")[2]) > MOST_PLACES:
        refuse("ratio", text, "digits")
    return Fraction(text)


def _number_text(number: Fraction) -> str:
    """Write a number, or say that it is too long."""
    is_short = abs(number.numerator) < _LARGEST_WRITTEN > number.denominator
    return str(number) if is_short else shown(number)


def _share_text(share: Fraction) -> str:
    """Write a share as a percentage, or as a fraction if that is too long."""
    if max(abs(share.numerator), share.denominator) >= _LARGEST_WRITTEN:
        return shown(share)
    scaled = share * 100 * 10**MOST_PLACES
    if scaled.denominator != 1:
        return str(share)
    whole, part = divmod(abs(scaled.numerator), 10**MOST_PLACES)
    text = f"{whole}.{part:0{MOST_PLACES}}".rstrip("0").rstrip(".")
    return f"{'-' if share < 0 else ''}{text}%"
