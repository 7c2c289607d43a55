"""
Ratios (抽查比例): the share or the number of subjects to be drawn, exactly.

"At least 3 %" and "at most 5 %" are different rules, and 3 % of 16 is 1, not
0: a ratio keeps what the plan says and turns it into a whole number only when
the size of the stratum is known.
"""

import enum
import re
from decimal import Decimal
from fractions import Fraction
from typing import Self, SupportsIndex, cast

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError, shown
from dsgk.fields import whole_number
from dsgk.kernels.allocation import share_down, share_up
from dsgk.sources import article, cites
from dsgk.tiers.parsing import Reading, Unreadable, read_ratio, read_share


__all__ = ["Bound", "Measure", "Ratio"]


class Bound(enum.Enum):
    """On which side a ratio binds."""

    AT_LEAST = "at least"
    AT_MOST = "at most"
    EXACTLY = "exactly"
    BETWEEN = "between"


class Measure(enum.Enum):
    """What the numbers of a ratio count."""

    SHARE = "share"
    COUNT = "count"
    PER_OFFICER = "per officer"


_KINDS = {
    "bound": Bound,
    "measure": Measure,
    "low": Fraction | None,
    "high": Fraction | None,
}


@cites(article(13))
@attrs.frozen(kw_only=True, repr=False)
class Ratio:
    """
    How many subjects of a stratum are to be drawn (抽查比例).

    Made by its named constructors or read from a plan by `Ratio.parse`.  Two
    ratios are equal if they mean the same: ``"3%"``, ``"0.03"`` and
    ``Fraction(3, 100)`` do.  ``str()`` gives a text that `Ratio.parse` reads
    back, which is also the plain form to store.

    Attributes:
        bound: On which side it binds.
        measure: Whether the numbers are shares, subjects, or subjects per
            officer.
        low: [Fraction >= 0, or None] The lower bound, and the number itself
            where it is exact; None for "at most".
        high: [Fraction >= 0, or None] The upper bound, and the number itself
            where it is exact; None for "at least".

    Raises:
        InvalidTypeError: A share is a float or a bool, or is no number at all;
            a field has another type.
        InvalidValueError: A share is negative or above 100 %, a count is
            negative, bounds cross, or the text can be read in two ways.

    Cites:
        District Opinion, Art. 13 (合理确定抽查比例和频次).

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
        """Refuse what no plan can mean, by whichever way it was made."""
        for name, kinds in _KINDS.items():
            if not isinstance(getattr(self, name), kinds):
                msg = (
                    f"{name!r} must be of the kind that a ratio has (got "
                    f"{shown(getattr(self, name))}). Write Ratio.at_least(…), "
                    "at_most(…), exactly(…) or between(…)."
                )
                raise InvalidTypeError(msg, code="ratio-type", params={"name": name})
        wanted = {
            Bound.AT_LEAST: (True, False),
            Bound.AT_MOST: (False, True),
            Bound.EXACTLY: (True, True),
            Bound.BETWEEN: (True, True),
        }[self.bound]
        given = (self.low is not None, self.high is not None)
        if given != wanted or (self.bound is Bound.EXACTLY and self.low != self.high):
            msg = (
                "'low' and 'high' must be what a ratio of the kind "
                f"{self.bound.value!r} has (got {self.low} and {self.high}). "
                "Write Ratio.at_least(…), at_most(…), exactly(…) or between(…)."
            )
            raise InvalidValueError(
                msg,
                code="ratio-bounds",
                params={"bound": self.bound.value, "low": self.low, "high": self.high},
            )
        for number in (self.low, self.high):
            if number is not None:
                self._check_number(number)
        if self.low is not None and self.high is not None and self.low > self.high:
            low, high = self._text(self.low), self._text(self.high)
            msg = (
                f"'low' must not be above 'high' (got {low} and {high}). "
                f"Write them as {high}, {low} if they were exchanged."
            )
            raise InvalidValueError(
                msg,
                code="ratio-crossed",
                params={"low": self.low, "high": self.high},
                provision=str(article(12)),
            )

    def _check_number(self, number: Fraction) -> None:
        if self.measure is Measure.SHARE:
            if not 0 <= number <= 1:
                msg = (
                    "'ratio' must be between 0% and 100% "
                    f"(got {_share_text(number)}). Write '5%' for five in a hundred."
                )
                raise InvalidValueError(
                    msg,
                    code="ratio-range",
                    params={"ratio": number},
                    provision=str(article(12)),
                )
            return
        least = 1 if self.measure is Measure.PER_OFFICER else 0
        if number < least or number.denominator != 1:
            msg = (
                f"'ratio' must count whole subjects, at least {least} (got {number}). "
                "Write a share as '5%' instead."
            )
            raise InvalidValueError(
                msg, code="ratio-count", params={"ratio": number, "least": least}
            )

    @classmethod
    def at_least(cls, share: str | Fraction | Decimal, /) -> Self:
        """
        A share that must be reached (不低于).

        Args:
            share: [0 % to 100 %] Such as ``"3%"``, ``"2‰"``, ``"0.03"``, a
                Fraction or a Decimal.
        """
        return cls(bound=Bound.AT_LEAST, low=_share(share))

    @classmethod
    def at_most(cls, share: str | Fraction | Decimal, /) -> Self:
        """
        A share that must not be passed (不超过).

        Args:
            share: [0 % to 100 %] As for `at_least`.
        """
        return cls(bound=Bound.AT_MOST, high=_share(share))

    @classmethod
    def exactly(cls, share: str | Fraction | Decimal, /) -> Self:
        """
        The share that a plan states without a bound.

        Args:
            share: [0 % to 100 %] As for `at_least`.
        """
        exact = _share(share)
        return cls(bound=Bound.EXACTLY, low=exact, high=exact)

    @classmethod
    def between(
        cls, low: str | Fraction | Decimal, high: str | Fraction | Decimal, /
    ) -> Self:
        """
        A share with a bound on each side.

        Args:
            low: [0 % to 100 %] As for `at_least`.
            high: [*low* to 100 %] As for `at_least`.
        """
        return cls(bound=Bound.BETWEEN, low=_share(low), high=_share(high))

    @classmethod
    def count_between(cls, low: int | None, high: int | None, /) -> Self:
        """
        A number of subjects, whatever the size of the stratum (60-70家).

        Args:
            low: [int >= 0, or None] Lower bound; None for "at most".
            high: [int >= *low*, or None] Upper bound; None for "at least".
                The same number twice is exactly that number.

        Examples:
            >>> Ratio.count_between(60, 70).quota(1000)
            60
            >>> Ratio.count_between(60, 70).quota(40)
            40
        """
        least = None if low is None else _count(low)
        most = None if high is None else _count(high)
        if least is None and most is None:
            msg = (
                "'low' or 'high' must be a number (got None twice). "
                "Write Ratio.count_between(20, None) for 20 or more."
            )
            raise InvalidValueError(
                msg, code="ratio-bounds", params={"low": None, "high": None}
            )
        if most is None:
            bound = Bound.AT_LEAST
        elif least is None:
            bound = Bound.AT_MOST
        else:
            bound = Bound.EXACTLY if least == most else Bound.BETWEEN
        return cls(bound=bound, measure=Measure.COUNT, low=least, high=most)

    @classmethod
    def per_officer(cls, subjects: int, /, *, at_least: bool = False) -> Self:
        """
        A number of subjects for every officer (执法人员与检查对象 1:5).

        Args:
            subjects: [int >= 1] Subjects to one officer.
            at_least: Whether more may be drawn (不低于1:5).

        Examples:
            >>> Ratio.per_officer(5).quota(11259, officers=8)
            40
        """
        number = _count(subjects)
        return cls(
            bound=Bound.AT_LEAST if at_least else Bound.EXACTLY,
            measure=Measure.PER_OFFICER,
            low=number,
            high=None if at_least else number,
        )

    @classmethod
    def parse(cls, text: str, /) -> Self:
        """
        Read a ratio as published plans write it.

        What is not one single ratio is refused with the text and the reason:
        several numbers, a number for other classes or levels than this
        stratum, "about", "more than", a frequency, a period that is not the
        year, a doubtful transcription, words that are not understood.

        以上, 以下 and 以内 include the number (民法典第一千二百五十九条).
        ``1:5`` is one officer to five subjects.

        Args:
            text: The cell of the plan.

        Raises:
            InvalidTypeError: *text* is not a str.
            InvalidValueError: *text* is not one single ratio; ``params``
                holds the text, a key for the reason, and the words concerned.

        Examples:
            >>> Ratio.parse("不低于３％"), Ratio.parse("10-20%"), Ratio.parse("60-70家")
            (Ratio.at_least('3%'), Ratio.between('10%', '20%'), Ratio.count_between(60, 70))
            >>> Ratio.parse("市级2% 区级10%")
            Traceback (most recent call last):
            dsgk.errors.InvalidValueError: '市级2% 区级10%' cannot be read as one ratio: it speaks of levels of administration ('市级', '区级'). Give the ratio of this register alone.
        """  # noqa: E501
        if not isinstance(text, str):
            msg = (
                f"'text' must be a str (got {shown(text)} of type "
                f"{type(text).__name__!r}). Write Ratio.exactly('3%') for a number."
            )
            raise InvalidTypeError(
                msg, code="ratio-type", params={"type": type(text).__name__}
            )
        try:
            return cls._of(read_ratio(text))
        except Unreadable as error:
            reason, why, words = error.reason, str(error), error.words
        except InvalidValueError as error:
            reason, why, words = error.code, str(error), ()
        msg = f"{text!r} cannot be read as one ratio: {why}"
        raise InvalidValueError(
            msg,
            code="ratio-unreadable",
            params={"text": text, "reason": reason, "words": words},
            provision=str(article(12)),
        )

    @classmethod
    def _of(cls, reading: Reading) -> Self:
        """Make the ratio that a text was read as."""
        low, high = reading.low, reading.high
        if low is None:
            bound = Bound.AT_MOST
        elif high is None:
            bound = Bound.AT_LEAST
        elif reading.is_range and (low != high or reading.measure == "share"):
            bound = Bound.BETWEEN
        else:
            bound = Bound.EXACTLY
        return cls(bound=bound, measure=Measure(reading.measure), low=low, high=high)

    @property
    def target(self) -> Fraction:
        """
        The number that the quota goes for: the lower bound if there is one.

        A share, a count or a number of subjects per officer, as `measure` says.
        """
        return cast("Fraction", self.high if self.low is None else self.low)

    def quota(self, size: int, /, *, officers: int | None = None) -> int:
        """
        The number to draw from a stratum (抽取数量).

        At least and exactly: the least number that is not below the share
        ("3 %" in a plan is a floor).  At most: the greatest number that is
        not above it.  Between: the least number within both bounds.  Counts
        are capped at the size of the stratum.

        Args:
            size: [int >= 0] Subjects in the stratum.
            officers: [int >= 0] Officers that the ratio is counted by; needed
                by a ratio of subjects per officer alone.

        Returns:
            [int in 0..size] The quota.

        Raises:
            InvalidTypeError: *size* or *officers* is not a whole number.
            InvalidValueError: No whole number lies within the bounds, or the
                number of officers is missing.

        Cites:
            District Opinion, Art. 13.

        Examples:
            >>> Ratio.exactly("7%").quota(100)
            7
            >>> Ratio.between("10%", "12%").quota(5)
            Traceback (most recent call last):
            dsgk.errors.InvalidValueError: '10%-12%' of 5 subjects must be a whole number, but none lies between 1/2 and 3/5. Draw 0 or 1 by another ratio, or join the stratum to a larger one.
        """  # noqa: E501
        size = _whole(size, "size")
        if self.measure is Measure.COUNT:
            return min(int(self.target), size)
        if self.measure is Measure.PER_OFFICER:
            if officers is None:
                msg = (
                    f"'officers' must be given for the ratio {str(self)!r} "
                    f"(got None). Write quota({size}, officers=8)."
                )
                raise InvalidValueError(
                    msg, code="ratio-officers", params={"ratio": str(self)}
                )
            return min(int(self.target) * _whole(officers, "officers"), size)
        if self.bound is Bound.AT_MOST:
            return share_down(self.target, size)
        quota = share_up(self.target, size)
        if self.bound is Bound.BETWEEN:
            self._check_within(quota, size)
        return quota

    def _check_within(self, quota: int, size: int) -> None:
        high = cast("Fraction", self.high)
        if quota > share_down(high, size):
            low, high = self.target * size, high * size
            msg = (
                f"{str(self)!r} of {size} subjects must be a whole number, but none "
                f"lies between {low} and {high}. Draw {quota - 1} or {quota} by "
                "another ratio, or join the stratum to a larger one."
            )
            raise InvalidValueError(
                msg,
                code="ratio-unmet",
                params={"ratio": str(self), "size": size, "low": low, "high": high},
                provision=str(article(12)),
            )

    def _text(self, number: Fraction) -> str:
        if self.measure is Measure.SHARE:
            return _share_text(number)
        if self.measure is Measure.COUNT:
            return f"{number}户"
        return f"1:{number}"

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
        """The call of the constructor."""
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


def _share(value: object) -> Fraction:
    """Turn what a caller writes for a share into the exact number."""
    if isinstance(value, str):
        return _share_of_text(value)
    if isinstance(value, Fraction):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        return Fraction(value)
    if isinstance(value, Decimal):
        msg = f"'ratio' must be a finite number (got {value}). Write '3%'."
        raise InvalidValueError(msg, code="ratio-text", params={"ratio": str(value)})
    if isinstance(value, float):
        meant = Fraction(repr(float(value))) if 0 <= value <= 1 else Fraction(3, 100)
        msg = (
            f"'ratio' must be exact (got the float {float(value)}). "
            f"Write {_share_text(meant)!r} instead: in binary floating point "
            "ceil(0.07 * 100) is 8."
        )
        raise InvalidTypeError(msg, code="ratio-float", params={"ratio": value})
    if isinstance(value, int) and not isinstance(value, bool):
        if not value:
            return Fraction(0)
        raise _ambiguous(str(value))
    msg = (
        f"'ratio' must be a text such as '3%', a Fraction or a Decimal (got {value!r} "
        f"of type {type(value).__name__!r}). Write '3%'."
    )
    raise InvalidTypeError(
        msg, code="ratio-type", params={"type": type(value).__name__}
    )


def _share_of_text(text: str) -> Fraction:
    share = read_share(text)
    if share is not None:
        return share
    if re.fullmatch(r"\d+(\.\d+)?", text):
        raise _ambiguous(text)
    msg = (
        f"'ratio' must be a share such as '3%', '2‰', '0.03' or '1/3' (got {text!r}). "
        "Write Ratio.parse(text) for the words of a plan."
    )
    raise InvalidValueError(
        msg, code="ratio-text", params={"ratio": text}, provision=str(article(12))
    )


def _ambiguous(text: str) -> InvalidValueError:
    count = f"Ratio.count_between({text}, {text}) for {text} subjects"
    msg = (
        f"'ratio' must say whether it is a share or a count (got {text}). Write "
        f"'{text}%' for {text} in a hundred, '100%' for all"
        f"{', or ' + count if text.isdecimal() else ''}."
    )
    return InvalidValueError(msg, code="ratio-ambiguous", params={"ratio": text})


def _count(value: SupportsIndex) -> Fraction:
    return Fraction(_index(value, "ratio"))


def _whole(value: SupportsIndex, name: str) -> int:
    number = _index(value, name)
    if number < 0:
        msg = f"{name!r} must not be negative (got {number}). Count the {name}."
        raise InvalidValueError(
            msg, code="ratio-size", params={"name": name, "value": number}
        )
    return number


def _index(value: SupportsIndex, name: str) -> int:
    number = whole_number(value)
    if number is None:
        msg = f"{name!r} must be a whole number (got {shown(value)}). Write an int."
        raise InvalidTypeError(
            msg, code="ratio-type", params={"name": name, "type": type(value).__name__}
        )
    return number


def _share_text(share: Fraction) -> str:
    """Write a share as a percentage if it has one with finitely many digits."""
    percent = share * 100
    rest, digits = percent.denominator, 0
    for prime in (2, 5):
        power = 0
        while rest % prime == 0:
            rest //= prime
            power += 1
        digits = max(digits, power)
    if rest != 1:
        return str(share)
    scaled = percent * 10**digits
    sign = "-" if scaled < 0 else ""
    text = str(abs(scaled.numerator)).rjust(digits + 1, "0")
    whole, part = text[: len(text) - digits], text[len(text) - digits :]
    return f"{sign}{whole}{'.' + part if part else ''}%"
