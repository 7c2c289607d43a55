"""Periods with their unit, and the deadlines they end in (期限)."""

import datetime as dt
import enum

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.fields import whole_number
from dsgk.sources import PENALTY_LAW_85, cites


__all__ = ["Deadline", "Period", "Unit"]


class Unit(enum.Enum):
    """What a period is counted in (期限单位)."""

    WORKING_DAY = "working-day"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"


@cites(PENALTY_LAW_85)
@attrs.frozen
class Period:
    """
    A length of time that the law sets (期限), always with its unit.

    The law counts some periods in working days and others in days, so a bare
    number of days means nothing.

    Attributes:
        n: [int >= 1] How many.
        unit: Of what.

    Raises:
        InvalidTypeError: *n* is not an int, or *unit* is not a `Unit`.
        InvalidValueError: *n* is below 1.

    Cites:
        Administrative Penalty Law, Art. 85 (二日、三日、五日、七日的规定是指工作日).

    Examples:
        >>> print(Period(20, Unit.WORKING_DAY))
        20 working days
        >>> print(Period(1, Unit.MONTH))
        1 month
    """

    n: int
    unit: Unit

    def __attrs_post_init__(self) -> None:
        """Refuse what is no period."""
        n = whole_number(self.n)
        if n is None:
            msg = f"'n' must be an int (got {self.n!r}). Write Period(20, …)."
            raise InvalidTypeError(msg, code="period-n-type", params={"n": self.n})
        object.__setattr__(self, "n", n)
        if not isinstance(self.unit, Unit):
            msg = (
                f"'unit' must be a Unit (got {self.unit!r}). "
                "Write Unit.WORKING_DAY, Unit.DAY, Unit.MONTH or Unit.YEAR."
            )
            raise InvalidTypeError(msg, code="unit-type", params={"unit": self.unit})
        if n < 1:
            msg = (
                f"'n' must be at least 1 (got {self.n}). To count back, use "
                "add_workdays with a number below 0."
            )
            raise InvalidValueError(msg, code="period-range", params={"n": self.n})

    def __str__(self) -> str:
        """Number and unit in English."""
        name = self.unit.value.replace("-", " ")
        return f"{self.n} {name}" if self.n == 1 else f"{self.n} {name}s"


@attrs.frozen(kw_only=True)
class Deadline:
    """
    The last day of a period (期限届满日), and how certain it is.

    Attributes:
        start: Day of the event from which the period runs, not counted itself.
        period: The period.
        date: Last day; if provisional, as far as it can be foretold.
        provisional: Whether a day that was counted is not settled by a notice
            yet.
        earliest, latest: Between which days the last day will lie whatever
            the notice says, under the assumptions of `dsgk.calendars`.  Equal
            to *date* unless provisional.
    """

    start: dt.date
    period: Period
    date: dt.date
    provisional: bool
    earliest: dt.date
    latest: dt.date
