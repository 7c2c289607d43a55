"""
Who is needed, who can come, and what keeps people away: one value.

A `StaffingProblem` is all that a draw of inspectors depends on but the key.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, cast

import attrs

from dsgk.errors import Faults, shown_key
from dsgk.fields import (
    Coded,
    Id,
    Kind as FieldKind,
    Label,
    Stored,
    Whole,
    check_type,
    declared,
    kind_of as field_kind,
    labels,
    of_type,
    some,
    take,
    value,
)
from dsgk.identifiers import duplicates
from dsgk.inspectors import Inspector, InspectorRegister, Recusal
from dsgk.sources import (
    PENALTY_LAW_42,
    PENALTY_LAW_43,
    RuleProfile,
    article,
    cites,
)


if TYPE_CHECKING:
    from dsgk.assignments._stated import StatedChances
    from dsgk.draws import DrawRecord, Entropy, Seal
    from dsgk.plans import ModeReason


__all__ = [
    "Fairness",
    "Kind",
    "PastVisit",
    "PresetTeam",
    "Seat",
    "StaffingProblem",
    "StaffingTask",
    "kind_of",
    "kinds_of",
    "plan_outings",
    "seating",
]

_MOST_PLACES = 100
_MOST_TASKS = 1_000_000  # what nobody comes to; sums of units stay exact
_PROBLEM = "staffing problem"

Kind: TypeAlias = tuple[tuple[str, ...], tuple[str, ...], bool, bool]
"""Departments, skills, certified, expert: what makes seats open to the same people."""


class Fairness(Coded):
    """
    What is made equal between inspectors (公平取向).

    Both at once cannot be had: who is barred from half of the tasks has half
    the load under equal chances.
    """

    EQUAL_CHANCE = ("equal-chance", "机会均等")
    """Each seat is drawn among all to whom it is open, all alike."""
    EQUAL_LOAD = ("equal-load", "任务量均等")
    """Expected loads are as equal as can be, and chances under this condition."""


# -- seats and tasks -----------------------------------------------------------


@attrs.frozen
class _Departments(FieldKind):
    """One department, or a set of several."""

    def convert(self, given: Any, /) -> str | frozenset[str]:  # noqa: ANN401
        if isinstance(given, str):
            return cast("str", _LABEL.convert(given))
        names: frozenset[str] = _LABELS.convert(given)
        return next(iter(names)) if len(names) == 1 else names

    def plain(self, held: Any, /) -> str | list[str]:  # noqa: ANN401
        return held if isinstance(held, str) else sorted(held)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [_LABEL.schema(), _LABELS.schema()]}


_LABEL = field_kind(Label)
_LABELS = some(frozenset[Label])


@cites(article(21), article(25), PENALTY_LAW_42)
@value("dsgk-seat/1")
@attrs.frozen(kw_only=True, cache_hash=True, field_transformer=declared)
class Seat(Stored):
    """
    Places of one kind in a team (席位).

    Attributes:
        department: Whose people may take them; a set for seats open to
            several departments.
        count: How many places.
        skills: What each of them must be qualified for.
        certified: Whether they are for certified officers alone. Places that
            are not may go to any staff of the department and do not count
            towards the officers whom the law asks for.
        expert: Whether they are for experts, who assist and never count as
            officers.

    Examples:
        >>> seat = Seat(department="市场监管", skills={"食品"})
        >>> seat.count, seat.officers
        (2, 2)
        >>> seat.admits(Inspector(id="SJ001", department="市场监管", skills={"食品"}))
        True
        >>> seat.admits(Inspector(id="SJ002", department="市场监管"))
        False
    """

    department: Annotated[str | Iterable[str], _Departments()]
    count: Annotated[int, Whole(least=1, most=_MOST_PLACES)] = 2
    skills: frozenset[Label] = attrs.field(default=frozenset(), converter=labels)
    certified: bool = True
    expert: bool = False

    @property
    def departments(self) -> frozenset[str]:
        """The departments as a set, also when there is one."""
        if isinstance(self.department, str):
            return frozenset({self.department})
        return cast("frozenset[str]", self.department)

    @property
    def officers(self) -> int:
        """How many of the places count towards the officers of the team."""
        return self.count if self.certified and not self.expert else 0

    def admits(self, person: Inspector, /) -> bool:
        """
        Whether *person* may take a place, recusals and tasks apart.

        Raises:
            InvalidTypeError: It is nobody of a register.
        """
        check_type(person, Inspector, name="person")
        return (
            person.department in self.departments
            and self.skills <= person.skills
            and self.expert == person.is_expert
            and (self.expert or person.certified or not self.certified)
        )


def kind_of(seat: Seat, /) -> Kind:
    """Return what *seat* asks for, in a form that can be sorted."""
    return (
        tuple(sorted(seat.departments)),
        tuple(sorted(seat.skills)),
        seat.certified,
        seat.expert,
    )


def kinds_of(seats: Iterable[Seat], /) -> tuple[tuple[Kind, int], ...]:
    """Return how many places of each kind there are, in the order of the kinds."""
    places: dict[Kind, int] = {}
    for seat in seats:
        kind = kind_of(seat)
        places[kind] = places.get(kind, 0) + seat.count
    return tuple(sorted(places.items()))


_SEATS = some(tuple[Seat, ...])
_AGENCIES = field_kind(frozenset[Label])


def _seats(given: Iterable[Seat]) -> tuple[Seat, ...]:
    return cast("tuple[Seat, ...]", _SEATS.convert(given))


def _agencies(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_AGENCIES.convert(given)))


@cites(article(21))
@value("dsgk-staffing-task/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class StaffingTask(Stored):
    """
    One visit that needs a team (待选派任务).

    Attributes:
        id: Unique among the tasks.
        subject_id: Whom the visit is to; recusals and rotation look at it.
        seats: Who is needed. In a joint visit each department has seats of
            its own.
        area: Where the visit is, if known.
        outing: Name of the half-day on which it is made together with others
            nearby: tasks of one outing get one team. See `plan_outings`.
        lead: Department from whose officers the one in charge (主检) is
            drawn; None for all officers of the team.
        agencies: Whoever is entrusted with expert work beside the team
            (委托机构). They are recorded and have no seat.

    Examples:
        >>> task = StaffingTask(
        ...     id="T1",
        ...     subject_id="S1",
        ...     seats=(Seat(department="市场监管"), Seat(department="消防", count=1)),
        ... )
        >>> task.officers
        3
    """

    id: Id
    subject_id: Id
    seats: tuple[Seat, ...] = attrs.field(converter=_seats)
    area: Label | None = None
    outing: Label | None = None
    lead: Label | None = None
    agencies: tuple[Label, ...] = attrs.field(default=(), converter=_agencies)

    @property
    def officers(self) -> int:
        """How many certified officers the team has."""
        return sum(seat.officers for seat in self.seats)

    def is_leading(self, seat: Seat, /) -> bool:
        """
        Whether the officer in charge is drawn among those in *seat*.

        Raises:
            InvalidTypeError: It is no seat.
        """
        check_type(seat, Seat, name="seat")
        return bool(seat.officers) and (
            self.lead is None or seat.departments == {self.lead}
        )


@value("dsgk-past-visit/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class PastVisit(Stored):
    """
    Somebody inspected a subject (既往检查).

    An officer does not inspect a subject again whom they inspected last time.
    Last time is counted for each department by itself: it is the latest day
    on which one of its officers was there.  Staff without a certificate who
    were there without an officer do not make a last time; they keep away
    themselves until an officer has been there after them.

    Attributes:
        subject_id: The subject.
        inspector_id: One of those who were there; they need not stand in
            the register any more.
        on: The day.
        department: As whose officer they were there; None for what the
            register says. Give it for those who have left the register: of
            them nobody knows otherwise whose last time it was, so that their
            visit would not count.
    """

    subject_id: Id
    inspector_id: Id
    on: dt.date
    department: Label | None = None


_MEMBERS = some(frozenset[Id])


def _members(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(_MEMBERS.convert(given)))


@value("dsgk-preset-team/1")
@attrs.frozen(kw_only=True, field_transformer=declared)
class PresetTeam(Stored):
    """
    Inspectors who always go together (检查组).

    A team can be drawn for a task if its members fill the places of the task,
    one each, with nobody left over, and nothing keeps any of them away.  It
    can take as many tasks as the member of the least capacity.

    Attributes:
        id: Unique among the teams.
        members: Ids of the inspectors, one or more.

    Examples:
        >>> PresetTeam(id="检查一组", members={"SJ002", "SJ001"}).members
        ('SJ001', 'SJ002')
    """

    id: Id
    members: tuple[Id, ...] = attrs.field(converter=_members)


def seating(
    people: Sequence[Inspector], places: Sequence[Seat], held: Sequence[int] = ()
) -> list[int] | None:
    """
    Seat all *people* on all *places*, one each.

    Args:
        people: As many as there are places.
        places: One seat for each place.
        held: [one person's position for each place, or -1] Who sits where
            already. They move only if it cannot be helped, and then as few as
            possible for each of the others in turn.

    Returns:
        [one person's position for each place] The same for the same order of
        arguments; None if it cannot be done.

    Examples:
        >>> general, skilled = Seat(department="消防"), Seat(department="消防", skills={"a"})
        >>> one = Inspector(id="1", department="消防", skills={"a"})
        >>> two = Inspector(id="2", department="消防")
        >>> seating([one, two], [general, skilled])
        [1, 0]
        >>> seating([two, two], [general, skilled]) is None
        True
    """  # noqa: E501
    if len(people) != len(places):
        return None
    holder = list(held) or [-1] * len(places)
    for person in sorted(set(range(len(people))) - set(holder)):
        # Breadth first: the way to an empty place that moves the fewest.
        came_from = {
            place: -1
            for place, seat in enumerate(places)
            if seat.admits(people[person])
        }
        queue = list(came_from)
        end = -1
        for place in queue:  # grows while it is walked
            if holder[place] < 0:
                end = place
                break
            for other, seat in enumerate(places):
                if other not in came_from and seat.admits(people[holder[place]]):
                    came_from[other] = place
                    queue.append(other)
        if end < 0:
            return None
        while came_from[end] >= 0:
            holder[end] = holder[came_from[end]]
            end = came_from[end]
        holder[end] = person
    return holder


# -- the problem ---------------------------------------------------------------


class _Rules(FieldKind):
    """The numbers of the law, of which the least number of officers counts."""

    def convert(self, given: Any, /) -> RuleProfile:  # noqa: ANN401
        if isinstance(given, Mapping):
            known = [field.name for field in attrs.fields(RuleProfile)]
            faults = Faults()
            for key in given:
                if key not in known:
                    name = shown_key(key)
                    faults.add("key-unknown", column=name, got=given[key], known=known)
            faults.raise_any("rules")
            return RuleProfile(**given)
        check_type(given, RuleProfile, name="value")
        return cast("RuleProfile", given)

    def plain(self, held: Any, /) -> dict[str, Any]:  # noqa: ANN401
        return attrs.asdict(held)

    def schema(self) -> dict[str, Any]:
        return {"type": "object"}


_V = TypeVar("_V")


def _every(kind: type[_V], given: Iterable[_V]) -> tuple[_V, ...]:
    return cast("tuple[_V, ...]", field_kind(tuple[kind, ...]).convert(given))  # type: ignore[valid-type]


def _tasks(given: Iterable[StaffingTask]) -> tuple[StaffingTask, ...]:
    return _every(StaffingTask, given)


def _recusals(given: Iterable[Recusal]) -> tuple[Recusal, ...]:
    return _every(Recusal, given)


def _visits(given: Iterable[PastVisit]) -> tuple[PastVisit, ...]:
    return _every(PastVisit, given)


def _presets(given: Iterable[PresetTeam]) -> tuple[PresetTeam, ...]:
    return _every(PresetTeam, given)


_RULES = RuleProfile()
_LOAD = Whole(least=0, most=_MOST_TASKS)


@value("dsgk-staffing-problem/1")
@attrs.frozen(field_transformer=declared, hash=False, repr=False)
class StaffingProblem(Stored):
    """
    All that a draw of inspectors depends on but the key (选派问题).

    A set of sets: the order in which anything is given has no meaning.

    Attributes:
        tasks: Who is needed where; held in the order of the ids.
        register: Who can be sent.
        recusals: Of people in the register, from whatever subjects.
        history: Past visits; see `PastVisit` for whom they keep away.
        teams: Preset teams, if these are drawn instead of single inspectors.
        current_loads: Tasks that people have already, by id; capacities and
            equal loads count them in.
        avoid_home_areas: Whether people keep away from areas with which they
            have ties.
        fairness: What is made equal.
        rules: The numbers of the law.

    Raises:
        InvalidInput: Tables are faulty: an id or an officer comes twice, a
            team is smaller than the law asks for, a department or a recused
            person is not in the register, tasks of one outing differ in what
            they ask for, teams have members in common; all faults at once.

    Examples:
        >>> problem = StaffingProblem(
        ...     [StaffingTask(id="T1", subject_id="S1", seats=[Seat(department="消防")])],
        ...     InspectorRegister(
        ...         Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3, 4)
        ...     ),
        ... )
        >>> stated = problem.chances()
        >>> stated["T1"]["XF1"], sum(stated["T1"].values())
        (Fraction(1, 2), Fraction(2, 1))
        >>> StaffingProblem.from_dict(problem.to_dict()) == problem
        True
    """  # noqa: E501

    tasks: tuple[StaffingTask, ...] = attrs.field(converter=_tasks)
    register: InspectorRegister
    recusals: tuple[Recusal, ...] = attrs.field(
        default=(), converter=_recusals, kw_only=True
    )
    history: tuple[PastVisit, ...] = attrs.field(
        default=(), converter=_visits, kw_only=True
    )
    teams: tuple[PresetTeam, ...] = attrs.field(
        default=(), converter=_presets, kw_only=True
    )
    current_loads: Mapping[Id, Annotated[int, _LOAD]] = attrs.field(
        default=MappingProxyType({}), kw_only=True
    )
    avoid_home_areas: bool = attrs.field(default=False, kw_only=True)
    fairness: Fairness = attrs.field(default=Fairness.EQUAL_CHANCE, kw_only=True)
    rules: Annotated[RuleProfile, _Rules()] = attrs.field(default=_RULES, kw_only=True)

    @cites(PENALTY_LAW_42, PENALTY_LAW_43)
    def __attrs_post_init__(self) -> None:
        """Tell what does not fit together, and bring everything into one order."""
        faults = Faults()
        _task_faults(faults, self.tasks, self.register, self.rules)
        _outing_faults(faults, self.tasks)
        _team_faults(faults, self.teams, self.register)
        for row, recusal in enumerate(self.recusals):
            who = recusal.inspector_id
            if who not in self.register:
                column = "recusals.inspector_id"
                faults.add(
                    "recusal-of-nobody", row=row, column=column, inspector_id=who
                )
        first_row: dict[object, int] = {}
        for row, visit in enumerate(self.history):
            which = _VISIT_ORDER(visit)
            first = first_row.setdefault(which, row)
            if first != row:
                told = dict(zip(_WHICH, which, strict=True))
                told |= {"column": "history", "first": first}
                faults.add("officer-twice", row=row, **told)
        for name in self.current_loads:
            if name not in self.register:
                faults.add("load-of-nobody", column="current_loads", got=name)
        faults.raise_any(_PROBLEM)
        loads = {name: n for name, n in sorted(self.current_loads.items()) if n}
        ordered = {
            "tasks": tuple(sorted(self.tasks, key=_ID)),
            "recusals": tuple(sorted(set(self.recusals), key=_RECUSAL_ORDER)),
            "history": tuple(sorted(self.history, key=_VISIT_ORDER)),
            "teams": tuple(sorted(self.teams, key=_ID)),
            "current_loads": MappingProxyType(loads),
        }
        for name, held in ordered.items():
            object.__setattr__(self, name, held)

    def __hash__(self) -> int:
        """Hash the tasks."""
        return hash(self.tasks)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by the document, since a view of a mapping has no pickle."""
        return StaffingProblem.from_dict, (self.to_dict(),)

    def __repr__(self) -> str:
        """Tell how much there is."""
        return (
            f"StaffingProblem({len(self.tasks)} tasks, {len(self.register)} "
            f"inspectors, {len(self.recusals)} recusals, {len(self.history)} visits)"
        )

    def chances(
        self,
        entropy: "Entropy | None" = None,
        seal: "Seal | None" = None,
        *,
        draw: "DrawRecord | None" = None,
        reason: "ModeReason | None" = None,
    ) -> "StatedChances":
        """
        State the chances of a draw, without drawing (公示概率).

        Args:
            entropy: The public fact to come that makes the key; None for a trial,
                of which no record can be made.
            seal: A commitment to a secret that goes into the key as well.
            draw: The record of the draw whose subjects are inspected, or …
            reason: … why inspectors alone are drawn.

        Raises:
            UnstaffableError: There is no legal staffing; it says why.
            InvalidValueError: Tasks that share officers have more than 6,000,000
                pairs of a row and an officer in all.
        """
        from dsgk.assignments._stated import state  # noqa: PLC0415  (a circle)

        return state(self, entropy, seal, draw=draw, reason=reason)


_ID = attrgetter("id")
_RECUSAL_ORDER = attrgetter(
    "subject_id", "inspector_id", "reason.value", "origin.value"
)
_WHICH = ("subject_id", "inspector_id", "on")
_VISIT_ORDER = attrgetter(*_WHICH)


def _task_faults(
    faults: Faults,
    tasks: Sequence[StaffingTask],
    register: InspectorRegister,
    rules: RuleProfile,
) -> None:
    departments = {person.department for person in register}
    # What is wrong with one is wrong with all that ask for the same.
    known: dict[tuple[tuple[Seat, ...], str | None], tuple[list[str], int, bool]] = {}
    for row, task in enumerate(tasks):
        alike = (task.seats, task.lead)
        if alike not in known:
            names = {name for seat in task.seats for name in seat.departments}
            leads = task.lead is None or any(map(task.is_leading, task.seats))
            known[alike] = (sorted(names - departments), task.officers, leads)
        unknown, officers, has_lead = known[alike]
        at: dict[str, Any] = {"row": row, "task_id": task.id}
        for name in unknown:
            faults.add(
                "department-unknown",
                column="tasks.seats",
                department=name,
                known=sorted(departments),
                **at,
            )
        if officers < rules.min_officers:
            faults.add(
                "team-too-small",
                column="tasks.seats",
                officers=officers,
                least=rules.min_officers,
                **at,
            )
        if not has_lead:
            faults.add("lead-without-seat", column="tasks.lead", lead=task.lead, **at)
    _repeats(faults, [task.id for task in tasks], "tasks.id")


def _repeats(faults: Faults, ids: list[str], column: str) -> None:
    for repeat, first in duplicates(ids):
        faults.add(
            "id-duplicate", row=repeat, column=column, text=ids[repeat], first=first
        )


def _outing_faults(faults: Faults, tasks: Sequence[StaffingTask]) -> None:
    """Tasks of one outing get one team, so they have to ask for the same."""
    first_of: dict[str, StaffingTask] = {}
    for row, task in enumerate(tasks):
        if task.outing is None:
            continue
        first = first_of.setdefault(task.outing, task)
        differ = ["seats"] * (kinds_of(task.seats) != kinds_of(first.seats))
        differ += [n for n in ("area", "lead") if getattr(task, n) != getattr(first, n)]
        if differ:
            faults.add(
                "outing-differs",
                row=row,
                column="tasks.outing",
                outing=task.outing,
                first=first.id,
                task_id=task.id,
                fields=differ,
            )


def _team_faults(
    faults: Faults, teams: Sequence[PresetTeam], register: InspectorRegister
) -> None:
    _repeats(faults, [team.id for team in teams], "teams.id")
    team_of: dict[str, str] = {}
    for row, team in enumerate(teams):
        for member in team.members:
            other = team_of.setdefault(member, team.id)
            told = {"column": "teams.members", "team_id": team.id}
            if member not in register:
                faults.add("member-unknown", row=row, inspector_id=member, **told)
            elif other != team.id:
                told["other"] = other
                faults.add("member-of-two-teams", row=row, inspector_id=member, **told)


# -- outings -------------------------------------------------------------------


def plan_outings(
    tasks: Iterable[StaffingTask], *, size: int | Mapping[str, int]
) -> tuple[StaffingTask, ...]:
    """
    Put tasks of one area that need the same seats together (片区归并).

    What a team can visit on a half-day depends on the area: near each other in
    town, far apart in the hills.  Tasks of one outing get one team, who are
    barred if one of the subjects bars them, and count once towards capacities,
    which are then half-days.

    Args:
        tasks: In any order, each with an area and without an outing.
        size: [int >= 1] Most tasks of a half-day, of every area or by area.

    Returns:
        The tasks in the order of their ids, each with an outing.  In the order
        of their ids tasks fill one outing after another, which is named after
        its area and its first task, so that lists which are put together one
        by one may be joined.

    Raises:
        InvalidInput: Tasks without an area or of an area without a size, or with
            an outing already; all at once.

    Examples:
        >>> tasks = [
        ...     StaffingTask(
        ...         id=f"T{n}",
        ...         subject_id=f"S{n}",
        ...         seats=[Seat(department="消防")],
        ...         area="上仓镇",
        ...     )
        ...     for n in range(5)
        ... ]
        >>> [task.outing for task in plan_outings(tasks, size={"上仓镇": 2})]
        ['上仓镇 T0', '上仓镇 T0', '上仓镇 T2', '上仓镇 T2', '上仓镇 T4']
    """
    kind = _SIZES if isinstance(size, Mapping) else _SIZE
    sizes: int | Mapping[str, int] = take(size, kind, name="size")
    given, faults = of_type(tasks, StaffingTask, name="tasks")
    for row, task in given.items():
        at: dict[str, Any] = {"row": row, "task_id": task.id}
        if task.outing is not None:
            faults.add("outing-given", column="outing", got=task.outing, **at)
        if task.area is None or (isinstance(sizes, Mapping) and task.area not in sizes):
            faults.add("outing-area", column="area", got=task.area, **at)
    faults.raise_any("tasks of outings")
    put: list[StaffingTask] = []
    open_outings: dict[object, tuple[str, int]] = {}
    for task in sorted(given.values(), key=_ID):
        area = task.area or ""
        alike = (area, kinds_of(task.seats), task.lead)
        name, room = open_outings.get(alike, ("", 0))
        if not room:
            name = f"{area} {task.id}"
            room = sizes[area] if isinstance(sizes, Mapping) else sizes
        open_outings[alike] = (name, room - 1)
        put.append(attrs.evolve(task, outing=name))
    return tuple(put)


_SIZE = Whole(least=1)
_SIZES = field_kind(Mapping[str, Annotated[int, _SIZE]])
