"""A register and a scenario as arrays, for the years to run over."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars import Period, Unit
from dsgk.errors import Fault, Faults, invalid
from dsgk.kernels.workdays import add_months
from dsgk.simulate.scenarios import Movement, Programme, Scenario
from dsgk.subjects import Status, SubjectRegister
from dsgk.tables import Days
from dsgk.tiers import LEFT


__all__ = ["NEVER", "Moves", "Office", "World", "latest_day", "make_world"]

NEVER = -(2**31)
"""Day of the last inspection of a subject that had none."""

_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_YEAR = 12
_MOST_TIERS = 127  # an int8 holds their numbers and the one of nobody
Days32 = npt.NDArray[np.int32]


class Office(NamedTuple):
    """
    A programme as arrays; tier T, after its T tiers, is that of nobody.

    Attributes:
        programme: What it is made of.
        tier_of: [(cells, classes) int8] Tier of every kind of subject.
        caps: [T ints or None] Visits in a year at which a subject is full.
        rests: [T periods or None] Rest of each tier.
        first: [int] Position of its first tier among those of all offices.
    """

    programme: Programme
    tier_of: npt.NDArray[np.int8]
    caps: tuple[int | None, ...]
    rests: tuple[Period | None, ...]
    first: int

    @property
    def tiers(self) -> int:
        """How many tiers there are, which is also the tier of nobody."""
        return len(self.rests)

    @property
    def groups(self) -> slice:
        """Where its tiers stand among those of all offices."""
        return slice(self.first, self.first + self.tiers)


class Round(NamedTuple):
    """
    A day on which somebody draws.

    Attributes:
        month: [0..11] Month of the year of the simulation.
        day: [days since 1970] The day.
        turns: [int for each office] Which draw of its year it is for an
            office, from 0; -1 for those that do not draw.
    """

    month: int
    day: int
    turns: tuple[int, ...]


class Moves(NamedTuple):
    """
    Movement between classes as arrays.

    Attributes:
        leave: [s floats] Chance to leave each class.
        bounds: [s arrays] Cumulated chances of the classes that it leads to.
        targets: [s arrays] These classes.
    """

    leave: list[float]
    bounds: tuple[npt.NDArray[np.float64], ...]
    targets: tuple[npt.NDArray[np.int64], ...]


@attrs.frozen(kw_only=True, eq=False, repr=False)
class World:
    """
    What all replicates of a scenario begin with.

    Attributes:
        scenario: The scenario.
        cell: [(n,) int32] Which combination of the values that stay each
            registered subject has.
        own: [(n,) int16] Class of each.
        last: [(n,) int32] Day of the last inspection, or `NEVER`.
        before: [(n,) int64] Visits in the first year before the start.
        offices: The programmes.
        moves: The movement, or None.
        first: [(years,) int] First day of each year.
        rounds: [years tuples] Days on which somebody draws.
    """

    scenario: Scenario
    cell: npt.NDArray[np.int32]
    own: npt.NDArray[np.int16]
    last: Days32
    before: npt.NDArray[np.int64]
    offices: tuple[Office, ...]
    moves: Moves | None
    first: tuple[int, ...]
    rounds: tuple[tuple["Round", ...], ...]


def make_world(
    register: SubjectRegister, scenario: Scenario, day: dt.date, years: int
) -> World:
    """
    Prepare a scenario, and reject what could fail in some later year.

    Every kind of subject that there is, in every class to which it could
    move, must have a tier in every programme whose list it is on.
    """
    status = register.classes["status"]
    left = np.array([value in LEFT for value in (*status.categories, None)])
    rows = np.flatnonzero(~left[status.codes])
    movement = scenario.movement
    fields = _fields(register, scenario)
    states = _states(register, movement)
    if movement is not None:
        _check_classes(register, scenario, movement)
    columns = [register.classes[f].codes[rows] for f in fields]
    cells, cell_of = _cells(columns, len(rows))
    own = np.zeros(len(rows), dtype=np.int64)
    if movement is not None:
        column = register.classes[movement.field]
        known = [states.index(value) for value in (*column.categories, None)]
        own = np.array(known)[column.codes[rows]]
    moves = None if movement is None else _moves(movement, states)
    model = _every_kind(register, rows[cells], fields, movement, states)
    possible = _reachable(cell_of, own, (len(cells), len(states)), moves)
    last = register.last_inspected_on[rows]
    _check_past(register, rows, last, day)
    days = np.where(np.isnat(last), NEVER, last.astype(np.int64)).astype(np.int32)
    opening = 0 if scenario.turnover is None else scenario.turnover.opening
    if opening and not len(rows):
        raise invalid("opening-like-nobody", name="register")
    first, rounds = _times(scenario, day, years)
    return World(
        scenario=scenario,
        cell=cell_of.astype(np.int32),
        own=own.astype(np.int16),
        last=days,
        before=register.visits_this_year[rows],
        offices=tuple(_offices(scenario, model, possible)),
        moves=moves,
        first=first,
        rounds=rounds,
    )


def _fields(register: SubjectRegister, scenario: Scenario) -> list[str]:
    """Fields on which a tier may depend, without the one that subjects move in."""
    used = {
        field: None
        for one in scenario.programmes
        for when in (one.within, *(rule.when for rule in one.policy.rules))
        for field in when
    }
    moved = scenario.movement.field if scenario.movement is not None else None
    asked = dict.fromkeys((*used, moved) if moved is not None else used)
    Faults(
        Fault.of("unknown-field", column=field, known=[*register.classes])
        for field in asked
        if field not in register.classes
    ).raise_any("scenario")
    return [field for field in used if field != moved]


def _states(register: SubjectRegister, movement: Movement | None) -> list[Any]:
    """Classes that a subject may ever have, None among them where it occurs."""
    if movement is None:
        return [None]
    there = register.classes[movement.field].categories
    return list(dict.fromkeys((*there, *movement.classes, None)))


def _check_classes(
    register: SubjectRegister, scenario: Scenario, movement: Movement
) -> None:
    """
    Reject moves out of a class that nobody has: a label that is mistyped.

    A movement of a whole province may name classes that a small register
    lacks; those are classes to which it moves somebody, or that have a tier.
    """
    field = movement.field
    known = [*register.classes[field].categories, None]
    known += [other for row in movement.moves.values() for other in row]
    for one in scenario.programmes:
        for when in (one.within, *(rule.when for rule in one.policy.rules)):
            known += sorted(when.get(field, ()), key=repr)
    Faults(
        Fault.of(
            "movement-class", column=field, got=label, known=[*dict.fromkeys(known)]
        )
        for label in movement.moves
        if label not in known
    ).raise_any("movement")


def _cells(
    columns: list[npt.NDArray[np.int32]], n: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First row of every combination of values, and which one each row has."""
    key = np.zeros(n, dtype=np.int64)
    for column in columns:  # kept small, so that no product can overflow
        width = int(column.max(initial=-1)) + 2
        key = np.unique(key * width + column + 1, return_inverse=True)[1].reshape(-1)
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    return first, cell.reshape(-1)


def _every_kind(
    register: SubjectRegister,
    rows: npt.NDArray[np.int64],
    fields: list[str],
    movement: Movement | None,
    states: list[Any],
) -> SubjectRegister:
    """Make a register with one subject of every kind in every class."""
    k = len(states)
    given: dict[str, Any] = {}
    for field in fields:
        cells = register.classes[field].take(rows).cells()
        given[field] = [cell for cell in cells for _ in range(k)]
    if movement is not None:
        given[movement.field] = states * len(rows)
    ids = [f"{number}" for number in range(len(rows) * k)]
    return SubjectRegister.from_columns(id=ids, **given)


def _reachable(
    cell: npt.NDArray[np.int64],
    own: npt.NDArray[np.int64],
    shape: tuple[int, int],
    moves: Moves | None,
) -> npt.NDArray[np.bool_]:
    """[(cells, states)] Which combinations there are, or can come to be."""
    there = np.zeros(shape, dtype=np.bool_)
    there[cell, own] = True
    if moves is not None:
        for _ in range(shape[1]):
            for state, targets in enumerate(moves.targets):
                there[:, targets] |= there[:, [state]]
    return there


def _offices(
    scenario: Scenario, model: SubjectRegister, possible: npt.NDArray[np.bool_]
) -> Iterator[Office]:
    """Put every programme's tiers beside every kind of subject."""
    faults = Faults()
    first = 0
    for programme in scenario.programmes:
        rules = programme.policy.rules
        if len(rules) > _MOST_TIERS:
            faults.add(
                "programme-tiers",
                column=programme.name,
                got=len(rules),
                most=_MOST_TIERS,
            )
            continue
        inside = model.matches(programme.within)
        codes = programme.policy.classify(model)
        lacking = np.flatnonzero(inside & possible.reshape(-1) & (codes < 0))
        for row in lacking.tolist():
            classes = model.classes
            values = {
                field: getattr(column.cell(row), "value", column.cell(row))
                for field, column in classes.items()
                if field != "status" or column.cell(row) is not Status.ACTIVE
            }
            faults.add("tier-unreached", column=programme.name, got=str(values))
        yield Office(
            programme,
            np.where(inside & (codes >= 0), codes, len(rules))
            .astype(np.int8)
            .reshape(possible.shape),
            tuple(rule.yearly_cap for rule in rules),
            tuple(rule.rest for rule in rules),
            first,
        )
        first += len(rules)
    faults.raise_any("scenario")


def _moves(movement: Movement, states: list[Any]) -> Moves:
    rows = [movement.moves.get(state, {}) for state in states]
    bounds = [np.cumsum([*row.values()]) for row in rows]
    return Moves(
        [float(b[-1]) if len(b) else 0.0 for b in bounds],
        tuple(bounds),
        tuple(np.array([states.index(t) for t in row], np.int64) for row in rows),
    )


def _check_past(
    register: SubjectRegister, rows: npt.NDArray[np.int64], last: Days, day: dt.date
) -> None:
    late = np.flatnonzero(last > np.datetime64(day, "D")).tolist()
    faults = Faults()

    def inspected_later(k: int) -> Fault:
        return Fault.of(
            "inspected-later",
            row=int(rows[k]),
            column="last_inspected_on",
            id=register.ids[rows[k]],
            got=str(last[k]),
            on=day,
        )

    faults.add_rows(late, inspected_later, column="last_inspected_on")
    faults.raise_any("subject register")


def _times(
    scenario: Scenario, day: dt.date, years: int
) -> tuple[tuple[int, ...], tuple[tuple[Round, ...], ...]]:
    """First days of the years, and the days of all draws."""
    start = np.full(_YEAR * years, np.datetime64(day, "D"))
    days = add_months(start, np.arange(_YEAR * years)).astype(np.int64).tolist()
    first = tuple(days[::_YEAR])
    steps = [_YEAR // one.times for one in scenario.programmes]
    rounds = []
    for year in range(years):
        held = []
        for month in range(_YEAR):
            turns = tuple(-1 if month % step else month // step for step in steps)
            if max(turns) >= 0:
                held.append(Round(month, days[_YEAR * year + month], turns))
        rounds.append(tuple(held))
    return first, tuple(rounds)


def latest_day(day: int, rest: Period | None) -> int:
    """
    Find the latest last inspection after which a subject is free again on a day.

    Args:
        day: [days since 1970] The day.
        rest: In days, months or years.

    Returns:
        [days since 1970] The latest day from which the rest is over on *day*;
        *day* itself without a rest.

    Examples:
        >>> day = np.datetime64("2026-02-28").astype(int)
        >>> str(np.datetime64(latest_day(int(day), Period(1, Unit.MONTH)), "D"))
        '2026-01-31'
    """
    if rest is None:
        return day
    if rest.unit is Unit.DAY:
        return day - rest.n
    months = rest.n * _MONTHS[rest.unit]
    here = np.array([day]).astype("datetime64[D]")
    # Several ends of a long month lead to the last day of a short one.
    before = add_months(here, -months)[0] + np.arange(4)
    free = add_months(before, months) <= here[0]
    return int(before[free][-1].astype(np.int64))
