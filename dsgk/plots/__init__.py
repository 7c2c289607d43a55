"""
Pictures of plans, draws and simulations (图示); needs the extra ``plot``.

Every function takes data and a Matplotlib `Axes`, draws on it and returns it.
It reads and changes nothing global: no pyplot, no style, no font settings.
Matplotlib is loaded with the first picture, not with this module.

Words are Chinese if a Chinese font is installed and English otherwise, or as
``chinese=`` says.  In an English picture, names such as those of tiers lose
their Chinese characters (A级 becomes ``A``), or become ``#1``, ``#2`` in order.
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
