"""
Whether draws look like chance, for those who run them and those who watch.

`draws` examines who was drawn, `staffing` who was sent where; `reports` says
what both find, with one answer to all questions and what could be seen at all.
"""

from dsgk.fairness._examine_draws import examine_draws
from dsgk.fairness._examine_teams import Pick, examine_picks, picks_of
from dsgk.fairness._reports import FairnessReport, FairnessTest


__all__ = [
    "FairnessReport",
    "FairnessTest",
    "Pick",
    "examine_draws",
    "examine_picks",
    "picks_of",
]
