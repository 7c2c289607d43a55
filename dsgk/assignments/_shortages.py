"""Why no legal staffing exists, in numbers and in words."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.assignments._bench import Bar, Bench
from dsgk.assignments._problem import PastVisit, Seat, kind_of
from dsgk.errors import DsgkError, Fault
from dsgk.fields import several
from dsgk.inspectors import Inspector, Recusal
from dsgk.kernels.flows import Shortfall, Staffing
from dsgk.sources import article, cites


__all__ = [
    "Busy",
    "Shortage",
    "UnstaffableError",
    "Way",
    "busy",
    "explain",
    "uncertified",
]

_SHOWN = 5
_SHORTAGES_SHOWN = 20

Way: TypeAlias = tuple[Recusal | PastVisit | tuple[str, str], ...]
"""Bars that must be lifted together; a pair is an inspector and an area of theirs."""


class Busy(NamedTuple):
    """Somebody whose room is less for what they have already."""

    inspector_id: str
    load: int
    capacity: int


@attrs.frozen(kw_only=True)
class Shortage:
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
        capacity: [int >= 0] How many of them these inspectors can take: each
            as many as their own capacity, and one in each task.
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
        >>> print(Shortage(
        ...     wanted=(("T1", Seat(department="消防")),),
        ...     inspectors=("XF1",),
        ...     capacity=1,
        ... ))
        2 seats for certified officers of '消防' in 1 task ('T1') are open to 1 inspector ('XF1'), who can take 1 of them: 1 is missing.
    """  # noqa: E501

    wanted: tuple[tuple[str, Seat], ...]
    inspectors: tuple[str, ...]
    capacity: int
    ways: tuple[Way, ...] = ()
    busy: tuple[Busy, ...] = ()
    uncertified: tuple[str, ...] = ()
    fitting: tuple[str, ...] = ()
    team_sizes: tuple[int, ...] | None = None

    @property
    def recusals(self) -> tuple[Recusal, ...]:
        """Recusals that stand in one of the ways, each once."""
        bars = dict.fromkeys(bar for way in self.ways for bar in way)
        return tuple(bar for bar in bars if isinstance(bar, Recusal))

    @property
    def past_visits(self) -> tuple[PastVisit, ...]:
        """Visits of last time that stand in one of the ways, each once."""
        bars = dict.fromkeys(bar for way in self.ways for bar in way)
        return tuple(bar for bar in bars if isinstance(bar, PastVisit))

    @property
    def home_areas(self) -> tuple[tuple[str, str], ...]:
        """Pairs of inspector and area that stand in one of the ways, each once."""
        bars = dict.fromkeys(bar for way in self.ways for bar in way)
        return tuple(sorted(bar for bar in bars if isinstance(bar, tuple)))

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
    def params(self) -> dict[str, Any]:
        """Everything as plain values, for a host that writes its own sentence."""
        return {
            "tasks": self.tasks,
            "departments": self.departments,
            "skills": self.skills,
            "officers": self.officers,
            "experts": self.experts,
            "inspectors": self.inspectors,
            "seats": self.seats,
            "capacity": self.capacity,
            "missing": self.missing,
            "ways": [[_plain(bar) for bar in way] for way in self.ways],
            "recusals": [(r.inspector_id, r.subject_id) for r in self.recusals],
            "past_visits": [
                (v.inspector_id, v.subject_id, v.on.isoformat())
                for v in self.past_visits
            ],
            "home_areas": list(self.home_areas),
            "busy": [tuple(one) for one in self.busy],
            "uncertified": self.uncertified,
            "of_teams": self.of_teams,
            "fitting": self.fitting,
            "sizes": self.sizes,
            "team_sizes": self.team_sizes,
        }

    def __str__(self) -> str:
        """A few sentences for those who have to solve it."""
        seats, missing = self.seats, self.missing
        plural = seats > 1
        text = (
            f"{seats} {self._what(plural=plural)} in {_counted(self.tasks, 'task')} "
            f"{'are' if plural else 'is'} {self._open_to()}: {missing} "
            f"{'are' if missing > 1 else 'is'} missing."
        )
        if self.uncertified:
            who = _counted(self.uncertified, "other")
            have = "have" if len(self.uncertified) > 1 else "has"
            text += f" {who} would be admitted, but {have} no certificate."
        if self.ways:
            shown = " or if ".join(map(_told, self.ways[:_SHOWN]))
            more = len(self.ways) - _SHOWN
            others = f", or in {more} more ways" if more > 1 else ", or in 1 more way"
            text += f" One more could be filled if {shown}{others if more > 0 else ''}."
        return text

    def _what(self, *, plural: bool) -> str:
        """Write what is wanted, and for whom."""
        s = "s" if plural else ""
        whom = _some(self.departments)
        if self.skills:
            whom += f" with {_some(self.skills)}"
        if self.of_teams:
            return f"team{s} of {_either(self.sizes)} for {whom}"
        if self.experts:
            return f"expert seat{s} for {whom}"
        if self.officers == self.seats:
            return f"seat{s} for certified officers of {whom}"
        if self.officers:
            return f"seat{s} for certified officers and other staff of {whom}"
        return f"seat{s} for staff of {whom}"

    def _open_to(self) -> str:
        """Write who could come, how often, and why not more often."""
        if self.inspectors:
            many = len(self.inspectors) > 1
            who = _counted(self.inspectors, "team" if self.of_teams else "inspector")
            text = (
                f"open to {who}, who {'together ' if many else ''}can take "
                f"{self.capacity or 'none'} of them"
            )
            if self.busy:
                had = [
                    f"{name!r} has {load} of {most} tasks already"
                    for name, load, most in self.busy[:_SHOWN]
                ]
                more = len(self.busy) - _SHOWN
                had += [f"{more} more have theirs"] if more > 0 else []
                text += f", since {' and '.join(had)}"
            return text
        if self.team_sizes is None:
            return "open to nobody"
        if self.fitting:
            return f"open to no team, though {_counted(self.fitting, 'team')} would fit"
        if set(self.sizes).isdisjoint(self.team_sizes):
            return (
                f"open to no team, since none has {_either(self.sizes)} members "
                f"(there are teams of {_either(self.team_sizes)})"
            )
        return "open to no team, since none has members for all places"


def _either(numbers: tuple[int, ...]) -> str:
    return " or ".join(map(str, numbers))


def _plain(bar: Recusal | PastVisit | tuple[str, str]) -> dict[str, str]:
    """Write a bar as plain values."""
    if isinstance(bar, tuple):
        return {"inspector_id": bar[0], "area": bar[1]}
    told = {"inspector_id": bar.inspector_id, "subject_id": bar.subject_id}
    if isinstance(bar, PastVisit):
        return {**told, "on": bar.on.isoformat()}
    return {**told, "reason": bar.reason.value, "origin": bar.origin.value}


def _told(way: Way) -> str:
    """Who would have to be let go where, and why they are not."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for bar in way:
        if isinstance(bar, tuple):
            reasons.setdefault(bar, []).append("has ties with it")
            continue
        if isinstance(bar, PastVisit):
            why = f"was there last time, on {bar.on}"
        else:
            why = f"recused for {bar.reason.value}, {bar.origin.value}"
        reasons.setdefault((bar.inspector_id, bar.subject_id), []).append(why)
    told = [
        f"{inspector_id!r} went to {place!r} ({'; '.join(why)})"
        for (inspector_id, place), why in reasons.items()
    ]
    shown = " and ".join(told[:_SHOWN])
    more = len(told) - _SHOWN
    return f"{shown} and {more} more bars fell" if more > 0 else shown


def _some(names: tuple[str, ...]) -> str:
    shown = ", ".join(map(repr, names[:_SHOWN]))
    more = len(names) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _counted(names: tuple[str, ...], noun: str) -> str:
    plural = "s" if len(names) > 1 else ""
    return f"{len(names)} {noun}{plural} ({_some(names)})"


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
            shortages=[shortage.params for shortage in found],
        )
        return cls(fault, found)

    def __str__(self) -> str:
        """The shortages, a line each, and what can be done."""
        shown = [f"  {shortage}" for shortage in self.shortages[:_SHORTAGES_SHOWN]]
        more = len(self.shortages) - _SHORTAGES_SHOWN
        if more > 0:
            shown.append(f"  … and {more} more, see `.shortages` of this error")
        return "\n".join([self.fault.message, *shown])


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


def busy(loads: Iterable[tuple[Inspector, int]], most: int) -> tuple[Busy, ...]:
    """Those who have room for less than *most* tasks for what they have already."""
    return tuple(
        Busy(person.id, load, person.capacity)
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
    position = {person.id: n for n, person in enumerate(bench.register)}
    known: dict[tuple[int, str | None], tuple[str, ...]] = {}
    told: set[str] = set()
    for row in rows:
        unit, pool = int(bench.unit[row]), int(bench.pool[row])
        task = bench.units[unit][0]
        area = task.area if bench.problem.avoid_home_areas else None
        if (pool, area) not in known:
            kinds = {kind for kind, _ in bench.requests[pool]}
            seats = [seat for seat in task.seats if kind_of(seat) in kinds]
            people = (p for p in bench.register if area not in p.home_areas)
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
