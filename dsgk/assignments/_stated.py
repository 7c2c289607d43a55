"""
The chances of a draw, stated before anything is drawn.

The table is data: its lines are published, their digest stands in the statement,
and the draw follows from them and the key (``docs/reference/assign-format.md``).
"""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Self

import attrs
import numpy as np
import numpy.typing as npt

from dsgk.assignments._bench import Bench, lay_out
from dsgk.assignments._problem import (
    Fairness,
    Kind,
    Seat,
    StaffingProblem,
    StaffingTask,
    kind_of,
    kinds_of,
)
from dsgk.assignments._shortages import explain
from dsgk.documents import (
    Digest,
    a_text,
    anything,
    canonical_json,
    digest_of,
    hash_of,
    shape_faults,
    the_text,
    value_faults,
)
from dsgk.draws import DrawRecord, Entropy, Seal, key_of, secret_fault
from dsgk.errors import Faults, invalid
from dsgk.fields import (
    Kind as FieldKind,
    Positive,
    Stored,
    check_mapping,
    declared,
    value,
)
from dsgk.kernels.chances import (
    UNIT,
    Demand,
    count_pairs,
    equal_chances,
    equal_units,
    overfull,
)
from dsgk.kernels.levels import even_chances
from dsgk.kernels.raking import Factors, Raked, nearest_chances
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_42, PENALTY_LAW_43, article, cites


if TYPE_CHECKING:
    from dsgk.assignments._draw import Assignment
    from dsgk.plans import ModeReason


__all__ = ["ASSIGN_FORMAT", "MOST_PAIRS", "Part", "StatedChances", "Statement", "state"]

ASSIGN_FORMAT = "dsgk-assign/2"
"""Name of the method, of its statement and its record."""

MOST_PAIRS = 6_000_000
"""Most pairs of a row and an officer in tasks that share officers."""

_STATED = "dsgk-stated/2"
_MANTISSA = 32  # bits of a factor that are published

_Ints = npt.NDArray[np.int64]
_Places = npt.NDArray[np.intp]


# -- the statement -------------------------------------------------------------


@attrs.frozen
class _Reason(FieldKind):
    """
    Why inspectors alone are drawn.

    The plans, where these reasons stand, are loaded by those alone who need them.
    """

    def convert(self, given: Any, /) -> "ModeReason | None":  # noqa: ANN401
        from dsgk.plans import ModeReason  # noqa: PLC0415

        return None if given is None else ModeReason.read(given)

    def plain(self, held: Any, /) -> str | None:  # noqa: ANN401
        return None if held is None else str(held.value)

    def schema(self) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, {"type": "null"}]}


@cites(article(3), article(4))
@value(ASSIGN_FORMAT)
@attrs.frozen(kw_only=True, field_transformer=declared)
class Statement(Stored):
    """
    What is published before the draw (选派公告).

    Digests stand for the register, the tasks, the preset teams and the table.
    Recusals and past visits do not stand in it: that somebody cannot be drawn
    follows from the table, and why is no business of the public.

    Attributes:
        fairness: What is made equal.
        min_officers: Least number of certified officers in a team.
        avoid_home_areas: Whether people keep away from areas they have ties with.
        register: Digest of the register.
        tasks: Digest of the tasks.
        teams: Digest of the preset teams.
        chances: Digest of the lines of the table.
        draw: Digest of the record of the draw whose subjects are inspected.
        reason: Why inspectors alone are drawn.
        entropy: The public fact to come that makes the key; None for a trial.
        seal: A commitment to a secret that goes into the key as well.

    Raises:
        InvalidInput: A statement with entropy has neither or both of *draw* and
            *reason*, or a reason for drawing subjects alone; a seal has no
            entropy.
    """

    fairness: Fairness
    min_officers: Positive
    avoid_home_areas: bool
    register: Digest
    tasks: Digest
    teams: Digest
    chances: Digest
    draw: Digest | None
    reason: Annotated[Any, _Reason()]
    entropy: Entropy | None
    seal: Seal | None

    def __attrs_post_init__(self) -> None:
        """Tell what does not fit together."""
        faults = Faults()
        code = None if self.reason is None else self.reason.value
        if self.entropy is not None and (self.draw is None) == (code is None):
            faults.add("record-basis", column="reason", draw=self.draw, reason=code)
        if code == "few-inspectors":
            faults.add("record-reason", column="reason", got=code)
        if self.seal is not None and self.entropy is None:
            faults.add("seal-of-trial", column="seal")
        faults.raise_any()

    @property
    def digest(self) -> str:
        """Lower-case hex SHA-256 of the statement in its canonical form."""
        return digest_of(self.to_dict())

    def fact(self, entropy: object, /) -> str:
        """
        Write the fact in its one spelling.

        Raises:
            InvalidValueError: The statement is that of a trial, or there is
                another spelling of the fact.
            InvalidInput: The values are not of the form.
        """
        if self.entropy is None:
            raise invalid("statement-trial", name="entropy")
        return self.entropy.read(entropy)

    def key(self, entropy: object, secret: str | None = None, /) -> str:
        """
        Make the key of the draw, once the fact exists.

        Args:
            entropy: The values of the fact, or their text.
            secret: What was sealed.

        Raises:
            InvalidValueError: As `fact`; or the secret is missing, or another one
                than was sealed.
        """
        text = self.fact(entropy)
        fault = secret_fault(self.seal, secret, name="secret")
        if fault is not None:
            raise fault.error()
        return key_of(self.digest, text, secret)


# -- the table -----------------------------------------------------------------


class _Listed(NamedTuple):
    """Chances that do not follow from who is open to what, with their factors."""

    units: _Ints
    rows: tuple[str, ...]
    officers: tuple[str, ...]


class Part(NamedTuple):
    """
    Rows that share inspectors with each other and with no others.

    Attributes:
        rows: [(k,) intp] Rows of the bench, ascending.
        drawn: [(n,) intp] Positions in the bench of those who are open to
            them and have room; the kernels know them by their place here.
        demand: The rows as the kernels see them.
        units: [(m,) int32] Chances, entry by entry.
        listed: The factors of these, None where they are `equal_units`.
        capped: [(j,) intp] Who would pass their room by equal chances.
    """

    rows: _Places
    drawn: _Places
    demand: Demand
    units: npt.NDArray[np.int32]
    listed: _Listed | None
    capped: _Places

    @property
    def is_equal(self) -> bool:
        """Whether chances in each row are equal, to the last unit."""
        starts = np.cumsum(self.demand.eligible) - self.demand.eligible
        least, most = (f.reduceat(self.units, starts) for f in (np.minimum, np.maximum))
        return bool((most - least <= 1).all())

    def entries(self, row: int) -> slice:
        """Which entries are those of a row of the bench."""
        at = int(np.searchsorted(self.rows, row))
        start = int(self.demand.eligible[:at].sum())
        return slice(start, start + int(self.demand.eligible[at]))


_Given = Iterator[_Listed | None]
"""What was stated of each part, in turn."""


def _parts(bench: Bench, given: _Given | None = None) -> Iterator[Part]:
    """Part the rows and state their chances, or take those that are given."""
    n_drawn = len(bench.drawn)
    has_room = bench.capacity > 0
    members = [m[has_room[m]] for m in bench.members]
    part_of = _components(members, n_drawn)[bench.pool]
    _, first, part_of = np.unique(part_of, return_index=True, return_inverse=True)
    for number in np.argsort(first).tolist():
        rows = np.flatnonzero(part_of == number)
        pools, pool = np.unique(bench.pool[rows], return_inverse=True)
        there = np.zeros(n_drawn, np.bool_)
        there[np.concatenate([members[p] for p in pools])] = True
        drawn, place = np.flatnonzero(there), np.cumsum(there) - 1
        barred = bench.barred[there[bench.barred[:, 1]]]
        unit = bench.unit[rows]
        whom: dict[str, Any] = {
            "members": [place[members[p]] for p in pools],
            "barred": np.column_stack((barred[:, 0], place[barred[:, 1]])),
            "room": bench.capacity[drawn],
        }
        pairs = count_pairs(unit, pool, **whom)
        if pairs > MOST_PAIRS:
            raise invalid(
                "staffing-size",
                name="tasks",
                got=pairs,
                most=MOST_PAIRS,
                tasks=len(np.unique(unit)),
                officers=len(drawn),
                first=bench.units[unit[0]][0].id,
            )
        demand = Demand.of(unit, pool, bench.seats[rows], **whom)
        officers, places = overfull(demand)
        if given is not None:
            listed = next(given)
        elif bench.problem.fairness is Fairness.EQUAL_LOAD:
            listed = _listed(*even_chances(demand, bench.loads[drawn]))
        elif officers.size or places.size:
            listed = _listed(*nearest_chances(demand))
        else:
            units, even = equal_chances(demand), equal_units(demand)
            listed = None
            if not np.array_equal(units, even):
                share = Factors.of(demand.seats / demand.eligible)
                listed = _Listed(units, _written(share), ("1:0",) * len(drawn))
        units = equal_units(demand) if listed is None else listed.units
        yield Part(rows, drawn, demand, units.astype(np.int32), listed, officers)


def _listed(units: _Ints, raked: Raked) -> _Listed:
    return _Listed(units, _written(raked.rows), _written(raked.officers))


def _written(factors: Factors) -> tuple[str, ...]:
    """Write each factor as an odd whole number and the power of 2 that it has."""
    mantissa = np.rint(np.ldexp(factors.mantissa, _MANTISSA)).astype(np.int64)
    mantissa = np.where((mantissa == 0) & (factors.mantissa > 0), 1, mantissa)
    low = np.maximum(mantissa & -mantissa, 1)
    shift = np.frexp(low.astype(np.float64))[1] - 1
    power = np.where(mantissa > 0, factors.exponent - _MANTISSA + shift, 0)
    pairs = zip((mantissa >> shift).tolist(), power.tolist(), strict=True)
    return tuple(f"{number}:{exponent}" for number, exponent in pairs)


def _components(members: list[_Places], n_drawn: int) -> _Places:
    """Give pools that share somebody, directly or through others, one number."""
    number = list(range(len(members)))
    pool_of = np.full(n_drawn, -1, np.intp)
    for pool, mine in enumerate(members):
        known = np.unique(pool_of[mine])
        joined = {number[p] for p in known.tolist() if p >= 0}
        number = [pool if n in joined else n for n in number]
        pool_of[mine] = pool
    return np.array(number, np.intp)


def _part_lines(bench: Bench, part: Part, number: int) -> Iterator[str]:
    """Write the table of one part as the format says."""
    demand, listed = part.demand, part.listed
    yield line("part", number, "equal" if listed is None else "listed")
    room, had = bench.capacity[part.drawn], bench.loads[part.drawn]
    for at, (one, *numbers) in enumerate(
        zip(part.drawn.tolist(), room.tolist(), had.tolist(), strict=True)
    ):
        factor = [] if listed is None else [listed.officers[at]]
        yield line("officer", bench.drawn[one].id, *numbers, *factor)
    starts = (np.cumsum(demand.eligible) - demand.eligible).tolist()
    open_to = dict.fromkeys(spans := _spans(demand))
    for span in open_to:
        yield line("open", span)
    number_of = {span: n for n, span in enumerate(open_to)}
    columns: list[list[object]] = [
        [bench.units[u][0].id for u in demand.unit.tolist()],
        (part.rows - np.searchsorted(bench.unit, demand.unit)).tolist(),
        demand.seats.tolist(),
        [number_of[span] for span in spans],
    ]
    if listed is not None:
        units: list[int] = part.units.tolist()
        stops = [*starts[1:], len(units)]
        texts = [
            " ".join(map(str, units[a:b])) for a, b in zip(starts, stops, strict=True)
        ]
        lists = {text: n for n, text in enumerate(dict.fromkeys(texts))}
        for text in lists:
            yield line("chances", text)
        columns += [[lists[text] for text in texts], list(listed.rows)]
    for cells in zip(*columns, strict=True):
        yield line("row", *cells)


def _spans(demand: Demand) -> list[str]:
    """To whom each row is open, as spans of numbers such as ``0-3 5``."""
    officer, row = demand.officer, demand.row
    begins = np.ones(len(row), np.bool_)
    begins[1:] = (row[1:] != row[:-1]) | (officer[1:] != officer[:-1] + 1)
    at = np.flatnonzero(begins)
    first = officer[at].tolist()
    last = officer[np.append(at[1:], len(row)) - 1].tolist()
    texts = [f"{a}-{b}" if a < b else f"{a}" for a, b in zip(first, last, strict=True)]
    stops = np.searchsorted(row[at], np.arange(len(demand.seats) + 1)).tolist()
    return [" ".join(texts[a:b]) for a, b in pairwise(stops)]


def line(*cells: object) -> str:
    """Write cells as one line."""
    return "\t".join(map(str, cells))


def _read_lines(lines: Iterable[str]) -> Iterator[_Listed | None]:
    """Take what was stated of each part from the lines of a table."""
    parts: list[list[list[str]]] = []
    for text in lines:
        cells = text.split("\t")
        if cells[0] == "part":
            parts.append([])
        parts[-1].append(cells)
    for head, *part in parts:
        if head[2] == "equal":
            yield None
            continue
        lists = [cells[1].split(" ") for cells in part if cells[0] == "chances"]
        rows = [cells for cells in part if cells[0] == "row"]
        units = [int(unit) for cells in rows for unit in lists[int(cells[5])]]
        yield _Listed(
            np.array(units, np.int64),
            tuple(cells[6] for cells in rows),
            tuple(cells[4] for cells in part if cells[0] == "officer"),
        )


# -- what is stated ------------------------------------------------------------


def state(
    problem: StaffingProblem,
    entropy: Entropy | None,
    seal: Seal | None,
    *,
    draw: DrawRecord | str | None,
    reason: "ModeReason | None",
) -> "StatedChances":
    """State the chances of a problem; see `StaffingProblem.chances`."""
    bench = lay_out(problem)
    staffing = bench.staffing()
    staffing.fill(Shake(ASSIGN_FORMAT, "witness"))
    if staffing.missing:
        raise explain(bench, staffing)
    parts = tuple(_parts(bench))
    basis = {
        "draw": digest_of(draw.to_dict()) if isinstance(draw, DrawRecord) else draw,
        "reason": reason,
        "entropy": entropy,
        "seal": seal,
    }
    return StatedChances(bench, parts, _statement(bench, parts, basis))


def _statement(
    bench: Bench, parts: tuple[Part, ...], basis: Mapping[str, Any]
) -> Statement:
    problem = bench.problem
    lines = (
        text
        for number, part in enumerate(parts)
        for text in _part_lines(bench, part, number)
    )
    return Statement(
        fairness=problem.fairness,
        min_officers=problem.rules.min_officers,
        avoid_home_areas=problem.avoid_home_areas,
        register=problem.register.digest,
        tasks=digest_of_tasks(problem),
        teams=_digest(line(team.id, *team.members) for team in problem.teams),
        chances=_digest(lines),
        **basis,
    )


def digest_of_tasks(problem: StaffingProblem, /) -> str:
    """Digest of the tasks of a problem, as it stands in the statement."""
    return _digest(_task_lines(problem))


def _task_lines(problem: StaffingProblem) -> Iterator[str]:
    """Write the tasks as the format says."""
    written: dict[tuple[Seat, ...], str] = {}
    for task in problem.tasks:
        seats = written.get(task.seats)
        if seats is None:
            kinds = [[*kind, count] for kind, count in kinds_of(task.seats)]
            seats = written[task.seats] = _json(kinds)
        texts = (task.area or "", task.outing or "", task.lead or "")
        yield line(task.id, task.subject_id, *texts, _json(task.agencies), seats)


def _digest(lines: Iterable[str]) -> str:
    return hash_of(f"{text}\n" for text in lines)


def _json(given: Any) -> str:  # noqa: ANN401
    return canonical_json(given).decode()


@cites(article(3), PENALTY_LAW_42, PENALTY_LAW_43)
@attrs.frozen(eq=False, repr=False, slots=False)
class StatedChances(Mapping[str, Mapping[str, Fraction]]):
    """
    What chance everybody has for every task, before the draw (公示概率).

    A mapping from the id of a task to the chance of each inspector to be in
    its team; who cannot be is left out.  Chances are whole numbers of units of
    1/2**20, and those of a team add up to its places exactly.  Values are
    equal when their digests are.

    Made by `StaffingProblem.chances`.

    Examples:
        >>> from dsgk.assignments import Seat, StaffingProblem, StaffingTask
        >>> from dsgk.inspectors import Inspector, InspectorRegister
        >>> problem = StaffingProblem(
        ...     [StaffingTask(id="T1", subject_id="S1", seats=[Seat(department="消防")])],
        ...     InspectorRegister(
        ...         Inspector(id=f"XF{n}", department="消防") for n in (1, 2, 3, 4)
        ...     ),
        ... )
        >>> stated = problem.chances()
        >>> stated["T1"]["XF1"], stated.expected_loads["XF1"]
        (Fraction(1, 2), Fraction(1, 2))
        >>> sum(stated["T1"].values()), stated.is_equal
        (Fraction(2, 1), True)
        >>> [line.split() for line in stated.lines()][-2:]
        [['open', '0-3'], ['row', 'T1', '0', '2', '0']]
    """  # noqa: E501

    bench: Bench
    parts: tuple[Part, ...]
    statement: Statement

    @property
    def problem(self) -> StaffingProblem:
        """What the chances are of."""
        return self.bench.problem

    @cached_property
    def digest(self) -> str:
        """Lower-case hex SHA-256 of the statement in its canonical form."""
        return self.statement.digest

    def key(self, entropy: object, secret: str | None = None) -> str:
        """Make the key of the draw, once the fact exists; see `Statement.key`."""
        return self.statement.key(entropy, secret)

    def draw(self, key: str, /) -> "Assignment":
        """
        Fill all seats (随机选派).

        Args:
            key: [32 lower-case hex characters] The key of the draw.

        Raises:
            InvalidValueError: It is no key.
        """
        from dsgk.assignments._draw import Assignment  # noqa: PLC0415  (a circle)

        return Assignment(stated=self, key=key)

    def __getitem__(self, task_id: str, /) -> dict[str, Fraction]:
        """
        Chance of each inspector to be in the team of a task.

        Raises:
            KeyError: There is no such task.
        """
        if task_id not in self:
            raise KeyError(task_id)
        return _summed((p, chance) for _, p, chance in self._entries(task_id))

    def __contains__(self, task_id: object, /) -> bool:
        """Whether there is such a task."""
        return isinstance(task_id, str) and task_id in self._unit_of

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
            InvalidValueError: There is no such task.
        """
        entries = list(self._entries(task_id))
        return tuple(
            _summed((p, c) for kind, p, c in entries if kind == wanted)
            for wanted in dict.fromkeys(map(kind_of, self.task(task_id).seats))
        )

    def in_charge(self, task_id: str, /) -> dict[str, Fraction]:
        """
        Chance of each inspector to be in charge of a task (主检).

        Raises:
            InvalidValueError: There is no such task.
        """
        task = self.task(task_id)
        leading = [seat for seat in task.seats if task.is_leading(seat)]
        kinds = set(map(kind_of, leading))
        places = sum(seat.count for seat in leading)
        return _summed(
            (p, c / places) for kind, p, c in self._entries(task_id) if kind in kinds
        )

    @cached_property
    def expected_loads(self) -> dict[str, Fraction]:
        """
        How many tasks everybody of the register has to expect, by id.

        An outing counts once; tasks that somebody has already do not.
        """
        loads = {person.id: Fraction(0) for person in self.problem.register}
        for part in self.parts:
            units = part.demand.loads(part.units.astype(np.int64))
            for one, load in zip(part.drawn.tolist(), units.tolist(), strict=True):
                for person in self.bench.people_of(one):
                    loads[person.id] = Fraction(load, UNIT)
        return loads

    @cached_property
    def is_equal(self) -> bool:
        """Whether all chances are equal, to the last unit."""
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
    def largest_deviation(self) -> Fraction:
        """Largest difference between a chance and the equal chance."""
        largest = Fraction(0)
        for part in self.parts:
            demand = part.demand
            eligible = demand.eligible[demand.row]
            off = np.abs(part.units * eligible - demand.seats[demand.row] * UNIT)
            starts = np.cumsum(demand.eligible) - demand.eligible
            worst = np.maximum.reduceat(off, starts)
            found = set(zip(worst.tolist(), demand.eligible.tolist(), strict=True))
            largest = max(largest, *(Fraction(n, UNIT * of) for n, of in found))
        return largest

    def lines(self) -> Iterator[str]:
        """
        Write the table, line by line, as it is published.

        Its digest, with a line feed after each line, stands in the statement; its
        form stands in ``docs/reference/assign-format.md``.
        """
        for number, part in enumerate(self.parts):
            yield from _part_lines(self.bench, part, number)

    def to_columns(self) -> dict[str, list[str] | list[int]]:
        """
        One row for each chance above zero, by task, kind of seat and inspector.

        Returns:
            Columns of equal length: ``task_id`` (of an outing, its first task),
            ``row`` (number of the kind of seats in the task), ``id`` (of the
            inspector, or the preset team) and ``units`` of 1/2**20.
        """
        at, who, units = ([np.zeros(0, np.int64)] for _ in range(3))
        for part in self.parts:
            at.append(part.rows[part.demand.row])
            who.append(part.drawn[part.demand.officer])
            units.append(part.units.astype(np.int64))
        row, one, chance = map(np.concatenate, (at, who, units))
        order = np.lexsort((one, row))
        order = order[chance[order] > 0]
        bench = self.bench
        unit = bench.unit[row[order]]
        first = np.searchsorted(bench.unit, unit)
        return {
            "task_id": [bench.units[n][0].id for n in unit.tolist()],
            "row": (row[order] - first).tolist(),
            "id": [bench.drawn[n].id for n in one[order].tolist()],
            "units": chance[order].tolist(),
        }

    def to_dict(self) -> dict[str, Any]:
        """Give problem, statement and table as plain JSON values."""
        return {
            "format": _STATED,
            "problem": self.problem.to_dict(),
            "statement": self.statement.to_dict(),
            "table": list(self.lines()),
        }

    @classmethod
    def from_dict(cls, document: Mapping[str, Any], /) -> Self:
        """
        Read what `to_dict` gave; the table is taken as it was stated.

        Raises:
            InvalidTypeError: It is no mapping.
            InvalidInput: Another format, missing or unknown keys, a faulty problem
                or statement, or a table that is not that of the statement.
        """
        check_mapping(document, name="document", instead="stated.to_dict()")
        shape = {
            "format": the_text(_STATED),
            "problem": anything,
            "statement": anything,
            "table": [a_text],
        }
        Faults(shape_faults(document, shape)).raise_any("document of StatedChances")
        problem = StaffingProblem.from_dict(document["problem"])
        statement = Statement.from_dict(document["statement"])
        bench = lay_out(problem)
        try:
            parts = tuple(_parts(bench, _read_lines(document["table"])))
            found = cls(bench, parts, statement)
            same = list(found.lines()) == document["table"] and found._is_whole()
        except (IndexError, ValueError, OverflowError, StopIteration, RuntimeError):
            same = False
        if not same:
            raise invalid("table-differs", column="table")
        basis = {
            n: getattr(statement, n) for n in ("draw", "reason", "entropy", "seal")
        }
        Faults(
            value_faults(
                statement.to_dict(),
                _statement(bench, parts, basis).to_dict(),
                "statement",
            )
        ).raise_any("document of StatedChances")
        return found

    def _is_whole(self) -> bool:
        """Whether the table fills all rows within the limits."""
        for demand, units in ((p.demand, p.units.astype(np.int64)) for p in self.parts):
            rows = np.bincount(demand.row, units, len(demand.seats))
            if (
                (units < 0).any()
                or (rows != demand.seats * UNIT).any()
                or (demand.in_place(units) > UNIT).any()
                or (demand.loads(units) > demand.room * UNIT).any()
            ):
                return False
        return True

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
        fairness = self.problem.fairness
        return f"StatedChances({len(self)} tasks, {fairness}, {self.digest!r})"

    # -- where it is found -----------------------------------------------------

    @cached_property
    def _unit_of(self) -> dict[str, int]:
        units = enumerate(self.bench.units)
        return dict(sorted((task.id, n) for n, tasks in units for task in tasks))

    def task(self, task_id: str, /) -> StaffingTask:
        """
        Return one task.

        Raises:
            InvalidValueError: There is no such task.
        """
        if task_id not in self:
            raise invalid("no-such-task", name="task_id", got=task_id)
        unit = self.bench.units[self._unit_of[task_id]]
        return next(task for task in unit if task.id == task_id)

    @cached_property
    def _part_of(self) -> _Places:
        part_of = np.zeros(len(self.bench.unit), np.intp)
        for number, part in enumerate(self.parts):
            part_of[part.rows] = number
        return part_of

    def _entries(self, task_id: str) -> Iterator[tuple[Kind, str, Fraction]]:
        """Kind of place, inspector and chance."""
        bench, task = self.bench, self.task(task_id)
        unit = self._unit_of[task_id]
        first, last = np.searchsorted(bench.unit, [unit, unit + 1]).tolist()
        for row in range(first, last):
            part = self.parts[self._part_of[row]]
            mine = part.entries(row)
            ones = part.drawn[part.demand.officer[mine]].tolist()
            for one, units in zip(ones, part.units[mine].tolist(), strict=True):
                share = Fraction(units, UNIT)
                if bench.of_teams:
                    places = bench.patterns[task_id].places
                    for n, person in zip(places, bench.seated(task, one), strict=True):
                        yield (
                            kind_of(task.seats[n]),
                            bench.problem.register.ids[person],
                            share,
                        )
                else:
                    kind = bench.requests[bench.pool[row]][0][0]
                    yield kind, bench.drawn[one].id, share


def _summed(entries: Iterable[tuple[str, Fraction]]) -> dict[str, Fraction]:
    total: dict[str, Fraction] = {}
    for person, chance in entries:
        total[person] = total.get(person, Fraction(0)) + chance
    return dict(sorted(total.items()))
