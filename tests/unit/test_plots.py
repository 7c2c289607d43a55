"""Pictures: what stands in them, in which language, and what they leave alone."""

import datetime as dt
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from dsgk.errors import InvalidTypeError, InvalidValueError
from dsgk.frames import Frame
from dsgk.plots import (
    _lettering as lettering,
    chinese_font,
    plot_chances,
    plot_coverage,
    plot_detection,
    plot_loads,
    plot_overlap,
    plot_workload,
)
from dsgk.simulate import Indicator, Programme, Scenario, simulate_policy
from dsgk.subjects import SubjectRegister
from dsgk.tiers import Ratio, TierPolicy, TierRule


matplotlib = pytest.importorskip("matplotlib")

from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: E402
from matplotlib.figure import Figure  # noqa: E402


NEVER = "share never inspected"
COVERAGE = Indicator(
    NEVER,
    {
        "programme": ("消防",) * 4,
        "tier": ("A级", "A级", "D级", "D级"),
        "year": (1, 2, 1, 2),
    },
    np.array([[0.9, 0.8, 0.5, 0.2], [0.9, 0.82, 0.5, 0.3]]),
)
FRAME = Frame([f"S{k}" for k in range(6)], ["甲"] * 4 + ["乙"] * 2)
PICTURES = {
    "coverage": lambda ax, **how: plot_coverage(COVERAGE, ax, **how),
    "workload": lambda ax, **how: plot_workload(
        [Ratio.exactly("1%"), Ratio.exactly("5%")], [100, 500], ax, capacity=300, **how
    ),
    "detection": lambda ax, **how: plot_detection(
        [0, 10, 20], {"2%": [0, Fraction(1, 2), 0.99]}, ax, confidence=0.95, **how
    ),
    "chances": lambda ax, **how: plot_chances(
        FRAME, {"甲": 1, "乙": 1}, [2, 3, 2, 3, 5, 5], ax, draws=10, **how
    ),
    "overlap": lambda ax, **how: plot_overlap(
        {"公安": ["S1"], "消防": ["S2", "S2"]},
        {"公安": ["S1"], "消防": ["S1"]},
        ax,
        **how,
    ),
    "loads": lambda ax, **how: plot_loads(
        {"张": 2, "李": 5}, {"张": Fraction(3, 2), "李": 2}, ax, **how
    ),
}


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.fixture(params=PICTURES)
def picture(request):
    return PICTURES[request.param]


def words(ax):
    """Every text of a picture after it was drawn."""
    canvas = FigureCanvasAgg(ax.figure)
    canvas.draw()  # a missing character would be a warning, and so an error
    legend = ax.get_legend()
    texts = [ax.title, ax.xaxis.label, ax.yaxis.label, *ax.texts]
    texts += [*ax.get_xticklabels(), *ax.get_yticklabels()]
    texts += legend.get_texts() if legend else []
    return [
        text.get_text() for text in [*texts, ax._left_title] if text.get_text().strip()
    ]


def test_the_axes_come_back_with_words_and_units(picture, ax):
    """A picture says what its axes are."""
    assert picture(ax, chinese=False) is ax
    assert ax.get_xlabel()
    assert ax.get_ylabel()
    assert ax.get_title(loc="left")


def test_without_a_chinese_font_all_words_are_english(picture, ax, monkeypatch):
    """Not one empty box where a character should be."""
    monkeypatch.setattr(lettering, "_FONTS", ())
    picture(ax)

    assert chinese_font() is None
    assert all(word.isprintable() and max(word) < "\u2e80" for word in words(ax))


def test_with_a_chinese_font_the_words_are_chinese(picture, ax, monkeypatch):
    """And every character is found, where such a font is installed."""
    installed = chinese_font()
    if installed is None:
        monkeypatch.setattr(lettering, "_FONTS", (lettering._LATIN,))
    picture(ax)

    assert max(ax.get_title(loc="left")) >= "\u4e00"
    assert installed is None or words(ax)


def test_the_language_is_chosen_or_left_open(picture, ax):
    """An array is neither."""
    with pytest.raises(InvalidValueError, match="chinese"):
        picture(ax, chinese=np.zeros(2))


def test_settings_are_left_as_they_are(picture, ax):
    """Another picture of the same program looks as it did."""
    before = dict(matplotlib.rcParams)
    picture(ax, chinese=False)

    assert dict(matplotlib.rcParams) == before


def test_pyplot_is_never_loaded():
    """It keeps every figure and chooses a window; a library must not."""
    code = (
        "import sys, dsgk.plots as plots; "
        "assert 'matplotlib' not in sys.modules; "
        "from matplotlib.figure import Figure; "
        "figure = Figure(); axes = figure.subplots(3); "
        "plots.plot_loads({'a': 1}, {'a': 1}, axes[0]); "
        "plots.plot_overlap({'a': ['x']}, {'a': ['x']}, axes[1]); "
        "plots.plot_detection([1, 2], {'2%': [0, 1]}, axes[2]); "
        "print('matplotlib.pyplot' in sys.modules)"
    )
    out = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert out.stdout.strip() == "False"


def test_other_things_are_no_axes(picture):
    """Told before anything is drawn."""
    with pytest.raises(InvalidTypeError, match="Figure"):
        picture(Figure())


@pytest.mark.parametrize("chinese", [False, True])
def test_a_font_may_have_a_name_that_nobody_knows(ax, chinese, monkeypatch):
    """Who asks for Chinese without a font that is known gets the host's own."""
    monkeypatch.setattr(lettering, "_FONTS", ())
    plot_coverage(COVERAGE, ax, chinese=chinese)

    assert (ax.get_title(loc="left") == "Never inspected, by tier") is not chinese


def test_coverage_begins_with_everybody(ax):
    """One line for each tier, from 100 % at the start; a band beside it."""
    plot_coverage(COVERAGE, ax, chinese=False)
    lines = {line.get_label(): line for line in ax.get_lines()}

    assert list(lines) == ["A", "D"]
    assert lines["A"].get_xdata().tolist() == [0, 1, 2]
    assert lines["D"].get_ydata().tolist() == [1.0, 0.5, 0.25]
    band = ax.collections[1].get_paths()[0].vertices[:, 1]
    assert band.min() == pytest.approx(0.25 - 2 * 0.05)


def test_coverage_of_several_programmes_names_them(ax):
    """Else two lines would have one name."""
    labels = COVERAGE.labels | {"programme": ("消防", "消防", "公安", "公安")}
    plot_coverage(Indicator(NEVER, labels, COVERAGE.values), ax, chinese=True)

    assert [line.get_label() for line in ax.get_lines()] == ["消防 A级", "公安 D级"]


def looks(ax):
    """Colour, marker and dashes of the lines that the legend explains."""
    return [
        (line.get_color(), line.get_marker(), line.get_linestyle())
        for line in ax.get_lines()
        if not line.get_label().startswith("_")
    ]


def coverage_of(programmes, tiers):
    pairs = [(p, t) for p in range(programmes) for t in range(tiers)]
    labels = {
        "programme": tuple(f"P{p}" for p, _ in pairs),
        "tier": tuple(f"T{t}" for _, t in pairs),
        "year": (1,) * len(pairs),
    }
    return Indicator(NEVER, labels, np.full((2, len(pairs)), 0.5))


def test_a_tier_has_its_colour_and_a_programme_its_dashes(ax):
    """Two programmes of four tiers: the eighth line is not the first again."""
    plot_coverage(coverage_of(2, 4), ax, chinese=False)
    colours, markers, dashes = zip(*looks(ax), strict=True)

    assert colours[:4] == colours[4:]
    assert len(set(colours)) == 4
    assert markers[:4] == markers[4:]
    assert dashes == ("-",) * 4 + ("--",) * 4


@pytest.mark.parametrize(("programmes", "tiers"), [(1, 9), (2, 8), (5, 3), (4, 14)])
def test_no_two_lines_look_alike(ax, programmes, tiers):
    """However many there are."""
    plot_coverage(coverage_of(programmes, tiers), ax, chinese=False)

    assert len(set(looks(ax))) == programmes * tiers


def test_the_eighth_curve_of_detection_has_other_dashes(ax):
    """There are seven colours."""
    powers = {f"{k}%": [0, 0.1 * k] for k in range(1, 10)}
    plot_detection([1, 2], powers, ax, chinese=False)

    assert len(set(looks(ax))) == 9


def test_coverage_of_a_run_is_coverage(ax):
    """The name of the figures is that which simulations give."""
    run = simulate_policy(
        SubjectRegister.from_columns(id=["S1", "S2"]),
        Scenario(
            Programme("消防", TierPolicy([TierRule("A", ratio=Ratio.exactly("50%"))]))
        ),
        on=dt.date(2026, 1, 1), years=2, replicates=2, rng=1,
    )  # fmt: skip
    plot_coverage(run.coverage(), ax)

    assert len(ax.get_lines()) == 1
    with pytest.raises(InvalidValueError, match="'chance to be seen'"):
        plot_coverage(run.detection(), ax)


def test_a_year_of_nobody_is_a_gap(ax):
    """Coverage is nan where a tier has no subjects left."""
    empty = Indicator(NEVER, COVERAGE.labels, np.array([[0.9, 0.8, np.nan, 0.2]]))
    plot_coverage(empty, ax, chinese=False)

    assert np.isnan(ax.get_lines()[1].get_ydata()[1])


def test_coverage_of_one_replicate_has_no_band(ax):
    """An error that is not known is not drawn."""
    single = Indicator(NEVER, COVERAGE.labels, COVERAGE.values[:1])
    plot_coverage(single, ax, chinese=False)

    band = ax.collections[1].get_paths()[0].vertices[:, 1]
    assert band.min() == 0.5 - 0.3


def test_names_that_cannot_be_told_apart_are_numbered(ax):
    """甲级 and 乙级 would both be empty without Chinese."""
    labels = COVERAGE.labels | {"tier": ("甲级", "甲级", "乙级", "乙级")}
    plot_coverage(Indicator(NEVER, labels, COVERAGE.values), ax, chinese=False)

    assert [line.get_label() for line in ax.get_lines()] == ["#1", "#2"]


def test_the_highest_ratio_that_can_be_staffed_is_named(ax):
    """In whatever order the ratios come."""
    ratios = [Ratio.exactly(f"{p}%") for p in (5, 1, 3)]
    plot_workload(ratios, [500, 100, 300], ax, capacity=300, chinese=False)

    assert "up to 3%" in words(ax)
    filled, empty = ax.collections[:2]
    assert filled.get_offsets()[:, 0].tolist() == [0.01, 0.03]
    assert empty.get_offsets()[:, 0].tolist() == [0.05]


def test_where_no_ratio_can_be_staffed_none_is_named(ax):
    """Numbers of subjects are no percentages."""
    counts = [Ratio.count_between(60, 70), Ratio.count_between(100, 100)]
    plot_workload(counts, [120, 200], ax, capacity=0, chinese=False)

    assert ax.get_xlabel() == "Subjects drawn"
    assert not [word for word in words(ax) if "%" in word or "up to" in word]


def test_curves_say_where_they_reach_the_aim(ax):
    """The first size, and none for a curve that never does."""
    plot_detection(
        [0, 10, 20],
        {"2%": [0, 0.5, 0.9], "5%": [0, 0.96, 0.99]},
        ax,
        confidence=Fraction(19, 20),
        chinese=False,
    )
    legend = [text.get_text() for text in ax.get_legend().get_texts()]

    assert legend == ["2%", "5%: 10"]
    assert "95%" in words(ax)


def test_without_an_aim_curves_are_bare(ax):
    """No line at a confidence that nobody asked for."""
    plot_detection([1, 2], {"2%": [0.1, 0.2]}, ax, chinese=False)

    assert len(ax.get_lines()) == 1


def test_the_band_is_what_chance_allows(ax):
    """Stated chance and 99 of 100 under it."""
    PICTURES["chances"](ax, chinese=False)
    first = ax.patches[0]
    error = 2.5758 * (0.25 * 0.75 / 10) ** 0.5

    assert first.get_y() == max(0, 0.25 - error)
    assert first.get_y() + first.get_height() == pytest.approx(0.25 + error)


@pytest.mark.parametrize("chinese", [False, True])
def test_tiers_stand_in_the_order_of_the_quotas(ax, chinese):
    """By their bytes 三级 comes before 二级, and would be #2 without Chinese."""
    frame = Frame(
        [f"S{k}" for k in range(9)], ["一级"] * 2 + ["三级"] * 3 + ["二级"] * 4
    )
    quotas = {"一级": 1, "二级": 3, "三级": 3}
    plot_chances(frame, quotas, [1] * 9, ax, draws=2, chinese=chinese)
    stated = ax.collections[0].get_segments()
    ticks = [label.get_text() for label in ax.get_xticklabels()]

    assert [segment[0][1] for segment in stated] == [1 / 2, 3 / 4, 1.0]
    assert ticks == ([*quotas] if chinese else ["#1", "#2", "#3"])


def test_observed_chances_are_those_of_their_tier(ax):
    """In whatever order tiers are drawn."""
    quotas = {"甲": 1, "乙": 1}  # 甲 comes after 乙 by its bytes
    plot_chances(FRAME, quotas, [2, 3, 2, 3, 5, 5], ax, draws=10, chinese=False)
    (bars,) = ax.containers[1:]

    assert bars.lines[0].get_ydata().tolist() == [0.25, 0.5]


def test_counts_may_be_an_array_as_simulations_give(ax):
    """Without a look at each of a million."""
    plot_chances(FRAME, {"甲": 1, "乙": 1}, np.array([2, 3, 2, 3, 5, 5]), ax, draws=10)

    assert ax.get_ylim()[1] > 0.5


def test_overlaps_count_departments_and_not_rows(ax):
    """A subject that one department names twice is drawn by one."""
    PICTURES["overlap"](ax, chinese=False)
    heights = [bar.get_height() for bar in ax.patches]

    assert heights == [2, 0, 0, 1]
    assert "drawn apart: 2 visited" in words(ax)
    assert "drawn together: 1 visited" in words(ax)


def test_loads_outside_their_expectation_are_marked(ax):
    """One of 1.5 may have 1 or 2; one of 2 has 2."""
    PICTURES["loads"](ax, chinese=True)
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    inside, outside = ax.collections[1:3]

    assert legend[-1] == "超出范围"
    assert inside.get_offsets().tolist() == [[0, 2]]
    assert outside.get_offsets().tolist() == [[1, 5]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["张", "李"]


def test_many_officers_have_numbers_and_no_names(ax):
    """A hundred names would be one black bar; nothing is marked that is right."""
    loads = {f"执法{k:03}": 3 for k in range(100)}
    plot_loads(loads, loads, ax, chinese=False)

    assert len(ax.get_xticklabels()) < 20
    assert "outside" not in words(ax)


@pytest.mark.parametrize(
    ("draw", "match"),
    [
        (lambda _: plot_coverage(COVERAGE.where(tier="A级"), None), "Axes"),
        (
            lambda ax: plot_coverage(
                Indicator(NEVER, {"year": (1,)}, np.ones((1, 1))), ax
            ),
            "programme, tier and year",
        ),
        (lambda ax: plot_workload([], [], ax, capacity=1), "the same length"),
        (
            lambda ax: plot_workload([Ratio.exactly("1%")], [1, 2], ax, capacity=1),
            "1 of 'ratios', 2 of 'needed'",
        ),
        (
            lambda ax: plot_workload(
                [Ratio.exactly("1%"), Ratio.count_between(1, 1)], [1, 2], ax, capacity=1
            ),
            "all shares",
        ),
        (lambda ax: plot_detection([1, 2], {"2%": [0.1]}, ax), "the same length"),
        (
            lambda ax: plot_chances(FRAME, {"甲": 1, "乙": 1}, [1], ax, draws=1),
            "the same length",
        ),
        (lambda ax: plot_overlap({}, {"消防": []}, ax), "drawn subjects"),
        (lambda ax: plot_loads({}, {}, ax), "the same length"),
        (lambda ax: plot_loads({"张": 1}, {"李": 1}, ax), "same officers"),
    ],
    ids=[
        "axes", "labels", "empty", "lengths", "kinds", "powers", "counts", "nobody",
        "no officers", "officers",
    ],
)  # fmt: skip
def test_data_that_make_no_picture_are_refused(draw, match, ax):
    """With what is wrong with them."""
    with pytest.raises((InvalidTypeError, InvalidValueError), match=match):
        draw(ax)


RATIO = Ratio.exactly("1%")
QUOTAS = {"甲": 1, "乙": 1}
COUNTS = [1] * 6
WRONG = {
    "argument-type": [
        lambda ax: plot_coverage(None, ax),
        lambda ax: plot_chances(None, QUOTAS, COUNTS, ax, draws=2),
    ],
    "plot-coverage": [
        lambda ax: plot_coverage(Indicator("x", COVERAGE.labels, COVERAGE.values), ax),
        lambda ax: plot_coverage(
            COVERAGE.minus(Indicator(NEVER, COVERAGE.labels, COVERAGE.values + 0.1)), ax
        ),
    ],
    "chance-type": [
        lambda ax: plot_workload([RATIO], [1], ax, capacity=None),
        lambda ax: plot_workload([RATIO], ["1"], ax, capacity=1),
        lambda ax: plot_workload([RATIO], [True], ax, capacity=1),
        lambda ax: plot_detection([1, 2], {"2%": [None, 1]}, ax),
        lambda ax: plot_detection([1, 2], {"2%": [0, 1]}, ax, confidence="95%"),
        lambda ax: plot_loads({"张": None}, {"张": 1}, ax),
        lambda ax: plot_chances(FRAME, QUOTAS, ["1"] * 6, ax, draws=2),
    ],
    "number-range": [
        lambda ax: plot_detection([1, 2], {"2%": [0, float("nan")]}, ax),
        lambda ax: plot_detection([1, 2], {"2%": [0, 1.1]}, ax),
        lambda ax: plot_detection([1, 2], {"2%": [0, 1]}, ax, confidence=95),
        lambda ax: plot_chances(FRAME, QUOTAS, [3] * 6, ax, draws=2),
        lambda ax: plot_chances(FRAME, QUOTAS, np.array([3, *COUNTS[1:]]), ax, draws=2),
        lambda ax: plot_chances(FRAME, QUOTAS, np.full(6, np.nan), ax, draws=2),
        lambda ax: plot_chances(FRAME, QUOTAS, np.full(6, -1), ax, draws=2),
    ],
    "number-finite": [
        lambda ax: plot_workload([RATIO], [1], ax, capacity=float("nan")),
        lambda ax: plot_workload([RATIO], [1], ax, capacity=-1),
        lambda ax: plot_workload([RATIO], [float("inf")], ax, capacity=1),
        lambda ax: plot_workload([RATIO], np.array([np.inf]), ax, capacity=1),
        lambda ax: plot_workload([RATIO], [10**400], ax, capacity=1),
        lambda ax: plot_detection([-1, 2], {"2%": [0, 1]}, ax),
        lambda ax: plot_loads({"张": 1}, {"张": float("nan")}, ax),
    ],
    "label-type": [lambda ax: plot_detection([1, 2], {2: [0, 1]}, ax)],
    "argument-mapping": [
        lambda ax: plot_chances(FRAME, None, COUNTS, ax, draws=2),
        lambda ax: plot_detection([1, 2], [[0, 1]], ax),
        lambda ax: plot_loads([1], {"张": 1}, ax),
        lambda ax: plot_loads({"张": 1}, None, ax),
        lambda ax: plot_overlap(None, {"消防": ["S1"]}, ax),
    ],
    "plot-lengths": [lambda ax: plot_detection([1, 2], {"sizes": [1]}, ax)],
    "plot-no-curve": [lambda ax: plot_detection([1, 2], {}, ax)],
    "plot-order": [
        lambda ax: plot_detection([2, 1], {"2%": [0, 1]}, ax),
        lambda ax: plot_detection([1, 1], {"2%": [0, 1]}, ax),
    ],
    "column-type": [
        lambda ax: plot_detection(None, {"2%": [0, 1]}, ax),
        lambda ax: plot_detection([1, 2], {"2%": "01"}, ax),
        lambda ax: plot_chances(FRAME, QUOTAS, None, ax, draws=2),
    ],
    "argument-list": [lambda ax: plot_workload(None, [1], ax, capacity=1)],
    "plot-weights": [
        lambda ax: plot_chances(Frame(["S"], ["A"], [2]), {"A": 1}, [1], ax, draws=1)
    ],
    "invalid-input": [
        lambda ax: plot_workload(["1%"], [1], ax, capacity=1),
        lambda ax: plot_chances(FRAME, {"甲": 1}, COUNTS, ax, draws=2),
        lambda ax: plot_chances(FRAME, QUOTAS | {"丙": 1}, COUNTS, ax, draws=2),
    ],
    "count-range": [lambda ax: plot_chances(FRAME, QUOTAS, [0] * 6, ax, draws=0)],
    "count-form": [lambda ax: plot_chances(FRAME, QUOTAS, COUNTS, ax, draws=1.5)],
    "count-type": [lambda ax: plot_chances(FRAME, QUOTAS, COUNTS, ax, draws="2")],
    "plot-ids": [
        lambda ax: plot_overlap({"a": "S12"}, {"a": ["S12"]}, ax),
        lambda ax: plot_overlap({"a": ["S12"]}, {"a": None}, ax),
        lambda ax: plot_overlap({"a": ["S12"]}, {"a": [None]}, ax),
    ],
}


@pytest.mark.parametrize(
    ("code", "draw"),
    [
        pytest.param(code, draw, id=f"{code}-{k}")
        for code, draws in WRONG.items()
        for k, draw in enumerate(draws)
    ],
)
def test_each_refusal_has_its_code_and_leaves_the_axes_alone(code, draw, ax):
    """Nothing is drawn of half of the data."""
    before = len(ax.get_children()), ax.spines["top"].get_visible()
    with pytest.raises((InvalidTypeError, InvalidValueError)) as caught:
        draw(ax)

    assert code == caught.value.code
    assert before == (len(ax.get_children()), ax.spines["top"].get_visible())


def test_a_curve_may_be_called_as_an_argument_is(ax):
    """Labels are data."""
    plot_detection([1, 2], {"sizes": [0, 1], "columns": [0, 1]}, ax, chinese=False)

    assert len(ax.get_lines()) == 2
