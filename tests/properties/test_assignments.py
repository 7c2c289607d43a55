"""
Promises of a draw of inspectors: legal, complete or explained, repeatable.

What is legal, what could be filled and what is scarce is worked out here anew,
from the values alone, with the maximum flow of SciPy as judge.
"""

import itertools
import random
from collections import Counter, defaultdict
from fractions import Fraction

import attrs
import numpy as np
import pytest
import scale
from hypothesis import given, settings, strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from staffing import bars_of, given_to, inputs, keys, stated_of

from dsgk.assignments import (
    Fairness,
    PresetTeam,
    Seat,
    StaffingTask,
    UnstaffableError,
    assign_inspectors,
)
from dsgk.assignments._problem import kind_of
from dsgk.inspectors import Inspector, Recusal, RecusalReason
from dsgk.kernels.flows import Staffing
from dsgk.kernels.shake import Shake


UNIT = Fraction(1, 2**20)
BATCHES = scale.of(1, 20, 400)  # of 250 problems


# -- the judge -----------------------------------------------------------------


def case(number):
    """The chance that makes one fixed problem."""
    return random.Random(number)  # noqa: S311


def most_filled(places, capacity):
    """
    The most places that can be filled at once.

    `places` are pairs of a task and the people open to the place.
    """
    edges = {}
    numbers = defaultdict(itertools.count().__next__)
    source, sink = numbers["source"], numbers["sink"]
    for place, (task, people) in enumerate(places):
        edges[source, numbers["place", place]] = 1
        for person in people:
            entry = numbers["entry", task, person]
            edges[numbers["place", place], entry] = 1
            edges[entry, numbers["person", person]] = 1
            edges[numbers["person", person], sink] = capacity[person]
    rows, columns = zip(*edges, strict=True) if edges else ((), ())
    graph = csr_array(
        (np.array(list(edges.values()), np.int32), (rows, columns)),
        shape=(len(numbers), len(numbers)),
    )
    return int(maximum_flow(graph, source, sink).flow_value) if edges else 0


def excess(places, capacity):
    """How many of *places* stay empty at least, by the capacity of their people."""
    tasks_of = defaultdict(set)
    for task, people in places:
        for person in people:
            tasks_of[person].add(task)
    return len(places) - sum(min(capacity[p], len(t)) for p, t in tasks_of.items())


# -- the kernel ----------------------------------------------------------------


def problem(chance):
    """A small problem, from short of everything to more than enough."""
    n_people = chance.randint(0, 7)
    n_pools = chance.randint(1, 4)
    members = [
        sorted(chance.sample(range(n_people), chance.randint(0, n_people)))
        for _ in range(n_pools)
    ]
    task = [t for t in range(chance.randint(1, 6)) for _ in range(chance.randint(1, 3))]
    pool = [chance.randrange(n_pools) for _ in task]
    barred = [
        (chance.randint(0, task[-1]), chance.randrange(n_people))
        for _ in range(chance.randint(0, 8) if n_people else 0)
    ]
    most = chance.choice([1, 2, 3, 6])
    capacity = [chance.randint(0, most) for _ in range(n_people)]
    return task, pool, members, barred, capacity


def places_of(task, pool, members, barred, _capacity):
    barred = set(barred)
    return [
        (t, [o for o in members[p] if (t, o) not in barred])
        for t, p in zip(task, pool, strict=True)
    ]


def check_legal(columns, holders):
    task, _, _, _, capacity = columns
    for (_, people), holder in zip(places_of(*columns), holders, strict=True):
        assert holder == -1 or holder in people
    seated = [(t, o) for t, o in zip(task, holders, strict=True) if o >= 0]
    assert len(set(seated)) == len(seated)
    loads = Counter(o for _, o in seated)
    assert all(load <= capacity[o] for o, load in loads.items())


def check_explained(columns, staffing):
    """Shortfalls are exact, minimal, disjoint, and tell whose bars matter."""
    task, pool, members, barred, capacity = columns
    places = places_of(*columns)
    best = most_filled(places, capacity)
    shortfalls = staffing.shortfalls()
    assert len(task) - best == sum(s.missing for s in shortfalls)
    seats = [seat for s in shortfalls for seat in s.seats.tolist()]
    assert len(set(seats)) == len(seats)
    for shortfall in shortfalls:
        mine = [places[seat] for seat in shortfall.seats]
        assert shortfall.missing == excess(mine, capacity) > 0
        assert set(shortfall.officers.tolist()) == {p for _, ps in mine for p in ps}
        for seat in range(len(mine)):
            rest = mine[:seat] + mine[seat + 1 :]
            assert excess(rest, capacity) == shortfall.missing - 1
    decisive = {
        (seat, officer)
        for seat in range(len(task))
        for t, officer in set(barred)
        if t == task[seat] and officer in members[pool[seat]]
        if seat in seats
        if most_filled(
            [
                (t, [*people, officer] if number == seat else people)
                for number, (t, people) in enumerate(places)
            ],
            capacity,
        )
        > best
    }
    assert decisive == set(map(tuple, staffing.decisive_bars().tolist()))


@pytest.mark.scaled
@pytest.mark.parametrize("batch", range(BATCHES))
def test_all_that_can_be_filled_is_filled_and_the_rest_is_explained(batch):
    """Promises 1 and 2 on 5,000 problems in the campaign, with SciPy as judge."""
    for number in range(batch * 250, batch * 250 + 250):
        columns = problem(case(number))
        staffing = Staffing(*columns)

        staffing.fill(Shake("k", str(number)))

        holders = staffing.holders.tolist()
        check_legal(columns, holders)
        check_explained(columns, staffing)
        assert staffing.missing == holders.count(-1)


def as_inputs(task, pool, members, barred, capacity):
    """The same problem as a host would give it: a pool is a skill."""
    people = [
        Inspector(
            id=f"P{n}",
            department="消防",
            skills={f"{k}" for k, mine in enumerate(members) if n in mine},
            capacity=most,
        )
        for n, most in enumerate(capacity)
    ]
    tasks = [
        StaffingTask(
            id=f"T{t}",
            subject_id=f"S{t}",
            seats=[
                Seat(department="消防", count=count, skills={f"{k}"})
                for k, count in Counter(
                    p for p, of in zip(pool, task, strict=True) if of == t
                ).items()
            ],
        )
        for t in dict.fromkeys(task)
    ]
    recusals = [
        Recusal(subject_id=f"S{t}", inspector_id=f"P{n}", reason=RecusalReason.KINSHIP)
        for t, n in barred
    ]
    # Nobody can be sent whom the department knows besides.
    somebody = Inspector(id="Q", department="消防", capacity=0)
    return tasks, [*people, somebody], recusals, [], False


@pytest.mark.scaled
@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_draw_is_legal_and_complete_or_explained(batch):
    """The same problems, by what a host calls, with SciPy as judge."""
    for number in range(batch * 250, batch * 250 + 250):
        columns = problem(case(number))
        task, _, _, _, capacity = columns
        places = places_of(*columns)
        missing = len(places) - most_filled(places, capacity)

        result = outcome(as_inputs(*columns), f"{number:032x}")

        if isinstance(result, UnstaffableError):
            assert missing == sum(s.missing for s in result.shortages) > 0
            continue
        assert missing == 0
        loads = Counter()
        for t in range(task[-1] + 1):
            seats = result.teams[f"T{t}"]
            names = [int(seated.inspector_id[1:]) for seated in seats]
            wanted = [
                (skill,)
                for skill in sorted(
                    str(p) for p, of in zip(columns[1], task, strict=True) if of == t
                )
            ]
            assert sorted(tuple(s.seat.skills) for s in seats) == wanted
            assert len(set(names)) == len(names)
            for n, seated in zip(names, seats, strict=True):
                (skill,) = seated.seat.skills
                assert n in columns[2][int(skill)]
                assert (t, n) not in columns[3]
            loads.update(names)
        assert all(load <= capacity[n] for n, load in loads.items())
        for name, expected in result.stated.expected_loads.items():
            assert abs(result.loads[name] - expected) < 1
        shuffled = tuple(
            case(number).sample(values, len(values))
            if isinstance(values, list)
            else values
            for values in as_inputs(*columns)
        )
        assert outcome(shuffled, f"{number:032x}") == result
        even = outcome(as_inputs(*columns), f"{number:032x}", Fairness.EQUAL_LOAD)
        for name, expected in even.stated.expected_loads.items():
            assert abs(even.loads[name] - expected) < 1
            assert name == "Q" or expected <= capacity[int(name[1:])]


@pytest.mark.scaled
def test_no_smaller_set_of_seats_and_no_division_explains_as_much():
    """Each shortage is as small as possible, by trying every smaller one."""
    tried = 0
    for number in range(scale.of(200, 1000)):
        columns = problem(case(number))
        task, pool, _, _, capacity = columns
        places = places_of(*columns)
        staffing = Staffing(*columns)
        staffing.fill(Shake("k", str(number)))
        for shortfall in staffing.shortfalls():
            seats = shortfall.seats.tolist()
            if len(seats) > 8:
                continue
            for size in range(1, len(seats)):
                for part in itertools.combinations(seats, size):
                    rest = [s for s in seats if s not in part]
                    alone = excess([places[s] for s in part], capacity)
                    assert alone < shortfall.missing
                    if {(task[s], pool[s]) for s in part} & {
                        (task[s], pool[s]) for s in rest
                    }:
                        continue  # seats that are alike are not told apart
                    apart = excess([places[s] for s in rest], capacity)
                    assert max(alone, 0) + max(apart, 0) < shortfall.missing
                    tried += 1
    assert tried > scale.of(200, 1000)


@pytest.mark.parametrize("seed", range(5))
def test_a_staffing_that_was_hidden_on_purpose_is_found(seed):
    """
    Capacities are exactly what one legal staffing uses, so that nobody has a
    day to spare; nested skills and bars leave few ways.
    """
    chance = case(seed)
    n_people, n_tasks = 40, 400
    grade = [chance.choice([0, 0, 0, 1, 1, 2]) for _ in range(n_people)]
    grade[:3] = [2, 2, 2]
    members = [[o for o in range(n_people) if grade[o] >= g] for g in range(3)]
    barred = [(chance.randrange(n_tasks), o) for o in range(3, n_people)] * 3
    bars = set(barred)
    task, pool, capacity = [], [], [0] * n_people
    for t in range(n_tasks):
        team = set()
        for p in sorted(chance.choices(range(3), k=2), reverse=True):
            open_to = [o for o in members[p] if o not in team and (t, o) not in bars]
            hidden = chance.choice(open_to)
            team.add(hidden)
            capacity[hidden] += 1
            task.append(t)
            pool.append(p)
    staffing = Staffing(task, pool, members, barred, capacity)

    staffing.fill(Shake("k", str(seed)))

    assert staffing.missing == 0
    check_legal((task, pool, members, barred, capacity), staffing.holders.tolist())


# -- the function --------------------------------------------------------------


def may_fill(seat, person):
    of_department = (
        {seat.department}
        if isinstance(seat.department, str)
        else (set(seat.department))
    )
    if person.department not in of_department or not seat.skills <= person.skills:
        return False
    if seat.expert or person.is_expert:
        return seat.expert and person.is_expert
    return person.certified or not seat.certified


def units_of(tasks):
    """Tasks of one batch are one visit."""
    units = defaultdict(list)
    for task in sorted(tasks, key=lambda task: task.id):
        units[(task.outing,) if task.outing else task.id].append(task)
    return list(units.values())


def keeps_away(unit, person, bars, *, avoid):
    return any((task.subject_id, person.id) in bars for task in unit) or (
        avoid and unit[0].area in person.home_areas
    )


def open_places(units, people, bars, *, avoid):
    return [
        (
            unit[0].id,
            [
                person.id
                for person in people
                if may_fill(seat, person)
                and not keeps_away(unit, person, bars, avoid=avoid)
            ],
        )
        for unit in units
        for seat in unit[0].seats
        for _ in range(seat.count)
    ]


def capacities(tasks, people):
    return {p.id: len(tasks) if p.capacity is None else p.capacity for p in people}


def outcome(given_inputs, key, fairness=Fairness.EQUAL_CHANCE, **fields):
    fields |= {"key": key, "fairness": fairness}
    try:
        return given_to(assign_inspectors, given_inputs, **fields)
    except UnstaffableError as error:
        return error


def check_team(task, team, people, bars, *, avoid):
    by_id = {person.id: person for person in people}
    assert Counter(s.seat for s in team) == Counter(
        seat for seat in task.seats for _ in range(seat.count)
    )
    names = [seated.inspector_id for seated in team]
    assert len(set(names)) == len(names)
    assert all(may_fill(s.seat, by_id[s.inspector_id]) for s in team)
    for name in names:
        assert not keeps_away([task], by_id[name], bars, avoid=avoid)
    return names


@settings(max_examples=scale.of(15, 1_000, 10_000))
@given(inputs(), keys, st.sampled_from(Fairness))
def test_an_assignment_is_legal_and_complete_or_explained(given_inputs, key, fairness):
    """Promises 1 and 2, from the values that a host gives and gets."""
    tasks, people, recusals, history, avoid = given_inputs
    units = units_of(tasks)
    bars = bars_of(people, recusals, history)
    places = open_places(units, people, bars, avoid=avoid)
    capacity = capacities(units, people)
    result = outcome(given_inputs, key, fairness)
    missing = len(places) - most_filled(places, capacity)

    if isinstance(result, UnstaffableError):
        assert missing == sum(s.missing for s in result.shortages) > 0
        for shortage in result.shortages:
            check_shortage(shortage, units, people, bars, avoid=avoid)
        return
    assert missing == 0
    loads = Counter()
    for unit in units:
        teams = [
            check_team(task, result.teams[task.id], people, bars, avoid=avoid)
            for task in unit
        ]
        assert all(sorted(team) == sorted(teams[0]) for team in teams)
        (lead,) = {result.in_charge[task.id] for task in unit}
        seat_of = {s.inspector_id: s.seat for s in result.teams[unit[0].id]}
        assert seat_of[lead].officers
        loads.update(teams[0])
    assert {task.id for task in tasks} == set(result.teams)
    assert {person.id: loads[person.id] for person in people} == dict(result.loads)
    assert all(loads[name] <= most for name, most in capacity.items())


def check_shortage(shortage, units, people, bars, *, avoid):
    """Everything in a shortage can be worked out again from what was given."""
    by_id = {unit[0].id: unit for unit in units}
    places = [
        place
        for task_id, seat in shortage.wanted
        for place in open_places(
            [[attrs.evolve(task, seats=(seat,)) for task in by_id[task_id]]],
            people,
            bars,
            avoid=avoid,
        )
    ]
    assert all(seat in by_id[task_id][0].seats for task_id, seat in shortage.wanted)
    assert shortage.tasks == tuple(sorted({task for task, _ in places}))
    assert shortage.inspectors == tuple(sorted({p for _, ps in places for p in ps}))
    assert shortage.seats == len(places)
    assert shortage.missing == excess(places, capacities(units, people))
    assert shortage.capacity == shortage.seats - shortage.missing


def lifted(given_inputs, way):
    """The most places that can be filled, if what stands in *way* did not hold."""
    tasks, people, recusals, history, avoid = given_inputs
    units = units_of(tasks)
    bars = {
        pair: whys[0] | whys[1]
        for pair, whys in bars_of(people, recusals, history).items()
    }
    places = []
    for unit in units:
        why = {
            person.id: {
                *(
                    why
                    for task in unit
                    for why in bars.get((task.subject_id, person.id), ())
                ),
                *(
                    (person.id, area)
                    for area in person.home_areas
                    if avoid and area == unit[0].area
                ),
            }
            for person in people
        }
        free = [person for person in people if why[person.id] <= set(way)]
        places += [
            (unit[0].id, [p.id for p in free if may_fill(seat, p)])
            for seat in unit[0].seats
            for _ in range(seat.count)
        ]
    return most_filled(places, capacities(units, people))


def ways_by_trying(given_inputs, best):
    """For each visit and person, all that keeps them away, if that is decisive."""
    tasks, people, recusals, history, avoid = given_inputs
    bars = bars_of(people, recusals, history)
    ways = set()
    for unit, person in itertools.product(units_of(tasks), people):
        way = {
            why
            for task in unit
            for whys in bars.get((task.subject_id, person.id), ())
            for why in whys
        }
        if avoid and unit[0].area in person.home_areas:
            way.add((person.id, unit[0].area))
        if way and lifted(given_inputs, way) > best:
            ways.add(frozenset(way))
    return ways


@given(inputs(), keys)
def test_each_way_and_nothing_less_of_it_fills_a_place_more(given_inputs, key):
    """
    A district officer who lifts all that stands in one way gets one more place
    filled, and who lifts less gets none, unless it is another way.
    """
    result = outcome(given_inputs, key)
    if not isinstance(result, UnstaffableError):
        return
    ways = {frozenset(way) for s in result.shortages for way in s.ways}
    best = lifted(given_inputs, ())

    for shortage in result.shortages:
        told = [frozenset(way) for way in shortage.ways]
        assert not any(one < other for one in told for other in told)
        assert len(set(told)) == len(told)
    for way in ways:
        assert lifted(given_inputs, way) > best
        for size in range(len(way)):
            for part in map(frozenset, itertools.combinations(way, size)):
                gained = lifted(given_inputs, part) > best
                assert gained == any(other <= part for other in ways)
    for way in ways_by_trying(given_inputs, best):
        assert any(told <= way for told in ways)


@given(inputs(), keys, st.sampled_from(Fairness), st.randoms(use_true_random=False))
def test_no_order_of_the_input_has_any_influence(given_inputs, key, fairness, chance):
    """Promise 5: nobody gains by sorting a table before the key is known."""
    tasks, people, recusals, history, avoid = given_inputs

    def shuffled(values):
        return chance.sample(values, len(values))

    turned = [attrs.evolve(task, seats=shuffled(task.seats)) for task in tasks]

    one = outcome(given_inputs, key, fairness)
    others = [shuffled(values) for values in (turned, people, recusals, history)]
    other = outcome((*others, avoid), key, fairness)

    if isinstance(one, UnstaffableError):
        # A fact about the input, not about a throw of dice.
        assert one.shortages == other.shortages
        assert one.shortages == outcome(given_inputs, key[::-1]).shortages
        assert str(one) == str(other)
    else:
        assert one.stated.digest == other.stated.digest
        assert one.loads == other.loads
        assert one.in_charge == other.in_charge
        for task in tasks:
            assert set(one.teams[task.id]) == set(other.teams[task.id])


# -- stated chances ------------------------------------------------------------


@given(inputs(), keys, st.sampled_from(Fairness))
def test_chances_are_a_legal_table_and_the_draw_keeps_to_it(
    given_inputs, key, fairness
):
    """
    Promise 3: rows add up to the seats, nobody has a chance who may not go,
    nobody is expected to do more than they can; equal chances are equal; and
    every load is the expected one rounded down or up.
    """
    tasks, people, recusals, history, avoid = given_inputs
    assignment = outcome(given_inputs, key, fairness)
    if isinstance(assignment, UnstaffableError):
        return
    stated = given_to(stated_of, given_inputs, fairness=fairness)
    units = units_of(tasks)
    bars = bars_of(people, recusals, history)
    by_id = {person.id: person for person in people}
    capacity = capacities(units, people)

    assert stated == assignment.stated
    for unit in units:
        task = unit[0]
        assert sum(stated[task.id].values()) == sum(s.count for s in task.seats)
        assert all(0 <= chance <= 1 for chance in stated[task.id].values())
        assert sum(stated.in_charge(task.id).values()) == 1
        for name in stated[task.id]:
            assert not keeps_away(unit, by_id[name], bars, avoid=avoid)
            assert capacity[name]
        kinds = {kind_of(seat): seat for seat in reversed(task.seats)}
        firsts = [seat for seat in task.seats if kinds[kind_of(seat)] is seat]
        for seat, of_seat in zip(firsts, stated.by_seat(task.id), strict=True):
            assert all(may_fill(seat, by_id[name]) for name in of_seat)
            places = [s.count for s in task.seats if kind_of(s) == kind_of(seat)]
            assert sum(of_seat.values()) == sum(places)
            if stated.is_equal:
                assert max(of_seat.values()) - min(of_seat.values()) <= UNIT
        drawn = {s.inspector_id for s in assignment.teams[task.id]}
        assert drawn <= {name for name, c in stated[task.id].items() if c}
        assert drawn >= {name for name, c in stated[task.id].items() if c == 1}
    for name, expected in stated.expected_loads.items():
        assert expected == sum(stated[unit[0].id].get(name, 0) for unit in units)
        assert expected <= capacity[name]
        assert abs(assignment.loads[name] - expected) < 1
    if stated.is_equal:
        assert stated.largest_deviation <= UNIT
        assert not stated.capped


# -- preset teams --------------------------------------------------------------


def fits(members, seats):
    places = [seat for seat in seats for _ in range(seat.count)]
    return len(places) == len(members) and any(
        all(may_fill(seat, person) for seat, person in zip(places, order, strict=True))
        for order in itertools.permutations(members)
    )


def check_shortage_of_teams(shortage, units, places, capacity, groups):
    """Its tasks, who is open to them, what they can take, and why not more."""
    mine = [place for place in places if place[0] in shortage.tasks]
    seats = {unit[0].id: unit[0].seats for unit in units}
    open_to = {n for _, teams in mine for n in teams}

    assert shortage.of_teams
    assert shortage.seats == len(mine) == len(shortage.tasks)
    assert Counter(shortage.wanted) == Counter(
        (task_id, seat) for task_id in shortage.tasks for seat in seats[task_id]
    )
    assert shortage.inspectors == tuple(f"G{n}" for n in sorted(open_to))
    assert shortage.missing == excess(mine, capacity) > 0
    for left_out in range(len(mine)):  # as small as possible
        rest = mine[:left_out] + mine[left_out + 1 :]
        assert excess(rest, capacity) == shortage.missing - 1
    assert shortage.fitting == tuple(
        f"G{n}"
        for n, group in enumerate(groups)
        if any(fits(group, seats[task_id]) for task_id in shortage.tasks)
    )
    assert shortage.team_sizes == tuple(sorted({len(group) for group in groups}))


@given(inputs(), keys, st.data())
def test_preset_teams_are_drawn_if_they_can_be(given_inputs, key, data):
    """A team is one officer of the flow, open to the tasks it fits."""
    tasks, people, recusals, history, avoid = given_inputs
    shuffled = data.draw(st.permutations(people))
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=5))
    cut = [0, *itertools.accumulate(sizes)]
    groups = [shuffled[a:b] for a, b in itertools.pairwise(cut) if shuffled[a:b]]
    teams = [
        PresetTeam(id=f"G{n}", members={p.id for p in group})
        for n, group in enumerate(groups)
    ]
    units = units_of(tasks)
    bars = bars_of(people, recusals, history)
    most = capacities(units, people)
    places = [
        (
            unit[0].id,
            [
                n
                for n, group in enumerate(groups)
                if fits(group, unit[0].seats)
                and not any(keeps_away(unit, p, bars, avoid=avoid) for p in group)
            ],
        )
        for unit in units
    ]
    capacity = {n: min(most[p.id] for p in group) for n, group in enumerate(groups)}
    missing = len(units) - most_filled(places, capacity)

    result = outcome(given_inputs, key, teams=teams)

    if isinstance(result, UnstaffableError):
        assert missing == sum(s.missing for s in result.shortages) > 0
        for shortage in result.shortages:
            check_shortage_of_teams(shortage, units, places, capacity, groups)
        return
    assert missing == 0
    for unit in units:
        for task in unit:
            names = check_team(task, result.teams[task.id], people, bars, avoid=avoid)
            assert set(names) in [{p.id for p in group} for group in groups]
        assert sum(result.chances(unit[0].id).values()) == len(names)
        assert sum(result.stated.in_charge(unit[0].id).values()) == 1
    assert all(result.loads[p.id] <= most[p.id] for p in people)
