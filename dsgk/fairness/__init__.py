"""
Whether draws look like chance, for those who run them and those who watch.

`examine_draws` asks who was drawn, `examine_picks` who was sent where.  A
`FairnessReport` gives one answer to all questions, and says what could be seen.
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
