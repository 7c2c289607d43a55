"""
Draws of subjects: roll, announcement, draw, record, receipt (随机抽取检查对象).

First everybody whom the draw is about stands on a roll, and `announce` puts
its root, the quotas and the form of a public fact to come in public.  When the
fact exists, `conduct` makes the draws and the record that anyone can repeat.  A
sealed draw keeps its outcome secret until the visits are over, and can prove each
of them at the door.  The format is normative and stands in
``docs/reference/draw-format.md``.
"""

from dsgk.draws.announcements import (
    AnnouncedDraw,
    AnnouncedRoll,
    AnnouncedStratum,
    Announcement,
    Excluded,
    Supersession,
    announce,
)
from dsgk.draws.entropy import Digits, Entropy, Hex, Numbers, Order, Seal, key_of
from dsgk.draws.explanations import Explanation, Explanations, explain
from dsgk.draws.proofs import verify_receipt, verify_slip
from dsgk.draws.receipts import Receipt, ReceiptStatus, Slip
from dsgk.draws.records import ClosedDraw, DrawRecord, Outcome, conduct
from dsgk.draws.rolls import Roll
from dsgk.draws.selection import Draw, StratumDraw, draw_subjects
from dsgk.frames import Frame


__all__ = [
    "AnnouncedDraw",
    "AnnouncedRoll",
    "AnnouncedStratum",
    "Announcement",
    "ClosedDraw",
    "Digits",
    "Draw",
    "DrawRecord",
    "Entropy",
    "Excluded",
    "Explanation",
    "Explanations",
    "Frame",
    "Hex",
    "Numbers",
    "Order",
    "Outcome",
    "Receipt",
    "ReceiptStatus",
    "Roll",
    "Seal",
    "Slip",
    "StratumDraw",
    "Supersession",
    "announce",
    "conduct",
    "draw_subjects",
    "explain",
    "key_of",
    "verify_receipt",
    "verify_slip",
]
