"""
Chances that are stated for people and tasks, held against many draws.

Fixed keys, four thousand in the campaign, so never flaky: how far is the
frequency of the one person and task that are furthest off, in standard errors?
What people would otherwise use, a deck from which the least burdened are served
first and a maximum flow with shuffled names, has to fail the same test.
"""

import datetime as dt
import math
import random
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
import scale
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow
from staffing import (
    DAY,
    KEY,
    assign,
    kinship,
    officer,
    officers,
    problem_of,
    recorded,
    requested,
    seat,
    stated,
    task,
    visit,
)

from dsgk.assignments import Fairness, PresetTeam
from dsgk.assignments._problem import kind_of
from dsgk.assignments._redraw import Vacancy


pytestmark = pytest.mark.scaled

KEYS = [f"{number:032x}" for number in range(scale.of(200, 4_000))]
FEWER = 500
BOUND = 4.5  # standard errors, for the furthest of all pairs

FIRE = officers(4, "消防", "X")
CASES = {
    "sparse bars": {
        "tasks": [task(n) for n in range(8)],
        "people": officers(6),
        "recusals": [kinship("P0", "S0"), kinship("P1", "S3"), kinship("P2", "S3")],
    },
    "skewed bars": {
        "tasks": [task(n) for n in range(8)],
        "people": officers(5),
        "recusals": [
            *(kinship("P0", f"S{n}") for n in range(6)),
            *(kinship("P1", f"S{n}") for n in range(2, 6)),
        ],
    },
    "capacities that bind": {
        "tasks": [task(n) for n in range(7)],
        "people": [
            officer("P0", capacity=1),
            officer("P1", capacity=2),
            *officers(5)[2:],
        ],
        "recusals": [kinship("P3", "S1")],
    },
    "joint visits with a skill, an open seat and an expert": {
        "tasks": [
            task(n, seat(count=1, skills={"食品"}), seat(count=1)) for n in range(3)
        ]
        + [
            task(
                n,
                seat(count=1, skills={"食品"}),
                seat("消防", 1),
                seat({"市场监管", "消防"}, 1),
                seat(count=1, expert=True),
            )
            for n in range(3, 6)
        ],
        "people": [
            *officers(3, skills={"食品"}),
            *officers(2, prefix="Q"),
            *FIRE,
            *officers(2, prefix="Z", is_expert=True),
        ],
        "recusals": [kinship("P0", "S0"), kinship("X1", "S4"), kinship("Z1", "S5")],
    },
    "equal load": {
        "tasks": [task(n) for n in range(6)],
        "people": officers(5),
        "recusals": [kinship("P0", f"S{n}") for n in range(3)],
        "fairness": Fairness.EQUAL_LOAD,
    },
    "batches": {
        "tasks": [task(n, area="A", outing=f"B{n // 2}") for n in range(6)],
        "people": officers(5, capacity=2),
        "recusals": [kinship("P0", "S1"), kinship("P1", "S2")],
    },
    "home areas": {
        "tasks": [task(n, area=["上仓镇", "下营镇", None][n % 3]) for n in range(5)],
        "people": [
            officer("P0", home_areas={"上仓镇"}),
            officer("P1", home_areas={"上仓镇", "下营镇"}),
            *officers(6)[2:],
        ],
        "avoid_home_areas": True,
    },
    "rotation": {
        "tasks": [task(n, subject=f"S{n % 4}") for n in range(6)],
        "people": officers(6),
        "history": [
            visit("P0", "S0", DAY - dt.timedelta(days=9)),
            visit("P1", "S0"),
            visit("P2", "S0"),
            visit("P3", "S1"),
            visit("P4", "S2"),
        ],
    },
    "current loads": {
        "tasks": [task(n) for n in range(6)],
        "people": [
            officer("P0", capacity=4),
            officer("P1", capacity=9),
            *officers(6)[2:],
        ],
        "current_loads": {"P0": 3, "P1": 2, "P2": 5},
        "recusals": [kinship("P3", "S1")],
    },
    "equal load on current loads": {
        "tasks": [task(n) for n in range(6)],
        "people": officers(5),
        "current_loads": {"P0": 2, "P1": 1},
        "recusals": [kinship("P2", "S1"), kinship("P3", "S4")],
        "fairness": Fairness.EQUAL_LOAD,
    },
    "seats of one kind": {
        "tasks": [
            task(n, seat(count=1), seat("消防", 1), seat(count=2)) for n in range(2)
        ],
        "people": [*officers(5), *FIRE],
        "recusals": [kinship("P0", "S1"), kinship("X0", "S2")],
    },
    "preset teams": {
        "tasks": [task(n) for n in range(5)],
        "people": officers(8),
        "recusals": [kinship("P0", "S1"), kinship("P3", "S1")],
        "teams": [
            PresetTeam(id=f"G{n}", members={f"P{2 * n}", f"P{2 * n + 1}"})
            for n in range(4)
        ],
    },
    "seats equal capacity": {
        "tasks": [task(n) for n in range(4)],
        "people": officers(4, capacity=2),
        "recusals": [kinship("P0", "S1"), kinship("P1", "S1")],
    },
    "forced by capacities": {
        "tasks": [task(n) for n in range(5)],
        "people": [*officers(3, capacity=2), *officers(3, prefix="Q")],
        "recusals": [kinship(f"Q{n}", "S0") for n in range(3)]
        + [kinship("Q0", "S1"), kinship("Q1", "S1")],
    },
    "kinds that overlap, one of them certain": {
        "tasks": [
            task(
                n,
                seat(count=2, skills={"食品"}),
                seat(count=1),
                seat(count=1, certified=False),
            )
            for n in range(3)
        ],
        "people": [
            *officers(2, skills={"食品"}),
            *officers(3, prefix="Q"),
            officer("U0", certified=False),
        ],
    },
    "outings by equal load": {
        "tasks": [task(n, area="A", outing=f"B{n // 2}") for n in range(8)],
        "people": officers(5),
        "recusals": [kinship("P0", f"S{n}") for n in (1, 3, 5)],
        "current_loads": {"P1": 1},
        "fairness": Fairness.EQUAL_LOAD,
    },
    "five tasks that share": {
        "tasks": [task(n) for n in range(5)],
        "people": officers(5),
        "recusals": [kinship(f"P{n}", f"S{n + 2}") for n in range(3)],
    },
}


def places_of(case):
    """Every place with the people to whom it is open."""
    chances = stated(**case)
    return [
        (t.id, sorted(of_seat))
        for t in case["tasks"]
        for of_seat in chances.by_seat(t.id)
        for _ in range(int(sum(of_seat.values())))
    ]


def by_deck(case):
    """Places in random order, each for one of those with the fewest so far."""
    places = places_of(case)
    for key in KEYS[:FEWER]:
        chance = random.Random(key)  # noqa: S311
        loads = Counter()
        drawn = set()
        for task_id, people in chance.sample(places, len(places)):
            free = [p for p in people if (task_id, p) not in drawn]
            if free:
                one = min(free, key=lambda p: (loads[p], chance.random()))
                drawn.add((task_id, one))
                loads[one] += 1
        yield drawn


def by_flow(case):
    """A maximum flow with even loads, in a graph in which all names are shuffled."""
    places = places_of(case)
    names = sorted({person for _, people in places for person in people})
    most = math.ceil(len(places) / len(names)) + 1
    for key in KEYS[:FEWER]:
        chance = random.Random(key)  # noqa: S311
        rows = chance.sample(places, len(places))
        pairs = sorted({(t, p) for t, open_to in rows for p in open_to})
        nodes = [*range(len(rows)), *pairs, *chance.sample(names, len(names))]
        number = {node: 1 + n for n, node in enumerate(nodes)}
        sink = len(nodes) + 1
        edges = [
            *((0, number[n], 1) for n in range(len(rows))),
            *(
                (number[n], number[t, p], 1)
                for n, (t, ps) in enumerate(rows)
                for p in ps
            ),
            *((number[t, p], number[p], 1) for t, p in pairs),
            *((number[p], sink, most) for p in names),
        ]
        tail, head, room = map(np.array, zip(*edges, strict=True))
        graph = csr_array(
            (room.astype(np.int32), (tail, head)), shape=(sink + 1, sink + 1)
        )
        flow = maximum_flow(graph, 0, sink).flow.toarray()
        yield {(t, p) for t, p in pairs if flow[number[t, p], number[p]] > 0}


def furthest(chances_of, seen, draws):
    """Standard errors by which the worst of all pairs is off."""
    worst = 0.0
    for task_id, chances in chances_of.items():
        for person, chance in chances.items():
            share = seen.pop((task_id, person), 0) / draws
            if chance in {0, 1}:
                if share != chance:
                    return math.inf
                continue
            spread = math.sqrt(chance * (1 - chance) / draws)
            worst = max(worst, abs(share - float(chance)) / spread)
    assert not seen, "somebody was drawn who had no chance"
    return worst


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_everybody_comes_to_every_task_as_often_as_was_stated(case):
    """
    Promise 3, for the largest of all pairs, for what each seat asks for and
    for who is in charge; and no key gives anybody another load than the
    expected one, rounded.
    """
    chances = stated(**case)
    expected = chances.expected_loads
    seen, in_seats, leads = Counter(), Counter(), Counter()
    for key in KEYS:
        drawn = chances.draw(key)
        assert all(abs(drawn.loads[p] - load) < 1 for p, load in expected.items())
        leads.update(drawn.in_charge.items())
        for task_id, team in drawn.teams.items():
            seen.update((task_id, seated.inspector_id) for seated in team)
            in_seats.update(
                ((task_id, kind_of(seated.seat)), seated.inspector_id)
                for seated in team
            )
    seat_chances = {
        (t.id, kind): of_seat
        for t in chances.problem.tasks
        for kind, of_seat in zip(
            dict.fromkeys(map(kind_of, t.seats)), chances.by_seat(t.id), strict=True
        )
    }
    in_charge = {task_id: chances.in_charge(task_id) for task_id in chances}

    assert furthest(chances, seen, len(KEYS)) < BOUND
    assert furthest(seat_chances, in_seats, len(KEYS)) < BOUND
    assert furthest(in_charge, leads, len(KEYS)) < BOUND


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_draw_is_that_of_assign_inspectors(case):
    """What is measured here is what hosts call."""
    assert assign(**case) == stated(**case).draw(KEY)


REDRAWS = {
    "three of a pool": {"tasks": [task(1), task(2)], "people": officers(5)},
    "recusals, rotation and ties": {
        "tasks": [task(1, area="上仓镇"), task(2)],
        "people": [*officers(8), officer("P8", home_areas={"上仓镇"})],
        "avoid_home_areas": True,
        "history": [visit("P6", "S1")],
    },
    "equal load": {
        "tasks": [task(1)],
        "people": officers(8),
        "fairness": Fairness.EQUAL_LOAD,
        "current_loads": {"P6": 1, "P7": 2},
    },
    "an outing": {
        "tasks": [task(n, area="A", outing="B") for n in (1, 2)],
        "people": officers(7),
        "recusals": [kinship("P0", "S1"), kinship("P1", "S2")],
    },
}


@pytest.mark.scaled
@pytest.mark.parametrize("case", REDRAWS.values(), ids=REDRAWS)
def test_everybody_of_a_pool_is_drawn_as_often_in_their_place(case):
    """What a redraw promises is kept, and whoever is in charge is drawn alike."""
    problem = problem_of(**case)
    record, _ = recorded(problem)
    chief = record.in_charge["T1"]
    request = requested(record, problem, "T1", chief)
    now = Vacancy(problem, record.standing, "T1", chief)
    came, charged = Counter(), Counter()
    for n in range(len(KEYS)):
        redraw = now.draw(request, [f"{n:08}"])
        came["T1", redraw.after] += 1
        charged["T1", redraw.in_charge == redraw.after] += 1
        assert {*redraw.team} - {redraw.after} == {*record.teams["T1"]} - {chief}

    even = dict.fromkeys(request.pool, Fraction(1, len(request.pool)))
    assert len(even) >= 3
    assert furthest({"T1": even}, came, len(KEYS)) < BOUND
    half = dict.fromkeys((True, False), Fraction(1, 2))
    assert furthest({"T1": half}, charged, len(KEYS)) < BOUND


@pytest.mark.parametrize(
    ("procedure", "name"),
    [
        (by_deck, "skewed bars"),
        (by_deck, "joint visits with a skill, an open seat and an expert"),
        (by_flow, "sparse bars"),
        (by_flow, "skewed bars"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_the_test_finds_what_only_looks_fair(procedure, name):
    """A test that nothing fails would show nothing."""
    case = CASES[name]
    seen = Counter(pair for drawn in procedure(case) for pair in drawn)

    assert furthest(stated(**case), seen, FEWER) > BOUND
