"""
Pictures of plans, draws and simulations (图示); needs the extra ``plot``.

Every function takes data and a Matplotlib `Axes`, draws on it and returns it.
Nothing global is read or changed: no pyplot, no style, no font of anybody else.
Matplotlib is loaded when the first picture is drawn, not with this module.

Words are Chinese where a Chinese font is installed and English elsewhere;
``chinese=`` says it explicitly.  Names, such as those of tiers, then lose what
the font cannot show (A级 is ``A``), or become ``#1``, ``#2`` in their order.
"""

from dsgk.plots._draw_pictures import plot_chances, plot_loads, plot_overlap
from dsgk.plots._lettering import chinese_font
from dsgk.plots._year_pictures import plot_coverage, plot_detection, plot_workload


__all__ = [
    "chinese_font",
    "plot_chances",
    "plot_coverage",
    "plot_detection",
    "plot_loads",
    "plot_overlap",
    "plot_workload",
]
