"""Replacing one inspector after the draw, and nobody else."""

from collections.abc import Iterable, Mapping

import attrs

from dsgk.assignments.bench import Bar, bars_of_subjects, last_visits
from dsgk.assignments.checks import check_key, checked, refuse_other
from dsgk.assignments.outcome import Assignment, Redraw, RedrawReason
from dsgk.assignments.parts import Fairness
from dsgk.assignments.shortages import Shortage, UnstaffableError
from dsgk.assignments.tasks import PastVisit, StaffingTask
from dsgk.assignments.teams import seating
from dsgk.errors import InvalidValueError
from dsgk.inspectors.people import Inspector, Recusal
from dsgk.inspectors.register import InspectorRegister
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_43, article, cites


__all__ = ["redraw_seat", "redrawn"]


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
        key: [32 lower-case hex characters] The key of the redraw. That of the
            draw is known by now, so take a new one.
        register: Who can be sent now, if the register has changed.
        recusals: Recusals that hold now besides those of the draw.
        history: Past visits besides those of the draw.

    Returns:
        The assignment with the redraw at the end of `Assignment.redraws`.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: *key* is no key, or there is no such task or no
            such inspector in its team.
        InvalidInput: Recusals or history are faulty.
        UnstaffableError: Nobody can take the seat; it says why.

    Cites:
        District Opinion, Art. 3 (随机选派执法检查人员); Administrative Penalty
        Law, Art. 43 (recusal).

    Examples:
        >>> from dsgk.assignments.draw import assign_inspectors
        >>> from dsgk.assignments.tasks import Seat
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
    refuse_other(assignment, Assignment, "assignment")
    refuse_other(reason, RedrawReason, "reason")
    check_key(key)
    if task_id not in assignment.stated:
        msg = (
            f"'task_id' must be a task of the assignment (got {task_id!r}). "
            "Take it from its tasks."
        )
        raise InvalidValueError(msg, code="no-such-task", params={"task_id": task_id})
    now = assignment.stated.register if register is None else register
    bars = _bars_now(assignment, task_id, now, recusals, history)
    _check_in_team(assignment, task_id, inspector_id)
    pool = _pool(assignment, task_id, inspector_id, now, bars)
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
    """Who is kept away from a task, by what was known before the draw or is now."""
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
    known = (
        stated.bench.subject_bars,
        bars_of_subjects(given.recusals, last_visits(given.history, register)),
    )
    bars: dict[str, Bar] = {}
    for subject_id in dict.fromkeys(task.subject_id for task in stated.unit(task_id)):
        for of_subjects in known:
            for person, bar in of_subjects.get(subject_id, {}).items():
                bars[person] = bars.get(person, Bar()).merged(bar)
    return bars


def _pool(
    assignment: Assignment,
    task_id: str,
    leaving: str,
    register: InspectorRegister,
    bars: Mapping[str, Bar],
) -> dict[str, tuple[str, ...]]:
    """Team by places for each of those among whom is drawn, by their ids."""
    stated, task = assignment.stated, assignment.stated.task(task_id)
    places = stated.bench.patterns[task_id].places
    team = assignment.by_place(task_id)
    seat = task.seats[places[team.index(leaving)]]
    area = task.area if stated.avoid_home_areas else None
    earlier = stated.bench.current_loads

    def load(person: Inspector) -> int:
        return assignment.loads.get(person.id, 0) + earlier.get(person.id, 0)

    # Who was replaced here stays away, whatever for: a later redraw, which may
    # not be told of the recusal again, must not bring them back.
    unit = {task.id for task in stated.unit(task_id)}
    replaced = {r.before for r in assignment.redraws if r.task_id in unit}
    away = {*team, *replaced}
    others = [person for person in register if person.id not in away]
    free = [p for p in others if p.id not in bars and area not in p.home_areas]
    with_room = {p.id for p in others if p.capacity is None or load(p) < p.capacity}
    pool = {
        person.id: tuple(person.id if one == leaving else one for one in team)
        for person in free
        if person.id in with_room and seat.admits(person)
    } or {
        person.id: changed
        for person in free
        if person.id in with_room
        and (changed := _changed(assignment, task, leaving, person, register))
    }
    if not pool:
        kept = [
            p for p in others if seat.admits(p) and p.id in with_room and p not in free
        ]
        why = [bars.get(person.id, Bar()) for person in kept]
        shortage = Shortage(
            wanted=((task.id, attrs.evolve(seat, count=1)),),
            inspectors=tuple(person.id for person in free if seat.admits(person)),
            capacity=0,
            recusals=tuple(recusal for bar in why for recusal in bar.recusals),
            past_visits=tuple(visit for bar in why for visit in bar.past_visits),
            home_areas=tuple((p.id, area) for p in kept if area in p.home_areas),
        )
        raise UnstaffableError.of([shortage])
    if stated.fairness is Fairness.EQUAL_LOAD:
        loads = {person: load(register[person]) for person in pool}
        fewest = min(loads.values())
        pool = {person: t for person, t in pool.items() if loads[person] == fewest}
    return pool


def _changed(
    assignment: Assignment,
    task: StaffingTask,
    leaving: str,
    person: Inspector,
    register: InspectorRegister,
) -> tuple[str, ...]:
    """Return the team by places if others make room for *person*; else nothing."""
    team = assignment.by_place(task.id)
    before = assignment.stated.register
    staying = [one for one in team if one != leaving]
    if any(one not in register and one not in before for one in staying):
        return ()  # drawn from a register that is not at hand
    people = [
        *(register[one] if one in register else before[one] for one in staying),
        person,
    ]
    held = [-1 if one == leaving else staying.index(one) for one in team]
    places = assignment.stated.bench.patterns[task.id].places
    holders = seating(people, [task.seats[n] for n in places], held)
    return tuple(people[holder].id for holder in holders or ())
