"""One course that the years may take."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from dsgk.errors import InvalidValueError
from dsgk.fields import check_count, check_day, check_mapping, check_type
from dsgk.kernels.allocation import share_up
from dsgk.plans import batch_quotas
from dsgk.simulate._draw_many import (
    Rng,
    check_progress,
    check_size,
    generator,
)
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


# What random numbers are for; each has streams of its own, so that scenarios
# have the same luck in all that they share.
_DRAW, _MOVE, _CLOSE, _OPEN = range(4)
_MARGIN = 4.0  # standard deviations more are looked at than are to be drawn
_ALL = 2.0  # above every random number

Rows = npt.NDArray[np.intp]
Tiers = npt.NDArray[np.int8]


class _Books:
    """
    What a programme knows of the subjects.

    Attributes:
        office: The programme.
        tier: [(n,) int8] Tier of each subject today, that of nobody for those
            that it does not know, that left or that are yet to come.
        last: [(n,) int32] Day of its last inspection of each.
        began: [(start,) int8] Tier of each at the start, that of nobody once
            it left.
        checks: [(start,) int16] Inspections of each since the start.
        registered: [T ints] Sizes of the tiers in this year.
        quotas: [T tuples] What the ratios ask for in each draw of this year.
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
    One replicate of a scenario; the only place in which anything changes.

    Args:
        world: What it begins with.
        seed: Where its random numbers come from.
        found: Where it writes what it finds.
        at: Which replicate it is.
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
        """Let the years pass."""
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
        """One random number for each subject that has joined, until the next."""
        return self._stream(*purpose).random(out=self._luck[: self._joined])

    def _open(self, year: int) -> None:
        """Begin a year: new firms join."""
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
        """Tier of those that can be drawn today, that of nobody for the others."""
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
        # Nobody's tier has the highest number.
        free_tier: Tiers = np.maximum(tier, held.view(np.int8) * np.int8(office.tiers))
        return free_tier

    def _count(self, year: int) -> None:
        """Note how often everyone was inspected, and visited this year."""
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
        """Let subjects move between classes."""
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
        """Let subjects leave the register."""
        if not self._closing:
            return
        gone = np.flatnonzero(self._lots(_CLOSE, year) < self._closing)
        self._alive[gone] = False
        for books in self._books:
            books.tier[gone] = books.office.tiers
            books.began[gone[gone < self._start]] = books.office.tiers


def _sizes(tier: Tiers, tiers: int) -> list[int]:
    """How many rows each tier has; passes over bytes are faster than bincount."""
    return [int(np.count_nonzero(tier == k)) for k in range(tiers)]


def _year_quotas(office: Office, sizes: list[int]) -> list[tuple[int, ...]]:
    """What the ratios ask for in each draw of the year, tier by tier."""
    programme = office.programme
    parts = (Fraction(1, programme.times),) * programme.times
    return [
        batch_quotas(_quota(rule.ratio, size, programme.officers), parts)
        for rule, size in zip(programme.policy.rules, sizes, strict=True)
    ]


def _quota(ratio: Ratio, size: int, officers: int | None) -> int:
    """What a ratio asks for; its lower bound where nothing lies within both."""
    try:
        return ratio.quota(size, officers=officers)
    except InvalidValueError:  # officers are there, so it is the upper bound
        return share_up(ratio.target, size)


def _below(
    luck: npt.NDArray[np.float64],
    codes: npt.NDArray[np.integer],
    bounds: Iterable[float],
) -> Rows:
    """Rows whose number is below the bound of their code."""
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

    Looks only at rows that are low enough to be among them with near
    certainty, and at all of the tier where that does not suffice.
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
    Run the years of a policy over a register, many times.

    A draw parts the subjects as `TierPolicy.frame` does, by the same ratios,
    rests and caps, and takes in every tier the number that the ratio asks for,
    every set alike.  Who is drawn is inspected that day.  A rest counts from
    the last inspection by the same programme (in the register: by whomever),
    a cap counts the visits of all programmes in the year, as they stood
    before the draws of the day.  At the end of a year subjects move between
    classes and close.  Where no whole number of a tier lies between the two
    bounds of a ratio, the lower one is met: a plan would be made anew then,
    and the years go on.

    Args:
        register: The subjects at the start.  Those that left are left out.
        scenario: How the years go.
        on: First day, on which the first draws are made. Years count from it,
            and `visits_this_year` of the register belongs to the first.
        years: [1 to 1000] How many years.
        replicates: [int >= 1] How many times.
        rng: As in NumPy. With the same seed different scenarios have the same
            luck: see `what_if`.
        progress: Called with 1 after each replicate, such as
            ``tqdm(total=replicates).update``.

    Returns:
        What was found.

    Raises:
        InvalidValueError: A number is out of range, or there are too many years
            and replicates in all to be held.
        InvalidInput: A field is not there, subjects could come to a class
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

    In the same replicate, year and month a subject has the same number in the
    draw, in the movement and in the closures of every scenario.  So two runs
    differ by what the scenarios say, and `Indicator.minus` of the two has a
    small error.

    Args:
        register: As for `simulate_policy`, and so are the others.
        scenarios: By a name of your choice.
        on: See there.
        years: See there.
        replicates: See there.
        rng: See there.
        progress: See there; called for each replicate of each scenario.

    Returns:
        The runs by the names of the scenarios.
    """
    check_type(
        register,
        SubjectRegister,
        name="register",
        instead="SubjectRegister.from_table(table)",
    )
    day = check_day(on, name="on")
    years = check_count(years, name="years", least=1, most=_MOST_YEARS)
    replicates = check_count(replicates, name="replicates", least=1)
    tell = check_progress(progress)
    check_mapping(scenarios, name="scenarios", instead="{'now': scenario}")
    for scenario in scenarios.values():
        check_type(
            scenario,
            Scenario,
            name="scenario",
            instead="Scenario(Programme('…', policy))",
        )
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
    """How often one programme can inspect one subject."""
    return years * max(programme.times for programme in scenario.programmes)


def _check_size(scenario: Scenario, years: int, replicates: int) -> None:
    """Refuse what no memory holds; the columns by number of checks are the largest."""
    tiers = sum(len(programme.policy.rules) for programme in scenario.programmes)
    most = _most_checks(scenario, years) + 1
    check_size(replicates * years * tiers * most, "replicates")


def _run(world: World, seeds: list[int], tell: Callable[[int], object]) -> PolicyRun:
    years = len(world.first)
    offices = world.offices
    groups = offices[-1].groups.stop
    checks = _most_checks(world.scenario, years) + 1
    shape = (len(seeds), years, groups)
    most = sum(office.programme.times for office in offices)
    found = PolicyRun(
        scenario=world.scenario,
        tiers=tuple(
            (office.programme.name, rule.name)
            for office in offices
            for rule in office.programme.policy.rules
        ),
        registered=np.zeros(shape, dtype=np.int64),
        wanted=np.zeros(shape, dtype=np.int64),
        drawn=np.zeros(shape, dtype=np.int64),
        inspected=np.zeros((*shape, checks), dtype=np.int64),
        visited=np.zeros((len(seeds), years, most + 1), dtype=np.int64),
    )
    for replicate, seed in enumerate(seeds):
        Course(world, seed, found, replicate).run()
        tell(1)
    for array in (
        found.registered,
        found.wanted,
        found.drawn,
        found.inspected,
        found.visited,
    ):
        array.flags.writeable = False
    return found
