"""A staffing problem as seats, pools and bars, in columns and in one order."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Self

import numpy as np
import numpy.typing as npt

from dsgk.assignments._problem import (
    Kind,
    PastVisit,
    PresetTeam,
    Seat,
    StaffingProblem,
    StaffingTask,
    kind_of,
    kinds_of,
    seating,
)
from dsgk.inspectors import Inspector, InspectorRegister, Recusal
from dsgk.kernels.flows import Staffing
from dsgk.sources import article, cites


__all__ = [
    "Bar",
    "Bench",
    "Pattern",
    "Request",
    "bars_of_subjects",
    "last_visits",
    "lay_out",
]

Request = tuple[tuple[Kind, int], ...]
"""What a row is open to: one kind of seats, or all kinds that a team has to fill."""

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]


class Bar(NamedTuple):
    """Why one inspector or team keeps away from one visit."""

    recusals: tuple[Recusal, ...] = ()
    past_visits: tuple[PastVisit, ...] = ()

    @property
    def reasons(self) -> tuple[Recusal | PastVisit, ...]:
        """All of them."""
        return self.recusals + self.past_visits

    def merged(self, other: "Bar", /) -> "Bar":
        """Return all reasons of both."""
        return Bar(
            tuple(dict.fromkeys(self.recusals + other.recusals)),
            tuple(dict.fromkeys(self.past_visits + other.past_visits)),
        )


class Pattern(NamedTuple):
    """
    What tasks with the same seats ask for.

    Attributes:
        number: Counted from 0.
        seats: The seats, as the tasks list them.
        kinds: Their kinds, and how many places each has.
        places: Seat of every place, in the order in which places are filled:
            by kind, so that the order of the list has no influence, then
            fewer places first.
        listed: The places in the order of the list.
    """

    number: int
    seats: tuple[Seat, ...]
    kinds: tuple[tuple[Kind, int], ...]
    places: tuple[int, ...]
    listed: tuple[int, ...]

    @classmethod
    def of(cls, seats: tuple[Seat, ...], number: int) -> Self:
        """Work it out."""
        order = sorted(
            range(len(seats)), key=lambda n: (kind_of(seats[n]), seats[n].count)
        )
        places = tuple(n for n in order for _ in range(seats[n].count))
        listed = tuple(sorted(range(len(places)), key=places.__getitem__))
        return cls(number, seats, kinds_of(seats), places, listed)


class Bench(NamedTuple):
    """
    Everything that a draw needs, in columns and in one order.

    Drawn are inspectors, or preset teams as units; units are tasks, or all
    tasks of an outing.  Both are positions in *drawn* and *units*.  A *row* is a
    number of places of one unit that are open to the same *pool*.

    Attributes:
        problem: What it was made of.
        units: The tasks of each unit in the order of their ids, units in the
            order of their first tasks.
        patterns: By the id of a task, what it asks for.
        drawn: In the order of their ids.
        bars: For each unit, who keeps away from it.
        unit: [(rows,) intp, ascending] Unit of each row.
        pool: [(rows,) intp] Pool of each row, ascending within a unit.
        seats: [(rows,) int64] Places of each row.
        requests: What each pool is asked for.
        members: [one (k,) intp array per pool] Who is open to it, ascending.
        at_home: [one (k,) intp array per pool] Who would be, had they no ties
            with the area of the pool, ascending.
        barred: [(m, 2) intp] Pairs of unit and drawn.
        capacity: [(drawn,) int64] Most units of each, those less that they
            have already.
        loads: [(drawn,) int64] How many they have already.
    """

    problem: StaffingProblem
    units: tuple[tuple[StaffingTask, ...], ...]
    patterns: Mapping[str, Pattern]
    drawn: tuple[Inspector, ...] | tuple[PresetTeam, ...]
    bars: Mapping[int, Mapping[int, Bar]]
    unit: _Places
    pool: _Places
    seats: _Ints
    requests: tuple[Request, ...]
    members: tuple[_Places, ...]
    at_home: tuple[_Places, ...]
    barred: _Places
    capacity: _Ints
    loads: _Ints

    @property
    def of_teams(self) -> bool:
        """Whether preset teams are drawn."""
        return bool(self.drawn) and isinstance(self.drawn[0], PresetTeam)

    def people_of(self, one: int, /) -> tuple[Inspector, ...]:
        """Return the inspector, or the members of the team, at a position."""
        drawn = self.drawn[one]
        if isinstance(drawn, PresetTeam):
            return tuple(self.problem.register[member] for member in drawn.members)
        return (drawn,)

    def seated(self, task: StaffingTask, one: int, /) -> list[int]:
        """
        Return who of a team that fits *task* has each place.

        Returns:
            Positions in the register, by places: those of one kind ascending,
            however its places are parted into seats.
        """
        places = [task.seats[n] for n in self.patterns[task.id].places]
        people = self.people_of(one)
        holders = seating(people, places) or []
        ids = self.problem.register.ids
        numbers = [bisect_left(ids, people[holder].id) for holder in holders]
        kinds = zip(map(kind_of, places), numbers, strict=True)
        return [
            person
            for _, of_kind in groupby(kinds, itemgetter(0))
            for _, person in sorted(of_kind)
        ]

    def staffing(self) -> Staffing:
        """Return the places, all of them empty."""
        unit, pool = (np.repeat(c, self.seats) for c in (self.unit, self.pool))
        return Staffing(unit, pool, self.members, self.barred, self.capacity)


def lay_out(problem: StaffingProblem, /) -> Bench:
    """Bring a problem into columns."""
    register = problem.register
    units = _units(problem.tasks)
    people = register.inspectors
    of_teams = bool(problem.teams)
    drawn: tuple[Inspector, ...] | tuple[PresetTeam, ...] = people
    members: list[tuple[Inspector, ...]] = [(person,) for person in people]
    if of_teams:
        drawn = problem.teams
        members = [tuple(register[m] for m in team.members) for team in drawn]
    drawn_of = {
        person.id: number for number, some in enumerate(members) for person in some
    }
    subject_bars = bars_of_subjects(
        problem.recusals, last_visits(problem.history, register)
    )
    bars = _bars_of_units(units, subject_bars, drawn_of)
    barred = [(unit, one) for unit, of_unit in bars.items() for one in of_unit]
    had = problem.current_loads
    loads = [max(had.get(person.id, 0) for person in some) for some in members]
    capacity = [_capacity(some, len(units), had) for some in members]
    known: dict[tuple[Seat, ...], Pattern] = {}
    patterns = {}
    for task in (task for tasks in units for task in tasks):
        pattern = known.get(task.seats)
        if pattern is None:
            pattern = known[task.seats] = Pattern.of(task.seats, len(known))
        patterns[task.id] = pattern
    open_to: dict[Request, _Admitted] = {}
    asked: dict[tuple[int, str | None], list[tuple[_PoolKey, int]]] = {}
    rows_of = []
    for tasks in units:
        pattern, area = patterns[tasks[0].id], tasks[0].area
        rows = asked.get((pattern.number, area))
        if rows is None:
            rows = asked[pattern.number, area] = []
            for request, count in (
                [(pattern.kinds, 1)]
                if of_teams
                else [(((kind, 1),), n) for kind, n in pattern.kinds]
            ):
                if request not in open_to:
                    open_to[request] = _Admitted.of(request, members, of_teams=of_teams)
                at_home = problem.avoid_home_areas and area in open_to[request].at_home
                rows.append(((request, area if at_home and area else ""), count))
        rows_of.append(rows)
    keys = sorted({key for rows in asked.values() for key, _ in rows})
    number_of = {key: number for number, key in enumerate(keys)}
    pools = [open_to[request].pool(area) for request, area in keys]
    unit = np.repeat(np.arange(len(units)), [len(rows) for rows in rows_of])
    return Bench(
        problem=problem,
        units=units,
        patterns=patterns,
        drawn=drawn,
        bars=bars,
        unit=unit,
        pool=np.array([number_of[k] for rows in rows_of for k, _ in rows], np.intp),
        seats=np.array([n for rows in rows_of for _, n in rows], np.int64),
        requests=tuple(request for request, _ in keys),
        members=tuple(mine for mine, _ in pools),
        at_home=tuple(at_home for _, at_home in pools),
        barred=np.array(barred, np.intp).reshape(-1, 2),
        capacity=np.array(capacity, np.int64),
        loads=np.array(loads, np.int64),
    )


_PoolKey = tuple[Request, str]


def _units(tasks: Iterable[StaffingTask]) -> tuple[tuple[StaffingTask, ...], ...]:
    units: dict[object, list[StaffingTask]] = {}
    for task in tasks:
        # A name of an outing may be the id of a task: the key tells them apart.
        key = task.id if task.outing is None else (task.outing,)
        units.setdefault(key, []).append(task)
    return tuple(map(tuple, units.values()))


def _capacity(
    members: Sequence[Inspector], n_units: int, loads: Mapping[str, int]
) -> int:
    """Units that all of *members* can take together."""
    return min(
        n_units
        if person.capacity is None
        else min(n_units, max(0, person.capacity - loads.get(person.id, 0)))
        for person in members
    )


class _Admitted(NamedTuple):
    """Who is open to a request, and who of them keeps away from which area."""

    all: list[int]
    at_home: dict[str, list[int]]

    @classmethod
    def of(
        cls,
        request: Request,
        members: Sequence[tuple[Inspector, ...]],
        *,
        of_teams: bool,
    ) -> "_Admitted":
        wanted = [_seat(kind) for kind, count in request for _ in range(count)]
        admitted = []
        at_home: dict[str, list[int]] = {}
        for number, some in enumerate(members):
            if (
                seating(some, wanted) is not None
                if of_teams
                else wanted[0].admits(some[0])
            ):
                admitted.append(number)
                for area in frozenset[str]().union(*(p.home_areas for p in some)):
                    at_home.setdefault(area, []).append(number)
        return cls(admitted, at_home)

    def pool(self, area: str) -> tuple[_Places, _Places]:
        """Who is open to it there, and who would be elsewhere."""
        home = self.at_home.get(area, [])
        kept_out = set(home)
        mine = [number for number in self.all if number not in kept_out]
        return np.array(mine, np.intp), np.array(home, np.intp)


def _seat(kind: Kind) -> Seat:
    departments, skills, *rest = kind
    asked = dict(zip(("certified", "expert"), rest, strict=True))
    return Seat(department=departments, count=1, skills=frozenset(skills), **asked)


@cites(article(3))
def last_visits(
    history: Iterable[PastVisit], *registers: InspectorRegister
) -> dict[tuple[str, str], PastVisit]:
    """
    Who was there last time, each department by itself (轮换).

    Last time is the latest day on which an officer of the department was
    there.  Whoever of its other staff was there then or since, without an
    officer, was there last time as well.

    Args:
        history: Past visits.
        registers: Who is an officer of which department, the first one that
            knows somebody first.

    Returns:
        Past visits by subject and inspector, of each the latest. Experts are
        not among them, nor people who stand in none of the registers.
    """
    latest: dict[tuple[str, str], dt.date] = {}
    there: list[tuple[str, PastVisit]] = []
    for visit in history:
        person = next(
            (r[visit.inspector_id] for r in registers if visit.inspector_id in r), None
        )
        department = visit.department
        if department is None:
            if person is None:
                continue  # nobody knows of which department they were
            department = person.department
        if visit.department or (person and person.is_officer):
            place = (visit.subject_id, department)
            latest[place] = max(latest.get(place, visit.on), visit.on)
        if person and not person.is_expert:
            there.append((department, visit))
    return {
        (visit.subject_id, visit.inspector_id): visit
        for department, visit in sorted(there, key=lambda each: each[1].on)
        if visit.on >= latest.get((visit.subject_id, department), visit.on)
    }


def bars_of_subjects(
    recusals: Iterable[Recusal], visits: Mapping[tuple[str, str], PastVisit]
) -> dict[str, dict[str, Bar]]:
    """By the id of a subject, whatever stands against each inspector."""
    bars: dict[str, dict[str, Bar]] = {}

    def add(subject_id: str, inspector_id: str, bar: Bar) -> None:
        of_subject = bars.setdefault(subject_id, {})
        before = of_subject.get(inspector_id)
        of_subject[inspector_id] = bar if before is None else before.merged(bar)

    for recusal in recusals:
        add(recusal.subject_id, recusal.inspector_id, Bar(recusals=(recusal,)))
    for (subject_id, inspector_id), visit in sorted(visits.items()):
        add(subject_id, inspector_id, Bar(past_visits=(visit,)))
    return bars


def _bars_of_units(
    units: Sequence[Sequence[StaffingTask]],
    bars: Mapping[str, Mapping[str, Bar]],
    drawn_of: Mapping[str, int],
) -> dict[int, dict[int, Bar]]:
    """By unit, whatever stands against each of those who are drawn."""
    of_units: dict[int, dict[int, Bar]] = {}
    for number, tasks in enumerate(units):
        for subject_id in dict.fromkeys(task.subject_id for task in tasks):
            for inspector_id, bar in bars.get(subject_id, {}).items():
                if inspector_id in drawn_of:
                    of_unit = of_units.setdefault(number, {})
                    one = drawn_of[inspector_id]
                    of_unit[one] = of_unit.get(one, Bar()).merged(bar)
    return of_units
