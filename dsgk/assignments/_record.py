"""
The record: an assignment that was drawn, and what is needed to repeat it.

Its form stands in ``docs/reference/assign-format.md``.  It names nobody but those
who were drawn and, of redraws, those among whom; why others could not be drawn
stands in it only as a digest of all chances.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Self

import attrs

from dsgk.assignments._draw import Assignment, visits_of
from dsgk.assignments._problem import PastVisit, StaffingProblem, StaffingTask
from dsgk.assignments._redraw import (
    Redraw,
    RedrawReason,
    RedrawRequest,
    Standing,
    Vacancy,
)
from dsgk.assignments._stated import ASSIGN_FORMAT, Statement, digest_of_tasks
from dsgk.documents import Digest, Key, Secret, digest_of, value_faults
from dsgk.draws import Entropy
from dsgk.errors import DsgkError, Fault, Faults, InvalidInput, invalid
from dsgk.fields import (
    Id,
    Label,
    Stored,
    Text,
    check_mapping,
    check_type,
    declared,
    faults_of,
    kind_of,
    plain_fields,
    value,
)
from dsgk.kernels.shake import Shake
from dsgk.sources import article, cites


__all__ = ["AssignmentRecord", "StaffedTask", "problem_faults", "staffed"]


@value("dsgk-staffed-task/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class StaffedTask(Stored):
    """
    What a record says of one task, as it was drawn.

    Attributes:
        id: Its id.
        outing: The half-day on which it is made with others, if it is.
        agencies: Who is entrusted with expert work beside the team.
        preset: Id of the preset team, if these were drawn.
        team: Ids of the team by the places of the seats, in the order of their
            kinds.
        in_charge: Id of the officer in charge.
    """

    id: Id
    outing: Label | None
    agencies: tuple[Label, ...]
    preset: Id | None
    team: tuple[Id, ...]
    in_charge: Id


@cites(article(3), article(4))
@value(ASSIGN_FORMAT)
@attrs.frozen(kw_only=True, repr=False, field_transformer=declared)
class AssignmentRecord(Stored):
    """
    An assignment that was drawn, with all that is needed to repeat it (选派记录).

    Made by `of` or `from_dict`.  `from_dict` reads whatever is well formed and
    does not contradict itself; whether it is *true* is for
    `dsgk.verify.verify_assignment` to say, which needs the problem.

    Attributes:
        statement: What was published before the draw.
        entropy: The text of the fact of which the key was made.
        secret: What was sealed, if something was.
        key: The key of the draw.
        tasks: Who was drawn for each task, in the order of the ids.
        redraws: Replacements after the draw, in turn.

    Raises:
        InvalidInput: Values contradict each other: a key or redraw that does not
            follow from the others, a task or one of its team that comes twice,
            somebody in charge who is not in the team; all at once.

    Examples:
        >>> from dsgk.assignments import Seat, StaffingTask
        >>> from dsgk.draws import Digits
        >>> from dsgk.inspectors import Inspector, InspectorRegister
        >>> from dsgk.plans import ModeReason
        >>> register = InspectorRegister(
        ...     Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3)
        ... )
        >>> task = StaffingTask(
        ...     id="T1", subject_id="S1", seats=[Seat(department="消防")]
        ... )
        >>> problem = StaffingProblem([task], register)
        >>> fact = Entropy("某公开号码", dt.date(2026, 4, 1), [Digits("号码", 8)])
        >>> stated = problem.chances(fact, reason=ModeReason.APPROVAL)
        >>> drawn = stated.draw(stated.key(["02071118"]))
        >>> record = AssignmentRecord.of(drawn, entropy=["02071118"])
        >>> record.teams["T1"] == drawn.by_place("T1")
        True
        >>> record == AssignmentRecord.from_dict(record.to_dict())
        True
        >>> later = attrs.evolve(fact, on=dt.date(2026, 4, 8))
        >>> request = record.request_redraw(
        ...     "T1", record.teams["T1"][0], problem=problem, reason="unavailable",
        ...     announced_on=dt.date(2026, 4, 2), entropy=later,
        ... )
        >>> after = record.redraw(request, problem=problem, entropy=["30180511"])
        >>> after.teams["T1"][1] == record.teams["T1"][1]
        True
    """

    statement: Statement
    entropy: Text
    secret: Secret | None
    key: Key
    tasks: tuple[StaffedTask, ...]
    redraws: tuple[Redraw, ...] = ()

    def __attrs_post_init__(self) -> None:
        """Tell what contradicts itself."""
        faults = Faults()
        try:
            key = self.statement.key(self.entropy, self.secret)
        except DsgkError as error:
            for fault in faults_of(error):
                name = "secret" if fault.column == "secret" else "entropy"
                faults.extend([fault.at(column=name)])
        else:
            faults += value_faults(self.key, key, "key")
        self._task_faults(faults)
        faults.raise_any()
        self._redraw_faults(faults)
        faults.raise_any()

    def _task_faults(self, faults: Faults) -> None:
        first_of: dict[str, StaffedTask] = {}
        told: dict[str, Any]
        last = ""
        for number, task in enumerate(self.tasks):
            path = f"tasks[{number}]"
            team, chief = task.team, task.in_charge
            if task.id <= last:
                faults.add("tasks-order", column=f"{path}.id", got=task.id, before=last)
            last = max(last, task.id)
            if len(set(team)) < len(team):
                faults.add("seated-twice", column=f"{path}.team", got=team)
            if chief not in team:
                column = f"{path}.in_charge"
                faults.add("outside-team", column=column, got=chief, team=team)
            if task.outing is None:
                continue
            first = first_of.setdefault(task.outing, task)
            for name in ("team", "in_charge", "preset"):
                told = {"got": getattr(task, name), "expected": getattr(first, name)}
                if told["got"] != told["expected"]:
                    told |= {"column": f"{path}.{name}", "outing": task.outing}
                    faults.add("outing-team", **told)

    def _redraw_faults(self, faults: Faults) -> None:
        for number, redraw in enumerate(self.redraws):
            path = f"redraws[{number}]"
            before = attrs.evolve(self, redraws=self.redraws[:number])
            faults += before._next_faults(redraw, path)  # noqa: SLF001
            if faults:
                return

    def _next_faults(self, redraw: Redraw, path: str, /) -> Faults:
        """Tell what contradicts the record if *redraw* is to be its next one."""
        faults = Faults()
        told: dict[str, Any]
        request, standing = redraw.request, self.standing
        at = f"{path}.request"
        faults += value_faults(request.record, self.digest, f"{at}.record")
        faults += value_faults(request.number, len(self.redraws), f"{at}.number")
        team = standing.teams.get(request.unit, ())
        if self._units().get(request.unit, [""])[0] != request.unit:
            faults.add("no-such-task", column=f"{at}.unit", got=request.unit)
        elif team[request.seat : request.seat + 1] != (request.officer,):
            told = {"task_id": request.unit, "got": request.officer, "team": team}
            faults.add("not-in-team", column=f"{at}.officer", **told)
        elif {*request.pool} & {*team}:
            faults.add("redraw-pool", column=f"{at}.pool", got=request.pool)
        try:
            key = request.key(redraw.entropy)
        except DsgkError as error:
            faults += faults_of(error).at(column=f"{path}.entropy")
            return faults
        faults += value_faults(redraw.key, key, f"{path}.key")
        if faults:
            return faults
        after = request.pool[Shake(key, "redraw").below(len(request.pool))]
        faults += value_faults(redraw.after, after, f"{path}.after")
        in_place = tuple(after if one == request.officer else one for one in team)
        if sorted(redraw.team) != sorted(in_place):
            told = {"got": redraw.team, "expected": in_place}
            faults.add("redraw-team", column=f"{path}.team", **told)
        in_charge = standing.in_charge[request.unit]
        # Whoever keeps their place stays in charge.
        stays = in_charge != request.officer and redraw.team == in_place
        may_lead = (in_charge,) if stays else redraw.team
        if redraw.in_charge not in may_lead:
            told = {"got": redraw.in_charge, "team": may_lead}
            faults.add("outside-team", column=f"{path}.in_charge", **told)
        return faults

    @classmethod
    def of(
        cls,
        assignment: Assignment,
        /,
        *,
        entropy: object,
        secret: str | None = None,
    ) -> Self:
        """
        Record an assignment.

        Args:
            assignment: What was drawn.
            entropy: The fact of which the key was made with the digest of the
                statement: its values, or their text.
            secret: What was sealed.

        Raises:
            InvalidValueError: The assignment is that of a trial, or there is
                another spelling of the fact.
            InvalidInput: The key is not that of the fact.
        """
        check_type(assignment, Assignment, name="assignment")
        statement = assignment.stated.statement
        return cls(
            statement=statement,
            entropy=statement.fact(entropy),
            secret=secret,
            key=assignment.key,
            tasks=staffed(assignment),
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the record in its canonical form, without this digest."""
        return digest_of(super().to_dict())

    def to_dict(self) -> dict[str, Any]:
        """Give the document of the record, as plain JSON values."""
        return {**super().to_dict(), "digest": self.digest}

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave.

        Raises:
            InvalidTypeError: It is no mapping.
            InvalidInput: Another format, unknown or missing keys, faulty values,
                values that contradict each other, or another digest; all at once,
                with their paths.
        """
        check_mapping(document, name="document", instead="record.to_dict()")
        fields = {name: entry for name, entry in document.items() if name != "digest"}
        faults = Faults()
        try:
            record = super().from_dict(fields)
        except InvalidInput as error:
            faults += faults_of(error)
        if "digest" not in document:
            faults.add("key-missing", column="digest")
        elif not faults:
            faults += value_faults(document["digest"], record.digest, "digest")
        faults.raise_any("document of AssignmentRecord")
        return record

    @classmethod
    def schema(cls) -> dict[str, Any]:
        """JSON Schema (2020-12) of the document."""
        about = super().schema()
        about["properties"]["digest"] = kind_of(Digest).schema()
        about["required"] = [*about["required"], "digest"]
        return about

    @property
    def standing(self) -> Standing:
        """How the record stands, redraws included."""
        teams = {task.id: task.team for task in self.tasks}
        in_charge = {task.id: task.in_charge for task in self.tasks}
        loads: Counter[str] = Counter()
        units = self._units()
        for task in self.tasks:
            if units[task.id][0] == task.id:
                loads.update(task.team)
        replaced = set()
        for redraw in self.redraws:
            request = redraw.request
            loads[request.officer] -= 1
            loads[redraw.after] += 1
            replaced.add((request.unit, request.officer))
            for task_id in units[request.unit]:
                teams[task_id] = redraw.team
                in_charge[task_id] = redraw.in_charge
        return Standing(teams, in_charge, loads, frozenset(replaced))

    def _units(self) -> dict[str, list[str]]:
        """By the id of a task, ids of all tasks of its outing."""
        units: dict[str, list[str]] = {}
        outings: dict[str, list[str]] = {}
        for task in self.tasks:
            unit = [] if task.outing is None else outings.setdefault(task.outing, [])
            unit.append(task.id)
            units[task.id] = unit
        return units

    @property
    def teams(self) -> dict[str, tuple[str, ...]]:
        """Ids of the team that each task has now, by places, by its id."""
        return dict(self.standing.teams)

    @property
    def in_charge(self) -> dict[str, str]:
        """Id of the officer now in charge of each task, by its id."""
        return dict(self.standing.in_charge)

    @property
    def loads(self) -> dict[str, int]:
        """How many units everybody has now who was drawn at all, by id."""
        return dict(sorted(self.standing.loads.items()))

    def past_visits(
        self, problem: StaffingProblem, /, *, on: dt.date
    ) -> tuple[PastVisit, ...]:
        """
        Who was where, redraws included, as history of the next draw.

        Args:
            problem: The problem that was drawn from.
            on: Day on which the tasks were done.

        Raises:
            InvalidValueError: A task is not both of the record and of the problem.
        """
        check_type(problem, StaffingProblem, name="problem")
        others = {*self.standing.teams} ^ {task.id for task in problem.tasks}
        if others:
            raise invalid("no-such-task", name="problem", got=min(others))
        return visits_of(problem, self.standing.teams, on)

    @cites(article(3))
    def request_redraw(
        self,
        task_id: str,
        inspector_id: str,
        /,
        *,
        problem: StaffingProblem,
        reason: RedrawReason | str,
        announced_on: dt.date,
        entropy: Entropy,
    ) -> RedrawRequest:
        """
        Ask for somebody else in the place of one inspector (补抽).

        Everybody else keeps their tasks.  The place goes to one of those who are
        open to it, whom nothing keeps away and who have room, all alike; by equal
        load, to one of them with the fewest tasks.  Only if there are none it goes
        to somebody for whom the others of the team can change seats, as few as
        possible.

        Args:
            task_id: The task; with it all tasks of its outing.
            inspector_id: Who cannot go.
            problem: The problem as it is now: the same tasks, and whoever can be
                sent and whatever keeps people away today, what held at the draw
                included.
            reason: Why.
            announced_on: Day on which the request is published.
            entropy: A public fact to come, on a later day.

        Raises:
            InvalidValueError: There is no such task, or no such inspector in its
                team.
            InvalidInput: The problem has other tasks than the draw, or makes
                something else equal; the fact is not of a later day.
            UnstaffableError: Nobody can take the place; it says why.
        """
        check_type(problem, StaffingProblem, name="problem")
        vacancy = Vacancy(problem, self.standing, task_id, inspector_id)
        Faults(problem_faults(self, problem)).raise_any("problem of a redraw")
        return RedrawRequest(
            record=self.digest,
            number=len(self.redraws),
            unit=vacancy.task.id,
            seat=vacancy.place,
            officer=inspector_id,
            reason=reason,  # type: ignore[arg-type]
            pool=vacancy.pool(),
            announced_on=announced_on,
            entropy=entropy,
        )

    @cites(article(3))
    def redraw(
        self, request: RedrawRequest, /, *, problem: StaffingProblem, entropy: object
    ) -> Self:
        """
        Draw who comes instead, once the fact of a request exists (补抽).

        Whoever is in charge stays so while they have a place for it; otherwise one
        of those who have is drawn, from the same key.

        Args:
            request: What was published.
            problem: The problem of which the request was made.
            entropy: The values of the fact, or their text.

        Returns:
            The record with one redraw more.

        Raises:
            InvalidInput: The request is of another record, or its pool is not that
                of the problem; or as `request_redraw`.
        """
        check_type(request, RedrawRequest, name="request")
        check_type(problem, StaffingProblem, name="problem")
        vacancy = Vacancy(problem, self.standing, request.unit, request.officer)
        faults = Faults(problem_faults(self, problem))
        faults += value_faults(list(request.pool), list(vacancy.pool()), "pool")
        faults.raise_any("request of a redraw")
        redraw = vacancy.draw(request, entropy)
        return attrs.evolve(self, redraws=(*self.redraws, redraw))

    def __repr__(self) -> str:
        """Tell how much there is; the record itself is long."""
        return (
            f"AssignmentRecord({len(self.tasks)} tasks, {len(self.redraws)} redraws, "
            f"{self.digest!r})"
        )


def staffed(assignment: Assignment, /) -> tuple[StaffedTask, ...]:
    """Give what a record says of the tasks."""
    first: dict[str, str] = {}

    def unit(task: StaffingTask) -> str:
        return first.setdefault(task.outing, task.id) if task.outing else task.id

    return tuple(
        StaffedTask(
            id=task.id,
            outing=task.outing,
            agencies=task.agencies,
            preset=assignment.presets.get(task.id),
            team=assignment.by_place(unit(task)),
            in_charge=assignment.in_charge[task.id],
        )
        for task in assignment.tasks
    )


def problem_faults(
    record: AssignmentRecord, problem: StaffingProblem, /
) -> Iterator[Fault]:
    """Tell where the problem of a redraw differs in what never changes."""
    now = {
        "fairness": problem.fairness.value,
        "avoid_home_areas": problem.avoid_home_areas,
        "tasks": digest_of_tasks(problem),
    }
    stated = plain_fields(record.statement)
    return value_faults(now, {name: stated[name] for name in now}, "problem")
