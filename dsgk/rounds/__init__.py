"""
From plan to draw in one step: a round draws all entries of a window together.

One announcement and one key for all of them (统一抽取), so that overlapping
registers draw the same subjects as far as can be, and the checks of several
departments at one subject become one visit.
"""

from dsgk.rounds.preparing import prepare_round, quarter_window
from dsgk.rounds.values import EntryRound, Round


__all__ = ["EntryRound", "Round", "prepare_round", "quarter_window"]
