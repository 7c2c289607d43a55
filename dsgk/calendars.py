"""Working days, make-up days, periods and deadlines (工作日、期限)."""

import enum

import attrs

from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.sources import PENALTY_LAW_85, cites


__all__ = ["Period", "Unit"]


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
        if isinstance(self.n, bool) or not isinstance(self.n, int):
            msg = f"'n' must be an int (got {self.n!r}). Write Period(20, …)."
            raise InvalidTypeError(msg, code="period-type", params={"n": self.n})
        if not isinstance(self.unit, Unit):
            msg = (
                f"'unit' must be a Unit (got {self.unit!r}). "
                "Write Unit.WORKING_DAY, Unit.DAY, Unit.MONTH or Unit.YEAR."
            )
            raise InvalidTypeError(msg, code="unit-type", params={"unit": self.unit})
        if self.n < 1:
            msg = (
                f"'n' must be at least 1 (got {self.n}). To count back, use "
                "add_workdays with a number below 0."
            )
            raise InvalidValueError(msg, code="period-range", params={"n": self.n})

    def __str__(self) -> str:
        """Number and unit in English."""
        name = self.unit.value.replace("-", " ")
        return f"{self.n} {name}" if self.n == 1 else f"{self.n} {name}s"
