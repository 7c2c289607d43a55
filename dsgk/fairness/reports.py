"""What an examination found: tests, one answer for all, what could be seen."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import InvalidTypeError, InvalidValueError


__all__ = [
    "FairnessReport",
    "FairnessTest",
    "Statistic",
    "check_settings",
    "normal_quantile",
    "report_of",
]

_POWER = 0.9
_HALVINGS = 80


@attrs.frozen(kw_only=True)
class FairnessTest:
    """
    One question put to a series of draws (公平性检验).

    Attributes:
        name: Which question; the functions that examine list them all.
        observed: The figure that was seen.
        expected: Its mean in fair draws.
        p: [0 to 1] How likely fair draws are to give a figure as extreme.
        adjusted: [0 to 1] The same, allowing for the number of questions that
            were put (Holm); compare this one with the level.
        visible: The smallest lasting difference from *expected* that the
            series would have shown with a chance of 90 %; None where it could
            show nothing.
    """

    name: str
    observed: float
    expected: float
    p: float
    adjusted: float
    visible: float | None


@attrs.frozen(kw_only=True)
class FairnessReport:
    """
    What a series of draws says about its fairness (公平性报告).

    A low figure is evidence against chance, not against a person; a high one
    says no more than that nothing was seen that `FairnessTest.visible` would
    let one see.

    Attributes:
        tests: One for each question that was put.
        level: [0 to 1] The level that `visible` is computed for.
    """

    tests: tuple[FairnessTest, ...]
    level: float

    @property
    def p(self) -> float:
        """
        The one answer to all questions: how likely fair draws look this bad.

        The least adjusted figure; 1 if no question could be put.
        """
        return min((test.adjusted for test in self.tests), default=1.0)

    @property
    def findings(self) -> tuple[FairnessTest, ...]:
        """The tests whose adjusted figure is not above the level; empty if fair."""
        return tuple(test for test in self.tests if test.adjusted <= self.level)

    def __getitem__(self, name: str) -> FairnessTest:
        """Return the test of that name."""
        for test in self.tests:
            if test.name == name:
                return test
        raise KeyError(name)

    def to_columns(self) -> dict[str, list[str] | list[float] | list[float | None]]:
        """Give one row for each test, for a table of any library."""
        return {
            "name": [test.name for test in self.tests],
            "observed": [test.observed for test in self.tests],
            "expected": [test.expected for test in self.tests],
            "p": [test.p for test in self.tests],
            "adjusted": [test.adjusted for test in self.tests],
            "visible": [test.visible for test in self.tests],
        }

    def __str__(self) -> str:
        """A table for reading."""
        lines = [
            f"{'':17}{'observed':>10}{'expected':>10}{'visible':>10}{'p':>9}{'adjusted':>10}"
        ]
        for t in self.tests:
            seen = "-" if t.visible is None else f"±{t.visible:.3f}"
            lines.append(
                f"{t.name:17}{t.observed:10.3f}{t.expected:10.3f}{seen:>10}"
                f"{t.p:9.4f}{t.adjusted:10.4f}"
            )
        return "\n".join(lines)


class Statistic(NamedTuple):
    """
    A figure before it is judged.

    Attributes:
        name: Of the test.
        observed: The figure.
        expected: Its mean in fair draws.
        p: How likely fair draws are to give one as extreme.
        spread: Standard deviation in fair draws; 0 where they can give one
            figure alone.
        among: Of how many comparisons the figure is the most extreme.
        reach: The greatest difference from the mean that there can be.
        sides: 2 if too small a figure is as telling as too large a one, else 1.
    """

    name: str
    observed: float
    expected: float
    p: float
    spread: float
    among: int = 1
    reach: float = math.inf
    sides: int = 2

    @classmethod
    def simulated(
        cls,
        name: str,
        values: npt.NDArray[np.float64],
        *,
        both_sides: bool = True,
        reach: float = math.inf,
    ) -> "Statistic":
        """
        Judge the first of *values* by the others, which fair draws gave.

        Exact whatever the figure is: if the first came from a fair draw too,
        its rank among them is a matter of chance (Barnard 1963).
        """
        observed, fair = values[0], values[1:]
        # Sums of floats in another order may differ in the last digit.
        slack = 1e-9 * max(1.0, abs(observed))
        above = (1 + int((fair >= observed - slack).sum())) / len(values)
        below = (1 + int((fair <= observed + slack).sum())) / len(values)
        p = min(1.0, 2 * min(above, below)) if both_sides else above
        mean, spread = float(fair.mean()), float(fair.std())
        sides = 1 + both_sides
        return cls(name, float(observed), mean, p, spread, reach=reach, sides=sides)


def report_of(statistics: Sequence[Statistic], level: float) -> FairnessReport:
    """
    Adjust for the number of questions, and say what could have been seen.

    Questions that a series cannot answer count neither as passed nor as put.

    Args:
        statistics: The figures.
        level: [0 to 1, both left out] Above it a figure is none to worry about.
    """
    blind = 1e-12
    put = sorted((s for s in statistics if s.spread > blind), key=lambda s: s.p)
    adjusted: dict[str, float] = {}
    worst = 0.0
    for i, statistic in enumerate(put):
        worst = max(worst, min(1.0, (len(put) - i) * statistic.p))
        adjusted[statistic.name] = worst
    tests = []
    for s in statistics:
        visible = None
        if s.name in adjusted:
            tail = level / (s.sides * len(put) * s.among)
            needed = s.spread * (normal_quantile(1 - tail) + normal_quantile(_POWER))
            visible = needed if needed <= s.reach else None
        tests.append(
            FairnessTest(
                name=s.name,
                observed=s.observed,
                expected=s.expected,
                p=s.p,
                adjusted=adjusted.get(s.name, 1.0),
                visible=visible,
            )
        )
    return FairnessReport(tests=tuple(tests), level=level)


def normal_quantile(share: float) -> float:
    """
    Where a standard normal distribution has a share below it.

    Args:
        share: [1/2 <= float < 1] The share.

    Examples:
        >>> round(normal_quantile(0.975), 6)
        1.959964
    """
    low, high = 0.0, 40.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if math.erfc(middle / math.sqrt(2)) / 2 > 1 - share:
            low = middle
        else:
            high = middle
    return low


def check_settings(repetitions: object, level: object, rng: object) -> None:
    """
    Check what the functions that examine share.

    Raises:
        InvalidTypeError: *rng* is no generator, *repetitions* no int, *level*
            no number.
        InvalidValueError: A number is out of range.
    """
    if not isinstance(rng, np.random.Generator):
        msg = (
            f"'rng' must be a NumPy generator (got {rng!r}). "
            "Write numpy.random.default_rng(1)."
        )
        raise InvalidTypeError(msg, code="fairness-rng", params={"value": repr(rng)})
    for name, value, kinds, low, high in (
        ("repetitions", repetitions, (int, np.integer), 99, 10**6),
        ("level", level, (int, float), 1e-9, 0.5),
    ):
        if isinstance(value, bool) or not isinstance(value, kinds):
            msg = f"{name!r} must be a number (got {value!r}). Leave it out if unsure."
            raise InvalidTypeError(
                msg, code="fairness-number-type", params={"name": name}
            )
        if not low <= value <= high:
            msg = (
                f"{name!r} must be from {low} to {high} (got {value}). "
                "Leave it out if unsure."
            )
            raise InvalidValueError(
                msg,
                code="fairness-number-range",
                params={"name": name, "value": value, "least": low, "most": high},
            )
