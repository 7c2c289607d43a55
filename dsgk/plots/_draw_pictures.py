"""Pictures of draws: chances, overlaps of departments, loads of officers."""

from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dsgk.draws import read_quotas
from dsgk.errors import invalid
from dsgk.fields import check_count, check_type
from dsgk.frames import Frame
from dsgk.plots._lettering import (
    INK,
    Lettering,
    ids_by_name,
    mapping_of,
    number_of,
    numbers_of,
    percent,
    same_length,
    thousands,
)


if TYPE_CHECKING:
    from matplotlib.axes import Axes


_FEW = 40  # officers whose names fit below the axis
_LEVEL = (0.005, 0.995)
_NORMAL = 2.5758  # standard errors on both sides, for 99 of 100


def plot_chances(
    frame: Frame,
    quotas: Mapping[str, int],
    counts: npt.ArrayLike,
    ax: "Axes",
    *,
    draws: int,
    chinese: bool | None = None,
) -> "Axes":
    """
    Plot how often subjects were drawn against their stated chances, by tier.

    Args:
        frame: Who could be drawn, without weights.
        quotas: [name -> int] How many were drawn each time, by stratum, in the
            order of the picture.
        counts: [n ints, 0 to draws] How often each row was drawn, as from
            `draw_many`.
        ax: Where to draw.
        draws: [int >= 1] How many draws there were.
        chinese: Whether the words are Chinese; None: if the fonts allow.

    Returns:
        *ax*, with the stated chance of each tier, the band that chance allows
        for 99 of 100 subjects, and the range of 99 of 100 observed ones.

    Raises:
        InvalidValueError: *counts* has another length than the frame, is
            empty or out of range, there is no draw, or the frame has weights.
        InvalidInput: Quotas are not valid; all faults at once.
    """
    sizes = _sizes(frame, quotas)
    draws = check_count(draws, name="draws", least=1)
    share = numbers_of(counts, "counts", most=draws) / draws
    same_length({"frame": frame.ids, "counts": share})
    lettering = Lettering(ax, chinese)
    stated = np.array([quotas[name] / size for name, size in sizes.items()])
    error = _NORMAL * np.sqrt(stated * (1 - stated) / draws)
    place = np.arange(len(sizes))
    each = [share[frame.codes == frame.names.index(name)] for name in sizes]
    low, high = np.array([np.quantile(one, _LEVEL) for one in each]).T
    ax.bar(
        place,
        np.minimum(stated + error, 1) - np.maximum(stated - error, 0),
        bottom=np.maximum(stated - error, 0),
        width=0.6,
        color=lettering.colour(4),
        alpha=0.4,
        label=lettering.say("随机波动范围（99%）", "what chance allows (99%)"),
    )
    ax.hlines(
        stated,
        place - 0.3,
        place + 0.3,
        color=lettering.colour(0),
        linewidth=2,
        label=lettering.say("公布的概率", "stated chance"),
    )
    middle = np.array([np.median(one) for one in each])
    ax.errorbar(
        place,
        middle,
        yerr=np.maximum([middle - low, high - middle], 0),
        fmt="o",
        markersize=4,
        capsize=5,
        color=lettering.colour(1),
        label=lettering.say("实际抽中频率（99%的企业）", "observed (99% of subjects)"),
    )
    ax.set_xticks(place, lettering.names(sizes))
    ax.set_xlim(-0.6, len(sizes) - 0.4)
    ax.set_ylim(
        0, min(1.05, 1.25 * max(float(high.max()), float((stated + error).max())))
    )
    lettering.format(ax.yaxis, percent)
    lettering.label(
        ("等级", "Tier"),
        ("抽中概率", "Chance to be drawn"),
        (f"抽取 {draws:,} 次的频率与概率", f"Chances over {draws:,} draws"),
    )
    lettering.legend(loc="upper left")
    return ax


def _sizes(frame: Frame, quotas: Mapping[str, int]) -> dict[str, int]:
    """Sizes of the tiers, in the order of *quotas*."""
    check_type(frame, Frame, name="frame", instead="Frame(ids, strata)")
    if frame.weights is not None:
        raise invalid("plot-weights", name="frame")
    _, faults = read_quotas(frame.sizes, quotas)
    faults.raise_any("picture of chances")
    return {name: frame.sizes[name] for name in quotas}


def plot_overlap(
    before: Mapping[str, Collection[str]],
    after: Mapping[str, Collection[str]],
    ax: "Axes",
    *,
    chinese: bool | None = None,
) -> "Axes":
    """
    Plot how many subjects several departments have in common.

    Args:
        before: [department -> ids] Subjects drawn without coordination.
        after: [department -> ids] Subjects drawn with it.
        ax: Where to draw.
        chinese: Whether the words are Chinese; None: if the fonts allow.

    Returns:
        *ax*, with the number of subjects that one, two, … departments draw;
        the legend says how many are visited in all.

    Raises:
        InvalidTypeError: Ids are not collections of texts.
        InvalidValueError: Nobody is drawn in either.
    """
    times = [
        Counter(Counter(i for ids in one.values() for i in ids).values())
        for one in (ids_by_name(before, "before"), ids_by_name(after, "after"))
    ]
    most = max((k for one in times for k in one), default=0)
    if not most:
        raise invalid("plot-nobody")
    lettering = Lettering(ax, chinese)
    place = np.arange(1, most + 1)
    words = (
        lettering.say("各自抽取", "drawn apart"),
        lettering.say("协同抽取", "drawn together"),
    )
    for k, (one, word) in enumerate(zip(times, words, strict=True)):
        heights = [one[n] for n in place.tolist()]
        total = sum(heights)
        bars = ax.bar(
            place + (k - 0.5) * 0.4,
            heights,
            width=0.38,
            color=lettering.colour(1 - k),
            hatch="//" if k == 0 else None,
            edgecolor="white",
            label=lettering.say(
                f"{word}：共 {total:,} 户", f"{word}: {total:,} visited"
            ),
        )
        ax.bar_label(
            bars,
            [f"{h:,}" if h else "" for h in heights],
            padding=2,
            fontsize=8,
            color=INK,
        )
    ax.set_xticks(place)
    ax.margins(y=0.1)
    lettering.format(ax.yaxis, thousands)
    lettering.label(
        ("抽中同一企业的部门数（个）", "Departments that draw the same subject"),
        ("企业数（户）", "Subjects"),
        ("部门抽查的重合", "Overlap of departments"),
    )
    lettering.legend(loc="upper right")
    return ax


def plot_loads(
    loads: Mapping[str, int],
    expected: Mapping[str, float | Fraction],
    ax: "Axes",
    *,
    chinese: bool | None = None,
) -> "Axes":
    """
    Plot the loads of officers against their expectations.

    Args:
        loads: [officer -> int >= 0] Visits, such as `Assignment.loads`.
        expected: [officer -> number >= 0] Expected visits: the sum of the
            officer's chances over all tasks.
        ax: Where to draw.
        chinese: Whether the words are Chinese; None: if the fonts allow.

    Returns:
        *ax*, with the officers in the order of their expectations. The band is
        the expectation rounded down and up; loads outside are marked.

    Raises:
        InvalidValueError: The officers differ, there are none, or a number is
            out of range.
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    visits, means = (
        {
            officer: number_of(number, name)
            for officer, number in mapping_of(given, name, "{'SJ1': 2}").items()
        }
        for name, given in (("loads", loads), ("expected", expected))
    )
    same_length({"loads": visits, "expected": means})
    if visits.keys() != means.keys():
        odd = sorted(visits.keys() ^ means.keys())
        raise invalid("plot-officers", got=odd)
    lettering = Lettering(ax, chinese)
    officers = sorted(visits, key=lambda one: (means[one], one))
    x = np.arange(len(officers))
    held = np.array([visits[one] for one in officers])
    due = np.array([means[one] for one in officers])
    low, high = np.floor(due + 1e-9), np.ceil(due - 1e-9)
    ax.fill_between(
        np.append(x, len(x)) - 0.5,
        np.append(low, low[-1]),
        np.append(high, high[-1]),
        step="post",
        color=lettering.colour(4),
        alpha=0.4,
        linewidth=0,
        label=lettering.say("期望值取整范围", "expectation, down and up"),
    )
    ax.step(
        np.append(x, len(x)) - 0.5,
        np.append(due, due[-1]),
        where="post",
        color=lettering.colour(0),
        linewidth=1.2,
        label=lettering.say("期望值", "expectation"),
    )
    inside = (held >= low) & (held <= high)
    for some, colour, marker, word in (
        (inside, INK, "o", lettering.say("实际检查次数", "load")),
        (~inside, lettering.colour(1), "X", lettering.say("超出范围", "outside")),
    ):
        if some.any():
            ax.scatter(
                x[some],
                held[some],
                s=16,
                color=colour,
                marker=marker,
                label=word,
                zorder=3,
            )
    few = len(officers) <= _FEW
    if few:
        ax.set_xticks(x, lettering.names(officers), rotation=90, fontsize=7)
    else:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set_xlim(-0.5, len(x) - 0.5)
    ax.set_ylim(0, 1.3 * max(1.0, float(held.max()), float(high.max())))
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    lettering.label(
        ("执法人员（按期望值排列）", "Officers, by expectation"),
        ("检查次数（次）", "Visits"),
        ("执法人员的工作量", "Loads of officers"),
    )
    lettering.legend(loc="upper left", ncols=2)
    return ax
