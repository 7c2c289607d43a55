"""Simulated courses of the years."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dsgk.errors import InvalidValueError
from dsgk.fields import check_count, check_day, check_mapping, check_type
from dsgk.kernels.allocation import share_up
from dsgk.plans import batch_quotas
from dsgk.simulate._draw_many import Rng, check_progress, check_size, generator
from dsgk.simulate._runs import PolicyRun
from dsgk.simulate._scenarios import (
    NEVER,
    Office,
    Scenario,
    World,
    latest_day,
    make_world,
)
from dsgk.sources import CAPS_2024_54, article, cites
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Base, Ratio


# Purposes of random numbers. Each has its own streams, so that scenarios have the
# same luck in everything they share.
_DRAW, _MOVE, _CLOSE, _OPEN = range(4)
_MARGIN = 4.0  # standard deviations by which the first look exceeds the quota
_ALL = 2.0  # above every random number

Rows = npt.NDArray[np.intp]
Tiers = npt.NDArray[np.int8]


class _Books:
    """
    What a programme knows about the subjects.

    Attributes:
        office: The programme.
        tier: [(n,) int8] Tier of each subject today; that of nobody for
            subjects off its list, closed, or not yet opened.
        last: [(n,) int32] Day of its last inspection of each.
        began: [(start,) int8] Tier of each at the start; that of nobody once
            it closed.
        checks: [(start,) int16] Inspections of each since the start.
        registered: [T ints] Sizes of the tiers this year.
        quotas: [T tuples] Numbers that the ratios demand in each draw this
            year.
    """

    def __init__(self, office: Office, world: World, n: int) -> None:
        start = len(world.cell)
        self.office = office
        self.tier: Tiers = np.full(n, office.tiers, dtype=np.int8)
        self.tier[:start] = office.tier_of[world.cell, world.own]
        self.last = np.full(n, NEVER, dtype=np.int32)
        self.last[:start] = world.last
        self.began = self.tier[:start].copy()
        self.checks = np.zeros(start, dtype=np.int16)
        self.registered: list[int] = []
        self.quotas: list[tuple[int, ...]] = []


class Course:
    """
    One replicate of a scenario; the only place with changing state.

    Args:
        world: The state at the start.
        seed: Seed of its random numbers.
        found: The results, in which it fills its own rows.
        at: Number of the replicate.
    """

    def __init__(self, world: World, seed: int, found: PolicyRun, at: int) -> None:
        turnover = world.scenario.turnover
        self._world = world
        self._seed = seed
        self._found = found
        self._at = at
        self._opening = 0 if turnover is None else turnover.opening
        self._closing = 0.0 if turnover is None else float(turnover.closing)
        self._start = start = len(world.cell)
        n = start + self._opening * (len(world.first) - 1)
        self._joined = start  # rows from here on are yet to come
        self._alive = np.zeros(n, dtype=np.bool_)
        self._alive[:start] = True
        self._cell = np.zeros(n, dtype=np.int32)
        self._cell[:start] = world.cell
        self._own = np.zeros(n, dtype=np.int16)
        self._own[:start] = world.own
        self._visits = np.zeros(n, dtype=np.int16)
        self._books = [_Books(office, world, n) for office in world.offices]
        self._luck = np.empty(n)

    def run(self) -> None:
        """Simulate all years."""
        for year, days in enumerate(self._world.rounds):
            if year:
                self._open(year)
            for books in self._books:
                books.registered = _sizes(books.tier, books.office.tiers)
                self._found.registered[self._at, year, books.office.groups] = (
                    books.registered
                )
            for month, day, turns in days:
                self._draw_all(year, month, day, turns)
            self._count(year)
            self._move(year)
            self._close(year)

    def _stream(self, *purpose: int) -> np.random.Generator:
        """Random numbers for one purpose, the same in every scenario."""
        return np.random.default_rng(
            np.random.SeedSequence(self._seed, spawn_key=purpose)
        )

    def _lots(self, *purpose: int) -> npt.NDArray[np.float64]:
        """One random number for each subject so far; overwritten by the next call."""
        return self._stream(*purpose).random(out=self._luck[: self._joined])

    def _open(self, year: int) -> None:
        """Begin a year: new subjects join."""
        self._visits[:] = 0
        if not self._opening:
            return
        new = slice(self._joined, self._joined + self._opening)
        like = self._stream(_OPEN, year).integers(0, self._start, self._opening)
        self._joined = new.stop
        self._cell[new] = cell = self._world.cell[like]
        self._own[new] = own = self._world.own[like]
        self._alive[new] = True
        for books in self._books:
            books.tier[new] = books.office.tier_of[cell, own]

    def _draw_all(
        self, year: int, month: int, day: int, turns: tuple[int, ...]
    ) -> None:
        """Make the draws of one day, then the visits."""
        together = self._world.scenario.coordinated
        taken = []
        luck = None
        for p, (books, turn) in enumerate(zip(self._books, turns, strict=True)):
            if turn < 0:
                continue
            office = books.office
            if luck is None or not together:
                luck = self._lots(_DRAW, year, month, 0 if together else p)
            tier = self._eligible(books, year, day)
            sizes = _sizes(tier, office.tiers)
            if turn == 0:
                whole = office.programme.base is Base.REGISTERED
                books.quotas = _year_quotas(
                    office, books.registered if whole else sizes
                )
            wanted = [quotas[turn] for quotas in books.quotas]
            drawn = list(map(min, wanted, sizes))
            taken.append((books, _lowest(luck, tier, sizes, drawn)))
            self._found.wanted[self._at, year, office.groups] += wanted
            self._found.drawn[self._at, year, office.groups] += drawn
        for books, rows in taken:
            books.last[rows] = day
            books.checks[rows[rows < self._start]] += 1
        if self._world.scenario.merged and len(taken) > 1:
            seen = np.zeros(len(self._visits), dtype=np.bool_)
            for _, rows in taken:
                seen[rows] = True
            self._visits += seen
        else:
            for _, rows in taken:
                self._visits[rows] += 1

    def _eligible(self, books: _Books, year: int, day: int) -> Tiers:
        """Tier of each subject that can be drawn today; that of nobody for others."""
        office = books.office
        tier = books.tier[: self._joined]
        last = books.last[: self._joined]
        visits = self._visits[: self._joined]
        if year == 0 and any(office.caps):
            visits = visits + self._world.before
        again = office.programme.times > 1
        held = np.zeros(len(tier), dtype=np.bool_)
        for k, (rest, cap) in enumerate(zip(office.rests, office.caps, strict=True)):
            if rest is not None or again:
                free = latest_day(day, rest)
                if again:  # drawn in this year already
                    free = min(free, self._world.first[year] - 1)
                held |= (tier == k) & (last > free)
            if cap is not None:
                held |= (tier == k) & (visits >= cap)
        # The tier of nobody has the highest number.
        free_tier: Tiers = np.maximum(tier, held.view(np.int8) * np.int8(office.tiers))
        return free_tier

    def _count(self, year: int) -> None:
        """Count subjects by inspections so far and by visits this year."""
        inspected = self._found.inspected[self._at, year]
        most = inspected.shape[1]
        for books in self._books:
            table = inspected[books.office.groups]
            rows = np.flatnonzero(books.checks)
            began = books.began[rows].astype(np.int64)
            cells = began * most + books.checks[rows]
            counts = np.bincount(cells, minlength=(len(table) + 1) * most)
            table[:] = counts.reshape(-1, most)[: len(table)]
            table[:, 0] = _sizes(books.began, len(table)) - table.sum(axis=1)
        visited = self._found.visited[self._at, year]
        visits = self._visits[np.flatnonzero(self._visits)]
        visited[:] = np.bincount(visits, minlength=len(visited))
        visited[0] = np.count_nonzero(self._alive) - len(visits)

    def _move(self, year: int) -> None:
        """Move subjects between classes."""
        moves = self._world.moves
        if moves is None:
            return
        luck = self._lots(_MOVE, year)
        own = self._own[: self._joined]
        rows = _below(luck, own, moves.leave)
        rows = rows[self._alive[rows]]
        here = own[rows]
        for state, (bounds, targets) in enumerate(
            zip(moves.bounds, moves.targets, strict=True)
        ):
            leaving = rows[here == state]
            if len(leaving):
                at = np.searchsorted(bounds, luck[leaving], side="right")
                own[leaving] = targets[at]
        for books in self._books:
            books.tier[rows] = books.office.tier_of[self._cell[rows], own[rows]]

    def _close(self, year: int) -> None:
        """Remove closed subjects."""
        if not self._closing:
            return
        gone = np.flatnonzero(self._lots(_CLOSE, year) < self._closing)
        self._alive[gone] = False
        for books in self._books:
            books.tier[gone] = books.office.tiers
            books.began[gone[gone < self._start]] = books.office.tiers


def _sizes(tier: Tiers, tiers: int) -> list[int]:
    """Size of each tier; comparing bytes is faster than bincount."""
    return [int(np.count_nonzero(tier == k)) for k in range(tiers)]


def _year_quotas(office: Office, sizes: list[int]) -> list[tuple[int, ...]]:
    """Numbers that the ratios demand in each draw of the year, by tier."""
    programme = office.programme
    parts = (Fraction(1, programme.times),) * programme.times
    return [
        batch_quotas(_quota(rule.ratio, size, programme.officers), parts)
        for rule, size in zip(programme.policy.rules, sizes, strict=True)
    ]


def _quota(ratio: Ratio, size: int, officers: int | None) -> int:
    """Quota of a ratio; its lower bound if no number lies within both bounds."""
    try:
        return ratio.quota(size, officers=officers)
    except InvalidValueError:  # officers are known, so the bounds cross
        return share_up(ratio.target, size)


def _below(
    luck: npt.NDArray[np.float64],
    codes: npt.NDArray[np.integer],
    bounds: Iterable[float],
) -> Rows:
    """Rows whose random number is below the bound of their code."""
    low = np.zeros(len(luck), dtype=np.bool_)
    for code, bound in enumerate(bounds):
        if bound > 0:
            low |= (codes == code) & (luck < bound)
    return np.flatnonzero(low)


def _lowest(
    luck: npt.NDArray[np.float64], tier: Tiers, sizes: list[int], quotas: list[int]
) -> Rows:
    """
    Rows with the lowest numbers of each tier, as many as its quota.

    Looks first at rows with numbers low enough to contain them almost surely,
    and at the whole tier only if these are too few.
    """
    bounds = [
        _ALL if quota == size else (quota + _MARGIN * (quota**0.5 + 1)) / size
        for quota, size in zip(quotas, sizes, strict=True)
    ]
    near = _below(luck, tier, bounds)
    which = tier[near]
    drawn = []
    for k, quota in enumerate(quotas):
        rows = near[which == k]
        if len(rows) < quota:
            rows = np.flatnonzero(tier == k)
        if quota < len(rows):
            rows = rows[np.argpartition(luck[rows], quota)[:quota]]
        drawn.append(rows)
    return np.concatenate(drawn)


_SEEDS = 2**63
_MOST_YEARS = 1000  # an int16 counts the checks of monthly draws


@cites(article(13), article(15), CAPS_2024_54)
def simulate_policy(
    register: SubjectRegister,
    scenario: Scenario,
    /,
    *,
    on: dt.date,
    years: int,
    replicates: int = 100,
    rng: Rng = None,
    progress: Callable[[int], object] | None = None,
) -> PolicyRun:
    """
    Simulate the years of a policy over a register, many times.

    Each draw divides the subjects as `TierPolicy.frame` does, with the same
    ratios, rests and caps, and draws the quota of each tier, every set with the
    same chance.  Subjects that are drawn are inspected on that day.  A rest
    counts from the last inspection by the same programme (in the register, by
    anyone); a cap counts the visits of all programmes in the year before the
    day.  At the end of a year, subjects move between classes and close.  If no
    whole number lies between the two bounds of a ratio, the lower bound is met.

    Args:
        register: The subjects at the start, without those struck off or moved
            out.
        scenario: How the years go.
        on: Day of the first draws. Years count from it, and
            `visits_this_year` of the register belongs to the first.
        years: [1 to 1000] How many years.
        replicates: [int >= 1] How many times.
        rng: As in NumPy. With the same seed, different scenarios have the same
            luck: see `what_if`.
        progress: Called with 1 after each replicate, such as
            ``tqdm(total=replicates).update``.

    Returns:
        The results.

    Raises:
        InvalidValueError: A number is out of range, or years and replicates
            are too many for the memory.
        InvalidInput: A field is missing, subjects could move to a class
            without a tier, a class that moves is one that nobody can have, or
            an inspection lies after *on*.

    Examples:
        >>> from dsgk.simulate import Programme
        >>> from dsgk.tiers import Ratio, TierPolicy, TierRule
        >>> register = SubjectRegister.from_columns(id=[f"S{k}" for k in range(100)])
        >>> policy = TierPolicy([TierRule("全部", ratio=Ratio.exactly("10%"))])
        >>> run = simulate_policy(
        ...     register, Scenario(Programme("消防", policy)),
        ...     on=dt.date(2026, 1, 1), years=2, replicates=50, rng=1,
        ... )
        >>> run.visits().mean.tolist()
        [10.0, 10.0]
    """
    runs = what_if(
        register,
        {"": scenario},
        on=on,
        years=years,
        replicates=replicates,
        rng=rng,
        progress=progress,
    )
    return runs[""]


def what_if(
    register: SubjectRegister,
    scenarios: Mapping[str, Scenario],
    /,
    *,
    on: dt.date,
    years: int,
    replicates: int = 100,
    rng: Rng = None,
    progress: Callable[[int], object] | None = None,
) -> dict[str, PolicyRun]:
    """
    Run several scenarios with the same random numbers.

    In the same replicate, year and month a subject has the same random number
    for the draw, for movement and for closure in every scenario.  So two runs
    differ only by what the scenarios say, and their `Indicator.minus` has a
    small error.

    Args:
        register: As for `simulate_policy`, like those that follow.
        scenarios: [name of your choice -> scenario] What is compared.
        on: First day.
        years: How many years.
        replicates: How many times.
        rng: As in NumPy.
        progress: Called with 1 after each replicate of each scenario.

    Returns:
        [name -> run] The runs.
    """
    instead = "SubjectRegister.from_table(table)"
    check_type(register, SubjectRegister, name="register", instead=instead)
    day = check_day(on, name="on")
    years = check_count(years, name="years", least=1, most=_MOST_YEARS)
    replicates = check_count(replicates, name="replicates", least=1)
    tell = check_progress(progress)
    check_mapping(scenarios, name="scenarios", instead="{'now': scenario}")
    for scenario in scenarios.values():
        instead = "Scenario(Programme('…', policy))"
        check_type(scenario, Scenario, name="scenario", instead=instead)
    luck = generator(rng)
    for scenario in scenarios.values():
        _check_size(scenario, years, replicates)
    seeds = luck.integers(0, _SEEDS, replicates).tolist()
    worlds = {
        name: make_world(register, scenario, day, years)
        for name, scenario in scenarios.items()
    }
    return {name: _run(world, seeds, tell) for name, world in worlds.items()}


def _most_checks(scenario: Scenario, years: int) -> int:
    """How often one programme can inspect one subject at most."""
    return years * max(programme.times for programme in scenario.programmes)


def _check_size(scenario: Scenario, years: int, replicates: int) -> None:
    """Reject more than memory holds; `inspected` is the largest array."""
    tiers = sum(len(programme.policy.rules) for programme in scenario.programmes)
    most = _most_checks(scenario, years) + 1
    check_size(replicates * years * tiers * most, "replicates")


def _run(world: World, seeds: list[int], tell: Callable[[int], object]) -> PolicyRun:
    years = len(world.first)
    offices = world.offices
    shape = (len(seeds), years, offices[-1].groups.stop)
    checks = _most_checks(world.scenario, years) + 1
    most = sum(office.programme.times for office in offices)
    shapes: dict[str, tuple[int, ...]] = dict.fromkeys(
        ("registered", "wanted", "drawn"), shape
    )
    shapes |= {"inspected": (*shape, checks), "visited": (*shape[:2], most + 1)}
    arrays = {name: np.zeros(shape, dtype=np.int64) for name, shape in shapes.items()}
    tiers = tuple(
        (office.programme.name, rule.name)
        for office in offices
        for rule in office.programme.policy.rules
    )
    found = PolicyRun(scenario=world.scenario, tiers=tiers, **arrays)
    for replicate, seed in enumerate(seeds):
        Course(world, seed, found, replicate).run()
        tell(1)
    for array in arrays.values():
        array.flags.writeable = False
    return found
