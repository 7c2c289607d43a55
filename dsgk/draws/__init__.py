"""
Draws of subjects: roll, announcement, draw, record, receipt (随机抽取检查对象).

A roll lists every registered subject.  `announce` publishes its root, the
quotas and the form of a public fact that is still to come.  When the fact
exists, `conduct` makes the draws and a record that anyone can repeat.  A sealed
draw keeps its outcome secret until the visits are over, and can prove each of
them at the door.  The format is normative: ``docs/reference/draw-format.md``.
"""

from dsgk.draws._announcements import (
    AnnouncedDraw,
    AnnouncedRoll,
    AnnouncedStratum,
    Announcement,
    Excluded,
    Supersession,
    announce,
    roll_faults as roll_faults,
    supersession_faults as supersession_faults,
)
from dsgk.draws._entropy import (
    Digits,
    Entropy,
    Hex,
    Numbers,
    Order,
    Seal,
    key_of,
    secret_fault as secret_fault,
)
from dsgk.draws._explanations import Explanation, Explanations, explain
from dsgk.draws._proofs import (
    read_published as read_published,
    verify_receipt,
    verify_slip,
)
from dsgk.draws._receipts import Receipt, ReceiptStatus, Slip
from dsgk.draws._records import (
    RECORD_FORMAT as RECORD_FORMAT,
    RECORD_SHAPE as RECORD_SHAPE,
    ClosedDraw,
    DrawRecord,
    Outcome,
    conduct,
    draw_document as draw_document,
    outcome_of as outcome_of,
    rolls_of as rolls_of,
)
from dsgk.draws._rolls import Roll
from dsgk.draws._selection import (
    Draw,
    StratumDraw,
    draw_subjects,
    read_quotas as read_quotas,
)
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
