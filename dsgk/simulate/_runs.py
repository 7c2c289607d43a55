"""Results of a simulation: one row of values for each replicate."""

import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.errors import invalid
from dsgk.fields import (
    check_count,
    check_type,
)
from dsgk.simulate._draw_many import check_chance, check_number
from dsgk.simulate._scenarios import Scenario
from dsgk.sources import RuleProfile


Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


Amount = int | float | Fraction | Decimal


def _shares(part: npt.NDArray[Any], whole: npt.NDArray[Any]) -> Floats:
    """Divide; nan in place of a division by 0."""
    out = np.full(np.broadcast_shapes(part.shape, whole.shape), np.nan)
    np.divide(part, whole, out=out, where=np.broadcast_to(whole > 0, out.shape))
    return out


@attrs.frozen(eq=False, repr=False)
class Indicator:
    """
    Figures of a simulation, each with its uncertainty.

    Attributes:
        name: What is measured, with its unit.
        labels: [name -> m values] Columns that say what each figure is about.
        values: [(replicates, m)] One row for each replicate; nan if there was
            nobody to measure.
        counts: [(replicates, m), or None] Weights of the values in the mean of
            all replicates: how many subjects each is the mean of. None: all
            values have the same weight.
    """

    name: str
    labels: dict[str, tuple[Any, ...]]
    values: Floats
    counts: npt.NDArray[Any] | None = attrs.field(default=None, kw_only=True)

    def __len__(self) -> int:
        """Number of figures."""
        return int(self.values.shape[1])

    def __repr__(self) -> str:
        """Name and size instead of figures."""
        rows, columns = self.values.shape
        return f"<Indicator of {self.name}, {columns} figures, {rows} replicates>"

    @property
    def mean(self) -> Floats:
        """
        [(m,)] Mean of the replicates, weighted by *counts*.

        nan if no replicate had anybody to measure.
        """
        mean: Floats = _alike(self).mean(axis=0)
        return mean

    @property
    def error(self) -> Floats:
        """[(m,)] Standard error of the mean; nan for a single replicate."""
        n = len(self.values)
        if n == 1:
            return np.full(len(self), np.nan)
        spread: Floats = _alike(self).std(axis=0, ddof=1) / np.sqrt(n)
        return spread

    def where(self, **labels: object) -> "Indicator":
        """
        Keep the figures that have the given labels.

        Args:
            labels: [name of a column -> value] What is kept.

        Raises:
            InvalidValueError: There is no such column, or no such figure.
        """
        kept = np.ones(len(self), dtype=bool)
        for name, value in labels.items():
            column = self.labels.get(name, ())
            is_label = value is None or isinstance(value, (str, int, np.integer))
            if not is_label or value not in column:
                raise invalid(
                    "indicator-label",
                    name=name,
                    got=value,
                    indicator=self.name,
                    known=[*dict.fromkeys(column)] or [*self.labels],
                )
            kept &= np.array([one == value for one in column])
        rows = np.flatnonzero(kept).tolist()
        return Indicator(
            self.name,
            {name: tuple(c[k] for k in rows) for name, c in self.labels.items()},
            self.values[:, rows],
            counts=None if self.counts is None else self.counts[:, rows],
        )

    def minus(self, other: "Indicator", /) -> "Indicator":
        """
        Difference from the same indicator of another scenario, pair by pair.

        Scenarios with the same random numbers differ by what they do and not
        by luck, so the error of the difference is far smaller than either
        error.

        Args:
            other: The same figures with as many replicates, from the same call
                of `what_if` or the same seed.

        Raises:
            InvalidValueError: The two measure different things, or differ in
                labels or replicates.
        """
        check_type(other, Indicator, name="other", instead="run.visits()")
        if self.name != other.name:
            raise invalid(
                "indicator-name", name="other", got=other.name, wanted=self.name
            )
        if self.labels != other.labels or len(self.values) != len(other.values):
            raise invalid("indicator-unequal", name="other", own=self, got=other)
        return Indicator(self.name, self.labels, _alike(self) - _alike(other))

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Give labels, mean and standard error as columns.

        Examples:
            >>> Indicator("visits", {"year": (1, 2)}, np.array([[1.0, 2], [3, 2]])).to_columns()
            {'year': [1, 2], 'mean': [2.0, 2.0], 'error': [1.0, 0.0]}
        """  # noqa: E501
        columns: dict[str, list[Any]] = {n: list(c) for n, c in self.labels.items()}
        return columns | {"mean": self.mean.tolist(), "error": self.error.tolist()}


def _alike(indicator: Indicator) -> Floats:
    """
    Values with equal weights and the same mean and standard error.

    The error of a weighted mean is that of the sum of weight times distance
    (the variance of a ratio of sums).
    """
    counts = indicator.counts
    if counts is None:
        return indicator.values
    total = counts.sum(axis=0)
    values = np.where(counts > 0, indicator.values, 0)
    mean = _shares((counts * values).sum(axis=0), total)
    weight = _shares(counts * len(values), total)
    alike: Floats = mean + weight * (values - mean)
    return alike


def _labels(
    names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]
) -> dict[str, tuple[Any, ...]]:
    return dict(zip(names, zip(*rows, strict=True), strict=True))


@attrs.frozen(kw_only=True, eq=False, repr=False)
class PolicyRun:
    """
    Years of a policy, simulated many times.

    Attributes:
        scenario: What was simulated.
        tiers: [g pairs] Programme and tier of each group.
        registered: [(replicates, years, g)] Subjects of the tier in a year.
        wanted: [(replicates, years, g)] Subjects that its ratio demands.
        drawn: [(replicates, years, g)] Subjects drawn and checked; fewer than
            wanted if too few were eligible.
        inspected: [(replicates, years, g, m)] Subjects inspected 0, 1, … times
            by the programme since the start, among those that began in the
            tier and are registered at the end of the year.
        visited: [(replicates, years, v)] Registered subjects with 0, 1, …
            visits of any programme in the year.
    """

    scenario: Scenario
    tiers: tuple[tuple[str, str], ...]
    registered: Ints
    wanted: Ints
    drawn: Ints
    inspected: Ints
    visited: Ints

    @property
    def replicates(self) -> int:
        """How often the years were simulated."""
        return len(self.drawn)

    @property
    def years(self) -> int:
        """How many years were simulated."""
        return int(self.drawn.shape[1])

    def __repr__(self) -> str:
        """Sizes instead of columns."""
        return (
            f"<PolicyRun of {len(self.tiers)} tiers, {self.years} years, "
            f"{self.replicates} replicates>"
        )

    @property
    def _year_numbers(self) -> range:
        return range(1, self.years + 1)

    def _by_tier(
        self,
        values: npt.NDArray[Any],
        name: str,
        counts: npt.NDArray[Any] | None = None,
    ) -> Indicator:
        """Make an indicator of (replicates, years, tiers), tier by tier."""
        rows = [(*tier, year) for tier in self.tiers for year in self._year_numbers]
        labels = _labels(("programme", "tier", "year"), rows)

        def flat(part: npt.NDArray[Any]) -> npt.NDArray[Any]:
            return np.swapaxes(part, 1, 2).reshape(self.replicates, -1)

        return Indicator(
            name,
            labels,
            flat(values).astype(np.float64),
            counts=None if counts is None else flat(counts),
        )

    def to_columns(self) -> dict[str, list[Any]]:
        """
        Mean numbers of every tier and year, as columns.

        Returns:
            ``programme``, ``tier``, ``year``; subjects ``registered``,
            ``wanted`` and ``drawn``; and the ``shortfall`` of the last two.
        """
        named: Mapping[str, npt.NDArray[Any]] = {
            "registered": self.registered,
            "wanted": self.wanted,
            "drawn": self.drawn,
            "shortfall": self.wanted - self.drawn,
        }
        indicators = {name: self._by_tier(v, name) for name, v in named.items()}
        columns: dict[str, list[Any]] = {
            name: list(column) for name, column in indicators["drawn"].labels.items()
        }
        return columns | {name: m.mean.tolist() for name, m in indicators.items()}

    def coverage(self) -> Indicator:
        """
        Share never inspected (覆盖率的另一面) at the end of each year, by tier.

        The subjects that the programme has not inspected since the start of
        the simulation, as a share of those that began in the tier and are
        still registered.
        """
        never, everybody = self.inspected[..., 0], self.inspected.sum(axis=-1)
        return self._by_tier(
            _shares(never, everybody), "share never inspected", everybody
        )

    def detection(self, *, sensitivity: float | Fraction = 1) -> Indicator:
        """
        Chance that a lasting violation is seen by the end of each year (威慑).

        Args:
            sensitivity: [0 to 1] Chance that one inspection sees it.

        Returns:
            By tier and year, for a subject that had the violation when it
            began in the tier, and keeps it while it is registered.
        """
        missed = 1 - float(check_chance(sensitivity, "sensitivity"))
        unseen = missed ** np.arange(self.inspected.shape[-1])
        everybody = self.inspected.sum(axis=-1)
        seen = 1 - _shares(self.inspected @ unseen, everybody)
        return self._by_tier(seen, "chance to be seen", everybody)

    def gaps(self) -> Indicator:
        """
        Years between two inspections of one subject by a programme, by tier.

        Years of registration in the tier divided by inspections; nan if there
        were none.  Over a long time that is the expected gap.  If rests are
        long compared with the years simulated it is too small, since nobody
        rests at the start.
        """
        drawn = self.drawn.sum(axis=1)
        values = _shares(self.registered.sum(axis=1), drawn)
        labels = _labels(("programme", "tier"), self.tiers)
        return Indicator("years between inspections", labels, values, counts=drawn)

    def visit_gaps(self) -> Indicator:
        """
        Years between two visits to one subject, of any programme.

        Returns:
            One figure without labels: years of registration divided by visits.
        """
        numbers = np.arange(self.visited.shape[-1])
        visits = (self.visited @ numbers).sum(axis=1, keepdims=True)
        years = self.visited.sum(axis=(1, 2))[:, None]
        return Indicator(
            "years between visits", {}, _shares(years, visits), counts=visits
        )

    def burden(self) -> Indicator:
        """
        Share of the registered subjects by their number of visits in a year.

        Checks of one day are one visit if the scenario merges them.
        """
        seen = np.flatnonzero(self.visited.any(axis=(0, 1)))
        counts = self.visited[..., : int(seen.max(initial=0)) + 1]
        everybody = np.broadcast_to(counts.sum(axis=-1, keepdims=True), counts.shape)
        rows = itertools.product(self._year_numbers, range(counts.shape[-1]))
        return Indicator(
            "share of subjects",
            _labels(("year", "visits"), rows),
            _shares(counts, everybody).reshape(self.replicates, -1),
            counts=everybody.reshape(self.replicates, -1),
        )

    def visits(self) -> Indicator:
        """Visits of all programmes together, by year."""
        values = self.visited @ np.arange(self.visited.shape[-1])
        labels = {"year": tuple(self._year_numbers)}
        return Indicator("visits", labels, values.astype(np.float64))

    def workload(self, *, officers: int | None = None, days: Amount = 1) -> Indicator:
        """
        Officer-days of each programme, by year.

        Args:
            officers: [int >= 1, or None] Officers for one check; None: as many
                as the law demands.
            days: [number > 0] Days that a check takes.

        Returns:
            By programme and year; each department sends its own officers to a
            joint visit.
        """
        if officers is not None:
            officers = check_count(officers, name="officers", least=1)
        each = _amount(days, "days")
        team = RuleProfile().min_officers if officers is None else officers
        names = [programme.name for programme in self.scenario.programmes]
        own = np.array([[p == name for name in names] for p, _ in self.tiers])
        checks = np.swapaxes(self.drawn @ own.astype(np.int64), 1, 2)
        rows = itertools.product(names, self._year_numbers)
        labels = _labels(("programme", "year"), rows)
        values: Floats = checks.reshape(self.replicates, -1) * np.float64(team * each)
        return Indicator("officer-days", labels, values)

    def workload_share(
        self,
        capacity: Amount | Mapping[str, Amount],
        /,
        *,
        officers: int | None = None,
        days: Amount = 1,
    ) -> Indicator:
        """
        Share of the available officer-days, by programme and year.

        Args:
            capacity: [number > 0, or programme -> number] Officer-days that
                the staff of a programme has in a year.
            officers: As for `workload`.
            days: As for `workload`.

        Returns:
            By programme and year; above 1 the staff does not suffice.

        Raises:
            InvalidValueError: A programme has no capacity.

        Examples:
            Share of the replicates in which the staff did not suffice:

            >>> load = Indicator("share of officer-days", {}, np.array([[0.9], [1.2]]))
            >>> (load.values > 1).mean(axis=0).tolist()
            [0.5]
        """
        load = self.workload(officers=officers, days=days)
        names = [programme.name for programme in self.scenario.programmes]
        given = capacity
        if not isinstance(given, Mapping):
            given = dict.fromkeys(names, given)
        if set(given) != set(names):
            raise invalid(
                "capacity-programmes", name="capacity", got=[*given], known=names
            )
        there = {name: float(_amount(given[name], "capacity")) for name in names}
        column = np.array([there[name] for name in load.labels["programme"]])
        return Indicator("share of officer-days", load.labels, load.values / column)


def _amount(value: Amount, name: str) -> Fraction:
    """Read a number above 0, exactly."""
    number = check_number(value, name)
    if number is None or number <= 0:
        raise invalid("workload-number", name=name, got=value)
    return number
