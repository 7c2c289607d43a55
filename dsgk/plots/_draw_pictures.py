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
    Lettering,
    ids_by_name,
    mapping_of,
    number_of,
    numbers_of,
    same_length,
)


if TYPE_CHECKING:
    from matplotlib.axes import Axes


_FEW = 40  # officers whose names fit below the axis
_LEVEL = (0.005, 0.995)
_NORMAL = 2.5758  # standard errors to both sides that hold 99 of 100


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
    Draw how often subjects were drawn against their stated chances, by tier.

    Args:
        frame: Who could be drawn, without weights.
        quotas: [name -> int] How many were drawn each time, by stratum; tiers
            are drawn in this order.
        counts: [n ints, 0 to draws] How often each row was drawn, as `draw_many`
            counts.
        ax: Where to draw.
        draws: [int >= 1] How many draws there were.
        chinese: Whether the words are Chinese; as the fonts allow, if None.

    Returns:
        *ax*, with the stated chance of each tier, the band in which chance
        alone keeps 99 of 100 subjects, and the range in which 99 of 100 were.

    Raises:
        InvalidTypeError: *ax* is no `Axes`, or another argument has the wrong
            type.
        InvalidValueError: *counts* has another length than the frame, is
            empty or out of range, there is no draw, or the frame has weights.
        InvalidInput: Faulty quotas, all at once.
    """
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

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
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g}%"))
    lettering.label(
        lettering.say("等级", "Tier"),
        lettering.say("抽中概率", "Chance to be drawn"),
        lettering.say(
            f"抽取 {draws:,} 次的频率与概率", f"Chances over {draws:,} draws"
        ),
    )
    lettering.legend(loc="upper left")
    return ax


def _sizes(frame: Frame, quotas: Mapping[str, int]) -> dict[str, int]:
    """Sizes of the tiers in the order of *quotas*."""
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
    Draw how many subjects several departments have in common.

    Args:
        before: [department -> ids] Who is drawn by each without coordination.
        after: The same with it.
        ax: Where to draw.
        chinese: Whether the words are Chinese; as the fonts allow, if None.

    Returns:
        *ax*, with the number of subjects that one, two, … departments draw;
        the legend has how many are visited in all.

    Raises:
        InvalidTypeError: *ax* is no `Axes`, or ids are not collections of
            texts.
        InvalidValueError: Nobody is drawn in either.
    """
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

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
            color="#444444",
        )
    ax.set_xticks(place)
    ax.margins(y=0.1)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    lettering.label(
        lettering.say(
            "抽中同一企业的部门数（个）", "Departments that draw the same subject"
        ),
        lettering.say("企业数（户）", "Subjects"),
        lettering.say("部门抽查的重合", "Overlap of departments"),
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
    Draw the loads of officers against what was to be expected.

    Args:
        loads: [officer -> int >= 0] Visits of each, as `Assignment.loads`.
        expected: [officer -> number >= 0] Expected visits of each: the sum of
            the officer's chances over all tasks.
        ax: Where to draw.
        chinese: Whether the words are Chinese; as the fonts allow, if None.

    Returns:
        *ax*, the officers in the order of their expectation, which is rounded
        down and up by the band; loads outside of it are marked.

    Raises:
        InvalidTypeError: *ax* is no `Axes`, or another argument maps no
            officers to numbers.
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
        (inside, "#444444", "o", lettering.say("实际检查次数", "load")),
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
        lettering.say("执法人员（按期望值排列）", "Officers, by expectation"),
        lettering.say("检查次数（次）", "Visits"),
        lettering.say("执法人员的工作量", "Loads of officers"),
    )
    lettering.legend(loc="upper left", ncols=2)
    return ax
