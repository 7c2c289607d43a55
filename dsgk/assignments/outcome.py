"""What comes out of a draw of inspectors."""

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import NamedTuple, Self

import attrs

from dsgk.assignments.bench import Pattern
from dsgk.assignments.parts import Fairness
from dsgk.assignments.stated import DrawMethod, StatedChances
from dsgk.assignments.tasks import PastVisit, Seat, StaffingTask
from dsgk.fields import Coded
from dsgk.sources import article, cites


__all__ = [
    "Assignment",
    "Drawn",
    "Lookup",
    "Redraw",
    "RedrawReason",
    "Seated",
    "seated_team",
]


class RedrawReason(Coded):
    """Why somebody is replaced after the draw (补抽事由)."""

    UNAVAILABLE = ("unavailable", "不能到岗", "因故不能参加")
    RECUSAL = ("recusal", "回避")
    LEFT = ("left", "离开名录库", "调离")


@attrs.frozen(kw_only=True)
class Seated:
    """
    One inspector in one place of a team.

    Attributes:
        inspector_id: Who.
        seat: The seat of the task of which it is a place.
    """

    inspector_id: str
    seat: Seat


class Drawn(NamedTuple):
    """
    What was drawn, whatever was redrawn since.

    Attributes:
        teams: Ids of each team by the places of the seats, in the order of
            their kinds; by the id of the first task of a batch.
        leads: Id of the officer in charge, likewise.
        presets: Id of the preset team, likewise, if these were drawn.
    """

    teams: dict[str, tuple[str, ...]]
    leads: dict[str, str]
    presets: dict[str, str]


class Lookup(NamedTuple):
    """A seat that was drawn by the fallback: who got it, and out of whom."""

    one: int
    row: int
    bits: bytes


@attrs.frozen(kw_only=True)
class Redraw:
    """
    One replacement after the draw (补抽).

    Attributes:
        task_id: The task; with it all tasks of its batch.
        before: Id of the inspector who was replaced.
        after: Id of the inspector who was drawn.
        reason: Why.
        key: The key of the redraw.
        pool: Ids of all among whom it was drawn, with equal chances.
        team: Ids of the team since then, by the places of the seats in the
            order of their kinds.
        lead: Id of the officer in charge since then.
    """

    task_id: str
    before: str
    after: str
    reason: RedrawReason
    key: str
    pool: tuple[str, ...]
    team: tuple[str, ...]
    lead: str

    @property
    def chances(self) -> dict[str, Fraction]:
        """Chance that everybody had to be drawn."""
        return dict.fromkeys(self.pool, Fraction(1, len(self.pool)))


def seated_team(
    task: StaffingTask, pattern: Pattern, team: Sequence[str]
) -> tuple[Seated, ...]:
    """Seat a team that is given by places, in the order of the task's seats."""
    placed = sorted(zip(pattern.places, team, strict=True))
    return tuple(Seated(inspector_id=one, seat=task.seats[n]) for n, one in placed)


@cites(article(3))
@attrs.frozen(kw_only=True)
class Assignment:
    """
    Who inspects what (选派结果).

    Attributes:
        key: The key of the draw.
        stated: The chances that the draw had.
        redraws: Replacements since then, in turn.
    """

    key: str
    stated: StatedChances
    redraws: tuple[Redraw, ...] = ()
    _drawn: Drawn = attrs.field(repr=False, hash=False)
    _teams: dict[str, tuple[Seated, ...]] = attrs.field(repr=False, hash=False)
    _leads: dict[str, str] = attrs.field(repr=False, hash=False)
    _loads: dict[str, int] = attrs.field(repr=False, hash=False)
    _lookups: tuple[Lookup, ...] = attrs.field(repr=False)

    @property
    def fairness(self) -> Fairness:
        """What was made equal."""
        return self.stated.fairness

    @property
    def tasks(self) -> tuple[StaffingTask, ...]:
        """The tasks, in the order of their ids."""
        return self.stated.tasks

    @property
    def teams(self) -> Mapping[str, tuple[Seated, ...]]:
        """
        The team of each task, by its id.

        Seats stand in the order of the task, the people of one seat in the
        order of their ids.
        """
        return MappingProxyType(self._teams)

    @property
    def leads(self) -> Mapping[str, str]:
        """The officer in charge of each task (主检), by its id."""
        return MappingProxyType(self._leads)

    @property
    def loads(self) -> Mapping[str, int]:
        """
        How many tasks each person of the register got, by id, none included.

        A batch counts once.
        """
        return MappingProxyType(self._loads)

    def chances(self, task_id: str, /) -> dict[str, Fraction]:
        """
        Chance that each inspector had, before the draw, to be in a team.

        Raises:
            KeyError: There is no such task.
            InvalidValueError: Chances for the task are not stated, since its
                seats were drawn one after another; see `pools`.
        """
        return self.stated[task_id]

    def method(self, task_id: str, /) -> DrawMethod:
        """
        How the team of a task was drawn; of several ways the least exact one.

        Raises:
            KeyError: There is no such task.
        """
        return self.stated.method(task_id)

    def pools(self, task_id: str, /) -> dict[str, tuple[str, ...]]:
        """
        Out of whom each seat of a task was drawn that has no stated chances.

        Returns:
            For the id of everybody who was drawn so, an inspector or a preset
            team, the ids of all among whom the seat was drawn, all alike.

        Raises:
            KeyError: There is no such task.
        """
        return {
            self.stated.bench.drawn[one].id: self.stated.pool_of(row, bits)
            for one, row, bits in self.lookups(task_id)
        }

    def lookups(self, task_id: str, /) -> tuple[Lookup, ...]:
        """Return the seats of a task that were drawn one after another."""
        rows = self.stated.rows(task_id)
        first, last = (
            bisect_left(self._lookups, row, key=lambda lookup: lookup.row)
            for row in (rows[0], rows[-1] + 1)
        )
        return self._lookups[first:last]

    @property
    def drawn(self) -> Drawn:
        """What was drawn, before any redraw."""
        return self._drawn

    def by_place(self, task_id: str, /) -> tuple[str, ...]:
        """Return ids of a team by the places of the seats."""
        listed = self.stated.bench.patterns[task_id].listed
        team = self._teams[task_id]
        by_place = dict(zip(listed, team, strict=True))
        return tuple(by_place[place].inspector_id for place in range(len(team)))

    def with_redraw(self, redraw: Redraw, /) -> Self:
        """Return the assignment after one redraw more."""
        teams, leads, loads = dict(self._teams), dict(self._leads), dict(self._loads)
        for task in self.stated.unit(redraw.task_id):
            teams[task.id] = seated_team(
                task, self.stated.bench.patterns[task.id], redraw.team
            )
            leads[task.id] = redraw.lead
        loads[redraw.before] = loads.get(redraw.before, 0) - 1
        loads[redraw.after] = loads.get(redraw.after, 0) + 1
        return attrs.evolve(
            self,
            redraws=(*self.redraws, redraw),
            teams=teams,
            leads=leads,
            loads=dict(sorted(loads.items())),
        )

    def past_visits(self, *, on: dt.date) -> tuple[PastVisit, ...]:
        """
        Who was where, as history of the next draw.

        Officers of the register of the draw are told with their department,
        so that their visits count when they have left.

        Args:
            on: Day on which the tasks were done.
        """
        # One subject may have several tasks of one team.
        pairs = dict.fromkeys(
            (task.subject_id, seated.inspector_id)
            for task in self.tasks
            for seated in self._teams[task.id]
        )
        officers = {p.id: p.department for p in self.stated.register if p.is_officer}
        return tuple(
            PastVisit(
                subject_id=subject_id,
                inspector_id=inspector_id,
                on=on,
                department=officers.get(inspector_id),
            )
            for subject_id, inspector_id in pairs
        )

    def to_columns(self) -> dict[str, list[str] | list[int] | list[bool]]:
        """
        One row for each place, by task and seat.

        Returns:
            Columns of equal length: ``task_id``, ``subject_id``, ``seat`` (its
            position in the task), ``expert``, ``lead`` (whether this is the
            officer in charge) and ``inspector_id``.
        """
        rows = [
            (task, seated) for task in self.tasks for seated in self._teams[task.id]
        ]
        return {
            "task_id": [task.id for task, _ in rows],
            "subject_id": [task.subject_id for task, _ in rows],
            "seat": [task.seats.index(seated.seat) for task, seated in rows],
            "expert": [seated.seat.expert for _, seated in rows],
            "lead": [self._leads[t.id] == seated.inspector_id for t, seated in rows],
            "inspector_id": [seated.inspector_id for _, seated in rows],
        }
