"""Words, fonts and colours that all pictures share."""

import math
from collections.abc import Callable, Iterable, Mapping, Sized
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import invalid
from dsgk.fields import (
    check_mapping,
    check_type,
    read_flag,
    values_in,
)
from dsgk.tables import column_of


if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis


Floats = npt.NDArray[np.float64]
_Words = tuple[str, str]

_NUMBERS = (int, float, Fraction, Decimal, np.integer, np.floating)


def percent(share: float) -> str:
    """Write a share as a percentage."""
    return f"{100 * share:g}%"


def thousands(number: float) -> str:
    """Write a whole number with commas."""
    return f"{number:,.0f}"


def same_length(columns: Mapping[str, Sized]) -> None:
    """Reject columns that differ in length or are empty."""
    lengths = {name: len(column) for name, column in columns.items()}
    if len(set(lengths.values())) > 1 or not min(lengths.values()):
        told = ", ".join(f"{n} of {name!r}" for name, n in lengths.items())
        raise invalid("plot-lengths", got=told)


def number_of(value: object, name: str, *, most: float = math.inf) -> float:
    """Read a finite number from 0 to *most*."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, _NUMBERS):
        raise invalid("chance-type", name=name, got=value)
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not 0 <= number <= most or math.isinf(number):
        if math.isinf(most):
            raise invalid("number-finite", name=name, got=value)
        raise invalid("number-range", name=name, got=value, least=0, most=most)
    return number


def numbers_of(values: Any, name: str, *, most: float = math.inf) -> Floats:  # noqa: ANN401
    """Read a column of finite numbers from 0 to *most*."""
    column = column_of(values, name=name)
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "iuf":
        return np.array([number_of(value, name, most=most) for value in column])
    numbers = column.astype(np.float64)
    for value in column[~((numbers >= 0) & (numbers <= most) & (numbers < math.inf))]:
        number_of(value, name, most=most)
    return numbers


def mapping_of(value: object, name: str, example: str) -> Mapping[str, Any]:
    """Read a mapping of names."""
    given = check_mapping(value, name=name, instead=example)
    for key in given:
        if not isinstance(key, str):
            raise invalid("label-type", name=name, got=key, got_type=type(key).__name__)
    return given


def ids_by_name(value: object, name: str) -> dict[str, frozenset[str]]:
    """Read collections of ids; reject a single text."""
    given = mapping_of(value, name, "{'消防': draw.selected}")
    read: dict[str, frozenset[str]] = {}
    for key, ids in given.items():
        listed = values_in(ids)
        texts: list[Any] = [None] if listed is None else list(listed)
        if not all(isinstance(text, str) for text in texts):
            raise invalid("plot-ids", name=name, key=key, got=ids)
        read[key] = frozenset(texts)
    return read


# Names of Chinese fonts on various systems, simplified ones first.
_FONTS = (
    "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN",
    "Microsoft YaHei", "PingFang SC", "Heiti SC", "Hiragino Sans GB", "SimHei",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Noto Sans CJK JP",
    "Noto Sans CJK TC", "Droid Sans Fallback", "Arial Unicode MS", "SimSun",
    "Noto Serif CJK SC", "AR PL UMing CN",
)  # fmt: skip
_LATIN = "DejaVu Sans"  # comes with Matplotlib; has signs that others lack
_FIRST_CHINESE = "\u2e80"

# Okabe and Ito 2008, for every kind of colour vision; without yellow, which is
# invisible on white.
_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000",
)  # fmt: skip
_MARKERS = "osD^vPX"
_DASHES = ("-", "--", ":", "-.")
INK = "#444444"
_GRID = "#DDDDDD"


def chinese_font() -> str | None:
    """
    Find an installed font that has Chinese characters.

    Returns:
        The name of a font family for Matplotlib; None if there is none.
    """
    from matplotlib import font_manager  # noqa: PLC0415

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _FONTS if name in installed), None)


class Lettering:
    """
    Language, fonts and colours of one picture.

    Args:
        ax: Where the picture is drawn.
        chinese: Whether its words are Chinese; None: if the fonts allow.
    """

    def __init__(self, ax: "Axes", chinese: bool | None) -> None:  # noqa: FBT001
        from matplotlib.axes import Axes  # noqa: PLC0415

        check_type(ax, Axes, name="ax", instead="Figure().subplots()")
        font = chinese_font()
        self.chinese = (
            font is not None if chinese is None else read_flag(chinese, name="chinese")
        )
        self.family = [_LATIN] if font is None or not self.chinese else [font, _LATIN]
        ax.tick_params(labelfontfamily=self.family, colors=INK, length=3)
        ax.grid(axis="y", color=_GRID, linewidth=0.8)
        ax.set_axisbelow(True)
        for side in ("top", "right"):
            ax.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            ax.spines[side].set_color(INK)
        self.ax = ax

    def say(self, chinese: str, english: str) -> str:
        """Choose the language."""
        return chinese if self.chinese else english

    def names(self, names: Iterable[str]) -> list[str]:
        """
        Make names that the font can show.

        In an English picture, names lose their Chinese characters; if that
        makes them ambiguous, they become numbers.
        """
        given = list(names)
        if self.chinese:
            return given
        left = ["".join(c for c in name if c < _FIRST_CHINESE) for name in given]
        if all(left) and len(set(left)) == len(set(given)):
            return left
        number = {name: k for k, name in enumerate(dict.fromkeys(given), 1)}
        return [f"#{number[name]}" for name in given]

    def label(self, x: _Words, y: _Words, title: _Words) -> None:
        """Set the words of both axes and the title, each Chinese and English."""
        family = self.family
        self.ax.set_xlabel(self.say(*x), fontfamily=family, color=INK)
        self.ax.set_ylabel(self.say(*y), fontfamily=family, color=INK)
        self.ax.set_title(self.say(*title), fontfamily=family, loc="left", fontsize=12)

    @staticmethod
    def format(axis: "Axis", write: Callable[[float], str]) -> None:
        """Write the numbers of an axis, such as ``percent``."""
        from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

        axis.set_major_formatter(FuncFormatter(lambda number, _: write(number)))

    def legend(self, **where: Any) -> None:  # noqa: ANN401
        """Add a legend."""
        self.ax.legend(prop={"family": self.family, "size": 9}, frameon=False, **where)

    def note(self, x: float, y: float, text: str, **how: Any) -> None:  # noqa: ANN401
        """Write a remark at a point."""
        self.ax.annotate(
            text, (x, y), fontfamily=self.family, fontsize=9, color=INK, **how
        )

    @staticmethod
    def colour(k: int) -> str:
        """The kth colour."""
        return _COLOURS[k % len(_COLOURS)]

    @staticmethod
    def look(k: int, group: int = 0) -> dict[str, Any]:
        """
        Colour, marker and dashes of the kth line of a group.

        Line *k* has the same colour in all groups.  After seven lines or four
        groups colours and dashes repeat, with another marker.
        """
        n, m = len(_COLOURS), len(_DASHES)
        return {
            "color": _COLOURS[k % n],
            "marker": _MARKERS[(k + k // n + group // m) % n],
            "linestyle": _DASHES[group % m],
        }
