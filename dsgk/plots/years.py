"""Pictures of what a policy does over the years, and of how much is seen."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from dsgk.errors import InvalidValueError
from dsgk.plots.lettering import Lettering, same_length
from dsgk.simulate.runs import Indicator
from dsgk.tiers import Ratio
from dsgk.tiers.ratios import Measure


if TYPE_CHECKING:
    from matplotlib.axes import Axes


__all__ = ["plot_coverage", "plot_detection", "plot_workload"]

_BAND = 2.0  # standard errors
_KINDS = {
    Measure.SHARE: ("抽查比例", "Ratio"),
    Measure.COUNT: ("抽查数量（户）", "Subjects drawn"),
    Measure.PER_OFFICER: ("每名执法人员抽查数量（户）", "Subjects for each officer"),
}


def plot_coverage(
    coverage: Indicator, ax: "Axes", *, chinese: bool | None = None
) -> "Axes":
    """
    Draw the share that was never inspected, over the years, tier by tier.

    Args:
        coverage: Of `PolicyRun.coverage`; the figures of one programme are
            drawn without its name.
        ax: Where to draw.
        chinese: Whether the words are Chinese; as the fonts allow, if None.

    Returns:
        *ax*, with one line for each tier, its band of two standard errors and
        a legend.

    Raises:
        InvalidTypeError: *ax* is no `Axes`.
        InvalidValueError: *coverage* has other labels.
    """
    from matplotlib.ticker import MaxNLocator, PercentFormatter  # noqa: PLC0415

    if set(coverage.labels) != {"programme", "tier", "year"}:
        msg = (
            "'coverage' must have programme, tier and year (got "
            f"{', '.join(coverage.labels)}). Take it from PolicyRun.coverage()."
        )
        raise InvalidValueError(msg, code="plot-coverage")
    lettering = Lettering(ax, chinese)
    pairs = list(
        zip(coverage.labels["programme"], coverage.labels["tier"], strict=True)
    )
    groups = list(dict.fromkeys(pairs))
    several = len({programme for programme, _ in groups}) > 1
    years = np.array(coverage.labels["year"])
    mean, error = coverage.mean, np.nan_to_num(coverage.error)
    programmes = lettering.names(programme for programme, _ in groups)
    tiers = lettering.names(tier for _, tier in groups)
    for k, group in enumerate(groups):
        here = np.array([pair == group for pair in pairs])
        x = np.concatenate([[0], years[here]])
        y = np.concatenate([[1.0], mean[here]])
        spread = _BAND * np.concatenate([[0.0], error[here]])
        name = f"{programmes[k]} {tiers[k]}" if several else tiers[k]
        colour = lettering.colour(k)
        ax.fill_between(
            x,
            np.maximum(y - spread, 0),
            np.minimum(y + spread, 1),
            color=colour,
            alpha=0.2,
            linewidth=0,
        )
        ax.plot(
            x, y, color=colour, marker=lettering.marker(k), markersize=4, label=name
        )
    ax.set_ylim(0, 1.03)
    ax.set_xlim(0, None)
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    lettering.label(
        lettering.say("年数（年）", "Years since the start"),
        lettering.say("从未被检查的比例", "Share never inspected"),
        lettering.say("各等级从未被检查的企业", "Never inspected, by tier"),
    )
    lettering.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    return ax


def plot_workload(
    ratios: Sequence[Ratio],
    needed: Sequence[float],
    ax: "Axes",
    *,
    capacity: float,
    chinese: bool | None = None,
) -> "Axes":
    """
    Draw what each ratio costs, against what the staff can carry.

    Args:
        ratios: [n ratios, all shares or all counts] Ratios that were
            tried.
        needed: [n numbers >= 0] Officer-days in a year that each of them
            takes.
        ax: Where to draw.
        capacity: [number >= 0] Officer-days that there are.
        chinese: Whether the words are Chinese; as the fonts allow, if None.

    Returns:
        *ax*, with a filled marker at each ratio that can be staffed, an empty
        one at the others, and the highest that can be named.

    Raises:
        InvalidTypeError: *ax* is no `Axes`.
        InvalidValueError: The columns differ in length or are empty, or the
            ratios are of several kinds.
    """
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

    same_length(ratios=ratios, needed=needed)
    if len({ratio.measure for ratio in ratios}) > 1:
        msg = (
            "'ratios' must all be shares, or all be counts (got "
            f"{', '.join(map(str, ratios))}). Draw two pictures."
        )
        raise InvalidValueError(msg, code="plot-ratios")
    lettering = Lettering(ax, chinese)
    shares = ratios[0].measure is Measure.SHARE
    x = np.array([float(ratio.target) for ratio in ratios])
    y = np.array([float(number) for number in needed])
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    fits = y <= capacity
    line, limit = lettering.colour(0), lettering.colour(1)
    ax.plot(x, y, color=line, linewidth=1.5, zorder=2)
    for some, face in ((fits, line), (~fits, "white")):
        ax.scatter(x[some], y[some], s=36, color=face, edgecolors=line, zorder=3)
    ax.axhline(float(capacity), color=limit, linestyle="--", linewidth=1.5)
    top = max(float(y.max()), float(capacity)) * 1.15 or 1.0
    ax.set_ylim(0, top)
    ax.axhspan(float(capacity), top, color=limit, alpha=0.07, linewidth=0)
    words = lettering.say(
        f"现有力量 {capacity:,.0f} 人日", f"staff: {capacity:,.0f} days"
    )
    lettering.note(
        float(x[0]),
        float(capacity),
        words,
        xytext=(0, 4),
        textcoords="offset points",
        va="bottom",
    )
    if fits.any():
        best = int(np.flatnonzero(fits)[-1])
        text = f"{100 * x[best]:g}%" if shares else f"{x[best]:,g}"
        lettering.note(
            float(x[best]),
            float(y[best]),
            lettering.say(f"可承担至 {text}", f"up to {text}"),
            xytext=(8, -14),
            textcoords="offset points",
            va="top",
        )
    if shares:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{100 * v:g}%"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    lettering.label(
        lettering.say(*_KINDS[ratios[0].measure]),
        lettering.say("每年工作量（人日）", "Workload (officer-days a year)"),
        lettering.say("抽查比例与执法力量", "Which ratio can be staffed"),
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
    Draw how sure it is that a violation is seen, by the number inspected.

    Args:
        sizes: [n ints >= 0, ascending] Numbers of subjects inspected.
        powers: [label -> n numbers, 0 to 1] Chance that at least one violation
            is seen, such as ``{"2%": [detection_power(…), …]}``.
        ax: Where to draw.
        confidence: [0 to 1, or None] What is aimed at; drawn as a line, with
            the first size that reaches it on each curve.
        chinese: Whether the words are Chinese; as the fonts allow, if None.

    Returns:
        *ax*, with one curve for each label and a legend.

    Raises:
        InvalidTypeError: *ax* is no `Axes`.
        InvalidValueError: The columns differ in length or are empty.
    """
    from matplotlib.ticker import FuncFormatter, PercentFormatter  # noqa: PLC0415

    same_length(sizes=sizes, **powers)
    lettering = Lettering(ax, chinese)
    x = np.array(sizes)
    names = lettering.names(powers)
    for k, power in enumerate(powers.values()):
        y = np.array([float(number) for number in power])
        colour = lettering.colour(k)
        name = names[k]
        reached = np.flatnonzero(
            y >= (2.0 if confidence is None else float(confidence))
        )
        if len(reached):
            at = reached[0]
            words = lettering.say(f"{x[at]:,} 户", f"{x[at]:,}")
            name = f"{name}: {words}"
            ax.plot(x[at], y[at], lettering.marker(k), color=colour, markersize=7)
        ax.plot(x, y, color=colour, linewidth=1.8, label=name)
    if confidence is not None:
        ax.axhline(float(confidence), color="#444444", linestyle="--", linewidth=1)
        lettering.note(
            float(x[-1]),
            float(confidence),
            f"{100 * float(confidence):g}%",
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            annotation_clip=False,
        )
    ax.set_ylim(0, 1.03)
    ax.set_xlim(float(x[0]), float(x[-1]))
    ax.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    lettering.label(
        lettering.say("检查户数（户）", "Subjects inspected"),
        lettering.say("至少发现一户的概率", "Chance to see at least one"),
        lettering.say(
            "检查多少户才能发现问题", "How many to inspect to see a violation"
        ),
    )
    lettering.legend(
        loc="lower right",
        title=lettering.say("违法率", "Rate of violations"),
        title_fontproperties={"family": lettering.family, "size": 9},
    )
    return ax
