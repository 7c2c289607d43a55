"""
Faults of draws that are in use, each of them caught from its results alone.

The engines below are small copies of what was read in the wild: nobody knows
their code from outside, but anybody can examine what they publish.
"""

import random

import numpy as np
import pytest

from dsgk.assignments import Seat, StaffingTask, assign_inspectors
from dsgk.draws import draw_subjects
from dsgk.fairness import Pick, examine_draws, examine_picks, picks_of
from dsgk.frames import Frame
from dsgk.inspectors import Inspector, InspectorRegister


SIZES = {"A": 240, "B": 90, "C": 40, "D": 12}
QUOTAS = {"A": 12, "B": 9, "C": 8, "D": 6}
MONTHS = 36
STRATA = [name for name, size in SIZES.items() for _ in range(size)]
IDS = [f"91120225MA{number:08}" for number in range(len(STRATA))]
FRAME = Frame(IDS, STRATA)
ROWS = {
    name: [i for i, stratum in zip(IDS, STRATA, strict=True) if stratum == name]
    for name in SIZES
}


def fair(_month, rng):
    """What all the others claim to do."""
    return {
        n: rng.choice(r, QUOTAS[n], replace=False).tolist() for n, r in ROWS.items()
    }


def fixed_skip(_month, _rng):
    """Every so many-th row of the sorted table, from the first on."""
    return {n: r[:: len(r) // QUOTAS[n]][: QUOTAS[n]] for n, r in ROWS.items()}


def random_skip(_month, rng):
    """The same from a random start: every row has its chance, no pair has."""
    drawn = {}
    for name, rows in ROWS.items():
        step = len(rows) // QUOTAS[name]
        drawn[name] = rows[rng.integers(step) :: step][: QUOTAS[name]]
    return drawn


def row_counter(_month, rng):
    """ORDER BY rand() outside, the row counter inside: the first ten, shuffled."""
    return {n: rng.permutation(r[:10])[: QUOTAS[n]].tolist() for n, r in ROWS.items()}


def equal_seed(month, _rng):
    """One seed for the month, set anew in every stratum."""
    return {
        n: np.random.default_rng(month).choice(r, QUOTAS[n], replace=False).tolist()
        for n, r in ROWS.items()
    }


def equal_seed_of_python(month, _rng):
    """The same with Python's own generator."""
    return {
        n: random.Random(month).sample(r, QUOTAS[n])  # noqa: S311
        for n, r in ROWS.items()
    }


def modulo(month, _rng):
    """Rows whose number leaves the month as remainder."""
    drawn = {}
    for name, rows in ROWS.items():
        step = len(rows) // QUOTAS[name]
        drawn[name] = rows[month % step :: step][: QUOTAS[name]]
    return drawn


def short_random_number(_month, rng):
    """A random number of eight bits, modulo the length of the list."""
    drawn = {}
    for name, rows in ROWS.items():
        chosen = {}
        while len(chosen) < QUOTAS[name]:
            chosen[rows[rng.integers(256) % 200 % len(rows)]] = None
        drawn[name] = list(chosen)
    return drawn


def until_pleased(month, rng):
    """Not satisfied? Draw again: one subject of the highest tier is spared."""
    while True:
        drawn = fair(month, rng)
        if ROWS["D"][3] not in drawn["D"]:
            return drawn


def rota(month, _rng):
    """Fair over the years and known in advance: each in turn."""
    drawn = {}
    for name, rows in ROWS.items():
        start = month * QUOTAS[name]
        drawn[name] = [rows[(start + k) * 7 % len(rows)] for k in range(QUOTAS[name])]
        drawn[name] = list(dict.fromkeys(drawn[name]))
    return drawn


def own(month, _rng):
    """The draw of this library."""
    return draw_subjects(FRAME, QUOTAS, key=f"{month:032x}")


def report(engine, frame=FRAME, **arguments):
    rng = np.random.default_rng(5)
    series = [engine(month, rng) for month in range(MONTHS)]
    return examine_draws(frame, series, rng=np.random.default_rng(1), **arguments)


@pytest.mark.parametrize(
    ("engine", "telling"),
    [
        (fixed_skip, {"subjects", "evenness", "row-spacing"}),
        (random_skip, {"row-spacing"}),
        (row_counter, {"subjects", "evenness", "row-position"}),
        (equal_seed, {"strata-echo"}),
        (equal_seed_of_python, {"strata-echo"}),
        (modulo, {"evenness", "row-spacing"}),
        (short_random_number, {"row-position"}),
        (until_pleased, {"subjects"}),
        (rota, {"evenness"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_faulty_engine_is_caught_by_the_question_that_fits_it(engine, telling):
    """Three years of monthly draws are enough."""
    found = {test.name for test in report(engine).findings}

    assert telling <= found


@pytest.mark.parametrize("engine", [fair, own], ids=["fair", "own"])
def test_a_fair_draw_passes(engine):
    """No question, on its own or with the others, finds anything."""
    examined = report(engine)

    assert examined.findings == ()
    assert examined.p > 0.05


def test_the_random_skip_keeps_equal_chances_and_is_caught_all_the_same():
    """Equal chances are not enough: neighbours are never drawn together."""
    examined = report(random_skip)

    assert examined["subjects"].adjusted > 0.01
    assert examined["row-spacing"].observed < examined["row-spacing"].expected


def of_random_state(seed, rows, quota):
    """What pandas does for sample(random_state=seed)."""
    return np.random.RandomState(seed).choice(rows, quota, replace=False).tolist()


def of_permutation(seed, rows, quota):
    return np.random.default_rng(seed).permutation(rows)[:quota].tolist()


def of_shuffle(seed, rows, quota):
    shuffled = list(rows)
    random.Random(seed).shuffle(shuffled)  # noqa: S311
    return shuffled[:quota]


SHUFFLES = pytest.mark.parametrize(
    "shuffle", [of_random_state, of_permutation, of_shuffle], ids=lambda f: f.__name__
)


@SHUFFLES
@pytest.mark.parametrize("size", [90, 95])
def test_an_equal_seed_of_shuffles_is_caught_in_lists_of_about_one_length(
    shuffle, size
):
    """The same row numbers come first, as long as the generator keeps in step."""
    sizes = {"A": 90, "B": size}
    strata = [name for name, count in sizes.items() for _ in range(count)]
    ids = [f"S{number:03}" for number in range(len(strata))]
    rows = {"A": ids[:90], "B": ids[90:]}

    def equal(month, _rng):
        return {name: shuffle(month, rows[name], 9) for name in sizes}

    found = {test.name for test in report(equal, Frame(ids, strata)).findings}

    assert "strata-offsets" in found


@SHUFFLES
def test_an_equal_seed_of_shuffles_leaves_no_trace_in_lists_of_unlike_lengths(shuffle):
    """
    The guide says so, since this is the limit of what can be found.

    A longer list takes more random numbers before the first rows are settled,
    so that strata have nothing in common that three years could show.
    """

    def equal(month, _rng):
        return {n: shuffle(month, r, QUOTAS[n]) for n, r in ROWS.items()}

    assert report(equal).findings == ()


def test_a_spared_group_is_caught_in_few_draws_if_one_asks_for_groups():
    """Redrawn until hardly anybody of one town is in it."""
    town = {text: "东" if number % 5 else "西" for number, text in enumerate(IDS)}
    rng = np.random.default_rng(8)

    def spare(month, rng):
        while True:
            drawn = fair(month, rng)
            if sum(town[i] == "西" for ids in drawn.values() for i in ids) < 5:
                return drawn

    series = [spare(month, rng) for month in range(6)]
    with_towns = examine_draws(FRAME, series, rng=rng, groups=town)
    without = examine_draws(FRAME, series, rng=rng)

    assert [test.name for test in with_towns.findings] == ["groups"]
    assert without.findings == ()


ROSTER = [f"SJ{number:02}" for number in range(20)]
TASKS = [f"S{number % 60}" for number in range(240)]


def picks(engine):
    rng = np.random.default_rng(3)
    return [
        Pick(subject_id=subject, pool=ROSTER, chosen=engine(at, subject, rng))
        for at, subject in enumerate(TASKS)
    ]


def fair_pair(_at, _subject, rng):
    return rng.choice(ROSTER, 2, replace=False).tolist()


def by_modulo(at, _subject, _rng):
    """The next two of the list."""
    return [ROSTER[2 * at % 20], ROSTER[(2 * at + 1) % 20]]


def fixed_teams(_at, _subject, rng):
    """The pairs that always go together."""
    first = 2 * int(rng.integers(10))
    return [ROSTER[first], ROSTER[first + 1]]


def old_acquaintances(_at, subject, rng):
    """One of the two is, every other time, the one who knows the place."""
    known = ROSTER[int(subject[1:]) % 20]
    others = [officer for officer in ROSTER if officer != known]
    if rng.random() < 0.5:
        return [known, rng.choice(others)]
    return rng.choice(ROSTER, 2, replace=False).tolist()


def favourites(_at, _subject, rng):
    """Half of the work for a quarter of the officers."""
    pool = ROSTER[:5] if rng.random() < 0.5 else ROSTER[5:]
    return rng.choice(pool, 2, replace=False).tolist()


@pytest.mark.parametrize(
    ("engine", "telling"),
    [
        (by_modulo, "succession"),
        (fixed_teams, "same-team"),
        (old_acquaintances, "same-visitor"),
        (favourites, "loads"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_faulty_roster_is_caught_by_the_question_that_fits_it(engine, telling):
    """Two hundred and forty tasks of two."""
    examined = examine_picks(picks(engine), rng=np.random.default_rng(1))

    assert telling in [test.name for test in examined.findings]


def test_officers_who_keep_to_a_town_are_caught_if_one_asks_for_groups():
    """Nobody comes back to the same subject, but always to the same town."""
    town = {f"S{n}": f"乡{n % 20}" for n in range(240)}
    one_each = [
        Pick(subject_id=f"S{n}", pool=ROSTER, chosen=[ROSTER[n % 20]])
        for n in np.random.default_rng(3).permutation(240).tolist()
    ]
    with_towns = examine_picks(one_each, rng=1, groups=town)

    assert examine_picks(one_each, rng=1).findings == ()
    assert [test.name for test in with_towns.findings] == ["groups"]


def test_a_fair_roster_passes():
    """Nothing is found where there is nothing."""
    towns = {subject: subject[-1] for subject in TASKS}
    examined = examine_picks(picks(fair_pair), rng=1, groups=towns)

    assert examined.findings == ()
    assert examined.p > 0.05


def test_own_assignments_pass():
    """Twelve rounds over two departments, with the pools of the register."""
    register = InspectorRegister(
        Inspector(id=f"{department}{n}", department=department)
        for department in ("市场监管", "消防")
        for n in range(12)
    )
    seats = (Seat(department="市场监管"), Seat(department="消防", count=1))
    rounds = []
    for number in range(12):
        tasks = [
            StaffingTask(id=f"T{n}", subject_id=f"S{n}", seats=seats) for n in range(20)
        ]
        assignment = assign_inspectors(tasks, register, key=f"{number:032x}")
        rounds += picks_of(assignment, register)
    examined = examine_picks(rounds, rng=np.random.default_rng(1))

    assert len(rounds) == 480
    assert examined.findings == ()
