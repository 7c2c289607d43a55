"""Reports of an examination: tests, one answer to all, what could be seen."""

import math
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import invalid
from dsgk.fields import check_count
from dsgk.simulate import Rng, generator


Rows = npt.NDArray[np.int64]

_DENSE = 8  # from one row in eight on, sorting all is faster than avoiding repeats


def subsets(rng: np.random.Generator, n_draws: int, size: int, quota: int) -> Rows:
    """
    Draw *quota* out of *size* rows with equal chances, many times.

    Args:
        rng: Generator of the draws.
        n_draws: [int >= 0] How many times.
        size: [int >= 0] Rows to draw from.
        quota: [0..size] Rows to draw.

    Returns:
        [(n_draws, quota) int64] Positions, ascending in each draw.
    """
    if not quota or not n_draws:
        return np.zeros((n_draws, quota), dtype=np.int64)
    if quota * _DENSE > size:
        order = rng.random((n_draws, size)).argsort(axis=1)
        return np.sort(order[:, :quota], axis=1)
    drawn = np.sort(rng.integers(0, size, (n_draws, quota)), axis=1)
    left = np.arange(n_draws)
    while left.size:
        # A repeated row is drawn again, as one would by hand.
        rows = drawn[left]
        again = np.zeros(rows.shape, dtype=bool)
        again[:, 1:] = rows[:, 1:] == rows[:, :-1]
        some = again.any(axis=1)
        left, rows, again = left[some], rows[some], again[some]
        rows[again] = rng.integers(0, size, int(again.sum()))
        drawn[left] = np.sort(rows, axis=1)
    return drawn


def chunks(repetitions: int, cells: int, most: int = 4_000_000) -> Iterator[int]:
    """Split *repetitions* into parts of at most *most* cells, if possible."""
    part = max(1, most // max(cells, 1))
    while repetitions > 0:
        yield min(part, repetitions)
        repetitions -= part


def repeated_pairs(keys: Rows) -> npt.NDArray[np.float64]:
    """
    Count, in each row, the pairs of equal keys.

    Args:
        keys: [(n, m) int64] Keys, in any order.

    Examples:
        >>> repeated_pairs(np.array([[5, 5, 2, 5], [1, 2, 3, 4]])).tolist()
        [3.0, 0.0]
    """
    ordered = np.sort(keys, axis=1)
    pairs = np.zeros(len(keys))
    for lag in range(1, keys.shape[1]):
        equal = (ordered[:, lag:] == ordered[:, :-lag]).sum(axis=1)
        if not equal.any():
            break
        pairs += equal
    return pairs


_LEAST_LEVEL, _MOST_LEVEL = 1e-9, 0.5


def settings_of(
    rng: Rng, repetitions: int, level: float
) -> tuple[np.random.Generator, int]:
    """Check the settings; give the generator and the number of fair draws."""
    times = check_count(repetitions, name="repetitions", least=99, most=10**6)
    if isinstance(level, bool) or not isinstance(level, (int, float)):
        raise invalid("chance-type", name="level", got=level)
    if not _LEAST_LEVEL <= level <= _MOST_LEVEL:
        bounds = {"least": _LEAST_LEVEL, "most": _MOST_LEVEL}
        raise invalid("number-range", name="level", got=level, **bounds)
    return generator(rng), times


def texts_of(values: object) -> tuple[str, ...] | None:
    """Ids as a tuple; None for anything else, such as a single text."""
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        return None
    texts = tuple(values)
    return texts if all(isinstance(text, str) for text in texts) else None


def labels_of(ids: Iterable[str], groups: object) -> Rows | None:
    """Number of the group of each id, 0 for no group."""
    if groups is None:
        return None
    if not isinstance(groups, Mapping) or not all(
        isinstance(group, Hashable) for group in groups.values()
    ):
        raise invalid("fairness-groups", name="groups", got=groups)
    numbers: dict[str, int] = {}
    found = [
        numbers.setdefault(groups[text], len(numbers) + 1) if text in groups else 0
        for text in ids
    ]
    return np.array(found, dtype=np.int64)


_POWER = 0.9
_SURE = 1.2815515655446004  # standard deviations with 9 of 10 on one side
_GROWTH = 4.0  # see Statistic.simulated
_HALVINGS = 50

Sight = tuple[float | None, float | None]
"""Lasting figures below and above these are found nine times in ten."""


@attrs.frozen(kw_only=True)
class FairnessTest:
    """
    One question put to a series of draws (公平性检验).

    Attributes:
        name: The question; see `examine_draws` and `examine_picks`.
        observed: The figure observed.
        expected: Its mean in fair draws.
        p: [0 to 1] Probability that fair draws give a figure as extreme.
        adjusted: [0 to 1] The same, adjusted for the number of questions
            (Holm); compare this with the level.
        below: A lasting bias with a mean figure of this or less would have
            been found nine times in ten; None if no such bias can be found.
        above: The same for this or more.
    """

    name: str
    observed: float
    expected: float
    p: float
    adjusted: float
    below: float | None
    above: float | None

    @property
    def visible(self) -> float | None:
        """
        The smallest lasting difference that the series would have shown.

        From *expected* to the nearer of *below* and *above*; None if the
        series could show nothing.
        """
        ways = (self.below, self.above)
        return min(
            (abs(w - self.expected) for w in ways if w is not None), default=None
        )


@attrs.frozen(kw_only=True)
class FairnessReport:
    """
    How fair a series of draws looks (公平性报告).

    A low `p` is evidence against chance, not against a person.  A high one
    means only that no difference as large as `FairnessTest.visible` was seen.

    Attributes:
        tests: One for each question.
        level: [0 to 1] The level for which `visible` is computed.
    """

    tests: tuple[FairnessTest, ...]
    level: float

    @property
    def p(self) -> float:
        """
        One answer to all questions: how likely fair draws look this bad.

        The least adjusted figure; 1 if no question could be answered.
        """
        return min((test.adjusted for test in self.tests), default=1.0)

    @property
    def findings(self) -> tuple[FairnessTest, ...]:
        """Tests with an adjusted figure up to the level; empty if all looks fair."""
        return tuple(test for test in self.tests if test.adjusted <= self.level)

    def __getitem__(self, name: str) -> FairnessTest:
        """Return the test of that name."""
        for test in self.tests:
            if test.name == name:
                return test
        raise KeyError(name)

    def to_columns(self) -> dict[str, list[str] | list[float] | list[float | None]]:
        """Give one row for each test, for a table of any library."""
        names = "name observed expected p adjusted visible below above"
        return {n: [getattr(test, n) for test in self.tests] for n in names.split()}

    def __str__(self) -> str:
        """A table to read."""
        head = f"{'':17}{'observed':>10}{'expected':>10}{'below':>9}{'above':>9}"
        lines = [f"{head}{'p':>9}{'adjusted':>10}"]
        for t in self.tests:
            below, above = (
                "-" if way is None else f"{way:.3f}" for way in (t.below, t.above)
            )
            lines.append(
                f"{t.name:17}{t.observed:10.3f}{t.expected:10.3f}{below:>9}{above:>9}"
                f"{t.p:9.4f}{t.adjusted:10.4f}"
            )
        return "\n".join(lines)


class Statistic(NamedTuple):
    """
    A figure before it is judged.

    Attributes:
        name: Name of the test.
        observed: The figure.
        expected: Its mean in fair draws.
        p: Probability that fair draws give one as extreme.
        spread: Standard deviation in fair draws; 0 if they always give the
            same figure.
        sight: What is found nine times in ten, if figures with a *p* up to
            the argument are findings.
    """

    name: str
    observed: float
    expected: float
    p: float
    spread: float
    sight: Callable[[float], Sight] = lambda _level: (None, None)

    @classmethod
    def simulated(
        cls,
        name: str,
        values: npt.NDArray[np.float64],
        *,
        both_sides: bool = True,
        bounds: tuple[float, float] = (0.0, math.inf),
    ) -> "Statistic":
        """
        Judge the first of *values* by the others, which come from fair draws.

        Exact for any figure: if the first came from a fair draw too, its rank
        among them would be random (Barnard 1963).

        A lasting figure is found nine times in ten if it lies beyond those of
        nearly all fair draws by as much as it varies.  Below, that is the
        spread of fair draws; above it is more, since subjects drawn more often
        vary more.  The variance of a shifted sum of squares grows by twice the
        shift, relative to its mean above the least possible value; twice that
        is allowed for, since a shift in few parts varies up to twice as much.

        Args:
            name: Name of the test.
            values: [n >= 3] The figure of the series, then those of fair ones.
            both_sides: Whether a small figure is a finding as well as a large
                one.
            bounds: Least and greatest possible figure.
        """
        observed, fair = float(values[0]), np.sort(values[1:])
        # Sums of floats in another order may differ in the last digit.
        slack = 1e-9 * max(1.0, abs(observed))
        above = (1 + int((fair >= observed - slack).sum())) / len(values)
        below = (1 + int((fair <= observed + slack).sum())) / len(values)
        p = min(1.0, 2 * min(above, below)) if both_sides else above
        mean, spread = float(fair.mean()), float(fair.std())

        def sight(level: float) -> Sight:
            # The number of fair draws that may be as extreme as a finding.
            beyond = math.floor(level / (1 + both_sides) * len(values) + 1e-9) - 1
            if beyond < 0:
                return None, None
            far = float(fair[-1 - beyond]) - mean
            noise = (_SURE * spread) ** 2
            more = _GROWTH * noise / (mean - bounds[0]) / 2
            # The root of (x - far)² = noise · (1 + growth · x / (mean - least)).
            high = mean + far + more + (noise + 2 * far * more + more**2) ** 0.5
            low = float(fair[beyond]) - _SURE * spread
            return (
                low if both_sides and low >= bounds[0] else None,
                high if high <= bounds[1] else None,
            )

        return cls(name, observed, mean, p, spread, sight)


def report_of(statistics: Sequence[Statistic], level: float) -> FairnessReport:
    """
    Adjust for the number of questions, and say what could have been seen.

    Questions that a series cannot answer do not count.

    Args:
        statistics: The figures.
        level: [above 0, below 1] Figures with a greater adjusted *p* are fine.
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
        below = above = None
        if s.name in adjusted:
            below, above = s.sight(level / len(put))
        tests.append(
            FairnessTest(
                name=s.name,
                observed=s.observed,
                expected=s.expected,
                p=s.p,
                adjusted=adjusted.get(s.name, 1.0),
                below=below,
                above=above,
            )
        )
    return FairnessReport(tests=tuple(tests), level=level)


def number_sight(chances: npt.NDArray[np.float64], level: float) -> Sight:
    """
    Find the lasting chances of being drawn that are found nine times in ten.

    Args:
        chances: [n + 1] Probabilities of being drawn 0, 1, … n times in fair
            draws.
        level: Greatest probability of a finding, on either side.

    Returns:
        Chances below the first and above the second are found.

    Examples:
        >>> fair = np.array([math.comb(36, k) * 0.2**k * 0.8 ** (36 - k) for k in range(37)])
        >>> below, above = number_sight(fair, 0.001)
        >>> round(below, 4), round(above, 3)
        (0.0029, 0.537)
    """  # noqa: E501
    few = int((chances.cumsum() <= level).sum()) - 1
    many = int((chances[::-1].cumsum() <= level).sum()) - 1
    draws = len(chances) - 1
    mirrored = _least_chance(draws, draws - few)
    return None if mirrored is None else 1 - mirrored, _least_chance(
        draws, draws - many
    )


def _least_chance(draws: int, number: int) -> float | None:
    """The chance with which *number* of *draws* is reached nine times in ten."""
    if number > draws:
        return None
    times = np.arange(number, draws + 1)
    log = math.lgamma  # there may be more ways than a float holds
    ways = np.array([log(draws + 1) - log(k + 1) - log(draws - k + 1) for k in times])
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        chance = (low + high) / 2
        logs = ways + times * math.log(chance) + (draws - times) * math.log1p(-chance)
        reached = float(np.exp(logs).sum())
        if reached < _POWER:
            low = chance
        else:
            high = chance
    return high
