"""The draw of inspectors."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from dsgk.assignments.bench import Bench
from dsgk.assignments.checks import check_key
from dsgk.assignments.outcome import Assignment, Drawn, Lookup, Seated
from dsgk.assignments.parts import Fairness, Part
from dsgk.assignments.stated import StatedChances, chances
from dsgk.assignments.tasks import PastVisit, StaffingTask
from dsgk.assignments.teams import PresetTeam
from dsgk.inspectors import InspectorRegister, Recusal
from dsgk.kernels.dealing import deal
from dsgk.kernels.lookahead import Looked, look_ahead
from dsgk.kernels.shake import Shake
from dsgk.sources import PENALTY_LAW_42, PENALTY_LAW_43, RuleProfile, article, cites


__all__ = ["assign_inspectors", "draw_from"]

_RULES = RuleProfile()
_Places = npt.NDArray[np.intp]


@cites(article(3), PENALTY_LAW_42, PENALTY_LAW_43)
def assign_inspectors(
    tasks: Iterable[StaffingTask],
    register: InspectorRegister,
    *,
    key: str,
    teams: Iterable[PresetTeam] = (),
    recusals: Iterable[Recusal] = (),
    history: Iterable[PastVisit] = (),
    current_loads: Mapping[str, int] = MappingProxyType({}),
    avoid_home_areas: bool = False,
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
    - Its chances are stated: everybody has exactly the chance for every task
      that `chances` tells without the key, and every load is the expected one
      rounded down or up.  Very large inputs of which many tasks are barred to
      many are drawn seat by seat instead; the assignment says which, and out
      of whom.
    - It can be repeated: it depends on the key and on the set of what is
      given, not on any order, and is the same on every machine.

    Args:
        tasks: In any order.
        register: Who can be sent.
        key: [32 lower-case hex characters] The key of the draw.
        teams: Preset teams, if these are drawn instead of single inspectors.
        recusals: Of people in the register, from whatever subjects.
        history: Past visits; see `PastVisit` for whom they keep away.
        current_loads: Tasks that people have already, by id; capacities and
            equal loads count them in.
        avoid_home_areas: Whether people keep away from areas they have ties
            with.
        fairness: What is made equal.
        rules: The numbers of the law.

    Raises:
        InvalidTypeError: An argument has the wrong type.
        InvalidValueError: *key* is no key.
        InvalidInput: Tables are faulty: an id or an officer comes twice, a
            team is smaller than the law asks for, a department or a recused
            person is not in the register, tasks of one batch differ in what
            they ask for, teams have members in common.
        UnstaffableError: There is no legal staffing; it says why.

    Cites:
        District Opinion, Art. 3 (随机选派执法检查人员); Administrative Penalty
        Law, Art. 42 (two certified officers) and 43 (recusal).

    Examples:
        >>> from dsgk.assignments.tasks import Seat
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
        >>> assignment.leads["T1"], round(float(assignment.chances("T1")["XF2"]), 6)
        ('XF1', 0.666667)
    """
    check_key(key)
    stated = chances(
        tasks,
        register,
        teams=teams,
        recusals=recusals,
        history=history,
        current_loads=current_loads,
        avoid_home_areas=avoid_home_areas,
        fairness=fairness,
        rules=rules,
    )
    return draw_from(stated, key)


def draw_from(stated: StatedChances, key: str) -> Assignment:
    """Draw with stated chances."""
    bench = stated.bench
    rows, drawn = [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
    lookups: list[Lookup] = []
    for number, part in enumerate(stated.parts):
        source = Shake(key, f"seats:{number}")
        if part.chances is None or part.plan is None:
            row = np.repeat(part.rows, part.demand.seats)
            looked = _look_ahead(stated, part, source)
            one = part.drawn[looked.holders]
            cells = zip(one.tolist(), row.tolist(), looked.pools, strict=True)
            lookups += map(Lookup._make, cells)
        else:
            staffed = deal(part.chances, part.plan, source=source)
            row, one = part.rows[staffed.row], part.drawn[staffed.officer]
        rows.append(row)
        drawn.append(one)
    row, one = np.concatenate(rows), np.concatenate(drawn)
    one = one[np.lexsort((one, row))]
    unit = np.repeat(bench.unit, bench.seats)
    stops = np.searchsorted(unit, np.arange(len(bench.units) + 1)).tolist()
    ones = [one[a:b].tolist() for a, b in pairwise(stops)]
    teams, drawn_now = _teams(bench, ones, key)
    loads = dict.fromkeys(bench.register.ids, 0)
    counts = np.bincount(one, minlength=len(bench.drawn)).tolist()
    for number, count in enumerate(counts):
        for person in bench.people_of(number):
            loads[person.id] = count
    return Assignment(
        key=key,
        stated=stated,
        drawn=drawn_now,
        teams=dict(sorted(teams.items())),
        leads={
            task_id: drawn_now.leads[stated.unit(task_id)[0].id] for task_id in stated
        },
        loads=loads,
        lookups=tuple(sorted(lookups, key=lambda lookup: lookup.row)),
    )


def _look_ahead(stated: StatedChances, part: Part, source: Shake) -> Looked:
    bench = stated.bench
    place = np.full(len(bench.drawn), -1, np.intp)
    place[part.drawn] = np.arange(len(part.drawn))
    row = np.repeat(np.arange(len(bench.unit)), bench.seats)
    holders = place[stated.witness[np.isin(row, part.rows)]]
    even = stated.fairness is Fairness.EQUAL_LOAD
    loads = bench.loads[part.drawn] if even else None
    return look_ahead(part.demand, holders, source=source, loads=loads)


def _teams(
    bench: Bench, ones: list[list[int]], key: str
) -> tuple[dict[str, tuple[Seated, ...]], Drawn]:
    """Teams and officers in charge, from who was drawn for each unit in order."""
    ids = bench.register.ids
    known: dict[tuple[int, int, int], Seated] = {}
    in_charge: dict[tuple[int, str | None], list[int]] = {}
    teams: dict[str, tuple[Seated, ...]] = {}
    by_place: dict[str, tuple[str, ...]] = {}
    leading: list[list[str]] = []
    for tasks, drawn in zip(bench.units, ones, strict=True):
        for task in reversed(tasks):
            number, seats, _, places, listed = bench.patterns[task.id]
            # Of a preset team, whoever has each place.
            people = bench.seated(task, drawn[0]) if bench.of_teams else drawn
            team = []
            for n, person in zip(places, people, strict=True):
                seated = known.get((number, n, person))
                if seated is None:
                    seated = known[number, n, person] = Seated(
                        inspector_id=ids[person], seat=seats[n]
                    )
                team.append(seated)
            teams[task.id] = tuple([team[at] for at in listed])
        by_place[task.id] = tuple([seated.inspector_id for seated in team])
        may_lead = in_charge.get((number, task.lead))
        if may_lead is None:
            may_lead = in_charge[number, task.lead] = [
                place for place, n in enumerate(places) if task.is_leading(seats[n])
            ]
        leading.append([team[place].inspector_id for place in may_lead])
    source = Shake(key, "lead")
    numbers = source.below_each([len(people) for people in leading]).tolist()
    leads = [people[n] for people, n in zip(leading, numbers, strict=True)]
    presets = [bench.drawn[drawn[0]].id for drawn in ones] if bench.of_teams else []
    return teams, Drawn(
        by_place,
        dict(zip(by_place, leads, strict=True)),
        dict(zip(by_place, presets, strict=False)),
    )
