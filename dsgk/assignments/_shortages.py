"""Why no legal staffing exists, in numbers and in words."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any, TypeAlias, TypeVar, cast

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.assignments._bench import Bar, Bench
from dsgk.assignments._problem import PastVisit, Seat, kind_of
from dsgk.errors import DsgkError, Fault, Faults
from dsgk.fields import (
    Id,
    Kind as FieldKind,
    Label,
    Natural,
    Stored,
    declared,
    kind_of as field_kind,
    plain_fields,
    several,
    value,
)
from dsgk.inspectors import Inspector, Recusal
from dsgk.kernels.flows import Shortfall, Staffing
from dsgk.sources import article, cites


__all__ = ["Shortage", "UnstaffableError", "Way", "busy", "explain", "uncertified"]

_SHOWN = 5
_SHORTAGES_SHOWN = 20

_B = TypeVar("_B")
_TIE = field_kind(tuple[Id, Label])


@attrs.frozen
class _Bar(FieldKind):
    """Something that keeps somebody away."""

    def convert(self, given: Any, /) -> Any:  # noqa: ANN401
        if isinstance(given, (Recusal, PastVisit)):
            return given
        if isinstance(given, Mapping):
            return field_kind(PastVisit if "on" in given else Recusal).convert(given)
        return _TIE.convert(given)

    def plain(self, held: Any, /) -> Any:  # noqa: ANN401
        return [*held] if isinstance(held, tuple) else plain_fields(held)

    def schema(self) -> dict[str, Any]:
        kinds = field_kind(Recusal), field_kind(PastVisit), _TIE
        return {"anyOf": [kind.schema() for kind in kinds]}


Way: TypeAlias = tuple[Annotated[Recusal | PastVisit | tuple[str, str], _Bar()], ...]
"""Bars that must be lifted together; a pair is an inspector and an area of theirs."""


@value("dsgk-shortage/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Shortage(Stored):
    """
    Seats that compete for too few inspectors (人员缺口).

    Without any one of its seats one less would be missing, so none of them
    could be left out of the explanation; and what is missing here is missing
    whatever is done elsewhere.

    Attributes:
        wanted: The seats, as pairs of the id of a task and a seat of it, by
            task; of an outing, its first task.
        inspectors: Ids of all to whom one of the seats is open; where preset
            teams are drawn, ids of the teams that fit one of the tasks.
        capacity: How many of them these inspectors can take: each as many as
            their own capacity, and one in each task.
        ways: How one more of the places could be filled by letting somebody
            go who is kept away: each way a tuple of bars, all of which have
            to be lifted for it, and no fewer. A bar is a recusal, a visit of
            last time, or a pair of an inspector and an area they have ties
            with.
        busy: Who of *inspectors*, or in their teams, can take less for the
            tasks they have already: id, tasks already, capacity.
        uncertified: Ids of those whom one of the seats would be open to, had
            they a certificate.
        fitting: Ids of the preset teams whose members have all places of one
            of the tasks, whatever keeps them away.
        team_sizes: How many members the preset teams have, each size once;
            None where single inspectors are drawn.

    Examples:
        >>> shortage = Shortage(
        ...     wanted=[("T1", Seat(department="消防"))], inspectors=["XF1"], capacity=1
        ... )
        >>> print(shortage)
        1 of 2 seats for certified officers of '消防' in 1 task ('T1') must stay empty. They are open to 'XF1', who can take 1 in all.
        >>> print(shortage.chinese)
        'T1'共1项任务中，'消防'执法人员的2个席位有1个无人可派。可派'XF1'，共可承担1个。
        >>> Shortage.from_dict(shortage.to_dict()) == shortage
        True
    """  # noqa: E501

    wanted: tuple[tuple[Id, Seat], ...]
    inspectors: tuple[Id, ...]
    capacity: Natural
    ways: tuple[Way, ...] = ()
    busy: tuple[tuple[Id, Natural, Natural], ...] = ()
    uncertified: tuple[Id, ...] = ()
    fitting: tuple[Id, ...] = ()
    team_sizes: tuple[Natural, ...] | None = None

    @property
    def recusals(self) -> tuple[Recusal, ...]:
        """Recusals that stand in one of the ways, each once."""
        return self._bars(Recusal)

    @property
    def past_visits(self) -> tuple[PastVisit, ...]:
        """Visits of last time that stand in one of the ways, each once."""
        return self._bars(PastVisit)

    @property
    def home_areas(self) -> tuple[tuple[str, str], ...]:
        """Pairs of inspector and area that stand in one of the ways, each once."""
        return tuple(sorted(cast("tuple[tuple[str, str], ...]", self._bars(tuple))))

    def _bars(self, kind: type[_B]) -> tuple[_B, ...]:
        bars = dict.fromkeys(bar for way in self.ways for bar in way)
        return tuple(bar for bar in bars if isinstance(bar, kind))

    @property
    def of_teams(self) -> bool:
        """Whether preset teams are drawn, one for each task."""
        return self.team_sizes is not None

    @property
    def tasks(self) -> tuple[str, ...]:
        """Ids of the tasks, in order."""
        return tuple(dict.fromkeys(task_id for task_id, _ in self.wanted))

    @property
    def departments(self) -> tuple[str, ...]:
        """Departments for whose people the seats are."""
        return tuple(sorted({d for _, seat in self.wanted for d in seat.departments}))

    @property
    def skills(self) -> tuple[str, ...]:
        """Skills that one of the seats asks for."""
        return tuple(sorted({s for _, seat in self.wanted for s in seat.skills}))

    @property
    def officers(self) -> int:
        """How many of the seats' places are for certified officers alone."""
        return sum(seat.officers for _, seat in self.wanted)

    @property
    def experts(self) -> int:
        """How many of the seats' places are for experts alone."""
        return sum(seat.count for _, seat in self.wanted if seat.expert)

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many places a task has, each number once."""
        places: Counter[str] = Counter()
        for task_id, seat in self.wanted:
            places[task_id] += seat.count
        return tuple(sorted(set(places.values())))

    @property
    def seats(self) -> int:
        """How many places there are: the counts of the seats, or the tasks."""
        if self.of_teams:
            return len(self.tasks)
        return sum(seat.count for _, seat in self.wanted)

    @property
    def missing(self) -> int:
        """How many of the places nobody can take: *seats* less *capacity*."""
        return self.seats - self.capacity

    @property
    def faults(self) -> Faults:
        """What is missing, who could come and what keeps others away, in turn."""
        told = Faults()
        short: dict[str, Any] = {
            "missing": self.missing,
            "seats": self.seats,
            "departments": self.departments,
            "count": len(self.tasks),
            "tasks": self.tasks,
        }
        if self.of_teams:
            told.add("teams-short", sizes=self.sizes, **short)
        else:
            told.add("seats-short", whom=self._whom, **short)
        if self.skills:
            told.add("seats-skills", skills=self.skills)
        told.extend([self._open_to])
        for name, load, most in self.busy[:_SHOWN]:
            told.add("seats-busy", inspector_id=name, load=load, capacity=most)
        _more(told, self.busy)
        if self.uncertified:
            told.add("seats-uncertified", inspectors=self.uncertified)
        for way in self.ways[:_SHOWN]:
            told.add("seats-way")
            told.extend(map(_told, way[:_SHOWN]))
            _more(told, way)
        if len(self.ways) > _SHOWN:
            told.add("seats-ways", more=len(self.ways) - _SHOWN)
        return told

    @property
    def _open_to(self) -> Fault:
        """Who could come, how often, or why nobody."""
        who, sizes = self.inspectors, self.sizes
        if who:
            return Fault.of("seats-open", inspectors=who, capacity=self.capacity)
        if self.team_sizes is None:
            return Fault.of("seats-nobody")
        if self.fitting:
            return Fault.of("teams-barred", teams=self.fitting)
        if set(sizes).isdisjoint(self.team_sizes):
            return Fault.of("teams-size", sizes=sizes, team_sizes=self.team_sizes)
        return Fault.of("teams-places")

    @property
    def _whom(self) -> str:
        if self.experts:
            return "experts"
        if self.officers == self.seats:
            return "certified officers"
        return "certified officers and other staff" if self.officers else "staff"

    @property
    def chinese(self) -> str:
        """All sentences in Chinese."""
        return "".join(fault.chinese for fault in self.faults)

    def __str__(self) -> str:
        """All sentences in English."""
        return " ".join(fault.message for fault in self.faults)


def _more(told: Faults, listed: tuple[object, ...]) -> None:
    if len(listed) > _SHOWN:
        told.add("seats-more", more=len(listed) - _SHOWN)


def _told(bar: Recusal | PastVisit | tuple[str, str]) -> Fault:
    """Say what keeps somebody away."""
    if isinstance(bar, tuple):
        return Fault.of("bar-tie", inspector_id=bar[0], area=bar[1])
    if isinstance(bar, PastVisit):
        return Fault.of(
            "bar-visit",
            inspector_id=bar.inspector_id,
            subject_id=bar.subject_id,
            on=bar.on,
        )
    return Fault.of(
        "bar-recusal",
        inspector_id=bar.inspector_id,
        subject_id=bar.subject_id,
        reason=bar.reason,
        origin=bar.origin,
    )


class UnstaffableError(DsgkError, ValueError):
    """
    No legal staffing exists.

    Attributes:
        shortages: Independent of each other: they have no seat and no scarce
            inspector in common, and what is missing in them adds up to what
            is missing at least in all.
    """

    def __init__(self, fault: Fault, shortages: Iterable[Shortage] = ()) -> None:
        super().__init__(fault)
        self.shortages = tuple(shortages)
        self.args = (fault, self.shortages)

    @classmethod
    def of(cls, shortages: Iterable[Shortage]) -> "UnstaffableError":
        """
        Say all *shortages* in one error.

        Raises:
            InvalidTypeError: It is one value.
            InvalidInput: Some are no shortages.
        """
        found = several(shortages, Shortage, name="shortages")
        fault = Fault.of(
            "unstaffable",
            missing=sum(shortage.missing for shortage in found),
            shortages=[shortage.to_dict() for shortage in found],
        )
        return cls(fault, found)

    def _lines(self, head: str, told: Iterable[str], more: str) -> str:
        left = len(self.shortages) - _SHORTAGES_SHOWN
        rest = [more.format(left)] if left > 0 else []
        return "\n  ".join([head, *told, *rest])

    def __str__(self) -> str:
        """The shortages, a line each, and what can be done."""
        told = map(str, self.shortages[:_SHORTAGES_SHOWN])
        more = "… and {} more, see `.shortages` of this error"
        return self._lines(self.fault.message, told, more)

    @property
    def chinese(self) -> str:
        """The same in Chinese."""
        told = (shortage.chinese for shortage in self.shortages[:_SHORTAGES_SHOWN])
        return self._lines(self.fault.chinese, told, "……另有{}处")


@cites(article(4))
def explain(bench: Bench, staffing: Staffing) -> UnstaffableError:
    """
    Return the error that explains why places of *staffing* stayed empty.

    Cites:
        District Opinion, Art. 4: where the number of inspectors does not
        allow both draws, subjects alone may be drawn.
    """
    row_of = np.repeat(np.arange(len(bench.unit)), bench.seats)
    decisive: dict[int, set[int]] = {}
    for place, one in staffing.decisive_bars(bench.at_home).tolist():
        decisive.setdefault(int(row_of[place]), set()).add(one)
    return UnstaffableError.of(
        _shortage(bench, row_of, shortfall, decisive)
        for shortfall in staffing.shortfalls()
    )


def busy(
    loads: Iterable[tuple[Inspector, int]], most: int
) -> tuple[tuple[str, int, int], ...]:
    """Those who have room for less than *most* tasks for what they have already."""
    return tuple(
        (person.id, load, person.capacity)
        for person, load in loads
        if load and person.capacity is not None and person.capacity < load + most
    )


def uncertified(seats: Iterable[Seat], people: Iterable[Inspector]) -> tuple[str, ...]:
    """Ids of those whom one of *seats* would admit with a certificate alone."""
    wanted = [seat for seat in seats if seat.officers]
    return tuple(
        person.id
        for person in people
        if not person.certified
        and any(seat.admits(attrs.evolve(person, certified=True)) for seat in wanted)
    )


def _shortage(
    bench: Bench,
    row_of: npt.NDArray[np.intp],
    shortfall: Shortfall,
    decisive: Mapping[int, Collection[int]],
) -> Shortage:
    rows = np.unique(row_of[shortfall.seats]).tolist()
    wanted = []
    ways = {}
    for row in rows:
        unit, pool = int(bench.unit[row]), int(bench.pool[row])
        task = bench.units[unit][0]
        kinds = {kind for kind, _ in bench.requests[pool]}
        places = bench.patterns[task.id].places
        seats = [task.seats[n] for n in dict.fromkeys(places)]
        wanted += [(task.id, seat) for seat in seats if kind_of(seat) in kinds]
        for one in decisive.get(row, ()):
            ways[unit, one] = _way(bench, unit, one, at_home=bench.at_home[pool])
    officers = shortfall.officers.tolist()
    people = [person for one in officers for person in bench.people_of(one)]
    loads = (
        (person, bench.problem.current_loads.get(person.id, 0)) for person in people
    )
    sizes, fitting = None, set()
    if bench.of_teams:
        sizes = sorted({len(bench.people_of(one)) for one in range(len(bench.drawn))})
        for pool in np.unique(bench.pool[rows]).tolist():
            fitting |= {*bench.members[pool].tolist(), *bench.at_home[pool].tolist()}
    return Shortage(
        wanted=tuple(wanted),
        inspectors=tuple(bench.drawn[one].id for one in officers),
        capacity=len(shortfall.seats) - shortfall.missing,
        ways=_least([way for _, way in sorted(ways.items())]),
        busy=busy(loads, len(np.unique(bench.unit[rows]))),
        uncertified=() if bench.of_teams else _uncertified(bench, rows),
        fitting=tuple(bench.drawn[one].id for one in sorted(fitting)),
        team_sizes=None if sizes is None else tuple(sizes),
    )


def _way(bench: Bench, unit: int, one: int, *, at_home: npt.NDArray[np.intp]) -> Way:
    """All that stands between one unit and one of those who are drawn."""
    area = bench.units[unit][0].area
    ties: list[tuple[str, str]] = []
    if area is not None and one in at_home:
        people = bench.people_of(one)
        ties = [(person.id, area) for person in people if area in person.home_areas]
    return bench.bars.get(unit, {}).get(one, Bar()).reasons + tuple(ties)


def _uncertified(bench: Bench, rows: list[int]) -> tuple[str, ...]:
    """Whom a certificate would open one of the rows to."""
    position = {person.id: n for n, person in enumerate(bench.problem.register)}
    known: dict[tuple[int, str | None], tuple[str, ...]] = {}
    told: set[str] = set()
    for row in rows:
        unit, pool = int(bench.unit[row]), int(bench.pool[row])
        task = bench.units[unit][0]
        area = task.area if bench.problem.avoid_home_areas else None
        if (pool, area) not in known:
            kinds = {kind for kind, _ in bench.requests[pool]}
            seats = [seat for seat in task.seats if kind_of(seat) in kinds]
            people = (p for p in bench.problem.register if area not in p.home_areas)
            known[pool, area] = uncertified(seats, people)
        bars = bench.bars.get(unit, {})
        told.update(name for name in known[pool, area] if position[name] not in bars)
    return tuple(sorted(told))


def _least(ways: Iterable[Way]) -> tuple[Way, ...]:
    """Drop each way that holds another one, which is enough; the shortest first."""
    least: list[Way] = []
    by_first: dict[object, list[frozenset[object]]] = {}
    for way in sorted(ways, key=len):
        bars = frozenset(way)
        if not any(other <= bars for bar in way for other in by_first.get(bar, ())):
            by_first.setdefault(way[0], []).append(bars)
            least.append(way)
    return tuple(least)
