"""
What is simulated: programmes of draws, movement between classes, turnover.

What the law sets is exact: a `TierPolicy` with its ratios, rests and caps.
Chances of moving or closing are estimates, so they may be floats.
"""

import contextlib
import datetime as dt
import operator
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.calendars import Period, Unit
from dsgk.errors import Fault, Faults, FrozenDict, invalid
from dsgk.fields import (
    Kind,
    Label,
    Natural,
    Stored,
    check_mapping,
    check_text,
    check_type,
    declared,
    read_value,
    several,
    value,
)
from dsgk.kernels.workdays import add_months
from dsgk.simulate._draw_many import Chance, Share, check_chance
from dsgk.sources import article, cites
from dsgk.subjects import Accepted, Selection, Status, SubjectRegister, Value, select
from dsgk.tables import Days
from dsgk.tiers import LEFT, Base, Measure, Ratio, TierPolicy


_TIMES = (1, 2, 3, 4, 6, 12)
_MOVES = "{'C': {'B': 0.1, 'D': 0.05}}"
_ROUNDING = 1e-9  # by which a sum of floats may miss 1


def _within(given: Mapping[str, Collection[Value | Status | None]] | None) -> Selection:
    return FrozenDict(select({} if given is None else given, name="within"))


@cites(article(13), article(15))
@value("dsgk-programme/1")
@attrs.frozen(field_transformer=declared)
class Programme(Stored):
    """
    What one department draws, year after year.

    Attributes:
        name: Name of the department or of the entry of its plan.
        policy: Tiers with their ratios, rests and yearly caps.
        times: [1, 2, 3, 4, 6 or 12] Draws in a year, equally many months
            apart. Together they make the year's ratio; no subject is drawn
            twice in a year.
        base: What the ratios are shares of.
        within: Accepted values by field, if the department's list is a part
            of the register; None: all of it.
        officers: Number of officers, for ratios per officer.

    Raises:
        InvalidValueError: *times* is another number, or *officers* is missing.

    Examples:
        >>> from dsgk.tiers import TierRule
        >>> policy = TierPolicy([TierRule("全部", ratio=Ratio.exactly("3%"))])
        >>> Programme("消防", policy, times=4).times
        4
    """

    name: Label
    policy: TierPolicy
    times: Natural = attrs.field(default=1, kw_only=True)
    base: Base = attrs.field(default=Base.ELIGIBLE, kw_only=True)
    within: Accepted = attrs.field(default=None, kw_only=True, converter=_within)
    officers: Natural | None = attrs.field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Reject draws at unequal distances and ratios of unknown officers."""
        faults = Faults()
        if self.times not in _TIMES:
            faults.add("programme-times", column="times", got=self.times, known=_TIMES)
        by_officers = [
            rule.name
            for rule in self.policy.rules
            if rule.ratio.measure is Measure.PER_OFFICER
        ]
        if by_officers and self.officers is None:
            whose: dict[str, Any] = {"tiers": by_officers, "programme": self.name}
            faults.add("programme-officers", column="officers", **whose)
        faults.raise_any()


def _class_of(cell: object, name: str) -> Value | None:
    return None if cell is None else read_value(cell, name=name)


def _moves(
    given: Mapping[Value | None, Mapping[Value | None, Chance]] | list[Any],
) -> Mapping[Value | None, Mapping[Value | None, float]]:
    if isinstance(given, list):  # of a document
        with contextlib.suppress(TypeError, ValueError):
            given = {one: dict(row) for one, row in given}
    given = check_mapping(given, name="moves", instead=_MOVES)
    for row in given.values():
        check_mapping(row, name="moves", instead=_MOVES)
    faults = Faults()
    moves: dict[Value | None, dict[Value | None, float]] = {}
    for given_one, row in given.items():
        one = _class_of(given_one, "moves")
        moves[one] = {}
        for given_other, chance in row.items():
            other = _class_of(given_other, "moves")
            place = f"{one} to {other}"
            with faults.catch(place):
                moves[one][other] = float(check_chance(chance, place))
        total = sum(moves[one].values())
        wrong = abs(total - 1) > _ROUNDING if one in row else total > 1 + _ROUNDING
        if wrong and not faults:
            faults.add("moves-total", column=str(one), got=round(total, 12))
        moves[one].pop(one, None)
    faults.raise_any("movement")
    return FrozenDict((one, FrozenDict(row)) for one, row in moves.items())


class _Moves(Kind):
    """Chances by class and class, stored as pairs, since a class may be None."""

    def plain(self, held: Any, /) -> list[Any]:  # noqa: ANN401
        """Give pairs of a class and a list: pairs of another class and chance."""
        return [[one, [*map(list, row.items())]] for one, row in held.items()]

    def schema(self) -> dict[str, Any]:
        """JSON Schema of the pairs."""
        return {"type": "array", "items": {"type": "array"}}


@value("dsgk-movement/1")
@attrs.frozen(field_transformer=declared)
class Movement(Stored):
    """
    How subjects move from class to class at the end of a year.

    Attributes:
        field: The field of the register that holds the class, such as
            ``"credit"``.
        moves: [class -> class -> 0 to 1] Chance to be in the other class next
            year; the rest stays. None stands for an unknown class.

    Raises:
        InvalidInput: A chance is out of range, or those of a class exceed 1.

    Examples:
        >>> movement = Movement("credit", {"C": {"D": 0.2, "B": 0.1}, "D": {"C": 0.5}})
        >>> movement.stay("C"), movement.stay("A")
        (0.7, 1.0)
    """

    field: Label
    moves: Annotated[Mapping[Value | None, Mapping[Value | None, float]], _Moves()] = (
        attrs.field(converter=_moves)
    )

    def stay(self, label: Value | None, /) -> float:
        """Chance to be in the same class next year."""
        moves = self.moves.get(_class_of(label, "label"), {})
        return max(0.0, 1.0 - sum(moves.values()))

    @property
    def classes(self) -> tuple[Value | None, ...]:
        """The classes named, each once, in order of appearance."""
        named = [label for one, row in self.moves.items() for label in (one, *row)]
        return tuple(dict.fromkeys(named))


@value("dsgk-turnover/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Turnover(Stored):
    """
    Closures and new firms.

    Attributes:
        closing: [0 to 1] Share of the subjects that leave the register at the
            end of a year.
        opening: Subjects that join at the start of each year after the first:
            copies of random subjects of the start, never inspected.
    """

    closing: Share = 0
    opening: Natural = 0


def _programmes(given: Iterable[Programme] | Programme) -> tuple[Programme, ...]:
    alone = isinstance(given, Programme)
    return several([given] if alone else given, Programme, name="programmes")


@value("dsgk-scenario/1")
@attrs.frozen(field_transformer=declared)
class Scenario(Stored):
    """
    One way in which the years may go.

    Attributes:
        programmes: One or more, with different names.
        movement: How subjects move between classes; None: not at all.
        turnover: Closures and new firms; None: neither.
        coordinated: Whether draws of one day share their key, so that
            programmes draw the same subjects as far as possible.
        merged: Whether checks of one subject on one day are one visit.

    Raises:
        InvalidInput: There is no programme, or two have the same name.

    Examples:
        >>> from dsgk.tiers import TierRule
        >>> policy = TierPolicy([TierRule("全部", ratio=Ratio.exactly("3%"))])
        >>> scenario = Scenario(Programme("消防", policy))
        >>> more = scenario.with_ratio("全部", Ratio.exactly("5%"))
        >>> more.programmes[0].policy.rules[0].ratio
        Ratio.exactly('5%')
    """

    programmes: tuple[Programme, ...] = attrs.field(converter=_programmes)
    movement: Movement | None = attrs.field(default=None, kw_only=True)
    turnover: Turnover | None = attrs.field(default=None, kw_only=True)
    coordinated: bool = attrs.field(default=True, kw_only=True)
    merged: bool = attrs.field(default=True, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Reject programmes that share a name."""
        faults = Faults()
        names: dict[str, int] = {}
        for row, programme in enumerate(self.programmes):
            if names.setdefault(programme.name, row) != row:
                faults.add("programme-twice", row=row, got=programme.name)
        if not self.programmes:
            faults.add("programme-none", column="programmes")
        faults.raise_any("scenario")

    def with_ratio(
        self, tier: str, ratio: Ratio, /, *, programme: str | None = None
    ) -> Self:
        """
        Return a copy with another ratio for one tier.

        Args:
            tier: Name of the tier.
            ratio: Its new ratio.
            programme: Name of the programme; None: all that have the tier.

        Raises:
            InvalidValueError: The programme, or none at all, has the tier.
        """
        tier = check_text(tier, name="tier")
        if programme is not None:
            programme = check_text(programme, name="programme")

        def changed(one: Programme) -> Programme:
            rules = one.policy.rules
            if programme not in {None, one.name} or tier not in [r.name for r in rules]:
                return one
            new = [attrs.evolve(r, ratio=ratio) if r.name == tier else r for r in rules]
            return attrs.evolve(one, policy=TierPolicy(new))

        programmes = tuple(map(changed, self.programmes))
        if all(map(operator.is_, programmes, self.programmes)):
            there = [r.name for one in self.programmes for r in one.policy.rules]
            known = [*dict.fromkeys(there)]
            raise invalid(
                "tier-unknown", name="tier", got=tier, programme=programme, known=known
            )
        return attrs.evolve(self, programmes=programmes)


def ratio_grid(
    scenario: Scenario,
    tier: str,
    ratios: Iterable[Ratio],
    /,
    *,
    programme: str | None = None,
) -> dict[str, Scenario]:
    """
    Make one scenario for each of several ratios of one tier.

    Args:
        scenario: What all of them have in common.
        tier: Name of the tier.
        ratios: Ratios to try.
        programme: Name of the programme; None: all that have the tier.

    Returns:
        [text of the ratio -> scenario] In the order given, for `what_if`.

    Raises:
        InvalidValueError: As `Scenario.with_ratio`.
    """
    check_type(scenario, Scenario, name="scenario")
    return {
        str(ratio): scenario.with_ratio(tier, ratio, programme=programme)
        for ratio in several(ratios, Ratio, name="ratios")
    }


NEVER = -(2**31)
"""Stands for the last inspection of a subject that had none."""

_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_YEAR = 12
_MOST_TIERS = 127  # an int8 holds their numbers and that of nobody
Days32 = npt.NDArray[np.int32]


class Office(NamedTuple):
    """
    A programme as arrays; the number after its T tiers stands for no tier.

    Attributes:
        programme: The programme.
        tier_of: [(cells, classes) int8] Tier of every kind of subject.
        caps: [T ints or None] Greatest number of visits in a year.
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
        """Number of tiers, which also stands for no tier."""
        return len(self.rests)

    @property
    def groups(self) -> slice:
        """Its tiers among those of all offices."""
        return slice(self.first, self.first + self.tiers)


class Round(NamedTuple):
    """
    A day on which somebody draws.

    Attributes:
        month: [0..11] Month of the year of the simulation.
        day: [days since 1970] The day.
        turns: [int for each office] Number of the draw in the year, from 0; -1
            if the office does not draw.
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
    The state at the start of all replicates of a scenario.

    Attributes:
        scenario: The scenario.
        cell: [(n,) int32] Combination of constant values that each registered
            subject has.
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
    Prepare a scenario, and reject anything that could fail in a later year.

    Every kind of subject needs a tier, in every class to which it could move,
    in every programme on whose list it is.
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
    moves = None if movement is None else _shares_of(movement, states)
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
    """Fields on which a tier may depend, except the one in which subjects move."""
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
    """Classes that a subject may ever have, perhaps None."""
    if movement is None:
        return [None]
    there = register.classes[movement.field].categories
    return list(dict.fromkeys((*there, *movement.classes, None)))


def _check_classes(
    register: SubjectRegister, scenario: Scenario, movement: Movement
) -> None:
    """
    Reject moves out of a class that nobody can have, such as a typing error.

    A movement for a whole province may name classes that a small register
    lacks, if somebody can move there or a tier selects them.
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
    """First row of each combination of values, and the combination of each row."""
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
    """Make a register with one subject of each kind in each class."""
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
    """[(cells, states)] Which combinations exist now or can exist later."""
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
    """Find the tier of every kind of subject in every programme."""
    faults = Faults()
    first = 0
    for programme in scenario.programmes:
        rules = programme.policy.rules
        if len(rules) > _MOST_TIERS:
            many, most = len(rules), _MOST_TIERS
            faults.add("programme-tiers", column=programme.name, got=many, most=most)
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


def _shares_of(movement: Movement, states: list[Any]) -> Moves:
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
    """First day of each year, and the days of all draws."""
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
    Find the latest inspection whose rest is over on a day.

    Args:
        day: [days since 1970] The day.
        rest: In days, months or years; None: no rest.

    Returns:
        [days since 1970] The day of that inspection; *day* without a rest.

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
