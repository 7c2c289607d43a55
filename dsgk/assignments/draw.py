"""The draw of inspectors, and what comes out of it."""

import datetime as dt
import enum
import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs
import numpy as np

from dsgk.assignments.bench import Bench, prepare
from dsgk.assignments.shortages import explain
from dsgk.assignments.tasks import PastVisit, Seat, StaffingTask
from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.inspectors.people import Recusal
from dsgk.inspectors.register import InspectorRegister
from dsgk.kernels.flows import Staffing
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_42, PENALTY_LAW_43, RuleProfile, article, cites


__all__ = ["Assignment", "Fairness", "Seated", "assign_inspectors"]

_KEY = re.compile("[0-9a-f]{32}")
_RULES = RuleProfile()


class Fairness(enum.Enum):
    """
    What is made equal between inspectors (公平取向).

    Both at once cannot be had: who is barred from half of the tasks has half
    the load under equal chances.
    """

    EQUAL_CHANCE = "equal-chance"
    """Each seat is drawn among all to whom it is open, all alike."""
    EQUAL_LOAD = "equal-load"
    """Each seat is drawn among those with the fewest seats so far."""


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


@cites(article(3))
@attrs.frozen(kw_only=True)
class Assignment:
    """
    Who inspects what (选派结果).

    Attributes:
        key: The key of the draw.
        fairness: What was made equal.
        tasks: In the order of their ids.
    """

    key: str
    fairness: Fairness
    tasks: tuple[StaffingTask, ...] = attrs.field(repr=False)
    _teams: dict[str, tuple[Seated, ...]] = attrs.field(repr=False, hash=False)
    _loads: dict[str, int] = attrs.field(repr=False, hash=False)

    @property
    def teams(self) -> Mapping[str, tuple[Seated, ...]]:
        """
        The team of each task, by its id.

        Seats stand in the order of the task, the people of one seat in the
        order of their ids.
        """
        return MappingProxyType(self._teams)

    @property
    def loads(self) -> Mapping[str, int]:
        """How many tasks each person of the register has, by id, none included."""
        return MappingProxyType(self._loads)

    def past_visits(self, *, on: dt.date) -> tuple[PastVisit, ...]:
        """
        Who was where, as history of the next draw.

        Args:
            on: Day on which the tasks were done.
        """
        return tuple(
            PastVisit(
                subject_id=task.subject_id, inspector_id=seated.inspector_id, on=on
            )
            for task in self.tasks
            for seated in self._teams[task.id]
        )

    def to_columns(self) -> dict[str, list[str] | list[int] | list[bool]]:
        """
        One row for each place, by task and seat.

        Returns:
            Columns of equal length: ``task_id``, ``subject_id``, ``seat`` (its
            position in the task), ``expert`` and ``inspector_id``.
        """
        rows = [
            (task, seated) for task in self.tasks for seated in self._teams[task.id]
        ]
        return {
            "task_id": [task.id for task, _ in rows],
            "subject_id": [task.subject_id for task, _ in rows],
            "seat": [task.seats.index(seated.seat) for task, seated in rows],
            "expert": [seated.seat.expert for _, seated in rows],
            "inspector_id": [seated.inspector_id for _, seated in rows],
        }


@cites(article(3), PENALTY_LAW_42, PENALTY_LAW_43)
def assign_inspectors(
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    *,
    key: str,
    recusals: Iterable[Recusal] = (),
    history: Iterable[PastVisit] = (),
    fairness: Fairness = Fairness.EQUAL_CHANCE,
    rules: RuleProfile = _RULES,
) -> Assignment:
    """
    Draw the inspectors of all tasks at random (随机选派).

    What holds of every assignment:

    - It is legal: every place is taken by somebody whom its seat admits, who
      is not recused, was not there last time, has one place at most in a
      team and no more tasks than their capacity.
    - It is complete: if there is any legal staffing, there is one in which
      every place is taken, whatever the key is.
    - It can be repeated: it depends on the key and on the set of what is
      given, not on any order, and is the same on every machine.

    Places are filled in random order. How likely somebody comes to a place
    is therefore equal only as long as no capacity is used up.

    Args:
        tasks: In any order.
        register: Who can be sent.
        key: [32 lower-case hex characters] The key of the draw.
        recusals: Of people in the register, from whatever subjects.
        history: Past visits; see `PastVisit` for whom they keep away.
        fairness: What is made equal.
        rules: The numbers of the law.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: *key* is no key.
        InvalidInput: Tasks, recusals or history are faulty: an id or an
            officer comes twice, a team is smaller than the law asks for, a
            department or a recused person is not in the register.
        UnstaffableError: There is no legal staffing; it says why.

    Cites:
        District Opinion, Art. 3 (随机选派执法检查人员); Administrative Penalty
        Law, Art. 42 (two certified officers) and 43 (recusal).

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
    """
    _check_key(key)
    if not isinstance(fairness, Fairness):
        msg = (
            f"'fairness' must be of type Fairness (got {fairness!r}). "
            "Write Fairness.EQUAL_CHANCE."
        )
        raise InvalidTypeError(msg, code="argument-type", params={"name": "fairness"})
    bench = prepare(tasks, register, recusals=recusals, history=history, rules=rules)
    staffing = bench.staffing()
    staffing.fill(Shake(key, "places"), even=fairness is Fairness.EQUAL_LOAD)
    if staffing.missing:
        raise explain(bench, staffing)
    return _assignment(bench, staffing, key, fairness)


def _check_key(key: object) -> None:
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        msg = (
            f"'key' must be 32 lower-case hex characters (got {key!r}). "
            "Take it from the announcement and the entropy."
        )
        raise InvalidValueError(msg, code="key-form", params={"key": key})


def _assignment(
    bench: Bench, staffing: Staffing, key: str, fairness: Fairness
) -> Assignment:
    holders = staffing.holders
    order = np.lexsort((holders, bench.seat, bench.task))
    known: dict[tuple[int, int], Seated] = {}
    ids = [task.id for task in bench.tasks]
    teams: dict[str, list[Seated]] = {task_id: [] for task_id in ids}
    for task, seat, person in zip(
        bench.task[order].tolist(),
        bench.seat[order].tolist(),
        holders[order].tolist(),
        strict=True,
    ):
        seated = known.get((seat, person))
        if seated is None:
            seated = known[seat, person] = Seated(
                inspector_id=bench.people[person].id, seat=bench.seats[seat]
            )
        teams[ids[task]].append(seated)
    loads = np.bincount(holders, minlength=len(bench.people)).tolist()
    return Assignment(
        key=key,
        fairness=fairness,
        tasks=bench.tasks,
        teams={task_id: tuple(team) for task_id, team in teams.items()},
        loads={
            person.id: load for person, load in zip(bench.people, loads, strict=True)
        },
    )
