"""Pictures of a policy over the years, and of the chance to see violations."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dsgk.errors import invalid
from dsgk.fields import check_type, several
from dsgk.plots._lettering import (
    INK,
    Lettering,
    mapping_of,
    number_of,
    numbers_of,
    percent,
    same_length,
    thousands,
)
from dsgk.simulate import Indicator
from dsgk.tiers import Measure, Ratio


if TYPE_CHECKING:
    from matplotlib.axes import Axes


Floats = npt.NDArray[np.float64]

_BAND = 2.0  # standard errors
_LINES = 7  # curves of different colours
_KINDS = {
    Measure.SHARE: ("抽查比例", "Ratio"),
    Measure.COUNT: ("抽查数量（户）", "Subjects drawn"),
    Measure.PER_OFFICER: ("每名执法人员抽查数量（户）", "Subjects for each officer"),
}


def plot_coverage(
    coverage: Indicator, ax: "Axes", *, chinese: bool | None = None
) -> "Axes":
    """
    Plot the share never inspected over the years, by tier.

    Args:
        coverage: From `PolicyRun.coverage`; the name of a single programme is
            left out.
        ax: Where to draw.
        chinese: Whether the words are Chinese; None: if the fonts allow.

    Returns:
        *ax*, with a line for each tier, its band of two standard errors, and a
        legend. Tiers differ in colour and marker, programmes in dashes.

    Raises:
        InvalidValueError: *coverage* measures something else, is a difference,
            or has other labels.
    """
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    _check_coverage(coverage)
    lettering = Lettering(ax, chinese)
    columns = (coverage.labels[name] for name in ("programme", "tier"))
    pairs = list(zip(*columns, strict=True))
    groups = list(dict.fromkeys(pairs))
    kinds = list(dict.fromkeys(programme for programme, _ in groups))
    labels = list(dict.fromkeys(tier for _, tier in groups))
    years = np.array(coverage.labels["year"])
    mean, error = coverage.mean, np.nan_to_num(coverage.error)
    programmes = lettering.names(programme for programme, _ in groups)
    tiers = lettering.names(tier for _, tier in groups)
    for k, group in enumerate(groups):
        here = np.array([pair == group for pair in pairs])
        x = np.concatenate([[0], years[here]])
        y = np.concatenate([[1.0], mean[here]])
        spread = _BAND * np.concatenate([[0.0], error[here]])
        name = f"{programmes[k]} {tiers[k]}" if len(kinds) > 1 else tiers[k]
        look = lettering.look(labels.index(group[1]), kinds.index(group[0]))
        ax.fill_between(
            x,
            np.maximum(y - spread, 0),
            np.minimum(y + spread, 1),
            color=look["color"],
            alpha=0.2,
            linewidth=0,
        )
        ax.plot(x, y, markersize=4, label=name, **look)
    ax.set_ylim(0, 1.03)
    ax.set_xlim(0, None)
    lettering.format(ax.yaxis, percent)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    lettering.label(
        ("年数（年）", "Years since the start"),
        ("从未被检查的比例", "Share never inspected"),
        ("各等级从未被检查的企业", "Never inspected, by tier"),
    )
    lettering.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def _check_coverage(coverage: Indicator) -> None:
    check_type(coverage, Indicator, name="coverage", instead="PolicyRun.coverage()")
    share = coverage.mean
    if (
        coverage.name != "share never inspected"
        or set(coverage.labels) != {"programme", "tier", "year"}
        or (share < 0).any()
    ):
        labels = [*coverage.labels]
        raise invalid(
            "plot-coverage", name="coverage", got=coverage.name, labels=labels
        )


def plot_workload(
    ratios: Sequence[Ratio],
    needed: Sequence[float],
    ax: "Axes",
    *,
    capacity: float,
    chinese: bool | None = None,
) -> "Axes":
    """
    Plot the workload of each ratio against the capacity of the staff.

    Args:
        ratios: [n ratios, all shares or all counts] The ratios tried.
        needed: [n numbers >= 0] Officer-days a year that each takes.
        ax: Where to draw.
        capacity: [number >= 0] Officer-days available.
        chinese: Whether the words are Chinese; None: if the fonts allow.

    Returns:
        *ax*, with a filled marker at each ratio that can be staffed, an empty
        one at the others, and a note at the highest that can.

    Raises:
        InvalidValueError: The columns differ in length or are empty, a number
            is out of range, or the ratios are of several kinds.
    """
    tried = several(ratios, Ratio, name="ratios")
    y = numbers_of(needed, "needed")
    staff = number_of(capacity, "capacity")
    same_length({"ratios": tried, "needed": y})
    if len({ratio.measure for ratio in tried}) > 1:
        raise invalid("plot-ratios", name="ratios", got=tried)
    lettering = Lettering(ax, chinese)
    shares = tried[0].measure is Measure.SHARE
    x = np.array([float(ratio.target) for ratio in tried])
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    fits = y <= staff
    line, limit = lettering.colour(0), lettering.colour(1)
    ax.plot(x, y, color=line, linewidth=1.5, zorder=2)
    for some, face in ((fits, line), (~fits, "white")):
        ax.scatter(x[some], y[some], s=36, color=face, edgecolors=line, zorder=3)
    ax.axhline(staff, color=limit, linestyle="--", linewidth=1.5)
    top = max(float(y.max()), staff) * 1.15 or 1.0
    ax.set_ylim(0, top)
    ax.axhspan(staff, top, color=limit, alpha=0.07, linewidth=0)
    words = lettering.say(f"现有力量 {staff:,.0f} 人日", f"staff: {staff:,.0f} days")
    lettering.note(
        float(x[0]),
        staff,
        words,
        xytext=(0, 4),
        textcoords="offset points",
        va="bottom",
    )
    if fits.any():
        best = int(np.flatnonzero(fits)[-1])
        text = percent(x[best]) if shares else f"{x[best]:,g}"
        lettering.note(
            float(x[best]),
            float(y[best]),
            lettering.say(f"可承担至 {text}", f"up to {text}"),
            xytext=(8, -14),
            textcoords="offset points",
            va="top",
        )
    if shares:
        lettering.format(ax.xaxis, percent)
    lettering.format(ax.yaxis, thousands)
    lettering.label(
        _KINDS[tried[0].measure],
        ("每年工作量（人日）", "Workload (officer-days a year)"),
        ("抽查比例与执法力量", "Which ratio can be staffed"),
    )
    return ax


def plot_detection(
    sizes: Sequence[int],
    powers: Mapping[str, Sequence[float | Fraction]],
    ax: "Axes",
    *,
    confidence: float | Fraction | None = None,
    chinese: bool | None = None,
) -> "Axes":
    """
    Plot the chance to see a violation, by the number inspected.

    Args:
        sizes: [n ints >= 0, ascending] Numbers of subjects inspected.
        powers: [label -> n numbers, 0 to 1] Chance to see at least one
            violation, such as ``{"2%": [detection_power(…), …]}``.
        ax: Where to draw.
        confidence: [0 to 1, or None] The aim; drawn as a line, and each curve
            is marked where it first reaches it.
        chinese: Whether the words are Chinese; None: if the fonts allow.

    Returns:
        *ax*, with a curve for each label and a legend.

    Raises:
        InvalidValueError: The columns differ in length or are empty, there is
            no curve, a number is out of range, or sizes do not ascend.
    """
    x = numbers_of(sizes, "sizes")
    curves = {
        label: numbers_of(power, "powers", most=1)
        for label, power in mapping_of(powers, "powers", "{'2%': […]}").items()
    }
    aim = None if confidence is None else number_of(confidence, "confidence", most=1)
    _check_curves(x, curves)
    lettering = Lettering(ax, chinese)
    names = lettering.names(curves)
    for k, y in enumerate(curves.values()):
        look = lettering.look(k % _LINES, k // _LINES)
        name = names[k]
        reached = [] if aim is None else np.flatnonzero(y >= aim).tolist()
        if reached:
            at = reached[0]
            words = lettering.say(f"{x[at]:,.0f} 户", f"{x[at]:,.0f}")
            name = f"{name}: {words}"
            ax.plot(x[at], y[at], markersize=7, **look)
        ax.plot(x, y, linewidth=1.8, label=name, **(look | {"marker": ""}))
    if aim is not None:
        ax.axhline(aim, color=INK, linestyle="--", linewidth=1)
        lettering.note(
            float(x[-1]),
            aim,
            percent(aim),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    ax.set_ylim(0, 1.03)
    ax.set_xlim(float(x[0]), float(x[-1]))
    lettering.format(ax.yaxis, percent)
    lettering.format(ax.xaxis, thousands)
    lettering.label(
        ("检查户数（户）", "Subjects inspected"),
        ("至少发现一户的概率", "Chance to see at least one"),
        ("检查多少户才能发现违法行为", "How many to inspect to see a violation"),
    )
    lettering.legend(
        loc="lower right",
        title=lettering.say("违法率", "Rate of violations"),
        title_fontproperties={"family": lettering.family, "size": 9},
    )
    return ax


def _check_curves(x: Floats, curves: dict[str, Floats]) -> None:
    if not curves:
        raise invalid("plot-no-curve", name="powers")
    same_length({"sizes": x} | {f"powers[{name}]": y for name, y in curves.items()})
    if (np.diff(x) <= 0).any():
        raise invalid("plot-order", name="sizes", got=x.tolist())
