"""
Replacing one inspector after the draw, and nobody else (补抽).

A request is published before its fact exists and tells among whom will be drawn;
the key follows from its digest and the fact.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import NamedTuple

import attrs

from dsgk.assignments._bench import Bar, Pattern, bars_of_subjects, last_visits
from dsgk.assignments._draw import leading_places
from dsgk.assignments._problem import Fairness, StaffingProblem, StaffingTask, seating
from dsgk.assignments._shortages import Shortage, UnstaffableError, busy, uncertified
from dsgk.documents import Digest, Key, digest_of
from dsgk.draws import Entropy, key_of
from dsgk.errors import Faults, invalid
from dsgk.fields import Coded, Id, Natural, Stored, Text, declared, value
from dsgk.inspectors import Inspector
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_43, article, cites


__all__ = ["Redraw", "RedrawReason", "RedrawRequest", "Standing", "Vacancy"]


class RedrawReason(Coded):
    """Why somebody is replaced after the draw (补抽事由)."""

    UNAVAILABLE = ("unavailable", "不能到岗", "因故不能参加")
    RECUSAL = ("recusal", "回避")
    LEFT = ("left", "离开名录库", "调离")


@cites(article(3), PENALTY_LAW_43)
@value("dsgk-redraw/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class RedrawRequest(Stored):
    """
    What is published before the fact of a redraw (补抽公告).

    Made by `AssignmentRecord.request_redraw`.

    Attributes:
        record: Digest of the record as it stands.
        number: How many redraws it has.
        unit: Id of the task, of an outing its first one.
        seat: Number of the place in the team.
        officer: Id of who cannot go.
        reason: Why.
        pool: Ids of all among whom is drawn, all alike, in order.
        announced_on: Day on which the request is published.
        entropy: The public fact to come, on a later day.

    Raises:
        InvalidInput: The pool is empty, out of order or has somebody twice; the
            fact is not of a later day.
    """

    record: Digest
    number: Natural
    unit: Id
    seat: Natural
    officer: Id
    reason: RedrawReason
    pool: tuple[Id, ...]
    announced_on: dt.date
    entropy: Entropy

    def __attrs_post_init__(self) -> None:
        """Tell what does not fit together."""
        faults = Faults()
        if not self.pool or list(self.pool) != sorted({*self.pool} - {self.officer}):
            faults.add("redraw-pool", column="pool", got=self.pool)
        if self.entropy.on <= self.announced_on:
            on, announced_on = self.entropy.on, self.announced_on
            faults.add(
                "redraw-day", column="entropy.on", got=on, announced_on=announced_on
            )
        faults.raise_any()

    @property
    def digest(self) -> str:
        """Lower-case hex SHA-256 of the request in its canonical form."""
        return digest_of(self.to_dict())

    def key(self, entropy: object, /) -> str:
        """
        Make the key of the redraw, once the fact exists.

        Args:
            entropy: The values of the fact, or their text.

        Raises:
            InvalidValueError: There is another spelling of the fact.
            InvalidInput: The values are not of the form.
        """
        return key_of(self.digest, self.entropy.read(entropy))


@value("dsgk-redrawn/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class Redraw(Stored):
    """
    One replacement after the draw (补抽).

    Attributes:
        request: What was published before.
        entropy: The text of the fact.
        key: The key that follows from both.
        after: Id of the inspector who was drawn.
        team: Ids of the team since then, by the places of the seats in the
            order of their kinds.
        in_charge: Id of the officer in charge since then.
    """

    request: RedrawRequest
    entropy: Text
    key: Key
    after: Id
    team: tuple[Id, ...]
    in_charge: Id


class Standing(NamedTuple):
    """
    How a record stands.

    Attributes:
        teams: By the id of each task, its team by places.
        in_charge: By the id of each task, the officer in charge.
        loads: How many units everybody has.
        replaced: Pairs of a unit and somebody who was replaced there.
    """

    teams: Mapping[str, tuple[str, ...]]
    in_charge: Mapping[str, str]
    loads: Mapping[str, int]
    replaced: frozenset[tuple[str, str]]


class Vacancy:
    """
    A place that somebody leaves, and who may take it.

    Args:
        problem: The problem as it is now.
        standing: How the record stands.
        task_id: A task of the unit.
        leaving: Who leaves.

    Raises:
        InvalidValueError: There is no such task, in the record or the problem, or
            no such inspector in its team.
    """

    def __init__(
        self,
        problem: StaffingProblem,
        standing: Standing,
        task_id: object,
        leaving: object,
    ) -> None:
        tasks = {task.id: task for task in problem.tasks}
        known = tasks.keys() & standing.teams.keys()
        if not isinstance(task_id, str) or task_id not in known:
            raise invalid("no-such-task", name="task_id", got=task_id)
        team = standing.teams[task_id]
        if not isinstance(leaving, str) or leaving not in team:
            told = {"task_id": task_id, "got": leaving, "team": team}
            raise invalid("not-in-team", name="inspector_id", **told)
        self.problem, self.standing = problem, standing
        self.leaving, self.team = leaving, team
        task = tasks[task_id]
        self.unit: tuple[StaffingTask, ...] = (task,)
        if task.outing is not None:
            self.unit = tuple(t for t in problem.tasks if t.outing == task.outing)
        self.task = self.unit[0]
        self.pattern = Pattern.of(self.task.seats, 0)
        if len(self.pattern.places) != len(team):
            raise invalid("no-such-task", name="task_id", got=task_id)
        self.places = [self.task.seats[n] for n in self.pattern.places]
        self.place = team.index(leaving)
        self.area = self.task.area if problem.avoid_home_areas else None

    @cached_property
    def bars(self) -> dict[str, Bar]:
        """Who is kept away from the unit, and why."""
        subjects = {task.subject_id for task in self.unit}
        bars_of = bars_of_subjects(
            (r for r in self.problem.recusals if r.subject_id in subjects),
            last_visits(
                (v for v in self.problem.history if v.subject_id in subjects),
                self.problem.register,
            ),
        )
        bars: dict[str, Bar] = {}
        for subject_id in sorted(bars_of):
            for person, bar in bars_of[subject_id].items():
                bars[person] = bars.get(person, Bar()).merged(bar)
        return bars

    def pool(self) -> tuple[str, ...]:
        """
        Ids of those among whom is drawn, in order.

        Whoever was replaced here stays away, whatever for: a later redraw, which
        may not be told of the recusal again, must not bring them back.

        Raises:
            UnstaffableError: There is nobody.
        """
        away = {*self.team}
        away |= {one for unit, one in self.standing.replaced if unit == self.task.id}
        others = [person for person in self.problem.register if person.id not in away]
        free = [
            p for p in others if p.id not in self.bars and self.area not in p.home_areas
        ]
        able = [person for person in free if self._has_room(person)]
        seat = self.places[self.place]
        admitted = [person for person in able if seat.admits(person)]
        pool = admitted or [person for person in able if self._changed(person)]
        if not pool:
            raise UnstaffableError.of([self._shortage(others, free)])
        if self.problem.fairness is Fairness.EQUAL_LOAD:
            fewest = min(map(self._load, pool))
            pool = [person for person in pool if self._load(person) == fewest]
        return tuple(person.id for person in pool)

    def draw(self, request: RedrawRequest, entropy: object, /) -> Redraw:
        """Draw who comes, and who is in charge then."""
        key = request.key(entropy)
        source = Shake(key, "redraw")
        after = request.pool[source.below(len(request.pool))]
        team = self._team_with(after)
        in_charge = self.standing.in_charge[self.task.id]
        leading = [team[n] for n in leading_places(self.task, self.pattern)]
        if in_charge not in leading:
            in_charge = leading[source.below(len(leading))]
        return Redraw(
            request=request,
            entropy=request.entropy.read(entropy),
            key=key,
            after=after,
            team=team,
            in_charge=in_charge,
        )

    def _team_with(self, after: str) -> tuple[str, ...]:
        """The team by places if somebody comes; others move only if they must."""
        person = self.problem.register[after]
        if not self.places[self.place].admits(person):
            return self._changed(person)
        return tuple(after if one == self.leaving else one for one in self.team)

    def _changed(self, person: Inspector) -> tuple[str, ...]:
        """The team by places if others make room; else nothing."""
        staying = [one for one in self.team if one != self.leaving]
        if any(one not in self.problem.register for one in staying):
            return ()  # nobody knows what they could do instead
        people = [*(self.problem.register[one] for one in staying), person]
        held = [-1 if one == self.leaving else staying.index(one) for one in self.team]
        holders = seating(people, self.places, held)
        return tuple(people[holder].id for holder in holders or ())

    def _load(self, person: Inspector) -> int:
        earlier = self.problem.current_loads.get(person.id, 0)
        return self.standing.loads.get(person.id, 0) + earlier

    def _has_room(self, person: Inspector) -> bool:
        return person.capacity is None or self._load(person) < person.capacity

    def _shortage(self, others: list[Inspector], free: Iterable[Inspector]) -> Shortage:
        """Why nobody can take the place."""
        seat = self.places[self.place]
        at_hand = list(free)
        free_ids = {person.id for person in at_hand}
        ways = [
            self.bars.get(person.id, Bar()).reasons
            + (((person.id, self.area),) if self.area in person.home_areas else ())
            for person in others
            if person.id not in free_ids
            and self._has_room(person)
            and (seat.admits(person) or self._changed(person))
        ]
        open_to = [person for person in at_hand if seat.admits(person)]
        return Shortage(
            wanted=((self.task.id, attrs.evolve(seat, count=1)),),
            inspectors=tuple(person.id for person in open_to),
            capacity=0,
            ways=tuple(ways),
            busy=busy(((p, self._load(p)) for p in open_to), 1),
            uncertified=uncertified([seat], at_hand),
        )
