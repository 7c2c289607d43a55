"""Strategies for inspectors, their registers, and tasks that need teams."""

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Collection, Container, Iterable
from typing import NamedTuple

import attrs
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from dsgk.assignments import PastVisit, Seat, StaffingProblem, StaffingTask
from dsgk.identifiers import check_label
from dsgk.inspectors import (
    Inspector,
    InspectorRegister,
    Recusal,
    RecusalOrigin,
    RecusalReason,
)
from dsgk.testing._columns import ON
from dsgk.testing._texts import (
    check_pool,
    check_sizes,
    check_type,
    id_lists,
    ids_or,
    lists_of,
)


__all__ = [
    "inspector_registers",
    "inspectors",
    "seats",
    "staffing_problems",
    "staffing_tasks",
]

_DEPARTMENTS = ("市场监管", "消防", "文旅")
_SKILLS = ("食品", "特种设备")
_AREAS = ("上仓镇", "下营镇")
_MIN_OFFICERS = 2
_NUMBERS = tuple("12345678")
_LEFT = "离任"
_SUBJECTS = _NUMBERS[:3]
_SUBJECT_IDS = id_lists(min_size=len(_SUBJECTS), max_size=len(_SUBJECTS))
_RECUSAL = Recusal(inspector_id="1", subject_id="1", reason=RecusalReason.KINSHIP)
_RECUSALS = st.lists(
    st.builds(
        Recusal,
        inspector_id=st.sampled_from(_NUMBERS),
        subject_id=st.sampled_from(_SUBJECTS),
        reason=st.sampled_from(RecusalReason),
        origin=st.sampled_from(RecusalOrigin),
    ),
    max_size=8,
)
_VISIT = PastVisit(inspector_id="1", subject_id="1", on=ON)
_VISITS = st.lists(  # on so few days that several are often of one day
    st.builds(
        PastVisit,
        inspector_id=st.sampled_from([*_NUMBERS, _LEFT]),
        subject_id=st.sampled_from(_SUBJECTS),
        on=st.dates(ON - dt.timedelta(7), ON),
    ),
    max_size=8,
)
_MAX_TASKS = 5
# How far a problem has a legal staffing.
_WAYS = _SURELY, _BY_CHANCE, _BUT_FOR_RECUSALS, _BUT_FOR_ROTATION = range(4)


class _Pools(NamedTuple):
    """What departments, skills and areas there are."""

    departments: tuple[str, ...]
    skills: tuple[str, ...]
    areas: tuple[str, ...]

    @classmethod
    def of(
        cls,
        departments: Collection[str],
        skills: Collection[str],
        areas: Collection[str],
    ) -> "_Pools":
        return cls(
            check_pool(departments, "departments", check_label),
            check_pool(skills, "skills", check_label),
            check_pool(areas, "areas", check_label),
        )

    def people(self, ids: SearchStrategy[str]) -> SearchStrategy[Inspector]:
        return st.builds(
            Inspector,
            id=ids,
            department=st.sampled_from(self.departments),
            certified=st.sampled_from([True, True, True, False]),
            skills=st.sets(st.sampled_from(self.skills)),
            home_areas=st.sets(st.sampled_from(self.areas), max_size=1),
            capacity=st.none() | st.integers(0, 4),
            is_expert=st.sampled_from([False, False, False, True]),
        )

    def seats(self) -> SearchStrategy[Seat]:
        several = st.sets(st.sampled_from(self.departments), min_size=1)
        return st.builds(
            Seat,
            department=st.sampled_from(self.departments) | several,
            count=st.sampled_from([2, 1, 3]),
            skills=st.sets(st.sampled_from(self.skills), max_size=1),
            certified=st.sampled_from([True, True, True, False]),
            expert=st.sampled_from([False, False, False, True]),
        )

    def tasks(
        self, ids: SearchStrategy[str], subject_ids: SearchStrategy[str]
    ) -> SearchStrategy[StaffingTask]:
        seats = st.lists(self.seats(), min_size=1, max_size=3)
        return _tasks(ids, subject_ids, seats, self)


def inspectors(
    *,
    ids: SearchStrategy[str] | None = None,
    departments: Collection[str] = _DEPARTMENTS,
    skills: Collection[str] = _SKILLS,
    areas: Collection[str] = _AREAS,
) -> SearchStrategy[Inspector]:
    """
    People who inspect or assist: officers, uncertified staff, experts (执法检查人员).

    Shrinks to a certified officer without skills, ties and limit.

    Args:
        ids: Their ids; by default `ids`.
        departments: The departments that they can belong to.
        skills: What they can be qualified for.
        areas: Areas that they can have ties with.
    """
    return _Pools.of(departments, skills, areas).people(ids_or(ids, "ids"))


def inspector_registers(
    *,
    min_size: int = 0,
    max_size: int | None = None,
    ids: SearchStrategy[str] | None = None,
    departments: Collection[str] = _DEPARTMENTS,
    skills: Collection[str] = _SKILLS,
    areas: Collection[str] = _AREAS,
) -> SearchStrategy[InspectorRegister]:
    """
    Registers of inspectors (执法检查人员名录库), the empty one among them.

    Departments with one officer, or with none but experts, are common.  Sizes
    bound the number of people; the rest is as in `inspectors`.
    """
    check_sizes(min_size, max_size)
    people = _Pools.of(departments, skills, areas).people(ids_or(ids, "ids"))
    listed = lists_of(
        people, min_size=min_size, max_size=max_size, unique_by=lambda one: one.id
    )
    return st.builds(InspectorRegister, listed)


def seats(
    *,
    departments: Collection[str] = _DEPARTMENTS,
    skills: Collection[str] = _SKILLS,
) -> SearchStrategy[Seat]:
    """
    Seats of a team (席位): of one department or open to several; for experts.

    Shrinks to two officers of the first department.

    Args:
        departments: The departments.
        skills: What a seat can ask for.
    """
    return _Pools.of(departments, skills, _AREAS).seats()


@st.composite
def _tasks(
    draw: st.DrawFn,
    ids: SearchStrategy[str],
    subject_ids: SearchStrategy[str],
    seats: SearchStrategy[list[Seat]],
    pools: _Pools,
) -> StaffingTask:
    team = draw(seats)
    missing = _MIN_OFFICERS - sum(seat.officers for seat in team)
    if missing > 0:
        team.append(
            Seat(department=draw(st.sampled_from(pools.departments)), count=missing)
        )
    leads = [
        seat.department
        for seat in team
        if seat.officers and isinstance(seat.department, str)
    ]
    return StaffingTask(
        id=draw(ids),
        subject_id=draw(subject_ids),
        seats=team,
        area=draw(st.sampled_from([None, *pools.areas])),
        lead=draw(st.sampled_from([None, *leads])),
    )


def staffing_tasks(
    *,
    ids: SearchStrategy[str] | None = None,
    subject_ids: SearchStrategy[str] | None = None,
    departments: Collection[str] = _DEPARTMENTS,
    skills: Collection[str] = _SKILLS,
    areas: Collection[str] = _AREAS,
) -> SearchStrategy[StaffingTask]:
    """
    Tasks that need a team (待选派任务) with two officers or more.

    Shrinks to two officers of the first department.  The tasks and the subjects
    have `ids` by default; the rest is as in `inspectors`.
    """
    pools = _Pools.of(departments, skills, areas)
    return pools.tasks(ids_or(ids, "ids"), ids_or(subject_ids, "subject_ids"))


@st.composite
def _problems(
    draw: st.DrawFn,
    ways: SearchStrategy[int],
    tasks_of: SearchStrategy[list[StaffingTask]],
    people_of: SearchStrategy[list[Inspector]],
) -> StaffingProblem:
    """People and subjects stand as numbers in what they are drawn from."""
    way = draw(ways)
    subject_ids = dict(zip(_SUBJECTS, draw(_SUBJECT_IDS), strict=True))
    people = {person.id: person for person in draw(people_of)}
    tasks = [
        attrs.evolve(task, id=f"T{n}", subject_id=subject_ids[task.subject_id])
        for n, task in enumerate(draw(tasks_of), 1)
    ]
    if len(tasks) > 1 and draw(st.booleans()):  # the first two on one half-day
        one, other, *rest = tasks
        both = [one, attrs.evolve(one, id=other.id, subject_id=other.subject_id)]
        tasks = [*(attrs.evolve(task, outing="上午") for task in both), *rest]
    pairs: frozenset[tuple[str, str]] = frozenset()
    if way is _BY_CHANCE:
        _represent(people, tasks)
    else:
        pairs = _staff(people, tasks)
    if way in {_BUT_FOR_RECUSALS, _BUT_FOR_ROTATION}:
        _dismiss(people, {who for who, _ in pairs})
    ids = dict(zip(_NUMBERS, itertools.cycle(people or [_LEFT]), strict=False))
    barred = [
        (ids[recusal.inspector_id], subject_ids[recusal.subject_id], recusal)
        for recusal in draw(_RECUSALS)
    ]
    been = [
        (ids.get(visit.inspector_id, _LEFT), subject_ids[visit.subject_id], visit)
        for visit in draw(_VISITS)
    ]
    free, rested = pairs, pairs  # from recusals, and from rotation
    if way is _BUT_FOR_RECUSALS:
        free = frozenset()
        if pairs:  # this one may be all that is in the way
            barred.append((*draw(st.sampled_from(sorted(pairs))), _RECUSAL))
    elif way is _BUT_FOR_ROTATION:
        rested = frozenset()
        if pairs:  # of those who are to go now some went last time, or all
            subject = draw(st.sampled_from(sorted({whom for _, whom in pairs})))
            team = sorted(who for who, whom in pairs if whom == subject)
            again = draw(st.lists(st.sampled_from(team), min_size=1, unique=True))
            been += [(who, subject, _VISIT) for who in again]
    return StaffingProblem(
        tasks,
        InspectorRegister(people.values()),
        recusals=[
            attrs.evolve(recusal, inspector_id=who, subject_id=whom)
            for who, whom, recusal in barred
            if people and (who, whom) not in free
        ],
        history=tuple(
            dict.fromkeys(
                attrs.evolve(visit, inspector_id=who, subject_id=whom)
                for who, whom, visit in been
                if (who, whom) not in rested
            )
        ),
    )


def _represent(people: dict[str, Inspector], tasks: Iterable[StaffingTask]) -> None:
    """Hire somebody for every department that a task names and nobody is of."""
    known = {person.department for person in people.values()}
    needed = {d for t in tasks for seat in t.seats for d in seat.departments}
    for department in sorted(needed - known):
        _hire(people, Seat(department=department))


def _dismiss(people: dict[str, Inspector], needed: Container[str]) -> None:
    """Keep who is needed, and somebody of every department."""
    staff = Counter(person.department for person in people.values())
    for name in [*people]:
        department = people[name].department
        if name not in needed and staff[department] > 1:
            staff[department] -= 1
            del people[name]


def _staff(
    people: dict[str, Inspector], tasks: Iterable[StaffingTask]
) -> frozenset[tuple[str, str]]:
    """Find or hire somebody for every place; give the pairs that bars must spare."""
    loads: Counter[str] = Counter()
    pairs = set()
    _represent(people, tasks)
    halves: dict[str, list[str]] = {}
    for task in tasks:
        team = halves.setdefault(task.outing or task.id, [])
        if team:  # drawn with the first task of the batch
            pairs |= {(name, task.subject_id) for name in team}
            continue
        for seat in itertools.chain(*([seat] * seat.count for seat in task.seats)):
            fitting = [
                name
                for name, person in people.items()
                if name not in team
                and seat.admits(person)
                and task.area not in person.home_areas
            ]
            # The least loaded, so that one officer is not in every team.
            name = min(fitting, key=loads.__getitem__, default=None)
            team.append(_hire(people, seat) if name is None else name)
            loads[team[-1]] += 1
        pairs |= {(name, task.subject_id) for name in team}
    for name, load in loads.items():
        person = people[name]
        if person.capacity is not None and person.capacity < load:
            people[name] = attrs.evolve(person, capacity=load)
    return frozenset(pairs)


def _hire(people: dict[str, Inspector], seat: Seat) -> str:
    """Add somebody whom a seat admits, and return the id, which was free."""
    name = next(name for k in itertools.count(1) if (name := f"新{k}") not in people)
    people[name] = Inspector(
        id=name,
        department=min(seat.departments),
        skills=seat.skills,
        is_expert=seat.expert,
    )
    return name


def staffing_problems(
    *,
    min_size: int = 0,
    max_size: int = _MAX_TASKS,
    departments: Collection[str] = _DEPARTMENTS,
    skills: Collection[str] = _SKILLS,
    areas: Collection[str] = _AREAS,
    staffable: bool = False,
) -> SearchStrategy[StaffingProblem]:
    """
    Tasks with a register, recusals and past visits that belong together.

    Joint tasks, two tasks on one half-day, departments of one officer, recusals
    and rotation that leave nobody, and capacities that are used up are common:
    about a third of the problems have no legal staffing.  If *staffable*, all
    have one, also where home areas are avoided.  Sizes bound the number of tasks;
    the rest is as in `inspectors`.

    Examples:
        >>> from hypothesis import given
        >>> from dsgk.testing import keys
        >>> @given(staffing_problems(staffable=True), keys())
        ... def test_every_task_gets_its_team(problem, key):
        ...     assignment = problem.chances().draw(key)
        ...     assert assignment.teams.keys() == {task.id for task in problem.tasks}
        >>> test_every_task_gets_its_team()
    """
    check_sizes(min_size, max_size)
    check_type(bool, staffable, "staffable")
    pools = _Pools.of(departments, skills, areas)
    tasks = pools.tasks(st.just("T"), st.sampled_from(_SUBJECTS))
    some = [
        lists_of(tasks, min_size=least, max_size=max_size)
        for least in range(min_size, min_size + 3)  # or many would have no task
        if least <= max_size
    ]
    people = lists_of(
        pools.people(ids_or(None, "ids")),
        min_size=0,
        max_size=len(_NUMBERS),
        unique_by=lambda person: person.id,
    )
    ways = st.sampled_from([_SURELY] if staffable else [*_WAYS, _SURELY])
    return _problems(ways, st.one_of(some), people)
