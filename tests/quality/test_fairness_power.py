"""
What is called visible is found: nine times in ten, or nearly, by simulation.

For each question there are ways in which a draw can be biased.  Each has a
strength from 0 to 1; it is set so that the figure is on average what the report
says would be found, and then it is counted how often it is.
"""

import functools

import numpy as np
import pytest

from dsgk.draws import draw_subjects
from dsgk.fairness import (
    Pick,
    _examine_draws as drawing,
    _examine_teams as staffing,
    examine_draws,
    examine_picks,
)
from dsgk.fairness._reports import Statistic, labels_of
from dsgk.frames import Frame


SIZES, QUOTAS, MONTHS = (120, 60, 20), (9, 8, 6), 24
LEVEL, FAIR = 0.01, 1999
LONG = pytest.mark.campaign
STRATA = [name for name, size in zip("ABC", SIZES, strict=True) for _ in range(size)]
FRAME = Frame([f"S{n:03}" for n in range(len(STRATA))], STRATA)
TOWNS = {text: "东西"[n % 5 == 0] for n, text in enumerate(FRAME.ids)}
STARTS = np.cumsum((0, *SIZES[:-1]))
ROSTER = [f"SJ{n:02}" for n in range(20)]
VISITED = [f"S{n % 60}" for n in range(120)]
HOMES = {f"S{n}": f"乡{n % 4}" for n in range(60)}


def rows_of(weights, source):
    """As many rows as quotas say, heavier ones more often (Efraimidis 2006)."""
    drawn = []
    for start, size, quota in zip(STARTS, SIZES, QUOTAS, strict=True):
        keys = np.log(source.random(size)) / weights[start : start + size]
        drawn.append(np.sort(np.argsort(-keys)[:quota]))
    return drawn


def mixed(strength, source, size, quota, propose):
    """Rows one by one: as proposed, or, the weaker the bias, any other one."""
    drawn = []
    while len(drawn) < quota:
        row = propose(drawn) if source.random() < strength else None
        if row is None or row in drawn:
            row = int(source.integers(size))
        if row not in drawn:
            drawn.append(row)
    return np.sort(drawn)


def favoured(share):
    """Some rows are lighter than the others, the same ones all the time."""

    def draw(strength, source, _times):
        light = np.random.default_rng(3).random(len(STRATA)) > share
        return rows_of(np.where(light, 1 - 0.999 * strength, 1.0), source)

    return draw


def in_turn(strength, source, times):
    """Who was drawn often is drawn more seldom."""
    return rows_of(np.exp(-6 * strength * times), source)


def slope(sign):
    """The nearer to the end, the likelier, or the less likely."""

    def draw(strength, source, _times):
        weights = [1 + sign * strength * np.linspace(-1, 1, size) for size in SIZES]
        return rows_of(np.maximum(np.concatenate(weights), 1e-9), source)

    return draw


def each_stratum(propose):
    """A bias of each stratum, which may look at those before."""

    def draw(strength, source, _times):
        drawn = []
        for size, quota in zip(SIZES, QUOTAS, strict=True):
            ask = functools.partial(propose, source, size, quota, drawn)
            drawn.append(mixed(strength, source, size, quota, ask))
        return drawn

    return draw


def grid(_source, size, quota, _before, drawn):
    """Every so many-th row."""
    return (drawn[0] + len(drawn) * size // quota) % size if drawn else None


def neighbours(source, size, _quota, _before, drawn):
    """The row after one that is drawn."""
    return (source.choice(drawn) + 1) % size if drawn else None


def same_row(source, size, _quota, before, _drawn):
    """A row number that was drawn in the stratum before."""
    rows = before[-1][before[-1] < size] if before else ()
    return int(source.choice(rows)) if len(rows) else None


def same_place(source, size, _quota, before, _drawn):
    """A place that was drawn in the stratum before, relative to its size."""
    if not before:
        return None
    return int((source.choice(before[-1]) + 0.5) * size / SIZES[len(before) - 1])


def far_away(source, size, _quota, before, _drawn):
    """Where the stratum before has nobody."""
    if not before:
        return None
    places = (before[-1] + 0.5) / SIZES[len(before) - 1]
    own = (np.arange(size) + 0.5) / size
    apart = np.abs(own[:, np.newaxis] - places).min(axis=1)
    return int(source.choice(np.argsort(-apart)[: size // 4]))


def of_one_town(strength, source, _times):
    """Of the smaller group more than its share."""
    few = np.array([TOWNS[text] == "西" for text in FRAME.ids])
    return rows_of(np.where(few, 1 + 4 * strength, 1.0), source)


def series_of(draw, strength, source):
    """A biased series as blocks of rows."""
    times = np.zeros(len(STRATA))
    series = []
    for _ in range(MONTHS):
        drawn = draw(strength, source, times)
        for start, rows in zip(STARTS, drawn, strict=True):
            times[start + rows] += 1
        series.append(
            [
                drawing._Block(np.arange(start, start + size), rows)
                for start, size, rows in zip(STARTS, SIZES, drawn, strict=True)
            ]
        )
    return series


@functools.cache
def fair_draws():
    """The report of fair draws, figures of fair ones, and how to get others."""
    quotas = dict(zip("ABC", QUOTAS, strict=True))
    draws = [draw_subjects(FRAME, quotas, key=f"{n:032x}") for n in range(MONTHS)]
    report = examine_draws(FRAME, draws, rng=1, groups=TOWNS, repetitions=FAIR)
    series, ids = drawing._series([FRAME] * MONTHS, drawing._outcomes(draws))
    figures = functools.partial(
        drawing._figures,
        expected=drawing._expected(series, len(ids)),
        towns=drawing._towns(series, labels_of(ids, TOWNS)),
    )
    fair = figures(series, rng=np.random.default_rng(1), fair=FAIR, own=False)
    return report, fair, figures


def figure_of_draws(draw, name, strength, source):
    """The figure of one biased series of draws."""
    *_, figures = fair_draws()
    series = series_of(draw, strength, source)
    return figures(series, rng=source, fair=0, own=True)[name][0]


def fond_of(few):
    """Some officers are sent more often."""

    def pick(_before, _at, source):
        return ROSTER[int(source.integers(few))]

    return pick


def acquaintance(_before, at, _source):
    """The one who knows the place."""
    return ROSTER[int(VISITED[at][1:]) % 20]


def neighbour(_before, at, source):
    """One of the five who live in the town."""
    return ROSTER[int(HOMES[VISITED[at]][1:]) * 5 + int(source.integers(5))]


def next_one(before, _at, _source):
    """The one after who was sent last."""
    return ROSTER[(ROSTER.index(before[-1][0]) + 1) % 20] if before else ROSTER[0]


def partner(_before, at, _source):
    """Half of a team that always goes together; see `picks_of_one`."""
    return ROSTER[2 * (at % 10)]


def picks_of_one(choose, strength, source):
    """Who is sent in each task, one or, with a partner, two of them."""
    chosen = []
    for at in range(len(VISITED)):
        team = source.choice(ROSTER, 1 + (choose is partner), replace=False).tolist()
        if source.random() < strength:
            team[0] = choose(chosen, at, source)
            if choose is partner:
                team[1] = ROSTER[ROSTER.index(team[0]) + 1]
        chosen.append(team)
    return chosen


@functools.cache
def fair_picks(places):
    """The report of fair picks, figures of fair ones, and how to get others."""
    source = np.random.default_rng(4)
    teams = [source.choice(ROSTER, places, replace=False) for _ in VISITED]
    picks = picks_made(teams)
    report = examine_picks(picks, rng=1, groups=HOMES, repetitions=FAIR)
    kinds, n_people, subjects = staffing._kinds(picks)
    labels = labels_of(subjects, HOMES)
    tables = {
        "loads": staffing._table(kinds, n_people, np.ones_like(labels)),
        "groups": staffing._table(kinds, n_people, labels),
    }
    rng = np.random.default_rng(1)
    fair = [staffing._fair(kind, rng, FAIR, own=False) for kind in kinds]
    return report, staffing._figures(kinds, fair, tables, FAIR), tables


def picks_made(teams):
    return [
        Pick(subject_id=subject, pool=ROSTER, chosen=team)
        for subject, team in zip(VISITED, teams, strict=True)
    ]


def figure_of_picks(choose, name, strength, source):
    """The figure of one biased series of picks."""
    *_, tables = fair_picks(1 + (choose is partner))
    kinds, *_ = staffing._kinds(picks_made(picks_of_one(choose, strength, source)))
    chosen = [kind.chosen[np.newaxis] for kind in kinds]
    return staffing._figures(kinds, chosen, tables, 1)[name][0]


def values_at(figure, strength, count):
    source = np.random.default_rng(11)
    return np.array([figure(strength, source) for _ in range(count)])


def strength_of(figure, aim):
    """With which the figure is on average the one aimed at, and not beyond."""
    low, high = 0.0, 1.0
    up = values_at(figure, 1.0, 5).mean() > values_at(figure, 0.0, 5).mean()
    for _ in range(7):
        strength = (low + high) / 2
        if (values_at(figure, strength, 15).mean() <= aim) is up:
            low = strength
        else:
            high = strength
    return low if up else high


def check(report, fair, name, way, figure, *, both_sides):
    """Set the bias to what is called visible, and count how often it is found."""
    test, put = report[name], len(report.tests)
    aim = getattr(test, way)
    values = values_at(figure, strength_of(figure, aim), 60)
    adjusted = [
        put * Statistic.simulated("", np.append(value, fair), both_sides=both_sides).p
        for value in values
    ]
    power = np.mean(np.array(adjusted) <= LEVEL)
    critical = fair.max() if way == "above" else fair.min()

    # The figure is what was said, and a bias of that size is found.
    assert abs(values.mean() - aim) <= 0.2 * abs(aim - test.expected)
    assert power >= 0.8
    # A figure that is just a finding is not that far away.
    assert abs(aim - test.expected) <= 3.5 * abs(critical - test.expected)


@pytest.mark.parametrize(
    ("name", "way", "draw"),
    [
        pytest.param(
            "evenness", "above", favoured(0.5), id="evenness-half", marks=LONG
        ),
        pytest.param(
            "evenness", "above", favoured(0.05), id="evenness-few", marks=LONG
        ),
        pytest.param("evenness", "below", in_turn, id="evenness-rota", marks=LONG),
        pytest.param("row-position", "above", slope(1), id="position-end", marks=LONG),
        pytest.param("row-position", "below", slope(-1), id="position-top"),
        pytest.param(
            "row-spacing", "above", each_stratum(neighbours), id="runs", marks=LONG
        ),
        pytest.param("row-spacing", "below", each_stratum(grid), id="grid", marks=LONG),
        pytest.param(
            "strata-offsets", "above", each_stratum(same_row), id="offsets", marks=LONG
        ),
        pytest.param(
            "strata-echo", "below", each_stratum(same_place), id="echo", marks=LONG
        ),
        pytest.param(
            "strata-echo", "above", each_stratum(far_away), id="far", marks=LONG
        ),
        pytest.param("groups", "above", of_one_town, id="groups"),
    ],
)
def test_a_bias_of_draws_that_is_called_visible_is_found(name, way, draw):
    """Else a reader would take for cleared what could not be seen."""
    report, fair, _ = fair_draws()
    figure = functools.partial(figure_of_draws, draw, name)
    check(report, fair[name], name, way, figure, both_sides=True)


@pytest.mark.parametrize(
    ("name", "choose"),
    [
        pytest.param("loads", fond_of(1), id="loads-one"),
        pytest.param("loads", fond_of(5), id="loads-five", marks=LONG),
        pytest.param("same-visitor", acquaintance, id="same-visitor"),
        pytest.param("same-team", partner, id="same-team", marks=LONG),
        pytest.param("succession", next_one, id="succession", marks=LONG),
        pytest.param("groups", neighbour, id="groups"),
    ],
)
def test_a_bias_of_picks_that_is_called_visible_is_found(name, choose):
    """The same of the second draw."""
    report, fair, _ = fair_picks(1 + (choose is partner))
    figure = functools.partial(figure_of_picks, choose, name)
    check(report, fair[name], name, "above", figure, both_sides=False)


@pytest.mark.parametrize("way", ["below", "above"])
def test_a_chance_of_a_subject_that_is_called_visible_is_found(way):
    """A hundred series in which one of twelve is drawn that often."""
    size, quota, months = 12, 6, 40
    frame = Frame([f"S{n}" for n in range(size)], ["A"] * size)
    fair = [draw_subjects(frame, {"A": quota}, key=f"{n:032x}") for n in range(months)]
    report = examine_draws(frame, fair, rng=1)
    chance = getattr(report["subjects"], way)
    source = np.random.default_rng(5)
    seen = 0
    for _ in range(100):
        series = []
        for _ in range(months):
            drawn = int(source.random() < chance)
            rest = 1 + source.choice(size - 1, quota - drawn, replace=False)
            rows = np.sort(np.append(rest, np.zeros(drawn, dtype=int)))
            series.append([drawing._Block(np.arange(size), rows)])
        expected = drawing._expected(series, size)
        p = drawing._subjects(series, expected).p
        seen += len(report.tests[:4]) * p <= LEVEL

    assert 0 < report["subjects"].visible < 0.5
    assert 80 <= seen <= 98
