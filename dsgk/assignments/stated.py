"""The chances of a draw, stated before anything is drawn."""

import enum
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.assignments.bench import Bench, lay_out
from dsgk.assignments.checks import checked
from dsgk.assignments.parts import Fairness, Part, line, part_lines, parts_of
from dsgk.assignments.shortages import explain
from dsgk.assignments.tasks import Kind, PastVisit, StaffingTask, kind_of
from dsgk.assignments.teams import PresetTeam
from dsgk.documents import an_entropy, canonical_json
from dsgk.errors import InvalidInput, InvalidValueError
from dsgk.fields import check_type
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.kernels.chances import UNIT
from dsgk.kernels.lookahead import pool_at
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_42, PENALTY_LAW_43, RuleProfile, article, cites


__all__ = ["ASSIGN_FORMAT", "DrawMethod", "StatedChances", "chances", "key_of"]

ASSIGN_FORMAT = "dsgk-assign/1"
"""Name of the method and of its record."""

_RULES = RuleProfile()
_Places = npt.NDArray[np.intp]


class DrawMethod(enum.Enum):
    """How the team of a task is drawn (抽取方式)."""

    EXACT = "exact"
    """With the stated chances, each of its seats by itself."""
    CLASS = "class"
    """With the stated chances, together with tasks that are alike."""
    FALLBACK = "fallback"
    """Seat by seat, each out of a pool that the record tells."""


@attrs.frozen(eq=False, repr=False, slots=False)
class StatedChances(Mapping[str, Mapping[str, Fraction]]):
    """
    What chance everybody has for every task, before the draw (公示概率).

    A mapping from the id of a task to the chance of each inspector to be in
    its team; who has none is left out.  Chances are whole numbers of units of
    1/2**30, and those of a team add up to its places exactly.  Values are
    equal when their digests are.

    Made by `chances`.

    Examples:
        >>> from dsgk.assignments.tasks import Seat
        >>> from dsgk.inspectors import Inspector
        >>> register = InspectorRegister(
        ...     Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3, 4)
        ... )
        >>> task = StaffingTask(
        ...     id="T1", subject_id="S1", seats=[Seat(department="消防")]
        ... )
        >>> stated = chances([task], register)
        >>> stated["T1"]["XF1"], stated.expected_loads["XF1"]
        (Fraction(1, 2), Fraction(1, 2))
        >>> sum(stated["T1"].values()), stated.is_equal, stated.method("T1").value
        (Fraction(2, 1), True, 'exact')
        >>> stated.key("02-07-11-18-25-30+09")
        'f79625fd1453f2e56978a11aacc6f01d'
    """

    fairness: Fairness
    rules: RuleProfile
    avoid_home_areas: bool
    bench: Bench
    parts: tuple[Part, ...]
    witness: _Places

    # -- what is stated --------------------------------------------------------

    @property
    def tasks(self) -> tuple[StaffingTask, ...]:
        """The tasks, in the order of their ids."""
        every = (task for tasks in self.bench.units for task in tasks)
        return tuple(sorted(every, key=lambda task: task.id))

    @property
    def register(self) -> InspectorRegister:
        """Who can be sent."""
        return self.bench.register

    @property
    def teams(self) -> tuple[PresetTeam, ...]:
        """The preset teams that are drawn, in the order of their ids, if any."""
        drawn = self.bench.drawn
        return tuple(team for team in drawn if isinstance(team, PresetTeam))

    def __getitem__(self, task_id: str, /) -> dict[str, Fraction]:
        """
        Chance of each inspector to be in the team of a task.

        Raises:
            KeyError: There is no such task.
            InvalidValueError: Chances for the task are not stated, since it
                is drawn by the fallback.
        """
        return _summed((p, chance) for _, p, chance in self._entries(task_id))

    def __contains__(self, task_id: object, /) -> bool:
        """Whether there is such a task, with stated chances or without."""
        return task_id in self._unit_of

    def __iter__(self) -> Iterator[str]:
        """Ids of the tasks, in order."""
        return iter(self._unit_of)

    def __len__(self) -> int:
        """How many tasks there are."""
        return len(self._unit_of)

    def by_seat(self, task_id: str, /) -> tuple[dict[str, Fraction], ...]:
        """
        Chance of each inspector for the places of each seat of a task.

        Seats of a task that ask for the same are drawn as one, and told as
        one: who of those drawn has a place of which of them is no matter of
        chance, but follows from the order of the ids.

        Returns:
            One mapping for each seat, in the order of the task, those left
            out that ask for the same as one before; each adds up to the
            places of its seats.

        Raises:
            KeyError: There is no such task.
            InvalidValueError: Chances for the task are not stated.
        """
        entries = list(self._entries(task_id))
        return tuple(
            _summed((p, c) for kind, p, c in entries if kind == wanted)
            for wanted in dict.fromkeys(map(kind_of, self.task(task_id).seats))
        )

    def lead_chances(self, task_id: str, /) -> dict[str, Fraction]:
        """
        Chance of each inspector to be in charge of a task (主检).

        Raises:
            KeyError: There is no such task.
            InvalidValueError: Chances for the task are not stated.
        """
        task = self.task(task_id)
        leading = [seat for seat in task.seats if task.is_leading(seat)]
        kinds = set(map(kind_of, leading))
        places = sum(seat.count for seat in leading)
        return _summed(
            (p, c / places) for kind, p, c in self._entries(task_id) if kind in kinds
        )

    def method(self, task_id: str, /) -> DrawMethod:
        """
        How the team of a task is drawn; of several ways the least exact one.

        Raises:
            KeyError: There is no such task.
        """
        methods = {self._methods[row] for row in self.rows(task_id)}
        return max(methods, key=list(DrawMethod).index)

    @cached_property
    def expected_loads(self) -> dict[str, Fraction]:
        """
        How many tasks everybody of the register has to expect, by id.

        A batch counts once.  Who may come to a task without a stated chance
        is left out.
        """
        bench = self.bench
        loads = {person.id: Fraction(0) for person in bench.register}
        for part in self.parts:
            units = [None] * len(part.drawn)
            if part.chances is not None:
                units = part.chances.loads().tolist()
            for one, load in zip(part.drawn.tolist(), units, strict=True):
                for person in bench.people_of(one):
                    if load is None:
                        loads.pop(person.id)
                    else:
                        loads[person.id] = Fraction(load, UNIT)
        return loads

    @property
    def is_equal(self) -> bool:
        """Whether all chances are stated and equal, to the last unit."""
        return all(part.is_equal for part in self.parts)

    @cached_property
    def capped(self) -> tuple[str, ...]:
        """Inspectors whose capacity equal chances would break, by id."""
        return tuple(
            sorted(
                person.id
                for part in self.parts
                for one in part.drawn[part.capped].tolist()
                for person in self.bench.people_of(one)
            )
        )

    @cached_property
    def largest_deviation(self) -> Fraction | None:
        """
        Largest difference between a chance and the equal chance.

        None where not all chances are stated: what is drawn by the fallback
        may be further off than anything that is known.
        """
        if any(part.chances is None for part in self.parts):
            return None
        stated = (part.chances for part in self.parts if part.chances is not None)
        return max((chance.deviation() for chance in stated), default=Fraction(0))

    @cached_property
    def statement(self) -> dict[str, Any]:
        """
        What is published before the draw, as plain JSON values.

        Its digests stand for the register, the tasks, the preset teams and
        the table of chances.
        """
        return {
            "format": ASSIGN_FORMAT,
            "fairness": self.fairness.value,
            "min_officers": self.rules.min_officers,
            "avoid_home_areas": self.avoid_home_areas,
            "register": self.register.digest,
            "tasks": _digest(self._task_lines()),
            "teams": _digest(line(team.id, *team.members) for team in self.teams),
            "chances": _digest(self.lines()),
        }

    @cached_property
    def digest(self) -> str:
        """Lower-case hex SHA-256 of the statement in its canonical form."""
        return hashlib.sha256(canonical_json(self.statement)).hexdigest()

    def key(self, entropy: str, /) -> str:
        """
        Make the key of the draw, once the entropy exists.

        Like the key of a draw of subjects it is the first 32 hex characters
        of the SHA-256 of the digest, a colon and a public fact.

        Args:
            entropy: A fact that did not exist when the digest was published,
                as its source prints it.

        Raises:
            InvalidInput: It is no text for it.
        """
        faults = an_entropy(entropy, "entropy")
        if faults:
            what = "key of a draw"
            raise InvalidInput.of(what, faults)
        return key_of(self.digest, entropy)

    def __eq__(self, other: object) -> bool:
        """Compare what is stated."""
        if not isinstance(other, StatedChances):
            return NotImplemented
        return self.digest == other.digest

    def __hash__(self) -> int:
        """Hash what is stated."""
        return hash(self.digest)

    def __repr__(self) -> str:
        """Tell how much there is; the table itself is long."""
        return f"StatedChances({len(self)} tasks, {self.fairness}, {self.digest!r})"

    # -- where it is found -----------------------------------------------------

    @cached_property
    def _unit_of(self) -> dict[str, int]:
        return dict(
            sorted(
                (task.id, unit)
                for unit, tasks in enumerate(self.bench.units)
                for task in tasks
            )
        )

    def unit(self, task_id: str, /) -> tuple[StaffingTask, ...]:
        """Return the task and all others of its batch, in the order of their ids."""
        return self.bench.units[self._unit_of[task_id]]

    def rows(self, task_id: str, /) -> range:
        """Return the rows of the bench that are the seats of a task."""
        unit = self._unit_of[task_id]
        first, last = np.searchsorted(self.bench.unit, [unit, unit + 1]).tolist()
        return range(first, last)

    def pool_of(self, row: int, bits: bytes, /) -> tuple[str, ...]:
        """Return the ids of a pool that was told as bits."""
        part = self.parts[self._part_of[row]]
        pool = part.demand.pool[np.searchsorted(part.rows, row)]
        pool_ = pool_at(bits, part.drawn[part.demand.members[pool]])
        return tuple(sorted(self.bench.drawn[one].id for one in pool_.tolist()))

    def task(self, task_id: str, /) -> StaffingTask:
        """Return one task."""
        return next(task for task in self.unit(task_id) if task.id == task_id)

    @cached_property
    def _part_of(self) -> _Places:
        part_of = np.zeros(len(self.bench.unit), np.intp)
        for number, part in enumerate(self.parts):
            part_of[part.rows] = number
        return part_of

    @cached_property
    def _methods(self) -> list[DrawMethod]:
        methods = [DrawMethod.CLASS] * len(self.bench.unit)
        for part in self.parts:
            if part.plan is None:
                for row in part.rows.tolist():
                    methods[row] = DrawMethod.FALLBACK
            else:
                for lot in part.plan.lots:
                    if len(lot) == 1:
                        methods[part.rows[lot[0]]] = DrawMethod.EXACT
        return methods

    def _entries(self, task_id: str) -> Iterator[tuple[Kind, str, Fraction]]:
        """Kind of place, inspector and chance."""
        bench, task = self.bench, self.task(task_id)
        for row in self.rows(task_id):
            part = self.parts[self._part_of[row]]
            if part.chances is None:
                msg = (
                    f"chances for the task {task_id!r} are not stated: with bars and "
                    "capacities as they are, the draw is too large for a table of "
                    "chances, and its seats are drawn one after another. See the "
                    "pools of the assignment."
                )
                raise InvalidValueError(
                    msg, code="chances-not-stated", params={"task_id": task_id}
                )
            local = np.searchsorted(part.rows, [row])
            _, officers, units = part.chances.table(local)
            ones = part.drawn[officers].tolist()
            for one, share in zip(ones, units.tolist(), strict=True):
                if bench.of_teams:
                    places = bench.patterns[task_id].places
                    for n, person in zip(places, bench.seated(task, one), strict=True):
                        kind = kind_of(task.seats[n])
                        yield kind, bench.register.ids[person], Fraction(share, UNIT)
                else:
                    kind = bench.requests[bench.pool[row]][0][0]
                    yield kind, bench.drawn[one].id, Fraction(share, UNIT)

    def _task_lines(self) -> Iterator[str]:
        """Write the tasks as the format says."""
        written: dict[int, str] = {}
        for task in self.tasks:
            pattern = self.bench.patterns[task.id]
            seats = written.get(pattern.number)
            if seats is None:
                seats = written[pattern.number] = _json(
                    [
                        [departments, skills, certified, expert, count]
                        for (departments, skills, certified, expert), count in (
                            pattern.kinds
                        )
                    ]
                )
            texts = (task.area or "", task.batch or "", task.lead or "")
            yield line(task.id, task.subject_id, *texts, _json(task.agencies), seats)

    def lines(self) -> Iterator[str]:
        """
        Write the table as its digest is made of it, line by line.

        Whoever publishes these lines spares others the work of making them;
        their form stands in ``docs/reference/assign-format.md``, section 6.
        """
        for part in self.parts:
            yield from part_lines(self.bench, part, self.witness, self.fairness)


def key_of(digest: str, entropy: str) -> str:
    """Make the key of a draw of a digest and a published fact."""
    return hashlib.sha256(f"{digest}:{entropy}".encode()).hexdigest()[:32]


def _summed(entries: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for person, chance in entries:
        total[person] = total.get(person, Fraction(0)) + chance
    return dict(sorted(total.items()))


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@cites(article(3), PENALTY_LAW_42, PENALTY_LAW_43)
def chances(
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    *,
    teams: Iterable[PresetTeam] = (),
    recusals: Iterable[Recusal] = (),
    history: Iterable[PastVisit] = (),
    current_loads: Mapping[str, int] = MappingProxyType({}),
    avoid_home_areas: bool = False,
    fairness: Fairness = Fairness.EQUAL_CHANCE,
    rules: RuleProfile = _RULES,
) -> StatedChances:
    """
    State the chances of a draw of inspectors, without drawing.

    Args:
        tasks: As in `assign_inspectors`, as is the rest.
        register: Who can be sent.
        teams: Preset teams, if these are drawn instead of single inspectors.
        recusals: Of people in the register, from whatever subjects.
        history: Past visits.
        current_loads: Tasks that people have already, by id.
        avoid_home_areas: Whether people keep away from areas they have ties
            with.
        fairness: What is made equal.
        rules: The numbers of the law.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidInput: Tables are faulty; all faults at once.
        UnstaffableError: There is no legal staffing; it says why.

    Cites:
        District Opinion, Art. 3 (随机选派执法检查人员); Administrative Penalty
        Law, Art. 42 (two certified officers) and 43 (recusal).

    Examples:
        See `StatedChances`.
    """
    check_type(fairness, Fairness, name="fairness")
    check_type(avoid_home_areas, bool, name="avoid_home_areas")
    given = checked(
        tasks,
        register,
        teams=teams,
        recusals=recusals,
        history=history,
        current_loads=current_loads,
        rules=rules,
    )
    bench = lay_out(given, register, avoid_home_areas=avoid_home_areas)
    staffing = bench.staffing()
    staffing.fill(Shake(ASSIGN_FORMAT, "witness"))
    if staffing.missing:
        raise explain(bench, staffing)
    witness = staffing.holders
    row = np.repeat(np.arange(len(bench.unit)), bench.seats)
    return StatedChances(
        fairness=fairness,
        rules=rules,
        avoid_home_areas=avoid_home_areas,
        bench=bench,
        parts=tuple(parts_of(bench, fairness)),
        witness=witness[np.lexsort((witness, row))],
    )
