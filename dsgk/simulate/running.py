"""The years of a policy, one replicate after the other."""

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np

from dsgk.fields import check_count, check_day, check_mapping, check_type
from dsgk.simulate.arguments import (
    Rng,
    check_progress,
    check_size,
    generator,
)
from dsgk.simulate.course import Course
from dsgk.simulate.runs import PolicyRun
from dsgk.simulate.scenarios import Scenario
from dsgk.simulate.world import World, make_world
from dsgk.sources import CAPS_2024_54, article, cites
from dsgk.subjects import SubjectRegister


__all__ = ["simulate_policy", "what_if"]

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
