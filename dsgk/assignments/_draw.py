"""The draw of inspectors, and what comes out of it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np

from dsgk.assignments._bench import Bench, Pattern
from dsgk.assignments._problem import (
    Fairness,
    PastVisit,
    PresetTeam,
    Seat,
    StaffingProblem,
    StaffingTask,
)
from dsgk.assignments._stated import StatedChances
from dsgk.documents import Key
from dsgk.fields import (
    Id,
    Stored,
    declared,
    kind_of as field_kind,
    take,
    value,
)
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.kernels.chances import BITS, UNIT
from dsgk.kernels.rounding import halve
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_42, PENALTY_LAW_43, RuleProfile, article, cites


__all__ = [
    "Assignment",
    "Seated",
    "assign_inspectors",
    "leading_places",
    "visits_of",
]

_KEY = field_kind(Key)
_RULES = RuleProfile()


@value("dsgk-seated/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Seated(Stored):
    """
    One inspector in one place of a team.

    Attributes:
        inspector_id: Who.
        seat: The seat of the task of which it is a place.
    """

    inspector_id: Id
    seat: Seat


_DERIVED: Any = attrs.field(init=False, eq=False)


@cites(article(3))
@value("dsgk-assignment/1")
@attrs.frozen(kw_only=True, repr=False, field_transformer=declared)
class Assignment(Stored):
    """
    Who inspects what, as it was drawn (选派结果).

    It is drawn anew whenever it is made: all of it follows from the chances and
    the key.

    Attributes:
        stated: The chances that the draw had.
        key: The key of the draw.
    """

    stated: StatedChances
    key: Key
    _teams: dict[str, tuple[Seated, ...]] = _DERIVED
    _in_charge: dict[str, str] = _DERIVED
    _loads: dict[str, int] = _DERIVED
    _presets: dict[str, str] = _DERIVED

    def __attrs_post_init__(self) -> None:
        """Draw."""
        for name, drawn in _draw(self.stated, self.key).items():
            object.__setattr__(self, name, drawn)

    @property
    def teams(self) -> Mapping[str, tuple[Seated, ...]]:
        """
        The team of each task, by its id.

        Seats stand in the order of the task, the people of one seat in the
        order of their ids.
        """
        return MappingProxyType(self._teams)

    @property
    def in_charge(self) -> Mapping[str, str]:
        """The officer in charge of each task (主检), by its id."""
        return MappingProxyType(self._in_charge)

    @property
    def loads(self) -> Mapping[str, int]:
        """
        How many tasks each person of the register got, by id, none included.

        An outing counts once.
        """
        return MappingProxyType(self._loads)

    @property
    def presets(self) -> Mapping[str, str]:
        """The preset team of each task, by its id, where these are drawn."""
        return MappingProxyType(self._presets)

    @property
    def problem(self) -> StaffingProblem:
        """What was drawn from."""
        return self.stated.problem

    @property
    def tasks(self) -> tuple[StaffingTask, ...]:
        """The tasks, in the order of their ids."""
        return self.problem.tasks

    def chances(self, task_id: str, /) -> dict[str, Fraction]:
        """
        Chance that each inspector had, before the draw, to be in a team.

        Raises:
            InvalidValueError: There is no such task.
        """
        return self.stated[self.stated.task(task_id).id]

    def by_place(self, task_id: str, /) -> tuple[str, ...]:
        """
        Ids of a team by the places of the seats, in the order of their kinds.

        Raises:
            InvalidValueError: There is no such task.
        """
        task_id = self.stated.task(task_id).id
        listed = self.stated.bench.patterns[task_id].listed
        team = self.teams[task_id]
        by_place = dict(zip(listed, team, strict=True))
        return tuple(by_place[place].inspector_id for place in range(len(team)))

    def past_visits(self, *, on: dt.date) -> tuple[PastVisit, ...]:
        """
        Who was where, as history of the next draw.

        Officers of the register of the draw are told with their department,
        so that their visits count when they have left.

        Args:
            on: Day on which the tasks were done.
        """
        teams = {task.id: self.by_place(task.id) for task in self.tasks}
        return visits_of(self.problem, teams, on)

    def to_columns(self) -> dict[str, list[str] | list[int] | list[bool]]:
        """
        One row for each place, by task and seat.

        Returns:
            Columns of equal length: ``task_id``, ``subject_id``, ``seat`` (its
            position in the task), ``expert``, ``in_charge`` (whether this is the
            officer in charge) and ``inspector_id``.
        """
        rows = [(task, seated) for task in self.tasks for seated in self.teams[task.id]]
        return {
            "task_id": [task.id for task, _ in rows],
            "subject_id": [task.subject_id for task, _ in rows],
            "seat": [task.seats.index(seated.seat) for task, seated in rows],
            "expert": [seated.seat.expert for _, seated in rows],
            "in_charge": [
                self.in_charge[task.id] == seated.inspector_id for task, seated in rows
            ],
            "inspector_id": [seated.inspector_id for _, seated in rows],
        }

    def __repr__(self) -> str:
        """Tell how much there is."""
        return f"Assignment({len(self.teams)} tasks, {self.key!r})"


def visits_of(
    problem: StaffingProblem, teams: Mapping[str, Iterable[str]], on: dt.date
) -> tuple[PastVisit, ...]:
    """Tell as history which team made which task."""
    # One subject may have several tasks of one team.
    pairs = dict.fromkeys(
        (task.subject_id, person) for task in problem.tasks for person in teams[task.id]
    )
    officers = {p.id: p.department for p in problem.register if p.is_officer}
    return tuple(
        PastVisit(
            subject_id=subject_id,
            inspector_id=person,
            on=on,
            department=officers.get(person),
        )
        for subject_id, person in pairs
    )


@cites(article(3), PENALTY_LAW_42, PENALTY_LAW_43)
def assign_inspectors(
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    *,
    key: str,
    teams: Iterable[PresetTeam] = (),
    recusals: Iterable[Recusal] = (),
    history: Iterable[PastVisit] = (),
    current_loads: Mapping[str, int] = MappingProxyType({}),
    avoid_home_areas: bool = False,
    fairness: Fairness = Fairness.EQUAL_CHANCE,
    rules: RuleProfile = _RULES,
) -> Assignment:
    """
    Draw the inspectors of all tasks at random (随机选派), in one call.

    What holds of every assignment:

    - It is legal: every place is taken by somebody whom its seat admits, who
      is not recused, was not there last time, has one place at most in a
      team and no more tasks than their capacity.
    - It is complete: if there is any legal staffing, there is one in which
      every place is taken, whatever the key is.
    - Its chances are stated: everybody has exactly the chance for every task
      that `StaffingProblem.chances` tells without the key, and every load is
      the expected one rounded down or up.
    - It can be repeated: it depends on the key and on the set of what is
      given, not on any order, and is the same on every machine.

    Of a draw in one call no record can be made: a key that follows from no
    statement could be chosen.  Takes what `StaffingProblem` takes, and the key: 32
    lower-case hex characters.

    Raises:
        InvalidInput: The problem is faulty.
        InvalidValueError: *key* is no key, or the problem is too large.
        UnstaffableError: There is no legal staffing; it says why.

    Examples:
        >>> from dsgk.inspectors import Inspector
        >>> register = InspectorRegister(
        ...     Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3)
        ... )
        >>> task = StaffingTask(
        ...     id="T1", subject_id="S1", seats=(Seat(department="消防"),)
        ... )
        >>> assignment = assign_inspectors(
        ...     [task], register, key="f050b4356fceca7e0bd30cb92bc14db1"
        ... )
        >>> [seated.inspector_id for seated in assignment.teams["T1"]]
        ['XF1', 'XF3']
        >>> dict(assignment.loads)
        {'XF1': 1, 'XF2': 0, 'XF3': 1}
        >>> round(float(assignment.chances("T1")["XF2"]), 5)
        0.66667
    """
    take(key, _KEY, name="key")
    problem = StaffingProblem(
        tasks,
        register,
        recusals=recusals,
        history=history,
        teams=teams,
        current_loads=current_loads,
        avoid_home_areas=avoid_home_areas,
        fairness=fairness,
        rules=rules,
    )
    return Assignment(stated=problem.chances(), key=key)


def _draw(stated: StatedChances, key: str) -> dict[str, Mapping[str, Any]]:
    """Draw, and name what comes out as `Assignment` does."""
    bench = stated.bench
    rows, ones = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    for number, part in enumerate(stated.parts):
        demand = part.demand

        def words(bit: int, n: int, part: int = number) -> Any:  # noqa: ANN401
            return Shake(key, f"seats:{part}:{bit}").words(n)

        drawn = halve(
            part.units,
            row=demand.row,
            officer=demand.officer,
            place=demand.place,
            bits=BITS,
            words=words,
        )
        chosen = np.flatnonzero(drawn == UNIT)
        rows.append(part.rows[demand.row[chosen]])
        ones.append(part.drawn[demand.officer[chosen]])
    row, one = np.concatenate(rows), np.concatenate(ones)
    one = one[np.lexsort((one, row))]
    unit = np.repeat(bench.unit, bench.seats)
    stops = np.searchsorted(unit, np.arange(len(bench.units) + 1)).tolist()
    drawn_for = [one[a:b].tolist() for a, b in pairwise(stops)]
    loads = dict.fromkeys(bench.problem.register.ids, 0)
    counts = np.bincount(one, minlength=len(bench.drawn)).tolist()
    for number, count in enumerate(counts):
        for person in bench.people_of(number):
            loads[person.id] = count
    presets = {}
    if bench.of_teams:
        presets = {
            task.id: bench.drawn[drawn[0]].id
            for tasks, drawn in zip(bench.units, drawn_for, strict=True)
            for task in tasks
        }
    teams, in_charge = _teams(bench, drawn_for, key)
    return {
        "_teams": dict(sorted(teams.items())),
        "_in_charge": dict(sorted(in_charge.items())),
        "_loads": loads,
        "_presets": dict(sorted(presets.items())),
    }


def _teams(
    bench: Bench, drawn_for: list[list[int]], key: str
) -> tuple[dict[str, tuple[Seated, ...]], dict[str, str]]:
    """Teams and officers in charge, from who was drawn for each unit in order."""
    ids = bench.problem.register.ids
    known: dict[tuple[int, int, int], Seated] = {}
    places_of: dict[tuple[int, str | None], list[int]] = {}
    teams: dict[str, tuple[Seated, ...]] = {}
    leading: list[list[str]] = []
    for tasks, drawn in zip(bench.units, drawn_for, strict=True):
        for task in reversed(tasks):
            number, seats, _, places, listed = bench.patterns[task.id]
            # Of a preset team, whoever has each place.
            people = bench.seated(task, drawn[0]) if bench.of_teams else drawn
            team = []
            for n, person in zip(places, people, strict=True):
                seated = known.get((number, n, person))
                if seated is None:
                    seated = known[number, n, person] = Seated(
                        inspector_id=ids[person], seat=seats[n]
                    )
                team.append(seated)
            teams[task.id] = tuple([team[at] for at in listed])
        may_lead = places_of.get((number, task.lead))
        if may_lead is None:
            may_lead = places_of[number, task.lead] = leading_places(
                task, bench.patterns[task.id]
            )
        leading.append([team[place].inspector_id for place in may_lead])
    numbers = Shake(key, "in-charge").below_each([len(p) for p in leading]).tolist()
    return teams, {
        task.id: people[n]
        for tasks, people, n in zip(bench.units, leading, numbers, strict=True)
        for task in tasks
    }


def leading_places(task: StaffingTask, pattern: Pattern) -> list[int]:
    """Places among whose people the officer in charge is drawn."""
    return [
        place
        for place, n in enumerate(pattern.places)
        if task.is_leading(pattern.seats[n])
    ]
