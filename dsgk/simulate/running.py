"""The years of a policy, one replicate after the other."""

import datetime as dt
from collections.abc import Callable, Mapping

import numpy as np

from dsgk.errors import InvalidTypeError
from dsgk.simulate.course import Course
from dsgk.simulate.draws import Rng, check_count
from dsgk.simulate.runs import PolicyRun
from dsgk.simulate.scenarios import Scenario
from dsgk.simulate.world import World, make_world
from dsgk.sources import CAPS_2024_54, article, cites
from dsgk.subjects import SubjectRegister
from dsgk.tables.cells import check_day


__all__ = ["simulate_policy", "what_if"]

_SEEDS = 2**63


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
    classes and close.

    Args:
        register: The subjects at the start.  Those that left are left out.
        scenario: How the years go.
        on: First day, on which the first draws are made. Years count from it,
            and `visits_this_year` of the register belongs to the first.
        years: [int >= 1] How many years.
        replicates: [int >= 1] How many times.
        rng: As in NumPy. With the same seed different scenarios have the same
            luck: see `what_if`.
        progress: Called with 1 after each replicate, such as
            ``tqdm(total=replicates).update``.

    Returns:
        What was found.

    Raises:
        InvalidTypeError, InvalidValueError: An argument has another type or
            is out of range, or a ratio admits no whole number in a tier.
        InvalidInput: A field is not there, subjects could come to a class
            without a tier, or an inspection lies after *on*.

    Cites:
        District Opinion, Art. 13 and 15, State Council Office 2024/54.

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

    Raises:
        InvalidTypeError, InvalidValueError, InvalidInput: As
            `simulate_policy`.
    """
    if not isinstance(register, SubjectRegister):
        msg = (
            f"'register' must be a SubjectRegister (got {type(register).__name__!r}). "
            "Write SubjectRegister.from_table(table)."
        )
        raise InvalidTypeError(msg, code="register-type")
    day = check_day(on, name="on")
    check_count(years, "years", least=1)
    check_count(replicates, "replicates", least=1)
    if not isinstance(scenarios, Mapping):
        msg = (
            f"'scenarios' must map names to scenarios (got {scenarios!r}). "
            "Write {'now': scenario}."
        )
        raise InvalidTypeError(msg, code="scenarios-type")
    for scenario in scenarios.values():
        if not isinstance(scenario, Scenario):
            msg = (
                f"'scenario' must be a Scenario (got {scenario!r}). "
                "Write Scenario(Programme('…', policy))."
            )
            raise InvalidTypeError(msg, code="scenario-type")
    seeds = np.random.default_rng(rng).integers(0, _SEEDS, replicates).tolist()
    worlds = {
        name: make_world(register, scenario, day, years)
        for name, scenario in scenarios.items()
    }
    return {name: _run(world, seeds, progress) for name, world in worlds.items()}


def _run(
    world: World, seeds: list[int], progress: Callable[[int], object] | None
) -> PolicyRun:
    years = len(world.first)
    offices = world.offices
    groups = offices[-1].groups.stop
    checks = 1 + years * max(office.programme.times for office in offices)
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
        if progress is not None:
            progress(1)
    for array in (
        found.registered,
        found.wanted,
        found.drawn,
        found.inspected,
        found.visited,
    ):
        array.flags.writeable = False
    return found
