"""Words, fonts and colours that all pictures share."""

import math
from collections.abc import Iterable, Mapping, Sized
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from dsgk.errors import invalid
from dsgk.fields import check_mapping, check_type, values_in
from dsgk.tables import column_of


if TYPE_CHECKING:
    from matplotlib.axes import Axes


Floats = npt.NDArray[np.float64]

_NUMBERS = (int, float, Fraction, Decimal, np.integer, np.floating)


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
    """Read collections of ids; one text is none."""
    given = mapping_of(value, name, "{'消防': draw.selected}")
    read: dict[str, frozenset[str]] = {}
    for key, ids in given.items():
        listed = values_in(ids)
        texts: list[Any] = [None] if listed is None else list(listed)
        if not all(isinstance(text, str) for text in texts):
            raise invalid("plot-ids", name=name, key=key, got=ids)
        read[key] = frozenset(texts)
    return read


# What systems and distributions call their Chinese fonts, simplified ones first.
_FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "Microsoft YaHei",
    "PingFang SC",
    "Heiti SC",
    "Hiragino Sans GB",
    "SimHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Noto Sans CJK JP",
    "Noto Sans CJK TC",
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "SimSun",
    "Noto Serif CJK SC",
    "AR PL UMing CN",
)
_LATIN = "DejaVu Sans"  # comes with Matplotlib; has the signs that others lack
_FIRST_CHINESE = "\u2e80"

# Okabe and Ito 2008: told apart with every kind of colour vision; yellow is left
# out, since it vanishes on white.
_COLOURS = (
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000",
)  # fmt: skip
_MARKERS = "osD^vPX"
_DASHES = ("-", "--", ":", "-.")
_INK = "#444444"
_GRID = "#DDDDDD"


def chinese_font() -> str | None:
    """
    Find an installed font that has Chinese characters.

    Returns:
        The name of a family that Matplotlib knows, None if there is none.
    """
    from matplotlib import font_manager  # noqa: PLC0415

    installed = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in _FONTS if name in installed), None)


class Lettering:
    """
    The language of one picture, and how it is set.

    Args:
        ax: Where the picture is drawn.
        chinese: Whether its words are Chinese; as the fonts allow, if None.
    """

    def __init__(self, ax: "Axes", chinese: bool | None) -> None:  # noqa: FBT001
        from matplotlib.axes import Axes  # noqa: PLC0415

        check_type(ax, Axes, name="ax", instead="Figure().subplots()")
        font = chinese_font()
        self.chinese = font is not None if chinese is None else chinese
        self.family = [_LATIN] if font is None or not self.chinese else [font, _LATIN]
        ax.tick_params(labelfontfamily=self.family, colors=_INK, length=3)
        ax.grid(axis="y", color=_GRID, linewidth=0.8)
        ax.set_axisbelow(True)
        for side in ("top", "right"):
            ax.spines[side].set_visible(False)
        for side in ("left", "bottom"):
            ax.spines[side].set_color(_INK)
        self.ax = ax

    def say(self, chinese: str, english: str) -> str:
        """Choose the words."""
        return chinese if self.chinese else english

    def names(self, names: Iterable[str]) -> list[str]:
        """
        Names as the font can show them.

        Without Chinese that is what is left of them, if it tells them apart,
        and otherwise their numbers.
        """
        given = list(names)
        if self.chinese:
            return given
        left = ["".join(c for c in name if c < _FIRST_CHINESE) for name in given]
        if all(left) and len(set(left)) == len(set(given)):
            return left
        number = {name: k for k, name in enumerate(dict.fromkeys(given), 1)}
        return [f"#{number[name]}" for name in given]

    def label(self, x: str, y: str, title: str) -> None:
        """Set the words of both axes, and the title."""
        self.ax.set_xlabel(x, fontfamily=self.family, color=_INK)
        self.ax.set_ylabel(y, fontfamily=self.family, color=_INK)
        self.ax.set_title(title, fontfamily=self.family, loc="left", fontsize=12)

    def legend(self, **where: Any) -> None:  # noqa: ANN401
        """Explain what has a label."""
        self.ax.legend(prop={"family": self.family, "size": 9}, frameon=False, **where)

    def note(self, x: float, y: float, text: str, **how: Any) -> None:  # noqa: ANN401
        """Write a remark beside what it is about."""
        self.ax.annotate(
            text, (x, y), fontfamily=self.family, fontsize=9, color=_INK, **how
        )

    @staticmethod
    def colour(k: int) -> str:
        """Colour of the kth of several things."""
        return _COLOURS[k % len(_COLOURS)]

    @staticmethod
    def look(k: int, group: int = 0) -> dict[str, Any]:
        """
        Colour, marker and dashes of the kth line of a group, to tell it by.

        Lines of one number have one colour in all groups; what repeats after
        seven lines or four groups does so with another marker or other dashes.
        """
        n, m = len(_COLOURS), len(_DASHES)
        return {
            "color": _COLOURS[k % n],
            "marker": _MARKERS[(k + k // n + group // m) % n],
            "linestyle": _DASHES[group % m],
        }
