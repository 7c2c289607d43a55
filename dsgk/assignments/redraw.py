"""Replacing one inspector after the draw, and nobody else."""

from collections.abc import Iterable, Mapping

import attrs

from dsgk.assignments.bench import Bar, bars_of_subjects, last_visits
from dsgk.assignments.checks import check_key, checked
from dsgk.assignments.outcome import Assignment, Redraw, RedrawReason
from dsgk.assignments.parts import Fairness
from dsgk.assignments.shortages import (
    Shortage,
    UnstaffableError,
    busy,
    uncertified,
)
from dsgk.assignments.tasks import PastVisit
from dsgk.assignments.teams import seating
from dsgk.errors import InvalidValueError
from dsgk.fields import check_type
from dsgk.inspectors import Inspector, InspectorRegister, Recusal
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_43, article, cites


__all__ = ["Vacancy", "redraw_seat", "redrawn", "vacancy_at_draw"]


@cites(article(3), PENALTY_LAW_43)
def redraw_seat(
    assignment: Assignment,
    /,
    task_id: str,
    inspector_id: str,
    *,
    reason: RedrawReason,
    key: str,
    register: InspectorRegister | None = None,
    recusals: Iterable[Recusal] = (),
    history: Iterable[PastVisit] = (),
) -> Assignment:
    """
    Replace one inspector of one team at random (补抽).

    Everybody else keeps their tasks.  The seat goes to one of those who are
    open to it, whom nothing keeps away and who have room, all alike; by equal
    load, to one of them with the fewest tasks.  Only if there are none it goes
    to somebody for whom the others of the team can change seats, as few as
    possible.  With the officer in charge goes their charge, which is drawn
    among the team anew; a batch is one task.

    Args:
        assignment: What was drawn, with the redraws before.
        task_id: The task.
        inspector_id: Who cannot go.
        reason: Why.
        key: [32 lower-case hex characters] The key of the redraw, which must
            not be that of the draw: a key that is known tells beforehand who
            will come. Redraws that are announced together may share one.
        register: Who can be sent now, if the register has changed.
        recusals: Recusals that hold now besides those of the draw.
        history: Past visits besides those of the draw. Who was there last
            time is told of both together.

    Returns:
        The assignment with the redraw at the end of `Assignment.redraws`.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: *key* is no key or that of the draw, or there is no
            such task or no such inspector in its team.
        InvalidInput: Recusals or history are faulty.
        UnstaffableError: Nobody can take the seat; it says why.

    Cites:
        District Opinion, Art. 3 (随机选派执法检查人员); Administrative Penalty
        Law, Art. 43 (recusal).

    Examples:
        >>> from dsgk.assignments.draw import assign_inspectors
        >>> from dsgk.assignments.tasks import Seat, StaffingTask
        >>> register = InspectorRegister(
        ...     Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3, 4)
        ... )
        >>> task = StaffingTask(
        ...     id="T1", subject_id="S1", seats=[Seat(department="消防")]
        ... )
        >>> drawn = assign_inspectors(
        ...     [task], register, key="f050b4356fceca7e0bd30cb92bc14db1"
        ... )
        >>> [seated.inspector_id for seated in drawn.teams["T1"]]
        ['XF2', 'XF4']
        >>> redrawn = redraw_seat(
        ...     drawn, "T1", "XF2", reason=RedrawReason.UNAVAILABLE,
        ...     key="9a0364b9e99bb480dd25e1f0284c8555",
        ... )
        >>> [seated.inspector_id for seated in redrawn.teams["T1"]]
        ['XF3', 'XF4']
        >>> redrawn.redraws[0].chances
        {'XF1': Fraction(1, 2), 'XF3': Fraction(1, 2)}
    """
    check_type(assignment, Assignment, name="assignment")
    check_type(task_id, str, name="task_id")
    check_type(inspector_id, str, name="inspector_id")
    check_type(reason, RedrawReason, name="reason")
    check_key(key)
    if key == assignment.key:
        msg = (
            f"'key' must be another one than that of the draw (got {key!r}). That one "
            "is known by now, so that everybody could tell who would come. Take a new "
            "one."
        )
        raise InvalidValueError(msg, code="redraw-key", params={"key": key})
    _check_in_team(assignment, task_id, inspector_id)
    now = assignment.stated.register if register is None else register
    bars = _bars_now(assignment, task_id, now, recusals, history)
    pool = Vacancy(assignment, task_id, inspector_id, now, bars).pool()
    wanted = Redraw(
        task_id=task_id,
        before=inspector_id,
        after="",
        reason=reason,
        key=key,
        pool=tuple(pool),
        team=(),
        lead="",
    )
    return redrawn(assignment, wanted, pool)


def redrawn(
    assignment: Assignment, wanted: Redraw, pool: Mapping[str, tuple[str, ...]]
) -> Assignment:
    """
    Draw who is put in somebody's place, and who is in charge then.

    Args:
        assignment: Before the redraw.
        wanted: The redraw, whatever it says of *after*, *team* and *lead*.
        pool: The team by places that each of those would give.

    Raises:
        InvalidValueError: Whoever is to be replaced is not in the team.
    """
    task_id = wanted.task_id
    _check_in_team(assignment, task_id, wanted.before)
    source = Shake(wanted.key, f"redraw:{len(assignment.redraws)}")
    after = wanted.pool[source.below(len(wanted.pool))]
    lead = assignment.leads[task_id]
    task = assignment.stated.task(task_id)
    places = assignment.stated.bench.patterns[task_id].places
    leading = [
        person
        for person, n in zip(pool[after], places, strict=True)
        if task.is_leading(task.seats[n])
    ]
    if lead not in leading:
        lead = leading[source.below(len(leading))]
    return assignment.with_redraw(
        attrs.evolve(wanted, after=after, team=pool[after], lead=lead)
    )


def _check_in_team(assignment: Assignment, task_id: str, inspector_id: str) -> None:
    if task_id not in assignment.stated:
        msg = (
            f"'task_id' must be a task of the assignment (got {task_id!r}). "
            "Take it from its tasks."
        )
        raise InvalidValueError(msg, code="no-such-task", params={"task_id": task_id})
    team = assignment.by_place(task_id)
    if inspector_id not in team:
        msg = (
            f"'inspector_id' must be in the team of {task_id!r} (got "
            f"{inspector_id!r}, the team is {', '.join(map(repr, team))}). "
            "Take it from the assignment as it stands now."
        )
        raise InvalidValueError(
            msg,
            code="not-in-team",
            params={"task_id": task_id, "inspector_id": inspector_id},
        )


def _bars_now(
    assignment: Assignment,
    task_id: str,
    register: InspectorRegister,
    recusals: Iterable[Recusal],
    history: Iterable[PastVisit],
) -> dict[str, Bar]:
    """
    Who is kept away from a task, by what was known before the draw or is now.

    Whose visit was the last one is told of all visits together: one that was
    not known at the draw may be later than those that were, or earlier.
    """
    stated = assignment.stated
    given = checked(
        (),
        register,
        teams=(),
        recusals=recusals,
        history=history,
        current_loads={},
        rules=stated.rules,
    )
    bench = stated.bench
    subject_ids = {task.subject_id for task in stated.unit(task_id)}
    visits = [
        visit
        for visit in (*bench.history, *given.history)
        if visit.subject_id in subject_ids
    ]
    bars_of = bars_of_subjects(
        (r for r in (*bench.recusals, *given.recusals) if r.subject_id in subject_ids),
        last_visits(visits, register, stated.register),
    )
    bars: dict[str, Bar] = {}
    for subject_id in sorted(bars_of):
        for person, bar in bars_of[subject_id].items():
            bars[person] = bars.get(person, Bar()).merged(bar)
    return bars


class Vacancy:
    """A place that somebody leaves, and why others may take it or may not."""

    def __init__(
        self,
        assignment: Assignment,
        task_id: str,
        leaving: str,
        register: InspectorRegister,
        bars: Mapping[str, Bar],
    ) -> None:
        """*bars* are those who are kept away from the task, of *register*."""
        stated, task = assignment.stated, assignment.stated.task(task_id)
        places = stated.bench.patterns[task_id].places
        self.assignment, self.task, self.leaving = assignment, task, leaving
        self.register, self.bars = register, bars
        self.team = assignment.by_place(task_id)
        self.places = [task.seats[n] for n in places]
        self.seat = self.places[self.team.index(leaving)]
        self.area = task.area if stated.avoid_home_areas else None
        # Who was replaced here stays away, whatever for: a later redraw, which
        # may not be told of the recusal again, must not bring them back.
        unit = {task.id for task in stated.unit(task_id)}
        self.replaced = {r.before for r in assignment.redraws if r.task_id in unit}

    def obstacle(self, inspector_id: str, /) -> str | None:
        """
        Tell why somebody cannot take the place, whoever else could.

        Returns:
            The first reason of them, to be read behind "who"; None if there
            is none.
        """
        if inspector_id not in self.register:
            return "is not in the register"
        person = self.register[inspector_id]
        reasons = (
            (inspector_id in self.team, "is in the team already"),
            (inspector_id in self.replaced, "was replaced in the team before"),
            (
                inspector_id in self.bars,
                "is kept away by a recusal or a visit of last time",
            ),
            (self.area in person.home_areas, "has ties with the area"),
            (not self._has_room(person), "has no room for one task more"),
            (not self.team_with(person), "is not admitted to the seat"),
        )
        return next((reason for holds, reason in reasons if holds), None)

    def team_with(self, person: Inspector, /) -> tuple[str, ...]:
        """Return the team by places if *person* comes; nothing if none fits."""
        if self.seat.admits(person):
            return self.in_place(person.id)
        return self._changed(person)

    def in_place(self, inspector_id: str, /) -> tuple[str, ...]:
        """Return the team by places if somebody takes the very place that is left."""
        new, leaving = inspector_id, self.leaving
        return tuple(new if one == leaving else one for one in self.team)

    def pool(self) -> dict[str, tuple[str, ...]]:
        """
        Return the team by places for each of those among whom is drawn, by id.

        Raises:
            UnstaffableError: There is nobody.
        """
        away = {*self.team, *self.replaced}
        others = [person for person in self.register if person.id not in away]
        free = [
            p for p in others if p.id not in self.bars and self.area not in p.home_areas
        ]
        able = [person for person in free if self._has_room(person)]
        admitted = [person for person in able if self.seat.admits(person)]
        pool = {
            person.id: team
            for person in admitted or able
            if (team := self.team_with(person))
        }
        if not pool:
            raise UnstaffableError.of([self._shortage(others, free)])
        if self.assignment.stated.fairness is Fairness.EQUAL_LOAD:
            loads = {person: self._load(self.register[person]) for person in pool}
            fewest = min(loads.values())
            pool = {person: t for person, t in pool.items() if loads[person] == fewest}
        return pool

    def _shortage(self, others: list[Inspector], free: list[Inspector]) -> Shortage:
        """Why nobody can take the place."""
        free_ids = {person.id for person in free}
        ways = [
            self.bars.get(person.id, Bar()).reasons
            + (((person.id, self.area),) if self.area in person.home_areas else ())
            for person in others
            if person.id not in free_ids
            and self._has_room(person)
            and self.team_with(person)
        ]
        open_to = [person for person in free if self.seat.admits(person)]
        return Shortage(
            wanted=((self.task.id, attrs.evolve(self.seat, count=1)),),
            inspectors=tuple(person.id for person in open_to),
            capacity=0,
            ways=tuple(ways),
            busy=busy(((p, self._load(p)) for p in open_to), 1),
            uncertified=uncertified([self.seat], free),
        )

    def _load(self, person: Inspector) -> int:
        earlier = self.assignment.stated.bench.current_loads
        return self.assignment.loads.get(person.id, 0) + earlier.get(person.id, 0)

    def _has_room(self, person: Inspector) -> bool:
        return person.capacity is None or self._load(person) < person.capacity

    def _changed(self, person: Inspector) -> tuple[str, ...]:
        """Return the team by places if others make room; else nothing."""
        before = self.assignment.stated.register
        staying = [one for one in self.team if one != self.leaving]
        if any(one not in self.register and one not in before for one in staying):
            return ()  # drawn from a register that is not at hand
        people = [
            *(
                (self.register if one in self.register else before)[one]
                for one in staying
            ),
            person,
        ]
        held = [-1 if one == self.leaving else staying.index(one) for one in self.team]
        holders = seating(people, self.places, held)
        return tuple(people[holder].id for holder in holders or ())


def vacancy_at_draw(assignment: Assignment, task_id: str, leaving: str) -> Vacancy:
    """
    Return a vacancy as it is if all is as it was at the draw.

    Raises:
        InvalidValueError: Whoever leaves is not in the team.
    """
    _check_in_team(assignment, task_id, leaving)
    register = assignment.stated.register
    bars = _bars_now(assignment, task_id, register, (), ())
    return Vacancy(assignment, task_id, leaving, register, bars)
